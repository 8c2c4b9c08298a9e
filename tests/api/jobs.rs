//! Long work: who sees it, how far it is, stopping it, and that a process which dies neither loses nor doubles anything.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use rapporteur::access::{Role, ScopeKind};
use rapporteur::db::Conn;
use rapporteur::jobs::{self, JobId, JobState};
use rapporteur::settings::Settings;
use rapporteur::work::Credentials;
use serde_json::{Value, json};

use crate::crash;
use crate::harness::{Answer, Database, Person, World, consultation, id, review};
use crate::on_both;

/// A table of so many people, from `first` on.
pub fn people(first: usize, count: usize) -> String {
    let mut text = "email,name,sector,country,languages,consent_processing\r\n".to_owned();
    for number in first..first + count {
        text.push_str(&format!(
            "person{number}@example.org,Person {number},academia,TH,en,yes\r\n"
        ));
    }
    text
}

/// Sends a file to an operation.
pub async fn upload(
    world: &World,
    person: &Person,
    path: &str,
    kind: &str,
    file: impl Into<Vec<u8>>,
) -> Answer {
    let sent = world.client.post(format!("{}{path}", world.base)).bearer_auth(&person.token);
    let answer = sent.header("Content-Type", kind).body(file.into()).send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    let json = serde_json::from_str(&text).unwrap_or(Value::Null);
    Answer { status, headers, text, json }
}

/// Starts an import of CSV and gives the job.
pub async fn import(
    world: &World,
    person: &Person,
    consultation: &Value,
    query: &str,
    csv: impl Into<Vec<u8>>,
) -> Value {
    let path = format!("/api/v1/consultations/{}/registrations/imports?{query}", id(consultation));
    let answer = upload(world, person, &path, "text/csv", csv).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    assert_eq!(answer.header("location"), format!("/api/v1/jobs/{}", id(&answer.json)));
    assert_eq!(answer.header("retry-after"), "1");
    answer.json
}

/// Runs everything that is queued, then gives the job as it is now.
pub async fn ran(world: &World, person: &Person, job: &Value) -> Value {
    while jobs::runner::run_due(&world.app).await.unwrap() {}
    world.get(Some(person), &format!("/api/v1/jobs/{}", id(job))).await.json
}

/// How many registrations a consultation has.
pub async fn registered(world: &World, person: &Person, consultation: &Value) -> usize {
    let path =
        format!("/api/v1/consultations/{}/registrations/export?format=ndjson", id(consultation));
    world.get(Some(person), &path).await.text.lines().count()
}

/// What jobs still have to work on.
fn payloads(world: &World) -> i64 {
    use diesel::prelude::*;
    use rapporteur::db::schema::{job_lots, job_payloads};
    let count = |conn: &mut Conn| {
        let whole: i64 = job_payloads::table.count().get_result(conn)?;
        Ok(whole + job_lots::table.count().get_result::<i64>(conn)?)
    };
    world.app.db.read_blocking(count).unwrap()
}

async fn open(world: &World, capacity: Option<u32>, admission: &str) -> (Person, Value) {
    let (secretariat, _, consultation) = world.consultation(capacity, admission).await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    (secretariat, consultation)
}

on_both!(
    a_job_is_seen_by_who_started_it_and_its_result_by_nobody_else,
    |world: World| async move {
        let (secretariat, consultation) = open(&world, None, "vetted").await;
        let job = import(&world, &secretariat, &consultation, "dry_run=true", people(0, 3)).await;
        assert_eq!(
            (job["kind"].as_str(), job["state"].as_str()),
            (Some("import_registrations"), Some("queued"))
        );
        let path = format!("/api/v1/jobs/{}", id(&job));
        let done = ran(&world, &secretariat, &job).await;
        assert_eq!(done["state"], "done", "{done}");
        assert_eq!(done["result"]["good"], 3);
        assert_eq!(
            done["progress"]["done"],
            done["progress"]["total"]
                .as_i64()
                .map_or(json!(0), |_| done["progress"]["done"].clone())
        );
        let colleague =
            world.person_with("Cleo Colleague", Role::Secretariat, ScopeKind::Instance, "");
        world.get(Some(&colleague), &path).await.is_problem(404, "not_found");
        world.get(None, &path).await.is_problem(401, "unauthenticated");
        let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
        let seen = world.get(Some(&admin), &path).await.json;
        assert_eq!((&seen["state"], &seen["result"]), (&json!("done"), &Value::Null));
        let own = world.get(Some(&secretariat), "/api/v1/jobs").await.json;
        assert_eq!(own["items"].as_array().unwrap().len(), 1);
        assert_eq!(world.get(Some(&colleague), "/api/v1/jobs").await.json["items"], json!([]));
        assert_eq!(payloads(&world), 0, "what it worked on is forgotten");
        assert_eq!(registered(&world, &secretariat, &consultation).await, 0);
        // A week later it is forgotten.
        world.app.clock.advance(chrono::Duration::days(8));
        let now = world.app.clock.now();
        world.app.db.write_blocking(|conn| jobs::runner::purge(conn, now)).unwrap();
        let later = world.signed_in_again(&secretariat);
        world.get(Some(&later), &path).await.is_problem(404, "not_found");
    }
);

