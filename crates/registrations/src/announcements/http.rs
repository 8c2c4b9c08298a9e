//! The operations on announcements, and the shapes of what they take and give. Knows no rule.

use chrono::NaiveDate;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Announcement, AnnouncementId, AnnouncementKind, Texts, service};
use crate::consultations::{self, Consultation, ConsultationId};
use crate::db::types::Timestamp;
use crate::http::prelude::*;

/// Mounts the operations.
pub fn mount(cfg: &mut ServiceConfig) {
    cfg.service(create_announcement)
        .service(list_announcements)
        .service(read_announcement)
        .service(delete_announcement);
}

/// What everybody confirmed in a consultation is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnnouncementBody {
    /// Its id; random.
    pub id: AnnouncementId,
    /// Which consultation.
    pub consultation_id: ConsultationId,
    /// What it is: written, or our own words that questions are open, or that a draft can be commented on.
    pub kind: AnnouncementKind,
    /// What it says, by language; absent of our own words.
    #[serde(skip_serializing_if = "Texts::is_empty")]
    #[schema(value_type = Object, example = json!({ "en": { "title": "The programme has changed", "text": "The opening begins at 11:30." } }))]
    pub texts: Texts,
    /// When it goes out.
    pub due_at: Timestamp,
    /// When it went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// The last day for what it asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// What the caller may do with it.
    #[schema(example = json!(["take_back"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl AnnouncementBody {
    fn of(work: &mut Work, one: Announcement) -> Result<Self, Problem> {
        let consultation = consultations::service::load(work, one.consultation_id)?;
        Ok(Self::new(work, &consultation, one))
    }

    fn new(work: &Work, consultation: &Consultation, one: Announcement) -> Self {
        Self {
            allowed_actions: service::allowed_actions(work, &one, consultation),
            id: one.id,
            consultation_id: one.consultation_id,
            kind: one.kind,
            texts: one.texts,
            due_at: one.due_at,
            sent_at: one.sent_at,
            until: one.until,
        }
    }
}

/// An announcement to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "texts": { "en": { "title": "The programme has changed", "text": "The opening begins at 11:30." } }, "at_once": false }))]
pub struct CreateAnnouncement {
    /// What it says, by language (`en`, `fr`, …): at least one. Everybody gets their own language where it is there, else the
    /// consultation's, else the first.
    #[schema(value_type = Object)]
    texts: Texts,
    /// Whether it goes at once. Otherwise it goes at the next 08:00 in the consultation's zone, and can be taken back until then.
    #[serde(default)]
    at_once: bool,
}

/// Tells everybody who is confirmed something, by mail and in the list: the same words for all who read a language, without name
/// and link.
#[utoipa::path(tag = "announcements", request_body = CreateAnnouncement,
    responses((status = 201, body = AnnouncementBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/announcements")]
pub async fn create_announcement(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateAnnouncement>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let made = service::write(work, id, body.texts.clone(), body.at_once)?;
        let location = format!("/api/v1/announcements/{}", made.id);
        // An announcement never changes: it is always in its first version.
        Ok(Reply::created(location, 1, &AnnouncementBody::of(work, made)?))
    })
    .await
}

/// The announcements of a consultation in the order in which they go out: for the team all, for who is confirmed what went.
#[utoipa::path(tag = "announcements", params(PageQuery),
    responses((status = 200, body = Page<AnnouncementBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/announcements")]
pub async fn list_announcements(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Listed,
) -> Answer {
    let (id, paging) = (path.id(), query.paging);
    let part = call.read(move |work| {
        let part = service::list(work, id, &paging)?;
        let consultation = consultations::service::load(work, id)?;
        Ok(part.map(|one| AnnouncementBody::new(work, &consultation, one)))
    });
    Ok(call.page(part.await?))
}

/// One announcement.
#[utoipa::path(tag = "announcements", responses((status = 200, body = AnnouncementBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/announcements/{announcement_id}")]
pub async fn read_announcement(call: Call, path: PathIds<AnnouncementId>) -> Answer {
    let id = path.id();
    let body = call.read(move |work| {
        let one = service::see(work, id)?;
        AnnouncementBody::of(work, one)
    });
    Ok(call.ok_unversioned(&body.await?))
}

/// Takes an announcement back that did not go yet. It has no versions, so no `If-Match` is needed.
#[utoipa::path(tag = "announcements", responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/announcements/{announcement_id}")]
pub async fn delete_announcement(call: Call, path: PathIds<AnnouncementId>) -> Answer {
    let id = path.id();
    call.change(move |work| {
        service::take_back(work, id)?;
        Ok(Reply::no_content())
    })
    .await
}
