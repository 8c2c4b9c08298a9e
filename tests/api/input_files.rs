//! Inputs out of files: chats, captions, documents, answers and tables. Who spoke is sealed as the file comes in.

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, id};
use crate::inputs::{Scene, scene};
use crate::jobs::{ran, upload};
use crate::on_both;

fn file(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files/channels/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

async fn take(world: &World, by: &Person, scene: &Scene, name: &str, query: &str) -> Answer {
    let path = format!(
        "/api/v1/consultations/{}/input-sources?title={name}&file_name={name}{query}",
        id(&scene.consultation)
    );
    upload(world, by, &path, "application/octet-stream", file(name)).await
}

async fn lines(world: &World, by: &Person, source: &Value) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/input-sources/{}/lines?limit=200{cursor}", id(source));
        let page = world.get(Some(by), &path).await.json;
        found.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

fn seen(line: &Value) -> Value {
    json!({ "id": line["id"], "version": line["version"] })
}

on_both!(a_chat_waits_in_a_queue_without_names_and_its_voices_count, |world: World| async move {
    let scene = scene(&world).await;
    // Somebody of the chat is registered; the others are only names.
    let ada = scene.participant(&world, "Ada Brook").await;
    let by = &scene.secretariat;
    let tried = take(&world, by, &scene, "zoom_2021_indented.txt", "").await;
    assert_eq!((tried.status, &tried.json["dry_run"]), (200, &json!(true)), "{}", tried.text);
    let none = format!("/api/v1/consultations/{}/input-sources", id(&scene.consultation));
    assert_eq!(world.get(Some(by), &none).await.json["items"], json!([]));
    let source = take(&world, by, &scene, "zoom_2021_indented.txt", "&dry_run=false").await;
    assert_eq!(source.json["kind"], "zoom_chat", "{}", source.text);
    assert!(source.text.contains("is not addressed to everyone"), "{}", source.text);
    let again = take(&world, by, &scene, "zoom_2021_indented.txt", "&dry_run=false").await;
    again.is_problem(409, "already_exists");
    let source = source.json;
    let queue = lines(&world, by, &source).await;
    assert_eq!(queue.len() as i64, source["lines"].as_i64().unwrap());
    let told = json!(queue).to_string();
    for name in ["Ada", "Brook", "Okafor", "Dana", "Ruiz", "secret line", "panel only", "09:4"] {
        assert!(!told.contains(name), "the queue tells {name}: {told}");
    }
    assert!(told.contains("First line of three."));

    let about = |lines: Vec<Value>| json!({ "lines": lines, "objectives": [4], "category_id": scene.category["id"] });
    let turn = format!("/api/v1/input-sources/{}/inputs", id(&source));
    let body = json!({ "inputs": [about(vec![seen(&queue[0])]), about(vec![seen(&queue[1]), seen(&queue[2])])] });
    let made = world.make(by, &turn, body.clone()).await;
    assert_eq!(made["items"][0]["origin"], "chat");
    assert_eq!(made["items"][1]["voices"], "few", "two spoke: {made}");
    world.post(by, &turn, body).await.is_problem(412, "version_mismatch");
    // Her own words are Ada's to follow; nobody told her which name stood there.
    let own = world.get(Some(&ada), "/api/v1/me/inputs").await.json;
    assert!(
        own["items"].as_array().unwrap().iter().any(|item| item["id"] == made["items"][0]["id"]),
        "{own}"
    );
    let marks = format!("/api/v1/input-sources/{}/lines/marks", id(&source));
    let rest: Vec<Value> = queue[3..].iter().map(seen).collect();
    world.make(by, &marks, json!({ "lines": rest, "discarded": true })).await;
    let listed = world.get(Some(by), &none).await.json;
    assert_eq!(listed["items"][0]["waiting"], 0, "{listed}");
});

on_both!(captions_and_a_document_of_fifty_pages_are_taken_whole, |world: World| async move {
    let scene = scene(&world).await;
    let by = &scene.secretariat;
    for (name, kind, fewest) in [
        ("captions_by_zoom.vtt", "captions", 2),
        ("captions_by_teams.vtt", "captions", 2),
        ("captions_by_youtube.vtt", "captions", 1),
        ("record_by_libreoffice.docx", "word", 300),
        ("position_by_pandoc.docx", "word", 5),
        ("notes_utf16.txt", "plain_text", 2),
    ] {
        let source = take(&world, by, &scene, name, "&dry_run=false").await;
        assert_eq!(
            (source.status, &source.json["kind"]),
            (200, &json!(kind)),
            "{name}: {}",
            source.text
        );
        let queue = lines(&world, by, &source.json).await;
        assert!(queue.len() >= fewest, "{name}: {}", queue.len());
        assert_eq!(source.json["lines"], queue.len());
        let whole = queue.iter().enumerate().all(|(at, line)| line["position"] == at + 1);
        assert!(whole, "{name}");
    }
    let locked = take(&world, by, &scene, "position_locked.docx", "").await;
    locked.is_problem(422, "unreadable_file");
    let old = take(&world, by, &scene, "position_by_libreoffice.doc", "").await;
    old.is_problem(422, "unreadable_file");
    assert!(old.text.contains("docx"), "{}", old.text);
});

on_both!(a_rapporteur_takes_notes_once_however_often_they_are_sent, |world: World| async move {
    let scene = scene(&world).await;
    let rapporteur = world.person_with(
        "Rap Porteur",
        Role::Rapporteur,
        ScopeKind::WorkingGroup,
        id(&scene.group),
    );
    let path = format!("{}/notes", scene.path);
    let note = |key: &str, body: &str| json!({ "key": key, "objectives": [4], "category_id": scene.category["id"], "body": body });
    let notes = |notes: Vec<Value>| json!({ "working_group_id": scene.group["id"], "round_id": scene.round["id"], "notes": notes });
    let first =
        world.make(&rapporteur, &path, notes(vec![note("a", "One."), note("b", "Two.")])).await;
    let again =
        world.make(&rapporteur, &path, notes(vec![note("b", "Two."), note("c", "Three.")])).await;
    assert_eq!(again["items"][0]["input_id"], first["items"][1]["input_id"]);
    assert_eq!(
        (&again["items"][0]["taken_before"], &again["items"][1]["taken_before"]),
        (&json!(true), &json!(false))
    );
    let wrong =
        world.post(&rapporteur, &path, notes(vec![note("d", "Four."), note("e", "")])).await;
    wrong.points_to("/notes/1/body");
    let listed = world.get(Some(&scene.secretariat), &scene.path).await.json;
    assert_eq!(listed["items"].as_array().unwrap().len(), 3);
    let mut elsewhere = notes(vec![note("f", "Elsewhere.")]);
    elsewhere["working_group_id"] = scene.other_group["id"].clone();
    world.post(&rapporteur, &path, elsewhere).await.is_problem(403, "forbidden");
    // Only their own group's files are theirs to take.
    let query = format!(
        "&dry_run=false&working_group_id={}&round_id={}",
        id(&scene.group),
        id(&scene.round)
    );
    let own = take(&world, &rapporteur, &scene, "zoom_cloud.txt", &query).await;
    assert_eq!(own.status, 200, "{}", own.text);
    take(&world, &rapporteur, &scene, "zoom_french.txt", "").await.is_problem(403, "forbidden");
    let other = world.person_with(
        "Rap Other",
        Role::Rapporteur,
        ScopeKind::WorkingGroup,
        id(&scene.other_group),
    );
    world
        .get(Some(&other), &format!("/api/v1/input-sources/{}", id(&own.json)))
        .await
        .is_problem(404, "not_found");
});

on_both!(
    a_table_comes_in_whole_or_not_at_all_and_goes_out_without_names,
    |world: World| async move {
        let scene = scene(&world).await;
        let by = &scene.secretariat;
        let person = scene.participant(&world, "Pat One").await;
        let path = format!("{}/imports", scene.path);
        let wrong = "body,objectives,category,contributor_email,testimony\n\
        Fine.,4; 9,key_challenges,,no\n\
        ,24,knitting,nobody@example.org,perhaps\n\
        Off the list.,5,key_challenges,,\n";
        let job = upload(&world, by, &path, "text/csv", wrong).await;
        assert_eq!(job.status, 202, "{}", job.text);
        let report = ran(&world, by, &job.json).await["result"].clone();
        let errors: Vec<String> = report["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| {
                format!(
                    "{} {} {}",
                    error["row"],
                    error["column"].as_str().unwrap_or("-"),
                    error["code"].as_str().unwrap()
                )
            })
            .collect();
        for told in [
            "3 objectives unknown_objective",
            "3 category unknown_category",
            "3 contributor_email unknown_person",
            "3 testimony unknown_word",
            "4 objectives invalid_value",
        ] {
            assert!(errors.iter().any(|error| error == told), "{told} is not in {errors:?}");
        }
        let real = format!("{path}?dry_run=false");
        let job = upload(&world, by, &real, "text/csv", wrong).await;
        assert_eq!(ran(&world, by, &job.json).await["state"], "failed");
        assert_eq!(world.get(Some(by), &scene.path).await.json["items"], json!([]));
        let right = format!(
            "body,objectives,category,contributor_email,do_not_quote\n'=SUM(1),4; 9,Key challenges,{},yes\n\"Two\nlines.\",9,key_challenges,,\n",
            person.email
        );
        let job = upload(&world, by, &real, "text/csv", right).await;
        let done = ran(&world, by, &job.json).await;
        assert_eq!(
            (&done["state"], &done["result"]["inputs"]),
            (&json!("done"), &json!(2)),
            "{done}"
        );
        let own = world.get(Some(&person), "/api/v1/me/inputs").await.json;
        assert_eq!(own["items"].as_array().unwrap().len(), 1, "{own}");
        assert_eq!(
            (&own["items"][0]["body"], &own["items"][0]["care"]["do_not_quote"]),
            (&json!("=SUM(1)"), &json!(true))
        );
        for format in ["csv", "ndjson", "xlsx"] {
            let export = format!("{}/export?format={format}", scene.path);
            let answer = world.get(Some(by), &export).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            assert!(answer.header("content-disposition").contains(&format!(".{format}")));
            assert!(!answer.text.to_lowercase().contains("pat"), "{format}");
        }
    }
);

