//! Operations on reviews and their input categories, and the shapes of what they take and give. Knows no rule.

use chrono::NaiveDate;

use super::{CategoryId, InputCategory, NewCategory, NewReview, Review, ReviewId, service};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::proposals;
use crate::proposals::http::TwoPeopleBody;
use crate::proposals::service::Rule;
use crate::reference::CategoryCode;

/// Mounts the operations.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(list_reviews)
        .service(create_review)
        .service(read_review)
        .service(update_review)
        .service(list_input_categories)
        .service(create_input_category)
        .service(read_input_category)
        .service(update_input_category);
}

/// A review.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewBody {
    /// Its id.
    pub id: ReviewId,
    /// Short code, unique.
    #[schema(example = "apgcm-2021")]
    pub code: String,
    /// Code of the framework it reviews.
    #[schema(example = "gcm")]
    pub framework: String,
    /// Its title.
    #[schema(
        example = "Asia-Pacific Regional Review of Implementation of the Global Compact for Migration"
    )]
    pub title: String,
    /// The organ whose documents carry it.
    #[schema(example = "Economic and Social Commission for Asia and the Pacific")]
    pub organ: String,
    /// Title of the review meeting.
    pub meeting_title: Option<String>,
    /// Where the meeting is held.
    #[schema(example = "Bangkok and online")]
    pub meeting_place: Option<String>,
    /// Its first day.
    #[schema(example = "2021-03-10")]
    pub meeting_starts_on: Option<NaiveDate>,
    /// Its last day.
    #[schema(example = "2021-03-12")]
    pub meeting_ends_on: Option<NaiveDate>,
    /// The agenda items that its conference room paper comes under.
    pub agenda_items: Option<String>,
    /// What the symbols of its documents begin with.
    #[schema(example = "ESCAP/GCM/2021")]
    pub symbol_prefix: Option<String>,
    /// The resolutions and decisions that ask for the review.
    #[schema(example = json!(["A/RES/73/195, para. 50"]))]
    pub mandates: Vec<String>,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Whether what is grave here needs two people, and whether one person ever did such a thing alone.
    pub two_people: TwoPeopleBody,
    /// What you may do with it.
    #[schema(example = json!(["update", "add_input_category", "add_consultation"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl ReviewBody {
    fn new(work: &mut Work, review: Review) -> Result<Self, Problem> {
        let rule = proposals::service::rule(work, Some(review.id))?;
        Ok(Self::under(work, rule, review))
    }

    fn under(work: &Work, rule: Rule, review: Review) -> Self {
        let allowed_actions = service::allowed_actions(work, &review);
        Self {
            two_people: rule.into(),
            id: review.id,
            code: review.code,
            framework: review.framework,
            title: review.title,
            organ: review.organ,
            meeting_title: review.meeting_title,
            meeting_place: review.meeting_place,
            meeting_starts_on: review.meeting_starts_on,
            meeting_ends_on: review.meeting_ends_on,
            agenda_items: review.agenda_items,
            symbol_prefix: review.symbol_prefix,
            mandates: review.mandates,
            version: review.version,
            created_at: review.created_at,
            updated_at: review.updated_at,
            allowed_actions,
        }
    }
}

/// A new review. It starts with the default input categories.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateReview {
    /// Short code: small letters, digits, hyphens; unique.
    #[schema(example = "apgcm-2021", max_length = 60)]
    pub code: String,
    /// Code of the framework it reviews.
    #[schema(example = "gcm")]
    pub framework: String,
    /// Its title.
    #[schema(
        example = "Asia-Pacific Regional Review of Implementation of the Global Compact for Migration",
        max_length = 300
    )]
    pub title: String,
    /// The organ whose documents carry it.
    #[schema(
        example = "Economic and Social Commission for Asia and the Pacific",
        max_length = 200
    )]
    pub organ: String,
    /// Title of the review meeting.
    pub meeting_title: Option<String>,
    /// Where the meeting is held.
    #[schema(example = "Bangkok and online")]
    pub meeting_place: Option<String>,
    /// Its first day.
    #[schema(example = "2021-03-10")]
    pub meeting_starts_on: Option<NaiveDate>,
    /// Its last day.
    #[schema(example = "2021-03-12")]
    pub meeting_ends_on: Option<NaiveDate>,
    /// The agenda items that its conference room paper comes under.
    pub agenda_items: Option<String>,
    /// What the symbols of its documents begin with.
    #[schema(example = "ESCAP/GCM/2021")]
    pub symbol_prefix: Option<String>,
    /// The resolutions and decisions that ask for the review.
    #[serde(default)]
    #[schema(example = json!(["A/RES/73/195, para. 50"]))]
    pub mandates: Vec<String>,
}

impl CreateReview {
    fn to_new(&self) -> NewReview {
        NewReview {
            code: self.code.clone(),
            framework: self.framework.clone(),
            title: self.title.clone(),
            organ: self.organ.clone(),
            meeting_title: self.meeting_title.clone(),
            meeting_place: self.meeting_place.clone(),
            meeting_starts_on: self.meeting_starts_on,
            meeting_ends_on: self.meeting_ends_on,
            agenda_items: self.agenda_items.clone(),
            symbol_prefix: self.symbol_prefix.clone(),
            mandates: self.mandates.clone(),
        }
    }
}

