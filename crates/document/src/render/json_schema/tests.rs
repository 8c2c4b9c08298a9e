//! Holds the schema to the model from both sides: whatever serde writes is in the schema, and whatever is in the schema serde
//! has been seen to write. With a validator of the few keywords that the schema uses; it refuses keywords that it does not know.

use super::*;
use crate::document::*;
use std::collections::BTreeSet;

/// Members and kinds that a document was seen to have: the place in the schema, then the name.
type Seen = BTreeSet<(String, String)>;

struct Validator<'a> {
    schema: &'a Value,
    seen: Seen,
}

impl Validator<'_> {
    fn check(&mut self, schema: &Value, at: &str, value: &Value) -> Result<(), String> {
        let members = schema.as_object().expect("a schema is an object");
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        for (keyword, argument) in members {
            let holds = match keyword.as_str() {
                "$schema" | "$id" | "$defs" | "title" | "description" | "format" | "properties"
                | "items" => true,
                "pattern" => value.as_str().is_some_and(|value| matches(text("pattern"), value)),
                "type" => match text("type") {
                    Some("object") => value.is_object(),
                    Some("array") => value.is_array(),
                    Some("string") => value.is_string(),
                    Some("integer") => value.is_u64(),
                    other => panic!("unknown type {other:?}"),
                },
                "const" => value == argument,
                "enum" => argument.as_array().is_some_and(|allowed| allowed.contains(value)),
                "minimum" => value.as_u64() >= argument.as_u64(),
                "maximum" => value.as_u64() <= argument.as_u64(),
                "minLength" => value.as_str().is_some_and(|text| !text.is_empty()),
                "required" => argument
                    .as_array()
                    .into_iter()
                    .flatten()
                    .all(|name| value.get(name.as_str().unwrap_or_default()).is_some()),
                "additionalProperties" => {
                    let known = schema["properties"].as_object().expect("properties are declared");
                    value
                        .as_object()
                        .is_some_and(|members| members.keys().all(|name| known.contains_key(name)))
                }
                "oneOf" => self.one_of(argument, at, value)?,
                "$ref" => {
                    let name = text("$ref").and_then(|to| to.strip_prefix("#/$defs/")).unwrap();
                    let target = self.schema["$defs"][name].clone();
                    self.check(&target, name, value)?;
                    true
                }
                other => panic!("the validator does not know {other}"),
            };
            if !holds {
                return Err(format!("{at}: {keyword} {argument} does not hold for {value}"));
            }
        }
        self.inside(schema, at, value)
    }

    fn inside(&mut self, schema: &Value, at: &str, value: &Value) -> Result<(), String> {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if let Some(member) = value.get(name) {
                self.seen.insert((at.to_owned(), name.clone()));
                self.check(property, &format!("{at}/{name}"), member)?;
            }
        }
        let items = schema.get("items").into_iter();
        let mut pairs = items.flat_map(|items| {
            value.as_array().into_iter().flatten().map(move |item| (items, item))
        });
        pairs.try_for_each(|(items, item)| self.check(items, &format!("{at}/items"), item))
    }

    /// Exactly one kind by its name, so that the message is that of the kind that was meant.
    fn one_of(&mut self, kinds: &Value, at: &str, value: &Value) -> Result<bool, String> {
        let names = |kind: &Value| match (&kind["const"], &kind["required"][0]) {
            (Value::String(name), _) | (_, Value::String(name)) => name.clone(),
            _ => panic!("a kind has a name"),
        };
        let name = value.as_str().or_else(|| value.as_object()?.keys().next().map(String::as_str));
        let kind = kinds.as_array().into_iter().flatten().find(|kind| Some(&*names(kind)) == name);
        let kind = kind.ok_or_else(|| format!("{at}: there is no kind {name:?}"))?;
        self.seen.insert((at.to_owned(), names(kind)));
        self.check(kind, at, value).map(|()| true)
    }
}

