//! Takes files back: compares them, and takes over what somebody has seen, all of it or nothing. Must never learn who said what.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::hindrance::Hindrance;
use super::keeper::{MemoryKeeper, RememberedDraft};
use super::planning::{Planner, Taker};
use super::{
    FirstPageEdit, Returned, ReturnedBase, ReturnedBasis, ReturnedEntry, ReturnedFrom, Taking, told,
};
use crate::access::Permission;
use crate::document::Document;
use crate::http::page::Paging;
use crate::problem::{Code, Problem};
use crate::render::docx::Memory;
use crate::render::docx::read;
use crate::reports::compile::Facts;
use crate::reports::drafting;
use crate::reports::history::DraftStepKind;
use crate::reports::history::service::step;
use crate::reports::milestones::{self, Milestone};
use crate::reports::outline::service as outline;
use crate::reports::paragraphs::service::add_by;
use crate::reports::reach::Reach;
use crate::reports::rights::{Place, locate_draft, require_drafter, require_open};
use crate::reports::suggestions::service as suggestions;
use crate::reports::suggestions::store::Wanted;
use crate::reports::suggestions::{
    Deciding, NewSuggestion, Suggestion, SuggestionDecision, SuggestionKind, SuggestionState,
};
use crate::reports::{NewParagraph, ParagraphId, ReportId, SectionId, gather, store};
use crate::threeway::{self, Departure};
use crate::vocabulary::{MilestoneId, SuggestionId};
use crate::work::Work;

/// Milestones whose marks are looked at.
const MOST_MILESTONES: usize = 200;
/// Suggestions that are looked through for what was suggested before, and how many of them at once.
const MOST_SUGGESTIONS: usize = 20_000;
const AT_ONCE: usize = 500;
/// Things that may depart in a file: each is looked up in the draft, and told.
const MOST_DEPARTURES: usize = 20_000;

/// The draft as a document, with what its Word file remembers of it, for those who may read drafts.
pub fn remembered(work: &mut Work, id: ReportId) -> Result<(Document, Memory), Problem> {
    let place = locate_draft(work, id)?;
    let facts = gather::facts(work, &place.report)?;
    let document = facts.compile()?;
    let keeper: &MemoryKeeper = work.shared()?;
    let memory = keeper.seal(id, &RememberedDraft::of(&facts, &document))?;
    Ok((document, memory))
}

/// What departs in a file that came back. Writes nothing.
pub fn compare(
    work: &mut Work,
    id: ReportId,
    bytes: &[u8],
    milestone: Option<MilestoneId>,
) -> Result<Returned, Problem> {
    require_drafter(work, id)?;
    let place = locate_draft(work, id)?;
    let facts = gather::facts(work, &place.report)?;
    let document = facts.compile()?;
    let base = base(work, id, bytes, milestone, &facts, &document)?;
    let file = read::read(bytes, &[&base.document, &document]).map_err(unreadable)?;
    let found = threeway::compare(&base.document, &document, file);
    if found.departures.len() > MOST_DEPARTURES {
        let detail = format!(
            "The file departs from the draft in more than {MOST_DEPARTURES} things. Is it a file of this draft? Send it back in smaller steps."
        );
        return Err(Problem::new(Code::UnreadableFile, detail));
    }
    let base =
        ReturnedBase { from: ReturnedFrom { by_words: found.by_words, ..base.from }, ..base };
    let taker = taker(work, &place, &facts)?;
    let planner = Planner::new(&facts, &document, &base, &taker);
    let numbers = facts.sources(&document);
    let before = suggested_before(work, id)?;
    let mut entries = Vec::with_capacity(found.departures.len());
    for departure in found.departures {
        let taking = checked(work, &planner, planner.plan(&departure), &before)?;
        let number = departure.id.as_ref().and_then(|id| numbers.get(id));
        entries.push(ReturnedEntry {
            paragraph: planner.paragraph(departure.id.as_ref()).map(|one| one.id),
            number: number.map(|(number, _)| *number),
            section: planner
                .section(departure.id.as_ref())
                .or_else(|| planner.section(departure.section.as_ref()))
                .map(|one| one.id),
            departure,
            taking,
            suggestion: None,
            is_taken: false,
        });
    }
    follow_threads(&mut entries);
    let here_only = found.here_only.iter().filter_map(|id| planner.paragraph(Some(id)));
    let here_only = here_only.map(|one| one.id).collect();
    let fingerprint = fingerprint(&entries);
    let agenda = agenda(&document);
    Ok(Returned { from: base.from, entries, agenda, here_only, fingerprint })
}

