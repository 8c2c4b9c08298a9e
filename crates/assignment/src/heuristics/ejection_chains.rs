//! Betters a plan by ejection chains: somebody goes to another group, and the cheapest of those there moves on, over a
//! few steps; the best beginning of the chain is kept if it is better, or not much worse while the search is still warm.
//! Deterministic, and counted in steps. It must never know a bound it did not get.

use crate::model::{BARRED, Model, NOWHERE};
use crate::rng::Chance;
use crate::search_state::State;

/// A point in the fixed-point numbers in which warmth is reckoned.
pub(crate) const POINT: i64 = 1024;
const LONGEST: usize = 6;
const ASKED: usize = 8;
const STAGES: u64 = 400;
/// Chains after which to ask whether to stop.
const OFTEN: u64 = 1_000;

/// How a search cools: from how many points a chain may be worse, in the mean, to how many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cooling {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// A search by chains, with the best it has found.
pub(crate) struct Chains<'m> {
    pub(crate) state: State<'m>,
    pub(crate) best: Vec<u32>,
    pub(crate) best_value: i64,
    pub(crate) work: u64,
    /// The groups each seat may try.
    pub(crate) candidates: Vec<Vec<u32>>,
    free: Vec<u32>,
    chance: Chance,
    tolerances: Vec<i64>,
    trail: Vec<(u32, u32)>,
}

impl<'m> Chains<'m> {
    pub(crate) fn new(state: State<'m>, chance: Chance) -> Self {
        let model = state.model;
        let candidates: Vec<Vec<u32>> =
            model.seats.iter().map(|seat| seat.groups.clone()).collect();
        let mut chains = Self {
            best: state.groups.clone(),
            best_value: state.value(),
            state,
            work: 0,
            candidates,
            free: Vec::new(),
            chance,
            tolerances: tolerances(),
            trail: Vec::new(),
        };
        chains.find_free();
        chains
    }

    /// Lets each seat try these groups only.
    pub(crate) fn narrow(&mut self, candidates: Vec<Vec<u32>>) {
        self.candidates = candidates;
        self.find_free();
    }

    fn find_free(&mut self) {
        let seats = &self.state.model.seats;
        let is_free = |seat: &usize| !seats[*seat].fixed && !self.candidates[*seat].is_empty();
        self.free = (0..seats.len()).filter(is_free).map(|seat| seat as u32).collect();
    }

    /// Places everybody who has no group where that costs least, those with the fewest choices first.
    pub(crate) fn fill(&mut self) {
        let model = self.state.model;
        let mut nowhere: Vec<usize> =
            (0..model.seats.len()).filter(|&seat| self.state.groups[seat] == NOWHERE).collect();
        nowhere.sort_by_key(|&seat| {
            let of = &model.seats[seat];
            (std::cmp::Reverse(of.people.len()), of.groups.len())
        });
        for seat in nowhere {
            let options = model.seats[seat].groups.iter().copied();
            let open = options.filter(|&group| self.state.has_room(seat, group));
            let cheapest = open.min_by_key(|&group| self.state.moving(seat, group));
            self.work += model.seats[seat].groups.len() as u64;
            if let Some(group) = cheapest {
                self.state.put(seat, group);
            }
        }
        self.keep();
    }

    fn keep(&mut self) {
        if self.state.fits() && self.state.value() < self.best_value {
            self.best_value = self.state.value();
            self.best.copy_from_slice(&self.state.groups);
        }
    }

    /// Goes back to the best plan found.
    pub(crate) fn return_to_best(&mut self) {
        for seat in 0..self.best.len() {
            self.state.put(seat, self.best[seat]);
        }
    }

    /// Goes on from a plan.
    pub(crate) fn begin_at(&mut self, groups: &[u32]) {
        self.best.copy_from_slice(groups);
        self.return_to_best();
        self.best_value = self.state.value();
    }

    /// So many chains, cooling. Ends early when `stop` says so or the value reaches `bound`.
    pub(crate) fn run(
        &mut self,
        chains: u64,
        cooling: Cooling,
        bound: i64,
        mut stop: impl FnMut(&Self) -> bool,
    ) {
        if self.free.is_empty() {
            return;
        }
        let each = (chains / STAGES).max(1);
        for stage in 0..STAGES {
            let warmth = warmth(cooling, stage);
            for at in 0..each {
                self.chain(warmth);
                // A stage of many people is long.
                if at % OFTEN == OFTEN - 1 && stop(self) {
                    return;
                }
            }
            if self.best_value <= bound || stop(self) {
                break;
            }
        }
    }

    fn chain(&mut self, warmth: i64) {
        let drawn = self.chance.next();
        let tolerance = (warmth * self.tolerances[(drawn & 4095) as usize]) / (POINT * POINT);
        let before = self.state.value();
        self.trail.clear();
        if !self.begin(drawn) {
            return;
        }
        let mut best = (i64::MAX, 0);
        self.note(before, &mut best);
        for _ in 1..LONGEST {
            if !self.go_on() {
                break;
            }
            self.note(before, &mut best);
            if self.state.value() - before > 40 + tolerance {
                break;
            }
        }
        let kept = if best.0 <= tolerance { best.1 } else { 0 };
        while self.trail.len() > kept {
            if let Some((seat, group)) = self.trail.pop() {
                self.state.put(seat as usize, group);
            }
        }
        self.keep();
    }

