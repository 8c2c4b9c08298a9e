//! Group commit on SQLite, which has one writer: requests that wait for it share a transaction, each in a savepoint of its own, so that
//! the disk is waited for once (DeWitt et al., "Implementation techniques for main memory database systems", SIGMOD 1984). Each fails
//! alone, and is answered when the transaction is on the disk.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use diesel::connection::TransactionManager;
use diesel::prelude::*;
use tokio::sync::oneshot;

use super::transactions::{BEGIN, begin_writing, end, roll_back};
use super::turn::Noted;
use super::{Conn, Db, errors};
use crate::mutex::unpoisoned;
use crate::problem::{Code, Problem};

/// Units of one transaction at most.
const LARGEST: usize = 64;
/// How long units are added to one.
const LONGEST: Duration = Duration::from_millis(20);

/// What one request writes.
trait Unit: Send {
    /// It is done from now on, whether or not whoever waits for it goes.
    fn begun(&self);
    /// Does it, and keeps what came of it until it is known whether that stays.
    fn run(&mut self, conn: &mut Conn) -> Result<(), Problem>;
    /// Tells whoever waits how it ended.
    fn answer(self: Box<Self>, ended: Result<(), Problem>);
}

struct Written<T, F> {
    work: F,
    made: Option<T>,
    tell: oneshot::Sender<Result<T, Problem>>,
    noted: Noted,
}

impl<T, F> Unit for Written<T, F>
where
    T: Send,
    F: FnMut(&mut Conn) -> Result<T, Problem> + Send,
{
    fn begun(&self) {
        self.noted.begun();
    }

    fn run(&mut self, conn: &mut Conn) -> Result<(), Problem> {
        // What one does wrong is not to end the others.
        let done = catch_unwind(AssertUnwindSafe(|| (self.work)(conn)));
        let done = done.unwrap_or_else(|_| Err(Problem::internal("a unit of work panicked")));
        self.made = Some(done?);
        Ok(())
    }

    fn answer(self: Box<Self>, ended: Result<(), Problem>) {
        let Self { made, tell, .. } = *self;
        let nothing = || Problem::internal("a unit of work made nothing");
        let answer = ended.and_then(|()| made.ok_or_else(nothing)).map_err(Problem::given_up);
        // Whoever has gone is not told.
        let _gone = tell.send(answer);
    }
}

/// A unit until somebody takes it up.
#[derive(Clone)]
struct Place(Arc<Mutex<Option<Box<dyn Unit>>>>);

impl Place {
    /// Takes the unit up. Whoever withdraws it knows by then that it was too late.
    fn take_up(&self) -> Option<Box<dyn Unit>> {
        let mut place = unpoisoned(&self.0);
        let unit = place.take()?;
        unit.begun();
        Some(unit)
    }

    fn withdraw(&self) -> Option<Box<dyn Unit>> {
        unpoisoned(&self.0).take()
    }
}

/// Takes a unit back with whoever waits for it, unless it was taken up.
struct Withdrawn(Place);

impl Drop for Withdrawn {
    fn drop(&mut self) {
        let _unit = self.0.withdraw();
    }
}

/// The units that wait, oldest first.
#[derive(Clone, Default)]
pub(super) struct Group(Arc<Mutex<VecDeque<Place>>>);

impl Group {
    fn wait(&self, unit: Box<dyn Unit>) -> Place {
        let place = Place(Arc::new(Mutex::new(Some(unit))));
        unpoisoned(&self.0).push_back(place.clone());
        place
    }

    fn next(&self) -> Option<Box<dyn Unit>> {
        let mut waiting = unpoisoned(&self.0);
        std::iter::from_fn(|| waiting.pop_front()).find_map(|place| place.take_up())
    }
}

impl Db {
    /// Writes in a transaction with others that wait for the writer. Whoever's turn it is does the work of all.
    pub(super) async fn write_together<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Problem> + Send + 'static,
    {
        let (tell, mut told) = oneshot::channel();
        let noted = Noted::here();
        let unit = Written { work, made: None, tell, noted: noted.clone() };
        let place = self.group.wait(Box::new(unit));
        let _withdrawn = Withdrawn(place.clone());
        let answered = tokio::select! {
            biased;
            answered = &mut told => answered,
            turn = self.writers.turn() => {
                match turn {
                    Ok(permit) => if let Some(unit) = place.take_up() {
                        let db = self.clone();
                        tokio::task::spawn_blocking(move || {
                            // Held by the thread, not by the request: a client that hangs up does not let two writers in.
                            let _held = permit;
                            db.lead(unit);
                        });
                    },
                    Err(busy) => if place.withdraw().is_some() {
                        return Err(busy);
                    },
                }
                told.await
            }
        };
        noted.settle(answered.map_err(Problem::outcome_unknown).flatten())
    }

