//! Operations on inputs: recording, reading, searching.

use super::bodies::InputBody;
use super::content::Translation;
use super::{
    Addressee, Care, Citation, Filter, InputId, NewInput, Origin, ToldBy, service, submission,
};
use crate::consultations::{ConsultationId, RoundId, SessionId, WorkingGroupId};
use crate::http::prelude::*;
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;

/// Lists a consultation's inputs, unattributed and in shuffled order; or searches them.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path), Filter, PageQuery), security(("bearer" = [])),
    responses((status = 200, body = Page<InputBody>), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/inputs")]
pub async fn list_inputs(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Listed<Filter>,
) -> Answer {
    let id = path.id();
    let Listed { filter, paging } = query;
    let part = call.read(move |work| service::list(work, id, &filter, &paging)).await?;
    Ok(call.page(part.map(InputBody::from)))
}

/// What was said in the room, to be recorded.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordInput {
    /// Where it was said: `group` or `plenary`.
    pub origin: Origin,
    /// By how many it was told, as far as you can say. Nobody is asked who.
    pub told_by: Option<ToldBy>,
    /// The working group it was said in; needed when the origin is `group`, and only then.
    pub working_group_id: Option<WorkingGroupId>,
    /// The round it was said in; needed when the origin is `group`, and only then.
    pub round_id: Option<RoundId>,
    /// The session it was said in.
    pub session_id: Option<SessionId>,
    /// What it is about: objectives of the consultation.
    #[schema(min_items = 1, example = json!([4, 9]))]
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is: an input category of the review.
    pub category_id: CategoryId,
    /// What was said.
    #[schema(
        example = "Birth registration is free for all children in the province since 2019.",
        min_length = 1,
        max_length = 5000
    )]
    pub body: String,
    /// The text's language (BCP 47).
    #[serde(default = "english")]
    #[schema(example = "en", default = "en")]
    pub language: String,
    /// Its text in another language, beside the original.
    pub translation: Option<Translation>,
    /// What it refers to.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub citations: Vec<Citation>,
    /// To whom it is addressed, where it recommends something.
    #[serde(default)]
    pub addressees: Vec<Addressee>,
    /// How carefully it must be handled.
    #[serde(default)]
    pub care: Care,
}

pub(super) fn english() -> String {
    "en".to_owned()
}

impl RecordInput {
    fn to_new(&self) -> NewInput {
        let from = self.clone();
        NewInput {
            origin: from.origin,
            told_by: from.told_by,
            organization_id: None,
            working_group_id: from.working_group_id,
            round_id: from.round_id,
            session_id: from.session_id,
            objectives: from.objectives,
            category_id: from.category_id,
            body: from.body,
            language: from.language,
            translation: from.translation,
            citations: from.citations,
            addressees: from.addressees,
            care: from.care,
        }
    }
}

/// Records what was said in a working group, or before everybody. Who said it is not asked. Whoever contributes in writing does so by
/// a receipt: `POST /api/v1/consultations/{consultation_id}/contributions`.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), request_body = RecordInput,
    security(("bearer" = [])), responses((status = 201, body = InputBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/inputs")]
pub async fn record_input(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<RecordInput>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let key = work.ids.secret();
        let input = submission::record(work, id, body.to_new(), key)?;
        let body = InputBody::of(work, input)?;
        Ok(Reply::created(format!("/api/v1/inputs/{}", body.id), body.version, &body))
    })
    .await
}

/// Reads one input, unattributed.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path)), security(("bearer" = [])),
    responses((status = 200, body = InputBody), Refusals)
)]
#[get("/api/v1/inputs/{input_id}")]
pub async fn read_input(call: Call, path: PathIds<InputId>) -> Answer {
    let id = path.id();
    let view = call.read(move |work| service::see(work, id)).await?;
    Ok(call.ok(view.input.version, &InputBody::from(view)))
}

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_inputs).service(record_input).service(read_input);
    super::on_record::http::mount(cfg);
    super::triage::http::mount(cfg);
    super::lineage::http::mount(cfg);
    super::windows::http::mount(cfg);
    super::queue::http::mount(cfg);
    super::exchange::http::mount(cfg);
    super::wishes::http::mount(cfg);
}
