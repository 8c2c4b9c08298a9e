//! Asks a server as many people at once do: over connections that are kept, from a thread of its own, whose time on the processor is not
//! counted as the server's.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// One request, as it is sent, and how it has to be answered.
pub struct Asked {
    text: String,
    status: u16,
}

impl Asked {
    /// What is only looked at.
    #[allow(dead_code, reason = "some only write")]
    pub fn look(token: Option<&str>, path: &str) -> Self {
        Self { text: head(&Method::GET, token, path) + "\r\n", status: 200 }
    }

    /// By somebody with a token or by nobody in particular; `version` goes into `If-Match`.
    pub fn new(token: Option<&str>, path: &str, version: Option<i64>, body: &Value) -> Self {
        use std::fmt::Write;
        let body = body.to_string();
        let mut text = head(&Method::POST, token, path);
        if let Some(version) = version {
            write!(text, "if-match: \"{version}\"\r\n").unwrap();
        }
        static KEYS: AtomicU32 = AtomicU32::new(0);
        // As a client sends it that asks again where no answer came.
        let (length, key) = (body.len(), KEYS.fetch_add(1, Ordering::Relaxed));
        write!(text, "idempotency-key: load-{key}\r\n").unwrap();
        write!(text, "content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
            .unwrap();
        Self { text, status: 201 }
    }

    /// It has to be answered so.
    pub fn answered(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

/// The beginning of a request.
fn head(method: &Method, token: Option<&str>, path: &str) -> String {
    let bearer = token.map(|token| format!("authorization: Bearer {token}\r\n"));
    format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n{}", bearer.unwrap_or_default())
}

/// What came of it.
pub struct Load {
    /// How many people.
    pub people: usize,
    /// How often one of them was told to come again in a second, and did.
    pub again: usize,
    /// How long all of it took.
    pub took: Duration,
    /// After how long half of the people had all their answers.
    pub half: Duration,
    /// After how long all but one in a hundred had.
    pub most: Duration,
    /// For how long this process was on a processor, without whoever asked.
    pub server: Duration,
    /// For how long PostgreSQL was.
    pub postgres: Duration,
}

impl Load {
    /// People each second.
    pub fn rate(&self) -> f64 {
        self.people as f64 / self.took.as_secs_f64()
    }

    /// With what the same people did afterwards.
    pub fn then(self, later: Self) -> Self {
        Self {
            people: later.people,
            again: self.again + later.again,
            took: self.took + later.took,
            half: self.half + later.half,
            most: self.most + later.most,
            server: self.server + later.server,
            postgres: self.postgres + later.postgres,
        }
    }

    /// For one person.
    pub fn each(&self, of_all: Duration) -> Duration {
        of_all / u32::try_from(self.people).unwrap()
    }
}

/// Has so many people at once send their requests, each one after the other, to these servers in turn.
pub fn ask(addresses: &[SocketAddr], at_once: usize, people: Vec<Vec<Asked>>) -> Load {
    let (count, addresses) = (people.len(), addresses.to_vec());
    let (server, postgres) = (of_process(), of_postgres());
    let asking = std::thread::spawn(move || {
        let queue = Mutex::new(VecDeque::from(people));
        let again = AtomicUsize::new(0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let begun = Instant::now();
        let servers = addresses.iter().cycle().take(at_once);
        let all = servers.map(|server| one_after_the_other(*server, &queue, &again));
        let times = runtime.block_on(futures_util::future::join_all(all));
        let took = begun.elapsed();
        (took, times.concat(), of("/proc/thread-self/schedstat"), again.into_inner())
    });
    let (took, mut times, own, again) = asking.join().unwrap();
    times.sort();
    Load {
        people: count,
        again,
        took,
        half: times[count / 2],
        most: times[(count * 99 / 100).min(count - 1)],
        server: of_process().saturating_sub(server).saturating_sub(own),
        postgres: of_postgres().saturating_sub(postgres),
    }
}

async fn one_after_the_other(
    address: SocketAddr,
    queue: &Mutex<VecDeque<Vec<Asked>>>,
    again: &AtomicUsize,
) -> Vec<Duration> {
    let mut connection = BufReader::new(TcpStream::connect(address).await.unwrap());
    connection.get_ref().set_nodelay(true).unwrap();
    let mut times = Vec::new();
    loop {
        let Some(person) = queue.lock().unwrap().pop_front() else { return times };
        let begun = Instant::now();
        for asked in &person {
            while !answered(&mut connection, asked).await {
                again.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        times.push(begun.elapsed());
    }
}

/// Whether it was done; false when it is to be asked again, with the same key: it is done once.
async fn answered(connection: &mut BufReader<TcpStream>, asked: &Asked) -> bool {
    connection.write_all(asked.text.as_bytes()).await.unwrap();
    let (mut status, mut length, mut line) = (0, 0, String::new());
    loop {
        line.clear();
        connection.read_line(&mut line).await.unwrap();
        let head = line.trim_end();
        if head.is_empty() {
            break;
        }
        if status == 0 {
            status = head[9..12].parse().unwrap();
        } else if let Some((name, value)) = head.split_once(": ")
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await.unwrap();
    assert!([asked.status, 503].contains(&status), "{}", String::from_utf8_lossy(&body));
    status == asked.status
}

/// Time on a processor, as the kernel counts it for one thread.
fn of(schedstat: &str) -> Duration {
    let text = std::fs::read_to_string(schedstat).unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}

/// Of all threads of this process that are there or were.
fn of_process() -> Duration {
    ticks("/proc/self/stat")
}

/// Of every process of PostgreSQL that is there.
fn of_postgres() -> Duration {
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let folders = processes.map(|one| one.path()).filter(|folder| {
        let name = std::fs::read_to_string(folder.join("comm")).unwrap_or_default();
        name.trim() == "postgres"
    });
    folders.map(|folder| of(&folder.join("schedstat").to_string_lossy())).sum()
}

/// User and system time of a process, in hundredths of a second.
fn ticks(stat: &str) -> Duration {
    let text = std::fs::read_to_string(stat).unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let fields: Vec<i64> =
        after_name.split_whitespace().filter_map(|field| field.parse().ok()).collect();
    // The state, which is no number, is left out: the 14th and 15th field of proc_pid_stat(5) are the 11th and 12th here.
    Duration::from_millis(fields.iter().skip(10).take(2).sum::<i64>().unsigned_abs() * 10)
}
