//! SQL of recommendations, of what they say in each edition and of what came of them. Opens no transaction, knows no rule.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::dsl::max;
use diesel::prelude::*;

use super::{
    Confirmation, FollowUp, FollowUpId, HeardIn, Recommendation, RecommendationId,
    RecommendationState, RecommendationText, Strength,
};
use crate::accounts::AccountId;
use crate::db::Conn;
use crate::db::errors;
use crate::db::schema::{follow_ups, recommendation_texts, recommendations};
use crate::db::types::{Json, Timestamp};
use crate::events::AccountsMerged;
use crate::i18n::Language;
use crate::inputs::Addressee;
use crate::problem::Problem;
use crate::reference::ObjectiveNumber;
use crate::reports::{EditionId, ParagraphId, ReportId};
use crate::reviews::ReviewId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = recommendations, treat_none_as_default_value = false)]
struct Row {
    id: RecommendationId,
    review_id: ReviewId,
    number: i32,
    reference: String,
    report_id: ReportId,
    paragraph_id: ParagraphId,
    language: Language,
    state: RecommendationState,
    joined_into: Option<RecommendationId>,
    strength: Option<Strength>,
    addressees: Option<Json<Vec<Addressee>>>,
    confirmed_text: Option<String>,
    confirmed_by: Option<AccountId>,
    confirmed_at: Option<Timestamp>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Recommendation {
    fn from(row: Row) -> Self {
        let confirmed = match (row.strength, row.addressees, row.confirmed_text, row.confirmed_at) {
            (Some(strength), Some(Json(addressees)), Some(text), Some(at)) => {
                Some(Confirmation { strength, addressees, text, by: row.confirmed_by, at })
            }
            _ => None,
        };
        Self {
            id: row.id,
            review_id: row.review_id,
            number: row.number,
            reference: row.reference,
            report_id: row.report_id,
            paragraph_id: row.paragraph_id,
            language: row.language,
            state: row.state,
            joined_into: row.joined_into,
            confirmed,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<&Recommendation> for Row {
    fn from(one: &Recommendation) -> Self {
        let confirmed = one.confirmed.clone();
        Self {
            id: one.id,
            review_id: one.review_id,
            number: one.number,
            reference: one.reference.clone(),
            report_id: one.report_id,
            paragraph_id: one.paragraph_id,
            language: one.language,
            state: one.state,
            joined_into: one.joined_into,
            strength: confirmed.as_ref().map(|own| own.strength),
            confirmed_by: confirmed.as_ref().and_then(|own| own.by),
            confirmed_at: confirmed.as_ref().map(|own| own.at),
            confirmed_text: confirmed.as_ref().map(|own| own.text.clone()),
            addressees: confirmed.map(|own| Json(own.addressees)),
            version: one.version,
            created_at: one.created_at,
            updated_at: one.updated_at,
        }
    }
}

/// Stores a new recommendation.
pub fn insert(conn: &mut Conn, one: &Recommendation) -> Result<(), Problem> {
    diesel::insert_into(recommendations::table).values(&Row::from(one)).execute(conn)?;
    Ok(())
}

/// The recommendation, or 404.
pub fn recommendation(conn: &mut Conn, id: RecommendationId) -> Result<Recommendation, Problem> {
    let row = recommendations::table.find(id).first::<Row>(conn).optional()?;
    row.map(Recommendation::from).ok_or_else(|| Problem::not_found("recommendation"))
}

/// The recommendations of a review, by their numbers.
pub fn of_review(conn: &mut Conn, review: ReviewId) -> Result<Vec<Recommendation>, Problem> {
    let rows = recommendations::table
        .filter(recommendations::review_id.eq(review))
        .order(recommendations::number)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(Recommendation::from).collect())
}

/// The highest number that a recommendation of a review has; 0 while there is none.
pub fn last_number(conn: &mut Conn, review: ReviewId) -> Result<i32, Problem> {
    let last: Option<i32> = recommendations::table
        .filter(recommendations::review_id.eq(review))
        .select(max(recommendations::number))
        .first(conn)?;
    Ok(last.unwrap_or_default())
}

/// Stores what changed of a recommendation; its version is the next one already.
pub fn update(conn: &mut Conn, one: &Recommendation) -> Result<(), Problem> {
    let before = one.version - 1;
    let row = Row::from(one);
    let this = recommendations::table
        .filter(recommendations::id.eq(one.id))
        .filter(recommendations::version.eq(before));
    let rows = diesel::update(this)
        .set((
            recommendations::state.eq(row.state),
            recommendations::joined_into.eq(row.joined_into),
            recommendations::strength.eq(row.strength),
            recommendations::addressees.eq(row.addressees),
            recommendations::confirmed_text.eq(row.confirmed_text),
            recommendations::confirmed_by.eq(row.confirmed_by),
            recommendations::confirmed_at.eq(row.confirmed_at),
            recommendations::version.eq(row.version),
            recommendations::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    errors::written(rows, before)
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = recommendation_texts)]
struct TextRow {
    edition_id: EditionId,
    paragraph_number: i32,
    recommendation_id: RecommendationId,
    text: String,
    objectives: Json<Vec<ObjectiveNumber>>,
    heard_in: Json<Vec<HeardIn>>,
    published_at: Timestamp,
}

impl From<TextRow> for RecommendationText {
    fn from(row: TextRow) -> Self {
        Self {
            recommendation_id: row.recommendation_id,
            edition_id: row.edition_id,
            paragraph: u32::try_from(row.paragraph_number).unwrap_or_default(),
            text: row.text,
            objectives: row.objectives.0,
            heard_in: row.heard_in.0,
            published_at: row.published_at,
        }
    }
}

/// Stores what a recommendation says in an edition.
pub fn insert_text(conn: &mut Conn, text: RecommendationText) -> Result<(), Problem> {
    let row = TextRow {
        edition_id: text.edition_id,
        paragraph_number: i32::try_from(text.paragraph).map_err(Problem::internal)?,
        recommendation_id: text.recommendation_id,
        text: text.text,
        objectives: Json(text.objectives),
        heard_in: Json(text.heard_in),
        published_at: text.published_at,
    };
    diesel::insert_into(recommendation_texts::table).values(&row).execute(conn)?;
    Ok(())
}

/// What recommendations of a review say in each edition, in the order in which the editions were published.
pub fn texts(
    conn: &mut Conn,
    review: ReviewId,
) -> Result<BTreeMap<RecommendationId, Vec<RecommendationText>>, Problem> {
    let rows = recommendation_texts::table
        .inner_join(recommendations::table)
        .filter(recommendations::review_id.eq(review))
        .order((
            recommendation_texts::published_at,
            recommendation_texts::edition_id,
            recommendation_texts::paragraph_number,
        ))
        .select(recommendation_texts::all_columns)
        .load::<TextRow>(conn)?;
    let mut texts: BTreeMap<RecommendationId, Vec<RecommendationText>> = BTreeMap::new();
    for row in rows {
        texts.entry(row.recommendation_id).or_default().push(row.into());
    }
    Ok(texts)
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = follow_ups, treat_none_as_default_value = false)]
struct FollowUpRow {
    id: FollowUpId,
    recommendation_id: RecommendationId,
    dated_on: NaiveDate,
    text: String,
    source: String,
    source_url: Option<String>,
    made_by: Option<AccountId>,
    made_at: Timestamp,
    version: i64,
}

impl From<FollowUpRow> for FollowUp {
    fn from(row: FollowUpRow) -> Self {
        Self {
            id: row.id,
            recommendation_id: row.recommendation_id,
            dated_on: row.dated_on,
            text: row.text,
            source: row.source,
            source_url: row.source_url,
            made_by: row.made_by,
            made_at: row.made_at,
            version: row.version,
        }
    }
}

impl From<&FollowUp> for FollowUpRow {
    fn from(one: &FollowUp) -> Self {
        let one = one.clone();
        Self {
            id: one.id,
            recommendation_id: one.recommendation_id,
            dated_on: one.dated_on,
            text: one.text,
            source: one.source,
            source_url: one.source_url,
            made_by: one.made_by,
            made_at: one.made_at,
            version: one.version,
        }
    }
}

/// Stores a note on what came of a recommendation.
pub fn insert_follow_up(conn: &mut Conn, one: &FollowUp) -> Result<(), Problem> {
    diesel::insert_into(follow_ups::table).values(&FollowUpRow::from(one)).execute(conn)?;
    Ok(())
}

/// The note, or 404.
pub fn follow_up(conn: &mut Conn, id: FollowUpId) -> Result<FollowUp, Problem> {
    let row = follow_ups::table.find(id).first::<FollowUpRow>(conn).optional()?;
    row.map(FollowUp::from).ok_or_else(|| Problem::not_found("follow-up"))
}

/// What came of the recommendations of a review, by day.
pub fn follow_ups(
    conn: &mut Conn,
    review: ReviewId,
) -> Result<BTreeMap<RecommendationId, Vec<FollowUp>>, Problem> {
    let rows = follow_ups::table
        .inner_join(recommendations::table)
        .filter(recommendations::review_id.eq(review))
        .order((follow_ups::dated_on, follow_ups::id))
        .select(follow_ups::all_columns)
        .load::<FollowUpRow>(conn)?;
    let mut all: BTreeMap<RecommendationId, Vec<FollowUp>> = BTreeMap::new();
    for row in rows {
        all.entry(row.recommendation_id).or_default().push(row.into());
    }
    Ok(all)
}

/// Stores what changed of a note; its version is the next one already.
pub fn update_follow_up(conn: &mut Conn, one: &FollowUp) -> Result<(), Problem> {
    let before = one.version - 1;
    let this =
        follow_ups::table.filter(follow_ups::id.eq(one.id)).filter(follow_ups::version.eq(before));
    let rows = diesel::update(this)
        .set((
            follow_ups::dated_on.eq(one.dated_on),
            follow_ups::text.eq(&one.text),
            follow_ups::source.eq(&one.source),
            follow_ups::source_url.eq(&one.source_url),
            follow_ups::version.eq(one.version),
        ))
        .execute(conn)?;
    errors::written(rows, before)
}

/// Takes a note away; 412 when it is not of that version any more.
pub fn delete_follow_up(conn: &mut Conn, id: FollowUpId, version: i64) -> Result<(), Problem> {
    let this =
        follow_ups::table.filter(follow_ups::id.eq(id)).filter(follow_ups::version.eq(version));
    errors::written(diesel::delete(this).execute(conn)?, version)
}

/// What an account confirmed: which recommendations, and when.
pub fn confirmed_by(
    conn: &mut Conn,
    account: AccountId,
) -> Result<Vec<(RecommendationId, Option<Timestamp>)>, Problem> {
    let own = recommendations::table
        .filter(recommendations::confirmed_by.eq(account))
        .order(recommendations::id)
        .select((recommendations::id, recommendations::confirmed_at));
    Ok(own.load(conn)?)
}

/// What an account noted.
pub fn noted_by(conn: &mut Conn, account: AccountId) -> Result<Vec<FollowUp>, Problem> {
    let own = follow_ups::table.filter(follow_ups::made_by.eq(account)).order(follow_ups::id);
    Ok(own.load::<FollowUpRow>(conn)?.into_iter().map(FollowUp::from).collect())
}

/// What an account confirmed and noted is another one's, or nobody's.
pub fn hand_over(conn: &mut Conn, from: AccountId, into: Option<AccountId>) -> Result<(), Problem> {
    let confirmed = recommendations::table.filter(recommendations::confirmed_by.eq(from));
    diesel::update(confirmed).set(recommendations::confirmed_by.eq(into)).execute(conn)?;
    let noted = follow_ups::table.filter(follow_ups::made_by.eq(from));
    diesel::update(noted).set(follow_ups::made_by.eq(into)).execute(conn)?;
    Ok(())
}

/// What one account did here, the other did: both are the same person.
pub fn account_merged(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    hand_over(conn, merged.from, Some(merged.into))
}
