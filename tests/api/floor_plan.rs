//! Holds the house to its plan: which crate stands on which, who can be reached from where, and that no folder needs itself.
//!
//! Crates as Cargo sees them; modules as the code names them, by syntax, each name followed to where it is defined.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use syn::buffer::{Cursor, TokenBuffer};
use syn::visit::{self, Visit};

/// The directed graph of anything that has a name.
type Graph = BTreeMap<String, BTreeSet<String>>;

const NORMAL: &[&str] = &["normal"];
const EVERY_KIND: &[&str] = &["normal", "build", "dev"];

/// What each crate may name in its Cargo.toml; that, and nothing else.
const PLAN: &[(&str, &str)] = &[
    ("assignment", ""),
    ("checks", "document intake"),
    ("consultations", "kernel people"),
    ("document", ""),
    ("encoding", ""),
    ("exchange", "encoding kernel"),
    ("figures", "consultations groups kernel people registrations"),
    ("groups", "assignment consultations exchange kernel people registrations"),
    ("inputs", "consultations document exchange intake kernel people registrations"),
    ("intake", "document encoding"),
    ("kernel", ""),
    ("people", "kernel"),
    (
        "rapporteur",
        "consultations document exchange figures groups inputs intake kernel people registrations reports \
         typeset voices",
    ),
    ("registrations", "consultations exchange kernel people"),
    (
        "reports",
        "checks consultations document exchange figures groups inputs intake kernel people registrations",
    ),
    ("typeset", "document"),
    ("voices", "consultations inputs kernel people registrations"),
    (BESIDE, ""),
];

/// What developers run (`cargo xtask`): beside the house, no part of the program, and so not in the picture.
const BESIDE: &str = "xtask";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The workspace's crates, without the prefix of their names, and on which of each other they depend.
fn crates(kinds: &[&str]) -> Graph {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let asked = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .output()
        .unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let told: serde_json::Value = serde_json::from_slice(&asked.stdout).unwrap();
    let packages = told["packages"].as_array().unwrap();
    let names: BTreeSet<String> = packages.iter().map(name_of).collect();
    let needs = |package: &serde_json::Value| {
        let all = package["dependencies"].as_array().unwrap().iter();
        let asked = all.filter(|one| kinds.contains(&one["kind"].as_str().unwrap_or("normal")));
        asked.map(name_of).filter(|name| names.contains(name)).collect()
    };
    packages.iter().map(|package| (name_of(package), needs(package))).collect()
}

fn name_of(package: &serde_json::Value) -> String {
    let name = package["name"].as_str().unwrap();
    name.strip_prefix("rapporteur-").unwrap_or(name).to_owned()
}

/// All that can be reached from there, with the way.
fn reached(graph: &Graph, start: &str) -> BTreeMap<String, String> {
    let mut ways = BTreeMap::from([(start.to_owned(), start.to_owned())]);
    let mut open = vec![start.to_owned()];
    while let Some(one) = open.pop() {
        for next in graph.get(&one).into_iter().flatten() {
            if !ways.contains_key(next) {
                ways.insert(next.clone(), format!("{} → {next}", ways[&one]));
                open.push(next.clone());
            }
        }
    }
    ways
}

/// The transitive reduction of a graph without circles: the arrows that no longer way replaces.
fn reduced(graph: &Graph) -> BTreeSet<(String, String)> {
    let longer = |from: &String, to: &String| {
        graph[from].iter().any(|other| other != to && reached(graph, other).contains_key(to))
    };
    let arrows = graph.iter().flat_map(|(from, all)| all.iter().map(move |to| (from, to)));
    let kept = arrows.filter(|(from, to)| !longer(from, to));
    kept.map(|(from, to)| (from.clone(), to.clone())).collect()
}

/// The strongly connected components of more than one member (Tarjan).
fn circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let mut search = Tarjan { graph, seen: BTreeMap::new(), stack: Vec::new(), found: Vec::new() };
    for start in graph.keys() {
        if !search.seen.contains_key(start.as_str()) {
            search.visit(start);
        }
    }
    search.found.into_iter().filter(|component| component.len() > 1).collect()
}

