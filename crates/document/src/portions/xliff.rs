//! Portions as translators' tools exchange them (XLIFF 2.0, ISO 21720): a unit for each, under the name of the portion, with the original
//! as source and the translation as target. Cross-references are placeholders, so that no tool breaks them; all other markup is text.
//! Must never follow anything that a file points to.

use std::borrow::Cow;
use std::collections::BTreeMap;

use quick_xml::escape::{escape, partial_escape};

use crate::document::LanguageTag;
use crate::office::Unfit;
use crate::office::xml::{Event, Reader, attribute, name};

/// The value of a `Content-Type` header.
pub const MEDIA_TYPE: &str = "application/xliff+xml";
const NAMESPACE: &str = "urn:oasis:names:tc:xliff:document:2.0";
/// Elements in elements.
const MOST_DEPTH: usize = 50;

/// How far the translation of a unit has come, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitState {
    /// It is still to be translated.
    Initial,
    /// It is translated, reviewed or final.
    Translated,
}

/// A portion in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XliffUnit {
    /// What the portion is known by.
    pub name: String,
    /// What it said when the file was made.
    pub source: String,
    /// What it says in the other language.
    pub target: Option<String>,
    pub state: UnitState,
    /// The version of the translation when the file was made.
    pub version: Option<i64>,
    /// What translators are told.
    pub notes: Vec<String>,
}

/// A file for one translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XliffFile {
    /// What the file is of.
    pub original: String,
    pub source_language: String,
    pub target_language: String,
    pub units: Vec<XliffUnit>,
}

/// Why a file could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XliffError {
    #[error("this is no XLIFF file of version 2")]
    NotXliff,
    #[error("the XLIFF file is damaged")]
    Damaged,
}

impl From<Unfit> for XliffError {
    fn from(_: Unfit) -> Self {
        Self::Damaged
    }
}

/// In which a unit tells the version of the translation.
const VERSION: &str = "version";

/// Writes a file.
#[must_use]
pub fn write(exchange: &XliffFile) -> Vec<u8> {
    let (from, to) = (&exchange.source_language, &exchange.target_language);
    let mut written = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff xmlns=\"{NAMESPACE}\" version=\"2.0\" srcLang=\"{}\" trgLang=\"{}\">\n\
        <file id=\"report\" original=\"{}\">\n",
        quoted(from),
        quoted(to),
        quoted(&exchange.original)
    );
    for unit in &exchange.units {
        unit.write(&mut written);
    }
    written.push_str("</file>\n</xliff>\n");
    written.into_bytes()
}

impl XliffUnit {
    fn write(&self, written: &mut String) {
        let mut codes: Vec<Code> = Vec::new();
        let source = marked(&self.source, &mut codes);
        let target = self.target.as_deref().map(|target| marked(target, &mut codes));
        let mut put = |text: &str| written.push_str(text);
        put(&format!("<unit id=\"{}\">\n<notes>", quoted(&self.name)));
        for note in &self.notes {
            put(&format!("<note>{}</note>", plain(note)));
        }
        let version = self.version.unwrap_or_default();
        put(&format!("<note category=\"{VERSION}\">{version}</note></notes>\n"));
        if !codes.is_empty() {
            put("<originalData>");
            for (at, (reference, _)) in codes.iter().enumerate() {
                put(&format!("<data id=\"d{}\">{}</data>", at + 1, plain(reference)));
            }
            put("</originalData>\n");
        }
        let state = match self.state {
            UnitState::Initial => "initial",
            UnitState::Translated => "translated",
        };
        put(&format!(
            "<segment state=\"{state}\">\n<source xml:space=\"preserve\">{source}</source>\n"
        ));
        if let Some(target) = target {
            put(&format!("<target xml:space=\"preserve\">{target}</target>\n"));
        }
        put("</segment>\n</unit>\n");
    }
}

/// A cross-reference, and the how manieth to the same place it is in its text.
type Code = (String, usize);

/// A text with its cross-references as placeholders. One that stands in source and target has the same number in both.
fn marked(text: &str, codes: &mut Vec<Code>) -> String {
    let (mut marked, mut rest, mut met) = (String::new(), text, BTreeMap::<&str, usize>::new());
    while let Some(at) = rest.find("[](#") {
        let (before, found) = rest.split_at(at);
        let Some(end) = found.find(')') else { break };
        let (reference, behind) = found.split_at(end + 1);
        let count = met.entry(reference).or_default();
        *count += 1;
        let code = (reference.to_owned(), *count);
        let place = codes.iter().position(|other| *other == code).unwrap_or_else(|| {
            codes.push(code);
            codes.len() - 1
        });
        marked.push_str(&plain(before));
        marked.push_str(&format!("<ph id=\"{0}\" dataRef=\"d{0}\"/>", place + 1));
        rest = behind;
    }
    marked.push_str(&plain(rest));
    marked
}