/// The patterns of the schema are few; each is known by what it must refuse.
fn matches(pattern: Option<&str>, value: &str) -> bool {
    let schema = schema();
    let of = |name: &str| schema["$defs"][name]["pattern"].as_str().map(str::to_owned);
    let pattern = pattern.map(str::to_owned);
    if pattern == of("text") {
        Text::new(value).as_str() == value
    } else if pattern == of("id") {
        Id::new(value).as_str() == value
    } else if pattern == of("language") {
        LanguageTag::parse(value).is_ok()
    } else if pattern == of("address") {
        Href::parse(value).is_ok()
    } else {
        panic!("unknown pattern {pattern:?}")
    }
}

fn validate(document: &Document) -> (Result<(), String>, Seen) {
    let schema = schema();
    let mut validator = Validator { schema: &schema, seen: Seen::new() };
    let value = serde_json::to_value(document).unwrap();
    (validator.check(&schema, "document", &value), validator.seen)
}

/// All that the schema declares, with the places as the validator names them.
fn declared(schema: &Value, at: &str, found: &mut Seen) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        found.insert((at.to_owned(), name.clone()));
        declared(property, &format!("{at}/{name}"), found);
    }
    for kind in schema["oneOf"].as_array().into_iter().flatten() {
        if let Some(name) = kind["const"].as_str() {
            found.insert((at.to_owned(), name.to_owned()));
        }
        declared(kind, at, found);
    }
    if let Some(items) = schema.get("items") {
        declared(items, &format!("{at}/items"), found);
    }
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        declared(definition, name, found);
    }
}

fn inlines() -> Vec<Inline> {
    let text = || vec![Inline::text("x")];
    vec![
        Inline::text("x"),
        Inline::Emphasis(text()),
        Inline::Strong(text()),
        Inline::Link { href: Href::parse("https://example.org").unwrap(), inlines: text() },
        Inline::Language { lang: LanguageTag::parse("ar").unwrap(), inlines: text() },
        Inline::Note(NoteRef(0)),
        Inline::CrossReference { to: Id::new("x"), text: "1".to_owned() },
        Inline::LineBreak,
        Inline::Marked { mark: Mark::Deleted, inlines: text() },
    ]
}

/// A document in which every member is written. Struct literals without `..` and the matches below stop compiling when the
/// model grows, which is the moment to add to the schema.
fn maximal() -> Document {
    let cell = Cell { inlines: inlines(), colspan: 2, rowspan: 2, heading: true };
    let table = Table {
        id: Id::new("table"),
        caption: inlines(),
        columns: vec![Column { width: 1 }],
        header: vec![Row { cells: vec![cell.clone()] }],
        rows: vec![Row { cells: vec![cell] }],
        lettered_notes: true,
    };
    let items = vec![inlines()];
    let labelled = LabelledItem { label: "4.".into(), inlines: inlines() };
    let paragraph = Paragraph {
        id: Id::new("paragraph"),
        numbered: true,
        number: Some(1),
        lang: Some(LanguageTag::default()),
        parts: vec![
            ParagraphPart::Text(inlines()),
            ParagraphPart::List(List::Bulleted(items.clone())),
            ParagraphPart::List(List::Lettered(items)),
            ParagraphPart::List(List::Labelled(vec![labelled])),
        ],
    };
    let figure = Figure { label: "Figure I".to_owned(), ..sample::figure() };
    let section = Section {
        id: Id::new("section"),
        level: Level::ONE,
        unnumbered: true,
        annex: true,
        keep: true,
        label: "I".to_owned(),
        heading: inlines(),
        blocks: vec![
            Block::Paragraph(paragraph.clone()),
            Block::Table(table),
            Block::Figure(figure),
        ],
    };
    let meta = Meta {
        symbol: "x".into(),
        organ: "x".into(),
        distribution: "x".into(),
        date: "x".into(),
        original_language: "x".into(),
        meeting: vec!["x".into()],
        agenda_items: vec!["x".into()],
        title: "x".into(),
        subtitle: "x".into(),
        summary: vec![paragraph],
        lang: LanguageTag::default(),
        dir: Direction::RightToLeft,
        identifier: "x".into(),
        heading_style: HeadingStyle::UnManual,
        notes: vec![MastheadNote { to: MastheadLine::Title, inlines: inlines() }],
        other_languages: vec![LineLanguage {
            line: Id::new("first-page-title-1"),
            lang: LanguageTag::default(),
        }],
        work: Some(Work {
            kind: WorkKind::SummaryReport,
            author_code: "x".into(),
            author_name: "x".into(),
            dated_on: chrono::NaiveDate::from_ymd_opt(2020, 11, 19),
            issued_on: chrono::NaiveDate::from_ymd_opt(2020, 11, 19),
            number: "x".into(),
        }),
    };
    let note = Note { number: Some(1), table: Some(Id::new("table")), inlines: inlines() };
    let remark = Remark { at: Id::new("paragraph"), text: "x".into() };
    let compared = Compared {
        from: "x".into(),
        to: "x".into(),
        day: "x".into(),
        before: meta.clone(),
        remarks: vec![remark],
    };
    let (blocks, notes) = (vec![Block::Section(section)], vec![note]);
    Document { meta, blocks, notes, compared: Some(Box::new(compared)) }
}

