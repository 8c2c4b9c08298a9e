//! What is left out of a report on purpose, and why: recorded, listed, changed and withdrawn. Must never learn who said what.

pub(super) mod http;
pub mod service;
