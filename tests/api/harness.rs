//! A world for a test: a server on a port of its own over a database of its own, a clock that stands still, ids that repeat.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::dev::ResourceDef;

use chrono::{TimeZone, Utc};
use rapporteur::access::{Role, ScopeKind};
use rapporteur::accounts::{self, AccountId, Email};
use rapporteur::app::App;
use rapporteur::clock::Clock;
use rapporteur::consultations::lifecycle::BlockerCode;
use rapporteur::db::types::Id;
use rapporteur::features::FEATURES;
use rapporteur::ids::Ids;
use rapporteur::settings::Settings;
use rapporteur::work::Credentials;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::postgres::TestDatabase;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// Runs one test body on both databases: `on_both!(name, |world| async move { … })`.
#[macro_export]
macro_rules! on_both {
    ($(#[$meta:meta])* $name:ident, $body:expr) => {
        mod $name {
            #[allow(unused_imports, reason = "a body need not use everything around it")]
            use super::*;

            $(#[$meta])*
            #[actix_web::test]
            async fn on_sqlite() {
                if let Some(world) = $crate::harness::World::new($crate::harness::Database::Sqlite)
                {
                    ($body)(world).await;
                }
            }

            $(#[$meta])*
            #[actix_web::test]
            async fn on_postgres() {
                if let Some(world) =
                    $crate::harness::World::new($crate::harness::Database::Postgres)
                {
                    ($body)(world).await;
                }
            }
        }
    };
}

/// Somebody with an account and a token.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: AccountId,
    pub email: String,
    pub token: String,
}

/// A server and everything around it.
pub struct World {
    pub app: App,
    pub base: String,
    pub client: reqwest::Client,
    pub folder: PathBuf,
    _folder: tempfile::TempDir,
    pub database: Option<TestDatabase>,
    /// What was answered to requests with a receipt, which no figure tells: status, method, path.
    by_receipt: Mutex<Vec<(u16, Method, String)>>,
}

/// A value that is dropped by hand is captured whole: else an `async move` that asks for `world.app` alone would take
/// that and let the database go.
impl Drop for World {
    fn drop(&mut self) {
        note_answers(self);
        drop(self.database.take());
    }
}

/// Names the file to which every world adds what it answered (`tests/api/answered.rs`).
pub const ANSWERED: &str = "RAPPORTEUR_ANSWERED";

/// Adds what a server answered to the file, with the test that asked.
fn note_answers(world: &World) {
    let Ok(file) = std::env::var(ANSWERED) else { return };
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("main");
    let figures = world.app.metrics.text();
    let mut lines: String = figures.lines().filter_map(|line| answer(test, line)).collect();
    for (status, method, path) in world.by_receipt.lock().unwrap().iter() {
        lines.push_str(&format!("{test} {status} {method} {}\n", route_of(path)));
    }
    // In one write, so that lines of two tests do not mix.
    let mut file = OpenOptions::new().create(true).append(true).open(file).unwrap();
    file.write_all(lines.as_bytes()).unwrap();
}

/// The address in the contract that a path is of: the most literal one that fits.
fn route_of(path: &str) -> String {
    let paths = rapporteur::server::openapi().paths.paths;
    let fitting = paths.into_keys().filter(|route| ResourceDef::new(route.as_str()).is_match(path));
    fitting.min_by_key(|route| route.matches('{').count()).unwrap_or_default()
}

/// `rapporteur_http_requests_total{method="GET",route="/api/v1/me",status="200"} 2` as a line of the file.
pub fn answer(test: &str, line: &str) -> Option<String> {
    let labels = line.strip_prefix("rapporteur_http_requests_total{")?;
    let value = |label: &str| {
        let rest = labels.split_once(&format!("{label}=\""))?.1;
        rest.split_once('"').map(|(value, _)| value)
    };
    Some(format!("{test} {} {} {}\n", value("status")?, value("method")?, value("route")?))
}

impl World {
    /// A new world; none when the database is not to be had here.
    pub fn new(database: Database) -> Option<Self> {
        Self::with(database, |_| ())
    }

    /// A new world with other settings.
    pub fn with(database: Database, change: impl FnOnce(&mut Settings)) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults().unwrap();
        // The keys are beside it, in the same temporary folder.
        settings.data.folder = folder.path().join("data");
        settings.server.bind = "127.0.0.1:0".into();
        settings.metrics.bind = "127.0.0.1:0".into();
        settings.database.pool = 6;
        // A program for tests is slow: whoever asks is to be answered all the same.
        settings.database.bearable_ms = 20_000;
        settings.documents.program = env!("CARGO_BIN_EXE_rapporteur").into();
        settings.limits.requests_per_minute = 1_000_000;
        settings.limits.sign_in_per_minute = 1_000_000;
        settings.limits.links_per_minute = 1_000_000;
        settings.limits.registrations_per_minute = 1_000_000;
        let database = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(super::postgres::new_database()?),
        };
        if let Some(database) = &database {
            settings.database.url = database.url.clone().into();
        }
        change(&mut settings);
        let clock = Clock::fixed(Utc.with_ymd_and_hms(2020, 10, 1, 3, 0, 0).unwrap());
        let app = App::open(settings, clock, Ids::sequence(), FEATURES).unwrap();
        let (server, address) = rapporteur::server::bind(app.clone()).unwrap();
        actix_web::rt::spawn(server);
        let base = format!("http://{address}");
        // Shorter than the server keeps a connection that nobody uses: a bench that blocks for longer would write into a closed one.
        let client =
            reqwest::Client::builder().pool_idle_timeout(Duration::from_secs(3)).build().unwrap();
        Some(Self {
            app,
            base,
            client,
            folder: folder.path().join("data"),
            _folder: folder,
            database,
            by_receipt: Mutex::default(),
        })
    }

    /// What the listener of metrics answers.
    pub async fn metrics(&self) -> String {
        let (server, address) =
            rapporteur::server::bind_metrics(self.app.clone()).unwrap().unwrap();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        let asked = self.client.get(format!("http://{address}/metrics")).send().await.unwrap();
        let text = asked.text().await.unwrap();
        handle.stop(false).await;
        text
    }

    /// Somebody new, with no role.
    pub fn person(&self, name: &str) -> Person {
        self.person_at(&format!("{}@example.org", name.to_lowercase().replace(' ', ".")), name)
    }

    /// Somebody with an address that their name does not tell.
    pub fn person_at(&self, email: &str, name: &str) -> Person {
        let parsed: Email = email.parse().unwrap();
        let work = |work: &mut rapporteur::work::Work| {
            accounts::service::find_or_create(work, &parsed, name)
        };
        let account = self.app.write_blocking(&Credentials::Operator, work).unwrap();
        let token = self.token_of(account.id);
        Person { id: account.id, email: email.to_owned(), token }
    }

    /// The person with a token of now, for when the clock was moved.
    pub fn signed_in_again(&self, person: &Person) -> Person {
        Person { token: self.token_of(person.id), ..person.clone() }
    }

    /// An access token of now.
    pub fn token_of(&self, id: accounts::AccountId) -> String {
        let load = |work: &mut rapporteur::work::Work| accounts::service::load(work, id);
        let account = self.app.read_blocking(&Credentials::Operator, load).unwrap();
        self.app.tokens.issue(account.holder(), self.app.clock.now()).0
    }

    /// Gives a role.
    pub fn grant(&self, person: &Person, role: Role, kind: ScopeKind, on: &str) {
        let on: Uuid = on.parse().unwrap_or(Uuid::nil());
        let work = |work: &mut rapporteur::work::Work| {
            accounts::roles::service::give_role(work, person.id, role, kind, on)
        };
        self.app.write_blocking(&Credentials::Operator, work).unwrap();
    }

    /// Somebody new with a role.
    pub fn person_with(&self, name: &str, role: Role, kind: ScopeKind, on: &str) -> Person {
        let person = self.person(name);
        self.grant(&person, role, kind, on);
        person
    }

    /// A request, answered.
    pub async fn send(&self, request: Request<'_>) -> Answer {
        let url = format!("{}{}", self.base, request.path);
        let mut sent = self.client.request(request.method.clone(), url);
        if let Some(person) = request.person {
            sent = sent.bearer_auth(&person.token);
        }
        for (name, value) in &request.headers {
            sent = sent.header(*name, value);
        }
        if let Some(body) = &request.body {
            sent = sent.json(body);
        }
        let answer = Answer::of(sent.send().await.unwrap()).await;
        if request.headers.contains_key("Receipt") {
            let path = request.path.split('?').next().unwrap_or_default().to_owned();
            self.by_receipt.lock().unwrap().push((answer.status, request.method, path));
        }
        answer
    }

    pub async fn get(&self, person: Option<&Person>, path: &str) -> Answer {
        self.send(Request::new(Method::GET, path).by(person)).await
    }

    pub async fn post(&self, person: &Person, path: &str, body: Value) -> Answer {
        // A key of its own for each, so that everything kept for retries is there to be looked at.
        static KEYS: AtomicU32 = AtomicU32::new(0);
        let key = format!("key-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        let request = Request::new(Method::POST, path).by(Some(person)).body(body);
        self.send(request.header("Idempotency-Key", key)).await
    }

    /// A POST that must succeed; what it answered.
    pub async fn make(&self, person: &Person, path: &str, body: Value) -> Value {
        let answer = self.post(person, path, body).await;
        assert!(answer.status < 300, "POST {path}: {} {}", answer.status, answer.text);
        answer.json
    }

    /// A paragraph that must be taken into a report, by itself; what was answered of it.
    pub async fn add_paragraph(&self, person: &Person, report: &str, body: Value) -> Value {
        let body = json!({ "paragraphs": [body] });
        let added = self.make(person, &format!("{report}/paragraphs"), body).await;
        added["paragraphs"][0].clone()
    }

    /// An act that needs two people: what came of it once `second` has confirmed it, or of what somebody did alone.
    pub async fn confirmed(&self, second: &Person, proposed: Answer) -> Value {
        let proposal = match proposed.status {
            200 => proposed.json,
            202 => {
                let path = format!("/api/v1/proposals/{}/decision", id(&proposed.json));
                self.make(second, &path, json!({ "decision": "confirm" })).await
            }
            other => panic!("{other}: {}", proposed.text),
        };
        assert_eq!(proposal["state"], "carried_out", "{proposal}");
        proposal["outcome"].clone()
    }

    /// The deputy of an organization on a review, as the operator appoints one.
    pub fn deputy(&self, name: &str, review: &str, organization: &str) -> Person {
        let person = self.person(name);
        let new = accounts::roles::service::NewGrant {
            role: Role::Deputy,
            scope_kind: ScopeKind::Review,
            scope_id: Some(review.parse().unwrap()),
            organization_id: Some(organization.parse().unwrap()),
        };
        let grant = |work: &mut rapporteur::work::Work| {
            accounts::roles::service::grant(work, person.id, new).map(|_| ())
        };
        self.app.write_blocking(&Credentials::Operator, grant).unwrap();
        person
    }

    /// Has every feature look for what is due, as the worker does.
    pub async fn sweep(&self) {
        for feature in self.app.registry.features() {
            if let Some(sweep) = feature.sweep {
                sweep(self.app.clone()).await.unwrap();
            }
        }
    }

    /// A change of the version that is there now; it must succeed.
    pub async fn change(
        &self,
        person: &Person,
        method: Method,
        path: &str,
        version: i64,
        body: Value,
    ) -> Value {
        let request =
            Request::new(method.clone(), path).by(Some(person)).version(version).body(body);
        let answer = self.send(request).await;
        assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.text);
        answer.json
    }

    /// Takes a consultation through phases, whatever stands in the way of a step and can be waived.
    pub async fn phases(&self, person: &Person, consultation: &str, phases: &[&str]) {
        for phase in phases {
            let path = format!("/api/v1/consultations/{consultation}");
            if *phase == "clearance" {
                // There is something to clear; where there is a report already, that one.
                self.post(person, &format!("{path}/report"), json!({})).await;
                let review = self.get(Some(person), &path).await.json["review_id"].clone();
                let all = format!("/api/v1/reviews/{}/reports", review.as_str().unwrap());
                let all = self.get(Some(person), &all).await.json["items"].clone();
                let mut all = all.as_array().unwrap().iter();
                let report = all.find(|one| one["consultation_id"] == consultation).unwrap();
                self.waive_findings(person, &format!("/api/v1/reports/{}", id(report))).await;
            }
            let version = self.get(Some(person), &path).await.json["version"].as_i64().unwrap();
            let waivable = BlockerCode::ALL.iter().filter(|code| code.is_waivable());
            let despite: Vec<&str> = waivable.map(|code| code.as_str()).collect();
            let body = json!({ "to": phase, "reason": "It is a test.", "despite": despite });
            self.change(person, Method::POST, &format!("{path}/phase"), version, body).await;
        }
    }

    /// Lets pass whatever the checks find in a report: its test is about something else.
    pub async fn waive_findings(&self, person: &Person, report: &str) {
        let path = format!("{report}/checks?blocking=true");
        let found = self.get(Some(person), &path).await.json;
        for one in found["items"].as_array().unwrap_or_else(|| panic!("{found}")) {
            // What nobody can let pass is another test's, or coverage's, to say.
            if one["level"] == "blocks_always" {
                continue;
            }
            let body = json!({ "finding": one["finding"], "reason": "It is a test." });
            let waived = self.post(person, &format!("{report}/check-waivers"), body).await;
            assert_eq!(waived.status, 200, "{}", waived.text);
        }
    }

    /// Has somebody ask themselves whether a report can be published, and agree to it as it reads: nothing of clearance stands in the
    /// way then. What they may not do is left undone.
    pub async fn clear(&self, person: &Person, report: &str) {
        let mine = self.get(Some(person), &format!("{report}/clearance/mine")).await.json;
        if mine["open"] != true {
            let ends_on = self.app.clock.now().plus(chrono::Duration::days(7)).utc().date_naive();
            let asked = json!([{ "account_id": person.id, "needed": true }]);
            let round = json!({ "ends_on": ends_on, "asked": asked });
            self.post(person, &format!("{report}/clearance/rounds"), round).await;
        }
        let text = self.get(Some(person), &format!("{report}/clearance/text")).await.json;
        let agreement = json!({ "kind": "agreement", "sha256": text["sha256"] });
        self.post(person, &format!("{report}/clearance/positions"), agreement).await;
    }

    /// A secretariat (instance-wide), a review and a consultation in planning: `(secretariat, review, consultation)`.
    pub async fn consultation(
        &self,
        capacity: Option<u32>,
        admission: &str,
    ) -> (Person, Value, Value) {
        let secretariat =
            self.person_with("Sari Secretariat", Role::Secretariat, ScopeKind::Instance, "");
        let review = self.make(&secretariat, "/api/v1/reviews", review()).await;
        let path = format!("/api/v1/reviews/{}/consultations", id(&review));
        let mut body = consultation();
        body["capacity"] = json!(capacity);
        body["admission"] = json!(admission);
        let consultation = self.make(&secretariat, &path, body).await;
        (secretariat, review, consultation)
    }
}