/// A new kind of anything must be added to [`maximal`], or this does not compile.
#[expect(dead_code, reason = "it is there to be compiled, and never called")]
fn every_kind(inline: &Inline, block: &Block, part: &ParagraphPart) {
    match inline {
        Inline::Text(_) | Inline::Emphasis(_) | Inline::Strong(_) | Inline::Link { .. } => {}
        Inline::Language { .. }
        | Inline::Note(_)
        | Inline::CrossReference { .. }
        | Inline::Marked { .. }
        | Inline::LineBreak => {}
    }
    match block {
        Block::Section(_) | Block::Paragraph(_) | Block::Table(_) | Block::Figure(_) => {}
    }
    match part {
        ParagraphPart::Text(_) => {}
        ParagraphPart::List(List::Bulleted(_) | List::Lettered(_) | List::Labelled(_)) => {}
    }
}

#[test]
fn the_schema_declares_what_the_model_writes_and_nothing_else() {
    let (result, seen) = validate(&maximal());
    assert_eq!(result, Ok(()));
    let mut all = Seen::new();
    declared(&schema(), "document", &mut all);
    assert_eq!(seen, all);
}

#[test]
fn what_is_required_is_what_is_always_written() {
    let inlines = vec![];
    let section = Section { heading: inlines.clone(), ..Section::new("s", Level::ONE, "", vec![]) };
    let table = Table {
        id: Id::new("t"),
        caption: vec![],
        columns: vec![Column { width: 0 }],
        header: vec![],
        rows: vec![Row { cells: vec![Cell::default()] }],
        lettered_notes: false,
    };
    let item = LabelledItem { label: "".into(), inlines: vec![] };
    let parts = vec![
        ParagraphPart::List(List::Labelled(vec![item])),
        ParagraphPart::Text(vec![
            Inline::Link { href: Href::parse("https://example.org").unwrap(), inlines: vec![] },
            Inline::Language { lang: LanguageTag::default(), inlines: vec![] },
            Inline::CrossReference { to: Id::new("t"), text: String::new() },
            Inline::Marked { mark: Mark::Inserted, inlines: vec![] },
        ]),
    ];
    let work = Work {
        kind: WorkKind::SummaryReport,
        author_code: "".into(),
        author_name: "".into(),
        dated_on: None,
        issued_on: None,
        number: "".into(),
    };
    let masthead_note = MastheadNote { to: MastheadLine::Title, inlines: vec![] };
    let document = Document {
        meta: Meta {
            work: Some(work),
            notes: vec![masthead_note],
            other_languages: vec![LineLanguage {
                line: Id::new("x"),
                lang: LanguageTag::default(),
            }],
            ..Meta::default()
        },
        blocks: vec![
            Block::Section(section),
            Block::Paragraph(Paragraph::unnumbered("p", parts)),
            Block::Table(table.clone()),
            Block::Figure(Figure { table, ..sample::figure() }),
        ],
        notes: vec![Note::new(vec![])],
        compared: Some(Box::new(Compared {
            remarks: vec![Remark { at: Id::new("p"), text: "".into() }],
            ..Compared::default()
        })),
    };
    let (result, mut seen) = validate(&document);
    assert_eq!(result, Ok(()));
    // That there is one at all is not required; what it then holds is.
    for optional in ["work", "notes", "other_languages"] {
        seen.remove(&("meta".to_owned(), optional.to_owned()));
    }
    seen.remove(&("document".to_owned(), "compared".to_owned()));
    seen.remove(&("compared".to_owned(), "remarks".to_owned()));
    let mut required = Seen::new();
    collect_required(&schema(), "document", &mut required);
    let kinds = [("block", ""), ("part", ""), ("list", ""), ("inline", ""), ("counted", "")]
        .map(|(at, _)| at);
    let members = |found: Seen| -> Seen {
        found.into_iter().filter(|(at, _)| !kinds.contains(&&**at)).collect()
    };
    assert_eq!(members(seen), members(required));
}

