//! What the pages of histories show and do, by the services of reports.

use std::collections::HashMap;

use chrono_tz::Tz;

use crate::accounts::{Account, AccountId};
use crate::http::page::{LARGEST_LIMIT, Paging};
use crate::pages::team::{only_for_team, require_part, zone};
use crate::pages::writing::service::{Thread, named, threads};
use crate::problem::Problem;
use crate::reports::history::{self, ParagraphVersion, SectionVersion};
use crate::reports::suggestions::store::Wanted;
use crate::reports::{self, OutlineSection, ParagraphId, Report, ReportId, SectionId};
use crate::work::Work;

/// Versions on a page of a history.
const VERSIONS: u32 = 20;

/// What became of a paragraph.
pub struct Story {
    /// The report.
    pub report: Report,
    /// Its consultation's zone.
    pub zone: Tz,
    /// Its newest version.
    pub newest: ParagraphVersion,
    /// Some of its versions, the newest first.
    pub versions: Vec<ParagraphVersion>,
    /// The one before them, to be compared with.
    pub before: Option<ParagraphVersion>,
    /// Where older ones are shown.
    pub next: Option<String>,
    /// What was suggested for it, the latest first, and what came of that.
    pub threads: Vec<Thread>,
    /// Whether the caller may bring an earlier version back.
    pub can_restore: bool,
    /// The people of the team who are named.
    pub team: HashMap<AccountId, Account>,
}

/// What became of a paragraph: a page of it.
pub fn story(
    work: &mut Work,
    report: ReportId,
    id: ParagraphId,
    cursor: Option<&str>,
) -> Result<Story, Problem> {
    let newest = history::service::newest(work, id)?;
    require_part(newest.paragraph.report_id == report, "paragraph")?;
    let report = reports::service::see(work, report)?;
    let paging = Paging::new(Some(VERSIONS), cursor, &("versions", id), work.begin_hash())?;
    let found = history::service::versions(work, id, &paging)?;
    let before = match found.items.last().map(|last| last.paragraph.version - 1) {
        Some(number) if number > 0 => Some(history::service::version(work, id, number)?),
        _ => None,
    };
    let mut sections = reports::service::sections(work, report.id)?;
    sections.retain(|section| section.id == newest.paragraph.section_id);
    let can_restore = match sections.first() {
        Some(section) => {
            let actions = reports::service::allowed_section_actions(work, section)?;
            actions.contains(&"add_paragraph")
        }
        None => false,
    };
    let wanted = Wanted { state: None, paragraph: Some(id) };
    let mut threads = threads(work, report.id, wanted)?;
    threads.reverse();
    let wrote = found.items.iter().map(|one| one.step.by);
    let team = named(work, wrote.chain(threads.iter().flat_map(Thread::people)))?;
    let (zone, versions, next) = (zone(work, &report)?, found.items, found.next);
    Ok(Story { report, zone, newest, versions, before, next, threads, can_restore, team })
}

/// Brings a version of a paragraph back; the number of inputs that it could not be given back.
pub fn restore(
    work: &mut Work,
    report: ReportId,
    id: ParagraphId,
    number: i64,
    version: i64,
) -> Result<usize, Problem> {
    let newest = history::service::newest(work, id)?;
    require_part(newest.paragraph.report_id == report, "paragraph")?;
    Ok(history::service::restore(work, id, number, version)?.left_out.len())
}

/// What became of a section.
pub struct SectionStory {
    /// The report.
    pub report: Report,
    /// Its consultation's zone.
    pub zone: Tz,
    /// Its versions, the newest first.
    pub versions: Vec<SectionVersion>,
    /// Its heading as printed; none when it is no more.
    pub heading: Option<String>,
    /// The people of the team who are named.
    pub team: HashMap<AccountId, Account>,
}

/// What became of a section.
pub fn section(work: &mut Work, report: ReportId, id: SectionId) -> Result<SectionStory, Problem> {
    let paging = Paging::first(LARGEST_LIMIT as usize);
    let versions = history::service::section_versions(work, id, &paging)?.items;
    for version in versions.iter().take(1) {
        require_part(version.section.report_id == report, "section")?;
    }
    let drafted = only_for_team(reports::service::drafted(work, report))?;
    let report = drafted.outline.report.clone();
    let heading = heading(&drafted.outline.sections, id).map(str::to_owned);
    let team = named(work, versions.iter().map(|one| one.step.by))?;
    Ok(SectionStory { zone: zone(work, &report)?, report, versions, heading, team })
}

fn heading(sections: &[OutlineSection], id: SectionId) -> Option<&str> {
    sections.iter().find_map(|one| {
        let own = (one.section.id == id).then_some(one.heading.as_str());
        own.or_else(|| heading(&one.sections, id))
    })
}
