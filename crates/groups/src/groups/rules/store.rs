//! The table of assignment rules. SQL and nothing else.

use diesel::prelude::*;

use super::{AssignmentRules, PinRule, SizeLimit};
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::errors::{self, Meaning};
use crate::db::schema::assignment_rules;
use crate::db::types::{Json, Timestamp};
use crate::groups::solver::Weights;
use crate::problem::Problem;
use crate::reference::SectorCode;
use crate::registrations::RegistrationId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = assignment_rules)]
struct Row {
    consultation_id: ConsultationId,
    weights: Json<Weights>,
    listed_sectors: Json<Vec<SectorCode>>,
    limits: Json<Vec<SizeLimit>>,
    pins: Json<Vec<PinRule>>,
    together: Json<Vec<Vec<RegistrationId>>>,
    apart: Json<Vec<Vec<RegistrationId>>>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for AssignmentRules {
    fn from(row: Row) -> Self {
        Self {
            weights: row.weights.0,
            listed_sectors: row.listed_sectors.0,
            limits: row.limits.0,
            pins: row.pins.0,
            together: row.together.0,
            apart: row.apart.0,
            version: row.version,
        }
    }
}

/// The rules of a consultation, if any were set.
pub fn find(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Option<AssignmentRules>, Problem> {
    let row: Option<Row> = assignment_rules::table.find(consultation).first(conn).optional()?;
    Ok(row.map(AssignmentRules::from))
}

/// Writes the rules as the version after `rules.version`; 412 when somebody else was faster.
pub fn replace(
    conn: &mut Conn,
    consultation: ConsultationId,
    rules: &AssignmentRules,
    now: Timestamp,
) -> Result<AssignmentRules, Problem> {
    let after = AssignmentRules { version: rules.version + 1, ..rules.clone() };
    if rules.version == 0 {
        insert(conn, consultation, &after, now)?;
        return Ok(after);
    }
    let same = assignment_rules::table
        .find(consultation)
        .filter(assignment_rules::version.eq(rules.version));
    let rows = diesel::update(same)
        .set((
            assignment_rules::weights.eq(Json(after.weights.clone())),
            assignment_rules::listed_sectors.eq(Json(after.listed_sectors.clone())),
            assignment_rules::limits.eq(Json(after.limits.clone())),
            assignment_rules::pins.eq(Json(after.pins.clone())),
            assignment_rules::together.eq(Json(after.together.clone())),
            assignment_rules::apart.eq(Json(after.apart.clone())),
            assignment_rules::version.eq(after.version),
            assignment_rules::updated_at.eq(now),
        ))
        .execute(conn)?;
    errors::written(rows, rules.version)?;
    Ok(after)
}

fn insert(
    conn: &mut Conn,
    consultation: ConsultationId,
    rules: &AssignmentRules,
    now: Timestamp,
) -> Result<(), Problem> {
    let row = Row {
        consultation_id: consultation,
        weights: Json(rules.weights.clone()),
        listed_sectors: Json(rules.listed_sectors.clone()),
        limits: Json(rules.limits.clone()),
        pins: Json(rules.pins.clone()),
        together: Json(rules.together.clone()),
        apart: Json(rules.apart.clone()),
        version: rules.version,
        created_at: now,
        updated_at: now,
    };
    diesel::insert_into(assignment_rules::table)
        .values(&row)
        .execute(conn)
        .on_unique(|| Problem::overtaken(0))?;
    Ok(())
}
