//! Faults on purpose: connections that are cut, databases that are stopped, locks that are held, files that are damaged. Whatever
//! happens, nothing is answered that is not true, nothing waits without an end, and all recovers by itself. The gate runs a bounded
//! part; `RAPPORTEUR_ALL_FAULTS=1` all of it.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says how often it was right"
)]

#[allow(dead_code, reason = "the other tests use the rest of it")]
#[path = "../api/crash.rs"]
mod crash;
#[allow(dead_code, reason = "the other tests use the rest of it")]
#[path = "../api/harness.rs"]
mod harness;
#[allow(dead_code, reason = "the other tests use the rest of it")]
#[path = "../api/postgres.rs"]
mod postgres;

#[allow(dead_code, reason = "the other tests use the rest of it")]
#[path = "../api/smtp.rs"]
mod smtp;

mod proxy;
mod server;

mod commits;
mod language;
mod mails;
mod overload;
mod processes;
mod starting;
mod waits;

/// How often something is tried: all of it, or the part that the gate runs.
fn times(bounded: u32, all: u32) -> u32 {
    let everything = std::env::var("RAPPORTEUR_ALL_FAULTS").is_ok_and(|value| value == "1");
    if everything { all } else { bounded }
}
