//! Loads the facts that the compilers work on, from other features. Reads inputs through `inputs::reading` only, so that it
//! cannot learn who said what.

use std::collections::{BTreeMap, BTreeSet};

use crate::consultations::programme::printed_names::PrintedName;
use crate::consultations::{
    self, CoOrganizer, CoOrganizerKind, ConsultationId, Session, WorkingGroup,
};
use crate::figures::categories::{self, Counted};
use crate::figures::{self};
use crate::groups::{self, Host};
use crate::inputs::{InputId, InputState, reading, wishes};
use crate::organizations::{self, Organization};
use crate::problem::Problem;
use crate::reviews::{self, InputCategory};
use crate::work::Work;

use super::amendments;
use super::checks::coverage::{Cover, Material};
use super::compile::paper::PaperFacts;
use super::compile::summary::{SummaryFacts, printed_names};
use super::compile::{Draft, Facts, InputFigures, Merged};
use super::{EditionId, EditionRecord, Omitted, Report, ReportId, Source, recompiling, store};

/// Everything that a report is compiled from.
pub fn facts(work: &mut Work, report: &Report) -> Result<Facts, Problem> {
    let draft = draft(work, report)?;
    match report.consultation_id {
        Some(consultation) => Ok(Facts::Summary(summary(work, draft, consultation)?)),
        None => Ok(Facts::Paper(paper(work, draft)?)),
    }
}

/// Whom a report prints by name as things are, as [`Facts::named`] tells it, without what else it is compiled from.
pub fn named(work: &mut Work, report: &Report) -> Result<Vec<PrintedName>, Problem> {
    let Some(id) = report.consultation_id else { return Ok(Vec::new()) };
    let working_groups = consultations::programme::service::all::<WorkingGroup>(work, id)?;
    let mut hosts = groups::hosts::named_of_groups(work, id, &working_groups)?;
    let hosts = working_groups.iter().filter_map(|group| hosts.remove(&group.id)).flatten();
    let hosts: Vec<Host> = hosts.collect();
    let announced = consultations::programme::announced_hosts::service::named(work, id)?;
    let sessions = consultations::programme::service::all::<Session>(work, id)?;
    Ok(printed_names(hosts.iter(), announced.values().flatten(), &sessions))
}

fn draft(work: &mut Work, report: &Report) -> Result<Draft, Problem> {
    let issues = store::editions::issues(work.conn, report.id)?;
    let symbol = amendments::printed(report, &issues);
    Ok(Draft {
        report: Report { symbol, ..report.clone() },
        sections: store::sections(work.conn, report.id)?,
        paragraphs: store::paragraphs::all(work.conn, report.id)?,
        categories: reviews::service::categories(work, report.review_id)?,
    })
}

fn summary(work: &mut Work, draft: Draft, id: ConsultationId) -> Result<SummaryFacts, Problem> {
    let review = reviews::service::load(work, draft.report.review_id)?;
    let consultation = consultations::service::load(work, id)?;
    let co_organizers = co_organizers(work, id)?;
    let working_groups = consultations::programme::service::all::<WorkingGroup>(work, id)?;
    let mut hosts = groups::hosts::named_of_groups(work, id, &working_groups)?;
    let working_groups = working_groups.into_iter().map(|group| {
        let hosts = hosts.remove(&group.id).unwrap_or_default();
        (group, hosts)
    });
    let working_groups = working_groups.collect();
    let released = figures::service::told(work, id)?;
    let inputs = input_figures(work, id, &draft.categories)?;
    Ok(SummaryFacts {
        inputs,
        draft,
        review,
        consultation,
        co_organizers,
        released,
        sessions: consultations::programme::service::all::<Session>(work, id)?,
        announced: consultations::programme::announced_hosts::service::named(work, id)?,
        placeholders: consultations::programme::placeholders::service::lines(work, id)?,
        groups: working_groups,
    })
}

/// How many inputs were used, by the objective that each names first and by category.
fn input_figures(
    work: &mut Work,
    id: ConsultationId,
    categories: &[InputCategory],
) -> Result<InputFigures, Problem> {
    let inputs = reading::accepted(work.conn, id)?;
    let mut by_objective = BTreeMap::<_, u32>::new();
    let mut by_category: Vec<_> = categories.iter().map(|category| (category.id, 0)).collect();
    for input in &inputs {
        // Those that name none come last.
        let first = input.objective;
        *by_objective.entry((first.is_none(), first)).or_default() += 1;
        for (_, count) in by_category.iter_mut().filter(|(id, _)| *id == input.category_id) {
            *count += 1;
        }
    }
    let by_objective = by_objective.into_iter().map(|((_, first), count)| (first, count)).collect();
    Ok(InputFigures { by_objective: merged(by_objective), by_category: merged(by_category) })
}

/// A breakdown with its small groups merged.
fn merged<K>(counted: Vec<(K, u32)>) -> Merged<K> {
    let people: Vec<u32> = counted.iter().map(|(_, count)| *count).collect();
    let told = categories::told(&Counted { people: &people, ..Counted::default() });
    let mut merged = Merged::default();
    for ((key, count), told) in counted.into_iter().zip(told) {
        if told {
            merged.told.push((key, count));
        } else {
            merged.other += count;
        }
    }
    merged
}

