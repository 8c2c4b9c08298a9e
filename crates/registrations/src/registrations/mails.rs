//! What people are told by mail about their registration: which words for which occasion. Pure.

use super::Registration;
use crate::accounts::Account;
use crate::consultations::Consultation;
use crate::i18n::{self, Language, Placeholder, Template};
use crate::outbox::{self, Letter, Mail};
use crate::problem::Problem;

/// What there is to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// It has arrived and will be decided.
    Submitted,
    /// They have a place.
    Confirmed,
    /// They have a place that somebody else freed.
    Promoted,
    /// A place is kept for them until they accept it.
    Offered,
    /// They did not accept it in time, and wait at the end of the list.
    MovedBack,
    /// They did not accept it in time for the second time, and are not registered any more.
    Lapsed,
    /// They wait for a place.
    Waitlisted,
    /// They were refused.
    Declined,
}

impl Occasion {
    const fn template(self) -> Template {
        match self {
            Self::Submitted => Template::RegistrationSubmitted,
            Self::Confirmed => Template::RegistrationConfirmed,
            Self::Promoted => Template::RegistrationPromoted,
            Self::Offered => Template::RegistrationOffered,
            Self::MovedBack => Template::RegistrationMovedBack,
            Self::Lapsed => Template::RegistrationLapsed,
            Self::Waitlisted => Template::RegistrationWaitlisted,
            Self::Declined => Template::RegistrationDeclined,
        }
    }
}

/// What every mail about a registration says.
pub struct About<'a> {
    /// Whom to.
    pub person: &'a Account,
    /// What it is about.
    pub consultation: &'a Consultation,
    /// Their registration as it is now.
    pub registration: &'a Registration,
    /// The person's own link to it.
    pub link: String,
}

impl About<'_> {
    /// The mail for the occasion, in the person's language.
    pub fn mail_on(self, occasion: Occasion) -> Result<Mail, Problem> {
        use Placeholder::{Name, Note, Number, Reason, Theme, Until, When};
        let language = Language::choose(self.person.language, &self.consultation.languages);
        let words = i18n::mails(language);
        let registration = self.registration;
        let reason = registration.reason_code.map_or("", |code| words.reason(code));
        let until = registration.accept_by.map(|at| words.moment(self.consultation.zone, at));
        let number = registration.waiting_number.map(|number| number.to_string());
        Letter {
            template: occasion.template(),
            language,
            recipient: self.person.email.as_str(),
            values: vec![
                (Name, self.person.name.clone()),
                (Theme, self.consultation.theme.clone()),
                (When, words.when(self.consultation.when())),
                (Note, registration.note.clone().unwrap_or_default()),
                (Number, number.unwrap_or_default()),
                (Reason, reason.to_owned()),
                (Until, until.unwrap_or_default()),
            ],
            secret: Some(self.link),
            about: Some(outbox::About::of(self.consultation.id, "registration", registration.id)),
        }
        .write()
    }
}
