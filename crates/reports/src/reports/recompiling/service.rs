//! Has a paper follow newer editions, and settles what changed in them. Whoever drafts the paper does; must never learn who said what.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    EditionOutcomes, Proposed, SettlementDecision, SourceChange, Succession, Unsettled, clusters,
    stands_alike,
};
use crate::consultations;
use crate::problem::{Checks, Problem, require_version};
use crate::reference::ObjectiveNumber;
use crate::reports::arranging::heading_for;
use crate::reports::drafting::{
    LONGEST_REASON, check_paragraph, delete_by, make_room, save_paragraph, section_of,
};
use crate::reports::history;
use crate::reports::history::DraftStepKind;
use crate::reports::history::service::step;
use crate::reports::omissions;
use crate::reports::opening::{latest_editions, section_for};
use crate::reports::outline::Sections;
use crate::reports::outline::service::renumber;
use crate::reports::rights::{Place, locate_draft, locate_to_draft, require_draftable};
use crate::reports::{
    Edition, EditionId, Issue, Omission, Omitted, Paragraph, ParagraphId, ParagraphRecord, Report,
    ReportId, ReportKind, Section, SectionId, SectionKind, Source, store,
};
use crate::reviews;
use crate::work::Work;

/// Most settlements in one request.
pub const MOST_AT_ONCE: usize = 500;

/// A summary report of a paper's review, and what of it the paper is compiled from.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The report.
    pub report: ReportId,
    /// The place of its consultation in the series.
    pub ordinal: i32,
    /// The edition that the paper is compiled from, and its number; none where it is compiled from none.
    pub used: Option<(EditionId, i32)>,
    /// The newest edition; none while none is published.
    pub newest: Option<Issue>,
}

/// Where a paper stands to the reports of its review, by their ordinals. Asks nobody's permission.
pub fn standing(work: &mut Work, paper: &Report) -> Result<Vec<Compiled>, Problem> {
    let used = store::editions::used(work.conn, paper.id)?;
    let mut standing = Vec::new();
    for consultation in consultations::service::of_review(work, paper.review_id)? {
        let Some(report) = store::summary_of(work.conn, consultation.id)? else { continue };
        let own = used.iter().find(|(_, of, _)| *of == report.id);
        standing.push(Compiled {
            report: report.id,
            ordinal: consultation.ordinal,
            used: own.map(|(edition, _, number)| (*edition, *number)),
            newest: store::editions::issues(work.conn, report.id)?.pop(),
        });
    }
    Ok(standing)
}

/// A paragraph of an edition that a paper neither takes up nor leaves out.
#[derive(Debug, Clone)]
pub struct OpenSource {
    /// Where it stands.
    pub source: Source,
    /// What it says, and of what.
    pub record: ParagraphRecord,
    /// The section that it would go into; none where the paper has none for it.
    pub section: Option<SectionId>,
    /// That it was left out as it stood in earlier editions, and why; the latest last.
    pub omitted_before: Vec<Omission>,
}

/// What a paper is compiled from, and what of it is not settled.
#[derive(Debug, Clone)]
pub struct Compilation {
    /// The paper.
    pub report: Report,
    /// The reports of its review.
    pub standing: Vec<Compiled>,
    /// Paragraphs that rest on what has changed since, in the order of the paper.
    pub unsettled: Vec<Unsettled>,
    /// Paragraphs of editions that the paper neither takes up nor leaves out, in their order.
    pub open: Vec<OpenSource>,
    /// What the caller may do.
    pub allowed_actions: Vec<&'static str>,
}

/// What a paper is compiled from, for those who may read its draft.
pub fn read(work: &mut Work, id: ReportId) -> Result<Compilation, Problem> {
    let place = locate_draft(work, id)?;
    require_paper(&place.report)?;
    let ground = Ground::of(work, &place.report)?;
    let standing = standing(work, &place.report)?;
    let may = Problem::or_refused(require_draftable(work, &place, None))?.is_some();
    let allowed_actions = if may { vec!["recompile", "settle"] } else { Vec::new() };
    let unsettled = ground.unsettled();
    let open = ground.open();
    Ok(Compilation { report: place.report, standing, unsettled, open, allowed_actions })
}

