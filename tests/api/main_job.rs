//! The main job, walked over HTTP as each person in it: from the open call to a published report and the conference room
//! paper over it. `privacy.rs` walks the same way with planted names.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::harness::{Answer, Person, Request, World, id, registration};
use crate::inputs::Scene;
use crate::on_both;
use crate::plans::proposed;

/// What the walk leaves behind.
pub struct Walk {
    pub secretariat: Person,
    pub rapporteur: Person,
    pub participants: Vec<Person>,
    pub review: Value,
    pub consultation: Value,
    pub groups: Vec<Value>,
    /// The receipt of each participant who is confirmed.
    pub receipts: Vec<String>,
    /// Every input, and who said it or, where it was said in the room, recorded it. Nobody but the test knows.
    pub inputs: Vec<(Value, Person)>,
    pub report: String,
    pub paper: String,
}

impl Walk {
    fn base(&self) -> String {
        format!("/api/v1/consultations/{}", id(&self.consultation))
    }

    /// Everybody with a token of now, since the clock was moved.
    fn sign_in_again(&mut self, world: &World) {
        let team = [&mut self.secretariat, &mut self.rapporteur];
        for person in team.into_iter().chain(&mut self.participants) {
            *person = world.signed_in_again(person);
        }
    }
}

fn version(value: &Value) -> i64 {
    value["version"].as_i64().unwrap_or_else(|| panic!("no version in {value}"))
}

async fn current(world: &World, person: &Person, path: &str) -> i64 {
    version(&world.get(Some(person), path).await.json)
}

/// Set-up, open call, registration and confirmation. The first participant is called `name` and belongs to an organization of theirs.
async fn until_confirmed(world: &World, name: &str, organization: &str) -> Walk {
    let (secretariat, review, consultation) = world.consultation(Some(13), "vetted").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let mut groups = Vec::new();
    for (number, clusters) in
        [(1, json!([[4], [8], [21]])), (2, json!([[9, 10]])), (3, json!([[11, 13]]))]
    {
        let body = json!({ "number": number, "clusters": clusters, "min_size": 3, "max_size": 6, "languages": ["en"] });
        groups.push(world.make(&secretariat, &format!("{base}/working-groups"), body).await);
    }
    for (number, start, end) in [(1, "04:30", "05:35"), (2, "05:45", "06:45")] {
        let body = json!({ "number": number, "starts_at": format!("2020-11-19T{start}:00Z"), "ends_at": format!("2020-11-19T{end}:00Z") });
        let round = world.make(&secretariat, &format!("{base}/rounds"), body).await;
        let body = json!({
            "kind": "working_groups", "title": format!("Working groups, round {number}"), "round_id": round["id"],
            "starts_at": round["starts_at"], "ends_at": round["ends_at"], "note": "Each group meets twice."
        });
        world.make(&secretariat, &format!("{base}/sessions"), body).await;
    }
    let participants: Vec<Person> = (0..14)
        .map(|number| {
            world.person(&if number == 0 {
                name.to_owned()
            } else {
                format!("Walker Example {number}")
            })
        })
        .collect();
    let body = json!({ "name": organization, "sector": "civil_society", "country": "NP" });
    let organization = world.make(&participants[0], "/api/v1/organizations", body).await;
    let path = format!("/api/v1/organizations/{}/vetting", id(&organization));
    world
        .change(
            &secretariat,
            Method::POST,
            &path,
            version(&organization),
            json!({ "to": "vetted" }),
        )
        .await;
    let body = json!({ "organization_id": organization["id"], "kind": "stakeholder" });
    let unplanted = world
        .make(
            &participants[1],
            "/api/v1/organizations",
            json!({ "name": "Example Union", "sector": "trade_unions", "country": "PH" }),
        )
        .await;
    world
        .make(
            &secretariat,
            &format!("{base}/co-organizers"),
            json!({ "organization_id": unplanted["id"], "kind": body["kind"] }),
        )
        .await;

    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    for (number, person) in participants.iter().enumerate() {
        let mut body = registration("academia", ["TH", "IN", "FJ", "JP"][number % 4]);
        body["preferences"] = json!([groups[number % 3]["id"]]);
        if number == 0 {
            body["organization_id"] = organization["id"].clone();
            body["sector"] = json!("civil_society");
        }
        let registered = world.make(person, &format!("{base}/registrations"), body).await;
        assert_eq!(registered["state"], "submitted");
        let path = format!("/api/v1/registrations/{}/decision", id(&registered));
        let decided = world
            .change(
                &secretariat,
                Method::POST,
                &path,
                version(&registered),
                json!({ "decision": "confirm" }),
            )
            .await;
        assert_eq!(decided["state"], if number < 13 { "confirmed" } else { "waitlisted" });
    }
    let rapporteur = participants[12].clone();
    Walk {
        secretariat,
        rapporteur,
        participants,
        review,
        consultation,
        groups,
        receipts: Vec::new(),
        inputs: Vec::new(),
        report: String::new(),
        paper: String::new(),
    }
}

