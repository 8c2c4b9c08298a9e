//! The bands in which counts cost nothing: what is as even as arithmetic and limits allow. Whole numbers only. It must
//! never know people.

/// Sizes of groups as even as their limits allow.
pub(crate) struct Even {
    pub(crate) min: Vec<i64>,
    pub(crate) low: Vec<i64>,
    pub(crate) high: Vec<i64>,
    /// Everybody who gets a group.
    all: i64,
}

impl Even {
    pub(crate) fn new(min: Vec<i64>, max: Vec<i64>, people: i64) -> Self {
        let all = people.max(min.iter().sum()).min(max.iter().sum());
        let at = |level: i64| -> Vec<i64> {
            min.iter().zip(&max).map(|(min, max)| level.max(*min).min(*max)).collect()
        };
        let (mut below, mut level) = (-1, max.iter().copied().max().unwrap_or(0));
        while below + 1 < level {
            let middle = (below + level) / 2;
            match at(middle).iter().sum::<i64>() >= all {
                true => level = middle,
                false => below = middle,
            }
        }
        let high = at(level);
        let low = if high.iter().sum::<i64>() == all { high.clone() } else { at(level - 1) };
        Self { min, low, high, all }
    }

    /// The band of a group for a value that `whole` people have: their share of its exact even size, rounded both ways.
    pub(crate) fn share(&self, group: usize, whole: i64) -> (i64, i64) {
        let (low, high) = (self.low[group], self.high[group]);
        let least: i64 = self.low.iter().sum();
        let spread = self.high.iter().sum::<i64>() - least;
        let (numerator, denominator) = match spread {
            0 => (high, self.all.max(1)),
            _ => (low * spread + (self.all - least) * (high - low), spread * self.all.max(1)),
        };
        let exact = i128::from(whole) * i128::from(numerator);
        let denominator = i128::from(denominator);
        ((exact / denominator) as i64, ((exact + denominator - 1) / denominator) as i64)
    }
}
