//! Who may change the outline of a draft, and what becomes of the paragraphs. Whoever drafts the whole report may; versions of sections
//! rise, so that nobody moves what they have not seen.

use super::{NewSection, Sections};
use crate::problem::{Checks, Code, Problem, require_version};
use crate::reports::drafting::{check_heading, make_room, save_paragraph, section_of};
use crate::reports::history::DraftStepKind;
use crate::reports::history::service::step;
use crate::reports::rights::{locate_draft, locate_to_draft};
use crate::reports::{
    Paragraph, ParagraphId, ReportId, Section, SectionId, SectionKind, place, store,
};
use crate::work::Work;

/// A section of a draft, for those who may read drafts.
pub fn see(work: &mut Work, id: SectionId) -> Result<Section, Problem> {
    let section = store::section(work.conn, id)?;
    locate_draft(work, section.report_id)
        .map_err(|problem| problem.refused_as(|_| Problem::not_found("section")))?;
    Ok(section)
}

/// Adds a section with a heading of its own.
pub fn add(work: &mut Work, report: ReportId, new: NewSection) -> Result<Section, Problem> {
    locate_to_draft(work, report, None)?;
    check_heading(Some(&new.heading))?;
    let mut sections = Sections { all: store::sections(work.conn, report)? };
    sections.require_room(new.parent, 1)?;
    let section = added(work, report, new.heading);
    let order = sections.ordered(new.parent, section.id, new.position);
    insert(work, &mut sections, section, new.parent, &order)
}

fn added(work: &mut Work, report: ReportId, heading: String) -> Section {
    Section {
        id: work.id(),
        report_id: report,
        parent_id: None,
        position: 0,
        kind: SectionKind::Added,
        objectives: Vec::new(),
        category_id: None,
        category: None,
        heading: Some(heading),
        version: 1,
    }
}

/// Stores a new section below `parent`, in that order of the sections there.
fn insert(
    work: &mut Work,
    sections: &mut Sections,
    section: Section,
    parent: Option<SectionId>,
    order: &[SectionId],
) -> Result<Section, Problem> {
    let (id, report) = (section.id, section.report_id);
    let split_off = section.kind == SectionKind::AddedOutcome;
    sections.all.push(section);
    if split_off {
        sections.all.iter_mut().filter(|one| one.id == id).for_each(|one| one.parent_id = parent);
    } else {
        sections.adopt(id, parent);
    }
    let Some(section) = sections.get(id) else {
        return Err(Problem::internal("a section that was added is not there"));
    };
    store::insert_section(work.conn, section, &step(work, DraftStepKind::Added))?;
    renumber(work, sections, parent, order)?;
    store::touch(work.conn, report, work.now)?;
    work.audit("report_section.added", "report_section", id);
    store::section(work.conn, id)
}

/// Moves a section to a place below another one or on the first level. What is computed stays where it is, clusters and categories
/// stay in what they belong to.
pub fn shift(
    work: &mut Work,
    id: SectionId,
    version: i64,
    parent: Option<SectionId>,
    position: Option<u32>,
) -> Result<Section, Problem> {
    let (section, mut sections) = to_change(work, id, version)?;
    require_free(&section)?;
    if parent != section.parent_id {
        require_elsewhere(&section, &sections, parent)?;
        sections.require_room(parent, sections.height(id))?;
    }
    let order = sections.ordered(parent, id, position);
    let mut changed = vec![id];
    if parent != section.parent_id {
        sections.adopt(id, parent);
        changed = sections.within(id);
    }
    save(work, &mut sections, &changed, DraftStepKind::Moved)?;
    renumber(work, &sections, parent, &order)?;
    store::touch(work.conn, section.report_id, work.now)?;
    work.audit("report_section.moved", "report_section", id);
    store::section(work.conn, id)
}

