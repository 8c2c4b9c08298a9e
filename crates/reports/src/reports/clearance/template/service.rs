//! The commenting template, out and in: all of it is taken or nothing, and a dry run names every cell that cannot be. Must never learn
//! who said what.

use serde::Serialize;
use utoipa::ToSchema;

use super::margins::{self, Beside};
use super::{FIELDS, Line, Said, lines, referred};
use crate::exchange::columns::{Columns, Mapping};
use crate::exchange::report::ImportReport;
use crate::exchange::table::{self, Row, Table};
use crate::problem::{Code, Problem};
use crate::render::docx::MEDIA_TYPE;
use crate::render::docx::filled::is_word;
use crate::reports::clearance::Passage;
use crate::reports::clearance::comments::{check_text, service as comments};
use crate::reports::clearance::service::{open_round, speaks_for};
use crate::reports::history;
use crate::reports::rights::locate_draft;
use crate::reports::suggestions::service as suggestions;
use crate::reports::suggestions::{NewSuggestion, SuggestionKind};
use crate::reports::{Report, ReportId, service};
use crate::vocabulary::PartyId;
use crate::ways;
use crate::work::Work;

/// A report with its paragraphs as the template has them, and where they are commented on.
pub struct Outgoing {
    /// The report.
    pub report: Report,
    /// Its paragraphs.
    pub lines: Vec<Line>,
    /// The clearance room, from outside.
    pub page: String,
}

/// What the template is made of.
pub fn read(work: &mut Work, id: ReportId) -> Result<Outgoing, Problem> {
    let outline = service::outline(work, id)?;
    let lines = lines(&outline);
    let page = format!("{}{}", work.settings.server.public_url, ways::clearance(id));
    Ok(Outgoing { report: outline.report, lines, page })
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
    /// Comments in the margin of a Word file that are set beside no paragraph of the draft: make them by hand.
    pub unplaced: Vec<String>,
}

/// What a file says that was sent back.
#[derive(Debug, Clone)]
pub struct ReadBack {
    /// Rows, columns and errors.
    pub report: ImportReport,
    /// What can be taken over, in the order of the file.
    pub said: Vec<Said>,
    /// Comments in the margin that are set beside no paragraph of the draft.
    pub unplaced: Vec<String>,
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

/// Takes a template back, for whoever is asked: each row with a comment or other wording and each comment in the margin, all of them or
/// none.
pub fn take(work: &mut Work, id: ReportId, sent: Sent<'_>) -> Result<ReturnedTemplate, Problem> {
    if !sent.dry_run {
        work.lock(id.uuid())?;
    }
    let ReadBack { report, said, unplaced } = look(work, id, sent)?;
    if !sent.dry_run && !report.is_clean() {
        return Err(report.refusal());
    }
    let count = |has: fn(&Said) -> bool| said.iter().filter(|one| has(one)).count() as u32;
    let (made, suggested) =
        (count(|one| one.comment.is_some()), count(|one| one.wording.is_some()));
    if !sent.dry_run {
        keep(work, id, sent.party, said)?;
    }
    Ok(ReturnedTemplate { report, comments: made, suggestions: suggested, unplaced })
}

/// What a file says, for whoever is asked. Writes nothing.
pub fn look(work: &mut Work, id: ReportId, sent: Sent<'_>) -> Result<ReadBack, Problem> {
    let place = locate_draft(work, id)?;
    let round = open_round(work, &place)?;
    speaks_for(work, &place, &round, sent.party)?;
    let said_to_be = sent.content_type.is_some_and(|kind| kind.starts_with(MEDIA_TYPE));
    let (table, mapping, margin) = if said_to_be || is_word(sent.bytes) {
        let lines = read(work, id)?.lines;
        let written = margins::read(sent.bytes, &lines)?;
        let margin = placed(work, &lines, written.margin)?;
        (written.table, margins::mapping()?, margin)
    } else {
        let table = table::read(sent.bytes, sent.content_type)?;
        (table, Mapping::default(), Margin::default())
    };
    let mut back = rows(work, id, &table, &mapping, sent.dry_run)?;
    back.said.extend(margin.said);
    back.unplaced = margin.unplaced;
    Ok(back)
}

/// Makes the comments and suggestions that a file says, for a party that is asked: all of them, or none.
pub fn keep(
    work: &mut Work,
    id: ReportId,
    party: Option<PartyId>,
    said: Vec<Said>,
) -> Result<(), Problem> {
    work.lock(id.uuid())?;
    let place = locate_draft(work, id)?;
    let round = open_round(work, &place)?;
    let party = Some(speaks_for(work, &place, &round, party)?.id);
    for Said { on, comment, wording } in said {
        if let Some(text) = comment {
            comments::say(work, id, party, on, text)?;
        }
        if let (Some(on), Some(text)) = (on, wording) {
            let new = suggestion(on, text);
            suggestions::check_of(work, id, on.paragraph, &new)?;
            suggestions::suggest_for(work, on.paragraph, party, new)?;
        }
    }
    Ok(())
}

fn rows(
    work: &mut Work,
    id: ReportId,
    table: &Table,
    mapping: &Mapping,
    dry_run: bool,
) -> Result<ReadBack, Problem> {
    let columns = Columns::find(table, FIELDS, &[], mapping)?;
    let mut report = ImportReport::new(table, columns.used(), dry_run);
    let mut said = Vec::new();
    for row in &table.rows {
        said.extend(row_said(work, id, &columns, row, &mut report)?);
    }
    Ok(ReadBack { report: report.in_order(), said, unplaced: Vec::new() })
}

/// What stands in a margin.
#[derive(Default)]
struct Margin {
    said: Vec<Said>,
    unplaced: Vec<String>,
}

/// Comments in the margin, each on the words that it is set beside where the paragraph has them once, else on all of it.
fn placed(work: &mut Work, lines: &[Line], beside: Vec<Beside>) -> Result<Margin, Problem> {
    let mut margin = Margin::default();
    for Beside { at, words, text } in beside {
        let current = |id| lines.iter().find(|line| line.id == id).map(|line| line.version);
        let named = at.and_then(|(id, version)| {
            let now = current(id)?;
            Some((id, version.unwrap_or(now)))
        });
        let Some((paragraph, version)) = named.filter(|_| check_text(&text).is_ok()) else {
            margin.unplaced.push(text);
            continue;
        };
        let read = Problem::or_refused(history::service::version(work, paragraph, version))?;
        match read {
            Some(read) => {
                let on = Passage { paragraph, version, range: range(read.text(), &words) };
                margin.said.push(Said { on: Some(on), comment: Some(text), wording: None });
            }
            None => margin.unplaced.push(text),
        }
    }
    Ok(margin)
}

/// The characters of a text that are these words, where it has them once.
fn range(text: &str, words: &str) -> Option<(u32, u32)> {
    let mut found = text.match_indices(words).filter(|_| !words.is_empty());
    let (Some((at, _)), None) = (found.next(), found.next()) else { return None };
    let count = |part: &str| u32::try_from(part.chars().count()).ok();
    let start = count(text.get(..at)?)?;
    Some((start, start.checked_add(count(words)?)?))
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

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn words_are_found_where_they_stand_once() {
        assert_eq!(range("移民 fees, fees", "移民"), Some((0, 2)));
        assert_eq!(range("移民 fees differ", "fees"), Some((3, 7)));
        assert_eq!(range("fees, fees", "fees"), None);
        assert_eq!(range("fees", ""), None);
        assert_eq!(range("fees", "visas"), None);
    }
}
