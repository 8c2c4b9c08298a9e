//! The figures of a balance, counted by the database.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::{Figure, Figures};
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::schema::registrations;
use crate::organizations::OrganizationId;
use crate::problem::Problem;
use crate::reference::{CountryCode, SectorCode};
use crate::registrations::{Gender, RegistrationState};

/// Those whose registration is active, by some columns: whoever is under review and holds a place (as `places::store::holds_place` has it)
/// apart from the others. Each is read once.
macro_rules! counted {
    ($conn:expr, $consultation:expr, $columns:expr) => {{
        let others = RegistrationState::ALL
            .iter()
            .copied()
            .filter(|state| state.is_active() && *state != RegistrationState::Submitted);
        let others: Vec<_> = others.collect();
        let submitted = vec![RegistrationState::Submitted];
        let in_review =
            registrations::decided_at.is_not_null().and(registrations::waiting_number.is_null());
        let mut counted = Vec::new();
        for (states, settled) in
            [(others, None), (submitted.clone(), Some(true)), (submitted, Some(false))]
        {
            let mut query = registrations::table
                .filter(registrations::consultation_id.eq($consultation))
                .filter(registrations::state.eq_any(states))
                .group_by((registrations::state, $columns))
                .select((registrations::state, $columns, count_star()))
                .into_boxed();
            if let Some(settled) = settled {
                query = query.filter(in_review.eq(settled));
            }
            let rows = query.load::<(RegistrationState, _, i64)>($conn)?;
            let row = |(state, key, count)| Figure {
                key,
                state,
                settled: settled.unwrap_or_default(),
                count,
            };
            counted.extend(rows.into_iter().map(row));
        }
        counted
    }};
}

type Person = (SectorCode, CountryCode, Option<Gender>, Option<OrganizationId>);

/// All of them, out of the index `registrations_in_balance`, which has all that is asked.
pub fn figures(conn: &mut Conn, consultation: ConsultationId) -> Result<Figures, Problem> {
    let columns = (
        registrations::sector,
        registrations::country,
        registrations::gender,
        registrations::organization_id,
    );
    let people: Vec<Figure<Person>> = counted!(conn, consultation, columns);
    Ok(Figures {
        sectors: people.iter().map(|one| one.by(|(sector, ..)| sector)).collect(),
        countries: people.iter().map(|one| one.by(|(_, country, ..)| country)).collect(),
        genders: people.iter().map(|one| one.by(|(_, _, gender, _)| gender)).collect(),
        organizations: people.iter().map(|one| one.by(|(.., organization)| organization)).collect(),
    })
}
