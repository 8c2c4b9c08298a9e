//! Rounds as rows of a programme.

use super::{NewRound, Round};
use crate::consultations::programme::removals::{Removal, RemovedKind};
use crate::consultations::programme::service::{Item, Names, item_fields, names};
use crate::consultations::{Consultation, ConsultationId};
use crate::db::types::{Id, Timestamp};
use crate::problem::Problem;
use crate::work::Work;

impl Item for Round {
    type New = NewRound;
    const NAMES: Names = names!("round", "round");
    item_fields!(number);

    fn made(work: &mut Work, consultation: &Consultation, new: NewRound) -> Result<Self, Problem> {
        Ok(Self {
            id: work.id(),
            consultation_id: consultation.id,
            number: new.number,
            starts_at: new.starts_at,
            ends_at: new.ends_at,
            version: 1,
            created_at: work.now,
            updated_at: work.now,
        })
    }

    fn require_valid(&self, _: &mut Work, consultation: &Consultation) -> Result<(), Problem> {
        self.check(consultation)
    }

    fn removal(self, now: Timestamp) -> Option<Removal> {
        let (consultation, version) = (self.consultation_id, self.version);
        Some(Removal::of(RemovedKind::Round, self.id, consultation, version, now))
    }
}
