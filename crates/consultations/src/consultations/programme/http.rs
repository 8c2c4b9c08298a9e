//! Operations on a consultation's programme as a whole, its co-organizers and its rounds, and the shapes of what they
//! take and give. Sessions and working groups are in files of their own. Knows no rule, and no names of hosts.

use std::collections::HashMap;

use super::working_groups_http::{self, ClusterBody};
use super::{service, sessions_http};
use crate::consultations::{
    self, AttributionRule, CoOrganizer, CoOrganizerId, CoOrganizerKind, Consultation,
    ConsultationId, NewCoOrganizer, NewRound, Round, RoundId, Session, SessionId, SessionKind,
    Speaker, WorkingGroup, WorkingGroupId, local_time,
};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::organizations::{self, Organization, OrganizationId};

/// Mounts the operations.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(read_programme)
        .service(list_co_organizers)
        .service(create_co_organizer)
        .service(read_co_organizer)
        .service(update_co_organizer)
        .service(delete_co_organizer)
        .service(list_rounds)
        .service(create_round)
        .service(read_round)
        .service(update_round)
        .service(delete_round);
    sessions_http::mount(cfg);
    working_groups_http::mount(cfg);
}

/// Which part of a list of the programme.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListProgramme {
    /// Rows of the page, at most 200.
    pub limit: Option<u32>,
    /// Where the page before said that this one begins.
    pub cursor: Option<String>,
}

impl ListProgramme {
    /// The part of the list `name` of a consultation.
    pub fn paging(&self, name: &str, id: ConsultationId) -> Result<Paging, Problem> {
        Paging::new(self.limit, self.cursor.as_deref(), &(name, id))
    }
}

// ------------------------------------------------------------------------------------------------ the whole

/// The programme of a consultation as it is read: sessions in order, with their rounds, and the working groups.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgrammeBody {
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Its theme.
    pub theme: String,
    /// Its day in its zone, when it is known.
    #[schema(example = "2020-11-19")]
    pub held_on: Option<chrono::NaiveDate>,
    /// The IANA zone of the local times.
    #[schema(example = "Asia/Bangkok")]
    pub zone: &'static str,
    /// Its times in its zone.
    #[schema(example = "11:00–14:30 hrs. (Bangkok time)")]
    pub local_time: Option<String>,
    /// The sessions, in order.
    pub sessions: Vec<ProgrammeSession>,
    /// The working groups, by number; all meet in each round.
    pub working_groups: Vec<ProgrammeGroup>,
}

/// A row of the programme.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgrammeSession {
    /// The session.
    pub id: SessionId,
    /// What it is.
    pub kind: SessionKind,
    /// Its title.
    pub title: String,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// Both in the consultation's zone.
    #[schema(example = "11:30–12:35 hrs. (Bangkok time)")]
    pub local_time: Option<String>,
    /// Name and affiliation of its moderator.
    pub moderator: Option<String>,
    /// Who is announced to speak and agreed to be named; all of them for those who prepare the consultation.
    pub speakers: Vec<Speaker>,
    /// Whether what is said may be linked to who said it.
    pub attribution_rule: AttributionRule,
    /// The round that is held in it.
    pub round: Option<ProgrammeRound>,
    /// A footnote to the row.
    pub note: Option<String>,
}

/// A round, in the row of the session in which it is held.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgrammeRound {
    /// The round.
    pub id: RoundId,
    /// Its number.
    #[schema(example = 1)]
    pub number: i32,
    /// Its times in the consultation's zone, which may lie within those of the session.
    #[schema(example = "11:30–12:35 hrs. (Bangkok time)")]
    pub local_time: Option<String>,
}

/// A working group and what it discusses.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgrammeGroup {
    /// The working group.
    pub id: WorkingGroupId,
    /// Its number.
    #[schema(example = 1)]
    pub number: i32,
    /// What it discusses, in order.
    pub clusters: Vec<ClusterBody>,
    /// Its languages (BCP 47), the main one first.
    #[schema(example = json!(["en"]))]
    pub languages: Vec<String>,
}

