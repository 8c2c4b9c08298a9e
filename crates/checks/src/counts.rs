//! Numbers of those who took part, of their countries and organizations, and of consultations: each was released, or is not told.
//! What is told of the world (“600 people in a survey”) is no figure of a consultation.

use std::ops::Range;

use crate::drafted::{Attribution, Counted, Released, Section};
use crate::finding::{Check, Level, Telling};
use crate::findings::{Findings, Spot};
use crate::ground::Ready;
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
    ready: &Ready<'_>,
    section: &Section,
    reading: &Reading,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    let on_record = section.attribution == Attribution::OnRecord;
    for strand in reading.strands() {
        for sentence in &strand.sentences {
            let mut at = sentence.words.start;
            while at < sentence.words.end {
                at = number(ready, on_record, strand, sentence, at, spot, found).max(at + 1);
            }
        }
    }
}

/// Looks at what begins with a word, and says where to go on.
fn number(
    ready: &Ready<'_>,
    on_record: bool,
    strand: &Strand,
    sentence: &Sentence,
    at: usize,
    spot: &Spot<'_>,
    found: &mut Findings,
) -> usize {
    if let Some(words) = vague(strand, sentence, at) {
        let around = Around { strand, sentence, words: words.clone() };
        if around.is_of_consultation(Counted::People) {
            tell_unbacked(Counted::People, strand, &words, spot, found);
        }
        return words.end;
    }
    let Some(number) = number_at(strand, at) else { return at };
    if is_elsewhere(ready, strand, &number) {
        return number.words.end;
    }
    let Some((of, noun)) = counted(strand, sentence, &number) else { return number.words.end };
    let words = number.words.start..noun + 1;
    let small = strand.small(noun).to_owned();
    // Who speaks on record is named.
    if on_record && matches!(small.as_str(), "speakers" | "panellists") {
        return number.words.end;
    }
    let around = Around { strand, sentence, words: words.clone() };
    if !around.is_of_consultation(of) {
        return number.words.end;
    }
    // One is told as “one participant”, and is no figure.
    if number.value == 1 && of == Counted::People {
        return number.words.end;
    }
    judge(ready, of, &number, strand, &words, spot, found);
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
    // “A third participant” is one.
    let of = matches!(word(1), "of") || matches!(word(0), "half") && word(1) == "the";
    if !(many || share) || !of {
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
fn is_elsewhere(ready: &Ready<'_>, strand: &Strand, number: &Number) -> bool {
    let at = number.words.start;
    let before = at.checked_sub(1).filter(|_| strand.follows(at)).map_or("", |at| strand.small(at));
    let gap = strand.before(at);
    ready.style.words.numbered.contains(before)
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

/// What stands around a number, by which it is told whether it counts something of the consultation.
struct Around<'s> {
    strand: &'s Strand,
    sentence: &'s Sentence,
    words: Range<usize>,
}

impl Around<'_> {
    fn has(&self, list: &[&str]) -> bool {
        self.sentence.words.clone().any(|at| list.contains(&self.strand.small(at)))
    }

    fn before(&self, steps: usize) -> &str {
        self.words.start.checked_sub(steps).map_or("", |at| self.strand.small(at))
    }

    fn behind(&self) -> &str {
        self.strand.small(self.words.end)
    }

    /// Whether somebody counted is told of a survey or a camp, and not of those who took part.
    fn is_elsewhere(&self) -> bool {
        self.has(&[
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
            "course",
        ])
    }

    fn is_attended(&self) -> bool {
        const HELD: &[&str] =
            &["consultation", "meeting", "session", "sessions", "group", "groups", "event"];
        self.has(&["attended", "participated", "attendance", "attending", "participating"])
            || self.has(&["represented", "attendees"])
            || self.has(&["took", "take", "taken", "taking"]) && self.has(&["part"])
            || self.has(&["joined", "registered", "present", "contributed"]) && self.has(HELD)
    }

    /// Whether it is told who organized the consultation, which is on record.
    fn is_organized(&self) -> bool {
        self.has(&["co"]) && self.has(&["organized", "organizers", "organizer", "hosted", "hosts"])
    }

    /// Whether the number is one of the consultation.
    fn is_of_consultation(&self, of: Counted) -> bool {
        match of {
            Counted::People if is_taker_part(self.strand.small(self.words.end - 1)) => {
                !self.is_of_course()
                    && !self.is_organized()
                    && (!self.is_elsewhere() || self.has(&["consultation"]))
            }
            Counted::People => self.is_attended() && !self.is_elsewhere(),
            Counted::Countries => self.is_of_origin() && !self.is_elsewhere(),
            Counted::Organizations => {
                self.is_attended() && !self.is_organized() && !self.is_elsewhere()
            }
            Counted::Consultations => {
                self.has(&["series", "held", "stakeholder", "stakeholders", "review", "organized"])
                    && !self.has(&["assembly", "council", "community", "household", "village"])
            }
        }
    }

    /// “25 participants of a training”
    fn is_of_course(&self) -> bool {
        const COURSES: &[&str] = &[
            "training",
            "course",
            "programme",
            "survey",
            "study",
            "workshop",
            "pilot",
            "scheme",
            "project",
        ];
        let end = self.words.end;
        matches!(self.behind(), "of" | "in")
            && (end..end + 5).any(|at| COURSES.contains(&self.strand.small(at)))
    }

    /// Whether countries are those that people came from: “participants from about 15 countries”.
    fn is_of_origin(&self) -> bool {
        const HEDGES: &[&str] =
            &["about", "some", "over", "nearly", "almost", "than", "more", "at", "least"];
        let first = (1..5).find(|steps| !HEDGES.contains(&self.before(*steps))).unwrap_or(1);
        let from = matches!(self.before(first), "from" | "representing");
        let who = self.before(first + 1);
        let came = is_taker_part(who)
            || matches!(
                who,
                "representatives" | "organizations" | "people" | "came" | "coming" | "entities"
            );
        let acted = matches!(self.behind(), "were" | "took" | "attended" | "participated");
        from && (came
            || self.is_attended() && !matches!(who, "migrants" | "workers" | "refugees" | "crews"))
            || acted && self.is_attended()
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
    ready: &Ready<'_>,
    of: Counted,
    number: &Number,
    strand: &Strand,
    words: &Range<usize>,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    let released = ready.ground.figures.released.iter().filter(|one| one.of == of);
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
            Telling::new("“{}” is told as if it were exact, and is not.", [strand.said(words)]),
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
        Telling::new("No figure that was released says “{}”.", [strand.said(words)]),
        remedy,
    );
}
