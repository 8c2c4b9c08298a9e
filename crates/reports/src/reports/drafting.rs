//! Drafting: sections, paragraphs and what they rest on. Must never learn who said what.

use std::collections::BTreeSet;

use crate::document::inline;
use crate::inputs::{InputId, InputState, reading};
use crate::problem::{Checks, Code, Problem, require_version};
use crate::work::Work;

use crate::reports::{
    MastheadNote, Merge, Paragraph, ParagraphChange, ParagraphId, Report, ReportChange, ReportId,
    Section, SectionId, store,
};

use super::history::service::step;
use super::history::store::note_report;
use super::history::{DraftStepKind, Step};
use super::rights::*;

pub(super) const LONGEST_TITLE: usize = 500;
const LONGEST_LINE: usize = 200;
pub(super) const LONGEST_TEXT: usize = 20_000;
const LONGEST_NOTE: usize = 1_000;
const MOST_MASTHEAD_NOTES: usize = 8;
pub(super) const LONGEST_REASON: usize = 2_000;

/// Changes the masthead.
pub fn update(
    work: &mut Work,
    id: ReportId,
    version: i64,
    change: ReportChange,
) -> Result<Report, Problem> {
    let report = locate_to_draft(work, id, None)?.report;
    require_version(report.version, version)?;
    let report = changed(work, report, change)?;
    save(work, report, DraftStepKind::MastheadChanged)
}

/// The report with what changes; 422 where it cannot be so.
pub(super) fn changed(
    work: &mut Work,
    mut report: Report,
    change: ReportChange,
) -> Result<Report, Problem> {
    report.title = change.title.unwrap_or(report.title);
    report.symbol = change.symbol.unwrap_or(report.symbol);
    report.distribution = change.distribution.unwrap_or(report.distribution);
    report.dated_on = change.dated_on.unwrap_or(report.dated_on);
    report.summary = change.summary.unwrap_or(report.summary);
    report.language = change.language.unwrap_or(report.language);
    report.original_language = change.original_language.unwrap_or(report.original_language);
    report.figures = change.figures.unwrap_or(report.figures);
    report.heading_style = change.heading_style.unwrap_or(report.heading_style);
    report.agenda_items = change.agenda_items.unwrap_or(report.agenda_items);
    report.masthead_notes = change.masthead_notes.unwrap_or(report.masthead_notes);
    check_masthead(&report)?;
    super::amendments::check_symbol(work, &report)?;
    Ok(report)
}

pub(super) fn check_masthead(report: &Report) -> Result<(), Problem> {
    Checks::new()
        .text(&report.title, LONGEST_TITLE, "/title")
        .optional_text(report.symbol.as_deref(), LONGEST_LINE, "/symbol")
        .text(&report.distribution, LONGEST_LINE, "/distribution")
        .optional_text(report.summary.as_deref(), LONGEST_TEXT, "/summary")
        .optional_text(report.agenda_items.as_deref(), LONGEST_TEXT, "/agenda_items")
        .finish()?;
    check_masthead_notes(&report.masthead_notes)?;
    let summary = report.summary.as_deref().unwrap_or_default();
    summary
        .split("\n\n")
        .filter(|text| !text.trim().is_empty())
        .try_for_each(|text| check_inline(text, "/summary"))
}

fn check_masthead_notes(notes: &[MastheadNote]) -> Result<(), Problem> {
    if notes.len() > MOST_MASTHEAD_NOTES {
        let detail = format!("a first page has room for {MOST_MASTHEAD_NOTES} notes");
        return Err(Problem::invalid("/masthead_notes", detail));
    }
    for (index, note) in notes.iter().enumerate() {
        let pointer = format!("/masthead_notes/{index}/text");
        Checks::new().text(&note.text, LONGEST_NOTE, &pointer).finish()?;
        let parsed = inline::parse(&note.text);
        let parsed = parsed.map_err(|error| Problem::invalid(&pointer, error.to_string()))?;
        if !parsed.notes.is_empty() || parsed.parts.len() > 1 {
            let detail =
                "a note to a line of the first page is one paragraph, without list and footnote";
            return Err(Problem::invalid(&pointer, detail));
        }
    }
    Ok(())
}

