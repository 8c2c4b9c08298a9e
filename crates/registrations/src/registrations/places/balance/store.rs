//! The figures of a balance, counted by the database.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::{Figure, Figures};
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::schema::registrations;
use crate::problem::Problem;
use crate::registrations::RegistrationState;

/// Those whose registration is active, by one column: whoever is under review and holds a place (as
/// `places::store::holds_place` has it) apart from the others.
macro_rules! figures {
    ($conn:expr, $consultation:expr, $column:expr) => {{
        let mut figures = Vec::new();
        for settled in [true, false] {
            let active = RegistrationState::ALL.iter().copied().filter(|state| state.is_active());
            let in_review = registrations::state
                .eq(RegistrationState::Submitted)
                .and(registrations::decided_at.is_not_null())
                .and(registrations::waiting_number.is_null());
            let rows = registrations::table
                .filter(registrations::consultation_id.eq($consultation))
                .filter(registrations::state.eq_any(active.collect::<Vec<_>>()))
                .filter(in_review.eq(settled))
                .group_by((registrations::state, $column))
                .select((registrations::state, $column, count_star()))
                .load::<(RegistrationState, _, i64)>($conn)?;
            let figure = |(state, key, count)| Figure { key, state, settled, count };
            figures.extend(rows.into_iter().map(figure));
        }
        figures
    }};
}

/// All of them.
pub fn figures(conn: &mut Conn, consultation: ConsultationId) -> Result<Figures, Problem> {
    Ok(Figures {
        sectors: figures!(conn, consultation, registrations::sector),
        countries: figures!(conn, consultation, registrations::country),
        genders: figures!(conn, consultation, registrations::gender),
        organizations: figures!(conn, consultation, registrations::organization_id),
    })
}
