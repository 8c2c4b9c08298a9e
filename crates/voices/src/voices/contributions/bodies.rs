//! How contributions are told to those who hold their receipt.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Contribution, Own, Supported};
use crate::inputs::content::looks_like_naming;
use crate::inputs::contributed::Said;
use crate::inputs::windows::Moment;
use crate::inputs::{InputId, InputState, SetAsideReason};
use crate::vocabulary::ContributionId;
use crate::voices::counting::Late;
use crate::voices::mixing::http::MixingBody;
use crate::voices::mixing::service::Schedule;
use crate::voices::observing::bodies::ObservationBody;

/// A contribution, as whoever holds its receipt sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContributionBody {
    /// Its id. It gets another one when it is mixed: look it up again by your receipt.
    pub id: ContributionId,
    /// Whether it still waits to be mixed: nobody else can see it then, and you can change it or delete it at once.
    pub waits: bool,
    /// What it says.
    pub said: Said,
    /// Whether something in its text looks like somebody's name, to a program that knows nobody: whoever is named in it can be harmed.
    pub looks_like_naming: bool,
    /// In which window it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Moment>,
    /// Why it cannot be mixed as it is: change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unfit: Option<String>,
    /// How far it has come, once it was mixed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<InputState>,
    /// What you are asked. Nobody here knows who you are: do not say it in your answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Why it was set aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<SetAsideReason>,
    /// What there is to say to that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What it will say once your change is mixed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Said>,
    /// Whether it will be taken back at the next mixing.
    pub withdrawal_waits: bool,
    /// What of yours came too late to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<Late>,
    /// Why it stays in the report though you want to take it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_because: Option<String>,
    /// What you may do with it now.
    pub allowed_actions: Vec<&'static str>,
}

impl From<Contribution> for ContributionBody {
    fn from(one: Contribution) -> Self {
        let Contribution { id, said, moment, mixed, unfit, allowed_actions } = one;
        let waits = mixed.is_none();
        let (state, mixed) = (mixed.as_ref().map(|mixed| mixed.state), mixed);
        let (question, reason_code, note, change, withdrawal_waits, late, kept) = match mixed {
            Some(mixed) => (
                mixed.question,
                mixed.reason_code,
                mixed.note,
                mixed.change,
                mixed.withdrawal_waits,
                mixed.late,
                mixed.kept_because,
            ),
            None => (None, None, None, None, false, None, None),
        };
        Self {
            id,
            waits,
            looks_like_naming: looks_like_naming(&said.body),
            said,
            window: moment,
            unfit,
            state,
            question,
            reason_code,
            note,
            change,
            withdrawal_waits,
            late,
            kept_because: kept,
            allowed_actions,
        }
    }
}

/// An input that you support.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupportBody {
    /// Which.
    pub input_id: InputId,
    /// Its text, as long as it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Whether your support, or taking it back, still waits to be mixed.
    pub waits: bool,
}

impl From<Supported> for SupportBody {
    fn from(one: Supported) -> Self {
        Self { input_id: one.input, body: one.body, waits: one.waits }
    }
}

/// Everything that was done by a receipt.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContributionsBody {
    /// What was contributed: first what waits.
    pub contributions: Vec<ContributionBody>,
    /// What is supported.
    pub supports: Vec<SupportBody>,
    /// What was said of drafts that participants were asked about: first what waits.
    pub observations: Vec<ObservationBody>,
    /// When what waits is mixed.
    pub mixing: MixingBody,
}

impl ContributionsBody {
    /// As it is answered.
    pub fn of(own: Own, schedule: Schedule) -> Self {
        Self {
            contributions: own.contributions.into_iter().map(ContributionBody::from).collect(),
            supports: own.supports.into_iter().map(SupportBody::from).collect(),
            observations: own.observations.into_iter().map(ObservationBody::from).collect(),
            mixing: MixingBody::from(schedule),
        }
    }
}
