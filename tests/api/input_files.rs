//! Inputs out of files: chats, transcripts, documents and tables. Who spoke ends where the file is read.

use rapporteur::access::{Role, ScopeKind};
use serde_json::{Value, json};

use crate::harness::{Answer, Person, World, id, registration};
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
    // Somebody of the chat is registered; the others are only names. It makes no difference.
    let (_, ada) = scene.contributor(&world, "Ada Brook").await;
    let by = &scene.secretariat;
    let tried = take(&world, by, &scene, "zoom_2021_indented.txt", "").await;
    assert_eq!((tried.status, &tried.json["dry_run"]), (200, &json!(true)), "{}", tried.text);
    let shown = tried.json["preview"].as_array().unwrap().clone();
    assert_eq!(shown.len(), 4, "{}", tried.text);
    for secret in ["Ada", "Okafor", "Dana", "secret line"] {
        assert!(!tried.text.contains(secret), "a dry run tells {secret}: {}", tried.text);
    }
    let none = format!("/api/v1/consultations/{}/input-sources", id(&scene.consultation));
    assert_eq!(world.get(Some(by), &none).await.json["items"], json!([]));
    let source = take(&world, by, &scene, "zoom_2021_indented.txt", "&dry_run=false").await;
    assert_eq!(
        (&source.json["kind"], &source.json["preview"]),
        (&json!("chat"), &Value::Null),
        "{}",
        source.text
    );
    let private = source.json["passed_over"].as_array().unwrap().iter();
    assert_eq!(private.filter(|one| one["kind"] == "private").count(), 2, "{}", source.text);
    assert!(source.text.contains("is not addressed to everyone"), "{}", source.text);
    let again = take(&world, by, &scene, "zoom_2021_indented.txt", "&dry_run=false").await;
    again.is_problem(409, "already_exists");
    let source = source.json;
    let queue = lines(&world, by, &source).await;
    assert_eq!(queue.len() as i64, source["lines"].as_i64().unwrap());
    for (line, shown) in queue.iter().zip(&shown) {
        assert_eq!(line["body"], shown["body"], "a dry run shows what will stand");
    }
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
    assert_eq!(made["items"][1]["voices"]["band"], "fewer_than_five", "two spoke: {made}");
    world.post(by, &turn, body).await.is_problem(412, "version_mismatch");
    // A name in a file is never matched with an account: Ada's words there are no more hers than anybody's.
    assert_eq!(scene.own(&world, &ada).await["contributions"], json!([]));
    let marks = format!("/api/v1/input-sources/{}/lines/marks", id(&source));
    let rest: Vec<Value> = queue[3..].iter().map(seen).collect();
    world.make(by, &marks, json!({ "lines": rest, "discarded": true })).await;
    let listed = world.get(Some(by), &none).await.json;
    assert_eq!(listed["items"][0]["waiting"], 0, "{listed}");
});

on_both!(
    who_spoke_five_times_is_one_voice_and_five_who_spoke_are_five,
    |world: World| async move {
        let scene = scene(&world).await;
        let by = &scene.secretariat;
        let path = scene.of("input-sources?title=T&file_name=a.txt&dry_run=false");
        let chat = |names: [&str; 5]| {
            let lines = names.iter().enumerate();
            lines.map(|(at, name)| format!("[10:1{at}] {name}: Point {at}.\n")).collect::<String>()
        };
        for (names, band) in [
            (["Bandi Coot"; 5], "fewer_than_five"),
            (["Bandi Coot", "Wom Batt", "Quo Kka", "Pa Dem", "Po Toroo"], "five_or_more"),
        ] {
            let source = upload(&world, by, &path, "text/plain", chat(names)).await;
            assert_eq!((source.status, &source.json["lines"]), (200, &json!(5)), "{}", source.text);
            let queue = lines(&world, by, &source.json).await;
            let turn = format!("/api/v1/input-sources/{}/inputs", id(&source.json));
            let body = json!({ "inputs": [{ "lines": queue.iter().map(seen).collect::<Vec<_>>(), "objectives": [4], "category_id": scene.category["id"] }] });
            let made = world.make(by, &turn, body).await;
            assert_eq!(made["items"][0]["voices"]["band"], band, "{made}");
        }
    }
);

