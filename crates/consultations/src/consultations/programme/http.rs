//! Operations on a consultation's programme as a whole, and what the operations on each kind of row have in common. Knows no
//! rule, and no names of hosts.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::announced_hosts::{self, AnnouncedHost};
use super::placeholders::{self, Line};
use super::service::{self, Item};
use super::sessions::http::named;
use super::working_groups::http::ClusterBody;
use super::{co_organizers, rounds, sessions, whole, working_groups};
use crate::access::Role;
use crate::consultations::{
    self, AttributionRule, Consultation, ConsultationId, Round, RoundId, Session, SessionId,
    SessionKind, Speaker, WorkingGroup, WorkingGroupId, local_time,
};
use crate::db::types::{Id, Timestamp};
use crate::http::prelude::*;
use crate::organizations::OrganizationId;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_programme).service(whole::http::replace_programme);
    co_organizers::http::mount(cfg);
    rounds::http::mount(cfg);
    sessions::http::mount(cfg);
    working_groups::http::mount(cfg);
}

/// A kind of row as it is sent and answered: what is done to all kinds is written once, in [`list`], [`create`], [`read`],
/// [`update`] and [`delete`].
pub trait Shown: Item {
    /// How one is answered.
    type Body: Serialize + Send + 'static;
    /// What makes a new one.
    type Create: DeserializeOwned + Send + Sync + 'static;
    /// What changes one.
    type Update: Send + Sync + 'static;
    /// The address of one, without its id.
    const ADDRESS: &'static str;

    /// Rows of one consultation as they are answered to the caller.
    fn shown(
        work: &mut Work,
        rows: Vec<Self>,
        consultation: &Consultation,
    ) -> Result<Vec<Self::Body>, Problem>;
    /// The row that a request makes.
    fn to_new(body: &Self::Create) -> Self::New;
    /// Does what a request changes.
    fn apply(body: &Self::Update, row: &mut Self);
}

fn one_shown<T: Shown>(
    work: &mut Work,
    row: T,
    consultation: &Consultation,
) -> Result<T::Body, Problem> {
    let shown = T::shown(work, vec![row], consultation)?;
    shown.into_iter().next().ok_or_else(|| Problem::internal("a row that is not shown"))
}

/// Answers a page of a consultation's rows, in their order.
pub async fn list<T: Shown>(call: Call, path: PathIds<ConsultationId>, query: Listed) -> Answer {
    let (id, Listed { paging, .. }) = (path.id(), query);
    let part = call
        .read(move |work| {
            let (Listing { items, next }, consultation) = service::list::<T>(work, id, &paging)?;
            Ok(Listing { items: T::shown(work, items, &consultation)?, next })
        })
        .await?;
    Ok(call.page(part))
}

/// Adds a row and answers it with its address.
pub async fn create<T: Shown>(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<T::Create>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let made = service::create::<T>(work, id, T::to_new(body))?;
        let (row, consultation) = service::see::<T>(work, made.id())?;
        let (address, version) = (format!("{}/{}", T::ADDRESS, row.id()), row.version());
        Ok(Reply::created(address, version, &one_shown(work, row, &consultation)?))
    })
    .await
}

/// Answers a row.
pub async fn read<T: Shown>(call: Call, path: PathIds<Id<T::Tag>>) -> Answer {
    let id = path.id();
    let (version, body) = call
        .read(move |work| {
            let (row, consultation) = service::see::<T>(work, id)?;
            Ok((row.version(), one_shown(work, row, &consultation)?))
        })
        .await?;
    Ok(call.ok(version, &body))
}

/// Changes a row and answers it as it is then.
pub async fn update<T: Shown>(
    call: Call,
    path: PathIds<Id<T::Tag>>,
    body: Body<T::Update>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::update::<T>(work, id, version, |row| T::apply(&body, row))?;
        let (row, consultation) = service::see::<T>(work, id)?;
        Ok(Reply::ok(row.version(), &one_shown(work, row, &consultation)?))
    })
    .await
}

