//! The operations on assignment plans, assignments and hosts: what is sent, what is answered. No rules here.

use utoipa_actix_web::service_config::ServiceConfig;

use super::solver::{Aspect, Quality};
use super::{AssignmentId, AssignmentPlan, Host, PlanId, PlanState, Seat, Whom, service};
use crate::access::Role;
use crate::accounts::{Account, AccountId};
use crate::consultations::{ConsultationId, RoundId, WorkingGroup, WorkingGroupId};
use crate::db::types::{Id, Timestamp};
use crate::http::prelude::*;
use crate::registrations::RegistrationId;
use crate::registrations::http::PersonBody;

/// Mounts the operations.
pub fn mount(cfg: &mut ServiceConfig) {
    cfg.service(create_assignment_plan)
        .service(list_assignment_plans)
        .service(read_assignment_plan)
        .service(apply_assignment_plan)
        .service(list_assignments)
        .service(list_own_assignments)
        .service(create_host)
        .service(list_hosts)
        .service(delete_host);
}

/// A plan that is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "seed": 1 }))]
pub struct CreateAssignmentPlan {
    /// Decides between equals: the same seed and people give the same plan. 1 when absent.
    #[serde(default)]
    seed: Option<i64>,
}

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

/// A plan in numbers.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityBody {
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
        }
    }
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
    /// What decided between equals.
    seed: i64,
    /// Who goes where.
    placements: Vec<PlacementBody>,
    /// What could not be met; each names its `kind` and what it is about. `person` is a registration.
    #[schema(value_type = Vec<Object>, example = json!([{ "kind": "over_capacity", "round": "…", "people": ["…"] }]))]
    unmet: Vec<super::solver::Unmet>,
    /// The plan in numbers.
    quality: QualityBody,
    /// When it was proposed.
    created_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// What the caller may do with it.
    allowed_actions: Vec<&'static str>,
}

impl AssignmentPlanBody {
    fn new(plan: AssignmentPlan, allowed_actions: Vec<&'static str>) -> Self {
        let placements = plan.placements.iter().map(|placement| PlacementBody {
            registration_id: Id::new(placement.person),
            round_id: Id::new(placement.round),
            working_group_id: Id::new(placement.group),
        });
        Self {
            id: plan.id,
            consultation_id: plan.consultation_id,
            state: plan.state,
            seed: plan.seed,
            placements: placements.collect(),
            unmet: plan.unmet,
            quality: plan.quality.into(),
            created_at: plan.created_at,
            updated_at: plan.updated_at,
            version: plan.version,
            allowed_actions,
        }
    }
}

fn plan_body(work: &mut Work, plan: AssignmentPlan) -> Result<AssignmentPlanBody, Problem> {
    let allowed_actions = service::plan_actions(work, &plan)?;
    Ok(AssignmentPlanBody::new(plan, allowed_actions))
}

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAssignmentPlans {
    /// Rows of a page: 1 to 200, 50 when absent.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// One registration in one group in one round.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentBody {
    /// Its id.
    id: AssignmentId,
    /// The consultation.
    consultation_id: ConsultationId,
    /// The plan it came from.
    plan_id: PlanId,
    /// The round.
    round_id: RoundId,
    /// Its number.
    #[schema(example = 1)]
    round: i32,
    /// The group.
    working_group_id: WorkingGroupId,
    /// Its number.
    #[schema(example = 2)]
    working_group: i32,
    /// Who.
    registration_id: RegistrationId,
    /// Their name, for those who see registrations and in one's own group; else null.
    name: Option<String>,
}

impl From<Seat> for AssignmentBody {
    fn from(seat: Seat) -> Self {
        let one = seat.assignment;
        Self {
            id: one.id,
            consultation_id: one.consultation_id,
            plan_id: one.plan_id,
            round_id: one.round_id,
            round: seat.round,
            working_group_id: one.working_group_id,
            working_group: seat.group,
            registration_id: one.registration_id,
            name: seat.name,
        }
    }
}

/// Which assignments are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAssignments {
    /// Of this round.
    round: Option<RoundId>,
    /// Of this working group.
    working_group: Option<WorkingGroupId>,
    /// Rows of a page: 1 to 200, 50 when absent.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Somebody who becomes a host: an account, or a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "person": { "email": "asha.example@example.org", "name": "Asha Example" }, "role": "rapporteur" }))]
pub struct CreateHost {
    /// The account; or else `person`.
    #[serde(default)]
    account_id: Option<AccountId>,
    /// Somebody by address and name; or else `account_id`.
    #[serde(default)]
    person: Option<PersonBody>,
    /// `co_host`, `moderator`, `focal_point` or `rapporteur`.
    role: Role,
}

impl CreateHost {
    fn to_whom(&self) -> Result<Whom, Problem> {
        match (self.account_id, &self.person) {
            (Some(account), None) => Ok(Whom::Account(account)),
            (None, Some(person)) => Ok(Whom::Person(person.to_person())),
            _ => Err(Problem::invalid("", "give either account_id or person")),
        }
    }
}

/// Somebody with a role in a working group.
#[derive(Debug, Serialize, ToSchema)]
pub struct HostBody {
    /// As what.
    role: Role,
    /// Their account, for those who read plans; else null.
    account_id: Option<AccountId>,
    /// Their name, for those who read plans or when they consented to being named; else null.
    name: Option<String>,
}

