//! What a caller may do about acts that need two people: propose, confirm, object, take back, and do what nobody can confirm.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Act, Carried, LAPSES_AFTER, NOTICE, Needed, Proposal, ProposalDecision, ProposalId,
    ProposalState, STILL_TOLD, Standing, answering, mails, needs, scope_of, store,
};
use crate::access::{self, Caller, Permission, Role, ScopeKind};
use crate::db::Cleared;
use crate::problem::{Checks, Code, Problem};
use crate::vocabulary::{AccountId, OrganizationId, ReviewId};
use crate::work::Work;

const LONGEST_NOTE: usize = 2_000;
/// The lock of whoever proposes or decides something on the instance.
const INSTANCE: Uuid = Uuid::from_u128(0x7477_6f20_7065_6f70_6c65_0000_0001);

/// What is to be proposed.
#[derive(Debug)]
pub struct New {
    /// Which act.
    pub act: Act,
    /// What it is done to, as one word.
    pub subject: String,
    /// The review it is about; none for the instance.
    pub review: Option<ReviewId>,
    /// Whose account it is about.
    pub about: Option<AccountId>,
    /// What exactly: ids and versions, no personal data.
    pub what: Value,
    /// The SHA-256 of the contents that were seen.
    pub sha256: Option<String>,
    /// Whether somebody who acts alone does it at once; otherwise something else is waited for.
    pub at_once: bool,
}

/// A proposal, and what came of it where it was carried out.
#[derive(Debug)]
pub struct Put {
    /// The proposal as it is now.
    pub proposal: Proposal,
    /// What came of it, by its act.
    pub outcome: Option<Value>,
}

/// Proposes an act, or does it where one person may act alone. Whether it could be done now is for the feature that owns the act
/// to ask before. 409 when the same waits already.
pub fn put(work: &mut Work, new: New) -> Result<Put, Problem> {
    let by = work.caller.signed_in()?;
    work.require(new.act.permission(new.review), &scope_of(new.review))?;
    hold(work, new.review)?;
    if let Some(old) = store::waiting_about(work.conn, new.act, &new.subject)? {
        if old.state_at(work.now) == ProposalState::Waiting {
            let detail =
                "This was proposed already and waits: confirm that, or have it taken back first.";
            return Err(Problem::new(Code::AlreadyExists, detail));
        }
        lapse(work, old)?;
    }
    let people = People::of(work, new.act, new.review)?;
    let seconds = people.seconds(work, by, new.about)?;
    let needs =
        needs(chosen(work, new.review)?, only_one_ever(work, new.review, by)?, seconds.len());
    let notice_ends_at = (needs == Needed::Notice).then(|| work.now.plus(NOTICE));
    let mut proposal = Proposal {
        id: work.id(),
        act: new.act,
        subject: new.subject,
        review_id: new.review,
        about: new.about,
        needs,
        what: new.what,
        sha256: new.sha256,
        state: ProposalState::Waiting,
        proposed_by: by,
        proposed_at: work.now,
        notice_ends_at,
        lapses_at: work.now.plus(LAPSES_AFTER),
        decided_by: None,
        decided_at: None,
        note: None,
    };
    store::insert(work.conn, &proposal, Problem::contention)?;
    note(work, "proposal.made", &proposal);
    match needs {
        Needed::Nobody if new.at_once => {
            let outcome = carry_out(work, &mut proposal, None)?;
            return Ok(Put { proposal, outcome: Some(outcome) });
        }
        Needed::Nobody => (),
        Needed::SecondPerson => mails::proposed(work, &proposal, &seconds)?,
        Needed::Notice => {
            let told = to_be_told(work, new.review, by)?;
            store::insert_notices(work.conn, proposal.id, &told)?;
            mails::proposed(work, &proposal, &told)?;
        }
    }
    Ok(Put { proposal, outcome: None })
}

