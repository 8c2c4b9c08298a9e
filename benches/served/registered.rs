//! Many people who are registered, as benchmarks fill a database with them: straight into the tables.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use rapporteur::db::Conn;
use rapporteur::db::schema::{accounts, registrations};
use rapporteur::db::types::{Id, Json, Timestamp};
use rapporteur::registrations::Consents;
use serde_json::{Value, json};

use super::harness::{World, id};

/// Rows of one insert.
const CHUNK: usize = 500;
/// Every so many have a state of their own, so that each list has its share.
const STATES: [&str; 10] = [
    "submitted",
    "confirmed",
    "confirmed",
    "waitlisted",
    "confirmed",
    "waitlisted",
    "declined",
    "withdrawn",
    "submitted",
    "confirmed",
];
const SECTORS: [&str; 4] = ["media", "academia", "migrants", "civil_society"];
const COUNTRIES: [&str; 5] = ["TH", "PH", "IN", "NP", "FJ"];

#[derive(Insertable)]
#[diesel(table_name = accounts)]
struct Account {
    id: Id<()>,
    email: String,
    name: String,
    active: bool,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = registrations)]
struct Registration {
    id: Id<()>,
    consultation_id: Id<()>,
    account_id: Id<()>,
    sector: &'static str,
    country: &'static str,
    languages: Json<Value>,
    preferences: Json<Value>,
    consents: Json<Value>,
    state: &'static str,
    waiting_number: Option<i64>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// More people and their registrations, straight into the tables.
pub fn fill(world: &World, consultation: &Value, numbers: std::ops::Range<usize>) {
    let now = world.app.clock.now();
    let consultation: Id<()> = id(consultation).parse().unwrap();
    let numbers: Vec<usize> = numbers.collect();
    for chunk in numbers.chunks(CHUNK) {
        let people: Vec<Account> =
            chunk.iter().map(|number| account(world, *number, now)).collect();
        let rows: Vec<Registration> = chunk
            .iter()
            .zip(&people)
            .map(|(number, person)| registration(world, consultation, person.id, *number, now))
            .collect();
        world.app.db.write_blocking(|conn| insert(conn, &people, &rows)).unwrap();
    }
    // PostgreSQL does this by itself after a while; SQLite has to do without.
    let analyze = |conn: &mut Conn| match conn {
        Conn::Postgres(conn) => Ok(conn.batch_execute("ANALYZE")?),
        Conn::Sqlite(_) => Ok(()),
    };
    world.app.db.write_blocking(analyze).unwrap();
}

fn insert(
    conn: &mut Conn,
    people: &[Account],
    rows: &[Registration],
) -> Result<(), rapporteur::problem::Problem> {
    match conn {
        Conn::Postgres(conn) => {
            diesel::insert_into(accounts::table).values(people).execute(conn)?;
            diesel::insert_into(registrations::table).values(rows).execute(conn)?;
        }
        Conn::Sqlite(conn) => {
            diesel::insert_into(accounts::table).values(people).execute(conn)?;
            diesel::insert_into(registrations::table).values(rows).execute(conn)?;
        }
    }
    Ok(())
}

fn account(world: &World, number: usize, now: Timestamp) -> Account {
    Account {
        id: world.app.ids.next(),
        email: format!("person{number}@example.org"),
        name: format!("Person {number}"),
        active: true,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

fn registration(
    world: &World,
    consultation: Id<()>,
    person: Id<()>,
    number: usize,
    now: Timestamp,
) -> Registration {
    let state = STATES[number % STATES.len()];
    let consents = Consents { processing: true, ..Consents::default() };
    Registration {
        id: world.app.ids.next(),
        consultation_id: consultation,
        account_id: person,
        sector: SECTORS[number % SECTORS.len()],
        country: COUNTRIES[number % COUNTRIES.len()],
        languages: Json(json!(["en"])),
        preferences: Json(json!([])),
        consents: Json(serde_json::to_value(consents).unwrap()),
        state,
        waiting_number: (state == "waitlisted").then_some(number as i64),
        version: 1,
        created_at: now,
        updated_at: now,
    }
}
