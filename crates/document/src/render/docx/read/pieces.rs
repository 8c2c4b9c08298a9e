//! The runs of a paragraph as pieces of text with their looks, with the tracked changes that are asked for. Must never take what was
//! deleted or hidden, nor the printed number of a cross-reference, which the model computes.

use super::super::bookmarks::is_ours;
use super::super::languages::model_tag;
use super::revisions::View;
use super::styles::Styles;
use super::tree::Element;
use super::unread::{Unread, UnreadKind};
use crate::document::{Href, LanguageTag};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes of text in one paragraph or note, after deletions joined several to one. A page has a few thousand.
pub(super) const MOST_TEXT: usize = 1 << 20;

/// Bytes of all addresses of a file, each as often as a piece leads there: a text names it that often.
pub(super) const MOST_ADDRESSES: usize = 16 << 20;

/// Bytes of a language tag: BCP 47 wants 35 to be taken.
const LONGEST_TAG: usize = 100;

/// Fields that may be open at once.
const MOST_FIELDS: usize = 20;

/// What a piece is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Text(String),
    /// The kind of note and its number in the file.
    Note(&'static str, String),
    /// To the bookmark of this name.
    Reference(String),
    Break,
}

/// A stretch in the same looks.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) content: Content,
    pub(super) strong: bool,
    pub(super) emphasis: bool,
    pub(super) language: Option<LanguageTag>,
    /// One for all pieces that it is on: a file can put an address of any length on every word.
    pub(super) link: Option<Arc<Href>>,
    /// Above the line, as note indicators are.
    pub(super) is_raised: bool,
    /// The label of a list item or heading, written out.
    pub(super) is_label: bool,
}

/// A field that is open.
struct Field {
    code: String,
    /// The first piece of its result; none while its code is read.
    result: Option<usize>,
}

/// The pieces of one paragraph, and which of our bookmarks begin and end in it.
#[derive(Default)]
pub(super) struct Pieces {
    pub(super) pieces: Vec<Piece>,
    /// Number in the file and name.
    pub(super) begun: Vec<(String, String)>,
    pub(super) ended: Vec<String>,
    /// What has no source.
    pub(super) unread: Vec<Unread>,
    /// Where comments begin and end: before which piece, which, and whether it begins there.
    pub(super) comments: Vec<(usize, String, Anchor)>,
    /// Somebody changed what somebody else had changed.
    pub(super) is_mixed: bool,
    fields: Vec<Field>,
    /// Who made the change inside which the reading is.
    revised_by: Vec<String>,
    style: Option<String>,
}

/// How a comment is tied to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Begin,
    End,
    /// Where its mark stands.
    Mark,
}

/// What the parts of a file say about its runs.
pub(super) struct Surroundings<'a> {
    pub(super) styles: &'a Styles,
    pub(super) links: &'a BTreeMap<String, String>,
    /// Which tracked changes count.
    pub(super) view: View<'a>,
}

impl Pieces {
    pub(super) fn read(paragraph: &Element, around: &Surroundings) -> Self {
        let style = paragraph.child("pPr").and_then(|one| one.child("pStyle")?.value());
        let mut pieces = Self { style: style.map(str::to_owned), ..Self::default() };
        pieces.inside(paragraph, around, None);
        pieces
    }

    /// How much they hold: bytes of text, and one for each piece.
    pub(super) fn size(&self) -> usize {
        let size = |piece: &Piece| match &piece.content {
            Content::Text(text) => text.len() + 1,
            _ => 1,
        };
        self.pieces.iter().map(size).sum()
    }

    /// Bytes of the addresses that they lead to.
    pub(super) fn addresses(&self) -> usize {
        self.pieces
            .iter()
            .filter_map(|piece| piece.link.as_ref())
            .map(|link| link.as_str().len())
            .sum()
    }

    fn inside(&mut self, element: &Element, around: &Surroundings, link: Option<&Arc<Href>>) {
        for child in &element.children {
            match child.name.as_str() {
                "r" => self.run(child, around, link),
                "hyperlink" => self.hyperlink(child, around),
                "fldSimple" => {
                    let code = child.attribute("instr").unwrap_or_default().to_owned();
                    self.fields.push(Field { code, result: Some(self.pieces.len()) });
                    self.inside(child, around, link);
                    self.end_field();
                }
                "bookmarkStart" | "bookmarkEnd" => self.bookmark(child),
                "commentRangeStart" => self.comment(child, Anchor::Begin),
                "commentRangeEnd" => self.comment(child, Anchor::End),
                "ins" | "moveTo" | "del" | "moveFrom" => self.revision(child, around, link),
                "smartTag" | "sdt" | "sdtContent" | "customXml" | "dir" | "bdo" => {
                    self.inside(child, around, link);
                }
                "oMath" | "oMathPara" => self.unread(UnreadKind::Formula, child),
                "AlternateContent" => self.unread(UnreadKind::Picture, child),
                "subDoc" => self.unread(UnreadKind::OtherFile, child),
                _ => {}
            }
        }
    }

