//! What the team may see of a draft's history, and how an earlier version is brought back. Must never learn who said what.

use super::difference::{Piece, without, words};
use super::{DraftStepKind, ParagraphVersion, SectionVersion, Step, Taken, store};
use crate::http::page::{Listing, Paging};
use crate::inputs::{InputId, InputState, reading};
use crate::problem::{Code, Problem, require_version};
use crate::reports::drafting::{
    check_paragraph, make_room, redirected, save_paragraph, section_of,
};
use crate::reports::rights::{Place, locate_draft, locate_to_draft, require_drafting_right};
use crate::reports::store as drafts;
use crate::reports::{Paragraph, ParagraphId, ReportId, Section, SectionId};
use crate::work::Work;

/// A step that the caller takes now.
pub fn step(work: &Work, kind: DraftStepKind) -> Step {
    let (by, at) = (work.caller.id(), work.now);
    Step { kind, by, at, restored: None, into: None, suggestion: None }
}

/// Some of the versions of a paragraph, the newest first, for those who may read drafts; also of one that is no more.
pub fn versions(
    work: &mut Work,
    id: ParagraphId,
    paging: &Paging,
) -> Result<Listing<ParagraphVersion>, Problem> {
    newest(work, id)?;
    let rows = store::versions(work.conn, id, paging)?;
    Ok(paging.finish(rows, |one| vec![one.paragraph.version.to_string()]))
}

/// The newest version of a paragraph, for those who may read drafts.
pub fn newest(work: &mut Work, id: ParagraphId) -> Result<ParagraphVersion, Problem> {
    let newest = store::newest(work.conn, id)?;
    let missing = |_: &Problem| Problem::not_found("paragraph");
    locate_draft(work, newest.paragraph.report_id).map_err(|told| told.refused_as(missing))?;
    Ok(newest)
}

/// One version of a paragraph.
pub fn version(work: &mut Work, id: ParagraphId, number: i64) -> Result<ParagraphVersion, Problem> {
    newest(work, id)?;
    store::version(work.conn, id, number)
}

/// What differs between two versions of a paragraph.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The number of the version it begins with.
    pub from: i64,
    /// The number of the version it leads to.
    pub to: i64,
    /// The text of both, word by word.
    pub words: Vec<Piece>,
    /// The inputs that it rests on in the second only.
    pub inputs_added: Vec<InputId>,
    /// The inputs that it rests on in the first only.
    pub inputs_removed: Vec<InputId>,
}

/// What differs between two versions of a paragraph; the second is the newest when it is not named.
pub fn difference(
    work: &mut Work,
    id: ParagraphId,
    from: i64,
    to: Option<i64>,
) -> Result<Difference, Problem> {
    let newest = newest(work, id)?;
    let from = store::version(work.conn, id, from)?;
    let to = match to {
        Some(to) => store::version(work.conn, id, to)?,
        None => newest,
    };
    Ok(Difference {
        from: from.paragraph.version,
        to: to.paragraph.version,
        words: words(from.text(), to.text()),
        inputs_added: without(&to.paragraph.inputs, &from.paragraph.inputs),
        inputs_removed: without(&from.paragraph.inputs, &to.paragraph.inputs),
    })
}

/// Some of the versions of a section, the newest first, for those who may read drafts.
pub fn section_versions(
    work: &mut Work,
    id: SectionId,
    paging: &Paging,
) -> Result<Listing<SectionVersion>, Problem> {
    let newest = store::section_versions(work.conn, id, &Paging::first(1))?.into_iter().next();
    let newest = newest.ok_or_else(|| Problem::not_found("section"))?;
    let missing = |_: &Problem| Problem::not_found("section");
    locate_draft(work, newest.section.report_id).map_err(|told| told.refused_as(missing))?;
    let rows = store::section_versions(work.conn, id, paging)?;
    Ok(paging.finish(rows, |one| vec![one.section.version.to_string()]))
}

/// Some of the steps of a report, the newest first, for those who may read drafts.
pub fn steps(work: &mut Work, id: ReportId, paging: &Paging) -> Result<Listing<Taken>, Problem> {
    locate_draft(work, id)?;
    let rows = store::steps(work.conn, id, paging)?;
    Ok(paging.finish(rows, |one| vec![one.serial.to_string()]))
}

