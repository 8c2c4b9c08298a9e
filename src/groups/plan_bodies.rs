//! Plans, groups and prices as they are sent and answered. No rules here.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::edits::Effect;
use super::plans_service::{Comparison, PersonOfPlan, Reasons};
use super::rules::AssignmentRules;
use super::rules_http::RulesContent;
use super::solver::{
    self, Alternative, Aspect, Clash, Composition, Explanation, Parts, Placement, Price, Quality,
    Satisfaction, Settled, Share, Suggestion, Unmet,
};
use super::{AssignmentPlan, Origin, PlanId, PlanState, Search};
use crate::consultations::{ConsultationId, RoundId, WorkingGroupId};
use crate::db::types::{Id, Timestamp};
use crate::http::prelude::*;
use crate::registrations::RegistrationId;

/// One registration in one group in one round.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlacementBody {
    /// Who.
    registration_id: RegistrationId,
    /// When.
    round_id: RoundId,
    /// Where.
    working_group_id: WorkingGroupId,
}

impl From<&Placement> for PlacementBody {
    fn from(placement: &Placement) -> Self {
        Self {
            registration_id: Id::new(placement.person),
            round_id: Id::new(placement.round),
            working_group_id: Id::new(placement.group),
        }
    }
}

/// The size of a group in a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct SizeBody {
    /// The round.
    round_id: RoundId,
    /// The group.
    working_group_id: WorkingGroupId,
    /// How many people.
    size: usize,
}

/// How far the mixture is from what arithmetic allows: people outside the proportional band, 0 is perfect.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImbalanceBody {
    /// By sector.
    sector: i64,
    /// By subregion.
    subregion: i64,
    /// By gender.
    gender: i64,
    /// People of one organization who sit together.
    organization: i64,
}

/// Points, part by part; also the difference of two plans, where negative is better.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartsBody {
    /// Ranked preferences.
    preference: i64,
    /// Even sizes.
    size: i64,
    /// Sectors as in the whole.
    sector: i64,
    /// Subregions as in the whole.
    subregion: i64,
    /// Genders as in the whole.
    gender: i64,
    /// Organizations spread out.
    organization: i64,
    /// Groups without anybody of a listed sector.
    missing_sector: i64,
    /// Changes to what was announced.
    stability: i64,
    /// A rule: the same group again.
    repeat: i64,
    /// A rule: people together who must be apart.
    apart: i64,
    /// A rule: people apart who must be together.
    together: i64,
    /// A rule: groups under their minimum.
    below_minimum: i64,
    /// A rule: no group.
    unassigned: i64,
}

impl From<Parts> for PartsBody {
    fn from(parts: Parts) -> Self {
        Self {
            preference: parts.preference,
            size: parts.size,
            sector: parts.sector,
            subregion: parts.subregion,
            gender: parts.gender,
            organization: parts.organization,
            missing_sector: parts.missing_sector,
            stability: parts.stability,
            repeat: parts.repeat,
            apart: parts.apart,
            together: parts.together,
            below_minimum: parts.below_minimum,
            unassigned: parts.unassigned,
        }
    }
}

/// How many people of a kind a group has, beside a proportional share.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareBody {
    /// `sector`, `subregion`, `gender` or `organization`.
    #[schema(value_type = String, example = "sector")]
    aspect: Aspect,
    /// Which sector, subregion, gender or organization.
    #[schema(example = "civil_society")]
    value: String,
    /// How many the group has.
    count: usize,
    /// How many the round has.
    whole: usize,
    /// The fewest that would be proportional.
    from: usize,
    /// The most that would be proportional.
    to: usize,
}

impl From<Share> for ShareBody {
    fn from(share: Share) -> Self {
        let Share { aspect, value, count, whole, from, to } = share;
        Self { aspect, value, count, whole, from, to }
    }
}

/// A group in a round, beside what a proportional share of the whole would be.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompositionBody {
    /// The round.
    round_id: RoundId,
    /// The group.
    working_group_id: WorkingGroupId,
    /// How many people it has.
    size: usize,
    /// The fewest it should have.
    min_size: usize,
    /// The most it may have.
    max_size: usize,
    /// The fewest that would be even.
    even_from: usize,
    /// The most that would be even.
    even_to: usize,
    /// Sectors, subregions and genders, and organizations that are more together than they need be.
    shares: Vec<ShareBody>,
}

