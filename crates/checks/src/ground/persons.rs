//! People by their names: whole ones and parts, in any case, order and spelling, in another script. What is somebody's name and also
//! a word, a place or a month is told from it by what stands around. It must never say whose it is.

use std::ops::Range;

use rapporteur_intake::names::{Found, Heard, Register, Sounds};

use super::shingles::Common;
use crate::drafted::People;
use crate::finding::Level;
use crate::lexicon::Style;
use crate::strand::Strand;

use super::voiced;

/// Most letters of an abbreviation in capitals.
const ABBREVIATION: usize = 5;
/// What stands beside a name in scripts without spaces, and tells that it is one.
const BEFORE: &[&str] = &["คุณ", "นาย", "นาง", "นางสาว", "ดร."];
const BEHIND: &[&str] = &[
    "先生",
    "女士",
    "小姐",
    "博士",
    "教授",
    "老师",
    "说",
    "說",
    "表示",
    "指出",
    "认为",
    "認為",
    "提到",
    "강조",
    "씨",
    "님",
    "さん",
    "氏",
    "กล่าว",
    "บอก",
    "พูด",
    "ระบุ",
];

/// Names that are known.
pub(crate) struct Persons<'s> {
    all: Register,
    /// Of those who agreed to be named.
    agreed: Register,
    sounds: Sounds,
    style: &'s Style,
    common: Common,
}

/// Somebody who is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Bytes of the text.
    pub place: Range<usize>,
    pub whole: bool,
    pub level: Level,
    /// Whether the name was known by its sound, in another script.
    pub by_sound: bool,
}

/// What a name is beside a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Also {
    Nothing,
    Place,
    Word,
}

impl<'s> Persons<'s> {
    pub(crate) fn of(people: &People, style: &'s Style, common: Common) -> Self {
        let names = || people.persons.iter().map(|person| person.name.as_str());
        let agreed = people.persons.iter().filter(|person| person.may_be_named);
        Self {
            all: Register::of(names()),
            agreed: Register::of(agreed.map(|person| person.name.as_str())),
            sounds: Sounds::of(names()),
            style,
            common,
        }
    }

    /// Who is named in a text and must not be, in order.
    pub(crate) fn found(&self, strand: &Strand, on_record: bool) -> Vec<Named> {
        let mut found: Vec<Named> = self
            .all
            .found(&strand.text)
            .into_iter()
            .filter_map(|one| {
                let one = within_sentence(strand, one);
                let level = self.judge(strand, &one)?;
                Some(Named { place: one.place, whole: one.whole, level, by_sound: false })
            })
            .collect();
        for heard in self.sounds.found(&strand.text) {
            let known = found
                .iter()
                .any(|one| one.place.start < heard.place.end && heard.place.start < one.place.end);
            if let (false, Some(level)) = (known, self.judge_sound(strand, &heard)) {
                found.push(Named { place: heard.place, whole: heard.whole, level, by_sound: true });
            }
        }
        if found.is_empty() {
            return found;
        }
        let agreed = self.agreed.found(&strand.text);
        let has_agreed = |place: &Range<usize>| {
            agreed.iter().any(|one| one.place.start <= place.start && place.end <= one.place.end)
        };
        found.retain(|one| !(on_record && has_agreed(&one.place)));
        for one in &mut found {
            // Who spoke on record may be mentioned elsewhere, and not as having said what others said.
            if has_agreed(&one.place) && !self.speaks(strand, &strand.words_touching(&one.place)) {
                one.level = Level::Advises;
            }
        }
        found
    }

    /// Whether somebody is named for certain.
    pub(crate) fn are_in(&self, strand: &Strand) -> bool {
        self.found(strand, false).iter().any(|one| one.level.blocks())
    }

    /// What a name in a text does; nothing where it is none.
    fn judge(&self, strand: &Strand, found: &Found) -> Option<Level> {
        let words = strand.words_touching(&found.place);
        let written = &strand.text[found.place.clone()];
        if is_dense(written) {
            let told = found.whole && written.chars().count() > 2 || is_told(strand, &found.place);
            return Some(if told { Level::Blocks } else { Level::Advises });
        }
        // Addresses and mentions have words that are divided otherwise.
        if words.is_empty() || written.contains('@') {
            return Some(Level::Blocks);
        }
        let kinds: Vec<Also> = words.clone().map(|at| self.also(strand, at)).collect();
        if !written.contains(char::is_uppercase) && written.is_ascii() {
            return self.judge_small(strand, &words, &kinds, found.whole);
        }
        if self.is_of_thing(strand, &words) {
            let known = kinds.iter().all(|kind| *kind != Also::Nothing);
            return (!known).then_some(Level::Advises);
        }
        if found.whole {
            return self.judge_whole(strand, &words, &kinds);
        }
        self.judge_part(strand, &words, &kinds)
    }

