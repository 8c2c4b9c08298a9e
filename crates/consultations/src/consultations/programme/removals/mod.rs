//! What was removed from programmes, and how often a programme has changed in all: what calendars need to tell
//! subscribers that something is gone or new. Nothing here is ever deleted, so that no count goes down.

use crate::consultations::{Consultation, ConsultationId, Round, Session, WorkingGroup, programme};
use crate::db::types::{Id, Timestamp};
use crate::problem::Problem;
use crate::registry::Event;
use crate::text_enum;
use crate::work::Work;

pub(in crate::consultations) mod store;

text_enum! {
    /// What was removed from a programme.
    pub enum RemovedKind {
        /// A session.
        Session => "session",
        /// A round.
        Round => "round",
        /// A working group.
        WorkingGroup => "working_group",
    }
}

/// A row of a programme that is there no more. It is told in the same transaction, so that whoever names it in a list of ids, of which the
/// database knows nothing, lets go of it, or refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The id it had.
    pub id: Id<Removal>,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// What it was.
    pub kind: RemovedKind,
    /// The version after its last.
    pub version: i64,
    /// Of a session.
    pub title: Option<String>,
    /// Of a session.
    pub starts_at: Option<Timestamp>,
    /// Of a session.
    pub ends_at: Option<Timestamp>,
    /// When it was removed.
    pub removed_at: Timestamp,
}

impl Event for Removal {
    const NAME: &'static str = "removed_from_programme";
}

impl Removal {
    /// Of a round or a working group.
    pub(in crate::consultations) fn of<K>(
        kind: RemovedKind,
        id: Id<K>,
        consultation: ConsultationId,
        version: i64,
        now: Timestamp,
    ) -> Self {
        Self {
            id: Id::new(id.uuid()),
            consultation_id: consultation,
            kind,
            version: version + 1,
            title: None,
            starts_at: None,
            ends_at: None,
            removed_at: now,
        }
    }

    /// Of a session.
    pub(in crate::consultations) fn of_session(session: Session, now: Timestamp) -> Self {
        let (id, consultation) = (session.id, session.consultation_id);
        Self {
            title: Some(session.title),
            starts_at: session.starts_at,
            ends_at: session.ends_at,
            ..Self::of(RemovedKind::Session, id, consultation, session.version, now)
        }
    }
}

/// Everything that was removed from a consultation's programme, by id. For other services: it does not ask who asks.
pub fn removals(work: &mut Work, consultation: ConsultationId) -> Result<Vec<Removal>, Problem> {
    store::of_consultation(work.conn, consultation)
}

/// How often something was changed, and when last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changes {
    /// Never goes down.
    pub count: i64,
    /// The last of them.
    pub last: Timestamp,
}

impl Changes {
    /// These and others.
    pub fn and(self, count: i64, last: Timestamp) -> Self {
        Self { count: self.count + count, last: self.last.max(last) }
    }
}

/// The changes of a consultation, its rounds and its working groups, those that were removed too; not of its sessions.
pub fn programme_changes(
    work: &mut Work,
    consultation: &Consultation,
    removals: &[Removal],
) -> Result<Changes, Problem> {
    let own = Changes { count: consultation.version, last: consultation.updated_at };
    let rounds = programme::service::all::<Round>(work, consultation.id)?;
    let groups = programme::service::all::<WorkingGroup>(work, consultation.id)?;
    let there = rounds.iter().map(|row| (row.version, row.updated_at));
    let there = there.chain(groups.iter().map(|row| (row.version, row.updated_at)));
    let gone = removals.iter().filter(|removal| removal.kind != RemovedKind::Session);
    let gone = gone.map(|removal| (removal.version, removal.removed_at));
    Ok(there.chain(gone).fold(own, |changes, (count, last)| changes.and(count, last)))
}
