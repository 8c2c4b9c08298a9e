//! What people type into a paragraph: emphasis, links, footnotes and lists, in a small part of Markdown. This file knows lines
//! and lists, `markup` what stands inside a line (pulldown-cmark decides it, after notes and all block syntax are out of its
//! sight, so that links and emphasis are those of CommonMark), `source` writes it back. Must never drop or run what was typed:
//! what is not part of this grammar stays literal text or is refused with its place.
//!
//! Grammar. `*emphasis*`, `**strong**`, `[text](https://…)`, `^[footnote]`, `[mots]{lang=fr}` for another language (Pandoc's
//! bracketed span), `[](#id)` for the number of a paragraph or section, `\` before punctuation for the character itself, `\` at
//! the end of a line for a line break. A line end is otherwise a space. After the lead-in, lines that begin `- ` (or `* `, `• `)
//! make a bulleted list, `(a) ` a lettered one, `4. ` (one to three digits) one with these labels; a line without a mark goes on
//! with the item above; a blank line and then text goes on with the paragraph. Literal: HTML, entities, code marks, `_`, bare
//! addresses, brackets that are no link. Refused: images, headings, quotations, fences, table rows, rules, two paragraphs in one.

mod markup;
mod source;

pub use source::{plain_text, to_source};

use super::{
    HrefError, LabelledItem, LanguageTagError, List, Note, ParagraphPart, Text,
    number::lower_alpha, text::clean_indices,
};

/// A parsed paragraph; its note references count in its own `notes`. [`super::Document::adopt`] takes it into a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedParagraph {
    pub parts: Vec<ParagraphPart>,
    pub notes: Vec<Note>,
}

/// What was refused, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason} (at byte {offset})")]
pub struct InlineError {
    /// Byte offset in the source as it was given.
    pub offset: usize,
    pub reason: Refusal,
}

/// Why source text was refused. Every message says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("there is no text")]
    Empty,
    #[error("a blank line begins another paragraph; add it as a paragraph of its own")]
    SecondParagraph,
    #[error("a list stands after some text of its paragraph")]
    ListWithoutText,
    #[error("a list item needs text")]
    EmptyItem,
    #[error(
        "the next item of this list is ({expected}); write \\( to begin a line with a parenthesis"
    )]
    Letter { expected: String },
    #[error(
        "headings are not written in a paragraph; write \\# to begin a line with a number sign"
    )]
    Heading,
    #[error(
        "block quotations are not written in a paragraph; write \\> to begin a line with a greater-than sign"
    )]
    Quotation,
    #[error("code blocks are not written in a paragraph")]
    Fence,
    #[error("tables are not written in a paragraph; write \\| to begin a line with a bar")]
    TableRow,
    #[error("rules are not written in a paragraph; write \\ before the line")]
    Rule,
    #[error("images are not written in a paragraph; write \\! before a link")]
    Image,
    #[error("a footnote is not closed: ^[ needs its ]")]
    UnclosedNote,
    #[error("a footnote needs text")]
    EmptyNote,
    #[error("a footnote cannot have a footnote")]
    NoteInNote,
    #[error("a footnote cannot stand in a link; put it after the link")]
    NoteInLink,
    #[error("a link needs text")]
    EmptyLink,
    #[error("a link takes no title")]
    LinkTitle,
    #[error(transparent)]
    Href(#[from] HrefError),
    #[error(
        "a cross-reference is written [](#id), without text and with the id of a paragraph or section"
    )]
    CrossReference,
    #[error(transparent)]
    Language(#[from] LanguageTagError),
    #[error(
        "[…]{{lang=…}} has no opening bracket, or encloses a link; put the mark inside the link text"
    )]
    LanguageSpan,
    #[error(
        "an invisible character (a direction mark or joiner) stands where markup begins or ends; remove it"
    )]
    Invisible,
    #[error(
        "the stars of this paragraph can be read in two ways; write \\* for those that are not emphasis"
    )]
    Ambiguous,
    #[error("emphasis and links are nested too deeply")]
    TooDeep,
    #[error("this cannot be written in a paragraph")]
    Unsupported,
}

impl Refusal {
    fn at(self, offset: usize) -> InlineError {
        InlineError { offset, reason: self }
    }
}

/// Cleaned characters with their byte offsets in the source; `\n` is a line break that was asked for.
type Run = Vec<(usize, char)>;