impl From<Composition> for CompositionBody {
    fn from(one: Composition) -> Self {
        Self {
            round_id: Id::new(one.round),
            working_group_id: Id::new(one.group),
            size: one.size,
            min_size: one.min,
            max_size: one.max,
            even_from: one.even_from,
            even_to: one.even_to,
            shares: one.shares.into_iter().map(ShareBody::from).collect(),
        }
    }
}

/// How far people get what they asked for. Rounds of people who are pinned do not count.
#[derive(Debug, Serialize, ToSchema)]
pub struct SatisfactionBody {
    /// Rounds of people in their first choice, in their second, ….
    #[schema(example = json!([120, 31, 4]))]
    by_rank: Vec<usize>,
    /// Rounds of people who ranked some groups, and are in another.
    not_ranked: usize,
    /// Rounds of people to whom all groups are the same.
    indifferent: usize,
    /// The worst choice that anybody is in, counted from 1.
    worst_rank: Option<usize>,
}

impl From<Satisfaction> for SatisfactionBody {
    fn from(one: Satisfaction) -> Self {
        let Satisfaction { by_rank, not_ranked, indifferent, worst_rank, .. } = one;
        Self { by_rank, not_ranked, indifferent, worst_rank }
    }
}

/// A plan in numbers.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityBody {
    /// What it costs, in points: the sum of its parts. 0 is as good as can be thought of.
    value: i64,
    /// No plan costs less, as far as it is proved; null where nobody looked, as after an edit.
    bound: Option<i64>,
    /// How many points better a plan could at most be.
    gap: Option<i64>,
    /// Whether it is proved that there is no better plan.
    is_optimal: bool,
    /// Steps of the search that found it.
    work: u64,
    /// What the value consists of.
    parts: PartsBody,
    /// Every group in every round, beside the whole.
    groups: Vec<CompositionBody>,
    /// How far people get what they asked for.
    satisfaction: SatisfactionBody,
    /// The size of every group in every round.
    sizes: Vec<SizeBody>,
    /// How many times somebody is again in a group that they are not pinned to.
    repeats: usize,
    /// Whether it is proved that fewer repeats are not possible.
    repeats_are_minimal: bool,
    /// People with a group they ranked first in at least one round.
    first_choices: usize,
    /// People who ranked any.
    with_preferences: usize,
    /// What the ranks of the groups given cost in all; 0 is perfect.
    preference_cost: i64,
    /// How even the mixture is.
    imbalance: ImbalanceBody,
}

impl From<Quality> for QualityBody {
    fn from(quality: Quality) -> Self {
        let sizes = quality.groups.iter().map(|one| SizeBody {
            round_id: Id::new(one.round),
            working_group_id: Id::new(one.group),
            size: one.size,
        });
        let outside = |aspect: Aspect| -> i64 {
            let shares = quality.groups.iter().flat_map(|one| &one.shares);
            shares.filter(|share| share.aspect == aspect).map(|share| share.distance() as i64).sum()
        };
        Self {
            value: quality.value,
            bound: quality.bound,
            gap: quality.gap(),
            is_optimal: quality.is_optimal(),
            work: quality.work,
            parts: quality.parts.into(),
            sizes: sizes.collect(),
            repeats: quality.repeats,
            repeats_are_minimal: quality.is_optimal() || quality.repeats == 0,
            first_choices: quality.satisfaction.first_choices,
            with_preferences: quality.satisfaction.with_preferences,
            preference_cost: quality.parts.preference,
            imbalance: ImbalanceBody {
                sector: outside(Aspect::Sector),
                subregion: outside(Aspect::Subregion),
                gender: outside(Aspect::Gender),
                organization: outside(Aspect::Organization),
            },
            satisfaction: quality.satisfaction.into(),
            groups: quality.groups.into_iter().map(CompositionBody::from).collect(),
        }
    }
}

/// What a search was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchBody {
    /// The most steps.
    work: u64,
    /// The most seconds, if there was a limit: with one the answer hangs on the speed of the machine.
    seconds: Option<u32>,
    /// Whether changes to the plan in force cost something.
    keep_announced: bool,
    /// Whether it was told to stop, or ran out of seconds, before its work was done.
    stopped: bool,
}

