//! What a caller may do with reviews and their input categories. Reviews are public to read.

use super::{
    CategoryId, InputCategory, LAST_POSITION, NewCategory, NewReview, Review, ReviewId, store,
};
use crate::access::{Permission, Scope};
use crate::http::page::{Listing, Paging};
use crate::problem::{Problem, require_version};
use crate::reference::Reference;
use crate::work::Work;

/// The review, or 404.
pub fn load(work: &mut Work, id: ReviewId) -> Result<Review, Problem> {
    store::review(work.conn, id)
}

/// The review as anybody may see it, or 404.
pub fn see(work: &mut Work, id: ReviewId) -> Result<Review, Problem> {
    load(work, id)
}

/// A page of the reviews, by id.
pub fn list(work: &mut Work, paging: &Paging) -> Result<Listing<Review>, Problem> {
    let rows = store::reviews(work.conn, paging.after_one()?, paging.load())?;
    Ok(paging.finish(rows, |review| vec![review.id.to_string()]))
}

/// What the caller may do with a review.
pub fn allowed_actions(work: &Work, review: &Review) -> Vec<&'static str> {
    if work.may(Permission::SetUp, &review.scope()) {
        vec!["update", "add_input_category", "add_consultation"]
    } else {
        Vec::new()
    }
}

/// Makes a review with the default input categories. 409 when the code is taken.
pub fn create(work: &mut Work, new: NewReview) -> Result<Review, Problem> {
    work.require(Permission::SetUp, &Scope::INSTANCE)?;
    let review = Review::new(work.id(), new, work.now);
    review.check()?;
    store::insert_review(work.conn, &review)?;
    work.audit("review.created", "review", review.id);
    for (category, position) in Reference::get().categories.iter().zip(1..) {
        let new = NewCategory {
            code: category.code.clone(),
            heading: category.title.clone(),
            position: Some(position),
            overall: category.overall,
            splits_by_objective: category.splits_by_objective,
        };
        insert_category(work, &review, new, position)?;
    }
    Ok(review)
}

/// Changes a review. 412 when `version` is not the current one.
pub fn update(
    work: &mut Work,
    id: ReviewId,
    version: i64,
    change: impl FnOnce(&mut Review),
) -> Result<Review, Problem> {
    let mut review = load(work, id)?;
    work.require(Permission::SetUp, &review.scope())?;
    require_version(review.version, version)?;
    change(&mut review);
    review.check()?;
    review.updated_at = work.now;
    store::update_review(work.conn, &review)?;
    review.version += 1;
    work.audit("review.updated", "review", id);
    Ok(review)
}

/// The categories of a review, by position.
pub fn categories(work: &mut Work, id: ReviewId) -> Result<Vec<InputCategory>, Problem> {
    store::categories(work.conn, id)
}

/// A page of a review's categories, by position. 404 when there is no such review.
pub fn list_categories(
    work: &mut Work,
    id: ReviewId,
    paging: &Paging,
) -> Result<Listing<InputCategory>, Problem> {
    load(work, id)?;
    let rows = store::categories_after(work.conn, id, paging.after_two()?, paging.load())?;
    Ok(paging.finish(rows, |row| vec![row.position.to_string(), row.id.to_string()]))
}

/// One category, or 404.
pub fn category(work: &mut Work, id: CategoryId) -> Result<InputCategory, Problem> {
    store::category(work.conn, id)
}

/// What the caller may do with a category of this review.
pub fn allowed_category_actions(work: &Work, review: ReviewId) -> Vec<&'static str> {
    if work.may(Permission::SetUp, &Scope::review(review.uuid())) {
        vec!["update"]
    } else {
        Vec::new()
    }
}

/// Adds a category to a review, at the end when it says no position. 409 when the code is taken.
pub fn add_category(
    work: &mut Work,
    id: ReviewId,
    new: NewCategory,
) -> Result<InputCategory, Problem> {
    let review = load(work, id)?;
    work.require(Permission::SetUp, &review.scope())?;
    work.lock(id.uuid())?;
    let others = categories(work, id)?;
    let last = others.iter().map(|category| category.position).max().unwrap_or(0);
    let position = new.position.unwrap_or_else(|| (last + 1).min(LAST_POSITION));
    alone_overall(&others, None, new.overall)?;
    insert_category(work, &review, new, position)
}

/// Changes a category. 412 when `version` is not the current one.
pub fn update_category(
    work: &mut Work,
    id: CategoryId,
    version: i64,
    change: impl FnOnce(&mut InputCategory),
) -> Result<InputCategory, Problem> {
    let mut category = category(work, id)?;
    work.require(Permission::SetUp, &Scope::review(category.review_id.uuid()))?;
    work.lock(category.review_id.uuid())?;
    require_version(category.version, version)?;
    change(&mut category);
    category.check()?;
    let others = categories(work, category.review_id)?;
    alone_overall(&others, Some(id), category.overall)?;
    category.updated_at = work.now;
    store::update_category(work.conn, &category)?;
    category.version += 1;
    work.audit("input_category.updated", "input_category", id);
    Ok(category)
}

fn insert_category(
    work: &mut Work,
    review: &Review,
    new: NewCategory,
    position: i32,
) -> Result<InputCategory, Problem> {
    let category = InputCategory {
        id: work.id(),
        review_id: review.id,
        code: new.code,
        heading: new.heading,
        position,
        overall: new.overall,
        splits_by_objective: new.splits_by_objective,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    category.check()?;
    store::insert_category(work.conn, &category)?;
    work.audit("input_category.created", "input_category", category.id);
    Ok(category)
}

/// A report has one section for what is said overall.
fn alone_overall(
    others: &[InputCategory],
    id: Option<CategoryId>,
    overall: bool,
) -> Result<(), Problem> {
    let another = others.iter().any(|other| other.overall && Some(other.id) != id);
    if overall && another {
        Err(Problem::invalid("/overall", "the review has an overall category already"))
    } else {
        Ok(())
    }
}
