//! The operations on assignment rules: what is sent, what is answered. No rules here.

use super::{AssignmentRules, PinRule, SizeLimit, service};
use crate::consultations::{ConsultationId, RoundId, WorkingGroupId};
use crate::groups::solver::Weights;
use crate::http::prelude::*;
use crate::reference::SectorCode;
use crate::registrations::RegistrationId;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(read_assignment_rules).service(replace_assignment_rules);
}

/// What matters how much, in points; none is negative. The soft ones are traded against each other; the hard ones (from
/// `repeat` on) are raised together until no saving of soft ones is worth breaking a rule.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WeightsBody {
    /// Cost of the first choice, the second, …; the last goes for all after it.
    #[schema(example = json!([0, 2, 5, 9, 14, 20, 27]))]
    preference: Vec<i64>,
    /// Each person by which a group is outside its even size.
    size: i64,
    /// Each person by which a group is outside the band of a sector.
    sector: i64,
    /// Each person by which a group is outside the band of a subregion.
    subregion: i64,
    /// Each person by which a group is outside the band of a gender.
    gender: i64,
    /// Each person of one organization beyond what spreading it leaves.
    organization: i64,
    /// Each group that has nobody of a listed sector.
    missing_sector: i64,
    /// Each round of a person that differs from what was announced.
    stability: i64,
    /// Hard: each further time in the same group.
    repeat: i64,
    /// Hard: each person beyond the first of those who must be apart.
    apart: i64,
    /// Hard: each person that a group lacks to its minimum.
    below_minimum: i64,
    /// Hard: each round in which somebody has no group.
    unassigned: i64,
}

impl Default for WeightsBody {
    fn default() -> Self {
        Weights::default().into()
    }
}

impl From<Weights> for WeightsBody {
    fn from(weights: Weights) -> Self {
        Self {
            preference: weights.preference,
            size: weights.size,
            sector: weights.sector,
            subregion: weights.subregion,
            gender: weights.gender,
            organization: weights.organization,
            missing_sector: weights.missing_sector,
            stability: weights.stability,
            repeat: weights.repeat,
            apart: weights.apart,
            below_minimum: weights.below_minimum,
            unassigned: weights.unassigned,
        }
    }
}

impl From<WeightsBody> for Weights {
    fn from(weights: WeightsBody) -> Self {
        Self {
            preference: weights.preference,
            size: weights.size,
            sector: weights.sector,
            subregion: weights.subregion,
            gender: weights.gender,
            organization: weights.organization,
            missing_sector: weights.missing_sector,
            stability: weights.stability,
            repeat: weights.repeat,
            apart: weights.apart,
            below_minimum: weights.below_minimum,
            unassigned: weights.unassigned,
        }
    }
}

/// The size of a group in one round, in place of its usual one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SizeLimitBody {
    /// The group.
    working_group_id: WorkingGroupId,
    /// The round.
    round_id: RoundId,
    /// Fewest people.
    #[schema(example = 10)]
    min_size: i32,
    /// Most people.
    #[schema(example = 20)]
    max_size: i32,
}

/// Somebody's fixed group.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PinBody {
    /// Who.
    registration_id: RegistrationId,
    /// Where.
    working_group_id: WorkingGroupId,
    /// In which round; absent: in all.
    #[serde(default)]
    round_id: Option<RoundId>,
}

impl From<PinRule> for PinBody {
    fn from(pin: PinRule) -> Self {
        let PinRule { registration_id, working_group_id, round_id } = pin;
        Self { registration_id, working_group_id, round_id }
    }
}

/// Assignment rules; what is left out is as usual.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({ "weights": { "gender": 6 }, "listed_sectors": ["migrants"] }))]
pub struct RulesContent {
    /// What matters how much.
    weights: WeightsBody,
    /// Sectors of which every group should have at least one person.
    #[schema(value_type = Vec<String>)]
    listed_sectors: Vec<SectorCode>,
    /// Other sizes of groups in some rounds.
    limits: Vec<SizeLimitBody>,
    /// Who must be where. Hosts are always in their group and need no entry here.
    pins: Vec<PinBody>,
    /// People (registrations) who must be in one group in every round that they share. Sets with somebody in common are one.
    together: Vec<Vec<RegistrationId>>,
    /// People (registrations) of whom no two may be in one group.
    apart: Vec<Vec<RegistrationId>>,
}

impl From<AssignmentRules> for RulesContent {
    fn from(rules: AssignmentRules) -> Self {
        let limit = |limit: SizeLimit| SizeLimitBody {
            working_group_id: limit.working_group_id,
            round_id: limit.round_id,
            min_size: limit.min_size,
            max_size: limit.max_size,
        };
        Self {
            weights: rules.weights.into(),
            listed_sectors: rules.listed_sectors,
            limits: rules.limits.into_iter().map(limit).collect(),
            pins: rules.pins.into_iter().map(PinBody::from).collect(),
            together: rules.together,
            apart: rules.apart,
        }
    }
}

impl RulesContent {
    fn to_rules(&self, version: i64) -> AssignmentRules {
        let limit = |limit: &SizeLimitBody| SizeLimit {
            working_group_id: limit.working_group_id,
            round_id: limit.round_id,
            min_size: limit.min_size,
            max_size: limit.max_size,
        };
        let pin = |pin: &PinBody| PinRule {
            registration_id: pin.registration_id,
            working_group_id: pin.working_group_id,
            round_id: pin.round_id,
        };
        AssignmentRules {
            weights: self.weights.clone().into(),
            listed_sectors: self.listed_sectors.clone(),
            limits: self.limits.iter().map(limit).collect(),
            pins: self.pins.iter().map(pin).collect(),
            together: self.together.clone(),
            apart: self.apart.clone(),
            version,
        }
    }
}

/// The assignment rules of a consultation.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentRulesBody {
    /// The consultation.
    consultation_id: ConsultationId,
    /// The rules.
    #[serde(flatten)]
    rules: RulesContent,
    /// Who must be where because they host the group, moderate it or report on it: not set here.
    from_hosts: Vec<PinBody>,
    /// Grows with each change; also the `ETag`. 0 while nothing was set.
    version: i64,
}

impl AssignmentRulesBody {
    fn read(work: &mut Work, id: ConsultationId) -> Result<Self, Problem> {
        let (rules, hosts) = service::see(work, id)?;
        Ok(Self {
            consultation_id: id,
            version: rules.version,
            rules: rules.into(),
            from_hosts: hosts.into_iter().map(PinBody::from).collect(),
        })
    }
}

/// By which rules people are assigned to working groups. Before anything was set, the usual ones.
#[utoipa::path(tag = "assignment", params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = AssignmentRulesBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/assignment-rules")]
pub async fn read_assignment_rules(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let body = call.read(move |work| AssignmentRulesBody::read(work, id)).await?;
    Ok(call.ok(body.version, &body))
}

/// Sets the assignment rules anew, for plans that are made from then on. Before anything was set, the version is "0".
#[utoipa::path(tag = "assignment", request_body = RulesContent, params(("consultation_id" = ConsultationId, Path), IfMatch),
    responses((status = 200, body = AssignmentRulesBody), Refusals), security(("bearer" = [])))]
#[put("/api/v1/consultations/{consultation_id}/assignment-rules")]
pub async fn replace_assignment_rules(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<RulesContent>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::replace(work, id, &body.to_rules(version))?;
        let body = AssignmentRulesBody::read(work, id)?;
        Ok(Reply::ok(body.version, &body))
    })
    .await
}
