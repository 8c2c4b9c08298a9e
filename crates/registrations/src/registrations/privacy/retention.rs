//! What registrations forget when a class of theirs has been kept long enough. What figures are counted by is severed first
//! (`severing`), so that no figure changes.

use diesel::prelude::*;

use super::severing::{self, SeveredQuestion};
use crate::consultations::ConsultationId;
use crate::db::schema::{consent_records, guardian_requests, registration_drafts, registrations};
use crate::problem::Problem;
use crate::registrations::attended::came;
use crate::registrations::form::fields::RetentionClass;
use crate::registrations::{
    Answers, Consents, Guardian, Needs, Person, Registration, RegistrationId, RegistrationState,
    history,
};
use crate::registry::Expiring;
use crate::work::Work;

/// How many registrations of these consultations hold something of the class; with `forget`, what they hold is gone then.
pub fn registrations(work: &mut Work, expiring: &Expiring, forget: bool) -> Result<u64, Problem> {
    let (mut found, class) = (0, expiring.class);
    for consultation in &expiring.held {
        let came = came(work.conn, *consultation)?;
        for id in ids(work, *consultation)? {
            let Some(before) = crate::registrations::store::find(work.conn, id)? else { continue };
            let after = without(&before, class);
            if after == before {
                continue;
            }
            found += 1;
            if !forget {
                continue;
            }
            if class == RetentionClass::Participation {
                history::forget_notes(work, id)?;
            }
            let came = came.as_ref().is_some_and(|came| came.registrations.contains(&id));
            if came || before.state == RegistrationState::Confirmed {
                for question in severed_with(class) {
                    severing::sever(work.conn, &before, *question, came)?;
                }
            }
            crate::registrations::store::update(work.conn, &after, work.now)?;
        }
    }
    Ok(found)
}

fn ids(work: &mut Work, consultation: ConsultationId) -> Result<Vec<RegistrationId>, Problem> {
    Ok(registrations::table
        .filter(registrations::consultation_id.eq(consultation))
        .order(registrations::id)
        .select(registrations::id)
        .load(work.conn)?)
}

/// What is counted without the registration once the class is gone.
const fn severed_with(class: RetentionClass) -> &'static [SeveredQuestion] {
    match class {
        RetentionClass::Demographics => &[SeveredQuestion::Gender, SeveredQuestion::AgeBand],
        RetentionClass::Participation => &[SeveredQuestion::Language],
        _ => &[],
    }
}

/// The registration without what it holds of the class.
fn without(one: &Registration, class: RetentionClass) -> Registration {
    let one = one.clone();
    match class {
        RetentionClass::SpecialNeeds => Registration { needs: Needs::default(), ..one },
        RetentionClass::Demographics => Registration { gender: None, age_band: None, ..one },
        RetentionClass::Answers => Registration { answers: Answers::new(), ..one },
        RetentionClass::Participation => Registration {
            position: None,
            rounds: None,
            languages: Vec::new(),
            preferences: Vec::new(),
            note: None,
            ..one
        },
        RetentionClass::Contact => {
            Registration { guardian: None::<Guardian>, person: None::<Person>, ..one }
        }
        RetentionClass::Consents => Registration { consents: Consents::default(), ..one },
        _ => one,
    }
}

/// Unfinished forms of these consultations, with their links.
pub fn drafts(work: &mut Work, expiring: &Expiring, forget: bool) -> Result<u64, Problem> {
    let held = &expiring.held;
    let theirs =
        registration_drafts::table.filter(registration_drafts::consultation_id.eq_any(held));
    let found: i64 = theirs.count().get_result(work.conn)?;
    if forget && found > 0 {
        let theirs =
            registration_drafts::table.filter(registration_drafts::consultation_id.eq_any(held));
        diesel::delete(theirs).execute(work.conn)?;
    }
    Ok(found.unsigned_abs())
}

/// Records of consents of these consultations.
pub fn consents(work: &mut Work, expiring: &Expiring, forget: bool) -> Result<u64, Problem> {
    let mut found = 0;
    for consultation in &expiring.held {
        for part in ids(work, *consultation)?.chunks(1000) {
            let theirs =
                consent_records::table.filter(consent_records::registration_id.eq_any(part));
            found += theirs.count().get_result::<i64>(work.conn)?.unsigned_abs();
            if forget {
                let theirs =
                    consent_records::table.filter(consent_records::registration_id.eq_any(part));
                diesel::delete(theirs).execute(work.conn)?;
            }
        }
    }
    Ok(found)
}

/// Links that were mailed to guardians of these consultations.
pub fn guardian_links(work: &mut Work, expiring: &Expiring, forget: bool) -> Result<u64, Problem> {
    let mut found = 0;
    for consultation in &expiring.held {
        for part in ids(work, *consultation)?.chunks(1000) {
            let theirs =
                guardian_requests::table.filter(guardian_requests::registration_id.eq_any(part));
            found += theirs.count().get_result::<i64>(work.conn)?.unsigned_abs();
            if forget {
                let theirs = guardian_requests::table
                    .filter(guardian_requests::registration_id.eq_any(part));
                diesel::delete(theirs).execute(work.conn)?;
            }
        }
    }
    Ok(found)
}
