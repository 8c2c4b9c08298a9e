//! How many requests each may send: a token bucket (GCRA) for each caller or address, in the process's memory. What is tried out
//! (passwords, links, registrations) is counted together with the other processes of the instance, by [`together`]; what else is asked
//! for, each process counts for itself. And how often may be done what is counted by what was noted of it.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, OnceLock};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use self::together::{Taken, What};
use crate::db::types::Timestamp;
use crate::mutex::unpoisoned;
use crate::problem::{Code, Problem};
use crate::settings;
use crate::tokens::KeyedHash;

pub mod together;

type Limiter = RateLimiter<
    u64,
    governor::state::keyed::DefaultKeyedStateStore<u64>,
    DefaultClock,
    StateInformationMiddleware,
>;

/// Wrong passwords for one account that are taken from one address.
const FROM_ONE_ADDRESS: Window = Window { most: 10, hours: 1 };
/// And from all together: more than one address is somebody who has many.
const FROM_ANYWHERE: Window = Window { most: 100, hours: 1 };

/// The buckets.
pub struct Limits {
    requests: Bucket,
    sign_ins: Bucket,
    links: Bucket,
    registrations: Bucket,
    wrong: WrongPasswords,
    /// Nobody who sees the keys, here or on their way to another process, can tell whose they are.
    key: KeyedHash,
    others: OnceLock<SyncSender<Taken>>,
}

struct Bucket {
    limiter: Limiter,
    per_minute: u32,
}

/// What is left, for the `RateLimit` headers.
#[derive(Debug, Clone, Copy)]
pub struct Left {
    /// Requests a minute.
    pub quota: u32,
    /// Requests left at once.
    pub remaining: u32,
}

impl Limits {
    /// Empty buckets of the sizes that are set, which `key` names.
    pub fn new(settings: &settings::Limits, key: KeyedHash) -> Self {
        Self {
            requests: Bucket::of(settings.requests_per_minute),
            sign_ins: Bucket::of(settings.sign_in_per_minute),
            links: Bucket::of(settings.links_per_minute),
            registrations: Bucket::of(settings.registrations_per_minute),
            wrong: WrongPasswords::default(),
            key: key.with(b"limits"),
            others: OnceLock::new(),
        }
    }

    /// Takes one request of whoever `who` is (an account or an address; only its hash is kept), or 429.
    pub fn request(&self, who: &str) -> Result<Left, Problem> {
        self.requests.take(self.key_of(who))
    }

    /// Takes one attempt to sign in from an address, or 429.
    pub fn sign_in(&self, address: &str) -> Result<Left, Problem> {
        self.shared(&self.sign_ins, What::SignIn, address)
    }

    /// Takes one link that is asked for from an address, or 429. (An address of mail is sent few in any case.)
    pub fn link(&self, address: &str) -> Result<Left, Problem> {
        self.shared(&self.links, What::Link, address)
    }

    /// Takes one registration, or one try at it, from an address, or 429.
    pub fn registration(&self, address: &str) -> Result<Left, Problem> {
        self.shared(&self.registrations, What::Registration, address)
    }

    /// Takes one password that is tried for the account of an e-mail address, whether there is one or not, or 429: too many were wrong.
    /// Whose it is can still sign in by a mailed link, and from another address.
    pub fn password(&self, email: &str, address: &str, now: Timestamp) -> Result<Try<'_>, Problem> {
        let from_here = self.key_of(&format!("{email} from {address}"));
        let keys = [(from_here, FROM_ONE_ADDRESS), (self.key_of(email), FROM_ANYWHERE)];
        self.wrong.begin(keys, now)?;
        Ok(Try { limits: self, keys: keys.map(|(key, _)| key), at: now })
    }

    /// Forgets buckets that are full again.
    pub fn tidy(&self, now: Timestamp) {
        for bucket in [&self.requests, &self.sign_ins, &self.links, &self.registrations] {
            bucket.limiter.retain_recent();
        }
        self.wrong.tidy(now);
    }

    /// Takes one for `who` from a bucket that all processes share.
    fn shared(&self, bucket: &Bucket, what: What, who: &str) -> Result<Left, Problem> {
        let key = self.key_of(who);
        let left = bucket.take(key)?;
        self.tell(Taken { what, key });
        Ok(left)
    }

    /// Takes what another process took. That nothing was left of it here is that one's affair.
    fn took(&self, Taken { what, key }: Taken, now: Timestamp) {
        let bucket = match what {
            What::SignIn => &self.sign_ins,
            What::Link => &self.links,
            What::Registration => &self.registrations,
            What::WrongPassword => return self.wrong.note(key, now),
        };
        let _ = bucket.take(key);
    }

    fn tell(&self, taken: Taken) {
        if let Some(others) = self.others.get() {
            // Where so much is waiting that there is no room, each process has enough of its own.
            let _ = others.try_send(taken);
        }
    }

    fn key_of(&self, who: &str) -> u64 {
        let hash = self.key.clone().with(who.as_bytes()).finish();
        u64::from_be_bytes(hash[..8].try_into().unwrap_or_default())
    }
}

