//! Rapporteur runs a UN secretariat's stakeholder consultations and compiles what was said into numbered reports.
//!
//! A folder is a feature and a file in it a layer: `mod.rs` holds types and rules, `store.rs` the SQL, `service.rs`
//! what a caller may do, `http.rs` the operations. Data flows one way: http → service → rules → store;
//! reports → document → render → printing. The libraries are in `crates/`, each of which can name only those below it; here all
//! are named side by side, and what brings several features together stands beside this file.
//!
//! | to find | look in |
//! |---|---|
//! | who may do what | [`access`] |
//! | everything that can be refused | [`problem`] |
//! | the phases of a consultation and what each allows | [`consultations`] |
//! | what the program is made of | [`features`], [`registry`] |
//! | who said it (sealed) | [`voices`] |
//! | how paragraphs get their numbers | [`document`] |

pub mod cli;
pub mod demo;
pub mod features;
pub mod following;
pub mod pages;
pub mod privacy;
pub mod reasons;
pub mod server;
pub mod worker;

pub use rapporteur_consultations::{consultations, correspondence, reviews};
pub use rapporteur_document::{difference, document, portions, render, threeway};
pub use rapporteur_exchange::exchange;
pub use rapporteur_figures::figures;
pub use rapporteur_groups::{attendance, calendars, groups};
pub use rapporteur_inputs::inputs;
pub use rapporteur_kernel::{
    access, app, audit, auditing, clock, db, digest, events, frame, http, i18n, ids, jobs, limits,
    mailer, on_backend, outbox, pace, personal, problem, proposals, readiness, reference, registry,
    settings, telemetry, text_enum, tokens, vocabulary, ways, work,
};
pub use rapporteur_people::{accounts, organizations};
pub use rapporteur_registrations::{
    account_merging, announcements, appeals, invitations, inviting, offers, registrations,
    unsubscribing,
};
pub use rapporteur_reports::{printing, recommendations, reports};
pub use rapporteur_voices::voices;
