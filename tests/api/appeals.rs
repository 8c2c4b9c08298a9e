//! Appeals: whoever was declined objects once, somebody else answers, and is told.

use chrono::Duration;
use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, id, registration, review};
use crate::on_both;

const APPEALS: &str = "/api/v1/appeals";

/// A POST that names the version that is there now.
async fn act(world: &World, by: &Person, path: &str, action: &str, body: Value) -> Answer {
    let version = world.get(Some(by), path).await.json["version"].as_i64().unwrap_or(1);
    let request = Request::new(Method::POST, &format!("{path}/{action}")).by(Some(by));
    world.send(request.version(version).body(body)).await
}

async fn decline(world: &World, by: &Person, one: &Value) {
    let body =
        json!({ "decision": "decline", "reason_code": "not_vetted", "note": "Who are you?" });
    let path = format!("/api/v1/registrations/{}", id(one));
    let answer = act(world, by, &path, "decision", body).await;
    assert_eq!(answer.json["state"], "declined", "{}", answer.text);
}

async fn answer(world: &World, by: &Person, appeal: &Value, outcome: &str) -> Answer {
    let body = json!({ "outcome": outcome, "answer": "We have looked at it." });
    act(world, by, &format!("{APPEALS}/{}", id(appeal)), "answer", body).await
}

fn mails(world: &World, template: &str) -> Vec<(String, String)> {
    let all =
        world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 1000)).unwrap();
    let found = all.into_iter().filter(|mail| mail.template == template);
    found.map(|mail| (mail.recipient, mail.body)).collect()
}

on_both!(
    a_declined_registration_is_taken_up_again_when_its_appeal_is_upheld,
    |world: World| async move {
        let (decides, review, consultation) = world.consultation(Some(1), "vetted").await;
        let other =
            world.person_with("Sam Second", Role::Secretariat, ScopeKind::Review, id(&review));
        world.phases(&decides, id(&consultation), &["open_call"]).await;
        let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
        let (asha, binh) = (world.person("Asha Example"), world.person("Binh Sample"));
        let made = world.make(&asha, &path, registration("civil_society", "TH")).await;
        let body = json!({ "registration_id": made["id"], "text": "  I am who I say.  " });
        world.post(&asha, APPEALS, body.clone()).await.is_problem(409, "invalid_transition");
        decline(&world, &decides, &made).await;
        world.post(&binh, APPEALS, body.clone()).await.is_problem(404, "not_found");
        world.post(&decides, APPEALS, body.clone()).await.is_problem(403, "forbidden");
        world.post(&asha, APPEALS, json!({ "text": "What?" })).await.points_to("/registration_id");
        let mut empty = body.clone();
        empty["text"] = json!(" ");
        world.post(&asha, APPEALS, empty).await.points_to("/text");

        let appeal = world.make(&asha, APPEALS, body.clone()).await;
        assert_eq!(
            (&appeal["state"], &appeal["text"]),
            (&json!("open"), &json!("I am who I say."))
        );
        assert_eq!(appeal["allowed_actions"], json!([]));
        assert_eq!(appeal["decided_by"], Value::Null, "the applicant is not told who decided");
        world.post(&asha, APPEALS, body.clone()).await.is_problem(409, "already_exists");
        // Both of the secretariat are told that there is one, and not what it says.
        let told = mails(&world, "appeal_submitted");
        assert_eq!(told.len(), 2, "{told:?}");
        let page = format!("/my/appeals/{}?lang=", id(&appeal));
        assert!(told.iter().all(|(_, text)| text.contains(&page) && !text.contains("who I say")));

        let one = format!("{APPEALS}/{}", id(&appeal));
        world.get(Some(&binh), &one).await.is_problem(404, "not_found");
        answer(&world, &asha, &appeal, "upheld").await.is_problem(403, "forbidden");
        answer(&world, &decides, &appeal, "upheld").await.is_problem(403, "forbidden");
        let open = world.get(Some(&other), &format!("{APPEALS}?state=open")).await.json;
        assert_eq!(open["items"][0]["allowed_actions"], json!(["answer"]), "{open}");
        let upheld = answer(&world, &other, &appeal, "upheld").await;
        assert_eq!(
            (upheld.status, &upheld.json["state"]),
            (200, &json!("upheld")),
            "{}",
            upheld.text
        );
        answer(&world, &other, &appeal, "dismissed").await.is_problem(409, "invalid_transition");
        let seen = world.get(Some(&asha), &one).await.json;
        assert_eq!(
            (&seen["answer"], &seen["answered_by"]),
            (&json!("We have looked at it."), &Value::Null)
        );
        let told = mails(&world, "appeal_upheld");
        assert!(told[0].0 == asha.email && told[0].1.contains("We have looked at it."), "{told:?}");

        // It is looked at again, and holds no place meanwhile.
        let own = format!("/api/v1/registrations/{}", id(&made));
        let again = world.get(Some(&asha), &own).await.json;
        assert_eq!(
            (&again["state"], &again["reason_code"]),
            (&json!("submitted"), &Value::Null),
            "{again}"
        );
        let second = world.make(&binh, &path, registration("media", "VN")).await;
        let confirmed = act(
            &world,
            &decides,
            &format!("/api/v1/registrations/{}", id(&second)),
            "decision",
            json!({ "decision": "confirm" }),
        )
        .await;
        assert_eq!(confirmed.json["state"], "confirmed", "{}", confirmed.text);

        // Another decision can be appealed against again.
        world.app.clock.advance(Duration::minutes(5));
        let (decides, other) = (world.signed_in_again(&decides), world.signed_in_again(&other));
        decline(&world, &decides, &made).await;
        let appeal = world.make(&world.signed_in_again(&asha), APPEALS, body).await;
        let dismissed = answer(&world, &other, &appeal, "dismissed").await;
        assert_eq!(dismissed.json["state"], "dismissed", "{}", dismissed.text);
        assert_eq!(world.get(Some(&other), &own).await.json["state"], "declined");
        assert_eq!(mails(&world, "appeal_dismissed").len(), 1);
    }
);

