//! Finds plans: a first one at once, then what none can go under, then better ones, and the proof that there is none
//! better, until the work is done or somebody says stop. It must never know the clock.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::ascent::Ascent;
use super::chains::{Chains, Cooling, POINT};
use super::chance::{Chance, mixed};
use super::dual::{Dual, SCALE};
use super::evaluate;
use super::instance::Instance;
use super::model::{Model, NOWHERE};
use super::neighbourhood::Neighbourhood;
use super::plan::{Placement, Plan};
use super::proof::{Known, Proof, points_up};
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
    let mut search = Search {
        model: &model,
        best: Vec::new(),
        value: i64::MAX,
        // No part of a value is negative.
        bound: 0,
        work: 0,
        limit: limits.work,
        progress,
        stopped: false,
    };
    search.run(instance.seed);
    let (best, work, bound) = (search.best, search.work, search.bound);
    let mut plan = evaluate::assess(&Standing::new(model.clone(), &placements(&model, &best)));
    plan.quality.work = work;
    plan.quality.bound = Some(bound.min(plan.quality.value));
    plan
}

/// What is known so far.
struct Search<'m, 'p> {
    model: &'m Model,
    best: Vec<u32>,
    value: i64,
    bound: i64,
    /// Steps of the stages that are over.
    work: u64,
    limit: u64,
    progress: &'p mut dyn FnMut(&Progress) -> ControlFlow<()>,
    stopped: bool,
}

