//! Drafts, clears and publishes the summary reports and the paper.

use std::collections::{BTreeSet, HashMap};

use chrono::{Duration, NaiveDate};

use super::{AGENDA_ITEMS, BuiltConsultation, Series};
use crate::access::{Role, ScopeKind};
use crate::accounts::{self, AccountId};
use crate::consultations::lifecycle::Wanted as Step;
use crate::demo::content::{Event, Paragraph as ParagraphText};
use crate::http::page::Paging;
use crate::inputs::InputId;
use crate::organizations::OrganizationId;
use crate::problem::Problem;
use crate::reference::{CategoryCode, ObjectiveNumber};
use crate::reports::clearance::asking::{self, ToAsk};
use crate::reports::clearance::comments::store::Wanted;
use crate::reports::clearance::comments::{self, CommentAnswer, CommentState};
use crate::reports::clearance::positions::{self, NewPosition, PositionKind};
use crate::reports::clearance::{Asked, portions};
use crate::reports::{
    self, ComputedText, EditionId, MastheadLine, MastheadNote, Merge, NewPaper, NewParagraph,
    Omitted, Outline, OutlineSection, ReportId, ReportState, Section, SectionId, SectionKind,
    Source,
};
use crate::work::Work;

const PAPER_SYMBOL: &str = "ESCAP/GCM/2021/CRP.2";
const PAPER_DISTRIBUTION: &str = "For participants only";
const PAPER_SUMMARY: &str = "The present document brings together what stakeholders said at the consultations that \
    preceded the Regional Review, arranged by the objectives of the Global Compact for Safe, Orderly and Regular \
    Migration. It is compiled from the summary reports of those consultations, and each paragraph indicates the paragraphs \
    on which it is based.\n\nParticipants in the Regional Review may wish to take the document into account in their \
    deliberations.";

const CLEARANCE_LASTS: Duration = Duration::days(7);
const CLEARANCE_COMMENT: &str =
    "Could the report say which organizations described what happens at borders? Readers will ask.";
const CLEARANCE_ANSWER: &str = "What was said in the working groups is reported without saying who said it, as \
    everybody was promised. The annex lists those who spoke on record.";

const PAPER_NOTE: &str = "Issued without formal editing.";

impl<'a> Series<'a> {
    /// The rapporteurs draft the sections of their groups, the secretariat the rest.
    pub(super) fn draft(
        &self,
        event: &'a Event,
        held: &BuiltConsultation,
        inputs: &HashMap<&str, InputId>,
    ) -> Result<(ReportId, HashMap<reports::ParagraphId, &'a str>), String> {
        self.step(held, &format!("{} paragraphs", event.paragraphs.len()));
        let step = format!("{} consultation, the report", held.name);
        let report = self.run(self.secretariat, &step, |work| {
            Ok(reports::opening::open_summary(work, held.id)?.id)
        })?;
        let mut keys = HashMap::new();
        for group in &event.working_groups {
            let who = self.rapporteur(event, group.number)?;
            let made = self.run(who, &step, |work| {
                let sections = reports::service::sections(work, report)?;
                let own = event.paragraphs.iter().filter(|text| {
                    text.section == SectionKind::Cluster && group.clusters.contains(&text.cluster)
                });
                let new = own.map(|text| {
                    let section = outcome_section(&sections, text)?;
                    Ok((text.key.as_str(), new_paragraph(text, section, None, inputs)?))
                });
                add(work, report, new.collect::<Result<_, Problem>>()?)
            })?;
            keys.extend(made);
        }
        let made = self.run(self.secretariat, &step, |work| {
            let sections = reports::service::sections(work, report)?;
            set_headings(work, event, &sections)?;
            omit(work, event, report, inputs)?;
            draft_outside_groups(work, event, report, &sections, inputs)
        })?;
        keys.extend(made);
        Ok((report, keys))
    }

    /// Has the report cleared, with a comment, and publishes it.
    pub(super) fn publish(
        &mut self,
        held: &BuiltConsultation,
        report: ReportId,
        keys: &HashMap<reports::ParagraphId, &'a str>,
    ) -> Result<(), String> {
        self.step(held, "clearance and publication");
        self.clear(held, report, Some(CLEARANCE_COMMENT))?;
        self.issue(held, report, keys)
    }

