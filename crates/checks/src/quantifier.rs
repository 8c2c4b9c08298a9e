//! “A participant”, “participants”, “many”, “all”: held against how many voices the cited inputs have. Voices are known in bands, and
//! two inputs may have the same voices, so that only the least and the most there can be is known.

use std::ops::Range;

use crate::drafted::{Attribution, Paragraph, Section, State, Voices};
use crate::finding::{Check, Level, Telling};
use crate::findings::{Findings, Spot};
use crate::ground::Ready;
use crate::ground::voiced;
use crate::numbers::number_at;
use crate::strand::{Reading, Strand};

/// From so many voices on they are several.
const SEVERAL: u32 = 5;

/// How many a text says there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    One,
    MoreThanOne,
    Many,
    Most,
    All,
}

/// The fewest and the most voices that the inputs of a paragraph can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Heard {
    least: u32,
    /// None where nobody knows.
    most: Option<u32>,
}

impl Heard {
    fn of(paragraph: &Paragraph) -> Self {
        let accepted = paragraph.cites.iter().filter(|cite| cite.state == State::Accepted);
        let mut heard = Self { least: 0, most: Some(0) };
        for voices in accepted.map(|cite| cite.voices) {
            let (least, most) = match voices {
                Voices::One => (1, Some(1)),
                Voices::Few => (1, Some(SEVERAL - 1)),
                Voices::Several => (SEVERAL, None),
                Voices::Unknown => (1, None),
            };
            heard.least = heard.least.max(least);
            heard.most = heard.most.zip(most).map(|(all, more)| all + more);
        }
        heard
    }

    fn is_fewer_than(self, number: u32) -> bool {
        self.most.is_some_and(|most| most < number)
    }
}

pub(crate) fn check(
    ready: &Ready<'_>,
    section: &Section,
    paragraph: &Paragraph,
    reading: &Reading,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    let strand = &reading.body;
    let on_record = section.attribution == Attribution::OnRecord;
    let heard = Heard::of(paragraph);
    for (claim, words) in claims(ready, strand) {
        let Some((rule, level, sentence, remedy)) = judge(claim, heard, paragraph, section) else {
            continue;
        };
        let level = if on_record { Level::Advises } else { level };
        let written = strand.said(&words);
        let place = spot.at(strand.source(&strand.place(&words)));
        found.add(Check::Quantifier, rule, level, place, Telling::new(sentence, [written]), remedy);
    }
}

