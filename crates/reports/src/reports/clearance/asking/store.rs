//! SQL of rounds, parties, and of who is asked in which.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Asking, Round};
use crate::accounts::AccountId;
use crate::db::errors::{self, Meaning};
use crate::db::schema::{clearance_askings, clearance_parties, clearance_rounds};
use crate::db::types::Timestamp;
use crate::db::{Conn, keyset};
use crate::http::page::Paging;
use crate::organizations::OrganizationId;
use crate::organizations::merging::OrganizationsMerged;
use crate::problem::{Code, Problem};
use crate::reports::ReportId;
use crate::reports::clearance::{Asked, Party};
use crate::vocabulary::{ClearanceRoundId, PartyId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = clearance_rounds, treat_none_as_default_value = false)]
struct RoundRow {
    id: ClearanceRoundId,
    report_id: ReportId,
    edition: i32,
    ends_on: NaiveDate,
    version: i64,
    opened_by: Option<AccountId>,
    opened_at: Timestamp,
    closed_by: Option<AccountId>,
    closed_at: Option<Timestamp>,
}

impl From<RoundRow> for Round {
    fn from(row: RoundRow) -> Self {
        Self {
            id: row.id,
            report_id: row.report_id,
            edition: row.edition,
            ends_on: row.ends_on,
            version: row.version,
            opened_by: row.opened_by,
            opened_at: row.opened_at,
            closed_by: row.closed_by,
            closed_at: row.closed_at,
        }
    }
}

/// Stores a new round; 409 where one is open.
pub fn insert_round(conn: &mut Conn, round: &Round) -> Result<(), Problem> {
    let row = RoundRow {
        id: round.id,
        report_id: round.report_id,
        edition: round.edition,
        ends_on: round.ends_on,
        version: round.version,
        opened_by: round.opened_by,
        opened_at: round.opened_at,
        closed_by: round.closed_by,
        closed_at: round.closed_at,
    };
    let insert = diesel::insert_into(clearance_rounds::table).values(&row).execute(conn);
    insert.on_unique(|| {
        Problem::new(Code::AlreadyExists, "A round of clearance is open: change that one.")
    })?;
    Ok(())
}

/// Stores a round as it is now; its version is the next one already.
pub fn update_round(conn: &mut Conn, round: &Round) -> Result<(), Problem> {
    let before = round.version - 1;
    let this = clearance_rounds::table
        .filter(clearance_rounds::id.eq(round.id))
        .filter(clearance_rounds::version.eq(before));
    let rows = diesel::update(this)
        .set((
            clearance_rounds::ends_on.eq(round.ends_on),
            clearance_rounds::version.eq(round.version),
            clearance_rounds::closed_by.eq(round.closed_by),
            clearance_rounds::closed_at.eq(round.closed_at),
        ))
        .execute(conn)?;
    errors::written(rows, before)
}

/// The round, or 404.
pub fn round(conn: &mut Conn, id: ClearanceRoundId) -> Result<Round, Problem> {
    let row = clearance_rounds::table.find(id).first::<RoundRow>(conn).optional()?;
    row.map(Round::from).ok_or_else(|| Problem::not_found("round of clearance"))
}

/// Some of the rounds of a report, in the order in which they were opened.
pub fn rounds(conn: &mut Conn, report: ReportId, paging: &Paging) -> Result<Vec<Round>, Problem> {
    let query = clearance_rounds::table.filter(clearance_rounds::report_id.eq(report)).into_boxed();
    let part = keyset::after(
        query,
        (clearance_rounds::id,),
        paging.after_one::<ClearanceRoundId>()?,
        paging.load(),
    );
    let rows = part.load::<RoundRow>(conn)?;
    Ok(rows.into_iter().map(Round::from).collect())
}

/// The latest round for an edition of a report.
pub fn latest(conn: &mut Conn, report: ReportId, edition: i32) -> Result<Option<Round>, Problem> {
    let row = clearance_rounds::table
        .filter(clearance_rounds::report_id.eq(report))
        .filter(clearance_rounds::edition.eq(edition))
        .order(clearance_rounds::id.desc())
        .first::<RoundRow>(conn)
        .optional()?;
    Ok(row.map(Round::from))
}

/// About which edition people are asked now, in each of these reports in which they are.
pub fn open_in(conn: &mut Conn, reports: &[ReportId]) -> Result<BTreeMap<ReportId, i32>, Problem> {
    let open: Vec<(ReportId, i32)> = clearance_rounds::table
        .filter(clearance_rounds::report_id.eq_any(reports))
        .filter(clearance_rounds::closed_at.is_null())
        .select((clearance_rounds::report_id, clearance_rounds::edition))
        .load(conn)?;
    Ok(open.into_iter().collect())
}

/// The rounds that are open.
pub fn open(conn: &mut Conn) -> Result<Vec<Round>, Problem> {
    let rows = clearance_rounds::table
        .filter(clearance_rounds::closed_at.is_null())
        .order(clearance_rounds::id)
        .load::<RoundRow>(conn)?;
    Ok(rows.into_iter().map(Round::from).collect())
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = clearance_parties, treat_none_as_default_value = false)]
struct PartyRow {
    id: PartyId,
    report_id: ReportId,
    organization_id: Option<OrganizationId>,
    account_id: Option<AccountId>,
    unnamed: bool,
}