    /// Does a unit, and with it those that wait.
    fn lead(&self, mut first: Box<dyn Unit>) {
        let begun = Instant::now();
        let begun_to_write = self.connection().and_then(|mut conn| {
            begin_writing(&mut conn, BEGIN)?;
            Ok(conn)
        });
        let mut conn = match begun_to_write {
            Ok(conn) => conn,
            // Another process may be writing.
            Err(problem) => {
                tracing::debug!(%problem, "nobody could join a transaction");
                return self.alone([first]);
            }
        };
        if let Err(problem) = first.run(&mut conn) {
            roll_back(&mut conn);
            drop(conn);
            return if self.may_pass(&problem) {
                self.alone([first]);
            } else {
                first.answer(Err(problem));
            };
        }
        let mut group = vec![(first, Ok(()))];
        while group.len() < LARGEST && begun.elapsed() < LONGEST {
            let Some(mut unit) = self.group.next() else { break };
            match in_savepoint(&mut conn, unit.as_mut()) {
                Ok(ended) => group.push((unit, ended)),
                Err(problem) => {
                    tracing::debug!(%problem, "a transaction of several was lost");
                    roll_back(&mut conn);
                    drop(conn);
                    let all = group.into_iter().map(|(unit, _)| unit);
                    return self.alone(all.chain([unit]));
                }
            }
        }
        let kept = end(&mut conn).map_err(|error| errors::at_commit(error).given_up());
        drop(conn);
        match kept {
            Ok(()) => group.into_iter().for_each(|(unit, ended)| unit.answer(ended)),
            Err(problem) if problem.code() == Code::OutcomeUnknown => {
                group.into_iter().for_each(|(unit, _)| unit.answer(Err(problem.clone())));
            }
            Err(problem) => {
                tracing::debug!(%problem, "a transaction of several was not kept");
                self.alone(group.into_iter().map(|(unit, _)| unit));
            }
        }
    }

    /// Does each in a transaction of its own.
    fn alone(&self, units: impl IntoIterator<Item = Box<dyn Unit>>) {
        for mut unit in units {
            let ended = self.write_alone(|conn| unit.run(conn));
            unit.answer(ended);
        }
    }
}