on_both!(a_retried_upload_is_one_job, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    let send = async |query: &str, text: String| {
        let path = format!(
            "{}/api/v1/consultations/{}/registrations/imports?{query}",
            world.base,
            id(&consultation)
        );
        let request = world.client.post(path).bearer_auth(&secretariat.token);
        let request = request.header("Content-Type", "text/csv").header("Idempotency-Key", "once");
        let answer = request.body(text).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let first = send("dry_run=true", people(0, 2)).await;
    let again = send("dry_run=true", people(0, 2)).await;
    assert_eq!((first.0, again.0, &first.1["id"]), (202, 202, &again.1["id"]));
    assert_eq!(
        send("dry_run=false", people(0, 2)).await.0,
        422,
        "another query is another request"
    );
    assert_eq!(send("dry_run=true", people(0, 3)).await.0, 422);
});

on_both!(a_job_that_nobody_has_begun_is_cancelled_at_once, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    let job = import(&world, &secretariat, &consultation, "dry_run=false", people(0, 3)).await;
    let path = format!("/api/v1/jobs/{}/cancel", id(&job));
    for _ in 0..2 {
        let cancelled = world.post(&secretariat, &path, Value::Null).await;
        assert_eq!(
            (cancelled.status, &cancelled.json["state"]),
            (200, &json!("cancelled")),
            "{}",
            cancelled.text
        );
        assert_eq!(cancelled.json["allowed_actions"], json!([]));
    }
    assert_eq!(ran(&world, &secretariat, &job).await["state"], "cancelled");
    assert_eq!((registered(&world, &secretariat, &consultation).await, payloads(&world)), (0, 0));
    let job = import(&world, &secretariat, &consultation, "dry_run=false", people(0, 3)).await;
    assert_eq!(ran(&world, &secretariat, &job).await["state"], "done");
    let path = format!("/api/v1/jobs/{}/cancel", id(&job));
    world.post(&secretariat, &path, Value::Null).await.is_problem(409, "invalid_transition");
});

on_both!(a_job_that_is_cancelled_in_the_middle_leaves_no_trace, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    let job = import(&world, &secretariat, &consultation, "dry_run=false", people(0, 5000)).await;
    let app = world.app.clone();
    let running = tokio::spawn(async move { jobs::runner::run_due(&app).await.unwrap() });
    let path = format!("/api/v1/jobs/{}", id(&job));
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let seen = world.get(Some(&secretariat), &path).await.json;
        let begun = seen["progress"]["message"] == "Checking rows";
        if begun && seen["progress"]["done"].as_i64() > Some(0) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert!(seen["state"] != "done" && Instant::now() < deadline, "{seen}");
    }
    let cancelled = world.post(&secretariat, &format!("{path}/cancel"), Value::Null).await;
    assert_eq!(cancelled.status, 200, "{}", cancelled.text);
    running.await.unwrap();
    let seen = world.get(Some(&secretariat), &path).await.json;
    assert_eq!(
        (&seen["state"], &seen["result"], &seen["problem"]),
        (&json!("cancelled"), &Value::Null, &Value::Null)
    );
    assert_eq!((registered(&world, &secretariat, &consultation).await, payloads(&world)), (0, 0));
});

