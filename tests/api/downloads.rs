//! Every download of many people's data leaves a row in the audit log: who took it, of what.

use std::collections::BTreeSet;

use rapporteur::audit;
use reqwest::Method;

use crate::access::{operations, scene};
use crate::harness::World;
use crate::on_both;

/// Downloads by operation, and the action under which each is audited; none for what holds nobody's data but the caller's own
/// schedule, or what is published or drafted without names.
const DOWNLOADS: &[(&str, Option<&str>)] = &[
    ("export_registrations", Some("registrations.exported")),
    ("export_inputs", Some("inputs.exported")),
    ("export_assignments", Some("assignments.exported")),
    ("read_own_data", Some("account.data_exported")),
    ("export_draft", None),
    ("export_milestone", None),
    ("export_clearance_template", None),
    ("export_edition", None),
    ("export_translation", None),
    ("export_translation_units", None),
    ("export_edition_translation", None),
    ("export_differences", None),
    ("export_changes", None),
    ("export_citation", None),
    ("export_recommendations", None),
    ("export_programme_calendar", None),
    ("export_own_calendar", None),
];

#[test]
fn every_download_says_whether_it_is_audited() {
    let known: BTreeSet<&str> = DOWNLOADS.iter().map(|(name, _)| *name).collect();
    let unknown: Vec<String> = operations()
        .into_iter()
        .filter(|(name, method, path)| {
            let download = name.starts_with("export_") || path.ends_with("/export");
            *method == Method::GET && download && !known.contains(name.as_str())
        })
        .map(|(name, ..)| name)
        .collect();
    assert!(unknown.is_empty(), "say in this table whether they are audited: {unknown:?}");
}

on_both!(every_download_of_personal_data_is_in_the_audit_log, |world: World| async move {
    let scene = scene(&world).await;
    let secretariat = scene.people.iter().find(|(who, _)| *who == 'S');
    let secretariat = secretariat.and_then(|(_, person)| person.clone()).unwrap();
    for (name, action) in DOWNLOADS {
        let Some(action) = action else { continue };
        let (_, method, mut path) =
            operations().into_iter().find(|(known, ..)| known == name).unwrap();
        assert_eq!(method, Method::GET, "{name}");
        for (key, value) in &scene.ids {
            path = path.replace(&format!("{{{key}}}"), value);
        }
        let rows = || {
            let rows =
                |conn: &mut rapporteur::db::Conn| audit::concerning(conn, secretariat.id.uuid());
            let rows = world.app.db.read_blocking(rows).unwrap();
            rows.iter()
                .filter(|row| row.action == *action && row.actor_id == Some(secretariat.id))
                .count()
        };
        let before = rows();
        let answer = world.get(Some(&secretariat), &path).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.text);
        assert_eq!(rows(), before + 1, "{name} left no row");
    }
});
