//! A PostgreSQL of one test, which can be stopped and started again.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

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
        let (folder, binaries) = (tempfile::tempdir().unwrap(), binaries()?);
        if let Some((uid, gid)) = unprivileged() {
            chown(folder.path(), Some(uid), Some(gid)).unwrap();
        }
        let mut server = Self { folder, binaries, port: free_port(), running: None, language };
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
