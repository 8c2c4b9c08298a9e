//! The few things of XML that Word files need. Must never replace entities that a file defines for itself: a file with a document
//! type is refused, as the standard forbids it.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use quick_xml::events::{BytesStart, Event as Raw};

use super::Unfit;

/// What comes next in a part.
pub enum Event<'a> {
    Start(BytesStart<'a>),
    End,
    Text(String),
}

/// Elements that one part may have: a document of 100,000 paragraphs has a third of it.
const MOST_ELEMENTS: usize = 8_000_000;

/// Reads a part. Empty elements start and end.
pub struct Reader<'a> {
    reader: quick_xml::Reader<&'a [u8]>,
    elements: usize,
}

impl<'a> Reader<'a> {
    pub fn new(xml: &'a str) -> Self {
        let mut reader = quick_xml::Reader::from_str(xml);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, elements: 0 }
    }

    /// The next event; nothing at the end.
    pub fn event(&mut self) -> Result<Option<Event<'a>>, Unfit> {
        loop {
            let event = self.reader.read_event().map_err(|_| Unfit::Damaged)?;
            return Ok(Some(match event {
                Raw::Start(_) if self.elements == MOST_ELEMENTS => return Err(Unfit::TooLarge),
                Raw::Start(start) => {
                    self.elements += 1;
                    Event::Start(start)
                }
                Raw::End(_) => Event::End,
                Raw::Text(text) => Event::Text(text.xml10_content().into_owned()),
                Raw::CData(text) => Event::Text(text.xml10_content().into_owned()),
                Raw::GeneralRef(name) => Event::Text(character(&name)?),
                Raw::DocType(_) => return Err(Unfit::Damaged),
                Raw::Eof => return Ok(None),
                Raw::Empty(_) | Raw::Decl(_) | Raw::PI(_) | Raw::Comment(_) => continue,
            }));
        }
    }

    /// Passes over the element that has just started.
    pub fn skip(&mut self) -> Result<(), Unfit> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.event()? {
                Some(Event::Start(_)) => depth += 1,
                Some(Event::End) => depth -= 1,
                Some(Event::Text(_)) => {}
                None => return Err(Unfit::Damaged),
            }
        }
        Ok(())
    }
}

fn character(name: &quick_xml::events::BytesRef<'_>) -> Result<String, Unfit> {
    let character = match &**name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let numbered = name.resolve_char_ref().map_err(|_| Unfit::Damaged)?;
            numbered.ok_or(Unfit::Damaged)?
        }
    };
    Ok(character.to_string())
}

/// The name of an element without its prefix. The two editions of the standard differ in namespaces, not in names.
pub fn name<'a>(start: &'a BytesStart<'_>) -> &'a str {
    start.local_name().into_inner()
}

/// The value of an attribute, by its name without prefix.
pub fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    // Looking for names given twice would take the square of their number.
    let mut attributes = start.attributes();
    let mut found = attributes.with_checks(false).map_while(Result::ok);
    let found = found.find(|one| one.key.local_name().into_inner() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(std::borrow::Cow::into_owned)
}

/// Whether a switch such as `<w:vanish/>` is on.
pub fn is_on(start: &BytesStart<'_>) -> bool {
    !attribute(start, "val").is_some_and(|value| matches!(value.as_str(), "0" | "false" | "off"))
}

/// The text of a part, in which only UTF-8 and UTF-16 are allowed.
pub(super) fn decoded(bytes: Vec<u8>) -> Option<String> {
    match Encoding::for_bom(&bytes) {
        Some((encoding, _)) if encoding == UTF_16LE || encoding == UTF_16BE => {
            let (text, _, wrong) = encoding.decode(&bytes);
            (!wrong).then(|| text.into_owned())
        }
        _ => String::from_utf8(bytes).ok(),
    }
}
