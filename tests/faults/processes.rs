//! Several servers on one PostgreSQL, with a proxy before them: what is tried out counts together, and one after the other is renewed
//! under load without a failed request, a lost or doubled write, or a mail that is sent twice.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::crash::{Running, free_port, ready, serving};
use crate::times;

/// Between two questions of the proxy whether a server is ready.
const ASKED: Duration = Duration::from_millis(100);

/// Where servers run, and what they are set to.
struct Place<'p> {
    data: &'p Path,
    url: &'p str,
    set: &'p [(&'p str, &'p str)],
}

impl Place<'_> {
    async fn server(&self, port: u16) -> Running {
        let mut command = serving(self.data, Some(self.url), port);
        command.envs(self.set.iter().copied());
        ready(command, port).await
    }

    async fn servers(&self, count: usize) -> Vec<Running> {
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(self.server(free_port()).await);
        }
        all
    }
}

/// How many of so many tries to sign in are taken, one after the other with each of the servers.
async fn taken(servers: &[Running], tries: usize, email: impl Fn(usize) -> String) -> usize {
    let mut taken = 0;
    for number in 0..tries {
        let server = &servers[number % servers.len()];
        let body = json!({ "email": email(number), "password": "a guess at random" });
        let path = format!("{}/api/v1/auth/sign-in", server.base);
        let answer = server.client.post(path).json(&body).send().await.unwrap();
        taken += usize::from(answer.status() == 401);
        // As long as it takes to tell the others.
        sleep(Duration::from_millis(120)).await;
    }
    taken
}

#[actix_web::test]
async fn what_is_tried_out_counts_together() {
    let Some(database) = crate::postgres::new_database() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let few = [("RAPPORTEUR_LIMITS__SIGN_IN_PER_MINUTE", "20")];
    let many = [("RAPPORTEUR_LIMITS__SIGN_IN_PER_MINUTE", "100000")];
    for count in [2, 4] {
        // By address: whoever has sixty tries has twenty, not twenty with each. (One comes back every three seconds.)
        let place = Place { data: &data, url: &database.url, set: &few };
        let (servers, begun) = (place.servers(count).await, Instant::now());
        let by_address = taken(&servers, 60, |number| format!("nobody{number}@example.org")).await;
        let back = begun.elapsed().as_secs() as usize / 3 + 1;
        assert!((20..=20 + back + 2 * count).contains(&by_address), "{by_address} of 60, {count}");
        drop(servers);
        // By account.
        let place = Place { data: &data, url: &database.url, set: &many };
        let servers = place.servers(count).await;
        let by_account = taken(&servers, 30, |_| format!("one.of.{count}@example.org")).await;
        assert!((10..=10 + 2 * count).contains(&by_account), "{by_account} of 30, {count}");
    }
}

/// A proxy as far as these tests need one: it asks who is ready, and sends each request to one of those.
struct Balancer {
    ports: Vec<u16>,
    ready: Vec<AtomicBool>,
    next: AtomicUsize,
    client: Client,
}

impl Balancer {
    fn before(ports: Vec<u16>) -> Arc<Self> {
        let ready = ports.iter().map(|_| AtomicBool::new(true)).collect();
        let this = Self { ports, ready, next: AtomicUsize::new(0), client: Client::new() };
        let this = Arc::new(this);
        let asks = Arc::downgrade(&this);
        tokio::spawn(async move {
            while let Some(this) = asks.upgrade() {
                for (port, ready) in this.ports.iter().zip(&this.ready) {
                    let url = format!("http://127.0.0.1:{port}/health/ready");
                    let asked = this.client.get(url).send().await;
                    let is = asked.is_ok_and(|answer| answer.status() == 200);
                    ready.store(is, Ordering::Relaxed);
                }
                drop(this);
                sleep(ASKED).await;
            }
        });
        this
    }

    /// Says what it was answered with.
    async fn post(&self, path: &str, (token, key): (&str, &str), body: &Value) -> String {
        let count = self.ports.len();
        let from = self.next.fetch_add(1, Ordering::Relaxed);
        let mut in_turn = (from..from + count).map(|place| place % count);
        let Some(place) = in_turn.find(|place| self.ready[*place].load(Ordering::Relaxed)) else {
            return "nobody is ready".to_owned();
        };
        let url = format!("http://127.0.0.1:{}{path}", self.ports[place]);
        let mut request = self.client.post(url).header("Idempotency-Key", key).json(body);
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        match request.send().await {
            Ok(answer) => answer.status().as_str().to_owned(),
            Err(error) => format!("{error:?}"),
        }
    }
}

