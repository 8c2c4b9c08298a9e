//! SQL of sources and their lines.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{LineState, NotTaken, QueuedLine, Source, SourceId, SourceKind};
use crate::consultations::{ConsultationId, RoundId, SessionId, WorkingGroupId};
use crate::db::errors::{self, Meaning};
use crate::db::schema::{input_lines, input_sources};
use crate::db::types::Json;
use crate::db::{Conn, keyset};
use crate::inputs::{InputId, LineId};
use crate::problem::Problem;
use crate::{insert_rows, on_backend};

/// Ids in one `IN (…)` at most: a statement takes no more than about 32,000 values.
const CHUNK: usize = 1000;

#[derive(Queryable, Insertable)]
#[diesel(table_name = input_sources, treat_none_as_default_value = false)]
struct SourceRow {
    id: SourceId,
    consultation_id: ConsultationId,
    kind: SourceKind,
    title: String,
    language: String,
    working_group_id: Option<WorkingGroupId>,
    round_id: Option<RoundId>,
    session_id: Option<SessionId>,
    lines: i32,
    passed_over: Json<Vec<NotTaken>>,
    sha256: String,
    imported_on: NaiveDate,
    version: i64,
}

impl From<SourceRow> for Source {
    fn from(row: SourceRow) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            kind: row.kind,
            title: row.title,
            language: row.language,
            working_group_id: row.working_group_id,
            round_id: row.round_id,
            session_id: row.session_id,
            lines: row.lines,
            passed_over: row.passed_over.0,
            sha256: row.sha256,
            imported_on: row.imported_on,
            version: row.version,
        }
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = input_lines, treat_none_as_default_value = false)]
struct LineRow {
    id: LineId,
    source_id: SourceId,
    position: i32,
    body: String,
    under: Json<Vec<String>>,
    notes: Json<Vec<String>>,
    part: Option<i32>,
    parts: Option<i32>,
    state: LineState,
    input_id: Option<InputId>,
    version: i64,
}

impl From<LineRow> for QueuedLine {
    fn from(row: LineRow) -> Self {
        Self {
            id: row.id,
            source_id: row.source_id,
            position: row.position,
            body: row.body,
            under: row.under.0,
            notes: row.notes.0,
            part: row.part.zip(row.parts),
            state: row.state,
            input_id: row.input_id,
            version: row.version,
        }
    }
}

/// Writes a source with its lines; 409 when the same was taken before.
pub fn insert(conn: &mut Conn, source: &Source, lines: &[QueuedLine]) -> Result<(), Problem> {
    let from = source.clone();
    let row = SourceRow {
        id: from.id,
        consultation_id: from.consultation_id,
        kind: from.kind,
        title: from.title,
        language: from.language,
        working_group_id: from.working_group_id,
        round_id: from.round_id,
        session_id: from.session_id,
        lines: from.lines,
        passed_over: Json(from.passed_over),
        sha256: from.sha256,
        imported_on: from.imported_on,
        version: from.version,
    };
    diesel::insert_into(input_sources::table)
        .values(&row)
        .execute(conn)
        .on_unique(|| errors::taken("", "The same was taken into this consultation before."))?;
    let rows: Vec<LineRow> = lines
        .iter()
        .cloned()
        .map(|line| LineRow {
            id: line.id,
            source_id: line.source_id,
            position: line.position,
            body: line.body,
            under: Json(line.under),
            notes: Json(line.notes),
            part: line.part.map(|(part, _)| part),
            parts: line.part.map(|(_, parts)| parts),
            state: line.state,
            input_id: line.input_id,
            version: line.version,
        })
        .collect();
    Ok(insert_rows!(conn, input_lines::table, &rows)?)
}

/// One source, or 404.
pub fn get(conn: &mut Conn, id: SourceId) -> Result<Source, Problem> {
    let row: Option<SourceRow> = input_sources::table.find(id).first(conn).optional()?;
    row.map(Source::from).ok_or_else(|| Problem::not_found("source of inputs"))
}

/// The sources of a consultation, by their titles.
pub fn of(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Source>, Problem> {
    let rows: Vec<SourceRow> = input_sources::table
        .filter(input_sources::consultation_id.eq(consultation))
        .order((input_sources::title, input_sources::id))
        .load(conn)?;
    Ok(rows.into_iter().map(Source::from).collect())
}

/// How many lines of each of these sources wait.
pub fn waiting(conn: &mut Conn, ids: &[SourceId]) -> Result<HashMap<SourceId, i64>, Problem> {
    let rows: Vec<(SourceId, i64)> = on_backend!(conn, conn => input_lines::table
        .filter(input_lines::source_id.eq_any(ids))
        .filter(input_lines::state.eq(LineState::Waiting))
        .group_by(input_lines::source_id)
        .select((input_lines::source_id, diesel::dsl::count_star()))
        .load(conn)?);
    Ok(rows.into_iter().collect())
}

/// A part of a source's lines, in its order.
pub fn lines(
    conn: &mut Conn,
    source: SourceId,
    state: Option<LineState>,
    after: Option<i32>,
    limit: i64,
) -> Result<Vec<QueuedLine>, Problem> {
    let mut query = input_lines::table.filter(input_lines::source_id.eq(source)).into_boxed();
    if let Some(state) = state {
        query = query.filter(input_lines::state.eq(state));
    }
    let part = keyset::after(query, (input_lines::position,), after, limit);
    let rows: Vec<LineRow> = part.load(conn)?;
    Ok(rows.into_iter().map(QueuedLine::from).collect())
}

/// These lines, in the order of their sources.
pub fn by_ids(conn: &mut Conn, ids: &[LineId]) -> Result<Vec<QueuedLine>, Problem> {
    let mut rows: Vec<LineRow> = Vec::new();
    for part in ids.chunks(CHUNK) {
        rows.extend(input_lines::table.filter(input_lines::id.eq_any(part)).load::<LineRow>(conn)?);
    }
    rows.sort_by_key(|row| (row.source_id, row.position));
    Ok(rows.into_iter().map(QueuedLine::from).collect())
}

/// Writes what became of a line; `line.version` is the new one. 412 when somebody else was first.
pub fn update(conn: &mut Conn, line: &QueuedLine) -> Result<(), Problem> {
    let seen = line.version - 1;
    let rows =
        diesel::update(input_lines::table.find(line.id).filter(input_lines::version.eq(seen)))
            .set((
                input_lines::state.eq(line.state),
                input_lines::input_id.eq(line.input_id),
                input_lines::version.eq(line.version),
            ))
            .execute(conn)?;
    errors::written(rows, seen)
}
