//! The history of a draft: every save is a version that can be read, compared and brought back, told to the team and to nobody else.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::drafting::{Desk, desk, ids, paragraph};
use crate::harness::{Answer, Person, Request, World, id};
use crate::on_both;

/// All of a list, page after page.
async fn all(world: &World, by: &Person, path: &str) -> Vec<Value> {
    let (mut found, mut next) = (Vec::new(), format!("{path}?limit=7"));
    loop {
        let page = world.get(Some(by), &next).await;
        assert_eq!(page.status, 200, "{next}: {}", page.text);
        found.extend(page.json["items"].as_array().unwrap().iter().cloned());
        let Some(cursor) = page.json["next"].as_str() else { return found };
        next = format!("{path}?limit=7&cursor={cursor}");
    }
}

/// The versions of a paragraph, the newest first.
async fn versions(world: &World, desk: &Desk, paragraph: &Value) -> Vec<Value> {
    all(world, desk.by(), &format!("/api/v1/paragraphs/{}/versions", id(paragraph))).await
}

async fn restore(world: &World, by: &Person, of: &Value, number: i64, seen: i64) -> Answer {
    let path = format!("{}/versions/{number}/restore", paragraph(of));
    world.send(Request::new(Method::POST, &path).by(Some(by)).version(seen)).await
}

/// One field of each, in order.
fn each(items: &[Value], field: &str) -> Value {
    items.iter().map(|item| item[field].clone()).collect()
}

on_both!(every_save_of_a_paragraph_is_a_version, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, ..] = &desk.inputs[..] else { panic!() };
    let tia = desk.rapporteur(&world);
    let first = desk.add(&world, &desk.own, "Fees differ widely.", &[fees]).await;
    let second = desk.add(&world, &desk.own, "Offices close.", &[offices]).await;
    let change = json!({ "text": "Fees vary widely.", "inputs": ids(&[fees, offices]) });
    desk.patch(&world, &tia, &first, change).await;
    let body = json!({ "section_id": desk.own["id"], "position": 2 });
    let path = format!("{}/move", paragraph(&first));
    world.change(desk.by(), Method::POST, &path, 2, body).await;

    let told = versions(&world, &desk, &first).await;
    assert_eq!(each(&told, "number"), json!([3, 2, 1]));
    assert_eq!(each(&told, "kind"), json!(["moved", "changed", "added"]));
    assert_eq!(each(&told, "position"), json!([2, 1, 1]));
    assert_eq!(told[1]["by"], json!({ "account_id": tia.id, "name": "Tia Rapporteur" }));
    assert_eq!(told[2]["text"], "Fees differ widely.");
    assert_eq!(told[2]["inputs"], ids(&[fees]));
    let one = world.get(Some(&tia), &format!("{}/versions/1", paragraph(&first))).await;
    assert_eq!(one.json, told[2]);
    let path = format!("{}/versions/9", paragraph(&first));
    world.get(Some(&tia), &path).await.is_problem(404, "not_found");

    let path = format!("{}/versions/1/difference", paragraph(&first));
    let difference = world.get(Some(&tia), &path).await.json;
    let words = difference["words"].as_array().unwrap();
    assert_eq!(each(words, "op"), json!(["equal", "delete", "insert", "equal"]));
    assert_eq!(each(words, "text"), json!(["Fees ", "differ", "vary", " widely."]));
    assert_eq!(difference["inputs_added"], ids(&[offices]));
    let same = world.get(Some(&tia), &format!("{path}?to=1")).await.json;
    assert_eq!((&same["to_version"], &same["inputs_added"]), (&json!(1), &json!([])));

    // Brought back where it stands now, once.
    restore(&world, &tia, &first, 1, 2).await.is_problem(412, "version_mismatch");
    let restored = restore(&world, &tia, &first, 1, 3).await;
    assert_eq!(restored.status, 200, "{}", restored.text);
    assert_eq!(restored.json["paragraph"]["text"], "Fees differ widely.");
    assert_eq!(restored.json["inputs_left_out"], json!([]));
    assert_eq!(desk.order(&world, &desk.own).await, [id(&second), id(&first)]);
    assert_eq!(versions(&world, &desk, &first).await[0]["restored_version"], 1);

    // Who may not read the draft is told of nothing, who may not draft it changes nothing.
    let other = world.person("Pat Plain");
    let path = format!("{}/versions", paragraph(&first));
    world.get(Some(&other), &path).await.is_problem(404, "not_found");
    let group = id(&desk.scene.other_group).to_owned();
    let theirs = world.person_with("Ona Other", Role::Rapporteur, ScopeKind::WorkingGroup, &group);
    restore(&world, &theirs, &first, 1, 4).await.is_problem(403, "forbidden");
});

