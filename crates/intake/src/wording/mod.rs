//! What may stand in a contributed text, and how it reads without marks. Everybody's script must pass, with the joiners that
//! Persian, Hindi and Khmer need; what turns, hides or piles up characters so that others read something else than was written
//! is refused with its place, never taken out silently, because the words are the contributor's. Must never know languages, who
//! wrote, or where the text goes; lengths and emptiness are checked with the request.

mod plain;

pub use plain::plain;

use unicode_normalization::char::is_combining_mark;

/// Most combining marks on one character; no script piles up half as many.
const MOST_MARKS: usize = 16;
/// Most invisible characters in a row.
const MOST_INVISIBLE: usize = 4;

/// Refuses what a contributed text must not hold.
///
/// # Errors
/// A sentence that names the first such character, its place (counted in characters from 1) and what to do.
pub fn refuse(text: &str) -> Result<(), String> {
    let chars: Vec<char> = text.chars().collect();
    let mut row = Row::default();
    let mut isolates: Vec<usize> = Vec::new();
    let mut index = 0;
    while let Some(&c) = chars.get(index) {
        let flag = flag_length(&chars[index..]);
        if let Some(reason) = never(c) {
            return Err(sentence(index, c, reason));
        }
        if let Some(reason) = row.add(c) {
            return Err(sentence(index, c, &reason));
        }
        isolate(&mut isolates, index, c).map_err(|reason| sentence(index, c, reason))?;
        if matches!(c, '\n' | '\u{2029}') {
            closed(&isolates, &chars)?;
        }
        index += flag.max(1);
    }
    closed(&isolates, &chars)
}

fn sentence(index: usize, c: char, reason: &str) -> String {
    format!("Character {} is U+{:04X}, {reason}.", index + 1, u32::from(c))
}

/// Why a character has no place in any text.
fn never(c: char) -> Option<&'static str> {
    match c {
        '\n' | '\t' => None,
        '\r' => Some("a carriage return; end lines with a line feed (U+000A) alone"),
        '\u{202a}'..='\u{202e}' => Some(
            "an invisible character that turns the direction of writing; remove it, or set words of another direction apart with U+2068 before and U+2069 after",
        ),
        '\u{206a}'..='\u{206f}' => {
            Some("an invisible character that is no longer in use; remove it")
        }
        '\u{fff9}'..='\u{fffb}' => {
            Some("a mark of an annotation between lines; write the annotation in brackets")
        }
        '\u{fffc}' => Some("the place of a picture or file that was not pasted; remove it"),
        '\u{e0000}'..='\u{e007f}' => Some("an invisible tag outside an emoji of a flag; remove it"),
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. if !is_noncharacter(c) => Some(
            "of private use, and looks different or like nothing for everybody else; write it with an ordinary character",
        ),
        c if is_noncharacter(c) => Some("a code that stands for no character; remove it"),
        c if c.is_control() => Some("a control character; remove it"),
        _ => None,
    }
}

/// The 66 code points that Unicode keeps free of characters.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// What has come in a row, up to the character before.
#[derive(Default)]
struct Row {
    marks: usize,
    invisible: usize,
    after_selector: bool,
}

impl Row {
    /// Counts a character, and says why it is one too many.
    fn add(&mut self, c: char) -> Option<String> {
        let selects = is_variation_selector(c);
        self.marks = if is_combining_mark(c) { self.marks + 1 } else { 0 };
        self.invisible = if is_invisible(c) { self.invisible + 1 } else { 0 };
        let selected_twice = selects && self.after_selector;
        self.after_selector = selects;
        if selected_twice {
            Some("a second variation selector in a row; remove it".to_owned())
        } else if self.invisible > MOST_INVISIBLE {
            Some(format!(
                "one of more than {MOST_INVISIBLE} invisible characters in a row; remove those that are not needed"
            ))
        } else if self.marks > MOST_MARKS {
            Some(format!(
                "one of more than {MOST_MARKS} combining marks on one character; remove those that do not belong to it"
            ))
        } else {
            None
        }
    }
}

/// Characters that choose the form of the one before them.
fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Characters that take no room: joiners, soft hyphen, marks and isolates of direction, fillers, invisible operators, selectors.
fn is_invisible(c: char) -> bool {
    is_variation_selector(c)
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2069}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0080}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

/// How many characters an emoji of a flag of a nation within a state has that begins here (black flag, tags, end tag), or 0.
fn flag_length(chars: &[char]) -> usize {
    /// Three letters at most for the country, three for the part.
    const MOST_TAGS: usize = 6;
    let [flag, rest @ ..] = chars else { return 0 };
    let is_tag = |c: &&char| matches!(c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
    let tags = rest.iter().take_while(is_tag).count();
    let is_whole = *flag == '\u{1f3f4}'
        && (3..=MOST_TAGS).contains(&tags)
        && rest.get(tags) == Some(&'\u{e007f}');
    if is_whole { tags + 2 } else { 0 }
}

/// Notes where isolates begin, and refuses an end without a beginning.
fn isolate(open: &mut Vec<usize>, index: usize, c: char) -> Result<(), &'static str> {
    match c {
        '\u{2066}'..='\u{2068}' => open.push(index),
        '\u{2069}' if open.pop().is_none() => {
            return Err(
                "the end of a direction of writing that does not begin in this paragraph; remove it",
            );
        }
        _ => {}
    }
    Ok(())
}

/// Refuses an isolate that its paragraph does not end: what others write after it would be turned too.
fn closed(open: &[usize], chars: &[char]) -> Result<(), String> {
    match open.first() {
        Some(&index) => Err(sentence(
            index,
            chars[index],
            "the beginning of a direction of writing that does not end in this paragraph; remove it, or write U+2069 where it ends",
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
