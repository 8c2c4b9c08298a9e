//! The tables of attendance and of check-in codes. SQL and nothing else.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::session_codes::CheckInCode;
use super::{Attendance, AttendanceId, Method, Unregistered, Who};
use crate::accounts::Email;
use crate::consultations::{ConsultationId, SessionId, WorkingGroupId};
use crate::db::schema::{attendances, check_in_codes};
use crate::db::types::{Id, Timestamp};
use crate::db::{Cleared, Conn, errors, keyset};
use crate::http::page::Paging;
use crate::insert_rows;
use crate::problem::Problem;
use crate::registrations::{RegistrationId, RegistrationState};

/// Rows of one INSERT: a statement takes no more than about 32,000 values.
const CHUNK: usize = 1000;

#[derive(Queryable, Insertable)]
#[diesel(table_name = attendances, treat_none_as_default_value = false)]
struct Row {
    id: AttendanceId,
    consultation_id: ConsultationId,
    session_id: SessionId,
    working_group_id: Option<WorkingGroupId>,
    registration_id: Option<RegistrationId>,
    person_key: String,
    name: Option<String>,
    email: Option<Email>,
    standing: Option<RegistrationState>,
    method: Method,
    minutes: Option<i32>,
    held_on: NaiveDate,
    version: i64,
}

impl From<Row> for Attendance {
    fn from(row: Row) -> Self {
        let who = match (row.registration_id, row.name) {
            (Some(id), _) => {
                let standing = row.standing.unwrap_or(RegistrationState::Confirmed);
                Who::Registered { id, standing }
            }
            (None, Some(name)) => Who::Unregistered(Unregistered { name, email: row.email }),
            (None, None) => Who::Forgotten { key: row.person_key },
        };
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            session_id: row.session_id,
            working_group_id: row.working_group_id,
            who,
            method: row.method,
            minutes: row.minutes,
            held_on: row.held_on,
            version: row.version,
        }
    }
}

impl From<&Attendance> for Row {
    fn from(one: &Attendance) -> Self {
        let (registration_id, standing) = match &one.who {
            Who::Registered { id, standing } => (Some(*id), Some(*standing)),
            _ => (None, None),
        };
        let (name, email) = match &one.who {
            Who::Unregistered(person) => (Some(person.name.clone()), person.email.clone()),
            _ => (None, None),
        };
        Self {
            id: one.id,
            consultation_id: one.consultation_id,
            session_id: one.session_id,
            working_group_id: one.working_group_id,
            registration_id,
            person_key: one.who.key(),
            name,
            email,
            standing,
            method: one.method,
            minutes: one.minutes,
            held_on: one.held_on,
            version: one.version,
        }
    }
}

/// Writes new ones.
pub fn insert(conn: &mut Conn, new: &[Attendance]) -> Result<(), Problem> {
    let rows: Vec<Row> = new.iter().map(Row::from).collect();
    Ok(insert_rows!(conn, attendances::table, &rows)?)
}

/// Writes what may change, as the version after the one that was read; 412 when somebody else was faster.
pub fn update(conn: &mut Conn, one: &Attendance) -> Result<(), Problem> {
    let same = attendances::table.find(one.id).filter(attendances::version.eq(one.version));
    let rows = diesel::update(same)
        .set((
            attendances::minutes.eq(one.minutes),
            attendances::working_group_id.eq(one.working_group_id),
            attendances::version.eq(one.version + 1),
        ))
        .execute(conn)?;
    errors::written(rows, one.version)
}

/// Forgets one; 412 when the version is gone.
pub fn delete(conn: &mut Conn, id: AttendanceId, version: i64) -> Result<(), Problem> {
    let same = attendances::table.find(id).filter(attendances::version.eq(version));
    errors::written(diesel::delete(same).execute(conn)?, version)
}

/// One, or 404.
pub fn find(conn: &mut Conn, id: AttendanceId) -> Result<Attendance, Problem> {
    let row: Option<Row> = attendances::table.find(id).first(conn).optional()?;
    row.map(Attendance::from).ok_or_else(|| Problem::not_found("attendance"))
}

/// Those of a session whose people have one of these keys.
pub fn of_people(
    conn: &mut Conn,
    session: SessionId,
    keys: &[String],
) -> Result<Vec<Attendance>, Problem> {
    let mut found = Vec::new();
    for chunk in keys.chunks(CHUNK) {
        let rows: Vec<Row> = attendances::table
            .filter(attendances::session_id.eq(session))
            .filter(attendances::person_key.eq_any(chunk))
            .load(conn)?;
        found.extend(rows.into_iter().map(Attendance::from));
    }
    Ok(found)
}

