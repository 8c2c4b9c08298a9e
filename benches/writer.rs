//! How long somebody else waits for a write of theirs while something long is done: another person registers every 20 ms, on both
//! databases, over HTTP, and the slowest of these is the figure. `cargo bench --bench writer`; a few minutes.
//! `RAPPORTEUR_BENCH_SIZES=2000` lets every act be of no more than that many. Must never fail for being slow.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

mod measure;
mod served;

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rapporteur::jobs;
use reqwest::Method;
use serde_json::{Value, json};

use served::harness::{Database, Person, Request, World, id, registration};

/// Between two writes of the others.
const EVERY: Duration = Duration::from_millis(20);
/// People who are there to register.
const OTHERS: usize = 4_000;

fn main() {
    let columns = format!(
        "{:<9} {:<44} {:>10} {:>14} {:>7} {:>8}",
        "database", "meanwhile", "takes", "slowest write", "writes", "refused"
    );
    served::on_each(&columns, run);
}

/// So many, or fewer where that is asked for.
fn at_most(count: usize) -> usize {
    measure::sizes(&[count]).into_iter().min().unwrap_or(count).min(count)
}

/// Those who register meanwhile, one after the other.
struct Others {
    base: String,
    client: reqwest::Client,
    path: Cell<String>,
    people: Vec<Person>,
    next: Cell<usize>,
}

impl Others {
    fn gather(world: &World, consultation: &Value, name: &str) -> Rc<Self> {
        // On a thread of its own, since each waits for its turn at the database.
        let people = std::thread::scope(|scope| {
            let one = |number| world.person(&format!("{name} No{number}"));
            scope.spawn(move || (0..OTHERS).map(one).collect()).join().unwrap()
        });
        let path = format!("/api/v1/consultations/{}/registrations", id(consultation));
        let (base, client) = (world.base.clone(), world.client.clone());
        Rc::new(Self { base, client, path: Cell::new(path), people, next: Cell::new(0) })
    }

    /// Somebody registers; whether that was taken.
    async fn one(&self) -> bool {
        let at = self.next.get();
        self.next.set(at + 1);
        let path = self.path.take();
        self.path.set(path.clone());
        let sent = self.client.post(format!("{}{path}", self.base));
        let sent = sent.bearer_auth(&self.people[at % OTHERS].token);
        sent.json(&registration("media", "TH")).send().await.unwrap().status() == 201
    }
}

/// Does something while others write, and prints how long these waited.
async fn meanwhile<T>(
    database: Database,
    others: &Rc<Others>,
    what: &str,
    act: impl Future<Output = T>,
) -> T {
    let over = Rc::new(Cell::new(false));
    let (writing, ended) = (others.clone(), over.clone());
    let writes = actix_web::rt::spawn(async move {
        let (mut slowest, mut count, mut refused) = (Duration::ZERO, 0, 0);
        while !ended.get() {
            let begun = Instant::now();
            refused += u32::from(!writing.one().await);
            slowest = slowest.max(begun.elapsed());
            count += 1;
            tokio::time::sleep(EVERY).await;
        }
        (slowest, count, refused)
    });
    tokio::time::sleep(EVERY * 5).await;
    let begun = Instant::now();
    let done = act.await;
    let took = begun.elapsed();
    over.set(true);
    let (slowest, count, refused) = writes.await.unwrap();
    println!(
        "{:<9} {what:<44} {took:>10.2?} {slowest:>14.2?} {count:>7} {refused:>8}",
        format!("{database:?}")
    );
    done
}

