//! Whose turn it is at the database. A request waits for a while, in a line that is not too long, and is told at once where it is; the
//! worker's own work waits until its turn comes. Knows neither tables nor HTTP.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::coop::unconstrained;
use tokio::time::timeout;

use super::Database;
use crate::mutex::unpoisoned;
use crate::problem::{Code, Problem};

tokio::task_local! {
    /// Of a request: whether it may have changed something by now.
    static CHANGED: Arc<AtomicBool>;
}

/// So many may always wait.
const FEW: usize = 32;
/// How long one takes until it was seen how long they take.
const PRESUMED: Duration = Duration::from_millis(2);
/// For how long it is looked how many get their turn.
const LOOK: Duration = Duration::from_millis(100);

/// Those who wait for the same.
#[derive(Clone)]
pub(super) struct Line {
    permits: Arc<Semaphore>,
    waiting: Arc<Waiting>,
    longest: usize,
    /// Who has to wait for longer is told so at once, and may come again: a line moves no faster for being longer.
    bearable: Duration,
    patience: Duration,
}

/// How many wait, and how fast they get their turn.
struct Waiting {
    count: AtomicUsize,
    pace: Mutex<Pace>,
}

/// How fast a line moves while somebody waits in it.
struct Pace {
    /// From one who left the line to the next.
    each: Duration,
    /// Since when it is looked now, and how many have left since; none while nobody waits.
    look: Option<(Instant, u32)>,
}

impl Default for Waiting {
    fn default() -> Self {
        let pace = Pace { each: PRESUMED, look: None };
        Self { count: AtomicUsize::new(0), pace: Mutex::new(pace) }
    }
}

impl Pace {
    /// One has left, after whom so many wait.
    fn left(&mut self, still: usize, now: Instant) {
        let (since, gone) = self.look.unwrap_or((now, 0));
        let (gone, elapsed) = (gone + 1, now.saturating_duration_since(since));
        self.look = Some((since, gone));
        if elapsed >= LOOK {
            self.each = (self.each + elapsed / gone) / 2;
            self.look = Some((now, 0));
        }
        if still == 0 {
            self.look = None;
        }
    }
}

/// A place in a line, for as long as somebody waits there.
struct Place<'a>(&'a Waiting);

impl<'a> Place<'a> {
    /// The last one; none where that would be too long a wait, which says nothing of how fast the line moves.
    fn behind_all(line: &'a Line) -> Option<Self> {
        let (waiting, longest) = (&*line.waiting, line.longest);
        let mut pace = unpoisoned(&waiting.pace);
        let before = waiting.count.load(Ordering::Relaxed);
        let wait = pace.each * u32::try_from(before).unwrap_or(u32::MAX);
        if before >= longest || before >= FEW && wait > line.bearable {
            return None;
        }
        pace.look.get_or_insert_with(|| (Instant::now(), 0));
        waiting.count.fetch_add(1, Ordering::Relaxed);
        Some(Self(waiting))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut pace = unpoisoned(&self.0.pace);
        let still = self.0.count.fetch_sub(1, Ordering::Relaxed) - 1;
        pace.left(still, Instant::now());
    }
}

impl Line {
    /// One before so many that are served at once.
    pub(super) fn new(served: usize, settings: &Database) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(served)),
            waiting: Arc::default(),
            longest: settings.queue,
            bearable: Duration::from_millis(settings.bearable_ms),
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
        let _place = Place::behind_all(self).ok_or_else(busy)?;
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
        let waker = Arc::new(Parked(thread::current())).into();
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
struct Parked(Thread);

impl Wake for Parked {
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
        assert_eq!(line.waiting.count.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn a_line_is_as_long_as_it_moves_fast() {
        let of = |each, before| {
            let pace = Mutex::new(Pace { each, look: None });
            let waiting = Arc::new(Waiting { count: AtomicUsize::new(before), pace });
            Place::behind_all(&Line { waiting, longest: 1000, ..line() }).is_some()
        };
        let (fast, slow) = (Duration::from_millis(1), Duration::from_millis(50));
        assert!(of(fast, 900) && !of(fast, 1000));
        assert!(of(slow, 30) && !of(slow, 40));
        assert!(of(Duration::from_secs(60), FEW - 1), "a few may always wait");
    }

    #[test]
    fn who_is_refused_does_not_move_the_line() {
        let line = Line { longest: 1000, ..line() };
        let waiting: Vec<_> = (0..300).filter_map(|_| Place::behind_all(&line)).collect();
        unpoisoned(&line.waiting.pace).each = Duration::from_millis(50);
        for _ in 0..1000 {
            assert!(Place::behind_all(&line).is_none());
        }
        let pace = unpoisoned(&line.waiting.pace);
        assert_eq!(pace.look.unwrap().1, 0, "nobody has left");
        drop(pace);
        assert_eq!(line.waiting.count.load(Ordering::Relaxed), waiting.len());
    }

    #[test]
    fn how_fast_a_line_moves_is_seen_while_somebody_waits() {
        let mut pace = Pace { each: PRESUMED, look: None };
        let mut now = Instant::now();
        let step = |pace: &mut Pace, each: u64, still, now: &mut Instant| {
            *now += Duration::from_millis(each);
            pace.left(still, *now);
        };
        for _ in 0..200 {
            step(&mut pace, 20, 5, &mut now);
        }
        assert!((19..=21).contains(&pace.each.as_millis()), "{:?}", pace.each);
        // Nobody waits for a minute: that says nothing.
        step(&mut pace, 20, 0, &mut now);
        let before = pace.each;
        step(&mut pace, 60_000, 5, &mut now);
        assert_eq!(pace.each, before);
        // What held up everybody once is over soon.
        step(&mut pace, 5_000, 5, &mut now);
        assert!(pace.each > Duration::from_secs(1));
        for _ in 0..1000 {
            step(&mut pace, 2, 5, &mut now);
        }
        assert!(pace.each < Duration::from_millis(10), "{:?}", pace.each);
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
