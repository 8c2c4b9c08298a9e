//! SQL of what is left out of a report and of its editions, with the inputs that each rests on. An edition is never changed. Must
//! never touch the attribution of inputs.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::errors::{self, Meaning};
use crate::db::schema::{
    edition_inputs, edition_sources, edition_translations, paper_editions, paragraph_inputs,
    paragraphs, report_editions, report_omissions, reports,
};
use crate::db::types::{Json, Timestamp};
use crate::inputs::InputId;
use crate::insert_rows;
use crate::problem::Problem;
use crate::reviews::ReviewId;

use super::{number_column, source};
use crate::reports::clearance::Approval;
use crate::reports::{
    Amendment, Edition, EditionId, EditionRecord, Issue, Omission, OmissionId, Omitted,
    ParagraphId, ReportId, Source,
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = report_omissions, treat_none_as_default_value = false)]
struct OmissionRow {
    id: OmissionId,
    report_id: ReportId,
    input_id: Option<InputId>,
    edition_id: Option<EditionId>,
    paragraph_number: Option<i32>,
    reason: String,
    created_at: Timestamp,
    version: i64,
}

impl OmissionRow {
    fn read(self) -> Option<Omission> {
        let omitted = match (self.input_id, self.edition_id, self.paragraph_number) {
            (Some(input), _, _) => Omitted::Input(input),
            (None, Some(edition), Some(number)) => Omitted::Source(source((edition, number))),
            _ => return None,
        };
        Some(Omission {
            id: self.id,
            report_id: self.report_id,
            omitted,
            reason: self.reason,
            version: self.version,
        })
    }
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
        version: omission.version,
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
    Ok(rows.into_iter().filter_map(OmissionRow::read).collect())
}

