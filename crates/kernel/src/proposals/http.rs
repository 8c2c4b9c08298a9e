//! The operations on acts that need two people: what is asked and answered. No rules here. Every such act is answered with its
//! proposal: 200 once it was carried out, 202 while it waits.

use super::service::{self, Put, Seen};
use super::{Act, Needed, ProposalDecision, ProposalId, ProposalState};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::vocabulary::{AccountId, ReviewId};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_proposals)
        .service(read_proposal)
        .service(decide_proposal)
        .service(read_two_people_rule)
        .service(change_two_people_rule);
}

/// Somebody who proposed or decided something.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposerBody {
    /// The account.
    pub id: AccountId,
    /// What they are called.
    #[schema(example = "Sari Example")]
    pub name: String,
}

/// An act that needs two people, as it was proposed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalBody {
    /// Its id.
    pub id: ProposalId,
    /// Which act.
    pub act: Act,
    /// How far it has come.
    pub state: ProposalState,
    /// What it takes that it is carried out, as it was when it was proposed.
    pub needs: Needed,
    /// Whether it was done by one person, because there is no other.
    pub acted_alone: bool,
    /// The review it is about; absent for the instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_id: Option<ReviewId>,
    /// What exactly is proposed, by its act: ids, versions.
    #[schema(value_type = Object, example = json!({ "report_id": "01754d2a-5a00-7000-8000-000000000001", "version": 12, "symbol": null }))]
    pub what: serde_json::Value,
    /// The SHA-256 of what is published: of the draft as JSON that you can read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Who proposed it.
    pub proposed_by: ProposerBody,
    /// When.
    pub proposed_at: Timestamp,
    /// Where nobody can confirm it: from when it may be done, if nobody objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_ends_at: Option<Timestamp>,
    /// From when it cannot be decided any more.
    pub lapses_at: Timestamp,
    /// Who decided it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<ProposerBody>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// Why it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What came of it, by its act; in the answer to what carried it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub outcome: Option<serde_json::Value>,
    /// What the caller may do about it.
    #[schema(example = json!(["confirm", "reject"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl ProposalBody {
    fn of(work: &mut Work, put: Put) -> Result<Self, Problem> {
        let Seen { proposal, names, allowed_actions } = service::shown(work, put.proposal)?;
        let person =
            |id: AccountId| ProposerBody { id, name: names.get(&id).cloned().unwrap_or_default() };
        let state = proposal.state_at(work.now);
        Ok(Self {
            id: proposal.id,
            act: proposal.act,
            state,
            needs: proposal.needs,
            acted_alone: state == ProposalState::CarriedOut && proposal.needs == Needed::Nobody,
            review_id: proposal.review_id,
            what: proposal.what,
            sha256: proposal.sha256,
            proposed_by: person(proposal.proposed_by),
            proposed_at: proposal.proposed_at,
            notice_ends_at: proposal.notice_ends_at,
            lapses_at: proposal.lapses_at,
            decided_by: proposal.decided_by.map(person),
            decided_at: proposal.decided_at,
            note: proposal.note,
            outcome: put.outcome,
            allowed_actions,
        })
    }
}

/// The answers to every act that needs two people, for the OpenAPI document.
#[derive(utoipa::IntoResponses)]
#[allow(dead_code, reason = "it describes answers, they are never made")]
pub enum Answered {
    /// It was carried out.
    #[response(status = 200)]
    CarriedOut(ProposalBody),
    /// It waits.
    #[response(status = 202, headers(("Location" = String, description = "The proposal.")))]
    Waiting(ProposalBody),
}

/// How an act is answered: 200 when it was carried out, 202 while it waits, with where it is to be looked at.
pub fn answered(work: &mut Work, put: Put) -> Result<Reply, Problem> {
    let done = put.proposal.state == ProposalState::CarriedOut;
    let body = ProposalBody::of(work, put)?;
    if done {
        return Ok(Reply::unversioned(&body));
    }
    let mut reply = Reply::accepted(&body);
    reply.headers = vec![("Location".to_owned(), format!("/api/v1/proposals/{}", body.id))];
    Ok(reply)
}