on_both!(an_appeal_comes_in_time_and_not_beside_a_new_registration, |world: World| async move {
    let (decides, review, consultation) = world.consultation(None, "vetted").await;
    let other = world.person_with("Sam Second", Role::Secretariat, ScopeKind::Review, id(&review));
    world.phases(&decides, id(&consultation), &["open_call"]).await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let (asha, binh) = (world.person("Asha Example"), world.person("Binh Sample"));
    let first = world.make(&asha, &path, registration("civil_society", "TH")).await;
    let late = world.make(&binh, &path, registration("media", "VN")).await;
    decline(&world, &decides, &first).await;
    decline(&world, &decides, &late).await;
    let appeal = json!({ "registration_id": first["id"], "text": "I am." });
    let appeal = world.make(&asha, APPEALS, appeal).await;
    let anew = world.make(&asha, &path, registration("civil_society", "TH")).await;
    answer(&world, &other, &appeal, "upheld").await.is_problem(409, "already_registered");
    let withdrawn = act(
        &world,
        &asha,
        &format!("/api/v1/registrations/{}", id(&anew)),
        "withdrawal",
        json!({}),
    )
    .await;
    if withdrawn.status == 200 {
        assert_eq!(answer(&world, &other, &appeal, "upheld").await.status, 200);
    }
    world.app.clock.advance(Duration::days(15));
    let binh = world.signed_in_again(&binh);
    let appeal = json!({ "registration_id": late["id"], "text": "I am." });
    world.post(&binh, APPEALS, appeal).await.is_problem(409, "invalid_transition");
});