fn require_elsewhere(
    section: &Section,
    sections: &Sections,
    parent: Option<SectionId>,
) -> Result<(), Problem> {
    if parent.is_some_and(|parent| sections.within(section.id).contains(&parent)) {
        return Err(Problem::invalid("/parent_id", "a section does not stand in itself"));
    }
    if section.kind.is_added() {
        return Ok(());
    }
    let detail = format!(
        "a section of kind {} stays where it is and is moved among its neighbours only; add a section and move the paragraphs",
        section.kind
    );
    Err(Problem::invalid("/parent_id", detail))
}

/// Removes a section and those in it. Their paragraphs go to another one, which must be named while there are any.
pub fn remove(
    work: &mut Work,
    id: SectionId,
    version: i64,
    paragraphs_to: Option<SectionId>,
) -> Result<(), Problem> {
    let (section, sections) = to_change(work, id, version)?;
    require_free(&section)?;
    let gone = sections.within(id);
    let paragraphs = paragraphs_in(work, &section, &gone)?;
    match paragraphs_to {
        Some(to) => {
            let to = target(work, &section, to, &gone)?;
            paragraphs.into_iter().try_for_each(|one| carry(work, one, &to))?;
        }
        None if paragraphs.is_empty() => {}
        None => {
            let detail = format!(
                "{} paragraphs stand in it: name in paragraphs_to the section that they go to, or remove them first.",
                paragraphs.len()
            );
            return Err(Problem::new(Code::InUse, detail.clone()).at("?paragraphs_to", detail));
        }
    }
    delete(work, &sections, &gone, DraftStepKind::Deleted)?;
    store::touch(work.conn, section.report_id, work.now)?;
    work.audit("report_section.removed", "report_section", id);
    Ok(())
}

fn target(
    work: &mut Work,
    section: &Section,
    to: SectionId,
    gone: &[SectionId],
) -> Result<Section, Problem> {
    let refused = |detail: &str| {
        let detail = detail.to_owned();
        Problem::new(Code::InvalidValue, detail.clone()).at("?paragraphs_to", detail)
    };
    if gone.contains(&to) {
        return Err(refused("this section is removed itself"));
    }
    match section_of(work, section.report_id, to) {
        Err(problem) if !problem.is_failure() => Err(refused(problem.detail())),
        found => found,
    }
}

/// Joins another section into this one: its paragraphs and the sections in it come to the end of this one, and it is removed.
pub fn join(
    work: &mut Work,
    id: SectionId,
    version: i64,
    with: SectionId,
    heading: Option<String>,
) -> Result<Section, Problem> {
    let (mut section, mut sections) = to_change(work, id, version)?;
    let Some(other) = sections.get(with).filter(|other| other.id != id).cloned() else {
        return Err(Problem::invalid("/section_id", "the report has no such other section"));
    };
    for (one, pointer) in [(&section, ""), (&other, "/section_id")] {
        if !one.kind.can_be_joined() {
            let detail = format!("a section of kind {} is not joined with another one", one.kind);
            return Err(Problem::invalid(pointer, detail));
        }
    }
    if sections.within(with).contains(&id) || sections.within(id).contains(&with) {
        let detail =
            "one of them stands in the other: remove the inner one and say where its paragraphs go";
        return Err(Problem::invalid("/section_id", detail));
    }
    check_heading(heading.as_deref())?;
    for paragraph in paragraphs_in(work, &other, &[with])? {
        carry(work, paragraph, &section)?;
    }
    let inner = sections.under(Some(with));
    for below in &inner {
        sections.require_room(Some(id), sections.height(*below)).map_err(|_| {
            Problem::invalid("/section_id", "the sections in it would nest too deeply")
        })?;
        sections.adopt(*below, Some(id));
    }
    let changed: Vec<_> = inner.iter().flat_map(|below| sections.within(*below)).collect();
    save(work, &mut sections, &changed, DraftStepKind::Moved)?;
    let mut order = sections.under(Some(id));
    inner.iter().for_each(|below| place(&mut order, *below, None));
    renumber(work, &sections, Some(id), &order)?;
    delete(work, &sections, &[with], DraftStepKind::MergedAway)?;
    section = store::section(work.conn, id)?;
    section.heading = heading.or(section.heading);
    section.version += 1;
    store::update_section(work.conn, &section, &step(work, DraftStepKind::Joined))?;
    store::touch(work.conn, section.report_id, work.now)?;
    work.audit("report_section.joined", "report_section", id);
    Ok(section)
}

