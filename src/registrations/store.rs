//! The table of registrations. SQL and nothing else.

use diesel::prelude::*;

use super::{
    Consents, Filter, Gender, ReasonCode, Registration, RegistrationId, RegistrationState,
};
use crate::accounts::AccountId;
use crate::consultations::{ConsultationId, WorkingGroupId};
use crate::db::Conn;
use crate::db::errors::{self, Meaning};
use crate::db::schema::registrations;
use crate::db::types::{Json, Timestamp};
use crate::http::page::Paging;
use crate::organizations::OrganizationId;
use crate::problem::{Code, Problem};
use crate::reference::{CountryCode, SectorCode};

/// Ids in one `IN (…)` at most: a statement takes no more than about 32,000 values.
const CHUNK: usize = 1000;

#[derive(Queryable, Insertable)]
#[diesel(table_name = registrations)]
struct Row {
    id: RegistrationId,
    consultation_id: ConsultationId,
    account_id: AccountId,
    organization_id: Option<OrganizationId>,
    sector: SectorCode,
    country: CountryCode,
    gender: Option<Gender>,
    languages: Json<Vec<String>>,
    preferences: Json<Vec<WorkingGroupId>>,
    consents: Json<Consents>,
    state: RegistrationState,
    reason_code: Option<ReasonCode>,
    note: Option<String>,
    waiting_number: Option<i64>,
    decided_by: Option<AccountId>,
    decided_at: Option<Timestamp>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Registration {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            account_id: row.account_id,
            organization_id: row.organization_id,
            sector: row.sector,
            country: row.country,
            gender: row.gender,
            languages: row.languages.0,
            preferences: row.preferences.0,
            consents: row.consents.0,
            state: row.state,
            reason_code: row.reason_code,
            note: row.note,
            waiting_number: row.waiting_number,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<&Registration> for Row {
    fn from(one: &Registration) -> Self {
        Self {
            id: one.id,
            consultation_id: one.consultation_id,
            account_id: one.account_id,
            organization_id: one.organization_id,
            sector: one.sector,
            country: one.country,
            gender: one.gender,
            languages: Json(one.languages.clone()),
            preferences: Json(one.preferences.clone()),
            consents: Json(one.consents),
            state: one.state,
            reason_code: one.reason_code,
            note: one.note.clone(),
            waiting_number: one.waiting_number,
            decided_by: one.decided_by,
            decided_at: one.decided_at,
            version: one.version,
            created_at: one.created_at,
            updated_at: one.updated_at,
        }
    }
}

/// Writes a new one; 409 when the person has an active registration for the consultation.
pub fn insert(conn: &mut Conn, registration: &Registration) -> Result<(), Problem> {
    let row = Row::from(registration);
    diesel::insert_into(registrations::table).values(&row).execute(conn).on_unique(|| {
        let detail = "There is an active registration of this person for this consultation.";
        Problem::new(Code::AlreadyRegistered, detail)
    })?;
    Ok(())
}

/// Writes everything that can change, as the version after `registration.version`; 412 when somebody else was faster.
pub fn update(
    conn: &mut Conn,
    registration: &Registration,
    now: Timestamp,
) -> Result<Registration, Problem> {
    let version = registration.version;
    let changed = Registration { version: version + 1, updated_at: now, ..registration.clone() };
    let one = Row::from(&changed);
    let same = registrations::table.find(one.id).filter(registrations::version.eq(version));
    let rows = diesel::update(same)
        .set((
            registrations::organization_id.eq(one.organization_id),
            registrations::sector.eq(one.sector),
            registrations::country.eq(one.country),
            registrations::gender.eq(one.gender),
            registrations::languages.eq(&one.languages),
            registrations::preferences.eq(&one.preferences),
            registrations::consents.eq(&one.consents),
            registrations::state.eq(one.state),
            registrations::reason_code.eq(one.reason_code),
            registrations::note.eq(&one.note),
            registrations::waiting_number.eq(one.waiting_number),
            registrations::decided_by.eq(one.decided_by),
            registrations::decided_at.eq(one.decided_at),
            registrations::version.eq(one.version),
            registrations::updated_at.eq(one.updated_at),
        ))
        .execute(conn)?;
    errors::written(rows, version)?;
    Ok(changed)
}

/// One, if there is one.
pub fn find(conn: &mut Conn, id: RegistrationId) -> Result<Option<Registration>, Problem> {
    let row: Option<Row> = registrations::table.find(id).first(conn).optional()?;
    Ok(row.map(Registration::from))
}

/// Those of a consultation that the filter keeps, in the order they were submitted.
pub fn list(
    conn: &mut Conn,
    consultation: ConsultationId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Vec<Registration>, Problem> {
    let mut query =
        registrations::table.filter(registrations::consultation_id.eq(consultation)).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(registrations::state.eq(state));
    }
    if let Some(sector) = filter.sector {
        query = query.filter(registrations::sector.eq(sector));
    }
    if let Some(country) = filter.country {
        query = query.filter(registrations::country.eq(country));
    }
    if let Some(organization) = filter.organization {
        query = query.filter(registrations::organization_id.eq(organization));
    }
    if let Some(after) = paging.after_one::<RegistrationId>()? {
        query = query.filter(registrations::id.gt(after));
    }
    let rows: Vec<Row> = query.order(registrations::id).limit(paging.load()).load(conn)?;
    Ok(rows.into_iter().map(Registration::from).collect())
}

/// All that are confirmed, in the order they were submitted.
pub fn confirmed(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<Registration>, Problem> {
    let rows: Vec<Row> = registrations::table
        .filter(registrations::consultation_id.eq(consultation))
        .filter(registrations::state.eq(RegistrationState::Confirmed))
        .order(registrations::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Registration::from).collect())
}

/// The person's active registration for the consultation, if there is one.
pub fn active_of(
    conn: &mut Conn,
    consultation: ConsultationId,
    account: AccountId,
) -> Result<Option<Registration>, Problem> {
    let row: Option<Row> = registrations::table
        .filter(registrations::consultation_id.eq(consultation))
        .filter(registrations::account_id.eq(account))
        .filter(registrations::state.ne(RegistrationState::Withdrawn))
        .filter(registrations::state.ne(RegistrationState::Declined))
        .first(conn)
        .optional()?;
    Ok(row.map(Registration::from))
}

/// All of a person, in the order they were submitted.
pub fn of_person(conn: &mut Conn, account: AccountId) -> Result<Vec<Registration>, Problem> {
    let rows: Vec<Row> = registrations::table
        .filter(registrations::account_id.eq(account))
        .order(registrations::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Registration::from).collect())
}

/// Whose these registrations are.
pub fn people(
    conn: &mut Conn,
    ids: &[RegistrationId],
) -> Result<Vec<(RegistrationId, AccountId)>, Problem> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let part: Vec<(RegistrationId, AccountId)> = registrations::table
            .filter(registrations::id.eq_any(chunk))
            .select((registrations::id, registrations::account_id))
            .load(conn)?;
        found.extend(part);
    }
    Ok(found)
}

