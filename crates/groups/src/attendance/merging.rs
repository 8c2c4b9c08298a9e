//! What happens to attendance when one of two registrations of a person is withdrawn as a duplicate. SQL, and when to
//! use it; it does not ask who asks.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::AttendanceId;
use crate::account_merging::RegistrationsMerged;
use crate::consultations::SessionId;
use crate::db::schema::attendances;
use crate::problem::Problem;
use crate::registrations::RegistrationId;
use crate::work::Work;

/// Who was there by one registration was there by the other; a session in which both were recorded has them once.
pub fn registration_merged(work: &mut Work, merged: RegistrationsMerged) -> Result<(), Problem> {
    let RegistrationsMerged { from, into } = merged;
    let known: BTreeSet<SessionId> = sessions(work, into)?.into_iter().map(|(_, id)| id).collect();
    for (id, session) in sessions(work, from)? {
        if known.contains(&session) {
            diesel::delete(attendances::table.find(id)).execute(work.conn)?;
        }
    }
    diesel::update(attendances::table.filter(attendances::registration_id.eq(from)))
        .set((
            attendances::registration_id.eq(into),
            // As `Who::key` has it.
            attendances::person_key.eq(into.to_string()),
            attendances::version.eq(attendances::version + 1),
        ))
        .execute(work.conn)?;
    Ok(())
}

fn sessions(
    work: &mut Work,
    registration: RegistrationId,
) -> Result<Vec<(AttendanceId, SessionId)>, Problem> {
    Ok(attendances::table
        .filter(attendances::registration_id.eq(registration))
        .select((attendances::id, attendances::session_id))
        .load(work.conn)?)
}