fn programme(
    work: &Work,
    consultation: Consultation,
    sessions: Vec<Session>,
    rounds: &[Round],
    groups: Vec<WorkingGroup>,
) -> ProgrammeBody {
    let all_speakers = service::sees_all_speakers(work, &consultation);
    let row = |session: Session| ProgrammeSession {
        id: session.id,
        kind: session.kind,
        local_time: session.local_time(&consultation),
        speakers: sessions_http::speakers(&session, all_speakers),
        title: session.title,
        starts_at: session.starts_at,
        ends_at: session.ends_at,
        moderator: session.moderator,
        attribution_rule: session.attribution_rule,
        round: rounds.iter().find(|round| Some(round.id) == session.round_id).map(|round| {
            ProgrammeRound {
                id: round.id,
                number: round.number,
                local_time: local_time(consultation.zone, round.starts_at, round.ends_at),
            }
        }),
        note: session.note,
    };
    let group = |group: WorkingGroup| ProgrammeGroup {
        id: group.id,
        number: group.number,
        clusters: ClusterBody::all(&group),
        languages: group.languages,
    };
    ProgrammeBody {
        consultation_id: consultation.id,
        held_on: consultation.held_on,
        zone: consultation.zone.name(),
        local_time: consultation.local_time(),
        sessions: sessions.into_iter().map(row).collect(),
        working_groups: groups.into_iter().map(group).collect(),
        theme: consultation.theme,
    }
}

/// The programme of a consultation, with times in its zone.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path)),
    security((), ("bearer" = [])),
    responses((status = 200, body = ProgrammeBody), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/programme")]
pub async fn read_programme(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let body = call
        .read(move |work| {
            let consultation = consultations::service::see(work, id)?;
            let sessions = service::sessions(work, id)?;
            let rounds = service::rounds(work, id)?;
            let groups = service::working_groups(work, id)?;
            Ok(programme(work, consultation, sessions, &rounds, groups))
        })
        .await?;
    Ok(call.ok_unversioned(&body))
}

// ------------------------------------------------------------------------------------------------ co-organizers

/// An organization's part in organizing a consultation.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoOrganizerBody {
    /// Its id.
    pub id: CoOrganizerId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The organization's name.
    #[schema(example = "Migrant Forum in Asia")]
    pub name: String,
    /// The short form of its name.
    #[schema(example = "MFA")]
    pub acronym: Option<String>,
    /// Its part.
    pub kind: CoOrganizerKind,
    /// Its place in the order in which they are named, from 1.
    #[schema(example = 1)]
    pub position: i32,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What you may do with it.
    #[schema(example = json!(["update", "delete"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl CoOrganizerBody {
    fn new(
        row: CoOrganizer,
        organization: Option<&Organization>,
        actions: &[&'static str],
    ) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            organization_id: row.organization_id,
            name: organization.map(|found| found.name.clone()).unwrap_or_default(),
            acronym: organization.and_then(|found| found.acronym.clone()),
            kind: row.kind,
            position: row.position,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            allowed_actions: actions.to_vec(),
        }
    }

    fn of(work: &mut Work, id: CoOrganizerId) -> Result<Self, Problem> {
        let (row, consultation) = service::see_co_organizer(work, id)?;
        let organization = organizations::service::load(work, row.organization_id)?;
        let actions = service::allowed_programme_actions(work, &consultation);
        Ok(Self::new(row, Some(&organization), &actions))
    }
}

/// A new co-organizer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCoOrganizer {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its part. An organization may have several.
    pub kind: CoOrganizerKind,
    /// Its place in the order in which they are named, from 1; at the end when left out.
    #[schema(example = 1)]
    pub position: Option<i32>,
}

/// Changes of a co-organizer. The organization stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "un_network" }))]
pub struct UpdateCoOrganizer {
    /// Another part.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub kind: Option<CoOrganizerKind>,
    /// Another place in the order.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub position: Option<i32>,
}

