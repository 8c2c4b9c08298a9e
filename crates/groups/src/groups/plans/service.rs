//! Plans as those who may see them see them: one by one, person by person with the reasons, and side by side. They are for those who
//! see registrations by name: a plan counts people by two things at once, which nobody else is told (`figures::allowed`).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use super::applying;
use crate::access::Permission;
use crate::consultations::{self, Activity, Consultation, ConsultationId, WorkingGroup};
use crate::db::types::{Id, Timestamp};
use crate::groups::instances::{self, Places};
use crate::groups::solver::{self, Draft, Explanation, Instance, Placement};
use crate::groups::{self, AssignmentPlan, PlanId, PlanState};
use crate::http::page::{Listing, Paging};
use crate::problem::{Code, Problem};
use crate::registrations::{self, Registration, RegistrationId};
use crate::work::Work;

pub(in crate::groups) fn load(work: &mut Work, id: PlanId) -> Result<AssignmentPlan, Problem> {
    groups::store::plan(work.conn, id)?.ok_or_else(|| Problem::not_found("assignment plan"))
}

/// A plan, for those who see its people by name: it counts them by two things at once. 404 for others.
pub fn see_plan(work: &mut Work, id: PlanId) -> Result<AssignmentPlan, Problem> {
    if work.caller.roles().is_empty() {
        work.caller.signed_in()?;
    }
    let plan = load(work, id)?;
    let consultation = consultations::service::load(work, plan.consultation_id)?;
    if work.may(Permission::ReadRegistrations, &consultation.scope()) {
        Ok(plan)
    } else {
        Err(Problem::not_found("assignment plan"))
    }
}

/// The plans of a consultation, in the order they were proposed.
pub fn plans(
    work: &mut Work,
    consultation: ConsultationId,
    paging: &Paging,
) -> Result<Listing<AssignmentPlan>, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::ReadRegistrations, &consultation.scope())?;
    let rows = groups::store::plans(work.conn, consultation.id, paging)?;
    Ok(paging.finish(rows, |row| vec![row.id.to_string()]))
}

/// What the caller may do with a plan now.
pub fn plan_actions(
    work: &Work,
    consultation: &Consultation,
    plan: &AssignmentPlan,
) -> Vec<&'static str> {
    let now = Activity::Assign.phases().contains(&consultation.phase);
    let may = work.may(Permission::Assign, &consultation.scope());
    let open = now && may && plan.state == PlanState::Proposed;
    if open { vec!["apply", "edit"] } else { Vec::new() }
}