on_both!(what_is_gone_comes_back_with_its_history, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, registers, hours] = &desk.inputs[..] else { panic!() };
    let first = desk.add(&world, &desk.own, "Fees differ.", &[fees]).await;
    let second = desk.add(&world, &desk.own, "Offices close.", &[offices]).await;
    let third = desk.add(&world, &desk.own, "Registers help.", &[registers]).await;
    let see = format!("See [](#{}).", id(&second));
    let last = desk.add(&world, &desk.other, &see, &[hours]).await;
    let mut body = json!({
        "paragraphs": ids(&[&first, &second]), "text": "Fees differ, offices close.", "versions": [1, 2]
    });
    let late = desk.merge(&world, desk.by(), body.clone()).await;
    late.is_problem(412, "version_mismatch");
    late.points_to("/versions/1");
    body["versions"] = json!([1]);
    desk.merge(&world, desk.by(), body.clone()).await.points_to("/versions");
    body["versions"] = json!([1, 1]);
    assert_eq!(desk.merge(&world, desk.by(), body).await.status, 200);

    let joined = versions(&world, &desk, &second).await;
    assert_eq!(each(&joined, "kind"), json!(["merged_away", "added"]));
    assert_eq!(joined[0]["into_id"], first["id"]);
    assert_eq!(versions(&world, &desk, &last).await[0]["kind"], "redirected");
    // The reference of an old version follows what was joined.
    let back = restore(&world, desk.by(), &last, 1, 2).await.json;
    assert_eq!(back["paragraph"]["text"], format!("See [](#{}).", id(&first)));

    let path = paragraph(&third);
    let request = Request::new(Method::DELETE, &path).by(Some(desk.by())).version(1);
    assert_eq!(world.send(request).await.status, 204);
    for (of, seen) in [(&second, 2), (&third, 2)] {
        let back = restore(&world, desk.by(), of, 1, seen).await;
        assert_eq!((back.status, &back.json["paragraph"]["id"]), (200, &of["id"]), "{}", back.text);
        restore(&world, desk.by(), of, 1, seen).await.is_problem(412, "version_mismatch");
    }
    assert_eq!(desk.order(&world, &desk.own).await, [id(&first), id(&third), id(&second)]);
    let kinds = each(&versions(&world, &desk, &third).await, "kind");
    assert_eq!(kinds, json!(["restored", "deleted", "added"]));
    let outline = desk.outline(&world).await;
    assert!(outline["sections"].is_array(), "it can still be numbered");
});

on_both!(a_report_tells_every_step_and_a_section_its_headings, |world: World| async move {
    let desk = desk(&world).await;
    let path = format!("/api/v1/report-sections/{}", id(&desk.own));
    let heading = json!({ "heading": "What hinders people" });
    world.change(desk.by(), Method::PATCH, &path, 1, heading).await;
    let told = all(&world, desk.by(), &format!("{path}/versions")).await;
    assert_eq!(each(&told, "heading"), json!(["What hinders people", null]));
    assert_eq!(each(&told, "kind"), json!(["heading_set", "opened"]));
    desk.to_clearance(&world).await;
    let steps = all(&world, desk.by(), &format!("{}/history", desk.report)).await;
    let serials: Vec<i64> = steps.iter().map(|step| step["serial"].as_i64().unwrap()).collect();
    let wanted: Vec<i64> = (1..=steps.len() as i64).rev().collect();
    assert_eq!(serials, wanted);
    assert_eq!(each(&steps[..2], "kind"), json!(["state_changed", "heading_set"]));
    assert_eq!(steps[1]["section_id"], desk.own["id"]);
    assert_eq!(steps[1]["by"]["account_id"], json!(desk.by().id));
});

// ---------------------------------------------------------------------------------------------- milestones

