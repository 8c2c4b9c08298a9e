//! The operations on forms under personal links: what is sent, what is answered. The token stands in the body, so that
//! no log and no history keeps it. No rules here.

use utoipa_actix_web::service_config::ServiceConfig;

use super::Form;
use super::service::{self, Opened, Wanted};
use crate::accounts::Email;
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::i18n::Language;
use crate::problem::At;
use crate::registrations::bodies::RegistrationBody;
use crate::registrations::form::http::QuestionBody;
use crate::registrations::rules::http::RulesBody;

/// Mounts the operations.
pub fn mount(cfg: &mut ServiceConfig) {
    cfg.service(request_registration_draft)
        .service(open_registration_draft)
        .service(save_registration_draft)
        .service(submit_registration_draft);
}

/// Where a link to the form is to be mailed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "asha.example@example.org", "language": "th" }))]
pub struct RequestDraft {
    /// The address.
    email: Email,
    /// Needed where the registration rules say so.
    #[serde(default)]
    access_code: Option<String>,
    /// The language that the person reads, BCP 47. The mail is in it when mails are written in it.
    #[serde(default)]
    language: Option<String>,
}

/// That a link is on its way, if it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftRequested {
    /// For people; the same whoever the address belongs to.
    #[schema(example = "If this address may register, a link to the form is on its way to it.")]
    message: &'static str,
}

/// A mailed link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenDraft {
    /// What stands after `/in/` in the link.
    #[schema(example = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    token: String,
}

/// What was filled in so far.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveDraft {
    /// What stands after `/in/` in the link.
    #[schema(example = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    token: String,
    /// All of it: what is left out is not filled in.
    form: Form,
}

/// A form that is complete.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitDraft {
    /// What stands after `/in/` in the link.
    #[schema(example = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    token: String,
    /// Another access code than the one that the link was asked for with.
    #[serde(default)]
    #[schema(example = "K7QM-3XRT-9WBD")]
    access_code: Option<String>,
}

/// A form so far, or what has become of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftBody {
    /// The consultation.
    consultation_id: ConsultationId,
    /// Its theme.
    theme: String,
    /// When it is held, in its zone.
    local_time: Option<String>,
    /// The address that the link was mailed to.
    email: Email,
    /// What was filled in so far; empty once it was submitted.
    form: Form,
    /// What is asked, in the order of the form.
    questions: Vec<QuestionBody>,
    /// Who may register and when.
    rules: RulesBody,
    /// What would be refused if it were submitted as it is. Pointers are into `form`.
    missing: Vec<At>,
    /// Why it cannot be submitted now, whatever is in it.
    refusal: Option<String>,
    /// What has become of it, once it was submitted. To change it, sign in by a mailed link.
    registration: Option<RegistrationBody>,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// It is forgotten from then on, unless it is gone on with.
    expires_at: Timestamp,
    /// What can be done with the link.
    allowed_actions: Vec<&'static str>,
}

impl DraftBody {
    fn new(opened: Opened, now: Timestamp) -> Self {
        let Opened { draft, consultation, rules, questions, missing, refusal, registration } =
            opened;
        let open = registration.is_none();
        let actions = [("save", open), ("submit", open && missing.is_empty() && refusal.is_none())];
        let allowed = actions.into_iter().filter(|(_, possible)| *possible);
        let asked = questions.into_iter().map(|one| QuestionBody::new(one, Vec::new()));
        Self {
            consultation_id: consultation.id,
            theme: consultation.theme.clone(),
            local_time: consultation.local_time(),
            email: draft.email,
            form: draft.form,
            questions: asked.collect(),
            rules: RulesBody::new(&consultation, rules, false, now),
            missing,
            refusal,
            registration: registration.map(RegistrationBody::from),
            version: draft.version,
            expires_at: draft.expires_at,
            allowed_actions: allowed.map(|(action, _)| action).collect(),
        }
    }
}

fn reply(opened: Opened, now: Timestamp) -> Reply {
    let body = DraftBody::new(opened, now);
    Reply::ok(body.version, &body)
}

/// Have a link to the form mailed. The answer is the same whether or not the address is known, registered or invited.
#[utoipa::path(tag = "registrations", request_body = RequestDraft, params(("consultation_id" = ConsultationId, Path)),
    responses((status = 202, body = DraftRequested), Refusals), security(()))]
#[post("/api/v1/consultations/{consultation_id}/registration-drafts")]
pub async fn request_registration_draft(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<RequestDraft>,
) -> Answer {
    let consultation = path.id();
    call.post_secret(body, move |work, body| {
        let wanted = Wanted {
            email: body.email.clone(),
            access_code: body.access_code.clone(),
            language: body.language.as_deref().and_then(Language::of_tag),
        };
        service::request(work, consultation, &wanted)?;
        let message = "If this address may register, a link to the form is on its way to it.";
        Ok(Reply::accepted(&DraftRequested { message }))
    })
    .await
}

/// Open the form by the link that was mailed, or that of an invitation; once it was submitted, see what became of it.
#[utoipa::path(tag = "registrations", request_body = OpenDraft,
    responses((status = 200, body = DraftBody), Refusals), security(()))]
#[post("/api/v1/registration-drafts/open")]
pub async fn open_registration_draft(call: Call, body: Body<OpenDraft>) -> Answer {
    let token = body.token.clone();
    // Whoever comes back changes nothing, and waits for nobody who writes.
    let again = call.read(move |work| {
        Ok(service::look_again(work, &token)?.map(|opened| reply(opened, work.now)))
    });
    if let Some(reply) = again.await? {
        return Ok(reply.into_response());
    }
    call.post_secret(body, |work, body| {
        let opened = service::open(work, &body.token)?;
        Ok(reply(opened, work.now))
    })
    .await
}

/// Keep what was filled in so far, to come back with the same link. 412 when it was changed on another device.
#[utoipa::path(tag = "registrations", request_body = SaveDraft, params(IfMatch),
    responses((status = 200, body = DraftBody), Refusals), security(()))]
#[post("/api/v1/registration-drafts/save")]
pub async fn save_registration_draft(call: Call, body: Body<SaveDraft>) -> Answer {
    let version = call.if_match()?;
    call.post_secret(body, move |work, body| {
        let opened = service::save(work, &body.token, version, body.form.clone())?;
        Ok(reply(opened, work.now))
    })
    .await
}

/// Register with what was saved. Sent twice, it is answered with what became of it.
#[utoipa::path(tag = "registrations", request_body = SubmitDraft, params(IfMatch),
    responses((status = 200, body = DraftBody), Refusals), security(()))]
#[post("/api/v1/registration-drafts/submit")]
pub async fn submit_registration_draft(call: Call, body: Body<SubmitDraft>) -> Answer {
    let version = call.if_match()?;
    call.post_secret(body, move |work, body| {
        let opened = service::submit(work, &body.token, version, body.access_code.clone())?;
        Ok(reply(opened, work.now))
    })
    .await
}
