//! What a caller may do with assignments and hosts: propose a plan, put it in force, see who is where. Whoever changes
//! assignments holds the consultation's lock.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use super::solver::{self, Instance, Placement, Unmet};
use super::{
    Assignment, AssignmentPlan, HOST_ROLES, Host, PlanId, PlanState, Seat, Whom, mails, store,
};
use crate::access::{Permission, Role, ScopeKind};
use crate::accounts::{self, AccountId};
use crate::consultations::{
    self, Activity, Consultation, ConsultationId, Round, RoundId, WorkingGroup, WorkingGroupId,
};
use crate::db;
use crate::db::types::{Id, Timestamp};
use crate::http::page::{Paging, Part};
use crate::problem::{Code, Problem};
use crate::reference::Reference;
use crate::registrations::{self, Registration, RegistrationId};
use crate::work::Work;

pub use super::newcomers::{leave, place_newcomer};

/// As much as is searched while somebody waits for the answer.
const PROPOSING: solver::Limits = solver::Limits { work: 20_000_000 };

/// Finds a plan for everybody who is confirmed now, and keeps it as a proposal. The same seed and people give the same plan.
pub fn propose(
    work: &mut Work,
    consultation: ConsultationId,
    seed: i64,
) -> Result<AssignmentPlan, Problem> {
    let consultation = for_assigning(work, consultation)?;
    let instance = instance(work, &consultation, seed)?;
    if instance.groups.is_empty() || instance.rounds.is_empty() {
        let detail = "There must be at least one round and one working group to assign people to.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    let found = solver::solve(&instance, &PROPOSING, &mut solver::go_on);
    let plan = AssignmentPlan {
        id: work.id(),
        consultation_id: consultation.id,
        state: PlanState::Proposed,
        seed,
        placements: found.placements,
        unmet: found.unmet,
        quality: found.quality,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    store::insert_plan(work.conn, &plan)?;
    work.audit("assignment_plan.proposed", "assignment_plan", plan.id);
    Ok(plan)
}

/// The consultation under its lock, for somebody who may assign now.
fn for_assigning(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    let seen = consultations::service::see(work, id)?;
    work.require(Permission::Assign, &seen.scope())?;
    db::lock(work.conn, id.uuid())?;
    let consultation = consultations::service::load(work, id)?;
    consultation.require(Activity::Assign)?;
    Ok(consultation)
}

/// What the solver needs to know, and nothing that says who somebody is.
pub(super) fn instance(
    work: &mut Work,
    consultation: &Consultation,
    seed: i64,
) -> Result<Instance, Problem> {
    let groups = consultations::service::working_groups(work, consultation.id)?;
    let rounds = consultations::service::rounds(work, consultation.id)?;
    let confirmed = registrations::service::confirmed(work, consultation.id)?;
    let mut hosts: BTreeMap<AccountId, BTreeSet<Uuid>> = BTreeMap::new();
    for group in &groups {
        for (_, account) in host_roles(work, group.id)? {
            hosts.entry(account).or_default().insert(group.id.uuid());
        }
    }
    Ok(Instance {
        groups: groups.iter().map(group).collect(),
        rounds: rounds.iter().map(|round| solver::Round { id: round.id.uuid() }).collect(),
        people: confirmed.iter().map(|one| person(one, hosts.get(&one.account_id))).collect(),
        seed: seed.cast_unsigned(),
        ..Instance::default()
    })
}

fn group(group: &WorkingGroup) -> solver::Group {
    let size = |number: i32| usize::try_from(number).unwrap_or_default();
    solver::Group {
        id: group.id.uuid(),
        min: size(group.min_size),
        max: size(group.max_size),
        ..solver::Group::default()
    }
}

fn person(registration: &Registration, hosts: Option<&BTreeSet<Uuid>>) -> solver::Person {
    let pins = hosts.into_iter().flatten();
    let subregion = Reference::get().subregion_of(registration.country);
    solver::Person {
        id: registration.id.uuid(),
        preferences: registration.preferences.iter().map(|group| group.uuid()).collect(),
        rounds: None,
        pinned: pins.map(|group| solver::Pin { round: None, group: *group }).collect(),
        sector: registration.sector.as_str().to_owned(),
        subregion: subregion.map_or("", |found| found.code.as_str()).to_owned(),
        gender: registration.gender.map_or("", |gender| gender.as_str()).to_owned(),
        organization: registration.organization_id.map(Id::uuid),
        languages: Vec::new(),
    }
}

/// Puts a plan in force, in place of the one before. 409 when it no longer fits those who are confirmed: `errors` names
/// what has changed. Everybody whose groups change is told.
pub fn apply(work: &mut Work, id: PlanId, version: i64) -> Result<AssignmentPlan, Problem> {
    let consultation = see_plan(work, id)?.consultation_id;
    let consultation = for_assigning(work, consultation)?;
    let mut plan = load(work, id)?;
    if plan.version != version {
        return Err(Problem::stale(plan.version));
    }
    plan.state = plan.state.apply()?;
    let confirmed = registrations::service::confirmed(work, consultation.id)?;
    let places = Places::of(work, &consultation)?;
    still_fits(&plan, &confirmed, &places)?;
    let before = store::assignments(work.conn, consultation.id)?;
    let after = assignments_of(work, &plan);
    store::clear(work.conn, consultation.id)?;
    if let Some(earlier) = store::applied(work.conn, consultation.id)? {
        let state = PlanState::Superseded;
        store::set_state(work.conn, earlier.id, earlier.version, state, work.now)?;
        work.audit("assignment_plan.superseded", "assignment_plan", earlier.id);
    }
    store::set_state(work.conn, plan.id, version, plan.state, work.now)?;
    store::insert(work.conn, &after)?;
    plan.version += 1;
    plan.updated_at = work.now;
    work.audit("assignment_plan.applied", "assignment_plan", plan.id);
    tell_changed(work, &consultation, &places, &confirmed, &before, &after)?;
    Ok(plan)
}

fn assignments_of(work: &Work, plan: &AssignmentPlan) -> Vec<Assignment> {
    let assignment = |placement: &Placement| assignment(work, plan, placement);
    plan.placements.iter().map(assignment).collect()
}

pub(super) fn assignment(work: &Work, plan: &AssignmentPlan, placement: &Placement) -> Assignment {
    Assignment {
        id: work.id(),
        consultation_id: plan.consultation_id,
        plan_id: plan.id,
        round_id: Id::new(placement.round),
        registration_id: Id::new(placement.person),
        working_group_id: Id::new(placement.group),
    }
}

/// The rounds and groups of a consultation.
pub(super) struct Places {
    rounds: Vec<Round>,
    groups: Vec<WorkingGroup>,
}

impl Places {
    pub(super) fn of(work: &mut Work, consultation: &Consultation) -> Result<Self, Problem> {
        Ok(Self {
            rounds: consultations::service::rounds(work, consultation.id)?,
            groups: consultations::service::working_groups(work, consultation.id)?,
        })
    }

    fn round(&self, id: RoundId) -> Option<&Round> {
        self.rounds.iter().find(|round| round.id == id)
    }

    fn group(&self, id: WorkingGroupId) -> Option<&WorkingGroup> {
        self.groups.iter().find(|group| group.id == id)
    }
}

/// 409 with everything that has changed since the plan was made and that it would get wrong.
fn still_fits(
    plan: &AssignmentPlan,
    confirmed: &[Registration],
    places: &Places,
) -> Result<(), Problem> {
    let changed = changes(plan, confirmed, places);
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

fn changes(
    plan: &AssignmentPlan,
    confirmed: &[Registration],
    places: &Places,
) -> Vec<(String, &'static str)> {
    let left_out = plan.unmet.iter().filter_map(|unmet| match unmet {
        Unmet::OverCapacity { people, .. } => Some(people),
        _ => None,
    });
    let placed = plan.placements.iter().map(|placement| placement.person);
    let planned: BTreeSet<Uuid> = placed.chain(left_out.flatten().copied()).collect();
    let confirmed: BTreeSet<Uuid> = confirmed.iter().map(|one| one.id.uuid()).collect();
    let mut changed = Vec::new();
    let mut note = |kind: &str, ids: &mut dyn Iterator<Item = Uuid>, why: &'static str| {
        changed.extend(ids.map(|id| (format!("/{kind}/{id}"), why)));
    };
    note(
        "registrations",
        &mut confirmed.difference(&planned).copied(),
        "is confirmed and not in the plan",
    );
    note(
        "registrations",
        &mut planned.difference(&confirmed).copied(),
        "is in the plan and not confirmed any more",
    );
    let in_plan = |of: fn(&solver::Composition) -> Uuid| -> BTreeSet<Uuid> {
        plan.quality.groups.iter().map(of).collect()
    };
    let (planned_rounds, planned_groups) = (in_plan(|one| one.round), in_plan(|one| one.group));
    let rounds: BTreeSet<Uuid> = places.rounds.iter().map(|round| round.id.uuid()).collect();
    let groups: BTreeSet<Uuid> = places.groups.iter().map(|group| group.id.uuid()).collect();
    let why = "was added or removed";
    note("rounds", &mut planned_rounds.symmetric_difference(&rounds).copied(), why);
    note("working-groups", &mut planned_groups.symmetric_difference(&groups).copied(), why);
    let shrunk: BTreeSet<Uuid> = plan
        .quality
        .groups
        .iter()
        .filter(|one| too_small(plan, places, one))
        .map(|one| one.group)
        .collect();
    note("working-groups", &mut shrunk.into_iter(), "takes fewer people than the plan puts there");
    changed
}

fn too_small(plan: &AssignmentPlan, places: &Places, size: &solver::Composition) -> bool {
    let known = plan.unmet.iter().any(|unmet| {
        matches!(unmet, Unmet::PinsExceedMax { round, group, .. } if (*round, *group) == (size.round, size.group))
    });
    let max =
        places.group(Id::new(size.group)).and_then(|group| usize::try_from(group.max_size).ok());
    !known && max.is_some_and(|max| size.size > max)
}

type Groups = BTreeMap<RoundId, WorkingGroupId>;

fn by_registration(assignments: &[Assignment]) -> HashMap<RegistrationId, Groups> {
    let mut found: HashMap<RegistrationId, Groups> = HashMap::new();
    for one in assignments {
        found.entry(one.registration_id).or_default().insert(one.round_id, one.working_group_id);
    }
    found
}

pub(super) fn tell_changed(
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
    for (registration, groups) in changed {
        let Some(account) = accounts.get(&registration.account_id) else { continue };
        let in_order = places
            .rounds
            .iter()
            .filter_map(|round| Some((round, places.group(*groups.get(&round.id)?)?)));
        let rows: Vec<(&Round, &WorkingGroup)> = in_order.collect();
        let mail = mails::assigned(account, consultation, registration, &rows)?;
        work.mail(mail)?;
    }
    Ok(())
}

fn load(work: &mut Work, id: PlanId) -> Result<AssignmentPlan, Problem> {
    store::plan(work.conn, id)?.ok_or_else(|| Problem::not_found("assignment plan"))
}

/// A plan, for those who see all assignments of its consultation; 404 for others.
pub fn see_plan(work: &mut Work, id: PlanId) -> Result<AssignmentPlan, Problem> {
    if work.caller.held().is_empty() {
        work.caller.signed_in()?;
    }
    let plan = load(work, id)?;
    let consultation = consultations::service::load(work, plan.consultation_id)?;
    match sees_all(work, &consultation) {
        true => Ok(plan),
        false => Err(Problem::not_found("assignment plan")),
    }
}

/// The plans of a consultation, in the order they were proposed.
pub fn plans(
    work: &mut Work,
    consultation: ConsultationId,
    paging: &Paging,
) -> Result<Part<AssignmentPlan>, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::ReadAssignments, &consultation.scope().outside_groups())?;
    let rows = store::plans(work.conn, consultation.id, paging)?;
    Ok(paging.finish(rows, |row| vec![row.id.to_string()]))
}

