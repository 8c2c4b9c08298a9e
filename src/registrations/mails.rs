//! What people are told by mail about their registration: plain text, one function for each occasion. Pure.

use super::{ReasonCode, Registration};
use crate::accounts::Account;
use crate::consultations::Consultation;
use crate::outbox::Mail;

/// What there is to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// They have a place.
    Confirmed,
    /// They have a place that somebody else freed.
    Promoted,
    /// They wait for a place.
    Waitlisted,
    /// They were refused.
    Declined,
}

/// What every mail about a registration says.
pub struct About<'a> {
    /// Whom to.
    pub person: &'a Account,
    /// What it is about.
    pub consultation: &'a Consultation,
    /// Their registration as it is now.
    pub registration: &'a Registration,
    /// How the outside reaches this instance.
    pub public_url: &'a str,
}

impl About<'_> {
    /// The mail for the occasion.
    pub fn mail_on(&self, occasion: Occasion) -> Mail {
        match occasion {
            Occasion::Confirmed => self.confirmed(),
            Occasion::Promoted => self.promoted(),
            Occasion::Waitlisted => self.waitlisted(),
            Occasion::Declined => self.declined(),
        }
    }

    fn confirmed(&self) -> Mail {
        let text = format!(
            "Your registration is confirmed: you have a place.{}{}",
            self.when(),
            self.note()
        );
        self.mail("registration_confirmed", "Your registration is confirmed", &text)
    }

    fn promoted(&self) -> Mail {
        let text = format!(
            "A place has become free and it was your turn on the waiting list: your registration is confirmed.{}",
            self.when()
        );
        self.mail("registration_promoted", "You have a place now", &text)
    }

    fn waitlisted(&self) -> Mail {
        let number = self.registration.waiting_number.unwrap_or_default();
        let text = format!(
            "You are on the waiting list, with the number {number}. Whoever has the lowest number gets the next place \
             that becomes free; we will write to you then.{}",
            self.note()
        );
        self.mail("registration_waitlisted", "You are on the waiting list", &text)
    }

    fn declined(&self) -> Mail {
        let why = self.registration.reason_code.map_or("", reason);
        let text = format!("Your registration was declined: {why}.{}", self.note());
        self.mail("registration_declined", "Your registration was declined", &text)
    }

    fn when(&self) -> String {
        let day = self.consultation.held_on.map(|day| day.format("%-d %B %Y").to_string());
        let parts: Vec<String> = day.into_iter().chain(self.consultation.local_time()).collect();
        match parts.is_empty() {
            true => String::new(),
            false => format!("\n\nWhen: {}", parts.join(", ")),
        }
    }

    fn note(&self) -> String {
        let note = self.registration.note.as_deref();
        note.map_or(String::new(), |note| format!("\n\nThe secretariat writes:\n{note}"))
    }

    fn mail(&self, template: &'static str, subject: &str, text: &str) -> Mail {
        let theme = one_line(&self.consultation.theme);
        let body = format!(
            "Dear {},\n\nthis is about the consultation “{theme}”.\n\n{text}\n\nYour registration: \
             {}/api/v1/registrations/{}\n",
            one_line(&self.person.name),
            self.public_url,
            self.registration.id
        );
        let recipient = self.person.email.as_str().to_owned();
        Mail { recipient, subject: format!("{subject}: {theme}"), body, template }
    }
}

fn reason(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::Full => "all places are taken",
        ReasonCode::OutOfScope => "it is outside the scope of this consultation",
        ReasonCode::NotVetted => "it could not be vetted",
        ReasonCode::Duplicate => "you are registered already",
        ReasonCode::Incomplete => "something that is needed is missing",
        ReasonCode::Other => "see below",
    }
}

/// A text that may stand in a subject line.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
