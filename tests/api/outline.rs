//! Writing without toil: many paragraphs in one request, the outline with its texts and as data, what is left out, and the lists of
//! reports and paragraphs.

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::drafting::{Desk, desk, ids, sections, version};
use crate::harness::{Answer, Person, Request, World, id};
use crate::on_both;

impl Desk {
    /// Sends paragraphs in one request.
    async fn add_all(&self, world: &World, by: &Person, paragraphs: Value) -> Answer {
        let path = format!("{}/paragraphs", self.report);
        world.post(by, &path, json!({ "paragraphs": paragraphs })).await
    }

    /// Changes something of the outline in the version that it has now.
    async fn section_act(
        &self,
        world: &World,
        method: Method,
        section: &Value,
        act: &str,
        body: Option<Value>,
    ) -> Answer {
        let path = format!("/api/v1/report-sections/{}", id(section));
        let now = version(&world.get(Some(self.by()), &path).await.json);
        let request =
            Request::new(method, &format!("{path}{act}")).by(Some(self.by())).version(now);
        world.send(body.into_iter().fold(request, Request::body)).await
    }

    async fn add_section(&self, world: &World, body: Value) -> Answer {
        world.post(self.by(), &format!("{}/sections", self.report), body).await
    }

    /// The headings below a section, or of the first level, with their kinds.
    async fn headings(&self, world: &World, below: Option<&Value>) -> Vec<String> {
        let outline = self.outline(world).await;
        let parent = match below {
            Some(section) => {
                sections(&outline).into_iter().find(|one| one["id"] == section["id"]).unwrap()
            }
            None => outline,
        };
        let below = parent["sections"].as_array().unwrap().iter();
        below.map(|section| section["heading"].as_str().unwrap().to_owned()).collect()
    }

    async fn of_kind(&self, world: &World, kind: &str) -> Value {
        let outline = self.outline(world).await;
        let found = sections(&outline).into_iter().find(|section| section["kind"] == kind);
        found.unwrap_or_else(|| panic!("no {kind} in {outline}"))
    }
}

// ---------------------------------------------------------------------------------------------- many at once