/// Hosts, plan, plan applied; asserts what an assignment must be.
async fn assign(world: &World, walk: &Walk) {
    let host = json!({ "account_id": walk.rapporteur.id, "role": "rapporteur" });
    world
        .make(
            &walk.secretariat,
            &format!("/api/v1/working-groups/{}/hosts", id(&walk.groups[0])),
            host,
        )
        .await;
    world.phases(&walk.secretariat, id(&walk.consultation), &["registration_closed"]).await;
    let plan = proposed(world, &walk.secretariat, &walk.base(), json!({})).await;
    assert_eq!(plan["unmet"], json!([]), "{plan}");
    let seed = json!({ "seed": plan["seed"] });
    let again = proposed(world, &walk.secretariat, &walk.base(), seed).await;
    assert_eq!(again["placements"], plan["placements"], "the same data, the same plan");
    let apply = format!("/api/v1/assignment-plans/{}/apply", id(&plan));
    let request =
        Request::new(Method::POST, &apply).by(Some(&walk.secretariat)).version(version(&plan));
    let applied = world.send(request).await;
    assert_eq!(
        (applied.status, &applied.json["state"]),
        (200, &json!("applied")),
        "{}",
        applied.text
    );

    let seats =
        world.get(Some(&walk.secretariat), &format!("{}/assignments?limit=200", walk.base())).await;
    let seats = seats.json["items"].as_array().unwrap();
    assert_eq!(seats.len(), 26, "13 people in two rounds");
    let (mut sizes, mut been): (BTreeMap<_, usize>, BTreeMap<_, BTreeSet<_>>) = Default::default();
    for seat in seats {
        let of = |field: &str| seat[field].as_str().unwrap().to_owned();
        *sizes.entry((of("round_id"), of("working_group_id"))).or_default() += 1;
        been.entry(of("registration_id")).or_default().insert(of("working_group_id"));
    }
    assert_eq!(sizes.len(), 6);
    assert!(sizes.values().all(|size| (4..=5).contains(size)), "{sizes:?}");
    let twice = been.values().filter(|groups| groups.len() == 1).count();
    assert_eq!(twice, 1, "only the rapporteur stays in one group");
}

