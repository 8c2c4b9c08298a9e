//! Drafting: paragraphs joined, headings given, and what no drafter may do: reach into a section that is not theirs, take away
//! what is computed, or rest a text on what nobody accepted.

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, consultation, id};
use crate::inputs::{Scene, decide, scene};
use crate::on_both;

/// A report that is being drafted, over four inputs that were accepted.
pub struct Desk {
    pub scene: Scene,
    pub administrator: Person,
    pub person: Person,
    pub inputs: Vec<Value>,
    pub report: String,
    /// The category that the inputs name, under the objectives of the first group and of the second.
    pub own: Value,
    pub other: Value,
}

pub fn version(value: &Value) -> i64 {
    value["version"].as_i64().unwrap_or_else(|| panic!("no version in {value}"))
}

pub fn paragraph(value: &Value) -> String {
    format!("/api/v1/paragraphs/{}", id(value))
}

pub fn ids(values: &[&Value]) -> Value {
    values.iter().map(|value| value["id"].clone()).collect()
}

/// Ids of inputs, as they are listed under what rests on them.
pub fn rests_on(values: &[&Value]) -> Value {
    let mut ids: Vec<&str> = values.iter().map(|value| id(value)).collect();
    ids.sort_unstable();
    json!(ids)
}

/// The sections of an outline, flat.
pub fn sections(outline: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for section in outline["sections"].as_array().unwrap() {
        found.push(section.clone());
        found.extend(sections(section));
    }
    found
}

/// Something that was said in the room, recorded and accepted.
async fn accepted(world: &World, scene: &Scene, input: Value) -> Value {
    let made = world.make(&scene.secretariat, &scene.path, input).await;
    accept(world, scene, &made).await
}

async fn accept(world: &World, scene: &Scene, input: &Value) -> Value {
    let answer = decide(world, &scene.secretariat, input, json!({ "decision": "accept" })).await;
    assert_eq!(
        (answer.status, &answer.json["state"]),
        (200, &json!("accepted")),
        "{}",
        answer.text
    );
    answer.json
}

/// The summary report of the scene's consultation, opened.
async fn opened(world: &World, scene: &Scene) -> String {
    let phases = ["registration_closed", "in_session", "synthesis"];
    world.phases(&scene.secretariat, id(&scene.consultation), &phases).await;
    let path = format!("/api/v1/consultations/{}/report", id(&scene.consultation));
    let report = world.make(&scene.secretariat, &path, Value::Null).await;
    format!("/api/v1/reports/{}", id(&report))
}

pub async fn desk(world: &World) -> Desk {
    let scene = scene(world).await;
    let administrator =
        world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let person = scene.participant(world, "Pat One").await;
    let mut inputs = Vec::new();
    for body in ["Fees.", "Offices.", "Registers.", "Hours."] {
        inputs.push(accepted(world, &scene, scene.input(body)).await);
    }
    let report = opened(world, &scene).await;
    let outline = world.get(Some(&scene.secretariat), &format!("{report}/outline")).await.json;
    let of = |objectives: Value| {
        let wanted = |section: &Value| {
            section["kind"] == "category"
                && section["objectives"] == objectives
                && section["category"] == scene.category["code"]
        };
        let found = sections(&outline).into_iter().find(wanted);
        found.unwrap_or_else(|| panic!("nothing of {objectives} in {outline}"))
    };
    let (own, other) = (of(json!([4, 8])), of(json!([9, 10])));
    Desk { scene, administrator, person, inputs, report, own, other }
}

impl Desk {
    pub fn by(&self) -> &Person {
        &self.scene.secretariat
    }

    /// The rapporteur of the first working group, whose sections are those of objectives 4 and 8.
    pub fn rapporteur(&self, world: &World) -> Person {
        let group = id(&self.scene.group);
        world.person_with("Tia Rapporteur", Role::Rapporteur, ScopeKind::WorkingGroup, group)
    }

    pub fn text(&self, section: &Value, text: &str, inputs: &[&Value]) -> Value {
        let mut body = json!({ "section_id": section["id"], "text": text, "inputs": ids(inputs) });
        if inputs.is_empty() {
            body["editorial_reason"] = json!("It leads over to what follows.");
        }
        body
    }

    pub async fn add(
        &self,
        world: &World,
        section: &Value,
        text: &str,
        inputs: &[&Value],
    ) -> Value {
        world.add_paragraph(self.by(), &self.report, self.text(section, text, inputs)).await
    }

    pub async fn read(&self, world: &World, paragraph: &Value) -> Answer {
        world.get(Some(self.by()), &self::paragraph(paragraph)).await
    }

    pub async fn merge(&self, world: &World, by: &Person, body: Value) -> Answer {
        world.post(by, &format!("{}/paragraphs/merge", self.report), body).await
    }

    pub async fn patch(
        &self,
        world: &World,
        by: &Person,
        paragraph: &Value,
        body: Value,
    ) -> Answer {
        let now = version(&self.read(world, paragraph).await.json);
        let request = Request::new(Method::PATCH, &self::paragraph(paragraph)).by(Some(by));
        world.send(request.version(now).body(body)).await
    }

