//! What styles and lists of a file mean for us, by the names of the styles, which word processors keep when they change ids. Must
//! never know the text.

use super::ReadError;
use super::tree::Element;
use crate::office::xml::{Event, Reader, name};
use std::collections::HashMap;

/// What a paragraph of the file is to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Heading(u8),
    Numbered,
    Text,
    /// Goes on with the paragraph before.
    Continued,
    Bullet,
    Letter,
    /// An item with a label that is written out.
    Label,
    /// An item that a word processor counts 1, 2, 3.
    Counted,
    /// A line of the first page.
    FirstPage,
    Caption,
    /// A note under a table.
    TableNote,
    /// A line of a list of contents, which is made of the headings.
    Contents,
}

#[derive(Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    list: Option<(String, String)>,
    pub(super) strong: Option<bool>,
    pub(super) emphasis: Option<bool>,
    raised: bool,
    hidden: Option<bool>,
}

/// The styles and lists of a file.
#[derive(Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
    /// The languages of the whole document, one for each kind of script.
    languages: Option<Element>,
    /// By list and level.
    levels: HashMap<(String, String), Level>,
}

/// A level of a list: its format, and the style of the paragraphs that it counts.
struct Level {
    format: String,
    style: Option<String>,
}

/// Bytes of the id of a style or a list. Word takes 253 characters.
const LONGEST_NAME: usize = 1_000;
/// Styles based on one another further than this go round in a circle.
const MOST_BASES: usize = 20;

impl Styles {
    pub(super) fn read(styles: &str, numbering: &str) -> Result<Self, ReadError> {
        let mut read = Self::default();
        let mut reader = Reader::new(styles);
        while let Some(event) = reader.event()? {
            let Event::Start(start) = event else { continue };
            match name(&start) {
                "style" => read.add_style(&Element::read(&start, &mut reader)?),
                "rPrDefault" => {
                    let mut defaults = Element::read(&start, &mut reader)?.children.into_iter();
                    let letters = defaults.next().into_iter().flat_map(|one| one.children);
                    read.languages = letters.into_iter().find(|child| child.name == "lang");
                }
                _ => {}
            }
        }
        let mut definitions: HashMap<String, Element> = HashMap::new();
        let mut reader = Reader::new(numbering);
        while let Some(event) = reader.event()? {
            let Event::Start(start) = event else { continue };
            match name(&start) {
                "abstractNum" => {
                    let definition = Element::read(&start, &mut reader)?;
                    let id = definition.attribute("abstractNumId").unwrap_or_default().to_owned();
                    definitions.insert(id, definition);
                }
                "num" => read.add_list(&Element::read(&start, &mut reader)?, &definitions),
                _ => {}
            }
        }
        Ok(read)
    }

    fn add_style(&mut self, style: &Element) {
        let value = |name: &str| style.child(name).and_then(Element::value);
        let (layout, letters) = (style.child("pPr"), style.child("rPr"));
        let outline = layout.and_then(|layout| layout.child("outlineLvl")?.value()?.parse().ok());
        let read = Style {
            name: value("name").unwrap_or_default().to_ascii_lowercase(),
            based_on: value("basedOn").filter(|id| is_name(id)).map(str::to_owned),
            outline,
            list: layout.and_then(list),
            strong: letters.and_then(|letters| letters.switch("b")),
            emphasis: letters.and_then(|letters| letters.switch("i")),
            raised: letters.and_then(|letters| letters.child("vertAlign")).is_some(),
            hidden: letters.and_then(|letters| letters.switch("vanish")),
        };
        self.styles.insert(style.attribute("styleId").unwrap_or_default().to_owned(), read);
    }

    fn add_list(&mut self, list: &Element, definitions: &HashMap<String, Element>) {
        let id = list.attribute("numId").unwrap_or_default();
        let definition = list.child("abstractNumId").and_then(Element::value).unwrap_or_default();
        let Some(definition) = definitions.get(definition) else { return };
        for level in definition.children.iter().filter(|child| child.name == "lvl") {
            let value = |name: &str| level.child(name).and_then(Element::value);
            let format = value("numFmt").unwrap_or("decimal").to_owned();
            let style = value("pStyle").filter(|id| is_name(id)).map(str::to_owned);
            let key = (id.to_owned(), level.attribute("ilvl").unwrap_or("0").to_owned());
            self.levels.insert(key, Level { format, style });
        }
    }

    /// A style and those that it is based on.
    fn chain<'a>(&'a self, id: Option<&'a str>) -> impl Iterator<Item = &'a Style> {
        let first = id.and_then(|id| self.styles.get(id));
        let next = |style: &&'a Style| self.styles.get(style.based_on.as_ref()?);
        std::iter::successors(first, next).take(MOST_BASES)
    }

