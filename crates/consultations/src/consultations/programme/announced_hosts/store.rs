//! SQL of hosts who are announced by name, and nothing else.

use diesel::prelude::*;

use super::AnnouncedHost;
use crate::access::Role;
use crate::consultations::{ConsultationId, WorkingGroupId};
use crate::db::Conn;
use crate::db::schema::{announced_hosts, working_groups};
use crate::problem::Problem;
use crate::vocabulary::AnnouncedHostId;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = announced_hosts, treat_none_as_default_value = false)]
struct Row {
    id: AnnouncedHostId,
    working_group_id: WorkingGroupId,
    position: i32,
    role: Role,
    name: String,
    affiliation: Option<String>,
    named_consent: bool,
}

impl Row {
    fn host(self) -> AnnouncedHost {
        let Self { role, name, affiliation, named_consent, .. } = self;
        AnnouncedHost { role, name, affiliation, named_consent }
    }
}

/// Those of a consultation, by group and in their order, each with the id of its row: another one once it was changed.
pub fn of_consultation(
    conn: &mut Conn,
    id: ConsultationId,
) -> Result<Vec<(WorkingGroupId, AnnouncedHostId, AnnouncedHost)>, Problem> {
    let rows: Vec<Row> = announced_hosts::table
        .inner_join(working_groups::table)
        .filter(working_groups::consultation_id.eq(id))
        .order((announced_hosts::working_group_id, announced_hosts::position))
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.working_group_id, row.id, row.host())).collect())
}

/// Takes those of a group away.
pub fn clear(conn: &mut Conn, group: WorkingGroupId) -> Result<(), Problem> {
    let before = announced_hosts::table.filter(announced_hosts::working_group_id.eq(group));
    diesel::delete(before).execute(conn)?;
    Ok(())
}

/// Adds one to a group.
pub fn insert(
    conn: &mut Conn,
    id: AnnouncedHostId,
    group: WorkingGroupId,
    position: i32,
    host: &AnnouncedHost,
) -> Result<(), Problem> {
    let AnnouncedHost { role, name, affiliation, named_consent } = host.clone();
    let row = Row { id, working_group_id: group, position, role, name, affiliation, named_consent };
    diesel::insert_into(announced_hosts::table).values(&row).execute(conn)?;
    Ok(())
}

/// How many these consultations have.
pub fn count_of(conn: &mut Conn, held: &[ConsultationId]) -> Result<u64, Problem> {
    let theirs = working_groups::table.filter(working_groups::consultation_id.eq_any(held));
    let found: i64 = announced_hosts::table
        .filter(announced_hosts::working_group_id.eq_any(theirs.select(working_groups::id)))
        .count()
        .get_result(conn)?;
    Ok(found.unsigned_abs())
}

/// Forgets those of these consultations; how many.
pub fn delete_of(conn: &mut Conn, held: &[ConsultationId]) -> Result<u64, Problem> {
    let theirs = working_groups::table.filter(working_groups::consultation_id.eq_any(held));
    let theirs = announced_hosts::table
        .filter(announced_hosts::working_group_id.eq_any(theirs.select(working_groups::id)));
    Ok(diesel::delete(theirs).execute(conn)? as u64)
}
