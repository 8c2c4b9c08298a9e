//! SQL of comments in clearance.

use diesel::prelude::*;

use super::{CommentState, DraftComment};
use crate::accounts::AccountId;
use crate::db::errors;
use crate::db::schema::clearance_comments;
use crate::db::types::Timestamp;
use crate::db::{Conn, keyset};
use crate::http::page::Paging;
use crate::problem::Problem;
use crate::reports::clearance::Passage;
use crate::reports::{ParagraphId, ReportId};
use crate::vocabulary::{ClearanceCommentId, PartyId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = clearance_comments, treat_none_as_default_value = false)]
struct Row {
    id: ClearanceCommentId,
    report_id: ReportId,
    party_id: PartyId,
    paragraph_id: Option<ParagraphId>,
    paragraph_version: Option<i64>,
    range_start: Option<i32>,
    range_end: Option<i32>,
    text: String,
    state: CommentState,
    version: i64,
    said_by: Option<AccountId>,
    said_at: Timestamp,
    released_at: Option<Timestamp>,
    answer: Option<String>,
    answered_by: Option<AccountId>,
    answered_at: Option<Timestamp>,
}

impl From<Row> for DraftComment {
    fn from(row: Row) -> Self {
        let place = |one: Option<i32>| one.and_then(|one| u32::try_from(one).ok());
        let range = place(row.range_start).zip(place(row.range_end));
        let on = row.paragraph_id.zip(row.paragraph_version);
        Self {
            id: row.id,
            report_id: row.report_id,
            party_id: Some(row.party_id),
            quote: None,
            on: on.map(|(paragraph, version)| Passage { paragraph, version, range }),
            text: row.text,
            state: row.state,
            version: row.version,
            said_by: row.said_by,
            said_at: Some(row.said_at),
            released_at: row.released_at,
            answer: row.answer,
            answered_by: row.answered_by,
            answered_at: row.answered_at,
        }
    }
}

/// Stores a new comment of a party.
pub fn insert(
    conn: &mut Conn,
    party_id: PartyId,
    said_at: Timestamp,
    comment: &DraftComment,
) -> Result<(), Problem> {
    let comment = comment.clone();
    let range = comment.on.and_then(|on| on.range);
    let place = |one: u32| i32::try_from(one).ok();
    let row = Row {
        id: comment.id,
        report_id: comment.report_id,
        party_id,
        paragraph_id: comment.on.map(|on| on.paragraph),
        paragraph_version: comment.on.map(|on| on.version),
        range_start: range.and_then(|(start, _)| place(start)),
        range_end: range.and_then(|(_, end)| place(end)),
        text: comment.text,
        state: comment.state,
        version: comment.version,
        said_by: comment.said_by,
        said_at,
        released_at: comment.released_at,
        answer: comment.answer,
        answered_by: comment.answered_by,
        answered_at: comment.answered_at,
    };
    diesel::insert_into(clearance_comments::table).values(&row).execute(conn)?;
    Ok(())
}

/// Stores what came of a comment; its version is the next one already.
pub fn update(conn: &mut Conn, comment: &DraftComment) -> Result<(), Problem> {
    let before = comment.version - 1;
    let this = clearance_comments::table
        .filter(clearance_comments::id.eq(comment.id))
        .filter(clearance_comments::version.eq(before));
    let rows = diesel::update(this)
        .set((
            clearance_comments::state.eq(comment.state),
            clearance_comments::version.eq(comment.version),
            clearance_comments::answer.eq(&comment.answer),
            clearance_comments::answered_by.eq(comment.answered_by),
            clearance_comments::answered_at.eq(comment.answered_at),
        ))
        .execute(conn)?;
    errors::written(rows, before)
}

/// The comment, or 404.
pub fn comment(conn: &mut Conn, id: ClearanceCommentId) -> Result<DraftComment, Problem> {
    let row = clearance_comments::table.find(id).first::<Row>(conn).optional()?;
    row.map(DraftComment::from).ok_or_else(|| Problem::not_found("comment"))
}

/// Which comments are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// In this state only.
    pub state: Option<CommentState>,
    /// On this paragraph only.
    pub paragraph: Option<ParagraphId>,
}

impl Wanted {
    /// Whether a comment is one of them.
    pub fn takes(&self, one: &DraftComment) -> bool {
        let paragraph = one.on.map(|on| on.paragraph);
        self.state.is_none_or(|state| one.state == state)
            && self.paragraph.is_none_or(|wanted| paragraph == Some(wanted))
    }
}

/// Some of the comments on a report, in the order in which they were made: those that were released, and all of some parties.
pub fn visible(
    conn: &mut Conn,
    report: ReportId,
    own: &[PartyId],
    wanted: Wanted,
    paging: &Paging,
) -> Result<Vec<DraftComment>, Problem> {
    let mut query = clearance_comments::table
        .filter(clearance_comments::report_id.eq(report))
        .filter(
            clearance_comments::released_at
                .is_not_null()
                .or(clearance_comments::party_id.eq_any(own)),
        )
        .into_boxed();
    if let Some(state) = wanted.state {
        query = query.filter(clearance_comments::state.eq(state));
    }
    if let Some(paragraph) = wanted.paragraph {
        query = query.filter(clearance_comments::paragraph_id.eq(paragraph));
    }
    let part = keyset::after(
        query,
        (clearance_comments::id,),
        paging.after_one::<ClearanceCommentId>()?,
        paging.load(),
    );
    let rows = part.load::<Row>(conn)?;
    Ok(rows.into_iter().map(DraftComment::from).collect())
}

/// Comments on a report that drafters see and have not answered.
pub fn unanswered(conn: &mut Conn, report: ReportId) -> Result<Vec<DraftComment>, Problem> {
    let rows = clearance_comments::table
        .filter(clearance_comments::report_id.eq(report))
        .filter(clearance_comments::state.eq(CommentState::Open))
        .filter(clearance_comments::released_at.is_not_null())
        .order(clearance_comments::id)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(DraftComment::from).collect())
}

/// Comments on a report that were answered.
pub fn answered(conn: &mut Conn, report: ReportId) -> Result<Vec<DraftComment>, Problem> {
    let rows = clearance_comments::table
        .filter(clearance_comments::report_id.eq(report))
        .filter(clearance_comments::answered_at.is_not_null())
        .order(clearance_comments::id)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(DraftComment::from).collect())
}

/// All of the team see the comments of a party from now on.
pub fn release(conn: &mut Conn, party: PartyId, at: Timestamp) -> Result<(), Problem> {
    let own = clearance_comments::table
        .filter(clearance_comments::party_id.eq(party))
        .filter(clearance_comments::released_at.is_null());
    diesel::update(own).set(clearance_comments::released_at.eq(Some(at))).execute(conn)?;
    Ok(())
}

/// What an account commented.
pub fn said_by(conn: &mut Conn, account: AccountId) -> Result<Vec<DraftComment>, Problem> {
    let rows = clearance_comments::table
        .filter(clearance_comments::said_by.eq(account))
        .order(clearance_comments::id)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(DraftComment::from).collect())
}

/// Comments and answers of an account become those of another one, or nobody's.
pub fn hand_over(conn: &mut Conn, from: AccountId, into: Option<AccountId>) -> Result<(), Problem> {
    let said = clearance_comments::table.filter(clearance_comments::said_by.eq(from));
    diesel::update(said).set(clearance_comments::said_by.eq(into)).execute(conn)?;
    let answered = clearance_comments::table.filter(clearance_comments::answered_by.eq(from));
    diesel::update(answered).set(clearance_comments::answered_by.eq(into)).execute(conn)?;
    Ok(())
}
