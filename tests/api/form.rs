//! Who may register and what is asked: rules, access codes, questions, needs, and the fields of the form.

use chrono::Duration;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Database, Person, Request, World, id, registration};
use crate::on_both;

async fn set_rules(world: &World, by: &Person, base: &str, rules: Value) -> Answer {
    let path = format!("{base}/registration-rules");
    let version = world.get(Some(by), &path).await.json["version"].as_i64().unwrap();
    world.send(Request::new(Method::PUT, &path).by(Some(by)).version(version).body(rules)).await
}

async fn change(world: &World, by: &Person, one: &Value, body: Value) -> Answer {
    let path = format!("/api/v1/registrations/{}", id(one));
    let version = world.get(Some(by), &path).await.json["version"].as_i64().unwrap();
    world.send(Request::new(Method::PATCH, &path).by(Some(by)).version(version).body(body)).await
}

fn question(code: &str, kind: &str) -> Value {
    json!({
        "code": code, "kind": kind, "wording": { "en": { "prompt": "Which?" }, "th": { "prompt": "อะไร" } },
        "purpose": "To prepare the groups", "legal_basis": "consent"
    })
}

on_both!(people_register_and_change_within_the_window, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let (asha, path) = (world.person("Asha Example"), format!("{base}/registrations"));
    let wrong = json!({ "opens_at": "2020-10-03T00:00:00Z", "closes_at": "2020-10-02T00:00:00Z", "acceptance_hours": 0 });
    let answer = set_rules(&world, &secretariat, &base, wrong).await;
    answer.points_to("/closes_at");
    answer.points_to("/acceptance_hours");
    let rules = json!({
        "opens_at": "2020-10-02T02:00:00Z", "closes_at": "2020-10-04T02:00:00Z", "edit_until": "2020-10-03T02:00:00Z",
        "sector_capacities": { "media": 3 }, "hold_mail": false
    });
    set_rules(&world, &asha, &base, rules.clone()).await.is_problem(403, "forbidden");
    let answer = set_rules(&world, &secretariat, &base, rules.clone()).await;
    assert_eq!((answer.status, &answer.json["version"]), (200, &json!(1)), "{}", answer.text);
    let stale = Request::new(Method::PUT, &format!("{base}/registration-rules"));
    let stale = stale.by(Some(&secretariat)).version(0).body(rules);
    world.send(stale).await.is_problem(412, "version_mismatch");

    // Everybody sees when; how many of whom is not for everybody.
    let public = world.get(None, &format!("{base}/registration-rules")).await;
    assert_eq!(public.json["opens_at"], "2020-10-02T02:00:00Z");
    assert_eq!(public.json["is_open"], false);
    assert_eq!(public.json.get("sector_capacities"), None, "{}", public.text);

    let early = world.post(&asha, &path, registration("media", "TH")).await;
    early.is_problem(409, "not_in_this_phase");
    let detail = "Registration opens on 2 October 2020, 09:00 hrs. (Bangkok time).";
    assert_eq!(early.json["detail"], detail);
    let mut body = registration("media", "TH");
    body["person"] = json!({ "email": "binh@example.org", "name": "Binh Sample" });
    world.make(&secretariat, &path, body).await;

    world.app.clock.advance(Duration::hours(24));
    let (asha, secretariat) = (world.signed_in_again(&asha), world.signed_in_again(&secretariat));
    let made = world.make(&asha, &path, registration("media", "TH")).await;
    assert_eq!(change(&world, &asha, &made, json!({ "languages": ["th"] })).await.status, 200);
    world.app.clock.advance(Duration::hours(24));
    let (asha, secretariat) = (world.signed_in_again(&asha), world.signed_in_again(&secretariat));
    let late = change(&world, &asha, &made, json!({ "languages": ["en"] })).await;
    late.is_problem(409, "not_in_this_phase");
    assert!(late.text.contains("until 3 October 2020, 09:00 hrs. (Bangkok time)"), "{}", late.text);
    // What was agreed to can be changed at any time, and the secretariat can put things right.
    let consents = json!({ "consents": { "listed": true } });
    assert_eq!(change(&world, &asha, &made, consents).await.status, 200);
    let answer = change(&world, &secretariat, &made, json!({ "languages": ["en"] })).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let own = world.get(Some(&asha), &format!("/api/v1/registrations/{}", id(&made))).await;
    assert_eq!(own.json["allowed_actions"], json!(["withdraw"]));
    world.app.clock.advance(Duration::hours(24));
    let late = world.person("Late Example");
    let refused = world.post(&late, &path, registration("media", "TH")).await;
    let detail = "Registration closed on 4 October 2020, 09:00 hrs. (Bangkok time).";
    assert_eq!(refused.json["detail"], detail);
});