on_both!(a_frozen_draft_is_compared_by_paragraph, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, registers, hours] = &desk.inputs[..] else { panic!() };
    let first = desk.add(&world, &desk.own, "Fees differ widely.", &[fees]).await;
    let second = desk.add(&world, &desk.own, "Offices close.", &[offices]).await;
    let third = desk.add(&world, &desk.own, "Registers help.", &[registers]).await;
    let path = format!("{}/milestones", desk.report);
    let one = world.make(desk.by(), &path, json!({ "name": "For the co-organizers" })).await;
    assert_eq!((&one["number"], &one["by"]["account_id"]), (&json!(1), &json!(desk.by().id)));
    let frozen = one["paragraphs"].as_array().unwrap();
    assert!(frozen.iter().any(|one| one["paragraph_id"] == third["id"] && one["version"] == 1));
    let document = one["document"].as_str().unwrap();
    let document = world.get(Some(desk.by()), document).await;
    assert_eq!(document.header("etag"), format!("\"{}\"", one["sha256"].as_str().unwrap()));
    assert_eq!(
        rapporteur::digest::sha256(document.text.as_bytes()),
        one["sha256"].as_str().unwrap()
    );
    let own = format!("/api/v1/milestones/{}", id(&one));
    let read = world.get(Some(desk.by()), &own).await.json;
    assert_eq!((&read["name"], &read["sha256"]), (&one["name"], &one["sha256"]), "{read}");
    let difference = format!("{own}/difference");
    let none = world.get(Some(desk.by()), &difference).await.json;
    for what in ["title", "summary", "headings", "paragraphs"] {
        assert_eq!(none[what], json!([]), "{none}");
    }

    desk.patch(&world, desk.by(), &first, json!({ "text": "Fees vary widely." })).await;
    let body = json!({ "section_id": desk.own["id"], "position": 1 });
    let moved = format!("{}/move", paragraph(&third));
    world.change(desk.by(), Method::POST, &moved, 1, body).await;
    let gone = Request::new(Method::DELETE, &paragraph(&second)).by(Some(desk.by())).version(1);
    assert_eq!(world.send(gone).await.status, 204);
    let added = desk.add(&world, &desk.other, "Hours are short.", &[hours]).await;
    let heading = json!({ "heading": "What hinders people" });
    let section = format!("/api/v1/report-sections/{}", id(&desk.own));
    world.change(desk.by(), Method::PATCH, &section, 1, heading).await;
    let now = world.get(Some(desk.by()), &difference).await.json;
    let of = |paragraph: &Value| {
        let all = now["paragraphs"].as_array().unwrap();
        let found = all.iter().find(|one| one["paragraph_id"] == paragraph["id"]);
        found.unwrap_or_else(|| panic!("nothing of {paragraph} in {now}")).clone()
    };
    assert_eq!(now["paragraphs"].as_array().unwrap().len(), 4, "{now}");
    assert_eq!(each(of(&first)["words"].as_array().unwrap(), "op").as_array().unwrap().len(), 4);
    assert_eq!((&of(&first)["moved"], &of(&third)["moved"]), (&json!(false), &json!(true)));
    assert_eq!((&of(&third)["words"], &of(&third)["after"]["version"]), (&json!([]), &json!(2)));
    assert_eq!((&of(&second)["after"], &of(&added)["before"]), (&Value::Null, &Value::Null));
    assert_eq!(now["headings"][0]["section_id"], desk.own["id"]);

    // Two frozen ones are compared as well; of another report there is none, and who may not read the draft sees none.
    let two = world.make(desk.by(), &path, json!({ "name": "Afterwards" })).await;
    let between = world.get(Some(desk.by()), &format!("{difference}?to={}", id(&two))).await.json;
    assert_eq!(between, now);
    assert_eq!(each(&all(&world, desk.by(), &path).await, "number"), json!([1, 2]));
    let nowhere = format!("{difference}?to={}", uuid::Uuid::nil());
    world.get(Some(desk.by()), &nowhere).await.is_problem(404, "not_found");
    let other = world.person("Pat Plain");
    world.get(Some(&other), &difference).await.is_problem(404, "not_found");
});

// ---------------------------------------------------------------------------------------------- suggestions

async fn suggest(world: &World, by: &Person, of: &Value, body: Value) -> Answer {
    world.post(by, &format!("{}/suggestions", paragraph(of)), body).await
}

async fn decide(world: &World, by: &Person, suggestion: &Value, body: Value) -> Answer {
    let path = format!("/api/v1/suggestions/{}/decision", id(suggestion));
    let seen = suggestion["version"].as_i64().unwrap();
    world.send(Request::new(Method::POST, &path).by(Some(by)).version(seen).body(body)).await
}

