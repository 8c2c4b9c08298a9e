//! Arranges a paper: whoever drafts it does.

use super::{Arrangement, RoundTable, check, table_of};
use crate::problem::{Checks, Problem, require_version};
use crate::reports::history::DraftStepKind;
use crate::reports::history::service::step;
use crate::reports::outline::Sections;
use crate::reports::outline::service::renumber;
use crate::reports::rights::locate_to_draft;
use crate::reports::{ReportId, ReportKind, Section, SectionId, SectionKind, store};
use crate::work::Work;

/// Puts the sections of a paper into another order: by objective, or below a heading for each round table. Sections that drafters added
/// themselves stay; what is discussed at several round tables stands behind them.
pub fn arrange(
    work: &mut Work,
    id: ReportId,
    version: i64,
    arrangement: Arrangement,
    tables: &[RoundTable],
) -> Result<(), Problem> {
    let report = locate_to_draft(work, id, None)?.report;
    if report.kind != ReportKind::ConferenceRoomPaper {
        return Err(Problem::not_found("paper"));
    }
    require_version(report.version, version)?;
    match arrangement {
        Arrangement::ByRoundTable => check(tables)?,
        Arrangement::ByObjective => {
            let detail = "belongs to an arrangement by round table";
            Checks::new().require(tables.is_empty(), "/round_tables", detail).finish()?;
        }
    }
    let mut sections = Sections { all: store::sections(work.conn, id)? };
    let outcomes = sections.all.iter().find(|section| section.kind == SectionKind::Outcomes);
    let Some(outcomes) = outcomes.map(|section| section.id) else { return Ok(()) };
    let before: Vec<Section> = round_tables(&sections, outcomes);
    let mut made = Vec::new();
    for table in tables {
        let section = headed(work, id, outcomes, table);
        let step = step(work, DraftStepKind::Added);
        store::insert_section(work.conn, &section, &step)?;
        made.push(section.id);
        sections.all.push(section);
    }
    let clusters = move_clusters(work, &mut sections, outcomes, tables, &made)?;
    if let Some(deep) = sections.too_deep() {
        let named = deep.heading.as_deref().unwrap_or(deep.kind.as_str());
        let detail = format!(
            "below a round table “{named}” would stand deeper than headings go: move it up by one level, or join it, first"
        );
        return Err(Problem::invalid("/round_tables", detail));
    }
    let gone = remove_empty(work, &mut sections, before)?;
    let own: Vec<SectionId> = sections
        .under(Some(outcomes))
        .into_iter()
        .filter(|one| !made.contains(one) && !clusters.contains(one) && !gone.contains(one))
        .collect();
    let order: Vec<SectionId> = made.iter().chain(&clusters).chain(&own).copied().collect();
    for table in made {
        let below = numeric(&sections, sections.under(Some(table)));
        sections.put_in_order(&below);
    }
    renumber(work, &sections, Some(outcomes), &order)?;
    store::touch(work.conn, id, work.now)?;
    work.audit("report.arranged", "report", id);
    Ok(())
}

/// The headings of round tables that there are: sections that were added among the outcomes and hold clusters.
fn round_tables(sections: &Sections, outcomes: SectionId) -> Vec<Section> {
    let holds = |id: SectionId| {
        let mut below = sections.all.iter().filter(|one| one.parent_id == Some(id));
        below.any(|one| one.kind == SectionKind::Cluster)
    };
    let own = sections.all.iter().filter(|one| one.parent_id == Some(outcomes));
    own.filter(|one| one.kind == SectionKind::AddedOutcome && holds(one.id)).cloned().collect()
}

fn headed(
    work: &mut Work,
    report_id: ReportId,
    outcomes: SectionId,
    table: &RoundTable,
) -> Section {
    Section {
        id: work.id(),
        report_id,
        parent_id: Some(outcomes),
        position: 0,
        kind: SectionKind::AddedOutcome,
        objectives: table.objectives.iter().copied().collect(),
        category_id: None,
        category: None,
        heading: Some(table.heading.clone()),
        version: 1,
    }
}

/// Puts every cluster below its round table, else directly below the outcomes; those that stand there now, in numeric order.
fn move_clusters(
    work: &mut Work,
    sections: &mut Sections,
    outcomes: SectionId,
    tables: &[RoundTable],
    made: &[SectionId],
) -> Result<Vec<SectionId>, Problem> {
    let step = step(work, DraftStepKind::Moved);
    let mut left = Vec::new();
    for section in sections.all.iter_mut().filter(|one| one.kind == SectionKind::Cluster) {
        let table = table_of(tables, &section.objectives).and_then(|table| made.get(table));
        let parent = table.copied().unwrap_or(outcomes);
        if parent == outcomes {
            left.push(section.id);
        }
        if section.parent_id != Some(parent) {
            section.parent_id = Some(parent);
            section.version += 1;
            store::update_section(work.conn, section, &step)?;
        }
    }
    Ok(numeric(sections, left))
}

/// Removes headings of round tables under which nothing stands any more.
fn remove_empty(
    work: &mut Work,
    sections: &mut Sections,
    before: Vec<Section>,
) -> Result<Vec<SectionId>, Problem> {
    let step = step(work, DraftStepKind::Deleted);
    let mut gone = Vec::new();
    for section in before {
        let below = sections.under(Some(section.id));
        let paragraphs = store::paragraphs::places(work.conn, section.id)?;
        if below.is_empty() && paragraphs.is_empty() {
            store::delete_section(work.conn, &section, &step)?;
            sections.all.retain(|one| one.id != section.id);
            gone.push(section.id);
        }
    }
    Ok(gone)
}

/// Sections by the numbers of their objectives.
fn numeric(sections: &Sections, mut ids: Vec<SectionId>) -> Vec<SectionId> {
    let objectives = |id: &SectionId| {
        let found = sections.all.iter().find(|one| one.id == *id);
        found.map(|one| one.objectives.clone()).unwrap_or_default()
    };
    ids.sort_by_key(objectives);
    ids
}
