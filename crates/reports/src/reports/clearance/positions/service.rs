//! Says what a party says: whoever was asked, or a member of a body that was; of a body with two members or more another one confirms it.
//! Must never learn who said what.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{
    NewPosition, Position, PositionDecision, PositionKind, PositionState, Read, check_note,
    require_current, require_known, require_whole, store,
};
use crate::accounts::AccountId;
use crate::http::page::{Listing, Paging};
use crate::problem::{Code, Problem, require_version};
use crate::reports::clearance::asking::service::{answering, own};
use crate::reports::clearance::asking::{self, Round};
use crate::reports::clearance::portions::service::whole;
use crate::reports::clearance::portions::{Portion, PortionKind, Whole, nothing};
use crate::reports::clearance::service::{
    open_round, own_parties, speaks_for, standing, standing_objection,
};
use crate::reports::clearance::{Agreed, Party, Seat, Standing, comments, outstanding};
use crate::reports::history::difference::{Piece, words};
use crate::reports::rights::{Place, locate_draft};
use crate::reports::{ParagraphId, ReportId, store as drafts, suggestions};
use crate::vocabulary::{PartyId, PositionId, ThingId};
use crate::work::Work;

/// Says something for a party, or proposes it to the other members of a body.
pub fn take(work: &mut Work, id: ReportId, new: NewPosition) -> Result<Position, Problem> {
    work.lock(id.uuid())?;
    let place = locate_draft(work, id)?;
    let by = work.caller.signed_in()?;
    let round = open_round(work, &place)?;
    let party = speaks_for(work, &place, &round, new.party)?;
    new.check()?;
    let whole = whole_of(work, &place, new.kind)?;
    let portions = match &whole {
        Some(whole) => portions(work, whole, &party, &new)?,
        None => Vec::new(),
    };
    require_paragraph(work, id, new.paragraph)?;
    if let Some(objection) = new.objection {
        require_own_objection(work, id, &party, objection)?;
    }
    let position = Position {
        id: work.id(),
        report_id: id,
        round_id: round.id,
        party_id: party.id,
        kind: new.kind,
        state: PositionState::Proposed,
        version: 1,
        portions,
        paragraph_id: new.paragraph,
        reason: new.reason,
        objection_id: new.objection,
        proposed_by: Some(by),
        proposed_at: work.now,
        decided_by: None,
        decided_at: None,
        note: None,
        ended_at: None,
    };
    if let Some(unnamed) = new.unnamed {
        asking::store::set_unnamed(work.conn, party.id, unnamed)?;
    }
    store::insert(work.conn, &position)?;
    work.audit("clearance_position.proposed", "clearance_position", position.id);
    if answering(work, &place, &party)?.len() > 1 {
        return Ok(position);
    }
    give(work, position, whole.as_ref())
}

/// The draft, where what is said needs it: an agreement is to what it reads.
fn whole_of(work: &mut Work, place: &Place, kind: PositionKind) -> Result<Option<Whole>, Problem> {
    match kind {
        PositionKind::Agreement => whole(work, &place.report).map(Some),
        PositionKind::Objection | PositionKind::Comments | PositionKind::TakingBack => Ok(None),
    }
}

/// What is agreed to, as it was read; 409 where it reads otherwise now.
fn portions(
    work: &mut Work,
    whole: &Whole,
    party: &Party,
    new: &NewPosition,
) -> Result<Vec<Read>, Problem> {
    let agreed = agreed(work, party)?;
    let Some(read) = &new.whole else {
        require_known(whole, &agreed, &new.portions)?;
        require_current(whole, &new.portions)?;
        return Ok(new.portions.clone());
    };
    let left = outstanding(whole, &agreed);
    require_whole(whole, read, &left)?;
    let gone = left.into_iter().filter(|id| whole.get(*id).is_none());
    let gone = gone.map(|id| Read { id, sha256: nothing() });
    let there = whole.portions.iter().map(|one| Read { id: one.id, sha256: one.sha256.clone() });
    Ok(there.chain(gone).collect())
}

fn agreed(work: &mut Work, party: &Party) -> Result<Agreed, Problem> {
    let mut agreed = store::agreed(work.conn, party.report_id)?;
    Ok(agreed.remove(&party.id).unwrap_or_default())
}

fn require_paragraph(
    work: &mut Work,
    report: ReportId,
    id: Option<ParagraphId>,
) -> Result<(), Problem> {
    let Some(id) = id else { return Ok(()) };
    let found = Problem::or_refused(drafts::paragraphs::paragraph(work.conn, id))?;
    let found = found.filter(|paragraph| paragraph.report_id == report);
    let missing = || Problem::invalid("/paragraph_id", "the report has no such paragraph");
    found.map(|_| ()).ok_or_else(missing)
}

