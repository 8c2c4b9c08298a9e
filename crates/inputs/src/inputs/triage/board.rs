//! SQL of the board's figures: how many inputs are in each cell of objective × category × group × state.

use diesel::prelude::*;

use crate::consultations::{ConsultationId, WorkingGroupId};
use crate::db::schema::input_counts;
use crate::db::{Conn, Prepare};
use crate::inputs::InputState;
use crate::on_backend;
use crate::problem::Problem;
use crate::reviews::CategoryId;

/// A cell: consultation, objective, category, group (nil for none) and state.
type Cell = (ConsultationId, i32, CategoryId, WorkingGroupId, InputState);

/// A cell as it is answered, with how many inputs are in it.
#[derive(Debug, Clone, Queryable)]
pub struct Counted {
    /// The objective.
    pub objective: i32,
    /// The category.
    pub category_id: CategoryId,
    /// The state.
    pub state: InputState,
    /// How many.
    pub inputs: i64,
}

/// Adds to a cell.
pub fn count(conn: &mut Conn, cell: Cell, by: i64) -> Result<(), Problem> {
    let (consultation, objective, category, group, state) = cell;
    on_backend!(conn, conn => {
        diesel::insert_into(input_counts::table)
            .values((
                input_counts::consultation_id.eq(consultation),
                input_counts::objective.eq(objective),
                input_counts::category_id.eq(category),
                input_counts::working_group_id.eq(group),
                input_counts::state.eq(state),
                input_counts::inputs.eq(by),
            ))
            .on_conflict((
                input_counts::consultation_id,
                input_counts::objective,
                input_counts::category_id,
                input_counts::working_group_id,
                input_counts::state,
            ))
            .do_update()
            .set(input_counts::inputs.eq(input_counts::inputs + by))
            .prepared()
            .execute(conn)?;
    });
    Ok(())
}

/// The cells of a consultation that are not empty, in the order of objectives; of one group only, when one is given.
pub fn cells(
    conn: &mut Conn,
    consultation: ConsultationId,
    group: Option<WorkingGroupId>,
) -> Result<Vec<Counted>, Problem> {
    let mut query = input_counts::table
        .filter(input_counts::consultation_id.eq(consultation))
        .filter(input_counts::inputs.gt(0))
        .into_boxed();
    if let Some(group) = group {
        query = query.filter(input_counts::working_group_id.eq(group));
    }
    Ok(query
        .order((input_counts::objective, input_counts::category_id, input_counts::state))
        .select((
            input_counts::objective,
            input_counts::category_id,
            input_counts::state,
            input_counts::inputs,
        ))
        .load(conn)?)
}
