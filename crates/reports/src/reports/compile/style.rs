//! Numbers, dates, lists and citations as they are written in running text (UN Editorial Manual). Pure; must never know
//! where a figure comes from.

use chrono::{Datelike, NaiveDate, NaiveTime};
use chrono_tz::Tz;

const UNITS: [&str; 20] = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS: [&str; 11] = [
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
    "tenth",
];

/// "seven"; figures above ten.
pub fn number(count: usize) -> String {
    match count {
        0..=10 => UNITS[count].to_owned(),
        more => more.to_string(),
    }
}

/// As a sentence begins: "Seven", "Twenty-three"; from a hundred on in figures.
pub fn opening_number(count: usize) -> String {
    let word = match count {
        0..20 => UNITS[count].to_owned(),
        20..100 if count.is_multiple_of(10) => TENS[count / 10].to_owned(),
        20..100 => format!("{}-{}", TENS[count / 10], UNITS[count % 10]),
        more => more.to_string(),
    };
    capitalized(&word)
}

/// "second"; "11th" above ten.
pub fn ordinal(count: i32) -> String {
    if let Some(word) = usize::try_from(count).ok().and_then(|count| ORDINALS.get(count)) {
        return (*word).to_owned();
    }
    let suffix = match (count % 100, count % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{count}{suffix}")
}

/// "objective" for one, "objectives" for several.
pub fn plural<'w>(count: usize, one: &'w str, several: &'w str) -> &'w str {
    if count == 1 { one } else { several }
}

/// The same text with a capital at its beginning.
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// "a, b and c".
pub fn list(items: &[String]) -> String {
    joined(items, ", ", " and ")
}

/// "a, x; b, y; and c, z": for items that have commas in them.
pub fn long_list(items: &[String]) -> String {
    joined(items, "; ", if items.len() == 2 { " and " } else { "; and " })
}

fn joined(items: &[String], between: &str, last: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., end] => format!("{}{last}{end}", first.join(between)),
    }
}

/// "19 November 2020".
pub fn date(day: NaiveDate) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    format!("{} {} {}", day.day(), MONTHS[day.month0() as usize], day.year())
}

/// "10–12 March 2021", "30 March–2 April 2021", or one day.
pub fn dates(first: NaiveDate, last: Option<NaiveDate>) -> String {
    let Some(last) = last.filter(|last| *last != first) else { return date(first) };
    let (from, until) = (date(first), date(last));
    if first.year() != last.year() {
        return format!("{from}–{until}");
    }
    let without_year = from.rsplit_once(' ').map_or(from.as_str(), |(rest, _)| rest);
    if first.month() == last.month() {
        format!("{}–{until}", first.day())
    } else {
        format!("{without_year}–{until}")
    }
}

/// "11:00–14:30", or only when it starts.
pub fn hours(start: Option<NaiveTime>, end: Option<NaiveTime>) -> Option<String> {
    let show = |time: NaiveTime| time.format("%H:%M").to_string();
    match (start, end) {
        (Some(start), Some(end)) => Some(format!("{}–{}", show(start), show(end))),
        (Some(start), None) => Some(show(start)),
        (None, _) => None,
    }
}

/// "Bangkok time"; "UTC" for a zone that is no place.
pub fn zone(zone: Tz) -> String {
    match zone.name().rsplit_once('/') {
        Some((area, _)) if area != "Etc" => format!("{} time", place(zone)),
        _ => place(zone),
    }
}

/// "Bangkok"; "UTC" for a zone that is no place.
pub fn place(zone: Tz) -> String {
    zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ")
}

/// "para. 19", "paras. 19 and 21–23": ascending numbers, each once.
pub fn paragraphs(numbers: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let written = |&(first, last): &(u32, u32)| match last - first {
        0 => vec![first.to_string()],
        1 => vec![first.to_string(), last.to_string()],
        _ => vec![format!("{first}–{last}")],
    };
    let items: Vec<String> = ranges.iter().flat_map(written).collect();
    format!("{} {}", plural(numbers.len(), "para.", "paras."), list(&items))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn numbers_are_words_up_to_ten() {
        assert_eq!([number(7), number(10), number(11)], ["seven", "ten", "11"]);
        assert_eq!(
            [opening_number(7), opening_number(23), opening_number(40)],
            ["Seven", "Twenty-three", "Forty"]
        );
        assert_eq!([ordinal(2), ordinal(11), ordinal(22)], ["second", "11th", "22nd"]);
    }

    #[test]
    fn paragraphs_are_cited_by_ranges() {
        assert_eq!(paragraphs(&[19]), "para. 19");
        assert_eq!(paragraphs(&[19, 21, 22, 23]), "paras. 19 and 21–23");
        assert_eq!(paragraphs(&[4, 5, 9]), "paras. 4, 5 and 9");
    }

    #[test]
    fn dates_and_zones_are_written_for_people() {
        assert_eq!(dates(day(2021, 3, 10), Some(day(2021, 3, 12))), "10–12 March 2021");
        assert_eq!(dates(day(2021, 3, 30), Some(day(2021, 4, 2))), "30 March–2 April 2021");
        assert_eq!(zone(chrono_tz::Asia::Bangkok), "Bangkok time");
        assert_eq!(zone(chrono_tz::UTC), "UTC");
    }

    #[test]
    fn lists_take_no_comma_before_and() {
        let items = |count: usize| (0..count).map(|i| i.to_string()).collect::<Vec<_>>();
        assert_eq!([list(&items(1)), list(&items(3))], ["0", "0, 1 and 2"]);
        assert_eq!([long_list(&items(2)), long_list(&items(3))], ["0 and 1", "0; 1; and 2"]);
    }
}
