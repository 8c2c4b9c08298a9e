//! Inlines as Markdown. A run is first laid flat, each piece with its style, then written with strong outside and emphasis inside,
//! so that however the model nests them no two marks can be misread: emphasis is `_`, strong `**`. Must never let a character of
//! the text act as markup.

use super::super::NOTE_SEPARATOR;
use crate::document::{Document, Inline, NoteRef};

/// A stretch in one style.
struct Piece {
    strong: bool,
    emphasis: bool,
    content: Content,
}

enum Content {
    /// Not yet escaped.
    Text(String),
    /// A link, written.
    Link(String),
    /// The indicator of a note, written.
    Note(String),
    Break,
}

impl Piece {
    fn is_blank(&self) -> bool {
        match &self.content {
            Content::Text(text) => text.trim().is_empty(),
            Content::Break => true,
            Content::Link(_) | Content::Note(_) => false,
        }
    }
}

/// Writes one run.
pub(super) struct Writer<'a> {
    document: &'a Document,
    out: String,
    /// What a line break is written as.
    line_break: &'a str,
    /// Whether the last that was written is a closing mark.
    closed: bool,
    at_line_start: bool,
}

impl<'a> Writer<'a> {
    /// A run that follows something on its line.
    pub(super) fn write(document: &'a Document, inlines: &[Inline], line_break: &'a str) -> String {
        Self::finish(document, inlines, line_break, false).trim_matches(' ').to_owned()
    }

    /// A run that begins a block.
    pub(super) fn write_block(
        document: &'a Document,
        inlines: &[Inline],
        line_break: &'a str,
    ) -> String {
        Self::finish(document, inlines, line_break, true).trim_matches(' ').to_owned()
    }

    fn finish(
        document: &'a Document,
        inlines: &[Inline],
        line_break: &'a str,
        at_line_start: bool,
    ) -> String {
        let mut writer =
            Self { document, out: String::new(), line_break, closed: false, at_line_start };
        let mut pieces = Vec::new();
        flatten(document, inlines, (false, false), &mut pieces);
        let is_break = |piece: &Piece| matches!(piece.content, Content::Break);
        if line_break != " " {
            pieces.truncate(
                pieces.iter().rposition(|piece| !piece.is_blank()).map_or(0, |last| last + 1),
            );
        }
        for (index, line) in pieces.split(is_break).enumerate() {
            if index > 0 {
                writer.mark(line_break);
                writer.at_line_start = line_break.contains('\n');
            }
            writer.line(line);
        }
        writer.out
    }

    /// No emphasis reaches over a line break, since Markdown would not see one that begins or ends there.
    fn line(&mut self, pieces: &[Piece]) {
        for group in pieces.chunk_by(|left, right| left.strong == right.strong) {
            self.styled("**", group[0].strong, |writer| {
                for group in group.chunk_by(|left, right| left.emphasis == right.emphasis) {
                    writer.styled("_", group[0].emphasis, |writer| writer.pieces(group));
                }
            });
        }
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match &piece.content {
                Content::Text(text) => self.text(text),
                Content::Link(markup) | Content::Note(markup) => self.mark(markup),
                Content::Break => {}
            }
        }
    }

    /// Writes what is inside the marks first, with spaces at its ends moved out, where CommonMark wants them.
    fn styled(&mut self, mark: &str, applies: bool, write: impl FnOnce(&mut Self)) {
        if !applies {
            return write(self);
        }
        let mut writer = Self {
            document: self.document,
            out: String::new(),
            line_break: self.line_break,
            closed: false,
            at_line_start: false,
        };
        write(&mut writer);
        let text = writer.out.trim();
        let Some((before, after)) = writer.out.split_once(text).filter(|_| !text.is_empty()) else {
            return self.text(&writer.out);
        };
        if !before.is_empty() {
            self.mark(before);
        }
        self.separate();
        self.mark(&format!("{mark}{text}{mark}{after}"));
        self.closed = after.is_empty();
    }

    /// Writes what is markup.
    fn mark(&mut self, markup: &str) {
        self.out.push_str(markup);
        self.closed = false;
        self.at_line_start = false;
    }

    fn text(&mut self, text: &str) {
        let mut escaped =
            escape(if self.at_line_start { text.trim_start_matches(' ') } else { text });
        let Some(first) = escaped.chars().next() else { return };
        if self.at_line_start {
            escaped = escape_opening(&escaped);
        } else if self.out.ends_with(']') && first == '(' {
            escaped.insert(0, '\\');
        } else if self.closed && joins_emphasis(first) {
            escaped.replace_range(..first.len_utf8(), &entity(first));
        }
        self.mark(&escaped);
    }

    /// A letter right before a mark would make it part of a word; as an entity it counts as punctuation and reads the same.
    fn separate(&mut self) {
        if let Some(last) = self.out.chars().next_back().filter(|&last| joins_emphasis(last)) {
            self.out.truncate(self.out.len() - last.len_utf8());
            self.out.push_str(&entity(last));
        }
    }
}

