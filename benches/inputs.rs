//! What work with inputs costs while they grow: 1,000, 10,000 and 100,000 in one consultation on both databases, over HTTP.
//! The figure is the ratio to the same request at 1,000 in the same run: flat is 1. `cargo bench --bench inputs`; filling goes
//! through the service, search included, and takes most of the time. What is done by receipt is in `receipts`.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

mod measure;
mod served;

use rapporteur::inputs::{submission, triage};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use rapporteur::db::Conn;
use rapporteur::inputs::{Decision, NewInput, Origin, ToldBy};
use rapporteur::reference::ObjectiveNumber;
use rapporteur::work::Credentials;
use reqwest::Method;
use serde_json::{Value, json};

use served::harness::{Database, Person, Request, World, id};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// Times that each is asked for; the median counts.
const TIMES: usize = 15;
/// Inputs of one transaction while filling.
const CHUNK: usize = 250;
/// Objectives of the harness's consultation.
const OBJECTIVES: [i64; 7] = [4, 8, 9, 10, 11, 13, 21];
const SUBJECTS: [&str; 12] = [
    "Consulates",
    "Recruiters",
    "Border officers",
    "Municipal registers",
    "Employers",
    "Trade unions",
    "Schools",
    "Clinics",
    "Courts",
    "Shelters",
    "Banks",
    "Returning families",
];
const VERBS: [&str; 10] = [
    "charge",
    "delay",
    "refuse",
    "record",
    "publish",
    "ignore",
    "translate",
    "subsidize",
    "inspect",
    "share",
];
const MATTERS: [&str; 14] = [
    "birth certificates",
    "passports",
    "visa renewals",
    "wage claims",
    "medical files",
    "fees for placement",
    "detention orders",
    "identity cards",
    "complaints",
    "interpreters",
    "remittance costs",
    "training records",
    "family permits",
    "safe houses",
];
const PLACES: [&str; 9] = [
    "in the capital",
    "at sea ports",
    "in border provinces",
    "on islands",
    "in mountain districts",
    "in free zones",
    "abroad",
    "in camps",
    "in new towns",
];

fn main() {
    let columns = format!(
        "{:<9} {:<34} {:>7} {:>10} {:>7}",
        "database", "request", "inputs", "median", "ratio"
    );
    served::on_each(&columns, run);
}

async fn run(database: Database) {
    let Some(world) = World::new(database) else { return };
    let (secretariat, review, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let categories = format!("/api/v1/reviews/{}/input-categories", id(&review));
    let categories = world.get(Some(&secretariat), &categories).await.json["items"].clone();
    let own = json!({ "origin": "plenary", "told_by": "one", "objectives": [4], "category_id": categories[1]["id"],
        "body": "A zeppelin over the harbour carried nobody home." });
    let list = format!("/api/v1/consultations/{}/inputs", id(&consultation));
    world.make(&secretariat, &list, own).await;
    let mut first: Vec<Duration> = Vec::new();
    let mut there = 0;
    for rows in measure::sizes(&SIZES) {
        let begun = Instant::now();
        fill(&world, &secretariat, &consultation, &categories, there..rows);
        let each = begun.elapsed() / u32::try_from(rows - there).unwrap();
        there = rows;
        println!("{:<9} {:<34} {rows:>7} {each:>10.2?}", format!("{database:?}"), "recording one");
        // Filling held this thread: the server closes what was idle meanwhile, and the client must notice.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let requests = requests(&world, &secretariat, &list, &categories).await;
        for (at, (what, by, path, body)) in requests.iter().enumerate() {
            let median = median(&world, by, path, body.as_ref()).await;
            if first.len() == at {
                first.push(median);
            }
            let ratio = median.as_secs_f64() / first[at].as_secs_f64();
            println!(
                "{:<9} {what:<34} {rows:>7} {median:>10.2?} {ratio:>7.2}",
                format!("{database:?}")
            );
        }
    }
}

type Asked<'a> = (&'static str, &'a Person, String, Option<Value>);

async fn requests<'a>(
    world: &World,
    team: &'a Person,
    list: &str,
    categories: &Value,
) -> Vec<Asked<'a>> {
    let category = id(&categories[1]);
    let read = |what, path: String| (what, team, path, None);
    let page = format!("{list}?limit=50");
    let mut asked = vec![
        read("list, the first page", page.clone()),
        read("submitted", format!("{page}&state=submitted")),
        read("of an objective", format!("{page}&objective=9")),
        read(
            "of a cell of the board",
            format!("{page}&objective=8&category_id={category}&state=accepted"),
        ),
        read("not used", format!("{page}&used=false")),
        read("search, a rare word", format!("{page}&q=zeppelin")),
        read("search, a common word", format!("{page}&q=passports")),
        read("search, a common word, accepted", format!("{page}&q=passports&state=accepted")),
        read("the board", format!("{list}/board")),
    ];
    let mut next = page.clone();
    for _ in 0..5 {
        let answer = world.get(Some(team), &next).await.json;
        let Some(cursor) = answer["next"].as_str() else { break };
        next = format!("{page}&cursor={cursor}");
    }
    asked.push(read("list, the sixth page", next));
    asked
}

async fn median(world: &World, by: &Person, path: &str, body: Option<&Value>) -> Duration {
    served::median(TIMES, || async {
        let request = match body {
            Some(body) => Request::new(Method::POST, path).body(body.clone()),
            None => Request::new(Method::GET, path),
        };
        let answer = world.send(request.by(Some(by))).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    })
    .await
}

/// Inputs of three sentences each, of words that come and go; every third accepted.
fn fill(
    world: &World,
    by: &Person,
    consultation: &Value,
    categories: &Value,
    range: std::ops::Range<usize>,
) {
    let consultation = served::harness::typed(consultation);
    let categories: Vec<_> =
        categories.as_array().unwrap().iter().map(served::harness::typed).collect();
    let numbers: Vec<usize> = range.collect();
    for part in numbers.chunks(CHUNK) {
        let part = part.to_vec();
        let written = world.app.write_blocking(&Credentials::Account(by.id), |work| {
            for number in &part {
                let objective = ObjectiveNumber::try_from(OBJECTIVES[number % 7]).unwrap();
                let category = categories[number % categories.len()];
                let new = NewInput {
                    origin: Origin::Plenary,
                    told_by: Some(ToldBy::One),
                    ..NewInput::written(vec![objective], category, text(*number))
                };
                let key = work.ids.secret();
                let input = submission::record(work, consultation, new, key)?;
                if number % 3 == 0 {
                    triage::decide(work, input.id, 1, Decision::Accept)?;
                }
            }
            Ok(())
        });
        written.unwrap();
    }
    // As the database does by itself after a while.
    let analyze = |conn: &mut Conn| match conn {
        Conn::Postgres(conn) => Ok(conn.batch_execute("ANALYZE")?),
        Conn::Sqlite(_) => Ok(()),
    };
    world.app.db.write_blocking(analyze).unwrap();
}

fn text(number: usize) -> String {
    // Steps without a common divisor: neighbours are unlike.
    let sentence = |salt: usize| {
        let at = number.wrapping_mul(2_654_435_761).wrapping_add(salt.wrapping_mul(40_503)) >> 7;
        format!(
            "{} {} {} {}.",
            SUBJECTS[at % 12],
            VERBS[(at / 12) % 10],
            MATTERS[(at / 120) % 14],
            PLACES[(at / 1680) % 9]
        )
    };
    format!("{} {} {} Case {number}.", sentence(1), sentence(2), sentence(3))
}