/// How often the plans of a consultation changed in all, and when last. No plan is ever deleted: the count never goes
/// down. For other services: it does not ask who asks.
pub fn plan_changes(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<(i64, Option<Timestamp>), Problem> {
    groups::store::plan_changes(work.conn, consultation)
}

/// A plan beside what it is reckoned with: the people of now, and the rules that it was made by.
pub(in crate::groups) struct PlanInstance {
    pub(in crate::groups) plan: AssignmentPlan,
    pub(in crate::groups) consultation: Consultation,
    pub(in crate::groups) instance: Instance,
    /// Who is where by the plan; by what is in force, when it is.
    pub(in crate::groups) placements: Vec<Placement>,
}

impl PlanInstance {
    pub(in crate::groups) fn of(work: &mut Work, plan: AssignmentPlan) -> Result<Self, Problem> {
        let consultation = consultations::service::load(work, plan.consultation_id)?;
        let announced = instances::in_force(work, &consultation)?;
        let placements = match plan.state {
            PlanState::Applied => announced.clone(),
            _ => plan.placements.clone(),
        };
        let previous = if plan.search.keep_announced { announced } else { Vec::new() };
        let (rules, seed) = (&plan.rules, plan.seed);
        let instance = instances::instance(work, &consultation, rules, seed, previous)?;
        Ok(Self { plan, consultation, instance, placements })
    }
}

// ------------------------------------------------------------------------------------------------ person by person

/// Somebody's groups by a plan.
#[derive(Debug, Clone)]
pub struct PersonOfPlan {
    /// Who.
    pub registration_id: RegistrationId,
    /// Their name, if they still have one.
    pub name: Option<String>,
    /// Their rounds, in order.
    pub rounds: Vec<RoundOfPerson>,
}

/// Somebody's group in a round.
#[derive(Debug, Clone, Copy)]
pub struct RoundOfPerson {
    /// The round.
    pub round: Uuid,
    /// Its number.
    pub number: i32,
    /// The group and its number.
    pub group: (Uuid, i32),
    /// Which choice of theirs it is, from 1.
    pub rank: Option<usize>,
}

/// Everybody in a plan, by registration.
pub fn people(
    work: &mut Work,
    id: PlanId,
    paging: &Paging,
) -> Result<Listing<PersonOfPlan>, Problem> {
    let plan = see_plan(work, id)?;
    let consultation = consultations::service::load(work, plan.consultation_id)?;
    let mut placements = match plan.state {
        PlanState::Applied => instances::in_force(work, &consultation)?,
        _ => plan.placements.clone(),
    };
    placements.sort();
    let mut everybody: BTreeSet<Uuid> = placements.iter().map(|one| one.person).collect();
    everybody.extend(applying::planned(&plan));
    let after = paging.after_one::<RegistrationId>()?;
    let rows: Vec<Uuid> = everybody
        .into_iter()
        .filter(|id| after.is_none_or(|after| *id > after.uuid()))
        .take(paging.load() as usize)
        .collect();
    let part = paging.finish(rows, |id| vec![id.to_string()]);
    let ids: BTreeSet<RegistrationId> = part.items.iter().map(|id| Id::new(*id)).collect();
    let names = registrations::service::names(work, &ids)?;
    let wishes = wishes(work, &consultation)?;
    let places = Places::of(work, &consultation)?;
    let person = |id: Uuid| PersonOfPlan {
        registration_id: Id::new(id),
        name: names.get(&Id::new(id)).cloned(),
        rounds: rounds_of(id, &placements, &places, wishes.get(&id)),
    };
    Ok(part.map(person))
}

/// What each of the confirmed would like, by groups that there are.
fn wishes(
    work: &mut Work,
    consultation: &Consultation,
) -> Result<BTreeMap<Uuid, Vec<Uuid>>, Problem> {
    let groups: BTreeSet<_> =
        consultations::programme::service::all::<WorkingGroup>(work, consultation.id)?
            .into_iter()
            .map(|group| group.id)
            .collect();
    let confirmed = registrations::service::confirmed(work, consultation.id)?;
    let wish = |one: Registration| {
        let known = one.preferences.iter().filter(|id| groups.contains(id));
        (one.id.uuid(), known.map(|id| id.uuid()).collect())
    };
    Ok(confirmed.into_iter().map(wish).collect())
}

fn rounds_of(
    person: Uuid,
    placements: &[Placement],
    places: &Places,
    wishes: Option<&Vec<Uuid>>,
) -> Vec<RoundOfPerson> {
    let from = placements.partition_point(|one| one.person < person);
    let own = placements[from..].iter().take_while(|one| one.person == person);
    let mut rounds: Vec<RoundOfPerson> = own
        .map(|one| RoundOfPerson {
            round: one.round,
            number: places.round_number(one.round),
            group: (one.group, places.group_number(one.group)),
            rank: wishes
                .and_then(|wishes| wishes.iter().position(|wish| *wish == one.group))
                .map(|rank| rank + 1),
        })
        .collect();
    rounds.sort_by_key(|one| one.number);
    rounds
}

/// Why somebody is where they are, for those who assign.
#[derive(Debug, Clone)]
pub struct Reasons {
    /// Who.
    pub registration_id: RegistrationId,
    /// Names of them and of those with whom they could change places.
    pub names: HashMap<RegistrationId, String>,
    /// Round by round.
    pub rounds: Vec<Explanation>,
    /// Numbers of rounds and groups.
    pub numbers: BTreeMap<Uuid, i32>,
}

/// Why somebody is in the group they are in, and what each other one would change. 404 for who is not confirmed.
pub fn explanation(
    work: &mut Work,
    id: PlanId,
    registration: RegistrationId,
) -> Result<Reasons, Problem> {
    let plan = see_plan(work, id)?;
    let consultation = consultations::service::load(work, plan.consultation_id)?;
    work.require(Permission::Assign, &consultation.scope())?;
    let standing = PlanInstance::of(work, plan)?;
    let mut draft = Draft::new(&standing.instance, &standing.placements);
    let rounds = draft.explain(registration.uuid());
    let mut rounds = rounds.ok_or_else(|| Problem::not_found("confirmed registration"))?;
    let others = rounds.iter().flat_map(|round| &round.alternatives);
    let others = others.filter_map(|other| other.swap.as_ref());
    let mut ids: BTreeSet<RegistrationId> = others.map(|swap| Id::new(swap.with)).collect();
    ids.insert(registration);
    let names = registrations::service::names(work, &ids)?;
    let numbers = numbers(&Places::of(work, &standing.consultation)?);
    rounds.sort_by_key(|round| numbers.get(&round.round).copied());
    Ok(Reasons { registration_id: registration, names, rounds, numbers })
}

/// The numbers of rounds and of groups.
pub(in crate::groups) fn numbers(places: &Places) -> BTreeMap<Uuid, i32> {
    let rounds = places.rounds.iter().map(|round| (round.id.uuid(), round.number));
    rounds.chain(places.groups.iter().map(|group| (group.id.uuid(), group.number))).collect()
}

// ------------------------------------------------------------------------------------------------ side by side

/// Two plans beside each other, both reckoned with the people of now and the rules of the first.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The plan.
    pub plan: AssignmentPlan,
    /// The other; none when nothing is in force.
    pub with: Option<AssignmentPlan>,
    /// The plan in numbers.
    pub own: solver::Plan,
    /// The other in numbers.
    pub other: solver::Plan,
    /// Who moves from the other to the plan.
    pub moves: Vec<solver::Change>,
    /// Names of those who move.
    pub names: HashMap<RegistrationId, String>,
    /// Numbers of rounds and groups.
    pub numbers: BTreeMap<Uuid, i32>,
}

