//! Any bytes at all: nothing panics, and what comes out keeps its promises.

use proptest::prelude::*;

use super::super::text::is_visible;
use super::super::{LONGEST_BODY, MOST_LINES};
use super::word::document;
use super::*;

const KINDS: [Option<Kind>; 4] =
    [None, Some(Kind::Chat), Some(Kind::Transcript), Some(Kind::Document)];

fn keeps_promises(bytes: &[u8]) {
    for (kind, name) in KINDS.into_iter().flat_map(|kind| [(kind, "a.txt"), (kind, "a.csv")]) {
        let Ok(read) = read_as(kind, name, bytes, &["Ada Brook"]) else { continue };
        assert!(read.lines.len() <= MOST_LINES);
        for line in &read.lines {
            assert!(is_visible(&line.body) && line.body.chars().count() <= LONGEST_BODY);
            assert_eq!(line.body, line.body.trim());
            assert!(line.at > 0);
        }
        assert!(read.passed_over.iter().all(|one| one.first > 0 && one.first <= one.last));
    }
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        keeps_promises(&bytes);
    }

    #[test]
    fn any_text(text in "\\PC{0,200}") {
        keeps_promises(text.as_bytes());
    }

    #[test]
    fn texts_of_what_matters(words in proptest::collection::vec(
        prop::sample::select(vec![
            "09:41:12", " From ", "  to  ", "Everyone", ":", " : ", "\n", "\r", "\r\n", "\t", "A B", "(Direct Message)", "(9:41 AM)",
            "Replying to \"", "Reacted to \"", "\" with ", "👍", "WEBVTT", "-->", "00:01.000", "NOTE", "<v ", ">", "</v>", "&amp;", "&#",
            ";", "# ", "---", "- ", "1. ", "\u{feff}", "\u{2028}", "\u{301}", "é", "@A B", "De ", " à ", "[10:15] ", "Pat One", "Pat One: ", "0:03", ",", ";", "name,text\n", "<Pat> ", "28/11/2026, ", " - ", "：", "张三", "สมชาย",
            "ถึง", "→", "(private)", "0:00:01.000,0:00:02.000\n",
        ]), 0..60)) {
        keeps_promises(words.concat().as_bytes());
    }

    #[test]
    fn documents_of_what_matters(words in proptest::collection::vec(
        prop::sample::select(vec![
            "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "text", "&amp;", "&#0;", "&x;", "<w:del>", "</w:del>", "<w:tc>",
            "</w:tc>", "<w:tr>", "</w:tr>", "<w:pPr>", "</w:pPr>", "<w:rPr>", "</w:rPr>", "<w:vanish/>", "<w:sdt>", "</w:sdt>",
            "<mc:AlternateContent>", "</mc:AlternateContent>", "<mc:Choice>", "</mc:Choice>", "<w:outlineLvl w:val=\"1\"/>", "<w:br/>",
            "<w:p/>", "<w:footnoteReference w:id=\"1\"/>",
        ]), 0..50)) {
        keeps_promises(&document(&words.concat(), ""));
    }

    #[test]
    fn damaged_documents(at in 0..8000usize, byte: u8) {
        let mut bytes = file("position_by_libreoffice.docx");
        let at = at % bytes.len();
        bytes[at] = byte;
        keeps_promises(&bytes);
    }
}
