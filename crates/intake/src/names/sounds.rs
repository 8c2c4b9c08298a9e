//! Names that are known, written in another script than their own: compared by how they are written in Latin letters, and loosely
//! by their consonants. What is compared letter by letter is a name; what has the same consonants may be one. It must never say
//! whose name it found.

use std::collections::HashMap;
use std::ops::Range;

use any_ascii::any_ascii;

use super::lists::TELLS_NOBODY;
use super::words::{Word, key, words};

/// Most words of a name that are looked for together.
const MOST_WORDS: usize = 4;
/// Most bytes between two words of a name.
const MOST_BETWEEN: usize = 2;
/// Fewest Latin letters of a whole name that tell it from any other.
const SURE_WHOLE: usize = 7;
/// Fewest Latin letters of a part of a name that are worth looking for.
const LEAST_PART: usize = 5;
/// Fewest consonants of a whole name that are worth looking for.
const LEAST_CONSONANTS: usize = 5;

/// Where something stands that is written like a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The bytes of it.
    pub place: Range<usize>,
    /// Whether it is a whole name.
    pub whole: bool,
    /// Whether it is the same letter by letter, and not alike only.
    pub sure: bool,
}

/// Scripts by which names are told apart, one bit each.
type Scripts = u8;

const LATIN: Scripts = 1;
const CYRILLIC: Scripts = 1 << 1;
const ARABIC: Scripts = 1 << 2;
const HAN: Scripts = 1 << 3;
const HANGUL: Scripts = 1 << 4;
const DENSE: Scripts = 1 << 5;
const OTHER: Scripts = 1 << 6;

/// Names by their sound. Made once, it is asked many times.
#[derive(Default)]
pub struct Sounds {
    /// Whole names in Latin letters, and the scripts in which people write them.
    spelled: HashMap<String, Scripts>,
    /// The same without the vowels at the ends of words, where languages decline.
    bare: HashMap<String, Scripts>,
    /// Their consonants.
    consonants: HashMap<String, Scripts>,
    /// Parts of names in Latin letters.
    parts: HashMap<String, Scripts>,
    scripts: Scripts,
}

/// A word in Latin letters.
struct Spoken {
    spelled: String,
    bare: String,
    script: Scripts,
}

impl Spoken {
    fn of(word: &str) -> Self {
        let script = script_of(word);
        let spelled = spelled(&any_ascii(word.trim_end_matches('\u{629}')));
        let stem = if script == CYRILLIC { key(word) } else { word.to_owned() };
        let bare = bare(&self::spelled(&any_ascii(&stem)));
        Self { spelled, bare, script }
    }
}

