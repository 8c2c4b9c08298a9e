//! Which words of one text stand in a row in another: for keeping what drafts say of something, before that is taken back.

use crate::ground::shingles::{Protected, pieces};
use crate::strand::Reading;

/// The words of `text`, inline Markdown, that stand in a row in `of` and are so many that they are somebody's; without marks.
pub fn repeated(of: &str, text: &str) -> Vec<String> {
    let mut protected = Protected::default();
    protected.protect(&pieces(of));
    let reading = Reading::of(text);
    let places = reading.strands().flat_map(|strand| {
        let places = protected.repeated_in(strand).into_iter();
        places.filter_map(|place| strand.text.get(place).map(str::to_owned)).collect::<Vec<_>>()
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::repeated;

    #[test]
    fn what_a_draft_says_of_something_is_found_and_nothing_else_of_it() {
        let said = "They took my papers on the first day, and kept them for a year.";
        let draft =
            "A participant said that *they took* my papers on the first day, and kept them.";
        assert_eq!(repeated(said, draft), ["they took my papers on the first day, and kept them"]);
        assert!(repeated(said, "Papers were taken on the first day.").is_empty());
    }
}