impl HostBody {
    fn new(host: Host, everything: bool) -> Self {
        Self {
            role: host.role,
            account_id: everything.then_some(host.account_id),
            name: (everything || host.named).then_some(host.name),
        }
    }
}

/// Finds a plan for everybody who is confirmed now. Nothing is in force before it is applied.
#[utoipa::path(tag = "assignment", request_body = CreateAssignmentPlan, params(("consultation_id" = ConsultationId, Path)),
    responses((status = 201, body = AssignmentPlanBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/assignment-plans")]
pub async fn create_assignment_plan(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateAssignmentPlan>,
) -> Answer {
    let consultation = path.id();
    call.post(body, move |work, body| {
        let plan = service::propose(work, consultation, body.seed.unwrap_or(1))?;
        let location = format!("/api/v1/assignment-plans/{}", plan.id);
        Ok(Reply::created(location, plan.version, &plan_body(work, plan)?))
    })
    .await
}

/// The plans of a consultation, in the order they were proposed.
#[utoipa::path(tag = "assignment", params(("consultation_id" = ConsultationId, Path), ListAssignmentPlans),
    responses((status = 200, body = Page<AssignmentPlanBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/assignment-plans")]
pub async fn list_assignment_plans(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ListAssignmentPlans>,
) -> Answer {
    let consultation = path.id();
    let shape = ("assignment-plans", consultation);
    let paging = Paging::new(query.limit, query.cursor.as_deref(), &shape)?;
    let part = call
        .read(move |work| {
            let part = service::plans(work, consultation, &paging)?;
            let bodies = part.items.into_iter().map(|plan| plan_body(work, plan));
            let items = bodies.collect::<Result<Vec<_>, Problem>>()?;
            Ok(Part { items, next: part.next })
        })
        .await?;
    Ok(call.page(part))
}

/// One plan.
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

/// Puts a plan in force in place of the one before, and tells everybody whose groups change. 409 when it no longer fits those who are confirmed.
#[utoipa::path(tag = "assignment", params(("plan_id" = PlanId, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = AssignmentPlanBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/assignment-plans/{plan_id}/apply")]
pub async fn apply_assignment_plan(call: Call, path: PathIds<PlanId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| {
        let plan = service::apply(work, id, version)?;
        Ok(Reply::ok(plan.version, &plan_body(work, plan)?))
    })
    .await
}

/// Who is in which group: all of a consultation, or for the roles of a group their own group.
#[utoipa::path(tag = "assignment", params(("consultation_id" = ConsultationId, Path), ListAssignments),
    responses((status = 200, body = Page<AssignmentBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/assignments")]
pub async fn list_assignments(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ListAssignments>,
) -> Answer {
    let consultation = path.id();
    let (round, group) = (query.round, query.working_group);
    let shape = ("assignments", consultation, round, group);
    let paging = Paging::new(query.limit, query.cursor.as_deref(), &shape)?;
    let part =
        call.read(move |work| service::list(work, consultation, round, group, &paging)).await?;
    Ok(call.page(part.map(AssignmentBody::from)))
}

/// The caller's own groups, in all consultations.
#[utoipa::path(tag = "assignment", responses((status = 200, body = Page<AssignmentBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/me/assignments")]
pub async fn list_own_assignments(call: Call) -> Answer {
    let seats = call.read(service::own).await?;
    Ok(call.page(Part { items: seats, next: None }.map(AssignmentBody::from)))
}

/// Gives somebody a role in a working group. From the next plan on they are in that group in every round.
#[utoipa::path(tag = "assignment", request_body = CreateHost, params(("working_group_id" = WorkingGroupId, Path)),
    responses((status = 200, body = HostBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/working-groups/{working_group_id}/hosts")]
pub async fn create_host(
    call: Call,
    path: PathIds<WorkingGroupId>,
    body: Body<CreateHost>,
) -> Answer {
    let group = path.id();
    call.post(body, move |work, body| {
        let host = service::add_host(work, group, &body.to_whom()?, body.role)?;
        Ok(Reply::unversioned(&HostBody::new(host, true)))
    })
    .await
}

/// Who hosts, moderates and reports a working group. The public sees the names of those who consented.
#[utoipa::path(tag = "assignment", params(("working_group_id" = WorkingGroupId, Path)),
    responses((status = 200, body = Page<HostBody>), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/working-groups/{working_group_id}/hosts")]
pub async fn list_hosts(call: Call, path: PathIds<WorkingGroupId>) -> Answer {
    let group = path.id();
    let (hosts, everything) = call.read(move |work| service::see_hosts(work, group)).await?;
    let items = hosts.into_iter().map(|host| HostBody::new(host, everything)).collect();
    Ok(call.page(Part { items, next: None }))
}

/// Takes a role in a working group from somebody.
#[utoipa::path(tag = "assignment",
    params(("working_group_id" = WorkingGroupId, Path), ("account_id" = AccountId, Path), ("role" = Role, Path)),
    responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/working-groups/{working_group_id}/hosts/{account_id}/{role}")]
pub async fn delete_host(
    call: Call,
    path: actix_web::web::Path<(Id<WorkingGroup>, Id<Account>, Role)>,
) -> Answer {
    let (group, account, role) = path.into_inner();
    call.change(move |work| {
        service::remove_host(work, group, account, role)?;
        Ok(Reply::no_content())
    })
    .await
}
