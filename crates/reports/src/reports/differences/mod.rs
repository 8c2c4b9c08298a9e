//! What differs between two states of a report: its editions, its milestones, its draft. As a document, in which everything that is
//! not the same is marked; as a list for programs; and for an edition that amends another, as a list of changes. Pure.

use std::fmt;
use std::str::FromStr;

use crate::difference::Names;

use super::{Edition, Report};
use crate::document::{Document, Words};
use crate::printing::Output;
use crate::render::Format;
use crate::reports::milestones::Milestone;

pub mod corrigenda;
pub(super) mod http;
pub mod service;

/// A state of a report that can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// The draft as it is.
    Draft,
    /// The milestone of that number.
    Milestone(i32),
    /// The edition of that number.
    Edition(i32),
}

impl FromStr for Stand {
    type Err = ();

    /// "draft", "milestone-3", "edition-1".
    fn from_str(text: &str) -> Result<Self, ()> {
        let number = |text: &str| text.parse::<i32>().ok().filter(|number| *number > 0).ok_or(());
        match text.split_once('-') {
            None if text == "draft" => Ok(Self::Draft),
            Some(("milestone", text)) => number(text).map(Self::Milestone),
            Some(("edition", text)) => number(text).map(Self::Edition),
            _ => Err(()),
        }
    }
}

impl fmt::Display for Stand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft => formatter.write_str("draft"),
            Self::Milestone(number) => write!(formatter, "milestone-{number}"),
            Self::Edition(number) => write!(formatter, "edition-{number}"),
        }
    }
}

/// A state of a report, read.
#[derive(Debug, Clone)]
pub struct Stood {
    /// Which.
    pub stand: Stand,
    /// The numbered document.
    pub document: Document,
    /// "2021-02-26".
    day: String,
}

impl Stood {
    /// The draft.
    pub fn draft(report: &Report, document: Document) -> Self {
        let day = report.updated_at.utc().date_naive().to_string();
        Self { stand: Stand::Draft, document, day }
    }

    /// A milestone with its document.
    pub fn milestone(milestone: &Milestone, document: Document) -> Self {
        let day = milestone.set_at.utc().date_naive().to_string();
        Self { stand: Stand::Milestone(milestone.number), document, day }
    }

    /// An edition with its document.
    pub fn edition(edition: &Edition, document: Document) -> Self {
        let day = edition.published_at.utc().date_naive().to_string();
        Self { stand: Stand::Edition(edition.number), document, day }
    }
}

/// In what differences are to be had: Markdown and Akoma Ntoso have no marks for them.
pub const OUTPUTS: &[Output] = &[
    Output::Written(Format::Html),
    #[cfg(feature = "pdf")]
    Output::Pdf,
    Output::Written(Format::Docx),
    Output::Written(Format::Json),
];

/// Two states of a report and what differs between them.
#[derive(Debug, Clone)]
pub struct Differences {
    /// The earlier one.
    pub from: Stood,
    /// The later one.
    pub to: Stood,
    /// The later one with everything marked that is not the same in both.
    pub marked: Document,
}

impl Differences {
    /// Between these.
    pub fn between(from: Stood, to: Stood) -> Self {
        let words = Words::of(&to.document.meta.lang);
        let called = |stand: Stand| match stand {
            Stand::Draft => words.draft.to_owned(),
            Stand::Milestone(number) => words.milestone.replace("{number}", &number.to_string()),
            Stand::Edition(number) => words.edition.replace("{number}", &number.to_string()),
        };
        let (one, two) = (called(from.stand), called(to.stand));
        let names = Names { from: one, to: two, day: to.day.clone() };
        let marked = crate::difference::compare(&from.document, &to.document, &names);
        Self { from, to, marked }
    }

    /// Whether everybody may read both.
    pub fn is_public(&self) -> bool {
        [self.from.stand, self.to.stand].iter().all(|one| matches!(one, Stand::Edition(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_named_as_they_are_read() {
        for name in ["draft", "milestone-3", "edition-1"] {
            assert_eq!(name.parse::<Stand>().map(|stand| stand.to_string()), Ok(name.to_owned()));
        }
        for name in ["", "drafts", "edition", "edition-", "edition-x", "version-1", "edition-0"] {
            assert!(name.parse::<Stand>().is_err(), "{name}");
        }
        // There would be no number before it.
        assert!(format!("edition-{}", i32::MIN).parse::<Stand>().is_err());
    }
}
