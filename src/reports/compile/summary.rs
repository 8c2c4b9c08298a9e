//! The summary report of a consultation: its masthead, its headings, the paragraphs that are written from data, and the
//! programme. Pure; must never name anybody but on-record speakers and hosts who agreed to it (DOMAIN.md, rule 1).

use chrono::NaiveTime;

use super::{
    CompileError, Draft, Profile, Prose, assemble, capitalized_mode, distribution, objective_list,
    summary_box, words,
};
use crate::access::Role;
use crate::consultations::{
    AttributionRule, CoOrganizerKind, Consultation, Session, SessionKind, WorkingGroup,
};
use crate::db::types::Timestamp;
use crate::document::inline::ParsedParagraph;
use crate::document::{
    Cell, Column, Document, Href, Inline, LabelledItem, List, Meta, ParagraphPart, Row, Table, Text,
};
use crate::groups::Host;
use crate::organizations::Organization;
use crate::reference::Reference;
use crate::registrations::{Participation, UN_ENTITY, about};
use crate::reports::{ComputedText, ConsultationRecord, Paragraph, Section, SectionKind};
use crate::reviews::Review;

/// From how many participants on their number is rounded ("about 80").
const ROUNDED_FROM: u32 = 20;
/// What women and men must each reach, in per cent, for a gender balance to be reported.
const BALANCED: u32 = 40;
/// Where the rule is explained.
const CHATHAM_HOUSE: &str = "https://www.chathamhouse.org/about-us/chatham-house-rule";

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
    /// Who took part.
    pub participation: Participation,
    /// The programme, in order.
    pub sessions: Vec<Session>,
    /// The working groups by number, each with those of its hosts who may be named.
    pub groups: Vec<(WorkingGroup, Vec<Host>)>,
}

impl SummaryFacts {
    /// What a paper needs to know of the consultation.
    pub fn record(&self) -> ConsultationRecord {
        let (consultation, participation) = (&self.consultation, &self.participation);
        ConsultationRecord {
            ordinal: consultation.ordinal,
            theme: consultation.theme.clone(),
            held_on: consultation.held_on,
            objectives: consultation.objectives.clone(),
            participants: participation.participants,
            countries: u32::try_from(participation.countries.len()).unwrap_or(u32::MAX),
            un_representatives: participation.un_representatives,
        }
    }
}

/// The numbered document.
///
/// # Errors
/// When a text cannot be read or a cross-reference leads nowhere.
pub fn compile(facts: &SummaryFacts) -> Result<Document, CompileError> {
    let mut document = Document { meta: masthead(facts), ..Document::default() };
    summary_box(&mut document, facts.draft.report.summary.as_deref())?;
    assemble(document, &facts.draft, facts)
}

/// As ESCAP heads its summary reports: the series, date and mode, the theme with its objectives, "SUMMARY REPORT". The lines
/// of a United Nations document stand above it only once it has a symbol.
fn masthead(facts: &SummaryFacts) -> Meta {
    let (report, review) = (&facts.draft.report, &facts.review);
    let consultation = &facts.consultation;
    let meeting = review.meeting_title.as_deref().unwrap_or(&review.title);
    let series = format!("Stakeholder consultations to inform the {meeting}");
    let theme = format!(
        "{} (addressing {} {})",
        report.title,
        Reference::get().framework.abbreviation(),
        objective_list(&consultation.objectives)
    );
    let mut meta = Meta {
        meeting: vec![series.into(), date_line(consultation).into()],
        title: theme.into(),
        subtitle: "SUMMARY REPORT".into(),
        identifier: format!("urn:uuid:{}", report.id).into(),
        ..Meta::default()
    };
    if let Some(symbol) = &report.symbol {
        meta.symbol = symbol.as_str().into();
        meta.organ = review.organ.as_str().into();
        meta.distribution = distribution(&report.distribution).into();
        meta.date = report.dated_on.map(words::date).unwrap_or_default().into();
        meta.original_language = "Original: English".into();
    }
    meta
}

/// "19 November 2020, 11:00–14:30 hrs. (Bangkok time) – Virtual".
fn date_line(consultation: &Consultation) -> String {
    let day = consultation.held_on.map_or_else(|| "Date not on record".to_owned(), words::date);
    let time = hours(consultation, consultation.starts_at, consultation.ends_at);
    let time = time.map(|hours| format!(", {hours} hrs. ({})", words::zone(consultation.zone)));
    format!("{day}{} – {}", time.unwrap_or_default(), capitalized_mode(consultation.mode))
}

