//! What the checks find and miss of the corpus, and what they cost: a report of 150 paragraphs with 2,000 inputs and 500 registrants,
//! one paragraph as it is saved, and how the cost grows to 20,000 inputs. `cargo bench --bench checks`; a few seconds. Milliseconds
//! are those of a shared machine; the ratio is what counts.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[path = "../tests/planted/mod.rs"]
mod planted;

use std::hint::black_box;
use std::time::{Duration, Instant};

use planted::Corpus;
use rapporteur_checks::*;

const PARAGRAPHS: usize = 150;
const INPUTS: [usize; 3] = [2_000, 6_000, 20_000];
const REGISTRANTS: usize = 500;
/// Measurements of each kind; the median counts.
const TIMES: usize = 9;

fn main() {
    table();
    let mut first = None;
    println!(
        "\n{:>8}{:>14}{:>14}{:>14}{:>9}{:>16}",
        "inputs", "make ready", "whole draft", "together", "ratio", "one paragraph"
    );
    for inputs in INPUTS {
        let world = World::of(inputs);
        let ready = median(|| drop(black_box(world.checker())));
        let checker = world.checker();
        let whole = median(|| drop(black_box(checker.draft(&world.draft))));
        let section = &world.draft.sections[1];
        let one = median(|| drop(black_box(checker.paragraph(section, &section.paragraphs[7]))));
        let together = ready + whole;
        let first = *first.get_or_insert(together);
        println!(
            "{inputs:>8}{ready:>14.1?}{whole:>14.1?}{together:>14.1?}{:>9.2}{one:>16.1?}",
            together.as_secs_f64() / first.as_secs_f64()
        );
    }
}

/// What was found, missed and said wrongly, by check.
fn table() {
    let (tallies, wrong) = planted::tally(&Corpus::read());
    println!(
        "{:<26}{:>9}{:>8}{:>8}{:>16}{:>8}{:>14}",
        "check", "planted", "found", "missed", "missed, blocks", "right", "false alarms"
    );
    let mut all = planted::Tally::default();
    for (check, tally) in &tallies {
        row(check, tally);
        all.planted += tally.planted;
        all.found += tally.found;
        all.missed_blocking += tally.missed_blocking;
        all.right += tally.right;
        all.false_alarms += tally.false_alarms;
    }
    row("all", &all);
    wrong.iter().for_each(|one| println!("{one}"));
}

fn row(check: &str, tally: &planted::Tally) {
    println!(
        "{check:<26}{:>9}{:>8}{:>8}{:>16}{:>8}{:>14}",
        tally.planted,
        tally.found,
        tally.planted - tally.found,
        tally.missed_blocking,
        tally.right,
        tally.false_alarms
    );
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[TIMES / 2]
}

/// A report with everything that it is held against.
struct World {
    people: People,
    material: Material,
    figures: Figures,
    objectives: Vec<Objective>,
    draft: Draft,
}

/// Words of which texts are made, so that two have some in common and no eight in a row.
const WORDS: [&str; 40] = [
    "families",
    "waited",
    "registers",
    "of",
    "the",
    "harbour",
    "office",
    "and",
    "crews",
    "were",
    "left",
    "behind",
    "in",
    "ports",
    "that",
    "nobody",
    "searched",
    "while",
    "lists",
    "kept",
    "by",
    "coast",
    "guards",
    "did",
    "not",
    "agree",
    "with",
    "each",
    "other",
    "fees",
    "for",
    "papers",
    "rose",
    "again",
    "after",
    "storms",
    "closed",
    "shelters",
    "near",
    "borders",
];

/// Numbers that repeat in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn text(&mut self, words: usize) -> String {
        let mut text = String::new();
        for at in 0..words {
            let word = WORDS[self.throw(WORDS.len())];
            match at % 14 {
                0 => {
                    text.push_str(&word[..1].to_uppercase());
                    text.push_str(&word[1..]);
                }
                _ => text.push_str(word),
            }
            text.push_str(if at % 14 == 13 { ". " } else { " " });
        }
        text.trim_end().to_owned() + "."
    }

    fn name(&mut self) -> String {
        let syllables =
            ["ka", "mi", "ro", "tel", "van", "su", "dor", "li", "pha", "zen", "gor", "ya"];
        let mut part = |many: usize| {
            let part: String = (0..many).map(|_| syllables[self.throw(syllables.len())]).collect();
            part[..1].to_uppercase() + &part[1..]
        };
        format!("{} {}", part(3), part(4))
    }
}

impl World {
    fn of(inputs: usize) -> Self {
        let mut dice = Dice(7);
        let person = |dice: &mut Dice, at: usize| Person {
            name: dice.name(),
            emails: vec![format!("person{at}@example.org")],
            ..Person::default()
        };
        let people = People {
            persons: (0..REGISTRANTS).map(|at| person(&mut dice, at)).collect(),
            organizations: (0..REGISTRANTS / 3)
                .map(|at| Organization {
                    name: format!("Imaginary Union {at}"),
                    acronym: Some(format!("IU{at}")),
                })
                .collect(),
        };
        let input = |dice: &mut Dice, at: usize| Input {
            key: at.to_string(),
            text: dice.text(80),
            testimony: at.is_multiple_of(10),
            ..Input::default()
        };
        let material = Material { inputs: (0..inputs).map(|at| input(&mut dice, at)).collect() };
        let cite = |dice: &mut Dice| Citation {
            key: dice.throw(inputs).to_string(),
            voices: Voices::Few,
            ..Citation::default()
        };
        let mut number = 0;
        let mut paragraph = |dice: &mut Dice| {
            number += 1;
            Paragraph {
                key: format!("p{number}"),
                number: Some(number),
                text: format!(
                    "Participants noted that {} “{}”^[*A Title* (2019).]",
                    dice.text(90),
                    dice.text(9)
                ),
                cites: (0..4).map(|_| cite(dice)).collect(),
                ..Paragraph::default()
            }
        };
        let sections = (0..10).map(|at| Section {
            key: format!("s{at}"),
            heading: Some(format!("Part {at}")),
            unnumbered: false,
            level: 1,
            outcome: true,
            paragraphs: (0..PARAGRAPHS / 10).map(|_| paragraph(&mut dice)).collect(),
            ..Section::default()
        });
        let draft =
            Draft { sections: sections.collect(), most_words: Some(8_500), ..Draft::default() };
        let figures = Figures::default();
        Self { people, material, figures, objectives: planted::objectives(), draft }
    }

    fn checker(&self) -> Checker<'_> {
        Checker::new(Ground {
            language: "en",
            people: &self.people,
            material: &self.material,
            figures: &self.figures,
            objectives: &self.objectives,
            style: Style::united_nations(),
        })
    }
}
