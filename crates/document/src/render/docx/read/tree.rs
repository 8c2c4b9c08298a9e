//! One paragraph, or one set of properties, as a tree. Must never grow deeper than people write, whatever a file holds.

use super::ReadError;
use super::pieces::MOST_TEXT;
use crate::office::xml::{Event, Reader, name};
use quick_xml::events::BytesStart;

/// Elements that may be open inside a paragraph. What people write stays far below.
const MOST_DEPTH: usize = 100;
/// Elements of one paragraph or style.
const MOST_ELEMENTS: usize = 200_000;

#[derive(Default)]
pub(super) struct Element {
    /// Without prefix: the two editions of the standard differ in namespaces, not in names.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    /// Its own text, which only elements without children have.
    pub(super) text: String,
}

impl Element {
    fn new(start: &BytesStart<'_>) -> Self {
        let mut attributes = Vec::new();
        for attribute in start.attributes().with_checks(false).map_while(Result::ok) {
            let key = attribute.key.local_name().into_inner();
            // Word numbers its editing sessions on every run.
            if !key.starts_with("rsid")
                && let Ok(value) = quick_xml::escape::unescape(&attribute.value)
            {
                attributes.push((key.to_owned(), value.into_owned()));
            }
        }
        Self { name: name(start).to_owned(), attributes, ..Self::default() }
    }

    /// Reads what is inside the element that has just started.
    pub(super) fn read(start: &BytesStart<'_>, reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut open = vec![Self::new(start)];
        let (mut elements, mut length) = (0, 0);
        while let Some(event) = reader.event()? {
            match event {
                Event::Start(_) if open.len() == MOST_DEPTH => return Err(ReadError::TooDeep),
                Event::Start(_) if elements == MOST_ELEMENTS => return Err(ReadError::TooLarge),
                Event::Start(start) => {
                    elements += 1;
                    open.push(Self::new(&start));
                }
                Event::Text(text) if length + text.len() > MOST_TEXT => {
                    return Err(ReadError::TooLarge);
                }
                Event::Text(text) => {
                    length += text.len();
                    open.iter_mut().last().into_iter().for_each(|last| last.text.push_str(&text));
                }
                Event::End => {
                    let Some(done) = open.pop() else { break };
                    match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => return Ok(done),
                    }
                }
            }
        }
        Err(ReadError::Damaged)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn value(&self) -> Option<&str> {
        self.attribute("val")
    }

    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Whether a switch such as `<w:b/>` inside is on; none when it is not there.
    pub(super) fn switch(&self, name: &str) -> Option<bool> {
        self.child(name).map(|switch| !matches!(switch.value(), Some("0" | "false" | "off")))
    }
}
