//! From facts to a document: what both kinds of report have in common. Pure and without a clock: the same facts give the
//! same bytes. Must never load anything, and never know who contributed what.

use std::collections::BTreeMap;

use crate::consultations::Mode;
use crate::consultations::programme::printed_names::PrintedName;
use crate::document::inline::{self, InlineError, ParsedParagraph, to_source};
use crate::document::{
    self, Block, Document, Figure, Id, Inline, LanguageTag, Level, Note, NoteRef, NumberingError,
    ParagraphPart, Section as DocumentSection, Table, Work, WorkKind,
};
use crate::i18n::Language;
use crate::inputs::InputId;
use crate::problem::{Code, Problem};
use crate::reference::{ObjectiveNumber, Reference};
use crate::reviews::{CategoryId, InputCategory, Review};

use super::clearance::Approval;
use super::{
    ComputedText, EditionRecord, HeadingStyle, MastheadLine, MastheadNote, Outline,
    OutlineParagraph, OutlineSection, Paragraph, ParagraphId, ParagraphRecord, Report, Section,
    SectionId, SectionKind, Source,
};

pub mod charts;
pub mod masthead;
pub mod paper;
pub mod section_two;
pub mod style;
pub mod summary;
#[cfg(test)]
mod tests;

/// What was drafted of a report.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its masthead.
    pub report: Report,
    /// Its sections.
    pub sections: Vec<Section>,
    /// Its paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// The input categories of the review.
    pub categories: Vec<InputCategory>,
}

/// Everything a report is compiled from.
#[derive(Debug, Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "one is made for a compilation, never a list of them"
)]
pub enum Facts {
    /// Of a summary report.
    Summary(summary::SummaryFacts),
    /// Of a conference room paper.
    Paper(paper::PaperFacts),
}

/// How many inputs were used, each breakdown merged as figures about people are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputFigures {
    /// By the objective that an input names first; no number for those that name none.
    pub by_objective: Merged<Option<ObjectiveNumber>>,
    /// By category.
    pub by_category: Merged<CategoryId>,
}

/// A breakdown of inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged<K> {
    /// The groups that are shown by themselves.
    pub told: Vec<(K, u32)>,
    /// All others together.
    pub other: u32,
}

impl<K> Default for Merged<K> {
    fn default() -> Self {
        Self { told: Vec::new(), other: 0 }
    }
}

/// Why a report cannot be compiled as it is drafted.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The text of a paragraph is not inline Markdown.
    #[error("its text cannot be read: {1}")]
    Text(ParagraphId, InlineError),
    /// The summary is not inline Markdown.
    #[error("the summary cannot be read: {0}")]
    Summary(InlineError),
    /// A note to a line of the first page is not inline Markdown.
    #[error("a note of the first page cannot be read: {0}")]
    MastheadNote(InlineError),
    /// A cross-reference leads nowhere, or the like.
    #[error("{0}")]
    Numbering(#[from] NumberingError),
    /// Sections are nested more deeply than headings go.
    #[error("sections are nested too deeply")]
    Depth,
}

impl From<CompileError> for Problem {
    fn from(error: CompileError) -> Self {
        let detail = error.to_string();
        let pointer = match &error {
            CompileError::Text(id, _) => format!("/paragraphs/{id}"),
            CompileError::Summary(_) => "/summary".to_owned(),
            CompileError::MastheadNote(_) => "/masthead_notes".to_owned(),
            CompileError::Numbering(_) | CompileError::Depth => String::new(),
        };
        Problem::new(Code::InvalidValue, format!("The report cannot be compiled: {detail}."))
            .at(pointer, detail)
    }
}

impl Facts {
    /// The numbered document, as it is drafted: "?" is printed where a cross-reference leads nowhere.
    ///
    /// # Errors
    /// When a text cannot be read.
    pub fn compile(&self) -> Result<Document, CompileError> {
        let mut document = self.assembled()?;
        document.number_draft()?;
        Ok(document)
    }