/// What a review is created with.
pub fn review() -> Value {
    json!({
        "code": "asia-pacific", "framework": "gcm", "title": "A regional review",
        "organ": "Economic and Social Commission for Asia and the Pacific"
    })
}

/// What a consultation is created with.
pub fn consultation() -> Value {
    json!({
        "ordinal": 2, "theme": "Borders and rights", "held_on": "2020-11-19",
        "starts_at": "2020-11-19T04:00:00Z", "ends_at": "2020-11-19T07:30:00Z",
        "zone": "Asia/Bangkok", "mode": "virtual", "objectives": [4, 8, 9, 10, 11, 13, 21], "languages": ["en"]
    })
}

/// What a registration is submitted with.
pub fn registration(sector: &str, country: &str) -> Value {
    json!({
        "sector": sector, "country": country, "languages": ["en"], "preferences": [],
        "consents": { "processing": true }
    })
}

/// The id of what was answered.
pub fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap_or_else(|| panic!("no id in {value}"))
}

/// The id of what was answered, typed.
pub fn typed<K>(value: &Value) -> Id<K> {
    id(value).parse().unwrap()
}

/// What is done by receipt, in a consultation.
impl World {
    /// A request by receipt alone, about something of the consultation.
    pub async fn send_by_receipt(
        &self,
        consultation: &Value,
        receipt: &str,
        method: Method,
        what: &str,
        body: Option<Value>,
    ) -> Answer {
        let path = format!("/api/v1/consultations/{}/{what}", id(consultation));
        let request = Request::new(method, &path).header("Receipt", receipt);
        self.send(Request { body, ..request }).await
    }

