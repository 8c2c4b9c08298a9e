//! The tables of assignment plans and of assignments. SQL and nothing else.

use diesel::prelude::*;

use super::rules::AssignmentRules;
use super::solver::{Clash, Placement, Quality, Unmet};
use super::{
    Assignment, AssignmentId, AssignmentPlan, BasedOn, PlanId, PlanOrigin, PlanState, Search,
};
use crate::consultations::{ConsultationId, RoundId, WorkingGroupId};
use crate::db::errors;
use crate::db::schema::{assignment_plans, assignments};
use crate::db::types::{Json, Timestamp};
use crate::db::{Conn, keyset};
use crate::http::page::Paging;
use crate::insert_rows;
use crate::problem::Problem;
use crate::registrations::RegistrationId;

/// Rows of one INSERT: a statement takes no more than about 32,000 values.
const CHUNK: usize = 1000;

#[derive(Queryable, Insertable)]
#[diesel(table_name = assignment_plans, treat_none_as_default_value = false)]
struct PlanRow {
    id: PlanId,
    consultation_id: ConsultationId,
    state: PlanState,
    seed: i64,
    placements: Json<Vec<Placement>>,
    unmet: Json<Vec<Unmet>>,
    quality: Json<Quality>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    origin: PlanOrigin,
    rules: Json<AssignmentRules>,
    search: Json<Search>,
    clashes: Json<Vec<Clash>>,
    edits: i64,
    based_on: Option<PlanId>,
    based_on_version: Option<i64>,
}

impl From<PlanRow> for AssignmentPlan {
    fn from(row: PlanRow) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            state: row.state,
            seed: row.seed,
            placements: row.placements.0,
            unmet: row.unmet.0,
            quality: row.quality.0,
            origin: row.origin,
            rules: row.rules.0,
            search: row.search.0,
            clashes: row.clashes.0,
            edits: row.edits,
            based_on: row
                .based_on
                .zip(row.based_on_version)
                .map(|(plan, version)| BasedOn { plan, version }),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = assignments)]
struct Row {
    id: AssignmentId,
    consultation_id: ConsultationId,
    plan_id: PlanId,
    round_id: RoundId,
    registration_id: RegistrationId,
    working_group_id: WorkingGroupId,
}

impl From<Row> for Assignment {
    fn from(row: Row) -> Self {
        let Row { id, consultation_id, plan_id, round_id, registration_id, working_group_id } = row;
        Self { id, consultation_id, plan_id, round_id, registration_id, working_group_id }
    }
}

impl From<&Assignment> for Row {
    fn from(one: &Assignment) -> Self {
        let Assignment {
            id,
            consultation_id,
            plan_id,
            round_id,
            registration_id,
            working_group_id,
        } = *one;
        Self { id, consultation_id, plan_id, round_id, registration_id, working_group_id }
    }
}

/// Writes a new plan.
pub fn insert_plan(conn: &mut Conn, plan: &AssignmentPlan) -> Result<(), Problem> {
    let row = PlanRow {
        id: plan.id,
        consultation_id: plan.consultation_id,
        state: plan.state,
        seed: plan.seed,
        placements: Json(plan.placements.clone()),
        unmet: Json(plan.unmet.clone()),
        quality: Json(plan.quality.clone()),
        version: plan.version,
        created_at: plan.created_at,
        updated_at: plan.updated_at,
        origin: plan.origin,
        rules: Json(plan.rules.clone()),
        search: Json(plan.search.clone()),
        clashes: Json(plan.clashes.clone()),
        edits: plan.edits,
        based_on: plan.based_on.map(|before| before.plan),
        based_on_version: plan.based_on.map(|before| before.version),
    };
    diesel::insert_into(assignment_plans::table).values(&row).execute(conn)?;
    Ok(())
}

/// One plan, if there is one.
pub fn plan(conn: &mut Conn, id: PlanId) -> Result<Option<AssignmentPlan>, Problem> {
    let row: Option<PlanRow> = assignment_plans::table.find(id).first(conn).optional()?;
    Ok(row.map(AssignmentPlan::from))
}

/// The plans of a consultation, in the order they were proposed.
pub fn plans(
    conn: &mut Conn,
    consultation: ConsultationId,
    paging: &Paging,
) -> Result<Vec<AssignmentPlan>, Problem> {
    let query = assignment_plans::table
        .filter(assignment_plans::consultation_id.eq(consultation))
        .into_boxed();
    let part =
        keyset::after(query, (assignment_plans::id,), paging.after_one::<PlanId>()?, paging.load());
    let rows: Vec<PlanRow> = part.load(conn)?;
    Ok(rows.into_iter().map(AssignmentPlan::from).collect())
}

