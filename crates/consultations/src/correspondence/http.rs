//! The operations on the outbox. What is shown of a mail never holds its secret.

use super::service::{self, Change};
use crate::accounts::{Email, ThingId};
use crate::consultations::ConsultationId;
use crate::db::types::{Id, Timestamp};
use crate::http::prelude::*;
use crate::i18n::{Language, Template};
use crate::outbox::{Filter, MailId, MailState, Row, shown};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_mails)
        .service(release_mails)
        .service(read_mail)
        .service(edit_mail)
        .service(hold_mail)
        .service(release_mail)
        .service(cancel_mail);
}

/// Which mails are listed.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListMails {
    /// In this state.
    state: Option<MailState>,
    /// Of this template.
    template: Option<Template>,
    /// About this consultation.
    consultation: Option<ConsultationId>,
    /// To this address.
    recipient: Option<Email>,
    /// About this registration, invitation or other thing.
    subject: Option<ThingId>,
}

/// A mail in the outbox, without its text.
#[derive(Serialize, ToSchema)]
pub struct MailSummary {
    /// Its id, also the Message-ID.
    id: MailId,
    /// Whom to.
    #[schema(example = "asha.example@example.org")]
    recipient: String,
    /// The subject line.
    #[schema(example = "Your registration is confirmed: Borders and rights")]
    subject: String,
    /// Which of our texts it is.
    #[schema(example = "registration_confirmed")]
    template: String,
    /// The language it is written in.
    language: Language,
    /// How far it has come.
    state: MailState,
    /// The consultation it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    consultation_id: Option<ConsultationId>,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "registration")]
    subject_kind: Option<String>,
    /// Which one.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject_id: Option<ThingId>,
    /// How often it was tried.
    attempts: i32,
    /// Not to be tried before.
    next_attempt_at: Timestamp,
    /// Why the last try failed; of one that was sent, what a mail server reported since: that it came back, or has not arrived yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    /// When it was put there.
    created_at: Timestamp,
    /// When the mail server took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<Timestamp>,
    /// Counts changes; also the `ETag`.
    #[schema(example = 1)]
    version: i64,
    /// What the caller may do with it now.
    #[schema(example = json!(["edit", "release", "cancel"]))]
    allowed_actions: Vec<&'static str>,
}

impl From<&Row> for MailSummary {
    fn from(row: &Row) -> Self {
        Self {
            id: row.id,
            recipient: row.recipient.clone(),
            subject: row.subject.clone(),
            template: row.template.clone(),
            language: row.language,
            state: row.state,
            consultation_id: row.consultation_id,
            subject_kind: row.subject_kind.clone(),
            subject_id: row.subject_id.map(|id| Id::new(id.uuid())),
            attempts: row.attempts,
            next_attempt_at: row.next_attempt_at,
            last_error: row.last_error.clone(),
            created_at: row.created_at,
            sent_at: row.sent_at,
            version: row.version,
            allowed_actions: service::allowed_actions(row),
        }
    }
}

/// A mail with its words. Where the recipient's own link goes, it shows `[personal link]`.
#[derive(Serialize, ToSchema)]
pub struct MailBody {
    #[serde(flatten)]
    summary: MailSummary,
    /// Plain text; empty once it is old.
    #[schema(example = "Dear Asha Example,\n\nplease register here:\n\n[personal link]\n")]
    text: String,
    /// The text as HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
    /// Whether the recipient's own link is put into it.
    has_personal_link: bool,
}

impl From<&Row> for MailBody {
    fn from(row: &Row) -> Self {
        Self {
            summary: row.into(),
            text: shown(&row.body),
            html: row.html.as_deref().map(shown),
            has_personal_link: row.secret.is_some(),
        }
    }
}

fn reply(row: &Row) -> Reply {
    Reply::ok(row.version, &MailBody::from(row))
}

/// New words for a mail (JSON Merge Patch).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "subject": "Please register by Friday" }))]
pub struct EditMail {
    /// Another subject line.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, max_length = 300)]
    subject: Option<String>,
    /// Another text. Paragraphs are parted by an empty line. `[personal link]` stands in it exactly once when the mail
    /// has one. The HTML is made anew.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, max_length = 20000)]
    text: Option<String>,
}