on_both!(several_suggest_and_the_drafter_decides, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, ..] = &desk.inputs[..] else { panic!() };
    let tia = desk.rapporteur(&world);
    let group = id(&desk.scene.group).to_owned();
    let host = world.person_with("Hana Host", Role::CoHost, ScopeKind::WorkingGroup, &group);
    let first = desk.add(&world, &desk.own, "Fees differ.", &[fees]).await;
    let replace = |text: &str| json!({ "kind": "replace", "made_from": 1, "text": text });
    for (body, pointer) in [
        (json!({ "kind": "replace", "made_from": 1 }), "/text"),
        (json!({ "kind": "delete", "made_from": 1, "text": "One." }), "/text"),
        (replace("Fees differ."), "/text"),
        (json!({ "kind": "replace", "made_from": 9, "text": "One." }), "/made_from"),
    ] {
        let refused = suggest(&world, &host, &first, body).await;
        refused.is_problem(422, "invalid_value");
        refused.points_to(pointer);
    }
    let mut body = replace("Fees vary.");
    body["comment"] = json!("It reads better.");
    let one = suggest(&world, &host, &first, body).await;
    assert_eq!(one.json["allowed_actions"], json!(["comment", "withdraw"]), "{}", one.text);
    let one = one.json;
    let two = suggest(&world, desk.by(), &first, replace("Fees differ widely.")).await.json;
    let path = format!("/api/v1/suggestions/{}", id(&one));
    let said = json!({ "text": "Agreed." });
    assert_eq!(world.post(&tia, &format!("{path}/comments"), said).await.status, 201);
    let thread = world.get(Some(&tia), &path).await.json;
    let comments = thread["comments"].as_array().unwrap();
    assert_eq!(each(comments, "text"), json!(["It reads better.", "Agreed."]));
    assert_eq!(comments[1]["by"]["name"], "Tia Rapporteur");
    assert_eq!(thread["allowed_actions"], json!(["comment", "accept", "reject"]));

    let accept = json!({ "decision": "accept" });
    decide(&world, &host, &one, accept.clone()).await.is_problem(403, "forbidden");
    let taken = decide(&world, &tia, &one, accept.clone()).await;
    assert_eq!((taken.status, &taken.json["state"]), (200, &json!("accepted")), "{}", taken.text);
    decide(&world, &tia, &taken.json, accept.clone()).await.is_problem(409, "invalid_transition");
    let newest = &versions(&world, &desk, &first).await[0];
    assert_eq!((&newest["text"], &newest["kind"]), (&json!("Fees vary."), &json!("suggested")));
    assert_eq!(newest["suggestion_id"], one["id"]);
    assert_eq!(newest["inputs"], ids(&[fees]));

    // The other was made from what is not here any more.
    let overtaken = decide(&world, &tia, &two, accept).await;
    overtaken.is_problem(409, "suggestion_overtaken");
    let errors = overtaken.json["errors"].as_array().unwrap();
    assert_eq!(each(errors, "pointer"), json!(["/made_from", "/here", "/suggested"]));
    assert_eq!(
        each(errors, "detail"),
        json!(["Fees differ.", "Fees vary.", "Fees differ widely."])
    );
    let stands = |seen: i64| json!({ "decision": "accept", "text": "Fees vary widely.", "paragraph_version": seen });
    decide(&world, &tia, &two, stands(1)).await.is_problem(412, "version_mismatch");
    let mut blind = stands(2);
    blind.as_object_mut().unwrap().remove("paragraph_version");
    decide(&world, &tia, &two, blind).await.points_to("/paragraph_version");
    assert_eq!(decide(&world, &tia, &two, stands(2)).await.status, 200);
    assert_eq!(desk.read(&world, &first).await.json["text"], "Fees vary widely.");

    // One after it, one that it goes, one that is taken back.
    let after = json!({ "kind": "insert_after", "made_from": 1, "text": "Offices close." });
    let after = suggest(&world, &host, &first, after).await.json;
    assert_eq!(decide(&world, &tia, &after, json!({ "decision": "accept" })).await.status, 200);
    let order = desk.order(&world, &desk.own).await;
    assert_eq!((order.len(), order[0].as_str()), (2, id(&first)));
    let back =
        suggest(&world, &host, &first, json!({ "kind": "delete", "made_from": 3 })).await.json;
    let gone =
        suggest(&world, &host, &first, json!({ "kind": "delete", "made_from": 3 })).await.json;
    let withdraw = json!({ "decision": "withdraw" });
    decide(&world, &tia, &back, withdraw.clone()).await.is_problem(403, "forbidden");
    let withdrawn = decide(&world, &host, &back, withdraw).await.json;
    assert_eq!(withdrawn["state"], "withdrawn");

    // In clearance there is talk, but nothing is taken over.
    desk.to_clearance(&world).await;
    let late =
        suggest(&world, &host, &first, json!({ "kind": "delete", "made_from": 3 })).await.json;
    let accept = json!({ "decision": "accept" });
    decide(&world, &tia, &gone, accept.clone()).await.is_problem(409, "invalid_transition");
    let reject = json!({ "decision": "reject", "reason": "It is needed." });
    let rejected = decide(&world, &tia, &late, reject).await.json;
    assert_eq!(rejected["reason"], "It is needed.");
    let now = world.get(Some(desk.by()), &desk.report).await.json["version"].as_i64().unwrap();
    let path = format!("{}/state", desk.report);
    world
        .change(
            desk.by(),
            Method::POST,
            &path,
            now,
            json!({ "to": "drafting", "reason": "It is a test." }),
        )
        .await;
    assert_eq!(decide(&world, &tia, &gone, accept).await.status, 200);
    desk.read(&world, &first).await.is_problem(404, "not_found");
    let list = format!("{}/suggestions", desk.report);
    let open = world.get(Some(&host), &format!("{list}?state=open")).await.json;
    assert_eq!(open["items"], json!([]));
    assert_eq!(all(&world, &host, &list).await.len(), 6);
});

