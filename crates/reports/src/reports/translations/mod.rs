//! Translations of a report: a text of its own for every portion of the original, which remembers the words that it was made from, so
//! that what is missing and what was made from an earlier text is told. Numbers, and the words that documents print by themselves, are
//! never translated by hand. An edition's translation is published beside it, whole, and never changes. Pure.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Edition, ReportId};
use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::document::{Document, Inline, LanguageTag, MastheadLine, MastheadNote, NumberingError};
use crate::i18n::{ByLanguage, Language};
use crate::portions::{PortionPlace, TextPortion, Unsuited, Wording};
use crate::problem::{Checks, Code, Problem};
use crate::text_enum;
use furniture::{Furnished, Furniture};

pub mod exchanging;
mod furniture;
pub mod http;
pub mod issuing;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;

pub use crate::vocabulary::TranslationId;

/// Characters of a portion. An original can be longer than what somebody wrote: it has its citations.
const LONGEST: usize = 40_000;

text_enum! {
    /// How the translation of a portion stands to the original.
    pub enum PortionState {
        /// There is none.
        Missing => "missing",
        /// It was made from what the original says.
        Current => "current",
        /// It was made from what the original said earlier.
        Older => "older",
    }
}

text_enum! {
    /// What a portion of an original is.
    pub enum TranslatedKind {
        /// A line of the first page.
        FirstPage => "first_page",
        /// A note to a line of the first page.
        Note => "note",
        /// A paragraph of the summary.
        Summary => "summary",
        /// The heading of a section.
        Heading => "heading",
        /// A paragraph with its lists and footnotes.
        Paragraph => "paragraph",
        /// What stands over a table or chart.
        Caption => "caption",
        /// A cell of a table, or what stands in a chart.
        Cell => "cell",
        /// What somebody is told who does not see a chart.
        Alternative => "alternative",
    }
}

impl From<PortionPlace> for TranslatedKind {
    fn from(place: PortionPlace) -> Self {
        match place {
            PortionPlace::FirstPage => Self::FirstPage,
            PortionPlace::Note => Self::Note,
            PortionPlace::Summary => Self::Summary,
            PortionPlace::Heading => Self::Heading,
            PortionPlace::Paragraph => Self::Paragraph,
            PortionPlace::Caption => Self::Caption,
            PortionPlace::Cell => Self::Cell,
            PortionPlace::Alternative => Self::Alternative,
        }
    }
}

/// The translation of a report into a language, as it is worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// Its id.
    pub id: TranslationId,
    /// The report.
    pub report_id: ReportId,
    /// The language.
    pub language: Language,
    /// Who translates, beside those who draft; nobody once they are erased.
    pub translator: Option<AccountId>,
    /// Changes with every change of it or of a portion.
    pub version: i64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A portion in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated {
    /// Its words, as inline Markdown.
    pub text: String,
    /// What the original said, of which it is the translation.
    pub made_from: String,
    /// Counts its changes.
    pub version: i64,
}

/// A portion of an original beside its translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// The portion: of what is printed with fixed words, the part that is free.
    pub original: TextPortion,
    /// What there is in the other language.
    pub translated: Option<Translated>,
    /// How it stands to the original.
    pub state: PortionState,
}

/// How much of a translation there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Portions that are to be translated.
    pub portions: usize,
    /// Those that are not.
    pub missing: usize,
    /// Those that were made from an earlier text.
    pub older: usize,
}

impl Progress {
    /// Whether nothing is missing or older.
    pub fn is_whole(&self) -> bool {
        self.missing + self.older == 0
    }
}

/// A translation held against an original, portion by portion.
#[derive(Debug, Clone)]
pub struct Held {
    language: Language,
    original: Document,
    furniture: Furniture,
    /// What is to be translated, in reading order.
    pub portions: Vec<Beside>,
}

impl Held {
    /// Holds what there is against a numbered document.
    pub fn against(
        original: Document,
        language: Language,
        mut there: BTreeMap<String, Translated>,
    ) -> Self {
        let furniture = Furniture::of(&original, language);
        let portions = original.portions().into_iter().filter_map(|mut portion| {
            match furniture.of_portion(&portion) {
                Some(Furnished::Whole(_)) => return None,
                Some(Furnished::Around { free, .. }) => portion.text.clone_from(free),
                None => {}
            }
            let translated = there.remove(&portion.name);
            Some(Beside::new(portion, translated))
        });
        let portions = portions.collect();
        Self { language, original, furniture, portions }
    }

