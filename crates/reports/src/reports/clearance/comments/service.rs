//! Comments and answers: whoever is asked comments, whoever drafts the paragraph answers. Must never learn who said what.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::store::Wanted;
use super::{CommentAnswer, CommentState, DraftComment, check_range, check_text, store};
use crate::access::Permission;
use crate::db;
use crate::http::page::{Listing, Paging};
use crate::inputs::hearings::{Observation, service as hearings};
use crate::problem::{Code, Problem, require_version};
use crate::reports::clearance::Passage;
use crate::reports::clearance::service::{open_round, own_parties, speaks_for};
use crate::reports::history::{self, ParagraphVersion};
use crate::reports::reach::Reach;
use crate::reports::rights::{Place, locate_draft, require_drafting_right, require_unpublished};
use crate::reports::{ParagraphId, ReportId, Section, store as drafts};
use crate::vocabulary::{ClearanceCommentId, PartyId};
use crate::work::Work;

/// Comments on a draft, for a party that is asked.
pub fn say(
    work: &mut Work,
    id: ReportId,
    party: Option<PartyId>,
    on: Option<Passage>,
    text: String,
) -> Result<DraftComment, Problem> {
    db::lock(work.conn, id.uuid())?;
    let place = locate_draft(work, id)?;
    let by = work.caller.signed_in()?;
    let round = open_round(work, &place)?;
    let party = speaks_for(work, &place, &round, party)?;
    check(work, id, on, &text)?;
    // A person has nobody to consult first.
    let released_at = (!party.is_body()).then_some(work.now);
    let comment = DraftComment {
        id: work.id(),
        report_id: id,
        party_id: Some(party.id),
        on,
        quote: None,
        text,
        state: CommentState::Open,
        version: 1,
        said_by: Some(by),
        said_at: Some(work.now),
        released_at,
        answer: None,
        answered_by: None,
        answered_at: None,
    };
    store::insert(work.conn, party.id, work.now, &comment)?;
    work.audit("clearance_comment.made", "clearance_comment", comment.id);
    Ok(comment)
}

/// 422 unless that can be said of it.
pub fn check(
    work: &mut Work,
    report: ReportId,
    on: Option<Passage>,
    text: &str,
) -> Result<(), Problem> {
    check_text(text)?;
    on.map_or(Ok(()), |on| require_passage(work, report, on))
}

/// 422 unless the report has a paragraph with such a version and such characters.
fn require_passage(work: &mut Work, report: ReportId, on: Passage) -> Result<(), Problem> {
    let newest = Problem::or_refused(history::store::newest(work.conn, on.paragraph))?;
    if newest.is_none_or(|newest| newest.paragraph.report_id != report || newest.is_gone()) {
        return Err(Problem::invalid("/paragraph_id", "the report has no such paragraph"));
    }
    let read = Problem::or_refused(history::store::version(work.conn, on.paragraph, on.version))?;
    let detail = "the paragraph has no such version";
    let read = read.ok_or_else(|| Problem::invalid("/paragraph_version", detail))?;
    check_range(on.range, read.text())
}

/// What participants said of a draft, each with what is known of the portion that it is on.
fn of_participants(work: &mut Work, id: ReportId) -> Result<Vec<DraftComment>, Problem> {
    let all = hearings::of_report(work, id)?;
    as_comments(work, all)
}

fn as_comments(work: &mut Work, all: Vec<Observation>) -> Result<Vec<DraftComment>, Problem> {
    let mut known = BTreeMap::new();
    let mut comments = Vec::with_capacity(all.len());
    for one in all {
        if let Entry::Vacant(entry) = known.entry(one.round_id) {
            entry.insert(hearings::draft(work, one.round_id)?);
        }
        let draft = known.get(&one.round_id).and_then(Option::as_ref);
        let portion = draft.and_then(|draft| draft.portion(one.said.portion_id));
        comments.push(DraftComment::of_participant(one, portion));
    }
    Ok(comments)
}

/// A comment of a party, or of a participant.
fn load(work: &mut Work, id: ClearanceCommentId) -> Result<DraftComment, Problem> {
    if let Some(comment) = Problem::or_refused(store::comment(work.conn, id))? {
        return Ok(comment);
    }
    let one = hearings::load(work, id)?;
    let found = as_comments(work, vec![one])?.pop();
    found.ok_or_else(|| Problem::not_found("comment"))
}