impl<'m> Search<'m, '_> {
    fn run(&mut self, seed: u64) {
        let chance = Chance::new(mixed(seed));
        let mut chains = Chains::new(State::with(self.model, announced(self.model)), chance);
        chains.best_value = i64::MAX;
        chains.fill();
        let seats = self.model.seats.len() as u64;
        let cooling = Cooling { from: 2 * POINT, to: POINT / 2 };
        self.chain(&mut chains, seats * 125, cooling, Stage::Start);
        let Some(mut dual) = self.look_for_bound() else { return };
        chains.return_to_best();
        chains.narrow(near_choices(&mut dual));
        let cooling = Cooling { from: 3 * POINT / 2, to: 2 * POINT / 5 };
        let each = if seats < 400 { 500 } else { 1_000 };
        self.chain(&mut chains, seats * each, cooling, Stage::Search);
        if self.is_over() {
            return;
        }
        self.prove(dual, seed);
    }

    fn is_over(&self) -> bool {
        self.stopped || self.value <= self.bound || self.work >= self.limit
    }

    /// Tells of the progress; whether to stop.
    fn tell(&mut self, stage: Stage, work: u64) -> bool {
        let now = Progress { work, value: self.value, bound: self.bound, stage };
        self.stopped |= (self.progress)(&now).is_break();
        self.stopped || work >= self.limit
    }

    fn chain(&mut self, chains: &mut Chains<'m>, count: u64, cooling: Cooling, stage: Stage) {
        let (before, bound) = (chains.work, self.bound);
        let done = self.work;
        chains.run(count, cooling, bound, |chains| {
            if chains.best_value < self.value {
                self.value = chains.best_value;
                self.best = chains.best.clone();
            }
            self.tell(stage, done + chains.work - before)
        });
        if chains.best_value < self.value || self.best.is_empty() {
            self.value = chains.best_value;
            self.best = chains.best.clone();
        }
        self.work = done + chains.work - before;
    }

    /// Good prices for the whole; none if that already ends the search.
    fn look_for_bound(&mut self) -> Option<Dual<'m>> {
        let mut dual = Dual::new(self.model);
        let ascent = Ascent { steps: 400, reach: (0.5, 0.01), smoothing: (0.5, 0.02) };
        let (done, enough) = (self.work, (self.value - 1) * SCALE);
        let bound = dual.ascend(ascent, enough, |dual, bound| {
            self.bound = self.bound.max(points_up(bound));
            self.tell(Stage::Bound, done + dual.work)
        });
        self.bound = points_up(bound).min(self.value);
        self.work = done + dual.work;
        (!self.is_over()).then_some(dual)
    }

    /// Solves parts, then tries everything that is left for a while, and so on.
    fn prove(&mut self, mut whole: Dual<'m>, seed: u64) {
        whole.work = 0;
        let bound = whole.pass(0.0);
        let mut proof = Proof::new(whole.clone(), bound, self.best.clone(), self.value);
        let done = self.work;
        if !proof.narrow_root(&mut whole) {
            return self.take(&proof, done);
        }
        for chosen in [25, 10, 40] {
            proof.dive(&whole, chosen, 60, &mut |known| self.note(known, done));
        }
        let mut near = Neighbourhood::new(Chance::new(mixed(!seed)), &mut whole, &proof.best);
        let (mut patience, mut nodes) = (PATIENCE, NODES);
        while !self.is_done(&proof, done) {
            let before = proof.best_value;
            self.solve_parts(&mut near, &mut whole, &mut proof, patience);
            if self.is_done(&proof, done) {
                break;
            }
            if proof.best_value < before && !proof.narrow_root(&mut whole) {
                break;
            }
            if whole.open_options() <= TRIABLE {
                proof.run(nodes, &mut |known| self.note(known, done));
            }
            (patience, nodes) = (patience + patience / 2, nodes * 2);
        }
        self.take(&proof, done);
    }

    /// Solves parts until so many in a row did not help.
    fn solve_parts(
        &mut self,
        near: &mut Neighbourhood,
        whole: &mut Dual<'m>,
        proof: &mut Proof<'m>,
        patience: u32,
    ) {
        let (done, mut fails) = (self.work, 0);
        while fails < patience && !self.is_done(proof, done) {
            let is_better = near.try_out(whole, proof, &mut |known| self.note(known, done));
            fails = if is_better { 0 } else { fails + 1 };
        }
    }

    fn is_done(&self, proof: &Proof<'m>, done: u64) -> bool {
        let work = done + proof.work();
        self.stopped || work >= self.limit || proof.bound() >= proof.best_value
    }

    /// Tells of what is known; whether to stop. The plan itself is taken over at the end.
    fn note(&mut self, known: &Known, done: u64) -> bool {
        self.bound = self.bound.max(known.bound);
        let work = done + known.work;
        let (value, bound) = (known.value.min(self.value), self.bound);
        let now = Progress { work, value, bound, stage: Stage::Proof };
        self.stopped |= (self.progress)(&now).is_break();
        self.stopped || work >= self.limit
    }

    fn take(&mut self, proof: &Proof<'m>, done: u64) {
        self.bound = self.bound.max(proof.bound());
        self.work = done + proof.work();
        if proof.best_value < self.value {
            self.value = proof.best_value;
            self.best = proof.best.clone();
        }
    }
}

/// Parts that may fail in a row before everything is tried for a while, and the nodes of that; both grow.
const PATIENCE: u32 = 10;
const NODES: u64 = 1_000;
/// Options that may be left for everything to be tried.
const TRIABLE: usize = 4_000;

/// For every seat the groups that the prices make hardly dearer than the cheapest.
fn near_choices(dual: &mut Dual<'_>) -> Vec<Vec<u32>> {
    let model = dual.model;
    let mut choices: Vec<Vec<u32>> = model.seats.iter().map(|seat| seat.groups.clone()).collect();
    for agent in 0..model.agents.len() {
        for at in 0..model.agents[agent].seats.len() {
            let seat = model.agents[agent].seats[at] as usize;
            let costs = dual.least_by_option(agent, at);
            let mut sorted = costs.clone();
            sorted.sort_unstable();
            let limit = (sorted[0] + NEAR * SCALE).max(sorted[1.min(sorted.len() - 1)]);
            let near = dual.options[seat].iter().zip(&costs);
            choices[seat] = near
                .filter(|(group, cost)| **group != NOWHERE && **cost <= limit)
                .map(|(group, _)| *group)
                .collect();
        }
    }
    choices
}

/// Points by which a choice may be dearer than the best, at the prices of the bound, to be tried by chains.
const NEAR: i64 = 3;

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
