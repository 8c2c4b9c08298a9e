//! What registrations forget when a class of theirs has been kept long enough. What figures are counted by is severed first
//! (`severing`), so that no figure changes.

use diesel::prelude::*;

use super::severing::{self, SeveredQuestion};
use crate::db::keyset;
use crate::db::schema::{consent_records, guardian_requests, registration_drafts, registrations};
use crate::problem::Problem;
use crate::registrations::attended::has_come;
use crate::registrations::drafts::DraftId;
use crate::registrations::form::fields::RetentionClass;
use crate::registrations::{
    Answers, Consents, Guardian, Needs, Person, Registration, RegistrationId, RegistrationState,
    history,
};
use crate::registry::{Expiring, Found, Stretch};
use crate::work::Work;

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

/// How many registrations of these consultations hold something of the class; with `forget`, what they hold is gone then.
pub fn registrations(
    work: &mut Work,
    expiring: &Expiring,
    stretch: Stretch,
) -> Result<Found, Problem> {
    let (mut count, class) = (0, expiring.class);
    let ids = ids(work, expiring, stretch)?;
    for id in &ids {
        let Some(before) = crate::registrations::store::find(work.conn, *id)? else { continue };
        let after = without(&before, class);
        if after == before {
            continue;
        }
        count += 1;
        if !stretch.forget {
            continue;
        }
        if class == RetentionClass::Participation {
            history::forget_notes(work, *id)?;
        }
        if !severed_with(class).is_empty() {
            let came = has_come(work.conn, *id)?;
            if came || before.state == RegistrationState::Confirmed {
                for question in severed_with(class) {
                    severing::sever(work.conn, &before, *question, came)?;
                }
            }
        }
        crate::registrations::store::update(work.conn, &after, work.now)?;
    }
    Ok(found(stretch, count, &ids))
}

/// The registrations of these consultations in a stretch.
fn ids(
    work: &mut Work,
    expiring: &Expiring,
    stretch: Stretch,
) -> Result<Vec<RegistrationId>, Problem> {
    let theirs = registrations::table
        .filter(registrations::consultation_id.eq_any(&expiring.held))
        .select(registrations::id)
        .into_boxed();
    let after = stretch.after.map(RegistrationId::new);
    Ok(keyset::after(theirs, (registrations::id,), after, stretch.most).load(work.conn)?)
}

/// So many were found in a stretch of these registrations.
fn found(stretch: Stretch, count: usize, ids: &[RegistrationId]) -> Found {
    stretch.found(count, ids.len(), ids.last().map(|last| last.uuid()))
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
pub fn drafts(work: &mut Work, expiring: &Expiring, stretch: Stretch) -> Result<Found, Problem> {
    let theirs = registration_drafts::table
        .filter(registration_drafts::consultation_id.eq_any(&expiring.held))
        .select(registration_drafts::id)
        .into_boxed();
    let after = stretch.after.map(DraftId::new);
    let ids: Vec<DraftId> =
        keyset::after(theirs, (registration_drafts::id,), after, stretch.most).load(work.conn)?;
    if stretch.forget {
        let theirs = registration_drafts::table.filter(registration_drafts::id.eq_any(&ids));
        diesel::delete(theirs).execute(work.conn)?;
    }
    Ok(stretch.found(ids.len(), ids.len(), ids.last().map(|last| last.uuid())))
}

/// Records of consents of these consultations.
pub fn consents(work: &mut Work, expiring: &Expiring, stretch: Stretch) -> Result<Found, Problem> {
    let ids = ids(work, expiring, stretch)?;
    let mut count = 0;
    for part in ids.chunks(CHUNK) {
        let theirs = consent_records::table.filter(consent_records::registration_id.eq_any(part));
        count += if stretch.forget {
            diesel::delete(theirs).execute(work.conn)?
        } else {
            theirs.count().get_result::<i64>(work.conn)?.unsigned_abs() as usize
        };
    }
    Ok(found(stretch, count, &ids))
}

/// Links that were mailed to guardians of these consultations.
pub fn guardian_links(
    work: &mut Work,
    expiring: &Expiring,
    stretch: Stretch,
) -> Result<Found, Problem> {
    let ids = ids(work, expiring, stretch)?;
    let mut count = 0;
    for part in ids.chunks(CHUNK) {
        let theirs =
            guardian_requests::table.filter(guardian_requests::registration_id.eq_any(part));
        count += if stretch.forget {
            diesel::delete(theirs).execute(work.conn)?
        } else {
            theirs.count().get_result::<i64>(work.conn)?.unsigned_abs() as usize
        };
    }
    Ok(found(stretch, count, &ids))
}