    pub async fn outline(&self, world: &World) -> Value {
        let answer = world.get(Some(self.by()), &format!("{}/outline", self.report)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json
    }

    /// A section as the outline shows it now.
    pub async fn section(&self, world: &World, section: &Value) -> Value {
        let outline = self.outline(world).await;
        let found = sections(&outline).into_iter().find(|one| one["id"] == section["id"]);
        found.unwrap_or_else(|| panic!("no {section} in {outline}"))
    }

    /// The paragraphs of a section, in order.
    pub async fn order(&self, world: &World, section: &Value) -> Vec<String> {
        let section = self.section(world, section).await;
        let paragraphs = section["paragraphs"].as_array().unwrap().iter();
        paragraphs.map(|paragraph| id(paragraph).to_owned()).collect()
    }

    /// The number that the paragraph is printed with; all numbers of the report run without gap.
    pub async fn number(&self, world: &World, paragraph: &Value) -> u64 {
        let outline = self.outline(world).await;
        let sections = sections(&outline);
        let all = sections.iter().flat_map(|section| section["paragraphs"].as_array().unwrap());
        let all: Vec<&Value> = all.filter(|paragraph| paragraph["number"].is_u64()).collect();
        let mut numbers: Vec<u64> = all.iter().map(|one| one["number"].as_u64().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
        let found = all.iter().find(|one| one["id"] == paragraph["id"]);
        found.unwrap_or_else(|| panic!("no {paragraph} in {outline}"))["number"].as_u64().unwrap()
    }

    pub async fn markdown(&self, world: &World) -> String {
        let draft = world.get(Some(self.by()), &format!("{}/draft.md", self.report)).await;
        assert_eq!(draft.status, 200, "{}", draft.text);
        draft.text
    }

    /// Who did that to it, by the audit log.
    pub async fn audited(&self, world: &World, action: &str, subject: &Value) -> Vec<Value> {
        let (mut found, mut path) = (Vec::new(), "/api/v1/audit?limit=200".to_owned());
        loop {
            let page = world.get(Some(&self.administrator), &path).await.json;
            let rows = page["items"].as_array().unwrap().iter();
            let rows =
                rows.filter(|row| row["action"] == action && row["subject_id"] == subject["id"]);
            found.extend(rows.map(|row| row["actor_id"].clone()));
            let Some(next) = page["next"].as_str() else { return found };
            path = format!("/api/v1/audit?limit=200&cursor={next}");
        }
    }

    pub async fn to_clearance(&self, world: &World) {
        let now = version(&world.get(Some(self.by()), &self.report).await.json);
        let (path, to) = (format!("{}/state", self.report), json!({ "to": "clearance" }));
        world.change(self.by(), Method::POST, &path, now, to).await;
    }

    /// A paragraph that is computed from data, and its section.
    pub async fn computed(&self, world: &World) -> (Value, Value) {
        let outline = self.outline(world).await;
        let of = |section: &Value| {
            let paragraphs = section["paragraphs"].as_array().unwrap().iter();
            let mut computed = paragraphs.filter(|paragraph| paragraph["computed"].is_string());
            computed.next().cloned().map(|paragraph| (paragraph, section.clone()))
        };
        sections(&outline).iter().find_map(of).unwrap_or_else(|| panic!("all written: {outline}"))
    }
}

// ---------------------------------------------------------------------------------------------- joining paragraphs

on_both!(several_paragraphs_become_one_that_keeps_what_all_rest_on, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, registers, hours] = &desk.inputs[..] else { panic!() };
    let first = desk.add(&world, &desk.own, "Fees differ.", &[fees]).await;
    let stays = desk.add(&world, &desk.own, "Offices close.", &[offices]).await;
    let lead = desk.add(&world, &desk.own, "Both matter.", &[]).await;
    let elsewhere = desk.add(&world, &desk.other, "Registers help.", &[registers, offices]).await;
    let last = desk.add(&world, &desk.other, "Hours are short.", &[hours]).await;
    let see = format!("It began with paragraph [](#{}).", id(&stays));
    let see = desk.add(&world, &desk.other, &see, &[fees]).await;
    let also =
        format!("So say [](#{}), [](#{}) and [](#{}).", id(&first), id(&lead), id(&elsewhere));
    let also = desk.add(&world, &desk.other, &also, &[fees]).await;
    let now = version(&world.get(Some(desk.by()), &desk.report).await.json);
    let summary = json!({ "summary": format!("Of registers see [](#{}).", id(&elsewhere)) });
    world.change(desk.by(), Method::PATCH, &desk.report, now, summary).await;
    let before = desk.number(&world, &first).await;
    assert_eq!(desk.number(&world, &stays).await, before + 1);
    assert_eq!(desk.number(&world, &see).await, before + 5);
    let report = version(&world.get(Some(desk.by()), &desk.report).await.json);

    let text = format!("All of it, but [](#{}).", id(&last));
    let body = json!({ "paragraphs": ids(&[&stays, &lead, &elsewhere]), "text": text });
    let path = format!("{}/paragraphs/merge", desk.report);
    let ask = |key: &str, body: &Value| {
        let request = Request::new(Method::POST, &path).by(Some(desk.by())).body(body.clone());
        world.send(request.header("Idempotency-Key", key))
    };
    let merged = ask("once", &body).await;
    assert_eq!((merged.status, merged.header("etag")), (200, "\"2\""), "{}", merged.text);
    for (field, value) in [
        ("id", stays["id"].clone()),
        ("section_id", desk.own["id"].clone()),
        ("text", json!(text)),
        ("inputs", rests_on(&[offices, registers])),
        ("editorial_reason", Value::Null),
        ("objective", Value::Null),
        ("computed", Value::Null),
        ("version", json!(2)),
        ("allowed_actions", json!(["update", "move", "merge", "split", "delete", "suggest"])),
    ] {
        assert_eq!(merged.json[field], value, "{field}: {}", merged.text);
    }

    // What is read is what was answered, the others are gone, and all numbers follow, in the text too.
    let read = desk.read(&world, &stays).await;
    assert_eq!((&read.json, read.header("etag")), (&merged.json, "\"2\""));
    for gone in [&lead, &elsewhere] {
        desk.read(&world, gone).await.is_problem(404, "not_found");
    }
    assert_eq!(desk.order(&world, &desk.own).await, [id(&first), id(&stays)]);
    assert_eq!(desk.order(&world, &desk.other).await, [id(&last), id(&see), id(&also)]);
    assert_eq!(desk.number(&world, &stays).await, before + 1);
    assert_eq!(desk.number(&world, &last).await, before + 2);
    assert_eq!(desk.number(&world, &see).await, before + 3);
    let text = desk.markdown(&world).await;
    let joint = before + 1;
    for printed in [
        format!("All of it, but {}.", before + 2),
        format!("It began with paragraph {joint}."),
        format!("So say {before}, {joint} and {joint}."),
        format!("Of registers see {joint}."),
    ] {
        assert!(text.contains(&printed) && !text.contains("Registers help."), "{printed}: {text}");
    }
    let led = desk.read(&world, &also).await.json;
    assert_eq!((version(&led), &led["inputs"]), (2, &ids(&[fees])), "{led}");
    assert_eq!(version(&desk.read(&world, &see).await.json), 1, "nothing changed there");
    let coverage = world.get(Some(desk.by()), &format!("{}/coverage", desk.report)).await.json;
    assert_eq!((&coverage["cited"], &coverage["available"]), (&json!(4), &json!(4)), "{coverage}");
    let after = version(&world.get(Some(desk.by()), &desk.report).await.json);
    assert!(after > report, "the report changed with what stands in it");
    assert_eq!(desk.audited(&world, "paragraph.merged", &stays).await, [json!(desk.by().id)]);

    // Sent again it is answered again, and not done again.
    let again = ask("once", &body).await;
    assert_eq!((again.status, &again.text), (200, &merged.text));
    assert_eq!((again.header("etag"), again.header("idempotency-replayed")), ("\"2\"", "true"));
    assert_eq!(desk.audited(&world, "paragraph.merged", &stays).await.len(), 1);
    let other = json!({ "paragraphs": ids(&[&first, &last]), "text": "Other." });
    ask("once", &other).await.is_problem(422, "idempotency_key_reused");
    let twice = ask("twice", &body).await;
    twice.is_problem(422, "invalid_value");
    twice.points_to("/paragraphs/1");

    // Whoever still has the version before is told so.
    let late = |of: &Value, version: i64| {
        let path = paragraph(of);
        let request = Request::new(Method::PATCH, &path).by(Some(desk.by())).version(version);
        world.send(request.body(json!({ "text": "Late." })))
    };
    late(&stays, 1).await.is_problem(412, "version_mismatch");
    late(&elsewhere, 1).await.is_problem(404, "not_found");
    assert_eq!(desk.read(&world, &stays).await.json, merged.json);
});