/// Inputs of people, by receipt, and of the rapporteur, triaged.
async fn contribute(world: &World, walk: &mut Walk) {
    world.phases(&walk.secretariat, id(&walk.consultation), &["in_session"]).await;
    let path = format!("/api/v1/reviews/{}/input-categories", id(&walk.review));
    let categories = world.get(None, &path).await.json["items"].clone();
    let category = |code: &str| {
        let found = categories.as_array().unwrap().iter().find(|category| category["code"] == code);
        found.unwrap()["id"].clone()
    };
    let rounds = world.get(Some(&walk.secretariat), &format!("{}/rounds", walk.base())).await.json
        ["items"]
        .clone();
    let scene = Scene {
        secretariat: walk.secretariat.clone(),
        review: walk.review.clone(),
        consultation: walk.consultation.clone(),
        category: categories[0].clone(),
        group: walk.groups[0].clone(),
        other_group: walk.groups[1].clone(),
        round: rounds[0].clone(),
        path: format!("{}/inputs", walk.base()),
    };
    for person in &walk.participants[..13] {
        walk.receipts.push(scene.receipt(world, person).await);
    }
    let said = |objectives: Value, code: &str, body: &str| json!({ "objectives": objectives, "category_id": category(code), "body": body, "language": "en" });
    let mut written = Vec::new();
    for (number, (objectives, code)) in [
        (json!([4]), "overall_progress"),
        (json!([4]), "key_challenges"),
        (json!([4]), "covid_19"),
        (json!([4]), "good_practices"),
        (json!([4]), "recommendations"),
        (json!([11, 13]), "key_challenges"),
        (json!([11]), "recommendations"),
        (json!([13]), "recommendations"),
    ]
    .into_iter()
    .enumerate()
    {
        let body = format!("What was said on {code}, the {number}th time.");
        written.push((number % 5, said(objectives, code, &body)));
    }
    // Two are off the subject, and will be set aside.
    for (by, body) in [(3, "Off the subject."), (4, "Off the subject, too.")] {
        written.push((by, said(json!([8]), "key_challenges", body)));
    }
    for (by, said) in &written {
        scene.contribute(world, &walk.receipts[*by], said.clone()).await;
    }
    scene.next_mixing(world);
    walk.sign_in_again(world);
    let mut inputs = Vec::new();
    for (by, said) in &written {
        let own = scene.own(world, &walk.receipts[*by]).await;
        let mut own = own["contributions"].as_array().unwrap().iter();
        let own = own.find(|one| one["said"]["body"] == said["body"]).unwrap();
        let path = format!("/api/v1/inputs/{}", id(own));
        let input = world.get(Some(&walk.secretariat), &path).await.json;
        inputs.push((input, walk.participants[*by].clone()));
    }
    let aside = inputs.split_off(8);
    let decision = |input: &Value| format!("/api/v1/inputs/{}/decision", id(input));
    for (input, _) in &aside {
        let body = json!({ "decision": "set_aside", "reason_code": "other_objectives" });
        world.change(&walk.secretariat, Method::POST, &decision(input), version(input), body).await;
    }
    // One is returned with a question and answered, before the last window is over; the rest are accepted.
    let asked = &mut inputs[1].0;
    let body = json!({ "decision": "return", "question": "In which country?" });
    world.change(&walk.secretariat, Method::POST, &decision(asked), version(asked), body).await;
    let mut answer = written[1].1.clone();
    answer["body"] = json!("In several countries, papers cost a month's wage.");
    let path = format!("contributions/{}", id(asked));
    let receipt = &walk.receipts[written[1].0];
    let answered = scene.by_receipt(world, receipt, Method::PUT, &path, Some(answer)).await;
    assert_eq!(answered.status, 200, "{}", answered.text);
    scene.mix_all(world);
    walk.sign_in_again(world);
    let path = format!("/api/v1/inputs/{}", id(asked));
    *asked = world.get(Some(&walk.secretariat), &path).await.json;
    let mut recorded = scene.spoken("What was said on key_challenges, the 8th time.");
    recorded["objectives"] = json!([4]);
    recorded["category_id"] = category("key_challenges");
    let recorded = world.make(&walk.rapporteur, &scene.path, recorded).await;
    inputs.push((recorded, walk.rapporteur.clone()));
    walk.inputs = inputs;
    for (input, _) in &mut walk.inputs {
        let by = if input["origin"] == "group" { &walk.rapporteur } else { &walk.secretariat };
        *input = world
            .change(
                by,
                Method::POST,
                &decision(input),
                version(input),
                json!({ "decision": "accept" }),
            )
            .await;
    }
    walk.inputs.extend(aside);
}

/// The sections of an outline, flat.
fn sections(outline: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for section in outline["sections"].as_array().unwrap() {
        found.push(section.clone());
        found.extend(sections(section));
    }
    found
}