struct Tarjan<'a> {
    graph: &'a Graph,
    /// When each was met.
    seen: BTreeMap<&'a str, usize>,
    stack: Vec<&'a str>,
    found: Vec<BTreeSet<String>>,
}

impl<'a> Tarjan<'a> {
    /// The earliest member still on the stack that can be reached from here.
    fn visit(&mut self, member: &'a str) -> usize {
        let met = self.seen.len();
        self.seen.insert(member, met);
        self.stack.push(member);
        let mut low = met;
        for next in self.graph.get(member).into_iter().flatten() {
            if !self.seen.contains_key(next.as_str()) {
                low = low.min(self.visit(next));
            } else if self.stack.contains(&next.as_str()) {
                low = low.min(self.seen[next.as_str()]);
            }
        }
        if low == met {
            let at = self.stack.iter().position(|one| *one == member).unwrap();
            let component = self.stack.split_off(at);
            self.found.push(component.into_iter().map(str::to_owned).collect());
        }
        low
    }
}

#[test]
fn reporting_cannot_reach_who_said_it() {
    let graph = crates(EVERY_KIND);
    for name in ["reports", "document", "typeset", "figures", "groups", "inputs"] {
        assert!(graph.contains_key(name), "{name} is gone, or has another name");
    }
    for start in graph.keys().filter(|name| !["rapporteur", "voices"].contains(&name.as_str())) {
        if let Some(way) = reached(&graph, start).get("voices") {
            panic!("who said it can be reached: {way}");
        }
    }
}

#[test]
fn this_test_would_notice() {
    let graph = crates(EVERY_KIND);
    assert!(reached(&graph, "rapporteur").contains_key("voices"));
    assert!(reached(&graph, "reports").contains_key("inputs"));
}

#[test]
fn crates_depend_on_what_the_plan_says_and_nothing_else() {
    let planned = PLAN.iter().map(|(name, uses)| {
        (name.to_string(), uses.split_whitespace().map(str::to_owned).collect())
    });
    let (planned, real): (Graph, Graph) = (planned.collect(), crates(EVERY_KIND));
    let both: BTreeSet<&String> = planned.keys().chain(real.keys()).collect();
    let differ: Vec<String> = both
        .into_iter()
        .filter(|name| planned.get(*name) != real.get(*name))
        .map(|name| format!("{name}: planned {:?}, real {:?}", planned.get(name), real.get(name)))
        .collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn the_picture_of_the_crates_is_the_graph() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let picture = text.split("```mermaid").nth(1).expect("a picture in Mermaid");
    let picture = picture.split("```").next().unwrap();
    let mut real = crates(NORMAL);
    real.remove(BESIDE);
    let drawn: BTreeSet<&str> =
        picture.lines().flat_map(|line| line.split("-->")).map(id).collect();
    let missing: Vec<_> = real.keys().filter(|name| !drawn.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "not in the picture: {missing:?}");

    let (drawn, real) = (arrows(picture), reduced(&real));
    let extra: Vec<_> = drawn.difference(&real).collect();
    let missing: Vec<_> = real.difference(&drawn).collect();
    assert!(drawn == real, "arrows to take out of the picture: {extra:?}; to draw: {missing:?}");
}

/// `a --> b --> c`, each perhaps with a label behind its name.
fn arrows(picture: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for line in picture.lines() {
        let ids: Vec<&str> = line.split("-->").map(id).collect();
        found.extend(ids.windows(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())));
    }
    found
}

fn id(text: &str) -> &str {
    let text = text.trim();
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap()
}

/// The text of every Rust file below a folder, by its path from the root of the workspace.
pub type Sources = BTreeMap<String, String>;

