//! A retried POST is answered as the first was: the answer is kept in the transaction that did the work.
//! Refusals are not kept (nothing was done), and neither is anything that holds credentials.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use diesel::define_sql_function;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::call::Reply;
use crate::db::schema::idempotency_keys;
use crate::db::types::{Json, Timestamp};
use crate::db::{self, Cleared, Insertion};
use crate::problem::{Code, Problem};
use crate::work::Work;

/// Answers that are looked through at once.
const READ_AT_ONCE: i64 = 200;

/// A request that may come twice.
#[derive(Debug, Clone)]
pub struct Request {
    /// A keyed hash of caller and key: the table alone does not tell whose request it was.
    pub key: String,
    /// A hash of method, path, version and body.
    pub fingerprint: String,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = idempotency_keys)]
struct Row {
    key_hash: String,
    fingerprint: String,
    status: i32,
    headers: Json<BTreeMap<String, String>>,
    body: String,
    created_at: Timestamp,
}

/// Does `work` unless this request was answered before.
pub fn once(
    unit: &mut Work,
    request: Option<&Request>,
    mut work: impl FnMut(&mut Work) -> Result<Reply, Problem>,
) -> Result<Reply, Problem> {
    let Some(request) = request else { return work(unit) };
    if let Some(row) = answered(unit.conn, &request.key)? {
        return replay(row, request);
    }
    let reply = work(unit)?;
    let row = Row {
        key_hash: request.key.clone(),
        fingerprint: request.fingerprint.clone(),
        status: i32::from(reply.status),
        headers: Json(reply.headers.iter().cloned().collect()),
        body: reply.body.clone(),
        // To the hour: an answer that holds an input must not line up with an arrival.
        created_at: unit.now.to_the_hour(),
    };
    unit.write_last(Insertion::of(diesel::insert_into(idempotency_keys::table).values(row)));
    Ok(reply)
}

define_sql_function! {
    /// Takes the lock of a key, and looks then: null while somebody else has it.
    fn is_answered_under_lock(key: Text, lock: BigInt) -> Nullable<Bool>;
}

/// What was answered under the key. 409 while the first request is under way. (SQLite has one writer: nothing is.)
fn answered(conn: &mut db::Conn, key: &str) -> Result<Option<Row>, Problem> {
    if let db::Conn::Postgres(conn) = conn {
        let is_answered: Option<bool> =
            diesel::select(is_answered_under_lock(key, lock_of(key))).get_result(conn)?;
        match is_answered {
            None => {
                let detail = "The first request with this Idempotency-Key is still under way.";
                let under_way = Problem::new(Code::RequestInFlight, detail);
                return Err(under_way.with_header("Retry-After", "1"));
            }
            Some(false) => return Ok(None),
            Some(true) => {}
        }
    }
    Ok(idempotency_keys::table.find(key).first(conn).optional()?)
}

fn replay(row: Row, request: &Request) -> Result<Reply, Problem> {
    if row.fingerprint != request.fingerprint {
        let detail = "This Idempotency-Key was used for a request with another method, path, version or body.";
        return Err(Problem::new(Code::IdempotencyKeyReused, detail));
    }
    let mut headers: Vec<_> = row.headers.0.into_iter().collect();
    headers.push(("Idempotency-Replayed".to_owned(), "true".to_owned()));
    Ok(Reply { status: u16::try_from(row.status).unwrap_or(200), headers, body: row.body })
}

/// Forgets answers that have been kept for a day, a part of them.
pub fn purge(conn: &mut db::Conn, now: Timestamp) -> Result<Cleared, Problem> {
    let before = now.plus(chrono::Duration::hours(-24));
    let old = idempotency_keys::table
        .filter(idempotency_keys::created_at.lt(before))
        .select(idempotency_keys::key_hash)
        .limit(Cleared::MOST);
    let old: Vec<String> = old.load(conn)?;
    let old = idempotency_keys::table.filter(idempotency_keys::key_hash.eq_any(old));
    Ok(Cleared::part(diesel::delete(old).execute(conn)?))
}

/// Forgets answers that mention any of these words: whose request it was cannot be asked, only what it was answered. One pass, however
/// many words.
pub fn forget_mentions(conn: &mut db::Conn, words: &[String]) -> Result<(), Problem> {
    if words.is_empty() {
        return Ok(());
    }
    let mentions = AhoCorasick::builder().ascii_case_insensitive(true).build(words);
    let mentions = mentions.map_err(Problem::internal)?;
    let mut after = String::new();
    loop {
        let later = idempotency_keys::table.filter(idempotency_keys::key_hash.gt(&after));
        let part: Vec<(String, String)> = later
            .select((idempotency_keys::key_hash, idempotency_keys::body))
            .order(idempotency_keys::key_hash)
            .limit(READ_AT_ONCE)
            .load(conn)?;
        let Some((last, _)) = part.last() else { return Ok(()) };
        after.clone_from(last);
        let told: Vec<String> = part
            .into_iter()
            .filter(|(_, body)| mentions.is_match(body))
            .map(|(key, _)| key)
            .collect();
        if !told.is_empty() {
            let told = idempotency_keys::key_hash.eq_any(told);
            diesel::delete(idempotency_keys::table.filter(told)).execute(conn)?;
        }
    }
}

fn lock_of(key: &str) -> i64 {
    use sha2::{Digest, Sha256};
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&Sha256::digest(key)[..8]);
    i64::from_be_bytes(bytes)
}
