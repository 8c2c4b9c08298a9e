//! Operations on rounds of clearance. Knows no rule; nothing it gives has room for a contributor.

use chrono::NaiveDate;

use super::service;
use super::{Asking, Round, ToAsk};
use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::organizations::OrganizationId;
use crate::reports::ReportId;
use crate::reports::clearance::hearing::http::ParticipantsAskedBody;
use crate::reports::clearance::service::Names;
use crate::reports::clearance::{Asked, Party, hearing};
use crate::reports::history::http::TeamMemberBody;
use crate::vocabulary::{ClearanceRoundId, PartyId};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(open_clearance_round)
        .service(list_clearance_rounds)
        .service(read_clearance_round)
        .service(update_clearance_round)
        .service(ask_for_clearance)
        .service(close_clearance_round);
}

/// Somebody to be asked: a person, or a body; one of the two.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "organization_id": "018f6d3e-0000-7000-8000-000000000001", "needed": true }))]
pub struct ToAskBody {
    /// Somebody of the team who may read the draft.
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// An organization that co-organizes the consultation: whoever holds the role of a co-organizer for it answers.
    #[serde(default)]
    pub organization_id: Option<OrganizationId>,
    /// Whether nothing is published without its agreement.
    pub needed: bool,
}

fn to_ask(bodies: &[ToAskBody]) -> Result<Vec<ToAsk>, Problem> {
    let one = |(index, body): (usize, &ToAskBody)| {
        let asked = match (body.account_id, body.organization_id) {
            (Some(account), None) => Asked::Person(Some(account)),
            (None, Some(organization)) => Asked::Body(organization),
            _ => {
                let detail = "name either account_id or organization_id";
                return Err(Problem::invalid(format!("/asked/{index}"), detail));
            }
        };
        Ok(ToAsk { asked, needed: body.needed })
    };
    bodies.iter().enumerate().map(one).collect()
}

/// A round to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenClearanceRound {
    /// The last day on which answers are awaited, in the consultation's zone; a paper's is UTC.
    #[schema(example = "2021-02-12")]
    pub ends_on: NaiveDate,
    /// Who is asked.
    pub asked: Vec<ToAskBody>,
}

/// What changes of a round; absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateClearanceRound {
    /// The last day on which answers are awaited.
    #[serde(default)]
    #[schema(example = "2021-02-19")]
    pub ends_on: Option<NaiveDate>,
}

/// Who else is asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskForClearance {
    /// Who.
    pub asked: Vec<ToAskBody>,
}

/// A body, or a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartyBody {
    /// Its id within the report.
    pub id: PartyId,
    /// The body.
    pub organization: Option<ClearanceBodyBody>,
    /// The person; absent for a body, and once they are erased.
    pub person: Option<TeamMemberBody>,
}

/// An organization that is asked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClearanceBodyBody {
    /// Which one.
    pub organization_id: OrganizationId,
    /// Its name.
    #[schema(example = "Asia Pacific Refugee Rights Network")]
    pub name: String,
}

impl PartyBody {
    /// As it is told to the team.
    pub fn new(names: &Names, party: &Party) -> Self {
        let (organization, person) = match party.asked {
            Asked::Body(organization_id) => {
                let name = names.body(party).to_owned();
                (Some(ClearanceBodyBody { organization_id, name }), None)
            }
            Asked::Person(account) => (None, names.team.member(account)),
        };
        Self { id: party.id, organization, person }
    }
}

/// Who is asked in a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedBody {
    /// Who.
    pub party: PartyBody,
    /// Whether nothing is published without its agreement.
    pub needed: bool,
    /// Who asked; absent once they are erased.
    pub asked_by: Option<TeamMemberBody>,
    /// When.
    pub asked_at: Timestamp,
}