on_both!(what_an_erased_person_drafted_stays_as_nobodys, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, ..] = &desk.inputs[..] else { panic!() };
    let tia = desk.rapporteur(&world);
    let first = desk.add(&world, &desk.own, "Fees differ.", &[fees]).await;
    desk.patch(&world, &tia, &first, json!({ "text": "Fees vary." })).await;
    let body = json!({ "kind": "delete", "made_from": 2, "comment": "It is said above." });
    let suggestion = suggest(&world, &tia, &first, body).await.json;
    // What they did under another account becomes theirs, and then nobody's.
    let other = desk.rapporteur(&world);
    desk.patch(&world, &other, &first, json!({ "text": "Fees vary widely." })).await;
    let merged = rapporteur::events::AccountsMerged { from: other.id, into: tia.id };
    let follow = |work: &mut rapporteur::work::Work| work.tell(&merged).map(|_| ());
    world.app.write_blocking(&rapporteur::work::Credentials::Operator, follow).unwrap();
    let newest = &versions(&world, &desk, &first).await[0];
    assert_eq!(newest["by"]["account_id"], json!(tia.id));
    let told = world.get(Some(&tia), "/api/v1/me/data").await.json["data"].clone();
    assert_eq!(told["draft_steps"][0]["kind"], "changed", "{told}");
    assert_eq!(told["suggestion_comments"][0]["text"], "It is said above.", "{told}");
    let forgotten = |work: &mut rapporteur::work::Work| {
        (rapporteur::reports::FEATURE.erase.unwrap().1)(work, tia.id)
    };
    world.app.write_blocking(&rapporteur::work::Credentials::Operator, forgotten).unwrap();
    let kept = versions(&world, &desk, &first).await;
    assert_eq!(each(&kept[..2], "text"), json!(["Fees vary widely.", "Fees vary."]));
    assert_eq!(each(&kept[..2], "by"), json!([null, null]));
    let path = format!("/api/v1/suggestions/{}", id(&suggestion));
    let thread = world.get(Some(desk.by()), &path).await.json;
    assert_eq!((&thread["by"], &thread["comments"][0]["by"]), (&Value::Null, &Value::Null));
});

// ---------------------------------------------------------------------------------------------- two at once

/// One of two who draft the same section at the same time, each with a view of their own that may be out of date.
struct Drafter<'a> {
    world: &'a World,
    desk: &'a Desk,
    person: &'a Person,
    name: &'static str,
    seed: u64,
    /// The paragraphs that they know of, some of which may be gone.
    known: Vec<String>,
    /// Each save of theirs that was accepted: the paragraph, the version that it made, and its text.
    saved: Vec<(String, i64, Value)>,
    /// Each suggestion that they accepted, and the text that stands by it.
    accepted: Vec<(String, Value)>,
    /// How often they were told of a conflict, by status.
    told: BTreeMap<u16, usize>,
}

impl<'a> Drafter<'a> {
    fn new(world: &'a World, desk: &'a Desk, person: &'a Person, name: &'static str) -> Self {
        let seed = name.bytes().map(u64::from).sum();
        let (known, saved, accepted, told) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
        Self { world, desk, person, name, seed, known, saved, accepted, told }
    }

