//! Hearings: participants are asked what they say of a draft that is cleared. As it was frozen for them, until when, and each
//! observation on it once it was mixed. Of who made one nothing is known: neither a person, nor a time, nor which others are of the same
//! receipt. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::content::check_words;
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::consultations::programme::printed_names::PrintedName;
use crate::db::types::Timestamp;
use crate::document::{ParagraphPart, inline};
use crate::problem::{Checks, Problem};
use crate::vocabulary::{ClearanceCommentId, ClearanceRoundId, ReportId, ThingId};

pub mod service;
pub(super) mod store;

/// Most characters that are quoted of a draft.
const LONGEST_QUOTE: usize = 1_000;

/// A portion of the draft as participants read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardPortion {
    /// The paragraph, the section whose tables it is, or the report whose first page it is.
    pub id: ThingId,
    /// The version of the paragraph; none of what is no paragraph.
    pub version: Option<i64>,
    /// The number that the paragraph is printed with.
    pub number: Option<u32>,
    /// A line for each heading that it stands under, an empty line, and its words as inline Markdown.
    pub text: String,
    /// SHA-256 of that text, in lower-case hexadecimal digits.
    pub sha256: String,
}

impl HeardPortion {
    /// Its words, without the headings.
    pub fn words(&self) -> &str {
        let headings = self.text.starts_with("# ");
        let words = self.text.split_once("\n\n").filter(|_| headings);
        words.map_or(self.text.as_str(), |(_, words)| words).trim_start_matches('\n')
    }

    /// The headings that it stands under, the outermost first.
    pub fn headings(&self) -> Vec<&str> {
        headings(&self.text)
    }

    /// Whether these words stand in it, as it is written or as it is printed. How they are broken into lines does not matter.
    pub fn says(&self, quote: &str) -> bool {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let quote = one_line(quote);
        let printed = printed(self.words()).is_some_and(|text| one_line(&text).contains(&quote));
        printed || one_line(&self.text).contains(&quote)
    }
}

/// The words of a paragraph without its markup and footnotes; none of what is no paragraph.
fn printed(source: &str) -> Option<String> {
    let parts = inline::parse(source).ok()?.parts;
    let part = |part: &ParagraphPart| match part {
        ParagraphPart::Text(inlines) => inline::plain_text(inlines),
        ParagraphPart::List(list) => {
            let items = list.entries().into_iter().map(|(_, inlines)| inline::plain_text(inlines));
            items.collect::<Vec<_>>().join(" ")
        }
    };
    Some(parts.iter().map(part).collect::<Vec<_>>().join(" "))
}

/// That participants are asked about a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hearing {
    /// The round of clearance in which they are.
    pub round_id: ClearanceRoundId,
    /// Those of this consultation.
    pub consultation_id: ConsultationId,
    /// The report.
    pub report_id: ReportId,
    /// The last day on which observations are taken, where the consultation is.
    pub ends_on: NaiveDate,
    /// The moment at which that day is over.
    pub ends_at: Timestamp,
    /// Who asked; nobody once they are erased.
    pub asked_by: Option<AccountId>,
    /// When.
    pub asked_at: Timestamp,
}

impl Hearing {
    /// Whether observations are taken at a moment.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.ends_at
    }
}

/// The headings at the beginning of the text of a portion, the outermost first: those that it stands under.
pub fn headings(text: &str) -> Vec<&str> {
    text.lines().map_while(|line| line.strip_prefix("# ")).collect()
}

/// What participants read of a draft that they are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardDraft {
    /// It in portions, in the order in which they are printed.
    pub portions: Vec<HeardPortion>,
    /// The document that they were taken from, as JSON; none where it would be no document without those who are left out of it.
    pub document: Option<String>,
    /// Whom they print by name; none of those who are erased.
    pub named: Vec<PrintedName>,
}

impl HeardDraft {
    /// A portion of it.
    pub fn portion(&self, id: ThingId) -> Option<&HeardPortion> {
        self.portions.iter().find(|one| one.id == id)
    }

