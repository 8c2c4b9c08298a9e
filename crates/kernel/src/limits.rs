//! How many requests each may send: a token bucket (GCRA) for each caller or address. Lives in the process's memory;
//! behind several processes each counts for itself.

use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};

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
    registrations: Limiter,
    requests_per_minute: u32,
    sign_ins_per_minute: u32,
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
            registrations: limiter(settings.registrations_per_minute),
            requests_per_minute: settings.requests_per_minute,
            sign_ins_per_minute: settings.sign_in_per_minute,
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

    /// Takes one registration, or one try at it, from an address, or 429.
    pub fn registration(&self, address: &str) -> Result<Left, Problem> {
        take(&self.registrations, self.registrations_per_minute, address)
    }

    /// Forgets buckets that are full again.
    pub fn tidy(&self) {
        self.requests.retain_recent();
        self.sign_ins.retain_recent();
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
