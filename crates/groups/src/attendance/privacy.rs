//! What attendance holds about a person: where they were, by their registration, or by their address when they had none.
//! Who came stays counted, under a key that tells nothing; a registration's person is forgotten where registrations are kept.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Attendance, store};
use crate::accounts::{self, AccountId};
use crate::consultations::ConsultationId;
use crate::db::schema::{attendances, registrations};
use crate::db::types::Id;
use crate::problem::Problem;
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let email = accounts::privacy::address_of(work, account)?;
    let registered = registrations::table
        .filter(registrations::account_id.eq(account))
        .select(registrations::id.nullable());
    type Row = (
        Id<()>,
        Option<Id<()>>,
        Option<String>,
        Option<String>,
        String,
        Option<i32>,
        chrono::NaiveDate,
    );
    let rows: Vec<Row> = attendances::table
        .filter(
            attendances::registration_id
                .eq_any(registered)
                .or(attendances::email.eq(Some(email.as_str().to_owned()))),
        )
        .order(attendances::id)
        .select((
            attendances::session_id,
            attendances::working_group_id,
            attendances::name,
            attendances::email,
            attendances::method,
            attendances::minutes,
            attendances::held_on,
        ))
        .load(work.conn)?;
    let row = |(session, group, name, email, method, minutes, held_on): Row| {
        json!({
            "session_id": session, "working_group_id": group, "name": name, "email": email,
            "method": method, "minutes": minutes, "held_on": held_on,
        })
    };
    Ok(json!({ "attendances": rows.into_iter().map(row).collect::<Vec<Value>>() }))
}

/// Forgets who it was that came without registering.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    let email = accounts::privacy::address_of(work, account)?;
    let mut theirs: Vec<(ConsultationId, String)> = attendances::table
        .filter(attendances::email.eq(Some(email.as_str().to_owned())))
        .select((attendances::consultation_id, attendances::person_key))
        .load(work.conn)?;
    theirs.sort();
    theirs.dedup();
    for (consultation, person) in theirs {
        let key = format!("forgotten:{}", work.ids.unlinkable::<Attendance>());
        store::forget(work.conn, consultation, &person, &key)?;
    }
    Ok(())
}
