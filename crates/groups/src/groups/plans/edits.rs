//! Plans under somebody's hands: what edits would change and which rules they would break, then the plan's next version.
//! Only proposed plans are edited here; what is in force changes by `in_force`. It must never look for a better plan.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::applying::{for_assigning, planned};
use super::proposals::clashes;
use super::service::{self, PlanInstance};
use crate::access::Permission;
use crate::groups::solver::{Draft, Edit, Instance, ObjectiveTerms, Placement, Price};
use crate::groups::{self, AssignmentPlan, PlanId, PlanState, instances};
use crate::problem::{Checks, Code, Problem, require_version};
use crate::work::Work;

/// Most edits that are made at once.
pub const MOST_EDITS: usize = 2000;

/// What edits change.
#[derive(Debug, Clone, Default)]
pub struct Effect {
    /// What each edit changes, after those before it.
    pub prices: Vec<Price>,
    /// All of them together.
    pub parts: ObjectiveTerms,
    /// Who was confirmed since the plan was made, and is placed along with it.
    pub newcomers: Vec<Placement>,
    /// Who is not confirmed any more and leaves the plan along with it.
    pub gone: Vec<Uuid>,
}

/// Prices edits of a proposed plan and gives the plan as it would be. Writes nothing.
pub fn preview(
    work: &mut Work,
    id: PlanId,
    version: i64,
    edits: &[Edit],
) -> Result<(AssignmentPlan, Effect), Problem> {
    let plan = service::see_plan(work, id)?;
    let standing = PlanInstance::of(work, plan)?;
    work.require(Permission::Assign, &standing.consultation.scope())?;
    changed(standing, version, edits)
}

/// Edits a proposed plan: its next version, reckoned anew. A bound that was proved stays as long as people, groups and
/// rules are the same; else nothing is said about one.
pub fn edit(
    work: &mut Work,
    id: PlanId,
    version: i64,
    edits: &[Edit],
) -> Result<(AssignmentPlan, Effect), Problem> {
    let consultation = service::see_plan(work, id)?.consultation_id;
    for_assigning(work, consultation)?;
    let plan = service::load(work, id)?;
    let (plan, effect) = changed(PlanInstance::of(work, plan)?, version, edits)?;
    let plan = groups::store::update_plan(work.conn, &plan, work.now)?;
    let details = serde_json::json!({ "edits": edits.len(), "value": plan.quality.value });
    work.audit_with("assignment_plan.edited", "assignment_plan", plan.id, details);
    Ok((plan, effect))
}

fn changed(
    standing: PlanInstance,
    version: i64,
    edits: &[Edit],
) -> Result<(AssignmentPlan, Effect), Problem> {
    let PlanInstance { mut plan, instance, placements, .. } = standing;
    require_version(plan.version, version)?;
    require_proposed(plan.state)?;
    check(edits, &instance)?;
    let mut draft = Draft::new(&instance, &placements);
    let mut effect = bring_up_to_date(&mut draft, &plan, &instance);
    make(&mut draft, edits, &mut effect);
    let now = draft.plan();
    let fingerprint = instances::fingerprint(&instance)?;
    let (bound, steps) = (plan.quality.bound, plan.quality.work);
    let same = fingerprint == plan.search.instance;
    plan.clashes = if same { plan.clashes } else { clashes(&instance, &now) };
    plan.placements = now.placements;
    plan.unmet = now.unmet;
    plan.quality = now.quality;
    plan.quality.work = steps;
    plan.quality.bound = bound.filter(|_| same);
    plan.edits += edits.len() as i64;
    Ok((plan, effect))
}

fn require_proposed(state: PlanState) -> Result<(), Problem> {
    let detail = match state {
        PlanState::Proposed => return Ok(()),
        PlanState::Applied => {
            "A plan that is in force is not edited: move people by assignments/edits of the consultation."
        }
        PlanState::Superseded => {
            "A plan that is superseded is not edited; one that is proposed is. Propose a new one."
        }
    };
    Err(Problem::new(Code::InvalidTransition, detail))
}

/// Places who came since, where nobody else moves, and notes who left.
fn bring_up_to_date(draft: &mut Draft, plan: &AssignmentPlan, instance: &Instance) -> Effect {
    let planned = planned(plan);
    let there: BTreeSet<Uuid> = instance.people.iter().map(|person| person.id).collect();
    let new = there.difference(&planned);
    Effect {
        newcomers: new.flat_map(|person| draft.place(*person)).collect(),
        gone: planned.difference(&there).copied().collect(),
        ..Effect::default()
    }
}

/// Makes edits that were checked, one after the other.
pub(in crate::groups) fn make(draft: &mut Draft, edits: &[Edit], effect: &mut Effect) {
    for price in edits.iter().filter_map(|edit| draft.apply(edit)) {
        effect.parts += price.parts;
        effect.prices.push(price);
    }
}

/// 422 with every edit that names what there is not.
pub(in crate::groups) fn check(edits: &[Edit], instance: &Instance) -> Result<(), Problem> {
    let people: BTreeSet<Uuid> = instance.people.iter().map(|person| person.id).collect();
    let rounds: BTreeSet<Uuid> = instance.rounds.iter().map(|round| round.id).collect();
    let groups: BTreeSet<Uuid> = instance.groups.iter().map(|group| group.id).collect();
    let mut checks = Checks::new();
    let detail = format!("must hold from 1 to {MOST_EDITS} edits");
    checks.require((1..=MOST_EDITS).contains(&edits.len()), "/edits", detail);
    for (at, edit) in edits.iter().enumerate() {
        let place = |field: &str| format!("/edits/{at}/{field}");
        let mut person = |id: &Uuid, field: &str| {
            let detail = "is no confirmed registration of this consultation";
            checks.require(people.contains(id), &place(field), detail);
        };
        let round = match edit {
            Edit::Move { person: who, round, .. } => {
                person(who, "registration_id");
                round
            }
            Edit::Swap { one, other, round } => {
                person(one, "registration_id");
                person(other, "with_registration_id");
                round
            }
        };
        let detail = "is no round of this consultation";
        checks.require(rounds.contains(round), &place("round_id"), detail);
        if let Edit::Move { to: Some(group), .. } = edit {
            let detail = "is no working group of this consultation";
            checks.require(groups.contains(group), &place("working_group_id"), detail);
        }
    }
    checks.finish()
}
