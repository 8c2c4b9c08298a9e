//! The child process: a document in, a PDF or the reason why not out. It limits itself before it does anything, and knows no
//! database, no settings and no network.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use rapporteur_document::document::Document;
use rapporteur_document::failure::{Failure, REFUSED};
use rapporteur_document::render::json;

use crate::pdf;

/// The command by which the program starts itself as the child.
pub const COMMAND: &str = "render-pdf";

/// What the child is told.
#[derive(Debug, Parser)]
#[command(name = COMMAND)]
struct Arguments {
    /// A folder of fonts for scripts that those inside the program lack.
    #[arg(long, value_name = "DIR")]
    fonts: Option<PathBuf>,
    /// Megabytes of memory that it may take.
    #[arg(long)]
    megabytes: Option<u64>,
    /// Seconds of computing that it may take.
    #[arg(long)]
    seconds: Option<u64>,
}

/// Sets a document in PDF if that is what the program was started for: then it is done, with this exit code.
pub fn asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1).peekable();
    arguments.next_if(|first| first == COMMAND)?;
    let told = std::iter::once(COMMAND.into()).chain(arguments);
    Some(run(&Arguments::parse_from(told)))
}

/// Reads a document as JSON from standard input and writes the PDF to standard output; with exit code 3 the failure as JSON.
fn run(arguments: &Arguments) -> ExitCode {
    limit(arguments);
    let made = read().and_then(|document| pdf::render(&document, arguments.fonts.as_deref()));
    let (bytes, code) = match made {
        Ok(pdf) => (pdf, ExitCode::SUCCESS),
        Err(failure) => (serde_json::to_vec(&failure).unwrap_or_default(), REFUSED.into()),
    };
    match io::stdout().write_all(&bytes) {
        Ok(()) => code,
        Err(_) => ExitCode::FAILURE,
    }
}

fn read() -> Result<Document, Failure> {
    let mut bytes = Vec::new();
    let refused = |error: &dyn std::fmt::Display| {
        Failure::Refused(format!("the document cannot be read: {error}"))
    };
    io::stdin().read_to_end(&mut bytes).map_err(|error| match error.kind() {
        io::ErrorKind::OutOfMemory => Failure::Limit("It took more memory than it may.".to_owned()),
        _ => refused(&error),
    })?;
    json::read(&bytes).map_err(|error| refused(&error))
}

/// What the system holds it to, even when the process that started it is gone.
#[cfg(unix)]
fn limit(arguments: &Arguments) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limits = [
        (Resource::As, arguments.megabytes.map(|megabytes| megabytes.saturating_mul(1 << 20))),
        (Resource::Cpu, arguments.seconds),
    ];
    for (resource, most) in
        limits.into_iter().filter_map(|(resource, most)| Some((resource, most?)))
    {
        let most = Some(most);
        // A system that refuses leaves the time limit of the parent.
        let _ = setrlimit(resource, Rlimit { current: most, maximum: most });
    }
}

#[cfg(not(unix))]
fn limit(_: &Arguments) {}
