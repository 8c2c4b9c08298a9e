//! What is done to the places of one consultation in one transaction: worked out here, step by step, and written at
//! once, so that deciding on thousands costs a few statements and a preview is the same thing unwritten.
//! Needs the consultation's lock.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::room::{Full, Room};
use super::store;
use crate::consultations::{Activity, Consultation};
use crate::db::types::Timestamp;
use crate::problem::{Code, Problem};
use crate::registrations::decisions::settle;
use crate::registrations::history::{self, EventKind};
use crate::registrations::rules::{self, Rules};
use crate::registrations::{self, Decision, Registration, RegistrationId, RegistrationState, Step};
use crate::work::Work;

/// Rows of the waiting list that are looked at first; one free place seldom needs more.
const FIRST_LOOK: i64 = 20;
/// Rows of every look after that.
const NEXT_LOOK: i64 = 500;

/// The waiting list as far as it was looked at, in order.
#[derive(Default)]
struct Queue {
    rows: VecDeque<Registration>,
    after: Option<(i64, RegistrationId)>,
    ended: bool,
}

/// The places of one consultation, and what was done to them so far.
pub(in crate::registrations) struct Ledger {
    consultation: Consultation,
    rules: Rules,
    room: Room,
    queue: Queue,
    next_number: Option<i64>,
    changed: BTreeMap<RegistrationId, (Registration, Registration)>,
    /// Whoever was decided on by hand: the waiting list does not undo that at once.
    by_hand: BTreeSet<RegistrationId>,
    steps: Vec<history::Step>,
}

impl Ledger {
    /// As things stand now.
    pub fn open(work: &mut Work, consultation: &Consultation) -> Result<Self, Problem> {
        let rules = rules::service::load(work, consultation.id)?;
        let taken = store::taken(work.conn, consultation.id, consultation.capacity, &rules)?;
        Ok(Self {
            consultation: consultation.clone(),
            room: Room::new(consultation.capacity, &rules, taken),
            rules,
            queue: Queue::default(),
            next_number: None,
            changed: BTreeMap::new(),
            by_hand: BTreeSet::new(),
            steps: Vec::new(),
        })
    }

    /// The capacities as they are after what was done.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// Every registration that was changed: before and after, by id.
    pub fn changed(&self) -> impl Iterator<Item = &(Registration, Registration)> {
        self.changed.values()
    }

    /// What became of one.
    pub fn after(&self, id: RegistrationId) -> Option<&Registration> {
        self.changed.get(&id).map(|(_, after)| after)
    }

    /// The capacity for want of which one was put on the waiting list.
    pub fn lacking(&self, id: RegistrationId) -> Option<Full> {
        let last = self.steps.iter().rev().find(|step| step.after.id == id)?;
        last.full
    }

    /// How many places are held less than before.
    pub fn freed(&self) -> usize {
        let held = |pick: fn(&(Registration, Registration)) -> &Registration| {
            self.changed.values().filter(|pair| pick(pair).holds_place()).count()
        };
        held(|pair| &pair.0).saturating_sub(held(|pair| &pair.1))
    }

    /// Nobody on the waiting list is given the place that this one has just lost.
    pub fn pass_over(&mut self, id: RegistrationId) {
        self.by_hand.insert(id);
    }

    /// Decides on one. A confirmation without room puts it on the waiting list; 409 when it is there already.
    pub fn decide(
        &mut self,
        work: &mut Work,
        before: &Registration,
        decision: &Decision,
    ) -> Result<(), Problem> {
        let mut after = before.clone();
        (after.reason_code, after.note) = (None, None);
        (after.decided_by, after.decided_at) = (work.caller.id(), Some(work.now));
        let (step, full) = match decision {
            Decision::Confirm { note } => {
                after.note = note.clone();
                self.step_to_confirm(work, before)?
            }
            Decision::Waitlist { note } => {
                after.note = note.clone();
                (Step::Waitlist, None)
            }
            Decision::Decline { reason, note } => {
                after.note = Some(note.clone());
                after.reason_code = Some(*reason);
                (Step::Decline, None)
            }
        };
        self.enter(work, &mut after, step)?;
        let kind = match after.state {
            RegistrationState::Confirmed => EventKind::Confirmed,
            RegistrationState::Declined => EventKind::Declined,
            _ => EventKind::Waitlisted,
        };
        self.by_hand.insert(before.id);
        self.put(before, after, kind, full, false);
        Ok(())
    }

