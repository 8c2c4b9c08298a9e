//! Coverage, clearance and publishing: an edition is recorded as it was compiled and never changes.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::access::Permission;
use crate::consultations::lifecycle::service as lifecycle;
use crate::consultations::{Consultation, Phase};
use crate::inputs::{reading, wishes};
use crate::problem::{Code, Problem, require_version};
use crate::proposals::service::{self as proposals, New, Put};
use crate::proposals::{Act, Carried};
use crate::registry::Event;
use crate::work::Work;

use crate::reports::checks::coverage;
use crate::reports::foreseeing::{self, Compiled};
use crate::reports::{
    Coverage, Edition, Report, ReportId, ReportState, clearance, gather, mails, steps, store,
};

use super::rights::*;

/// What is covered of the draft and what is not.
pub fn coverage(work: &mut Work, id: ReportId) -> Result<Coverage, Problem> {
    let place = locate_draft(work, id)?;
    let (covers, material) = gather::coverage(work, &place.report)?;
    Ok(coverage::check(&covers, &material))
}

/// An edition was published.
#[derive(Debug, Clone)]
pub struct EditionPublished {
    /// The report, as it was published.
    pub report: Report,
    /// The edition.
    pub edition: Edition,
}

impl Event for EditionPublished {
    const NAME: &'static str = "edition_published";
}

/// Whether an edition can be published: from clearance alone, where its consultation has come so far.
pub(super) fn may_publish(state: ReportState, phase: Option<Phase>) -> bool {
    let come = matches!(phase, None | Some(Phase::Clearance | Phase::Published));
    state == ReportState::Clearance && come
}

/// What is frozen of a publication that is proposed.
#[derive(Debug, Serialize, Deserialize)]
struct Publication {
    report_id: ReportId,
    version: i64,
    symbol: Option<String>,
}

/// Proposes to publish an edition: what is confirmed is the report in this version, with these contents. `version` is the report's
/// current one: every change to the report or anything in it counts, so that nobody publishes what they have not seen.
///
/// From clearance alone, the first edition and every other. 409 `coverage_incomplete` when something is not covered; 409 `step_blocked`
/// when whoever is asked has not agreed, somebody objects, or a comment is not answered.
pub fn propose(
    work: &mut Work,
    id: ReportId,
    version: i64,
    symbol: Option<String>,
) -> Result<Put, Problem> {
    let review = locate_draft(work, id)?.report.review_id;
    proposals::hold(work, Some(review))?;
    let ready = ready(work, id, version, symbol.clone())?;
    proposals::put(
        work,
        New {
            act: Act::PublishReport,
            subject: id.to_string(),
            review: Some(review),
            about: None,
            what: json!(Publication { report_id: id, version, symbol }),
            sha256: Some(ready.compiled.sha256.clone()),
            at_once: true,
        },
    )
}

/// Publishes an edition as it was proposed: freezes the document's bytes and what a paper takes over from it. 409
/// `proposal_overtaken` when the document has other contents now.
pub(super) fn publish(work: &mut Work, carried: &Carried) -> Result<Edition, Problem> {
    let Publication { report_id: id, version, symbol } = proposals::frozen(carried)?;
    steps::lock(work, id)?;
    let Ready { consultation, compiled } = ready(work, id, version, symbol)?;
    if carried.sha256 != Some(compiled.sha256.as_str()) {
        let detail = "The document has other contents than the one that was proposed. Nothing was published.";
        return Err(Problem::new(Code::ProposalOvertaken, detail));
    }
    let (report, mut record) = (compiled.report.clone(), compiled.record.clone());
    let acted_alone = carried.confirmed_by.is_none();
    record.approval = clearance::service::approval(work, id, &compiled.whole, acted_alone)?;
    let number = clearance::asking::service::next_edition(work, id)?;
    let edition = Edition {
        id: work.id(),
        report_id: id,
        number,
        amendment: report.amendment.filter(|_| number > 1),
        symbol: compiled.printed.clone(),
        sha256: compiled.sha256.clone(),
        document: compiled.document.clone(),
        record,
        published_at: work.now,
    };
    store::editions::insert_edition(work.conn, &edition)?;
    clearance::asking::service::close_with_edition(work, id, edition.number)?;
    store::editions::insert_provenance(work.conn, edition.id, &compiled.provenance)?;
    store::editions::insert_sources(work.conn, edition.id, &compiled.resting)?;
    if let Some(consultation) = &consultation {
        wishes::service::edition_published(work, consultation.id)?;
        mails::published(work, consultation)?;
    }
    let report = Report { amendment: None, ..report };
    let report = steps::go(work, report, ReportState::Published, None)?;
    work.tell(&EditionPublished { report, edition: edition.clone() })?;
    // The first edition is the consultation's step.
    if let Some(consultation) = consultation.filter(|one| one.phase == Phase::Clearance) {
        lifecycle::published(work, consultation.id)?;
    }
    Ok(edition)
}

