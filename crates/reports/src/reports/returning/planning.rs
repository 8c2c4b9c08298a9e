//! What is done about each thing in which a file departs, by whoever may: pure, from the draft as it is here. Must never overwrite what
//! somebody else changed here: of that a suggestion is made, or it is named.

use std::collections::BTreeMap;

use super::{ReturnedBase, Taking};
use crate::document::inline::{self, ParsedParagraph, to_source};
use crate::document::{Document, Id, Inline, Note, NoteRef, ParagraphPart};
use crate::render::docx::read::UnreadKind;
use crate::reports::compile::Facts;
use crate::reports::suggestions::{NewSuggestion, SuggestionKind};
use crate::reports::{
    MastheadLine, MastheadNote, Paragraph, ReportChange, Section, SectionId, SectionKind,
};
use crate::threeway::{Departure, DepartureKind};

/// Of the id of a section that stands under a joint heading only the beginning is that of the section.
const UUID: usize = 36;

/// Who takes it over, as far as that matters.
#[derive(Debug, Clone, Default)]
pub struct Taker {
    /// Whether they draft the report as a whole.
    pub drafts_all: bool,
    /// The sections that they may draft now.
    pub sections: Vec<SectionId>,
    /// Why nothing but suggestions can be made at the moment.
    pub closed: Option<String>,
}

/// The draft as it is here, and what the file is held against.
pub struct Planner<'a> {
    /// The draft.
    pub facts: &'a Facts,
    /// It as a document.
    pub document: &'a Document,
    /// What the file is held against.
    pub base: &'a ReturnedBase,
    /// Who takes it over.
    pub taker: &'a Taker,
    paragraphs: BTreeMap<Id, &'a Paragraph>,
}

type Plan = Result<Taking, String>;

fn no<T>(why: impl Into<String>) -> Result<T, String> {
    Err(why.into())
}

impl<'a> Planner<'a> {
    /// Of a draft.
    pub fn new(
        facts: &'a Facts,
        document: &'a Document,
        base: &'a ReturnedBase,
        taker: &'a Taker,
    ) -> Self {
        Self { facts, document, base, taker, paragraphs: facts.paragraphs_by_id() }
    }

