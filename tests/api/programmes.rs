//! A programme as one document: what is in it is changed or made, what is not is removed, and everything or nothing.

use rapporteur::access::{Role, ScopeKind};
use rapporteur::jobs;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Request, World, id};
use crate::inputs::{Scene, scene};
use crate::on_both;

impl Scene {
    pub fn programme(&self) -> String {
        format!("/api/v1/consultations/{}/programme", id(&self.consultation))
    }

    pub async fn replace(&self, world: &World, version: &Value, body: Value) -> Answer {
        let request = Request::new(Method::PUT, &self.programme()).by(Some(&self.secretariat));
        world.send(request.version(version.as_i64().unwrap()).body(body)).await
    }
}

/// The programme as it was read, as a document that changes nothing.
pub async fn document(world: &World, scene: &Scene) -> (Value, Value) {
    let by = Some(&scene.secretariat);
    let read = world.get(by, &scene.programme()).await;
    assert_eq!(read.header("etag"), format!("\"{}\"", read.json["version"]));
    let base = format!("/api/v1/consultations/{}", id(&scene.consultation));
    let list = |name: &str| format!("{base}/{name}?limit=200");
    let only = |rows: &Value, fields: &[&str]| -> Value {
        let rows = rows["items"].as_array().unwrap().iter();
        let row = |row: &Value| {
            fields.iter().map(|field| ((*field).to_owned(), row[field].clone())).collect()
        };
        rows.map(|one| Value::Object(row(one))).collect()
    };
    let co_organizers = world.get(by, &list("co-organizers")).await.json;
    let rounds = world.get(by, &list("rounds")).await.json;
    let groups = world.get(by, &list("working-groups")).await.json;
    let sessions = world.get(by, &list("sessions")).await.json;
    let mut document = json!({
        "co_organizers": only(&co_organizers, &["id", "organization_id", "kind"]),
        "rounds": only(&rounds, &["id", "number", "starts_at", "ends_at"]),
        "working_groups": only(&groups, &["id", "number", "clusters", "min_size", "max_size", "languages"]),
        "sessions": only(&sessions, &["id", "kind", "title", "starts_at", "ends_at", "moderator", "speakers",
            "attribution_rule", "note"]),
    });
    for (session, stored) in document["sessions"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .zip(sessions["items"].as_array().unwrap())
    {
        let held = rounds["items"].as_array().unwrap().iter();
        let held = held.clone().find(|round| round["id"] == stored["round_id"]);
        session["round"] = held.map_or(Value::Null, |round| round["number"].clone());
    }
    (read.json["version"].clone(), document)
}

on_both!(a_programme_is_one_document, |world: World| async move {
    let scene = scene(&world).await;
    let (seen, before) = document(&world, &scene).await;

    // As it is, nothing changes: no row gets another version.
    let same = scene.replace(&world, &seen, before.clone()).await;
    assert_eq!((same.status, &same.json["version"]), (200, &seen), "{}", same.text);

    // Rounds change numbers, a session is made first and the group gets lines in place of hosts.
    let organization = json!({ "name": "Labour Example", "sector": "un_entity", "country": "TH" });
    let organization = world.make(&scene.secretariat, "/api/v1/organizations", organization).await;
    let mut next = before.clone();
    let rounds = next["rounds"].as_array_mut().unwrap();
    let first = rounds[0]["number"].clone();
    rounds[0]["number"] = json!(7);
    rounds.push(json!({ "number": first }));
    let opening = json!({
        "kind": "opening", "title": "Welcome", "note": "Join early.",
        "speakers": [{ "name": "Asha Example", "affiliation": "Example Union", "named_consent": true }]
    });
    let held = json!({ "kind": "working_groups", "title": "Second round", "round": 7 });
    let sessions = next["sessions"].as_array_mut().unwrap();
    sessions.insert(0, opening);
    sessions.push(held);
    next["working_groups"][0]["placeholders"] = json!([
        { "role": "co_host", "organization_id": organization["id"] }, { "role": "rapporteur" }
    ]);
    next["co_organizers"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "organization_id": organization["id"], "kind": "un_network" }));
    let put = scene.replace(&world, &seen, next.clone()).await;
    assert_eq!(put.status, 200, "{}", put.text);
    assert_ne!(put.json["version"], seen);
    assert_eq!(put.json["sessions"][0]["title"], "Welcome");
    let lines = put.json["working_groups"][0]["placeholders"].clone();
    assert_eq!(lines[0]["text"], "a representative of Labour Example");
    assert_eq!(
        (&lines[1]["text"], &lines[1]["role"]),
        (&json!("to be confirmed"), &json!("rapporteur"))
    );
    let sessions = put.json["sessions"].as_array().unwrap();
    assert_eq!(sessions.last().unwrap()["round"]["number"], 7);
    let public = world.get(None, &scene.programme()).await.json;
    assert_eq!(public["working_groups"][0]["placeholders"], lines);

    let page = format!("/consultations/{}", id(&scene.consultation));
    let page = world.get(None, &page).await.text;
    assert!(
        page.contains("a representative of Labour Example") && page.contains("to be confirmed")
    );

    // Whoever still has the programme from before is told so; a change of a single row counts too.
    let late = scene.replace(&world, &seen, before.clone()).await;
    late.is_problem(412, "version_mismatch");
    let path = format!("/api/v1/sessions/{}", id(&sessions[0]));
    world.change(&scene.secretariat, Method::PATCH, &path, 1, json!({ "title": "Hello" })).await;
    scene
        .replace(&world, &put.json["version"], before.clone())
        .await
        .is_problem(412, "version_mismatch");

    // Everything that is wrong is told at once, by its place, and nothing is done.
    let (seen, current) = document(&world, &scene).await;
    let mut wrong = current.clone();
    wrong["rounds"][1]["number"] = wrong["rounds"][0]["number"].clone();
    wrong["sessions"][0]["title"] = json!(" ");
    wrong["sessions"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "kind": "plenary", "title": "Together" }));
    let last = wrong["sessions"].as_array().unwrap().len();
    wrong["working_groups"][0]["clusters"] = json!([[23]]);
    wrong["working_groups"][0]["placeholders"] = json!([{ "role": "secretariat" }]);
    let refused = scene.replace(&world, &seen, wrong).await;
    refused.is_problem(422, "invalid_value");
    for pointer in [
        "/rounds/1/number",
        "/sessions/0/title",
        "/working_groups/0/clusters/0/0",
        "/working_groups/0/placeholders/0/role",
    ] {
        refused.points_to(pointer);
    }
    let mut wrong = current.clone();
    wrong["sessions"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "kind": "working_groups", "title": "Third", "round": 99 }));
    wrong["rounds"][0]["id"] = json!("00000000-0000-4000-8000-000000000000");
    let refused = scene.replace(&world, &seen, wrong).await;
    refused.points_to(&format!("/sessions/{}/round", last - 1));
    refused.points_to("/rounds/0/id");
    assert_eq!(document(&world, &scene).await, (seen.clone(), current.clone()));

    // What something hangs on stays: a group that somebody hosts.
    let group = current["working_groups"][0]["id"].as_str().unwrap();
    world.person_with("Tia Rapporteur", Role::Rapporteur, ScopeKind::WorkingGroup, group);
    let mut less = current.clone();
    less["working_groups"].as_array_mut().unwrap().remove(0);
    let refused = scene.replace(&world, &seen, less).await;
    refused.is_problem(409, "in_use");
    refused.points_to("/working_groups");
    // What nothing hangs on goes.
    let mut less = current.clone();
    less["sessions"].as_array_mut().unwrap().remove(0);
    less["co_organizers"] = before["co_organizers"].clone();
    let put = scene.replace(&world, &seen, less).await;
    assert_eq!(put.status, 200, "{}", put.text);
    assert_eq!(put.json["sessions"].as_array().unwrap().len(), last - 2);
    assert!(!put.text.contains("Hello"));
    assert_eq!(
        put.json["working_groups"][0]["placeholders"],
        json!([]),
        "none were in the document"
    );
});

