//! What the checks of a draft need to know: the draft in its order, whom a text could name, what was said, and the figures that were
//! released. Who said what is not in it: of voices there are bands. Whether one voice or several are behind an input is asked of those
//! that nothing was merged into: of two that were, the answer would tell whether they are one person's.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rapporteur_checks as checks;
use rapporteur_checks::{
    Attribution, Citation, Counted, Draft, Figures, Group, Material, Objective, Outdated, People,
    Person, Released, Stale, State, Voices,
};

use crate::consultations::programme::service as programme;
use crate::consultations::{self, ConsultationId, Session, WorkingGroup, WorkingGroupId};
use crate::document::{Document, Id};
use crate::figures::{self, Breakdown, Told};
use crate::groups;
use crate::inputs::reading::Behind;
use crate::inputs::{Band, Input, InputId, InputState, reading};
use crate::organizations::{self, OrganizationId};
use crate::problem::Problem;
use crate::reference::Reference;
use crate::registrations;
use crate::reports::compile::{Facts, Met};
use crate::reports::{EditionId, Paragraph, Report, SectionKind, recompiling, store};
use crate::reviews::CategoryId;
use crate::work::Work;

/// Most words of a document that is the Secretariat's own.
const MOST_WORDS: usize = 8_500;

/// A draft with everything that it is held against.
pub struct Gathered {
    /// The draft.
    pub draft: Draft,
    /// Whom a text could name.
    pub people: People,
    /// What was said.
    pub material: Material,
    /// Figures as they were released.
    pub figures: Figures,
    /// The objectives in their official words.
    pub objectives: Vec<Objective>,
}

/// Everything that a report is held against; `document` was compiled from `facts`.
pub fn gather(work: &mut Work, facts: &Facts, document: &Document) -> Result<Gathered, Problem> {
    let report = &facts.draft().report;
    let series = of_review(work, report)?;
    let mut people = People::default();
    let mut figures = Figures::default();
    match facts {
        Facts::Summary(summary) => {
            let groups: Vec<_> = summary.groups.iter().map(|(group, _)| group.id).collect();
            let id = summary.consultation.id;
            add_people(work, id, &summary.sessions, &groups, &mut people)?;
            summary.released.iter().for_each(|told| add_figures(told, &mut figures));
        }
        Facts::Paper(_) => {
            for one in &series {
                let sessions = programme::all::<Session>(work, *one)?;
                let groups = programme::all::<WorkingGroup>(work, *one)?;
                let groups: Vec<_> = groups.iter().map(|group| group.id).collect();
                add_people(work, *one, &sessions, &groups, &mut people)?;
                let told = figures::service::told(work, *one)?;
                told.iter().for_each(|told| add_figures(told, &mut figures));
            }
        }
    }
    add_counts(facts, series.len(), &mut figures);
    let inputs = match report.consultation_id {
        Some(one) => reading::all_of(work.conn, one)?,
        None => Vec::new(),
    };
    let draft = draft(work, facts, document, &inputs)?;
    let withdrawn = super::store::withdrawn(work.conn, report.id)?.into_iter();
    let withdrawn = withdrawn.map(|text| checks::Input {
        text,
        state: State::Withdrawn,
        ..checks::Input::default()
    });
    let reference = Reference::get();
    let objectives = reference
        .framework
        .objectives
        .iter()
        .map(|one| Objective { number: one.number.get(), title: one.title.clone() });
    Ok(Gathered {
        draft,
        people,
        material: Material { inputs: inputs.iter().map(material).chain(withdrawn).collect() },
        figures,
        objectives: objectives.collect(),
    })
}

fn of_review(work: &mut Work, report: &Report) -> Result<Vec<ConsultationId>, Problem> {
    let found = consultations::service::of_review(work, report.review_id)?;
    Ok(found.into_iter().map(|one| one.id).collect())
}

fn material(input: &Input) -> checks::Input {
    checks::Input {
        key: input.id.to_string(),
        text: input.body.clone(),
        state: state(input.state),
        testimony: input.care.testimony,
        do_not_quote: input.care.do_not_quote,
    }
}

const fn state(state: InputState) -> State {
    match state {
        InputState::Accepted => State::Accepted,
        InputState::Submitted => State::Submitted,
        InputState::Merged | InputState::Split => State::Merged,
        InputState::Returned => State::Returned,
        InputState::Withdrawn => State::Withdrawn,
        InputState::SetAside => State::SetAside,
    }
}