impl From<PartyRow> for Party {
    fn from(row: PartyRow) -> Self {
        let asked = row.organization_id.map_or(Asked::Person(row.account_id), Asked::Body);
        Self { id: row.id, report_id: row.report_id, asked, unnamed: row.unnamed }
    }
}

/// Stores a new party.
pub fn insert_party(conn: &mut Conn, party: &Party) -> Result<(), Problem> {
    let (organization_id, account_id) = match party.asked {
        Asked::Body(organization) => (Some(organization), None),
        Asked::Person(account) => (None, account),
    };
    let (id, report_id, unnamed) = (party.id, party.report_id, party.unnamed);
    let row = PartyRow { id, report_id, organization_id, account_id, unnamed };
    diesel::insert_into(clearance_parties::table).values(&row).execute(conn)?;
    Ok(())
}

/// Keeps whether a party asked not to be named.
pub fn set_unnamed(conn: &mut Conn, id: PartyId, unnamed: bool) -> Result<(), Problem> {
    diesel::update(clearance_parties::table.find(id))
        .set(clearance_parties::unnamed.eq(unnamed))
        .execute(conn)?;
    Ok(())
}

/// Everybody who was ever asked in a report.
pub fn parties(conn: &mut Conn, report: ReportId) -> Result<Vec<Party>, Problem> {
    let rows = clearance_parties::table
        .filter(clearance_parties::report_id.eq(report))
        .order(clearance_parties::id)
        .load::<PartyRow>(conn)?;
    Ok(rows.into_iter().map(Party::from).collect())
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = clearance_askings, treat_none_as_default_value = false)]
struct AskingRow {
    round_id: ClearanceRoundId,
    party_id: PartyId,
    needed: bool,
    asked_by: Option<AccountId>,
    asked_at: Timestamp,
    reminded_on: Option<NaiveDate>,
}

impl From<AskingRow> for Asking {
    fn from(row: AskingRow) -> Self {
        Self {
            round_id: row.round_id,
            party_id: row.party_id,
            needed: row.needed,
            asked_by: row.asked_by,
            asked_at: row.asked_at,
            reminded_on: row.reminded_on,
        }
    }
}

/// Stores that a party is asked; 409 where it is already.
pub fn insert_asking(conn: &mut Conn, asking: &Asking, pointer: &str) -> Result<(), Problem> {
    let row = AskingRow {
        round_id: asking.round_id,
        party_id: asking.party_id,
        needed: asking.needed,
        asked_by: asking.asked_by,
        asked_at: asking.asked_at,
        reminded_on: asking.reminded_on,
    };
    let insert = diesel::insert_into(clearance_askings::table).values(&row).execute(conn);
    insert.on_unique(|| errors::taken(pointer, "is asked in this round already"))?;
    Ok(())
}

/// Who is asked in a round, in the order in which parties became known.
pub fn askings(conn: &mut Conn, round: ClearanceRoundId) -> Result<Vec<(Party, Asking)>, Problem> {
    let rows: Vec<(PartyRow, AskingRow)> = clearance_parties::table
        .inner_join(clearance_askings::table)
        .filter(clearance_askings::round_id.eq(round))
        .order(clearance_parties::id)
        .load(conn)?;
    Ok(rows.into_iter().map(|(party, asking)| (party.into(), asking.into())).collect())
}

/// Notes on which day a party was reminded.
pub fn reminded(
    conn: &mut Conn,
    round: ClearanceRoundId,
    party: PartyId,
    on: NaiveDate,
) -> Result<(), Problem> {
    diesel::update(clearance_askings::table.find((round, party)))
        .set(clearance_askings::reminded_on.eq(Some(on)))
        .execute(conn)?;
    Ok(())
}

/// In which reports an account was asked by name.
pub fn asked(conn: &mut Conn, account: AccountId) -> Result<Vec<ReportId>, Problem> {
    Ok(clearance_parties::table
        .filter(clearance_parties::account_id.eq(account))
        .order(clearance_parties::id)
        .select(clearance_parties::report_id)
        .load(conn)?)
}

/// One organization is asked in place of another.
pub fn organization_merged(conn: &mut Conn, merged: OrganizationsMerged) -> Result<(), Problem> {
    let OrganizationsMerged { from, into } = merged;
    let own = clearance_parties::table.filter(clearance_parties::organization_id.eq(from));
    diesel::update(own).set(clearance_parties::organization_id.eq(Some(into))).execute(conn)?;
    Ok(())
}

/// Rounds and askings of an account become those of another one, or nobody's; so does what it is asked.
pub fn hand_over(conn: &mut Conn, from: AccountId, into: Option<AccountId>) -> Result<(), Problem> {
    let opened = clearance_rounds::table.filter(clearance_rounds::opened_by.eq(from));
    diesel::update(opened).set(clearance_rounds::opened_by.eq(into)).execute(conn)?;
    let closed = clearance_rounds::table.filter(clearance_rounds::closed_by.eq(from));
    diesel::update(closed).set(clearance_rounds::closed_by.eq(into)).execute(conn)?;
    let asked = clearance_askings::table.filter(clearance_askings::asked_by.eq(from));
    diesel::update(asked).set(clearance_askings::asked_by.eq(into)).execute(conn)?;
    let parties = clearance_parties::table.filter(clearance_parties::account_id.eq(from));
    diesel::update(parties).set(clearance_parties::account_id.eq(into)).execute(conn)?;
    Ok(())
}