fn unreadable(why: read::ReadError) -> Problem {
    Problem::new(Code::UnreadableFile, format!("{why}."))
}

/// What the file is held against: the milestone that is named; what it remembers; the milestone that has its mark; else what is here.
fn base(
    work: &mut Work,
    id: ReportId,
    bytes: &[u8],
    milestone: Option<MilestoneId>,
    facts: &Facts,
    here: &Document,
) -> Result<ReturnedBase, Problem> {
    let origin = read::origin(bytes).map_err(unreadable)?;
    let ours = here.meta.identifier.as_str();
    if origin.identifier.as_deref().is_some_and(|identifier| identifier != ours) {
        let detail = "The file was exported from another report.";
        return Err(Problem::new(Code::UnreadableFile, detail));
    }
    let from = |basis: ReturnedBasis| ReturnedFrom {
        basis,
        milestone: None,
        report_version: None,
        by_words: false,
        program: origin.program.clone(),
    };
    if let Some(wanted) = milestone {
        let found = Problem::or_refused(milestones::store::milestone(work.conn, wanted))?;
        let found = found.filter(|found| found.report_id == id);
        let Some(found) = found else {
            let detail = "the report has no such milestone";
            return Err(Problem::new(Code::InvalidValue, detail).at("?milestone", detail));
        };
        return of_milestone(found, from(ReturnedBasis::Milestone));
    }
    let keeper: &MemoryKeeper = work.shared()?;
    let remembered = origin.sealed.iter().find_map(|sealed| keeper.recall(id, sealed));
    if let Some(RememberedDraft { report_version, paragraphs, document }) = remembered {
        let from =
            ReturnedFrom { report_version: Some(report_version), ..from(ReturnedBasis::File) };
        return Ok(ReturnedBase { from, document, versions: paragraphs });
    }
    let now = RememberedDraft::of(facts, here);
    let is_marked = |fingerprint: &str| origin.marks.contains(&keeper.mark(id, fingerprint));
    if is_marked(&here.fingerprint()) {
        let from =
            ReturnedFrom { report_version: Some(now.report_version), ..from(ReturnedBasis::File) };
        return Ok(ReturnedBase { from, document: now.document, versions: now.paragraphs });
    }
    let known = milestones::store::milestones(work.conn, id, &Paging::first(MOST_MILESTONES))?;
    if let Some(found) = known.into_iter().rev().find(|one| is_marked(&one.sha256)) {
        return of_milestone(found, from(ReturnedBasis::Milestone));
    }
    let from = from(ReturnedBasis::CurrentDraft);
    Ok(ReturnedBase { from, document: now.document, versions: now.paragraphs })
}

fn of_milestone(milestone: Milestone, from: ReturnedFrom) -> Result<ReturnedBase, Problem> {
    let Some(text) = &milestone.document else {
        let detail = "somebody who was named in this milestone was erased, and its text with them";
        return Err(Problem::new(Code::InvalidValue, detail).at("?milestone", detail));
    };
    let document = serde_json::from_str(text).map_err(Problem::internal)?;
    let versions = milestone.frozen.paragraphs.iter().map(|one| (one.id, one.version)).collect();
    let from = ReturnedFrom {
        milestone: Some(milestone.id),
        report_version: Some(milestone.report_version),
        ..from
    };
    Ok(ReturnedBase { from, document, versions })
}

/// What the caller may change in the draft at the moment.
fn taker(work: &mut Work, place: &Place, facts: &Facts) -> Result<Taker, Problem> {
    let reach = Reach::of(work, place)?;
    let sections = facts.draft().sections.iter().filter(|section| reach.has(section));
    let closed = match require_open(work, place) {
        Ok(()) => None,
        Err(problem) => Some(told(problem)?),
    };
    Ok(Taker {
        drafts_all: work.may(Permission::DraftReports, &place.scope),
        sections: sections.map(|section| section.id).collect(),
        closed,
    })
}

