//! Puts a plan in force: whether it still fits those who are confirmed, whether another came into force since it was made,
//! and who is told. Under the consultation's lock: of two who apply at once, one does.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use super::service;
use crate::access::Permission;
use crate::accounts::{self, Account, AccountId};
use crate::consultations::{
    self, Activity, Consultation, ConsultationId, Round, RoundId, WorkingGroup, WorkingGroupId,
};
use crate::db::types::Id;
use crate::groups::instances::{self, Places};
use crate::groups::solver::{self, Placement, Unmet};
use crate::groups::{self, Assignment, AssignmentPlan, PlanId, PlanState};
use crate::problem::{Code, Problem, require_version};
use crate::registrations::{self, Registration, RegistrationId};
use crate::work::Work;

/// Registrations that a refusal names at most.
const MOST_NAMED: usize = 200;

/// The consultation under its lock, for somebody who may assign now.
pub(in crate::groups) fn for_assigning(
    work: &mut Work,
    id: ConsultationId,
) -> Result<Consultation, Problem> {
    let seen = consultations::service::see(work, id)?;
    work.require(Permission::Assign, &seen.scope())?;
    work.lock(id.uuid())?;
    let consultation = consultations::service::load(work, id)?;
    consultation.require(Activity::Assign)?;
    Ok(consultation)
}

/// As [`apply_over`] the plan that was in force when it was made.
pub fn apply(work: &mut Work, id: PlanId, version: i64) -> Result<AssignmentPlan, Problem> {
    apply_over(work, id, version, None)
}

/// Puts a plan in force, in place of the one before. 409 when another one came into force since it was made, unless
/// `supersedes` names the plan in force; 409 when it no longer fits those who are confirmed: `errors` names what has
/// changed. Everybody whose groups change is told, and nobody else.
pub fn apply_over(
    work: &mut Work,
    id: PlanId,
    version: i64,
    supersedes: Option<PlanId>,
) -> Result<AssignmentPlan, Problem> {
    let consultation = service::see_plan(work, id)?.consultation_id;
    let consultation = for_assigning(work, consultation)?;
    let mut plan = service::load(work, id)?;
    require_version(plan.version, version)?;
    plan.state = plan.state.apply()?;
    let confirmed = registrations::service::confirmed(work, consultation.id)?;
    let places = Places::of(work, &consultation)?;
    let earlier = groups::store::applied(work.conn, consultation.id)?;
    let before = groups::store::assignments(work.conn, consultation.id)?;
    not_overtaken(&plan, earlier.as_ref(), supersedes, &before, &places)?;
    still_fits(work, &consultation, &plan, &confirmed, &places)?;
    let after = assignments_of(work, &plan);
    groups::store::clear(work.conn, consultation.id)?;
    if let Some(earlier) = earlier {
        let state = PlanState::Superseded;
        set_state(work, earlier.id, earlier.version, state)?;
        work.audit("assignment_plan.superseded", "assignment_plan", earlier.id);
    }
    set_state(work, plan.id, version, plan.state)?;
    groups::store::insert(work.conn, &after)?;
    plan.version += 1;
    plan.updated_at = work.now;
    work.audit("assignment_plan.applied", "assignment_plan", plan.id);
    tell_changed(work, &consultation, &places, &confirmed, &before, &after)?;
    Ok(plan)
}

/// Which plan is in force belongs to how the consultation is set up.
pub(in crate::groups) fn set_state(
    work: &mut Work,
    id: PlanId,
    version: i64,
    state: PlanState,
) -> Result<(), Problem> {
    groups::store::set_state(work.conn, id, version, state, work.now)?;
    work.forget_loaded();
    Ok(())
}

fn assignments_of(work: &Work, plan: &AssignmentPlan) -> Vec<Assignment> {
    let assignment = |placement: &Placement| assignment(work, plan, placement);
    plan.placements.iter().map(assignment).collect()
}

pub(in crate::groups) fn assignment(
    work: &Work,
    plan: &AssignmentPlan,
    placement: &Placement,
) -> Assignment {
    Assignment {
        id: work.id(),
        consultation_id: plan.consultation_id,
        plan_id: plan.id,
        round_id: Id::new(placement.round),
        registration_id: Id::new(placement.person),
        working_group_id: Id::new(placement.group),
    }
}

