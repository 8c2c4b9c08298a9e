//! SQL of the parts that an organization has in consultations, and nothing else.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::consultations::programme::placeholders;
use crate::consultations::{CoOrganizerId, CoOrganizerKind, ConsultationId};
use crate::db::Conn;
use crate::db::schema::co_organizers;
use crate::db::types::Timestamp;
use crate::organizations::OrganizationId;
use crate::organizations::merging::OrganizationsMerged;
use crate::problem::Problem;

/// The consultations in which an organization has a part, in the order in which they are locked.
pub fn consultations_of(
    conn: &mut Conn,
    organization: OrganizationId,
) -> Result<BTreeSet<ConsultationId>, Problem> {
    let rows: Vec<ConsultationId> = co_organizers::table
        .filter(co_organizers::organization_id.eq(organization))
        .select(co_organizers::consultation_id)
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Gives the parts of one organization to another, but for those that it has itself, which go. Says how many there were.
pub fn move_parts(
    conn: &mut Conn,
    merged: OrganizationsMerged,
    now: Timestamp,
) -> Result<u64, Problem> {
    let OrganizationsMerged { from, into } = merged;
    let had = parts(conn, from)?;
    let own: BTreeSet<(ConsultationId, CoOrganizerKind)> = parts(conn, into)?
        .into_iter()
        .map(|(_, consultation, kind)| (consultation, kind))
        .collect();
    for (id, consultation, kind) in &had {
        if own.contains(&(*consultation, *kind)) {
            diesel::delete(co_organizers::table.find(id)).execute(conn)?;
        }
    }
    diesel::update(co_organizers::table.filter(co_organizers::organization_id.eq(from)))
        .set((
            co_organizers::organization_id.eq(into),
            co_organizers::version.eq(co_organizers::version + 1),
            co_organizers::updated_at.eq(now),
        ))
        .execute(conn)?;
    placeholders::store::rename(conn, merged)?;
    Ok(had.len() as u64)
}

type CoOrganizing = (CoOrganizerId, ConsultationId, CoOrganizerKind);

fn parts(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<CoOrganizing>, Problem> {
    Ok(co_organizers::table
        .filter(co_organizers::organization_id.eq(organization))
        .select((co_organizers::id, co_organizers::consultation_id, co_organizers::kind))
        .load(conn)?)
}
