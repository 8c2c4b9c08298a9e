//! What became of a registration, step by step, and who took each: written in the transaction of the step, so that
//! every choice can be explained.

use super::places::room::{Full, Lacking};
use super::{ReasonCode, Registration, RegistrationId, RegistrationState};
use crate::access::Permission;
use crate::accounts::AccountId;
use crate::db::Insertion;
use crate::db::types::Timestamp;
use crate::http::page::{Listing, Paging};
use crate::problem::Problem;
use crate::work::Work;
use crate::{consultations, registrations, text_enum};

text_enum! {
    /// What happened to a registration.
    pub enum EventKind {
        /// It arrived.
        Submitted => "submitted",
        /// It got a place.
        Confirmed => "confirmed",
        /// It got a place from the waiting list.
        Promoted => "promoted",
        /// A place was kept for it.
        Offered => "offered",
        /// The kept place was taken.
        Accepted => "accepted",
        /// The kept place was not taken in time.
        Lapsed => "lapsed",
        /// It was put on the waiting list.
        Waitlisted => "waitlisted",
        /// It was refused.
        Declined => "declined",
        /// It was taken back.
        Withdrawn => "withdrawn",
        /// A vetted fact was changed: back to review.
        Resubmitted => "resubmitted",
        /// An appeal was upheld: back to review.
        Reopened => "reopened",
    }
}

text_enum! {
    /// Who took a step.
    pub enum DoneBy {
        /// The person themselves.
        Person => "person",
        /// The secretariat.
        Secretariat => "secretariat",
        /// Nobody: it follows from the rules.
        Rule => "rule",
    }
}

pub use crate::vocabulary::EventId;

pub(super) mod store;

/// One step.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// The registration.
    pub registration_id: RegistrationId,
    /// What happened.
    pub kind: EventKind,
    /// The state after it.
    pub state: RegistrationState,
    /// Who did it.
    pub done_by: DoneBy,
    /// The account that did it; for those who read registrations.
    pub account_id: Option<AccountId>,
    /// Why it was refused.
    pub reason_code: Option<ReasonCode>,
    /// What the person was told with it.
    pub note: Option<String>,
    /// Its turn on the waiting list from then on.
    pub waiting_number: Option<i64>,
    /// Until when the place was kept.
    pub accept_by: Option<Timestamp>,
    /// Which capacity left no room, when that is why it waits.
    pub lacking: Option<Lacking>,
    /// When.
    pub at: Timestamp,
}

/// A step that was taken, to be written down.
#[derive(Debug, Clone)]
pub struct Step {
    /// The registration after it.
    pub after: Registration,
    /// What happened.
    pub kind: EventKind,
    /// The capacity that left no room.
    pub full: Option<Full>,
    /// Whether it follows from the rules, whoever asks.
    pub by_rule: bool,
}

impl Step {
    fn event(&self, work: &Work) -> Event {
        let one = &self.after;
        let account_id = work.caller.id().filter(|_| !self.by_rule);
        let done_by = match account_id {
            None => DoneBy::Rule,
            Some(account) if account == one.account_id => DoneBy::Person,
            Some(_) => DoneBy::Secretariat,
        };
        Event {
            id: work.id(),
            registration_id: one.id,
            kind: self.kind,
            state: one.state,
            done_by,
            account_id,
            reason_code: one.reason_code,
            note: one.note.clone(),
            waiting_number: one.waiting_number,
            accept_by: one.accept_by,
            lacking: self.full.map(|full| full.lacking),
            at: work.now,
        }
    }
}

/// Writes steps down, in their order.
pub(super) fn record(work: &mut Work, steps: &[Step]) -> Result<(), Problem> {
    let events: Vec<Event> = steps.iter().map(|step| step.event(work)).collect();
    store::insert(work.conn, events)
}

/// Steps to be written down, in their order.
pub(super) fn insertions(work: &Work, steps: &[Step]) -> impl Iterator<Item = Insertion> {
    store::insertions(steps.iter().map(|step| step.event(work)).collect())
}

/// Writes one step of the caller down.
pub(super) fn record_one(
    work: &mut Work,
    after: &Registration,
    kind: EventKind,
) -> Result<(), Problem> {
    let step = Step { after: after.clone(), kind, full: None, by_rule: false };
    record(work, std::slice::from_ref(&step))
}

/// The steps of a registration, the oldest first: for its person, and for those who read registrations.
pub fn list(
    work: &mut Work,
    id: RegistrationId,
    paging: &Paging,
) -> Result<Listing<Event>, Problem> {
    let registration = registrations::service::see(work, id)?;
    let consultation = consultations::service::load(work, registration.consultation_id)?;
    let reads_all = work.may(Permission::ReadRegistrations, &consultation.scope());
    let mut rows = store::list(work.conn, id, paging)?;
    if !reads_all {
        rows.iter_mut().for_each(|row| row.account_id = None);
    }
    Ok(paging.finish(rows, |row| vec![row.at.to_string(), row.id.to_string()]))
}

/// How often a kept place was not taken in time.
pub(super) fn lapses(
    work: &mut Work,
    ids: &[RegistrationId],
) -> Result<Vec<RegistrationId>, Problem> {
    store::with(work.conn, ids, EventKind::Lapsed)
}

/// What is held of the steps of a registration, for its person.
pub(super) fn held_of(work: &mut Work, id: RegistrationId) -> Result<serde_json::Value, Problem> {
    let step = |one: Event| {
        serde_json::json!({
            "kind": one.kind, "state": one.state, "by": one.done_by, "reason_code": one.reason_code,
            "note": one.note, "waiting_number": one.waiting_number, "accept_by": one.accept_by,
            "lacking": one.lacking, "at": one.at,
        })
    };
    Ok(store::all(work.conn, id)?.into_iter().map(step).collect())
}

/// Forgets what the person was told with the steps: an erased person's.
pub(super) fn forget_notes(work: &mut Work, id: RegistrationId) -> Result<(), Problem> {
    store::forget_notes(work.conn, id)
}