/// The co-organizers of a consultation, in the order in which they are named.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path), ListProgramme),
    security((), ("bearer" = [])),
    responses((status = 200, body = Page<CoOrganizerBody>), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/co-organizers")]
pub async fn list_co_organizers(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ListProgramme>,
) -> Answer {
    let id = path.id();
    let paging = query.paging("co_organizers", id)?;
    let part = call
        .read(move |work| {
            let (part, consultation) = service::list_co_organizers(work, id, &paging)?;
            let ids: Vec<_> = part.items.iter().map(|row| row.organization_id).collect();
            let known: HashMap<_, _> = organizations::service::load_many(work, &ids)?;
            let actions = service::allowed_programme_actions(work, &consultation);
            Ok(part.map(|row| {
                let organization = known.get(&row.organization_id);
                CoOrganizerBody::new(row, organization, &actions)
            }))
        })
        .await?;
    Ok(call.page(part))
}

/// Adds an organization to the co-organizers of a consultation.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path)),
    request_body = CreateCoOrganizer, security(("bearer" = [])),
    responses((status = 201, body = CoOrganizerBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/co-organizers")]
pub async fn create_co_organizer(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateCoOrganizer>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let new = NewCoOrganizer {
            organization_id: body.organization_id,
            kind: body.kind,
            position: body.position,
        };
        let row = service::create_co_organizer(work, id, new)?;
        let address = format!("/api/v1/co-organizers/{}", row.id);
        Ok(Reply::created(address, row.version, &CoOrganizerBody::of(work, row.id)?))
    })
    .await
}

/// One co-organizer.
#[utoipa::path(
    tag = "programme", params(("co_organizer_id" = CoOrganizerId, Path)),
    security((), ("bearer" = [])),
    responses((status = 200, body = CoOrganizerBody), Refusals)
)]
#[get("/api/v1/co-organizers/{co_organizer_id}")]
pub async fn read_co_organizer(call: Call, path: PathIds<CoOrganizerId>) -> Answer {
    let id = path.id();
    let body = call.read(move |work| CoOrganizerBody::of(work, id)).await?;
    Ok(call.ok(body.version, &body))
}

/// Changes a co-organizer's part or place.
#[utoipa::path(
    tag = "programme", params(("co_organizer_id" = CoOrganizerId, Path), IfMatch),
    request_body = UpdateCoOrganizer, security(("bearer" = [])),
    responses((status = 200, body = CoOrganizerBody), Refusals)
)]
#[patch("/api/v1/co-organizers/{co_organizer_id}")]
pub async fn update_co_organizer(
    call: Call,
    path: PathIds<CoOrganizerId>,
    body: Body<UpdateCoOrganizer>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let row = service::update_co_organizer(work, id, version, |row| {
            patch::set(&mut row.kind, &body.kind);
            patch::set(&mut row.position, &body.position);
        })?;
        Ok(Reply::ok(row.version, &CoOrganizerBody::of(work, id)?))
    })
    .await
}

/// Removes a co-organizer.
#[utoipa::path(
    tag = "programme", params(("co_organizer_id" = CoOrganizerId, Path), IfMatch),
    security(("bearer" = [])), responses((status = 204), Refusals)
)]
#[delete("/api/v1/co-organizers/{co_organizer_id}")]
pub async fn delete_co_organizer(call: Call, path: PathIds<CoOrganizerId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::delete_co_organizer(work, id, version)?;
        Ok(Reply::no_content())
    })
    .await
}

// ------------------------------------------------------------------------------------------------ rounds

/// One holding of all working groups in parallel.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundBody {
    /// Its id.
    pub id: RoundId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Its number, from 1.
    #[schema(example = 1)]
    pub number: i32,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// Both in the consultation's zone.
    #[schema(example = "11:30–12:35 hrs. (Bangkok time)")]
    pub local_time: Option<String>,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What you may do with it.
    #[schema(example = json!(["update", "delete"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl RoundBody {
    fn new(work: &Work, row: Round, consultation: &Consultation) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            number: row.number,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            local_time: local_time(consultation.zone, row.starts_at, row.ends_at),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            allowed_actions: service::allowed_programme_actions(work, consultation),
        }
    }

    fn of(work: &mut Work, id: RoundId) -> Result<Self, Problem> {
        let (row, consultation) = service::see_round(work, id)?;
        Ok(Self::new(work, row, &consultation))
    }
}

