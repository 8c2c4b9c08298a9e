//! The living paper: joint headings, recompiling onto newer editions with all that drafters wrote, and the way from a paragraph of the paper
//! to the inputs and back.

use std::collections::BTreeSet;
use std::time::Instant;

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::is_page;
use crate::drafting::{sections, version};
use crate::harness::{Answer, Person, Request, World, id};
use crate::main_job::walk;
use crate::on_both;
use crate::page_access::signed_in;
use crate::returned::parts;
use crate::series::Series;

// ---------------------------------------------------------------------------------------------- what is done with a paper

async fn read(world: &World, by: &Person, path: &str) -> Value {
    let answer = world.get(Some(by), path).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

async fn recompile(world: &World, by: &Person, paper: &str) -> Value {
    let version = version(&read(world, by, paper).await);
    let path = format!("{paper}/recompile");
    let request = Request::new(Method::POST, &path).by(Some(by)).version(version);
    let answer = world.send(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

async fn settle(world: &World, by: &Person, paper: &str, settlements: Vec<Value>) -> Answer {
    let body = json!({ "settlements": settlements });
    world.post(by, &format!("{paper}/settlements"), body).await
}

async fn paragraphs(world: &World, by: &Person, paper: &str) -> Vec<Value> {
    let outline = read(world, by, &format!("{paper}/outline?texts=true")).await;
    let all = sections(&outline);
    let of = |section: &Value| section["paragraphs"].as_array().unwrap().clone();
    all.iter().flat_map(of).map(|one| one["paragraph"].clone()).collect()
}

async fn edit(world: &World, by: &Person, paragraph: &Value, text: String) {
    let path = format!("/api/v1/paragraphs/{}", id(paragraph));
    let body = json!({ "text": text });
    world.change(by, Method::PATCH, &path, version(paragraph), body).await;
}

// ---------------------------------------------------------------------------------------------- tests

on_both!(fifty_edits_outlive_the_second_editions_of_four_reports, |world: World| async move {
    let mut series = Series::new(&world, 4, 150).await;
    let paper = series.paper(&world).await;
    let by = series.secretariat.clone();
    let all = paragraphs(&world, &by, &paper).await;
    let carried: Vec<&Value> =
        all.iter().filter(|one| !one["sources"].as_array().unwrap().is_empty()).collect();
    assert_eq!(carried.len(), 600);
    let mark = |n: usize| format!("Drafters added point {n} here.");
    for (n, one) in carried.iter().step_by(12).enumerate() {
        edit(&world, &by, one, format!("{} {}", mark(n), one["text"].as_str().unwrap())).await;
    }
    let mut kept = 0;
    for n in 0..4 {
        series.publish_again(&world, n);
        let before = read(&world, &by, &format!("{paper}/compilation")).await;
        assert_eq!(before["reports"][n]["superseded"], true, "{}", before["reports"]);
        let begun = Instant::now();
        let state = recompile(&world, &by, &paper).await;
        println!("recompiled after edition 2 of report {}: {:?}", n + 1, begun.elapsed());
        assert_eq!(state["reports"][n]["superseded"], false);
        let unsettled = state["unsettled"].as_array().unwrap();
        assert_eq!(unsettled.len(), 18, "15 say something else, 3 are no more");
        let mut settlements = Vec::new();
        for one in unsettled {
            let mut settled = json!({
                "paragraph_id": one["paragraph_id"], "version": one["version"], "decision": "follow"
            });
            let drafted = one["text"].as_str().unwrap().starts_with("Drafters added");
            if one["removal"] == true && drafted {
                settled["decision"] = json!("keep");
                settled["reason"] =
                    json!("The drafting group asked that this stays, as its own point.");
                kept += 1;
            } else if one["removal"] == false {
                assert!(one["proposed_text"].as_str().unwrap().contains("closed"), "{one}");
                assert_eq!(one["proposed_text"].as_str().unwrap().starts_with("Drafters"), drafted);
            }
            settlements.push(settled);
        }
        let open = state["open"].as_array().unwrap();
        assert_eq!(open.len(), 5);
        settlements.extend(
            open.iter().map(|one| json!({ "source": one["source"], "decision": "follow" })),
        );
        let begun = Instant::now();
        let settled = settle(&world, &by, &paper, settlements).await;
        println!("settled {}: {:?}", 23, begun.elapsed());
        assert_eq!(settled.status, 200, "{}", settled.text);
        assert_eq!((&settled.json["unsettled"], &settled.json["open"]), (&json!([]), &json!([])));
    }
    let draft = read(&world, &by, &format!("{paper}/draft.json")).await.to_string();
    for n in 0..50 {
        assert_eq!(draft.matches(&mark(n)).count(), 1, "point {n} is lost");
    }
    assert_eq!(draft, read(&world, &by, &format!("{paper}/draft.json")).await.to_string());
    let coverage = read(&world, &by, &format!("{paper}/coverage")).await;
    assert_eq!(coverage["complete"], true, "{coverage}");
    let found = paragraphs(&world, &by, &paper).await;
    let carried = found.iter().filter(|one| one["editorial_reason"].is_null()).count();
    // One is computed.
    assert_eq!(carried, 600 - 12 + 20 + 1);
    assert_eq!(found.len(), carried + kept);
    let twice = recompile(&world, &by, &paper).await;
    assert_eq!((&twice["unsettled"], &twice["open"]), (&json!([]), &json!([])));
});

on_both!(what_both_changed_is_settled_by_hand, |world: World| async move {
    let mut series = Series::new(&world, 1, 8).await;
    let paper = series.paper(&world).await;
    let by = series.secretariat.clone();
    let all = paragraphs(&world, &by, &paper).await;
    let of = |matter: &str| {
        all.iter()
            .find(|one| one["text"].as_str().is_some_and(|text| text.contains(matter)))
            .unwrap()
    };
    let (changed, gone) = (of("matter 0."), of("matter 1."));
    let text = changed["text"].as_str().unwrap().replace("few and far", "remote");
    edit(&world, &by, changed, text).await;
    // A paragraph of the first edition is left out for a reason that is none for what it says now.
    let left = of("matter 2.");
    let request = format!("/api/v1/paragraphs/{}", id(left));
    let request = Request::new(Method::DELETE, &request).by(Some(&by)).version(version(left));
    assert_eq!(world.send(request).await.status, 204);
    let omission = json!({ "source": left["sources"][0], "reason": "It is said elsewhere." });
    world.make(&by, &format!("{paper}/omissions"), omission).await;
    let texts = &mut series.heard[0].texts;
    for n in [0, 2] {
        texts[n].1 = texts[n].1.replace("few and far", "closed");
    }
    texts.remove(1);
    series.publish(&world, 0);

    let checks = read(&world, &by, &format!("{paper}/checks")).await;
    let codes = |checks: &Value| -> Vec<String> {
        let found = checks["items"].as_array().unwrap().iter();
        let fresh = found.filter(|one| one["check"] == "freshness");
        fresh.map(|one| one["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes(&checks), ["freshness.superseded"], "told once, for the whole paper");
    let state = recompile(&world, &by, &paper).await;
    let one = state["unsettled"].as_array().unwrap();
    let one = one.iter().find(|one| one["paragraph_id"] == changed["id"]).unwrap();
    assert_eq!(one["proposed_text"], Value::Null, "{one}");
    let change = &one["changes"][0];
    assert_eq!(change["kind"], "changed");
    assert!(change["before"].as_str().unwrap().contains("few and far"));
    assert!(one["text"].as_str().unwrap().contains("remote"));
    assert!(change["after"].as_str().unwrap().contains("closed"));
    assert_eq!(state["open"][0]["omitted_before"], "It is said elsewhere.");
    let checks = read(&world, &by, &format!("{paper}/checks")).await;
    assert_eq!(codes(&checks), ["freshness.edition"; 2]);
    // What is not settled is printed with the edition that it rests on, and covers what became of it.
    let draft = world.get(Some(&by), &format!("{paper}/draft.md")).await.text;
    assert!(draft.contains("(first consultation, edition 1, para. 1)"), "{draft}");

    let versioned = |one: &Value| json!({ "paragraph_id": one["paragraph_id"], "version": one["version"], "decision": "follow" });
    let refused = settle(&world, &by, &paper, vec![versioned(one)]).await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("/settlements/0/text");
    let mut settled = versioned(one);
    settled["text"] = json!("Offices were remote, or closed. Some asked for more of matter 0.");
    let removed = state["unsettled"].as_array().unwrap();
    let removed = removed.iter().find(|one| one["paragraph_id"] == gone["id"]).unwrap();
    assert_eq!(
        (removed["removal"].clone(), &removed["changes"][0]["kind"]),
        (json!(true), &json!("gone"))
    );
    let mut keep = versioned(removed);
    keep["decision"] = json!("keep");
    let refused = settle(&world, &by, &paper, vec![keep.clone()]).await;
    refused.points_to("/settlements/0/reason");
    let mut stale = versioned(removed);
    stale["version"] = json!(7);
    let refused = settle(&world, &by, &paper, vec![settled.clone(), stale]).await;
    refused.is_problem(412, "version_mismatch");
    keep["reason"] = json!("The drafting group wants this to stay in the paper.");
    let leave = json!({ "source": state["open"][0]["source"], "decision": "keep", "reason": "It is said in paragraph 1." });
    let twice = settle(&world, &by, &paper, vec![settled.clone(), keep.clone(), settled.clone()]);
    twice.await.points_to("/settlements/2/paragraph_id");
    let twice = settle(&world, &by, &paper, vec![leave.clone(), leave.clone()]);
    twice.await.points_to("/settlements/1/source");
    let unread = read(&world, &by, &format!("{paper}/compilation")).await;
    assert_eq!(unread["unsettled"].as_array().unwrap().len(), 2, "all or nothing");
    let answer = settle(&world, &by, &paper, vec![settled, keep, leave]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!((&answer.json["unsettled"], &answer.json["open"]), (&json!([]), &json!([])));
    let omissions = read(&world, &by, &format!("{paper}/omissions")).await;
    assert_eq!(omissions["items"].as_array().unwrap().len(), 1, "{omissions}");
    let history = read(&world, &by, &format!("/api/v1/paragraphs/{}/versions", id(changed))).await;
    assert_eq!(history["items"][0]["kind"], "settled");
});

on_both!(whoever_saw_an_edition_does_not_settle_the_next_one, |world: World| async move {
    let mut series = Series::new(&world, 1, 4).await;
    let paper = series.paper(&world).await;
    let by = series.secretariat.clone();
    let mut unsettled = Vec::new();
    for words in ["closed", "closed on Sundays"] {
        let text = &mut series.heard[0].texts[0].1;
        *text = text.replace("few and far", "closed").replace("closed", words);
        series.publish(&world, 0);
        let state = recompile(&world, &by, &paper).await;
        let again = recompile(&world, &by, &paper).await;
        assert_eq!(state["unsettled"], again["unsettled"], "twice is as once");
        unsettled.push(state["unsettled"][0].clone());
    }
    let follow = |one: &Value| json!({ "paragraph_id": one["paragraph_id"], "version": one["version"], "decision": "follow" });
    let stale = settle(&world, &by, &paper, vec![follow(&unsettled[0])]).await;
    stale.is_problem(412, "version_mismatch");
    let settled = settle(&world, &by, &paper, vec![follow(&unsettled[1])]).await;
    assert_eq!(settled.json["unsettled"], json!([]), "{}", settled.text);
});

on_both!(
    what_was_discussed_together_stands_under_a_joint_heading_or_is_split,
    |world: World| async move {
        let series = Series::new(&world, 1, 8).await;
        let paper = series.paper(&world).await;
        let by = series.secretariat.clone();
        let outline = read(&world, &by, &format!("{paper}/outline")).await;
        let all = sections(&outline);
        let clusters = all.iter().filter(|one| one["kind"] == "cluster");
        let found: Vec<(Value, bool)> =
            clusters.map(|one| (one["objectives"].clone(), !one["label"].is_null())).collect();
        let expected = [
            (json!([4]), true),
            (json!([9]), false),
            (json!([9, 10]), true),
            (json!([10]), false),
            (json!([11]), false),
            (json!([11, 13]), true),
            (json!([13]), false),
            (json!([21]), true),
        ];
        assert_eq!(found, expected, "every objective discussed has its section");
        let joint = all.iter().find(|one| one["objectives"] == json!([9, 10])).unwrap();
        let heading = joint["heading"].as_str().unwrap();
        assert!(
            heading.starts_with("Objective 9: ") && heading.contains("; Objective 10: "),
            "{heading}"
        );

        let texts = paragraphs(&world, &by, &paper).await;
        let one = texts
            .iter()
            .find(|one| one["text"].as_str().is_some_and(|text| text.contains("matter 1.")))
            .unwrap();
        let ten = all
            .iter()
            .find(|one| one["objectives"] == json!([10]) && one["category"] == "key_challenges")
            .unwrap();
        let parts = json!({ "parts": [
        { "text": "Smuggling was said to be frequent." },
        { "text": "Trafficking was said to be hidden.", "section_id": ten["id"] },
    ] });
        let path = format!("/api/v1/paragraphs/{}/split", id(one));
        let split =
            Request::new(Method::POST, &path).by(Some(&by)).version(version(one)).body(parts);
        let split = world.send(split).await;
        assert_eq!(split.status, 201, "{}", split.text);
        let made = split.json["paragraphs"].as_array().unwrap();
        assert_eq!(made[0]["id"], one["id"]);
        assert_eq!((&made[1]["sources"], &made[1]["section_id"]), (&one["sources"], &ten["id"]));
        let draft = world.get(Some(&by), &format!("{paper}/draft.md")).await.text;
        assert_eq!(draft.matches("(first consultation, para. 2)").count(), 2, "{draft}");
        let single = Request::new(Method::POST, &path).by(Some(&by)).version(version(&made[0]));
        let single = world.send(single.body(json!({ "parts": [{ "text": "One." }] }))).await;
        single.points_to("/parts");
    }
);

/// A file as text, with all that it has inside.
async fn written(world: &World, by: Option<&Person>, path: &str) -> String {
    let mut request = world.client.get(format!("{}{path}", world.base));
    if let Some(person) = by {
        request = request.bearer_auth(&person.token);
    }
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let bytes = answer.bytes().await.unwrap();
    if !path.ends_with(".docx") {
        return String::from_utf8_lossy(&bytes).into_owned();
    }
    let parts = parts(&bytes).into_iter();
    parts.map(|(name, part)| format!("{name}: {}\n", String::from_utf8_lossy(&part))).collect()
}

fn at(place: &Value) -> String {
    let report = place["report_id"].as_str().unwrap();
    format!(
        "/api/v1/reports/{report}/editions/{}/paragraphs/{}",
        place["edition"], place["paragraph"]
    )
}

/// What one comes by on the way from every paragraph of a paper's first edition to the inputs and back.
#[derive(Default)]
struct Way {
    /// Everything that was answered.
    told: Vec<String>,
    paragraphs: usize,
    /// Those that rest on nothing.
    resting_on_nothing: usize,
    inputs: BTreeSet<String>,
}

impl Way {
    async fn read(&mut self, world: &World, by: &Person, path: &str) -> Value {
        let answer = world.get(Some(by), path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        self.told.push(answer.text);
        answer.json
    }

    async fn down(&mut self, world: &World, by: &Person, paper: &str) {
        loop {
            let number = self.paragraphs + 1;
            let path = format!("{paper}/editions/1/paragraphs/{number}");
            let answer = world.get(Some(by), &path).await;
            if answer.status == 404 {
                return;
            }
            self.told.push(answer.text);
            self.paragraphs = number;
            let places = answer.json["rests_on"].as_array().unwrap();
            self.resting_on_nothing += usize::from(places.is_empty());
            for place in places {
                let source = self.read(world, by, &at(place)).await;
                let back = source["taken_up_in"].as_array().unwrap();
                assert!(back.iter().any(|one| one["paragraph"] == number), "{source}");
                let public = world.get(None, &at(place)).await.json;
                assert_eq!(public["inputs"], Value::Null, "{public}");
                let inputs = source["inputs"].as_array().unwrap();
                assert!(!inputs.is_empty(), "{source}");
                for input in inputs {
                    let input = input.as_str().unwrap();
                    self.inputs.insert(input.to_owned());
                    self.read(world, by, &format!("/api/v1/inputs/{input}")).await;
                    let told = format!("/api/v1/inputs/{input}/followed");
                    let told = self.read(world, by, &told).await;
                    let published = told["published"].as_array().unwrap();
                    let is_paper = |one: &Value| {
                        paper.ends_with(one["report_id"].as_str().unwrap())
                            && one["paragraph"] == number
                    };
                    assert!(published.iter().any(is_paper), "{told}");
                }
            }
        }
    }

    /// Every place that an input is told to have come to leads back to it.
    async fn up(&mut self, world: &World, by: &Person, input: &str) -> usize {
        let told = self.read(world, by, &format!("/api/v1/inputs/{input}/followed")).await;
        let published = told["published"].as_array().unwrap();
        for place in published {
            let cited = self.read(world, by, &at(place)).await;
            let mut below = vec![cited["inputs"].clone()];
            for source in cited["rests_on"].as_array().unwrap() {
                below.push(self.read(world, by, &at(source)).await["inputs"].clone());
            }
            let mut inputs = below.iter().filter_map(Value::as_array).flatten();
            assert!(inputs.any(|one| one == input), "{place} does not lead back to {input}");
        }
        published.len()
    }
}

on_both!(
    from_every_paragraph_of_the_paper_one_comes_to_the_inputs_and_back_and_to_nobody,
    |world: World| async move {
        let walk = walk(&world, "Asha Example", "Example Foundation").await;
        let by = &walk.secretariat;
        let mut way = Way::default();
        way.down(&world, by, &walk.paper).await;
        let printed = written(&world, None, &format!("{}/editions/1.md", walk.paper)).await;
        let numbered = printed.lines().filter_map(|line| line.split_once("\\. "));
        let numbered = numbered.filter(|(number, _)| number.parse::<u32>().is_ok()).count();
        assert_eq!(way.paragraphs, numbered, "{printed}");
        assert_eq!(way.resting_on_nothing, 1, "only the participation, which is computed");
        assert_eq!(way.inputs.len(), 9, "all that were used");
        for (input, _) in &walk.inputs {
            let is_used = way.inputs.contains(id(input));
            let places = way.up(&world, by, id(input)).await;
            // Of the report and of the paper.
            assert_eq!(places, if is_used { 2 } else { 0 }, "{input}");
        }
        assert!(walk.inputs.len() > way.inputs.len());

        for report in [&walk.report, &walk.paper] {
            for extension in ["json", "md", "html", "docx", "xml"] {
                let path = format!("{report}/editions/1.{extension}");
                way.told.push(written(&world, None, &path).await);
            }
            for path in ["outline?texts=true", "coverage", "editions"] {
                way.read(&world, by, &format!("{report}/{path}")).await;
            }
        }
        way.read(&world, by, &format!("{}/compilation", walk.paper)).await;
        let registrations =
            format!("/api/v1/consultations/{}/registrations?limit=200", id(&walk.consultation));
        let registrations = read(&world, by, &registrations).await;
        let registrations = registrations["items"].as_array().unwrap().iter();
        let mut nobody: Vec<String> = registrations.map(|one| id(one).to_owned()).collect();
        // The rapporteur is of the team, and is told as such.
        for person in &walk.participants[..12] {
            nobody.extend([person.email.clone(), person.id.to_string()]);
        }
        nobody.extend(walk.receipts.iter().cloned());
        nobody.push("Asha Example".to_owned());
        nobody.push("Example Foundation".to_owned());
        assert!(nobody.len() > 40);
        for told in &way.told {
            for one in &nobody {
                assert!(!told.contains(one.as_str()), "{one} is told: {told}");
            }
        }
    }
);

on_both!(
    what_recurs_is_proposed_for_joining_with_the_references_of_both,
    |world: World| async move {
        let mut series = Series::new(&world, 2, 8).await;
        let said = "Documents were said to cost far more than many migrants earn in a month. Some asked for more of matter";
        series.heard[0].texts[3].1 = format!("{said} 3.");
        series.heard[1].texts[1].1 = format!("Again, {said} 1.");
        for n in 0..2 {
            series.publish(&world, n);
        }
        let paper = series.paper(&world).await;
        let by = series.secretariat.clone();
        let found = read(&world, &by, &format!("{paper}/recurring-points")).await;
        let found = found["items"].as_array().unwrap();
        let is_it = |one: &&Value| {
            let of = |n: usize| one["paragraphs"][n]["text"].as_str().unwrap();
            of(0).contains("Documents were") && of(1).contains("Documents were")
        };
        let one = found.iter().find(is_it).unwrap_or_else(|| panic!("{found:?}"));
        assert!(one["likeness"].as_u64().unwrap() > 450, "{one}");
        assert!(one["shared"][0].as_str().unwrap().contains("cost far more"), "{one}");
        let paragraphs = one["paragraphs"].as_array().unwrap();
        let joint = json!({
            "paragraphs": [paragraphs[0]["paragraph_id"], paragraphs[1]["paragraph_id"]],
            "versions": [paragraphs[0]["version"], paragraphs[1]["version"]],
            "text": "At two consultations documents were said to cost more than a month's wage.",
        });
        let joined = world.post(&by, &format!("{paper}/paragraphs/merge"), joint).await;
        assert_eq!(joined.status, 200, "{}", joined.text);
        assert_eq!(joined.json["sources"].as_array().unwrap().len(), 2, "the references of both");
        let draft = world.get(Some(&by), &format!("{paper}/draft.md")).await.text;
        assert!(
            draft.contains("(first consultation, para. 4; second consultation, para. 2)"),
            "{draft}"
        );
        let left = read(&world, &by, &format!("{paper}/recurring-points")).await;
        assert!(!left["items"].as_array().unwrap().iter().any(|one| is_it(&one)), "{left}");
    }
);

on_both!(
    views_that_diverge_stand_beside_each_other_with_the_references_of_their_own,
    |world: World| async move {
        let mut series = Series::new(&world, 2, 12).await;
        let said = "said that the fees for documents should be capped by law as soon as can be. Some asked for more of matter";
        series.heard[0].texts[8].1 = format!("One view {said} 8.");
        series.heard[1].texts[8].1 = format!("Another view never {said} 8.");
        for n in 0..2 {
            series.publish(&world, n);
        }
        let paper = series.paper(&world).await;
        let by = series.secretariat.clone();
        let recurs = async || {
            let found = read(&world, &by, &format!("{paper}/recurring-points")).await;
            let found = found["items"].as_array().unwrap().iter();
            let views = |one: &&Value| one.to_string().contains("capped by law");
            found.filter(views).count()
        };
        assert_eq!(recurs().await, 1, "they say alike, but for a word");
        let all = paragraphs(&world, &by, &paper).await;
        let views = all.iter().filter(|one| one.to_string().contains("capped by law"));
        let views: Vec<&Value> = views.collect();
        assert_eq!(views.len(), 2);
        let stood = format!("/api/v1/report-sections/{}", views[0]["section_id"].as_str().unwrap());
        let section = read(&world, &by, &stood).await;
        assert_eq!(section["category"], "recommendations");
        let set_apart = async |of: &str, version: i64, views: Vec<Value>| {
            let path = format!("{of}/divergent-views");
            let request = Request::new(Method::POST, &path).by(Some(&by)).version(version);
            world.send(request.body(json!({ "paragraph_ids": views }))).await
        };
        let now = version(&section);
        let elsewhere = all.iter().find(|one| one["section_id"] != section["id"]).unwrap();
        let [one, other] = [views[1]["id"].clone(), views[0]["id"].clone()];
        let alone = set_apart(&stood, now, vec![one.clone()]).await;
        alone.points_to("/paragraph_ids");
        let twice = set_apart(&stood, now, vec![one.clone(), one.clone()]).await;
        twice.points_to("/paragraph_ids/1");
        let foreign = set_apart(&stood, now, vec![one.clone(), elsewhere["id"].clone()]).await;
        foreign.points_to("/paragraph_ids/1");
        let stale = set_apart(&stood, now + 7, vec![one.clone(), other.clone()]).await;
        stale.is_problem(412, "version_mismatch");

        let apart = set_apart(&stood, now, vec![one.clone(), other.clone()]).await;
        assert_eq!(apart.status, 201, "{}", apart.text);
        assert_eq!(
            (&apart.json["kind"], &apart.json["objectives"], &apart.json["category"]),
            (&json!("divergent_views"), &section["objectives"], &json!("recommendations"))
        );
        assert_eq!(recurs().await, 0, "what was set apart is proposed for joining no more");
        let heading = "Recommendations: divergent views";
        for extension in ["json", "md", "html", "docx", "xml"] {
            let draft = written(&world, Some(&by), &format!("{paper}/draft.{extension}")).await;
            let places: Vec<usize> = [
                heading,
                "Another view never",
                "second consultation, para. 9",
                "One view said",
                "first consultation, para. 9",
            ]
            .iter()
            .map(|words| {
                // The contents name the heading, too.
                draft.rfind(words).unwrap_or_else(|| panic!("{extension}: no {words}"))
            })
            .collect();
            assert!(places[1..].is_sorted(), "{extension}: {places:?}");
        }

        // Below a round table, and over editions, they stay together.
        let tables = json!([{ "heading": "Round table 1", "objectives": [4, 21] }]);
        let body = json!({ "arrangement": "by_round_table", "round_tables": tables });
        let path = format!("{paper}/arrangement");
        let now = version(&read(&world, &by, &paper).await);
        let request = Request::new(Method::POST, &path).by(Some(&by)).version(now).body(body);
        assert_eq!(world.send(request).await.status, 200);
        let text = &mut series.heard[1].texts[8].1;
        *text = text.replace("as soon as can be", "within a year");
        series.publish(&world, 1);
        let state = recompile(&world, &by, &paper).await;
        let unsettled = state["unsettled"].as_array().unwrap();
        assert_eq!(unsettled.len(), 1, "{state}");
        let settled = json!({ "paragraph_id": one, "version": unsettled[0]["version"], "decision": "follow" });
        let settled = settle(&world, &by, &paper, vec![settled]).await;
        assert_eq!(settled.json["unsettled"], json!([]), "{}", settled.text);
        let own = format!("/api/v1/report-sections/{}", id(&apart.json));
        let together = paragraphs(&world, &by, &paper).await;
        let together = together.iter().filter(|one| one["section_id"] == apart.json["id"]);
        let together: Vec<&str> = together.map(|one| one["text"].as_str().unwrap()).collect();
        assert_eq!(together.len(), 2);
        assert!(together[0].contains("within a year"), "{together:?}");

        // Joining undoes it.
        let section = read(&world, &by, &stood).await;
        let path = format!("{stood}/join");
        let request = Request::new(Method::POST, &path).by(Some(&by)).version(version(&section));
        let joined = world.send(request.body(json!({ "section_id": apart.json["id"] }))).await;
        assert_eq!(joined.status, 200, "{}", joined.text);
        assert_eq!(world.get(Some(&by), &own).await.status, 404);
        assert_eq!(recurs().await, 1);
        // The introduction is no outcome.
        let outline = read(&world, &by, &format!("{paper}/outline")).await;
        let introduction = &outline["sections"][0];
        let path = format!("/api/v1/report-sections/{}", id(introduction));
        let refused = set_apart(&path, version(introduction), vec![one, other]).await;
        refused.is_problem(422, "invalid_value");
    }
);

on_both!(a_paper_is_arranged_by_objective_or_by_round_table, |world: World| async move {
    let series = Series::new(&world, 1, 8).await;
    let paper = series.paper(&world).await;
    let by = series.secretariat.clone();
    let before = world.get(Some(&by), &format!("{paper}/draft.json")).await.text;
    let arrange = async |body: Value| {
        let version = version(&read(&world, &by, &paper).await);
        let path = format!("{paper}/arrangement");
        let request = Request::new(Method::POST, &path).by(Some(&by)).version(version);
        world.send(request.body(body)).await
    };
    let tables = json!([
        { "heading": "Round table 2: rights", "objectives": [21, 4, 11] },
        { "heading": "Round table 1: crimes", "objectives": [9, 10] },
    ]);
    let body = json!({ "arrangement": "by_round_table", "round_tables": tables });
    let arranged = arrange(body.clone()).await;
    assert_eq!(arranged.status, 200, "{}", arranged.text);
    let printed: Vec<String> = sections(&arranged.json)
        .iter()
        .filter(|one| !one["label"].is_null() && one["category"].is_null())
        .map(|one| {
            let heading = one["heading"].as_str().unwrap();
            format!("{} {}", one["label"].as_str().unwrap(), &heading[..heading.len().min(22)])
        })
        .collect();
    let outcomes: Vec<&String> =
        printed.iter().skip_while(|one| !one.contains("Outcomes")).collect();
    assert_eq!(
        outcomes,
        [
            "II. Outcomes by round tabl",
            "A. Round table 2: rights",
            "1. Objective 4: Ensure th",
            "2. Objective 21: Cooperat",
            "B. Round table 1: crimes",
            "1. Objective 9: Strengthe",
            "C. Objective 11: Manage b",
        ]
    );
    let again = arrange(body).await;
    assert_eq!(
        again.json["sections"].as_array().unwrap().len(),
        arranged.json["sections"].as_array().unwrap().len()
    );
    assert_eq!(
        sections(&again.json).len(),
        sections(&arranged.json).len(),
        "the headings of before are gone"
    );
    let back = arrange(json!({ "arrangement": "by_objective" })).await;
    assert_eq!(back.status, 200, "{}", back.text);
    assert_eq!(
        world.get(Some(&by), &format!("{paper}/draft.json")).await.text,
        before,
        "as it was, to the byte"
    );
    // Headings go four levels deep: what would stand deeper is named, and a category split by objective is printed in one.
    let categories = format!("/api/v1/reviews/{}/input-categories", id(&series.review));
    let categories = read(&world, &by, &categories).await;
    for category in categories["items"].as_array().unwrap() {
        if category["overall"] == false {
            let path = format!("/api/v1/input-categories/{}", id(category));
            let splits = json!({ "splits_by_objective": true });
            world.change(&by, Method::PATCH, &path, version(category), splits).await;
        }
    }
    let joint = paragraphs(&world, &by, &paper).await;
    let joint = joint.iter().find(|one| one["text"].to_string().contains("matter 1.")).unwrap();
    let own = format!("/api/v1/paragraphs/{}", id(joint));
    world.change(&by, Method::PATCH, &own, version(joint), json!({ "objective": 9 })).await;
    let body = json!({ "arrangement": "by_round_table", "round_tables": tables });
    assert_eq!(arrange(body.clone()).await.status, 200);
    assert_eq!(world.get(Some(&by), &format!("{paper}/draft.md")).await.status, 200);
    assert_eq!(arrange(json!({ "arrangement": "by_objective" })).await.status, 200);
    let deep = json!({ "heading": "Far down", "parent_id": joint["section_id"] });
    world.make(&by, &format!("{paper}/sections"), deep).await;
    let refused = arrange(body).await;
    refused.points_to("/round_tables");
    assert!(refused.text.contains("Far down"), "{}", refused.text);
    let twice =
        json!([{ "heading": "One", "objectives": [4] }, { "heading": "Two", "objectives": [4] }]);
    let twice = arrange(json!({ "arrangement": "by_round_table", "round_tables": twice })).await;
    twice.points_to("/round_tables/1/objectives");
});

on_both!(what_is_discussed_for_the_first_time_goes_to_its_round_table, |world: World| async move {
    let mut series = Series::new(&world, 1, 2).await;
    let paper = series.paper(&world).await;
    let by = series.secretariat.clone();
    let tables = json!([
        { "heading": "Round table 1: rights", "objectives": [4, 21] },
        { "heading": "Round table 2: borders", "objectives": [11, 13] },
    ]);
    let path = format!("{paper}/arrangement");
    let now = version(&read(&world, &by, &paper).await);
    let request = Request::new(Method::POST, &path).by(Some(&by)).version(now);
    let body = json!({ "arrangement": "by_round_table", "round_tables": tables });
    assert_eq!(world.send(request.body(body)).await.status, 200);
    [2, 3].into_iter().for_each(|matter| series.add(&world, 0, matter));
    series.publish(&world, 0);
    recompile(&world, &by, &paper).await;
    let all = sections(&read(&world, &by, &format!("{paper}/outline")).await);
    let below = |heading: &str| -> Vec<Value> {
        let table = all.iter().find(|one| one["heading"] == heading).unwrap();
        let own = table["sections"].as_array().unwrap().iter();
        own.map(|one| one["objectives"].clone()).collect()
    };
    assert_eq!(below("Round table 1: rights"), [json!([4]), json!([21])]);
    assert_eq!(below("Round table 2: borders"), [json!([11]), json!([11, 13]), json!([13])]);
});

on_both!(what_changed_is_settled_on_a_page, |world: World| async move {
    let mut series = Series::new(&world, 1, 8).await;
    let paper = series.paper(&world).await;
    let by = series.secretariat.clone();
    series.heard[0].texts[0].1 = series.heard[0].texts[0].1.replace("few and far", "closed");
    series.heard[0].texts.remove(1);
    series.publish(&world, 0);
    let desk = signed_in(&world, &by).await;
    let draft = paper.replace("/api/v1/reports/", "/my/reports/");
    let page = format!("{draft}/compilation");
    assert!(desk.get(&draft).await.text.contains(&page));
    for language in ["en", "fr", "es", "ru", "ar", "zh"] {
        is_page(&desk.get(&format!("{page}?lang={language}")).await, 200);
    }
    let now = version(&read(&world, &by, &paper).await).to_string();
    let sent = desk.post(&page, &[("action", "recompile"), ("version", &now)]).await;
    is_page(&sent, 200);
    assert!(sent.text.contains("few and far") && sent.text.contains("closed"), "{}", sent.text);
    let state = read(&world, &by, &format!("{paper}/compilation")).await;
    for one in state["unsettled"].as_array().unwrap() {
        let (id, version) = (one["paragraph_id"].as_str().unwrap(), one["version"].to_string());
        let removal = one["removal"] == true;
        let (action, name, value) = if removal {
            ("keep", "reason", "It is a point of its own, the drafting group says.")
        } else {
            ("follow", "text", "Offices are closed, drafters wrote.")
        };
        let form = [("action", action), ("paragraph", id), ("version", &version), (name, value)];
        if removal {
            is_page(&desk.post(&page, &form[..3]).await, 422);
        }
        is_page(&desk.post(&page, &form).await, 200);
    }
    let state = read(&world, &by, &format!("{paper}/compilation")).await;
    assert_eq!(state["unsettled"], json!([]));
    let draft = world.get(Some(&by), &format!("{paper}/draft.md")).await.text;
    assert!(draft.contains("Offices are closed, drafters wrote."));
});
