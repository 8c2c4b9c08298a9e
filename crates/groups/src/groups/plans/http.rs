//! The operations on assignment plans: what is asked and answered. No rules here.

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::bodies::{AssignmentPlanBody, PlacementBody, QualityBody};
use super::edits::{self, Effect};
use super::proposals::{self, Wanted};
use super::views::{ComparisonBody, EffectBody, PersonOfPlanBody, ReasonsBody};
use super::{applying, service};
use crate::access::Permission;
use crate::consultations::{self, Consultation, ConsultationId, RoundId, WorkingGroupId};
use crate::db::types::Id;
use crate::groups::solver::{Edit, Unmet};
use crate::groups::{AssignmentPlan, PlanId};
use crate::http::extract::OptionalBody;
use crate::http::prelude::*;
use crate::jobs::http::{Accepted, accepted};
use crate::registrations::RegistrationId;

/// Mounts the operations.
pub fn mount(cfg: &mut ServiceConfig) {
    cfg.service(create_assignment_plan)
        .service(list_assignment_plans)
        .service(read_assignment_plan)
        .service(list_people_of_plan)
        .service(explain_assignment)
        .service(compare_assignment_plans)
        .service(edit_assignment_plan)
        .service(apply_assignment_plan);
}

/// A plan that is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "seed": 1, "work": 2_000_000_000, "keep_announced": true }))]
pub struct CreateAssignmentPlan {
    /// Decides between equals: the same seed, people and rules give the same plan. 1 when absent.
    #[serde(default)]
    seed: Option<i64>,
    /// The most steps of the search, which are the same on every machine. Enough for hundreds of people when absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100_000_000_000_u64)]
    work: Option<u64>,
    /// The most seconds. With this limit the plan hangs on the speed of the machine; without one it does not.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 14400)]
    seconds: Option<u32>,
    /// Whether changes to the plan in force cost something, as the rules weigh it. True when absent.
    #[serde(default)]
    keep_announced: Option<bool>,
    /// Whether cancelling the job while it runs keeps the best plan so far: the job is done then. False when absent:
    /// a job that is cancelled leaves nothing.
    #[serde(default)]
    keep_best: bool,
}

impl CreateAssignmentPlan {
    fn to_wanted(&self) -> Wanted {
        let usual = Wanted::default();
        Wanted {
            seed: self.seed.unwrap_or(usual.seed),
            work: self.work.unwrap_or(usual.work),
            seconds: self.seconds,
            keep_announced: self.keep_announced.unwrap_or(usual.keep_announced),
            keep_best: self.keep_best,
        }
    }
}

/// A change by hand.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum EditBody {
    /// Somebody goes to another group.
    Move {
        /// Who.
        registration_id: RegistrationId,
        /// In which round.
        round_id: RoundId,
        /// Where; null or absent: to no group.
        #[serde(default)]
        working_group_id: Option<WorkingGroupId>,
    },
    /// Two people take each other's place.
    Swap {
        /// One.
        registration_id: RegistrationId,
        /// The other.
        with_registration_id: RegistrationId,
        /// In which round.
        round_id: RoundId,
    },
}

impl From<Edit> for EditBody {
    fn from(edit: Edit) -> Self {
        match edit {
            Edit::Move { person, round, to } => Self::Move {
                registration_id: Id::new(person),
                round_id: Id::new(round),
                working_group_id: to.map(Id::new),
            },
            Edit::Swap { round, one, other } => Self::Swap {
                registration_id: Id::new(one),
                with_registration_id: Id::new(other),
                round_id: Id::new(round),
            },
        }
    }
}

impl From<&EditBody> for Edit {
    fn from(edit: &EditBody) -> Self {
        match *edit {
            EditBody::Move { registration_id, round_id, working_group_id } => Self::Move {
                person: registration_id.uuid(),
                round: round_id.uuid(),
                to: working_group_id.map(Id::uuid),
            },
            EditBody::Swap { registration_id, with_registration_id, round_id } => Self::Swap {
                round: round_id.uuid(),
                one: registration_id.uuid(),
                other: with_registration_id.uuid(),
            },
        }
    }
}

/// Changes to a plan by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "edits": [{
    "kind": "move", "registration_id": "0199b3a8-0000-7000-8000-000000000001",
    "round_id": "0199b3a8-0000-7000-8000-000000000002", "working_group_id": "0199b3a8-0000-7000-8000-000000000003"
}], "preview": true }))]
pub struct EditAssignmentPlan {
    /// The changes, made one after the other.
    edits: Vec<EditBody>,
    /// Only says what they would change. False when absent.
    #[serde(default)]
    preview: bool,
}

