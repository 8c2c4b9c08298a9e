//! Who holds a place and who waits for one, in SQL.

#![expect(
    clippy::disallowed_methods,
    reason = "one statement numbers many rows, and a function gives a row: Diesel can say neither"
)]

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use uuid::Uuid;

use super::room::Taken;
use crate::accounts::Email;
use crate::consultations::ConsultationId;
use crate::db::schema::registrations;
use crate::db::types::{Timestamp, sql};
use crate::db::{self, Conn, Prepare, keyset};
use crate::invitations::InvitationId;
use crate::organizations::OrganizationId;
use crate::problem::Problem;
use crate::reference::SectorCode;
use crate::registrations::rules::Rules;
use crate::registrations::store::Row;
use crate::registrations::{Registration, RegistrationId, RegistrationState};

/// Rows that one statement changes at most.
const CHUNK: usize = 500;

/// [`Registration::holds_place`] in SQL. `tests/api/decisions.rs` compares the two.
macro_rules! holds_place {
    () => {{
        let under_review = registrations::state
            .eq(RegistrationState::Submitted)
            .and(registrations::decided_at.is_not_null())
            .and(registrations::waiting_number.is_null());
        registrations::state
            .eq_any([RegistrationState::Confirmed, RegistrationState::Offered])
            .or(under_review)
    }};
}

/// How it stands when somebody has their turn.
#[derive(QueryableByName)]
pub struct Turn {
    /// Of the consultation.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// Of the consultation.
    #[diesel(sql_type = Text)]
    pub set_up: String,
    /// Whether somebody waits for a place.
    #[diesel(sql_type = Bool)]
    pub awaited: bool,
    /// The invitation of the address.
    #[diesel(sql_type = Nullable<sql::Uid>)]
    pub invited: Option<InvitationId>,
}

/// The turn of an address to register, with the lock of what is one's own; none on SQLite, where whoever writes has it. 404 when the
/// consultation is no more.
pub fn turn(
    conn: &mut Conn,
    id: ConsultationId,
    address: &Email,
    own: Option<Uuid>,
    scarce: bool,
) -> Result<Option<Turn>, Problem> {
    let Conn::Postgres(conn) = conn else { return Ok(None) };
    let query = diesel::sql_query(
        "SELECT version, set_up, awaited, invited FROM turn_to_register($1, $2, $3, $4, $5)",
    );
    let query = query
        .bind::<sql::Uid, _>(id)
        .bind::<BigInt, _>(db::key_of(id.uuid()))
        .bind::<Nullable<BigInt>, _>(own.map(db::key_of))
        .bind::<Bool, _>(scarce)
        .bind::<Text, _>(address);
    let turn: Option<Turn> = query.prepared().get_result(conn).optional()?;
    turn.map(Some).ok_or_else(|| Problem::not_found("consultation"))
}

/// Which places are taken, as far as anything limits them.
pub fn taken(
    conn: &mut Conn,
    consultation: ConsultationId,
    capacity: Option<i32>,
    rules: &Rules,
) -> Result<Taken, Problem> {
    let mut taken = Taken::default();
    let holders = || registrations::table.filter(registrations::consultation_id.eq(consultation));
    if capacity.is_some() {
        taken.all = holders().filter(holds_place!()).count().get_result(conn)?;
    }
    if !rules.sector_capacities.is_empty() {
        let rows: Vec<(SectorCode, i64)> = holders()
            .filter(holds_place!())
            .group_by(registrations::sector)
            .select((registrations::sector, diesel::dsl::count_star()))
            .load(conn)?;
        taken.sectors = rows;
    }
    if rules.organization_capacity.is_some() {
        let rows: Vec<(Option<OrganizationId>, i64)> = holders()
            .filter(holds_place!())
            .filter(registrations::organization_id.is_not_null())
            .group_by(registrations::organization_id)
            .select((registrations::organization_id, diesel::dsl::count_star()))
            .load(conn)?;
        taken.organizations =
            rows.into_iter().filter_map(|(id, count)| Some((id?, count))).collect();
    }
    Ok(taken)
}