fn require_paper(report: &Report) -> Result<(), Problem> {
    match report.kind {
        ReportKind::ConferenceRoomPaper => Ok(()),
        ReportKind::SummaryReport => Err(Problem::not_found("paper")),
    }
}

/// Where paragraphs that a paper rests on, or leaves out, in editions that are not its own any more, are found in its own.
pub fn heirs(
    work: &mut Work,
    paper: ReportId,
    paragraphs: &[Paragraph],
) -> Result<BTreeMap<Source, Source>, Problem> {
    let used = store::editions::used(work.conn, paper)?;
    let used: BTreeSet<EditionId> = used.into_iter().map(|(id, ..)| id).collect();
    let cited: Vec<Source> = paragraphs.iter().flat_map(|one| one.sources.clone()).collect();
    if cited.iter().all(|source| used.contains(&source.edition_id)) {
        return Ok(BTreeMap::new());
    }
    let editions = Shelf::of(work, paper, cited.iter().copied())?;
    let successions = editions.successions();
    let heir = |source: &Source| {
        let change = successions.get(&source.edition_id)?.change(source.number)?;
        Some((*source, change.after?.0))
    };
    Ok(cited.iter().filter_map(heir).collect())
}

// ---------------------------------------------------------------------------------------------- what there is

/// The editions of a paper, and those before them that something in it still rests on.
struct Shelf {
    own: Vec<EditionOutcomes>,
    earlier: Vec<EditionOutcomes>,
    joined: BTreeMap<ReportId, Vec<(ParagraphId, ParagraphId)>>,
}

impl Shelf {
    fn of(
        work: &mut Work,
        paper: ReportId,
        sources: impl Iterator<Item = Source>,
    ) -> Result<Self, Problem> {
        let own = outcomes(store::editions::paper_editions(work.conn, paper)?)?;
        let is_own = |id: &EditionId| own.iter().any(|one| one.edition == *id);
        let earlier: BTreeSet<EditionId> =
            sources.map(|source| source.edition_id).filter(|id| !is_own(id)).collect();
        let earlier = outcomes(store::editions::by_ids(work.conn, &earlier)?)?;
        let mut joined = BTreeMap::new();
        for one in &earlier {
            let pairs = history::store::merged_away(work.conn, one.report)?;
            joined.insert(one.report, pairs);
        }
        Ok(Self { own, earlier, joined })
    }

    /// From each earlier edition to the paper's own of the same report.
    fn successions(&self) -> BTreeMap<EditionId, Succession<'_>> {
        let to = |from: &EditionOutcomes| self.own.iter().find(|own| own.report == from.report);
        let joined = |from: &EditionOutcomes| {
            self.joined.get(&from.report).map(Vec::as_slice).unwrap_or_default()
        };
        let with = |from| Some((from, to(from)?));
        let all = self.earlier.iter().filter_map(with);
        all.map(|(from, to)| (from.edition, Succession::of(from, to, joined(from)))).collect()
    }
}

fn outcomes(editions: Vec<Edition>) -> Result<Vec<EditionOutcomes>, Problem> {
    editions.iter().map(EditionOutcomes::of).collect()
}

/// A paper's draft with the editions that it rests on.
struct Ground {
    sections: Vec<Section>,
    /// In the order of the paper.
    paragraphs: Vec<Paragraph>,
    omissions: Vec<(Omission, Source)>,
    shelf: Shelf,
}

