//! What a page costs the server while the database grows: a consultation of 1,000, 10,000 and 100,000 registrations on both databases,
//! over HTTP, as everybody and as somebody who is signed in. The figure is the ratio to the same page at 1,000 in the same run: flat
//! is 1. `cargo bench --bench pages`; a few minutes.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

mod measure;
mod served;

use std::time::Duration;

use rapporteur::accounts::sign_ins::service as sign_ins;
use rapporteur::work::Credentials;
use serde_json::json;

use served::harness::{Database, World, id, registration};

/// Times that a page is asked for; the median counts.
const TIMES: usize = 15;

fn main() {
    let columns =
        format!("{:<9} {:<34} {:>7} {:>10} {:>7}", "database", "page", "rows", "median", "ratio");
    served::on_each(&columns, run);
}

async fn run(database: Database) {
    let Some(world) = World::new(database) else { return };
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    for (number, objectives) in [(1, [4, 8]), (2, [9, 10])] {
        let group = json!({ "number": number, "clusters": [objectives], "min_size": 1, "max_size": 40, "languages": ["en"] });
        world.make(&secretariat, &format!("{base}/working-groups"), group).await;
    }
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let asha = world.person("Asha Example");
    world.make(&asha, &format!("{base}/registrations"), registration("media", "TH")).await;
    let email = asha.email.parse().unwrap();
    let session = world
        .app
        .write_blocking(&Credentials::Operator, |work| sign_ins::sign_in_by_address(work, &email));
    let cookie = format!("session={}", session.unwrap().unwrap().refresh_token);
    let own = format!("/my/consultations/{}", id(&consultation));
    let pages = [
        "/".to_owned(),
        format!("/consultations/{}", id(&consultation)),
        format!("/register/{}", id(&consultation)),
        "/privacy".to_owned(),
        "/my".to_owned(),
        "/my/account".to_owned(),
        own.clone(),
        format!("{own}/edit"),
        format!("{own}/receipt"),
    ];
    let mut first: Vec<Duration> = Vec::new();
    let mut there = 1;
    for rows in measure::sizes(&[1_000, 10_000, 100_000]) {
        served::registered::fill(&world, &consultation, there..rows);
        there = rows;
        for (at, path) in pages.iter().enumerate() {
            let median = median(&world, path, &cookie).await;
            if first.len() == at {
                first.push(median);
            }
            let ratio = median.as_secs_f64() / first[at].as_secs_f64();
            let what = path.replace(id(&consultation), "…");
            let name = format!("{database:?}");
            println!("{name:<9} {what:<34} {rows:>7} {median:>10.2?} {ratio:>7.2}");
        }
    }
}

async fn median(world: &World, path: &str, cookie: &str) -> Duration {
    served::median(TIMES, || async {
        let request = world.client.get(format!("{}{path}", world.base)).header("Cookie", cookie);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.bytes().await.unwrap();
    })
    .await
}