/// Splits a section at a paragraph: it and those after it go to a new section behind this one, with a heading of its own.
pub fn split(
    work: &mut Work,
    id: SectionId,
    version: i64,
    at: ParagraphId,
    heading: String,
) -> Result<Section, Problem> {
    let (section, mut sections) = to_change(work, id, version)?;
    check_heading(Some(&heading))?;
    let paragraphs = paragraphs_in(work, &section, &[id])?;
    let pointer = "/paragraph_id";
    let Some(index) = paragraphs.iter().position(|paragraph| paragraph.id == at) else {
        return Err(Problem::invalid(pointer, "the section has no such paragraph"));
    };
    if index == 0 {
        return Err(Problem::invalid(
            pointer,
            "nothing would stay in the section: give it another heading instead",
        ));
    }
    let leaving = &paragraphs[index..];
    if leaving.iter().any(|paragraph| paragraph.computed.is_some()) {
        let detail = "a computed paragraph stands behind it, and stays in its section";
        return Err(Problem::invalid(pointer, detail));
    }
    let mut new = added(work, section.report_id, heading);
    if section.kind.is_outcome() {
        new.kind = SectionKind::AddedOutcome;
        new.objectives = section.objectives.clone();
        new.category_id = section.category_id;
    }
    let order = behind(&sections, &section, new.id);
    let parent = section.parent_id;
    let new = insert(work, &mut sections, new, parent, &order)?;
    take_out(work, &section, leaving, &new)
}

/// Sets views that diverge beside each other: these paragraphs of a section go, in the order given, below a heading of their own behind it.
pub fn set_apart(
    work: &mut Work,
    id: SectionId,
    version: i64,
    views: &[ParagraphId],
    heading: Option<String>,
) -> Result<Section, Problem> {
    let (section, mut sections) = to_change(work, id, version)?;
    check_heading(heading.as_deref())?;
    if !section.kind.is_outcome() {
        let detail = format!("views of the outcomes diverge; nothing of kind {}", section.kind);
        return Err(Problem::invalid("", detail));
    }
    let here = paragraphs_in(work, &section, &[id])?;
    let mut leaving: Vec<Paragraph> = Vec::new();
    let mut checks = Checks::new();
    checks.require(views.len() > 1, "/paragraph_ids", "name two or more");
    for (index, view) in views.iter().enumerate() {
        let pointer = format!("/paragraph_ids/{index}");
        let is_first = leaving.iter().all(|one| one.id != *view);
        checks.require(is_first, &pointer, "is named twice");
        let found = here.iter().find(|one| one.id == *view).filter(|_| is_first);
        checks.require(
            found.is_some() || !is_first,
            &pointer,
            "stands elsewhere: move it into this section first",
        );
        leaving.extend(found.cloned());
    }
    checks.finish()?;
    let new = Section {
        kind: SectionKind::DivergentViews,
        objectives: section.objectives.clone(),
        category_id: section.category_id,
        heading,
        ..added(work, section.report_id, String::new())
    };
    // What stands in a cluster itself is no section beside others of it: its divergent views are the first.
    let (parent, order) = if section.kind == SectionKind::Cluster {
        (Some(id), sections.ordered(Some(id), new.id, Some(1)))
    } else {
        (section.parent_id, behind(&sections, &section, new.id))
    };
    let new = insert(work, &mut sections, new, parent, &order)?;
    take_out(work, &section, &leaving, &new)
}

/// The order of a section's neighbours once a new one stands behind it.
fn behind(sections: &Sections, section: &Section, new: SectionId) -> Vec<SectionId> {
    let siblings = sections.under(section.parent_id);
    let own = siblings.iter().position(|sibling| *sibling == section.id);
    let place = own.map_or(0, |place| place + 2);
    sections.ordered(section.parent_id, new, u32::try_from(place).ok())
}

