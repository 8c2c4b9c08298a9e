use std::collections::BTreeSet;

use super::*;
use crate::document::sample::sample;
use crate::render::docx::read::reading_of;
use crate::render::{Format, render};

fn tag(tag: &str) -> LanguageTag {
    LanguageTag::parse(tag).unwrap()
}

fn reworded(lang: &str, mut word: impl FnMut(&TextPortion) -> Wording) -> Document {
    let mut document = sample().reworded(&tag(lang), &mut |one| word(one)).unwrap();
    document.number().unwrap();
    document
}

#[test]
fn every_portion_has_a_name_of_its_own() {
    let portions = sample().portions();
    let names: BTreeSet<&str> = portions.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names.len(), portions.len());
    for name in [
        "first-page-title-1",
        "first-page-note-1",
        "summary",
        "objectives",
        "outcomes",
        "chart:alt",
    ] {
        assert!(names.contains(name), "{name}: {names:?}");
    }
}

#[test]
fn portions_are_known_by_what_a_file_that_comes_back_knows_them_by() {
    let document = sample();
    let (reading, portions) = (reading_of(&document), document.portions());
    for passage in reading.passages.iter().filter(|one| !one.source.is_empty()) {
        let id = passage.id.as_ref().unwrap().as_str();
        let fixed = ["first-page-symbol-1", "first-page-summary-1"];
        assert!(fixed.contains(&id) || portions.iter().any(|one| one.name == id), "{id}");
    }
    for grid in &reading.tables {
        let id = grid.id.as_ref().unwrap();
        for (row, cells) in grid.rows.iter().enumerate().filter(|(_, cells)| cells.len() > 1) {
            for (column, text) in cells.iter().enumerate() {
                let name = format!("{id}:{}:{}", row + 1, column + 1);
                let found = portions.iter().find(|one| one.name == name);
                let is_number = text.parse::<u32>().is_ok();
                let words = |text: &str| text.split('^').next().unwrap_or_default().to_owned();
                let said = found.map(|one| words(&one.text)).unwrap_or_default();
                // The indicators of lettered notes are text in a file.
                assert!(is_number || words(text).starts_with(&said), "{name}: {text} / {said}");
                assert_eq!(found.is_none(), is_number || text.is_empty(), "{name}: {text}");
            }
        }
    }
}

#[test]
fn the_same_words_give_the_same_document() {
    let document = sample();
    let same = reworded("en", |one| Wording::Said(one.text.clone()));
    for (one, other) in same.portions().iter().zip(document.portions()) {
        assert_eq!((&one.name, &one.text, &one.label), (&other.name, &other.text, &other.label));
    }
    assert_eq!(reworded("en", |_| Wording::Same), document);
}

#[test]
fn other_words_keep_numbers_notes_and_references() {
    let document = sample();
    let mut other = reworded("fr", |one| {
        match one.name.as_str() {
        "objectives" => Wording::Said(
            "Voir le paragraphe [](#origin) et la section [](#challenges) :\n4. Un\n8. Deux\n21. Trois".into(),
        ),
        "origin" => Wording::Said("Un^[La première.] deux^[La deuxième.]^[La troisième.]".into()),
        _ => Wording::Same,
    }
    });
    let labels = |document: &Document| -> Vec<String> {
        document
            .portions()
            .into_iter()
            .map(|one| one.label)
            .filter(|one| !one.contains("igure") && one != "Annex" && one != "Annexe")
            .collect()
    };
    assert_eq!(labels(&other), labels(&document));
    assert_eq!(other.notes.len(), document.notes.len());
    other.number().unwrap();
    let html = String::from_utf8(render(&other, Format::Html)).unwrap();
    assert!(
        html.contains("<html lang=\"fr\" dir=\"ltr\">") && html.contains("La deuxième."),
        "{html}"
    );
}

#[test]
fn what_is_not_translated_says_in_which_language_it_is() {
    let arabic = reworded("ar", |_| Wording::Untranslated);
    let html = String::from_utf8(render(&arabic, Format::Html)).unwrap();
    for said in [
        "<html lang=\"ar\" dir=\"rtl\">",
        "<h1><span lang=\"en\" dir=\"ltr\">",
        "<div class=\"body\" lang=\"en\" dir=\"ltr\">",
        "<span class=\"text\"><span lang=\"en\" dir=\"ltr\">Background</span></span>",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    // What was in Arabic is in the language of the document now.
    assert!(html.contains("<div class=\"body\"><p>الهجرة"), "{html}");
    for format in Format::ALL {
        assert!(!render(&arabic, format).is_empty());
    }
}

#[test]
fn words_must_have_the_shape_of_the_original() {
    let portions = sample().portions();
    let of = |name: &str| portions.iter().find(|one| one.name == name).unwrap().clone();
    assert!(of("origin").check("Un^[a]^[b]^[c]").is_ok());
    assert_eq!(of("origin").check("Un^[a]"), Err(Unsuited::Notes { expected: 3, found: 1 }));
    assert!(matches!(of("objectives").check("Deux."), Err(Unsuited::References(_))));
    let list = "Voir [](#origin), [](#challenges):\n- un";
    assert_eq!(of("objectives").check(list), Err(Unsuited::Lists));
    assert_eq!(of("background").check("Un\n- deux"), Err(Unsuited::OneLine));
    assert_eq!(of("first-page-note-1").check("Un^[a]"), Err(Unsuited::Note));
    assert!(matches!(of("origin").check("![x](https://example.org)"), Err(Unsuited::Markup(_))));
    assert!(of("chart:alt").check("a *b* [c").is_ok());
    assert_eq!(of("chart:alt").check(" "), Err(Unsuited::OneLine));
}
