//! Operations on the register of recommendations, and the shapes of what they take and give. Knows no rule; nothing it gives has room for a
//! contributor, and what everybody reads names nobody of the team.

use actix_web::HttpResponse;
use chrono::NaiveDate;

use super::service::{self, Entry, NewFollowUp, WantedRecommendations};
use super::{FollowUp, FollowUpId, RecommendationId, RecommendationState, Strength, exports, feed};
use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::exchange::sheet::TableFormat;
use crate::http::prelude::*;
use crate::i18n::Language;
use crate::inputs::{Addressee, Band};
use crate::reference::ObjectiveNumber;
use crate::reports::history::http::{Team, TeamMemberBody};
use crate::reports::provenance::http::CitedPlaceBody;
use crate::reviews::{self, ReviewId};
use crate::ways;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_recommendations)
        .service(export_recommendations)
        .service(read_recommendation_feed)
        .service(read_recommendation)
        .service(confirm_recommendation)
        .service(add_follow_up)
        .service(read_follow_up)
        .service(update_follow_up)
        .service(remove_follow_up);
}

/// Another recommendation.
#[derive(Debug, Serialize, ToSchema)]
pub struct OtherRecommendationBody {
    /// Its id.
    pub id: RecommendationId,
    /// What it is called, for ever.
    #[schema(example = "apgcm-2021/R12")]
    pub reference: String,
}

impl From<(RecommendationId, String)> for OtherRecommendationBody {
    fn from((id, reference): (RecommendationId, String)) -> Self {
        Self { id, reference }
    }
}

/// A consultation that a recommendation comes from.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeardInBody {
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// How many voices stood behind it there when it was published; absent where they cannot be counted.
    pub voices: Option<Band>,
}

/// What a recommendation says in an edition.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecommendationTextBody {
    /// What it says, as inline Markdown.
    pub text: String,
    /// Where it stands.
    pub place: Option<CitedPlaceBody>,
    /// When the edition was published.
    pub published_at: Timestamp,
}

/// How strongly a recommendation is put, with the words that say so.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadStrengthBody {
    /// How strongly.
    pub strength: Strength,
    /// The words in the text.
    #[schema(example = "should")]
    pub words: String,
}

/// To whom a recommendation is addressed, with the words that say so.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadAddresseeBody {
    /// To whom.
    pub addressee: Addressee,
    /// The words in the text.
    #[schema(example = "Governments")]
    pub words: String,
}

/// What came of a recommendation.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowUpBody {
    /// Its id.
    pub id: FollowUpId,
    /// The recommendation.
    pub recommendation_id: RecommendationId,
    /// The day of what it tells.
    #[schema(example = "2022-05-20")]
    pub dated_on: NaiveDate,
    /// What came of it.
    pub text: String,
    /// From where that is known.
    pub source: String,
    /// Where that can be read.
    pub source_url: Option<String>,
    /// Counts changes; also the `ETag`.
    pub version: i64,
}

impl From<FollowUp> for FollowUpBody {
    fn from(one: FollowUp) -> Self {
        Self {
            id: one.id,
            recommendation_id: one.recommendation_id,
            dated_on: one.dated_on,
            text: one.text,
            source: one.source,
            source_url: one.source_url,
            version: one.version,
        }
    }
}

