//! Footnotes and endnotes, by the number under which the text refers to them. It must never know who refers to them.

use std::collections::{BTreeSet, HashMap};

use super::super::{Unreadable, Why};
use super::paragraph::{Meaning, each_inside, meaning, push};
use super::run::{Around, Look, seen, symbol};
use super::styles::Styles;
use rapporteur_document::office::xml::{Event, Reader, attribute, name};

/// The notes of a file.
#[derive(Debug, Default)]
pub(super) struct Notes {
    footnotes: HashMap<String, Note>,
    endnotes: HashMap<String, Note>,
}

/// A note.
#[derive(Debug, Default)]
pub(super) struct Note {
    pub(super) text: String,
    /// What of it is not taken.
    pub(super) lost: BTreeSet<Why>,
}

impl Notes {
    pub(super) fn read(
        footnotes: Option<&str>,
        endnotes: Option<&str>,
        styles: &Styles,
    ) -> Result<Self, Unreadable> {
        let read = |xml: Option<&str>| {
            xml.map(|xml| read_part(xml, styles)).transpose().map(Option::unwrap_or_default)
        };
        Ok(Self { footnotes: read(footnotes)?, endnotes: read(endnotes)? })
    }

    /// Takes the note that this element refers to. A note belongs to one place: were it given to several, a small file
    /// could ask for it without end.
    pub(super) fn take(&mut self, element: &str, id: &str) -> Option<Note> {
        let notes = match element {
            "footnoteReference" => &mut self.footnotes,
            "endnoteReference" => &mut self.endnotes,
            _ => return None,
        };
        notes.remove(id)
    }
}

fn read_part(xml: &str, styles: &Styles) -> Result<HashMap<String, Note>, Unreadable> {
    let (mut notes, mut reader) = (HashMap::new(), Reader::new(xml));
    let (mut id, mut note, mut in_text) = (String::new(), Note::default(), false);
    let (mut look, mut style): (Look, Option<String>) = (Look::default(), None);
    while let Some(event) = reader.event()? {
        let start = match event {
            Event::Start(start) => start,
            Event::Text(text) => {
                if in_text {
                    let around = Around { paragraph: style.as_deref(), table: None };
                    let (text, lost) = seen(styles, &look, around, &text);
                    push(&mut note.text, &text);
                    note.lost.extend(lost);
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
                notes.insert(std::mem::take(&mut id), std::mem::take(&mut note));
                id = attribute(&start, "id").unwrap_or_default();
            }
            "p" => {
                note.text.push('\n');
                style = None;
            }
            "r" => look = Look::default(),
            "rPr" => look = Look::read(&mut reader)?,
            "pPr" => each_inside(&mut reader, |start| {
                if name(start) == "pStyle" {
                    style = attribute(start, "val");
                }
            })?,
            // A fallback shows the same once more.
            "Fallback" => reader.skip()?,
            key => match meaning(key) {
                Meaning::Unseen => reader.skip()?,
                Meaning::Lost(why) => {
                    note.lost.insert(why);
                    reader.skip()?;
                }
                Meaning::Shown(why) => _ = note.lost.insert(why),
                Meaning::Symbol => match symbol(&start) {
                    Some(sign) => note.text.push(sign),
                    None => _ = note.lost.insert(Why::Symbol),
                },
                Meaning::Text => in_text = true,
                Meaning::Sign(sign) => note.text.push_str(sign),
                Meaning::Inside => {}
            },
        }
    }
    notes.insert(id, note);
    Ok(notes)
}
