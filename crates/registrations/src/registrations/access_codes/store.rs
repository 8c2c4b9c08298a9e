//! The table of access codes. SQL and nothing else.

use diesel::prelude::*;

use super::{AccessCode, AccessCodeId};
use crate::consultations::ConsultationId;
use crate::db::schema::access_codes;
use crate::db::types::Timestamp;
use crate::db::{Conn, Prepare, errors, keyset};
use crate::problem::Problem;

#[derive(Queryable, Insertable)]
#[diesel(table_name = access_codes, treat_none_as_default_value = false)]
struct Row {
    id: AccessCodeId,
    consultation_id: ConsultationId,
    code_hash: String,
    label: String,
    most_uses: Option<i32>,
    uses: i32,
    expires_at: Option<Timestamp>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for AccessCode {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            code_hash: row.code_hash,
            label: row.label,
            most_uses: row.most_uses,
            uses: row.uses,
            expires_at: row.expires_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Writes a new one.
pub fn insert(conn: &mut Conn, code: &AccessCode) -> Result<(), Problem> {
    let row = Row {
        id: code.id,
        consultation_id: code.consultation_id,
        code_hash: code.code_hash.clone(),
        label: code.label.clone(),
        most_uses: code.most_uses,
        uses: code.uses,
        expires_at: code.expires_at,
        version: code.version,
        created_at: code.created_at,
        updated_at: code.updated_at,
    };
    diesel::insert_into(access_codes::table).values(&row).prepared().execute(conn)?;
    Ok(())
}

/// One, if there is one.
pub fn find(conn: &mut Conn, id: AccessCodeId) -> Result<Option<AccessCode>, Problem> {
    let row: Option<Row> = access_codes::table.find(id).first(conn).optional()?;
    Ok(row.map(AccessCode::from))
}

/// The one of this hash, if the consultation has it.
pub fn by_hash(
    conn: &mut Conn,
    consultation: ConsultationId,
    hash: &str,
) -> Result<Option<AccessCode>, Problem> {
    let row: Option<Row> = access_codes::table
        .filter(access_codes::consultation_id.eq(consultation))
        .filter(access_codes::code_hash.eq(hash))
        .first(conn)
        .optional()?;
    Ok(row.map(AccessCode::from))
}

/// Those of a consultation after an id, in the order they were made.
pub fn list(
    conn: &mut Conn,
    consultation: ConsultationId,
    after: Option<AccessCodeId>,
    limit: i64,
) -> Result<Vec<AccessCode>, Problem> {
    let query =
        access_codes::table.filter(access_codes::consultation_id.eq(consultation)).into_boxed();
    let part = keyset::after(query, (access_codes::id,), after, limit);
    let rows: Vec<Row> = part.load(conn)?;
    Ok(rows.into_iter().map(AccessCode::from).collect())
}

/// Counts one more who registers with it. Needs the consultation's lock.
pub fn count_use(conn: &mut Conn, code: &AccessCode, now: Timestamp) -> Result<(), Problem> {
    let same = access_codes::table.find(code.id).filter(access_codes::uses.eq(code.uses));
    let rows = diesel::update(same)
        .set((
            access_codes::uses.eq(code.uses + 1),
            access_codes::version.eq(access_codes::version + 1),
            access_codes::updated_at.eq(now),
        ))
        .prepared()
        .execute(conn)?;
    match rows {
        0 => Err(Problem::contention()),
        _ => Ok(()),
    }
}

/// Deletes it if it has the version; 412 when somebody else was faster.
pub fn delete(conn: &mut Conn, id: AccessCodeId, version: i64) -> Result<(), Problem> {
    let same = access_codes::table.find(id).filter(access_codes::version.eq(version));
    errors::written(diesel::delete(same).execute(conn)?, version)
}
