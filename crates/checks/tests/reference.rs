//! The structure of the report that was published of the reference case, held against the checks: what is known to be wrong in it is
//! found. Its texts stay in the memory of this test. Skipped, and said so, where the file is not.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod planted;

use std::collections::BTreeSet;
use std::path::Path;

use rapporteur_checks::*;
use serde_json::Value;

/// Where the structure of the reference report is kept, from the root of the repository.
const STRUCTURE: &str = "../shared/seed/structure.json";
/// Paragraphs with a known breach of style.
const BREACHES: &[u64] = &[12, 14, 35, 65, 72, 76, 79, 82, 92];
/// Paragraphs that tell of one participant what may tell who it is.
const TOLD: &[u64] = &[57, 76];

fn structure() -> Option<Value> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let Ok(text) = std::fs::read_to_string(root.join(STRUCTURE)) else {
        eprintln!("SKIPPED: {STRUCTURE} is not there, so the reference report is not checked");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// Footnotes stand in the text as raised numbers; they become notes.
fn with_notes(text: &str, notes: &Value) -> String {
    let raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let text = text.replace("^{4 5}", "⁴ ⁵");
    let (mut out, mut number) = (String::new(), String::new());
    for c in text.chars().chain(['\n']) {
        match raised.chars().position(|one| one == c) {
            Some(digit) => number.push_str(&digit.to_string()),
            None => {
                if !number.is_empty() {
                    let note = notes[&number]["text"].as_str().unwrap_or_default();
                    let note = note.replace('[', "(").replace(']', ")");
                    out.push_str(&format!("^[{note}]"));
                    number.clear();
                }
                out.push(c);
            }
        }
    }
    out.trim_end().to_owned()
}

fn attribution(label: &str) -> Attribution {
    if label == "IV" { Attribution::ChathamHouse } else { Attribution::OnRecord }
}

fn draft(structure: &Value) -> Draft {
    let paragraphs = structure["paragraphs"].as_object().unwrap();
    let headings = structure["headings"].as_array().unwrap();
    let mut sections = Vec::new();
    let (mut part, mut objectives) = (String::new(), Vec::new());
    for (at, heading) in headings.iter().enumerate() {
        let level = u8::try_from(heading["level"].as_u64().unwrap()).unwrap();
        let text = heading["text"].as_str().unwrap();
        if level == 1 {
            part = heading["num"].as_str().unwrap_or_default().to_owned();
        }
        if level <= 2 {
            objectives = text
                .split("bjective ")
                .skip(1)
                .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
                .collect();
        }
        let range = |heading: &Value| {
            (heading["range"][0].as_u64().unwrap(), heading["range"][1].as_u64().unwrap())
        };
        let (first, last) = range(heading);
        // Paragraphs stand under the deepest heading that has them.
        let deeper = |number: u64| {
            headings[at + 1..]
                .iter()
                .take_while(|other| other["level"].as_u64() > Some(u64::from(level)))
                .any(|other| (range(other).0..=range(other).1).contains(&number))
        };
        let own = (first..=last).filter(|number| !deeper(*number)).map(|number| {
            let paragraph = &paragraphs[&number.to_string()];
            let items = paragraph["items"].as_array().unwrap().iter();
            let items: String = items
                .map(|item| format!("\n- {}", item.as_str().unwrap().trim_start_matches("✓ ")))
                .collect();
            let text = paragraph["text"].as_str().unwrap();
            Paragraph {
                key: format!("p{number}"),
                number: Some(u32::try_from(number).unwrap()),
                text: with_notes(&format!("{text}{items}"), &structure["footnotes"]),
                editorial_reason: Some("It is what the published report says.".to_owned()),
                ..Paragraph::default()
            }
        });
        sections.push(Section {
            key: format!("s{at}"),
            heading: Some(text.to_owned()),
            unnumbered: false,
            level,
            attribution: attribution(&part),
            outcome: part == "IV",
            objectives: objectives.clone(),
            category: None,
            paragraphs: own.collect(),
        });
    }
    Draft {
        sections,
        omitted: BTreeSet::new(),
        most_words: Some(8_500),
        other_words: 0,
        outdated: Vec::new(),
    }
}

fn people() -> People {
    let speakers = [
        "Siobhán Mullally",
        "Hasan Al-Akraa",
        "Klaus Dik Nielsen",
        "Eve Lester",
        "Pia Oberoi",
        "Sabine Henning",
    ];
    let organizations = [
        ("International Committee of the Red Cross", "ICRC"),
        ("Office of the United Nations High Commissioner for Human Rights", "OHCHR"),
        ("Asia Pacific Refugee Rights Network", "APRRN"),
        ("International Detention Coalition", "IDC"),
        ("Boniĝi Monitoring", "BM"),
        ("Refugee Emergency Fund", "REF"),
        ("Human Rights Commission of Malaysia", "SUHAKAM"),
    ];
    People {
        persons: speakers
            .map(|name| Person { name: name.to_owned(), may_be_named: true, ..Person::default() })
            .into(),
        organizations: organizations
            .map(|(name, acronym)| Organization {
                name: name.to_owned(),
                acronym: Some(acronym.to_owned()),
            })
            .into(),
    }
}

#[test]
fn what_is_known_to_be_wrong_in_the_reference_report_is_found() {
    let Some(structure) = structure() else { return };
    let draft = draft(&structure);
    let (people, material, objectives) = (people(), Material::default(), planted::objectives());
    let released =
        |of: Counted, number: u32, about: bool| Released { of, number, about, or_more: false };
    let figures = Figures {
        released: vec![
            released(Counted::People, 80, true),
            released(Counted::People, 20, false),
            released(Counted::Countries, 15, false),
        ],
        groups: Vec::new(),
    };
    let checker = Checker::new(Ground {
        language: "en",
        people: &people,
        material: &material,
        figures: &figures,
        objectives: &objectives,
        style: Style::united_nations(),
    });
    let findings = checker.draft(&draft);
    let texts: Vec<(&String, &String)> = draft
        .sections
        .iter()
        .flat_map(|section| section.paragraphs.iter().map(|one| (&one.key, &one.text)))
        .collect();
    for finding in &findings {
        let key = finding.place.paragraph.as_ref();
        let heading =
            draft.sections.iter().find(|one| Some(&one.key) == finding.place.section.as_ref());
        let text = match key {
            Some(key) => texts.iter().find(|(one, _)| *one == key).map(|(_, text)| (*text).clone()),
            None => heading.and_then(|one| one.heading.clone()),
        };
        let words: String = finding.place.range.clone().map_or_else(String::new, |range| {
            text.unwrap_or_default().chars().skip(range.start).take(range.len()).collect()
        });
        let place = key.cloned().or(finding.place.section.clone()).unwrap_or_default();
        println!(
            "{place}\t{}\t{}\t{words}\t{}",
            finding.level.code(),
            finding.code(),
            finding.sentence
        );
    }
    let has = |number: u64, check: Check| {
        let key = format!("p{number}");
        findings
            .iter()
            .any(|one| one.check == check && one.place.paragraph.as_deref() == Some(&*key))
    };
    for number in BREACHES {
        assert!(has(*number, Check::Style), "nothing is said of the style of paragraph {number}");
    }
    for number in TOLD {
        assert!(has(*number, Check::IdentifyingCombination), "paragraph {number} is not told");
    }
}
