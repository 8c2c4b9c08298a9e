//! What a document carries that shows how it differs from another one: marks on words, what stood on the first page before, and
//! remarks. A document that was published has none of it. Must never find a difference; that is [`crate::difference`].

use serde::{Deserialize, Serialize};

use super::{Id, Inline, Meta, Text};

/// In which of two documents that are compared words stand, where they do not stand in both alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// In the later one only.
    Inserted,
    /// In the earlier one only.
    Deleted,
    /// In both; here in the later one.
    MovedHere,
    /// In both; here in the earlier one.
    MovedAway,
}

impl Mark {
    /// Whether the words stand here in the earlier document, and not in the later one.
    #[must_use]
    pub fn is_before(self) -> bool {
        matches!(self, Self::Deleted | Self::MovedAway)
    }
}

/// What a document that shows differences is compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// What the earlier document is called.
    pub from: Text,
    /// What the later one is called.
    pub to: Text,
    /// The day of the later one, which word processors print beside each change: "2021-02-26".
    pub day: Text,
    /// The first page of the earlier one, without its summary and notes.
    pub before: Meta,
    /// What marks cannot say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
}

/// Something told about a paragraph or heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// The paragraph or section.
    pub at: Id,
    pub text: Text,
}

/// The mark that all of a line carries, if it does.
#[must_use]
pub fn wholly(inlines: &[Inline]) -> Option<Mark> {
    match inlines {
        [Inline::Marked { mark, .. }] => Some(*mark),
        _ => None,
    }
}

/// The lines of the first page as they are printed, those that are not blank; with their differences where there are any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Masthead {
    /// One line.
    pub symbol: Vec<Inline>,
    pub organ: Vec<Vec<Inline>>,
    /// Distribution, date and language.
    pub release: Vec<Vec<Inline>>,
    pub meeting: Vec<Vec<Inline>>,
    pub agenda: Vec<Vec<Inline>>,
    pub title: Vec<Vec<Inline>>,
    pub subtitle: Vec<Vec<Inline>>,
}

impl Masthead {
    /// With no blanks at the ends of lines that stand by themselves, which is all but the symbol.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        let lines = [
            &mut self.organ,
            &mut self.release,
            &mut self.meeting,
            &mut self.agenda,
            &mut self.title,
            &mut self.subtitle,
        ];
        for line in lines.into_iter().flatten() {
            if let [Inline::Text(text)] = line.as_mut_slice() {
                *text = Text::new(text.as_str().trim());
            }
        }
        self
    }
}