on_both!(what_is_joined_goes_where_it_is_wanted, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, ..] = &desk.inputs[..] else { panic!() };
    let one = desk.add(&world, &desk.own, "One.", &[fees]).await;
    let two = desk.add(&world, &desk.own, "Two.", &[offices]).await;
    let there = desk.add(&world, &desk.other, "There.", &[fees]).await;
    let both = ids(&[&two, &one]);
    let body = json!({
        "paragraphs": both, "text": "Both.", "section_id": desk.other["id"], "position": 1, "objective": 9
    });
    let merged = desk.merge(&world, desk.by(), body).await;
    assert_eq!((merged.status, &merged.json["id"]), (200, &two["id"]), "{}", merged.text);
    assert_eq!(merged.json["section_id"], desk.other["id"]);
    assert_eq!(merged.json["objective"], 9);
    assert_eq!(desk.order(&world, &desk.other).await, [id(&two), id(&there)]);
    let left = desk.section(&world, &desk.own).await;
    assert_eq!(left["paragraphs"], json!([]));
    assert_eq!(left["label"], Value::Null, "nothing stands in it: it is not printed");

    // Without a place it goes to the end of another section, and stays where it was in its own.
    let body =
        json!({ "paragraphs": ids(&[&there, &two]), "text": "All.", "section_id": desk.own["id"] });
    let new = desk.add(&world, &desk.own, "New.", &[fees]).await;
    let merged = desk.merge(&world, desk.by(), body).await;
    assert_eq!((merged.status, &merged.json["objective"]), (200, &Value::Null), "{}", merged.text);
    assert_eq!(desk.order(&world, &desk.own).await, [id(&new), id(&there)]);
    assert_eq!(desk.order(&world, &desk.other).await, Vec::<String>::new());
});

on_both!(what_cannot_be_joined_is_refused_and_nothing_changes, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, ..] = &desk.inputs[..] else { panic!() };
    let one = desk.add(&world, &desk.own, "One.", &[fees]).await;
    let two = desk.add(&world, &desk.own, "Two.", &[offices]).await;
    let outcomes = sections(&desk.outline(&world).await);
    let outcomes = outcomes.iter().find(|section| section["kind"] == "outcomes").unwrap().clone();
    let before = desk.outline(&world).await;
    let unknown = json!("00000000-0000-4000-8000-000000000000");
    let both = ids(&[&one, &two]);
    for (body, pointer) in [
        (json!({ "paragraphs": [], "text": "Both." }), "/paragraphs"),
        (json!({ "paragraphs": [one["id"]], "text": "Both." }), "/paragraphs"),
        (json!({ "paragraphs": ids(&[&one, &two, &one]), "text": "Both." }), "/paragraphs"),
        (json!({ "paragraphs": [one["id"], unknown], "text": "Both." }), "/paragraphs/1"),
        (json!({ "paragraphs": both, "text": " " }), "/text"),
        (json!({ "paragraphs": both, "text": "One.^[Not closed." }), "/text"),
        (json!({ "paragraphs": both, "text": "Both.", "objective": 9 }), "/objective"),
        (json!({ "paragraphs": both, "text": "Both.", "section_id": unknown }), "/section_id"),
        (
            json!({ "paragraphs": both, "text": "Both.", "section_id": outcomes["id"] }),
            "/section_id",
        ),
    ] {
        let refused = desk.merge(&world, desk.by(), body).await;
        refused.is_problem(422, "invalid_value");
        refused.points_to(pointer);
    }
    let body = json!({ "paragraphs": both, "text": "Both." });
    desk.merge(&world, &desk.person, body.clone()).await.is_problem(404, "not_found");
    desk.merge(&world, &desk.administrator, body.clone()).await.is_problem(404, "not_found");
    let group = id(&desk.scene.group);
    let host = world.person_with("Hana Host", Role::CoHost, ScopeKind::WorkingGroup, group);
    desk.merge(&world, &host, body.clone()).await.is_problem(403, "forbidden");
    let path = format!("{}/paragraphs/merge", desk.report);
    let nobody = Request::new(Method::POST, &path).body(body.clone());
    world.send(nobody).await.is_problem(404, "not_found");
    assert_eq!(desk.outline(&world).await, before);

    desk.to_clearance(&world).await;
    desk.merge(&world, desk.by(), body).await.is_problem(409, "invalid_transition");
    for (paragraph, text) in [(&one, "One."), (&two, "Two.")] {
        let read = desk.read(&world, paragraph).await.json;
        assert_eq!((&read["text"], &read["allowed_actions"]), (&json!(text), &json!(["suggest"])));
    }
});