impl Ground {
    fn of(work: &mut Work, paper: &Report) -> Result<Self, Problem> {
        let sections = store::sections(work.conn, paper.id)?;
        let mut paragraphs = store::paragraphs::all(work.conn, paper.id)?;
        let order: BTreeMap<SectionId, usize> =
            sections.iter().enumerate().map(|(index, section)| (section.id, index)).collect();
        paragraphs.sort_by_key(|one| (order.get(&one.section_id).copied(), one.position, one.id));
        let omissions = store::editions::omissions(work.conn, paper.id)?.into_iter();
        let omissions: Vec<(Omission, Source)> = omissions
            .filter_map(|omission| match omission.omitted {
                Omitted::Source(source) => Some((omission, source)),
                Omitted::Input(_) => None,
            })
            .collect();
        let cited = paragraphs.iter().flat_map(|one| one.sources.iter().copied());
        let named = cited.chain(omissions.iter().map(|(_, source)| *source));
        let shelf = Shelf::of(work, paper.id, named)?;
        Ok(Self { sections, paragraphs, omissions, shelf })
    }

    fn unsettled(&self) -> Vec<Unsettled> {
        let successions = self.shelf.successions();
        let change = |source: &Source| successions.get(&source.edition_id)?.change(source.number);
        let with = |paragraph: &Paragraph| {
            let changes: Vec<SourceChange> = paragraph.sources.iter().filter_map(change).collect();
            (!changes.is_empty()).then(|| Unsettled::of(paragraph.clone(), changes))
        };
        self.paragraphs.iter().filter_map(with).collect()
    }

    /// Where what rests on earlier editions, or is left out of them, is found in the paper's own.
    fn heir(
        &self,
        successions: &BTreeMap<EditionId, Succession<'_>>,
        source: Source,
    ) -> Option<Source> {
        if self.shelf.own.iter().any(|own| own.edition == source.edition_id) {
            return Some(source);
        }
        let change = successions.get(&source.edition_id)?.change(source.number)?;
        change.after.map(|(to, _)| to)
    }

    fn open(&self) -> Vec<OpenSource> {
        let successions = self.shelf.successions();
        let cited = self.paragraphs.iter().flat_map(|one| one.sources.iter());
        let cited: BTreeSet<Source> =
            cited.filter_map(|source| self.heir(&successions, *source)).collect();
        let omitted: BTreeSet<Source> = self.omissions.iter().map(|(_, source)| *source).collect();
        let mut before: BTreeMap<Source, Vec<Omission>> = BTreeMap::new();
        for (omission, source) in &self.omissions {
            if let Some(heir) = self.heir(&successions, *source) {
                before.entry(heir).or_default().push(omission.clone());
            }
        }
        let all = self.shelf.own.iter().flat_map(EditionOutcomes::all);
        all.filter(|(source, ..)| !cited.contains(source) && !omitted.contains(source))
            .map(|(source, _, record)| OpenSource {
                source,
                record: record.clone(),
                section: section_for(&self.sections, record).map(|section| section.id),
                omitted_before: before.remove(&source).unwrap_or_default(),
            })
            .collect()
    }
}

// ---------------------------------------------------------------------------------------------- recompiling

/// The paper, locked, for whoever drafts it.
fn to_draft(work: &mut Work, id: ReportId) -> Result<Place, Problem> {
    let place = locate_to_draft(work, id, None)?;
    require_paper(&place.report)?;
    Ok(place)
}

/// Lets a paper be compiled from the newest edition of each report of its review. What is the same there is followed at once; what is
/// new, gone or changed is to be settled. Sections are added for what was discussed for the first time. Twice is as once.
pub fn recompile(work: &mut Work, id: ReportId, version: i64) -> Result<Compilation, Problem> {
    let report = to_draft(work, id)?.report;
    require_version(report.version, version)?;
    let editions = latest_editions(work, report.review_id)?;
    let before = store::editions::used(work.conn, id)?.into_iter().map(|(id, ..)| id).collect();
    store::editions::put_paper_editions(work.conn, id, &editions)?;
    add_clusters(work, &report, &editions)?;
    follow(work, &report, &before)?;
    store::touch(work.conn, id, work.now)?;
    work.audit("report.recompiled", "report", id);
    read(work, id)
}

