//! The table of offers to co-organize. SQL and nothing else.

use diesel::prelude::*;

use super::{DeclineReason, Offer, OfferId, OfferState};
use crate::accounts::AccountId;
use crate::consultations::{CoOrganizerId, CoOrganizerKind, ConsultationId};
use crate::db::errors::{self, Meaning};
use crate::db::schema::co_organizing_offers as offers;
use crate::db::types::Timestamp;
use crate::db::{Conn, keyset};
use crate::organizations::OrganizationId;
use crate::problem::Problem;

#[derive(Queryable, Insertable)]
#[diesel(table_name = offers, treat_none_as_default_value = false)]
struct Row {
    id: OfferId,
    consultation_id: ConsultationId,
    account_id: AccountId,
    organization_id: OrganizationId,
    kind: CoOrganizerKind,
    motivation: String,
    state: OfferState,
    reason_code: Option<DeclineReason>,
    note: Option<String>,
    decided_by: Option<AccountId>,
    decided_at: Option<Timestamp>,
    co_organizer_id: Option<CoOrganizerId>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Offer {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            account_id: row.account_id,
            organization_id: row.organization_id,
            kind: row.kind,
            motivation: row.motivation,
            state: row.state,
            reason: row.reason_code,
            note: row.note,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            co_organizer_id: row.co_organizer_id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<Offer> for Row {
    fn from(offer: Offer) -> Self {
        Self {
            id: offer.id,
            consultation_id: offer.consultation_id,
            account_id: offer.account_id,
            organization_id: offer.organization_id,
            kind: offer.kind,
            motivation: offer.motivation,
            state: offer.state,
            reason_code: offer.reason,
            note: offer.note,
            decided_by: offer.decided_by,
            decided_at: offer.decided_at,
            co_organizer_id: offer.co_organizer_id,
            version: offer.version,
            created_at: offer.created_at,
            updated_at: offer.updated_at,
        }
    }
}

/// Adds an offer; 409 when the person has made it already and it is not decided.
pub fn insert(conn: &mut Conn, offer: &Offer) -> Result<(), Problem> {
    let taken = || {
        errors::taken("/organization_id", "you have made this offer already; it is not decided yet")
    };
    let row = Row::from(offer.clone());
    diesel::insert_into(offers::table).values(&row).execute(conn).on_unique(taken)?;
    Ok(())
}

/// One offer, or 404.
pub fn load(conn: &mut Conn, id: OfferId) -> Result<Offer, Problem> {
    let row: Option<Row> = offers::table.find(id).first(conn).optional()?;
    row.map(Offer::from).ok_or_else(|| Problem::not_found("offer"))
}

/// Offers for a consultation after an id, in the order they were made: of everybody, or of one person.
pub fn list(
    conn: &mut Conn,
    consultation: ConsultationId,
    state: Option<OfferState>,
    person: Option<AccountId>,
    after: Option<OfferId>,
    limit: i64,
) -> Result<Vec<Offer>, Problem> {
    let mut query = offers::table.filter(offers::consultation_id.eq(consultation)).into_boxed();
    if let Some(state) = state {
        query = query.filter(offers::state.eq(state));
    }
    if let Some(person) = person {
        query = query.filter(offers::account_id.eq(person));
    }
    let part = keyset::after(query, (offers::id,), after, limit);
    let rows: Vec<Row> = part.load(conn)?;
    Ok(rows.into_iter().map(Offer::from).collect())
}

/// Writes what can change of an offer, if it still has the version; it then has the next.
pub fn update(conn: &mut Conn, offer: &Offer) -> Result<(), Problem> {
    let target = offers::table.find(offer.id).filter(offers::version.eq(offer.version));
    let rows = diesel::update(target)
        .set((
            offers::state.eq(offer.state),
            offers::reason_code.eq(offer.reason),
            offers::note.eq(&offer.note),
            offers::decided_by.eq(offer.decided_by),
            offers::decided_at.eq(offer.decided_at),
            offers::co_organizer_id.eq(offer.co_organizer_id),
            offers::version.eq(offer.version + 1),
            offers::updated_at.eq(offer.updated_at),
        ))
        .execute(conn)?;
    errors::written(rows, offer.version)
}