on_both!(many_paragraphs_come_in_one_request_all_or_none, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, ..] = &desk.inputs[..] else { panic!() };
    let good = |text: &str| desk.text(&desk.own, text, &[fees]);
    let before = desk.outline(&world).await;

    // Everything that is wrong is told at once, and nothing was done.
    let mut elsewhere = good("Elsewhere.");
    elsewhere["objective"] = json!(9);
    let unknown = json!({ "id": "00000000-0000-4000-8000-000000000000" });
    let paragraphs = json!([
        good("One."),
        good(" "),
        good("Open.^[Not closed."),
        elsewhere,
        desk.text(&desk.own, "Rests on nothing.", &[&unknown]),
    ]);
    let refused = desk.add_all(&world, desk.by(), paragraphs).await;
    refused.is_problem(422, "invalid_value");
    let errors = refused.json["errors"].as_array().unwrap();
    let pointers: Vec<&str> = errors.iter().map(|at| at["pointer"].as_str().unwrap()).collect();
    let wrong = [
        "/paragraphs/1/text",
        "/paragraphs/2/text",
        "/paragraphs/3/objective",
        "/paragraphs/4/inputs/0",
    ];
    assert_eq!(pointers, wrong, "{}", refused.text);
    let outcomes = desk.of_kind(&world, "outcomes").await;
    let nowhere = json!([
        good("One."),
        desk.text(&outcomes, "Two.", &[]),
        desk.text(&unknown, "Three.", &[])
    ]);
    let refused = desk.add_all(&world, desk.by(), nowhere).await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("/paragraphs/1/section_id");
    refused.points_to("/paragraphs/2/section_id");
    let none = desk.add_all(&world, desk.by(), json!([])).await;
    none.points_to("/paragraphs");
    let many: Vec<Value> = (0..501).map(|n| good(&format!("{n}."))).collect();
    desk.add_all(&world, desk.by(), json!(many)).await.points_to("/paragraphs");
    assert_eq!(desk.outline(&world).await, before);

    // In their order, with a place where one is asked for, over several sections.
    let mut first = good("Zero.");
    first["position"] = json!(1);
    let paragraphs = json!([
        good("One.^[A note.]"),
        desk.text(&desk.other, "There.", &[offices]),
        good("Two."),
        first,
        good("Three.")
    ]);
    let body = json!({ "paragraphs": paragraphs });
    let path = format!("{}/paragraphs", desk.report);
    let ask = || {
        let request = Request::new(Method::POST, &path).by(Some(desk.by())).body(body.clone());
        world.send(request.header("Idempotency-Key", "once"))
    };
    let added = ask().await;
    assert_eq!(added.status, 201, "{}", added.text);
    let made = added.json["paragraphs"].as_array().unwrap();
    let texts: Vec<&str> = made.iter().map(|one| one["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["One.^[A note.]", "There.", "Two.", "Zero.", "Three."]);
    assert_eq!(
        made[0]["allowed_actions"],
        json!(["update", "move", "merge", "split", "delete", "suggest"])
    );
    let order = [id(&made[3]), id(&made[0]), id(&made[2]), id(&made[4])];
    assert_eq!(desk.order(&world, &desk.own).await, order);
    assert_eq!(desk.order(&world, &desk.other).await, [id(&made[1])]);
    let again = ask().await;
    assert_eq!((again.status, &again.text), (201, &added.text), "sent again, not done again");
    assert_eq!(desk.order(&world, &desk.own).await, order);
    assert_eq!(desk.audited(&world, "paragraph.added", &made[2]).await, [json!(desk.by().id)]);

    // 500 are taken.
    let many: Vec<Value> =
        (0..500).map(|n| desk.text(&desk.other, &format!("{n}."), &[])).collect();
    let added = desk.add_all(&world, desk.by(), json!(many)).await;
    assert_eq!(added.status, 201, "{}", added.text);
    let order: Vec<String> = desk.order(&world, &desk.other).await;
    assert_eq!(
        (order.len(), order.last().map(String::as_str)),
        (501, added.json["paragraphs"][499]["id"].as_str())
    );
});

// ---------------------------------------------------------------------------------------------- read at once