/// Everybody who registered, spoke or hosts, and their organizations.
fn add_people(
    work: &mut Work,
    id: ConsultationId,
    sessions: &[Session],
    groups: &[WorkingGroupId],
    people: &mut People,
) -> Result<(), Problem> {
    let mut organizations = BTreeSet::new();
    for known in registrations::service::known(work, id)? {
        organizations.extend(known.organization_id);
        people.persons.push(Person {
            name: known.name,
            may_be_named: known.may_be_named,
            emails: vec![known.email.as_str().to_owned()],
            telephones: Vec::new(),
        });
    }
    let speakers = sessions.iter().flat_map(|session| &session.speakers);
    people.persons.extend(speakers.map(|speaker| Person {
        name: speaker.name.clone(),
        may_be_named: speaker.named_consent,
        ..Person::default()
    }));
    let announced = consultations::programme::announced_hosts::service::all(work, id)?;
    people.persons.extend(announced.into_values().flatten().map(|host| Person {
        name: host.name,
        may_be_named: host.named_consent,
        ..Person::default()
    }));
    for host in groups::hosts::of_groups(work, id, groups)?.into_values().flatten() {
        let (name, may_be_named) = (host.name, host.named);
        people.persons.push(Person { name, may_be_named, ..Person::default() });
    }
    let ids: Vec<OrganizationId> = organizations.into_iter().collect();
    let found = organizations::service::load_many(work, &ids)?;
    people.organizations.extend(
        found
            .into_values()
            .map(|one| checks::Organization { name: one.name, acronym: one.acronym }),
    );
    Ok(())
}

/// Figures about people as they were released.
fn add_figures(told: &Told, figures: &mut Figures) {
    let released = |of, number, or_more| Released { of, number, about: false, or_more };
    figures
        .released
        .extend(told.people.number.map(|number| released(Counted::People, number, false)));
    if let Some(countries) = told.countries {
        figures.released.push(released(Counted::Countries, countries.number, countries.or_more));
    }
    for table in &told.tables {
        for row in &table.rows {
            let name = group_name(table.by, &row.key);
            figures.groups.extend(name.map(|name| Group { name, people: row.people }));
            figures.released.push(released(Counted::People, row.people, false));
        }
    }
    for size in told.rounds.iter().flat_map(|round| &round.groups) {
        let (of, number) = (Counted::People, size.about);
        figures.released.push(Released { of, number, about: true, or_more: false });
    }
}

/// What a text calls those whom a row counts; nothing for a row that no text names so.
fn group_name(by: Breakdown, key: &str) -> Option<String> {
    let reference = Reference::get();
    match by {
        Breakdown::Country => {
            let found = reference.countries.iter().find(|one| one.code.as_str() == key);
            found.map(|one| one.name.clone())
        }
        Breakdown::Subregion => {
            let found = reference.subregions.iter().find(|one| one.code.as_str() == key);
            found.map(|one| one.name.clone())
        }
        Breakdown::Sector => {
            let found = reference.sectors.iter().find(|one| one.code.as_str() == key);
            found.map(|one| one.plural.clone())
        }
        Breakdown::Gender => match key {
            "woman" => Some("women".to_owned()),
            "man" => Some("men".to_owned()),
            _ => None,
        },
        Breakdown::AgeBand | Breakdown::Language => None,
    }
}

/// What is no figure about people: how many consultations there are, and how many organized them.
fn add_counts(facts: &Facts, consultations: usize, figures: &mut Figures) {
    let mut count = |of, number: usize| {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        figures.released.push(Released { of, number, about: false, or_more: false });
    };
    count(Counted::Consultations, consultations);
    if let Facts::Summary(summary) = facts {
        let organizers = &summary.co_organizers;
        count(Counted::Organizations, organizers.len());
        let kinds: BTreeSet<_> = organizers.iter().map(|(kind, _)| *kind).collect();
        for kind in kinds {
            count(Counted::Organizations, organizers.iter().filter(|one| one.0 == kind).count());
        }
    }
}

/// What a draft's citations are made of.
struct Cited<'w> {
    inputs: HashMap<InputId, &'w Input>,
    voices: HashMap<InputId, Voices>,
    categories: BTreeMap<CategoryId, String>,
    /// Of a paper, the editions that it is compiled from.
    editions: Option<BTreeSet<EditionId>>,
    numbers: BTreeMap<Id, u32>,
    /// The sections that are printed with a number.
    labelled: BTreeSet<Id>,
}

