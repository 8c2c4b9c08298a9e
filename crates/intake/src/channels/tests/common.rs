//! What all channels share: names, parts, limits.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::super::{LONGEST_BODY, MOST_LINES};
use super::*;
use crate::channels::dividing::parts;

#[test]
fn long_bodies_are_divided_where_a_reader_would_pause() {
    let sentence = "Fees should be paid by employers, e.g. those at sea (all of them). ";
    let text = sentence.repeat(200);
    let read = read_text(Kind::Document, &text);
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
    assert_eq!(read_text(Kind::Document, &"x".repeat(LONGEST_BODY)).lines[0].part, None);
}

#[test]
fn too_much_is_refused() {
    let many = "a\n\n".repeat(MOST_LINES + 1);
    assert_eq!(read(Kind::Document, many.as_bytes()), Err(Unreadable::TooManyLines));
    let large = "word ".repeat(2_200_000);
    assert_eq!(read(Kind::Document, large.as_bytes()), Err(Unreadable::TooMuchText));
    let heading = format!("# {}\n\n{}", "h".repeat(590), "a\n\n".repeat(MOST_LINES - 1));
    assert_eq!(read(Kind::Document, heading.as_bytes()), Err(Unreadable::TooMuchText));
    let reactions = "09:41:12 From A to B:\n".repeat(200_000);
    assert_eq!(read(Kind::Chat, reactions.as_bytes()), Err(Unreadable::TooManyLines));
}

#[test]
fn what_holds_a_file_is_told() {
    assert_eq!(held("a.xlsx", b"PK\x03\x04xl/workbook.xml"), None);
    assert_eq!(held("a", b"PK\x03\x04....word/document.xml"), Some(Holding::Word));
    assert_eq!(held("a.txt", b"\xef\xbb\xbfWEBVTT\n"), Some(Holding::Text));
    assert_eq!(held("a.md", b"# Hello"), Some(Holding::Text));
    assert_eq!(held("a.csv", b"a;b"), Some(Holding::Table));
    assert_eq!(held("a.txt", b"Name,Message\nPat One,hi"), Some(Holding::Table));
    for (name, bytes) in [
        ("a.txt", &b"{\\rtf1 Hello}"[..]),
        ("a.html", b"<html><body>"),
        ("a.json", b"[{}]"),
        ("a.pdf", b"%PDF-1.7"),
    ] {
        assert_eq!(held(name, bytes), None, "{name}");
        assert_eq!(read_as(Some(Kind::Document), name, bytes, &[]), Err(Unreadable::Unknown));
    }
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
        (Kind::Chat, "09:41:12 From A B : "),
        (Kind::Chat, "09:41:12 From "),
        (Kind::Chat, "09:41:12\tA"),
        (Kind::Chat, "09:41:12 From A B : Replying to \""),
        (Kind::Chat, "09:41:12 From A B : Reacted to \""),
        (Kind::Transcript, "WEBVTT\n\n00:01.000 --> 00:02.000\n"),
        (Kind::Document, ""),
    ];
    let taken = |kind, text: &str| {
        let begun = Instant::now();
        let _ = read(kind, text.as_bytes());
        begun.elapsed()
    };
    for (kind, start) in starts {
        let filled = |seed: &str| format!("{start}{}", seed.repeat(size / seed.len()));
        // The square of the length would be thousands of times as much.
        let most = 100 * taken(kind, &filled("A word. ")).max(Duration::from_millis(10));
        for seed in seeds {
            let taken = taken(kind, &filled(seed));
            assert!(taken < most, "{kind:?} {start:?} {seed:?} {taken:?} of {most:?}");
        }
    }
    let chat = |name: &str| -> String {
        let line = |number| format!("09:41:12 From {name} {number} : {name}\n");
        (0..MOST_LINES).map(line).collect()
    };
    let most = 100 * taken(Kind::Chat, &chat("Ada Brook"));
    let taken = taken(Kind::Chat, &chat("A A A A A A A A A A A A A A A"));
    assert!(taken < most, "{taken:?} of {most:?}");
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
}
