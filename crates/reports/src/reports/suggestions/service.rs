//! Suggests, comments and decides. Whoever may read a draft may suggest; whoever may draft the paragraph decides. Must never learn
//! who said what.

use std::collections::BTreeMap;

use super::store::Wanted;
use super::{
    Comment, Deciding, NewSuggestion, Suggestion, SuggestionDecision, SuggestionKind,
    SuggestionState, store,
};
use crate::accounts::AccountId;
use crate::db;
use crate::http::page::{Listing, Paging};
use crate::problem::{Checks, Code, Problem, require_version};
use crate::reports::clearance::Party;
use crate::reports::clearance::service::{open_round, own_bodies_in, own_parties, speaks_for};
use crate::reports::drafting::{LONGEST_REASON, LONGEST_TEXT, check_inline, delete_by, update_by};
use crate::reports::history::service::step;
use crate::reports::history::{self, DraftStepKind, ParagraphVersion, Step};
use crate::reports::paragraphs::service::add_by;
use crate::reports::reach::Reach;
use crate::reports::rights::{
    Place, locate_draft, require_draftable, require_drafting_right, require_unpublished,
};
use crate::reports::store as drafts;
use crate::reports::{NewParagraph, ParagraphChange, ParagraphId, ReportId, Section};
use crate::vocabulary::{PartyId, SuggestionId};
use crate::work::Work;

const LONGEST_AUTHOR: usize = 200;

/// Suggests something for a paragraph: whoever may read the draft, while it is drafted or cleared.
pub fn suggest(
    work: &mut Work,
    id: ParagraphId,
    new: NewSuggestion,
) -> Result<Suggestion, Problem> {
    suggest_for(work, id, None, new)
}

/// As [`suggest`], for a party that is asked; where none is named, for the body that the caller answers for, if there is one.
pub fn suggest_for(
    work: &mut Work,
    id: ParagraphId,
    named: Option<PartyId>,
    new: NewSuggestion,
) -> Result<Suggestion, Problem> {
    let report = history::service::newest(work, id)?.paragraph.report_id;
    let (place, maker) = open_to_team(work, report)?;
    let party = match named {
        Some(_) => {
            let round = open_round(work, &place)?;
            Some(speaks_for(work, &place, &round, named)?)
        }
        None => only_body(own_bodies(work, &place)?)?,
    };
    let now = history::store::newest(work.conn, id)?;
    if now.is_gone() {
        return Err(Problem::not_found("paragraph"));
    }
    check(work, id, &new)?;
    let suggestion = Suggestion {
        id: work.id(),
        report_id: report,
        paragraph_id: id,
        kind: new.kind,
        made_from: new.made_from,
        text: new.text,
        state: SuggestionState::Open,
        version: 1,
        author: new.author.clone(),
        made_by: Some(maker),
        made_at: work.now,
        decided_by: None,
        decided_at: None,
        reason: None,
        party: party.as_ref().map(|party| party.id),
        // A person has nobody to consult first.
        released_at: (!party.is_some_and(|party| party.is_body())).then_some(work.now),
    };
    store::insert(work.conn, &suggestion)?;
    work.audit("suggestion.made", "suggestion", suggestion.id);
    if let Some(text) = new.comment {
        say(work, &suggestion, text, maker, new.author)?;
    }
    Ok(suggestion)
}

/// The report, locked, for one of the team, who is told.
fn open_to_team(work: &mut Work, report: ReportId) -> Result<(Place, AccountId), Problem> {
    db::lock(work.conn, report.uuid())?;
    let place = locate_draft(work, report)?;
    require_unpublished(&place)?;
    let caller = work.caller.signed_in()?;
    Ok((place, caller))
}

/// The bodies that the caller answers for in the round that is open.
pub fn bodies(work: &mut Work, report: ReportId) -> Result<Vec<Party>, Problem> {
    let place = locate_draft(work, report)?;
    own_bodies(work, &place)
}

fn own_bodies(work: &mut Work, place: &Place) -> Result<Vec<Party>, Problem> {
    match Problem::or_refused(open_round(work, place))? {
        Some(round) => own_bodies_in(work, place, &round),
        None => Ok(Vec::new()),
    }
}

fn only_body(mut bodies: Vec<Party>) -> Result<Option<Party>, Problem> {
    if bodies.len() > 1 {
        return Err(Problem::invalid("/party_id", "say for whom: you speak for several bodies"));
    }
    Ok(bodies.pop())
}

