//! Files as other software made them, and files that nobody would send in good faith. Everybody in them is invented.

mod any;
mod captions;
mod chats;
mod common;
mod notes;
mod word;

use super::{Kind, Line, PassedOver, Read, Unreadable, Why, guess, read, without_names};

/// A file that is checked in.
fn file(name: &str) -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/files/channels/");
    std::fs::read(format!("{path}{name}")).unwrap()
}

/// What a checked-in file holds, read as what it is guessed to be.
fn read_file(kind: Kind, name: &str) -> Read {
    let bytes = file(name);
    assert_eq!(guess(name, &bytes), Some(kind), "{name}");
    read(kind, &bytes).unwrap()
}

fn read_text(kind: Kind, text: &str) -> Read {
    read(kind, text.as_bytes()).unwrap()
}

/// Speakers and bodies.
fn said(read: &Read) -> Vec<(&str, &str)> {
    let speaker = |line: &'_ Line| line.speaker.is_some();
    assert!(
        read.lines
            .iter()
            .filter(|line| speaker(line))
            .all(|line| line.speaker.as_deref() != Some(""))
    );
    read.lines
        .iter()
        .map(|line| (line.speaker.as_deref().unwrap_or(""), line.body.as_str()))
        .collect()
}

fn bodies(read: &Read) -> Vec<&str> {
    read.lines.iter().map(|line| line.body.as_str()).collect()
}

/// What was passed over, as line numbers and reasons.
fn passed(read: &Read) -> Vec<(u32, u32, Why)> {
    let plain = |one: &PassedOver| (one.first, one.last, one.why);
    read.passed_over.iter().map(plain).collect()
}
