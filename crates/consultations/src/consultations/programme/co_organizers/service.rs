//! Co-organizers as rows of a programme.

use super::{CoOrganizer, NewCoOrganizer};
use crate::consultations::programme::removals::Removal;
use crate::consultations::programme::service::{Item, Names, at_end, item_fields, names};
use crate::consultations::{Consultation, ConsultationId};
use crate::db::types::{Id, Timestamp};
use crate::organizations;
use crate::problem::Problem;
use crate::work::Work;

impl Item for CoOrganizer {
    type New = NewCoOrganizer;
    const NAMES: Names = names!("co-organizer", "co_organizer");
    item_fields!(position);

    /// At the end when it says no position.
    fn made(
        work: &mut Work,
        consultation: &Consultation,
        new: NewCoOrganizer,
    ) -> Result<Self, Problem> {
        let organization =
            organizations::service::named(work, new.organization_id, "/organization_id")?;
        let position = match new.position {
            Some(position) => position,
            None => at_end::<Self>(work, consultation.id)?,
        };
        Ok(Self {
            id: work.id(),
            consultation_id: consultation.id,
            organization_id: organization.id,
            kind: new.kind,
            position,
            version: 1,
            created_at: work.now,
            updated_at: work.now,
        })
    }

    fn require_valid(&self, _: &mut Work, _: &Consultation) -> Result<(), Problem> {
        self.check()
    }

    fn removal(self, _: Timestamp) -> Option<Removal> {
        None
    }
}
