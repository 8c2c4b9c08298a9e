//! What people are told by mail about their offer. Pure.

use super::{Offer, OfferState};
use crate::accounts::Account;
use crate::consultations::Consultation;
use crate::i18n::{self, Language, Placeholder, Template};
use crate::outbox::{About, Letter, Mail};
use crate::problem::Problem;
use crate::ways;

/// The mail about an offer as it is now; none about one that was withdrawn.
pub fn about(
    person: &Account,
    consultation: &Consultation,
    organization: &str,
    offer: &Offer,
    public_url: &str,
) -> Result<Option<Mail>, Problem> {
    use Placeholder::{Name, Note, Organization, Page, Reason, Theme};
    let template = match offer.state {
        OfferState::Submitted => Template::OfferSubmitted,
        OfferState::Accepted => Template::OfferAccepted,
        OfferState::Declined => Template::OfferDeclined,
        OfferState::Withdrawn => return Ok(None),
    };
    let language = Language::choose(person.language, &consultation.languages);
    let reason = offer.reason.map_or("", |reason| i18n::mails(language).offer_reason(reason));
    let letter = Letter {
        template,
        language,
        recipient: person.email.as_str(),
        values: vec![
            (Name, person.name.clone()),
            (Theme, consultation.theme.clone()),
            (Organization, organization.to_owned()),
            (Reason, reason.to_owned()),
            (Note, offer.note.clone().unwrap_or_default()),
            (Page, ways::page(public_url, &ways::consultation(consultation.id), language)),
        ],
        secret: None,
        about: Some(About::of(consultation.id, "offer", offer.id)),
    };
    letter.write().map(Some)
}
