//! Who could be told to have said something: people in every form of their names, where they come from, their addresses and numbers.
//! Where people speak under the Chatham House rule nobody is named; on record, whoever agreed. It must never say whose name it
//! found, nor repeat more of it than the text has.

use std::ops::Range;

use crate::drafted::{Attribution, Section};
use crate::finding::{Check, Level, Telling};
use crate::findings::{Findings, Spot};
use crate::ground::{Named, Ready, speaks};
use crate::strand::{Reading, Strand};

pub(crate) fn check(
    ready: &Ready<'_>,
    section: &Section,
    reading: &Reading,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    let on_record = section.attribution == Attribution::OnRecord;
    for strand in reading.strands() {
        let contacts = ready.contacts.found(strand, on_record);
        let bodies = ready.affiliations.found(ready.style, strand);
        for (place, rule, level) in &contacts {
            tell_contact(strand, place, rule, *level, spot, found);
        }
        for named in ready.persons.found(strand, on_record) {
            let apart = contacts.iter().all(|(other, ..)| !overlap(other, &named.place));
            let of_body = bodies.iter().find(|body| overlap(&body.place, &named.place));
            // A part of a name inside the name of an organization is a part of that.
            if !apart || of_body.is_some() && !named.whole {
                continue;
            }
            let level = if of_body.is_some() { Level::Advises } else { named.level };
            tell_person(strand, &Named { level, ..named }, on_record, spot, found);
        }
        if !on_record {
            for body in bodies {
                if speaks(ready.style, strand, &body)
                    && (strand.is_note || !is_sourced(reading, strand, &body.place))
                {
                    tell_body(strand, &body.place, spot, found);
                }
            }
        }
    }
    for link in reading.links.iter().filter(|link| !on_record && link.address.contains('@')) {
        found.add(
            Check::Attribution,
            "email",
            Level::Blocks,
            spot.at(link.source.clone()),
            "This link leads to somebody’s mailbox.",
            "Take it out: nobody is named here.",
        );
    }
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Whether a footnote of the same sentence says where it stands.
fn is_sourced(reading: &Reading, strand: &Strand, place: &Range<usize>) -> bool {
    strand.sentence_at(place.start).is_some_and(|sentence| {
        reading.notes.iter().any(|note| (place.start..=sentence.place.end).contains(&note.at))
    })
}

fn tell_contact(
    strand: &Strand,
    place: &Range<usize>,
    rule: &str,
    level: Level,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    let sentence = if rule == "telephone" {
        "Here stands a telephone number, by which somebody could be reached."
    } else {
        "Here stands an e-mail address, by which somebody could be reached."
    };
    found.add(
        Check::Attribution,
        rule,
        level,
        spot.at(strand.source(place)),
        sentence,
        "Take it out.",
    );
}

fn tell_person(
    strand: &Strand,
    named: &Named,
    on_record: bool,
    spot: &Spot<'_>,
    found: &mut Findings,
) {
    let written = &strand.text[named.place.clone()];
    let (sentence, remedy) = match (named.level, on_record) {
        (Level::Advises, _) => (
            "“{}” may name somebody.",
            "Look whether it does; if so, write what the person said and not who it was.",
        ),
        (_, false) => (
            "“{}” names somebody, and nobody is named in this section.",
            "Write “a participant”, and leave out what tells who it is.",
        ),
        (_, true) => (
            "“{}” names somebody who has not agreed to be named.",
            "Ask the person, or leave the name out.",
        ),
    };
    let rule = if named.by_sound { "name_in_other_script" } else { "name" };
    found.add(
        Check::Attribution,
        rule,
        named.level,
        spot.at(strand.source(&named.place)),
        Telling::new(sentence, [written]),
        remedy,
    );
}

fn tell_body(strand: &Strand, place: &Range<usize>, spot: &Spot<'_>, found: &mut Findings) {
    let written = &strand.text[place.clone()];
    found.add(
        Check::Attribution,
        "organization",
        Level::Blocks,
        spot.at(strand.source(place)),
        Telling::new(
            "“{}” is told to have said something, and nobody is named in this section.",
            [written],
        ),
        "Write “a participant”; if it is said in a publication, give that in a footnote.",
    );
}
