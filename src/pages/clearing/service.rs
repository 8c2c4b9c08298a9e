//! What the clearance room shows and does, by the services of clearance.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::spoken::{Act, Noted, Shown};
use crate::consultations::{self, Consultation};
use crate::http::page::Paging;
use crate::pages::team::{only_for_team, require_part};
use crate::problem::Problem;
use crate::reports::clearance::asking::service::{self as asking, Askable};
use crate::reports::clearance::comments::DraftComment;
use crate::reports::clearance::comments::service::{self as comments, Texts};
use crate::reports::clearance::comments::store::Wanted;
use crate::reports::clearance::hearing::service as hearing;
use crate::reports::clearance::minutes::Minute;
use crate::reports::clearance::minutes::service as minutes;
use crate::reports::clearance::overriding::service as overriding;
use crate::reports::clearance::portions::{Portion, Whole};
use crate::reports::clearance::positions::service::{self as positions, Mine};
use crate::reports::clearance::positions::{NewPosition, Position, PositionKind, PositionState};
use crate::reports::clearance::service::{self as clearance, Names};
use crate::reports::clearance::{Asked, Party, Passage, Standing};
use crate::reports::history::difference::{Piece, words};
use crate::reports::history::service as history;
use crate::reports::service::Drafted;
use crate::reports::suggestions::SuggestionState;
use crate::reports::suggestions::service as suggestions;
use crate::reports::suggestions::store::Wanted as WantedSuggestions;
use crate::reports::{
    self, OutlineParagraph, OutlineSection, ParagraphId, Report, ReportId, rights,
};
use crate::vocabulary::{PartyId, ThingId};
use crate::work::Work;

/// More than any report has of something that is shown whole.
const ALL: usize = 10_000;

/// A comment with what the caller may do about it.
pub struct Remark {
    /// The comment.
    pub comment: DraftComment,
    /// The words that it is on, and whether the paragraph reads otherwise now.
    pub words: Option<(String, bool)>,
    /// What the caller may do with it.
    pub actions: Vec<&'static str>,
}

/// A portion that reads otherwise than a page showed it.
pub struct Since {
    /// Which one.
    pub id: ThingId,
    /// What differs, word by word, where it is a paragraph whose words changed.
    pub words: Vec<Piece>,
}

/// The clearance of a report as somebody looks at it.
pub struct Room {
    /// The draft, and what the caller may do with each part of it.
    pub drafted: Drafted,
    /// The draft as one agrees to it.
    pub whole: Whole,
    /// What the caller may do with the report.
    pub actions: Vec<&'static str>,
    /// The consultation that it is of.
    pub consultation: Option<Consultation>,
    /// Where its clearance stands.
    pub standing: Standing,
    /// What waits for the caller, for each party that they answer for.
    pub mine: Vec<Mine>,
    /// What members of those bodies propose, and what the caller may do about it.
    pub proposed: Vec<(Position, Vec<&'static str>)>,
    /// Comments that the caller may see.
    pub remarks: Vec<Remark>,
    /// The bodies for which members suggested wording that nobody else sees yet.
    pub unsent: Vec<PartyId>,
    /// What was done so far.
    pub minutes: Vec<Minute>,
    /// What the caller may do with the round.
    pub round_actions: Vec<&'static str>,
    /// Whom the caller may ask.
    pub askable: Askable,
    /// Whether the caller may suggest wording.
    pub can_suggest: bool,
    /// Everybody who was ever asked.
    pub parties: Vec<Party>,
    /// What everybody is called who is named.
    pub names: Names,
    /// What changed while the caller was reading.
    pub since: Vec<Since>,
}

impl Room {
    /// The report.
    pub fn report(&self) -> &Report {
        &self.drafted.outline.report
    }

    /// The zone in which its times are shown.
    pub fn zone(&self) -> Tz {
        self.consultation.as_ref().map_or(chrono_tz::UTC, |one| one.zone)
    }

    /// Whether answers are given now.
    pub fn is_open(&self) -> bool {
        self.standing.round.as_ref().is_some_and(|round| round.closed_at.is_none())
    }

    /// A party.
    pub fn party(&self, id: PartyId) -> Option<&Party> {
        self.parties.iter().find(|party| party.id == id)
    }

    /// A paragraph of the draft as it stands.
    pub fn paragraph(&self, id: ParagraphId) -> Option<&OutlineParagraph> {
        fn find(sections: &[OutlineSection], id: ParagraphId) -> Option<&OutlineParagraph> {
            sections.iter().find_map(|section| {
                let own = section.paragraphs.iter().find(|own| own.paragraph.id == id);
                own.or_else(|| find(&section.sections, id))
            })
        }
        find(&self.drafted.outline.sections, id)
    }

