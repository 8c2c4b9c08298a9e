//! The conference room paper of a review: its masthead, the participation over the series, and the outcomes by objective, each
//! paragraph saying which report and paragraphs it rests on. Pure; compiled from frozen editions only, so that the same
//! editions give the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use super::masthead::{self, Masthead};
use super::{
    CompileError, Draft, Profile, Prose, assemble, charts, divergent_heading, masthead_notes,
    objective_heading, style, summary_box, work,
};
use crate::document::inline::ParsedParagraph;
use crate::document::{Cell, Column, Document, Figure, Inline, Meta, Row, Table, Work, WorkKind};
use crate::reference::{ObjectiveNumber, Reference};
use crate::reports::{
    ComputedText, ConsultationRecord, EditionId, EditionRecord, Paragraph, RecordedFigures,
    Section, SectionKind,
};
use crate::reviews::Review;

/// Everything a conference room paper is compiled from.
#[derive(Debug, Clone)]
pub struct PaperFacts {
    /// What was drafted.
    pub draft: Draft,
    /// The review.
    pub review: Review,
    /// The line of agenda items.
    pub agenda_items: Option<String>,
    /// The editions it is compiled from.
    pub editions: BTreeMap<EditionId, EditionRecord>,
    /// Editions that newer ones took the place of and that paragraphs rest on still, with their numbers.
    pub earlier: BTreeMap<EditionId, (i32, EditionRecord)>,
}

/// The document without its numbers.
pub(super) fn assembled(facts: &PaperFacts) -> Result<Document, CompileError> {
    let mut document = Document { meta: masthead(facts), ..Document::default() };
    summary_box(&mut document, facts.draft.report.summary.as_deref())?;
    masthead_notes(&mut document, &facts.draft.report.masthead_notes)?;
    assemble(document, &facts.draft, facts)
}

/// UN Editorial Manual, mastheads.
fn masthead(facts: &PaperFacts) -> Meta {
    let (report, review) = (&facts.draft.report, &facts.review);
    let fixed = Masthead::of(report.language);
    let meeting = review.meeting_title.as_deref().unwrap_or(&review.title);
    let when = review.meeting_starts_on.map(|first| style::dates(first, review.meeting_ends_on));
    let held: Vec<String> = review.meeting_place.iter().cloned().chain(when).collect();
    let held = Some(held.join(", ")).filter(|line| !line.is_empty());
    let agenda = facts.agenda_items.as_deref().unwrap_or_default();
    Meta {
        symbol: report.symbol.as_deref().unwrap_or_default().into(),
        organ: review.organ.as_str().into(),
        distribution: fixed.distribution(&report.distribution).into(),
        date: report.dated_on.map(|day| fixed.date(day)).unwrap_or_default().into(),
        original_language: fixed.original(report.original_language).into(),
        meeting: std::iter::once(meeting.into()).chain(held.map(Into::into)).collect(),
        agenda_items: agenda
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(Into::into)
            .collect(),
        title: report.title.as_str().into(),
        identifier: format!("urn:uuid:{}", report.id).into(),
        heading_style: report.heading_style.into(),
        work: Some(Work { kind: WorkKind::ConferenceRoomPaper, ..work(report, review) }),
        ..masthead::meta(report.language)
    }
}

impl Profile for PaperFacts {
    fn heading(&self, section: &Section) -> String {
        let category =
            || self.draft.category(section.category_id).map(|category| category.heading.clone());
        match section.kind {
            SectionKind::Introduction => "Introduction".to_owned(),
            SectionKind::Participation => "Participation in the consultations".to_owned(),
            SectionKind::OverallProgress => "Overall progress".to_owned(),
            SectionKind::Outcomes => self.outcomes_heading(),
            SectionKind::Cluster => joint_heading(&section.objectives),
            SectionKind::Category => category().unwrap_or_default(),
            SectionKind::DivergentViews => divergent_heading(category()),
            SectionKind::Background => "Background".to_owned(),
            SectionKind::Organization => "Organization".to_owned(),
            SectionKind::Opening => "Opening".to_owned(),
            SectionKind::Closing => "Closing".to_owned(),
            SectionKind::Annex => "Annex".to_owned(),
            // Always under a heading of their own.
            SectionKind::Added | SectionKind::AddedOutcome => String::new(),
        }
    }

    fn computed(&self, what: ComputedText) -> Option<ParsedParagraph> {
        match what {
            ComputedText::Participation => self.participation(),
            _ => None,
        }
    }

    fn figures(&self, section: &Section) -> Vec<Figure> {
        let wanted = section.kind == SectionKind::Participation;
        wanted.then(|| charts::series(&self.consultations())).flatten().into_iter().collect()
    }

    fn table(&self, _: &mut Document, section: &Section) -> Option<Table> {
        let wanted = section.kind == SectionKind::Participation && !self.consultations().is_empty();
        wanted.then(|| self.participation_table())
    }

    fn citation(&self, paragraph: &Paragraph) -> Option<String> {
        let mut by_edition: BTreeMap<(i32, Option<i32>), BTreeSet<u32>> = BTreeMap::new();
        for source in &paragraph.sources {
            let (edition, record) = self.edition(source.edition_id)?;
            let consultation = record.consultation.as_ref()?;
            by_edition.entry((consultation.ordinal, edition)).or_default().insert(source.number);
        }
        cited(&by_edition)
    }
}

/// "Objective 9: Strengthen …; Objective 10: Prevent …", what is said of several objectives standing under the names of all.
fn joint_heading(objectives: &[ObjectiveNumber]) -> String {
    objectives.iter().copied().map(objective_heading).collect::<Vec<_>>().join("; ")
}