on_both!(what_is_joined_belongs_to_one_report, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, ..] = &desk.inputs[..] else { panic!() };
    let one = desk.add(&world, &desk.own, "One.", &[fees]).await;
    let mut body = consultation();
    body["ordinal"] = json!(3);
    let path = format!("/api/v1/reviews/{}/consultations", id(&desk.scene.review));
    let held = world.make(desk.by(), &path, body).await;
    let phases = ["open_call", "registration_closed", "in_session", "synthesis"];
    world.phases(desk.by(), id(&held), &phases).await;
    let path = format!("/api/v1/consultations/{}/report", id(&held));
    let report = world.make(desk.by(), &path, Value::Null).await;
    let report = format!("/api/v1/reports/{}", id(&report));
    let outline = world.get(Some(desk.by()), &format!("{report}/outline")).await.json;
    let background =
        sections(&outline).into_iter().find(|section| section["kind"] == "background").unwrap();
    let body = desk.text(&background, "Of another report.", &[]);
    let foreign = world.add_paragraph(desk.by(), &report, body).await;

    let body = json!({ "paragraphs": ids(&[&one, &foreign]), "text": "Both." });
    let refused = desk.merge(&world, desk.by(), body).await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("/paragraphs/1");
    let to = json!({ "section_id": background["id"] });
    let path = format!("{}/move", paragraph(&one));
    let moved = Request::new(Method::POST, &path).by(Some(desk.by())).version(1).body(to);
    world.send(moved).await.points_to("/section_id");
    assert_eq!(desk.read(&world, &foreign).await.json["text"], "Of another report.");
    assert_eq!(desk.read(&world, &one).await.json["section_id"], desk.own["id"]);
});

on_both!(paragraphs_stand_where_they_are_put, |world: World| async move {
    let desk = desk(&world).await;
    let (path, mut model) = (format!("{}/paragraphs", desk.report), Vec::<String>::new());
    let read = async || {
        let path = format!("{path}?section_id={}&limit=200", id(&desk.own));
        world.get(Some(desk.by()), &path).await.json["items"].as_array().unwrap().clone()
    };
    // Put to the end, to the front, between and beyond; some at once; and with gaps, as deleting leaves them.
    let rounds: [&[Option<usize>]; 4] = [
        &[None, Some(1), Some(2), Some(9), None],
        &[Some(3), Some(3), None, Some(1)],
        &[Some(5), Some(200), Some(2)],
        &[Some(1), Some(1), Some(1), None, Some(7)],
    ];
    let mut number = 0;
    for (round, positions) in rounds.iter().enumerate() {
        let (mut sent, mut places) = (Vec::new(), Vec::new());
        for position in *positions {
            number += 1;
            let mut one = desk.text(&desk.own, &format!("Text {number}."), &[]);
            one["position"] = json!(position);
            sent.push(one);
            let at = position.map_or(model.len(), |position| (position - 1).min(model.len()));
            model.insert(at, format!("Text {number}."));
            places.push(at + 1);
        }
        let added = world.make(desk.by(), &path, json!({ "paragraphs": sent })).await;
        for (one, place) in added["paragraphs"].as_array().unwrap().iter().zip(places) {
            let versions = format!("{}/versions", paragraph(one));
            let versions = world.get(Some(desk.by()), &versions).await.json;
            assert_eq!(versions["items"][0]["position"], json!(place), "{versions}");
        }
        // One is moved, and one goes.
        for (from, to) in [(0, model.len()), (model.len() - 1, 2), (2, 4)] {
            let there = read().await;
            let body = json!({ "section_id": desk.own["id"], "position": to });
            let move_to = format!("{}/move", paragraph(&there[from]));
            let version = version(&there[from]);
            world.change(desk.by(), Method::POST, &move_to, version, body).await;
            let text = model.remove(from);
            model.insert(to - 1, text);
        }
        let there = read().await;
        let gone = Request::new(Method::DELETE, &paragraph(&there[1])).by(Some(desk.by()));
        assert_eq!(world.send(gone.version(version(&there[1]))).await.status, 204);
        model.remove(1);
        let texts: Vec<Value> = read().await.iter().map(|one| one["text"].clone()).collect();
        assert_eq!(json!(texts), json!(model), "round {round}");
    }
});

// ---------------------------------------------------------------------------------------------- whose section it is

