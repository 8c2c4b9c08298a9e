//! What every feature stands on: the database and its schema, requests and answers, who may do what, jobs, mail, settings, reference
//! data, ids and vocabulary; and what a feature is (`registry`). Must never know a feature.

pub mod access;
pub mod audit;
pub mod auditing;
pub mod clock;
pub mod db;
pub mod digest;
pub mod frame;
pub mod http;
pub mod i18n;
pub mod ids;
pub mod jobs;
pub mod keys;
pub mod limits;
pub mod mailer;
pub mod modes;
pub mod mounting;
pub mod mutex;
pub mod outbox;
pub mod pace;
pub mod personal;
pub mod problem;
pub mod proposals;
pub mod proxies;
pub mod readiness;
pub mod reference;
pub mod settings;
pub mod telemetry;
pub mod tokens;
pub mod vocabulary;
pub mod ways;
pub mod work;

pub use work::{app, events, registry};
