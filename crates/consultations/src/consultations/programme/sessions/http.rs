//! Operations on the sessions of a programme, and the shapes of what they take and give. Knows no rule.

use super::{AttributionRule, NewSession, Session, SessionId, SessionKind, Speaker};
use crate::consultations::programme::http::{Shown, create, delete, list, read, update};
use crate::consultations::programme::service::{allowed_actions, sees_all_speakers};
use crate::consultations::{Consultation, ConsultationId, RoundId};
use crate::db::types::Timestamp;
use crate::http::prelude::*;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_sessions)
        .service(create_session)
        .service(read_session)
        .service(update_session)
        .service(delete_session);
}

/// Those who may be named to whoever asks.
pub fn named(session: &Session, all: bool) -> Vec<Speaker> {
    if all { session.speakers.clone() } else { session.named_speakers().cloned().collect() }
}

/// A row of the programme.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionBody {
    /// Its id.
    pub id: SessionId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Its place in the programme, from 1.
    #[schema(example = 2)]
    pub position: i32,
    /// What it is.
    pub kind: SessionKind,
    /// Its title.
    #[schema(example = "Working groups: first round")]
    pub title: String,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// Both in the consultation's zone.
    #[schema(example = "11:30–12:35 hrs. (Bangkok time)")]
    pub local_time: Option<String>,
    /// Name and affiliation of its moderator.
    #[schema(example = "Asha Example, International Detention Coalition")]
    pub moderator: Option<String>,
    /// Who is announced to speak and agreed to be named; all of them for those who prepare the consultation.
    pub speakers: Vec<Speaker>,
    /// Whether what is said may be linked to who said it.
    pub attribution_rule: AttributionRule,
    /// The round that is held in it, for working groups.
    pub round_id: Option<RoundId>,
    /// A footnote to the row.
    pub note: Option<String>,
    /// Where one joins it from afar; told to those who prepare the consultation. Who is confirmed finds it on their page and in their
    /// own calendar.
    #[schema(example = "https://meet.example.org/j/123456")]
    pub joining_url: Option<String>,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What you may do with it.
    #[schema(example = json!(["update", "delete"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl SessionBody {
    fn new(work: &Work, row: Session, consultation: &Consultation) -> Self {
        let sees_all = sees_all_speakers(work, consultation);
        Self {
            local_time: row.local_time(consultation),
            speakers: named(&row, sees_all),
            id: row.id,
            consultation_id: row.consultation_id,
            position: row.position,
            kind: row.kind,
            title: row.title,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            moderator: row.moderator,
            attribution_rule: row.attribution_rule,
            round_id: row.round_id,
            note: row.note,
            joining_url: row.joining_url.filter(|_| sees_all),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            allowed_actions: allowed_actions(work, consultation),
        }
    }
}

/// A new session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSession {
    /// Its place in the programme, from 1; at the end when left out.
    #[schema(example = 2)]
    pub position: Option<i32>,
    /// What it is.
    pub kind: SessionKind,
    /// Its title.
    #[schema(example = "Working groups: first round", max_length = 300)]
    pub title: String,
    /// When it begins, on the day of the consultation.
    pub starts_at: Option<Timestamp>,
    /// When it ends, on the day of the consultation.
    #[schema(example = "2020-11-19T05:35:00Z")]
    pub ends_at: Option<Timestamp>,
    /// Name and affiliation of its moderator.
    #[schema(example = "Asha Example, International Detention Coalition")]
    pub moderator: Option<String>,
    /// Who is announced to speak.
    #[serde(default)]
    pub speakers: Vec<Speaker>,
    /// Left out: `on_record` for arrival, opening and closing, `chatham_house` for everything else.
    pub attribution_rule: Option<AttributionRule>,
    /// The round that is held in it; only for working groups.
    pub round_id: Option<RoundId>,
    /// A footnote to the row.
    #[schema(max_length = 1000)]
    pub note: Option<String>,
    /// Where one joins it from afar.
    #[schema(example = "https://meet.example.org/j/123456", max_length = 1000)]
    pub joining_url: Option<String>,
}