on_both!(
    an_abandoned_job_is_taken_again_and_what_lost_it_cannot_finish_it,
    |world: World| async move {
        let (secretariat, consultation) = open(&world, None, "vetted").await;
        let job = import(&world, &secretariat, &consultation, "dry_run=false", people(0, 20)).await;
        // A process takes it and dies.
        let now = world.app.clock.now();
        let lease = world.app.ids.next();
        let claimed =
            world.app.db.write_blocking(|conn| jobs::store::claim(conn, lease, now)).unwrap();
        assert_eq!(claimed.map(|taken| taken.job.id.to_string()).as_deref(), Some(id(&job)));
        assert!(
            !jobs::runner::run_due(&world.app).await.unwrap(),
            "it is somebody's until the lease ends"
        );
        world.app.clock.advance(chrono::Duration::seconds(jobs::LEASE_SECONDS + 1));
        let done = ran(&world, &secretariat, &job).await;
        assert_eq!(
            (&done["state"], &done["result"]["registered"]),
            (&json!("done"), &json!(20)),
            "{done}"
        );
        assert_eq!(registered(&world, &secretariat, &consultation).await, 20);
        // The first was only slow: it comes to its end and must not finish anything.
        let job_id: JobId = id(&job).parse().unwrap();
        let figures = jobs::Figures::default();
        let finish = |conn: &mut rapporteur::db::Conn| {
            let (result, even_when_cancelled) = (json!({}), false);
            let end = jobs::store::End { result, figures: &figures, now, even_when_cancelled };
            jobs::store::finish(conn, job_id, lease, end)
        };
        assert!(!world.app.db.write_blocking(finish).unwrap());
        assert_eq!(
            world.get(Some(&secretariat), &format!("/api/v1/jobs/{}", id(&job))).await.json["result"]
                ["registered"],
            20
        );
    }
);

on_both!(what_belongs_to_another_state_is_kept_by_no_job, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    let job = import(&world, &secretariat, &consultation, "dry_run=false", people(0, 2)).await;
    let keeps = |change: &str| {
        use diesel::connection::SimpleConnection;
        let change = format!("UPDATE jobs SET {change} WHERE id = '{}'", id(&job));
        world.app.db.write_blocking(|conn| Ok(conn.batch_execute(&change)?)).is_ok()
    };
    let moment = "'2020-10-01T03:00:00.000000Z'";
    for change in [
        "result = '{}'",
        "problem = '{}'",
        "message = 'half of it'",
        "done = 7",
        "cancel_requested = (1 = 1)",
        &format!("ended_at = {moment}"),
        &format!("started_at = {moment}"),
        "attempts = 1",
        "state = 'running'",
        &format!("state = 'done', ended_at = {moment}"),
        &format!("state = 'cancelled', ended_at = {moment}"),
        &format!("state = 'failed', ended_at = {moment}"),
    ] {
        assert!(!keeps(change), "{change}");
    }
    assert!(keeps(&format!("attempts = 1, started_at = {moment}")), "it was given back");
});

on_both!(what_goes_on_is_given_up_for_no_number_of_kills, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    import(&world, &secretariat, &consultation, "dry_run=false", people(0, 2)).await;
    let begin = || {
        let (lease, now) = (world.app.ids.next(), world.app.clock.now());
        let claim = move |conn: &mut Conn| jobs::store::claim(conn, lease, now);
        let claimed = world.app.db.write_blocking(claim).unwrap().unwrap();
        // Who has it dies, and its lease is over.
        world.app.clock.advance(chrono::Duration::minutes(1));
        (claimed, lease)
    };
    for round in 0..2 * jobs::MOST_ATTEMPTS {
        let (claimed, lease) = begin();
        assert!(claimed.begun.attempts <= 2, "round {round}: {}", claimed.begun.attempts);
        let (job, place) = (claimed.job.id, json!({ "round": round }));
        let until = jobs::store::lease_until(world.app.clock.now());
        let advance =
            |conn: &mut Conn| jobs::store::advance(conn, job, lease, &place, false, until);
        assert!(world.app.db.write_blocking(advance).unwrap());
        world.app.clock.advance(chrono::Duration::minutes(1));
    }
    // One that comes no farther is.
    let attempts: Vec<i32> = (0..jobs::MOST_ATTEMPTS).map(|_| begin().0.begun.attempts).collect();
    assert_eq!(attempts, [2, 3, 4, 5, 6]);
});

on_both!(a_job_whose_starter_lost_the_role_does_nothing, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    let job = import(&world, &secretariat, &consultation, "dry_run=false", people(0, 2)).await;
    let lose = |work: &mut rapporteur::work::Work| {
        let held = rapporteur::accounts::roles::service::grants_of(work, secretariat.id)?;
        held.iter()
            .try_for_each(|grant| rapporteur::accounts::roles::service::take_role(work, grant))
    };
    world.app.write_blocking(&Credentials::Operator, lose).unwrap();
    let failed = ran(&world, &world.signed_in_again(&secretariat), &job).await;
    assert_eq!(
        (&failed["state"], &failed["problem"]["code"]),
        (&json!("failed"), &json!("forbidden")),
        "{failed}"
    );
    assert_eq!(payloads(&world), 0);
});

