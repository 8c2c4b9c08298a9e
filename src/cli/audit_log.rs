//! The audit log from the command line: checked, and its end as a checkpoint.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{line, print};
use crate::app::App;
use crate::audit::chain::{Checkpoint, Finding};
use crate::auditing::service;
use crate::work::Credentials;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say whether the log is intact, altered at a row, or truncated after one. It is held against the checkpoints in the folder of
    /// keys, too.
    Verify {
        /// A checkpoint that was exported or mailed before, as JSON.
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
    },
    /// Print where the log ends now, as JSON, to be kept where nobody who runs the instance can change it.
    Checkpoint,
}

/// Does what is asked; an error when the log is not intact.
pub fn run(app: &App, command: Command) -> Result<(), String> {
    match command {
        Command::Verify { checkpoint } => verify(app, checkpoint.as_deref()),
        Command::Checkpoint => {
            let made = app.read_blocking(&Credentials::Operator, |work| {
                service::checkpoint(work, &app.chain)
            });
            let text =
                serde_json::to_string(&made.map_err(line)?).map_err(|why| why.to_string())?;
            print(&format!("{text}\n"))
        }
    }
}

fn verify(app: &App, file: Option<&Path>) -> Result<(), String> {
    let given = file.map(read).transpose()?;
    let found =
        app.read_blocking(&Credentials::Operator, |work| service::verify(work, app, given.clone()));
    let found = found.map_err(line)?;
    match found.finding {
        Finding::Intact => print(&format!("The audit log is {found}.\n")),
        _ => Err(format!("the audit log is {found}")),
    }
}

/// The checkpoint in a file: all of it, or the line of it that is one, as in a mail that was saved.
fn read(path: &Path) -> Result<Checkpoint, String> {
    let told = |why: &str| format!("{}: {why}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| told(&error.to_string()))?;
    let lines = text.lines().map(str::trim).filter(|line| line.starts_with('{'));
    let found = [text.as_str()].into_iter().chain(lines);
    let mut found = found.filter_map(|text| serde_json::from_str(text).ok());
    found.next().ok_or_else(|| told("holds no checkpoint of the audit log"))
}
