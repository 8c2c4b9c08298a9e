//! The first page, merged: its lines, its summary, its notes. Must never know a format.

use super::merged::Merging;
use super::pairing::{Pair, pairs};
use super::words::{self, Side, TellingWords};
use crate::document::inline::plain_text;
use crate::document::{
    Document, Inline, Mark, Masthead, MastheadLine, MastheadNote, Meta, Paragraph, Text, spots,
};

/// Two lines of which more is alike are one that was changed.
const SAME_LINE: f64 = 0.3;

impl<'a> Merging<'a> {
    /// What is printed before the text, in the later document, with summary and notes of both.
    pub(super) fn front(&mut self) -> Meta {
        let (old, new) = (self.runs.old, self.runs.new);
        let summary = self.summary(&old.meta.summary, &new.meta.summary);
        let notes = self.front_notes(&old.meta, &new.meta);
        Meta { summary, notes, ..new.meta.clone() }
    }

    fn summary(&mut self, old: &'a [Paragraph], new: &'a [Paragraph]) -> Vec<Paragraph> {
        let text = |paragraph: &Paragraph| {
            paragraph.runs().into_iter().map(plain_text).collect::<Vec<_>>().join(" ")
        };
        let (before, after): (Vec<_>, Vec<_>) =
            (old.iter().map(text).collect(), new.iter().map(text).collect());
        let (was, is) = (TellingWords::each(&before), TellingWords::each(&after));
        let is_same = |left: usize, right: usize| was[left].is_like(&is[right], SAME_LINE);
        let found = pairs(&before, &after, is_same).into_iter().map(|pair| match pair {
            Pair::Both(left, right) => self.front_paragraph(&old[left], &new[right]),
            Pair::Before(left) => self.only(&old[left], Mark::Deleted),
            Pair::After(right) => self.only(&new[right], Mark::Inserted),
        });
        found.collect()
    }

    /// Notes are one where they are to the same line under the same mark.
    fn front_notes(&mut self, old: &'a Meta, new: &'a Meta) -> Vec<MastheadNote> {
        let mut notes = Vec::new();
        let lines = [
            MastheadLine::Symbol,
            MastheadLine::AgendaItems,
            MastheadLine::Title,
            MastheadLine::Summary,
        ];
        for to in lines {
            let after: Vec<(usize, &MastheadNote)> = new.notes_to(to).collect();
            let same = |place: usize| after.iter().find(|(other, _)| *other == place);
            for (place, note) in old.notes_to(to) {
                let inlines = match same(place) {
                    Some((_, now)) => self.runs.both(&note.inlines, &now.inlines),
                    None => self.runs.one(&note.inlines, Mark::Deleted),
                };
                notes.push(MastheadNote { to, inlines });
            }
            for (place, note) in after {
                if !old.notes_to(to).any(|(other, _)| other == place) {
                    let inlines = self.runs.one(&note.inlines, Mark::Inserted);
                    notes.push(MastheadNote { to, inlines });
                }
            }
        }
        notes
    }
}

impl Document {
    /// The lines of the first page as they are printed, those that are not blank; of a document that shows differences, both those
    /// that were there and those that are.
    #[must_use]
    pub fn masthead(&self) -> Masthead {
        let meta = &self.meta;
        let before = self.compared.as_ref().map(|compared| &compared.before);
        let one = |field: fn(&Meta) -> &Text| {
            lines(before.map(|before| vec![field(before)]), &[field(meta)])
        };
        let several = |field: fn(&Meta) -> &[Text]| {
            let now: Vec<&Text> = field(meta).iter().collect();
            lines(before.map(|before| field(before).iter().collect()), &now)
        };
        let release = |meta: &'_ Meta| {
            [&meta.distribution, &meta.date, &meta.original_language].map(Text::clone)
        };
        let (was, is) = (before.map(release), release(meta));
        let release =
            lines(was.as_ref().map(|was| was.iter().collect()), &is.iter().collect::<Vec<_>>());
        let masthead = Masthead {
            symbol: one(|meta| &meta.symbol).into_iter().flatten().collect(),
            organ: one(|meta| &meta.organ),
            release,
            meeting: several(|meta| &meta.meeting),
            agenda: several(|meta| &meta.agenda_items),
            title: one(|meta| &meta.title),
            subtitle: one(|meta| &meta.subtitle),
        };
        if before.is_some() { masthead } else { in_languages(masthead, meta) }
    }
}

/// With the languages of those lines that are not in that of the document.
fn in_languages(mut masthead: Masthead, meta: &Meta) -> Masthead {
    if meta.other_languages.is_empty() {
        return masthead;
    }
    let lines = [
        (spots::ORGAN, vec![&meta.organ], &mut masthead.organ),
        (
            spots::RELEASE,
            vec![&meta.distribution, &meta.date, &meta.original_language],
            &mut masthead.release,
        ),
        (spots::MEETING, meta.meeting.iter().collect(), &mut masthead.meeting),
        (spots::AGENDA, meta.agenda_items.iter().collect(), &mut masthead.agenda),
        (spots::TITLE, vec![&meta.title], &mut masthead.title),
        (spots::SUBTITLE, vec![&meta.subtitle], &mut masthead.subtitle),
    ];
    for (name, texts, printed) in lines {
        let places = texts.iter().enumerate().filter(|(_, text)| !text.is_blank());
        for ((place, _), line) in places.zip(printed) {
            let id = spots::line(name, place);
            if let Some(other) = meta.other_languages.iter().find(|other| other.line == id) {
                let (lang, inlines) = (other.lang.clone(), std::mem::take(line));
                *line = vec![Inline::Language { lang, inlines }];
            }
        }
    }
    masthead
}

/// Lines that are printed. `before` are those of the earlier document, where two are compared.
fn lines(before: Option<Vec<&Text>>, now: &[&Text]) -> Vec<Vec<Inline>> {
    let shown = |lines: &[&Text]| -> Vec<Text> {
        lines.iter().filter(|line| !line.is_blank()).map(|line| (*line).clone()).collect()
    };
    let Some(before) = before else {
        return shown(now).into_iter().map(|line| vec![Inline::Text(line)]).collect();
    };
    let trimmed = |lines: &[&Text]| -> Vec<Text> {
        shown(lines).iter().map(|line| Text::new(line.as_str().trim())).collect()
    };
    let (before, now) = (trimmed(&before), trimmed(now));
    let words = |line: &Text| TellingWords::of(line.as_str());
    // A line that there is one of is the same line, whatever it says.
    let is_same = |left: usize, right: usize| {
        (before.len(), now.len()) == (1, 1)
            || words(&before[left]).is_like(&words(&now[right]), SAME_LINE)
    };
    let whole = |mark, line: &Text| {
        vec![Inline::Marked { mark, inlines: vec![Inline::Text(line.clone())] }]
    };
    let pair = |pair| match pair {
        Pair::Both(left, right) => line(&before[left], &now[right]),
        Pair::Before(left) => whole(Mark::Deleted, &before[left]),
        Pair::After(right) => whole(Mark::Inserted, &now[right]),
    };
    pairs(&before, &now, is_same).into_iter().map(pair).collect()
}

fn line(old: &Text, new: &Text) -> Vec<Inline> {
    let piece = |(side, text): (Side, String)| {
        let inlines = vec![Inline::text(&text)];
        match side {
            Side::Both => Inline::text(&text),
            Side::Before => Inline::Marked { mark: Mark::Deleted, inlines },
            Side::After => Inline::Marked { mark: Mark::Inserted, inlines },
        }
    };
    words::words(old.as_str(), new.as_str()).into_iter().map(piece).collect()
}
