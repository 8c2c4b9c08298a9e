//! What happens to offers when two entries of an organization, or two accounts of a person, are made one. SQL, and when
//! to use it; it does not ask who asks.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{OfferId, OfferState};
use crate::accounts::AccountId;
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::schema::co_organizing_offers as offers;
use crate::db::types::Timestamp;
use crate::events::AccountsMerged;
use crate::organizations::OrganizationId;
use crate::organizations::merging::OrganizationsMerged;
use crate::problem::Problem;
use crate::work::Work;

/// What an offer that waits is told from others by, beside who or what is merged.
type Open = (OfferId, ConsultationId, OrganizationId, AccountId);

/// Gives the offers of one organization to another; says how many there were. Of two that one person made and that
/// wait, the one of the entry that is given up is withdrawn.
pub fn organization_merged(work: &mut Work, merged: OrganizationsMerged) -> Result<u64, Problem> {
    let OrganizationsMerged { from, into } = merged;
    let theirs: BTreeSet<(ConsultationId, AccountId)> = open(work.conn)?
        .into_iter()
        .filter(|(_, _, organization, _)| *organization == into)
        .map(|(_, consultation, _, account)| (consultation, account))
        .collect();
    for (id, consultation, organization, account) in open(work.conn)? {
        if organization == from && theirs.contains(&(consultation, account)) {
            withdraw(work.conn, id, work.now)?;
        }
    }
    let moved = diesel::update(offers::table.filter(offers::organization_id.eq(from)))
        .set((
            offers::organization_id.eq(into),
            offers::version.eq(offers::version + 1),
            offers::updated_at.eq(work.now),
        ))
        .execute(work.conn)?;
    Ok(moved as u64)
}

/// Gives the offers of one account to another, and what it decided. Of two for one organization that wait, the one of
/// the account that is given up is withdrawn.
pub fn account_merged(work: &mut Work, merged: AccountsMerged) -> Result<(), Problem> {
    let AccountsMerged { from, into } = merged;
    let theirs: BTreeSet<(ConsultationId, OrganizationId)> = open(work.conn)?
        .into_iter()
        .filter(|(.., account)| *account == into)
        .map(|(_, consultation, organization, _)| (consultation, organization))
        .collect();
    for (id, consultation, organization, account) in open(work.conn)? {
        if account == from && theirs.contains(&(consultation, organization)) {
            withdraw(work.conn, id, work.now)?;
        }
    }
    diesel::update(offers::table.filter(offers::decided_by.eq(from)))
        .set(offers::decided_by.eq(into))
        .execute(work.conn)?;
    diesel::update(offers::table.filter(offers::account_id.eq(from)))
        .set((
            offers::account_id.eq(into),
            offers::version.eq(offers::version + 1),
            offers::updated_at.eq(work.now),
        ))
        .execute(work.conn)?;
    Ok(())
}

/// The offers that wait: few, in any consultation.
fn open(conn: &mut Conn) -> Result<Vec<Open>, Problem> {
    Ok(offers::table
        .filter(offers::state.eq(OfferState::Submitted))
        .select((offers::id, offers::consultation_id, offers::organization_id, offers::account_id))
        .load(conn)?)
}

fn withdraw(conn: &mut Conn, id: OfferId, now: Timestamp) -> Result<(), Problem> {
    diesel::update(offers::table.find(id))
        .set((
            offers::state.eq(OfferState::Withdrawn),
            offers::version.eq(offers::version + 1),
            offers::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