    /// Publishes an edition and notes where each paragraph is found in it.
    pub(super) fn issue(
        &mut self,
        held: &BuiltConsultation,
        report: ReportId,
        keys: &HashMap<reports::ParagraphId, &'a str>,
    ) -> Result<(), String> {
        let step = format!("{} consultation, its publication", held.name);
        let outline =
            self.run(self.secretariat, &step, |work| reports::service::outline(work, report))?;
        let edition = self.confirmed(&step, |work| {
            let version = reports::service::see(work, report)?.version;
            reports::publishing::propose(work, report, version, None)
        })?;
        let ordinal = held.ordinal;
        for (key, source) in sources(&outline, edition, keys) {
            self.published.insert((ordinal, key), source);
        }
        Ok(())
    }

    /// Every body that co-organizes is asked and agrees; if one has a comment, the secretariat answers it.
    pub(super) fn clear(
        &self,
        held: &BuiltConsultation,
        report: ReportId,
        comment: Option<&str>,
    ) -> Result<(), String> {
        let step = format!("{} consultation, its clearance", held.name);
        let on = held.id.uuid();
        let bodies = self.run(self.secretariat, &step, |work| {
            let grants = accounts::roles::service::grants_on(work, ScopeKind::Consultation, &[on])?;
            let of = grants.into_iter().filter(|grant| grant.role == Role::CoOrganizer);
            let of = of.filter_map(|grant| Some((grant.organization_id?, grant.account_id)));
            Ok(of.collect::<Vec<(OrganizationId, AccountId)>>())
        })?;
        self.run(self.secretariat, &step, |work| {
            let asked = bodies.iter().map(|(body, _)| *body).collect::<BTreeSet<_>>();
            let asked = asked.into_iter().map(Asked::Body);
            let asked: Vec<_> = asked.map(|asked| ToAsk { asked, needed: true }).collect();
            ask(work, report, &asked)
        })?;
        if let Some(((_, speaks), text)) = bodies.first().zip(comment) {
            self.run(*speaks, &step, |work| {
                comments::service::say(work, report, None, None, text.to_owned()).map(drop)
            })?;
        }
        for (_, speaks) in &bodies {
            self.run(*speaks, &step, |work| agree(work, report))?;
        }
        self.run(self.secretariat, &step, |work| answer(work, report))
    }

    /// The conference room paper: carried over, introduced, merged, published.
    pub(super) fn write_paper(&self) -> Result<(), String> {
        let paper = &self.content.paper;
        let (introduced, merged) = (paper.introduction.len(), paper.merged.len());
        self.progress.step(&format!(
            "Conference room paper: {introduced} opening and {merged} merged paragraphs"
        ));
        let step = "the conference room paper";
        let report = self.run(self.secretariat, step, |work| {
            let new = NewPaper {
                symbol: Some(PAPER_SYMBOL.to_owned()),
                title: None,
                agenda_items: Some(AGENDA_ITEMS.to_owned()),
                dated_on: NaiveDate::from_ymd_opt(2021, 2, 26),
                distribution: Some(PAPER_DISTRIBUTION.to_owned()),
                summary: Some(PAPER_SUMMARY.to_owned()),
                masthead_notes: vec![MastheadNote {
                    to: MastheadLine::Title,
                    text: PAPER_NOTE.to_owned(),
                }],
            };
            Ok(reports::opening::open_paper(work, self.review.id, new)?.id)
        })?;
        self.run(self.secretariat, step, |work| {
            let sections = reports::service::sections(work, report)?;
            let opening = section_of(&sections, SectionKind::Introduction)?;
            let new = paper.introduction.iter().map(|one| NewParagraph {
                section: opening,
                position: None,
                text: one.text.clone(),
                objective: None,
                inputs: Vec::new(),
                editorial_reason: None,
            });
            reports::paragraphs::service::add(work, report, new.collect())
        })?;
        self.run(self.secretariat, step, |work| self.merge(work, report))?;
        let version = self.run(self.secretariat, step, |work| {
            let version = reports::service::see(work, report)?.version;
            let wanted = Step::default();
            let cleared =
                reports::steps::take(work, report, version, ReportState::Clearance, None, &wanted)?;
            Ok(cleared.version)
        })?;
        self.run(self.secretariat, step, |work| {
            let asked = ToAsk { asked: Asked::Person(Some(self.deputy)), needed: true };
            ask(work, report, &[asked])
        })?;
        self.run(self.deputy, step, |work| agree(work, report))?;
        let symbol = Some(PAPER_SYMBOL.to_owned());
        self.confirmed::<crate::vocabulary::tags::Edition>(step, |work| {
            reports::publishing::propose(work, report, version, symbol.clone())
        })?;
        Ok(())
    }

