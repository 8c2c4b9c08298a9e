//! Sessions: the rows of the programme as it is read. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Round, RoundId, check_place};
use crate::consultations::{Consultation, ConsultationId, local_time};
use crate::db::types::Timestamp;
use crate::problem::{Checks, Problem};
use crate::text_enum;
pub use crate::vocabulary::SessionId;

pub(super) mod http;
pub(in crate::consultations) mod privacy;
mod service;
mod store;

text_enum! {
    /// What a session is.
    pub enum SessionKind {
        /// Participants arrive or join.
        Arrival => "arrival",
        /// Opening statements.
        Opening => "opening",
        /// All working groups in parallel: one round.
        WorkingGroups => "working_groups",
        /// A pause.
        Break => "break",
        /// Everybody together.
        Plenary => "plenary",
        /// Questions and answers.
        Questions => "questions",
        /// Closing statements.
        Closing => "closing",
    }
}

text_enum! {
    /// Whether what is said may be linked to who said it.
    pub enum AttributionRule {
        /// It may.
        OnRecord => "on_record",
        /// It may be used, but not linked to a person or an organization.
        ChathamHouse => "chatham_house",
    }
}

impl SessionKind {
    /// The rule of a session that says none. Only opening, closing and arrival are on record by default.
    pub const fn default_rule(self) -> AttributionRule {
        match self {
            Self::Opening | Self::Closing | Self::Arrival => AttributionRule::OnRecord,
            Self::WorkingGroups | Self::Plenary | Self::Questions | Self::Break => {
                AttributionRule::ChathamHouse
            }
        }
    }
}

text_enum! {
    /// As what somebody is announced.
    #[derive(Default)]
    pub enum SpeakerKind {
        /// As one of the speakers.
        #[default]
        Speaker => "speaker",
        /// To give the keynote address.
        Keynote => "keynote",
        /// As a member of a panel.
        Panellist => "panellist",
    }
}

/// Somebody who is announced to speak.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Speaker {
    /// Their name.
    #[schema(example = "Asha Example")]
    pub name: String,
    /// What they speak for.
    #[schema(example = "International Detention Coalition")]
    pub affiliation: Option<String>,
    /// As what they are announced.
    #[serde(default)]
    pub kind: SpeakerKind,
    /// Whether they agreed to be named; without it only those who prepare the consultation see the name.
    #[serde(default)]
    pub named_consent: bool,
}

/// A row of the programme.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Its place in the programme, from 1.
    pub position: i32,
    /// What it is.
    pub kind: SessionKind,
    /// Its title.
    pub title: String,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// Name and affiliation of its moderator.
    pub moderator: Option<String>,
    /// Who is announced to speak.
    pub speakers: Vec<Speaker>,
    /// Whether what is said may be linked to who said it.
    pub attribution_rule: AttributionRule,
    /// The round that is held in it, for working groups.
    pub round_id: Option<RoundId>,
    /// A footnote to the row.
    pub note: Option<String>,
    /// Where one joins it from afar. For those who prepare the consultation and those who are confirmed, and nobody else.
    pub joining_url: Option<String>,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a new session is made of; the fields are those of [`Session`].
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "as in Session")]
pub struct NewSession {
    /// `None` puts it at the end.
    pub position: Option<i32>,
    pub kind: SessionKind,
    pub title: String,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub moderator: Option<String>,
    pub speakers: Vec<Speaker>,
    /// `None` takes the default of the kind.
    pub attribution_rule: Option<AttributionRule>,
    pub round_id: Option<RoundId>,
    pub note: Option<String>,
    pub joining_url: Option<String>,
}

/// Whether a text is an address that a page can lead to.
fn is_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

impl Session {
    /// 422 with every value that cannot be accepted; `rounds` are those of the consultation.
    pub fn check(&self, consultation: &Consultation, rounds: &[Round]) -> Result<(), Problem> {
        let mut checks = Checks::new();
        check_place(&mut checks, self.position, "/position")
            .text(&self.title, 300, "/title")
            .optional_text(self.moderator.as_deref(), 300, "/moderator")
            .optional_text(self.note.as_deref(), 1_000, "/note")
            .require(self.speakers.len() <= 50, "/speakers", "at most 50 are taken");
        checks.optional_text(self.joining_url.as_deref(), 1_000, "/joining_url").require(
            self.joining_url.as_deref().is_none_or(is_address),
            "/joining_url",
            "must be an address that begins with https:// or http://, without spaces",
        );
        for (place, speaker) in self.speakers.iter().enumerate() {
            let affiliation = speaker.affiliation.as_deref();
            checks.text(&speaker.name, 200, &format!("/speakers/{place}/name")).optional_text(
                affiliation,
                300,
                &format!("/speakers/{place}/affiliation"),
            );
        }
        consultation.check_times(&mut checks, self.starts_at, self.ends_at);
        let holds_round = self.round_id.is_none() || self.kind == SessionKind::WorkingGroups;
        let of_consultation =
            self.round_id.is_none_or(|id| rounds.iter().any(|round| round.id == id));
        checks
            .require(holds_round, "/round_id", "only a session of kind working_groups has a round")
            .require(of_consultation, "/round_id", "the consultation has no such round")
            .finish()
    }

    /// Those who may be named to everybody.
    pub fn named_speakers(&self) -> impl Iterator<Item = &Speaker> {
        self.speakers.iter().filter(|speaker| speaker.named_consent)
    }

    /// "11:00–11:30 hrs. (Bangkok time)", when the beginning is known.
    pub fn local_time(&self, consultation: &Consultation) -> Option<String> {
        local_time(consultation.zone, self.starts_at, self.ends_at)
    }
}
