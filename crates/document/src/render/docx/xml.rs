//! Writes the XML of one part. Everything goes through quick-xml, which escapes text and attributes, so that no text can become
//! markup. Must never know what the elements mean.

use crate::document::clean;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

/// Namespace of WordprocessingML, prefix `w`.
pub(super) const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// Namespace of references to other parts, prefix `r`; also the beginning of the types of relationships.
pub(super) const RELATIONS: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Attributes with their names.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// An element as data: most of the styles are tables of these.
#[derive(Clone, Copy)]
pub(super) enum Tag<'a> {
    /// An element with attributes only.
    One(&'a str, Attributes<'a>),
    /// An element around others.
    In(&'a str, &'a [Tag<'a>]),
}

/// A switch that is on.
pub(super) const fn on(name: &str) -> Tag<'_> {
    Tag::One(name, &[])
}

/// A part that is being written.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    pub(super) fn new() -> Self {
        let mut xml = Self { writer: Writer::new(Vec::new()) };
        xml.put(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), Some("yes"))));
        xml
    }

    pub(super) fn open(&mut self, name: &str, attributes: Attributes) {
        self.put(Event::Start(start(name, attributes)));
    }

    pub(super) fn close(&mut self, name: &str) {
        self.put(Event::End(BytesEnd::new(name)));
    }

    pub(super) fn empty(&mut self, name: &str, attributes: Attributes) {
        self.put(Event::Empty(start(name, attributes)));
    }

    /// An element with one value, as most properties are.
    pub(super) fn value(&mut self, name: &str, value: &str) {
        self.empty(name, &[("w:val", value)]);
    }

    /// Text of a document is clean already; labels, which are computed, are made so, since a file may claim any.
    pub(super) fn text(&mut self, text: &str) {
        self.put(Event::Text(BytesText::new(&clean(text))));
    }

    /// An element that holds text only.
    pub(super) fn with_text(&mut self, name: &str, attributes: Attributes, text: &str) {
        self.open(name, attributes);
        self.text(text);
        self.close(name);
    }

    pub(super) fn within(
        &mut self,
        name: &str,
        attributes: Attributes,
        write: impl FnOnce(&mut Self),
    ) {
        self.open(name, attributes);
        write(self);
        self.close(name);
    }

    pub(super) fn tag(&mut self, tag: Tag) {
        match tag {
            Tag::One(name, attributes) => self.empty(name, attributes),
            Tag::In(name, tags) => self.within(name, &[], |xml| xml.tags(tags)),
        }
    }

    pub(super) fn tags(&mut self, tags: &[Tag]) {
        tags.iter().for_each(|&tag| self.tag(tag));
    }

    /// Bytes written so far.
    pub(super) fn length(&mut self) -> usize {
        self.writer.get_mut().len()
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.writer.into_inner()
    }

    fn put(&mut self, event: Event) {
        // Writing into memory cannot fail.
        let _ = self.writer.write_event(event);
    }
}

fn start<'a>(name: &'a str, attributes: Attributes<'a>) -> BytesStart<'a> {
    BytesStart::new(name).with_attributes(attributes.iter().copied())
}
