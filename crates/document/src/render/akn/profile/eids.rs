//! Element ids: that they are there, that none stands twice, and that they are made as the naming convention makes them.

use super::{Findings, Rule, tree::Element};
use std::collections::HashSet;

/// Elements of documents like ours for which the schema has an id in its group `idreq`, each with its abbreviation.
const NAMED: [(&str, &str); 26] = [
    ("attachment", "att"),
    ("authorialNote", "fn"),
    ("blockContainer", "blockContainer"),
    ("blockList", "list"),
    ("chapter", "chp"),
    ("component", "cmp"),
    ("container", "container"),
    ("content", "content"),
    ("division", "dvs"),
    ("hcontainer", "hcontainer"),
    ("heading", "heading"),
    ("indent", "indent"),
    ("intro", "intro"),
    ("item", "item"),
    ("list", "list"),
    ("ol", "ol"),
    ("paragraph", "para"),
    ("point", "point"),
    ("ref", "ref"),
    ("section", "sec"),
    ("subheading", "subheading"),
    ("table", "table"),
    ("tblock", "tblock"),
    ("title", "title"),
    ("ul", "ul"),
    ("wrapUp", "wrapup"),
];

/// Metadata that is referred to: an id is wanted, its form is free.
const REFERRED: [&str; 8] = [
    "original",
    "TLCConcept",
    "TLCEvent",
    "TLCLocation",
    "TLCOrganization",
    "TLCPerson",
    "TLCRole",
    "TLCTerm",
];

/// Elements whose ids begin no other.
const BEGIN_NONE: [&str; 3] = ["coverPage", "preface", "mainBody"];

pub(super) fn check(findings: &mut Findings) {
    let tree = findings.tree;
    let mut seen = HashSet::new();
    for (index, element) in tree.all() {
        let named = NAMED.iter().find(|(name, _)| *name == element.name);
        let Some(eid) = element.eid() else {
            if named.is_some() || REFERRED.contains(&&*element.name) {
                findings.add(Rule::Eid, index, "it has no eId");
            }
            continue;
        };
        if !seen.insert(eid) {
            findings.add(Rule::UniqueEid, index, "its eId stands twice");
        }
        if let Some((_, abbreviation)) = named {
            form(findings, index, element, eid, abbreviation);
        }
    }
}

fn form(findings: &mut Findings, index: usize, element: &Element, eid: &str, abbreviation: &str) {
    let (above, last) =
        eid.rsplit_once("__").map_or((None, eid), |(above, last)| (Some(above), last));
    let number = last.strip_prefix(abbreviation);
    let allowed = |c: char| c.is_alphanumeric() || "-._".contains(c);
    let is_named = number.is_some_and(|rest| {
        rest.is_empty() || (rest.len() > 1 && rest.starts_with('_') && rest.chars().all(allowed))
    });
    if !is_named {
        return findings.add(
            Rule::EidForm,
            index,
            format!("its eId does not end with {abbreviation} and a number"),
        );
    }
    let around = |eid: &str| findings.tree.ancestors(index).any(|(_, up)| up.eid() == Some(eid));
    let is_placed = match above {
        Some(above) => around(above),
        None => is_first(findings, index, element),
    };
    if !is_placed {
        findings.add(Rule::EidForm, index, "its eId does not begin with that of a part around it");
    }
}

/// Whether an id may begin the line of ids: those that number through the document, and those that stand in nothing.
fn is_first(findings: &Findings, index: usize, element: &Element) -> bool {
    let runs = match element.name.as_str() {
        "paragraph" => findings.tree.child(index, "num").is_some(),
        "authorialNote" => element.attribute("placementBase").is_none(),
        _ => false,
    };
    let begins = |up: &Element| up.eid().is_some() && !BEGIN_NONE.contains(&&*up.name);
    runs || !findings.tree.ancestors(index).any(|(_, up)| begins(up))
}