/// Lets an omission be of the same paragraph in another edition.
pub fn set_omitted_source(conn: &mut Conn, id: OmissionId, source: Source) -> Result<(), Problem> {
    diesel::update(report_omissions::table.find(id))
        .set((
            report_omissions::edition_id.eq(source.edition_id),
            report_omissions::paragraph_number.eq(number_column(source.number)),
            report_omissions::version.eq(report_omissions::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// The omission, or 404.
pub fn omission(conn: &mut Conn, id: OmissionId) -> Result<Omission, Problem> {
    let row = report_omissions::table.find(id).first::<OmissionRow>(conn).optional()?;
    row.and_then(OmissionRow::read).ok_or_else(|| Problem::not_found("omission"))
}

/// Stores another reason; its version is the next one already.
pub fn update_omission(conn: &mut Conn, omission: &Omission) -> Result<(), Problem> {
    let before = omission.version - 1;
    let this = report_omissions::table
        .filter(report_omissions::id.eq(omission.id))
        .filter(report_omissions::version.eq(before));
    let rows = diesel::update(this)
        .set((
            report_omissions::reason.eq(&omission.reason),
            report_omissions::version.eq(omission.version),
        ))
        .execute(conn)?;
    errors::written(rows, before)
}

/// Takes an omission away; 412 when it is not of that version any more.
pub fn delete_omission(conn: &mut Conn, id: OmissionId, version: i64) -> Result<(), Problem> {
    let this = report_omissions::table
        .filter(report_omissions::id.eq(id))
        .filter(report_omissions::version.eq(version));
    errors::written(diesel::delete(this).execute(conn)?, version)
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = report_editions, treat_none_as_default_value = false)]
struct EditionRow {
    id: EditionId,
    report_id: ReportId,
    number: i32,
    symbol: Option<String>,
    document: String,
    record: Json<EditionRecord>,
    sha256: String,
    published_at: Timestamp,
    amendment: Option<Amendment>,
}

impl From<EditionRow> for Edition {
    fn from(row: EditionRow) -> Self {
        Self {
            id: row.id,
            report_id: row.report_id,
            number: row.number,
            amendment: row.amendment,
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
        amendment: edition.amendment,
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
    let row = |(number, input): &(u32, InputId)| {
        (
            edition_inputs::edition_id.eq(edition),
            edition_inputs::paragraph_number.eq(number_column(*number)),
            edition_inputs::input_id.eq(*input),
        )
    };
    let rows: Vec<_> = provenance.iter().map(row).collect();
    Ok(insert_rows!(conn, edition_inputs::table, &rows)?)
}

/// Notes on which paragraphs of other editions those of an edition rest.
pub fn insert_sources(
    conn: &mut Conn,
    edition: EditionId,
    sources: &[(u32, Source)],
) -> Result<(), Problem> {
    let row = |(number, source): &(u32, Source)| {
        (
            edition_sources::edition_id.eq(edition),
            edition_sources::paragraph_number.eq(number_column(*number)),
            edition_sources::source_id.eq(source.edition_id),
            edition_sources::source_number.eq(number_column(source.number)),
        )
    };
    let rows: Vec<_> = sources.iter().map(row).collect();
    Ok(insert_rows!(conn, edition_sources::table, &rows)?)
}

/// The inputs that a paragraph of an edition rests on.
pub fn inputs_of(conn: &mut Conn, of: Source) -> Result<Vec<InputId>, Problem> {
    Ok(edition_inputs::table
        .filter(edition_inputs::edition_id.eq(of.edition_id))
        .filter(edition_inputs::paragraph_number.eq(number_column(of.number)))
        .order(edition_inputs::input_id)
        .select(edition_inputs::input_id)
        .load(conn)?)
}

/// The paragraphs of other editions that a paragraph of an edition rests on.
pub fn sources_of(conn: &mut Conn, of: Source) -> Result<Vec<Source>, Problem> {
    let found = edition_sources::table
        .filter(edition_sources::edition_id.eq(of.edition_id))
        .filter(edition_sources::paragraph_number.eq(number_column(of.number)))
        .order((edition_sources::source_id, edition_sources::source_number))
        .select((edition_sources::source_id, edition_sources::source_number))
        .load::<(EditionId, i32)>(conn)?;
    Ok(found.into_iter().map(source).collect())
}

/// All that the paragraphs of an edition rest on in other editions: the number of each paragraph, and what it rests on.
pub fn all_sources(conn: &mut Conn, of: EditionId) -> Result<Vec<(u32, Source)>, Problem> {
    let found = edition_sources::table
        .filter(edition_sources::edition_id.eq(of))
        .order((
            edition_sources::paragraph_number,
            edition_sources::source_id,
            edition_sources::source_number,
        ))
        .select((
            edition_sources::paragraph_number,
            edition_sources::source_id,
            edition_sources::source_number,
        ))
        .load::<(i32, EditionId, i32)>(conn)?;
    let with = |(number, id, at)| (u32::try_from(number).unwrap_or_default(), source((id, at)));
    Ok(found.into_iter().map(with).collect())
}

/// The paragraphs of editions that rest on a paragraph of another edition.
pub fn resting_on(conn: &mut Conn, on: Source) -> Result<Vec<Source>, Problem> {
    let found = edition_sources::table
        .filter(edition_sources::source_id.eq(on.edition_id))
        .filter(edition_sources::source_number.eq(number_column(on.number)))
        .order((edition_sources::edition_id, edition_sources::paragraph_number))
        .select((edition_sources::edition_id, edition_sources::paragraph_number))
        .load::<(EditionId, i32)>(conn)?;
    Ok(found.into_iter().map(source).collect())
}

/// The inputs that every paragraph of an edition rests on.
pub fn all_inputs(conn: &mut Conn, of: EditionId) -> Result<Vec<(u32, InputId)>, Problem> {
    let found = edition_inputs::table
        .filter(edition_inputs::edition_id.eq(of))
        .order((edition_inputs::paragraph_number, edition_inputs::input_id))
        .select((edition_inputs::paragraph_number, edition_inputs::input_id))
        .load::<(i32, InputId)>(conn)?;
    let with = |(number, input)| (u32::try_from(number).unwrap_or_default(), input);
    Ok(found.into_iter().map(with).collect())
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

/// The paragraphs of editions that rest on these inputs, and those of papers that rest on such paragraphs.
pub fn published_on(conn: &mut Conn, inputs: &[InputId]) -> Result<Vec<Published>, Problem> {
    let mut published: Vec<Published> = edition_inputs::table
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
        .load(conn)?;
    let papers: Vec<Published> = edition_inputs::table
        .inner_join(
            edition_sources::table.on(edition_sources::source_id
                .eq(edition_inputs::edition_id)
                .and(edition_sources::source_number.eq(edition_inputs::paragraph_number))),
        )
        .inner_join(report_editions::table.on(report_editions::id.eq(edition_sources::edition_id)))
        .filter(edition_inputs::input_id.eq_any(inputs))
        .order((
            report_editions::report_id,
            report_editions::number,
            edition_sources::paragraph_number,
            edition_inputs::input_id,
        ))
        .select((
            edition_inputs::input_id,
            report_editions::report_id,
            report_editions::number,
            report_editions::symbol,
            edition_sources::paragraph_number,
        ))
        .distinct()
        .load(conn)?;
    published.extend(papers);
    Ok(published)
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
pub fn all(conn: &mut Conn, report: ReportId) -> Result<Vec<Edition>, Problem> {
    let rows = report_editions::table
        .filter(report_editions::report_id.eq(report))
        .order(report_editions::number)
        .load::<EditionRow>(conn)?;
    Ok(rows.into_iter().map(Edition::from).collect())
}

/// The ids of the editions of a report, by number.
pub fn ids(conn: &mut Conn, report: ReportId) -> Result<Vec<EditionId>, Problem> {
    let of = report_editions::table.filter(report_editions::report_id.eq(report));
    Ok(of.order(report_editions::number).select(report_editions::id).load(conn)?)
}

/// The SHA-256 of every text that is published, translations too, the latest first.
pub fn fingerprints(conn: &mut Conn) -> Result<Vec<String>, Problem> {
    let mut all: Vec<(Timestamp, String)> = report_editions::table
        .select((report_editions::published_at, report_editions::sha256))
        .load(conn)?;
    let translations = edition_translations::table
        .select((edition_translations::published_at, edition_translations::sha256));
    all.extend(translations.load::<(Timestamp, String)>(conn)?);
    all.sort_by(|one, other| other.cmp(one));
    Ok(all.into_iter().map(|(_, sha256)| sha256).collect())
}

/// The published text with this SHA-256, as JSON; 404 where there is none.
pub fn text(conn: &mut Conn, sha256: &str) -> Result<String, Problem> {
    let edition = report_editions::table.filter(report_editions::sha256.eq(sha256));
    let edition = edition.select(report_editions::document).first(conn).optional()?;
    if let Some(text) = edition {
        return Ok(text);
    }
    let translation = edition_translations::table.filter(edition_translations::sha256.eq(sha256));
    let translation = translation.select(edition_translations::document).first(conn).optional()?;
    translation.ok_or_else(|| Problem::not_found("edition"))
}

/// The newest edition of a report; none while none is published.
pub fn newest(conn: &mut Conn, report: ReportId) -> Result<Option<Edition>, Problem> {
    let row = report_editions::table
        .filter(report_editions::report_id.eq(report))
        .order(report_editions::number.desc())
        .first::<EditionRow>(conn)
        .optional()?;
    Ok(row.map(Edition::from))
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

#[derive(Queryable)]
pub(super) struct IssueRow {
    number: i32,
    symbol: Option<String>,
    published_at: Timestamp,
    amendment: Option<Amendment>,
}

impl From<IssueRow> for Issue {
    fn from(row: IssueRow) -> Self {
        let IssueRow { number, symbol, published_at, amendment } = row;
        Self { number, amendment, symbol, published_at }
    }
}

/// What is told of an edition without its text.
pub(super) const ISSUE: (
    report_editions::number,
    report_editions::symbol,
    report_editions::published_at,
    report_editions::amendment,
) = (
    report_editions::number,
    report_editions::symbol,
    report_editions::published_at,
    report_editions::amendment,
);

/// Whether an edition of another report was published under this symbol.
pub fn carries_elsewhere(conn: &mut Conn, report: ReportId, symbol: &str) -> Result<bool, Problem> {
    let others = report_editions::table
        .filter(report_editions::symbol.eq(symbol))
        .filter(report_editions::report_id.ne(report));
    Ok(others.count().get_result::<i64>(conn)? > 0)
}

/// Who approved each edition of a report, by number.
pub fn approvals(conn: &mut Conn, report: ReportId) -> Result<Vec<(i32, Approval)>, Problem> {
    let rows: Vec<(i32, Json<EditionRecord>)> = report_editions::table
        .filter(report_editions::report_id.eq(report))
        .order(report_editions::number)
        .select((report_editions::number, report_editions::record))
        .load(conn)?;
    Ok(rows.into_iter().map(|(number, record)| (number, record.0.approval)).collect())
}

/// Editions by their ids; ids of none are left out.
pub fn by_ids(conn: &mut Conn, ids: &BTreeSet<EditionId>) -> Result<Vec<Edition>, Problem> {
    let rows = report_editions::table
        .filter(report_editions::id.eq_any(ids))
        .order(report_editions::id)
        .load::<EditionRow>(conn)?;
    Ok(rows.into_iter().map(Edition::from).collect())
}

/// What editions are called: each with its report, number and symbol.
#[expect(clippy::type_complexity, reason = "a row as it is read, taken apart at once")]
pub fn named(
    conn: &mut Conn,
    ids: &BTreeSet<EditionId>,
) -> Result<Vec<(EditionId, ReportId, i32, Option<String>)>, Problem> {
    Ok(report_editions::table
        .filter(report_editions::id.eq_any(ids))
        .order(report_editions::id)
        .select((
            report_editions::id,
            report_editions::report_id,
            report_editions::number,
            report_editions::symbol,
        ))
        .load(conn)?)
}

/// The editions that a paper is compiled from, in the order of the series: each with its report and number.
pub fn used(conn: &mut Conn, paper: ReportId) -> Result<Vec<(EditionId, ReportId, i32)>, Problem> {
    Ok(paper_editions::table
        .inner_join(report_editions::table)
        .filter(paper_editions::report_id.eq(paper))
        .order(paper_editions::position)
        .select((report_editions::id, report_editions::report_id, report_editions::number))
        .load(conn)?)
}

/// That editions of a report were published, by number.
pub fn issues(conn: &mut Conn, report: ReportId) -> Result<Vec<Issue>, Problem> {
    let rows = report_editions::table
        .filter(report_editions::report_id.eq(report))
        .order(report_editions::number)
        .select(ISSUE)
        .load::<IssueRow>(conn)?;
    Ok(rows.into_iter().map(Issue::from).collect())
}

/// The reports of a review of which there is an edition.
pub fn published_reports(conn: &mut Conn, review: ReviewId) -> Result<BTreeSet<ReportId>, Problem> {
    let published = report_editions::table
        .inner_join(reports::table)
        .filter(reports::review_id.eq(review))
        .select(report_editions::report_id)
        .distinct()
        .load::<ReportId>(conn)?;
    Ok(published.into_iter().collect())
}

/// How many editions a report has.
pub fn count_editions(conn: &mut Conn, report: ReportId) -> Result<i64, Problem> {
    Ok(report_editions::table
        .filter(report_editions::report_id.eq(report))
        .count()
        .get_result(conn)?)
}

/// How many editions each of these reports has that has any.
pub fn counts_of_editions(
    conn: &mut Conn,
    reports: &[ReportId],
) -> Result<BTreeMap<ReportId, i64>, Problem> {
    let counts: Vec<(ReportId, i64)> = report_editions::table
        .filter(report_editions::report_id.eq_any(reports))
        .group_by(report_editions::report_id)
        .select((report_editions::report_id, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(counts.into_iter().collect())
}

/// Stores what a paper is compiled from, in the order given, in place of what it was compiled from before.
pub fn put_paper_editions(
    conn: &mut Conn,
    paper: ReportId,
    editions: &[Edition],
) -> Result<(), Problem> {
    let before = paper_editions::table.filter(paper_editions::report_id.eq(paper));
    diesel::delete(before).execute(conn)?;
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
