//! The table of registrations. SQL and nothing else.

use diesel::prelude::*;

use super::{
    AgeBand, Answers, Consents, Filter, Gender, Guardian, InvitationRef, Needs, Person, ReasonCode,
    Registration, RegistrationId, RegistrationState, Source,
};
use crate::accounts::AccountId;
use crate::accounts::likeness::{mailbox_key, name_key};
use crate::consultations::{ConsultationId, RoundId, WorkingGroupId};
use crate::db::errors::{self, Meaning};
use crate::db::schema::registrations;
use crate::db::types::{Json, Timestamp};
use crate::db::{self, Cleared, Conn, Insertion, Prepare, keyset};
use crate::http::page::Paging;
use crate::insert_rows;
use crate::organizations::OrganizationId;
use crate::problem::{Code, Problem};
use crate::reference::{CountryCode, SectorCode};

/// Ids in one `IN (…)` at most: a statement takes no more than about 32,000 values.
const CHUNK: usize = 1000;

#[derive(Queryable, Insertable)]
#[diesel(table_name = registrations, treat_none_as_default_value = false)]
pub(super) struct Row {
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
    position: Option<String>,
    rounds: Option<Json<Vec<RoundId>>>,
    needs: Json<Needs>,
    age_band: Option<AgeBand>,
    guardian: Option<Json<Guardian>>,
    answers: Json<Answers>,
    source: Source,
    invitation_id: Option<InvitationRef>,
    accept_by: Option<Timestamp>,
    person: Option<Json<Person>>,
    person_name_key: Option<String>,
    person_mailbox_key: Option<String>,
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
            position: row.position,
            rounds: row.rounds.map(|rounds| rounds.0),
            needs: row.needs.0,
            age_band: row.age_band,
            guardian: row.guardian.map(|guardian| guardian.0),
            answers: row.answers.0,
            source: row.source,
            invitation_id: row.invitation_id,
            accept_by: row.accept_by,
            person: row.person.map(|person| person.0),
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
            position: one.position.clone(),
            rounds: one.rounds.clone().map(Json),
            needs: Json(one.needs.clone()),
            age_band: one.age_band,
            guardian: one.guardian.clone().map(Json),
            answers: Json(one.answers.clone()),
            source: one.source,
            invitation_id: one.invitation_id,
            accept_by: one.accept_by,
            person: one.person.clone().map(Json),
            person_name_key: one.person.as_ref().map(|person| name_key(&person.name)),
            person_mailbox_key: one.person.as_ref().map(|person| mailbox_key(&person.email)),
        }
    }
}

/// Writes a new one with what goes with it; 409 when the person has an active registration for the consultation.
pub fn insert(
    conn: &mut Conn,
    registration: &Registration,
    with: Vec<Insertion>,
) -> Result<(), Problem> {
    let row =
        Insertion::of(diesel::insert_into(registrations::table).values(Row::from(registration)));
    let rows = std::iter::once(row).chain(with).collect();
    db::together(conn, rows).on_unique(|| {
        let detail = "There is an active registration of this person for this consultation.";
        Problem::new(Code::AlreadyRegistered, detail)
    })
}

/// Writes new ones; 409 when one of the people has an active registration for the consultation.
pub fn insert_many(conn: &mut Conn, registrations: &[Registration]) -> Result<(), Problem> {
    let taken = || {
        let detail =
            "There is an active registration of one of these people for this consultation.";
        Problem::new(Code::AlreadyRegistered, detail)
    };
    let rows: Vec<Row> = registrations.iter().map(Row::from).collect();
    insert_rows!(conn, registrations::table, &rows).on_unique(taken)
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
            registrations::position.eq(&one.position),
            registrations::rounds.eq(&one.rounds),
            registrations::needs.eq(&one.needs),
            registrations::age_band.eq(one.age_band),
            registrations::guardian.eq(&one.guardian),
            registrations::answers.eq(&one.answers),
            registrations::accept_by.eq(one.accept_by),
            registrations::person.eq(&one.person),
            registrations::person_name_key.eq(&one.person_name_key),
            registrations::person_mailbox_key.eq(&one.person_mailbox_key),
        ))
        .prepared()
        .execute(conn)?;
    errors::written(rows, version)?;
    Ok(changed)
}

