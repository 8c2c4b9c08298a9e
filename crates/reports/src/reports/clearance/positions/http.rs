//! Operations on what parties say in clearance. Knows no rule; nothing it gives has room for a contributor.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::service::{self, Left, Mine};
use super::{NewPosition, Position, PositionDecision, PositionKind, PositionState, Read};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::reports::clearance::asking;
use crate::reports::clearance::asking::Round;
use crate::reports::clearance::asking::http::PartyBody;
use crate::reports::clearance::portions::{PortionKind, nothing};
use crate::reports::clearance::service::Names;
use crate::reports::history::http::{PieceBody, TeamMemberBody};
use crate::reports::{ParagraphId, ReportId};
use crate::vocabulary::{ClearanceRoundId, PartyId, PositionId, ThingId};

/// Mounts the operations.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(take_position)
        .service(list_positions)
        .service(read_position)
        .service(decide_position)
        .service(read_own_clearance);
}

/// A portion as it was read.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadPortionBody {
    /// Which one.
    pub id: ThingId,
    /// The SHA-256 of its text; of nothing (`e3b0c442…`) where it is no more.
    #[schema(example = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    pub sha256: String,
}

/// What a party says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "objection", "reason": "It names a village." }))]
pub struct TakePosition {
    /// For whom you speak; may be left out where there is one only.
    #[serde(default)]
    pub party_id: Option<PartyId>,
    /// What is said.
    pub kind: PositionKind,
    /// Agreeing to all of it: the `sha256` of the whole draft as you read it.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub sha256: Option<String>,
    /// Agreeing to some of it: those portions, as you read them.
    #[serde(default)]
    pub portions: Vec<ReadPortionBody>,
    /// Objecting: to which paragraph; to the draft as a whole when absent.
    #[serde(default)]
    pub paragraph_id: Option<ParagraphId>,
    /// Objecting: why. Else what there is to say with it.
    #[serde(default)]
    #[schema(example = "It names a village.", max_length = 2000)]
    pub reason: Option<String>,
    /// The objection that is taken back.
    #[serde(default)]
    pub objection_id: Option<PositionId>,
    /// Whether the body or person is left out of what is published about the approval; as before when absent. A body is named unless it
    /// asks not to be, a person only when they ask to be.
    #[serde(default)]
    pub unnamed: Option<bool>,
}

/// What a party says, or a member proposes that it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct PositionBody {
    /// Its id.
    pub id: PositionId,
    /// The report.
    pub report_id: ReportId,
    /// The round.
    pub round_id: ClearanceRoundId,
    /// Who says it.
    pub party: Option<PartyBody>,
    /// What it is.
    pub kind: PositionKind,
    /// How far it has come.
    pub state: PositionState,
    /// What is agreed to.
    pub portions: Vec<ReadPortionBody>,
    /// The paragraph that is objected to.
    pub paragraph_id: Option<ParagraphId>,
    /// Why.
    pub reason: Option<String>,
    /// The objection that is taken back.
    pub objection_id: Option<PositionId>,
    /// Who proposed it, or said it alone; absent once they are erased.
    pub proposed_by: Option<TeamMemberBody>,
    /// When.
    pub proposed_at: Timestamp,
    /// Who decided that it is said, or not.
    pub decided_by: Option<TeamMemberBody>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why it was rejected.
    pub note: Option<String>,
    /// When the objection was taken back.
    pub ended_at: Option<Timestamp>,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// What you may do with it.
    #[schema(example = json!(["confirm", "reject"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl PositionBody {
    fn several(
        work: &mut Work,
        report: ReportId,
        positions: Vec<Position>,
    ) -> Result<Vec<Self>, Problem> {
        let parties = asking::service::parties(work, report)?;
        let people = positions.iter().flat_map(|one| [one.proposed_by, one.decided_by]);
        let names = Names::of(work, &parties, people)?;
        let parties: BTreeMap<PartyId, PartyBody> =
            parties.iter().map(|party| (party.id, PartyBody::new(&names, party))).collect();
        let allowed = service::allowed_actions(work, report, &positions)?;
        let new = |(one, allowed)| Self::new(&names, &parties, one, allowed);
        Ok(positions.into_iter().zip(allowed).map(new).collect())
    }

    fn one(work: &mut Work, position: Position) -> Result<Self, Problem> {
        let one = Self::several(work, position.report_id, vec![position])?.pop();
        one.ok_or_else(|| Problem::internal("one position has one answer"))
    }

    fn new(
        names: &Names,
        parties: &BTreeMap<PartyId, PartyBody>,
        position: Position,
        allowed_actions: Vec<&'static str>,
    ) -> Self {
        let read = |one: Read| ReadPortionBody { id: one.id, sha256: one.sha256 };
        Self {
            id: position.id,
            report_id: position.report_id,
            round_id: position.round_id,
            party: parties.get(&position.party_id).cloned(),
            kind: position.kind,
            state: position.state,
            portions: position.portions.into_iter().map(read).collect(),
            paragraph_id: position.paragraph_id,
            reason: position.reason,
            objection_id: position.objection_id,
            proposed_by: names.team.member(position.proposed_by),
            proposed_at: position.proposed_at,
            decided_by: names.team.member(position.decided_by),
            decided_at: position.decided_at,
            note: position.note,
            ended_at: position.ended_at,
            version: position.version,
            allowed_actions,
        }
    }
}