impl From<&Search> for SearchBody {
    fn from(search: &Search) -> Self {
        Self {
            work: search.work,
            seconds: search.seconds,
            keep_announced: search.keep_announced,
            stopped: search.stopped,
        }
    }
}

/// The plan that was in force when another was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct BasedOnBody {
    /// Which plan.
    plan_id: PlanId,
    /// In which version.
    version: i64,
}

/// A proposal who goes to which group in which round.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentPlanBody {
    /// Its id.
    id: PlanId,
    /// The consultation.
    consultation_id: ConsultationId,
    /// How far it has come.
    state: PlanState,
    /// How it came about.
    origin: Origin,
    /// What decided between equals.
    seed: i64,
    /// What the search was asked for.
    search: SearchBody,
    /// How often it was edited by hand.
    edits: i64,
    /// The plan that was in force when it was made. When another is by now, applying it needs `supersedes`.
    based_on: Option<BasedOnBody>,
    /// Who goes where. Of a plan in force: as it was applied; `assignments` tells what is in force.
    placements: Vec<PlacementBody>,
    /// What could not be met; each names its `kind` and what it is about. `person` is a registration.
    #[schema(value_type = Vec<Object>, example = json!([{ "kind": "over_capacity", "round": "…", "people": ["…"] }]))]
    unmet: Vec<Unmet>,
    /// Rules that no plan can keep, with the smallest changes that would do.
    #[schema(value_type = Vec<Object>, example = json!([]))]
    clashes: Vec<Clash>,
    /// The plan in numbers.
    quality: QualityBody,
    /// The rules that it was made by; for those who assign.
    rules: Option<RulesContent>,
    /// When it was proposed.
    created_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
    /// Grows with each change; also the `ETag`.
    pub version: i64,
    /// What the caller may do with it.
    allowed_actions: Vec<&'static str>,
}

impl AssignmentPlanBody {
    /// `rules` tells who must not sit with whom: only for those who assign.
    pub fn new(
        plan: AssignmentPlan,
        rules: Option<AssignmentRules>,
        allowed_actions: Vec<&'static str>,
    ) -> Self {
        Self {
            id: plan.id,
            consultation_id: plan.consultation_id,
            state: plan.state,
            origin: plan.origin,
            seed: plan.seed,
            search: (&plan.search).into(),
            edits: plan.edits,
            based_on: plan
                .based_on
                .map(|one| BasedOnBody { plan_id: one.plan, version: one.version }),
            placements: plan.placements.iter().map(PlacementBody::from).collect(),
            unmet: plan.unmet,
            clashes: plan.clashes,
            quality: plan.quality.into(),
            rules: rules.map(RulesContent::from),
            created_at: plan.created_at,
            updated_at: plan.updated_at,
            version: plan.version,
            allowed_actions,
        }
    }
}

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
    /// Which choice of theirs it is, from 1; for those who see registrations. Null when they did not rank it.
    rank: Option<usize>,
}

/// Somebody's groups by a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonOfPlanBody {
    /// Who.
    registration_id: RegistrationId,
    /// Their name, for those who see registrations; else null.
    #[schema(example = "Asha Example")]
    name: Option<String>,
    /// The rounds in which they have a group, in order.
    rounds: Vec<RoundOfPersonBody>,
}

impl From<PersonOfPlan> for PersonOfPlanBody {
    fn from(person: PersonOfPlan) -> Self {
        let round = |one: &super::plans_service::RoundOfPerson| RoundOfPersonBody {
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
    /// Their name, for those who see registrations; else null.
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
        let people: std::collections::BTreeSet<Uuid> =
            found.moves.iter().map(|one| one.person).collect();
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
    edit: super::plans_http::EditBody,
    /// What it would change.
    price: PriceBody,
}

impl SuggestionBody {
    /// None for what is no single move.
    pub fn new(
        suggestion: &Suggestion,
        names: &std::collections::HashMap<RegistrationId, String>,
    ) -> Option<Self> {
        let id = super::in_force::mover(&suggestion.edit)?;
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

impl From<super::in_force::Suggestions> for SuggestionsBody {
    fn from(found: super::in_force::Suggestions) -> Self {
        let gap = |gap: &super::in_force::Gap| GapBody {
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