    /// Moves the clock to the next fixed time, and mixes what is due then.
    pub fn next_mixing(&self, consultation: &Value) {
        use rapporteur::voices::mixing::service as mixing;
        let consultation = typed(consultation);
        let next = self.app.read_blocking(&Credentials::Anonymous, |work| {
            Ok(mixing::schedule(work, consultation)?.next)
        });
        self.app.clock.advance(next.unwrap().utc() - self.app.clock.now().utc());
        mixing::mix_due(&self.app).unwrap();
    }

    /// Lets the last window close, and mixes everything that waits: once in a consultation. Tokens run out meanwhile.
    pub fn last_mixing(&self, consultation: &Value) {
        use rapporteur::inputs::windows::{Moment, Window, replace};
        let known_for = chrono::Duration::hours(72);
        let closed = self.app.write_blocking(&Credentials::Operator, |work| {
            let closes_at = work.now.plus(known_for);
            let opens_at = work.now.plus(chrono::Duration::minutes(-1));
            let window = Window { moment: Moment::During, opens_at, closes_at };
            replace(work, typed(consultation), &[window])
        });
        closed.unwrap();
        self.app.clock.advance(known_for);
        self.next_mixing(consultation);
    }
}

/// A request to be sent.
pub struct Request<'a> {
    pub method: Method,
    pub path: String,
    pub person: Option<&'a Person>,
    pub headers: HashMap<&'static str, String>,
    pub body: Option<Value>,
}

