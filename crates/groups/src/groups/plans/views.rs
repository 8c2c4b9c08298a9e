//! Views of plans as they are answered: person by person with reasons and prices, side by side, and how to mend what is in
//! force. No rules here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use super::bodies::{PartsBody, SatisfactionBody};
use super::edits::Effect;
use super::http::EditBody;
use super::in_force::{self, Gap, Suggestions};
use super::service::{Comparison, PersonOfPlan, Reasons, RoundOfPerson};
use crate::db::types::Id;
use crate::groups::solver::{self, Alternative, Explanation, Price, Settled, Suggestion, Unmet};
use crate::groups::{AssignmentPlan, PlanId, PlanState};
use crate::http::prelude::*;
use crate::registrations::RegistrationId;

/// A round or a group, by id and number.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Numbered {
    /// Its id.
    id: Uuid,
    /// Its number; 0 when it is gone.
    #[schema(example = 2)]
    number: i32,
}

/// Numbers of rounds and groups.
pub type Numbers = BTreeMap<Uuid, i32>;

fn numbered(id: Uuid, numbers: &Numbers) -> Numbered {
    Numbered { id, number: numbers.get(&id).copied().unwrap_or(0) }
}

/// Somebody's group in a round by a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundOfPersonBody {
    /// The round.
    round: Numbered,
    /// The group.
    working_group: Numbered,
    /// Which choice of theirs it is, from 1. Null when they did not rank it.
    rank: Option<usize>,
}

/// Somebody's groups by a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonOfPlanBody {
    /// Who.
    registration_id: RegistrationId,
    /// Their name; null when it was erased.
    #[schema(example = "Asha Example")]
    name: Option<String>,
    /// The rounds in which they have a group, in order.
    rounds: Vec<RoundOfPersonBody>,
}

impl From<PersonOfPlan> for PersonOfPlanBody {
    fn from(person: PersonOfPlan) -> Self {
        let round = |one: &RoundOfPerson| RoundOfPersonBody {
            round: Numbered { id: one.round, number: one.number },
            working_group: Numbered { id: one.group.0, number: one.group.1 },
            rank: one.rank,
        };
        Self {
            registration_id: person.registration_id,
            rounds: person.rounds.iter().map(round).collect(),
            name: person.name,
        }
    }
}

/// What a change would cost.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceBody {
    /// The difference in points: negative is better.
    value: i64,
    /// The difference part by part.
    parts: PartsBody,
    /// Rules that it would break.
    #[schema(value_type = Vec<Object>, example = json!([{ "kind": "above_maximum", "round": "…", "group": "…", "size": 13, "max": 12 }]))]
    breaks: Vec<Unmet>,
    /// Broken rules that it would mend.
    #[schema(value_type = Vec<Object>, example = json!([]))]
    mends: Vec<Unmet>,
}

impl From<Price> for PriceBody {
    fn from(price: Price) -> Self {
        let value = price.total();
        Self { value, parts: price.parts.into(), breaks: price.breaks, mends: price.mends }
    }
}

/// Somebody whose place would be taken in exchange.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExchangeBody {
    /// Who.
    registration_id: RegistrationId,
    /// Their name.
    name: Option<String>,
    /// What both moves change together.
    price: PriceBody,
}

/// Another group that somebody could be in.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlternativeBody {
    /// The group.
    working_group: Numbered,
    /// Which choice of theirs it is, from 1.
    rank: Option<usize>,
    /// What going there would change.
    price: PriceBody,
    /// Where it is full: with whom to change places best.
    exchange: Option<ExchangeBody>,
}

/// Why somebody is where they are in a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundReasonsBody {
    /// The round.
    round: Numbered,
    /// The group they have; null: none.
    working_group: Option<Numbered>,
    /// Which choice of theirs it is, from 1.
    rank: Option<usize>,
    /// Why nothing can be chosen, if so: `pinned`, `absent` or `no_language`.
    #[schema(value_type = Option<String>)]
    settled: Option<Settled>,
    /// All other groups, the cheapest first.
    alternatives: Vec<AlternativeBody>,
}

/// Why somebody is where they are.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonsBody {
    /// Who.
    registration_id: RegistrationId,
    /// Their name.
    name: Option<String>,
    /// Round by round.
    rounds: Vec<RoundReasonsBody>,
}

impl From<Reasons> for ReasonsBody {
    fn from(reasons: Reasons) -> Self {
        let rounds = reasons.rounds.iter().map(|round| round_reasons(round, &reasons));
        Self {
            registration_id: reasons.registration_id,
            name: reasons.names.get(&reasons.registration_id).cloned(),
            rounds: rounds.collect(),
        }
    }
}

fn round_reasons(round: &Explanation, around: &Reasons) -> RoundReasonsBody {
    let other = |other: &Alternative| AlternativeBody {
        working_group: numbered(other.group, &around.numbers),
        rank: other.rank,
        price: other.price.clone().into(),
        exchange: other.swap.as_ref().map(|swap| ExchangeBody {
            registration_id: Id::new(swap.with),
            name: around.names.get(&Id::new(swap.with)).cloned(),
            price: swap.price.clone().into(),
        }),
    };
    RoundReasonsBody {
        round: numbered(round.round, &around.numbers),
        working_group: round.group.map(|group| numbered(group, &around.numbers)),
        rank: round.rank,
        settled: round.settled,
        alternatives: round.alternatives.iter().map(other).collect(),
    }
}