type Verdict = (&'static str, Level, &'static str, &'static str);

fn judge(claim: Claim, heard: Heard, paragraph: &Paragraph, section: &Section) -> Option<Verdict> {
    // What rests on editions was counted where it was published.
    let nothing = paragraph.cites.is_empty();
    if nothing && (paragraph.sources > 0 || !matches!(claim, Claim::Most | Claim::All)) {
        return None;
    }
    match claim {
        Claim::One if heard.least >= SEVERAL => Some((
            "understated",
            Level::Advises,
            "“{}” is one voice, and five or more said it.",
            "Write “participants”.",
        )),
        Claim::One => None,
        Claim::MoreThanOne if heard.is_fewer_than(2) => Some((
            "one_voice",
            Level::Blocks,
            "“{}” are several, and the inputs that this paragraph cites have one voice.",
            "Write “a participant”, or cite what others said.",
        )),
        Claim::MoreThanOne => None,
        Claim::Many if heard.is_fewer_than(SEVERAL) => Some((
            "many",
            Level::Blocks,
            "“{}” are more than the inputs that this paragraph cites have voices.",
            "Write “participants”, or “a participant” where there is one input.",
        )),
        Claim::Many if heard.least < SEVERAL => Some((
            "many_unsure",
            Level::Advises,
            "“{}” may be more than the inputs that this paragraph cites have voices.",
            "Write “participants” unless one of them is told by five and more.",
        )),
        Claim::Many => None,
        Claim::Most => Some((
            "most",
            Level::Blocks,
            "“{}” is a share of all who took part, and nobody asked all of them.",
            "Write “participants”.",
        )),
        Claim::All if section.outcome || !nothing => Some((
            "all",
            Level::Blocks,
            "“{}” says that nobody thought otherwise, and nobody asked all who took part.",
            "Write “participants”, or “a participant” where there is one input.",
        )),
        Claim::All => None,
    }
}

/// What a text says of how many said something, and in which words.
fn claims(ready: &Ready<'_>, strand: &Strand) -> Vec<(Claim, Range<usize>)> {
    let mut found: Vec<(Claim, Range<usize>)> = Vec::new();
    for at in 0..strand.words.len() {
        let claim = of_noun(ready, strand, at).or_else(|| of_word(strand, at));
        found.extend(
            claim.filter(|(_, words)| found.last().is_none_or(|(_, last)| last.end <= words.start)),
        );
    }
    let told: Vec<Range<usize>> = found
        .iter()
        .filter(|(_, words)| is_told_by_one(ready, strand, words.start))
        .map(|(_, words)| words.clone())
        .collect();
    found.retain(|(_, words)| !told.contains(words));
    found
}

/// “A participant recalled that what stakeholders said had left no trace”: one tells what others said elsewhere.
fn is_told_by_one(ready: &Ready<'_>, strand: &Strand, start: usize) -> bool {
    let before = start.checked_sub(1).filter(|_| strand.follows(start));
    let within = before.is_some_and(|at| matches!(strand.small(at), "what" | "whatever"));
    let is_one = |noun: usize| {
        ready.style.words.speaker.contains(strand.small(noun))
            && quantity(strand, noun, false).is_some_and(|(claim, _)| claim == Claim::One)
    };
    let sentence = strand.sentences.iter().find(|one| one.words.contains(&start));
    within && sentence.is_some_and(|sentence| (sentence.words.start..start).any(is_one))
}

/// “Some participants from the coast noted”: a noun with what stands before it, of which it is told that they said something.
fn of_noun(ready: &Ready<'_>, strand: &Strand, noun: usize) -> Option<(Claim, Range<usize>)> {
    let words = &ready.style.words;
    let small = strand.small(noun);
    let several = words.speakers.contains(small);
    if !(several || words.speaker.contains(small)) {
        return of_pronoun(ready, strand, noun);
    }
    let (claim, start) = quantity(strand, noun, several)?;
    let end = of_others(ready, strand, noun)?;
    // A share of all is told of them whatever they did.
    let told = claim == Claim::Most
        || is_told(ready, strand, end)
        || voiced::precedes(ready.style, strand, start);
    told.then_some((claim, start..noun + 1))
}

/// “Everyone agreed”, “nobody disagreed”.
fn of_pronoun(ready: &Ready<'_>, strand: &Strand, at: usize) -> Option<(Claim, Range<usize>)> {
    let before = at.checked_sub(1).map_or("", |at| strand.small(at));
    let next = strand.small(at + 1);
    let opposed = matches!(next, "disagreed" | "objected" | "opposed" | "questioned");
    let (start, told) = match strand.small(at) {
        "everyone" | "everybody" => (at, is_told(ready, strand, at + 1)),
        "all" if strand.begins_sentence(at) || matches!(before, "that" | "they") => {
            (at, strand.follows(at + 1) && is_told(ready, strand, at + 1))
        }
        "nobody" => (at, opposed),
        "one" if before == "no" => (at - 1, opposed),
        _ => return None,
    };
    told.then_some((Claim::All, start..at + 1))
}

/// What stands before the noun, and how many that is.
fn quantity(strand: &Strand, noun: usize, several: bool) -> Option<(Claim, usize)> {
    let back = |steps: usize| {
        noun.checked_sub(steps).filter(|at| (*at..noun).all(|at| strand.follows(at + 1)))
    };
    let word = |steps: usize| back(steps).map_or("", |at| strand.small(at));
    let start = |steps: usize| back(steps).unwrap_or(noun);
    // “young”, “women”: between the quantity and the noun.
    let skip = usize::from(!is_quantity(word(1)) && !word(1).is_empty() && is_quantity(word(2)));
    let (one, two, three) = (word(1 + skip), word(2 + skip), word(3 + skip));
    let of_the = if (two, one) == ("of", "the") { 2 } else { usize::from(one == "of") };
    if of_the > 0 {
        let (first, second, third) =
            (word(skip + of_the + 1), word(skip + of_the + 2), word(skip + of_the + 3));
        let from = start(
            skip + of_the
                + if matches!(second, "a" | "the" | "vast" | "large" | "great") { 2 } else { 1 },
        );
        let claim = match (third, second, first) {
            (_, _, "majority") => Claim::Most,
            (_, _, "most") => Claim::Most,
            (_, _, "all") => Claim::All,
            (_, _, "none") => Claim::All,
            (_, _, "many") => Claim::Many,
            (_, "a", "number" | "group" | "couple" | "handful" | "minority") => Claim::MoreThanOne,
            (_, "large", "number") => Claim::Many,
            (_, _, "some" | "several" | "few") => Claim::MoreThanOne,
            (_, _, "one") => Claim::One,
            _ => return None,
        };
        return Some((claim, from));
    }
    let from = start(1 + skip);
    Some(match (two, one, several) {
        (_, "all" | "every" | "no" | "each", _) => (Claim::All, from),
        (_, "most", _) => (Claim::Most, from),
        ("a", "few", true) => (Claim::MoreThanOne, start(2 + skip)),
        ("a", "many", _) | (_, "many" | "numerous" | "countless", _) => (Claim::Many, from),
        (_, "some" | "several" | "few" | "various" | "other", true) => (Claim::MoreThanOne, from),
        (_, "a" | "one" | "another" | "an", false) => (Claim::One, from),
        (_, "the", _) if three == "all" => (Claim::All, start(3)),
        (_, "the", true) if two == "all" => (Claim::All, start(2)),
        (_, _, true)
            if back(1).is_none() || number_at(strand, noun.saturating_sub(1)).is_none() =>
        {
            (Claim::MoreThanOne, noun)
        }
        _ => return None,
    })
}

fn is_quantity(word: &str) -> bool {
    matches!(
        word,
        "all"
            | "every"
            | "no"
            | "each"
            | "most"
            | "few"
            | "many"
            | "numerous"
            | "some"
            | "several"
            | "various"
            | "a"
            | "an"
            | "one"
            | "another"
            | "the"
            | "of"
    )
}

/// Where what is told of the noun begins, behind what tells who they are; nothing where they took part in something else.
fn of_others(ready: &Ready<'_>, strand: &Strand, noun: usize) -> Option<usize> {
    const COURSES: &[&str] = &[
        "training",
        "course",
        "survey",
        "study",
        "workshop",
        "programme",
        "scheme",
        "project",
        "interviews",
        "trial",
        "school",
        "market",
        "labour",
        "economy",
    ];
    let mut at = noun + 1;
    if !matches!(strand.small(at), "of" | "in" | "from" | "at" | "who" | "with" | "representing")
        || !strand.follows(at)
    {
        return Some(at);
    }
    let end =
        strand.sentence_at(strand.words[noun].start).map_or(at, |sentence| sentence.words.end);
    let first = at;
    while at < end.min(first + 8) {
        if COURSES.contains(&strand.small(at)) && strand.small(first) != "from" {
            return None;
        }
        if ready.style.words.reporting.contains(strand.small(at)) || strand.before(at).contains(',')
        {
            break;
        }
        at += 1;
    }
    Some(at)
}

/// Whether it is told that they said or thought something.
fn is_told(ready: &Ready<'_>, strand: &Strand, from: usize) -> bool {
    voiced::follows(ready.style, strand, from)
}

/// “unanimously”, “there was consensus”
fn of_word(strand: &Strand, at: usize) -> Option<(Claim, Range<usize>)> {
    let small = strand.small(at);
    let unanimous = matches!(small, "unanimous" | "unanimously" | "unanimity");
    let consensus = matches!(small, "consensus" | "agreement") && {
        let before = |steps: usize| at.checked_sub(steps).map_or("", |at| strand.small(at));
        matches!(
            (before(2), before(1)),
            ("there", "was")
                | ("was", "a" | "general" | "broad" | "full" | "wide" | "complete")
                | ("had", "been")
                | ("a", "general" | "broad" | "clear")
        ) && matches!(strand.small(at + 1), "that" | "on" | "about" | "among" | "in" | "" | "and")
            && (small == "consensus"
                || matches!(before(1), "general" | "full" | "complete" | "broad"))
    };
    if !(unanimous || consensus) {
        return None;
    }
    let sentence = strand.sentence_at(strand.words[at].start)?;
    let has = |list: &[&str]| sentence.words.clone().any(|at| list.contains(&strand.small(at)));
    let of_states = has(&[
        "assembly",
        "council",
        "parliament",
        "congress",
        "senate",
        "court",
        "states",
        "governments",
        "ministers",
        "government",
        "legislature",
        "commission",
        "board",
        "cabinet",
    ]);
    let of_participants = has(&[
        "participants",
        "stakeholders",
        "group",
        "groups",
        "consultation",
        "everyone",
        "discussion",
        "discussions",
    ]);
    (of_participants || !of_states).then_some((Claim::All, at..at + 1))
}
