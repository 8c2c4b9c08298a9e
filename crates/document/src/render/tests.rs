use super::{html, json, *};
use crate::document::inline::parse;
use crate::document::sample::sample;
use crate::document::{
    Block, Id, Level, MastheadLine, MastheadNote, Paragraph, ParagraphPart, Section,
};
use proptest::prelude::*;

fn text(document: &Document, format: Format) -> String {
    String::from_utf8(render(document, format)).expect("every format is UTF-8")
}

/// A document with `raw` wherever text can stand.
fn filled_with(raw: &str) -> Document {
    let mut document = Document::default();
    let meta = &mut document.meta;
    for field in [
        &mut meta.symbol,
        &mut meta.organ,
        &mut meta.distribution,
        &mut meta.date,
        &mut meta.title,
        &mut meta.subtitle,
        &mut meta.identifier,
    ] {
        *field = raw.into();
    }
    let printed = [MastheadLine::Symbol, MastheadLine::Title].into_iter();
    meta.notes = printed
        .filter(|&line| meta.prints(line))
        .map(|to| MastheadNote { to, inlines: vec![Inline::text(raw)] })
        .collect();
    let note = document.add_note(vec![Inline::text(raw)]);
    let inlines = vec![
        Inline::text(raw),
        Inline::Emphasis(vec![Inline::text(raw)]),
        Inline::Strong(vec![Inline::text(raw)]),
        Inline::text(raw),
        note,
    ];
    let paragraph = Paragraph::numbered("p", vec![ParagraphPart::Text(inlines)]);
    document.blocks = vec![Block::Section(Section::new(
        Id::new(raw),
        Level::ONE,
        raw,
        vec![Block::Paragraph(paragraph)],
    ))];
    // A random text may be the id of the paragraph, which numbering refuses; rendering must bear it all the same.
    let _ = document.number();
    document
}

#[test]
fn markdown_of_the_sample() {
    insta::assert_snapshot!(text(&sample(), Format::Markdown));
}

#[test]
fn akoma_ntoso_of_the_sample() {
    insta::assert_snapshot!(text(&sample(), Format::AkomaNtoso));
}

#[test]
fn html_of_the_sample() {
    let page = text(&sample(), Format::Html).replace(html::STYLE, "…");
    insta::assert_snapshot!(page.replace("><", ">\n<"));
}

#[test]
fn json_of_the_sample() {
    let value: serde_json::Value = serde_json::from_slice(&json::render(&sample())).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap());
}

#[test]
fn reading_json_back_gives_the_same_bytes_in_every_format() {
    let document = sample();
    let again = json::read(&json::render(&document)).unwrap();
    assert_eq!(again, document);
    for format in Format::ALL {
        assert_eq!(render(&again, format), render(&document, format), "{format:?}");
    }
    assert_eq!(again.fingerprint(), document.fingerprint());
    assert_eq!(document.fingerprint().len(), 64);
}

#[test]
fn reading_json_cleans_text_and_refuses_what_the_model_refuses() {
    let document = |inline: &str| {
        format!(
            r#"{{"meta":{{"title":"a\u0000\u202eb"}},"blocks":[{{"paragraph":{{"id":"p q","parts":[{{"text":[{inline}]}}]}}}}]}}"#
        )
    };
    let read = json::read(document(r#"{"text":"c\nd\ufffe"}"#).as_bytes()).unwrap();
    assert_eq!(read.meta.title.as_str(), "ab");
    assert_eq!(read.runs()[0], [Inline::text("c d")]);
    assert!(
        json::read(document(r#"{"link":{"href":"javascript:x","inlines":[]}}"#).as_bytes())
            .is_err()
    );
    assert!(json::read(document(r#"{"language":{"lang":"\"","inlines":[]}}"#).as_bytes()).is_err());
    assert!(json::read(document(r#"{"html":"<b>"}"#).as_bytes()).is_err());
    assert!(json::read(br#"{"meta":{"author":"x"},"blocks":[]}"#).is_err());
    let nested = r#"{"emphasis":["#.repeat(5000);
    assert!(json::read(document(&nested).as_bytes()).is_err());
}

#[test]
fn a_page_is_bare_of_scripts_style_attributes_and_foreign_resources() {
    let page = text(&sample(), Format::Html);
    for refused in
        ["<script", " style=", "javascript:", "<link", "<img", " src=", "@import", "url("]
    {
        assert!(!page.contains(refused), "{refused}");
    }
    assert!(page.contains(&format!("<style>{}</style>", html::STYLE)));
    assert!(!html::STYLE.contains("</"));
    assert_eq!(html::style_source().len(), "'sha256-'".len() + 44);
}

#[test]
fn every_anchor_of_a_page_is_unique_and_every_link_inside_it_leads_somewhere() {
    let page = text(&sample(), Format::Html);
    let values = |attribute: &str| -> Vec<String> {
        page.split(attribute)
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
            .collect()
    };
    let anchors = values(" id=\"");
    let unique: std::collections::BTreeSet<_> = anchors.iter().collect();
    assert_eq!(unique.len(), anchors.len());
    assert!(values(" href=\"#").iter().all(|target| unique.contains(target)), "{anchors:?}");
}

#[test]
fn an_empty_document_renders() {
    for format in Format::ALL {
        assert!(!render(&Document::default(), format).is_empty());
    }
}

#[test]
fn two_notes_at_one_place_get_a_separator() {
    let mut document = Document::default();
    let parts = document.adopt(parse("Text^[one]^[two] *and^[three]*^[four]").unwrap());
    document.blocks.push(Block::Paragraph(Paragraph::numbered("p", parts)));
    document.number().unwrap();
    assert!(text(&document, Format::Markdown).contains("1\\. Text[^1], [^2] _and[^3]_, [^4]"));
    assert_eq!(text(&document, Format::Html).matches("<sup>, </sup>").count(), 2);
}

proptest! {
    #[test]
    fn no_text_opens_a_tag(raw in "\\PC*|[<>&\"'a/!-]*") {
        let harmless = raw.replace(['<', '>', '"', '&'], "x");
        let (page, other) = (text(&filled_with(&raw), Format::Html), text(&filled_with(&harmless), Format::Html));
        for mark in ['<', '>', '"'] {
            prop_assert_eq!(page.matches(mark).count(), other.matches(mark).count());
        }
    }

    #[test]
    fn every_text_survives_freezing(raw in any::<String>()) {
        let document = filled_with(&raw);
        let again = json::read(&json::render(&document)).unwrap();
        for format in Format::ALL {
            prop_assert_eq!(render(&again, format), render(&document, format));
        }
    }
}
