//! Consents: each by itself, on record, taken back; and guardians who consent for somebody under 18.

use reqwest::Method;
use serde_json::{Value, json};

use crate::drafts::{links, send};
use crate::harness::{Answer, Person, Request, World, id, registration};
use crate::on_both;

async fn change(world: &World, by: &Person, one: &Value, body: Value) -> Answer {
    let path = format!("/api/v1/registrations/{}", id(one));
    let version = world.get(Some(by), &path).await.json["version"].as_i64().unwrap();
    world.send(Request::new(Method::PATCH, &path).by(Some(by)).version(version).body(body)).await
}

async fn records(world: &World, by: &Person, one: &Value) -> Vec<(String, bool)> {
    let path = format!("/api/v1/registrations/{}/consents", id(one));
    let answer = world.get(Some(by), &path).await;
    let rows = answer.json["items"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
    let pair = |row: &Value| (row["kind"].as_str().unwrap().to_owned(), row["given"] == true);
    rows.iter().map(pair).collect()
}

async fn answer_as_guardian(world: &World, token: &str, consent: bool) -> Answer {
    let body = json!({ "token": token, "consent": consent });
    send(world, "/api/v1/guardian-consents", None, body).await
}

fn minor() -> Value {
    let mut body = registration("academia", "TH");
    body["age_band"] = json!("under_18");
    body["guardian"] = json!({ "name": "Ravi Example", "email": "ravi@example.org" });
    body
}

on_both!(consents_are_given_and_withdrawn_each_by_itself, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(Some(1), "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let (asha, binh) = (world.person("Asha Example"), world.person("Binh Sample"));
    let mut body = registration("media", "TH");
    body["consents"] = json!({ "processing": true, "recording": true, "listed": true });
    let first = world.make(&asha, &path, body).await;
    let second = world.make(&binh, &path, registration("media", "VN")).await;
    assert_eq!((&first["state"], &second["state"]), (&json!("confirmed"), &json!("waitlisted")));

    let answer = change(&world, &asha, &first, json!({ "consents": { "recording": false } })).await;
    assert_eq!(answer.json["consents"]["listed"], true, "{}", answer.text);
    assert_eq!(answer.json["state"], "confirmed");
    change(&world, &secretariat, &first, json!({ "consents": { "recording": true } }))
        .await
        .is_problem(403, "forbidden");
    let kept = [("processing", true), ("recording", true), ("listed", true), ("recording", false)];
    let kept = kept.map(|(kind, given)| (kind.to_owned(), given));
    let mut found = records(&world, &asha, &first).await;
    found[..3].sort();
    let mut wanted = kept.to_vec();
    wanted[..3].sort();
    assert_eq!(found, wanted);
    assert_eq!(records(&world, &secretariat, &first).await.len(), 4);
    let path = format!("/api/v1/registrations/{}/consents", id(&first));
    world.get(Some(&binh), &path).await.is_problem(404, "not_found");

    // Without consent to processing the registration goes, and with it the place.
    let answer =
        change(&world, &asha, &first, json!({ "consents": { "processing": false } })).await;
    assert_eq!(answer.json["state"], "withdrawn", "{}", answer.text);
    assert_eq!(answer.json["consents"]["listed"], false);
    let last: Vec<_> = records(&world, &asha, &first).await.split_off(4);
    assert_eq!(last.len(), 2, "{last:?}");
    assert!(last.iter().all(|(_, given)| !given));
    let path = format!("/api/v1/registrations/{}", id(&second));
    assert_eq!(world.get(Some(&binh), &path).await.json["state"], "confirmed");
});

on_both!(nobody_under_18_is_confirmed_before_the_guardian_consents, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let chen = world.person("Chen Fixture");
    let wrong = [
        (json!({ "guardian": null }), "/guardian"),
        (json!({ "age_band": "18_24" }), "/guardian"),
        (json!({ "guardian": { "name": "Me", "email": chen.email } }), "/guardian/email"),
        (json!({ "consents": { "processing": true, "listed": true } }), "/consents/listed"),
    ];
    for (part, pointer) in wrong {
        let mut body = minor();
        for (field, value) in part.as_object().unwrap() {
            body[field] = value.clone();
        }
        let answer = world.post(&chen, &path, body).await;
        answer.is_problem(422, "invalid_value");
        answer.points_to(pointer);
    }
    let mut forged = minor();
    forged["guardian"]["consented_at"] = json!("2020-10-01T03:00:00Z");
    world.post(&chen, &path, forged).await.is_problem(422, "unknown_field");

    let made = world.make(&chen, &path, minor()).await;
    assert_eq!(made["state"], "submitted", "{made}");
    assert_eq!(made["guardian"]["consented_at"], Value::Null);
    let decision = format!("/api/v1/registrations/{}/decision", id(&made));
    let request = Request::new(Method::POST, &decision).by(Some(&secretariat)).version(1);
    let refused = world.send(request.body(json!({ "decision": "confirm" }))).await;
    refused.is_problem(409, "guardian_consent_missing");
    // Nobody grows up by a change without another look.
    let asked = links(&world, "guardian_consent");
    assert_eq!(asked[0].0, "ravi@example.org");

    // Another guardian is named: the first link opens nothing any more.
    let other = json!({ "guardian": { "name": "Rani Example", "email": "rani@example.org" } });
    let changed = change(&world, &chen, &made, other).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    answer_as_guardian(&world, &asked[0].1, true).await.is_problem(401, "invalid_credentials");
    let token = links(&world, "guardian_consent")[1].1.clone();
    let answer = answer_as_guardian(&world, &token, true).await;
    assert_eq!(answer.json, json!({ "consent": true, "state": "confirmed" }), "{}", answer.text);
    assert_eq!(answer_as_guardian(&world, &token, true).await.status, 200, "twice is as once");
    change(&world, &chen, &made, json!({ "consents": { "named_attribution": true } }))
        .await
        .points_to("/consents/named_attribution");

    // Consent is taken back with the same link.
    let answer = answer_as_guardian(&world, &token, false).await;
    assert_eq!(answer.json, json!({ "consent": false, "state": "withdrawn" }), "{}", answer.text);
    answer_as_guardian(&world, &token, true).await.is_problem(409, "invalid_transition");
    let told =
        world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 100)).unwrap();
    assert_eq!(told.last().unwrap().template, "guardian_refused");
    assert_eq!(told.last().unwrap().recipient, chen.email);
    let guardian: Vec<_> = records(&world, &secretariat, &made).await;
    let guardian: Vec<_> = guardian.into_iter().filter(|(kind, _)| kind == "guardian").collect();
    assert_eq!(guardian, [("guardian".to_owned(), true), ("guardian".to_owned(), false)]);
});

