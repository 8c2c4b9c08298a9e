//! Plain text and Markdown.

use proptest::prelude::*;

use super::*;
use crate::encoding::Unknown;

const TEXT: Kind = Kind::Document;

#[test]
fn notes_in_markdown() {
    let read = read_file(TEXT, "notes.md");
    let under = |line: &'_ Line| line.under.join(" / ");
    let lines: Vec<(String, &str)> =
        read.lines.iter().map(|line| (under(line), line.body.as_str())).collect();
    let (top, ask, next) =
        ("The Harbour Towns", "The Harbour Towns / What we ask", "The Harbour Towns / Next part");
    assert_eq!(
        lines,
        [
            (top, "An opening paragraph that a program broke at the margin."),
            (ask, "Lower fees on every line."),
            (ask, "Publish them."),
            (ask, "Count again."),
            (ask, "First of all, skills."),
            (ask, "Then papers. They follow in"),
            (ask, "a list."),
            (ask, "letters"),
            (ask, "more letters"),
            (ask, "Inside a paragraph a year such as 2019. That is no item. Priorities:"),
            (ask, "fees"),
            (next, "Roses are\ntwo lines."),
            (next, "Last — <script>alert(\"x\")</script>"),
        ]
        .map(|(under, body)| (under.to_owned(), body))
    );
    assert_eq!(passed(&read), [(27, 27, Why::HeadingAlone), (34, 34, Why::Divider)]);
}

#[test]
fn encodings_and_line_ends() {
    let expected = ["Première ligne.", "Deuxième ligne."];
    assert_eq!(bodies(&read_file(TEXT, "notes_utf16.txt")), expected);
    for end in ["\n", "\r\n", "\r"] {
        let text = ["Première", "ligne.", "", "Deuxième ligne.", ""].join(end);
        assert_eq!(bodies(&read_text(TEXT, &text)), expected, "{text:?}");
    }
    let wrong = read(TEXT, b"one\ntwo\0").unwrap_err();
    assert_eq!(wrong, Unreadable::Letters(Unknown::NoText { line: 2 }));
    assert_eq!(wrong.to_string().split(' ').take(2).collect::<Vec<_>>(), ["Line", "2"]);
    let cut = read(TEXT, b"\xff\xfea\0\n\0\x00\xd8b\0").unwrap_err();
    let promised = Unknown::NotAsPromised { encoding: "UTF-16LE", line: 2 };
    assert_eq!(cut, Unreadable::Letters(promised));
    assert_eq!(bodies(&read_text(TEXT, "行の\n続き")), ["行の続き"]);
}

proptest! {
    /// Every word is in a line or a heading; headings with nothing below are passed over.
    #[test]
    fn nothing_is_lost(rows in proptest::collection::vec("[a-z]{1,6}( [a-z]{1,6}){0,6}|", 0..40)) {
        let read = read_text(TEXT, &rows.join("\n"));
        let all: Vec<&str> = read.lines.iter().flat_map(|line| line.body.split_whitespace()).collect();
        let expected: Vec<&str> = rows.iter().flat_map(|row| row.split_whitespace()).collect();
        prop_assert_eq!(all, expected);
        prop_assert!(read.passed_over.is_empty());
    }
}
