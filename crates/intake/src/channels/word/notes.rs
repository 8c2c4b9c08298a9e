//! Footnotes and endnotes, by the number under which the text refers to them. It must never know who refers to them.

use std::collections::HashMap;

use super::super::Unreadable;
use super::paragraph::{Meaning, has_switch, meaning, push};
use rapporteur_document::office::xml::{Event, Reader, attribute, name};

/// The notes of a file.
#[derive(Debug, Default)]
pub(super) struct Notes {
    footnotes: HashMap<String, String>,
    endnotes: HashMap<String, String>,
}

impl Notes {
    pub(super) fn read(
        footnotes: Option<&str>,
        endnotes: Option<&str>,
    ) -> Result<Self, Unreadable> {
        let read =
            |xml: Option<&str>| xml.map(read_part).transpose().map(Option::unwrap_or_default);
        Ok(Self { footnotes: read(footnotes)?, endnotes: read(endnotes)? })
    }

    /// Takes the note that this element refers to. A note belongs to one place: were it given to several, a small file
    /// could ask for it without end.
    pub(super) fn take(&mut self, element: &str, id: &str) -> Option<String> {
        let notes = match element {
            "footnoteReference" => &mut self.footnotes,
            "endnoteReference" => &mut self.endnotes,
            _ => return None,
        };
        notes.remove(id)
    }
}

fn read_part(xml: &str) -> Result<HashMap<String, String>, Unreadable> {
    let (mut notes, mut reader) = (HashMap::new(), Reader::new(xml));
    let (mut id, mut text, mut in_text, mut hidden) = (String::new(), String::new(), false, false);
    while let Some(event) = reader.event()? {
        let start = match event {
            Event::Start(start) => start,
            Event::Text(seen) => {
                if in_text && !hidden {
                    push(&mut text, &seen);
                }
                continue;
            }
            Event::End => {
                in_text = false;
                continue;
            }
        };
        match name(&start) {
            "footnote" | "endnote" => {
                notes.insert(std::mem::take(&mut id), std::mem::take(&mut text));
                id = attribute(&start, "id").unwrap_or_default();
            }
            "p" => text.push('\n'),
            "r" => hidden = false,
            "rPr" => hidden = has_switch(&mut reader, "vanish")?,
            // A fallback shows the same once more.
            "pPr" | "Fallback" => reader.skip()?,
            key => match meaning(key) {
                Meaning::Unseen => reader.skip()?,
                Meaning::Text => in_text = true,
                Meaning::Sign(sign) => text.push_str(sign),
                Meaning::Inside => {}
            },
        }
    }
    notes.insert(id, text);
    Ok(notes)
}
