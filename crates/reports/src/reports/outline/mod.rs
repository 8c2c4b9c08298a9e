//! The outline of a report: what it is, and how sections are added, moved, removed, joined and split. Pure.

use super::{Paragraph, Report, Section, SectionId, SectionKind, place};
use crate::problem::Problem;

mod choices;
pub(super) mod http;
pub mod service;

/// How deeply sections nest: headings have as many levels.
const DEEPEST: usize = 4;

impl SectionKind {
    /// Whether it has no usual heading, since whoever drafts added it.
    pub const fn is_added(self) -> bool {
        matches!(self, Self::Added | Self::AddedOutcome)
    }

    /// Whether compiling needs it where it stands: what is computed from data goes there.
    pub const fn is_fixed(self) -> bool {
        matches!(self, Self::Organization | Self::Participation | Self::Outcomes | Self::Annex)
    }

    /// Whether sections can be added below it.
    pub const fn takes_sections(self) -> bool {
        !matches!(self, Self::Annex)
    }

    /// Whether its paragraphs can go into another section and others into it. A cluster is one of the programme's, with the sections of
    /// its categories.
    pub const fn can_be_joined(self) -> bool {
        !self.is_fixed() && !matches!(self, Self::Cluster)
    }
}

/// A report's sections as a tree, with the numbers and labels they get.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// The report.
    pub report: Report,
    /// The sections of the first level, in order.
    pub sections: Vec<OutlineSection>,
}

/// A section in the outline.
#[derive(Debug, Clone, PartialEq)]
pub struct OutlineSection {
    /// The section.
    pub section: Section,
    /// "IV", "B", "i"; `None` when it is not printed, because nothing stands in it.
    pub label: Option<String>,
    /// The heading as printed.
    pub heading: String,
    /// Its own paragraphs, in the order of their places.
    pub paragraphs: Vec<OutlineParagraph>,
    /// The sections in it, in order.
    pub sections: Vec<OutlineSection>,
    /// What whoever asks may do with it.
    pub allowed_actions: Vec<&'static str>,
}

/// A paragraph in the outline.
#[derive(Debug, Clone, PartialEq)]
pub struct OutlineParagraph {
    /// The paragraph.
    pub paragraph: Paragraph,
    /// Its number; `None` for a computed paragraph for which there are no data.
    pub number: Option<u32>,
    /// Its words as printed, as inline Markdown; `None` as its number is.
    pub printed: Option<String>,
    /// What whoever asks may do with it.
    pub allowed_actions: Vec<&'static str>,
}

/// A section to be added.
#[derive(Debug, Clone)]
pub struct NewSection {
    /// The section it goes into; none for one of the first level.
    pub parent: Option<SectionId>,
    /// Its place there, from 1; at the end when absent.
    pub position: Option<u32>,
    /// Its heading.
    pub heading: String,
}

/// The sections of one report. What is changed is noted by its version, which rises once.
#[derive(Debug, Clone)]
pub struct Sections {
    pub(super) all: Vec<Section>,
}

impl Sections {
    fn get(&self, id: SectionId) -> Option<&Section> {
        self.all.iter().find(|section| section.id == id)
    }

    /// The sections directly below `parent`, in order.
    pub(super) fn under(&self, parent: Option<SectionId>) -> Vec<SectionId> {
        let mut below: Vec<&Section> =
            self.all.iter().filter(|section| section.parent_id == parent).collect();
        below.sort_by_key(|section| (section.position, section.id));
        below.into_iter().map(|section| section.id).collect()
    }

    /// Puts sections below one parent into an order, with places below every one that there is, so that each is given one anew.
    pub(super) fn put_in_order(&mut self, order: &[SectionId]) {
        for (id, position) in order.iter().zip(i32::MIN..) {
            let section = self.all.iter_mut().find(|section| section.id == *id);
            section.into_iter().for_each(|section| section.position = position);
        }
    }

    /// A section and all below it, each before those in it.
    fn within(&self, id: SectionId) -> Vec<SectionId> {
        let below = self.under(Some(id)).into_iter().flat_map(|below| self.within(below));
        std::iter::once(id).chain(below).collect()
    }

    /// On which level a section stands, from 1; 0 for the report itself.
    fn level(&self, id: Option<SectionId>) -> usize {
        let section = id.and_then(|id| self.get(id));
        section.map_or(0, |section| 1 + self.level(section.parent_id))
    }

    /// A section that stands deeper than headings go.
    pub(super) fn too_deep(&self) -> Option<&Section> {
        self.all.iter().find(|section| self.level(Some(section.id)) > DEEPEST)
    }

    /// How many levels a section and those in it take.
    fn height(&self, id: SectionId) -> usize {
        let below = self.under(Some(id)).into_iter().map(|below| self.height(below));
        1 + below.max().unwrap_or(0)
    }

    /// The order of the sections directly below `parent` once `id` is at `position` among them. The annex stays the last.
    fn ordered(
        &self,
        parent: Option<SectionId>,
        id: SectionId,
        position: Option<u32>,
    ) -> Vec<SectionId> {
        let is_annex = |id: &SectionId| {
            self.get(*id).is_some_and(|section| section.kind == SectionKind::Annex)
        };
        let (annexes, mut order): (Vec<_>, Vec<_>) =
            self.under(parent).into_iter().partition(is_annex);
        place(&mut order, id, position);
        order.extend(annexes);
        order
    }