/// What edits came to, or would come to.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditedPlanBody {
    /// The plan.
    plan_id: PlanId,
    /// Whether nothing was written.
    preview: bool,
    /// The plan's version now.
    version: i64,
    /// What the edits change.
    effect: EffectBody,
    /// Who was confirmed since the plan was made: placed along with it, where nobody else moves.
    newcomers: Vec<PlacementBody>,
    /// Who is not confirmed any more: out of the plan along with it.
    gone: Vec<Uuid>,
    /// The plan in numbers, after the edits.
    quality: QualityBody,
    /// What is not met, after the edits.
    #[schema(value_type = Vec<Object>, example = json!([]))]
    unmet: Vec<Unmet>,
}

impl EditedPlanBody {
    fn new(preview: bool, plan: AssignmentPlan, effect: Effect) -> Self {
        Self {
            plan_id: plan.id,
            preview,
            version: plan.version,
            newcomers: effect.newcomers.iter().map(PlacementBody::from).collect(),
            gone: effect.gone.clone(),
            effect: effect.into(),
            quality: plan.quality.into(),
            unmet: plan.unmet,
        }
    }
}

/// What applying a plan says besides.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct ApplyAssignmentPlan {
    /// The plan in force, when it is another than the plan was made beside (`based_on`), or was edited since: says that
    /// it is to go all the same.
    #[serde(default)]
    supersedes: Option<PlanId>,
}

/// What a plan is compared with.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompareAssignmentPlans {
    /// The id of another plan of the consultation, or `in_force` (when absent).
    #[param(example = "in_force")]
    with: Option<String>,
}

impl CompareAssignmentPlans {
    fn plan(&self) -> Result<Option<PlanId>, Problem> {
        let Some(text) = self.with.as_deref().filter(|text| *text != "in_force") else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            let detail = "must be the id of a plan or in_force";
            Problem::new(crate::problem::Code::InvalidQuery, detail).at("?with", detail)
        })
    }
}

pub(in crate::groups) fn plan_body(
    work: &mut Work,
    plan: AssignmentPlan,
) -> Result<AssignmentPlanBody, Problem> {
    let consultation = consultations::service::load(work, plan.consultation_id)?;
    Ok(body_in(work, &consultation, plan))
}

fn body_in(work: &Work, consultation: &Consultation, plan: AssignmentPlan) -> AssignmentPlanBody {
    let allowed_actions = service::plan_actions(work, consultation, &plan);
    let assigns = work.may(Permission::Assign, &consultation.scope());
    let rules = assigns.then(|| plan.rules.clone());
    AssignmentPlanBody::new(plan, rules, allowed_actions)
}

