//! How a report goes from state to state, and its consultation with it: a summary report and its consultation are cleared together, and
//! publishing the first edition is the consultation's step to `published`. Every edition passes clearance, corrigenda too.

use chrono::NaiveTime;

use super::checks::Judged;
use super::checks::coverage::Cover;
use super::clearance::portions::Whole;
use super::drafting::save;
use super::history::DraftStepKind;
use super::rights::{self, Place, locate_draft};
use super::{
    Amendment, Coverage, Report, ReportId, ReportState, checks, clearance, publishing, store,
};
use crate::access::Permission;
use crate::consultations::lifecycle::service as lifecycle;
use crate::consultations::lifecycle::{
    Blocker, BlockerCode, Next, PhaseChanged, Steps, Taken, Wanted,
};
use crate::consultations::{ConsultationId, Phase};
use crate::db::types::Timestamp;
use crate::inputs::wishes;
use crate::problem::{Problem, require_version};
use crate::work::Work;

/// Keeps a report, and the consultation that it is of, from others until the transaction ends; always in this order.
pub(super) fn lock(work: &mut Work, id: ReportId) -> Result<(), Problem> {
    let consultation = store::report(work.conn, id)?.consultation_id;
    if let Some(consultation) = consultation {
        work.lock(consultation.uuid())?;
    }
    work.lock(id.uuid())
}

/// Moves the report between drafting and clearance, its consultation with it, or reopens a published one for a corrigendum.
///
/// # Errors
/// 409 `step_blocked` where its consultation has not come so far; 422 where a step back gives no reason.
pub fn take(
    work: &mut Work,
    id: ReportId,
    version: i64,
    to: ReportState,
    amendment: Option<Amendment>,
    wanted: &Wanted,
) -> Result<Report, Problem> {
    lock(work, id)?;
    let place = locate_draft(work, id)?;
    let from = place.report.state;
    work.require(permission(from), &place.scope)?;
    require_version(place.report.version, version)?;
    from.advance(to)?;
    let judged = judged(work, &place, &[to])?;
    wanted.require_free(&blocking(work, &place, to, &judged)?)?;
    wanted.check(from.is_back(to))?;
    let reopens = from == ReportState::Published;
    if amendment.is_some() && !reopens {
        let detail = "only a published report is reopened for a corrigendum or a revision";
        return Err(Problem::invalid("/amendment", detail));
    }
    match along(&place, to) {
        // The report follows its consultation (`go_along`).
        Some(phase) => {
            let consultation =
                place.consultation.ok_or_else(|| Problem::internal("it goes along"))?;
            lifecycle::follow(work, consultation, phase, wanted)?;
            store::report(work.conn, id)
        }
        None => {
            let next = reopens.then(|| amendment.unwrap_or(Amendment::Corrigendum));
            let report = Report { amendment: next.or(place.report.amendment), ..place.report };
            go(work, report, to, wanted.reason.clone())
        }
    }
}

/// Who takes a report out of a state.
fn permission(from: ReportState) -> Permission {
    match from {
        ReportState::Published => Permission::PublishReports,
        ReportState::Drafting | ReportState::Clearance => Permission::ClearReports,
    }
}

/// The phase that the consultation goes to when its report goes to a state.
fn along(place: &Place, to: ReportState) -> Option<Phase> {
    let phase = place.consultation.as_ref()?.phase;
    match (phase, to) {
        (Phase::Synthesis, ReportState::Clearance) => Some(Phase::Clearance),
        (Phase::Clearance, ReportState::Drafting) => Some(Phase::Synthesis),
        _ => None,
    }
}

/// Takes a report to a state, whoever may.
pub(super) fn go(
    work: &mut Work,
    report: Report,
    to: ReportState,
    reason: Option<String>,
) -> Result<Report, Problem> {
    let taken = Taken { from: report.state, to, reason, despite: Vec::new(), at: work.now };
    lifecycle::note(work, report.id.uuid(), taken)?;
    let kind = match to {
        ReportState::Published => DraftStepKind::Published,
        ReportState::Drafting | ReportState::Clearance => DraftStepKind::StateChanged,
    };
    save(work, Report { state: to, ..report }, kind)
}

/// The report of a consultation that went to clearance, or back, goes with it.
pub(super) fn go_along(
    work: &mut Work,
    step: &PhaseChanged,
    to: ReportState,
) -> Result<(), Problem> {
    let Some(report) = store::summary_of(work.conn, step.consultation)? else { return Ok(()) };
    work.lock(report.id.uuid())?;
    let report = store::report(work.conn, report.id)?;
    if report.state != to {
        go(work, report, to, step.reason.clone())?;
    }
    Ok(())
}

/// Whether a consultation has come so far that its report can be cleared; a paper has none.
pub(super) const fn has_come(phase: Option<Phase>) -> bool {
    matches!(phase, None | Some(Phase::Synthesis | Phase::Clearance | Phase::Published))
}

/// What stands in the way of a report's step: the one list that is shown beforehand and by which the step is refused.
/// `judged` is what the checks find.
pub(super) fn blocking(
    work: &mut Work,
    place: &Place,
    to: ReportState,
    judged: &[Judged],
) -> Result<Vec<Blocker>, Problem> {
    match to {
        ReportState::Drafting => Ok(Vec::new()),
        ReportState::Clearance => Ok(before_clearance(place, judged)),
        ReportState::Published => {
            let (covers, material) = super::gather::coverage(work, &place.report)?;
            let covered = checks::coverage::check(&covers, &material);
            let whole = clearance::portions::service::whole(work, &place.report)?;
            before_publishing(work, place, &covered, judged, (&whole, &covers))
        }
    }
}

