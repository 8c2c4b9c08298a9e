//! What is put on record about consents, who reads it, and what a guardian says for somebody under 18.

use super::{ConsentKind, ConsentRecord, store};
use crate::consultations::{self, Activity, Consultation};
use crate::db::Insertion;
use crate::i18n::{self, Language, Placeholder, Template};
use crate::outbox::{About, Letter};
use crate::problem::{Code, Problem};
use crate::registrations::changes::{admit_again, take_back};
use crate::registrations::decisions::decided;
use crate::registrations::{
    self, ConsentVersion, Consents, Guardian, Registration, RegistrationId, RegistrationState,
};
use crate::ways;
use crate::work::Work;
use crate::{accounts, tokens};

/// What was given and withdrawn for a registration that the caller may know of, the oldest first.
pub fn list(work: &mut Work, id: RegistrationId) -> Result<Vec<ConsentRecord>, Problem> {
    let registration = registrations::service::see(work, id)?;
    store::of_registration(work.conn, registration.id)
}

/// Puts on record what is different from `before`.
pub(in crate::registrations) fn record(
    work: &mut Work,
    registration: &Registration,
    before: Option<&Consents>,
) -> Result<(), Problem> {
    for (kind, given) in registration.consents.changes_since(before) {
        record_one(work, registration, kind, given)?;
    }
    Ok(())
}

/// What a registration that is about to be made puts on record.
pub(in crate::registrations) fn insertions(
    work: &mut Work,
    registration: &Registration,
) -> Vec<Insertion> {
    let given = registration.consents.changes_since(None).into_iter();
    let record = |(kind, given)| store::insertion(&new_record(work, registration, kind, given));
    given.map(record).collect()
}

/// As [`record`] for many that were just made, in one statement.
pub(in crate::registrations) fn record_new<'r>(
    work: &mut Work,
    registrations: impl Iterator<Item = &'r Registration>,
) -> Result<(), Problem> {
    let mut records = Vec::new();
    for registration in registrations {
        for (kind, given) in registration.consents.changes_since(None) {
            records.push(new_record(work, registration, kind, given));
        }
    }
    store::insert_many(work.conn, &records)
}

fn record_one(
    work: &mut Work,
    registration: &Registration,
    kind: ConsentKind,
    given: bool,
) -> Result<(), Problem> {
    let record = new_record(work, registration, kind, given);
    store::insert_many(work.conn, &[record])
}

/// The record, noted for the audit log and not yet kept.
fn new_record(
    work: &mut Work,
    registration: &Registration,
    kind: ConsentKind,
    given: bool,
) -> ConsentRecord {
    let details = serde_json::json!({ "kind": kind, "given": given });
    work.audit_with("consent.recorded", "registration", registration.id, details);
    ConsentRecord {
        id: work.id(),
        registration_id: registration.id,
        kind,
        // The guardian's mail has the wording of today.
        wording: match kind {
            ConsentKind::Guardian => ConsentVersion::current(),
            _ => registration.consents.version,
        },
        given,
        recorded_at: work.now,
    }
}

/// Mails the guardian a link with which they consent or not. A link that was mailed before opens nothing any more.
pub(in crate::registrations) fn ask_guardian(
    work: &mut Work,
    consultation: &Consultation,
    registration: &Registration,
    guardian: &Guardian,
) -> Result<(), Problem> {
    let (secret, days) = (work.ids.secret(), work.settings.registrations.guardian_days);
    let lasts = chrono::Duration::days(days);
    let hash = tokens::secret_hash(&secret);
    store::ask_guardian(work.conn, registration.id, &hash, work.now, lasts)?;
    let person = accounts::service::load(work, registration.account_id)?;
    let language = Language::choose(person.language, &consultation.languages);
    let link = ways::secret(&work.settings.server.public_url, &secret, language);
    let letter = Letter {
        template: Template::GuardianConsent,
        language,
        recipient: guardian.email.as_str(),
        values: vec![
            (Placeholder::Person, person.name),
            (Placeholder::Theme, consultation.theme.clone()),
            (Placeholder::When, i18n::mails(language).when(consultation.when())),
        ],
        secret: Some(link),
        about: Some(About::of(consultation.id, "registration", registration.id)),
    };
    work.mail(letter.write()?)?;
    work.audit("guardian.asked", "registration", registration.id);
    Ok(())
}

