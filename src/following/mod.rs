//! Following a voice: from an input, through merging and splitting, to the paragraphs that rest on it in drafts and editions, or
//! to the reason why none does. For the team unattributed; for whoever holds a receipt their own, of which nobody else learns.

mod feature;
pub mod http;
pub mod service;

pub use feature::FEATURE;
