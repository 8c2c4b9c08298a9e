//! Betters a plan by solving parts of it: some people are set free, everybody else stays, and what is left is small
//! enough to be tried out. It must never know the clock.

use crate::branch_and_bound::{Proof, Watch};
use crate::model::Model;
use crate::relaxation::pricing::Buffer;
use crate::relaxation::restriction::Part;
use crate::relaxation::{Dual, SCALE};
use crate::rng::Chance;
use crate::search_state::State;

/// Who may be set free, and how many are.
pub(crate) struct Neighbourhood<'m> {
    chance: Chance,
    /// The best plan.
    state: State<'m>,
    /// Agents to be set free.
    pub(crate) size: usize,
    /// Agents with a choice, and how dear their present choice is at the prices of the whole.
    agents: Vec<(u32, i64)>,
    /// Cells that cost more than they must at these prices, and by how much.
    cells: Vec<(u32, i64)>,
    /// By seat: the groups that it can have in a better plan.
    choices: Vec<Vec<u32>>,
    /// By cell.
    prices: Vec<i64>,
    /// By counter: the agents that it counts.
    counted: Vec<Vec<u32>>,
}

/// How many times more agents are set free for a dive.
const WIDE: usize = 3;
/// Nodes of one neighbourhood.
const NODES: u64 = 30;

impl<'m> Neighbourhood<'m> {
    pub(crate) fn new(chance: Chance, whole: &mut Dual<'m>, best: &[u32]) -> Self {
        let model = whole.part.model;
        let mut found = Self {
            chance,
            state: State::with(model, best.to_vec()),
            size: 24,
            agents: Vec::new(),
            cells: Vec::new(),
            choices: vec![Vec::new(); model.seats.len()],
            prices: vec![0; model.cells.len()],
            counted: counted(model),
        };
        found.look(whole, best);
        found
    }

    /// Takes over a better plan, or better prices of the whole, and reckons anew who and what is dear.
    pub(crate) fn look(&mut self, whole: &mut Dual<'m>, best: &[u32]) {
        for (seat, &group) in best.iter().enumerate() {
            self.state.put(seat, group);
        }
        let (part, mut buffer) = (whole.part.clone(), Buffer::default());
        self.agents.clear();
        self.cells.clear();
        for &(seat, group) in part.settled() {
            self.choices[seat as usize] = vec![group];
            if best[seat as usize] != group {
                self.agents.push((part.model.seats[seat as usize].agent, 4 * SCALE));
            }
        }
        for &member in &part.members {
            let mut dear = 0;
            whole.find_leasts(&part, member, &mut buffer);
            for (at, seat) in member.range().enumerate() {
                let row = part.seats[seat] as usize;
                let groups = whole.alive(seat).iter().map(|&option| part.groups[option as usize]);
                self.choices[row] = groups.collect();
                let costs = &buffer.leasts[buffer.from[at]..buffer.from[at + 1]];
                let least = costs.iter().copied().min().unwrap_or(0);
                let present = self.choices[row].iter().position(|&group| group == best[row]);
                dear +=
                    present.map_or(2 * SCALE, |present| (costs[present] - least).min(4 * SCALE));
            }
            self.agents.push((member.agent, dear));
        }
        for (cell, of) in part.cells.iter().enumerate() {
            self.prices[of.row as usize] = whole.prices[cell];
            let excess = whole.cell_excess(cell, self.state.count(of.row as usize));
            if excess > SCALE / 8 {
                self.cells.push((of.row, excess.min(8 * SCALE)));
            }
        }
    }

