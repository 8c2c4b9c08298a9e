//! Clearance: six people on one draft, agreement on exactly what was read, bodies that consolidate first, what stands in the way of
//! publishing, and what waits for whom.

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::drafting::{Desk, desk, paragraph, version};
use crate::harness::{Answer, Person, Request, World, id};
use crate::jobs::upload;
use crate::main_job::{publish, until_clearance};
use crate::on_both;

/// A body that co-organizes, and who answers for it.
pub struct Body {
    pub id: String,
    pub members: Vec<Person>,
}

/// A draft that is cleared: two draft it, three bodies are asked, somebody else confirms its publication.
pub struct Table {
    pub desk: Desk,
    pub rapporteur: Person,
    pub deputy: Person,
    pub bodies: Vec<Body>,
    /// Of the rapporteur's group, and of the other one.
    pub own: Value,
    pub other: Value,
}

impl Table {
    pub async fn laid(world: &World) -> Self {
        let desk = desk(world).await;
        let [fees, offices, registers, hours] = &desk.inputs[..] else { panic!() };
        let own = desk.add(world, &desk.own, "Fees differ widely.", &[fees, offices]).await;
        let other = desk.add(world, &desk.other, "Registers help.", &[registers, hours]).await;
        let rapporteur = desk.rapporteur(world);
        // The programme is changed until the day is over.
        let consultation = id(&desk.scene.consultation);
        world.phases(desk.by(), consultation, &["in_session"]).await;
        let mut bodies = Vec::new();
        for (name, people) in [
            ("A network of refugees", &["Ann One", "Abe Two"][..]),
            ("A union of seafarers", &["Bea Three"][..]),
            ("A house of law", &["Cal Four"][..]),
        ] {
            bodies.push(Body::of(world, &desk, name, people).await);
        }
        world.phases(desk.by(), consultation, &["synthesis"]).await;
        let deputy = world.deputy("Dara Deputy", id(&desk.scene.review), &bodies[2].id);
        desk.to_clearance(world).await;
        Self { desk, rapporteur, deputy, bodies, own, other }
    }

    pub fn by(&self) -> &Person {
        self.desk.by()
    }

    pub fn of(&self, what: &str) -> String {
        format!("{}/{what}", self.desk.report)
    }

    /// A round in which the first two bodies are needed and the third is not.
    pub async fn opened(&self, world: &World) -> Value {
        let needed = [true, true, false];
        let asked: Vec<Value> = self
            .bodies
            .iter()
            .zip(needed)
            .map(|(body, needed)| json!({ "organization_id": body.id, "needed": needed }))
            .collect();
        let round = json!({ "ends_on": "2020-10-12", "asked": asked });
        world.make(self.by(), &self.of("clearance/rounds"), round).await
    }

    async fn text(&self, world: &World, who: &Person) -> Value {
        let text = world.get(Some(who), &self.of("clearance/text")).await;
        assert_eq!(text.status, 200, "{}", text.text);
        text.json
    }

    async fn say(&self, world: &World, who: &Person, body: Value) -> Answer {
        a_moment(world);
        world.post(who, &self.of("clearance/positions"), body).await
    }

    /// Agrees to all of it as it reads now.
    pub async fn agree(&self, world: &World, who: &Person) -> Value {
        let sha256 = self.text(world, who).await["sha256"].clone();
        let said = self.say(world, who, json!({ "kind": "agreement", "sha256": sha256 })).await;
        assert_eq!(said.status, 201, "{}", said.text);
        said.json
    }

    async fn decide(&self, world: &World, who: &Person, said: &Value, what: &str) -> Answer {
        a_moment(world);
        let path = format!("/api/v1/clearance-positions/{}/decision", id(said));
        let request = Request::new(Method::POST, &path).by(Some(who)).version(version(said));
        world.send(request.body(json!({ "decision": what }))).await
    }

    pub async fn mine(&self, world: &World, who: &Person) -> Value {
        world.get(Some(who), &self.of("clearance/mine")).await.json
    }

    /// What is left for the only party of somebody, by portion.
    pub async fn left(&self, world: &World, who: &Person) -> Vec<Value> {
        self.mine(world, who).await["parties"][0]["left"].as_array().unwrap().clone()
    }

    /// What stands in the way of publishing.
    pub async fn blocking(&self, world: &World) -> Vec<String> {
        let steps = world.get(Some(self.by()), &self.of("steps")).await.json;
        let next = steps["next"].as_array().unwrap().iter();
        let publish =
            next.clone().find(|one| one["to"] == "published").unwrap_or_else(|| panic!("{steps}"));
        let codes = publish["blocking"].as_array().unwrap().iter();
        codes.map(|one| one["code"].as_str().unwrap().to_owned()).collect()
    }

    async fn waiting(&self, world: &World, who: &Person) -> Vec<Value> {
        let waiting = world.get(Some(who), &self.of("waiting")).await;
        assert_eq!(waiting.status, 200, "{}", waiting.text);
        waiting.json["waiting"].as_array().unwrap().clone()
    }

    pub async fn go(&self, world: &World, to: &str) {
        a_moment(world);
        let now = version(&world.get(Some(self.by()), &self.desk.report).await.json);
        let body = json!({ "to": to, "reason": "A body objects." });
        world.change(self.by(), Method::POST, &self.of("state"), now, body).await;
    }

