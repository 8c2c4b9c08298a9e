//! Assignment of people to working groups: everybody gets one group in each of their rounds, by the rules, and as well as
//! the weights say. [`solve`] finds a plan and says how far from the best it can be; [`evaluate`] evaluates any plan from
//! nothing; [`Draft`] prices hand edits, newcomers and explanations; [`compare`] says who moves; [`clashes`] says which
//! rules cannot hold together and what would do.
//!
//! The same instance and limits give the same plan whatever order its lists stand in, on any machine: whole numbers,
//! ties broken by a mix of ids and seed, work counted and not timed. It must never know the database, HTTP, the clock,
//! or anybody's name.
//!
//! # The problem
//!
//! A generalized assignment problem over several rounds, with group sizes, must-link and cannot-link sets, and an objective that trades
//! ranked preferences against balanced groups (goal programming with intervals). Hard rules that cannot be kept are paid for and reported.
//!
//! # Map, in the order of solving
//!
//! | module | what it does |
//! |---|---|
//! | `instance` | the input: groups, rounds, people, weights |
//! | `model::preprocessing` | ids to indices; domains, pins and together sets after contradictions are resolved |
//! | `model` (`build`, `even_sizes`) | decision variables in blocks, counters, convex penalties of counts |
//! | `solver` | the driver: the stages below, incumbent, bound, progress |
//! | `heuristics::ejection_chains` | first incumbent: greedy construction, then simulated annealing (on a `search_state`) |
//! | `relaxation` | Lagrangian relaxation of the counts: the lower bound and a fractional solution |
//! | `relaxation::restriction`, `compaction` | the problem with variables fixed, as a sparse matrix; fixed ones removed |
//! | `relaxation::pricing`, `patterns`, `softmin` | the pricing problem of a block, in closed form or by enumeration |
//! | `relaxation::subgradient` | subgradient ascent on the multipliers |
//! | `relaxation::totals` | counts that no rule has, to be branched on |
//! | `relaxation::reduced_cost_fixing`, `propagation` | options taken away by the gap, and what follows from that |
//! | `heuristics::dive` | from the relaxation straight down to a plan |
//! | `heuristics::large_neighbourhood` | destroy and repair: restrictions solved around the incumbent |
//! | `branch_and_bound` (`strong_branching`, `orbits`, `branching_on_totals`) | the proof, and the repair of small neighbourhoods |
//! | `assignment_state`, `evaluate` | the plan evaluated from its placements alone |
//! | `plan` | the output: placements, broken rules, objective terms |
//!
//! Beside solving: `draft` and `explain` (what-if analysis), `clashes` (infeasibility analysis by maximum flow), `rng` (the generator and
//! tie-breaking).
//!
//! # Words
//!
//! A *variable* is the group of one person, or of a together set, in one round. An *option* is one value of it. A *block* is the
//! variables that more than counts tie to each other, mostly the rounds of one person; a *pattern* is one option for each of its variables
//! (a column). A *cell* is one count: a counter in a group of a round. A *session* is a group in a round. A *restriction* fixes
//! variables; a *relaxation* drops constraints.

mod assignment_state;
mod branch_and_bound;
mod clashes;
mod draft;
mod evaluate;
mod explain;
mod heuristics;
mod instance;
mod model;
mod plan;
mod relaxation;
mod rng;
mod search_state;
mod solver;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::clashes::sentences::Name;
pub use self::clashes::{Cause, Clash, Remedy, clashes};
pub use self::draft::{Draft, Edit, Price, Session, Suggestion};
pub use self::explain::{Alternative, Exchange, Explanation, Settled};
pub use self::instance::{Group, Instance, Limit, Person, Pin, Round, Weights};
pub use self::plan::{
    Aspect, Composition, ObjectiveTerms, PinRefusal, Placement, Plan, Quality, Satisfaction, Share,
    Unmet,
};

/// How much a search may do. Work is counted in steps of the search, about the pricing of one person in one group, and
/// not in seconds, so that the answer is the same on every machine; who wants seconds breaks off by the progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The most steps.
    pub work: u64,
}

impl Limits {
    /// Enough to prove the best plan for a hundred people, and to come within a hundredth or two of it for ten thousand.
    pub const USUAL: Self = Self { work: 2_000_000_000 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::USUAL
    }
}

/// How far a search has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Steps done.
    pub work: u64,
    /// What the incumbent, the best plan so far, costs, in points.
    pub value: i64,
    /// The lower bound, in points: no plan costs less, as far as is proved.
    pub bound: i64,
    /// What is being done.
    pub stage: Stage,
}

/// What a search is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A first incumbent.
    Start,
    /// The Lagrangian dual at the root: a lower bound.
    Bound,
    /// Dives, local search and large neighbourhoods: better incumbents.
    Search,
    /// Branch and bound.
    Proof,
}

/// Finds a plan for the whole instance. There always is one: what it cannot keep stands in [`Plan::unmet`].
///
/// `progress` is told of every stage and better plan, and now and then in between; when it answers `Break`, the best plan
/// so far comes back. The plan says what is proved about it: [`Quality::bound`], [`Quality::is_optimal`].
pub fn solve(
    instance: &Instance,
    limits: &Limits,
    progress: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Plan {
    solver::solve(instance, limits, progress)
}

/// A progress that lets the search go on.
pub fn go_on(_: &Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Evaluates a plan that somebody made: its value with all terms, and everything that it does not keep. Nothing is said
/// about a bound.
pub fn evaluate(instance: &Instance, placements: &[Placement]) -> Plan {
    Draft::new(instance, placements).plan()
}

/// Places people one after the other beside what is already decided, as [`Draft::place`] does: late registrations.
/// Returns the new placements only; nobody else moves.
pub fn place_each(instance: &Instance, existing: &[Placement], people: &[Uuid]) -> Vec<Placement> {
    let mut draft = Draft::new(instance, existing);
    people.iter().flat_map(|person| draft.place(*person)).collect()
}

/// Somebody's group in a round in one plan and in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Change {
    /// The person.
    pub person: Uuid,
    /// The round.
    pub round: Uuid,
    /// The group in the first plan, if any.
    pub from: Option<Uuid>,
    /// The group in the second plan, if any.
    pub to: Option<Uuid>,
}

/// Who moves from one plan to another, in the order of person and round.
pub fn compare(before: &[Placement], after: &[Placement]) -> Vec<Change> {
    let mut both: BTreeMap<(Uuid, Uuid), (Option<Uuid>, Option<Uuid>)> = BTreeMap::new();
    for placement in before {
        both.entry((placement.person, placement.round)).or_default().0 = Some(placement.group);
    }
    for placement in after {
        both.entry((placement.person, placement.round)).or_default().1 = Some(placement.group);
    }
    let changed = both.into_iter().filter(|(_, (from, to))| from != to);
    changed.map(|((person, round), (from, to))| Change { person, round, from, to }).collect()
}

#[cfg(test)]
mod tests;