    /// The numbered document, as it is published.
    ///
    /// # Errors
    /// When a text cannot be read or a cross-reference leads nowhere.
    pub fn compile_to_publish(&self) -> Result<Document, CompileError> {
        let mut document = self.assembled()?;
        document.number()?;
        Ok(document)
    }

    fn assembled(&self) -> Result<Document, CompileError> {
        match self {
            Self::Summary(facts) => summary::assembled(facts),
            Self::Paper(facts) => paper::assembled(facts),
        }
    }

    /// Whom its document prints by name, because they agreed to it. A paper prints nobody of itself.
    pub fn named(&self) -> Vec<PrintedName> {
        match self {
            Self::Summary(facts) => facts.named(),
            Self::Paper(_) => Vec::new(),
        }
    }

    /// What was drafted.
    pub fn draft(&self) -> &Draft {
        match self {
            Self::Summary(facts) => &facts.draft,
            Self::Paper(facts) => &facts.draft,
        }
    }

    fn profile(&self) -> &dyn Profile {
        match self {
            Self::Summary(facts) => facts,
            Self::Paper(facts) => facts,
        }
    }

    /// The tree of sections, printed or not, with the labels and numbers of `document`, which was compiled from these facts.
    pub fn outline(&self, document: &Document) -> Outline {
        let labels =
            document.outline().into_iter().map(|entry| (entry.id, entry.printed_label)).collect();
        let printed = self.sources(document);
        let tree = Tree { draft: self.draft(), profile: self.profile(), labels, printed };
        Outline { report: self.draft().report.clone(), sections: tree.under(None) }
    }

    /// What a paper takes over from `document`, which was compiled from these facts.
    pub fn record(&self, document: &Document) -> EditionRecord {
        let consultation = match self {
            Self::Summary(facts) => Some(facts.record()),
            Self::Paper(_) => None,
        };
        let draft = self.draft();
        let by_id = self.paragraphs_by_id();
        let mut notes = document.notes.clone();
        notes.iter_mut().for_each(|note| flatten(&mut note.inlines));
        let recorded = |(id, number, parts): (&Id, u32, &[ParagraphPart])| {
            let paragraph = by_id.get(id)?;
            let section = draft.section(paragraph.section_id)?;
            Some(ParagraphRecord {
                number,
                section: section.kind,
                objectives: section.objectives.clone(),
                category: section.category.clone(),
                objective: paragraph.objective,
                text: self.own_text(paragraph, source(parts, &notes)),
            })
        };
        EditionRecord {
            consultation,
            paragraphs: numbers(document).into_iter().filter_map(recorded).collect(),
            approval: Approval::default(),
        }
    }

    /// What a paragraph says, without what is printed after it to say what it rests on.
    fn own_text(&self, paragraph: &Paragraph, printed: String) -> String {
        let Some(citation) = self.profile().citation(paragraph) else { return printed };
        let own = printed.strip_suffix(&citation).map(|own| own.trim_end().to_owned());
        own.unwrap_or(printed)
    }

    /// The drafted paragraphs, by the ids that they have in the document.
    pub fn paragraphs_by_id(&self) -> BTreeMap<Id, &Paragraph> {
        let paragraphs = self.draft().paragraphs.iter();
        paragraphs.map(|paragraph| (paragraph_id(paragraph.id), paragraph)).collect()
    }

    /// The number of each numbered paragraph and its words as inline Markdown.
    pub fn sources(&self, document: &Document) -> BTreeMap<Id, (u32, String)> {
        let source = |(id, number, parts): (&Id, u32, &[ParagraphPart])| {
            (id.clone(), (number, to_source(parts, &document.notes)))
        };
        numbers(document).into_iter().map(source).collect()
    }

    /// What is printed after the text of a paragraph to say what it rests on, as inline Markdown.
    pub fn citation(&self, paragraph: &Paragraph) -> Option<String> {
        let citation = self.profile().citation(paragraph)?;
        Some(to_source(&[ParagraphPart::text(&citation)], &[]))
    }