    fn merge(&self, work: &mut Work, report: ReportId) -> Result<(), Problem> {
        let sections = reports::service::sections(work, report)?;
        let carried: HashMap<Source, reports::ParagraphId> =
            reports::service::paragraphs(work, report)?
                .iter()
                .flat_map(|one| one.sources.iter().map(|source| (*source, one.id)))
                .collect();
        for one in &self.content.paper.merged {
            let keys = one
                .sources
                .iter()
                .flat_map(|from| from.keys.iter().map(|key| (from.consultation, key.as_str())));
            let paragraphs = keys.map(|(ordinal, key)| {
                let source = self.published.get(&(ordinal, key));
                let found = source.and_then(|source| carried.get(source)).copied();
                found.ok_or_else(|| {
                    missing(&format!("carried paragraph {key} of consultation {ordinal}"))
                })
            });
            let section = match one.objectives.first() {
                Some(objective) => category_section(&sections, &[*objective], &one.category)?,
                None => section_of(&sections, one.section.unwrap_or(SectionKind::OverallProgress))?,
            };
            let merge = Merge {
                versions: Vec::new(),
                paragraphs: paragraphs.collect::<Result<_, Problem>>()?,
                text: one.text.clone(),
                section: Some(section),
                position: None,
                objective: None,
            };
            reports::drafting::merge_paragraphs(work, report, merge)?;
        }
        Ok(())
    }
}

/// Asks these for a week.
fn ask(work: &mut Work, report: ReportId, asked: &[ToAsk]) -> Result<(), Problem> {
    let ends_on = work.now.plus(CLEARANCE_LASTS).utc().date_naive();
    asking::service::open(work, report, ends_on, asked).map(drop)
}

/// Agrees to a draft as it reads.
fn agree(work: &mut Work, report: ReportId) -> Result<(), Problem> {
    let (_, whole) = portions::service::read(work, report)?;
    let new = NewPosition {
        party: None,
        kind: PositionKind::Agreement,
        whole: Some(whole.sha256),
        portions: Vec::new(),
        paragraph: None,
        reason: None,
        objection: None,
        unnamed: None,
    };
    positions::service::take(work, report, new).map(drop)
}

/// Answers what was commented.
fn answer(work: &mut Work, report: ReportId) -> Result<(), Problem> {
    let paging = Paging::first(100);
    let wanted = Wanted { state: Some(CommentState::Open), paragraph: None };
    for one in comments::service::list(work, report, wanted, &paging)?.items {
        let text = CLEARANCE_ANSWER.to_owned();
        comments::service::answer(work, one.id, one.version, CommentAnswer::NotTaken, text)?;
    }
    Ok(())
}

fn new_paragraph(
    text: &ParagraphText,
    section: SectionId,
    position: Option<u32>,
    inputs: &HashMap<&str, InputId>,
) -> Result<NewParagraph, Problem> {
    let cited = text.inputs.iter().map(|key| {
        inputs.get(key.as_str()).copied().ok_or_else(|| missing(&format!("input {key}")))
    });
    Ok(NewParagraph {
        section,
        position,
        text: text.text.clone(),
        objective: text.objective,
        inputs: cited.collect::<Result<_, Problem>>()?,
        editorial_reason: text.editorial.clone(),
    })
}

fn set_headings(work: &mut Work, event: &Event, sections: &[Section]) -> Result<(), Problem> {
    for heading in &event.headings {
        let id = category_section(sections, &heading.cluster, &heading.category)?;
        let version = sections.iter().find(|one| one.id == id).map_or(0, |one| one.version);
        reports::drafting::set_heading(work, id, version, Some(heading.text.clone()))?;
    }
    Ok(())
}

fn omit(
    work: &mut Work,
    event: &Event,
    report: ReportId,
    inputs: &HashMap<&str, InputId>,
) -> Result<(), Problem> {
    for input in &event.inputs {
        let Some(reason) = &input.omit else { continue };
        let id = *inputs
            .get(input.key.as_str())
            .ok_or_else(|| missing(&format!("input {}", input.key)))?;
        reports::omissions::service::record(work, report, Omitted::Input(id), reason.clone())?;
    }
    Ok(())
}