on_both!(a_confirmed_person_who_says_they_are_under_18_is_asked_again, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(Some(1), "vetted").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let chen = world.person("Chen Fixture");
    let made = world.make(&chen, &path, registration("media", "TH")).await;
    let decision = format!("/api/v1/registrations/{}/decision", id(&made));
    world.change(&secretariat, Method::POST, &decision, 1, json!({ "decision": "confirm" })).await;
    change(&world, &chen, &made, json!({ "age_band": "under_18" })).await.points_to("/guardian");
    let named = json!({ "age_band": "under_18", "guardian": { "name": "Ravi", "email": "ravi@example.org" } });
    let changed = change(&world, &chen, &made, named).await;
    assert_eq!(changed.json["state"], "submitted", "{}", changed.text);
    let token = links(&world, "guardian_consent")[0].1.clone();
    let answer = answer_as_guardian(&world, &token, true).await;
    assert_eq!(answer.json["state"], "submitted", "the secretariat looks at it again");
    let path = format!("/api/v1/registrations/{}", id(&made));
    let version = world.get(Some(&chen), &path).await.json["version"].as_i64().unwrap();
    let confirm = json!({ "decision": "confirm" });
    let after = world.change(&secretariat, Method::POST, &decision, version, confirm).await;
    assert_eq!(after["state"], "confirmed");
    // Whoever says that they are not under 18 after all is looked at again, and has no guardian.
    let grown = change(&world, &chen, &made, json!({ "age_band": "18_24" })).await;
    assert_eq!(
        (&grown.json["state"], &grown.json["guardian"]),
        (&json!("submitted"), &Value::Null)
    );
    answer_as_guardian(&world, &token, false).await.is_problem(401, "invalid_credentials");
});
