//! Pictures of every page on the ways of people, wide and narrow: what the walks in Chromium see (`tests/api/walks.rs`), beside each
//! picture its HTML and what a screen reader is told.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::commands::{self, cargo};

/// Where Node's packages are put: nothing of them is in the program.
const TOOLS: &str = "target/walk-tools";

pub fn run(folder: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(failed)?;
    let folder = folder.canonicalize().map_err(failed)?;
    fs::create_dir_all(TOOLS).map_err(|error| format!("{TOOLS}: {error}"))?;
    fs::copy(".ci/package.json", format!("{TOOLS}/package.json"))
        .map_err(|error| format!("{TOOLS}: {error}"))?;
    let mut npm = Command::new("npm");
    commands::run(npm.args(["install", "--no-audit", "--no-fund", "--prefix", TOOLS]))?;
    let tools = Path::new(TOOLS).canonicalize().map_err(|error| format!("{TOOLS}: {error}"))?;
    let test = ["test", "--locked", "--no-default-features", "--test", "api", "walks::"];
    let mut walks = cargo(&test);
    walks.args(["--", "--nocapture", "--test-threads", "1"]);
    walks.env("RAPPORTEUR_WALK_TOOLS", tools).env("RAPPORTEUR_WALK_PICTURES", &folder);
    commands::run(&mut walks)?;
    println!("pictures in {}", folder.display());
    Ok(())
}