/// As much of a mail server as this needs; counts the mails to each recipient.
async fn mail_server(listener: TcpListener, taken: Arc<Mutex<BTreeMap<String, usize>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let taken = taken.clone();
        tokio::spawn(async move {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            let (mut to, mut in_text) = (String::new(), false);
            let mut reply: &[u8] = b"220 test\r\n";
            loop {
                if write.write_all(reply).await.is_err() {
                    return;
                }
                loop {
                    let Ok(Some(line)) = lines.next_line().await else { return };
                    reply = match line.as_str() {
                        "." if in_text => {
                            in_text = false;
                            *taken.lock().unwrap().entry(to.clone()).or_default() += 1;
                            b"250 taken\r\n"
                        }
                        _ if in_text => continue,
                        "DATA" => {
                            in_text = true;
                            b"354 go on\r\n"
                        }
                        other => {
                            let recipient = other.strip_prefix("RCPT TO:<");
                            let recipient = recipient.and_then(|rest| rest.split('>').next());
                            to = recipient.map_or_else(|| std::mem::take(&mut to), str::to_owned);
                            b"250 ok\r\n"
                        }
                    };
                    break;
                }
            }
        });
    }
}

/// Writes and asks for mails until it is over; what was not answered as it should be goes to `failed`.
async fn keep_writing(
    balancer: Arc<Balancer>,
    token: String,
    number: Arc<AtomicUsize>,
    (over, failed): (Arc<AtomicBool>, Arc<Mutex<Vec<String>>>),
) {
    while !over.load(Ordering::Relaxed) {
        let number = number.fetch_add(1, Ordering::Relaxed);
        let key = format!("proposal-{number}");
        let name = format!("Example Organization {number}");
        let named = json!({ "name": name, "sector": "academia", "country": "TH" });
        let made = balancer.post("/api/v1/organizations", (&token, &key), &named).await;
        let to = json!({ "email": format!("person.{number}@example.org") });
        let asked = balancer.post("/api/v1/auth/links", ("", &key), &to).await;
        if (made.as_str(), asked.as_str()) != ("201", "202") {
            failed.lock().unwrap().push(format!("{number}: {made}, {asked}"));
        }
    }
}

/// Tells a server to end, and waits until it has.
async fn end(server: &mut Running) {
    let id = server.process.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    for _ in 0..600 {
        if let Some(status) = server.process.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not end");
}

#[actix_web::test]
async fn one_server_after_the_other_is_renewed_under_load_and_nobody_notices() {
    let Some(database) = crate::postgres::new_database() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let smtp = format!("smtp://{}", listener.local_addr().unwrap());
    let mails = Arc::new(Mutex::new(BTreeMap::new()));
    tokio::spawn(mail_server(listener, mails.clone()));
    let set = [
        ("RAPPORTEUR_SERVER__LEAVING_SECONDS", "1"),
        ("RAPPORTEUR_LIMITS__LINKS_PER_MINUTE", "1000000"),
        ("RAPPORTEUR_MAIL__SMTP_URL", smtp.as_str()),
    ];
    let place = Place { data: &data, url: &database.url, set: &set };
    let count = times(2, 4) as usize;
    let mut servers = place.servers(count).await;
    let token = servers[0].sign_in().await;
    let port = |server: &Running| server.base.rsplit(':').next().unwrap().parse().unwrap();
    let ports: Vec<u16> = servers.iter().map(port).collect();
    let balancer = Balancer::before(ports.clone());
    let number = Arc::new(AtomicUsize::new(0));
    let (over, failed) = (Arc::new(AtomicBool::new(false)), Arc::default());
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let until = (over.clone(), Arc::clone(&failed));
            tokio::spawn(keep_writing(balancer.clone(), token.clone(), number.clone(), until))
        })
        .collect();
    for _ in 0..times(1, 5) {
        for (server, port) in servers.iter_mut().zip(&ports) {
            sleep(Duration::from_millis(500)).await;
            end(server).await;
            *server = place.server(*port).await;
            // Until the proxy knows.
            sleep(3 * ASKED).await;
        }
    }
    over.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    let asked = number.load(Ordering::Relaxed);
    let failed: Vec<String> = failed.lock().unwrap().clone();
    assert!(failed.is_empty(), "{} of {asked} failed: {failed:#?}", failed.len());
    for _ in 0..1200 {
        if mails.lock().unwrap().len() >= asked {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    let mails = mails.lock().unwrap();
    let twice: Vec<_> = mails.iter().filter(|(_, times)| **times != 1).collect();
    assert!(twice.is_empty(), "sent more than once: {twice:?}");
    assert_eq!(mails.len(), asked, "every mail that was asked for is sent");
    println!("{asked} writes and {asked} mails while {count} servers were renewed");
}
