//! Connections that are cut at COMMIT: whatever is answered is true, and the same request with the same key tells which it was.

#![allow(clippy::disallowed_methods, reason = "looks at the tables from beside the program")]

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use rapporteur::access::{Role, ScopeKind};
use rapporteur::jobs;
use rapporteur::problem::Code;
use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, Database, Person, Request, World, id};
use crate::proxy::{Cut, Proxy, behind_a_proxy};
use crate::times;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// A world behind a proxy, and a way past it.
fn with_a_way_past() -> Option<(World, Proxy, PgConnection)> {
    let (world, proxy) = behind_a_proxy(|_| ())?;
    let direct = PgConnection::establish(&world.database.as_ref()?.url).unwrap();
    Some((world, proxy, direct))
}

pub fn count(conn: &mut PgConnection, what: &str) -> i64 {
    let query = diesel::sql_query(format!("SELECT count(*) AS count FROM {what}"));
    query.get_result::<Count>(conn).unwrap().count
}

async fn propose(world: &World, person: &Person, number: u32) -> Answer {
    let body = json!({ "name": format!("Example Organization {number}"), "sector": "academia", "country": "TH" });
    let request = Request::new(Method::POST, "/api/v1/organizations").by(Some(person)).body(body);
    world.send(request.header("Idempotency-Key", format!("cut-{number}"))).await
}

