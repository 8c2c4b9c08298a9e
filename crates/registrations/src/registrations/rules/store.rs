//! The table of registration rules. SQL and nothing else.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Access, Rules};
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::errors::{self, Meaning};
use crate::db::schema::registration_rules;
use crate::db::types::{Json, Timestamp};
use crate::problem::Problem;
use crate::reference::SectorCode;

#[derive(Queryable, Insertable)]
#[diesel(table_name = registration_rules, treat_none_as_default_value = false)]
struct Row {
    consultation_id: ConsultationId,
    opens_at: Option<Timestamp>,
    closes_at: Option<Timestamp>,
    access: Access,
    sector_capacities: Json<BTreeMap<SectorCode, i32>>,
    organization_capacity: Option<i32>,
    acceptance_hours: Option<i32>,
    edit_until: Option<Timestamp>,
    hold_mail: bool,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Rules {
    fn from(row: Row) -> Self {
        Self {
            consultation_id: row.consultation_id,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            access: row.access,
            sector_capacities: row.sector_capacities.0,
            organization_capacity: row.organization_capacity,
            acceptance_hours: row.acceptance_hours,
            edit_until: row.edit_until,
            hold_mail: row.hold_mail,
            version: row.version,
        }
    }
}

/// The rules of a consultation, if any were set.
pub fn find(conn: &mut Conn, consultation: ConsultationId) -> Result<Option<Rules>, Problem> {
    let row: Option<Row> = registration_rules::table.find(consultation).first(conn).optional()?;
    Ok(row.map(Rules::from))
}

/// Writes the rules as the version after `rules.version`; 412 when somebody else was faster.
pub fn replace(conn: &mut Conn, rules: &Rules, now: Timestamp) -> Result<Rules, Problem> {
    let version = rules.version;
    let after = Rules { version: version + 1, ..rules.clone() };
    if version == 0 {
        insert(conn, &after, now)?;
        return Ok(after);
    }
    let same = registration_rules::table
        .find(rules.consultation_id)
        .filter(registration_rules::version.eq(version));
    let rows = diesel::update(same)
        .set((
            registration_rules::opens_at.eq(after.opens_at),
            registration_rules::closes_at.eq(after.closes_at),
            registration_rules::access.eq(after.access),
            registration_rules::sector_capacities.eq(Json(after.sector_capacities.clone())),
            registration_rules::organization_capacity.eq(after.organization_capacity),
            registration_rules::acceptance_hours.eq(after.acceptance_hours),
            registration_rules::edit_until.eq(after.edit_until),
            registration_rules::hold_mail.eq(after.hold_mail),
            registration_rules::version.eq(after.version),
            registration_rules::updated_at.eq(now),
        ))
        .execute(conn)?;
    errors::written(rows, version)?;
    Ok(after)
}

fn insert(conn: &mut Conn, rules: &Rules, now: Timestamp) -> Result<(), Problem> {
    let row = Row {
        consultation_id: rules.consultation_id,
        opens_at: rules.opens_at,
        closes_at: rules.closes_at,
        access: rules.access,
        sector_capacities: Json(rules.sector_capacities.clone()),
        organization_capacity: rules.organization_capacity,
        acceptance_hours: rules.acceptance_hours,
        edit_until: rules.edit_until,
        hold_mail: rules.hold_mail,
        version: rules.version,
        created_at: now,
        updated_at: now,
    };
    diesel::insert_into(registration_rules::table)
        .values(&row)
        .execute(conn)
        .on_unique(|| Problem::overtaken(0))?;
    Ok(())
}