    /// A portion that is to be translated.
    pub fn portion(&self, name: &str) -> Option<&Beside> {
        self.portions.iter().find(|one| one.original.name == name)
    }

    /// How the same words are translated elsewhere, for a portion that is still to be translated.
    pub fn proposed(&self, beside: &Beside) -> Option<&str> {
        if beside.state == PortionState::Current {
            return None;
        }
        let alike = |one: &&Beside| {
            one.state == PortionState::Current
                && one.original.text == beside.original.text
                && one.original.is_plain == beside.original.is_plain
        };
        self.portions.iter().find(alike)?.said()
    }

    /// How much there is.
    pub fn progress(&self) -> Progress {
        let count = |state| self.portions.iter().filter(|one| one.state == state).count();
        Progress {
            portions: self.portions.len(),
            missing: count(PortionState::Missing),
            older: count(PortionState::Older),
        }
    }

    /// What identifies the original.
    pub fn identifier(&self) -> &str {
        self.original.meta.identifier.as_str()
    }

    /// The language of the original.
    pub fn original_language(&self) -> &LanguageTag {
        &self.original.meta.lang
    }

    /// 409 that names every portion which is missing or older.
    pub fn require_whole(&self) -> Result<(), Problem> {
        let progress = self.progress();
        let Progress { missing, older, .. } = progress;
        if progress.is_whole() {
            return Ok(());
        }
        let detail = format!(
            "{missing} portions are not translated, and {older} were translated from an earlier text. Nothing was published."
        );
        let mut problem = Problem::new(Code::TranslationIncomplete, detail);
        for one in &self.portions {
            let why = match one.state {
                PortionState::Current => continue,
                PortionState::Missing => "is missing",
                PortionState::Older => "was translated from an earlier text",
            };
            problem = problem.at(format!("/portions/{}", one.original.name), why);
        }
        Err(problem)
    }

    /// The translation as a document with the structure and the numbers of the original. What is missing stands in the language of the original, and so
    /// does a cell that was made from an earlier text, which may tell other facts. That it is not whole is told on the first page.
    pub fn document(&self) -> Result<Document, Problem> {
        let mut document = self.worded()?;
        self.tell(&mut document);
        document.number_draft().map_err(unnumbered)?;
        Ok(document)
    }

    /// The translation as it is published: whole, and nothing in it leads nowhere.
    pub fn document_to_publish(&self) -> Result<Document, Problem> {
        self.require_whole()?;
        let mut document = self.worded()?;
        document.number().map_err(unnumbered)?;
        Ok(document)
    }

    /// The original in the other words, without its numbers.
    fn worded(&self) -> Result<Document, Problem> {
        let lang = tag(self.language);
        let by_name: BTreeMap<&str, &Beside> =
            self.portions.iter().map(|one| (one.original.name.as_str(), one)).collect();
        self.original
            .reworded(&lang, &mut |portion| {
                let said = by_name.get(portion.name.as_str()).and_then(|one| one.said());
                match (self.furniture.of_portion(portion), said) {
                    (Some(Furnished::Whole(words)), _) if *words == portion.text => Wording::Same,
                    (Some(Furnished::Whole(words)), _) => Wording::Said(words.clone()),
                    (Some(Furnished::Around { around, .. }), Some(said)) => {
                        Wording::Said(around.put(self.language, said))
                    }
                    (None, Some(said)) => Wording::Said(said.to_owned()),
                    (_, None) => Wording::Untranslated,
                }
            })
            .map_err(|(name, why)| unsuited(&format!("/portions/{name}"), &why))
    }

    /// Tells on the first page that it is not whole.
    fn tell(&self, document: &mut Document) {
        let Progress { missing, older, .. } = self.progress();
        let words = WORDS.of(self.language);
        let told = [(missing, &words.missing), (older, &words.older)];
        if document.meta.prints(MastheadLine::Title) {
            let notes = told.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| {
                MastheadNote { to: MastheadLine::Title, inlines: vec![Inline::text(words)] }
            });
            document.meta.notes.extend(notes);
        }
    }
}

