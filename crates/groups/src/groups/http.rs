//! The operations on assignments in force and on hosts: what is sent, what is answered. No rules here.

use super::plans::http::EditBody;
use super::plans::in_force::{self, Moved};
use super::plans::views::{EffectBody, SuggestionsBody};
use super::plans::{self};
use super::solver::{Edit, Unmet};
use super::{AssignmentId, Host, PlanId, Seat, Whom, exchange, hosts, rules, service};
use crate::access::{Permission, Role, Scope};
use crate::accounts::{AccountId, GrantId};
use crate::consultations::{ConsultationId, RoundId, WorkingGroupId};
use crate::http::prelude::*;
use crate::registrations::RegistrationId;
use crate::registrations::bodies::PersonBody;

/// Mounts the operations of the feature.
pub fn mount(cfg: &mut Mounts) {
    rules::http::mount(cfg);
    plans::http::mount(cfg);
    exchange::http::mount(cfg);
    cfg.service(suggest_assignments)
        .service(edit_assignments)
        .service(list_assignments)
        .service(list_own_assignments)
        .service(create_host)
        .service(list_hosts)
        .service(delete_host);
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
    /// Their name; null in one's own list, and when it was erased.
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
}

/// Somebody who becomes a host: an account, or a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "person": { "email": "asha.example@example.org", "name": "Asha Example" }, "role": "rapporteur" }))]
pub struct CreateHost {
    /// The account, for who sees accounts; or else one of the others.
    #[serde(default)]
    account_id: Option<AccountId>,
    /// Somebody who registered for the consultation.
    #[serde(default)]
    registration_id: Option<RegistrationId>,
    /// Somebody by address and name.
    #[serde(default)]
    person: Option<PersonBody>,
    /// `co_host`, `moderator`, `focal_point` or `rapporteur`.
    role: Role,
}

impl CreateHost {
    fn to_whom(&self) -> Result<Whom, Problem> {
        match (self.account_id, self.registration_id, &self.person) {
            (Some(account), None, None) => Ok(Whom::Account(account)),
            (None, Some(registration), None) => Ok(Whom::Registration(registration)),
            (None, None, Some(person)) => Ok(Whom::Person(person.to_person())),
            _ => Err(Problem::invalid("", "give one of account_id, registration_id and person")),
        }
    }
}

/// Somebody with a role in a working group.
#[derive(Debug, Serialize, ToSchema)]
pub struct HostBody {
    /// The role's id, for those who read plans; else null.
    id: Option<GrantId>,
    /// As what.
    role: Role,
    /// Their account, for administrators.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<AccountId>,
    /// Their name, for those who read plans or when they consented to being named; else null.
    name: Option<String>,
    /// The organization that they registered for, told as the name is.
    affiliation: Option<String>,
}

impl HostBody {
    fn new(work: &Work, host: Host, everything: bool) -> Self {
        let accounts = work.may(Permission::ManageAccounts, &Scope::INSTANCE);
        Self {
            id: everything.then_some(host.id),
            role: host.role,
            account_id: accounts.then_some(host.account_id),
            affiliation: host.affiliation.filter(|_| everything || host.named),
            name: (everything || host.named).then_some(host.name),
        }
    }
}

/// Moves people in what is in force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "edits": [{
    "kind": "move", "registration_id": "0199b3a8-0000-7000-8000-000000000001",
    "round_id": "0199b3a8-0000-7000-8000-000000000002", "working_group_id": "0199b3a8-0000-7000-8000-000000000003"
}] }))]
pub struct EditAssignments {
    /// The moves, made one after the other.
    edits: Vec<EditBody>,
    /// Only says what they would change. False when absent.
    #[serde(default)]
    preview: bool,
    /// Moves also when a rule is broken by it. False when absent.
    #[serde(default)]
    even_if_broken: bool,
}

/// What moving people came to, or would come to.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditedAssignmentsBody {
    /// The plan in force.
    plan_id: PlanId,
    /// Whether nothing was written.
    preview: bool,
    /// The version of the plan in force now.
    version: i64,
    /// What the moves change.
    effect: EffectBody,
    /// What is not met then.
    #[schema(value_type = Vec<Object>, example = json!([]))]
    unmet: Vec<Unmet>,
}

