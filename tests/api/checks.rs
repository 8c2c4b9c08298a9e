//! What was published without a word when it was tried, held against the checks: each is found, holds the report back, and passes only
//! for a reason by a named person, which lapses with the text.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Database, Request, World, id};
use crate::main_job::{Walk, publish, until_clearance};
use crate::on_both;
use crate::statements::Statements;

async fn findings(world: &World, walk: &Walk, query: &str) -> Vec<Value> {
    let path = format!("{}/checks{query}", walk.report);
    let found = world.get(Some(&walk.secretariat), &path).await;
    assert_eq!(found.status, 200, "{}", found.text);
    found.json["items"].as_array().unwrap().clone()
}

async fn back_to_drafting(world: &World, walk: &Walk) {
    let version = world.get(Some(&walk.secretariat), &walk.report).await.json["version"].as_i64();
    let body = json!({ "to": "drafting", "reason": "It is to be changed." });
    let path = format!("{}/state", walk.report);
    world.change(&walk.secretariat, Method::POST, &path, version.unwrap(), body).await;
}

async fn to_state(world: &World, walk: &Walk, to: &str) -> Answer {
    let report = world.get(Some(&walk.secretariat), &walk.report).await.json;
    let request = Request::new(Method::POST, &format!("{}/state", walk.report));
    let request = request.by(Some(&walk.secretariat)).version(report["version"].as_i64().unwrap());
    world.send(request.body(json!({ "to": to }))).await
}

/// Rewrites the paragraph that rests on these inputs of the walk.
async fn write(world: &World, walk: &Walk, paragraph: &Value, text: &str) -> Value {
    let path = format!("/api/v1/paragraphs/{}", id(paragraph));
    let version = world.get(Some(&walk.secretariat), &path).await.json["version"].clone();
    let body = json!({ "text": text });
    world.change(&walk.secretariat, Method::PATCH, &path, version.as_i64().unwrap(), body).await
}

async fn paragraph_on(world: &World, walk: &Walk, place: usize) -> Value {
    let path = format!("{}/paragraphs", walk.report);
    let all = world.get(Some(&walk.secretariat), &path).await.json;
    let wanted = json!([walk.inputs[place].0["id"]]);
    let all = all["items"].as_array().unwrap();
    all.iter().find(|one| one["inputs"] == wanted).unwrap_or_else(|| panic!("{all:?}")).clone()
}

on_both!(what_once_was_published_without_a_word_is_found, |world: World| async move {
    let walk = until_clearance(&world, "Quokka Zyxwvut", "Bandicoot Trust").await;
    back_to_drafting(&world, &walk).await;
    let one = paragraph_on(&world, &walk, 2).await;
    for (text, code) in [
        ("Quokka Zyxwvut of Bandicoot Trust said that offices had closed.", "attribution"),
        ("ZYXWVUT, Quokka, spoke of closed offices.", "attribution"),
        (
            "A participant can be asked at quokka.zyxwvut@example.org about closed offices.",
            "attribution",
        ),
        (
            "A participant left the number +66 2 288 12 34 for those whose offices had closed.",
            "attribution",
        ),
        ("One hundred stakeholders from 40 countries spoke of closed offices.", "figure"),
        ("All participants agreed that offices had closed.", "quantifier"),
        ("Participants spoke of closed offices (see paragraph 412).", "reference"),
        ("A participant said that 5 % of the offices had closed.", "style"),
    ] {
        write(&world, &walk, &one, text).await;
        let here = findings(&world, &walk, &format!("?paragraph_id={}", id(&one))).await;
        let found: Vec<&Value> = here.iter().filter(|found| found["check"] == code).collect();
        assert!(!found.is_empty(), "{code} is silent on {text:?}: {here:?}");
        for one in &here {
            let (sentence, remedy) = (one["sentence"].as_str(), one["remedy"].as_str());
            assert!(sentence.is_some_and(|said| said.len() > 10) && remedy.is_some(), "{one}");
        }
    }
});