    pub async fn write(&self, world: &World, who: &Person, one: &Value, text: &str) {
        let path = paragraph(one);
        let now = version(&world.get(Some(who), &path).await.json);
        world.change(who, Method::PATCH, &path, now, json!({ "text": text })).await;
    }

    async fn publish(&self, world: &World) -> Answer {
        a_moment(world);
        let now = version(&world.get(Some(self.by()), &self.desk.report).await.json);
        let request = Request::new(Method::POST, &self.of("publish")).by(Some(self.by()));
        world.send(request.version(now).body(json!({ "symbol": "ESCAP/GCM/2020/7" }))).await
    }

    async fn published(&self, world: &World) -> Value {
        let proposed = self.publish(world).await;
        world.confirmed(&self.deputy, proposed).await
    }
}

impl Body {
    async fn of(world: &World, desk: &Desk, name: &str, people: &[&str]) -> Self {
        let made = json!({ "name": name, "sector": "civil_society", "country": "TH" });
        let made = world.make(desk.by(), "/api/v1/organizations", made).await;
        let part = json!({ "organization_id": id(&made), "kind": "stakeholder" });
        world.make(desk.by(), &desk.scene.of("co-organizers"), part).await;
        let mut members = Vec::new();
        for name in people {
            let person = world.person(name);
            let grant = json!({
                "role": "co_organizer", "scope_kind": "consultation",
                "scope_id": id(&desk.scene.consultation), "organization_id": id(&made)
            });
            let path = format!("/api/v1/accounts/{}/grants", person.id);
            world.make(desk.by(), &path, grant).await;
            members.push(person);
        }
        Self { id: id(&made).to_owned(), members }
    }
}