    /// The paragraph of the draft with this id.
    pub fn paragraph(&self, id: Option<&Id>) -> Option<&'a Paragraph> {
        self.paragraphs.get(id?).copied()
    }

    /// The section of the draft with this id; that in which the joint heading with this id stands.
    pub fn section(&self, id: Option<&Id>) -> Option<&'a Section> {
        let id: SectionId = id?.as_str().get(..UUID)?.parse().ok()?;
        self.facts.draft().sections.iter().find(|section| section.id == id)
    }

    fn own_section(&self, id: Option<&Id>) -> Option<&'a Section> {
        self.section(id).filter(|_| id.is_some_and(|id| id.as_str().len() == UUID))
    }

    /// How a departure is taken over. `comments` are the threads that comments can join, by their keys.
    pub fn plan(&self, one: &Departure) -> Taking {
        self.planned(one).unwrap_or_else(Taking::Name)
    }

    fn planned(&self, one: &Departure) -> Plan {
        match one.kind {
            DepartureKind::Text => self.text(one),
            DepartureKind::Deleted => self.deletion(one),
            DepartureKind::Added => self.addition(one),
            DepartureKind::Moved => self.shift(one),
            DepartureKind::Heading => self.heading(one),
            DepartureKind::HeadingAdded => self.new_heading(one),
            DepartureKind::HeadingDeleted => no(
                "a heading is gone in the file: join or remove the section in the outline, if that is meant",
            ),
            DepartureKind::HeadingMoved => no(
                "a heading stands elsewhere in the file: move the section in the outline, if that is meant",
            ),
            DepartureKind::FirstPage => self.first_page(one),
            DepartureKind::Summary => self.summary(one),
            DepartureKind::Caption => no(
                "captions are written with their tables and charts: change what those are made from",
            ),
            DepartureKind::Cell
            | DepartureKind::RowAdded
            | DepartureKind::RowDeleted
            | DepartureKind::TableDeleted => {
                no("tables are written from data: change the programme, the hosts or the figures")
            }
            DepartureKind::TableAdded => {
                no("tables cannot be added to a draft: say in a paragraph what it tells")
            }
            DepartureKind::Comment => self.comment(one),
            DepartureKind::Marks => no(
                "links, emphasis or cross-references in it were lost, or cannot stand where they stand: its words are read all the same",
            ),
            DepartureKind::Styled => no(
                "it has another kind of style in the file, as a heading, with a number or without: add or join sections in the outline, if that is meant",
            ),
            DepartureKind::Unread(kind) => no(unread(kind)),
        }
    }

    fn version(&self, paragraph: &Paragraph) -> i64 {
        self.base.versions.get(&paragraph.id).copied().unwrap_or(paragraph.version)
    }

    fn suggest(
        &self,
        paragraph: &Paragraph,
        kind: SuggestionKind,
        text: Option<String>,
        one: &Departure,
    ) -> Taking {
        let new = NewSuggestion {
            kind,
            made_from: self.version(paragraph),
            text,
            comment: None,
            author: one.author.clone(),
        };
        Taking::Suggest { paragraph: paragraph.id, new }
    }

    fn text(&self, one: &Departure) -> Plan {
        let Some(paragraph) = self.paragraph(one.id.as_ref()) else {
            return no(
                "the paragraph was deleted here meanwhile: bring it back first, then take the file again",
            );
        };
        let text = self.own_words(paragraph, one)?;
        if let Err(why) = inline::parse(&text) {
            return no(format!("it cannot be read: {why}"));
        }
        Ok(self.suggest(paragraph, SuggestionKind::Replace, Some(text), one))
    }

    /// The words of the file without what the report adds to the paragraph.
    fn own_words(&self, paragraph: &Paragraph, one: &Departure) -> Result<String, String> {
        let text = one.file.clone().unwrap_or_default();
        let Some(citation) = self.facts.citation(paragraph) else { return Ok(text) };
        match text.trim_end().strip_suffix(citation.as_str()) {
            Some(own) => Ok(own.trim_end().to_owned()),
            None => no(
                "the end of it, which says what the paragraph rests on, is written by the report: leave it as it was",
            ),
        }
    }

    fn deletion(&self, one: &Departure) -> Plan {
        let Some(paragraph) = self.paragraph(one.id.as_ref()) else {
            return no("it is no paragraph of the draft");
        };
        if paragraph.computed.is_some() {
            return no("this paragraph is computed from data: write another text in its place");
        }
        Ok(self.suggest(paragraph, SuggestionKind::Delete, None, one))
    }

    fn addition(&self, one: &Departure) -> Plan {
        let text = one.file.clone().unwrap_or_default();
        if let Err(why) = inline::parse(&text) {
            return no(format!("it cannot be read: {why}"));
        }
        if let Some(before) = self.paragraph(one.behind.as_ref()) {
            return Ok(self.suggest(before, SuggestionKind::InsertAfter, Some(text), one));
        }
        let Some(section) = self.section(one.section.as_ref()) else {
            return no("it stands before all sections: add it by hand where it belongs");
        };
        if !section.kind.takes_paragraphs() {
            return no(
                "no paragraphs stand directly in this section: add it to one of those in it",
            );
        }
        self.may_change(section)?;
        Ok(Taking::AddFirst { section: section.id, text })
    }

    fn may_change(&self, section: &Section) -> Result<(), String> {
        if let Some(why) = &self.taker.closed {
            return no(why.clone());
        }
        if self.taker.sections.contains(&section.id) {
            return Ok(());
        }
        no("this section is drafted by others: ask them")
    }

    fn may_change_all(&self) -> Result<(), String> {
        if let Some(why) = &self.taker.closed {
            return no(why.clone());
        }
        if self.taker.drafts_all {
            Ok(())
        } else {
            no("this is changed by whoever drafts the report as a whole")
        }
    }

    fn no_conflict(one: &Departure) -> Result<(), String> {
        if !one.is_conflict {
            return Ok(());
        }
        no("it was changed here as well: change it by hand, as it shall stand")
    }

    fn shift(&self, one: &Departure) -> Plan {
        let Some(paragraph) = self.paragraph(one.id.as_ref()) else {
            return no("it is no paragraph of the draft");
        };
        Self::no_conflict(one)?;
        let Some(section) = self.section(one.section.as_ref()) else {
            return no("it stands before all sections: move it by hand");
        };
        if paragraph.computed.is_some() && section.id != paragraph.section_id {
            return no("a computed paragraph stays in its section");
        }
        if !section.kind.takes_paragraphs() {
            return no("no paragraphs stand directly in this section");
        }
        self.may_change(section)?;
        if let Some(from) =
            self.facts.draft().sections.iter().find(|from| from.id == paragraph.section_id)
        {
            self.may_change(from)?;
        }
        let behind = self.paragraph(one.behind.as_ref()).map(|behind| behind.id);
        Ok(Taking::Move { paragraph: paragraph.id, section: section.id, behind })
    }

    fn heading(&self, one: &Departure) -> Plan {
        let Some(section) = self.own_section(one.id.as_ref()) else {
            return no("objectives are headed as reference data have it");
        };
        if !section.kind.takes_heading() {
            return no(
                "the heading of a cluster is that of its objectives, as reference data have it",
            );
        }
        Self::no_conflict(one)?;
        self.may_change(section)?;
        let heading = plain(one.file.as_deref().unwrap_or_default())?;
        Ok(Taking::Head { section: section.id, heading })
    }

    fn new_heading(&self, one: &Departure) -> Plan {
        let by_hand = "add the section in the outline, if that is meant";
        self.may_change_all()?;
        let Some(section) = self.own_section(one.section.as_ref()) else {
            return no(format!("it stands before all sections: {by_hand}"));
        };
        let Some(before) = self.paragraph(one.behind.as_ref()) else {
            return no(format!("nothing stands before it in its section: {by_hand}"));
        };
        let mut paragraphs: Vec<&Paragraph> = self
            .facts
            .draft()
            .paragraphs
            .iter()
            .filter(|other| other.section_id == section.id)
            .collect();
        paragraphs.sort_by_key(|other| (other.position, other.id));
        let after = paragraphs.iter().skip_while(|other| other.id != before.id).nth(1);
        let can_split = matches!(
            section.kind,
            SectionKind::Added
                | SectionKind::AddedOutcome
                | SectionKind::DivergentViews
                | SectionKind::Background
                | SectionKind::Opening
                | SectionKind::Closing
                | SectionKind::OverallProgress
                | SectionKind::Category
                | SectionKind::Introduction
        );
        match after {
            Some(after) if can_split && after.computed.is_none() => {
                let heading = plain(one.file.as_deref().unwrap_or_default())?;
                Ok(Taking::Split { section: section.id, at: after.id, heading })
            }
            _ => no(format!("no paragraphs of the draft stand under it: {by_hand}")),
        }
    }

    fn summary(&self, one: &Departure) -> Plan {
        Self::no_conflict(one)?;
        self.may_change_all()?;
        let summary = one.file.clone().filter(|text| !text.trim().is_empty());
        for paragraph in summary.as_deref().unwrap_or_default().split("\n\n") {
            if !paragraph.trim().is_empty()
                && let Err(why) = inline::parse(paragraph)
            {
                return no(format!("it cannot be read: {why}"));
            }
        }
        Ok(Taking::FirstPage(ReportChange { summary: Some(summary), ..ReportChange::default() }))
    }

    /// A line of the first page: what of it is set in the draft itself.
    fn first_page(&self, one: &Departure) -> Plan {
        let elsewhere = "this line is written from what is set elsewhere: change the consultation, the review or the masthead";
        let Some(name) = one.id.as_ref().and_then(|id| id.as_str().strip_prefix("first-page-"))
        else {
            return no("the first page has no such line: change the masthead by hand");
        };
        Self::no_conflict(one)?;
        self.may_change_all()?;
        let report = &self.facts.draft().report;
        let (Some(here), Some(file)) = (&one.here, &one.file) else {
            return no(
                "a line of the first page is gone or new in the file: change the masthead by hand",
            );
        };
        let (here, file) = (parsed(here)?, parsed(file)?);
        let mut change = ReportChange::default();
        let line = match name {
            "title-1" => {
                let changed = within(&here.0, &report.title, &file.0);
                change.title = changed.ok_or(elsewhere)?;
                MastheadLine::Title
            }
            "symbol-1" => {
                let symbol = report.symbol.as_deref().unwrap_or_default();
                change.symbol = within(&here.0, symbol, &file.0).ok_or(elsewhere)?.map(Some);
                MastheadLine::Symbol
            }
            "summary-1" if here.0 == file.0 => MastheadLine::Summary,
            _ => match name.strip_prefix("agenda-").and_then(|place| place.parse::<usize>().ok()) {
                Some(place) => {
                    let lines = &self.document.meta.agenda_items;
                    let mut lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
                    let own = place.checked_sub(1).and_then(|at| lines.get_mut(at));
                    if here.0 != file.0 {
                        *own.ok_or(elsewhere)? = file.0.clone();
                        change.agenda_items = Some(Some(lines.join("\n")));
                    }
                    MastheadLine::AgendaItems
                }
                None => return no(elsewhere),
            },
        };
        if here.1 != file.1 {
            let mut notes: Vec<MastheadNote> =
                report.masthead_notes.iter().filter(|note| note.to != line).cloned().collect();
            notes.extend(file.1.into_iter().map(|text| MastheadNote { to: line, text }));
            change.masthead_notes = Some(notes);
        }
        Ok(Taking::FirstPage(change))
    }

    fn comment(&self, one: &Departure) -> Plan {
        let text = one.said.clone().unwrap_or_default();
        if let Some(to) = &one.answers {
            return Ok(Taking::Answer { to: to.clone(), text, author: one.author.clone() });
        }
        let Some(paragraph) = self.paragraph(one.id.as_ref()) else {
            return no("it is on no paragraph of the draft: answer it by hand");
        };
        let new = NewSuggestion {
            kind: SuggestionKind::Remark,
            made_from: self.version(paragraph),
            text: one.file.clone(),
            comment: Some(text),
            author: one.author.clone(),
        };
        Ok(Taking::Suggest { paragraph: paragraph.id, new })
    }
}

