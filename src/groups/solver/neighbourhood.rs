//! Betters a plan by solving parts of it: some people are set free, everybody else stays, and what is left is small
//! enough to be tried out. It must never know the clock.

use super::chance::Chance;
use super::dual::{Dual, SCALE};
use super::proof::{Proof, Watch};

/// How many agents are set free, and how many nodes may be spent on them.
#[derive(Debug, Clone)]
pub(super) struct Neighbourhood {
    chance: Chance,
    /// Agents to be set free.
    size: usize,
    /// Agents with a choice, and how dear their present choice is at the prices of the whole.
    agents: Vec<(u32, i64)>,
}

/// Nodes of one neighbourhood.
const NODES: u64 = 30;

impl Neighbourhood {
    pub(super) fn new(chance: Chance, dual: &mut Dual<'_>, best: &[u32]) -> Self {
        let mut found = Self { chance, size: 24, agents: Vec::new() };
        found.look(dual, best);
        found
    }

    /// Reckons anew whose present choice is dear.
    fn look(&mut self, dual: &mut Dual<'_>, best: &[u32]) {
        self.agents.clear();
        for agent in dual.open_agents() {
            let mut dear = 0;
            for at in 0..dual.model.agents[agent].seats.len() {
                let seat = dual.model.agents[agent].seats[at] as usize;
                let costs = dual.least_by_option(agent, at);
                let least = costs.iter().copied().min().unwrap_or(0);
                let present = dual.options[seat].iter().position(|&option| option == best[seat]);
                dear +=
                    present.map_or(2 * SCALE, |present| (costs[present] - least).min(4 * SCALE));
            }
            self.agents.push((agent as u32, dear));
        }
    }

    /// Sets some agents free and tries them out. True if the plan became better.
    pub(super) fn try_out<'m>(
        &mut self,
        whole: &mut Dual<'m>,
        proof: &mut Proof<'m>,
        watch: Watch<'_>,
    ) -> bool {
        if self.agents.is_empty() {
            return false;
        }
        let free = self.draw(whole);
        let mut dual = whole.clone();
        dual.work = 0;
        for agent in whole.open_agents() {
            if free[agent] {
                continue;
            }
            for &seat in &whole.model.agents[agent].seats {
                dual.set(seat as usize, proof.best[seat as usize]);
            }
        }
        dual.settle();
        let before = proof.best_value;
        let is_tried_out = proof.try_part(dual, NODES, watch);
        let is_better = proof.best_value < before;
        if is_better {
            self.look(whole, &proof.best);
        } else if is_tried_out {
            self.size = (self.size + 1 + self.size / 12).min(self.agents.len());
        } else {
            self.size = (self.size - self.size / 12).max(6);
        }
        is_better
    }

    /// The agents to be set free, by row: some for having a dear choice, some for being like one of those, and some by
    /// chance.
    fn draw(&mut self, whole: &Dual<'_>) -> Vec<bool> {
        let mut free = vec![false; whole.model.agents.len()];
        let mut count = 0;
        let first = self.dear();
        let alike: Vec<u32> = (self.agents.iter().map(|(agent, _)| *agent))
            .filter(|&agent| is_alike(whole, first, agent))
            .collect();
        free[first as usize] = true;
        for _ in 0..self.size * 4 {
            if count >= self.size {
                break;
            }
            let drawn = match self.chance.below(6) {
                0 | 1 => self.dear(),
                2..=4 if !alike.is_empty() => alike[self.chance.below(alike.len())],
                _ => self.agents[self.chance.below(self.agents.len())].0,
            };
            if !std::mem::replace(&mut free[drawn as usize], true) {
                count += 1;
            }
        }
        free
    }

    /// An agent, the likelier the dearer its present choice is.
    fn dear(&mut self) -> u32 {
        let weight = |dear: i64| dear + SCALE / 20;
        let all: i64 = self.agents.iter().map(|(_, dear)| weight(*dear)).sum();
        let mut at = self.chance.below(all.max(1) as usize) as i64;
        let found = self.agents.iter().find(|(_, dear)| {
            at -= weight(*dear);
            at < 0
        });
        found.map_or(self.agents[0].0, |(agent, _)| *agent)
    }
}

/// Whether two agents have at least two of sector, subregion and gender in common, in their first rounds.
fn is_alike(whole: &Dual<'_>, one: u32, other: u32) -> bool {
    let model = whole.model;
    let told = |agent: u32| {
        let seats = model.agents[agent as usize].seats.iter();
        seats
            .flat_map(|&seat| model.adds(seat as usize))
            .filter(|adds| model.counters[adds.counter as usize].tells_kind())
    };
    let common = told(one).filter(|adds| told(other).any(|also| also.counter == adds.counter));
    common.count() >= 2
}
