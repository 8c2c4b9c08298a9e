//! When somebody joined and left, as a report writes it: read only as far as it takes to tell two times from each other. Pure. Which of
//! two figures is the month is told by the whole report, where anything tells it; what cannot be told is not read.

use super::quantities::plain_digits;

/// A moment before the order of its date is known: the figures of its date, if it has one, and the seconds since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Written {
    date: Option<[i64; 3]>,
    seconds: i64,
}

/// Seconds.
const DAY: i64 = 86_400;

/// What stands first in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    Year,
    Month,
    Day,
}

/// The times between which somebody was there, row by row: seconds of one clock, or nothing for a row that does not tell. All of them
/// are read in the same order; when none fits all, none is read.
pub(super) fn between(rows: &[(&str, &str)]) -> Vec<Option<(i64, i64)>> {
    let written: Vec<Option<(Written, Written)>> =
        rows.iter().map(|(from, to)| Some((read(from)?, read(to)?))).collect();
    let fitting = |order: First| -> Option<Vec<Option<(i64, i64)>>> {
        let place = |pair: &Option<(Written, Written)>| match pair {
            None => Some(None),
            Some((from, to)) => placed(*from, *to, order).map(Some),
        };
        written.iter().map(place).collect()
    };
    let orders = [First::Year, First::Month, First::Day];
    let found = orders.into_iter().find_map(fitting);
    after_midnight(found.unwrap_or_else(|| vec![None; rows.len()]))
}

/// Where times have no dates and somebody stayed over midnight, what begins long before they came was on the day after.
fn after_midnight(mut rows: Vec<Option<(i64, i64)>>) -> Vec<Option<(i64, i64)>> {
    let over = rows.iter().flatten().filter(|(_, ends)| *ends > DAY);
    let Some(came) = over.map(|(begins, _)| *begins).min() else { return rows };
    for (begins, ends) in rows.iter_mut().flatten().filter(|(begins, _)| begins + DAY / 2 < came) {
        (*begins, *ends) = (*begins + DAY, *ends + DAY);
    }
    rows
}

/// Nobody leaves before they join, or stays for more than a day.
fn placed(from: Written, to: Written, order: First) -> Option<(i64, i64)> {
    let (begins, mut ends) = match (from.date, to.date) {
        (Some(first), Some(last)) => {
            (day(first, order)? * DAY + from.seconds, day(last, order)? * DAY + to.seconds)
        }
        (None, None) => (from.seconds, to.seconds),
        _ => return None,
    };
    if from.date.is_none() && ends < begins {
        ends += DAY;
    }
    (begins..=begins + DAY).contains(&ends).then_some((begins, ends))
}

fn day(figures: [i64; 3], order: First) -> Option<i64> {
    let [year, month, day] = match (order, figures) {
        (First::Year, [year, month, day]) if year > 31 => [year, month, day],
        (First::Month, [month, day, year]) | (First::Day, [day, month, year])
            if figures[0] <= 31 =>
        {
            [if year < 100 { year + 2000 } else { year }, month, day]
        }
        _ => return None,
    };
    let [month, day] = [month, day].map(|figure| u32::try_from(figure).ok());
    let date = chrono::NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month?, day?)?;
    Some(i64::from(chrono::Datelike::num_days_from_ce(&date)))
}

