//! Footnotes: markers, placement and order. Must never count a note of the first page among those of the text.

use super::{Findings, Rule, tree::Element};
use std::collections::HashMap;

pub(super) fn check(findings: &mut Findings) {
    let tree = findings.tree;
    let (mut run, mut marks) = (0_usize, 0_usize);
    let mut lettered: HashMap<&str, usize> = HashMap::new();
    for (index, note) in tree.named("authorialNote") {
        marker(findings, index, note);
        placement(findings, index, note);
        if tree.ancestors(index).any(|(_, up)| up.name == "authorialNote") {
            findings.add(Rule::NoteInNote, index, "it stands in another note");
        }
        let is_of_masthead =
            tree.ancestors(index).any(|(_, up)| ["coverPage", "preface"].contains(&&*up.name));
        let is_marked = is_of_masthead && note.attribute("marker").is_some_and(is_mark);
        let expected = match note.attribute("placementBase") {
            None if is_marked => {
                marks += 1;
                "*".repeat(marks)
            }
            None => {
                run += 1;
                run.to_string()
            }
            Some(base) => {
                let count = lettered.entry(base).or_default();
                *count += 1;
                letters(*count)
            }
        };
        let found = note.attribute("marker").unwrap_or_default();
        if found != expected {
            findings.add(
                Rule::NoteOrder,
                index,
                format!("its marker is {found:?}, not {expected:?}"),
            );
        }
    }
}

fn marker(findings: &mut Findings, index: usize, note: &Element) {
    let Some(marker) = note.attribute("marker").filter(|marker| !marker.trim().is_empty()) else {
        return findings.add(Rule::NoteMarker, index, "it has no marker");
    };
    // An asterisk cannot stand in a name.
    let name =
        if is_mark(marker) { format!("fn_nn_{}", marker.len()) } else { format!("fn_{marker}") };
    if note.eid().unwrap_or_default().rsplit("__").next() != Some(&name) {
        findings.add(Rule::NoteMarker, index, format!("its eId does not end with {name}"));
    }
}

fn placement(findings: &mut Findings, index: usize, note: &Element) {
    if note.attribute("placement") != Some("bottom") {
        findings.add(Rule::NotePlacement, index, "it is not placed at the bottom");
    }
    let Some(base) = note.attribute("placementBase") else { return };
    let base = base.strip_prefix('#').unwrap_or(base);
    let is_table = |up: &Element| up.name == "table" && up.eid() == Some(base);
    if !findings.tree.ancestors(index).any(|(_, up)| is_table(up)) {
        findings.add(
            Rule::NotePlacement,
            index,
            "it is placed under a table that it does not stand in",
        );
    }
}

/// Whether a note is marked by asterisks, as those to lines of the first page are (UN Editorial Manual, footnotes).
fn is_mark(marker: &str) -> bool {
    !marker.is_empty() && marker.bytes().all(|byte| byte == b'*')
}

/// 1 is a, 26 is z, 27 is aa.
fn letters(mut count: usize) -> String {
    let mut letters = Vec::new();
    while count > 0 {
        count -= 1;
        letters.push(char::from(b'a' + u8::try_from(count % 26).unwrap_or_default()));
        count /= 26;
    }
    letters.iter().rev().collect()
}
