//! Attacks on who said it: what a colleague, a puppet, a thief of the database and of the keys, and somebody with a shell can make
//! of everything that they get hold of. Each test prints what came of it in one line with a figure, and asserts it; one that succeeds
//! is `#[ignore]`d with its reason. Whoever attacks here plays it honestly: they have all that they would have.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and prints its figure"
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

mod crowd;
mod thief;
mod watch;

mod asked;
mod colleagues;
mod hearings;
mod links;
mod mixing;
mod puppets;
mod receipts;
mod returned;
mod rooms;
mod shell;
mod thieves;

/// The line that an attack comes to.
fn tell(world: &harness::World, attack: &str, linked: usize, of: usize) {
    let on = if world.database.is_some() { "PostgreSQL" } else { "SQLite" };
    println!("attack {attack}, on {on}: {linked} of {of} linked");
}
