//! What a caller may do with reports: open, draft, cover, clear, publish and read them. Every function authorises the caller
//! of `work` and audits what it changes. Must never learn who said what.

use std::collections::BTreeSet;

use crate::access::{Permission, Scope};
use crate::consultations::{self, Activity, Consultation, ConsultationId, Phase};
use crate::db;
use crate::document::{Document, inline};
use crate::inputs::{InputId, InputState, reading};
use crate::problem::{Checks, Code, Problem};
use crate::reference::ObjectiveNumber;
use crate::render;
use crate::reviews::{self, InputCategory, ReviewId};
use crate::work::Work;

use super::checks::coverage;
use super::compile::Facts;
use super::{
    ComputedText, Coverage, Edition, EditionRecord, Merge, NewPaper, NewParagraph, Omission,
    Omitted, Outline, Paragraph, ParagraphChange, ParagraphId, ParagraphRecord, Report,
    ReportChange, ReportId, ReportKind, ReportState, Section, SectionId, SectionKind, Source,
    gather, place, store,
};

const LONGEST_TITLE: usize = 500;
const LONGEST_LINE: usize = 200;
const LONGEST_TEXT: usize = 20_000;
const LONGEST_REASON: usize = 2_000;

// ---------------------------------------------------------------------------------------------- who may

/// A report with where roles for it hold.
struct Place {
    report: Report,
    consultation: Option<Consultation>,
    scope: Scope,
}

fn locate(work: &mut Work, id: ReportId) -> Result<Place, Problem> {
    let report = store::report(work.conn, id)?;
    let consultation = match report.consultation_id {
        Some(id) => Some(consultations::service::load(work, id)?),
        None => None,
    };
    let scope = consultation
        .as_ref()
        .map_or_else(|| Scope::review(report.review_id.uuid()), Consultation::scope);
    Ok(Place { report, consultation, scope })
}

/// The report for one who may read its draft; 404 for one who may not know of it.
fn locate_draft(work: &mut Work, id: ReportId) -> Result<Place, Problem> {
    let place = locate(work, id)?;
    match work.may(Permission::ReadDrafts, &place.scope) {
        true => Ok(place),
        false if is_public(work, id)? => {
            work.require(Permission::ReadDrafts, &place.scope)?;
            Ok(place)
        }
        false => Err(Problem::not_found("report")),
    }
}

fn is_public(work: &mut Work, id: ReportId) -> Result<bool, Problem> {
    Ok(store::count_editions(work.conn, id)? > 0)
}

/// Whether the caller may draft anything in the report; before what they sent is looked at.
fn require_drafter(work: &mut Work, id: ReportId) -> Result<(), Problem> {
    let place = locate_draft(work, id)?;
    match work.may(Permission::DraftReports, &place.scope) {
        true => Ok(()),
        false => work.require(Permission::DraftOwnSections, &place.scope),
    }
}

/// The report, locked, for one who may draft `section` of it, or any section of it when `None`; 409 unless it can be drafted.
fn locate_to_draft(
    work: &mut Work,
    id: ReportId,
    section: Option<&Section>,
) -> Result<Place, Problem> {
    db::lock(work.conn, id.uuid())?;
    let place = locate_draft(work, id)?;
    require_draftable(work, &place, section)?;
    Ok(place)
}

