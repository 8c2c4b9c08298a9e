//! The audit log: who did what to which thing, ids only, each row's hash covering the row before it.
//! Knows no names and no contents.

use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::db::schema::audit_log;
use crate::db::types::{Id, Json, Timestamp};
use crate::db::{self, Conn};
use crate::digest;
use crate::on_backend;
use crate::problem::Problem;
use crate::vocabulary::AccountId;

/// The lock that lets one transaction at a time lengthen the chain.
const CHAIN: Uuid = Uuid::from_u128(0x6175_6469_745f_6c6f_675f_6368_6169_6e00);
/// What the first row's hash covers in place of a row before it.
const BEGINNING: &str = "rapporteur";
/// Rows in one `INSERT` at most: a statement takes no more than about 32,000 values.
const INSERTED: usize = 1000;

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
#[diesel(table_name = audit_log)]
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
    /// SHA-256 over all the above, as hex.
    pub hash: String,
}

impl Row {
    fn digest(&self) -> String {
        let parts = [
            self.sequence.to_string(),
            self.at.to_string(),
            self.actor_id.map(|id| id.to_string()).unwrap_or_default(),
            self.action.clone(),
            self.subject_kind.clone(),
            self.subject_id.map(|id| id.to_string()).unwrap_or_default(),
            self.details.0.to_string(),
            self.previous_hash.clone(),
        ];
        digest::sha256(parts.join("\u{1f}"))
    }
}

/// Lengthens the chain. The last thing a unit of work does.
pub fn append(conn: &mut Conn, entries: Vec<Entry>, at: Timestamp) -> Result<(), Problem> {
    if entries.is_empty() {
        return Ok(());
    }
    db::lock(conn, CHAIN)?;
    let last: Option<(i64, String)> = audit_log::table
        .select((audit_log::sequence, audit_log::hash))
        .order(audit_log::sequence.desc())
        .first(conn)
        .optional()?;
    let (mut sequence, mut previous_hash) = last.unwrap_or((0, BEGINNING.to_owned()));
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
        row.hash = row.digest();
        previous_hash = row.hash.clone();
        rows.push(row);
    }
    for part in rows.chunks(INSERTED) {
        on_backend!(conn, inner => diesel::insert_into(audit_log::table).values(part).execute(inner)?);
    }
    Ok(())
}

/// A part of the log, oldest first, after a sequence number.
pub fn list(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<Row>, Problem> {
    Ok(audit_log::table
        .filter(audit_log::sequence.gt(after))
        .order(audit_log::sequence)
        .limit(limit)
        .load(conn)?)
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

/// What a check of the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// How many rows were checked.
    pub rows: i64,
    /// The first row that does not fit, if any.
    pub broken_at: Option<i64>,
}

/// Recomputes the whole chain.
pub fn verify(conn: &mut Conn) -> Result<Verification, Problem> {
    let (mut rows, mut previous) = (0, BEGINNING.to_owned());
    loop {
        let part = list(conn, rows, 1000)?;
        if part.is_empty() {
            return Ok(Verification { rows, broken_at: None });
        }
        for row in part {
            let fits = row.sequence == rows + 1 && row.previous_hash == previous;
            if !fits || row.hash != row.digest() {
                return Ok(Verification { rows, broken_at: Some(rows + 1) });
            }
            rows += 1;
            previous = row.hash;
        }
    }
}
