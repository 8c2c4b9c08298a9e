//! "We would like to co-organize" over HTTP, on both databases.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, id};
use crate::mail::rows;
use crate::on_both;

fn offer() -> Value {
    json!({
        "organization": { "name": "Example Trust", "sector": "civil_society", "country": "TH" },
        "kind": "stakeholder", "motivation": "We can host a working group."
    })
}

async fn decide(world: &World, by: &Person, offer: &Value, body: Value) -> Answer {
    let path = format!("/api/v1/co-organizing-offers/{}/decision", id(offer));
    let version = offer["version"].as_i64().unwrap();
    world.send(Request::new(Method::POST, &path).by(Some(by)).version(version).body(body)).await
}

on_both!(an_accepted_offer_makes_a_co_organizer_and_gives_the_role, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    let path = format!("/api/v1/consultations/{}/co-organizing-offers", id(&consultation));
    let asha = world.person("Asha Example");
    world.post(&asha, &path, offer()).await.is_problem(404, "not_found");
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let made = world.make(&asha, &path, offer()).await;
    assert_eq!(
        (&made["state"], &made["organization"]),
        (&json!("submitted"), &json!("Example Trust"))
    );
    assert_eq!(made["allowed_actions"], json!(["withdraw"]));
    let again = json!({
        "organization_id": made["organization_id"], "kind": "stakeholder", "motivation": "Again."
    });
    world.post(&asha, &path, again).await.is_problem(409, "already_exists");
    let taken = world.post(&asha, &path, offer()).await;
    taken.is_problem(409, "already_exists");
    taken.points_to("/organization/name");

    // Others see none of it.
    let binh = world.person("Binh Sample");
    assert_eq!(world.get(Some(&binh), &path).await.json["items"], json!([]));
    let own = format!("/api/v1/co-organizing-offers/{}", id(&made));
    world.get(Some(&binh), &own).await.is_problem(404, "not_found");
    decide(&world, &asha, &made, json!({ "decision": "accept" }))
        .await
        .is_problem(403, "forbidden");

    let answer =
        decide(&world, &secretariat, &made, json!({ "decision": "accept", "note": "Welcome." }))
            .await;
    assert_eq!(
        (answer.status, &answer.json["state"]),
        (200, &json!("accepted")),
        "{}",
        answer.text
    );
    let parts = format!("/api/v1/consultations/{}/co-organizers", id(&consultation));
    let parts = world.get(None, &parts).await.json;
    assert_eq!(parts["items"][0]["id"], answer.json["co_organizer_id"], "{parts}");
    assert_eq!(parts["items"][0]["organization_id"], made["organization_id"]);
    let me = world.get(Some(&asha), "/api/v1/me").await.json;
    assert_eq!(me["roles"][0]["role"], "co_organizer", "{me}");
    assert_eq!(me["roles"][0]["scope_id"], consultation["id"]);
    let mails: Vec<String> = rows(&world).into_iter().map(|row| row.template).collect();
    assert_eq!(mails, ["offer_submitted", "offer_accepted"]);
    decide(&world, &secretariat, &answer.json, json!({ "decision": "accept" }))
        .await
        .is_problem(409, "invalid_transition");
});

on_both!(an_offer_is_declined_with_a_reason_or_taken_back, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let path = format!("/api/v1/consultations/{}/co-organizing-offers", id(&consultation));
    let asha = world.person("Asha Example");
    let made = world.make(&asha, &path, offer()).await;
    let bare = decide(&world, &secretariat, &made, json!({ "decision": "decline" })).await;
    bare.is_problem(422, "invalid_value");
    bare.points_to("/reason_code");
    let body = json!({ "decision": "decline", "reason_code": "enough", "note": "Next time." });
    let declined = decide(&world, &secretariat, &made, body).await.json;
    assert_eq!(
        (&declined["state"], &declined["reason_code"]),
        (&json!("declined"), &json!("enough"))
    );
    let mail = rows(&world).pop().unwrap();
    assert!(
        mail.body.contains("already: ")
            || mail.body.contains("co-organize this consultation already"),
        "{}",
        mail.body
    );
    assert!(mail.body.contains("Next time."));
    let me = world.get(Some(&asha), "/api/v1/me").await.json;
    assert_eq!(me["roles"], json!([]));

    let again = json!({
        "organization_id": made["organization_id"], "kind": "un_network", "motivation": "Again."
    });
    let second = world.make(&asha, &path, again).await;
    let own = format!("/api/v1/co-organizing-offers/{}/withdrawal", id(&second));
    let withdrawn = world.change(&asha, Method::POST, &own, 1, Value::Null).await;
    assert_eq!(withdrawn["state"], "withdrawn");
    decide(&world, &secretariat, &withdrawn, json!({ "decision": "accept" }))
        .await
        .is_problem(409, "invalid_transition");
    let both = world.get(Some(&secretariat), &path).await.json;
    assert_eq!(both["items"].as_array().unwrap().len(), 2);
    let filtered = world.get(Some(&asha), &format!("{path}?state=declined")).await.json;
    assert_eq!(filtered["items"].as_array().unwrap().len(), 1);
});

on_both!(a_wrong_offer_is_told_where, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let path = format!("/api/v1/consultations/{}/co-organizing-offers", id(&consultation));
    let asha = world.person("Asha Example");
    let mut both = offer();
    both["organization_id"] = json!("01890a5d-ac96-774b-bcce-b302099a8057");
    let none = json!({ "kind": "stakeholder", "motivation": "We can help." });
    for body in [both, none] {
        let answer = world.post(&asha, &path, body).await;
        answer.is_problem(422, "invalid_value");
        answer.points_to("/organization_id");
    }
    let mut empty = offer();
    empty["motivation"] = json!(" ");
    world.post(&asha, &path, empty).await.points_to("/motivation");
    let answer = world.send(Request::new(Method::POST, &path).body(offer())).await;
    answer.is_problem(401, "unauthenticated");
});
