//! The parts of a packed Word file, and how they point to one another. Must never trust what the file says of its own size, nor
//! open what lies outside it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Unfit;
use super::xml::{self, Event, Reader, attribute, name};

/// Files that a Word file may be made of.
const MOST_FILES: usize = 5000;

/// Bytes of an address: a text may lead there as often as it has words.
const LONGEST_LINK: usize = 8_000;

/// An opened file.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

impl<'a> Package<'a> {
    /// Opens a file of which no more than `most` bytes are unpacked, all parts together.
    pub fn open(bytes: &'a [u8], most: u64) -> Result<Self, Unfit> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unfit::Damaged)?;
        if archive.len() > MOST_FILES {
            return Err(Unfit::TooLarge);
        }
        Ok(Self { archive, left: most })
    }

    /// The name of the part that holds the text.
    pub fn document(&mut self) -> Result<String, Unfit> {
        let usual = "word/document.xml";
        let Some(relations) = self.part("_rels/.rels")? else { return Ok(usual.to_owned()) };
        let target = target(&relations, "officeDocument")?;
        Ok(target.map_or_else(|| usual.to_owned(), |target| resolved("", &target)))
    }

    /// Name and text of the part that another points to, by the last word of the relation's type: what stands before it
    /// differs between the two editions of the standard.
    pub fn related(&mut self, from: &str, kind: &str) -> Result<Option<(String, String)>, Unfit> {
        let (folder, file) = from.rsplit_once('/').unwrap_or(("", from));
        let relations = resolved(folder, &format!("_rels/{file}.rels"));
        let Some(relations) = self.part(&relations)? else { return Ok(None) };
        match target(&relations, kind)? {
            Some(target) => {
                let name = resolved(folder, &target);
                Ok(self.part(&name)?.map(|text| (name, text)))
            }
            None => Ok(None),
        }
    }

    /// Name and text of every part that another points to by that kind of relation.
    pub fn all_related(&mut self, from: &str, kind: &str) -> Result<Vec<(String, String)>, Unfit> {
        let (folder, file) = from.rsplit_once('/').unwrap_or(("", from));
        let Some(relations) = self.part(&resolved(folder, &format!("_rels/{file}.rels")))? else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for target in targets(&relations, kind)? {
            let name = resolved(folder, &target);
            found.extend(self.part(&name)?.map(|text| (name, text)));
        }
        Ok(found)
    }

    /// The value of a property that people made (`docProps/custom.xml`).
    pub fn property(&mut self, wanted: &str) -> Result<Option<String>, Unfit> {
        let Some((_, properties)) = self.related("", "custom-properties")? else { return Ok(None) };
        let mut reader = Reader::new(&properties);
        let mut found: Option<String> = None;
        while let Some(event) = reader.event()? {
            match event {
                Event::Start(start) if name(&start) == "property" => {
                    let named = attribute(&start, "name").is_some_and(|name| name == wanted);
                    found = named.then(String::new);
                }
                // Some programs write every element on a line of its own.
                Event::Text(text) => found.iter_mut().for_each(|found| found.push_str(text.trim())),
                Event::End if found.as_ref().is_some_and(|found| !found.is_empty()) => {
                    return Ok(found);
                }
                Event::Start(_) | Event::End => {}
            }
        }
        Ok(None)
    }

    /// `dc:identifier` of the core properties.
    pub fn identifier(&mut self) -> Result<Option<String>, Unfit> {
        let Some(relations) = self.part("_rels/.rels")? else { return Ok(None) };
        let Some(target) = target(&relations, "core-properties")? else { return Ok(None) };
        let Some(properties) = self.part(&resolved("", &target))? else { return Ok(None) };
        let mut reader = Reader::new(&properties);
        let mut found = None;
        while let Some(event) = reader.event()? {
            match event {
                Event::Start(start) => {
                    found = (name(&start) == "identifier").then(String::new);
                }
                Event::Text(text) => found.iter_mut().for_each(|found| found.push_str(&text)),
                Event::End if found.is_some() => return Ok(found),
                Event::End => {}
            }
        }
        Ok(None)
    }

    /// Where the links of a part lead, by the id of the relationship; not those that are longer than any address.
    pub fn links(&mut self, part: &str) -> Result<BTreeMap<String, String>, Unfit> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let mut links = BTreeMap::new();
        let Some(relations) = self.part(&resolved(folder, &format!("_rels/{file}.rels")))? else {
            return Ok(links);
        };
        let mut reader = Reader::new(&relations);
        while let Some(event) = reader.event()? {
            let Event::Start(start) = event else { continue };
            let outside = attribute(&start, "TargetMode").is_some_and(|mode| mode == "External");
            if let (true, Some(id), Some(target)) =
                (outside, attribute(&start, "Id"), attribute(&start, "Target"))
                && target.len() <= LONGEST_LINK
            {
                links.insert(id, target);
            }
        }
        Ok(links)
    }

    /// The text of a part.
    pub fn part(&mut self, name: &str) -> Result<Option<String>, Unfit> {
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(_) => return Err(Unfit::Damaged),
        };
        let mut bytes = Vec::new();
        let read = file.take(self.left + 1).read_to_end(&mut bytes);
        let size = read.map_err(|_| Unfit::Damaged)? as u64;
        self.left = self.left.checked_sub(size).ok_or(Unfit::TooLarge)?;
        xml::decoded(bytes).ok_or(Unfit::Damaged).map(Some)
    }
}

fn target(relations: &str, kind: &str) -> Result<Option<String>, Unfit> {
    Ok(targets(relations, kind)?.into_iter().next())
}

fn targets(relations: &str, kind: &str) -> Result<Vec<String>, Unfit> {
    let mut reader = Reader::new(relations);
    let mut found = Vec::new();
    while let Some(event) = reader.event()? {
        let Event::Start(start) = event else { continue };
        let of_kind = attribute(&start, "Type")
            .is_some_and(|name| name.rsplit('/').next().is_some_and(|last| last == kind));
        // What lies outside the file is not opened.
        let outside = attribute(&start, "TargetMode").is_some_and(|mode| mode == "External");
        if of_kind && !outside {
            found.extend(attribute(&start, "Target"));
        }
    }
    Ok(found)
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
