//! Those who draft a report are told that something it rests on was withdrawn, merged or returned, or is wished back: by a mail without
//! content, at a fixed hour, once for each. Pure.

use std::collections::BTreeSet;

use crate::db::types::Timestamp;

pub mod service;
mod store;

/// Something that a report rests on and that changed: which, and how. Compared, never shown.
type Change = String;

/// What those who draft a report were told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Alert {
    /// What they know of.
    told: BTreeSet<Change>,
    /// When they are told of the rest, where there is any.
    due_at: Option<Timestamp>,
}

impl Alert {
    /// As it stands once somebody has looked at what changed by now, and whether a mail goes out. `next` is the next fixed hour.
    fn seen(self, changed: BTreeSet<Change>, now: Timestamp, next: Timestamp) -> (Self, bool) {
        if changed.is_subset(&self.told) {
            return (Self { told: changed, due_at: None }, false);
        }
        match self.due_at {
            Some(due_at) if due_at <= now => (Self { told: changed, due_at: None }, true),
            due_at => (Self { told: self.told, due_at: due_at.or(Some(next)) }, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Duration, TimeZone, Utc};

    fn at(hours: i64) -> Timestamp {
        Timestamp::new(Utc.with_ymd_and_hms(2020, 12, 1, 8, 0, 0).unwrap() + Duration::hours(hours))
    }

    fn changes(names: &[&str]) -> BTreeSet<Change> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn each_change_is_told_once_and_at_the_hour_only() {
        let (alert, mail) = Alert::default().seen(changes(&["a"]), at(1), at(24));
        assert_eq!((alert.due_at, mail), (Some(at(24)), false));
        let (alert, mail) = alert.seen(changes(&["a", "b"]), at(23), at(24));
        assert_eq!((alert.due_at, mail), (Some(at(24)), false));
        let (alert, mail) = alert.seen(changes(&["a", "b"]), at(24), at(48));
        assert_eq!((alert.due_at, mail), (None, true));
        let (alert, mail) = alert.seen(changes(&["a", "b"]), at(49), at(72));
        assert_eq!((alert.due_at, mail), (None, false));
        // What was mended is forgotten: it is told again when it comes again.
        let (alert, _) = alert.seen(changes(&["b"]), at(50), at(72));
        let (alert, mail) = alert.seen(changes(&["a", "b"]), at(51), at(72));
        assert_eq!((alert.due_at, mail), (Some(at(72)), false));
    }

    #[test]
    fn what_was_mended_before_the_hour_is_not_told() {
        let (alert, _) = Alert::default().seen(changes(&["a"]), at(1), at(24));
        let (alert, mail) = alert.seen(changes(&[]), at(24), at(48));
        assert_eq!((alert, mail), (Alert::default(), false));
    }
}
