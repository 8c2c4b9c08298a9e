use super::super::{Document, Href, Inline, List, NoteRef, ParagraphPart};
use super::*;
use proptest::prelude::*;

fn text(raw: &str) -> Inline {
    Inline::text(raw)
}

fn inlines(source: &str) -> Vec<Inline> {
    match parse(source).expect("source is valid").parts.as_slice() {
        [ParagraphPart::Text(inlines)] => inlines.clone(),
        parts => panic!("one part expected: {parts:?}"),
    }
}

fn refusal(source: &str) -> (usize, Refusal) {
    let error = parse(source).expect_err("source is refused");
    (error.offset, error.reason)
}

#[test]
fn emphasis_links_and_escapes_are_read() {
    let link = Inline::Link {
        href: Href::parse("https://un.org/a_b?c&d=(e)").unwrap(),
        inlines: vec![text("the "), Inline::Emphasis(vec![text("Compact")])],
    };
    assert_eq!(
        inlines(r"A *b* **c** [the *Compact*](https://un.org/a_b?c&d=(e)) 5 \* 4"),
        [
            text("A "),
            Inline::Emphasis(vec![text("b")]),
            text(" "),
            Inline::Strong(vec![text("c")]),
            text(" "),
            link,
            text(" 5 * 4")
        ]
    );
}

#[test]
fn a_note_stands_where_it_was_typed_and_may_hold_markup() {
    let parsed =
        parse("Resolution *73/195.*^[See *The [Compact](https://un.org)*, para. 44 [sic].] Next")
            .unwrap();
    let expected = [
        Inline::text("Resolution "),
        Inline::Emphasis(vec![text("73/195.")]),
        Inline::Note(NoteRef(0)),
        text(" Next"),
    ];
    assert_eq!(parsed.parts, [ParagraphPart::Text(expected.to_vec())]);
    assert_eq!(plain_text(&parsed.notes[0].inlines), "See The Compact, para. 44 [sic].");
}

#[test]
fn what_is_not_in_the_grammar_stays_as_typed() {
    for literal in [
        "<script>alert(1)</script>",
        "R&D &amp; &copy;",
        "`code`",
        "snake_case_ _a_",
        "[para. 15 (j)]",
        "[a][b]",
        "[a]: https://x.org",
        "a * b",
        "~~no~~ $x$",
        "https://un.org",
        "<https://un.org>",
        "C^2",
        "what!",
        r"C:\dir",
    ] {
        assert_eq!(inlines(literal), [text(literal)]);
    }
}

#[test]
fn lists_stand_inside_their_paragraph() {
    let parsed = parse("It addressed:\n4. Legal *identity*\n8. Lives\n  saved\n\nIt said:\n- one^[n]\n* two\n\n(a) first\n(b) second\\\n\\(c) still second\n\nand ended.").unwrap();
    let items = |texts: &[&str]| texts.iter().map(|raw| vec![text(raw)]).collect::<Vec<_>>();
    let [
        ParagraphPart::Text(_),
        ParagraphPart::List(List::Labelled(labelled)),
        ParagraphPart::Text(_),
        ParagraphPart::List(List::Bulleted(bullets)),
        ParagraphPart::List(List::Lettered(letters)),
        ParagraphPart::Text(end),
    ] = parsed.parts.as_slice()
    else {
        panic!("{:?}", parsed.parts)
    };
    assert_eq!(labelled.iter().map(|item| item.label.as_str()).collect::<Vec<_>>(), ["4.", "8."]);
    assert_eq!(plain_text(&labelled[1].inlines), "Lives saved");
    assert_eq!(bullets, &vec![vec![text("one"), Inline::Note(NoteRef(0))], vec![text("two")]]);
    assert_eq!(letters[0], items(&["first"])[0]);
    assert_eq!(letters[1], [text("second"), Inline::LineBreak, text("(c) still second")]);
    assert_eq!(end, &[text("and ended.")]);
}

#[test]
fn languages_and_cross_references_are_read() {
    let lang = super::super::LanguageTag::parse("fr").unwrap();
    let reference = Inline::CrossReference { to: "para-4".into(), text: String::new() };
    assert_eq!(
        inlines("See [](#para-4) on [le *Pacte*]{lang=fr}."),
        [
            text("See "),
            reference,
            text(" on "),
            Inline::Language {
                lang,
                inlines: vec![text("le "), Inline::Emphasis(vec![text("Pacte")])]
            },
            text(".")
        ]
    );
}

