//! Turns by the row that begins each: who speaks, to whom, and where it ends. It must never take a row for the text of a
//! turn that may begin a private one.

use std::collections::{HashMap, HashSet};

use super::super::gather::{Gather, Said};
use super::super::text::Row;
use super::super::{Kind, Unreadable, Why};
use super::address::{Common, To, addressed, heard};
use super::plausible::{is_date, is_label, is_like_name, may_be_name};
use super::stamp::{self, LONGEST_HEAD};
use crate::names::is_dense;
use crate::terms::fold::fold;

/// How the row that begins a turn is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Shape {
    /// `[10:15] Pat One: text`.
    MomentNameColon,
    /// `[10:15] Pat One`.
    MomentName,
    /// `Pat One   0:03`, with or without a colon behind.
    NameMoment,
    /// A name on one row, a moment on the row above or below.
    Stacked,
    /// `Pat One: text`.
    Untimed,
}

/// The row that begins a turn.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Head<'a> {
    /// Who speaks, perhaps with whom to.
    pub(super) names: &'a str,
    /// What stands on the same row.
    text: &'a str,
    /// How many rows it takes.
    rows: usize,
    colon: bool,
}

impl Shape {
    pub(super) const TIMED: [Self; 4] =
        [Self::Stacked, Self::MomentName, Self::NameMoment, Self::MomentNameColon];

    /// Whether the head of this shape is divided from its text by a colon.
    pub(super) fn has_colon(self, head: &Head<'_>) -> bool {
        head.colon
    }

    /// The head that begins on this row; `begins`: whether a paragraph does, too.
    pub(super) fn head<'a>(self, rows: &[Row<'a>], at: usize, begins: bool) -> Option<Head<'a>> {
        let row = rows[at].text;
        match self {
            Self::MomentNameColon => {
                let rest = after_moment(row)?;
                let (names, text) = in_angles(rest).or_else(|| names_before_colon(rest))?;
                Some(Head { names, text, rows: 1, colon: true })
            }
            Self::MomentName => {
                let names = after_moment(row)?;
                let whole = names_before_colon(names).is_none_or(|(_, text)| text.is_empty());
                let names = names.trim_end_matches([':', '：']).trim();
                let below = rows.get(at + 1).is_some_and(|row| !row.is_blank());
                let fits =
                    whole && below && may_be_name(names) && (begins || names_somebody(names));
                fits.then_some(Head { names, text: "", rows: 1, colon: false })
            }
            Self::NameMoment => {
                let short = row.len() <= LONGEST_HEAD || row.contains([':', '：']);
                let (names, text) = stamp::before(row).filter(|_| short)?;
                let names = names.trim_matches(is_markup).trim_end_matches([':', '：']).trim();
                let fits =
                    may_be_name(names) && !is_date(names) && (begins || names_somebody(names));
                fits.then_some(Head { names, text, rows: 1, colon: !text.is_empty() })
            }
            Self::Stacked => {
                let (next, after) = (rows.get(at + 1)?.text.trim(), rows.get(at + 2));
                let text_below =
                    after.is_some_and(|row| !row.is_blank() && !stamp::is_alone(row.text));
                let names = match (stamp::is_alone(row), stamp::is_alone(next)) {
                    (true, false) => next,
                    (false, true) => row.trim(),
                    _ => return None,
                };
                let names = names.trim_matches(is_markup).trim_end_matches([':', '：']).trim();
                (text_below && is_like_name(names)).then_some(Head {
                    names,
                    text: "",
                    rows: 2,
                    colon: false,
                })
            }
            Self::Untimed => {
                let (names, text) = in_angles(row).or_else(|| names_before_colon(row))?;
                Some(Head { names, text, rows: 1, colon: true })
            }
        }
    }
}

/// Whether words without a colon behind them are a name, or names with what may stand between sender and recipient.
pub(super) fn names_somebody(names: &str) -> bool {
    is_like_name(names) || addressed(names, &Common::default()).1 == To::Others
}

/// What follows the moment that a row begins with.
fn after_moment(row: &str) -> Option<&str> {
    let row = row.trim_start_matches(is_markup);
    let rest = stamp::after(row)?.trim_start_matches(is_markup).trim();
    (!rest.is_empty()).then_some(rest)
}

/// `<pat> text`.
fn in_angles(text: &str) -> Option<(&str, &str)> {
    let (name, text) = text.trim().strip_prefix('<')?.split_once("> ")?;
    let name = name.trim_start_matches(['@', '+', '%', ' ']);
    (name.len() <= LONGEST_HEAD && may_be_name(name)).then_some((name, text))
}

