//! What participants are told of reports by mail. It goes to everybody who took part, whether they contributed or not: so it
//! tells nobody who did.

use crate::accounts::{self, AccountId};
use crate::consultations::Consultation;
use crate::i18n::{Language, Placeholder, Template};
use crate::outbox::{About, Letter};
use crate::problem::Problem;
use crate::registrations;
use crate::ways;
use crate::work::Work;

/// The report was cleared and is published: everybody can look what became of what they said.
pub fn published(work: &mut Work, consultation: &Consultation) -> Result<(), Problem> {
    let confirmed = registrations::service::confirmed(work, consultation.id)?;
    let ids: Vec<AccountId> = confirmed.iter().map(|one| one.account_id).collect();
    let people = accounts::service::names(work, &ids)?;
    let mut mails = Vec::with_capacity(confirmed.len());
    for registration in &confirmed {
        let Some(person) = people.get(&registration.account_id) else { continue };
        let person = registration.known_as(person);
        let language = Language::choose(person.language, &consultation.languages);
        let page = ways::consultation(consultation.id);
        let page = ways::page(&work.settings.server.public_url, &page, language);
        let letter = Letter {
            template: Template::ReportPublished,
            language,
            recipient: person.email.as_str(),
            values: vec![
                (Placeholder::Name, person.name.clone()),
                (Placeholder::Theme, consultation.theme.clone()),
                (Placeholder::Page, page),
            ],
            secret: None,
            about: Some(About::of(consultation.id, "registration", registration.id)),
        };
        mails.push(letter.write()?);
    }
    work.mails(mails)
}