on_both!(proposer_and_registrants_appeal_for_a_declined_organization, |world: World| async move {
    let (secretariat, review_made, consultation) = world.consultation(None, "vetted").await;
    let decides =
        world.person_with("Sara Third", Role::Secretariat, ScopeKind::Review, id(&review_made));
    let other =
        world.person_with("Sam Second", Role::Secretariat, ScopeKind::Review, id(&review_made));
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let (proposer, registrant, stranger) =
        (world.person("Asha Example"), world.person("Binh Sample"), world.person("Chen Fixture"));
    let body = json!({ "name": "Small House", "sector": "civil_society", "country": "TH" });
    let made = world.make(&proposer, "/api/v1/organizations", body).await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let body = json!({ "organization_id": made["id"], "languages": ["en"], "consents": { "processing": true } });
    world.make(&registrant, &path, body).await;
    let organization = format!("/api/v1/organizations/{}", id(&made));
    let appeal = |text: &str| json!({ "organization_id": made["id"], "text": text });
    world.post(&proposer, APPEALS, appeal("No.")).await.is_problem(409, "invalid_transition");
    let declined = json!({ "to": "declined", "reason": "not_found" });
    assert_eq!(act(&world, &decides, &organization, "vetting", declined).await.status, 200);
    world.post(&stranger, APPEALS, appeal("No.")).await.is_problem(403, "forbidden");
    let first = world.make(&proposer, APPEALS, appeal("Here is our report.")).await;
    let second = world.make(&registrant, APPEALS, appeal("I work there.")).await;
    world.post(&proposer, APPEALS, appeal("Again.")).await.is_problem(409, "already_exists");

    // Each sees their own; who answers sees both, in pages.
    let own = world.get(Some(&proposer), APPEALS).await.json;
    assert_eq!(own["items"].as_array().unwrap().len(), 1, "{own}");
    let page = world.get(Some(&other), &format!("{APPEALS}?kind=organization&limit=1")).await.json;
    assert_eq!(page["items"][0]["id"], first["id"]);
    let rest =
        format!("{APPEALS}?kind=organization&limit=1&cursor={}", page["next"].as_str().unwrap());
    assert_eq!(world.get(Some(&other), &rest).await.json["items"][0]["id"], second["id"]);
    let none = world.get(Some(&other), &format!("{APPEALS}?kind=registration")).await.json;
    assert_eq!(none["items"], json!([]));
    assert_eq!(
        world.get(Some(&other), &format!("{APPEALS}?own=true")).await.json["items"],
        json!([])
    );
    world.get(None, APPEALS).await.is_problem(401, "unauthenticated");

    answer(&world, &decides, &first, "upheld").await.is_problem(403, "forbidden");
    assert_eq!(answer(&world, &other, &first, "upheld").await.json["state"], "upheld");
    let seen = world.get(Some(&proposer), &organization).await.json;
    assert_eq!(seen["vetting"], "proposed", "{seen}");
    // The other appeal is answered as well; there is nothing to take up again any more.
    assert_eq!(answer(&world, &other, &second, "upheld").await.json["state"], "upheld");
    let steps = world.get(Some(&other), &format!("{organization}/vettings")).await.json;
    let last = steps["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["to"], &last["reason"]),
        (&json!("proposed"), &json!("appeal_upheld")),
        "{steps}"
    );
    // Who upheld it does not decide alone.
    let vetted = json!({ "to": "vetted" });
    act(&world, &other, &organization, "vetting", vetted.clone())
        .await
        .is_problem(403, "forbidden");
    assert_eq!(act(&world, &decides, &organization, "vetting", vetted).await.status, 200);

    // A secretariat elsewhere answers for organizations, which belong to no review, but sees no registrations' appeals.
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let mut elsewhere = review();
    elsewhere["code"] = json!("another");
    let elsewhere = world.make(&admin, "/api/v1/reviews", elsewhere).await;
    let elsewhere =
        world.person_with("Otto Other", Role::Secretariat, ScopeKind::Review, id(&elsewhere));
    let third = world.make(&stranger, &path, registration("media", "VN")).await;
    decline(&world, &decides, &third).await;
    let body = json!({ "registration_id": third["id"], "text": "Why?" });
    let third = world.make(&stranger, APPEALS, body).await;
    world
        .get(Some(&elsewhere), &format!("{APPEALS}/{}", id(&third)))
        .await
        .is_problem(404, "not_found");
    let seen = world.get(Some(&elsewhere), APPEALS).await.json;
    assert_eq!(seen["items"].as_array().unwrap().len(), 2, "{seen}");
});
