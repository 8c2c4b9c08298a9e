//! Mail rests here until the worker has sent it: written in the transaction of what it tells about, so that neither
//! is there without the other, and open to people who look at it, hold it, change its words and let it go.
//! What is here is pure and knows no mail server.

use std::fmt;

use uuid::Uuid;

use crate::db::types::Id;
use crate::i18n::Language;
use crate::problem::{Code, Problem};
use crate::text_enum;
use crate::vocabulary::ConsultationId;

mod letter;
pub mod store;

pub use letter::{Letter, escaped, html, one_line};

pub use store::{Filter, Row, claim, failed, forget_texts, is_due, is_late, list, pending, sent};

pub use crate::vocabulary::MailId;

/// Where the secret is put into a text, at the moment it is sent.
pub const LINK: &str = "{link}";
/// What people see in its place.
pub const SHOWN_LINK: &str = "[personal link]";

text_enum! {
    /// How far a mail has come.
    pub enum MailState {
        /// Waits to be sent, or to be tried again.
        Pending => "pending",
        /// Waits until a person lets it go.
        Held => "held",
        /// The mail server has taken it. Its secret is gone.
        Sent => "sent",
        /// Given up: the mail server refused it, or put it off too often.
        Failed => "failed",
        /// The mail server took it, and it came back: it did not arrive.
        Returned => "returned",
        /// Will not be sent. Its secret is gone.
        Cancelled => "cancelled",
    }
}

/// What a person does with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Change its words.
    Edit,
    /// Keep it back.
    Hold,
    /// Let it go.
    Release,
    /// Never send it.
    Cancel,
}

use MailState::*;

/// The table of acts: from which states each is possible, and where it leads (none: it stays where it is).
const TABLE: [(Act, &str, &[MailState], Option<MailState>); 4] = [
    (Act::Edit, "edit", &[Pending, Held, Failed], None),
    (Act::Hold, "hold", &[Pending, Failed], Some(Held)),
    (Act::Release, "release", &[Held, Failed], Some(Pending)),
    (Act::Cancel, "cancel", &[Pending, Held, Failed], Some(Cancelled)),
];

impl Act {
    fn row(self) -> (&'static str, &'static [MailState], Option<MailState>) {
        let row = TABLE.iter().find(|row| row.0 == self);
        row.map_or(("", &[], None), |(_, name, from, to)| (name, from, *to))
    }

    /// The states it is possible from.
    pub fn from_states(self) -> &'static [MailState] {
        self.row().1
    }
}

impl MailState {
    /// The state after the act, or 409 naming the states it is possible from.
    pub fn after(self, act: Act) -> Result<Self, Problem> {
        let (name, from, to) = act.row();
        if from.contains(&self) {
            return Ok(to.unwrap_or(self));
        }
        let states: Vec<_> = from.iter().map(|state| state.as_str()).collect();
        let detail = format!("{name} is possible from {}; the mail is {self}.", states.join(", "));
        Err(Problem::new(Code::InvalidTransition, detail))
    }

    /// What can be done with a mail in this state, in the order of the table.
    pub fn acts(self) -> Vec<&'static str> {
        let open = TABLE.iter().filter(|(_, _, from, _)| from.contains(&self));
        open.map(|(_, name, ..)| *name).collect()
    }
}

/// What a mail is about: it is shown to those who run that consultation, and held where the consultation's mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The consultation.
    pub consultation: ConsultationId,
    /// The kind of thing, such as `registration`.
    pub subject_kind: &'static str,
    /// Which one.
    pub subject_id: Uuid,
}

impl About {
    /// About this thing of the consultation.
    pub fn of<K>(consultation: ConsultationId, subject_kind: &'static str, id: Id<K>) -> Self {
        Self { consultation, subject_kind, subject_id: id.uuid() }
    }
}

