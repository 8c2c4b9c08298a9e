//! The process is killed between two writes: what was answered is there, what was not is there whole or not at all.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::Database;

const PASSWORD: &str = "a password for this test only";

pub struct Running {
    pub process: Child,
    pub base: String,
    pub client: reqwest::Client,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already: that is what this test is about.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port that nobody listens to.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The real binary, to serve on this port over what is in `folder` and, when there is one, in the database at `url`.
pub fn serving(folder: &std::path::Path, url: Option<&str>, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command
        .arg("serve")
        .env_remove("DATABASE_URL")
        .env("RAPPORTEUR_SERVER__BIND", format!("127.0.0.1:{port}"))
        .env("RAPPORTEUR_METRICS__BIND", "")
        .env("RAPPORTEUR_DATA__FOLDER", folder)
        .env("RAPPORTEUR_ADMIN_PASSWORD", PASSWORD)
        .env("RAPPORTEUR_LOG__FILTER", "error")
        .env("RAPPORTEUR_LIMITS__REQUESTS_PER_MINUTE", "1000000")
        .stdout(Stdio::null());
    if let Some(url) = url {
        command.env("DATABASE_URL", url);
    }
    command
}

/// Starts it and waits until it answers.
pub async fn ready(mut command: Command, port: u16) -> Running {
    let running = Running {
        process: command.spawn().unwrap(),
        base: format!("http://127.0.0.1:{port}"),
        client: reqwest::Client::new(),
    };
    for _ in 0..400 {
        let ready = running.client.get(format!("{}/health/ready", running.base)).send().await;
        if ready.is_ok_and(|answer| answer.status() == 200) {
            return running;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the server did not start");
}

/// Both at once.
pub async fn start(folder: &std::path::Path, url: Option<&str>) -> Running {
    let port = free_port();
    ready(serving(folder, url, port), port).await
}

impl Running {
    pub async fn sign_in(&self) -> String {
        let body = json!({ "email": "administrator@example.org", "password": PASSWORD });
        let answer = self
            .client
            .post(format!("{}/api/v1/auth/sign-in", self.base))
            .json(&body)
            .send()
            .await
            .unwrap();
        let answer: Value = answer.json().await.unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    async fn propose(&self, token: &str, number: u32) -> Option<Value> {
        let body = json!({ "name": format!("Example Organization {number}"), "sector": "academia", "country": "TH" });
        let sent = self
            .client
            .post(format!("{}/api/v1/organizations", self.base))
            .bearer_auth(token)
            .header("Idempotency-Key", format!("proposal-{number}"))
            .json(&body)
            .send();
        let answer = sent.await.ok()?;
        match answer.status().as_u16() {
            201 => answer.json().await.ok(),
            _ => None,
        }
    }
}

async fn kill_in_the_middle(database: Database) {
    let folder = tempfile::tempdir().unwrap();
    let database = match database {
        Database::Sqlite => None,
        Database::Postgres => match crate::postgres::new_database() {
            Some(database) => Some(database),
            None => return,
        },
    };
    let url = database.as_ref().map(|database| database.url.as_str());
    let mut first = start(folder.path(), url).await;
    let token = first.sign_in().await;
    let mut answered = Vec::new();
    let asked = 40;
    for number in 0..asked {
        let killing = number == asked / 2;
        let request = first.propose(&token, number);
        if killing {
            // Between the request's arrival and its answer, as near as can be.
            let kill = async {
                tokio::time::sleep(Duration::from_millis(2)).await;
            };
            let (answer, ()) = futures_util::future::join(request, kill).await;
            answered.extend(answer.map(|answer| (number, answer)));
            first.process.kill().unwrap();
            first.process.wait().unwrap();
            break;
        }
        answered.push((number, request.await.expect("it answers while it lives")));
    }
    drop(first);

    let second = start(folder.path(), url).await;
    let token = second.sign_in().await;
    for (number, answer) in &answered {
        let path =
            format!("{}/api/v1/organizations/{}", second.base, answer["id"].as_str().unwrap());
        let seen = second.client.get(path).bearer_auth(&token).send().await.unwrap();
        assert_eq!(seen.status(), 200, "organization {number} was answered 201 and is gone");
    }
    // The same request again is answered as it was, and nothing is made twice.
    let (last, before) = answered.last().unwrap();
    assert_eq!(
        second.propose(&token, *last).await.as_ref().map(|answer| &answer["id"]),
        Some(&before["id"])
    );
    let verified = second
        .client
        .post(format!("{}/api/v1/audit/verify", second.base))
        .bearer_auth(&token)
        .send();
    let verified: Value = verified.await.unwrap().json().await.unwrap();
    assert_eq!(verified["intact"], true, "{verified}");
}

#[actix_web::test]
async fn what_was_answered_survives_a_kill_on_sqlite() {
    kill_in_the_middle(Database::Sqlite).await;
}

#[actix_web::test]
async fn what_was_answered_survives_a_kill_on_postgres() {
    kill_in_the_middle(Database::Postgres).await;
}

#[actix_web::test]
async fn a_server_that_is_told_to_stop_ends_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = start(folder.path(), None).await;
    let id = running.process.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    for _ in 0..200 {
        if let Some(status) = running.process.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not stop");
}
