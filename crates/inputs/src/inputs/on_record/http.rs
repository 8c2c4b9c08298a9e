//! Operations on what organizations say in their own names.

use crate::consultations::ConsultationId;
use crate::http::prelude::*;
use crate::inputs::bodies::InputBody;
use crate::inputs::contributed::Said;
use crate::inputs::on_record::SaidOnRecord;
use crate::inputs::wishes::Late;
use crate::inputs::{InputId, NewInput, on_record};
use crate::organizations::OrganizationId;

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_submissions).service(submit_on_record).service(withdraw_submission);
}

/// What an organization says in its own name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitOnRecord {
    /// The organization in whose name it is said. Everybody on the team will read its name beside the text.
    pub organization_id: OrganizationId,
    /// What it says.
    pub said: Said,
}

/// What an organization said in its own name.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionBody {
    /// What it said, as it stands.
    #[serde(flatten)]
    pub input: InputBody,
    /// What came too late to be done: `withdrawal` where it is wished back and a published edition rests on it. It stays as it is, and
    /// the team answers the wish.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<Late>,
    /// Why it stays in the report though the organization wants to take it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_because: Option<String>,
}

impl From<SaidOnRecord> for SubmissionBody {
    fn from(SaidOnRecord { view, wish }: SaidOnRecord) -> Self {
        Self {
            input: InputBody::from(view),
            late: wish.as_ref().map(|_| Late::Withdrawal),
            kept_because: wish.and_then(|wish| wish.reason),
        }
    }
}

/// What organizations said in their own names.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionsBody {
    /// All of it that the caller may read, in shuffled order.
    pub items: Vec<SubmissionBody>,
}

/// Submits what an organization says in its own name, ON RECORD: with its name, and not under seal. Whoever wants to contribute
/// without a name does so by a receipt.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), request_body = SubmitOnRecord,
    security(("bearer" = [])), responses((status = 201, body = InputBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/submissions")]
pub async fn submit_on_record(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<SubmitOnRecord>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let new = NewInput::from(&body.said);
        let input = on_record::submit(work, id, body.organization_id, new)?;
        let body = InputBody::of(work, input)?;
        let place = format!("/api/v1/consultations/{id}/submissions");
        Ok(Reply::created(place, body.version, &body))
    })
    .await
}

/// Lists what organizations said in their own names: all of it for the team, else what the caller's own organization said.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), security(("bearer" = [])),
    responses((status = 200, body = SubmissionsBody), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/submissions")]
pub async fn list_submissions(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let found = call.read(move |work| on_record::list(work, id)).await?;
    let items = found.into_iter().map(SubmissionBody::from).collect();
    Ok(call.ok_unversioned(&SubmissionsBody { items }))
}

/// Takes back what an organization said in its own name: its text is erased. Where a published edition rests on it, it stays as it is,
/// and that the organization wants to take it back is noted for the team to answer: the answer says so. For those who speak for it.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path), IfMatch), security(("bearer" = [])),
    responses((status = 200, body = SubmissionBody), Refusals)
)]
#[post("/api/v1/submissions/{input_id}/withdrawal")]
pub async fn withdraw_submission(call: Call, path: PathIds<InputId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| {
        let body = SubmissionBody::from(on_record::withdraw(work, id, version)?);
        Ok(Reply::ok(body.input.version, &body))
    })
    .await
}