async fn draft(world: &World, walk: &mut Walk) -> Vec<Value> {
    world.phases(&walk.secretariat, id(&walk.consultation), &["synthesis"]).await;
    let released = json!({ "occasion": "after_event" });
    let released =
        world.make(&walk.secretariat, &format!("{}/figure-releases", walk.base()), released).await;
    assert_eq!(released["items"][0]["people"], 13, "{released}");
    let request =
        Request::new(Method::POST, &format!("{}/report", walk.base())).by(Some(&walk.secretariat));
    let opened = world.send(request).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    walk.report = format!("/api/v1/reports/{}", id(&opened.json));
    let outline =
        world.get(Some(&walk.secretariat), &format!("{}/outline", walk.report)).await.json;
    let sections = sections(&outline);
    let place = |kind: &str, objectives: Value, category: &str| {
        let wanted = |section: &&Value| {
            section["kind"] == kind
                && (objectives.is_null() || section["objectives"] == objectives)
                && (category.is_empty()
                    || section["category"]["code"] == category
                    || section["category"] == category)
        };
        sections
            .iter()
            .find(wanted)
            .unwrap_or_else(|| panic!("no {kind} {objectives} {category} in {outline}"))["id"]
            .clone()
    };
    let inputs = |places: &[usize]| {
        places.iter().map(|place| walk.inputs[*place].0["id"].clone()).collect::<Vec<_>>()
    };
    let mut drafted = Vec::new();
    for body in [
        json!({ "section_id": place("background", Value::Null, ""), "text": "The review takes stock.^[*General Assembly* resolution 73/195.]", "editorial_reason": "It tells the mandate of the review." }),
        json!({ "section_id": place("overall_progress", Value::Null, ""), "text": "A participant saw progress.", "inputs": inputs(&[0]) }),
        json!({ "section_id": place("category", json!([4]), "key_challenges"), "text": "Participants named the cost of papers.^[Fees differ.]", "inputs": inputs(&[1, 8]) }),
        json!({ "section_id": place("category", json!([4]), "covid_19"), "text": "A participant spoke of closed offices.", "inputs": inputs(&[2]) }),
        json!({ "section_id": place("category", json!([4]), "good_practices"), "text": "A city had joined its registers.", "inputs": inputs(&[3]) }),
        json!({ "section_id": place("category", json!([4]), "recommendations"), "text": "Fees should be waived.", "inputs": inputs(&[4]) }),
        json!({ "section_id": place("category", json!([11, 13]), "key_challenges"), "text": "Little was coordinated.", "inputs": inputs(&[5]) }),
        json!({ "section_id": place("category", json!([11, 13]), "recommendations"), "text": "Detention should end.", "inputs": inputs(&[7]), "objective": 13 }),
        json!({ "section_id": place("category", json!([11, 13]), "recommendations"), "text": "Officers should be trained.", "inputs": inputs(&[6]), "objective": 11 }),
    ] {
        drafted.push(world.add_paragraph(&walk.secretariat, &walk.report, body).await);
    }
    drafted
}

/// Proposes to publish what was cleared; where the secretariat is alone it is published.
pub async fn publish(world: &World, walk: &Walk, report: &str, symbol: &str) -> Answer {
    world.clear(&walk.secretariat, report).await;
    let body = json!({ "symbol": symbol });
    let version = current(world, &walk.secretariat, report).await;
    let request =
        Request::new(Method::POST, &format!("{report}/publish")).by(Some(&walk.secretariat));
    world.send(request.version(version).body(body)).await
}

async fn state(world: &World, walk: &Walk, report: &str, to: &str) {
    world.waive_findings(&walk.secretariat, report).await;
    let version = current(world, &walk.secretariat, report).await;
    world
        .change(
            &walk.secretariat,
            Method::POST,
            &format!("{report}/state"),
            version,
            json!({ "to": to, "reason": "It is a test." }),
        )
        .await;
}

/// The way until the report waits to be published.
pub async fn until_clearance(world: &World, name: &str, organization: &str) -> Walk {
    let mut walk = until_confirmed(world, name, organization).await;
    assign(world, &walk).await;
    contribute(world, &mut walk).await;
    draft(world, &mut walk).await;
    // Its report goes along.
    world.phases(&walk.secretariat, id(&walk.consultation), &["clearance"]).await;
    walk
}