fn require_draftable(
    work: &mut Work,
    place: &Place,
    section: Option<&Section>,
) -> Result<(), Problem> {
    require_drafting_right(work, place, section)?;
    let Place { report, consultation, .. } = place;
    if report.state != ReportState::Drafting {
        let detail = format!("The report is in {}; it is changed in drafting only.", report.state);
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    // A corrigendum is drafted after the consultation has ended.
    match consultation {
        Some(consultation) if !is_public(work, report.id)? => consultation.require(Activity::Draft),
        _ => Ok(()),
    }
}

/// Whoever drafts the report, or the section of their own working group.
fn require_drafting_right(
    work: &mut Work,
    place: &Place,
    section: Option<&Section>,
) -> Result<(), Problem> {
    if work.may(Permission::DraftReports, &place.scope) {
        return Ok(());
    }
    let (Some(section), Some(consultation)) = (section, &place.consultation) else {
        return work.require(Permission::DraftReports, &place.scope);
    };
    let of_cluster = matches!(section.kind, SectionKind::Cluster | SectionKind::Category);
    let groups = consultations::service::working_groups(work, consultation.id)?;
    let own =
        groups.iter().filter(|group| of_cluster && group.clusters.contains(&section.objectives));
    let may = own
        .map(|group| place.scope.group(group.id.uuid()))
        .any(|scope| work.may(Permission::DraftOwnSections, &scope));
    if may { Ok(()) } else { work.require(Permission::DraftReports, &place.scope) }
}

fn current(version: i64, seen: i64) -> Result<(), Problem> {
    if version == seen { Ok(()) } else { Err(Problem::stale(version)) }
}

/// What the caller may do with a report.
pub fn allowed_actions(work: &mut Work, report: &Report) -> Result<Vec<&'static str>, Problem> {
    let place = locate(work, report.id)?;
    let may = |permission| work.may(permission, &place.scope);
    let (read, draft, own) = (
        may(Permission::ReadDrafts),
        may(Permission::DraftReports),
        may(Permission::DraftOwnSections),
    );
    let (clear, publish) = (may(Permission::ClearReports), may(Permission::PublishReports));
    let may_reopen = match report.state {
        ReportState::Drafting => false,
        ReportState::Clearance => clear,
        ReportState::Published => publish,
    };
    let drafting = report.state == ReportState::Drafting;
    let phase = place.consultation.as_ref().map(|consultation| consultation.phase);
    let public = is_public(work, report.id)?;
    let open = drafting
        && (public || place.consultation.is_none_or(|one| one.require(Activity::Draft).is_ok()));
    let table = [
        ("read_draft", read),
        ("update", draft && open),
        ("draft", (draft || own) && open),
        ("clear", clear && drafting),
        ("reopen", may_reopen),
        ("publish", publish && may_publish(report.state, phase)),
        ("read_editions", public),
    ];
    Ok(table.into_iter().filter(|(_, may)| *may).map(|(action, _)| action).collect())
}

// ---------------------------------------------------------------------------------------------- open