impl Beside {
    fn new(original: TextPortion, translated: Option<Translated>) -> Self {
        let state = match &translated {
            None => PortionState::Missing,
            Some(one) if one.made_from == original.text => PortionState::Current,
            Some(_) => PortionState::Older,
        };
        Self { original, translated, state }
    }

    /// Whether its earlier words are not shown: names stand in cells, and who is not named there any more is not named here.
    pub fn is_withheld(&self) -> bool {
        self.state == PortionState::Older && self.original.place == PortionPlace::Cell
    }

    /// What is printed for it.
    fn said(&self) -> Option<&str> {
        let translated = self.translated.as_ref().filter(|_| !self.is_withheld());
        translated.map(|one| one.text.as_str())
    }

    /// The version of its translation; 0 where there is none.
    pub fn version(&self) -> i64 {
        self.translated.as_ref().map_or(0, |there| there.version)
    }

    /// 422 unless the words can stand in its place. What was made from an earlier text has the shape of that one.
    pub fn check_translating(&self, one: &Translating, pointer: &str) -> Result<(), Problem> {
        let Some(text) = &one.text else { return Ok(()) };
        Checks::new()
            .text(text, LONGEST, &format!("{pointer}/text"))
            .text(&one.made_from, LONGEST, &format!("{pointer}/made_from"))
            .finish()?;
        let read = TextPortion { text: one.made_from.clone(), ..self.original.clone() };
        read.check(text).map_err(|why| unsuited(&format!("{pointer}/text"), &why))
    }
}

fn unnumbered(why: NumberingError) -> Problem {
    Problem::invalid("/portions", why.to_string())
}

fn unsuited(pointer: &str, why: &Unsuited) -> Problem {
    Problem::invalid(pointer, why.to_string())
}

/// What is to be written in the place of a portion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translating {
    /// What the portion is known by.
    pub portion: String,
    /// The words; none takes them away.
    pub text: Option<String>,
    /// The original that was read.
    pub made_from: String,
    /// The version that was seen; 0 where there was none.
    pub version: i64,
}

impl Translating {
    /// What is written.
    pub fn translated(&self) -> Option<Translated> {
        let text = self.text.as_ref()?.trim().replace("\r\n", "\n");
        Some(Translated { text, made_from: self.made_from.clone(), version: self.version + 1 })
    }
}

/// The translation of an edition, as it was published. Never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionTranslation {
    /// The language.
    pub language: Language,
    /// The document as JSON: exactly the bytes that `sha256` is over.
    pub document: String,
    /// SHA-256 of `document`, in lower-case hexadecimal digits.
    pub sha256: String,
    /// When it was published.
    pub published_at: Timestamp,
}

/// That a translation of an edition was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranslationIssue {
    /// The language.
    pub language: Language,
    /// SHA-256 of its document.
    pub sha256: String,
    /// When it was published.
    pub published_at: Timestamp,
}

impl EditionTranslation {
    /// The document as it was frozen.
    pub fn document(&self) -> Result<Document, Problem> {
        crate::render::json::read(self.document.as_bytes()).map_err(Problem::internal)
    }
}

/// 422 unless it is another language than that of the original.
pub fn require_other(language: Language, original: Language) -> Result<(), Problem> {
    if language == original {
        let detail = "is the language that the report is written in";
        return Err(Problem::invalid("/language", detail));
    }
    Ok(())
}

/// In which language an edition is.
pub fn language_of(edition: &Edition) -> Result<Option<Language>, Problem> {
    Ok(Language::of_tag(edition.document()?.meta.lang.as_str()))
}

fn tag(language: Language) -> LanguageTag {
    // Every word of the list is a tag.
    LanguageTag::parse(language.as_str()).unwrap_or_default()
}

/// What a translation says of itself.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    missing: String,
    older: String,
}

static WORDS: LazyLock<ByLanguage<Words>> = LazyLock::new(|| {
    ByLanguage::of_toml(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../config/i18n/translations.toml"
    )))
});