on_both!(
    hosts_without_an_account_stand_in_a_programme_and_nobody_gets_a_role_by_it,
    |world: World| async move {
        let scene = scene(&world).await;
        let pat = scene.participant(&world, "Pat One").await;
        let (seen, mut next) = document(&world, &scene).await;
        let host = |name: &str, named: bool| json!({ "role": "moderator", "name": name, "affiliation": "Example Union", "named_consent": named });
        let hosts =
            json!([host("Hana Host", true), { "role": "rapporteur", "name": "Sina Silent" }]);
        next["working_groups"][0]["hosts"] = hosts;
        next["working_groups"][0]["placeholders"] = json!([{ "role": "co_host" }]);
        let put = scene.replace(&world, &seen, next.clone()).await;
        assert_eq!(put.status, 200, "{}", put.text);
        let told = &put.json["working_groups"][0]["hosts"];
        assert_eq!((&told[0], &told[1]["name"]), (&host("Hana Host", true), &json!("Sina Silent")));
        assert_eq!(told[1]["named_consent"], false);
        // The same again changes nothing.
        let seen = put.json["version"].clone();
        let again = scene.replace(&world, &seen, next.clone()).await;
        assert_eq!((again.status, &again.json["version"]), (200, &seen), "{}", again.text);

        // Everybody learns of those who agreed to be named, and of nobody else.
        let public = world.get(None, &scene.programme()).await;
        assert_eq!(public.json["working_groups"][0]["hosts"], json!([host("Hana Host", true)]));
        assert!(!public.text.contains("Sina"), "{}", public.text);
        let page =
            world.get(None, &format!("/consultations/{}", id(&scene.consultation))).await.text;
        assert!(
            page.contains("Hana Host, Example Union") && page.contains("to be confirmed"),
            "{page}"
        );
        assert!(!page.contains("Sina"));

        // Whoever has an account is named by it once they hold the role, and a programme gives nobody one.
        let by_account = json!({ "role": "moderator", "account_id": pat.id });
        next["working_groups"][0]["hosts"].as_array_mut().unwrap().push(by_account);
        let refused = scene.replace(&world, &seen, next.clone()).await;
        refused.is_problem(422, "invalid_value");
        refused.points_to("/working_groups/0/hosts/2/account_id");
        assert!(refused.text.contains("POST /api/v1/working-groups"), "{}", refused.text);
        let grants = async || {
            world
                .get(Some(&scene.secretariat), &format!("/api/v1/accounts/{}/grants", pat.id))
                .await
                .json["items"]
                .clone()
        };
        assert_eq!(grants().await, json!([]));
        let path = format!("/api/v1/working-groups/{}/hosts", id(&scene.group));
        world
            .make(&scene.secretariat, &path, json!({ "role": "moderator", "account_id": pat.id }))
            .await;
        let put = scene.replace(&world, &seen, next.clone()).await;
        assert_eq!(put.status, 200, "{}", put.text);
        // Nor takes it one away.
        next["working_groups"][0]["hosts"].as_array_mut().unwrap().pop();
        let put = scene.replace(&world, &put.json["version"], next.clone()).await;
        assert_eq!(put.status, 200, "{}", put.text);
        assert_eq!(grants().await.as_array().unwrap().len(), 1);
        let seen = put.json["version"].clone();

        // What is wrong is told by its place, all at once.
        let mut wrong = next.clone();
        wrong["working_groups"][0]["hosts"] = json!([
            { "role": "moderator" },
            { "role": "moderator", "name": "Asha", "account_id": pat.id },
            { "role": "moderator", "account_id": pat.id, "named_consent": true },
        ]);
        let refused = scene.replace(&world, &seen, wrong.clone()).await;
        for pointer in ["0/name", "1/name", "2/account_id"] {
            refused.points_to(&format!("/working_groups/0/hosts/{pointer}"));
        }
        wrong["working_groups"][0]["hosts"] =
            json!([host(" ", true), { "role": "secretariat", "name": "Asha" }]);
        let refused = scene.replace(&world, &seen, wrong).await;
        refused.points_to("/working_groups/0/hosts/0/name");
        refused.points_to("/working_groups/0/hosts/1/role");

        // Long after it was held, they are forgotten, and so are those who spoke and moderated.
        next["sessions"] = json!([
            { "kind": "opening", "title": "Welcome", "moderator": "Mira Moderator" },
            { "kind": "closing", "title": "Thanks", "speakers": [{ "name": "Asha Example" }] },
            { "kind": "plenary", "title": "Together" },
        ]);
        let put = scene.replace(&world, &seen, next).await;
        assert_eq!(put.status, 200, "{}", put.text);
        let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
        world.app.clock.advance(chrono::Duration::days(1_200));
        let admin = world.signed_in_again(&admin);
        let purges = "/api/v1/retention/purges";
        let preview = world.make(&admin, purges, json!({ "dry_run": true })).await;
        let classes = preview["classes"].as_array().unwrap();
        let class = classes.iter().find(|one| one["class"] == "participation").unwrap();
        assert_eq!(class["counts"]["announced_hosts"], 2, "{preview}");
        assert_eq!(class["counts"]["sessions"], 2, "{preview}");
        assert_eq!(world.post(&admin, purges, json!({ "dry_run": false })).await.status, 202);
        while jobs::runner::run_due(&world.app).await.unwrap() {}
        let after = world.get(None, &scene.programme()).await.json;
        assert_eq!(after["working_groups"][0]["hosts"], json!([]));
        let sessions = crate::planted::texts(&world, "sessions", "moderator");
        assert!(sessions.iter().all(String::is_empty), "{sessions:?}");
        let sessions = crate::planted::texts(&world, "sessions", "speakers");
        assert!(sessions.iter().all(|speakers| speakers == "[]"), "{sessions:?}");
        let empty = world.make(&admin, purges, json!({ "dry_run": true })).await;
        let classes = empty["classes"].as_array().unwrap();
        let class = classes.iter().find(|one| one["class"] == "participation").unwrap();
        assert!(class["counts"]["sessions"].is_null(), "{empty}");
    }
);

