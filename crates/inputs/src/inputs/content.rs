//! What an input is made of, and what is refused of it. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Addressee, Care, Origin, ToldBy};
use crate::consultations::{RoundId, SessionId, WorkingGroupId, is_language_tag};
use crate::document::{Href, Inline, ParagraphPart, inline};
use crate::names::by_shape;
use crate::organizations::{NOT_A_WEB_ADDRESS, OrganizationId, is_web_address};
use crate::problem::Checks;
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;
use crate::wording;

/// Longest text of an input, in characters.
pub const LONGEST_BODY: usize = 5000;
/// Most citations of one input.
pub const MOST_CITATIONS: usize = 10;
const LONGEST_TITLE: usize = 500;
const LONGEST_PUBLISHER: usize = 300;
const LONGEST_ADDRESS: usize = 1000;

/// A source that an input refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Its title.
    #[schema(example = "World Migration Report 2020")]
    pub title: String,
    /// Who published it.
    #[serde(default)]
    #[schema(example = "International Organization for Migration")]
    pub publisher: Option<String>,
    /// The year it came out.
    #[serde(default)]
    #[schema(example = 2019)]
    pub year: Option<u16>,
    /// Where it is on the web.
    #[serde(default)]
    #[schema(example = "https://publications.iom.int/books/world-migration-report-2020")]
    pub url: Option<String>,
}

impl Citation {
    /// The source as a footnote in inline Markdown, to be put into a paragraph where it is referred to:
    /// `^[Publisher, *Title* (2019), [url](url).]` (UN Editorial Manual, footnotes).
    pub fn footnote(&self) -> String {
        let mut inlines = Vec::new();
        if let Some(publisher) = &self.publisher {
            inlines.push(Inline::text(&format!("{publisher}, ")));
        }
        inlines.push(Inline::Emphasis(vec![Inline::text(&self.title)]));
        if let Some(year) = self.year {
            inlines.push(Inline::text(&format!(" ({year})")));
        }
        if let Some((url, href)) =
            self.url.as_deref().zip(self.url.as_deref().and_then(|url| Href::parse(url).ok()))
        {
            inlines.push(Inline::text(", "));
            inlines.push(Inline::Link { href, inlines: vec![Inline::text(url)] });
        }
        inlines.push(Inline::text("."));
        format!("^[{}]", inline::to_source(&[ParagraphPart::Text(inlines)], &[]))
    }
}

/// An input's text in another language, beside the original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Translation {
    /// The text.
    #[schema(example = "Consulates are far from where most migrants work.", max_length = 5000)]
    pub body: String,
    /// Its language (BCP 47).
    #[schema(example = "en")]
    pub language: String,
}

/// What an input is made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewInput {
    /// Where it was made.
    pub origin: Origin,
    /// By how many it was told, of what was written down in the room.
    pub told_by: Option<ToldBy>,
    /// The organization that says it in its own name.
    pub organization_id: Option<OrganizationId>,
    /// The working group it was made in: always when the origin is one; else only for a chat, captions or a document.
    pub working_group_id: Option<WorkingGroupId>,
    /// The round it was made in: always when the origin is a working group; else only beside one.
    pub round_id: Option<RoundId>,
    /// The session it was made in.
    pub session_id: Option<SessionId>,
    /// What it is about.
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is.
    pub category_id: CategoryId,
    /// Its text.
    pub body: String,
    /// The text's language (BCP 47).
    pub language: String,
    /// Its text in another language.
    pub translation: Option<Translation>,
    /// What it refers to.
    pub citations: Vec<Citation>,
    /// To whom it is addressed.
    pub addressees: Vec<Addressee>,
    /// How carefully it must be handled.
    pub care: Care,
}

impl NewInput {
    /// Something in writing, with nothing but its text and what it is about.
    pub fn written(
        objectives: Vec<ObjectiveNumber>,
        category_id: CategoryId,
        body: String,
    ) -> Self {
        Self {
            origin: Origin::Written,
            told_by: None,
            organization_id: None,
            working_group_id: None,
            round_id: None,
            session_id: None,
            objectives,
            category_id,
            body,
            language: "en".to_owned(),
            translation: None,
            citations: Vec::new(),
            addressees: Vec::new(),
            care: Care::default(),
        }
    }

    /// Removes what differs only in how it was typed: line ends, white space around texts, the order of addressees.
    pub fn cleaned(mut self) -> Self {
        self.body = one_kind_of_line_end(&self.body);
        if let Some(translation) = &mut self.translation {
            translation.body = one_kind_of_line_end(&translation.body);
        }
        for citation in &mut self.citations {
            citation.title = citation.title.trim().to_owned();
            citation.publisher = trimmed(citation.publisher.take());
            citation.url = trimmed(citation.url.take());
        }
        self.addressees.sort_unstable();
        self.addressees.dedup();
        self
    }

