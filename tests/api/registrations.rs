//! Registrations, assignments and hosts over HTTP, on both databases.

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, id, registration};
use crate::on_both;
use crate::plans::proposed;

async fn decide(world: &World, by: &Person, one: &Value, body: Value) -> Answer {
    let path = format!("/api/v1/registrations/{}/decision", id(one));
    let version = one["version"].as_i64().unwrap();
    world.send(Request::new(Method::POST, &path).by(Some(by)).version(version).body(body)).await
}

fn mails(world: &World) -> Vec<(String, String)> {
    world
        .app
        .db
        .read_blocking(|conn| rapporteur::outbox::list(conn, None, 1000))
        .unwrap()
        .into_iter()
        .map(|mail| (mail.template, mail.body))
        .collect()
}

on_both!(a_vetted_registration_is_decided_waits_and_moves_up, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(Some(1), "vetted").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let (asha, binh, chen) =
        (world.person("Asha Example"), world.person("Binh Sample"), world.person("Chen Fixture"));
    let first = world.make(&asha, &path, registration("civil_society", "TH")).await;
    assert_eq!(first["state"], "submitted");
    assert_eq!(first["person"]["name"], "Asha Example");
    assert_eq!(first["allowed_actions"], json!(["update", "withdraw"]));
    let second = world.make(&binh, &path, registration("media", "VN")).await;
    let third = world.make(&chen, &path, registration("academia", "CN")).await;

    // Others may not know of it; nobody known must sign in.
    let own = format!("/api/v1/registrations/{}", id(&first));
    assert_eq!(world.get(Some(&asha), &own).await.status, 200);
    world.get(Some(&binh), &own).await.is_problem(404, "not_found");
    world.get(None, &own).await.is_problem(401, "unauthenticated");
    world.get(Some(&binh), &path).await.is_problem(403, "forbidden");
    decide(&world, &asha, &first, json!({ "decision": "confirm" }))
        .await
        .is_problem(403, "forbidden");

    let answer = decide(&world, &secretariat, &first, json!({ "decision": "confirm" })).await;
    assert_eq!(
        (answer.status, &answer.json["state"]),
        (200, &json!("confirmed")),
        "{}",
        answer.text
    );
    let first = answer.json;
    let answer = decide(&world, &secretariat, &second, json!({ "decision": "confirm" })).await;
    assert_eq!(answer.json["state"], "waitlisted", "{}", answer.text);
    assert_eq!(answer.json["waiting_number"], 1);
    let second = answer.json;
    let answer = decide(&world, &secretariat, &third, json!({ "decision": "waitlist" })).await;
    assert_eq!(answer.json["waiting_number"], 2);
    let third = answer.json;
    decide(&world, &secretariat, &third, json!({ "decision": "confirm" }))
        .await
        .is_problem(409, "invalid_transition");

    // A changed fact goes back to review and keeps the place; declining it frees it.
    let request = Request::new(Method::PATCH, &own)
        .by(Some(&asha))
        .version(2)
        .body(json!({ "country": "PH" }));
    let answer = world.send(request).await;
    assert_eq!(answer.json["state"], "submitted", "{}", answer.text);
    let seen =
        world.get(Some(&secretariat), &format!("/api/v1/registrations/{}", id(&second))).await;
    assert_eq!(seen.json["state"], "waitlisted");
    decide(&world, &secretariat, &first, json!({ "decision": "confirm" }))
        .await
        .is_problem(412, "version_mismatch");
    let missing =
        decide(&world, &secretariat, &answer.json, json!({ "decision": "decline", "note": "x" }))
            .await;
    missing.is_problem(422, "invalid_value");
    let body = json!({ "decision": "decline", "reason_code": "not_vetted", "note": "We could not reach you." });
    let answer = decide(&world, &secretariat, &answer.json, body).await;
    assert_eq!(answer.json["state"], "declined", "{}", answer.text);
    let seen = world.get(Some(&binh), &format!("/api/v1/registrations/{}", id(&second))).await;
    assert_eq!(seen.json["state"], "confirmed");
    assert_eq!(seen.json["waiting_number"], Value::Null);
    let list = world
        .get(Some(&secretariat), &format!("{path}?state=waitlisted&sector=academia&limit=1"))
        .await;
    assert_eq!(list.json["items"].as_array().unwrap().len(), 1, "{}", list.text);
    world
        .get(Some(&secretariat), &format!("{path}?sector=nonsense"))
        .await
        .is_problem(400, "invalid_query");

    let templates: Vec<String> = mails(&world).into_iter().map(|(template, _)| template).collect();
    assert_eq!(
        templates,
        [
            "registration_confirmed",
            "registration_waitlisted",
            "registration_waitlisted",
            "registration_declined",
            "registration_promoted"
        ]
    );

    // More places: who waits gets them.
    let path = format!("/api/v1/consultations/{}", id(&consultation));
    let version = world.get(Some(&secretariat), &path).await.json["version"].as_i64().unwrap();
    world.change(&secretariat, Method::PATCH, &path, version, json!({ "capacity": 2 })).await;
    let seen = world.get(Some(&chen), &format!("/api/v1/registrations/{}", id(&third))).await;
    assert_eq!(seen.json["state"], "confirmed");
    let request = Request::new(Method::PATCH, &path)
        .by(Some(&secretariat))
        .version(version + 1)
        .body(json!({ "capacity": 1 }));
    let refused = world.send(request).await;
    assert!(refused.status == 409 || refused.status == 422, "{}", refused.text);
    // A declined person may register again.
    let again =
        world.make(&asha, &format!("{path}/registrations"), registration("media", "TH")).await;
    assert_eq!(again["state"], "submitted");
    let mine = world.get(Some(&asha), "/api/v1/me/registrations").await;
    assert_eq!(mine.json["items"].as_array().unwrap().len(), 2);
});