/// Lets what is the same in the paper's editions rest on them. `before` are the editions that it was compiled from until now.
fn follow(work: &mut Work, paper: &Report, before: &BTreeSet<EditionId>) -> Result<(), Problem> {
    let ground = Ground::of(work, paper)?;
    let successions = ground.shelf.successions();
    let same = |source: &Source| successions.get(&source.edition_id)?.same(source.number);
    // What was not settled yet is to be settled with another edition now: whoever saw the one in between has not seen this one.
    let is_other = |source: &Source| {
        let to = successions.get(&source.edition_id).map(|succession| succession.to.edition);
        !before.contains(&source.edition_id) && to.is_some_and(|to| !before.contains(&to))
    };
    let mut followed = Vec::new();
    for paragraph in &ground.paragraphs {
        let moved = paragraph.sources.iter().map(|source| same(source).unwrap_or(*source));
        let sources: BTreeSet<Source> = moved.collect();
        let sources: Vec<Source> = sources.into_iter().collect();
        if sources != paragraph.sources || paragraph.sources.iter().any(is_other) {
            let version = paragraph.version + 1;
            followed.push(Paragraph { sources, version, ..paragraph.clone() });
        }
    }
    let step = step(work, DraftStepKind::Recompiled);
    store::paragraphs::update_paragraphs(work.conn, &followed, &step)?;
    for (omission, source) in &ground.omissions {
        let Some(succession) = successions.get(&source.edition_id) else { continue };
        match succession.same(source.number) {
            Some(to) => store::editions::set_omitted_source(work.conn, omission.id, to)?,
            None if succession.change(source.number).is_none_or(|one| one.after.is_none()) => {
                store::editions::delete_omission(work.conn, omission.id, omission.version)?;
            }
            None => {}
        }
    }
    Ok(())
}

/// Adds a section, with those of its categories, for every cluster that the paper has none for: at its round table, where there is one.
fn add_clusters(work: &mut Work, paper: &Report, editions: &[Edition]) -> Result<(), Problem> {
    let wanted = clusters(editions.iter().flat_map(|edition| edition.record.paragraphs.iter()));
    let mut sections = Sections { all: store::sections(work.conn, paper.id)? };
    let outcomes = sections.all.iter().find(|section| section.kind == SectionKind::Outcomes);
    let Some(outcomes) = outcomes.map(|section| section.id) else { return Ok(()) };
    let categories = reviews::service::categories(work, paper.review_id)?;
    let categories: Vec<_> = categories.into_iter().filter(|one| !one.overall).collect();
    let step = step(work, DraftStepKind::Recompiled);
    let before = sections.all.len();
    for objectives in wanted {
        let is_there = |section: &Section| {
            section.kind == SectionKind::Cluster && section.objectives == objectives
        };
        if sections.all.iter().any(is_there) {
            continue;
        }
        let at = heading_for(&sections.all, outcomes, &objectives).unwrap_or(outcomes);
        let cluster = Section {
            id: work.id(),
            report_id: paper.id,
            parent_id: Some(at),
            position: 0,
            kind: SectionKind::Cluster,
            objectives: objectives.clone(),
            category_id: None,
            category: None,
            heading: None,
            version: 1,
        };
        let inner = categories.iter().zip(1..).map(|(category, position)| Section {
            id: work.id(),
            parent_id: Some(cluster.id),
            position,
            kind: SectionKind::Category,
            category_id: Some(category.id),
            category: Some(category.code.clone()),
            ..cluster.clone()
        });
        let inner: Vec<Section> = inner.collect();
        let mut order = sections.under(Some(at));
        order.insert(numeric_place(&sections, &order, &objectives), cluster.id);
        for section in std::iter::once(cluster).chain(inner) {
            store::insert_section(work.conn, &section, &step)?;
            sections.all.push(section);
        }
        sections.put_in_order(&order);
    }
    if sections.all.len() == before {
        return Ok(());
    }
    let order = sections.under(Some(outcomes));
    renumber(work, &sections, Some(outcomes), &order)
}

/// In front of the first cluster with a higher number, else at the end.
fn numeric_place(
    sections: &Sections,
    order: &[SectionId],
    objectives: &[ObjectiveNumber],
) -> usize {
    let is_higher = |id: &SectionId| {
        let found = sections.all.iter().find(|section| section.id == *id);
        found.is_some_and(|one| {
            one.kind == SectionKind::Cluster && one.objectives.as_slice() > objectives
        })
    };
    order.iter().position(is_higher).unwrap_or(order.len())
}

