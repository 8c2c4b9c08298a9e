//! What is done about each thing in which a file departs, by whoever may: pure, from the draft as it is here. Must never overwrite what
//! somebody else changed here: of that a suggestion is made, or it is named.

use std::collections::BTreeMap;

use super::hindrance::Hindrance;
use super::{FirstPageEdit, ReturnedBase, Taking};
use crate::document::inline::{self, ParsedParagraph, to_source};
use crate::document::{Document, Id, Inline, Note, NoteRef, ParagraphPart};
use crate::reports::compile::Facts;
use crate::reports::suggestions::{NewSuggestion, SuggestionKind};
use crate::reports::{MastheadLine, Paragraph, Section, SectionId, SectionKind};
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

type Plan = Result<Taking, Hindrance>;

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
            DepartureKind::HeadingDeleted => Err(Hindrance::HeadingGone),
            DepartureKind::HeadingMoved => Err(Hindrance::HeadingElsewhere),
            DepartureKind::FirstPage => self.first_page(one),
            DepartureKind::Summary => self.summary(one),
            DepartureKind::Caption => Err(Hindrance::Caption),
            DepartureKind::Cell
            | DepartureKind::RowAdded
            | DepartureKind::RowDeleted
            | DepartureKind::TableDeleted => Err(Hindrance::TableFromData),
            DepartureKind::TableAdded => Err(Hindrance::TableAdded),
            DepartureKind::Comment => self.comment(one),
            DepartureKind::Marks => Err(Hindrance::MarksLost),
            DepartureKind::Styled => Err(Hindrance::Restyled),
            DepartureKind::Unread(kind) => Err(Hindrance::Unread(kind)),
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
            return Err(Hindrance::DeletedHere);
        };
        let text = self.own_words(paragraph, one)?;
        if let Err(why) = inline::parse(&text) {
            return Err(Hindrance::Unreadable(why.to_string()));
        }
        Ok(self.suggest(paragraph, SuggestionKind::Replace, Some(text), one))
    }

    /// The words of the file without what the report adds to the paragraph.
    fn own_words(&self, paragraph: &Paragraph, one: &Departure) -> Result<String, Hindrance> {
        let text = one.file.clone().unwrap_or_default();
        let Some(citation) = self.facts.citation(paragraph) else { return Ok(text) };
        match text.trim_end().strip_suffix(citation.as_str()) {
            Some(own) => Ok(own.trim_end().to_owned()),
            None => Err(Hindrance::Citation),
        }
    }

    fn deletion(&self, one: &Departure) -> Plan {
        let Some(paragraph) = self.paragraph(one.id.as_ref()) else {
            return Err(Hindrance::NoParagraph);
        };
        if paragraph.computed.is_some() {
            return Err(Hindrance::Computed);
        }
        Ok(self.suggest(paragraph, SuggestionKind::Delete, None, one))
    }

    fn addition(&self, one: &Departure) -> Plan {
        let text = one.file.clone().unwrap_or_default();
        if let Err(why) = inline::parse(&text) {
            return Err(Hindrance::Unreadable(why.to_string()));
        }
        if let Some(before) = self.paragraph(one.behind.as_ref()) {
            return Ok(self.suggest(before, SuggestionKind::InsertAfter, Some(text), one));
        }
        let Some(section) = self.section(one.section.as_ref()) else {
            return Err(Hindrance::BeforeSections);
        };
        if !section.kind.takes_paragraphs() {
            return Err(Hindrance::NoParagraphsThere);
        }
        self.may_change(section)?;
        Ok(Taking::AddFirst { section: section.id, text })
    }

    fn may_change(&self, section: &Section) -> Result<(), Hindrance> {
        if let Some(why) = &self.taker.closed {
            return Err(Hindrance::Closed(why.clone()));
        }
        if self.taker.sections.contains(&section.id) {
            return Ok(());
        }
        Err(Hindrance::SectionOfOthers)
    }

    fn may_change_all(&self) -> Result<(), Hindrance> {
        if let Some(why) = &self.taker.closed {
            return Err(Hindrance::Closed(why.clone()));
        }
        if self.taker.drafts_all { Ok(()) } else { Err(Hindrance::WholeReport) }
    }

    fn no_conflict(one: &Departure) -> Result<(), Hindrance> {
        if !one.is_conflict {
            return Ok(());
        }
        Err(Hindrance::ChangedHere)
    }

    fn shift(&self, one: &Departure) -> Plan {
        let Some(paragraph) = self.paragraph(one.id.as_ref()) else {
            return Err(Hindrance::NoParagraph);
        };
        Self::no_conflict(one)?;
        let Some(section) = self.section(one.section.as_ref()) else {
            return Err(Hindrance::BeforeSections);
        };
        if paragraph.computed.is_some() && section.id != paragraph.section_id {
            return Err(Hindrance::ComputedStays);
        }
        if !section.kind.takes_paragraphs() {
            return Err(Hindrance::NoParagraphsThere);
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
            return Err(Hindrance::HeadingOfObjective);
        };
        if !section.kind.takes_heading() {
            return Err(Hindrance::HeadingOfCluster);
        }
        Self::no_conflict(one)?;
        self.may_change(section)?;
        let heading = plain(one.file.as_deref().unwrap_or_default())?;
        Ok(Taking::Head { section: section.id, heading })
    }

    fn new_heading(&self, one: &Departure) -> Plan {
        self.may_change_all()?;
        let Some(section) = self.own_section(one.section.as_ref()) else {
            return Err(Hindrance::HeadingBeforeSections);
        };
        let Some(before) = self.paragraph(one.behind.as_ref()) else {
            return Err(Hindrance::HeadingFirst);
        };
        let mut paragraphs: Vec<&Paragraph> = self
            .facts
            .draft()
            .paragraphs
            .iter()
            .filter(|other| other.section_id == section.id)
            .collect();
        paragraphs.sort_by_key(|other| (other.position, other.id));
        let mut behind = paragraphs.iter().skip_while(|other| other.id != before.id).skip(1);
        let after = behind.next();
        if after.into_iter().chain(behind).any(|one| one.computed.is_some()) {
            return Err(Hindrance::ComputedStays);
        }
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
            Some(after) if can_split => {
                let heading = plain(one.file.as_deref().unwrap_or_default())?;
                Ok(Taking::Split { section: section.id, at: after.id, heading })
            }
            _ => Err(Hindrance::HeadingAlone),
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
                return Err(Hindrance::Unreadable(why.to_string()));
            }
        }
        Ok(Taking::FirstPage(vec![FirstPageEdit::Summary(summary)]))
    }

    /// A line of the first page: what of it is set in the draft itself.
    fn first_page(&self, one: &Departure) -> Plan {
        let Some(name) = one.id.as_ref().and_then(|id| id.as_str().strip_prefix("first-page-"))
        else {
            return Err(Hindrance::NoSuchLine);
        };
        Self::no_conflict(one)?;
        self.may_change_all()?;
        let report = &self.facts.draft().report;
        let (Some(here), Some(file)) = (&one.here, &one.file) else {
            return Err(Hindrance::LineGone);
        };
        let (here, file) = (parsed(here)?, parsed(file)?);
        let elsewhere = Hindrance::LineFromElsewhere;
        let mut edits = Vec::new();
        let line = match name {
            "title-1" => {
                let changed = within(&here.0, &report.title, &file.0).ok_or(elsewhere)?;
                edits.extend(changed.map(FirstPageEdit::Title));
                MastheadLine::Title
            }
            "symbol-1" => {
                let symbol = report.symbol.as_deref().unwrap_or_default();
                let changed = within(&here.0, symbol, &file.0).ok_or(elsewhere)?;
                edits.extend(changed.map(FirstPageEdit::Symbol));
                MastheadLine::Symbol
            }
            "summary-1" if here.0 == file.0 => MastheadLine::Summary,
            _ => {
                let place = name.strip_prefix("agenda-").and_then(|place| place.parse().ok());
                let place = place.and_then(|place: usize| place.checked_sub(1));
                let place = place.filter(|at| *at < self.document.meta.agenda_items.len());
                let place = place.ok_or(elsewhere)?;
                if here.0 != file.0 {
                    edits.push(FirstPageEdit::AgendaItem(place, file.0.clone()));
                }
                MastheadLine::AgendaItems
            }
        };
        if here.1 != file.1 {
            edits.push(FirstPageEdit::Notes(line, file.1));
        }
        Ok(Taking::FirstPage(edits))
    }

    fn comment(&self, one: &Departure) -> Plan {
        let text = one.said.clone().unwrap_or_default();
        if let Some(to) = &one.answers {
            return Ok(Taking::Answer { to: to.clone(), text, author: one.author.clone() });
        }
        let Some(paragraph) = self.paragraph(one.id.as_ref()) else {
            return Err(Hindrance::CommentElsewhere);
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

/// Text without marks, where there are none in it.
fn plain(source: &str) -> Result<String, Hindrance> {
    let (text, notes) = parsed(source)?;
    if notes.is_empty() { Ok(text) } else { Err(Hindrance::NoteInHeading) }
}

/// The text of one line, and the notes to it as source.
fn parsed(source: &str) -> Result<(String, Vec<String>), Hindrance> {
    let ParsedParagraph { parts, notes } =
        inline::parse(source).map_err(|why| Hindrance::Unreadable(why.to_string()))?;
    let [ParagraphPart::Text(inlines)] = parts.as_slice() else {
        return Err(Hindrance::SeveralLines);
    };
    let mut text = String::new();
    let mut of_notes = Vec::new();
    for inline in inlines {
        match inline {
            Inline::Text(run) => text.push_str(run.as_str()),
            Inline::Note(NoteRef(place)) => of_notes.extend(notes.get(*place).map(note)),
            _ => return Err(Hindrance::MarksInLine),
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