/// Lets whoever does the act of a proposal compute what it will need, if this decision carries it out: outside of the write that
/// [`decide`] is part of. What is refused here is refused there.
pub fn foresee(work: &mut Work, id: ProposalId, decision: ProposalDecision) -> Result<(), Problem> {
    let proposal = see(work, id)?;
    let carries_out = matches!(decision, ProposalDecision::Confirm | ProposalDecision::CarryOut);
    let how = work.registry.foreseeing(proposal.act).filter(|_| carries_out);
    let Some(how) = how else { return Ok(()) };
    proposal.require_waiting(work.now)?;
    let caller = work.caller.clone();
    work.caller = access::caller::of(work.conn, proposal.proposed_by)?;
    let foreseen = how(work, &proposal.what);
    work.caller = caller;
    foreseen
}

/// What is done about a proposal.
pub fn decide(
    work: &mut Work,
    id: ProposalId,
    decision: ProposalDecision,
    why: Option<&str>,
) -> Result<Put, Problem> {
    let caller = work.caller.signed_in()?;
    let seen = see(work, id)?;
    hold(work, seen.review_id)?;
    work.lock(id.uuid())?;
    let mut proposal = store::load(work.conn, id)?;
    let own = proposal.proposed_by == caller;
    match (decision, own) {
        (ProposalDecision::Confirm, _) => require_second(work, &proposal, caller)?,
        (ProposalDecision::Reject, false)
        | (ProposalDecision::TakeBack | ProposalDecision::CarryOut, true) => (),
        (ProposalDecision::Reject, true) => {
            let detail = "You proposed it: take it back instead.";
            return Err(Problem::new(Code::Forbidden, detail));
        }
        (ProposalDecision::TakeBack | ProposalDecision::CarryOut, false) => {
            let detail = "Only whoever proposed it does that.";
            return Err(Problem::new(Code::Forbidden, detail));
        }
    }
    proposal.require_waiting(work.now)?;
    let outcome = match decision {
        ProposalDecision::Confirm => Some(carry_out(work, &mut proposal, Some(caller))?),
        ProposalDecision::CarryOut => {
            proposal.require_due(work.now)?;
            Some(carry_out(work, &mut proposal, None)?)
        }
        ProposalDecision::Reject | ProposalDecision::TakeBack => {
            if let Some(why) = why {
                Checks::new().text(why, LONGEST_NOTE, "/note").finish()?;
            }
            let (state, action) = match decision {
                ProposalDecision::Reject => (ProposalState::Rejected, "proposal.rejected"),
                _ => (ProposalState::TakenBack, "proposal.taken_back"),
            };
            proposal.state = state;
            proposal.note = why.map(str::to_owned);
            decided(work, &mut proposal, caller, action)?;
            None
        }
    };
    Ok(Put { proposal, outcome })
}

/// Whether a proposal waits. For the feature that owns its act: no permission is asked.
pub fn is_waiting(work: &mut Work, id: ProposalId) -> Result<bool, Problem> {
    work.lock(id.uuid())?;
    Ok(store::load(work.conn, id)?.state_at(work.now) == ProposalState::Waiting)
}

/// Ends a proposal because whoever it is about refuses, who is not signed in. For the feature that owns its act.
pub fn refuse(work: &mut Work, id: ProposalId) -> Result<(), Problem> {
    let refused = Proposal {
        state: ProposalState::Rejected,
        decided_at: Some(work.now),
        ..store::load(work.conn, id)?
    };
    store::decide(work.conn, &refused)?;
    note(work, "proposal.rejected", &refused);
    Ok(())
}

