//! Opens, changes and closes rounds: whoever may clear the report. Must never learn who said what.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;
use uuid::Uuid;

use super::{Asking, Round, ToAsk, check_end, store};
use crate::access::{Permission, Role, ScopeKind};
use crate::accounts::{self, AccountId};
use crate::consultations::{self, CoOrganizer, Consultation};
use crate::http::page::{Listing, Paging};
use crate::organizations::OrganizationId;
use crate::problem::{Checks, Code, Problem, require_version};
use crate::registrations;
use crate::reports::clearance::{Asked, Party, hearing};
use crate::reports::rights::{Place, locate_draft};
use crate::reports::store::editions;
use crate::reports::{ReportId, ReportState};
use crate::vocabulary::{ClearanceRoundId, PartyId};
use crate::work::Work;

/// As many are asked in one round.
const MOST_ASKED: usize = 50;

/// The day that it is where the consultation is; a paper's is UTC.
pub(in crate::reports) fn today(work: &Work, place: &Place) -> NaiveDate {
    work.now.utc().with_timezone(&zone(place)).date_naive()
}

/// The zone that days are counted in.
pub(in crate::reports) fn zone(place: &Place) -> Tz {
    place.consultation.as_ref().map_or(Tz::UTC, |consultation| consultation.zone)
}

/// The number of the edition that comes next.
pub fn next_edition(work: &mut Work, id: ReportId) -> Result<i32, Problem> {
    let count = editions::count_editions(work.conn, id)?;
    Ok(i32::try_from(count).map_err(Problem::internal)? + 1)
}

