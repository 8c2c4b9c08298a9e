//! Feedback after a consultation: a few statements, how far each holds. It is given by receipt, kept as counts, and told from five
//! voices on. Pure.

use std::collections::BTreeMap;

use crate::problem::{Checks, Problem};
use crate::text_enum;

pub(super) mod http;
pub mod service;
mod store;

text_enum! {
    /// A statement that people say of how far it holds.
    pub enum Statement {
        /// The day was well organized.
        Organized => "organized",
        /// I could follow: language, interpretation, the connection.
        Followed => "followed",
        /// I could say what I wanted to say.
        Heard => "heard",
        /// I would take part again.
        Again => "again",
    }
}

/// How far a statement holds: from 1, not at all, to 5, fully.
pub const SCALE: std::ops::RangeInclusive<i32> = 1..=5;
/// Voices that must have answered since the counts were last told before they are told again: of fewer it could be guessed who they are.
pub const FEWEST: i64 = 5;

/// What one voice answers; statements may be left out.
pub type Answers = BTreeMap<Statement, i32>;

/// 422 unless something is answered, on the scale.
pub fn check(answers: &Answers) -> Result<(), Problem> {
    let mut checks = Checks::new();
    checks.require(!answers.is_empty(), "/answers", "answer at least one");
    for (statement, answer) in answers {
        let pointer = format!("/answers/{statement}");
        checks.require(
            SCALE.contains(answer),
            &pointer,
            "must be from 1 (not at all) to 5 (fully)",
        );
    }
    checks.finish()
}

/// The counts as they were last told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// How many voices had answered.
    pub voices: i64,
    /// Of each statement how many said 1, 2, 3, 4, 5.
    pub counts: BTreeMap<Statement, [i64; 5]>,
}
