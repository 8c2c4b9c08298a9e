//! The paragraphs of section II that are written from data: when and on what, who organized it, who took part, how the report
//! is arranged. The one place where they are worded: the compiler puts them into the summary report, and
//! `read_participation_paragraphs` tells them by themselves. Pure; sees figures about people as they were released, and no others.

use super::{Prose, capitalized_mode, style};
use crate::consultations::{CoOrganizerKind, Consultation};
use crate::document::inline::ParsedParagraph;
use crate::document::{Href, Inline, LabelledItem, List, ParagraphPart};
use crate::figures::rounding::Said;
use crate::figures::{Basis, Breakdown, Countries, Table, Told};
use crate::organizations::Organization;
use crate::reference::{ObjectiveNumber, Reference, SectorCode, SubregionCode};
use crate::registrations::{Gender, UN_ENTITY};
use crate::reports::ComputedText;

/// What stands in place of figures while none are released.
pub const NOT_RELEASED: &str = "Figures on participation have not yet been released.";
/// Where the rule is explained.
const CHATHAM_HOUSE: &str = "https://www.chathamhouse.org/about-us/chatham-house-rule";

/// Everything that the paragraphs are written from.
#[derive(Debug, Clone, Copy)]
pub struct SectionTwo<'f> {
    /// The consultation.
    pub consultation: &'f Consultation,
    /// Who organized it, in the order in which they are named.
    pub co_organizers: &'f [(CoOrganizerKind, Organization)],
    /// Who took part, as it was released; none when nothing was.
    pub released: Option<&'f Told>,
    /// Whether people spoke under the Chatham House rule.
    pub chatham_house: bool,
}

impl SectionTwo<'_> {
    /// The paragraphs of section II, in their order.
    pub const ORDER: [ComputedText; 4] = [
        ComputedText::Scope,
        ComputedText::CoOrganizers,
        ComputedText::Attendance,
        ComputedText::Method,
    ];

    /// The paragraph; none when there is nothing on record to write it from.
    pub fn paragraph(&self, what: ComputedText) -> Option<ParsedParagraph> {
        match what {
            ComputedText::Scope => Some(self.scope()),
            ComputedText::CoOrganizers => self.organized_by(),
            ComputedText::Attendance => Some(self.attendance()),
            ComputedText::Method => Some(self.method()),
            ComputedText::Participation => None,
        }
    }

    /// When, how and on what.
    fn scope(&self) -> ParsedParagraph {
        let consultation = self.consultation;
        let ordinal = style::ordinal(consultation.ordinal);
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
                format!("Held {held} on {}, the {ordinal} consultation addressed", style::date(day))
            }
            None => format!(
                "The {ordinal} consultation, the date of which is not on record, was held {held}. It addressed"
            ),
        };
        let reference = Reference::get();
        let count = consultation.objectives.len();
        let lead = format!(
            "{when} {} {} of the {}:",
            style::number(count),
            style::plural(count, "objective", "objectives"),
            reference.framework.title
        );
        let item = |number: &ObjectiveNumber| LabelledItem {
            label: format!("{number}.").into(),
            inlines: vec![Inline::text(&reference.objective(*number).title)],
        };
        let items = consultation.objectives.iter().map(item).collect();
        let parts = vec![ParagraphPart::text(&lead), ParagraphPart::List(List::Labelled(items))];
        ParsedParagraph { parts, notes: Vec::new() }
    }

    fn organizers(&self, kind: CoOrganizerKind) -> impl Iterator<Item = &Organization> {
        self.co_organizers.iter().filter(move |(other, _)| *other == kind).map(|(_, one)| one)
    }

    /// Who organized it; nothing when nobody is on record.
    fn organized_by(&self) -> Option<ParsedParagraph> {
        let placed = |one: &Organization| {
            format!("{}, {}", full_name(one), Reference::get().country(one.country).name)
        };
        let stakeholders: Vec<String> =
            self.organizers(CoOrganizerKind::Stakeholder).map(placed).collect();
        let network: Vec<String> =
            self.organizers(CoOrganizerKind::UnNetwork).map(short_name).collect();
        let guidance: Vec<String> =
            self.organizers(CoOrganizerKind::OverallGuidance).map(short_name).collect();
        let mut parties: Vec<(usize, String)> = Vec::new();
        if !stakeholders.is_empty() {
            let noun = style::plural(stakeholders.len(), "stakeholder", "stakeholders");
            let named = format!("{noun} ({})", style::long_list(&stakeholders));
            parties.push((stakeholders.len(), named));
        }
        if !network.is_empty() {
            let noun = style::plural(network.len(), "member", "members");
            let named = format!("{noun} of the United Nations network ({})", style::list(&network));
            parties.push((network.len(), named));
        }
        let mut sentences = Vec::new();
        if !parties.is_empty() {
            let all = stakeholders.len() + network.len();
            let verb = style::plural(all, "was the co-organizer", "were the co-organizers");
            let counted = parties.iter().enumerate().map(|(place, (count, rest))| match place {
                0 => format!("{} {rest}", style::opening_number(*count)),
                _ => format!("{} {rest}", style::number(*count)),
            });
            let parties: Vec<String> = counted.collect();
            sentences.push(format!("{} {verb} of the consultation.", style::list(&parties)));
        }
        if !guidance.is_empty() {
            sentences.push(format!("Overall guidance was provided by {}.", style::list(&guidance)));
        }
        (!sentences.is_empty()).then(|| Prose::default().text(&sentences.join(" ")).end())
    }

    /// How many, from where and from which sectors, as it was released.
    fn attendance(&self) -> ParsedParagraph {
        let Some(told) = self.released else { return Prose::default().text(NOT_RELEASED).end() };
        let verb = match told.people.basis {
            Basis::Attended => "attended",
            Basis::Registered => "took part in",
        };
        let Some(counted) = counted(told.people.number) else {
            let few = format!(
                "Few stakeholders {verb} the consultation: too few for their number to be given."
            );
            return Prose::default().text(&few).end();
        };
        let from = told.countries.map(|countries| format!(" from {}", from_countries(countries)));
        let opening = format!("{counted}{} {verb} the consultation.", from.unwrap_or_default());
        let mut prose = Prose::default().text(&opening);
        for note in [un_note(told), subregion_note(told)].into_iter().flatten() {
            prose = prose.note(vec![Inline::text(&note)]);
        }
        let balanced = "Women and men were represented in balanced numbers.".to_owned();
        let further = [sectors_sentence(told), is_balanced(told).then_some(balanced)];
        let further: Vec<String> = further.into_iter().flatten().collect();
        if !further.is_empty() {
            prose = prose.text(&format!(" {}", further.join(" ")));
        }
        prose.end()
    }

    /// How the report is arranged and under which rule people spoke.
    fn method(&self) -> ParsedParagraph {
        let count = self.consultation.objectives.len();
        let counted = match count {
            1 => "the objective that was discussed".to_owned(),
            several => format!("the {} objectives that were discussed", style::number(several)),
        };
        let lead = format!(
            "The report summarizes what participants said and does not claim to be complete. It is arranged by {counted} and, \
             under each, by kind of contribution."
        );
        let prose = Prose::default().text(&lead);
        if !self.chatham_house {
            return prose.end();
        }
        let rule = " The working groups met under the Chatham House rule";
        let mut note =
            vec![Inline::text("What was said may be used, but who said it may not be revealed")];
        if let Ok(href) = Href::parse(CHATHAM_HOUSE) {
            note.push(Inline::text(". See "));
            note.push(Inline::Link { href, inlines: vec![Inline::text(CHATHAM_HOUSE)] });
        }
        note.push(Inline::text("."));
        let rest = " Views expressed there are therefore reported without naming those who expressed them.";
        prose.text(&format!("{rule}.")).note(note).text(rest).end()
    }
}

