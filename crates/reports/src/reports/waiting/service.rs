//! Gathers what waits in a report or a review, for those who may read drafts. Must never learn who said what.

use super::{Known, Waits};
use crate::http::page::Paging;
use crate::problem::Problem;
use crate::proposals::service as proposals;
use crate::proposals::{Act, Proposal};
use crate::reports::checks::{self, Judged, coverage};
use crate::reports::clearance::portions::Whole;
use crate::reports::clearance::service::standing;
use crate::reports::rights::{Place, locate_draft};
use crate::reports::service::Drafted;
use crate::reports::suggestions::SuggestionState;
use crate::reports::suggestions::store::{Wanted, visible};
use crate::reports::{Report, ReportId, gather, service, steps};
use crate::reviews::ReviewId;
use crate::work::Work;

/// As many open suggestions are listed of one report.
const MOST_SUGGESTIONS: usize = 1_000;

/// What waits in a report.
pub fn of_report(work: &mut Work, id: ReportId) -> Result<Vec<Waits>, Problem> {
    let place = locate_draft(work, id)?;
    let proposed = proposals::waiting(work)?;
    waits(work, &place, &proposed)
}

/// As [`of_report`], for who has the draft as it was compiled, and what the checks find in it.
pub fn of_drafted(
    work: &mut Work,
    drafted: &Drafted,
    judged: &[Judged],
) -> Result<Vec<Waits>, Problem> {
    let proposed = proposals::waiting(work)?;
    let whole = Whole::of(&drafted.facts, &drafted.document);
    let report = drafted.outline.report.clone();
    Ok(known(work, report, &whole, &proposed, judged)?.waits())
}

/// What waits in the reports of a review, report by report, as far as the caller may read their drafts.
pub fn by_report(work: &mut Work, id: ReviewId) -> Result<Vec<(Report, Vec<Waits>)>, Problem> {
    work.caller.signed_in()?;
    let proposed = proposals::waiting(work)?;
    let mut found = Vec::new();
    for report in service::reports_of(work, id)? {
        if let Some(place) = Problem::or_refused(locate_draft(work, report.id))? {
            found.push((report, waits(work, &place, &proposed)?));
        }
    }
    Ok(found)
}

/// What waits in the reports of a review, as far as the caller may read their drafts.
pub fn of_review(work: &mut Work, id: ReviewId) -> Result<Vec<Waits>, Problem> {
    let found = by_report(work, id)?;
    Ok(found.into_iter().flat_map(|(_, waits)| waits).collect())
}

fn waits(work: &mut Work, place: &Place, proposed: &[Proposal]) -> Result<Vec<Waits>, Problem> {
    let facts = gather::facts(work, &place.report)?;
    let document = facts.compile()?;
    let whole = Whole::of(&facts, &document);
    let judged = if steps::are_checked(place.report.state.next()) {
        checks::service::judge_compiled(work, &facts, &document)?
    } else {
        Vec::new()
    };
    Ok(known(work, place.report.clone(), &whole, proposed, &judged)?.waits())
}

fn known(
    work: &mut Work,
    report: Report,
    whole: &Whole,
    proposed: &[Proposal],
    judged: &[Judged],
) -> Result<Known, Problem> {
    let standing = standing(work, &report, whole)?;
    let open = Wanted { state: Some(SuggestionState::Open), paragraph: None };
    // What members of a body alone see waits for nobody.
    let suggestions = visible(work.conn, report.id, &[], open, &Paging::first(MOST_SUGGESTIONS))?;
    let (covers, material) = gather::coverage(work, &report)?;
    let coverage = coverage::check(&covers, &material);
    let wishes = match report.consultation_id {
        Some(consultation) => steps::open_wishes(work, consultation, &covers)?,
        None => Vec::new(),
    };
    let subject = report.id.to_string();
    let mut own = proposed.iter().filter(|one| one.act == Act::PublishReport);
    let proposed_at = own.find(|one| one.subject == subject).map(|one| one.proposed_at);
    let checks = checks::blocker(judged);
    let numbered = whole.portions.iter().filter_map(|one| Some((one.paragraph()?, one.number?)));
    let numbers = numbered.collect();
    Ok(Known { report, numbers, standing, suggestions, coverage, checks, wishes, proposed_at })
}