/// Who organized a consultation, in the order in which they are named.
pub fn co_organizers(
    work: &mut Work,
    id: ConsultationId,
) -> Result<Vec<(CoOrganizerKind, Organization)>, Problem> {
    let co_organizers = consultations::programme::service::all::<CoOrganizer>(work, id)?;
    let ids: Vec<_> = co_organizers.iter().map(|one| one.organization_id).collect();
    let organizations = organizations::service::load_many(work, &ids)?;
    let named = co_organizers
        .into_iter()
        .filter_map(|one| Some((one.kind, organizations.get(&one.organization_id)?.clone())));
    Ok(named.collect())
}

fn paper(work: &mut Work, draft: Draft) -> Result<PaperFacts, Problem> {
    let review = reviews::service::load(work, draft.report.review_id)?;
    let agenda_items = draft.report.agenda_items.clone().or_else(|| review.agenda_items.clone());
    let editions = editions(work, draft.report.id)?;
    let cited =
        draft.paragraphs.iter().flat_map(|one| &one.sources).map(|source| source.edition_id);
    let earlier: BTreeSet<EditionId> = cited.filter(|id| !editions.contains_key(id)).collect();
    let earlier = store::editions::by_ids(work.conn, &earlier)?;
    let earlier = earlier.into_iter().map(|one| (one.id, (one.number, one.record))).collect();
    Ok(PaperFacts { draft, review, agenda_items, editions, earlier })
}

/// The records of the editions that a paper is compiled from.
fn editions(
    work: &mut Work,
    paper: ReportId,
) -> Result<BTreeMap<EditionId, EditionRecord>, Problem> {
    let editions = store::editions::paper_editions(work.conn, paper)?;
    Ok(editions.into_iter().map(|edition| (edition.id, edition.record)).collect())
}

/// What coverage compares: the paragraphs of a report, and what there is to be used in it.
pub fn coverage(work: &mut Work, report: &Report) -> Result<(Vec<Cover>, Material), Problem> {
    let sections = store::sections(work.conn, report.id)?;
    let kinds: BTreeMap<_, _> = sections.iter().map(|section| (section.id, section.kind)).collect();
    let paragraphs = store::paragraphs::all(work.conn, report.id)?;
    let heirs = match report.consultation_id {
        Some(_) => BTreeMap::new(),
        None => recompiling::service::heirs(work, report.id, &paragraphs)?,
    };
    let covers = paragraphs.into_iter().map(|paragraph| Cover {
        id: paragraph.id,
        outcome: kinds.get(&paragraph.section_id).is_some_and(|kind| kind.is_outcome()),
        editorial: paragraph.editorial_reason.is_some(),
        inputs: paragraph.inputs,
        // What rests on an earlier edition is taken up, though it is to be settled what changed in it.
        sources: paragraph
            .sources
            .into_iter()
            .map(|source| heirs.get(&source).copied().unwrap_or(source))
            .collect(),
    });
    let covers: Vec<Cover> = covers.collect();
    let mut material = Material::default();
    match report.consultation_id {
        Some(consultation) => {
            let accepted = reading::accepted_ids(work.conn, consultation)?;
            material.inputs = accepted.into_iter().collect();
            material.unaccepted = unaccepted(work, &covers, &material)?;
            // What somebody wants to take back is left out for that reason.
            material.omitted_inputs = wishes::service::wished_back(work, consultation)?;
        }
        None => material.sources = sources(&editions(work, report.id)?),
    }
    for omission in store::editions::omissions(work.conn, report.id)? {
        match omission.omitted {
            Omitted::Input(input) => material.omitted_inputs.insert(input),
            Omitted::Source(source) => material.omitted_sources.insert(source),
        };
    }
    Ok((covers, material))
}

/// What became of the inputs that are cited and not accepted.
fn unaccepted(
    work: &mut Work,
    covers: &[Cover],
    material: &Material,
) -> Result<BTreeMap<InputId, InputState>, Problem> {
    let cited = covers.iter().flat_map(|cover| &cover.inputs);
    let cited: Vec<InputId> =
        cited.filter(|input| !material.inputs.contains(input)).copied().collect();
    let found = reading::load(work.conn, &cited)?;
    Ok(found.into_iter().map(|input| (input.id, input.state)).collect())
}

/// The paragraphs of the outcomes in the editions.
fn sources(editions: &BTreeMap<EditionId, EditionRecord>) -> BTreeSet<Source> {
    let of = |(id, record): (&EditionId, &EditionRecord)| {
        let edition_id = *id;
        let outcomes = record.paragraphs.iter().filter(|paragraph| paragraph.section.is_outcome());
        let sources: Vec<_> =
            outcomes.map(|paragraph| Source { edition_id, number: paragraph.number }).collect();
        sources
    };
    editions.iter().flat_map(of).collect()
}
