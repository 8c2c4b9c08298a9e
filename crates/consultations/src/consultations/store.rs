//! SQL of consultations, and nothing else.

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;

use super::{Admission, Consultation, ConsultationId, Mode, Phase};
use crate::db::errors::{Meaning, taken, written};
use crate::db::schema::consultations;
use crate::db::types::{Json, Timestamp, sql};
use crate::db::{self, Conn, Prepare, keyset};
use crate::problem::Problem;
use crate::reference::ObjectiveNumber;
use crate::reviews::ReviewId;

/// A zone as its IANA name in a text column.
#[derive(Debug, Clone, Copy, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
struct ZoneName(Tz);

impl ZoneName {
    fn as_str(&self) -> &'static str {
        self.0.name()
    }
}
impl std::str::FromStr for ZoneName {
    type Err = chrono_tz::ParseError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}
crate::text_column!(ZoneName);

#[derive(Queryable, QueryableByName, Insertable)]
#[diesel(table_name = consultations, treat_none_as_default_value = false)]
struct Row {
    id: ConsultationId,
    review_id: ReviewId,
    ordinal: i32,
    theme: String,
    held_on: Option<NaiveDate>,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    zone: ZoneName,
    mode: Mode,
    venue: Option<String>,
    objectives: Json<Vec<ObjectiveNumber>>,
    languages: Json<Vec<String>>,
    capacity: Option<i32>,
    admission: Admission,
    phase: Phase,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    set_up: String,
}

impl From<Row> for Consultation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            review_id: row.review_id,
            ordinal: row.ordinal,
            theme: row.theme,
            held_on: row.held_on,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            zone: row.zone.0,
            mode: row.mode,
            venue: row.venue,
            objectives: row.objectives.0,
            languages: row.languages.0,
            capacity: row.capacity,
            admission: row.admission,
            phase: row.phase,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            set_up: row.set_up,
        }
    }
}

impl From<&Consultation> for Row {
    fn from(consultation: &Consultation) -> Self {
        let consultation = consultation.clone();
        Self {
            id: consultation.id,
            review_id: consultation.review_id,
            ordinal: consultation.ordinal,
            theme: consultation.theme,
            held_on: consultation.held_on,
            starts_at: consultation.starts_at,
            ends_at: consultation.ends_at,
            zone: ZoneName(consultation.zone),
            mode: consultation.mode,
            venue: consultation.venue,
            objectives: Json(consultation.objectives),
            languages: Json(consultation.languages),
            capacity: consultation.capacity,
            admission: consultation.admission,
            phase: consultation.phase,
            version: consultation.version,
            created_at: consultation.created_at,
            updated_at: consultation.updated_at,
            set_up: consultation.set_up,
        }
    }
}

/// Which consultations of a review somebody may know of.
pub enum Seen {
    /// All.
    All,
    /// Those that are public, and these.
    PublicAnd(Vec<ConsultationId>),
}

fn ordinal_taken() -> Problem {
    taken("/ordinal", "another consultation of the review has this ordinal")
}

fn turned(rows: Vec<Row>) -> Vec<Consultation> {
    rows.into_iter().map(Consultation::from).collect()
}

/// The consultation, or 404.
pub fn consultation(conn: &mut Conn, id: ConsultationId) -> Result<Consultation, Problem> {
    let query = consultations::table.filter(consultations::id.eq(id));
    let row = query.first::<Row>(conn).optional()?;
    row.map(Consultation::from).ok_or_else(|| Problem::not_found("consultation"))
}

/// Names its columns: what is kept prepared outlives a migration by a newer server beside this one.
const UNDER_LOCK: &str = "SELECT id, review_id, ordinal, theme, held_on, starts_at, ends_at, zone, mode, venue, objectives, languages, \
     capacity, admission, phase, version, created_at, updated_at, set_up FROM consultation_under_lock($1, $2)";

/// The consultation, or 404, once nobody else holds its lock.
#[expect(
    clippy::disallowed_methods,
    reason = "a function that gives rows is none that Diesel can name"
)]
pub fn under_lock(conn: &mut Conn, id: ConsultationId) -> Result<Consultation, Problem> {
    let Conn::Postgres(conn) = conn else { return consultation(conn, id) };
    let query = diesel::sql_query(UNDER_LOCK)
        .bind::<sql::Uid, _>(id)
        .bind::<diesel::sql_types::BigInt, _>(db::key_of(id.uuid()));
    let row: Option<Row> = query.prepared().get_result(conn).optional()?;
    row.map(Consultation::from).ok_or_else(|| Problem::not_found("consultation"))
}

/// All consultations of a review, by ordinal.
pub fn consultations(conn: &mut Conn, review: ReviewId) -> Result<Vec<Consultation>, Problem> {
    let rows = consultations::table
        .filter(consultations::review_id.eq(review))
        .order((consultations::ordinal, consultations::id))
        .load::<Row>(conn)?;
    Ok(turned(rows))
}

/// Those of these consultations that there are.
pub fn some(conn: &mut Conn, ids: &[ConsultationId]) -> Result<Vec<Consultation>, Problem> {
    let some = consultations::table.filter(consultations::id.eq_any(ids));
    Ok(turned(some.load::<Row>(conn)?))
}

/// The consultations of a review that are `seen`, after an ordinal and id.
pub fn consultations_after(
    conn: &mut Conn,
    review: ReviewId,
    seen: &Seen,
    after: Option<(i32, ConsultationId)>,
    limit: i64,
) -> Result<Vec<Consultation>, Problem> {
    let mut query = consultations::table.filter(consultations::review_id.eq(review)).into_boxed();
    if let Seen::PublicAnd(ids) = seen {
        let public: Vec<Phase> =
            Phase::ALL.iter().copied().filter(|phase| phase.is_public()).collect();
        query = query
            .filter(consultations::phase.eq_any(public).or(consultations::id.eq_any(ids.clone())));
    }
    let order = (consultations::ordinal, consultations::id);
    Ok(turned(keyset::after(query, order, after, limit).load::<Row>(conn)?))
}

/// 409 when the ordinal is taken.
pub fn insert(conn: &mut Conn, consultation: &Consultation) -> Result<(), Problem> {
    diesel::insert_into(consultations::table)
        .values(&Row::from(consultation))
        .prepared()
        .execute(conn)
        .on_unique(ordinal_taken)?;
    Ok(())
}

/// Writes every field over the version that was read; 412 when it is gone, 409 when the ordinal is taken.
pub fn update(conn: &mut Conn, consultation: &Consultation) -> Result<(), Problem> {
    let row = Row::from(consultation);
    let current =
        consultations::id.eq(consultation.id).and(consultations::version.eq(consultation.version));
    let rows = diesel::update(consultations::table.filter(current))
        .set((
            consultations::ordinal.eq(row.ordinal),
            consultations::theme.eq(row.theme),
            consultations::held_on.eq(row.held_on),
            consultations::starts_at.eq(row.starts_at),
            consultations::ends_at.eq(row.ends_at),
            consultations::zone.eq(row.zone),
            consultations::mode.eq(row.mode),
            consultations::venue.eq(row.venue),
            consultations::objectives.eq(row.objectives),
            consultations::languages.eq(row.languages),
            consultations::capacity.eq(row.capacity),
            consultations::admission.eq(row.admission),
            consultations::phase.eq(row.phase),
            consultations::version.eq(consultation.version + 1),
            consultations::updated_at.eq(row.updated_at),
        ))
        .prepared()
        .execute(conn)
        .on_unique(ordinal_taken)?;
    written(rows, consultation.version)
}
