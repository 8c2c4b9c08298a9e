//! Finds plans: a first one at once, then better ones, until the bound is reached, the work is done or somebody says
//! stop. It must never know the clock.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::chains::{Chains, Cooling, POINT};
use super::chance::{Chance, mixed};
use super::evaluate;
use super::instance::Instance;
use super::model::{Model, NOWHERE};
use super::plan::{Placement, Plan};
use super::standing::Standing;
use super::state::State;
use super::{Limits, Progress, Stage};

/// See [`super::solve`].
pub(super) fn solve(
    instance: &Instance,
    limits: &Limits,
    progress: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Plan {
    let model = Arc::new(Model::new(instance));
    let mut chains =
        Chains::new(State::with(&model, announced(&model)), Chance::new(mixed(instance.seed)));
    chains.best_value = i64::MAX;
    chains.fill();
    let seats = model.seats.len() as u64;
    let cooling = Cooling { from: 2 * POINT, to: POINT / 2 };
    chains.run((seats * 500).min(limits.work / 20), cooling, i64::MIN, |chains| {
        let now = Progress {
            work: chains.work,
            value: chains.best_value,
            bound: 0,
            stage: Stage::Search,
        };
        progress(&now).is_break()
    });
    let (best, work) = (std::mem::take(&mut chains.best), chains.work);
    drop(chains);
    let mut plan = evaluate::assess(&Standing::new(model.clone(), &placements(&model, &best)));
    plan.quality.work = work;
    plan.quality.bound = Some(0);
    plan
}

/// The groups announced before, by seat, as far as there is room; the fixed ones first.
fn announced(model: &Model) -> Vec<u32> {
    let mut state = State::new(model);
    for (row, seat) in model.seats.iter().enumerate().filter(|(_, seat)| !seat.fixed) {
        let before = |&person: &u32| model.previous[person as usize * model.rounds + seat.round];
        let wanted = seat.people.iter().map(before).find(|&group| group != NOWHERE);
        let wanted = wanted.filter(|group| seat.groups.contains(group));
        if let Some(group) = wanted.filter(|&group| state.has_room(row, group)) {
            state.put(row, group);
        }
    }
    state.groups
}

/// What seats mean for people.
pub(super) fn placements(model: &Model, groups: &[u32]) -> Vec<Placement> {
    let instance = &model.reading.instance;
    let mut placements = Vec::new();
    for (seat, &group) in model.seats.iter().zip(groups).filter(|(_, group)| **group != NOWHERE) {
        placements.extend(seat.people.iter().map(|&person| Placement {
            person: instance.people[person as usize].id,
            round: instance.rounds[seat.round].id,
            group: instance.groups[group as usize].id,
        }));
    }
    placements.sort();
    placements
}
