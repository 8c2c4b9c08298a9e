//! The tests of one feature: beside its code, and those of tests/api that walk it from outside.

use std::path::Path;

use crate::commands::{self, cargo};

/// Each file of tests/api, and which features it walks; a change to one of these is tested by all files that name it.
const FILES: &[(&str, &str)] = &[
    ("access", "access"),
    ("accounts", "accounts"),
    ("announcements", "announcements following"),
    ("unsubscribing", "unsubscribing announcements inviting"),
    ("answered", "http"),
    ("appeals", "appeals"),
    ("arriving", "http"),
    ("attendance", "attendance"),
    ("audit_chain", "audit auditing keys"),
    ("bad_input", "http"),
    ("calendars", "calendars"),
    ("checks", "reports checks"),
    ("clearance", "reports"),
    ("hearings", "reports"),
    ("clearance_tables", "reports"),
    ("clearing", "http inputs"),
    ("clearing_pages", "pages reports"),
    ("contention", "db"),
    ("contributions", "voices inputs"),
    ("contract", "http db"),
    ("copies", "http pages reports"),
    ("crash", "db"),
    ("deciding_pages", "pages proposals appeals"),
    ("decisions", "registrations"),
    ("differences", "reports document"),
    ("documents", "reports document render printing typeset"),
    ("downloads", "auditing"),
    ("draft_history", "reports"),
    ("drafting", "reports"),
    ("drafts", "registrations"),
    ("erasure", "privacy voices"),
    ("exchange", "exchange registrations"),
    ("feedback", "voices pages"),
    ("few_statements", "registrations"),
    ("floor_plan", ""),
    ("form", "registrations"),
    ("guardians", "registrations"),
    ("house", ""),
    ("imports_in_parts", "registrations inputs exchange jobs"),
    ("imports_registrations", "registrations exchange"),
    ("input_files", "inputs intake"),
    ("input_work", "inputs voices following"),
    ("inputs", "inputs"),
    ("invitations", "invitations inviting"),
    ("jobs", "jobs"),
    ("known_addresses", "registrations groups invitations accounts"),
    ("last_place", "registrations"),
    ("late_wishes", "inputs voices reports"),
    ("lifecycle", "consultations"),
    ("limits", "http"),
    ("lists", "http"),
    ("lists_flat", "db http"),
    ("mail", "outbox correspondence"),
    ("main_job", "reviews consultations registrations groups inputs reports"),
    ("merging", "organizations account_merging"),
    ("offers", "offers"),
    ("operating", "modes db keys"),
    ("organizations", "organizations"),
    ("outline", "reports"),
    ("outline_pages", "pages reports"),
    ("own_data", "privacy"),
    ("page_access", "pages"),
    ("pages", "pages"),
    ("papers", "reports following"),
    ("parameters", ""),
    ("plans", "groups assignment"),
    ("privacy", "privacy voices"),
    ("programmes", "consultations reports"),
    ("public_pages", "pages reports consultations privacy"),
    ("publishing", "reports proposals"),
    ("recommendations", "recommendations reports pages"),
    ("reference_report", "reports consultations document"),
    ("refusals", ""),
    ("registrations", "registrations"),
    ("removed", "consultations registrations groups"),
    ("retention", "privacy"),
    ("returned", "reports intake"),
    ("say_pages", "pages voices"),
    ("set_up", "accounts reviews consultations reference"),
    ("statistics", "figures"),
    ("translations", "reports document pages"),
    ("turns", "registrations groups"),
    ("two_people", "proposals accounts reports privacy account_merging"),
    ("unseen", "http telemetry"),
    ("walks", "pages"),
    ("workspace", ""),
    ("writing_pages", "pages reports"),
];

pub fn run(feature: &str, options: &[&str]) -> Result<(), String> {
    let homes = homes(feature);
    let files: Vec<String> = FILES
        .iter()
        .filter(|(_, features)| features.split_whitespace().any(|one| one == feature))
        .map(|(file, _)| format!("{file}::"))
        .collect();
    if homes.is_empty() && files.is_empty() {
        return Err(format!(
            "no folder of `src` or `crates/*/src`, and no crate, is called `{feature}`"
        ));
    }
    for (package, module) in homes {
        let mut test = cargo(&["test", "--package", &package]);
        test.args(options);
        if let Some(module) = module {
            test.args(["--lib", "--", &module]);
        }
        commands::run(&mut test)?;
    }
    if files.is_empty() {
        eprintln!("! no file of tests/api is about `{feature}` alone");
        return Ok(());
    }
    commands::run(cargo(&["test", "--test", "api"]).args(options).arg("--").args(files))
}

/// In which packages a feature stands, and under which name if it is not the whole of it.
fn homes(feature: &str) -> Vec<(String, Option<String>)> {
    let module = Some(format!("{feature}::"));
    let is_in = |source: &Path| {
        source.join(feature).is_dir() || source.join(feature).with_extension("rs").is_file()
    };
    let mut found = Vec::new();
    if is_in(Path::new("src")) {
        found.push(("rapporteur".to_owned(), module.clone()));
    }
    let crates = std::fs::read_dir("crates").into_iter().flatten().flatten();
    for home in crates.map(|entry| entry.path()) {
        let name = home.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name == feature {
            found.push((format!("rapporteur-{name}"), None));
        } else if is_in(&home.join("src")) {
            found.push((format!("rapporteur-{name}"), module.clone()));
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_tests_is_listed() {
        let folder = crate::root().join("tests/api");
        let main = std::fs::read_to_string(folder.join("main.rs")).unwrap();
        let declared = main.lines().filter_map(|line| line.strip_prefix("mod "));
        let declared: BTreeSet<&str> = declared.map(|name| name.trim_end_matches(';')).collect();
        // They help the others.
        let helpers = BTreeSet::from([
            "browser",
            "crawl",
            "harness",
            "planted",
            "postgres",
            "series",
            "smtp",
            "statements",
        ]);
        let listed: BTreeSet<&str> = FILES.iter().map(|(file, _)| *file).collect();
        assert_eq!(declared.difference(&helpers).copied().collect::<BTreeSet<_>>(), listed);
    }

    #[test]
    fn every_feature_is_somewhere() {
        std::env::set_current_dir(crate::root()).unwrap();
        let features = FILES.iter().flat_map(|(_, features)| features.split_whitespace());
        let lost: BTreeSet<&str> = features.filter(|feature| homes(feature).is_empty()).collect();
        assert!(lost.is_empty(), "no folder and no crate: {lost:?}");
        assert_eq!(homes("no_such_feature"), []);
    }
}