on_both!(a_finding_holds_the_report_until_it_is_changed_or_may_pass, |world: World| async move {
    let walk = until_clearance(&world, "Quokka Zyxwvut", "Bandicoot Trust").await;
    back_to_drafting(&world, &walk).await;
    assert!(findings(&world, &walk, "?blocking=true").await.is_empty(), "as it is drafted");
    let one = paragraph_on(&world, &walk, 2).await;
    write(&world, &walk, &one, "Quokka Zyxwvut spoke of closed offices.").await;
    let blocking = findings(&world, &walk, "?blocking=true").await;
    let found = blocking.iter().find(|found| found["check"] == "attribution").unwrap();
    let at = |end: &str| usize::try_from(found["place"][end].as_u64().unwrap()).unwrap();
    assert_eq!(
        &"Quokka Zyxwvut spoke of closed offices."[at("start")..at("end")],
        "Quokka Zyxwvut"
    );

    let to_clearance = async || to_state(&world, &walk, "clearance").await;
    let refused = to_clearance().await;
    refused.is_problem(409, "step_blocked");
    assert_eq!(refused.json["errors"][0]["code"], "checks_unmet", "{}", refused.text);
    let consultation = format!("/api/v1/consultations/{}", id(&walk.consultation));
    let version = world.get(Some(&walk.secretariat), &consultation).await.json["version"].as_i64();
    let request = Request::new(Method::POST, &format!("{consultation}/phase"));
    let request = request.by(Some(&walk.secretariat)).version(version.unwrap());
    let refused = world.send(request.body(json!({ "to": "clearance" }))).await;
    refused.is_problem(409, "step_blocked");

    // Whoever drafts lets it pass, with a reason and by name; a rapporteur does not.
    let waivers = format!("{}/check-waivers", walk.report);
    let body = |reason: &str| json!({ "finding": found["finding"], "reason": reason });
    world.post(&walk.rapporteur, &waivers, body("So it is.")).await.is_problem(403, "forbidden");
    world.post(&walk.secretariat, &waivers, body("")).await.is_problem(422, "invalid_value");
    let unknown = json!({ "finding": "no such", "reason": "So it is." });
    world.post(&walk.secretariat, &waivers, unknown).await.is_problem(422, "invalid_value");
    let waived = world.post(&walk.secretariat, &waivers, body("It is a quokka.")).await;
    assert_eq!(waived.json["waiver"]["reason"], "It is a quokka.", "{}", waived.text);
    assert_eq!(waived.json["waiver"]["by"]["name"], "Sari Secretariat");
    for other in findings(&world, &walk, "?blocking=true").await {
        let body = json!({ "finding": other["finding"], "reason": "It is a quokka." });
        assert_eq!(world.post(&walk.secretariat, &waivers, body).await.status, 200);
    }
    let cleared = to_clearance().await;
    assert_eq!(cleared.status, 200, "{}", cleared.text);

    // With the text it lapses.
    back_to_drafting(&world, &walk).await;
    let steps = world.get(Some(&walk.secretariat), &format!("{}/steps", walk.report)).await.json;
    assert_eq!(steps["taken"][0]["reason"], "It is to be changed.", "{steps}");
    write(&world, &walk, &one, "Quokka Zyxwvut spoke of offices that had closed.").await;
    to_clearance().await.is_problem(409, "step_blocked");
    write(&world, &walk, &one, "Quokka Zyxwvut spoke of closed offices.").await;
    let waived = format!("{waivers}/{}", found["finding"].as_str().unwrap());
    let request = Request::new(Method::DELETE, &waived).by(Some(&walk.secretariat));
    assert_eq!(world.send(request).await.status, 204);
    let again = Request::new(Method::DELETE, &waived).by(Some(&walk.secretariat));
    assert_eq!(world.send(again).await.status, 204, "it may not pass: so it is");
    to_clearance().await.is_problem(409, "step_blocked");
    write(&world, &walk, &one, "A participant spoke of closed offices.").await;
    assert_eq!(to_clearance().await.status, 200);
    let published = publish(&world, &walk, &walk.report, "ESCAP/GCM/2020/1").await;
    assert_eq!(published.status, 200, "{}", published.text);
});

on_both!(words_of_what_was_taken_back_are_not_repeated, |world: World| async move {
    let mut walk = until_clearance(&world, "Quokka Zyxwvut", "Bandicoot Trust").await;
    back_to_drafting(&world, &walk).await;
    // Nobody asked for it not to be quoted, so that it may be, until it is taken back.
    let one = paragraph_on(&world, &walk, 2).await;
    let said = walk.inputs[2].0["body"].as_str().unwrap().to_owned();
    let text = format!("A participant put it so: {said}");
    write(&world, &walk, &one, &text).await;
    let repeated = async |walk: &Walk| {
        let found = findings(&world, walk, "?blocking=true").await;
        found.iter().filter(|found| found["code"] == "quotation.repeated").count()
    };
    assert_eq!(repeated(&walk).await, 0);
    // At the closing that clearance is, what waits is let in.
    world.waive_findings(&walk.secretariat, &walk.report).await;
    assert_eq!(to_state(&world, &walk, "clearance").await.status, 200);
    let whose = &walk.inputs[2].1;
    let whose = walk.participants.iter().position(|one| one.email == whose.email).unwrap();
    let path = format!("contributions/{}", id(&walk.inputs[2].0));
    let receipt = walk.receipts[whose].clone();
    world.send_by_receipt(&walk.consultation, &receipt, Method::DELETE, &path, None).await;
    world.next_mixing(&walk.consultation);
    walk.secretariat = world.signed_in_again(&walk.secretariat);
    back_to_drafting(&world, &walk).await;
    assert_eq!(repeated(&walk).await, 1);
    // Also in another paragraph, and after the words of the first were changed.
    write(&world, &walk, &one, "A participant spoke of closed offices.").await;
    assert_eq!(repeated(&walk).await, 0);
    let other = paragraph_on(&world, &walk, 5).await;
    write(&world, &walk, &other, &format!("It was said: {}", said.to_uppercase())).await;
    assert_eq!(repeated(&walk).await, 1);
});