impl Sounds {
    /// The sounds of these names.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut sounds = Self::default();
        for name in names {
            sounds.learn(name);
        }
        sounds
    }

    fn learn(&mut self, name: &str) {
        let main = name.split(['(', '|', '[', '/']).next().unwrap_or_default();
        let found = words(main);
        let mut spoken: Vec<Spoken> = Vec::new();
        for word in &found {
            let written = &main[word.start..word.end];
            let told = !TELLS_NOBODY.contains(&key(written).as_str());
            if told && written.chars().any(char::is_alphabetic) {
                spoken.extend(apart(written, word.dense));
            }
        }
        for part in &spoken {
            if part.spelled.len() >= LEAST_PART {
                note(&mut self.parts, part.spelled.clone(), part.script);
            }
            self.scripts |= part.script;
        }
        if let [first, .., last] = &spoken[..] {
            let whole: Vec<&Spoken> = spoken.iter().collect();
            let turned = [&whole[1..], &[first]].concat();
            let back = [&[last], &whole[..whole.len() - 1]].concat();
            for order in [whole, turned, back, vec![first, last], vec![last, first]] {
                self.learn_whole(&order);
            }
        }
    }

    fn learn_whole(&mut self, name: &[&Spoken]) {
        let script = name[0].script;
        let spelled: String = name.iter().map(|word| word.spelled.as_str()).collect();
        let bare: String = name.iter().map(|word| word.bare.as_str()).collect();
        let consonants = consonants(&spelled);
        if consonants.len() >= LEAST_CONSONANTS {
            note(&mut self.consonants, consonants, script);
        }
        note(&mut self.spelled, spelled, script);
        note(&mut self.bare, bare, script);
    }

    /// Where the text has a name, or a part of one, in another script than the name's own; in order, and apart.
    pub fn found(&self, text: &str) -> Vec<Heard> {
        let found = words(text);
        let mut heard = Vec::new();
        let mut spoken: Vec<Option<Spoken>> = Vec::with_capacity(found.len());
        for word in &found {
            let written = &text[word.start..word.end];
            let asked = self.scripts & !script_of(written) != 0 && is_name_like(written);
            spoken.push((asked && !word.dense).then(|| Spoken::of(written)));
            if asked && word.dense {
                heard.extend(self.within(text, *word));
            }
        }
        let mut at = 0;
        while at < found.len() {
            match self.name_at(text, &found[at..], &spoken[at..]) {
                Some((name, many)) => {
                    heard.push(name);
                    at += many;
                }
                None => at += 1,
            }
        }
        heard.sort_by_key(|name| (name.place.start, name.place.end));
        heard.dedup_by(|later, earlier| later.place.start < earlier.place.end);
        heard
    }

    /// The name that the text begins with here, and how many words it has.
    fn name_at(
        &self,
        text: &str,
        found: &[Word],
        spoken: &[Option<Spoken>],
    ) -> Option<(Heard, usize)> {
        let first = spoken.first()?.as_ref()?;
        let mut many = 1;
        while many < MOST_WORDS
            && spoken
                .get(many)
                .is_some_and(|next| next.as_ref().is_some_and(|next| next.script == first.script))
            && is_close(&text[found[many - 1].end..found[many].start])
        {
            many += 1;
        }
        for many in (2..=many).rev() {
            let together = || spoken[..many].iter().flatten();
            let spelled: String = together().map(|word| word.spelled.as_str()).collect();
            let bare: String = together().map(|word| word.bare.as_str()).collect();
            if let Some(sure) = self.judge(&spelled, &bare, first.script) {
                let place = found[0].start..found[many - 1].end;
                return Some((Heard { place, whole: true, sure }, many));
            }
        }
        let part = knows(&self.parts, &first.spelled, first.script);
        let place = found[0].start..found[0].end;
        part.then_some((Heard { place, whole: false, sure: first.script != ARABIC }, 1))
    }

    /// Whether this is a whole name, and if so whether for sure.
    fn judge(&self, spelled: &str, bare: &str, script: Scripts) -> Option<bool> {
        if knows(&self.spelled, spelled, script) {
            return Some(spelled.len() >= SURE_WHOLE && script & (ARABIC | DENSE) == 0);
        }
        if script == CYRILLIC && knows(&self.bare, bare, script) {
            return Some(bare.len() >= SURE_WHOLE);
        }
        let consonants = consonants(spelled);
        let alike = consonants.len() >= LEAST_CONSONANTS
            && self.consonants.get(&consonants).is_some_and(|scripts| {
                // Two alphabets that write all their vowels are compared with them.
                let vowels = LATIN | CYRILLIC | HAN | HANGUL;
                scripts & !script & !(if script & vowels == 0 { 0 } else { vowels }) != 0
            });
        alike.then_some(false)
    }

    /// Names within a word of a script without spaces: a few syllables that follow one another.
    fn within(&self, text: &str, word: Word) -> Vec<Heard> {
        let letters: Vec<(usize, char)> = text[word.start..word.end].char_indices().collect();
        let script = script_of(&text[word.start..word.end]);
        let mut heard = Vec::new();
        if script & (HAN | HANGUL) == 0 {
            return heard;
        }
        let spoken: Vec<String> =
            letters.iter().map(|(_, c)| spelled(&any_ascii(&c.to_string()))).collect();
        let mut at = 0;
        while at < letters.len() {
            let longest = (2..=MOST_WORDS.min(letters.len() - at)).rev().find(|many| {
                let name = spoken[at..at + many].concat();
                name.len() >= LEAST_PART && knows(&self.spelled, &name, script)
            });
            let Some(many) = longest else {
                at += 1;
                continue;
            };
            let (last, c) = letters[at + many - 1];
            let sure = spoken[at..at + many].concat().len() >= SURE_WHOLE;
            let place = word.start + letters[at].0..word.start + last + c.len_utf8();
            heard.push(Heard { place, whole: true, sure });
            at += many;
        }
        heard
    }
}

/// The parts that a word of a name has: a Chinese or Korean name is a surname and what follows it.
fn apart(written: &str, dense: bool) -> Vec<Spoken> {
    let letters = written.chars().count();
    let sinic = script_of(written) & (HAN | HANGUL) != 0;
    let surname = if letters == 4 { 2 } else { 1 };
    match written.char_indices().nth(surname) {
        Some((at, _)) if dense && sinic && (2..=4).contains(&letters) => {
            vec![Spoken::of(&written[..at]), Spoken::of(&written[at..])]
        }
        _ => vec![Spoken::of(written)],
    }
}

