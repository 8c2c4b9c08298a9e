//! What the program refuses to start on: it ends at once, says in a sentence what to do, and has changed nothing.

#![allow(
    clippy::disallowed_methods,
    reason = "does to a database what a disk or another version does"
)]

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

use crate::crash::{free_port, ready, serving};

/// What the program says when it ends by itself without having done what it was told: one line of standard error.
fn refused(mut command: Command) -> String {
    let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    let status = loop {
        match process.try_wait().unwrap() {
            Some(status) => break status,
            None if begun.elapsed() > Duration::from_secs(30) => {
                process.kill().unwrap();
                panic!("it started");
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let mut said = String::new();
    process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(!status.success(), "{said}");
    assert!(said.starts_with("rapporteur: ") && said.trim_end().lines().count() == 1, "{said}");
    said
}

fn serve(folder: &Path, url: Option<&str>) -> Command {
    serving(folder, url, free_port())
}

/// Another command of the program over the same data; what it printed. It must succeed.
fn run(folder: &Path, url: Option<&str>, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.args(arguments).env_remove("DATABASE_URL").env("RAPPORTEUR_DATA__FOLDER", folder);
    if let Some(url) = url {
        command.env("DATABASE_URL", url);
    }
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(b"a password for this test only\n").unwrap();
    let done = process.wait_with_output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// A folder of data that was used once.
fn used() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    run(&data, None, &["account", "create", "ada@example.org"]);
    (folder, data)
}

fn sqlite(data: &Path) -> SqliteConnection {
    SqliteConnection::establish(data.join("rapporteur.sqlite").to_str().unwrap()).unwrap()
}

const NEWER: &str = "INSERT INTO __diesel_schema_migrations (version) VALUES ('20990101000000')";

#[test]
fn a_newer_schema_is_refused() {
    let (_folder, data) = used();
    sqlite(&data).batch_execute(NEWER).unwrap();
    let said = refused(serve(&data, None));
    assert!(said.contains("newer version") && said.contains("20990101000000"), "{said}");
    let Some(database) = crate::postgres::new_database() else { return };
    PgConnection::establish(&database.url).unwrap().batch_execute(NEWER).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let said = refused(serve(&folder.path().join("data"), Some(&database.url)));
    assert!(said.contains("newer version"), "{said}");
}

#[test]
fn the_keys_of_another_instance_are_refused() {
    let ((_folder, data), (_other, others)) = (used(), used());
    let with_keys = |keys: &Path| {
        let mut command = serve(&data, None);
        command.env("RAPPORTEUR_KEYS__FOLDER", keys);
        refused(command)
    };
    let said = with_keys(&others.with_file_name("data-keys"));
    assert!(said.contains("is a foreign one") && said.contains("keys.folder"), "{said}");
    let said = with_keys(&data.with_file_name("no-keys"));
    assert!(said.contains("is lost") && said.contains("keys.folder"), "{said}");
    // On PostgreSQL, which another instance's folder of data can reach as well.
    let Some(database) = crate::postgres::new_database() else { return };
    run(&data, Some(&database.url), &["account", "list"]);
    let said = refused(serve(&others, Some(&database.url)));
    assert!(said.contains("is a foreign one"), "{said}");
}

#[test]
fn a_damaged_file_is_refused() {
    let damaged = |at: &dyn Fn(u64) -> u64, length: usize| {
        let (folder, data) = used();
        let path = data.join("rapporteur.sqlite");
        let mut file = File::options().write(true).open(&path).unwrap();
        file.seek(SeekFrom::Start(at(file.metadata().unwrap().len()))).unwrap();
        file.write_all(&vec![0xa5; length]).unwrap();
        let before = fs::read(&path).unwrap();
        let said = refused(serve(&data, None));
        assert!(said.contains("is damaged") && said.contains("backup"), "{said}");
        assert!(before == fs::read(&path).unwrap(), "it was changed");
        drop(folder);
    };
    damaged(&|length| length / 2, 20_000);
    damaged(&|_| 0, 20_000);
    // One page that is cut off.
    let (_folder, data) = used();
    let path = data.join("rapporteur.sqlite");
    let file = File::options().write(true).open(&path).unwrap();
    file.set_len(file.metadata().unwrap().len() / 2).unwrap();
    let said = refused(serve(&data, None));
    assert!(said.contains("is damaged"), "{said}");
}

#[actix_web::test]
async fn a_second_server_on_one_folder_is_refused_and_commands_go_on() {
    let (_folder, data) = used();
    let mut first = crate::crash::start(&data, None).await;
    let said = refused(serve(&data, None));
    assert!(said.contains("another server is running"), "{said}");
    let mut demo = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    demo.args(["demo", "--no-serve"])
        .env_remove("DATABASE_URL")
        .env("RAPPORTEUR_DATA__FOLDER", &data)
        .stdout(Stdio::null());
    assert!(refused(demo).contains("another server is running"));
    // By another way to the same folder, too.
    let way = data.with_file_name("way");
    std::os::unix::fs::symlink(&data, &way).unwrap();
    let mut command = serve(&way, None);
    command.env("RAPPORTEUR_KEYS__FOLDER", data.with_file_name("data-keys"));
    assert!(refused(command).contains("another server is running"));
    for arguments in [
        &["account", "create", "grace@example.org"][..],
        &["account", "password", "--stdin", "grace@example.org"],
        &["account", "disable", "grace@example.org"],
        &["account", "list"],
        &["audit", "verify"],
        &["audit", "checkpoint"],
        &["purge", "--dry-run"],
        &["migrate"],
    ] {
        run(&data, None, arguments);
    }
    // A server that was killed holds nothing.
    first.process.kill().unwrap();
    first.process.wait().unwrap();
    crate::crash::start(&data, None).await;
}

#[actix_web::test]
async fn several_servers_share_a_postgres() {
    let Some(database) = crate::postgres::new_database() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let _first = crate::crash::start(&data, Some(&database.url)).await;
    let _second = crate::crash::start(&data, Some(&database.url)).await;
}

#[actix_web::test]
async fn a_log_that_goes_into_a_file_has_no_colours() {
    let (folder, data) = used();
    for format in ["text", "json"] {
        let (log, port) = (folder.path().join(format), free_port());
        let mut command = serving(&data, None, port);
        command
            .env("RAPPORTEUR_LOG__FILTER", "info")
            .env("RAPPORTEUR_LOG__FORMAT", format)
            .env_remove("NO_COLOR")
            .stderr(File::create(&log).unwrap());
        drop(ready(command, port).await);
        let said = fs::read_to_string(&log).unwrap();
        assert!(said.contains("serving"), "{said}");
        assert!(!said.contains('\u{1b}'), "{said}");
    }
}