/// Opens the summary report of a consultation: its sections, and the paragraphs that are written from data.
pub fn open_summary(work: &mut Work, id: ConsultationId) -> Result<Report, Problem> {
    let consultation = consultations::service::see(work, id)?;
    work.require(Permission::DraftReports, &consultation.scope())?;
    consultation.require(Activity::Draft)?;
    let report = Report {
        id: work.id(),
        kind: ReportKind::SummaryReport,
        review_id: consultation.review_id,
        consultation_id: Some(id),
        title: consultation.theme.clone(),
        symbol: None,
        distribution: "General".to_owned(),
        dated_on: None,
        summary: None,
        agenda_items: None,
        state: ReportState::Drafting,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    store::insert_report(work.conn, &report)?;
    let categories = reviews::service::categories(work, consultation.review_id)?;
    let clusters: Vec<Vec<ObjectiveNumber>> = consultations::service::working_groups(work, id)?
        .into_iter()
        .flat_map(|group| group.clusters)
        .collect();
    let mut outline = Opening { report: report.id, position: 0 };
    outline.add(work, None, SectionKind::Background, &[], None)?;
    let organization = outline.add(work, None, SectionKind::Organization, &[], None)?;
    outline.add(work, None, SectionKind::Opening, &[], None)?;
    let outcomes = outline.add(work, None, SectionKind::Outcomes, &[], None)?;
    overall_sections(work, &mut outline, Some(outcomes.id), &categories)?;
    cluster_sections(work, &mut outline, outcomes.id, &clusters, &categories)?;
    outline.add(work, None, SectionKind::Closing, &[], None)?;
    outline.add(work, None, SectionKind::Annex, &[], None)?;
    for (what, position) in ComputedText::OF_ORGANIZATION.into_iter().zip(1..) {
        computed_paragraph(work, &organization, what, position)?;
    }
    work.audit("report.opened", "report", report.id);
    Ok(report)
}

/// Opens the conference room paper of a review: takes the latest edition of each of its summary reports and carries every
/// paragraph of their outcomes over, under its objective and category.
pub fn open_paper(work: &mut Work, id: ReviewId, new: NewPaper) -> Result<Report, Problem> {
    let review = reviews::service::see(work, id)?;
    work.require(Permission::DraftReports, &review.scope())?;
    let report = Report {
        id: work.id(),
        kind: ReportKind::ConferenceRoomPaper,
        review_id: id,
        consultation_id: None,
        title: new.title.clone().unwrap_or_else(|| {
            format!("Outcomes of the stakeholder consultations: {}", review.title)
        }),
        symbol: new.symbol.clone(),
        distribution: new.distribution.clone().unwrap_or_else(|| "General".to_owned()),
        dated_on: new.dated_on,
        summary: new.summary.clone(),
        agenda_items: new.agenda_items.clone(),
        state: ReportState::Drafting,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    check_masthead(&report)?;
    Checks::new()
        .optional_text(new.agenda_items.as_deref(), LONGEST_TEXT, "/agenda_items")
        .finish()?;
    let editions = latest_editions(work, id)?;
    if editions.is_empty() {
        let detail = "No summary report of this review is published; a paper is compiled from published ones.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    store::insert_report(work.conn, &report)?;
    let categories = reviews::service::categories(work, id)?;
    let objectives: BTreeSet<ObjectiveNumber> = editions
        .iter()
        .flat_map(|edition| edition.record.paragraphs.iter())
        .filter(|paragraph| paragraph.section.is_outcome())
        .filter_map(|paragraph| paragraph.objective)
        .collect();
    let clusters: Vec<Vec<ObjectiveNumber>> =
        objectives.into_iter().map(|objective| vec![objective]).collect();
    let mut outline = Opening { report: report.id, position: 0 };
    outline.add(work, None, SectionKind::Introduction, &[], None)?;
    let participation = outline.add(work, None, SectionKind::Participation, &[], None)?;
    computed_paragraph(work, &participation, ComputedText::Participation, 1)?;
    overall_sections(work, &mut outline, None, &categories)?;
    let outcomes = outline.add(work, None, SectionKind::Outcomes, &[], None)?;
    cluster_sections(work, &mut outline, outcomes.id, &clusters, &categories)?;
    store::insert_paper_editions(work.conn, report.id, &editions)?;
    carry_over(work, &report, &editions)?;
    work.audit("report.opened", "report", report.id);
    Ok(report)
}

/// The latest edition of each summary report of a review, by the ordinal of its consultation.
fn latest_editions(work: &mut Work, id: ReviewId) -> Result<Vec<Edition>, Problem> {
    let mut editions = Vec::new();
    for report in store::reports_of(work.conn, id, ReportKind::SummaryReport)? {
        editions.extend(store::editions(work.conn, report.id)?.pop());
    }
    editions.sort_by_key(|edition: &Edition| {
        edition.record.consultation.as_ref().map(|one| one.ordinal)
    });
    Ok(editions)
}

/// Makes the sections of a new report, in order.
struct Opening {
    report: ReportId,
    position: i32,
}

impl Opening {
    fn add(
        &mut self,
        work: &mut Work,
        parent: Option<SectionId>,
        kind: SectionKind,
        objectives: &[ObjectiveNumber],
        category: Option<&InputCategory>,
    ) -> Result<Section, Problem> {
        self.position += 1;
        let section = Section {
            id: work.id(),
            report_id: self.report,
            parent_id: parent,
            position: self.position,
            kind,
            objectives: objectives.to_vec(),
            category_id: category.map(|category| category.id),
            category: category.map(|category| category.code.clone()),
            heading: None,
            version: 1,
        };
        store::insert_section(work.conn, &section)?;
        Ok(section)
    }
}

fn overall_sections(
    work: &mut Work,
    outline: &mut Opening,
    parent: Option<SectionId>,
    categories: &[InputCategory],
) -> Result<(), Problem> {
    for category in categories.iter().filter(|category| category.overall) {
        outline.add(work, parent, SectionKind::OverallProgress, &[], Some(category))?;
    }
    Ok(())
}

fn cluster_sections(
    work: &mut Work,
    outline: &mut Opening,
    parent: SectionId,
    clusters: &[Vec<ObjectiveNumber>],
    categories: &[InputCategory],
) -> Result<(), Problem> {
    for objectives in clusters {
        let cluster = outline.add(work, Some(parent), SectionKind::Cluster, objectives, None)?;
        for category in categories.iter().filter(|category| !category.overall) {
            outline.add(
                work,
                Some(cluster.id),
                SectionKind::Category,
                objectives,
                Some(category),
            )?;
        }
    }
    Ok(())
}

fn computed_paragraph(
    work: &mut Work,
    section: &Section,
    what: ComputedText,
    position: i32,
) -> Result<(), Problem> {
    let paragraph = Paragraph {
        id: work.id(),
        report_id: section.report_id,
        section_id: section.id,
        position,
        text: None,
        computed: Some(what),
        objective: None,
        editorial_reason: None,
        inputs: Vec::new(),
        sources: Vec::new(),
        version: 1,
    };
    store::insert_paragraph(work.conn, &paragraph, work.now)
}

/// Every paragraph of the outcomes of the editions becomes one of the paper. Opening and closing statements are left out
/// (UN Editorial Manual).
fn carry_over(work: &mut Work, report: &Report, editions: &[Edition]) -> Result<(), Problem> {
    let sections = store::sections(work.conn, report.id)?;
    let mut position = 0;
    for edition in editions {
        for record in edition.record.paragraphs.iter().filter(|record| record.section.is_outcome())
        {
            let section = section_for(&sections, record).ok_or_else(|| {
                Problem::internal("a paragraph of an edition belongs nowhere in the paper")
            })?;
            position += 1;
            let source = Source { edition_id: edition.id, number: record.number };
            let paragraph = Paragraph {
                id: work.id(),
                report_id: report.id,
                section_id: section.id,
                position,
                text: Some(record.text.clone()),
                computed: None,
                objective: None,
                editorial_reason: None,
                inputs: Vec::new(),
                sources: vec![source],
                version: 1,
            };
            store::insert_paragraph(work.conn, &paragraph, work.now)?;
        }
    }
    Ok(())
}

/// Where a paragraph of an edition goes: its category under its objective; the objective itself when the category is no more.
fn section_for<'s>(sections: &'s [Section], record: &ParagraphRecord) -> Option<&'s Section> {
    let overall = || sections.iter().find(|section| section.kind == SectionKind::OverallProgress);
    if record.section == SectionKind::OverallProgress {
        return overall();
    }
    let objectives: Vec<ObjectiveNumber> = record.objective.into_iter().collect();
    let under = |kind: SectionKind| {
        sections
            .iter()
            .filter(move |section| section.kind == kind)
            .filter(|section| section.objectives == objectives)
    };
    let category = under(SectionKind::Category).find(|section| section.category == record.category);
    category.or_else(|| under(SectionKind::Cluster).next()).or_else(overall)
}

// ---------------------------------------------------------------------------------------------- read

/// The report: a published one for everybody, a draft for those who may read drafts; 404 for all others.
pub fn see(work: &mut Work, id: ReportId) -> Result<Report, Problem> {
    let place = locate(work, id)?;
    match work.may(Permission::ReadDrafts, &place.scope) || is_public(work, id)? {
        true => Ok(place.report),
        false => Err(Problem::not_found("report")),
    }
}

/// The summary report of a consultation, as [`see`].
pub fn summary_of(work: &mut Work, id: ConsultationId) -> Result<Report, Problem> {
    consultations::service::see(work, id)?;
    let report = store::summary_of(work.conn, id)?.ok_or_else(|| Problem::not_found("report"))?;
    see(work, report.id)
}

/// The conference room papers of a review that the caller may know of, in the order in which they were opened.
pub fn papers_of(work: &mut Work, id: ReviewId) -> Result<Vec<Report>, Problem> {
    let review = reviews::service::see(work, id)?;
    let drafts = work.may(Permission::ReadDrafts, &review.scope());
    let mut papers = Vec::new();
    for paper in store::reports_of(work.conn, id, ReportKind::ConferenceRoomPaper)? {
        if drafts || is_public(work, paper.id)? {
            papers.push(paper);
        }
    }
    Ok(papers)
}

/// The sections of a report, flat, in order.
pub fn sections(work: &mut Work, id: ReportId) -> Result<Vec<Section>, Problem> {
    locate_draft(work, id)?;
    store::sections(work.conn, id)
}

/// The paragraphs of a report, in its order.
pub fn paragraphs(work: &mut Work, id: ReportId) -> Result<Vec<Paragraph>, Problem> {
    let sections = sections(work, id)?;
    let mut paragraphs = store::paragraphs(work.conn, id)?;
    // Positions of sections rise through the whole report, a section before those in it.
    let place = |paragraph: &Paragraph| {
        sections.iter().position(|section| section.id == paragraph.section_id)
    };
    paragraphs.sort_by_key(|paragraph| (place(paragraph), paragraph.position, paragraph.id));
    Ok(paragraphs)
}

/// One paragraph, for those who may read drafts.
pub fn paragraph(work: &mut Work, id: ParagraphId) -> Result<Paragraph, Problem> {
    let paragraph = store::paragraph(work.conn, id)?;
    locate_draft(work, paragraph.report_id).map_err(|_| Problem::not_found("paragraph"))?;
    Ok(paragraph)
}

/// What the caller may do with a paragraph.
pub fn allowed_paragraph_actions(
    work: &mut Work,
    paragraph: &Paragraph,
) -> Result<Vec<&'static str>, Problem> {
    let section = store::section(work.conn, paragraph.section_id)?;
    let place = locate_draft(work, paragraph.report_id)?;
    Ok(match (require_draftable(work, &place, Some(&section)), paragraph.computed) {
        (Err(_), _) => Vec::new(),
        (Ok(()), Some(_)) => vec!["update", "move"],
        (Ok(()), None) => vec!["update", "move", "merge", "delete"],
    })
}

