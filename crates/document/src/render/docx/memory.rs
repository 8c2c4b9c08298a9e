//! What the file of a draft knows of the draft that it was made from: sealed, in a part that word processors keep and nobody sees, and
//! as a short mark among the properties, which also outlives other formats. Must never write a word of the text where whoever has the
//! file could read it: somebody may have taken that word out before passing the file on.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::package::{Package, Relation};
use super::xml::Xml;

const NAMESPACE: &str = "urn:rapporteur:draft";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006";
/// Under which name the properties have the mark.
pub(super) const PROPERTY: &str = "Draft";
/// By which the part is known to a word processor, and the set of properties that people make.
const PART_ID: &str = "{8F6E41B2-3C5D-4A7E-9B0F-52D1C67A9E34}";
const PROPERTIES_ID: &str = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}";

/// What a file knows of what it was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Bytes that only whoever made the file can read.
    pub sealed: Vec<u8>,
    /// A short word for the whole text, which tells nothing of it.
    pub mark: String,
}

impl Memory {
    pub(super) fn types() -> [(String, String); 2] {
        let own = |part: &str, kind: &str| (part.to_owned(), format!("officedocument.{kind}"));
        [
            own("customXml/itemProps1.xml", "customXmlProperties"),
            own("docProps/custom.xml", "custom-properties"),
        ]
    }

    pub(super) fn relation_of_package(&self) -> Relation {
        Relation::inside("custom", "custom-properties", "docProps/custom.xml")
    }

    pub(super) fn relation_of_document(&self) -> Relation {
        Relation::inside("memory", "customXml", "../customXml/item1.xml")
    }

    pub(super) fn write(&self, package: &mut Package) {
        package.part("docProps/custom.xml", &self.properties());
        let mut xml = Xml::new();
        let attributes = [("xmlns", NAMESPACE), ("mark", self.mark.as_str())];
        xml.with_text("draft", &attributes, &STANDARD.encode(&self.sealed));
        package.part("customXml/item1.xml", &xml.finish());
        let mut xml = Xml::new();
        let custom = format!("{OFFICE}/customXml");
        xml.within("ds:datastoreItem", &[("ds:itemID", PART_ID), ("xmlns:ds", &custom)], |xml| {
            xml.within("ds:schemaRefs", &[], |xml| {
                xml.empty("ds:schemaRef", &[("ds:uri", NAMESPACE)]);
            });
        });
        package.part("customXml/itemProps1.xml", &xml.finish());
        let properties = Relation::inside("properties", "customXmlProps", "itemProps1.xml");
        package.relations("customXml/item1.xml", std::iter::once(properties));
    }

    fn properties(&self) -> Vec<u8> {
        let (own, types) =
            (format!("{OFFICE}/custom-properties"), format!("{OFFICE}/docPropsVTypes"));
        let mut xml = Xml::new();
        xml.within("Properties", &[("xmlns", &own), ("xmlns:vt", &types)], |xml| {
            let named = [("fmtid", PROPERTIES_ID), ("pid", "2"), ("name", PROPERTY)];
            xml.within("property", &named, |xml| xml.with_text("vt:lpwstr", &[], &self.mark));
        });
        xml.finish()
    }

    /// What a part of a file has of it.
    pub(super) fn of_part(text: &str) -> Option<Vec<u8>> {
        let joined: String = text.split_whitespace().collect();
        STANDARD.decode(joined).ok()
    }

    /// Whether a part of this namespace is ours.
    pub(super) fn is_ours(namespace: &str) -> bool {
        namespace == NAMESPACE
    }
}
