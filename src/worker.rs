//! What is done beside the requests: mail is sent, jobs are run, what is due is done, and what is out of date is forgotten. Any
//! number of processes may do it.
//! A mail is claimed, sent, then marked: stopped in between it is sent again, never lost.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::app::App;
use crate::correspondence;
use crate::jobs;
use crate::mailer::Mailer;
use crate::outbox::{self, Row};
use crate::privacy;
use crate::problem::Problem;
use crate::work::{Credentials, Work};

/// Between two looks into the outbox.
const EVERY: Duration = Duration::from_secs(1);
/// Between two clearings.
const CLEARING: Duration = Duration::from_secs(300);
/// Between two purges, where they are done without being asked for.
const PURGING: Duration = Duration::from_secs(24 * 3600);
/// Mails sent at once.
const AT_ONCE: i64 = 10;

/// Works until `stopped` says so or its sender is gone; what is being sent is finished first.
pub async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    let mailer = match Mailer::open(&app.settings) {
        Ok(mailer) => mailer,
        Err(error) => {
            tracing::error!(error, "no mail will be sent");
            return;
        }
    };
    // Beside the mails: a long job must not keep them waiting.
    let jobs = tokio::spawn(jobs::runner::run(app.clone(), stopped.clone()));
    let mut clearing = Instant::now();
    let mut purging = Instant::now();
    loop {
        if app.settings.retention.automatic && Instant::now() >= purging {
            purging = Instant::now() + PURGING;
            note(purge(&app).await, "the daily purge failed");
        }
        if Instant::now() >= clearing {
            clearing = Instant::now() + CLEARING;
            note(clear(&app).await, "clearing failed");
        }
        sweep(&app).await;
        let sent = note(send_due(&app, &mailer).await, "the outbox could not be worked on");
        // A full batch: more may be waiting.
        let pause = if sent == Some(AT_ONCE as usize) { Duration::ZERO } else { EVERY };
        if *stopped.borrow() || timeout(pause, stopped.wait_for(|stop| *stop)).await.is_ok() {
            break;
        }
    }
    note(jobs.await.map_err(Problem::internal), "the jobs came to no good end");
    let stopping = tokio::task::spawn_blocking(move || app.stop());
    note(stopping.await.map_err(Problem::internal), "the program came to no good end");
}

fn note<T>(result: Result<T, Problem>, what: &str) -> Option<T> {
    result.inspect_err(|problem| tracing::error!(%problem, "{what}")).ok()
}

/// Sends what is due, up to a batch, and says how many mails were tried.
pub async fn send_due(app: &App, mailer: &Mailer) -> Result<usize, Problem> {
    let now = app.clock.now();
    // A look costs nobody anything; only when there is mail is a write begun.
    let waiting = app.db.read(outbox::pending).await?;
    app.metrics.outbox_pending.set(waiting);
    if waiting == 0 {
        return Ok(0);
    }
    let due = app.db.write(move |conn| outbox::claim(conn, now, AT_ONCE)).await?;
    let tried = due.len();
    let done = join_all(due.into_iter().map(|row| send(app, mailer, row))).await;
    done.into_iter().collect::<Result<(), Problem>>()?;
    if tried > 0 {
        app.metrics.outbox_pending.set(app.db.read(outbox::pending).await?);
    }
    Ok(tried)
}

async fn send(app: &App, mailer: &Mailer, row: Row) -> Result<(), Problem> {
    match mailer.send(&row).await {
        Ok(()) => {
            app.metrics.mails_sent.inc();
            let (unlinkable, now) = (app.ids.unlinkable(), app.clock.now());
            app.db.write(move |conn| outbox::sent(conn, &row, unlinkable, now)).await
        }
        Err(failure) => {
            app.metrics.mails_failed.inc();
            // The error stays with the mail: a mail server's answer may name the address, and a log must not.
            tracing::warn!(mail = %row.id, attempt = row.attempts + 1, "a mail could not be sent");
            let failed =
                move |work: &mut Work| correspondence::service::failed(work, &row, &failure);
            app.write(Credentials::Operator, failed).await
        }
    }
}

/// Forgets what is kept for longer than it may be. Every process may do it: what is gone already is not found again.
async fn purge(app: &App) -> Result<(), Problem> {
    let app = app.clone();
    let done = tokio::task::spawn_blocking(move || {
        privacy::retention::purge_all(&app, privacy::Occasion::Daily)
    });
    done.await.map_err(Problem::internal)?.map(|_| ())
}

/// Lets every feature look for what is due.
async fn sweep(app: &App) {
    for feature in app.registry.features() {
        if let Some(sweep) = feature.sweep {
            let done = sweep(app.clone()).await;
            if let Err(problem) = done {
                tracing::error!(%problem, feature = feature.name, "what was due could not be done");
            }
        }
    }
}

/// Lets every feature forget what is out of date by itself: answers to retries, links and tokens, texts of mails and so on. Each in
/// a transaction of its own: what one cannot forget must not keep the others from it.
pub async fn clear(app: &App) -> Result<(), Problem> {
    app.limits.tidy(app.clock.now());
    let (mut rows, mut failed) = (0, None);
    for feature in app.registry.features() {
        let Some(clear) = feature.clear else { continue };
        match app.write(Credentials::Operator, clear).await {
            Ok(gone) => rows += gone,
            Err(problem) => {
                tracing::error!(%problem, feature = feature.name, "what is out of date could not be forgotten");
                failed = Some(problem);
            }
        }
    }
    tracing::debug!(rows, "forgot what is out of date");
    failed.map_or(Ok(()), Err)
}
