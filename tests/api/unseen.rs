//! Of whoever comes with a receipt nothing is logged and nothing counted, by the real program at its most talkative. Only a failure of
//! ours leaves a line, by which it can be found.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use reqwest::{Method, StatusCode};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::crash::{Running, free_port, ready, serving};
use crate::harness::Database;

/// A server with its log in a file, and where its figures are.
struct Watched {
    running: Running,
    metrics: String,
    log: std::path::PathBuf,
}

impl Watched {
    async fn start(folder: &Path, url: Option<&str>) -> Self {
        let (port, metrics, log) = (free_port(), free_port(), folder.join("log"));
        let mut command = serving(&folder.join("data"), url, port);
        command
            .env("RAPPORTEUR_METRICS__BIND", format!("127.0.0.1:{metrics}"))
            .env("RAPPORTEUR_LOG__FILTER", "trace")
            .stderr(File::create(&log).unwrap());
        let running = ready(command, port).await;
        let metrics = format!("http://127.0.0.1:{metrics}/metrics");
        Self { running, metrics, log }
    }

    /// All that whoever runs the program sees: its figures and its log. The worker is given time to say what it has to say.
    async fn seen(&self) -> (String, String) {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let figures = self.running.client.get(&self.metrics).send().await.unwrap();
        (figures.text().await.unwrap(), std::fs::read_to_string(&self.log).unwrap())
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> StatusCode {
        let mut request =
            self.running.client.request(method, format!("{}{path}", self.running.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap().status()
    }

    /// Begins a request and leaves it there.
    async fn begin(&self, header: &str) -> TcpStream {
        let address = self.running.base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /api/v1/registration-drafts/submit HTTP/1.1\r\nHost: {address}\r\n{header}\
             Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }
}

const RECEIPT: (&str, &str) = ("Receipt", "0123-4567-89AB-CDEF");
const COOKIE: (&str, &str) = ("Cookie", "lang=en; __Host-receipt=0123-4567-89AB-CDEF");

async fn leaves_no_trace(database: Database) {
    let folder = tempfile::tempdir().unwrap();
    let database = match database {
        Database::Sqlite => None,
        Database::Postgres => match crate::postgres::new_database() {
            Some(database) => Some(database),
            None => return,
        },
    };
    let url = database.as_ref().map(|database| database.url.as_str());
    let watched = Watched::start(folder.path(), url).await;
    let before = watched.seen().await;
    let nobody = format!("/api/v1/reviews/{}", uuid::Uuid::nil());
    let nowhere = format!("/say/{}", uuid::Uuid::nil());
    let mine = format!("{nowhere}/mine");
    for (method, path, status) in [
        (Method::GET, nowhere.as_str(), 404),
        (Method::GET, mine.as_str(), 404),
        (Method::POST, mine.as_str(), 403),
        (Method::GET, "/api/v1/reviews", 200),
        (Method::GET, "/api/v1/frameworks/gcm/objectives", 200),
        (Method::GET, "/my/sign-in", 200),
        (Method::GET, nobody.as_str(), 404),
        (Method::GET, "/api/v1/nothing", 404),
        (Method::PATCH, "/api/v1/reviews", 405),
        (Method::POST, "/api/v1/registration-drafts/submit", 415),
    ] {
        for header in [RECEIPT, COOKIE] {
            let answered = watched.send(method.clone(), path, &[header]).await;
            assert_eq!(answered.as_u16(), status, "{method} {path}");
        }
    }
    // What a browser fetches for its first page, which may be one of contributors.
    let page = watched.running.client.get(format!("{}{nowhere}", watched.running.base));
    let page = page.send().await.unwrap().text().await.unwrap();
    let assets = crate::crawl::values(&page, "\"/assets/");
    let assets: Vec<String> = assets.map(|name| format!("/assets/{name}")).collect();
    assert!(assets.len() == 2 && page.contains("rel=\"icon\" href=\"data:,\""), "{page}");
    for path in assets {
        assert_eq!(watched.send(Method::GET, &path, &[]).await.as_u16(), 200);
    }
    // Also of who has no receipt yet, and of who comes with something that is refused there.
    for header in [("Accept", "*/*"), ("Authorization", "Bearer made.up"), ("Cookie", "session=x")]
    {
        let status = if header.0 == "Accept" { 404 } else { 400 };
        assert_eq!(watched.send(Method::GET, &nowhere, &[header]).await.as_u16(), status);
    }
    let known = watched.running.client.get(format!("{}/api/v1/reviews", watched.running.base));
    let known = known.header(RECEIPT.0, RECEIPT.1).send().await.unwrap();
    assert!(!known.headers().contains_key("ratelimit"), "others at the address see it fall");
    let etag = known.headers()["etag"].to_str().unwrap().to_owned();
    let again = [RECEIPT, ("If-None-Match", etag.as_str())];
    assert_eq!(watched.send(Method::GET, "/api/v1/reviews", &again).await.as_u16(), 304);
    let under_way = watched.begin(&format!("{}: {}\r\n", RECEIPT.0, RECEIPT.1)).await;
    let after = watched.seen().await;
    assert_eq!(before.0, after.0, "figures tell of a contributor");
    assert_eq!(before.1, after.1, "the log tells of a contributor");
    drop(under_way);

    // This test would notice, and the header hides nobody who says who they are or tries passwords out.
    let under_way = watched.begin("").await;
    let (figures, _) = watched.seen().await;
    assert!(figures.contains("rapporteur_http_in_flight 1"), "{figures}");
    drop(under_way);
    for (path, header) in [
        ("/api/v1/reviews", ("Authorization", "Bearer made.up")),
        ("/api/v1/auth/sign-in", RECEIPT),
        ("/api/v1/frameworks/gcm/objectives", ("Cookie", "lang=en")),
        ("/privacy", ("Cookie", "lang=en")),
    ] {
        let before = watched.seen().await;
        watched
            .send(Method::GET, path, &[RECEIPT, header][usize::from(header.0 == "Cookie")..])
            .await;
        let after = watched.seen().await;
        assert_ne!(before.0, after.0, "{path}");
        assert!(after.1.len() > before.1.len(), "{path}");
    }

    // A failure of ours can be found, by nothing but its id and its route.
    let hide = "ALTER TABLE reviews RENAME TO reviews_elsewhere";
    match url {
        Some(url) => PgConnection::establish(url).unwrap().batch_execute(hide).unwrap(),
        None => {
            let file = folder.path().join("data/rapporteur.sqlite");
            let file = file.to_str().unwrap();
            SqliteConnection::establish(file).unwrap().batch_execute(hide).unwrap();
        }
    }
    let before = watched.seen().await;
    let failed = [RECEIPT, ("X-Request-Id", "find-me")];
    assert_eq!(watched.send(Method::GET, "/api/v1/reviews", &failed).await.as_u16(), 500);
    let after = watched.seen().await;
    assert_eq!(before.0, after.0);
    let lines = after.1.strip_prefix(&before.1).unwrap();
    assert!(lines.contains("find-me") && lines.contains("/api/v1/reviews"), "{lines}");
    assert!(lines.contains("internal error"), "{lines}");
    assert!(!lines.contains("0123-4567"), "{lines}");
}

#[actix_web::test]
async fn a_contributor_leaves_no_trace_on_sqlite() {
    leaves_no_trace(Database::Sqlite).await;
}

#[actix_web::test]
async fn a_contributor_leaves_no_trace_on_postgres() {
    leaves_no_trace(Database::Postgres).await;
}
