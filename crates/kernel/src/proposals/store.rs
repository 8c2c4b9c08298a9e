//! The tables of proposals, of who was told, of who was ever staff, and of what was chosen. SQL and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::{Act, Needed, Proposal, ProposalId, ProposalState};
use crate::access::{Role, ScopeKind};
use crate::db::Conn;
use crate::db::errors::Meaning;
use crate::db::schema::{
    accounts, grants, proposal_notices, proposals, staff_seats, two_people_rules,
};
use crate::db::types::{Id, Json, Timestamp};
use crate::events::AccountsMerged;
use crate::problem::Problem;
use crate::vocabulary::{AccountId, OrganizationId, ReviewId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = proposals, treat_none_as_default_value = false)]
struct Row {
    id: ProposalId,
    act: Act,
    subject: String,
    review_id: Option<ReviewId>,
    about_id: Option<AccountId>,
    needs: Needed,
    what: Json<Value>,
    sha256: Option<String>,
    state: ProposalState,
    proposed_by: AccountId,
    proposed_at: Timestamp,
    notice_ends_at: Option<Timestamp>,
    lapses_at: Timestamp,
    decided_by: Option<AccountId>,
    decided_at: Option<Timestamp>,
    note: Option<String>,
}

impl From<Row> for Proposal {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            act: row.act,
            subject: row.subject,
            review_id: row.review_id,
            about: row.about_id,
            needs: row.needs,
            what: row.what.0,
            sha256: row.sha256,
            state: row.state,
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at,
            notice_ends_at: row.notice_ends_at,
            lapses_at: row.lapses_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            note: row.note,
        }
    }
}

impl From<&Proposal> for Row {
    fn from(proposal: &Proposal) -> Self {
        let one = proposal.clone();
        Self {
            id: one.id,
            act: one.act,
            subject: one.subject,
            review_id: one.review_id,
            about_id: one.about,
            needs: one.needs,
            what: Json(one.what),
            sha256: one.sha256,
            state: one.state,
            proposed_by: one.proposed_by,
            proposed_at: one.proposed_at,
            notice_ends_at: one.notice_ends_at,
            lapses_at: one.lapses_at,
            decided_by: one.decided_by,
            decided_at: one.decided_at,
            note: one.note,
        }
    }
}

/// Adds a proposal; `taken` is what it means that the same waits already.
pub(super) fn insert(
    conn: &mut Conn,
    proposal: &Proposal,
    taken: impl FnOnce() -> Problem,
) -> Result<(), Problem> {
    let row = Row::from(proposal);
    diesel::insert_into(proposals::table).values(&row).execute(conn).on_unique(taken)?;
    Ok(())
}

/// One proposal, or 404.
pub(super) fn load(conn: &mut Conn, id: ProposalId) -> Result<Proposal, Problem> {
    let row: Option<Row> = proposals::table.find(id).first(conn).optional()?;
    row.map(Proposal::from).ok_or_else(|| Problem::not_found("proposal"))
}

/// The proposal that waits about this subject.
pub(super) fn waiting_about(
    conn: &mut Conn,
    act: Act,
    subject: &str,
) -> Result<Option<Proposal>, Problem> {
    let row: Option<Row> = proposals::table
        .filter(proposals::act.eq(act))
        .filter(proposals::subject.eq(subject))
        .filter(proposals::state.eq(ProposalState::Waiting))
        .first(conn)
        .optional()?;
    Ok(row.map(Proposal::from))
}

/// Everything that waits and has not lapsed, the oldest first.
pub(super) fn waiting(conn: &mut Conn, now: Timestamp) -> Result<Vec<Proposal>, Problem> {
    let rows: Vec<Row> = proposals::table
        .filter(proposals::state.eq(ProposalState::Waiting))
        .filter(proposals::lapses_at.gt(now))
        .order(proposals::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Proposal::from).collect())
}

/// What has waited for too long.
pub(super) fn overdue(conn: &mut Conn, now: Timestamp) -> Result<Vec<Proposal>, Problem> {
    let rows: Vec<Row> = proposals::table
        .filter(proposals::state.eq(ProposalState::Waiting))
        .filter(proposals::lapses_at.le(now))
        .order(proposals::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Proposal::from).collect())
}

/// Writes how far a proposal has come.
pub(super) fn decide(conn: &mut Conn, proposal: &Proposal) -> Result<(), Problem> {
    diesel::update(proposals::table.find(proposal.id))
        .set((
            proposals::state.eq(proposal.state),
            proposals::decided_by.eq(proposal.decided_by),
            proposals::decided_at.eq(proposal.decided_at),
            proposals::note.eq(&proposal.note),
        ))
        .execute(conn)?;
    Ok(())
}