/// How often the plans of a consultation changed in all, and when last.
pub fn plan_changes(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<(i64, Option<Timestamp>), Problem> {
    let rows: Vec<(i64, Timestamp)> = assignment_plans::table
        .filter(assignment_plans::consultation_id.eq(consultation))
        .select((assignment_plans::version, assignment_plans::updated_at))
        .load(conn)?;
    let last = rows.iter().map(|(_, at)| *at).max();
    Ok((rows.iter().map(|(version, _)| version).sum(), last))
}

/// The plan in force, if there is one.
pub fn applied(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Option<AssignmentPlan>, Problem> {
    let row: Option<PlanRow> = assignment_plans::table
        .filter(assignment_plans::consultation_id.eq(consultation))
        .filter(assignment_plans::state.eq(PlanState::Applied))
        .first(conn)
        .optional()?;
    Ok(row.map(AssignmentPlan::from))
}

/// Whether a plan is in force.
pub fn is_any_applied(conn: &mut Conn, consultation: ConsultationId) -> Result<bool, Problem> {
    let applied = assignment_plans::table
        .filter(assignment_plans::consultation_id.eq(consultation))
        .filter(assignment_plans::state.eq(PlanState::Applied))
        .select(assignment_plans::id);
    Ok(applied.first::<PlanId>(conn).optional()?.is_some())
}

/// Writes a plan's state as the version after `version`; 412 when somebody else was faster.
pub fn set_state(
    conn: &mut Conn,
    id: PlanId,
    version: i64,
    state: PlanState,
    now: Timestamp,
) -> Result<(), Problem> {
    let same = assignment_plans::table.find(id).filter(assignment_plans::version.eq(version));
    let rows = diesel::update(same)
        .set((
            assignment_plans::state.eq(state),
            assignment_plans::version.eq(version + 1),
            assignment_plans::updated_at.eq(now),
        ))
        .execute(conn)?;
    errors::written(rows, version)
}

/// Writes what a plan says now as the version after `plan.version`; 412 when somebody else was faster.
pub fn update_plan(
    conn: &mut Conn,
    plan: &AssignmentPlan,
    now: Timestamp,
) -> Result<AssignmentPlan, Problem> {
    let version = plan.version;
    let same = assignment_plans::table.find(plan.id).filter(assignment_plans::version.eq(version));
    let rows = diesel::update(same)
        .set((
            assignment_plans::placements.eq(Json(plan.placements.clone())),
            assignment_plans::unmet.eq(Json(plan.unmet.clone())),
            assignment_plans::quality.eq(Json(plan.quality.clone())),
            assignment_plans::search.eq(Json(plan.search.clone())),
            assignment_plans::clashes.eq(Json(plan.clashes.clone())),
            assignment_plans::edits.eq(plan.edits),
            assignment_plans::version.eq(version + 1),
            assignment_plans::updated_at.eq(now),
        ))
        .execute(conn)?;
    errors::written(rows, version)?;
    Ok(AssignmentPlan { version: version + 1, updated_at: now, ..plan.clone() })
}

/// Forgets some assignments.
pub fn delete(conn: &mut Conn, ids: &[AssignmentId]) -> Result<(), Problem> {
    for chunk in ids.chunks(CHUNK) {
        diesel::delete(assignments::table.filter(assignments::id.eq_any(chunk))).execute(conn)?;
    }
    Ok(())
}

/// Writes new assignments.
pub fn insert(conn: &mut Conn, new: &[Assignment]) -> Result<(), Problem> {
    let rows: Vec<Row> = new.iter().map(Row::from).collect();
    Ok(insert_rows!(conn, assignments::table, &rows)?)
}

/// Forgets all assignments of a consultation.
pub fn clear(conn: &mut Conn, consultation: ConsultationId) -> Result<(), Problem> {
    let all = assignments::table.filter(assignments::consultation_id.eq(consultation));
    diesel::delete(all).execute(conn)?;
    Ok(())
}

/// Forgets the assignments of some registrations, and says which of them had any.
pub fn clear_registrations(
    conn: &mut Conn,
    ids: &[RegistrationId],
) -> Result<Vec<RegistrationId>, Problem> {
    let mut had = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let theirs = || assignments::registration_id.eq_any(chunk);
        let found: Vec<RegistrationId> = assignments::table
            .filter(theirs())
            .select(assignments::registration_id)
            .distinct()
            .order(assignments::registration_id)
            .load(conn)?;
        if found.is_empty() {
            continue;
        }
        diesel::delete(assignments::table.filter(theirs())).execute(conn)?;
        had.extend(found);
    }
    Ok(had)
}

/// All assignments of a consultation, by id.
pub fn assignments(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<Assignment>, Problem> {
    let rows: Vec<Row> = assignments::table
        .filter(assignments::consultation_id.eq(consultation))
        .order(assignments::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Assignment::from).collect())
}

/// The assignments of one registration, by id.
pub fn of_registration(conn: &mut Conn, id: RegistrationId) -> Result<Vec<Assignment>, Problem> {
    let rows: Vec<Row> = assignments::table
        .filter(assignments::registration_id.eq(id))
        .order(assignments::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Assignment::from).collect())
}

/// Whose assignments somebody sees.
#[derive(Debug, Clone)]
pub enum Seen {
    /// Everybody's.
    Everybody,
    /// Of those who are in these groups, and of these people.
    Only {
        /// The groups.
        groups: Vec<WorkingGroupId>,
        /// The people.
        people: Vec<RegistrationId>,
    },
}

/// A part of the assignments of a consultation that somebody sees, by id: of one round, and of one group.
pub fn list(
    conn: &mut Conn,
    consultation: ConsultationId,
    round: Option<RoundId>,
    group: Option<WorkingGroupId>,
    seen: &Seen,
    paging: &Paging,
) -> Result<Vec<Assignment>, Problem> {
    let mut query =
        assignments::table.filter(assignments::consultation_id.eq(consultation)).into_boxed();
    if let Some(round) = round {
        query = query.filter(assignments::round_id.eq(round));
    }
    if let Some(group) = group {
        query = query.filter(assignments::working_group_id.eq(group));
    }
    if let Seen::Only { groups, people } = seen {
        let (of_group, of_person) = (
            assignments::working_group_id.eq_any(groups),
            assignments::registration_id.eq_any(people),
        );
        query = query.filter(of_group.or(of_person));
    }
    let part = keyset::after(
        query,
        (assignments::id,),
        paging.after_one::<AssignmentId>()?,
        paging.load(),
    );
    let rows: Vec<Row> = part.load(conn)?;
    Ok(rows.into_iter().map(Assignment::from).collect())
}
