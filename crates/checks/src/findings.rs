//! Gathers what checks find. It must never decide anything.

use std::ops::Range;

use crate::finding::{Check, Finding, Level, Place, Telling};

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Findings(pub Vec<Finding>);

/// The paragraph or heading that is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot<'s> {
    pub section: &'s str,
    pub paragraph: Option<&'s str>,
}

impl Spot<'_> {
    /// A range of it.
    pub(crate) fn at(&self, range: Range<usize>) -> Place {
        Place { range: Some(range), ..self.whole() }
    }

    /// All of it.
    pub(crate) fn whole(&self) -> Place {
        Place {
            section: Some(self.section.to_owned()),
            paragraph: self.paragraph.map(str::to_owned),
            range: None,
        }
    }
}

impl Findings {
    pub(crate) fn add(
        &mut self,
        check: Check,
        rule: &str,
        level: Level,
        place: Place,
        sentence: impl Into<Telling>,
        remedy: impl Into<Telling>,
    ) {
        self.0.push(Finding {
            check,
            rule: rule.to_owned(),
            place,
            sentence: sentence.into(),
            remedy: remedy.into(),
            level,
        });
    }
}
