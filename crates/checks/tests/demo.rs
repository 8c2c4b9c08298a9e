//! The demonstration (`config/demo/`) passes its own checks: nothing in it blocks.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod planted;

use std::path::Path;

use rapporteur_checks::*;
use toml::{Table, Value};

fn read(file: &str) -> Table {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/demo")).join(file);
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

fn text<'t>(table: &'t Value, key: &str) -> Option<&'t str> {
    table.get(key).and_then(Value::as_str)
}

fn numbers(table: &Value, key: &str) -> Vec<u8> {
    let list = table.get(key).and_then(Value::as_array).into_iter().flatten();
    list.map(|one| u8::try_from(one.as_integer().unwrap()).unwrap()).collect()
}

fn people() -> People {
    let file = read("people.toml");
    let persons = file["participants"].as_array().unwrap().iter().map(|one| Person {
        name: text(one, "name").unwrap().to_owned(),
        may_be_named: one.get("named").and_then(Value::as_bool).unwrap_or_default(),
        emails: text(one, "email").map(str::to_owned).into_iter().collect(),
        telephones: Vec::new(),
    });
    // Speakers and the moderator agreed to be named in the sessions that are on record.
    let speakers = (1..=4).flat_map(|number| {
        let file = read(&format!("consultation_{number}.toml"));
        let sessions = file["sessions"].as_array().unwrap().clone();
        sessions.into_iter().flat_map(|session| {
            let listed =
                session.get("speakers").and_then(Value::as_array).cloned().unwrap_or_default();
            let moderator = session.get("moderator").cloned();
            let all = listed.into_iter().chain(moderator);
            all.filter_map(|one| one.as_str().map(str::to_owned)).collect::<Vec<String>>()
        })
    });
    let speakers = speakers.map(|one| Person {
        name: one.split(',').next().unwrap_or_default().to_owned(),
        may_be_named: true,
        ..Person::default()
    });
    let organizations = file["organizations"].as_array().unwrap().iter().map(|one| Organization {
        name: text(one, "name").unwrap().to_owned(),
        acronym: text(one, "acronym").map(str::to_owned),
    });
    People { persons: persons.chain(speakers).collect(), organizations: organizations.collect() }
}

fn material(file: &Table) -> Material {
    let input = |one: &Value| Input {
        key: text(one, "key").unwrap().to_owned(),
        text: text(one, "text").unwrap().to_owned(),
        state: match text(one, "decision") {
            None => State::Accepted,
            Some(_) => State::SetAside,
        },
        ..Input::default()
    };
    Material { inputs: file["inputs"].as_array().unwrap().iter().map(input).collect() }
}

fn draft(file: &Table) -> Draft {
    let mut sections: Vec<Section> = Vec::new();
    for (at, one) in file["paragraphs"].as_array().unwrap().iter().enumerate() {
        let kind = text(one, "section").unwrap();
        let objectives = numbers(one, "cluster");
        let key = format!("{kind} {objectives:?} {}", text(one, "category").unwrap_or_default());
        let outcome = matches!(kind, "cluster" | "overall_progress");
        let cites = one.get("inputs").and_then(Value::as_array).into_iter().flatten();
        let paragraph = Paragraph {
            key: text(one, "key").unwrap().to_owned(),
            number: Some(at as u32 + 1),
            text: text(one, "text").unwrap().trim().to_owned(),
            cites: cites
                .map(|one| Citation {
                    key: one.as_str().unwrap().to_owned(),
                    ..Citation::default()
                })
                .collect(),
            ..Paragraph::default()
        };
        if sections.last().is_none_or(|last| last.key != key) {
            sections.push(Section {
                key,
                unnumbered: false,
                level: 1,
                outcome,
                objectives,
                attribution: if outcome {
                    Attribution::ChathamHouse
                } else {
                    Attribution::OnRecord
                },
                ..Section::default()
            });
        }
        sections.last_mut().unwrap().paragraphs.push(paragraph);
    }
    let omitted = file["inputs"].as_array().unwrap().iter();
    let omitted = omitted.map(|one| text(one, "key").unwrap().to_owned()).collect();
    Draft { sections, omitted, most_words: Some(8_500), other_words: 0, outdated: Vec::new() }
}

#[test]
fn nothing_of_the_demonstration_blocks() {
    let (people, objectives) = (people(), planted::objectives());
    let released =
        |of: Counted, number: u32, about: bool| Released { of, number, about, or_more: false };
    let figures = Figures {
        released: vec![
            released(Counted::People, 80, true),
            released(Counted::Countries, 15, false),
            released(Counted::Consultations, 4, false),
        ],
        groups: Vec::new(),
    };
    let mut held = Vec::new();
    for number in 1..=4 {
        let file = read(&format!("consultation_{number}.toml"));
        let material = material(&file);
        let checker = Checker::new(Ground {
            language: "en",
            people: &people,
            material: &material,
            figures: &figures,
            objectives: &objectives,
            style: Style::united_nations(),
        });
        let draft = draft(&file);
        let findings = checker.draft(&draft);
        let advice = findings.iter().filter(|one| !one.level.blocks()).count();
        println!("consultation {number}: {} blocking, {advice} advising", findings.len() - advice);
        for finding in &findings {
            let of = |key: &String| {
                let paragraphs = draft.sections.iter().flat_map(|section| &section.paragraphs);
                paragraphs.clone().find(|one| one.key == *key).map(|one| one.text.clone())
            };
            let text = finding.place.paragraph.as_ref().and_then(of).unwrap_or_default();
            let words: String = finding.place.range.clone().map_or_else(String::new, |range| {
                text.chars().skip(range.start).take(range.len()).collect()
            });
            let told = format!(
                "{} {:?} {} “{words}”",
                finding.level.code(),
                finding.place.paragraph,
                finding.code()
            );
            println!("  {told}");
            if finding.level.blocks() {
                held.push(told);
            }
        }
    }
    assert!(held.is_empty(), "{held:#?}");
}
