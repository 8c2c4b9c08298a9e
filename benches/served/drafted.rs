//! A report of many paragraphs, by the API as a team would write it.

use reqwest::Method;
use serde_json::{Value, json};

use super::harness::{World, consultation, id, review};
use rapporteur::access::{Role, ScopeKind};

/// A report of so many paragraphs, in a review of its own.
pub async fn report(world: &World, code: &str, count: usize) -> String {
    let by = world.person_with("Devi Drafts", Role::Secretariat, ScopeKind::Instance, "");
    let mut review = review();
    review["code"] = json!(code);
    let review = world.make(&by, "/api/v1/reviews", review).await;
    let path = format!("/api/v1/reviews/{}/consultations", id(&review));
    let held = world.make(&by, &path, consultation()).await;
    let base = format!("/api/v1/consultations/{}", id(&held));
    let group = json!({ "number": 1, "clusters": [[4]], "min_size": 1, "max_size": 40, "languages": ["en"] });
    world.make(&by, &format!("{base}/working-groups"), group).await;
    world.phases(&by, id(&held), &["open_call"]).await;
    let categories = format!("/api/v1/reviews/{}/input-categories", id(&review));
    let category = world.get(Some(&by), &categories).await.json["items"][1].clone();
    let said = json!({ "origin": "plenary", "told_by": "one", "objectives": [4], "category_id": category["id"], "body": "Fees." });
    let input = world.make(&by, &format!("{base}/inputs"), said).await;
    let path = format!("/api/v1/inputs/{}/decision", id(&input));
    world.change(&by, Method::POST, &path, 1, json!({ "decision": "accept" })).await;
    world.phases(&by, id(&held), &["registration_closed", "in_session", "synthesis"]).await;
    let report = world.make(&by, &format!("{base}/report"), Value::Null).await;
    let report = format!("/api/v1/reports/{}", id(&report));
    let outline = world.get(Some(&by), &format!("{report}/outline")).await.json;
    let mut sections: Vec<Value> = outline["sections"].as_array().unwrap().clone();
    let section = loop {
        let one = sections.remove(0);
        if one["kind"] == "category" && one["category"] == category["code"] {
            break one;
        }
        sections.extend(one["sections"].as_array().unwrap().clone());
    };
    let numbers: Vec<usize> = (0..count).collect();
    for part in numbers.chunks(100) {
        let one = |number: &usize| json!({ "section_id": section["id"], "text": format!("Participants told of fees in case {number}."), "inputs": [input["id"]] });
        let body = json!({ "paragraphs": part.iter().map(one).collect::<Vec<Value>>() });
        world.make(&by, &format!("{report}/paragraphs"), body).await;
    }
    report
}
