//! What no plan goes under: every counter gets a price per person, so that each agent can be priced for itself and each
//! counter for itself; the sum is a bound whatever the prices, and good prices make it a close one. The bound is exact
//! whole-number arithmetic; floating point only steers the prices (plain IEEE operations, the same everywhere).
//!
//! Prices rise where more people want to be than a counter wants. What people want is smoothed: each choice counts by
//! how little worse it is than the best, so that prices settle instead of swinging.

use super::model::{Model, NOWHERE};

/// One point, in the fixed-point numbers of prices.
pub(super) const SCALE: i64 = 1 << 16;
/// Choices of a seat that are looked at, at most.
const WIDEST: usize = 10;
/// A choice that is worse than the best by so many times the smoothing counts for nothing.
const FORGOTTEN: f64 = 9.0;

/// The relaxed problem: what each seat may choose and each counter may count, and prices.
#[derive(Clone)]
pub(super) struct Dual<'m> {
    pub(super) model: &'m Model,
    /// What every seat may choose; with [`NOWHERE`], unless it is fixed.
    pub(super) options: Vec<Vec<u32>>,
    /// The fewest and the most that each cell may count.
    pub(super) ranges: Vec<(i64, i64)>,
    /// A price for each person in a cell.
    pub(super) prices: Vec<i64>,
    /// How many people want to be in each cell, as of the last pass.
    pub(super) wanted: Vec<f64>,
    /// By option of every seat: how much of it is wanted, as of the last pass.
    pub(super) shares: Vec<Vec<f64>>,
    /// Steps done.
    pub(super) work: u64,
    /// The agents that still have a choice; what all others cost and where they count.
    open: Vec<u32>,
    settled_cost: i64,
    settled: Vec<i64>,
    /// The cells that they can still change, and what all others cost.
    pub(super) active: Vec<u32>,
    inactive_cost: i64,
    buffer: Buffer,
}

#[derive(Clone, Default)]
struct Buffer {
    /// Per seat of the agent: reduced cost and place among the options, the cheapest first.
    ranked: Vec<Vec<(i64, u32)>>,
    chosen: Vec<u32>,
    patterns: Vec<(i64, u64)>,
    weights: Vec<f64>,
}

/// Nothing else is possible: a bound above every plan.
pub(super) const IMPOSSIBLE: i64 = i64::MAX / 4;