/// What the caller may do with a section.
pub fn allowed_section_actions(
    work: &mut Work,
    section: &Section,
) -> Result<Vec<&'static str>, Problem> {
    let place = locate_draft(work, section.report_id)?;
    Ok(match require_draftable(work, &place, Some(section)) {
        Err(_) => Vec::new(),
        Ok(()) if section.kind.takes_paragraphs() => vec!["update", "add_paragraph"],
        Ok(()) => vec!["update"],
    })
}

/// The sections as a tree, with labels and paragraph numbers.
pub fn outline(work: &mut Work, id: ReportId) -> Result<Outline, Problem> {
    let place = locate_draft(work, id)?;
    let facts = gather::facts(work, &place.report)?;
    Ok(facts.outline(&facts.compile()?))
}

/// The draft as a numbered document, for those who may read drafts.
pub fn compile(work: &mut Work, id: ReportId) -> Result<Document, Problem> {
    let place = locate_draft(work, id)?;
    Ok(gather::facts(work, &place.report)?.compile()?)
}

/// The editions of a report, by number; everybody may read them.
pub fn editions(work: &mut Work, id: ReportId) -> Result<Vec<Edition>, Problem> {
    see(work, id)?;
    store::editions(work.conn, id)
}

/// The edition of that number; everybody may read it.
pub fn edition(work: &mut Work, id: ReportId, number: i32) -> Result<Edition, Problem> {
    store::edition(work.conn, id, number)
}

