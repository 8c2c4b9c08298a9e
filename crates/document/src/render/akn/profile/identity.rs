//! Metadata: identification on three levels, addresses, languages, life cycle, and that references lead somewhere.

use super::{Findings, Rule, tree::Element};
use std::collections::HashSet;

const LEVELS: [&str; 3] = ["FRBRWork", "FRBRExpression", "FRBRManifestation"];

/// Attributes that hold references to parts of the same file.
const REFERENCES: [&str; 6] = ["source", "href", "refersTo", "as", "by", "placementBase"];

pub(super) fn check(findings: &mut Findings) {
    let tree = findings.tree;
    for (index, element) in tree.all() {
        if matches!(&*element.name, "debateReport" | "documentCollection" | "doc") {
            document(findings, index);
        }
    }
    for (index, _) in tree.children(0) {
        lifecycle(findings, index);
    }
    languages(findings);
    targets(findings);
}

fn document(findings: &mut Findings, document: usize) {
    let tree = findings.tree;
    let identification = tree
        .child(document, "meta")
        .and_then(|(meta, _)| tree.child(meta, "identification"))
        .map(|(identification, _)| identification);
    let Some(identification) = identification else {
        return findings.add(Rule::Identification, document, "it has no identification");
    };
    let mut above = format!("/akn/un/{}/", tree.at(document).name);
    // An annex is named after what it is annexed to.
    if tree.ancestors(document).any(|(_, up)| up.name == "attachment") {
        "/akn/un/".clone_into(&mut above);
    }
    for (level, name) in LEVELS.into_iter().enumerate() {
        let Some((index, _)) = tree.child(identification, name) else {
            findings.add(Rule::Identification, identification, format!("it has no {name}"));
            continue;
        };
        complete(findings, index, level);
        above = addresses(findings, index, level, &above);
    }
}

/// Every level says which thing it is, when it was made and by whom.
fn complete(findings: &mut Findings, index: usize, level: usize) {
    const ALL: [&str; 4] = ["FRBRthis", "FRBRuri", "FRBRdate", "FRBRauthor"];
    const MORE: [&[&str]; 3] =
        [&["FRBRcountry", "FRBRsubtype", "FRBRnumber"], &["FRBRlanguage"], &["FRBRformat"]];
    for name in ALL.iter().chain(MORE[level]) {
        let value = |child: &Element| {
            let known = ["value", "date", "href", "language"];
            known.iter().any(|name| child.attribute(name).is_some_and(|value| !value.is_empty()))
        };
        if !findings.tree.child(index, name).is_some_and(|(_, child)| value(child)) {
            findings.add(Rule::Identification, index, format!("it has no {name}"));
        }
    }
}

/// Checks the two addresses of one level and returns what the next one begins with.
fn addresses(findings: &mut Findings, index: usize, level: usize, above: &str) -> String {
    let value = |name| {
        let child = findings.tree.child(index, name);
        child.and_then(|(_, child)| child.attribute("value")).unwrap_or_default().to_owned()
    };
    let (this, uri) = (value("FRBRthis"), value("FRBRuri"));
    let below = uri.strip_prefix(above).unwrap_or_default();
    let is_formed = match level {
        // Subtype, author, date, number.
        0 => below.split('/').count() >= if above == "/akn/un/" { 5 } else { 4 },
        1 => is_version(below),
        _ => below.starts_with('.') && !below.contains('/'),
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || "/-.@".contains(c);
    if !is_formed || uri.contains("//") || !uri.chars().all(allowed) {
        findings.add(Rule::Address, index, format!("{uri:?} is no address of this level"));
    }
    let whole = if level == 2 { above } else { &*uri };
    let part = this.strip_prefix(whole).unwrap_or_default();
    let ends = if level == 2 { part.contains('.') } else { true };
    if !part.starts_with("/!") || !ends {
        findings.add(Rule::Address, index, format!("{this:?} is no part of {whole:?}"));
    }
    if level == 1 { uri } else { format!("{uri}{}", if level == 0 { "/" } else { "" }) }
}

/// `eng@2020-12-18`, or `eng@` of a text without date.
fn is_version(part: &str) -> bool {
    part.split_once('@').is_some_and(|(language, _)| is_alpha_3(language)) && !part.contains('/')
}

fn is_alpha_3(language: &str) -> bool {
    language.len() == 3 && language.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn languages(findings: &mut Findings) {
    let tree = findings.tree;
    let mut known = HashSet::new();
    for (index, element) in tree.named("FRBRlanguage") {
        let language = element.attribute("language").unwrap_or_default();
        known.insert(language);
        if !is_alpha_3(language) {
            let detail = format!("{language:?} is no three-letter code of a language");
            findings.add(Rule::Language, index, detail);
        }
    }
    for (index, element) in tree.named("mainBody") {
        let tag = element.attribute("xml:lang").unwrap_or_default();
        let code = crate::document::LanguageTag::parse(tag).map(|tag| super::super::alpha_3(&tag));
        if !code.is_ok_and(|code| known.contains(code.as_str())) {
            let detail = format!("its language {tag:?} is not that of the metadata");
            findings.add(Rule::Language, index, detail);
        }
    }
}

fn lifecycle(findings: &mut Findings, document: usize) {
    let tree = findings.tree;
    let Some((meta, _)) = tree.child(document, "meta") else { return };
    let lifecycle = tree.child(meta, "lifecycle");
    let is_made = lifecycle.is_some_and(|(lifecycle, _)| {
        tree.children(lifecycle).any(|(_, event)| event.attribute("type") == Some("generation"))
    });
    if !is_made {
        findings.add(Rule::Lifecycle, meta, "it has no life cycle with a generation");
    }
    if tree.child(meta, "references").is_none() {
        findings.add(Rule::Lifecycle, meta, "it has no references");
    }
}

fn targets(findings: &mut Findings) {
    let tree = findings.tree;
    let eids: HashSet<_> = tree.all().filter_map(|(_, element)| element.eid()).collect();
    for (index, element) in tree.all() {
        for (name, value) in element.attributes() {
            let target = value.strip_prefix('#').filter(|_| REFERENCES.contains(&name));
            if let Some(target) = target.filter(|target| !eids.contains(target)) {
                findings.add(
                    Rule::Target,
                    index,
                    format!("{name} leads to {target:?}, which is nowhere"),
                );
            }
        }
    }
}
