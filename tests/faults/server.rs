//! A PostgreSQL of one test, which can be stopped and started again, and followed by another.

#![allow(clippy::disallowed_methods, reason = "sets up a database server")]

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

use crate::crash::free_port;
use crate::postgres::{binaries, unprivileged};

pub struct Server {
    folder: tempfile::TempDir,
    binaries: PathBuf,
    port: u16,
    running: Option<Child>,
    /// The language in which it says what goes wrong.
    language: &'static str,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop("-QUIT");
    }
}

impl Server {
    /// A new one, started; none where there are no binaries.
    pub fn new() -> Option<Self> {
        Self::speaking("en")
    }

    /// One that says what goes wrong in another language, where its words are installed.
    pub fn speaking(language: &'static str) -> Option<Self> {
        let mut server = Self::none_yet(language)?;
        let made = server
            .program("initdb")
            .args(["--auth=trust", "--username=rapporteur", "--encoding=UTF8", "--no-locale"])
            .arg("--no-sync")
            .stdout(Stdio::null())
            .status();
        assert!(made.unwrap().success());
        server.start();
        Some(server)
    }

    /// A folder and a port.
    fn none_yet(language: &'static str) -> Option<Self> {
        let (folder, binaries) = (tempfile::tempdir().unwrap(), binaries()?);
        if let Some((uid, gid)) = unprivileged() {
            chown(folder.path(), Some(uid), Some(gid)).unwrap();
        }
        Some(Self { folder, binaries, port: free_port(), running: None, language })
    }

    /// Another one that follows this one; from now on nothing is committed here before it is there.
    pub fn standby(&self) -> Self {
        let mut standby = Self::none_yet(self.language).unwrap();
        let mut copy = standby.program("pg_basebackup");
        copy.args(["--host=127.0.0.1", "--username=rapporteur", "--write-recovery-conf"]);
        copy.args(["--port", &self.port.to_string(), "--checkpoint=fast", "--no-sync"]);
        assert!(copy.status().unwrap().success());
        standby.start();
        let mut conn = PgConnection::establish(&self.url()).unwrap();
        conn.batch_execute("ALTER SYSTEM SET synchronous_standby_names = '*'").unwrap();
        conn.batch_execute("SELECT pg_reload_conf()").unwrap();
        let in_step = "DO $$ BEGIN ASSERT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync'); END $$";
        for _ in 0..400 {
            if conn.batch_execute(in_step).is_ok() {
                return standby;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("the standby does not follow");
    }

    /// It follows nobody any more.
    pub fn take_over(&self) {
        let mut conn = PgConnection::establish(&self.url()).unwrap();
        conn.batch_execute("SELECT pg_promote()").unwrap();
    }

    /// Whichever of the two takes writes.
    pub fn url_with(&self, standby: &Self) -> String {
        let (one, other) = (self.port, standby.port);
        format!(
            "postgres://rapporteur@127.0.0.1:{one},127.0.0.1:{other}/postgres?target_session_attrs=read-write"
        )
    }

    /// One of its programs, over its folder of data.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.binaries.join(name));
        if let Some((uid, gid)) = unprivileged() {
            command.uid(uid).gid(gid);
        }
        command.current_dir(self.folder.path()).env("HOME", self.folder.path());
        command.arg("-D").arg(self.folder.path().join("data"));
        command
    }

    /// As its superuser.
    pub fn url(&self) -> String {
        format!("postgres://rapporteur@127.0.0.1:{}/postgres", self.port)
    }

    pub fn start(&mut self) {
        let mut command = self.program("postgres");
        command.args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        command.args(["-c", "unix_socket_directories=", "-c", "fsync=off"]).stderr(Stdio::null());
        // Any locale but C takes its words from where LANGUAGE says.
        command.args(["-c", "lc_messages=C.UTF-8"]).env("LANGUAGE", self.language);
        self.running = Some(command.spawn().unwrap());
        for _ in 0..400 {
            if PgConnection::establish(&self.url()).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("PostgreSQL did not start");
    }

    /// Stops it by a signal: `-INT` ends transactions that are under way, `-QUIT` is as a crash.
    pub fn stop(&mut self, signal: &str) {
        let Some(mut running) = self.running.take() else { return };
        let id = running.id().to_string();
        // It may have ended by itself.
        let _told = Command::new("kill").args([signal, &id]).status();
        running.wait().unwrap();
    }
}