on_both!(
    a_rapporteur_joins_and_moves_within_the_sections_of_their_group,
    |world: World| async move {
        let desk = desk(&world).await;
        let [fees, offices, ..] = &desk.inputs[..] else { panic!() };
        let rapporteur = desk.rapporteur(&world);
        let one = desk.add(&world, &desk.own, "One.", &[fees]).await;
        let two = desk.add(&world, &desk.own, "Two.", &[offices]).await;
        let theirs = desk.add(&world, &desk.other, "Of the second group.", &[offices]).await;
        let before = desk.outline(&world).await;

        // Neither a paragraph of others is taken in, first or last, nor is one put into their section.
        let (own, other) = (&desk.own["id"], &desk.other["id"]);
        for body in [
            json!({ "paragraphs": ids(&[&one, &theirs]), "text": "Both." }),
            json!({ "paragraphs": ids(&[&one, &two, &theirs]), "text": "All.", "section_id": own }),
            json!({ "paragraphs": ids(&[&theirs, &one]), "text": "Both." }),
            json!({ "paragraphs": ids(&[&theirs, &one]), "text": "Both.", "section_id": own }),
            json!({ "paragraphs": ids(&[&one, &two]), "text": "Both.", "section_id": other }),
        ] {
            let refused = desk.merge(&world, &rapporteur, body.clone()).await;
            assert_eq!(refused.status, 403, "{body}: {}", refused.text);
            refused.is_problem(403, "forbidden");
        }
        let go = |paragraph: &Value, to: &Value| {
            let path = format!("{}/move", self::paragraph(paragraph));
            let request = Request::new(Method::POST, &path).by(Some(&rapporteur)).version(1);
            world.send(request.body(json!({ "section_id": to["id"] })))
        };
        go(&one, &desk.other).await.is_problem(403, "forbidden");
        go(&theirs, &desk.own).await.is_problem(403, "forbidden");
        let path = paragraph(&theirs);
        for request in [
            Request::new(Method::PATCH, &path).body(json!({ "text": "Theirs." })),
            Request::new(Method::DELETE, &path),
        ] {
            world.send(request.by(Some(&rapporteur)).version(1)).await.is_problem(403, "forbidden");
        }
        let path = format!("{}/paragraphs", desk.report);
        let added = desk.text(&desk.other, "Added.", &[fees]);
        let added = json!({ "paragraphs": [desk.text(&desk.own, "Ours.", &[fees]), added] });
        world.post(&rapporteur, &path, added).await.is_problem(403, "forbidden");
        assert_eq!(desk.outline(&world).await, before);

        let seen = |paragraph: &Value| {
            let path = self::paragraph(paragraph);
            let (world, rapporteur) = (&world, &rapporteur);
            async move { world.get(Some(rapporteur), &path).await.json["allowed_actions"].clone() }
        };
        assert_eq!(
            seen(&one).await,
            json!(["update", "move", "merge", "split", "delete", "suggest"])
        );
        assert_eq!(seen(&theirs).await, json!(["suggest"]));
        let body = json!({ "paragraphs": ids(&[&one, &two]), "text": "Both." });
        let merged = desk.merge(&world, &rapporteur, body).await;
        assert_eq!(merged.status, 200, "{}", merged.text);
        assert_eq!(desk.audited(&world, "paragraph.merged", &one).await, [json!(rapporteur.id)]);
    }
);

// ---------------------------------------------------------------------------------------------- headings

on_both!(a_section_gets_another_heading_and_its_usual_one_back, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, ..] = &desk.inputs[..] else { panic!() };
    let cited = desk.add(&world, &desk.own, "Fees differ.", &[fees]).await;
    let usual = desk.own["heading"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/report-sections/{}", id(&desk.own));
    let set = |version: i64, body: Value| {
        let request = Request::new(Method::PATCH, &path).by(Some(desk.by())).version(version);
        world.send(request.body(body))
    };
    let report = version(&world.get(Some(desk.by()), &desk.report).await.json);
    let (number, label) =
        (desk.number(&world, &cited).await, desk.section(&world, &desk.own).await);

    let heading = json!({ "heading": "Challenges and *opportunities*" });
    let changed = set(1, heading.clone()).await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""), "{}", changed.text);
    for (field, value) in [
        ("id", desk.own["id"].clone()),
        ("heading", heading["heading"].clone()),
        ("kind", json!("category")),
        ("objectives", json!([4, 8])),
        ("version", json!(2)),
        (
            "allowed_actions",
            json!([
                "update",
                "add_paragraph",
                "add_section",
                "move",
                "remove",
                "join",
                "split",
                "set_apart"
            ]),
        ),
    ] {
        assert_eq!(changed.json[field], value, "{field}: {}", changed.text);
    }
    let section = desk.section(&world, &desk.own).await;
    assert_eq!((&section["heading"], version(&section)), (&heading["heading"], 2));
    assert_eq!(section["label"], label["label"], "the label counts as before");
    assert_eq!(desk.number(&world, &cited).await, number);
    let theirs = desk.section(&world, &desk.other).await;
    assert_eq!(
        theirs["heading"], desk.other["heading"],
        "the same category elsewhere keeps its own"
    );
    let text = desk.markdown(&world).await;
    assert!(text.contains("Challenges and \\*opportunities\\*"), "a heading is plain text: {text}");
    let after = version(&world.get(Some(desk.by()), &desk.report).await.json);
    assert!(after > report, "the report changed with what stands in it");
    assert_eq!(desk.audited(&world, "report_section.updated", &desk.own).await.len(), 1);

    // Sent again, it is of a version that is no more.
    set(1, heading).await.is_problem(412, "version_mismatch");
    assert_eq!(version(&desk.section(&world, &desk.own).await), 2);
    for (body, code, pointer) in [
        (json!({}), "invalid_value", "/heading"),
        (json!({ "heading": "" }), "invalid_value", "/heading"),
        (json!({ "heading": "x".repeat(501) }), "invalid_value", "/heading"),
        (json!({ "heading": "New", "label": "IX." }), "unknown_field", "/label"),
    ] {
        let refused = set(2, body).await;
        refused.is_problem(422, code);
        refused.points_to(pointer);
    }
    let unseen = Request::new(Method::PATCH, &path).by(Some(desk.by()));
    world
        .send(unseen.body(json!({ "heading": null })))
        .await
        .is_problem(428, "precondition_required");
    let back = set(2, json!({ "heading": null })).await;
    assert_eq!((back.status, &back.json["heading"]), (200, &Value::Null), "{}", back.text);
    assert_eq!(desk.section(&world, &desk.own).await["heading"], json!(usual));
    assert_eq!(desk.audited(&world, "report_section.updated", &desk.own).await.len(), 2);

    // Objectives are named by their numbers, and their names are never typed.
    let outline = sections(&desk.outline(&world).await);
    let cluster = outline.iter().find(|section| section["kind"] == "cluster").unwrap();
    let typed = format!("/api/v1/report-sections/{}", id(cluster));
    for heading in [json!("GCM Objective 5: Freedom"), Value::Null] {
        let request = Request::new(Method::PATCH, &typed).by(Some(desk.by())).version(1);
        let refused = world.send(request.body(json!({ "heading": heading }))).await;
        refused.is_problem(422, "invalid_value");
        refused.points_to("/heading");
    }
    assert_eq!(desk.section(&world, cluster).await["heading"], cluster["heading"]);

    desk.to_clearance(&world).await;
    set(3, json!({ "heading": "Late" })).await.is_problem(409, "invalid_transition");
});

