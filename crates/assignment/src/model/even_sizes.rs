//! Targets: the bands in which counts cost nothing, which are as even as arithmetic and limits allow. Sizes are filled to a common level
//! within each group's limits (water filling); other counts are in proportion to sizes. Whole numbers only. It must never know people.

/// Sizes of groups as even as their limits allow, by group.
pub(crate) struct EvenSizes {
    /// The minimum of each group.
    pub(crate) min: Vec<i64>,
    /// The band of each group's size, from …
    pub(crate) low: Vec<i64>,
    /// … to.
    pub(crate) high: Vec<i64>,
    /// Everybody who gets a group.
    total: i64,
}

impl EvenSizes {
    /// For so many people, with the minimum and the maximum of each group. The level is found by bisection.
    pub(crate) fn new(min: Vec<i64>, max: Vec<i64>, people: i64) -> Self {
        let total = people.max(min.iter().sum()).min(max.iter().sum());
        let clamped_to = |level: i64| -> Vec<i64> {
            min.iter().zip(&max).map(|(min, max)| level.max(*min).min(*max)).collect()
        };
        let (mut below, mut level) = (-1, max.iter().copied().max().unwrap_or(0));
        while below + 1 < level {
            let middle = i64::midpoint(below, level);
            if clamped_to(middle).iter().sum::<i64>() >= total {
                level = middle;
            } else {
                below = middle;
            }
        }
        let high = clamped_to(level);
        let low =
            if high.iter().sum::<i64>() == total { high.clone() } else { clamped_to(level - 1) };
        Self { min, low, high, total }
    }

    /// The band of a group for a value that `whole` people have: their share of its exact even size, rounded both ways.
    pub(crate) fn proportional_band(&self, group: usize, whole: i64) -> (i64, i64) {
        let (low, high) = (self.low[group], self.high[group]);
        let least: i64 = self.low.iter().sum();
        let spread = self.high.iter().sum::<i64>() - least;
        let (numerator, denominator) = match spread {
            0 => (high, self.total.max(1)),
            _ => (low * spread + (self.total - least) * (high - low), spread * self.total.max(1)),
        };
        let exact = i128::from(whole) * i128::from(numerator);
        let denominator = i128::from(denominator);
        ((exact / denominator) as i64, ((exact + denominator - 1) / denominator) as i64)
    }
}
