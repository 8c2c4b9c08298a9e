//! What the styles of a Word file say: which are headings, which belong to a table of contents, and the language. Style
//! names are English in every edition of Word; what people see and the ids are not.

use std::collections::HashMap;

use super::super::Unreadable;
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
}

/// The styles of a file.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
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
                    current = Some((id, Style::default()));
                }
                "lang" if in_defaults && styles.language.is_none() => {
                    styles.language = attribute(&start, "val");
                }
                // `latentStyles` has exceptions with names of their own, before the first style.
                key => {
                    if let Some((_, style)) = &mut current {
                        style.learn(key, attribute(&start, "val"));
                    }
                }
            }
        }
        styles.put(current)?;
        Ok(styles)
    }

    fn put(&mut self, style: Option<(String, Style)>) -> Result<(), Unreadable> {
        self.by_id.extend(style);
        if self.by_id.len() > MOST_STYLES { Err(Unreadable::DamagedWord) } else { Ok(()) }
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
