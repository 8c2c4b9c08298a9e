//! Prices what one agent can do: the least it costs at the prices of the dual, and how much of each of its options is
//! wanted. Rounds of one person, the usual case, take time that grows with options and not with their combinations.
//! It must never know other agents.

use std::sync::LazyLock;

use super::patterns::MOST_SEATS;
use super::{Dual, IMPOSSIBLE, SCALE};
use crate::model::NOWHERE;
use crate::relaxation::restriction::{Member, Part};

/// An option that is worse than the best by so many times the smoothing counts for nothing.
pub(crate) const FORGOTTEN: f64 = 9.0;
/// What the best choices of three seats may fall short of what these cost together, in times of the smoothing, for the
/// short way of reckoning shares: beyond this it would lose its digits.
const EXACT: f64 = 12.0;
/// The least weight of all combinations of three that is still exact.
const SMALLEST: f64 = 1e-9;
/// Rounds of one person that are reckoned the short way.
const SHORT: usize = 3;

/// What is needed to price one agent, kept to be used again.
#[derive(Clone, Default)]
pub(crate) struct Buffer {
    /// What options cost, seat after seat; where each seat's begin; and the cheapest of each.
    pub(crate) costs: Vec<i64>,
    pub(crate) from: Vec<usize>,
    tops: Vec<Top>,
    /// How much dearer than the cheapest of its seat an option is, at least, that already pays for a repeat.
    repeated_from: i64,
    /// The least that the agent costs with each option.
    pub(crate) leasts: Vec<i64>,
    /// By seat and group: how much is wanted of it alone.
    weights: Vec<f64>,
    /// By option: how much of it is wanted beside the others.
    wanted: Vec<f64>,
    /// By seat: cost and place among the options, the cheapest first.
    pub(crate) ranked: Vec<Vec<(i64, u32)>>,
    pub(crate) chosen: Vec<u32>,
    pub(crate) patterns: Vec<(i64, u64)>,
}

/// The cheapest options of a seat, with the groups in which they can make a repeat.
type Top = [(i64, u32); SHORT];

const NO_TOP: Top = [(IMPOSSIBLE, NOWHERE); SHORT];

fn insert(top: &mut Top, mut one: (i64, u32)) {
    if one.0 >= top[SHORT - 1].0 {
        return;
    }
    for place in top {
        if one.0 < place.0 {
            std::mem::swap(place, &mut one);
        }
    }
}

fn is_same(one: (i64, u32), other: (i64, u32)) -> bool {
    one.1 == other.1 && one.1 != NOWHERE
}

/// The least that an option and a further seat cost.
fn least_of_two(one: (i64, u32), other: &Top, repeat: i64) -> i64 {
    let first = other[0];
    match is_same(one, first) {
        true => one.0 + (first.0 + repeat).min(other[1].0),
        false => one.0 + first.0,
    }
}

/// The least that an option and two further seats cost.
fn least_of_three(one: (i64, u32), second: &Top, third: &Top, repeat: i64) -> i64 {
    let (two, three) = (second[0], third[0]);
    if !is_same(one, two) && !is_same(one, three) && !is_same(two, three) {
        return one.0 + two.0 + three.0;
    }
    let mut least = IMPOSSIBLE;
    for &two in second {
        for &three in third.iter().filter(|three| three.0 < IMPOSSIBLE && two.0 < IMPOSSIBLE) {
            // Visits beyond the first of each group.
            let same = i64::from(is_same(one, two))
                + i64::from(is_same(one, three) || is_same(two, three));
            least = least.min(one.0 + two.0 + three.0 + same * repeat);
        }
    }
    least
}

