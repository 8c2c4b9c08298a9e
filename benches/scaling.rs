//! How many people a second can register where many have before them, on both databases, and with several servers on one PostgreSQL.
//! `cargo bench --bench scaling`; some minutes. `RAPPORTEUR_BENCH_SIZES=1000,1000000` lets so many have registered.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

mod measure;
mod served;

#[path = "../tests/api/crash.rs"]
#[allow(dead_code, reason = "the tests use the rest of it")]
mod crash;
use served::{harness, postgres};

use std::net::SocketAddr;
use std::time::Instant;

use rapporteur::clock::Clock;
use serde_json::Value;

use crash::{free_port, ready, serving};
use harness::{Database, Person, Request, World, id, registration};
use served::load::{Asked, Load, ask};

/// People who have registered before.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// People of each measurement.
const PEOPLE: usize = 600;
/// Connections.
const AT_ONCE: usize = 32;
/// Servers on one database.
const SERVERS: [usize; 3] = [1, 2, 4];

fn main() {
    let columns = format!(
        "{:<9} {:>10} {:>8} {:>7} {:>9} {:>9} {:>10} {:>10}",
        "database", "before", "servers", "per s", "half in", "99 % in", "first page", "export"
    );
    served::on_each(&columns, run);
}

async fn run(database: Database) {
    let Some(world) = World::new(database) else { return };
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let address: SocketAddr = world.base.trim_start_matches("http://").parse().unwrap();
    let mut before = 0;
    for size in measure::sizes(&SIZES) {
        served::registered::fill(&world, &consultation, before..size);
        before = size;
        let load = ask(&[address], AT_ONCE, people(&world, &consultation, size, &world.app.clock));
        let path = format!("/api/v1/consultations/{}/registrations?limit=50", id(&consultation));
        let page = served::median(9, || async {
            let request = Request::new(reqwest::Method::GET, &path).by(Some(&secretariat));
            assert_eq!(world.send(request).await.status, 200);
        });
        let looked = format!("{:>10.2?} {}", page.await, export(&world, &secretariat, &path).await);
        report(database, size, 1, &load, &looked);
    }
    if database == Database::Sqlite {
        return;
    }
    for count in SERVERS {
        let mut servers = Vec::new();
        for _ in 0..count {
            let port = free_port();
            let url = world.database.as_ref().map(|database| database.url.as_str());
            let mut command = serving(&world.folder, url, port);
            command.env("RAPPORTEUR_LIMITS__REGISTRATIONS_PER_MINUTE", "1000000");
            servers.push(ready(command, port).await);
        }
        let addresses = servers.iter().map(|one| one.base.trim_start_matches("http://"));
        let addresses: Vec<SocketAddr> = addresses.map(|one| one.parse().unwrap()).collect();
        // Their clock does not stand still.
        let people = people(&world, &consultation, 10_000_000 + count, &Clock::System);
        let load = ask(&addresses, AT_ONCE, people);
        report(database, before, count, &load, "");
    }
}

/// How long an export of all takes, and by how much more memory the process had at most meanwhile, the text included of which only a
/// part is held at a time.
async fn export(world: &World, by: &Person, list: &str) -> String {
    let path = list.replace("?limit=50", "/export?format=csv");
    // The peak is counted from here on (proc_pid_clear_refs(5)).
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let (memory, begun) = (kilobytes("VmRSS:"), Instant::now());
    let request = world.client.get(format!("{}{path}", world.base)).bearer_auth(&by.token);
    let mut answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let mut bytes = 0;
    while let Some(part) = answer.chunk().await.unwrap() {
        bytes += part.len();
    }
    let more = kilobytes("VmHWM:").saturating_sub(memory) / 1024;
    format!("{:>10.2?} {:>6} kB {more:>5} MiB", begun.elapsed(), bytes / 1024)
}

/// What the kernel says of this process.
fn kilobytes(what: &str) -> usize {
    let all = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = all.lines().find_map(|line| line.strip_prefix(what)).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Who registers next.
fn people(world: &World, consultation: &Value, number: usize, clock: &Clock) -> Vec<Vec<Asked>> {
    let path = format!("/api/v1/consultations/{}/registrations", id(consultation));
    let body = registration("academia", "IN");
    let one = |of: usize| {
        let person: Person = world.person(&format!("Late{number} Example {of}"));
        let load = |work: &mut rapporteur::work::Work| {
            rapporteur::accounts::service::load(work, person.id)
        };
        let account = world.app.read_blocking(&rapporteur::work::Credentials::Operator, load);
        let token = world.app.tokens.issue(account.unwrap().holder(), clock.now()).0;
        vec![Asked::new(Some(&token), &path, None, &body)]
    };
    (0..PEOPLE).map(one).collect()
}

fn report(database: Database, before: usize, servers: usize, load: &Load, page: &str) {
    println!(
        "{:<9} {before:>10} {servers:>8} {:>7.0} {:>9.2?} {:>9.2?} {page}",
        format!("{database:?}"),
        load.rate(),
        load.half,
        load.most
    );
}
