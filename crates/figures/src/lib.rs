//! Figures about people: counted exactly, and told so that nobody can be worked out. Must never know who said what.

use rapporteur_consultations::consultations;
#[cfg(test)]
use rapporteur_kernel::db;
use rapporteur_kernel::{access, http, problem, reference, registry, text_enum, work};
use rapporteur_people::organizations;
use rapporteur_registrations::registrations;

pub mod figures;
