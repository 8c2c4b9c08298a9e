//! Figures about people: who took part, counted exactly, and what of it may be told to whom. Every figure of
//! participation that is told or printed comes from here.
//!
//! | to find | look in |
//! |---|---|
//! | exact counts, for totals and the compiler of reports | [`participation`] |
//! | what may be told of them | [`statistics`], [`suppression`] |

mod feature;
mod http;
pub mod participation;
pub mod service;
pub mod statistics;
pub mod suppression;
#[cfg(test)]
mod tests;

pub use feature::FEATURE;
pub use participation::Participation;
pub use statistics::{Statistics, about};