    /// It without a quotation that stands there no more, because somebody who was named in it was erased while it waited.
    pub fn without_lost_quote(&self, said: Observed) -> Observed {
        let portion = self.portion(said.portion_id);
        let stands = |quote: &String| portion.is_some_and(|portion| portion.says(quote));
        Observed { quote: said.quote.filter(stands), ..said }
    }

    /// It as it is kept; 422 naming everything that does not fit.
    pub fn checked(&self, said: Observed) -> Result<Observed, Problem> {
        let said = said.cleaned();
        let mut checks = Checks::new();
        let portion = self.portion(said.portion_id);
        let detail = "is no portion of the draft that participants are asked about";
        checks.require(portion.is_some(), "/portion_id", detail);
        checks.optional_text(said.quote.as_deref(), LONGEST_QUOTE, "/quote");
        if let (Some(portion), Some(quote)) = (portion, &said.quote) {
            let detail = "these words are not there: copy them exactly, or leave the quotation out";
            checks.require(portion.says(quote), "/quote", detail);
        }
        check_words(&said.body, &said.language, "", &mut checks);
        checks.finish()?;
        Ok(said)
    }
}

/// What somebody says of a draft: the parts of an observation that are theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "portion_id": "018f6d3e-0000-7000-8000-000000000001", "quote": "differ widely", "body": "In our province they are the same everywhere." }))]
pub struct Observed {
    /// The portion of the draft that it is on.
    pub portion_id: ThingId,
    /// The words of it that it is on, exactly as they stand there; all of it when absent.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub quote: Option<String>,
    /// What is said of them.
    #[schema(min_length = 1, max_length = 5000)]
    pub body: String,
    /// The text's language (BCP 47).
    #[serde(default = "super::http::english")]
    #[schema(example = "en", default = "en")]
    pub language: String,
}

impl Observed {
    /// Without what differs only in how it was typed.
    fn cleaned(self) -> Self {
        let lines = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
        let quote = self.quote.as_deref().map(lines).filter(|quote| !quote.is_empty());
        Self { quote, body: lines(&self.body), ..self }
    }
}

/// What was answered to an observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservationAnswer {
    /// Whether it is taken into account.
    pub taken: bool,
    /// How, or why not.
    pub text: String,
    /// Who of the team answered; nobody once they are erased.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

/// What a participant said of a draft, once it was mixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Its id: random, among those of comments.
    pub id: ClearanceCommentId,
    /// The round in which participants were asked.
    pub round_id: ClearanceRoundId,
    /// The report.
    pub report_id: ReportId,
    /// What was said.
    pub said: Observed,
    /// What was answered.
    pub answer: Option<ObservationAnswer>,
    /// For `If-Match`.
    pub version: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portion(text: &str) -> HeardPortion {
        HeardPortion {
            id: ThingId::new(uuid::Uuid::from_u128(7)),
            version: Some(1),
            number: Some(3),
            text: text.to_owned(),
            sha256: String::new(),
        }
    }

    #[test]
    fn a_portion_says_what_is_written_and_what_is_printed() {
        let one = portion("# II. Outcomes\n# Challenges\n\nFees *differ* widely^[A note.]\nhere.");
        assert_eq!(one.headings().last(), Some(&"Challenges"));
        assert_eq!(one.words(), "Fees *differ* widely^[A note.]\nhere.");
        for there in ["Fees differ widely", "Fees *differ*", "differ\n widely"] {
            assert!(one.says(there), "{there}");
        }
        assert!(!one.says("Fees do not differ"));
        let title = portion("\nFees.");
        assert_eq!((title.headings(), title.words()), (Vec::new(), "Fees."));
    }

    #[test]
    fn a_quotation_goes_with_the_words_that_it_is_of() {
        let draft = |text: &str| HeardDraft {
            portions: vec![portion(text)],
            document: None,
            named: Vec::new(),
        };
        let said = Observed {
            portion_id: portion("").id,
            quote: Some("Asha Example".to_owned()),
            body: "She was not there.".to_owned(),
            language: "en".to_owned(),
        };
        let stands = draft("Moderator: Asha Example").without_lost_quote(said.clone());
        assert_eq!(stands, said);
        let lost = draft("Moderator: […]").without_lost_quote(said.clone());
        assert_eq!(lost, Observed { quote: None, ..said });
    }
}