/// Finds a plan for everybody who is confirmed now, by the rules of the consultation. Answers with a job, whose progress
/// tells value, bound and gap, and whose result has the `plan_id`. Nothing is in force before the plan is applied. A job
/// that is cancelled leaves nothing, or the best plan so far with `keep_best`.
#[utoipa::path(tag = "assignment", request_body = CreateAssignmentPlan, params(("consultation_id" = ConsultationId, Path)),
    responses(Accepted, Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/assignment-plans")]
pub async fn create_assignment_plan(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateAssignmentPlan>,
) -> Answer {
    let consultation = path.id();
    call.post(body, move |work, body| {
        proposals::start(work, consultation, &body.to_wanted()).map(accepted)
    })
    .await
}

/// The plans of a consultation, in the order they were proposed.
#[utoipa::path(tag = "assignment", params(("consultation_id" = ConsultationId, Path), PageQuery),
    responses((status = 200, body = Page<AssignmentPlanBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/assignment-plans")]
pub async fn list_assignment_plans(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Listed,
) -> Answer {
    let consultation = path.id();
    let paging = query.paging;
    let part = call
        .read(move |work| {
            let part = service::plans(work, consultation, &paging)?;
            let consultation = consultations::service::load(work, consultation)?;
            Ok(part.map(|plan| body_in(work, &consultation, plan)))
        })
        .await?;
    Ok(call.page(part))
}

/// One plan: how good it is and what no plan can go under, every group beside the whole, and what could not be met.
#[utoipa::path(tag = "assignment", params(("plan_id" = PlanId, Path)),
    responses((status = 200, body = AssignmentPlanBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/assignment-plans/{plan_id}")]
pub async fn read_assignment_plan(call: Call, path: PathIds<PlanId>) -> Answer {
    let id = path.id();
    let plan = call
        .read(move |work| {
            let plan = service::see_plan(work, id)?;
            plan_body(work, plan)
        })
        .await?;
    Ok(call.ok(plan.version, &plan))
}

/// Everybody in a plan with their group in each round, by registration, with names and ranks.
#[utoipa::path(tag = "assignment", params(("plan_id" = PlanId, Path), PageQuery),
    responses((status = 200, body = Page<PersonOfPlanBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/assignment-plans/{plan_id}/people")]
pub async fn list_people_of_plan(call: Call, path: PathIds<PlanId>, query: Listed) -> Answer {
    let id = path.id();
    let paging = query.paging;
    let part = call.read(move |work| service::people(work, id, &paging)).await?;
    Ok(call.page(part.map(PersonOfPlanBody::from)))
}

/// Why somebody is in the groups they are in, and what each other group would have cost, part by part. Reckoned with the
/// people of now and the rules of the plan.
#[utoipa::path(tag = "assignment", params(("plan_id" = PlanId, Path), ("registration_id" = RegistrationId, Path)),
    responses((status = 200, body = ReasonsBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/assignment-plans/{plan_id}/people/{registration_id}")]
pub async fn explain_assignment(call: Call, path: PathIds<(PlanId, RegistrationId)>) -> Answer {
    let (plan, registration) = path.ids();
    let reasons = call.read(move |work| service::explanation(work, plan, registration)).await?;
    Ok(call.ok_unversioned(&ReasonsBody::from(reasons)))
}

/// A plan beside another one, or beside what is in force: who would move, and both in numbers.
#[utoipa::path(tag = "assignment", params(("plan_id" = PlanId, Path), CompareAssignmentPlans),
    responses((status = 200, body = ComparisonBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/assignment-plans/{plan_id}/comparison")]
pub async fn compare_assignment_plans(
    call: Call,
    path: PathIds<PlanId>,
    query: Params<CompareAssignmentPlans>,
) -> Answer {
    let (id, with) = (path.id(), query.plan()?);
    let found = call.read(move |work| service::comparison(work, id, with)).await?;
    Ok(call.ok_unversioned(&ComparisonBody::from(found)))
}

/// Changes a proposed plan by hand, or with `preview` only prices the changes: what each part gains or loses, and which
/// rules would be broken. Who was confirmed or left since the plan was made is placed or taken out along with it.
#[utoipa::path(tag = "assignment", request_body = EditAssignmentPlan, params(("plan_id" = PlanId, Path), IfMatch),
    responses((status = 200, body = EditedPlanBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/assignment-plans/{plan_id}/edits")]
pub async fn edit_assignment_plan(
    call: Call,
    path: PathIds<PlanId>,
    body: Body<EditAssignmentPlan>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    let of = |body: &EditAssignmentPlan| body.edits.iter().map(Edit::from).collect::<Vec<_>>();
    if body.preview {
        let edits = of(&body);
        let found = call.read(move |work| edits::preview(work, id, version, &edits)).await?;
        return Ok(call.ok(version, &EditedPlanBody::new(true, found.0, found.1)));
    }
    call.post(body, move |work, body| {
        let (plan, effect) = edits::edit(work, id, version, &of(body))?;
        Ok(Reply::ok(plan.version, &EditedPlanBody::new(false, plan, effect)))
    })
    .await
}

/// Puts a plan in force in place of the one before, and tells everybody whose groups change. 409 when it no longer fits
/// those who are confirmed, or when another plan came into force since it was made: `errors` names what differs. Then
/// compare the two and propose anew, or name the plan in force in `supersedes`.
#[utoipa::path(tag = "assignment", request_body = ApplyAssignmentPlan, params(("plan_id" = PlanId, Path), IfMatch),
    responses((status = 200, body = AssignmentPlanBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/assignment-plans/{plan_id}/apply")]
pub async fn apply_assignment_plan(
    call: Call,
    path: PathIds<PlanId>,
    body: OptionalBody<ApplyAssignmentPlan>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body.0, move |work, body| {
        let plan = applying::apply_over(work, id, version, body.supersedes)?;
        Ok(Reply::ok(plan.version, &plan_body(work, plan)?))
    })
    .await
}
