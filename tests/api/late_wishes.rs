//! Taking back what a report rests on: while it is drafted, whoever drafts is told; once it is published, the wish is seen and answered.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, id};
use crate::main_job::{Walk, publish, until_clearance};
use crate::on_both;

/// The mails of a template: to whom, and what they say.
fn mails(world: &World, template: &str) -> Vec<(String, String)> {
    let mails =
        world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 1000)).unwrap();
    let mails = mails.into_iter().filter(|mail| mail.template == template);
    mails.map(|mail| (mail.recipient, mail.body)).collect()
}

/// Whoever said the input with this place in the walk takes it back; it is let in at the next fixed time.
async fn take_back(world: &World, walk: &mut Walk, place: usize) {
    let (receipt, id) = said(walk, place);
    let path = format!("contributions/{id}");
    let answer =
        world.send_by_receipt(&walk.consultation, &receipt, Method::DELETE, &path, None).await;
    assert_eq!(answer.json["withdrawal_waits"], true, "{}", answer.text);
    world.next_mixing(&walk.consultation);
    sign_in(world, walk);
}

fn said(walk: &Walk, place: usize) -> (String, String) {
    let (input, by) = &walk.inputs[place];
    let whose = walk.participants.iter().position(|person| person.email == by.email).unwrap();
    (walk.receipts[whose].clone(), id(input).to_owned())
}

fn sign_in(world: &World, walk: &mut Walk) {
    walk.secretariat = world.signed_in_again(&walk.secretariat);
    walk.rapporteur = world.signed_in_again(&walk.rapporteur);
}

/// The contribution as whoever holds its receipt sees it.
async fn own(world: &World, walk: &Walk, place: usize) -> Value {
    let (receipt, input) = said(walk, place);
    let answer = world
        .send_by_receipt(&walk.consultation, &receipt, Method::GET, "contributions", None)
        .await;
    let all = answer.json["contributions"].as_array().unwrap().clone();
    all.into_iter().find(|one| id(one) == input).unwrap()
}

async fn input(world: &World, walk: &Walk, place: usize) -> Value {
    let path = format!("/api/v1/inputs/{}", id(&walk.inputs[place].0));
    world.get(Some(&walk.secretariat), &path).await.json
}

async fn wishes(world: &World, walk: &Walk, by: &Person) -> Answer {
    let path = format!("/api/v1/consultations/{}/withdrawal-wishes", id(&walk.consultation));
    world.get(Some(by), &path).await
}

async fn to_phase(world: &World, walk: &Walk, to: &str) {
    let path = format!("/api/v1/consultations/{}", id(&walk.consultation));
    world.waive_findings(&walk.secretariat, &walk.report).await;
    let version = world.get(Some(&walk.secretariat), &path).await.json["version"].clone();
    let body = json!({ "to": to, "reason": "It goes back for a word." });
    let path = format!("{path}/phase");
    world.change(&walk.secretariat, Method::POST, &path, version.as_i64().unwrap(), body).await;
}

async fn to_state(world: &World, walk: &Walk, to: &str) {
    let version = world.get(Some(&walk.secretariat), &walk.report).await.json["version"].clone();
    let path = format!("{}/state", walk.report);
    let body = json!({ "to": to, "reason": "A corrigendum." });
    world.change(&walk.secretariat, Method::POST, &path, version.as_i64().unwrap(), body).await;
}