fn require_own_objection(
    work: &mut Work,
    report: ReportId,
    party: &Party,
    id: PositionId,
) -> Result<Position, Problem> {
    let found = Problem::or_refused(standing_objection(work, report, id))?;
    let found = found.filter(|one| one.party_id == party.id);
    let detail = "is no objection of yours that stands";
    found.ok_or_else(|| Problem::invalid("/objection_id", detail))
}

/// A party says it: from now on it counts, and its comments and suggestions are there for whoever drafts. With an agreement goes what the
/// draft is now.
fn give(work: &mut Work, position: Position, whole: Option<&Whole>) -> Result<Position, Problem> {
    match position.kind {
        PositionKind::Agreement => {
            let whole = whole.ok_or_else(|| Problem::internal("an agreement to nothing"))?;
            require_current(whole, &position.portions)?;
            store::agree(work.conn, &position, whole, work.now)?;
        }
        PositionKind::TakingBack => {
            if let Some(id) = position.objection_id {
                let objection = standing_objection(work, position.report_id, id)?;
                let (version, ended_at) = (objection.version + 1, Some(work.now));
                store::update(work.conn, &Position { version, ended_at, ..objection })?;
            }
        }
        PositionKind::Objection | PositionKind::Comments => {}
    }
    comments::store::release(work.conn, position.party_id, work.now)?;
    suggestions::store::release(work.conn, position.party_id, work.now)?;
    save(work, position, PositionState::Given, "clearance_position.given")
}

fn save(
    work: &mut Work,
    position: Position,
    state: PositionState,
    action: &'static str,
) -> Result<Position, Problem> {
    let saved = Position {
        state,
        version: position.version + 1,
        decided_by: work.caller.id(),
        decided_at: Some(work.now),
        ..position
    };
    store::update(work.conn, &saved)?;
    work.audit(action, "clearance_position", saved.id);
    Ok(saved)
}

/// Another member confirms what was proposed, or rejects it; whoever proposed it takes it back.
pub fn decide(
    work: &mut Work,
    id: PositionId,
    version: i64,
    decision: PositionDecision,
    note: Option<String>,
) -> Result<Position, Problem> {
    let report = see(work, id)?.report_id;
    work.lock(report.uuid())?;
    let place = locate_draft(work, report)?;
    let position = see(work, id)?;
    let answering = deciders(work, &place, &position)?;
    require_decider(work, &position, &answering, decision)?;
    position.require_proposed()?;
    require_version(position.version, version)?;
    let round = open_round(work, &place)?;
    require_round(&round, &position)?;
    check_note(note.as_deref())?;
    let position = Position { note, ..position };
    match decision {
        PositionDecision::Confirm => {
            let whole = whole_of(work, &place, position.kind)?;
            give(work, position, whole.as_ref())
        }
        PositionDecision::Reject => {
            save(work, position, PositionState::Rejected, "clearance_position.rejected")
        }
        PositionDecision::Withdraw => {
            save(work, position, PositionState::Withdrawn, "clearance_position.withdrawn")
        }
    }
}

fn require_round(round: &Round, position: &Position) -> Result<(), Problem> {
    if round.id == position.round_id {
        return Ok(());
    }
    let detail = "It was proposed in a round that is over: propose it in the one that is open.";
    Err(Problem::new(Code::InvalidTransition, detail))
}

/// Who answers for the party of a position.
fn deciders(
    work: &mut Work,
    place: &Place,
    position: &Position,
) -> Result<Vec<AccountId>, Problem> {
    let parties = asking::store::parties(work.conn, position.report_id)?;
    let party = parties.into_iter().find(|party| party.id == position.party_id);
    let party = party.ok_or_else(|| Problem::internal("a position without a party"))?;
    answering(work, place, &party)
}

/// 403 for who may not decide so: a body with one member alone answers without another one.
fn require_decider(
    work: &Work,
    position: &Position,
    answering: &[AccountId],
    decision: PositionDecision,
) -> Result<(), Problem> {
    let caller = work.caller.signed_in()?;
    let member = answering.contains(&caller);
    let proposed = position.proposed_by == Some(caller);
    let may = match decision {
        PositionDecision::Withdraw => proposed,
        PositionDecision::Confirm => member && (!proposed || answering.len() == 1),
        PositionDecision::Reject => member && !proposed,
    };
    if may {
        return Ok(());
    }
    let detail = match decision {
        PositionDecision::Withdraw => "Only whoever proposed it takes it back.",
        _ if proposed => "You proposed it: another member of the body decides.",
        _ => "The members of the body decide what it says.",
    };
    Err(Problem::new(Code::Forbidden, detail))
}

/// A position, for those who may read drafts; what is not said yet, for members of the body alone.
pub fn see(work: &mut Work, id: PositionId) -> Result<Position, Problem> {
    let position = store::position(work.conn, id)?;
    let missing = |_: &Problem| Problem::not_found("position");
    let place = locate_draft(work, position.report_id).map_err(|told| told.refused_as(missing))?;
    let said = position.state == PositionState::Given;
    if said || own_parties(work, &place)?.contains(&position.party_id) {
        return Ok(position);
    }
    Err(Problem::not_found("position"))
}

