//! Opens a report: its sections, the paragraphs that are computed, and what a paper carries over from its editions.

use super::drafting::check_masthead;
use super::history::DraftStepKind;
use super::history::service::step;
use crate::access::Permission;
use crate::consultations::{self, Activity, ConsultationId, WorkingGroup};
use crate::problem::{Code, Problem};
use crate::reference::ObjectiveNumber;
use crate::reviews::{self, InputCategory, ReviewId};
use crate::work::Work;

use crate::reports::{
    ComputedText, Edition, NewPaper, Paragraph, ParagraphRecord, Report, ReportId, ReportKind,
    Section, SectionId, SectionKind, Source, recompiling, store,
};

/// Opens the summary report of a consultation: its sections, and the paragraphs that are written from data.
pub fn open_summary(work: &mut Work, id: ConsultationId) -> Result<Report, Problem> {
    let consultation = consultations::service::see(work, id)?;
    work.require(Permission::DraftReports, &consultation.scope())?;
    consultation.require(Activity::Draft)?;
    let (kind, title) = (ReportKind::SummaryReport, consultation.theme.clone());
    let report = Report::new(work.id(), kind, consultation.review_id, title, work.now);
    let report = Report { consultation_id: Some(id), ..report };
    store::insert_report(work.conn, &report)?;
    let categories = reviews::service::categories(work, consultation.review_id)?;
    let clusters: Vec<Vec<ObjectiveNumber>> =
        consultations::programme::service::all::<WorkingGroup>(work, id)?
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
/// paragraph of their outcomes over, under its objectives and category.
pub fn open_paper(work: &mut Work, id: ReviewId, new: NewPaper) -> Result<Report, Problem> {
    let review = reviews::service::see(work, id)?;
    work.require(Permission::DraftReports, &review.scope())?;
    let usual = || format!("Outcomes of the stakeholder consultations: {}", review.title);
    let (kind, title) = (ReportKind::ConferenceRoomPaper, new.title.unwrap_or_else(usual));
    let report = Report::new(work.id(), kind, id, title, work.now);
    let report = Report {
        symbol: new.symbol,
        distribution: new.distribution.unwrap_or(report.distribution),
        dated_on: new.dated_on,
        summary: new.summary,
        agenda_items: new.agenda_items,
        masthead_notes: new.masthead_notes,
        ..report
    };
    check_masthead(&report)?;
    super::amendments::check_symbol(work, &report)?;
    let editions = latest_editions(work, id)?;
    if editions.is_empty() {
        let detail = "No summary report of this review is published; a paper is compiled from published ones.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    store::insert_report(work.conn, &report)?;
    let categories = reviews::service::categories(work, id)?;
    let records = editions.iter().flat_map(|edition| edition.record.paragraphs.iter());
    let clusters: Vec<Vec<ObjectiveNumber>> = recompiling::clusters(records).into_iter().collect();
    let mut outline = Opening { report: report.id, position: 0 };
    outline.add(work, None, SectionKind::Introduction, &[], None)?;
    let participation = outline.add(work, None, SectionKind::Participation, &[], None)?;
    computed_paragraph(work, &participation, ComputedText::Participation, 1)?;
    overall_sections(work, &mut outline, None, &categories)?;
    let outcomes = outline.add(work, None, SectionKind::Outcomes, &[], None)?;
    cluster_sections(work, &mut outline, outcomes.id, &clusters, &categories)?;
    store::editions::put_paper_editions(work.conn, report.id, &editions)?;
    carry_over(work, &report, &editions)?;
    work.audit("report.opened", "report", report.id);
    Ok(report)
}

/// The latest edition of each summary report of a review, by the ordinal of its consultation.
pub(super) fn latest_editions(work: &mut Work, id: ReviewId) -> Result<Vec<Edition>, Problem> {
    let mut editions = Vec::new();
    for report in store::reports_of(work.conn, id, ReportKind::SummaryReport)? {
        editions.extend(store::editions::newest(work.conn, report.id)?);
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
        store::insert_section(work.conn, &section, &step(work, DraftStepKind::Opened))?;
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
    store::paragraphs::insert_paragraph(work.conn, &paragraph, &step(work, DraftStepKind::Opened))
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
            store::paragraphs::insert_paragraph(
                work.conn,
                &paragraph,
                &step(work, DraftStepKind::Opened),
            )?;
        }
    }
    Ok(())
}

/// Where a paragraph of an edition goes: its category under its objectives; the objectives themselves when the category is no more.
pub(super) fn section_for<'s>(
    sections: &'s [Section],
    record: &ParagraphRecord,
) -> Option<&'s Section> {
    let overall = || sections.iter().find(|section| section.kind == SectionKind::OverallProgress);
    if record.section == SectionKind::OverallProgress {
        return overall();
    }
    let objectives = record.about();
    let under = |kind: SectionKind| {
        sections
            .iter()
            .filter(move |section| section.kind == kind)
            .filter(|section| section.objectives == objectives)
    };
    let category = under(SectionKind::Category).find(|section| section.category == record.category);
    category.or_else(|| under(SectionKind::Cluster).next()).or_else(overall)
}
