//! Random edits in the file and here: nothing of either is lost. Every case goes through a real file. `PROPTEST_CASES` sets how many.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::document::{Block, Level, Paragraph, ParagraphPart, Section};
use crate::render::docx::{read, render};

#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    id: String,
    text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Chapter {
    id: String,
    heading: String,
    parts: Vec<Part>,
}

type Draft = Vec<Chapter>;

/// What somebody does; places are taken modulo what there is.
#[derive(Clone, Debug)]
enum Edit {
    Reword(usize),
    Delete(usize),
    Insert(usize),
    Move(usize, usize, usize),
    Rename(usize),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let place = 0_usize..40;
    let one = prop_oneof![
        4 => place.clone().prop_map(Edit::Reword),
        2 => place.clone().prop_map(Edit::Delete),
        3 => place.clone().prop_map(Edit::Insert),
        2 => (place.clone(), place.clone(), place.clone()).prop_map(|(a, b, c)| Edit::Move(a, b, c)),
        1 => place.prop_map(Edit::Rename),
    ];
    prop::collection::vec(one, 0..8)
}

/// Words that stand nowhere else.
fn words(of: &str) -> String {
    (0..6).map(|nth| format!("{of}w{nth}")).collect::<Vec<_>>().join(" ")
}

fn drafted(chapters: &[usize]) -> Draft {
    let mut number = 0;
    let chapter = |(nth, count): (usize, &usize)| {
        let parts = (0..*count).map(|_| {
            number += 1;
            Part { id: format!("p{number}"), text: words(&format!("p{number}")) }
        });
        let parts = parts.collect();
        Chapter { id: format!("s{nth}"), heading: words(&format!("s{nth}")), parts }
    };
    chapters.iter().enumerate().map(chapter).collect()
}

fn at(draft: &Draft, wanted: usize) -> Option<(usize, usize)> {
    let places: Vec<(usize, usize)> = draft
        .iter()
        .enumerate()
        .flat_map(|(chapter, one)| (0..one.parts.len()).map(move |part| (chapter, part)))
        .collect();
    (!places.is_empty()).then(|| places[wanted % places.len()])
}

/// The draft as `who` leaves it; what they add is known by their name.
fn edited(draft: &Draft, edits: &[Edit], who: &str) -> Draft {
    let mut draft = draft.clone();
    for (nth, edit) in edits.iter().enumerate() {
        let token = format!("{who}{nth}");
        match edit {
            Edit::Reword(place) => {
                if let Some((chapter, part)) = at(&draft, *place) {
                    let text = &mut draft[chapter].parts[part].text;
                    *text = format!("{text} {token}");
                }
            }
            Edit::Delete(place) => {
                if let Some((chapter, part)) = at(&draft, *place) {
                    draft[chapter].parts.remove(part);
                }
            }
            Edit::Insert(place) => {
                let chapter = place % draft.len();
                let part = place % (draft[chapter].parts.len() + 1);
                let new = Part { id: token.clone(), text: words(&token) };
                draft[chapter].parts.insert(part, new);
            }
            Edit::Move(from, chapter, part) => {
                if let Some((old, place)) = at(&draft, *from) {
                    let moved = draft[old].parts.remove(place);
                    let chapter = chapter % draft.len();
                    let part = part % (draft[chapter].parts.len() + 1);
                    draft[chapter].parts.insert(part, moved);
                }
            }
            Edit::Rename(place) => {
                let chapter = place % draft.len();
                let heading = &mut draft[chapter].heading;
                *heading = format!("{heading} {token}");
            }
        }
    }
    draft
}

fn document(draft: &Draft) -> Document {
    let paragraph = |part: &Part| {
        Block::Paragraph(Paragraph::numbered(
            part.id.as_str(),
            vec![ParagraphPart::text(&part.text)],
        ))
    };
    let section = |chapter: &Chapter| {
        let blocks = chapter.parts.iter().map(paragraph).collect();
        let mut section = Section::new(chapter.id.as_str(), Level::ONE, &chapter.heading, blocks);
        section.keep = true;
        Block::Section(section)
    };
    let mut document =
        Document { blocks: draft.iter().map(section).collect(), ..Document::default() };
    document.number().unwrap();
    document
}

fn held(base: &Draft, here: &Draft, file: &Draft) -> ThreeWay {
    let (base, here) = (document(base), document(here));
    let file = read::read(&render(&document(file)), &[&base, &here]).unwrap();
    compare(&base, &here, file)
}

