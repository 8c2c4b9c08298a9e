//! When whoever is asked is reminded: at a fixed hour, first after they were asked, then some days before the last day, and every third
//! day after it; at most once a day. Pure.

use chrono::NaiveDate;

mod mails;
pub mod service;

/// Days before the last one on which they are reminded.
const BEFORE: [i64; 2] = [3, 1];
/// So many days lie between two reminders once it is over.
const EVERY: i64 = 3;

/// Whether somebody who has not answered is reminded on a day.
pub fn is_due(today: NaiveDate, ends_on: NaiveDate, reminded_on: Option<NaiveDate>) -> bool {
    let Some(last) = reminded_on else { return true };
    let left = (ends_on - today).num_days();
    let overdue = left < 0 && (-left) % EVERY == 1;
    last < today && (BEFORE.contains(&left) || overdue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reminders_come_before_the_day_and_after_it_and_once_a_day() {
        let day = |day| NaiveDate::from_ymd_opt(2021, 2, day).unwrap_or_default();
        let due = |today| is_due(day(today), day(12), Some(day(1)));
        let days: Vec<u32> = (2..=20).filter(|today| due(*today)).collect();
        assert_eq!(days, [9, 11, 13, 16, 19]);
        assert!(is_due(day(4), day(12), None), "they were asked");
        assert!(!is_due(day(9), day(12), Some(day(9))), "they were reminded today");
    }
}