/// "About 80 stakeholders", "Seven stakeholders"; nothing for so few that their number is not told.
fn counted(number: Option<u32>) -> Option<String> {
    match Said::of(number) {
        Said::Few => None,
        Said::Exactly(some) => {
            let noun = style::plural(some as usize, "stakeholder", "stakeholders");
            Some(format!("{} {noun}", style::opening_number(some as usize)))
        }
        Said::About(many) => Some(format!("About {} stakeholders", style::number(many as usize))),
    }
}

/// "15 countries", "twelve countries or more".
fn from_countries(countries: Countries) -> String {
    let number = countries.number as usize;
    let noun = style::plural(number, "country", "countries");
    let more = if countries.or_more { " or more" } else { "" };
    format!("{} {noun}{more}", style::number(number))
}

/// The table, if it is of the same people as their number.
fn table_of_people(told: &Told, by: Breakdown) -> Option<&Table> {
    told.table(by).filter(|table| table.as_of == told.people.as_of)
}

/// Those of United Nations entities among those whose number is told; none when they are not told by themselves.
pub fn un_representatives(told: &Told) -> Option<u32> {
    table_of_people(told, Breakdown::Sector)?.people_of(UN_ENTITY)
}

fn un_note(told: &Told) -> Option<String> {
    let count = un_representatives(told)? as usize;
    let noun = style::plural(
        count,
        "representative of a United Nations entity",
        "representatives of United Nations entities",
    );
    Some(format!("Including {} {noun}.", style::number(count)))
}

/// From which subregions, of those that are told: about the others nothing is said, not even that nobody came.
fn subregion_note(told: &Told) -> Option<String> {
    let reference = Reference::get();
    let table = told.table(Breakdown::Subregion)?;
    let codes = table.rows.iter().filter_map(|row| row.key.parse().ok());
    let names: Vec<String> =
        codes.map(|code: SubregionCode| reference.subregion(code).name.clone()).collect();
    match names.len() {
        0 => None,
        all if all == reference.subregions.len() => {
            Some("Participants came from every ESCAP subregion.".to_owned())
        }
        _ => Some(format!(
            "The ESCAP subregions that they came from included {}.",
            style::long_list(&names)
        )),
    }
}

fn sectors_sentence(told: &Told) -> Option<String> {
    let reference = Reference::get();
    let rows = &told.table(Breakdown::Sector)?.rows;
    let codes =
        rows.iter().filter(|row| row.key != UN_ENTITY).filter_map(|row| row.key.parse().ok());
    let sectors: Vec<String> =
        codes.map(|code: SectorCode| reference.sector(code).plural.clone()).collect();
    (!sectors.is_empty())
        .then(|| format!("The sectors represented included {}.", style::list(&sectors)))
}

/// What women and men must each reach among all who took part, in per cent, for a gender balance to be reported.
const BALANCED: u32 = 40;

/// Whether women and men each reach two fifths of all, those who did not say among them: for certain, then.
fn is_balanced(told: &Told) -> bool {
    let Some(table) = told.table(Breakdown::Gender) else { return false };
    let reaches = |gender: Gender| {
        let people = table.people_of(gender.as_str());
        people.is_some_and(|people| people * 100 >= table.people() * BALANCED)
    };
    reaches(Gender::Woman) && reaches(Gender::Man)
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
