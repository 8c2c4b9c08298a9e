//! What the styles of a Word file say: which are headings, which belong to a table of contents, which hide or raise text,
//! and the language. Style names are English in every edition of Word; what people see and the ids are not.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use super::super::Unreadable;
use super::run::{Around, Level, Look};
use rapporteur_document::office::xml::{Event, Reader, attribute, name};

/// Most steps from a style to the one it is based on.
const MOST_STEPS: usize = 20;
/// Most styles that a file may have.
const MOST_STYLES: usize = 20_000;

/// What a paragraph is by its style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The title is level 0.
    Heading(u8),
    Contents,
    Text,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    level: Option<u8>,
    look: Look,
}

/// The styles of a file.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    /// How text looks of which nothing else is said.
    look: Look,
    /// The styles of paragraphs and of runs that name none.
    paragraph: Option<String>,
    run: Option<String>,
    pub(super) language: Option<String>,
}

impl Styles {
    pub(super) fn read(xml: &str) -> Result<Self, Unreadable> {
        let (mut styles, mut reader) = (Self::default(), Reader::new(xml));
        let (mut current, mut in_defaults): (Option<(String, Style)>, bool) = (None, true);
        while let Some(event) = reader.event()? {
            let Event::Start(start) = event else { continue };
            match name(&start) {
                "style" => {
                    styles.put(current.take())?;
                    in_defaults = false;
                    let id = attribute(&start, "styleId").unwrap_or_default();
                    styles.learn_default(&start, &id);
                    current = Some((id, Style::default()));
                }
                // How parts of a table look, and how something was before a change.
                "tblStylePr" | "rPrChange" | "pPrChange" => reader.skip()?,
                "lang" if in_defaults && styles.language.is_none() => {
                    styles.language = attribute(&start, "val");
                }
                // `latentStyles` has exceptions with names of their own, before the first style.
                key => match &mut current {
                    Some((_, style)) => {
                        style.learn(key, attribute(&start, "val"));
                        style.look.learn(&start);
                    }
                    None if in_defaults => styles.look.learn(&start),
                    None => {}
                },
            }
        }
        styles.put(current)?;
        Ok(styles)
    }

    fn put(&mut self, style: Option<(String, Style)>) -> Result<(), Unreadable> {
        self.by_id.extend(style);
        if self.by_id.len() > MOST_STYLES { Err(Unreadable::DamagedWord) } else { Ok(()) }
    }

    fn learn_default(&mut self, start: &BytesStart<'_>, id: &str) {
        if !attribute(start, "default")
            .is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on"))
        {
            return;
        }
        match attribute(start, "type").as_deref() {
            Some("paragraph") => self.paragraph = Some(id.to_owned()),
            Some("character") => self.run = Some(id.to_owned()),
            _ => {}
        }
    }

    /// Whether Word hides a run (ECMA-376, part 1, 17.7.3): its own properties decide; else the defaults when they hide;
    /// else the styles of its table, its paragraph and itself, two of which undo one another.
    pub(super) fn is_hidden(&self, look: &Look, around: Around<'_>) -> bool {
        if let Some(hidden) = look.hidden {
            return hidden;
        }
        let hides = |id: Option<&str>| self.said(id, |look| look.hidden).unwrap_or(false);
        let many = self.levels(look, around).into_iter().filter(|id| hides(*id)).count();
        self.look.hidden.unwrap_or(false) || many % 2 == 1
    }

    /// Where a run stands: what is nearest to it decides.
    pub(super) fn level(&self, look: &Look, around: Around<'_>) -> Level {
        let styled = || {
            let mut levels = self.levels(look, around).into_iter().rev();
            levels.find_map(|id| self.said(id, |look| look.level))
        };
        look.level.or_else(styled).or(self.look.level).unwrap_or(Level::Line)
    }

    /// The styles that say how a run looks, the farthest first.
    fn levels<'a>(&'a self, look: &'a Look, around: Around<'a>) -> [Option<&'a str>; 3] {
        let paragraph = around.paragraph.or(self.paragraph.as_deref());
        let run = look.style.as_deref().or(self.run.as_deref());
        [around.table, paragraph, run]
    }

    /// What a style says, or the nearest of those that it is based on.
    fn said<T>(&self, id: Option<&str>, of: impl Fn(&Look) -> Option<T>) -> Option<T> {
        let mut next = id;
        for _ in 0..MOST_STEPS {
            let style = self.by_id.get(next?)?;
            if let Some(said) = of(&style.look) {
                return Some(said);
            }
            next = style.based_on.as_deref();
        }
        None
    }

    /// What a paragraph of this style is. A file without styles is told by the ids that Word gives.
    pub(super) fn role(&self, id: &str) -> Role {
        if !self.by_id.contains_key(id) {
            return named(id).unwrap_or(Role::Text);
        }
        let mut next = Some(id);
        for _ in 0..MOST_STEPS {
            let Some(style) = next.and_then(|id| self.by_id.get(id)) else { break };
            if let Some(role) = named(&style.name) {
                return role;
            }
            match style.level {
                Some(level) if level < 9 => return Role::Heading(level + 1),
                Some(_) => return Role::Text,
                None => next = style.based_on.as_deref(),
            }
        }
        Role::Text
    }
}

impl Style {
    fn learn(&mut self, key: &str, value: Option<String>) {
        let Some(value) = value else { return };
        match key {
            "name" => self.name = value,
            "basedOn" => self.based_on = Some(value),
            "outlineLvl" => self.level = value.parse().ok(),
            _ => {}
        }
    }
}

/// What the name of a built-in style means.
fn named(name: &str) -> Option<Role> {
    let name = name.to_lowercase();
    if name == "title" {
        return Some(Role::Heading(0));
    }
    if name.starts_with("toc ") || name.starts_with("contents ") || name == "tocheading" {
        return Some(Role::Contents);
    }
    let level = name.strip_prefix("heading")?.trim().parse().ok()?;
    (1..=9).contains(&level).then_some(Role::Heading(level))
}