/// Changes of a review. The code and the framework stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "meeting_place": "Bangkok" }))]
pub struct UpdateReview {
    /// Another title.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, max_length = 300)]
    pub title: Option<String>,
    /// Another organ.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, max_length = 200)]
    pub organ: Option<String>,
    /// Another title of the meeting; null removes it.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>)]
    pub meeting_title: Option<Option<String>>,
    /// Another place; null removes it.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>)]
    pub meeting_place: Option<Option<String>>,
    /// Another first day; null removes it.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub meeting_starts_on: Option<Option<NaiveDate>>,
    /// Another last day; null removes it.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub meeting_ends_on: Option<Option<NaiveDate>>,
    /// Other agenda items; null removes them.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>)]
    pub agenda_items: Option<Option<String>>,
    /// What symbols begin with; null removes it.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<String>)]
    pub symbol_prefix: Option<Option<String>>,
    /// Other mandates: the whole list.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub mandates: Option<Vec<String>>,
}

impl UpdateReview {
    fn apply(&self, review: &mut Review) {
        patch::set(&mut review.title, &self.title);
        patch::set(&mut review.organ, &self.organ);
        patch::set(&mut review.meeting_title, &self.meeting_title);
        patch::set(&mut review.meeting_place, &self.meeting_place);
        patch::set(&mut review.meeting_starts_on, &self.meeting_starts_on);
        patch::set(&mut review.meeting_ends_on, &self.meeting_ends_on);
        patch::set(&mut review.agenda_items, &self.agenda_items);
        patch::set(&mut review.symbol_prefix, &self.symbol_prefix);
        patch::set(&mut review.mandates, &self.mandates);
    }
}

/// Reviews, the oldest first.
#[utoipa::path(
    tag = "reviews", params(PageQuery), security((), ("bearer" = [])),
    responses((status = 200, body = Page<ReviewBody>), Refusals)
)]
#[get("/api/v1/reviews")]
pub async fn list_reviews(call: Call, query: Listed) -> Answer {
    let paging = query.paging;
    let part = call
        .read(move |work| {
            let Listing { items, next } = service::list(work, &paging)?;
            let ids: Vec<_> = items.iter().map(|review| Some(review.id)).collect();
            let rules = proposals::service::rules(work, &ids)?;
            let body = |(review, rule)| ReviewBody::under(work, rule, review);
            Ok(Listing { items: items.into_iter().zip(rules).map(body).collect(), next })
        })
        .await?;
    Ok(call.page(part))
}

/// Makes a review with the default input categories.
#[utoipa::path(
    tag = "reviews", request_body = CreateReview, security(("bearer" = [])),
    responses((status = 201, body = ReviewBody), Refusals)
)]
#[post("/api/v1/reviews")]
pub async fn create_review(call: Call, body: Body<CreateReview>) -> Answer {
    call.post(body, |work, body| {
        let review = service::create(work, body.to_new())?;
        let (address, version) = (format!("/api/v1/reviews/{}", review.id), review.version);
        Ok(Reply::created(address, version, &ReviewBody::new(work, review)?))
    })
    .await
}

/// One review.
#[utoipa::path(
    tag = "reviews", params(("review_id" = ReviewId, Path)), security((), ("bearer" = [])),
    responses((status = 200, body = ReviewBody), Refusals)
)]
#[get("/api/v1/reviews/{review_id}")]
pub async fn read_review(call: Call, path: PathIds<ReviewId>) -> Answer {
    let id = path.id();
    let body = call
        .read(move |work| {
            let review = service::see(work, id)?;
            ReviewBody::new(work, review)
        })
        .await?;
    Ok(call.ok(body.version, &body))
}

/// Changes a review.
#[utoipa::path(
    tag = "reviews", params(("review_id" = ReviewId, Path), IfMatch), request_body = UpdateReview,
    security(("bearer" = [])), responses((status = 200, body = ReviewBody), Refusals)
)]
#[patch("/api/v1/reviews/{review_id}")]
pub async fn update_review(
    call: Call,
    path: PathIds<ReviewId>,
    body: Body<UpdateReview>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let review = service::update(work, id, version, |review| body.apply(review))?;
        Ok(Reply::ok(review.version, &ReviewBody::new(work, review)?))
    })
    .await
}

