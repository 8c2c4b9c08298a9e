//! SQL of reports and their sections; of paragraphs and editions in the folder beside. Opens no transaction, knows no rule and
//! never touches the attribution of inputs.

pub mod editions;
pub mod paragraphs;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::errors::{self, Meaning};
use crate::db::schema::{input_categories, report_editions, report_sections, reports};
use crate::db::types::{Json, Timestamp};
use crate::i18n::Language;
use crate::problem::Problem;
use crate::reference::{CategoryCode, ObjectiveNumber};
use crate::reviews::{CategoryId, ReviewId};

use super::history::Step;
use super::history::store::note_section;
use super::{
    Amendment, EditionId, HeadingStyle, Issue, MastheadNote, Report, ReportId, ReportKind,
    ReportState, Section, SectionId, SectionKind, Source,
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = reports, treat_none_as_default_value = false)]
struct ReportRow {
    id: ReportId,
    kind: ReportKind,
    review_id: ReviewId,
    consultation_id: Option<ConsultationId>,
    title: String,
    symbol: Option<String>,
    distribution: String,
    dated_on: Option<NaiveDate>,
    summary: Option<String>,
    agenda_items: Option<String>,
    state: ReportState,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    language: Language,
    original_language: Language,
    figures: bool,
    masthead_notes: Json<Vec<MastheadNote>>,
    heading_style: HeadingStyle,
    amendment: Option<Amendment>,
}