/// A part of which the lines are known and the markup is not yet read.
enum Draft {
    Text(Run),
    Bulleted(Vec<Run>),
    Lettered(Vec<Run>),
    Labelled(Vec<(String, Run)>),
}

/// What the beginning of a line says, and how many characters say it.
#[derive(Debug, PartialEq, Eq)]
enum Opening {
    Text,
    Bullet(usize),
    Letter(String, usize),
    Label(String, usize),
    Refused(Refusal),
}

/// Reads the source of one paragraph, see the grammar above. The text is cleaned as [`Text`] is. What is returned is read the
/// same from [`to_source`]; the rare text for which that fails (stars beside stars beside punctuation) is refused.
///
/// # Errors
/// Everything that the grammar refuses, with the byte offset in `source`.
pub fn parse(source: &str) -> Result<ParsedParagraph, InlineError> {
    let parsed = read(source)?;
    let again = read(&to_source(&parsed.parts, &parsed.notes));
    if again.as_ref() == Ok(&parsed) {
        Ok(parsed)
    } else {
        Err(Refusal::Ambiguous.at(source.find('*').unwrap_or_default()))
    }
}

fn read(source: &str) -> Result<ParsedParagraph, InlineError> {
    let mut drafts = Vec::new();
    let mut after_blank = false;
    for (offset, line) in lines(source) {
        if line.is_empty() {
            after_blank = true;
            continue;
        }
        add_line(&mut drafts, offset, line, after_blank)?;
        after_blank = false;
    }
    if drafts.is_empty() {
        return Err(Refusal::Empty.at(0));
    }
    let mut notes = Vec::new();
    let parts =
        drafts.into_iter().map(|draft| finish(draft, &mut notes)).collect::<Result<_, _>>()?;
    Ok(ParsedParagraph { parts, notes })
}

/// The lines of the source with their offsets, cleaned, without spaces at their ends.
fn lines(source: &str) -> Vec<(usize, Run)> {
    let mut offset = 0;
    let mut lines = Vec::new();
    for line in source.split_inclusive(['\n', '\r']) {
        let is_rest_of_line_end = line == "\n" && source[..offset].ends_with('\r');
        if !is_rest_of_line_end {
            let kept = clean_indices(line.trim_end_matches(['\n', '\r'])).into_iter();
            let mut run: Run =
                kept.map(|(at, c)| (offset + at, c)).skip_while(|&(_, c)| c == ' ').collect();
            run.truncate(run.iter().rposition(|&(_, c)| c != ' ').map_or(0, |last| last + 1));
            lines.push((run.first().map_or(offset, |&(at, _)| at), run));
        }
        offset += line.len();
    }
    lines
}

fn add_line(
    drafts: &mut Vec<Draft>,
    offset: usize,
    line: Run,
    after_blank: bool,
) -> Result<(), InlineError> {
    let text: String = line.iter().map(|&(_, c)| c).collect();
    let opening = opening(&text);
    if drafts.is_empty() && !matches!(opening, Opening::Text | Opening::Refused(_)) {
        return Err(Refusal::ListWithoutText.at(offset));
    }
    match opening {
        Opening::Text => return add_text(drafts, offset, line, after_blank),
        Opening::Refused(refusal) => return Err(refusal.at(offset)),
        Opening::Bullet(marks) => match drafts.last_mut() {
            Some(Draft::Bulleted(items)) => items.push(item(line, marks, offset)?),
            _ => drafts.push(Draft::Bulleted(vec![item(line, marks, offset)?])),
        },
        Opening::Letter(letter, marks) => match drafts.last_mut() {
            Some(Draft::Lettered(items)) => {
                check_letter(&letter, items.len(), offset)?;
                items.push(item(line, marks, offset)?);
            }
            _ => {
                check_letter(&letter, 0, offset)?;
                drafts.push(Draft::Lettered(vec![item(line, marks, offset)?]));
            }
        },
        Opening::Label(label, marks) => match drafts.last_mut() {
            Some(Draft::Labelled(items)) => items.push((label, item(line, marks, offset)?)),
            _ => drafts.push(Draft::Labelled(vec![(label, item(line, marks, offset)?)])),
        },
    }
    Ok(())
}