/// Somebody who moves.
#[derive(Debug, Serialize, ToSchema)]
pub struct MoveBody {
    /// Who.
    registration_id: RegistrationId,
    /// Their name; null when it was erased.
    name: Option<String>,
    /// The round.
    round: Numbered,
    /// The group in the other plan; null: none.
    from: Option<Numbered>,
    /// The group in this plan; null: none.
    to: Option<Numbered>,
}

/// A plan in a comparison.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparedBody {
    /// Which plan; null when nothing is in force.
    plan_id: Option<PlanId>,
    /// Its version.
    version: Option<i64>,
    /// How far it has come.
    state: Option<PlanState>,
    /// What it costs, reckoned with the people of now and the rules of the first.
    value: i64,
    /// What the value consists of.
    parts: PartsBody,
    /// How far people get what they asked for.
    satisfaction: SatisfactionBody,
    /// What is not met.
    #[schema(value_type = Vec<Object>, example = json!([]))]
    unmet: Vec<Unmet>,
}

impl ComparedBody {
    fn new(plan: Option<&AssignmentPlan>, now: solver::Plan) -> Self {
        Self {
            plan_id: plan.map(|plan| plan.id),
            version: plan.map(|plan| plan.version),
            state: plan.map(|plan| plan.state),
            value: now.quality.value,
            parts: now.quality.parts.into(),
            satisfaction: now.quality.satisfaction.into(),
            unmet: now.unmet,
        }
    }
}

/// Two plans side by side.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonBody {
    /// The plan.
    plan: ComparedBody,
    /// The other.
    with: ComparedBody,
    /// What going from the other to the plan changes: negative is better.
    difference: PartsBody,
    /// How many people move.
    people: usize,
    /// Who moves from the other to the plan, and where.
    moves: Vec<MoveBody>,
}

impl From<Comparison> for ComparisonBody {
    fn from(found: Comparison) -> Self {
        let number = |id: Uuid| numbered(id, &found.numbers);
        let moved = |one: &solver::Change| MoveBody {
            registration_id: Id::new(one.person),
            name: found.names.get(&Id::new(one.person)).cloned(),
            round: number(one.round),
            from: one.from.map(number),
            to: one.to.map(number),
        };
        let people: BTreeSet<Uuid> = found.moves.iter().map(|one| one.person).collect();
        let difference = found.own.quality.parts - found.other.quality.parts;
        Self {
            people: people.len(),
            moves: found.moves.iter().map(moved).collect(),
            difference: difference.into(),
            plan: ComparedBody::new(Some(&found.plan), found.own),
            with: ComparedBody::new(found.with.as_ref(), found.other),
        }
    }
}

/// What edits change.
#[derive(Debug, Serialize, ToSchema)]
pub struct EffectBody {
    /// What all of them change together, in points: negative is better.
    value: i64,
    /// The same part by part.
    parts: PartsBody,
    /// What each edit changes, after those before it.
    edits: Vec<PriceBody>,
}

impl From<Effect> for EffectBody {
    fn from(effect: Effect) -> Self {
        Self {
            value: effect.parts.total(),
            parts: effect.parts.into(),
            edits: effect.prices.into_iter().map(PriceBody::from).collect(),
        }
    }
}

/// A single move that would help.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionBody {
    /// Who would move.
    registration_id: RegistrationId,
    /// Their name.
    name: Option<String>,
    /// The edit that does it, to be sent as it stands.
    edit: EditBody,
    /// What it would change.
    price: PriceBody,
}

impl SuggestionBody {
    /// None for what is no single move.
    pub fn new(suggestion: &Suggestion, names: &HashMap<RegistrationId, String>) -> Option<Self> {
        let id = in_force::mover(&suggestion.edit)?;
        Some(Self {
            registration_id: id,
            name: names.get(&id).cloned(),
            edit: suggestion.edit.into(),
            price: suggestion.price.clone().into(),
        })
    }
}

/// A group that lacks people in a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapBody {
    /// The round.
    round: Numbered,
    /// The group.
    working_group: Numbered,
    /// How many it has.
    size: usize,
    /// How many it should have.
    min_size: usize,
    /// Who could come, the cheapest first.
    moves: Vec<SuggestionBody>,
}

/// What is in force, and how it could be mended.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionsBody {
    /// The plan in force.
    plan_id: PlanId,
    /// Its version, for `If-Match` of edits; also the `ETag`.
    pub version: i64,
    /// What is in force, in points.
    value: i64,
    /// What is not met, by the rules of now.
    #[schema(value_type = Vec<Object>, example = json!([]))]
    unmet: Vec<Unmet>,
    /// Groups that lack people.
    gaps: Vec<GapBody>,
}

impl From<Suggestions> for SuggestionsBody {
    fn from(found: Suggestions) -> Self {
        let gap = |gap: &Gap| GapBody {
            round: numbered(gap.round, &found.numbers),
            working_group: numbered(gap.group, &found.numbers),
            size: gap.size,
            min_size: gap.min,
            moves: gap
                .moves
                .iter()
                .filter_map(|one| SuggestionBody::new(one, &found.names))
                .collect(),
        };
        Self {
            plan_id: found.plan.id,
            version: found.plan.version,
            value: found.now.quality.value,
            gaps: found.gaps.iter().map(gap).collect(),
            unmet: found.now.unmet,
        }
    }
}
