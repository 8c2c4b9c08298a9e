//! Paragraphs of a draft, many at once: added together, and listed with their texts. Must never learn who said what.

pub(super) mod http;
pub mod service;

/// How many are added in one request.
pub(super) const MOST_AT_ONCE: usize = 500;