// ---------------------------------------------------------------------------------------------- draft

/// Changes the masthead.
pub fn update(
    work: &mut Work,
    id: ReportId,
    version: i64,
    change: ReportChange,
) -> Result<Report, Problem> {
    let mut report = locate_to_draft(work, id, None)?.report;
    current(report.version, version)?;
    report.title = change.title.unwrap_or(report.title);
    report.symbol = change.symbol.unwrap_or(report.symbol);
    report.distribution = change.distribution.unwrap_or(report.distribution);
    report.dated_on = change.dated_on.unwrap_or(report.dated_on);
    report.summary = change.summary.unwrap_or(report.summary);
    check_masthead(&report)?;
    save(work, report, "report.updated")
}

fn check_masthead(report: &Report) -> Result<(), Problem> {
    Checks::new()
        .text(&report.title, LONGEST_TITLE, "/title")
        .optional_text(report.symbol.as_deref(), LONGEST_LINE, "/symbol")
        .text(&report.distribution, LONGEST_LINE, "/distribution")
        .optional_text(report.summary.as_deref(), LONGEST_TEXT, "/summary")
        .finish()?;
    let summary = report.summary.as_deref().unwrap_or_default();
    summary
        .split("\n\n")
        .filter(|text| !text.trim().is_empty())
        .try_for_each(|text| check_inline(text, "/summary"))
}

fn save(work: &mut Work, mut report: Report, action: &'static str) -> Result<Report, Problem> {
    report.version += 1;
    report.updated_at = work.now;
    store::update_report(work.conn, &report)?;
    work.audit(action, "report", report.id);
    Ok(report)
}

/// Gives a section another heading, or its usual one back.
pub fn set_heading(
    work: &mut Work,
    id: SectionId,
    version: i64,
    heading: Option<String>,
) -> Result<Section, Problem> {
    let section = store::section(work.conn, id)?;
    locate_to_draft(work, section.report_id, Some(&section))?;
    current(section.version, version)?;
    Checks::new().optional_text(heading.as_deref(), LONGEST_TITLE, "/heading").finish()?;
    store::set_heading(work.conn, id, version, heading.as_deref())?;
    store::touch(work.conn, section.report_id, work.now)?;
    work.audit("report_section.updated", "report_section", id);
    store::section(work.conn, id)
}