fn collect(folder: &Path, sources: &mut Sources) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            if !name.starts_with('.') && !["target", "tests"].contains(&name.as_str()) {
                collect(&path, sources);
            }
        } else if name.ends_with(".rs") {
            sources.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// All Rust of the workspace but `tests/`.
pub static SOURCES: LazyLock<Sources> = LazyLock::new(|| {
    let mut sources = Sources::new();
    collect(root(), &mut sources);
    sources
});

/// Every table of voices, and what opens them, is named in their crate alone.
#[test]
fn only_the_sealed_module_names_the_sealed_table() {
    let crate_of_voices = "crates/voices/src/";
    let (_, schema) = SOURCES
        .iter()
        .find(|(file, _)| *file == "crates/voices/src/voices/schema.rs")
        .expect("the tables of voices have another home now");
    let tables = schema.lines().filter_map(|line| {
        let (name, rest) = line.strip_prefix("    ")?.split_once(" (")?;
        rest.ends_with(") {").then_some(name)
    });
    let sealed: BTreeSet<&str> = tables.chain(["Vault"]).collect();
    for known in ["pool_entries", "receipts_given", "input_voices", "input_line_voices"] {
        assert!(sealed.contains(known), "{known} is not seen among {sealed:?}");
    }
    for word in sealed {
        let names = |line: &str| {
            let mut words = line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            words.any(|one| one == word)
        };
        let lines = SOURCES.iter().flat_map(|(file, text)| text.lines().map(move |l| (file, l)));
        let code = lines.filter(|(_, line)| !line.trim_start().starts_with("//"));
        let naming: BTreeSet<&String> =
            code.filter(|(_, line)| names(line)).map(|(file, _)| file).collect();
        let (inside, outside): (Vec<_>, Vec<_>) =
            naming.into_iter().partition(|file| file.starts_with(crate_of_voices));
        assert!(outside.is_empty(), "{word} is named in {outside:?}");
        assert!(inside.len() > 1, "nobody uses {word}: what is sealed has another name now");
    }
}

/// The registry can be asked what every feature tells of a person, voices too: that would be a way past the crates.
#[test]
fn what_features_tell_of_a_person_is_asked_by_the_program_alone() {
    let asks = |text: &str, call: &str| {
        text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(call))
    };
    for call in [".features()", ".data_of", ".erasers()"] {
        let below = SOURCES.iter().filter(|(file, _)| {
            file.starts_with("crates/") && !file.starts_with("crates/kernel/src/work/")
        });
        let asking: Vec<&String> =
            below.filter(|(_, text)| asks(text, call)).map(|(file, _)| file).collect();
        assert!(asking.is_empty(), "{call} stands in {asking:?}");
        let program = SOURCES.iter().filter(|(file, _)| file.starts_with("src/"));
        assert!(
            program.clone().any(|(_, text)| asks(text, call)),
            "nobody asks by {call} any more"
        );
    }
}

/// Every module of every crate, and what its code names.
#[derive(Default)]
struct House {
    modules: Vec<Module>,
    /// Crates by the names that code knows them by (`rapporteur_kernel`).
    roots: BTreeMap<String, usize>,
}

#[derive(Default)]
struct Module {
    /// `inputs`, as in `crates/inputs`.
    home: String,
    /// `inputs::store`; empty at the root.
    path: Vec<String>,
    file: String,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    /// What is declared here, by macros too.
    items: BTreeSet<String>,
    /// What `use` brings in, by the name it has here.
    aliases: BTreeMap<String, BTreeSet<Named>>,
    globs: BTreeSet<Named>,
    /// Every path that the code writes.
    named: BTreeSet<Named>,
}

/// A path as it is written, in parts; the first is empty before a leading `::`.
type Named = Vec<String>;

/// Where a path leads: through which modules, the last of which defines what is named, or is it.
#[derive(Debug, Clone)]
struct Way {
    through: Vec<usize>,
    /// Whether it ends at the module itself, and not at something in it.
    is_module: bool,
}

/// One module's naming of something.
struct Use<'a> {
    from: &'a Module,
    named: &'a Named,
    through: Vec<&'a Module>,
}

impl Use<'_> {
    fn to(&self) -> &Module {
        self.through.last().unwrap()
    }
}

/// The names that are being looked up, so that `use` in a circle ends.
type Asked = Vec<(usize, String)>;

impl House {
    fn build(sources: &Sources) -> Self {
        let mut house = Self::default();
        for file in sources.keys() {
            let Some(name) = crate_of(file) else { continue };
            let module =
                house.add(Module { home: short(&name), file: file.clone(), ..Module::default() });
            house.roots.insert(name, module);
            let folder = file.rsplit_once('/').unwrap().0.to_owned();
            house.read(sources, module, folder);
        }
        house
    }

    fn add(&mut self, module: Module) -> usize {
        self.modules.push(module);
        self.modules.len() - 1
    }

