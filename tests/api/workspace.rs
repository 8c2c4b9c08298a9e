//! Holds the workspace to what is said of it: the licences and sources of all that it is built with (deny.toml), one version of Rust,
//! and lints that no crate leaves out.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn parsed(file: &str) -> toml::Table {
    read(file).parse().unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The words of a list, or the names of its tables.
fn words(list: &toml::Value) -> BTreeSet<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|one| one.get("name").unwrap_or(one).as_str().unwrap()).collect()
}

static RULES: LazyLock<toml::Table> = LazyLock::new(|| parsed("deny.toml"));

/// All packages that are built for the targets of deny.toml, as Cargo resolved them.
static PACKAGES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["metadata", "--format-version", "1", "--offline", "--locked"]);
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    for target in words(&RULES["graph"]["targets"]) {
        cargo.args(["--filter-platform", target]);
    }
    // What was built without PDF need not have Typst to be looked at.
    if cfg!(not(feature = "pdf")) {
        cargo.arg("--no-default-features");
    }
    let asked = cargo.output().unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let mut told: Value = serde_json::from_slice(&asked.stdout).unwrap();
    let built: BTreeSet<String> = told["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect();
    let Value::Array(packages) = told["packages"].take() else { panic!("no packages") };
    packages.into_iter().filter(|one| built.contains(one["id"].as_str().unwrap())).collect()
});

fn name(package: &Value) -> &str {
    package["name"].as_str().unwrap()
}

/// Whether one may give it away: an expression of SPDX, where older crates write `/` for `OR`.
fn is_allowed(expression: &str, allowed: &BTreeSet<&str>, used: &mut BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    // `A WITH exception` is one licence.
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join(" ").replace(" WITH ", "+");
    let words: Vec<&str> = joined.split(' ').collect();
    let mut rest = words.as_slice();
    let is_allowed = any(&mut rest, allowed, used);
    assert!(rest.is_empty(), "not understood: {expression}");
    is_allowed
}

fn any(rest: &mut &[&str], allowed: &BTreeSet<&str>, used: &mut BTreeSet<String>) -> bool {
    let mut found = all(rest, allowed, used);
    while let ["OR", behind @ ..] = *rest {
        *rest = behind;
        found |= all(rest, allowed, used);
    }
    found
}

fn all(rest: &mut &[&str], allowed: &BTreeSet<&str>, used: &mut BTreeSet<String>) -> bool {
    let mut found = one(rest, allowed, used);
    while let ["AND", behind @ ..] = *rest {
        *rest = behind;
        found &= one(rest, allowed, used);
    }
    found
}

fn one(rest: &mut &[&str], allowed: &BTreeSet<&str>, used: &mut BTreeSet<String>) -> bool {
    match *rest {
        ["(", behind @ ..] => {
            *rest = behind;
            let found = any(rest, allowed, used);
            assert_eq!(rest.first(), Some(&")"), "a bracket is not closed");
            *rest = &rest[1..];
            found
        }
        [licence, behind @ ..] => {
            *rest = behind;
            let licence = licence.replace('+', " WITH ");
            let found = allowed.contains(licence.as_str());
            used.insert(licence);
            found
        }
        [] => panic!("a licence is missing"),
    }
}

#[test]
fn every_licence_is_one_that_we_may_pass_on() {
    let allowed = words(&RULES["licenses"]["allow"]);
    let mut used = BTreeSet::new();
    let mut refused = Vec::new();
    for package in PACKAGES.iter() {
        let licence = package["license"].as_str().unwrap_or("none");
        if !is_allowed(licence, &allowed, &mut used) {
            refused.push(format!("{} {}: {licence}", name(package), package["version"]));
        }
    }
    assert!(refused.is_empty(), "deny.toml does not allow:\n{}", refused.join("\n"));
    let unused: Vec<_> = allowed.iter().filter(|one| !used.contains(**one)).collect();
    assert!(unused.is_empty() || cfg!(not(feature = "pdf")), "nobody has these: {unused:?}");
}

#[test]
fn licences_are_read_as_spdx_has_them() {
    let allowed = BTreeSet::from(["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"]);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT OR GPL-3.0-only", true),
        ("GPL-3.0-only/MIT", true),
        ("MIT AND GPL-3.0-only", false),
        ("(MIT OR GPL-3.0-only) AND Zlib", true),
        ("(MIT OR Zlib) AND GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT AND Zlib", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0", false),
        ("none", false),
    ] {
        let found = is_allowed(expression, &allowed, &mut BTreeSet::new());
        assert_eq!(found, expected, "{expression}");
    }
}

#[test]
fn everything_comes_from_where_it_may_and_nothing_banned_is_there() {
    let registries = words(&RULES["sources"]["allow-registry"]);
    let elsewhere: Vec<String> = PACKAGES
        .iter()
        .filter(|package| {
            let source = package["source"].as_str();
            !source.is_none_or(|source| {
                source.strip_prefix("registry+").is_some_and(|from| registries.contains(from))
            })
        })
        .map(|package| format!("{}: {}", name(package), package["source"]))
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    // What has no source is a folder: one of ours.
    let folders = PACKAGES.iter().filter(|package| package["source"].is_null());
    let strange: Vec<&str> = folders
        .filter(|package| {
            let manifest = Path::new(package["manifest_path"].as_str().unwrap());
            !manifest.starts_with(env!("CARGO_MANIFEST_DIR"))
        })
        .map(name)
        .collect();
    assert!(strange.is_empty(), "outside the workspace: {strange:?}");

    let banned = words(&RULES["bans"]["deny"]);
    let there: Vec<&str> = PACKAGES.iter().map(name).filter(|name| banned.contains(name)).collect();
    assert!(there.is_empty(), "deny.toml bans {there:?}");
    assert!(PACKAGES.len() > 100, "Cargo told of {} packages only", PACKAGES.len());
}

#[test]
fn one_version_of_rust_is_named() {
    let oldest = parsed("Cargo.toml")["workspace"]["package"]["rust-version"].clone();
    let oldest = oldest.as_str().unwrap().to_owned();
    let pinned = parsed("rust-toolchain.toml")["toolchain"]["channel"].clone();
    let pinned = pinned.as_str().unwrap().to_owned();
    assert_eq!(pinned.rsplit_once('.').map(|(version, _)| version), Some(oldest.as_str()));
    let image = format!("FROM rust:{oldest}-");
    assert!(read("Dockerfile").lines().any(|line| line.starts_with(&image)), "{image}");
    assert!(read("README.md").contains(&format!("Rust ({oldest} or newer)")));
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let ours = PACKAGES.iter().filter(|package| package["source"].is_null());
    let mut without = BTreeSet::new();
    for package in ours {
        let manifest = std::fs::read_to_string(package["manifest_path"].as_str().unwrap()).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        let lints = manifest.get("lints").and_then(|lints| lints.get("workspace"));
        if lints.and_then(toml::Value::as_bool) != Some(true) {
            without.insert(name(package));
        }
    }
    assert!(without.is_empty(), "say `lints.workspace = true` in the Cargo.toml of {without:?}");
}
