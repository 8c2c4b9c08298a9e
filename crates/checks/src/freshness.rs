//! What rests on something that has changed since.

use crate::drafted::{Paragraph, Stale};
use crate::finding::{Check, Level};
use crate::findings::{Findings, Spot};

pub(crate) fn check(paragraph: &Paragraph, spot: &Spot<'_>, found: &mut Findings) {
    for stale in &paragraph.stale {
        let (rule, sentence, remedy) = match stale {
            Stale::Data => (
                "data",
                "This paragraph is written from data that has changed since.",
                "Give it back to the data, or read it against the new data and save it again.",
            ),
            Stale::Edition => (
                "edition",
                "This paragraph rests on an edition that is not the newest.",
                "Take over the newest edition and settle what changed in it.",
            ),
        };
        found.add(Check::Freshness, rule, Level::Blocks, spot.whole(), sentence, remedy);
    }
}
