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
    /// The options that weigh anything, variable after variable, and where each variable's begin.
    weighty: Vec<WeightyOption>,
    weighty_from: [usize; CLOSED_FORM_MAX + 1],
    /// By variable and group: the softmin weight of the option for itself.
    weights_by_slot: Vec<f64>,
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

/// An option that weighs anything in the fractional solution.
#[derive(Debug, Clone, Copy, Default)]
struct WeightyOption {
    option: u32,
    /// Its softmin weight for itself, whatever the others take.
    weight: f64,
    /// The sum of the weights of the patterns in which it is.
    joint: f64,
}

impl Workspace {
    /// What the cheapest options of all variables cost together, in fixed point, as if there were no repeats.
    fn separate_minimum(&self) -> i64 {
        self.leaders.iter().map(|leader| leader.cost).sum()
    }

    /// The options of a variable that weigh anything.
    fn weighty_of(&self, at: usize) -> &[WeightyOption] {
        &self.weighty[self.weighty_from[at]..self.weighty_from[at + 1]]
    }
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
    /// The cost of a block's cheapest pattern, in fixed point, or [`INFEASIBLE`].
    pub(crate) fn price_block(
        &mut self,
        restriction: &Restriction<'_>,
        block: OpenBlock,
        workspace: &mut Workspace,
    ) -> i64 {
        if !self.compute_reduced_costs(restriction, block, workspace) {
            return INFEASIBLE;
        }
        if !is_closed_form(block) {
            self.sort_options(block, block.variables as usize + 1, workspace);
            return self.min_pattern_cost(restriction, block, workspace);
        }
        let repeat = restriction.model.weights.repeat * SCALE;
        let separate_minimum = workspace.separate_minimum();
        match workspace.leaders.as_slice() {
            leaders if !is_any_repeated(leaders) => separate_minimum,
            [one, two] => {
                separate_minimum + repeat.min(one.next - one.cost).min(two.next - two.cost)
            }
            _ => {
                self.find_cheapest(restriction, block, workspace);
                min_cost_in_closed_form(&workspace.cheapest, repeat)
            }
        }
    }

    /// Adds a block that has just been priced to the activity of cells, and where `is_recorded` says so, to the fractional solution.
    /// `minimum` is the cost of its cheapest pattern.
    pub(crate) fn add_to_primal(
        &mut self,
        restriction: &Restriction<'_>,
        (block, minimum): (OpenBlock, i64),
        (smoothing, is_recorded): (f64, bool),
        workspace: &mut Workspace,
    ) {
        let repeat = restriction.model.weights.repeat * SCALE;
        let window = (smoothing * SOFTMIN_CUTOFF * SCALE as f64) as i64;
        let separate_minimum = workspace.separate_minimum();
        let spare = (minimum - separate_minimum) as f64;
        let variables = block.variables as usize;
        // The closed form tells options by their groups, and leaves out those that already pay for a repeat.
        let is_closed_form = is_closed_form(block)
            && smoothing > 0.0
            && (variables == 1 || separate_minimum + repeat > minimum + window)
            && (variables < CLOSED_FORM_MAX || spare <= smoothing * MAX_EXACT_SPARE * SCALE as f64);
        let primal = (smoothing, is_recorded);
        if !is_closed_form
            || !self.fractions_in_closed_form(restriction, block, primal, spare, workspace)
        {
            self.fractions_by_enumeration(restriction, block, primal, workspace);
        }
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
                workspace.weighty.iter_mut().for_each(|one| one.joint = one.weight);
                1.0 + rests[0]
            }
            2 => weigh_pairs(restriction, (rests, lift), workspace),
            _ => weigh_triples(restriction, rests, workspace),
        };
        if all <= 0.0 || (block.variables as usize == CLOSED_FORM_MAX && all < MIN_EXACT_SUM) {
            return false;
        }
        if is_recorded {
            block.range().for_each(|variable| self.clear_fractions(variable));
        }
        let scale = 1.0 / all;
        for one in &workspace.weighty[..workspace.weighty_from[block.variables as usize]] {
            let fraction = (one.joint * scale).clamp(0.0, 1.0);
            if is_recorded {
                self.fractions[one.option as usize] = fraction;
            }
            for &cell in restriction.entries(one.option as usize) {
                self.activity[cell as usize] += fraction;
            }
        }
        true
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
        let (mut rests, mut pays_repeat) = ([0.0; CLOSED_FORM_MAX], false);
        // One more, for what is written beyond the last that weighs anything. No branch depends on a weight, for none could be foretold.
        let size = workspace.weighty.len().max(workspace.costs.len() + 1);
        workspace.weighty.resize(size, WeightyOption::default());
        let mut end = 0;
        for (at, variable) in block.range().enumerate() {
            let costs = &workspace.costs[workspace.from[at]..];
            let leader = workspace.leaders[at];
            for (&option, &cost) in self.domain(variable).iter().zip(costs) {
                let place = (((cost - leader.cost) as f64 - lifted) * scale) as usize;
                let weighs = place <= most;
                let is_leader = option == leader.option;
                let weight = if is_leader { 1.0 } else { table[place.min(most)] };
                workspace.weighty[end] = WeightyOption { option, weight, joint: 0.0 };
                end += usize::from(weighs);
                rests[at] += if weighs && !is_leader { weight } else { 0.0 };
                pays_repeat |= weighs && restriction.pays_repeat(option as usize);
            }
            workspace.weighty_from[at + 1] = end;
        }
        (!pays_repeat).then_some(rests)
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

