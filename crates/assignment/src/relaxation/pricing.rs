//! The pricing problem of one block: its cheapest pattern (a column, in the words of column generation) at the present multipliers,
//! the min-marginal of each option, and the fractional solution that the softmin over all patterns gives. Up to three rounds of one
//! person, the usual case, are priced in closed form, in time that grows with options and not with their combinations; all else is
//! enumerated ([`super::patterns`]). No list of columns is kept. It must never know other blocks.

use super::patterns::MAX_PATTERN_VARIABLES;
use super::softmin::{EXP_TABLE, EXP_TABLE_STEPS, MAX_EXACT_SPARE, SOFTMIN_CUTOFF, softmin_weight};
use super::{INFEASIBLE, Relaxation, SCALE};
use crate::model::UNASSIGNED;
use crate::relaxation::restriction::{OpenBlock, Restriction};

/// The least sum of the weights of all patterns of three variables that the closed form still tells: below it, what
/// its subtractions leave may be rounding.
const MIN_EXACT_SUM: f64 = 1e-9;
/// Variables of one person, so rounds, that are priced in closed form. Pairs and triples were worth writing out by hand; more rounds
/// are rare, and are enumerated.
const CLOSED_FORM_MAX: usize = 3;

/// What is needed to price one block, kept to be used again.
#[derive(Clone, Default)]
pub(crate) struct Workspace {
    /// The reduced costs of options, variable after variable; where each variable's begin; and the cheapest of each.
    pub(crate) costs: Vec<i64>,
    pub(crate) from: Vec<usize>,
    leaders: Vec<Leader>,
    cheapest: Vec<Cheapest>,
    /// The min-marginal of each option: the least that a pattern costs in which the option is.
    pub(crate) min_marginals: Vec<i64>,
    /// By option: its softmin weight for itself, whatever the others take; and the same by variable and group.
    weights: Vec<f64>,
    weights_by_slot: Vec<f64>,
    /// By option: the sum of the weights of the patterns in which it is.
    joint_weights: Vec<f64>,
    /// By variable: cost and place among the options, the cheapest first.
    pub(crate) sorted: Vec<Vec<(i64, u32)>>,
    /// The groups of the pattern that is being enumerated.
    pub(crate) chosen: Vec<u32>,
    /// Cost of each enumerated pattern, and the ranks of its options among `sorted`, as [`super::patterns`] packs them.
    pub(crate) patterns: Vec<(i64, u64)>,
}

/// The cheapest option of a variable, with the group in which it can make a repeat, and what the next one costs.
#[derive(Debug, Clone, Copy)]
struct Leader {
    cost: i64,
    option: u32,
    group: u32,
    next: i64,
}

/// The cheapest options of a variable, with the groups in which they can make a repeat. As many as there are variables in the closed
/// form: each of the others can make one of them a repeat, and the last is then still free.
type Cheapest = [(i64, u32); CLOSED_FORM_MAX];

const NO_CHEAPEST: Cheapest = [(INFEASIBLE, UNASSIGNED); CLOSED_FORM_MAX];

fn insert_sorted(cheapest: &mut Cheapest, mut one: (i64, u32)) {
    if one.0 >= cheapest[CLOSED_FORM_MAX - 1].0 {
        return;
    }
    for place in cheapest {
        if one.0 < place.0 {
            std::mem::swap(place, &mut one);
        }
    }
}

fn is_repeat(one: (i64, u32), other: (i64, u32)) -> bool {
    one.1 == other.1 && one.1 != UNASSIGNED
}

/// The least that an option and a further variable cost.
fn min_pair_cost(one: (i64, u32), other: &Cheapest, repeat: i64) -> i64 {
    let first = other[0];
    if is_repeat(one, first) { one.0 + (first.0 + repeat).min(other[1].0) } else { one.0 + first.0 }
}

