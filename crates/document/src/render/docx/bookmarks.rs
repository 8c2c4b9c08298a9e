//! Names of bookmarks, by which parts of a document are found again in a file that somebody edited, and what a cross-reference
//! to each can ask the word processor to count. Must never depend on numbers, which change from edition to edition.

use super::numbering::is_automatic;
use crate::document::{Block, Document, HeadingStyle, Id, Level, Paragraph};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Word cuts names after so many characters.
const LONGEST: usize = 40;
const PLAIN: &str = "rp_";
const DIGEST: &str = "rq_";

/// The name of the bookmark on the section, paragraph or table with this id.
///
/// Word admits 40 letters, digits and underscores and takes `a` and `A` for the same. So an id of at most 37 lower-case
/// letters, digits and hyphens, such as a UUID, is `rp_` and the id with `_` for `-`; any other is `rq_` and the first 36
/// hexadecimal digits of the id's SHA-256. Different ids get different names, in every edition the same.
#[must_use]
pub fn bookmark(id: &Id) -> String {
    let id = id.as_str();
    let is_plain = id.len() + PLAIN.len() <= LONGEST
        && id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if is_plain {
        return format!("{PLAIN}{}", id.replace('-', "_"));
    }
    let digest = Sha256::digest(id);
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digits = digits.filter_map(|digit| char::from_digit(digit.into(), 16));
    DIGEST.chars().chain(digits).take(LONGEST - 1).collect()
}

/// Whether a bookmark of this name can be ours.
pub(super) fn is_ours(name: &str) -> bool {
    let start = name.get(..PLAIN.len()).unwrap_or_default();
    start.eq_ignore_ascii_case(PLAIN) || start.eq_ignore_ascii_case(DIGEST)
}

/// What a reference field asks for, so that the word processor prints what the model computed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Switch {
    /// The number of the paragraph alone, without full stop.
    Number,
    /// The number with those of the headings above: "IV.B".
    Path,
    /// Nothing that a word processor counts gives this label: it is written out, as a link.
    Written,
}

/// What each id can be referred to by; ids without a number are left out.
pub(super) type Targets<'a> = BTreeMap<&'a Id, Switch>;

pub(super) fn targets(document: &Document) -> Targets<'_> {
    let mut targets = BTreeMap::new();
    let style = document.meta.heading_style;
    add(&document.blocks, style, Some(Switch::Number), &mut targets);
    targets
}

/// `above` is what a section at this place takes; none where a label above is not counted.
fn add<'a>(
    blocks: &'a [Block],
    style: HeadingStyle,
    above: Option<Switch>,
    targets: &mut Targets<'a>,
) {
    for block in blocks {
        match block {
            Block::Section(section) => {
                // After a label in parentheses the model writes no full stop, where a word processor does.
                let is_counted = is_automatic(section, style) && !section.label.ends_with(')');
                let is_top = section.level == Level::ONE && !section.annex;
                let inside = match above {
                    // Sections under an unnumbered one are referred to by their own label.
                    Some(Switch::Number) if section.label.is_empty() => above,
                    Some(Switch::Number) if is_counted && is_top => Some(Switch::Path),
                    Some(Switch::Path) if is_counted => above,
                    _ => None,
                };
                if !section.label.is_empty() {
                    let switch = above.filter(|_| is_counted).unwrap_or(Switch::Written);
                    targets.insert(&section.id, switch);
                }
                add(&section.blocks, style, inside, targets);
            }
            Block::Paragraph(Paragraph { id, number: Some(_), .. }) => {
                targets.insert(id, Switch::Number);
            }
            Block::Figure(figure) => {
                targets.insert(&figure.table.id, Switch::Written);
            }
            Block::Paragraph(_) | Block::Table(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_plain_and_different() {
        let name = |raw: &str| bookmark(&Id::new(raw));
        assert_eq!(
            name("01a214dd-f5fb-7468-9da3-84a9349cdc67"),
            "rp_01a214dd_f5fb_7468_9da3_84a9349cdc67"
        );
        let ids =
            ["a-b", "a_b", "A-b", "a--b", "01a214dd-ef4e-757d-8470-38ce8fd97357-objective-11"];
        let names: std::collections::BTreeSet<_> =
            ids.iter().map(|id| name(id).to_ascii_lowercase()).collect();
        assert_eq!(names.len(), ids.len());
        assert!(names.iter().all(|name| name.len() <= LONGEST && is_ours(name)));
    }
}
