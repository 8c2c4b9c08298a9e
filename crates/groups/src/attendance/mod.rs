//! Attendance: who was in which session, by the secretariat's or a host's list, by a code, or by the report of a video
//! platform. Only the day and whole minutes are kept: the moments at which people joined, left or checked in could be
//! laid beside the arrival of inputs and tell who said what (Chatham House Rule). For the same reason ids here are
//! random and no audit entry of a check-in names anybody. Pure: knows no table, no HTTP and no clock.

use chrono::NaiveDate;

use crate::accounts::Email;
use crate::consultations::{ConsultationId, SessionId, WorkingGroupId};
use crate::problem::Checks;
use crate::registrations::{RegistrationId, RegistrationState};
use crate::text_enum;

mod feature;
pub mod http;
pub mod imports;
pub mod matching;
pub mod merging;
pub mod participants;
mod personal;
pub mod privacy;
pub mod service;
pub mod session_codes;
mod store;

pub use feature::FEATURE;

#[cfg(test)]
mod tests;

pub use crate::vocabulary::AttendanceId;

/// Most people that are recorded by one list.
pub const MOST_PEOPLE: usize = 1000;
/// Longest name of somebody who did not register, in characters.
const LONGEST_NAME: usize = 200;
/// Minutes of a day: nobody was in a session for longer.
pub const MOST_MINUTES: i32 = 1440;

text_enum! {
    /// How it became known.
    pub enum Method {
        /// The secretariat or a host said so.
        List => "list",
        /// They entered the session's code.
        Code => "code",
        /// The report of the video platform says so.
        Import => "import",
    }
}

/// That somebody was in a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Attendance {
    /// Its id: random, it tells nothing of when it was made.
    pub id: AttendanceId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The session.
    pub session_id: SessionId,
    /// In which working group, for a session of them, when it is known.
    pub working_group_id: Option<WorkingGroupId>,
    /// Who it was.
    pub who: Who,
    /// How it became known.
    pub method: Method,
    /// For how long, when it is known.
    pub minutes: Option<i32>,
    /// The day of the session.
    pub held_on: NaiveDate,
    /// Counts changes.
    pub version: i64,
}

/// Who was there.
#[derive(Debug, Clone, PartialEq)]
pub enum Who {
    /// Somebody who registered.
    Registered {
        /// Their registration.
        id: RegistrationId,
        /// Its state when they were recorded; not always confirmed: people on the waiting list come, too.
        standing: RegistrationState,
    },
    /// Somebody who came without registering.
    Unregistered(Unregistered),
    /// Somebody who came without registering, and whose name was forgotten since.
    Forgotten {
        /// Stands for the person within the consultation.
        key: String,
    },
}

/// Somebody who came without registering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unregistered {
    /// Their name.
    pub name: String,
    /// Their address, if it is known.
    pub email: Option<Email>,
}

impl Unregistered {
    /// Notes when the name cannot be accepted.
    pub fn check(&self, checks: &mut Checks, pointer: &str) {
        let letters = !matching::normal(&self.name).is_empty();
        checks.text(&self.name, LONGEST_NAME, pointer);
        checks.require(letters, pointer, "has no letter");
    }
}

impl Who {
    /// What the same person has the same of, so that they are in a session once.
    pub fn key(&self) -> String {
        match self {
            Self::Registered { id, .. } => id.to_string(),
            Self::Unregistered(Unregistered { name, email }) => {
                // An address may be an office's: nobody vanishes who shares one.
                let name = matching::names(name).into_iter().next().unwrap_or_default();
                match email {
                    Some(email) => format!("mail:{email} {name}"),
                    None => format!("name:{name}"),
                }
            }
            Self::Forgotten { key } => key.clone(),
        }
    }
}

/// Whether somebody in this state can be recorded, or why not: who withdrew or was declined cannot.
pub fn may_attend(state: RegistrationState) -> Result<(), String> {
    if state.is_active() {
        Ok(())
    } else {
        Err(format!("belongs to a registration that is {state}: it cannot be recorded"))
    }
}