/// A plan beside another of its consultation; beside what is in force when none is named.
pub fn comparison(
    work: &mut Work,
    id: PlanId,
    with: Option<PlanId>,
) -> Result<Comparison, Problem> {
    let plan = see_plan(work, id)?;
    let standing = PlanInstance::of(work, plan)?;
    let consultation = standing.consultation.id;
    let other = match with {
        Some(with) => Some(see_plan(work, with)?),
        None => groups::store::applied(work.conn, consultation)?,
    };
    if other.as_ref().is_some_and(|other| other.consultation_id != consultation) {
        let detail = "is a plan of another consultation";
        return Err(Problem::new(Code::InvalidQuery, detail).at("?with", detail));
    }
    let placements = match &other {
        Some(other) if other.state == PlanState::Applied => {
            instances::in_force(work, &standing.consultation)?
        }
        Some(other) => other.placements.clone(),
        None => Vec::new(),
    };
    let moves = solver::compare(&placements, &standing.placements);
    let ids: BTreeSet<RegistrationId> = moves.iter().map(|one| Id::new(one.person)).collect();
    Ok(Comparison {
        own: solver::evaluate(&standing.instance, &standing.placements),
        other: solver::evaluate(&standing.instance, &placements),
        names: registrations::service::names(work, &ids)?,
        numbers: numbers(&Places::of(work, &standing.consultation)?),
        plan: standing.plan,
        with: other,
        moves,
    })
}

/// The plan that participants see now, if one was applied. For other services: it does not ask who asks.
pub fn in_force(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<Option<AssignmentPlan>, Problem> {
    groups::store::applied(work.conn, consultation)
}