/// Saves a report in its next version, by a step that changes neither a paragraph nor a section.
pub(super) fn save(
    work: &mut Work,
    mut report: Report,
    kind: DraftStepKind,
) -> Result<Report, Problem> {
    report.version += 1;
    report.updated_at = work.now;
    store::update_report(work.conn, &report)?;
    note_report(work.conn, report.id, &step(work, kind))?;
    work.audit(kind.audited(), "report", report.id);
    Ok(report)
}

/// Gives a section another heading, or its usual one back.
pub fn set_heading(
    work: &mut Work,
    id: SectionId,
    version: i64,
    heading: Option<String>,
) -> Result<Section, Problem> {
    let mut section = store::section(work.conn, id)?;
    locate_to_draft(work, section.report_id, Some(&section))
        .map_err(|problem| problem.missing_as(|| Problem::not_found("section")))?;
    require_version(section.version, version)?;
    if !section.kind.takes_heading() {
        let detail =
            "the heading of a cluster is that of its objectives, as reference data have it";
        return Err(Problem::invalid("/heading", detail));
    }
    if heading.is_none() && section.kind.is_added() {
        return Err(Problem::invalid("/heading", "a section that was added has no usual heading"));
    }
    check_heading(heading.as_deref())?;
    section.heading = heading;
    section.version += 1;
    store::set_heading(work.conn, &section, &step(work, DraftStepKind::HeadingSet))?;
    store::touch(work.conn, section.report_id, work.now)?;
    work.audit("report_section.updated", "report_section", id);
    store::section(work.conn, id)
}

pub(super) fn check_heading(heading: Option<&str>) -> Result<(), Problem> {
    Checks::new().optional_text(heading, LONGEST_TITLE, "/heading").finish()
}

/// Changes the text of a paragraph, or what it rests on.
pub fn update_paragraph(
    work: &mut Work,
    id: ParagraphId,
    version: i64,
    change: ParagraphChange,
) -> Result<Paragraph, Problem> {
    let step = step(work, DraftStepKind::Changed);
    update_by(work, id, version, change, &step)
}

/// Changes a paragraph by a step.
pub(super) fn update_by(
    work: &mut Work,
    id: ParagraphId,
    version: i64,
    change: ParagraphChange,
    step: &Step,
) -> Result<Paragraph, Problem> {
    let (mut paragraph, section, place) = paragraph_to_draft(work, id, version)?;
    let before: BTreeSet<InputId> = paragraph.inputs.iter().copied().collect();
    paragraph.text = change.text.unwrap_or(paragraph.text);
    paragraph.inputs = change.inputs.map_or(paragraph.inputs, distinct);
    paragraph.objective = change.objective.unwrap_or(paragraph.objective);
    paragraph.editorial_reason = change.editorial_reason.unwrap_or(paragraph.editorial_reason);
    let added: Vec<InputId> =
        paragraph.inputs.iter().filter(|input| !before.contains(input)).copied().collect();
    check_paragraph(work, &place, &section, &paragraph, &added)?;
    save_paragraph(work, paragraph, step)
}

/// Moves a paragraph to a place of a section; all numbers follow.
pub fn move_paragraph(
    work: &mut Work,
    id: ParagraphId,
    version: i64,
    section: SectionId,
    position: Option<u32>,
) -> Result<Paragraph, Problem> {
    let (mut paragraph, from, place) = paragraph_to_draft(work, id, version)?;
    let to = section_of(work, paragraph.report_id, section)?;
    require_drafting_right(work, &place, Some(&to))?;
    if paragraph.computed.is_some() && from.id != to.id {
        return Err(Problem::invalid("/section_id", "a computed paragraph stays in its section"));
    }
    if paragraph.objective.is_some_and(|objective| !to.objectives.contains(&objective)) {
        paragraph.objective = None;
    }
    paragraph.section_id = to.id;
    paragraph.position = make_room(work, to.id, id, position)?;
    let step = step(work, DraftStepKind::Moved);
    save_paragraph(work, paragraph, &step)
}