fn flatten(
    document: &Document,
    inlines: &[Inline],
    (strong, emphasis): (bool, bool),
    pieces: &mut Vec<Piece>,
) {
    for inline in inlines {
        let content = match inline {
            Inline::Emphasis(inside) => {
                flatten(document, inside, (strong, true), pieces);
                continue;
            }
            Inline::Strong(inside) => {
                flatten(document, inside, (true, emphasis), pieces);
                continue;
            }
            Inline::Language { inlines, .. } => {
                flatten(document, inlines, (strong, emphasis), pieces);
                continue;
            }
            // Markdown has no marks for what differs: what stands there now is written.
            Inline::Marked { mark, .. } if mark.is_before() => continue,
            Inline::Marked { inlines, .. } => {
                flatten(document, inlines, (strong, emphasis), pieces);
                continue;
            }
            Inline::Text(text) => Content::Text(text.to_string()),
            Inline::CrossReference { text, .. } => Content::Text(text.clone()),
            Inline::Link { href, inlines } => Content::Link(format!(
                "[{}]({})",
                Writer::finish(document, inlines, " ", false),
                escape_address(href.as_str())
            )),
            Inline::Note(reference) => note(document, *reference),
            Inline::LineBreak => Content::Break,
        };
        add(pieces, Piece { strong, emphasis, content });
    }
}

/// Adds a piece: texts in one style become one, between two notes stands a separator.
fn add(pieces: &mut Vec<Piece>, piece: Piece) {
    let Piece { strong, emphasis, .. } = piece;
    match (pieces.last_mut(), &piece.content) {
        (_, Content::Text(text)) if text.is_empty() => return,
        (
            Some(Piece { content: Content::Text(before), strong: s, emphasis: e }),
            Content::Text(text),
        ) if (*s, *e) == (strong, emphasis) => {
            before.push_str(text);
            return;
        }
        (Some(Piece { content: Content::Note(_), .. }), Content::Note(_)) => {
            pieces.push(Piece {
                strong,
                emphasis,
                content: Content::Text(NOTE_SEPARATOR.to_owned()),
            });
        }
        _ => {}
    }
    pieces.push(piece);
}

/// Notes of the run are footnotes; a note lettered in its table is written out, since readers would count it too.
fn note(document: &Document, NoteRef(index): NoteRef) -> Content {
    match document.notes.get(index) {
        Some(note) if note.table.is_some() => Content::Note(format!("\\[{}\\]", note.label())),
        Some(note) => Content::Note(format!("[^{}]", note.label())),
        None => Content::Text(String::new()),
    }
}

/// Whether CommonMark may take a mark beside this character for part of a word.
fn joins_emphasis(c: char) -> bool {
    let punctuation = c.is_ascii_punctuation()
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '«' | '»' | '¿' | '¡' | '、' | '。');
    !c.is_whitespace() && !punctuation
}

fn entity(c: char) -> String {
    format!("&#{};", u32::from(c))
}

/// Escapes every character that some dialect takes for markup.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if "\\`*_{}[]<>#|~^$@&!".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Escapes what would make escaped text at the beginning of a line a list, a rule, a definition or a title.
pub(super) fn escape_opening(text: &str) -> String {
    let (token, rest) =
        text.split_at(text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len()));
    let before_space = rest.chars().nth(1).is_none_or(|c| c == ' ');
    match rest.chars().next() {
        Some('.' | ')') if before_space && may_number(token) => format!("{token}\\{rest}"),
        Some('-' | '+' | ':' | '=' | '%' | '(') if token.is_empty() => format!("\\{text}"),
        _ => text.to_owned(),
    }
}

/// Whether some dialect takes `token` for the number of a list item: digits, a letter, a Roman numeral.
fn may_number(token: &str) -> bool {
    let is_numeral = |c: char| c.is_ascii_digit() || "ivxlcdm".contains(c.to_ascii_lowercase());
    token.len() == 1 || (!token.is_empty() && token.chars().all(is_numeral))
}

fn escape_address(address: &str) -> String {
    let may_hold_entity = address.contains(';');
    address.chars().fold(String::with_capacity(address.len()), |mut escaped, c| {
        if matches!(c, '(' | ')') || (c == '&' && may_hold_entity) {
            escaped.push('\\');
        }
        escaped.push(c);
        escaped
    })
}