/// Removes a row.
pub async fn delete<T: Shown>(call: Call, path: PathIds<Id<T::Tag>>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::delete::<T>(work, id, version)?;
        Ok(Reply::no_content())
    })
    .await
}

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
    /// Says which programme it is, for `If-Match`: another one after any change. No count. Also the `ETag`.
    pub version: i64,
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
    /// Hosts who are announced by name, hold no role and agreed to be named; all of them for those who prepare the consultation. Those
    /// who hold one are listed under the group's hosts.
    pub hosts: Vec<ProgrammeHost>,
    /// Lines in place of hosts who are nobody yet.
    pub placeholders: Vec<ProgrammePlaceholder>,
}

/// A host who is announced by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgrammeHost {
    /// As what.
    pub role: Role,
    /// Their name.
    #[schema(example = "Asha Example")]
    pub name: String,
    /// What they come for.
    #[schema(example = "International Detention Coalition")]
    pub affiliation: Option<String>,
    /// Whether they agreed to be named.
    pub named_consent: bool,
}

impl From<AnnouncedHost> for ProgrammeHost {
    fn from(host: AnnouncedHost) -> Self {
        let AnnouncedHost { role, name, affiliation, named_consent } = host;
        Self { role, name, affiliation, named_consent }
    }
}

/// A line in place of a host.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgrammePlaceholder {
    /// As what.
    pub role: Role,
    /// The organization that will send somebody.
    pub organization_id: Option<OrganizationId>,
    /// In words.
    #[schema(example = "a representative of the International Labour Organization")]
    pub text: String,
}

impl From<Line> for ProgrammePlaceholder {
    fn from(line: Line) -> Self {
        let placeholder = line.placeholder;
        Self {
            role: placeholder.role,
            organization_id: placeholder.organization_id,
            text: line.text,
        }
    }
}

/// Hosts, or what stands in place of them, by working group.
type Hosts<T> = BTreeMap<WorkingGroupId, Vec<T>>;

/// The programme of a consultation as the caller may know it.
pub(super) fn programme_of(work: &mut Work, id: ConsultationId) -> Result<ProgrammeBody, Problem> {
    let consultation = consultations::service::see(work, id)?;
    let version = whole::service::version(work, &consultation)?;
    let sessions = service::all(work, id)?;
    let rounds = service::all(work, id)?;
    let groups = service::all(work, id)?;
    let lines = placeholders::service::lines(work, id)?;
    let announced = if service::sees_all_speakers(work, &consultation) {
        announced_hosts::service::all(work, id)?
    } else {
        announced_hosts::service::named(work, id)?
    };
    let hosts = (announced, lines);
    Ok(programme(work, consultation, version, sessions, &rounds, groups, hosts))
}

fn programme(
    work: &Work,
    consultation: Consultation,
    version: i64,
    sessions: Vec<Session>,
    rounds: &[Round],
    groups: Vec<WorkingGroup>,
    (mut announced, mut lines): (Hosts<AnnouncedHost>, Hosts<Line>),
) -> ProgrammeBody {
    let all_speakers = service::sees_all_speakers(work, &consultation);
    let row = |session: Session| ProgrammeSession {
        id: session.id,
        kind: session.kind,
        local_time: session.local_time(&consultation),
        speakers: named(&session, all_speakers),
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
    let mut lines_of = |group: WorkingGroupId| {
        let lines = lines.remove(&group).unwrap_or_default().into_iter();
        lines.map(ProgrammePlaceholder::from).collect()
    };
    let mut announced_of = |group: WorkingGroupId| {
        let announced = announced.remove(&group).unwrap_or_default().into_iter();
        announced.map(ProgrammeHost::from).collect()
    };
    let group = |group: WorkingGroup| ProgrammeGroup {
        id: group.id,
        hosts: announced_of(group.id),
        placeholders: lines_of(group.id),
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
        version,
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
    let programme = call.read(move |work| programme_of(work, id)).await?;
    Ok(call.ok(programme.version, &programme))
}