/// An input category of a review.
#[derive(Debug, Serialize, ToSchema)]
pub struct InputCategoryBody {
    /// Its id.
    pub id: CategoryId,
    /// The review it belongs to.
    pub review_id: ReviewId,
    /// Its code, unique in the review.
    pub code: CategoryCode,
    /// Its heading in reports.
    #[schema(example = "Good practices")]
    pub heading: String,
    /// Its place in the order, from 1.
    #[schema(example = 4)]
    pub position: i32,
    /// Stands apart from the clusters of objectives, in a section of its own before them.
    pub overall: bool,
    /// Under a joint heading its paragraphs are grouped by objective.
    pub splits_by_objective: bool,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What you may do with it.
    #[schema(example = json!(["update"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl InputCategoryBody {
    fn new(work: &Work, category: InputCategory) -> Self {
        Self {
            id: category.id,
            review_id: category.review_id,
            code: category.code,
            heading: category.heading,
            position: category.position,
            overall: category.overall,
            splits_by_objective: category.splits_by_objective,
            version: category.version,
            created_at: category.created_at,
            updated_at: category.updated_at,
            allowed_actions: service::allowed_category_actions(work, category.review_id),
        }
    }
}

/// A new input category.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateInputCategory {
    /// Its code, unique in the review.
    pub code: CategoryCode,
    /// Its heading in reports.
    #[schema(example = "Emerging issues", max_length = 200)]
    pub heading: String,
    /// Its place in the order, from 1; at the end when left out.
    #[schema(example = 8)]
    pub position: Option<i32>,
    /// Stands apart from the clusters of objectives. A review has one such category.
    #[serde(default)]
    pub overall: bool,
    /// Under a joint heading its paragraphs are grouped by objective.
    #[serde(default)]
    pub splits_by_objective: bool,
}

impl CreateInputCategory {
    fn to_new(&self) -> NewCategory {
        NewCategory {
            code: self.code.clone(),
            heading: self.heading.clone(),
            position: self.position,
            overall: self.overall,
            splits_by_objective: self.splits_by_objective,
        }
    }
}

/// Changes of an input category. Its code stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "heading": "Lessons learnt" }))]
pub struct UpdateInputCategory {
    /// Another heading.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, max_length = 200)]
    pub heading: Option<String>,
    /// Another place in the order.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub position: Option<i32>,
    /// Whether it stands apart from the clusters.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub overall: Option<bool>,
    /// Whether its paragraphs are grouped by objective.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub splits_by_objective: Option<bool>,
}

impl UpdateInputCategory {
    fn apply(&self, category: &mut InputCategory) {
        patch::set(&mut category.heading, &self.heading);
        patch::set(&mut category.position, &self.position);
        patch::set(&mut category.overall, &self.overall);
        patch::set(&mut category.splits_by_objective, &self.splits_by_objective);
    }
}

/// The input categories of a review, in their order.
#[utoipa::path(
    tag = "reviews", params(("review_id" = ReviewId, Path), PageQuery),
    security((), ("bearer" = [])),
    responses((status = 200, body = Page<InputCategoryBody>), Refusals)
)]
#[get("/api/v1/reviews/{review_id}/input-categories")]
pub async fn list_input_categories(call: Call, path: PathIds<ReviewId>, query: Listed) -> Answer {
    let id = path.id();
    let paging = query.paging;
    let part = call
        .read(move |work| {
            let part = service::list_categories(work, id, &paging)?;
            Ok(part.map(|category| InputCategoryBody::new(work, category)))
        })
        .await?;
    Ok(call.page(part))
}

/// Adds an input category to a review.
#[utoipa::path(
    tag = "reviews", params(("review_id" = ReviewId, Path)), request_body = CreateInputCategory,
    security(("bearer" = [])), responses((status = 201, body = InputCategoryBody), Refusals)
)]
#[post("/api/v1/reviews/{review_id}/input-categories")]
pub async fn create_input_category(
    call: Call,
    path: PathIds<ReviewId>,
    body: Body<CreateInputCategory>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let category = service::add_category(work, id, body.to_new())?;
        let address = format!("/api/v1/input-categories/{}", category.id);
        Ok(Reply::created(address, category.version, &InputCategoryBody::new(work, category)))
    })
    .await
}

/// One input category.
#[utoipa::path(
    tag = "reviews", params(("category_id" = CategoryId, Path)), security((), ("bearer" = [])),
    responses((status = 200, body = InputCategoryBody), Refusals)
)]
#[get("/api/v1/input-categories/{category_id}")]
pub async fn read_input_category(call: Call, path: PathIds<CategoryId>) -> Answer {
    let id = path.id();
    let body = call
        .read(move |work| {
            let category = service::category(work, id)?;
            Ok(InputCategoryBody::new(work, category))
        })
        .await?;
    Ok(call.ok(body.version, &body))
}

/// Changes an input category.
#[utoipa::path(
    tag = "reviews", params(("category_id" = CategoryId, Path), IfMatch), request_body = UpdateInputCategory,
    security(("bearer" = [])), responses((status = 200, body = InputCategoryBody), Refusals)
)]
#[patch("/api/v1/input-categories/{category_id}")]
pub async fn update_input_category(
    call: Call,
    path: PathIds<CategoryId>,
    body: Body<UpdateInputCategory>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let category = service::update_category(work, id, version, |row| body.apply(row))?;
        Ok(Reply::ok(category.version, &InputCategoryBody::new(work, category)))
    })
    .await
}