    /// A whole name, with a capital.
    fn judge_whole(&self, strand: &Strand, words: &Range<usize>, kinds: &[Also]) -> Option<Level> {
        if kinds.contains(&Also::Nothing) {
            return Some(Level::Blocks);
        }
        // “Georgia, Chad and …”
        if strand.said(words).contains(',') {
            return None;
        }
        // “the Christian Park cemetery”
        let of_thing =
            strand.follows(words.end) && self.style.words.things.contains(strand.small(words.end));
        let all_places = of_thing || kinds.iter().all(|kind| *kind == Also::Place);
        let capitals = words.clone().all(|at| strand.has_capital(at));
        let told = self.is_person(strand, words) || self.speaks(strand, words);
        Some(if told || capitals && !all_places { Level::Blocks } else { Level::Advises })
    }

    /// A name all in small letters: a word of it is no other word.
    fn judge_small(
        &self,
        strand: &Strand,
        words: &Range<usize>,
        kinds: &[Also],
        whole: bool,
    ) -> Option<Level> {
        let others = kinds.iter().filter(|kind| **kind != Also::Nothing).count();
        match (whole, others) {
            (true, 0) => Some(Level::Blocks),
            (true, others) if others < kinds.len() => Some(Level::Advises),
            (false, 0) if self.speaks(strand, words) => Some(Level::Blocks),
            (false, 0) => Some(Level::Advises),
            _ => None,
        }
    }

    fn judge_part(&self, strand: &Strand, words: &Range<usize>, kinds: &[Also]) -> Option<Level> {
        let person = self.is_person(strand, words);
        // “Ada Otherwise” is somebody else, or misspelt; “Otherwise Inventa” has a surname that is known.
        if self.has_other_name(strand, words) {
            let surname = !self.is_name(strand, words.end) && kinds.last() == Some(&Also::Nothing);
            if surname && strand.said(words).chars().count() > 3 {
                return Some(Level::Blocks);
            }
            let alone = kinds.iter().all(|kind| *kind != Also::Nothing);
            return (!alone || person).then_some(Level::Advises);
        }
        if person {
            return Some(Level::Blocks);
        }
        let speaks = self.speaks(strand, words);
        let begins = strand.begins_sentence(words.start);
        let written = strand.said(words);
        let letters = written.chars().count();
        let is_abbreviation =
            letters <= ABBREVIATION && letters > 1 && written.chars().all(char::is_uppercase);
        let kind = kinds.iter().find(|kind| **kind == Also::Nothing).or(kinds.first());
        match kind {
            Some(Also::Place) => {
                (speaks && !Self::is_among(strand, words.start)).then_some(Level::Advises)
            }
            Some(Also::Word) if speaks && strand.small(words.start) != "may" => Some(Level::Blocks),
            Some(Also::Word) => {
                (!begins && !self.is_month(strand, words)).then_some(Level::Advises)
            }
            _ if letters == 2 || is_abbreviation => match (speaks, begins) {
                (true, _) => Some(Level::Blocks),
                (false, true) => None,
                (false, false) => Some(Level::Advises),
            },
            // “Sample sizes were small”: what begins a sentence may be any word.
            _ if begins && words.len() == 1 && !speaks && !acts(strand, words.end) => {
                Some(Level::Advises)
            }
            _ => Some(Level::Blocks),
        }
    }

    fn judge_sound(&self, strand: &Strand, heard: &Heard) -> Option<Level> {
        let words = strand.words_touching(&heard.place);
        if heard.whole {
            return Some(if heard.sure { Level::Blocks } else { Level::Advises });
        }
        let other = words.clone().any(|at| self.also(strand, at) != Also::Nothing);
        let person = self.is_person(strand, &words) || self.speaks(strand, &words);
        match (heard.sure && person, other || self.has_other_name(strand, &words)) {
            (true, false) => Some(Level::Blocks),
            (true, true) => Some(Level::Advises),
            (false, _) => None,
        }
    }

    fn also(&self, strand: &Strand, word: usize) -> Also {
        let small = strand.small(word);
        let small = small.strip_suffix("'s").unwrap_or(small);
        let words = &self.style.words;
        if words.places.contains(small) {
            Also::Place
        } else if words.common.contains(small)
            || words.openers.contains(small)
            || self.common.has(small)
        {
            Also::Word
        } else {
            Also::Nothing
        }
    }

    /// Whether a title or an initial says that it is a person.
    fn is_person(&self, strand: &Strand, words: &Range<usize>) -> bool {
        let before = words.start.checked_sub(1);
        let near = matches!(strand.before(words.start), " " | ". " | "." | "\u{a0}" | ".\u{a0}");
        let titled =
            before.is_some_and(|at| near && voiced::is_title(self.style, strand.small(at)));
        let is_initial = |at: usize| {
            strand.written(at).chars().count() == 1
                && strand.has_capital(at)
                && strand.text[strand.words[at].end..].starts_with('.')
        };
        let within = words.len() > 1 && is_initial(words.start);
        let behind = words.end < strand.words.len()
            && matches!(strand.before(words.end), " " | ", ")
            && is_initial(words.end)
            && strand.small(words.end) != "i";
        // “Annex I. Field work” has a number before it.
        let is_roman = |at: usize| matches!(strand.written(at), "I" | "V" | "X");
        let first = before.is_some_and(|at| {
            near && is_initial(at) && !is_roman(at) && !strand.begins_sentence(at)
        });
        titled || within || behind || first
    }

