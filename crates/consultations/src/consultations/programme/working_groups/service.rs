//! Working groups as rows of a programme.

use super::{NewWorkingGroup, WorkingGroup};
use crate::access::ScopeKind;
use crate::accounts;
use crate::consultations::programme::removals::{Removal, RemovedKind};
use crate::consultations::programme::service::{Item, Names, all, item_fields, names};
use crate::consultations::{Consultation, ConsultationId};
use crate::db::types::{Id, Timestamp};
use crate::problem::{Code, Problem};
use crate::work::Work;

impl Item for WorkingGroup {
    type New = NewWorkingGroup;
    const NAMES: Names = names!("working group", "working_group");
    item_fields!(number);

    fn made(
        work: &mut Work,
        consultation: &Consultation,
        new: NewWorkingGroup,
    ) -> Result<Self, Problem> {
        Ok(Self {
            id: work.id(),
            consultation_id: consultation.id,
            number: new.number,
            clusters: new.clusters,
            min_size: new.min_size,
            max_size: new.max_size,
            languages: new.languages,
            version: 1,
            created_at: work.now,
            updated_at: work.now,
        })
    }

    fn require_valid(&self, work: &mut Work, consultation: &Consultation) -> Result<(), Problem> {
        self.check(consultation, &all(work, consultation.id)?)
    }

    /// Roles name what they are held on without a foreign key.
    fn require_unused(&self, work: &mut Work) -> Result<(), Problem> {
        let holders =
            accounts::roles::service::holders(work, ScopeKind::WorkingGroup, self.id.uuid())?;
        if holders.is_empty() {
            return Ok(());
        }
        Err(Problem::new(Code::InUse, "Somebody has a role in this working group."))
    }

    fn removal(self, now: Timestamp) -> Option<Removal> {
        let (consultation, version) = (self.consultation_id, self.version);
        Some(Removal::of(RemovedKind::WorkingGroup, self.id, consultation, version, now))
    }
}