/// Carries a proposal out as whoever proposed it, who must be allowed to it now, and with the confirmation of another one.
fn carry_out(
    work: &mut Work,
    proposal: &mut Proposal,
    confirmed_by: Option<AccountId>,
) -> Result<Value, Problem> {
    let caller = work.caller.clone();
    let proposer = access::caller::of(work.conn, proposal.proposed_by).map_err(|problem| {
        let detail = "Whoever proposed it may not sign in any more.";
        problem.refused_as(|_| Problem::new(Code::ProposalOvertaken, detail))
    })?;
    proposer.require(proposal.act.permission(proposal.review_id), &proposal.scope()).map_err(
        |problem| {
            let detail = "Whoever proposed it may not do so any more.";
            problem.refused_as(|_| Problem::new(Code::ProposalOvertaken, detail))
        },
    )?;
    // Before it is carried out: what it does may look at who decided.
    proposal.state = ProposalState::CarriedOut;
    let action = match (proposal.needs, confirmed_by) {
        (_, Some(_)) => "proposal.confirmed",
        (Needed::Nobody, None) => "proposal.carried_out_alone",
        (_, None) => "proposal.carried_out_after_notice",
    };
    decided(work, proposal, confirmed_by.unwrap_or(proposal.proposed_by), action)?;
    let how = work.registry.carrying_out(proposal.act)?;
    let carried = Carried {
        proposal: proposal.id,
        what: &proposal.what,
        sha256: proposal.sha256.as_deref(),
        proposed_by: proposal.proposed_by,
        confirmed_by,
    };
    work.caller = proposer;
    let outcome = how(work, &carried);
    work.caller = caller;
    outcome.map_err(|problem| match problem.code() {
        Code::VersionMismatch => {
            let detail = "It has another version than the one that was proposed. Nothing was done.";
            Problem::new(Code::ProposalOvertaken, detail)
        }
        _ => problem,
    })
}

fn decided(
    work: &mut Work,
    proposal: &mut Proposal,
    by: AccountId,
    action: &'static str,
) -> Result<(), Problem> {
    proposal.decided_by = Some(by);
    proposal.decided_at = Some(work.now);
    store::decide(work.conn, proposal)?;
    note(work, action, proposal);
    Ok(())
}

fn note(work: &mut Work, action: &'static str, proposal: &Proposal) {
    let details = json!({
        "act": proposal.act, "needs": proposal.needs, "what": proposal.what,
        "proposed_by": proposal.proposed_by, "review_id": proposal.review_id,
    });
    work.audit_with(action, "proposal", proposal.id, details);
}

fn lapse(work: &mut Work, proposal: Proposal) -> Result<(), Problem> {
    let lapsed = Proposal { state: ProposalState::Lapsed, decided_at: Some(work.now), ..proposal };
    store::decide(work.conn, &lapsed)?;
    note(work, "proposal.lapsed", &lapsed);
    Ok(())
}

/// Notes what has lapsed.
pub(super) fn lapse_overdue(work: &mut Work) -> Result<Cleared, Problem> {
    let overdue = store::overdue(work.conn, work.now)?;
    let count = overdue.len();
    for proposal in overdue {
        lapse(work, proposal)?;
    }
    Ok(Cleared::all(count))
}

/// Whoever proposes and decides on one review, or on the instance, does so one after the other. A feature that takes other locks
/// before it proposes takes this one first.
pub fn hold(work: &mut Work, review: Option<ReviewId>) -> Result<(), Problem> {
    // Roles on the instance count in every review: both locks, always in this order.
    work.lock(INSTANCE)?;
    match review {
        Some(review) => work.lock(review.uuid()),
        None => Ok(()),
    }
}

// --- who ------------------------------------------------------------------------------------------------------------

/// Those who propose and confirm an act somewhere.
struct People(BTreeMap<AccountId, Standing>);

impl People {
    fn of(work: &mut Work, act: Act, review: Option<ReviewId>) -> Result<Self, Problem> {
        Self::with(work, act.permission(review), review)
    }

    fn with(
        work: &mut Work,
        permission: Permission,
        review: Option<ReviewId>,
    ) -> Result<Self, Problem> {
        let mut held = store::staff(work.conn, &scopes(review))?;
        let named: BTreeSet<AccountId> =
            held.iter().flat_map(|one| one.made_by.iter().copied()).collect();
        let merged = store::merged(work.conn, &named)?;
        for one in &mut held {
            let left = |id: &AccountId| merged.get(id).copied().unwrap_or(*id);
            one.made_by = one.made_by.iter().map(left).collect();
        }
        let roles = access::roles(permission);
        let ids: BTreeSet<AccountId> = held.iter().map(|one| one.account).collect();
        let mut people = BTreeMap::new();
        for id in ids {
            let own = || held.iter().filter(move |one| one.account == id);
            let permitted = || own().filter(|one| roles.contains(&one.role));
            let deputy = || own().filter(|one| one.role == Role::Deputy);
            if permitted().next().is_some() {
                let made_by = super::made_by(permitted().map(|one| &one.made_by));
                people.insert(id, Standing { id, made_by, deputy_of: None });
            } else if deputy().next().is_some() {
                let made_by = super::made_by(deputy().map(|one| &one.made_by));
                let of = deputy().filter_map(|one| one.organization).collect();
                people.insert(id, Standing { id, made_by, deputy_of: Some(of) });
            }
        }
        Ok(Self(people))
    }

