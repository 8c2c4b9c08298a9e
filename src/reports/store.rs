//! SQL of reports, sections, paragraphs, omissions and editions. Opens no transaction, knows no rule and never touches the
//! attribution of inputs.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::errors::{self, Meaning};
use crate::db::schema::{
    edition_inputs, input_categories, paper_editions, paragraph_inputs, paragraph_sources,
    paragraphs, report_editions, report_omissions, report_sections, reports,
};
use crate::db::types::{Json, Timestamp};
use crate::inputs::InputId;
use crate::problem::Problem;
use crate::reference::{CategoryCode, ObjectiveNumber};
use crate::reviews::{CategoryId, ReviewId};
use crate::words::Language;

use super::{
    ComputedText, Edition, EditionId, EditionRecord, HeadingStyle, MastheadNote, Omission,
    OmissionId, Omitted, Paragraph, ParagraphId, Report, ReportId, ReportKind, ReportState,
    Section, SectionId, SectionKind, Source,
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = reports)]
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
            version: report.version,
            created_at: report.created_at,
            updated_at: report.updated_at,
        }
    }
}

/// Stores a new report; 409 when the consultation has its summary report already.
pub fn insert_report(conn: &mut Conn, report: &Report) -> Result<(), Problem> {
    let row = ReportRow::from(report);
    let there =
        || errors::taken("/consultation_id", "The consultation has its summary report already.");
    diesel::insert_into(reports::table).values(&row).execute(conn).on_unique(there)?;
    Ok(())
}