/// What is here once everything is taken over that is no conflict.
fn taken_over(here: &Draft, departures: &[Departure]) -> Draft {
    let mut draft = here.clone();
    let mut last: BTreeMap<(Option<Id>, Option<Id>), String> = BTreeMap::new();
    for one in departures.iter().filter(|one| !one.is_conflict) {
        let id = one.id.as_ref().map(Id::as_str).unwrap_or_default().to_owned();
        let text = one.file.clone().unwrap_or_default();
        match one.kind {
            DepartureKind::Text => {
                let parts = draft.iter_mut().flat_map(|chapter| &mut chapter.parts);
                parts.filter(|part| part.id == id).for_each(|part| part.text.clone_from(&text));
            }
            DepartureKind::Heading => {
                let of = draft.iter_mut().filter(|chapter| chapter.id == id);
                of.for_each(|chapter| chapter.heading.clone_from(&text));
            }
            DepartureKind::Deleted => {
                draft.iter_mut().for_each(|chapter| chapter.parts.retain(|part| part.id != id));
            }
            DepartureKind::Moved => {
                let mut parts = draft.iter().flat_map(|chapter| &chapter.parts);
                let moved = parts.find(|part| part.id == id).cloned().unwrap();
                draft.iter_mut().for_each(|chapter| chapter.parts.retain(|part| part.id != id));
                put(&mut draft, one, one.behind.as_ref().map(Id::as_str), moved);
            }
            DepartureKind::Added => {
                let place = (one.section.clone(), one.behind.clone());
                let behind = last.get(&place).cloned();
                let behind = behind.or_else(|| one.behind.as_ref().map(ToString::to_string));
                last.insert(place, one.key.clone());
                let new = Part { id: one.key.clone(), text };
                put(&mut draft, one, behind.as_deref(), new);
            }
            other => panic!("{other:?}"),
        }
    }
    draft
}

fn put(draft: &mut Draft, one: &Departure, behind: Option<&str>, part: Part) {
    let section = one.section.as_ref().map(Id::as_str).unwrap();
    let chapter = draft.iter_mut().find(|chapter| chapter.id == section).unwrap();
    let place = chapter.parts.iter().position(|part| Some(part.id.as_str()) == behind);
    chapter.parts.insert(place.map_or(0, |place| place + 1), part);
}

fn texts(draft: &Draft) -> Vec<(String, Vec<String>)> {
    let of = |chapter: &Chapter| {
        let parts = chapter.parts.iter().map(|part| part.text.clone()).collect();
        (chapter.heading.clone(), parts)
    };
    draft.iter().map(of).collect()
}

fn all_words(draft: &Draft) -> BTreeSet<String> {
    let split = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let texts = texts(draft).into_iter();
    texts
        .flat_map(|(heading, parts)| [vec![heading], parts].concat())
        .flat_map(|text| split(&text))
        .collect()
}