    /// A number below, by a generator that is the same in each run (Knuth, MMIX).
    fn pick(&mut self, below: usize) -> usize {
        let next = self.seed.wrapping_mul(6_364_136_223_846_793_005);
        self.seed = next.wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33) as usize % below
    }

    fn one(&mut self) -> Option<String> {
        let below = self.known.len();
        (below > 0).then(|| self.pick(below)).map(|index| self.known[index].clone())
    }

    async fn read(&self, paragraph: &str) -> Answer {
        self.world.get(Some(self.person), &format!("/api/v1/paragraphs/{paragraph}")).await
    }

    /// Whether it was accepted; what was not is a conflict that was told.
    fn took(&mut self, answer: &Answer, paragraph: &Value) -> bool {
        if answer.status < 300 {
            if let Some(version) = paragraph["version"].as_i64() {
                self.saved.push((id(paragraph).to_owned(), version, paragraph["text"].clone()));
            }
            return true;
        }
        assert!([404, 409, 412, 422, 503].contains(&answer.status), "{}", answer.text);
        *self.told.entry(answer.status).or_default() += 1;
        false
    }

    async fn change(&mut self, method: Method, path: &str, seen: i64, body: Value) -> Answer {
        let request = Request::new(method, path).by(Some(self.person)).version(seen);
        self.world.send(request.body(body)).await
    }

    async fn add(&mut self, n: usize) {
        let text = format!("Begun by {} in step {n}.", self.name);
        let body = self.desk.text(&self.desk.own, &text, &[]);
        let path = format!("{}/paragraphs", self.desk.report);
        let body = json!({ "paragraphs": [body] });
        let added = self.world.post(self.person, &path, body).await;
        let one = added.json["paragraphs"][0].clone();
        if self.took(&added, &one) {
            self.known.push(id(&one).to_owned());
        }
    }

    /// Adds a word to a paragraph, however often somebody else is quicker.
    async fn edit(&mut self, n: usize) {
        let Some(paragraph) = self.one() else { return };
        for _ in 0..8 {
            let now = self.read(&paragraph).await;
            if now.status == 404 {
                return self.known.retain(|known| *known != paragraph);
            }
            let text = format!("{} {}{n}.", now.json["text"].as_str().unwrap(), self.name);
            let seen = now.json["version"].as_i64().unwrap();
            let path = format!("/api/v1/paragraphs/{paragraph}");
            let saved = self.change(Method::PATCH, &path, seen, json!({ "text": text })).await;
            if self.took(&saved, &saved.json) {
                assert_eq!(saved.json["version"], seen + 1, "what was read was changed");
                return;
            }
        }
        panic!("{paragraph} is never free");
    }

    /// Changes what they read long ago.
    async fn edit_late(&mut self) {
        let Some(paragraph) = self.one() else { return };
        let now = self.read(&paragraph).await;
        let Some(version) = now.json["version"].as_i64().filter(|version| *version > 1) else {
            return;
        };
        let path = format!("/api/v1/paragraphs/{paragraph}");
        let late = self.change(Method::PATCH, &path, version - 1, json!({ "text": "Late." })).await;
        assert!([404, 412].contains(&late.status), "{}", late.text);
        self.took(&late, &late.json);
    }

    async fn relocate(&mut self) {
        let Some(paragraph) = self.one() else { return };
        let now = self.read(&paragraph).await.json;
        let Some(seen) = now["version"].as_i64() else { return };
        let position = self.pick(6) + 1;
        let body = json!({ "section_id": self.desk.own["id"], "position": position });
        let path = format!("/api/v1/paragraphs/{paragraph}/move");
        let moved = self.change(Method::POST, &path, seen, body).await;
        self.took(&moved, &moved.json);
    }

    async fn merge(&mut self, n: usize) {
        let (Some(one), Some(two)) = (self.one(), self.one()) else { return };
        let text = format!("Joined by {} in step {n}.", self.name);
        let (first, second) = (self.read(&one).await.json, self.read(&two).await.json);
        let versions = json!([first["version"].as_i64(), second["version"].as_i64()]);
        let mut body = json!({ "paragraphs": [one, two], "text": text });
        if !versions[0].is_null() && !versions[1].is_null() {
            body["versions"] = versions;
        }
        let path = format!("{}/paragraphs/merge", self.desk.report);
        let merged = self.world.post(self.person, &path, body).await;
        self.took(&merged, &merged.json);
    }

    async fn delete(&mut self) {
        let Some(paragraph) = self.one() else { return };
        let Some(seen) = self.read(&paragraph).await.json["version"].as_i64() else { return };
        let path = format!("/api/v1/paragraphs/{paragraph}");
        let request = Request::new(Method::DELETE, &path).by(Some(self.person)).version(seen);
        let deleted = self.world.send(request).await;
        self.took(&deleted, &Value::Null);
    }

    /// Brings an earlier version back, of what is there or what is gone.
    async fn restore(&mut self) {
        let Some(paragraph) = self.one() else { return };
        let path = format!("/api/v1/paragraphs/{paragraph}/versions");
        let versions = self.world.get(Some(self.person), &path).await.json;
        let newest = versions["items"][0]["number"].as_i64().unwrap();
        let number = self.pick(newest as usize) as i64 + 1;
        let path = format!("{path}/{number}/restore");
        let request = Request::new(Method::POST, &path).by(Some(self.person)).version(newest);
        let restored = self.world.send(request).await;
        self.took(&restored, &restored.json["paragraph"]);
    }

    async fn suggest(&mut self, n: usize) {
        let Some(paragraph) = self.one() else { return };
        let now = self.read(&paragraph).await.json;
        let Some(seen) = now["version"].as_i64() else { return };
        let kind = ["replace", "replace", "insert_after", "delete"][self.pick(4)];
        let mut body = json!({ "kind": kind, "made_from": seen });
        if kind != "delete" {
            body["text"] = json!(format!("Suggested by {} in step {n}.", self.name));
        }
        let path = format!("/api/v1/paragraphs/{paragraph}/suggestions");
        let made = self.world.post(self.person, &path, body).await;
        self.took(&made, &Value::Null);
    }

    /// Decides one that is open; of one that was overtaken, both texts shall stand.
    async fn decide(&mut self) {
        let path = format!("{}/suggestions?state=open&limit=20", self.desk.report);
        let open = self.world.get(Some(self.person), &path).await.json;
        let open = open["items"].as_array().unwrap();
        if open.is_empty() {
            return;
        }
        let one = open[self.pick(open.len())].clone();
        let accepted = decide(self.world, self.person, &one, json!({ "decision": "accept" })).await;
        if self.took(&accepted, &Value::Null) {
            return self.accepted.push((id(&one).to_owned(), one["text"].clone()));
        }
        if accepted.json["type"] != "/problems/suggestion_overtaken" {
            return;
        }
        let now = self.read(one["paragraph_id"].as_str().unwrap()).await.json;
        let body = match (now["version"].as_i64(), now["text"].as_str()) {
            (Some(seen), Some(here)) => {
                let both = format!("{here} {}", one["text"].as_str().unwrap_or("It stays."));
                json!({ "decision": "accept", "text": both, "paragraph_version": seen })
            }
            _ => json!({ "decision": "reject", "reason": "It is no more." }),
        };
        let settled = decide(self.world, self.person, &one, body.clone()).await;
        if self.took(&settled, &Value::Null) && body["decision"] == "accept" {
            self.accepted.push((id(&one).to_owned(), body["text"].clone()));
        }
    }

    async fn head(&mut self, n: usize) {
        let path = format!("/api/v1/report-sections/{}", id(&self.desk.own));
        let versions = self.world.get(Some(self.person), &format!("{path}/versions")).await.json;
        let seen = versions["items"][0]["number"].as_i64().unwrap();
        let heading = json!({ "heading": format!("Headed by {} in step {n}", self.name) });
        let headed = self.change(Method::PATCH, &path, seen, heading).await;
        self.took(&headed, &Value::Null);
    }

    /// So many steps; now and then they look what the other one did.
    async fn draft(&mut self, steps: usize) {
        for n in 0..steps {
            if n % 10 == 0 {
                self.known = self.desk.order(self.world, &self.desk.own).await;
            }
            match self.pick(16) {
                0..2 => self.add(n).await,
                2..7 => self.edit(n).await,
                7 => self.edit_late().await,
                8..10 => self.relocate().await,
                10 => self.merge(n).await,
                11 => self.delete().await,
                12 => self.restore().await,
                13 => self.suggest(n).await,
                14 => self.decide().await,
                _ => self.head(n).await,
            }
        }
    }
}