/// What the caller may do with a plan now.
pub fn plan_actions(work: &mut Work, plan: &AssignmentPlan) -> Result<Vec<&'static str>, Problem> {
    let consultation = consultations::service::load(work, plan.consultation_id)?;
    let now = Activity::Assign.phases().contains(&consultation.phase);
    let may = work.may(Permission::Assign, &consultation.scope());
    let apply = now && may && plan.state == PlanState::Proposed;
    Ok(if apply { vec!["apply"] } else { Vec::new() })
}

/// Roles in a group see that group only; the others see all.
fn sees_all(work: &Work, consultation: &Consultation) -> bool {
    work.may(Permission::ReadAssignments, &consultation.scope().outside_groups())
}

/// Every assignment of a consultation. For other services: it does not ask who asks.
pub fn assignments(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<Vec<Assignment>, Problem> {
    store::assignments(work.conn, consultation)
}

/// The assignments of one registration. For other services: it does not ask who asks.
pub fn assignments_of_registration(
    work: &mut Work,
    registration: RegistrationId,
) -> Result<Vec<Assignment>, Problem> {
    store::of_registration(work.conn, registration)
}

/// How often the plans of a consultation changed in all, and when last. No plan is ever deleted: the count never goes
/// down. For other services: it does not ask who asks.
pub fn plan_changes(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<(i64, Option<Timestamp>), Problem> {
    store::plan_changes(work.conn, consultation)
}

/// Who is where, as far as the caller may see: all of a consultation, or their own groups. Names are for those who see
/// registrations, and in one's own group.
pub fn list(
    work: &mut Work,
    consultation: ConsultationId,
    round: Option<RoundId>,
    group: Option<WorkingGroupId>,
    paging: &Paging,
) -> Result<Part<Seat>, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    let scope = consultation.scope();
    work.require(Permission::ReadAssignments, &scope)?;
    let places = Places::of(work, &consultation)?;
    let groups: Option<Vec<WorkingGroupId>> = match group {
        Some(group) => {
            work.require(Permission::ReadAssignments, &scope.group(group.uuid()))?;
            Some(vec![group])
        }
        None if sees_all(work, &consultation) => None,
        None => Some(own_groups(work, &places)),
    };
    let rows = store::list(work.conn, consultation.id, round, groups.as_deref(), paging)?;
    let part = paging.finish(rows, |row| vec![row.id.to_string()]);
    let all_names = work.may(Permission::ReadRegistrations, &scope);
    let named = if all_names { None } else { Some(own_groups(work, &places)) };
    let items = seats(work, &places, part.items, named.as_deref())?;
    Ok(Part { items, next: part.next })
}

/// The groups in which the caller has a role.
fn own_groups(work: &Work, places: &Places) -> Vec<WorkingGroupId> {
    let held = work.caller.held();
    let own = |group: &&WorkingGroup| {
        held.iter().any(|held| {
            held.scope_kind == ScopeKind::WorkingGroup && held.scope_id == group.id.uuid()
        })
    };
    places.groups.iter().filter(own).map(|group| group.id).collect()
}

/// With names in these groups; in all when there is no list.
fn seats(
    work: &mut Work,
    places: &Places,
    assignments: Vec<Assignment>,
    named: Option<&[WorkingGroupId]>,
) -> Result<Vec<Seat>, Problem> {
    let is_named =
        |one: &Assignment| named.is_none_or(|groups| groups.contains(&one.working_group_id));
    let registrations: BTreeSet<RegistrationId> =
        assignments.iter().filter(|one| is_named(one)).map(|one| one.registration_id).collect();
    let names = registrations::service::names(work, &registrations)?;
    let seat = |assignment: Assignment| Seat {
        round: places.round(assignment.round_id).map_or(0, |round| round.number),
        group: places.group(assignment.working_group_id).map_or(0, |group| group.number),
        name: is_named(&assignment)
            .then(|| names.get(&assignment.registration_id).cloned())
            .flatten(),
        assignment,
    };
    Ok(assignments.into_iter().map(seat).collect())
}

/// The caller's own assignments, in all consultations.
pub fn own(work: &mut Work) -> Result<Vec<Seat>, Problem> {
    let account = work.caller.signed_in()?;
    let mut own = Vec::new();
    for registration in registrations::service::active_of_person(work, account)? {
        let consultation = consultations::service::load(work, registration.consultation_id)?;
        let places = Places::of(work, &consultation)?;
        let assignments = store::of_registration(work.conn, registration.id)?;
        own.extend(seats(work, &places, assignments, Some(&[]))?);
    }
    Ok(own)
}

/// Gives somebody a role in a working group; those who give roles may. They are pinned to the group from the next plan on.
pub fn set_host(
    work: &mut Work,
    group: WorkingGroupId,
    account: AccountId,
    role: Role,
) -> Result<(), Problem> {
    host_group(work, group, role)?;
    accounts::service::load(work, account).map_err(|problem| match problem.code() {
        Code::NotFound => Problem::invalid("/account_id", "there is no such account"),
        _ => problem,
    })?;
    accounts::service::give_role(work, account, role, ScopeKind::WorkingGroup, group.uuid())
}

/// As [`set_host`], also for somebody who has no account yet. Tells the account.
pub fn add_host(
    work: &mut Work,
    group: WorkingGroupId,
    whom: &Whom,
    role: Role,
) -> Result<Host, Problem> {
    let consultation = host_group(work, group, role)?;
    let account = match whom {
        Whom::Account(account) => *account,
        Whom::Person(person) => {
            accounts::checked_name(&person.name, "/person/name")?;
            accounts::service::find_or_create(work, &person.email, &person.name)?.id
        }
    };
    set_host(work, group, account, role)?;
    host(work, &consultation, account, role)
}

/// Takes a role in a working group from somebody; 404 when they do not hold it.
pub fn remove_host(
    work: &mut Work,
    group: WorkingGroupId,
    account: AccountId,
    role: Role,
) -> Result<(), Problem> {
    host_group(work, group, role)?;
    if !host_roles(work, group)?.contains(&(role, account)) {
        return Err(Problem::not_found("host"));
    }
    accounts::service::take_role(work, account, role, ScopeKind::WorkingGroup, group.uuid())
}

/// The consultation of a group whose hosts the caller may change.
fn host_group(work: &mut Work, group: WorkingGroupId, role: Role) -> Result<Consultation, Problem> {
    let (group, consultation) = consultations::service::see_working_group(work, group)?;
    work.require(Permission::GrantRoles, &consultation.scope().group(group.id.uuid()))?;
    if !HOST_ROLES.contains(&role) {
        let words: Vec<&str> = HOST_ROLES.iter().map(|role| role.as_str()).collect();
        let detail = format!("must be one of {}", words.join(", "));
        return Err(Problem::invalid("/role", detail));
    }
    Ok(consultation)
}

fn host_roles(work: &mut Work, group: WorkingGroupId) -> Result<Vec<(Role, AccountId)>, Problem> {
    let holders = accounts::service::holders(work, ScopeKind::WorkingGroup, group.uuid())?;
    Ok(holders.into_iter().filter(|(role, _)| HOST_ROLES.contains(role)).collect())
}

fn host(
    work: &mut Work,
    consultation: &Consultation,
    account: AccountId,
    role: Role,
) -> Result<Host, Problem> {
    let registration = registrations::service::of_account(work, consultation.id, account)?;
    let named = registration.is_some_and(|one| one.may_be_named());
    let name = accounts::service::load(work, account)?.name;
    Ok(Host { account_id: account, role, name, named })
}

/// Everybody with a role in a working group, in the order of roles, with names. For other services: a name may be told
/// outside only when the host is `named`.
pub fn hosts(work: &mut Work, group: WorkingGroupId) -> Result<Vec<Host>, Problem> {
    let found = consultations::service::working_group(work, group)?;
    let consultation = consultations::service::load(work, found.consultation_id)?;
    let mut roles = host_roles(work, group)?;
    roles.sort_by_key(|(role, _)| *role);
    roles.into_iter().map(|(role, account)| host(work, &consultation, account, role)).collect()
}

/// The hosts of a group as the caller may know them: those who read plans with names and accounts, others without,
/// but for the names of those who consented.
pub fn see_hosts(work: &mut Work, group: WorkingGroupId) -> Result<(Vec<Host>, bool), Problem> {
    let (group, consultation) = consultations::service::see_working_group(work, group)?;
    let everything = work.may(Permission::ReadPlans, &consultation.scope());
    Ok((hosts(work, group.id)?, everything))
}
