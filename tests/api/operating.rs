//! What whoever runs the program meets: whose files they are, which login it takes, and several databases of one.

#![allow(clippy::disallowed_methods, reason = "does what whoever administers a database does")]

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use rapporteur::app::App;
use rapporteur::clock::Clock;
use rapporteur::features::FEATURES;
use rapporteur::ids::Ids;
use rapporteur::mailer::Mailer;
use rapporteur::settings::Settings;
use reqwest::Method;
use serde_json::json;

use crate::harness::{Database, Request, World};
use crate::postgres::{as_superuser, new_database, new_databases_of_a_login};

#[cfg(unix)]
#[actix_web::test]
async fn nobody_else_can_read_what_is_in_the_data_folder() {
    use std::os::unix::fs::PermissionsExt;
    let set = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    fn walk(path: &Path, found: &mut Vec<(std::path::PathBuf, u32, bool)>) {
        let about = std::fs::metadata(path).unwrap();
        found.push((path.to_owned(), about.permissions().mode() & 0o777, about.is_dir()));
        if about.is_dir() {
            for entry in std::fs::read_dir(path).unwrap() {
                walk(&entry.unwrap().path(), found);
            }
        }
    }
    // One of before, which everybody could read.
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir_all(data.join("mail")).unwrap();
    std::fs::write(data.join("mail/old.eml"), b"").unwrap();
    [(data.clone(), 0o755), (data.join("mail"), 0o755), (data.join("mail/old.eml"), 0o644)]
        .iter()
        .for_each(|(path, mode)| set(path, *mode));
    let world = World::with(Database::Sqlite, |settings| settings.data.folder = data.clone());
    let world = world.unwrap();
    let link = Request::new(Method::POST, "/api/v1/auth/links");
    world.send(link.body(json!({ "email": "new@example.org" }))).await;
    let mailer = Mailer::open(&world.app.settings).unwrap();
    rapporteur::worker::send_due(&world.app, &mailer).await.unwrap();
    let mut found = Vec::new();
    walk(&data, &mut found);
    let wal = data.join("rapporteur.sqlite-wal");
    assert!(found.iter().any(|(path, ..)| *path == wal), "{found:?}");
    assert!(found.len() >= 6, "{found:?}");
    for (path, mode, is_folder) in found {
        let wanted = if is_folder { 0o700 } else { 0o600 };
        assert_eq!(mode, wanted, "{} is {mode:o}", path.display());
    }
}

fn open(url: &str, folder: &Path, change: impl FnOnce(&mut Settings)) -> Result<App, String> {
    let mut settings = Settings::defaults().unwrap();
    settings.data.folder = folder.to_owned();
    settings.database.url = url.to_owned().into();
    change(&mut settings);
    App::open(settings, Clock::System, Ids::System, FEATURES)
}

#[test]
fn a_superuser_is_refused_unless_that_is_meant() {
    let Some(database) = new_database() else { return };
    let Some(superuser) = as_superuser(&database) else { return };
    let folder = tempfile::tempdir().unwrap();
    let refused = open(&superuser, folder.path(), |_| ()).err().unwrap();
    for word in ["superuser", "CREATE ROLE rapporteur LOGIN", "database.allow_superuser"] {
        assert!(refused.contains(word), "{refused}");
    }
    // Somebody who can become one is as good as one.
    let Some(login) = new_databases_of_a_login("", 1) else { return };
    let plain = &login[0].url;
    let name = plain.rsplit_once('/').unwrap().1.rsplit_once('_').unwrap().0;
    let (maintenance, _) = superuser.rsplit_once('/').unwrap();
    let who = maintenance.split_once("://").unwrap().1;
    let who = who.split(['@', ':']).next().unwrap();
    let mut conn = PgConnection::establish(&superuser).unwrap();
    conn.batch_execute(&format!("GRANT \"{who}\" TO {name}")).unwrap();
    assert!(open(plain, folder.path(), |_| ()).err().unwrap().contains("superuser"));
    conn.batch_execute(&format!("REVOKE \"{who}\" FROM {name}")).unwrap();
    open(plain, folder.path(), |_| ()).unwrap();
    open(&superuser, folder.path(), |settings| settings.database.allow_superuser = true).unwrap();
}

/// K15 (shared/samples/cases, 46).
#[test]
fn the_second_database_of_a_login_works_or_it_is_said_what_to_grant() {
    for attributes in ["", "CREATEROLE", "NOINHERIT", "CREATEROLE NOINHERIT"] {
        let Some(databases) = new_databases_of_a_login(attributes, 2) else { return };
        for database in &databases {
            let folder = tempfile::tempdir().unwrap();
            let opened = open(&database.url, folder.path(), |_| ());
            let Err(refused) = opened else { continue };
            assert!(attributes.contains("NOINHERIT"), "{attributes}: {refused}");
            let grant = refused.lines().find(|line| line.trim_start().starts_with("GRANT"));
            let grant = grant.unwrap_or_else(|| panic!("{attributes}: {refused}"));
            let Some(administrator) = as_superuser(database) else { return };
            PgConnection::establish(&administrator).unwrap().batch_execute(grant).unwrap();
            open(&database.url, folder.path(), |_| ())
                .unwrap_or_else(|why| panic!("{attributes}: {why}"));
        }
    }
}

#[test]
fn lost_and_foreign_keys_are_told_before_anything_is_done_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let (data, other) = (folder.path().join("data"), folder.path().join("other-keys"));
    let url = format!("sqlite:{}", data.join("rapporteur.sqlite").display());
    let at = |keys: &Path| {
        let keys = keys.to_owned();
        open(&url, &data, move |settings| settings.keys.folder = keys)
    };
    open(&url, &data, |_| ()).unwrap();
    for name in ["signing.key", "audit.key", "audit.checkpoint"] {
        assert!(folder.path().join("data-keys").join(name).is_file(), "{name}");
        assert!(!data.join(name).exists(), "{name}");
    }
    let lost = at(&other).err().unwrap();
    assert!(lost.contains("is lost") && lost.contains("keys.folder"), "{lost}");
    // Those of another instance.
    let another = format!("sqlite:{}", folder.path().join("another.sqlite").display());
    open(&another, &data, |settings| settings.keys.folder = other.clone()).unwrap();
    let foreign = at(&other).err().unwrap();
    assert!(foreign.contains("foreign"), "{foreign}");
    at(&folder.path().join("data-keys")).unwrap();
}

#[actix_web::test]
async fn the_program_says_where_keys_are_and_that_they_should_be_elsewhere() {
    for (inside, warned) in [(false, false), (true, true)] {
        let folder = tempfile::tempdir().unwrap();
        let (data, log) = (folder.path().join("data"), folder.path().join("log"));
        let port = crate::crash::free_port();
        let mut command = crate::crash::serving(&data, None, port);
        command.env("RAPPORTEUR_LOG__FILTER", "info").stderr(std::fs::File::create(&log).unwrap());
        if inside {
            command.env("RAPPORTEUR_KEYS__FOLDER", data.join("keys"));
        }
        let _running = crate::crash::ready(command, port).await;
        let told = std::fs::read_to_string(&log).unwrap();
        assert!(told.contains("keys are here") && told.contains("without them"), "{told}");
        assert_eq!(told.contains("the keys lie in the data folder"), warned, "{told}");
    }
}