/// A recommendation in the register.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecommendationBody {
    /// Its id.
    pub id: RecommendationId,
    /// The review.
    pub review_id: ReviewId,
    /// What it is called, for ever.
    #[schema(example = "apgcm-2021/R12")]
    pub reference: String,
    /// Its number in the review.
    pub number: i32,
    /// Whether it still stands.
    pub state: RecommendationState,
    /// The recommendation that it was joined into.
    pub joined_into: Option<OtherRecommendationBody>,
    /// Those that were joined into it.
    pub joins: Vec<OtherRecommendationBody>,
    /// What it says in the newest edition that has it, as inline Markdown.
    pub text: String,
    /// The language that it is written in.
    pub language: Language,
    /// The objectives that it is about.
    pub objectives: Vec<ObjectiveNumber>,
    /// How strongly it is put: as somebody confirmed, else as it is read from the text.
    pub strength: Option<Strength>,
    /// To whom it is addressed: as somebody confirmed, else as it is read from the text.
    pub addressees: Vec<Addressee>,
    /// Whether somebody confirmed both.
    pub confirmed: bool,
    /// The day on which.
    pub confirmed_on: Option<NaiveDate>,
    /// Whether it says something else since.
    pub changed_since: bool,
    /// Who confirmed it; for the team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<TeamMemberBody>,
    /// The strength that is read from the text, and its words.
    pub read_strength: Option<ReadStrengthBody>,
    /// The addressees that are read from the text, and their words.
    pub read_addressees: Vec<ReadAddresseeBody>,
    /// The consultations that it comes from.
    pub consultations: Vec<HeardInBody>,
    /// What it says in each edition, in the order in which they were published.
    pub texts: Vec<RecommendationTextBody>,
    /// What came of it, by day.
    pub follow_ups: Vec<FollowUpBody>,
    /// The page on which it is read.
    pub page: String,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// What you may do with it.
    #[schema(example = json!(["confirm", "follow_up"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl RecommendationBody {
    fn one(work: &mut Work, entry: Entry) -> Result<Self, Problem> {
        let mut all = Self::several(work, vec![entry])?;
        all.pop().ok_or_else(|| Problem::internal("a recommendation without a body"))
    }

    fn several(work: &mut Work, entries: Vec<Entry>) -> Result<Vec<Self>, Problem> {
        let shown = entries.iter().filter(|entry| entry.may_note);
        let people = shown.map(|entry| entry.recommendation.confirmed.as_ref()?.by);
        let team = Team::of(work, people.collect::<Vec<_>>())?;
        Ok(entries.into_iter().map(|entry| Self::new(&team, entry)).collect())
    }

    fn new(team: &Team, entry: Entry) -> Self {
        let (strength, addressees) = (entry.strength(), entry.addressees());
        let changed_since = entry.changed_since();
        let newest = entry.newest().cloned();
        let Entry { recommendation: one, texts, read, follow_ups, joined_into, joins, may_note } =
            entry;
        let confirmed = one.confirmed.as_ref();
        let heard = newest.as_ref().map(|text| text.heard_in.clone()).unwrap_or_default();
        Self {
            confirmed: confirmed.is_some(),
            confirmed_on: confirmed.map(|own| own.at.utc().date_naive()),
            confirmed_by: confirmed.filter(|_| may_note).and_then(|own| team.member(own.by)),
            changed_since,
            id: one.id,
            review_id: one.review_id,
            page: ways::recommendation(one.id),
            reference: one.reference,
            number: one.number,
            state: one.state,
            joined_into: joined_into.map(Into::into),
            joins: joins.into_iter().map(Into::into).collect(),
            language: one.language,
            objectives: newest.as_ref().map(|text| text.objectives.clone()).unwrap_or_default(),
            text: newest.map(|text| text.text).unwrap_or_default(),
            strength,
            addressees,
            read_strength: read
                .strength
                .map(|(strength, words)| ReadStrengthBody { strength, words }),
            read_addressees: read
                .addressees
                .into_iter()
                .map(|(addressee, words)| ReadAddresseeBody { addressee, words })
                .collect(),
            consultations: heard
                .into_iter()
                .map(|one| HeardInBody { consultation_id: one.consultation, voices: one.voices })
                .collect(),
            texts: texts
                .into_iter()
                .map(|(text, place)| RecommendationTextBody {
                    text: text.text,
                    place: place.map(Into::into),
                    published_at: text.published_at,
                })
                .collect(),
            follow_ups: follow_ups.into_iter().map(FollowUpBody::from).collect(),
            version: one.version,
            allowed_actions: if may_note { vec!["confirm", "follow_up"] } else { Vec::new() },
        }
    }
}

/// Which recommendations.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecommendationFilter {
    /// About this objective.
    pub objective: Option<ObjectiveNumber>,
    /// Put as strongly as this, as it was confirmed or else is read from the text.
    #[param(inline)]
    pub strength: Option<Strength>,
    /// Addressed to these, as it was confirmed or else is read from the text.
    #[param(inline)]
    pub addressee: Option<Addressee>,
    /// That come from this consultation.
    pub consultation_id: Option<ConsultationId>,
    /// In this state; those that stand when absent.
    #[param(inline)]
    pub state: Option<RecommendationState>,
    /// Whose strength and addressees somebody confirmed, or nobody.
    pub confirmed: Option<bool>,
    /// That have these words.
    pub q: Option<String>,
}

impl From<RecommendationFilter> for WantedRecommendations {
    fn from(filter: RecommendationFilter) -> Self {
        Self {
            objective: filter.objective,
            strength: filter.strength,
            addressee: filter.addressee,
            consultation: filter.consultation_id,
            state: filter.state,
            confirmed: filter.confirmed,
            words: filter.q,
        }
    }
}

