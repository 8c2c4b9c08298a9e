//! Durations as programs and people write them, in any locale. Pure. A number that can be read in two ways is not read.

/// Scripts whose digits stand one after the other from zero (Unicode, general category Nd).
const ZEROS: &[char] = &[
    '0', '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}',
    '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}',
    '\u{17e0}', '\u{1810}', '\u{ff10}',
];

/// With the digits of any script as those of ASCII.
pub(super) fn plain_digits(text: &str) -> String {
    let plain = |one: char| {
        let zero = ZEROS.iter().rev().find(|zero| **zero <= one)?;
        char::from_digit((one as u32).checked_sub(*zero as u32).filter(|digit| *digit < 10)?, 10)
    };
    text.chars().map(|one| plain(one).unwrap_or(one)).collect()
}

/// A number with or without a fraction: "65", "65.5", "65,5", "1 065", "1.065,5", "1'065". Not "1,065": that is one and a bit to some
/// and more than a thousand to others.
fn number(text: &str) -> Option<f64> {
    let plain: String = text
        .chars()
        .map(|one| match one {
            '\u{a0}' | '\u{2009}' | '\u{202f}' | '\'' | '’' => ' ',
            '\u{66b}' => ',',
            '\u{66c}' => '.',
            other => other,
        })
        .collect();
    let signs: Vec<char> = plain.chars().filter(|one| !one.is_ascii_digit()).collect();
    let (whole, fraction) = match (&signs[..], plain.rsplit_once([',', '.'])) {
        // Thousands to some, a fraction to others.
        ([_], Some((_, rest))) if rest.len() == 3 => return None,
        ([_], Some(two)) => two,
        // Behind groups that another sign divides.
        ([before, .., last], Some(two)) if before != last => two,
        _ => (plain.as_str(), "0"),
    };
    let mut groups = whole.split([' ', ',', '.']);
    let first = groups.next().filter(|first| !first.is_empty())?;
    let rest: Vec<&str> = groups.collect();
    let grouped = first.len() <= 3 && rest.iter().all(|group| group.len() == 3);
    let divided_alike = signs.iter().take(rest.len()).all(|sign| *sign == signs[0]);
    if fraction.is_empty() || !(rest.is_empty() || grouped && divided_alike) {
        return None;
    }
    format!("{first}{}.{fraction}", rest.concat()).parse().ok()
}

/// Seconds in "65", "65 mins", "65,5", "1:05", "1:05:00", "1h 5m 3s", "1 hr 5 min", "1 ч 5 мин", "1小时5分钟".
pub(super) fn duration(text: &str) -> Option<i64> {
    let text = plain_digits(text.trim());
    if text.contains(':') {
        let part = |part: &str| -> Option<i64> {
            let part = part.trim();
            let figures = !part.is_empty() && part.bytes().all(|one| one.is_ascii_digit());
            figures.then(|| part.parse().ok())?
        };
        let parts: Option<Vec<i64>> = text.split(':').map(part).collect();
        return match parts?[..] {
            [hours, minutes] if minutes < 60 => Some(hours * 3600 + minutes * 60),
            [hours, minutes, seconds] if minutes < 60 && seconds < 60 => {
                Some(hours * 3600 + minutes * 60 + seconds)
            }
            _ => None,
        };
    }
    let mut total = 0.0;
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let figures = figures(rest);
        let number = number(&rest[..figures])?;
        rest = rest[figures..].trim_start();
        let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        total += number * unit(&rest[..letters])?;
        let bare = letters == 0;
        rest = rest[letters..].trim_start_matches(['.', ',']).trim_start();
        // Without its unit only the last number is known for what it is.
        if bare && !rest.is_empty() {
            return None;
        }
    }
    (!text.is_empty() && total.is_finite() && total < 1e9).then(|| total.round() as i64)
}

/// How many bytes at the beginning are a number: digits, and what may stand between two of them.
fn figures(text: &str) -> usize {
    let mut end = 0;
    let mut before_sign = false;
    for (at, one) in text.char_indices() {
        if one.is_ascii_digit() {
            (end, before_sign) = (at + 1, false);
        } else if before_sign || at == 0 || one.is_alphabetic() {
            break;
        } else {
            before_sign = true;
        }
    }
    end
}