impl<'m> Dual<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let options: Vec<Vec<u32>> = (model.seats.iter())
            .map(|seat| {
                let nowhere = (!seat.fixed).then_some(NOWHERE);
                seat.groups.iter().copied().chain(nowhere).collect()
            })
            .collect();
        let shares = options.iter().map(|options| vec![0.0; options.len()]).collect();
        let mut dual = Self {
            options,
            ranges: model.cells.iter().map(|cell| (0, cell.most)).collect(),
            prices: vec![0; model.cells.len()],
            wanted: vec![0.0; model.cells.len()],
            shares,
            work: 0,
            open: (0..model.agents.len() as u32).collect(),
            settled_cost: 0,
            settled: vec![0; model.cells.len()],
            active: Vec::new(),
            inactive_cost: 0,
            buffer: Buffer::default(),
            model,
        };
        dual.settle();
        dual
    }

    /// Takes the agents without a choice out of the passes. To be called when options were taken away.
    pub(super) fn settle(&mut self) {
        let open = std::mem::take(&mut self.open);
        for &agent in &open {
            let seats = &self.model.agents[agent as usize].seats;
            if seats.iter().all(|&seat| self.options[seat as usize].len() == 1) {
                self.settle_agent(agent as usize);
            } else {
                self.open.push(agent);
            }
        }
        self.find_active();
    }

    fn find_active(&mut self) {
        let model = self.model;
        let mut is_active = vec![false; model.cells.len()];
        let seats = self.open.iter().flat_map(|&agent| &model.agents[agent as usize].seats);
        for &seat in seats {
            for &group in self.options[seat as usize].iter().filter(|group| **group != NOWHERE) {
                for adds in model.adds(seat as usize) {
                    is_active[adds.counter as usize * model.groups + group as usize] = true;
                }
            }
        }
        self.active.clear();
        self.inactive_cost = 0;
        for (cell, &is_active) in is_active.iter().enumerate() {
            match is_active {
                true => self.active.push(cell as u32),
                false => self.inactive_cost += model.cells[cell].cost(self.settled[cell]),
            }
        }
    }

    fn settle_agent(&mut self, agent: usize) {
        let model = self.model;
        let mut chosen = Vec::new();
        for &seat in &model.agents[agent].seats {
            let (seat, group) = (seat as usize, self.options[seat as usize][0]);
            self.settled_cost += model.cost(seat, group) + self.repeats(agent, &chosen, group);
            chosen.push(group);
            self.shares[seat][0] = 1.0;
            if group == NOWHERE {
                continue;
            }
            for adds in model.adds(seat) {
                let cell = adds.counter as usize * model.groups + group as usize;
                self.settled[cell] += i64::from(adds.people);
            }
        }
    }

    /// The bound at these prices, in fixed point; [`IMPOSSIBLE`] if some seat has no option or some cell no count.
    /// `smoothing` is in points; 0 takes the best choice only.
    pub(super) fn pass(&mut self, smoothing: f64) -> i64 {
        let mut bound = (self.model.constant + self.settled_cost + self.inactive_cost) * SCALE;
        for &cell in &self.active {
            let cell = cell as usize;
            self.wanted[cell] = self.settled[cell] as f64;
            bound += self.settled[cell] * self.prices[cell];
        }
        for at in 0..self.open.len() {
            let least = self.pass_agent(self.open[at] as usize, smoothing);
            if least >= IMPOSSIBLE {
                return IMPOSSIBLE;
            }
            bound += least;
        }
        self.work += self.active.len() as u64 / 4;
        for at in 0..self.active.len() {
            let least = self.cell_least(self.active[at] as usize);
            if least >= IMPOSSIBLE {
                return IMPOSSIBLE;
            }
            bound += least;
        }
        bound
    }

    /// The agents that still have a choice.
    pub(super) fn open_agents(&self) -> Vec<usize> {
        self.open.iter().map(|&agent| agent as usize).collect()
    }

    /// What a seat's option costs at these prices.
    pub(super) fn reduced(&self, seat: usize, group: u32) -> i64 {
        let mut cost = self.model.cost(seat, group) * SCALE;
        if group != NOWHERE {
            for adds in self.model.adds(seat) {
                let cell = adds.counter as usize * self.model.groups + group as usize;
                cost += self.prices[cell] * i64::from(adds.people);
            }
        }
        cost
    }

    /// The least that a cell costs at its price, over all that it may count.
    pub(super) fn cell_least(&self, cell: usize) -> i64 {
        let (low, high) = self.ranges[cell];
        if low > high {
            return IMPOSSIBLE;
        }
        let of = &self.model.cells[cell];
        let corners = [low, high, of.low, of.high, of.floor];
        let at = |corner: i64| {
            let count = corner.clamp(low, high);
            of.cost(count) * SCALE - self.prices[cell] * count
        };
        corners.into_iter().map(at).min().unwrap_or(0)
    }

    fn rank(&mut self, agent: usize) -> bool {
        let mut ranked = std::mem::take(&mut self.buffer.ranked);
        let seats = &self.model.agents[agent].seats;
        ranked.resize_with(ranked.len().max(seats.len()), Vec::new);
        let most = WIDEST.max(seats.len() + 1);
        let mut possible = true;
        for (at, &seat) in seats.iter().enumerate() {
            let seat = seat as usize;
            ranked[at].clear();
            for (option, &group) in self.options[seat].iter().enumerate() {
                ranked[at].push((self.reduced(seat, group), option as u32));
            }
            self.work += self.options[seat].len() as u64;
            possible &= !ranked[at].is_empty();
            ranked[at].sort_unstable();
            ranked[at].truncate(most);
        }
        self.buffer.ranked = ranked;
        possible
    }

    /// The least that an agent's seats cost together, and the shares of what they want.
    fn pass_agent(&mut self, agent: usize, smoothing: f64) -> i64 {
        let seats = self.model.agents[agent].seats.len();
        if seats == 0 {
            return 0;
        }
        if !self.rank(agent) {
            return IMPOSSIBLE;
        }
        let window = (smoothing * FORGOTTEN * SCALE as f64) as i64;
        self.list_patterns(agent, window);
        let patterns = std::mem::take(&mut self.buffer.patterns);
        let least = patterns.iter().map(|(cost, _)| *cost).min().unwrap_or(IMPOSSIBLE);
        self.share_out(agent, &patterns, least, smoothing);
        self.buffer.patterns = patterns;
        least
    }

    fn share_out(&mut self, agent: usize, patterns: &[(i64, u64)], least: i64, smoothing: f64) {
        let model = self.model;
        let seats = &model.agents[agent].seats;
        for &seat in seats {
            self.shares[seat as usize].iter_mut().for_each(|share| *share = 0.0);
        }
        let divisor = smoothing * SCALE as f64;
        let weight = |cost: i64| match smoothing > 0.0 && cost > least {
            true => falling((cost - least) as f64 / divisor),
            false => f64::from(u8::from(cost == least)),
        };
        let mut weights = std::mem::take(&mut self.buffer.weights);
        weights.clear();
        weights.extend(patterns.iter().map(|(cost, _)| weight(*cost)));
        let all: f64 = weights.iter().sum();
        for (&(_, key), weight) in patterns.iter().zip(&weights) {
            let share = weight / all;
            if share <= 0.0 {
                continue;
            }
            let mut key = key;
            for (at, &seat) in seats.iter().enumerate() {
                let option = self.buffer.ranked[at][(key & 15) as usize].1 as usize;
                key >>= 4;
                self.shares[seat as usize][option] += share;
            }
        }
        self.buffer.weights = weights;
        for &seat in seats {
            let seat = seat as usize;
            for (&share, &group) in self.shares[seat].iter().zip(&self.options[seat]) {
                if share <= 0.0 || group == NOWHERE {
                    continue;
                }
                for adds in model.adds(seat) {
                    let cell = adds.counter as usize * model.groups + group as usize;
                    self.wanted[cell] += share * f64::from(adds.people);
                }
            }
        }
    }

    /// The ways through an agent's seats that are not worse than the best by more than the window.
    fn list_patterns(&mut self, agent: usize, window: i64) {
        let seats = &self.model.agents[agent].seats;
        let mut patterns = std::mem::take(&mut self.buffer.patterns);
        patterns.clear();
        let ahead: i64 = (0..seats.len()).map(|at| self.buffer.ranked[at][0].0).sum();
        let mut best = IMPOSSIBLE;
        self.buffer.chosen.clear();
        // More than sixteen seats go together in no real case; their repeats are left out of the bound.
        if seats.len() > 16 {
            patterns.push((ahead, 0));
        } else {
            let mut chosen = std::mem::take(&mut self.buffer.chosen);
            self.extend(agent, ahead, 0, window, &mut best, &mut chosen, &mut patterns);
            self.buffer.chosen = chosen;
        }
        patterns.retain(|(cost, _)| *cost <= best.saturating_add(window));
        self.buffer.patterns = patterns;
    }

    #[allow(clippy::too_many_arguments, reason = "the state of one depth-first search")]
    fn extend(
        &self,
        agent: usize,
        lowest: i64,
        key: u64,
        window: i64,
        best: &mut i64,
        chosen: &mut Vec<u32>,
        patterns: &mut Vec<(i64, u64)>,
    ) {
        let seats = &self.model.agents[agent].seats;
        let at = chosen.len();
        if at == seats.len() {
            *best = lowest.min(*best);
            patterns.push((lowest, key));
            return;
        }
        let ranked = &self.buffer.ranked[at];
        for (rank, &(cost, option)) in ranked.iter().enumerate() {
            let so_far = lowest + cost - ranked[0].0;
            if so_far > best.saturating_add(window) {
                break;
            }
            let group = self.options[seats[at] as usize][option as usize];
            let with_repeats = so_far + self.repeats(agent, chosen, group) * SCALE;
            if with_repeats > best.saturating_add(window) {
                continue;
            }
            chosen.push(group);
            let key = key | (rank as u64) << (4 * at);
            self.extend(agent, with_repeats, key, window, best, chosen, patterns);
            chosen.pop();
        }
    }

    /// Points for repeats that the next seat of an agent makes in a group, after those before it.
    fn repeats(&self, agent: usize, chosen: &[u32], group: u32) -> i64 {
        if group == NOWHERE || !chosen.contains(&group) {
            return 0;
        }
        let model = self.model;
        let seats = &model.agents[agent].seats;
        let mut repeats = 0;
        for person in &model.seats[seats[chosen.len()] as usize].people {
            let before = seats.iter().zip(chosen).filter(|(seat, at)| {
                **at == group && model.seats[**seat as usize].people.contains(person)
            });
            let visits = before.count();
            if visits > 0 && visits + 1 > model.visits(*person as usize, group as usize) {
                repeats += 1;
            }
        }
        repeats * model.weights.repeat
    }

    /// The least that an agent costs if a seat takes each of its options, in the order of options.
    pub(super) fn least_by_option(&mut self, agent: usize, at: usize) -> Vec<i64> {
        let seat = self.model.agents[agent].seats[at] as usize;
        if !self.rank(agent) || self.model.agents[agent].seats.len() > 16 {
            return vec![0; self.options[seat].len()];
        }
        let mut least = Vec::with_capacity(self.options[seat].len());
        let own = std::mem::take(&mut self.buffer.ranked[at]);
        for (option, &group) in self.options[seat].iter().enumerate() {
            self.buffer.ranked[at] = vec![(self.reduced(seat, group), option as u32)];
            let ahead = (0..self.model.agents[agent].seats.len())
                .map(|seat| self.buffer.ranked[seat][0].0)
                .sum();
            let (mut best, mut chosen, mut patterns) = (IMPOSSIBLE, Vec::new(), Vec::new());
            self.extend(agent, ahead, 0, 0, &mut best, &mut chosen, &mut patterns);
            least.push(best);
        }
        self.buffer.ranked[at] = own;
        least
    }
}

/// e to the power of minus `of`, for numbers from 0: to six digits, by operations that are the same on every machine.
fn falling(of: f64) -> f64 {
    if of > FORGOTTEN {
        return 0.0;
    }
    let small = of / 1024.0;
    let mut power = 1.0 - small * (1.0 - small * (0.5 - small * (1.0 / 6.0 - small / 24.0)));
    for _ in 0..10 {
        power *= power;
    }
    power
}
