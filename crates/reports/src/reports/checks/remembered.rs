//! What was found in the drafts that were looked at last, kept for as long as nothing that it was found from is otherwise: holding a long draft
//! against everything takes seconds, and whoever lets findings pass asks for it with each. It spares time and decides nothing, which every
//! test on SQLite holds it to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use rapporteur_checks::Finding;

use crate::db::Conn;
use crate::mutex::unpoisoned;
use crate::problem::Problem;
use crate::reports::basis::Basis;
use crate::reports::{Report, ReportId};
use crate::work::Work;

/// Drafts of which it is kept, the latest.
const KEPT: usize = 4;
/// What is let pass is found all the same.
const HARMLESS: [&str; 2] = ["report.finding_waived", "report.waiver_taken_back"];

/// What was found, with its names, in the order of the draft.
pub(super) type Named = Vec<(String, Finding)>;

/// What this process keeps.
#[derive(Default)]
pub struct FoundBefore(Mutex<VecDeque<Kept>>);

#[derive(Clone)]
struct Kept {
    report: ReportId,
    basis: Basis,
    found: Arc<Named>,
}

/// What is found in a report: what was found before, if that still holds, else what `find` finds.
pub(super) fn found(
    work: &mut Work,
    report: &Report,
    find: impl FnOnce(&mut Work) -> Result<Named, Problem>,
) -> Result<Arc<Named>, Problem> {
    match known(work, report)? {
        Some(kept) => held_to(work, kept, find).map(|kept| kept.found),
        None => Ok(Arc::new(find(work)?)),
    }
}

/// As [`found`], and keeps it. For units of work that write nothing: what one has written that fails would be kept as well.
pub(super) fn found_in_reading(
    work: &mut Work,
    report: &Report,
    find: impl FnOnce(&mut Work) -> Result<Named, Problem>,
) -> Result<Arc<Named>, Problem> {
    let kept = match known(work, report)? {
        Some(kept) => held_to(work, kept, find)?,
        None => {
            let basis = Basis::now(work, report)?;
            Kept { report: report.id, basis, found: Arc::new(find(work)?) }
        }
    };
    let found = kept.found.clone();
    let mut all = unpoisoned(&work.shared::<FoundBefore>()?.0);
    all.retain(|one| one.report != kept.report);
    all.truncate(KEPT - 1);
    all.push_front(kept);
    Ok(found)
}

/// What was found before, if it is what would be found now.
fn known(work: &mut Work, report: &Report) -> Result<Option<Kept>, Problem> {
    if work.has_acted() {
        return Ok(None);
    }
    let kept = {
        let all = unpoisoned(&work.shared::<FoundBefore>()?.0);
        all.iter().find(|one| one.report == report.id).cloned()
    };
    let Some(kept) = kept else { return Ok(None) };
    let basis = kept.basis.still(work, report, &HARMLESS)?;
    Ok(basis.map(|basis| Kept { basis, ..kept }))
}

fn held_to(
    work: &mut Work,
    kept: Kept,
    find: impl FnOnce(&mut Work) -> Result<Named, Problem>,
) -> Result<Kept, Problem> {
    if cfg!(debug_assertions) && matches!(work.conn, Conn::Sqlite(_)) {
        assert_eq!(*kept.found, find(work)?, "it is otherwise, and still taken for what it was");
    }
    Ok(kept)
}

/// Nothing of it stays in memory: somebody who may be named in it is erased.
pub fn forget(work: &Work) -> Result<(), Problem> {
    unpoisoned(&work.shared::<FoundBefore>()?.0).clear();
    Ok(())
}