/// The whole way, with the first participant and their organization named as given.
pub async fn walk(world: &World, name: &str, organization: &str) -> Walk {
    let mut walk = until_clearance(world, name, organization).await;
    let published = publish(world, &walk, &walk.report.clone(), "ESCAP/GCM/2020/1").await;
    assert_eq!(published.status, 200, "{}", published.text);
    let paper = format!("/api/v1/reviews/{}/papers", id(&walk.review));
    let paper = world
        .make(
            &walk.secretariat,
            &paper,
            json!({ "symbol": "ESCAP/GCM/2021/CRP.2", "dated_on": "2021-02-26" }),
        )
        .await;
    walk.paper = format!("/api/v1/reports/{}", id(&paper));
    state(world, &walk, &walk.paper.clone(), "clearance").await;
    let published = publish(world, &walk, &walk.paper.clone(), "ESCAP/GCM/2021/CRP.2").await;
    assert_eq!(published.status, 200, "{}", published.text);
    walk
}

on_both!(the_whole_way_from_open_call_to_conference_room_paper, |world: World| async move {
    let walk = walk(&world, "Asha Example", "Example Foundation").await;
    let edition = format!("{}/editions/1", walk.report);
    let frozen = world.get(None, &format!("{edition}.json")).await;
    assert_eq!(frozen.status, 200, "{}", frozen.text);
    let listed =
        world.get(None, &format!("{}/editions", walk.report)).await.json["items"][0].clone();
    let digest: String =
        Sha256::digest(frozen.text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(listed["sha256"], json!(digest), "the hash is over the bytes that are answered");

    let markdown = world.get(None, &format!("{edition}.md")).await.text;
    let numbers: Vec<u32> =
        markdown.lines().filter_map(|line| line.split_once("\\. ")?.0.parse().ok()).collect();
    assert_eq!(
        numbers,
        (1..=numbers.len() as u32).collect::<Vec<_>>(),
        "paragraphs run without gap:\n{markdown}"
    );
    let at = |text: &str| markdown.find(text).unwrap_or_else(|| panic!("no {text} in\n{markdown}"));
    assert!(at("A. Overall progress") < at("B. GCM Objective 4: Ensure that all migrants"));
    assert!(
        at("B. GCM Objective 4") < at("C. GCM Objective 11: Manage borders"),
        "clusters without paragraphs disappear"
    );
    assert!(
        markdown.contains("GCM Objective 13: Use migration detention only"),
        "the joint heading comes from reference data"
    );
    assert!(at("i. Key challenges") < at("iv. Recommendations"));
    let joint = &markdown[at("C. GCM Objective 11")..];
    assert!(
        joint.contains("ii. Recommendations") && !joint.contains("COVID-19"),
        "without COVID the rest renumber:\n{joint}"
    );
    assert!(
        joint.find("Officers should").unwrap() < joint.find("Detention should").unwrap(),
        "split by objective, in order"
    );
    assert!(at("Annex") < at("Working groups, round 1"), "the programme is there");

    // The same on both databases: nothing of it hangs on ids, on the clock or on the order of rows.
    insta::assert_snapshot!("summary_report", markdown);
    let mails =
        world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 500)).unwrap();
    let mails: BTreeMap<String, String> = mails
        .into_iter()
        .rev()
        .map(|mail| (mail.template, format!("Subject: {}\n\n{}", mail.subject, mail.body)))
        .collect();
    insta::with_settings!({ filters => vec![(r"[0-9a-f]{8}-[0-9a-f-]{27}", "[id]")] }, {
        insta::assert_snapshot!("mails", mails.into_iter().map(|(template, mail)| format!("== {template}\n{mail}")).collect::<Vec<_>>().join("\n\n"));
    });

    let html = world.get(None, &format!("{edition}.html")).await;
    for note in 1..=2 {
        assert!(
            html.text.contains(&format!("href=\"#note-{note}\""))
                && html.text.contains(&format!("id=\"note-{note}\"")),
            "note {note}"
        );
        assert_eq!(html.text.matches(&format!("id=\"note-{note}-reference\"")).count(), 1);
    }
    assert!(html.header("content-security-policy").contains("sha256-"));
    let known = Request::new(Method::GET, &format!("{edition}.json"))
        .header("If-None-Match", frozen.header("etag"));
    assert_eq!(world.send(known).await.status, 304);
    world.get(None, &format!("{edition}.odt")).await.is_problem(406, "not_acceptable");

    let paper = world.get(None, &format!("{}/editions/1.md", walk.paper)).await.text;
    let at = |text: &str| paper.find(text).unwrap_or_else(|| panic!("no {text} in\n{paper}"));
    assert!(at("Objective 4:") < at("Objective 11:") && at("Objective 11:") < at("Objective 13:"));
    let last = *numbers.last().unwrap();
    let mut cited = 0;
    for rest in paper.split("(second consultation, para").skip(1) {
        let places = rest.split(')').next().unwrap();
        for number in
            places.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty())
        {
            assert!((1..=last).contains(&number.parse().unwrap()), "paragraph {number} exists");
            cited += 1;
        }
    }
    assert!(cited >= 8, "{paper}");
});