on_both!(a_wish_that_comes_late_is_seen_and_answered, |world: World| async move {
    let mut walk = until_clearance(&world, "Asha Example", "Example Foundation").await;
    let first = publish(&world, &walk, &walk.report, "ESCAP/GCM/2020/1").await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(wishes(&world, &walk, &walk.secretariat).await.json["items"], json!([]));

    // What no edition rests on is taken back, published or not.
    take_back(&world, &mut walk, 9).await;
    assert_eq!(input(&world, &walk, 9).await["state"], "withdrawn");

    // What one rests on stays; that it is wished back is seen by the team, and by nobody else.
    take_back(&world, &mut walk, 2).await;
    let told = own(&world, &walk, 2).await;
    assert_eq!((&told["late"], &told["state"]), (&json!("withdrawal"), &json!("accepted")));
    let listed = wishes(&world, &walk, &walk.secretariat).await.json["items"].clone();
    let wish = &listed[0];
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!((&wish["input_id"], &wish["state"]), (&walk.inputs[2].0["id"], &json!("open")));
    assert_eq!(wish["wished_on"].as_str().unwrap().len(), 10, "no more than the day: {wish}");
    let fields: Vec<&String> = wish.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["input_id", "state", "version", "wished_on"]);
    let participant = world.signed_in_again(&walk.participants[2]);
    wishes(&world, &walk, &participant).await.is_problem(403, "forbidden");

    // The next edition waits for an answer.
    to_state(&world, &walk, "drafting").await;
    to_state(&world, &walk, "clearance").await;
    let refused = publish(&world, &walk, &walk.report, "ESCAP/GCM/2020/1/Corr.1").await;
    refused.is_problem(409, "step_blocked");
    assert_eq!(refused.json["errors"][0]["code"], "wish_open");
    let steps = world.get(Some(&walk.secretariat), &format!("{}/steps", walk.report)).await.json;
    let blocking = steps["next"].as_array().unwrap().iter();
    let blocking = blocking.filter(|next| next["to"] == "published");
    let codes: Vec<&Value> = blocking
        .flat_map(|next| next["blocking"].as_array().unwrap())
        .map(|one| &one["code"])
        .collect();
    assert_eq!(codes, [&json!("wish_open")], "{steps}");

    // It is kept, for a reason that whoever wished it reads.
    let path = format!("/api/v1/inputs/{}/withdrawal-wish/keeping", id(&walk.inputs[2].0));
    let keep = async |by: &Person, reason: &str| {
        let request = Request::new(Method::POST, &path).by(Some(by)).version(1);
        world.send(request.body(json!({ "reason": reason }))).await
    };
    keep(&walk.rapporteur, "No.").await.is_problem(403, "forbidden");
    keep(&walk.secretariat, " ").await.is_problem(422, "invalid_value");
    let kept = keep(&walk.secretariat, "Nobody can be recognized in it.").await;
    assert_eq!((kept.status, &kept.json["state"]), (200, &json!("kept")), "{}", kept.text);
    keep(&walk.secretariat, "Again.").await.is_problem(412, "version_mismatch");
    let told = own(&world, &walk, 2).await;
    assert_eq!(told["kept_because"], "Nobody can be recognized in it.");
    let second = publish(&world, &walk, &walk.report, "ESCAP/GCM/2020/1/Corr.1").await;
    assert_eq!(second.status, 200, "{}", second.text);
    assert_eq!(input(&world, &walk, 2).await["state"], "accepted");

    // An edition that does not rest on it any more takes it back.
    to_state(&world, &walk, "drafting").await;
    let paragraphs =
        world.get(Some(&walk.secretariat), &format!("{}/paragraphs", walk.report)).await.json;
    let paragraph = paragraphs["items"].as_array().unwrap().iter();
    let paragraph = paragraph
        .clone()
        .find(|one| one["inputs"] == json!([walk.inputs[2].0["id"]]))
        .unwrap_or_else(|| panic!("{paragraphs}"));
    let path = format!("/api/v1/paragraphs/{}", id(paragraph));
    let version = paragraph["version"].as_i64().unwrap();
    let request = Request::new(Method::DELETE, &path).by(Some(&walk.secretariat));
    let deleted = world.send(request.version(version)).await;
    assert_eq!(deleted.status, 204, "{}", deleted.text);
    to_state(&world, &walk, "clearance").await;
    let third = publish(&world, &walk, &walk.report, "ESCAP/GCM/2020/1/Corr.2").await;
    assert_eq!(third.status, 200, "{}", third.text);
    let withdrawn = input(&world, &walk, 2).await;
    assert_eq!((&withdrawn["state"], &withdrawn["body"]), (&json!("withdrawn"), &json!("")));
    let told = own(&world, &walk, 2).await;
    assert_eq!((&told["state"], &told["late"]), (&json!("withdrawn"), &Value::Null), "{told}");
    let wish = wishes(&world, &walk, &walk.secretariat).await.json["items"][0].clone();
    assert_eq!((&wish["state"], &wish["reason"]), (&json!("granted"), &Value::Null));
});