/// Adds a paragraph to a section.
pub fn add_paragraph(
    work: &mut Work,
    id: ReportId,
    new: NewParagraph,
) -> Result<Paragraph, Problem> {
    require_drafter(work, id)?;
    let section = section_of(work, id, new.section)?;
    let place = locate_to_draft(work, id, Some(&section))?;
    let mut paragraph = Paragraph {
        id: work.id(),
        report_id: id,
        section_id: section.id,
        position: 0,
        text: Some(new.text),
        computed: None,
        objective: new.objective,
        editorial_reason: new.editorial_reason,
        inputs: distinct(new.inputs),
        sources: Vec::new(),
        version: 1,
    };
    check_paragraph(work, &place, &section, &paragraph, &paragraph.inputs)?;
    paragraph.position = make_room(work, section.id, paragraph.id, new.position)?;
    store::insert_paragraph(work.conn, &paragraph, work.now)?;
    store::touch(work.conn, id, work.now)?;
    work.audit("paragraph.added", "paragraph", paragraph.id);
    Ok(paragraph)
}

/// Changes the text of a paragraph, or what it rests on.
pub fn update_paragraph(
    work: &mut Work,
    id: ParagraphId,
    version: i64,
    change: ParagraphChange,
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
    save_paragraph(work, paragraph, "paragraph.updated")
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
    save_paragraph(work, paragraph, "paragraph.moved")
}

/// Removes a paragraph. What it rested on is then open again.
pub fn delete_paragraph(work: &mut Work, id: ParagraphId, version: i64) -> Result<(), Problem> {
    let (paragraph, _, _) = paragraph_to_draft(work, id, version)?;
    if paragraph.computed.is_some() {
        let detail = "This paragraph is computed from data; write another text in its place.";
        return Err(Problem::new(Code::InUse, detail));
    }
    store::delete_paragraph(work.conn, id, version)?;
    store::touch(work.conn, paragraph.report_id, work.now)?;
    work.audit("paragraph.deleted", "paragraph", id);
    Ok(())
}

/// Joins several paragraphs into the first of them, which keeps the inputs and sources of all.
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
    let mut paragraphs = Vec::with_capacity(merge.paragraphs.len());
    for (index, paragraph) in merge.paragraphs.iter().enumerate() {
        paragraphs.push(part_of(work, id, *paragraph, index)?);
    }
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
    joint.text = Some(merge.text);
    joint.objective = merge.objective;
    joint.section_id = to.id;
    joint.inputs = distinct(paragraphs.iter().flat_map(|one| one.inputs.iter().copied()).collect());
    joint.sources =
        distinct(paragraphs.iter().flat_map(|one| one.sources.iter().copied()).collect());
    if !joint.inputs.is_empty() || !joint.sources.is_empty() {
        joint.editorial_reason = None;
    }
    check_paragraph(work, &place, &to, &joint, &[])?;
    for other in paragraphs.iter().skip(1) {
        store::delete_paragraph(work.conn, other.id, other.version)?;
    }
    if merge.position.is_some() || to.id != from.id {
        joint.position = make_room(work, to.id, first, merge.position)?;
    }
    save_paragraph(work, joint, "paragraph.merged")
}

fn part_of(
    work: &mut Work,
    report: ReportId,
    id: ParagraphId,
    index: usize,
) -> Result<Paragraph, Problem> {
    let pointer = format!("/paragraphs/{index}");
    let refused = || Problem::invalid(pointer.clone(), "the report has no such paragraph");
    let paragraph = store::paragraph(work.conn, id).map_err(|_| refused())?;
    if paragraph.report_id != report {
        return Err(refused());
    }
    match paragraph.computed {
        Some(_) => Err(Problem::invalid(pointer, "a computed paragraph cannot be merged")),
        None => Ok(paragraph),
    }
}

fn paragraph_to_draft(
    work: &mut Work,
    id: ParagraphId,
    version: i64,
) -> Result<(Paragraph, Section, Place), Problem> {
    let seen = store::paragraph(work.conn, id)?;
    let section = store::section(work.conn, seen.section_id)?;
    let place = locate_to_draft(work, seen.report_id, Some(&section)).map_err(|problem| {
        match problem.code() {
            Code::NotFound => Problem::not_found("paragraph"),
            _ => problem,
        }
    })?;
    // Again, now that the report is locked.
    let paragraph = store::paragraph(work.conn, id)?;
    current(paragraph.version, version)?;
    Ok((paragraph, section, place))
}

