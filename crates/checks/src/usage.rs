//! Whether everything that was accepted is used, or left out with a reason.

use std::collections::HashSet;

use crate::drafted::{Draft, State};
use crate::finding::{Check, Level, Place, Telling};
use crate::findings::Findings;
use crate::ground::Ready;

pub(crate) fn check(ready: &Ready<'_>, draft: &Draft, found: &mut Findings) {
    let paragraphs = draft.sections.iter().flat_map(|section| &section.paragraphs);
    let cited: HashSet<&str> =
        paragraphs.flat_map(|paragraph| &paragraph.cites).map(|cite| cite.key.as_str()).collect();
    let inputs = ready.ground.material.inputs.iter();
    let open = inputs.filter(|input| {
        input.state == State::Accepted
            && !cited.contains(input.key.as_str())
            && !draft.omitted.contains(&input.key)
    });
    let sentence = match open.count() {
        0 => return,
        1 => "One accepted input is neither used nor left out with a reason.".into(),
        more => Telling::new(
            "{} accepted inputs are neither used nor left out with a reason.",
            [more.to_string()],
        ),
    };
    let remedy = "Let a paragraph rest on each, or say why it is left out.";
    found.add(
        Check::UseOfInputs,
        "unused",
        Level::BlocksAlways,
        Place::default(),
        sentence,
        remedy,
    );
}