/// How many others hold a place ([`Registration::holds_place`]).
pub fn places_taken(
    conn: &mut Conn,
    consultation: ConsultationId,
    except: Option<RegistrationId>,
) -> Result<i64, Problem> {
    let mut query = registrations::table
        .filter(registrations::consultation_id.eq(consultation))
        .filter(
            registrations::state.eq(RegistrationState::Confirmed).or(registrations::state
                .eq(RegistrationState::Submitted)
                .and(registrations::decided_at.is_not_null())
                .and(registrations::waiting_number.is_null())),
        )
        .into_boxed();
    if let Some(except) = except {
        query = query.filter(registrations::id.ne(except));
    }
    Ok(query.count().get_result(conn)?)
}

/// The number that comes after every waiting number given so far.
pub fn next_waiting_number(conn: &mut Conn, consultation: ConsultationId) -> Result<i64, Problem> {
    let last: Option<Option<i64>> = registrations::table
        .filter(registrations::consultation_id.eq(consultation))
        .filter(registrations::waiting_number.is_not_null())
        .order(registrations::waiting_number.desc())
        .select(registrations::waiting_number)
        .first(conn)
        .optional()?;
    Ok(last.flatten().unwrap_or(0) + 1)
}

/// Whose turn on the waiting list it is, passing over `except`.
pub fn first_waiting(
    conn: &mut Conn,
    consultation: ConsultationId,
    except: Option<RegistrationId>,
) -> Result<Option<Registration>, Problem> {
    let mut query = registrations::table
        .filter(registrations::consultation_id.eq(consultation))
        .filter(registrations::state.eq(RegistrationState::Waitlisted))
        .into_boxed();
    if let Some(except) = except {
        query = query.filter(registrations::id.ne(except));
    }
    let order = (registrations::waiting_number, registrations::id);
    let row: Option<Row> = query.order(order).first(conn).optional()?;
    Ok(row.map(Registration::from))
}
