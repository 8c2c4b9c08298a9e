//! The programme of a consultation: who organizes it, its sessions, its rounds and its working groups, with their
//! rules. Pure: no tables, no HTTP, no clock. Who hosts a working group is not here but a role granted on it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Consultation, ConsultationId, check_languages, local_time};
use crate::db::types::Timestamp;
use crate::organizations::OrganizationId;
use crate::problem::{Checks, Problem};
use crate::reference::ObjectiveNumber;
use crate::text_enum;

pub use crate::vocabulary::CoOrganizerId;
pub use crate::vocabulary::RoundId;
pub use crate::vocabulary::SessionId;
pub use crate::vocabulary::WorkingGroupId;

pub(super) mod http;
pub mod removals;
pub mod service;
pub(super) mod sessions_http;
pub(super) mod store;
pub(super) mod working_groups_http;

/// The highest position and number in the lists of a programme.
const LAST: i32 = 9_999;

text_enum! {
    /// What part an organization has in organizing a consultation.
    pub enum CoOrganizerKind {
        /// A stakeholder organization.
        Stakeholder => "stakeholder",
        /// A member of the United Nations network.
        UnNetwork => "un_network",
        /// Guides the whole series.
        OverallGuidance => "overall_guidance",
    }
}

/// An organization's part in organizing one consultation.
#[derive(Debug, Clone, PartialEq)]
pub struct CoOrganizer {
    /// Its id.
    pub id: CoOrganizerId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its part. An organization may have several.
    pub kind: CoOrganizerKind,
    /// Its place in the order in which they are named, from 1.
    pub position: i32,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a new co-organizer is made of.
#[derive(Debug, Clone)]
pub struct NewCoOrganizer {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its part.
    pub kind: CoOrganizerKind,
    /// `None` puts it at the end.
    pub position: Option<i32>,
}

impl CoOrganizer {
    /// 422 with every value that cannot be accepted.
    pub fn check(&self) -> Result<(), Problem> {
        check_place(&mut Checks::new(), self.position, "/position").finish()
    }
}

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

/// One holding of all working groups in parallel.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// Its id.
    pub id: RoundId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Its number, from 1.
    pub number: i32,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a new round is made of.
#[derive(Debug, Clone)]
pub struct NewRound {
    /// Its number, from 1; unique in the consultation.
    pub number: i32,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
}

impl Round {
    /// 422 with every value that cannot be accepted.
    pub fn check(&self, consultation: &Consultation) -> Result<(), Problem> {
        let mut checks = Checks::new();
        check_place(&mut checks, self.number, "/number");
        consultation.check_times(&mut checks, self.starts_at, self.ends_at);
        checks.finish()
    }
}

/// A group that discusses clusters of objectives.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkingGroup {
    /// Its id.
    pub id: WorkingGroupId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Its number, from 1.
    pub number: i32,
    /// What it discusses: each inner list becomes one lettered section of the report, several objectives one joint heading.
    pub clusters: Vec<Vec<ObjectiveNumber>>,
    /// How few may be in it in a round.
    pub min_size: i32,
    /// How many may be in it in a round.
    pub max_size: i32,
    /// Its languages (BCP 47), the main one first.
    pub languages: Vec<String>,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a new working group is made of; the fields are those of [`WorkingGroup`].
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "as in WorkingGroup")]
pub struct NewWorkingGroup {
    pub number: i32,
    pub clusters: Vec<Vec<ObjectiveNumber>>,
    pub min_size: i32,
    pub max_size: i32,
    pub languages: Vec<String>,
}

impl WorkingGroup {
    /// The objectives of all its clusters, in their order.
    pub fn objectives(&self) -> impl Iterator<Item = ObjectiveNumber> {
        self.clusters.iter().flatten().copied()
    }

    /// 422 with every value that cannot be accepted; `groups` are those of the consultation.
    pub fn check(&self, consultation: &Consultation, groups: &[Self]) -> Result<(), Problem> {
        let mut checks = Checks::new();
        check_place(&mut checks, self.number, "/number")
            .require(self.min_size >= 1, "/min_size", "must be at least 1")
            .require(self.max_size <= LAST, "/max_size", format!("must be at most {LAST}"))
            .require(
                self.min_size <= self.max_size,
                "/max_size",
                format!("must not be below min_size, which is {}", self.min_size),
            )
            .require(!self.clusters.is_empty(), "/clusters", "at least one cluster is needed");
        check_languages(&mut checks, &self.languages);
        self.check_clusters(&mut checks, consultation, groups);
        checks.finish()
    }

    /// Every objective is the consultation's, and nobody else's.
    fn check_clusters(&self, checks: &mut Checks, consultation: &Consultation, groups: &[Self]) {
        let others = groups.iter().filter(|group| group.id != self.id);
        let mut taken: BTreeMap<ObjectiveNumber, i32> = others
            .flat_map(|group| group.objectives().map(|objective| (objective, group.number)))
            .collect();
        for (cluster, objectives) in self.clusters.iter().enumerate() {
            let pointer = format!("/clusters/{cluster}");
            checks.require(
                !objectives.is_empty(),
                &pointer,
                "a cluster has at least one objective",
            );
            for (place, objective) in objectives.iter().enumerate() {
                let pointer = format!("{pointer}/{place}");
                let own = consultation.objectives.contains(objective);
                let detail = format!("objective {objective} is not one of the consultation's");
                checks.require(own, &pointer, detail);
                if let Some(number) = taken.insert(*objective, self.number) {
                    let detail =
                        format!("objective {objective} is in a cluster of group {number} already");
                    checks.require(false, &pointer, detail);
                }
            }
        }
    }
}

/// 422 at `/objectives` when one that a group discusses is not among the consultation's any more.
pub fn check_still_covered(
    consultation: &Consultation,
    groups: &[WorkingGroup],
) -> Result<(), Problem> {
    let mut checks = Checks::new();
    for group in groups {
        for objective in group.objectives() {
            let kept = consultation.objectives.contains(&objective);
            let number = group.number;
            let detail = format!("objective {objective} is discussed in working group {number}");
            checks.require(kept, "/objectives", detail);
        }
    }
    checks.finish()
}

fn check_place<'c>(checks: &'c mut Checks, place: i32, pointer: &str) -> &'c mut Checks {
    checks.require((1..=LAST).contains(&place), pointer, format!("must be from 1 to {LAST}"))
}
