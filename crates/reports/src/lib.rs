//! Reports and papers: drafting, compiling, publishing, and their documents as files. Must never reach who said what, not even
//! through others.

use rapporteur_consultations::{consultations, reviews};
use rapporteur_document::{difference, document, portions, render, threeway};
use rapporteur_exchange::exchange;
use rapporteur_figures::figures;
use rapporteur_groups::groups;
use rapporteur_inputs::inputs;
#[cfg(test)]
use rapporteur_kernel::ids;
use rapporteur_kernel::{
    access, app, audit, clock, db, digest, events, http, i18n, insert_rows, jobs, keys, modes,
    mutex, outbox, personal, problem, proposals, reference, registry, settings, text_enum,
    vocabulary, ways, work,
};
use rapporteur_people::{accounts, organizations};
use rapporteur_registrations::{announcements, registrations, unsubscribing};

pub mod printing;
pub mod recommendations;
pub mod reports;
