//! The register of recommendations: references that outlive corrigenda, what is read from a text and confirmed by a person, what came of it,
//! as JSON, as a table, as a feed and as pages.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, is_page};
use crate::harness::{Person, Request, World, id};
use crate::main_job::{Walk, publish, walk};
use crate::on_both;
use crate::page_access::signed_in;
use crate::returned::parts;

fn version(value: &Value) -> i64 {
    value["version"].as_i64().unwrap_or_else(|| panic!("no version in {value}"))
}

async fn read(world: &World, by: Option<&Person>, path: &str) -> Value {
    let answer = world.get(by, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json
}

async fn register(world: &World, walk: &Walk, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/reviews/{}/recommendations{query}", id(&walk.review));
    read(world, None, &path).await["items"].as_array().unwrap().clone()
}

fn texts(items: &[Value]) -> Vec<(&str, &str)> {
    items
        .iter()
        .map(|one| (one["reference"].as_str().unwrap(), one["text"].as_str().unwrap()))
        .collect()
}

async fn reopen(world: &World, walk: &Walk, report: &str) {
    let now = read(world, Some(&walk.secretariat), report).await;
    let body = json!({ "to": "drafting", "reason": "A corrigendum is needed." });
    let path = format!("{report}/state");
    world.change(&walk.secretariat, Method::POST, &path, version(&now), body).await;
}

async fn clear_again(world: &World, walk: &Walk, report: &str, symbol: &str) {
    world.waive_findings(&walk.secretariat, report).await;
    let now = read(world, Some(&walk.secretariat), report).await;
    let path = format!("{report}/state");
    world
        .change(&walk.secretariat, Method::POST, &path, version(&now), json!({ "to": "clearance" }))
        .await;
    let published = publish(world, walk, report, symbol).await;
    assert_eq!(published.status, 200, "{}", published.text);
}

/// The entries of the feed: id, title and when each last changed.
async fn feed(world: &World, walk: &Walk) -> Vec<(String, String, DateTime<Utc>)> {
    let path = format!("/api/v1/reviews/{}/recommendations.atom", id(&walk.review));
    let feed = world.get(None, &path).await.text;
    let of = |part: &str, tag: &str| -> String {
        let (_, after) = part.split_once(&format!("<{tag}>")).unwrap_or_else(|| panic!("{part}"));
        after.split_once(&format!("</{tag}>")).unwrap().0.to_owned()
    };
    let at = |part: &str, tag: &str| of(part, tag).parse::<DateTime<Utc>>().unwrap();
    let (head, rest) = feed.split_once("<entry>").unwrap();
    let entries: Vec<_> = rest.split("<entry>").collect();
    for part in &entries {
        assert!(at(part, "published") <= at(part, "updated"), "{part}");
        assert_eq!(part.matches("rel=\"alternate\"").count(), 1, "{part}");
    }
    let told = |part: &&str| (of(part, "id"), of(part, "title"), at(part, "updated"));
    let entries: Vec<_> = entries.iter().map(told).collect();
    assert!(entries.is_sorted_by_key(|(.., updated)| std::cmp::Reverse(*updated)), "{feed}");
    assert_eq!(at(head, "updated"), entries[0].2);
    assert_eq!(of(head, "id"), format!("urn:uuid:{}", id(&walk.review)));
    assert!(head.contains("<author><name>") && head.contains("rel=\"self\""), "{head}");
    entries
}

/// The paragraph of a draft with a text.
async fn paragraph(world: &World, walk: &Walk, report: &str, text: &str) -> Value {
    let path = format!("{report}/paragraphs?limit=200");
    let all = read(world, Some(&walk.secretariat), &path).await;
    let all = all["items"].as_array().unwrap();
    let found = all.iter().find(|one| one["text"].as_str().is_some_and(|own| own.contains(text)));
    found.unwrap_or_else(|| panic!("no {text}")).clone()
}

on_both!(
    a_recommendation_keeps_its_reference_over_editions_and_papers,
    |world: World| async move {
        let walk = walk(&world, "Asha Example", "Example Foundation").await;
        let by = &walk.secretariat;
        let items = register(&world, &walk, "").await;
        let expected = [
            ("asia-pacific/R1", "Fees should be waived."),
            ("asia-pacific/R2", "Officers should be trained."),
            ("asia-pacific/R3", "Detention should end."),
        ];
        assert_eq!(texts(&items), expected);
        let first = &items[0];
        assert_eq!(first["objectives"], json!([4]));
        assert_eq!((&first["strength"], &first["confirmed"]), (&json!("should"), &json!(false)));
        assert_eq!(first["read_strength"], json!({ "strength": "should", "words": "should" }));
        assert_eq!(first["consultations"][0]["consultation_id"], walk.consultation["id"]);
        assert_eq!(first["consultations"][0]["voices"], "fewer_than_five");
        // The paper took each over by itself: another place of the same recommendation.
        let places: Vec<&Value> =
            first["texts"].as_array().unwrap().iter().map(|one| &one["place"]["symbol"]).collect();
        assert_eq!(places, ["ESCAP/GCM/2020/1", "ESCAP/GCM/2021/CRP.2"]);

        let before = feed(&world, &walk).await;
        let urn = |one: &Value| format!("urn:uuid:{}", id(one));
        let ids: Vec<String> = items.iter().map(urn).collect();
        assert_eq!(before.iter().map(|(id, ..)| id.clone()).collect::<Vec<_>>(), ids);

        world.app.clock.advance(TimeDelta::minutes(1));

        // A corrigendum moves, rewords and drops: who is who stays.
        reopen(&world, &walk, &walk.report).await;
        let fees = paragraph(&world, &walk, &walk.report, "Fees should").await;
        let own = format!("/api/v1/paragraphs/{}", id(&fees));
        let body = json!({ "text": "Governments must waive fees." });
        world.change(by, Method::PATCH, &own, version(&fees), body).await;
        let gone = paragraph(&world, &walk, &walk.report, "Officers should").await;
        let request = format!("/api/v1/paragraphs/{}", id(&gone));
        let request = Request::new(Method::DELETE, &request).by(Some(by)).version(version(&gone));
        assert_eq!(world.send(request).await.status, 204);
        let omission =
            json!({ "input_id": gone["inputs"][0], "reason": "It was said by mistake." });
        world.make(by, &format!("{}/omissions", walk.report), omission).await;
        let detention = paragraph(&world, &walk, &walk.report, "Detention should").await;
        let own = format!("/api/v1/paragraphs/{}", id(&detention));
        let body = json!({ "inputs": [detention["inputs"][0], fees["inputs"][0]] });
        world.change(by, Method::PATCH, &own, version(&detention), body).await;
        clear_again(&world, &walk, &walk.report, "ESCAP/GCM/2020/1").await;
        let items = register(&world, &walk, "").await;
        let expected = [
            ("asia-pacific/R1", "Governments must waive fees."),
            ("asia-pacific/R3", "Detention should end."),
        ];
        assert_eq!(texts(&items), expected);
        assert_eq!(
            (&items[0]["strength"], &items[0]["addressees"]),
            (&json!("must"), &json!(["governments"]))
        );
        assert_eq!(items[0]["texts"].as_array().unwrap().len(), 3);
        // Voices are counted once: a set of inputs that differs from the first in one would tell of that one.
        assert_eq!(items[0]["consultations"][0]["voices"], "fewer_than_five");
        assert_eq!(items[1]["consultations"][0]["voices"], Value::Null, "{}", items[1]);
        let dropped = register(&world, &walk, "?state=dropped").await;
        assert_eq!(texts(&dropped), [("asia-pacific/R2", "Officers should be trained.")]);
        let found =
            read(&world, None, &format!("/api/v1/recommendations/{}", id(&dropped[0]))).await;
        assert_eq!(found["reference"], "asia-pacific/R2");
        // Whoever follows the feed learns of it, under the same id.
        let after = feed(&world, &walk).await;
        let gone = after.iter().find(|(id, ..)| *id == urn(&dropped[0])).unwrap();
        assert_eq!(gone.1, "asia-pacific/R2 (dropped)");
        assert!(gone.2 > before[1].2 && after[0].2 > before[0].2);

        // The paper follows, and joins what recurs: a recommendation of its own, with the consultations of both.
        reopen(&world, &walk, &walk.paper).await;
        let paper = read(&world, Some(by), &walk.paper).await;
        let path = format!("{}/recompile", walk.paper);
        let recompiled = Request::new(Method::POST, &path).by(Some(by)).version(version(&paper));
        let recompiled = world.send(recompiled).await;
        assert_eq!(recompiled.status, 200, "{}", recompiled.text);
        let settlements: Vec<Value> = recompiled.json["unsettled"].as_array().unwrap().iter().map(|one| json!({
        "paragraph_id": one["paragraph_id"], "version": one["version"], "decision": "follow"
    })).collect();
        assert_eq!(settlements.len(), 2);
        let settled = world
            .post(by, &format!("{}/settlements", walk.paper), json!({ "settlements": settlements }))
            .await;
        assert_eq!(settled.status, 200, "{}", settled.text);
        let (fees, detention) = (
            paragraph(&world, &walk, &walk.paper, "waive fees").await,
            paragraph(&world, &walk, &walk.paper, "Detention").await,
        );
        let joint = json!({ "paragraphs": [fees["id"], detention["id"]], "text": "Governments should waive fees and end detention." });
        world.post(by, &format!("{}/paragraphs/merge", walk.paper), joint).await;
        clear_again(&world, &walk, &walk.paper, "ESCAP/GCM/2021/CRP.2").await;
        let items = register(&world, &walk, "").await;
        assert_eq!(
            texts(&items),
            [("asia-pacific/R4", "Governments should waive fees and end detention.")]
        );
        let voices = &items[0]["consultations"][0]["voices"];
        assert_eq!(voices, &Value::Null, "those of several are counted together nowhere");
        let names: Vec<&Value> =
            items[0]["joins"].as_array().unwrap().iter().map(|one| &one["reference"]).collect();
        assert_eq!(names, ["asia-pacific/R1", "asia-pacific/R3"]);
        let joined = register(&world, &walk, "?state=joined").await;
        assert_eq!(joined[0]["joined_into"]["reference"], "asia-pacific/R4");
        let told = feed(&world, &walk).await;
        let told = told.iter().find(|(id, ..)| *id == urn(&joined[0])).unwrap();
        assert_eq!(told.1, "asia-pacific/R1 (joined into asia-pacific/R4)");
        let answer = world.get(None, &format!("/api/v1/recommendations/{}", id(&joined[0]))).await;
        for participant in &walk.participants {
            assert!(
                !answer.text.contains(&participant.email)
                    && !answer.text.contains(&participant.id.to_string())
            );
        }
    }
);

on_both!(one_that_a_paper_splits_is_the_first_of_its_parts, |world: World| async move {
    let walk = walk(&world, "Asha Example", "Example Foundation").await;
    let by = &walk.secretariat;
    reopen(&world, &walk, &walk.paper).await;
    let fees = paragraph(&world, &walk, &walk.paper, "Fees should").await;
    let path = format!("/api/v1/paragraphs/{}/split", id(&fees));
    let said = [json!({ "text": "Fees should fall." }), json!({ "text": "=SUM(1;2) could go." })];
    let body = json!({ "parts": said });
    let split = Request::new(Method::POST, &path).by(Some(by)).version(version(&fees)).body(body);
    assert_eq!(world.send(split).await.status, 201);
    clear_again(&world, &walk, &walk.paper, "ESCAP/GCM/2021/CRP.2").await;
    let items = register(&world, &walk, "").await;
    let expected = [
        ("asia-pacific/R1", "Fees should fall."),
        ("asia-pacific/R2", "Officers should be trained."),
        ("asia-pacific/R3", "Detention should end."),
        ("asia-pacific/R4", "=SUM(1;2) could go."),
    ];
    assert_eq!(texts(&items), expected);
    assert_eq!(items[3]["consultations"], items[0]["consultations"]);
    // In a table it is a text, and no formula.
    let export = format!("/api/v1/reviews/{}/recommendations/export", id(&walk.review));
    let csv = world.get(None, &format!("{export}?format=csv")).await.text;
    assert!(csv.contains(",'=SUM(1;2) could go.,") && !csv.contains(",=SUM"), "{csv}");
    let address = format!("{}{export}?format=xlsx", world.base);
    let xlsx = world.client.get(address).send().await.unwrap().bytes().await.unwrap();
    let parts = parts(&xlsx).into_iter();
    let parts: Vec<String> =
        parts.map(|(_, part)| String::from_utf8_lossy(&part).into_owned()).collect();
    assert!(parts.iter().any(|part| part.contains(">=SUM(1;2) could go.<")));
    assert!(parts.iter().all(|part| !part.contains("<f>") && !part.contains("<hyperlink")));
});

on_both!(what_is_read_is_a_proposal_until_somebody_confirms_it, |world: World| async move {
    let walk = walk(&world, "Asha Example", "Example Foundation").await;
    let by = &walk.secretariat;
    let one = register(&world, &walk, "?q=fees").await.remove(0);
    let own = format!("/api/v1/recommendations/{}", id(&one));
    let confirm = format!("{own}/confirmation");
    let body = json!({ "strength": "must", "addressees": ["governments", "diaspora"] });
    let confirmed = world.change(by, Method::POST, &confirm, version(&one), body.clone()).await;
    assert_eq!(confirmed["confirmed_by"]["name"], "Sari Secretariat");
    assert_eq!(
        (&confirmed["strength"], &confirmed["changed_since"]),
        (&json!("must"), &json!(false))
    );
    let public = read(&world, None, &own).await;
    assert_eq!((&public["confirmed"], &public["confirmed_by"]), (&json!(true), &Value::Null));
    assert_eq!(public["read_strength"]["strength"], "should", "what was read stays to be seen");
    let stale = Request::new(Method::POST, &confirm).by(Some(by)).version(1).body(body.clone());
    world.send(stale).await.is_problem(412, "version_mismatch");
    let twice = json!({ "strength": "must", "addressees": ["governments", "governments"] });
    let twice =
        Request::new(Method::POST, &confirm).by(Some(by)).version(version(&confirmed)).body(twice);
    world.send(twice).await.points_to("/addressees");
    let foreign = Request::new(Method::POST, &confirm)
        .by(Some(&walk.participants[1]))
        .version(version(&confirmed));
    world.send(foreign.body(body)).await.is_problem(403, "forbidden");

    for (query, count) in [
        ("?strength=must", 1),
        ("?strength=should", 2),
        ("?addressee=diaspora", 1),
        ("?objective=13", 1),
        ("?confirmed=true", 1),
        ("?confirmed=false", 2),
        ("?q=detention", 1),
        ("?q=nothing", 0),
        ("?limit=1", 1),
    ] {
        assert_eq!(register(&world, &walk, query).await.len(), count, "{query}");
    }
    let of = format!("?consultation_id={}", id(&walk.consultation));
    assert_eq!(register(&world, &walk, &of).await.len(), 3);

    let notes = format!("{own}/follow-ups");
    let note = json!({ "dated_on": "2022-05-20", "text": "=HYPERLINK(\"x\") was waived.", "source": "A submission", "source_url": "javascript:alert(1)" });
    let refused = world.post(by, &notes, note.clone()).await;
    refused.points_to("/source_url");
    let mut note = note;
    note["source_url"] = json!("https://example.org/a?b=1&c=2");
    let made = world.make(by, &notes, note).await;
    let own_note = format!("/api/v1/follow-ups/{}", id(&made));
    assert_eq!(read(&world, None, &own_note).await["source"], "A submission");
    let changed = world
        .change(by, Method::PATCH, &own_note, 1, json!({ "text": "=Fees <were> waived & more." }))
        .await;
    assert_eq!(changed["version"], 2);
    let spare = json!({ "dated_on": "2022-05-21", "text": "By mistake.", "source": "Nobody" });
    let spare = world.make(by, &notes, spare).await;
    let request = format!("/api/v1/follow-ups/{}", id(&spare));
    let request = Request::new(Method::DELETE, &request).by(Some(by)).version(1);
    assert_eq!(world.send(request).await.status, 204);

    let base = format!("/api/v1/reviews/{}/recommendations", id(&walk.review));
    let csv = world.get(None, &format!("{base}/export?format=csv")).await;
    assert_eq!(csv.status, 200, "{}", csv.text);
    assert!(csv.text.contains("asia-pacific/R1,standing,,Fees should be waived.,4,must,governments; diaspora,true,2,fewer_than_five"), "{}", csv.text);
    let ndjson = world.get(None, &format!("{base}/export?format=ndjson&strength=must")).await;
    assert_eq!(ndjson.text.lines().count(), 1);
    assert_eq!(world.get(None, &format!("{base}/export?format=xlsx")).await.status, 200);
    let feed = world.get(None, &format!("{base}.atom")).await;
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    assert!(feed.text.contains("=Fees &lt;were&gt; waived &amp; more."), "{}", feed.text);
    assert!(
        feed.text.find("asia-pacific/R1") < feed.text.find("asia-pacific/R2"),
        "the latest first"
    );
    let again = world.get(None, &format!("{base}.atom")).await;
    assert_eq!(feed.text, again.text);
});

on_both!(the_register_is_read_confirmed_and_followed_up_on_pages, |world: World| async move {
    let walk = walk(&world, "Asha Example", "Example Foundation").await;
    let one = register(&world, &walk, "?q=fees").await.remove(0);
    let public = format!("/reviews/{}/recommendations", id(&walk.review));
    let anybody = Browser::new(&world);
    for language in ["en", "fr", "es", "ru", "ar", "zh"] {
        let page = anybody.get(&format!("{public}?lang={language}")).await;
        is_page(&page, 200);
        assert!(page.text.contains("Fees should be waived."), "{language}");
        let page = anybody.get(&format!("{}?lang={language}", one["page"].as_str().unwrap())).await;
        is_page(&page, 200);
        assert!(page.text.contains("asia-pacific/R1"), "{language}");
    }
    let home = anybody.get("/").await;
    assert!(home.text.contains(&public), "{}", home.text);
    let found = anybody.get(&format!("{public}?objective=13")).await;
    assert!(found.text.contains("Detention should end.") && !found.text.contains("Fees should"));

    let desk = signed_in(&world, &walk.secretariat).await;
    let own_register = format!("/my/reviews/{}/recommendations", id(&walk.review));
    assert!(desk.get("/my/reports").await.text.contains(&own_register));
    let own = format!("/my/recommendations/{}", id(&one));
    let page = desk.get(&own_register).await;
    is_page(&page, 200);
    assert!(page.text.contains(&own));
    let version = one["version"].to_string();
    let sent = desk
        .post(
            &own,
            &[
                ("action", "confirm"),
                ("version", &version),
                ("strength", "must"),
                ("addressee", "governments"),
                ("addressee", "donors"),
            ],
        )
        .await;
    is_page(&sent, 200);
    assert!(sent.text.contains("Sari Secretariat"), "who confirmed it is told the team");
    let stale = desk
        .post(&own, &[("action", "confirm"), ("version", &version), ("strength", "could")])
        .await;
    is_page(&stale, 412);
    let missing = desk
        .post(
            &own,
            &[("action", "note"), ("day", "2022-05-20"), ("text", "Waived."), ("source", "")],
        )
        .await;
    is_page(&missing, 422);
    assert!(missing.text.contains("Waived."), "nothing that was typed is lost");
    let noted = desk
        .post(
            &own,
            &[
                ("action", "note"),
                ("day", "2022-05-20"),
                ("text", "Fees were waived."),
                ("source", "A submission"),
                ("url", "https://example.org/s"),
            ],
        )
        .await;
    is_page(&noted, 200);
    let page = anybody.get(&format!("/recommendations/{}", id(&one))).await;
    assert!(page.text.contains("Fees were waived.") && page.text.contains("https://example.org/s"));
    assert!(!page.text.contains("Sari Secretariat"));
    let now = read(&world, None, &format!("/api/v1/recommendations/{}", id(&one))).await;
    assert_eq!(
        (&now["strength"], &now["addressees"]),
        (&json!("must"), &json!(["governments", "donors"]))
    );
    let note = now["follow_ups"][0]["id"].as_str().unwrap().to_owned();
    let gone = desk.post(&own, &[("action", "remove"), ("note", &note), ("version", "1")]).await;
    is_page(&gone, 200);
    let other = signed_in(&world, &walk.participants[1]).await;
    is_page(&other.get(&own).await, 404);
    is_page(&other.get(&own_register).await, 404);
});
