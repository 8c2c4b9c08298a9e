//! Prices an agent by going through the combinations of its options one by one: where people go together, rounds are
//! many, or a repeat may be the best there is. It must never know other agents.

use super::pricing::{Buffer, FORGOTTEN, looked_up};
use super::{Dual, IMPOSSIBLE, SCALE};
use crate::model::NOWHERE;
use crate::relaxation::restriction::{Member, Part, repeats};

/// Options of a seat that are combined with those of others, at most.
const WIDEST: usize = 10;
/// Seats whose repeats are reckoned; more go together in no real case, and their repeats are left out of the bound.
pub(crate) const MOST_SEATS: usize = 15;

impl Dual<'_> {
    /// The least that the ranked options of all seats cost together.
    pub(crate) fn least_of_ranked(
        &self,
        part: &Part<'_>,
        member: Member,
        buffer: &mut Buffer,
    ) -> i64 {
        self.list_patterns(part, member, 0, buffer);
        buffer.patterns.iter().map(|(cost, _)| *cost).min().unwrap_or(IMPOSSIBLE)
    }

    /// The cheapest options of each seat in their order.
    pub(crate) fn rank(&self, member: Member, most: usize, buffer: &mut Buffer) {
        let seats = member.seats as usize;
        buffer.ranked.resize_with(buffer.ranked.len().max(seats), Vec::new);
        for (at, ranked) in buffer.ranked.iter_mut().take(seats).enumerate() {
            ranked.clear();
            let own = &buffer.costs[buffer.from[at]..buffer.from[at + 1]];
            ranked.extend(own.iter().zip(0..).map(|(&cost, place)| (cost, place)));
            ranked.sort_unstable();
            ranked.truncate(most);
        }
    }

    /// Shares by listing all combinations that count.
    pub(crate) fn share_one_by_one(
        &mut self,
        part: &Part<'_>,
        member: Member,
        smoothing: f64,
        buffer: &mut Buffer,
    ) {
        self.rank(member, WIDEST.max(member.seats as usize + 1), buffer);
        self.list_patterns(part, member, (smoothing * FORGOTTEN * SCALE as f64) as i64, buffer);
        for seat in member.range() {
            for index in 0..self.choices(seat) {
                let option = self.alive(seat)[index] as usize;
                self.shares[option] = 0.0;
            }
        }
        let patterns = &buffer.patterns;
        let least = patterns.iter().map(|(cost, _)| *cost).min().unwrap_or(IMPOSSIBLE);
        let weight = |cost: i64| match smoothing > 0.0 {
            true => looked_up((cost - least) as f64, smoothing),
            false => f64::from(u8::from(cost == least)),
        };
        let all: f64 = patterns.iter().map(|(cost, _)| weight(*cost)).sum();
        for &(cost, key) in patterns {
            let (share, mut key) = (weight(cost) / all, key);
            for (at, seat) in member.range().enumerate() {
                let (_, place) = buffer.ranked[at][(key & 15) as usize];
                key >>= 4;
                let option = self.alive(seat)[place as usize] as usize;
                self.shares[option] += share;
                for &cell in part.entries(option) {
                    self.wanted[cell as usize] += share;
                }
            }
        }
    }

    /// The ways through an agent's ranked options that are not worse than the best by more than the window.
    fn list_patterns(&self, part: &Part<'_>, member: Member, window: i64, buffer: &mut Buffer) {
        let seats = member.seats as usize;
        buffer.patterns.clear();
        buffer.chosen.clear();
        let lowest: i64 = (0..seats).map(|at| buffer.ranked[at][0].0).sum();
        let mut ways = Ways {
            dual: self,
            part,
            member,
            ranked: &buffer.ranked,
            window,
            best: IMPOSSIBLE,
            chosen: &mut buffer.chosen,
            patterns: &mut buffer.patterns,
        };
        if seats > MOST_SEATS {
            ways.best = lowest;
            ways.patterns.push((lowest, 0));
        } else {
            ways.extend(lowest, 0);
        }
        let most = ways.best.saturating_add(window);
        buffer.patterns.retain(|(cost, _)| *cost <= most);
    }
}

/// The state of one search in depth through the options of an agent.
struct Ways<'d, 'm> {
    dual: &'d Dual<'m>,
    part: &'d Part<'m>,
    member: Member,
    ranked: &'d [Vec<(i64, u32)>],
    window: i64,
    best: i64,
    chosen: &'d mut Vec<u32>,
    patterns: &'d mut Vec<(i64, u64)>,
}

impl Ways<'_, '_> {
    fn extend(&mut self, lowest: i64, key: u64) {
        let at = self.chosen.len();
        if at == self.member.seats as usize {
            self.best = lowest.min(self.best);
            self.patterns.push((lowest, key));
            return;
        }
        let seat = self.member.first as usize + at;
        for rank in 0..self.ranked[at].len() {
            let (cost, place) = self.ranked[at][rank];
            let so_far = lowest + cost - self.ranked[at][0].0;
            if so_far > self.best.saturating_add(self.window) {
                break;
            }
            let option = self.dual.alive(seat)[place as usize] as usize;
            let group = self.part.repeatable(option);
            let with_repeats = so_far + self.repeats(group) * SCALE;
            if with_repeats > self.best.saturating_add(self.window) {
                continue;
            }
            self.chosen.push(group);
            self.extend(with_repeats, key | (rank as u64) << (4 * at));
            self.chosen.pop();
        }
    }

    fn repeats(&self, group: u32) -> i64 {
        let model = self.part.model;
        match self.member.is_plain {
            true if group == NOWHERE || !self.chosen.contains(&group) => 0,
            true => model.weights.repeat,
            false => repeats(model, self.member.agent as usize, self.chosen, group),
        }
    }
}
