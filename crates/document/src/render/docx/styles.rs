//! The styles of a document, as tables: every paragraph and every marked stretch has one by name, so that a secretariat can change
//! the looks of a whole document at once. Must never know a document other than its language, direction and way of numbering.

use super::languages::{language_attribute, word_tag};
use super::xml::{Attributes, Tag, WORD, Xml, on};
use crate::document::{Direction, HeadingNumbering, HeadingStyle, LanguageTag, Level, Meta};

/// Width of the text on the page, in twentieths of a point: A4 less its margins.
pub(super) const TEXT_WIDTH: u32 = 9070;

/// A paragraph style: its id, its name as Word knows it, the one it is based on, the one that follows.
struct Style<'a> {
    id: &'a str,
    name: &'a str,
    based_on: &'a str,
    next: &'a str,
    layout: &'a [Tag<'a>],
    letters: &'a [Tag<'a>],
}

const fn style<'a>(
    [id, name, based_on, next]: [&'a str; 4],
    layout: &'a [Tag<'a>],
    letters: &'a [Tag<'a>],
) -> Style<'a> {
    Style { id, name, based_on, next, layout, letters }
}

const BOLD: Tag = on("w:b");
const BOLD_COMPLEX: Tag = on("w:bCs");
const ITALIC: Tag = on("w:i");
const ITALIC_COMPLEX: Tag = on("w:iCs");
const CONTEXTUAL: Tag = on("w:contextualSpacing");
const KEEP_NEXT: Tag = on("w:keepNext");
const KEEP_LINES: Tag = on("w:keepLines");

/// Size in half points, for simple and complex scripts.
const fn size(attributes: Attributes<'_>) -> [Tag<'_>; 2] {
    [Tag::One("w:sz", attributes), Tag::One("w:szCs", attributes)]
}

const SMALL: [Tag; 2] = size(&[("w:val", "17")]);
const TABLE: [Tag; 2] = size(&[("w:val", "19")]);
const LARGE: [Tag; 2] = size(&[("w:val", "28")]);
const LARGER: [Tag; 2] = size(&[("w:val", "32")]);
const MIDDLE: [Tag; 2] = size(&[("w:val", "24")]);

