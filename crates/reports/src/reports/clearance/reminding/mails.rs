//! What whoever is asked is told by mail: that a draft waits for them, and until when; nothing of what stands in it.

use std::collections::BTreeSet;

use crate::accounts::{self, AccountId};
use crate::i18n::{self, Language, Placeholder, Template};
use crate::outbox::{About, Letter};
use crate::problem::Problem;
use crate::reports::clearance::asking::Round;
use crate::reports::rights::Place;
use crate::ways;
use crate::work::Work;

/// Reminds these people.
pub(super) fn reminded(
    work: &mut Work,
    place: &Place,
    round: &Round,
    to: &BTreeSet<AccountId>,
) -> Result<(), Problem> {
    let ids: Vec<AccountId> = to.iter().copied().collect();
    let people = accounts::service::names(work, &ids)?;
    let languages = place.consultation.as_ref().map_or(&[][..], |one| one.languages.as_slice());
    let mut mails = Vec::with_capacity(ids.len());
    for person in ids.iter().filter_map(|id| people.get(id)) {
        let language = Language::choose(person.language, languages);
        let page = ways::clearance(place.report.id);
        let page = ways::page(&work.settings.server.public_url, &page, language);
        let about = |id| About::of(id, "report", place.report.id);
        let letter = Letter {
            template: Template::ClearanceWaits,
            language,
            recipient: person.email.as_str(),
            values: vec![
                (Placeholder::Name, person.name.clone()),
                (Placeholder::Theme, place.report.title.clone()),
                (Placeholder::Until, i18n::mails(language).date(round.ends_on)),
                (Placeholder::Page, page),
            ],
            secret: None,
            about: place.report.consultation_id.map(about),
        };
        mails.push(letter.write()?);
    }
    work.mails(mails)
}