on_both!(what_cannot_be_registered_says_where, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let asha = world.person("Asha Example");
    world.post(&asha, &path, registration("media", "TH")).await.is_problem(404, "not_found");
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    for (field, value, pointer) in [
        ("consents", json!({ "processing": false }), "/consents/processing"),
        ("sector", json!(null), "/sector"),
        ("sector", json!("un_entity"), "/organization_id"),
        ("country", json!("XX"), "/country"),
        ("languages", json!(["en", "en"]), "/languages/1"),
        ("preferences", json!(["00000000-0000-7000-8000-000000000000"]), "/preferences/0"),
        ("organization_id", json!("00000000-0000-7000-8000-000000000000"), "/organization_id"),
    ] {
        let mut body = registration("media", "TH");
        body[field] = value;
        let answer = world.post(&asha, &path, body).await;
        answer.is_problem(422, "invalid_value");
        assert_eq!(answer.json["errors"][0]["pointer"], pointer, "{}", answer.text);
    }
    let person = json!({ "email": "binh@example.org", "name": "Binh Sample" });
    let mut body = registration("media", "TH");
    body["person"] = person;
    world.post(&asha, &path, body.clone()).await.is_problem(403, "forbidden");
    let made = world.make(&secretariat, &path, body).await;
    assert_eq!(made["person"]["email"], "binh@example.org");
    assert_eq!(made["state"], "confirmed");
});