fn said(departures: &[Departure]) -> BTreeSet<String> {
    let texts =
        departures.iter().filter(|one| one.is_conflict).flat_map(|one| [&one.file, &one.here]);
    texts
        .flatten()
        .flat_map(|text| text.split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

proptest! {
    #[test]
    fn nothing_of_either_is_lost(
        chapters in prop::collection::vec(0_usize..5, 1..4),
        of_file in edits(),
        of_here in edits(),
    ) {
        let base = drafted(&chapters);
        let (file, here) = (edited(&base, &of_file, "f"), edited(&base, &of_here, "h"));
        let found = held(&base, &here, &file);
        let merged = taken_over(&here, &found.departures);
        let (old, now) = (all_words(&base), all_words(&merged));
        let told = said(&found.departures);
        // What somebody wrote is in the text, or shown as a conflict.
        for word in all_words(&file).difference(&old) {
            prop_assert!(now.contains(word) || told.contains(word), "{word} of the file is lost: {found:#?}");
        }
        for word in all_words(&here).difference(&old) {
            prop_assert!(now.contains(word), "{word} of here is lost: {found:#?}");
        }
        // What stood in both from the beginning stands still, and once.
        for chapter in &base {
            for part in &chapter.parts {
                let has = |draft: &Draft| draft.iter().flat_map(|one| &one.parts).filter(|one| one.id == part.id).count();
                let is_conflict = found.departures.iter().any(|one| one.is_conflict && one.id.as_ref().is_some_and(|id| id.as_str() == part.id));
                if has(&file) == 1 && has(&here) == 1 {
                    prop_assert_eq!(has(&merged), 1);
                } else if !is_conflict {
                    prop_assert_eq!(has(&merged), 0, "{} was deleted: {:#?}", part.id, found);
                }
            }
        }
    }

    #[test]
    fn what_changed_in_one_only_is_taken_over_to_the_letter(
        chapters in prop::collection::vec(0_usize..6, 1..4),
        edits in edits(),
    ) {
        let base = drafted(&chapters);
        let other = edited(&base, &edits, "x");
        let of_file = held(&base, &base, &other);
        prop_assert!(of_file.departures.iter().all(|one| !one.is_conflict), "{of_file:#?}");
        prop_assert_eq!(texts(&taken_over(&base, &of_file.departures)), texts(&other), "{:#?}", of_file);
        prop_assert!(of_file.here_only.is_empty());
        prop_assert_eq!(held(&base, &other, &base).departures, vec![]);
        prop_assert_eq!(held(&base, &other, &other).departures, vec![]);
        // Asked again, everything has the key that it had, and its own.
        let again = held(&base, &base, &other);
        prop_assert_eq!(&again, &of_file);
        let keys: BTreeSet<&str> = again.departures.iter().map(|one| one.key.as_str()).collect();
        prop_assert_eq!(keys.len(), again.departures.len());
    }

    #[test]
    fn a_file_without_bookmarks_is_known_by_its_words(
        chapters in prop::collection::vec(1_usize..6, 1..4),
        edits in edits(),
    ) {
        let base = drafted(&chapters);
        let other = edited(&base, &edits, "x");
        let document = document(&base);
        let mut file = read::read(&render(&super::tests::document(&other)), &[&document]).unwrap();
        for passage in &mut file.accepted.passages {
            passage.id = None;
        }
        file.rejected = file.accepted.clone();
        let found = compare(&document, &document, file);
        prop_assert!(found.by_words);
        prop_assert_eq!(texts(&taken_over(&base, &found.departures)), texts(&other), "{:#?}", found);
    }
}

#[test]
fn what_nothing_tells_apart_has_a_key_of_its_own() {
    let base = drafted(&[1]);
    let mut file = base.clone();
    for id in ["a", "b", "c"] {
        file[0].parts.push(Part { id: id.to_owned(), text: "The same.".to_owned() });
    }
    let found = held(&base, &base, &file);
    assert_eq!(found.departures.len(), 3, "{found:#?}");
    let keys: BTreeSet<&str> = found.departures.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(keys.len(), 3);
    // Changed without a trace, and by somebody without a name: nobody's, both.
    let mut departures = vec![found.departures[0].clone(), found.departures[0].clone()];
    tell_apart(&mut departures);
    assert_eq!(departures[0], found.departures[0]);
    assert_ne!(departures[0].key, departures[1].key);
}

#[test]
fn what_somebody_coloured_and_emptied_of_marks_is_told_once() {
    let base = drafted(&[1]);
    let document = document(&base);
    let mut file = read::read(&render(&document), &[&document]).unwrap();
    let bold = |reading: &mut Reading| {
        let passage = reading.passages.iter_mut().find(|one| one.id == Some(Id::new("p1")));
        let passage = passage.unwrap();
        (passage.source, passage.lost_emphasis) = (format!("**{}**", passage.source), true);
    };
    for reading in [&mut file.accepted, &mut file.rejected] {
        bold(reading);
    }
    let sides = Sides {
        base: reading_of(&document),
        here: reading_of(&document),
        same: Same::Words(BTreeMap::new()),
        labels: BTreeMap::new(),
    };
    let found = sides.compare(file, true);
    let told: Vec<_> = found.departures.iter().map(|one| one.kind).collect();
    assert_eq!(told, [DepartureKind::Marks]);
}

/// Files of the sample as other programs saved them, without anybody having edited them; their pictures are taken out.
macro_rules! saved {
    ($name:literal) => {
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/files/word/",
            $name,
            ".docx"
        ))
    };
}

fn of_sample(bytes: &[u8]) -> ThreeWay {
    let sample = crate::document::sample::sample();
    compare(&sample, &sample, read::read(bytes, &[&sample]).unwrap())
}

#[test]
fn what_other_programs_save_has_no_false_change() {
    for (name, bytes) in [
        ("LibreOffice", saved!("libreoffice").as_slice()),
        ("OpenDocument and back", saved!("opendocument").as_slice()),
        ("python-docx", saved!("python-docx").as_slice()),
    ] {
        let found = of_sample(bytes);
        assert_eq!(found, ThreeWay::default(), "{name}");
        let origin = read::origin(bytes).unwrap();
        assert!(origin.marks.iter().all(|mark| mark == "abcdefghijk"), "{name}");
        let remembers = name != "OpenDocument and back";
        assert_eq!(
            (origin.marks.len(), origin.sealed.len()),
            if remembers { (2, 1) } else { (1, 0) },
            "{name}"
        );
    }
}

#[test]
fn what_pandoc_saves_is_known_by_its_words() {
    let found = of_sample(saved!("pandoc").as_slice());
    assert!(found.by_words);
    let told: Vec<_> = found
        .departures
        .iter()
        .map(|one| (one.kind, one.id.as_ref().map(Id::as_str), one.file.as_deref()))
        .collect();
    let marks = told.iter().filter(|(kind, ..)| *kind == DepartureKind::Marks);
    assert_eq!(told.len(), marks.count(), "{told:#?}");
    assert!(!told.is_empty(), "cross-references were lost, and that is told");
}