    /// 422 at `/parent_id` unless a section that takes so many levels can go below `parent`.
    fn require_room(&self, parent: Option<SectionId>, levels: usize) -> Result<(), Problem> {
        let pointer = "/parent_id";
        let Some(id) = parent else { return Ok(()) };
        let Some(above) = self.get(id) else {
            return Err(Problem::invalid(pointer, "the report has no such section"));
        };
        if !above.kind.takes_sections() {
            let detail = format!("no sections stand in a section of kind {}", above.kind);
            return Err(Problem::invalid(pointer, detail));
        }
        if self.level(parent) + levels > DEEPEST {
            let detail = format!("sections nest {DEEPEST} levels deep and no further");
            return Err(Problem::invalid(pointer, detail));
        }
        Ok(())
    }

    /// Makes a section, and those that were added in it, what an added section below `parent` is: of the outcomes when its parent is,
    /// of its parent's objectives, and of no category.
    fn adopt(&mut self, id: SectionId, parent: Option<SectionId>) {
        let (kind, objectives) = match parent.and_then(|parent| self.get(parent)) {
            Some(above) if above.kind.is_outcome() || above.kind == SectionKind::Outcomes => {
                (SectionKind::AddedOutcome, above.objectives.clone())
            }
            _ => (SectionKind::Added, Vec::new()),
        };
        let Some(section) = self.all.iter_mut().find(|section| section.id == id) else { return };
        section.parent_id = parent;
        if section.kind.is_added() {
            (section.kind, section.objectives) = (kind, objectives);
            (section.category, section.category_id) = (None, None);
        }
        for below in self.under(Some(id)) {
            self.adopt(below, Some(id));
        }
    }

    /// All sections in reading order, each before those in it, when those below `parent` are in the order given.
    fn reading_order(&self, parent: Option<SectionId>, given: &[SectionId]) -> Vec<SectionId> {
        let mut order = Vec::with_capacity(self.all.len());
        self.read(None, parent, given, &mut order);
        order
    }

    fn read(
        &self,
        at: Option<SectionId>,
        parent: Option<SectionId>,
        given: &[SectionId],
        order: &mut Vec<SectionId>,
    ) {
        let below = if at == parent { given.to_vec() } else { self.under(at) };
        for id in below {
            order.push(id);
            self.read(Some(id), parent, given, order);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::vocabulary::ReportId;

    fn section(id: u128, parent: Option<u128>, position: i32, kind: SectionKind) -> Section {
        Section {
            id: SectionId::new(Uuid::from_u128(id)),
            report_id: ReportId::new(Uuid::from_u128(99)),
            parent_id: parent.map(|id| SectionId::new(Uuid::from_u128(id))),
            position,
            kind,
            objectives: Vec::new(),
            category_id: None,
            category: None,
            heading: None,
            version: 1,
        }
    }

    pub fn sections() -> Sections {
        Sections {
            all: vec![
                section(1, None, 1, SectionKind::Background),
                section(2, None, 2, SectionKind::Outcomes),
                section(3, Some(2), 3, SectionKind::Cluster),
                section(4, Some(3), 4, SectionKind::Category),
                section(5, None, 5, SectionKind::Annex),
                section(6, Some(1), 6, SectionKind::Added),
            ],
        }
    }

    pub fn id(number: u128) -> SectionId {
        SectionId::new(Uuid::from_u128(number))
    }

    #[test]
    fn the_annex_stays_the_last() {
        let order = sections().ordered(None, id(6), None);
        assert_eq!(order, [id(1), id(2), id(6), id(5)]);
        let order = sections().ordered(None, id(6), Some(40));
        assert_eq!(order, [id(1), id(2), id(6), id(5)]);
        let order = sections().ordered(None, id(6), Some(1));
        assert_eq!(order, [id(6), id(1), id(2), id(5)]);
    }

    #[test]
    fn an_added_section_is_what_it_stands_in() {
        let mut sections = sections();
        sections.adopt(id(6), Some(id(3)));
        assert_eq!(sections.get(id(6)).map(|one| one.kind), Some(SectionKind::AddedOutcome));
        let order = sections.reading_order(Some(id(3)), &[id(6), id(4)]);
        assert_eq!(order, [id(1), id(2), id(3), id(6), id(4), id(5)]);
        sections.adopt(id(6), None);
        assert_eq!(sections.get(id(6)).map(|one| one.kind), Some(SectionKind::Added));
    }

    #[test]
    fn sections_nest_as_deeply_as_headings_do() {
        let sections = sections();
        assert!(sections.require_room(Some(id(4)), 1).is_ok());
        assert!(sections.require_room(Some(id(4)), 2).is_err());
        assert!(sections.require_room(Some(id(5)), 1).is_err());
        assert!(sections.require_room(Some(id(9)), 1).is_err());
        assert_eq!((sections.level(Some(id(4))), sections.height(id(2))), (3, 3));
    }
}
