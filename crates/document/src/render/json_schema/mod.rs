//! The JSON Schema (draft 2020-12) of the form in which a document is frozen, for those who read or check editions without this
//! program. It describes what is written: every member is required that is always there. Must never be changed without the
//! model, nor the model without it; a test compares the two.

use serde_json::{Map, Value, json};

/// Names this version of the form for good; a change that old documents do not meet takes another.
pub const IDENTIFIER: &str = "urn:rapporteur:schema:document:1";

/// The value of a `Content-Type` header.
pub const MEDIA_TYPE: &str = "application/schema+json";

/// The schema as a value.
#[must_use]
pub fn schema() -> Value {
    let mut root = object(
        "A document, numbered and frozen: its masthead, its blocks and its footnotes.",
        &["meta", "blocks", "notes"],
        json!({
            "meta": reference("meta"),
            "blocks": list("block"),
            "notes": described(list("note"), "In reading order; referred to by their places, from 0."),
            "compared": described(reference("compared"), "In documents that show differences only."),
        }),
    );
    if let Value::Object(members) = &mut root {
        let draft = "https://json-schema.org/draft/2020-12/schema";
        members.insert("$schema".to_owned(), draft.into());
        members.insert("$id".to_owned(), IDENTIFIER.into());
        members.insert("title".to_owned(), "Document".into());
        members.insert("$defs".to_owned(), definitions());
    }
    root
}

/// The schema as a file, with a line end at its end.
#[must_use]
pub fn render() -> Vec<u8> {
    format!("{:#}\n", schema()).into_bytes()
}

fn definitions() -> Value {
    let groups =
        [values(), masthead(), blocks(), lists(), tables(), figures(), inlines(), compared()];
    let members = groups.into_iter().filter_map(|group| match group {
        Value::Object(members) => Some(members),
        _ => None,
    });
    Value::Object(members.flatten().collect::<Map<_, _>>())
}

/// Small values, as the model cleans them.
fn values() -> Value {
    json!({
        "text": {
            "description": "One line without control characters.",
            "type": "string",
            "pattern": r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]*$",
        },
        "id": {
            "description": "Names a section, paragraph or table, and no other in the document.",
            "type": "string",
            "pattern": "^[A-Za-z0-9_-]+$",
        },
        "language": {
            "description": "A language tag (BCP 47).",
            "type": "string",
            "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$",
        },
        "address": {
            "description": "An absolute address of the web or of mail.",
            "type": "string",
            "format": "iri",
            "pattern": "^([Hh][Tt][Tt][Pp][Ss]?://|[Mm][Aa][Ii][Ll][Tt][Oo]:)[^\\s\"<>\\\\^`{|}]+$",
        },
        "span": { "type": "integer", "minimum": 2, "maximum": u16::MAX },
    })
}

fn masthead() -> Value {
    let text = || reference("text");
    let printed = |description: &str| described(text(), description);
    json!({ "meta": object(
        "What stands before the text. Lines are printed as given; an empty one prints nothing.",
        &[
            "symbol", "organ", "distribution", "date", "original_language", "meeting", "agenda_items", "title", "subtitle",
            "summary", "lang", "dir", "identifier", "heading_style",
        ],
        json!({
            "symbol": printed("Such as ESCAP/GCM/2021/CRP.2."),
            "organ": text(),
            "distribution": printed("Such as \"Distr.: General\"."),
            "date": printed("In words, such as \"24 February 2021\"."),
            "original_language": printed("Such as \"Original: English\"."),
            "meeting": described(list("text"), "The meeting, its place and its dates, a line each."),
            "agenda_items": list("text"),
            "title": text(),
            "subtitle": text(),
            "summary": described(list("paragraph"), "Paragraphs of the summary box; never numbered."),
            "lang": reference("language"),
            "dir": { "enum": ["ltr", "rtl"] },
            "identifier": printed("Identifies this text for good, such as a URN; not printed."),
            "heading_style": { "enum": ["escap_report", "un_manual"] },
            "notes": described(list("masthead_note"), "Notes to lines of the first page, in the order of their marks: *, **, ***."),
            "other_languages": described(list("line_language"), "Lines that are in another language than the document, where a translation is not whole."),
            "work": reference("work"),
        }),
    ), "masthead_note": object(
        "A note to a line of the first page; not of the run of footnotes.",
        &["to", "inlines"],
        json!({
            "to": { "enum": ["symbol", "agenda_items", "title", "summary"] },
            "inlines": list("inline"),
        }),
    ), "line_language": object(
        "That a line of the first page is in another language than the document.",
        &["line", "lang"],
        json!({
            "line": described(reference("id"), "By its place: first-page-title-1."),
            "lang": reference("language"),
        }),
    ), "work": object(
        "What catalogues know the document by; not printed.",
        &["kind", "author_code", "author_name", "number"],
        json!({
            "kind": { "enum": ["summary_report", "conference_room_paper"] },
            "author_code": printed("The organization that answers for it, as addresses name it: un-escap."),
            "author_name": printed("The same as people name it: ESCAP."),
            "dated_on": { "type": "string", "format": "date" },
            "issued_on": { "type": "string", "format": "date" },
            "number": printed("Its symbol, or another name that it alone has among those of its author."),
        }),
    ) })
}

