//! Coverage, clearance and publishing: an edition is recorded as it was compiled and never changes.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::drafting::check_masthead;
use crate::access::Permission;
use crate::consultations::lifecycle::service as lifecycle;
use crate::consultations::lifecycle::{BlockerCode, Wanted};
use crate::consultations::{Consultation, Phase};
use crate::document::Document;
use crate::inputs::{reading, wishes};
use crate::problem::{Code, Problem, require_version};
use crate::proposals::service::{self as proposals, New, Put};
use crate::proposals::{Act, Carried};
use crate::registry::Event;
use crate::render;
use crate::work::Work;

use crate::reports::checks::coverage;
use crate::reports::compile::Facts;
use crate::reports::{
    Coverage, Edition, Report, ReportId, ReportState, amendments, clearance, gather, mails, steps,
    store,
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
            sha256: Some(ready.document.fingerprint()),
            at_once: true,
        },
    )
}

/// Publishes an edition as it was proposed: freezes the document's bytes and what a paper takes over from it. 409
/// `proposal_overtaken` when the document has other contents now.
pub(super) fn publish(work: &mut Work, carried: &Carried) -> Result<Edition, Problem> {
    let Publication { report_id: id, version, symbol } = proposals::frozen(carried)?;
    steps::lock(work, id)?;
    let Ready { report, consultation, facts, document } = ready(work, id, version, symbol)?;
    let sha256 = document.fingerprint();
    if carried.sha256 != Some(sha256.as_str()) {
        let detail = "The document has other contents than the one that was proposed. Nothing was published.";
        return Err(Problem::new(Code::ProposalOvertaken, detail));
    }
    let mut record = facts.record(&document);
    let acted_alone = carried.confirmed_by.is_none();
    record.approval = clearance::service::approval(work, id, acted_alone)?;
    let bytes = render::json::render(&document);
    let number = clearance::asking::service::next_edition(work, id)?;
    let edition = Edition {
        id: work.id(),
        report_id: id,
        number,
        amendment: report.amendment.filter(|_| number > 1),
        symbol: facts.draft().report.symbol.clone(),
        sha256,
        document: String::from_utf8(bytes).map_err(Problem::internal)?,
        record,
        published_at: work.now,
    };
    store::editions::insert_edition(work.conn, &edition)?;
    clearance::asking::service::close_with_edition(work, id, edition.number)?;
    store::editions::insert_provenance(work.conn, edition.id, &facts.provenance(&document))?;
    store::editions::insert_sources(work.conn, edition.id, &facts.resting(&document))?;
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
    report: Report,
    consultation: Option<Consultation>,
    facts: Facts,
    document: Document,
}

fn ready(
    work: &mut Work,
    id: ReportId,
    version: i64,
    symbol: Option<String>,
) -> Result<Ready, Problem> {
    let place = locate_draft(work, id)?;
    work.require(Permission::PublishReports, &place.scope)?;
    require_version(place.report.version, version)?;
    require_publishable(&place.report, place.consultation.as_ref())?;
    // Inputs are decided and withdrawn under this lock: what is covered stays covered. Agreements are given under that of the report.
    if let Some(consultation) = &place.consultation {
        work.lock(consultation.id.uuid())?;
    }
    work.lock(id.uuid())?;
    require_free(work, &place)?;
    let Place { mut report, consultation, .. } = place;
    let issues = store::editions::issues(work.conn, id)?;
    let by_rule = amendments::printed(&report, &issues);
    // Whoever names the symbol that follows by rule names no other.
    report.symbol = symbol.filter(|one| Some(one) != by_rule.as_ref()).or(report.symbol);
    check_masthead(&report)?;
    amendments::check_symbol(work, &report)?;
    let facts = gather::facts(work, &report)?;
    let document = facts.compile_to_publish()?;
    Ok(Ready { report, consultation, facts, document })
}

/// 409 where anything stands in the way of publishing: by the problem of its own that names each place, where there is one, else by
/// `step_blocked` with all of it.
fn require_free(work: &mut Work, place: &Place) -> Result<(), Problem> {
    let to = ReportState::Published;
    let judged = steps::judged(work, place, &[to])?;
    let blocking = steps::blocking(work, place, to, &judged)?;
    let is_blocked = |code| blocking.iter().any(|one| one.code == code);
    if let Some(consultation) = &place.consultation
        && is_blocked(BlockerCode::VoicesUnsound)
    {
        require_sound(work, consultation)?;
    }
    if is_blocked(BlockerCode::CoverageIncomplete) {
        let (covers, material) = gather::coverage(work, &place.report)?;
        coverage::check(&covers, &material).require_complete()?;
    }
    Wanted::default().require_free(&blocking)
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
