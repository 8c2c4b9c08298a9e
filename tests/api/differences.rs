//! Differences between editions and drafts, corrigenda and revisions with their symbols and lists of changes, addresses of
//! paragraphs, and citations.

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::is_page;
use crate::harness::{Answer, Person, Request, World};
use crate::main_job::{Walk, walk};
use crate::on_both;

async fn version(world: &World, by: &Person, path: &str) -> i64 {
    world.get(Some(by), path).await.json["version"].as_i64().unwrap()
}

async fn state(world: &World, walk: &Walk, body: Value) -> Answer {
    let seen = version(world, &walk.secretariat, &walk.report).await;
    let path = format!("{}/state", walk.report);
    let request = Request::new(Method::POST, &path).by(Some(&walk.secretariat));
    world.send(request.version(seen).body(body)).await
}

/// Gives the paragraph that says so another text.
pub async fn rewrite(world: &World, walk: &Walk, old: &str, new: &str) {
    let all =
        world.get(Some(&walk.secretariat), &format!("{}/paragraphs?limit=200", walk.report)).await;
    let items = all.json["items"].as_array().unwrap();
    let found =
        items.iter().find(|one| one["text"].as_str().is_some_and(|text| text.contains(old)));
    let found = found.unwrap_or_else(|| panic!("{old}: {}", all.text));
    let path = format!("/api/v1/paragraphs/{}", found["id"].as_str().unwrap());
    let seen = found["version"].as_i64().unwrap();
    let changed =
        world.change(&walk.secretariat, Method::PATCH, &path, seen, json!({ "text": new })).await;
    assert_eq!(changed["text"], new);
}

/// Publishes what was drafted after the report was reopened.
pub async fn publish(world: &World, walk: &Walk, body: Value) -> Answer {
    world.waive_findings(&walk.secretariat, &walk.report).await;
    let cleared = state(world, walk, json!({ "to": "clearance" })).await;
    assert_eq!(cleared.status, 200, "{}", cleared.text);
    world.clear(&walk.secretariat, &walk.report).await;
    let seen = version(world, &walk.secretariat, &walk.report).await;
    let path = format!("{}/publish", walk.report);
    let request = Request::new(Method::POST, &path).by(Some(&walk.secretariat));
    world.send(request.version(seen).body(body)).await
}

pub async fn reopen(world: &World, walk: &Walk, amendment: &str) {
    let body = json!({ "to": "drafting", "amendment": amendment, "reason": "A word is wrong." });
    let reopened = state(world, walk, body).await;
    assert_eq!(
        (reopened.status, &reopened.json["amendment"]),
        (200, &json!(amendment)),
        "{}",
        reopened.text
    );
}

