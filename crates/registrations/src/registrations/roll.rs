//! The roll of a consultation: everybody who registered for it, with name and address, for services that must recognize
//! people (attendance). It does not ask who asks.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{RegistrationId, RegistrationState};
use crate::accounts::{self, AccountId};
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::schema::registrations;
use crate::problem::Problem;
use crate::work::Work;

/// Somebody on the roll.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Their registration: the last one, for who registered again after it was withdrawn or declined.
    pub id: RegistrationId,
    /// The person.
    pub account_id: AccountId,
    /// How far it has come.
    pub state: RegistrationState,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Everybody once, in the order they registered last.
pub fn of_consultation(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<Vec<Listed>, Problem> {
    let mut last: BTreeMap<AccountId, (RegistrationId, RegistrationState)> = BTreeMap::new();
    for (id, account, state) in rows(work.conn, consultation)? {
        let counts = last.get(&account).is_none_or(|(_, known)| !known.is_active());
        if counts || state.is_active() {
            last.insert(account, (id, state));
        }
    }
    let accounts: Vec<AccountId> = last.keys().copied().collect();
    let people = accounts::service::names(work, &accounts)?;
    let listed = |(account_id, (id, state)): (AccountId, (RegistrationId, RegistrationState))| {
        let person = people.get(&account_id)?;
        let (name, email) = (person.name.clone(), person.email.as_str().to_owned());
        Some(Listed { id, account_id, state, name, email })
    };
    let mut roll: Vec<Listed> = last.into_iter().filter_map(listed).collect();
    roll.sort_by_key(|one| one.id);
    Ok(roll)
}

/// In the order they registered.
fn rows(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<(RegistrationId, AccountId, RegistrationState)>, Problem> {
    Ok(registrations::table
        .filter(registrations::consultation_id.eq(consultation))
        .order(registrations::id)
        .select((registrations::id, registrations::account_id, registrations::state))
        .load(conn)?)
}