/// The recommendations of a review, by their numbers: what is recommended in its published reports and papers, to whom and how strongly, from
/// which consultations, and what came of it.
#[utoipa::path(tag = "recommendations", params(("review_id" = ReviewId, Path), RecommendationFilter, PageQuery), responses((status = 200, body = Page<RecommendationBody>), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/reviews/{review_id}/recommendations")]
pub async fn list_recommendations(
    call: Call,
    path: PathIds<ReviewId>,
    query: Listed<RecommendationFilter>,
) -> Answer {
    let (id, Listed { filter, paging }) = (path.id(), query);
    let wanted = WantedRecommendations::from(filter);
    let part = call.read(move |work| {
        let after: Option<i32> = paging.after_one()?;
        let mut found = service::list(work, id, &wanted)?;
        found.retain(|one| after.is_none_or(|after| one.recommendation.number > after));
        let part = paging.finish(found, |one| vec![one.recommendation.number.to_string()]);
        let items = RecommendationBody::several(work, part.items)?;
        Ok(Listing { items, next: part.next })
    });
    Ok(call.page(part.await?))
}

/// Which recommendations, and as what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportRecommendations {
    /// `csv` (when absent), `xlsx` or `ndjson`.
    #[param(inline)]
    pub format: Option<TableFormat>,
    /// Whether CSV begins with a byte order mark, for programs that take it for something else than UTF-8.
    #[serde(default)]
    pub mark: bool,
    /// About this objective.
    pub objective: Option<ObjectiveNumber>,
    /// Put as strongly as this.
    #[param(inline)]
    pub strength: Option<Strength>,
    /// Addressed to these.
    #[param(inline)]
    pub addressee: Option<Addressee>,
    /// That come from this consultation.
    pub consultation_id: Option<ConsultationId>,
    /// In this state; those that stand when absent.
    #[param(inline)]
    pub state: Option<RecommendationState>,
    /// Whose strength and addressees somebody confirmed, or nobody.
    pub confirmed: Option<bool>,
    /// That have these words.
    pub q: Option<String>,
}

/// The recommendations of a review as a table. It is public, as the register is.
#[utoipa::path(tag = "recommendations", params(("review_id" = ReviewId, Path), ExportRecommendations),
    responses((status = 200, content(
        (String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/x-ndjson"),
    )), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/reviews/{review_id}/recommendations/export")]
pub async fn export_recommendations(
    call: Call,
    path: PathIds<ReviewId>,
    query: Params<ExportRecommendations>,
) -> Answer {
    let (id, query) = (path.id(), query.0);
    let (format, mark) = (query.format.unwrap_or(TableFormat::Csv), query.mark);
    let wanted = WantedRecommendations {
        objective: query.objective,
        strength: query.strength,
        addressee: query.addressee,
        consultation: query.consultation_id,
        state: query.state,
        confirmed: query.confirmed,
        words: query.q,
    };
    let found = call.read(move |work| exports::find(work, id, &wanted)).await?;
    let written = tokio::task::spawn_blocking(move || found.write(format, mark)).await;
    let file = written.map_err(Problem::internal)??;
    let name = format!("attachment; filename=\"recommendations-{id}.{format}\"");
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header(("Content-Disposition", name))
        .body(file))
}

/// The recommendations of a review as an Atom feed, the latest first: an entry is new again when its text changes, when it is joined into
/// another one or dropped, or when something came of it.
#[utoipa::path(tag = "recommendations", params(("review_id" = ReviewId, Path)),
    responses((status = 200, content((String = "application/atom+xml"))), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/reviews/{review_id}/recommendations.atom")]
pub async fn read_recommendation_feed(call: Call, path: PathIds<ReviewId>) -> Answer {
    let id = path.id();
    let (review, entries) = call
        .read(move |work| Ok((reviews::service::see(work, id)?, service::all(work, id)?)))
        .await?;
    let feed = feed::write(&review, &entries, &call.app().settings.server.public_url);
    Ok(HttpResponse::Ok().content_type(feed::MEDIA_TYPE).body(feed))
}

/// A recommendation, with what it says in each edition and what came of it.
#[utoipa::path(tag = "recommendations", params(("recommendation_id" = RecommendationId, Path)), responses((status = 200, body = RecommendationBody), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/recommendations/{recommendation_id}")]
pub async fn read_recommendation(call: Call, path: PathIds<RecommendationId>) -> Answer {
    let id = path.id();
    let found = call.read(move |work| {
        let entry = service::see(work, id)?;
        RecommendationBody::one(work, entry)
    });
    let found = found.await?;
    Ok(call.ok(found.version, &found))
}

/// How strongly a recommendation is put and to whom it is addressed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRecommendation {
    /// How strongly.
    pub strength: Strength,
    /// To whom; nobody in particular when empty.
    pub addressees: Vec<Addressee>,
}

/// Confirms how strongly a recommendation is put and to whom it is addressed, as it reads now. What is read from the text is a proposal only.
#[utoipa::path(tag = "recommendations", params(("recommendation_id" = RecommendationId, Path), IfMatch), request_body = ConfirmRecommendation, responses((status = 200, body = RecommendationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/recommendations/{recommendation_id}/confirmation")]
pub async fn confirm_recommendation(
    call: Call,
    path: PathIds<RecommendationId>,
    body: Body<ConfirmRecommendation>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let entry = service::confirm(work, id, version, body.strength, &body.addressees)?;
        let body = RecommendationBody::one(work, entry)?;
        Ok(Reply::ok(body.version, &body))
    })
    .await
}