/// A part of a session's, of these groups only, by id: in no order that tells who came first.
pub fn list(
    conn: &mut Conn,
    session: SessionId,
    groups: Option<&[WorkingGroupId]>,
    paging: &Paging,
) -> Result<Vec<Attendance>, Problem> {
    let mut query = attendances::table.filter(attendances::session_id.eq(session)).into_boxed();
    if let Some(groups) = groups {
        query = query.filter(attendances::working_group_id.eq_any(groups));
    }
    let part = keyset::after(
        query,
        (attendances::id,),
        paging.after_one::<AttendanceId>()?,
        paging.load(),
    );
    let rows: Vec<Row> = part.load(conn)?;
    Ok(rows.into_iter().map(Attendance::from).collect())
}

/// Those of people who did not register, at sessions before `day`, whose names are still there.
pub fn unregistered_before(conn: &mut Conn, day: NaiveDate) -> Result<Vec<Attendance>, Problem> {
    let rows: Vec<Row> = attendances::table
        .filter(attendances::held_on.lt(day))
        .filter(attendances::name.is_not_null())
        .order(attendances::id)
        .limit(Cleared::MOST)
        .load(conn)?;
    Ok(rows.into_iter().map(Attendance::from).collect())
}

/// Forgets whose attendances these were, all of one person: `key` stands for them from now on.
pub fn forget(
    conn: &mut Conn,
    consultation: ConsultationId,
    person: &str,
    key: &str,
) -> Result<(), Problem> {
    let theirs = attendances::table
        .filter(attendances::consultation_id.eq(consultation))
        .filter(attendances::person_key.eq(person));
    diesel::update(theirs)
        .set((
            attendances::name.eq(None::<String>),
            attendances::email.eq(None::<Email>),
            attendances::person_key.eq(key),
        ))
        .execute(conn)?;
    Ok(())
}

// ------------------------------------------------------------------------------------------------ codes

#[derive(Queryable, Insertable)]
#[diesel(table_name = check_in_codes, treat_none_as_default_value = false)]
struct CodeRow {
    id: Id<CheckInCode>,
    session_id: SessionId,
    working_group_id: Option<WorkingGroupId>,
    code_hash: String,
    valid_from: Timestamp,
    valid_until: Timestamp,
}

/// Writes a code in place of the one before for the same session and group.
pub fn put_code(
    conn: &mut Conn,
    id: Id<CheckInCode>,
    code: &CheckInCode,
    code_hash: &str,
) -> Result<(), Problem> {
    let of_session = check_in_codes::table.filter(check_in_codes::session_id.eq(code.session_id));
    match code.working_group_id {
        Some(group) => {
            let same = of_session.filter(check_in_codes::working_group_id.eq(group));
            diesel::delete(same).execute(conn)?;
        }
        None => {
            let same = of_session.filter(check_in_codes::working_group_id.is_null());
            diesel::delete(same).execute(conn)?;
        }
    }
    let row = CodeRow {
        id,
        session_id: code.session_id,
        working_group_id: code.working_group_id,
        code_hash: code_hash.to_owned(),
        valid_from: code.valid_from,
        valid_until: code.valid_until,
    };
    diesel::insert_into(check_in_codes::table).values(&row).execute(conn)?;
    Ok(())
}

/// The code of a session that has this hash.
pub fn code(
    conn: &mut Conn,
    session: SessionId,
    code_hash: &str,
) -> Result<Option<CheckInCode>, Problem> {
    let row: Option<CodeRow> = check_in_codes::table
        .filter(check_in_codes::session_id.eq(session))
        .filter(check_in_codes::code_hash.eq(code_hash))
        .first(conn)
        .optional()?;
    Ok(row.map(|row| CheckInCode {
        session_id: row.session_id,
        working_group_id: row.working_group_id,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
    }))
}

/// Forgets codes that ran out.
pub fn purge_codes(conn: &mut Conn, now: Timestamp) -> Result<Cleared, Problem> {
    let old = check_in_codes::table.filter(check_in_codes::valid_until.lt(now));
    let old = old.select(check_in_codes::id).limit(Cleared::MOST);
    let old: Vec<Id<CheckInCode>> = old.load(conn)?;
    let old = check_in_codes::table.filter(check_in_codes::id.eq_any(old));
    Ok(Cleared::part(diesel::delete(old).execute(conn)?))
}
