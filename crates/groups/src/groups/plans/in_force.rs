//! The plan in force at the last minute: which groups lack people and what would do at the least cost, and moving people
//! at once. Only those who move are told. It must never look for a new plan.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use super::applying::{assignment, for_assigning, set_state, tell_changed};
use super::edits::{self, Effect};
use super::service::numbers;
use crate::access::Permission;
use crate::consultations::{self, Consultation, ConsultationId};
use crate::db::types::Id;
use crate::groups::instances::{self, Places};
use crate::groups::solver::{self, Draft, Edit, Instance, Placement, Suggestion, Unmet};
use crate::groups::{self, Assignment, AssignmentId, AssignmentPlan, PlanState, rules};
use crate::problem::{Code, Problem, require_version};
use crate::registrations::{self, RegistrationId};
use crate::work::Work;

/// Moves that are suggested for each gap.
const SUGGESTED: usize = 5;

/// A group that lacks people in a round.
#[derive(Debug, Clone)]
pub struct Gap {
    /// The round.
    pub round: Uuid,
    /// The group.
    pub group: Uuid,
    /// How many it has.
    pub size: usize,
    /// How many it should have.
    pub min: usize,
    /// Who could come from another group, the cheapest first.
    pub moves: Vec<Suggestion>,
}

/// What is in force, and how it could be mended.
#[derive(Debug, Clone)]
pub struct Suggestions {
    /// The plan in force.
    pub plan: AssignmentPlan,
    /// What is in force, in numbers and with everything that is not met, by the rules of now.
    pub now: solver::Plan,
    /// Groups that lack people.
    pub gaps: Vec<Gap>,
    /// Names of those who could move.
    pub names: HashMap<RegistrationId, String>,
    /// Numbers of rounds and groups.
    pub numbers: BTreeMap<Uuid, i32>,
}

/// The plan in force of a consultation; 409 when there is none.
fn plan_in_force(work: &mut Work, id: ConsultationId) -> Result<AssignmentPlan, Problem> {
    groups::store::applied(work.conn, id)?.ok_or_else(|| {
        let detail = "No plan is in force yet: propose one and apply it.";
        Problem::new(Code::InvalidTransition, detail)
    })
}

/// What is in force with the people and the rules of now; staying where one is costs nothing.
fn instance_now(
    work: &mut Work,
    consultation: &Consultation,
    plan: &AssignmentPlan,
) -> Result<(Instance, Vec<Placement>), Problem> {
    let placements = instances::in_force(work, consultation)?;
    let rules = rules::service::load(work, consultation.id)?;
    let (seed, announced) = (plan.seed, placements.clone());
    let instance = instances::instance(work, consultation, &rules, seed, announced)?;
    Ok((instance, placements))
}

/// Groups under their minimum, with the cheapest single moves that would help, for those who assign.
pub fn suggestions(work: &mut Work, consultation: ConsultationId) -> Result<Suggestions, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::Assign, &consultation.scope())?;
    let plan = plan_in_force(work, consultation.id)?;
    let (instance, placements) = instance_now(work, &consultation, &plan)?;
    let mut draft = Draft::new(&instance, &placements);
    let now = draft.plan();
    let mut gaps = Vec::new();
    for unmet in &now.unmet {
        let Unmet::BelowMinimum { round, group, size, min } = *unmet else { continue };
        let session = solver::Session { round, group };
        gaps.push(Gap { round, group, size, min, moves: draft.suggest(session, SUGGESTED) });
    }
    let moves = gaps.iter().flat_map(|gap| &gap.moves);
    let ids: BTreeSet<RegistrationId> = moves.filter_map(|one| mover(&one.edit)).collect();
    let names = registrations::service::names(work, &ids)?;
    let numbers = numbers(&Places::of(work, &consultation)?);
    gaps.sort_by_key(|gap| (numbers.get(&gap.round).copied(), numbers.get(&gap.group).copied()));
    Ok(Suggestions { plan, now, gaps, names, numbers })
}

/// Who moves, by a single move.
pub fn mover(edit: &Edit) -> Option<RegistrationId> {
    match edit {
        Edit::Move { person, .. } => Some(Id::new(*person)),
        Edit::Swap { .. } => None,
    }
}

/// What moving people would come to, or came to.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The plan in force.
    pub plan: AssignmentPlan,
    /// What the edits change.
    pub effect: Effect,
    /// What is in force then.
    pub then: solver::Plan,
}

/// Prices moves in the plan in force. Writes nothing.
pub fn preview(
    work: &mut Work,
    consultation: ConsultationId,
    version: i64,
    edits: &[Edit],
) -> Result<Moved, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::Assign, &consultation.scope())?;
    let plan = current(work, consultation.id, version)?;
    let (instance, placements) = instance_now(work, &consultation, &plan)?;
    moved(plan, &instance, &placements, edits)
}