    /// On which inputs each numbered paragraph rests.
    pub fn provenance(&self, document: &Document) -> Vec<(u32, InputId)> {
        let by_id = self.paragraphs_by_id();
        let of = |(id, number, _): (&Id, u32, &[ParagraphPart])| {
            let inputs = by_id.get(id).map_or(&[][..], |paragraph| &paragraph.inputs);
            inputs.iter().map(|input| (number, *input)).collect::<Vec<_>>()
        };
        numbers(document).into_iter().flat_map(of).collect()
    }

    /// On which paragraphs of editions each numbered paragraph rests.
    pub fn resting(&self, document: &Document) -> Vec<(u32, Source)> {
        let by_id = self.paragraphs_by_id();
        let of = |(id, number, _): (&Id, u32, &[ParagraphPart])| {
            let sources = by_id.get(id).map_or(&[][..], |paragraph| &paragraph.sources);
            sources.iter().map(|source| (number, *source)).collect::<Vec<_>>()
        };
        numbers(document).into_iter().flat_map(of).collect()
    }
}

/// A section as whoever reads a draft meets it: printed or not.
#[derive(Debug)]
pub struct Met<'f> {
    /// The section.
    pub section: &'f Section,
    /// Its heading, without its number.
    pub heading: String,
    /// How deep it stands, from 1.
    pub level: u8,
    /// The paragraphs that stand directly in it, in their order.
    pub paragraphs: Vec<&'f Paragraph>,
}

impl Facts {
    /// The sections of the draft in reading order, each behind the one that it stands in.
    pub fn met(&self) -> Vec<Met<'_>> {
        let mut met = Vec::new();
        self.meet(None, 1, &mut met);
        met
    }

    fn meet<'f>(&'f self, parent: Option<SectionId>, level: u8, met: &mut Vec<Met<'f>>) {
        let draft = self.draft();
        for section in draft.sections_under(parent) {
            let heading = heading(self.profile(), section);
            let paragraphs = draft.paragraphs_in(section.id);
            met.push(Met { section, heading, level, paragraphs });
            self.meet(Some(section.id), level.saturating_add(1), met);
        }
    }
}

/// Its text as inline Markdown, with notes that are flat already; cross-references become the numbers they print, since their targets
/// stay behind.
fn source(parts: &[ParagraphPart], notes: &[Note]) -> String {
    let mut parts = parts.to_vec();
    for part in &mut parts {
        match part {
            ParagraphPart::Text(inlines) => flatten(inlines),
            ParagraphPart::List(list) => match list {
                crate::document::List::Bulleted(items) | crate::document::List::Lettered(items) => {
                    items.iter_mut().for_each(|item| flatten(item));
                }
                crate::document::List::Labelled(items) => {
                    items.iter_mut().for_each(|item| flatten(&mut item.inlines));
                }
            },
        }
    }
    to_source(&parts, notes)
}

fn flatten(inlines: &mut [Inline]) {
    for inline in inlines {
        match inline {
            Inline::CrossReference { text, .. } => *inline = Inline::text(text),
            Inline::Emphasis(inside) | Inline::Strong(inside) => flatten(inside),
            Inline::Link { inlines: inside, .. }
            | Inline::Language { inlines: inside, .. }
            | Inline::Marked { inlines: inside, .. } => flatten(inside),
            Inline::Text(_) | Inline::Note(_) | Inline::LineBreak => {}
        }
    }
}

/// Every numbered paragraph of a document in reading order: its id, number and parts.
pub fn numbers(document: &Document) -> Vec<(&Id, u32, &[ParagraphPart])> {
    fn collect<'d>(blocks: &'d [Block], found: &mut Vec<(&'d Id, u32, &'d [ParagraphPart])>) {
        for block in blocks {
            match block {
                Block::Section(section) => collect(&section.blocks, found),
                Block::Paragraph(paragraph) => {
                    found.extend(
                        paragraph
                            .number
                            .map(|number| (&paragraph.id, number, paragraph.parts.as_slice())),
                    );
                }
                Block::Table(_) | Block::Figure(_) => {}
            }
        }
    }
    let mut found = Vec::new();
    collect(&document.blocks, &mut found);
    found
}

