//! SQL of releases of figures. What was released is never changed.

use diesel::prelude::*;

use super::{FigureRelease, FigureReleaseId, ReleaseOccasion, Told};
use crate::consultations::ConsultationId;
use crate::db::Conn;
use crate::db::errors::{self, Meaning};
use crate::db::schema::figure_releases;
use crate::db::types::{Json, Timestamp};
use crate::problem::Problem;

#[derive(Queryable, Insertable)]
#[diesel(table_name = figure_releases)]
struct Row {
    id: FigureReleaseId,
    consultation_id: ConsultationId,
    occasion: ReleaseOccasion,
    told: Json<Told>,
    created_at: Timestamp,
}

impl From<Row> for FigureRelease {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            consultation_id: row.consultation_id,
            occasion: row.occasion,
            told: row.told.0,
            created_at: row.created_at,
        }
    }
}

/// Stores a release; 409 when there is one on its occasion.
pub fn insert(conn: &mut Conn, release: &FigureRelease) -> Result<(), Problem> {
    let row = Row {
        id: release.id,
        consultation_id: release.consultation_id,
        occasion: release.occasion,
        told: Json(release.told.clone()),
        created_at: release.created_at,
    };
    let there = || errors::taken("/occasion", "Figures were released on this occasion already.");
    diesel::insert_into(figure_releases::table).values(&row).execute(conn).on_unique(there)?;
    Ok(())
}

/// The releases of a consultation, in the order of their occasions.
pub fn all(conn: &mut Conn, consultation: ConsultationId) -> Result<Vec<FigureRelease>, Problem> {
    let rows: Vec<Row> = figure_releases::table
        .filter(figure_releases::consultation_id.eq(consultation))
        .load(conn)?;
    let mut releases: Vec<FigureRelease> = rows.into_iter().map(FigureRelease::from).collect();
    releases.sort_by_key(|release| release.occasion);
    Ok(releases)
}
