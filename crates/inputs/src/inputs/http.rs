//! Operations on inputs: bringing them in, reading, searching, changing and taking back.

use super::bodies::InputBody;
use super::content::Translation;
use super::{
    Addressee, Care, Citation, Filter, InputChange, InputId, NewInput, Origin, service, submission,
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

/// An input to be submitted, or recorded for a working group.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitInput {
    /// Where it was made.
    pub origin: Origin,
    /// The working group it was made in; needed when the origin is `group`, and only then.
    pub working_group_id: Option<WorkingGroupId>,
    /// The round it was made in; needed when the origin is `group`, and only then.
    pub round_id: Option<RoundId>,
    /// The session it was made in.
    pub session_id: Option<SessionId>,
    /// What it is about: objectives of the consultation.
    #[schema(min_items = 1, example = json!([4, 9]))]
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is: an input category of the review.
    pub category_id: CategoryId,
    /// Its text.
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
    /// Keeps nothing of who submits it: nobody, you included, can follow it, answer a question about it or take it back.
    #[serde(default)]
    pub anonymous: bool,
}

pub(super) fn english() -> String {
    "en".to_owned()
}

impl SubmitInput {
    pub(super) fn to_new(&self) -> NewInput {
        let from = self.clone();
        NewInput {
            origin: from.origin,
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

/// Submits an input, or records it for a working group where the caller may. Who submitted it is sealed, or not kept at all.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), request_body = SubmitInput,
    security(("bearer" = [])), responses((status = 201, body = InputBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/inputs")]
pub async fn submit_input(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<SubmitInput>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let input = submission::receive(work, id, body.to_new(), body.anonymous)?;
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

/// A change of an input by its contributor (JSON Merge Patch).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "body": "Consulates issue passports only in the capital, far from where most migrants work." }))]
pub struct UpdateInput {
    /// Other objectives.
    #[serde(default, deserialize_with = "patch::value")]
    pub objectives: Option<Vec<ObjectiveNumber>>,
    /// Another kind of contribution.
    #[serde(default, deserialize_with = "patch::value")]
    pub category_id: Option<CategoryId>,
    /// Another text.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(max_length = 5000)]
    pub body: Option<String>,
    /// Another language (BCP 47).
    #[serde(default, deserialize_with = "patch::value")]
    pub language: Option<String>,
    /// Another translation; null takes it away.
    #[serde(default, deserialize_with = "patch::nullable")]
    pub translation: Option<Option<Translation>>,
    /// Other citations.
    #[serde(default, deserialize_with = "patch::value")]
    pub citations: Option<Vec<Citation>>,
    /// Others to whom it is addressed.
    #[serde(default, deserialize_with = "patch::value")]
    pub addressees: Option<Vec<Addressee>>,
    /// How carefully it must be handled: all three flags.
    #[serde(default, deserialize_with = "patch::value")]
    pub care: Option<Care>,
}

/// Changes an input that waits, or answers the question it was returned with. For its contributor.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path), IfMatch), request_body = UpdateInput,
    security(("bearer" = [])), responses((status = 200, body = InputBody), Refusals)
)]
#[patch("/api/v1/inputs/{input_id}")]
pub async fn update_input(call: Call, path: PathIds<InputId>, body: Body<UpdateInput>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    let body = body.value;
    let change = InputChange {
        objectives: body.objectives,
        category_id: body.category_id,
        body: body.body,
        language: body.language,
        translation: body.translation,
        citations: body.citations,
        addressees: body.addressees,
        care: body.care,
    };
    call.change(move |work| {
        let input = service::update(work, id, version, &change)?;
        InputBody::reply(work, input)
    })
    .await
}

/// Takes an input back: its text is erased. For its contributor, until the report is published.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path), IfMatch), security(("bearer" = [])),
    responses((status = 200, body = InputBody), Refusals)
)]
#[post("/api/v1/inputs/{input_id}/withdrawal")]
pub async fn withdraw_input(call: Call, path: PathIds<InputId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| {
        let input = service::withdraw(work, id, version)?;
        InputBody::reply(work, input)
    })
    .await
}

/// Adds these operations to the server.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(list_inputs)
        .service(submit_input)
        .service(read_input)
        .service(update_input)
        .service(withdraw_input);
    super::triage::http::mount(cfg);
    super::lineage::http::mount(cfg);
    super::windows::http::mount(cfg);
    super::queue::http::mount(cfg);
    super::exchange::http::mount(cfg);
}
