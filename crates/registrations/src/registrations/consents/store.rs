//! The tables of consent records and of guardians who were asked. SQL and nothing else.

use diesel::prelude::*;

use super::{ConsentKind, ConsentRecord, ConsentRecordId};
use crate::db::schema::{consent_records, guardian_requests};
use crate::db::types::Timestamp;
use crate::db::{Cleared, Conn, Insertion, Prepare};
use crate::insert_rows;
use crate::problem::Problem;
use crate::registrations::{ConsentVersion, RegistrationId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = consent_records)]
struct Row {
    id: ConsentRecordId,
    registration_id: RegistrationId,
    kind: ConsentKind,
    wording: ConsentVersion,
    given: bool,
    recorded_at: Timestamp,
}

impl From<Row> for ConsentRecord {
    fn from(row: Row) -> Self {
        let Row { id, registration_id, kind, wording, given, recorded_at } = row;
        Self { id, registration_id, kind, wording, given, recorded_at }
    }
}

impl From<&ConsentRecord> for Row {
    fn from(record: &ConsentRecord) -> Self {
        let ConsentRecord { id, registration_id, kind, wording, given, recorded_at } = *record;
        Self { id, registration_id, kind, wording, given, recorded_at }
    }
}

/// A record to be added.
pub fn insertion(record: &ConsentRecord) -> Insertion {
    Insertion::of(diesel::insert_into(consent_records::table).values(Row::from(record)))
}

/// Adds records.
pub fn insert_many(conn: &mut Conn, records: &[ConsentRecord]) -> Result<(), Problem> {
    let rows: Vec<Row> = records.iter().map(Row::from).collect();
    Ok(insert_rows!(conn, consent_records::table, &rows)?)
}

/// All of a registration, the oldest first.
pub fn of_registration(
    conn: &mut Conn,
    registration: RegistrationId,
) -> Result<Vec<ConsentRecord>, Problem> {
    let rows: Vec<Row> = consent_records::table
        .filter(consent_records::registration_id.eq(registration))
        .order((consent_records::recorded_at, consent_records::id))
        .load(conn)?;
    Ok(rows.into_iter().map(ConsentRecord::from).collect())
}

/// Notes that a guardian is asked with a token of this hash, instead of whoever was asked before.
pub fn ask_guardian(
    conn: &mut Conn,
    registration: RegistrationId,
    token_hash: &str,
    now: Timestamp,
    lasts: chrono::Duration,
) -> Result<(), Problem> {
    forget_guardian(conn, registration)?;
    let row = (
        guardian_requests::token_hash.eq(token_hash),
        guardian_requests::registration_id.eq(registration),
        guardian_requests::created_at.eq(now),
        guardian_requests::expires_at.eq(now.plus(lasts)),
    );
    diesel::insert_into(guardian_requests::table).values(row).prepared().execute(conn)?;
    Ok(())
}

/// Nobody is asked about the registration any more.
pub fn forget_guardian(conn: &mut Conn, registration: RegistrationId) -> Result<(), Problem> {
    let asked =
        guardian_requests::table.filter(guardian_requests::registration_id.eq(registration));
    diesel::delete(asked).execute(conn)?;
    Ok(())
}

/// The registration that the holder of the token is asked about.
pub fn asked_about(
    conn: &mut Conn,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<RegistrationId>, Problem> {
    Ok(guardian_requests::table
        .find(token_hash)
        .filter(guardian_requests::expires_at.gt(now))
        .select(guardian_requests::registration_id)
        .first(conn)
        .optional()?)
}

/// Forgets who was asked and did not answer in time, a part of them.
pub fn purge(conn: &mut Conn, now: Timestamp) -> Result<Cleared, Problem> {
    let old = guardian_requests::table.filter(guardian_requests::expires_at.le(now));
    let old = old.select(guardian_requests::token_hash).limit(Cleared::MOST);
    let old: Vec<String> = old.load(conn)?;
    let old = guardian_requests::table.filter(guardian_requests::token_hash.eq_any(old));
    Ok(Cleared::part(diesel::delete(old).execute(conn)?))
}