    fn read(&mut self, sources: &Sources, module: usize, folder: String) {
        let file = &self.modules[module].file;
        let text = sources.get(file).unwrap_or_else(|| panic!("{file} is declared and not there"));
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        Reader { house: self, sources, module, folder }.visit_file(&parsed);
    }

    /// Everything that is named in another module, or only there.
    fn uses(&self) -> Vec<Use<'_>> {
        let named = self.modules.iter().enumerate();
        let named = named.flat_map(|(at, module)| module.named.iter().map(move |path| (at, path)));
        named
            .flat_map(|(at, named)| {
                let ways = self.resolve(at, named, &mut Asked::new()).into_iter();
                ways.map(move |way| (at, named, way))
            })
            .map(|(at, named, way)| Use {
                from: &self.modules[at],
                named,
                through: way.through.iter().map(|module| &self.modules[*module]).collect(),
            })
            .collect()
    }

    fn resolve(&self, from: usize, path: &[String], asked: &mut Asked) -> Vec<Way> {
        let (head, rest) = path.split_first().expect("a path has parts");
        let module = |module: usize| vec![Way { through: vec![module], is_module: true }];
        let crate_named = |name: &String| self.roots.get(name).copied().map_or(vec![], module);
        let (starts, rest) = match (head.as_str(), rest) {
            ("crate", _) => (module(self.root_of(from)), rest),
            ("self", _) => (module(from), rest),
            ("super", _) => (self.modules[from].parent.map_or(vec![], module), rest),
            ("", [name, rest @ ..]) => (crate_named(name), rest),
            _ => match self.lookup(from, head, asked) {
                found if found.is_empty() => (crate_named(head), rest),
                found => (found, rest),
            },
        };
        starts.into_iter().flat_map(|way| self.go_on(way, rest, asked)).collect()
    }

    fn go_on(&self, way: Way, path: &[String], asked: &mut Asked) -> Vec<Way> {
        let Some((name, rest)) = path.split_first() else { return vec![way] };
        if !way.is_module {
            return vec![way];
        }
        let here = *way.through.last().unwrap();
        let mut found = match (name.as_str(), self.modules[here].parent) {
            ("super", Some(parent)) => vec![Way { through: vec![parent], is_module: true }],
            ("self", _) => return self.go_on(way, rest, asked),
            _ => self.lookup(here, name, asked),
        };
        // Of a function and a module with one name, only the module goes on.
        if !rest.is_empty() && found.iter().any(|way| way.is_module) {
            found.retain(|way| way.is_module);
        }
        if found.is_empty() {
            // Made by a macro, or of a foreign crate: it is from here that one has it.
            return vec![Way { is_module: false, ..way }];
        }
        let found = found.into_iter().flat_map(|next| self.go_on(next, rest, asked));
        let whole = |next: Way| [way.through.clone(), next.through].concat();
        found.map(|next| Way { is_module: next.is_module, through: whole(next) }).collect()
    }

    /// What a name means in a module: a module in it, a thing, or what `use` says.
    fn lookup(&self, module: usize, name: &str, asked: &mut Asked) -> Vec<Way> {
        let here = &self.modules[module];
        let mut found = Vec::new();
        if let Some(child) = here.children.get(name) {
            found.push(Way { through: vec![*child], is_module: true });
        }
        if here.items.contains(name) {
            found.push(Way { through: vec![module], is_module: false });
        }
        let question = (module, name.to_owned());
        if asked.contains(&question) {
            return found;
        }
        asked.push(question);
        for path in here.aliases.get(name).into_iter().flatten() {
            found.extend(self.resolve(module, path, asked));
        }
        if found.is_empty() {
            let globs = here.globs.iter().flat_map(|path| self.resolve(module, path, asked));
            let globs: BTreeSet<usize> =
                globs.filter(|way| way.is_module).map(|way| *way.through.last().unwrap()).collect();
            found = globs.into_iter().flat_map(|glob| self.lookup(glob, name, asked)).collect();
        }
        asked.pop();
        found
    }

    fn root_of(&self, module: usize) -> usize {
        self.modules[module].parent.map_or(module, |parent| self.root_of(parent))
    }

    /// What stands directly below the root of a crate, and what of it names what; with the files and the names.
    fn folders(&self, home: &str) -> (Graph, BTreeMap<(String, String), BTreeSet<String>>) {
        let (mut graph, mut why) = (Graph::new(), BTreeMap::<_, BTreeSet<String>>::new());
        for one in self.uses() {
            let to = one.to();
            if one.from.home != home || to.home != home {
                continue;
            }
            let (Some(a), Some(b)) = (one.from.path.first(), to.path.first()) else { continue };
            if a != b {
                graph.entry(a.clone()).or_default().insert(b.clone());
                let line = format!("{} → {}: {}", one.from.file, to.file, one.named.join("::"));
                why.entry((a.clone(), b.clone())).or_default().insert(line);
            }
        }
        (graph, why)
    }

    /// Every circle of a crate's folders, with what makes it.
    fn told_circles(&self, home: &str) -> Vec<String> {
        let (graph, why) = self.folders(home);
        let told = |circle: &BTreeSet<String>| {
            let inside = why.iter().filter(|((a, b), _)| circle.contains(a) && circle.contains(b));
            let lines: Vec<String> = inside
                .map(|((a, b), uses)| format!("  {a} → {b}\n    {}", join(uses, "\n    ")))
                .collect();
            format!("in {home}: {}\n{}", join(circle, " "), lines.join("\n"))
        };
        circles(&graph).iter().map(told).collect()
    }
}