    fn note(&self, before: i64, best: &mut (i64, usize)) {
        let change = self.state.value() - before;
        if self.state.fits() && change < best.0 {
            *best = (change, self.trail.len());
        }
    }

    /// The first step: a seat to another group, or two rounds of an agent exchanged.
    fn begin(&mut self, drawn: u64) -> bool {
        let seat = self.free[self.chance.below(self.free.len())] as usize;
        if (drawn >> 12).is_multiple_of(8) && self.state.model.rounds > 1 {
            return self.exchange_rounds(seat);
        }
        let options = &self.candidates[seat];
        let group = options[self.chance.below(options.len())];
        self.work += 1;
        if group == self.state.groups[seat] || !self.has_room_but_for_one(seat, group) {
            return false;
        }
        self.step(seat, group);
        true
    }

    fn exchange_rounds(&mut self, seat: usize) -> bool {
        let model: &Model = self.state.model;
        let seats = &model.agents[model.seats[seat].agent as usize].seats;
        let other = seats[self.chance.below(seats.len())] as usize;
        let (here, there) = (self.state.groups[seat], self.state.groups[other]);
        let can = here != there
            && model.seats[other].round != model.seats[seat].round
            && !model.seats[other].fixed
            && here != NOWHERE
            && there != NOWHERE
            && model.cost(seat, there) < BARRED
            && model.cost(other, here) < BARRED
            && self.state.has_room(seat, there)
            && self.state.has_room(other, here);
        self.work += 1;
        if can {
            self.step(seat, there);
            self.step(other, here);
        }
        can
    }

    fn step(&mut self, seat: usize, group: u32) {
        self.trail.push((seat as u32, self.state.groups[seat]));
        self.state.put(seat, group);
    }

    /// Whether a group can take a seat if somebody else goes on from it afterwards.
    fn has_room_but_for_one(&self, seat: usize, group: u32) -> bool {
        self.state.spare(self.state.model.seats[seat].round, group) >= 0
    }

    /// The cheapest next step among some of those in the group that the last one went to.
    fn go_on(&mut self) -> bool {
        let Some(&(last, _)) = self.trail.last() else { return false };
        let last = last as usize;
        let group = self.state.groups[last];
        if group == NOWHERE {
            return false;
        }
        let mut best: Option<(i64, usize, u32)> = None;
        let alike = self.state.alike_in(last, group);
        let everybody = self.state.seats_in(self.state.model.seats[last].round, group);
        let (first, second) = (self.chance.below(alike.len()), self.chance.below(everybody.len()));
        let similar = (0..ASKED.min(alike.len())).map(|ahead| alike[(first + ahead) % alike.len()]);
        let any = (0..(ASKED / 2).min(everybody.len()))
            .map(|ahead| everybody[(second + ahead * 7919) % everybody.len()]);
        let mut priced = 0;
        for seat in similar.chain(any) {
            let seat = seat as usize;
            if seat == last
                || self.state.model.seats[seat].fixed
                || self.trail.iter().any(|&(gone, _)| gone as usize == seat)
            {
                continue;
            }
            let base = self.state.leaving(seat) - self.state.model.cost(seat, group);
            for &onward in &self.candidates[seat] {
                if onward == group || !self.has_room_but_for_one(seat, onward) {
                    continue;
                }
                priced += 1;
                let change =
                    base + self.state.model.cost(seat, onward) + self.state.entering(seat, onward);
                if best.is_none_or(|(least, ..)| change < least) {
                    best = Some((change, seat, onward));
                }
            }
        }
        self.work += priced;
        let Some((_, seat, onward)) = best else { return false };
        self.step(seat, onward);
        true
    }
}

/// Falls by the same factor from stage to stage, in whole numbers: the same on every machine.
fn warmth(cooling: Cooling, stage: u64) -> i64 {
    // A straight line through the middle of the geometric fall, in two pieces, is close enough.
    let (from, to, stages) = (cooling.from, cooling.to, STAGES as i64);
    let middle = root(from * to);
    let (stage, half) = (stage as i64, stages / 2);
    match stage < half {
        true => from + (middle - from) * stage / half,
        false => middle + (to - middle) * (stage - half) / half,
    }
}

fn root(square: i64) -> i64 {
    let mut root = square.max(1);
    loop {
        let next = (root + square / root.max(1)) / 2;
        if next >= root {
            return root;
        }
        root = next;
    }
}

/// -ln((n + ½) / 4096) as fixed-point numbers, by the series of the inverse hyperbolic tangent: plain additions,
/// multiplications and divisions, which give the same on every machine.
fn tolerances() -> Vec<i64> {
    let logarithm = |number: i32| {
        let (mut of, mut halvings) = ((f64::from(number) + 0.5) / 4096.0, 0.0);
        while of < 0.5 {
            of *= 2.0;
            halvings += 1.0;
        }
        let ratio = (of - 1.0) / (of + 1.0);
        let (square, mut power, mut sum) = (ratio * ratio, ratio, 0.0);
        for odd in (1..60).step_by(2) {
            sum += power / f64::from(odd);
            power *= square;
        }
        halvings * std::f64::consts::LN_2 - 2.0 * sum
    };
    (0..4096).map(|number| (logarithm(number) * POINT as f64) as i64).collect()
}
