//! Who came to a consultation, as attendance has it: in at least one of its sessions, each person once. SQL, and how it is counted.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::RegistrationId;
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::schema::attendances;
use crate::problem::Problem;

/// Who came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Came {
    /// Those who registered.
    pub registrations: BTreeSet<RegistrationId>,
    /// How many others.
    pub unregistered: u32,
}

impl Came {
    /// Counts each person once: who was there by their registration, others by what attendance knows them by.
    pub fn of(there: impl IntoIterator<Item = (Option<RegistrationId>, String)>) -> Self {
        let (mut registrations, mut others) = (BTreeSet::new(), BTreeSet::new());
        for (registration, key) in there {
            match registration {
                Some(id) => drop(registrations.insert(id)),
                None => drop(others.insert(key)),
            }
        }
        Self { registrations, unregistered: others.len() as u32 }
    }
}

/// Whether one came.
pub fn has_come(conn: &mut Conn, id: RegistrationId) -> Result<bool, Problem> {
    let there = attendances::table.filter(attendances::registration_id.eq(Some(id)));
    Ok(diesel::select(diesel::dsl::exists(there)).get_result(conn)?)
}

/// Who came; none when attendance was not recorded.
pub fn came(conn: &mut Conn, consultation: ConsultationId) -> Result<Option<Came>, Problem> {
    let there: Vec<(Option<RegistrationId>, String)> = attendances::table
        .filter(attendances::consultation_id.eq(consultation))
        .select((attendances::registration_id, attendances::person_key))
        .load(conn)?;
    let came = Came::of(there);
    Ok((came != Came::default()).then_some(came))
}
