//! The roll of a consultation: everybody who registered for it, with name and address, for services that must recognize
//! people (attendance). It does not ask who asks.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Person, RegistrationId, RegistrationState};
use crate::accounts::{self, AccountId};
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::schema::registrations;
use crate::db::types::Json;
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
    let mut last: BTreeMap<AccountId, Row> = BTreeMap::new();
    for row in rows(work.conn, consultation)? {
        let counts = last.get(&row.1).is_none_or(|known| !known.2.is_active());
        if counts || row.2.is_active() {
            last.insert(row.1, row);
        }
    }
    let accounts: Vec<AccountId> = last.keys().copied().collect();
    let people = accounts::service::names(work, &accounts)?;
    let listed = |(id, account_id, state, given): Row| {
        let person = people.get(&account_id)?;
        let own = (&person.name, &person.email);
        let (name, email) = given.as_ref().map_or(own, |given| (&given.0.name, &given.0.email));
        let (name, email) = (name.clone(), email.as_str().to_owned());
        Some(Listed { id, account_id, state, name, email })
    };
    let mut roll: Vec<Listed> = last.into_values().filter_map(listed).collect();
    roll.sort_by_key(|one| one.id);
    Ok(roll)
}

/// A registration with its person, its state, and as whom somebody else registered them.
type Row = (RegistrationId, AccountId, RegistrationState, Option<Json<Person>>);

/// In the order they registered.
fn rows(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<Row>, Problem> {
    Ok(registrations::table
        .filter(registrations::consultation_id.eq(consultation))
        .order(registrations::id)
        .select((
            registrations::id,
            registrations::account_id,
            registrations::state,
            registrations::person,
        ))
        .load(conn)?)
}
