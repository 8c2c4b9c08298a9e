//! How running text gives the number of participants. Pure.

/// In running text the number of participants is given to the nearest of this.
pub const ROUNDING: u32 = 5;
/// From how many on a report rounds their number ("about 80"): "about seven" would say less than is known of so few.
pub const ROUNDED_FROM: u32 = 20;

/// The rule of rounding, as it is told beside the figures. The reference report says "about 80" of those who attended and
/// gives no rule; registrations and attendance are never exact to the person (people come late, share a screen, leave), and
/// a number of two digits ending in 0 or 5 is what a reader takes "about" to mean.
pub const ROUNDING_RULE: &str = "In running text, from 20 on, the number of participants is given to the nearest five (78 and 82 \
    are both “about 80”); from 5 to 19 as it is. A number from which fewer than five people could be worked out is not told. \
    Rounded figures are never added up. Tables and charts give the numbers of the release.";

/// To the nearest five; never zero for somebody.
pub fn about(people: u32) -> u32 {
    match people {
        0 => 0,
        some => ((some + ROUNDING / 2) / ROUNDING * ROUNDING).max(ROUNDING),
    }
}

/// How running text gives a number that was released ([`ROUNDING_RULE`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// So few that no number is told.
    Few,
    /// "Seven".
    Exactly(u32),
    /// "About 80".
    About(u32),
}

impl Said {
    /// Of a number as it was released.
    pub fn of(released: Option<u32>) -> Self {
        match released {
            None => Self::Few,
            Some(some) if some < ROUNDED_FROM => Self::Exactly(some),
            Some(many) => Self::About(about(many)),
        }
    }
}
