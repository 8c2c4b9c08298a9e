//! Taking steps and considering them: who may, under the consultation's locked, told to every feature in the same transaction.

use super::{Next, PhaseChanged, StepConsidered, Steps, Taken, Wanted, store};
use crate::access::Permission;
use crate::consultations::service::{locked, save, see};
use crate::consultations::{Consultation, ConsultationId, Phase, WorkingGroup, programme};
use crate::jobs::{self, JobKind};
use crate::problem::{Problem, require_version};
use crate::vocabulary::ThingId;
use crate::work::Work;

/// Moves a consultation to another phase, for who sets it up.
///
/// # Errors
/// 409 `invalid_transition` naming the phases it would be allowed from; 409 `step_blocked` with what stands in the way and is not waived;
/// 422 where a reason is needed; 412 when `version` is not the current one.
pub fn take(
    work: &mut Work,
    id: ConsultationId,
    version: i64,
    to: Phase,
    wanted: &Wanted,
) -> Result<Consultation, Problem> {
    locked(work, id)?;
    let consultation = see(work, id)?;
    work.require(Permission::SetUp, &consultation.scope())?;
    require_version(consultation.version, version)?;
    follow(work, consultation, to, wanted)
}

/// As [`take`], as a part of another step whose permission was asked: a report goes to clearance, and its consultation with it.
pub fn follow(
    work: &mut Work,
    consultation: Consultation,
    to: Phase,
    wanted: &Wanted,
) -> Result<Consultation, Problem> {
    consultation.advance(to)?;
    let from = consultation.phase;
    let blocking = blocking(work, &consultation, to)?;
    wanted.require_free(&blocking)?;
    wanted.check(needs_reason(from, to) || !blocking.is_empty())?;
    let despite = blocking.into_iter().map(|one| one.code).collect();
    go(work, consultation, to, wanted.reason.clone(), despite)
}

/// The first edition of its report was published: that is the step.
pub fn published(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    locked(work, id)?;
    let consultation = see(work, id)?;
    consultation.advance(Phase::Published)?;
    go(work, consultation, Phase::Published, None, Vec::new())
}

fn go(
    work: &mut Work,
    mut consultation: Consultation,
    to: Phase,
    reason: Option<String>,
    despite: Vec<super::BlockerCode>,
) -> Result<Consultation, Problem> {
    let (id, from) = (consultation.id, consultation.phase);
    consultation.phase = to;
    save(work, &mut consultation)?;
    let details = serde_json::json!({ "from": from, "to": to, "despite": despite });
    work.audit_with("consultation.phase_changed", "consultation", id, details);
    note(work, id.uuid(), Taken { from, to, reason: reason.clone(), despite, at: work.now })?;
    work.tell(&PhaseChanged { consultation: id, from, to, reason })?;
    Ok(consultation)
}

/// Keeps a step that something took, with its reason, and that the caller took it.
pub fn note<S: std::fmt::Display>(
    work: &mut Work,
    subject: uuid::Uuid,
    taken: Taken<S>,
) -> Result<(), Problem> {
    let (id, actor) = (work.id(), work.caller.id());
    store::insert(work.conn, id, ThingId::new(subject), actor, taken)
}

/// The steps that something took, the latest first.
pub fn taken<S: std::str::FromStr<Err = String>>(
    work: &mut Work,
    subject: uuid::Uuid,
) -> Result<Vec<Taken<S>>, Problem> {
    store::of(work.conn, ThingId::new(subject))
}

fn needs_reason(from: Phase, to: Phase) -> bool {
    from.is_back(to) || to == Phase::Cancelled
}

/// What stands in the way of a step: what the consultation tells itself, and what every feature knows.
fn blocking(
    work: &mut Work,
    consultation: &Consultation,
    to: Phase,
) -> Result<Vec<super::Blocker>, Problem> {
    let considered = StepConsidered::new(consultation.clone(), to);
    if considered.from() == Phase::Planning && to == Phase::OpenCall {
        let groups = programme::service::all::<WorkingGroup>(work, consultation.id)?;
        if groups.is_empty() {
            let what = "It has no working groups: nobody can say which they would like.";
            considered.block(super::BlockerCode::NoGroups, what, None, Permission::EditProgramme);
        }
    }
    let imports = jobs::service::under_way(work)?;
    if let Some(import) = imports.iter().find(|one| one.consultation == consultation.id) {
        let (what, who_can) = match import.kind {
            JobKind::ImportInputs => ("inputs", Permission::RecordInputs),
            _ => ("registrations", Permission::DecideRegistrations),
        };
        let what = format!("A table of {what} is being brought in: in a moment it is there.");
        considered.block(super::BlockerCode::ImportUnderWay, what, None, who_can);
    }
    work.tell(&considered)?;
    Ok(considered.into_blocking())
}

/// The steps that were taken, the latest first, and those that can be taken now with what stands in their way; for who reads plans.
pub fn steps(work: &mut Work, id: ConsultationId) -> Result<Steps<Phase>, Problem> {
    let consultation = see(work, id)?;
    work.require(Permission::ReadPlans, &consultation.scope())?;
    let taken = taken(work, id.uuid())?;
    let mut next = Vec::new();
    for to in consultation.phase.next() {
        let needs_reason = needs_reason(consultation.phase, *to);
        next.push(Next { to: *to, needs_reason, blocking: blocking(work, &consultation, *to)? });
    }
    Ok((taken, next))
}
