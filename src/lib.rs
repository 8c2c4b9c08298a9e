//! Rapporteur runs a UN secretariat's stakeholder consultations and compiles what was said into numbered reports.
//!
//! A folder is a feature and a file in it a layer: `mod.rs` holds types and rules, `store.rs` the SQL, `service.rs`
//! what a caller may do, `http.rs` the operations. Data flows one way: http → service → rules → store;
//! reports → document → render → printing.
//!
//! | to find | look in |
//! |---|---|
//! | who may do what | [`access`] |
//! | everything that can be refused | [`problem`] |
//! | the phases of a consultation and what each allows | [`consultations`] |
//! | what the program is made of | [`features`], [`registry`] |
//! | who said it (sealed) | [`voices`] |
//! | how paragraphs get their numbers | [`document`] |

pub mod access;
pub mod account_merging;
pub mod accounts;
pub mod app;
pub mod appeals;
pub mod attendance;
pub mod audit;
pub mod calendars;
pub mod cli;
pub mod clock;
pub mod consultations;
pub mod correspondence;
pub mod db;
pub mod demo;
pub mod digest;
pub mod events;
pub mod exchange;
pub mod features;
pub mod figures;
pub mod following;
pub mod groups;
pub mod http;
pub mod ids;
pub mod inputs;
pub mod invitations;
pub mod jobs;
pub mod mailer;
pub mod offers;
pub mod organizations;
pub mod outbox;
pub mod pages;
pub mod personal;
pub mod printing;
pub mod privacy;
pub mod problem;
pub mod reference;
pub mod registrations;
pub mod registry;
pub mod reports;
pub mod reviews;
pub mod server;
pub mod settings;
pub mod telemetry;
pub mod tokens;
pub mod vocabulary;
pub mod voices;
pub mod words;
pub mod work;
pub mod worker;

pub use rapporteur_document::{document, render};