on_both!(drafters_are_told_at_a_fixed_hour_what_a_draft_has_lost, |world: World| async move {
    let mut walk = until_clearance(&world, "Asha Example", "Example Foundation").await;
    let clear = || rapporteur::worker::clear(&world.app);
    clear().await.unwrap();
    assert!(mails(&world, "cited_input_changed").is_empty());
    take_back(&world, &mut walk, 5).await;
    assert_eq!(input(&world, &walk, 5).await["state"], "withdrawn");
    for _ in 0..2 {
        clear().await.unwrap();
    }
    assert!(mails(&world, "cited_input_changed").is_empty(), "not before the hour");
    let day = chrono::Duration::days(1);
    for _ in 0..3 {
        world.app.clock.advance(day);
        for _ in 0..2 {
            clear().await.unwrap();
        }
        let sent = mails(&world, "cited_input_changed");
        let mut to: Vec<&str> = sent.iter().map(|(to, _)| to.as_str()).collect();
        to.sort_unstable();
        let mut team = [walk.secretariat.email.as_str(), walk.rapporteur.email.as_str()];
        team.sort_unstable();
        assert_eq!(to, team, "each of those who draft, once");
        for (_, body) in &sent {
            let page = walk.report.replace("/api/v1/", "/my/");
            assert!(body.contains(&page), "{body}");
            assert!(!body.contains("coordinated") && !body.contains(id(&walk.inputs[5].0)));
        }
    }
});

on_both!(an_organization_that_takes_back_late_is_told_of_its_wish, |world: World| async move {
    let walk = until_clearance(&world, "Asha Example", "Example Foundation").await;
    let by = &walk.secretariat;
    let submissions = format!("/api/v1/consultations/{}/submissions", id(&walk.consultation));
    let organizations = world.get(None, "/api/v1/organizations").await.json;
    let first = walk.inputs[2].0.clone();
    let back = async |input: &Value| {
        let path = format!("/api/v1/submissions/{}/withdrawal", id(input));
        let version = world.get(Some(by), &submissions).await.json["items"][0]["version"].clone();
        let request = Request::new(Method::POST, &path).by(Some(by));
        world.send(request.version(version.as_i64().unwrap())).await
    };
    // Something said on record that a paragraph rests on.
    to_phase(&world, &walk, "synthesis").await;
    let said = json!({
        "organization_id": organizations["items"][0]["id"],
        "said": { "objectives": first["objectives"], "category_id": first["category_id"], "body": "We say so in our name." }
    });
    let made = world.make(by, &submissions, said).await;
    assert_eq!((&made["late"], &made["kept_because"]), (&Value::Null, &Value::Null));
    let accept = crate::inputs::decide(&world, by, &made, json!({ "decision": "accept" })).await;
    assert_eq!(accept.status, 200, "{}", accept.text);
    let paragraphs = world.get(Some(by), &format!("{}/paragraphs", walk.report)).await.json;
    let paragraph = paragraphs["items"].as_array().unwrap().iter();
    let paragraph = paragraph.clone().find(|one| one["inputs"] == json!([first["id"]])).unwrap();
    let path = format!("/api/v1/paragraphs/{}", id(paragraph));
    let rests = json!({ "inputs": [first["id"], made["id"]] });
    world.change(by, Method::PATCH, &path, paragraph["version"].as_i64().unwrap(), rests).await;
    to_phase(&world, &walk, "clearance").await;
    let edition = publish(&world, &walk, &walk.report, "ESCAP/GCM/2020/1").await;
    assert_eq!(edition.status, 200, "{}", edition.text);

    // It stands as it is, and the answer says that the wish came too late; so does the list.
    let taken = back(&made).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    assert_eq!(
        (&taken.json["state"], &taken.json["late"]),
        (&json!("accepted"), &json!("withdrawal"))
    );
    let listed = world.get(Some(by), &submissions).await.json["items"][0].clone();
    assert_eq!((&listed["late"], &listed["kept_because"]), (&json!("withdrawal"), &Value::Null));
    let keeping = format!("/api/v1/inputs/{}/withdrawal-wish/keeping", id(&made));
    let reason = json!({ "reason": "It is in the minutes of the meeting." });
    world.change(by, Method::POST, &keeping, 1, reason).await;
    let listed = world.get(Some(by), &submissions).await.json["items"][0].clone();
    assert_eq!(listed["kept_because"], "It is in the minutes of the meeting.");
    assert_eq!(back(&made).await.json["kept_because"], "It is in the minutes of the meeting.");
});
