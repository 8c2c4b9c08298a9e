//! The summary report of a consultation: its masthead, its headings, the paragraphs that are written from data, and the
//! programme. Pure; must never name anybody but on-record speakers and hosts who agreed to it (ARCHITECTURE.md, rule 1).

use std::collections::BTreeMap;

use chrono::NaiveTime;

use super::masthead::{self, Masthead};
use super::section_two::{self, SectionTwo};
use super::{
    CompileError, Draft, InputFigures, Profile, assemble, charts, divergent_heading,
    masthead_notes, objective_list, style, summary_box, work,
};
use crate::consultations::programme::announced_hosts::AnnouncedHost;
use crate::consultations::programme::placeholders::Line;
use crate::consultations::programme::printed_names::{HOSTS, MODERATOR, PrintedName, announced};
use crate::consultations::{
    AttributionRule, CoOrganizerKind, Consultation, Session, SessionKind, Speaker, WorkingGroup,
    WorkingGroupId,
};
use crate::db::types::Timestamp;
use crate::document::inline::ParsedParagraph;
use crate::document::{
    Cell, Column, Document, Figure, Inline, Meta, Row, Table, Text, Work, WorkKind,
};
use crate::figures::Told;
use crate::groups::Host;
use crate::organizations::Organization;
use crate::reference::Reference;
use crate::reports::{
    ComputedText, ConsultationRecord, Paragraph, RecordedFigures, Section, SectionKind,
};
use crate::reviews::Review;

/// Everything a summary report is compiled from.
#[derive(Debug, Clone)]
pub struct SummaryFacts {
    /// What was drafted.
    pub draft: Draft,
    /// The review.
    pub review: Review,
    /// The consultation.
    pub consultation: Consultation,
    /// Who organized it, in the order in which they are named.
    pub co_organizers: Vec<(CoOrganizerKind, Organization)>,
    /// Who took part, as it was released; none when nothing was.
    pub released: Option<Told>,
    /// What was brought in and used, small groups merged.
    pub inputs: InputFigures,
    /// The programme, in order.
    pub sessions: Vec<Session>,
    /// The working groups by number, each with those of its hosts who may be named.
    pub groups: Vec<(WorkingGroup, Vec<Host>)>,
    /// Hosts who are announced by name and agreed to it, by group.
    pub announced: BTreeMap<WorkingGroupId, Vec<AnnouncedHost>>,
    /// Lines in place of hosts who are nobody yet, by group.
    pub placeholders: BTreeMap<WorkingGroupId, Vec<Line>>,
}

/// Whom a programme prints: hosts, and on record who speaks and who moderates.
pub fn printed_names<'a>(
    hosts: impl Iterator<Item = &'a Host>,
    announced: impl Iterator<Item = &'a AnnouncedHost>,
    sessions: &'a [Session],
) -> Vec<PrintedName> {
    let printed = |name: &str, line: String| {
        // As the document cleans it.
        let line = Text::new(&line).as_str().to_owned();
        PrintedName { name: name.to_owned(), line, account: None }
    };
    let hosts = hosts.filter(|host| host.named).map(|host| PrintedName {
        account: Some(host.account_id),
        ..printed(&host.name, host.line())
    });
    let announced = announced.map(|host| printed(&host.name, host.line()));
    let on_record = sessions.iter().filter(|one| one.attribution_rule == AttributionRule::OnRecord);
    let spoken = on_record.flat_map(|session| {
        let speakers = session.named_speakers().map(|one| printed(&one.name, spoken_line(one)));
        speakers.chain(session.moderator.iter().map(|name| printed(name, name.clone())))
    });
    hosts.chain(announced).chain(spoken).collect()
}

impl SummaryFacts {
    /// Whom the programme prints.
    pub fn named(&self) -> Vec<PrintedName> {
        let hosts = self.groups.iter().flat_map(|(_, hosts)| hosts);
        printed_names(hosts, self.announced.values().flatten(), &self.sessions)
    }

    /// What a paper needs to know of the consultation.
    pub fn record(&self) -> ConsultationRecord {
        let consultation = &self.consultation;
        ConsultationRecord {
            ordinal: consultation.ordinal,
            theme: consultation.theme.clone(),
            held_on: consultation.held_on,
            objectives: consultation.objectives.clone(),
            figures: self.released.as_ref().map(|told| RecordedFigures {
                people: told.people.number,
                countries: told.countries,
                un_representatives: section_two::un_representatives(told),
            }),
        }
    }
}

/// The document without its numbers.
pub(super) fn assembled(facts: &SummaryFacts) -> Result<Document, CompileError> {
    let mut document = Document { meta: masthead(facts), ..Document::default() };
    summary_box(&mut document, facts.draft.report.summary.as_deref())?;
    masthead_notes(&mut document, &facts.draft.report.masthead_notes)?;
    assemble(document, &facts.draft, facts)
}