fn unread(kind: UnreadKind) -> &'static str {
    match kind {
        UnreadKind::Hidden => "it is formatted as hidden text, and not read",
        UnreadKind::Struck => {
            "it is struck through by hand, which a draft cannot be: delete it if that is meant"
        }
        UnreadKind::Highlighted => {
            "it is marked with a colour, which a draft cannot be: say in a comment what it is for"
        }
        UnreadKind::Picture => "pictures are not read",
        UnreadKind::TextBox => "text boxes are not read: add their words by hand",
        UnreadKind::Embedded => "objects of other programs are not read",
        UnreadKind::Formula => "formulas are not read: write them in words",
        UnreadKind::Symbol => "characters of fonts of pictures are not read",
        UnreadKind::OtherFile => "what a word processor would fetch from another file is not read",
    }
}

/// Text without marks, where there are none in it.
fn plain(source: &str) -> Result<String, String> {
    let (text, notes) = parsed(source)?;
    if notes.is_empty() {
        Ok(text)
    } else {
        no("a note stands in it: headings of a draft have none")
    }
}

/// The text of one line, and the notes to it as source.
fn parsed(source: &str) -> Result<(String, Vec<String>), String> {
    let ParsedParagraph { parts, notes } =
        inline::parse(source).map_err(|why| format!("it cannot be read: {why}"))?;
    let [ParagraphPart::Text(inlines)] = parts.as_slice() else {
        return no("it is more than one line");
    };
    let mut text = String::new();
    let mut of_notes = Vec::new();
    for inline in inlines {
        match inline {
            Inline::Text(run) => text.push_str(run.as_str()),
            Inline::Note(NoteRef(place)) => of_notes.extend(notes.get(*place).map(note)),
            _ => return no("there are marks in it that this line cannot have"),
        }
    }
    Ok((text.trim().to_owned(), of_notes))
}