on_both!(six_people_clear_one_draft, |world: World| async move {
    let table = Table::laid(&world).await;
    let by = table.by();
    assert_eq!(table.blocking(&world).await, ["no_clearance_round"]);
    table.publish(&world).await.is_problem(409, "step_blocked");
    let round = table.opened(&world).await;
    assert_eq!(table.blocking(&world).await, ["agreement_missing", "agreement_missing"]);
    let [ann, abe] = &table.bodies[0].members[..] else { panic!() };
    let (bea, cal) = (&table.bodies[1].members[0], &table.bodies[2].members[0]);

    // One of two members comments on some words; only the other one sees it.
    let comment = json!({
        "paragraph_id": id(&table.own), "paragraph_version": 1,
        "range": { "start": 0, "end": 4 }, "text": "Which fees?"
    });
    let comment = world.make(ann, &table.of("clearance/comments"), comment).await;
    assert_eq!((&comment["words"], &comment["released_at"]), (&json!("Fees"), &Value::Null));
    let one = format!("/api/v1/clearance-comments/{}", id(&comment));
    assert_eq!(world.get(Some(abe), &one).await.status, 200);
    for other in [by, bea, &table.rapporteur, &table.deputy] {
        world.get(Some(other), &one).await.is_problem(404, "not_found");
        let listed = world.get(Some(other), &table.of("clearance/comments")).await.json;
        assert_eq!(listed["items"], json!([]));
    }

    // A slip is taken back before anybody else has read it.
    let slip = json!({ "paragraph_id": id(&table.own), "paragraph_version": 1, "text": "A slip." });
    let slip = world.make(ann, &table.of("clearance/comments"), slip).await;
    let path = format!("/api/v1/clearance-comments/{}/withdraw", id(&slip));
    let request = Request::new(Method::POST, &path).by(Some(ann)).version(version(&slip));
    let taken = world.send(request).await;
    assert_eq!(taken.status, 200, "{}", taken.text);

    // It proposes that the body agrees; nobody else knows, and it counts once the other one confirms it.
    let proposed = table.agree(&world, ann).await;
    assert_eq!(
        (&proposed["state"], &proposed["allowed_actions"]),
        (&json!("proposed"), &json!(["withdraw"]))
    );
    let said = format!("/api/v1/clearance-positions/{}", id(&proposed));
    assert_eq!(world.get(Some(abe), &said).await.status, 200);
    world.get(Some(bea), &said).await.is_problem(404, "not_found");
    world.get(Some(by), &said).await.is_problem(404, "not_found");
    table.decide(&world, ann, &proposed, "confirm").await.is_problem(403, "forbidden");
    table.decide(&world, bea, &proposed, "confirm").await.is_problem(404, "not_found");
    assert_eq!(table.blocking(&world).await, ["agreement_missing", "agreement_missing"]);
    assert_eq!(table.mine(&world, abe).await["parties"][0]["proposed"][0]["id"], proposed["id"]);
    let given = table.decide(&world, abe, &proposed, "confirm").await;
    assert_eq!((given.status, &given.json["state"]), (200, &json!("given")), "{}", given.text);
    assert!(table.left(&world, ann).await.is_empty());

    // With it its comment is there for whoever drafts; every one is answered.
    assert_eq!(table.blocking(&world).await, ["agreement_missing", "comment_unanswered"]);
    assert_eq!(world.get(Some(by), &one).await.json["by"]["account_id"], json!(ann.id));
    let answer = format!("{one}/answer");
    let answered = json!({ "answer": "accepted", "text": "It will say so." });
    let request =
        Request::new(Method::POST, &answer).by(Some(bea)).version(1).body(answered.clone());
    world.send(request).await.is_problem(403, "forbidden");
    a_moment(&world);
    world.change(&table.rapporteur, Method::POST, &answer, 1, answered).await;

    // The second body objects, the third one suggests.
    let objection =
        json!({ "kind": "objection", "paragraph_id": id(&table.other), "reason": "They do not." });
    let objection = table.say(&world, bea, objection).await;
    assert_eq!(
        (objection.status, &objection.json["state"]),
        (201, &json!("given")),
        "{}",
        objection.text
    );
    let suggestion = json!({ "kind": "replace", "made_from": 1, "text": "Registers can help." });
    let suggestion =
        world.make(cal, &format!("{}/suggestions", paragraph(&table.other)), suggestion).await;
    assert_eq!(table.say(&world, cal, json!({ "kind": "comments" })).await.status, 201);
    let refused = table.publish(&world).await;
    refused.is_problem(409, "step_blocked");
    let codes: Vec<&str> = refused.json["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["agreement_missing", "objection_stands"]);
    assert!(!refused.text.contains("Bea"), "nobody is named: {}", refused.text);
    let waits: Vec<Value> =
        table.waiting(&world, by).await.iter().map(|one| one["code"].clone()).collect();
    assert_eq!(json!(waits), json!(["agreement_missing", "objection_stands", "suggestion_open"]));

    // A late change: back to drafting with its reason; what was agreed to and reads the same is agreed to.
    table.go(&world, "drafting").await;
    table.write(&world, &table.rapporteur, &table.own, "Fees for passports differ widely.").await;
    let decision = format!("/api/v1/suggestions/{}/decision", id(&suggestion));
    world.change(by, Method::POST, &decision, 1, json!({ "decision": "accept" })).await;
    table.go(&world, "clearance").await;
    let left = table.left(&world, ann).await;
    let ids: Vec<&Value> = left.iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, [&table.own["id"], &table.other["id"]]);
    assert!(left.iter().all(|one| one["changed"] == true));
    let inserted = left[0]["words"].as_array().unwrap().iter().find(|one| one["op"] == "insert");
    assert_eq!(inserted.unwrap()["text"].as_str().unwrap().trim(), "for passports");
    assert_eq!(world.get(Some(by), &one).await.json["outdated"], true);
    assert_eq!(
        world.get(Some(by), &format!("/api/v1/clearance-rounds/{}", id(&round))).await.json["closed_at"],
        Value::Null
    );

    // Agreement again, to the difference alone; the objection is taken back.
    let portions: Vec<Value> =
        left.iter().map(|one| json!({ "id": one["id"], "sha256": one["sha256"] })).collect();
    let proposed =
        table.say(&world, abe, json!({ "kind": "agreement", "portions": portions })).await.json;
    assert_eq!(table.decide(&world, ann, &proposed, "confirm").await.status, 200);
    let back = json!({ "kind": "taking_back", "objection_id": id(&objection.json) });
    assert_eq!(table.say(&world, bea, back.clone()).await.status, 201);
    table.say(&world, bea, back).await.is_problem(422, "invalid_value");
    table.agree(&world, bea).await;
    assert_eq!(table.blocking(&world).await, Vec::<String>::new());

    // Whoever publishes goes on despite the objection of a body that was asked, and says why.
    let objection = json!({ "kind": "objection", "reason": "We had no time." });
    let objection = table.say(&world, cal, objection).await.json;
    assert_eq!(table.blocking(&world).await, ["objection_stands"]);
    let despite = json!({ "objection_id": id(&objection), "reason": "They had twelve days." });
    world
        .post(bea, &table.of("clearance/overrides"), despite.clone())
        .await
        .is_problem(403, "forbidden");
    a_moment(&world);
    let made = world.make(by, &table.of("clearance/overrides"), despite.clone()).await;
    assert_eq!((&made["holds"], &made["by"]["account_id"]), (&json!(true), &json!(by.id)));
    world
        .post(by, &table.of("clearance/overrides"), despite)
        .await
        .is_problem(409, "already_exists");
    assert_eq!(table.blocking(&world).await, Vec::<String>::new());
    assert!(table.waiting(&world, by).await.is_empty());

    // Published by two; it says who approved it, and not who did not.
    let edition = table.published(&world).await;
    assert_eq!(edition["acted_alone"], false);
    let names: Vec<&Value> =
        edition["approved_by"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["A network of refugees", "A union of seafarers"]);
    assert_eq!(edition["approved_by"][0]["on"], "2020-10-01");
    let round = world.get(Some(by), &format!("/api/v1/clearance-rounds/{}", id(&round))).await.json;
    assert!(round["closed_at"].is_string(), "{round}");
    let late = json!({ "kind": "comments" });
    table.say(&world, bea, late).await.is_problem(409, "invalid_transition");

    let minutes = world.get(Some(by), &table.of("clearance/minutes")).await.json["minutes"].clone();
    let told: Vec<String> = minutes
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let who = one["party"]["organization"]["name"].as_str().unwrap_or_default();
            format!("{} {who}", one["kind"].as_str().unwrap()).trim().to_owned()
        })
        .collect();
    assert_eq!(
        told,
        [
            "to_clearance",
            "round_opened",
            "asked A network of refugees",
            "asked A union of seafarers",
            "asked A house of law",
            "agreed A network of refugees",
            "comment_answered A network of refugees",
            "objected A union of seafarers",
            "commented A house of law",
            "back_to_drafting",
            "to_clearance",
            "agreed A network of refugees",
            "took_back A union of seafarers",
            "agreed A union of seafarers",
            "objected A house of law",
            "overridden A house of law",
            "round_closed",
            "published",
        ],
        "{minutes}"
    );
    let page = world
        .get(None, &format!("/reports/{}", table.desk.report.rsplit('/').next().unwrap()))
        .await
        .text;
    let approval = page.split_once(">Approval<").unwrap().1;
    assert!(approval.contains("A union of seafarers") && !approval.contains("A house of law"));
    assert!(!page.contains("by one person alone"));

    // A corrigendum is cleared as well: somebody is asked anew, for what differs.
    table.go(&world, "drafting").await;
    table.write(&world, by, &table.other, "Registers often help.").await;
    table.go(&world, "clearance").await;
    // The objection was to the draft as a whole, which reads otherwise now: that it was overridden has lapsed.
    assert_eq!(table.blocking(&world).await, ["no_clearance_round", "objection_stands"]);
    table.opened(&world).await;
    let left = table.left(&world, bea).await;
    assert_eq!(left.iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&table.other["id"]]);
    let listed = world.get(Some(by), &table.of("clearance/overrides")).await.json;
    assert_eq!(listed["items"][0]["holds"], false, "{listed}");
});