/// Comments on a report that drafters see and have not answered, those of participants last.
pub fn unanswered(work: &mut Work, id: ReportId) -> Result<Vec<DraftComment>, Problem> {
    let mut open = store::unanswered(work.conn, id)?;
    let of_participants = of_participants(work, id)?.into_iter();
    open.extend(of_participants.filter(|one| one.state == CommentState::Open));
    Ok(open)
}

/// Comments on a report that were answered.
pub fn answered(work: &mut Work, id: ReportId) -> Result<Vec<DraftComment>, Problem> {
    let mut answered = store::answered(work.conn, id)?;
    let of_participants = of_participants(work, id)?.into_iter();
    answered.extend(of_participants.filter(|one| one.answered_at.is_some()));
    Ok(answered)
}

/// A comment, for those who may see it: members of its body, and all who may read drafts once it is released, or where a participant
/// made it.
pub fn see(work: &mut Work, id: ClearanceCommentId) -> Result<DraftComment, Problem> {
    let comment = load(work, id)?;
    let missing = |_: &Problem| Problem::not_found("comment");
    let place = locate_draft(work, comment.report_id).map_err(|told| told.refused_as(missing))?;
    let Some(party) = comment.party_id else { return Ok(comment) };
    if comment.released_at.is_some() || own_parties(work, &place)?.contains(&party) {
        return Ok(comment);
    }
    Err(Problem::not_found("comment"))
}

/// Some of the comments that the caller may see, by their ids: those of parties in the order in which they were made, those of participants
/// in one that tells nothing.
pub fn list(
    work: &mut Work,
    id: ReportId,
    wanted: Wanted,
    paging: &Paging,
) -> Result<Listing<DraftComment>, Problem> {
    let place = locate_draft(work, id)?;
    let own = own_parties(work, &place)?;
    let mut rows = store::visible(work.conn, id, &own, wanted, paging)?;
    let after = paging.after_one::<ClearanceCommentId>()?;
    let of_participants = of_participants(work, id)?.into_iter();
    rows.extend(of_participants.filter(|one| wanted.takes(one) && Some(one.id) > after));
    rows.sort_by_key(|one| one.id);
    rows.truncate(usize::try_from(paging.load()).map_err(Problem::internal)?);
    Ok(paging.finish(rows, |one| vec![one.id.to_string()]))
}

/// What somebody does with a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Answer,
    Withdraw,
}

/// Whether the caller may do that; not whether it is open.
fn require(work: &mut Work, comment: &DraftComment, doing: Doing) -> Result<(), Problem> {
    let place = locate_draft(work, comment.report_id)?;
    match doing {
        Doing::Answer => require_answerer(work, &place, comment)?,
        Doing::Withdraw => {
            if comment.said_by != Some(work.caller.signed_in()?) {
                let detail = "Only whoever made a comment takes it back.";
                return Err(Problem::new(Code::Forbidden, detail));
            }
        }
    }
    require_unpublished(&place)
}

fn require_answerer(work: &mut Work, place: &Place, comment: &DraftComment) -> Result<(), Problem> {
    let section = match comment.on {
        None => None,
        Some(on) => {
            let newest = history::store::newest(work.conn, on.paragraph)?;
            Problem::or_refused(drafts::section(work.conn, newest.paragraph.section_id))?
        }
    };
    match section {
        Some(section) => require_drafting_right(work, place, Some(&section)),
        None => work.require(Permission::DraftReports, &place.scope),
    }
}

/// A comment that the caller may change so, with its report locked.
fn to_change(
    work: &mut Work,
    id: ClearanceCommentId,
    version: i64,
    doing: Doing,
) -> Result<DraftComment, Problem> {
    let report = see(work, id)?.report_id;
    db::lock(work.conn, report.uuid())?;
    let comment = see(work, id)?;
    require(work, &comment, doing)?;
    require_version(comment.version, version)?;
    comment.require_open()?;
    Ok(comment)
}

