//! What a suggestion costs among 100 to 100,000 organizations, while somebody types, on both databases over HTTP.
//! The figure is the ratio to 100 organizations in the same run. `cargo bench --bench matching`; a few minutes.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

mod measure;
mod served;

use std::time::Duration;

use rapporteur::organizations::{NewOrganization, service};
use rapporteur::work::{Credentials, Work};

use served::harness::{Database, Person, World};

const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];
/// Requests of one measurement; the median counts.
const TIMES: usize = 20;
/// Organizations of one transaction.
const AT_ONCE: usize = 1_000;
const WORDS: [&str; 12] = [
    "migrant",
    "forum",
    "asia",
    "rights",
    "network",
    "pacific",
    "women",
    "union",
    "foundation",
    "youth",
    "labour",
    "support",
];

fn main() {
    let columns =
        format!("{:<9} {:>13} {:>10} {:>7}", "database", "organizations", "median", "ratio");
    served::on_each(&columns, run);
}

async fn run(database: Database) {
    let Some(world) = World::new(database) else { return };
    let person = world.person("Any Body");
    let (mut there, mut first) = (0, None);
    for size in SIZES {
        propose(&world, there..size);
        there = size;
        let median = median(&world, &person).await;
        let first = *first.get_or_insert(median);
        let ratio = median.as_secs_f64() / first.as_secs_f64();
        println!("{:<9} {size:>13} {median:>10.2?} {ratio:>7.2}", format!("{database:?}"));
    }
}

fn propose(world: &World, numbers: std::ops::Range<usize>) {
    let numbers: Vec<usize> = numbers.collect();
    for part in numbers.chunks(AT_ONCE) {
        let fill = |work: &mut Work| {
            part.iter()
                .try_for_each(|number| service::propose(work, organization(*number)).map(drop))
        };
        world.app.write_blocking(&Credentials::Operator, fill).unwrap();
    }
}

fn organization(number: usize) -> NewOrganization {
    let word = |step: usize| WORDS[(number / step + number) % WORDS.len()];
    NewOrganization {
        name: format!("{} {} {} {number}", word(1), word(12), word(144)),
        acronym: Some(format!("A{number}")),
        sector: "civil_society".parse().unwrap(),
        country: "TH".parse().unwrap(),
        website: Some(format!("https://www.o{number}.example/about")),
    }
}

async fn median(world: &World, person: &Person) -> Duration {
    let path = "/api/v1/organization-matches?name=migrants%20forum%20asia&acronym=A77&website=o4711.example";
    served::median(TIMES, || async {
        let answer = world.get(Some(person), path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    })
    .await
}