    /// Those who can confirm what `proposer` proposes about somebody.
    fn seconds(
        &self,
        work: &mut Work,
        proposer: AccountId,
        about: Option<AccountId>,
    ) -> Result<BTreeSet<AccountId>, Problem> {
        let Some(first) = self.0.get(&proposer) else { return Ok(BTreeSet::new()) };
        let registry = work.registry;
        let ties: BTreeSet<OrganizationId> =
            registry.ties_of(work, proposer)?.into_iter().collect();
        let seconds = self.0.values().filter(|one| Some(one.id) != about);
        let seconds = seconds.filter(|one| one.may_confirm_for(first, &ties));
        Ok(seconds.map(|one| one.id).collect())
    }
}

/// The instance, and the review.
fn scopes(review: Option<ReviewId>) -> Vec<Uuid> {
    let mut scopes = vec![Uuid::nil()];
    scopes.extend(review.map(|review| review.uuid()));
    scopes
}

/// 403 unless the caller can confirm the proposal.
fn require_second(work: &mut Work, proposal: &Proposal, caller: AccountId) -> Result<(), Problem> {
    let people = People::of(work, proposal.act, proposal.review_id)?;
    if people.seconds(work, proposal.proposed_by, proposal.about)?.contains(&caller) {
        return Ok(());
    }
    if people.0.contains_key(&caller) && !people.0.contains_key(&proposal.proposed_by) {
        let detail = "Whoever proposed it may not do so any more: propose it yourself, and have it confirmed.";
        return Err(Problem::new(Code::ProposalOvertaken, detail));
    }
    let detail = if proposal.proposed_by == caller {
        "You proposed it: somebody else must confirm it."
    } else if proposal.about == Some(caller) {
        "It is about you: somebody else must confirm it."
    } else if people.0.contains_key(&caller) {
        "You and whoever proposed it were appointed by one another, by the same person, or are of the same organization: \
         somebody else must confirm it."
    } else {
        "Your roles do not include this act: somebody else must confirm it."
    };
    Err(Problem::new(Code::Forbidden, detail))
}

/// Everybody who is staff there, or was within the last weeks, but for who proposes.
fn to_be_told(
    work: &mut Work,
    review: Option<ReviewId>,
    proposer: AccountId,
) -> Result<BTreeSet<AccountId>, Problem> {
    let since = work.now.plus(-STILL_TOLD);
    let seats = store::seats(work.conn, &scopes(review))?;
    let told = seats.into_iter().filter(|(_, until)| until.is_none_or(|until| until > since));
    Ok(told.map(|(id, _)| id).filter(|id| *id != proposer).collect())
}

/// Whether nobody but this person ever held a staff role there.
fn only_one_ever(
    work: &mut Work,
    review: Option<ReviewId>,
    person: AccountId,
) -> Result<bool, Problem> {
    let seats = store::seats(work.conn, &scopes(review))?;
    Ok(seats.iter().all(|(id, _)| *id == person))
}

/// What was chosen for the review, else for the instance.
fn chosen(work: &mut Work, review: Option<ReviewId>) -> Result<Option<bool>, Problem> {
    let chosen: BTreeMap<Uuid, bool> =
        store::chosen(work.conn, &scopes(review))?.into_iter().collect();
    // What is chosen for the review goes before what is for the instance.
    Ok(scopes(review).iter().rev().find_map(|scope| chosen.get(scope)).copied())
}

