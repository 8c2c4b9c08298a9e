//! SQL of placeholders of hosts, and nothing else.

use diesel::prelude::*;

use super::Placeholder;
use crate::access::Role;
use crate::consultations::{ConsultationId, WorkingGroupId};
use crate::db::Conn;
use crate::db::schema::{host_placeholders, working_groups};
use crate::organizations::OrganizationId;
use crate::organizations::merging::OrganizationsMerged;
use crate::problem::Problem;

/// Those of a consultation, by group and in their order.
pub fn of_consultation(
    conn: &mut Conn,
    id: ConsultationId,
) -> Result<Vec<(WorkingGroupId, Placeholder)>, Problem> {
    let rows: Vec<(WorkingGroupId, Role, Option<OrganizationId>)> = host_placeholders::table
        .inner_join(working_groups::table)
        .filter(working_groups::consultation_id.eq(id))
        .order((host_placeholders::working_group_id, host_placeholders::position))
        .select((
            host_placeholders::working_group_id,
            host_placeholders::role,
            host_placeholders::organization_id,
        ))
        .load(conn)?;
    let placeholder =
        |(group, role, organization_id)| (group, Placeholder { role, organization_id });
    Ok(rows.into_iter().map(placeholder).collect())
}

/// Gives a group these in place of those it had.
pub fn replace(
    conn: &mut Conn,
    group: WorkingGroupId,
    placeholders: &[Placeholder],
) -> Result<(), Problem> {
    let before = host_placeholders::table.filter(host_placeholders::working_group_id.eq(group));
    diesel::delete(before).execute(conn)?;
    for (placeholder, position) in placeholders.iter().zip(1_i32..) {
        let row = (
            host_placeholders::working_group_id.eq(group),
            host_placeholders::position.eq(position),
            host_placeholders::role.eq(placeholder.role),
            host_placeholders::organization_id.eq(placeholder.organization_id),
        );
        diesel::insert_into(host_placeholders::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Names the organization that another one was merged into in place of it.
pub fn rename(conn: &mut Conn, merged: OrganizationsMerged) -> Result<(), Problem> {
    let OrganizationsMerged { from, into } = merged;
    let named = host_placeholders::table.filter(host_placeholders::organization_id.eq(from));
    diesel::update(named).set(host_placeholders::organization_id.eq(into)).execute(conn)?;
    Ok(())
}
