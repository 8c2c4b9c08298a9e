//! Who may read, draft, clear and publish a report, and what is said to who may not. Must never learn who said what.

use super::clearance::asking;
use super::publishing::may_publish;
use super::reach::Reach;
use super::steps;
use crate::access::{Permission, Scope};
use crate::consultations::{self, Activity, Consultation, ConsultationId};
use crate::db;
use crate::problem::{Code, Problem};
use crate::work::Work;

use crate::reports::{Report, ReportId, ReportState, Section, store};

/// A report with where roles for it hold.
pub(super) struct Place {
    pub report: Report,
    pub consultation: Option<Consultation>,
    pub scope: Scope,
}

pub(super) fn locate(work: &mut Work, id: ReportId) -> Result<Place, Problem> {
    let report = store::report(work.conn, id)?;
    let consultation = match report.consultation_id {
        Some(id) => Some(consultations::service::load(work, id)?),
        None => None,
    };
    let scope = scope_of(&report, consultation.as_ref());
    Ok(Place { report, consultation, scope })
}

/// The report for one who may read its draft; 404 for one who may not know of it.
pub(super) fn locate_draft(work: &mut Work, id: ReportId) -> Result<Place, Problem> {
    let place = locate(work, id)?;
    if work.may(Permission::ReadDrafts, &place.scope) {
        return Ok(place);
    }
    if !is_public(work, id)? {
        return Err(Problem::not_found("report"));
    }
    work.require(Permission::ReadDrafts, &place.scope)?;
    Ok(place)
}

pub(super) fn is_public(work: &mut Work, id: ReportId) -> Result<bool, Problem> {
    Ok(store::editions::count_editions(work.conn, id)? > 0)
}

/// Whether the caller may draft anything in the report; before what they sent is looked at.
pub(super) fn require_drafter(work: &mut Work, id: ReportId) -> Result<(), Problem> {
    let place = locate_draft(work, id)?;
    if work.may(Permission::DraftReports, &place.scope) {
        Ok(())
    } else {
        work.require(Permission::DraftOwnSections, &place.scope)
    }
}

/// The report, locked, for one who may draft `section` of it, or any section of it when `None`; 409 unless it can be drafted.
pub(super) fn locate_to_draft(
    work: &mut Work,
    id: ReportId,
    section: Option<&Section>,
) -> Result<Place, Problem> {
    db::lock(work.conn, id.uuid())?;
    let place = locate_draft(work, id)?;
    require_draftable(work, &place, section)?;
    Ok(place)
}

pub(super) fn require_draftable(
    work: &mut Work,
    place: &Place,
    section: Option<&Section>,
) -> Result<(), Problem> {
    require_drafting_right(work, place, section)?;
    require_open(work, place)
}

/// 409 unless the report can be drafted now, by whoever may.
pub(super) fn require_open(work: &mut Work, place: &Place) -> Result<(), Problem> {
    let Place { report, consultation, .. } = place;
    if report.state != ReportState::Drafting {
        let detail = format!("The report is in {}; it is changed in drafting only.", report.state);
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    // A corrigendum is drafted after the consultation has ended.
    match consultation {
        Some(consultation) if !is_public(work, report.id)? => consultation.require(Activity::Draft),
        _ => Ok(()),
    }
}

/// 409 once an edition is published, until the report is reopened.
pub(super) fn require_unpublished(place: &Place) -> Result<(), Problem> {
    match place.report.state {
        ReportState::Published => Err(Problem::new(
            Code::InvalidTransition,
            "The report is published; reopen it for drafting first.",
        )),
        ReportState::Drafting | ReportState::Clearance => Ok(()),
    }
}

/// Whoever drafts the report, or the section of their own working group.
pub(super) fn require_drafting_right(
    work: &mut Work,
    place: &Place,
    section: Option<&Section>,
) -> Result<(), Problem> {
    let reaches = match section {
        Some(section) => Reach::of(work, place)?.has(section),
        None => false,
    };
    if reaches { Ok(()) } else { work.require(Permission::DraftReports, &place.scope) }
}

/// What the caller may do with a report as it stands, whatever the checks and clearance hold against a step ([`steps::allowed_actions`]).
pub fn permitted_actions(work: &mut Work, report: &Report) -> Result<Vec<&'static str>, Problem> {
    let all = permitted_actions_of(work, std::slice::from_ref(report))?.pop();
    all.ok_or_else(|| Problem::internal("one report is one"))
}

/// As [`permitted_actions`], with each of several reports.
pub fn permitted_actions_of(
    work: &mut Work,
    reports: &[Report],
) -> Result<Vec<Vec<&'static str>>, Problem> {
    let ids: Vec<ReportId> = reports.iter().map(|report| report.id).collect();
    let held: Vec<ConsultationId> =
        reports.iter().filter_map(|report| report.consultation_id).collect();
    let held = consultations::service::load_many(work, &held)?;
    let editions = store::editions::counts_of_editions(work.conn, &ids)?;
    let asked = asking::store::open_in(work.conn, &ids)?;
    let actions = |report: &Report| {
        let consultation = report.consultation_id.and_then(|id| held.get(&id));
        let edition = editions.get(&report.id).map_or(1, |count| count + 1);
        let is_asked = asked.get(&report.id).is_some_and(|round| i64::from(*round) == edition);
        permitted(work, report, consultation, edition > 1, is_asked)
    };
    Ok(reports.iter().map(actions).collect())
}

/// Where roles for a report hold.
fn scope_of(report: &Report, consultation: Option<&Consultation>) -> Scope {
    consultation.map_or_else(|| Scope::review(report.review_id.uuid()), Consultation::scope)
}

/// With a report that has editions or none (`public`), and about whose next one people are asked or not.
fn permitted(
    work: &Work,
    report: &Report,
    consultation: Option<&Consultation>,
    public: bool,
    is_asked: bool,
) -> Vec<&'static str> {
    let scope = scope_of(report, consultation);
    let may = |permission| work.may(permission, &scope);
    let (read, draft, own) = (
        may(Permission::ReadDrafts),
        may(Permission::DraftReports),
        may(Permission::DraftOwnSections),
    );
    let (clear, publish) = (may(Permission::ClearReports), may(Permission::PublishReports));
    let may_reopen = match report.state {
        ReportState::Drafting => false,
        ReportState::Clearance => clear,
        ReportState::Published => publish,
    };
    let drafting = report.state == ReportState::Drafting;
    let phase = consultation.map(|consultation| consultation.phase);
    let may_ask = clear && report.state == ReportState::Clearance && !is_asked;
    let open =
        drafting && (public || consultation.is_none_or(|one| one.require(Activity::Draft).is_ok()));
    let table = [
        ("read_draft", read),
        ("update", draft && open),
        ("draft", (draft || own) && open),
        ("clear", clear && drafting && steps::has_come(phase)),
        ("reopen", may_reopen),
        ("open_clearance_round", may_ask),
        ("publish", publish && may_publish(report.state, phase)),
        ("read_editions", public),
    ];
    table.into_iter().filter(|(_, may)| *may).map(|(action, _)| action).collect()
}