/// What stands before the colon that ends a name, and the text behind it.
pub(in super::super) fn names_before_colon(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(is_markup).trim_start();
    let limit = (0..=LONGEST_HEAD.min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
    for (at, colon) in text[..limit].match_indices([':', '：']).take(4) {
        let (names, text) = (&text[..at], &text[at + colon.len()..]);
        // “10:15” and “http://” have no space behind.
        let near = |c: Option<char>| c.is_some_and(is_dense);
        let apart = text.is_empty()
            || text.starts_with(char::is_whitespace)
            || text.starts_with(is_markup)
            || colon == "："
            || near(text.chars().next())
            || near(names.chars().next_back());
        let names = names.trim().trim_matches(is_markup).trim();
        if apart && may_be_name(names) {
            return Some((names, text.trim_start_matches(['*', '_']).trim()));
        }
        if apart {
            return None;
        }
    }
    None
}

/// Who is named before a colon in a caption: a few words that no sentence would hold.
pub(in super::super) fn named(text: &str) -> Option<(&str, &str)> {
    names_before_colon(text).filter(|(names, _)| {
        let words = names.split_whitespace().count();
        let small =
            names.split_whitespace().filter(|word| word.starts_with(char::is_lowercase)).count();
        !is_label(names) && (small < 2 || 2 * small <= words)
    })
}

/// What Markdown and lists put before words.
fn is_markup(c: char) -> bool {
    matches!(c, '*' | '_' | '#' | '>' | '•' | '·' | '–' | '—' | '-' | '\u{feff}')
        || c.is_whitespace()
        || super::super::text::is_invisible(c)
}

/// The names that a row lists.
fn listed(row: &str) -> Vec<&str> {
    let names =
        row.split([',', ';', '、', '，', '،', '\t']).map(|name| name.trim_matches(is_markup));
    names.filter(|name| !name.is_empty()).collect()
}

/// Rows with the heads among them.
pub(super) struct Turns<'a> {
    rows: &'a [Row<'a>],
    heads: HashMap<usize, Head<'a>>,
    shape: Shape,
    by_paragraph: bool,
    common: Common,
}