on_both!(the_last_use_of_an_access_code_is_had_once, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    set_rules(&world, &secretariat, &base, json!({ "access": "code" })).await;
    let codes = format!("{base}/access-codes");
    let new = json!({ "label": "For the network", "most_uses": 3 });
    let made = world.make(&secretariat, &codes, new).await;
    let code = made["code"].as_str().unwrap().to_owned();
    let list = world.get(Some(&secretariat), &codes).await;
    assert!(!list.text.contains(&code), "it is shown once");
    world.get(Some(&world.person("Nosy Example")), &codes).await.is_problem(403, "forbidden");

    let path = format!("{base}/registrations");
    let with = |code: Value| {
        let mut body = registration("media", "TH");
        body["access_code"] = code;
        body
    };
    let expired = json!({ "label": "Short", "expires_at": "2020-10-01T03:00:01Z" });
    let expired = world.make(&secretariat, &codes, expired).await["code"].clone();
    world.app.clock.advance(Duration::seconds(2));
    let asha = world.person("Asha Example");
    let mut told = Vec::new();
    for wrong in [json!("AAAA-AAAA-AAAA"), expired] {
        let answer = world.post(&asha, &path, with(wrong)).await;
        answer.points_to("/access_code");
        told.push(answer.json["detail"].clone());
    }
    world.post(&asha, &path, registration("media", "TH")).await.points_to("/access_code");
    // A form is asked for with the code too; it counts when it is submitted.
    let ask = format!("{base}/registration-drafts");
    let body = json!({ "email": "nok@example.org", "access_code": "AAAA-AAAA-AAAA" });
    let answer = crate::drafts::send(&world, &ask, None, body).await;
    told.push(answer.json["detail"].clone());
    let body = json!({ "email": "nok@example.org", "access_code": code.to_lowercase() });
    assert_eq!(crate::drafts::send(&world, &ask, None, body).await.status, 202);

    let people: Vec<Person> = (0..8).map(|one| world.person(&format!("Racer {one}"))).collect();
    let race = people.iter().map(|person| {
        world.post(person, &path, with(json!(code.to_lowercase().replace('-', " "))))
    });
    let answers = join_all(race).await;
    let (inside, outside): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(inside.len(), 3);
    for answer in outside {
        answer.points_to("/access_code");
        told.push(answer.json["detail"].clone());
    }
    assert!(told.iter().all(|detail| *detail == told[0]), "{told:?}");
    let row = world.get(Some(&secretariat), &codes).await.json["items"][0].clone();
    assert_eq!((&row["uses"], &row["most_uses"]), (&json!(3), &json!(3)));
    // Used up between the form and its submission.
    let token = crate::drafts::links(&world, "registration_draft")[0].1.clone();
    let form = json!({ "name": "Nok", "country": "TH", "sector": "media", "consents": { "processing": true } });
    let body = json!({ "token": token, "form": form });
    crate::drafts::send(&world, "/api/v1/registration-drafts/save", Some(1), body).await;
    let submit = "/api/v1/registration-drafts/submit";
    let answer = crate::drafts::send(&world, submit, Some(2), json!({ "token": token })).await;
    answer.points_to("/access_code");
    let more = world.make(&secretariat, &codes, json!({ "label": "More", "most_uses": 1 })).await;
    let body = json!({ "token": token, "access_code": more["code"] });
    let answer = crate::drafts::send(&world, submit, Some(2), body).await;
    assert_eq!(answer.json["registration"]["state"], "submitted", "{}", answer.text);

    let path = format!("/api/v1/access-codes/{}", id(&row));
    let delete = Request::new(Method::DELETE, &path).by(Some(&secretariat));
    let version = row["version"].as_i64().unwrap();
    assert_eq!(world.send(delete.version(version)).await.status, 204);
});