/// 409 with who would be moved from where they are, when the plan in force is not the one that this was made beside.
fn not_overtaken(
    plan: &AssignmentPlan,
    in_force: Option<&AssignmentPlan>,
    supersedes: Option<PlanId>,
    before: &[Assignment],
    places: &Places,
) -> Result<(), Problem> {
    let Some(in_force) = in_force else { return Ok(()) };
    let seen = plan.based_on.filter(|seen| seen.plan == in_force.id);
    let unchanged = seen.is_some_and(|seen| seen.version == in_force.version);
    let allowed = match supersedes {
        Some(named) => named == in_force.id,
        None => unchanged,
    };
    if allowed {
        return Ok(());
    }
    let now: Vec<Placement> = before.iter().map(instances::placement).collect();
    let moves = solver::compare(&now, &plan.placements);
    let detail = format!(
        "Since this plan was made, the plan {} {}; {} places differ and `errors` names them. Compare the two, propose anew, or name that plan in `supersedes`.",
        in_force.id,
        if seen.is_some() { "was edited" } else { "came into force" },
        moves.len()
    );
    let problem = Problem::new(Code::PlanOvertaken, detail);
    let what = if seen.is_some() { "was edited since" } else { "is in force and was not then" };
    let problem = problem.at(format!("/assignment-plans/{}", in_force.id), what);
    Err(moves.iter().take(MOST_NAMED).fold(problem, |problem, change| {
        problem.at(format!("/registrations/{}", change.person), described(change, places))
    }))
}

fn described(change: &solver::Change, places: &Places) -> String {
    let group = |id: Option<Uuid>| match id {
        Some(id) => format!("in working group {}", places.group_number(id)),
        None => "in no group".to_owned(),
    };
    let round = places.round_number(change.round);
    format!("is {} in round {round} and would be {}", group(change.from), group(change.to))
}

/// 409 with everything that has changed since the plan was made and that it would get wrong.
fn still_fits(
    work: &mut Work,
    consultation: &Consultation,
    plan: &AssignmentPlan,
    confirmed: &[Registration],
    places: &Places,
) -> Result<(), Problem> {
    let rules = &plan.rules;
    let instance = instances::instance(work, consultation, rules, plan.seed, Vec::new())?;
    let now = solver::evaluate(&instance, &plan.placements);
    let mut changed = changes(plan, confirmed, places);
    changed.extend(new_conflicts(plan, &now));
    if changed.is_empty() {
        return Ok(());
    }
    let detail = format!(
        "{} things have changed since the plan was made; `errors` names them. Propose a new one.",
        changed.len()
    );
    let problem = Problem::new(Code::InvalidTransition, detail);
    Err(changed.into_iter().fold(problem, |problem, (what, why)| problem.at(what, why)))
}

/// Everybody whom the plan places or says that it cannot place.
pub(in crate::groups) fn planned(plan: &AssignmentPlan) -> BTreeSet<Uuid> {
    let without = plan.unmet.iter().flat_map(left_out).map(|(person, _)| person);
    plan.placements.iter().map(|placement| placement.person).chain(without).collect()
}

/// Who has no group in which round, by one unmet rule.
pub(in crate::groups) fn left_out(unmet: &Unmet) -> Vec<(Uuid, Uuid)> {
    match unmet {
        Unmet::OverCapacity { round, people } => {
            people.iter().map(|person| (*person, *round)).collect()
        }
        Unmet::NoLanguage { person, rounds } => {
            rounds.iter().map(|round| (*person, *round)).collect()
        }
        _ => Vec::new(),
    }
}