/// Stores what a paper is compiled from, in the order given.
pub fn insert_paper_editions(
    conn: &mut Conn,
    paper: ReportId,
    editions: &[Edition],
) -> Result<(), Problem> {
    for (position, edition) in (1_i32..).zip(editions) {
        let row = (
            paper_editions::report_id.eq(paper),
            paper_editions::edition_id.eq(edition.id),
            paper_editions::position.eq(position),
        );
        diesel::insert_into(paper_editions::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// What a paper is compiled from, in the order of the series.
pub fn paper_editions(conn: &mut Conn, paper: ReportId) -> Result<Vec<Edition>, Problem> {
    let rows = paper_editions::table
        .inner_join(report_editions::table)
        .filter(paper_editions::report_id.eq(paper))
        .order(paper_editions::position)
        .select(report_editions::all_columns)
        .load::<EditionRow>(conn)?;
    Ok(rows.into_iter().map(Edition::from).collect())
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
        reports::version.eq(report.version),
        reports::updated_at.eq(report.updated_at),
    ))
    .execute(conn)?;
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
#[diesel(table_name = report_sections)]
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
pub fn insert_section(conn: &mut Conn, section: &Section) -> Result<(), Problem> {
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
    Ok(())
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

/// Stores another heading; 412 when the section is not of that version any more.
pub fn set_heading(
    conn: &mut Conn,
    id: SectionId,
    version: i64,
    heading: Option<&str>,
) -> Result<(), Problem> {
    let this = report_sections::table
        .filter(report_sections::id.eq(id))
        .filter(report_sections::version.eq(version));
    let rows = diesel::update(this)
        .set((report_sections::heading.eq(heading), report_sections::version.eq(version + 1)))
        .execute(conn)?;
    errors::written(rows, version)
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = paragraphs)]
struct ParagraphRow {
    id: ParagraphId,
    report_id: ReportId,
    section_id: SectionId,
    position: i32,
    body: Option<String>,
    computed: Option<ComputedText>,
    objective: Option<i32>,
    editorial_reason: Option<String>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl ParagraphRow {
    fn with(self, inputs: Vec<InputId>, sources: Vec<Source>) -> Result<Paragraph, Problem> {
        let objective =
            self.objective.map(ObjectiveNumber::try_from).transpose().map_err(Problem::internal)?;
        Ok(Paragraph {
            id: self.id,
            report_id: self.report_id,
            section_id: self.section_id,
            position: self.position,
            text: self.body,
            computed: self.computed,
            objective,
            editorial_reason: self.editorial_reason,
            inputs,
            sources,
            version: self.version,
        })
    }
}

/// Stores a new paragraph with what it rests on.
pub fn insert_paragraph(
    conn: &mut Conn,
    paragraph: &Paragraph,
    now: Timestamp,
) -> Result<(), Problem> {
    let row = ParagraphRow {
        id: paragraph.id,
        report_id: paragraph.report_id,
        section_id: paragraph.section_id,
        position: paragraph.position,
        body: paragraph.text.clone(),
        computed: paragraph.computed,
        objective: paragraph.objective.map(i32::from),
        editorial_reason: paragraph.editorial_reason.clone(),
        version: paragraph.version,
        created_at: now,
        updated_at: now,
    };
    diesel::insert_into(paragraphs::table).values(&row).execute(conn)?;
    insert_links(conn, paragraph)
}

/// The paragraph, or 404.
pub fn paragraph(conn: &mut Conn, id: ParagraphId) -> Result<Paragraph, Problem> {
    let row = paragraphs::table.find(id).first::<ParagraphRow>(conn).optional()?;
    let row = row.ok_or_else(|| Problem::not_found("paragraph"))?;
    let inputs = paragraph_inputs::table
        .filter(paragraph_inputs::paragraph_id.eq(id))
        .order(paragraph_inputs::input_id)
        .select(paragraph_inputs::input_id)
        .load::<InputId>(conn)?;
    let sources = paragraph_sources::table
        .filter(paragraph_sources::paragraph_id.eq(id))
        .order((paragraph_sources::edition_id, paragraph_sources::paragraph_number))
        .select((paragraph_sources::edition_id, paragraph_sources::paragraph_number))
        .load::<(EditionId, i32)>(conn)?;
    row.with(inputs, sources.into_iter().map(source).collect())
}

/// The paragraphs of a report, by section and place.
pub fn paragraphs(conn: &mut Conn, report: ReportId) -> Result<Vec<Paragraph>, Problem> {
    let rows = paragraphs::table
        .filter(paragraphs::report_id.eq(report))
        .order((paragraphs::section_id, paragraphs::position, paragraphs::id))
        .load::<ParagraphRow>(conn)?;
    let mut inputs: BTreeMap<ParagraphId, Vec<InputId>> = BTreeMap::new();
    for (paragraph, input) in paragraph_inputs::table
        .inner_join(paragraphs::table)
        .filter(paragraphs::report_id.eq(report))
        .order((paragraph_inputs::paragraph_id, paragraph_inputs::input_id))
        .select((paragraph_inputs::paragraph_id, paragraph_inputs::input_id))
        .load::<(ParagraphId, InputId)>(conn)?
    {
        inputs.entry(paragraph).or_default().push(input);
    }
    let mut sources: BTreeMap<ParagraphId, Vec<Source>> = BTreeMap::new();
    for (paragraph, edition, number) in paragraph_sources::table
        .inner_join(paragraphs::table)
        .filter(paragraphs::report_id.eq(report))
        .order((paragraph_sources::edition_id, paragraph_sources::paragraph_number))
        .select((
            paragraph_sources::paragraph_id,
            paragraph_sources::edition_id,
            paragraph_sources::paragraph_number,
        ))
        .load::<(ParagraphId, EditionId, i32)>(conn)?
    {
        sources.entry(paragraph).or_default().push(source((edition, number)));
    }
    let with = |row: ParagraphRow| {
        let (inputs, sources) = (inputs.remove(&row.id), sources.remove(&row.id));
        row.with(inputs.unwrap_or_default(), sources.unwrap_or_default())
    };
    rows.into_iter().map(with).collect()
}

/// The paragraphs of a section and their places, in order.
pub fn places(conn: &mut Conn, section: SectionId) -> Result<Vec<(ParagraphId, i32)>, Problem> {
    let places = paragraphs::table
        .filter(paragraphs::section_id.eq(section))
        .order((paragraphs::position, paragraphs::id))
        .select((paragraphs::id, paragraphs::position));
    Ok(places.load(conn)?)
}

/// Gives a paragraph another place in its section.
pub fn set_place(conn: &mut Conn, id: ParagraphId, position: i32) -> Result<(), Problem> {
    diesel::update(paragraphs::table.find(id))
        .set(paragraphs::position.eq(position))
        .execute(conn)?;
    Ok(())
}

/// Stores what changed of a paragraph and what it rests on; its version is the next one already.
pub fn update_paragraph(
    conn: &mut Conn,
    paragraph: &Paragraph,
    now: Timestamp,
) -> Result<(), Problem> {
    let before = paragraph.version - 1;
    let this = paragraphs::table
        .filter(paragraphs::id.eq(paragraph.id))
        .filter(paragraphs::version.eq(before));
    let rows = diesel::update(this)
        .set((
            paragraphs::section_id.eq(paragraph.section_id),
            paragraphs::position.eq(paragraph.position),
            paragraphs::body.eq(&paragraph.text),
            paragraphs::objective.eq(paragraph.objective.map(i32::from)),
            paragraphs::editorial_reason.eq(&paragraph.editorial_reason),
            paragraphs::version.eq(paragraph.version),
            paragraphs::updated_at.eq(now),
        ))
        .execute(conn)?;
    errors::written(rows, before)?;
    delete_links(conn, paragraph.id)?;
    insert_links(conn, paragraph)
}

/// Removes a paragraph; 412 when it is not of that version any more.
pub fn delete_paragraph(conn: &mut Conn, id: ParagraphId, version: i64) -> Result<(), Problem> {
    delete_links(conn, id)?;
    let this =
        paragraphs::table.filter(paragraphs::id.eq(id)).filter(paragraphs::version.eq(version));
    errors::written(diesel::delete(this).execute(conn)?, version)
}

fn insert_links(conn: &mut Conn, paragraph: &Paragraph) -> Result<(), Problem> {
    for input in &paragraph.inputs {
        let row = (
            paragraph_inputs::paragraph_id.eq(paragraph.id),
            paragraph_inputs::input_id.eq(*input),
        );
        diesel::insert_into(paragraph_inputs::table).values(row).execute(conn)?;
    }
    for source in &paragraph.sources {
        let row = (
            paragraph_sources::paragraph_id.eq(paragraph.id),
            paragraph_sources::edition_id.eq(source.edition_id),
            paragraph_sources::paragraph_number.eq(number_column(source.number)),
        );
        diesel::insert_into(paragraph_sources::table).values(row).execute(conn)?;
    }
    Ok(())
}

fn delete_links(conn: &mut Conn, id: ParagraphId) -> Result<(), Problem> {
    let inputs = paragraph_inputs::table.filter(paragraph_inputs::paragraph_id.eq(id));
    diesel::delete(inputs).execute(conn)?;
    let sources = paragraph_sources::table.filter(paragraph_sources::paragraph_id.eq(id));
    diesel::delete(sources).execute(conn)?;
    Ok(())
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = report_omissions)]
struct OmissionRow {
    id: OmissionId,
    report_id: ReportId,
    input_id: Option<InputId>,
    edition_id: Option<EditionId>,
    paragraph_number: Option<i32>,
    reason: String,
    created_at: Timestamp,
}

/// Stores an omission; 409 when it is recorded already.
pub fn insert_omission(
    conn: &mut Conn,
    omission: &Omission,
    now: Timestamp,
) -> Result<(), Problem> {
    let (input_id, at) = match omission.omitted {
        Omitted::Input(input) => (Some(input), None),
        Omitted::Source(source) => (None, Some(source)),
    };
    let row = OmissionRow {
        id: omission.id,
        report_id: omission.report_id,
        input_id,
        edition_id: at.map(|source| source.edition_id),
        paragraph_number: at.map(|source| number_column(source.number)),
        reason: omission.reason.clone(),
        created_at: now,
    };
    let pointer = if input_id.is_some() { "/input_id" } else { "/source" };
    let there = || errors::taken(pointer, "It is recorded already why this is left out.");
    diesel::insert_into(report_omissions::table).values(&row).execute(conn).on_unique(there)?;
    Ok(())
}

/// What is left out of a report.
pub fn omissions(conn: &mut Conn, report: ReportId) -> Result<Vec<Omission>, Problem> {
    let rows = report_omissions::table
        .filter(report_omissions::report_id.eq(report))
        .order(report_omissions::id)
        .load::<OmissionRow>(conn)?;
    let omission = |row: OmissionRow| {
        let omitted = match (row.input_id, row.edition_id, row.paragraph_number) {
            (Some(input), _, _) => Some(Omitted::Input(input)),
            (None, Some(edition), Some(number)) => Some(Omitted::Source(source((edition, number)))),
            _ => None,
        };
        omitted.map(|omitted| Omission {
            id: row.id,
            report_id: row.report_id,
            omitted,
            reason: row.reason,
        })
    };
    Ok(rows.into_iter().filter_map(omission).collect())
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = report_editions)]
struct EditionRow {
    id: EditionId,
    report_id: ReportId,
    number: i32,
    symbol: Option<String>,
    document: String,
    record: Json<EditionRecord>,
    sha256: String,
    published_at: Timestamp,
}

impl From<EditionRow> for Edition {
    fn from(row: EditionRow) -> Self {
        Self {
            id: row.id,
            report_id: row.report_id,
            number: row.number,
            symbol: row.symbol,
            document: row.document,
            record: row.record.0,
            sha256: row.sha256,
            published_at: row.published_at,
        }
    }
}

/// Freezes an edition.
pub fn insert_edition(conn: &mut Conn, edition: &Edition) -> Result<(), Problem> {
    let edition = edition.clone();
    let row = EditionRow {
        id: edition.id,
        report_id: edition.report_id,
        number: edition.number,
        symbol: edition.symbol,
        document: edition.document,
        record: Json(edition.record),
        sha256: edition.sha256,
        published_at: edition.published_at,
    };
    let there = || errors::taken("/number", "An edition was published in the meantime.");
    diesel::insert_into(report_editions::table).values(&row).execute(conn).on_unique(there)?;
    Ok(())
}

/// Notes on which inputs the paragraphs of an edition rest.
pub fn insert_provenance(
    conn: &mut Conn,
    edition: EditionId,
    provenance: &[(u32, InputId)],
) -> Result<(), Problem> {
    for (number, input) in provenance {
        let row = (
            edition_inputs::edition_id.eq(edition),
            edition_inputs::paragraph_number.eq(number_column(*number)),
            edition_inputs::input_id.eq(*input),
        );
        diesel::insert_into(edition_inputs::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// A paragraph of a published edition that rests on an input.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Published {
    /// The input.
    pub input_id: InputId,
    /// The report.
    pub report_id: ReportId,
    /// The edition's number.
    pub edition: i32,
    /// The symbol under which it was published.
    pub symbol: Option<String>,
    /// The paragraph's number.
    pub paragraph: i32,
}

/// The paragraphs of editions that rest on these inputs.
pub fn published_on(conn: &mut Conn, inputs: &[InputId]) -> Result<Vec<Published>, Problem> {
    Ok(edition_inputs::table
        .inner_join(report_editions::table)
        .filter(edition_inputs::input_id.eq_any(inputs))
        .order((
            report_editions::report_id,
            report_editions::number,
            edition_inputs::paragraph_number,
        ))
        .select((
            edition_inputs::input_id,
            report_editions::report_id,
            report_editions::number,
            report_editions::symbol,
            edition_inputs::paragraph_number,
        ))
        .load(conn)?)
}

/// The paragraphs of drafts that rest on these inputs, with their reports.
pub fn drafted_on(
    conn: &mut Conn,
    inputs: &[InputId],
) -> Result<Vec<(InputId, ReportId, ParagraphId)>, Problem> {
    Ok(paragraph_inputs::table
        .inner_join(paragraphs::table)
        .filter(paragraph_inputs::input_id.eq_any(inputs))
        .order((paragraphs::report_id, paragraphs::id))
        .select((paragraph_inputs::input_id, paragraphs::report_id, paragraphs::id))
        .load(conn)?)
}

/// Why these inputs are not in a report, where that was said.
pub fn omitted(
    conn: &mut Conn,
    inputs: &[InputId],
) -> Result<Vec<(InputId, ReportId, String)>, Problem> {
    let wanted: Vec<Option<InputId>> = inputs.iter().copied().map(Some).collect();
    let rows: Vec<(Option<InputId>, ReportId, String)> = report_omissions::table
        .filter(report_omissions::input_id.eq_any(wanted))
        .order(report_omissions::id)
        .select((report_omissions::input_id, report_omissions::report_id, report_omissions::reason))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(id, report, reason)| Some((id?, report, reason))).collect())
}

/// The editions of a report, by number.
pub fn editions(conn: &mut Conn, report: ReportId) -> Result<Vec<Edition>, Problem> {
    let rows = report_editions::table
        .filter(report_editions::report_id.eq(report))
        .order(report_editions::number)
        .load::<EditionRow>(conn)?;
    Ok(rows.into_iter().map(Edition::from).collect())
}

/// The edition of that number, or 404.
pub fn edition(conn: &mut Conn, report: ReportId, number: i32) -> Result<Edition, Problem> {
    let row = report_editions::table
        .filter(report_editions::report_id.eq(report))
        .filter(report_editions::number.eq(number))
        .first::<EditionRow>(conn)
        .optional()?;
    row.map(Edition::from).ok_or_else(|| Problem::not_found("edition"))
}

/// How many editions a report has.
pub fn count_editions(conn: &mut Conn, report: ReportId) -> Result<i64, Problem> {
    Ok(report_editions::table
        .filter(report_editions::report_id.eq(report))
        .count()
        .get_result(conn)?)
}

fn source((edition_id, number): (EditionId, i32)) -> Source {
    Source { edition_id, number: u32::try_from(number).unwrap_or_default() }
}

fn number_column(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
