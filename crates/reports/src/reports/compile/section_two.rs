//! The paragraphs of section II that are written from data: when and on what, who organized it, who took part, how the report
//! is arranged. The one place where they are worded: the compiler puts them into the summary report, and
//! `read_participation_paragraphs` tells them by themselves. Pure; sees figures only as they may be told.

use super::{Prose, capitalized_mode, style};
use crate::consultations::{CoOrganizerKind, Consultation};
use crate::document::inline::ParsedParagraph;
use crate::document::{Href, Inline, LabelledItem, List, ParagraphPart};
use crate::figures::statistics::{Basis, Breakdown, Said, Statistics};
use crate::organizations::Organization;
use crate::reference::{ObjectiveNumber, Reference, SubregionCode};
use crate::registrations::UN_ENTITY;
use crate::reports::ComputedText;

/// Where the rule is explained.
const CHATHAM_HOUSE: &str = "https://www.chathamhouse.org/about-us/chatham-house-rule";

/// Everything that the paragraphs are written from.
#[derive(Debug, Clone, Copy)]
pub struct SectionTwo<'f> {
    /// The consultation.
    pub consultation: &'f Consultation,
    /// Who organized it, in the order in which they are named.
    pub co_organizers: &'f [(CoOrganizerKind, Organization)],
    /// Who took part, as far as it may be told.
    pub statistics: &'f Statistics,
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
            ComputedText::Attendance => self.attendance(),
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
            sentences.push(format!("Overall guidance came from {}.", style::list(&guidance)));
        }
        (!sentences.is_empty()).then(|| Prose::default().text(&sentences.join(" ")).end())
    }

    /// How many, from where and from which sectors, as far as it may be told; nothing when nobody is on record.
    fn attendance(&self) -> Option<ParsedParagraph> {
        let counted = counted(self.statistics.said)?;
        let verb = match self.statistics.basis {
            Basis::Attended => "attended",
            Basis::Registered => "took part in",
        };
        let Ok(breakdown) = &self.statistics.breakdown else {
            return Some(
                Prose::default().text(&format!("{counted} {verb} the consultation.")).end(),
            );
        };
        let countries = breakdown.countries as usize;
        let from = format!(
            "{} {}",
            style::number(countries),
            style::plural(countries, "country", "countries")
        );
        let opening = format!("{counted} from {from} {verb} the consultation.");
        let mut prose = Prose::default().text(&opening);
        for note in [un_note(breakdown), subregion_note(breakdown)].into_iter().flatten() {
            prose = prose.note(vec![Inline::text(&note)]);
        }
        let balanced = "Women and men were represented in balanced numbers.".to_owned();
        let further = [sectors_sentence(breakdown), breakdown.balanced.then_some(balanced)];
        let further: Vec<String> = further.into_iter().flatten().collect();
        if !further.is_empty() {
            prose = prose.text(&format!(" {}", further.join(" ")));
        }
        Some(prose.end())
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
            vec![Inline::text("What was said may be used, but nobody may be told who said it")];
        if let Ok(href) = Href::parse(CHATHAM_HOUSE) {
            note.push(Inline::text(". See "));
            note.push(Inline::Link { href, inlines: vec![Inline::text(CHATHAM_HOUSE)] });
        }
        note.push(Inline::text("."));
        let rest = " Views expressed there are therefore reported without the names of those who held them.";
        prose.text(&format!("{rule}.")).note(note).text(rest).end()
    }
}

/// "About 80 stakeholders", "Seven stakeholders"; nothing for nobody.
fn counted(said: Said) -> Option<String> {
    match said {
        Said::Exactly(0) | Said::About(0) => None,
        Said::Exactly(few) => {
            let noun = style::plural(few as usize, "stakeholder", "stakeholders");
            Some(format!("{} {noun}", style::opening_number(few as usize)))
        }
        Said::About(many) => Some(format!("About {} stakeholders", style::number(many as usize))),
        Said::FewerThan(most) => {
            Some(format!("Fewer than {} stakeholders", style::number(most as usize)))
        }
    }
}

/// How many represented the United Nations; without a number when it is suppressed.
fn un_note(breakdown: &Breakdown) -> Option<String> {
    match breakdown.un_representatives.map(|count| count as usize) {
        Some(0) => None,
        Some(count) => {
            let noun = style::plural(
                count,
                "representative of a United Nations entity",
                "representatives of United Nations entities",
            );
            Some(format!("Including {} {noun}.", style::number(count)))
        }
        None => breakdown
            .sectors
            .present()
            .any(|code| code.as_str() == UN_ENTITY)
            .then(|| "United Nations entities were represented among them.".to_owned()),
    }
}

fn subregion_note(breakdown: &Breakdown) -> Option<String> {
    let reference = Reference::get();
    let present = breakdown.subregions_present.as_ref()?;
    let name = |code: &SubregionCode| reference.subregion(*code).name.clone();
    let all = reference.subregions.iter().map(|one| one.code);
    let missing: Vec<String> =
        all.filter(|code| !present.contains(code)).map(|code| name(&code)).collect();
    let present: Vec<String> = present.iter().map(name).collect();
    match (missing.len(), present.len()) {
        (_, 0) => None,
        (0, _) => Some("Participants came from every ESCAP subregion.".to_owned()),
        (missing_count, present_count) if missing_count < present_count => Some(format!(
            "Participants came from every ESCAP subregion except {}.",
            style::long_list(&missing)
        )),
        _ => {
            Some(format!("Of the ESCAP subregions, only {} took part.", style::long_list(&present)))
        }
    }
}

fn sectors_sentence(breakdown: &Breakdown) -> Option<String> {
    let reference = Reference::get();
    let others = breakdown.sectors.present().filter(|code| code.as_str() != UN_ENTITY);
    let sectors: Vec<String> = others.map(|code| reference.sector(*code).plural.clone()).collect();
    (!sectors.is_empty())
        .then(|| format!("The sectors represented were {}.", style::list(&sectors)))
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