/// Something happens after what happened before.
fn a_moment(world: &World) {
    world.app.clock.advance(chrono::Duration::seconds(1));
}

on_both!(who_acts_alone_is_told_in_public, |world: World| async move {
    let walk = until_clearance(&world, "Asha Example", "Example Foundation").await;
    // A person is named only who asks for it.
    let told = |report: &Value, action: &str| {
        report["allowed_actions"].as_array().unwrap().iter().any(|one| one == action)
    };
    let before = world.get(Some(&walk.secretariat), &walk.report).await.json;
    assert!(told(&before, "open_clearance_round"), "{before}");
    world.clear(&walk.secretariat, &walk.report).await;
    let before = world.get(Some(&walk.secretariat), &walk.report).await.json;
    assert!(!told(&before, "open_clearance_round"), "{before}");
    let named = json!({ "kind": "comments", "unnamed": false });
    world.make(&walk.secretariat, &format!("{}/clearance/positions", walk.report), named).await;
    let done = publish(&world, &walk, &walk.report, "ESCAP/GCM/2020/1").await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert_eq!(done.json["outcome"]["acted_alone"], true);
    assert_eq!(done.json["outcome"]["approved_by"][0]["name"], "Sari Secretariat");
    let listed = world.get(None, &format!("{}/editions", walk.report)).await.json;
    assert_eq!(listed["items"][0]["acted_alone"], true);
    let page = format!("/reports/{}", walk.report.rsplit('/').next().unwrap());
    assert!(world.get(None, &page).await.text.contains("by one person alone"));
});

on_both!(comments_come_back_in_a_table, |world: World| async move {
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    let (bea, path) = (&table.bodies[1].members[0], table.of("clearance/template"));
    let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let file = world
        .client
        .get(format!("{}{path}", world.base))
        .bearer_auth(&bea.token)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (file.status().as_u16(), file.headers()["content-type"].to_str().unwrap()),
        (200, xlsx)
    );
    let file = file.bytes().await.unwrap();
    let word = world.get(Some(bea), &format!("{path}?format=docx")).await;
    assert_eq!(word.status, 200);
    // As it went out it says nothing.
    let empty = upload(&world, bea, &path, xlsx, file.to_vec()).await;
    assert_eq!(
        (empty.status, &empty.json["comments"], &empty.json["errors_total"]),
        (200, &json!(0), &json!(0)),
        "{}",
        empty.text
    );
    assert!(empty.json["rows"].as_u64().unwrap() > 2);

    let csv = |rows: &[(String, &str, &str)]| {
        let rows = rows.iter().map(|(of, comment, wording)| format!("{of},{comment},{wording}\n"));
        format!("reference,comment,suggested_wording\n{}", rows.collect::<String>())
    };
    let of = |one: &Value| format!("{}/1", id(one));
    let long = "x".repeat(5001);
    let wrong = csv(&[
        (of(&table.own), "Which fees?", ""),
        ("page 3".to_owned(), "And here?", ""),
        (of(&table.other), &long, "Registers help."),
        (String::new(), "", "Without a place."),
        (format!("{}/9", id(&table.own)), "Which version?", ""),
    ]);
    let dry = upload(&world, bea, &path, "text/csv", wrong.clone()).await;
    assert_eq!((dry.status, &dry.json["good"]), (200, &json!(1)), "{}", dry.text);
    let errors: Vec<(u64, &str)> = dry.json["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["row"].as_u64().unwrap(), one["column"].as_str().unwrap()))
        .collect();
    assert_eq!(
        errors,
        [
            (3, "reference"),
            (4, "comment"),
            (4, "suggested_wording"),
            (5, "suggested_wording"),
            (6, "reference")
        ]
    );
    let real = format!("{path}?dry_run=false");
    upload(&world, bea, &real, "text/csv", wrong).await.is_problem(422, "invalid_value");
    let listed =
        async || world.get(Some(bea), &table.of("clearance/comments")).await.json["items"].clone();
    assert_eq!(listed().await, json!([]), "all or none");
    let right = csv(&[
        (of(&table.own), "Which fees?", "Fees for passports differ."),
        (String::new(), "On the whole well put.", ""),
        (of(&table.other), "", ""),
    ]);
    upload(&world, table.by(), &real, "text/csv", right.clone()).await.is_problem(403, "forbidden");
    let taken = upload(&world, bea, &real, "text/csv", right).await;
    assert_eq!(
        (&taken.json["comments"], &taken.json["suggestions"]),
        (&json!(2), &json!(1)),
        "{}",
        taken.text
    );
    assert_eq!(listed().await.as_array().unwrap().len(), 2);
    let open = async |who: &Person| {
        world.get(Some(who), &table.of("suggestions?state=open")).await.json["items"].clone()
    };
    assert_eq!(open(table.by()).await, json!([]), "its body has said nothing");
    assert_eq!(open(bea).await[0]["text"], "Fees for passports differ.");
    table.say(&world, bea, json!({ "kind": "comments" })).await;
    assert_eq!(open(table.by()).await[0]["text"], "Fees for passports differ.");
});