async fn run(database: Database) {
    let Some(world) = World::new(database) else { return };
    let (secretariat, review, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let others = Others::gather(&world, &consultation, "Other");
    let act = meanwhile(database, &others, "nothing", tokio::time::sleep(Duration::from_secs(2)));
    act.await;

    let count = at_most(20_000);
    let categories = format!("/api/v1/reviews/{}/input-categories", id(&review));
    let categories = world.get(Some(&secretariat), &categories).await.json["items"].clone();
    let what = format!("import of {count} inputs");
    let table = inputs(count, categories[1]["code"].as_str().unwrap());
    let path = format!("/api/v1/consultations/{}/inputs/imports?dry_run=false", id(&consultation));
    meanwhile(database, &others, &what, import(&world, &secretariat, &path, table)).await;

    let count = at_most(5_000);
    let what = format!("import of {count} registrations");
    let path =
        format!("/api/v1/consultations/{}/registrations/imports?dry_run=false", id(&consultation));
    meanwhile(database, &others, &what, import(&world, &secretariat, &path, people(count))).await;

    // Where everybody else registers, so that they wait for the same lock.
    let vetted = another(&world, &secretariat, &review, 3).await;
    let count = at_most(2_000);
    let path = format!("/api/v1/consultations/{}/registrations/imports?dry_run=false", id(&vetted));
    import(&world, &secretariat, &path, people(count)).await;
    let what = format!("decision on {count}");
    let body =
        json!({ "filter": { "state": "submitted" }, "decision": "confirm", "note": "Welcome." });
    let path = format!("/api/v1/consultations/{}/registrations/decisions", id(&vetted));
    let decided = meanwhile(database, &others, &what, world.post(&secretariat, &path, body)).await;
    assert_eq!(decided.status, 200, "{}", decided.text);

    let what = format!("announcement to {count}");
    let text = json!({ "title": "Tomorrow", "text": "At 11:30." });
    let body = json!({ "texts": { "en": text }, "at_once": true });
    let path = format!("/api/v1/consultations/{}/announcements", id(&vetted));
    let announcing = async {
        let answer = world.post(&secretariat, &path, body).await;
        world.sweep().await;
        answer
    };
    let told = meanwhile(database, &others, &what, announcing).await;
    assert!(told.status < 300, "{}", told.text);

    let base = format!("/api/v1/consultations/{}", id(&vetted));
    let job = world
        .make(&secretariat, &format!("{base}/assignment-plans"), json!({ "work": 1_000 }))
        .await;
    let what = format!("search for a plan for {count}");
    meanwhile(database, &others, &what, ran(&world)).await;
    let job = world.get(Some(&secretariat), &format!("/api/v1/jobs/{}", id(&job))).await.json;
    let plan = job["result"]["plan_id"].as_str().unwrap_or_else(|| panic!("{job}")).to_owned();
    let what = format!("adoption of a plan for {count}");
    let path = format!("/api/v1/assignment-plans/{plan}/apply");
    let request =
        Request::new(Method::POST, &path).by(Some(&secretariat)).version(1).body(json!({}));
    let applied = meanwhile(database, &others, &what, world.send(request)).await;
    assert_eq!(applied.status, 200, "{}", applied.text);

    publishing(&world, database, &others, &secretariat).await;
    settling(&world, database, &others, &secretariat, (&review, &categories[1])).await;
    purging(database).await;
}

/// Another consultation of the review in which people are decided on.
async fn another(world: &World, by: &Person, review: &Value, ordinal: u32) -> Value {
    let mut body = served::harness::consultation();
    body["ordinal"] = json!(ordinal);
    body["admission"] = json!("vetted");
    let path = format!("/api/v1/reviews/{}/consultations", id(review));
    let made = world.make(by, &path, body).await;
    let base = format!("/api/v1/consultations/{}", id(&made));
    for (number, objective) in (1..).zip([4, 8, 9, 10, 11, 13, 21]) {
        let group = json!({
            "number": number, "clusters": [[objective]], "min_size": 1, "max_size": 400, "languages": ["en"]
        });
        world.make(by, &format!("{base}/working-groups"), group).await;
    }
    for number in 1..=2 {
        world.make(by, &format!("{base}/rounds"), json!({ "number": number })).await;
    }
    world.phases(by, id(&made), &["open_call"]).await;
    made
}

async fn ran(world: &World) {
    while jobs::runner::run_due(&world.app).await.unwrap() {}
}

/// Sends a table and lets its job be done.
async fn import(world: &World, by: &Person, path: &str, csv: String) {
    let sent = world.client.post(format!("{}{path}", world.base)).bearer_auth(&by.token);
    let answer = sent.header("Content-Type", "text/csv").body(csv).send().await.unwrap();
    let job: Value = answer.json().await.unwrap();
    ran(world).await;
    let done = world.get(Some(by), &format!("/api/v1/jobs/{}", id(&job))).await.json;
    assert_eq!(done["state"], "done", "{done}");
}

fn people(count: usize) -> String {
    let mut text = "email,name,sector,country,languages,consent_processing\r\n".to_owned();
    for number in 0..count {
        text.push_str(&format!(
            "person{number}@example.org,Person {number},academia,TH,en,yes\r\n"
        ));
    }
    text
}

/// Contributions of some thirty words each, of which no two are alike.
fn inputs(count: usize, category: &str) -> String {
    const WORDS: [&str; 16] = [
        "consulates",
        "recruiters",
        "officers",
        "registers",
        "employers",
        "unions",
        "schools",
        "clinics",
        "courts",
        "shelters",
        "banks",
        "families",
        "passports",
        "permits",
        "ports",
        "islands",
    ];
    let mut text = "body,objectives,category,told_by\r\n".to_owned();
    for number in 0..count {
        let mut state = number as u64;
        let words: Vec<String> = (0..30)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                format!("{}{}", WORDS[(state >> 60) as usize], (state >> 40) % 50)
            })
            .collect();
        let objective = [4, 8, 9, 10, 11, 13, 21][number % 7];
        text.push_str(&format!(
            "Case {number}: {}.,{objective},{category},one\r\n",
            words.join(" ")
        ));
    }
    text
}