fn note(names: &mut HashMap<String, Scripts>, name: String, script: Scripts) {
    *names.entry(name).or_default() |= script;
}

/// Whether somebody who writes in another script has that name.
fn knows(names: &HashMap<String, Scripts>, name: &str, script: Scripts) -> bool {
    names.get(name).is_some_and(|scripts| scripts & !script != 0)
}

fn is_close(between: &str) -> bool {
    between.len() <= MOST_BETWEEN && between.chars().all(|c| c == ' ' || c == '-' || c == ',')
}

/// Names begin with a capital where the script has any.
fn is_name_like(written: &str) -> bool {
    written.chars().next().is_some_and(|first| first.is_alphabetic() && !first.is_lowercase())
}

fn script_of(word: &str) -> Scripts {
    match word.chars().find(|c| c.is_alphabetic()) {
        Some('\u{41}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}') => LATIN,
        Some('\u{400}'..='\u{52f}') => CYRILLIC,
        Some('\u{600}'..='\u{8ff}') => ARABIC,
        Some('\u{ac00}'..='\u{d7a3}') => HANGUL,
        Some('\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}') => HAN,
        Some('\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}') => DENSE,
        _ => OTHER,
    }
}

/// Latin letters as they are compared, for there are many ways to romanize: one letter for what sounds alike, none twice.
fn spelled(latin: &str) -> String {
    let small: String =
        latin.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    let alike = [("kh", "h"), ("ph", "f"), ("ck", "k"), ("ks", "x"), ("zh", "j"), ("dj", "j")];
    let mut alike = alike.iter().fold(small, |text, (from, to)| text.replace(from, to));
    alike = alike.replace('y', "i").replace('g', "k");
    let mut last = ' ';
    alike.retain(|c| std::mem::replace(&mut last, c) != c);
    alike
}

fn bare(spelled: &str) -> String {
    let short = spelled.trim_end_matches(['a', 'e', 'i', 'o', 'u']);
    if short.len() < 2 { spelled.to_owned() } else { short.to_owned() }
}

/// What is left of a name where vowels are not written, or written in another order.
fn consonants(spelled: &str) -> String {
    let alike = spelled.replace("ch", "c").replace("sh", "s").replace("th", "t").replace('j', "c");
    let alike = alike.replace('v', "f");
    let mut kept: String = alike.chars().filter(|c| !"aeiouwh".contains(*c)).collect();
    let mut last = ' ';
    kept.retain(|c| std::mem::replace(&mut last, c) != c);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(names: &[&str], text: &str) -> Vec<(String, bool, bool)> {
        let found = Sounds::of(names.iter().copied()).found(text);
        found.into_iter().map(|one| (text[one.place].to_owned(), one.whole, one.sure)).collect()
    }

    #[test]
    fn a_name_is_known_in_another_script() {
        for (name, text, expected, sure) in [
            ("Тимур Вымышлов", "and Timur Vymyshlov said so", "Timur Vymyshlov", true),
            ("Timur Vymyshlov", "как сказал Тимур Вымышлов", "Тимур Вымышлов", true),
            ("Timur Vymyshlov", "со слов Тимура Вымышлова", "Тимура Вымышлова", true),
            ("王小明", "as Wang Xiaoming said", "Wang Xiaoming", true),
            ("王小明", "as Xiaoming Wang said", "Xiaoming Wang", true),
            ("Wang Xiaoming", "王小明同意", "王小明", true),
            ("김철수", "said Kim Cheolsu", "Kim Cheolsu", true),
            ("فاطمة أحمدوف", "so Fatima Ahmadov said", "Fatima Ahmadov", false),
        ] {
            assert_eq!(
                heard(&[name], text),
                [(expected.to_owned(), true, sure)],
                "{name} in {text}"
            );
        }
    }

    #[test]
    fn the_same_script_and_other_names_are_left_alone() {
        for (name, text) in [
            ("Timur Vymyshlov", "Timur Vymyshlov said so"),
            ("Тимур Вымышлов", "Timor Leste and the Volga"),
            ("王小明", "Wages and Xylophones in Wangaratta"),
            ("سمير", "Samir"),
            ("", "Any Text"),
        ] {
            assert_eq!(heard(&[name], text), [], "{name} in {text}");
        }
    }
}
