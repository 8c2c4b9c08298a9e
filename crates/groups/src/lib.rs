//! Who sits where, and who came: assignment to working groups over rounds, attendance, and calendars. Must never know who said what.

use rapporteur_consultations::consultations;
use rapporteur_exchange::exchange;
#[cfg(test)]
use rapporteur_kernel::clock;
use rapporteur_kernel::{
    access, app, db, digest, events, frame, http, i18n, ids, insert_rows, jobs, outbox, personal,
    problem, reference, registry, text_enum, tokens, vocabulary, work,
};
use rapporteur_people::{accounts, organizations};
use rapporteur_registrations::{account_merging, registrations};

pub mod attendance;
pub mod calendars;
pub mod groups;
