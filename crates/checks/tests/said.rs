//! What is found can be told in six languages: every text that a check or a rule of style uses stands in `config/i18n/checks.toml`, and
//! no other does.

mod planted;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use planted::Corpus;
use rapporteur_checks::Telling;

fn house(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).expect("it is a file of the house")
}

/// The English texts that can be told in other languages.
fn known() -> BTreeSet<String> {
    let table: toml::Table = house("config/i18n/checks.toml").parse().expect("it is TOML");
    let all = table["said"].as_array().expect("it is a list").iter();
    all.map(|one| one["en"].as_str().expect("each is told in English").to_owned()).collect()
}

#[test]
fn whatever_is_found_in_the_corpus_can_be_told() {
    let (corpus, known) = (Corpus::read(), known());
    let checker = corpus.checker();
    let mut unknown = BTreeSet::new();
    for case in corpus.faults.iter().chain(&corpus.rights) {
        for finding in checker.draft(&corpus.draft(case)) {
            let texts = [finding.sentence.text, finding.remedy.text].map(|text| text.into_owned());
            unknown.extend(texts.into_iter().filter(|text| !known.contains(text)));
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn every_rule_of_style_can_be_told_and_nothing_else_is_kept() {
    let (style, known) = (house("config/style/un.toml"), known());
    let table: toml::Table = style.parse().unwrap();
    for rule in table["rules"].as_array().unwrap() {
        for part in ["sentence", "remedy"] {
            let text = rule[part].as_str().unwrap();
            let is_word = text.starts_with("Write “") && text.matches('“').count() == 1;
            assert!(is_word || known.contains(text), "{text}");
        }
    }
    let mut sources = style;
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for folder in [src.clone(), src.join("manual")] {
        for file in fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if file.is_file() {
                sources.push_str(&fs::read_to_string(file).unwrap());
            }
        }
    }
    let left: Vec<&String> = known.iter().filter(|text| !sources.contains(text.as_str())).collect();
    assert!(left.is_empty(), "nobody says any more: {left:#?}");
}

#[test]
fn words_stand_in_their_places_in_every_language() {
    let telling = Telling::new("“{}” is objective {}.", ["A {} title", "9"]);
    assert_eq!(telling.to_string(), "“A {} title” is objective 9.");
    assert_eq!(telling.in_words("« {} » est l’objectif {}."), "« A {} title » est l’objectif 9.");
    assert_eq!(Telling::from("Take it out.").to_string(), "Take it out.");
}
