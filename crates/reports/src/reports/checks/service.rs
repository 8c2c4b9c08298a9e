//! What the checks find in a draft, and what somebody lets pass. A draft is held against the register and against every input: what
//! comes back repeats its own words alone. Whoever may write into it can still try a name and see whether it is found
//! (`docs/threat-model.md`).

use std::collections::{BTreeSet, HashMap};

use rapporteur_checks::{Checker, Ground, Style, repeated, tables_and_figures};

use super::context::{Gathered, gather};
use super::remembered::{self, Named};
use super::{Judged, LONGEST_REASON, Waiver, named, store};
use crate::access::Permission;
use crate::document::Document;
use crate::problem::{Checks, Code, Problem};
use crate::reports::compile::Facts;
use crate::reports::gather::facts;
use crate::reports::rights::{Place, locate_draft, require_unpublished};
use crate::reports::service::Drafted;
use crate::reports::{Report, ReportId, history, steps, store as reports};
use crate::work::Work;

/// Everything that the checks find in a report, in its order, for who may read its draft. It is kept: nothing is written where it is
/// asked for.
pub fn list(work: &mut Work, id: ReportId) -> Result<Vec<Judged>, Problem> {
    let report = locate_draft(work, id)?.report;
    let found = remembered::found_in_reading(work, &report, |work| find(work, &report))?;
    judged(work, report.id, &found)
}

/// As [`list`], for who has the draft as it was compiled.
pub fn of_drafted(work: &mut Work, drafted: &Drafted) -> Result<Vec<Judged>, Problem> {
    let (facts, document) = (&drafted.facts, &drafted.document);
    let report = &facts.draft().report;
    let find = |work: &mut Work| find_compiled(work, facts, document);
    let found = remembered::found_in_reading(work, report, find)?;
    judged(work, report.id, &found)
}

/// Everything that the checks find in a report. Does not ask who asks.
pub(in crate::reports) fn judge(work: &mut Work, report: &Report) -> Result<Vec<Judged>, Problem> {
    let found = remembered::found(work, report, |work| find(work, report))?;
    judged(work, report.id, &found)
}

/// As [`judge`]; `document` was compiled from `facts`.
pub(in crate::reports) fn judge_compiled(
    work: &mut Work,
    facts: &Facts,
    document: &Document,
) -> Result<Vec<Judged>, Problem> {
    let report = &facts.draft().report;
    let find = |work: &mut Work| find_compiled(work, facts, document);
    let found = remembered::found(work, report, find)?;
    judged(work, report.id, &found)
}

fn find(work: &mut Work, report: &Report) -> Result<Named, Problem> {
    let facts = facts(work, report)?;
    let document = facts.compile()?;
    find_compiled(work, &facts, &document)
}

fn find_compiled(work: &mut Work, facts: &Facts, document: &Document) -> Result<Named, Problem> {
    let Gathered { draft, people, material, figures, objectives } = gather(work, facts, document)?;
    let checker = Checker::new(Ground {
        language: facts.draft().report.language.as_str(),
        people: &people,
        material: &material,
        figures: &figures,
        objectives: &objectives,
        style: Style::united_nations(),
    });
    let mut findings = checker.draft(&draft);
    findings.extend(tables_and_figures(document));
    Ok(named(findings, &draft))
}

/// With what somebody lets pass of it.
fn judged(work: &mut Work, id: ReportId, found: &Named) -> Result<Vec<Judged>, Problem> {
    let waivers = store::of_report(work.conn, id)?.into_iter();
    let mut waivers: HashMap<String, Waiver> =
        waivers.map(|waiver| (waiver.finding.clone(), waiver)).collect();
    let judged = found.iter().map(|(fingerprint, finding)| Judged {
        finding: finding.clone(),
        waiver: waivers.remove(fingerprint),
        fingerprint: fingerprint.clone(),
    });
    Ok(judged.collect())
}

/// Finds what is to be let pass, outside of the write: holding a long draft against everything takes seconds. Whoever lets pass what is no
/// finding any more by then lets nothing pass.
pub fn foresee(work: &mut Work, id: ReportId) -> Result<(), Problem> {
    let Place { report, scope, .. } = locate_draft(work, id)?;
    if work.may(Permission::DraftReports, &scope) {
        remembered::found_in_reading(work, &report, |work| find(work, &report))?;
    }
    Ok(())
}

/// Lets a finding pass, for a reason: it is shown beside the finding, with who says so, and lapses with the text. For who drafts the
/// report.
pub fn waive(work: &mut Work, id: ReportId, found: &str, reason: &str) -> Result<Judged, Problem> {
    let mut checks = Checks::new();
    checks.text(reason, LONGEST_REASON, "/reason");
    checks.finish()?;
    let report = locked(work, id)?;
    let all = remembered::found(work, &report, |work| find(work, &report))?;
    let finding = all.iter().find(|(fingerprint, _)| fingerprint == found);
    let (fingerprint, finding) = finding.cloned().ok_or_else(|| {
        Problem::invalid(
            "/finding",
            "is no finding of the text as it stands now: read the checks again",
        )
    })?;
    if !finding.level.is_waivable() {
        let detail = "This finding cannot be let pass: change what it is about.";
        return Err(Problem::new(Code::StepBlocked, detail));
    }
    let waiver = Waiver {
        report_id: id,
        finding: fingerprint.clone(),
        reason: reason.trim().to_owned(),
        waived_by: work.caller.id(),
        waived_at: work.now,
    };
    store::put(work.conn, waiver.clone())?;
    reports::touch(work.conn, id, work.now)?;
    let details = serde_json::json!({ "check": finding.code() });
    work.audit_with("report.finding_waived", "report", id, details);
    Ok(Judged { finding, fingerprint, waiver: Some(waiver) })
}

/// Takes back that a finding may pass; nothing happens where it may not.
pub fn take_back(work: &mut Work, id: ReportId, found: &str) -> Result<(), Problem> {
    locked(work, id)?;
    if store::delete(work.conn, id, found)? {
        reports::touch(work.conn, id, work.now)?;
        work.audit("report.waiver_taken_back", "report", id);
    }
    Ok(())
}

/// The report, locked, for whoever drafts it, as long as no edition of what stands in it is published.
fn locked(work: &mut Work, id: ReportId) -> Result<Report, Problem> {
    steps::lock(work, id)?;
    let place = locate_draft(work, id)?;
    work.require(Permission::DraftReports, &place.scope)?;
    require_unpublished(&place)?;
    Ok(place.report)
}

/// Something is taken back: what the draft says in its words, now or in an earlier text that could be restored, is not said any more.
pub(in crate::reports) fn withdrawn(
    work: &mut Work,
    report: ReportId,
    body: &str,
) -> Result<(), Problem> {
    let mut words = BTreeSet::new();
    for text in history::store::texts(work.conn, report)? {
        words.extend(repeated(body, &text));
    }
    for words in words {
        store::insert_withdrawn(work.conn, work.ids.unlinkable::<()>(), report, &words)?;
    }
    Ok(())
}