fn save_paragraph(
    work: &mut Work,
    mut paragraph: Paragraph,
    action: &'static str,
) -> Result<Paragraph, Problem> {
    paragraph.version += 1;
    store::update_paragraph(work.conn, &paragraph, work.now)?;
    store::touch(work.conn, paragraph.report_id, work.now)?;
    work.audit(action, "paragraph", paragraph.id);
    Ok(paragraph)
}

/// A section of the report that takes paragraphs.
fn section_of(work: &mut Work, report: ReportId, id: SectionId) -> Result<Section, Problem> {
    let pointer = "/section_id";
    let section = store::section(work.conn, id).ok().filter(|section| section.report_id == report);
    let section =
        section.ok_or_else(|| Problem::invalid(pointer, "the report has no such section"))?;
    if !section.kind.takes_paragraphs() {
        let detail = format!("no paragraphs stand directly in a section of kind {}", section.kind);
        return Err(Problem::invalid(pointer, detail));
    }
    Ok(section)
}

/// The place for a paragraph in a section. At the end it is the next one; elsewhere the others are given new places.
fn make_room(
    work: &mut Work,
    section: SectionId,
    id: ParagraphId,
    position: Option<u32>,
) -> Result<i32, Problem> {
    let before = store::places(work.conn, section)?;
    let others: Vec<_> = before.iter().filter(|(other, _)| *other != id).copied().collect();
    if position.is_none_or(|position| position as usize > others.len()) {
        return Ok(others.last().map_or(1, |(_, last)| last + 1));
    }
    let mut order: Vec<ParagraphId> = others.iter().map(|(other, _)| *other).collect();
    place(&mut order, id, position);
    let mut own = 1;
    for (other, wanted) in order.into_iter().zip(1..) {
        if other == id {
            own = wanted;
        } else if !before.contains(&(other, wanted)) {
            store::set_place(work.conn, other, wanted)?;
        }
    }
    Ok(own)
}