impl<'a> Request<'a> {
    pub fn new(method: Method, path: &str) -> Self {
        Self { method, path: path.to_owned(), person: None, headers: HashMap::new(), body: None }
    }
    pub fn by(mut self, person: Option<&'a Person>) -> Self {
        self.person = person;
        self
    }
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.insert(name, value.into());
        self
    }
    pub fn version(self, version: i64) -> Self {
        self.header("If-Match", format!("\"{version}\""))
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Answer {
    pub async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status, headers, text, json }
    }

    /// A header's text, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// Asserts that this is the problem of that code, written as RFC 9457 wants it.
    pub fn is_problem(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.json["type"], format!("/problems/{code}"), "{}", self.text);
        assert_eq!(self.json["instance"], self.header("x-request-id"));
    }

    /// Asserts that the problem points there.
    pub fn points_to(&self, pointer: &str) {
        let errors = self.json["errors"].as_array().cloned().unwrap_or_default();
        assert!(
            errors.iter().any(|error| error["pointer"] == pointer),
            "no {pointer} in {}",
            self.text
        );
    }
}

/// The token in a mailed link, or in a text that holds one.
pub fn token_of(text: &str) -> &str {
    let (_, rest) = text.split_once("/in/").expect("a mailed link");
    rest.split(|c: char| c == '?' || c.is_whitespace()).next().unwrap()
}