/// A mail to be sent. [`Letter`] writes them.
#[derive(Clone)]
pub struct Mail {
    /// Whom to.
    pub recipient: String,
    /// The subject line.
    pub subject: String,
    /// Plain text; `{link}` stands where the secret goes.
    pub body: String,
    /// Which of our texts this is, such as `sign_in_link`.
    pub template: &'static str,
    /// The same as HTML, `{link}` likewise; made from the text when there is none.
    pub html: Option<String>,
    /// The language it is written in.
    pub language: Language,
    /// A link that only the recipient may see. Nobody who looks into the outbox is shown it, and it is deleted once
    /// the mail is sent or cancelled.
    pub secret: Option<String>,
    /// What it is about; none for what belongs to no consultation.
    pub about: Option<About>,
}

// Written by hand so that no address and no secret gets into a log.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mail({}, {})", self.template, self.language)
    }
}

/// Why a mail could not be sent, as it is kept with the mail and read by those who manage it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The mail server refuses it for good: trying again would not help.
    Refused(String),
    /// The mail server says that it cannot now.
    PutOff(String),
    /// There was no mail server to be asked, or it takes nothing from us: no other mail would fare better now.
    Unreachable(String),
}

impl Failure {
    /// What it says.
    pub fn text(&self) -> &str {
        match self {
            Self::Refused(text) | Self::PutOff(text) | Self::Unreachable(text) => text,
        }
    }

    /// The same in other words.
    #[must_use]
    pub fn map(self, words: impl FnOnce(String) -> String) -> Self {
        match self {
            Self::Refused(text) => Self::Refused(words(text)),
            Self::PutOff(text) => Self::PutOff(words(text)),
            Self::Unreachable(text) => Self::Unreachable(words(text)),
        }
    }
}

/// A text as people are shown it.
pub fn shown(text: &str) -> String {
    text.replace(LINK, SHOWN_LINK)
}

/// A text that a person wrote, as it is kept: the personal link stands in it exactly once where the mail has one,
/// and nowhere else. 422 otherwise.
pub fn kept(text: &str, has_secret: bool) -> Result<String, Problem> {
    let places = text.matches(SHOWN_LINK).count() + text.matches(LINK).count();
    match (has_secret, places) {
        (true, 1) => Ok(text.replace(SHOWN_LINK, LINK)),
        (false, 0) => Ok(text.to_owned()),
        (true, _) => {
            let detail =
                format!("must have {SHOWN_LINK} exactly once: the recipient's link is put there");
            Err(Problem::invalid("/text", detail))
        }
        (false, _) => {
            let detail = format!("must not have {SHOWN_LINK}: this mail has no personal link");
            Err(Problem::invalid("/text", detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_held_released_and_cancelled_only_while_it_is_not_gone() {
        assert_eq!(Pending.after(Act::Hold).unwrap(), Held);
        assert_eq!(Held.after(Act::Release).unwrap(), Pending);
        assert_eq!(Failed.after(Act::Release).unwrap(), Pending);
        assert_eq!(Held.after(Act::Edit).unwrap(), Held);
        for state in [Sent, Returned, Cancelled] {
            assert!(state.acts().is_empty());
            for act in [Act::Edit, Act::Hold, Act::Release, Act::Cancel] {
                assert_eq!(state.after(act).unwrap_err().code(), Code::InvalidTransition);
            }
        }
    }

    #[test]
    fn the_personal_link_can_be_neither_removed_nor_doubled_nor_made_up() {
        assert_eq!(kept("Open [personal link] now", true).unwrap(), "Open {link} now");
        assert_eq!(shown("Open {link} now"), "Open [personal link] now");
        for text in ["Open", "[personal link] [personal link]", "[personal link] {link}"] {
            assert!(kept(text, true).is_err(), "{text}");
        }
        assert!(kept("Open [personal link]", false).is_err());
        assert!(kept("Open {link}", false).is_err());
        assert_eq!(kept("Open", false).unwrap(), "Open");
    }
}
