//! What many read at once, and publishing. First how many requests a second pages for everybody and files of an edition take over 32
//! connections, beside a handler that does nothing but send as many bytes: the figure is the ratio in the same run. Then a report of 10,000
//! paragraphs: how long its outline takes, its proposal and its confirmation, and how long others wait for a write meanwhile.
//! `cargo bench --bench published`; a few minutes. `RAPPORTEUR_BENCH_SIZES=1000` lets the report be shorter.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

mod measure;
mod served;

use std::cell::Cell;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};
use rapporteur::access::{Role, ScopeKind};
use rapporteur::consultations::lifecycle::BlockerCode;
use reqwest::Method;
use serde_json::json;

use served::harness::{Database, Person, Request, World, id, registration};

const CONNECTIONS: usize = 32;
const SECONDS: u64 = 3;

fn main() {
    served::on_each("", run);
}

async fn run(database: Database) {
    let Some(world) = World::new(database) else { return };
    let report = served::drafted::report(&world, "short", 30).await;
    let by = cleared(&world, &report).await;
    publish(&world, &by, &report).await;
    let page = report.replace("/api/v1", "");
    let address: SocketAddr = world.base.trim_start_matches("http://").parse().unwrap();
    println!("{:<9} {:<34} {:>9} {:>9} {:>7}", "database", "page", "bytes", "per s", "ratio");
    for path in [
        "/",
        "/privacy",
        &page,
        &format!("{report}/editions/1.html"),
        &format!("{report}/editions/1.docx"),
        "/openapi.json",
    ] {
        let length = bytes(address, path);
        let bare = bare(length).await;
        let per_second = rate(address, path).await;
        let ratio = per_second / rate(bare, "/").await;
        let what = path.replace(report.rsplit('/').next().unwrap(), "…");
        println!(
            "{:<9} {what:<34} {length:>9} {per_second:>9.0} {ratio:>7.2}",
            format!("{database:?}")
        );
    }
    long(&world, database).await;
}

/// A server of one address, which answers that many bytes.
async fn bare(length: usize) -> SocketAddr {
    let body = web::Bytes::from(vec![b'x'; length]);
    let server = HttpServer::new(move || {
        let body = body.clone();
        let answer = move || {
            let body = body.clone();
            async move { HttpResponse::Ok().content_type("text/html").body(body) }
        };
        App::new().route("/", web::get().to(answer))
    });
    let server = server.disable_signals().bind("127.0.0.1:0").unwrap();
    let address = server.addrs()[0];
    actix_web::rt::spawn(server.run());
    address
}

/// Sends a request and reads the answer; how long its body is.
fn ask(stream: &mut TcpStream, request: &[u8], buffer: &mut Vec<u8>) -> usize {
    stream.write_all(request).unwrap();
    buffer.clear();
    let mut part = vec![0; 65_536];
    let (head, length) = loop {
        let read = stream.read(&mut part).unwrap();
        assert!(read > 0, "the connection ended");
        buffer.extend_from_slice(&part[..read]);
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
            assert!(head.starts_with("http/1.1 200"), "{head}");
            let length = head.split("content-length: ").nth(1).unwrap();
            break (end + 4, length.split("\r\n").next().unwrap().parse::<usize>().unwrap());
        }
    };
    let mut there = buffer.len() - head;
    while there < length {
        there += stream.read(&mut part).unwrap();
    }
    length
}

fn request(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n").into_bytes()
}

fn bytes(address: SocketAddr, path: &str) -> usize {
    let mut stream = TcpStream::connect(address).unwrap();
    ask(&mut stream, &request(path), &mut Vec::new())
}

