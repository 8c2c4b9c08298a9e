//! How observations are told to those who hold their receipt.

use serde::Serialize;
use utoipa::ToSchema;

use super::OwnObservation;
use crate::inputs::content::looks_like_naming;
use crate::inputs::hearings::Observed;
use crate::vocabulary::ContributionId;

/// What was said of a draft, as whoever holds its receipt sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObservationBody {
    /// Its id. It gets another one when it is mixed: look it up again by your receipt.
    pub id: ContributionId,
    /// Whether it still waits to be mixed: nobody else can see it then, and you can change it or delete it at once.
    pub waits: bool,
    /// What was said.
    pub said: Observed,
    /// Whether something in its text looks like somebody's name, to a program that knows nobody: whoever is named in it can be harmed.
    pub looks_like_naming: bool,
    /// The number of the paragraph that it is on, as it was printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<u32>,
    /// Whether it is taken into account, once it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken: Option<bool>,
    /// What was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// What you may do with it now.
    #[schema(example = json!(["update", "delete"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl From<OwnObservation> for ObservationBody {
    fn from(one: OwnObservation) -> Self {
        let OwnObservation { id, said, paragraph, waits, answer, allowed_actions } = one;
        Self {
            id,
            waits,
            looks_like_naming: looks_like_naming(&said.body),
            said,
            paragraph,
            taken: answer.as_ref().map(|answer| answer.taken),
            answer: answer.map(|answer| answer.text),
            allowed_actions,
        }
    }
}
