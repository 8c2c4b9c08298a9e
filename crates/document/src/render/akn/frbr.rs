//! What the metadata of Akoma Ntoso says of a document as a work (FRBR: work, expression, manifestation) and that the masthead
//! does not say, or only in words. Must never look at a clock: a date that nobody gave is unknown, not today.

use crate::document::{HeadingStyle, Meta, Text, Work};
use chrono::{Datelike, NaiveDate};

/// The kind of a document, which decides its element, its names and its addresses.
pub use crate::document::WorkKind as Kind;

impl Kind {
    /// The documents that these are published as.
    pub(super) fn document_type(self) -> &'static str {
        match self {
            Self::SummaryReport => "debateReport",
            Self::ConferenceRoomPaper => "documentCollection",
        }
    }

    pub(super) fn subtype(self) -> &'static str {
        match self {
            Self::SummaryReport => "report",
            Self::ConferenceRoomPaper => "publication",
        }
    }

    pub(super) fn work_date_name(self) -> &'static str {
        match self {
            Self::SummaryReport => "meeting",
            Self::ConferenceRoomPaper => "issued",
        }
    }
}

/// Facts for the metadata of one text of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frbr {
    pub kind: Kind,
    /// The organization that answers for the document, as addresses name it, such as `un-escap`: letters, digits and hyphens.
    pub author_code: String,
    /// The same organization as people name it, such as "ESCAP".
    pub author_name: String,
    /// The day of the work: of a summary report the day of the consultation, of a paper the day on which it was issued.
    pub work_date: Option<NaiveDate>,
    /// The day of this text of the work: when this edition was frozen, or the date in its masthead.
    pub expression_date: Option<NaiveDate>,
    /// The document among those of its author on its day: its symbol, or a name of the consultation. Characters that an address
    /// cannot hold become hyphens there.
    pub number: String,
}

impl Frbr {
    /// What the document says of itself; or, of one frozen before it did, what can be told from a masthead alone: a symbol of a
    /// conference room paper (or headings as the manual has them) makes a paper; the first part of the symbol is the author; the
    /// first date in English words in the masthead is both dates; the symbol, else the identifier, is the number.
    #[must_use]
    pub fn from_meta(meta: &Meta) -> Self {
        if let Some(work) = &meta.work {
            return Self::from(work);
        }
        let symbol = meta.symbol.as_str().trim();
        let is_paper = symbol.contains("/CRP.") || meta.heading_style == HeadingStyle::UnManual;
        let organ = symbol.split('/').next().filter(|organ| !organ.is_empty());
        let date = std::iter::once(&meta.date)
            .chain(&meta.meeting)
            .find_map(|line| date_in(line.as_str()));
        let number = [&meta.symbol, &meta.identifier, &meta.title];
        Self {
            kind: if is_paper { Kind::ConferenceRoomPaper } else { Kind::SummaryReport },
            author_code: organ.map_or_else(|| "un".to_owned(), |organ| format!("un-{organ}")),
            author_name: organ.unwrap_or("United Nations").to_owned(),
            work_date: date,
            expression_date: date_in(meta.date.as_str()).or(date),
            number: number
                .into_iter()
                .find(|text| !text.is_blank())
                .map_or_else(String::new, Text::to_string),
        }
    }
}

impl From<&Work> for Frbr {
    fn from(work: &Work) -> Self {
        Self {
            kind: work.kind,
            author_code: work.author_code.to_string(),
            author_name: work.author_name.to_string(),
            work_date: work.dated_on,
            expression_date: work.issued_on.or(work.dated_on),
            number: work.number.to_string(),
        }
    }
}

/// A day as XML writes it; one outside the four digits of a year is as good as unknown.
pub(super) fn written(date: Option<NaiveDate>) -> Option<String> {
    date.filter(|date| (1..=9999).contains(&date.year())).map(|date| date.to_string())
}

/// The first date in words, such as "24 February 2021"; of "10–12 March 2021" the last day.
pub(super) fn date_in(line: &str) -> Option<NaiveDate> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let words: Vec<_> = line.split(|c: char| !c.is_alphanumeric()).collect();
    words.windows(3).find_map(|window| {
        let month = MONTHS.iter().position(|month| window[1].eq_ignore_ascii_case(month))?;
        let month = u32::try_from(month + 1).ok()?;
        NaiveDate::from_ymd_opt(year(window[2])?, month, window[0].parse().ok()?)
    })
}

/// A year has four digits: XML has no other dates.
fn year(word: &str) -> Option<i32> {
    let is_year = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|&year| is_year && year > 0)
}

/// A text as a part of an address: runs of what an address cannot hold become one hyphen; `nn` when nothing is left.
pub(super) fn slug(text: &str) -> String {
    const LONGEST: usize = 100;
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let parts = text.split(|c| !allowed(c)).filter(|part| !part.trim_matches('.').is_empty());
    let slug: String = parts.collect::<Vec<_>>().join("-").chars().take(LONGEST).collect();
    let slug = slug.trim_matches(['.', '-']);
    if slug.is_empty() { "nn".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_words_are_found() {
        let found = |line| date_in(line).map(|date| date.to_string());
        assert_eq!(found("24 February 2021").as_deref(), Some("2021-02-24"));
        assert_eq!(found("Bangkok and online, 10–12 March 2021").as_deref(), Some("2021-03-12"));
        assert_eq!(
            found("19 November 2020, 11:00–14:30 hrs. – Virtual").as_deref(),
            Some("2020-11-19")
        );
        assert_eq!(found("31 February 2021"), None);
        assert_eq!(found("1 May 99999"), None);
        assert_eq!(found("March 2021"), None);
    }

    #[test]
    fn only_years_of_four_digits_are_written() {
        assert_eq!(written(NaiveDate::from_ymd_opt(2021, 3, 1)).as_deref(), Some("2021-03-01"));
        assert_eq!(written(NaiveDate::from_ymd_opt(10_000, 1, 1)), None);
        assert_eq!(written(NaiveDate::from_ymd_opt(-1, 1, 1)), None);
    }

    #[test]
    fn a_slug_holds_only_what_an_address_can() {
        assert_eq!(slug("ESCAP/GCM/2021/CRP.2"), "ESCAP-GCM-2021-CRP.2");
        assert_eq!(slug(" <a> & \"b\" "), "a-b");
        assert_eq!(slug("../…"), "nn");
    }

    #[test]
    fn a_masthead_tells_the_kind_and_the_author() {
        let meta = Meta { symbol: "ESCAP/GCM/2021/CRP.2".into(), ..Meta::default() };
        let frbr = Frbr::from_meta(&meta);
        assert_eq!(frbr.kind, Kind::ConferenceRoomPaper);
        assert_eq!((frbr.author_code.as_str(), frbr.author_name.as_str()), ("un-ESCAP", "ESCAP"));
        assert_eq!(Frbr::from_meta(&Meta::default()).kind, Kind::SummaryReport);
    }
}
