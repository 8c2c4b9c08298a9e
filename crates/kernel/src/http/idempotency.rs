//! A retried POST is answered as the first was: the answer is kept in the transaction that did the work.
//! Refusals are not kept (nothing was done), and neither is anything that holds credentials.

use diesel::prelude::*;
use std::collections::BTreeMap;

use super::call::Reply;
use crate::db;
use crate::db::schema::idempotency_keys;
use crate::db::types::{Json, Timestamp};
use crate::problem::{Code, Problem};
use crate::work::Work;

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
    if !db::try_lock(unit.conn, lock_of(&request.key))? {
        let detail = "The first request with this Idempotency-Key is still under way.";
        return Err(Problem::new(Code::RequestInFlight, detail).with_header("Retry-After", "1"));
    }
    let found: Option<Row> =
        idempotency_keys::table.find(&request.key).first(unit.conn).optional()?;
    if let Some(row) = found {
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
    diesel::insert_into(idempotency_keys::table).values(&row).execute(unit.conn)?;
    Ok(reply)
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

/// Forgets answers older than `before`.
pub fn purge(conn: &mut db::Conn, before: Timestamp) -> Result<usize, Problem> {
    let old = idempotency_keys::table.filter(idempotency_keys::created_at.lt(before));
    Ok(diesel::delete(old).execute(conn)?)
}

/// Forgets answers that mention any of these words: whose request it was cannot be asked, only what it was answered.
pub fn forget_mentions(conn: &mut db::Conn, words: &[String]) -> Result<(), Problem> {
    for word in words {
        let quoted = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let mentions = idempotency_keys::body.like(format!("%{quoted}%")).escape('\\');
        diesel::delete(idempotency_keys::table.filter(mentions)).execute(conn)?;
    }
    Ok(())
}

fn lock_of(key: &str) -> i64 {
    use sha2::{Digest, Sha256};
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&Sha256::digest(key)[..8]);
    i64::from_be_bytes(bytes)
}
