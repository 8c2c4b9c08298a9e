//! What developers do again and again. Each task says every command before it runs it, so that each can be run by hand.

#![expect(clippy::print_stdout, reason = "what is asked for is printed")]

use std::path::Path;
use std::process::ExitCode;

mod check;
mod commands;
mod openapi;
mod schema;
mod screenshots;
mod testing;

const HELP: &str = "\
What developers do again and again: cargo xtask TASK

  check                  formatting, spelling, lints, a build without PDF, documentation: as the gate does it
  test FEATURE [OPTION…] the tests of one feature (`offers`) or crate (`intake`): beside its code, then in tests/api;
                         options are Cargo's, such as --no-default-features to leave out PDF
  schema                 hold the tables that Diesel knows to both databases; where they differ, print the new ones
  openapi                write openapi.json from the code
  screenshots [FOLDER]   pictures of every page that people come by, by Chromium and Node (default: target/screenshots)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<(), String> {
    std::env::set_current_dir(root()).map_err(|error| format!("{}: {error}", root().display()))?;
    match arguments {
        [] | ["help" | "-h" | "--help"] => {
            print!("{HELP}");
            Ok(())
        }
        ["check"] => check::run(),
        ["test", feature, options @ ..] => testing::run(feature, options),
        ["schema"] => schema::run(),
        ["openapi"] => openapi::run(),
        ["screenshots"] => screenshots::run(Path::new("target/screenshots")),
        ["screenshots", folder] => screenshots::run(Path::new(folder)),
        _ => Err(format!("no such task: {}\n\n{HELP}", arguments.join(" "))),
    }
}

/// The root of the workspace, where every task runs.
fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}
