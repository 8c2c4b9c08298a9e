//! Plans and their groups as they are answered. No rules here.

use crate::consultations::{ConsultationId, RoundId, WorkingGroupId};
use crate::db::types::{Id, Timestamp};
use crate::groups::rules::AssignmentRules;
use crate::groups::rules::http::RulesContent;
use crate::groups::solver::{
    Aspect, Clash, Composition, ObjectiveTerms, Placement, Quality, Satisfaction, Share, Unmet,
};
use crate::groups::{AssignmentPlan, PlanId, PlanOrigin, PlanState, Search};
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

impl From<ObjectiveTerms> for PartsBody {
    fn from(parts: ObjectiveTerms) -> Self {
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
    /// Points of broken rules, if it is proved that no plan breaks rules for less: then only the rest could be better. Null where that
    /// is not proved.
    unavoidable: Option<i64>,
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
            unavoidable: quality.unavoidable(),
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
    origin: PlanOrigin,
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