fn join(all: &BTreeSet<String>, between: &str) -> String {
    all.iter().map(String::as_str).collect::<Vec<_>>().join(between)
}

/// `rapporteur_inputs` for `crates/inputs/src/lib.rs`; nothing for a file that is no root of a crate.
fn crate_of(file: &str) -> Option<String> {
    match file.split('/').collect::<Vec<_>>()[..] {
        ["src", "lib.rs"] => Some("rapporteur".to_owned()),
        ["src", "main.rs"] => Some("main".to_owned()),
        [BESIDE, "src", "main.rs"] => Some(BESIDE.to_owned()),
        ["crates", name, "src", "lib.rs"] => Some(format!("rapporteur_{}", name.replace('-', "_"))),
        _ => None,
    }
}

fn short(name: &str) -> String {
    name.strip_prefix("rapporteur_").unwrap_or(name).to_owned()
}

/// Reads one module and those inside it.
struct Reader<'a> {
    house: &'a mut House,
    sources: &'a Sources,
    module: usize,
    /// Where the files of the modules inside it lie.
    folder: String,
}

impl Reader<'_> {
    fn here(&mut self) -> &mut Module {
        &mut self.house.modules[self.module]
    }

    fn name(&mut self, path: Named) {
        // A name of one part is of this file, or comes in by a `use` that is counted.
        if path.len() > 1 {
            self.here().named.insert(path);
        }
    }

    fn take(&mut self, tree: &syn::UseTree, mut path: Named) {
        match tree {
            syn::UseTree::Path(one) => {
                path.push(one.ident.to_string());
                self.take(&one.tree, path);
            }
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|one| self.take(one, path.clone()));
            }
            syn::UseTree::Name(one) => self.bring(path, &one.ident, None),
            syn::UseTree::Rename(one) => self.bring(path, &one.ident, Some(&one.rename)),
            syn::UseTree::Glob(_) => {
                self.here().named.insert(path.clone());
                self.here().globs.insert(path);
            }
        }
    }

    fn bring(&mut self, mut path: Named, name: &syn::Ident, rename: Option<&syn::Ident>) {
        if name != "self" {
            path.push(name.to_string());
        }
        let alias = rename.map(ToString::to_string).or_else(|| path.last().cloned());
        self.here().named.insert(path.clone());
        self.here().aliases.entry(alias.unwrap()).or_default().insert(path);
    }

    /// In which file a module stands, and in which folder the files of those inside it.
    fn place_of(&mut self, item: &syn::ItemMod, name: &str) -> (String, String) {
        let folder = format!("{}/{name}", self.folder);
        let above = self.here().file.clone();
        if item.content.is_some() {
            return (above, folder);
        }
        if let Some(other) = written_path(item) {
            let beside = above.rsplit_once('/').unwrap().0.to_owned();
            return (format!("{beside}/{other}"), beside);
        }
        let flat = format!("{folder}.rs");
        let deep = format!("{folder}/mod.rs");
        (if self.sources.contains_key(&flat) { flat } else { deep }, folder)
    }

    /// Tokens that a macro gets: every path in them, and what they declare. `before` stands before each member of a list.
    fn scan(&mut self, mut at: Cursor<'_>, before: &[String]) {
        let (mut begins, mut last) = (true, String::new());
        while !at.eof() {
            if let Some((inside, _, _, rest)) = at.any_group() {
                self.scan(inside, &[]);
                (at, begins, last) = (rest, false, String::new());
            } else if let Some((word, rest)) = at.ident() {
                let word = word.to_string();
                if DECLARING.contains(&last.as_str()) {
                    self.here().items.insert(word.clone());
                }
                let mut path = if begins { before.to_vec() } else { vec![] };
                path.push(word.clone());
                let known = last != "$" || word == "crate";
                (at, begins, last) = (self.scan_path(rest, path, known), false, word);
            } else if let Some((mark, rest)) = at.punct() {
                (at, begins, last) = (rest, mark.as_char() == ',', mark.as_char().to_string());
            } else if let Some((literal, rest)) = at.literal() {
                self.scan_text(&literal.to_string());
                (at, begins, last) = (rest, false, String::new());
            } else {
                at = at.lifetime().expect("nothing else is a token").1;
            }
        }
    }

    /// Goes on with a path behind its first part, and names it if that is known: of `$what::x` it is not.
    fn scan_path<'t>(&mut self, mut at: Cursor<'t>, mut path: Named, known: bool) -> Cursor<'t> {
        while let Some(after) = colons(at) {
            at = after;
            if let Some((part, rest)) = after.ident() {
                path.push(part.to_string());
                at = rest;
            } else if let Some((inside, _, _, rest)) = after.any_group() {
                self.scan(inside, if known { &path } else { &[] });
                at = rest;
            }
        }
        if known {
            self.name(path);
        }
        at
    }

    /// Attributes write paths as text: `#[serde(with = "crate::a")]`.
    fn scan_text(&mut self, text: &str) {
        let parts = text.trim_matches('"').split("::").map(str::to_owned);
        let parts: Named = parts.collect();
        if parts.iter().all(|part| syn::parse_str::<syn::PathSegment>(part).is_ok()) {
            self.name(parts);
        }
    }
}