/// "11/28/2026 09:00:00 AM", "28.11.2026, 9:00", "2026-11-28T09:00:00Z", "9:00 AM".
fn read(text: &str) -> Option<Written> {
    let text = plain_digits(text).to_lowercase();
    let text = text.trim();
    let colon = text.find(':')?;
    let hours = text[..colon]
        .rfind(|one: char| !one.is_ascii_digit())
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let date = text[..hours].trim().trim_end_matches(['t', ',']).trim();
    let end = text[colon..].find(|one: char| !one.is_ascii_digit() && one != ':');
    let (time, rest) = text[hours..].split_at(end.map_or(text.len(), |end| colon + end) - hours);
    let figures: Option<Vec<i64>> = time.split(':').map(|one| one.parse().ok()).collect();
    let [hour, minute, second] = match figures?[..] {
        [hour, minute] => [hour, minute, 0],
        [hour, minute, second] => [hour, minute, second],
        _ => return None,
    };
    let rest: String = rest.chars().filter(|one| one.is_alphabetic()).collect();
    let hour = match (rest.as_str(), hour) {
        ("am", 12) => 0,
        ("pm", 1..=11) => hour + 12,
        ("am", 1..=11) | ("pm", 12) | ("" | "z" | "utc" | "gmt", 0..=23) => hour,
        _ => return None,
    };
    if !(0..60).contains(&minute) || !(0..=60).contains(&second) {
        return None;
    }
    let seconds = hour * 3600 + minute * 60 + second;
    if date.is_empty() {
        return Some(Written { date: None, seconds });
    }
    let figures: Option<Vec<i64>> =
        date.split(['/', '.', '-']).map(|one| one.trim().parse().ok()).collect();
    let date = figures?.try_into().ok()?;
    Some(Written { date: Some(date), seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(rows: &[(&str, &str)]) -> Vec<Option<i64>> {
        between(rows).iter().map(|one| one.map(|(from, to)| (to - from) / 60)).collect()
    }

    #[test]
    fn times_are_told_apart_in_many_forms() {
        for (from, to, long) in [
            ("11/28/2026 09:00:00 AM", "11/28/2026 10:00:00 AM", 60),
            ("11/28/2026 11:30:00 PM", "11/29/2026 12:15:00 AM", 45),
            ("28.11.2026, 9:00", "28.11.2026, 10:05", 65),
            ("28/11/26 23:50", "29/11/26 00:10", 20),
            ("2026-11-28T09:00:00Z", "2026-11-28T09:45:00Z", 45),
            ("2026/11/30 23:50:00", "2026/12/01 00:10:00", 20),
            ("9:00 AM", "10:05 AM", 65),
            ("11:50 PM", "12:10 AM", 20),
            ("11/19/20, 10:58:00 AM", "11/19/20, 2:30:00 PM", 212),
            ("١٠:٠٠", "١١:٣٠", 90),
        ] {
            assert_eq!(minutes(&[(from, to)]), [Some(long)], "{from}");
        }
        for (from, to) in [
            ("", ""),
            ("10:00", ""),
            ("2026-11-28 11:00", "2026-11-28 10:00"),
            ("11/28/2026 9:00", "12/28/2026 9:00"),
            ("1:2:3:4", "5:00"),
            ("13:00 PM", "14:00 PM"),
            ("2026-11-28 10:00", "11:00"),
            ("é:00", "9:00"),
            ("99999999999999999999:00", "9:00"),
        ] {
            assert_eq!(minutes(&[(from, to)]), [None], "{from}");
        }
    }

    #[test]
    fn which_figure_is_the_month_is_told_by_the_whole_report() {
        // Of the first alone one cannot know: from the third of April to the fourth, or a month.
        let rows =
            [("03/04/2026 23:00", "04/04/2026 00:30"), ("25/04/2026 9:00", "25/04/2026 9:30")];
        assert_eq!(minutes(&rows), [Some(90), Some(30)]);
        let rows =
            [("04/03/2026 23:00", "04/04/2026 00:30"), ("04/25/2026 9:00", "04/25/2026 9:30")];
        assert_eq!(minutes(&rows), [Some(90), Some(30)]);
        // Two devices over midnight.
        let rows = [("11:50 PM", "12:30 AM"), ("12:10 AM", "12:20 AM"), ("10:00 PM", "11:00 PM")];
        let found = between(&rows);
        assert!(
            found[0].unwrap().0 < found[1].unwrap().0 && found[1].unwrap().1 < found[0].unwrap().1
        );
        assert_eq!(minutes(&rows), [Some(40), Some(10), Some(60)]);
        // A row that tells nothing tells nothing of the others.
        assert_eq!(minutes(&[("", "9:00"), ("9:00", "9:30")]), [None, Some(30)]);
    }
}
