//! Adds paragraphs, all or none, and lists them.

use std::collections::BTreeMap;

use super::{MOST_AT_ONCE, SplitInto};
use crate::http::page::{self, Listing, Paging};
use crate::problem::{Checks, Code, Problem};
use crate::reports::drafting::{
    check_paragraph, distinct, make_room, paragraph_to_draft, save_paragraph, section_of,
};
use crate::reports::history::service::step;
use crate::reports::history::{DraftStepKind, Step};
use crate::reports::reach::Reach;
use crate::reports::rights::{
    Place, locate_draft, locate_to_draft, require_drafter, require_drafting_right,
};
use crate::reports::{
    NewParagraph, Paragraph, ParagraphId, ReportId, Section, SectionId, service, store,
};
use crate::work::Work;

/// A paragraph with what the caller may do with it.
pub type Allowed = (Paragraph, Vec<&'static str>);

/// Adds paragraphs to sections of a report, in the order given: all of them, or none when anything is wrong with one.
pub fn add(
    work: &mut Work,
    id: ReportId,
    new: Vec<NewParagraph>,
) -> Result<Vec<Paragraph>, Problem> {
    let step = step(work, DraftStepKind::Added);
    add_by(work, id, new, &step)
}

/// As [`add`], by another step.
pub fn add_by(
    work: &mut Work,
    id: ReportId,
    new: Vec<NewParagraph>,
    step: &Step,
) -> Result<Vec<Paragraph>, Problem> {
    require_drafter(work, id)?;
    if new.is_empty() || new.len() > MOST_AT_ONCE {
        let detail =
            format!("name from 1 to {MOST_AT_ONCE} paragraphs; send further ones by themselves");
        return Err(Problem::invalid("/paragraphs", detail));
    }
    let sections = sections_of(work, id, &new)?;
    let first = sections.get(&new[0].section);
    let place = locate_to_draft(work, id, first)?;
    for section in sections.values() {
        require_drafting_right(work, &place, Some(section))?;
    }
    let paragraphs = checked(work, &place, &sections, &new)?;
    let mut added = Vec::with_capacity(paragraphs.len());
    // How many each section has: counted once, however many are added.
    let mut there: BTreeMap<SectionId, i32> = BTreeMap::new();
    for (mut paragraph, position) in paragraphs.into_iter().zip(new.iter().map(|new| new.position))
    {
        let section = paragraph.section_id;
        let others = match there.get(&section) {
            Some(others) => *others,
            None => store::paragraphs::count(work.conn, section)?,
        };
        let wanted = position.and_then(|position| i32::try_from(position.max(1)).ok());
        let place = wanted.map_or(others + 1, |wanted| wanted.min(others + 1));
        paragraph.position = make_room(work, section, paragraph.id, position)?;
        store::paragraphs::insert_at(work.conn, &paragraph, Some(place), step)?;
        there.insert(section, others + 1);
        work.audit(step.kind.audited(), "paragraph", paragraph.id);
        added.push(paragraph);
    }
    store::touch(work.conn, id, work.now)?;
    Ok(added)
}

/// Splits a paragraph: the first part is the paragraph, the others follow it or go into the sections that they name. Each keeps what the
/// paragraph rests on. What was said of several objectives can so be told of each.
pub fn split(
    work: &mut Work,
    id: ParagraphId,
    version: i64,
    parts: &[SplitInto],
) -> Result<Vec<Paragraph>, Problem> {
    let (whole, section, place) = paragraph_to_draft(work, id, version)?;
    if whole.computed.is_some() {
        let detail = "This paragraph is computed from data; write another text in its place.";
        return Err(Problem::new(Code::InUse, detail));
    }
    if parts.len() < 2 || parts.len() > MOST_AT_ONCE {
        let detail = format!("name from 2 to {MOST_AT_ONCE} parts");
        return Err(Problem::invalid("/parts", detail));
    }
    let report = place.report.id;
    let places = store::paragraphs::places(work.conn, section.id)?;
    let before = places.iter().take_while(|(other, _)| *other != id).count();
    let mut behind = u32::try_from(before + 2).map_err(Problem::internal)?;
    let (split, added) = (step(work, DraftStepKind::Split), step(work, DraftStepKind::Added));
    let mut made = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        let pointer = format!("/parts/{index}");
        let to = match part.section {
            Some(to) => section_of(work, report, to).map_err(|why| why.below(&pointer))?,
            None => section.clone(),
        };
        require_drafting_right(work, &place, Some(&to))?;
        let mut one = Paragraph {
            text: Some(part.text.clone()),
            section_id: to.id,
            objective: part.objective,
            ..whole.clone()
        };
        let checked = check_paragraph(work, &place, &to, &one, &[]);
        checked.map_err(|why| why.below(&pointer))?;
        if index == 0 {
            if to.id != section.id {
                one.position = make_room(work, to.id, id, None)?;
            }
            made.push(save_paragraph(work, one, &split)?);
            continue;
        }
        (one.id, one.version) = (work.id(), 1);
        let position = (to.id == section.id).then_some(behind);
        behind += u32::from(position.is_some());
        one.position = make_room(work, to.id, one.id, position)?;
        store::paragraphs::insert_paragraph(work.conn, &one, &added)?;
        work.audit(added.kind.audited(), "paragraph", one.id);
        made.push(one);
    }
    store::touch(work.conn, report, work.now)?;
    Ok(made)
}

