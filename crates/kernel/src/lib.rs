//! What every feature stands on: the database and its schema, requests and answers, who may do what, jobs, mail, settings, reference
//! data, ids and vocabulary; and what a feature is (`registry`). Must never know a feature.

pub mod access;
pub mod app;
pub mod audit;
pub mod clock;
pub mod db;
pub mod digest;
pub mod events;
pub mod frame;
pub mod http;
pub mod ids;
pub mod jobs;
pub mod mailer;
pub mod outbox;
pub mod personal;
pub mod problem;
pub mod reference;
pub mod registry;
pub mod settings;
pub mod telemetry;
pub mod tokens;
pub mod vocabulary;
pub mod words;
pub mod work;
