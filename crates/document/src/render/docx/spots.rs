//! What the lines of the first page are known by in a file, so that one that was edited is found again. Must never depend on what
//! stands in them.

use crate::document::{Id, Meta};

pub(super) const MEETING: &str = "meeting";
pub(super) const AGENDA: &str = "agenda";
pub(super) const TITLE: &str = "title";
pub(super) const SUBTITLE: &str = "subtitle";
pub(super) const ORGAN: &str = "organ";
/// Distribution, date and language, in this order.
pub(super) const RELEASE: &str = "release";

const FIRST_PAGE: &str = "first-page-";

/// A line of those of one name, by its place among them, from 0.
pub(super) fn line(name: &str, place: usize) -> Id {
    Id::new(&format!("{FIRST_PAGE}{name}-{}", place + 1))
}

/// The line with the symbol.
pub(super) fn symbol() -> Id {
    line("symbol", 0)
}

/// The heading of the summary.
pub(super) fn summary() -> Id {
    line("summary", 0)
}

/// Whether a line of the first page can be known by this id.
pub(super) fn is_of_first_page(id: &Id) -> bool {
    id.as_str().starts_with(FIRST_PAGE)
}

/// What every line of a first page can be known by.
pub(super) fn of(meta: &Meta) -> Vec<Id> {
    let several = |name: &'static str, count: usize| (0..count).map(move |place| line(name, place));
    let lines =
        several(MEETING, meta.meeting.len()).chain(several(AGENDA, meta.agenda_items.len()));
    let single = [TITLE, SUBTITLE, ORGAN].into_iter().map(|name| line(name, 0));
    lines.chain(single).chain(several(RELEASE, 3)).chain([symbol(), summary()]).collect()
}
