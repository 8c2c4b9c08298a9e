//! Whatever holds, stops or dawdles: a request is answered in time, what is refused is refused fast, and all recovers by itself.

#![allow(clippy::disallowed_methods, reason = "holds locks from beside the program")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use futures_util::future::{join, join_all};
use rapporteur::settings::Settings;
use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, Database, Person, Request, World};
use crate::proxy::{Proxy, behind_a_proxy};
use crate::server::Server;
use crate::times;

/// A way to the database of a world from beside it.
enum Beside {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Beside {
    fn of(world: &World) -> Self {
        match &world.database {
            Some(database) => Self::Postgres(PgConnection::establish(&database.url).unwrap()),
            None => {
                let path = world.folder.join("rapporteur.sqlite");
                Self::Sqlite(SqliteConnection::establish(path.to_str().unwrap()).unwrap())
            }
        }
    }

    /// Takes what every change needs.
    fn hold(&mut self) {
        match self {
            Self::Postgres(conn) => conn.batch_execute(
                "BEGIN; LOCK TABLE organizations, readiness IN ACCESS EXCLUSIVE MODE",
            ),
            Self::Sqlite(conn) => conn.batch_execute("BEGIN IMMEDIATE"),
        }
        .unwrap();
    }

    fn give_back(&mut self) {
        match self {
            Self::Postgres(conn) => conn.batch_execute("ROLLBACK"),
            Self::Sqlite(conn) => conn.batch_execute("ROLLBACK"),
        }
        .unwrap();
    }
}

async fn propose(world: &World, person: &Person, number: usize) -> Answer {
    let body = json!({ "name": format!("Example Organization {number}"), "sector": "academia", "country": "TH" });
    let request = Request::new(Method::POST, "/api/v1/organizations").by(Some(person)).body(body);
    world.send(request.header("Idempotency-Key", format!("number-{number}"))).await
}

/// Both databases, with these settings.
fn worlds(change: impl Fn(&mut Settings)) -> impl Iterator<Item = World> {
    let both = [Database::Sqlite, Database::Postgres].into_iter();
    both.filter_map(move |database| World::with(database, &change))
}

/// Asks until the server is ready again; how long that took.
async fn until_ready(world: &World) -> Duration {
    let begun = Instant::now();
    while world.get(None, "/health/ready").await.status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not recover");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    begun.elapsed()
}

#[actix_web::test]
async fn a_lock_that_is_held_from_outside_hangs_nothing() {
    for world in worlds(|settings| settings.database.lock_seconds = 1) {
        let person = world.person("Ada Example");
        let mut beside = Beside::of(&world);
        beside.hold();
        let begun = Instant::now();
        let refused = propose(&world, &person, 1).await;
        refused.is_problem(503, "unavailable");
        assert!(!refused.header("retry-after").is_empty());
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        let begun = Instant::now();
        world.get(None, "/health/ready").await.is_problem(503, "unavailable");
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        // Who only reads is not in the way of anybody.
        assert_eq!(world.get(Some(&person), "/api/v1/me").await.status, 200);
        beside.give_back();
        until_ready(&world).await;
        assert_eq!(propose(&world, &person, 1).await.status, 201);
    }
}

#[actix_web::test]
async fn a_statement_that_takes_too_long_is_stopped() {
    let world = World::with(Database::Postgres, |settings| settings.database.statement_seconds = 1);
    let Some(world) = world else { return };
    let begun = Instant::now();
    let slow = world.app.db.write_blocking(|conn| {
        let rapporteur::db::Conn::Postgres(conn) = conn else { panic!("it is PostgreSQL") };
        Ok(conn.batch_execute("SELECT pg_sleep(20)")?)
    });
    assert_eq!(slow.unwrap_err().code(), rapporteur::problem::Code::TookTooLong);
    assert!(begun.elapsed() < Duration::from_secs(3), "it was begun anew");
}

#[actix_web::test]
async fn more_than_can_wait_is_refused_fast_and_it_recovers_by_itself() {
    let narrow = |settings: &mut Settings| {
        settings.database.pool = 3;
        settings.database.queue = 4;
        settings.database.wait_seconds = 4;
        settings.database.lock_seconds = 4;
    };
    for world in worlds(narrow) {
        let person = world.person("Ada Example");
        let mut beside = Beside::of(&world);
        beside.hold();
        let count = times(40, 400) as usize;
        let asked = (0..count).map(async |number| {
            let begun = Instant::now();
            let answer = propose(&world, &person, number).await;
            answer.is_problem(503, "unavailable");
            begun.elapsed()
        });
        let mut waited = join_all(asked).await;
        waited.sort();
        // Nobody but those who are served or in the line waits for anything but the test's own machine.
        let fast = waited[count * 3 / 4];
        assert!(fast < Duration::from_millis(3500), "{waited:?}");
        assert!(waited[count - 1] < Duration::from_secs(15), "{waited:?}");
        println!("refused after {fast:?}, the last after {:?}", waited[count - 1]);
        beside.give_back();
        until_ready(&world).await;
        let done = join_all((0..4).map(|number| propose(&world, &person, number))).await;
        for answer in done {
            assert_eq!(answer.status, 201, "{}", answer.text);
        }
    }
}

/// Sends the beginning of a request on a connection of its own.
fn begin(world: &World, text: &str) -> TcpStream {
    let place = world.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(place).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(text.replace("{host}", place).as_bytes()).unwrap();
    stream
}

/// What comes back before the server closes the connection, read beside the server.
async fn rest(mut stream: TcpStream) -> String {
    let read = tokio::task::spawn_blocking(move || {
        let mut said = Vec::new();
        // It may be reset while there is something that nobody read.
        let _closed = stream.read_to_end(&mut said);
        String::from_utf8_lossy(&said).into_owned()
    });
    read.await.unwrap()
}

const HALF_A_BODY: &str = "POST /api/v1/auth/sign-in HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
     content-length: 60\r\n\r\n{\"email\":";

#[actix_web::test]
async fn bodies_that_do_not_arrive_are_ended_and_keep_nobody_waiting() {
    let world = World::with(Database::Sqlite, |settings| {
        settings.server.body_seconds = 5;
        settings.server.connections_per_address = 10_000;
    });
    let world = world.unwrap();
    // The server begins with the first turn that it is given here: until then no more come in than the system lets wait.
    assert_eq!(world.get(None, "/health/live").await.status, 200);
    let begun = Instant::now();
    let slow: Vec<TcpStream> = (0..times(200, 2000)).map(|_| begin(&world, HALF_A_BODY)).collect();
    let other = Instant::now();
    assert_eq!(world.get(None, "/health/live").await.status, 200);
    assert!(other.elapsed() < Duration::from_secs(4), "{:?}", other.elapsed());
    for said in join_all(slow.into_iter().map(rest)).await {
        assert!(said.starts_with("HTTP/1.1 408 "), "{said}");
        assert!(said.contains("/problems/timeout") && said.contains("connection: close"), "{said}");
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[actix_web::test]
async fn a_body_that_drips_is_ended_and_a_large_one_may_take_its_time() {
    let world = World::with(Database::Sqlite, |settings| settings.server.body_seconds = 1);
    let world = world.unwrap();
    let mut dripping = begin(&world, HALF_A_BODY);
    let mut ended = false;
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        ended |= dripping.write_all(b" ").is_err();
    }
    assert!(ended || rest(dripping).await.starts_with("HTTP/1.1 408 "));
    // Four parts of 128 KiB, one in each second and a bit: the time grows with what arrived.
    let length = 4 * 128 * 1024;
    let head = format!(
        "POST /api/v1/auth/sign-in HTTP/1.1\r\nhost: {{host}}\r\ncontent-type: application/json\r\n\
         connection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    let mut large = begin(&world, &head);
    for _ in 0..4 {
        large.write_all(&vec![b' '; length / 4]).unwrap();
        tokio::time::sleep(Duration::from_millis(700)).await;
    }
    let said = rest(large).await;
    assert!(said.starts_with("HTTP/1.1 400 "), "it is no JSON: {said}");
}

#[actix_web::test]
async fn headers_that_do_not_arrive_are_ended() {
    let world = World::with(Database::Sqlite, |settings| settings.server.header_seconds = 1);
    let world = world.unwrap();
    let begun = Instant::now();
    let slow: Vec<TcpStream> =
        (0..50).map(|_| begin(&world, "GET /health/live HTTP/1.1\r\nhost: ")).collect();
    join_all(slow.into_iter().map(rest)).await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

/// Asks until it is answered so, for ten seconds; what is answered last.
async fn until(world: &World, asked: &str, answered: &str) -> String {
    let begun = Instant::now();
    loop {
        let said = rest(begin(world, asked)).await;
        if said.starts_with(answered) || begun.elapsed() > Duration::from_secs(10) {
            return said;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[actix_web::test]
async fn one_address_does_not_take_all_connections() {
    let narrow = |settings: &mut Settings| settings.server.connections_per_address = 5;
    let world = World::with(Database::Sqlite, narrow).unwrap();
    let look = "GET /health/live HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n";
    let held: Vec<TcpStream> =
        (0..5).map(|_| begin(&world, "GET /health/live HTTP/1.1\r\nhost: ")).collect();
    // As soon as the server has seen them come, and go.
    let said = until(&world, look, "HTTP/1.1 429 ").await;
    assert!(said.starts_with("HTTP/1.1 429 ") && said.contains("retry-after: 5"), "{said}");
    drop(held);
    let said = until(&world, look, "HTTP/1.1 200 ").await;
    assert!(said.starts_with("HTTP/1.1 200 "), "{said}");
    // A proxy in front has one address.
    let proxied = |settings: &mut Settings| {
        settings.server.connections_per_address = 1;
        settings.limits.trusted_proxies = "127.0.0.1".parse().unwrap();
    };
    let world = World::with(Database::Sqlite, proxied).unwrap();
    let _held = begin(&world, "GET /health/live HTTP/1.1\r\nhost: ");
    assert!(rest(begin(&world, look)).await.starts_with("HTTP/1.1 200 "));
}

#[actix_web::test]
async fn a_database_that_is_gone_is_said_fast_and_found_again() {
    let Some((world, proxy)) = behind_a_proxy(|_| ()) else { return };
    let person = world.person("Ada Example");
    for number in 0..times(3, 20) as usize {
        proxy.stop();
        // The first may still find a connection that nobody knows to be gone.
        for _ in 0..3 {
            let begun = Instant::now();
            let answer = propose(&world, &person, number).await;
            answer.is_problem(503, "unavailable");
            assert_eq!(answer.header("retry-after"), "2");
            assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        }
        let begun = Instant::now();
        while world.get(None, "/health/ready").await.status != 503 {
            assert!(begun.elapsed() < Duration::from_secs(4), "it is called ready");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(world.get(None, "/health/live").await.status, 200);
        proxy.start();
        let took = until_ready(&world).await;
        assert!(took < Duration::from_secs(6), "{took:?}");
        assert_eq!(propose(&world, &person, number).await.status, 201);
    }
}

/// What was asked while something happened to the database, by number.
type Answered = Vec<(usize, Answer)>;

/// Four writers go on while something happens; what happened says what is left of the servers.
async fn written_meanwhile<S: Send + 'static>(
    (world, person): (&World, &Person),
    first: usize,
    happens: impl FnOnce() -> S + Send + 'static,
) -> (Answered, S) {
    let stopping = Arc::new(AtomicBool::new(false));
    let count = Arc::new(AtomicUsize::new(0));
    let writers = (0..4).map(async |writer| {
        let mut answered = Vec::new();
        for number in (first + writer..).step_by(4) {
            if stopping.load(Ordering::Relaxed) {
                break;
            }
            let begun = Instant::now();
            let answer = propose(world, person, number).await;
            assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
            let known = ["/problems/unavailable", "/problems/outcome_unknown"];
            let kind = answer.json["type"].as_str().unwrap_or_default();
            assert!(answer.status == 201 || known.contains(&kind), "{}", answer.text);
            count.fetch_add(1, Ordering::Relaxed);
            answered.push((number, answer));
        }
        answered
    });
    let (over, so_far) = (stopping.clone(), count.clone());
    let fault = tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        while so_far.load(Ordering::Relaxed) < 20 && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(5));
        }
        let left = happens();
        over.store(true, Ordering::Relaxed);
        left
    });
    let (answered, left) = join(join_all(writers), fault).await;
    let left = left.unwrap();
    until_ready(world).await;
    (answered.into_iter().flatten().collect(), left)
}

/// Asks everything again: what was answered is as it was answered, and all of it is there once.
async fn nothing_lost_or_doubled(
    (world, person): (&World, &Person),
    answered: Answered,
    url: &str,
) {
    let done = answered.iter().filter(|(_, answer)| answer.status == 201).count();
    assert!(done > 0 && done < answered.len(), "{done} of {}", answered.len());
    for (number, answer) in &answered {
        let again = propose(world, person, *number).await;
        assert_eq!(again.status, 201, "{}", again.text);
        if answer.status == 201 {
            assert_eq!(again.json["id"], answer.json["id"], "it was lost");
        }
    }
    let mut direct = PgConnection::establish(url).unwrap();
    let written = crate::commits::count(&mut direct, "organizations");
    let names = "(SELECT DISTINCT name FROM organizations) AS names";
    assert_eq!(crate::commits::count(&mut direct, names), written, "it was doubled");
    println!("{done} of {} answered while it happened, {written} written", answered.len());
}

/// A world on a server, or on several, of the test.
fn world_at(url: &str) -> Option<World> {
    World::with(Database::Postgres, |settings| {
        settings.database.url = url.to_owned().into();
        settings.database.allow_superuser = true;
    })
}

#[actix_web::test]
async fn a_postgres_that_is_stopped_and_started_loses_and_doubles_nothing() {
    let Some(mut server) = Server::new() else { return };
    let Some(world) = world_at(&server.url()) else { return };
    let person = world.person("Ada Example");
    for (round, signal) in ["-INT", "-QUIT"].repeat(times(1, 10) as usize).into_iter().enumerate() {
        let happens = move || {
            server.stop(signal);
            std::thread::sleep(Duration::from_millis(1000));
            server.start();
            server
        };
        let (answered, again) = written_meanwhile((&world, &person), round * 1000, happens).await;
        server = again;
        nothing_lost_or_doubled((&world, &person), answered, &server.url()).await;
    }
    drop(world);
}

#[actix_web::test]
async fn a_standby_that_takes_over_has_all_that_was_answered() {
    for signal in ["-INT", "-QUIT"].repeat(times(1, 5) as usize) {
        let Some(mut server) = Server::new() else { return };
        let standby = server.standby();
        let Some(world) = world_at(&server.url_with(&standby)) else { return };
        let person = world.person("Ada Example");
        let happens = move || {
            server.stop(signal);
            std::thread::sleep(Duration::from_millis(500));
            standby.take_over();
            standby
        };
        let (answered, standby) = written_meanwhile((&world, &person), 0, happens).await;
        nothing_lost_or_doubled((&world, &person), answered, &standby.url()).await;
        drop(world);
    }
}

#[actix_web::test]
async fn a_database_that_does_not_answer_hangs_no_request() {
    let seconds = |settings: &mut Settings| settings.server.request_seconds = 4;
    let Some((world, proxy)) = behind_a_proxy(seconds) else { return };
    let person = world.person("Ada Example");
    proxy.hush();
    let begun = Instant::now();
    // Whether it was done cannot be known: it may have been on its way.
    propose(&world, &person, 1).await.is_problem(503, "outcome_unknown");
    world.get(Some(&person), "/api/v1/me").await.is_problem(504, "took_too_long");
    world.get(None, "/health/ready").await.is_problem(503, "unavailable");
    assert!(begun.elapsed() < Duration::from_secs(14), "{:?}", begun.elapsed());
    proxy.stop();
    proxy.start();
    until_ready(&world).await;
    assert_eq!(propose(&world, &person, 1).await.status, 201);
}

#[actix_web::test]
async fn a_server_whose_database_does_not_answer_still_stops() {
    let Some(database) = crate::postgres::new_database() else { return };
    let folder = tempfile::tempdir().unwrap();
    let proxy = Proxy::before(&database.url);
    let port = crate::crash::free_port();
    let mut command =
        crate::crash::serving(&folder.path().join("data"), Some(&proxy.url(&database.url)), port);
    command.env("RAPPORTEUR_SERVER__SHUTDOWN_SECONDS", "2").stderr(std::process::Stdio::null());
    let mut running = crate::crash::ready(command, port).await;
    proxy.hush();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let id = running.process.id().to_string();
    let told = std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(told.success());
    let begun = Instant::now();
    while running.process.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(12), "it does not stop");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
