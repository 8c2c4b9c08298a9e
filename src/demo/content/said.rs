//! What is contributed in a consultation.

use serde::Deserialize;

use crate::inputs::{Citation, Origin};
use crate::reference::{CategoryCode, ObjectiveNumber};

/// Who brings an input in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The group's rapporteur records it.
    Rapporteur,
    /// A participant submits it.
    Participant,
}

/// What is decided about an input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It can be used.
    #[default]
    Accept,
    /// It is not used.
    SetAside,
}

/// A contribution.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// How paragraphs refer to it.
    pub key: String,
    /// Where it was made.
    pub origin: Origin,
    /// Number of the working group.
    pub group: Option<i32>,
    /// Number of the round.
    pub round: Option<i32>,
    /// Who brings it in.
    pub by: By,
    /// What it is about.
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is.
    pub category: CategoryCode,
    /// Its text.
    pub text: String,
    /// What it refers to.
    #[serde(default)]
    pub citations: Vec<Citation>,
    /// What is decided about it.
    #[serde(default)]
    pub decision: Verdict,
    /// Why it is set aside.
    pub reason: Option<String>,
    /// Why no paragraph rests on it.
    pub omit: Option<String>,
}