/// Checks a paragraph as it is to be stored; of its inputs only the `added` ones, so that one that was withdrawn later hinders
/// nobody who corrects the text.
fn check_paragraph(
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

fn check_inline(text: &str, pointer: &str) -> Result<(), Problem> {
    match inline::parse(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(Problem::invalid(pointer, error.to_string())),
    }
}

fn distinct<T: Ord>(items: Vec<T>) -> Vec<T> {
    let items: BTreeSet<T> = items.into_iter().collect();
    items.into_iter().collect()
}

// ---------------------------------------------------------------------------------------------- cover, clear, publish

/// Records why an input, or a paragraph of an edition, is not in the text.
pub fn omit(
    work: &mut Work,
    id: ReportId,
    omitted: Omitted,
    reason: String,
) -> Result<Omission, Problem> {
    db::lock(work.conn, id.uuid())?;
    let place = locate_draft(work, id)?;
    require_omission_right(work, &place, omitted)?;
    require_unpublished(&place)?;
    Checks::new().text(&reason, LONGEST_REASON, "/reason").finish()?;
    let (_, material) = gather::coverage(work, &place.report)?;
    let (there, pointer) = match omitted {
        Omitted::Input(input) => (material.inputs.contains(&input), "/input_id"),
        Omitted::Source(source) => (material.sources.contains(&source), "/source"),
    };
    if !there {
        return Err(Problem::invalid(pointer, "is nothing that this report could use"));
    }
    let omission = Omission { id: work.id(), report_id: id, omitted, reason };
    store::insert_omission(work.conn, &omission, work.now)?;
    store::touch(work.conn, id, work.now)?;
    work.audit("omission.recorded", "omission", omission.id);
    Ok(omission)
}

/// Whoever drafts the report, or the sections of the group in which the input was made.
fn require_omission_right(work: &mut Work, place: &Place, omitted: Omitted) -> Result<(), Problem> {
    let group = match omitted {
        Omitted::Input(input) => {
            reading::load(work.conn, &[input])?.pop().and_then(|input| input.working_group_id)
        }
        Omitted::Source(_) => None,
    };
    let own = group.is_some_and(|group| {
        work.may(Permission::DraftOwnSections, &place.scope.group(group.uuid()))
    });
    if own { Ok(()) } else { work.require(Permission::DraftReports, &place.scope) }
}

fn require_unpublished(place: &Place) -> Result<(), Problem> {
    match place.report.state {
        ReportState::Published => Err(Problem::new(
            Code::InvalidTransition,
            "The report is published; reopen it for drafting first.",
        )),
        ReportState::Drafting | ReportState::Clearance => Ok(()),
    }
}

/// What is covered of the draft and what is not.
pub fn coverage(work: &mut Work, id: ReportId) -> Result<Coverage, Problem> {
    let place = locate_draft(work, id)?;
    let (covers, material) = gather::coverage(work, &place.report)?;
    Ok(coverage::check(&covers, &material))
}

/// Moves the report between drafting and clearance, or reopens a published one for a corrigendum.
pub fn change_state(
    work: &mut Work,
    id: ReportId,
    version: i64,
    to: ReportState,
) -> Result<Report, Problem> {
    db::lock(work.conn, id.uuid())?;
    let place = locate_draft(work, id)?;
    let permission = match place.report.state {
        ReportState::Published => Permission::PublishReports,
        ReportState::Drafting | ReportState::Clearance => Permission::ClearReports,
    };
    work.require(permission, &place.scope)?;
    current(place.report.version, version)?;
    let state = place.report.state.advance(to)?;
    save(work, Report { state, ..place.report }, "report.state_changed")
}

fn may_publish(state: ReportState, phase: Option<Phase>) -> bool {
    let phase = matches!(phase, Some(Phase::Clearance | Phase::Published));
    match state {
        ReportState::Drafting => phase,
        ReportState::Clearance => true,
        ReportState::Published => false,
    }
}

/// Publishes an edition: freezes the document's bytes and what a paper takes over from it. `version` is the report's current
/// one: every change to the report or anything in it counts, so that nobody publishes what they have not seen.
///
/// A summary report is published once its consultation is in the phase clearance, or the report itself in clearance; a paper
/// once it is in clearance. 409 `coverage_incomplete` when something is not covered.
pub fn publish(
    work: &mut Work,
    id: ReportId,
    version: i64,
    symbol: Option<String>,
) -> Result<Edition, Problem> {
    db::lock(work.conn, id.uuid())?;
    let Place { mut report, consultation, scope } = locate_draft(work, id)?;
    work.require(Permission::PublishReports, &scope)?;
    current(report.version, version)?;
    require_publishable(&report, consultation.as_ref())?;
    report.symbol = symbol.or(report.symbol);
    check_masthead(&report)?;
    // Inputs are decided and withdrawn under this lock: what is covered stays covered.
    if let Some(consultation) = &consultation {
        db::lock(work.conn, consultation.id.uuid())?;
    }
    let (covers, material) = gather::coverage(work, &report)?;
    coverage::check(&covers, &material).require_complete()?;
    let facts = gather::facts(work, &report)?;
    let document = facts.compile()?;
    let record = record(work, &facts, &document)?;
    let bytes = render::json::render(&document);
    let edition = Edition {
        id: work.id(),
        report_id: id,
        number: i32::try_from(store::count_editions(work.conn, id)?).map_err(Problem::internal)?
            + 1,
        symbol: report.symbol.clone(),
        sha256: document.fingerprint(),
        document: String::from_utf8(bytes).map_err(Problem::internal)?,
        record,
        published_at: work.now,
    };
    store::insert_edition(work.conn, &edition)?;
    save(work, Report { state: ReportState::Published, ..report }, "report.published")?;
    Ok(edition)
}

fn record(work: &mut Work, facts: &Facts, document: &Document) -> Result<EditionRecord, Problem> {
    let named = gather::objectives_named(work, facts.draft().report.id)?;
    Ok(facts.record(document, &named))
}

fn require_publishable(
    report: &Report,
    consultation: Option<&Consultation>,
) -> Result<(), Problem> {
    if may_publish(report.state, consultation.map(|consultation| consultation.phase)) {
        return Ok(());
    }
    match (report.state, consultation) {
        (ReportState::Drafting, Some(consultation)) => consultation.require(Activity::Publish),
        (state, _) => {
            let detail = format!("The report is in {state}; it is published from clearance.");
            Err(Problem::new(Code::InvalidTransition, detail))
        }
    }
}