/// The id of a section in the document.
fn section_id(id: SectionId) -> Id {
    Id::new(&id.to_string())
}

/// The id of a paragraph in the document.
fn paragraph_id(id: ParagraphId) -> Id {
    Id::new(&id.to_string())
}

impl Draft {
    fn section(&self, id: SectionId) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    fn category(&self, id: Option<CategoryId>) -> Option<&InputCategory> {
        self.categories.iter().find(|category| Some(category.id) == id)
    }

    /// The sections of the text under `parent`, in order.
    fn sections_under(&self, parent: Option<SectionId>) -> Vec<&Section> {
        let mut sections: Vec<&Section> =
            self.sections.iter().filter(|section| section.parent_id == parent).collect();
        sections.sort_by_key(|section| (section.position, section.id));
        sections
    }

    /// The paragraphs of a section, in order.
    fn paragraphs_in(&self, section: SectionId) -> Vec<&Paragraph> {
        let mut paragraphs: Vec<&Paragraph> =
            self.paragraphs.iter().filter(|paragraph| paragraph.section_id == section).collect();
        paragraphs.sort_by_key(|paragraph| (paragraph.position, paragraph.id));
        paragraphs
    }
}

/// In what the two kinds of report differ.
trait Profile {
    /// The usual heading of a section.
    fn heading(&self, section: &Section) -> String;
    /// A computed paragraph, if there are data for it.
    fn computed(&self, what: ComputedText) -> Option<ParsedParagraph>;
    /// The charts at the end of a section.
    fn figures(&self, section: &Section) -> Vec<Figure>;
    /// The table in a section, if there is one.
    fn table(&self, document: &mut Document, section: &Section) -> Option<Table>;
    /// What is printed after a paragraph to say what it rests on.
    fn citation(&self, paragraph: &Paragraph) -> Option<String>;
}

/// Adds the sections of a draft to a document that has its masthead, and drops the empty ones.
fn assemble(
    mut document: Document,
    draft: &Draft,
    profile: &dyn Profile,
) -> Result<Document, CompileError> {
    let mut assembly = Assembly { draft, profile, document: &mut document };
    let blocks = assembly.sections(None, 1)?;
    document.blocks = blocks;
    document.prune();
    Ok(document)
}

struct Assembly<'a> {
    draft: &'a Draft,
    profile: &'a dyn Profile,
    document: &'a mut Document,
}

