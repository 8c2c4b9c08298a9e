//! The audit log is added to and not changed, and whoever changes it all the same, with every right to the database and without the
//! keys, is noticed.

#![allow(clippy::disallowed_methods, reason = "does what a thief of the database does")]

use std::process::Command;

use chrono::Duration;
use rapporteur::access::{Role, ScopeKind};
use rapporteur::auditing::service;
use rapporteur::db::Conn;
use rapporteur::work::Credentials;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Database, Person, Request, World};
use crate::on_both;
use crate::planted::run;

/// As whoever owns the table: what keeps it from being changed is taken off first.
fn thief(world: &World, statements: &[&str]) {
    let change = |conn: &mut Conn| {
        match conn {
            Conn::Sqlite(_) => {
                for trigger in ["is_not_changed", "is_not_shortened", "grows_at_its_end"] {
                    run(conn, &format!("DROP TRIGGER IF EXISTS audit_log_{trigger}"));
                }
            }
            Conn::Postgres(_) => run(conn, "ALTER TABLE audit_log DISABLE TRIGGER USER"),
        }
        statements.iter().for_each(|statement| run(conn, statement));
        Ok(())
    };
    world.app.db.write_blocking(change).unwrap();
}

fn rows(world: &World) -> i64 {
    let end = |work: &mut rapporteur::work::Work| rapporteur::audit::end(work.conn);
    world.app.read_blocking(&Credentials::Operator, end).unwrap().sequence
}

/// A log of some length, whose end is kept, and an administrator.
fn written(world: &World) -> Person {
    for number in 0..25 {
        world.person(&format!("Pat {number}"));
    }
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    service::anchor(&world.app).unwrap();
    admin
}

