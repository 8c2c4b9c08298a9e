//! Gathers the minutes of a clearance, for those who may read drafts. Must never learn who said what.

use super::{Minute, MinuteKind, in_order};
use crate::consultations::lifecycle::Taken;
use crate::consultations::lifecycle::service as lifecycle;
use crate::http::page::Paging;
use crate::inputs::hearings::service as hearings;
use crate::problem::Problem;
use crate::reports::clearance::positions::{self, Position, PositionKind};
use crate::reports::clearance::{Party, asking, comments, overriding};
use crate::reports::rights::locate_draft;
use crate::reports::store::editions;
use crate::reports::{ReportId, ReportState};
use crate::vocabulary::PartyId;
use crate::work::Work;

/// As many rounds are told of one report.
const MOST_ROUNDS: usize = 200;

/// What was done about a report.
pub fn read(work: &mut Work, id: ReportId) -> Result<Vec<Minute>, Problem> {
    locate_draft(work, id)?;
    let parties = asking::store::parties(work.conn, id)?;
    let of = |id: PartyId| parties.iter().find(|party| party.id == id).cloned();
    let mut minutes = Vec::new();
    for taken in lifecycle::taken::<ReportState>(work, id.uuid())? {
        minutes.extend(step(taken));
    }
    for issue in editions::issues(work.conn, id)? {
        let text = issue.symbol;
        minutes.push(Minute { text, ..Minute::new(issue.published_at, MinuteKind::Published) });
    }
    rounds(work, id, &mut minutes)?;
    for position in positions::store::given(work.conn, id)? {
        let party = of(position.party_id);
        minutes.extend(said(position, party));
    }
    for comment in comments::service::answered(work, id)? {
        let Some(at) = comment.answered_at else { continue };
        minutes.push(Minute {
            by: comment.answered_by,
            party: comment.party_id.and_then(of),
            paragraph_id: comment.on.map(|on| on.paragraph),
            text: comment.answer,
            ..Minute::new(at, MinuteKind::CommentAnswered)
        });
    }
    for one in overriding::store::all(work.conn, id)? {
        minutes.push(Minute {
            by: one.made_by,
            party: of(one.party_id),
            text: Some(one.reason),
            ..Minute::new(one.made_at, MinuteKind::Overridden)
        });
    }
    Ok(in_order(minutes))
}

/// That an edition was published is told by the edition.
fn step(taken: Taken<ReportState>) -> Option<Minute> {
    let kind = match taken.to {
        ReportState::Clearance => MinuteKind::ToClearance,
        ReportState::Drafting => MinuteKind::BackToDrafting,
        ReportState::Published => return None,
    };
    Some(Minute { text: taken.reason, ..Minute::new(taken.at, kind) })
}

fn rounds(work: &mut Work, id: ReportId, minutes: &mut Vec<Minute>) -> Result<(), Problem> {
    for round in asking::store::rounds(work.conn, id, &Paging::first(MOST_ROUNDS))? {
        let opened = Minute::new(round.opened_at, MinuteKind::RoundOpened);
        minutes.push(Minute { by: round.opened_by, ..opened });
        for (party, asked) in asking::store::askings(work.conn, round.id)? {
            let line = Minute::new(asked.asked_at, MinuteKind::Asked);
            minutes.push(Minute { by: asked.asked_by, party: Some(party), ..line });
        }
        if let Some(hearing) = hearings::of_round(work, round.id)? {
            let asked = Minute::new(hearing.asked_at, MinuteKind::ParticipantsAsked);
            minutes.push(Minute { by: hearing.asked_by, ..asked });
        }
        if let Some(at) = round.closed_at {
            let closed = Minute::new(at, MinuteKind::RoundClosed);
            minutes.push(Minute { by: round.closed_by, ..closed });
        }
    }
    Ok(())
}

fn said(position: Position, party: Option<Party>) -> Option<Minute> {
    let kind = match position.kind {
        PositionKind::Agreement => MinuteKind::Agreed,
        PositionKind::Objection => MinuteKind::Objected,
        PositionKind::Comments => MinuteKind::Commented,
        PositionKind::TakingBack => MinuteKind::TookBack,
    };
    Some(Minute {
        party,
        by: position.decided_by,
        paragraph_id: position.paragraph_id,
        text: position.reason,
        ..Minute::new(position.decided_at?, kind)
    })
}