    /// What a paragraph with these properties is.
    pub(super) fn role(&self, properties: Option<&Element>) -> Role {
        let style = properties.and_then(|properties| properties.child("pStyle")?.value());
        let named = self.chain(style).find_map(|style| role_of(&style.name));
        let own_level = properties.and_then(|one| one.child("outlineLvl")?.value()?.parse().ok());
        let outline = own_level.or_else(|| self.chain(style).find_map(|style| style.outline));
        match (named, outline) {
            (Some(Role::Text | Role::Numbered) | None, Some(level @ 0..=8)) => {
                return Role::Heading(level + 1);
            }
            (Some(role), _) if !matches!(role, Role::Text | Role::Continued) => return role,
            _ => {}
        }
        // Somebody made a list of plain paragraphs.
        let own = properties.and_then(list);
        let list = own.or_else(|| self.chain(style).find_map(|style| style.list.clone()));
        let role = list.and_then(|list| self.role_in_list(self.levels.get(&list)?));
        role.or(named).unwrap_or(Role::Text)
    }

    fn role_in_list(&self, level: &Level) -> Option<Role> {
        let styles = self.chain(level.style.as_deref());
        let is_ours =
            styles.filter_map(|style| role_of(&style.name)).any(|role| role == Role::Numbered);
        match level.format.as_str() {
            _ if is_ours => Some(Role::Numbered),
            "bullet" => Some(Role::Bullet),
            "lowerLetter" | "upperLetter" => Some(Role::Letter),
            "none" => None,
            _ => Some(Role::Counted),
        }
    }

    /// Whether a character style makes text strong, emphasized, raised.
    pub(super) fn letters(&self, id: Option<&str>) -> (bool, bool, bool) {
        let strong = self.chain(id).find_map(|style| style.strong).unwrap_or(false);
        let emphasis = self.chain(id).find_map(|style| style.emphasis).unwrap_or(false);
        (strong, emphasis, self.chain(id).any(|style| style.raised))
    }

    /// Whether text of a character style in a paragraph style is hidden, when the run itself does not say.
    pub(super) fn hides(&self, run: Option<&str>, paragraph: Option<&str>) -> bool {
        let of = |id| self.chain(id).find_map(|style| style.hidden);
        of(run).or_else(|| of(paragraph)).unwrap_or(false)
    }

    /// Whether a run names all three languages of the whole document: LibreOffice writes them out in tables.
    pub(super) fn are_defaults(&self, tags: &Element) -> bool {
        let kinds = ["val", "eastAsia", "bidi"];
        self.languages.as_ref().is_some_and(|defaults| {
            kinds.iter().all(|kind| {
                tags.attribute(kind).is_some() && tags.attribute(kind) == defaults.attribute(kind)
            })
        })
    }

    /// Whether a character style is the one for labels that are written out.
    pub(super) fn is_label(&self, id: Option<&str>) -> bool {
        self.chain(id).any(|style| style.name == "label")
    }
}

/// Whether it can name a style or a list, for which every paragraph asks.
fn is_name(id: &str) -> bool {
    id.len() <= LONGEST_NAME
}

fn list(properties: &Element) -> Option<(String, String)> {
    let list = properties.child("numPr")?;
    let id = list.child("numId")?.value()?;
    let level = list.child("ilvl").and_then(Element::value).unwrap_or("0");
    (is_name(id) && is_name(level)).then(|| (id.to_owned(), level.to_owned()))
}

/// The role of a style by its name in lower case; that of the style under it, when this one has no name of ours.
fn role_of(name: &str) -> Option<Role> {
    let level = name.strip_prefix("heading ").and_then(|level| level.parse().ok());
    match name {
        _ if level.is_some() => level.map(Role::Heading),
        _ if name.starts_with("toc ") => Some(Role::Contents),
        _ if name.starts_with("masthead ") => Some(Role::FirstPage),
        "annex heading" => Some(Role::Heading(1)),
        "numbered paragraph" => Some(Role::Numbered),
        "body text continued" => Some(Role::Continued),
        "body text" | "normal" => Some(Role::Text),
        "list bullet" => Some(Role::Bullet),
        "list letter" => Some(Role::Letter),
        "list label" => Some(Role::Label),
        "title" | "subtitle" | "summary heading" => Some(Role::FirstPage),
        "caption" => Some(Role::Caption),
        "table note" => Some(Role::TableNote),
        _ => None,
    }
}