on_both!(a_heading_is_given_by_who_drafts_the_section, |world: World| async move {
    let desk = desk(&world).await;
    let rapporteur = desk.rapporteur(&world);
    let group = id(&desk.scene.group);
    let host = world.person_with("Hana Host", Role::CoHost, ScopeKind::WorkingGroup, group);
    let set = |by: Option<&Person>, section: &Value| {
        let path = format!("/api/v1/report-sections/{}", id(section));
        let (world, by, seen) = (&world, by.cloned(), version(section));
        async move {
            let request = Request::new(Method::PATCH, &path).by(by.as_ref()).version(seen);
            world.send(request.body(json!({ "heading": "Theirs" }))).await
        }
    };
    let background = sections(&desk.outline(&world).await);
    let background = background.iter().find(|one| one["kind"] == "background").unwrap().clone();
    for section in [&desk.other, &background] {
        set(Some(&rapporteur), section).await.is_problem(403, "forbidden");
    }
    set(Some(&host), &desk.own).await.is_problem(403, "forbidden");
    for (by, status) in [(None, 404), (Some(&desk.person), 404)] {
        assert_eq!(set(by, &desk.own).await.status, status);
    }
    let set = set(Some(&rapporteur), &desk.own).await;
    assert_eq!((set.status, &set.json["heading"]), (200, &json!("Theirs")), "{}", set.text);
    let by = desk.audited(&world, "report_section.updated", &desk.own).await;
    assert_eq!(by, [json!(rapporteur.id)]);
    for section in [&desk.other, &background] {
        assert_eq!(desk.section(&world, section).await["heading"], section["heading"]);
    }
});

// ---------------------------------------------------------------------------------------------- what is computed

on_both!(a_computed_paragraph_is_written_over_and_stays_computed, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, ..] = &desk.inputs[..] else { panic!() };
    let (computed, section) = desk.computed(&world).await;
    let beside = desk.add(&world, &section, "Written beside it.", &[]).await;
    let (number, usual) = (desk.number(&world, &computed).await, desk.markdown(&world).await);
    let joins = |paragraphs: [&Value; 2]| {
        let body = json!({ "paragraphs": ids(&paragraphs), "text": "Both." });
        desk.merge(&world, desk.by(), body)
    };
    let gives = |allowed: Value, kept: Value, text: Value| {
        let (desk, world, computed) = (&desk, &world, &computed);
        async move {
            let read = desk.read(world, computed).await.json;
            assert_eq!(read["computed"], computed["computed"], "{read}");
            assert_eq!((&read["text"], &read["allowed_actions"]), (&text, &allowed), "{read}");
            assert_eq!(read["section_id"], kept, "{read}");
        }
    };
    let (allowed, kept) = (json!(["update", "move", "suggest"]), section["id"].clone());

    // Neither as it is nor once somebody wrote over it is it taken away: by deleting, joining, or into another section.
    for text in [Value::Null, json!("In other words.")] {
        if text.is_string() {
            let written = desk.patch(&world, desk.by(), &computed, json!({ "text": text })).await;
            assert_eq!(written.status, 200, "{}", written.text);
            assert_eq!(desk.number(&world, &computed).await, number);
            assert!(desk.markdown(&world).await.contains("In other words."));
        }
        gives(allowed.clone(), kept.clone(), text.clone()).await;
        for (paragraphs, pointer) in
            [([&computed, &beside], "/paragraphs/0"), ([&beside, &computed], "/paragraphs/1")]
        {
            let refused = joins(paragraphs).await;
            refused.is_problem(422, "invalid_value");
            refused.points_to(pointer);
        }
        let now = version(&desk.read(&world, &computed).await.json);
        let path = paragraph(&computed);
        let delete = Request::new(Method::DELETE, &path).by(Some(desk.by())).version(now);
        world.send(delete).await.is_problem(409, "in_use");
        let path = format!("{path}/move");
        let away = Request::new(Method::POST, &path).by(Some(desk.by())).version(now);
        let away = world.send(away.body(json!({ "section_id": desk.own["id"] }))).await;
        away.is_problem(422, "invalid_value");
        away.points_to("/section_id");
        gives(allowed.clone(), kept.clone(), text).await;
    }

    // It moves within its section, and is given back to the data.
    let now = version(&desk.read(&world, &computed).await.json);
    let path = format!("{}/move", paragraph(&computed));
    let to = json!({ "section_id": section["id"], "position": 2 });
    world.change(desk.by(), Method::POST, &path, now, to).await;
    assert_eq!(desk.order(&world, &section).await[1], id(&computed));
    let back = json!({ "section_id": section["id"], "position": 1 });
    world.change(desk.by(), Method::POST, &path, now + 1, back).await;
    let given = desk.patch(&world, desk.by(), &computed, json!({ "text": null })).await;
    assert_eq!(given.status, 200, "{}", given.text);
    gives(allowed, kept, Value::Null).await;
    assert_eq!(desk.markdown(&world).await, usual);

    // What people wrote is not computed from anything: it cannot do without a text.
    let written = desk.add(&world, &desk.own, "Fees differ.", &[fees]).await;
    for paragraph in [&written, &beside] {
        let refused = desk.patch(&world, desk.by(), paragraph, json!({ "text": null })).await;
        refused.is_problem(422, "invalid_value");
        refused.points_to("/text");
    }
});

// ---------------------------------------------------------------------------------------------- what a text rests on