const DECLARING: &[&str] =
    &["const", "enum", "fn", "mod", "static", "struct", "trait", "type", "union"];

fn colons(at: Cursor<'_>) -> Option<Cursor<'_>> {
    colon(colon(at)?)
}

fn colon(at: Cursor<'_>) -> Option<Cursor<'_>> {
    at.punct().filter(|(mark, _)| mark.as_char() == ':').map(|(_, rest)| rest)
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let name = match item {
            syn::Item::Const(one) => Some(&one.ident),
            syn::Item::Enum(one) => Some(&one.ident),
            syn::Item::Fn(one) => Some(&one.sig.ident),
            syn::Item::Macro(one) => one.ident.as_ref(),
            syn::Item::Static(one) => Some(&one.ident),
            syn::Item::Struct(one) => Some(&one.ident),
            syn::Item::Trait(one) => Some(&one.ident),
            syn::Item::Type(one) => Some(&one.ident),
            syn::Item::Union(one) => Some(&one.ident),
            _ => None,
        };
        self.here().items.extend(name.map(ToString::to_string));
        visit::visit_item(self, item);
    }

    /// An exported macro is named at the root of its crate and is what its own module says.
    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if item.attrs.iter().any(|one| one.path().is_ident("macro_export")) {
            let name = item.ident.as_ref().unwrap().to_string();
            let mut path = vec!["crate".to_owned()];
            path.extend(self.here().path.iter().cloned().chain([name.clone()]));
            let root = self.house.root_of(self.module);
            self.house.modules[root].aliases.entry(name).or_default().insert(path);
        }
        visit::visit_item_macro(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let name = item.ident.to_string();
        let (file, folder) = self.place_of(item, &name);
        let above = self.here();
        let home = above.home.clone();
        let path = above.path.iter().cloned().chain([name.clone()]).collect();
        let parent = Some(self.module);
        let module = self.house.add(Module { home, path, file, parent, ..Module::default() });
        self.here().children.insert(name, module);
        let Some((_, items)) = &item.content else {
            return self.house.read(self.sources, module, folder);
        };
        let mut inside = Reader { house: self.house, sources: self.sources, module, folder };
        items.iter().for_each(|one| inside.visit_item(one));
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.take(
            &item.tree,
            item.leading_colon.as_ref().map(|_| String::new()).into_iter().collect(),
        );
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let leading = path.leading_colon.as_ref().map(|_| String::new());
        let parts = path.segments.iter().map(|part| part.ident.to_string());
        self.name(leading.into_iter().chain(parts).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.scan(TokenBuffer::new2(call.tokens.clone()).begin(), &[]);
        visit::visit_macro(self, call);
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        self.scan(TokenBuffer::new2(list.tokens.clone()).begin(), &[]);
        visit::visit_meta_list(self, list);
    }

    /// `pub(in crate::a)` lets in and takes nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}

fn written_path(item: &syn::ItemMod) -> Option<String> {
    let values = item.attrs.iter().filter(|one| one.path().is_ident("path"));
    values.filter_map(|one| one.meta.require_name_value().ok()).find_map(|pair| match &pair.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    })
}

static HOUSE: LazyLock<House> = LazyLock::new(|| House::build(&SOURCES));

#[test]
fn every_file_is_read() {
    let read: BTreeSet<&str> = HOUSE.modules.iter().map(|module| module.file.as_str()).collect();
    let of_crates = SOURCES.keys().map(String::as_str).filter(|file| {
        file.starts_with("src/")
            || file.starts_with(&format!("{BESIDE}/src/"))
            || file.starts_with("crates/") && file.contains("/src/")
    });
    let missed: Vec<&str> = of_crates.filter(|file| !read.contains(file)).collect();
    assert!(missed.is_empty(), "no module declares {missed:?}");
    assert_eq!(HOUSE.roots.len(), PLAN.len() + 1, "{:?}", HOUSE.roots.keys());
}

#[test]
fn folders_do_not_go_in_circles() {
    let homes: BTreeSet<&str> = HOUSE.modules.iter().map(|module| module.home.as_str()).collect();
    let circles: Vec<_> = homes.into_iter().flat_map(|home| HOUSE.told_circles(home)).collect();
    assert!(circles.is_empty(), "\n{}", circles.join("\n"));
}

/// What the files that a test picks name in some rooms of inputs, whether by that name or by another.
fn named_of_inputs(
    house: &House,
    rooms: &[&str],
    is_asked: impl Fn(&Module) -> bool,
) -> BTreeSet<String> {
    let is_there = |module: &Module| {
        let path: Vec<&str> = module.path.iter().map(String::as_str).collect();
        module.home == "inputs" && matches!(path[..], ["inputs", room, ..] if rooms.contains(&room))
    };
    let uses = house.uses().into_iter().filter(|one| is_asked(one.from));
    let uses = uses.filter(|one| one.through.iter().any(|module| is_there(module)));
    uses.map(|one| format!("{} names {}", one.from.file, one.named.join("::"))).collect()
}

/// What may do without the rules of who may see what.
const INSIDE: &[&str] = &["service", "store"];

#[test]
fn handlers_of_reports_name_nothing_of_inputs() {
    let is_handler = |module: &Module| {
        let file = module.file.rsplit('/').next().unwrap();
        module.home == "reports" && file == "http.rs"
    };
    assert!(HOUSE.modules.iter().any(is_handler));
    let named = named_of_inputs(&HOUSE, INSIDE, is_handler);
    assert!(named.is_empty(), "{named:?}");
    let others = named_of_inputs(&HOUSE, &["reading"], |module| module.home == "reports");
    assert!(!others.is_empty(), "reports reads inputs, so this test sees nothing");
}

/// A small house: a crate `inputs` with two layers, and `reports` with the given text as its handlers.
fn small(handlers: &str) -> House {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    House::build(&Sources::from([
        file("crates/inputs/src/lib.rs", "pub mod inputs;"),
        file(
            "crates/inputs/src/inputs/mod.rs",
            "pub mod service; mod store; pub use store::{Row as Line}; pub struct Plain;",
        ),
        file("crates/inputs/src/inputs/service.rs", "pub fn disclose() {} pub struct Asked;"),
        file("crates/inputs/src/inputs/store.rs", "pub struct Row;"),
        file("crates/reports/src/lib.rs", "use rapporteur_inputs::inputs; mod reports;"),
        file("crates/reports/src/reports/mod.rs", "mod http; use crate::inputs::service as asked;"),
        file("crates/reports/src/reports/http.rs", handlers),
    ]))
}

fn is_named(handlers: &str) -> bool {
    !named_of_inputs(&small(handlers), INSIDE, |module| module.file.ends_with("/http.rs"))
        .is_empty()
}

#[test]
fn every_way_of_naming_is_seen() {
    for handlers in [
        "fn f() { crate::inputs::service::disclose() }",
        "use crate::inputs::{self}; fn f() { inputs::service::disclose() }",
        "use crate::inputs as i; fn f(_: i::service::Asked) {}",
        "use crate::{a::{b, c}, inputs::{d, service::{Asked}}};",
        "use crate::inputs::service::*;",
        "use crate::inputs::*; fn f() { service::disclose() }",
        "use super::asked as y; fn f() { y::disclose() }",
        "use super::*; fn f() { asked::disclose() }",
        "fn f() { use crate::inputs::service as s; s::disclose() }",
        "use crate::inputs::Line;",
        "use rapporteur_inputs::inputs::service;",
        "use ::rapporteur_inputs::inputs::service;",
        "fn f() { assert!(crate::inputs::service::disclose()) }",
        "use crate::inputs as i; fn f() { assert_eq!(1, g(&[i::service::disclose()])) }",
        "macro_rules! m { () => { $crate::inputs::service::disclose() } }",
        "macro_rules! m { () => { use crate::{a, inputs::{b, service::Asked}}; } }",
        "fn f(x: Vec<crate::inputs::service::Asked>) { match x { crate::a::B => {} } }",
        "fn f(x: A) { match x { crate::inputs::service::Asked { .. } => {} } }",
        "impl crate::inputs::service::Asked for A {}",
        "#[serde(with = \"crate::inputs::service\")] struct A;",
        "#[path(body = crate::inputs::service::Asked)] fn f() {}",
        "mod tests { use super::super::asked; }",
        "mod tests { fn f() { crate::inputs::service::disclose() } }",
    ] {
        assert!(is_named(handlers), "not seen: {handlers}");
    }
    for handlers in [
        "use crate::inputs::Plain; fn f() { crate::inputs::Plain::new() }",
        "// crate::inputs::service::disclose()\n//! not code\n",
        "fn f() { \"see crate::inputs::service for more\"; service::disclose() }",
        "mod inputs { pub mod service {} } use self::inputs::service; use inputs::service as s;",
        "macro_rules! m { ($a:ident) => { $a::service::disclose() } }",
        "pub(in crate::reports) fn f() { std::inputs::service::f() }",
    ] {
        assert!(!is_named(handlers), "seen and not there: {handlers}");
    }
}

#[test]
fn circles_are_found_and_told() {
    let file = |name: &str, text: &str| (format!("crates/x/src/{name}"), text.to_owned());
    let mut sources = Sources::from([
        file("lib.rs", "pub mod a; pub mod b; pub mod c; pub use c::C;"),
        file("a/mod.rs", "mod deep; pub use deep::Deep;"),
        file("a/deep.rs", "use crate::b::B; pub struct Deep;"),
        file("b.rs", "use crate::{C, b}; pub struct B;"),
        file("c.rs", "pub struct C;"),
    ]);
    assert!(House::build(&sources).told_circles("x").is_empty());

    sources.extend([file("c.rs", "pub struct C; mod tests { use crate::a::Deep; }")]);
    let told = House::build(&sources).told_circles("x").join("\n");
    for line in [
        "in x: a b c\n",
        "x/src/b.rs → crates/x/src/c.rs: crate::C",
        "c.rs → crates/x/src/a/deep.rs",
    ] {
        assert!(told.contains(line), "{told}");
    }
}