impl Assembly<'_> {
    fn sections(
        &mut self,
        parent: Option<SectionId>,
        level: u8,
    ) -> Result<Vec<Block>, CompileError> {
        let sections = self.draft.sections_under(parent);
        sections.into_iter().map(|section| self.section(section, level)).collect()
    }

    fn section(&mut self, section: &Section, level: u8) -> Result<Block, CompileError> {
        let mut blocks = self.paragraphs(section, level)?;
        blocks.extend(self.profile.table(self.document, section).map(Block::Table));
        if self.draft.report.figures {
            blocks.extend(self.profile.figures(section).into_iter().map(Block::Figure));
        }
        blocks.extend(self.sections(Some(section.id), level + 1)?);
        let heading = heading(self.profile, section);
        let mut part =
            DocumentSection::new(section_id(section.id), depth(level)?, &heading, blocks);
        part.annex = section.kind == SectionKind::Annex;
        Ok(Block::Section(part))
    }

    /// The paragraphs of a section; grouped by objective under a joint heading, if their category is.
    fn paragraphs(&mut self, section: &Section, level: u8) -> Result<Vec<Block>, CompileError> {
        let paragraphs = self.draft.paragraphs_in(section.id);
        let splits = self
            .draft
            .category(section.category_id)
            .is_some_and(|category| category.splits_by_objective);
        // Below the fourth level there is room for no heading.
        if !splits || section.objectives.len() < 2 || depth(level + 1).is_err() {
            return self.run(&paragraphs);
        }
        let (split, whole): (Vec<_>, Vec<_>) =
            paragraphs.into_iter().partition(|paragraph| paragraph.objective.is_some());
        let mut by_objective: BTreeMap<ObjectiveNumber, Vec<&Paragraph>> = BTreeMap::new();
        for paragraph in split {
            if let Some(objective) = paragraph.objective {
                by_objective.entry(objective).or_default().push(paragraph);
            }
        }
        let mut blocks = self.run(&whole)?;
        for (objective, paragraphs) in by_objective {
            let id = Id::new(&format!("{}-objective-{objective}", section.id));
            let mut part = DocumentSection::new(
                id,
                depth(level + 1)?,
                &objective_heading(objective),
                self.run(&paragraphs)?,
            );
            part.unnumbered = true;
            blocks.push(Block::Section(part));
        }
        Ok(blocks)
    }

    fn run(&mut self, paragraphs: &[&Paragraph]) -> Result<Vec<Block>, CompileError> {
        let blocks: Result<Vec<_>, _> =
            paragraphs.iter().map(|paragraph| self.paragraph(paragraph)).collect();
        Ok(blocks?.into_iter().flatten().collect())
    }

    fn paragraph(&mut self, paragraph: &Paragraph) -> Result<Option<Block>, CompileError> {
        let parsed = match (&paragraph.text, paragraph.computed) {
            (Some(text), _) => {
                Some(inline::parse(text).map_err(|error| CompileError::Text(paragraph.id, error))?)
            }
            (None, Some(what)) => self.profile.computed(what),
            (None, None) => None,
        };
        let Some(parsed) = parsed else { return Ok(None) };
        let mut parts = self.document.adopt(parsed);
        if let Some(citation) = self.profile.citation(paragraph) {
            cite(&mut parts, &citation);
        }
        let mut block = crate::document::Paragraph::numbered(paragraph_id(paragraph.id), parts);
        // What is written from data is English, whatever the report is written in.
        let is_english = self.draft.report.language == Language::English;
        if paragraph.text.is_none() && !is_english {
            block.lang = Some(LanguageTag::default());
        }
        Ok(Some(Block::Paragraph(block)))
    }
}

/// Prints a citation at the end of a paragraph; after a list on a line of its own.
fn cite(parts: &mut Vec<ParagraphPart>, citation: &str) {
    match parts.last_mut() {
        Some(ParagraphPart::Text(inlines)) => inlines.push(Inline::text(&format!(" {citation}"))),
        _ => parts.push(ParagraphPart::text(citation)),
    }
}

fn heading(profile: &dyn Profile, section: &Section) -> String {
    section.heading.clone().unwrap_or_else(|| profile.heading(section))
}

fn depth(level: u8) -> Result<Level, CompileError> {
    Level::try_from(level).map_err(|_| CompileError::Depth)
}

/// "Recommendations: divergent views".
fn divergent_heading(category: Option<String>) -> String {
    let of = |category| format!("{category}: divergent views");
    category.map_or_else(|| "Divergent views".to_owned(), of)
}

/// "Objective 11: Manage borders …", from reference data (ARCHITECTURE.md, rule 6).
fn objective_heading(objective: ObjectiveNumber) -> String {
    format!("Objective {objective}: {}", Reference::get().objective(objective).title)
}

/// "objective 4", "objectives 4, 8 and 9".
fn objective_list(numbers: &[ObjectiveNumber]) -> String {
    let items: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("{} {}", style::plural(numbers.len(), "objective", "objectives"), style::list(&items))
}

/// How people met, as a heading says it.
fn capitalized_mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Virtual => "Virtual",
        Mode::InPerson => "In person",
        Mode::Hybrid => "Hybrid",
    }
}

/// What catalogues know a report by, as far as both kinds have it in common: the author is the first part of the symbols of
/// the review, or its organ.
fn work(report: &Report, review: &Review) -> Work {
    let prefix = review.symbol_prefix.as_deref().and_then(|prefix| prefix.split('/').next());
    let author = prefix.filter(|part| !part.trim().is_empty()).unwrap_or(&review.organ);
    Work {
        kind: WorkKind::default(),
        author_code: format!("un-{}", author.trim().to_lowercase()).into(),
        author_name: author.trim().into(),
        dated_on: report.dated_on,
        issued_on: report.dated_on,
        number: report.symbol.clone().unwrap_or_else(|| review.code.clone()).into(),
    }
}

