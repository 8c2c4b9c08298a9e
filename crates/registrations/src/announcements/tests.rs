//! When announcements go out, and in which language: without a database.

use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn it_is_eight_in_the_consultation_s_zone_on_the_same_day_or_the_next() {
    let bangkok: Tz = "Asia/Bangkok".parse().unwrap();
    for (now, next) in [
        ("2020-11-19T00:59:59Z", "2020-11-19T01:00:00Z"),
        ("2020-11-19T01:00:00Z", "2020-11-20T01:00:00Z"),
        ("2020-11-19T23:00:00Z", "2020-11-20T01:00:00Z"),
    ] {
        assert_eq!(next_hour(at(now), bangkok), at(next), "{now}");
    }
}

proptest! {
    #[test]
    fn the_next_hour_comes_within_two_days_and_tells_nothing_of_the_moment(
        seconds in 1_500_000_000_i64..1_900_000_000,
        zone in prop::sample::select(vec!["Asia/Bangkok", "Europe/Berlin", "Pacific/Apia", "America/New_York", "Asia/Kathmandu"]),
    ) {
        use chrono::Timelike;
        let zone: Tz = zone.parse().unwrap();
        let now = Timestamp::new(chrono::DateTime::from_timestamp(seconds, 0).unwrap());
        let next = next_hour(now, zone);
        prop_assert!(next > now && next <= now.plus(chrono::Duration::hours(48)));
        let local = next.utc().with_timezone(&zone);
        prop_assert_eq!((local.hour(), local.minute(), local.second()), (HOUR, 0, 0));
        // Any other moment before that hour gives the same.
        let later = Timestamp::new(chrono::DateTime::from_timestamp(i64::midpoint(seconds, next.utc().timestamp()), 0).unwrap());
        if later < next {
            prop_assert_eq!(next_hour(later, zone), next);
        }
    }
}

#[test]
fn everybody_reads_a_language_that_there_is() {
    let wording = || AnnouncementText { title: "t".into(), text: "t".into() };
    let one = |languages: &[Language]| Announcement {
        id: crate::db::types::Id::new(uuid::Uuid::nil()),
        consultation_id: crate::db::types::Id::new(uuid::Uuid::nil()),
        kind: AnnouncementKind::Written,
        texts: languages.iter().map(|language| (*language, wording())).collect(),
        made_by: None,
        due_at: at("2020-11-19T01:00:00Z"),
        sent_at: None,
        until: None,
    };
    let tags = ["fr".to_owned(), "en".to_owned()];
    let both = one(&[Language::English, Language::French]);
    assert_eq!(both.language(Some(Language::English), &tags), Language::English);
    assert_eq!(both.language(Some(Language::Russian), &tags), Language::French);
    assert_eq!(one(&[Language::Spanish]).language(None, &tags), Language::Spanish);
    assert_eq!(one(&[]).language(Some(Language::Russian), &tags), Language::Russian);
}
