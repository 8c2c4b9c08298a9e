//! What a page of a list costs while the table grows: 1,000, 10,000 and 100,000 registrations of one consultation on both
//! databases, over HTTP, also deep in a list. The figures are the ratio to the same page of 1,000 rows in the same run (flat is 1), and how
//! many statements a page takes. `cargo bench --bench lists`; a few minutes.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

mod measure;
mod served;

use std::time::Duration;

use serde_json::Value;

use served::harness::{Database, Person, World, id};
use served::statements::Statements;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// Times that a page is asked for; the median counts.
const TIMES: usize = 15;

fn main() {
    let columns = format!(
        "{:<9} {:<34} {:>7} {:>10} {:>7} {:>10}",
        "database", "page of 50", "rows", "median", "ratio", "statements"
    );
    served::on_each(&columns, run);
}

async fn run(database: Database) {
    let Some((world, statements)) = Statements::of(database) else { return };
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    let mut first: Vec<Duration> = Vec::new();
    let mut there = 0;
    for rows in SIZES {
        served::registered::fill(&world, &consultation, there..rows);
        there = rows;
        // Filling held this thread: the server closes what was idle meanwhile, and the client must notice.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let pages = pages(&world, &secretariat, &consultation).await;
        for (at, (what, path)) in pages.iter().enumerate() {
            let median = median(&world, &secretariat, path).await;
            statements.heard();
            world.get(Some(&secretariat), path).await;
            let asked = statements.heard().len();
            if first.len() == at {
                first.push(median);
            }
            let ratio = median.as_secs_f64() / first[at].as_secs_f64();
            let name = format!("{database:?}");
            println!("{name:<9} {what:<34} {rows:>7} {median:>10.2?} {ratio:>7.2} {asked:>10}");
        }
    }
}

/// What is asked for: beginnings of lists, and pages deep in them, where an offset would have to count.
async fn pages(world: &World, by: &Person, consultation: &Value) -> Vec<(&'static str, String)> {
    let list = format!("/api/v1/consultations/{}/registrations?limit=50", id(consultation));
    let mut pages = vec![
        ("all, the first", list.clone()),
        ("submitted, the first", format!("{list}&state=submitted")),
        ("waiting list, the first", format!("{list}&sort=waiting")),
        ("confirmed of a sector, the first", format!("{list}&state=confirmed&sector=migrants")),
        ("of a country, the first", format!("{list}&country=FJ")),
    ];
    for (what, path) in [
        ("all, after nine tenths of them", list.clone()),
        ("waiting list, after nine tenths", format!("{list}&sort=waiting")),
    ] {
        if let Some(deep) = deep(world, by, &path).await {
            pages.push((what, deep));
        }
    }
    pages
}

/// The page after about nine tenths of a list, which is found by following its links in steps of 200.
async fn deep(world: &World, by: &Person, path: &str) -> Option<String> {
    let path = path.replace("limit=50", "limit=200");
    let mut cursors: Vec<String> = Vec::new();
    loop {
        let cursor = cursors.last().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let page = world.get(Some(by), &format!("{path}{cursor}")).await.json;
        match page["next"].as_str() {
            Some(next) => cursors.push(next.to_owned()),
            None => break,
        }
    }
    let cursor = cursors.get(cursors.len() * 9 / 10)?;
    Some(format!("{path}&cursor={cursor}").replace("limit=200", "limit=50"))
}

async fn median(world: &World, by: &Person, path: &str) -> Duration {
    served::median(TIMES, || async {
        let answer = world.get(Some(by), path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(!answer.json["items"].as_array().unwrap().is_empty());
    })
    .await
}
