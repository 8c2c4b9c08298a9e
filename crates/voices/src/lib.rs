//! Who said what: the sealed tables and their key. Nothing but the program may depend on this crate; a test on the graph of crates
//! holds reports, documents and figures to that.

use rapporteur_consultations::consultations;
use rapporteur_inputs::inputs;
use rapporteur_kernel::{
    access, app, audit, db, events, http, ids, limits, on_backend, personal, problem, registry,
    settings, text_enum, tokens, work,
};
use rapporteur_people::{accounts, organizations};

pub mod voices;
