//! What a caller may do with reports: open, draft, cover, clear, publish and read them. Every function authorizes the caller
//! of `work` and audits what it changes. Must never learn who said what.

use std::collections::BTreeMap;

use crate::access::Permission;
use crate::consultations::{self, ConsultationId};
use crate::document::Document;
use crate::problem::Problem;
use crate::reviews::{self, ReviewId};
use crate::work::Work;

use crate::reports::clearance::Approval;
use crate::reports::compile::Facts;
use crate::reports::{
    Edition, Issue, Outline, OutlineSection, Paragraph, ParagraphId, Report, ReportId, ReportKind,
    Section, gather, store,
};

use super::reach::Reach;
use super::rights::{is_public, locate, locate_draft};

/// The report: a published one for everybody, a draft for those who may read drafts; 404 for all others.
pub fn see(work: &mut Work, id: ReportId) -> Result<Report, Problem> {
    let place = locate(work, id)?;
    if work.may(Permission::ReadDrafts, &place.scope) || is_public(work, id)? {
        Ok(place.report)
    } else {
        Err(Problem::not_found("report"))
    }
}

/// The report, for those who may read its draft.
pub fn see_draft(work: &mut Work, id: ReportId) -> Result<Report, Problem> {
    Ok(locate_draft(work, id)?.report)
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

/// The reports of a review that the caller may know of, in the order in which they were opened: its papers, and the summary reports
/// of the consultations that the caller sees. Drafts are for whoever reads drafts, all others for everybody.
pub fn reports_of(work: &mut Work, id: ReviewId) -> Result<Vec<Report>, Problem> {
    let review = reviews::service::see(work, id)?;
    let consultations = consultations::service::of_review(work, id)?;
    let consultations: BTreeMap<_, _> = consultations.iter().map(|one| (one.id, one)).collect();
    let public = store::editions::published_reports(work.conn, id)?;
    let mut reports = store::all_of(work.conn, id)?;
    reports.retain(|report| {
        let consultation = report.consultation_id.and_then(|id| consultations.get(&id));
        let scope = consultation.map_or_else(|| review.scope(), |one| one.scope());
        public.contains(&report.id) || work.may(Permission::ReadDrafts, &scope)
    });
    Ok(reports)
}

/// The sections of a report, flat, in order.
pub fn sections(work: &mut Work, id: ReportId) -> Result<Vec<Section>, Problem> {
    locate_draft(work, id)?;
    store::sections(work.conn, id)
}

/// The paragraphs of a report, in its order.
pub fn paragraphs(work: &mut Work, id: ReportId) -> Result<Vec<Paragraph>, Problem> {
    let sections = sections(work, id)?;
    let mut paragraphs = store::paragraphs::all(work.conn, id)?;
    // Positions of sections rise through the whole report, a section before those in it.
    let place = |paragraph: &Paragraph| {
        sections.iter().position(|section| section.id == paragraph.section_id)
    };
    paragraphs.sort_by_key(|paragraph| (place(paragraph), paragraph.position, paragraph.id));
    Ok(paragraphs)
}

/// One paragraph, for those who may read drafts.
pub fn paragraph(work: &mut Work, id: ParagraphId) -> Result<Paragraph, Problem> {
    let paragraph = store::paragraphs::paragraph(work.conn, id)?;
    locate_draft(work, paragraph.report_id)
        .map_err(|problem| problem.refused_as(|_| Problem::not_found("paragraph")))?;
    Ok(paragraph)
}

/// What the caller may do with a paragraph.
pub fn allowed_paragraph_actions(
    work: &mut Work,
    paragraph: &Paragraph,
) -> Result<Vec<&'static str>, Problem> {
    let section = store::section(work.conn, paragraph.section_id)?;
    let place = locate_draft(work, paragraph.report_id)?;
    Ok(Reach::of(work, &place)?.of_paragraph(&section, paragraph))
}

/// What the caller may do with a section.
pub fn allowed_section_actions(
    work: &mut Work,
    section: &Section,
) -> Result<Vec<&'static str>, Problem> {
    let place = locate_draft(work, section.report_id)?;
    Ok(Reach::of(work, &place)?.of_section(section))
}

/// The sections as a tree, with labels, paragraph numbers and what the caller may do with each.
pub fn outline(work: &mut Work, id: ReportId) -> Result<Outline, Problem> {
    Ok(drafted(work, id)?.outline)
}

fn allow(outlined: &mut OutlineSection, reach: &Reach) {
    outlined.allowed_actions = reach.of_section(&outlined.section);
    for one in &mut outlined.paragraphs {
        one.allowed_actions = reach.of_paragraph(&outlined.section, &one.paragraph);
    }
    outlined.sections.iter_mut().for_each(|below| allow(below, reach));
}

/// A draft as a whole.
#[derive(Debug)]
pub struct Drafted {
    /// Its sections and paragraphs, with what the caller may do with each.
    pub outline: Outline,
    /// As it would be printed.
    pub document: Document,
    /// What it is compiled from.
    pub facts: Facts,
}

/// A draft as a whole, for those who may read drafts.
pub fn drafted(work: &mut Work, id: ReportId) -> Result<Drafted, Problem> {
    let place = locate_draft(work, id)?;
    let reach = Reach::of(work, &place)?;
    let facts = gather::facts(work, &place.report)?;
    let document = facts.compile()?;
    let mut outline = facts.outline(&document);
    outline.sections.iter_mut().for_each(|outlined| allow(outlined, &reach));
    Ok(Drafted { outline, document, facts })
}

/// The draft as a numbered document, for those who may read drafts.
pub fn compile(work: &mut Work, id: ReportId) -> Result<Document, Problem> {
    let place = locate_draft(work, id)?;
    Ok(gather::facts(work, &place.report)?.compile()?)
}

/// The editions of a report, by number; everybody may read them.
pub fn editions(work: &mut Work, id: ReportId) -> Result<Vec<Edition>, Problem> {
    see(work, id)?;
    store::editions::all(work.conn, id)
}

/// That editions of a report were published, by number; everybody may know.
pub fn issues(work: &mut Work, id: ReportId) -> Result<Vec<Issue>, Problem> {
    see(work, id)?;
    store::editions::issues(work.conn, id)
}

/// Who approved each edition of a report, by number; everybody may know.
pub fn approvals(work: &mut Work, id: ReportId) -> Result<Vec<(i32, Approval)>, Problem> {
    see(work, id)?;
    store::editions::approvals(work.conn, id)
}

/// Every report and paper that is published, with its newest edition: the latest first.
pub fn published(work: &mut Work) -> Result<Vec<(Report, Issue)>, Problem> {
    store::published(work.conn)
}

/// The edition of that number; everybody may read it.
pub fn edition(work: &mut Work, id: ReportId, number: i32) -> Result<Edition, Problem> {
    store::editions::edition(work.conn, id, number)
}
