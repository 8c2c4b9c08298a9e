//! Where ids and secrets come from. The only file that may ask for randomness; clippy's `disallowed-methods` forbids it elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngExt;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::db::types::Id;

/// A source of ids that is swapped by value: the machine's, or a repeatable one for tests.
#[derive(Debug, Clone)]
pub enum Ids {
    /// UUIDv7 and the machine's randomness.
    System,
    /// Counts up; the same run gives the same ids.
    Sequence(Arc<AtomicU64>),
}

impl Ids {
    /// A repeatable source.
    pub fn sequence() -> Self {
        Self::Sequence(Arc::default())
    }

    /// A new id that sorts by creation (UUIDv7).
    #[expect(clippy::disallowed_methods, reason = "this is where ids are made")]
    pub fn next<K>(&self) -> Id<K> {
        match self {
            Self::System => Id::new(Uuid::now_v7()),
            Self::Sequence(counter) => {
                let count = counter.fetch_add(1, Ordering::SeqCst);
                let stamp = 1_605_700_000_000 + (count >> 12);
                let random = [&[(count >> 8) as u8 & 0x0f, count as u8][..], &[7; 8]].concat();
                let mut bytes = [0; 10];
                bytes.copy_from_slice(&random);
                Id::new(uuid::Builder::from_unix_timestamp_millis(stamp, &bytes).into_uuid())
            }
        }
    }

    /// A new id that tells nothing of when it was made, for what must not line up with a request log (inputs).
    #[expect(clippy::disallowed_methods, reason = "this is where ids are made")]
    pub fn unlinkable<K>(&self) -> Id<K> {
        match self {
            Self::System => Id::new(Uuid::new_v4()),
            Self::Sequence(_) => {
                let mut bytes = [0; 16];
                bytes.copy_from_slice(&self.random_bytes()[..16]);
                Id::new(uuid::Builder::from_random_bytes(bytes).into_uuid())
            }
        }
    }

    /// A place in a shuffled list: random, not negative.
    pub fn place(&self) -> i64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.random_bytes()[..8]);
        i64::from_be_bytes(bytes) & i64::MAX
    }

    /// A secret of 256 bits as URL-safe text, for tokens and links.
    pub fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.random_bytes())
    }

    /// 256 random bits (in a test: repeatable).
    pub fn random_bytes(&self) -> [u8; 32] {
        match self {
            Self::System => rand::rng().random(),
            Self::Sequence(counter) => {
                let count = counter.fetch_add(1, Ordering::SeqCst);
                Sha256::digest(count.to_be_bytes()).into()
            }
        }
    }
}