/// What a restored paragraph is, and what it could not be given back.
#[derive(Debug, Clone)]
pub struct Restored {
    /// The paragraph.
    pub paragraph: Paragraph,
    /// Inputs that it rested on and that are not accepted any more.
    pub left_out: Vec<InputId>,
}

/// Brings an earlier version of a paragraph back, as a new version: its text and what it rests on, where the paragraph stands now.
/// One that is no more comes back to its section, under its own id, so that its history goes on and what refers to it finds it.
/// `version` is the number of the newest version. Inputs that are not accepted any more are left out, and told.
pub fn restore(
    work: &mut Work,
    id: ParagraphId,
    number: i64,
    version: i64,
) -> Result<Restored, Problem> {
    let seen = newest(work, id)?;
    let report = seen.paragraph.report_id;
    let wanted = store::version(work.conn, id, number)?;
    let section = section_then(work, &seen)?;
    let place = locate_to_draft(work, report, Some(&section))?;
    // Again, now that the report is locked.
    let now = store::newest(work.conn, id)?;
    require_version(now.paragraph.version, version)?;
    let section = section_then(work, &now)?;
    require_drafting_right(work, &place, Some(&section))?;
    let (inputs, left_out) = still_usable(work, &place, &now, &wanted.paragraph.inputs)?;
    let mut paragraph = Paragraph {
        text: following(work, report, wanted.paragraph.text)?,
        objective: wanted.paragraph.objective.filter(|one| section.objectives.contains(one)),
        editorial_reason: wanted.paragraph.editorial_reason,
        sources: wanted.paragraph.sources,
        inputs,
        ..now.paragraph.clone()
    };
    check_paragraph(work, &place, &section, &paragraph, &[])?;
    let step = Step { restored: Some(number), ..step(work, DraftStepKind::Restored) };
    if now.is_gone() {
        paragraph.version += 1;
        let place = u32::try_from(now.place).ok();
        paragraph.position = make_room(work, section.id, id, place)?;
        drafts::paragraphs::insert_paragraph(work.conn, &paragraph, &step)?;
        drafts::touch(work.conn, report, work.now)?;
        work.audit(step.kind.audited(), "paragraph", id);
    } else {
        paragraph.position = drafts::paragraphs::paragraph(work.conn, id)?.position;
        paragraph = save_paragraph(work, paragraph, &step)?;
    }
    Ok(Restored { paragraph, left_out })
}

/// The section in which a paragraph stands, or stood last; 409 when that is no more.
fn section_then(work: &mut Work, version: &ParagraphVersion) -> Result<Section, Problem> {
    let detail = "The section that it stood in is no more: add its text to another one.";
    let gone = |_: &Problem| Problem::new(Code::InvalidTransition, detail);
    let section = section_of(work, version.paragraph.report_id, version.paragraph.section_id);
    section.map_err(|problem| problem.refused_as(gone))
}

/// The inputs that can be cited still, and those that cannot. One that the paragraph cites at present stays.
fn still_usable(
    work: &mut Work,
    place: &Place,
    now: &ParagraphVersion,
    wanted: &[InputId],
) -> Result<(Vec<InputId>, Vec<InputId>), Problem> {
    let consultation = place.consultation.as_ref().map(|consultation| consultation.id);
    let found = reading::load(work.conn, wanted)?;
    let accepted = |id: &InputId| {
        found.iter().any(|input| {
            input.id == *id
                && Some(input.consultation_id) == consultation
                && input.state == InputState::Accepted
        })
    };
    let cited = |id: &InputId| !now.is_gone() && now.paragraph.inputs.contains(id);
    Ok(wanted.iter().partition(|id| cited(id) || accepted(id)))
}

/// A text of former times with its cross-references leading to what their targets were joined to: with one that leads nowhere,
/// the report could not be numbered.
pub fn following(
    work: &mut Work,
    report: ReportId,
    text: Option<String>,
) -> Result<Option<String>, Problem> {
    let Some(mut text) = text else { return Ok(None) };
    for (gone, to) in store::merged_away(work.conn, report)? {
        let led = redirected(&text, &[gone], to);
        // It may have come back since.
        let mut is_gone = || Problem::or_refused(drafts::paragraphs::paragraph(work.conn, gone));
        if led != text && is_gone()?.is_none() {
            text = led;
        }
    }
    Ok(Some(text))
}