/// The acts that need two people and wait for somebody, as far as the caller may know of them: what they proposed, could propose
/// themselves, confirm as a deputy, or were told of. The oldest first; all of them.
#[utoipa::path(tag = "proposals", responses((status = 200, body = Page<ProposalBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/proposals")]
pub async fn list_proposals(call: Call) -> Answer {
    let items = call.read(|work| {
        let waiting = service::waiting(work)?;
        let body = |proposal| ProposalBody::of(work, Put { proposal, outcome: None });
        waiting.into_iter().map(body).collect::<Result<Vec<_>, _>>()
    });
    Ok(call.page(Listing { items: items.await?, next: None }))
}

/// One proposal.
#[utoipa::path(tag = "proposals", params(("proposal_id" = ProposalId, Path)), responses((status = 200, body = ProposalBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/proposals/{proposal_id}")]
pub async fn read_proposal(call: Call, path: PathIds<ProposalId>) -> Answer {
    let id = path.id();
    let body = call.read(move |work| {
        let proposal = service::see(work, id)?;
        ProposalBody::of(work, Put { proposal, outcome: None })
    });
    Ok(call.ok_unversioned(&body.await?))
}

/// What is done about a proposal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "decision": "confirm" }))]
pub struct DecideProposal {
    /// What is done: a second person confirms or rejects it; whoever proposed it takes it back, or carries it out where nobody
    /// else can be asked.
    decision: ProposalDecision,
    /// Why it is rejected or taken back.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

/// Confirms, rejects, takes back or carries out a proposal. What is confirmed is done in the same moment, exactly as it was
/// proposed and checked as if it were asked for now: 409 `proposal_overtaken` when it has changed since. Two people are two
/// accounts for which no single person answers: nobody confirms for whom they appointed, by whom they were appointed, or with
/// whom they share the only person who appointed both.
#[utoipa::path(tag = "proposals", params(("proposal_id" = ProposalId, Path)), request_body = DecideProposal,
    responses((status = 200, body = ProposalBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/proposals/{proposal_id}/decision")]
pub async fn decide_proposal(
    call: Call,
    path: PathIds<ProposalId>,
    body: Body<DecideProposal>,
) -> Answer {
    let (id, decision) = (path.id(), body.decision);
    Problem::or_refused(call.read(move |work| service::foresee(work, id, decision)).await)?;
    call.post(body, move |work, body| {
        let put = service::decide(work, id, body.decision, body.note.as_deref())?;
        Ok(Reply::unversioned(&ProposalBody::of(work, put)?))
    })
    .await
}

/// For what the rule is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RuleOf {
    /// A review; left out for the instance.
    review_id: Option<ReviewId>,
}

/// Whether two people are needed.
#[derive(Debug, Serialize, ToSchema)]
pub struct TwoPeopleBody {
    /// Whether they are: from when there were two people, unless something else was chosen.
    pub required: bool,
    /// Whether that was chosen, for this review or for the instance.
    pub chosen: bool,
    /// Whether one person did something alone here that needs two.
    pub acted_alone: bool,
}

impl From<service::Rule> for TwoPeopleBody {
    fn from(rule: service::Rule) -> Self {
        Self { required: rule.required, chosen: rule.chosen, acted_alone: rule.acted_alone }
    }
}

/// Whether two people are needed on the instance, or on a review.
#[utoipa::path(tag = "proposals", params(RuleOf), responses((status = 200, body = TwoPeopleBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/two-people-rule")]
pub async fn read_two_people_rule(call: Call, query: Params<RuleOf>) -> Answer {
    let review = query.review_id;
    let rule = call.read(move |work| service::see_rule(work, review)).await?;
    Ok(call.ok_unversioned(&TwoPeopleBody::from(rule)))
}

/// Whether two people shall be needed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "required": true }))]
pub struct ChangeTwoPeopleRule {
    /// For which review; left out for the instance.
    review_id: Option<ReviewId>,
    /// Whether they shall.
    required: bool,
}

/// Chooses whether two people are needed on the instance, or on a review. Once there were two, that needs two itself.
#[utoipa::path(tag = "proposals", request_body = ChangeTwoPeopleRule, responses(Answered, Refusals), security(("bearer" = [])))]
#[post("/api/v1/two-people-rule")]
pub async fn change_two_people_rule(call: Call, body: Body<ChangeTwoPeopleRule>) -> Answer {
    call.post(body, |work, body| {
        let put = service::choose(work, body.review_id, body.required)?;
        answered(work, put)
    })
    .await
}