on_both!(one_request_reads_a_draft_with_its_texts, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, ..] = &desk.inputs[..] else { panic!() };
    let one = desk.add(&world, &desk.own, "Fees differ.^[By *far*.]", &[fees, offices]).await;
    let two =
        desk.add(&world, &desk.other, "See [](#x).".replace('x', id(&one)).as_str(), &[]).await;
    let plain = desk.outline(&world).await;
    let path = format!("{}/outline?texts=true", desk.report);
    let full = world.get(Some(desk.by()), &path).await;
    assert_eq!(full.status, 200, "{}", full.text);
    let paragraphs = |outline: &Value| {
        let all = sections(outline);
        let all = all.iter().flat_map(|section| section["paragraphs"].as_array().unwrap().clone());
        all.collect::<Vec<Value>>()
    };
    for paragraph in paragraphs(&plain) {
        assert_eq!((&paragraph["paragraph"], &paragraph["printed"]), (&Value::Null, &Value::Null));
    }
    let found = |outline: &Value, wanted: &Value| {
        paragraphs(outline).into_iter().find(|one| one["id"] == wanted["id"]).unwrap()
    };
    let told = found(&full.json, &one);
    assert_eq!(told["paragraph"], desk.read(&world, &one).await.json);
    assert_eq!(told["printed"], "Fees differ.^[By *far*.]");
    assert_eq!(found(&full.json, &two)["printed"], format!("See [](#{}).", id(&one)));
    // What is computed has no text of its own, but words.
    let (computed, _) = desk.computed(&world).await;
    let computed = found(&full.json, &computed);
    assert_eq!(computed["paragraph"]["text"], Value::Null);
    assert!(computed["printed"].as_str().unwrap().contains("consultation"), "{computed}");
    // A rapporteur is told what they may do, as by each request alone.
    let rapporteur = desk.rapporteur(&world);
    let theirs = world.get(Some(&rapporteur), &path).await.json;
    let actions = |of: &Value| found(&theirs, of)["paragraph"]["allowed_actions"].clone();
    assert_eq!(actions(&one), json!(["update", "move", "merge", "split", "delete", "suggest"]));
    assert_eq!(actions(&two), json!(["suggest"]));
    let section = |of: &Value| {
        let all = sections(&theirs).into_iter();
        all.into_iter().find(|one| one["id"] == of["id"]).unwrap()["allowed_actions"].clone()
    };
    assert_eq!(section(&desk.own), json!(["update", "add_paragraph"]));
    assert_eq!(section(&desk.other), json!([]));

    // As a list, in the order of the report, a page at a time.
    let (mut listed, mut path) = (Vec::new(), format!("{}/paragraphs?limit=2", desk.report));
    loop {
        let page = world.get(Some(desk.by()), &path).await.json;
        listed.extend(page["items"].as_array().unwrap().iter().map(|one| one["id"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{}/paragraphs?limit=2&cursor={next}", desk.report);
    }
    let all: Vec<Value> = paragraphs(&full.json).iter().map(|one| one["id"].clone()).collect();
    assert_eq!(listed, all);
    let path = format!("{}/paragraphs?section_id={}", desk.report, id(&desk.own));
    let page = world.get(Some(desk.by()), &path).await.json;
    assert_eq!(page["items"], json!([desk.read(&world, &one).await.json]));

    // The list of reports: a draft for the team, and for nobody else.
    let path = format!("/api/v1/reviews/{}/reports", id(&desk.scene.review));
    let page = world.get(Some(desk.by()), &path).await.json;
    assert_eq!(page["items"].as_array().unwrap().len(), 1, "{page}");
    assert_eq!(page["items"][0], world.get(Some(desk.by()), &desk.report).await.json);
    for other in [None, Some(&desk.person)] {
        assert_eq!(world.get(other, &path).await.json["items"], json!([]));
    }
});

// ---------------------------------------------------------------------------------------------- what is left out

on_both!(an_omission_is_listed_changed_and_withdrawn, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, ..] = &desk.inputs[..] else { panic!() };
    let path = format!("{}/omissions", desk.report);
    let left_out = |input: &Value| json!({ "input_id": input["id"], "reason": "Said elsewhere." });
    let one = world.post(desk.by(), &path, left_out(fees)).await;
    assert_eq!((one.status, one.header("etag")), (201, "\"1\""), "{}", one.text);
    let address = format!("/api/v1/omissions/{}", id(&one.json));
    assert_eq!(one.header("location"), address);
    assert_eq!(world.get(Some(desk.by()), &address).await.json, one.json);
    let two = world.make(desk.by(), &path, left_out(offices)).await;
    let listed = world.get(Some(desk.by()), &path).await.json;
    assert_eq!(listed["items"], json!([one.json, two]));
    assert_eq!(one.json["allowed_actions"], json!(["update", "withdraw"]));

    // Nobody else changes it; the team reads it.
    let rapporteur = desk.rapporteur(&world);
    assert_eq!(world.get(Some(&rapporteur), &address).await.json["allowed_actions"], json!([]));
    world.get(Some(&desk.person), &address).await.is_problem(404, "not_found");
    let send = |by: &Person, method: Method, version: i64, body: Option<Value>| {
        let (world, by, address) = (&world, by.clone(), address.clone());
        async move {
            let request = Request::new(method, &address).by(Some(&by)).version(version);
            world.send(body.into_iter().fold(request, Request::body)).await
        }
    };
    let reason = || Some(json!({ "reason": "Taken up in the third consultation." }));
    send(&rapporteur, Method::PATCH, 1, reason()).await.is_problem(403, "forbidden");
    send(&rapporteur, Method::DELETE, 1, None).await.is_problem(403, "forbidden");
    send(desk.by(), Method::PATCH, 2, reason()).await.is_problem(412, "version_mismatch");
    send(desk.by(), Method::PATCH, 1, Some(json!({ "reason": " " }))).await.points_to("/reason");
    let changed = send(desk.by(), Method::PATCH, 1, reason()).await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""), "{}", changed.text);
    assert_eq!(changed.json["reason"], "Taken up in the third consultation.");

    // Withdrawn, what was left out is open again, and may be left out anew.
    let coverage = || async {
        let read = world.get(Some(desk.by()), &format!("{}/coverage", desk.report)).await.json;
        (read["omitted"].clone(), read["uncovered_inputs"].as_array().unwrap().len())
    };
    assert_eq!(coverage().await, (json!(2), 2));
    send(desk.by(), Method::DELETE, 1, None).await.is_problem(412, "version_mismatch");
    assert_eq!(send(desk.by(), Method::DELETE, 2, None).await.status, 204);
    send(desk.by(), Method::DELETE, 2, None).await.is_problem(404, "not_found");
    assert_eq!(coverage().await, (json!(1), 3));
    assert_eq!(desk.audited(&world, "omission.withdrawn", &one.json).await, [json!(desk.by().id)]);
    world.make(desk.by(), &path, left_out(fees)).await;
});