/// 422 unless that can be suggested for a paragraph of the report.
pub fn check_of(
    work: &mut Work,
    report: ReportId,
    id: ParagraphId,
    new: &NewSuggestion,
) -> Result<(), Problem> {
    let now = Problem::or_refused(history::store::newest(work.conn, id))?;
    if now.is_none_or(|now| now.paragraph.report_id != report || now.is_gone()) {
        return Err(Problem::invalid("/paragraph_id", "the report has no such paragraph"));
    }
    check(work, id, new)
}

fn check(work: &mut Work, id: ParagraphId, new: &NewSuggestion) -> Result<(), Problem> {
    let made_from = Problem::or_refused(history::store::version(work.conn, id, new.made_from))?;
    let mut checks = Checks::new();
    checks.require(made_from.is_some(), "/made_from", "the paragraph has no such version");
    checks.optional_text(new.comment.as_deref(), LONGEST_REASON, "/comment");
    let (has_text, is_remark) = (new.text.is_some(), new.kind == SuggestionKind::Remark);
    let fits = "name a text, unless the paragraph should go";
    let needs_text = new.kind != SuggestionKind::Delete;
    checks.require(is_remark || needs_text == has_text, "/text", fits);
    checks.require(!is_remark || new.comment.is_some(), "/comment", "say what is to be thought of");
    checks.optional_text(new.author.as_deref(), LONGEST_AUTHOR, "/author");
    checks.optional_text(new.text.as_deref(), LONGEST_TEXT, "/text");
    let same = new.kind == SuggestionKind::Replace
        && made_from.as_ref().is_some_and(|from| from.paragraph.text == new.text);
    checks.require(!same, "/text", "it is the text of the paragraph");
    checks.finish()?;
    let wording = new.text.as_deref().filter(|_| !is_remark);
    wording.map_or(Ok(()), |text| check_inline(text, "/text"))
}

/// Says something about a suggestion: whoever may read the draft, while it is drafted or cleared.
pub fn comment(work: &mut Work, id: SuggestionId, text: String) -> Result<Suggestion, Problem> {
    comment_as(work, id, text, None)
}

/// As [`comment`], in the name of whoever said it in a Word file.
pub fn comment_as(
    work: &mut Work,
    id: SuggestionId,
    text: String,
    author: Option<String>,
) -> Result<Suggestion, Problem> {
    let suggestion = see(work, id)?;
    let (_, by) = open_to_team(work, suggestion.report_id)?;
    check_comment(&text)?;
    say(work, &suggestion, text, by, author)?;
    Ok(suggestion)
}

/// 422 unless that can be said about a suggestion.
pub fn check_comment(text: &str) -> Result<(), Problem> {
    Checks::new().text(text, LONGEST_REASON, "/text").finish()
}

fn say(
    work: &mut Work,
    on: &Suggestion,
    text: String,
    by: AccountId,
    author: Option<String>,
) -> Result<(), Problem> {
    let (said_by, said_at) = (Some(by), work.now);
    let comment = Comment { id: work.id(), suggestion_id: on.id, text, author, said_by, said_at };
    store::insert_comment(work.conn, &comment)?;
    work.audit("suggestion.commented", "suggestion", on.id);
    Ok(())
}

/// A suggestion, for those who may see it: members of its body, and all who may read drafts once it is released.
pub fn see(work: &mut Work, id: SuggestionId) -> Result<Suggestion, Problem> {
    let suggestion = store::suggestion(work.conn, id)?;
    let missing = |_: &Problem| Problem::not_found("suggestion");
    let place =
        locate_draft(work, suggestion.report_id).map_err(|told| told.refused_as(missing))?;
    if suggestion.released_at.is_some() {
        return Ok(suggestion);
    }
    let own = own_parties(work, &place)?;
    if suggestion.party.is_some_and(|party| own.contains(&party)) {
        return Ok(suggestion);
    }
    Err(Problem::not_found("suggestion"))
}

/// Some of the suggestions of a report that the caller may see, in the order in which they were made.
pub fn suggestions(
    work: &mut Work,
    id: ReportId,
    wanted: Wanted,
    paging: &Paging,
) -> Result<Listing<Suggestion>, Problem> {
    let place = locate_draft(work, id)?;
    let own = own_parties(work, &place)?;
    let rows = store::visible(work.conn, id, &own, wanted, paging)?;
    Ok(paging.finish(rows, |one| vec![one.id.to_string()]))
}