fn plain(text: &str) -> String {
    partial_escape(printable(text)).into_owned()
}

fn quoted(text: &str) -> String {
    escape(printable(text)).into_owned()
}

/// Without what XML 1.0 refuses.
fn printable(text: &str) -> Cow<'_, str> {
    let is_fit = |c: char| (c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}')) || c == '\n';
    if text.chars().all(is_fit) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&c| is_fit(c)).collect())
}

/// Where text goes that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Nothing,
    Source,
    Target,
    Data,
    Version,
}

/// Reads a file. Whatever it has beside units is passed over; segments of a unit are joined, as tools split them.
///
/// # Errors
/// Other files, and damaged ones.
pub fn read(bytes: &[u8]) -> Result<XliffFile, XliffError> {
    let text = std::str::from_utf8(bytes).map_err(|_| XliffError::Damaged)?;
    let mut reader = Reader::new(text.trim_start_matches('\u{feff}'));
    let mut found: Option<XliffFile> = None;
    let mut open: Vec<(String, Reading)> = Vec::new();
    let mut unit: Option<Open> = None;
    while let Some(event) = reader.event()? {
        match event {
            Event::Start(start) => {
                if open.len() == MOST_DEPTH {
                    return Err(XliffError::Damaged);
                }
                let said = |key: &str| attribute(&start, key).unwrap_or_default();
                let key = name(&start);
                match (&mut found, key) {
                    (None, "xliff") if said("version").starts_with("2.") => {
                        found = Some(XliffFile {
                            original: String::new(),
                            source_language: said("srcLang"),
                            target_language: said("trgLang"),
                            units: Vec::new(),
                        });
                    }
                    (None, _) => return Err(XliffError::NotXliff),
                    (Some(exchange), "file") => exchange.original = said("original"),
                    (Some(_), "unit") => unit = Some(Open::new(said("id"))),
                    (Some(_), _) => {}
                }
                let above = open.last().map_or(Reading::Nothing, |(_, reading)| *reading);
                let reading = match (key, &mut unit) {
                    (_, None) => Reading::Nothing,
                    ("source", Some(_)) => Reading::Source,
                    ("target", Some(unit)) => {
                        unit.unit.target.get_or_insert_default();
                        Reading::Target
                    }
                    ("data", Some(unit)) => {
                        unit.data.push((said("id"), String::new()));
                        Reading::Data
                    }
                    ("note", Some(_)) if said("category") == VERSION => Reading::Version,
                    ("note" | "skeleton", _) => Reading::Nothing,
                    ("segment", Some(unit)) => {
                        unit.segments += 1;
                        unit.translated +=
                            usize::from(!matches!(said("state").as_str(), "" | "initial"));
                        Reading::Nothing
                    }
                    ("ph", Some(unit)) => {
                        unit.add(above, &unit.reference(&said("dataRef")));
                        above
                    }
                    // What a tool put around words is passed over, and not the words.
                    _ => above,
                };
                open.push((key.to_owned(), reading));
            }
            Event::Text(text) => {
                if let (Some(unit), Some((_, reading))) = (&mut unit, open.last()) {
                    unit.add(*reading, &text);
                }
            }
            Event::End => {
                let closed = open.pop();
                if closed.is_some_and(|(key, _)| key == "unit")
                    && let (Some(found), Some(unit)) = (&mut found, unit.take())
                {
                    found.units.push(unit.finish());
                }
            }
        }
    }
    if !open.is_empty() {
        return Err(XliffError::Damaged);
    }
    found.ok_or(XliffError::NotXliff)
}

/// A unit of which the end is not yet seen.
struct Open {
    unit: XliffUnit,
    data: Vec<(String, String)>,
    version: String,
    segments: usize,
    translated: usize,
}

impl Open {
    fn new(name: String) -> Self {
        let unit = XliffUnit {
            name,
            source: String::new(),
            target: None,
            state: UnitState::Initial,
            version: None,
            notes: Vec::new(),
        };
        Self { unit, data: Vec::new(), version: String::new(), segments: 0, translated: 0 }
    }

    fn reference(&self, id: &str) -> String {
        let known = self.data.iter().find(|(other, _)| other == id);
        known.map(|(_, text)| text.clone()).unwrap_or_default()
    }

