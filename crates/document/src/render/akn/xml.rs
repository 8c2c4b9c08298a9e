//! Writes XML into memory. Must never let a character through that XML cannot carry, nor a name or attribute unescaped: text
//! of the model is clean already, but labels and cross-references read back from JSON are plain strings.

use quick_xml::escape::{escape, partial_escape};
use std::borrow::Cow;

/// A document that grows; elements are closed in the order in which they were opened.
pub(super) struct Xml {
    written: String,
    open: Vec<&'static str>,
}

impl Xml {
    pub(super) fn new() -> Self {
        let written = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
        Self { written, open: Vec::new() }
    }

    /// Opens an element that stands in running text, or first in the document.
    pub(super) fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.written.push('>');
        self.open.push(name);
    }

    /// Opens an element on a line of its own, where white space means nothing.
    pub(super) fn open_line(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.written.push('\n');
        self.open(name, attributes);
    }

    pub(super) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.written.push_str("</");
            self.written.push_str(name);
            self.written.push('>');
        }
    }

    pub(super) fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.written.push_str("/>");
    }

    pub(super) fn empty_line(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.written.push('\n');
        self.empty(name, attributes);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.written.push_str(&partial_escape(printable(text)));
    }

    /// An element with nothing but text in it.
    pub(super) fn element(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.text(text);
        self.close();
    }

    /// The bytes, with a line end at their end.
    pub(super) fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        self.written.push('\n');
        self.written.into_bytes()
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.written.push('<');
        self.written.push_str(name);
        for (attribute, value) in attributes {
            self.written.push(' ');
            self.written.push_str(attribute);
            self.written.push_str("=\"");
            self.written.push_str(&escape(printable(value)));
            self.written.push('"');
        }
    }
}

/// Without what XML 1.0 refuses; line ends and tabs become spaces, since a reader would not give them back in attributes.
fn printable(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let spaced = text.chars().map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c });
    Cow::Owned(spaced.filter(|&c| is_plain(c)).collect())
}

#[cfg(test)]
mod tests {
    use super::Xml;

    #[test]
    fn text_and_attributes_are_escaped_and_free_of_controls() {
        let mut xml = Xml::new();
        xml.open("p", &[("title", "a\"b<&\u{0}\nc")]);
        xml.text("<x> & \u{1}\u{fffe}]]>");
        assert_eq!(
            String::from_utf8(xml.finish()).unwrap().lines().nth(1).unwrap(),
            "<p title=\"a&quot;b&lt;&amp; c\">&lt;x&gt; &amp; ]]&gt;</p>"
        );
    }
}
