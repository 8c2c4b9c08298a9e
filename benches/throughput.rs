//! How many registrations and inputs a second go through HTTP, one by one and many at once, beside bare inserts of their rows in the same
//! run, one by one and each waiting for the disk: the ratio is the figure, the seconds are the machine's.
//! `cargo bench --bench throughput`; a minute or two.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

mod measure;
mod served;

use std::time::Instant;

use diesel::prelude::*;
use futures_util::StreamExt;
use futures_util::stream;
use rapporteur::db::schema::{inputs, registrations};
use rapporteur::db::types::{Id, Json, Timestamp};
use serde_json::{Value, json};

use served::harness::{Database, Person, World, id, registration};

/// Requests of each kind.
const PEOPLE: usize = 400;
/// Requests under way at once.
const AT_ONCE: [usize; 3] = [1, 8, 32];

fn main() {
    let columns = format!(
        "{:<12} {:<14} {:>8} {:>12} {:>12} {:>8}",
        "database", "what", "at once", "HTTP/s", "bare/s", "ratio"
    );
    served::on_each(&columns, run);
}

async fn run(database: Database) {
    let Some(world) = World::new(database) else { return };
    let at_rest = resident_megabytes();
    let (secretariat, review, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let all = AT_ONCE.len() * PEOPLE;
    let people: Vec<Person> =
        (0..all).map(|number| world.person(&format!("Bench Example {number}"))).collect();

    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let mut through = Vec::new();
    for (at_once, people) in AT_ONCE.into_iter().zip(people.chunks(PEOPLE)) {
        let body = registration("academia", "IN");
        through.push((at_once, rate(&world, people, at_once, &path, &body).await));
    }
    report(database, "registrations", &through, bare_registrations(&world));

    let categories =
        world.get(None, &format!("/api/v1/reviews/{}/input-categories", id(&review))).await;
    let category = categories.json["items"][1]["id"].clone();
    let body = json!({
        "origin": "plenary", "told_by": "one", "objectives": [4], "category_id": category, "language": "en",
        "body": "Consulates issue documents only in the capital, far from where most migrants work.", "citations": []
    });
    let path = format!("/api/v1/consultations/{}/inputs", id(&consultation));
    let team = vec![secretariat.clone(); PEOPLE];
    let mut through = Vec::new();
    for at_once in AT_ONCE {
        through.push((at_once, rate(&world, &team, at_once, &path, &body).await));
    }
    report(database, "inputs", &through, bare_inputs(&world));
    println!(
        "{database:<12?} memory at rest {at_rest:.0} MB (the whole bench), after {:.0} MB",
        resident_megabytes()
    );
}

fn report(database: Database, what: &str, through: &[(usize, f64)], bare: f64) {
    for (at_once, rate) in through {
        println!(
            "{:<12} {what:<14} {at_once:>8} {rate:>12.0} {bare:>12.0} {:>8.2}",
            format!("{database:?}"),
            rate / bare
        );
    }
}

/// One POST by each person; how many a second.
async fn rate(world: &World, people: &[Person], at_once: usize, path: &str, body: &Value) -> f64 {
    let started = Instant::now();
    stream::iter(people)
        .for_each_concurrent(at_once, |person| async move {
            let answer = world.post(person, path, body.clone()).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
        })
        .await;
    people.len() as f64 / started.elapsed().as_secs_f64()
}

#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = registrations)]
struct Registration {
    id: Id<()>,
    consultation_id: Id<()>,
    account_id: Id<()>,
    organization_id: Option<Id<()>>,
    sector: String,
    country: String,
    gender: Option<String>,
    languages: Json<Value>,
    preferences: Json<Value>,
    consents: Json<Value>,
    state: String,
    reason_code: Option<String>,
    note: Option<String>,
    waiting_number: Option<i64>,
    decided_by: Option<Id<()>>,
    decided_at: Option<Timestamp>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    position: Option<String>,
    rounds: Option<Json<Value>>,
    needs: Json<Value>,
    age_band: Option<String>,
    guardian: Option<Json<Value>>,
    answers: Json<Value>,
    source: String,
    invitation_id: Option<Id<()>>,
    accept_by: Option<Timestamp>,
    person: Option<Json<Value>>,
}

#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = inputs)]
struct Input {
    id: Id<()>,
    consultation_id: Id<()>,
    place: i64,
    origin: String,
    moment: Option<String>,
    told_by: Option<String>,
    organization_id: Option<Id<()>>,
    working_group_id: Option<Id<()>>,
    round_id: Option<Id<()>>,
    session_id: Option<Id<()>>,
    category_id: Id<()>,
    body: String,
    language: String,
    translation: Option<String>,
    translation_language: Option<String>,
    citations: Json<Value>,
    addressees: Json<Value>,
    testimony: bool,
    sensitive: bool,
    do_not_quote: bool,
    state: String,
    question: Option<String>,
    reason_code: Option<String>,
    note: Option<String>,
    first_reader_id: Option<Id<()>>,
    derived: bool,
    version: i64,
}

/// The same rows again, one transaction each, with nothing around them.
fn bare_registrations(world: &World) -> f64 {
    let rows: Vec<Registration> =
        world.app.db.read_blocking(|conn| Ok(registrations::table.load(conn)?)).unwrap();
    let started = Instant::now();
    for row in &rows {
        // Withdrawn, so that nobody has two active ones.
        let row =
            Registration { id: world.app.ids.next(), state: "withdrawn".into(), ..row.clone() };
        let insert = |conn: &mut _| {
            Ok(diesel::insert_into(registrations::table).values(&row).execute(conn)?)
        };
        world.app.db.write_blocking(insert).unwrap();
    }
    rows.len() as f64 / started.elapsed().as_secs_f64()
}

fn bare_inputs(world: &World) -> f64 {
    let rows: Vec<Input> =
        world.app.db.read_blocking(|conn| Ok(inputs::table.load(conn)?)).unwrap();
    let started = Instant::now();
    for row in &rows {
        let (id, place) = (world.app.ids.unlinkable(), world.app.ids.place());
        let row = Input { id, place, ..row.clone() };
        let insert =
            |conn: &mut _| Ok(diesel::insert_into(inputs::table).values(&row).execute(conn)?);
        world.app.db.write_blocking(insert).unwrap();
    }
    rows.len() as f64 / started.elapsed().as_secs_f64()
}

/// Of this process; zero where the system does not tell.
fn resident_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes =
        line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}
