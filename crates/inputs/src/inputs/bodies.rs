//! How inputs are answered. No shape here can hold who contributed one.

use chrono::NaiveDate;

use super::content::{Translation, looks_like_naming};
use super::history::{Event, InputEventKind};
use super::service::{self, View};
use super::windows::Moment;
use super::{
    Addressee, Band, BatchId, Care, Citation, Input, InputId, InputState, Origin, SetAsideReason,
    ToldBy,
};
use crate::accounts;
use crate::consultations::{ConsultationId, RoundId, SessionId, WorkingGroupId};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::organizations::OrganizationId;
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;

/// An input. It does not say who made it.
#[derive(Debug, Serialize, ToSchema)]
pub struct InputBody {
    /// Its id.
    pub id: InputId,
    /// The consultation it was made to.
    pub consultation_id: ConsultationId,
    /// Where it was made.
    pub origin: Origin,
    /// In which window it was contributed: all that is known of when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Moment>,
    /// By how many it was told, of what was written down in the room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_by: Option<ToldBy>,
    /// The organization that said it in its own name, on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_record: Option<OnRecordBody>,
    /// The working group it was made in.
    pub working_group_id: Option<WorkingGroupId>,
    /// The round it was made in.
    pub round_id: Option<RoundId>,
    /// The session it was made in.
    pub session_id: Option<SessionId>,
    /// What it is about, in numeric order.
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is.
    pub category_id: CategoryId,
    /// Whether something in its text looks like somebody's name, to a program that knows nobody.
    pub looks_like_naming: bool,
    /// Its text; empty once it is withdrawn.
    #[schema(example = "Birth registration is free for all children in the province since 2019.")]
    pub body: String,
    /// The text's language (BCP 47).
    #[schema(example = "en")]
    pub language: String,
    /// Its text in another language, beside the original.
    pub translation: Option<Translation>,
    /// What it refers to.
    pub citations: Vec<Citation>,
    /// The same as footnotes in inline Markdown, to be put into a paragraph.
    #[schema(example = json!(["^[IOM, *World Migration Report 2020* (2019).]"]))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub footnotes: Vec<String>,
    /// To whom it is addressed.
    pub addressees: Vec<Addressee>,
    /// How carefully it must be handled.
    pub care: Care,
    /// How far it has come.
    pub state: InputState,
    /// What its contributor was asked.
    pub question: Option<String>,
    /// Why it was set aside.
    pub reason_code: Option<SetAsideReason>,
    /// What there is to say to the reason.
    pub note: Option<String>,
    /// A testimony that one reader accepted and that waits for a second.
    pub awaits_second_reader: bool,
    /// Whether it was made of others by merging or splitting.
    pub derived: bool,
    /// How many voices are in it, as a band; absent where they cannot be counted any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voices: Option<VoicesBody>,
    /// That one of the team is working on it; for the team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimBody>,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// What the caller may do with it now.
    pub allowed_actions: Vec<&'static str>,
}

/// How many voices are heard in an input.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct VoicesBody {
    /// As a band: at least so many.
    pub band: Band,
    /// How many receipts of the consultation had been replaced when inputs were mixed last: two receipts count as two voices, so by so
    /// many there may be fewer people than voices.
    pub replaced_receipts: i32,
}

/// The organization that said something in its own name.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnRecordBody {
    /// Its id.
    pub organization_id: OrganizationId,
    /// Its name.
    #[schema(example = "Asia Pacific Refugee Rights Network")]
    pub name: String,
}

/// That one of the team is working on an input.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ClaimBody {
    /// Whether it is the caller.
    pub mine: bool,
    /// Until when.
    pub until: Timestamp,
}

impl From<View> for InputBody {
    fn from(view: View) -> Self {
        let View { input, voices, organization, claim, allowed_actions } = view;
        Self {
            id: input.id,
            consultation_id: input.consultation_id,
            origin: input.origin,
            window: input.moment,
            told_by: input.told_by,
            on_record: input
                .organization_id
                .zip(organization)
                .map(|(organization_id, name)| OnRecordBody { organization_id, name }),
            working_group_id: input.working_group_id,
            round_id: input.round_id,
            session_id: input.session_id,
            objectives: input.objectives,
            category_id: input.category_id,
            looks_like_naming: looks_like_naming(&input.body),
            body: input.body,
            language: input.language,
            translation: input.translation,
            footnotes: input.citations.iter().map(Citation::footnote).collect(),
            citations: input.citations,
            addressees: input.addressees,
            care: input.care,
            state: input.state,
            question: input.question,
            reason_code: input.reason_code,
            note: input.note,
            awaits_second_reader: input.first_reader.is_some()
                && input.state == InputState::Submitted,
            derived: input.derived,
            voices: voices
                .map(|heard| VoicesBody { band: heard.band, replaced_receipts: heard.replaced }),
            claim: claim.map(|claim| ClaimBody { mine: claim.mine, until: claim.until }),
            version: input.version,
            allowed_actions,
        }
    }
}

impl InputBody {
    /// The input as the caller sees it.
    pub fn of(work: &mut Work, input: Input) -> Result<Self, Problem> {
        service::view(work, input).map(Self::from)
    }

    /// As [`InputBody::of`], as an answer.
    pub fn reply(work: &mut Work, input: Input) -> Result<Reply, Problem> {
        let body = Self::of(work, input)?;
        Ok(Reply::ok(body.version, &body))
    }

    /// As [`InputBody::of`], of several.
    pub fn several(work: &mut Work, inputs: Vec<Input>) -> Result<Vec<Self>, Problem> {
        inputs.into_iter().map(|input| Self::of(work, input)).collect()
    }
}

/// A step in the history of an input. One of its contributor has neither a person nor a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventBody {
    /// The version that the step led to.
    pub version: i64,
    /// What happened.
    pub kind: InputEventKind,
    /// The day on which the team did it, in the consultation's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_day: Option<NaiveDate>,
    /// Who of the team did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// By which it is undone, together with what was done in the same go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<BatchId>,
    /// The state before it.
    pub state_before: InputState,
    /// What its contributor had been asked before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question_before: Option<String>,
    /// Why it had been set aside before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_before: Option<SetAsideReason>,
}

impl EventBody {
    /// The steps with the names of those of the team.
    pub fn all(work: &mut Work, events: Vec<Event>) -> Result<Vec<Self>, Problem> {
        let ids: Vec<_> = events.iter().filter_map(|event| event.actor).collect();
        let names = accounts::service::names(work, &ids)?;
        let body = |event: Event| Self {
            version: event.version,
            kind: event.kind,
            on_day: event.on_day,
            by: event.actor.and_then(|id| names.get(&id)).map(|account| account.name.clone()),
            batch_id: event.batch,
            state_before: event.before.state,
            question_before: event.before.question,
            reason_before: event.before.reason_code,
        };
        Ok(events.into_iter().map(body).collect())
    }
}