/// Sends the same again for as long as the first is under way.
async fn settled(world: &World, person: &Person, number: u32) -> Answer {
    loop {
        let answer = propose(world, person, number).await;
        if answer.status != 409 {
            return answer;
        }
        answer.is_problem(409, "request_in_flight");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[actix_web::test]
async fn every_answer_is_true_when_the_connection_is_cut_at_commit() {
    let Some((world, proxy, mut direct)) = with_a_way_past() else { return };
    let person = world.person("Ada Example");
    let (cuts, before) = (times(50, 500), count(&mut direct, "organizations"));
    for number in 0..cuts {
        let cut = [Cut::BeforeCommit, Cut::WithCommit, Cut::AfterCommit][number as usize % 3];
        proxy.cut(cut, 0);
        let answer = propose(&world, &person, number).await;
        assert!(proxy.has_cut());
        answer.is_problem(503, "outcome_unknown");
        assert_eq!(answer.header("retry-after"), "2");
        let row = format!("organizations WHERE name = 'Example Organization {number}'");
        match cut {
            Cut::BeforeCommit => assert_eq!(count(&mut direct, &row), 0),
            Cut::AfterCommit => assert_eq!(count(&mut direct, &row), 1),
            // A moment ago or in a moment: that is what nobody knows.
            _ => {}
        }
        let again = settled(&world, &person, number).await;
        assert_eq!(again.status, 201, "{cut:?}: {}", again.text);
        match cut {
            Cut::BeforeCommit => assert_eq!(again.header("idempotency-replayed"), ""),
            Cut::AfterCommit => assert_eq!(again.header("idempotency-replayed"), "true"),
            _ => {}
        }
        let third = settled(&world, &person, number).await;
        assert_eq!(id(&third.json), id(&again.json));
        assert_eq!(count(&mut direct, &row), 1, "{cut:?}");
    }
    assert_eq!(count(&mut direct, "organizations") - before, i64::from(cuts));
    let administrator =
        world.person_with("Grace Example", Role::Administrator, ScopeKind::Instance, "");
    let verified = world.post(&administrator, "/api/v1/audit/verify", json!({})).await;
    assert_eq!(verified.json["intact"], true, "{}", verified.text);
}

#[actix_web::test]
async fn a_connection_that_is_cut_before_commit_is_begun_anew() {
    let Some((world, proxy, mut direct)) = with_a_way_past() else { return };
    let person = world.person("Ada Example");
    for (number, place) in ["BEGIN", "INSERT INTO \"organizations\"", "INSERT INTO \"audit_log\""]
        .into_iter()
        .enumerate()
    {
        // On a connection that has not yet prepared the statement.
        proxy.stop();
        proxy.start();
        proxy.cut(Cut::At(place), 0);
        let answer = propose(&world, &person, number as u32).await;
        assert!(proxy.has_cut(), "{place}");
        assert_eq!(answer.status, 201, "{place}: {}", answer.text);
        let row = format!("organizations WHERE name = 'Example Organization {number}'");
        assert_eq!(count(&mut direct, &row), 1, "{place}");
    }
}

async fn version(world: &World, person: &Person) -> i64 {
    let me = world.get(Some(person), "/api/v1/me").await;
    me.header("etag").trim_matches('"').parse().unwrap()
}

#[actix_web::test]
async fn a_change_by_version_is_not_made_twice() {
    let Some((world, proxy, _direct)) = with_a_way_past() else { return };
    let person = world.person("Ada Example");
    for (cut, then) in [(Cut::BeforeCommit, 200), (Cut::AfterCommit, 412)] {
        let version = version(&world, &person).await;
        let change = || {
            let request = Request::new(Method::PATCH, "/api/v1/me").by(Some(&person));
            request.version(version).body(json!({ "language": "fr" }))
        };
        proxy.cut(cut, 0);
        world.send(change()).await.is_problem(503, "outcome_unknown");
        let again = world.send(change()).await;
        assert_eq!(again.status, then, "{cut:?}: {}", again.text);
        assert_eq!(self::version(&world, &person).await, version + 1, "{cut:?}");
    }
}

#[actix_web::test]
async fn a_job_whose_end_is_cut_off_is_done_once() {
    let Some((world, proxy, mut direct)) = with_a_way_past() else { return };
    let administrator =
        world.person_with("Ada Example", Role::Administrator, ScopeKind::Instance, "");
    for (number, cut) in [Cut::BeforeCommit, Cut::AfterCommit].into_iter().enumerate() {
        let job = world
            .make(&administrator, "/api/v1/retention/purges", json!({ "dry_run": false }))
            .await;
        let job = format!("/api/v1/jobs/{}", id(&job));
        // The first COMMIT is that it was taken.
        proxy.cut(cut, 1);
        while jobs::runner::run_due(&world.app).await.unwrap() {}
        assert!(proxy.has_cut());
        let ended = world.get(Some(&administrator), &job).await.json;
        assert_eq!(ended["state"], "done", "{cut:?}: {ended}");
        assert_eq!(count(&mut direct, "jobs WHERE state = 'done'"), number as i64 + 1);
    }
}

#[actix_web::test]
async fn a_form_says_that_it_may_have_been_saved() {
    let Some((world, proxy, _direct)) = with_a_way_past() else { return };
    for (language, words) in [("en", "It may have been saved"), ("fr", "peut-être été enregistré")]
    {
        proxy.cut(Cut::AfterCommit, 0);
        let sent = world.client.post(format!("{}/my/sign-in?lang={language}", world.base));
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let sent = form.iter().fold(sent, |sent, (name, value)| sent.header(*name, *value));
        let sent = sent.header("sec-fetch-site", "same-origin").body("email=ada%40example.org");
        let answer = Answer::of(sent.send().await.unwrap()).await;
        assert!(proxy.has_cut());
        assert_eq!(answer.status, 503, "{}", answer.text);
        assert!(answer.text.contains(words), "{}", answer.text);
    }
}

#[actix_web::test]
async fn a_full_disk_is_said() {
    let world = World::new(Database::Sqlite).unwrap();
    let full = world.app.db.write_blocking(|conn| {
        let rapporteur::db::Conn::Sqlite(conn) = conn else { panic!("it is SQLite") };
        // As many pages as there are, and no more.
        Ok(conn.batch_execute(
            "PRAGMA max_page_count = 1; CREATE TABLE large AS SELECT randomblob(1000000) AS bytes",
        )?)
    });
    let full = full.unwrap_err();
    assert_eq!((full.code(), full.code().kind().status), (Code::DiskFull, 507));
}

#[actix_web::test]
async fn ready_means_that_changes_are_saved_and_mail_goes_out() {
    for database in [Database::Sqlite, Database::Postgres] {
        let Some(world) = World::with(database, |settings| settings.mail.late_minutes = 30) else {
            continue;
        };
        let ready = world.get(None, "/health/ready").await;
        assert_eq!((ready.status, &ready.json["status"]), (200, &json!("ready")));
        // A link that nobody has sent for an hour.
        let link = Request::new(Method::POST, "/api/v1/auth/links");
        world.send(link.body(json!({ "email": "ada@example.org" }))).await;
        world.app.clock.advance(chrono::Duration::hours(1));
        tokio::time::sleep(Duration::from_millis(2100)).await;
        let late = world.get(None, "/health/ready").await;
        assert_eq!(late.status, 200);
        assert_eq!(late.json, json!({ "status": "degraded", "late": ["mail"] }));
        // What cannot be saved is not ready.
        let broken = world.app.db.write_blocking(|conn| {
            let rename = "ALTER TABLE readiness RENAME TO gone";
            Ok(rapporteur::on_backend!(conn, conn => conn.batch_execute(rename))?)
        });
        broken.unwrap();
        tokio::time::sleep(Duration::from_millis(2100)).await;
        world.get(None, "/health/ready").await.is_problem(503, "unavailable");
    }
}
