//! What whoever holds a link may say of the mail that goes to everybody, and what other services ask before they write it. No account and
//! no permission is asked; nothing of it is in the audit log, which would tell who.

use std::collections::BTreeSet;

use super::{Links, Reader, Unwanted, store};
use crate::accounts::{self, Account, Email};
use crate::consultations::{self, Consultation};
use crate::i18n::Language;
use crate::problem::Problem;
use crate::registrations::{self, RegistrationId};
use crate::ways;
use crate::work::Work;

const BOTH: [Unwanted; 2] = [Unwanted::Consultation, Unwanted::Review];

/// The link by which whoever reads mail at an address has no more about a consultation, or about its review.
pub fn link(
    work: &Work,
    consultation: &Consultation,
    email: &Email,
    language: Language,
) -> Result<String, Problem> {
    let secret = work.shared::<Links>()?.secret(consultation, email);
    Ok(ways::secret(&work.settings.server.public_url, &secret, language))
}

/// Everybody who is confirmed and wants the mail that goes to all, as they are known in the consultation.
pub fn readers(
    work: &mut Work,
    consultation: &Consultation,
) -> Result<Vec<(RegistrationId, Account)>, Problem> {
    let confirmed = registrations::service::confirmed(work, consultation.id)?;
    let ids: Vec<_> = confirmed.iter().map(|one| one.account_id).collect();
    let people = accounts::service::names(work, &ids)?;
    let known = confirmed
        .iter()
        .filter_map(|one| Some((one.id, one.known_as(people.get(&one.account_id)?))));
    let mut known: Vec<(RegistrationId, Account)> = known.collect();
    let wanting = wanting(work, consultation, known.iter().map(|(_, person)| &person.email))?;
    known.retain(|(_, person)| wanting.contains(&person.email));
    Ok(known)
}

/// Those of these addresses that want mail about a consultation.
pub fn wanting<'a>(
    work: &mut Work,
    consultation: &Consultation,
    emails: impl IntoIterator<Item = &'a Email>,
) -> Result<BTreeSet<Email>, Problem> {
    let links = work.shared::<Links>()?;
    let marks_of = |email: &Email| {
        let reader = links.reader(consultation.review_id, email);
        BOTH.map(|what| links.mark(&reader, consultation, what))
    };
    let all: Vec<(&Email, [Vec<u8>; 2])> =
        emails.into_iter().map(|email| (email, marks_of(email))).collect();
    let marks: Vec<Vec<u8>> = all.iter().flat_map(|(_, marks)| marks.clone()).collect();
    let there = store::there(work.conn, &marks)?;
    let wants = all.into_iter().filter(|(_, marks)| !marks.iter().any(|mark| there.contains(mark)));
    Ok(wants.map(|(email, _)| email.clone()).collect())
}

/// The consultation of a link, if it is one of these.
pub fn find(work: &mut Work, secret: &str) -> Result<Option<Consultation>, Problem> {
    Ok(read(work, secret)?.map(|(consultation, _)| consultation))
}

fn read(work: &mut Work, secret: &str) -> Result<Option<(Consultation, Reader)>, Problem> {
    let Some((id, reader)) = work.shared::<Links>()?.read(secret) else { return Ok(None) };
    let consultation = Problem::or_refused(consultations::service::load(work, id))?;
    Ok(consultation.map(|consultation| (consultation, reader)))
}

/// Whoever holds a link wants no more of such mail. Whether it is a link.
pub fn refuse(work: &mut Work, secret: &str, what: Unwanted) -> Result<bool, Problem> {
    let Some((consultation, reader)) = read(work, secret)? else { return Ok(false) };
    let mark = work.shared::<Links>()?.mark(&reader, &consultation, what);
    store::add(work.conn, &mark)?;
    Ok(true)
}

/// Whoever reads mail at an address wants no more about any consultation of the review.
pub fn refuse_review(
    work: &mut Work,
    consultation: &Consultation,
    email: &Email,
) -> Result<(), Problem> {
    let secret = work.shared::<Links>()?.secret(consultation, email);
    refuse(work, &secret, Unwanted::Review).map(drop)
}

/// Whoever holds a link wants such mail again.
pub fn want_again(work: &mut Work, secret: &str) -> Result<(), Problem> {
    let Some((consultation, reader)) = read(work, secret)? else { return Ok(()) };
    let links = work.shared::<Links>()?;
    let marks = BOTH.map(|what| links.mark(&reader, &consultation, what));
    store::remove(work.conn, &marks)
}

/// Of what mail about a consultation an address wants no more.
pub(super) fn unwanted(
    work: &mut Work,
    consultation: &Consultation,
    email: &Email,
) -> Result<Vec<Unwanted>, Problem> {
    let links = work.shared::<Links>()?;
    let reader = links.reader(consultation.review_id, email);
    let marks = BOTH.map(|what| links.mark(&reader, consultation, what));
    let there = store::there(work.conn, &marks)?;
    let said = BOTH.into_iter().zip(&marks).filter(|(_, mark)| there.contains(*mark));
    Ok(said.map(|(what, _)| what).collect())
}