/// Every step of a report, the first one first.
async fn steps(world: &World, desk: &Desk) -> Vec<Value> {
    let mut steps = all(world, desk.by(), &format!("{}/history", desk.report)).await;
    steps.reverse();
    steps
}

/// The paragraphs by section, in order, as the steps have it.
fn replayed(
    steps: &[Value],
    versions: &BTreeMap<(String, i64), Value>,
) -> BTreeMap<String, Vec<Value>> {
    let mut sections: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for step in steps {
        let Some(paragraph) = step["paragraph_id"].as_str() else { continue };
        let version = &versions[&(paragraph.to_owned(), step["number"].as_i64().unwrap())];
        assert_eq!(step["kind"], version["kind"]);
        for standing in sections.values_mut() {
            standing.retain(|one| one["paragraph_id"] != version["paragraph_id"]);
        }
        if step["kind"] != "deleted" && step["kind"] != "merged_away" {
            let standing = sections.entry(version["section_id"].as_str().unwrap().to_owned());
            let place = version["position"].as_i64().unwrap() as usize - 1;
            standing.or_default().insert(place, version.clone());
        }
    }
    sections
}

on_both!(two_draft_one_section_and_no_word_is_lost, |world: World| async move {
    let desk = desk(&world).await;
    let tia = desk.rapporteur(&world);
    for input in &desk.inputs {
        desk.add(&world, &desk.own, "It was there before.", &[input]).await;
    }
    let mut one = Drafter::new(&world, &desk, desk.by(), "Sari");
    let mut two = Drafter::new(&world, &desk, &tia, "Tia");
    futures_util::future::join(one.draft(150), two.draft(150)).await;
    let conflicts: usize = one.told.values().chain(two.told.values()).sum();
    assert!(conflicts > 10, "{:?} {:?}", one.told, two.told);

    let steps = steps(&world, &desk).await;
    let serials: Vec<i64> = steps.iter().map(|step| step["serial"].as_i64().unwrap()).collect();
    assert_eq!(serials, (1..=steps.len() as i64).collect::<Vec<_>>());
    let ever: BTreeSet<&str> =
        steps.iter().filter_map(|step| step["paragraph_id"].as_str()).collect();
    let mut versions = BTreeMap::new();
    for paragraph in ever {
        let path = format!("/api/v1/paragraphs/{paragraph}/versions");
        for version in all(&world, desk.by(), &path).await {
            versions.insert((paragraph.to_owned(), version["number"].as_i64().unwrap()), version);
        }
    }

    // Every save that was accepted is there, under its number and by whoever made it; none took the number of another.
    let mut numbers = BTreeSet::new();
    for drafter in [&one, &two] {
        assert!(drafter.saved.len() > 50, "{}", drafter.saved.len());
        for (paragraph, number, text) in &drafter.saved {
            let version = &versions[&(paragraph.clone(), *number)];
            assert_eq!(version["text"], *text);
            assert_eq!(version["by"]["account_id"], json!(drafter.person.id));
            assert!(numbers.insert((paragraph.clone(), *number)), "{paragraph} {number} twice");
        }
        for (suggestion, text) in &drafter.accepted {
            let step = steps.iter().find(|step| step["suggestion_id"] == *suggestion).unwrap();
            let paragraph = step["paragraph_id"].as_str().unwrap().to_owned();
            let version = &versions[&(paragraph, step["number"].as_i64().unwrap())];
            assert!(text.is_null() || version["text"] == *text, "{version}");
        }
    }
    assert!(!one.accepted.is_empty() || !two.accepted.is_empty());

    // The history reads true: its steps give the draft as it is.
    let replayed = replayed(&steps, &versions);
    let outline = desk.outline(&world).await;
    for section in crate::drafting::sections(&outline) {
        let standing = section["paragraphs"].as_array().unwrap();
        let then = replayed.get(id(&section)).cloned().unwrap_or_default();
        let (now, then) = (each(standing, "id"), (each(&then, "paragraph_id"), then));
        assert_eq!(now, then.0, "{section}");
        for version in then.1 {
            let now = desk.read(&world, &json!({ "id": version["paragraph_id"] })).await.json;
            for (field, of_version) in
                [("version", "number"), ("text", "text"), ("inputs", "inputs")]
            {
                assert_eq!(now[field], version[of_version], "{now} {version}");
            }
        }
    }
    let section = format!("/api/v1/report-sections/{}/versions", id(&desk.own));
    let headed = all(&world, desk.by(), &section).await;
    let now =
        crate::drafting::sections(&outline).into_iter().find(|one| one["id"] == desk.own["id"]);
    assert_eq!(headed[0]["heading"], now.unwrap()["heading"]);
});