    /// Notes every value that cannot be accepted by a consultation with these objectives and a review with these categories.
    pub fn check(
        &self,
        objectives: &[ObjectiveNumber],
        categories: &[CategoryId],
        checks: &mut Checks,
    ) {
        self.check_place(checks);
        self.check_about(objectives, categories, checks);
        check_words(&self.body, &self.language, "", checks);
        if let Some(translation) = &self.translation {
            check_words(&translation.body, &translation.language, "/translation", checks);
            let detail = "must be another language than that of the text";
            let other = translation.language != self.language;
            checks.require(other, "/translation/language", detail);
        }
        let detail = format!("at most {MOST_CITATIONS} citations are taken");
        checks.require(self.citations.len() <= MOST_CITATIONS, "/citations", detail);
        for (index, citation) in self.citations.iter().take(MOST_CITATIONS).enumerate() {
            check_citation(citation, &format!("/citations/{index}"), checks);
        }
    }

    fn check_about(
        &self,
        objectives: &[ObjectiveNumber],
        categories: &[CategoryId],
        checks: &mut Checks,
    ) {
        checks.require(
            !self.objectives.is_empty(),
            "/objectives",
            "must have at least one objective",
        );
        for (index, objective) in self.objectives.iter().enumerate() {
            let pointer = format!("/objectives/{index}");
            let detail = format!(
                "objective {objective} is not one of this consultation's: they are {}",
                listed(objectives)
            );
            checks.require(objectives.contains(objective), &pointer, detail);
            let repeated = self.objectives[..index].contains(objective);
            checks.require(!repeated, &pointer, format!("objective {objective} is there twice"));
        }
        let detail = "is not an input category of this consultation's review";
        checks.require(categories.contains(&self.category_id), "/category_id", detail);
    }

    fn check_place(&self, checks: &mut Checks) {
        let must = self.origin == Origin::Group;
        // What was written or said in a call was so in a group or before all.
        let may = must || matches!(self.origin, Origin::Chat | Origin::Captions | Origin::Document);
        let detail = if must {
            "must be given when the origin is group"
        } else {
            "is given only when the origin is group, chat, captions or document"
        };
        let grouped = self.working_group_id.is_some();
        checks.require(if grouped { may } else { !must }, "/working_group_id", detail);
        let detail = if may && !must { "is given only with a working group" } else { detail };
        let fits = if self.round_id.is_some() { may && (must || grouped) } else { !must };
        checks.require(fits, "/round_id", detail);
        let detail = "is what merging makes; say where this was made";
        checks.require(self.origin != Origin::Several, "/origin", detail);
        let detail = "is for what an organization says in its own name";
        let on_record = self.origin == Origin::OnRecord;
        checks.require(on_record == self.organization_id.is_some(), "/origin", detail);
    }
}

/// A text of people and its language: kept as it is, or refused with what to change.
pub fn check_words(body: &str, language: &str, at: &str, checks: &mut Checks) {
    let pointer = format!("{at}/body");
    match wording::refuse(body) {
        Ok(()) => checks.text(body, LONGEST_BODY, &pointer),
        Err(why) => checks.require(false, &pointer, why),
    };
    let detail = "must be a language tag (BCP 47), such as en, th or zh-Hans";
    checks.require(is_language_tag(language), &format!("{at}/language"), detail);
}

/// Whether something in a text looks like somebody's name, to who knows nobody: it tells nothing of who registered.
pub fn looks_like_naming(text: &str) -> bool {
    !by_shape(text).is_empty()
}

fn check_citation(citation: &Citation, pointer: &str, checks: &mut Checks) {
    checks.text(&citation.title, LONGEST_TITLE, &format!("{pointer}/title"));
    checks.optional_text(
        citation.publisher.as_deref(),
        LONGEST_PUBLISHER,
        &format!("{pointer}/publisher"),
    );
    let year = citation.year.is_none_or(|year| (1800..=2100).contains(&year));
    checks.require(year, &format!("{pointer}/year"), "must be a year from 1800 to 2100");
    if let Some(url) = &citation.url {
        let pointer = format!("{pointer}/url");
        checks.text(url, LONGEST_ADDRESS, &pointer);
        checks.require(is_web_address(url), &pointer, NOT_A_WEB_ADDRESS);
    }
}

fn one_kind_of_line_end(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
}

fn listed(objectives: &[ObjectiveNumber]) -> String {
    objectives.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
