//! Operations on consultations and their phases, and the shapes of what they take and give. Knows no rule.
//! Those of the programme are in `programme`.

use chrono::NaiveDate;

use super::{
    Admission, Consultation, ConsultationId, Mode, NewConsultation, Phase, lifecycle, programme,
    service, zone,
};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::reference::ObjectiveNumber;
use crate::reviews::ReviewId;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_consultations)
        .service(create_consultation)
        .service(read_consultation)
        .service(update_consultation);
    lifecycle::http::mount(cfg);
    programme::http::mount(cfg);
}

/// A consultation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationBody {
    /// Its id.
    pub id: ConsultationId,
    /// The review it is held for.
    pub review_id: ReviewId,
    /// Its number in the series.
    #[schema(example = 2)]
    pub ordinal: i32,
    /// Its theme.
    #[schema(
        example = "Protecting migrants through rights-based border governance and border management measures"
    )]
    pub theme: String,
    /// Its day in its zone, when it is known.
    #[schema(example = "2020-11-19")]
    pub held_on: Option<NaiveDate>,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// The IANA zone that its times are shown in.
    #[schema(example = "Asia/Bangkok")]
    pub zone: &'static str,
    /// Its times in its zone.
    #[schema(example = "11:00–14:30 hrs. (Bangkok time)")]
    pub local_time: Option<String>,
    /// How people meet.
    pub mode: Mode,
    /// Where, if there is a place.
    pub venue: Option<String>,
    /// The objectives it addresses.
    #[schema(example = json!([4, 8, 9, 10, 11, 13, 21]))]
    pub objectives: Vec<ObjectiveNumber>,
    /// Its languages (BCP 47), the main one first.
    #[schema(example = json!(["en"]))]
    pub languages: Vec<String>,
    /// How many can take part; null: everybody.
    #[schema(example = 80)]
    pub capacity: Option<i32>,
    /// How a registration is admitted.
    pub admission: Admission,
    /// Where it stands.
    pub phase: Phase,
    /// The phases that it can be followed by.
    #[schema(value_type = Vec<Phase>)]
    pub next_phases: &'static [Phase],
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What you may do now.
    #[schema(example = json!(["register"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl ConsultationBody {
    /// As the caller may know it.
    pub fn new(work: &mut Work, consultation: Consultation) -> Result<Self, Problem> {
        let allowed_actions = service::allowed_actions(work, &consultation)?;
        Ok(Self {
            id: consultation.id,
            review_id: consultation.review_id,
            ordinal: consultation.ordinal,
            local_time: consultation.local_time(),
            theme: consultation.theme,
            held_on: consultation.held_on,
            starts_at: consultation.starts_at,
            ends_at: consultation.ends_at,
            zone: consultation.zone.name(),
            mode: consultation.mode,
            venue: consultation.venue,
            objectives: consultation.objectives,
            languages: consultation.languages,
            capacity: consultation.capacity,
            admission: consultation.admission,
            phase: consultation.phase,
            next_phases: consultation.phase.next(),
            version: consultation.version,
            created_at: consultation.created_at,
            updated_at: consultation.updated_at,
            allowed_actions,
        })
    }
}

/// A new consultation. It begins in planning.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateConsultation {
    /// Its number in the series, from 1; unique in the review.
    #[schema(example = 2)]
    pub ordinal: i32,
    /// Its theme.
    #[schema(
        example = "Protecting migrants through rights-based border governance and border management measures",
        max_length = 300
    )]
    pub theme: String,
    /// Its day in its zone, when it is known.
    #[schema(example = "2020-11-19")]
    pub held_on: Option<NaiveDate>,
    /// When it begins: on that day.
    pub starts_at: Option<Timestamp>,
    /// When it ends: on that day.
    #[schema(example = "2020-11-19T07:30:00Z")]
    pub ends_at: Option<Timestamp>,
    /// The IANA zone that its times are shown in.
    #[schema(example = "Asia/Bangkok")]
    pub zone: String,
    /// How people meet.
    pub mode: Mode,
    /// Where, if there is a place.
    pub venue: Option<String>,
    /// The objectives it addresses: in numeric order, each once.
    #[schema(example = json!([4, 8, 9, 10, 11, 13, 21]))]
    pub objectives: Vec<ObjectiveNumber>,
    /// Its languages (BCP 47), the main one first.
    #[schema(example = json!(["en"]))]
    pub languages: Vec<String>,
    /// How many can take part; left out: everybody.
    #[schema(example = 80, minimum = 1)]
    pub capacity: Option<i32>,
    /// How a registration is admitted; left out: vetted.
    pub admission: Option<Admission>,
}

impl CreateConsultation {
    fn to_new(&self) -> Result<NewConsultation, Problem> {
        Ok(NewConsultation {
            ordinal: self.ordinal,
            theme: self.theme.clone(),
            held_on: self.held_on,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            zone: zone(&self.zone)?,
            mode: self.mode,
            venue: self.venue.clone(),
            objectives: self.objectives.clone(),
            languages: self.languages.clone(),
            capacity: self.capacity,
            admission: self.admission.unwrap_or(Admission::Vetted),
        })
    }
}

