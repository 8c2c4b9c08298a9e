//! Retention: what has been kept for long enough is counted, then forgotten, by class; figures stay.

use chrono::{TimeZone, Utc};
use rapporteur::access::{Role, ScopeKind};
use rapporteur::jobs;
use serde_json::{Value, json};

use crate::harness::{World, typed};
use crate::on_both;
use crate::planted::{MARK, plant};
use crate::privacy::every_row;

const PATH: &str = "/api/v1/retention/purges";

/// So many days after the consultation was held.
fn later(world: &World, days: i64) {
    let now = world.app.clock.now().utc();
    let then = Utc.with_ymd_and_hms(2020, 11, 19, 3, 0, 0).unwrap() + chrono::Duration::days(days);
    world.app.clock.advance(then - now);
}

fn counted(answer: &Value, class: &str) -> Value {
    let classes = answer["classes"].as_array().unwrap();
    let found = classes.iter().find(|one| one["class"] == class);
    found.unwrap_or_else(|| panic!("no {class} in {answer}"))["counts"].clone()
}

/// Everything that a release would be made of.
fn figures(world: &World, consultation: &Value) -> rapporteur::figures::Participation {
    let consultation = typed(consultation);
    let occasion = rapporteur::figures::ReleaseOccasion::AfterEvent;
    let count = |work: &mut rapporteur::work::Work| {
        rapporteur::figures::service::participation(work, consultation, occasion)
    };
    world.app.read_blocking(&rapporteur::work::Credentials::Operator, count).unwrap()
}

on_both!(a_dry_run_counts_and_a_purge_forgets, |world: World| async move {
    let (walk, _) = plant(&world).await;
    let administrator =
        world.person_with("Ada Administrator", Role::Administrator, ScopeKind::Instance, "");
    let nothing = world.make(&administrator, PATH, json!({ "dry_run": true })).await;
    assert_eq!(counted(&nothing, "special_needs"), json!({}), "it was not even held yet");

    later(&world, 200);
    let administrator = world.signed_in_again(&administrator);
    let before = figures(&world, &walk.consultation);
    let preview = world.make(&administrator, PATH, json!({ "dry_run": true })).await;
    assert_eq!(counted(&preview, "special_needs"), json!({ "registrations": 1 }));
    assert_eq!(counted(&preview, "demographics"), json!({ "registrations": 1 }));
    assert_eq!(counted(&preview, "answers"), json!({}), "it is kept for a year");
    let rows = world.app.db.read_blocking(|conn| Ok(every_row(conn))).unwrap();
    assert!(
        rows.iter().any(|(_, row)| row.contains(&format!("{MARK} needs"))),
        "a dry run forgets nothing"
    );

    let job = world.post(&administrator, PATH, json!({ "dry_run": false })).await;
    assert_eq!(job.status, 202, "{}", job.text);
    while jobs::runner::run_due(&world.app).await.unwrap() {}
    let done = world.get(Some(&administrator), job.header("location")).await;
    assert_eq!(done.json["state"], "done", "{}", done.text);
    let rows = world.app.db.read_blocking(|conn| Ok(every_row(conn))).unwrap();
    assert!(!rows.iter().any(|(_, row)| row.contains(&format!("{MARK} needs"))));
    assert!(rows.iter().any(|(_, row)| row.contains(&format!("{MARK} answer"))));
    assert_eq!(figures(&world, &walk.consultation), before, "figures stay");

    let log = world.get(Some(&administrator), PATH).await;
    let items = log.json["items"].as_array().unwrap();
    let classes: Vec<&str> = items.iter().map(|item| item["class"].as_str().unwrap()).collect();
    assert_eq!(classes, ["special_needs", "demographics"]);
    assert_eq!(items[0]["account_id"], administrator.id.to_string());
    assert!(!log.text.contains("zyxwvut"));
    let empty = world.make(&administrator, PATH, json!({ "dry_run": true })).await;
    assert_eq!(counted(&empty, "demographics"), json!({}));
});

on_both!(after_years_nobody_is_known_any_more, |world: World| async move {
    let (walk, person) = plant(&world).await;
    let administrator =
        world.person_with("Ada Administrator", Role::Administrator, ScopeKind::Instance, "");
    // Who still holds a role is still needed.
    let roles = format!("DELETE FROM grants WHERE account_id = '{}'", person.id);
    world
        .app
        .db
        .write_blocking(|conn| {
            crate::planted::run(conn, &roles);
            Ok(())
        })
        .unwrap();
    later(&world, 4000);
    let before = figures(&world, &walk.consultation);
    let done = rapporteur::privacy::retention::purge_all(
        &world.app,
        rapporteur::privacy::Occasion::Command,
    )
    .unwrap();
    let contact = done.iter().find(|one| one.class.as_str() == "contact").unwrap();
    assert!(contact.counts["accounts"] > 10, "{contact:?}");
    assert_eq!(figures(&world, &walk.consultation), before, "figures stay");
    let rows = world.app.db.read_blocking(|conn| Ok(every_row(conn))).unwrap();
    for (table, row) in &rows {
        let row = row.to_lowercase();
        assert!(!row.contains("zyxwvut") && !row.contains(MARK), "{table} still holds: {row}");
    }
    // Who holds a role stays.
    let administrator = world.signed_in_again(&administrator);
    assert_eq!(world.get(Some(&administrator), "/api/v1/me").await.status, 200);
    assert_eq!(world.get(Some(&world.signed_in_again(&person)), "/api/v1/me").await.status, 401);
    let empty =
        rapporteur::privacy::retention::purge_all(&world.app, rapporteur::privacy::Occasion::Daily);
    assert!(empty.unwrap().iter().all(rapporteur::privacy::Expired::is_empty));
});
