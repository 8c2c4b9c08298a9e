//! What is done beside the requests: mail is sent, jobs are run, what is due is done, and what is out of date is forgotten. Any
//! number of processes may do it, each one mail after the other.
//! A mail is claimed, sent, and noted as sent before the next one is claimed: whoever is stopped in between sends at most that one again,
//! and none is lost.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::app::App;
use crate::correspondence;
use crate::db::Conn;
use crate::jobs;
use crate::mailer::Mailer;
use crate::mailer::bounces::{self, BounceReport};
use crate::outbox::{self, Failure, Row};
use crate::pace::{self, Pace};
use crate::privacy;
use crate::problem::{Code, Problem};
use crate::registry::Clear;
use crate::work::{Credentials, Work};

/// Between two looks for what is due.
const EVERY: Duration = Duration::from_secs(1);
/// Between two clearings.
const CLEARING: Duration = Duration::from_secs(300);
/// Between two looks for reports of delivery.
const READING: Duration = Duration::from_secs(60);
/// Between two purges, where they are done without being asked for.
const PURGING: Duration = Duration::from_secs(24 * 3600);

/// Works until `stopped` says so or its sender is gone; what is being sent is finished first.
pub async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    let mailer = match Mailer::open(&app.settings) {
        Ok(mailer) => mailer,
        Err(error) => {
            tracing::error!(error, "no mail will be sent");
            return;
        }
    };
    // Beside each other: neither a long job nor a slow mail server must keep the rest waiting.
    let jobs = tokio::spawn(jobs::runner::run(app.clone(), stopped.clone()));
    let mails = tokio::spawn(send_all(app.clone(), mailer, stopped.clone()));
    let mut rounds = rounds(&app);
    loop {
        for round in &mut rounds {
            round.when_due(&app).await;
        }
        let next = rounds.iter().map(|round| round.due).min().unwrap_or_else(Instant::now);
        let pause = next.saturating_duration_since(Instant::now()).min(EVERY);
        if pace::wait(&app.db, pause, &mut stopped).await {
            break;
        }
    }
    note(jobs.await, "the jobs came to no good end");
    note(mails.await, "the sending of mail came to no good end");
    note(tokio::task::spawn_blocking(move || app.stop()).await, "the program came to no good end");
}

fn note<T>(result: Result<T, tokio::task::JoinError>, what: &str) {
    if let Err(error) = result {
        tracing::error!(%error, "{what}");
    }
}

type Doing = Pin<Box<dyn Future<Output = Result<(), Problem>> + Send>>;

/// What is done again and again.
struct Round {
    every: Duration,
    due: Instant,
    pace: Pace,
    does: Box<dyn Fn(App) -> Doing + Send + Sync>,
}

impl Round {
    fn new(
        what: impl Into<String>,
        every: Duration,
        does: impl Fn(App) -> Doing + Send + Sync + 'static,
    ) -> Self {
        let (due, pace) = (Instant::now(), Pace::new(what));
        Self { every, due, pace, does: Box::new(does) }
    }

    async fn when_due(&mut self, app: &App) {
        if Instant::now() < self.due {
            return;
        }
        let done = (self.does)(app.clone()).await;
        self.due = Instant::now() + self.pace.after(&app.db, &done, self.every);
    }
}

/// Purging, where it is done by itself, clearing, and what every feature looks for.
fn rounds(app: &App) -> Vec<Round> {
    let mut rounds = Vec::new();
    if app.settings.retention.automatic {
        let purging = |app| -> Doing { Box::pin(purge(app)) };
        rounds.push(Round::new("the daily purge failed", PURGING, purging));
    }
    let clearing = |app: App| -> Doing { Box::pin(async move { clear(&app).await }) };
    rounds.push(Round::new("clearing failed", CLEARING, clearing));
    if !app.settings.mail.reports_maildir.as_os_str().is_empty() {
        let reading = |app: App| -> Doing { Box::pin(async move { read_reports(&app).await }) };
        rounds.push(Round::new("reports of delivery could not be read", READING, reading));
    }
    for feature in app.registry.features() {
        if let Some(sweep) = feature.sweep {
            let what = format!("what was due could not be done: {}", feature.name);
            let sweeping =
                move |app| -> Doing { Box::pin(async move { sweep(app).await.map(drop) }) };
            rounds.push(Round::new(what, EVERY, sweeping));
        }
    }
    rounds
}

/// Reads what mail servers report of mail that they had taken. A report is put away once what it says is noted, whatever that is. Every
/// process may do it: what one has put away the other does not find, and of a report that is read twice nothing comes.
pub async fn read_reports(app: &App) -> Result<(), Problem> {
    let (mut noted, mut passed_over) = (0, 0);
    let maildir = app.settings.mail.reports_maildir.clone();
    let found = tokio::task::spawn_blocking(move || bounces::waiting(&maildir)).await;
    for BounceReport { file, bounce } in found.map_err(Problem::internal)?.map_err(unreadable)? {
        let known = match bounce {
            Some(one) => {
                let note = move |work: &mut Work| correspondence::service::reported(work, &one);
                app.write(Credentials::Operator, note).await?
            }
            None => false,
        };
        *(if known { &mut noted } else { &mut passed_over }) += 1;
        let maildir = app.settings.mail.reports_maildir.clone();
        let moved = tokio::task::spawn_blocking(move || bounces::done(&maildir, &file)).await;
        moved.map_err(Problem::internal)?.map_err(unreadable)?;
    }
    if noted + passed_over > 0 {
        tracing::info!(noted, passed_over, "reports of delivery were read");
    }
    Ok(())
}