on_both!(a_plan_is_proposed_applied_and_followed, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let mut groups = Vec::new();
    for (number, clusters) in
        [(1, json!([[4], [8], [21]])), (2, json!([[9, 10]])), (3, json!([[11, 13]]))]
    {
        let body = json!({ "number": number, "clusters": clusters, "min_size": 2, "max_size": 6, "languages": ["en"] });
        groups.push(world.make(&secretariat, &format!("{base}/working-groups"), body).await);
    }
    for number in [1, 2] {
        world.make(&secretariat, &format!("{base}/rounds"), json!({ "number": number })).await;
    }
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let mut people = Vec::new();
    for number in 0..12 {
        let person = world.person(&format!("Crowd Example {number}"));
        let made = world
            .make(&person, &format!("{base}/registrations"), registration("academia", "IN"))
            .await;
        people.push((person, made));
    }
    let hosts = format!("/api/v1/working-groups/{}/hosts", id(&groups[1]));
    let body = json!({ "account_id": people[0].0.id, "role": "rapporteur" });
    world.post(&people[1].0, &hosts, body.clone()).await.is_problem(403, "forbidden");
    world.make(&secretariat, &hosts, body).await;
    let body = json!({ "person": { "email": "host@example.org", "name": "Distinct Hostname" }, "role": "co_host" });
    world.make(&secretariat, &hosts, body).await;
    world
        .post(&secretariat, &hosts, json!({ "account_id": people[0].0.id, "role": "secretariat" }))
        .await
        .is_problem(422, "invalid_value");
    let public = world.get(None, &hosts).await;
    assert_eq!(public.status, 200);
    assert!(!public.text.contains("Hostname") && !public.text.contains("Crowd"), "{}", public.text);
    assert!(world.get(Some(&secretariat), &hosts).await.text.contains("Distinct Hostname"));

    let plan = proposed(&world, &secretariat, &base, json!({})).await;
    assert_eq!(plan["unmet"], json!([]));
    assert_eq!(plan["placements"].as_array().unwrap().len(), 24);
    let apply = format!("/api/v1/assignment-plans/{}/apply", id(&plan));
    let applied =
        world.send(Request::new(Method::POST, &apply).by(Some(&secretariat)).version(1)).await;
    assert_eq!(
        (applied.status, &applied.json["state"]),
        (200, &json!("applied")),
        "{}",
        applied.text
    );
    let told = mails(&world)
        .into_iter()
        .filter(|(template, _)| template == "working_groups_assigned")
        .count();
    assert_eq!(told, 12);

    let mine = world.get(Some(&people[0].0), "/api/v1/me/assignments").await;
    let rows = mine.json["items"].as_array().unwrap().clone();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["working_group"] == 2), "{}", mine.text);
    // The rapporteur sees their own group with names; the others' not at all.
    let own = world.get(Some(&people[0].0), &format!("{base}/assignments")).await;
    let rows = own.json["items"].as_array().unwrap();
    assert_eq!(rows.len(), 8);
    assert!(
        rows.iter().all(|row| row["working_group"] == 2 && row["name"].is_string()),
        "{}",
        own.text
    );
    let other = format!("{base}/assignments?working_group={}", id(&groups[0]));
    world.get(Some(&people[0].0), &other).await.is_problem(403, "forbidden");
    world
        .get(Some(&people[2].0), &format!("{base}/assignments"))
        .await
        .is_problem(403, "forbidden");
    world
        .get(Some(&people[0].0), &format!("{base}/assignment-plans"))
        .await
        .is_problem(403, "forbidden");
    let co = world.person_with(
        "Cora Organizer",
        Role::CoOrganizer,
        ScopeKind::Consultation,
        id(&consultation),
    );
    let seen = world.get(Some(&co), &format!("{base}/assignments?limit=200")).await;
    assert_eq!(seen.json["items"], json!([]), "their number would be a figure: {}", seen.text);

    // A newcomer gets a group; who leaves frees one; a plan from before does not fit any more.
    let old = proposed(&world, &secretariat, &base, json!({ "seed": 2 })).await;
    let late = world.person("Late Example");
    let newcomer =
        world.make(&late, &format!("{base}/registrations"), registration("media", "TH")).await;
    let mine = world.get(Some(&late), "/api/v1/me/assignments").await;
    assert_eq!(mine.json["items"].as_array().unwrap().len(), 2, "{}", mine.text);
    let path = format!("/api/v1/registrations/{}/withdrawal", id(&people[3].1));
    let gone =
        world.send(Request::new(Method::POST, &path).by(Some(&people[3].0)).version(1)).await;
    assert_eq!(gone.status, 200, "{}", gone.text);
    let all = world.get(Some(&secretariat), &format!("{base}/assignments?limit=200")).await;
    assert_eq!(all.json["items"].as_array().unwrap().len(), 24);
    let apply = format!("/api/v1/assignment-plans/{}/apply", id(&old));
    let refused =
        world.send(Request::new(Method::POST, &apply).by(Some(&secretariat)).version(1)).await;
    refused.is_problem(409, "invalid_transition");
    assert!(
        refused.text.contains(id(&newcomer)) && refused.text.contains(id(&people[3].1)),
        "{}",
        refused.text
    );
    let new = proposed(&world, &secretariat, &base, json!({ "seed": 2 })).await;
    let apply = format!("/api/v1/assignment-plans/{}/apply", id(&new));
    let applied =
        world.send(Request::new(Method::POST, &apply).by(Some(&secretariat)).version(1)).await;
    assert_eq!(applied.status, 200, "{}", applied.text);
    let plans = world.get(Some(&secretariat), &format!("{base}/assignment-plans")).await;
    let states: Vec<&Value> =
        plans.json["items"].as_array().unwrap().iter().map(|plan| &plan["state"]).collect();
    assert_eq!(states, ["superseded", "proposed", "applied"]);

    let held = world.get(Some(&secretariat), &hosts).await.json;
    let held = held["items"].as_array().unwrap().iter();
    let held = held.clone().find(|host| host["role"] == "rapporteur").unwrap();
    let path = format!("{hosts}/{}", id(held));
    let gone = world.send(Request::new(Method::DELETE, &path).by(Some(&secretariat))).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    let gone = world.send(Request::new(Method::DELETE, &path).by(Some(&secretariat))).await;
    assert_eq!(gone.status, 404, "{}", gone.text);
});