#[test]
fn refusals_name_their_place() {
    assert_eq!(refusal(""), (0, Refusal::Empty));
    assert_eq!(refusal(" \n\u{200b}\n"), (0, Refusal::Empty));
    assert_eq!(refusal("é\n\n  two"), (6, Refusal::SecondParagraph));
    assert_eq!(refusal("- a"), (0, Refusal::ListWithoutText));
    assert_eq!(refusal("a\n-"), (2, Refusal::EmptyItem));
    assert_eq!(refusal("a\n(b) c"), (2, Refusal::Letter { expected: "a".into() }));
    assert_eq!(refusal("a\n## b"), (2, Refusal::Heading));
    assert_eq!(refusal("> b"), (0, Refusal::Quotation));
    assert_eq!(refusal("a\n```"), (2, Refusal::Fence));
    assert_eq!(refusal("a\n| b |"), (2, Refusal::TableRow));
    assert_eq!(refusal("a\n---"), (2, Refusal::Rule));
    assert_eq!(refusal("a ![b](https://c.org)"), (2, Refusal::Image));
    assert_eq!(refusal("a ^[b"), (2, Refusal::UnclosedNote));
    assert_eq!(refusal("a ^[ ]"), (2, Refusal::EmptyNote));
    assert_eq!(refusal("a ^[b ^[c]]"), (6, Refusal::NoteInNote));
    assert_eq!(refusal("a [b^[c]](https://d.org)"), (2, Refusal::NoteInLink));
    assert_eq!(refusal("a [](https://d.org)"), (2, Refusal::EmptyLink));
    assert_eq!(refusal("a [b](https://d.org \"t\")"), (2, Refusal::LinkTitle));
    assert_eq!(refusal("é [b](javascript:alert(1))"), (3, Refusal::Href(HrefError::Scheme)));
    assert_eq!(refusal("a [b](#c)"), (2, Refusal::CrossReference));
    assert!(matches!(refusal("a [b]{lang=!}"), (4, Refusal::Language(_))));
    assert_eq!(refusal("a]{lang=fr}"), (0, Refusal::LanguageSpan));
    assert_eq!(refusal("a *\u{2067}b*\u{2069} c").1, Refusal::Invisible);
    assert_eq!(refusal(&format!("{}b{}", "*a ".repeat(9), "*".repeat(9))).1, Refusal::TooDeep);
}

#[test]
fn adopting_moves_references_behind_the_notes_already_there() {
    let mut document = Document::default();
    let note = document.add_note(vec![text("first")]);
    let parts = document.adopt(parse("a^[second]\n- *b^[third]*").unwrap());
    assert_eq!(note, Inline::Note(NoteRef(0)));
    assert_eq!(parts[0], ParagraphPart::Text(vec![text("a"), Inline::Note(NoteRef(1))]));
    assert_eq!(
        parts[1],
        ParagraphPart::List(List::Bulleted(vec![vec![Inline::Emphasis(vec![
            text("b"),
            Inline::Note(NoteRef(2))
        ])]]))
    );
    assert_eq!(document.notes.len(), 3);
}

fn marked_up() -> impl Strategy<Value = String> {
    let pieces = [
        "*",
        "**",
        "***",
        "^[",
        "[",
        "]",
        "](https://a.org)",
        "](#x)",
        "[](#x)",
        "]{lang=fr}",
        "\\",
        "\\\n",
        "\n",
        "\n- ",
        "\n(a) ",
        "\n(b) ",
        "\n4. ",
        "\n\n",
        " ",
        "a",
        "b",
        "é",
        "“",
        "\"",
        "!",
        "^",
        ".",
        ",",
        "_",
        "`",
        "<b>",
        "&amp;",
        "#",
        ">",
        "(",
        ")",
        "{",
        "}",
        "\u{202e}",
        "\u{2067}",
        "\u{2069}",
        "\u{200d}",
        "\u{200b}",
        "\u{fdd0}",
        "\u{fdd2}",
        "\u{a0}",
        "1. ",
        "- ",
        "•",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..24)
        .prop_map(|pieces| pieces.concat())
}

fn check_round_trip(source: &str) -> Result<(), TestCaseError> {
    if let Ok(parsed) = parse(source) {
        let again = to_source(&parsed.parts, &parsed.notes);
        prop_assert_eq!(parse(&again), Ok(parsed), "{:?} -> {:?}", source, again);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2000), ..ProptestConfig::default() })]

    #[test]
    fn source_written_back_reads_the_same(source in marked_up()) {
        check_round_trip(&source)?;
    }

    #[test]
    fn any_text_is_read_or_refused(source in any::<String>()) {
        check_round_trip(&source)?;
    }

    #[test]
    fn offsets_point_into_the_source(source in marked_up()) {
        if let Err(error) = parse(&source) {
            prop_assert!(source.is_char_boundary(error.offset), "{error:?}");
        }
    }
}
