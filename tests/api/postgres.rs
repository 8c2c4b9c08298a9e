//! A PostgreSQL for the tests: `TEST_DATABASE_URL` (a server whose databases may be made and dropped), or a server of
//! our own from installed binaries, in a folder that goes when the tests end. A test's database goes with the test: five
//! hundred of them at once would fill a small disk. Tests run as a plain login, as the program does: a superuser is refused.

#![allow(clippy::disallowed_methods, reason = "makes databases and logins")]

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl};

struct Server {
    /// As who may make databases, without a database name.
    base: String,
    template: String,
    /// The login that tests run as, where the other one is a superuser.
    plain: Option<String>,
    /// Ends with the test process, since its standard input closes then, and takes the server's folder with it.
    _watch: Option<Child>,
}

/// A database of one test, dropped with it.
pub struct TestDatabase {
    pub url: String,
    /// Where a database can be dropped from.
    maintenance: String,
    drops: Vec<String>,
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Ok(mut conn) = PgConnection::establish(&self.maintenance) else { return };
        for statement in &self.drops {
            // A database that stays costs room and no more: the next run begins with a DROP of its own.
            let _left = conn.batch_execute(statement);
        }
    }
}

static SERVER: OnceLock<Option<Server>> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A new, migrated database; none when there is no PostgreSQL, which is said loudly.
pub fn new_database() -> Option<TestDatabase> {
    let server = SERVER.get_or_init(start).as_ref()?;
    let number = DATABASES.fetch_add(1, Ordering::SeqCst);
    let name = format!("{}_{number}", server.template);
    server.make(&name, &format!("TEMPLATE {}", server.template));
    Some(TestDatabase {
        url: server.url(&name),
        maintenance: server.maintenance(),
        drops: vec![format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")],
    })
}

/// The same database as who may make databases, who is a superuser where the tests have a server of their own.
pub fn as_superuser(database: &TestDatabase) -> Option<String> {
    let server = SERVER.get_or_init(start).as_ref()?;
    let name = database.url.rsplit_once('/')?.1;
    server.plain.as_ref().map(|_| format!("{}/{name}", server.base))
}

/// New, empty databases that belong to one login of their own, with these attributes of a role (`CREATEROLE NOINHERIT`); they go
/// together.
pub fn new_databases_of_a_login(attributes: &str, count: usize) -> Option<Vec<TestDatabase>> {
    let server = SERVER.get_or_init(start).as_ref()?;
    let number = DATABASES.fetch_add(1, Ordering::SeqCst);
    let login = format!("{}_login_{number}", server.template);
    let role = format!("CREATE ROLE {login} LOGIN {attributes} PASSWORD 'plain'");
    let mut conn = PgConnection::establish(&server.maintenance()).unwrap();
    for statement in [format!("DROP ROLE IF EXISTS {login}"), role] {
        if let Err(error) = conn.batch_execute(&statement) {
            eprintln!("\n*** NO LOGIN OF ITS OWN could be made ({error}): not tested. ***\n");
            return None;
        }
    }
    let one = |at: usize| {
        let name = format!("{login}_{at}");
        execute(
            &server.maintenance(),
            &format!("DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} OWNER {login}"),
        );
        let mut drops = vec![format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")];
        // A role that still owns something stays until the last of them.
        drops.push(format!("DROP ROLE IF EXISTS {login}"));
        let url = format!("postgres://{login}:plain@{}/{name}", server.place());
        TestDatabase { url, maintenance: server.maintenance(), drops }
    };
    Some((0..count).map(one).collect())
}

impl Server {
    fn maintenance(&self) -> String {
        format!("{}/postgres", self.base)
    }

    /// Its host and port.
    fn place(&self) -> &str {
        let (_, rest) = self.base.split_once("://").unwrap();
        rest.rsplit_once('@').map_or(rest, |(_, place)| place)
    }

    /// Where tests find a database.
    fn url(&self, name: &str) -> String {
        match &self.plain {
            Some(login) => format!("postgres://{login}:plain@{}/{name}", self.place()),
            None => format!("{}/{name}", self.base),
        }
    }

    /// Makes a database that belongs to whom tests run as.
    fn make(&self, name: &str, how: &str) {
        let owner = self.plain.as_ref().map(|login| format!("OWNER {login}")).unwrap_or_default();
        let sql = format!("DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} {how} {owner}");
        execute(&self.maintenance(), &sql);
    }
}

/// The login that tests run as, made where the one that is given is a superuser.
fn plain_login(maintenance: &str, name: String) -> Option<String> {
    #[derive(diesel::QueryableByName)]
    struct Answer {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        superuser: bool,
    }
    let mut conn = PgConnection::establish(maintenance).unwrap();
    let asked = "SELECT rolsuper AS superuser FROM pg_roles WHERE rolname = current_user";
    let Answer { superuser } = diesel::sql_query(asked).get_result(&mut conn).unwrap();
    if !superuser {
        return None;
    }
    let _there = conn.batch_execute(&format!("CREATE ROLE {name} LOGIN PASSWORD 'plain'"));
    Some(name)
}

fn start() -> Option<Server> {
    let server = match std::env::var("TEST_DATABASE_URL") {
        Ok(url) => Some(given(&url)),
        Err(_) => binaries().map(|folder| own(&folder)),
    };
    let Some(server) = server else {
        let required = std::env::var("RAPPORTEUR_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
        assert!(
            !required,
            "PostgreSQL is required here, and neither TEST_DATABASE_URL nor its binaries were found"
        );
        eprintln!(
            "\n*** NO POSTGRESQL: its half of the tests does not run. Set TEST_DATABASE_URL or install it. ***\n"
        );
        return None;
    };
    let name = &server.template;
    server.make(name, "");
    let target = rapporteur::db::Target::parse(&server.url(name)).unwrap();
    let settings = rapporteur::settings::Settings::defaults().unwrap().database;
    let db = rapporteur::db::Db::open(target, &settings).unwrap();
    db.migrate().unwrap();
    Some(server)
}

fn given(url: &str) -> Server {
    let base = url.rsplit_once('/').map_or(url, |(base, _)| base).to_owned();
    let template = format!("rapporteur_test_{}", std::process::id());
    // One for all runs: roles belong to the whole server, and nobody would drop it.
    let plain = plain_login(&format!("{base}/postgres"), "rapporteur_test_plain".to_owned());
    Server { base, template, plain, _watch: None }
}

fn own(binaries: &Path) -> Server {
    // Not removed by its drop: a static is never dropped. The watching shell below removes it.
    let folder = tempfile::Builder::new().prefix("rapporteur-pg-").tempdir().unwrap().keep();
    let data = folder.join("data");
    let user = unprivileged();
    if let Some((uid, gid)) = user {
        chown(&folder, Some(uid), Some(gid)).unwrap();
    }
    let as_user = |program: PathBuf| {
        let mut command = Command::new(program);
        if let Some((uid, gid)) = user {
            command.uid(uid).gid(gid);
        }
        command.current_dir(&folder).env("HOME", &folder);
        command
    };
    let made = as_user(binaries.join("initdb"))
        .args([
            "--auth=trust",
            "--username=rapporteur",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
            "-D",
        ])
        .arg(&data)
        .output()
        .unwrap();
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
    let port = free_port();
    // Benches wait for the disk, as in earnest.
    let unsafely = if std::env::args().any(|argument| argument == "--bench") {
        ""
    } else {
        "-c fsync=off -c full_page_writes=off"
    };
    let script = format!(
        "'{}/postgres' -D '{}' -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{}' \
         -c max_connections=400 {unsafely} -c max_wal_size=256MB > '{}/log' 2>&1 & \
         server=$!; cat > /dev/null; kill -INT $server; wait $server; cd /; rm -rf '{}'",
        binaries.display(),
        data.display(),
        folder.display(),
        folder.display(),
        folder.display(),
    );
    let watch =
        as_user("/bin/sh".into()).arg("-c").arg(script).stdin(Stdio::piped()).spawn().unwrap();
    let base = format!("postgres://rapporteur@127.0.0.1:{port}");
    wait_for(&base);
    let plain = plain_login(&format!("{base}/postgres"), "plain".to_owned());
    Server { base, template: "rapporteur_test".into(), plain, _watch: Some(watch) }
}

fn wait_for(base: &str) {
    for _ in 0..200 {
        if PgConnection::establish(&format!("{base}/postgres")).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("our PostgreSQL did not start");
}

/// PostgreSQL refuses to run as root: then the user postgres, or nobody.
pub fn unprivileged() -> Option<(u32, u32)> {
    let id = Command::new("id").arg("-u").output().ok()?;
    if String::from_utf8_lossy(&id.stdout).trim() != "0" {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let find = |name: &str| {
        let line = users.lines().find(|line| line.starts_with(&format!("{name}:")))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    find("postgres").or_else(|| find("nobody"))
}

/// Where the programs of the newest PostgreSQL are that is installed here.
pub fn binaries() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    folders.sort();
    folders.reverse();
    folders.extend(
        ["/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin"]
            .map(PathBuf::from),
    );
    folders
        .into_iter()
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn execute(url: &str, sql: &str) {
    let mut conn = PgConnection::establish(url).unwrap();
    for statement in sql.split(';').filter(|statement| !statement.trim().is_empty()) {
        conn.batch_execute(statement).unwrap();
    }
}