    /// Sets some agents free and tries them out, or more of them and dives. True if the plan became better.
    pub(crate) fn try_out(
        &mut self,
        whole: &mut Dual<'m>,
        proof: &mut Proof<'m>,
        watch: Watch<'_>,
    ) -> bool {
        if self.agents.is_empty() {
            return false;
        }
        let is_wide = self.chance.below(2) == 0;
        let size = if is_wide { (self.size * WIDE).min(self.most()) } else { self.size };
        let free = self.draw(whole.part.model, size);
        let part = Part::around(&self.state, &free, |seat| self.choices[seat].as_slice());
        let mut dual = Dual::new(part);
        for cell in 0..dual.prices.len() {
            dual.prices[cell] = self.prices[dual.part.cells[cell].row as usize];
        }
        let before = proof.best_value;
        let is_tried_out = match dual.propagate() {
            false => true,
            true if is_wide => {
                proof.dive(&dual, 25, NODES, watch);
                false
            }
            true => proof.try_part(dual, NODES, watch),
        };
        let is_better = proof.best_value < before;
        if is_better {
            let best = proof.best.clone();
            self.look(whole, &best);
        } else if is_tried_out {
            self.size = (self.size + 1 + self.size / 12).min(self.most());
        } else if !is_wide {
            self.size = (self.size - self.size / 12).max(6);
        }
        is_better
    }

    /// With more agents than this it would be the whole again.
    fn most(&self) -> usize {
        self.agents.len() / 2 + 1
    }

    /// The agents to be set free: some for having a dear choice, some for counting with one of those or in a cell that
    /// costs, and some by chance.
    fn draw(&mut self, model: &Model, size: usize) -> Vec<u32> {
        let mut is_free = vec![false; model.agents.len()];
        let mut free = Vec::new();
        let pool = self.pool(model);
        for _ in 0..size * 4 {
            if free.len() >= size {
                break;
            }
            let drawn = match self.chance.below(6) {
                0 | 1 => self.dear(),
                2..=4 if !pool.is_empty() => pool[self.chance.below(pool.len())],
                _ => self.agents[self.chance.below(self.agents.len())].0,
            };
            if !std::mem::replace(&mut is_free[drawn as usize], true) {
                free.push(drawn);
            }
        }
        free.sort_unstable();
        free
    }

    /// Agents that have something to do with each other.
    fn pool(&mut self, model: &Model) -> Vec<u32> {
        if !self.cells.is_empty() && self.chance.below(2) == 0 {
            let cell = pick(&mut self.chance, &self.cells, 0);
            return self.counted[cell as usize / model.groups].clone();
        }
        let first = self.dear();
        let agents = self.agents.iter().map(|(agent, _)| *agent);
        agents.filter(|&agent| is_alike(model, first, agent)).collect()
    }

    /// An agent, the likelier the dearer its present choice is.
    fn dear(&mut self) -> u32 {
        pick(&mut self.chance, &self.agents, SCALE / 20)
    }
}

/// One of several, by their weights and one that all have.
fn pick(chance: &mut Chance, among: &[(u32, i64)], each: i64) -> u32 {
    let all: i64 = among.iter().map(|(_, weight)| weight + each).sum();
    let mut at = chance.below(all.max(1) as usize) as i64;
    let found = among.iter().find(|(_, weight)| {
        at -= weight + each;
        at < 0
    });
    found.map_or(among[0].0, |(one, _)| *one)
}

/// By counter: the agents that it counts.
fn counted(model: &Model) -> Vec<Vec<u32>> {
    let mut counted = vec![Vec::new(); model.counters.len()];
    for (row, seat) in model.seats.iter().enumerate() {
        for adds in model.adds(row) {
            counted[adds.counter as usize].push(seat.agent);
        }
    }
    counted
}

/// Whether two agents have at least two of sector, subregion and gender in common, in their first rounds.
fn is_alike(model: &Model, one: u32, other: u32) -> bool {
    let told = |agent: u32| {
        let seats = model.agents[agent as usize].seats.iter();
        seats
            .flat_map(|&seat| model.adds(seat as usize))
            .filter(|adds| model.counters[adds.counter as usize].tells_kind())
    };
    let common = told(one).filter(|adds| told(other).any(|also| also.counter == adds.counter));
    common.count() >= 2
}