// ---------------------------------------------------------------------------------------------- the outline as data

on_both!(sections_are_added_moved_and_printed_where_they_stand, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, ..] = &desk.inputs[..] else { panic!() };
    let top = desk.headings(&world, None).await;

    // Of the first level, before the annex; in the outcomes, what stands there must rest on something.
    let added = desk.add_section(&world, json!({ "heading": "Voices of *young* migrants" })).await;
    assert_eq!((added.status, added.header("etag")), (201, "\"1\""), "{}", added.text);
    let plain = added.json;
    assert_eq!((&plain["kind"], &plain["parent_id"]), (&json!("added"), &Value::Null));
    let mut expected = top.clone();
    expected.insert(top.len() - 1, "Voices of *young* migrants".to_owned());
    assert_eq!(desk.headings(&world, None).await, expected, "the annex stays the last");
    let outcomes = desk.of_kind(&world, "outcomes").await;
    let cluster = desk.of_kind(&world, "cluster").await;
    let body = json!({ "heading": "On the ground", "parent_id": cluster["id"], "position": 1 });
    let inner = desk.add_section(&world, body).await.json;
    assert_eq!(inner["kind"], "added_outcome");
    assert_eq!(inner["objectives"], cluster["objectives"]);
    assert_eq!(desk.headings(&world, Some(&cluster)).await[0], "On the ground");
    let unsupported = desk.text(&inner, "Rests on nothing.", &[]);
    let mut unsupported = unsupported;
    unsupported["editorial_reason"] = Value::Null;
    let told = desk.text(&inner, "Told on the ground.", &[fees]);
    let young = desk.text(&plain, "Young people spoke.", &[]);
    let made = desk.add_all(&world, desk.by(), json!([told, unsupported, young])).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json["paragraphs"].clone();
    let coverage = world.get(Some(desk.by()), &format!("{}/coverage", desk.report)).await.json;
    assert_eq!(coverage["unsupported_paragraphs"], json!([made[1]["id"]]));

    // A rapporteur writes in what was added to their own cluster, but does not change the outline.
    let rapporteur = desk.rapporteur(&world);
    let theirs = json!([desk.text(&inner, "Theirs.", &[fees])]);
    let may = inner["objectives"] == json!([4, 8]);
    let answer = desk.add_all(&world, &rapporteur, theirs).await;
    assert_eq!(answer.status, if may { 201 } else { 403 }, "{}", answer.text);
    let path = format!("{}/sections", desk.report);
    world.post(&rapporteur, &path, json!({ "heading": "Ours" })).await.is_problem(403, "forbidden");

    // In every format, in its place.
    let markdown = desk.markdown(&world).await;
    let place =
        |text: &str| markdown.find(text).unwrap_or_else(|| panic!("no {text} in {markdown}"));
    assert!(place("On the ground") < place("Told on the ground."));
    assert!(place("Told on the ground.") < place("young"));
    assert!(place("Young people spoke.") > place("Voices of "));
    for format in ["json", "html", "xml", "md", "docx"] {
        let draft = format!("{}/draft.{format}", desk.report);
        let draft = world.get(Some(desk.by()), &draft).await;
        assert_eq!(draft.status, 200, "{format}: {}", draft.text);
        if ["json", "html", "xml"].contains(&format) {
            assert!(draft.text.contains("On the ground"), "{format}");
        }
    }

    // Moved, with what stands in it, it is what its new place makes it.
    let below = json!({ "heading": "Details", "parent_id": inner["id"] });
    let below = desk.add_section(&world, below).await.json;
    let deeper = json!({ "heading": "Deeper", "parent_id": below["id"] });
    desk.add_section(&world, deeper).await.points_to("/parent_id");
    let to = |parent: &Value, position: i32| {
        Some(json!({ "parent_id": parent["id"], "position": position }))
    };
    let annex = desk.of_kind(&world, "annex").await;
    for wrong in [&annex, &inner, &below, &json!({ "id": "00000000-0000-4000-8000-000000000000" })]
    {
        let refused = desk.section_act(&world, Method::POST, &inner, "/move", to(wrong, 1)).await;
        refused.is_problem(422, "invalid_value");
        refused.points_to("/parent_id");
    }
    let moved = desk
        .section_act(&world, Method::POST, &inner, "/move", Some(json!({ "position": 1 })))
        .await;
    assert_eq!((moved.status, moved.header("etag")), (200, "\"2\""), "{}", moved.text);
    assert_eq!((&moved.json["kind"], &moved.json["objectives"]), (&json!("added"), &json!([])));
    let path = format!("/api/v1/report-sections/{}", id(&below));
    assert_eq!(world.get(Some(desk.by()), &path).await.json["kind"], "added");
    assert_eq!(desk.headings(&world, None).await[0], "On the ground");
    assert_eq!(desk.number(&world, &made[0]).await, 1, "numbers follow");
    // What compiling needs stays, a category stays in its cluster but may change places.
    let organization = desk.of_kind(&world, "organization").await;
    for fixed in [&organization, &outcomes, &annex] {
        let act = desk
            .section_act(&world, Method::POST, fixed, "/move", Some(json!({ "position": 1 })))
            .await;
        act.is_problem(409, "in_use");
        let act = desk.section_act(&world, Method::DELETE, fixed, "", None).await;
        act.is_problem(409, "in_use");
    }
    let refused =
        desk.section_act(&world, Method::POST, &desk.own, "/move", to(&outcomes, 1)).await;
    refused.points_to("/parent_id");
    let cluster = json!({ "id": world.get(Some(desk.by()), &format!("/api/v1/report-sections/{}", id(&desk.own))).await.json["parent_id"] });
    let first = desk.headings(&world, Some(&cluster)).await[0].clone();
    let last = desk.section_act(&world, Method::POST, &desk.own, "/move", to(&cluster, 99)).await;
    assert_eq!(last.status, 200, "{}", last.text);
    let headings = desk.headings(&world, Some(&cluster)).await;
    assert_eq!(headings.last(), desk.own["heading"].as_str().map(str::to_owned).as_ref());
    assert!(headings.len() == 1 || headings[0] != first || first != *headings.last().unwrap());

    // A heading of one's own can be another one, but there is no usual one.
    let none =
        desk.section_act(&world, Method::PATCH, &inner, "", Some(json!({ "heading": null }))).await;
    none.points_to("/heading");
    let named = desk
        .section_act(&world, Method::PATCH, &inner, "", Some(json!({ "heading": "Field" })))
        .await;
    assert_eq!(named.json["heading"], "Field");

    // Not in clearance.
    desk.to_clearance(&world).await;
    let late = desk.add_section(&world, json!({ "heading": "Late" })).await;
    late.is_problem(409, "invalid_transition");
});

