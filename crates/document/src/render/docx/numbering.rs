//! True numbering: headings, annexes, paragraphs, bullets, letters. The lists are defined so that a word processor counts to what
//! the model computed; where it would not, a list begins again at the model's number. Must never compute what is printed.

use super::xml::{Tag, WORD, Xml};
use crate::document::{HeadingNumbering, HeadingStyle, Level, Section, Words};

/// Lists that the styles refer to, by `w:numId`.
pub(super) const HEADINGS: u32 = 1;
pub(super) const ANNEXES: u32 = 2;
pub(super) const PARAGRAPHS: u32 = 3;
const BULLETS: u32 = 4;
/// The definition of lettered lists that do not follow a paragraph number; each takes a list of its own.
const LETTERS: u32 = 5;

/// Where a heading's number stands, and where its text begins, in twentieths of a point.
const HEADING_TEXT: u32 = 652;
/// Where the text of list items begins, and how far before it their mark stands.
const ITEM_TEXT: u32 = 1134;
const ITEM_MARK: u32 = 482;

/// A list that begins again.
struct Restart {
    definition: u32,
    level: u8,
    at: u32,
}

/// Which list each paragraph belongs to.
pub(super) struct Numbering {
    restarts: Vec<Restart>,
    paragraphs: u32,
    next_paragraph: u32,
}

impl Numbering {
    pub(super) fn new() -> Self {
        Self { restarts: Vec::new(), paragraphs: PARAGRAPHS, next_paragraph: 1 }
    }

    /// The list for the paragraph with this number. It is the same for all, unless the numbers do not run.
    pub(super) fn paragraph(&mut self, number: u32) -> u32 {
        if number != self.next_paragraph {
            self.paragraphs = self.restart(PARAGRAPHS, 0, number);
        }
        self.next_paragraph = number.saturating_add(1);
        self.paragraphs
    }

    /// The list in which letters begin again under the paragraph that came last.
    pub(super) fn letters_of_paragraph(&self) -> u32 {
        self.paragraphs
    }

    /// A list of letters from (a) on.
    pub(super) fn letters(&mut self) -> u32 {
        self.restart(LETTERS, 0, 1)
    }

    /// A list like `of` in which headings of `level` begin with the first number.
    pub(super) fn headings(&mut self, of: u32, level: u8) -> u32 {
        let index = of.checked_sub(BULLETS + 1).and_then(|index| usize::try_from(index).ok());
        let list = index.and_then(|index| self.restarts.get(index));
        let definition = list.map_or(of, |list| list.definition);
        self.restart(definition, level.saturating_sub(1), 1)
    }

    fn restart(&mut self, definition: u32, level: u8, at: u32) -> u32 {
        self.restarts.push(Restart { definition, level, at });
        u32::try_from(self.restarts.len()).unwrap_or(u32::MAX) + BULLETS
    }

    /// The part. `annexes` tells whether annexes are counted, which they are when there are several.
    pub(super) fn part(&self, style: HeadingStyle, words: &Words, annexes: bool) -> Vec<u8> {
        let mut xml = Xml::new();
        xml.within("w:numbering", &[("xmlns:w", WORD)], |xml| {
            definition(xml, HEADINGS, |xml| heading_levels(xml, style, true));
            definition(xml, ANNEXES, |xml| {
                annex_level(xml, words, annexes);
                heading_levels(xml, style, false);
            });
            definition(xml, PARAGRAPHS, |xml| {
                paragraph_level(xml);
                letter_level(xml, 1, Some("ListLetter"));
            });
            definition(xml, BULLETS, bullet_level);
            definition(xml, LETTERS, |xml| letter_level(xml, 0, None));
            for list in HEADINGS..=BULLETS {
                instance(xml, list, list, None);
            }
            for (list, restart) in (BULLETS + 1..).zip(&self.restarts) {
                instance(xml, list, restart.definition, Some(restart));
            }
        });
        xml.finish()
    }
}

/// Whether a word processor prints the label that the model computed. After Z (or z) it prints AA, BB, CC, the model AA, AB,
/// AC; and a document that was never numbered has no labels.
pub(super) fn is_automatic(section: &Section, style: HeadingStyle) -> bool {
    let is_lettered = matches!(
        style.numbering(section.level),
        HeadingNumbering::Alpha | HeadingNumbering::Parenthesized
    );
    let letters = section.label.trim_matches(['(', ')']);
    let is_told_apart = section.annex || !is_lettered || letters.len() < 2 || is_aa(letters);
    !section.label.is_empty() && is_told_apart
}

fn is_aa(letters: &str) -> bool {
    letters.eq_ignore_ascii_case("aa")
}

/// Most items of a lettered list for which letters agree, see [`is_automatic`].
pub(super) const MOST_LETTERED: usize = 27;

fn definition(xml: &mut Xml, id: u32, levels: impl FnOnce(&mut Xml)) {
    xml.within("w:abstractNum", &[("w:abstractNumId", &id.to_string())], |xml| {
        // Word takes definitions without this number for one and the same.
        xml.value("w:nsid", &format!("415050{id:02X}"));
        xml.value("w:multiLevelType", "multilevel");
        levels(xml);
    });
}