impl EditedAssignmentsBody {
    fn new(preview: bool, moved: Moved) -> Self {
        Self {
            plan_id: moved.plan.id,
            preview,
            version: moved.plan.version,
            effect: moved.effect.into(),
            unmet: moved.then.unmet,
        }
    }
}

/// What is in force and not met, and the cheapest single moves into groups that are under their minimum.
#[utoipa::path(tag = "assignment", params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = SuggestionsBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/assignments/suggestions")]
pub async fn suggest_assignments(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let found = call.read(move |work| in_force::suggestions(work, id)).await?;
    let body = SuggestionsBody::from(found);
    Ok(call.ok(body.version, &body))
}

/// Moves people in the plan in force, all at once, and tells those whose groups change. `If-Match` names the version of
/// the plan in force. 409 when a rule would be broken that is kept now, unless `even_if_broken`.
#[utoipa::path(tag = "assignment", request_body = EditAssignments, params(("consultation_id" = ConsultationId, Path), IfMatch),
    responses((status = 200, body = EditedAssignmentsBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/assignments/edits")]
pub async fn edit_assignments(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<EditAssignments>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    let of = |body: &EditAssignments| body.edits.iter().map(Edit::from).collect::<Vec<_>>();
    if body.preview {
        let edits = of(&body);
        let moved = call.read(move |work| in_force::preview(work, id, version, &edits)).await?;
        return Ok(call.ok(version, &EditedAssignmentsBody::new(true, moved)));
    }
    call.post(body, move |work, body| {
        let moved = in_force::edit(work, id, version, &of(body), body.even_if_broken)?;
        Ok(Reply::ok(moved.plan.version, &EditedAssignmentsBody::new(false, moved)))
    })
    .await
}

/// Who is in which group: everybody of a consultation, for those who see registrations; else those in one's own groups, and the people
/// of one's own co-organizing organization. How many are in the others is told by a release of figures.
#[utoipa::path(tag = "assignment", params(("consultation_id" = ConsultationId, Path), ListAssignments, PageQuery),
    responses((status = 200, body = Page<AssignmentBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/assignments")]
pub async fn list_assignments(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Listed<ListAssignments>,
) -> Answer {
    let consultation = path.id();
    let Listed { filter: ListAssignments { round, working_group: group }, paging } = query;
    let part =
        call.read(move |work| service::list(work, consultation, round, group, &paging)).await?;
    Ok(call.page(part.map(AssignmentBody::from)))
}

/// The caller's own groups, in all consultations.
#[utoipa::path(tag = "assignment", responses((status = 200, body = Page<AssignmentBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/me/assignments")]
pub async fn list_own_assignments(call: Call) -> Answer {
    let seats = call.read(service::own).await?;
    Ok(call.page(Listing { items: seats, next: None }.map(AssignmentBody::from)))
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
        let host = hosts::add_host(work, group, &body.to_whom()?, body.role)?;
        Ok(Reply::unversioned(&HostBody::new(work, host, true)))
    })
    .await
}

/// Who hosts, moderates and reports a working group. The public sees the names of those who consented.
#[utoipa::path(tag = "assignment", params(("working_group_id" = WorkingGroupId, Path)),
    responses((status = 200, body = Page<HostBody>), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/working-groups/{working_group_id}/hosts")]
pub async fn list_hosts(call: Call, path: PathIds<WorkingGroupId>) -> Answer {
    let group = path.id();
    let items = call.read(move |work| {
        let (hosts, everything) = hosts::see_hosts(work, group)?;
        let body = |host| HostBody::new(work, host, everything);
        Ok(hosts.into_iter().map(body).collect())
    });
    Ok(call.page(Listing { items: items.await?, next: None }))
}

/// Takes a role in a working group from somebody.
#[utoipa::path(tag = "assignment",
    params(("working_group_id" = WorkingGroupId, Path), ("grant_id" = GrantId, Path)),
    responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/working-groups/{working_group_id}/hosts/{grant_id}")]
pub async fn delete_host(call: Call, path: PathIds<(WorkingGroupId, GrantId)>) -> Answer {
    let (group, grant) = path.ids();
    call.change(move |work| {
        hosts::remove_host(work, group, grant)?;
        Ok(Reply::no_content())
    })
    .await
}
