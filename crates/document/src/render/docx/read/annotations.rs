//! Comments of a file: who said what, and to which comment it answers. Where each stands is found with the text.

use super::tree::Element;
use super::{ReadError, revisions};
use crate::office::xml::{Event, Reader, attribute, name};
use std::collections::BTreeMap;

/// Characters of one comment, and comments of a file.
const LONGEST: usize = 4_000;
const MOST: usize = 5_000;

/// A comment as it stands in its part.
pub(super) struct Remark {
    pub(super) id: String,
    pub(super) author: String,
    pub(super) text: String,
    /// The ids of its paragraphs, by which answers name it.
    paragraphs: Vec<String>,
}

/// All of them, in order.
pub(super) fn remarks(xml: &str) -> Result<Vec<Remark>, ReadError> {
    let mut reader = Reader::new(xml);
    let mut found: Vec<Remark> = Vec::new();
    while let Some(event) = reader.event()? {
        let Event::Start(start) = event else { continue };
        if name(&start) == "comment" {
            if found.len() == MOST {
                return Err(ReadError::TooMany);
            }
            let (id, author) = (attribute(&start, "id"), attribute(&start, "author"));
            let (id, author) = (id.unwrap_or_default(), author.unwrap_or_default());
            let author = revisions::told(&author);
            found.push(Remark { id, author, text: String::new(), paragraphs: Vec::new() });
        } else if name(&start) == "p" {
            let paragraph = attribute(&start, "paraId");
            let element = Element::read(&start, &mut reader)?;
            let Some(comment) = found.last_mut() else { continue };
            comment.paragraphs.extend(paragraph);
            if !comment.text.is_empty() {
                comment.text.push('\n');
            }
            let mut text = String::new();
            words(&element, &mut text);
            comment.text.push_str(text.trim());
            if comment.text.len() > LONGEST {
                comment.text = comment.text.chars().take(LONGEST).collect();
            }
        }
    }
    Ok(found)
}

fn words(element: &Element, text: &mut String) {
    match element.name.as_str() {
        "t" => text.push_str(&element.text),
        "tab" | "br" => text.push(' '),
        _ => {}
    }
    element.children.iter().for_each(|child| words(child, text));
}

/// Which comment each answers, by their ids.
pub(super) fn answers(
    comments: &[Remark],
    extended: &str,
) -> Result<BTreeMap<String, String>, ReadError> {
    let mut by_paragraph: BTreeMap<&str, &str> = BTreeMap::new();
    for comment in comments {
        for paragraph in &comment.paragraphs {
            by_paragraph.entry(paragraph).or_insert(&comment.id);
        }
    }
    let of_paragraph = |wanted: &str| by_paragraph.get(wanted).map(|id| (*id).to_owned());
    let mut reader = Reader::new(extended);
    let mut found = BTreeMap::new();
    while let Some(event) = reader.event()? {
        let Event::Start(start) = event else { continue };
        let ids = attribute(&start, "paraId").zip(attribute(&start, "paraIdParent"));
        if let Some((child, parent)) = ids
            && let Some(pair) = of_paragraph(&child).zip(of_paragraph(&parent))
        {
            found.insert(pair.0, pair.1);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_finds_its_comment_without_a_search() {
        let paragraphs: String =
            (0..100_000).map(|nth| format!("<w:p w14:paraId=\"{nth}\"/>")).collect();
        let answer = "<w:comment w:id=\"2\"><w:p w14:paraId=\"b\"/></w:comment>";
        let xml = format!("<w:c><w:comment w:id=\"1\">{paragraphs}</w:comment>{answer}</w:c>");
        let one = "<w15:commentEx w15:paraId=\"b\" w15:paraIdParent=\"99999\"/>";
        let extended = format!("<w15:c>{}</w15:c>", one.repeat(100_000));
        let found = answers(&remarks(&xml).unwrap(), &extended).unwrap();
        assert_eq!(found, BTreeMap::from([("2".to_owned(), "1".to_owned())]));
    }
}
