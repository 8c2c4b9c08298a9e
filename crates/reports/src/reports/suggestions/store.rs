//! SQL of suggestions and of what is said about them.

use diesel::prelude::*;

use super::{Comment, Suggestion, SuggestionKind, SuggestionState, without_author};
use crate::accounts::AccountId;
use crate::db::errors;
use crate::db::schema::{draft_steps, suggestion_comments, suggestions};
use crate::db::types::Timestamp;
use crate::db::{Conn, keyset};
use crate::events::AccountsMerged;
use crate::http::page::Paging;
use crate::problem::Problem;
use crate::reports::{ParagraphId, ReportId};
use crate::vocabulary::{CommentId, PartyId, SuggestionId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = suggestions, treat_none_as_default_value = false)]
struct Row {
    id: SuggestionId,
    report_id: ReportId,
    paragraph_id: ParagraphId,
    kind: SuggestionKind,
    made_from: i64,
    text: Option<String>,
    state: SuggestionState,
    version: i64,
    made_by: Option<AccountId>,
    made_at: Timestamp,
    decided_by: Option<AccountId>,
    decided_at: Option<Timestamp>,
    reason: Option<String>,
    party_id: Option<PartyId>,
    released_at: Option<Timestamp>,
    author: Option<String>,
}

impl From<Row> for Suggestion {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            report_id: row.report_id,
            paragraph_id: row.paragraph_id,
            kind: row.kind,
            made_from: row.made_from,
            text: row.text,
            state: row.state,
            version: row.version,
            made_by: row.made_by,
            made_at: row.made_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            reason: row.reason,
            party: row.party_id,
            released_at: row.released_at,
            author: row.author,
        }
    }
}

impl From<&Suggestion> for Row {
    fn from(suggestion: &Suggestion) -> Self {
        let suggestion = suggestion.clone();
        Self {
            id: suggestion.id,
            report_id: suggestion.report_id,
            paragraph_id: suggestion.paragraph_id,
            kind: suggestion.kind,
            made_from: suggestion.made_from,
            text: suggestion.text,
            state: suggestion.state,
            version: suggestion.version,
            made_by: suggestion.made_by,
            made_at: suggestion.made_at,
            decided_by: suggestion.decided_by,
            decided_at: suggestion.decided_at,
            reason: suggestion.reason,
            party_id: suggestion.party,
            released_at: suggestion.released_at,
            author: suggestion.author,
        }
    }
}

/// Stores a new suggestion.
pub fn insert(conn: &mut Conn, suggestion: &Suggestion) -> Result<(), Problem> {
    diesel::insert_into(suggestions::table).values(&Row::from(suggestion)).execute(conn)?;
    Ok(())
}

/// The suggestion, or 404.
pub fn suggestion(conn: &mut Conn, id: SuggestionId) -> Result<Suggestion, Problem> {
    let row = suggestions::table.find(id).first::<Row>(conn).optional()?;
    row.map(Suggestion::from).ok_or_else(|| Problem::not_found("suggestion"))
}

/// Which suggestions of a report are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// In this state only.
    pub state: Option<SuggestionState>,
    /// On this paragraph only.
    pub paragraph: Option<ParagraphId>,
}

/// Some of the suggestions of a report, in the order in which they were made: those that were released, and all of some parties.
pub fn visible(
    conn: &mut Conn,
    report: ReportId,
    own: &[PartyId],
    wanted: Wanted,
    paging: &Paging,
) -> Result<Vec<Suggestion>, Problem> {
    let mut query = suggestions::table
        .filter(suggestions::report_id.eq(report))
        .filter(suggestions::released_at.is_not_null().or(suggestions::party_id.eq_any(own)))
        .into_boxed();
    if let Some(state) = wanted.state {
        query = query.filter(suggestions::state.eq(state));
    }
    if let Some(paragraph) = wanted.paragraph {
        query = query.filter(suggestions::paragraph_id.eq(paragraph));
    }
    let part = keyset::after(
        query,
        (suggestions::id,),
        paging.after_one::<SuggestionId>()?,
        paging.load(),
    );
    let rows = part.load::<Row>(conn)?;
    Ok(rows.into_iter().map(Suggestion::from).collect())
}

/// All of the team see what was suggested for a party from now on.
pub fn release(conn: &mut Conn, party: PartyId, at: Timestamp) -> Result<(), Problem> {
    let own = suggestions::table
        .filter(suggestions::party_id.eq(party))
        .filter(suggestions::released_at.is_null());
    diesel::update(own).set(suggestions::released_at.eq(Some(at))).execute(conn)?;
    Ok(())
}

/// Stores what was decided; the suggestion's version is the next one already.
pub fn decide(conn: &mut Conn, suggestion: &Suggestion) -> Result<(), Problem> {
    let before = suggestion.version - 1;
    let this = suggestions::table
        .filter(suggestions::id.eq(suggestion.id))
        .filter(suggestions::version.eq(before));
    let rows = diesel::update(this)
        .set((
            suggestions::state.eq(suggestion.state),
            suggestions::version.eq(suggestion.version),
            suggestions::decided_by.eq(suggestion.decided_by),
            suggestions::decided_at.eq(suggestion.decided_at),
            suggestions::reason.eq(&suggestion.reason),
        ))
        .execute(conn)?;
    errors::written(rows, before)
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = suggestion_comments, treat_none_as_default_value = false)]
struct CommentRow {
    id: CommentId,
    suggestion_id: SuggestionId,
    text: String,
    said_by: Option<AccountId>,
    said_at: Timestamp,
    author: Option<String>,
}

