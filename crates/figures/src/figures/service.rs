//! Who may be told what about participation, and from what it is counted. Knows no HTTP.

use std::collections::BTreeSet;

use super::participation::Participation;
use super::statistics::{Statistics, is_settled};
use crate::access::Permission;
use crate::consultations::{self, Consultation, ConsultationId};
use crate::organizations::OrganizationId;
use crate::problem::Problem;
use crate::registrations::attended::{Came, came};
use crate::registrations::privacy::severing;
use crate::registrations::{self, Registration, listing};
use crate::work::Work;

/// Exact figures, for the compiler of reports and for totals: it does not ask who asks.
pub fn participation(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<Participation, Problem> {
    let (registrations, came) = people(work, consultation)?;
    let severed = severing::severed(work.conn, consultation)?;
    Ok(Participation::counted(registrations.iter(), came.as_ref(), &severed))
}

/// Every registration that can count, and who came when attendance was recorded.
fn people(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<(Vec<Registration>, Option<Came>), Problem> {
    let mut registrations = registrations::service::confirmed(work, consultation)?;
    let Some(came) = came(work.conn, consultation)? else { return Ok((registrations, None)) };
    let known: BTreeSet<_> = registrations.iter().map(|one| one.id).collect();
    for id in came.registrations.difference(&known) {
        registrations.extend(registrations::service::find(work, *id)?);
    }
    Ok((registrations, Some(came)))
}

/// What may be told to who asks: live figures to those who may read registrations; to others the rounded number until
/// nobody gets or loses a place any more, then figures in which their own organization's people cover nobody.
pub fn statistics(work: &mut Work, consultation: ConsultationId) -> Result<Statistics, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::ReadStatistics, &consultation.scope())?;
    let exact = participation(work, consultation.id)?;
    let smallest_cell = work.settings.privacy.smallest_cell;
    if work.may(Permission::ReadRegistrations, &consultation.scope()) {
        return Ok(exact.released(smallest_cell, &Participation::default()));
    }
    if !is_settled(consultation.phase) {
        return Ok(exact.rounded());
    }
    let known = own_people(work, &consultation)?;
    Ok(exact.released(smallest_cell, &known))
}

/// The people of the organizations that the caller acts for or comes for: they are listed to the caller, or known anyway.
fn own_people(work: &mut Work, consultation: &Consultation) -> Result<Participation, Problem> {
    let account = work.caller.signed_in()?;
    let mut own: BTreeSet<OrganizationId> =
        listing::own_organizations(work, consultation, account)?.into_iter().collect();
    let theirs = registrations::service::all_of_person(work, account)?;
    own.extend(theirs.into_iter().filter_map(|registration| registration.organization_id));
    let (registrations, came) = people(work, consultation.id)?;
    let own = registrations
        .iter()
        .filter(|one| one.organization_id.is_some_and(|organization| own.contains(&organization)));
    let came = came.map(|came| Came { unregistered: 0, ..came });
    Ok(Participation::counted(own, came.as_ref(), &[]))
}

/// What everybody may be told, and a report says: nothing but the rounded number until nobody gets or loses a place any more.
pub fn told_to_everybody(
    work: &mut Work,
    consultation: &Consultation,
    exact: &Participation,
) -> Statistics {
    if is_settled(consultation.phase) {
        exact.released(work.settings.privacy.smallest_cell, &Participation::default())
    } else {
        exact.rounded()
    }
}
