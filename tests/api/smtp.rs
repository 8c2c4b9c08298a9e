//! A real mail server for the tests: a process of its own, by aiosmtpd. `RAPPORTEUR_SMTP_PYTHON` names a Python that has
//! it (python3 otherwise); without it a test that needs one says so loudly, and fails where RAPPORTEUR_REQUIRE_SMTP=1.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running mail server.
pub struct MailServer {
    child: Child,
    pub port: u16,
    folder: tempfile::TempDir,
}

/// One mail as the server took it.
#[derive(Debug, Clone)]
pub struct Taken {
    pub to: String,
    /// Everything, headers and parts, with `=` at line ends, `=3D` and `&amp;` undone.
    pub text: String,
}

impl MailServer {
    /// Starts one on a port; none when there is no Python for it.
    pub fn start(port: u16) -> Option<Self> {
        Self::start_so(port, &[])
    }

    /// One that takes addresses of ASCII alone.
    pub fn start_plain(port: u16) -> Option<Self> {
        Self::start_so(port, &["plain"])
    }

    fn start_so(port: u16, how: &[&str]) -> Option<Self> {
        let python = python()?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/smtp_server.py");
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(python)
            .arg(script)
            .arg(port.to_string())
            .arg(folder.path())
            .args(how)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), format!("ready {port}"), "the mail server starts");
        Some(Self { child, port, folder })
    }

    /// Every mail it has taken.
    pub fn taken(&self) -> Vec<Taken> {
        self.files().map(|path| read(&path)).collect()
    }

    /// How many mails it has taken.
    pub fn count(&self) -> usize {
        self.files().count()
    }

    fn files(&self) -> impl Iterator<Item = PathBuf> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        let files = files.map(|entry| entry.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|end| end == "eml"))
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ended = self.child.wait();
    }
}

/// A port on which nothing listens.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn read(path: &Path) -> Taken {
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let (to, rest) = text.split_once("\r\n").unwrap();
    let to = to.strip_prefix("X-To: ").unwrap().to_owned();
    let text = rest.replace("=\r\n", "").replace("=3D", "=").replace("&amp;", "&");
    Taken { to, text }
}

fn python() -> Option<String> {
    let python = std::env::var("RAPPORTEUR_SMTP_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let known =
        Command::new(&python).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
    if known.is_ok_and(|status| status.success()) {
        return Some(python);
    }
    let required = std::env::var("RAPPORTEUR_REQUIRE_SMTP").is_ok_and(|value| value == "1");
    assert!(!required, "a mail server is required here, and {python} has no aiosmtpd");
    eprintln!(
        "\n*** NO MAIL SERVER: what needs a real one does not run. Install aiosmtpd or set RAPPORTEUR_SMTP_PYTHON. ***\n"
    );
    None
}