/// What was said about suggestions that the caller was shown, in order.
pub fn comments(work: &mut Work, of: &[SuggestionId]) -> Result<Vec<Comment>, Problem> {
    store::comments(work.conn, of)
}

/// Whether the caller, who may read the draft, may suggest something in it now.
pub fn can_suggest(work: &mut Work, report: ReportId) -> Result<bool, Problem> {
    let place = locate_draft(work, report)?;
    Ok(Problem::or_refused(require_unpublished(&place))?.is_some())
}

/// A suggestion with what is needed to decide it.
struct Case {
    suggestion: Suggestion,
    /// The paragraph as it is, or as it was last.
    now: ParagraphVersion,
    /// The section in which it stands, unless that is no more.
    section: Option<Section>,
    place: Place,
}

fn case(work: &mut Work, id: SuggestionId) -> Result<Case, Problem> {
    let suggestion = see(work, id)?;
    let now = history::store::newest(work.conn, suggestion.paragraph_id)?;
    let section = Problem::or_refused(drafts::section(work.conn, now.paragraph.section_id))?;
    let place = locate_draft(work, suggestion.report_id)?;
    Ok(Case { suggestion, now, section, place })
}

impl Case {
    /// Whether the caller may decide that now; not whether the texts still fit.
    fn require(&self, work: &mut Work, decision: SuggestionDecision) -> Result<(), Problem> {
        let section = self.section.as_ref();
        match decision {
            SuggestionDecision::Accept => {
                require_draftable(work, &self.place, section)?;
                self.suggestion.require_released()?;
            }
            SuggestionDecision::Reject => {
                require_drafting_right(work, &self.place, section)?;
                require_unpublished(&self.place)?;
                self.suggestion.require_released()?;
            }
            SuggestionDecision::Withdraw => {
                if self.suggestion.made_by != Some(work.caller.signed_in()?) {
                    let detail = "Only whoever made a suggestion takes it back.";
                    return Err(Problem::new(Code::Forbidden, detail));
                }
                require_unpublished(&self.place)?;
            }
        }
        self.suggestion.require_open()
    }
}

/// Accepts, rejects or withdraws a suggestion. Accepting is a step of the paragraph that names the suggestion: 409
/// `suggestion_overtaken` with the three texts where the paragraph's text is another since, unless `text` says what shall stand.
pub fn decide(
    work: &mut Work,
    id: SuggestionId,
    version: i64,
    deciding: &Deciding,
) -> Result<Suggestion, Problem> {
    let report = see(work, id)?.report_id;
    db::lock(work.conn, report.uuid())?;
    let case = case(work, id)?;
    case.require(work, deciding.decision)?;
    require_version(case.suggestion.version, version)?;
    check_decision(deciding)?;
    let state = match deciding.decision {
        SuggestionDecision::Accept => {
            accept(work, &case, deciding)?;
            SuggestionState::Accepted
        }
        SuggestionDecision::Reject => SuggestionState::Rejected,
        SuggestionDecision::Withdraw => SuggestionState::Withdrawn,
    };
    let decided = Suggestion {
        state,
        version: version + 1,
        decided_by: work.caller.id(),
        decided_at: Some(work.now),
        reason: deciding.reason.clone(),
        ..case.suggestion
    };
    store::decide(work.conn, &decided)?;
    work.audit("suggestion.decided", "suggestion", id);
    Ok(decided)
}

fn check_decision(deciding: &Deciding) -> Result<(), Problem> {
    let accepts = deciding.decision == SuggestionDecision::Accept;
    let rejects = deciding.decision == SuggestionDecision::Reject;
    let (text, seen) = (deciding.text.is_some(), deciding.paragraph_version.is_some());
    Checks::new()
        .require(accepts || !text, "/text", "belongs to accepting")
        .require(accepts || !seen, "/paragraph_version", "belongs to accepting")
        .require(seen || !text, "/paragraph_version", "name the version that you have seen")
        .require(rejects || deciding.reason.is_none(), "/reason", "belongs to rejecting")
        .optional_text(deciding.reason.as_deref(), LONGEST_REASON, "/reason")
        .optional_text(deciding.text.as_deref(), LONGEST_TEXT, "/text")
        .finish()?;
    deciding.text.as_deref().map_or(Ok(()), |text| check_inline(text, "/text"))
}

