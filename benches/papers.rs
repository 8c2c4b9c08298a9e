//! What it costs to recompile a paper after a report of it was published anew, and to find what recurs in it: four consultations of 150
//! paragraphs, and ten of 300, on both databases, over HTTP. All paragraphs say nearly the same, which is the worst that can be found.
//! `cargo bench --bench papers`; a minute or two.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

mod measure;
#[path = "../tests/api/series.rs"]
#[allow(dead_code, reason = "the tests use the rest of it")]
mod series;
mod served;

use std::time::Instant;

use reqwest::Method;

use self::harness::{Database, Request, World};
use series::Series;
use served::harness;

const SIZES: [(usize, usize); 3] = [(4, 150), (4, 300), (10, 300)];

fn main() {
    let columns = format!(
        "{:<9} {:>13} {:>11} {:>12} {:>12} {:>10} {:>12}",
        "database", "consultations", "paragraphs", "recompiled", "read", "per 1,000", "recurring"
    );
    served::on_each(&columns, run);
}

async fn run(database: Database) {
    for (consultations, paragraphs) in SIZES {
        let Some(world) = World::new(database) else { return };
        let mut series = Series::new(&world, consultations, paragraphs).await;
        let paper = series.paper(&world).await;
        let by = series.secretariat.clone();
        let (mut recompiled, mut read) = (0.0, 0.0);
        for n in 0..consultations {
            series.publish_again(&world, n);
            let now = world.get(Some(&by), &paper).await.json["version"].as_i64().unwrap();
            let path = format!("{paper}/recompile");
            let begun = Instant::now();
            let request = Request::new(Method::POST, &path).by(Some(&by)).version(now);
            assert_eq!(world.send(request).await.status, 200);
            recompiled += begun.elapsed().as_secs_f64();
            let begun = Instant::now();
            assert_eq!(world.get(Some(&by), &format!("{paper}/compilation")).await.status, 200);
            read += begun.elapsed().as_secs_f64();
        }
        let begun = Instant::now();
        let found = world.get(Some(&by), &format!("{paper}/recurring-points")).await;
        assert_eq!(found.status, 200);
        let recurring = begun.elapsed().as_secs_f64();
        let (each, all) = (recompiled / consultations as f64, consultations * paragraphs);
        println!(
            "{:<9} {consultations:>13} {all:>11} {:>9.0} ms {:>9.0} ms {:>7.0} ms {:>9.0} ms",
            format!("{database:?}"),
            each * 1000.0,
            read / consultations as f64 * 1000.0,
            each * 1_000_000.0 / all as f64,
            recurring * 1000.0,
        );
    }
}
