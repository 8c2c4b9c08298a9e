//! Who takes part: invitations, registrations, places and waiting lists, offers to co-organize, appeals, and people with two accounts.
//! Must never know who sits where, nor who said what.

use rapporteur_consultations::{consultations, correspondence, reviews};
use rapporteur_exchange::exchange;
#[cfg(test)]
use rapporteur_kernel::ids;
use rapporteur_kernel::{
    access, app, db, digest, events, http, i18n, in_stretch, insert_rows, jobs, keys, on_backend,
    outbox, personal, problem, proposals, reference, registry, text_enum, tokens, vocabulary, ways,
    work,
};
use rapporteur_people::{accounts, organizations};

pub mod account_merging;
pub mod announcements;
pub mod appeals;
pub mod invitations;
pub mod inviting;
pub mod offers;
pub mod registrations;
pub mod unsubscribing;
