//! Ten times as many requests as the program can do: those that are taken are done, the others are refused at once, the memory stays
//! small, and when it is over all is as before. Times are printed and not asserted: they are of the machine that runs this.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::crash::{Running, free_port, ready, serving};
use crate::harness::Database;
use crate::times;

/// How many times what it can do is asked of it.
const TIMES: u32 = 10;
/// How long it is measured what it can do.
const MEASURED: Duration = Duration::from_secs(2);
/// Bytes of memory that it may take.
const MEMORY: u64 = 300 << 20;
/// Requests that are under way at most: fewer than the server takes connections of one address.
const AT_ONCE: usize = 3_000;
/// Between two handfuls of requests.
const TICK: Duration = Duration::from_millis(10);

/// What came of a request: its status, whether it says when to come again, and after how long.
type Came = (u16, bool, Duration);

/// Asks by connections that it keeps. The client of the other tests takes longer for a request than the program does to refuse it.
struct Asking<'r> {
    running: &'r Running,
    token: String,
    kept: Arc<Mutex<Vec<BufReader<TcpStream>>>>,
}

/// Sends a request and reads its answer.
async fn answered(connection: &mut BufReader<TcpStream>, request: &str) -> io::Result<(u16, bool)> {
    connection.write_all(request.as_bytes()).await?;
    let (mut status, mut length, mut again) = (0, 0, false);
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end().to_ascii_lowercase();
        match line.split_once(": ") {
            Some(("content-length", bytes)) => length = bytes.parse().unwrap(),
            Some(("retry-after", _)) => again = true,
            _ if line.starts_with("http/1.1 ") => status = line[9..12].parse().unwrap(),
            _ if line.is_empty() => break,
            _ => {}
        }
    }
    connection.read_exact(&mut vec![0; length]).await?;
    Ok((status, again))
}

impl Asking<'_> {
    /// Proposes an organization, one of its own for each number.
    fn propose(&self, number: usize) -> impl Future<Output = Came> + Send + 'static {
        let place = self.running.base.replace("http://", "");
        let body = json!({ "name": format!("Example Organization {number}"), "sector": "academia", "country": "TH" });
        let body = body.to_string();
        let request = format!(
            "POST /api/v1/organizations HTTP/1.1\r\nhost: {place}\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        let kept = self.kept.clone();
        async move {
            let begun = Instant::now();
            let asked = async {
                let idle = kept.lock().unwrap().pop();
                if let Some(mut one) = idle
                    && let Ok(came) = answered(&mut one, &request).await
                {
                    kept.lock().unwrap().push(one);
                    return io::Result::Ok(came);
                }
                // There is none, or the server has closed it, which nobody used for some seconds.
                let mut one = BufReader::new(TcpStream::connect(place).await?);
                let came = answered(&mut one, &request).await?;
                kept.lock().unwrap().push(one);
                Ok(came)
            };
            // No answer is none of those that are expected.
            let (status, again) = asked.await.unwrap_or_default();
            (status, again, begun.elapsed())
        }
    }

    /// How many it does in a second, of as many as it is asked by eight who wait for each answer.
    async fn capacity(&self, next: &mut usize) -> u32 {
        let begun = Instant::now();
        let mut done = 0;
        while begun.elapsed() < MEASURED {
            let few = (*next..*next + 8).map(|number| self.propose(number));
            let came = futures_util::future::join_all(few).await;
            assert!(came.iter().all(|one| one.0 == 201), "{came:?}");
            (*next, done) = (*next + 8, done + 8);
        }
        (done * 1000 / begun.elapsed().as_millis() as u32).max(1)
    }

    /// Asks so many times a second for so long, whatever is answered.
    async fn flood(&self, next: &mut usize, each_second: u32, long: Duration) -> Vec<Came> {
        let came: Arc<Mutex<Vec<Came>>> = Arc::default();
        let (mut all, begun, first) = (JoinSet::new(), Instant::now(), *next);
        while begun.elapsed() < long {
            sleep(TICK).await;
            let by_now = begun.elapsed().as_millis() as usize * each_second as usize / 1000;
            while *next < first + by_now {
                // On a machine that is slow it is asked less, and still more than it can do.
                let answered = came.lock().unwrap().len();
                if *next - first - answered >= AT_ONCE {
                    break;
                }
                let (asked, came) = (self.propose(*next), came.clone());
                all.spawn(async move {
                    let one = asked.await;
                    came.lock().unwrap().push(one);
                });
                *next += 1;
            }
        }
        all.join_all().await;
        std::mem::take(&mut *came.lock().unwrap())
    }
}

