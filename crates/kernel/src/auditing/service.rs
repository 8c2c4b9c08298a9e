//! What may be done with the audit log: read it, check it, take a checkpoint of it. And what is done by itself: its end is kept
//! outside the database again and again, and mailed once a day. Knows no HTTP but the pages of lists.

use serde_json::{Value, json};

use super::mails;
use crate::access::{Permission, Scope};
use crate::app::App;
use crate::audit::chain::{CONTRADICTED, Chain, Checkpoint, Finding, Verification};
use crate::audit::{self, LOG, Row};
use crate::db::types::{Id, Timestamp};
use crate::http::page::{Listing, Paging};
use crate::problem::Problem;
use crate::work::{Credentials, Work};

/// What the log says of its own end having been mailed.
const MAILED: &str = "audit_log.checkpoint_mailed";

/// The log, oldest first.
pub fn list(work: &mut Work, paging: &Paging) -> Result<Listing<Row>, Problem> {
    work.require(Permission::ReadAudit, &Scope::INSTANCE)?;
    let after = paging.after_one()?.unwrap_or(0);
    let rows = audit::list(work.conn, after, paging.load())?;
    Ok(paging.finish(rows, |row| vec![row.sequence.to_string()]))
}

/// Where the log ends now.
pub fn checkpoint(work: &mut Work, chain: &Chain) -> Result<Checkpoint, Problem> {
    work.require(Permission::ReadAudit, &Scope::INSTANCE)?;
    let end = audit::end(work.conn)?;
    Ok(chain.checkpoint(end, work.now.utc().date_naive()))
}

/// Checks the whole log: that every row fits, and that it has what the checkpoints that were kept, and the one that is given, are of.
/// 422 for a checkpoint that this instance did not make.
pub fn verify(
    work: &mut Work,
    app: &App,
    given: Option<Checkpoint>,
) -> Result<Verification, Problem> {
    work.require(Permission::ReadAudit, &Scope::INSTANCE)?;
    if given.as_ref().is_some_and(|given| !app.chain.made(given)) {
        let detail = "this instance did not make it, or it was changed since";
        return Err(Problem::invalid("/checkpoint", detail));
    }
    let (mut checkpoints, worthless) = app.anchor.kept().map_err(Problem::internal)?;
    checkpoints.extend(given);
    let found = audit::verify(work.conn, &app.chain, &checkpoints)?;
    match worthless {
        Some(why) if found.finding == Finding::Intact => {
            tracing::error!(why, "the audit log is not anchored");
            Ok(Verification { finding: Finding::Unanchored, ..found })
        }
        _ => Ok(found),
    }
}

/// Keeps where the log ends outside the database. A checkpoint of before that the log does not fit any more is told, and set aside.
/// Any number of processes may do it.
///
/// # Errors
/// When the log cannot be read, or the folder of keys not written to.
pub fn anchor(app: &App) -> Result<(), Problem> {
    let anchor = &app.anchor;
    let _held = anchor.hold().map_err(Problem::internal)?;
    let kept = anchor.current();
    let end = app.db.read_blocking(audit::end)?;
    let current = match kept {
        Ok(None) => None,
        Ok(Some(kept)) if app.db.read_blocking(|conn| audit::fits(conn, &kept))? => {
            Some(kept.sequence)
        }
        Ok(Some(kept)) => {
            let details =
                json!({ "sequence": kept.sequence, "hash": kept.hash, "rows": end.sequence });
            contradicted(app, &kept.sequence.to_string(), details)?;
            None
        }
        Err(why) => {
            tracing::error!(why, "the checkpoint of the audit log");
            contradicted(app, "unreadable", json!({ "rows": end.sequence }))?;
            None
        }
    };
    let end = app.db.read_blocking(audit::end)?;
    if current.is_none_or(|kept| kept < end.sequence) {
        let checkpoint = app.chain.checkpoint(end, app.clock.now().utc().date_naive());
        anchor.keep(&checkpoint).map_err(Problem::internal)?;
    }
    Ok(())
}

/// Sets the checkpoint aside under a name that ends in this word, so that no later one hides it, and tells of it in the logs.
fn contradicted(app: &App, word: &str, details: Value) -> Result<(), Problem> {
    app.anchor.set_aside(word).map_err(Problem::internal)?;
    tracing::error!(
        %details,
        "the audit log is not what it was when its last checkpoint was kept: rows are missing at its end or were changed, or an older \
         state of the database was put back. `rapporteur audit verify` says more (docs/operations.md)"
    );
    let told = |work: &mut Work| {
        work.audit_with(CONTRADICTED, "audit_log", log(), details.clone());
        Ok(())
    };
    app.write_blocking(&Credentials::Operator, told)
}

/// What is done again and again: the end of the log is kept every minute, and mailed once a day to whom that is set.
pub fn tend(app: &App) -> Result<usize, Problem> {
    let now = app.clock.now();
    if !app.anchor.is_due(now) {
        return Ok(0);
    }
    anchor(app)?;
    if mails::recipients(&app.settings).is_empty() || was_mailed(app, now)? {
        return Ok(0);
    }
    mail(app)
}

fn was_mailed(app: &App, now: Timestamp) -> Result<bool, Problem> {
    app.db.read_blocking(|conn| Ok(!audit::done_to(conn, MAILED, LOG, before(now))?.is_empty()))
}

/// The last moment of yesterday: what was done since was done today.
fn before(now: Timestamp) -> Timestamp {
    now.to_the_day().plus(chrono::Duration::microseconds(-1))
}

/// Checks the whole log and mails where it ends, with what was found. Of several processes one does.
fn mail(app: &App) -> Result<usize, Problem> {
    let (checkpoint, found) = app.read_blocking(&Credentials::Operator, |work| {
        Ok((checkpoint(work, &app.chain)?, verify(work, app, None)?))
    })?;
    if found.finding != Finding::Intact {
        tracing::error!(%found, "the audit log");
    }
    app.write_blocking(&Credentials::Operator, |work| {
        crate::db::lock(work.conn, LOG)?;
        if !audit::done_to(work.conn, MAILED, LOG, before(work.now))?.is_empty() {
            return Ok(0);
        }
        let mails = mails::checkpoint(work.settings, &checkpoint, &found)?;
        let count = mails.len();
        work.mails(mails)?;
        let details = json!({ "checkpoint": checkpoint.sequence });
        work.audit_with(MAILED, "audit_log", log(), details);
        Ok(count)
    })
}

/// The log itself, as what something is done to.
fn log() -> Id<Row> {
    Id::new(LOG)
}