/// Removes a paragraph. What it rested on is then open again.
pub fn delete_paragraph(work: &mut Work, id: ParagraphId, version: i64) -> Result<(), Problem> {
    let step = step(work, DraftStepKind::Deleted);
    delete_by(work, id, version, &step)
}

/// Removes a paragraph by a step.
pub(super) fn delete_by(
    work: &mut Work,
    id: ParagraphId,
    version: i64,
    step: &Step,
) -> Result<(), Problem> {
    let (paragraph, _, _) = paragraph_to_draft(work, id, version)?;
    if paragraph.computed.is_some() {
        let detail = "This paragraph is computed from data; write another text in its place.";
        return Err(Problem::new(Code::InUse, detail));
    }
    store::paragraphs::delete_paragraph(work.conn, &paragraph, step)?;
    store::touch(work.conn, paragraph.report_id, work.now)?;
    work.audit(step.kind.audited(), "paragraph", id);
    Ok(())
}

/// Joins several paragraphs into the first of them, which keeps the inputs and sources of all. Cross-references to the others lead
/// to it from then on.
pub fn merge_paragraphs(work: &mut Work, id: ReportId, merge: Merge) -> Result<Paragraph, Problem> {
    require_drafter(work, id)?;
    let ids = distinct(merge.paragraphs.clone());
    let Some((&first, others)) =
        merge.paragraphs.split_first().filter(|_| ids.len() == merge.paragraphs.len())
    else {
        return Err(Problem::invalid("/paragraphs", "name paragraphs, each once"));
    };
    if others.is_empty() {
        return Err(Problem::invalid("/paragraphs", "name two paragraphs or more"));
    }
    // Before anything is read: what is joined is what is there, and nobody changes it meanwhile.
    work.lock(id.uuid())?;
    let mut paragraphs = Vec::with_capacity(merge.paragraphs.len());
    for (index, paragraph) in merge.paragraphs.iter().enumerate() {
        paragraphs.push(part_of(work, id, *paragraph, index)?);
    }
    require_seen(&paragraphs, &merge.versions)?;
    let from = store::section(work.conn, paragraphs[0].section_id)?;
    let to = match merge.section {
        Some(section) => section_of(work, id, section)?,
        None => from.clone(),
    };
    let place = locate_to_draft(work, id, Some(&to))?;
    for paragraph in &paragraphs {
        let section = store::section(work.conn, paragraph.section_id)?;
        require_drafting_right(work, &place, Some(&section))?;
    }
    let mut joint = paragraphs[0].clone();
    joint.text = Some(redirected(&merge.text, others, first));
    joint.objective = merge.objective;
    joint.section_id = to.id;
    joint.inputs = distinct(paragraphs.iter().flat_map(|one| one.inputs.iter().copied()).collect());
    joint.sources =
        distinct(paragraphs.iter().flat_map(|one| one.sources.iter().copied()).collect());
    if !joint.inputs.is_empty() || !joint.sources.is_empty() {
        joint.editorial_reason = None;
    }
    check_paragraph(work, &place, &to, &joint, &[])?;
    let away = Step { into: Some(first), ..step(work, DraftStepKind::MergedAway) };
    for other in paragraphs.iter().skip(1) {
        store::paragraphs::delete_paragraph(work.conn, other, &away)?;
    }
    if merge.position.is_some() || to.id != from.id {
        joint.position = make_room(work, to.id, first, merge.position)?;
    }
    let joint = save_paragraph(work, joint, &step(work, DraftStepKind::Merged))?;
    redirect(work, id, others, first)?;
    Ok(joint)
}

