//! Filters that people save for themselves: nobody else sees them.

use super::{Filter, Saved, SavedId, store};
use crate::consultations::ConsultationId;
use crate::inputs::service::for_readers;
use crate::problem::{Checks, Problem};
use crate::work::Work;

/// Filters of one person for one consultation at most.
const MOST: usize = 50;
const LONGEST_NAME: usize = 100;

/// The caller's filters for the inputs of a consultation.
pub fn list(work: &mut Work, id: ConsultationId) -> Result<Vec<Saved>, Problem> {
    for_readers(work, id)?;
    let account = work.caller.signed_in()?;
    store::of(work.conn, account, id)
}

/// Saves a filter for the caller, who may read the consultation's inputs.
pub fn save(
    work: &mut Work,
    id: ConsultationId,
    name: &str,
    filter: &Filter,
) -> Result<Saved, Problem> {
    for_readers(work, id)?;
    let account = work.caller.signed_in()?;
    let mut checks = Checks::new();
    checks.line(name, LONGEST_NAME, "/name");
    if let Err(problem) = filter.query() {
        checks.require(false, "/filter/q", problem.detail().to_owned());
    }
    let there = store::of(work.conn, account, id)?.len();
    let detail = format!("at most {MOST} filters are kept; delete one");
    checks.require(there < MOST, "/name", detail);
    checks.finish()?;
    let saved = Saved {
        id: work.id(),
        consultation_id: id,
        name: name.trim().to_owned(),
        filter: filter.clone(),
    };
    store::insert(work.conn, account, &saved)?;
    Ok(saved)
}

/// Forgets a filter of the caller's.
pub fn forget(work: &mut Work, id: SavedId) -> Result<(), Problem> {
    let account = work.caller.signed_in()?;
    if store::delete(work.conn, account, id)? {
        Ok(())
    } else {
        Err(Problem::not_found("filter of yours"))
    }
}
