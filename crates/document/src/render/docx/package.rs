//! Puts parts into a package (ISO/IEC 29500-2): content types, relationships, zip. No clock, no random names, always the same
//! order, so that the same parts give the same bytes. Must never know what stands in a part.

use super::xml::{RELATIONS, Xml};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A relationship from one part to another, or to an address outside.
pub(super) struct Relation {
    pub(super) id: String,
    /// The type, in full.
    pub(super) kind: String,
    pub(super) target: String,
    pub(super) outside: bool,
}

impl Relation {
    /// To another part, with a type of Office documents.
    pub(super) fn inside(id: &str, kind: &str, target: &str) -> Self {
        let kind = format!("{RELATIONS}/{kind}");
        Self { id: id.to_owned(), kind, target: target.to_owned(), outside: false }
    }

    /// To the core properties, whose type belongs to packages.
    pub(super) fn core(id: &str, target: &str) -> Self {
        let kind = format!("{PACKAGE}/relationships/metadata/core-properties");
        Self { id: id.to_owned(), kind, target: target.to_owned(), outside: false }
    }
}

/// The addresses that one part links to, each once, in the order of their first use.
#[derive(Default)]
pub(super) struct Links {
    numbers: BTreeMap<String, usize>,
    addresses: Vec<String>,
}

impl Links {
    /// The id of the relationship for an address.
    pub(super) fn id(&mut self, address: &str) -> String {
        if let Some(number) = self.numbers.get(address) {
            return link_id(*number);
        }
        self.addresses.push(address.to_owned());
        self.numbers.insert(address.to_owned(), self.addresses.len());
        link_id(self.addresses.len())
    }

    pub(super) fn relations(&self) -> impl Iterator<Item = Relation> {
        self.addresses.iter().enumerate().map(|(index, address)| Relation {
            id: link_id(index + 1),
            kind: format!("{RELATIONS}/hyperlink"),
            target: address.clone(),
            outside: true,
        })
    }
}

fn link_id(number: usize) -> String {
    format!("link{number}")
}

/// A package that is being put together.
pub(super) struct Package {
    zip: ZipWriter<Cursor<Vec<u8>>>,
}

impl Package {
    /// Begins with the content types, which readers look for first. `types` names each part with its type.
    pub(super) fn begin(types: &[(&str, &str)]) -> Self {
        let mut package = Self { zip: ZipWriter::new(Cursor::new(Vec::new())) };
        let mut xml = Xml::new();
        xml.within("Types", &[("xmlns", &format!("{PACKAGE}/content-types"))], |xml| {
            let relations = "application/vnd.openxmlformats-package.relationships+xml";
            let defaults = [
                ("png", "image/png"),
                ("rels", relations),
                ("svg", "image/svg+xml"),
                ("xml", "application/xml"),
            ];
            for (extension, kind) in defaults {
                xml.empty("Default", &[("Extension", extension), ("ContentType", kind)]);
            }
            for (part, kind) in types {
                let kind = format!("application/vnd.openxmlformats-{kind}+xml");
                xml.empty("Override", &[("PartName", &format!("/{part}")), ("ContentType", &kind)]);
            }
        });
        package.part("[Content_Types].xml", &xml.finish());
        package
    }

    /// # Panics
    /// When a part is larger than 4 GiB: such a package needs extensions that not every reader has.
    pub(super) fn part(&mut self, name: &str, bytes: &[u8]) {
        // The time is 1 January 1980, the first that a zip file can say.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let written = self.zip.start_file(name, options).map(|()| self.zip.write_all(bytes));
        written.expect("writing into memory cannot fail").expect("a part is smaller than 4 GiB");
    }

    /// Writes the relationships of a part; `""` is the package itself. None, no part.
    pub(super) fn relations(&mut self, of: &str, relations: impl Iterator<Item = Relation>) {
        let mut xml = Xml::new();
        let mut count = 0;
        xml.open("Relationships", &[("xmlns", &format!("{PACKAGE}/relationships"))]);
        for Relation { id, kind, target, outside } in relations {
            let mut attributes =
                vec![("Id", id.as_str()), ("Type", kind.as_str()), ("Target", target.as_str())];
            if outside {
                attributes.push(("TargetMode", "External"));
            }
            xml.empty("Relationship", &attributes);
            count += 1;
        }
        xml.close("Relationships");
        if count > 0 {
            let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
            let slash = if folder.is_empty() { "" } else { "/" };
            self.part(&format!("{folder}{slash}_rels/{file}.rels"), &xml.finish());
        }
    }

    /// # Panics
    /// Never: writing into memory cannot fail.
    pub(super) fn finish(self) -> Vec<u8> {
        self.zip.finish().expect("writing into memory cannot fail").into_inner()
    }
}