fn draft(
    work: &mut Work,
    facts: &Facts,
    document: &Document,
    inputs: &[Input],
) -> Result<Draft, Problem> {
    let drafted = facts.draft();
    let report = &drafted.report;
    let cited: BTreeSet<InputId> =
        drafted.paragraphs.iter().flat_map(|paragraph| paragraph.inputs.clone()).collect();
    let categories = drafted.categories.iter();
    let labelled = document.outline().into_iter().filter(|entry| !entry.label.is_empty());
    let of = Cited {
        inputs: inputs.iter().map(|input| (input.id, input)).collect(),
        voices: match report.consultation_id {
            Some(consultation) => voices(work, consultation, &cited)?,
            None => HashMap::new(),
        },
        categories: categories.map(|one| (one.id, one.code.to_string())).collect(),
        editions: match facts {
            Facts::Summary(_) => None,
            Facts::Paper(paper) => Some(paper.editions.keys().copied().collect()),
        },
        numbers: facts
            .sources(document)
            .into_iter()
            .map(|(id, (number, _))| (id, number))
            .collect(),
        labelled: labelled.map(|entry| entry.id).collect(),
    };
    let omitted = store::editions::omissions(work.conn, report.id)?.into_iter();
    let omitted = omitted.filter_map(|one| match one.omitted {
        crate::reports::Omitted::Input(input) => Some(input.to_string()),
        crate::reports::Omitted::Source(_) => None,
    });
    Ok(Draft {
        outdated: outdated(work, facts)?,
        sections: facts.met().iter().map(|met| section(met, &of)).collect(),
        omitted: omitted.collect(),
        most_words: Some(MOST_WORDS),
        other_words: 0,
    })
}

/// The reports that a paper is not compiled from in their newest edition, or not at all.
fn outdated(work: &mut Work, facts: &Facts) -> Result<Vec<Outdated>, Problem> {
    let Facts::Paper(paper) = facts else { return Ok(Vec::new()) };
    let report = &paper.draft.report;
    let mut outdated = Vec::new();
    for one in recompiling::service::standing(work, report)? {
        let newest = one.newest.as_ref().map(|issue| issue.number);
        if newest.is_some_and(|newest| one.used.is_none_or(|(_, used)| used < newest)) {
            outdated.push(Outdated {
                ordinal: one.ordinal,
                used: one.used.map(|(_, number)| number),
                newest: newest.unwrap_or_default(),
            });
        }
    }
    Ok(outdated)
}

fn section(met: &Met<'_>, of: &Cited<'_>) -> checks::Section {
    let section = met.section;
    checks::Section {
        key: section.id.to_string(),
        heading: Some(met.heading.clone()),
        unnumbered: !of.labelled.contains(&Id::new(&section.id.to_string())),
        level: met.level,
        attribution: if section.kind.is_outcome() {
            Attribution::ChathamHouse
        } else {
            Attribution::OnRecord
        },
        outcome: section.kind.is_outcome(),
        objectives: section.objectives.iter().map(|number| number.get()).collect(),
        category: match section.kind {
            SectionKind::Category | SectionKind::DivergentViews => {
                section.category.as_ref().map(ToString::to_string)
            }
            _ => None,
        },
        paragraphs: met.paragraphs.iter().map(|one| paragraph(one, of)).collect(),
    }
}

fn paragraph(paragraph: &Paragraph, of: &Cited<'_>) -> checks::Paragraph {
    let is_papers = |id| of.editions.as_ref().is_none_or(|editions| editions.contains(&id));
    let stale = paragraph.sources.iter().any(|source| !is_papers(source.edition_id));
    checks::Paragraph {
        key: paragraph.id.to_string(),
        number: of.numbers.get(&Id::new(&paragraph.id.to_string())).copied(),
        text: paragraph.text.clone().unwrap_or_default(),
        computed: paragraph.text.is_none(),
        editorial_reason: paragraph.editorial_reason.clone(),
        cites: paragraph.inputs.iter().map(|id| citation(*id, of)).collect(),
        sources: paragraph.sources.len(),
        stale: if stale { vec![Stale::Edition] } else { Vec::new() },
    }
}

fn citation(id: InputId, of: &Cited<'_>) -> Citation {
    let Some(input) = of.inputs.get(&id) else {
        return Citation { key: id.to_string(), ..Citation::default() };
    };
    Citation {
        key: id.to_string(),
        state: state(input.state),
        objectives: input.objectives.iter().map(|number| number.get()).collect(),
        category: of.categories.get(&input.category_id).cloned(),
        testimony: input.care.testimony,
        do_not_quote: input.care.do_not_quote,
        voices: of.voices.get(&id).copied().unwrap_or_default(),
    }
}

/// How many voices each of these inputs has, as far as that may be told.
fn voices(
    work: &mut Work,
    consultation: ConsultationId,
    cited: &BTreeSet<InputId>,
) -> Result<HashMap<InputId, Voices>, Problem> {
    let ids: Vec<InputId> = cited.iter().copied().collect();
    let of = |(id, behind): (InputId, Behind)| {
        let voices = match (behind.band, behind.several) {
            (Band::FiveOrMore, _) => Voices::Several,
            (Band::FewerThanFive, Some(false)) => Voices::One,
            (Band::FewerThanFive, _) => Voices::Few,
        };
        (id, voices)
    };
    Ok(reading::behind(work, consultation, &ids)?.into_iter().map(of).collect())
}
