use super::render;
use crate::document::{Block, Document, Href, Inline, Paragraph, ParagraphPart};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Characters as a reader sees them: emphasized or not, strong or not. White space is one space, without a style.
#[derive(Debug, Default, PartialEq)]
struct Seen(Vec<(char, bool, bool)>);

impl Seen {
    fn add(&mut self, text: &str, emphasis: bool, strong: bool) {
        for c in text.chars() {
            let space = self.0.last().is_none_or(|&(last, ..)| last == ' ');
            match c {
                c if !c.is_whitespace() => self.0.push((c, emphasis, strong)),
                _ if !space => self.0.push((' ', false, false)),
                _ => {}
            }
        }
    }

    fn trimmed(mut self) -> Self {
        self.0.pop_if(|&mut (last, ..)| last == ' ');
        self
    }
}

fn written(inlines: &[Inline], emphasis: bool, strong: bool, seen: &mut Seen) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => seen.add(text.as_str(), emphasis, strong),
            Inline::LineBreak => seen.add(" ", false, false),
            Inline::Emphasis(inside) => written(inside, true, strong, seen),
            Inline::Strong(inside) => written(inside, emphasis, true, seen),
            other => written(other.children(), emphasis, strong, seen),
        }
    }
}

fn read_back(markdown: &str) -> Seen {
    let (mut emphasis, mut strong, mut seen) = (0, 0, Seen::default());
    for event in Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
        match event {
            Event::Start(Tag::Emphasis) => emphasis += 1,
            Event::End(TagEnd::Emphasis) => emphasis -= 1,
            Event::Start(Tag::Strong) => strong += 1,
            Event::End(TagEnd::Strong) => strong -= 1,
            Event::Text(text) => seen.add(&text, emphasis > 0, strong > 0),
            Event::SoftBreak | Event::HardBreak => seen.add(" ", false, false),
            Event::Start(Tag::Paragraph | Tag::Link { .. }) | Event::End(_) => {}
            other => seen.add(&format!("{other:?}"), true, true),
        }
    }
    seen.trimmed()
}

fn inlines() -> impl Strategy<Value = Vec<Inline>> {
    let pieces = [
        "a", "b ", " ", "é", "“", "\"", "€", ".", "*", "_", "**", "`", "[", "](", ")", "(", "!",
        "<b>", "&amp;", "\\", "- ", "1. ", "a) ", "# ", "|", "~", "$", "^", ":", "{#x}", "@",
        "\u{a0}", "=", "+ ",
    ];
    let text = prop::collection::vec(prop::sample::select(pieces.to_vec()), 1..4)
        .prop_map(|pieces| Inline::text(&pieces.concat()));
    let leaf = prop_oneof![8 => text, 1 => Just(Inline::LineBreak)];
    let tree = leaf.prop_recursive(3, 16, 4, |inside| {
        let some = || prop::collection::vec(inside.clone(), 1..4);
        prop_oneof![some().prop_map(Inline::Emphasis), some().prop_map(Inline::Strong)]
    });
    let href = Href::parse("https://un.org/a_(b").expect("an address");
    let link = prop::collection::vec(tree.clone(), 1..3)
        .prop_map(move |inlines| Inline::Link { href: href.clone(), inlines });
    prop::collection::vec(prop_oneof![8 => tree, 1 => link], 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1000), ..ProptestConfig::default() })]

    #[test]
    fn a_reader_of_markdown_sees_what_was_written(inlines in inlines()) {
        let mut expected = Seen::default();
        written(&inlines, false, false, &mut expected);
        let paragraph = Paragraph::unnumbered("p", vec![ParagraphPart::Text(inlines)]);
        let markdown = render(&Document { blocks: vec![Block::Paragraph(paragraph)], ..Document::default() });
        let text = markdown.strip_prefix("**United Nations**\n\n").unwrap_or_default();
        prop_assert_eq!(read_back(text), expected.trimmed(), "{}", text);
    }
}
