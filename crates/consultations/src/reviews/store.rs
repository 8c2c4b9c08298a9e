//! SQL of reviews and input categories, and nothing else.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{CategoryId, InputCategory, Review, ReviewId};
use crate::db::errors::{Meaning, taken, written};
use crate::db::schema::{input_categories, reviews};
use crate::db::types::{Json, Timestamp};
use crate::db::{Conn, keyset};
use crate::problem::Problem;
use crate::reference::CategoryCode;

#[derive(Queryable, Insertable)]
#[diesel(table_name = reviews, treat_none_as_default_value = false)]
struct ReviewRow {
    id: ReviewId,
    code: String,
    framework: String,
    title: String,
    organ: String,
    meeting_title: Option<String>,
    meeting_place: Option<String>,
    meeting_starts_on: Option<NaiveDate>,
    meeting_ends_on: Option<NaiveDate>,
    agenda_items: Option<String>,
    symbol_prefix: Option<String>,
    mandates: Json<Vec<String>>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<ReviewRow> for Review {
    fn from(row: ReviewRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            framework: row.framework,
            title: row.title,
            organ: row.organ,
            meeting_title: row.meeting_title,
            meeting_place: row.meeting_place,
            meeting_starts_on: row.meeting_starts_on,
            meeting_ends_on: row.meeting_ends_on,
            agenda_items: row.agenda_items,
            symbol_prefix: row.symbol_prefix,
            mandates: row.mandates.0,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<&Review> for ReviewRow {
    fn from(review: &Review) -> Self {
        let review = review.clone();
        Self {
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
            mandates: Json(review.mandates),
            version: review.version,
            created_at: review.created_at,
            updated_at: review.updated_at,
        }
    }
}

fn code_taken() -> Problem {
    taken("/code", "another review has this code")
}

/// The review, or 404.
pub fn review(conn: &mut Conn, id: ReviewId) -> Result<Review, Problem> {
    let row = reviews::table.filter(reviews::id.eq(id)).first::<ReviewRow>(conn).optional()?;
    row.map(Review::from).ok_or_else(|| Problem::not_found("review"))
}

/// Reviews after an id, by id.
pub fn reviews(
    conn: &mut Conn,
    after: Option<ReviewId>,
    limit: i64,
) -> Result<Vec<Review>, Problem> {
    let part = keyset::after(reviews::table.into_boxed(), (reviews::id,), after, limit);
    Ok(part.load::<ReviewRow>(conn)?.into_iter().map(Review::from).collect())
}

/// 409 when the code is taken.
pub fn insert_review(conn: &mut Conn, review: &Review) -> Result<(), Problem> {
    diesel::insert_into(reviews::table)
        .values(&ReviewRow::from(review))
        .execute(conn)
        .on_unique(code_taken)?;
    Ok(())
}

/// Writes every field over the version that was read; 412 when it is gone.
pub fn update_review(conn: &mut Conn, review: &Review) -> Result<(), Problem> {
    let row = ReviewRow::from(review);
    let current = reviews::id.eq(review.id).and(reviews::version.eq(review.version));
    let rows = diesel::update(reviews::table.filter(current))
        .set((
            reviews::code.eq(row.code),
            reviews::framework.eq(row.framework),
            reviews::title.eq(row.title),
            reviews::organ.eq(row.organ),
            reviews::meeting_title.eq(row.meeting_title),
            reviews::meeting_place.eq(row.meeting_place),
            reviews::meeting_starts_on.eq(row.meeting_starts_on),
            reviews::meeting_ends_on.eq(row.meeting_ends_on),
            reviews::agenda_items.eq(row.agenda_items),
            reviews::symbol_prefix.eq(row.symbol_prefix),
            reviews::mandates.eq(row.mandates),
            reviews::version.eq(review.version + 1),
            reviews::updated_at.eq(row.updated_at),
        ))
        .execute(conn)
        .on_unique(code_taken)?;
    written(rows, review.version)
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = input_categories)]
struct CategoryRow {
    id: CategoryId,
    review_id: ReviewId,
    code: CategoryCode,
    heading: String,
    position: i32,
    overall: bool,
    splits_by_objective: bool,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<CategoryRow> for InputCategory {
    fn from(row: CategoryRow) -> Self {
        Self {
            id: row.id,
            review_id: row.review_id,
            code: row.code,
            heading: row.heading,
            position: row.position,
            overall: row.overall,
            splits_by_objective: row.splits_by_objective,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn categories_of(rows: Vec<CategoryRow>) -> Vec<InputCategory> {
    rows.into_iter().map(InputCategory::from).collect()
}

/// The category, or 404.
pub fn category(conn: &mut Conn, id: CategoryId) -> Result<InputCategory, Problem> {
    let query = input_categories::table.filter(input_categories::id.eq(id));
    let row = query.first::<CategoryRow>(conn).optional()?;
    row.map(InputCategory::from).ok_or_else(|| Problem::not_found("input category"))
}

/// All categories of a review, by position.
pub fn categories(conn: &mut Conn, review: ReviewId) -> Result<Vec<InputCategory>, Problem> {
    let rows = input_categories::table
        .filter(input_categories::review_id.eq(review))
        .order((input_categories::position, input_categories::id))
        .load::<CategoryRow>(conn)?;
    Ok(categories_of(rows))
}

/// The categories of a review after a position and id.
pub fn categories_after(
    conn: &mut Conn,
    review: ReviewId,
    after: Option<(i32, CategoryId)>,
    limit: i64,
) -> Result<Vec<InputCategory>, Problem> {
    let all = input_categories::table.filter(input_categories::review_id.eq(review)).into_boxed();
    let order = (input_categories::position, input_categories::id);
    Ok(categories_of(keyset::after(all, order, after, limit).load::<CategoryRow>(conn)?))
}

/// 409 when the review has a category of this code.
pub fn insert_category(conn: &mut Conn, category: &InputCategory) -> Result<(), Problem> {
    let row = CategoryRow {
        id: category.id,
        review_id: category.review_id,
        code: category.code.clone(),
        heading: category.heading.clone(),
        position: category.position,
        overall: category.overall,
        splits_by_objective: category.splits_by_objective,
        version: category.version,
        created_at: category.created_at,
        updated_at: category.updated_at,
    };
    diesel::insert_into(input_categories::table)
        .values(&row)
        .execute(conn)
        .on_unique(|| taken("/code", "the review has a category of this code already"))?;
    Ok(())
}

/// Writes what may change over the version that was read; 412 when it is gone. A code never changes.
pub fn update_category(conn: &mut Conn, category: &InputCategory) -> Result<(), Problem> {
    let current =
        input_categories::id.eq(category.id).and(input_categories::version.eq(category.version));
    let rows = diesel::update(input_categories::table.filter(current))
        .set((
            input_categories::heading.eq(&category.heading),
            input_categories::position.eq(category.position),
            input_categories::overall.eq(category.overall),
            input_categories::splits_by_objective.eq(category.splits_by_objective),
            input_categories::version.eq(category.version + 1),
            input_categories::updated_at.eq(category.updated_at),
        ))
        .execute(conn)?;
    written(rows, category.version)
}