/// How many requests a second are answered over all connections.
async fn rate(address: SocketAddr, path: &str) -> f64 {
    let (over, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let begun = Instant::now();
    let threads: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (over, count, request) = (over.clone(), count.clone(), request(path));
            std::thread::spawn(move || {
                let (mut stream, mut buffer) = (TcpStream::connect(address).unwrap(), Vec::new());
                while !over.load(Ordering::Relaxed) {
                    ask(&mut stream, &request, &mut buffer);
                    count.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(SECONDS)).await;
    over.store(true, Ordering::Relaxed);
    for thread in threads {
        tokio::task::spawn_blocking(move || thread.join().unwrap()).await.unwrap();
    }
    count.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

async fn long(world: &World, database: Database) {
    let count = measure::sizes(&[10_000])[0];
    let report = served::drafted::report(world, "long", count).await;
    let by = world.person_with("Devi Publishes", Role::Secretariat, ScopeKind::Instance, "");
    println!("{:<9} {:<34} {:>10} {:>10}", "database", "of so many paragraphs", "takes", "others");
    let took = |what: &str, took: Duration, others: Option<Duration>| {
        let others = others.map(|others| format!("{others:.2?}")).unwrap_or_default();
        let (database, what) = (format!("{database:?}"), format!("{what} ({count})"));
        println!("{database:<9} {what:<34} {took:>10.2?} {others:>10}");
    };
    let outline = served::median(5, || async {
        let outline = world.get(Some(&by), &format!("{report}/outline")).await;
        assert_eq!(outline.status, 200);
    });
    took("outline", outline.await, None);
    let by = cleared(world, &report).await;
    let second = world.person_with("Asha Second", Role::Secretariat, ScopeKind::Instance, "");
    let others = Others::gather(world, &by).await;
    let version = world.get(Some(&by), &report).await.json["version"].as_i64().unwrap();
    let request = Request::new(Method::POST, &format!("{report}/publish")).by(Some(&by));
    let request = request.version(version).body(json!({ "symbol": "X/1" }));
    let (proposed, time, slowest) = others.meanwhile(world.send(request)).await;
    took("proposal", time, Some(slowest));
    assert_eq!(proposed.status, 202, "{}", proposed.text);
    let path = format!("/api/v1/proposals/{}/decision", id(&proposed.json));
    let confirm = world.post(&second, &path, json!({ "decision": "confirm" }));
    let (confirmed, time, slowest) = others.meanwhile(confirm).await;
    assert_eq!(confirmed.json["state"], "carried_out", "{}", confirmed.text);
    took("confirmation", time, Some(slowest));
    let page = report.replace("/api/v1", "");
    for (what, path) in [("page", page), ("docx", format!("{report}/editions/1.docx"))] {
        let address: SocketAddr = world.base.trim_start_matches("http://").parse().unwrap();
        for which in ["first", "again"] {
            let begun = Instant::now();
            bytes(address, &path);
            took(&format!("{what}, {which}"), begun.elapsed(), None);
        }
    }
}

/// Others who register every 20 ms, for another consultation.
struct Others {
    people: Vec<Person>,
    next: Cell<usize>,
    base: String,
    client: reqwest::Client,
    path: String,
}

impl Others {
    async fn gather(world: &World, by: &Person) -> Rc<Self> {
        let mut review = served::harness::review();
        review["code"] = json!("others");
        let review = world.make(by, "/api/v1/reviews", review).await;
        let path = format!("/api/v1/reviews/{}/consultations", id(&review));
        let held = world.make(by, &path, served::harness::consultation()).await;
        world.phases(by, id(&held), &["open_call"]).await;
        let people = (0..1_500).map(|number| world.person(&format!("Other No{number}"))).collect();
        let path = format!("/api/v1/consultations/{}/registrations", id(&held));
        let (base, client) = (world.base.clone(), world.client.clone());
        Rc::new(Self { people, next: Cell::new(0), base, client, path })
    }

    async fn meanwhile<T>(
        self: &Rc<Self>,
        act: impl Future<Output = T>,
    ) -> (T, Duration, Duration) {
        let over = Rc::new(Cell::new(false));
        let (others, ended) = (self.clone(), over.clone());
        let writes = actix_web::rt::spawn(async move {
            let mut slowest = Duration::ZERO;
            while !ended.get() {
                let at = others.next.get() % others.people.len();
                others.next.set(at + 1);
                let begun = Instant::now();
                let sent = others.client.post(format!("{}{}", others.base, others.path));
                let sent = sent.bearer_auth(&others.people[at].token);
                sent.json(&registration("media", "TH")).send().await.unwrap();
                slowest = slowest.max(begun.elapsed());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            slowest
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        let begun = Instant::now();
        let done = act.await;
        let took = begun.elapsed();
        over.set(true);
        (done, took, writes.await.unwrap())
    }
}

/// Takes a report to where it can be published.
async fn cleared(world: &World, report: &str) -> Person {
    let by = world.person_with("Chai Clears", Role::Secretariat, ScopeKind::Instance, "");
    world.waive_findings(&by, report).await;
    let consultation = world.get(Some(&by), report).await.json["consultation_id"].clone();
    let base = format!("/api/v1/consultations/{}", consultation.as_str().unwrap());
    let version = world.get(Some(&by), &base).await.json["version"].as_i64().unwrap();
    let despite = BlockerCode::ALL.iter().filter(|code| code.is_waivable());
    let despite: Vec<&str> = despite.map(|code| code.as_str()).collect();
    let body = json!({ "to": "clearance", "reason": "It is a bench.", "despite": despite });
    world.change(&by, Method::POST, &format!("{base}/phase"), version, body).await;
    world.clear(&by, report).await;
    by
}

async fn publish(world: &World, by: &Person, report: &str) {
    let version = world.get(Some(by), report).await.json["version"].as_i64().unwrap();
    let request = Request::new(Method::POST, &format!("{report}/publish")).by(Some(by));
    let published = world.send(request.version(version).body(json!({ "symbol": "X/0" }))).await;
    if published.status == 202 {
        let second = world.person_with("Binh First", Role::Secretariat, ScopeKind::Instance, "");
        let path = format!("/api/v1/proposals/{}/decision", id(&published.json));
        let confirmed = world.post(&second, &path, json!({ "decision": "confirm" })).await;
        assert_eq!(confirmed.json["state"], "carried_out", "{}", confirmed.text);
    }
}