/// Who answers for a staff role that is given now, by whoever is asking and with whoever confirmed it: see
/// [`Standing::made_by`]. Nobody does for what the operator gives.
pub fn answering_for(
    work: &mut Work,
    kind: ScopeKind,
    on: Uuid,
    confirmed_by: Option<AccountId>,
) -> Result<BTreeSet<AccountId>, Problem> {
    let Some(by) = work.caller.id().filter(|_| is_staff(kind)) else { return Ok(BTreeSet::new()) };
    let review = (kind == ScopeKind::Review).then(|| ReviewId::new(on));
    let people = People::of(work, Act::GiveStaffRole, review)?;
    let one = |id: AccountId| {
        let nobody = Standing { id, made_by: BTreeSet::new(), deputy_of: None };
        people.0.get(&id).cloned().unwrap_or(nobody)
    };
    let second = confirmed_by.map(one);
    Ok(answering(&one(by), second.as_ref()))
}

/// Whether a role on such a thing makes somebody staff.
pub const fn is_staff(kind: ScopeKind) -> bool {
    matches!(kind, ScopeKind::Instance | ScopeKind::Review)
}

/// Notes that somebody holds a role; on the instance or a review they are staff from now on. For accounts.
pub fn seated(
    work: &mut Work,
    account: AccountId,
    kind: ScopeKind,
    on: Uuid,
) -> Result<(), Problem> {
    if is_staff(kind) { store::seat(work.conn, on, account, work.now) } else { Ok(()) }
}

/// Notes that somebody holds no role any more on the instance or a review. For accounts.
pub fn left(work: &mut Work, account: AccountId, kind: ScopeKind, on: Uuid) -> Result<(), Problem> {
    if is_staff(kind) { store::leave(work.conn, on, account, work.now) } else { Ok(()) }
}

// --- what waits -----------------------------------------------------------------------------------------------------

/// A proposal with what a person who sees it is shown.
#[derive(Debug)]
pub struct Seen {
    /// The proposal.
    pub proposal: Proposal,
    /// What those are called who proposed and decided it.
    pub names: BTreeMap<AccountId, String>,
    /// What the caller may do about it.
    pub allowed_actions: Vec<&'static str>,
}

/// The proposal for one who may know of it: whoever proposed it or was told, whoever could propose the same, and deputies.
pub fn see(work: &mut Work, id: ProposalId) -> Result<Proposal, Problem> {
    let caller = work.caller.signed_in()?;
    let proposal = store::load(work.conn, id)?;
    let told = store::told(work.conn, caller)?;
    if knows(&work.caller, &proposal, &told) {
        Ok(proposal)
    } else {
        Err(Problem::not_found("proposal"))
    }
}

fn knows(caller: &Caller, proposal: &Proposal, told: &BTreeSet<ProposalId>) -> bool {
    let deputy = caller.roles().iter().any(|held| {
        held.role == Role::Deputy
            && (held.scope_kind == ScopeKind::Instance
                || proposal.review_id.is_some_and(|review| review.uuid() == held.scope_id))
    });
    deputy
        || caller.id() == Some(proposal.proposed_by)
        || told.contains(&proposal.id)
        || caller.may(proposal.act.permission(proposal.review_id), &proposal.scope())
}

/// Everything that waits and that the caller may know of, the oldest first.
pub fn waiting(work: &mut Work) -> Result<Vec<Proposal>, Problem> {
    let caller = work.caller.signed_in()?;
    let told = store::told(work.conn, caller)?;
    let all = store::waiting(work.conn, work.now)?;
    Ok(all.into_iter().filter(|one| knows(&work.caller, one, &told)).collect())
}

