//! Files as other software made them, and files that nobody would send in good faith. Everybody in them is invented.

mod any;
mod captions;
mod chats;
mod common;
mod notes;
mod speech;
mod word;

use super::holding::{self, Holding};
use super::{File, Kind, Line, PassedOver, Unreadable, Why};

/// What was read, with the names that never leave the crate.
#[derive(Debug, PartialEq)]
struct Seen {
    read: super::Read,
    names: Vec<String>,
}

impl std::ops::Deref for Seen {
    type Target = super::Read;

    fn deref(&self) -> &Self::Target {
        &self.read
    }
}

/// Reads what is held in text, of this kind.
fn read(kind: Kind, bytes: &[u8]) -> Result<Seen, Unreadable> {
    let packed = bytes.starts_with(b"PK") || bytes.starts_with(super::word::OLD);
    read_as(Some(kind), if packed { "a.docx" } else { "" }, bytes, &[])
}

fn read_as(
    kind: Option<Kind>,
    name: &str,
    bytes: &[u8],
    registrants: &[&str],
) -> Result<Seen, Unreadable> {
    let registrants: Vec<String> = registrants.iter().map(|name| (*name).to_owned()).collect();
    seen(&File { name, bytes, content_type: None, kind, registrants: &registrants })
}

/// What a file of this name is held in.
fn held(name: &str, bytes: &[u8]) -> Option<Holding> {
    holding::of(&File { name, bytes, content_type: None, kind: None, registrants: &[] })
}

fn seen(file: &File<'_>) -> Result<Seen, Unreadable> {
    let holding = holding::of(file).ok_or(Unreadable::Unknown)?;
    let (kind, gather) = super::gathered(holding, file)?;
    let names = gather.names.clone();
    Ok(Seen { read: gather.finish(kind, file.registrants)?, names })
}

/// A file that is checked in.
fn file(name: &str) -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/files/channels/");
    std::fs::read(format!("{path}{name}")).unwrap()
}

/// What a checked-in file holds, which must be recognized.
fn read_file(kind: Kind, name: &str) -> Seen {
    let seen = read_as(None, name, &file(name), &[]).unwrap();
    assert_eq!(seen.kind, kind, "{name}");
    seen
}

fn read_text(kind: Kind, text: &str) -> Seen {
    read(kind, text.as_bytes()).unwrap()
}

/// Speakers and bodies.
fn said(seen: &Seen) -> Vec<(&str, &str)> {
    let name =
        |line: &Line| line.speaker.map_or("", |speaker| seen.names[speaker as usize].as_str());
    seen.read.lines.iter().map(|line| (name(line), line.body.as_str())).collect()
}

fn bodies(seen: &Seen) -> Vec<&str> {
    seen.read.lines.iter().map(|line| line.body.as_str()).collect()
}

/// What was passed over, as line numbers and reasons.
fn passed(seen: &Seen) -> Vec<(u32, u32, Why)> {
    let plain = |one: &PassedOver| (one.first, one.last, one.why);
    seen.passed_over.iter().map(plain).collect()
}
