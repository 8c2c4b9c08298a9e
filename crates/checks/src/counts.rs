//! Numbers of those who took part, of their countries and organizations, and of consultations: each was released, or is not told.
//! What is told of the world (“600 people in a survey”) is no figure of a consultation.

use std::ops::Range;

use crate::checker::Checker;
use crate::drafted::{Counted, Released};
use crate::finding::{Check, Level};
use crate::findings::{Findings, Spot};
use crate::numbers::{Number, number_at};
use crate::strand::{Reading, Sentence, Strand};

/// Most words between a number and what it counts.
const BETWEEN: usize = 4;
/// Of a number that is told as “about”, so many in a hundred may be missing or too many.
const ABOUT: u32 = 10;
/// “More than” a number is not more than so many in a hundred above it.
const MORE: u32 = 30;

/// How a number is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Exactly,
    About,
    MoreThan,
    AtLeast,
    FewerThan,
}

pub(crate) fn check(
    checker: &Checker<'_>,
    reading: &Reading,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    for strand in reading.strands() {
        for sentence in &strand.sentences {
            let mut at = sentence.words.start;
            while at < sentence.words.end {
                at = number(checker, strand, sentence, at, spot, found).max(at + 1);
            }
        }
    }
}

/// Looks at what begins with a word, and says where to go on.
fn number(
    checker: &Checker<'_>,
    strand: &Strand,
    sentence: &Sentence,
    at: usize,
    spot: &Spot<'_>,
    found: &mut Findings,
) -> usize {
    if let Some(words) = vague(strand, sentence, at) {
        let noun = strand.small(words.end - 1).to_owned();
        if is_of_consultation(Counted::People, &noun, strand, sentence, &words) {
            tell_unbacked(Counted::People, strand, &words, spot, found);
        }
        return words.end;
    }
    let Some(number) = number_at(strand, at) else { return at };
    if is_elsewhere(strand, &number) {
        return number.words.end;
    }
    let Some((of, noun)) = counted(strand, sentence, &number) else { return number.words.end };
    let words = number.words.start..noun + 1;
    let small = strand.small(noun).to_owned();
    if !is_of_consultation(of, &small, strand, sentence, &words) {
        return number.words.end;
    }
    // One is told as “one participant”, and is no figure.
    if number.value == 1 && of == Counted::People {
        return number.words.end;
    }
    judge(checker, of, &number, strand, &words, spot, found);
    words.end
}

/// “hundreds of participants”, “half of the participants”, “40 per cent of participants”
fn vague(strand: &Strand, sentence: &Sentence, at: usize) -> Option<Range<usize>> {
    let word = |steps: usize| strand.small(at + steps);
    let many = matches!(word(0), "hundreds" | "dozens" | "scores" | "thousands");
    let share = matches!(
        word(0),
        "half" | "third" | "thirds" | "quarter" | "quarters" | "cent" | "percent"
    );
    if !(many || share) {
        return None;
    }
    let mut next = at + 1;
    while next < sentence.words.end && matches!(strand.small(next), "of" | "the" | "all") {
        next += 1;
    }
    let end = next + 2;
    let noun = (next..end.min(sentence.words.end)).find(|at| is_taker_part(strand.small(*at)))?;
    Some(at..noun + 1)
}