on_both!(
    a_milestone_follows_the_consent_to_be_named_as_the_draft_does,
    |world: World| async move {
        let scene = scene(&world).await;
        let by = &scene.secretariat;
        let pat = scene.participant(&world, "Pat One").await;
        let (seen, mut next) = document(&world, &scene).await;
        let host = |named: bool| json!([{ "role": "co_host", "name": "Hana Host", "affiliation": "Example Union", "named_consent": named }]);
        next["working_groups"][0]["hosts"] = host(true);
        let round = next["rounds"][0]["number"].clone();
        let speakers = json!([{ "name": "Asha Example", "affiliation": "Example Trust", "named_consent": true }]);
        next["sessions"] = json!([
            { "kind": "opening", "title": "Welcome", "speakers": speakers },
            { "kind": "working_groups", "title": "Groups", "round": round },
        ]);
        let put = scene.replace(&world, &seen, next.clone()).await;
        assert_eq!(put.status, 200, "{}", put.text);
        let registration =
            world.get(Some(&pat), "/api/v1/me/registrations").await.json["items"][0].clone();
        let agree = async |named: bool| {
            let path = format!("/api/v1/registrations/{}", id(&registration));
            let version = world.get(Some(&pat), &path).await.json["version"].as_i64().unwrap();
            let body = json!({ "consents": { "named_attribution": named } });
            world.change(&pat, Method::PATCH, &path, version, body).await
        };
        agree(true).await;
        let path = format!("/api/v1/working-groups/{}/hosts", id(&scene.group));
        world.make(by, &path, json!({ "role": "moderator", "account_id": pat.id })).await;
        world.phases(by, id(&scene.consultation), &["registration_closed", "in_session"]).await;
        let report = world.make(by, &scene.of("report"), Value::Null).await;
        let milestones = format!("/api/v1/reports/{}/milestones", id(&report));
        let set = world.make(by, &milestones, json!({ "name": "As sent" })).await;
        let one = format!("/api/v1/milestones/{}", id(&set));
        let draft = format!("/api/v1/reports/{}/draft.json", id(&report));
        let differences =
            format!("/api/v1/reports/{}/differences.json?from=milestone-1&to=draft", id(&report));
        let browser = crate::page_access::signed_in(&world, by).await;
        let page = format!("/my/reports/{}/milestones/{}", id(&report), id(&set));
        let names = ["Pat One", "Hana Host", "Asha Example"];
        // The milestone, its page and what differs from it name whom the draft names, and nobody else.
        let follows = async |named: [bool; 3]| {
            let draft = world.get(Some(by), &draft).await.text;
            let told = world.get(Some(by), &one).await.json;
            let document = world.get(Some(by), &format!("{one}/document")).await;
            assert_eq!(document.status, 200, "{}", document.text);
            let page = browser.get(&page).await;
            crate::browser::is_page(&page, 200);
            let differences = world.get(Some(by), &differences).await;
            assert_eq!(differences.status, 200, "{}", differences.text);
            for (name, named) in names.iter().zip(named) {
                for text in [&draft, &document.text, &page.text, &differences.text] {
                    assert_eq!(text.contains(name), named, "{name}: {text}");
                }
            }
            let whole = named == [true; 3];
            assert_eq!(told["names_left_out"], !whole, "{told}");
            assert_eq!(
                document.header("etag") == format!("\"{}\"", set["sha256"].as_str().unwrap()),
                whole
            );
            assert_eq!(page.text.contains("are left out here"), !whole);
            let listed = world.get(Some(by), &milestones).await.json["items"][0].clone();
            assert_eq!(listed["names_left_out"], !whole);
        };
        follows([true, true, true]).await;
        agree(false).await;
        follows([false, true, true]).await;
        next["working_groups"][0]["hosts"] = host(false);
        next["sessions"][0]["speakers"][0]["named_consent"] = json!(false);
        let sessions = put.json["sessions"].as_array().unwrap();
        for (row, known) in next["sessions"].as_array_mut().unwrap().iter_mut().zip(sessions) {
            row["id"] = known["id"].clone();
        }
        let seen = world.get(Some(by), &scene.programme()).await.json["version"].clone();
        let put = scene.replace(&world, &seen, next).await;
        assert_eq!(put.status, 200, "{}", put.text);
        follows([false, false, false]).await;
        agree(true).await;
        follows([true, false, false]).await;
        // Whoever is erased is left out of what is kept; the rest of it stays.
        let kept = || crate::planted::texts(&world, "report_milestones", "document");
        let before = kept();
        let frozen = crate::planted::texts(&world, "report_milestones", "frozen");
        let frozen: Value = serde_json::from_str(&frozen[0]).unwrap();
        let named = frozen["named"].as_array().unwrap();
        let line =
            named.iter().find(|one| one["account"] == json!(pat.id)).unwrap()["line"].clone();
        let puppet = world.person("Example");
        assert_eq!(crate::erasure::erase(&world, &puppet).await.status, 204);
        assert_eq!(kept(), before);
        assert_eq!(crate::erasure::erase(&world, &pat).await.status, 204);
        follows([false, false, false]).await;
        let frozen = crate::planted::texts(&world, "report_milestones", "frozen");
        assert!(!frozen[0].contains("Pat One") && frozen[0].contains("Asha Example"), "{frozen:?}");
        let without = before[0].replace(line.as_str().unwrap(), "[…]");
        let [kept] = &kept()[..] else { panic!() };
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(read(kept), read(&without));
    }
);