impl<'a> Turns<'a> {
    pub(super) fn of(rows: &'a [Row<'a>], shape: Shape, by_paragraph: bool) -> Self {
        let mut heads: HashMap<usize, Head<'a>> = HashMap::new();
        let mut at = 0;
        while at < rows.len() {
            let begins = at == 0
                || rows[at - 1].is_blank()
                || by_paragraph && rows[at - 1].number != rows[at].number;
            match shape.head(rows, at, begins) {
                Some(head) => {
                    heads.insert(at, head);
                    at += head.rows;
                }
                None => at += 1,
            }
        }
        let mut turns = Self { rows, heads, shape, by_paragraph, common: Common::default() };
        if shape == Shape::Untimed {
            turns.keep_names(&HashSet::new());
        }
        turns.common = Common::of(turns.heads.values().map(|head| head.names));
        turns
    }

    /// Heads that only a colon tells are kept when they look like names: of several words, named again, known, or most
    /// rows have one. A label is none.
    fn keep_names(&mut self, known: &HashSet<String>) {
        let mut times: HashMap<String, usize> = HashMap::new();
        for head in self.heads.values() {
            *times.entry(fold(head.names)).or_default() += 1;
        }
        let seen = self.rows.iter().filter(|row| !row.is_blank()).count();
        let like = self.heads.values().filter(|head| is_like_name(head.names)).count();
        let met = self.met();
        self.heads.retain(|_, head| {
            let folded = fold(head.names);
            let addressed = addressed(head.names, &Common::default()).1 != To::Unsaid;
            let known = known.contains(&folded) || met.contains(&folded);
            let again = times.get(&folded).is_some_and(|times| *times > 1) && !is_label(head.names);
            let several = head.names.split_whitespace().count() > 1 || 2 * like >= seen;
            known || again || addressed || several && is_like_name(head.names)
        });
    }

    /// Names that stand elsewhere, too: in a list above the first head, and in a head beside another.
    fn met(&self) -> HashSet<String> {
        let lists = self.rows[..self.first()].iter().flat_map(|row| {
            let names = listed(row.text);
            if names.iter().all(|name| is_like_name(name)) { names } else { Vec::new() }
        });
        let mut met: HashSet<String> = lists.map(fold).collect();
        let common = Common::default();
        for head in self.heads.values() {
            if addressed(head.names, &common).1 == To::Others {
                met.extend(heard(head.names, &common).iter().map(|name| fold(name.trim())));
            }
        }
        met
    }

    /// With these names known.
    pub(super) fn with_known(self, known: &HashSet<String>) -> Self {
        let mut turns = Self { heads: HashMap::new(), ..self };
        for at in 0..turns.rows.len() {
            if let Some(head) = turns.shape.head(turns.rows, at, true) {
                turns.heads.insert(at, head);
            }
        }
        turns.keep_names(known);
        turns
    }

    pub(super) fn heads(&self) -> impl Iterator<Item = &Head<'a>> {
        self.heads.values()
    }

    fn first(&self) -> usize {
        self.heads.keys().copied().min().unwrap_or(self.rows.len())
    }

    /// The rows above the first turn that list who was there, with the names in them: one of those who speak is among them.
    pub(super) fn attendees(&self) -> impl Iterator<Item = (usize, Vec<&'a str>)> {
        let speakers: HashSet<String> = self.heads.values().map(|head| fold(head.names)).collect();
        let rows = self.rows[..self.first()].iter().enumerate();
        rows.filter_map(move |(at, row)| {
            let names = listed(row.text);
            names.iter().any(|name| speakers.contains(&fold(name))).then_some((at, names))
        })
    }

    /// Takes the turns, each as one line.
    pub(super) fn read(&self, gather: &mut Gather) -> Result<Kind, Unreadable> {
        self.read_above(gather)?;
        let mut at = self.first();
        let tail = self.remark_at_end();
        let mut is_addressed = false;
        while at < self.rows.len() {
            let Some(head) = self.heads.get(&at) else { break };
            let first = self.rows[at].number;
            let begin = at + head.rows;
            let end = (begin..self.rows.len())
                .find(|at| self.heads.contains_key(at))
                .unwrap_or(self.rows.len());
            let text_end = tail.filter(|tail| (begin..end).contains(tail)).unwrap_or(end);
            let (body, last) = self.text(head, begin, text_end, gather)?;
            let last = last.max(first);
            let (speaker, to) = addressed(head.names, &self.common);
            is_addressed |= to != To::Unsaid;
            if to == To::Others {
                heard(head.names, &self.common).iter().for_each(|name| gather.hear(name));
                gather.pass_over(first, last, Why::Private)?;
            } else {
                let speaker = Some(speaker);
                gather.take(&Said { first, last, speaker, body: &body, ..Said::default() })?;
            }
            if text_end < end {
                let shown = self.rows[text_end..end].iter().rfind(|row| !row.is_blank());
                let last = shown.map_or(last, |row| row.number);
                gather.pass_over(self.rows[text_end].number, last, Why::Remark)?;
            }
            at = end;
        }
        let chat = is_addressed || matches!(self.shape, Shape::MomentNameColon | Shape::MomentName);
        Ok(if chat { Kind::Chat } else { Kind::Transcript })
    }

    /// What stands above the first turn is passed over; the names in it are heard.
    fn read_above(&self, gather: &mut Gather) -> Result<(), Unreadable> {
        let lists: HashMap<usize, Vec<&str>> = self.attendees().collect();
        // Whoever is listed below or above somebody who speaks was there, too.
        let beside = |at: usize| {
            let alone = |at: usize| lists.get(&at).is_some_and(|names| names.len() == 1);
            let row = self.rows[at].text.trim_matches(is_markup);
            is_like_name(row) && (at > 0 && alone(at - 1) || alone(at + 1))
        };
        for (at, row) in self.rows[..self.first()].iter().enumerate() {
            let listed = match lists.get(&at) {
                Some(names) => {
                    names.iter().for_each(|name| gather.hear(name));
                    true
                }
                None if beside(at) => {
                    gather.hear(row.text.trim_matches(is_markup));
                    true
                }
                None => false,
            };
            if !row.is_blank() {
                let why = if listed { Why::Attendees } else { Why::BeforeFirst };
                gather.pass_over(row.number, row.number, why)?;
            }
        }
        Ok(())
    }

    /// The text of a turn and the number of its last row. Moments that stand alone in it are passed over.
    fn text(
        &self,
        head: &Head<'_>,
        begin: usize,
        end: usize,
        gather: &mut Gather,
    ) -> Result<(String, u32), Unreadable> {
        let (mut body, mut last) = (head.text.to_owned(), 0);
        for row in &self.rows[begin..end.max(begin)] {
            if stamp::is_alone(row.text) {
                gather.pass_over(row.number, row.number, Why::Divider)?;
                continue;
            }
            body.push('\n');
            body.push_str(row.text);
            if !row.is_blank() {
                last = row.number;
            }
        }
        Ok((body, last))
    }

    /// Where the program's own words begin below the last turn of a transcript: a paragraph of their own, though no other
    /// turn has a second one.
    fn remark_at_end(&self) -> Option<usize> {
        let chat = matches!(self.shape, Shape::MomentNameColon | Shape::MomentName);
        if chat || self.heads.len() < 2 {
            return None;
        }
        let last = *self.heads.keys().max()?;
        let mut heads: Vec<usize> = self.heads.keys().copied().collect();
        heads.sort_unstable();
        let second = |head: usize, end: usize| {
            let begin = head + self.heads.get(&head).map_or(1, |head| head.rows);
            let inline = self.heads.get(&head).is_some_and(|head| !head.text.is_empty());
            let mut said = inline;
            (begin..end).find(|at| {
                if self.rows[*at].is_blank() {
                    return false;
                }
                let apart = self.rows[*at - 1].is_blank()
                    || self.by_paragraph && self.rows[*at - 1].number != self.rows[*at].number;
                let found = said && apart && !stamp::is_alone(self.rows[*at].text);
                said = true;
                found
            })
        };
        let others = heads.windows(2).any(|pair| second(pair[0], pair[1]).is_some());
        second(last, self.rows.len()).filter(|_| !others)
    }
}