fn current(
    work: &mut Work,
    consultation: ConsultationId,
    version: i64,
) -> Result<AssignmentPlan, Problem> {
    let plan = plan_in_force(work, consultation)?;
    require_version(plan.version, version)?;
    Ok(plan)
}

fn moved(
    plan: AssignmentPlan,
    instance: &Instance,
    placements: &[Placement],
    edits: &[Edit],
) -> Result<Moved, Problem> {
    edits::check(edits, instance)?;
    let mut draft = Draft::new(instance, placements);
    let mut effect = Effect::default();
    edits::make(&mut draft, edits, &mut effect);
    Ok(Moved { plan, effect, then: draft.plan() })
}

/// Moves people in the plan in force, all at once or not at all, and tells those whose groups change. 409 when a rule
/// would be broken that is not broken now, unless `even_if_broken`. `version` is that of the plan in force.
pub fn edit(
    work: &mut Work,
    consultation: ConsultationId,
    version: i64,
    edits: &[Edit],
    even_if_broken: bool,
) -> Result<Moved, Problem> {
    let consultation = for_assigning(work, consultation)?;
    let plan = current(work, consultation.id, version)?;
    let before = groups::store::assignments(work.conn, consultation.id)?;
    let (instance, placements) = instance_now(work, &consultation, &plan)?;
    let unmet = solver::evaluate(&instance, &placements).unmet;
    let mut moved = moved(plan, &instance, &placements, edits)?;
    if !even_if_broken {
        nothing_new_is_broken(&unmet, &moved.then.unmet)?;
    }
    let after = write(work, &moved, before.clone())?;
    let (plan, state) = (&mut moved.plan, PlanState::Applied);
    set_state(work, plan.id, plan.version, state)?;
    plan.version += 1;
    plan.updated_at = work.now;
    let confirmed = registrations::service::confirmed(work, consultation.id)?;
    let places = Places::of(work, &consultation)?;
    tell_changed(work, &consultation, &places, &confirmed, &before, &after)?;
    Ok(moved)
}

fn nothing_new_is_broken(before: &[Unmet], after: &[Unmet]) -> Result<(), Problem> {
    let broken: Vec<&Unmet> = after.iter().filter(|unmet| is_worse(before, unmet)).collect();
    if broken.is_empty() {
        return Ok(());
    }
    let detail = "These moves would break rules; `errors` names them. Say even_if_broken to move all the same.";
    let problem = Problem::new(Code::InvalidTransition, detail);
    Err(broken.into_iter().fold(problem, |problem, unmet| {
        let said = serde_json::to_string(unmet).unwrap_or_default();
        problem.at("/edits", format!("would break: {said}"))
    }))
}

/// Whether a rule that is not met was better kept before.
fn is_worse(before: &[Unmet], unmet: &Unmet) -> bool {
    !before.iter().any(|known| match (known, unmet) {
        (
            Unmet::BelowMinimum { round, group, size, .. },
            Unmet::BelowMinimum { round: same, group: one, size: now, .. },
        ) => (round, group) == (same, one) && size <= now,
        (
            Unmet::AboveMaximum { round, group, size, .. },
            Unmet::AboveMaximum { round: same, group: one, size: now, .. },
        ) => (round, group) == (same, one) && size >= now,
        (
            Unmet::OverCapacity { round, people },
            Unmet::OverCapacity { round: same, people: now },
        ) => round == same && now.iter().all(|person| people.contains(person)),
        (known, unmet) => known == unmet,
    })
}

/// Writes what differs, and says what is in force then.
fn write(
    work: &mut Work,
    moved: &Moved,
    before: Vec<Assignment>,
) -> Result<Vec<Assignment>, Problem> {
    let now: Vec<Placement> = before.iter().map(instances::placement).collect();
    let changes = solver::compare(&now, &moved.then.placements);
    let changed: BTreeSet<(Uuid, Uuid)> =
        changes.iter().map(|change| (change.person, change.round)).collect();
    let touched =
        |one: &Assignment| changed.contains(&(one.registration_id.uuid(), one.round_id.uuid()));
    let old: Vec<AssignmentId> =
        before.iter().filter(|one| touched(one)).map(|one| one.id).collect();
    let seats = changes.iter().filter_map(|change| {
        let (person, round) = (change.person, change.round);
        change.to.map(|group| Placement { person, round, group })
    });
    let new: Vec<Assignment> = seats.map(|seat| assignment(work, &moved.plan, &seat)).collect();
    groups::store::delete(work.conn, &old)?;
    groups::store::insert(work.conn, &new)?;
    let people: BTreeSet<Uuid> = changes.iter().map(|change| change.person).collect();
    for person in people {
        let id = RegistrationId::new(person);
        work.audit("assignments.moved", "registration", id);
    }
    work.audit("assignments.edited", "assignment_plan", moved.plan.id);
    let kept = before.into_iter().filter(|one| !touched(one));
    Ok(kept.chain(new).collect())
}