    /// Whether the person is told to have said something.
    fn speaks(&self, strand: &Strand, words: &Range<usize>) -> bool {
        voiced::follows(self.style, strand, words.end)
            || voiced::precedes(self.style, strand, words.start)
    }

    /// Whether the words stand among others with capitals of which one is a thing: “Grace Foundation”, “Mark Street”.
    fn is_of_thing(&self, strand: &Strand, words: &Range<usize>) -> bool {
        let is_thing = |at: usize| {
            let small = strand.small(at);
            let one = small.strip_suffix('s').unwrap_or(small);
            let things = &self.style.words.things;
            strand.has_capital(at) && (things.contains(small) || things.contains(one))
        };
        let mut at = words.end;
        while at < strand.words.len()
            && at < words.end + 4
            && strand.follows(at)
            && strand.has_capital(at)
        {
            if is_thing(at) {
                return true;
            }
            at += 1;
        }
        let mut at = words.start;
        while at > 0
            && at + 4 > words.start
            && strand.follows(at)
            && (strand.has_capital(at - 1) || matches!(strand.small(at - 1), "of" | "the" | "for"))
        {
            at -= 1;
            if is_thing(at) {
                return true;
            }
        }
        false
    }

    /// Whether a word beside it is a name too, and one that is not known.
    fn has_other_name(&self, strand: &Strand, words: &Range<usize>) -> bool {
        let before = strand.follows(words.start) && self.is_name(strand, words.start - 1);
        before || strand.follows(words.end) && self.is_name(strand, words.end)
    }

    /// Whether a word is written as names are.
    fn is_name(&self, strand: &Strand, at: usize) -> bool {
        let small = strand.small(at);
        let lists = &self.style.words;
        strand.has_capital(at)
            && small.chars().count() > 1
            && strand.written(at).chars().skip(1).any(char::is_lowercase)
            && !voiced::is_title(self.style, small)
            && ![&lists.openers, &lists.reporting, &lists.roles]
                .iter()
                .any(|list| list.contains(small))
    }

    /// Whether it is told where something is, or of several: “of Georgia”, “and Georgia”.
    fn is_among(strand: &Strand, word: usize) -> bool {
        let before = word.checked_sub(1).map_or("", |at| strand.small(at));
        let beside = strand.before(word).contains(',') || strand.before(word + 1).contains(',');
        matches!(
            before,
            "of" | "in" | "from" | "to" | "at" | "off" | "near" | "between" | "with" | "and" | "or"
        ) || beside
    }

    /// “May 2020”, “12 May”, “in May”.
    fn is_month(&self, strand: &Strand, words: &Range<usize>) -> bool {
        const MONTHS: &[&str] =
            &["january", "february", "march", "april", "may", "june", "july", "august"];
        MONTHS.contains(&strand.small(words.start))
    }
}

/// Whether what stands before this word is told to have done or been something, and so is somebody: “… had”, “…, a”, “…’s”.
fn acts(strand: &Strand, next: usize) -> bool {
    const DID: &[&str] = &[
        "had", "has", "was", "is", "did", "does", "would", "could", "will", "can", "and", "who",
        "lost", "kept", "left", "went", "came", "saw", "knew", "found", "took", "gave", "got",
        "made", "ran", "began", "fled", "swam", "wrote", "never", "also", "then", "himself",
        "herself", "from", "of",
    ];
    let small = strand.small(next);
    let owns = next.checked_sub(1).is_some_and(|at| strand.small(at).ends_with("'s"));
    owns || strand.before(next).contains([',', '(', '.'])
        || small.is_empty()
        || small.ends_with("ed")
        || DID.contains(&small)
}

/// Without what belongs to the sentence before: of “Annex I. Field work” the number.
fn within_sentence(strand: &Strand, found: Found) -> Found {
    let last = found.place.end.saturating_sub(1);
    let start = strand.sentence_at(last).map_or(0, |sentence| sentence.place.start);
    let first = strand.words_in(&(start..found.place.end)).start;
    let start = strand.words.get(first).map_or(start, |word| word.start);
    let place = found.place.start.max(start)..found.place.end;
    if place.is_empty() { found } else { Found { place, ..found } }
}

/// Whether what stands beside a name of a script without spaces says that it is one.
fn is_told(strand: &Strand, place: &Range<usize>) -> bool {
    let before = strand.text[..place.start].trim_end();
    let behind = strand.text[place.end..].trim_start();
    BEFORE.iter().any(|cue| before.ends_with(cue))
        || BEHIND.iter().any(|cue| behind.starts_with(cue))
}

fn is_dense(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{20000}'..='\u{3ffff}')
    })
}
