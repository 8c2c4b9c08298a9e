//! Which sections of a draft the caller may change, and what with them and their paragraphs: looked up once for a whole report. Must
//! never learn who said what.

use super::rights::{Place, require_open, require_unpublished};
use crate::access::Permission;
use crate::consultations::{self, WorkingGroup};
use crate::problem::Problem;
use crate::reference::ObjectiveNumber;
use crate::reports::{Paragraph, Section, SectionKind};
use crate::work::Work;

/// How far the caller's pen reaches in a report.
#[derive(Debug)]
pub(super) struct Reach {
    whole: bool,
    /// What the caller's own working groups discussed.
    clusters: Vec<Vec<ObjectiveNumber>>,
    /// Whether the report can be drafted at all for the moment.
    pub(super) open: bool,
    /// Whether wording can be suggested.
    pub(super) suggests: bool,
}

impl Reach {
    /// In that report.
    pub(super) fn of(work: &mut Work, place: &Place) -> Result<Self, Problem> {
        let whole = work.may(Permission::DraftReports, &place.scope);
        let clusters = if whole { Vec::new() } else { own_clusters(work, place)? };
        let open = Problem::or_refused(require_open(work, place))?.is_some();
        let suggests = require_unpublished(place).is_ok();
        Ok(Self { whole, clusters, open, suggests })
    }

    /// Whether the caller's roles reach the section: all of them for whoever drafts the report, else those of one's own group.
    pub(super) fn has(&self, section: &Section) -> bool {
        let of_cluster = matches!(
            section.kind,
            SectionKind::Cluster
                | SectionKind::Category
                | SectionKind::AddedOutcome
                | SectionKind::DivergentViews
        );
        self.whole || (of_cluster && self.clusters.contains(&section.objectives))
    }

    /// Whether the caller's roles reach what stands in that section; in none, that of whoever drafts the whole report alone.
    pub(super) fn has_what_is_in(&self, section: Option<&Section>) -> bool {
        self.whole || section.is_some_and(|section| self.has(section))
    }

    /// What the caller may do with a section now.
    pub(super) fn of_section(&self, section: &Section) -> Vec<&'static str> {
        if !self.open || !self.has(section) {
            return Vec::new();
        }
        let kind = section.kind;
        let table = [
            ("update", kind.takes_heading()),
            ("add_paragraph", kind.takes_paragraphs()),
            ("add_section", self.whole && kind.takes_sections()),
            ("move", self.whole && !kind.is_fixed()),
            ("remove", self.whole && !kind.is_fixed()),
            ("join", self.whole && kind.can_be_joined()),
            ("split", self.whole && kind.takes_paragraphs()),
            ("set_apart", self.whole && kind.is_outcome()),
        ];
        table.into_iter().filter(|(_, may)| *may).map(|(action, _)| action).collect()
    }

    /// What the caller may do with a paragraph of that section now.
    pub(super) fn of_paragraph(
        &self,
        section: &Section,
        paragraph: &Paragraph,
    ) -> Vec<&'static str> {
        let own: &[&'static str] = match paragraph.computed {
            _ if !self.open || !self.has(section) => &[],
            Some(_) => &["update", "move"],
            None => &["update", "move", "merge", "split", "delete"],
        };
        own.iter().copied().chain(self.suggests.then_some("suggest")).collect()
    }
}

fn own_clusters(work: &mut Work, place: &Place) -> Result<Vec<Vec<ObjectiveNumber>>, Problem> {
    let Some(consultation) = &place.consultation else { return Ok(Vec::new()) };
    let mut groups = consultations::programme::service::all::<WorkingGroup>(work, consultation.id)?;
    groups.retain(|group| {
        work.may(Permission::DraftOwnSections, &place.scope.group(group.id.uuid()))
    });
    Ok(groups.into_iter().flat_map(|group| group.clusters).collect())
}