fn changes(
    plan: &AssignmentPlan,
    confirmed: &[Registration],
    places: &Places,
) -> Vec<(String, &'static str)> {
    let planned = planned(plan);
    let rounds: BTreeSet<Uuid> = places.rounds.iter().map(|round| round.id.uuid()).collect();
    let groups: BTreeSet<Uuid> = places.groups.iter().map(|group| group.id.uuid()).collect();
    let comes = |one: &&Registration| {
        let own = one.rounds.as_ref();
        own.is_none_or(|own| own.iter().any(|round| rounds.contains(&round.uuid())))
    };
    let expected: BTreeSet<Uuid> =
        confirmed.iter().filter(comes).map(|one| one.id.uuid()).collect();
    let confirmed: BTreeSet<Uuid> = confirmed.iter().map(|one| one.id.uuid()).collect();
    let mut changed = Vec::new();
    let mut note = |kind: &str, ids: &mut dyn Iterator<Item = Uuid>, why: &'static str| {
        changed.extend(ids.map(|id| (format!("/{kind}/{id}"), why)));
    };
    let why = "is confirmed and not in the plan";
    note("registrations", &mut expected.difference(&planned).copied(), why);
    let why = "is in the plan and not confirmed any more";
    note("registrations", &mut planned.difference(&confirmed).copied(), why);
    let in_plan = |of: fn(&solver::Composition) -> Uuid| -> BTreeSet<Uuid> {
        plan.quality.groups.iter().map(of).collect()
    };
    let (planned_rounds, planned_groups) = (in_plan(|one| one.round), in_plan(|one| one.group));
    let why = "was added or removed";
    note("rounds", &mut planned_rounds.symmetric_difference(&rounds).copied(), why);
    note("working-groups", &mut planned_groups.symmetric_difference(&groups).copied(), why);
    changed
}

/// What the plan breaks now and did not when it was made.
fn new_conflicts(plan: &AssignmentPlan, now: &solver::Plan) -> BTreeSet<(String, &'static str)> {
    let known: BTreeSet<&Unmet> = plan.unmet.iter().collect();
    let lacking: BTreeSet<(Uuid, Uuid)> = plan.unmet.iter().flat_map(left_out).collect();
    let planned = planned(plan);
    let person = |id: &Uuid, why| (format!("/registrations/{id}"), why);
    let mut found = BTreeSet::new();
    for unmet in now.unmet.iter().filter(|unmet| !known.contains(unmet)) {
        match unmet {
            Unmet::NotInRound { person: id, .. } => {
                found.insert(person(id, "does not take part any more in a round of the plan"));
            }
            Unmet::WrongLanguage { person: id, .. } => {
                found.insert(person(
                    id,
                    "has no language in common any more with a group of theirs",
                ));
            }
            Unmet::AboveMaximum { group, .. } | Unmet::PinsExceedMax { group, .. } => {
                let why = "takes fewer people than the plan puts there";
                found.insert((format!("/working-groups/{group}"), why));
            }
            other => {
                let new = left_out(other).into_iter().filter(|place| !lacking.contains(place));
                let new = new.filter(|(id, _)| planned.contains(id));
                found.extend(new.map(|(id, _)| {
                    person(&id, "takes part in a round in which the plan has no group for them")
                }));
            }
        }
    }
    found
}

type Groups = BTreeMap<RoundId, WorkingGroupId>;

fn by_registration(assignments: &[Assignment]) -> HashMap<RegistrationId, Groups> {
    let mut found: HashMap<RegistrationId, Groups> = HashMap::new();
    for one in assignments {
        found.entry(one.registration_id).or_default().insert(one.round_id, one.working_group_id);
    }
    found
}

pub(in crate::groups) fn tell_changed(
    work: &mut Work,
    consultation: &Consultation,
    places: &Places,
    people: &[Registration],
    before: &[Assignment],
    after: &[Assignment],
) -> Result<(), Problem> {
    let (before, after) = (by_registration(before), by_registration(after));
    let changed: Vec<(&Registration, &Groups)> = people
        .iter()
        .filter_map(|one| Some((one, after.get(&one.id)?)))
        .filter(|(one, groups)| before.get(&one.id) != Some(*groups))
        .collect();
    let ids: Vec<AccountId> = changed.iter().map(|(one, _)| one.account_id).collect();
    let accounts = accounts::service::names(work, &ids)?;
    let known = |(one, groups): (_, _)| {
        let one: &Registration = one;
        let account = one.known_as(accounts.get(&one.account_id)?);
        Some((account, (one, groups)))
    };
    let (people, changed): (Vec<Account>, Vec<(&Registration, &Groups)>) =
        changed.into_iter().filter_map(known).unzip();
    let links = registrations::service::links(work, consultation, &people)?;
    let mut mails = Vec::with_capacity(people.len());
    for ((account, (registration, groups)), link) in people.iter().zip(changed).zip(links.addresses)
    {
        let in_order = places
            .rounds
            .iter()
            .filter_map(|round| Some((round, places.group(*groups.get(&round.id)?)?)));
        let rows: Vec<(&Round, &WorkingGroup)> = in_order.collect();
        mails.push(groups::mails::assigned(account, consultation, registration, &rows, link)?);
    }
    work.mails_with(mails, links.rows)
}