fn blocks() -> Value {
    json!({
        "block": choice(&[("section", reference("section")), ("paragraph", reference("paragraph")), ("table", reference("table")), ("figure", reference("figure"))]),
        "section": object(
            "A heading and what stands under it.",
            &["id", "level", "heading", "blocks"],
            json!({
                "id": reference("id"),
                "level": { "type": "integer", "minimum": 1, "maximum": 4 },
                "unnumbered": flag(),
                "annex": flag(),
                "keep": described(flag(), "Stays when nothing stands under it."),
                "label": { "description": "Computed: \"IV\", \"B\", \"Annex\".", "type": "string", "minLength": 1 },
                "heading": list("inline"),
                "blocks": list("block"),
            }),
        ),
        "paragraph": object(
            "A paragraph with the lists that belong to it.",
            &["id", "parts"],
            json!({
                "id": reference("id"),
                "numbered": flag(),
                "number": counted("Computed: its place in the run through the document."),
                "lang": described(reference("language"), "Where it is not that of the document."),
                "parts": list("part"),
            }),
        ),
        "part": choice(&[("text", list("inline")), ("list", reference("list"))]),
        "note": object(
            "A footnote, placed by one note among the inlines.",
            &["inlines"],
            json!({
                "number": counted("Computed: its place in the run, or among the notes of its table."),
                "table": described(reference("id"), "Computed: the table under which it stands with a letter."),
                "inlines": list("inline"),
            }),
        ),
    })
}

fn lists() -> Value {
    let items = json!({ "type": "array", "items": list("inline") });
    json!({
        "list": choice(&[("bulleted", items.clone()), ("lettered", items), ("labelled", list("labelled_item"))]),
        "labelled_item": object(
            "An item whose label comes from elsewhere.",
            &["label", "inlines"],
            json!({ "label": reference("text"), "inlines": list("inline") }),
        ),
    })
}

fn tables() -> Value {
    json!({
        "table": object(
            "A table. Rows fill its columns exactly, spans counted.",
            &["id", "caption", "columns", "header", "rows"],
            json!({
                "id": reference("id"),
                "caption": list("inline"),
                "columns": list("column"),
                "header": list("row"),
                "rows": list("row"),
                "lettered_notes": described(flag(), "Its notes are lettered and stand under it."),
            }),
        ),
        "column": object(
            "A column.",
            &["width"],
            json!({ "width": { "description": "Relative to the others.", "type": "integer", "minimum": 0, "maximum": u16::MAX } }),
        ),
        "row": object("A row.", &["cells"], json!({ "cells": list("cell") })),
        "cell": object(
            "A cell; one column wide and one row high where it does not say more.",
            &["inlines"],
            json!({
                "inlines": list("inline"),
                "colspan": reference("span"),
                "rowspan": reference("span"),
                "heading": described(flag(), "Heads its row."),
            }),
        ),
    })
}

