//! Forgetting in parts, each in a write of its own.

/// What one write did that forgets what is out of date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cleared {
    /// How many rows.
    pub rows: usize,
    /// Whether there may be more, which is for another write at once: others write in between.
    pub more: bool,
}

impl Cleared {
    /// Rows of one kind that one write forgets at most: few enough that nobody else waits for long.
    pub const MOST: i64 = 500;

    /// Those of one kind, of which no more than [`Cleared::MOST`] were looked for.
    pub const fn part(rows: usize) -> Self {
        Self { rows, more: rows >= Self::MOST as usize }
    }

    /// All that there were.
    pub const fn all(rows: usize) -> Self {
        Self { rows, more: false }
    }

    /// With what was done beside it.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { rows: self.rows + other.rows, more: self.more || other.more }
    }
}
