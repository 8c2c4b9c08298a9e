//! What people contributed: taking it in, searching, triage, merging and splitting. Must never know who said it: that is handed to a
//! port, which tells nobody's name.

use rapporteur_consultations::{consultations, reviews};
use rapporteur_document::document;
use rapporteur_exchange::exchange;
use rapporteur_intake::{channels, names, similar, terms, wording};
use rapporteur_kernel::{
    access, db, digest, events, http, insert_rows, jobs, on_backend, personal, problem, reference,
    registry, text_enum, vocabulary, work,
};
use rapporteur_people::{accounts, organizations};
use rapporteur_registrations::registrations;

pub mod inputs;