/// A report that can be published, as it would be.
struct Ready {
    consultation: Option<Consultation>,
    compiled: Arc<Compiled>,
}

fn ready(
    work: &mut Work,
    id: ReportId,
    version: i64,
    symbol: Option<String>,
) -> Result<Ready, Problem> {
    let place = publishable(work, id, version)?;
    // Inputs are decided and withdrawn under this lock: what is covered stays covered. Agreements are given under that of the report.
    if let Some(consultation) = &place.consultation {
        work.lock(consultation.id.uuid())?;
    }
    work.lock(id.uuid())?;
    let compiled = match foreseeing::kept(work, &place, symbol.as_ref())? {
        Some(compiled) => compiled,
        None => Arc::new(foreseeing::compile(work, &place, symbol)?),
    };
    Ok(Ready { consultation: place.consultation, compiled })
}

/// Computes what [`propose`] and whoever confirms it will need, outside of their writes; both hold it against what is there then.
pub fn foresee(
    work: &mut Work,
    id: ReportId,
    version: i64,
    symbol: Option<String>,
) -> Result<(), Problem> {
    let place = publishable(work, id, version)?;
    if foreseeing::kept(work, &place, symbol.as_ref())?.is_some() {
        return Ok(());
    }
    let compiled = foreseeing::compile(work, &place, symbol.clone())?;
    foreseeing::keep(work, &place, symbol, compiled)
}

/// As [`foresee`], for what was proposed.
pub(super) fn foresee_proposed(work: &mut Work, what: &Value) -> Result<(), Problem> {
    let Publication { report_id, version, symbol } =
        serde_json::from_value(what.clone()).map_err(Problem::internal)?;
    foresee(work, report_id, version, symbol)
}

/// The report in this version, for whoever may publish it from where it stands.
fn publishable(work: &mut Work, id: ReportId, version: i64) -> Result<Place, Problem> {
    let place = locate_draft(work, id)?;
    work.require(Permission::PublishReports, &place.scope)?;
    require_version(place.report.version, version)?;
    require_publishable(&place.report, place.consultation.as_ref())?;
    Ok(place)
}

/// 409 when more voices speak by receipt than receipts were given.
pub(super) fn require_sound(work: &mut Work, consultation: &Consultation) -> Result<(), Problem> {
    if reading::is_sound(work, consultation.id)? {
        return Ok(());
    }
    let detail = "More voices speak in this consultation than receipts were given: somebody made receipts who has its keys, or took \
                  away the counts of those that were given. Nothing was published.";
    Err(Problem::new(Code::VoicesUnsound, detail))
}

fn require_publishable(
    report: &Report,
    consultation: Option<&Consultation>,
) -> Result<(), Problem> {
    if may_publish(report.state, consultation.map(|consultation| consultation.phase)) {
        return Ok(());
    }
    let detail =
        format!("The report is in {}; an edition is published from clearance.", report.state);
    Err(Problem::new(Code::InvalidTransition, detail))
}