on_both!(answers_to_the_form_come_shuffled_and_once, |world: World| async move {
    let scene = scene(&world).await;
    let by = &scene.secretariat;
    let base = format!("/api/v1/consultations/{}", id(&scene.consultation));
    let question = json!({
        "code": "progress", "kind": "long_text", "wording": { "en": { "prompt": "What has changed?" } },
        "purpose": "To prepare the consultation", "legal_basis": "consent"
    });
    let question = world.make(by, &format!("{base}/questions"), question).await;
    let mut people = Vec::new();
    for number in 0..4 {
        let person = world.person(&format!("Pat {number}"));
        let mut form = crate::harness::registration("civil_society", "TH");
        form["answers"] = json!({ "progress": format!("Answer {number}.") });
        world.make(&person, &format!("{base}/registrations"), form).await;
        people.push(person);
    }
    let path = format!("{base}/input-sources/questionnaire");
    let body = json!({ "question_id": question["id"] });
    let source = world.make(by, &path, body.clone()).await;
    assert_eq!((&source["lines"], &source["kind"]), (&json!(4), &json!("questionnaire")));
    world.post(by, &path, body).await.is_problem(409, "already_exists");
    let queue = lines(&world, by, &source).await;
    let turn = format!("/api/v1/input-sources/{}/inputs", id(&source));
    let each: Vec<Value> = queue.iter()
        .map(|line| json!({ "lines": [seen(line)], "objectives": [9], "category_id": scene.category["id"] }))
        .collect();
    let made = world.make(by, &turn, json!({ "inputs": each })).await;
    assert_eq!(made["items"].as_array().unwrap().len(), 4);
    for (number, person) in people.iter().enumerate() {
        let own = world.get(Some(person), "/api/v1/me/inputs").await.json;
        assert_eq!(own["items"][0]["body"], format!("Answer {number}."));
        assert_eq!(own["items"].as_array().unwrap().len(), 1);
        let request = Request::new(Method::GET, "/api/v1/me/inputs/followed").by(Some(person));
        assert_eq!(world.send(request).await.json["items"][0]["state"], "submitted");
    }
});