impl From<ReportRow> for Report {
    fn from(row: ReportRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            review_id: row.review_id,
            consultation_id: row.consultation_id,
            title: row.title,
            symbol: row.symbol,
            distribution: row.distribution,
            dated_on: row.dated_on,
            summary: row.summary,
            agenda_items: row.agenda_items,
            language: row.language,
            original_language: row.original_language,
            figures: row.figures,
            masthead_notes: row.masthead_notes.0,
            heading_style: row.heading_style,
            state: row.state,
            amendment: row.amendment,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<&Report> for ReportRow {
    fn from(report: &Report) -> Self {
        let report = report.clone();
        Self {
            id: report.id,
            kind: report.kind,
            review_id: report.review_id,
            consultation_id: report.consultation_id,
            title: report.title,
            symbol: report.symbol,
            distribution: report.distribution,
            dated_on: report.dated_on,
            summary: report.summary,
            language: report.language,
            original_language: report.original_language,
            figures: report.figures,
            masthead_notes: Json(report.masthead_notes),
            heading_style: report.heading_style,
            agenda_items: report.agenda_items,
            state: report.state,
            amendment: report.amendment,
            version: report.version,
            created_at: report.created_at,
            updated_at: report.updated_at,
        }
    }
}

/// Stores a new report; 409 when the consultation has its summary report already.
pub fn insert_report(conn: &mut Conn, report: &Report) -> Result<(), Problem> {
    let row = ReportRow::from(report);
    let there = || match report.consultation_id {
        Some(_) => {
            errors::taken("/consultation_id", "The consultation has its summary report already.")
        }
        None => errors::taken("/symbol", "Another report carries this symbol."),
    };
    diesel::insert_into(reports::table).values(&row).execute(conn).on_unique(there)?;
    Ok(())
}

/// The report, or 404.
pub fn report(conn: &mut Conn, id: ReportId) -> Result<Report, Problem> {
    let row = reports::table.find(id).first::<ReportRow>(conn).optional()?;
    row.map(Report::from).ok_or_else(|| Problem::not_found("report"))
}

/// The summary report of a consultation, if there is one.
pub fn summary_of(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Option<Report>, Problem> {
    let row = reports::table
        .filter(reports::consultation_id.eq(consultation))
        .filter(reports::kind.eq(ReportKind::SummaryReport))
        .first::<ReportRow>(conn)
        .optional()?;
    Ok(row.map(Report::from))
}

/// The reports of a review of one kind, in the order in which they were opened.
pub fn reports_of(
    conn: &mut Conn,
    review: ReviewId,
    kind: ReportKind,
) -> Result<Vec<Report>, Problem> {
    let rows = reports::table
        .filter(reports::review_id.eq(review))
        .filter(reports::kind.eq(kind))
        .order(reports::id)
        .load::<ReportRow>(conn)?;
    Ok(rows.into_iter().map(Report::from).collect())
}

/// The reports of a review of every kind, in the order in which they were opened.
pub fn all_of(conn: &mut Conn, review: ReviewId) -> Result<Vec<Report>, Problem> {
    let rows = reports::table
        .filter(reports::review_id.eq(review))
        .order(reports::id)
        .load::<ReportRow>(conn)?;
    Ok(rows.into_iter().map(Report::from).collect())
}

/// Every report with its newest edition: the latest first.
pub fn published(conn: &mut Conn) -> Result<Vec<(Report, Issue)>, Problem> {
    let mut rows: Vec<(ReportRow, editions::IssueRow)> = reports::table
        .inner_join(report_editions::table)
        .order((reports::id, report_editions::number.desc()))
        .select((reports::all_columns, editions::ISSUE))
        .load(conn)?;
    rows.dedup_by_key(|(report, _)| report.id);
    let mut all: Vec<(Report, Issue)> =
        rows.into_iter().map(|(report, issue)| (report.into(), issue.into())).collect();
    all.sort_by_key(|(report, issue)| std::cmp::Reverse((issue.published_at, report.id)));
    Ok(all)
}

/// Stores what changed of a report; its version is the next one already.
pub fn update_report(conn: &mut Conn, report: &Report) -> Result<(), Problem> {
    let before = report.version - 1;
    let rows = diesel::update(
        reports::table.filter(reports::id.eq(report.id)).filter(reports::version.eq(before)),
    )
    .set((
        reports::title.eq(&report.title),
        reports::symbol.eq(&report.symbol),
        reports::distribution.eq(&report.distribution),
        reports::dated_on.eq(report.dated_on),
        reports::summary.eq(&report.summary),
        reports::language.eq(report.language),
        reports::original_language.eq(report.original_language),
        reports::figures.eq(report.figures),
        reports::agenda_items.eq(&report.agenda_items),
        reports::masthead_notes.eq(Json(report.masthead_notes.clone())),
        reports::heading_style.eq(report.heading_style),
        reports::state.eq(report.state),
        reports::amendment.eq(report.amendment),
        reports::version.eq(report.version),
        reports::updated_at.eq(report.updated_at),
    ))
    .execute(conn)
    .on_unique(|| errors::taken("/symbol", "Another report carries this symbol."))?;
    errors::written(rows, before)
}

/// Notes that something in the report changed.
pub fn touch(conn: &mut Conn, id: ReportId, now: Timestamp) -> Result<(), Problem> {
    diesel::update(reports::table.find(id))
        .set((reports::version.eq(reports::version + 1), reports::updated_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = report_sections, treat_none_as_default_value = false)]
struct SectionRow {
    id: SectionId,
    report_id: ReportId,
    parent_id: Option<SectionId>,
    position: i32,
    kind: SectionKind,
    objectives: Json<Vec<ObjectiveNumber>>,
    category_id: Option<CategoryId>,
    heading: Option<String>,
    version: i64,
}

impl SectionRow {
    fn with(self, category: Option<CategoryCode>) -> Section {
        Section {
            id: self.id,
            report_id: self.report_id,
            parent_id: self.parent_id,
            position: self.position,
            kind: self.kind,
            objectives: self.objectives.0,
            category_id: self.category_id,
            category,
            heading: self.heading,
            version: self.version,
        }
    }
}

/// Stores a new section.
pub fn insert_section(conn: &mut Conn, section: &Section, step: &Step) -> Result<(), Problem> {
    let row = SectionRow {
        id: section.id,
        report_id: section.report_id,
        parent_id: section.parent_id,
        position: section.position,
        kind: section.kind,
        objectives: Json(section.objectives.clone()),
        category_id: section.category_id,
        heading: section.heading.clone(),
        version: section.version,
    };
    diesel::insert_into(report_sections::table).values(&row).execute(conn)?;
    note_section(conn, section, step)
}

/// The sections of a report, by their places.
pub fn sections(conn: &mut Conn, report: ReportId) -> Result<Vec<Section>, Problem> {
    let rows = report_sections::table
        .left_join(input_categories::table)
        .filter(report_sections::report_id.eq(report))
        .order((report_sections::position, report_sections::id))
        .select((report_sections::all_columns, input_categories::code.nullable()))
        .load::<(SectionRow, Option<CategoryCode>)>(conn)?;
    Ok(rows.into_iter().map(|(row, category)| row.with(category)).collect())
}

/// The section, or 404.
pub fn section(conn: &mut Conn, id: SectionId) -> Result<Section, Problem> {
    let row = report_sections::table
        .left_join(input_categories::table)
        .filter(report_sections::id.eq(id))
        .select((report_sections::all_columns, input_categories::code.nullable()))
        .first::<(SectionRow, Option<CategoryCode>)>(conn)
        .optional()?;
    row.map(|(row, category)| row.with(category)).ok_or_else(|| Problem::not_found("section"))
}

/// Stores another heading; the section's version is the next one already.
pub fn set_heading(conn: &mut Conn, section: &Section, step: &Step) -> Result<(), Problem> {
    let before = section.version - 1;
    let this = report_sections::table
        .filter(report_sections::id.eq(section.id))
        .filter(report_sections::version.eq(before));
    let rows = diesel::update(this)
        .set((
            report_sections::heading.eq(&section.heading),
            report_sections::version.eq(section.version),
        ))
        .execute(conn)?;
    errors::written(rows, before)?;
    note_section(conn, section, step)
}

/// Stores where a section stands and what follows from it; its version is the next one already.
pub fn update_section(conn: &mut Conn, section: &Section, step: &Step) -> Result<(), Problem> {
    let before = section.version - 1;
    let this = report_sections::table
        .filter(report_sections::id.eq(section.id))
        .filter(report_sections::version.eq(before));
    let rows = diesel::update(this)
        .set((
            report_sections::parent_id.eq(section.parent_id),
            report_sections::position.eq(section.position),
            report_sections::kind.eq(section.kind),
            report_sections::objectives.eq(Json(section.objectives.clone())),
            report_sections::category_id.eq(section.category_id),
            report_sections::heading.eq(&section.heading),
            report_sections::version.eq(section.version),
        ))
        .execute(conn)?;
    errors::written(rows, before)?;
    note_section(conn, section, step)
}

/// Gives a section another place in its report.
pub fn set_section_place(conn: &mut Conn, id: SectionId, position: i32) -> Result<(), Problem> {
    diesel::update(report_sections::table.find(id))
        .set(report_sections::position.eq(position))
        .execute(conn)?;
    Ok(())
}

/// Removes a section in which nothing stands; 412 when it is not of that version any more.
pub fn delete_section(conn: &mut Conn, section: &Section, step: &Step) -> Result<(), Problem> {
    let version = section.version;
    let this = report_sections::table
        .filter(report_sections::id.eq(section.id))
        .filter(report_sections::version.eq(version));
    errors::written(diesel::delete(this).execute(conn)?, version)?;
    note_section(conn, &Section { version: version + 1, ..section.clone() }, step)
}

fn source((edition_id, number): (EditionId, i32)) -> Source {
    Source { edition_id, number: u32::try_from(number).unwrap_or_default() }
}

fn number_column(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