    /// A portion as this page shows it.
    pub fn shown(&self, portion: &Portion) -> Shown {
        let own = portion.paragraph().and_then(|id| self.paragraph(id));
        let version = own.map(|own| own.paragraph.version);
        Shown { id: portion.id, sha256: portion.sha256.clone(), version }
    }
}

/// The clearance of a report for whoever may read its draft; 404 for everybody else. `read` is what another page showed.
pub fn room(work: &mut Work, id: ReportId, read: &[Shown]) -> Result<Room, Problem> {
    let drafted = only_for_team(reports::service::drafted(work, id))?;
    let whole = Whole::of(&drafted.facts, &drafted.document);
    let report = drafted.outline.report.clone();
    let standing = clearance::standing(work, &report, &whole)?;
    let mine = positions::mine_in(work, id, &whole, &standing)?;
    let (remarks, minutes) = (remarks(work, id)?, minutes::read(work, id)?);
    let proposed: Vec<_> = mine.iter().flat_map(|mine| &mine.proposed).cloned().collect();
    let allowed = positions::allowed_actions(work, id, &proposed)?;
    let proposed: Vec<_> = proposed.into_iter().zip(allowed).collect();
    let (parties, askable) = (asking::parties(work, id)?, asking::askable(work, id)?);
    let bodies: Vec<Party> =
        askable.bodies.iter().map(|body| unasked(work, id, Asked::Body(*body))).collect();
    let people = remarks.iter().flat_map(|one| [one.comment.said_by, one.comment.answered_by]);
    let people = people.chain(minutes.iter().map(|one| one.by));
    let people = people.chain(proposed.iter().map(|(one, _)| one.proposed_by));
    let people = people.chain(askable.people.iter().map(|one| Some(*one)));
    let names = Names::of(work, parties.iter().chain(&bodies), people)?;
    let consultation = report.consultation_id;
    Ok(Room {
        drafted,
        actions: rights::permitted_actions(work, &report)?,
        consultation: consultation.map(|id| consultations::service::load(work, id)).transpose()?,
        round_actions: match &standing.round {
            Some(round) => asking::allowed_actions(work, round)?,
            None => Vec::new(),
        },
        can_suggest: suggestions::can_suggest(work, id)?,
        unsent: unsent(work, id)?,
        since: since(work, &whole, read)?,
        whole,
        standing,
        mine,
        proposed,
        remarks,
        minutes,
        askable,
        parties,
        names,
    })
}

/// Somebody who was not asked yet, to be named.
fn unasked(work: &Work, report_id: ReportId, asked: Asked) -> Party {
    Party { id: work.id(), report_id, asked, unnamed: true }
}

fn unsent(work: &mut Work, id: ReportId) -> Result<Vec<PartyId>, Problem> {
    let open = WantedSuggestions { state: Some(SuggestionState::Open), paragraph: None };
    let found = suggestions::suggestions(work, id, open, &Paging::first(ALL))?.items;
    let unsent = found.into_iter().filter(|one| one.released_at.is_none());
    Ok(unsent.filter_map(|one| one.party).collect())
}

fn remarks(work: &mut Work, id: ReportId) -> Result<Vec<Remark>, Problem> {
    let found = comments::list(work, id, Wanted::default(), &Paging::first(ALL))?.items;
    let texts = Texts::of(work, &found)?;
    let allowed = comments::allowed_actions(work, id, &found)?;
    let remark = |(comment, actions)| Remark { words: texts.words(&comment), comment, actions };
    Ok(found.into_iter().zip(allowed).map(remark).collect())
}

/// What reads otherwise than it was shown, what is new, and what is no more.
fn since(work: &mut Work, whole: &Whole, read: &[Shown]) -> Result<Vec<Since>, Problem> {
    let mut since = Vec::new();
    if read.is_empty() {
        return Ok(since);
    }
    for portion in &whole.portions {
        let before = read.iter().find(|one| one.id == portion.id);
        if before.is_none_or(|before| before.sha256 != portion.sha256) {
            let words = before.map_or(Ok(Vec::new()), |before| reworded(work, before));
            since.push(Since { id: portion.id, words: words? });
        }
    }
    for gone in read.iter().filter(|one| whole.get(one.id).is_none()) {
        since.push(Since { id: gone.id, words: reworded(work, gone)? });
    }
    Ok(since)
}

/// What differs in a paragraph between what was shown and what it reads now.
fn reworded(work: &mut Work, shown: &Shown) -> Result<Vec<Piece>, Problem> {
    let Some(version) = shown.version else { return Ok(Vec::new()) };
    let id = ParagraphId::new(shown.id.uuid());
    let before = Problem::or_refused(history::version(work, id, version))?;
    let now = Problem::or_refused(history::newest(work, id))?;
    Ok(before.zip(now).map_or_else(Vec::new, |(before, now)| {
        let now = if now.is_gone() { "" } else { now.text() };
        if before.text() == now { Vec::new() } else { words(before.text(), now) }
    }))
}

// ------------------------------------------------------------------------------------------------ what is done

/// Does it.
pub fn act(work: &mut Work, id: ReportId, act: &Act) -> Result<Noted, Problem> {
    only_for_team(reports::service::see_draft(work, id))?;
    match act {
        Act::Agree { .. } | Act::Object { .. } | Act::Send { .. } | Act::TakeBack { .. } => {
            say(work, id, act)
        }
        Act::Decide { position, version, decision, note } => {
            let known = positions::see(work, *position)?;
            require_part(known.report_id == id, "position")?;
            positions::decide(work, *position, *version, *decision, note.clone())?;
            Ok(Noted::Recorded)
        }
        Act::Comment { party, on, quote, text } => {
            let on = on.map(|(at, version)| passage(work, at, version, quote.as_deref()));
            let made = comments::say(work, id, *party, on.transpose()?, text.clone())?;
            Ok(if made.released_at.is_some() { Noted::Recorded } else { Noted::Kept })
        }
        Act::Answer { comment, version, answer, text } => {
            require_part(comments::see(work, *comment)?.report_id == id, "comment")?;
            comments::answer(work, *comment, *version, *answer, text.clone())?;
            Ok(Noted::Recorded)
        }
        Act::Drop { comment, version } => {
            require_part(comments::see(work, *comment)?.report_id == id, "comment")?;
            comments::withdraw(work, *comment, *version)?;
            Ok(Noted::Recorded)
        }
        Act::Override { despite, reason } => {
            overriding::decide(work, id, *despite, reason.clone())?;
            Ok(Noted::Recorded)
        }
        Act::Open { .. }
        | Act::AskParticipants { .. }
        | Act::Ask { .. }
        | Act::End { .. }
        | Act::Close { .. } => convene(work, id, act),
    }
}

fn say(work: &mut Work, id: ReportId, act: &Act) -> Result<Noted, Problem> {
    let position = |kind| NewPosition {
        party: act.party(),
        kind,
        whole: None,
        portions: Vec::new(),
        paragraph: None,
        reason: None,
        objection: None,
        unnamed: None,
    };
    let new = match act {
        Act::Agree { sha256, unnamed, .. } => NewPosition {
            whole: Some(sha256.clone()),
            unnamed: Some(*unnamed),
            ..position(PositionKind::Agreement)
        },
        Act::Object { paragraph, reason, .. } => NewPosition {
            paragraph: *paragraph,
            reason: reason.clone(),
            ..position(PositionKind::Objection)
        },
        Act::TakeBack { objection, .. } => {
            NewPosition { objection: Some(*objection), ..position(PositionKind::TakingBack) }
        }
        _ => position(PositionKind::Comments),
    };
    let said = positions::take(work, id, new)?;
    let proposed = said.state == PositionState::Proposed;
    Ok(if proposed { Noted::Proposed } else { Noted::Recorded })
}

/// The words of a paragraph that are quoted; 422 where it does not have them.
fn passage(
    work: &mut Work,
    paragraph: ParagraphId,
    version: i64,
    quote: Option<&str>,
) -> Result<Passage, Problem> {
    let whole = Passage { paragraph, version, range: None };
    let Some(quote) = quote else { return Ok(whole) };
    let read = history::version(work, paragraph, version)?;
    let place = read.text().split_once(quote).and_then(|(before, _)| {
        let start = u32::try_from(before.chars().count()).ok()?;
        Some((start, start.checked_add(u32::try_from(quote.chars().count()).ok()?)?))
    });
    let missing = || Problem::invalid("/quote", "these words are not in the paragraph");
    Ok(Passage { range: Some(place.ok_or_else(missing)?), ..whole })
}

fn convene(work: &mut Work, id: ReportId, act: &Act) -> Result<Noted, Problem> {
    if let Act::AskParticipants { round, .. }
    | Act::Ask { round, .. }
    | Act::End { round, .. }
    | Act::Close { round, .. } = act
    {
        require_part(asking::see(work, *round)?.report_id == id, "round of clearance")?;
    }
    match act {
        Act::Open { ends_on, asked, participants } => {
            if participants.is_some() {
                hearing::lock(work, id)?;
            }
            let round = asking::open(work, id, day(*ends_on)?, asked)?;
            match participants {
                Some(until) => heard(hearing::ask(work, round.id, round.version, *until))?,
                None => round,
            }
        }
        Act::AskParticipants { round, version, ends_on } => {
            let until = heard(day(*ends_on))?;
            heard(hearing::ask(work, *round, *version, until))?
        }
        Act::Ask { round, version, asked } => asking::ask(work, *round, *version, asked)?,
        Act::End { round, version, ends_on } => {
            asking::move_end(work, *round, *version, Some(day(*ends_on)?))?
        }
        Act::Close { round, version } => asking::close(work, *round, *version)?,
        _ => return Err(Problem::internal("it is about no round")),
    };
    Ok(Noted::Recorded)
}

/// What is wrong with the day until which participants are asked, at its field.
fn heard<T>(asked: Result<T, Problem>) -> Result<T, Problem> {
    let wrong = |problem: &Problem| problem.errors().iter().any(|one| one.pointer == "/ends_on");
    asked.map_err(|problem| {
        if wrong(&problem) { Problem::invalid("/participants", problem.detail()) } else { problem }
    })
}

fn day(sent: Option<NaiveDate>) -> Result<NaiveDate, Problem> {
    sent.ok_or_else(|| Problem::invalid("/ends_on", "must be a day"))
}
