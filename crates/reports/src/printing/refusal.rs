//! Why a document could not be printed, as it is answered over HTTP. Must never tell more than the failure does.

use std::collections::{BTreeMap, BTreeSet};

use super::failure::{Failure, Missing, listed};
use crate::problem::{Code, Problem};

/// A failure as it is answered over HTTP; `errors` has the places.
pub fn into_problem(failure: Failure) -> Problem {
    let detail = failure.to_string();
    match failure {
        Failure::MissingGlyphs(missing) => {
            let problem = Problem::new(Code::MissingGlyphs, detail);
            by_place(&missing).into_iter().fold(problem, |problem, (place, characters)| {
                problem.at(format!("/{}", place.replace(' ', "/")), listed(characters))
            })
        }
        Failure::Limit(_) => Problem::new(Code::RenderingLimit, detail),
        Failure::Refused(_) => Problem::internal("the PDF could not be made"),
    }
}

fn by_place(missing: &[Missing]) -> BTreeMap<&str, BTreeSet<char>> {
    let mut places = BTreeMap::<&str, BTreeSet<char>>::new();
    for one in missing {
        for place in &one.places {
            places.entry(place).or_default().insert(one.character);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_characters_are_answered_with_their_places() {
        let missing = |character, places: &[&str]| Missing {
            character,
            places: places.iter().map(ToString::to_string).collect(),
        };
        let problem = into_problem(Failure::MissingGlyphs(vec![
            missing('ก', &["paragraph 3"]),
            missing('中', &["footnote 2", "paragraph 3"]),
        ]));
        assert_eq!(problem.code(), Code::MissingGlyphs);
        assert_eq!(
            problem.errors().iter().map(|at| at.pointer.as_str()).collect::<Vec<_>>(),
            ["/footnote/2", "/paragraph/3"]
        );
    }
}
