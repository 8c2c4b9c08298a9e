//! SQL of inputs and their objectives. Must never touch the sealed link: that is `attribution`'s.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Citation, Filter, Input, InputId, InputState, Origin};
use crate::consultations::{ConsultationId, RoundId, WorkingGroupId};
use crate::db::schema::{input_categories, input_objectives, inputs};
use crate::db::types::Json;
use crate::db::{Conn, errors};
use crate::problem::Problem;
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;

/// Ids in one statement: far below what either database can bind.
const CHUNK: usize = 1000;

#[derive(Queryable, Insertable)]
#[diesel(table_name = inputs)]
struct Row {
    id: InputId,
    consultation_id: ConsultationId,
    place: i64,
    origin: Origin,
    working_group_id: Option<WorkingGroupId>,
    round_id: Option<RoundId>,
    category_id: CategoryId,
    body: String,
    language: String,
    citations: Json<Vec<Citation>>,
    state: InputState,
    question: Option<String>,
    reason: Option<String>,
    submitted_on: NaiveDate,
    version: i64,
}

impl Row {
    fn of(input: &Input, place: i64) -> Self {
        let input = input.clone();
        Self {
            id: input.id,
            consultation_id: input.consultation_id,
            place,
            origin: input.origin,
            working_group_id: input.working_group_id,
            round_id: input.round_id,
            category_id: input.category_id,
            body: input.body,
            language: input.language,
            citations: Json(input.citations),
            state: input.state,
            question: input.question,
            reason: input.reason,
            submitted_on: input.submitted_on,
            version: input.version,
        }
    }

    fn with(self, objectives: Vec<ObjectiveNumber>) -> (i64, Input) {
        let input = Input {
            id: self.id,
            consultation_id: self.consultation_id,
            origin: self.origin,
            working_group_id: self.working_group_id,
            round_id: self.round_id,
            objectives,
            category_id: self.category_id,
            body: self.body,
            language: self.language,
            citations: self.citations.0,
            state: self.state,
            question: self.question,
            reason: self.reason,
            submitted_on: self.submitted_on,
            version: self.version,
        };
        (self.place, input)
    }
}

/// Writes a new input at its place in the shuffled order.
pub fn insert(conn: &mut Conn, input: &Input, place: i64) -> Result<(), Problem> {
    diesel::insert_into(inputs::table).values(&Row::of(input, place)).execute(conn)?;
    insert_objectives(conn, input)
}

/// Writes what can change; `input.version` is the new one. 412 when somebody else was first.
pub fn update(conn: &mut Conn, input: &Input) -> Result<(), Problem> {
    let seen = input.version - 1;
    let rows = diesel::update(inputs::table.find(input.id).filter(inputs::version.eq(seen)))
        .set((
            inputs::category_id.eq(input.category_id),
            inputs::body.eq(&input.body),
            inputs::language.eq(&input.language),
            inputs::citations.eq(Json(input.citations.clone())),
            inputs::state.eq(input.state),
            inputs::question.eq(&input.question),
            inputs::reason.eq(&input.reason),
            inputs::version.eq(input.version),
        ))
        .execute(conn)?;
    errors::written(rows, seen)
}

/// Writes other objectives; after [`update`], which makes sure that nobody else does.
pub fn replace_objectives(conn: &mut Conn, input: &Input) -> Result<(), Problem> {
    diesel::delete(input_objectives::table.filter(input_objectives::input_id.eq(input.id)))
        .execute(conn)?;
    insert_objectives(conn, input)
}

