//! The parts of a packed Word file, and how they point to one another. It must never trust what the file says of its
//! own size.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::super::Unreadable;
use super::super::text::decode_xml;
use super::xml::{Event, Reader, attribute};

/// Bytes that the parts which are read may unpack to.
pub(in super::super) const MOST_UNPACKED: u64 = 50 << 20;
/// Files that a Word file may be made of.
const MOST_FILES: usize = 5000;

/// An opened file.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::DamagedWord)?;
        if archive.len() > MOST_FILES {
            return Err(Unreadable::UnpacksTooLarge);
        }
        Ok(Self { archive, left: MOST_UNPACKED })
    }

    /// The name of the part that holds the text.
    pub(super) fn document(&mut self) -> Result<String, Unreadable> {
        let usual = "word/document.xml";
        let Some(relations) = self.part("_rels/.rels")? else { return Ok(usual.to_owned()) };
        let target = target(&relations, "officeDocument")?;
        Ok(target.map_or_else(|| usual.to_owned(), |target| resolved("", &target)))
    }

    /// The text of the part that another points to, by the last word of the relation's type: what stands before it
    /// differs between the two editions of the standard.
    pub(super) fn related(&mut self, from: &str, kind: &str) -> Result<Option<String>, Unreadable> {
        let (folder, file) = from.rsplit_once('/').unwrap_or(("", from));
        let relations = resolved(folder, &format!("_rels/{file}.rels"));
        let Some(relations) = self.part(&relations)? else { return Ok(None) };
        match target(&relations, kind)? {
            Some(target) => self.part(&resolved(folder, &target)),
            None => Ok(None),
        }
    }

    /// The text of a part.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, Unreadable> {
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(_) => return Err(Unreadable::DamagedWord),
        };
        let mut bytes = Vec::new();
        let read = file.take(self.left + 1).read_to_end(&mut bytes);
        let size = read.map_err(|_| Unreadable::DamagedWord)? as u64;
        self.left = self.left.checked_sub(size).ok_or(Unreadable::UnpacksTooLarge)?;
        decode_xml(bytes).ok_or(Unreadable::DamagedWord).map(Some)
    }
}

fn target(relations: &str, kind: &str) -> Result<Option<String>, Unreadable> {
    let mut reader = Reader::new(relations);
    while let Some(event) = reader.next()? {
        let Event::Start(start) = event else { continue };
        let of_kind = attribute(&start, "Type")
            .is_some_and(|name| name.rsplit('/').next().is_some_and(|last| last == kind));
        // What lies outside the file is not opened.
        let outside = attribute(&start, "TargetMode").is_some_and(|mode| mode == "External");
        if of_kind && !outside {
            return Ok(attribute(&start, "Target"));
        }
    }
    Ok(None)
}

/// A target as a name in the package: `/word/styles.xml` from its root, `styles.xml` and `../styles.xml` from a folder.
fn resolved(folder: &str, target: &str) -> String {
    let (folder, target) = match target.strip_prefix('/') {
        Some(rooted) => ("", rooted),
        None => (folder, target),
    };
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}
