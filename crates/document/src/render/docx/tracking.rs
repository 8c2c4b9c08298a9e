//! Differences as tracked changes, which a word processor accepts or rejects: words, ends of paragraphs, rows, moves; and remarks as
//! comments. Must never write a change into a document that shows none.

use super::inlines::Part;
use super::xml::{Tag, WORD, Xml};
use crate::difference::list;
use crate::document::{Compared, Document, Id, Mark, Remark};

/// Whom a word processor shows where a document does not say by what it was changed.
const UNNAMED: &str = "Rapporteur";
/// The first day that a package can say (see `package`).
const NO_DAY: &str = "1980-01-01";

/// Who is said to have made the changes, and when; and which number the next of them takes.
pub(super) struct Tracking<'a> {
    author: &'a str,
    date: String,
    next: usize,
}

impl<'a> Tracking<'a> {
    /// Numbers begin behind `first`, so that no two parts and no bookmarks share one.
    pub(super) fn of(document: &'a Document, first: usize) -> Self {
        let compared = document.compared.as_deref();
        let text = |field: fn(&Compared) -> &str| {
            compared.map(field).filter(|text| !text.trim().is_empty())
        };
        let author = text(|compared| compared.to.as_str()).unwrap_or(UNNAMED);
        let day = text(|compared| compared.day.as_str()).unwrap_or(NO_DAY);
        Self { author, date: format!("{day}T00:00:00Z"), next: first }
    }

    fn number(&mut self) -> String {
        self.next += 1;
        self.next.to_string()
    }
}

fn name(mark: Mark) -> &'static str {
    match mark {
        Mark::Inserted => "w:ins",
        Mark::Deleted => "w:del",
        Mark::MovedHere => "w:moveTo",
        Mark::MovedAway => "w:moveFrom",
    }
}

/// What text and field codes are called under a mark.
pub(super) fn text_name(mark: Option<Mark>) -> &'static str {
    if mark == Some(Mark::Deleted) { "w:delText" } else { "w:t" }
}

pub(super) fn code_name(mark: Option<Mark>) -> &'static str {
    if mark == Some(Mark::Deleted) { "w:delInstrText" } else { "w:instrText" }
}

impl<'a> Part<'a> {
    /// Writes a run, under its mark if it has one.
    pub(super) fn under(&mut self, mark: Option<Mark>, write: impl FnOnce(&mut Self)) {
        let Some(mark) = mark else { return write(self) };
        let number = self.tracking.number();
        let Tracking { author, date, .. } = &self.tracking;
        let attributes = [("w:id", number.as_str()), ("w:author", author), ("w:date", date)];
        self.xml.open(name(mark), &attributes);
        write(self);
        self.xml.close(name(mark));
    }

    /// What says that the end of a paragraph, or a row, stands in one of two documents only.
    pub(super) fn mark(&mut self, mark: Mark) {
        let number = self.tracking.number();
        let Tracking { author, date, .. } = &self.tracking;
        self.xml.tag(Tag::One(
            name(mark),
            &[("w:id", &number), ("w:author", author), ("w:date", date)],
        ));
    }

    /// Writes a whole paragraph; one that has moved between the ends by which word processors find its other place.
    pub(super) fn begin_move(
        &mut self,
        mark: Option<Mark>,
        id: &Id,
    ) -> Option<(&'static str, String)> {
        let (start, end) = match mark? {
            Mark::MovedHere => ("w:moveToRangeStart", "w:moveToRangeEnd"),
            Mark::MovedAway => ("w:moveFromRangeStart", "w:moveFromRangeEnd"),
            Mark::Inserted | Mark::Deleted => return None,
        };
        let number = self.tracking.number();
        let moved = id.as_str();
        let moved = moved.strip_prefix("before-").unwrap_or(moved);
        let moved =
            super::bookmark(&Id::new(moved)).replacen("rp_", "mv_", 1).replacen("rq_", "mw_", 1);
        let Tracking { author, date, .. } = &self.tracking;
        let attributes =
            [("w:id", number.as_str()), ("w:name", &moved), ("w:author", author), ("w:date", date)];
        self.xml.empty(start, &attributes);
        Some((end, number))
    }

    pub(super) fn end_move(&mut self, begun: Option<(&'static str, String)>) {
        if let Some((end, number)) = begun {
            self.xml.empty(end, &[("w:id", &number)]);
        }
    }

    /// Where the remarks are shown: at the first line, which stands in both documents. LibreOffice does not take a paragraph away in
    /// which a comment stands.
    pub(super) fn remarks(&mut self) {
        let count = self.document.compared.as_ref().map_or(0, |compared| compared.remarks.len());
        for number in 0..count {
            let number = number.to_string();
            let id = [("w:id", number.as_str())];
            self.xml.empty("w:commentRangeStart", &id);
            self.xml.empty("w:commentRangeEnd", &id);
            self.xml.within("w:r", &[], |xml| xml.empty("w:commentReference", &id));
        }
    }
}

/// The part with the remarks, where there are any.
pub(super) fn comments(document: &Document) -> Option<Vec<u8>> {
    let compared = document.compared.as_deref().filter(|compared| !compared.remarks.is_empty())?;
    let Tracking { author, date, .. } = Tracking::of(document, 0);
    let numbers = list::numbers(document);
    let initials: String =
        author.split_whitespace().filter_map(|word| word.chars().next()).collect();
    let mut xml = Xml::new();
    xml.within("w:comments", &[("xmlns:w", WORD)], |xml| {
        for (number, Remark { at, text }) in compared.remarks.iter().enumerate() {
            let text = match numbers.get(at) {
                Some(number) => format!("{number}. {text}"),
                None => text.to_string(),
            };
            let number = number.to_string();
            let attributes = [
                ("w:id", number.as_str()),
                ("w:author", author),
                ("w:date", &date),
                ("w:initials", &initials),
            ];
            xml.within("w:comment", &attributes, |xml| {
                xml.within("w:p", &[], |xml| {
                    xml.within("w:r", &[], |xml| {
                        xml.with_text("w:t", &[("xml:space", "preserve")], &text);
                    });
                });
            });
        }
    });
    Some(xml.finish())
}
