//! Where the clearance of a report stands, and who speaks for whom in it. Must never learn who said what.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::asking::service::{next_edition, own, zone};
use super::asking::{self, Round};
use super::portions::Whole;
use super::positions::PositionKind;
use super::{
    Approval, Approver, Asked, Objection, Party, Seat, Standing, comments, hearing, outstanding,
    overriding, positions,
};
use crate::accounts::AccountId;
use crate::consultations::lifecycle::Blocker;
use crate::organizations::{self, Organization, OrganizationId};
use crate::problem::{Code, Problem};
use crate::reports::history::http::Team;
use crate::reports::rights::{Place, locate_draft, require_unpublished};
use crate::reports::{Report, ReportId};
use crate::vocabulary::{PartyId, PositionId};
use crate::work::Work;

/// What parties and people are called.
pub struct Names {
    /// People of the team.
    pub team: Team,
    organizations: HashMap<OrganizationId, Organization>,
}

impl Names {
    /// Of these parties and people.
    pub fn of<'p>(
        work: &mut Work,
        parties: impl IntoIterator<Item = &'p Party>,
        people: impl IntoIterator<Item = Option<AccountId>>,
    ) -> Result<Self, Problem> {
        let (mut bodies, mut people) = (Vec::new(), people.into_iter().collect::<Vec<_>>());
        for party in parties {
            match party.asked {
                Asked::Body(organization) => bodies.push(organization),
                Asked::Person(account) => people.push(account),
            }
        }
        bodies.sort_unstable();
        bodies.dedup();
        let organizations = organizations::service::load_many(work, &bodies)?;
        Ok(Self { team: Team::of(work, people)?, organizations })
    }

    /// What a body is called. A person is not named.
    pub fn body(&self, party: &Party) -> &str {
        let organization = match party.asked {
            Asked::Body(organization) => self.organizations.get(&organization),
            Asked::Person(_) => None,
        };
        organization.map_or("somebody who was asked by name", |one| one.name.as_str())
    }

    /// What a body or a person is called; nothing once the person is erased.
    pub fn called(&self, party: &Party) -> Option<String> {
        match party.asked {
            Asked::Body(_) => Some(self.body(party).to_owned()),
            Asked::Person(account) => self.team.member(account).map(|one| one.name),
        }
    }
}

/// Where the clearance of a report stands, over the draft as it reads in this transaction.
pub fn standing(work: &mut Work, report: &Report, whole: &Whole) -> Result<Standing, Problem> {
    let edition = next_edition(work, report.id)?;
    let round = asking::store::latest(work.conn, report.id, edition)?;
    let heard = match &round {
        Some(round) => hearing::service::heard(work, round)?,
        None => None,
    };
    let askings = match &round {
        Some(round) => asking::store::askings(work.conn, round.id)?,
        None => Vec::new(),
    };
    let agreed = positions::store::agreed(work.conn, report.id)?;
    let overrides = overriding::store::all(work.conn, report.id)?;
    let seat = |(party, asking): (Party, asking::Asking)| {
        let nothing = BTreeMap::new();
        let of_party = agreed.get(&party.id);
        let holds = overrides.iter().find(|one| one.holds_for(party.id, &whole.sha256)).cloned();
        Seat {
            outstanding: outstanding(whole, of_party.unwrap_or(&nothing)),
            has_agreed: of_party.is_some(),
            overridden: holds,
            party,
            asking,
        }
    };
    let seats = askings.into_iter().map(seat).collect();
    let parties = asking::store::parties(work.conn, report.id)?;
    let given = positions::store::given(work.conn, report.id)?.into_iter();
    let objections = given.filter(|one| one.stands()).filter_map(|position| {
        let party = parties.iter().find(|party| party.id == position.party_id)?.clone();
        let sha256 = overriding::about(whole, position.paragraph_id);
        let holds = overrides.iter().find(|one| one.holds_against(position.id, &sha256)).cloned();
        Some(Objection { position, party, overridden: holds })
    });
    Ok(Standing {
        objections: objections.collect(),
        unanswered: comments::service::unanswered(work, report.id)?,
        round,
        heard,
        seats,
    })
}

/// What stands in the way of publishing a report, of all that clearance knows.
pub fn blocking(work: &mut Work, report: &Report, whole: &Whole) -> Result<Vec<Blocker>, Problem> {
    let standing = standing(work, report, whole)?;
    let asked = standing.seats.iter().map(|seat| &seat.party);
    let parties = asked.chain(standing.objections.iter().map(|one| &one.party));
    let names = Names::of(work, parties, [])?;
    Ok(standing.blockers(|party| names.body(party).to_owned()))
}

/// The round in which answers are given now; 409 where none is open or the edition is out.
pub(in crate::reports) fn open_round(work: &mut Work, place: &Place) -> Result<Round, Problem> {
    require_unpublished(place)?;
    let edition = next_edition(work, place.report.id)?;
    let round = asking::store::latest(work.conn, place.report.id, edition)?;
    let round = round.ok_or_else(|| {
        Problem::new(Code::InvalidTransition, "No round of clearance was opened for it.")
    })?;
    round.require_open()?;
    Ok(round)
}

