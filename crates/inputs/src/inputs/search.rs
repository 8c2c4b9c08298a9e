//! SQL of what inputs are found by: their words, and the buckets where near-duplicates meet.

#![expect(
    clippy::disallowed_methods,
    reason = "the search tables are not the same in both databases, and Diesel does not know them"
)]

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

use super::{Input, InputId};
use crate::consultations::ConsultationId;
use crate::db::schema::input_buckets;
use crate::db::types::sql::Uid;
use crate::db::{Conn, Prepare};
use crate::problem::Problem;
use crate::{insert_rows, on_backend};
use crate::{similar, terms, wording};

/// The words of an input in both its languages; none once it is withdrawn.
fn found_by(input: &Input) -> Vec<String> {
    let translation = input.translation.iter().map(|text| text.body.as_str());
    std::iter::once(input.body.as_str())
        .chain(translation)
        .flat_map(|text| terms::words(&wording::plain(text)))
        .collect()
}

/// What a consultation is called in the index.
fn scope(consultation: ConsultationId) -> String {
    consultation.uuid().simple().to_string()
}

/// A search in one consultation, as FTS5 reads it.
pub fn fts5(consultation: ConsultationId, query: &terms::Query) -> String {
    format!("scope : \"{}\" AND words : ({})", scope(consultation), query.to_fts5())
}

/// Matches up to which a search on PostgreSQL goes from the words to the inputs. Beyond that a page is sooner full by going
/// through the inputs in their order, which the planner cannot know of a word that it has no figures on.
const FEW: usize = 1000;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Uid)]
    input_id: InputId,
}

/// The inputs with these words, of whatever consultation, if they are few.
pub fn few(conn: &mut PgConnection, query: &terms::Query) -> Result<Option<Vec<InputId>>, Problem> {
    let found: Vec<Found> =
        diesel::sql_query("SELECT input_id FROM input_search WHERE words @@ $1::tsquery LIMIT $2")
            .bind::<Text, _>(query.to_tsquery())
            .bind::<BigInt, _>(FEW as i64 + 1)
            .prepared()
            .load(conn)?;
    let few = found.len() <= FEW;
    Ok(few.then(|| found.into_iter().map(|one| one.input_id).collect()))
}

/// Makes an input findable.
pub fn write(conn: &mut Conn, input: &Input, place: i64) -> Result<(), Problem> {
    let mut words = found_by(input);
    if words.is_empty() {
        return Ok(());
    }
    match conn {
        Conn::Sqlite(conn) => {
            diesel::sql_query("INSERT INTO input_search (rowid, scope, words) VALUES (?, ?, ?)")
                .bind::<BigInt, _>(place)
                .bind::<Text, _>(scope(input.consultation_id))
                .bind::<Text, _>(words.join(" "))
                .prepared()
                .execute(conn)?;
        }
        Conn::Postgres(conn) => {
            words.sort_unstable();
            words.dedup();
            diesel::sql_query(
                "INSERT INTO input_search (input_id, words) VALUES ($1, array_to_tsvector($2))",
            )
            .bind::<Uid, _>(input.id)
            .bind::<Array<Text>, _>(words)
            .prepared()
            .execute(conn)?;
        }
    }
    let Some(signature) = similar::signature(&wording::plain(&input.body)) else { return Ok(()) };
    let mut buckets =
        similar::buckets(&signature, input.consultation_id.uuid().as_u128(), &input.language)
            .to_vec();
    buckets.sort_unstable();
    buckets.dedup();
    let rows: Vec<_> = buckets
        .into_iter()
        .map(|bucket| (input_buckets::bucket.eq(bucket), input_buckets::input_id.eq(input.id)))
        .collect();
    Ok(insert_rows!(conn, input_buckets::table, &rows)?)
}

/// Nobody finds it any more.
pub fn forget(conn: &mut Conn, input: InputId, place: i64) -> Result<(), Problem> {
    match conn {
        Conn::Sqlite(conn) => diesel::sql_query("DELETE FROM input_search WHERE rowid = ?")
            .bind::<BigInt, _>(place)
            .prepared()
            .execute(conn)?,
        Conn::Postgres(conn) => diesel::sql_query("DELETE FROM input_search WHERE input_id = $1")
            .bind::<Uid, _>(input)
            .prepared()
            .execute(conn)?,
    };
    let own = input_buckets::table.filter(input_buckets::input_id.eq(input));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// Inputs that share buckets with a text, those that share the most first: candidates for being similar.
pub fn meeting(conn: &mut Conn, buckets: &[i64], most: i64) -> Result<Vec<InputId>, Problem> {
    let shared = diesel::dsl::count(input_buckets::bucket);
    let rows: Vec<(InputId, i64)> = on_backend!(conn, conn => input_buckets::table
        .filter(input_buckets::bucket.eq_any(buckets))
        .group_by(input_buckets::input_id)
        .select((input_buckets::input_id, shared))
        .order((shared.desc(), input_buckets::input_id))
        .limit(most)
        .load(conn)?);
    Ok(rows.into_iter().map(|(id, _)| id).collect())
}
