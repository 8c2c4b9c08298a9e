//! Releasing figures, and reading what was released. Exact counts leave this file in a release alone. Knows no HTTP.

use std::collections::{BTreeMap, BTreeSet};

use super::participation::Seat;
use super::{FigureRelease, Participation, ReleaseOccasion, Told, store, telling};
use crate::access::Permission;
use crate::consultations::{self, CoOrganizer, Consultation, ConsultationId, Phase};
use crate::groups;
use crate::offers;
use crate::organizations::OrganizationId;
use crate::problem::{Code, Problem};
use crate::registrations::attended::{Came, came};
use crate::registrations::privacy::severing;
use crate::registrations::{self, Registration};
use crate::work::Work;

/// The releases of a consultation, in order: the same for everybody who may know of it.
pub fn releases(work: &mut Work, id: ConsultationId) -> Result<Vec<FigureRelease>, Problem> {
    let consultation = consultations::service::see(work, id)?;
    store::all(work.conn, consultation.id)
}

/// What the newest release tells; none when nothing was released yet. For other services: it does not ask who asks.
pub fn told(work: &mut Work, id: ConsultationId) -> Result<Option<Told>, Problem> {
    Ok(store::all(work.conn, id)?.pop().map(|release| release.told))
}

/// The occasions on which the caller may release figures now.
pub fn open_occasions(
    work: &Work,
    consultation: &Consultation,
    releases: &[FigureRelease],
) -> Vec<ReleaseOccasion> {
    let last = releases.last().map(|release| release.occasion);
    let is_open = |occasion: &ReleaseOccasion| {
        occasion.phases().contains(&consultation.phase) && last.is_none_or(|last| last < *occasion)
    };
    let may = work.may(Permission::SetUp, &consultation.scope());
    ReleaseOccasion::ALL.iter().copied().filter(|occasion| may && is_open(occasion)).collect()
}

/// Counts, and freezes what may be told beside what was told before. 409 when the consultation is in no phase of this occasion, when
/// it was released already, and after a later one.
pub fn release(
    work: &mut Work,
    id: ConsultationId,
    occasion: ReleaseOccasion,
) -> Result<FigureRelease, Problem> {
    work.lock(id.uuid())?;
    let consultation = consultations::service::see(work, id)?;
    work.require(Permission::SetUp, &consultation.scope())?;
    require_phase(&consultation, occasion)?;
    let earlier = store::all(work.conn, id)?;
    require_order(&earlier, occasion)?;
    let (exact, known) = count(work, id, occasion)?;
    let before: Vec<&Told> = earlier.iter().map(|release| &release.told).collect();
    let told = telling::tell(&exact, &known, occasion, &before);
    let release =
        FigureRelease { id: work.id(), consultation_id: id, occasion, told, created_at: work.now };
    store::insert(work.conn, &release)?;
    let details = serde_json::json!({ "occasion": occasion });
    work.audit_with("figures.released", "consultation", id, details);
    Ok(release)
}

fn require_phase(consultation: &Consultation, occasion: ReleaseOccasion) -> Result<(), Problem> {
    if occasion.phases().contains(&consultation.phase) {
        return Ok(());
    }
    let phases: Vec<&str> = occasion.phases().iter().copied().map(Phase::as_str).collect();
    let detail = format!(
        "The phases that allow figures to be released on the occasion {occasion} are {}; the consultation is in {}.",
        phases.join(", "),
        consultation.phase
    );
    Err(Problem::new(Code::NotInThisPhase, detail))
}

fn require_order(earlier: &[FigureRelease], occasion: ReleaseOccasion) -> Result<(), Problem> {
    match earlier.last() {
        Some(last) if last.occasion > occasion => {
            let detail = format!(
                "Figures were released on a later occasion ({}) already; none are released between.",
                last.occasion
            );
            Err(Problem::new(Code::InvalidTransition, detail))
        }
        _ => Ok(()),
    }
}

/// Exact figures as a release would count them on this occasion. For tests of what keeps figures as they are (erasure,
/// retention); what is told of them is a release.
pub fn participation(
    work: &mut Work,
    id: ConsultationId,
    occasion: ReleaseOccasion,
) -> Result<Participation, Problem> {
    count(work, id, occasion).map(|(exact, _)| exact)
}

/// Exact figures, and those of the people whom each co-organizer sees by name.
fn count(
    work: &mut Work,
    id: ConsultationId,
    occasion: ReleaseOccasion,
) -> Result<(Participation, Vec<Participation>), Problem> {
    let attended = if occasion.counts_attendance() { came(work.conn, id)? } else { None };
    let people = people(work, id, attended.as_ref())?;
    let severed = severing::severed(work.conn, id)?;
    let seats: Vec<Seat> = groups::service::assignments(work, id)?
        .into_iter()
        .map(|seat| (seat.registration_id, seat.round_id, seat.working_group_id))
        .collect();
    let exact = Participation::counted(&people, attended.as_ref(), &severed, &seats);
    let seen = attended.map(|came| Came { unregistered: 0, ..came });
    let known = co_organizing(work, id)?.into_iter().map(|organizations| {
        let own = people.iter().filter(|one| {
            one.organization_id.is_some_and(|organization| organizations.contains(&organization))
        });
        Participation::counted(own, seen.as_ref(), &[], &seats)
    });
    Ok((exact, known.collect()))
}

/// Every registration that can count.
fn people(
    work: &mut Work,
    id: ConsultationId,
    came: Option<&Came>,
) -> Result<Vec<Registration>, Problem> {
    let mut registrations = registrations::service::confirmed(work, id)?;
    let Some(came) = came else { return Ok(registrations) };
    let known: BTreeSet<_> = registrations.iter().map(|one| one.id).collect();
    for id in came.registrations.difference(&known) {
        registrations.extend(registrations::service::find(work, *id)?);
    }
    Ok(registrations)
}

/// The organizations whose people somebody sees by name as a co-organizer: each co-organizing one, and those together for which
/// one person acts.
fn co_organizing(
    work: &mut Work,
    id: ConsultationId,
) -> Result<BTreeSet<BTreeSet<OrganizationId>>, Problem> {
    let parts = consultations::programme::service::all::<CoOrganizer>(work, id)?;
    let all: BTreeSet<OrganizationId> = parts.iter().map(|part| part.organization_id).collect();
    let mut together: BTreeMap<_, BTreeSet<OrganizationId>> = BTreeMap::new();
    for (person, organization) in offers::service::accepted(work, id)? {
        if all.contains(&organization) {
            together.entry(person).or_default().insert(organization);
        }
    }
    let each = all.into_iter().map(|organization| BTreeSet::from([organization]));
    Ok(each.chain(together.into_values()).collect())
}
