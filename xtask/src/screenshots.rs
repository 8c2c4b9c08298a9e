//! Pictures of the pages of the demo, as a person sees them on a desk and on a phone.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::commands::{self, cargo};

/// What the windows are called, how wide they are and how high.
const WINDOWS: &[(&str, &str)] = &[("wide", "1280,1600"), ("narrow", "390,1600")];

/// From left to right, and from right to left.
const LANGUAGES: &[&str] = &["en", "ar"];

const PATIENCE: Duration = Duration::from_secs(60);

pub fn run(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let folder = folder.canonicalize().map_err(|error| format!("{}: {error}", folder.display()))?;
    let address = free_address()?;
    commands::run(&mut cargo(&["build", "--locked", "--no-default-features"]))?;
    // Built once; a second time it is found there.
    commands::run(
        rapporteur(&folder, &address).args(["demo", "--no-serve", "--out"]).arg(folder.join("out")),
    )?;
    let mut server = rapporteur(&folder, &address);
    let log = folder.join("server.log");
    let written = fs::File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
    server.arg("serve").stdout(written).stderr(Stdio::null());
    let text = commands::said(&server);
    let server = server.spawn().map_err(|error| format!("{text}: {error}"))?;
    let _ended = Ended(server);
    wait(&address)?;
    let mut pictures = 0;
    for (name, page) in pages(&folder, &address)? {
        for (window, size) in WINDOWS {
            picture(&folder, &format!("{name}-{window}"), size, &page)?;
            pictures += 1;
        }
    }
    println!("{pictures} pictures in {}", folder.display());
    Ok(())
}

/// A server that ends with this task.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}

/// The program, with a data folder of its own.
fn rapporteur(folder: &Path, address: &str) -> Command {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let mut command = Command::new(target.join("debug/rapporteur"));
    command.env("RAPPORTEUR_DATA__FOLDER", folder.join("data"));
    command.env("RAPPORTEUR_SERVER__BIND", address);
    command.env("RAPPORTEUR_METRICS__BIND", "");
    command.env("RAPPORTEUR_SERVER__PUBLIC_URL", format!("http://{address}"));
    command.env_remove("DATABASE_URL");
    command
}

fn free_address() -> Result<String, String> {
    let found = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    found.map(|address| address.to_string()).map_err(|error| format!("no port is free: {error}"))
}

/// What the server answers.
fn get(address: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn wait(address: &str) -> Result<(), String> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if get(address, "/health/ready").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err(format!("the server at {address} was not ready after {PATIENCE:?}"))
}

/// The id of the first of a list.
fn first(address: &str, path: &str) -> Result<String, String> {
    let answer = get(address, path).map_err(|error| format!("{path}: {error}"))?;
    let id = answer.split_once("\"id\":\"").and_then(|(_, rest)| rest.split_once('"'));
    id.map(|(id, _)| id.to_owned()).ok_or_else(|| format!("{path} lists nothing"))
}

/// The pages that are served and those that are files, by the names of their pictures.
fn pages(folder: &Path, address: &str) -> Result<Vec<(String, String)>, String> {
    let review = first(address, "/api/v1/reviews")?;
    let consultation = first(address, &format!("/api/v1/reviews/{review}/consultations"))?;
    let mut pages = Vec::new();
    for language in LANGUAGES {
        for (name, path) in [
            ("paste", "/register".to_owned()),
            ("call", format!("/register/{consultation}")),
            ("sign-in", "/sign-in".to_owned()),
            ("guardian-consent", "/guardian-consent".to_owned()),
        ] {
            let page = format!("http://{address}{path}?lang={language}");
            pages.push((format!("{name}-{language}"), page));
        }
    }
    pages.push(("problems".to_owned(), format!("http://{address}/problems")));
    let mut files = Vec::new();
    html(&folder.join("out"), &mut files);
    files.sort();
    for file in files {
        let name = file.strip_prefix(folder).unwrap_or(&file).with_extension("");
        let name = name.to_string_lossy().replace('/', "-");
        pages.push((name, format!("file://{}", file.display())));
    }
    Ok(pages)
}

fn html(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            html(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "html") {
            found.push(path);
        }
    }
}

fn picture(folder: &Path, name: &str, size: &str, page: &str) -> Result<(), String> {
    let program = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
    let file = folder.join(format!("{name}.png"));
    let mut browser = Command::new(program);
    // What a browser asks of its makers when it starts, nobody here waits for.
    browser.args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]);
    browser.args([
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
    ]);
    browser
        .arg("--disable-sync")
        .arg(format!("--user-data-dir={}", folder.join("browser").display()));
    browser.arg(format!("--window-size={size}")).arg(format!("--screenshot={}", file.display()));
    let text = commands::said(browser.arg(page));
    let output = browser.output().map_err(|error| format!("{text}: {error}"))?;
    if output.status.success() && file.is_file() {
        return Ok(());
    }
    Err(format!("failed: {text}\n{}", String::from_utf8_lossy(&output.stderr)))
}
