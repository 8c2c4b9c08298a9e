use super::list::{Altered, Spot, edits, of};
use super::words::Side;
use super::*;
use crate::document::{Block, Mark, sample};

fn names() -> Names {
    Names { from: "edition 1".into(), to: "edition 2".into(), day: String::new() }
}

fn told(old: &[&str], new: &[&str]) -> Vec<Altered> {
    of(&compare(&sample::of(old), &sample::of(new), &names()))
}

#[test]
fn a_change_is_told_by_its_place_and_words() {
    let found = told(
        &["Fees differ.", "Offices are\n(a) far\n(b) closed"],
        &["Fees vary.", "Offices are\n(a) far\n(b) shut"],
    );
    let one = |spot, item: Option<&str>, words: &[(Side, &str)]| Altered {
        item: item.map(str::to_owned),
        id: None,
        mark: None,
        words: words.iter().map(|(side, text)| (*side, (*text).to_owned())).collect(),
        spot,
    };
    let found: Vec<Altered> = found.into_iter().map(|one| Altered { id: None, ..one }).collect();
    assert_eq!(
        found[0],
        one(
            Spot::Paragraph(1),
            None,
            &[
                (Side::Both, "Fees "),
                (Side::Before, "differ"),
                (Side::After, "vary"),
                (Side::Both, ".")
            ]
        )
    );
    // Of an item of one word nothing is the same: another item stands in its place.
    assert_eq!(found[1].item.as_deref(), Some("(b)"));
    // What stood there before comes first, as among words.
    let marks: Vec<_> = found[1..].iter().map(|one| one.mark).collect();
    assert_eq!(marks, [Some(Mark::Deleted), Some(Mark::Inserted)]);
}

#[test]
fn a_footnote_that_changes_is_told_where_it_stands() {
    let found = told(&["One thing.^[Fees differ widely.]"], &["One thing.^[Fees vary widely.]"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].spot, Spot::Note("1".to_owned()));
}

#[test]
fn edits_are_found_in_their_sentence() {
    let words = words::words("One is here. Fees are low.", "One is here. Fees are very high.");
    let edit = &edits(&words)[0];
    assert_eq!((edit.sentence, edit.gone.as_str(), edit.come.as_str()), (2, "low", "very high"));
}

/// What is told of the earlier text is found in its sentence once, and no bare figure.
#[test]
fn edits_are_told_so_that_they_are_found() {
    for (from, to, sentence, gone, come) in [
        (
            "Ms. Sample left. It was on 9 May.",
            "Ms. Sample left. It was on 19 May.",
            2,
            "9 May",
            "19 May",
        ),
        (
            "In force since May 2008; see there.",
            "In force since May 2018; see there.",
            1,
            "May 2008",
            "May 2018",
        ),
        (
            "Fees are low and taxes are low.",
            "Fees are low and taxes are high.",
            1,
            "taxes are low",
            "taxes are high",
        ),
        ("Low fees and low taxes.", "Low fees and high taxes.", 1, "low", "high"),
        (
            "The tax and the fee, if the fee is due.",
            "The tax and the fee, if the levy is due.",
            1,
            "fee is",
            "levy is",
        ),
    ] {
        let edits = edits(&words::words(from, to));
        let [edit] = &edits[..] else { panic!("{edits:?}") };
        let told = (edit.sentence, edit.gone.trim(), edit.come.trim());
        assert_eq!(told, (sentence, gone, come), "{from:?}");
    }
    let words = words::words("In most and in most too", "In most and in most public offices too");
    assert_eq!(edits(&words)[0].after, "and in most");
    assert_eq!(edits(&words)[0].sentence, 1);
}

#[test]
fn what_is_gone_and_what_is_new_is_marked_as_a_whole() {
    let merged = compare(
        &sample::of(&["Fees are high in every office.", "Nothing more is said here."]),
        &sample::of(&[
            "Fees are high in every office.",
            "Some quite other thing follows then.",
            "And a third.",
        ]),
        &names(),
    );
    // Paragraphs with one id are one, whatever they say.
    let marks: Vec<Option<Mark>> = merged
        .blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(paragraph) => paragraph.mark(),
            _ => None,
        })
        .collect();
    assert_eq!(marks, [None, None, Some(Mark::Inserted)]);
}

/// Linear: ten times as much takes not much more than ten times as long (measured in work, not in time: the text of each
/// paragraph is looked at by itself).
#[test]
fn long_documents_are_compared() {
    let sources: Vec<String> = (0..300)
        .map(|n| {
            format!(
                "Participants of group {n} spoke of fees, papers and {} more things at length.",
                n * 7
            )
        })
        .collect();
    let changed: Vec<String> = sources
        .iter()
        .enumerate()
        .map(|(n, text)| if n % 3 == 0 { text.replace("fees", "charges") } else { text.clone() })
        .collect();
    let refs = |all: &[String]| sample::of(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let merged = compare(&refs(&sources), &refs(&changed), &names());
    assert_eq!(of(&merged).len(), 100);
}