/// Nobody is asked any more: the person is not under 18.
pub(in crate::registrations) fn forget_guardian(
    work: &mut Work,
    id: RegistrationId,
) -> Result<(), Problem> {
    store::forget_guardian(work.conn, id)
}

/// What a guardian is asked about: the registration as it is now; none when the token opens nothing.
pub fn asked(work: &mut Work, token: &str) -> Result<Option<Registration>, Problem> {
    let hash = tokens::secret_hash(token);
    match store::asked_about(work.conn, &hash, work.now)? {
        Some(id) => registrations::service::find(work, id),
        None => Ok(None),
    }
}

/// What the guardian says, who holds the token. With their consent the registration goes on; without it, or when they
/// take it back, it is withdrawn. The same answer twice is as good as once.
pub fn answer_guardian(
    work: &mut Work,
    token: &str,
    consent: bool,
) -> Result<Registration, Problem> {
    let hash = tokens::secret_hash(token);
    let refused = || {
        let detail = "This link has expired, was replaced by another or never was.";
        accounts::sign_ins::service::wrong_credentials(detail)
    };
    let id = store::asked_about(work.conn, &hash, work.now)?.ok_or_else(refused)?;
    let consultation = registrations::service::load(work, id)?.consultation_id;
    let consultation = consultations::service::locked(work, consultation)?;
    let before = registrations::service::load(work, id)?;
    let Some(guardian) = before.guardian.clone() else { return Err(refused()) };
    if !before.state.is_active() {
        if !consent {
            return Ok(before);
        }
        let detail = format!("It is {}: it has to be made again.", before.state);
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    match (consent, guardian.consented_at) {
        (true, Some(_)) => Ok(before),
        (true, None) => give(work, &consultation, before, guardian),
        (false, _) => refuse(work, &consultation, before, guardian),
    }
}

fn give(
    work: &mut Work,
    consultation: &Consultation,
    before: Registration,
    guardian: Guardian,
) -> Result<Registration, Problem> {
    let mut after = before.clone();
    after.guardian = Some(Guardian { consented_at: Some(work.now), ..guardian });
    let open = Activity::DecideRegistrations.phases().contains(&consultation.phase);
    if open && before.state == RegistrationState::Submitted {
        admit_again(work, consultation, &mut after)?;
    }
    let after = registrations::store::update(work.conn, &after, work.now)?;
    record_one(work, &after, ConsentKind::Guardian, true)?;
    if after.state != before.state {
        decided(work, consultation, &after)?;
    }
    Ok(after)
}

fn refuse(
    work: &mut Work,
    consultation: &Consultation,
    before: Registration,
    guardian: Guardian,
) -> Result<Registration, Problem> {
    let mut after = before.clone();
    after.guardian = Some(Guardian { consented_at: None, ..guardian });
    let after = registrations::store::update(work.conn, &after, work.now)?;
    record_one(work, &after, ConsentKind::Guardian, false)?;
    let after = take_back(work, consultation, after)?;
    tell_refused(work, consultation, &after)?;
    Ok(after)
}

fn tell_refused(
    work: &mut Work,
    consultation: &Consultation,
    registration: &Registration,
) -> Result<(), Problem> {
    let person = accounts::service::load(work, registration.account_id)?;
    let people = std::slice::from_ref(&person);
    let mut links = registrations::service::links(work, consultation, people)?;
    let letter = Letter {
        template: Template::GuardianRefused,
        language: Language::choose(person.language, &consultation.languages),
        recipient: person.email.as_str(),
        values: vec![
            (Placeholder::Name, person.name.clone()),
            (Placeholder::Theme, consultation.theme.clone()),
        ],
        secret: links.addresses.pop(),
        about: Some(About::of(consultation.id, "registration", registration.id)),
    };
    work.mails_with(vec![letter.write()?], links.rows)
}