/// Finds the joint weights of the options of two variables. Returns the sum over all pairs.
fn weigh_pairs(
    restriction: &Restriction<'_>,
    (rests, lift): ([f64; CLOSED_FORM_MAX], f64),
    workspace: &mut Workspace,
) -> f64 {
    let mut first = 0.0;
    for (at, other) in [(0, 1), (1, 0)] {
        let (leader, mut sum) = (workspace.leaders[other].group, 0.0);
        for index in workspace.weighty_from[at]..workspace.weighty_from[at + 1] {
            let own = workspace.weighty[index];
            let group = restriction.groups[own.option as usize];
            // Where most of the weights are in one group, a subtraction would not be exact.
            let without = if group == UNASSIGNED || group != leader {
                let others = workspace.weighty_of(other).iter();
                let same = others.filter(|one| {
                    group != UNASSIGNED && restriction.groups[one.option as usize] == group
                });
                1.0 + lift * (rests[other] - same.map(|one| one.weight).sum::<f64>())
            } else {
                rests[other]
            };
            workspace.weighty[index].joint = own.weight * without;
            sum += own.weight * without;
        }
        first = if at == 0 { sum } else { first };
    }
    first
}

/// Finds the joint weights of the options of three variables. Returns the sum over all triples.
fn weigh_triples(
    restriction: &Restriction<'_>,
    rests: [f64; CLOSED_FORM_MAX],
    workspace: &mut Workspace,
) -> f64 {
    let groups = restriction.model.groups;
    let width = groups + CLOSED_FORM_MAX;
    let mut weights = std::mem::take(&mut workspace.weights_by_slot);
    weights.clear();
    weights.resize(CLOSED_FORM_MAX * width, 0.0);
    for at in 0..CLOSED_FORM_MAX {
        for one in workspace.weighty_of(at) {
            let slot = slot(restriction.groups[one.option as usize], at, groups);
            weights[at * width + slot] = one.weight;
        }
    }
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
    // The weights that two variables have in the same groups.
    let pairs: [f64; CLOSED_FORM_MAX] = std::array::from_fn(|at| {
        let (two, three) = ((at + 1) % CLOSED_FORM_MAX, (at + 2) % CLOSED_FORM_MAX);
        let shared = workspace.weighty_of(two).iter().map(|one| {
            let slot = slot(restriction.groups[one.option as usize], two, groups);
            one.weight * weights[three * width + slot]
        });
        shared.sum()
    });
    let mut first = 0.0;
    for (at, pair) in pairs.into_iter().enumerate() {
        let (two, three) = ((at + 1) % CLOSED_FORM_MAX, (at + 2) % CLOSED_FORM_MAX);
        let mut sum = 0.0;
        for index in workspace.weighty_from[at]..workspace.weighty_from[at + 1] {
            let own = workspace.weighty[index];
            let slot = slot(restriction.groups[own.option as usize], at, groups);
            let both = weights[two * width + slot] * weights[three * width + slot];
            let joint = own.weight * (without(two, slot) * without(three, slot) - (pair - both));
            workspace.weighty[index].joint = joint;
            sum += joint;
        }
        first = if at == 0 { sum } else { first };
    }
    workspace.weights_by_slot = weights;
    first
}

/// Whether a block is priced in closed form.
fn is_closed_form(block: OpenBlock) -> bool {
    block.is_single && block.variables as usize <= CLOSED_FORM_MAX
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