    /// Gives one that has just arrived a place, unless somebody who waits could have it; else the next waiting number.
    pub fn admit(&mut self, work: &mut Work, before: &Registration) -> Result<(), Problem> {
        let full = self.room.refuses(before);
        let free = full.is_none() && self.first_fitting(work)?.is_none();
        let (step, kind) = if free {
            (Step::Confirm, EventKind::Confirmed)
        } else {
            (Step::Waitlist, EventKind::Waitlisted)
        };
        let mut after = before.clone();
        self.enter(work, &mut after, step)?;
        (after.decided_by, after.decided_at) = (None, Some(work.now));
        self.put(before, after, kind, full, true);
        Ok(())
    }

    /// To confirm, when there is room and it is its turn; else to the waiting list; 409 when it is there already.
    fn step_to_confirm(
        &mut self,
        work: &mut Work,
        before: &Registration,
    ) -> Result<(Step, Option<Full>), Problem> {
        before.state.after(Step::Confirm)?;
        before.ready_to_confirm()?;
        let full = if before.holds_place() { None } else { self.room.refuses(before) };
        if before.state != RegistrationState::Waitlisted {
            return Ok((full.map_or(Step::Confirm, |_| Step::Waitlist), full));
        }
        let detail = match full {
            Some(full) => format!("{}: it stays on the waiting list.", full.words(before)),
            None => match self.first_fitting(work)?.filter(|first| first.id != before.id) {
                Some(first) => format!("It is not its turn: {} waits longer.", first.id),
                None => return Ok((Step::Confirm, None)),
            },
        };
        Err(Problem::new(Code::InvalidTransition, detail))
    }

    /// Whoever was first to wait among those for whom there is room and who may be confirmed.
    pub fn first_fitting(&mut self, work: &mut Work) -> Result<Option<Registration>, Problem> {
        if self.room.is_full().is_some() {
            return Ok(None);
        }
        let mut at = 0;
        loop {
            if at == self.queue.rows.len() && !self.look_further(work)? {
                return Ok(None);
            }
            let one = &self.queue.rows[at];
            let fits = self.room.refuses(one).is_none() && one.ready_to_confirm().is_ok();
            if fits && !self.by_hand.contains(&one.id) {
                return Ok(Some(one.clone()));
            }
            at += 1;
        }
    }

