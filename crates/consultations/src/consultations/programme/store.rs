//! SQL of a consultation's programme: co-organizers, sessions, rounds, working groups; and nothing else.

use diesel::prelude::*;

use crate::consultations::{
    AttributionRule, CoOrganizer, CoOrganizerId, CoOrganizerKind, ConsultationId, Round, RoundId,
    Session, SessionId, SessionKind, Speaker, WorkingGroup, WorkingGroupId,
};
use crate::db::Conn;
use crate::db::errors::{Meaning, taken, written};
use crate::db::schema::{co_organizers, rounds, sessions, working_groups};
use crate::db::types::{Json, Timestamp};
use crate::organizations::OrganizationId;
use crate::problem::{Code, Problem};
use crate::reference::ObjectiveNumber;

fn in_use(detail: &str) -> Problem {
    Problem::new(Code::InUse, detail)
}

// ------------------------------------------------------------------------------------------------ co-organizers

#[derive(Queryable, Insertable)]
#[diesel(table_name = co_organizers)]
struct CoOrganizerRow {
    id: CoOrganizerId,
    consultation_id: ConsultationId,
    organization_id: OrganizationId,
    kind: CoOrganizerKind,
    position: i32,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<CoOrganizerRow> for CoOrganizer {
    fn from(row: CoOrganizerRow) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            organization_id: row.organization_id,
            kind: row.kind,
            position: row.position,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<&CoOrganizer> for CoOrganizerRow {
    fn from(row: &CoOrganizer) -> Self {
        let row = row.clone();
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            organization_id: row.organization_id,
            kind: row.kind,
            position: row.position,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The co-organizer, or 404.
pub fn co_organizer(conn: &mut Conn, id: CoOrganizerId) -> Result<CoOrganizer, Problem> {
    let row = co_organizers::table
        .filter(co_organizers::id.eq(id))
        .first::<CoOrganizerRow>(conn)
        .optional()?;
    row.map(CoOrganizer::from).ok_or_else(|| Problem::not_found("co-organizer"))
}

/// All of a consultation, by position.
pub fn co_organizers(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<CoOrganizer>, Problem> {
    let rows = co_organizers::table
        .filter(co_organizers::consultation_id.eq(consultation))
        .order((co_organizers::position, co_organizers::id))
        .load::<CoOrganizerRow>(conn)?;
    Ok(rows.into_iter().map(CoOrganizer::from).collect())
}

/// Those of a consultation after a position and id.
pub fn co_organizers_after(
    conn: &mut Conn,
    consultation: ConsultationId,
    after: Option<(i32, CoOrganizerId)>,
    limit: i64,
) -> Result<Vec<CoOrganizer>, Problem> {
    let mut query = co_organizers::table
        .filter(co_organizers::consultation_id.eq(consultation))
        .order((co_organizers::position, co_organizers::id))
        .limit(limit)
        .into_boxed();
    if let Some((position, id)) = after {
        let later = co_organizers::position.gt(position);
        let same = co_organizers::position.eq(position).and(co_organizers::id.gt(id));
        query = query.filter(later.or(same));
    }
    let rows = query.load::<CoOrganizerRow>(conn)?;
    Ok(rows.into_iter().map(CoOrganizer::from).collect())
}

fn part_taken() -> Problem {
    taken("/organization_id", "this organization has this part already")
}

/// 409 when it is there already.
pub fn insert_co_organizer(conn: &mut Conn, row: &CoOrganizer) -> Result<(), Problem> {
    diesel::insert_into(co_organizers::table)
        .values(&CoOrganizerRow::from(row))
        .execute(conn)
        .on_unique(part_taken)?;
    Ok(())
}

/// Writes what may change over the version that was read; 412 when it is gone.
pub fn update_co_organizer(conn: &mut Conn, co_organizer: &CoOrganizer) -> Result<(), Problem> {
    let row = CoOrganizerRow::from(co_organizer);
    let current = co_organizers::id.eq(row.id).and(co_organizers::version.eq(row.version));
    let rows = diesel::update(co_organizers::table.filter(current))
        .set((
            co_organizers::kind.eq(row.kind),
            co_organizers::position.eq(row.position),
            co_organizers::version.eq(row.version + 1),
            co_organizers::updated_at.eq(row.updated_at),
        ))
        .execute(conn)
        .on_unique(part_taken)?;
    written(rows, co_organizer.version)
}

/// 409 while something refers to it, 412 when the version is gone.
pub fn delete_co_organizer(
    conn: &mut Conn,
    id: CoOrganizerId,
    version: i64,
) -> Result<(), Problem> {
    let current = co_organizers::id.eq(id).and(co_organizers::version.eq(version));
    let rows = diesel::delete(co_organizers::table.filter(current))
        .execute(conn)
        .on_foreign_key(|| in_use("Something refers to this co-organizer."))?;
    written(rows, version)
}

// ------------------------------------------------------------------------------------------------ sessions

#[derive(Queryable, Insertable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    id: SessionId,
    consultation_id: ConsultationId,
    position: i32,
    kind: SessionKind,
    title: String,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    moderator: Option<String>,
    speakers: Json<Vec<Speaker>>,
    attribution_rule: AttributionRule,
    round_id: Option<RoundId>,
    note: Option<String>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            position: row.position,
            kind: row.kind,
            title: row.title,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            moderator: row.moderator,
            speakers: row.speakers.0,
            attribution_rule: row.attribution_rule,
            round_id: row.round_id,
            note: row.note,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<&Session> for SessionRow {
    fn from(row: &Session) -> Self {
        let row = row.clone();
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            position: row.position,
            kind: row.kind,
            title: row.title,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            moderator: row.moderator,
            speakers: Json(row.speakers),
            attribution_rule: row.attribution_rule,
            round_id: row.round_id,
            note: row.note,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The session, or 404.
pub fn session(conn: &mut Conn, id: SessionId) -> Result<Session, Problem> {
    let row = sessions::table.filter(sessions::id.eq(id)).first::<SessionRow>(conn).optional()?;
    row.map(Session::from).ok_or_else(|| Problem::not_found("session"))
}

/// All of a consultation, by position.
pub fn sessions(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Session>, Problem> {
    let rows = sessions::table
        .filter(sessions::consultation_id.eq(consultation))
        .order((sessions::position, sessions::id))
        .load::<SessionRow>(conn)?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Those of a consultation after a position and id.
pub fn sessions_after(
    conn: &mut Conn,
    consultation: ConsultationId,
    after: Option<(i32, SessionId)>,
    limit: i64,
) -> Result<Vec<Session>, Problem> {
    let mut query = sessions::table
        .filter(sessions::consultation_id.eq(consultation))
        .order((sessions::position, sessions::id))
        .limit(limit)
        .into_boxed();
    if let Some((position, id)) = after {
        let later = sessions::position.gt(position);
        let same = sessions::position.eq(position).and(sessions::id.gt(id));
        query = query.filter(later.or(same));
    }
    let rows = query.load::<SessionRow>(conn)?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Adds it.
pub fn insert_session(conn: &mut Conn, row: &Session) -> Result<(), Problem> {
    diesel::insert_into(sessions::table).values(&SessionRow::from(row)).execute(conn)?;
    Ok(())
}

/// Writes what may change over the version that was read; 412 when it is gone.
pub fn update_session(conn: &mut Conn, session: &Session) -> Result<(), Problem> {
    let row = SessionRow::from(session);
    let current = sessions::id.eq(row.id).and(sessions::version.eq(row.version));
    let rows = diesel::update(sessions::table.filter(current))
        .set((
            sessions::position.eq(row.position),
            sessions::kind.eq(row.kind),
            sessions::title.eq(row.title),
            sessions::starts_at.eq(row.starts_at),
            sessions::ends_at.eq(row.ends_at),
            sessions::moderator.eq(row.moderator),
            sessions::speakers.eq(row.speakers),
            sessions::attribution_rule.eq(row.attribution_rule),
            sessions::round_id.eq(row.round_id),
            sessions::note.eq(row.note),
            sessions::version.eq(row.version + 1),
            sessions::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    written(rows, session.version)
}

/// 409 while something refers to it, 412 when the version is gone.
pub fn delete_session(conn: &mut Conn, id: SessionId, version: i64) -> Result<(), Problem> {
    let current = sessions::id.eq(id).and(sessions::version.eq(version));
    let rows = diesel::delete(sessions::table.filter(current))
        .execute(conn)
        .on_foreign_key(|| in_use("Something refers to this session."))?;
    written(rows, version)
}

// ------------------------------------------------------------------------------------------------ rounds

#[derive(Queryable, Insertable)]
#[diesel(table_name = rounds)]
struct RoundRow {
    id: RoundId,
    consultation_id: ConsultationId,
    number: i32,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<RoundRow> for Round {
    fn from(row: RoundRow) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            number: row.number,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<&Round> for RoundRow {
    fn from(row: &Round) -> Self {
        let row = row.clone();
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            number: row.number,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The round, or 404.
pub fn round(conn: &mut Conn, id: RoundId) -> Result<Round, Problem> {
    let row = rounds::table.filter(rounds::id.eq(id)).first::<RoundRow>(conn).optional()?;
    row.map(Round::from).ok_or_else(|| Problem::not_found("round"))
}

/// All of a consultation, by number.
pub fn rounds(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Round>, Problem> {
    let rows = rounds::table
        .filter(rounds::consultation_id.eq(consultation))
        .order((rounds::number, rounds::id))
        .load::<RoundRow>(conn)?;
    Ok(rows.into_iter().map(Round::from).collect())
}

/// Those of a consultation after a number and id.
pub fn rounds_after(
    conn: &mut Conn,
    consultation: ConsultationId,
    after: Option<(i32, RoundId)>,
    limit: i64,
) -> Result<Vec<Round>, Problem> {
    let mut query = rounds::table
        .filter(rounds::consultation_id.eq(consultation))
        .order((rounds::number, rounds::id))
        .limit(limit)
        .into_boxed();
    if let Some((number, id)) = after {
        let later = rounds::number.gt(number);
        let same = rounds::number.eq(number).and(rounds::id.gt(id));
        query = query.filter(later.or(same));
    }
    let rows = query.load::<RoundRow>(conn)?;
    Ok(rows.into_iter().map(Round::from).collect())
}

fn round_taken() -> Problem {
    taken("/number", "another round has this number")
}

/// 409 when it is there already.
pub fn insert_round(conn: &mut Conn, row: &Round) -> Result<(), Problem> {
    diesel::insert_into(rounds::table)
        .values(&RoundRow::from(row))
        .execute(conn)
        .on_unique(round_taken)?;
    Ok(())
}

/// Writes what may change over the version that was read; 412 when it is gone.
pub fn update_round(conn: &mut Conn, round: &Round) -> Result<(), Problem> {
    let row = RoundRow::from(round);
    let current = rounds::id.eq(row.id).and(rounds::version.eq(row.version));
    let rows = diesel::update(rounds::table.filter(current))
        .set((
            rounds::number.eq(row.number),
            rounds::starts_at.eq(row.starts_at),
            rounds::ends_at.eq(row.ends_at),
            rounds::version.eq(row.version + 1),
            rounds::updated_at.eq(row.updated_at),
        ))
        .execute(conn)
        .on_unique(round_taken)?;
    written(rows, round.version)
}

/// 409 while something refers to it, 412 when the version is gone.
pub fn delete_round(conn: &mut Conn, id: RoundId, version: i64) -> Result<(), Problem> {
    let current = rounds::id.eq(id).and(rounds::version.eq(version));
    let rows = diesel::delete(rounds::table.filter(current))
        .execute(conn)
        .on_foreign_key(|| in_use("A session, an assignment or an input refers to this round."))?;
    written(rows, version)
}

// ------------------------------------------------------------------------------------------------ working groups

#[derive(Queryable, Insertable)]
#[diesel(table_name = working_groups)]
struct WorkingGroupRow {
    id: WorkingGroupId,
    consultation_id: ConsultationId,
    number: i32,
    clusters: Json<Vec<Vec<ObjectiveNumber>>>,
    min_size: i32,
    max_size: i32,
    languages: Json<Vec<String>>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<WorkingGroupRow> for WorkingGroup {
    fn from(row: WorkingGroupRow) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            number: row.number,
            clusters: row.clusters.0,
            min_size: row.min_size,
            max_size: row.max_size,
            languages: row.languages.0,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<&WorkingGroup> for WorkingGroupRow {
    fn from(row: &WorkingGroup) -> Self {
        let row = row.clone();
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            number: row.number,
            clusters: Json(row.clusters),
            min_size: row.min_size,
            max_size: row.max_size,
            languages: Json(row.languages),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The working group, or 404.
pub fn working_group(conn: &mut Conn, id: WorkingGroupId) -> Result<WorkingGroup, Problem> {
    let row = working_groups::table
        .filter(working_groups::id.eq(id))
        .first::<WorkingGroupRow>(conn)
        .optional()?;
    row.map(WorkingGroup::from).ok_or_else(|| Problem::not_found("working group"))
}

/// All of a consultation, by number.
pub fn working_groups(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<WorkingGroup>, Problem> {
    let rows = working_groups::table
        .filter(working_groups::consultation_id.eq(consultation))
        .order((working_groups::number, working_groups::id))
        .load::<WorkingGroupRow>(conn)?;
    Ok(rows.into_iter().map(WorkingGroup::from).collect())
}

/// Those of a consultation after a number and id.
pub fn working_groups_after(
    conn: &mut Conn,
    consultation: ConsultationId,
    after: Option<(i32, WorkingGroupId)>,
    limit: i64,
) -> Result<Vec<WorkingGroup>, Problem> {
    let mut query = working_groups::table
        .filter(working_groups::consultation_id.eq(consultation))
        .order((working_groups::number, working_groups::id))
        .limit(limit)
        .into_boxed();
    if let Some((number, id)) = after {
        let later = working_groups::number.gt(number);
        let same = working_groups::number.eq(number).and(working_groups::id.gt(id));
        query = query.filter(later.or(same));
    }
    let rows = query.load::<WorkingGroupRow>(conn)?;
    Ok(rows.into_iter().map(WorkingGroup::from).collect())
}

fn group_taken() -> Problem {
    taken("/number", "another working group has this number")
}

/// 409 when it is there already.
pub fn insert_working_group(conn: &mut Conn, row: &WorkingGroup) -> Result<(), Problem> {
    diesel::insert_into(working_groups::table)
        .values(&WorkingGroupRow::from(row))
        .execute(conn)
        .on_unique(group_taken)?;
    Ok(())
}

/// Writes what may change over the version that was read; 412 when it is gone.
pub fn update_working_group(conn: &mut Conn, working_group: &WorkingGroup) -> Result<(), Problem> {
    let row = WorkingGroupRow::from(working_group);
    let current = working_groups::id.eq(row.id).and(working_groups::version.eq(row.version));
    let rows = diesel::update(working_groups::table.filter(current))
        .set((
            working_groups::number.eq(row.number),
            working_groups::clusters.eq(row.clusters),
            working_groups::min_size.eq(row.min_size),
            working_groups::max_size.eq(row.max_size),
            working_groups::languages.eq(row.languages),
            working_groups::version.eq(row.version + 1),
            working_groups::updated_at.eq(row.updated_at),
        ))
        .execute(conn)
        .on_unique(group_taken)?;
    written(rows, working_group.version)
}

/// 409 while something refers to it, 412 when the version is gone.
pub fn delete_working_group(
    conn: &mut Conn,
    id: WorkingGroupId,
    version: i64,
) -> Result<(), Problem> {
    let current = working_groups::id.eq(id).and(working_groups::version.eq(version));
    let rows = diesel::delete(working_groups::table.filter(current))
        .execute(conn)
        .on_foreign_key(|| in_use("An assignment or an input refers to this working group."))?;
    written(rows, version)
}