/// A report of many paragraphs is proposed for publication by one, and confirmed by another.
async fn publishing(world: &World, database: Database, others: &Rc<Others>, second: &Person) {
    let by = world.person_with(
        "Pub Lisher",
        rapporteur::access::Role::Secretariat,
        rapporteur::access::ScopeKind::Instance,
        "",
    );
    let count = at_most(3_000);
    let report = served::drafted::report(world, "published", count).await;
    let held = world.get(Some(&by), &report).await.json["consultation_id"].clone();
    let base = format!("/api/v1/consultations/{}", held.as_str().unwrap());
    let what = format!("step of {count} paragraphs to clearance");
    world.waive_findings(&by, &report).await;
    let version = world.get(Some(&by), &base).await.json["version"].as_i64().unwrap();
    let waivable = rapporteur::consultations::lifecycle::BlockerCode::ALL
        .iter()
        .filter(|code| code.is_waivable());
    let despite: Vec<&str> = waivable.map(|code| code.as_str()).collect();
    let body = json!({ "to": "clearance", "reason": "It is a test.", "despite": despite });
    let path = format!("{base}/phase");
    let stepping = world.change(&by, Method::POST, &path, version, body);
    meanwhile(database, others, &what, stepping).await;
    world.clear(&by, &report).await;
    let version = world.get(Some(&by), &report).await.json["version"].as_i64().unwrap();
    let what = format!("publishing of {count} paragraphs");
    let request = Request::new(Method::POST, &format!("{report}/publish")).by(Some(&by));
    let request = request.version(version).body(json!({ "symbol": "X/1" }));
    let published = meanwhile(database, others, &what, world.send(request)).await;
    if published.status == 202 {
        let path = format!("/api/v1/proposals/{}/decision", id(&published.json));
        let confirm = world.post(second, &path, json!({ "decision": "confirm" }));
        let what = "its confirmation";
        let confirmed = meanwhile(database, others, what, confirm).await;
        assert_eq!(confirmed.json["state"], "carried_out", "{}", confirmed.text);
    } else {
        assert_eq!(published.status, 200, "{}", published.text);
    }
}

/// What rapporteurs noted in a round is laid anew when it is over, so that it lies in no order.
async fn settling(
    world: &World,
    database: Database,
    others: &Rc<Others>,
    by: &Person,
    (review, category): (&Value, &Value),
) {
    use rapporteur::access::{Role, ScopeKind};
    const IN_ONE: usize = 200;
    let count = at_most(5_000);
    let held = another(world, by, review, 4).await;
    let base = format!("/api/v1/consultations/{}", id(&held));
    let groups = world.get(Some(by), &format!("{base}/working-groups")).await.json;
    let group = id(&groups["items"][0]).to_owned();
    let rounds = world.get(Some(by), &format!("{base}/rounds")).await.json;
    let round = id(&rounds["items"][0]).to_owned();
    world.phases(by, id(&held), &["registration_closed", "in_session"]).await;
    let rapporteur =
        world.person_with("Rap Porteur", Role::Rapporteur, ScopeKind::WorkingGroup, &group);
    for first in (0..count).step_by(IN_ONE) {
        let notes: Vec<Value> = (first..count.min(first + IN_ONE))
            .map(|number| {
                let body = format!("Somebody asked for what {number} consulates register.");
                json!({ "key": format!("note {number}"), "told_by": "one", "objectives": [4],
                    "category_id": category["id"], "body": body })
            })
            .collect();
        let body = json!({ "working_group_id": group, "round_id": round, "notes": notes });
        world.make(&rapporteur, &format!("{base}/inputs/notes"), body).await;
    }
    world.phases(by, id(&held), &["synthesis"]).await;
    let cleared = || rapporteur::worker::clear(&world.app);
    let what = format!("{count} notes laid anew");
    meanwhile(database, others, &what, cleared()).await.unwrap();
    let what = "their tables, and their keys forgotten";
    meanwhile(database, others, what, cleared()).await.unwrap();
}

/// What was kept of people for years is forgotten, in one job.
/// In a world of its own: all that is anybody's goes.
async fn purging(database: Database) {
    use rapporteur::access::{Role, ScopeKind};
    let Some(world) = World::new(database) else { return };
    let (by, _, _) = world.consultation(None, "automatic").await;
    let mut review = served::harness::review();
    review["code"] = json!("held");
    let review = world.make(&by, "/api/v1/reviews", review).await;
    let path = format!("/api/v1/reviews/{}/consultations", id(&review));
    let held = world.make(&by, &path, served::harness::consultation()).await;
    let count = at_most(10_000);
    served::registered::fill(&world, &held, 100_000..100_000 + count);
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.app.clock.advance(chrono::Duration::days(4_000));
    let mut later = served::harness::consultation();
    later["ordinal"] = json!(9);
    later["held_on"] = json!("2031-11-19");
    later["starts_at"] = json!("2031-11-19T04:00:00Z");
    later["ends_at"] = json!("2031-11-19T07:30:00Z");
    let by = world.signed_in_again(&by);
    let later = world.make(&by, &path, later).await;
    world.phases(&by, id(&later), &["open_call"]).await;
    let others = Others::gather(&world, &later, "Later");
    let admin =
        world.person_with("Ada Administrator", Role::Administrator, ScopeKind::Instance, "");
    let path = "/api/v1/retention/purges";
    let job = world.make(&admin, path, json!({ "dry_run": false })).await;
    let what = format!("purge of {count}");
    meanwhile(database, &others, &what, ran(&world)).await;
    let job = world.get(Some(&admin), &format!("/api/v1/jobs/{}", id(&job))).await.json;
    assert_eq!(job["state"], "done", "{job}");
}
