//! The tables of invitations, of the lists they came from and of their tokens. SQL and nothing else.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::{Filter, Invitation, InvitationId, InvitationState, Progress};
use crate::accounts::Email;
use crate::consultations::ConsultationId;
use crate::db::errors::{self, Meaning};
use crate::db::schema::{invitation_lists, invitation_tokens, invitations};
use crate::db::types::Timestamp;
use crate::db::{Conn, Prepare, keyset};
use crate::i18n::Language;
use crate::insert_rows;
use crate::problem::Problem;
use crate::vocabulary::RegistrationId;

/// Rows or ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

#[derive(Queryable, Insertable)]
#[diesel(table_name = invitations, treat_none_as_default_value = false)]
struct Row {
    id: InvitationId,
    consultation_id: ConsultationId,
    email: Email,
    name: Option<String>,
    organization_name: Option<String>,
    language: Option<Language>,
    state: InvitationState,
    registration_id: Option<RegistrationId>,
    reminders: i32,
    invited_at: Option<Timestamp>,
    opened_at: Option<Timestamp>,
    mailed_at: Option<Timestamp>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = invitation_lists)]
struct ListRow {
    invitation_id: InvitationId,
    list: String,
}

#[derive(Insertable)]
#[diesel(table_name = invitation_tokens)]
struct TokenRow {
    token_hash: String,
    invitation_id: InvitationId,
    created_at: Timestamp,
}