// ---------------------------------------------------------------------------------------------- settling

/// What is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettledOn {
    /// A paragraph of the paper that rests on what has changed, in the version that was seen.
    Paragraph(ParagraphId, i64),
    /// A paragraph of an edition that is neither taken up nor left out.
    Source(Source),
}

/// How something is settled.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// What.
    pub on: SettledOn,
    /// How.
    pub decision: SettlementDecision,
    /// What shall stand, in place of what is proposed.
    pub text: Option<String>,
    /// Why a paragraph stays that rests on nothing any more, or why one of an edition is left out.
    pub reason: Option<String>,
    /// The section that a paragraph of an edition goes into.
    pub section: Option<SectionId>,
}

/// Settles changes, all of them or none.
pub fn settle(
    work: &mut Work,
    id: ReportId,
    settlements: &[Settlement],
) -> Result<Compilation, Problem> {
    let place = to_draft(work, id)?;
    if settlements.is_empty() || settlements.len() > MOST_AT_ONCE {
        let detail = format!("name from 1 to {MOST_AT_ONCE} settlements");
        return Err(Problem::invalid("/settlements", detail));
    }
    let ground = Ground::of(work, &place.report)?;
    let unsettled: BTreeMap<ParagraphId, Unsettled> =
        ground.unsettled().into_iter().map(|one| (one.paragraph.id, one)).collect();
    let open: BTreeMap<Source, OpenSource> =
        ground.open().into_iter().map(|one| (one.source, one)).collect();
    require_once(settlements)?;
    for (index, settlement) in settlements.iter().enumerate() {
        let settled = match settlement.on {
            SettledOn::Paragraph(paragraph, version) => {
                let found = unsettled.get(&paragraph).ok_or_else(|| {
                    Problem::invalid("/paragraph_id", "nothing in it is to be settled")
                });
                found.and_then(|one| {
                    require_version(one.paragraph.version, version)?;
                    settle_paragraph(work, &place, &ground, one, settlement)
                })
            }
            SettledOn::Source(source) => {
                let detail = "is taken up or left out already, or is none of this paper's editions";
                let found = open.get(&source).ok_or_else(|| Problem::invalid("/source", detail));
                found.and_then(|one| settle_source(work, &place, one, settlement))
            }
        };
        settled.map_err(|problem| problem.below(&format!("/settlements/{index}")))?;
    }
    read(work, id)
}

/// 422 unless each is settled once.
fn require_once(settlements: &[Settlement]) -> Result<(), Problem> {
    let (mut paragraphs, mut sources, mut checks) =
        (BTreeSet::new(), BTreeSet::new(), Checks::new());
    for (index, settlement) in settlements.iter().enumerate() {
        let (is_first, field) = match settlement.on {
            SettledOn::Paragraph(id, _) => (paragraphs.insert(id), "paragraph_id"),
            SettledOn::Source(source) => (sources.insert(source), "source"),
        };
        let pointer = format!("/settlements/{index}/{field}");
        checks.require(is_first, &pointer, "is settled by another one of these already");
    }
    checks.finish()
}