#[actix_web::test]
async fn a_file_that_is_too_large_is_refused() {
    let small = |settings: &mut Settings| settings.server.upload_limit = 2000;
    let world = World::with(Database::Sqlite, small).unwrap();
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    let path = format!("/api/v1/consultations/{}/registrations/imports", id(&consultation));
    upload(&world, &secretariat, &path, "text/csv", people(0, 200))
        .await
        .is_problem(413, "too_large");
    upload(&world, &secretariat, &path, "image/png", "x")
        .await
        .is_problem(415, "unsupported_media_type");
    upload(&world, &secretariat, &path, "text/csv", "").await.is_problem(422, "unreadable_file");
}

on_both!(what_is_done_in_parts_goes_on_from_its_place, |world: World| async move {
    let administrator =
        world.person_with("Ada Administrator", Role::Administrator, ScopeKind::Instance, "");
    let path = "/api/v1/retention/purges";
    let job = world.make(&administrator, path, json!({ "dry_run": false })).await;
    let job_id: JobId = id(&job).parse().unwrap();
    let now = world.app.clock.now();
    let (lease, until) = (world.app.ids.next(), jobs::store::lease_until(now));
    // A process takes it, does five of eight classes, and dies.
    let place = json!({ "classes": 5, "tables": 0, "after": null, "counts": {}, "purged": [] });
    let died = |conn: &mut rapporteur::db::Conn| {
        jobs::store::claim(conn, lease, now)?;
        jobs::store::advance(conn, job_id, lease, &place, false, until)
    };
    assert!(world.app.db.write_blocking(died).unwrap());
    world.app.clock.advance(chrono::Duration::seconds(jobs::LEASE_SECONDS + 1));
    let done = ran(&world, &administrator, &job).await;
    let purged: Vec<&str> = done["result"]["purged"]
        .as_array()
        .unwrap_or_else(|| panic!("{done}"))
        .iter()
        .map(|one| one["class"].as_str().unwrap())
        .collect();
    assert_eq!(purged, ["correspondence", "contact", "consents"]);
    // The first was only slow: it goes on no further.
    let slow = |conn: &mut rapporteur::db::Conn| {
        jobs::store::advance(conn, job_id, lease, &place, false, until)
    };
    assert!(!world.app.db.write_blocking(slow).unwrap());
});

/// A table of so many inputs, in which each word is of one of them.
pub fn inputs(count: usize) -> String {
    let mut text = "body,objectives,category,told_by\r\n".to_owned();
    for number in 0..count {
        text.push_str(&format!("Case nr{number}: offices open late.,4,recommendations,one\r\n"));
    }
    text
}