impl Dual<'_> {
    /// The least that an agent's seats cost together; their shares are reckoned.
    pub(crate) fn price_member(
        &mut self,
        part: &Part<'_>,
        member: Member,
        smoothing: f64,
        buffer: &mut Buffer,
    ) -> i64 {
        if !self.read_costs(part, member, buffer) {
            return IMPOSSIBLE;
        }
        let seats = member.seats as usize;
        let lowest: i64 = buffer.tops.iter().map(|top| top[0].0).sum();
        let is_short = member.is_plain && seats <= SHORT;
        let least = match is_short {
            true => least_short(&buffer.tops, part.model.weights.repeat * SCALE),
            false => {
                self.rank(member, seats + 1, buffer);
                self.least_of_ranked(part, member, buffer)
            }
        };
        let window = (smoothing * FORGOTTEN * SCALE as f64) as i64;
        let spare = (least - lowest) as f64;
        // The short way tells options by their groups, and leaves out those that already pay for a repeat.
        let is_short = smoothing > 0.0
            && buffer.repeated_from > window + (least - lowest)
            && (seats == 1
                || (is_short && lowest + part.model.weights.repeat * SCALE > least + window))
            && (seats < SHORT || spare <= smoothing * EXACT * SCALE as f64);
        if !is_short || !self.share_short(part, member, smoothing, spare, buffer) {
            self.share_one_by_one(part, member, smoothing, buffer);
        }
        least
    }

    /// False if a seat has no option.
    fn read_costs(&mut self, part: &Part<'_>, member: Member, buffer: &mut Buffer) -> bool {
        buffer.costs.clear();
        buffer.from.clear();
        buffer.tops.clear();
        buffer.repeated_from = IMPOSSIBLE;
        for seat in member.range() {
            buffer.from.push(buffer.costs.len());
            let (mut top, mut repeated) = (NO_TOP, IMPOSSIBLE);
            for &option in self.alive(seat) {
                let cost = self.reduced(part, option as usize);
                insert(&mut top, (cost, part.repeatable(option as usize)));
                if part.is_repeated(option as usize) {
                    repeated = repeated.min(cost);
                }
                buffer.costs.push(cost);
            }
            if repeated < IMPOSSIBLE {
                buffer.repeated_from = buffer.repeated_from.min(repeated - top[0].0);
            }
            buffer.tops.push(top);
        }
        buffer.from.push(buffer.costs.len());
        self.work += buffer.costs.len() as u64;
        buffer.tops.iter().all(|top| top[0].0 < IMPOSSIBLE)
    }

    /// Shares where repeats are out of the question, those with settled seats too: all combinations without, by sums of
    /// products. False if that would not be exact enough.
    fn share_short(
        &mut self,
        part: &Part<'_>,
        member: Member,
        smoothing: f64,
        spare: f64,
        buffer: &mut Buffer,
    ) -> bool {
        let seats = member.seats as usize;
        // Where two seats want the same most, all else is weighed from the cheapest way to part them.
        let lifted = seats == 2 && is_same(buffer.tops[0][0], buffer.tops[1][0]);
        let lift = if lifted { looked_up(spare, smoothing) } else { 1.0 };
        let rests = self.weigh(
            part,
            member,
            smoothing,
            if lifted { (spare, 0.0) } else { (0.0, spare) },
            buffer,
        );
        let width = part.model.groups + seats;
        let weights = &buffer.weights;
        let tops: [usize; SHORT] = std::array::from_fn(|at| {
            buffer.tops.get(at).map_or(0, |top| slot(top[0].1, at, part.model.groups))
        });
        // All that a seat wants but in one place; where most of it is there, a subtraction would not be exact.
        let without = |at: usize, slot: usize| match slot == tops[at] {
            true => rests[at],
            false => 1.0 + lift * (rests[at] - weights[at * width + slot]),
        };
        let mut pairs = [0.0; SHORT];
        if seats == SHORT {
            pairs = std::array::from_fn(|at| {
                let (two, three) = ((at + 1) % SHORT * width, (at + 2) % SHORT * width);
                let both = weights[two..two + width].iter().zip(&weights[three..three + width]);
                both.map(|(one, other)| one * other).sum()
            });
        }
        let (mut all, mut index) = (0.0, 0);
        for (at, seat) in member.range().enumerate() {
            let (two, three) = ((at + 1) % seats, (at + 2) % seats);
            for &option in self.alive(seat) {
                let slot = slot(part.groups[option as usize], at, part.model.groups);
                let own = weights[at * width + slot];
                let wanted = own
                    * match seats {
                        _ if own == 0.0 => 0.0,
                        1 => 1.0,
                        2 => without(two, slot),
                        _ => {
                            let both = weights[two * width + slot] * weights[three * width + slot];
                            without(two, slot) * without(three, slot) - (pairs[at] - both)
                        }
                    };
                buffer.wanted[index] = wanted;
                all += if at == 0 { wanted } else { 0.0 };
                index += 1;
            }
        }
        if all <= 0.0 || (seats == SHORT && all < SMALLEST) {
            return false;
        }
        self.want(part, member, 1.0 / all, buffer);
        true
    }

    /// Takes over how much of each option is wanted.
    fn want(&mut self, part: &Part<'_>, member: Member, scale: f64, buffer: &Buffer) {
        let mut wanted = buffer.wanted.iter();
        for seat in member.range() {
            let from = part.first_option[seat] as usize;
            for at in from..from + self.choices(seat) {
                let option = self.alive[at] as usize;
                let share = wanted.next().map_or(0.0, |wanted| (wanted * scale).clamp(0.0, 1.0));
                self.shares[option] = share;
                if share > 0.0 {
                    for &cell in part.entries(option) {
                        self.wanted[cell as usize] += share;
                    }
                }
            }
        }
    }

    /// How much of each group each seat wants for itself: 1 of the best; and what it wants of all others.
    fn weigh(
        &self,
        part: &Part<'_>,
        member: Member,
        smoothing: f64,
        (lifted, spare): (f64, f64),
        buffer: &mut Buffer,
    ) -> [f64; SHORT] {
        let groups = part.model.groups;
        let width = groups + member.seats as usize;
        buffer.weights.clear();
        buffer.weights.resize(member.seats as usize * width, 0.0);
        buffer.wanted.resize(buffer.wanted.len().max(buffer.costs.len()), 0.0);
        let table: &[f64] = &FALLING;
        let scale = FINENESS / (smoothing * SCALE as f64);
        let most = ((FORGOTTEN * FINENESS + spare * scale) as usize).min(table.len() - 1);
        let mut rests = [0.0; SHORT];
        for (at, seat) in member.range().enumerate() {
            let costs = &buffer.costs[buffer.from[at]..];
            let (least, top) = buffer.tops[at][0];
            for (&option, &cost) in self.alive(seat).iter().zip(costs) {
                let group = part.groups[option as usize];
                let slot = at * width + slot(group, at, groups);
                if group == top {
                    buffer.weights[slot] = 1.0;
                    continue;
                }
                let place = (((cost - least) as f64 - lifted) * scale) as usize;
                if place <= most && !part.is_repeated(option as usize) {
                    buffer.weights[slot] = table[place];
                    rests[at] += table[place];
                }
            }
        }
        rests
    }

    /// Finds the least that an agent costs with each option of its seats, seat after seat.
    pub(crate) fn find_leasts(&mut self, part: &Part<'_>, member: Member, buffer: &mut Buffer) {
        let is_possible = self.read_costs(part, member, buffer);
        buffer.leasts.clear();
        let seats = member.seats as usize;
        if !is_possible || seats > MOST_SEATS {
            buffer.leasts.resize(buffer.costs.len(), 0);
            return;
        }
        let repeat = part.model.weights.repeat * SCALE;
        if member.is_plain && seats <= SHORT {
            for (at, seat) in member.range().enumerate() {
                let (two, three) = ((at + 1) % seats, (at + 2) % seats);
                let costs = &buffer.costs[buffer.from[at]..];
                for (&option, &cost) in self.alive(seat).iter().zip(costs) {
                    let one = (cost, part.repeatable(option as usize));
                    buffer.leasts.push(match seats {
                        1 => cost,
                        2 => least_of_two(one, &buffer.tops[two], repeat),
                        _ => least_of_three(one, &buffer.tops[two], &buffer.tops[three], repeat),
                    });
                }
            }
            return;
        }
        self.rank(member, seats + 1, buffer);
        for at in 0..seats {
            let own = std::mem::take(&mut buffer.ranked[at]);
            for index in buffer.from[at]..buffer.from[at + 1] {
                let place = (index - buffer.from[at]) as u32;
                buffer.ranked[at] = vec![(buffer.costs[index], place)];
                let least = self.least_of_ranked(part, member, buffer);
                buffer.leasts.push(least);
            }
            buffer.ranked[at] = own;
        }
    }
}