const fn spacing(attributes: Attributes<'_>) -> Tag<'_> {
    Tag::One("w:spacing", attributes)
}

const NO_SPACE: Tag = spacing(&[("w:before", "0"), ("w:after", "0")]);
const ITEM_SPACE: Tag = spacing(&[("w:after", "60")]);
const ITEM_INDENT: Tag = Tag::One("w:ind", &[("w:left", "1134"), ("w:hanging", "482")]);
const ITEM_TABS: Tag =
    Tag::In("w:tabs", &[Tag::One("w:tab", &[("w:val", "left"), ("w:pos", "1134")])]);
const CONTENTS_TAB: Tag =
    Tag::In("w:tabs", &[Tag::One("w:tab", &[("w:val", "left"), ("w:pos", "652")])]);
const CONTENTS_TABS: Tag =
    Tag::In("w:tabs", &[Tag::One("w:tab", &[("w:val", "left"), ("w:pos", "1304")])]);
const OUTLINE_ONE: Tag = Tag::One("w:outlineLvl", &[("w:val", "0")]);

const fn line(attributes: Attributes<'_>) -> Tag<'_> {
    Tag::One("w:bottom", attributes)
}

const THIN: Attributes =
    &[("w:val", "single"), ("w:sz", "4"), ("w:space", "2"), ("w:color", "auto")];
const RULE_BELOW: Tag = Tag::In("w:pBdr", &[line(THIN)]);
const RULE_ABOVE: Tag = Tag::In("w:pBdr", &[Tag::One("w:top", THIN)]);
const RIGHT_EDGE: Tag =
    Tag::In("w:tabs", &[Tag::One("w:tab", &[("w:val", "right"), ("w:pos", "9070")])]);

const fn numbered<'a>(list: &'a [Tag<'a>]) -> Tag<'a> {
    Tag::In("w:numPr", list)
}

const ANNEXES: Tag =
    numbered(&[Tag::One("w:ilvl", &[("w:val", "0")]), Tag::One("w:numId", &[("w:val", "2")])]);
const PARAGRAPHS: Tag =
    numbered(&[Tag::One("w:ilvl", &[("w:val", "0")]), Tag::One("w:numId", &[("w:val", "3")])]);
const LETTERS: Tag =
    numbered(&[Tag::One("w:ilvl", &[("w:val", "1")]), Tag::One("w:numId", &[("w:val", "3")])]);
const BULLETS: Tag =
    numbered(&[Tag::One("w:ilvl", &[("w:val", "0")]), Tag::One("w:numId", &[("w:val", "4")])]);

#[rustfmt::skip]
const PARAGRAPH_STYLES: &[Style] = &[
    style(["Title", "Title", "Normal", "BodyText"],
        &[KEEP_NEXT, KEEP_LINES, spacing(&[("w:before", "360"), ("w:after", "200")])], &[BOLD, BOLD_COMPLEX, LARGER[0], LARGER[1]]),
    style(["Subtitle", "Subtitle", "Normal", "BodyText"],
        &[KEEP_LINES, spacing(&[("w:after", "240")])], &[BOLD, BOLD_COMPLEX, MIDDLE[0], MIDDLE[1]]),
    style(["AnnexHeading", "Annex Heading", "Heading1", "NumberedParagraph"],
        &[KEEP_NEXT, KEEP_LINES, on("w:pageBreakBefore"), ANNEXES, OUTLINE_ONE], &[]),
    style(["BodyText", "Body Text", "Normal", ""], &[], &[]),
    style(["NumberedParagraph", "Numbered Paragraph", "BodyText", "NumberedParagraph"], &[PARAGRAPHS], &[]),
    style(["BodyContinued", "Body Text Continued", "BodyText", "NumberedParagraph"], &[], &[]),
    style(["ListBullet", "List Bullet", "BodyText", ""], &[BULLETS, ITEM_SPACE], &[]),
    style(["ListLetter", "List Letter", "BodyText", ""], &[LETTERS, ITEM_SPACE], &[]),
    style(["ListLabel", "List Label", "BodyText", ""], &[ITEM_TABS, ITEM_SPACE, ITEM_INDENT], &[]),
    style(["Caption", "caption", "Normal", "TableText"],
        &[KEEP_NEXT, KEEP_LINES, spacing(&[("w:before", "200"), ("w:after", "80")])], &[BOLD, BOLD_COMPLEX]),
    style(["Picture", "Picture", "Normal", "TableText"], &[KEEP_NEXT, spacing(&[("w:before", "0"), ("w:after", "80")])], &[]),
    style(["TableText", "Table Text", "Normal", ""],
        &[spacing(&[("w:before", "40"), ("w:after", "40"), ("w:line", "240"), ("w:lineRule", "auto")])], &TABLE),
    style(["TableHeading", "Table Heading", "TableText", ""], &[], &[BOLD, BOLD_COMPLEX]),
    style(["TableNote", "Table Note", "Normal", ""],
        &[Tag::In("w:tabs", &[Tag::One("w:tab", &[("w:val", "left"), ("w:pos", "284")])]),
          spacing(&[("w:before", "40"), ("w:after", "40"), ("w:line", "240"), ("w:lineRule", "auto")]),
          Tag::One("w:ind", &[("w:left", "284"), ("w:hanging", "284")])], &SMALL),
    style(["TableEnd", "Table End", "Normal", "NumberedParagraph"],
        &[spacing(&[("w:before", "0"), ("w:after", "120"), ("w:line", "120"), ("w:lineRule", "exact")])], &[]),
    style(["FootnoteText", "footnote text", "Normal", ""],
        &[spacing(&[("w:after", "40"), ("w:line", "240"), ("w:lineRule", "auto")])], &SMALL),
    style(["MastheadTop", "Masthead Top", "Normal", ""], &[RULE_BELOW, RIGHT_EDGE, NO_SPACE], &MIDDLE),
    style(["MastheadOrgan", "Masthead Organ", "Normal", ""],
        &[on("w:suppressAutoHyphens"), spacing(&[("w:before", "120"), ("w:after", "120")])], &[BOLD, BOLD_COMPLEX, LARGE[0], LARGE[1]]),
    style(["MastheadRelease", "Masthead Release", "Normal", ""], &[spacing(&[("w:before", "120"), ("w:after", "0")]), CONTEXTUAL], &TABLE),
    style(["MastheadMeeting", "Masthead Meeting", "Normal", ""], &[spacing(&[("w:before", "60"), ("w:after", "0")])], &[BOLD, BOLD_COMPLEX]),
    style(["MastheadAgenda", "Masthead Agenda", "Normal", ""], &[NO_SPACE], &[]),
    style(["TOCHeading", "TOC Heading", "Normal", "BodyText"],
        &[KEEP_NEXT, spacing(&[("w:before", "240"), ("w:after", "120")])], &[BOLD, BOLD_COMPLEX, LARGE[0], LARGE[1]]),
    style(["TOC1", "toc 1", "Normal", ""], &[CONTENTS_TAB, ITEM_SPACE, Tag::One("w:ind", &[("w:left", "652"), ("w:hanging", "652")])], &[]),
    style(["TOC2", "toc 2", "Normal", ""], &[CONTENTS_TABS, ITEM_SPACE, Tag::One("w:ind", &[("w:left", "1304"), ("w:hanging", "652")])], &[]),
    style(["SummaryHeading", "Summary Heading", "Normal", "BodyText"],
        &[KEEP_NEXT, spacing(&[("w:before", "60"), ("w:after", "120")]), Tag::One("w:jc", &[("w:val", "center")])],
        &[BOLD, BOLD_COMPLEX, ITALIC, ITALIC_COMPLEX]),
    style(["Header", "header", "Normal", ""], &[RULE_BELOW, NO_SPACE], &[BOLD, BOLD_COMPLEX, SMALL[0], SMALL[1]]),
    style(["Footer", "footer", "Normal", ""], &[RULE_ABOVE, NO_SPACE], &[BOLD, BOLD_COMPLEX, SMALL[0], SMALL[1]]),
];

#[rustfmt::skip]
const CHARACTER_STYLES: &[(&str, &str, &[Tag])] = &[
    ("FootnoteReference", "footnote reference", &[Tag::One("w:vertAlign", &[("w:val", "superscript")])]),
    ("TableNoteReference", "Table Note Reference", &[Tag::One("w:vertAlign", &[("w:val", "superscript")])]),
    ("Label", "Label", &[]),
    ("Hyperlink", "Hyperlink", &[Tag::One("w:color", &[("w:val", "0B4F8A")]), Tag::One("w:u", &[("w:val", "single")])]),
    ("MastheadSymbol", "Masthead Symbol", &[BOLD, BOLD_COMPLEX]),
];

/// The part.
pub(super) fn part(meta: &Meta) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.within("w:styles", &[("xmlns:w", WORD)], |xml| {
        defaults(xml, &meta.lang);
        normal(xml, meta.dir);
        headings(xml, meta.heading_style);
        PARAGRAPH_STYLES.iter().for_each(|style| paragraph_style(xml, style));
        CHARACTER_STYLES.iter().for_each(|style| character_style(xml, style));
        table_styles(xml);
    });
    xml.finish()
}

fn defaults(xml: &mut Xml, language: &LanguageTag) {
    let mut languages = [
        ("w:val", "en-GB".to_owned()),
        ("w:eastAsia", "zh-CN".to_owned()),
        ("w:bidi", "ar-SA".to_owned()),
    ];
    for (name, value) in &mut languages {
        if *name == language_attribute(language) {
            *value = word_tag(language);
        }
    }
    let languages: Vec<_> = languages.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let letters = [
        Tag::One("w:rFonts", &fonts(language)),
        Tag::One("w:sz", &[("w:val", "21")]),
        Tag::One("w:szCs", &[("w:val", "22")]),
        Tag::One("w:lang", &languages),
    ];
    let layout = [
        on("w:widowControl"),
        spacing(&[("w:after", "120"), ("w:line", "252"), ("w:lineRule", "auto")]),
    ];
    xml.within("w:docDefaults", &[], |xml| {
        xml.within("w:rPrDefault", &[], |xml| xml.tag(Tag::In("w:rPr", &letters)));
        xml.within("w:pPrDefault", &[], |xml| xml.tag(Tag::In("w:pPr", &layout)));
    });
}

/// Fonts by script; `super::parts::fonts` names substitutes for them.
fn fonts(language: &LanguageTag) -> [(&'static str, &'static str); 4] {
    let east_asian = match language.primary().as_str() {
        "ja" => "MS Mincho",
        "ko" => "Batang",
        _ => "SimSun",
    };
    let complex = match language.primary().as_str() {
        "th" => "Angsana New",
        "km" => "DaunPenh",
        "hi" | "ne" | "mr" => "Mangal",
        _ => "Times New Roman",
    };
    [
        ("w:ascii", "Times New Roman"),
        ("w:hAnsi", "Times New Roman"),
        ("w:eastAsia", east_asian),
        ("w:cs", complex),
    ]
}

fn normal(xml: &mut Xml, direction: Direction) {
    let bidi: &[Tag] = if direction == Direction::RightToLeft { &[on("w:bidi")] } else { &[] };
    let kinds = [
        ("paragraph", "Normal", "Normal"),
        ("character", "DefaultParagraphFont", "Default Paragraph Font"),
    ];
    for (kind, id, name) in kinds {
        xml.within("w:style", &[("w:type", kind), ("w:default", "1"), ("w:styleId", id)], |xml| {
            xml.value("w:name", name);
            if kind == "paragraph" {
                xml.tags(&[on("w:qFormat"), Tag::In("w:pPr", bidi)]);
            }
        });
    }
    xml.within(
        "w:style",
        &[("w:type", "numbering"), ("w:default", "1"), ("w:styleId", "NoList")],
        |xml| {
            xml.value("w:name", "No List");
        },
    );
}

fn headings(xml: &mut Xml, numbering: HeadingStyle) {
    let looks: [(Level, &str, &[Tag]); 4] = [
        (Level::ONE, "320", &[BOLD, BOLD_COMPLEX, LARGE[0], LARGE[1]]),
        (Level::TWO, "280", &[BOLD, BOLD_COMPLEX, MIDDLE[0], MIDDLE[1]]),
        (Level::THREE, "240", &[BOLD, BOLD_COMPLEX]),
        (Level::FOUR, "200", &[BOLD, BOLD_COMPLEX, ITALIC, ITALIC_COMPLEX]),
    ];
    for (level, before, letters) in looks {
        let depth = (level.get() - 1).to_string();
        let list =
            [Tag::One("w:ilvl", &[("w:val", &depth)]), Tag::One("w:numId", &[("w:val", "1")])];
        let is_numbered = numbering.numbering(level) != HeadingNumbering::Unnumbered;
        let mut layout = vec![KEEP_NEXT, KEEP_LINES];
        layout.extend(is_numbered.then_some(numbered(&list)));
        let space = [("w:before", before), ("w:after", "120")];
        let outline = [("w:val", depth.as_str())];
        layout.extend([spacing(&space), Tag::One("w:outlineLvl", &outline)]);
        let (id, name) = (format!("Heading{}", level.get()), format!("heading {}", level.get()));
        paragraph_style(xml, &style([&id, &name, "Normal", "NumberedParagraph"], &layout, letters));
    }
}

fn paragraph_style(xml: &mut Xml, style: &Style) {
    xml.within("w:style", &[("w:type", "paragraph"), ("w:styleId", style.id)], |xml| {
        xml.value("w:name", style.name);
        xml.value("w:basedOn", style.based_on);
        if !style.next.is_empty() {
            xml.value("w:next", style.next);
        }
        xml.tags(&[
            on("w:qFormat"),
            Tag::In("w:pPr", style.layout),
            Tag::In("w:rPr", style.letters),
        ]);
    });
}

fn character_style(xml: &mut Xml, (id, name, letters): &(&str, &str, &[Tag])) {
    xml.within("w:style", &[("w:type", "character"), ("w:styleId", id)], |xml| {
        xml.value("w:name", name);
        xml.value("w:basedOn", "DefaultParagraphFont");
        xml.tags(&[on("w:qFormat"), Tag::In("w:rPr", letters)]);
    });
}

const BORDER: Attributes =
    &[("w:val", "single"), ("w:sz", "4"), ("w:space", "0"), ("w:color", "auto")];
const HEAVY: Attributes =
    &[("w:val", "single"), ("w:sz", "12"), ("w:space", "0"), ("w:color", "auto")];

#[rustfmt::skip]
fn table_styles(xml: &mut Xml) {
    let margins = |sides: [&str; 4]| -> Vec<(&'static str, String)> {
        ["w:top", "w:left", "w:bottom", "w:right"].into_iter().zip(sides.map(str::to_owned)).collect()
    };
    let styles: [(&str, &str, &[Tag], [&str; 4]); 4] = [
        ("TableNormal", "Normal Table", &[], ["0", "108", "0", "108"]),
        ("ReportTable", "Report Table",
            &[Tag::One("w:top", HEAVY), Tag::One("w:bottom", HEAVY), Tag::One("w:insideH", BORDER)], ["0", "80", "0", "80"]),
        ("SummaryBox", "Summary Box",
            &[Tag::One("w:top", BORDER), Tag::One("w:left", BORDER), Tag::One("w:bottom", BORDER), Tag::One("w:right", BORDER)],
            ["80", "240", "80", "240"]),
        ("MastheadTable", "Masthead Table", &[Tag::One("w:bottom", HEAVY)], ["0", "0", "120", "108"]),
    ];
    for (id, name, borders, sides) in styles {
        let is_default = id == "TableNormal";
        let mut attributes = vec![("w:type", "table"), ("w:styleId", id)];
        if is_default { attributes.push(("w:default", "1")); }
        xml.within("w:style", &attributes, |xml| {
            xml.value("w:name", name);
            if !is_default { xml.value("w:basedOn", "TableNormal"); }
            xml.within("w:tblPr", &[], |xml| {
                if !borders.is_empty() { xml.tag(Tag::In("w:tblBorders", borders)); }
                xml.within("w:tblCellMar", &[], |xml| {
                    for (side, width) in margins(sides) { xml.empty(side, &[("w:w", &width), ("w:type", "dxa")]); }
                });
            });
        });
    }
}