/// "(first consultation, para. 12; second consultation, paras. 19 and 21–23)".
/// An edition that is not the paper's any more is named by its number.
fn cited(sources: &BTreeMap<(i32, Option<i32>), BTreeSet<u32>>) -> Option<String> {
    let cited = sources.iter().map(|((ordinal, edition), numbers)| {
        let numbers: Vec<u32> = numbers.iter().copied().collect();
        let edition = edition.map(|edition| format!("edition {edition}, ")).unwrap_or_default();
        let (ordinal, numbers) = (style::ordinal(*ordinal), style::paragraphs(&numbers));
        format!("{ordinal} consultation, {edition}{numbers}")
    });
    let cited: Vec<String> = cited.collect();
    (!cited.is_empty()).then(|| format!("({})", cited.join("; ")))
}

impl PaperFacts {
    /// An edition that paragraphs rest on, with its number where it is not the paper's any more.
    fn edition(&self, id: EditionId) -> Option<(Option<i32>, &EditionRecord)> {
        let earlier = || self.earlier.get(&id).map(|(number, record)| (Some(*number), record));
        self.editions.get(&id).map(|record| (None, record)).or_else(earlier)
    }

    /// Whether the outcomes stand by objective, or below headings of round tables.
    fn outcomes_heading(&self) -> String {
        let sections = &self.draft.sections;
        let directly = |one: &Section| {
            let parent = sections.iter().find(|section| Some(section.id) == one.parent_id);
            parent.is_some_and(|section| section.kind == SectionKind::Outcomes)
        };
        let mut clusters = sections.iter().filter(|one| one.kind == SectionKind::Cluster);
        let by = if clusters.all(directly) { "objective" } else { "round table" };
        format!("Outcomes by {by}")
    }

    /// The consultations of the editions, by ordinal.
    fn consultations(&self) -> Vec<&ConsultationRecord> {
        let mut consultations: Vec<_> =
            self.editions.values().filter_map(|record| record.consultation.as_ref()).collect();
        consultations.sort_by_key(|consultation| consultation.ordinal);
        consultations
    }

    /// How many consultations there were, and on how many objectives.
    fn participation(&self) -> Option<ParsedParagraph> {
        let consultations = self.consultations();
        let objectives: BTreeSet<ObjectiveNumber> = consultations
            .iter()
            .flat_map(|consultation| consultation.objectives.iter().copied())
            .collect();
        let (count, of) = (consultations.len(), objectives.len());
        if count == 0 {
            return None;
        }
        let reference = Reference::get();
        let verb = style::plural(count, "was", "were");
        let text = format!(
            "{} {} with stakeholders {verb} held, addressing {} {} of the {}. The table shows participation in {}.",
            style::opening_number(count),
            style::plural(count, "consultation", "consultations"),
            style::number(of),
            style::plural(of, "objective", "objectives"),
            reference.framework.title,
            style::plural(count, "it", "each of them"),
        );
        Some(Prose::default().text(&text).end())
    }

    fn participation_table(&self) -> Table {
        let names = [
            "Consultation",
            "Date",
            "Objectives",
            "Participants",
            "Of whom from United Nations entities",
            "Countries",
        ];
        let header = Row { cells: names.map(Cell::text).to_vec() };
        let columns = [4, 2, 2, 2, 2, 2].map(|width| Column { width }).to_vec();
        let rows = self.consultations().into_iter().map(participation_row).collect();
        let caption = vec![Inline::text("Participation in the series of consultations")];
        Table {
            id: "participation".into(),
            caption,
            columns,
            header: vec![header],
            rows,
            lettered_notes: true,
        }
    }
}

fn participation_row(consultation: &ConsultationRecord) -> Row {
    let title = format!(
        "{}: {}",
        style::capitalized(&style::ordinal(consultation.ordinal)),
        consultation.theme
    );
    let day = consultation.held_on.map_or_else(|| "Not on record".to_owned(), style::date);
    let objectives: Vec<String> = consultation.objectives.iter().map(ToString::to_string).collect();
    let [people, un_representatives, countries] = participation_cells(consultation.figures);
    let texts = [day, objectives.join(", "), people, un_representatives, countries];
    let heading = Cell { heading: true, ..Cell::text(&title) };
    let texts = texts.iter().map(|text| Cell::text(text));
    Row { cells: std::iter::once(heading).chain(texts).collect() }
}

/// How many people, how many of them from United Nations entities, and from how many countries: as it was released.
fn participation_cells(figures: Option<RecordedFigures>) -> [String; 3] {
    let Some(figures) = figures else { return ["Not released"; 3].map(str::to_owned) };
    let told = |figure: u32| figure.to_string();
    let people = figures.people.map_or_else(|| "Few".to_owned(), told);
    let countries = figures.countries.map(|countries| {
        let more = if countries.or_more { " or more" } else { "" };
        format!("{}{more}", countries.number)
    });
    let un_representatives = figures.un_representatives.map(told);
    let not_shown = || "Not shown".to_owned();
    [people, un_representatives.unwrap_or_else(not_shown), countries.unwrap_or_else(not_shown)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_cited_by_consultation_and_paragraph() {
        let sources = BTreeMap::from([
            ((2, None), BTreeSet::from([19, 21, 22, 23])),
            ((1, None), BTreeSet::from([12])),
        ]);
        let expected = "(first consultation, para. 12; second consultation, paras. 19 and 21–23)";
        assert_eq!(cited(&sources).as_deref(), Some(expected));
        assert_eq!(cited(&BTreeMap::new()), None);
    }
}
