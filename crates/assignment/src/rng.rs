//! Numbers that look random and are the same everywhere: they decide between equals and drive the search. It must never
//! know a clock or a machine.

use uuid::Uuid;

/// A sequence of numbers that its seed determines (the mixing steps are those of SplitMix64).
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.0)
    }

    /// The next number below `end`; 0 if that is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }
}

/// Spreads a number over all 64 bits.
pub(super) fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// Where an id stands among others for this seed: no list's order, no time of arrival, no value of the id itself
/// decides between equals.
pub(super) fn standing(seed: u64, id: Uuid) -> (u64, Uuid) {
    let (high, low) = id.as_u64_pair();
    (mixed(mixed(seed ^ high).wrapping_add(0x9E37_79B9_7F4A_7C15) ^ low), id)
}