fn collect_required(schema: &Value, at: &str, found: &mut Seen) {
    for name in schema["required"].as_array().into_iter().flatten() {
        found.insert((at.to_owned(), name.as_str().unwrap_or_default().to_owned()));
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        collect_required(property, &format!("{at}/{name}"), found);
    }
    for kind in schema["oneOf"].as_array().into_iter().flatten() {
        collect_required(kind, at, found);
    }
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        collect_required(definition, name, found);
    }
}

#[test]
fn every_value_of_an_enumeration_is_declared() {
    for heading_style in [HeadingStyle::EscapReport, HeadingStyle::UnManual] {
        for dir in [Direction::LeftToRight, Direction::RightToLeft] {
            let meta = Meta { dir, heading_style, ..Meta::default() };
            assert_eq!(validate(&Document { meta, ..Document::default() }).0, Ok(()));
        }
    }
}

#[test]
fn the_sample_is_valid_and_its_mutations_are_not() {
    let sample = sample::sample();
    assert_eq!(validate(&sample).0, Ok(()));
    let schema = schema();
    let text = serde_json::to_string(&sample).unwrap();
    for (from, to) in [
        (r#""level":1"#, r#""level":5"#),
        (r#""dir":"ltr""#, r#""dir":"up""#),
        (r#""symbol":"#, r#""sign":"#),
        (r#""line_break""#, r#""page_break""#),
        (r#""numbered":true"#, r#""numbered":false"#),
        (r#""href":"https:"#, r#""href":"javascript:"#),
        (r#""lang":"fr""#, r#""lang":"french""#),
        (r#"{"emphasis":"#, r#"{"html":"#),
        (r#""width":2"#, r#""width":-2"#),
        (r#""number":1"#, r#""number":0"#),
        (r#""colspan":2"#, r#""colspan":"2""#),
        (r#""notes":["#, r#""notes":[{},"#),
    ] {
        assert!(text.contains(from), "{from}");
        let value: Value = serde_json::from_str(&text.replacen(from, to, 1)).unwrap();
        let mut validator = Validator { schema: &schema, seen: Seen::new() };
        assert!(validator.check(&schema, "document", &value).is_err(), "{from} → {to}");
    }
}

#[test]
fn the_file_is_json_and_ends_with_a_line_end() {
    let file = render();
    assert_eq!(serde_json::from_slice::<Value>(&file).unwrap(), schema());
    assert_eq!(file.last(), Some(&b'\n'));
}