/// Changes of a consultation. Its phase has an operation of its own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateConsultation {
    /// Another number in the series.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub ordinal: Option<i32>,
    /// Another theme.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, max_length = 300)]
    pub theme: Option<String>,
    /// Another day; null: not known.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub held_on: Option<Option<NaiveDate>>,
    /// Another beginning; null: not known.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Timestamp>)]
    pub starts_at: Option<Option<Timestamp>>,
    /// Another end; null: not known.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Timestamp>)]
    pub ends_at: Option<Option<Timestamp>>,
    /// Another IANA zone.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, example = "Asia/Bangkok")]
    pub zone: Option<String>,
    /// Another way to meet.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub mode: Option<Mode>,
    /// Another place; null removes it.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>)]
    pub venue: Option<Option<String>>,
    /// Other objectives: the whole list, in numeric order, each once.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub objectives: Option<Vec<ObjectiveNumber>>,
    /// Other languages: the whole list.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub languages: Option<Vec<String>>,
    /// More or fewer places; null: room for everybody. New places go to those who wait.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<i32>)]
    pub capacity: Option<Option<i32>>,
    /// Another way to admit.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub admission: Option<Admission>,
}

impl UpdateConsultation {
    fn apply(&self, zone: Option<chrono_tz::Tz>, consultation: &mut Consultation) {
        patch::set(&mut consultation.ordinal, &self.ordinal);
        patch::set(&mut consultation.theme, &self.theme);
        patch::set(&mut consultation.held_on, &self.held_on);
        patch::set(&mut consultation.starts_at, &self.starts_at);
        patch::set(&mut consultation.ends_at, &self.ends_at);
        patch::set(&mut consultation.zone, &zone);
        patch::set(&mut consultation.mode, &self.mode);
        patch::set(&mut consultation.venue, &self.venue);
        patch::set(&mut consultation.objectives, &self.objectives);
        patch::set(&mut consultation.languages, &self.languages);
        patch::set(&mut consultation.capacity, &self.capacity);
        patch::set(&mut consultation.admission, &self.admission);
    }
}

/// The consultations of a review, by their number in the series. Those in planning only for those who prepare them.
#[utoipa::path(
    tag = "consultations", params(("review_id" = ReviewId, Path), PageQuery),
    security((), ("bearer" = [])),
    responses((status = 200, body = Page<ConsultationBody>), Refusals)
)]
#[get("/api/v1/reviews/{review_id}/consultations")]
pub async fn list_consultations(call: Call, path: PathIds<ReviewId>, query: Listed) -> Answer {
    let id = path.id();
    let paging = query.paging;
    let part = call
        .read(move |work| {
            let part = service::list(work, id, &paging)?;
            part.try_map(|consultation| ConsultationBody::new(work, consultation))
        })
        .await?;
    Ok(call.page(part))
}

/// Adds a consultation to a review, in planning.
#[utoipa::path(
    tag = "consultations", params(("review_id" = ReviewId, Path)), request_body = CreateConsultation,
    security(("bearer" = [])), responses((status = 201, body = ConsultationBody), Refusals)
)]
#[post("/api/v1/reviews/{review_id}/consultations")]
pub async fn create_consultation(
    call: Call,
    path: PathIds<ReviewId>,
    body: Body<CreateConsultation>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let consultation = service::create(work, id, body.to_new()?)?;
        let address = format!("/api/v1/consultations/{}", consultation.id);
        let version = consultation.version;
        Ok(Reply::created(address, version, &ConsultationBody::new(work, consultation)?))
    })
    .await
}

/// One consultation.
#[utoipa::path(
    tag = "consultations", params(("consultation_id" = ConsultationId, Path)),
    security((), ("bearer" = [])),
    responses((status = 200, body = ConsultationBody), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}")]
pub async fn read_consultation(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let body = call
        .read(move |work| {
            let consultation = service::see(work, id)?;
            ConsultationBody::new(work, consultation)
        })
        .await?;
    Ok(call.ok(body.version, &body))
}

/// Changes a consultation.
#[utoipa::path(
    tag = "consultations", params(("consultation_id" = ConsultationId, Path), IfMatch),
    request_body = UpdateConsultation, security(("bearer" = [])),
    responses((status = 200, body = ConsultationBody), Refusals)
)]
#[patch("/api/v1/consultations/{consultation_id}")]
pub async fn update_consultation(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<UpdateConsultation>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    let zone = body.zone.as_deref().map(zone).transpose()?;
    call.change(move |work| {
        let changed = service::update(work, id, version, |row| body.apply(zone, row))?;
        Ok(Reply::ok(changed.version, &ConsultationBody::new(work, changed)?))
    })
    .await
}