    /// A tracked change: what it leaves counts, and what it takes away does not.
    fn revision(&mut self, change: &Element, around: &Surroundings, link: Option<&Arc<Href>>) {
        let author = change.attribute("author").unwrap_or_default();
        self.is_mixed |= self.revised_by.iter().any(|other| other != author);
        let adds = matches!(change.name.as_str(), "ins" | "moveTo");
        if around.view.takes(author) == adds {
            self.revised_by.push(author.to_owned());
            self.inside(change, around, link);
            self.revised_by.pop();
        } else {
            // A bookmark outlives the text around it, and so does a comment.
            self.marks(change, author);
        }
    }

    fn marks(&mut self, element: &Element, author: &str) {
        for child in &element.children {
            match child.name.as_str() {
                "commentRangeStart" => self.comment(child, Anchor::Begin),
                "commentRangeEnd" => self.comment(child, Anchor::End),
                "commentReference" => self.comment(child, Anchor::Mark),
                "ins" | "moveTo" | "del" | "moveFrom" => {
                    self.is_mixed |= child.attribute("author").unwrap_or_default() != author;
                    self.marks(child, author);
                }
                "r" | "hyperlink" => self.marks(child, author),
                _ => self.bookmark(child),
            }
        }
    }

    fn comment(&mut self, mark: &Element, anchor: Anchor) {
        let id = mark.attribute("id").unwrap_or_default().to_owned();
        self.comments.push((self.pieces.len(), id, anchor));
    }

    fn unread(&mut self, kind: UnreadKind, element: &Element) {
        self.unread.push(Unread::of(kind, element));
    }

    fn bookmark(&mut self, mark: &Element) {
        let id = mark.attribute("id").unwrap_or_default().to_owned();
        match (mark.name.as_str(), mark.attribute("name")) {
            ("bookmarkStart", Some(name)) if is_ours(name) => {
                self.begun.push((id, name.to_owned()));
            }
            ("bookmarkEnd", _) => self.ended.push(id),
            _ => {}
        }
    }

    fn hyperlink(&mut self, element: &Element, around: &Surroundings) {
        if let Some(name) = element.attribute("anchor").filter(|name| is_ours(name)) {
            return self.push(Content::Reference(name.to_owned()), &Piece::plain());
        }
        let address = element.attribute("id").and_then(|id| around.links.get(id));
        let address = address.map(|address| joined(address, element.attribute("anchor")));
        let link = address.and_then(|address| Href::parse(&address).ok()).map(Arc::new);
        self.inside(element, around, link.as_ref());
    }

    fn run(&mut self, run: &Element, around: &Surroundings, link: Option<&Arc<Href>>) {
        let properties = run.child("rPr");
        let own = properties.and_then(|one| one.switch("vanish"));
        let style = properties.and_then(|properties| properties.child("rStyle")?.value());
        let is_hidden = own.unwrap_or_else(|| around.styles.hides(style, self.style.as_deref()));
        let is_struck = ["strike", "dstrike"]
            .iter()
            .any(|one| properties.and_then(|properties| properties.switch(one)) == Some(true));
        let highlight = properties.and_then(|properties| properties.child("highlight")?.value());
        let looks = Piece::with(properties, around.styles, link);
        let mut has_own_mark = false;
        for child in &run.children {
            let in_code = self.fields.last().is_some_and(|field| field.result.is_none());
            match child.name.as_str() {
                "fldChar" => self.mark_field(child.attribute("fldCharType")),
                "instrText" | "delInstrText" => {
                    if let Some(field) = self.fields.last_mut() {
                        field.code.push_str(&child.text);
                    }
                }
                "commentReference" => self.comment(child, Anchor::Mark),
                _ if in_code => {}
                _ if is_hidden
                    && !matches!(child.name.as_str(), "rPr" | "lastRenderedPageBreak") =>
                {
                    self.unread(UnreadKind::Hidden, child);
                }
                "t" | "delText" if !has_own_mark => {
                    if is_struck {
                        self.unread(UnreadKind::Struck, child);
                    } else if highlight.is_some_and(|colour| colour != "none") {
                        self.unread(UnreadKind::Highlighted, child);
                    }
                    self.text(&child.text, &looks, properties, around);
                }
                "tab" | "ptab" => self.text("\t", &looks, properties, around),
                "noBreakHyphen" => self.text("\u{2011}", &looks, properties, around),
                "br" if matches!(child.attribute("type"), Some("page" | "column")) => {}
                "br" | "cr" => self.push(Content::Break, &looks),
                name @ ("footnoteReference" | "endnoteReference") => {
                    let kind = if name == "footnoteReference" { "footnote" } else { "endnote" };
                    has_own_mark = child.attribute("customMarkFollows").is_some();
                    let id = child.attribute("id").unwrap_or_default().to_owned();
                    self.push(Content::Note(kind, id), &looks);
                }
                "drawing" | "pict" | "AlternateContent" => {
                    self.unread(UnreadKind::Picture, child);
                }
                "object" => self.unread(UnreadKind::Embedded, child),
                "sym" => self.unread(UnreadKind::Symbol, child),
                _ => {}
            }
        }
    }

