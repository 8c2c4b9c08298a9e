//! Finds plans: a first one at once, then what none can go under, then better ones, and the proof that there is none
//! better, until the work is done or somebody says stop. It must never know the clock.

use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use super::{Limits, Progress, Stage};
use crate::assignment_state::Standing;
use crate::branch_and_bound::{Known, Proof, points_up};
use crate::evaluate;
use crate::heuristics::ejection_chains::{Chains, Cooling, POINT};
use crate::heuristics::large_neighbourhood::Neighbourhood;
use crate::instance::Instance;
use crate::model::{Model, NOWHERE};
use crate::plan::{Placement, Plan};
use crate::relaxation::pricing::Buffer;
use crate::relaxation::restriction::Part;
use crate::relaxation::subgradient::Ascent;
use crate::relaxation::{Dual, SCALE};
use crate::rng::{Chance, mixed};
use crate::search_state::State;

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
        told: None,
        stage: Stage::Start,
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
    /// What was told last.
    told: Option<Progress>,
    stage: Stage,
    stopped: bool,
}

impl<'m> Search<'m, '_> {
    fn run(&mut self, seed: u64) {
        let chance = Chance::new(mixed(seed));
        let mut chains = Chains::new(State::with(self.model, announced(self.model)), chance);
        chains.best_value = i64::MAX;
        chains.fill();
        let cooling = Cooling { from: 2 * POINT, to: POINT / 2 };
        self.chain(&mut chains, (self.model.seats.len() as u64 * 25).min(FIRST_CHAINS), cooling);
        let Some(dual) = self.look_for_bound() else { return };
        self.prove(dual, seed, &mut chains);
    }

    fn is_over(&self) -> bool {
        self.stopped || self.value <= self.bound || self.work >= self.limit
    }

    /// Tells of the progress, if something is new or a while is over; whether to stop.
    fn tell(&mut self, work: u64, value: i64) -> bool {
        let now = Progress { work, value, bound: self.bound, stage: self.stage };
        let is_new = self.told.is_none_or(|told| {
            let (before, after) = (Progress { work, ..told }, now);
            before != after || work >= told.work + WHILE
        });
        if is_new && !self.stopped {
            self.told = Some(now);
            self.stopped |= (self.progress)(&now).is_break();
        }
        self.stopped || work >= self.limit
    }

    /// A first plan, by chains.
    fn chain(&mut self, chains: &mut Chains<'m>, count: u64, cooling: Cooling) {
        let (before, bound) = (chains.work, self.bound);
        let done = self.work;
        chains.run(count, cooling, bound, |chains| {
            if chains.best_value < self.value {
                self.value = chains.best_value;
                self.best = chains.best.clone();
            }
            self.tell(done + chains.work - before, self.value)
        });
        if chains.best_value < self.value || self.best.is_empty() {
            self.value = chains.best_value;
            self.best = chains.best.clone();
        }
        self.work = done + chains.work - before;
    }

    /// Good prices for the whole; none if that already ends the search.
    fn look_for_bound(&mut self) -> Option<Dual<'m>> {
        self.stage = Stage::Bound;
        let mut dual = Dual::new(whole(self.model));
        // Only the pinned are settled yet, with those who must be with them, and maxima make room for these.
        dual.settle();
        let ascent = Ascent { steps: 1_000, reach: (0.5, 0.0015), smoothing: (0.5, 0.0025) };
        let (done, enough) = (self.work, (self.value - 1) * SCALE);
        let bound = dual.ascend(ascent, enough, |dual, bound| {
            self.bound = self.bound.max(points_up(bound));
            self.tell(done + dual.work, self.value)
        });
        self.bound = points_up(bound).min(self.value);
        self.work = done + dual.work;
        (!self.is_over()).then_some(dual)
    }

    /// Solves parts, then tries everything that is left for a while, and so on.
    fn prove(&mut self, mut whole: Dual<'m>, seed: u64, chains: &mut Chains<'m>) {
        whole.work = 0;
        let bound = whole.pass(0.0);
        let best = Rc::new(self.best.clone());
        let mut proof = Proof::new(whole.clone(), bound, best, self.value);
        let done = self.work;
        if !proof.narrow_root(&mut whole, &mut |known| self.note(known, done)) {
            return self.take(&proof, done);
        }
        self.dive(&mut proof, &mut whole, chains, done);
        if self.is_done(&proof, done) {
            return self.take(&proof, done);
        }
        let mut near = Neighbourhood::new(Chance::new(mixed(!seed)), &mut whole, &proof.best);
        let (mut patience, mut nodes) = (PATIENCE, NODES);
        while !self.is_done(&proof, done) {
            let before = proof.best_value;
            self.solve_parts(&mut near, &mut whole, &mut proof, patience);
            if self.is_done(&proof, done) {
                break;
            }
            if proof.best_value < before {
                if !proof.narrow_root(&mut whole, &mut |known| self.note(known, done)) {
                    break;
                }
                near.look(&mut whole, &proof.best.clone());
            }
            if whole.open_options() <= TRIABLE {
                self.stage = Stage::Proof;
                proof.run(nodes, &mut |known| self.note(known, done));
            }
            (patience, nodes) = (patience + patience / 2, nodes * 2);
        }
        self.take(&proof, done);
    }

    /// Makes a plan from the prices, and mends it.
    fn dive(
        &mut self,
        proof: &mut Proof<'m>,
        whole: &mut Dual<'m>,
        chains: &mut Chains<'m>,
        done: u64,
    ) {
        // Dives cost little where people are few, and each may end elsewhere.
        let dives = if self.model.seats.len() < FEW { &DIVES[..] } else { &DIVES[..1] };
        self.stage = Stage::Search;
        for &chosen in dives {
            proof.dive(whole, chosen, DIVE_NODES, &mut |known| self.note(known, done));
        }
        if !self.is_done(proof, done) {
            self.repair(proof, whole, chains, done);
        }
    }

    /// Betters the plan of a dive by chains that hardly warm it, among the choices that are near the best.
    fn repair(
        &mut self,
        proof: &mut Proof<'m>,
        whole: &mut Dual<'m>,
        chains: &mut Chains<'m>,
        done: u64,
    ) {
        chains.begin_at(&proof.best);
        chains.narrow(near_choices(whole));
        let cooling = Cooling { from: POINT * 3 / 10, to: POINT / 10 };
        let (before, known) = (chains.work, proof.known(0));
        let count = self.model.seats.len() as u64 * 100;
        chains.run(count, cooling, self.bound, |chains| {
            let value = chains.best_value.min(known.value);
            self.note(&Known { work: known.work + chains.work - before, value, ..known }, done)
        });
        proof.work += chains.work - before;
        proof.offer(&chains.best, chains.best_value);
    }

    /// Solves parts until so many in a row did not help.
    fn solve_parts(
        &mut self,
        near: &mut Neighbourhood<'m>,
        whole: &mut Dual<'m>,
        proof: &mut Proof<'m>,
        patience: u32,
    ) {
        self.stage = Stage::Search;
        let (done, mut fails) = (self.work, 0);
        while fails < patience && !self.is_done(proof, done) {
            let is_better = near.try_out(whole, proof, &mut |known| self.note(known, done));
            fails = if is_better { 0 } else { fails + 1 };
        }
    }

    fn is_done(&self, proof: &Proof<'m>, done: u64) -> bool {
        let work = done + proof.work;
        self.stopped || work >= self.limit || proof.bound() >= proof.best_value
    }

    /// Tells of what is known; whether to stop. The plan itself is taken over at the end.
    fn note(&mut self, known: &Known, done: u64) -> bool {
        self.bound = self.bound.max(known.bound);
        self.tell(done + known.work, known.value.min(self.value))
    }

    fn take(&mut self, proof: &Proof<'m>, done: u64) {
        self.bound = self.bound.max(proof.bound());
        self.work = done + proof.work;
        if proof.best_value < self.value {
            self.value = proof.best_value;
            self.best = proof.best.as_ref().clone();
        }
    }
}

