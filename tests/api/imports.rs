//! Chatham House by construction: from `reports` no chain of imports reaches `voices::attribution`; what it is
//! written with, `document` and `render`, is a crate that knows nothing of this one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Module (`inputs::store`) → the modules that its code names by `crate::…` or `super::…`.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&root);
    let modules: BTreeSet<String> = files.iter().map(|file| module_of(&root, file)).collect();
    let mut graph = BTreeMap::new();
    for file in &files {
        let module = module_of(&root, file);
        let text = std::fs::read_to_string(file).unwrap();
        let code: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        let is_root = file.ends_with("mod.rs");
        graph.insert(module.clone(), named(&code, &module, is_root, &modules));
    }
    graph
}

fn named(code: &str, module: &str, is_root: bool, modules: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let parent =
        if is_root { module } else { module.rsplit_once("::").map_or("", |(parent, _)| parent) };
    for (marker, prefix) in [("crate::", ""), ("super::", parent), ("self::", module)] {
        for (at, _) in code.match_indices(marker) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
                continue;
            }
            let rest = &code[at + marker.len()..];
            for path in expand(rest) {
                let full = if prefix.is_empty() { path } else { format!("{prefix}::{path}") };
                found.extend(longest(&full, modules));
            }
        }
    }
    // `use` of a nested list may name a sibling without a marker; in a feature's root every `pub mod` is only a declaration.
    found.remove(module);
    found
}

/// `a::{b, c::d}` → `a::b`, `a::c::d`.
fn expand(text: &str) -> Vec<String> {
    let end =
        text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let head = &text[..end];
    if !(head.ends_with("::") || head.is_empty()) || !text[end..].starts_with('{') {
        return vec![head.trim_end_matches(':').to_owned()];
    }
    let (mut depth, mut start, mut parts) = (0, end + 1, Vec::new());
    for (at, c) in text[end..].char_indices().map(|(at, c)| (at + end, c)) {
        match c {
            '{' => depth += 1,
            ',' if depth == 1 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            '}' => {
                depth -= 1;
                if depth == 0 {
                    parts.push(&text[start..at]);
                    break;
                }
            }
            _ => {}
        }
    }
    let inner = parts.into_iter().flat_map(|part| expand(part.trim()));
    inner.map(|part| format!("{head}{part}")).collect()
}

fn longest(path: &str, modules: &BTreeSet<String>) -> Option<String> {
    let mut path = path;
    loop {
        if modules.contains(path) {
            return Some(path.to_owned());
        }
        path = path.rsplit_once("::")?.0;
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => rust_files(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn module_of(root: &Path, file: &Path) -> String {
    let relative = file.strip_prefix(root).unwrap().with_extension("");
    let parts: Vec<_> =
        relative.iter().map(|part| part.to_string_lossy()).filter(|part| part != "mod").collect();
    parts.join("::")
}

/// Every module that can be reached from `start`, with the way there.
fn reached(graph: &BTreeMap<String, BTreeSet<String>>, start: &str) -> BTreeMap<String, String> {
    let mut ways = BTreeMap::from([(start.to_owned(), start.to_owned())]);
    let mut open = vec![start.to_owned()];
    while let Some(module) = open.pop() {
        for next in graph.get(&module).into_iter().flatten() {
            if !ways.contains_key(next) {
                ways.insert(next.clone(), format!("{} → {next}", ways[&module]));
                open.push(next.clone());
            }
        }
    }
    ways
}

#[test]
fn reporting_cannot_reach_who_said_it() {
    let graph = imports();
    let starts: Vec<_> = graph
        .keys()
        .filter(|module| module.split("::").next() == Some("reports"))
        // Handlers are where the application is put together; they read reports through the services above.
        .filter(|module| !module.ends_with("::http"))
        .cloned()
        .collect();
    assert!(starts.len() > 8, "{starts:?}");
    for start in starts {
        if let Some(way) = reached(&graph, &start).get("voices::attribution") {
            panic!("the sealed link can be reached: {way}");
        }
    }
}

#[test]
fn handlers_of_reports_name_nothing_of_inputs() {
    let graph = imports();
    let forbidden = ["voices::attribution", "inputs::service", "inputs::store"];
    let named = &graph["reports::http"];
    assert!(forbidden.iter().all(|module| !named.contains(*module)), "{named:?}");
}

#[test]
fn this_test_would_notice() {
    let graph = imports();
    assert!(reached(&graph, "voices::feature").contains_key("voices::attribution"));
}

#[test]
fn only_the_sealed_module_names_the_sealed_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in rust_files(&root) {
        let module = module_of(&root, &file);
        let text = std::fs::read_to_string(&file).unwrap();
        let names = text.lines().any(|line| {
            !line.trim_start().starts_with("//") && line.contains("input_attributions")
        });
        assert!(
            !names
                || module.starts_with("voices::attribution")
                || ["db::schema", "voices::personal"].contains(&module.as_str()),
            "{module}"
        );
    }
}