on_both!(a_swap_takes_back_agreement_to_the_order_and_to_nothing_else, |world: World| async move {
    let table = Table::laid(&world).await;
    table.go(&world, "drafting").await;
    let second = table.desk.add(&world, &table.desk.own, "Offices differ, too.", &[]).await;
    let reason = json!({ "editorial_reason": "It leads over to the next paragraph." });
    let path = paragraph(&second);
    let now = version(&world.get(Some(table.by()), &path).await.json);
    world.change(table.by(), Method::PATCH, &path, now, reason).await;
    table.go(&world, "clearance").await;
    table.opened(&world).await;
    let bea = &table.bodies[1].members[0];
    let text = table.text(&world, bea).await;
    let section = id(&table.desk.own).to_owned();
    let order = text["portions"].as_array().unwrap().iter().find(|one| id(one) == section).unwrap();
    let lines = format!("\n\n[](#{})\n[](#{})", id(&table.own), id(&second));
    assert_eq!(order["kind"], "section");
    assert!(order["text"].as_str().unwrap().ends_with(&lines), "{order}");
    table.agree(&world, bea).await;
    assert!(table.left(&world, bea).await.is_empty());

    table.go(&world, "drafting").await;
    let now = version(&world.get(Some(table.by()), &path).await.json);
    let first = json!({ "section_id": section, "position": 1 });
    world.change(table.by(), Method::POST, &format!("{path}/move"), now, first).await;
    let left = table.left(&world, bea).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!((id(&left[0]), &left[0]["changed"]), (section.as_str(), &json!(true)));
    // What differs is told by numbers.
    let words = left[0]["words"].to_string();
    assert!(words.contains("insert") && !words.contains("[](#"), "{words}");
    table.agree(&world, bea).await;
    assert!(table.left(&world, bea).await.is_empty());
    // A change of words is none of the order.
    table.write(&world, table.by(), &table.own, "Fees vary widely.").await;
    let left = table.left(&world, bea).await;
    assert_eq!((left.len(), id(&left[0])), (1, id(&table.own)));
});

on_both!(what_a_member_suggests_others_see_once_its_body_has_spoken, |world: World| async move {
    let table = Table::laid(&world).await;
    let [ann, abe] = &table.bodies[0].members[..] else { panic!() };
    let paths = format!("{}/suggestions", paragraph(&table.own));
    let suggestion = |text: &str| json!({ "kind": "replace", "made_from": 1, "text": text, "comment": "Why not?" });
    // Whoever is not asked yet speaks for themselves.
    let early = world.make(ann, &paths, suggestion("Fees vary.")).await;
    assert_eq!((&early["party_id"], early["released_at"].is_string()), (&Value::Null, true));
    table.opened(&world).await;
    let made = world.make(ann, &paths, suggestion("Fees differ a lot.")).await;
    assert_eq!((made["party_id"].is_string(), &made["released_at"]), (true, &Value::Null));
    let one = format!("/api/v1/suggestions/{}", id(&made));
    let listed = async |who: &Person| {
        let listed = world.get(Some(who), &table.of("suggestions?state=open")).await.json;
        listed["items"].as_array().unwrap().len()
    };
    let others = [table.by(), &table.rapporteur, &table.deputy, &table.bodies[1].members[0]];
    for other in others {
        world.get(Some(other), &one).await.is_problem(404, "not_found");
        assert_eq!(listed(other).await, 1);
    }
    let waits = table.waiting(&world, table.by()).await;
    assert_eq!(waits.iter().filter(|one| one["code"] == "suggestion_open").count(), 1);
    let (comments, decision) = (format!("{one}/comments"), format!("{one}/decision"));
    world.post(table.by(), &comments, json!({ "text": "?" })).await.is_problem(404, "not_found");
    let accept = Request::new(Method::POST, &decision).by(Some(table.by())).version(1);
    let accept = world.send(accept.body(json!({ "decision": "reject" }))).await;
    accept.is_problem(404, "not_found");
    // Members consolidate: they see it, talk about it and take it back.
    assert_eq!(listed(abe).await, 2);
    world.make(abe, &comments, json!({ "text": "Better so." })).await;
    let seen = world.get(Some(abe), &one).await.json;
    assert_eq!(seen["allowed_actions"], json!(["comment"]));
    let slip = world.make(ann, &paths, suggestion("A slip.")).await;
    let path = format!("/api/v1/suggestions/{}/decision", id(&slip));
    world.change(ann, Method::POST, &path, 1, json!({ "decision": "withdraw" })).await;
    // For a party that is somebody else's nobody suggests anything.
    let theirs = table.mine(&world, &table.bodies[1].members[0]).await;
    let mut foreign = suggestion("For others.");
    foreign["party_id"] = theirs["parties"][0]["party"]["id"].clone();
    let refused = world.post(ann, &paths, foreign).await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("/party_id");

    let said = table.say(&world, ann, json!({ "kind": "comments" })).await.json;
    world.get(Some(table.by()), &one).await.is_problem(404, "not_found");
    assert_eq!(table.decide(&world, abe, &said, "confirm").await.status, 200);
    let seen = world.get(Some(table.by()), &one).await.json;
    assert!(seen["released_at"].is_string(), "{seen}");
    assert_eq!(seen["comments"].as_array().unwrap().len(), 2);
    table.go(&world, "drafting").await;
    world.change(table.by(), Method::POST, &decision, 1, json!({ "decision": "accept" })).await;
});