// ---------------------------------------------------------------------------------------------- the one way in

/// Whatever writes paragraphs or sections of a draft notes a step in the same function: the history cannot be passed by.
#[test]
fn no_statement_writes_a_draft_without_a_step() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/crates");
    let (mut folders, mut writers, mut silent) = (vec![root.into()], 0, Vec::new());
    while let Some(folder) = folders.pop() {
        let folder: std::path::PathBuf = folder;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for function in text.split("\n}\n").filter(|function| writes(function)) {
                    writers += 1;
                    if !notes(function) {
                        silent.push(format!("{}: {}", path.display(), first_line(function)));
                    }
                }
            }
        }
    }
    assert!(writers >= 5, "{writers} writers are seen");
    assert!(silent.is_empty(), "{silent:#?}");
    let forgetful = "fn a() { diesel::delete(paragraphs::table.find(id)) }";
    assert!(writes(forgetful) && !notes(forgetful));
}

fn writes(function: &str) -> bool {
    let changes = ["diesel::insert_into(", "diesel::update(", "diesel::delete("];
    let tables = [" paragraphs::table", "(paragraphs::table", "report_sections::table"];
    changes.iter().any(|change| function.contains(change))
        && tables.iter().any(|table| function.contains(table))
}

/// A place that follows from another paragraph's step is no step of its own.
fn notes(function: &str) -> bool {
    let noted = ["note(conn, ", "note_paragraph(conn, ", "note_section(conn, "];
    noted.iter().any(|call| function.contains(call))
        || ["pub fn move_on(", "pub fn set_section_place("].iter().any(|own| function.contains(own))
}

fn first_line(function: &str) -> &str {
    function.lines().find(|line| line.contains("fn ")).unwrap_or_default()
}
