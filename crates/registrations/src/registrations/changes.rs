//! How a registration is changed by its person or by the secretariat, and when that sends it back to review.

use super::consents::{self, ConsentsChange};
use super::decisions::decided;
use super::events::PlacesLeft;
use super::form;
use super::form::checks::{self, Facts};
use super::history::{self, EventKind};
use super::places::{Waiting, admit, enter, keeps_place, place_freed, room_made};
use super::service::{for_decision, is_own, load, own_or_decider};
use super::{
    AgeBand, Change, Consents, Registration, RegistrationId, RegistrationState, Step, rules, store,
};
use crate::access::Permission;
use crate::accounts;
use crate::consultations::{Activity, Admission, Consultation, Phase};
use crate::problem::{Checks, Code, Problem, require_version};
use crate::work::Work;

/// Changes a registration, one's own or for the secretariat. A changed fact that was vetted sends it back to review,
/// where it keeps its place or waiting number; where admission is automatic it is decided again at once. Whoever
/// withdraws the consent to processing withdraws the registration.
pub fn update(
    work: &mut Work,
    id: RegistrationId,
    version: i64,
    change: Change,
) -> Result<Registration, Problem> {
    let (consultation, before) = for_decision(work, id)?;
    own_or_decider(work, &consultation, &before)?;
    require_version(before.version, version)?;
    before.state.after(Step::Resubmit)?;
    let mut after = before.clone();
    if let Some(consents) = change.consents {
        after.consents = own_consents(work, &before, consents)?;
        if consents.processing == Some(false) {
            return withdraw_consent(work, &consultation, &before, after);
        }
    }
    let only_consents = Change { consents: None, ..change.clone() }.is_empty();
    if !only_consents {
        editable(work, &consultation)?;
    }
    apply(work, &consultation, &mut after, change)?;
    review(work, &consultation, &before, &mut after)?;
    keeps_place(work, &consultation, &before, &after)?;
    if after == before {
        return Ok(before);
    }
    let after = store::update(work.conn, &after, work.now)?;
    work.audit("registration.updated", "registration", after.id);
    consents::service::record(work, &after, Some(&before.consents))?;
    guardian_changed(work, &consultation, &before, &after)?;
    if after.state != before.state {
        work.audit("registration.resubmitted", "registration", after.id);
        decided(work, &consultation, &after)?;
    }
    room_made(work, &consultation, &before, &after)?;
    load(work, id)
}

/// Nothing while the caller may change more than consents: people during the window, the secretariat longer.
fn editable(work: &mut Work, consultation: &Consultation) -> Result<(), Problem> {
    consultation.require(Activity::ChangePreferences)?;
    if work.may(Permission::DecideRegistrations, &consultation.scope()) {
        return Ok(());
    }
    let rules = rules::service::load(work, consultation.id)?;
    rules.require_editable(consultation, work.now)
}

