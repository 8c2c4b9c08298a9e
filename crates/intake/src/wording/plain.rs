//! Text without the marks of the small part of Markdown that paragraphs are written in, for search and likeness. Reads any text
//! and refuses none: what only looks like a mark may go, since signs are no part of words anyway. Must never decide what is shown;
//! that is for the parser of the document.

use std::ops::Range;

/// The text without emphasis, addresses of links, language marks, cross-references, list marks and escapes; notes stand in their
/// place as words of the text.
#[must_use]
pub fn plain(markdown: &str) -> String {
    let chars: Vec<char> = markdown.chars().collect();
    let mut reader = Reader { hidden: hidden(&chars), chars, plain: String::new(), at: 0 };
    while reader.at < reader.chars.len() {
        reader.step();
    }
    reader.plain
}

struct Reader {
    chars: Vec<char>,
    /// Marks that belong to brackets, in order; may overlap.
    hidden: Vec<Mark>,
    plain: String,
    at: usize,
}

/// Characters that are left out, and whether words on both sides of them stay apart.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    place: Range<usize>,
    divides: bool,
}

impl Reader {
    fn step(&mut self) {
        if self.is_at_line_start() {
            self.at += list_mark(&self.chars[self.at..]);
        }
        if self.skip_hidden() {
            return;
        }
        let next = self.chars.get(self.at + 1).copied();
        match (self.chars.get(self.at).copied(), next) {
            (Some('\\'), Some(next)) if next.is_ascii_punctuation() || next == '•' => {
                self.plain.push(next);
                self.at += 2;
            }
            (Some('\\'), Some('\n')) => self.at += 1,
            (Some('*'), next) if !self.stands_alone(next) => self.at += 1,
            (Some(c), _) => {
                self.plain.push(c);
                self.at += 1;
            }
            (None, _) => {}
        }
    }

    fn is_at_line_start(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|before| self.chars.get(before));
        before.is_none_or(|&before| before == '\n')
    }

    /// A star between spaces is a sign of multiplication or of a list within a line.
    fn stands_alone(&self, next: Option<char>) -> bool {
        let before = self.at.checked_sub(1).map(|before| self.chars[before]);
        [before, next].into_iter().all(|beside| beside.is_none_or(char::is_whitespace))
    }

    fn skip_hidden(&mut self) -> bool {
        let first = self.hidden.partition_point(|mark| mark.place.start < self.at);
        let Some(mark) = self.hidden.get(first).filter(|mark| mark.place.start == self.at) else {
            return false;
        };
        self.at = mark.place.end;
        if mark.divides {
            self.plain.push(' ');
        }
        true
    }
}

/// How many characters of a line's beginning mark a list: `- `, `* `, `• `, `(a) `, `4. `, with the spaces before.
fn list_mark(line: &[char]) -> usize {
    let indent = line.iter().take_while(|&&c| c == ' ').count();
    let line = &line[indent..];
    let mark: String = line.iter().take(5).take_while(|&&c| c != ' ').collect();
    let length = mark.chars().count();
    let letters = mark.strip_prefix('(').and_then(|mark| mark.strip_suffix(')'));
    let is_letters = letters.is_some_and(|letters| {
        matches!(letters.len(), 1..=2) && letters.bytes().all(|byte| byte.is_ascii_lowercase())
    });
    let is_label = mark.strip_suffix('.').is_some_and(|digits| {
        matches!(digits.len(), 1..=3) && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    let is_mark = matches!(mark.as_str(), "-" | "*" | "•") || is_letters || is_label;
    if is_mark && line.get(length) == Some(&' ') { indent + length + 1 } else { 0 }
}

/// The marks of links, notes and language spans: brackets with what stands before or after them.
fn hidden(chars: &[char]) -> Vec<Mark> {
    let mut hidden = Vec::new();
    for (open, close) in brackets(chars) {
        let is_note = open.checked_sub(1).is_some_and(|before| chars[before] == '^');
        let end = close + 1 + after_bracket(&chars[close + 1..]);
        if is_note {
            hidden.push(Mark { place: open - 1..open + 1, divides: true });
            hidden.push(Mark { place: close..close + 1, divides: true });
        } else if end > close + 1 {
            hidden.push(Mark { place: open..open + 1, divides: false });
            hidden.push(Mark { place: close..end, divides: false });
        }
    }
    hidden.sort_by_key(|mark| mark.place.start);
    hidden
}

/// The places of brackets that belong together; escaped ones are signs.
fn brackets(chars: &[char]) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    let mut index = 0;
    while index < chars.len() {
        match chars[index] {
            '\\' => index += 1,
            '[' => open.push(index),
            ']' => pairs.extend(open.pop().map(|open| (open, index))),
            _ => {}
        }
        index += 1;
    }
    pairs
}

/// The length of `(address)` or `{lang=tag}` where text in brackets has ended, else 0.
fn after_bracket(chars: &[char]) -> usize {
    match chars.first() {
        Some('(') => address(chars),
        Some('{') => {
            let mark: String = chars.iter().take(LONGEST_MARK).take_while(|&&c| c != '}').collect();
            if mark.starts_with("{lang=") && chars.get(mark.chars().count()) == Some(&'}') {
                mark.chars().count() + 1
            } else {
                0
            }
        }
        _ => 0,
    }
}

/// Language tags are shorter.
const LONGEST_MARK: usize = 60;
/// Addresses are shorter; without a limit a text of opening parentheses would be read again for each.
const LONGEST_ADDRESS: usize = 2100;

fn address(chars: &[char]) -> usize {
    let mut depth = 0;
    for (index, c) in chars.iter().take(LONGEST_ADDRESS).enumerate() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return index + 1,
            ')' => depth -= 1,
            c if c.is_whitespace() => return 0,
            _ => {}
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn marks_go_and_words_stay() {
        let cases = [
            ("**Strong** and *em*phasis", "Strong and emphasis"),
            ("see [the Compact](https://example.org/a_(b)), please", "see the Compact, please"),
            ("said^[in *2018*] twice", "said in 2018  twice"),
            ("[les mots]{lang=fr} and paragraph [](#p-7)", "les mots and paragraph "),
            ("first\n- one\n(b) two\n12. three\n\\- four", "first\none\ntwo\nthree\n- four"),
            ("2 * 3, [1] and \\*stars\\*", "2 * 3, [1] and *stars*"),
            ("line\\\nend \\", "line\nend \\"),
            ("^[note with [link](https://example.org)]", " note with link "),
        ];
        for (markdown, expected) in cases {
            assert_eq!(plain(markdown), expected, "{markdown}");
        }
    }

    proptest::proptest! {
        #[test]
        fn takes_any_text(text in "[\\[\\](){}^*\\\\ a-c=lang.\n-]{0,60}") {
            assert!(plain(&text).chars().count() <= text.chars().count());
        }

        #[test]
        fn leaves_text_without_marks(text in "[\\p{L}\\p{N} ,;:!?]{0,40}") {
            assert_eq!(plain(&text), text);
        }
    }
}