/// A suggestion by what it says: paragraph, kind, text, author, and for a remark what is said.
type Suggested = (ParagraphId, SuggestionKind, Option<String>, Option<String>, Option<String>);

/// What the caller sees that was suggested and is open, and everything that was remarked: a file that is sent twice suggests nothing twice.
fn suggested_before(work: &mut Work, id: ReportId) -> Result<BTreeSet<Suggested>, Problem> {
    let all = Paging::first(MOST_SUGGESTIONS);
    let mut known = suggestions::suggestions(work, id, Wanted::default(), &all)?.items;
    let is_remark = |one: &Suggestion| one.kind == SuggestionKind::Remark;
    known.retain(|one| one.state == SuggestionState::Open || is_remark(one));
    let remarks: Vec<_> = known.iter().filter(|one| is_remark(one)).map(|one| one.id).collect();
    let mut said: BTreeMap<SuggestionId, String> = BTreeMap::new();
    for some in remarks.chunks(AT_ONCE) {
        for comment in suggestions::comments(work, some)? {
            said.entry(comment.suggestion_id).or_insert(comment.text);
        }
    }
    let suggested =
        |one: Suggestion| (one.paragraph_id, one.kind, one.text, one.author, said.remove(&one.id));
    Ok(known.into_iter().map(suggested).collect())
}

/// What would be refused, or was suggested before, is named.
fn checked(
    work: &mut Work,
    planner: &Planner,
    taking: Taking,
    before: &BTreeSet<Suggested>,
) -> Result<Taking, Problem> {
    let report = &planner.facts.draft().report;
    let may_be = match &taking {
        Taking::Suggest { paragraph, new } => {
            suggestions::check_of(work, report.id, *paragraph, new)
        }
        Taking::Answer { text, .. } => suggestions::check_comment(text),
        Taking::AddFirst { text, .. } => drafting::check_text(text),
        Taking::Head { heading, .. } | Taking::Split { heading, .. } => {
            drafting::check_heading(Some(heading))
        }
        Taking::FirstPage(edits) => {
            let notes = &report.masthead_notes;
            let change = FirstPageEdit::together(notes, &agenda(planner.document), edits);
            drafting::changed(work, report.clone(), change).map(drop)
        }
        Taking::Move { .. } | Taking::Name(_) => Ok(()),
    };
    if let Err(problem) = may_be {
        return Ok(Taking::Name(Hindrance::Refused(told(problem)?)));
    }
    if let Taking::Suggest { paragraph, new } = &taking {
        let NewSuggestion { kind, text, author, comment, .. } = new.clone();
        if before.contains(&(*paragraph, kind, text, author, comment)) {
            return Ok(Taking::Name(Hindrance::SuggestedBefore));
        }
    }
    Ok(taking)
}

fn agenda(document: &Document) -> Vec<String> {
    document.meta.agenda_items.iter().map(ToString::to_string).collect()
}

/// A comment joins a thread only where that is one.
fn follow_threads(entries: &mut [ReturnedEntry]) {
    let is_thread = |entry: &&ReturnedEntry| matches!(&entry.taking, Taking::Suggest { new, .. } if new.kind == SuggestionKind::Remark);
    let mut threads: BTreeMap<String, String> = entries
        .iter()
        .filter(is_thread)
        .map(|entry| (entry.departure.key.clone(), entry.departure.key.clone()))
        .collect();
    let mut before: BTreeSet<String> = BTreeSet::new();
    for entry in entries {
        if let Taking::Answer { to, .. } = &mut entry.taking {
            match threads.get(to.as_str()).cloned() {
                Some(thread) => {
                    threads.insert(entry.departure.key.clone(), thread.clone());
                    *to = thread;
                }
                None if before.contains(to.as_str()) => {
                    entry.taking = Taking::Name(Hindrance::SuggestedBefore);
                }
                None => entry.taking = Taking::Name(Hindrance::AnswerElsewhere),
            }
        }
        if entry.taking == Taking::Name(Hindrance::SuggestedBefore) {
            before.insert(entry.departure.key.clone());
        }
    }
}

