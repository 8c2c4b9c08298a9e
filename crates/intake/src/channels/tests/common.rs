//! What all channels share: names, parts, limits.

use std::fmt::Write;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::super::{LONGEST_BODY, MOST_LINES};
use super::*;
use crate::channels::dividing::parts;

fn line(speaker: Option<&str>, body: &str) -> Line {
    Line { speaker: speaker.map(str::to_owned), body: body.to_owned(), ..Line::default() }
}

#[test]
fn names_are_removed() {
    let cases = [
        ("I agree with Ada Brook.", "I agree with [name]."),
        ("@Ada Brook: yes", "[name]: yes"),
        ("@Dana, yes; Dana, no", "[name], yes; Dana, no"),
        ("Ada Brook's point", "[name]'s point"),
        ("Ada Brookfield and Canada Brook", "Ada Brookfield and Canada Brook"),
        ("ada brook", "ada brook"),
        ("Ada\nBrook and Ada\u{200b} Brook", "[name] and [name]"),
        ("Ben Okafor (Harbour Union) and Ben Okafor", "[name]) and [name]"),
        ("Jean-Luc O'Neil", "[name]"),
        ("ask Ada", "ask Ada"),
        ("mail ada@Brook.example", "mail ada@Brook.example"),
        ("", ""),
    ];
    for (body, expected) in cases {
        let mut lines = vec![
            line(Some("Ada Brook"), "x"),
            line(Some("Dana"), "x"),
            line(Some("Ben Okafor (Harbour Union)"), "x"),
            line(Some("Jean-Luc O'Neil"), "x"),
            line(None, body),
        ];
        without_names(&mut lines);
        assert_eq!(lines[4].body, expected);
        assert_eq!(lines[0].speaker.as_deref(), Some("Ada Brook"));
    }
    let mut chat = super::read_file(Kind::ZoomChat, "zoom_2020_inline.txt").lines;
    without_names(&mut chat);
    assert_eq!(chat[3].body, "[name] I agree with [name], and with [name]'s second point.");
}

#[test]
fn long_bodies_are_divided_where_a_reader_would_pause() {
    let sentence = "Fees should be paid by employers, e.g. those at sea (all of them). ";
    let text = sentence.repeat(200);
    let read = read_text(Kind::PlainText, &text);
    assert_eq!(read.lines.len(), 3);
    for (line, number) in read.lines.iter().zip(1..) {
        assert_eq!(line.part, Some((number, 3)));
        assert!(line.body.ends_with("them)."), "{:?}", &line.body[line.body.len() - 20..]);
        assert!(line.body.chars().count() <= LONGEST_BODY);
    }
    let families = "👨‍👩‍👧‍👦".repeat(1000);
    for piece in parts(&families) {
        assert_eq!(piece.len() % "👨‍👩‍👧‍👦".len(), 0);
    }
    let one_sign = format!("a{}", "\u{301}".repeat(12_000));
    assert_eq!(parts(&one_sign).concat(), one_sign);
    assert_eq!(read_text(Kind::PlainText, &"x".repeat(LONGEST_BODY)).lines[0].part, None);
}

#[test]
fn too_much_is_refused() {
    let many = "a\n\n".repeat(MOST_LINES + 1);
    assert_eq!(read(Kind::PlainText, many.as_bytes()), Err(Unreadable::TooManyLines));
    let large = "word ".repeat(2_200_000);
    assert_eq!(read(Kind::PlainText, large.as_bytes()), Err(Unreadable::TooMuchText));
    let heading = format!("# {}\n\n{}", "h".repeat(590), "a\n\n".repeat(MOST_LINES - 1));
    assert_eq!(read(Kind::PlainText, heading.as_bytes()), Err(Unreadable::TooMuchText));
    let reactions = "09:41:12 From A to B:\n".repeat(200_000);
    assert_eq!(read(Kind::ZoomChat, reactions.as_bytes()), Err(Unreadable::TooManyLines));
}

#[test]
fn kinds_are_guessed() {
    assert_eq!(guess("a.xlsx", b"PK\x03\x04xl/workbook.xml"), None);
    assert_eq!(guess("a", b"PK\x03\x04....word/document.xml"), Some(Kind::Word));
    assert_eq!(guess("a.txt", b"\xef\xbb\xbfWEBVTT\n"), Some(Kind::WebVtt));
    assert_eq!(guess("a.txt", b"Ada (direct message): yes"), Some(Kind::PlainText));
    assert_eq!(guess("a.md", b"# Hello"), Some(Kind::PlainText));
    assert_eq!(guess("a.txt", b"{\\rtf1 Hello}"), None);
    assert_eq!(guess("a.png", b"\x89PNG\0\0"), None);
}

/// Files that would take the square of their length, were anything read twice.
#[test]
fn hostile_files_take_no_longer_than_others() {
    let size = 40 << 10;
    let seeds = [
        "a",
        " ",
        "\t",
        "<",
        "&",
        "<v ",
        "<v a>",
        "&#x41",
        "@",
        ":",
        " : ",
        "\u{301}",
        "\u{202e}",
        "👨‍👩‍👧‍👦",
        "(privately)",
        ".",
        "\"",
        "to ",
        "Everyone ",
        "A B ",
        "A.",
        "#",
        "- ",
        "=",
        "\u{2028}",
        "1. ",
    ];
    let starts = [
        (Kind::ZoomChat, "09:41:12 From A B : "),
        (Kind::ZoomChat, "09:41:12 From "),
        (Kind::ZoomChat, "09:41:12\tA"),
        (Kind::ZoomChat, "09:41:12 From A B : Replying to \""),
        (Kind::ZoomChat, "09:41:12 From A B : Reacted to \""),
        (Kind::WebVtt, "WEBVTT\n\n00:01.000 --> 00:02.000\n"),
        (Kind::PlainText, ""),
    ];
    for (kind, start) in starts {
        for seed in seeds {
            let text = format!("{start}{}", seed.repeat(size / seed.len()));
            let begun = Instant::now();
            if let Ok(mut read) = read(kind, text.as_bytes()) {
                without_names(&mut read.lines);
            }
            let taken = begun.elapsed();
            assert!(taken < Duration::from_secs(4), "{kind:?} {start:?} {seed:?} {taken:?}");
        }
    }
    let mut names = String::new();
    for number in 0..MOST_LINES {
        let _ = writeln!(
            names,
            "09:41:12 From A A A A A A A A A A A A A A A {number} : A A A A A A A A A A"
        );
    }
    let mut lines = read_text(Kind::ZoomChat, &names).lines;
    let begun = Instant::now();
    without_names(&mut lines);
    assert!(begun.elapsed() < Duration::from_secs(8));
}

proptest! {
    #[test]
    fn dividing_loses_no_letter(text in "([a-zé。. \n\u{301}👍🏽\u{200d}]{1,50}[.!] ?){0,9}", times in 1..200usize) {
        let text = text.repeat(times);
        let text = text.trim();
        let pieces = parts(text);
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        prop_assert_eq!(letters(&pieces.concat()), letters(text));
        prop_assert!(pieces.iter().all(|piece| piece.chars().count() <= LONGEST_BODY));
    }

    #[test]
    fn removing_names_never_panics_and_keeps_the_rest(body in ".{0,60}", name in ".{0,12}") {
        let mut lines = vec![line(Some(&name), &body), line(None, "plain text stays")];
        without_names(&mut lines);
        prop_assert!(!lines[1].body.is_empty());
    }
}
