//! Kinds of documents, mastheads, the nesting of sections, headings, paragraph numbers, tables and links.

use super::{super::NAMESPACE, Findings, Rule};

/// What may hold what: each kind of section with the parents that it may have.
const HIERARCHY: [(&str, &[&str]); 4] = [
    ("section", &["mainBody"]),
    ("title", &["section", "mainBody"]),
    ("chapter", &["title"]),
    ("division", &["chapter"]),
];

const HOLD_PARAGRAPHS: [&str; 5] = ["mainBody", "section", "title", "chapter", "division"];

pub(super) fn check(findings: &mut Findings) {
    root(findings);
    mastheads(findings);
    hierarchy(findings);
    headings(findings);
    paragraphs(findings);
    tables(findings);
    links(findings);
}

fn root(findings: &mut Findings) {
    let tree = findings.tree;
    let root = tree.at(0);
    if root.name != "akomaNtoso" || root.attribute("xmlns") != Some(NAMESPACE) {
        findings.add(Rule::Root, 0, format!("the root is not an akomaNtoso of {NAMESPACE}"));
    }
    let other = tree.all().skip(1).find(|(_, element)| {
        element.name.contains(':')
            || element.attributes().any(|(name, _)| name.starts_with("xmlns"))
    });
    if let Some((index, _)) = other {
        findings.add(Rule::Root, index, "the element may be of another namespace");
    }
    let documents: Vec<_> = tree.children(0).collect();
    match documents.as_slice() {
        [(index, only)] => document(findings, *index, &only.name),
        _ => findings.add(Rule::Root, 0, "there is not one document"),
    }
    for (index, element) in tree.all() {
        let is_document = matches!(&*element.name, "debateReport" | "documentCollection" | "doc");
        if is_document && element.attribute("name").is_none_or(str::is_empty) {
            findings.add(Rule::DocumentType, index, "it has no name");
        }
    }
}

fn document(findings: &mut Findings, index: usize, name: &str) {
    match name {
        "debateReport" => {}
        "documentCollection" => {
            let body = findings.tree.child(index, "collectionBody");
            let component = body.and_then(|(body, _)| findings.tree.child(body, "component"));
            if component.and_then(|(part, _)| findings.tree.child(part, "doc")).is_none() {
                findings.add(Rule::DocumentType, index, "it holds no component with a doc");
            }
        }
        _ => findings.add(
            Rule::DocumentType,
            index,
            "a report is a debateReport, a paper a documentCollection",
        ),
    }
}

fn mastheads(findings: &mut Findings) {
    let tree = findings.tree;
    for (index, element) in tree.children(0) {
        let cover = tree.child(index, "coverPage");
        if cover.is_none() && element.name == "documentCollection" {
            findings.add(Rule::Masthead, index, "it has no cover page");
        }
        if let Some((cover, _)) = cover
            && !tree
                .named("docAuthority")
                .any(|(at, _)| tree.ancestors(at).any(|(up, _)| up == cover))
        {
            findings.add(Rule::Masthead, cover, "it names no publisher (docAuthority)");
        }
        let titles = tree.named("docTitle").filter(|(_, title)| !title.text.trim().is_empty());
        if tree.child(index, "preface").is_none() || titles.count() != 1 {
            findings.add(Rule::Masthead, index, "it has no preface with one docTitle");
        }
    }
    for (index, element) in tree.named("inline") {
        if !element.attribute("name").unwrap_or_default().starts_with("akn4un:") {
            findings.add(Rule::InlineName, index, "its name does not begin with akn4un:");
        }
    }
}

fn hierarchy(findings: &mut Findings) {
    let tree = findings.tree;
    for (index, element) in tree.all() {
        let parent = element.parent.map_or("", |parent| tree.at(parent).name.as_str());
        let known = HIERARCHY.iter().find(|(name, _)| *name == element.name);
        let allowed = match (known, element.name.as_str()) {
            (Some((_, parents)), _) => parents.contains(&parent),
            (None, "paragraph") => HOLD_PARAGRAPHS.contains(&parent),
            (None, "part" | "subsection" | "article" | "clause" | "book" | "tome") => false,
            _ => true,
        };
        // A title right in a body is a section of an annex, which stands for the first level.
        let in_annex = || tree.ancestors(index).any(|(_, up)| up.name == "attachment");
        let misplaced = matches!((&*element.name, parent), ("title", "mainBody")) && !in_annex();
        if !allowed || misplaced {
            findings.add(Rule::Hierarchy, index, format!("it stands in a {parent}"));
        }
    }
}