/// Numbers that count nothing: paragraphs, objectives, dates, versions.
fn is_elsewhere(strand: &Strand, number: &Number) -> bool {
    const BEFORE: &[&str] = &[
        "objective",
        "objectives",
        "paragraph",
        "paragraphs",
        "para",
        "paras",
        "article",
        "articles",
        "target",
        "goal",
        "section",
        "chapter",
        "round",
        "group",
        "table",
        "figure",
        "annex",
        "resolution",
        "no",
        "page",
        "covid",
        "step",
        "phase",
        "and/or",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let at = number.words.start;
    let before = at.checked_sub(1).filter(|_| strand.follows(at)).map_or("", |at| strand.small(at));
    let gap = strand.before(at);
    BEFORE.contains(&before)
        || gap.ends_with(['/', '.', ':', '$', '€', '£']) && !gap.ends_with(". ")
}

fn is_taker_part(noun: &str) -> bool {
    matches!(
        noun,
        "participants"
            | "participant"
            | "stakeholders"
            | "attendees"
            | "registrants"
            | "delegates"
            | "panellists"
            | "contributors"
            | "speakers"
    )
}

/// What a number counts, and where that stands.
fn counted(strand: &Strand, sentence: &Sentence, number: &Number) -> Option<(Counted, usize)> {
    const STOP: &[&str] = &[
        "in", "from", "at", "by", "with", "on", "to", "for", "and", "or", "per", "that", "which",
        "who", "were", "was", "had", "have", "has", "is", "are", "years", "year", "million",
        "days", "months", "weeks", "hours", "percent",
    ];
    let first = number.words.end;
    for at in first..sentence.words.end.min(first + BETWEEN) {
        let small = strand.small(at);
        let gap = strand.before(at);
        let of_all = matches!(small, "of")
            && (matches!(strand.small(at + 1), "the") || is_taker_part(strand.small(at + 1)));
        if gap.contains(['.', ';', ':', '\n'])
            || gap.contains(',') && at == first
            || STOP.contains(&small)
        {
            return None;
        }
        let of = match small {
            noun if is_taker_part(noun) => Counted::People,
            "people" | "persons" | "individuals" | "representatives" | "women" | "men"
            | "youth" | "migrants" | "experts" | "practitioners" | "members" | "persons'"
            | "observers" | "guests" | "parliamentarians" | "trade unionists" => Counted::People,
            "countries" | "nations" | "territories" => Counted::Countries,
            "organizations" | "organisations" | "ngos" | "csos" | "entities" | "institutions"
            | "associations" | "networks" | "unions" | "agencies" | "groups" => {
                Counted::Organizations
            }
            "consultations" => Counted::Consultations,
            "of" if of_all => continue,
            "of" => return None,
            _ => continue,
        };
        return Some((of, at));
    }
    None
}

/// Whether what is counted is of the consultation: who attended, from where, for whom.
fn is_of_consultation(
    of: Counted,
    noun: &str,
    strand: &Strand,
    sentence: &Sentence,
    words: &Range<usize>,
) -> bool {
    let has = |list: &[&str]| sentence.words.clone().any(|at| list.contains(&strand.small(at)));
    let other = has(&[
        "survey",
        "surveyed",
        "study",
        "training",
        "trained",
        "interviewed",
        "respondents",
        "camp",
        "camps",
        "shelter",
        "programme's",
        "course",
    ]);
    let attended = has(&[
        "attended",
        "participated",
        "attendance",
        "attending",
        "participating",
        "represented",
        "attendees",
    ]) || has(&["took", "take", "taken", "taking"]) && has(&["part"])
        || has(&["joined", "registered", "present", "contributed"])
            && has(&["consultation", "meeting", "session", "sessions", "group", "groups", "event"]);
    let before = |steps: usize| words.start.checked_sub(steps).map_or("", |at| strand.small(at));
    let near = |list: &[&str]| (1..=4).any(|steps| list.contains(&before(steps)));
    match of {
        Counted::People if is_taker_part(noun) => {
            let of_other = matches!(strand.small(words.end), "of" | "in")
                && (words.end..words.end + 5).any(|at| {
                    matches!(
                        strand.small(at),
                        "training"
                            | "course"
                            | "programme"
                            | "survey"
                            | "study"
                            | "workshop"
                            | "pilot"
                            | "scheme"
                            | "project"
                    )
                });
            !of_other && (!other || has(&["consultation"]))
        }
        Counted::People => attended && !other,
        Counted::Countries => {
            let from = near(&["from", "in"])
                || matches!(strand.small(words.end), "were" | "took" | "attended" | "participated");
            from && !other
                && (attended
                    || near(&[
                        "participants",
                        "stakeholders",
                        "attendees",
                        "representatives",
                        "delegates",
                        "organizations",
                        "people",
                    ]) && !near(&["migrants", "workers", "refugees"]))
        }
        Counted::Organizations => {
            (attended
                || has(&["co-organized", "coorganized", "organizers"])
                || has(&["co"]) && has(&["organized", "organizers"]))
                && !other
        }
        Counted::Consultations => {
            has(&["series", "held", "stakeholder", "stakeholders", "review", "organized", "of"])
                && !has(&["assembly", "council"])
                && !has(&["community", "household", "village"])
        }
    }
}

fn said(strand: &Strand, number: &Number) -> Said {
    let back =
        |steps: usize| number.words.start.checked_sub(steps).map_or("", |at| strand.small(at));
    match (back(2), back(1)) {
        (
            _,
            "about" | "around" | "approximately" | "roughly" | "some" | "circa" | "nearly"
            | "almost",
        ) => Said::About,
        ("more" | "greater", "than") | (_, "over" | "above") => Said::MoreThan,
        ("at", "least") => Said::AtLeast,
        ("fewer" | "less", "than") | (_, "under" | "below") | ("up", "to") => Said::FewerThan,
        _ => match strand.small(number.words.end) {
            "or" if strand.small(number.words.end + 1) == "more" => Said::AtLeast,
            _ => Said::Exactly,
        },
    }
}

fn judge(
    checker: &Checker<'_>,
    of: Counted,
    number: &Number,
    strand: &Strand,
    words: &Range<usize>,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    let released = checker.ground.figures.released.iter().filter(|one| one.of == of);
    let released: Vec<&Released> = released.collect();
    // Consultations are no people: where nobody said how many there were, nothing is held against it.
    if of == Counted::Consultations && released.is_empty() {
        return;
    }
    let or_more = matches!(strand.small(words.end), "or") && strand.small(words.end + 1) == "more";
    let said = if or_more { Said::AtLeast } else { said(strand, number) };
    if released.iter().any(|one| backs(one, said, number.value)) {
        return;
    }
    let rounded = released.iter().find(|one| one.number == number.value && said == Said::Exactly);
    match rounded {
        Some(one) => found.add(
            Check::Figure,
            "exact",
            Level::Blocks,
            spot.at(strand.source(&strand.place(words))),
            format!("“{}” is told as if it were exact, and is not.", strand.said(words)),
            if one.about {
                "Write “about” before it."
            } else {
                "Write “or more” behind it."
            },
        ),
        None => tell_unbacked(of, strand, words, spot, found),
    }
}

fn backs(one: &Released, said: Said, value: u32) -> bool {
    let near = one.number.abs_diff(value) * 100 <= one.number * ABOUT;
    let above = one.number <= value.saturating_mul(100 + MORE) / 100;
    match said {
        Said::Exactly => one.number == value && !one.about && !one.or_more,
        Said::About => one.number == value || near && !one.about && !one.or_more,
        Said::MoreThan => one.number > value && above || one.number == value && one.or_more,
        Said::AtLeast => one.number >= value && above,
        Said::FewerThan => {
            one.number < value && !one.or_more && one.number * 100 >= value * (100 - MORE)
        }
    }
}

fn tell_unbacked(
    of: Counted,
    strand: &Strand,
    words: &Range<usize>,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    let (rule, remedy) = match of {
        Counted::People => ("people", "Take the figure from the release, or write “participants”."),
        Counted::Countries => ("countries", "Take the figure from the release, or leave it out."),
        Counted::Organizations => {
            ("organizations", "Take the figure from the release, or leave it out.")
        }
        Counted::Consultations => ("consultations", "Write how many consultations the series has."),
    };
    found.add(
        Check::Figure,
        rule,
        Level::Blocks,
        spot.at(strand.source(&strand.place(words))),
        format!("No figure that was released says “{}”.", strand.said(words)),
        remedy,
    );
}