/// What the process is killed in the middle of.
struct Import {
    what: &'static str,
    table: fn(usize) -> String,
    /// What is being done when it is killed, and how much of it.
    killed_at: (&'static str, i64),
    /// What the result calls those who are there then, and how many of them are there when it was killed.
    counted: (&'static str, RangeInclusive<usize>),
}

/// Before it is decided nobody is registered.
const UNDECIDED: Import = Import {
    what: "registrations",
    table: |count| people(0, count),
    killed_at: ("Checking rows", 500),
    counted: ("registered", 0..=0),
};

/// Once it is decided, they are registered in parts.
const REGISTRATIONS: Import = Import {
    killed_at: ("Registering people", 100),
    counted: ("registered", 1..=4000),
    ..UNDECIDED
};

/// Once it is decided, they are brought in and made findable in parts.
const INPUTS: Import = Import {
    what: "inputs",
    table: inputs,
    killed_at: ("Bringing inputs in", 20),
    counted: ("inputs", 1..=4000),
};

async fn kill_in_the_middle(database: Database, import: Import) {
    let folder = tempfile::tempdir().unwrap();
    let database = match database {
        Database::Sqlite => None,
        Database::Postgres => match crate::postgres::new_database() {
            Some(database) => Some(database),
            None => return,
        },
    };
    let url = database.as_ref().map(|database| database.url.as_str());
    let mut first = crash::start(folder.path(), url).await;
    let token = first.sign_in().await;
    let post = async |running: &crash::Running, token: &str, path: &str, body: Value| {
        let sent = running.client.post(format!("{}{path}", running.base)).bearer_auth(token);
        let answer = sent.header("If-Match", "\"1\"").json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        answer.json::<Value>().await.unwrap()
    };
    let me = first.client.get(format!("{}/api/v1/me", first.base)).bearer_auth(&token);
    let me: Value = me.send().await.unwrap().json().await.unwrap();
    let grants = format!("/api/v1/accounts/{}/grants", id(&me["account"]));
    let role = json!({ "role": "secretariat", "scope_kind": "instance" });
    post(&first, &token, &grants, role).await;
    let made = post(&first, &token, "/api/v1/reviews", review()).await;
    let held = post(
        &first,
        &token,
        &format!("/api/v1/reviews/{}/consultations", id(&made)),
        consultation(),
    )
    .await;
    let base = format!("/api/v1/consultations/{}", id(&held));
    post(&first, &token, &format!("{base}/phase"), json!({ "to": "open_call", "reason": "It is a test.", "despite": ["no_capacity", "no_groups"] })).await;
    let sent =
        first.client.post(format!("{}{base}/{}/imports?dry_run=false", first.base, import.what));
    let table = (import.table)(4000);
    let sent = sent.bearer_auth(&token).header("Content-Type", "text/csv").body(table).send();
    let job: Value = sent.await.unwrap().json().await.unwrap();
    let path = format!("/api/v1/jobs/{}", id(&job));
    let look = async |running: &crash::Running, token: &str| -> Value {
        let sent = running.client.get(format!("{}{path}", running.base)).bearer_auth(token).send();
        sent.await.unwrap().json().await.unwrap()
    };
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let seen = look(&first, &token).await;
        assert!(
            seen["state"] != "done" && Instant::now() < deadline,
            "it was not caught in the middle: {seen}"
        );
        let (message, done) = import.killed_at;
        if seen["progress"]["message"] == message && seen["progress"]["done"].as_i64() > Some(done)
        {
            break;
        }
    }
    first.process.kill().unwrap();
    first.process.wait().unwrap();
    drop(first);

    let second = crash::start(folder.path(), url).await;
    let token = second.sign_in().await;
    let count = async || {
        let sent = second
            .client
            .get(format!("{}{base}/{}/export?format=ndjson", second.base, import.what));
        sent.bearer_auth(&token).send().await.unwrap().text().await.unwrap().lines().count()
    };
    let (counted, there) = import.counted;
    let found = count().await;
    assert!(there.contains(&found), "{found} of {} are there", import.what);
    if *there.start() > 0 {
        let step = second.client.post(format!("{}{base}/phase", second.base)).bearer_auth(&token);
        let wanted = json!({ "to": "registration_closed", "reason": "It is a test." });
        let refused = step.header("If-Match", "\"2\"").json(&wanted).send().await.unwrap();
        let refused: Value = refused.json().await.unwrap();
        assert_eq!(refused["errors"][0]["code"], "import_under_way", "{refused}");
    }
    let deadline = Instant::now() + Duration::from_secs(180);
    loop {
        let seen = look(&second, &token).await;
        if seen["state"] == "done" {
            assert_eq!(seen["result"][counted], 4000);
            break;
        }
        assert!(seen["state"] == JobState::Running.as_str() && Instant::now() < deadline, "{seen}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!(count().await, 4000);
    if import.what == "inputs" {
        for number in [0, 1999, 3999] {
            let found = format!("{}{base}/inputs?q=nr{number}", second.base);
            let found = second.client.get(found).bearer_auth(&token).send().await.unwrap();
            let found: Value = found.json().await.unwrap();
            assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
        }
    }
}

#[actix_web::test]
async fn a_job_whose_process_is_killed_is_done_once_on_sqlite() {
    kill_in_the_middle(Database::Sqlite, UNDECIDED).await;
}

#[actix_web::test]
async fn a_job_whose_process_is_killed_is_done_once_on_postgres() {
    kill_in_the_middle(Database::Postgres, UNDECIDED).await;
}

#[actix_web::test]
async fn what_follows_from_an_import_is_done_by_who_comes_after_a_kill_on_sqlite() {
    kill_in_the_middle(Database::Sqlite, REGISTRATIONS).await;
    kill_in_the_middle(Database::Sqlite, INPUTS).await;
}

#[actix_web::test]
async fn what_follows_from_an_import_is_done_by_who_comes_after_a_kill_on_postgres() {
    kill_in_the_middle(Database::Postgres, REGISTRATIONS).await;
    kill_in_the_middle(Database::Postgres, INPUTS).await;
}