fn headings(findings: &mut Findings) {
    let tree = findings.tree;
    for (index, element) in tree.all() {
        let is_headed =
            HIERARCHY.iter().any(|(name, _)| *name == element.name) || element.name == "attachment";
        if is_headed && tree.child(index, "heading").is_none() {
            findings.add(Rule::Heading, index, "it has no heading");
        }
        if element.name == "num" && element.text.trim().is_empty() && element.children.is_empty() {
            findings.add(Rule::Heading, index, "the number is empty");
        }
    }
}

fn paragraphs(findings: &mut Findings) {
    let tree = findings.tree;
    let mut expected = 0_u32;
    for (index, element) in tree.named("paragraph") {
        let Some((_, number)) = tree.child(index, "num") else { continue };
        expected += 1;
        if number.text != format!("{expected}.") {
            let detail = format!("its number is {:?}, not \"{expected}.\"", number.text);
            findings.add(Rule::ParagraphNumber, index, detail);
        }
        let name = format!("para_{}", number.text.trim_end_matches('.'));
        let last = element.eid().unwrap_or_default().rsplit("__").next();
        if last != Some(&name) {
            findings.add(Rule::ParagraphNumber, index, format!("its eId does not end with {name}"));
        }
    }
}

fn tables(findings: &mut Findings) {
    let tree = findings.tree;
    for (index, _) in tree.named("table") {
        let mut hanging: Vec<usize> = Vec::new();
        let mut ragged = false;
        let rows: Vec<_> = tree.children(index).filter(|(_, row)| row.name == "tr").collect();
        for (count, &(row, _)) in rows.iter().enumerate() {
            let mut filled = 0;
            for (_, cell) in tree.children(row) {
                let span = |name| cell.attribute(name).map_or(Some(1), |value| value.parse().ok());
                let (Some(columns @ 1..=1000), Some(down @ 1..=65535)) =
                    (span("colspan"), span("rowspan"))
                else {
                    ragged = true;
                    continue;
                };
                filled += hanging[filled.min(hanging.len())..]
                    .iter()
                    .take_while(|&&rows| rows > 0)
                    .count();
                if count == 0 {
                    hanging.resize(hanging.len() + columns, 0);
                }
                let place = hanging.get_mut(filled..filled + columns);
                ragged |= place.as_ref().is_none_or(|place| place.iter().any(|&rows| rows > 0));
                place.into_iter().flatten().for_each(|rows| *rows = down);
                filled += columns;
            }
            ragged |= hanging.contains(&0);
            hanging.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
        }
        if ragged || hanging.iter().any(|&rows| rows > 0) {
            findings.add(Rule::TableShape, index, "its rows do not fill the same columns");
        }
    }
}

fn links(findings: &mut Findings) {
    let tree = findings.tree;
    for (index, element) in tree.all() {
        let href = element.attribute("href").unwrap_or_default();
        let scheme = href.split(':').next().unwrap_or_default().to_ascii_lowercase();
        let leads = match element.name.as_str() {
            "a" => matches!(&*scheme, "http" | "https" | "mailto") && href.contains(':'),
            "ref" => href.starts_with('#') || href.starts_with("/akn/"),
            _ => true,
        };
        if !leads {
            findings.add(Rule::Link, index, format!("it leads to {href:?}"));
        }
        let nested = |up: &str| matches!(up, "a" | "ref");
        if nested(&element.name)
            && tree
                .ancestors(index)
                .take_while(|(_, up)| up.name != "authorialNote")
                .any(|(_, up)| nested(&up.name))
        {
            findings.add(Rule::Link, index, "it stands in another link");
        }
    }
}