impl Row {
    fn with(self, lists: Vec<String>) -> Invitation {
        Invitation {
            id: self.id,
            consultation_id: self.consultation_id,
            email: self.email,
            name: self.name,
            organization_name: self.organization_name,
            language: self.language,
            lists,
            state: self.state,
            registration_id: self.registration_id,
            reminders: self.reminders,
            invited_at: self.invited_at,
            opened_at: self.opened_at,
            mailed_at: self.mailed_at,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }

    fn of(one: &Invitation) -> Self {
        Self {
            id: one.id,
            consultation_id: one.consultation_id,
            email: one.email.clone(),
            name: one.name.clone(),
            organization_name: one.organization_name.clone(),
            language: one.language,
            state: one.state,
            registration_id: one.registration_id,
            reminders: one.reminders,
            invited_at: one.invited_at,
            opened_at: one.opened_at,
            mailed_at: one.mailed_at,
            version: one.version,
            created_at: one.created_at,
            updated_at: one.updated_at,
        }
    }
}

/// Adds invitations with their lists. Their addresses must be new to the consultation; who loses a race tries again.
pub fn insert(conn: &mut Conn, new: &[Invitation]) -> Result<(), Problem> {
    let rows: Vec<Row> = new.iter().map(Row::of).collect();
    insert_rows!(conn, invitations::table, &rows).on_unique(Problem::contention)?;
    let lists = new.iter().flat_map(|one| one.lists.iter().map(|list| (one.id, list.clone())));
    add_lists(conn, &lists.collect::<Vec<_>>())
}

/// Notes further lists that invitations came from; who loses a race tries again.
pub fn add_lists(conn: &mut Conn, pairs: &[(InvitationId, String)]) -> Result<(), Problem> {
    let row = |(id, list): &(_, String)| ListRow { invitation_id: *id, list: list.clone() };
    let rows: Vec<ListRow> = pairs.iter().map(row).collect();
    insert_rows!(conn, invitation_lists::table, &rows).on_unique(Problem::contention)
}

/// Counts a change of these invitations.
pub fn touch(conn: &mut Conn, ids: &[InvitationId], now: Timestamp) -> Result<(), Problem> {
    for part in ids.chunks(CHUNK) {
        let set =
            (invitations::version.eq(invitations::version + 1), invitations::updated_at.eq(now));
        diesel::update(invitations::table.filter(invitations::id.eq_any(part)))
            .set(set)
            .execute(conn)?;
    }
    Ok(())
}

/// Keeps the hashes of tokens.
pub fn insert_tokens(
    conn: &mut Conn,
    tokens: Vec<(String, InvitationId)>,
    now: Timestamp,
) -> Result<(), Problem> {
    let row = |(token_hash, invitation_id)| TokenRow { token_hash, invitation_id, created_at: now };
    let rows: Vec<TokenRow> = tokens.into_iter().map(row).collect();
    Ok(insert_rows!(conn, invitation_tokens::table, &rows)?)
}

/// The invitation that a token of this hash belongs to.
pub fn by_token_hash(conn: &mut Conn, hash: &str) -> Result<Option<Invitation>, Problem> {
    let id: Option<InvitationId> = invitation_tokens::table
        .find(hash)
        .select(invitation_tokens::invitation_id)
        .first(conn)
        .optional()?;
    id.map(|id| load(conn, id)).transpose()
}

/// One invitation, or 404.
pub fn load(conn: &mut Conn, id: InvitationId) -> Result<Invitation, Problem> {
    let row: Option<Row> = invitations::table.find(id).first(conn).optional()?;
    let row = row.ok_or_else(|| Problem::not_found("invitation"))?;
    with_lists(conn, vec![row])?.pop().ok_or_else(|| Problem::not_found("invitation"))
}

/// Whether anybody was invited to the consultation.
pub fn any(conn: &mut Conn, consultation: ConsultationId) -> Result<bool, Problem> {
    let of = invitations::table.filter(invitations::consultation_id.eq(consultation));
    let first: Option<InvitationId> = of.select(invitations::id).first(conn).optional()?;
    Ok(first.is_some())
}

/// The invitation of an address, if it has one.
pub fn by_email(
    conn: &mut Conn,
    consultation: ConsultationId,
    email: &Email,
) -> Result<Option<Invitation>, Problem> {
    let row: Option<Row> = invitations::table
        .filter(invitations::consultation_id.eq(consultation))
        .filter(invitations::email.eq(email))
        .first(conn)
        .optional()?;
    Ok(with_lists(conn, row.into_iter().collect())?.pop())
}

/// The consultation's invitations to any of these addresses.
pub fn by_emails(
    conn: &mut Conn,
    consultation: ConsultationId,
    emails: &[Email],
) -> Result<Vec<Invitation>, Problem> {
    let mut rows = Vec::new();
    for part in emails.chunks(CHUNK) {
        let found: Vec<Row> = invitations::table
            .filter(invitations::consultation_id.eq(consultation))
            .filter(invitations::email.eq_any(part))
            .load(conn)?;
        rows.extend(found);
    }
    with_lists(conn, rows)
}

/// Invitations of a consultation after an id, in the order they were entered.
pub fn list(
    conn: &mut Conn,
    consultation: ConsultationId,
    filter: &Filter,
    after: Option<InvitationId>,
    limit: i64,
) -> Result<Vec<Invitation>, Problem> {
    let mut query =
        invitations::table.filter(invitations::consultation_id.eq(consultation)).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(invitations::state.eq(state));
    }
    if let Some(email) = &filter.email {
        query = query.filter(invitations::email.eq(email.clone()));
    }
    if let Some(list) = &filter.list {
        query = query.filter(invitations::id.eq_any(on_list(list)));
    }
    let part = keyset::after(query, (invitations::id,), after, limit);
    let rows: Vec<Row> = part.load(conn)?;
    with_lists(conn, rows)
}

/// All invitations in one of these states, from a list or from any.
pub fn in_states(
    conn: &mut Conn,
    consultation: ConsultationId,
    states: &[InvitationState],
    list: Option<&str>,
) -> Result<Vec<Invitation>, Problem> {
    let mut query = invitations::table
        .filter(invitations::consultation_id.eq(consultation))
        .filter(invitations::state.eq_any(states.to_vec()))
        .into_boxed();
    if let Some(list) = list {
        query = query.filter(invitations::id.eq_any(on_list(list)));
    }
    let rows: Vec<Row> = query.order(invitations::id).load(conn)?;
    with_lists(conn, rows)
}

#[diesel::dsl::auto_type]
fn on_list<'a>(list: &'a str) -> _ {
    invitation_lists::table
        .filter(invitation_lists::list.eq(list))
        .select(invitation_lists::invitation_id)
}

fn with_lists(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Invitation>, Problem> {
    let ids: Vec<InvitationId> = rows.iter().map(|row| row.id).collect();
    let mut lists = lists_of(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let own = lists.remove(&row.id).unwrap_or_default();
            row.with(own)
        })
        .collect())
}