on_both!(a_reason_that_is_none_holds_a_draft_back, |world: World| async move {
    let walk = until_clearance(&world, "Quokka Zyxwvut", "Bandicoot Trust").await;
    back_to_drafting(&world, &walk).await;
    let one = paragraph_on(&world, &walk, 2).await;
    let path = format!("/api/v1/paragraphs/{}", id(&one));
    let version = one["version"].as_i64().unwrap();
    let reason = json!({ "editorial_reason": "x" });
    world.change(&walk.secretariat, Method::PATCH, &path, version, reason).await;
    let blocking = findings(&world, &walk, "?blocking=true").await;
    let codes: Vec<&Value> = blocking.iter().map(|found| &found["code"]).collect();
    assert!(codes.contains(&&json!("provenance.reason")), "{codes:?}");
    to_state(&world, &walk, "clearance").await.is_problem(409, "step_blocked");
});

/// Several findings in one paragraph, each of which may pass.
const SEVERAL: &str = "All participants agreed. All participants said so. All participants noted it. All participants stressed it.";

on_both!(what_is_no_finding_any_more_is_not_let_pass, |world: World| async move {
    let walk = until_clearance(&world, "Quokka Zyxwvut", "Bandicoot Trust").await;
    back_to_drafting(&world, &walk).await;
    let one = paragraph_on(&world, &walk, 2).await;
    write(&world, &walk, &one, "Wombat Uvwxyz spoke of closed offices.").await;
    let named = async |walk: &Walk| {
        let found = findings(&world, walk, "").await;
        found.into_iter().find(|found| found["code"] == "attribution.name")
    };
    assert_eq!(named(&walk).await, None, "nobody is called so");

    // Everything that a draft is held against is seen at once, though the draft itself stays as it is.
    let rename = async |walk: &Walk, name: &str| {
        let person = world.signed_in_again(&walk.participants[0]);
        let me = world.get(Some(&person), "/api/v1/me").await;
        let version = me.header("etag").trim_matches('"').parse().unwrap();
        let body = json!({ "name": name });
        world.change(&person, Method::PATCH, "/api/v1/me", version, body).await;
    };
    rename(&walk, "Wombat Uvwxyz").await;
    let found = named(&walk).await.expect("somebody is called so now");
    rename(&walk, "Quokka Zyxwvut").await;
    let waivers = format!("{}/check-waivers", walk.report);
    let body = json!({ "finding": found["finding"], "reason": "So it is." });
    let refused = world.post(&walk.secretariat, &waivers, body.clone()).await;
    refused.is_problem(422, "invalid_value");
    rename(&walk, "Wombat Uvwxyz").await;
    assert_eq!(world.post(&walk.secretariat, &waivers, body).await.status, 200);
    assert_eq!(named(&walk).await.unwrap()["waiver"]["reason"], "So it is.");

    // One after the other, as they are read; a text that is changed meanwhile ends it.
    write(&world, &walk, &one, SEVERAL).await;
    let all = findings(&world, &walk, "?blocking=true").await;
    assert!(all.len() > 2, "{all:?}");
    let waive = async |found: &Value| {
        let body = json!({ "finding": found["finding"], "reason": "So it is." });
        world.post(&walk.secretariat, &waivers, body).await
    };
    assert_eq!(waive(&all[0]).await.status, 200);
    assert_eq!(waive(&all[1]).await.status, 200);
    write(&world, &walk, &one, &SEVERAL.replace("stressed", "recalled")).await;
    waive(&all[2]).await.is_problem(422, "invalid_value");
    let again = findings(&world, &walk, "?blocking=true").await;
    assert_eq!(again.len(), all.len(), "what was let pass was of another text");
});

/// On SQLite a program for tests finds everything again, to compare it.
#[actix_web::test]
async fn who_lets_findings_pass_one_by_one_has_the_draft_read_once() {
    let Some((world, statements)) = Statements::of(Database::Postgres) else { return };
    let walk = until_clearance(&world, "Quokka Zyxwvut", "Bandicoot Trust").await;
    back_to_drafting(&world, &walk).await;
    let one = paragraph_on(&world, &walk, 2).await;
    write(&world, &walk, &one, SEVERAL).await;
    let all = findings(&world, &walk, "?blocking=true").await;
    assert!(all.len() > 2, "{all:?}");
    let mut counts = Vec::new();
    for found in &all {
        statements.heard();
        let body = json!({ "finding": found["finding"], "reason": "So it is." });
        let path = format!("{}/check-waivers", walk.report);
        assert_eq!(world.post(&walk.secretariat, &path, body).await.status, 200);
        let heard = statements.heard();
        let texts = ["\"paragraphs\".\"text\"", "\"inputs\".\"body\"", "\"released\""];
        let read: Vec<&String> =
            heard.iter().filter(|one| texts.iter().any(|text| one.contains(text))).collect();
        assert!(read.is_empty(), "{read:#?}");
        counts.push(heard.len());
    }
    assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
}