fn instance(xml: &mut Xml, list: u32, definition: u32, restart: Option<&Restart>) {
    xml.within("w:num", &[("w:numId", &list.to_string())], |xml| {
        xml.value("w:abstractNumId", &definition.to_string());
        if let Some(restart) = restart {
            xml.within("w:lvlOverride", &[("w:ilvl", &restart.level.to_string())], |xml| {
                xml.value("w:startOverride", &restart.at.to_string());
            });
        }
    });
}

/// A level of a list.
struct ListLevel<'a> {
    index: u8,
    format: &'a str,
    style: Option<&'a str>,
    text: &'a str,
    /// Where the text begins and how far before it the number stands.
    indent: (u32, u32),
    letters: &'a [Tag<'a>],
}

fn level(xml: &mut Xml, level: &ListLevel) {
    let (left, hanging) = (level.indent.0.to_string(), level.indent.1.to_string());
    // The text of a numbered paragraph goes back to the margin: its tab is all that holds the number apart.
    let tab = if level.indent.0 == 0 { HEADING_TEXT.to_string() } else { left.clone() };
    xml.within("w:lvl", &[("w:ilvl", &level.index.to_string())], |xml| {
        xml.value("w:start", "1");
        xml.value("w:numFmt", level.format);
        level.style.iter().for_each(|style| xml.value("w:pStyle", style));
        xml.value("w:suff", if level.text.is_empty() { "nothing" } else { "tab" });
        xml.value("w:lvlText", level.text);
        xml.value("w:lvlJc", "left");
        xml.tag(Tag::In(
            "w:pPr",
            &[
                Tag::In("w:tabs", &[Tag::One("w:tab", &[("w:val", "num"), ("w:pos", &tab)])]),
                Tag::One("w:ind", &[("w:left", &left), ("w:hanging", &hanging)]),
            ],
        ));
        xml.tag(Tag::In("w:rPr", level.letters));
    });
}

/// The levels of headings; of those in an annex the first is the annex itself, and no style leads to them.
fn heading_levels(xml: &mut Xml, style: HeadingStyle, is_body: bool) {
    let levels = [Level::ONE, Level::TWO, Level::THREE, Level::FOUR];
    for each in levels.into_iter().skip(usize::from(!is_body)) {
        let number = each.get();
        let (format, before, after) = match style.numbering(each) {
            HeadingNumbering::Roman => ("upperRoman", "", "."),
            HeadingNumbering::Alpha => ("upperLetter", "", "."),
            HeadingNumbering::LowerRoman => ("lowerRoman", "", "."),
            HeadingNumbering::Arabic => ("decimal", "", "."),
            HeadingNumbering::Parenthesized => ("lowerLetter", "(", ")"),
            HeadingNumbering::Unnumbered => continue,
        };
        level(
            xml,
            &ListLevel {
                index: number - 1,
                format,
                style: is_body.then_some(format!("Heading{number}")).as_deref(),
                text: &format!("{before}%{number}{after}"),
                indent: (HEADING_TEXT, HEADING_TEXT),
                letters: &[],
            },
        );
    }
}

fn annex_level(xml: &mut Xml, words: &Words, counted: bool) {
    let text = if counted { format!("{} %1", words.annex) } else { words.annex.to_owned() };
    // Wide enough for the word and a Roman number of three letters, in bold; Chinese characters are twice as wide.
    let width: u32 = text.chars().map(|c| if c.is_ascii() { 150 } else { 190 }).sum();
    level(
        xml,
        &ListLevel {
            index: 0,
            format: "upperRoman",
            style: Some("AnnexHeading"),
            text: &text,
            indent: (width + 400, width + 400),
            letters: &[],
        },
    );
}

fn paragraph_level(xml: &mut Xml) {
    level(
        xml,
        &ListLevel {
            index: 0,
            format: "decimal",
            style: Some("NumberedParagraph"),
            text: "%1.",
            indent: (0, 0),
            letters: &[],
        },
    );
}

fn letter_level(xml: &mut Xml, index: u8, style: Option<&str>) {
    level(
        xml,
        &ListLevel {
            index,
            format: "lowerLetter",
            style,
            text: &format!("(%{})", index + 1),
            indent: (ITEM_TEXT, ITEM_MARK),
            letters: &[],
        },
    );
}

fn bullet_level(xml: &mut Xml) {
    level(
        xml,
        &ListLevel {
            index: 0,
            format: "bullet",
            style: Some("ListBullet"),
            text: "•",
            indent: (ITEM_TEXT, ITEM_MARK),
            letters: &[Tag::One(
                "w:rFonts",
                &[
                    ("w:ascii", "Times New Roman"),
                    ("w:hAnsi", "Times New Roman"),
                    ("w:cs", "Times New Roman"),
                ],
            )],
        },
    );
}

/// Properties of a paragraph that is written like those of a list but counted in none, with the same indent.
pub(super) fn outside_lists(xml: &mut Xml) {
    xml.tag(Tag::In(
        "w:numPr",
        &[Tag::One("w:ilvl", &[("w:val", "0")]), Tag::One("w:numId", &[("w:val", "0")])],
    ));
}

/// Membership in a list.
pub(super) fn in_list(xml: &mut Xml, level: u8, list: u32) {
    xml.tag(Tag::In(
        "w:numPr",
        &[
            Tag::One("w:ilvl", &[("w:val", &level.to_string())]),
            Tag::One("w:numId", &[("w:val", &list.to_string())]),
        ],
    ));
}
