//! The pages in real Chromium: starts `.ci/walk.mjs` on each database and answers what it asks for. It needs Node with playwright-core
//! and axe-core in the folder that `RAPPORTEUR_WALK_TOOLS` names, and Chromium; without, it says that it did not run. (The gate has them;
//! `cargo xtask screenshots` gets them.)

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use rapporteur::access::{Role, ScopeKind};
use rapporteur::outbox;
use reqwest::Method;
use serde_json::{Value, json};

use crate::clearance::Table;
use crate::drafting::desk;
use crate::harness::{Person, Request, World, consultation, id};
use crate::on_both;

/// The folder of the tools.
const TOOLS: &str = "RAPPORTEUR_WALK_TOOLS";
/// Where pictures of every page on the way go; a temporary folder when it is not said.
const PICTURES: &str = "RAPPORTEUR_WALK_PICTURES";

/// What the walk asks for: a word, and what it is about.
async fn answer(world: &World, scene: Option<&Scene>, asked: &str) -> String {
    match (asked.split_once(' ').unwrap_or((asked, "")), scene) {
        (("mail", address), _) => {
            let all = world.app.db.read_blocking(|conn| outbox::list(conn, None, 10_000)).unwrap();
            let theirs = all.into_iter().filter(|mail| mail.recipient == address);
            theirs.filter_map(|mail| mail.secret).next_back().unwrap_or_default()
        }
        (("hold", _), Some(scene)) => hold(world, scene).await,
        (("mix", _), Some(scene)) => {
            world.last_mixing(&scene.held);
            String::new()
        }
        (asked, _) => panic!("the walk asks for {asked:?}"),
    }
}

/// Lets the consultation begin; the code to check in with.
async fn hold(world: &World, scene: &Scene) -> String {
    world.phases(&scene.secretariat, id(&scene.held), &["registration_closed", "in_session"]).await;
    let codes = format!("/api/v1/sessions/{}/check-in-code", scene.session);
    let code = world.make(&scene.secretariat, &codes, json!({})).await["code"].clone();
    let begun = "2020-11-19T04:10:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    world.app.clock.advance(begun - world.app.clock.now().utc());
    code.as_str().unwrap().to_owned()
}

struct Scene {
    secretariat: Person,
    held: Value,
    session: String,
}