fn accept(work: &mut Work, case: &Case, deciding: &Deciding) -> Result<(), Problem> {
    let Case { suggestion, now, .. } = case;
    if now.is_gone() {
        let detail = "The paragraph is no more: bring it back first, or reject the suggestion.";
        return Err(Problem::new(Code::SuggestionOvertaken, detail));
    }
    let (id, current) = (suggestion.paragraph_id, now.paragraph.version);
    if let Some(seen) = deciding.paragraph_version {
        require_version(current, seen)?;
    }
    if deciding.text.is_none() {
        let made_from = history::store::version(work.conn, id, suggestion.made_from)?;
        suggestion.require_current(made_from.text(), now.text(), current)?;
    }
    let taken = step(work, DraftStepKind::Suggested);
    let taken = Step { suggestion: Some(suggestion.id), ..taken };
    if suggestion.kind == SuggestionKind::Remark && deciding.text.is_none() {
        return Ok(());
    }
    let text = deciding.text.clone().or_else(|| suggestion.text.clone());
    let text = history::service::following(work, suggestion.report_id, text)?;
    match (suggestion.kind, text) {
        (SuggestionKind::InsertAfter, Some(text)) => {
            insert_after(work, suggestion, now, text, &taken)
        }
        (_, Some(text)) => {
            let change = ParagraphChange { text: Some(Some(text)), ..Default::default() };
            update_by(work, id, current, change, &taken).map(|_| ())
        }
        (_, None) => {
            let taken = Step { kind: DraftStepKind::Deleted, ..taken };
            delete_by(work, id, current, &taken)
        }
    }
}

/// Adds a paragraph behind the one that the suggestion is on, and behind those that were suggested there before it.
fn insert_after(
    work: &mut Work,
    suggestion: &Suggestion,
    anchor: &ParagraphVersion,
    text: String,
    step: &Step,
) -> Result<(), Problem> {
    let paragraph = &anchor.paragraph;
    let places = drafts::paragraphs::places(work.conn, paragraph.section_id)?;
    let before = places.iter().take_while(|(id, _)| *id != paragraph.id).count();
    let earlier = store::inserted_before(work.conn, suggestion)?;
    let behind = places.iter().skip(before + 1).take_while(|(id, _)| earlier.contains(id)).count();
    let new = NewParagraph {
        section: paragraph.section_id,
        position: u32::try_from(before + behind + 2).ok(),
        text,
        objective: paragraph.objective,
        inputs: Vec::new(),
        editorial_reason: None,
    };
    add_by(work, paragraph.report_id, vec![new], step).map(|_| ())
}

/// What the caller, who may see them, may do with each of these suggestions for a report.
pub fn allowed_actions(
    work: &mut Work,
    report: ReportId,
    suggestions: &[Suggestion],
) -> Result<Vec<Vec<&'static str>>, Problem> {
    let place = locate_draft(work, report)?;
    let reach = Reach::of(work, &place)?;
    let sections: BTreeMap<_, Section> =
        drafts::sections(work.conn, report)?.into_iter().map(|one| (one.id, one)).collect();
    let on = suggestions.iter().map(|one| one.paragraph_id).collect();
    let on = history::store::newest_of(work.conn, &on)?;
    let caller = work.caller.id();
    let actions = |one: &Suggestion| {
        let section = on.get(&one.paragraph_id).map(|now| now.paragraph.section_id);
        let section = section.and_then(|id| sections.get(&id));
        let open = one.require_open().is_ok();
        let may_decide = open && one.require_released().is_ok() && reach.has_what_is_in(section);
        let may = |decision: &SuggestionDecision| match decision {
            SuggestionDecision::Accept => may_decide && reach.open,
            SuggestionDecision::Reject => may_decide && reach.suggests,
            SuggestionDecision::Withdraw => {
                open && reach.suggests && caller.is_some() && one.made_by == caller
            }
        };
        let decisions = SuggestionDecision::ALL.iter().filter(|decision| may(decision));
        let comment = reach.suggests.then_some("comment").into_iter();
        comment.chain(decisions.map(|decision| decision.as_str())).collect()
    };
    Ok(suggestions.iter().map(actions).collect())
}