/// Opens a round for a report in clearance. What was agreed to in an earlier one holds.
pub fn open(
    work: &mut Work,
    id: ReportId,
    ends_on: NaiveDate,
    asked: &[ToAsk],
) -> Result<Round, Problem> {
    work.lock(id.uuid())?;
    let place = locate_draft(work, id)?;
    work.require(Permission::ClearReports, &place.scope)?;
    if place.report.state != ReportState::Clearance {
        let detail =
            format!("The report is in {}; a round is opened in clearance.", place.report.state);
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    check_end(ends_on, today(work, &place))?;
    let round = Round {
        id: work.id(),
        report_id: id,
        edition: next_edition(work, id)?,
        ends_on,
        version: 1,
        opened_by: work.caller.id(),
        opened_at: work.now,
        closed_by: None,
        closed_at: None,
    };
    store::insert_round(work.conn, &round)?;
    put(work, &place, &round, asked)?;
    work.audit("clearance_round.opened", "clearance_round", round.id);
    Ok(round)
}

/// Asks several parties: all of them, or none.
fn put(work: &mut Work, place: &Place, round: &Round, asked: &[ToAsk]) -> Result<(), Problem> {
    if asked.is_empty() || asked.len() > MOST_ASKED {
        let detail = format!("name from 1 to {MOST_ASKED} to be asked");
        return Err(Problem::invalid("/asked", detail));
    }
    let mut checks = Checks::new();
    let known = store::parties(work.conn, round.report_id)?;
    let mut seen = BTreeSet::new();
    for (index, one) in asked.iter().enumerate() {
        let pointer = format!("/asked/{index}");
        checks.require(seen.insert(one.asked), &pointer, "is named twice");
        checks.take(require_askable(work, place, one.asked, &pointer))?;
    }
    checks.finish()?;
    for (index, one) in asked.iter().enumerate() {
        let party = known.iter().find(|party| party.asked == one.asked).map(|party| party.id);
        let party_id = match party {
            Some(id) => id,
            None => join(work, round.report_id, one.asked)?,
        };
        let asking = Asking {
            round_id: round.id,
            party_id,
            needed: one.needed,
            asked_by: work.caller.id(),
            asked_at: work.now,
            reminded_on: None,
        };
        store::insert_asking(work.conn, &asking, &format!("/asked/{index}"))?;
    }
    Ok(())
}

fn join(work: &mut Work, report_id: ReportId, asked: Asked) -> Result<PartyId, Problem> {
    // A person is named in public only where they say so.
    let unnamed = matches!(asked, Asked::Person(_));
    let party = Party { id: work.id(), report_id, asked, unnamed };
    store::insert_party(work.conn, &party)?;
    Ok(party.id)
}

/// 422 for a body that does not co-organize or that nobody could answer for, and for a person who may not read the draft.
fn require_askable(
    work: &mut Work,
    place: &Place,
    asked: Asked,
    pointer: &str,
) -> Result<(), Problem> {
    match (asked, &place.consultation) {
        (Asked::Body(_), None) => {
            let detail = "a paper has no co-organizers: ask people of the team";
            Err(Problem::invalid(format!("{pointer}/organization_id"), detail))
        }
        (Asked::Body(organization), Some(consultation)) => {
            let pointer = format!("{pointer}/organization_id");
            if members(work, consultation, organization)?.is_empty() {
                let detail = "is no co-organizer of the consultation, or nobody holds the role of a co-organizer for it";
                return Err(Problem::invalid(pointer, detail));
            }
            Ok(())
        }
        (Asked::Person(account), _) => {
            let reads = account.map(|account| may_read(work, place, account)).transpose()?;
            if reads == Some(true) {
                return Ok(());
            }
            let detail = "is nobody who may read the draft";
            Err(Problem::invalid(format!("{pointer}/account_id"), detail))
        }
    }
}

fn may_read(work: &mut Work, place: &Place, account: AccountId) -> Result<bool, Problem> {
    let caller = Problem::or_refused(crate::access::caller::of(work.conn, account))?;
    Ok(caller.is_some_and(|caller| caller.may(Permission::ReadDrafts, &place.scope)))
}

/// Who can be asked in a report.
#[derive(Debug, Default)]
pub struct Askable {
    /// Organizations that co-organize and for which somebody answers.
    pub bodies: Vec<OrganizationId>,
    /// People of the team who may read the draft.
    pub people: Vec<AccountId>,
}

/// Whom the caller may ask: nobody for whoever opens no rounds.
pub fn askable(work: &mut Work, id: ReportId) -> Result<Askable, Problem> {
    let place = locate_draft(work, id)?;
    let mut found = Askable::default();
    if !work.may(Permission::ClearReports, &place.scope) {
        return Ok(found);
    }
    if let Some(consultation) = &place.consultation {
        for part in consultations::programme::service::all::<CoOrganizer>(work, consultation.id)? {
            let body = part.organization_id;
            let known = found.bodies.contains(&body);
            if !known && !members(work, consultation, body)?.is_empty() {
                found.bodies.push(body);
            }
        }
    }
    for account in team(work, &place)? {
        if may_read(work, &place, account)? {
            found.people.push(account);
        }
    }
    Ok(found)
}

/// Whoever holds a role on the report's consultation, its review or the instance, and may sign in.
fn team(work: &mut Work, place: &Place) -> Result<BTreeSet<AccountId>, Problem> {
    let consultation = place.consultation.as_ref().map(|one| one.id.uuid());
    let places = [
        (ScopeKind::Consultation, consultation),
        (ScopeKind::Review, Some(place.report.review_id.uuid())),
        (ScopeKind::Instance, Some(Uuid::nil())),
    ];
    let mut team = BTreeSet::new();
    for (kind, on) in places.into_iter().filter_map(|(kind, on)| Some((kind, on?))) {
        let holders = accounts::roles::service::holders(work, kind, on)?;
        team.extend(holders.into_iter().map(|(_, account)| account));
    }
    let ids: Vec<AccountId> = team.iter().copied().collect();
    let people = accounts::service::names(work, &ids)?;
    team.retain(|account| people.get(account).is_some_and(|person| person.active));
    Ok(team)
}

/// Who answers for a party: the person, or the members of the body.
pub(in crate::reports) fn answering(
    work: &mut Work,
    place: &Place,
    party: &Party,
) -> Result<Vec<AccountId>, Problem> {
    match (party.asked, &place.consultation) {
        (Asked::Body(organization), Some(one)) => members(work, one, organization),
        (Asked::Body(_), None) => Ok(Vec::new()),
        (Asked::Person(account), _) => Ok(account.into_iter().collect()),
    }
}

/// Who answers for a body: everybody who holds the role of a co-organizer for it and may sign in.
fn members(
    work: &mut Work,
    consultation: &Consultation,
    organization: OrganizationId,
) -> Result<Vec<AccountId>, Problem> {
    let takes_part = consultations::programme::service::all::<CoOrganizer>(work, consultation.id)?;
    if !takes_part.iter().any(|one| one.organization_id == organization) {
        return Ok(Vec::new());
    }
    let on = consultation.id.uuid();
    let holders = accounts::roles::service::holders(work, ScopeKind::Consultation, on)?;
    let holders = holders.into_iter().filter(|(role, _)| *role == Role::CoOrganizer);
    let holders: Vec<AccountId> = holders.map(|(_, account)| account).collect();
    let people = accounts::service::names(work, &holders)?;
    let active = |account: &AccountId| people.get(account).is_some_and(|person| person.active);
    let mut members = Vec::new();
    for account in holders.into_iter().filter(active) {
        let own = registrations::listing::own_organizations(work, consultation, account)?;
        if own.contains(&organization) {
            members.push(account);
        }
    }
    Ok(members)
}

/// The parties that the caller answers for, of those.
pub(in crate::reports) fn own<'p>(
    work: &mut Work,
    place: &Place,
    parties: impl IntoIterator<Item = &'p Party>,
) -> Result<BTreeSet<PartyId>, Problem> {
    let Some(account) = work.caller.id() else { return Ok(BTreeSet::new()) };
    let bodies = match &place.consultation {
        Some(one) if work.may(Permission::ReadOwnPeople, &place.scope) => {
            registrations::listing::own_organizations(work, one, account)?
        }
        _ => Vec::new(),
    };
    let is_own = |party: &&Party| match party.asked {
        Asked::Body(organization) => bodies.contains(&organization),
        Asked::Person(person) => person == Some(account),
    };
    Ok(parties.into_iter().filter(is_own).map(|party| party.id).collect())
}

