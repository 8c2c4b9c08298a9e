//! The operation that replaces a whole programme, and the shape of what it takes. Knows no rule.

use super::{Programme, Wanted, WantedGroup, WantedSession, service};
use crate::access::Role;
use crate::accounts::AccountId;
use crate::consultations::programme::announced_hosts::{AnnouncedHost, NamedHost};
use crate::consultations::programme::http::programme_of;
use crate::consultations::programme::placeholders::Placeholder;
use crate::consultations::{
    AttributionRule, CoOrganizerId, CoOrganizerKind, ConsultationId, NewCoOrganizer, NewRound,
    NewSession, NewWorkingGroup, RoundId, SessionId, SessionKind, Speaker, WorkingGroupId,
};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::organizations::OrganizationId;
use crate::problem::Checks;
use crate::reference::ObjectiveNumber;

/// A programme as it is to be. A row with an `id` is changed, one without is made, and what is not in the document is removed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceProgramme {
    /// Who organizes it, in the order in which they are named.
    #[schema(max_items = 200)]
    pub co_organizers: Vec<ReplaceCoOrganizer>,
    /// The rounds.
    #[schema(max_items = 200)]
    pub rounds: Vec<ReplaceRound>,
    /// The working groups.
    #[schema(max_items = 200)]
    pub working_groups: Vec<ReplaceWorkingGroup>,
    /// The sessions, in order.
    #[schema(max_items = 200)]
    pub sessions: Vec<ReplaceSession>,
}

/// An organization's part.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceCoOrganizer {
    /// Which one; a new one when absent.
    #[serde(default)]
    pub id: Option<CoOrganizerId>,
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its part.
    pub kind: CoOrganizerKind,
}

/// A round.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceRound {
    /// Which one; a new one when absent.
    #[serde(default)]
    pub id: Option<RoundId>,
    /// Its number, from 1.
    #[schema(example = 1)]
    pub number: i32,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
}

/// A working group.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceWorkingGroup {
    /// Which one; a new one when absent.
    #[serde(default)]
    pub id: Option<WorkingGroupId>,
    /// Its number, from 1.
    #[schema(example = 1)]
    pub number: i32,
    /// What it discusses: objectives of the consultation that no other group has.
    #[schema(example = json!([[4], [8], [21]]))]
    pub clusters: Vec<Vec<ObjectiveNumber>>,
    /// How few may be in it in a round.
    #[schema(example = 20)]
    pub min_size: i32,
    /// How many may be in it in a round.
    #[schema(example = 35)]
    pub max_size: i32,
    /// Its languages (BCP 47), the main one first.
    #[schema(example = json!(["en"]))]
    pub languages: Vec<String>,
    /// Persons who host it, in order. Nobody is given a role by a programme, and from nobody one is taken.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub hosts: Vec<ReplaceHost>,
    /// Lines in place of hosts who are nobody yet.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub placeholders: Vec<PlaceholderBody>,
}

/// A person who hosts a working group: by `account_id` whoever holds the role there already, or by `name` somebody who needs none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceHost {
    /// `co_host`, `moderator`, `focal_point` or `rapporteur`.
    #[schema(example = "moderator")]
    pub role: Role,
    /// Whoever holds this role in the group already; it is given by `POST /api/v1/working-groups/{working_group_id}/hosts`. Whether they
    /// are named they say themselves, where they register.
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// Somebody who needs no role.
    #[serde(default)]
    #[schema(example = "Asha Example", max_length = 200)]
    pub name: Option<String>,
    /// What they come for.
    #[serde(default)]
    #[schema(example = "International Detention Coalition", max_length = 200)]
    pub affiliation: Option<String>,
    /// Whether they agreed to be named; without it only those who prepare the consultation see the name.
    #[serde(default)]
    pub named_consent: bool,
}

impl ReplaceHost {
    /// Who it is; 422 unless it is exactly one of the two.
    fn host(&self) -> Result<NamedHost, Problem> {
        match (self.account_id, &self.name) {
            (Some(account), None) if self.affiliation.is_none() && !self.named_consent => {
                Ok(NamedHost::Holds(self.role, account))
            }
            (Some(_), None) => {
                let detail = "affiliation and consent of whoever has an account come from their registration: leave both out";
                Err(Problem::invalid("/account_id", detail))
            }
            (None, Some(name)) => Ok(NamedHost::Announced(AnnouncedHost {
                role: self.role,
                name: name.trim().to_owned(),
                affiliation: self.affiliation.clone(),
                named_consent: self.named_consent,
            })),
            _ => {
                let detail =
                    "name either the account that holds the role, or somebody who needs none";
                Err(Problem::invalid("/name", detail))
            }
        }
    }
}

/// A line in place of a host: "a representative of …", or "to be confirmed" when no organization is named.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceholderBody {
    /// `co_host`, `moderator`, `focal_point` or `rapporteur`.
    #[schema(example = "co_host")]
    pub role: Role,
    /// The organization that will send somebody.
    #[serde(default)]
    pub organization_id: Option<OrganizationId>,
}

