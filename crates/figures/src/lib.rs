//! Figures about people: counted exactly, and released so that nobody can be worked out. Must never know who said what.

use rapporteur_consultations::consultations;
use rapporteur_groups::groups;
use rapporteur_kernel::{
    access, db, http, problem, reference, registry, text_enum, vocabulary, work,
};
use rapporteur_people::organizations;
use rapporteur_registrations::{offers, registrations};

pub mod figures;
