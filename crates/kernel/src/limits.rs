//! How many requests each may send: a token bucket (GCRA) for each caller or address. Lives in the process's memory;
//! behind several processes each counts for itself. And how often may be done what is counted by what was noted of it.

use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};

use crate::db::types::Timestamp;
use crate::problem::{Code, Problem};
use crate::settings;

type Limiter = RateLimiter<
    u64,
    governor::state::keyed::DefaultKeyedStateStore<u64>,
    DefaultClock,
    StateInformationMiddleware,
>;

/// The buckets.
pub struct Limits {
    requests: Limiter,
    sign_ins: Limiter,
    links: Limiter,
    registrations: Limiter,
    requests_per_minute: u32,
    sign_ins_per_minute: u32,
    links_per_minute: u32,
    registrations_per_minute: u32,
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
    /// Empty buckets of the sizes that are set.
    pub fn new(settings: &settings::Limits) -> Self {
        let limiter = |per_minute: u32| {
            let per_minute = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
            DefaultKeyedRateLimiter::keyed(Quota::per_minute(per_minute))
                .with_middleware::<StateInformationMiddleware>()
        };
        Self {
            requests: limiter(settings.requests_per_minute),
            sign_ins: limiter(settings.sign_in_per_minute),
            links: limiter(settings.links_per_minute),
            registrations: limiter(settings.registrations_per_minute),
            requests_per_minute: settings.requests_per_minute,
            sign_ins_per_minute: settings.sign_in_per_minute,
            links_per_minute: settings.links_per_minute,
            registrations_per_minute: settings.registrations_per_minute,
        }
    }

    /// Takes one request of whoever `who` is (an account or an address; only its hash is kept), or 429.
    pub fn request(&self, who: &str) -> Result<Left, Problem> {
        take(&self.requests, self.requests_per_minute, who)
    }

    /// Takes one attempt to sign in from an address, or 429.
    pub fn sign_in(&self, address: &str) -> Result<Left, Problem> {
        take(&self.sign_ins, self.sign_ins_per_minute, address)
    }

    /// Takes one link that is asked for from an address, or 429. (An address of mail is sent few in any case.)
    pub fn link(&self, address: &str) -> Result<Left, Problem> {
        take(&self.links, self.links_per_minute, address)
    }

    /// Takes one registration, or one try at it, from an address, or 429.
    pub fn registration(&self, address: &str) -> Result<Left, Problem> {
        take(&self.registrations, self.registrations_per_minute, address)
    }

    /// Forgets buckets that are full again.
    pub fn tidy(&self) {
        self.requests.retain_recent();
        self.sign_ins.retain_recent();
        self.links.retain_recent();
        self.registrations.retain_recent();
    }
}

fn take(limiter: &Limiter, quota: u32, who: &str) -> Result<Left, Problem> {
    let mut key = [0; 8];
    key.copy_from_slice(&Sha256::digest(who)[..8]);
    match limiter.check_key(&u64::from_be_bytes(key)) {
        Ok(snapshot) => Ok(Left { quota, remaining: snapshot.remaining_burst_capacity() }),
        Err(not_until) => {
            let seconds = not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            let detail = format!("{quota} a minute are taken; try again in {seconds} seconds.");
            Err(Problem::new(Code::TooManyRequests, detail)
                .with_header("Retry-After", seconds.to_string()))
        }
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