/// Stores a comment.
pub fn insert_comment(conn: &mut Conn, comment: &Comment) -> Result<(), Problem> {
    let row = CommentRow {
        id: comment.id,
        suggestion_id: comment.suggestion_id,
        text: comment.text.clone(),
        said_by: comment.said_by,
        said_at: comment.said_at,
        author: comment.author.clone(),
    };
    diesel::insert_into(suggestion_comments::table).values(&row).execute(conn)?;
    Ok(())
}

/// What was said about these suggestions, in order.
pub fn comments(conn: &mut Conn, of: &[SuggestionId]) -> Result<Vec<Comment>, Problem> {
    let rows = suggestion_comments::table
        .filter(suggestion_comments::suggestion_id.eq_any(of))
        .order(suggestion_comments::id)
        .load::<CommentRow>(conn)?;
    Ok(rows.into_iter().map(Comment::from).collect())
}

impl From<CommentRow> for Comment {
    fn from(row: CommentRow) -> Self {
        Self {
            id: row.id,
            suggestion_id: row.suggestion_id,
            text: row.text,
            said_by: row.said_by,
            said_at: row.said_at,
            author: row.author,
        }
    }
}

/// What an account suggested.
pub fn made_by(conn: &mut Conn, account: AccountId) -> Result<Vec<Suggestion>, Problem> {
    let own = suggestions::table.filter(suggestions::made_by.eq(account)).order(suggestions::id);
    Ok(own.load::<Row>(conn)?.into_iter().map(Suggestion::from).collect())
}

/// What an account said about suggestions.
pub fn said_by(conn: &mut Conn, account: AccountId) -> Result<Vec<Comment>, Problem> {
    let own = suggestion_comments::table
        .filter(suggestion_comments::said_by.eq(account))
        .order(suggestion_comments::id);
    Ok(own.load::<CommentRow>(conn)?.into_iter().map(Comment::from).collect())
}

/// What came in Word files under a name is nobody's; where others are named beside it, it is theirs.
pub fn forget_author(conn: &mut Conn, name: &str) -> Result<(), Problem> {
    let named = suggestions::table.select(suggestions::author);
    let named = named.filter(suggestions::author.is_not_null()).distinct().load(conn)?;
    for (author, others) in without_author(named, name) {
        let of = suggestions::table.filter(suggestions::author.eq(author));
        diesel::update(of).set(suggestions::author.eq(others)).execute(conn)?;
    }
    let named = suggestion_comments::table.select(suggestion_comments::author);
    let named = named.filter(suggestion_comments::author.is_not_null()).distinct().load(conn)?;
    for (author, others) in without_author(named, name) {
        let of = suggestion_comments::table.filter(suggestion_comments::author.eq(author));
        diesel::update(of).set(suggestion_comments::author.eq(others)).execute(conn)?;
    }
    Ok(())
}

/// The paragraphs that came behind the same one by suggestions that were made before this one and accepted.
pub fn inserted_before(
    conn: &mut Conn,
    suggestion: &Suggestion,
) -> Result<Vec<ParagraphId>, Problem> {
    let found: Vec<Option<ParagraphId>> = suggestions::table
        .inner_join(
            draft_steps::table.on(draft_steps::suggestion_id.eq(suggestions::id.nullable())),
        )
        .filter(suggestions::paragraph_id.eq(suggestion.paragraph_id))
        .filter(suggestions::kind.eq(SuggestionKind::InsertAfter))
        .filter(suggestions::state.eq(SuggestionState::Accepted))
        .filter(suggestions::id.lt(suggestion.id))
        .select(draft_steps::paragraph_id)
        .load(conn)?;
    Ok(found.into_iter().flatten().collect())
}

/// Suggestions, decisions and comments of an account become those of another one, or nobody's.
pub fn hand_over(conn: &mut Conn, from: AccountId, into: Option<AccountId>) -> Result<(), Problem> {
    let made = suggestions::table.filter(suggestions::made_by.eq(from));
    diesel::update(made).set(suggestions::made_by.eq(into)).execute(conn)?;
    let decided = suggestions::table.filter(suggestions::decided_by.eq(from));
    diesel::update(decided).set(suggestions::decided_by.eq(into)).execute(conn)?;
    let said = suggestion_comments::table.filter(suggestion_comments::said_by.eq(from));
    diesel::update(said).set(suggestion_comments::said_by.eq(into)).execute(conn)?;
    Ok(())
}

/// What one account did here, the other did: both are the same person.
pub fn account_merged(conn: &mut Conn, merged: AccountsMerged) -> Result<(), Problem> {
    hand_over(conn, merged.from, Some(merged.into))
}