    fn add(&mut self, reading: Reading, text: &str) {
        match reading {
            Reading::Nothing => {}
            Reading::Source => self.unit.source.push_str(text),
            Reading::Target => self.unit.target.get_or_insert_default().push_str(text),
            Reading::Data => {
                self.data.last_mut().into_iter().for_each(|(_, data)| data.push_str(text));
            }
            Reading::Version => self.version.push_str(text),
        }
    }

    fn finish(self) -> XliffUnit {
        let is_translated = self.segments > 0 && self.translated == self.segments;
        let state = if is_translated { UnitState::Translated } else { UnitState::Initial };
        let target = self.unit.target.filter(|target| !target.trim().is_empty());
        XliffUnit { target, state, version: self.version.trim().parse().ok(), ..self.unit }
    }
}

/// Whether two language tags name the same language.
#[must_use]
pub fn is_same_language(tag: &str, other: &LanguageTag) -> bool {
    LanguageTag::parse(tag).is_ok_and(|tag| tag.primary() == other.primary())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exchange(units: Vec<XliffUnit>) -> XliffFile {
        XliffFile {
            original: "urn:uuid:1 & 2".to_owned(),
            source_language: "en".to_owned(),
            target_language: "ar".to_owned(),
            units,
        }
    }

    fn unit(source: &str, target: Option<&str>) -> XliffUnit {
        XliffUnit {
            name: "programme:2:1".to_owned(),
            source: source.to_owned(),
            target: target.map(str::to_owned),
            state: if target.is_some() { UnitState::Translated } else { UnitState::Initial },
            version: Some(3),
            notes: vec!["Paragraph 12".to_owned()],
        }
    }

    fn again(exchange: &XliffFile) -> XliffFile {
        let mut read = read(&write(exchange)).unwrap();
        // They are for people.
        for (unit, other) in read.units.iter_mut().zip(&exchange.units) {
            unit.notes.clone_from(&other.notes);
        }
        read
    }

    #[test]
    fn what_is_written_is_read_back() {
        let source = "See [](#origin) & <b>, [](#origin):\n- one^[A *note*]\n- [](#x";
        let exchange = exchange(vec![
            unit(source, Some("انظر [](#origin) و[](#other)\n- واحد")),
            unit("One", None),
        ]);
        let text = String::from_utf8(write(&exchange)).unwrap();
        assert!(
            text.contains("<data id=\"d1\">[](#origin)</data>") && text.contains("<ph "),
            "{text}"
        );
        assert_eq!(again(&exchange), exchange);
    }

    #[test]
    fn what_a_tool_adds_is_passed_over_and_no_word_is_lost() {
        let text = "<xliff xmlns='urn:oasis:names:tc:xliff:document:2.0' version='2.1' srcLang='en' trgLang='fr'>\
            <file id='f' original='x'><group id='g'><unit id='a'><notes><note>No</note></notes>\
            <segment state='final'><source>One <mrk id='m' type='term'>two</mrk></source><target>Un <pc id='1'>deux</pc></target></segment>\
            <ignorable><source> </source><target> </target></ignorable>\
            <segment state='final'><source>three</source><target>trois</target></segment></unit></group></file></xliff>";
        let read = read(text.as_bytes()).unwrap();
        assert_eq!(read.units[0].source, "One two three");
        assert_eq!(read.units[0].target.as_deref(), Some("Un deux trois"));
        assert_eq!((read.units[0].state, read.units[0].version), (UnitState::Translated, None));
    }

    #[test]
    fn other_files_are_refused() {
        for (text, why) in [
            ("", XliffError::NotXliff),
            ("<xliff version='1.2'/>", XliffError::NotXliff),
            ("<html/>", XliffError::NotXliff),
            ("<xliff version='2.0'><file>", XliffError::Damaged),
            (
                "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><xliff version='2.0'/>",
                XliffError::Damaged,
            ),
            (
                "<xliff version='2.0'><file><unit id='a'><segment><source>&e;</source>",
                XliffError::Damaged,
            ),
        ] {
            assert_eq!(read(text.as_bytes()), Err(why), "{text}");
        }
        let deep = format!("<xliff version='2.0'>{}", "<a>".repeat(1000));
        assert_eq!(read(deep.as_bytes()), Err(XliffError::Damaged));
    }

    proptest! {
        #[test]
        fn any_text_is_read_back(source in "[ -~\n\u{a1}-\u{2ff}\u{600}-\u{6ff}]{1,80}", target in "[ -~\n\u{600}-\u{6ff}]{1,80}") {
            prop_assume!(!target.trim().is_empty());
            let exchange = exchange(vec![unit(&source, Some(&target))]);
            prop_assert_eq!(again(&exchange), exchange);
        }
    }
}