on_both!(questions_are_asked_answered_and_frozen, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let questions = format!("{base}/questions");
    let mut crossing = question("crossing", "one_of");
    crossing["required"] = json!(true);
    crossing["options"] = json!([
        { "code": "land", "labels": { "en": "By land", "th": "ทางบก" } },
        { "code": "sea", "labels": { "en": "By sea", "th": "ทางทะเล" } },
        { "code": "air", "labels": { "en": "By air", "th": "ทางอากาศ" } }
    ]);
    let crossing = world.make(&secretariat, &questions, crossing).await;
    let mut years = question("years", "number");
    years["limits"] = json!({ "min": 0, "max": 60, "whole": true });
    years["frozen_from"] = json!("2020-10-05T00:00:00Z");
    world.make(&secretariat, &questions, years).await;
    let mut diet = question("diet", "short_text");
    diet["required"] = json!(true);
    diet["required_from"] = json!("2020-10-03T00:00:00Z");
    diet["retention"] = json!("special_needs");
    let diet = world.make(&secretariat, &questions, diet).await;
    world
        .post(&secretariat, &questions, question("diet", "date"))
        .await
        .is_problem(409, "already_exists");
    let mut wrong = question("wrong", "many_of");
    wrong["options"] = json!([{ "code": "a", "labels": { "en": "A" } }]);
    world.post(&secretariat, &questions, wrong).await.points_to("/options/0/labels");
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let list = world.get(None, &questions).await;
    let codes: Vec<_> =
        list.json["items"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["crossing", "years", "diet"]);

    let (asha, path) = (world.person("Asha Example"), format!("{base}/registrations"));
    let with = |answers: Value| {
        let mut body = registration("media", "TH");
        body["answers"] = answers;
        body
    };
    for (answers, pointer) in [
        (json!({}), "/answers/crossing"),
        (json!({ "crossing": "rail" }), "/answers/crossing"),
        (json!({ "crossing": "sea", "years": 1.5 }), "/answers/years"),
        (json!({ "crossing": "sea", "years": 61 }), "/answers/years"),
        (json!({ "crossing": "sea", "diet": "a\u{202e}b" }), "/answers/diet"),
        (json!({ "crossing": "sea", "status": "x" }), "/answers/status"),
    ] {
        let answer = world.post(&asha, &path, with(answers)).await;
        answer.is_problem(422, "invalid_value");
        answer.points_to(pointer);
    }
    let made = world.make(&asha, &path, with(json!({ "crossing": "sea", "years": 4 }))).await;
    assert_eq!(made["answers"], json!({ "crossing": "sea", "years": 4 }));
    let answer = change(&world, &asha, &made, json!({ "answers": { "years": 5 } })).await;
    assert_eq!(answer.json["answers"], json!({ "crossing": "sea", "years": 5 }), "{}", answer.text);
    // The secretariat may not know everything about whom it registers.
    let mut walk_in = registration("media", "TH");
    walk_in["person"] = json!({ "email": "binh@example.org", "name": "Binh Sample" });
    world.make(&secretariat, &path, walk_in).await;

    // What is due later is missed later, and only by whoever changes their answers.
    world.app.clock.advance(Duration::days(3));
    let (asha, secretariat) = (world.signed_in_again(&asha), world.signed_in_again(&secretariat));
    assert_eq!(change(&world, &asha, &made, json!({ "languages": ["th"] })).await.status, 200);
    let answer = change(&world, &asha, &made, json!({ "answers": { "years": 6 } })).await;
    answer.points_to("/answers/diet");
    let answers = json!({ "answers": { "diet": "vegan", "years": 6 } });
    assert_eq!(change(&world, &asha, &made, answers).await.status, 200);
    world.app.clock.advance(Duration::days(3));
    let (asha, secretariat) = (world.signed_in_again(&asha), world.signed_in_again(&secretariat));
    for by in [&asha, &secretariat] {
        let answer = change(&world, by, &made, json!({ "answers": { "years": 7 } })).await;
        answer.points_to("/answers/years");
        assert!(
            answer.text.contains("since 5 October 2020, 07:00 hrs. (Bangkok time)"),
            "{}",
            answer.text
        );
    }
    let answer =
        change(&world, &asha, &made, json!({ "answers": { "years": 6, "diet": "none" } })).await;
    assert_eq!(answer.status, 200, "{}", answer.text);

    // A question that was answered is reworded, but stays what it is.
    let path = format!("/api/v1/questions/{}", id(&crossing));
    let patch = |version: i64, body: Value| {
        Request::new(Method::PATCH, &path).by(Some(&secretariat)).version(version).body(body)
    };
    let labels = json!({ "en": "By land", "th": "ทางบก" });
    let without = |code: &str| json!([{ "code": "land", "labels": labels }, { "code": code, "labels": labels }]);
    world.send(patch(1, json!({ "options": without("air") }))).await.points_to("/options");
    world.send(patch(1, json!({ "kind": "short_text", "options": [] }))).await.points_to("/kind");
    let answer = world.send(patch(1, json!({ "options": without("sea"), "position": 9 }))).await;
    assert_eq!((answer.status, &answer.json["version"]), (200, &json!(2)), "{}", answer.text);
    world.send(patch(1, json!({ "position": 1 }))).await.is_problem(412, "version_mismatch");
    let path = format!("/api/v1/questions/{}", id(&diet));
    let delete = |query: &str| {
        let path = format!("{path}{query}");
        Request::new(Method::DELETE, &path).by(Some(&secretariat)).version(1)
    };
    world.send(delete("")).await.is_problem(409, "in_use");
    assert_eq!(world.send(delete("?answers=delete")).await.status, 204);
    let seen = world.get(Some(&asha), &format!("/api/v1/registrations/{}", id(&made))).await;
    assert_eq!(seen.json["answers"], json!({ "crossing": "sea", "years": 6 }));
});

