//! The commenting template, out and in: all of its rows are taken or none, and a dry run names every cell that cannot be. Must never
//! learn who said what.

use serde::Serialize;
use utoipa::ToSchema;

use super::{FIELDS, Line, lines, referred};
use crate::db;
use crate::exchange::columns::{Columns, Mapping};
use crate::exchange::report::ImportReport;
use crate::exchange::table::{self, Row};
use crate::problem::{Code, Problem};
use crate::reports::clearance::Passage;
use crate::reports::clearance::comments::service as comments;
use crate::reports::clearance::service::{open_round, speaks_for};
use crate::reports::rights::locate_draft;
use crate::reports::suggestions::service as suggestions;
use crate::reports::suggestions::{NewSuggestion, SuggestionKind};
use crate::reports::{Report, ReportId, service};
use crate::vocabulary::PartyId;
use crate::work::Work;

/// The report, and its paragraphs as the template has them.
pub fn read(work: &mut Work, id: ReportId) -> Result<(Report, Vec<Line>), Problem> {
    let outline = service::outline(work, id)?;
    let lines = lines(&outline);
    Ok((outline.report, lines))
}

/// What came of a template that was sent back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReturnedTemplate {
    /// Rows, columns and errors.
    #[serde(flatten)]
    pub report: ImportReport,
    /// How many comments were made, or would be.
    pub comments: u32,
    /// How many suggestions were made, or would be.
    pub suggestions: u32,
}

/// A file that is sent back.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'f> {
    /// Its bytes.
    pub bytes: &'f [u8],
    /// What it was sent as.
    pub content_type: Option<&'f str>,
    /// For whom the comments are.
    pub party: Option<PartyId>,
    /// Nothing is written.
    pub dry_run: bool,
}

/// What one row says.
struct Said {
    on: Option<Passage>,
    comment: Option<String>,
    wording: Option<String>,
}

/// Takes a template back, for whoever is asked: each row with a comment or other wording, all of them or none.
pub fn take(work: &mut Work, id: ReportId, sent: Sent<'_>) -> Result<ReturnedTemplate, Problem> {
    if !sent.dry_run {
        db::lock(work.conn, id.uuid())?;
    }
    let place = locate_draft(work, id)?;
    let round = open_round(work, &place)?;
    let party = speaks_for(work, &place, &round, sent.party)?;
    let table = table::read(sent.bytes, sent.content_type)?;
    let columns = Columns::find(&table, FIELDS, &[], &Mapping::default())?;
    let mut report = ImportReport::new(&table, columns.used(), sent.dry_run);
    let mut said = Vec::new();
    for row in &table.rows {
        said.extend(row_said(work, id, &columns, row, &mut report)?);
    }
    let report = report.in_order();
    if !sent.dry_run && !report.is_clean() {
        return Err(report.refusal());
    }
    let count = |has: fn(&Said) -> bool| said.iter().filter(|one| has(one)).count() as u32;
    let (made, suggested) =
        (count(|one| one.comment.is_some()), count(|one| one.wording.is_some()));
    if !sent.dry_run {
        for one in said {
            make(work, id, party.id, one)?;
        }
    }
    Ok(ReturnedTemplate { report, comments: made, suggestions: suggested })
}

/// What a row says, where it says anything that can be taken; else its cells are named.
fn row_said(
    work: &mut Work,
    id: ReportId,
    columns: &Columns,
    row: &Row,
    report: &mut ImportReport,
) -> Result<Option<Said>, Problem> {
    let cell = |field: &str| columns.get(row, field).map(str::to_owned);
    let (comment, wording) = (cell("comment"), cell("suggested_wording"));
    if comment.is_none() && wording.is_none() {
        return Ok(None);
    }
    let on = match cell("reference").map(|text| referred(&text)) {
        None => None,
        Some(Some((paragraph, version))) => Some(Passage { paragraph, version, range: None }),
        Some(None) => {
            let detail = "leave it as it was: it names the paragraph and its version";
            report.error(row.number, columns.name("reference"), "unknown_paragraph", detail);
            return Ok(None);
        }
    };
    if let Some(text) = &comment {
        refuse(report, columns, row, "comment", comments::check(work, id, on, text))?;
    }
    match (&wording, on) {
        (None, _) => {}
        (Some(_), None) => {
            let detail = "belongs to a paragraph: name it in the column of references";
            let column = columns.name("suggested_wording");
            report.error(row.number, column, "unknown_paragraph", detail);
        }
        (Some(text), Some(on)) => {
            let new = suggestion(on, text.clone());
            let checked = suggestions::check_of(work, id, on.paragraph, &new);
            refuse(report, columns, row, "suggested_wording", checked)?;
        }
    }
    Ok((!report.is_bad(row.number)).then_some(Said { on, comment, wording }))
}

/// Names what is wrong with a cell: at the reference where it is that, else at the column that was read.
fn refuse(
    report: &mut ImportReport,
    columns: &Columns,
    row: &Row,
    field: &str,
    checked: Result<(), Problem>,
) -> Result<(), Problem> {
    let Err(problem) = checked else { return Ok(()) };
    if problem.code() != Code::InvalidValue {
        return Err(problem);
    }
    for error in problem.errors() {
        let at = if error.pointer == "/text" { field } else { "reference" };
        report.error(row.number, columns.name(at), &error.code, error.detail.clone());
    }
    Ok(())
}

fn suggestion(on: Passage, text: String) -> NewSuggestion {
    let (kind, made_from) = (SuggestionKind::Replace, on.version);
    NewSuggestion { kind, made_from, text: Some(text), comment: None, author: None }
}

fn make(work: &mut Work, id: ReportId, party: PartyId, said: Said) -> Result<(), Problem> {
    if let Some(text) = said.comment {
        comments::say(work, id, Some(party), said.on, text)?;
    }
    if let (Some(on), Some(text)) = (said.on, said.wording) {
        suggestions::suggest(work, on.paragraph, suggestion(on, text))?;
    }
    Ok(())
}