/// The paragraphs of the summary box.
fn summary_box(document: &mut Document, text: Option<&str>) -> Result<(), CompileError> {
    let paragraphs =
        text.unwrap_or_default().split("\n\n").filter(|paragraph| !paragraph.trim().is_empty());
    for (index, paragraph) in paragraphs.enumerate() {
        let parsed = inline::parse(paragraph).map_err(CompileError::Summary)?;
        let parts = document.adopt(parsed);
        let id = Id::new(&format!("summary-{}", index + 1));
        document.meta.summary.push(crate::document::Paragraph::unnumbered(id, parts));
    }
    Ok(())
}

/// The notes to those lines of the first page that are printed.
fn masthead_notes(document: &mut Document, notes: &[MastheadNote]) -> Result<(), CompileError> {
    for note in notes {
        let to = note.to.into();
        if document.meta.prints(to) {
            let parsed = inline::parse(&note.text).map_err(CompileError::MastheadNote)?;
            let inlines = parsed.parts.into_iter().find_map(|part| match part {
                ParagraphPart::Text(inlines) => Some(inlines),
                ParagraphPart::List(_) => None,
            });
            let inlines = inlines.unwrap_or_default();
            document.meta.notes.push(document::MastheadNote { to, inlines });
        }
    }
    Ok(())
}

impl From<MastheadLine> for document::MastheadLine {
    fn from(line: MastheadLine) -> Self {
        match line {
            MastheadLine::Symbol => Self::Symbol,
            MastheadLine::AgendaItems => Self::AgendaItems,
            MastheadLine::Title => Self::Title,
            MastheadLine::Summary => Self::Summary,
        }
    }
}

impl From<HeadingStyle> for document::HeadingStyle {
    fn from(style: HeadingStyle) -> Self {
        match style {
            HeadingStyle::EscapReport => Self::EscapReport,
            HeadingStyle::UnManual => Self::UnManual,
        }
    }
}

/// Writes a computed paragraph: text, and footnotes where they stand.
#[derive(Default)]
struct Prose {
    inlines: Vec<Inline>,
    notes: Vec<Note>,
}

impl Prose {
    fn text(mut self, text: &str) -> Self {
        self.inlines.push(Inline::text(text));
        self
    }

    fn note(mut self, inlines: Vec<Inline>) -> Self {
        self.inlines.push(Inline::Note(NoteRef(self.notes.len())));
        self.notes.push(Note::new(inlines));
        self
    }

    fn end(self) -> ParsedParagraph {
        ParsedParagraph { parts: vec![ParagraphPart::Text(self.inlines)], notes: self.notes }
    }
}

struct Tree<'a> {
    draft: &'a Draft,
    profile: &'a dyn Profile,
    labels: BTreeMap<Id, String>,
    printed: BTreeMap<Id, (u32, String)>,
}

impl Tree<'_> {
    fn under(&self, parent: Option<SectionId>) -> Vec<OutlineSection> {
        let outlined = |section: &Section| OutlineSection {
            label: self.labels.get(&section_id(section.id)).cloned(),
            heading: heading(self.profile, section),
            paragraphs: self
                .draft
                .paragraphs_in(section.id)
                .into_iter()
                .map(|one| self.paragraph(one))
                .collect(),
            sections: self.under(Some(section.id)),
            section: section.clone(),
            allowed_actions: Vec::new(),
        };
        self.draft.sections_under(parent).into_iter().map(outlined).collect()
    }

    fn paragraph(&self, paragraph: &Paragraph) -> OutlineParagraph {
        let printed = self.printed.get(&paragraph_id(paragraph.id)).cloned();
        let (number, printed) = printed.unzip();
        OutlineParagraph {
            paragraph: paragraph.clone(),
            number,
            printed,
            allowed_actions: Vec::new(),
        }
    }
}