/// As ESCAP heads its summary reports: the series, date and mode, the theme with its objectives, "SUMMARY REPORT". The lines
/// of a United Nations document stand above it only once it has a symbol.
fn masthead(facts: &SummaryFacts) -> Meta {
    let (report, review) = (&facts.draft.report, &facts.review);
    let (consultation, fixed) = (&facts.consultation, Masthead::of(report.language));
    let meeting = review.meeting_title.as_deref().unwrap_or(&review.title);
    let hours = hours(consultation, consultation.starts_at, consultation.ends_at);
    let place = style::place(consultation.zone);
    let held =
        fixed.time_and_place(consultation.held_on, hours.as_deref(), &place, consultation.mode);
    let abbreviation = Reference::get().framework.abbreviation();
    let mut meta = Meta {
        meeting: vec![fixed.series(meeting).into(), held.into()],
        title: fixed.theme(&report.title, &abbreviation, &consultation.objectives).into(),
        subtitle: fixed.summary_report.as_str().into(),
        heading_style: report.heading_style.into(),
        identifier: format!("urn:uuid:{}", report.id).into(),
        work: Some(Work {
            kind: WorkKind::SummaryReport,
            dated_on: consultation.held_on,
            number: report.symbol.clone().map_or_else(
                || format!("{}-consultation-{}", review.code, consultation.ordinal).into(),
                Into::into,
            ),
            ..work(report, review)
        }),
        ..masthead::meta(report.language)
    };
    if let Some(symbol) = &report.symbol {
        meta.symbol = symbol.as_str().into();
        meta.organ = review.organ.as_str().into();
        meta.distribution = fixed.distribution(&report.distribution).into();
        meta.date = report.dated_on.map(|day| fixed.date(day)).unwrap_or_default().into();
        meta.original_language = fixed.original(report.original_language).into();
    }
    meta
}

fn hours(
    consultation: &Consultation,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
) -> Option<String> {
    let local = |at: Timestamp| -> NaiveTime { at.utc().with_timezone(&consultation.zone).time() };
    style::hours(start.map(local), end.map(local))
}

impl Profile for SummaryFacts {
    fn heading(&self, section: &Section) -> String {
        let category =
            || self.draft.category(section.category_id).map(|category| category.heading.clone());
        match section.kind {
            SectionKind::Background => "Background".to_owned(),
            SectionKind::Organization => "Objectives, organization and attendance".to_owned(),
            SectionKind::Opening => "Opening".to_owned(),
            SectionKind::Outcomes => "Outcomes of the consultation".to_owned(),
            SectionKind::OverallProgress => self.overall_heading(category()),
            SectionKind::Cluster => Reference::get().joint_heading(&section.objectives),
            SectionKind::Category => category().unwrap_or_default(),
            SectionKind::DivergentViews => divergent_heading(category()),
            SectionKind::Closing => "Closing and next steps".to_owned(),
            SectionKind::Annex => "Tentative programme".to_owned(),
            SectionKind::Introduction => "Introduction".to_owned(),
            SectionKind::Participation => "Participation".to_owned(),
            // Always under a heading of their own.
            SectionKind::Added | SectionKind::AddedOutcome => String::new(),
        }
    }

    fn computed(&self, what: ComputedText) -> Option<ParsedParagraph> {
        self.section_two().paragraph(what)
    }

    fn figures(&self, section: &Section) -> Vec<Figure> {
        match section.kind {
            SectionKind::Organization => {
                self.released.as_ref().map(charts::participation).unwrap_or_default()
            }
            SectionKind::OverallProgress => charts::inputs(&self.inputs, &self.draft.categories),
            _ => Vec::new(),
        }
    }

    fn table(&self, document: &mut Document, section: &Section) -> Option<Table> {
        (section.kind == SectionKind::Annex && !self.sessions.is_empty())
            .then(|| self.programme(document))
    }

    fn citation(&self, _: &Paragraph) -> Option<String> {
        None
    }
}

impl SummaryFacts {
    /// "Overall progress in implementation of the seven GCM objectives".
    fn overall_heading(&self, category: Option<String>) -> String {
        let count = self.consultation.objectives.len();
        let heading = category.unwrap_or_else(|| "Overall progress in implementation".to_owned());
        let framework = Reference::get().framework.abbreviation();
        let counted = if count == 1 { String::new() } else { format!("{} ", style::number(count)) };
        format!(
            "{heading} of the {counted}{framework} {}",
            style::plural(count, "objective", "objectives")
        )
    }