/// A session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceSession {
    /// Which one; a new one when absent.
    #[serde(default)]
    pub id: Option<SessionId>,
    /// What it is.
    pub kind: SessionKind,
    /// Its title.
    #[schema(example = "Working groups: first round", max_length = 300)]
    pub title: String,
    /// When it begins, on the day of the consultation.
    pub starts_at: Option<Timestamp>,
    /// When it ends, on the day of the consultation.
    pub ends_at: Option<Timestamp>,
    /// Name and affiliation of its moderator.
    #[schema(example = "Asha Example, International Detention Coalition")]
    pub moderator: Option<String>,
    /// Who is announced to speak.
    #[serde(default)]
    pub speakers: Vec<Speaker>,
    /// Left out: `on_record` for arrival, opening and closing, `chatham_house` for everything else.
    pub attribution_rule: Option<AttributionRule>,
    /// The number of the round that is held in it; only for working groups.
    #[schema(example = 1)]
    pub round: Option<i32>,
    /// A footnote to the row.
    #[schema(max_length = 1000)]
    pub note: Option<String>,
    /// Where one joins it from afar; stays as it is when left out, and null takes it away.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub joining_url: Option<Option<String>>,
}

impl TryFrom<&ReplaceProgramme> for Programme {
    type Error = Problem;

    fn try_from(body: &ReplaceProgramme) -> Result<Self, Problem> {
        let co_organizers = body.co_organizers.iter().zip(1..).map(|(row, place)| Wanted {
            id: row.id,
            new: NewCoOrganizer {
                organization_id: row.organization_id,
                kind: row.kind,
                position: Some(place),
            },
        });
        let rounds = body.rounds.iter().map(|row| Wanted {
            id: row.id,
            new: NewRound { number: row.number, starts_at: row.starts_at, ends_at: row.ends_at },
        });
        let sessions = body.sessions.iter().zip(1..).map(|(row, place)| session(row, place));
        let mut checks = Checks::new();
        let mut working_groups = Vec::with_capacity(body.working_groups.len());
        for (index, row) in body.working_groups.iter().enumerate() {
            let wanted = WantedGroup::try_from(row);
            let wanted = wanted.map_err(|why| why.below(&format!("/working_groups/{index}")));
            working_groups.extend(checks.take(wanted)?);
        }
        checks.finish()?;
        Ok(Self {
            co_organizers: co_organizers.collect(),
            rounds: rounds.collect(),
            working_groups,
            sessions: sessions.collect(),
        })
    }
}

impl TryFrom<&ReplaceWorkingGroup> for WantedGroup {
    type Error = Problem;

    fn try_from(row: &ReplaceWorkingGroup) -> Result<Self, Problem> {
        let mut checks = Checks::new();
        let mut hosts = Vec::with_capacity(row.hosts.len());
        for (index, host) in row.hosts.iter().enumerate() {
            let host = host.host().map_err(|why| why.below(&format!("/hosts/{index}")));
            hosts.extend(checks.take(host)?);
        }
        checks.finish()?;
        let placeholders = row
            .placeholders
            .iter()
            .map(|line| Placeholder { role: line.role, organization_id: line.organization_id });
        let new = NewWorkingGroup {
            number: row.number,
            clusters: row.clusters.clone(),
            min_size: row.min_size,
            max_size: row.max_size,
            languages: row.languages.clone(),
        };
        let placeholders = placeholders.collect();
        Ok(Self { group: Wanted { id: row.id, new }, hosts, placeholders })
    }
}

fn session(row: &ReplaceSession, place: i32) -> WantedSession {
    let new = NewSession {
        position: Some(place),
        kind: row.kind,
        title: row.title.clone(),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        moderator: row.moderator.clone(),
        speakers: row.speakers.clone(),
        attribution_rule: row.attribution_rule,
        round_id: None,
        note: row.note.clone(),
        joining_url: row.joining_url.clone().flatten(),
    };
    WantedSession {
        session: Wanted { id: row.id, new },
        round: row.round,
        keeps_joining_url: row.joining_url.is_none(),
    }
}

/// Gives a consultation a whole programme: all of it or nothing. `If-Match` names the `version` of the programme that was read. 409 when
/// something that is not in the document is still in use: `errors` points to its list.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path), IfMatch),
    request_body = ReplaceProgramme, security(("bearer" = [])),
    responses((status = 200, body = crate::consultations::programme::http::ProgrammeBody), Refusals)
)]
#[put("/api/v1/consultations/{consultation_id}/programme")]
pub async fn replace_programme(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<ReplaceProgramme>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::replace(work, id, version, Programme::try_from(&body.value)?)?;
        let programme = programme_of(work, id)?;
        Ok(Reply::ok(programme.version, &programme))
    })
    .await
}
