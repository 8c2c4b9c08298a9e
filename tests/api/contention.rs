//! What becomes of a unit of work when the database says that another stood in its way, in whatever language it says so.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Barrier, Mutex};

use diesel::connection::SimpleConnection;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{Connection, SqliteConnection};
use rapporteur::db::Conn;
use rapporteur::jobs;
use rapporteur::problem::{Code, Problem};

use crate::harness::{Database, World, id, registration};
use crate::jobs::upload;
use crate::on_both;

/// Languages that PostgreSQL speaks; one of them may be installed here.
const LANGUAGES: &[&str] = &["de_DE.utf8", "fr_FR.utf8", "es_ES.utf8", "ru_RU.utf8"];

/// The first language that this server can be asked to speak.
fn other_language(world: &World) -> Option<&'static str> {
    LANGUAGES.iter().copied().find(|language| {
        let spoken = world.app.db.read_blocking(|conn| {
            let Conn::Postgres(conn) = conn else { return Ok(false) };
            Ok(conn.batch_execute(&format!("SET LOCAL lc_messages = '{language}'")).is_ok())
        });
        spoken.unwrap()
    })
}

/// Two units of work that take the same two locks, each the other's first, so that one must lose. What the loser was told.
fn deadlock(world: &World, language: Option<&str>) -> Vec<String> {
    let (met, told) = (Barrier::new(2), Mutex::new(Vec::new()));
    let unit = |first: i64, second: i64| {
        let mut begun = 0;
        world.app.db.write_blocking(|conn| {
            let Conn::Postgres(conn) = conn else { panic!("only PostgreSQL has deadlocks") };
            begun += 1;
            if let Some(language) = language {
                conn.batch_execute(&format!("SET LOCAL lc_messages = '{language}'"))?;
            }
            conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({first})"))?;
            if begun == 1 {
                met.wait();
            }
            let done = conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({second})"));
            if let Err(Error::DatabaseError(_, why)) = &done {
                told.lock().unwrap().push(why.message().to_owned());
            }
            done?;
            Ok(begun)
        })
    };
    let begun = std::thread::scope(|scope| {
        let other = scope.spawn(|| unit(2, 1).unwrap());
        unit(1, 2).unwrap() + other.join().unwrap()
    });
    assert!(begun > 2, "nobody lost: {begun}");
    told.into_inner().unwrap()
}

#[actix_web::test]
async fn whoever_loses_in_a_deadlock_begins_anew_whatever_the_server_speaks() {
    let Some(world) = World::new(Database::Postgres) else { return };
    assert_eq!(deadlock(&world, None).len(), 1);
    let Some(language) = other_language(&world) else {
        eprintln!("\n*** NO OTHER LANGUAGE is installed: deadlocks are tried in one only. ***\n");
        return;
    };
    let told = deadlock(&world, Some(language)).join("\n");
    assert!(!told.is_empty() && !told.contains("deadlock detected"), "{language}: {told}");
}

on_both!(a_statement_that_always_fails_is_a_failure_of_ours, |world: World| async move {
    let begun = AtomicU32::new(0);
    let refused = world.app.db.write_blocking(|conn| -> Result<(), Problem> {
        begun.fetch_add(1, Ordering::SeqCst);
        Ok(conn.batch_execute("SELECT nothing FROM nowhere")?)
    });
    let refused = refused.unwrap_err();
    assert_eq!(refused.code(), Code::Internal);
    assert!(!refused.is_unexplained() && !refused.detail().contains("nowhere"), "{refused}");
    let on_postgres = matches!(world.app.db.target(), rapporteur::db::Target::Postgres(_));
    assert_eq!(begun.into_inner(), if on_postgres { 4 } else { 1 });
});

on_both!(while_much_is_imported_others_have_their_turn, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let people: Vec<_> = (0..400).map(|one| world.person(&format!("Other No{one}"))).collect();
    let mut table = "body,objectives,category,told_by\r\n".to_owned();
    for number in 0..2000 {
        table.push_str(&format!("Case nr{number}: offices open late.,4,recommendations,one\r\n"));
    }
    let path = format!("{base}/inputs/imports?dry_run=false");
    let job = upload(&world, &secretariat, &path, "text/csv", table).await.json;
    let app = world.app.clone();
    let running = tokio::spawn(async move { jobs::runner::run_due(&app).await.unwrap() });
    // One after the other, each answered before the job is done.
    let mut written = 0;
    for person in &people {
        let form = registration("media", "TH");
        world.make(person, &format!("{base}/registrations"), form).await;
        if running.is_finished() {
            break;
        }
        written += 1;
    }
    running.await.unwrap();
    let done = world.get(Some(&secretariat), &format!("/api/v1/jobs/{}", id(&job))).await.json;
    assert_eq!(
        (&done["state"], &done["result"]["inputs"]),
        (&"done".into(), &2000.into()),
        "{done}"
    );
    assert!(written > 10, "only {written} had their turn");
});

/// Whether a COMMIT that failed was done is not always known: a server may end between doing it and saying so.
#[actix_web::test]
async fn a_commit_that_fails_is_not_begun_anew() {
    let Some(world) = World::new(Database::Postgres) else { return };
    let begun = AtomicU32::new(0);
    let refused = world.app.db.write_blocking(|conn| -> Result<(), Problem> {
        begun.fetch_add(1, Ordering::SeqCst);
        Ok(conn.batch_execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN RAISE EXCEPTION ''too late''; END'; \
             CREATE TABLE late (a integer); \
             CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON late DEFERRABLE INITIALLY DEFERRED \
             FOR EACH ROW EXECUTE FUNCTION refuse(); \
             INSERT INTO late VALUES (1)",
        )?)
    });
    let refused = refused.unwrap_err();
    assert_eq!(refused.code(), Code::Internal);
    assert!(!refused.is_unexplained(), "{refused}");
    assert_eq!(begun.into_inner(), 1);
}

#[test]
fn a_busy_sqlite_is_contention() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("busy.sqlite");
    let open = || SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    let (mut holder, mut other) = (open(), open());
    holder.batch_execute("CREATE TABLE a (b INTEGER); BEGIN IMMEDIATE; DELETE FROM a").unwrap();
    let busy = other.batch_execute("BEGIN IMMEDIATE").unwrap_err();
    assert!(matches!(busy, Error::DatabaseError(DatabaseErrorKind::Unknown, _)), "{busy}");
    assert!(Problem::from(busy).is_contention());
}
