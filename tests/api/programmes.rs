//! A programme as one document: what is in it is changed or made, what is not is removed, and everything or nothing.

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Request, World, id};
use crate::inputs::{Scene, scene};
use crate::on_both;

impl Scene {
    fn programme(&self) -> String {
        format!("/api/v1/consultations/{}/programme", id(&self.consultation))
    }

    async fn replace(&self, world: &World, version: &Value, body: Value) -> Answer {
        let request = Request::new(Method::PUT, &self.programme()).by(Some(&self.secretariat));
        world.send(request.version(version.as_i64().unwrap()).body(body)).await
    }
}

/// The programme as it was read, as a document that changes nothing.
async fn document(world: &World, scene: &Scene) -> (Value, Value) {
    let by = Some(&scene.secretariat);
    let read = world.get(by, &scene.programme()).await;
    assert_eq!(read.header("etag"), format!("\"{}\"", read.json["version"]));
    let base = format!("/api/v1/consultations/{}", id(&scene.consultation));
    let list = |name: &str| format!("{base}/{name}?limit=200");
    let only = |rows: &Value, fields: &[&str]| -> Value {
        let rows = rows["items"].as_array().unwrap().iter();
        let row = |row: &Value| {
            fields.iter().map(|field| ((*field).to_owned(), row[field].clone())).collect()
        };
        rows.map(|one| Value::Object(row(one))).collect()
    };
    let co_organizers = world.get(by, &list("co-organizers")).await.json;
    let rounds = world.get(by, &list("rounds")).await.json;
    let groups = world.get(by, &list("working-groups")).await.json;
    let sessions = world.get(by, &list("sessions")).await.json;
    let mut document = json!({
        "co_organizers": only(&co_organizers, &["id", "organization_id", "kind"]),
        "rounds": only(&rounds, &["id", "number", "starts_at", "ends_at"]),
        "working_groups": only(&groups, &["id", "number", "clusters", "min_size", "max_size", "languages"]),
        "sessions": only(&sessions, &["id", "kind", "title", "starts_at", "ends_at", "moderator", "speakers",
            "attribution_rule", "note"]),
    });
    for (session, stored) in document["sessions"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .zip(sessions["items"].as_array().unwrap())
    {
        let held = rounds["items"].as_array().unwrap().iter();
        let held = held.clone().find(|round| round["id"] == stored["round_id"]);
        session["round"] = held.map_or(Value::Null, |round| round["number"].clone());
    }
    (read.json["version"].clone(), document)
}

on_both!(a_programme_is_one_document, |world: World| async move {
    let scene = scene(&world).await;
    let (seen, before) = document(&world, &scene).await;

    // As it is, nothing changes: no row gets another version.
    let same = scene.replace(&world, &seen, before.clone()).await;
    assert_eq!((same.status, &same.json["version"]), (200, &seen), "{}", same.text);

    // Rounds change numbers, a session is made first and the group gets lines in place of hosts.
    let organization = json!({ "name": "Labour Example", "sector": "un_entity", "country": "TH" });
    let organization = world.make(&scene.secretariat, "/api/v1/organizations", organization).await;
    let mut next = before.clone();
    let rounds = next["rounds"].as_array_mut().unwrap();
    let first = rounds[0]["number"].clone();
    rounds[0]["number"] = json!(7);
    rounds.push(json!({ "number": first }));
    let opening = json!({
        "kind": "opening", "title": "Welcome", "note": "Join early.",
        "speakers": [{ "name": "Asha Example", "affiliation": "Example Union", "named_consent": true }]
    });
    let held = json!({ "kind": "working_groups", "title": "Second round", "round": 7 });
    let sessions = next["sessions"].as_array_mut().unwrap();
    sessions.insert(0, opening);
    sessions.push(held);
    next["working_groups"][0]["placeholders"] = json!([
        { "role": "co_host", "organization_id": organization["id"] }, { "role": "rapporteur" }
    ]);
    next["co_organizers"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "organization_id": organization["id"], "kind": "un_network" }));
    let put = scene.replace(&world, &seen, next.clone()).await;
    assert_eq!(put.status, 200, "{}", put.text);
    assert_ne!(put.json["version"], seen);
    assert_eq!(put.json["sessions"][0]["title"], "Welcome");
    let lines = put.json["working_groups"][0]["placeholders"].clone();
    assert_eq!(lines[0]["text"], "a representative of Labour Example");
    assert_eq!(
        (&lines[1]["text"], &lines[1]["role"]),
        (&json!("to be confirmed"), &json!("rapporteur"))
    );
    let sessions = put.json["sessions"].as_array().unwrap();
    assert_eq!(sessions.last().unwrap()["round"]["number"], 7);
    let public = world.get(None, &scene.programme()).await.json;
    assert_eq!(public["working_groups"][0]["placeholders"], lines);

    let page = format!("/consultations/{}", id(&scene.consultation));
    let page = world.get(None, &page).await.text;
    assert!(
        page.contains("a representative of Labour Example") && page.contains("to be confirmed")
    );

    // Whoever still has the programme from before is told so; a change of a single row counts too.
    let late = scene.replace(&world, &seen, before.clone()).await;
    late.is_problem(412, "version_mismatch");
    let path = format!("/api/v1/sessions/{}", id(&sessions[0]));
    world.change(&scene.secretariat, Method::PATCH, &path, 1, json!({ "title": "Hello" })).await;
    scene
        .replace(&world, &put.json["version"], before.clone())
        .await
        .is_problem(412, "version_mismatch");

    // Everything that is wrong is told at once, by its place, and nothing is done.
    let (seen, current) = document(&world, &scene).await;
    let mut wrong = current.clone();
    wrong["rounds"][1]["number"] = wrong["rounds"][0]["number"].clone();
    wrong["sessions"][0]["title"] = json!(" ");
    wrong["sessions"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "kind": "plenary", "title": "Together" }));
    let last = wrong["sessions"].as_array().unwrap().len();
    wrong["working_groups"][0]["clusters"] = json!([[23]]);
    wrong["working_groups"][0]["placeholders"] = json!([{ "role": "secretariat" }]);
    let refused = scene.replace(&world, &seen, wrong).await;
    refused.is_problem(422, "invalid_value");
    for pointer in [
        "/rounds/1/number",
        "/sessions/0/title",
        "/working_groups/0/clusters/0/0",
        "/working_groups/0/placeholders/0/role",
    ] {
        refused.points_to(pointer);
    }
    let mut wrong = current.clone();
    wrong["sessions"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "kind": "working_groups", "title": "Third", "round": 99 }));
    wrong["rounds"][0]["id"] = json!("00000000-0000-4000-8000-000000000000");
    let refused = scene.replace(&world, &seen, wrong).await;
    refused.points_to(&format!("/sessions/{}/round", last - 1));
    refused.points_to("/rounds/0/id");
    assert_eq!(document(&world, &scene).await, (seen.clone(), current.clone()));

    // What something hangs on stays: a group that somebody hosts.
    let group = current["working_groups"][0]["id"].as_str().unwrap();
    world.person_with("Tia Rapporteur", Role::Rapporteur, ScopeKind::WorkingGroup, group);
    let mut less = current.clone();
    less["working_groups"].as_array_mut().unwrap().remove(0);
    let refused = scene.replace(&world, &seen, less).await;
    refused.is_problem(409, "in_use");
    refused.points_to("/working_groups");
    // What nothing hangs on goes.
    let mut less = current.clone();
    less["sessions"].as_array_mut().unwrap().remove(0);
    less["co_organizers"] = before["co_organizers"].clone();
    let put = scene.replace(&world, &seen, less).await;
    assert_eq!(put.status, 200, "{}", put.text);
    assert_eq!(put.json["sessions"].as_array().unwrap().len(), last - 2);
    assert!(!put.text.contains("Hello"));
    assert_eq!(
        put.json["working_groups"][0]["placeholders"],
        json!([]),
        "none were in the document"
    );
});