/// The least that an option and two further variables cost.
fn min_triple_cost(one: (i64, u32), second: &Cheapest, third: &Cheapest, repeat: i64) -> i64 {
    let (two, three) = (second[0], third[0]);
    if !is_repeat(one, two) && !is_repeat(one, three) && !is_repeat(two, three) {
        return one.0 + two.0 + three.0;
    }
    let mut minimum = INFEASIBLE;
    for &two in second {
        for &three in third.iter().filter(|three| three.0 < INFEASIBLE && two.0 < INFEASIBLE) {
            // Visits beyond the first of each group.
            let same = i64::from(is_repeat(one, two))
                + i64::from(is_repeat(one, three) || is_repeat(two, three));
            minimum = minimum.min(one.0 + two.0 + three.0 + same * repeat);
        }
    }
    minimum
}

impl Relaxation<'_> {
    /// The cost of a block's cheapest pattern, in fixed point, or [`INFEASIBLE`]. Adds the block to the activity of cells, and where
    /// `is_recorded` says so, to the fractional solution.
    pub(crate) fn price_block(
        &mut self,
        restriction: &Restriction<'_>,
        block: OpenBlock,
        (smoothing, is_recorded): (f64, bool),
        workspace: &mut Workspace,
    ) -> i64 {
        if !self.compute_reduced_costs(restriction, block, workspace) {
            return INFEASIBLE;
        }
        let variables = block.variables as usize;
        if !block.is_single || variables > CLOSED_FORM_MAX {
            self.sort_options(block, variables + 1, workspace);
            let minimum = self.min_pattern_cost(restriction, block, workspace);
            self.fractions_by_enumeration(restriction, block, (smoothing, is_recorded), workspace);
            return minimum;
        }
        let repeat = restriction.model.weights.repeat * SCALE;
        let separate_minimum: i64 = workspace.leaders.iter().map(|leader| leader.cost).sum();
        let minimum = match workspace.leaders.as_slice() {
            leaders if !is_any_repeated(leaders) => separate_minimum,
            [one, two] => {
                separate_minimum + repeat.min(one.next - one.cost).min(two.next - two.cost)
            }
            _ => {
                self.find_cheapest(restriction, block, workspace);
                min_cost_in_closed_form(&workspace.cheapest, repeat)
            }
        };
        let window = (smoothing * SOFTMIN_CUTOFF * SCALE as f64) as i64;
        let spare = (minimum - separate_minimum) as f64;
        // The closed form tells options by their groups, and leaves out those that already pay for a repeat.
        let is_closed_form = smoothing > 0.0
            && (variables == 1 || separate_minimum + repeat > minimum + window)
            && (variables < CLOSED_FORM_MAX || spare <= smoothing * MAX_EXACT_SPARE * SCALE as f64);
        if !is_closed_form
            || !self.fractions_in_closed_form(
                restriction,
                block,
                (smoothing, is_recorded),
                spare,
                workspace,
            )
        {
            self.fractions_by_enumeration(restriction, block, (smoothing, is_recorded), workspace);
        }
        minimum
    }

    /// Prices the options of a block, and finds the cheapest of each variable. False if a variable has no option.
    fn compute_reduced_costs(
        &mut self,
        restriction: &Restriction<'_>,
        block: OpenBlock,
        workspace: &mut Workspace,
    ) -> bool {
        workspace.costs.clear();
        workspace.from.clear();
        workspace.leaders.clear();
        for variable in block.range() {
            workspace.from.push(workspace.costs.len());
            let (cost, next) = (INFEASIBLE, INFEASIBLE);
            let mut leader = Leader { cost, option: 0, group: UNASSIGNED, next };
            workspace.costs.extend(self.domain(variable).iter().map(|&option| {
                let cost = self.reduced_cost(restriction, option as usize);
                leader.next = leader.next.min(cost.max(leader.cost));
                if cost < leader.cost {
                    leader.cost = cost;
                    leader.option = option;
                }
                cost
            }));
            if leader.cost < INFEASIBLE {
                leader.group = restriction.repeat_group(leader.option as usize);
            }
            workspace.leaders.push(leader);
        }
        workspace.from.push(workspace.costs.len());
        self.work += workspace.costs.len() as u64;
        workspace.leaders.iter().all(|leader| leader.cost < INFEASIBLE)
    }

    /// Finds the few cheapest options of each variable of a block that has been priced.
    fn find_cheapest(
        &self,
        restriction: &Restriction<'_>,
        block: OpenBlock,
        workspace: &mut Workspace,
    ) {
        workspace.cheapest.clear();
        for (at, variable) in block.range().enumerate() {
            let mut cheapest = NO_CHEAPEST;
            let costs = &workspace.costs[workspace.from[at]..workspace.from[at + 1]];
            for (&option, &cost) in self.domain(variable).iter().zip(costs) {
                insert_sorted(&mut cheapest, (cost, restriction.repeat_group(option as usize)));
            }
            workspace.cheapest.push(cheapest);
        }
    }

    /// Takes a variable out of the fractional solution.
    pub(crate) fn clear_fractions(&mut self, variable: usize) {
        let from = self.restriction.option_start[variable] as usize;
        for at in from..from + self.domain_size(variable) {
            self.fractions[self.domains[at] as usize] = 0.0;
        }
    }

    /// The fractional solution where repeats are out of the question, those with fixed variables too: the weights of all patterns
    /// without a repeat, by inclusion and exclusion over sums of products. False if that would not be exact enough, or if an option
    /// weighs anything that pays for a repeat already.
    fn fractions_in_closed_form(
        &mut self,
        restriction: &Restriction<'_>,
        block: OpenBlock,
        (smoothing, is_recorded): (f64, bool),
        spare: f64,
        workspace: &mut Workspace,
    ) -> bool {
        // Where the cheapest options of two variables repeat each other, all others are weighed from the cheapest pair without one.
        let lifted = block.variables == 2 && is_any_repeated(&workspace.leaders);
        let lift = if lifted { softmin_weight(spare, smoothing) } else { 1.0 };
        let excesses = if lifted { (spare, 0.0) } else { (0.0, spare) };
        let Some(rests) = self.softmin_weights(restriction, block, smoothing, excesses, workspace)
        else {
            return false;
        };
        let all = match block.variables {
            1 => {
                workspace.joint_weights.clone_from(&workspace.weights);
                1.0 + rests[0]
            }
            2 => self.weigh_pairs(restriction, block, (rests, lift), workspace),
            _ => self.weigh_triples(restriction, block, rests, workspace),
        };
        if all <= 0.0 || (block.variables as usize == CLOSED_FORM_MAX && all < MIN_EXACT_SUM) {
            return false;
        }
        self.record_fractions(restriction, block, (1.0 / all, is_recorded), workspace);
        true
    }

    /// The joint weights of the options of two variables. Returns the sum of all pairs.
    fn weigh_pairs(
        &self,
        restriction: &Restriction<'_>,
        block: OpenBlock,
        (rests, lift): ([f64; CLOSED_FORM_MAX], f64),
        workspace: &mut Workspace,
    ) -> f64 {
        workspace.joint_weights.clear();
        let mut all = [0.0; 2];
        for (at, variable) in block.range().enumerate() {
            let (other, weights) = (1 - at, &workspace.weights);
            let others = self.domain(block.first as usize + other);
            let other_weights = &weights[workspace.from[other]..workspace.from[other + 1]];
            let leader = workspace.leaders[other].group;
            for (&option, &own) in self.domain(variable).iter().zip(&weights[workspace.from[at]..])
            {
                if own == 0.0 {
                    workspace.joint_weights.push(0.0);
                    continue;
                }
                let group = restriction.groups[option as usize];
                // Where most of the weights are in one group, a subtraction would not be exact.
                let without = if group == leader && group != UNASSIGNED {
                    rests[other]
                } else {
                    let is_same = |one: &u32| {
                        group != UNASSIGNED && restriction.groups[*one as usize] == group
                    };
                    let same = others.iter().position(is_same).map_or(0.0, |at| other_weights[at]);
                    1.0 + lift * (rests[other] - same)
                };
                workspace.joint_weights.push(own * without);
                all[at] += own * without;
            }
        }
        all[0]
    }

    /// The joint weights of the options of three variables. Returns the sum of all triples.
    fn weigh_triples(
        &self,
        restriction: &Restriction<'_>,
        block: OpenBlock,
        rests: [f64; CLOSED_FORM_MAX],
        workspace: &mut Workspace,
    ) -> f64 {
        let groups = restriction.model.groups;
        let width = groups + CLOSED_FORM_MAX;
        workspace.weights_by_slot.clear();
        workspace.weights_by_slot.resize(CLOSED_FORM_MAX * width, 0.0);
        for (at, variable) in block.range().enumerate() {
            let weights = &workspace.weights[workspace.from[at]..];
            for (&option, &weight) in self.domain(variable).iter().zip(weights) {
                let slot = slot(restriction.groups[option as usize], at, groups);
                workspace.weights_by_slot[at * width + slot] = weight;
            }
        }
        let weights = &workspace.weights_by_slot;
        let cheapest_slots: [usize; CLOSED_FORM_MAX] =
            std::array::from_fn(|at| slot(workspace.leaders[at].group, at, groups));
        // The weights of a variable but that in one slot; where most of them is there, a subtraction would not be exact.
        let without = |at: usize, slot: usize| {
            if slot == cheapest_slots[at] {
                rests[at]
            } else {
                1.0 + rests[at] - weights[at * width + slot]
            }
        };
        let pairs: [f64; CLOSED_FORM_MAX] = std::array::from_fn(|at| {
            let (two, three) =
                ((at + 1) % CLOSED_FORM_MAX * width, (at + 2) % CLOSED_FORM_MAX * width);
            let both = weights[two..two + width].iter().zip(&weights[three..three + width]);
            both.map(|(one, other)| one * other).sum()
        });
        workspace.joint_weights.clear();
        let mut all = [0.0; CLOSED_FORM_MAX];
        for (at, variable) in block.range().enumerate() {
            let (two, three) = ((at + 1) % CLOSED_FORM_MAX, (at + 2) % CLOSED_FORM_MAX);
            let own_weights = &workspace.weights[workspace.from[at]..];
            for (&option, &own) in self.domain(variable).iter().zip(own_weights) {
                if own == 0.0 {
                    workspace.joint_weights.push(0.0);
                    continue;
                }
                let slot = slot(restriction.groups[option as usize], at, groups);
                let both = weights[two * width + slot] * weights[three * width + slot];
                let joint = own * (without(two, slot) * without(three, slot) - (pairs[at] - both));
                workspace.joint_weights.push(joint);
                all[at] += joint;
            }
        }
        all[0]
    }

    /// Adds the block to the activity, and to the fractional solution if it is recorded, scaled from joint weights.
    fn record_fractions(
        &mut self,
        restriction: &Restriction<'_>,
        block: OpenBlock,
        (scale, is_recorded): (f64, bool),
        workspace: &Workspace,
    ) {
        let mut weights = workspace.joint_weights.iter();
        for variable in block.range() {
            let from = restriction.option_start[variable] as usize;
            for at in from..from + self.domain_size(variable) {
                let option = self.domains[at] as usize;
                let fraction =
                    weights.next().map_or(0.0, |weight| (weight * scale).clamp(0.0, 1.0));
                if is_recorded {
                    self.fractions[option] = fraction;
                }
                if fraction > 0.0 {
                    for &cell in restriction.entries(option) {
                        self.activity[cell as usize] += fraction;
                    }
                }
            }
        }
    }

    /// The softmin weight of each option for itself, 1 for the cheapest; returns the sum of all but the cheapest by variable. `lifted`
    /// is taken off their excess, and `spare` let beyond the cutoff, both in fixed point. None if an option weighs anything that pays
    /// for a repeat already.
    fn softmin_weights(
        &self,
        restriction: &Restriction<'_>,
        block: OpenBlock,
        smoothing: f64,
        (lifted, spare): (f64, f64),
        workspace: &mut Workspace,
    ) -> Option<[f64; CLOSED_FORM_MAX]> {
        let table: &[f64] = &EXP_TABLE;
        let scale = EXP_TABLE_STEPS / (smoothing * SCALE as f64);
        let most =
            ((SOFTMIN_CUTOFF * EXP_TABLE_STEPS + spare * scale) as usize).min(table.len() - 1);
        let table = &table[..=most];
        let mut rests = [0.0; CLOSED_FORM_MAX];
        workspace.weights.clear();
        for (at, variable) in block.range().enumerate() {
            let costs = &workspace.costs[workspace.from[at]..];
            let leader = workspace.leaders[at];
            for (&option, &cost) in self.domain(variable).iter().zip(costs) {
                let place = (((cost - leader.cost) as f64 - lifted) * scale) as usize;
                let weight = match table.get(place) {
                    None => 0.0,
                    Some(_) if restriction.pays_repeat(option as usize) => return None,
                    Some(_) if option == leader.option => 1.0,
                    Some(&weight) => {
                        rests[at] += weight;
                        weight
                    }
                };
                workspace.weights.push(weight);
            }
        }
        Some(rests)
    }

    /// Finds the min-marginals of a block, in fixed point, variable after variable. All 0 where they are not computed: a block of
    /// too many variables, or without any pattern.
    pub(crate) fn find_min_marginals(
        &mut self,
        restriction: &Restriction<'_>,
        block: OpenBlock,
        workspace: &mut Workspace,
    ) {
        let is_possible = self.compute_reduced_costs(restriction, block, workspace);
        self.find_cheapest(restriction, block, workspace);
        workspace.min_marginals.clear();
        let variables = block.variables as usize;
        if !is_possible || variables > MAX_PATTERN_VARIABLES {
            workspace.min_marginals.resize(workspace.costs.len(), 0);
            return;
        }
        let repeat = restriction.model.weights.repeat * SCALE;
        if block.is_single && variables <= CLOSED_FORM_MAX {
            for (at, variable) in block.range().enumerate() {
                let (two, three) = ((at + 1) % variables, (at + 2) % variables);
                let costs = &workspace.costs[workspace.from[at]..];
                for (&option, &cost) in self.domain(variable).iter().zip(costs) {
                    let one = (cost, restriction.repeat_group(option as usize));
                    workspace.min_marginals.push(match variables {
                        1 => cost,
                        2 => min_pair_cost(one, &workspace.cheapest[two], repeat),
                        _ => min_triple_cost(
                            one,
                            &workspace.cheapest[two],
                            &workspace.cheapest[three],
                            repeat,
                        ),
                    });
                }
            }
            return;
        }
        self.sort_options(block, variables + 1, workspace);
        for at in 0..variables {
            let own = std::mem::take(&mut workspace.sorted[at]);
            for index in workspace.from[at]..workspace.from[at + 1] {
                let place = (index - workspace.from[at]) as u32;
                workspace.sorted[at] = vec![(workspace.costs[index], place)];
                let minimum = self.min_pattern_cost(restriction, block, workspace);
                workspace.min_marginals.push(minimum);
            }
            workspace.sorted[at] = own;
        }
    }
}

