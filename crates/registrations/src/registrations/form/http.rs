//! The operations on questions, and the fields that are asked of everybody: what is sent, what is answered. No rules here.

use std::collections::BTreeMap;

use super::fields::{Field, LegalBasis, RetentionClass, TABLE};
use super::service::{self, NewQuestion};
use super::{Choice, Limits, Question, QuestionId, QuestionKind, Wording};
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::text_enum;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_form_fields)
        .service(list_questions)
        .service(create_question)
        .service(read_question)
        .service(update_question)
        .service(delete_question);
}

/// A question to be asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "crossing", "kind": "one_of", "required": true,
    "wording": { "en": { "prompt": "Where do you work?" } },
    "options": [{ "code": "land", "labels": { "en": "At a land border" } }, { "code": "sea", "labels": { "en": "At sea" } }],
    "purpose": "To prepare the working groups", "legal_basis": "consent"
}))]
pub struct CreateQuestion {
    /// Its name in answers and in tables; it never changes.
    #[schema(example = "crossing")]
    code: String,
    /// What kind of answer it takes.
    kind: QuestionKind,
    /// Where it stands in the form; at the end when absent.
    #[serde(default)]
    position: Option<i32>,
    /// What it says, by language (BCP 47).
    wording: BTreeMap<String, Wording>,
    /// What there is to choose from, for `one_of` and `many_of`.
    #[serde(default)]
    options: Vec<Choice>,
    /// Between what an answer must lie.
    #[serde(default)]
    limits: Limits,
    /// Whether it must be answered.
    #[serde(default)]
    required: bool,
    /// Whether only from then on.
    #[serde(default)]
    required_from: Option<Timestamp>,
    /// The answer does not change from then on.
    #[serde(default)]
    frozen_from: Option<Timestamp>,
    /// What it is asked for.
    #[schema(example = "To prepare the working groups")]
    purpose: String,
    /// On what ground the answer is held.
    legal_basis: LegalBasis,
    /// How long the answer is kept: `answers` when absent.
    #[serde(default = "answers")]
    retention: RetentionClass,
}

const fn answers() -> RetentionClass {
    RetentionClass::Answers
}

impl CreateQuestion {
    fn to_new(&self) -> NewQuestion {
        NewQuestion {
            code: self.code.clone(),
            kind: self.kind,
            position: self.position,
            wording: self.wording.clone(),
            options: self.options.clone(),
            limits: self.limits.clone(),
            required: self.required,
            required_from: self.required_from,
            frozen_from: self.frozen_from,
            purpose: self.purpose.clone(),
            legal_basis: self.legal_basis,
            retention: self.retention,
        }
    }
}

/// A change to a question (JSON Merge Patch; wording, options and limits as a whole).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "wording": { "en": { "prompt": "At which border do you work?" } } }))]
pub struct UpdateQuestion {
    /// Not once it was answered.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    kind: Option<QuestionKind>,
    /// Where it stands in the form.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    position: Option<i32>,
    /// What it says, by language (BCP 47).
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    wording: Option<BTreeMap<String, Wording>>,
    /// Options that were chosen must stay.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    options: Option<Vec<Choice>>,
    /// Between what an answer must lie. Answers that were given before stay as they are.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    limits: Option<Limits>,
    /// Whether it must be answered.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    required: Option<bool>,
    /// Whether only from then on.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Timestamp>)]
    required_from: Option<Option<Timestamp>>,
    /// The answer does not change from then on.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Timestamp>)]
    frozen_from: Option<Option<Timestamp>>,
    /// What it is asked for.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    purpose: Option<String>,
    /// On what ground the answer is held.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    legal_basis: Option<LegalBasis>,
    /// How long the answer is kept.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    retention: Option<RetentionClass>,
}

impl UpdateQuestion {
    fn apply(&self, question: &mut Question) {
        patch::set(&mut question.kind, &self.kind);
        patch::set(&mut question.position, &self.position);
        patch::set(&mut question.wording, &self.wording);
        patch::set(&mut question.options, &self.options);
        patch::set(&mut question.limits, &self.limits);
        patch::set(&mut question.required, &self.required);
        patch::set(&mut question.required_from, &self.required_from);
        patch::set(&mut question.frozen_from, &self.frozen_from);
        patch::set(&mut question.purpose, &self.purpose);
        patch::set(&mut question.legal_basis, &self.legal_basis);
        patch::set(&mut question.retention, &self.retention);
    }
}

