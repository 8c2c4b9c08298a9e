//! What the checks find in a draft, and what somebody lets pass. A draft is held against the register and against every input: what
//! comes back repeats its own words alone. Whoever may write into it can still try a name and see whether it is found
//! (`docs/threat-model.md`).

use std::collections::{BTreeSet, HashMap};

use rapporteur_checks::{Checker, Ground, Style, repeated, tables_and_figures};

use super::context::{Gathered, gather};
use super::{Judged, LONGEST_REASON, Waiver, fingerprint, store};
use crate::access::Permission;
use crate::document::Document;
use crate::problem::{Checks, Code, Problem};
use crate::reports::compile::Facts;
use crate::reports::foreseeing::{self, Sought};
use crate::reports::gather::facts;
use crate::reports::rights::{locate_draft, require_unpublished};
use crate::reports::service::Drafted;
use crate::reports::{Report, ReportId, history, steps, store as reports};
use crate::work::Work;

/// Everything that the checks find in a report, in its order, for who may read its draft.
pub fn list(work: &mut Work, id: ReportId) -> Result<Vec<Judged>, Problem> {
    let place = locate_draft(work, id)?;
    judge(work, &place.report)
}

/// As [`list`], for who has the draft as it was compiled.
pub fn of_drafted(work: &mut Work, drafted: &Drafted) -> Result<Vec<Judged>, Problem> {
    judge_compiled(work, &drafted.facts, &drafted.document)
}

/// Everything that the checks find in a report. Does not ask who asks.
pub(in crate::reports) fn judge(work: &mut Work, report: &Report) -> Result<Vec<Judged>, Problem> {
    let facts = facts(work, report)?;
    let document = facts.compile()?;
    judge_compiled(work, &facts, &document)
}

/// As [`judge`]; `document` was compiled from `facts`.
pub(in crate::reports) fn judge_compiled(
    work: &mut Work,
    facts: &Facts,
    document: &Document,
) -> Result<Vec<Judged>, Problem> {
    let report = &facts.draft().report;
    let Gathered { draft, people, material, figures, objectives } = gather(work, facts, document)?;
    let checker = Checker::new(Ground {
        language: report.language.as_str(),
        people: &people,
        material: &material,
        figures: &figures,
        objectives: &objectives,
        style: Style::united_nations(),
    });
    let mut findings = checker.draft(&draft);
    findings.extend(tables_and_figures(document));
    let waivers = store::of_report(work.conn, report.id)?.into_iter();
    let mut waivers: HashMap<String, Waiver> =
        waivers.map(|waiver| (waiver.finding.clone(), waiver)).collect();
    let judged = findings.into_iter().map(|finding| {
        let fingerprint = fingerprint(&finding, &draft);
        let waiver = waivers.remove(&fingerprint);
        Judged { finding, fingerprint, waiver }
    });
    Ok(judged.collect())
}

/// Looks up what is to be let pass, outside of the write: holding a long draft against everything takes seconds. Whoever lets pass what is no
/// finding any more by then lets nothing pass.
pub fn foresee(work: &mut Work, id: ReportId, found: &str) -> Result<(), Problem> {
    let place = locate_draft(work, id)?;
    if !work.may(Permission::DraftReports, &place.scope) {
        return Ok(());
    }
    let judged = look_up(work, &place.report, found)?;
    let (version, finding) = (place.report.version, found.to_owned());
    foreseeing::keep_sought(work, Sought { report: id, version, finding, judged })
}

fn look_up(work: &mut Work, report: &Report, found: &str) -> Result<Option<Judged>, Problem> {
    Ok(judge(work, report)?.into_iter().find(|one| one.fingerprint == found))
}

/// Lets a finding pass, for a reason: it is shown beside the finding, with who says so, and lapses with the text. For who drafts the
/// report.
pub fn waive(work: &mut Work, id: ReportId, found: &str, reason: &str) -> Result<Judged, Problem> {
    let mut checks = Checks::new();
    checks.text(reason, LONGEST_REASON, "/reason");
    checks.finish()?;
    let report = locked(work, id)?;
    let judged = match foreseeing::sought(work, &report, found)? {
        Some(known) => known,
        None => look_up(work, &report, found)?,
    };
    let mut judged = judged.ok_or_else(|| {
        Problem::invalid(
            "/finding",
            "is no finding of the text as it stands now: read the checks again",
        )
    })?;
    if !judged.finding.level.is_waivable() {
        let detail = "This finding cannot be let pass: change what it is about.";
        return Err(Problem::new(Code::StepBlocked, detail));
    }
    let waiver = Waiver {
        report_id: id,
        finding: judged.fingerprint.clone(),
        reason: reason.trim().to_owned(),
        waived_by: work.caller.id(),
        waived_at: work.now,
    };
    store::put(work.conn, waiver.clone())?;
    reports::touch(work.conn, id, work.now)?;
    let details = serde_json::json!({ "check": judged.finding.code() });
    work.audit_with("report.finding_waived", "report", id, details);
    judged.waiver = Some(waiver);
    Ok(judged)
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