/// The most memory that a process had, in bytes.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

/// After how long half of them were answered, and all but one in a hundred.
fn spread(came: &[Came], status: u16) -> (usize, Duration, Duration) {
    let mut times: Vec<Duration> =
        came.iter().filter(|one| one.0 == status).map(|one| one.2).collect();
    times.sort();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    (times.len(), at(50), at(99))
}

async fn overloaded(database: Database) {
    let folder = tempfile::tempdir().unwrap();
    let (name, database) = match database {
        Database::Sqlite => ("SQLite", None),
        Database::Postgres => match crate::postgres::new_database() {
            Some(database) => ("PostgreSQL", Some(database)),
            None => return,
        },
    };
    let (port, url) = (free_port(), database.as_ref().map(|database| database.url.as_str()));
    let mut command = serving(&folder.path().join("data"), url, port);
    command.env("RAPPORTEUR_SERVER__CONNECTIONS_PER_ADDRESS", "4096");
    let running = ready(command, port).await;
    let (token, kept) = (running.sign_in().await, Arc::default());
    let asking = Asking { running: &running, token, kept };
    let mut next = 0;
    let capacity = asking.capacity(&mut next).await;
    let before = next;
    let long = Duration::from_secs(u64::from(times(5, 60)));
    let came = asking.flood(&mut next, capacity * TIMES, long).await;
    let strange: Vec<_> =
        came.iter().filter(|one| one.0 != 201 && (one.0 != 503 || !one.1)).take(5).collect();
    assert!(strange.is_empty(), "{strange:?}");
    let (done, done_half, done_most) = spread(&came, 201);
    let (refused, refused_half, refused_most) = spread(&came, 503);
    let memory = memory(running.process.id());
    println!(
        "{name}: {capacity} writes a second; of {} in {long:?} {done} were done, half within {done_half:?}, 99 of 100 within {done_most:?}; \
         {refused} refused, half within {refused_half:?}, 99 of 100 within {refused_most:?}; {} MiB",
        came.len(),
        memory >> 20
    );
    assert!(done > 0 && refused > 0, "it was not asked too much");
    assert!(memory < MEMORY, "{} MiB", memory >> 20);
    // By itself, and nothing that was answered is lost or doubled.
    let begun = Instant::now();
    while asking.propose(next).await.0 != 201 {
        assert!(begun.elapsed() < Duration::from_secs(10), "it does not recover");
        next += 1;
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(listed(&asking).await, before + done + 1);
}

/// How many organizations there are.
async fn listed(asking: &Asking<'_>) -> usize {
    let (mut count, mut cursor) = (0, String::new());
    loop {
        let path = format!("{}/api/v1/organizations?limit=200{cursor}", asking.running.base);
        let answer = asking.running.client.get(path).bearer_auth(&asking.token).send().await;
        let page: serde_json::Value = answer.unwrap().json().await.unwrap();
        count += page["items"].as_array().unwrap().len();
        let Some(next) = page["next"].as_str() else { return count };
        cursor = format!("&cursor={next}");
    }
}

#[actix_web::test]
async fn ten_times_what_it_can_do_is_refused_at_once_on_sqlite() {
    overloaded(Database::Sqlite).await;
}

#[actix_web::test]
async fn ten_times_what_it_can_do_is_refused_at_once_on_postgres() {
    overloaded(Database::Postgres).await;
}
