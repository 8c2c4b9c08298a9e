//! An XML file as elements in the order of the file, each knowing its parent. Must never expand an entity or read another file.

use super::{Breach, Rule};
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
};
use std::iter;

/// Deeper than any document of ours; the schema itself knows no limit.
const DEEPEST: usize = 1000;

pub(super) struct Tree {
    elements: Vec<Element>,
}

#[derive(Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
    /// What stands right inside it, without what stands in its children.
    pub(super) text: String,
    pub(super) line: usize,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn eid(&self) -> Option<&str> {
        self.attribute("eId")
    }

    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl Tree {
    pub(super) fn read(xml: &str) -> Result<Self, Breach> {
        let mut growing = Growing { elements: Vec::new(), open: Vec::new(), line: 1, counted: 0 };
        let mut reader = Reader::from_str(xml);
        reader.config_mut().check_end_names = true;
        loop {
            growing.count_lines(xml, usize::try_from(reader.buffer_position()).unwrap_or(0));
            let event = reader.read_event().map_err(|error| growing.refuse(error.to_string()))?;
            match event {
                Event::Start(start) => growing.open(&start)?,
                Event::Empty(start) => {
                    growing.open(&start)?;
                    growing.open.pop();
                }
                Event::End(_) => drop(growing.open.pop()),
                Event::Text(text) => growing.text(&text.xml10_content())?,
                Event::CData(text) => growing.text(&text.xml10_content())?,
                Event::GeneralRef(name) => growing.reference(&name)?,
                Event::DocType(_) => return Err(growing.refuse("it has a document type")),
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => return growing.finish(),
            }
        }
    }

    pub(super) fn at(&self, index: usize) -> &Element {
        &self.elements[index]
    }

    /// All elements with their places, in the order of the file.
    pub(super) fn all(&self) -> impl Iterator<Item = (usize, &Element)> {
        self.elements.iter().enumerate()
    }

    pub(super) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (usize, &'a Element)> {
        self.all().filter(move |(_, element)| element.name == name)
    }

    pub(super) fn children(&self, index: usize) -> impl Iterator<Item = (usize, &Element)> {
        self.at(index).children.iter().map(|&child| (child, self.at(child)))
    }

    pub(super) fn child<'a>(&'a self, index: usize, name: &str) -> Option<(usize, &'a Element)> {
        self.children(index).find(|(_, child)| child.name == name)
    }

    /// The elements around this one, from the inside out.
    pub(super) fn ancestors(&self, index: usize) -> impl Iterator<Item = (usize, &Element)> {
        let outside = |&(index, _): &(usize, &Element)| self.at(index).parent;
        let first = self.at(index).parent.map(|parent| (parent, self.at(parent)));
        iter::successors(first, move |inside| {
            outside(inside).map(|parent| (parent, self.at(parent)))
        })
    }

    pub(super) fn place(&self, index: usize) -> String {
        let element = self.at(index);
        match element.eid() {
            Some(eid) => format!("{} {eid}", element.name),
            None => element.name.clone(),
        }
    }
}

struct Growing {
    elements: Vec<Element>,
    open: Vec<usize>,
    line: usize,
    counted: usize,
}

impl Growing {
    fn refuse(&self, detail: impl Into<String>) -> Breach {
        let place = self.open.last().map_or_else(String::new, |&at| self.elements[at].name.clone());
        Breach { rule: Rule::WellFormed, line: self.line, place, detail: detail.into() }
    }

    fn count_lines(&mut self, xml: &str, position: usize) {
        let read = xml.as_bytes().get(self.counted..position).unwrap_or_default();
        self.line += read.iter().filter(|&&byte| byte == b'\n').count();
        self.counted = position.max(self.counted);
    }

    fn open(&mut self, start: &BytesStart) -> Result<(), Breach> {
        let parent = self.open.last().copied();
        if self.open.len() >= DEEPEST || (parent.is_none() && !self.elements.is_empty()) {
            return Err(self.refuse("it is nested too deeply, or has several roots"));
        }
        let mut element = Element { line: self.line, parent, ..Element::default() };
        start.name().as_ref().clone_into(&mut element.name);
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.refuse(error.to_string()))?;
            let value = attribute.normalized_value(XmlVersion::Explicit1_0);
            let value = value.map_err(|error| self.refuse(error.to_string()))?.into_owned();
            self.check_characters(&value)?;
            element.attributes.push((attribute.key.as_ref().to_owned(), value));
        }
        let index = self.elements.len();
        parent.into_iter().for_each(|parent| self.elements[parent].children.push(index));
        self.elements.push(element);
        self.open.push(index);
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Breach> {
        self.check_characters(text)?;
        match self.open.last() {
            Some(&at) => self.elements[at].text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(self.refuse("text stands outside the document")),
        }
        Ok(())
    }

    fn reference(&mut self, name: &BytesRef) -> Result<(), Breach> {
        let character = name.resolve_char_ref().map_err(|error| self.refuse(error.to_string()))?;
        let entity = name.xml10_content();
        let text = match character {
            Some(character) => character.to_string(),
            None => quick_xml::escape::resolve_predefined_entity(&entity)
                .ok_or_else(|| self.refuse(format!("there is no entity {entity}")))?
                .to_owned(),
        };
        self.text(&text)
    }

    /// The parser lets characters through that XML refuses.
    fn check_characters(&self, text: &str) -> Result<(), Breach> {
        let refused = |&c: &char| {
            (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
        };
        match text.chars().find(refused) {
            Some(character) => Err(self.refuse(format!("XML cannot hold {character:?}"))),
            None => Ok(()),
        }
    }

    fn finish(self) -> Result<Tree, Breach> {
        if self.elements.is_empty() || !self.open.is_empty() {
            return Err(self.refuse("the file ends before the document"));
        }
        Ok(Tree { elements: self.elements })
    }
}
