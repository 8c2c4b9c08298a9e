//! Where the time comes from. The only file that may ask the machine; clippy's `disallowed-methods` forbids it elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, Utc};

use crate::db::types::Timestamp;

/// A clock that is swapped by value: the machine's, or one that a test moves by hand.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's.
    System,
    /// Microseconds since 1970, moved only by [`Clock::advance`].
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still at `at`.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.timestamp_micros())))
    }

    /// Now, to the microsecond.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::new(Utc::now()),
            Self::Fixed(micros) => {
                let at = DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst));
                Timestamp::new(at.unwrap_or_default())
            }
        }
    }

    /// Moves a fixed clock on; the machine's cannot be moved.
    pub fn advance(&self, by: Duration) {
        if let Self::Fixed(micros) = self {
            micros.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
    }
}