fn note(note: &Note) -> String {
    to_source(&[ParagraphPart::Text(note.inlines.clone())], &[])
}

/// What stands now where `value` stood in a line that is otherwise the same; nothing where it is the same as well, and none where
/// the line has become another one.
fn within(line: &str, value: &str, now: &str) -> Option<Option<String>> {
    if line == now {
        return Some(None);
    }
    let (before, after) = line.split_once(value).filter(|_| !value.is_empty())?;
    let rest = now.strip_prefix(before)?.strip_suffix(after)?;
    (!rest.trim().is_empty()).then(|| Some(rest.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_its_line() {
        let line = "Ending trafficking (addressing GCM objectives 9 and 10)";
        let now = |text: &str| within(line, "Ending trafficking", text);
        let changed = "To end trafficking (addressing GCM objectives 9 and 10)";
        assert_eq!(now(changed), Some(Some("To end trafficking".to_owned())));
        assert_eq!(now(line), Some(None));
        assert_eq!(now("Ending trafficking (addressing GCM objective 9)"), None);
        assert_eq!(within("A/1", "", "A/2"), None);
    }

    #[test]
    fn a_line_has_text_and_notes() {
        let (text, notes) = parsed("A title^[Issued *late*.]").unwrap();
        assert_eq!((text.as_str(), notes), ("A title", vec!["Issued *late*.".to_owned()]));
        assert!(parsed("**A** title").is_err());
        assert!(plain("A^[b]").is_err());
    }
}