/// A new round.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateRound {
    /// Its number, from 1; unique in the consultation.
    #[schema(example = 1)]
    pub number: i32,
    /// When it begins, on the day of the consultation.
    pub starts_at: Option<Timestamp>,
    /// When it ends, on the day of the consultation.
    #[schema(example = "2020-11-19T05:35:00Z")]
    pub ends_at: Option<Timestamp>,
}

/// Changes of a round.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "starts_at": "2020-11-19T04:30:00Z" }))]
pub struct UpdateRound {
    /// Another number.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub number: Option<i32>,
    /// Another beginning; null: not known.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Timestamp>)]
    pub starts_at: Option<Option<Timestamp>>,
    /// Another end; null: not known.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Timestamp>)]
    pub ends_at: Option<Option<Timestamp>>,
}

/// The rounds of a consultation, by number.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path), ListProgramme),
    security((), ("bearer" = [])), responses((status = 200, body = Page<RoundBody>), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/rounds")]
pub async fn list_rounds(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ListProgramme>,
) -> Answer {
    let id = path.id();
    let paging = query.paging("rounds", id)?;
    let part = call
        .read(move |work| {
            let (part, consultation) = service::list_rounds(work, id, &paging)?;
            Ok(part.map(|row| RoundBody::new(work, row, &consultation)))
        })
        .await?;
    Ok(call.page(part))
}

/// Adds a round to a consultation.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path)),
    request_body = CreateRound, security(("bearer" = [])),
    responses((status = 201, body = RoundBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/rounds")]
pub async fn create_round(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateRound>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let new =
            NewRound { number: body.number, starts_at: body.starts_at, ends_at: body.ends_at };
        let row = service::create_round(work, id, new)?;
        let address = format!("/api/v1/rounds/{}", row.id);
        Ok(Reply::created(address, row.version, &RoundBody::of(work, row.id)?))
    })
    .await
}

/// One round.
#[utoipa::path(
    tag = "programme", params(("round_id" = RoundId, Path)), security((), ("bearer" = [])),
    responses((status = 200, body = RoundBody), Refusals)
)]
#[get("/api/v1/rounds/{round_id}")]
pub async fn read_round(call: Call, path: PathIds<RoundId>) -> Answer {
    let id = path.id();
    let body = call.read(move |work| RoundBody::of(work, id)).await?;
    Ok(call.ok(body.version, &body))
}

/// Changes a round.
#[utoipa::path(
    tag = "programme", params(("round_id" = RoundId, Path), IfMatch), request_body = UpdateRound,
    security(("bearer" = [])), responses((status = 200, body = RoundBody), Refusals)
)]
#[patch("/api/v1/rounds/{round_id}")]
pub async fn update_round(call: Call, path: PathIds<RoundId>, body: Body<UpdateRound>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let row = service::update_round(work, id, version, |row| {
            patch::set(&mut row.number, &body.number);
            patch::set(&mut row.starts_at, &body.starts_at);
            patch::set(&mut row.ends_at, &body.ends_at);
        })?;
        Ok(Reply::ok(row.version, &RoundBody::of(work, id)?))
    })
    .await
}

/// Removes a round that nothing refers to.
#[utoipa::path(
    tag = "programme", params(("round_id" = RoundId, Path), IfMatch), security(("bearer" = [])),
    responses((status = 204), Refusals)
)]
#[delete("/api/v1/rounds/{round_id}")]
pub async fn delete_round(call: Call, path: PathIds<RoundId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::delete_round(work, id, version)?;
        Ok(Reply::no_content())
    })
    .await
}