/// Starts the walk, and answers it until it ends.
async fn walk(world: &World, tools: &str, mut told: Value, scene: Option<&Scene>) {
    let pictures =
        std::env::var(PICTURES).map_or_else(|_| world.folder.join("pictures"), Into::into);
    told["base"] = json!(world.base);
    told["out"] = json!(pictures.join(world.app.db.target().name()));
    let mut walk = Command::new("node")
        .args([".ci/walk.mjs", tools])
        .env("WALK", told.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node");
    let (lines, mut said) = tokio::sync::mpsc::unbounded_channel();
    let output = BufReader::new(walk.stdout.take().unwrap());
    std::thread::spawn(move || {
        output.lines().map_while(Result::ok).try_for_each(|line| lines.send(line))
    });
    let mut input = walk.stdin.take().unwrap();
    while let Some(line) = said.recv().await {
        match line.strip_prefix('@') {
            Some(asked) => writeln!(input, "{}", answer(world, scene, asked).await).unwrap(),
            None => eprintln!("{line}"),
        }
    }
    assert!(walk.wait().unwrap().success(), "what is wrong stands above");
}

fn tools() -> Option<String> {
    let tools = std::env::var(TOOLS).ok();
    if tools.is_none() {
        eprintln!(
            "\n*** NOT RUN: the walks in Chromium; {TOOLS} names no folder with playwright-core and axe-core ***\n"
        );
    }
    tools
}

on_both!(people_come_in_and_say_something, |world: World| async move {
    let Some(tools) = tools() else { return };
    let (secretariat, review, vetted) = world.consultation(None, "vetted").await;
    let path = format!("/api/v1/reviews/{}/consultations", id(&review));
    let mut others = Vec::new();
    for (ordinal, capacity) in [(3, Some(1)), (4, None)] {
        let mut body = consultation();
        body["ordinal"] = json!(ordinal);
        body["capacity"] = json!(capacity);
        body["admission"] = json!("automatic");
        others.push(world.make(&secretariat, &path, body).await);
    }
    let mut session = String::new();
    for one in [&vetted, &others[0], &others[1]] {
        let base = format!("/api/v1/consultations/{}", id(one));
        for (number, objectives) in [(1, [4, 8]), (2, [9, 10])] {
            let group = json!({ "number": number, "clusters": [objectives], "min_size": 1, "max_size": 40, "languages": ["en"] });
            world.make(&secretariat, &format!("{base}/working-groups"), group).await;
        }
        let opening = json!({ "kind": "opening", "title": "การเปิดประชุม / Opening", "joining_url": "https://meet.example.org/j/1",
            "starts_at": "2020-11-19T04:00:00Z", "ends_at": "2020-11-19T04:30:00Z" });
        let made = world.make(&secretariat, &format!("{base}/sessions"), opening).await;
        session = id(&made).to_owned();
        world.phases(&secretariat, id(one), &["open_call"]).await;
    }
    let rules = format!("/api/v1/consultations/{}/registration-rules", id(&others[0]));
    let rules = Request::new(Method::PUT, &rules).by(Some(&secretariat)).version(0);
    let set = world.send(rules.body(json!({ "acceptance_hours": 48 }))).await;
    assert_eq!(set.status, 200, "{}", set.text);
    let told = json!({ "walks": "coming", "secretariat": secretariat.token, "vetted": id(&vetted),
        "small": id(&others[0]), "held": id(&others[1]) });
    let held = others.remove(1);
    let scene = Scene { secretariat, held, session };
    walk(&world, &tools, told, Some(&scene)).await;
});

on_both!(a_reader_comes_to_a_paragraph_that_is_cited, |world: World| async move {
    let Some(tools) = tools() else { return };
    crate::main_job::walk(&world, "Asha Example", "Example Foundation").await;
    walk(&world, &tools, json!({ "walks": "reading" }), None).await;
});

on_both!(a_team_writes_a_report, |world: World| async move {
    let Some(tools) = tools() else { return };
    let desk = desk(&world).await;
    let [fees, offices, registers, hours] = &desk.inputs[..] else { panic!() };
    let first = desk.add(&world, &desk.own, "Fees differ widely.", &[fees]).await;
    desk.add(&world, &desk.own, "Both matter.", &[]).await;
    desk.add(&world, &desk.other, "Offices close early.", &[offices]).await;
    let held = id(&desk.scene.consultation);
    let cora = world.person_with("Cora Co", Role::CoOrganizer, ScopeKind::Consultation, held);
    let second = world.person_with("Seco Second", Role::Secretariat, ScopeKind::Instance, "");
    let role = json!({ "role": "secretariat", "scope_kind": "review", "scope_id": desk.scene.review["id"] });
    let whom = world.person("Quin Example");
    let role = world.post(desk.by(), &format!("/api/v1/accounts/{}/grants", whom.id), role).await;
    let asha = world.person("Asha Example");
    let union = json!({ "name": "A union", "sector": "trade_unions", "country": "TH" });
    let union = world.make(&asha, "/api/v1/organizations", union).await;
    let path = format!("/api/v1/organizations/{}", id(&union));
    let declined = json!({ "to": "declined", "reason": "not_found" });
    let version = union["version"].as_i64().unwrap();
    world.change(desk.by(), Method::POST, &format!("{path}/vetting"), version, declined).await;
    let appeal = json!({ "organization_id": union["id"], "text": "We are well known." });
    let appeal = world.make(&asha, "/api/v1/appeals", appeal).await;
    let decisions =
        [format!("/my/proposals/{}", id(&role.json)), format!("/my/appeals/{}", id(&appeal))];
    let told = json!({
        "second": second.email, "decisions": decisions,
        "walks": "writing", "report": desk.report.replace("/api/v1", "/my"), "paragraph": first["id"],
        "inputs": [registers["id"], hours["id"]], "drafter": desk.by().email, "suggester": cora.email,
        "rapporteur": desk.rapporteur(&world).email
    });
    walk(&world, &tools, told, None).await;
});

on_both!(a_body_clears_a_report, |world: World| async move {
    let Some(tools) = tools() else { return };
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    table.go(&world, "drafting").await;
    let told = json!({
        "walks": "clearing", "room": table.of("clearance").replace("/api/v1", "/my"), "paragraph": table.own["id"],
        "clearer": table.bodies[1].members[0].email, "drafter": table.by().email
    });
    walk(&world, &tools, told, None).await;
});