    fn text(
        &mut self,
        text: &str,
        looks: &Piece,
        properties: Option<&Element>,
        around: &Surroundings,
    ) {
        let tags = properties.and_then(|properties| properties.child("lang"));
        let tags = tags.filter(|tags| !around.styles.are_defaults(tags));
        let is_right_to_left = properties.and_then(|one| one.switch("rtl")) == Some(true);
        let language = tags.and_then(|tags| language(tags, is_right_to_left, text));
        self.push(Content::Text(text.to_owned()), &Piece { language, ..looks.clone() });
    }

    fn push(&mut self, content: Content, looks: &Piece) {
        self.pieces.push(Piece { content, ..looks.clone() });
    }

    fn mark_field(&mut self, kind: Option<&str>) {
        match kind {
            // Fields in fields in fields are nothing that people write.
            Some("begin") if self.fields.len() == MOST_FIELDS => {}
            Some("begin") => self.fields.push(Field { code: String::new(), result: None }),
            Some("separate") => {
                let first = self.pieces.len();
                self.fields.last_mut().into_iter().for_each(|field| field.result = Some(first));
            }
            Some("end") => self.end_field(),
            _ => {}
        }
    }

    /// A field ends: what it shows becomes a reference or a link, or stays as it is.
    fn end_field(&mut self) {
        let Some(Field { code, result }) = self.fields.pop() else { return };
        let first = result.unwrap_or(self.pieces.len()).min(self.pieces.len());
        let Code { kind, target, place } = Code::read(&code);
        let is_link = kind.eq_ignore_ascii_case("HYPERLINK");
        let name = [target, place].into_iter().find(|name| is_ours(name));
        if let Some(name) = name.filter(|_| is_link || kind.eq_ignore_ascii_case("REF")) {
            let looks = self.pieces.get(first).cloned().unwrap_or_else(Piece::plain);
            self.pieces.truncate(first);
            self.push(Content::Reference(name.to_owned()), &looks);
        } else if is_link && let Ok(href) = Href::parse(&joined(target, Some(place))) {
            let href = Arc::new(href);
            self.pieces[first..].iter_mut().for_each(|piece| piece.link = Some(href.clone()));
        }
    }
}

/// What the code of a field says: `REF name \h`, `HYPERLINK "address" \l "place"`.
#[derive(Default)]
struct Code<'a> {
    kind: &'a str,
    target: &'a str,
    place: &'a str,
}

impl<'a> Code<'a> {
    fn read(code: &'a str) -> Self {
        let mut read = Self::default();
        let mut switch = "";
        let mut rest = code.trim();
        while !rest.is_empty() {
            let (word, after) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
            };
            match (word, switch) {
                _ if word.starts_with('\\') => switch = word,
                (_, "\\l") if read.place.is_empty() => read.place = word,
                _ if read.kind.is_empty() => read.kind = word,
                (_, "") if read.target.is_empty() => read.target = word,
                _ => {}
            }
            rest = after.trim_start();
        }
        read
    }
}

/// An address and the place in it, which Word and LibreOffice keep apart.
fn joined(address: &str, place: Option<&str>) -> String {
    match place {
        Some(place) if !place.is_empty() && !address.contains('#') => format!("{address}#{place}"),
        _ => address.to_owned(),
    }
}

impl Piece {
    pub(super) fn plain() -> Self {
        Self {
            content: Content::Break,
            strong: false,
            emphasis: false,
            language: None,
            link: None,
            is_raised: false,
            is_label: false,
        }
    }

    fn with(properties: Option<&Element>, styles: &Styles, link: Option<&Arc<Href>>) -> Self {
        let style = properties.and_then(|properties| properties.child("rStyle")?.value());
        let (strong, emphasis, is_raised) = styles.letters(style);
        let own = |name: &str| properties.and_then(|properties| properties.switch(name));
        let align = properties.and_then(|one| one.child("vertAlign")?.value());
        Self {
            // Scripts from right to left have switches of their own.
            strong: own("b").or_else(|| own("bCs")).unwrap_or(strong),
            emphasis: own("i").or_else(|| own("iCs")).unwrap_or(emphasis),
            link: link.cloned(),
            is_raised: is_raised || align == Some("superscript"),
            is_label: styles.is_label(style),
            ..Self::plain()
        }
    }
}

/// The language that a run names for the script of its text.
fn language(tags: &Element, is_right_to_left: bool, text: &str) -> Option<LanguageTag> {
    let is_east_asian = |c: char| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{ffdc}');
    let script = if is_right_to_left {
        "bidi"
    } else if text.chars().any(is_east_asian) {
        "eastAsia"
    } else {
        "val"
    };
    let tag = tags.attribute(script).filter(|tag| !matches!(*tag, "none" | "x-none" | "zxx"));
    tag.filter(|tag| tag.len() <= LONGEST_TAG).and_then(model_tag)
}