on_both!(agreement_is_to_exactly_what_was_read, |world: World| async move {
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    let bea = &table.bodies[1].members[0];
    let read = table.text(&world, bea).await;
    let portions = read["portions"].as_array().unwrap();
    let own = portions.iter().find(|one| one["id"] == table.own["id"]).unwrap();
    assert_eq!(portions[0]["kind"], "first_page");
    assert!(own["text"].as_str().unwrap().ends_with("\n\nFees differ widely."), "{own}");
    for one in portions {
        let digest = rapporteur_digest(one["text"].as_str().unwrap());
        assert_eq!(one["sha256"], json!(digest), "{one}");
    }
    let lines: String = portions
        .iter()
        .map(|one| format!("{} {}\n", id(one), one["sha256"].as_str().unwrap()))
        .collect();
    assert_eq!(read["sha256"], json!(rapporteur_digest(&lines)));

    table.go(&world, "drafting").await;
    table.write(&world, table.by(), &table.own, "Fees vary widely.").await;
    let all = json!({ "kind": "agreement", "sha256": read["sha256"] });
    let stale = table.say(&world, bea, all).await;
    stale.is_problem(409, "text_changed");
    let some = json!({ "kind": "agreement", "portions": [
        { "id": table.other["id"], "sha256": portions.iter().find(|one| one["id"] == table.other["id"]).unwrap()["sha256"] },
        { "id": own["id"], "sha256": own["sha256"] },
    ] });
    let stale = table.say(&world, bea, some).await;
    stale.is_problem(409, "text_changed");
    stale.points_to("/portions/1/sha256");
    assert_eq!(stale.json["errors"].as_array().unwrap().len(), 1, "{}", stale.text);
    assert_eq!(table.left(&world, bea).await.len(), portions.len(), "nothing was agreed to");

    let nowhere = json!({ "id": table.bodies[0].id, "sha256": own["sha256"] });
    let twice = json!([{ "id": own["id"], "sha256": own["sha256"] }, { "id": own["id"], "sha256": own["sha256"] }, nowhere]);
    let wrong = table.say(&world, bea, json!({ "kind": "agreement", "portions": twice })).await;
    wrong.is_problem(422, "invalid_value");
    wrong.points_to("/portions/1/id");
    wrong.points_to("/portions/2/id");

    // That a paragraph goes is a change, too, and is agreed to as such.
    table.agree(&world, bea).await;
    let path = paragraph(&table.other);
    let now = version(&world.get(Some(table.by()), &path).await.json);
    let request = Request::new(Method::DELETE, &path).by(Some(table.by())).version(now);
    assert_eq!(world.send(request).await.status, 204);
    let left = table.left(&world, bea).await;
    let gone = left.iter().find(|one| one["id"] == table.other["id"]).unwrap();
    assert_eq!((&gone["kind"], &gone["text"]), (&json!("gone"), &json!("")));
    assert_eq!(gone["words"][0]["op"], "delete");
    // And what it was the last of under its heading: the sections that are left stand otherwise.
    assert!(left.iter().all(|one| one["id"] != table.own["id"]), "{left:?}");
    table.agree(&world, bea).await;
    assert!(table.left(&world, bea).await.is_empty());
    // Under another heading it says something else.
    let now = version(&world.get(Some(table.by()), &paragraph(&table.own)).await.json);
    let moved = json!({ "section_id": table.desk.other["id"], "position": 1 });
    world
        .change(table.by(), Method::POST, &format!("{}/move", paragraph(&table.own)), now, moved)
        .await;
    assert_eq!(table.left(&world, bea).await.len(), 1);
});