/// 412 where a paragraph is of another version than the one that was seen, if it was said which were.
fn require_seen(paragraphs: &[Paragraph], seen: &[i64]) -> Result<(), Problem> {
    if seen.is_empty() {
        return Ok(());
    }
    if seen.len() != paragraphs.len() {
        return Err(Problem::invalid("/versions", "name one version for each paragraph, or none"));
    }
    let each = paragraphs.iter().zip(seen).enumerate();
    each.map(|(index, (paragraph, seen))| (index, paragraph.version, *seen))
        .find(|(_, current, seen)| current != seen)
        .map_or(Ok(()), |(index, current, _)| {
            let detail = format!("its current version is {current}");
            let told = format!("A paragraph has changed in the meantime: {detail}.");
            Err(Problem::new(Code::VersionMismatch, told).at(format!("/versions/{index}"), detail))
        })
}

/// The text with its cross-references to paragraphs that are no more leading to another one.
pub(super) fn redirected(text: &str, gone: &[ParagraphId], to: ParagraphId) -> String {
    let to = format!("[](#{to})");
    gone.iter().fold(text.to_owned(), |text, gone| text.replace(&format!("[](#{gone})"), &to))
}

/// Lets every cross-reference of a report to paragraphs that are no more lead to another one: with one that leads nowhere, the
/// report could not be numbered.
fn redirect(
    work: &mut Work,
    id: ReportId,
    gone: &[ParagraphId],
    to: ParagraphId,
) -> Result<(), Problem> {
    for paragraph in store::paragraphs::all(work.conn, id)? {
        let text = paragraph.text.as_deref().map(|text| redirected(text, gone, to));
        if text != paragraph.text {
            let step = step(work, DraftStepKind::Redirected);
            save_paragraph(work, Paragraph { text, ..paragraph }, &step)?;
        }
    }
    let report = store::report(work.conn, id)?;
    let summary = report.summary.as_deref().map(|text| redirected(text, gone, to));
    if summary != report.summary {
        save(work, Report { summary, ..report }, DraftStepKind::MastheadChanged)?;
    }
    Ok(())
}

fn part_of(
    work: &mut Work,
    report: ReportId,
    id: ParagraphId,
    index: usize,
) -> Result<Paragraph, Problem> {
    let pointer = format!("/paragraphs/{index}");
    let refused = || Problem::invalid(pointer.clone(), "the report has no such paragraph");
    let paragraph = store::paragraphs::paragraph(work.conn, id)
        .map_err(|problem| problem.missing_as(refused))?;
    if paragraph.report_id != report {
        return Err(refused());
    }
    match paragraph.computed {
        Some(_) => Err(Problem::invalid(pointer, "a computed paragraph cannot be merged")),
        None => Ok(paragraph),
    }
}

pub(super) fn paragraph_to_draft(
    work: &mut Work,
    id: ParagraphId,
    version: i64,
) -> Result<(Paragraph, Section, Place), Problem> {
    let seen = store::paragraphs::paragraph(work.conn, id)?;
    let section = store::section(work.conn, seen.section_id)?;
    let missing = || Problem::not_found("paragraph");
    let place = locate_to_draft(work, seen.report_id, Some(&section))
        .map_err(|problem| problem.missing_as(missing))?;
    // Again, now that the report is locked.
    let paragraph = store::paragraphs::paragraph(work.conn, id)?;
    require_version(paragraph.version, version)?;
    Ok((paragraph, section, place))
}

/// Saves a paragraph in its next version. Whatever changes one ends here, and no store saves one without the step that it is.
pub(super) fn save_paragraph(
    work: &mut Work,
    mut paragraph: Paragraph,
    step: &Step,
) -> Result<Paragraph, Problem> {
    paragraph.version += 1;
    store::paragraphs::update_paragraph(work.conn, &paragraph, step)?;
    store::touch(work.conn, paragraph.report_id, work.now)?;
    work.audit(step.kind.audited(), "paragraph", paragraph.id);
    Ok(paragraph)
}

