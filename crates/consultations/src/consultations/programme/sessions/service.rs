//! Sessions as rows of a programme.

use super::{NewSession, Session};
use crate::consultations::programme::removals::Removal;
use crate::consultations::programme::service::{Item, Names, all, at_end, item_fields, names};
use crate::consultations::{Consultation, ConsultationId};
use crate::db::types::{Id, Timestamp};
use crate::problem::Problem;
use crate::work::Work;

impl Item for Session {
    type New = NewSession;
    const NAMES: Names = names!("session", "session");
    item_fields!(position);

    /// At the end when it says no position, under the attribution rule of its kind when it says none.
    fn made(
        work: &mut Work,
        consultation: &Consultation,
        new: NewSession,
    ) -> Result<Self, Problem> {
        let position = match new.position {
            Some(position) => position,
            None => at_end::<Self>(work, consultation.id)?,
        };
        Ok(Self {
            id: work.id(),
            consultation_id: consultation.id,
            position,
            kind: new.kind,
            title: new.title,
            starts_at: new.starts_at,
            ends_at: new.ends_at,
            moderator: new.moderator,
            speakers: new.speakers,
            attribution_rule: new.attribution_rule.unwrap_or(new.kind.default_rule()),
            round_id: new.round_id,
            note: new.note,
            joining_url: new.joining_url,
            version: 1,
            created_at: work.now,
            updated_at: work.now,
        })
    }

    fn require_valid(&self, work: &mut Work, consultation: &Consultation) -> Result<(), Problem> {
        self.check(consultation, &all(work, consultation.id)?)
    }

    fn removal(self, now: Timestamp) -> Option<Removal> {
        Some(Removal::of_session(self, now))
    }
}