on_both!(captions_and_a_document_of_fifty_pages_are_taken_whole, |world: World| async move {
    let scene = scene(&world).await;
    let by = &scene.secretariat;
    for (name, kind, fewest) in [
        ("captions_by_zoom.vtt", "transcript", 2),
        ("captions_by_teams.vtt", "transcript", 2),
        ("captions_by_youtube.vtt", "transcript", 1),
        ("record_by_libreoffice.docx", "document", 300),
        ("position_by_pandoc.docx", "document", 5),
        ("notes_utf16.txt", "document", 2),
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
    let note = |key: &str, body: &str| json!({ "key": key, "told_by": "one", "objectives": [4], "category_id": scene.category["id"], "body": body });
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
});

on_both!(a_file_of_a_group_becomes_inputs_of_the_group, |world: World| async move {
    let scene = scene(&world).await;
    let at = |name: &str, group: &Value| {
        world.person_with(name, Role::Rapporteur, ScopeKind::WorkingGroup, id(group))
    };
    let rapporteur = at("Rap Porteur", &scene.group);
    let other = at("Rap Other", &scene.other_group);
    let place = format!("&dry_run=false&working_group_id={}", id(&scene.group));
    let whole = format!("{place}&round_id={}", id(&scene.round));
    // Whether a name was taken out tells who is registered: only who may read that imports.
    let refused = take(&world, &rapporteur, &scene, "zoom_cloud.txt", &whole).await;
    refused.is_problem(403, "forbidden");
    for (name, query, origin) in [
        ("zoom_cloud.txt", &whole, "chat"),
        ("captions_by_zoom.vtt", &place, "captions"),
        ("position_by_pandoc.docx", &whole, "document"),
    ] {
        let source = take(&world, &scene.secretariat, &scene, name, query).await;
        assert_eq!(source.status, 200, "{}", source.text);
        let source = source.json;
        let path = format!("/api/v1/input-sources/{}", id(&source));
        world.get(Some(&other), &path).await.is_problem(404, "not_found");
        let queue = lines(&world, &rapporteur, &source).await;
        let body = json!({ "inputs": [{ "lines": [seen(&queue[0])], "objectives": [4], "category_id": scene.category["id"] }] });
        let made = world.make(&rapporteur, &format!("{path}/inputs"), body).await;
        let made = &made["items"][0];
        assert_eq!(
            (&made["origin"], &made["working_group_id"], &made["round_id"]),
            (&json!(origin), &scene.group["id"], &source["round_id"]),
            "{made}"
        );
    }
});

// The files of what people reported (K1, K2, K14), as they came.
on_both!(files_tell_no_names_and_nothing_hidden, |world: World| async move {
    let scene = scene(&world).await;
    let by = &scene.secretariat;
    scene.participant(&world, "Jo Sample").await;
    let bodies = |lines: &[Value]| {
        lines.iter().map(|line| line["body"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for (name, kind, expected, told) in [
        (
            "transcript_by_teams.docx",
            "transcript",
            vec![
                "Fees are too high in every office.",
                "I was detained there myself, as [name] knows.",
            ],
            vec!["before_first"],
        ),
        (
            "transcript_by_meet.txt",
            "transcript",
            vec!["Fees are too high in every office.", "I was detained there myself."],
            vec!["attendees", "before_first", "remark"],
        ),
        (
            "hidden_by_style.docx",
            "document",
            vec!["Visible start  visible end.", "SHOWN because it is switched off here."],
            vec!["hidden"],
        ),
    ] {
        let source = take(&world, by, &scene, name, "&dry_run=false").await;
        assert_eq!((source.status, &source.json["kind"]), (200, &json!(kind)), "{}", source.text);
        let queue = lines(&world, by, &source.json).await;
        assert_eq!(bodies(&queue), expected, "{name}");
        let passed = source.json["passed_over"].as_array().unwrap();
        for kind in told {
            assert!(passed.iter().any(|one| one["kind"] == kind), "{kind}: {passed:?}");
        }
        if kind == "transcript" {
            let turn = format!("/api/v1/input-sources/{}/inputs", id(&source.json));
            let body = json!({ "inputs": [{ "lines": queue.iter().map(seen).collect::<Vec<_>>(), "objectives": [4], "category_id": scene.category["id"] }] });
            let made = world.make(by, &turn, body).await;
            assert_eq!(made["items"][0]["voices"]["band"], "fewer_than_five", "{made}");
        }
    }
    let source = take(&world, by, &scene, "with_other_files.docx", "&dry_run=false").await.json;
    let kinds: Vec<&str> = source["passed_over"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["kind"].as_str())
        .collect();
    assert!(kinds.contains(&"embedded") && kinds.contains(&"symbol"), "{kinds:?}");
});

on_both!(what_may_be_speech_is_held_until_somebody_says_what_it_is, |world: World| async move {
    let scene = scene(&world).await;
    let by = &scene.secretariat;
    // Withdrawn, declined or confirmed: whoever ever registered is taken out.
    scene.participant(&world, "Quokka Zyxwvut").await;
    // So is whoever consents for somebody.
    let mut minor = registration("academia", "TH");
    minor["age_band"] = json!("under_18");
    minor["guardian"] = json!({ "name": "Numbat Echidna", "email": "numbat@example.org" });
    let registrations = format!("/api/v1/consultations/{}/registrations", id(&scene.consultation));
    world.make(&world.person("Pat Young"), &registrations, minor).await;
    let path = |name: &str, query: &str| {
        format!(
            "/api/v1/consultations/{}/input-sources?title=T&file_name={name}{query}",
            id(&scene.consultation)
        )
    };
    let send = |text: &'static str, query: &'static str| {
        let (world, path) = (&world, path("a.txt", query));
        async move { upload(world, by, &path, "text/plain", text).await }
    };
    let talk = "Bandi Coot: Fees are too high.\nWom Batt: As Bandi says, and Quokka.\n";
    for query in ["", "&dry_run=false"] {
        let held = send(talk, query).await;
        held.is_problem(422, "unclear_file");
        assert!(
            held.text.contains("2 lines") && held.text.contains("kind=document"),
            "{}",
            held.text
        );
        for name in ["Bandi", "Wom", "Quokka"] {
            assert!(!held.text.contains(name), "{}", held.text);
        }
    }
    let none = format!("/api/v1/consultations/{}/input-sources", id(&scene.consultation));
    assert_eq!(world.get(Some(by), &none).await.json["items"], json!([]));
    let tried = send(talk, "&kind=transcript").await;
    let shown = tried.json["preview"].to_string();
    assert!(shown.contains("As [name] says, and [name].") && !shown.contains("Coot"), "{shown}");
    let taken = send(talk, "&kind=transcript&dry_run=false").await;
    assert_eq!((taken.status, &taken.json["lines"]), (200, &json!(2)), "{}", taken.text);

    let letter = "A position.\n\nWritten with Quokka Zyxwvut.\n\nSeen by Numbat Echidna.\n";
    send(letter, "").await.is_problem(422, "unclear_file");
    let written = send(letter, "&kind=document").await.json;
    assert_eq!(written["preview"][1]["body"], "Written with [name].", "{written}");
    assert_eq!(written["preview"][2]["body"], "Seen by [name].", "{written}");
    let chat = "[10:15] Bandi Coot: open\n[10:16] Bandi Coot (privately): secret\n";
    send(chat, "&kind=document").await.is_problem(422, "unreadable_file");
    let chat = send(chat, "").await;
    assert_eq!(
        (&chat.json["kind"], &chat.json["lines"]),
        (&json!("chat"), &json!(1)),
        "{}",
        chat.text
    );
    assert!(!chat.text.contains("secret"), "{}", chat.text);
    // A table of inputs is imported, too.
    let table = "body,objectives,category\nSo said Quokka Zyxwvut.,4,key_challenges\n";
    let job =
        upload(&world, by, &format!("{}/imports?dry_run=false", scene.path), "text/csv", table)
            .await;
    assert_eq!(ran(&world, by, &job.json).await["state"], "done");
    let listed = world.get(Some(by), &scene.path).await.json;
    assert_eq!(listed["items"][0]["body"], "So said [name].", "{listed}");
});

on_both!(
    a_table_comes_in_whole_or_not_at_all_and_goes_out_without_names,
    |world: World| async move {
        let scene = scene(&world).await;
        let by = &scene.secretariat;
        let person = scene.participant(&world, "Pat One").await;
        let path = format!("{}/imports", scene.path);
        let wrong = "body,objectives,category,told_by,testimony\n\
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
            "3 told_by unknown_word",
            "3 testimony unknown_word",
            "4 objectives invalid_value",
        ] {
            assert!(errors.iter().any(|error| error == told), "{told} is not in {errors:?}");
        }
        let real = format!("{path}?dry_run=false");
        let job = upload(&world, by, &real, "text/csv", wrong).await;
        assert_eq!(ran(&world, by, &job.json).await["state"], "failed");
        assert_eq!(world.get(Some(by), &scene.path).await.json["items"], json!([]));
        // Whose it is can be said in no column: one that says so is passed over.
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
        let listed = world.get(Some(by), &scene.path).await.json;
        let mut listed = listed["items"].as_array().unwrap().iter();
        let first = listed.find(|input| input["body"] == "=SUM(1)").unwrap();
        assert_eq!(first["care"]["do_not_quote"], true);
        for format in ["csv", "ndjson", "xlsx"] {
            let export = format!("{}/export?format={format}", scene.path);
            let answer = world.get(Some(by), &export).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            assert!(answer.header("content-disposition").contains(&format!(".{format}")));
            assert!(!answer.text.to_lowercase().contains("pat"), "{format}");
        }
    }
);
