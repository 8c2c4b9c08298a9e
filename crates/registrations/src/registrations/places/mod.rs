//! Who has a place: places are given and freed under the consultation's lock only, so that capacity is never exceeded
//! however many ask at once. There is a capacity overall, per sector and per organization. The waiting list serves in
//! order, but passes over those whose sector or organization is full: they keep their turn until it is not.

use uuid::Uuid;

use super::rules::{Access, Rules};
use super::{Registration, RegistrationState, Step};
use crate::accounts::Email;
use crate::consultations::{self, Admission, Consultation, ConsultationId};
use crate::invitations::{self, InvitationId};
use crate::problem::{Code, Problem};
use crate::registrations;
use crate::work::Work;
use ledger::Ledger;
use room::Full;

pub mod balance;
pub mod lapsing;
pub(super) mod ledger;
pub mod room;
pub(super) mod store;

/// What is known of those who wait for a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waiting {
    /// Nobody waits.
    Nobody,
    /// It has to be looked who does.
    Perhaps,
}

/// Waits for the turn of an address to register for the consultation as it was seen in this unit of work; who waits for a place then, and
/// by which invitation it comes. Whoever takes something from others has the consultation's lock for themselves; all others hold it
/// together, and hold up whoever changes the consultation, gives places or applies a plan. `own` holds up whoever comes with the same
/// form.
///
/// What was loaded before is as it was: whoever changed the consultation meanwhile has this unit of work begun anew. (SQLite has one
/// writer, for whom nothing changes.)
///
/// # Errors
/// That the consultation was changed, which is contention.
pub(super) fn turn(
    work: &mut Work,
    consultation: &Consultation,
    rules: &Rules,
    address: &Email,
    own: Option<Uuid>,
) -> Result<(Waiting, Option<InvitationId>), Problem> {
    let automatic = consultation.admission == Admission::Automatic;
    let counted = rules.access == Access::Code;
    let limited = consultation.capacity.is_some() || rules.limits_places();
    let scarce = counted || automatic && limited;
    let turn = if automatic || counted || own.is_some() {
        store::turn(work.conn, consultation.id, address, own, scarce)?
    } else {
        None
    };
    let Some(turn) = turn else {
        let invited = invitations::service::by_address(work, consultation.id, address)?;
        return Ok((Waiting::Perhaps, invited.map(|invitation| invitation.id)));
    };
    if (turn.version, &turn.set_up) != (consultation.version, &consultation.set_up) {
        return Err(Problem::contention());
    }
    let waiting = if turn.awaited { Waiting::Perhaps } else { Waiting::Nobody };
    Ok((waiting, turn.invited))
}

/// Gives a place if there is one, else the next waiting number. Needs the lock, or a [`turn`]. Nobody passes those who wait already,
/// but for those for whom there is no room.
pub(super) fn admit(
    work: &mut Work,
    consultation: &Consultation,
    waiting: Waiting,
    registration: &mut Registration,
) -> Result<(), Problem> {
    let mut ledger = Ledger::open(work, consultation)?;
    ledger.pass_over(registration.id);
    let room = ledger.room().refuses(registration).is_none();
    let free = room && (waiting == Waiting::Nobody || ledger.first_fitting(work)?.is_none());
    let step = if free { Step::Confirm } else { Step::Waitlist };
    enter(work, registration, step)?;
    registration.decided_at = Some(work.now);
    registration.decided_by = None;
    Ok(())
}

/// The capacity that leaves no room for one that has no place.
pub(super) fn full(
    work: &mut Work,
    consultation: &Consultation,
    registration: &Registration,
) -> Result<Option<Full>, Problem> {
    Ok(Ledger::open(work, consultation)?.room().refuses(registration))
}

/// Takes the step, with the waiting number that goes with it.
pub(super) fn enter(
    work: &mut Work,
    registration: &mut Registration,
    step: Step,
) -> Result<(), Problem> {
    if registration.enter(step)? {
        let number =
            registrations::store::next_waiting_number(work.conn, registration.consultation_id)?;
        registration.waiting_number = Some(number);
    }
    Ok(())
}

/// Nothing when whoever holds a place may keep it with what is changed about them; 409 when their new sector or
/// organization has none left. Needs the lock.
pub(super) fn keeps_place(
    work: &mut Work,
    consultation: &Consultation,
    before: &Registration,
    after: &Registration,
) -> Result<(), Problem> {
    let kind = |one: &Registration| (one.sector, one.organization_id);
    if kind(before) == kind(after) || !before.holds_place() || !after.holds_place() {
        return Ok(());
    }
    let mut room = Ledger::open(work, consultation)?.room().clone();
    room.free(before);
    let Some(full) = room.refuses(after) else { return Ok(()) };
    let detail = format!(
        "{}: with this change the place would be lost. Withdraw, or ask the secretariat.",
        full.words(after)
    );
    Err(Problem::new(Code::InvalidTransition, detail))
}

/// Gives the place of a sector or organization that somebody left by a change to whoever waits for it; also to
/// themselves, when they wait and there is room where they are now. Needs the lock; `after` is written already.
pub(super) fn room_made(
    work: &mut Work,
    consultation: &Consultation,
    before: &Registration,
    after: &Registration,
) -> Result<(), Problem> {
    let kind = |one: &Registration| (one.sector, one.organization_id);
    let waits = after.state == RegistrationState::Waitlisted;
    if kind(before) == kind(after) || !(before.holds_place() || waits) {
        return Ok(());
    }
    let mut ledger = Ledger::open(work, consultation)?;
    if ledger.room().is_limited() {
        ledger.promote(work, Some(1))?;
    }
    ledger.write(work)
}

/// Gives the place that `after` no longer holds to whoever is next on the waiting list. Needs the lock; `after` is written
/// already.
pub(super) fn place_freed(
    work: &mut Work,
    consultation: &Consultation,
    before: &Registration,
    after: &Registration,
) -> Result<(), Problem> {
    if !before.holds_place() || after.holds_place() {
        return Ok(());
    }
    let mut ledger = Ledger::open(work, consultation)?;
    ledger.pass_over(after.id);
    ledger.promote(work, Some(1))?;
    ledger.write(work)
}

/// For a consultation of which a capacity was just changed in this transaction, overall or in its registration rules:
/// 409 when more places are taken than it has now; new places go to those who wait, in order.
/// `rules::service::replace` calls it, and the reaction to [`crate::consultations::CapacityChanged`].
pub fn capacity_changed(work: &mut Work, id: ConsultationId) -> Result<(), Problem> {
    let consultation = consultations::service::locked(work, id)?;
    let mut ledger = Ledger::open(work, &consultation)?;
    let overdrawn = ledger.room().overdrawn();
    if let Some((_, detail)) = overdrawn.first() {
        let problem = Problem::new(Code::InUse, detail.clone());
        return Err(overdrawn
            .into_iter()
            .fold(problem, |problem, (pointer, why)| problem.at(pointer, why)));
    }
    ledger.promote(work, None)?;
    ledger.write(work)
}