/// The sections that paragraphs go into, each looked up once; 422 with every one that does not exist or takes none.
fn sections_of(
    work: &mut Work,
    id: ReportId,
    new: &[NewParagraph],
) -> Result<BTreeMap<SectionId, Section>, Problem> {
    let (mut checks, mut sections) = (Checks::new(), BTreeMap::new());
    for (index, one) in new.iter().enumerate() {
        if sections.contains_key(&one.section) {
            continue;
        }
        let found = section_of(work, id, one.section).map_err(|why| why.below(&pointer(index)));
        if let Some(section) = checks.take(found)? {
            sections.insert(section.id, section);
        }
    }
    checks.finish()?;
    Ok(sections)
}

/// The paragraphs as they will be stored, but for their places; 422 with everything that is wrong with any of them.
fn checked(
    work: &mut Work,
    place: &Place,
    sections: &BTreeMap<SectionId, Section>,
    new: &[NewParagraph],
) -> Result<Vec<Paragraph>, Problem> {
    let (mut checks, mut paragraphs) = (Checks::new(), Vec::with_capacity(new.len()));
    for (index, one) in new.iter().enumerate() {
        let Some(section) = sections.get(&one.section) else { continue };
        let paragraph = made(work, place.report.id, one);
        let found = check_paragraph(work, place, section, &paragraph, &paragraph.inputs);
        checks.take(found.map_err(|why| why.below(&pointer(index))))?;
        paragraphs.push(paragraph);
    }
    checks.finish()?;
    Ok(paragraphs)
}

fn made(work: &mut Work, report: ReportId, new: &NewParagraph) -> Paragraph {
    Paragraph {
        id: work.id(),
        report_id: report,
        section_id: new.section,
        position: 0,
        text: Some(new.text.clone()),
        computed: None,
        objective: new.objective,
        editorial_reason: new.editorial_reason.clone(),
        inputs: distinct(new.inputs.clone()),
        sources: Vec::new(),
        version: 1,
    }
}

fn pointer(index: usize) -> String {
    format!("/paragraphs/{index}")
}

/// A page of a report's paragraphs in its order, of one section or of all, with what the caller may do with each.
pub fn list(
    work: &mut Work,
    id: ReportId,
    section: Option<SectionId>,
    paging: &Paging,
) -> Result<Listing<Allowed>, Problem> {
    let after: Option<ParagraphId> = paging.after_one()?;
    let mut paragraphs = service::paragraphs(work, id)?;
    paragraphs.retain(|paragraph| section.is_none_or(|section| paragraph.section_id == section));
    let begin = match after {
        None => 0,
        Some(after) => {
            let last = paragraphs.iter().position(|one| one.id == after);
            last.ok_or_else(|| page::overtaken("what it follows was removed or put elsewhere"))? + 1
        }
    };
    let part = paragraphs.split_off(begin);
    let part = paging.finish(part, |paragraph| vec![paragraph.id.to_string()]);
    Ok(Listing { items: allowed(work, id, part.items)?, next: part.next })
}

/// The paragraphs of one report with what the caller may do with them.
pub fn allowed(
    work: &mut Work,
    id: ReportId,
    paragraphs: Vec<Paragraph>,
) -> Result<Vec<Allowed>, Problem> {
    let place = locate_draft(work, id)?;
    let reach = Reach::of(work, &place)?;
    let sections = store::sections(work.conn, id)?;
    let sections: BTreeMap<SectionId, Section> =
        sections.into_iter().map(|section| (section.id, section)).collect();
    let with = |paragraph: Paragraph| {
        let section = sections.get(&paragraph.section_id);
        let actions = section.map(|section| reach.of_paragraph(section, &paragraph));
        (paragraph, actions.unwrap_or_default())
    };
    Ok(paragraphs.into_iter().map(with).collect())
}