/// A section of the report that takes paragraphs.
pub(super) fn section_of(
    work: &mut Work,
    report: ReportId,
    id: SectionId,
) -> Result<Section, Problem> {
    let pointer = "/section_id";
    let section = Problem::or_refused(store::section(work.conn, id))?;
    let section = section.filter(|section| section.report_id == report);
    let section =
        section.ok_or_else(|| Problem::invalid(pointer, "the report has no such section"))?;
    if !section.kind.takes_paragraphs() {
        let detail = format!("no paragraphs stand directly in a section of kind {}", section.kind);
        return Err(Problem::invalid(pointer, detail));
    }
    Ok(section)
}

/// The place for a paragraph in a section: behind the one that it follows, and where the next one is in the way, that one and all behind
/// it move on.
pub(super) fn make_room(
    work: &mut Work,
    section: SectionId,
    id: ParagraphId,
    position: Option<u32>,
) -> Result<i32, Problem> {
    let before = position.map(|position| i64::from(position.max(1)) - 1);
    let (previous, next) = store::paragraphs::around(work.conn, section, id, before)?;
    let own = previous.map_or(1, |previous| previous + 1);
    if let Some(next) = next.filter(|(taken, _)| *taken <= own) {
        store::paragraphs::move_on(work.conn, section, id, next, own + 1 - next.0)?;
    }
    Ok(own)
}

/// Checks a paragraph as it is to be stored; of its inputs only the `added` ones, so that one that was withdrawn later hinders
/// nobody who corrects the text.
pub(super) fn check_paragraph(
    work: &mut Work,
    place: &Place,
    section: &Section,
    paragraph: &Paragraph,
    added: &[InputId],
) -> Result<(), Problem> {
    let reason = paragraph.editorial_reason.as_deref();
    let mut checks = Checks::new();
    checks.optional_text(reason, LONGEST_REASON, "/editorial_reason");
    if let Some(objective) = paragraph.objective {
        let detail = format!("objective {objective} is not one of the section's");
        checks.require(section.objectives.contains(&objective), "/objective", detail);
    }
    match &paragraph.text {
        Some(text) => checks.text(text, LONGEST_TEXT, "/text"),
        None => checks.require(
            paragraph.computed.is_some(),
            "/text",
            "only a computed paragraph has no text of its own",
        ),
    };
    checks.finish()?;
    if let Some(text) = &paragraph.text {
        check_inline(text, "/text")?;
    }
    check_inputs(work, place, &paragraph.inputs, added)
}

fn check_inputs(
    work: &mut Work,
    place: &Place,
    inputs: &[InputId],
    added: &[InputId],
) -> Result<(), Problem> {
    if added.is_empty() {
        return Ok(());
    }
    let consultation = place.consultation.as_ref().map(|consultation| consultation.id);
    let found = reading::load(work.conn, added)?;
    let mut checks = Checks::new();
    for id in added {
        let index = inputs.iter().position(|input| input == id).unwrap_or_default();
        let usable = found.iter().any(|input| {
            input.id == *id
                && Some(input.consultation_id) == consultation
                && input.state == InputState::Accepted
        });
        let detail = "is no accepted input of this consultation";
        checks.require(usable, &format!("/inputs/{index}"), detail);
    }
    checks.finish()
}

/// Checks a text as that of a paragraph.
pub(super) fn check_text(text: &str) -> Result<(), Problem> {
    Checks::new().text(text, LONGEST_TEXT, "/text").finish()?;
    check_inline(text, "/text")
}

pub(super) fn check_inline(text: &str, pointer: &str) -> Result<(), Problem> {
    match inline::parse(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(Problem::invalid(pointer, error.to_string())),
    }
}

pub(super) fn distinct<T: Ord>(items: Vec<T>) -> Vec<T> {
    let items: BTreeSet<T> = items.into_iter().collect();
    items.into_iter().collect()
}