/// What came of a recommendation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddFollowUp {
    /// The day of what it tells.
    #[schema(example = "2022-05-20")]
    pub dated_on: NaiveDate,
    /// What came of it.
    #[schema(example = "Fees for birth certificates were abolished.", max_length = 2000)]
    pub text: String,
    /// From where that is known.
    #[schema(
        example = "Voluntary submission to the International Migration Review Forum",
        max_length = 500
    )]
    pub source: String,
    /// Where that can be read.
    #[serde(default)]
    #[schema(example = "https://example.org/submission", max_length = 500)]
    pub source_url: Option<String>,
}

/// Notes what came of a recommendation, with its day and its source. Everybody reads it.
#[utoipa::path(tag = "recommendations", params(("recommendation_id" = RecommendationId, Path)), request_body = AddFollowUp, responses((status = 201, body = FollowUpBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/recommendations/{recommendation_id}/follow-ups")]
pub async fn add_follow_up(
    call: Call,
    path: PathIds<RecommendationId>,
    body: Body<AddFollowUp>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let new = NewFollowUp {
            dated_on: body.dated_on,
            text: body.text.clone(),
            source: body.source.clone(),
            source_url: body.source_url.clone(),
        };
        let made = FollowUpBody::from(service::note(work, id, new)?);
        let address = format!("/api/v1/follow-ups/{}", made.id);
        Ok(Reply::created(address, made.version, &made))
    })
    .await
}

/// What came of a recommendation: one note.
#[utoipa::path(tag = "recommendations", params(("follow_up_id" = FollowUpId, Path)), responses((status = 200, body = FollowUpBody), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/follow-ups/{follow_up_id}")]
pub async fn read_follow_up(call: Call, path: PathIds<FollowUpId>) -> Answer {
    let id = path.id();
    let note = FollowUpBody::from(call.read(move |work| service::see_note(work, id)).await?);
    Ok(call.ok(note.version, &note))
}

/// Changes of a note (JSON merge patch).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateFollowUp {
    /// Another day.
    #[serde(default, deserialize_with = "patch::value")]
    pub dated_on: Option<NaiveDate>,
    /// Another text.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(max_length = 2000)]
    pub text: Option<String>,
    /// Another source.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(max_length = 500)]
    pub source: Option<String>,
    /// Where it can be read otherwise.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub source_url: Option<Option<String>>,
}

/// Says otherwise what came of a recommendation.
#[utoipa::path(tag = "recommendations", params(("follow_up_id" = FollowUpId, Path), IfMatch), request_body = UpdateFollowUp, responses((status = 200, body = FollowUpBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/follow-ups/{follow_up_id}")]
pub async fn update_follow_up(
    call: Call,
    path: PathIds<FollowUpId>,
    body: Body<UpdateFollowUp>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let changed = service::change_note(work, id, version, |note| {
            patch::set(&mut note.dated_on, &body.dated_on);
            patch::set(&mut note.text, &body.text);
            patch::set(&mut note.source, &body.source);
            patch::set(&mut note.source_url, &body.source_url);
        });
        let changed = FollowUpBody::from(changed?);
        Ok(Reply::ok(changed.version, &changed))
    })
    .await
}

/// Takes a note away that should not have been made.
#[utoipa::path(tag = "recommendations", params(("follow_up_id" = FollowUpId, Path), IfMatch), responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/follow-ups/{follow_up_id}")]
pub async fn remove_follow_up(call: Call, path: PathIds<FollowUpId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::remove_note(work, id, version)?;
        Ok(Reply::no_content())
    })
    .await
}