/// Consents are the person's own: nobody else changes them.
fn own_consents(
    work: &Work,
    registration: &Registration,
    change: ConsentsChange,
) -> Result<Consents, Problem> {
    if !is_own(work, registration) {
        let detail = "Only the person themselves can change what they agreed to.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    let consents = change.applied_to(registration.consents);
    let mut checks = Checks::new();
    if change.processing != Some(false) {
        checks::consents(&consents, &mut checks);
    }
    checks.finish()?;
    Ok(consents)
}

/// The registration goes with the consent to processing. What took place stays on record: then only the consents go.
fn withdraw_consent(
    work: &mut Work,
    consultation: &Consultation,
    before: &Registration,
    after: Registration,
) -> Result<Registration, Problem> {
    let after = store::update(work.conn, &after, work.now)?;
    work.audit("registration.updated", "registration", after.id);
    consents::service::record(work, &after, Some(&before.consents))?;
    take_back(work, consultation, after)
}

/// Withdraws a registration where somebody's consent is missing, unless what it was for has taken place.
pub(super) fn take_back(
    work: &mut Work,
    consultation: &Consultation,
    before: Registration,
) -> Result<Registration, Problem> {
    let open = Activity::DecideRegistrations.phases().contains(&consultation.phase);
    if !open && consultation.phase != Phase::Cancelled {
        return Ok(before);
    }
    let mut after = before.clone();
    enter(work, &mut after, Step::Withdraw)?;
    let after = store::update(work.conn, &after, work.now)?;
    work.audit("registration.withdrawn", "registration", after.id);
    history::record_one(work, &after, EventKind::Withdrawn)?;
    work.tell(&PlacesLeft::by(consultation, &after))?;
    place_freed(work, consultation, &before, &after)?;
    Ok(after)
}

fn apply(
    work: &mut Work,
    consultation: &Consultation,
    after: &mut Registration,
    change: Change,
) -> Result<(), Problem> {
    let mut checks = Checks::new();
    after.gender = change.gender.unwrap_or(after.gender);
    if let Some(languages) = change.languages {
        checks::languages(&languages, "/languages", &mut checks);
        after.languages = languages;
    }
    if let Some(preferences) = change.preferences {
        checks::preferences(work, consultation.id, &preferences, &mut checks)?;
        after.preferences = preferences;
    }
    if let Some(rounds) = change.rounds {
        checks::rounds(work, consultation.id, rounds.as_deref(), &mut checks)?;
        after.rounds = rounds;
    }
    if let Some(needs) = change.needs {
        checks::needs(&needs, &mut checks);
        after.needs = needs;
    }
    if let Some(position) = change.position {
        after.position = checks::position(position.as_deref(), &mut checks);
    }
    if let Some(answers) = change.answers {
        let questions = form::service::load(work, consultation.id)?;
        let answering =
            checks::answering(work, consultation, &questions, Some(&after.answers), true);
        after.answers = answering.check(&answers, &mut checks);
    }
    let guardian = change.guardian.clone();
    after.age_band = change.age_band.unwrap_or(after.age_band);
    if change.age_band.is_some() || guardian.is_some() {
        name_guardian(work, after, guardian, &mut checks)?;
    }
    checks::not_named_under_18(after.age_band, &after.consents, &mut checks);
    let moved = change.organization_id.is_some();
    after.organization_id = change.organization_id.unwrap_or(after.organization_id);
    let same_sector = (!moved || after.organization_id.is_none()).then_some(after.sector);
    if moved || change.sector.is_some() || change.country.is_some() {
        let country = change.country.or(Some(after.country));
        let sector = change.sector.or(same_sector);
        let facts = Facts::of(work, after.organization_id, sector, country);
        if let Some(facts) = checks.take(facts)? {
            after.organization_id = facts.organization_id;
            (after.sector, after.country) = (facts.sector, facts.country);
        }
    }
    checks.finish()
}

/// The guardian after the change: the one that is named now, without consent unless it is the same; none for whoever
/// is not under 18 any more.
fn name_guardian(
    work: &mut Work,
    after: &mut Registration,
    named: Option<Option<super::Guardian>>,
    checks: &mut Checks,
) -> Result<(), Problem> {
    let before = after.guardian.take();
    let under_18 = after.age_band == Some(AgeBand::Under18);
    let named = named.unwrap_or_else(|| before.clone().filter(|_| under_18));
    let own = accounts::service::load(work, after.account_id)?.email;
    let checked = checks::guardian(after.age_band, named.as_ref(), &own, checks)?;
    after.guardian = checked.map(|mut guardian| {
        let same = before.filter(|before| before.email == guardian.email);
        guardian.consented_at = same.and_then(|before| before.consented_at);
        guardian
    });
    Ok(())
}

/// A guardian who was not asked yet is asked; one who is not named any more cannot answer any more.
fn guardian_changed(
    work: &mut Work,
    consultation: &Consultation,
    before: &Registration,
    after: &Registration,
) -> Result<(), Problem> {
    let address = |one: &Registration| one.guardian.as_ref().map(|guardian| guardian.email.clone());
    if address(before) == address(after) {
        return Ok(());
    }
    match &after.guardian {
        Some(guardian) => consents::service::ask_guardian(work, consultation, after, guardian),
        None => consents::service::forget_guardian(work, after.id),
    }
}

/// Sends it back to review when a vetted fact is not what it was. A confirmed one that lacks its guardian's consent
/// goes back as well, and keeps its place meanwhile.
fn review(
    work: &mut Work,
    consultation: &Consultation,
    before: &Registration,
    after: &mut Registration,
) -> Result<(), Problem> {
    if after.ready_to_confirm().is_err() {
        return match after.state {
            RegistrationState::Confirmed | RegistrationState::Offered => {
                enter(work, after, Step::Resubmit)
            }
            _ => Ok(()),
        };
    }
    let minor = |one: &Registration| one.age_band == Some(AgeBand::Under18);
    let facts = |one: &Registration| (one.organization_id, one.sector, one.country);
    let grown = minor(before) && !minor(after);
    if facts(before) != facts(after) || grown {
        review_again(work, consultation, after)?;
    }
    Ok(())
}

fn review_again(
    work: &mut Work,
    consultation: &Consultation,
    after: &mut Registration,
) -> Result<(), Problem> {
    if is_automatic(work, consultation, after)? {
        return match after.state {
            RegistrationState::Submitted => readmit(work, consultation, after),
            // It was admitted without review, and so it is again.
            _ => Ok(()),
        };
    }
    enter(work, after, Step::Resubmit)
}

/// Admits a registration for which a consent was missing, where admission is automatic.
pub(super) fn admit_again(
    work: &mut Work,
    consultation: &Consultation,
    after: &mut Registration,
) -> Result<(), Problem> {
    if is_automatic(work, consultation, after)? {
        readmit(work, consultation, after)
    } else {
        Ok(())
    }
}

fn readmit(
    work: &mut Work,
    consultation: &Consultation,
    after: &mut Registration,
) -> Result<(), Problem> {
    if after.holds_place() {
        enter(work, after, Step::Confirm)
    } else {
        admit(work, consultation, Waiting::Perhaps, after)
    }
}

fn is_automatic(
    work: &mut Work,
    consultation: &Consultation,
    one: &Registration,
) -> Result<bool, Problem> {
    let facts = Facts::of(work, one.organization_id, Some(one.sector), Some(one.country))?;
    Ok(consultation.admission == Admission::Automatic && !facts.declined)
}
