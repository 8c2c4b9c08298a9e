//! A PostgreSQL for the tests: `TEST_DATABASE_URL` (a server whose databases may be made and dropped), or a server of
//! our own from installed binaries, in a folder that goes when the tests end. A test's database goes with the test: five
//! hundred of them at once would fill a small disk.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

struct Server {
    /// Without a database name.
    base: String,
    template: String,
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
    let sql = format!(
        "DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} TEMPLATE {}",
        server.template
    );
    let maintenance = server.maintenance();
    execute(&maintenance, &sql);
    Some(TestDatabase {
        url: format!("{}/{name}", server.base),
        maintenance,
        drops: vec![format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")],
    })
}

/// A new, empty database that belongs to a login which is no superuser, as a real one should.
pub fn new_database_of_a_plain_login() -> Option<TestDatabase> {
    let server = SERVER.get_or_init(start).as_ref()?;
    let number = DATABASES.fetch_add(1, Ordering::SeqCst);
    let name = format!("{}_plain_{number}", server.template);
    let statements = [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("DROP ROLE IF EXISTS {name}"),
        format!("CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'plain'"),
        format!("CREATE DATABASE {name} OWNER {name}"),
    ];
    let maintenance = server.maintenance();
    let mut conn = PgConnection::establish(&maintenance).unwrap();
    for statement in statements {
        if let Err(error) = conn.batch_execute(&statement) {
            eprintln!(
                "\n*** NO LOGIN OF ITS OWN could be made ({error}): the seal's role is not tested. ***\n"
            );
            return None;
        }
    }
    let place = server.base.rsplit_once('@').map_or_else(
        || server.base.trim_start_matches("postgres://").trim_start_matches("postgresql://"),
        |(_, place)| place,
    );
    Some(TestDatabase {
        url: format!("postgres://{name}:plain@{place}/{name}"),
        maintenance,
        drops: vec![
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("DROP ROLE IF EXISTS {name}"),
        ],
    })
}

impl Server {
    fn maintenance(&self) -> String {
        format!("{}/postgres", self.base)
    }
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
    let maintenance = server.maintenance();
    execute(&maintenance, &format!("DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name}"));
    let target = rapporteur::db::Target::parse(&format!("{}/{name}", server.base)).unwrap();
    let db = rapporteur::db::Db::open(target, 2).unwrap();
    db.migrate().unwrap();
    Some(server)
}

fn given(url: &str) -> Server {
    let base = url.rsplit_once('/').map_or(url, |(base, _)| base).to_owned();
    Server { base, template: format!("rapporteur_test_{}", std::process::id()), _watch: None }
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
    let script = format!(
        "'{}/postgres' -D '{}' -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{}' \
         -c max_connections=400 -c fsync=off -c full_page_writes=off -c max_wal_size=256MB > '{}/log' 2>&1 & \
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
    Server { base, template: "rapporteur_test".into(), _watch: Some(watch) }
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
fn unprivileged() -> Option<(u32, u32)> {
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

fn binaries() -> Option<PathBuf> {
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