/// The party for which the caller speaks in a round: the one that is named, or the only one.
pub(in crate::reports) fn speaks_for(
    work: &mut Work,
    place: &Place,
    round: &Round,
    named: Option<PartyId>,
) -> Result<Party, Problem> {
    let askings = asking::store::askings(work.conn, round.id)?;
    let parties: Vec<Party> = askings.into_iter().map(|(party, _)| party).collect();
    let own = own(work, place, &parties)?;
    let mut mine = parties.into_iter().filter(|party| own.contains(&party.id));
    if let Some(named) = named {
        let found = mine.find(|party| party.id == named);
        let detail = "is nobody for whom you speak in this round";
        return found.ok_or_else(|| Problem::invalid("/party_id", detail));
    }
    match (mine.next(), mine.next()) {
        (Some(party), None) => Ok(party),
        (Some(_), Some(_)) => {
            Err(Problem::invalid("/party_id", "say for whom: you speak for several"))
        }
        (None, _) => {
            let detail = "You are not asked in this round, and nobody for whom you answer is.";
            Err(Problem::new(Code::Forbidden, detail))
        }
    }
}

/// The bodies asked in a round for which the caller speaks.
pub(in crate::reports) fn own_bodies_in(
    work: &mut Work,
    place: &Place,
    round: &Round,
) -> Result<Vec<Party>, Problem> {
    let askings = asking::store::askings(work.conn, round.id)?;
    let bodies = askings.into_iter().map(|(party, _)| party).filter(Party::is_body);
    let mut bodies: Vec<Party> = bodies.collect();
    let own = own(work, place, &bodies)?;
    bodies.retain(|party| own.contains(&party.id));
    Ok(bodies)
}

/// The parties of a report for which the caller speaks, in whatever round they were asked.
pub(in crate::reports) fn own_parties(
    work: &mut Work,
    place: &Place,
) -> Result<Vec<PartyId>, Problem> {
    let parties = asking::store::parties(work.conn, place.report.id)?;
    Ok(own(work, place, &parties)?.into_iter().collect())
}

/// An objection of a report that stands, with whose it is; 404 else.
pub fn standing_objection(
    work: &mut Work,
    report: ReportId,
    id: PositionId,
) -> Result<positions::Position, Problem> {
    let position = positions::store::position(work.conn, id)?;
    if position.report_id == report && position.stands() {
        Ok(position)
    } else {
        Err(Problem::not_found("objection that stands"))
    }
}

/// Who agreed to all of a report as it reads, and wants to be named: what is published of the approval.
pub fn approval(
    work: &mut Work,
    id: ReportId,
    whole: &Whole,
    acted_alone: bool,
) -> Result<Approval, Problem> {
    let place = locate_draft(work, id)?;
    let standing = standing(work, &place.report, whole)?;
    let given = positions::store::given(work.conn, id)?;
    let named = standing.seats.iter().filter(|seat| seat.outstanding.is_empty());
    let named: Vec<&Party> = named.map(|seat| &seat.party).filter(|one| !one.unnamed).collect();
    let names = Names::of(work, named.iter().copied(), [])?;
    let zone = zone(&place);
    let agreed = named.into_iter().filter_map(|party| {
        let own = given.iter().filter(|one| one.party_id == party.id);
        let agreements = own.filter(|one| one.kind == PositionKind::Agreement);
        let on = agreements.filter_map(|one| one.decided_at).max()?;
        let on = on.utc().with_timezone(&zone).date_naive();
        Some(Approver { name: names.called(party)?, on })
    });
    Ok(Approval { acted_alone, agreed: agreed.collect() })
}

/// What an account did and said in clearance becomes that of another one, or nobody's.
pub fn hand_over(work: &mut Work, from: AccountId, into: Option<AccountId>) -> Result<(), Problem> {
    asking::store::hand_over(work.conn, from, into)?;
    positions::store::hand_over(work.conn, from, into)?;
    comments::store::hand_over(work.conn, from, into)?;
    overriding::store::hand_over(work.conn, from, into)
}

/// What is held about an account: where it was asked, and what it said, commented and decided.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let asked = asking::store::asked(work.conn, account)?;
    let said = positions::store::proposed_by(work.conn, account)?.into_iter().map(|one| {
        json!({ "report_id": one.report_id, "kind": one.kind, "state": one.state, "reason": one.reason, "at": one.proposed_at })
    });
    let comments = comments::store::said_by(work.conn, account)?.into_iter();
    let comments = comments
        .map(|one| json!({ "report_id": one.report_id, "text": one.text, "at": one.said_at }));
    let overrides = overriding::store::made_by(work.conn, account)?.into_iter();
    let overrides = overrides
        .map(|one| json!({ "report_id": one.report_id, "reason": one.reason, "at": one.made_at }));
    Ok(json!({
        "asked_in": asked, "positions": said.collect::<Vec<_>>(),
        "comments": comments.collect::<Vec<_>>(), "overrides": overrides.collect::<Vec<_>>(),
    }))
}