on_both!(a_text_rests_on_accepted_inputs_of_its_consultation_only, |world: World| async move {
    let mut scene = scene(&world).await;
    let (receipts, written) = scene.mixed(&world, &["Taken back.", "Offices.", "Where?"]).await;
    let [gone, later, asked] = &written[..] else { panic!() };
    let (gone, later) = (accept(&world, &scene, gone).await, accept(&world, &scene, later).await);
    // One is taken back with enough beside it to be mixed.
    scene.take_back(&world, &receipts[0]).await;
    for (number, receipt) in receipts[1..].iter().enumerate() {
        let said = scene.said(&format!("Said besides, number {number}."));
        scene.contribute(&world, receipt, said).await;
    }
    scene.next_mixing(&world);
    scene.secretariat = world.signed_in_again(&scene.secretariat);
    let read = |input: &Value| {
        let (path, world, by) =
            (format!("/api/v1/inputs/{}", id(input)), &world, &scene.secretariat);
        async move { world.get(Some(by), &path).await.json }
    };
    assert_eq!(read(&gone).await["state"], "withdrawn");
    let take = |body: &str| accepted(&world, &scene, scene.input(body));
    let (good, part) = (take("Fees.").await, take("Registers.").await);
    let record = |path: &str, body: &str| {
        let (world, by, path, input) =
            (&world, &scene.secretariat, path.to_owned(), scene.input(body));
        async move { world.make(by, &path, input).await }
    };
    let waiting = record(&scene.path, "Nobody read it.").await;
    let body = json!({ "decision": "return", "question": "In which country?" });
    assert_eq!(decide(&world, &scene.secretariat, asked, body).await.status, 200);
    let aside = record(&scene.path, "Off the subject.").await;
    let body = json!({ "decision": "set_aside", "reason_code": "other_objectives" });
    assert_eq!(decide(&world, &scene.secretariat, &aside, body).await.status, 200);
    let joined = take("Joined.").await;
    let merge = json!({
        "with": [{ "id": part["id"], "version": part["version"] }], "into": { "body": "Both." }
    });
    let path = format!("/api/v1/inputs/{}/merge", id(&joined));
    let merge = Request::new(Method::POST, &path).version(version(&joined)).body(merge);
    let merged = world.send(merge.by(Some(&scene.secretariat))).await;
    assert!(merged.status < 300, "{}", merged.text);
    let mut body = consultation();
    body["ordinal"] = json!(3);
    body["admission"] = json!("automatic");
    let path = format!("/api/v1/reviews/{}/consultations", id(&scene.review));
    let other = world.make(&scene.secretariat, &path, body).await;
    world.phases(&scene.secretariat, id(&other), &["open_call"]).await;
    let other = format!("/api/v1/consultations/{}", id(&other));
    let foreign = record(&format!("{other}/inputs"), "Said elsewhere.").await;
    let foreign = accept(&world, &scene, &foreign).await;

    let report = opened(&world, &scene).await;
    let by = &scene.secretariat;
    let outline = world.get(Some(by), &format!("{report}/outline")).await.json;
    let place = sections(&outline).into_iter().find(|section| section["kind"] == "category");
    let place = place.unwrap()["id"].clone();
    let paragraphs = format!("{report}/paragraphs");
    let text = |inputs: Value| json!({ "section_id": place, "text": "Said.", "inputs": inputs });
    let unknown = json!({ "id": "00000000-0000-4000-8000-000000000000" });
    let unusable = [
        (&waiting, "submitted"),
        (asked, "returned"),
        (&aside, "set_aside"),
        (&gone, "withdrawn"),
        (&joined, "merged"),
        (&merged.json, "not read since it was merged"),
        (&foreign, "of another consultation"),
        (&unknown, "unknown"),
    ];
    for (input, what) in &unusable {
        let body = json!({ "paragraphs": [text(ids(&[&good])), text(ids(&[input]))] });
        let refused = world.post(by, &paragraphs, body).await;
        assert_eq!(refused.status, 422, "{what}: {}", refused.text);
        refused.points_to("/paragraphs/1/inputs/0");
    }
    let outline = world.get(Some(by), &format!("{report}/outline")).await.json;
    let empty = |section: &Value| section["paragraphs"] == json!([]);
    let written = |section: &&Value| section["kind"] == "category" && !empty(section);
    assert_eq!(sections(&outline).iter().find(written), None);

    // An input that is added to a paragraph is held to the same.
    let cited = world.add_paragraph(by, &report, text(ids(&[&good, &later]))).await;
    let change = |version: i64, body: Value| {
        let (world, path) = (&world, paragraph(&cited));
        let by = world.signed_in_again(by);
        async move {
            let request = Request::new(Method::PATCH, &path).by(Some(&by)).version(version);
            world.send(request.body(body)).await
        }
    };
    for (input, what) in &unusable {
        let inputs: Vec<&str> = vec![id(&good), id(&later), id(input)];
        let refused = change(1, json!({ "inputs": inputs })).await;
        assert_eq!(refused.status, 422, "{what}: {}", refused.text);
        let errors = refused.json["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "only the one that cannot be: {}", refused.text);
        let sorted = rests_on(&[&good, &later, input]);
        let at = sorted.as_array().unwrap().iter().position(|one| one == &input["id"]).unwrap();
        refused.points_to(&format!("/inputs/{at}"));
    }

    // One that is taken back later hinders nobody who corrects the text, but is not cited anew, and is told of.
    let own = scene.own(&world, &receipts[1]).await;
    let own = own["contributions"].as_array().unwrap().iter();
    let offices = own.clone().find(|one| one["said"]["body"] == "Offices.").expect("it was said");
    scene.take_back_this(&world, &receipts[1], offices).await;
    scene.mix_all(&world);
    let by = &world.signed_in_again(by);
    let corrected = change(1, json!({ "text": "Said better." })).await;
    assert_eq!(corrected.status, 200, "{}", corrected.text);
    assert_eq!(corrected.json["inputs"], rests_on(&[&good, &later]));
    let coverage = world.get(Some(by), &format!("{report}/coverage")).await.json;
    let stale =
        json!([{ "paragraph_id": cited["id"], "input_id": later["id"], "state": "withdrawn" }]);
    assert_eq!(coverage["unaccepted_citations"], stale, "{coverage}");
    let less = change(2, json!({ "inputs": ids(&[&good]) })).await;
    assert_eq!(less.status, 200, "{}", less.text);
    let again = change(3, json!({ "inputs": ids(&[&good, &later]) })).await;
    again.is_problem(422, "invalid_value");
    assert_eq!(change(3, json!({ "text": "Once more." })).await.json["inputs"], ids(&[&good]));
});

on_both!(a_merged_input_is_cited_for_all_that_went_into_it, |world: World| async move {
    let mut scene = scene(&world).await;
    let (receipts, written) = scene.mixed(&world, &["Fees.", "Costs."]).await;
    let by = &scene.secretariat;
    let one = accept(&world, &scene, &written[0]).await;
    let two = accept(&world, &scene, &written[1]).await;
    let take = |input: Value| accepted(&world, &scene, input);
    let spoken = take(scene.spoken("Fees, as the group said.")).await;
    let also = take(scene.spoken("Costs, as the group said.")).await;
    let merge = |inputs: [&Value; 2]| {
        let [first, second] = inputs.map(Clone::clone);
        let world = &world;
        async move {
            let with = json!([{ "id": second["id"], "version": second["version"] }]);
            let path = format!("/api/v1/inputs/{}/merge", id(&first));
            let request = Request::new(Method::POST, &path).version(version(&first));
            let body = json!({ "with": with, "into": { "body": "Fees and costs." } });
            let merged = world.send(request.by(Some(by)).body(body)).await;
            assert!(merged.status < 300, "{}", merged.text);
            let accept = json!({ "decision": "accept" });
            let accepted = decide(world, by, &merged.json, accept).await;
            assert_eq!(accepted.status, 200, "{}", accepted.text);
            accepted.json
        }
    };

    // Where it comes from is where all of it came from; else from several.
    let written = merge([&one, &two]).await;
    assert_eq!((&written["origin"], &written["derived"]), (&json!("written"), &json!(true)));
    assert_eq!(written["working_group_id"], Value::Null);
    let grouped = merge([&spoken, &also]).await;
    assert_eq!(grouped["origin"], "group");
    assert_eq!(grouped["working_group_id"], scene.group["id"]);
    assert_eq!(grouped["round_id"], scene.round["id"]);
    let all = merge([&written, &grouped]).await;
    assert_eq!(all["origin"], "several", "{all}");
    for place in ["working_group_id", "round_id"] {
        assert_eq!(all[place], Value::Null, "not all of it was said there");
    }

    let report = opened(&world, &scene).await;
    let outline = world.get(Some(by), &format!("{report}/outline")).await.json;
    let place = sections(&outline).into_iter().find(|section| section["kind"] == "category");
    let body =
        json!({ "section_id": place.unwrap()["id"], "text": "Both.", "inputs": ids(&[&all]) });
    let cited = world.add_paragraph(by, &report, body).await;
    assert_eq!(cited["inputs"], ids(&[&all]));
    let coverage = world.get(Some(by), &format!("{report}/coverage")).await.json;
    let covered = (&coverage["available"], &coverage["cited"], &coverage["uncovered_inputs"]);
    assert_eq!(
        covered,
        (&json!(1), &json!(1), &json!([])),
        "what was merged is not asked for again"
    );

    // Each that went into it, at whatever step, leads to what it is in and to the paragraph; and back to all of them.
    let follow = |input: &Value| {
        let (world, path) = (&world, format!("/api/v1/inputs/{}/followed", id(input)));
        async move { world.get(Some(by), &path).await }
    };
    let drafted = json!([{ "report_id": cited["report_id"], "paragraph_id": cited["id"] }]);
    for input in [&one, &two, &spoken, &also, &written, &grouped, &all] {
        let followed = follow(input).await.json;
        let now = followed["now_in"].as_array().unwrap();
        assert_eq!((now.len(), &now[0]["input_id"]), (1, &all["id"]), "{followed}");
        assert_eq!(followed["drafted"], drafted, "{followed}");
    }
    let back = follow(&all).await.json;
    assert_eq!(back["origins"], rests_on(&[&one, &two, &spoken, &also]));
    assert_eq!(back["sources"], rests_on(&[&written, &grouped]));
    for (number, input) in [&one, &two].into_iter().enumerate() {
        let what = "followed-contributions";
        let own = scene.by_receipt(&world, &receipts[number], Method::GET, what, None).await;
        assert_eq!(own.status, 200, "{}", own.text);
        assert_eq!(
            own.json["items"].as_array().unwrap().len(),
            1,
            "nothing of others: {}",
            own.text
        );
        let own = &own.json["items"][0];
        assert_eq!(own["input_id"], input["id"], "{own}");
        assert_eq!(
            (&own["state"], &own["now_in"][0]["state"]),
            (&json!("merged"), &json!("accepted"))
        );
        for team in ["origins", "sources", "drafted"] {
            assert_eq!(own[team], Value::Null, "{team} is for the team: {own}");
        }
    }

    // What a report rests on is not merged or split away from under it.
    let other = take(scene.input("More.")).await;
    let body = json!({ "with": [{ "id": other["id"], "version": other["version"] }], "into": { "body": "More." } });
    let path = format!("/api/v1/inputs/{}/merge", id(&all));
    let request = Request::new(Method::POST, &path).by(Some(by)).version(version(&all));
    world.send(request.body(body)).await.is_problem(409, "in_use");
    let path = format!("/api/v1/inputs/{}/split", id(&all));
    let request = Request::new(Method::POST, &path).by(Some(by)).version(version(&all));
    let parts = json!({ "parts": [{ "body": "Fees." }, { "body": "Costs." }] });
    world.send(request.body(parts)).await.is_problem(409, "in_use");
    assert_eq!(follow(&one).await.json["drafted"], drafted);
});