    /// Section II.
    pub fn section_two(&self) -> SectionTwo<'_> {
        let ruled = |session: &Session| session.attribution_rule == AttributionRule::ChathamHouse;
        SectionTwo {
            consultation: &self.consultation,
            co_organizers: &self.co_organizers,
            released: self.released.as_ref(),
            chatham_house: self.sessions.iter().any(ruled) || !self.groups.is_empty(),
        }
    }

    /// The annex: a row for each session, and under a session of working groups a row for each of them.
    fn programme(&self, document: &mut Document) -> Table {
        let timed = self.sessions.iter().any(|session| session.starts_at.is_some());
        let rows =
            self.sessions.iter().flat_map(|session| self.rows(document, session, timed)).collect();
        let zone = style::zone(self.consultation.zone);
        let time = Cell::text(&format!("Time ({zone})"));
        let mut header = Row { cells: vec![Cell::text("Session")] };
        let mut columns = vec![Column { width: 4 }];
        if timed {
            header.cells.insert(0, time);
            columns.insert(0, Column { width: 1 });
        }
        let caption =
            format!("Programme of the {} consultation", style::ordinal(self.consultation.ordinal));
        let caption = vec![Inline::text(&caption)];
        Table {
            id: "programme".into(),
            caption,
            columns,
            header: vec![header],
            rows,
            lettered_notes: false,
        }
    }

    fn rows(&self, document: &mut Document, session: &Session, timed: bool) -> Vec<Row> {
        let groups: Vec<Cell> = match session.kind {
            SessionKind::WorkingGroups => {
                self.groups.iter().map(|(group, hosts)| self.group_cell(group, hosts)).collect()
            }
            _ => Vec::new(),
        };
        let mut first = Row::default();
        if timed {
            let time = hours(&self.consultation, session.starts_at, session.ends_at);
            let mut cell = Cell::text(time.as_deref().unwrap_or("–"));
            cell.heading = time.is_some();
            cell.rowspan = 1 + u16::try_from(groups.len()).unwrap_or(u16::MAX - 1);
            first.cells.push(cell);
        }
        first.cells.push(session_cell(document, session));
        std::iter::once(first)
            .chain(groups.into_iter().map(|cell| Row { cells: vec![cell] }))
            .collect()
    }

    /// "Working group 2: objectives 9 and 10", their titles, those of its hosts who may be named, and the lines in place of others.
    fn group_cell(&self, group: &WorkingGroup, hosts: &[Host]) -> Cell {
        let mut objectives: Vec<_> = group.clusters.iter().flatten().copied().collect();
        objectives.sort_unstable();
        objectives.dedup();
        let heading = format!("Working group {}: {}", group.number, objective_list(&objectives));
        let mut inlines = vec![Inline::Strong(vec![Inline::text(&heading)])];
        let titles = objectives
            .iter()
            .map(|number| format!("{} ({number})", Reference::get().objective(*number).title));
        let titles: Vec<String> = titles.collect();
        let announced = self.announced.get(&group.id).into_iter().flatten();
        let placeholders = self.placeholders.get(&group.id).into_iter().flatten();
        let named = HOSTS.into_iter().filter_map(|(role, one, several)| {
            let names: Vec<String> = hosts
                .iter()
                .filter(|host| host.role == role && host.named)
                .map(Host::line)
                .chain(announced.clone().filter(|host| host.role == role).map(AnnouncedHost::line))
                .chain(
                    placeholders
                        .clone()
                        .filter(|line| line.placeholder.role == role)
                        .map(|line| line.text.clone()),
                )
                .collect();
            (!names.is_empty()).then(|| {
                format!("{}: {}", style::plural(names.len(), one, several), listed(&names))
            })
        });
        lines(&mut inlines, std::iter::once(titles.join("; ")).chain(named));
        Cell { inlines, ..Cell::default() }
    }
}

/// "Asha Example, International Detention Coalition".
fn spoken_line(speaker: &Speaker) -> String {
    match &speaker.affiliation {
        Some(affiliation) => format!("{}, {affiliation}", speaker.name),
        None => speaker.name.clone(),
    }
}

/// Its title with its footnote; below it, for a session on record, the speakers who agreed to be named and the moderator:
/// entering a moderator's name records that the secretariat holds their consent.
fn session_cell(document: &mut Document, session: &Session) -> Cell {
    let mut inlines = vec![Inline::Strong(vec![Inline::text(&session.title)])];
    if let Some(note) = session.note.as_deref().filter(|note| !note.trim().is_empty()) {
        inlines.push(document.add_note(vec![Inline::text(note)]));
    }
    if session.attribution_rule == AttributionRule::OnRecord {
        let moderator = session.moderator.iter().map(|name| format!("{MODERATOR}: {name}"));
        let speakers = session
            .named_speakers()
            .map(|one| format!("{}: {}", announced(one.kind), spoken_line(one)));
        lines(&mut inlines, moderator.chain(speakers));
    }
    Cell { inlines, ..Cell::default() }
}

/// As a list, set apart by semicolons where somebody stands with an affiliation.
fn listed(names: &[String]) -> String {
    if names.iter().any(|name| name.contains(',')) {
        style::long_list(names)
    } else {
        style::list(names)
    }
}

fn lines(inlines: &mut Vec<Inline>, lines: impl Iterator<Item = String>) {
    for line in lines {
        inlines.push(Inline::LineBreak);
        inlines.push(Inline::Text(Text::new(&line)));
    }
}