/// Answers a comment: whoever drafts the paragraph, or the report where it is on no paragraph or on one that is no more.
pub fn answer(
    work: &mut Work,
    id: ClearanceCommentId,
    version: i64,
    answer: CommentAnswer,
    text: String,
) -> Result<DraftComment, Problem> {
    let comment = to_change(work, id, version, Doing::Answer)?;
    check_text(&text)?;
    if comment.is_participants() {
        let taken = answer == CommentAnswer::Accepted;
        let answered = hearings::answer(work, id, taken, text)?;
        work.audit("clearance_comment.answered", "clearance_comment", id);
        let answered = as_comments(work, vec![answered])?.pop();
        return answered.ok_or_else(|| Problem::not_found("comment"));
    }
    let answered = DraftComment {
        state: answer.into(),
        version: version + 1,
        answer: Some(text),
        answered_by: work.caller.id(),
        answered_at: Some(work.now),
        ..comment
    };
    store::update(work.conn, &answered)?;
    work.audit("clearance_comment.answered", "clearance_comment", id);
    Ok(answered)
}

/// Takes a comment back that was not answered, for whoever made it.
pub fn withdraw(
    work: &mut Work,
    id: ClearanceCommentId,
    version: i64,
) -> Result<DraftComment, Problem> {
    let comment = to_change(work, id, version, Doing::Withdraw)?;
    let (state, version) = (CommentState::Withdrawn, version + 1);
    let withdrawn = DraftComment { state, version, ..comment };
    store::update(work.conn, &withdrawn)?;
    work.audit("clearance_comment.withdrawn", "clearance_comment", id);
    Ok(withdrawn)
}

/// What the caller, who may see them, may do with each of these comments on a report.
pub fn allowed_actions(
    work: &mut Work,
    report: ReportId,
    comments: &[DraftComment],
) -> Result<Vec<Vec<&'static str>>, Problem> {
    let place = locate_draft(work, report)?;
    let reach = Reach::of(work, &place)?;
    let sections: BTreeMap<_, Section> =
        drafts::sections(work.conn, report)?.into_iter().map(|one| (one.id, one)).collect();
    let on = comments.iter().filter_map(|one| Some(one.on?.paragraph)).collect();
    let on = history::store::newest_of(work.conn, &on)?;
    let caller = work.caller.id();
    let actions = |one: &DraftComment| {
        let open = reach.suggests && one.require_open().is_ok();
        let now = one.on.and_then(|passage| on.get(&passage.paragraph));
        let section = now.and_then(|now| sections.get(&now.paragraph.section_id));
        let table = [
            ("answer", open && reach.has_what_is_in(section)),
            ("withdraw", open && caller.is_some() && one.said_by == caller),
        ];
        table.into_iter().filter(|(_, may)| *may).map(|(action, _)| action).collect()
    };
    Ok(comments.iter().map(actions).collect())
}

/// The words that comments are on, and whether the text reads otherwise since.
#[derive(Debug)]
pub struct Texts {
    read: BTreeMap<(ParagraphId, i64), ParagraphVersion>,
    now: BTreeMap<ParagraphId, ParagraphVersion>,
}

impl Texts {
    /// Those of these comments.
    pub fn of(work: &mut Work, comments: &[DraftComment]) -> Result<Self, Problem> {
        let on = || comments.iter().filter_map(|one| one.on);
        let read = on().map(|on| (on.paragraph, on.version)).collect();
        let now = on().map(|on| on.paragraph).collect();
        Ok(Self {
            read: history::store::some(work.conn, &read)?,
            now: history::store::newest_of(work.conn, &now)?,
        })
    }

    /// The words that a comment is on, and whether the paragraph reads otherwise now; nothing where it is on the draft as a whole.
    pub fn words(&self, comment: &DraftComment) -> Option<(String, bool)> {
        let Some(on) = comment.on else {
            return comment.quote.clone().map(|quote| (quote, false));
        };
        let read = self.read.get(&(on.paragraph, on.version));
        let text = read.map_or("", ParagraphVersion::text);
        let now = self.now.get(&on.paragraph);
        let outdated = now.is_none_or(|now| now.is_gone() || now.text() != text);
        if let Some(quote) = &comment.quote {
            return Some((quote.clone(), outdated));
        }
        let (start, end) = on.range.unwrap_or((0, u32::MAX));
        let words = text.chars().skip(start as usize).take(end.saturating_sub(start) as usize);
        Some((words.collect(), outdated))
    }
}
