//! The programme of a consultation: who organizes it, its sessions, its rounds and its working groups. Each is an
//! [`service::Item`]: what is done to all of them is written once, here and in the layers beside.

pub mod announced_hosts;
pub mod co_organizers;
pub(super) mod http;
pub mod placeholders;
pub mod printed_names;
pub mod removals;
pub mod rounds;
pub mod service;
pub mod sessions;
pub(super) mod store;
pub mod whole;
pub mod working_groups;

pub use co_organizers::{CoOrganizer, CoOrganizerId, CoOrganizerKind, NewCoOrganizer};
pub use rounds::{NewRound, Round, RoundId};
pub use sessions::{
    AttributionRule, NewSession, Session, SessionId, SessionKind, Speaker, SpeakerKind,
};
pub use working_groups::{NewWorkingGroup, WorkingGroup, WorkingGroupId, check_still_covered};

use crate::problem::Checks;

/// The highest position and number in the lists of a programme.
const LAST: i32 = 9_999;

fn check_place<'c>(checks: &'c mut Checks, place: i32, pointer: &str) -> &'c mut Checks {
    checks.require((1..=LAST).contains(&place), pointer, format!("must be from 1 to {LAST}"))
}
