//! What is done to the outline on the page of a draft, as its forms are sent. Pure.

use crate::pages::fields::Fields;
use crate::reports::{ParagraphId, SectionId};

/// A place among the sections: below one of them or on the first level, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SectionPlace {
    /// The section in which it is; none on the first level.
    pub parent: Option<SectionId>,
    /// Which it is there.
    pub position: u32,
}

impl SectionPlace {
    /// As it stands in a field.
    pub fn code(self) -> String {
        let parent = self.parent.map(|id| id.to_string()).unwrap_or_default();
        format!("{parent}.{}", self.position)
    }

    fn read(fields: &Fields) -> Option<Self> {
        let (parent, position) = fields.one("place")?.split_once('.')?;
        let position = position.parse().ok()?;
        match parent {
            "" => Some(Self { parent: None, position }),
            parent => Some(Self { parent: Some(parent.parse().ok()?), position }),
        }
    }
}

/// A change of the outline. The section that is changed is named with the version that the page showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shaping {
    /// Adds a section.
    Add { place: SectionPlace, heading: String },
    /// Puts a section elsewhere, with all that stands in it.
    Move { section: SectionId, version: i64, place: SectionPlace },
    /// Joins another section into one.
    Join { section: SectionId, version: i64, with: SectionId, heading: Option<String> },
    /// Splits a section at a paragraph.
    Split { section: SectionId, version: i64, at: ParagraphId, heading: String },
    /// Sets views that diverge beside each other, below a heading of their own.
    SetApart { section: SectionId, version: i64, views: Vec<ParagraphId>, heading: Option<String> },
    /// Removes a section; its paragraphs go to another one.
    Remove { section: SectionId, version: i64, to: Option<SectionId> },
}

impl Shaping {
    /// What a form was sent with; nothing when it is none of these.
    pub fn read(fields: &Fields) -> Option<Self> {
        let version = fields.parsed("version").unwrap_or(0);
        let section = || fields.parsed::<SectionId>("section");
        let heading = fields.text("heading");
        Some(match fields.one("action")? {
            "add_section" => Self::Add {
                place: SectionPlace::read(fields)?,
                heading: heading.unwrap_or_default(),
            },
            "move_section" => {
                Self::Move { section: section()?, version, place: SectionPlace::read(fields)? }
            }
            "join" => {
                Self::Join { section: section()?, version, with: fields.parsed("with")?, heading }
            }
            "split" => Self::Split {
                section: section()?,
                version,
                at: fields.parsed("at")?,
                heading: heading.unwrap_or_default(),
            },
            "set_apart" => {
                let views = fields.all("view").map(str::parse).collect::<Result<_, _>>().ok()?;
                Self::SetApart { section: section()?, version, views, heading }
            }
            "remove" => Self::Remove { section: section()?, version, to: fields.parsed("to") },
            _ => return None,
        })
    }

    /// The section that is changed; none where one is added.
    pub fn section(&self) -> Option<SectionId> {
        match self {
            Self::Add { .. } => None,
            Self::Move { section, .. }
            | Self::Join { section, .. }
            | Self::Split { section, .. }
            | Self::SetApart { section, .. }
            | Self::Remove { section, .. } => Some(*section),
        }
    }

    /// The heading that somebody wrote in it.
    pub fn heading(&self) -> Option<&str> {
        match self {
            Self::Add { heading, .. } | Self::Split { heading, .. } => Some(heading),
            Self::Join { heading, .. } | Self::SetApart { heading, .. } => heading.as_deref(),
            Self::Move { .. } | Self::Remove { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_the_outline_is_read_and_what_is_none_is_nothing() {
        let id = "0175db2d-9900-7012-8707-070707070707";
        let read = |body: &str| Shaping::read(&Fields::of(body.as_bytes()));
        let Some(Shaping::Add { place, heading }) = read("action=add_section&place=.2&heading=A+b")
        else {
            panic!()
        };
        assert_eq!((place.parent, place.position, heading.as_str()), (None, 2, "A b"));
        assert_eq!(place.code(), ".2");
        let moved = read(&format!("action=move_section&section={id}&version=3&place={id}.1"));
        let Some(Shaping::Move { version: 3, place, .. }) = moved else { panic!() };
        assert_eq!(place.code(), format!("{id}.1"));
        let apart = read(&format!("action=set_apart&section={id}&version=2&view={id}&view={id}"));
        let Some(Shaping::SetApart { version: 2, views, heading: None, .. }) = apart else {
            panic!()
        };
        assert_eq!(views.len(), 2);
        for none in ["action=add_section&place=x.1", "action=join", "action=edit", ""] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
