//! Numbers in a text, in digits and in English words. It must never know what is counted.

use std::ops::Range;

use crate::strand::Strand;

/// A number, and which words it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    pub value: u32,
    pub words: Range<usize>,
    pub in_digits: bool,
}

const UNITS: &[&str] = &[
    "zero",
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
const TENS: &[&str] =
    &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The number that begins with this word.
pub(crate) fn number_at(strand: &Strand, at: usize) -> Option<Number> {
    in_digits(strand, at).or_else(|| in_words(strand, at))
}

fn in_digits(strand: &Strand, at: usize) -> Option<Number> {
    let is_digits = |at: usize| strand.small(at).bytes().all(|byte| byte.is_ascii_digit());
    let first = strand.small(at);
    if first.is_empty() || !is_digits(at) || first.len() > 7 {
        return None;
    }
    let mut digits = first.to_owned();
    let mut end = at + 1;
    // “1,200”, “1 200”
    while digits.len() < 7
        && strand.small(end).len() == 3
        && is_digits(end)
        && matches!(strand.before(end), "," | " " | "\u{a0}" | "\u{202f}")
    {
        digits.push_str(strand.small(end));
        end += 1;
    }
    let value = digits.parse().ok()?;
    Some(Number { value, words: at..end, in_digits: true })
}

fn unit(word: &str) -> Option<u32> {
    UNITS.iter().position(|unit| *unit == word).map(|value| value as u32)
}

fn tens(word: &str) -> Option<u32> {
    TENS.iter().position(|tens| *tens == word).map(|value| (value as u32 + 2) * 10)
}

fn in_words(strand: &Strand, at: usize) -> Option<Number> {
    let mut end = at;
    let (mut total, mut group, mut any) = (0_u32, 0_u32, false);
    loop {
        let word = strand.small(end);
        let joined = end == at || strand.follows(end);
        let next = match word {
            _ if !joined => break,
            "and" if any && (group >= 100 || total > 0) && below_hundred(strand, end + 1) => {
                end += 1;
                continue;
            }
            "a" if !any && matches!(strand.small(end + 1), "hundred" | "thousand" | "dozen") => 1,
            "hundred" if any => {
                group = group.max(1) * 100;
                0
            }
            "thousand" if any => {
                total += group.max(1) * 1000;
                group = 0;
                0
            }
            "dozen" if !any || group > 0 => {
                group = if any { group * 12 } else { 12 };
                0
            }
            "hundred" | "thousand" => break,
            word => match (tens(word), unit(word)) {
                (Some(tens), _) if group % 100 == 0 => tens,
                (_, Some(unit)) if is_free(group, unit) => unit,
                _ => break,
            },
        };
        group += next;
        any = true;
        end += 1;
        if group > 10_000 || total > 1_000_000 {
            break;
        }
    }
    any.then_some(Number { value: total + group, words: at..end, in_digits: false })
}

/// Whether a unit can follow what was read: “twenty” takes a “two”, and “hundred” anything.
fn is_free(group: u32, unit: u32) -> bool {
    group.is_multiple_of(100)
        || group.is_multiple_of(10) && group % 100 >= 20 && (1..10).contains(&unit)
}

fn below_hundred(strand: &Strand, at: usize) -> bool {
    strand.follows(at) && (tens(strand.small(at)).is_some() || unit(strand.small(at)).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strand::Reading;

    #[test]
    fn numbers_are_read_in_digits_and_words() {
        for (text, value, many) in [
            ("100 people", 100, 1),
            ("1,200 people", 1200, 2),
            ("seven people", 7, 1),
            ("Twenty-three people", 23, 2),
            ("one hundred and twelve people", 112, 4),
            ("a hundred people", 100, 2),
            ("two thousand and five", 2005, 4),
            ("a dozen people", 12, 2),
            ("two dozen people", 24, 2),
            ("one and two", 1, 1),
        ] {
            let reading = Reading::of(text);
            let number = number_at(&reading.body, 0).unwrap();
            assert_eq!((number.value, number.words.len()), (value, many), "{text}");
        }
        let reading = Reading::of("hundred people in a row");
        assert!((0..4).all(|at| number_at(&reading.body, at).is_none()));
    }
}