/// What is shown of a proposal beside itself.
pub fn shown(work: &mut Work, proposal: Proposal) -> Result<Seen, Problem> {
    let mut ids = BTreeSet::from([proposal.proposed_by]);
    ids.extend(proposal.decided_by);
    let names = store::names(work.conn, &ids)?;
    let mut allowed_actions = Vec::new();
    if let Some(caller) = work.caller.id()
        && proposal.state_at(work.now) == ProposalState::Waiting
    {
        if proposal.proposed_by == caller {
            allowed_actions.push("take_back");
            if proposal.require_due(work.now).is_ok() {
                allowed_actions.push("carry_out");
            }
        } else {
            if require_second(work, &proposal, caller)
                .map(|()| true)
                .or_else(|problem| problem.as_refusal().map(|_| false))?
            {
                allowed_actions.push("confirm");
            }
            allowed_actions.push("reject");
        }
    }
    Ok(Seen { proposal, names, allowed_actions })
}

// --- the rule itself ------------------------------------------------------------------------------------------------

/// Whether two people are needed, and how it came to be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Whether they are.
    pub required: bool,
    /// Whether that was chosen, for this review or the instance.
    pub chosen: bool,
    /// Whether anything was ever done alone.
    pub acted_alone: bool,
}

/// Whether two people are needed for a review, or for the instance. For other services: no permission is asked.
pub fn rule(work: &mut Work, review: Option<ReviewId>) -> Result<Rule, Problem> {
    let rule = rules(work, &[review])?.pop();
    rule.ok_or_else(|| Problem::internal("one review has one rule"))
}

/// As [`rule`], for several, in their order.
pub fn rules(work: &mut Work, of: &[Option<ReviewId>]) -> Result<Vec<Rule>, Problem> {
    let own = |review: &Option<ReviewId>| review.map_or(Uuid::nil(), |review| review.uuid());
    let everywhere: BTreeSet<Uuid> = of.iter().flat_map(|review| scopes(*review)).collect();
    let everywhere: Vec<Uuid> = everywhere.into_iter().collect();
    let chosen: BTreeMap<Uuid, bool> = store::chosen(work.conn, &everywhere)?.into_iter().collect();
    let mut people: BTreeMap<Uuid, BTreeSet<AccountId>> = BTreeMap::new();
    for (scope, account) in store::seated(work.conn, &everywhere)? {
        people.entry(scope).or_default().insert(account);
    }
    let alone = store::acted_alone(work.conn)?;
    let rule = |review: &Option<ReviewId>| {
        let chosen = chosen.get(&own(review)).or_else(|| chosen.get(&Uuid::nil())).copied();
        let seats = scopes(*review).into_iter().filter_map(|scope| people.get(&scope)).flatten();
        Rule {
            required: chosen.unwrap_or(seats.collect::<BTreeSet<_>>().len() > 1),
            chosen: chosen.is_some(),
            acted_alone: alone.contains(review),
        }
    };
    Ok(of.iter().map(rule).collect())
}

/// The rule, for whoever may change it.
pub fn see_rule(work: &mut Work, review: Option<ReviewId>) -> Result<Rule, Problem> {
    work.require(Act::ChangeTwoPeopleRule.permission(review), &scope_of(review))?;
    rule(work, review)
}

/// What is frozen of a change of the rule.
#[derive(Debug, Serialize, Deserialize)]
struct Choice {
    review_id: Option<ReviewId>,
    required: bool,
}

/// Proposes that two people are needed, or that they are not.
pub fn choose(work: &mut Work, review: Option<ReviewId>, required: bool) -> Result<Put, Problem> {
    put(
        work,
        New {
            act: Act::ChangeTwoPeopleRule,
            subject: review.map_or_else(|| "instance".to_owned(), |review| review.to_string()),
            review,
            about: None,
            what: json!(Choice { review_id: review, required }),
            sha256: None,
            at_once: true,
        },
    )
}

/// Changes the rule as it was proposed.
pub(super) fn chosen_by(work: &mut Work, carried: &Carried) -> Result<Value, Problem> {
    let choice: Choice = frozen(carried)?;
    let scope = choice.review_id.map_or(Uuid::nil(), |review| review.uuid());
    store::choose(work.conn, scope, choice.required, work.now)?;
    Ok(json!(choice))
}

/// What was frozen, as the feature that wrote it reads it.
pub fn frozen<T: serde::de::DeserializeOwned>(carried: &Carried) -> Result<T, Problem> {
    serde_json::from_value(carried.what.clone()).map_err(Problem::internal)
}
