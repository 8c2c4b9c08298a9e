//! What is held: reviews, consultations with their programme and phases, and the mail about them. Must never know who takes part.

#[cfg(test)]
use rapporteur_kernel::ids;
use rapporteur_kernel::{
    access, db, digest, events, http, i18n, in_stretch, jobs, mailer, outbox, personal, problem,
    proposals, reference, registry, text_column, text_enum, vocabulary, work,
};
use rapporteur_people::{accounts, organizations};

pub mod consultations;
pub mod correspondence;
pub mod reviews;