/// A round of clearance.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClearanceRoundBody {
    /// Its id.
    pub id: ClearanceRoundId,
    /// The report.
    pub report_id: ReportId,
    /// The number of the edition that it is for.
    pub edition: i32,
    /// The last day on which answers are awaited.
    #[schema(example = "2021-02-12")]
    pub ends_on: NaiveDate,
    /// Who is asked.
    pub asked: Vec<AskedBody>,
    /// Where participants are asked, too: until when.
    pub participants: Option<ParticipantsAskedBody>,
    /// Who opened it; absent once they are erased.
    pub opened_by: Option<TeamMemberBody>,
    /// When.
    pub opened_at: Timestamp,
    /// Who closed it.
    pub closed_by: Option<TeamMemberBody>,
    /// When; absent while it is open.
    pub closed_at: Option<Timestamp>,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// What you may do with it.
    #[schema(example = json!(["update", "ask", "ask_participants", "close"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl ClearanceRoundBody {
    fn new(work: &mut Work, round: Round) -> Result<Self, Problem> {
        let asked = service::asked(work, &round)?;
        let heard = hearing::service::heard(work, &round)?;
        let people = asked.iter().map(|(_, asking)| asking.asked_by);
        let people = people.chain(heard.iter().map(|heard| heard.hearing.asked_by));
        let people: Vec<_> = people.chain([round.opened_by, round.closed_by]).collect();
        let names = Names::of(work, asked.iter().map(|(party, _)| party), people)?;
        let one = |(party, asking): &(Party, Asking)| AskedBody {
            party: PartyBody::new(&names, party),
            needed: asking.needed,
            asked_by: names.team.member(asking.asked_by),
            asked_at: asking.asked_at,
        };
        Ok(Self {
            allowed_actions: service::allowed_actions(work, &round)?,
            asked: asked.iter().map(one).collect(),
            participants: heard.map(|heard| ParticipantsAskedBody::new(&names.team, &heard)),
            opened_by: names.team.member(round.opened_by),
            closed_by: names.team.member(round.closed_by),
            id: round.id,
            report_id: round.report_id,
            edition: round.edition,
            ends_on: round.ends_on,
            opened_at: round.opened_at,
            closed_at: round.closed_at,
            version: round.version,
        })
    }

    /// As it is answered.
    pub fn reply(work: &mut Work, round: Round) -> Result<Reply, Problem> {
        Ok(Reply::ok(round.version, &Self::new(work, round)?))
    }
}

/// Opens a round of clearance for a report that is in clearance: until when, who is asked, and whose agreement is needed. One is open at
/// a time; what was agreed to in an earlier one holds as long as it reads the same.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = OpenClearanceRound, responses((status = 201, body = ClearanceRoundBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/clearance/rounds")]
pub async fn open_clearance_round(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<OpenClearanceRound>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let round = service::open(work, id, body.ends_on, &to_ask(&body.asked)?)?;
        let location = format!("/api/v1/clearance-rounds/{}", round.id);
        Ok(Reply::created(location, round.version, &ClearanceRoundBody::new(work, round)?))
    })
    .await
}

/// The rounds of clearance of a report, in the order in which they were opened.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), PageQuery), responses((status = 200, body = Page<ClearanceRoundBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/clearance/rounds")]
pub async fn list_clearance_rounds(call: Call, path: PathIds<ReportId>, query: Listed) -> Answer {
    let (id, paging) = (path.id(), query.paging);
    let part = call.read(move |work| {
        let part = service::list(work, id, &paging)?;
        part.try_map(|round| ClearanceRoundBody::new(work, round))
    });
    Ok(call.page(part.await?))
}

/// A round of clearance, with who is asked.
#[utoipa::path(tag = "reports", params(("clearance_round_id" = ClearanceRoundId, Path)), responses((status = 200, body = ClearanceRoundBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/clearance-rounds/{clearance_round_id}")]
pub async fn read_clearance_round(call: Call, path: PathIds<ClearanceRoundId>) -> Answer {
    let id = path.id();
    let round = call.read(move |work| {
        let round = service::see(work, id)?;
        ClearanceRoundBody::new(work, round)
    });
    let round = round.await?;
    Ok(call.ok(round.version, &round))
}

/// Lets a round of clearance end on another day.
#[utoipa::path(tag = "reports", params(("clearance_round_id" = ClearanceRoundId, Path), IfMatch), request_body = UpdateClearanceRound, responses((status = 200, body = ClearanceRoundBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/clearance-rounds/{clearance_round_id}")]
pub async fn update_clearance_round(
    call: Call,
    path: PathIds<ClearanceRoundId>,
    body: Body<UpdateClearanceRound>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let round = service::move_end(work, id, version, body.ends_on)?;
        ClearanceRoundBody::reply(work, round)
    })
    .await
}

/// Asks further people or bodies in an open round.
#[utoipa::path(tag = "reports", params(("clearance_round_id" = ClearanceRoundId, Path), IfMatch), request_body = AskForClearance, responses((status = 200, body = ClearanceRoundBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/clearance-rounds/{clearance_round_id}/asked")]
pub async fn ask_for_clearance(
    call: Call,
    path: PathIds<ClearanceRoundId>,
    body: Body<AskForClearance>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let round = service::ask(work, id, version, &to_ask(&body.asked)?)?;
        ClearanceRoundBody::reply(work, round)
    })
    .await
}

/// Closes a round: nobody answers in it any more. What is needed stays needed, and is given in another round or overridden.
#[utoipa::path(tag = "reports", params(("clearance_round_id" = ClearanceRoundId, Path), IfMatch), responses((status = 200, body = ClearanceRoundBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/clearance-rounds/{clearance_round_id}/close")]
pub async fn close_clearance_round(call: Call, path: PathIds<ClearanceRoundId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| {
        let round = service::close(work, id, version)?;
        ClearanceRoundBody::reply(work, round)
    })
    .await
}