impl Bucket {
    fn of(per_minute: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
        let limiter =
            DefaultKeyedRateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>();
        Self { limiter, per_minute }
    }

    fn take(&self, key: u64) -> Result<Left, Problem> {
        let quota = self.per_minute;
        match self.limiter.check_key(&key) {
            Ok(snapshot) => Ok(Left { quota, remaining: snapshot.remaining_burst_capacity() }),
            Err(not_until) => {
                let seconds = not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
                let detail = format!("{quota} a minute are taken; try again in {seconds} seconds.");
                Err(Problem::new(Code::TooManyRequests, detail)
                    .with_header("Retry-After", seconds.to_string()))
            }
        }
    }
}

/// A password that is being tried: it counts as wrong unless it is said to be right.
#[must_use]
pub struct Try<'l> {
    limits: &'l Limits,
    keys: [u64; 2],
    at: Timestamp,
}

impl Try<'_> {
    /// It was right, and counts no more.
    pub fn right(self) {
        self.limits.wrong.take_back(self.keys, self.at);
    }

    /// It was wrong; the other processes are told.
    pub fn wrong(self) {
        for key in self.keys {
            self.limits.tell(Taken { what: What::WrongPassword, key });
        }
    }
}

/// When wrong passwords were tried, by the key of an account, or of an account from an address.
#[derive(Default)]
struct WrongPasswords(Mutex<HashMap<u64, Vec<Timestamp>>>);

impl WrongPasswords {
    fn with<T>(&self, work: impl FnOnce(&mut HashMap<u64, Vec<Timestamp>>) -> T) -> T {
        work(&mut unpoisoned(&self.0))
    }

    fn begin(&self, keys: [(u64, Window); 2], now: Timestamp) -> Result<(), Problem> {
        self.with(|tried| {
            for (key, window) in keys {
                let times = tried.entry(key).or_default();
                times.retain(|at| *at > window.since(now));
                window.require_room(
                    times,
                    now,
                    "Too many wrong passwords were tried for this address. Sign in by a mailed link, or try again later.",
                )?;
            }
            for (key, _) in keys {
                tried.entry(key).or_default().push(now);
            }
            Ok(())
        })
    }

    fn take_back(&self, keys: [u64; 2], at: Timestamp) {
        self.with(|tried| {
            for key in keys {
                let Some(times) = tried.get_mut(&key) else { continue };
                if let Some(place) = times.iter().rposition(|one| *one == at) {
                    times.remove(place);
                }
            }
        });
    }

    fn note(&self, key: u64, at: Timestamp) {
        self.with(|tried| {
            let times = tried.entry(key).or_default();
            if times.len() < FROM_ANYWHERE.most {
                times.push(at);
            }
        });
    }

    fn tidy(&self, now: Timestamp) {
        self.with(|tried| {
            tried.retain(|_, times| {
                times.retain(|at| *at > FROM_ANYWHERE.since(now));
                !times.is_empty()
            });
        });
    }
}

/// How often something may be done within some hours.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// So often.
    pub most: usize,
    /// Within so many hours.
    pub hours: i64,
}

impl Window {
    /// From when on it counts what was done.
    pub fn since(self, now: Timestamp) -> Timestamp {
        now.plus(chrono::Duration::hours(-self.hours))
    }

    /// 429 when it was done as often as it may be, with the seconds until enough of it counts no more.
    /// `times` are those after [`Window::since`], oldest first.
    pub fn require_room(
        self,
        times: &[Timestamp],
        now: Timestamp,
        detail: impl Into<String>,
    ) -> Result<(), Problem> {
        let Some(too_many) = times.len().checked_sub(self.most) else { return Ok(()) };
        let free =
            times.get(too_many).map_or(now, |last| last.plus(chrono::Duration::hours(self.hours)));
        // Whoever comes a part of a second early is refused again.
        let wait = (free.utc() - now.utc()).num_milliseconds().max(0) / 1000 + 1;
        Err(Problem::new(Code::TooManyRequests, detail)
            .with_header("Retry-After", wait.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_as_long_as_they_are_told_may_do_it_again() {
        let window = Window { most: 2, hours: 24 };
        let start: Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
        let after = |seconds: i64| start.plus(chrono::Duration::seconds(seconds));
        let counted = |times: &[Timestamp], now: Timestamp| -> Vec<Timestamp> {
            times.iter().copied().filter(|at| *at > window.since(now)).collect()
        };
        let times = [after(0), after(3600), after(7200)];
        assert!(window.require_room(&times[..1], after(3601), "no").is_ok());
        for (times, now) in [(&times[..2], after(3601)), (&times[..], after(7201))] {
            let refused = window.require_room(&counted(times, now), now, "no").unwrap_err();
            let [(name, wait)] = refused.headers() else { panic!("one header") };
            assert_eq!(*name, "Retry-After");
            let wait: i64 = wait.parse().unwrap();
            let early = now.plus(chrono::Duration::seconds(wait - 2));
            let later = now.plus(chrono::Duration::seconds(wait));
            assert!(window.require_room(&counted(times, early), early, "no").is_err());
            assert!(window.require_room(&counted(times, later), later, "no").is_ok());
        }
    }
}
