//! The pages in real Chromium: starts `.ci/walk.mjs` on each database and answers what it asks for. It needs Node with playwright-core
//! and axe-core in the folder that `RAPPORTEUR_WALK_TOOLS` names, and Chromium; without, it says that it did not run. (The gate has them.)

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use rapporteur::outbox;
use reqwest::Method;
use serde_json::json;

use crate::harness::{Request, World, consultation, id};
use crate::on_both;

/// The folder of the tools.
const TOOLS: &str = "RAPPORTEUR_WALK_TOOLS";
/// Where pictures of every page on the way go; a temporary folder when it is not said.
const PICTURES: &str = "RAPPORTEUR_WALK_PICTURES";

/// What the walk asks for: a word, and what it is about.
async fn answer(world: &World, asked: &str) -> String {
    match asked.split_once(' ').unwrap_or((asked, "")) {
        ("mail", address) => {
            let all = world.app.db.read_blocking(|conn| outbox::list(conn, None, 10_000)).unwrap();
            let theirs = all.into_iter().filter(|mail| mail.recipient == address);
            theirs.filter_map(|mail| mail.secret).next_back().unwrap_or_default()
        }
        ("sweep", _) => {
            world.sweep().await;
            String::new()
        }
        other => panic!("the walk asks for {other:?}"),
    }
}

on_both!(people_walk_through_the_pages_in_chromium, |world: World| async move {
    let Ok(tools) = std::env::var(TOOLS) else {
        eprintln!(
            "\n*** NOT RUN: the walks in Chromium; {TOOLS} names no folder with playwright-core and axe-core ***\n"
        );
        return;
    };
    let (secretariat, made_review, vetted) = world.consultation(None, "vetted").await;
    let path = format!("/api/v1/reviews/{}/consultations", id(&made_review));
    let mut small = consultation();
    small["ordinal"] = json!(3);
    small["capacity"] = json!(1);
    small["admission"] = json!("automatic");
    let small = world.make(&secretariat, &path, small).await;
    for one in [&vetted, &small] {
        let base = format!("/api/v1/consultations/{}", id(one));
        for (number, objectives) in [(1, [4, 8]), (2, [9, 10])] {
            let group = json!({ "number": number, "clusters": [objectives], "min_size": 1, "max_size": 40, "languages": ["en"] });
            world.make(&secretariat, &format!("{base}/working-groups"), group).await;
        }
        let session = json!({ "kind": "opening", "title": "การเปิดประชุม / Opening",
            "starts_at": "2020-11-19T04:00:00Z", "ends_at": "2020-11-19T04:30:00Z" });
        world.make(&secretariat, &format!("{base}/sessions"), session).await;
        world.phases(&secretariat, id(one), &["open_call"]).await;
    }
    let rules = format!("/api/v1/consultations/{}/registration-rules", id(&small));
    let rules = Request::new(Method::PUT, &rules).by(Some(&secretariat)).version(0);
    let set = world.send(rules.body(json!({ "acceptance_hours": 48 }))).await;
    assert_eq!(set.status, 200, "{}", set.text);

    let name = world.app.db.target().name();
    let pictures =
        std::env::var(PICTURES).map_or_else(|_| world.folder.join("pictures"), Into::into);
    let scene = json!({ "base": world.base, "out": pictures.join(name), "secretariat": secretariat.token,
        "vetted": id(&vetted), "small": id(&small) });
    let mut walk = Command::new("node")
        .args([".ci/walk.mjs", &tools])
        .env("WALK", scene.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node");
    let (lines, said) = tokio::sync::mpsc::unbounded_channel();
    let output = BufReader::new(walk.stdout.take().unwrap());
    std::thread::spawn(move || {
        output.lines().map_while(Result::ok).try_for_each(|line| lines.send(line))
    });
    let mut said = said;
    let mut input = walk.stdin.take().unwrap();
    let mut told = String::new();
    while let Some(line) = said.recv().await {
        match line.strip_prefix('@') {
            Some(asked) => writeln!(input, "{}", answer(&world, asked).await).unwrap(),
            None => {
                println!("{line}");
                told.push_str(&format!("{line}\n"));
            }
        }
    }
    assert!(walk.wait().unwrap().success(), "{told}");
});
