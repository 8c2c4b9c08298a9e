//! What invitations hold about a person: the address they were invited by. Erased, an invitation stays counted among those
//! that were answered or not, to nobody.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::InvitationId;
use crate::accounts::{self, AccountId};
use crate::consultations::ConsultationId;
use crate::correspondence;
use crate::db::schema::{invitation_lists, invitation_tokens, invitations};
use crate::db::types::Timestamp;
use crate::db::{Conn, keyset};
use crate::problem::Problem;
use crate::registry::{Expiring, Found, Stretch};
use crate::work::Work;

/// Everything that is held.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let email = accounts::privacy::address_of(work, account)?;
    type Row = (
        InvitationId,
        ConsultationId,
        Option<String>,
        Option<String>,
        Option<String>,
        String,
        i32,
        Option<Timestamp>,
        Option<Timestamp>,
        Option<Timestamp>,
    );
    let rows: Vec<Row> = invitations::table
        .filter(invitations::email.eq(email.as_str()))
        .order(invitations::id)
        .select((
            invitations::id,
            invitations::consultation_id,
            invitations::name,
            invitations::organization_name,
            invitations::language,
            invitations::state,
            invitations::reminders,
            invitations::invited_at,
            invitations::opened_at,
            invitations::mailed_at,
        ))
        .load(work.conn)?;
    let mut found = Vec::with_capacity(rows.len());
    for (
        id,
        consultation,
        name,
        organization,
        language,
        state,
        reminders,
        invited,
        opened,
        mailed,
    ) in rows
    {
        let lists: Vec<String> = invitation_lists::table
            .filter(invitation_lists::invitation_id.eq(id))
            .order(invitation_lists::list)
            .select(invitation_lists::list)
            .load(work.conn)?;
        found.push(json!({
            "id": id, "consultation_id": consultation, "email": email, "name": name,
            "organization_name": organization, "language": language, "state": state,
            "reminders": reminders, "invited_at": invited, "opened_at": opened, "mailed_at": mailed,
            "lists": lists,
        }));
    }
    Ok(json!({ "invitations": found }))
}

/// Forgets to whom they went.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    let email = accounts::privacy::address_of(work, account)?;
    let ids: Vec<InvitationId> = invitations::table
        .filter(invitations::email.eq(email.as_str()))
        .select(invitations::id)
        .load(work.conn)?;
    ids.into_iter().try_for_each(|id| forget(work, id))
}

/// Counts the invitations of these consultations that still say whom they went to; with `forget`, they say so no more.
pub fn purge(work: &mut Work, expiring: &Expiring, stretch: Stretch) -> Result<Found, Problem> {
    let known = known_of(work.conn, &expiring.held, stretch)?;
    if stretch.forget {
        known.iter().try_for_each(|id| self::forget(work, *id))?;
    }
    Ok(stretch.found(known.len(), known.len(), known.last().map(|last| last.uuid())))
}

/// Those of consultations that were held before a day, and that still know to whom they went.
fn known_of(
    conn: &mut Conn,
    held: &[ConsultationId],
    stretch: Stretch,
) -> Result<Vec<InvitationId>, Problem> {
    let known = invitations::table
        .filter(invitations::consultation_id.eq_any(held))
        .filter(invitations::email.not_like("%@erased.invalid"))
        .select(invitations::id)
        .into_boxed();
    let after = stretch.after.map(InvitationId::new);
    Ok(keyset::after(known, (invitations::id,), after, stretch.most).load(conn)?)
}

/// Forgets to whom one went.
fn forget(work: &mut Work, id: InvitationId) -> Result<(), Problem> {
    let tokens = invitation_tokens::table.filter(invitation_tokens::invitation_id.eq(id));
    diesel::delete(tokens).execute(work.conn)?;
    correspondence::privacy::forget_about(work, id)?;
    let nobody = accounts::privacy::erased_address(id)?;
    diesel::update(invitations::table.find(id))
        .set((
            invitations::email.eq(nobody.as_str()),
            invitations::name.eq(None::<String>),
            invitations::organization_name.eq(None::<String>),
            invitations::language.eq(None::<String>),
            invitations::version.eq(invitations::version + 1),
            invitations::updated_at.eq(work.now),
        ))
        .execute(work.conn)?;
    Ok(())
}
