//! Receipts, mixing and voices: how people contribute without anybody being able to say whose an input is. Nothing but the program may
//! depend on this crate; a test on the graph of crates holds reports, documents and figures to that.

use rapporteur_consultations::consultations;
use rapporteur_inputs::inputs;
use rapporteur_kernel::{
    access, app, db, digest, http, i18n, ids, insert_rows, keys, personal, problem, proposals,
    registry, text_enum, vocabulary, work,
};
use rapporteur_people::accounts;
use rapporteur_registrations::registrations;

pub mod voices;