on_both!(sections_are_split_joined_and_removed_and_lose_no_paragraph, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, registers, ..] = &desk.inputs[..] else { panic!() };
    let text = |text: &str, inputs: &[&Value]| desk.text(&desk.own, text, inputs);
    let made =
        json!([text("One.", &[fees]), text("Two.", &[offices]), text("Three.", &[registers])]);
    let made = desk.add_all(&world, desk.by(), made).await.json["paragraphs"].clone();
    let split = |at: &Value| Some(json!({ "paragraph_id": at["id"], "heading": "Further" }));
    let act = |section: &Value, act: &'static str, body: Option<Value>| {
        let (section, desk, world) = (section.clone(), &desk, &world);
        async move { desk.section_act(world, Method::POST, &section, act, body).await }
    };
    act(&desk.own, "/split", split(&made[0])).await.points_to("/paragraph_id");
    act(&desk.other, "/split", split(&made[1])).await.points_to("/paragraph_id");
    let further = act(&desk.own, "/split", split(&made[1])).await;
    assert_eq!(further.status, 201, "{}", further.text);
    let further = further.json;
    assert_eq!(
        (&further["kind"], &further["objectives"]),
        (&json!("added_outcome"), &json!([4, 8]))
    );
    assert_eq!(further["category"], desk.own["category"], "it is still what it was about");
    assert_eq!(desk.order(&world, &desk.own).await, [id(&made[0])]);
    assert_eq!(desk.order(&world, &further).await, [id(&made[1]), id(&made[2])]);
    assert_eq!(version(&desk.section(&world, &desk.own).await), 2);
    let one = desk.number(&world, &made[0]).await;
    assert_eq!(desk.number(&world, &made[1]).await, one + 1, "it stands right behind");
    // A computed paragraph stays.
    let (computed, organization) = desk.computed(&world).await;
    let all = desk.order(&world, &organization).await;
    assert!(all.len() > 1 && all[0] == id(&computed), "{all:?}");
    act(&organization, "/split", split(&json!({ "id": all[1] }))).await.points_to("/paragraph_id");

    // Joined again.
    let with = |other: &Value| Some(json!({ "section_id": other["id"], "heading": "All of it" }));
    let outcomes = desk.of_kind(&world, "outcomes").await;
    for wrong in [&outcomes, &organization, &desk.own] {
        act(&desk.own, "/join", with(wrong)).await.points_to("/section_id");
    }
    let joined = act(&desk.own, "/join", with(&further)).await;
    assert_eq!((joined.status, joined.header("etag")), (200, "\"3\""), "{}", joined.text);
    assert_eq!(joined.json["heading"], "All of it");
    let whole = [id(&made[0]), id(&made[1]), id(&made[2])];
    assert_eq!(desk.order(&world, &desk.own).await, whole);
    world
        .get(Some(desk.by()), &format!("/api/v1/report-sections/{}", id(&further)))
        .await
        .is_problem(404, "not_found");

    // Removed only when its paragraphs have a place to go.
    let remove = |section: &Value, to: &str| {
        let (section, to, desk, world) = (section.clone(), to.to_owned(), &desk, &world);
        async move { desk.section_act(world, Method::DELETE, &section, &to, None).await }
    };
    let refused = remove(&desk.own, "").await;
    refused.is_problem(409, "in_use");
    refused.points_to("?paragraphs_to");
    for wrong in [&desk.own, &outcomes] {
        let refused = remove(&desk.own, &format!("?paragraphs_to={}", id(wrong))).await;
        refused.is_problem(422, "invalid_value");
        refused.points_to("?paragraphs_to");
    }
    let path = format!("/api/v1/report-sections/{}", id(&desk.own));
    let stale = Request::new(Method::DELETE, &path).by(Some(desk.by())).version(1);
    world.send(stale).await.is_problem(412, "version_mismatch");
    let gone = remove(&desk.own, &format!("?paragraphs_to={}", id(&desk.other))).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    assert_eq!(desk.order(&world, &desk.other).await, whole);
    assert_eq!(
        desk.audited(&world, "report_section.removed", &desk.own).await,
        [json!(desk.by().id)]
    );
    let read = desk.read(&world, &made[1]).await.json;
    assert_eq!(read["inputs"], ids(&[offices]), "what it rests on is kept");
    let coverage = world.get(Some(desk.by()), &format!("{}/coverage", desk.report)).await.json;
    assert_eq!(coverage["cited"], 3, "{coverage}");
    let clearer = world.person_with(
        "Cora Co",
        Role::CoOrganizer,
        ScopeKind::Consultation,
        id(&desk.scene.consultation),
    );
    let request =
        Request::new(Method::DELETE, &format!("/api/v1/report-sections/{}", id(&desk.other)));
    world.send(request.by(Some(&clearer)).version(1)).await.is_problem(403, "forbidden");
});