/// One, if there is one.
pub fn find(conn: &mut Conn, id: RegistrationId) -> Result<Option<Registration>, Problem> {
    let row: Option<Row> = registrations::table.find(id).first(conn).optional()?;
    Ok(row.map(Registration::from))
}

macro_rules! filtered {
    ($consultation:expr, $filter:expr) => {{
        let mut query = registrations::table
            .filter(registrations::consultation_id.eq($consultation))
            .into_boxed();
        if let Some(state) = $filter.state {
            query = query.filter(registrations::state.eq(state));
        }
        if let Some(sector) = $filter.sector {
            query = query.filter(registrations::sector.eq(sector));
        }
        if let Some(country) = $filter.country {
            query = query.filter(registrations::country.eq(country));
        }
        if let Some(organization) = $filter.organization {
            query = query.filter(registrations::organization_id.eq(organization));
        }
        if let Some(source) = $filter.source {
            query = query.filter(registrations::source.eq(source));
        }
        query
    }};
}

/// A part of those of a consultation that the filter keeps, of these organizations only: in the order they were
/// submitted, or of the waiting list.
pub fn list(
    conn: &mut Conn,
    consultation: ConsultationId,
    filter: &Filter,
    within: Option<&[OrganizationId]>,
    paging: &Paging,
) -> Result<Vec<Registration>, Problem> {
    let mut query = filtered!(consultation, filter);
    if let Some(within) = within {
        query = query.filter(registrations::organization_id.eq_any(within));
    }
    let part = if filter.by_waiting_number {
        let waiting = query.filter(registrations::state.eq(RegistrationState::Waitlisted));
        let order = (registrations::waiting_number, registrations::id);
        let after = paging.after_two::<i64, RegistrationId>()?;
        keyset::after(waiting, order, after, paging.load())
    } else {
        let after = paging.after_one::<RegistrationId>()?;
        keyset::after(query, (registrations::id,), after, paging.load())
    };
    let rows: Vec<Row> = part.load(conn)?;
    Ok(rows.into_iter().map(Registration::from).collect())
}

