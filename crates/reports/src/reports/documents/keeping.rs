//! The PDFs of everything that is published, made once and kept for as long as this program would make the same: whoever reads one waits for
//! none. What is not there yet, or was made by another version of the program, is made beside all requests, one after the other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::app::App;
use crate::db::types::Timestamp;
use crate::mutex::unpoisoned;
use crate::printing::{self, Output, Printer};
use crate::problem::Problem;
use crate::render;
use crate::reports::store;

/// Between two looks whether a file is still there.
const LOOK: chrono::Duration = chrono::Duration::days(1);

/// What this process has seen to.
#[derive(Default)]
pub struct Keeping {
    /// When which text was looked for, by its fingerprint.
    seen: Mutex<BTreeMap<String, Timestamp>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Keeping {
    fn seen(&self) -> MutexGuard<'_, BTreeMap<String, Timestamp>> {
        unpoisoned(&self.seen)
    }

    fn is_due(&self, fingerprint: &str, now: Timestamp) -> bool {
        self.seen().get(fingerprint).is_none_or(|at| at.plus(LOOK) <= now)
    }
}

/// Begins to make what is missing, beside everything else, unless that is under way.
pub fn sweep(app: &App) -> Result<(), Problem> {
    let turn = app.shared::<Keeping>()?.turn.clone();
    let Ok(turn) = turn.try_lock_owned() else { return Ok(()) };
    let app = app.clone();
    tokio::spawn(async move {
        let _turn = turn;
        if let Err(problem) = keep_all(&app).await {
            tracing::warn!(%problem, "what is published could not be set as PDF");
        }
    });
    Ok(())
}

/// Makes what is missing; how many files. What cannot be made is tried again in a day.
pub async fn keep_all(app: &App) -> Result<usize, Problem> {
    let mut made = 0;
    if !Output::ALL.contains(&Output::Pdf) {
        return Ok(made);
    }
    let (keeping, printer) = (app.shared::<Keeping>()?, app.shared::<Printer>()?);
    for fingerprint in app.db.read(store::editions::fingerprints).await? {
        let now = app.clock.now();
        if !keeping.is_due(&fingerprint, now) {
            continue;
        }
        if !printer.keep_on(&fingerprint) {
            let wanted = fingerprint.clone();
            let text = app.db.read(move |conn| store::editions::text(conn, &wanted)).await?;
            let document = render::json::read(text.as_bytes()).map_err(Problem::internal)?;
            match printer.print(document, Output::Pdf, true).await {
                Ok(_) => made += 1,
                Err(failure) => {
                    let problem = printing::into_problem(failure);
                    tracing::warn!(%problem, "a published text could not be set as PDF");
                }
            }
        }
        keeping.seen().insert(fingerprint, now);
    }
    Ok(made)
}
