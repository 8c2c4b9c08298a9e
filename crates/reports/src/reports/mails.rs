//! What participants are told of reports by mail. It goes to everybody who took part and wants such mail, whether they contributed
//! or not: so it tells nobody who did.

use crate::consultations::Consultation;
use crate::i18n::{Language, Placeholder, Template};
use crate::outbox::{About, Letter};
use crate::problem::Problem;
use crate::unsubscribing::service::{link, readers};
use crate::ways;
use crate::work::Work;

/// The report was cleared and is published: everybody can look what became of what they said.
pub fn published(work: &mut Work, consultation: &Consultation) -> Result<(), Problem> {
    let readers = readers(work, consultation)?;
    let mut mails = Vec::with_capacity(readers.len());
    for (registration, person) in readers {
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
            secret: Some(link(work, consultation, &person.email, language)?),
            about: Some(About::of(consultation.id, "registration", registration)),
        };
        mails.push(letter.write()?);
    }
    work.mails(mails)
}
