//! Whose turn it is at the database. A request waits for a while, in a line that is not too long, and is told at once where it is; the
//! worker's own work waits until its turn comes. Knows neither tables nor HTTP.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::coop::unconstrained;
use tokio::time::timeout;

use super::Database;
use crate::problem::{Code, Problem};

tokio::task_local! {
    /// Of a request: whether it may have changed something by now.
    static CHANGED: Arc<AtomicBool>;
}

/// Those who wait for the same.
#[derive(Clone)]
pub(super) struct Line {
    permits: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    longest: usize,
    patience: Duration,
}

/// A place in a line, for as long as somebody waits there.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Line {
    /// One before so many that are served at once.
    pub(super) fn new(served: usize, settings: &Database) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(served)),
            waiting: Arc::default(),
            longest: settings.queue,
            patience: Duration::from_secs(settings.wait_seconds),
        }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// 503 for a request that would wait for too long.
    pub(super) async fn turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        if let Ok(permit) = self.permits.clone().try_acquire_owned() {
            return Ok(permit);
        }
        let turn = self.permits.clone().acquire_owned();
        if !is_of_a_request() {
            return turn.await.map_err(Problem::internal);
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _place = Place(&self.waiting);
        if before >= self.longest {
            return Err(busy());
        }
        timeout(self.patience, turn).await.map_err(|_| busy())?.map_err(Problem::internal)
    }

    /// Waits for a turn on a thread of its own, in the same line as everybody.
    ///
    /// # Errors
    /// 503 for who would wait for too long.
    pub(super) fn turn_of_thread(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let begun = Instant::now();
        // Nothing else is polled here that it would have to let go first.
        let mut turn = pin!(unconstrained(self.permits.clone().acquire_owned()));
        let waker = Arc::new(Waiting(thread::current())).into();
        loop {
            if let Poll::Ready(turn) = turn.as_mut().poll(&mut Context::from_waker(&waker)) {
                return turn.map_err(Problem::internal);
            }
            let left = self.patience.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Err(busy());
            }
            thread::park_timeout(left);
        }
    }
}

/// A thread that waits for its turn, and is woken when it comes.
struct Waiting(Thread);

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Whether somebody waits for an answer of what is being done.
pub(super) fn is_of_a_request() -> bool {
    CHANGED.try_with(|_| ()).is_ok()
}

fn busy() -> Problem {
    Problem::not_begun("Too many requests wait already. Nothing was changed.")
}

/// What a request that changes something has to be told about it, should it end before it knows.
#[derive(Clone, Default)]
pub(super) struct Noted(Option<Arc<AtomicBool>>, bool);

impl Noted {
    /// Of the request that asks; nobody's where none does.
    pub(super) fn here() -> Self {
        let changed = CHANGED.try_with(Arc::clone).ok();
        let before = changed.as_ref().is_some_and(|changed| changed.load(Ordering::Relaxed));
        Self(changed, before)
    }

    /// Something may have changed from now on.
    pub(super) fn begun(&self) {
        if let Some(changed) = &self.0 {
            changed.store(true, Ordering::Relaxed);
        }
    }

    /// It is known how it ended.
    pub(super) fn settle<T>(&self, done: Result<T, Problem>) -> Result<T, Problem> {
        if let Some(changed) = &self.0
            && done.as_ref().is_err_and(|problem| problem.code() != Code::OutcomeUnknown)
        {
            // A request has one thread.
            changed.store(self.1, Ordering::Relaxed);
        }
        done
    }
}

/// Does what changes something, and notes for the request whether it may have.
pub(super) async fn changing<T>(
    work: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    let noted = Noted::here();
    noted.begun();
    noted.settle(work.await)
}

/// The work of a request, which ends in time.
///
/// # Errors
/// When it does not: 504 where nothing was changed, 503 where that is not known.
pub async fn in_time<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, Problem> {
    let changed = Arc::new(AtomicBool::new(false));
    let why = "a request took longer than server.request_seconds";
    match timeout(limit, CHANGED.scope(changed.clone(), work)).await {
        Ok(done) => Ok(done),
        Err(_) if changed.load(Ordering::Relaxed) => Err(Problem::outcome_unknown(why)),
        Err(_) => Err(Problem::took_too_long(why)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(20);

    fn line() -> Line {
        Line::new(1, &Database::sample())
    }

    #[actix_web::test]
    async fn a_request_waits_for_a_while_and_the_worker_until_it_is_its_turn() {
        let line = line();
        let held = line.turn().await.unwrap();
        let refused = in_time(SHORT, line.turn()).await.unwrap();
        assert_eq!(refused.unwrap_err().code(), Code::Unavailable);
        assert!(timeout(SHORT, line.turn()).await.is_err(), "it waits on");
        drop(held);
        assert!(in_time(SHORT, line.turn()).await.unwrap().is_ok());
        assert_eq!(line.waiting.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn a_thread_waits_in_the_same_line() {
        let line = Line::new(1, &Database { wait_seconds: 20, ..Database::sample() });
        let held = line.turn_of_thread().unwrap();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| line.turn_of_thread().map(drop));
            std::thread::sleep(SHORT);
            assert!(!waiting.is_finished(), "somebody else has it");
            drop(held);
            assert!(waiting.join().unwrap().is_ok());
        });
        let line = self::line();
        let _held = line.turn_of_thread().unwrap();
        assert_eq!(line.turn_of_thread().unwrap_err().code(), Code::Unavailable);
    }

    #[actix_web::test]
    async fn a_thread_has_as_many_turns_as_it_asks_for() {
        let line = line();
        assert!((0..1000).all(|_| line.turn_of_thread().is_ok()));
    }

    #[actix_web::test]
    async fn a_request_that_ends_too_late_says_what_is_known() {
        async fn never() -> Result<(), Problem> {
            std::future::pending().await
        }
        let code = |late: Result<Result<(), Problem>, Problem>| late.unwrap_err().code();
        assert_eq!(code(in_time(SHORT, never()).await), Code::TookTooLong);
        assert_eq!(code(in_time(SHORT, changing(never())).await), Code::OutcomeUnknown);
        let refused = async {
            let refused = changing(async { Err::<(), _>(Problem::not_found("review")) }).await;
            assert!(refused.is_err());
            never().await
        };
        assert_eq!(code(in_time(SHORT, refused).await), Code::TookTooLong);
        let changed = async {
            changing(async { Ok(()) }).await.unwrap();
            never().await
        };
        assert_eq!(code(in_time(SHORT, changed).await), Code::OutcomeUnknown);
    }
}