/// Those of a consultation that the filter keeps, so many of them at most, in the order they were submitted.
pub fn some(
    conn: &mut Conn,
    consultation: ConsultationId,
    filter: &Filter,
    most: i64,
) -> Result<Vec<Registration>, Problem> {
    let query = filtered!(consultation, filter).order(registrations::id).limit(most);
    let rows: Vec<Row> = query.load(conn)?;
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

/// Who has an active registration for the consultation.
pub fn active_people(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<AccountId>, Problem> {
    let active = RegistrationState::ALL.iter().copied().filter(|state| state.is_active());
    Ok(registrations::table
        .filter(registrations::consultation_id.eq(consultation))
        .filter(registrations::state.eq_any(active.collect::<Vec<_>>()))
        .select(registrations::account_id)
        .load(conn)?)
}

/// The person's active registration for the consultation, if there is one.
pub fn active_of(
    conn: &mut Conn,
    consultation: ConsultationId,
    account: AccountId,
) -> Result<Option<Registration>, Problem> {
    Ok(active_of_all(conn, consultation, &[account])?.pop())
}

/// The active registrations of these people for the consultation.
pub fn active_of_all(
    conn: &mut Conn,
    consultation: ConsultationId,
    people: &[AccountId],
) -> Result<Vec<Registration>, Problem> {
    let mut found = Vec::new();
    for part in people.chunks(CHUNK) {
        let rows: Vec<Row> = registrations::table
            .filter(registrations::consultation_id.eq(consultation))
            .filter(registrations::account_id.eq_any(part))
            .filter(registrations::state.ne(RegistrationState::Withdrawn))
            .filter(registrations::state.ne(RegistrationState::Declined))
            .load(conn)?;
        found.extend(rows.into_iter().map(Registration::from));
    }
    Ok(found)
}

/// Whoever ever registered for the consultation, whatever became of it.
pub fn everybody(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<AccountId>, Problem> {
    Ok(registrations::table
        .filter(registrations::consultation_id.eq(consultation))
        .select(registrations::account_id)
        .distinct()
        .load(conn)?)
}

/// All registrations for a consultation, whatever became of them.
pub fn all_of(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Registration>, Problem> {
    let rows: Vec<Row> = registrations::table
        .filter(registrations::consultation_id.eq(consultation))
        .order(registrations::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Registration::from).collect())
}

/// All of a person, in the order they were submitted.
pub fn of_person(conn: &mut Conn, account: AccountId) -> Result<Vec<Registration>, Problem> {
    let rows: Vec<Row> = registrations::table
        .filter(registrations::account_id.eq(account))
        .order(registrations::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Registration::from).collect())
}

/// A part of those of a person, in the order they were submitted.
pub fn of_person_after(
    conn: &mut Conn,
    account: AccountId,
    paging: &Paging,
) -> Result<Vec<Registration>, Problem> {
    let query = registrations::table.filter(registrations::account_id.eq(account)).into_boxed();
    let part = keyset::after(
        query,
        (registrations::id,),
        paging.after_one::<RegistrationId>()?,
        paging.load(),
    );
    let rows: Vec<Row> = part.load(conn)?;
    Ok(rows.into_iter().map(Registration::from).collect())
}

/// Whose these registrations are.
pub fn people(
    conn: &mut Conn,
    ids: &[RegistrationId],
) -> Result<Vec<(RegistrationId, AccountId, Option<Person>)>, Problem> {
    type Found = (RegistrationId, AccountId, Option<Json<Person>>);
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let part: Vec<Found> = registrations::table
            .filter(registrations::id.eq_any(chunk))
            .select((registrations::id, registrations::account_id, registrations::person))
            .load(conn)?;
        let each = part.into_iter();
        found.extend(each.map(|(id, account, person)| (id, account, person.map(|one| one.0))));
    }
    Ok(found)
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

/// Which groups somebody would like, the dearest first, and the rounds they are there in; none for all.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wishes {
    /// Working groups.
    pub preferences: Vec<WorkingGroupId>,
    /// Rounds.
    pub rounds: Option<Vec<RoundId>>,
}

/// What everybody who registered for a consultation wishes, whatever became of it.
pub fn wishes(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<(RegistrationId, RegistrationState, Wishes)>, Problem> {
    type Found =
        (RegistrationId, RegistrationState, Json<Vec<WorkingGroupId>>, Option<Json<Vec<RoundId>>>);
    let rows: Vec<Found> = registrations::table
        .filter(registrations::consultation_id.eq(consultation))
        .select((
            registrations::id,
            registrations::state,
            registrations::preferences,
            registrations::rounds,
        ))
        .load(conn)?;
    let one = |(id, state, preferences, rounds): Found| {
        let rounds = rounds.map(|rounds| rounds.0);
        (id, state, Wishes { preferences: preferences.0, rounds })
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Writes the same wishes into these registrations.
pub fn set_wishes(
    conn: &mut Conn,
    ids: &[RegistrationId],
    wishes: &Wishes,
    now: Timestamp,
) -> Result<(), Problem> {
    for part in ids.chunks(CHUNK) {
        diesel::update(registrations::table.filter(registrations::id.eq_any(part)))
            .set((
                registrations::preferences.eq(Json(wishes.preferences.clone())),
                registrations::rounds.eq(wishes.rounds.clone().map(Json)),
                registrations::version.eq(registrations::version + 1),
                registrations::updated_at.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Works out keys of people that are not there yet, of registrations that were made by an earlier version of the program, a
/// part of them.
pub fn add_keys(conn: &mut Conn) -> Result<Cleared, Problem> {
    let without = registrations::table
        .filter(registrations::person.is_not_null())
        .filter(registrations::person_name_key.is_null());
    let rows: Vec<Row> = without.order(registrations::id).limit(Cleared::MOST).load(conn)?;
    let found: Vec<Row> = rows.into_iter().map(|row| Row::from(&Registration::from(row))).collect();
    for row in &found {
        diesel::update(registrations::table.find(row.id))
            .set((
                registrations::person_name_key.eq(&row.person_name_key),
                registrations::person_mailbox_key.eq(&row.person_mailbox_key),
            ))
            .prepared()
            .execute(conn)?;
    }
    Ok(Cleared::part(found.len()))
}
