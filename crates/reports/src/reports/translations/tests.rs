use super::*;
use crate::document::sample::sample;

fn words(language: &str) -> Language {
    language.parse().unwrap()
}

fn translated(held: &Held) -> BTreeMap<String, Translated> {
    let one = |beside: &Beside| {
        let Beside { original, .. } = beside;
        let made_from = original.text.clone();
        (original.name.clone(), Translated { text: made_from.clone(), made_from, version: 1 })
    };
    held.portions.iter().map(one).collect()
}

#[test]
fn what_changed_since_is_older_and_what_is_new_is_missing() {
    let original = sample();
    let held = Held::against(original.clone(), words("fr"), BTreeMap::new());
    assert_eq!(held.progress().missing, held.portions.len());
    let there = translated(&held);
    let held = Held::against(original.clone(), words("fr"), there.clone());
    assert!(held.progress().is_whole());
    assert!(held.document_to_publish().is_ok());

    let mut changed = original;
    changed.meta.title = "Another title".into();
    changed.meta.agenda_items.push("Item 5".into());
    let held = Held::against(changed, words("fr"), there);
    let Progress { missing, older, .. } = held.progress();
    assert_eq!((missing, older), (1, 1));
    let problem = held.require_whole().unwrap_err();
    let told: Vec<&str> = problem.errors().iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(told, ["/portions/first-page-agenda-2", "/portions/first-page-title-1"]);
    // It can be read all the same, and says so itself.
    let document = held.document().unwrap();
    let notes = document.meta.notes_to(MastheadLine::Title).count();
    assert_eq!(notes, 1 + 2);
}

#[test]
fn numbers_days_and_fixed_words_are_nobodys_work() {
    let mut original = sample();
    original.meta.distribution = "Distr.: General".into();
    original.meta.original_language = "Original: English".into();
    let held = Held::against(original.clone(), words("fr"), BTreeMap::new());
    for fixed in ["first-page-release-1", "first-page-release-3", "programme:3:1"] {
        assert!(held.portion(fixed).is_none(), "{fixed}");
    }
    let meta = held.document().unwrap().meta;
    assert_eq!(meta.distribution.as_str(), "Distr. générale");
    assert_eq!(meta.original_language.as_str(), "Original : anglais");
    assert_eq!(meta.symbol, original.meta.symbol);
}

#[test]
fn every_language_says_that_it_is_not_whole() {
    let all = WORDS.all().unwrap();
    assert_eq!(all.len(), Language::ALL.len());
    for words in all.values() {
        assert!(!words.missing.is_empty() && !words.older.is_empty());
    }
}
