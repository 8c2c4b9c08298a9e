//! What it costs to find who answers a request: for the first thing that is mounted, the last, and nothing at all; beside a server with one
//! address, and one that tries all addresses in their turn. The figure is what it takes longer than the one address. In the process,
//! without a network. `cargo bench --bench routing`; a moment.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

mod measure;

use std::hint::black_box;
use std::time::{Duration, Instant};

use actix_web::dev::Service;
use actix_web::http::Method;
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, HttpResponse, web};
use rapporteur::http::Mounts;
use rapporteur::server;

/// Requests of one measurement; the best of some counts, for others work on the machine as well.
const TIMES: u32 = 2_000;
const ROUNDS: usize = 7;

fn main() {
    if measure::asks_for_tests() {
        return;
    }
    actix_web::rt::System::new().block_on(run());
}

async fn nothing() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

async fn run() {
    let patterns: Vec<String> = server::mounts().patterns().map(str::to_owned).collect();
    let patterns: &'static [String] = Box::leak(patterns.into_boxed_slice());
    let (first, last) =
        (patterns.first().unwrap(), patterns.iter().rfind(|one| !one.contains(":.*")).unwrap());
    println!("{} addresses; the first is {first}, the last {last}", patterns.len());
    println!("{:<12} {:>12} {:>12} {:>12}", "", "first", "last", "nothing");
    let paths = [first.as_str(), last, "/api/v1/consultations/x/nothing"].map(|pattern| {
        let parts = pattern.split('/').map(|part| if part.contains('{') { "x.y" } else { part });
        parts.collect::<Vec<_>>().join("/")
    });
    let get = || web::get().to(nothing);
    let alone = each(&paths, |cfg, path| {
        cfg.route(path, get());
    })
    .await;
    let in_turn = each(&paths, |cfg, _| {
        patterns.iter().for_each(|one| {
            cfg.route(one, get());
        });
    })
    .await;
    let mounted = each(&paths, |cfg, _| {
        let mut mounts = Mounts::default();
        patterns.iter().for_each(|one| {
            mounts.route(one, get());
        });
        mounts.arrive(cfg);
    })
    .await;
    for (name, times) in [("alone", &alone), ("in turn", &in_turn), ("mounted", &mounted)] {
        println!("{name:<12} {:>12.2?} {:>12.2?} {:>12.2?}", times[0], times[1], times[2]);
    }
    let more = |at: usize| mounted[at].saturating_sub(alone[at]);
    println!("{:<12} {:>12.2?} {:>12.2?} {:>12.2?}", "more", more(0), more(1), more(2));
}

/// How long a request of each path takes, where this is mounted.
async fn each(paths: &[String; 3], mount: impl Fn(&mut web::ServiceConfig, &str)) -> Vec<Duration> {
    let mut all = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        // One address alone knows nothing of the last path.
        let there = if at == 2 { "/elsewhere" } else { path.as_str() };
        let app = init_service(App::new().configure(|cfg| mount(cfg, there))).await;
        let mut best = Duration::MAX;
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            for _ in 0..TIMES {
                let request = TestRequest::with_uri(path).method(Method::GET).to_request();
                black_box(app.call(request).await.unwrap());
            }
            best = best.min(begun.elapsed() / TIMES);
        }
        all.push(best);
    }
    all
}
