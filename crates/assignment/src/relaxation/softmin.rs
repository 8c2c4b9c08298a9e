//! The softmin: what a pattern weighs in the fractional solution that is so much more expensive than the best one. e to the power of
//! minus the difference over the smoothing, which is the temperature; a smoothed gradient in the sense of Nesterov (2005, "Smooth
//! minimization of non-smooth functions"). From a table, and by operations that are the same on every machine.

use std::sync::LazyLock;

use super::SCALE;

/// A pattern that is worse than the best by more than so many times the smoothing weighs nothing: less than e^-9, about 1/8000.
pub(super) const SOFTMIN_CUTOFF: f64 = 9.0;
/// By how many times the smoothing the best pattern of three variables may exceed the sum of their separate minima for the closed form:
/// its sums of products subtract nearly equal numbers, and beyond this few digits would be left. Also how far the table goes on beyond
/// the cutoff.
pub(super) const MAX_EXACT_SPARE: f64 = 12.0;
/// Entries of the table for each unit of the exponent: a weight is off by less than 1/256 of itself.
pub(super) const EXP_TABLE_STEPS: f64 = 256.0;
/// Halvings of the exponent before the series, and squarings after it: the argument of the series is then below 1/48, for the table
/// ends at 21.
const SQUARINGS: u32 = 10;

/// e to the power of minus so many 256ths.
pub(super) static EXP_TABLE: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let last = ((SOFTMIN_CUTOFF + MAX_EXACT_SPARE) * EXP_TABLE_STEPS) as u32;
    (0..=last).map(|place| exp_neg(f64::from(place) / EXP_TABLE_STEPS)).collect()
});

/// The weight, from 0 to 1, of what costs so much more than the best, in fixed point. `smoothing` is in points.
pub(super) fn softmin_weight(excess: f64, smoothing: f64) -> f64 {
    let place = excess * EXP_TABLE_STEPS / (smoothing * SCALE as f64);
    EXP_TABLE.get(place as usize).copied().unwrap_or(0.0)
}

/// e to the power of minus a number, by four terms of the series and repeated squaring.
fn exp_neg(of: f64) -> f64 {
    let small = of / f64::from(1_u32 << SQUARINGS);
    let mut power = 1.0 - small * (1.0 - small * (0.5 - small * (1.0 / 6.0 - small / 24.0)));
    for _ in 0..SQUARINGS {
        power *= power;
    }
    power
}
