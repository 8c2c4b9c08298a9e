//! Which inputs a list is to have. There is no contributor in it, and there will be none.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{InputState, Origin};
use crate::consultations::{ConsultationId, RoundId, SessionId, WorkingGroupId};
use crate::problem::{Code, Problem};
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;
use crate::terms;

pub use crate::vocabulary::SavedId;

pub(super) mod saved;
pub(super) mod store;

/// A filter that somebody saved for themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Saved {
    /// Its id.
    pub id: SavedId,
    /// The consultation whose inputs it is for.
    pub consultation_id: ConsultationId,
    /// What its owner calls it.
    #[schema(example = "To read tonight")]
    pub name: String,
    /// The filter.
    pub filter: Filter,
}

/// Which inputs; what is absent is not asked for. There is no filter by contributor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// That have these words; “a phrase”, `-without` and beginnings of words are understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(example = "birth registration -passport")]
    pub q: Option<String>,
    /// About this objective.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<ObjectiveNumber>,
    /// Of this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<CategoryId>,
    /// Of this working group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_group_id: Option<WorkingGroupId>,
    /// Of this round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_id: Option<RoundId>,
    /// Of this session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// In this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub state: Option<InputState>,
    /// Made in this way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub origin: Option<Origin>,
    /// In this language (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Cited by a paragraph of a report, or by none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<bool>,
    /// Flagged as testimony, or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub testimony: Option<bool>,
    /// Flagged as sensitive, or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<bool>,
}

impl Filter {
    /// What is searched for; 400 when there is nothing in it that can be.
    pub fn query(&self) -> Result<Option<terms::Query>, Problem> {
        let Some(text) = &self.q else { return Ok(None) };
        let wrong = |why: String| Problem::new(Code::InvalidQuery, why.clone()).at("?q", why);
        terms::Query::parse(text).map(Some).map_err(wrong)
    }

    /// Whether the words are all that is asked for.
    pub fn is_only_words(&self) -> bool {
        *self == Self { q: self.q.clone(), ..Self::default() }
    }

    /// Whether an objective is all that is asked for, or a cell of the board: an objective, a category and a state.
    pub fn is_only_cell(&self) -> bool {
        let cell = Self { objective: self.objective, ..Self::default() };
        let of_state = Self { category_id: self.category_id, state: self.state, ..cell.clone() };
        let whole = self.category_id.is_some() && self.state.is_some();
        *self == cell || (whole && *self == of_state)
    }
}