    /// Whether there was more of the waiting list to look at.
    fn look_further(&mut self, work: &mut Work) -> Result<bool, Problem> {
        while !self.queue.ended {
            let limit = if self.queue.after.is_none() { FIRST_LOOK } else { NEXT_LOOK };
            let id = self.consultation.id;
            let rows = store::waiting(work.conn, id, self.queue.after, limit)?;
            self.queue.ended = (rows.len() as i64) < limit;
            let last = rows.last().map(|last| (last.waiting_number.unwrap_or(0), last.id));
            self.queue.after = last.or(self.queue.after);
            let before = self.queue.rows.len();
            let unchanged = rows.into_iter().filter(|row| !self.changed.contains_key(&row.id));
            self.queue.rows.extend(unchanged);
            if self.queue.ended {
                self.queue_those_put_here();
            }
            if self.queue.rows.len() > before {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whoever was put on the waiting list just now stands behind all others.
    fn queue_those_put_here(&mut self) {
        let waits = |one: &&Registration| one.state == RegistrationState::Waitlisted;
        let here = self.changed.values().map(|(_, after)| after).filter(waits);
        let mut here: Vec<Registration> = here.cloned().collect();
        here.sort_by_key(|one| (one.waiting_number, one.id));
        self.queue.rows.extend(here);
    }

    /// Gives free places to those who wait, in order, passing over those for whom there is no room: `most` of them at
    /// most. Gives none before the open call and none once the groups have met.
    pub fn promote(&mut self, work: &mut Work, most: Option<usize>) -> Result<(), Problem> {
        if !Activity::DecideRegistrations.phases().contains(&self.consultation.phase) {
            return Ok(());
        }
        let accept_by = self.accept_by(work.now);
        let mut given = 0;
        while most.is_none_or(|most| given < most) {
            let Some(next) = self.first_fitting(work)? else { return Ok(()) };
            let mut after = next.clone();
            let (step, kind) = match accept_by {
                Some(_) => (Step::Offer, EventKind::Offered),
                None => (Step::Confirm, EventKind::Promoted),
            };
            self.enter(work, &mut after, step)?;
            (after.decided_by, after.decided_at) = (None, Some(work.now));
            after.accept_by = accept_by;
            self.put(&next, after, kind, None, true);
            given += 1;
        }
        Ok(())
    }

    /// Until when an offer of this moment is kept: never beyond the beginning of the consultation; none where places are
    /// had at once, because the rules say so or there is no time left.
    fn accept_by(&self, now: Timestamp) -> Option<Timestamp> {
        let hours = self.rules.acceptance_hours?;
        let until = now.plus(chrono::Duration::hours(i64::from(hours)));
        let until = self.consultation.starts_at.map_or(until, |starts| starts.min(until));
        (until > now).then_some(until)
    }

    /// The offered place is taken.
    pub fn accept(&mut self, work: &mut Work, before: &Registration) -> Result<(), Problem> {
        let mut after = before.clone();
        self.enter(work, &mut after, Step::Accept)?;
        after.ready_to_confirm()?;
        self.put(before, after, EventKind::Accepted, None, false);
        Ok(())
    }

    /// The offered place was not taken in time: to the end of the waiting list, and the second time it is withdrawn.
    /// (Nobody is lost for one missed mail; but two who never answer must not hand a place to each other for ever.)
    pub fn lapse(
        &mut self,
        work: &mut Work,
        before: &Registration,
        again: bool,
    ) -> Result<(), Problem> {
        let mut after = before.clone();
        let step = if again { Step::Withdraw } else { Step::Lapse };
        self.enter(work, &mut after, step)?;
        (after.decided_by, after.decided_at) = (None, Some(work.now));
        self.put(before, after, EventKind::Lapsed, None, true);
        Ok(())
    }

    /// Takes the step, with the waiting number that goes with it.
    fn enter(
        &mut self,
        work: &mut Work,
        one: &mut Registration,
        step: Step,
    ) -> Result<(), Problem> {
        let needs_number = one.enter(step)?;
        if needs_number {
            let next = match self.next_number {
                Some(number) => number,
                None => registrations::store::next_waiting_number(work.conn, self.consultation.id)?,
            };
            one.waiting_number = Some(next);
            self.next_number = Some(next + 1);
        }
        Ok(())
    }

    fn put(
        &mut self,
        before: &Registration,
        after: Registration,
        kind: EventKind,
        full: Option<Full>,
        by_rule: bool,
    ) {
        if before.holds_place() {
            self.room.free(before);
        }
        if after.holds_place() {
            self.room.take(&after);
        }
        self.queue.rows.retain(|row| row.id != after.id);
        if self.queue.ended && after.state == RegistrationState::Waitlisted {
            self.queue.rows.push_back(after.clone());
        }
        self.steps.push(history::Step { after: after.clone(), kind, full, by_rule });
        let first = self.changed.remove(&after.id).map(|(first, _)| first);
        self.changed.insert(after.id, (first.unwrap_or_else(|| before.clone()), after));
    }

    /// Writes all of it, with what follows: history, audit, mails, groups.
    pub fn write(self, work: &mut Work) -> Result<(), Problem> {
        let rows: Vec<Registration> =
            self.changed.values().map(|(_, after)| after.clone()).collect();
        store::decide(work.conn, &rows, work.now)?;
        settle(work, &self.consultation, &self.steps)
    }
}