/// What the checks find in a report, where one of these steps asks for it.
pub(super) fn judged(
    work: &mut Work,
    place: &Place,
    to: &[ReportState],
) -> Result<Vec<Judged>, Problem> {
    if are_checked(to) { checks::service::judge(work, &place.report) } else { Ok(Vec::new()) }
}

/// Whether one of these steps asks for what the checks find.
pub(super) fn are_checked(to: &[ReportState]) -> bool {
    to.iter().any(|to| *to != ReportState::Drafting)
}

fn before_clearance(place: &Place, judged: &[Judged]) -> Vec<Blocker> {
    let mut found = Vec::new();
    let phase = place.consultation.as_ref().map(|one| one.phase);
    if !has_come(phase) {
        let phase = phase.map(|phase| phase.to_string()).unwrap_or_default();
        let what =
            format!("Its consultation is in {phase}; the report is cleared after synthesis.");
        found.push(Blocker::now(BlockerCode::NotYet, what, Permission::SetUp));
    }
    found.extend(checks::blocker(judged));
    found
}

/// What stands in the way of publishing a text: of what it covers, what the checks find in it, and what others say.
pub(super) fn before_publishing(
    work: &mut Work,
    place: &Place,
    covered: &Coverage,
    judged: &[Judged],
    text: (&Whole, &[Cover]),
) -> Result<Vec<Blocker>, Problem> {
    let mut found = Vec::new();
    if let Err(problem) = covered.require_complete() {
        let what = problem.detail().to_owned();
        found.push(Blocker::now(BlockerCode::CoverageIncomplete, what, Permission::DraftReports));
    }
    found.extend(checks::blocker(judged));
    found.extend(of_others(work, place, text)?);
    Ok(found)
}

/// What stands in the way of publishing a text that does not lie in the text: who has not agreed, and what is to be taken back.
pub(super) fn of_others(
    work: &mut Work,
    place: &Place,
    (whole, covers): (&Whole, &[Cover]),
) -> Result<Vec<Blocker>, Problem> {
    let mut found = clearance::service::blocking(work, &place.report, whole)?;
    let Some(consultation) = &place.consultation else { return Ok(found) };
    if let Err(problem) = publishing::require_sound(work, consultation) {
        let what = problem.detail().to_owned();
        found.push(Blocker::now(BlockerCode::VoicesUnsound, what, Permission::PublishReports));
    }
    found.extend(open_wishes(work, consultation.id, covers)?);
    Ok(found)
}

/// What a draft rests on though whoever said it wants to take it back, and nobody answered: neither did an edition.
pub(super) fn open_wishes(
    work: &mut Work,
    consultation: ConsultationId,
    covers: &[Cover],
) -> Result<Vec<Blocker>, Problem> {
    let mut found = Vec::new();
    for (wish, forms) in wishes::service::open(work, consultation)? {
        if covers.iter().any(|cover| cover.inputs.iter().any(|input| forms.contains(input))) {
            found.push(Blocker {
                code: BlockerCode::WishOpen,
                what: format!(
                    "Whoever said {} wants to take it back: rest nothing on it, or keep it for a reason.",
                    wish.input_id
                ),
                since: Some(Timestamp::new(wish.wished_on.and_time(NaiveTime::MIN).and_utc())),
                who_can: Permission::PublishReports,
            });
        }
    }
    Ok(found)
}

/// What the caller may do with a report: a step is among it where nothing stands in its way.
pub fn allowed_actions(work: &mut Work, report: &Report) -> Result<Vec<&'static str>, Problem> {
    let mut actions = rights::permitted_actions(work, report)?;
    for (step, to) in [("clear", ReportState::Clearance), ("publish", ReportState::Published)] {
        if actions.contains(&step) {
            let place = locate_draft(work, report.id)?;
            // The checks last, for they take longest.
            let free = blocking(work, &place, to, &[])?.is_empty()
                && checks::blocker(&checks::service::judge(work, report)?).is_none();
            if !free {
                actions.retain(|action| *action != step);
            }
        }
    }
    Ok(actions)
}

/// The steps that a report took, the latest first, and those that it can take, with what stands in their way; for whoever reads drafts.
pub fn steps(work: &mut Work, id: ReportId) -> Result<Steps<ReportState>, Problem> {
    let place = locate_draft(work, id)?;
    let judged = judged(work, &place, place.report.state.next())?;
    told(work, &place, &judged)
}

/// As [`steps`], for who has what the checks find in the report already.
pub fn steps_given(
    work: &mut Work,
    id: ReportId,
    judged: &[Judged],
) -> Result<Steps<ReportState>, Problem> {
    let place = locate_draft(work, id)?;
    told(work, &place, judged)
}

fn told(work: &mut Work, place: &Place, judged: &[Judged]) -> Result<Steps<ReportState>, Problem> {
    let from = place.report.state;
    let mut next = Vec::new();
    for to in from.next() {
        let blocking = blocking(work, place, *to, judged)?;
        next.push(Next { to: *to, needs_reason: from.is_back(*to), blocking });
    }
    Ok((lifecycle::taken(work, place.report.id.uuid())?, next))
}