/// A question of a consultation.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionBody {
    /// Its id.
    id: QuestionId,
    /// The consultation.
    consultation_id: ConsultationId,
    /// Its name in answers and in tables.
    #[schema(example = "crossing")]
    code: String,
    /// What kind of answer it takes.
    kind: QuestionKind,
    /// Where it stands in the form: lower ones first.
    position: i32,
    /// What it says, by language (BCP 47).
    wording: BTreeMap<String, Wording>,
    /// What there is to choose from.
    options: Vec<Choice>,
    /// Between what an answer must lie.
    limits: Limits,
    /// Whether it must be answered.
    required: bool,
    /// Whether only from then on.
    required_from: Option<Timestamp>,
    /// The answer does not change from then on.
    frozen_from: Option<Timestamp>,
    /// What it is asked for.
    purpose: String,
    /// On what ground the answer is held.
    legal_basis: LegalBasis,
    /// How long the answer is kept.
    retention: RetentionClass,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// When it was made.
    created_at: Timestamp,
    /// When it was last changed.
    updated_at: Timestamp,
    /// What the caller may do with it.
    allowed_actions: Vec<&'static str>,
}

impl QuestionBody {
    /// With what the caller may do with it.
    pub fn new(question: Question, allowed_actions: Vec<&'static str>) -> Self {
        Self {
            id: question.id,
            consultation_id: question.consultation_id,
            code: question.code,
            kind: question.kind,
            position: question.position,
            wording: question.wording,
            options: question.options,
            limits: question.limits,
            required: question.required,
            required_from: question.required_from,
            frozen_from: question.frozen_from,
            purpose: question.purpose,
            legal_basis: question.legal_basis,
            retention: question.retention,
            version: question.version,
            created_at: question.created_at,
            updated_at: question.updated_at,
            allowed_actions,
        }
    }

    fn of(work: &mut Work, question: Question) -> Result<Self, Problem> {
        let allowed = service::allowed_actions(work, question.consultation_id)?;
        Ok(Self::new(question, allowed))
    }
}

text_enum! {
    /// What becomes of answers to a question that is deleted.
    pub enum Answered {
        /// The question is not deleted when there are any.
        Keep => "keep",
        /// They are deleted with it.
        Delete => "delete",
    }
}

/// How a question is deleted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeleteQuestion {
    /// `delete` deletes the answers with the question; `keep` (when absent) refuses when there are any.
    #[param(inline)]
    answers: Option<Answered>,
}

/// What the form asks of everybody, with what it is for and how long it is kept.
#[utoipa::path(tag = "reference", responses((status = 200, body = Page<Field>), Refusals), security(()))]
#[get("/api/v1/reference/registration-fields")]
pub async fn list_form_fields(call: Call) -> Answer {
    Ok(call.page(Listing { items: TABLE.to_vec(), next: None }))
}

/// The questions of a consultation, in the order of the form.
#[utoipa::path(tag = "registrations", params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = Page<QuestionBody>), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/questions")]
pub async fn list_questions(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let consultation = path.id();
    let items = call.read(move |work| {
        let questions = service::list(work, consultation)?;
        questions.into_iter().map(|one| QuestionBody::of(work, one)).collect()
    });
    Ok(call.page(Listing::<QuestionBody> { items: items.await?, next: None }))
}

/// Adds a question to a consultation.
#[utoipa::path(tag = "registrations", request_body = CreateQuestion, params(("consultation_id" = ConsultationId, Path)),
    responses((status = 201, body = QuestionBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/questions")]
pub async fn create_question(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateQuestion>,
) -> Answer {
    let consultation = path.id();
    call.post(body, move |work, body| {
        let question = service::create(work, consultation, body.to_new())?;
        let (id, version) = (question.id, question.version);
        let body = QuestionBody::of(work, question)?;
        Ok(Reply::created(format!("/api/v1/questions/{id}"), version, &body))
    })
    .await
}

/// One question.
#[utoipa::path(tag = "registrations", params(("question_id" = QuestionId, Path)),
    responses((status = 200, body = QuestionBody), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/questions/{question_id}")]
pub async fn read_question(call: Call, path: PathIds<QuestionId>) -> Answer {
    let id = path.id();
    let body = call.read(move |work| {
        let question = service::see(work, id)?;
        QuestionBody::of(work, question)
    });
    let body = body.await?;
    Ok(call.ok(body.version, &body))
}

/// Changes a question. One that was answered keeps its kind and the options that were chosen.
#[utoipa::path(tag = "registrations", request_body = UpdateQuestion, params(("question_id" = QuestionId, Path), IfMatch),
    responses((status = 200, body = QuestionBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/questions/{question_id}")]
pub async fn update_question(
    call: Call,
    path: PathIds<QuestionId>,
    body: Body<UpdateQuestion>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let question = service::update(work, id, version, |question| body.apply(question))?;
        let body = QuestionBody::of(work, question)?;
        Ok(Reply::ok(body.version, &body))
    })
    .await
}

/// Deletes a question; its answers too when that is asked for.
#[utoipa::path(tag = "registrations", params(("question_id" = QuestionId, Path), IfMatch, DeleteQuestion),
    responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/questions/{question_id}")]
pub async fn delete_question(
    call: Call,
    path: PathIds<QuestionId>,
    query: Params<DeleteQuestion>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    let with_answers = query.answers == Some(Answered::Delete);
    call.change(move |work| {
        service::delete(work, id, version, with_answers)?;
        Ok(Reply::no_content())
    })
    .await
}
