//! A pseudorandom number generator that gives the same everywhere: SplitMix64 (Steele, Lea & Flood 2014). It drives the heuristics, and
//! its mixing function breaks ties between equals. It must never know a clock or a machine.

use uuid::Uuid;

/// What SplitMix64 adds to its state at each step: 2^64 over the golden ratio, made odd.
const GOLDEN_GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// A sequence of numbers that its seed determines.
#[derive(Debug, Clone)]
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN_GAMMA);
        mix64(self.0)
    }

    /// The next number below `end`; 0 if that is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }
}

/// Spreads a number over all 64 bits: the mixing function of SplitMix64, a bijection. Its constants are Stafford's "Mix13".
pub(super) fn mix64(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// The key by which ids are sorted for a seed: so no list's order, no time of arrival, no value of the id itself breaks ties.
pub(super) fn tie_break_key(seed: u64, id: Uuid) -> (u64, Uuid) {
    let (high, low) = id.as_u64_pair();
    (mix64(mix64(seed ^ high).wrapping_add(GOLDEN_GAMMA) ^ low), id)
}
