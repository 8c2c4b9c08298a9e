//! Lets the processes of an instance count together what is tried out: over PostgreSQL each tells the others at once what it took. It is
//! said and not kept: no table tells from where or when somebody tried to come in, and whoever listens hears keys that only the
//! instance can tell anything from. What a process was not there to hear, it does not know; while PostgreSQL is away, each counts for
//! itself.

use std::convert::Infallible;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::Limits;
use crate::clock::Clock;
use crate::db::Db;

/// The channel of PostgreSQL.
const CHANNEL: &str = "rapporteur_limits";
/// Between two looks whether others have told something.
const LOOK: Duration = Duration::from_millis(50);
/// Between two tries to reach PostgreSQL.
const PAUSE: Duration = Duration::from_secs(5);
/// Told in one message at most, which must stay under 8000 bytes.
const AT_ONCE: usize = 400;
/// Waiting to be told at most.
const WAITING: usize = 10_000;

/// What was taken, and the key of the bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    /// What.
    pub what: What,
    /// From which bucket.
    pub key: u64,
}

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// An attempt to sign in.
    SignIn,
    /// A link that was asked for.
    Link,
    /// A registration.
    Registration,
    /// A wrong password.
    WrongPassword,
}

impl What {
    const ALL: [(Self, char); 4] = [
        (Self::SignIn, 's'),
        (Self::Link, 'l'),
        (Self::Registration, 'r'),
        (Self::WrongPassword, 'w'),
    ];
}

fn written(taken: &[Taken]) -> String {
    let one = |taken: &Taken| {
        let sign = What::ALL.iter().find(|(what, _)| *what == taken.what);
        sign.map(|(_, sign)| format!("{sign}{:016x}", taken.key))
    };
    taken.iter().filter_map(one).collect()
}

/// What a message says; what is not of our making says nothing.
fn read(text: &str) -> Vec<Taken> {
    let one = |part: &[u8]| {
        let text = std::str::from_utf8(part).ok()?;
        let (what, _) = What::ALL.iter().find(|(_, sign)| text.starts_with(*sign))?;
        Some(Taken { what: *what, key: u64::from_str_radix(text.get(1..)?, 16).ok()? })
    };
    text.as_bytes().chunks_exact(17).filter_map(one).collect()
}

/// Begins to count together with the other processes on the same PostgreSQL, for as long as `limits` are there. SQLite has one server.
///
/// # Errors
/// When no thread can be had.
pub fn begin(limits: &Arc<Limits>, db: &Db, clock: &Clock) -> Result<(), String> {
    if !db.is_shared() {
        return Ok(());
    }
    let (tell, told) = sync_channel(WAITING);
    if limits.others.set(tell).is_err() {
        return Ok(());
    }
    let process =
        Process { limits: Arc::downgrade(limits), db: db.clone(), clock: clock.clone(), told };
    let named = thread::Builder::new().name("limits".to_owned());
    named.spawn(move || process.run()).map(drop).map_err(|error| error.to_string())
}

struct Process {
    limits: Weak<Limits>,
    db: Db,
    clock: Clock,
    told: Receiver<Taken>,
}

/// Why it is counted alone.
enum End {
    /// The server stops.
    Over,
    /// PostgreSQL cannot be reached.
    Away(String),
}

impl<E: std::error::Error> From<E> for End {
    fn from(error: E) -> Self {
        Self::Away(error.to_string())
    }
}

diesel::define_sql_function! {
    /// The process of PostgreSQL that a connection talks to.
    fn pg_backend_pid() -> Integer;
}
diesel::define_sql_function! {
    /// Tells everybody who listens to a channel. (What it returns is nothing.)
    fn pg_notify(channel: Text, message: Text) -> Text;
}

impl Process {
    fn run(self) {
        let mut away = false;
        loop {
            let Err(end) = self.together(&mut away);
            match end {
                End::Over => return,
                End::Away(error) => {
                    if !away {
                        tracing::warn!(error, "what is tried out is counted by this process alone");
                    }
                    away = true;
                    thread::sleep(PAUSE);
                    // What was taken meanwhile is old by now.
                    self.told.try_iter().for_each(drop);
                }
            }
            if self.limits.strong_count() == 0 {
                return;
            }
        }
    }

    /// Tells and hears until it ends.
    fn together(&self, away: &mut bool) -> Result<Infallible, End> {
        let mut conn = self.db.apart()?;
        conn.batch_execute(&format!("LISTEN {CHANNEL}"))?;
        let own: i32 = diesel::select(pg_backend_pid()).get_result(&mut conn)?;
        if std::mem::take(away) {
            tracing::info!("what is tried out is counted by all processes again");
        }
        loop {
            let mut taken = Vec::new();
            match self.told.recv_timeout(LOOK) {
                Ok(first) => taken.push(first),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(End::Over),
            }
            taken.extend(self.told.try_iter().take(AT_ONCE - 1));
            if !taken.is_empty() {
                diesel::select(pg_notify(CHANNEL, written(&taken))).execute(&mut conn)?;
            }
            let Some(limits) = self.limits.upgrade() else { return Err(End::Over) };
            for heard in conn.notifications_iter() {
                let heard = heard?;
                if heard.process_id != own {
                    for taken in read(&heard.payload) {
                        limits.took(taken, self.clock.now());
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_heard() {
        let all = What::ALL.map(|(what, sign)| Taken { what, key: u64::MAX - u64::from(sign) });
        let text = written(&all);
        assert_eq!(read(&text), all);
        assert!(written(&[all[0]; AT_ONCE]).len() < 8000);
    }

    #[test]
    fn what_nobody_of_ours_said_is_passed_over() {
        for text in [
            "",
            "s",
            "s12",
            "x0000000000000001",
            "s00000000000000-1z",
            "sééééééééx",
            "s+000000000000001",
        ] {
            assert!(read(text).iter().all(|one| one.key == 1), "{text}");
        }
    }
}
