//! What can be chosen where the outline of a draft is changed: where a section can go, and with which it can be joined. Pure; whoever
//! changes the outline is held to the same again.

use super::Sections;
use crate::reports::{Section, SectionId, SectionKind};

impl Sections {
    /// The sections of a report.
    pub fn of(all: Vec<Section>) -> Self {
        Self { all }
    }

    /// Where a section can go, or a new one when none is named: each section below which there is room, with those directly in it that
    /// it can stand behind, in order; none is the first level. What was not added stays among its neighbours.
    pub fn places_for(&self, moved: Option<SectionId>) -> Vec<(Option<SectionId>, Vec<SectionId>)> {
        let own = moved.and_then(|id| self.get(id));
        let inside = moved.map(|id| self.within(id)).unwrap_or_default();
        let levels = moved.map_or(1, |id| self.height(id));
        let fits = |parent: Option<SectionId>| match own {
            Some(own) if own.parent_id == parent => true,
            Some(own) if !own.kind.is_added() => false,
            _ => {
                parent.is_none_or(|parent| !inside.contains(&parent))
                    && self.require_room(parent, levels).is_ok()
            }
        };
        let all = self.reading_order(None, &self.under(None)).into_iter().map(Some);
        let parents = std::iter::once(None).chain(all).filter(|parent| fits(*parent));
        parents.map(|parent| (parent, self.neighbours(parent, moved))).collect()
    }

    /// The sections directly below `parent` but this one and the annex, which stays the last.
    fn neighbours(&self, parent: Option<SectionId>, moved: Option<SectionId>) -> Vec<SectionId> {
        let stands = |id: &SectionId| {
            let kind = self.get(*id).map(|section| section.kind);
            Some(*id) != moved && kind != Some(SectionKind::Annex)
        };
        self.under(parent).into_iter().filter(stands).collect()
    }

    /// With which sections one can be joined, in reading order.
    pub fn partners_of(&self, id: SectionId) -> Vec<SectionId> {
        let joins = |id: SectionId| self.get(id).is_some_and(|one| one.kind.can_be_joined());
        let has_room = |below: SectionId| self.require_room(Some(id), self.height(below)).is_ok();
        let fits = |with: SectionId| {
            with != id
                && joins(with)
                && !self.within(with).contains(&id)
                && !self.within(id).contains(&with)
                && self.under(Some(with)).into_iter().all(has_room)
        };
        let all = self.reading_order(None, &self.under(None)).into_iter();
        all.filter(|with| joins(id) && fits(*with)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{id, sections};
    use super::*;

    #[test]
    fn a_section_goes_where_there_is_room() {
        let mut sections = sections();
        let of = |sections: &Sections, moved| -> Vec<Option<SectionId>> {
            sections.places_for(moved).into_iter().map(|(parent, _)| parent).collect()
        };
        // Everywhere but in the annex, and not in itself.
        let all = [None, Some(id(1)), Some(id(6)), Some(id(2)), Some(id(3)), Some(id(4))];
        assert_eq!(of(&sections, None), all);
        assert_eq!(
            of(&sections, Some(id(6))),
            [None, Some(id(1)), Some(id(2)), Some(id(3)), Some(id(4))]
        );
        // What was not added stays where it is.
        assert_eq!(of(&sections, Some(id(4))), [Some(id(3))]);
        let (_, first) = sections.places_for(Some(id(1))).remove(0);
        assert_eq!(first, [id(2)], "the annex stays the last");
        sections.adopt(id(6), Some(id(4)));
        assert!(!of(&sections, None).contains(&Some(id(6))), "five levels are too many");
    }

    #[test]
    fn sections_are_joined_that_neither_stand_in_each_other_nor_where_they_are() {
        let sections = sections();
        assert_eq!(sections.partners_of(id(4)), [id(1), id(6)]);
        assert_eq!(sections.partners_of(id(6)), [id(4)]);
        assert_eq!(sections.partners_of(id(3)), []);
    }
}