/// What is decided about what was proposed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "decision": "confirm" }))]
pub struct DecidePosition {
    /// Confirm, reject, or take it back.
    pub decision: PositionDecision,
    /// Why it is rejected.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// What you have not agreed to as it reads now.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftToAgreeBody {
    /// The portion.
    pub id: ThingId,
    /// What it is.
    pub kind: PortionKind,
    /// The number that the paragraph is printed with.
    pub number: Option<u32>,
    /// As it reads now; empty when it is no more.
    pub text: String,
    /// The SHA-256 of that: send it to agree.
    pub sha256: String,
    /// Whether another text of it was agreed to.
    pub changed: bool,
    /// What was agreed to and what it reads now, word by word; empty where there was no such agreement.
    pub words: Vec<PieceBody>,
}

impl From<Left> for LeftToAgreeBody {
    fn from(left: Left) -> Self {
        let Left { id, kind, now, changed, words } = left;
        let number = now.as_ref().and_then(|portion| portion.number);
        let (text, sha256) =
            now.map_or_else(|| (String::new(), nothing()), |one| (one.text, one.sha256));
        let words = words.into_iter().map(PieceBody::from).collect();
        Self { id, kind, number, text, sha256, changed, words }
    }
}

/// What waits for you in clearance, for one party.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnPartyBody {
    /// For whom you speak.
    pub party: PartyBody,
    /// Whether nothing is published without its agreement.
    pub needed: bool,
    /// Since when it is asked.
    pub asked_at: Timestamp,
    /// What is left to agree to: what was never agreed to, what changed since, and what is no more.
    pub left: Vec<LeftToAgreeBody>,
    /// What members of the body propose to say.
    pub proposed: Vec<PositionBody>,
    /// Objections of it that stand.
    pub objections: Vec<PositionId>,
}

/// What waits for you in the clearance of a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnClearanceBody {
    /// The round; absent where none was opened for the next edition.
    pub round_id: Option<ClearanceRoundId>,
    /// Its last day.
    pub ends_on: Option<NaiveDate>,
    /// Whether answers are given in it.
    pub open: bool,
    /// For whom you speak in it; nobody where you are not asked.
    pub parties: Vec<OwnPartyBody>,
}