fn add_text(
    drafts: &mut Vec<Draft>,
    offset: usize,
    line: Run,
    after_blank: bool,
) -> Result<(), InlineError> {
    let run = match drafts.last_mut() {
        Some(Draft::Text(_)) if after_blank => return Err(Refusal::SecondParagraph.at(offset)),
        Some(Draft::Text(run)) => Some(run),
        Some(Draft::Bulleted(items) | Draft::Lettered(items)) if !after_blank => items.last_mut(),
        Some(Draft::Labelled(items)) if !after_blank => items.last_mut().map(|(_, run)| run),
        _ => None,
    };
    match run {
        Some(run) => continue_line(run, line),
        None => drafts.push(Draft::Text(line)),
    }
    Ok(())
}

/// Joins a line to the one above: with a line break if that ends in an unescaped backslash, else with a space.
fn continue_line(run: &mut Run, line: Run) {
    let backslashes = run.iter().rev().take_while(|&&(_, c)| c == '\\').count();
    let end = run.last().map_or(0, |&(at, _)| at);
    if backslashes % 2 == 1 {
        run.pop();
        run.push((end, '\n'));
    } else {
        run.push((end, ' '));
    }
    run.extend(line);
}

fn item(mut line: Run, marks: usize, offset: usize) -> Result<Run, InlineError> {
    line.drain(..marks.min(line.len()));
    let blank = line.iter().take_while(|&&(_, c)| c == ' ').count();
    line.drain(..blank);
    if line.is_empty() { Err(Refusal::EmptyItem.at(offset)) } else { Ok(line) }
}

fn check_letter(letter: &str, before: usize, offset: usize) -> Result<(), InlineError> {
    let expected = lower_alpha(before + 1);
    if letter == expected { Ok(()) } else { Err(Refusal::Letter { expected }.at(offset)) }
}

/// What a line (not blank, without spaces at its ends) begins with.
fn opening(line: &str) -> Opening {
    let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
    let letters =
        mark.strip_prefix('(').and_then(|mark| mark.strip_suffix(')')).unwrap_or_default();
    let digits = mark.strip_suffix('.').unwrap_or_default();
    if is_rule(line) {
        Opening::Refused(Refusal::Rule)
    } else if matches!(mark, "-" | "*" | "•") {
        Opening::Bullet(1)
    } else if matches!(letters.len(), 1..=2)
        && letters.bytes().all(|byte| byte.is_ascii_lowercase())
    {
        Opening::Letter(letters.to_owned(), mark.len())
    } else if matches!(digits.len(), 1..=3)
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !rest.is_empty()
    {
        Opening::Label(mark.to_owned(), mark.len())
    } else {
        refused_opening(line, mark).map_or(Opening::Text, Opening::Refused)
    }
}

fn refused_opening(line: &str, mark: &str) -> Option<Refusal> {
    if mark.len() <= 6 && mark.bytes().all(|byte| byte == b'#') {
        Some(Refusal::Heading)
    } else if line.starts_with('>') {
        Some(Refusal::Quotation)
    } else if line.starts_with("```") || line.starts_with("~~~") {
        Some(Refusal::Fence)
    } else if line.starts_with('|') {
        Some(Refusal::TableRow)
    } else {
        None
    }
}

fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|&c| c != ' ');
    let first = marks.next();
    let others = marks.clone().count();
    others >= 2
        && first.is_some_and(|first| "-_*=".contains(first) && marks.all(|mark| mark == first))
}

fn finish(draft: Draft, notes: &mut Vec<Note>) -> Result<ParagraphPart, InlineError> {
    let mut read = |run: Run| markup::inlines(&run, Some(notes));
    Ok(match draft {
        Draft::Text(run) => ParagraphPart::Text(read(run)?),
        Draft::Bulleted(items) => ParagraphPart::List(List::Bulleted(
            items.into_iter().map(read).collect::<Result<_, _>>()?,
        )),
        Draft::Lettered(items) => ParagraphPart::List(List::Lettered(
            items.into_iter().map(read).collect::<Result<_, _>>()?,
        )),
        Draft::Labelled(items) => {
            let labelled = |(label, run): (String, Run)| {
                Ok(LabelledItem { label: Text::new(&label), inlines: read(run)? })
            };
            ParagraphPart::List(List::Labelled(
                items.into_iter().map(labelled).collect::<Result<_, InlineError>>()?,
            ))
        }
    })
}

#[cfg(test)]
mod tests;