fn hours(
    consultation: &Consultation,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
) -> Option<String> {
    let local = |at: Timestamp| -> NaiveTime { at.utc().with_timezone(&consultation.zone).time() };
    words::hours(start.map(local), end.map(local))
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
            SectionKind::Closing => "Closing and next steps".to_owned(),
            SectionKind::Annex => "Tentative programme".to_owned(),
            SectionKind::Introduction => "Introduction".to_owned(),
            SectionKind::Participation => "Participation".to_owned(),
        }
    }

    fn computed(&self, what: ComputedText) -> Option<ParsedParagraph> {
        match what {
            ComputedText::Scope => Some(self.scope()),
            ComputedText::CoOrganizers => self.organized_by(),
            ComputedText::Attendance => self.attendance(),
            ComputedText::Method => Some(self.method()),
            ComputedText::Participation => None,
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
        let counted = if count == 1 { String::new() } else { format!("{} ", words::number(count)) };
        format!(
            "{heading} of the {counted}{framework} {}",
            words::plural(count, "objective", "objectives")
        )
    }

    /// When, how and on what.
    fn scope(&self) -> ParsedParagraph {
        let consultation = &self.consultation;
        let ordinal = words::ordinal(consultation.ordinal);
        let held = capitalized_mode(consultation.mode);
        let held = match (held, &consultation.venue) {
            ("Virtual", _) => "virtually".to_owned(),
            ("In person", Some(venue)) => format!("in person ({venue})"),
            ("In person", None) => "in person".to_owned(),
            (_, Some(venue)) => format!("both in person ({venue}) and online"),
            (_, None) => "both in person and online".to_owned(),
        };
        let when = match consultation.held_on {
            Some(day) => {
                format!("Held {held} on {}, the {ordinal} consultation addressed", words::date(day))
            }
            None => format!(
                "The {ordinal} consultation, the date of which is not on record, was held {held}. It addressed"
            ),
        };
        let reference = Reference::get();
        let count = consultation.objectives.len();
        let lead = format!(
            "{when} {} {} of the {}:",
            words::number(count),
            words::plural(count, "objective", "objectives"),
            reference.framework.title
        );
        let item = |number: &crate::reference::ObjectiveNumber| LabelledItem {
            label: format!("{number}.").into(),
            inlines: vec![Inline::text(&reference.objective(*number).title)],
        };
        let items = consultation.objectives.iter().map(item).collect();
        let parts = vec![ParagraphPart::text(&lead), ParagraphPart::List(List::Labelled(items))];
        ParsedParagraph { parts, notes: Vec::new() }
    }

    /// Who organized it; nothing when nobody is on record.
    fn organized_by(&self) -> Option<ParsedParagraph> {
        let of = |kind: CoOrganizerKind| -> Vec<&Organization> {
            self.co_organizers
                .iter()
                .filter(|(other, _)| *other == kind)
                .map(|(_, organization)| organization)
                .collect()
        };
        let stakeholders: Vec<String> = of(CoOrganizerKind::Stakeholder)
            .into_iter()
            .map(|one| {
                format!("{}, {}", full_name(one), Reference::get().country(one.country).name)
            })
            .collect();
        let network: Vec<String> =
            of(CoOrganizerKind::UnNetwork).into_iter().map(short_name).collect();
        let guidance: Vec<String> =
            of(CoOrganizerKind::OverallGuidance).into_iter().map(short_name).collect();
        let mut parties: Vec<(usize, String)> = Vec::new();
        if !stakeholders.is_empty() {
            let noun = words::plural(stakeholders.len(), "stakeholder", "stakeholders");
            parties.push((
                stakeholders.len(),
                format!("{noun} ({})", words::long_list(&stakeholders)),
            ));
        }
        if !network.is_empty() {
            let noun = words::plural(network.len(), "member", "members");
            parties.push((
                network.len(),
                format!("{noun} of the United Nations network ({})", words::list(&network)),
            ));
        }
        let mut sentences = Vec::new();
        if !parties.is_empty() {
            let all = stakeholders.len() + network.len();
            let verb = words::plural(all, "was the co-organizer", "were the co-organizers");
            let counted = parties.iter().enumerate().map(|(place, (count, rest))| match place {
                0 => format!("{} {rest}", words::opening_number(*count)),
                _ => format!("{} {rest}", words::number(*count)),
            });
            let parties: Vec<String> = counted.collect();
            sentences.push(format!("{} {verb} of the consultation.", words::list(&parties)));
        }
        if !guidance.is_empty() {
            sentences.push(format!("Overall guidance came from {}.", words::list(&guidance)));
        }
        (!sentences.is_empty()).then(|| Prose::default().text(&sentences.join(" ")).end())
    }

    /// How many, from where and from which sectors; nothing when nobody is on record.
    fn attendance(&self) -> Option<ParsedParagraph> {
        let participation = &self.participation;
        let people = participation.participants;
        if people == 0 {
            return None;
        }
        let countries = participation.countries.len();
        let counted = match people {
            rounded if rounded >= ROUNDED_FROM => format!("About {} stakeholders", about(rounded)),
            few => {
                let noun = words::plural(few as usize, "stakeholder", "stakeholders");
                format!("{} {noun}", words::opening_number(few as usize))
            }
        };
        let from = format!(
            "{} {}",
            words::number(countries),
            words::plural(countries, "country", "countries")
        );
        let mut prose =
            Prose::default().text(&format!("{counted} from {from} took part in the consultation."));
        if let Some(note) = self.un_note() {
            prose = prose.note(vec![Inline::text(&note)]);
        }
        if let Some(note) = self.subregion_note() {
            prose = prose.note(vec![Inline::text(&note)]);
        }
        let further = [self.sectors_sentence(), self.gender_sentence()];
        let further: Vec<String> = further.into_iter().flatten().collect();
        if !further.is_empty() {
            prose = prose.text(&format!(" {}", further.join(" ")));
        }
        Some(prose.end())
    }

    fn un_note(&self) -> Option<String> {
        let count = self.participation.un_representatives as usize;
        let noun = words::plural(
            count,
            "representative of a United Nations entity",
            "representatives of United Nations entities",
        );
        (count > 0).then(|| format!("Including {} {noun}.", words::number(count)))
    }

    fn subregion_note(&self) -> Option<String> {
        let reference = Reference::get();
        let names = |codes: &[crate::reference::SubregionCode]| -> Vec<String> {
            codes.iter().map(|code| reference.subregion(*code).name.clone()).collect()
        };
        let missing = names(&self.participation.subregions_missing);
        let present = names(&self.participation.subregions_present);
        match (missing.len(), present.len()) {
            (_, 0) => None,
            (0, _) => Some("Participants came from every ESCAP subregion.".to_owned()),
            (missing_count, present_count) if missing_count < present_count => Some(format!(
                "Participants came from every ESCAP subregion except {}.",
                words::long_list(&missing)
            )),
            _ => Some(format!(
                "Of the ESCAP subregions, only {} took part.",
                words::long_list(&present)
            )),
        }
    }

    fn sectors_sentence(&self) -> Option<String> {
        let reference = Reference::get();
        let sectors: Vec<String> = self
            .participation
            .sectors
            .iter()
            .filter(|(code, people)| *people > 0 && code.as_str() != UN_ENTITY)
            .map(|(code, _)| reference.sector(*code).plural.clone())
            .collect();
        (!sectors.is_empty())
            .then(|| format!("The sectors represented were {}.", words::list(&sectors)))
    }

    /// A balance is reported only when there is one: women and men each reach two fifths of those who answered, and at least
    /// half of the participants did.
    fn gender_sentence(&self) -> Option<String> {
        let Participation { women, men, another, participants, .. } = self.participation;
        let answered = women + men + another;
        let reaches = |people: u32| people * 100 >= answered * BALANCED;
        let balanced =
            answered > 0 && answered * 2 >= participants && reaches(women) && reaches(men);
        balanced.then(|| "Women and men were represented in balanced numbers.".to_owned())
    }

    /// How the report is arranged and under which rule people spoke.
    fn method(&self) -> ParsedParagraph {
        let count = self.consultation.objectives.len();
        let counted = match count {
            1 => "the objective that was discussed".to_owned(),
            several => format!("the {} objectives that were discussed", words::number(several)),
        };
        let lead = format!(
            "The report summarizes what participants said and does not claim to be complete. It is arranged by {counted} and, \
             under each, by kind of contribution."
        );
        let prose = Prose::default().text(&lead);
        let ruled = self
            .sessions
            .iter()
            .any(|session| session.attribution_rule == AttributionRule::ChathamHouse);
        if !ruled && self.groups.is_empty() {
            return prose.end();
        }
        let rule = " The working groups met under the Chatham House rule";
        let mut note =
            vec![Inline::text("What was said may be used, but nobody may be told who said it")];
        if let Ok(href) = Href::parse(CHATHAM_HOUSE) {
            note.push(Inline::text(". See "));
            note.push(Inline::Link { href, inlines: vec![Inline::text(CHATHAM_HOUSE)] });
        }
        note.push(Inline::text("."));
        let rest = " Views expressed there are therefore reported without the names of those who held them.";
        prose.text(&format!("{rule}.")).note(note).text(rest).end()
    }

    /// The annex: a row for each session, and under a session of working groups a row for each of them.
    fn programme(&self, document: &mut Document) -> Table {
        let timed = self.sessions.iter().any(|session| session.starts_at.is_some());
        let rows =
            self.sessions.iter().flat_map(|session| self.rows(document, session, timed)).collect();
        let zone = words::zone(self.consultation.zone);
        let time = Cell::text(&format!("Time ({zone})"));
        let mut header = Row { cells: vec![Cell::text("Session")] };
        let mut columns = vec![Column { width: 4 }];
        if timed {
            header.cells.insert(0, time);
            columns.insert(0, Column { width: 1 });
        }
        let caption =
            format!("Programme of the {} consultation", words::ordinal(self.consultation.ordinal));
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
                self.groups.iter().map(|(group, hosts)| group_cell(group, hosts)).collect()
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
}

/// Its title with its footnote; below it, for a session on record, the speakers who agreed to be named and the moderator:
/// entering a moderator's name records that the secretariat holds their consent.
fn session_cell(document: &mut Document, session: &Session) -> Cell {
    let mut inlines = vec![Inline::Strong(vec![Inline::text(&session.title)])];
    if let Some(note) = session.note.as_deref().filter(|note| !note.trim().is_empty()) {
        inlines.push(document.add_note(vec![Inline::text(note)]));
    }
    if session.attribution_rule == AttributionRule::OnRecord {
        let moderator = session.moderator.iter().map(|name| format!("Moderator: {name}"));
        let speakers = session.named_speakers().map(|speaker| match &speaker.affiliation {
            Some(affiliation) => format!("Speaker: {}, {affiliation}", speaker.name),
            None => format!("Speaker: {}", speaker.name),
        });
        lines(&mut inlines, moderator.chain(speakers));
    }
    Cell { inlines, ..Cell::default() }
}

/// "Working group 2: objectives 9 and 10", their titles, and those of its hosts who may be named.
fn group_cell(group: &WorkingGroup, hosts: &[Host]) -> Cell {
    let mut objectives: Vec<_> = group.clusters.iter().flatten().copied().collect();
    objectives.sort_unstable();
    objectives.dedup();
    let heading = format!("Working group {}: {}", group.number, objective_list(&objectives));
    let mut inlines = vec![Inline::Strong(vec![Inline::text(&heading)])];
    let titles = objectives
        .iter()
        .map(|number| format!("{} ({number})", Reference::get().objective(*number).title));
    let titles: Vec<String> = titles.collect();
    let roles = [
        (Role::CoHost, "Co-host", "Co-hosts"),
        (Role::Moderator, "Moderator", "Moderators"),
        (Role::FocalPoint, "United Nations focal point", "United Nations focal points"),
        (Role::Rapporteur, "Rapporteur", "Rapporteurs"),
    ];
    let named = roles.into_iter().filter_map(|(role, one, several)| {
        let names: Vec<String> = hosts
            .iter()
            .filter(|host| host.role == role && host.named)
            .map(|host| host.name.clone())
            .collect();
        (!names.is_empty()).then(|| {
            format!("{}: {}", words::plural(names.len(), one, several), words::list(&names))
        })
    });
    lines(&mut inlines, std::iter::once(titles.join("; ")).chain(named));
    Cell { inlines, ..Cell::default() }
}

fn lines(inlines: &mut Vec<Inline>, lines: impl Iterator<Item = String>) {
    for line in lines {
        inlines.push(Inline::LineBreak);
        inlines.push(Inline::Text(Text::new(&line)));
    }
}

/// The name with its acronym, if it has one.
fn full_name(organization: &Organization) -> String {
    match &organization.acronym {
        Some(acronym) => format!("{} ({acronym})", organization.name),
        None => organization.name.clone(),
    }
}

/// The acronym, or the name of one that has none.
fn short_name(organization: &Organization) -> String {
    organization.acronym.clone().unwrap_or_else(|| organization.name.clone())
}