/// Changes of a session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "title": "Welcome and opening", "note": null }))]
pub struct UpdateSession {
    /// Another place in the programme.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub position: Option<i32>,
    /// Another kind. The attribution rule stays as it is.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub kind: Option<SessionKind>,
    /// Another title.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, max_length = 300)]
    pub title: Option<String>,
    /// Another beginning; null: not known.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Timestamp>)]
    pub starts_at: Option<Option<Timestamp>>,
    /// Another end; null: not known.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Timestamp>)]
    pub ends_at: Option<Option<Timestamp>>,
    /// Another moderator; null: nobody.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>)]
    pub moderator: Option<Option<String>>,
    /// Other speakers: the whole list.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub speakers: Option<Vec<Speaker>>,
    /// Another attribution rule.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub attribution_rule: Option<AttributionRule>,
    /// Another round; null: none.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<RoundId>)]
    pub round_id: Option<Option<RoundId>>,
    /// Another footnote; null removes it.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>)]
    pub note: Option<Option<String>>,
    /// Another place to join it from afar; null removes it.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>)]
    pub joining_url: Option<Option<String>>,
}

impl Shown for Session {
    type Body = SessionBody;
    type Create = CreateSession;
    type Update = UpdateSession;
    const ADDRESS: &'static str = "/api/v1/sessions";

    fn shown(
        work: &mut Work,
        rows: Vec<Self>,
        consultation: &Consultation,
    ) -> Result<Vec<SessionBody>, Problem> {
        Ok(rows.into_iter().map(|row| SessionBody::new(work, row, consultation)).collect())
    }

    fn to_new(body: &CreateSession) -> NewSession {
        NewSession {
            position: body.position,
            kind: body.kind,
            title: body.title.clone(),
            starts_at: body.starts_at,
            ends_at: body.ends_at,
            moderator: body.moderator.clone(),
            speakers: body.speakers.clone(),
            attribution_rule: body.attribution_rule,
            round_id: body.round_id,
            note: body.note.clone(),
            joining_url: body.joining_url.clone(),
        }
    }

    fn apply(body: &UpdateSession, row: &mut Self) {
        patch::set(&mut row.position, &body.position);
        patch::set(&mut row.kind, &body.kind);
        patch::set(&mut row.title, &body.title);
        patch::set(&mut row.starts_at, &body.starts_at);
        patch::set(&mut row.ends_at, &body.ends_at);
        patch::set(&mut row.moderator, &body.moderator);
        patch::set(&mut row.speakers, &body.speakers);
        patch::set(&mut row.attribution_rule, &body.attribution_rule);
        patch::set(&mut row.round_id, &body.round_id);
        patch::set(&mut row.note, &body.note);
        patch::set(&mut row.joining_url, &body.joining_url);
    }
}

/// The sessions of a consultation, in order.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path), PageQuery),
    security((), ("bearer" = [])), responses((status = 200, body = Page<SessionBody>), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/sessions")]
pub async fn list_sessions(call: Call, path: PathIds<ConsultationId>, query: Listed) -> Answer {
    list::<Session>(call, path, query).await
}

/// Adds a session to the programme of a consultation.
#[utoipa::path(
    tag = "programme", params(("consultation_id" = ConsultationId, Path)),
    request_body = CreateSession, security(("bearer" = [])),
    responses((status = 201, body = SessionBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/sessions")]
pub async fn create_session(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateSession>,
) -> Answer {
    create::<Session>(call, path, body).await
}

/// One session.
#[utoipa::path(
    tag = "programme", params(("session_id" = SessionId, Path)), security((), ("bearer" = [])),
    responses((status = 200, body = SessionBody), Refusals)
)]
#[get("/api/v1/sessions/{session_id}")]
pub async fn read_session(call: Call, path: PathIds<SessionId>) -> Answer {
    read::<Session>(call, path).await
}

/// Changes a session.
#[utoipa::path(
    tag = "programme", params(("session_id" = SessionId, Path), IfMatch), request_body = UpdateSession,
    security(("bearer" = [])), responses((status = 200, body = SessionBody), Refusals)
)]
#[patch("/api/v1/sessions/{session_id}")]
pub async fn update_session(
    call: Call,
    path: PathIds<SessionId>,
    body: Body<UpdateSession>,
) -> Answer {
    update::<Session>(call, path, body).await
}

/// Removes a session that nothing refers to.
#[utoipa::path(
    tag = "programme", params(("session_id" = SessionId, Path), IfMatch), security(("bearer" = [])),
    responses((status = 204), Refusals)
)]
#[delete("/api/v1/sessions/{session_id}")]
pub async fn delete_session(call: Call, path: PathIds<SessionId>) -> Answer {
    delete::<Session>(call, path).await
}
