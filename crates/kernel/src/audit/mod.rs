//! The audit log: who did what to which thing, ids only, each row's hash covering the row before it, under a key that is not in the
//! database. Knows no names and no contents.

use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::db::schema::audit_log;
use crate::db::types::{Id, Json, Timestamp};
use crate::db::{self, Conn, Insertion, Prepare, keyset};
use crate::insertions;
use crate::problem::Problem;
use crate::vocabulary::AccountId;

/// What the key of the chain is called.
pub const KEY: &str = "audit";

pub mod anchor;
pub mod chain;

use chain::{Chain, Checkpoint, End, Verification, Walk};

/// The lock that lets one transaction at a time lengthen the chain; and the log itself, where something is done to it.
pub const LOG: Uuid = Uuid::from_u128(0x6175_6469_745f_6c6f_675f_6368_6169_6e00);
/// Rows that are looked through for what was done since; more are too many to tell.
const LOOKED_THROUGH: usize = 1000;

/// One thing that was done.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The account that did it; none for the operator, for jobs, and where the person must not be linked to the act.
    pub actor: Option<Uuid>,
    /// What was done, such as `review.created`.
    pub action: &'static str,
    /// What kind of thing it was done to.
    pub subject_kind: &'static str,
    /// Which one.
    pub subject: Option<Uuid>,
    /// Anything more, without personal data.
    pub details: Value,
}

/// A row of the log.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = audit_log, treat_none_as_default_value = false)]
pub struct Row {
    /// 1, 2, 3, … without gap.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// See [`Entry::actor`].
    pub actor_id: Option<AccountId>,
    /// See [`Entry::action`].
    pub action: String,
    /// See [`Entry::subject_kind`].
    pub subject_kind: String,
    /// See [`Entry::subject`].
    pub subject_id: Option<Id<()>>,
    /// See [`Entry::details`].
    pub details: Json<Value>,
    /// The hash of the row before.
    pub previous_hash: String,
    /// HMAC-SHA-256 over all the above, as hex.
    pub hash: String,
}

/// Lengthens the chain, and writes what goes with it. The last thing a unit of work does.
pub fn append(
    conn: &mut Conn,
    chain: &Chain,
    entries: Vec<Entry>,
    at: Timestamp,
    mut with: Vec<Insertion>,
) -> Result<(), Problem> {
    if entries.is_empty() {
        return Ok(db::together(conn, with)?);
    }
    let End { mut sequence, hash: mut previous_hash } = end_under_lock(conn)?;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        sequence += 1;
        let mut row = Row {
            sequence,
            at,
            actor_id: entry.actor.map(Id::new),
            action: entry.action.to_owned(),
            subject_kind: entry.subject_kind.to_owned(),
            subject_id: entry.subject.map(Id::new),
            details: Json(entry.details),
            previous_hash,
            hash: String::new(),
        };
        row.hash = chain.hash(&row);
        previous_hash = row.hash.clone();
        rows.push(row);
    }
    let rows: diesel::QueryResult<Vec<Insertion>> = insertions!(conn, audit_log::table, rows);
    with.extend(rows?);
    Ok(db::together(conn, with)?)
}

/// The last row, once nobody else lengthens the chain.
#[expect(
    clippy::disallowed_methods,
    reason = "a function that gives rows is none that Diesel can name"
)]
fn end_under_lock(conn: &mut Conn) -> Result<End, Problem> {
    let Conn::Postgres(conn) = conn else { return end(conn) };
    let query = diesel::sql_query("SELECT sequence, hash FROM audit_log_end_under_lock($1)");
    let last: Option<End> = query
        .bind::<diesel::sql_types::BigInt, _>(db::key_of(LOG))
        .prepared()
        .get_result(conn)
        .optional()?;
    Ok(last.unwrap_or_default())
}

/// The last row.
pub fn end(conn: &mut Conn) -> Result<End, Problem> {
    let last: Option<(i64, String)> = audit_log::table
        .select((audit_log::sequence, audit_log::hash))
        .order(audit_log::sequence.desc())
        .first(conn)
        .optional()?;
    Ok(last.map_or_else(End::default, |(sequence, hash)| End { sequence, hash }))
}

/// What was done since the log ended there, oldest first: the actions. None where it never ended there, or too much was done to tell.
pub fn since(conn: &mut Conn, end: &End) -> Result<Option<Vec<String>>, Problem> {
    let mut rows = list(conn, end.sequence - 1, LOOKED_THROUGH as i64)?;
    let is_all = rows.len() < LOOKED_THROUGH;
    let since = rows.split_off(usize::from(end.sequence > 0).min(rows.len()));
    let ended_there = match rows.first() {
        Some(row) => (row.sequence, &row.hash) == (end.sequence, &end.hash),
        None => end.sequence == 0,
    };
    Ok((is_all && ended_there).then(|| since.into_iter().map(|row| row.action).collect()))
}

/// Whether the log still has the row that a checkpoint is of.
pub fn fits(conn: &mut Conn, checkpoint: &Checkpoint) -> Result<bool, Problem> {
    if checkpoint.sequence == 0 {
        return Ok(true);
    }
    let hash: Option<String> = audit_log::table
        .find(checkpoint.sequence)
        .select(audit_log::hash)
        .first(conn)
        .optional()?;
    Ok(hash.as_deref() == Some(&checkpoint.hash))
}

/// A part of the log, oldest first, after a sequence number.
pub fn list(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<Row>, Problem> {
    let log = audit_log::table.into_boxed();
    Ok(keyset::after(log, (audit_log::sequence,), Some(after), limit).load(conn)?)
}

/// When an account did something since a moment, oldest first.
pub fn done_by(
    conn: &mut Conn,
    action: &str,
    actor: AccountId,
    since: Timestamp,
) -> Result<Vec<Timestamp>, Problem> {
    Ok(audit_log::table
        .filter(audit_log::actor_id.eq(Some(actor)))
        .filter(audit_log::action.eq(action))
        .filter(audit_log::at.gt(since))
        .order(audit_log::sequence)
        .select(audit_log::at)
        .load(conn)?)
}

/// When something was done to a subject since a moment, whoever did it, oldest first.
pub fn done_to(
    conn: &mut Conn,
    action: &str,
    subject: Uuid,
    since: Timestamp,
) -> Result<Vec<Timestamp>, Problem> {
    Ok(audit_log::table
        .filter(audit_log::action.eq(action))
        .filter(audit_log::subject_id.eq(Some(Id::<()>::new(subject))))
        .filter(audit_log::at.gt(since))
        .order(audit_log::sequence)
        .select(audit_log::at)
        .load(conn)?)
}

/// What an account did and what was done to it, oldest first.
pub fn concerning(conn: &mut Conn, account: Uuid) -> Result<Vec<Row>, Problem> {
    Ok(audit_log::table
        .filter(
            audit_log::actor_id
                .eq(Some(AccountId::new(account)))
                .or(audit_log::subject_id.eq(Some(Id::<()>::new(account)))),
        )
        .order(audit_log::sequence)
        .load(conn)?)
}

/// Checks the whole chain, and that it has what the checkpoints are of.
pub fn verify(
    conn: &mut Conn,
    chain: &Chain,
    checkpoints: &[Checkpoint],
) -> Result<Verification, Problem> {
    let mut walk = Walk::begin(chain, checkpoints);
    loop {
        let part = list(conn, walk.rows(), 1000)?;
        if part.is_empty() {
            return Ok(walk.finish());
        }
        for row in part {
            if let Err(found) = walk.step(&row) {
                return Ok(found);
            }
        }
    }
}