/// How a unit ended that leaves no trace where it failed.
///
/// # Errors
/// When the whole transaction is lost, which SQLite undoes itself where it cannot go on.
fn in_savepoint(conn: &mut Conn, unit: &mut dyn Unit) -> Result<Result<(), Problem>, Problem> {
    <Conn as Connection>::TransactionManager::begin_transaction(conn)?;
    let ended = unit.run(conn);
    if ended.as_ref().is_err_and(Problem::is_contention) {
        return ended.map(Ok);
    }
    if ended.is_ok() {
        end(conn)?;
    } else {
        <Conn as Connection>::TransactionManager::rollback_transaction(conn)?;
    }
    Ok(ended)
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;
    use futures_util::future::join_all;

    use super::super::turn::in_time;
    use super::super::{Database, Target};
    use super::*;

    diesel::table! {
        notes (id) { id -> Integer, }
    }

    const LONG: Duration = Duration::from_secs(20);

    fn db(folder: &tempfile::TempDir) -> Db {
        let settings = Database { queue: 1000, wait_seconds: 20, ..Database::sample() };
        let db = Db::open(Target::Sqlite(folder.path().join("notes.sqlite")), &settings).unwrap();
        let table = "CREATE TABLE notes (id INTEGER PRIMARY KEY NOT NULL)";
        db.write_blocking(|conn| Ok(conn.batch_execute(table)?)).unwrap();
        db
    }

    fn note(id: i32) -> impl FnMut(&mut Conn) -> Result<i32, Problem> + Send + 'static {
        note_then(id, move |_| Ok(id))
    }

    fn note_then(
        id: i32,
        mut then: impl FnMut(&mut Conn) -> Result<i32, Problem> + Send + 'static,
    ) -> impl FnMut(&mut Conn) -> Result<i32, Problem> + Send + 'static {
        move |conn| {
            diesel::insert_into(notes::table).values(notes::id.eq(id)).execute(conn)?;
            then(conn)
        }
    }

    fn noted(db: &Db) -> Vec<i32> {
        let all =
            |conn: &mut Conn| Ok(notes::table.select(notes::id).order(notes::id).load(conn)?);
        db.read_blocking(all).unwrap()
    }

    /// What requests write that all came while somebody else had the writer.
    async fn at_once<F>(db: &Db, all: Vec<F>) -> Vec<Result<i32, Problem>>
    where
        F: FnMut(&mut Conn) -> Result<i32, Problem> + Send + 'static,
    {
        let held = db.writers.turn().await.unwrap();
        let write = |work| async { in_time(LONG, db.write(work)).await.flatten() };
        let writes = join_all(all.into_iter().map(write));
        let (written, ()) = tokio::join!(writes, async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            drop(held);
        });
        written
    }

    #[actix_web::test]
    async fn those_who_wait_share_a_transaction_and_each_fails_alone() {
        let folder = tempfile::tempdir().unwrap();
        let db = db(&folder);
        let work = |number: i32| {
            note_then(number, move |conn| {
                // Whoever comes later sees what those before have done.
                let before: i64 =
                    notes::table.filter(notes::id.lt(number)).count().get_result(conn)?;
                match number % 10 {
                    3 => Err(Problem::invalid("/id", "not this one")),
                    7 => panic!("a fault of this one"),
                    _ => Ok(i32::try_from(before).unwrap()),
                }
            })
        };
        let written = at_once(&db, (1..=40).map(work).collect()).await;
        let stayed: Vec<i32> = (1..=40).filter(|number| ![3, 7].contains(&(number % 10))).collect();
        assert_eq!(noted(&db), stayed);
        for (number, result) in (1..=40).zip(&written) {
            match number % 10 {
                3 => assert_eq!(result.as_ref().unwrap_err().code(), Code::InvalidValue),
                7 => assert_eq!(result.as_ref().unwrap_err().code(), Code::Internal),
                _ => {
                    let before = stayed.iter().filter(|one| **one < number).count();
                    assert_eq!(*result.as_ref().unwrap(), i32::try_from(before).unwrap());
                }
            }
        }
    }

    #[actix_web::test]
    async fn where_the_transaction_is_lost_each_is_done_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let db = db(&folder);
        let work = |number: i32| {
            note_then(number, move |conn| {
                if number == 5 {
                    // As SQLite does where the disk is full.
                    conn.batch_execute("ROLLBACK")?;
                    return Err(Problem::disk_full("a test"));
                }
                Ok(number)
            })
        };
        let written = at_once(&db, (1..=9).map(work).collect()).await;
        assert_eq!(noted(&db), [1, 2, 3, 4, 6, 7, 8, 9]);
        let refused: Vec<Code> =
            written.iter().filter_map(|one| one.as_ref().err()).map(Problem::code).collect();
        assert_eq!(refused, [Code::DiskFull]);
    }

    #[actix_web::test]
    async fn who_has_gone_before_it_began_has_changed_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let db = db(&folder);
        let held = db.writers.turn().await.unwrap();
        let late = in_time(Duration::from_millis(20), db.write(note(1))).await;
        assert_eq!(late.unwrap_err().code(), Code::TookTooLong);
        drop(held);
        assert_eq!(at_once(&db, vec![note(2)]).await.pop().unwrap().unwrap(), 2);
        assert_eq!(noted(&db), [2]);
    }

    #[test]
    fn who_goes_before_a_thread_is_free_for_it_does_not_know() {
        let folder = tempfile::tempdir().unwrap();
        let db = db(&folder);
        let one_thread = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .max_blocking_threads(1)
            .build()
            .unwrap();
        one_thread.block_on(async {
            let busy =
                tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_millis(100)));
            let late = in_time(Duration::from_millis(20), db.write(note(1))).await;
            assert_eq!(late.unwrap_err().code(), Code::OutcomeUnknown);
            busy.await.unwrap();
            assert_eq!(in_time(LONG, db.write(note(2))).await.flatten().unwrap(), 2);
        });
        assert_eq!(noted(&db), [1, 2]);
    }

    #[actix_web::test]
    async fn who_goes_while_it_is_done_does_not_know() {
        let folder = tempfile::tempdir().unwrap();
        let db = db(&folder);
        let slow = |id| {
            note_then(id, move |_| {
                std::thread::sleep(Duration::from_millis(100));
                Ok(id)
            })
        };
        let late = in_time(Duration::from_millis(30), db.write(slow(1))).await;
        assert_eq!(late.unwrap_err().code(), Code::OutcomeUnknown);
        assert_eq!(at_once(&db, vec![note(2)]).await.pop().unwrap().unwrap(), 2);
        assert_eq!(noted(&db), [1, 2]);
    }

    #[actix_web::test]
    async fn many_at_once_are_all_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let db = db(&folder);
        let written = at_once(&db, (1..=300).map(note).collect()).await;
        assert!(written.iter().all(Result::is_ok));
        assert_eq!(noted(&db), (1..=300).collect::<Vec<i32>>());
        assert!(db.group.next().is_none());
    }
}
