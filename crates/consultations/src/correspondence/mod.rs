//! Looking after the mail that rests in the outbox: who may see which, hold it, change its words and let it go; and for how long it
//! is kept.

use crate::vocabulary::ThingId;

mod feature;
pub mod http;
mod personal;
pub mod privacy;
pub mod service;

pub use feature::FEATURE;

/// A mail was given up: the mail server refused it for good, or somebody cancelled it.
#[derive(Debug)]
pub struct MailStopped {
    /// What it was about, such as `invitation`.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: ThingId,
    /// Which of our texts it was.
    pub template: String,
    /// Why it was given up.
    pub why: Stopped,
}

impl crate::registry::Event for MailStopped {
    const NAME: &'static str = "mail_stopped";
}

/// Why a mail was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The mail server refused it for good.
    Refused,
    /// Somebody saw to it that it is never sent.
    Cancelled,
}