fn fingerprint(entries: &[ReturnedEntry]) -> String {
    let mut digest = Sha256::new();
    for entry in entries {
        let Departure { key, made_from, here, file, said, is_conflict, .. } = &entry.departure;
        let outcome = entry.taking.outcome();
        let texts = [made_from, here, file, said].map(|text| text.as_deref().unwrap_or_default());
        for part in [key.as_str(), outcome.as_str()].into_iter().chain(texts) {
            digest.update(part.len().to_be_bytes());
            digest.update(part.as_bytes());
        }
        digest.update([u8::from(*is_conflict)]);
    }
    URL_SAFE_NO_PAD.encode(&digest.finalize()[..12])
}

/// What is taken over of a file that was looked at.
#[derive(Debug, Clone, Default)]
pub struct TakingOver {
    /// That of the comparison that was looked at.
    pub fingerprint: String,
    /// The keys of what is left out.
    pub left_out: Vec<String>,
    /// Whether suggestions without conflict are accepted at once, where the paragraph has one of them only.
    pub accept: bool,
}

/// Takes over what departs in a file, as it was seen, without what is left out: 412 when the draft or the file is not what was looked at.
pub fn take_over(
    work: &mut Work,
    id: ReportId,
    bytes: &[u8],
    milestone: Option<MilestoneId>,
    wanted: &TakingOver,
) -> Result<Returned, Problem> {
    work.lock(id.uuid())?;
    let mut returned = compare(work, id, bytes, milestone)?;
    if returned.fingerprint != wanted.fingerprint {
        let detail = "What departs is not what was looked at: compare again.";
        return Err(Problem::new(Code::VersionMismatch, detail).at("?fingerprint", detail));
    }
    let keys: BTreeSet<&str> =
        returned.entries.iter().map(|one| one.departure.key.as_str()).collect();
    let left_out: BTreeSet<&str> = wanted.left_out.iter().map(String::as_str).collect();
    if let Some(unknown) = wanted.left_out.iter().find(|key| !keys.contains(key.as_str())) {
        let detail = format!("nothing in the comparison has the key “{unknown}”");
        return Err(Problem::new(Code::InvalidValue, detail.clone()).at("?leave_out", detail));
    }
    let edits =
        returned.entries.iter().filter(|one| !left_out.contains(one.departure.key.as_str()));
    let edits: Vec<FirstPageEdit> = edits
        .filter_map(|one| match &one.taking {
            Taking::FirstPage(edits) => Some(edits.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    if !edits.is_empty() {
        let report = store::report(work.conn, id)?;
        let change = FirstPageEdit::together(&report.masthead_notes, &returned.agenda, &edits);
        drafting::update(work, id, report.version, change)?;
    }
    let mut made: Vec<(usize, Suggestion)> = Vec::new();
    let mut threads: BTreeMap<String, SuggestionId> = BTreeMap::new();
    let mut order: Vec<usize> = (0..returned.entries.len()).collect();
    order.sort_by_key(|&at| rank(&returned.entries[at].taking));
    for at in order {
        let entry = &mut returned.entries[at];
        if left_out.contains(entry.departure.key.as_str()) {
            continue;
        }
        let taken = take(work, id, &entry.taking, &threads)?;
        entry.is_taken = !matches!(taken, Took::Nothing);
        if let Took::Suggested(suggestion) = taken {
            entry.suggestion = Some(suggestion.id);
            threads.insert(entry.departure.key.clone(), suggestion.id);
            made.push((at, *suggestion));
        }
    }
    if wanted.accept {
        accept(work, &returned, &made)?;
    }
    work.audit("report.returned_draft_applied", "report", id);
    Ok(returned)
}

/// In which order things are taken over: what is suggested behind a paragraph finds it where it goes.
fn rank(taking: &Taking) -> u8 {
    match taking {
        Taking::FirstPage(_) => 0,
        Taking::Head { .. } => 1,
        Taking::Move { .. } => 2,
        Taking::AddFirst { .. } => 3,
        Taking::Suggest { .. } => 4,
        Taking::Split { .. } => 5,
        Taking::Answer { .. } => 6,
        Taking::Name(_) => 7,
    }
}

/// What was done.
enum Took {
    Nothing,
    Changed,
    Suggested(Box<Suggestion>),
}

fn take(
    work: &mut Work,
    id: ReportId,
    taking: &Taking,
    threads: &BTreeMap<String, SuggestionId>,
) -> Result<Took, Problem> {
    match taking {
        Taking::Name(_) => return Ok(Took::Nothing),
        Taking::Suggest { paragraph, new } => {
            let suggestion = suggestions::suggest(work, *paragraph, new.clone())?;
            return Ok(Took::Suggested(Box::new(suggestion)));
        }
        Taking::Answer { to, text, author } => {
            // The comment that it answers was left out.
            let Some(thread) = threads.get(to) else { return Ok(Took::Nothing) };
            suggestions::comment_as(work, *thread, text.clone(), author.clone())?;
        }
        // All of them are one change.
        Taking::FirstPage(_) => {}
        Taking::Head { section, heading } => {
            let version = store::section(work.conn, *section)?.version;
            drafting::set_heading(work, *section, version, Some(heading.clone()))?;
        }
        Taking::Move { paragraph, section, behind } => {
            let version = store::paragraphs::paragraph(work.conn, *paragraph)?.version;
            let position = position_behind(work, *section, *behind, *paragraph)?;
            drafting::move_paragraph(work, *paragraph, version, *section, position)?;
        }
        Taking::AddFirst { section, text } => {
            let step = step(work, DraftStepKind::Returned);
            let new = NewParagraph {
                section: *section,
                position: Some(1),
                text: text.clone(),
                objective: None,
                inputs: Vec::new(),
                editorial_reason: None,
            };
            add_by(work, id, vec![new], &step)?;
        }
        Taking::Split { section, at, heading } => {
            let version = store::section(work.conn, *section)?.version;
            outline::split(work, *section, version, *at, heading.clone())?;
        }
    }
    Ok(Took::Changed)
}

/// The place behind a paragraph, from 1, once the one that goes there is taken out.
fn position_behind(
    work: &mut Work,
    section: SectionId,
    behind: Option<ParagraphId>,
    moved: ParagraphId,
) -> Result<Option<u32>, Problem> {
    let places = store::paragraphs::places(work.conn, section)?;
    let others: Vec<ParagraphId> =
        places.into_iter().map(|(id, _)| id).filter(|id| *id != moved).collect();
    let before = match behind {
        Some(behind) => others.iter().position(|id| *id == behind).map(|place| place + 1),
        None => Some(0),
    };
    Ok(before.and_then(|before| u32::try_from(before + 1).ok()))
}

/// Accepts what was suggested: of each paragraph the one suggestion for its text, if it has no other and none is a conflict; and what
/// is to be added.
fn accept(
    work: &mut Work,
    returned: &Returned,
    made: &[(usize, Suggestion)],
) -> Result<(), Problem> {
    let is_of_text =
        |one: &Suggestion| matches!(one.kind, SuggestionKind::Replace | SuggestionKind::Delete);
    let mut count: BTreeMap<ParagraphId, u32> = BTreeMap::new();
    for (_, suggestion) in made.iter().filter(|(_, one)| is_of_text(one)) {
        *count.entry(suggestion.paragraph_id).or_default() += 1;
    }
    // What is added behind a paragraph comes first: it may be one that goes.
    let added = made.iter().filter(|(_, one)| one.kind == SuggestionKind::InsertAfter);
    let texts = made.iter().filter(|(at, one)| {
        is_of_text(one)
            && count.get(&one.paragraph_id) == Some(&1)
            && !returned.entries[*at].departure.is_conflict
    });
    for (_, suggestion) in added.chain(texts) {
        let deciding = Deciding {
            decision: SuggestionDecision::Accept,
            text: None,
            paragraph_version: None,
            reason: None,
        };
        suggestions::decide(work, suggestion.id, suggestion.version, &deciding)?;
    }
    Ok(())
}