/// Some of the positions that the caller may see, in the order in which they were proposed.
pub fn list(work: &mut Work, id: ReportId, paging: &Paging) -> Result<Listing<Position>, Problem> {
    let place = locate_draft(work, id)?;
    let own = own_parties(work, &place)?;
    let rows = store::visible(work.conn, id, &own, paging)?;
    Ok(paging.finish(rows, |one| vec![one.id.to_string()]))
}

/// What the caller may do about each of these positions of a report.
pub fn allowed_actions(
    work: &mut Work,
    report: ReportId,
    positions: &[Position],
) -> Result<Vec<Vec<&'static str>>, Problem> {
    let place = locate_draft(work, report)?;
    let round = Problem::or_refused(open_round(work, &place))?;
    let mut answering: BTreeMap<PartyId, Vec<AccountId>> = BTreeMap::new();
    let mut allowed = Vec::with_capacity(positions.len());
    for one in positions {
        let current = round.as_ref().is_some_and(|round| round.id == one.round_id);
        if !current || one.require_proposed().is_err() {
            allowed.push(Vec::new());
            continue;
        }
        // What is proposed in a round waits for one party at a time: few are looked up.
        let answering = match answering.entry(one.party_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(deciders(work, &place, one)?),
        };
        let mut actions = Vec::new();
        for decision in PositionDecision::ALL {
            let may = require_decider(work, one, answering, *decision);
            if Problem::or_refused(may)?.is_some() {
                actions.push(decision.as_str());
            }
        }
        allowed.push(actions);
    }
    Ok(allowed)
}

/// What somebody has not agreed to as it reads now.
#[derive(Debug, Clone)]
pub struct Left {
    /// What.
    pub id: ThingId,
    /// What it is.
    pub kind: PortionKind,
    /// As it reads now; none when it is no more.
    pub now: Option<Portion>,
    /// Whether another text of it was agreed to.
    pub changed: bool,
    /// What was agreed to and what it reads now, word by word; nothing where there was no such agreement.
    pub words: Vec<Piece>,
}

/// What waits for the caller in the clearance of a report, for one party.
#[derive(Debug, Clone)]
pub struct Mine {
    /// The party, and that it is asked.
    pub seat: Seat,
    /// What is left to agree to.
    pub left: Vec<Left>,
    /// What members of the body propose to say.
    pub proposed: Vec<Position>,
    /// Objections of the party that stand.
    pub objections: Vec<PositionId>,
}

/// The open round, and what waits for the caller in it.
pub fn mine(work: &mut Work, id: ReportId) -> Result<(Option<Round>, Vec<Mine>), Problem> {
    let report = locate_draft(work, id)?.report;
    let whole = whole(work, &report)?;
    let standing = standing(work, &report, &whole)?;
    let mine = mine_in(work, id, &whole, &standing)?;
    Ok((standing.round, mine))
}

/// What waits for the caller, for who has the draft and where its clearance stands already.
pub fn mine_in(
    work: &mut Work,
    id: ReportId,
    whole: &Whole,
    standing: &Standing,
) -> Result<Vec<Mine>, Problem> {
    let place = locate_draft(work, id)?;
    let own = own(work, &place, standing.seats.iter().map(|seat| &seat.party))?;
    let agreed = store::agreed(work.conn, id)?;
    let texts = store::texts(work.conn, id)?;
    let mut mine = Vec::new();
    for seat in standing.seats.iter().filter(|seat| own.contains(&seat.party.id)) {
        let party = seat.party.id;
        let before = |id: &ThingId| agreed.get(&party).and_then(|agreed| agreed.get(id));
        let text = |id: &ThingId| {
            let text = before(id).and_then(|sha256| texts.get(sha256)?.as_ref());
            text.map(|text| text.shown(&whole.named))
        };
        let left = |id: &ThingId| left(whole, *id, before(id).is_some(), text(id));
        let objections = standing.objections.iter().filter(|one| one.party.id == party);
        mine.push(Mine {
            left: seat.outstanding.iter().map(left).collect(),
            proposed: store::proposed(work.conn, &[party])?,
            objections: objections.map(|one| one.position.id).collect(),
            seat: seat.clone(),
        });
    }
    Ok(mine)
}

fn left(whole: &Whole, id: ThingId, changed: bool, before: Option<String>) -> Left {
    let now = whole.get(id).cloned();
    let after = now.as_ref().map_or("", |portion| portion.text.as_str());
    // What only says what stands where is told by numbers and headings.
    let told = |text: &str| whole.readable(text);
    let words = before.map_or_else(Vec::new, |before| words(&told(&before), &told(after)));
    let kind = now.as_ref().map_or(PortionKind::Gone, |portion| portion.kind);
    Left { id, kind, now, changed, words }
}