on_both!(editions_get_their_symbols_by_rule_and_say_what_they_change, |world: World| async move {
    let walk = walk(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
    let (by, report) = (&walk.secretariat, walk.report.as_str());
    let first = world.get(None, &format!("{report}/editions/1.json")).await.text;

    reopen(&world, &walk, "corrigendum").await;
    rewrite(&world, &walk, "Fees should be waived.", "Fees should be lowered.").await;
    // Whoever reads drafts sees what differs so far; nobody else does.
    let draft = world.get(Some(by), &format!("{report}/differences")).await;
    assert_eq!(
        (draft.status, &draft.json["from"], &draft.json["to"]),
        (200, &json!("edition-1"), &json!("draft"))
    );
    world.get(None, &format!("{report}/differences")).await.is_problem(401, "unauthenticated");
    let stranger = world.person("Stranger");
    world
        .get(Some(&stranger), &format!("{report}/differences?to=draft"))
        .await
        .is_problem(403, "forbidden");

    let given = publish(&world, &walk, json!({ "symbol": "ESCAP/GCM/2020/9" })).await;
    given.is_problem(422, "invalid_value");
    assert!(given.text.contains("published as ESCAP/GCM/2020/1"), "{}", given.text);
    let seen = version(&world, by, report).await;
    let request = Request::new(Method::POST, &format!("{report}/publish")).by(Some(by));
    let published = world.send(request.version(seen).body(json!({}))).await;
    assert_eq!(published.status, 200, "{}", published.text);
    reopen(&world, &walk, "revision").await;
    rewrite(&world, &walk, "Fees should be lowered.", "Fees should be lowered soon.").await;
    let published = publish(&world, &walk, json!({})).await;
    assert_eq!(published.status, 200, "{}", published.text);
    let editions = world.get(None, &format!("{report}/editions")).await.json;
    let told: Vec<(&Value, &Value)> = editions["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["symbol"], &one["amendment"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!("ESCAP/GCM/2020/1"), &Value::Null),
            (&json!("ESCAP/GCM/2020/1/Corr.1"), &json!("corrigendum")),
            (&json!("ESCAP/GCM/2020/1/Rev.1"), &json!("revision")),
        ]
    );
    assert_eq!(
        world.get(None, &format!("{report}/editions/1.json")).await.text,
        first,
        "an edition never changes"
    );

    // Everybody may have two editions compared, in every format that has marks.
    let both = "from=edition-1&to=edition-2";
    let found = world.get(None, &format!("{report}/differences?{both}")).await.json;
    let items = found["items"].as_array().unwrap();
    let changed: Vec<_> = items.iter().filter(|one| one["place"] == "paragraph").collect();
    assert_eq!(changed.len(), 1, "{found}");
    let words: Vec<_> = changed[0]["words"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["op"].as_str().unwrap(), one["text"].as_str().unwrap()))
        .collect();
    assert_eq!(
        words,
        [("equal", "Fees should be "), ("delete", "waived"), ("insert", "lowered"), ("equal", ".")]
    );
    assert!(
        items.iter().any(|one| one["place"] == "first_page" && one["label"] == "symbol"),
        "{found}"
    );
    for (format, kind) in [
        ("html", "text/html; charset=utf-8"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("json", "application/json"),
    ] {
        let answer = world.get(None, &format!("{report}/differences.{format}?{both}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, kind), "{format}");
        assert_eq!(answer.header("cache-control"), "public, max-age=604800");
        let etag = answer.header("etag");
        let again = Request::new(Method::GET, &format!("{report}/differences.{format}?{both}"))
            .header("If-None-Match", etag);
        let again = world.send(again).await;
        assert_eq!(again.status, 304, "{format}");
        assert_eq!(again.header("cache-control"), "public, max-age=604800", "as when it was sent");
    }
    let html = world.get(None, &format!("{report}/differences.html?{both}")).await.text;
    assert!(
        html.contains("<del>") && html.contains("<ins>") && html.contains("deleted: "),
        "{html}"
    );
    world
        .get(None, &format!("{report}/differences.md?{both}"))
        .await
        .is_problem(406, "not_acceptable");
    world
        .get(None, &format!("{report}/differences?from=yesterday"))
        .await
        .is_problem(400, "invalid_query");
    world
        .get(None, &format!("{report}/differences?from=edition-1&to=edition-9"))
        .await
        .is_problem(404, "not_found");

    // The list of changes, in the manner of the United Nations.
    let list = world.get(None, &format!("{report}/editions/2/changes.md")).await;
    assert!(
        list.text.contains("sentence 1") && list.text.contains("For _waived_ read _lowered_"),
        "{}",
        list.text
    );
    assert!(
        list.text.contains("Corrigendum") && list.text.contains("ESCAP/GCM/2020/1/Corr.1"),
        "{}",
        list.text
    );
    world.get(None, &format!("{report}/editions/1/changes.md")).await.is_problem(404, "not_found");
});

on_both!(a_paragraph_is_cited_for_good, |world: World| async move {
    let walk = walk(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
    let (report, page) = (walk.report.as_str(), walk.report.replace("/api/v1", ""));
    let citation = format!("{report}/editions/1/citation");
    let bib = world.get(None, &format!("{citation}.bib?paragraph=1")).await;
    assert_eq!(bib.status, 200, "{}", bib.text);
    assert!(
        bib.text.contains("number = {ESCAP/GCM/2020/1}")
            && bib.text.contains("/editions/1/paragraphs/1}"),
        "{}",
        bib.text
    );
    assert_eq!(bib.header("cache-control"), "public, max-age=604800");
    let again = Request::new(Method::GET, &format!("{citation}.bib?paragraph=1"));
    let again = world.send(again.header("If-None-Match", bib.header("etag"))).await;
    assert_eq!((again.status, again.header("cache-control")), (304, "public, max-age=604800"));
    let csl = world.get(None, &format!("{citation}.json")).await;
    assert_eq!(csl.json[0]["number"], "ESCAP/GCM/2020/1");
    world.get(None, &format!("{citation}.ris")).await.is_problem(406, "not_acceptable");
    world.get(None, &format!("{citation}.bib?paragraph=9999")).await.is_problem(404, "not_found");

    let look = |path: String| {
        let world = &world;
        async move { world.get(None, &path).await }
    };
    let shown = look(page.clone()).await;
    is_page(&shown, 200);
    for said in [
        "name=\"citation_title\"",
        "name=\"citation_technical_report_number\" content=\"ESCAP/GCM/2020/1\"",
        "name=\"DC.date\"",
    ] {
        assert!(shown.text.contains(said), "{said}: {}", shown.text);
    }
    let addressed = format!("{page}/editions/1/paragraphs/");
    let all = world.get(None, &format!("{report}/editions/1.md")).await.text;
    let number = all.lines().find_map(|line| {
        line.strip_suffix("Fees should be waived.")?
            .trim()
            .split('.')
            .next()?
            .trim_end_matches('\\')
            .parse::<u32>()
            .ok()
    });
    let number = number.unwrap_or_else(|| panic!("{all}"));
    let quoted = look(format!("{addressed}{number}")).await;
    is_page(&quoted, 200);
    assert!(
        quoted.text.contains("Fees should be waived.")
            && !quoted.text.contains("There is a newer one"),
        "{}",
        quoted.text
    );
    for missing in ["0", "9999", "x"] {
        is_page(&look(format!("{addressed}{missing}")).await, 404);
    }

    reopen(&world, &walk, "corrigendum").await;
    rewrite(&world, &walk, "Fees should be waived.", "Fees should be lowered.").await;
    assert_eq!(publish(&world, &walk, json!({})).await.status, 200);
    let quoted = look(format!("{addressed}{number}")).await;
    for said in [
        "Fees should be waived.",
        "There is a newer one",
        "It reads otherwise in the newest edition",
        &format!("{page}/editions/2/paragraphs/{number}"),
    ] {
        assert!(quoted.text.contains(said), "{said}: {}", quoted.text);
    }
    for language in ["en", "fr", "es", "ru", "ar", "zh"] {
        for path in [
            format!("{page}/differences?from=1&to=2&lang={language}"),
            format!("{addressed}{number}?lang={language}"),
            format!("{page}?lang={language}"),
        ] {
            is_page(&look(path).await, 200);
        }
    }
    let differs = look(format!("{page}/differences?from=1&to=2")).await;
    assert!(differs.text.contains("<del>") && differs.text.contains("waived"), "{}", differs.text);
    let newest = look(page.clone()).await;
    for said in
        ["Corrigendum", "What differs from edition 1", "List of changes", "ESCAP/GCM/2020/1/Corr.1"]
    {
        assert!(newest.text.contains(said), "{said}");
    }
});