/// Which mails to let go.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "consultation_id": "01890a5d-ac96-774b-bcce-b302099a8057", "template": "invitation" }))]
pub struct ReleaseMails {
    /// About this consultation.
    consultation_id: Option<ConsultationId>,
    /// Of this template.
    template: Option<Template>,
    /// To this address.
    recipient: Option<Email>,
    /// `held`, which it is when left out, or `failed`.
    state: Option<MailState>,
}

/// How many were let go.
#[derive(Serialize, ToSchema)]
pub struct ReleasedBody {
    /// Mails that wait to be sent now.
    #[schema(example = 240)]
    released: usize,
}

/// The mails that wait, are held, were sent or failed, oldest first: all of them for an administrator, those about
/// consultations of its reviews for a secretariat.
#[utoipa::path(tag = "outbox", params(ListMails, PageQuery), responses((status = 200, body = Page<MailSummary>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/outbox")]
pub async fn list_mails(call: Call, query: Listed<ListMails>) -> Answer {
    let Listed { filter: query, paging } = query;
    let filter = Filter {
        state: query.state,
        template: query.template.map(|template| template.as_str().to_owned()),
        recipient: query.recipient.map(|email| email.as_str().to_owned()),
        consultations: query.consultation.map(|id| vec![id]),
        about_a_consultation: false,
        subject: query.subject.map(|id| Id::new(id.uuid())),
    };
    let part = call.read(move |work| service::list(work, filter, &paging));
    Ok(call.page(part.await?.map(|row| MailSummary::from(&row))))
}

/// One mail with its words.
#[utoipa::path(tag = "outbox", params(("mail_id" = MailId, Path)), responses((status = 200, body = MailBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/outbox/{mail_id}")]
pub async fn read_mail(call: Call, path: PathIds<MailId>) -> Answer {
    let id = path.id();
    let row = call.read(move |work| service::see(work, id)).await?;
    Ok(call.ok(row.version, &MailBody::from(&row)))
}

/// Change the words of a mail that is not sent.
#[utoipa::path(tag = "outbox", params(("mail_id" = MailId, Path), IfMatch), request_body = EditMail,
    responses((status = 200, body = MailBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/outbox/{mail_id}")]
pub async fn edit_mail(call: Call, path: PathIds<MailId>, body: Body<EditMail>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let change = Change { subject: body.subject.clone(), text: body.text.clone() };
        Ok(reply(&service::edit(work, id, version, change)?))
    })
    .await
}

/// Keep a mail back until somebody lets it go.
#[utoipa::path(tag = "outbox", params(("mail_id" = MailId, Path), IfMatch),
    responses((status = 200, body = MailBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/outbox/{mail_id}/hold")]
pub async fn hold_mail(call: Call, path: PathIds<MailId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| Ok(reply(&service::hold(work, id, version)?))).await
}

/// Let a mail go that was held or has failed: it is sent at once.
#[utoipa::path(tag = "outbox", params(("mail_id" = MailId, Path), IfMatch),
    responses((status = 200, body = MailBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/outbox/{mail_id}/release")]
pub async fn release_mail(call: Call, path: PathIds<MailId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| Ok(reply(&service::release(work, id, version)?))).await
}

/// See to it that a mail is never sent. Its personal link is forgotten.
#[utoipa::path(tag = "outbox", params(("mail_id" = MailId, Path), IfMatch),
    responses((status = 200, body = MailBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/outbox/{mail_id}/cancel")]
pub async fn cancel_mail(call: Call, path: PathIds<MailId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| Ok(reply(&service::cancel(work, id, version)?))).await
}

/// Let all held (or failed) mails go that the filter names and the caller manages.
#[utoipa::path(tag = "outbox", request_body = ReleaseMails, responses((status = 200, body = ReleasedBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/outbox/releases")]
pub async fn release_mails(call: Call, body: Body<ReleaseMails>) -> Answer {
    call.post(body, |work, body| {
        let filter = Filter {
            state: body.state,
            template: body.template.map(|template| template.as_str().to_owned()),
            recipient: body.recipient.as_ref().map(|email| email.as_str().to_owned()),
            consultations: body.consultation_id.map(|id| vec![id]),
            ..Filter::default()
        };
        let released = service::release_all(work, filter)?;
        Ok(Reply::unversioned(&ReleasedBody { released }))
    })
    .await
}