/// The round with the place of its report, locked, for one who may clear it.
pub(in crate::reports) fn to_change(
    work: &mut Work,
    id: ClearanceRoundId,
    version: i64,
) -> Result<(Round, Place), Problem> {
    let report = see(work, id)?.report_id;
    work.lock(report.uuid())?;
    let place = locate_draft(work, report)?;
    work.require(Permission::ClearReports, &place.scope)?;
    let round = store::round(work.conn, id)?;
    require_version(round.version, version)?;
    round.require_open()?;
    Ok((round, place))
}

pub(in crate::reports) fn save(
    work: &mut Work,
    round: Round,
    action: &'static str,
) -> Result<Round, Problem> {
    let round = Round { version: round.version + 1, ..round };
    store::update_round(work.conn, &round)?;
    work.audit(action, "clearance_round", round.id);
    Ok(round)
}

/// Lets a round end on another day.
pub fn move_end(
    work: &mut Work,
    id: ClearanceRoundId,
    version: i64,
    ends_on: Option<NaiveDate>,
) -> Result<Round, Problem> {
    let (round, place) = to_change(work, id, version)?;
    let ends_on = ends_on.unwrap_or(round.ends_on);
    check_end(ends_on, today(work, &place))?;
    save(work, Round { ends_on, ..round }, "clearance_round.updated")
}

/// Asks further parties.
pub fn ask(
    work: &mut Work,
    id: ClearanceRoundId,
    version: i64,
    asked: &[ToAsk],
) -> Result<Round, Problem> {
    let (round, place) = to_change(work, id, version)?;
    put(work, &place, &round, asked)?;
    save(work, round, "clearance_round.asked")
}

/// Closes a round: nobody answers in it any more. What is needed stays needed. 409 as long as participants have time.
pub fn close(work: &mut Work, id: ClearanceRoundId, version: i64) -> Result<Round, Problem> {
    let (round, _) = to_change(work, id, version)?;
    hearing::service::require_settled(work, &round)?;
    closed(work, round)
}

fn closed(work: &mut Work, round: Round) -> Result<Round, Problem> {
    let (closed_by, closed_at) = (work.caller.id(), Some(work.now));
    save(work, Round { closed_by, closed_at, ..round }, "clearance_round.closed")
}

/// The edition that a round was for is published: it ends with it.
pub fn close_with_edition(work: &mut Work, id: ReportId, edition: i32) -> Result<(), Problem> {
    let round = store::latest(work.conn, id, edition)?;
    if let Some(round) = round.filter(|round| round.closed_at.is_none()) {
        closed(work, round)?;
    }
    Ok(())
}

/// A round, for those who may read drafts.
pub fn see(work: &mut Work, id: ClearanceRoundId) -> Result<Round, Problem> {
    let round = store::round(work.conn, id)?;
    let missing = |_: &Problem| Problem::not_found("round of clearance");
    locate_draft(work, round.report_id).map_err(|told| told.refused_as(missing))?;
    Ok(round)
}

/// Some of the rounds of a report, in the order in which they were opened, for those who may read drafts.
pub fn list(work: &mut Work, id: ReportId, paging: &Paging) -> Result<Listing<Round>, Problem> {
    locate_draft(work, id)?;
    let rows = store::rounds(work.conn, id, paging)?;
    Ok(paging.finish(rows, |one| vec![one.id.to_string()]))
}

/// Whoever was asked in a report in any round, for naming them. Does not ask who asks.
pub fn parties(work: &mut Work, id: ReportId) -> Result<Vec<Party>, Problem> {
    store::parties(work.conn, id)
}

/// Who is asked in a round.
pub fn asked(work: &mut Work, round: &Round) -> Result<Vec<(Party, Asking)>, Problem> {
    store::askings(work.conn, round.id)
}

/// What the caller may do with a round.
pub fn allowed_actions(work: &mut Work, round: &Round) -> Result<Vec<&'static str>, Problem> {
    let place = locate_draft(work, round.report_id)?;
    if !work.may(Permission::ClearReports, &place.scope) || round.closed_at.is_some() {
        return Ok(Vec::new());
    }
    let table = [
        ("update", true),
        ("ask", true),
        ("ask_participants", hearing::service::may_ask(work, &place, round)?),
        ("close", hearing::service::heard(work, round)?.is_none_or(|heard| heard.settled)),
    ];
    Ok(table.into_iter().filter(|(_, may)| *may).map(|(action, _)| action).collect())
}
