//! Organizations: proposed by anybody, decided by a second person, seen by everybody once vetted.

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Person, Request, World, id};
use crate::on_both;

const PATH: &str = "/api/v1/organizations";

fn forum() -> Value {
    json!({ "name": "Migrants’ Forum (Asia)", "acronym": "MFA", "sector": "civil_society", "country": "TH", "website": "https://example.org" })
}

async fn vet(world: &World, by: &Person, organization: &Value, to: &str) -> crate::harness::Answer {
    let path = format!("{PATH}/{}/vetting", id(organization));
    let request = Request::new(Method::POST, &path).by(Some(by));
    let body = json!({ "to": to, "note": "Known from before." });
    world.send(request.version(organization["version"].as_i64().unwrap()).body(body)).await
}

on_both!(
    a_second_person_decides_and_the_public_sees_only_what_is_vetted,
    |world: World| async move {
        let secretariat = world.person_with("Sari One", Role::Secretariat, ScopeKind::Instance, "");
        let other = world.person_with("Sari Two", Role::Secretariat, ScopeKind::Instance, "");
        let anybody = world.person("Any Body");
        let made = world.make(&secretariat, PATH, forum()).await;
        assert_eq!(made["vetting"], "proposed");
        let one = format!("{PATH}/{}", id(&made));
        world.get(None, &one).await.is_problem(404, "not_found");
        assert_eq!(world.get(None, PATH).await.json["items"], json!([]));
        assert_eq!(
            world.get(None, &format!("{PATH}?vetting=proposed")).await.json["items"],
            json!([])
        );
        assert_eq!(world.get(Some(&anybody), &one).await.json["vetting"], "proposed");

        vet(&world, &anybody, &made, "vetted").await.is_problem(403, "forbidden");
        vet(&world, &secretariat, &made, "vetted").await.is_problem(403, "forbidden");
        let vetted = vet(&world, &other, &made, "vetted").await;
        assert_eq!(vetted.status, 200, "{}", vetted.text);
        assert_eq!(vetted.json["vetting_note"], "Known from before.");
        vet(&world, &other, &made, "declined").await.is_problem(412, "version_mismatch");
        vet(&world, &other, &vetted.json, "declined").await.is_problem(409, "invalid_transition");

        let public = world.get(None, &one).await;
        assert_eq!(public.status, 200);
        for answer in [public, world.get(None, PATH).await, world.get(Some(&anybody), PATH).await] {
            assert!(!answer.text.contains("Known from before"), "{}", answer.text);
            assert!(!answer.text.contains(&secretariat.id.to_string()), "{}", answer.text);
        }
    }
);

on_both!(a_name_is_taken_however_it_is_written, |world: World| async move {
    let person = world.person("Any Body");
    let made = world.make(&person, PATH, forum()).await;
    let mut same = forum();
    same["name"] = json!(" MIGRANTS' forum, Asia ");
    let refused = world.post(&person, PATH, same).await;
    refused.is_problem(409, "already_exists");
    refused.points_to("/name");
    let mut other = forum();
    other["name"] = json!("Other");
    let other = world.make(&person, PATH, other).await;
    let path = format!("{PATH}/{}", id(&other));
    let body = json!({ "name": "migrants forum asia" });
    let request = Request::new(Method::PATCH, &path).by(Some(&person)).version(1).body(body);
    world.send(request).await.is_problem(409, "already_exists");
    let body = json!({ "acronym": null, "website": "https://other.example" });
    let changed = world.change(&person, Method::PATCH, &path, 1, body).await;
    assert_eq!((&changed["acronym"], &changed["version"]), (&Value::Null, &json!(2)));
    let found = world
        .get(Some(&person), &format!("{PATH}?q=Migrants%20F&sector=civil_society&country=TH"))
        .await;
    assert_eq!(found.json["items"].as_array().unwrap().len(), 1);
    assert_eq!(found.json["items"][0]["id"], made["id"]);
    world.get(Some(&person), &format!("{PATH}?q=--")).await.is_problem(400, "invalid_query");
    world.get(Some(&person), &format!("{PATH}?sector=nope")).await.is_problem(400, "invalid_query");
    world.get(Some(&person), &format!("{PATH}?colour=red")).await.is_problem(400, "invalid_query");
    let mut bad = forum();
    bad["website"] = json!("javascript:alert(1)");
    world.post(&person, PATH, bad).await.points_to("/website");
    let anonymous = Request::new(Method::POST, PATH).body(forum());
    world.send(anonymous).await.is_problem(401, "unauthenticated");
});

on_both!(pages_go_on_where_the_one_before_ended, |world: World| async move {
    let person = world.person("Any Body");
    for name in ["delta", "Alpha", "Écho", "bravo", "charlie"] {
        world
            .make(&person, PATH, json!({ "name": name, "sector": "academia", "country": "FJ" }))
            .await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world.get(Some(&person), &format!("{PATH}?limit=2{cursor}")).await.json;
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["name"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 5);
    let mut once = seen.clone();
    once.dedup();
    assert_eq!(once, seen);
    assert_eq!(seen[0], "Alpha");
});
