//! What rests on something that has changed since.

use crate::drafted::{Draft, Outdated, Paragraph, Stale};
use crate::finding::{Check, Level, Place, Telling};
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
                "What this paragraph rests on has changed in a newer edition.",
                "Settle what changed: follow the newer edition, or keep what is written here.",
            ),
        };
        found.add(Check::Freshness, rule, Level::Blocks, spot.whole(), sentence, remedy);
    }
}

pub(crate) fn check_whole(draft: &Draft, found: &mut Findings) {
    for Outdated { ordinal, used, newest } in &draft.outdated {
        let sentence = match used {
            Some(used) => Telling::new(
                "The paper is compiled from edition {} of the report of consultation {}; edition {} is published.",
                [used, ordinal, newest].map(ToString::to_string),
            ),
            None => Telling::new(
                "The report of consultation {} is published, and the paper is not compiled from it.",
                [ordinal.to_string()],
            ),
        };
        let remedy = "Recompile the paper, and settle what changed.";
        let whole = Place::default();
        found.add(Check::Freshness, "superseded", Level::Blocks, whole, sentence, remedy);
    }
}
