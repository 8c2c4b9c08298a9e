//! What everybody who is confirmed gets of an announcement: the same words for all who read a language, no name, and no link of their
//! own but the one by which they get no more.

use super::{Announcement, AnnouncementKind};
use crate::consultations::Consultation;
use crate::i18n::{self, Placeholder, Template};
use crate::outbox::{About, Letter};
use crate::problem::Problem;
use crate::unsubscribing::service::{link, readers};
use crate::ways;
use crate::work::Work;

/// Writes to everybody who is confirmed and did not say that they want no more.
pub(super) fn announced(
    work: &mut Work,
    consultation: &Consultation,
    announcement: &Announcement,
) -> Result<(), Problem> {
    let readers = readers(work, consultation)?;
    let mut mails = Vec::with_capacity(readers.len());
    for (_, person) in readers {
        let language = announcement.language(person.language, &consultation.languages);
        let theme = (Placeholder::Theme, consultation.theme.clone());
        let page = match announcement.kind {
            AnnouncementKind::DraftOpen => ways::draft_to_read(consultation.id),
            AnnouncementKind::Written | AnnouncementKind::QuestionsOpen => {
                ways::registration(consultation.id)
            }
        };
        let page = ways::page(&work.settings.server.public_url, &page, language);
        let page = (Placeholder::Page, page);
        let (template, values) = match (announcement.kind, announcement.texts.get(&language)) {
            (AnnouncementKind::QuestionsOpen, _) => (Template::QuestionsOpen, vec![theme, page]),
            (AnnouncementKind::DraftOpen, _) => {
                let until = announcement.until.map(|day| i18n::mails(language).date(day));
                let until = until.map(|day| (Placeholder::Until, day));
                (Template::DraftOpen, [theme, page].into_iter().chain(until).collect())
            }
            (AnnouncementKind::Written, Some(wording)) => {
                let title = (Placeholder::Title, wording.title.clone());
                let text = (Placeholder::Text, wording.text.clone());
                (Template::Announcement, vec![title, text, theme, page])
            }
            (AnnouncementKind::Written, None) => {
                return Err(Problem::internal("an announcement says nothing"));
            }
        };
        let letter = Letter {
            template,
            language,
            recipient: person.email.as_str(),
            values,
            secret: Some(link(work, consultation, &person.email, language)?),
            about: Some(About::of(consultation.id, "announcement", announcement.id)),
        };
        mails.push(letter.write()?);
    }
    work.mails(mails)
}