impl OwnClearanceBody {
    fn new(
        work: &mut Work,
        report: ReportId,
        round: Option<&Round>,
        mine: Vec<Mine>,
    ) -> Result<Self, Problem> {
        let names = Names::of(work, mine.iter().map(|one| &one.seat.party), [])?;
        let mut parties = Vec::with_capacity(mine.len());
        for one in mine {
            parties.push(OwnPartyBody {
                party: PartyBody::new(&names, &one.seat.party),
                needed: one.seat.asking.needed,
                asked_at: one.seat.asking.asked_at,
                left: one.left.into_iter().map(LeftToAgreeBody::from).collect(),
                proposed: PositionBody::several(work, report, one.proposed)?,
                objections: one.objections,
            });
        }
        Ok(Self {
            round_id: round.map(|round| round.id),
            ends_on: round.map(|round| round.ends_on),
            open: round.is_some_and(|round| round.closed_at.is_none()),
            parties,
        })
    }
}

/// Says what whoever was asked has to say: agrees to all of the draft or to portions of it, objects, has comments, or takes an objection
/// back. Of a body with two members or more it is proposed, and said once another member confirms it; its comments are released with it.
/// 409 `text_changed` names every portion that reads otherwise than it was read.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = TakePosition, responses((status = 201, body = PositionBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/clearance/positions")]
pub async fn take_position(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<TakePosition>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let read = |one: &ReadPortionBody| Read { id: one.id, sha256: one.sha256.clone() };
        let new = NewPosition {
            party: body.party_id,
            kind: body.kind,
            whole: body.sha256.clone(),
            portions: body.portions.iter().map(read).collect(),
            paragraph: body.paragraph_id,
            reason: body.reason.clone(),
            objection: body.objection_id,
            unnamed: body.unnamed,
        };
        let position = service::take(work, id, new)?;
        let location = format!("/api/v1/clearance-positions/{}", position.id);
        let version = position.version;
        Ok(Reply::created(location, version, &PositionBody::one(work, position)?))
    })
    .await
}

/// What was said in the clearance of a report, in the order in which it was proposed; what a body has not said yet, for its members.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), PageQuery), responses((status = 200, body = Page<PositionBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/clearance/positions")]
pub async fn list_positions(call: Call, path: PathIds<ReportId>, query: Listed) -> Answer {
    let (id, paging) = (path.id(), query.paging);
    let part = call.read(move |work| {
        let part = service::list(work, id, &paging)?;
        let items = PositionBody::several(work, id, part.items)?;
        Ok(Listing { items, next: part.next })
    });
    Ok(call.page(part.await?))
}

/// What was said in clearance, once.
#[utoipa::path(tag = "reports", params(("position_id" = PositionId, Path)), responses((status = 200, body = PositionBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/clearance-positions/{position_id}")]
pub async fn read_position(call: Call, path: PathIds<PositionId>) -> Answer {
    let id = path.id();
    let position = call.read(move |work| {
        let position = service::see(work, id)?;
        PositionBody::one(work, position)
    });
    let position = position.await?;
    Ok(call.ok(position.version, &position))
}

/// Confirms or rejects what another member proposed that the body says, or takes it back, for whoever proposed it.
#[utoipa::path(tag = "reports", params(("position_id" = PositionId, Path), IfMatch), request_body = DecidePosition, responses((status = 200, body = PositionBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/clearance-positions/{position_id}/decision")]
pub async fn decide_position(
    call: Call,
    path: PathIds<PositionId>,
    body: Body<DecidePosition>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let position = service::decide(work, id, version, body.decision, body.note.clone())?;
        Ok(Reply::ok(position.version, &PositionBody::one(work, position)?))
    })
    .await
}

/// What waits for you in the clearance of a report: what you have not agreed to as it reads now, with the difference to what you agreed
/// to, word by word.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), responses((status = 200, body = OwnClearanceBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/clearance/mine")]
pub async fn read_own_clearance(call: Call, path: PathIds<ReportId>) -> Answer {
    let id = path.id();
    let own = call.read(move |work| {
        let (round, mine) = service::mine(work, id)?;
        OwnClearanceBody::new(work, id, round.as_ref(), mine)
    });
    Ok(call.ok_unversioned(&own.await?))
}