fn figures() -> Value {
    let count = json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX });
    json!({
        "figure": object(
            "A chart with its caption and the same figures as a table.",
            &["alt", "chart", "table"],
            json!({
                "label": { "description": "Computed: \"Figure I\".", "type": "string", "minLength": 1 },
                "alt": described(reference("text"), "For those who do not see the picture."),
                "chart": reference("chart"),
                "table": described(reference("table"), "Its id and caption are those of the figure; its rows are computed."),
            }),
        ),
        "chart": object(
            "Bars that compare counts.",
            &["group_heading", "value_heading", "series", "groups"],
            json!({
                "group_heading": described(reference("text"), "Heads the names of the groups."),
                "value_heading": described(reference("text"), "What is counted."),
                "series": described(list("text"), "Names of the series; one for a plain chart."),
                "groups": list("group"),
            }),
        ),
        "group": object(
            "What is counted once for each series.",
            &["label", "values"],
            json!({ "label": reference("text"), "values": list("counted") }),
        ),
        "counted": choice(&[
            ("count", count),
            ("withheld", described(reference("text"), "Printed instead of a count that is withheld.")),
        ]),
    })
}

fn inlines() -> Value {
    let link = object(
        "A link.",
        &["href", "inlines"],
        json!({ "href": reference("address"), "inlines": list("inline") }),
    );
    let language = object(
        "Words in another language than their surroundings.",
        &["lang", "inlines"],
        json!({ "lang": reference("language"), "inlines": list("inline") }),
    );
    let cross_reference = object(
        "The number of another part.",
        &["to"],
        json!({
            "to": reference("id"),
            "text": { "description": "Computed: \"12\", \"IV.B.i\".", "type": "string", "minLength": 1 },
        }),
    );
    let marked = object(
        "Words that stand in one of two documents that are compared.",
        &["mark", "inlines"],
        json!({
            "mark": { "enum": ["inserted", "deleted", "moved_here", "moved_away"] },
            "inlines": list("inline"),
        }),
    );
    let mut inline = choice(&[
        ("text", reference("text")),
        ("emphasis", list("inline")),
        ("strong", list("inline")),
        ("link", link),
        ("language", language),
        (
            "note",
            json!({ "description": "The place of a footnote among the notes.", "type": "integer", "minimum": 0 }),
        ),
        ("cross_reference", cross_reference),
        ("marked", marked),
    ]);
    if let Some(Value::Array(kinds)) = inline.get_mut("oneOf") {
        kinds.push(json!({ "const": "line_break" }));
    }
    json!({ "inline": inline })
}

fn compared() -> Value {
    json!({
        "compared": object(
            "What a document that shows differences is compared with.",
            &["from", "to", "day", "before"],
            json!({
                "from": described(reference("text"), "What the earlier document is called."),
                "to": described(reference("text"), "What the later one is called."),
                "day": described(reference("text"), "The day of the later one, such as 2021-02-26."),
                "before": described(reference("meta"), "The first page of the earlier one, without its summary and notes."),
                "remarks": described(list("remark"), "What marks cannot say."),
            }),
        ),
        "remark": object(
            "Something told about a paragraph or section.",
            &["at", "text"],
            json!({ "at": reference("id"), "text": reference("text") }),
        ),
    })
}

/// An object with these members and no others.
fn object(description: &str, required: &[&str], properties: Value) -> Value {
    json!({
        "description": description,
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": false,
    })
}

/// An object with one member, whose name says what it is.
fn choice(kinds: &[(&str, Value)]) -> Value {
    let kind = |(name, value): &(&str, Value)| {
        json!({
            "type": "object",
            "required": [name],
            "properties": { *name: value },
            "additionalProperties": false,
        })
    };
    json!({ "oneOf": kinds.iter().map(kind).collect::<Vec<_>>() })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn list(name: &str) -> Value {
    json!({ "type": "array", "items": reference(name) })
}

/// Left out when it is false.
fn flag() -> Value {
    json!({ "const": true })
}

fn counted(description: &str) -> Value {
    json!({ "description": description, "type": "integer", "minimum": 1, "maximum": u32::MAX })
}

fn described(mut value: Value, description: &str) -> Value {
    if let Value::Object(members) = &mut value {
        members.insert("description".to_owned(), description.into());
    }
    value
}

#[cfg(test)]
mod tests;
