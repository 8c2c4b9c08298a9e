//! Merges three texts word by word: what two people made of the same one. Nothing of either is lost: where both changed the same words
//! there is no merged text. Pure.

use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// Texts of which less than this is in common are not merged: what matches there is chance.
const LEAST_IN_COMMON: f64 = 0.4;

/// Words that became others: where they stood, and where the others stand.
type Change = (Range<usize>, Range<usize>);

/// `ours` with everything that became of `base` in `theirs`; none where both changed the same words otherwise.
pub fn three(base: &str, ours: &str, theirs: &str) -> Option<String> {
    if ours == base || ours == theirs {
        return Some(theirs.to_owned());
    }
    if theirs == base {
        return Some(ours.to_owned());
    }
    let (base, ours, theirs) = (words(base), words(ours), words(theirs));
    let own = changes(&base, &ours)?;
    let other = changes(&base, &theirs)?;
    let mut all: Vec<(Range<usize>, &[&str])> = Vec::with_capacity(own.len() + other.len());
    all.extend(own.into_iter().map(|(at, new)| (at, &ours[new])));
    for (at, new) in other {
        let new = &theirs[new];
        // The same change by both is one.
        if !all.contains(&(at.clone(), new)) {
            all.push((at, new));
        }
    }
    all.sort_by_key(|(at, _)| (at.start, at.end));
    if all.windows(2).any(|pair| pair[1].0.start <= pair[0].0.end) {
        return None;
    }
    let (mut merged, mut done) = (String::new(), 0);
    for (at, new) in all {
        merged.extend(base[done..at.start].iter().chain(new).copied());
        done = at.end;
    }
    merged.extend(base[done..].iter().copied());
    Some(merged)
}

/// Which words of a text became which of another one; none where the two have too little in common.
fn changes(from: &[&str], to: &[&str]) -> Option<Vec<Change>> {
    let steps = capture_diff_slices(Algorithm::Myers, from, to);
    let mut common = 0;
    let mut changed: Vec<Change> = Vec::new();
    for step in &steps {
        let (old, new) = (step.old_range(), step.new_range());
        if step.tag() == DiffTag::Equal {
            common += count(&from[old]);
            continue;
        }
        match changed.last_mut().filter(|(last, _)| last.end == old.start) {
            Some(last) => *last = (last.0.start..old.end, last.1.start..new.end),
            None => changed.push((old, new)),
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "texts have far fewer words")]
    let enough = common as f64 >= LEAST_IN_COMMON * count(from).min(count(to)) as f64;
    enough.then_some(changed)
}

/// How many of these are words, and not what stands between them.
fn count(words: &[&str]) -> usize {
    words.iter().filter(|word| word.starts_with(char::is_alphanumeric)).count()
}

/// A text as words and what stands between them; where a script has no spaces, as its letters.
fn words(text: &str) -> Vec<&str> {
    let (mut words, mut start, mut in_word) = (Vec::new(), 0, false);
    for (index, c) in text.char_indices() {
        let joins = c.is_alphanumeric() && c < '\u{2e80}';
        if !(joins && in_word) && index > start {
            words.push(&text[start..index]);
            start = index;
        }
        in_word = joins;
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_both_wrote_is_in_the_merged_text() {
        let base = "Fees differ between offices. Few offices are open on Sundays.";
        let ours = "Fees differ widely between offices. Few offices are open on Sundays.";
        let theirs = "Fees differ between offices. Few offices are open at weekends.";
        assert_eq!(
            three(base, ours, theirs).as_deref(),
            Some("Fees differ widely between offices. Few offices are open at weekends.")
        );
        let other = "Fees differ greatly between offices. Few offices are open on Sundays.";
        assert_eq!(three(base, ours, other), None, "the same words, changed by both");
        assert_eq!(three(base, ours, ours).as_deref(), Some(ours));
    }

    #[test]
    fn texts_that_have_little_in_common_are_not_merged() {
        let base = "Fees differ between offices.";
        assert_eq!(three(base, "Nobody knows which papers they need.", "Fees differ."), None);
    }

    #[test]
    fn a_text_falls_into_words_and_letters() {
        assert_eq!(words("Two words, 移民."), ["Two", " ", "words", ",", " ", "移", "民", "."]);
        assert!(words("").is_empty());
    }

    fn text() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(0_u8..6, 8..40)
    }

    fn said(words: &[String]) -> String {
        words.join(" ")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        /// Random words of a text are replaced by each of two people: merged, the words of both are there, or there is no merged text.
        #[test]
        fn nothing_of_either_is_lost(
            base in text(),
            own in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
            other in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let base: Vec<String> = base.iter().map(|word| format!("word{word}")).collect();
            let written = |places: &[prop::sample::Index], by: &str| {
                let mut words = base.clone();
                for place in places {
                    let place = place.index(words.len());
                    words[place] = format!("{by}{place}");
                }
                words
            };
            let (ours, theirs) = (written(&own, "own"), written(&other, "other"));
            if let Some(merged) = three(&said(&base), &said(&ours), &said(&theirs)) {
                for word in ours.iter().chain(&theirs).filter(|word| word.starts_with('o')) {
                    prop_assert!(merged.split(' ').any(|one| one == word), "no {word} in {merged}");
                }
            }
        }

        #[test]
        fn who_changed_nothing_changes_nothing(base in "[a-c移 .]{0,40}", new in "[a-c移 .]{0,40}") {
            let new = Some(new);
            let text = |of: &Option<String>| of.clone().unwrap_or_default();
            prop_assert_eq!(&three(&base, &base, &text(&new)), &new);
            prop_assert_eq!(&three(&base, &text(&new), &base), &new);
            prop_assert_eq!(&three(&base, &text(&new), &text(&new)), &new);
        }
    }
}