fn least_short(tops: &[Top], repeat: i64) -> i64 {
    let least = match tops {
        [one, two] => (one.iter())
            .filter(|one| one.0 < IMPOSSIBLE)
            .map(|&one| least_of_two(one, two, repeat))
            .min(),
        [one, two, three] => (one.iter())
            .filter(|one| one.0 < IMPOSSIBLE)
            .map(|&one| least_of_three(one, two, three, repeat))
            .min(),
        _ => tops.first().map(|one| one[0].0),
    };
    least.unwrap_or(IMPOSSIBLE)
}

/// Where a group stands among the weights of a seat; to be nowhere is a place of the seat's own.
fn slot(group: u32, at: usize, groups: usize) -> usize {
    if group == NOWHERE { groups + at } else { group as usize }
}

/// Entries of the table for each unit.
const FINENESS: f64 = 256.0;
/// e to the power of minus so many 256ths, by operations that are the same on every machine.
static FALLING: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let last = ((FORGOTTEN + EXACT) * FINENESS) as u32;
    (0..=last).map(|place| falling(f64::from(place) / FINENESS)).collect()
});

/// What a cost that is worse by so much weighs.
pub(crate) fn looked_up(worse: f64, smoothing: f64) -> f64 {
    let place = worse * FINENESS / (smoothing * SCALE as f64);
    FALLING.get(place as usize).copied().unwrap_or(0.0)
}

fn falling(of: f64) -> f64 {
    let small = of / 1024.0;
    let mut power = 1.0 - small * (1.0 - small * (0.5 - small * (1.0 / 6.0 - small / 24.0)));
    for _ in 0..10 {
        power *= power;
    }
    power
}
