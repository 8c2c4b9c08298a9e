//! What the lines of the first page are known by, in a file as in a translation, so that one that was edited is found again. Must never
//! depend on what stands in them.

use super::{Id, Meta};

pub(crate) const MEETING: &str = "meeting";
pub(crate) const AGENDA: &str = "agenda";
pub(crate) const TITLE: &str = "title";
pub(crate) const SUBTITLE: &str = "subtitle";
pub(crate) const ORGAN: &str = "organ";
/// Distribution, date and language, in this order.
pub(crate) const RELEASE: &str = "release";
/// The notes of the first page, in the order of their marks.
pub(crate) const NOTE: &str = "note";

const FIRST_PAGE: &str = "first-page-";

/// A line of those of one name, by its place among them, from 0.
pub(crate) fn line(name: &str, place: usize) -> Id {
    Id::new(&format!("{FIRST_PAGE}{name}-{}", place + 1))
}

/// The line with the symbol.
pub(crate) fn symbol() -> Id {
    line("symbol", 0)
}

/// The heading of the summary.
pub(crate) fn summary() -> Id {
    line("summary", 0)
}

/// Whether a line of the first page can be known by this id.
pub(crate) fn is_of_first_page(id: &Id) -> bool {
    id.as_str().starts_with(FIRST_PAGE)
}

/// What every line of a first page can be known by.
pub(crate) fn of(meta: &Meta) -> Vec<Id> {
    let several = |name: &'static str, count: usize| (0..count).map(move |place| line(name, place));
    let lines =
        several(MEETING, meta.meeting.len()).chain(several(AGENDA, meta.agenda_items.len()));
    let single = [TITLE, SUBTITLE, ORGAN].into_iter().map(|name| line(name, 0));
    lines.chain(single).chain(several(RELEASE, 3)).chain([symbol(), summary()]).collect()
}
