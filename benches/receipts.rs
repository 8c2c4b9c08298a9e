//! What is done by receipt while a consultation grows to 20,000 inputs, on both databases: mixing a batch of 500, one's own view by
//! receipt, and the bands of 200 inputs. The figure is the ratio to the same at 1,000 in the same run. `cargo bench --bench receipts`;
//! `RAPPORTEUR_BENCH_SIZES` names other sizes, in steps of 500.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

mod measure;
mod served;

use std::time::{Duration, Instant};

use rapporteur::inputs::contributed::Said;
use rapporteur::voices::contributions::service as contributions;
use rapporteur::work::Credentials;
use reqwest::Method;
use serde_json::{Value, json};

use served::harness::{Database, Request, World, id};

const SIZES: [usize; 2] = [1_000, 20_000];
/// Inputs of one batch.
const BATCH: usize = 500;
/// By one receipt: as many as may wait.
const EACH: usize = 20;
/// Times that each is asked for; the median counts.
const TIMES: usize = 15;

fn main() {
    let columns =
        format!("{:<9} {:<34} {:>7} {:>10} {:>7}", "database", "what", "inputs", "time", "ratio");
    served::on_each(&columns, run);
}

async fn run(database: Database) {
    let name = format!("{database:?}");
    let Some(world) = World::new(database) else { return };
    let (secretariat, review, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let categories = format!("/api/v1/reviews/{}/input-categories", id(&review));
    let categories = world.get(Some(&secretariat), &categories).await.json["items"].clone();
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let mut first: Vec<Duration> = Vec::new();
    let (mut there, mut receipts) = (0, Vec::new());
    for size in measure::sizes(&SIZES) {
        let mut mixed = Duration::ZERO;
        while there < size {
            for _ in 0..BATCH / EACH {
                let person = world.person(&format!("Pat No{}", receipts.len()));
                let form = served::harness::registration("media", "TH");
                world.make(&person, &format!("{base}/registrations"), form).await;
                let given = world.make(&person, &format!("{base}/receipts"), json!({})).await;
                let receipt = given["receipt"].as_str().unwrap().to_owned();
                let texts = there + (receipts.len() % (BATCH / EACH)) * EACH;
                contribute(&world, &consultation, &categories[1], &receipt, texts);
                receipts.push(receipt);
            }
            mixed = mix(&world, &consultation);
            there += BATCH;
        }
        // Filling held this thread: the server closes what was idle meanwhile, and the client must notice.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let secretariat = world.signed_in_again(&secretariat);
        let own = format!("{base}/contributions");
        let own = || Request::new(Method::GET, &own).header("Receipt", &receipts[0]);
        let bands = format!("{base}/inputs?limit=200");
        let bands = || Request::new(Method::GET, &bands).by(Some(&secretariat));
        let told = [
            ("mixing a batch of 500", mixed),
            ("one's own view by receipt", median(&world, own).await),
            ("200 inputs with their bands", median(&world, bands).await),
        ];
        for (at, (what, time)) in told.into_iter().enumerate() {
            if first.len() == at {
                first.push(time);
            }
            let ratio = time.as_secs_f64() / first[at].as_secs_f64();
            println!("{name:<9} {what:<34} {size:>7} {time:>10.2?} {ratio:>7.2}");
        }
    }
}

fn contribute(world: &World, consultation: &Value, category: &Value, receipt: &str, from: usize) {
    let id = served::harness::typed(consultation);
    for number in from..from + EACH {
        let said: Said = serde_json::from_value(json!({
            "objectives": [4, 8], "category_id": category["id"],
            "body": format!("Consulates delay passports and charge for them, case {number} of many.")
        }))
        .unwrap();
        let made = world.app.write_blocking(&Credentials::Anonymous, |work| {
            contributions::contribute(work, id, receipt, &said).map(|_| ())
        });
        made.unwrap();
    }
}

/// The next fixed time comes; how long it takes until what is due then is mixed.
fn mix(world: &World, consultation: &Value) -> Duration {
    let begun = Instant::now();
    world.next_mixing(consultation);
    begun.elapsed()
}

async fn median<'a>(world: &World, request: impl Fn() -> Request<'a>) -> Duration {
    served::median(TIMES, || async {
        let answer = world.send(request()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    })
    .await
}