/// A part of the waiting list, in order, after a waiting number and id.
pub fn waiting(
    conn: &mut Conn,
    consultation: ConsultationId,
    after: Option<(i64, RegistrationId)>,
    limit: i64,
) -> Result<Vec<Registration>, Problem> {
    let waiting = registrations::table
        .filter(registrations::consultation_id.eq(consultation))
        .filter(registrations::state.eq(RegistrationState::Waitlisted))
        .into_boxed();
    let order = (registrations::waiting_number, registrations::id);
    let rows: Vec<Row> = keyset::after(waiting, order, after, limit).load(conn)?;
    Ok(rows.into_iter().map(Registration::from).collect())
}

/// Some of a consultation, in the order they were submitted.
pub fn some(
    conn: &mut Conn,
    consultation: ConsultationId,
    ids: &[RegistrationId],
) -> Result<Vec<Registration>, Problem> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<Row> = registrations::table
            .filter(registrations::consultation_id.eq(consultation))
            .filter(registrations::id.eq_any(chunk))
            .load(conn)?;
        found.extend(rows.into_iter().map(Registration::from));
    }
    found.sort_by_key(|one| one.id);
    Ok(found)
}

/// The consultations in which an offer has run out, and the registrations that it was made to.
pub fn lapsed(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(ConsultationId, RegistrationId)>, Problem> {
    Ok(registrations::table
        .filter(registrations::accept_by.le(now))
        .filter(registrations::state.eq(RegistrationState::Offered))
        .order(registrations::accept_by)
        .select((registrations::consultation_id, registrations::id))
        .limit(limit)
        .load(conn)?)
}

/// Writes what was decided on registrations, each as its next version: state and reasons, and nothing else of them.
pub fn decide(conn: &mut Conn, all: &[Registration], now: Timestamp) -> Result<(), Problem> {
    let alike = |one: &Registration, other: &Registration| {
        let fields = |one: &Registration| {
            let by = (one.decided_by, one.decided_at, one.accept_by);
            (one.state, one.reason_code, one.note.clone(), by)
        };
        fields(one) == fields(other)
    };
    let mut groups: Vec<Vec<&Registration>> = Vec::new();
    for one in all {
        match groups.iter_mut().find(|group| alike(group[0], one)) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    for group in groups {
        for chunk in group.chunks(CHUNK) {
            write_alike(conn, chunk, now)?;
            write_numbers(conn, chunk)?;
        }
    }
    Ok(())
}

fn write_alike(conn: &mut Conn, all: &[&Registration], now: Timestamp) -> Result<(), Problem> {
    let Some(first) = all.first() else { return Ok(()) };
    let ids: Vec<RegistrationId> = all.iter().map(|one| one.id).collect();
    let rows = diesel::update(registrations::table.filter(registrations::id.eq_any(&ids)))
        .set((
            registrations::state.eq(first.state),
            registrations::reason_code.eq(first.reason_code),
            registrations::note.eq(&first.note),
            registrations::waiting_number.eq(None::<i64>),
            registrations::decided_by.eq(first.decided_by),
            registrations::decided_at.eq(first.decided_at),
            registrations::accept_by.eq(first.accept_by),
            registrations::version.eq(registrations::version + 1),
            registrations::updated_at.eq(now),
        ))
        .execute(conn)?;
    if rows == ids.len() { Ok(()) } else { Err(Problem::contention()) }
}

/// Each its own number in one statement. Only ids and numbers of ours stand in its text.
fn write_numbers(conn: &mut Conn, all: &[&Registration]) -> Result<(), Problem> {
    let number = |one: &&Registration| Some((one.id, one.waiting_number?));
    let numbers: Vec<(RegistrationId, i64)> = all.iter().filter_map(number).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    let cast = match conn {
        Conn::Postgres(_) => "::uuid",
        Conn::Sqlite(_) => "",
    };
    let rows: Vec<String> =
        numbers.iter().map(|(id, number)| format!("('{id}'{cast}, {number})")).collect();
    let text = format!(
        "UPDATE registrations SET waiting_number = given.column2 FROM (VALUES {}) AS given \
         WHERE registrations.id = given.column1",
        rows.join(", ")
    );
    match conn {
        Conn::Postgres(conn) => diesel::sql_query(text).execute(conn)?,
        Conn::Sqlite(conn) => diesel::sql_query(text).execute(conn)?,
    };
    Ok(())
}