/// Chains for the first plan, at most.
const FIRST_CHAINS: u64 = 50_000;
/// The parts of undecided seats that steps of dives decide at first, in hundredths; the nodes that end a dive.
const DIVES: [usize; 5] = [25, 10, 40, 15, 5];
const DIVE_NODES: u64 = 60;
/// Fewer seats than this are few.
const FEW: usize = 400;
/// Steps after which progress is told even if nothing is new.
const WHILE: u64 = 100_000;
/// Parts that may fail in a row before everything is tried for a while, and the nodes of that; both grow.
const PATIENCE: u32 = 10;
const NODES: u64 = 200;
/// Options that may be left for everything to be tried.
const TRIABLE: usize = 4_000;

/// Everybody, with all their choices.
fn whole(model: &Model) -> Part<'_> {
    let options: Vec<Vec<u32>> = (model.seats.iter())
        .map(|seat| {
            let nowhere = (!seat.fixed).then_some(NOWHERE);
            seat.groups.iter().copied().chain(nowhere).collect()
        })
        .collect();
    let agents: Vec<u32> = (0..model.agents.len() as u32).collect();
    Part::around(&State::new(model), &agents, |seat| options[seat].as_slice())
}

/// For every seat the groups that the prices make hardly dearer than the cheapest.
fn near_choices(dual: &mut Dual<'_>) -> Vec<Vec<u32>> {
    let (part, mut buffer) = (dual.part.clone(), Buffer::default());
    let mut choices: Vec<Vec<u32>> =
        part.model.seats.iter().map(|seat| seat.groups.clone()).collect();
    for &member in &part.members {
        dual.find_leasts(&part, member, &mut buffer);
        for (at, seat) in member.range().enumerate() {
            let costs = &buffer.leasts[buffer.from[at]..buffer.from[at + 1]];
            let mut sorted = costs.to_vec();
            sorted.sort_unstable();
            let limit = (sorted[0] + NEAR * SCALE).max(sorted[1.min(sorted.len() - 1)]);
            let near = dual.alive(seat).iter().zip(costs);
            choices[part.seats[seat] as usize] = near
                .filter(|(option, cost)| !dual.is_nowhere(**option) && **cost <= limit)
                .map(|(option, _)| part.groups[*option as usize])
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