fn lists_of(
    conn: &mut Conn,
    ids: &[InvitationId],
) -> Result<HashMap<InvitationId, Vec<String>>, Problem> {
    let mut found: HashMap<InvitationId, BTreeSet<String>> = HashMap::new();
    for part in ids.chunks(CHUNK) {
        let rows: Vec<ListRow> = invitation_lists::table
            .filter(invitation_lists::invitation_id.eq_any(part))
            .load(conn)?;
        for row in rows {
            found.entry(row.invitation_id).or_default().insert(row.list);
        }
    }
    Ok(found.into_iter().map(|(id, lists)| (id, lists.into_iter().collect())).collect())
}

/// Writes what can change of an invitation, if it still has the version; it then has the next.
pub fn update(conn: &mut Conn, one: &Invitation) -> Result<(), Problem> {
    let target = invitations::table.find(one.id).filter(invitations::version.eq(one.version));
    let rows = diesel::update(target)
        .set((
            invitations::name.eq(&one.name),
            invitations::organization_name.eq(&one.organization_name),
            invitations::language.eq(one.language),
            invitations::state.eq(one.state),
            invitations::registration_id.eq(one.registration_id),
            invitations::opened_at.eq(one.opened_at),
            invitations::invited_at.eq(one.invited_at),
            invitations::mailed_at.eq(one.mailed_at),
            invitations::version.eq(one.version + 1),
            invitations::updated_at.eq(one.updated_at),
        ))
        .prepared()
        .execute(conn)?;
    errors::written(rows, one.version)
}

/// Notes that a first mail was made for these.
pub fn invited(conn: &mut Conn, ids: &[InvitationId], now: Timestamp) -> Result<(), Problem> {
    for part in ids.chunks(CHUNK) {
        diesel::update(invitations::table.filter(invitations::id.eq_any(part)))
            .set((
                invitations::state.eq(InvitationState::Invited),
                invitations::invited_at.eq(Some(now)),
                invitations::mailed_at.eq(Some(now)),
                invitations::version.eq(invitations::version + 1),
                invitations::updated_at.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Notes that a reminder was made for these.
pub fn reminded(conn: &mut Conn, ids: &[InvitationId], now: Timestamp) -> Result<(), Problem> {
    for part in ids.chunks(CHUNK) {
        diesel::update(invitations::table.filter(invitations::id.eq_any(part)))
            .set((
                invitations::reminders.eq(invitations::reminders + 1),
                invitations::mailed_at.eq(Some(now)),
                invitations::version.eq(invitations::version + 1),
                invitations::updated_at.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Deletes an invitation with its lists and tokens, if it still has the version.
pub fn delete(conn: &mut Conn, id: InvitationId, version: i64) -> Result<(), Problem> {
    let target = invitations::table.find(id).filter(invitations::version.eq(version));
    errors::written(diesel::delete(target).execute(conn)?, version)
}

/// How far each invitation of a consultation has come, and from which lists it came; nothing of whom it is for.
pub fn progress(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<(Progress, Vec<String>)>, Problem> {
    type ProgressRow = (InvitationId, InvitationState, Option<Timestamp>, Option<Timestamp>, i32);
    let rows: Vec<ProgressRow> = invitations::table
        .filter(invitations::consultation_id.eq(consultation))
        .select((
            invitations::id,
            invitations::state,
            invitations::invited_at,
            invitations::opened_at,
            invitations::reminders,
        ))
        .load(conn)?;
    let pairs: Vec<(InvitationId, String)> = invitation_lists::table
        .inner_join(invitations::table)
        .filter(invitations::consultation_id.eq(consultation))
        .select((invitation_lists::invitation_id, invitation_lists::list))
        .load(conn)?;
    let mut lists: HashMap<InvitationId, Vec<String>> = HashMap::new();
    for (id, list) in pairs {
        lists.entry(id).or_default().push(list);
    }
    let part = |(id, state, invited, opened, reminders): ProgressRow| {
        let (invited, opened) = (invited.is_some(), opened.is_some());
        let own = lists.remove(&id).unwrap_or_default();
        (Progress { state, invited, opened, reminders }, own)
    };
    Ok(rows.into_iter().map(part).collect())
}