fn draft_outside_groups<'e>(
    work: &mut Work,
    event: &'e Event,
    report: ReportId,
    sections: &[Section],
    inputs: &HashMap<&str, InputId>,
) -> Result<Vec<(reports::ParagraphId, &'e str)>, Problem> {
    let mut beside = Beside::default();
    let outside = event.paragraphs.iter().filter(|text| text.section != SectionKind::Cluster);
    let new = outside.map(|text| {
        let section = section_of(sections, text.section)?;
        Ok((text.key.as_str(), new_paragraph(text, section, beside.position(text), inputs)?))
    });
    add(work, report, new.collect::<Result<_, Problem>>()?)
}

/// Adds paragraphs, and tells by which key each was called.
fn add<'e>(
    work: &mut Work,
    report: ReportId,
    new: Vec<(&'e str, NewParagraph)>,
) -> Result<Vec<(reports::ParagraphId, &'e str)>, Problem> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let (keys, new): (Vec<_>, Vec<_>) = new.into_iter().unzip();
    let added = reports::paragraphs::service::add(work, report, new)?;
    Ok(added.into_iter().map(|paragraph| paragraph.id).zip(keys).collect())
}

/// The order of section II while paragraphs are put between the computed ones.
struct Beside(Vec<Slot>);

#[derive(PartialEq, Eq)]
enum Slot {
    Computed(ComputedText),
    Before,
    After(ComputedText),
}

impl Default for Beside {
    fn default() -> Self {
        Self(ComputedText::OF_ORGANIZATION.into_iter().map(Slot::Computed).collect())
    }
}

impl Beside {
    /// The place of a paragraph, from 1; none for a section without computed paragraphs.
    fn position(&mut self, text: &ParagraphText) -> Option<u32> {
        let find =
            |order: &[Slot], what| order.iter().position(|slot| *slot == Slot::Computed(what));
        let (index, slot) = match (text.before, text.after) {
            (Some(what), _) => (find(&self.0, what)?, Slot::Before),
            (None, Some(what)) => {
                let start = find(&self.0, what)? + 1;
                let slot = Slot::After(what);
                let further = self.0.get(start..)?.iter().take_while(|one| **one == slot).count();
                (start + further, slot)
            }
            (None, None) => return None,
        };
        self.0.insert(index, slot);
        u32::try_from(index + 1).ok()
    }
}

fn outcome_section(sections: &[Section], text: &ParagraphText) -> Result<SectionId, Problem> {
    let category = text.category.as_ref().ok_or_else(|| missing("category of a paragraph"))?;
    category_section(sections, &text.cluster, category)
}

fn category_section(
    sections: &[Section],
    cluster: &[ObjectiveNumber],
    category: &CategoryCode,
) -> Result<SectionId, Problem> {
    let found = sections.iter().find(|section| {
        section.kind == SectionKind::Category
            && section.objectives == cluster
            && section.category.as_ref() == Some(category)
    });
    found
        .map(|section| section.id)
        .ok_or_else(|| missing(&format!("section {category} on objectives {cluster:?}")))
}

fn section_of(sections: &[Section], kind: SectionKind) -> Result<SectionId, Problem> {
    let found = sections.iter().find(|section| section.kind == kind);
    found.map(|section| section.id).ok_or_else(|| missing(&format!("section {kind}")))
}

pub(super) fn missing(what: &str) -> Problem {
    Problem::not_found(what)
}

/// Where each paragraph with a key is found in an edition.
fn sources<'k>(
    outline: &Outline,
    edition_id: EditionId,
    keys: &HashMap<reports::ParagraphId, &'k str>,
) -> Vec<(&'k str, Source)> {
    fn collect<'k>(
        sections: &[OutlineSection],
        edition_id: EditionId,
        keys: &HashMap<reports::ParagraphId, &'k str>,
        found: &mut Vec<(&'k str, Source)>,
    ) {
        for section in sections {
            for one in &section.paragraphs {
                let key = keys.get(&one.paragraph.id).copied();
                found.extend(
                    key.zip(one.number).map(|(key, number)| (key, Source { edition_id, number })),
                );
            }
            collect(&section.sections, edition_id, keys, found);
        }
    }
    let mut found = Vec::new();
    collect(&outline.sections, edition_id, keys, &mut found);
    found
}