/// Seconds of a unit, as the platforms name it in the six languages of the United Nations; a number alone is minutes.
fn unit(word: &str) -> Option<f64> {
    // typos:off
    match word.to_lowercase().as_str() {
        "" | "m" | "min" | "mins" | "minute" | "minutes" | "minuto" | "minutos" | "мин"
        | "минута" | "минуты" | "минут" | "分" | "分钟" | "分鐘" | "د" | "دقيقة" | "دقائق" => {
            Some(60.0)
        }
        "h" | "hr" | "hrs" | "hour" | "hours" | "heure" | "heures" | "hora" | "horas" | "ч"
        | "час" | "часа" | "часов" | "小时" | "小時" | "时" | "時" | "س" | "ساعة" | "ساعات" => {
            Some(3600.0)
        }
        "s" | "sec" | "secs" | "second" | "seconds" | "seconde" | "secondes" | "segundo"
        | "segundos" | "с" | "сек" | "секунда" | "секунды" | "секунд" | "秒" | "秒钟" | "秒鐘"
        | "ث" | "ثانية" | "ثوان" | "ثواني" => Some(1.0),
        _ => None,
    }
    // typos:on
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn durations_are_read_in_many_forms() {
        for (text, seconds) in [
            ("65", 3900),
            ("65.5", 3930),
            ("65,5", 3930),
            ("1.065,0", 63_900),
            ("1,065.5", 63_930),
            ("1 065", 63_900),
            ("1\u{202f}065,5", 63_930),
            ("1'065", 63_900),
            ("65 mins", 3900),
            ("1:05", 3900),
            ("1:05:07", 3907),
            ("1h 5m 3s", 3903),
            ("1 hr 5 min", 3900),
            ("1 hr, 5 min.", 3900),
            ("1h5m", 3900),
            ("1,5 h", 5400),
            ("٦٥", 3900),
            ("٦٥٫٥", 3930),
            ("๖๕", 3900),
            ("６５", 3900),
            ("1 ч 5 мин", 3900),
            ("1小时5分钟", 3900),
            ("1 heure 5 minutes", 3900),
            ("ساعة", -1),
        ] {
            assert_eq!(duration(text), Some(seconds).filter(|one| *one >= 0), "{text}");
        }
        for text in [
            "soon",
            "1:x",
            "-5",
            "5 parsecs",
            "1:2:3:4",
            "-1:00",
            "",
            "1:75",
            "1,065",
            "1.065",
            "1,06,5",
            "12 34",
            "1.0.0",
            "1,2.3.4",
            "1  5",
            "5-6",
            ".",
            "5 6 7",
            "+5",
            "1e3",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_number_is_the_same_in_every_locale(whole in 0_i64..100_000, tenths in 0_i64..10) {
            let [group, rest] = [whole / 1000, whole % 1000];
            let grouped = |sign: char, point: char| match group {
                0 => format!("{rest}{point}{tenths}"),
                _ => format!("{group}{sign}{rest:03}{point}{tenths}"),
            };
            let seconds = Some(whole * 60 + tenths * 6);
            for (sign, point) in [(',', '.'), ('.', ','), (' ', ','), ('\u{a0}', ','), ('\'', '.')] {
                prop_assert_eq!(duration(&grouped(sign, point)), seconds, "{}{}", sign, point);
            }
            let arabic: String = grouped('\u{66c}', '\u{66b}').chars().map(|one| {
                one.to_digit(10).and_then(|digit| char::from_u32(0x660 + digit)).unwrap_or(one)
            }).collect();
            prop_assert_eq!(duration(&arabic), seconds);
        }

        #[test]
        fn whatever_stands_there_is_read_or_refused(text in "\\PC{0,12}") {
            prop_assert!(duration(&text).is_none_or(|seconds| seconds >= 0));
        }
    }
}
