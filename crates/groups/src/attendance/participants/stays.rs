//! For how long somebody was there: what a report says of each time that they joined, united. The moments stay in here. Pure.

/// One time that somebody was there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stay {
    /// From when to when, in seconds of the report's own clock.
    pub(super) between: Option<(i64, i64)>,
    /// For how many seconds, as the report says.
    pub(super) seconds: Option<i64>,
}

/// For how many minutes somebody was there in all, who may have been there by two devices at once: the times are united where the report
/// tells when they were, and added where it does not. Nothing when it does not tell for how long either.
pub fn minutes(stays: &[Stay]) -> Option<i32> {
    if stays.is_empty() {
        return None;
    }
    let mut between: Vec<(i64, i64)> = stays.iter().filter_map(|stay| stay.between).collect();
    between.sort_unstable();
    let mut united = 0;
    let mut reached = i64::MIN;
    for (from, to) in between {
        united += (to - from.max(reached)).max(0);
        reached = reached.max(to);
    }
    let alone = stays.iter().filter(|stay| stay.between.is_none());
    let alone: Option<i64> = alone.map(|stay| stay.seconds).sum();
    let said: Option<i64> = stays.iter().map(|stay| stay.seconds).sum();
    let placed = stays.iter().any(|stay| stay.between.is_some());
    let seconds = match (placed, alone, said) {
        (true, alone, Some(said)) => Some(said.min(united + alone.unwrap_or(0))),
        (true, alone, None) => Some(united + alone.unwrap_or(0)),
        (false, _, Some(said)) => Some(said),
        // Some of the times are known: it was as long as these at least.
        (false, _, None) => {
            let known: Vec<i64> = stays.iter().filter_map(|stay| stay.seconds).collect();
            (!known.is_empty()).then(|| known.iter().sum())
        }
    };
    seconds.map(whole_minutes)
}

/// To the nearest minute; somebody who was there at all for at least one.
fn whole_minutes(seconds: i64) -> i32 {
    let minutes = seconds.saturating_add(30) / 60;
    i32::try_from(minutes).unwrap_or(super::MOST_MINUTES).clamp(1, super::MOST_MINUTES)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stay(between: Option<(i64, i64)>, minutes: Option<i64>) -> Stay {
        let between = between.map(|(from, to)| (from * 60, to * 60));
        Stay { between, seconds: minutes.map(|minutes| minutes * 60) }
    }

    #[test]
    fn two_devices_at_once_are_one_person_for_as_long_as_the_longer() {
        let both = [stay(Some((0, 60)), Some(60)), stay(Some((30, 60)), Some(30))];
        assert_eq!(minutes(&both), Some(60));
        let apart = [stay(Some((0, 20)), Some(20)), stay(Some((30, 60)), Some(30))];
        assert_eq!(minutes(&apart), Some(50));
        // Of the first time to the last: they were away between.
        assert_eq!(minutes(&[stay(Some((0, 200)), Some(90))]), Some(90));
        assert_eq!(minutes(&[stay(None, Some(5)), stay(Some((0, 20)), None)]), Some(25));
        assert_eq!(minutes(&[stay(None, Some(5)), stay(None, None)]), Some(5));
        assert_eq!((minutes(&[stay(None, None)]), minutes(&[])), (None, None));
        assert_eq!(minutes(&[stay(None, Some(0))]), Some(1));
    }

    proptest! {
        #[test]
        fn nobody_was_there_for_longer_than_from_the_first_moment_to_the_last(
            all in prop::collection::vec((0_i64..600, 0_i64..600), 1..8)
        ) {
            let stays: Vec<Stay> =
                all.iter().map(|(from, long)| stay(Some((*from, from + long)), Some(*long))).collect();
            let first = all.iter().map(|(from, _)| *from).min().unwrap();
            let last = all.iter().map(|(from, long)| from + long).max().unwrap();
            let longest = all.iter().map(|(_, long)| *long).max().unwrap();
            let there = i64::from(minutes(&stays).unwrap());
            prop_assert!(there <= (last - first).max(1) && there >= longest.min(1440));
            let mut turned = stays.clone();
            turned.reverse();
            prop_assert_eq!(minutes(&turned), minutes(&stays));
        }
    }
}
