//! What publishing computes before it writes is used where it still holds, and nowhere else.

#![allow(
    clippy::disallowed_methods,
    reason = "changes a row behind the back of the program, to see what is used"
)]

use diesel::prelude::*;
use rapporteur::db::Conn;
use rapporteur::db::schema::reviews;
use rapporteur::reports::{ReportId, publishing};
use rapporteur::work::Credentials;
use reqwest::Method;
use serde_json::json;

use crate::differences::rewrite;
use crate::harness::{Answer, Request, World, id};
use crate::main_job::{Walk, until_clearance};
use crate::on_both;

/// The way until the report waits to be published and what that needs is computed; the version that was seen.
async fn foreseen(world: &World) -> (Walk, i64) {
    let walk = until_clearance(world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
    world.clear(&walk.secretariat, &walk.report).await;
    let report = world.get(Some(&walk.secretariat), &walk.report).await.json;
    let (version, report) = (report["version"].as_i64().unwrap(), id(&report).parse::<ReportId>());
    let (by, report) = (Credentials::Account(walk.secretariat.id), report.unwrap());
    let symbol = Some("ESCAP/GCM/2020/1".to_owned());
    let foresee =
        world.app.read(by, move |work| publishing::foresee(work, report, version, symbol));
    foresee.await.unwrap();
    (walk, version)
}

async fn publish(world: &World, walk: &Walk, version: i64) -> Answer {
    let request = Request::new(Method::POST, &format!("{}/publish", walk.report));
    let request = request.by(Some(&walk.secretariat)).version(version);
    world.send(request.body(json!({ "symbol": "ESCAP/GCM/2020/1" }))).await
}

on_both!(what_was_computed_is_used_while_nothing_that_is_told_changed, |world: World| async move {
    let (walk, version) = foreseen(&world).await;
    let retitle = |conn: &mut Conn| {
        let behind = reviews::meeting_title.eq(Some("Behind its back"));
        diesel::update(reviews::table)
            .set((behind, reviews::title.eq("Behind its back")))
            .execute(conn)?;
        Ok(())
    };
    world.app.db.write_blocking(retitle).unwrap();
    assert_eq!(publish(&world, &walk, version).await.status, 200);
    let edition = world.get(None, &format!("{}/editions/1.json", walk.report)).await.text;
    assert!(edition.contains("Fees should be waived.") && !edition.contains("Behind its back"));
});

on_both!(what_changed_since_it_was_computed_is_published_as_it_is_now, |world: World| async move {
    let (walk, version) = foreseen(&world).await;
    let path = format!("/api/v1/reviews/{}", id(&walk.review));
    let seen = world.get(Some(&walk.secretariat), &path).await.json["version"].as_i64().unwrap();
    let body = json!({ "title": "Told to all", "meeting_title": "Told to all" });
    world.change(&walk.secretariat, Method::PATCH, &path, seen, body).await;
    let published = publish(&world, &walk, version).await;
    assert_eq!(published.status, 200, "{}", published.text);
    let edition = world.get(None, &format!("{}/editions/1.json", walk.report)).await.text;
    assert!(edition.contains("Told to all"), "{edition}");
});

on_both!(a_draft_that_changed_since_it_was_computed_is_not_published, |world: World| async move {
    let (walk, version) = foreseen(&world).await;
    let body = json!({ "to": "drafting", "reason": "A word is wrong." });
    let path = format!("{}/state", walk.report);
    world.change(&walk.secretariat, Method::POST, &path, version, body).await;
    rewrite(&world, &walk, "Fees should be waived.", "Fees should be lowered.").await;
    publish(&world, &walk, version).await.is_problem(412, "version_mismatch");
    world.get(None, &format!("{}/editions/1.json", walk.report)).await.is_problem(404, "not_found");
});
