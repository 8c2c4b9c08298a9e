//! The committed OpenAPI document, which tests/api/contract.rs holds to the code.

use std::fs;

use crate::commands::{cargo, output};

const FILE: &str = "openapi.json";

pub fn run() -> Result<(), String> {
    let program =
        ["run", "--quiet", "--locked", "--no-default-features", "--bin", "rapporteur", "--"];
    let new = output(cargo(&program).arg("openapi"))?;
    // Only now: a build that fails leaves the document as it was.
    let old = fs::read(FILE).unwrap_or_default();
    if old == new {
        println!("{FILE} says already what the code says.");
        return Ok(());
    }
    fs::write(FILE, &new).map_err(|error| format!("{FILE}: {error}"))?;
    println!("{FILE} is new: look at `git diff {FILE}`.");
    Ok(())
}