/// Puts paragraphs of a section into a new one. Its version rises: who still has the one before has not seen that it was split.
fn take_out(
    work: &mut Work,
    section: &Section,
    leaving: &[Paragraph],
    new: &Section,
) -> Result<Section, Problem> {
    for paragraph in leaving {
        carry(work, paragraph.clone(), new)?;
    }
    let left = Section { version: section.version + 1, ..store::section(work.conn, section.id)? };
    store::update_section(work.conn, &left, &step(work, DraftStepKind::Split))?;
    work.audit("report_section.split", "report_section", section.id);
    store::section(work.conn, new.id)
}

/// The section as it is once nobody else can change the report, and all others, for whoever drafts the report.
fn to_change(work: &mut Work, id: SectionId, version: i64) -> Result<(Section, Sections), Problem> {
    let report = store::section(work.conn, id)?.report_id;
    locate_to_draft(work, report, None)
        .map_err(|problem| problem.missing_as(|| Problem::not_found("section")))?;
    let section = store::section(work.conn, id)?;
    require_version(section.version, version)?;
    Ok((section, Sections { all: store::sections(work.conn, report)? }))
}

fn require_free(section: &Section) -> Result<(), Problem> {
    if !section.kind.is_fixed() {
        return Ok(());
    }
    let detail = format!(
        "The section of kind {} is written from data or holds the outcomes: it stays where it is. Give it another heading, or add a \
         section beside it.",
        section.kind
    );
    Err(Problem::new(Code::InUse, detail))
}

/// The paragraphs of sections of a report, in the order of the sections.
fn paragraphs_in(
    work: &mut Work,
    section: &Section,
    sections: &[SectionId],
) -> Result<Vec<Paragraph>, Problem> {
    let mut paragraphs = store::paragraphs::all(work.conn, section.report_id)?;
    paragraphs.retain(|paragraph| sections.contains(&paragraph.section_id));
    let place = |paragraph: &Paragraph| sections.iter().position(|id| *id == paragraph.section_id);
    paragraphs.sort_by_key(|paragraph| (place(paragraph), paragraph.position, paragraph.id));
    Ok(paragraphs)
}

/// Puts a paragraph at the end of another section.
fn carry(work: &mut Work, mut paragraph: Paragraph, to: &Section) -> Result<(), Problem> {
    if paragraph.objective.is_some_and(|objective| !to.objectives.contains(&objective)) {
        paragraph.objective = None;
    }
    paragraph.section_id = to.id;
    paragraph.position = make_room(work, to.id, paragraph.id, None)?;
    let step = step(work, DraftStepKind::Moved);
    save_paragraph(work, paragraph, &step).map(drop)
}

/// Stores what changed of these sections, as their next versions.
fn save(
    work: &mut Work,
    sections: &mut Sections,
    changed: &[SectionId],
    kind: DraftStepKind,
) -> Result<(), Problem> {
    let step = step(work, kind);
    for section in sections.all.iter_mut().filter(|section| changed.contains(&section.id)) {
        section.version += 1;
        store::update_section(work.conn, section, &step)?;
    }
    Ok(())
}

/// Removes sections in which nothing stands any more, those that stand in others first.
fn delete(
    work: &mut Work,
    sections: &Sections,
    gone: &[SectionId],
    kind: DraftStepKind,
) -> Result<(), Problem> {
    let step = step(work, kind);
    for section in gone.iter().rev().filter_map(|id| sections.get(*id)) {
        store::delete_section(work.conn, section, &step)?;
    }
    Ok(())
}

/// Gives all sections of a report rising places in reading order, those below `parent` in the order given.
pub(in crate::reports) fn renumber(
    work: &mut Work,
    sections: &Sections,
    parent: Option<SectionId>,
    order: &[SectionId],
) -> Result<(), Problem> {
    for (id, position) in sections.reading_order(parent, order).into_iter().zip(1..) {
        if sections.get(id).is_none_or(|section| section.position != position) {
            store::set_section_place(work.conn, id, position)?;
        }
    }
    Ok(())
}