fn settle_paragraph(
    work: &mut Work,
    place: &Place,
    ground: &Ground,
    one: &Unsettled,
    settlement: &Settlement,
) -> Result<(), Problem> {
    let follows = settlement.decision == SettlementDecision::Follow;
    let (sources, step) = (one.sources(), step(work, DraftStepKind::Settled));
    let rests = !sources.is_empty() || !one.paragraph.inputs.is_empty();
    Checks::new()
        .require(follows || settlement.text.is_none(), "/text", "belongs to following")
        .require(settlement.section.is_none(), "/section_id", "belongs to a source")
        .require(
            !rests || settlement.reason.is_none(),
            "/reason",
            "belongs to a paragraph that rests on nothing any more",
        )
        .finish()?;
    let text = match (&one.proposed, &settlement.text) {
        (Proposed::Removal, None) if follows => {
            return delete_by(work, one.paragraph.id, one.paragraph.version, &step);
        }
        (_, Some(text)) => Some(text.clone()),
        (Proposed::Text(text), None) if follows => Some(text.clone()),
        (Proposed::ByHand, None) if follows => {
            let detail =
                "the newer edition changed the same words as drafters did: say what shall stand";
            return Err(Problem::invalid("/text", detail));
        }
        _ => one.paragraph.text.clone(),
    };
    if !rests && settlement.reason.is_none() {
        let detail = "the paragraph rests on nothing any more: say why it stays, or follow the newer edition";
        return Err(Problem::invalid("/reason", detail));
    }
    let mut paragraph = Paragraph { text, sources, ..one.paragraph.clone() };
    paragraph.editorial_reason = settlement.reason.clone().or(paragraph.editorial_reason);
    let mut section = section_of(work, place.report.id, paragraph.section_id)?;
    if let Some(to) = follows.then(|| moved_to(ground, one)).flatten() {
        paragraph.section_id = to.id;
        paragraph.objective = paragraph.objective.filter(|own| to.objectives.contains(own));
        paragraph.position = make_room(work, to.id, paragraph.id, None)?;
        section = to.clone();
    }
    check_paragraph(work, place, &section, &paragraph, &[])?;
    save_paragraph(work, paragraph, &step).map(drop)
}

/// The section that a paragraph goes into because what it rests on does, where drafters left it in its place.
fn moved_to<'g>(ground: &'g Ground, one: &Unsettled) -> Option<&'g Section> {
    let [change] = one.changes.as_slice() else { return None };
    let (_, after) = change.after.as_ref()?;
    if stands_alike(&change.before, after) || one.paragraph.sources.len() > 1 {
        return None;
    }
    let stood = section_for(&ground.sections, &change.before)?;
    let to = section_for(&ground.sections, after)?;
    (stood.id == one.paragraph.section_id && to.id != stood.id).then_some(to)
}

fn settle_source(
    work: &mut Work,
    place: &Place,
    one: &OpenSource,
    settlement: &Settlement,
) -> Result<(), Problem> {
    let follows = settlement.decision == SettlementDecision::Follow;
    Checks::new()
        .require(follows || settlement.text.is_none(), "/text", "belongs to following")
        .require(follows || settlement.section.is_none(), "/section_id", "belongs to following")
        .require(
            follows != settlement.reason.is_some(),
            "/reason",
            "say why it is left out, or nothing where it is taken up",
        )
        .optional_text(settlement.reason.as_deref(), LONGEST_REASON, "/reason")
        .finish()?;
    // A reason that was given for what it said before is no reason any more.
    for omission in &one.omitted_before {
        store::editions::delete_omission(work.conn, omission.id, omission.version)?;
    }
    if let Some(reason) = &settlement.reason {
        let omitted = Omitted::Source(one.source);
        omissions::service::record(work, place.report.id, omitted, reason.clone())?;
        return Ok(());
    }
    let section = settlement.section.or(one.section).ok_or_else(|| {
        Problem::invalid("/section_id", "the paper has no section for it: name one")
    })?;
    let section = section_of(work, place.report.id, section)?;
    let mut paragraph = Paragraph {
        id: work.id(),
        report_id: place.report.id,
        section_id: section.id,
        position: 0,
        text: settlement.text.clone().or_else(|| Some(one.record.text.clone())),
        computed: None,
        objective: None,
        editorial_reason: None,
        inputs: Vec::new(),
        sources: vec![one.source],
        version: 1,
    };
    check_paragraph(work, place, &section, &paragraph, &[])?;
    paragraph.position = make_room(work, section.id, paragraph.id, None)?;
    let step = step(work, DraftStepKind::Settled);
    store::paragraphs::insert_paragraph(work.conn, &paragraph, &step)?;
    store::touch(work.conn, place.report.id, work.now)?;
    work.audit("paragraph.added", "paragraph", paragraph.id);
    Ok(())
}