/// SHA-256 in hexadecimal digits.
fn rapporteur_digest(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

on_both!(nobody_agrees_to_a_text_that_changes_meanwhile, |world: World| async move {
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    table.go(&world, "drafting").await;
    let bea = &table.bodies[1].members[0];
    for turn in 0..12 {
        let read = table.text(&world, bea).await;
        let path = paragraph(&table.own);
        let now = version(&world.get(Some(table.by()), &path).await.json);
        let text = json!({ "text": format!("Fees differ, turn {turn}.") });
        let change =
            Request::new(Method::PATCH, &path).by(Some(table.by())).version(now).body(text);
        let (agreed, changed) = tokio::join!(
            table.say(&world, bea, json!({ "kind": "agreement", "sha256": read["sha256"] })),
            world.send(change),
        );
        assert_eq!(changed.status, 200, "{}", changed.text);
        assert!([201, 409].contains(&agreed.status), "{}", agreed.text);
        let left = table.left(&world, bea).await;
        // Whoever came first: the new text is agreed to by nobody.
        assert!(left.iter().any(|one| one["id"] == table.own["id"]), "turn {turn}: {left:?}");
        if agreed.status == 201 {
            assert_eq!(left.len(), 1, "all that was read is agreed to, and it alone: {left:?}");
        }
    }
});

on_both!(each_role_sees_what_is_theirs, |world: World| async move {
    let table = Table::laid(&world).await;
    let round = table.opened(&world).await;
    let outsider = world.person("Ola Outside");
    let cal = &table.bodies[2].members[0];
    let said = table.say(&world, cal, json!({ "kind": "comments" })).await;
    assert_eq!(said.status, 201, "{}", said.text);
    for what in [
        "clearance/rounds",
        "clearance/text",
        "clearance/mine",
        "clearance/positions",
        "clearance/comments",
        "clearance/overrides",
        "waiting",
    ] {
        let path = table.of(what);
        world.get(Some(&outsider), &path).await.is_problem(404, "not_found");
        world.get(None, &path).await.is_problem(404, "not_found");
        for who in [table.by(), &table.rapporteur, cal, &table.deputy] {
            assert_eq!(world.get(Some(who), &path).await.status, 200, "{path}");
        }
    }
    for path in [
        format!("/api/v1/clearance-rounds/{}", id(&round)),
        format!("/api/v1/clearance-positions/{}", id(&said.json)),
    ] {
        world.get(Some(&outsider), &path).await.is_problem(404, "not_found");
    }
    // Whoever is not asked says nothing, drafters neither.
    for who in [table.by(), &table.rapporteur, &table.deputy] {
        table.say(&world, who, json!({ "kind": "comments" })).await.is_problem(403, "forbidden");
        let comment = json!({ "text": "Why?" });
        world
            .post(who, &table.of("clearance/comments"), comment)
            .await
            .is_problem(403, "forbidden");
        assert_eq!(table.mine(&world, who).await["parties"], json!([]));
    }
    // A body that does not co-organize, a person who may not read, a day that is over: all are named.
    let paths = table.of("clearance/rounds");
    let wrong = json!({ "ends_on": "2020-10-12", "asked": [{ "account_id": outsider.id, "needed": true }] });
    world.post(table.by(), &paths, wrong).await.is_problem(409, "already_exists");
    let asked = format!("/api/v1/clearance-rounds/{}/asked", id(&round));
    let ask = async |body: Value, seen: i64| {
        let request = Request::new(Method::POST, &asked).by(Some(table.by())).version(seen);
        world.send(request.body(json!({ "asked": body }))).await
    };
    let refused = ask(
        json!([
            { "account_id": outsider.id, "needed": true },
            { "organization_id": table.desk.scene.review["id"], "needed": true },
            { "needed": true },
        ]),
        1,
    )
    .await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("/asked/2");
    let refused = ask(json!([{ "account_id": outsider.id, "needed": true }, { "organization_id": outsider.id, "needed": true }]), 1).await;
    refused.points_to("/asked/0/account_id");
    refused.points_to("/asked/1/organization_id");
    let twice = ask(json!([{ "organization_id": table.bodies[0].id, "needed": true }]), 1).await;
    twice.is_problem(409, "already_exists");
    // Another one is asked; the day is moved; at last it is closed, and what is needed stays needed.
    let more = ask(json!([{ "account_id": table.deputy.id, "needed": true }]), 1).await;
    assert_eq!(
        (more.status, more.json["asked"].as_array().unwrap().len()),
        (200, 4),
        "{}",
        more.text
    );
    ask(json!([{ "account_id": table.rapporteur.id, "needed": true }]), 1)
        .await
        .is_problem(412, "version_mismatch");
    let path = format!("/api/v1/clearance-rounds/{}", id(&round));
    let moved =
        world.change(cal, Method::PATCH, &path, 2, json!({ "ends_on": "2020-10-20" })).await;
    assert_eq!(moved["ends_on"], "2020-10-20");
    let early = Request::new(Method::PATCH, &path)
        .by(Some(cal))
        .version(3)
        .body(json!({ "ends_on": "2020-09-20" }));
    world.send(early).await.is_problem(422, "invalid_value");
    let close = Request::new(Method::POST, &format!("{path}/close")).by(Some(cal)).version(3);
    assert_eq!(world.send(close).await.status, 200);
    assert_eq!(table.blocking(&world).await.len(), 3);
    table
        .say(&world, cal, json!({ "kind": "comments" }))
        .await
        .is_problem(409, "invalid_transition");
    // An agreement that is missing is overridden for as long as the draft reads the same.
    for one in more.json["asked"].as_array().unwrap() {
        let body = json!({ "party_id": id(&one["party"]), "reason": "They were asked twice." });
        let made = world.post(table.by(), &table.of("clearance/overrides"), body).await;
        assert_eq!(made.status, if one["needed"] == true { 201 } else { 422 }, "{}", made.text);
    }
    assert!(table.blocking(&world).await.is_empty());
    // What waits in the review is what its reports tell, as far as one may read them.
    let review = format!("/api/v1/reviews/{}/waiting", id(&table.desk.scene.review));
    assert_eq!(world.get(Some(&outsider), &review).await.json["waiting"], json!([]));
    world.get(None, &review).await.is_problem(401, "unauthenticated");
    let second = world.person_with("Sol Second", Role::Secretariat, ScopeKind::Instance, "");
    let told = world.get(Some(&second), &review).await.json["waiting"].clone();
    assert_eq!(told, json!(table.waiting(&world, &second).await));
});

on_both!(whoever_has_not_answered_is_reminded_at_a_fixed_hour, |world: World| async move {
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    let cal = &table.bodies[2].members[0];
    table.agree(&world, cal).await;
    let admin = table.desk.administrator.clone();
    let mails = async || {
        let admin = world.signed_in_again(&admin);
        let sent =
            world.get(Some(&admin), "/api/v1/outbox?template=clearance_waits&limit=200").await;
        let mut to: Vec<String> = sent.json["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["recipient"].as_str().unwrap().to_owned())
            .collect();
        to.sort();
        to
    };
    let at = async |hours: i64| {
        world.app.clock.advance(chrono::Duration::hours(hours));
        rapporteur::worker::clear(&world.app).await.unwrap();
        rapporteur::worker::clear(&world.app).await.unwrap();
    };
    // Asked at 10:00 in Bangkok: nothing is mailed before 08:00 of the next day.
    at(0).await;
    assert!(mails().await.is_empty());
    at(22).await;
    let first = ["abe.two@example.org", "ann.one@example.org", "bea.three@example.org"];
    assert_eq!(mails().await, first);
    // Day by day: 2 October was the first; the 9th, the 11th and the 13th follow, each once.
    let mut days = Vec::new();
    for day in 3..=14 {
        let before = mails().await.len();
        at(24).await;
        if mails().await.len() > before {
            assert_eq!(mails().await.len(), before + 3);
            days.push(day);
        }
    }
    assert_eq!(days, [9, 11, 13]);
    let admin = world.signed_in_again(&admin);
    let sent = world.get(Some(&admin), "/api/v1/outbox?template=clearance_waits").await.json;
    let one = format!("/api/v1/outbox/{}", id(&sent["items"][0]));
    let body = world.get(Some(&admin), &one).await.text;
    assert!(!body.contains("Fees"), "nothing of what stands in it: {body}");
});

on_both!(a_body_that_is_merged_into_another_entry_is_asked_still, |world: World| async move {
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    let bea = &table.bodies[1].members[0];
    table.agree(&world, bea).await;
    let entry = json!({ "name": "A union of fishers", "sector": "civil_society", "country": "TH" });
    let entry = world.make(table.by(), "/api/v1/organizations", entry).await;
    let body = format!("/api/v1/organizations/{}", table.bodies[1].id);
    let now = version(&world.get(Some(table.by()), &body).await.json);
    let into = json!({ "into": id(&entry) });
    world.change(table.by(), Method::POST, &format!("{body}/merge"), now, into).await;
    let mine = table.mine(&world, bea).await;
    assert_eq!(mine["parties"][0]["party"]["organization"]["name"], "A union of fishers");
    // What it agreed to holds, but for the paragraph that names the co-organizers: that reads otherwise now.
    let left = mine["parties"][0]["left"].as_array().unwrap();
    assert_eq!(left.len(), 1, "{mine}");
    assert!(left[0]["text"].as_str().unwrap().contains("A union of fishers"), "{mine}");
    // Somebody who was asked by name and is erased is nobody: whoever publishes goes on without them.
    let asked = json!({ "asked": [{ "account_id": table.rapporteur.id, "needed": true }] });
    let rounds = world.get(Some(table.by()), &table.of("clearance/rounds")).await.json;
    let round = format!("/api/v1/clearance-rounds/{}", id(&rounds["items"][0]));
    let asked = world.change(table.by(), Method::POST, &format!("{round}/asked"), 1, asked).await;
    let work = |work: &mut rapporteur::work::Work| {
        rapporteur::reports::clearance::service::hand_over(work, table.rapporteur.id, None)
    };
    world.app.write_blocking(&rapporteur::work::Credentials::Operator, work).unwrap();
    let party = asked["asked"].as_array().unwrap().last().unwrap()["party"].clone();
    assert_eq!(party["person"]["account_id"], json!(table.rapporteur.id));
    let read = world.get(Some(table.by()), &round).await.json;
    assert_eq!(read["asked"].as_array().unwrap().last().unwrap()["party"]["person"], Value::Null);
    let despite = json!({ "party_id": party["id"], "reason": "They have left." });
    world.make(table.by(), &table.of("clearance/overrides"), despite).await;
});