/// About which reviews anything was done alone; none: on the instance.
pub(super) fn acted_alone(conn: &mut Conn) -> Result<BTreeSet<Option<ReviewId>>, Problem> {
    let found: Vec<Option<ReviewId>> = proposals::table
        .filter(proposals::state.eq(ProposalState::CarriedOut))
        .filter(proposals::needs.eq(Needed::Nobody))
        .select(proposals::review_id)
        .distinct()
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// Notes who was told.
pub(super) fn insert_notices(
    conn: &mut Conn,
    id: ProposalId,
    told: &BTreeSet<AccountId>,
) -> Result<(), Problem> {
    for account in told {
        diesel::insert_into(proposal_notices::table)
            .values((
                proposal_notices::proposal_id.eq(id),
                proposal_notices::account_id.eq(account),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The proposals that an account was told of.
pub(super) fn told(conn: &mut Conn, account: AccountId) -> Result<BTreeSet<ProposalId>, Problem> {
    let ids: Vec<ProposalId> = proposal_notices::table
        .filter(proposal_notices::account_id.eq(account))
        .select(proposal_notices::proposal_id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// A staff role that somebody holds who may sign in.
pub(super) struct Held {
    /// Who.
    pub account: AccountId,
    /// Which role.
    pub role: Role,
    /// For which organization, of a deputy.
    pub organization: Option<OrganizationId>,
    /// Who answers for it.
    pub made_by: BTreeSet<AccountId>,
}

/// The staff roles on the instance, and on a review if one is named, of those who may sign in.
pub(super) fn staff(conn: &mut Conn, scopes: &[Uuid]) -> Result<Vec<Held>, Problem> {
    type Found = (AccountId, Role, Option<OrganizationId>, Json<BTreeSet<AccountId>>);
    let scopes: Vec<Id<()>> = scopes.iter().copied().map(Id::new).collect();
    let rows: Vec<Found> = grants::table
        .inner_join(accounts::table.on(accounts::id.eq(grants::account_id)))
        .filter(grants::scope_id.eq_any(scopes))
        .filter(grants::scope_kind.eq_any([ScopeKind::Instance, ScopeKind::Review]))
        .filter(accounts::active.eq(true))
        .filter(accounts::merged_into.is_null())
        .order(grants::id)
        .select((grants::account_id, grants::role, grants::organization_id, grants::made_by))
        .load(conn)?;
    let held = |(account, role, organization, made_by): Found| Held {
        account,
        role,
        organization,
        made_by: made_by.0,
    };
    Ok(rows.into_iter().map(held).collect())
}

/// Of these accounts those that were merged, with the account that is left.
pub(super) fn merged(
    conn: &mut Conn,
    ids: &BTreeSet<AccountId>,
) -> Result<BTreeMap<AccountId, AccountId>, Problem> {
    let pairs: Vec<(AccountId, Option<AccountId>)> = accounts::table
        .filter(accounts::id.eq_any(ids.iter().copied().collect::<Vec<_>>()))
        .filter(accounts::merged_into.is_not_null())
        .select((accounts::id, accounts::merged_into))
        .load(conn)?;
    Ok(pairs.into_iter().filter_map(|(from, into)| into.map(|into| (from, into))).collect())
}

/// Notes that somebody holds a staff role there.
pub(super) fn seat(
    conn: &mut Conn,
    scope: Uuid,
    account: AccountId,
    now: Timestamp,
) -> Result<(), Problem> {
    let found = staff_seats::table.find((Id::<()>::new(scope), account));
    let rows = diesel::update(found).set(staff_seats::until.eq(None::<Timestamp>)).execute(conn)?;
    if rows == 0 {
        diesel::insert_into(staff_seats::table)
            .values((
                staff_seats::scope_id.eq(Id::<()>::new(scope)),
                staff_seats::account_id.eq(account),
                staff_seats::since.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Notes that somebody holds no staff role there any more.
pub(super) fn leave(
    conn: &mut Conn,
    scope: Uuid,
    account: AccountId,
    now: Timestamp,
) -> Result<(), Problem> {
    diesel::update(staff_seats::table.find((Id::<()>::new(scope), account)))
        .set(staff_seats::until.eq(Some(now)))
        .execute(conn)?;
    Ok(())
}

/// Everybody who ever held a staff role on one of these, with when they ceased to; merged accounts as the one that is left.
pub(super) fn seats(
    conn: &mut Conn,
    scopes: &[Uuid],
) -> Result<Vec<(AccountId, Option<Timestamp>)>, Problem> {
    type Found = (AccountId, Option<AccountId>, Option<Timestamp>);
    let scopes: Vec<Id<()>> = scopes.iter().copied().map(Id::new).collect();
    let rows: Vec<Found> = staff_seats::table
        .inner_join(accounts::table.on(accounts::id.eq(staff_seats::account_id)))
        .filter(staff_seats::scope_id.eq_any(scopes))
        .order(accounts::id)
        .select((accounts::id, accounts::merged_into, staff_seats::until))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, into, until)| (into.unwrap_or(id), until)).collect())
}

/// Who ever held a staff role on which of these; merged accounts as the one that is left.
pub(super) fn seated(conn: &mut Conn, scopes: &[Uuid]) -> Result<Vec<(Uuid, AccountId)>, Problem> {
    let scopes: Vec<Id<()>> = scopes.iter().copied().map(Id::new).collect();
    let rows: Vec<(Id<()>, AccountId, Option<AccountId>)> = staff_seats::table
        .inner_join(accounts::table.on(accounts::id.eq(staff_seats::account_id)))
        .filter(staff_seats::scope_id.eq_any(scopes))
        .select((staff_seats::scope_id, accounts::id, accounts::merged_into))
        .load(conn)?;
    Ok(rows.into_iter().map(|(scope, id, into)| (scope.uuid(), into.unwrap_or(id))).collect())
}

/// What was chosen for which of these: the instance, or a review.
pub(super) fn chosen(conn: &mut Conn, scopes: &[Uuid]) -> Result<Vec<(Uuid, bool)>, Problem> {
    let scopes: Vec<Id<()>> = scopes.iter().copied().map(Id::new).collect();
    let rows: Vec<(Id<()>, bool)> = two_people_rules::table
        .filter(two_people_rules::scope_id.eq_any(scopes))
        .select((two_people_rules::scope_id, two_people_rules::required))
        .load(conn)?;
    Ok(rows.into_iter().map(|(scope, required)| (scope.uuid(), required)).collect())
}

/// Notes what was chosen.
pub(super) fn choose(
    conn: &mut Conn,
    scope: Uuid,
    required: bool,
    now: Timestamp,
) -> Result<(), Problem> {
    let rows = diesel::update(two_people_rules::table.find(Id::<()>::new(scope)))
        .set((two_people_rules::required.eq(required), two_people_rules::changed_at.eq(now)))
        .execute(conn)?;
    if rows == 0 {
        diesel::insert_into(two_people_rules::table)
            .values((
                two_people_rules::scope_id.eq(Id::<()>::new(scope)),
                two_people_rules::required.eq(required),
                two_people_rules::changed_at.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Whom to write to, with their name and language.
pub(super) fn addresses(
    conn: &mut Conn,
    ids: &BTreeSet<AccountId>,
) -> Result<Vec<(String, String, Option<crate::i18n::Language>)>, Problem> {
    Ok(accounts::table
        .filter(accounts::id.eq_any(ids.iter().copied().collect::<Vec<_>>()))
        .order(accounts::id)
        .select((accounts::email, accounts::name, accounts::language))
        .load(conn)?)
}

/// What these accounts are called.
pub(super) fn names(
    conn: &mut Conn,
    ids: &BTreeSet<AccountId>,
) -> Result<BTreeMap<AccountId, String>, Problem> {
    let pairs: Vec<(AccountId, String)> = accounts::table
        .filter(accounts::id.eq_any(ids.iter().copied().collect::<Vec<_>>()))
        .select((accounts::id, accounts::name))
        .load(conn)?;
    Ok(pairs.into_iter().collect())
}

/// What one account proposed and decided, was told and where it was staff belongs to the other from now on.
pub(super) fn account_merged(conn: &mut Conn, merge: AccountsMerged) -> Result<(), Problem> {
    diesel::update(proposals::table.filter(proposals::proposed_by.eq(merge.from)))
        .set(proposals::proposed_by.eq(merge.into))
        .execute(conn)?;
    diesel::update(proposals::table.filter(proposals::decided_by.eq(merge.from)))
        .set(proposals::decided_by.eq(merge.into))
        .execute(conn)?;
    let had = told(conn, merge.into)?;
    let gets: Vec<ProposalId> = told(conn, merge.from)?.difference(&had).copied().collect();
    diesel::update(
        proposal_notices::table
            .filter(proposal_notices::account_id.eq(merge.from))
            .filter(proposal_notices::proposal_id.eq_any(gets)),
    )
    .set(proposal_notices::account_id.eq(merge.into))
    .execute(conn)?;
    diesel::delete(proposal_notices::table.filter(proposal_notices::account_id.eq(merge.from)))
        .execute(conn)?;
    Ok(())
}
