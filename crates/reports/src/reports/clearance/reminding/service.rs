//! Reminds whoever has not answered. Must never learn who said what.

use std::collections::BTreeSet;

use super::{is_due, mails};
use crate::announcements::next_hour;
use crate::problem::Problem;
use crate::reports::clearance::asking::service::{answering, today, zone};
use crate::reports::clearance::asking::{self, Round};
use crate::reports::clearance::portions::service::whole;
use crate::reports::clearance::service::standing;
use crate::reports::clearance::{Seat, Standing};
use crate::reports::rights::{Place, locate, require_unpublished};
use crate::work::Work;

/// Reminds everybody in every open round who is due; nothing is forgotten by it. Every process may: the report's lock keeps two apart,
/// and whom one has reminded the other finds reminded.
pub fn remind(work: &mut Work) -> Result<(), Problem> {
    for round in asking::store::open(work.conn)? {
        work.lock(round.report_id.uuid())?;
        let place = locate(work, round.report_id)?;
        // Read again, now that nobody changes it.
        let round = asking::store::round(work.conn, round.id)?;
        if round.closed_at.is_none() && require_unpublished(&place).is_ok() {
            remind_in(work, &place, &round)?;
        }
    }
    Ok(())
}

fn remind_in(work: &mut Work, place: &Place, round: &Round) -> Result<(), Problem> {
    let (today, zone) = (today(work, place), zone(place));
    // The hour of the day has come once the next one is tomorrow's.
    let hour = next_hour(work.now, zone).utc().with_timezone(&zone).date_naive();
    let askings = asking::store::askings(work.conn, round.id)?;
    let due: BTreeSet<_> = askings
        .iter()
        .filter(|(_, asking)| hour > today && next_hour(asking.asked_at, zone) <= work.now)
        .filter(|(_, asking)| is_due(today, round.ends_on, asking.reminded_on))
        .map(|(party, _)| party.id)
        .collect();
    if due.is_empty() {
        return Ok(());
    }
    let whole = whole(work, &place.report)?;
    let standing = standing(work, &place.report, &whole)?;
    let mut told = BTreeSet::new();
    for seat in standing.seats.iter().filter(|seat| due.contains(&seat.party.id)) {
        if waits_for(&standing, seat) {
            told.extend(answering(work, place, &seat.party)?);
            asking::store::reminded(work.conn, round.id, seat.party.id, today)?;
        }
    }
    mails::reminded(work, place, round, &told)
}

/// Whether they have not answered: something is left to agree to, and they do not object.
fn waits_for(standing: &Standing, seat: &Seat) -> bool {
    let objects = standing.objections.iter().any(|one| one.party.id == seat.party.id);
    !seat.outstanding.is_empty() && seat.overridden.is_none() && !objects
}