async fn verified(world: &World, admin: &Person, checkpoint: Option<&Value>) -> Value {
    let mut request = Request::new(Method::POST, "/api/v1/audit/verify").by(Some(admin));
    request.body = checkpoint.map(|checkpoint| json!({ "checkpoint": checkpoint }));
    let answer = world.send(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

on_both!(the_log_takes_rows_at_its_end_and_nothing_else, |world: World| async move {
    written(&world);
    let refused = |statement: &str| {
        let tried = world.app.db.write_blocking(|conn| {
            let done = match conn {
                Conn::Sqlite(conn) => {
                    use diesel::connection::SimpleConnection;
                    conn.batch_execute(statement)
                }
                Conn::Postgres(conn) => {
                    use diesel::connection::SimpleConnection;
                    conn.batch_execute(statement)
                }
            };
            Ok(done.map_err(|error| error.to_string()))
        });
        // PostgreSQL rolls the transaction back: then the refusal is what comes of it.
        match tried {
            Ok(Err(error)) => assert!(error.contains("append-only"), "{statement}: {error}"),
            Ok(Ok(())) => panic!("{statement} was done"),
            Err(_) => {}
        }
    };
    refused("UPDATE audit_log SET action = 'review.deleted' WHERE sequence = 3");
    refused("DELETE FROM audit_log WHERE sequence > 20");
    match world.app.db.target() {
        rapporteur::db::Target::Postgres(_) => refused("TRUNCATE audit_log"),
        rapporteur::db::Target::Sqlite(_) => refused(
            "INSERT OR REPLACE INTO audit_log SELECT sequence, at, actor_id, 'x', subject_kind, subject_id, details, \
             previous_hash, hash FROM audit_log WHERE sequence = 3",
        ),
    }
});

on_both!(whoever_changes_the_log_is_noticed, |world: World| async move {
    let admin = written(&world);
    let last = rows(&world);
    assert!(last > 25);
    assert_eq!(verified(&world, &admin, None).await, json!({ "intact": true, "rows": last }));
    thief(&world, &["CREATE TABLE audit_copy AS SELECT * FROM audit_log"]);
    let short = last - 10;
    let forged = format!(
        "INSERT INTO audit_log SELECT sequence + 1, at, actor_id, action, subject_kind, subject_id, details, hash, previous_hash \
         FROM audit_log WHERE sequence = {last}"
    );
    let truncated = json!({ "intact": false, "rows": short, "truncated_from": last });
    let altered = |row: i64| json!({ "intact": false, "rows": row - 1, "altered_at": row });
    for (what, statements, found) in [
        (
            "the last ten rows go",
            vec![format!("DELETE FROM audit_log WHERE sequence > {short}")],
            truncated.clone(),
        ),
        (
            "a field",
            vec!["UPDATE audit_log SET subject_kind = 'input' WHERE sequence = 5".to_owned()],
            altered(5),
        ),
        (
            "a time",
            vec![
                "UPDATE audit_log SET at = '2020-10-01T04:00:00.000000Z' WHERE sequence = 6"
                    .to_owned(),
            ],
            altered(6),
        ),
        (
            "two rows change places",
            [(7, -7), (8, 7), (-7, 8)]
                .map(|(from, to)| {
                    format!("UPDATE audit_log SET sequence = {to} WHERE sequence = {from}")
                })
                .to_vec(),
            altered(7),
        ),
        (
            "a row in the middle goes",
            vec!["DELETE FROM audit_log WHERE sequence = 9".to_owned()],
            altered(9),
        ),
        ("a row is forged", vec![forged], altered(last + 1)),
        (
            "all of it goes",
            vec!["DELETE FROM audit_log".to_owned()],
            json!({ "intact": false, "rows": 0, "truncated_from": last }),
        ),
    ] {
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        thief(&world, &statements);
        assert_eq!(verified(&world, &admin, None).await, found, "{what}");
        thief(&world, &["DELETE FROM audit_log", "INSERT INTO audit_log SELECT * FROM audit_copy"]);
        assert_eq!(verified(&world, &admin, None).await["intact"], true);
    }

    // An older state is put back, and the program goes on with it: it says so, and what it writes later hides nothing.
    thief(&world, &[&format!("DELETE FROM audit_log WHERE sequence > {short}")]);
    service::anchor(&world.app).unwrap();
    for number in 0..20 {
        world.person(&format!("Later {number}"));
    }
    service::anchor(&world.app).unwrap();
    assert!(rows(&world) > last);
    assert_eq!(verified(&world, &admin, None).await, truncated);
    let log = world.get(Some(&admin), "/api/v1/audit?limit=200").await;
    let told = log.json["items"].as_array().unwrap().iter();
    let told: Vec<_> =
        told.filter(|row| row["action"] == "audit_log.checkpoint_contradicted").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["details"]["rows"], short);
    // Somebody who knows why answers for it, with access to the keys.
    let aside = world.app.settings.keys_folder().join(format!("audit.checkpoint.{last}"));
    std::fs::remove_file(aside).unwrap();
    assert_eq!(verified(&world, &admin, None).await["intact"], true);
    std::fs::write(world.app.settings.keys_folder().join("audit.checkpoint"), "{}").unwrap();
    assert_eq!(verified(&world, &admin, None).await["unanchored"], true);
});

on_both!(a_checkpoint_that_was_taken_away_tells_later_what_is_missing, |world: World| async move {
    let admin = written(&world);
    let taken = world.get(Some(&admin), "/api/v1/audit/checkpoint").await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    let (last, short) = (rows(&world), rows(&world) - 3);
    assert_eq!(taken.json["sequence"], last);
    assert_eq!(verified(&world, &admin, Some(&taken.json)).await["intact"], true);
    let mut forged = taken.json.clone();
    forged["sequence"] = json!(last - 1);
    let mut request = Request::new(Method::POST, "/api/v1/audit/verify").by(Some(&admin));
    request.body = Some(json!({ "checkpoint": forged }));
    let refused = world.send(request).await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("/checkpoint");
    // Whoever has the folder of keys, too, takes away what is kept there.
    thief(&world, &[&format!("DELETE FROM audit_log WHERE sequence > {short}")]);
    std::fs::remove_file(world.app.settings.keys_folder().join("audit.checkpoint")).unwrap();
    assert_eq!(verified(&world, &admin, None).await["intact"], true);
    assert_eq!(
        verified(&world, &admin, Some(&taken.json)).await,
        json!({ "intact": false, "rows": short, "truncated_from": last })
    );
});

async fn checkpoints_are_mailed_once_a_day(database: Database) {
    let to = "auditor@example.org, Second@example.org";
    let world = World::with(database, |settings| settings.audit.checkpoints_to = to.to_owned());
    let Some(world) = world else { return };
    let admin = written(&world);
    let mails = || {
        let list = |conn: &mut Conn| rapporteur::outbox::list(conn, None, 100);
        let mails = world.app.db.read_blocking(list).unwrap();
        mails.into_iter().filter(|mail| mail.template == "audit_checkpoint").collect::<Vec<_>>()
    };
    for _ in 0..3 {
        service::tend(&world.app).unwrap();
        world.app.clock.advance(Duration::minutes(2));
    }
    let first = mails();
    assert_eq!(first.len(), 2);
    assert_eq!(first[0].recipient, "auditor@example.org");
    assert!(first[0].body.contains("intact: "), "{}", first[0].body);
    let line = first[0].body.lines().find(|line| line.starts_with('{')).unwrap();
    let mailed: Value = serde_json::from_str(line).unwrap();
    assert_eq!(verified(&world, &admin, Some(&mailed)).await["intact"], true);
    world.app.clock.advance(Duration::days(1));
    let admin = world.signed_in_again(&admin);
    let last = rows(&world);
    thief(&world, &[&format!("DELETE FROM audit_log WHERE sequence > {}", last - 10)]);
    service::tend(&world.app).unwrap();
    let second = mails();
    assert_eq!(second.len(), 4);
    assert!(
        second[3].body.contains(&format!("truncated after row {}", last - 10)),
        "{}",
        second[3].body
    );
    assert_eq!(verified(&world, &admin, Some(&mailed)).await["intact"], false);
}

#[actix_web::test]
async fn checkpoints_are_mailed_once_a_day_on_sqlite() {
    checkpoints_are_mailed_once_a_day(Database::Sqlite).await;
}

#[actix_web::test]
async fn checkpoints_are_mailed_once_a_day_on_postgres() {
    checkpoints_are_mailed_once_a_day(Database::Postgres).await;
}

/// By the program itself: its end keeps the end of the log, and its command says what is found.
#[actix_web::test]
async fn the_command_tells_what_was_done_to_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut running = crate::crash::start(&data, None).await;
    running.sign_in().await;
    let id = running.process.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(running.process.wait().unwrap().success());
    let rapporteur = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
        command.args(arguments).env_remove("DATABASE_URL").env("RAPPORTEUR_DATA__FOLDER", &data);
        let done = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (done.status.success(), text(&done.stdout), text(&done.stderr))
    };
    let (fine, told, _) = rapporteur(&["audit", "verify"]);
    assert!(fine && told.contains("intact"), "{told}");
    let (_, checkpoint, _) = rapporteur(&["audit", "checkpoint"]);
    let file = folder.path().join("checkpoint.json");
    std::fs::write(&file, &checkpoint).unwrap();
    let file = file.to_str().unwrap();
    assert!(rapporteur(&["audit", "verify", "--checkpoint", file]).0);

    use diesel::Connection;
    use diesel::connection::SimpleConnection;
    let path = data.join("rapporteur.sqlite");
    let mut conn = diesel::SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    conn.batch_execute(
        "DROP TRIGGER audit_log_is_not_shortened;
         DELETE FROM audit_log WHERE sequence = (SELECT max(sequence) FROM audit_log)",
    )
    .unwrap();
    drop(conn);
    let (fine, _, why) = rapporteur(&["audit", "verify"]);
    assert!(!fine && why.contains("truncated after row"), "{why}");
    let (fine, _, why) = rapporteur(&["audit", "verify", "--checkpoint", file]);
    assert!(!fine && why.contains("truncated after row"), "{why}");
    let (fine, _, why) = rapporteur(&["audit", "verify", "--checkpoint", "/dev/null"]);
    assert!(!fine && why.contains("holds no checkpoint"), "{why}");
}
