//! What can be said of the code without running it. The gate (.ci/run) runs this very task.

use std::process::Command;

use crate::commands::{self, cargo};

/// Every release of `typos` knows more words, and the gate must not fail by what was published last night.
const TYPOS: &str = "1.52.0";

pub fn run() -> Result<(), String> {
    commands::run(&mut cargo(&["fmt", "--all", "--check"]))?;
    spelling()?;
    commands::run(&mut cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "--deny=warnings",
    ]))?;
    commands::run(&mut cargo(&["check", "--locked", "--no-default-features"]))?;
    let mut documentation = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
    commands::run(documentation.env("RUSTDOCFLAGS", "--deny=warnings"))
}

fn spelling() -> Result<(), String> {
    let installed = Command::new("typos").arg("--version").output();
    let version = installed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    match version {
        Ok(version) if version.trim_end().ends_with(TYPOS) => {
            commands::run(&mut Command::new("typos"))
        }
        // The gate installs it, so there it is an error.
        other if std::env::var_os("CI").is_some() => {
            Err(format!("typos {TYPOS} is required here, and there is {other:?}"))
        }
        _ => {
            eprintln!("! spelling is not checked: pip install typos=={TYPOS}");
            Ok(())
        }
    }
}
