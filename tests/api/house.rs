//! Holds the house to its grammar (CONTRIBUTING.md, "Names and files"), and what papers and comments cite to what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Files that are layers: each stands once in a room, and means the same in every room.
const LAYERS: &[&str] = &[
    "bodies", "exports", "feature", "http", "imports", "lib", "mails", "main", "mod", "personal",
    "privacy", "service", "store", "tests",
];

/// Names that several rooms give to a module of theirs, and the one thing that each means.
const SHARED: &[(&str, &str)] = &[
    ("body", "the paragraphs and tables of a document in a format"),
    ("build", "builds something large step by step"),
    ("bulk", "many at once"),
    ("checks", "what is held against rules before it is taken"),
    ("content", "what something is made of"),
    ("corrigendum", "what the demonstration sets right after it was published"),
    ("decisions", "what is decided about a registration or an input"),
    ("difference", "what differs between two texts or documents"),
    ("documents", "reports as files"),
    ("drafted", "what drafters wrote"),
    ("editions", "editions of reports"),
    ("events", "what a feature tells those above it"),
    ("exchange", "in and out of files that other programs write and read"),
    ("fields", "the typed fields of a registration"),
    ("figure", "a chart in a document"),
    ("following", "where an input ended up"),
    ("form", "the form of a registration"),
    ("gather", "loads what something is made from"),
    ("history", "what became of something, step by step"),
    ("i18n", "what is said in six languages"),
    ("inlines", "runs of text in a paragraph, in a format"),
    ("masthead", "the first page of a document"),
    ("matching", "recognizes who or what is meant by how it is written"),
    ("merging", "what happens when two entries, accounts or registrations are made one"),
    ("notes", "footnotes and endnotes"),
    ("package", "the container of an office file"),
    ("outline", "the sections of a document or report as a tree"),
    ("paragraphs", "paragraphs of a report"),
    ("participation", "who took part"),
    ("people", "who is in the demonstration"),
    ("plain", "as plain text"),
    ("portions", "the parts of a text that are taken by themselves"),
    ("problem", "what is refused or goes wrong"),
    ("programme", "the programme of a consultation"),
    ("proposals", "what is proposed, and done once somebody decides so"),
    ("provenance", "what something rests on"),
    ("retention", "what is forgotten after its time"),
    ("rules", "what the secretariat sets for registration or assignment"),
    ("said", "what somebody said"),
    ("sample", "something to try things on"),
    ("schema", "tables as Diesel knows them"),
    ("sentences", "sentences"),
    ("similar", "texts that say the same"),
    ("source", "text as somebody typed it"),
    ("styles", "styles of Word"),
    ("submission", "the one way in"),
    ("table", "a table"),
    ("text", "text"),
    ("tree", "elements of XML as a tree"),
    ("voices", "who said what"),
    ("words", "single words: of a text, or that a document prints by itself"),
    ("xml", "XML written"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files below the root of the repository with one of these endings, by path from there.
fn files(folders: &[&str], endings: &[&str]) -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && name != "target" && name != ".git" {
                walk(&path, found);
            } else if path.is_file() {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for folder in folders {
        let path = root().join(folder);
        if path.is_dir() { walk(&path, &mut found) } else { found.push(path) }
    }
    let names = found.iter().map(|path| path.strip_prefix(root()).unwrap().to_str().unwrap());
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.retain(|name| endings.iter().any(|ending| name.ends_with(ending)));
    names.sort();
    names.dedup();
    names
}

/// The sources of the crates and the program.
fn sources() -> Vec<String> {
    let mut all = files(&["crates", "src"], &[".rs"]);
    all.retain(|file| file.starts_with("src/") || file.contains("/src/"));
    assert!(all.len() > 300, "{} files: not all are seen", all.len());
    all
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap()
}

/// The folder of a file, and its name without the ending.
fn parts(file: &str) -> (&str, &str) {
    let (folder, name) = file.rsplit_once('/').unwrap();
    (folder, name.trim_end_matches(".rs"))
}

/// What is wrong with the names of these files.
fn misnamed(all: &[String]) -> Vec<String> {
    let there: BTreeSet<&str> = all.iter().map(String::as_str).collect();
    let mut wrong = Vec::new();
    for file in all {
        let (folder, name) = parts(file);
        let room = folder.rsplit('/').next().unwrap();
        if let Some((first, last)) = name.rsplit_once('_')
            && LAYERS.contains(&last)
        {
            wrong.push(format!("{file}: {last} is a layer; make it {folder}/{first}/{last}.rs"));
        }
        if there.contains(format!("{folder}/{name}/mod.rs").as_str())
            || all.iter().any(|other| other.starts_with(&format!("{folder}/{name}/")))
        {
            wrong.push(format!("{file} stands beside a folder of its name: make it its mod.rs"));
        }
        let singular = room.trim_end_matches('s');
        if name == room || (name.starts_with(&format!("{singular}_")) && room != "src") {
            wrong.push(format!("{file} repeats the name of its folder"));
        }
    }
    wrong
}

#[test]
fn rooms_are_folders_and_layers_are_files() {
    let wrong = misnamed(&sources());
    assert!(wrong.is_empty(), "{wrong:#?}");
    let bad = |files: &[&str]| misnamed(&files.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>());
    assert_eq!(bad(&["src/rounds/mod.rs", "src/rounds/store.rs"]).len(), 0);
    assert_eq!(bad(&["src/programme/rounds_store.rs"]).len(), 1);
    assert_eq!(bad(&["src/rounds.rs", "src/rounds/store.rs"]).len(), 1);
    assert_eq!(bad(&["src/plans/plan_edits.rs"]).len(), 1);
    assert_eq!(bad(&["src/plans/plans.rs"]).len(), 1);
}

#[test]
fn a_name_that_several_modules_have_means_one_thing() {
    let mut rooms: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in sources() {
        let (folder, name) = parts(&file);
        let name = if name == "mod" { folder.rsplit('/').next().unwrap() } else { name };
        if !LAYERS.contains(&name) && !folder.contains("/tests") {
            rooms.entry(name.to_owned()).or_default().push(file.clone());
        }
    }
    let several = rooms.iter().filter(|(_, files)| files.len() > 1);
    let several: BTreeSet<&str> = several.map(|(name, _)| name.as_str()).collect();
    let said: BTreeSet<&str> = SHARED.iter().map(|(name, _)| *name).collect();
    let unsaid: Vec<_> = several.difference(&said).map(|name| &rooms[*name]).collect();
    assert!(unsaid.is_empty(), "say in SHARED what both mean, or rename one: {unsaid:#?}");
    let gone: Vec<_> = said.difference(&several).collect();
    assert!(gone.is_empty(), "one module or none has these names now: {gone:?}");
}

/// Who calls names the room: a service or a store that passed on its siblings would hide where a thing is.
#[test]
fn layers_pass_nothing_on() {
    let passes_on = |text: &str| text.lines().any(|line| line.starts_with("pub use "));
    assert!(passes_on("use a::b;\npub use super::changes::update;\n"));
    let layers = ["store.rs", "service.rs", "http.rs", "bodies.rs", "mails.rs"];
    let all = sources().into_iter();
    let layers = all.filter(|file| layers.iter().any(|layer| file.ends_with(&format!("/{layer}"))));
    let wrong: Vec<String> = layers.filter(|file| passes_on(&read(file))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// SQL is in stores, and in what forgets and merges; HTTP is in handlers.
#[test]
fn handlers_services_and_mails_name_no_table() {
    let names_tables = |text: &str| {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let mut code = code.filter(|line| line.contains("diesel::") || line.contains("db::schema"));
        code.next().is_some()
    };
    assert!(names_tables("use diesel::prelude::*;") && !names_tables("// diesel::prelude"));
    let layers = ["service.rs", "http.rs", "bodies.rs", "mails.rs"];
    let all = sources().into_iter().filter(|file| !file.starts_with("crates/kernel/src/db/"));
    let layers = all.filter(|file| layers.iter().any(|layer| file.ends_with(&format!("/{layer}"))));
    let wrong: Vec<String> = layers.filter(|file| names_tables(&read(file))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

// ------------------------------------------------------------------------------------------------ citations

/// How many rules ARCHITECTURE.md numbers.
fn rules() -> usize {
    let text = read("ARCHITECTURE.md");
    let section = text.split("## Rules that hold by construction").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut last = 0;
    for line in section.lines() {
        if let Some((number, _)) = line.split_once(". ")
            && let Ok(number) = number.parse::<usize>()
        {
            assert_eq!(number, last + 1, "rules are numbered one by one");
            last = number;
        }
    }
    last
}

/// The comments of a source, joined; of anything else all of it.
fn prose(file: &str, text: &str) -> String {
    let mark = match file.rsplit('.').next() {
        Some("rs") => "//",
        Some("sql") => "--",
        Some("toml" | "sh" | "yml") => "#",
        _ => return text.to_owned(),
    };
    let lines = text.lines().filter_map(|line| line.split_once(mark).map(|(_, said)| said));
    lines.map(|said| said.trim_start_matches(['/', '!', '-', '#', ' '])).fold(
        String::new(),
        |mut all, line| {
            all.push_str(line);
            all.push('\n');
            all
        },
    )
}

/// Every citation in a text that leads nowhere.
fn dead(file: &str, text: &str, rules: usize) -> Vec<String> {
    let prose = prose(file, text);
    let mut dead = Vec::new();
    let here = Path::new(file).parent().unwrap();
    let exists = |path: &str| root().join(path).exists() || root().join(here).join(path).exists();
    // Papers by name.
    for word in prose.split(|c: char| !(c.is_ascii_alphanumeric() || "_-./".contains(c))) {
        let word = word.trim_end_matches('.');
        if word.ends_with(".md") && !exists(word) && !exists(&format!("docs/{word}")) {
            dead.push(format!("{file} cites {word}, which is not here"));
        }
    }
    // Rules by number.
    let joined = prose.split_whitespace().collect::<Vec<_>>().join(" ");
    for cited in joined.split("ARCHITECTURE.md, rule ").skip(1) {
        let number: String = cited.chars().take_while(char::is_ascii_digit).collect();
        if !number.parse().is_ok_and(|number: usize| (1..=rules).contains(&number)) {
            dead.push(format!("{file} cites rule {number:?} of {rules}"));
        }
    }
    // Files and folders of the repository, in backticks or as links.
    // (The marks of a block of code would shift what is inside and outside.)
    let unfenced = prose.replace("```", "");
    let quoted = unfenced.split('`').skip(1).step_by(2);
    let links = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    for path in quoted.chain(links) {
        let path = path.split('#').next().unwrap().trim_end_matches('/');
        let is_path = ["crates/", "src/", "tests/", "docs/", "config/", "benches/", "migrations/"]
            .iter()
            .any(|folder| path.starts_with(folder))
            || (path.starts_with(".ci/"));
        let is_plain = path.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
        if is_path && is_plain && !exists(path) {
            dead.push(format!("{file} names {path}, which is not there"));
        }
    }
    dead
}

#[test]
fn what_is_cited_is_there() {
    let rules = rules();
    assert!(rules >= 10, "ARCHITECTURE.md numbers {rules} rules");
    let papers = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs", "Cargo.toml", ".ci"];
    let code = ["crates", "src", "tests", "benches", "migrations", "config", "xtask"];
    let there = code.iter().chain(&papers).copied().filter(|name| root().join(name).exists());
    let there: Vec<&str> = there.collect();
    let all = files(&there, &[".rs", ".md", ".sql", ".toml", ".ci/run"]);
    assert!(all.len() > 400, "{} files: not all are seen", all.len());
    let dead: Vec<String> = all
        .iter()
        .filter(|file| !file.ends_with("tests/api/house.rs"))
        .flat_map(|file| dead(file, &read(file), rules))
        .collect();
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn a_citation_that_leads_nowhere_is_found() {
    let found = |text: &str| dead("src/main.rs", text, 10).len();
    assert_eq!(found("// As DOMAIN.md says."), 1);
    assert_eq!(found("// As ARCHITECTURE.md says (ARCHITECTURE.md,\n// rule 3)."), 0);
    assert_eq!(found("// ARCHITECTURE.md, rule 11"), 1);
    assert_eq!(found("// In `crates/kernel/src/nowhere.rs`."), 1);
    assert_eq!(found("// In `crates/kernel/src/lib.rs`."), 0);
    assert_eq!(found("let text = \"DOMAIN.md\";"), 0);
    assert_eq!(dead("README.md", "```sh\nls\n```\nIn `src/nowhere/`.", 10).len(), 1);
    assert_eq!(dead("README.md", "See [this](docs/nothing.md).", 10).len(), 2);
}