/// Whether the cheapest options of some variables make a repeat.
fn is_any_repeated(leaders: &[Leader]) -> bool {
    let is_same =
        |one: &Leader, other: &Leader| one.group == other.group && one.group != UNASSIGNED;
    match leaders {
        [one, two] => is_same(one, two),
        [one, two, three] => is_same(one, two) || is_same(one, three) || is_same(two, three),
        _ => false,
    }
}

/// The cost of the cheapest pattern of up to three variables.
fn min_cost_in_closed_form(cheapest: &[Cheapest], repeat: i64) -> i64 {
    let minimum = match cheapest {
        [one, two] => (one.iter())
            .filter(|one| one.0 < INFEASIBLE)
            .map(|&one| min_pair_cost(one, two, repeat))
            .min(),
        [one, two, three] => (one.iter())
            .filter(|one| one.0 < INFEASIBLE)
            .map(|&one| min_triple_cost(one, two, three, repeat))
            .min(),
        _ => cheapest.first().map(|one| one[0].0),
    };
    minimum.unwrap_or(INFEASIBLE)
}

/// Where a group stands among the weights of a variable; to have none has a slot of the variable's own, for it repeats nothing.
fn slot(group: u32, at: usize, groups: usize) -> usize {
    if group == UNASSIGNED { groups + at } else { group as usize }
}
