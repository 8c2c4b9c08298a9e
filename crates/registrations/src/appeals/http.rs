//! Operations on appeals, and the shapes of what they take and give. Knows no rule.

use super::service::{self, Declined};
use super::{Appeal, AppealId, AppealKind, AppealState, Filter, Outcome, Subject};
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::organizations::OrganizationId;
use crate::organizations::vetting::service::Vetter;
use crate::registrations::RegistrationId;

/// An objection to a decision, and its answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppealBody {
    /// Its id.
    pub id: AppealId,
    /// What was declined.
    pub kind: AppealKind,
    /// The registration that was declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_id: Option<RegistrationId>,
    /// Its consultation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consultation_id: Option<ConsultationId>,
    /// The organization that was declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    /// When it was declined.
    pub decided_at: Timestamp,
    /// Who had declined it; only for those who answer appeals, and absent when it was automatic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<AccountId>,
    /// Who objects.
    pub by: AccountId,
    /// Why.
    #[schema(example = "Our annual report was attached, but to another mail.")]
    pub text: String,
    /// How far it has come.
    pub state: AppealState,
    /// What the secretariat answered.
    #[schema(example = "You are right: we found the report. We are looking at it again.")]
    pub answer: Option<String>,
    /// Who answered; only for those who answer appeals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<AccountId>,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What the caller may do with it now.
    pub allowed_actions: Vec<&'static str>,
}

impl AppealBody {
    fn of(work: &mut Work, appeal: Appeal) -> Result<Self, Problem> {
        let vetter = Vetter::of(work)?;
        Ok(Self::new(work, &vetter, appeal))
    }

    fn new(work: &Work, vetter: &Vetter, appeal: Appeal) -> Self {
        let allowed_actions = service::allowed_actions(work, vetter, &appeal);
        let answers = service::may_answer(work, &appeal);
        let kind = appeal.subject.kind();
        let (registration_id, consultation_id, organization_id) = match appeal.subject {
            Subject::Registration { id, consultation_id, .. } => {
                (Some(id), Some(consultation_id), None)
            }
            Subject::Organization { id } => (None, None, Some(id)),
        };
        Self {
            id: appeal.id,
            kind,
            registration_id,
            consultation_id,
            organization_id,
            decided_at: appeal.decided_at,
            decided_by: appeal.decided_by.filter(|_| answers),
            by: appeal.by,
            text: appeal.text,
            state: appeal.state,
            answer: appeal.answer,
            answered_by: appeal.answered_by.filter(|_| answers),
            answered_at: appeal.answered_at,
            version: appeal.version,
            created_at: appeal.created_at,
            updated_at: appeal.updated_at,
            allowed_actions,
        }
    }
}

/// An objection to a declined registration or organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "registration_id": "01754d2a-5a00-7000-8000-000000000001",
    "text": "Our annual report was attached, but to another mail."
}))]
pub struct CreateAppeal {
    /// One's own registration that was declined; either this or an organization.
    pub registration_id: Option<RegistrationId>,
    /// The organization that was declined and that one put forward or registered for.
    pub organization_id: Option<OrganizationId>,
    /// Why the decision was wrong.
    #[schema(min_length = 1, max_length = 5000)]
    pub text: String,
}

impl CreateAppeal {
    fn declined(&self) -> Result<Declined, Problem> {
        match (self.registration_id, self.organization_id) {
            (Some(id), None) => Ok(Declined::Registration(id)),
            (None, Some(id)) => Ok(Declined::Organization(id)),
            _ => {
                let detail = "either a registration or an organization must be named";
                Err(Problem::invalid("/registration_id", detail))
            }
        }
    }
}

/// Objects to a declined registration or organization: once for each decision, within the days that the instance is set to.
#[utoipa::path(
    tag = "appeals", request_body = CreateAppeal, security(("bearer" = [])),
    responses((status = 201, body = AppealBody), Refusals)
)]
#[post("/api/v1/appeals")]
pub async fn create_appeal(call: Call, body: Body<CreateAppeal>) -> Answer {
    call.post(body, |work, body| {
        let appeal = service::create(work, body.declined()?, &body.text)?;
        let (id, version) = (appeal.id, appeal.version);
        let body = AppealBody::of(work, appeal)?;
        Ok(Reply::created(format!("/api/v1/appeals/{id}"), version, &body))
    })
    .await
}

/// Which appeals are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAppeals {
    /// One's own, for somebody who may answer others'.
    #[serde(default)]
    pub own: bool,
    /// In this state.
    pub state: Option<AppealState>,
    /// Against decisions on this kind of thing.
    pub kind: Option<AppealKind>,
    /// About registrations for this consultation.
    pub consultation: Option<ConsultationId>,
}

/// Lists appeals in the order in which they were made: those that the caller may answer; for others their own.
#[utoipa::path(
    tag = "appeals", params(ListAppeals, PageQuery), security(("bearer" = [])),
    responses((status = 200, body = Page<AppealBody>), Refusals)
)]
#[get("/api/v1/appeals")]
pub async fn list_appeals(call: Call, query: Listed<ListAppeals>) -> Answer {
    let Listed { filter: query, paging } = query;
    let filter = Filter { state: query.state, kind: query.kind, consultation: query.consultation };
    let part = call
        .read(move |work| {
            let part = service::list(work, query.own, &filter, &paging)?;
            let vetter = Vetter::of(work)?;
            Ok(part.map(|appeal| AppealBody::new(work, &vetter, appeal)))
        })
        .await?;
    Ok(call.page(part))
}

/// Reads one appeal: one's own, or one that one may answer.
#[utoipa::path(
    tag = "appeals", params(("appeal_id" = AppealId, Path)), security(("bearer" = [])),
    responses((status = 200, body = AppealBody), Refusals)
)]
#[get("/api/v1/appeals/{appeal_id}")]
pub async fn read_appeal(call: Call, path: PathIds<AppealId>) -> Answer {
    let id = path.id();
    let body = call
        .read(move |work| {
            let appeal = service::see(work, id)?;
            AppealBody::of(work, appeal)
        })
        .await?;
    Ok(call.ok(body.version, &body))
}

/// The answer to an appeal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerAppeal {
    /// Whether the applicant was right.
    pub outcome: Outcome,
    /// Why; the applicant is told.
    #[schema(
        min_length = 1,
        max_length = 5000,
        example = "You are right: we found the report. We are looking at it again."
    )]
    pub answer: String,
}

/// Answers an appeal. When it is upheld, what was declined is looked at again: a registration is submitted, an
/// organization proposed. Where two persons are needed, who decided does not answer.
#[utoipa::path(
    tag = "appeals", params(("appeal_id" = AppealId, Path), IfMatch), request_body = AnswerAppeal,
    security(("bearer" = [])), responses((status = 200, body = AppealBody), Refusals)
)]
#[post("/api/v1/appeals/{appeal_id}/answer")]
pub async fn answer_appeal(
    call: Call,
    path: PathIds<AppealId>,
    body: Body<AnswerAppeal>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let appeal = service::answer(work, id, version, body.outcome, &body.answer)?;
        let version = appeal.version;
        Ok(Reply::ok(version, &AppealBody::of(work, appeal)?))
    })
    .await
}

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(create_appeal).service(list_appeals).service(read_appeal).service(answer_appeal);
}
