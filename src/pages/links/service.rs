//! To what a mailed secret leads, and what its button does.

use crate::account_merging;
use crate::accounts::sign_ins::Way;
use crate::accounts::sign_ins::service::{self as sign_ins, SignedIn};
use crate::consultations;
use crate::i18n::Language;
use crate::invitations;
use crate::problem::Problem;
use crate::registrations::consents;
use crate::registrations::drafts;
use crate::unsubscribing::{self, Unwanted};
use crate::ways;
use crate::work::Work;

/// To what a link leads.
#[derive(Debug, Clone)]
pub enum Leads {
    /// Whoever presses is signed in.
    In,
    /// To the form or the registration of a consultation.
    Registration {
        /// What the consultation is about.
        theme: String,
        /// Whether it came with an invitation, which can be declined.
        invited: bool,
    },
    /// A guardian is asked.
    Guardian {
        /// What the consultation is about.
        theme: String,
        /// Who would like to take part.
        person: String,
        /// Whether they have consented.
        given: bool,
    },
    /// Whoever holds an address is asked whether it is that of another account.
    Merge,
    /// Whoever gets what everybody is sent is asked whether they want no more.
    NoMore {
        /// What the consultation is about.
        theme: String,
    },
    /// It works no more; a new one can be sent to where it was mailed.
    RunOut,
    /// There is no such link, or none any more.
    Nowhere,
}

/// Where a secret leads. Changes nothing.
pub fn look(work: &mut Work, token: &str) -> Result<Leads, Problem> {
    if let Some(consultation) = unsubscribing::service::find(work, token)? {
        return Ok(Leads::NoMore { theme: consultation.theme });
    }
    if let Some(link) = sign_ins::find_link(work, token)? {
        return Ok(match (link.expires_at > work.now, link.lasts) {
            (true, _) => Leads::In,
            (false, true) => Leads::RunOut,
            (false, false) => Leads::Nowhere,
        });
    }
    if let Some((invited, consultation, _)) = drafts::service::look(work, token)? {
        let theme = consultations::service::load(work, consultation)?.theme;
        return Ok(Leads::Registration { theme, invited });
    }
    if let Some(registration) = consents::service::asked(work, token)? {
        let consultation = consultations::service::load(work, registration.consultation_id)?;
        let person = crate::accounts::service::load(work, registration.account_id)?;
        let person = registration.known_as(&person).name;
        let given = registration.guardian.is_some_and(|one| one.consented_at.is_some());
        return Ok(Leads::Guardian { theme: consultation.theme, person, given });
    }
    if account_merging::service::is_asked(work, token)? {
        return Ok(Leads::Merge);
    }
    Ok(Leads::Nowhere)
}

/// What came of pressing the button.
pub enum Entered {
    /// Somebody is signed in, and goes to a page of theirs.
    In(Box<SignedIn>, String),
    /// Whoever holds a role is mailed a link that works once.
    Once,
}

/// Signs in whoever holds a link that leads to a page of theirs.
pub fn enter(work: &mut Work, token: &str, language: Language) -> Result<Entered, Problem> {
    if drafts::service::look(work, token)?.is_some() {
        let (consultation, email) = drafts::service::enter(work, token)?;
        let page = ways::registration(consultation);
        return Ok(match sign_ins::sign_in_by_address(work, &email)? {
            Some(signed_in) => Entered::In(Box::new(signed_in), page),
            None => {
                sign_ins::request_link(work, &email, Some(language), Some(page))?;
                Entered::Once
            }
        });
    }
    let (signed_in, page) = sign_ins::redeem_link(work, token, None, Way::Browser)?;
    Ok(Entered::In(Box::new(signed_in), page.unwrap_or_else(|| ways::MINE.to_owned())))
}

/// Mails a new link in place of one that has run out, to where that was mailed. Tells nothing of where that is.
pub fn send_again(work: &mut Work, token: &str, language: Language) -> Result<(), Problem> {
    let Some(link) = sign_ins::find_link(work, token)?.filter(|link| link.lasts) else {
        return Ok(());
    };
    sign_ins::request_link(work, &link.email, Some(language), link.leads_to)
}

/// Somebody wants no more of such mail; of an invitation, they said no. Whatever the link is or was, nothing else is told.
pub fn want_no_more(work: &mut Work, token: &str, what: Unwanted) -> Result<(), Problem> {
    if unsubscribing::service::refuse(work, token, what)? {
        return Ok(());
    }
    if what == Unwanted::Review
        && let Some(invitation) = invitations::service::by_token(work, token)?
    {
        let consultation = consultations::service::load(work, invitation.consultation_id)?;
        unsubscribing::service::refuse_review(work, &consultation, &invitation.email)?;
    }
    Problem::or_refused(invitations::service::decline(work, token)).map(drop)
}

/// What somebody who was asked says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// They cannot take part, and are not reminded.
    Declined,
    /// They want no more mail that goes to everybody.
    NoMore(Unwanted),
    /// They want it again.
    Again,
    /// A guardian consents, or does not.
    Guardian(bool),
    /// Whoever holds the address consents that it be that of another account, or does not.
    Merge(bool),
}

/// Takes it down.
pub fn say(work: &mut Work, token: &str, said: Said) -> Result<(), Problem> {
    match said {
        Said::Declined => invitations::service::decline(work, token).map(|_| ()),
        Said::NoMore(what) => want_no_more(work, token, what),
        Said::Again => unsubscribing::service::want_again(work, token),
        Said::Guardian(consent) => {
            consents::service::answer_guardian(work, token, consent).map(|_| ())
        }
        Said::Merge(consent) => account_merging::service::answer(work, token, consent),
    }
}