on_both!(what_people_need_and_when_they_can_come_is_kept, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let mut rounds = Vec::new();
    for number in [1, 2] {
        let path = format!("{base}/rounds");
        let round = world.make(&secretariat, &path, json!({ "number": number })).await;
        rounds.push(id(&round).to_owned());
    }
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let (asha, path) = (world.person("Asha Example"), format!("{base}/registrations"));
    let nowhere = "00000000-0000-7000-8000-000000000000";
    for (field, value, pointer) in [
        ("rounds", json!([nowhere]), "/rounds/0"),
        ("rounds", json!([]), "/rounds"),
        ("rounds", json!([rounds[0], rounds[0]]), "/rounds/1"),
        ("needs", json!({ "interpretation": ["english!"] }), "/needs/interpretation/0"),
        ("needs", json!({ "sign_language": "Thai sign" }), "/needs/sign_language"),
        ("needs", json!({ "accessibility": "x".repeat(1001) }), "/needs/accessibility"),
        ("position", json!("a\u{2066}b"), "/position"),
    ] {
        let mut body = registration("media", "TH");
        body[field] = value;
        world.post(&asha, &path, body).await.points_to(pointer);
    }
    let mut body = registration("media", "TH");
    body["rounds"] = json!([rounds[1]]);
    body["needs"] =
        json!({ "sign_language": "tsq", "captioning": true, "accessibility": "A ramp 🦽" });
    body["position"] = json!(" =HYPERLINK(1) ");
    body["age_band"] = json!("60_plus");
    let made = world.make(&asha, &path, body).await;
    assert_eq!(made["needs"]["sign_language"], "tsq");
    assert_eq!(made["position"], "=HYPERLINK(1)");
    assert_eq!(made["rounds"], json!([rounds[1]]));
    let clear = json!({ "rounds": null, "position": null, "age_band": null, "needs": {} });
    let after = change(&world, &asha, &made, clear).await.json;
    assert_eq!((&after["rounds"], &after["position"]), (&Value::Null, &Value::Null));
    assert_eq!(after["needs"]["captioning"], false);
    assert_eq!(after["state"], "confirmed", "nothing of this is vetted");
});

on_both!(names_and_addresses_of_the_world_are_taken, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let thai: String = "กิ".chars().cycle().take(300).collect();
    let people = [
        (thai.as_str(), "thai+one@example.org"),
        ("محمد بن سلمان", "thai+two@example.org"),
        ("🌾 Ravi", "ravi@bücher.example"),
    ];
    for (name, email) in people {
        let mut body = registration("media", "TH");
        body["person"] = json!({ "email": email, "name": name });
        let made = world.make(&secretariat, &path, body).await;
        assert_eq!(made["person"]["name"], name);
    }
    let mut same = registration("media", "TH");
    same["person"] = json!({ "email": "ravi@XN--bcher-kva.example", "name": "Ravi" });
    world.post(&secretariat, &path, same.clone()).await.is_problem(409, "already_registered");
    for (field, value) in [("name", "a\u{202e}b"), ("name", "a\nb"), ("email", "ravi@-.example")] {
        let mut body = same.clone();
        body["person"][field] = json!(value);
        let answer = world.post(&secretariat, &path, body).await;
        answer.points_to(&format!("/person/{field}"));
    }
});

#[actix_web::test]
async fn the_fields_of_the_form_say_what_they_are_for() {
    let world = World::new(Database::Sqlite).unwrap();
    let list = world.get(None, "/api/v1/reference/registration-fields").await;
    let items = list.json["items"].as_array().unwrap();
    assert!(items.iter().all(|field| !field["purpose"].as_str().unwrap().is_empty()));
    let needs = items.iter().find(|field| field["code"] == "accessibility").unwrap();
    assert_eq!(needs["retention"], "special_needs");
}

#[actix_web::test]
async fn whoever_tries_out_codes_is_slowed_down() {
    let world =
        World::with(Database::Sqlite, |settings| settings.limits.registrations_per_minute = 3);
    let world = world.unwrap();
    let path = "/api/v1/consultations/00000000-0000-7000-8000-000000000000/registration-drafts";
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let body = json!({ "email": "nok@example.org", "access_code": "AAAA-AAAA-AAAA" });
        statuses.push(crate::drafts::send(&world, path, None, body).await.status);
    }
    assert_eq!(statuses, [404, 404, 404, 429, 429]);
}
