//! The history of a draft: every save is a version that can be read, compared and brought back, told to the team and to nobody else.

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
    assert_eq!(each(&told, "place"), json!([2, 1, 1]));
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
    assert_eq!((&same["to"], &same["inputs_added"]), (&json!(1), &json!([])));

    // Brought back where it stands now, once.
    restore(&world, &tia, &first, 1, 2).await.is_problem(412, "version_mismatch");
    let restored = restore(&world, &tia, &first, 1, 3).await;
    assert_eq!(restored.status, 200, "{}", restored.text);
    assert_eq!(restored.json["paragraph"]["text"], "Fees differ widely.");
    assert_eq!(restored.json["inputs_left_out"], json!([]));
    assert_eq!(desk.order(&world, &desk.own).await, [id(&second), id(&first)]);
    assert_eq!(versions(&world, &desk, &first).await[0]["restored"], 1);

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
    let body =
        json!({ "paragraphs": ids(&[&first, &second]), "text": "Fees differ, offices close." });
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
    assert_eq!(desk.order(&world, &desk.own).await, [id(&first), id(&second), id(&third)]);
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
    noted.iter().any(|call| function.contains(call)) || function.contains("pub fn set_place(")
}

fn first_line(function: &str) -> &str {
    function.lines().find(|line| line.contains("fn ")).unwrap_or_default()
}