on_both!(a_published_edition_never_changes_and_numbers_follow_a_move, |world: World| async move {
    let walk = walk(&world, "Asha Example", "Example Foundation").await;
    let edition = format!("{}/editions/1.json", walk.report);
    let before = world.get(None, &edition).await.text;
    state(&world, &walk, &walk.report, "drafting").await;
    let outline =
        world.get(Some(&walk.secretariat), &format!("{}/outline", walk.report)).await.json;
    let all = sections(&outline);
    let split = all
        .iter()
        .find(|section| {
            section["kind"] == "category" && section["paragraphs"].as_array().unwrap().len() == 2
        })
        .unwrap();
    let first = split["paragraphs"][0].clone();
    let body = json!({ "section_id": split["id"], "position": 2 });
    world
        .change(
            &walk.secretariat,
            Method::POST,
            &format!("/api/v1/paragraphs/{}/move", id(&first)),
            version(&first),
            body,
        )
        .await;
    let body = json!({ "text": "Rewritten after publication." });
    let moved = world
        .get(Some(&walk.secretariat), &format!("/api/v1/paragraphs/{}", id(&first)))
        .await
        .json;
    world
        .change(
            &walk.secretariat,
            Method::PATCH,
            &format!("/api/v1/paragraphs/{}", id(&first)),
            version(&moved),
            body,
        )
        .await;
    let draft = world.get(Some(&walk.secretariat), &format!("{}/draft.md", walk.report)).await.text;
    let numbers: Vec<u32> =
        draft.lines().filter_map(|line| line.split_once("\\. ")?.0.parse().ok()).collect();
    assert_eq!(numbers, (1..=numbers.len() as u32).collect::<Vec<_>>());
    assert!(draft.contains("Rewritten after publication."));
    assert_eq!(world.get(None, &edition).await.text, before);
});

on_both!(publishing_waits_until_everything_is_covered, |world: World| async move {
    let mut walk = until_confirmed(&world, "Asha Example", "Example Foundation").await;
    assign(&world, &walk).await;
    contribute(&world, &mut walk).await;
    let drafted = draft(&world, &mut walk).await;
    let dropped = format!("/api/v1/paragraphs/{}", id(&drafted[4]));
    let version = current(&world, &walk.secretariat, &dropped).await;
    let request =
        Request::new(Method::DELETE, &dropped).by(Some(&walk.secretariat)).version(version);
    assert_eq!(world.send(request).await.status, 204);
    world.phases(&walk.secretariat, id(&walk.consultation), &["clearance"]).await;
    let report = walk.report.clone();
    let refused = publish(&world, &walk, &report, "ESCAP/GCM/2020/1").await;
    refused.is_problem(409, "coverage_incomplete");
    refused.points_to(&format!("/inputs/{}", id(&walk.inputs[3].0)));
    let omission =
        json!({ "input_id": walk.inputs[3].0["id"], "reason": "Said better by others." });
    world.make(&walk.secretariat, &format!("{report}/omissions"), omission).await;
    let published = publish(&world, &walk, &report, "ESCAP/GCM/2020/1").await;
    assert_eq!(published.status, 200, "{}", published.text);
});