fn unreadable(why: String) -> Problem {
    Problem::new(Code::Unavailable, why)
}

/// What became of a mail that was due.
enum Tried {
    /// The mail server had an answer.
    Answered,
    /// It had none, and would have none for others now.
    Unanswered,
}

/// Sends mail until it is to stop; less and less often while the database or the mail server is away.
async fn send_all(app: App, mailer: Mailer, mut stopped: watch::Receiver<bool>) {
    let mut pace = Pace::new("the outbox could not be worked on");
    let mut unanswered = 0;
    loop {
        let tried = send_next(&app, &mailer).await;
        let every = match &tried {
            Ok(Some(Tried::Answered)) => {
                unanswered = 0;
                Duration::ZERO
            }
            Ok(Some(Tried::Unanswered)) => {
                unanswered += 1;
                pace::pause(unanswered)
            }
            Ok(None) | Err(_) => EVERY,
        };
        let pause = pace.after(&app.db, &tried, every);
        if pace::wait(&app.db, pause, &mut stopped).await {
            return;
        }
    }
}

/// Sends what is due, one mail after the other, until nothing is or the mail server has no answer; how many mails were tried.
pub async fn send_due(app: &App, mailer: &Mailer) -> Result<usize, Problem> {
    let mut tried = 0;
    while let Some(one) = send_next(app, mailer).await? {
        tried += 1;
        if matches!(one, Tried::Unanswered) {
            break;
        }
    }
    Ok(tried)
}

/// Sends the next mail that is due, if one is, and notes what came of it.
async fn send_next(app: &App, mailer: &Mailer) -> Result<Option<Tried>, Problem> {
    let now = app.clock.now();
    // A look costs nobody anything; only when mail is due is a write begun.
    let look = move |conn: &mut Conn| Ok((outbox::pending(conn)?, outbox::is_due(conn, now)?));
    let (waiting, is_due) = app.db.read(look).await?;
    app.metrics.outbox_pending.set(waiting);
    let next =
        if is_due { app.db.write(move |conn| outbox::claim(conn, now)).await? } else { None };
    let Some(row) = next else {
        mailer.rest().await;
        return Ok(None);
    };
    match mailer.send(&row).await {
        Ok(()) => {
            app.metrics.mails_sent.inc();
            note_sent(app, &row).await;
            app.metrics.outbox_pending.set(waiting - 1);
            Ok(Some(Tried::Answered))
        }
        Err(failure) => {
            app.metrics.mails_failed.inc();
            // The error stays with the mail: a mail server's answer may name the address, and a log must not.
            tracing::warn!(mail = %row.id, attempt = row.attempts + 1, "a mail could not be sent");
            let tried = match &failure {
                Failure::Unreachable(_) => Tried::Unanswered,
                Failure::Refused(_) | Failure::PutOff(_) => Tried::Answered,
            };
            let failed =
                move |work: &mut Work| correspondence::service::failed(work, &row, &failure);
            app.write(Credentials::Operator, failed).await?;
            Ok(Some(tried))
        }
    }
}

/// Notes that a mail was sent, however long that takes: until it is known it would be sent again, so nothing else is sent. Should
/// another process have claimed it meanwhile, it is that one's to say.
async fn note_sent(app: &App, row: &Row) {
    let (unlinkable, now) = (app.ids.unlinkable(), app.clock.now());
    let mut pace = Pace::new("it could not be noted that a mail was sent");
    loop {
        let sent = row.clone();
        let note = move |conn: &mut Conn| outbox::sent(conn, &sent, unlinkable, now);
        let noted = app.db.write(note).await;
        let pause = pace.after(&app.db, &noted, Duration::ZERO);
        if noted.is_ok() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = app.db.reached() => {}
        }
    }
}

/// Forgets what is kept for longer than it may be. Every process may do it: what is gone already is not found again.
async fn purge(app: App) -> Result<(), Problem> {
    let done = tokio::task::spawn_blocking(move || {
        privacy::retention::purge_all(&app, privacy::Occasion::Daily)
    });
    done.await.map_err(Problem::internal)?.map(|_| ())
}

/// Lets every feature forget what is out of date by itself: answers to retries, links and tokens, texts of mails and so on. Each in
/// transactions of its own: what one cannot forget must not keep the others from it, nor anybody from writing.
pub async fn clear(app: &App) -> Result<(), Problem> {
    app.limits.tidy(app.clock.now());
    let (mut rows, mut failed) = (0, None);
    for feature in app.registry.features() {
        let Some(clear) = feature.clear else { continue };
        match clear_all_of(app, clear).await {
            Ok(gone) => rows += gone,
            Err(problem) if app.db.is_away() => return Err(problem),
            Err(problem) => {
                tracing::error!(%problem, feature = feature.name, "what is out of date could not be forgotten");
                failed = Some(problem);
            }
        }
    }
    tracing::debug!(rows, "forgot what is out of date");
    failed.map_or(Ok(()), Err)
}

/// Lets a feature clear, a part in each write, until there is no more; how many rows.
async fn clear_all_of(app: &App, clear: Clear) -> Result<usize, Problem> {
    let mut rows = 0;
    loop {
        let gone = app.write(Credentials::Operator, clear).await?;
        rows += gone.rows;
        // What is left has time until the program is there again.
        if !gone.more || app.lookout.is_leaving() {
            return Ok(rows);
        }
    }
}
