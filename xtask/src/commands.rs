//! Commands that are said before they run.

use std::fmt::Write as _;
use std::process::{Command, Output};
use std::time::Instant;

/// Cargo, as it was called.
pub fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments);
    command
}

/// Says the command, runs it, and says how long it took.
pub fn run(command: &mut Command) -> Result<(), String> {
    let text = said(command);
    let begun = Instant::now();
    let status = command.status().map_err(|error| format!("{text}: {error}"))?;
    eprintln!("  {:.0} s", begun.elapsed().as_secs_f64());
    if status.success() { Ok(()) } else { Err(format!("failed: {text}")) }
}

/// What the command writes to standard output.
pub fn output(command: &mut Command) -> Result<Vec<u8>, String> {
    let text = said(command);
    command.stderr(std::process::Stdio::inherit());
    let Output { status, stdout, .. } =
        command.output().map_err(|error| format!("{text}: {error}"))?;
    if status.success() { Ok(stdout) } else { Err(format!("failed: {text}")) }
}

/// The command as it would be typed.
pub fn said(command: &Command) -> String {
    let mut text = String::new();
    for (name, value) in command.get_envs() {
        let value = value.unwrap_or_default().to_string_lossy();
        let _ = write!(text, "{}={} ", name.to_string_lossy(), quoted(&value));
    }
    let program = command.get_program().to_string_lossy();
    text.push_str(program.rsplit('/').next().unwrap_or(&program));
    for argument in command.get_args() {
        let _ = write!(text, " {}", quoted(&argument.to_string_lossy()));
    }
    eprintln!("$ {text}");
    text
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_=/.,:+@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("'{text}'") }
}