fn insert_objectives(conn: &mut Conn, input: &Input) -> Result<(), Problem> {
    for objective in &input.objectives {
        let row = (
            input_objectives::input_id.eq(input.id),
            input_objectives::objective.eq(i32::from(*objective)),
        );
        diesel::insert_into(input_objectives::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// One input, or 404.
pub fn get(conn: &mut Conn, id: InputId) -> Result<Input, Problem> {
    let mut found = by_ids(conn, &[id])?;
    found.pop().map(|(_, input)| input).ok_or_else(|| Problem::not_found("input"))
}

/// Whether there is such an input.
pub fn exists(conn: &mut Conn, id: InputId) -> Result<bool, Problem> {
    Ok(diesel::select(diesel::dsl::exists(inputs::table.find(id))).get_result(conn)?)
}

/// Inputs with their places, in that order.
pub fn by_ids(conn: &mut Conn, ids: &[InputId]) -> Result<Vec<(i64, Input)>, Problem> {
    let mut rows = Vec::new();
    for part in ids.chunks(CHUNK) {
        rows.extend(inputs::table.filter(inputs::id.eq_any(part)).load::<Row>(conn)?);
    }
    rows.sort_by_key(|row| (row.place, row.id));
    with_objectives(conn, rows)
}

/// A part of a consultation's inputs with their places, in that order.
pub fn list(
    conn: &mut Conn,
    consultation: ConsultationId,
    filter: &Filter,
    after: Option<(i64, InputId)>,
    limit: i64,
) -> Result<Vec<(i64, Input)>, Problem> {
    let mut query = inputs::table.filter(inputs::consultation_id.eq(consultation)).into_boxed();
    if let Some((place, id)) = after {
        let here = inputs::place.eq(place).and(inputs::id.gt(id));
        query = query.filter(inputs::place.gt(place).or(here));
    }
    if let Some(objective) = filter.objective {
        let about = input_objectives::table
            .filter(input_objectives::objective.eq(i32::from(objective)))
            .select(input_objectives::input_id);
        query = query.filter(inputs::id.eq_any(about));
    }
    if let Some(category) = filter.category_id {
        query = query.filter(inputs::category_id.eq(category));
    }
    if let Some(group) = filter.working_group_id {
        query = query.filter(inputs::working_group_id.eq(group));
    }
    if let Some(round) = filter.round_id {
        query = query.filter(inputs::round_id.eq(round));
    }
    if let Some(state) = filter.state {
        query = query.filter(inputs::state.eq(state));
    }
    if let Some(origin) = filter.origin {
        query = query.filter(inputs::origin.eq(origin));
    }
    if let Some(language) = &filter.language {
        query = query.filter(inputs::language.eq(language.clone()));
    }
    let rows = query.order((inputs::place, inputs::id)).limit(limit).load::<Row>(conn)?;
    with_objectives(conn, rows)
}

/// All of a consultation's inputs in one state, in the order of their places.
pub fn all_in_state(
    conn: &mut Conn,
    consultation: ConsultationId,
    state: InputState,
) -> Result<Vec<Input>, Problem> {
    let rows = inputs::table
        .filter(inputs::consultation_id.eq(consultation))
        .filter(inputs::state.eq(state))
        .order((inputs::place, inputs::id))
        .load::<Row>(conn)?;
    Ok(with_objectives(conn, rows)?.into_iter().map(|(_, input)| input).collect())
}

/// The positions of the categories that a consultation's inputs are of.
pub fn category_positions(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<HashMap<CategoryId, i32>, Problem> {
    let pairs: Vec<(CategoryId, i32)> = input_categories::table
        .inner_join(inputs::table)
        .filter(inputs::consultation_id.eq(consultation))
        .select((input_categories::id, input_categories::position))
        .distinct()
        .load(conn)?;
    Ok(pairs.into_iter().collect())
}

/// One query for the objectives of all the rows.
fn with_objectives(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<(i64, Input)>, Problem> {
    let ids: Vec<InputId> = rows.iter().map(|row| row.id).collect();
    let mut objectives: HashMap<InputId, Vec<ObjectiveNumber>> = HashMap::new();
    for part in ids.chunks(CHUNK) {
        let pairs: Vec<(InputId, i32)> = input_objectives::table
            .filter(input_objectives::input_id.eq_any(part))
            .order((input_objectives::input_id, input_objectives::objective))
            .load(conn)?;
        for (id, number) in pairs {
            let number = ObjectiveNumber::try_from(number).map_err(Problem::internal)?;
            objectives.entry(id).or_default().push(number);
        }
    }
    let mut of = |row: &Row| objectives.remove(&row.id).unwrap_or_default();
    Ok(rows
        .into_iter()
        .map(|row| {
            let found = of(&row);
            row.with(found)
        })
        .collect())
}
