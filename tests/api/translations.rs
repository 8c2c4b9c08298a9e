//! Translations of a report: begun and translated portion by portion, held against what the original says, as documents in all formats,
//! and published beside an edition, whole.

use reqwest::Method;
use serde_json::{Value, json};

use rapporteur::access::{Role, ScopeKind};

use crate::browser::is_page;
use crate::differences::{publish, reopen, rewrite};
use crate::harness::{Answer, Person, Request, World, id};
use crate::main_job::{Walk, until_clearance, walk};
use crate::on_both;
use crate::page_access::signed_in;

/// A translation that is worked on.
struct Bench<'w> {
    world: &'w World,
    by: Person,
    path: String,
}

impl<'w> Bench<'w> {
    async fn begun(world: &'w World, walk: &Walk, language: &str) -> Self {
        let path = format!("{}/translations", walk.report);
        let body = json!({ "language": language });
        let begun = world.make(&walk.secretariat, &path, body).await;
        let path = format!("/api/v1/translations/{}", id(&begun));
        let by = world.signed_in_again(&walk.secretariat);
        Self { world, by, path }
    }

    async fn read(&self) -> Value {
        self.world.get(Some(&self.by), &self.path).await.json
    }

    async fn held(&self, query: &str) -> Value {
        let path = format!("{}/portions{query}", self.path);
        let held = self.world.get(Some(&self.by), &path).await;
        assert_eq!(held.status, 200, "{}", held.text);
        held.json
    }

    /// The portion that says so.
    async fn portion(&self, says: &str) -> Value {
        let held = self.held("").await;
        let found = held["portions"].as_array().unwrap().iter();
        let mut found = found.filter(|one| one["original"].as_str().unwrap().contains(says));
        found.next().unwrap_or_else(|| panic!("{says}: {held}")).clone()
    }

    async fn send(&self, body: Value) -> Answer {
        let path = format!("{}/portions", self.path);
        let request = Request::new(Method::POST, &path).by(Some(&self.by));
        self.world.send(request.body(body)).await
    }

    async fn translate(&self, portion: &Value, text: &str) -> Answer {
        self.send(json!({ "portions": [said(portion, text)] })).await
    }

    /// Translates everything that is not: each portion says what the original says, with a sign before it.
    async fn complete(&self, sign: &str, against: &str) {
        let held = self.held(&format!("?against={against}")).await;
        let wanted = held["portions"].as_array().unwrap().iter();
        let wanted = wanted.filter(|one| one["state"] != "current");
        let portions: Vec<Value> = wanted
            .map(|one| said(one, &format!("{sign} {}", one["original"].as_str().unwrap())))
            .collect();
        if portions.is_empty() {
            return;
        }
        let sent = self.send(json!({ "against": against, "portions": portions })).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
    }

    async fn publish(&self, edition: i32) -> Answer {
        let seen = self.read().await["version"].as_i64().unwrap();
        let path = format!("{}/publication", self.path);
        let request = Request::new(Method::POST, &path).by(Some(&self.by));
        self.world.send(request.version(seen).body(json!({ "edition": edition }))).await
    }
}

fn said(portion: &Value, text: &str) -> Value {
    json!({ "portion": portion["portion"], "text": text, "made_from": portion["original"],
        "version": portion["version"] })
}

on_both!(a_translation_is_begun_and_translated_portion_by_portion, |world: World| async move {
    let walk = until_clearance(&world, "Asha Example", "Example Foundation").await;
    let path = format!("{}/translations", walk.report);
    let by = &walk.secretariat;
    let own = world.post(by, &path, json!({ "language": "en" })).await;
    own.is_problem(422, "invalid_value");
    own.points_to("/language");
    world.post(by, &path, json!({ "language": "de" })).await.is_problem(422, "invalid_value");
    let bench = Bench::begun(&world, &walk, "fr").await;
    let again = world.post(by, &path, json!({ "language": "fr" })).await;
    again.is_problem(409, "already_exists");
    let stranger = world.person("Stranger");
    world.get(Some(&stranger), &bench.path).await.is_problem(404, "not_found");
    world.get(Some(&stranger), &path).await.is_problem(404, "not_found");
    world.get(None, &format!("{}/portions", bench.path)).await.is_problem(404, "not_found");

    let begun = bench.read().await;
    let progress = &begun["progress"];
    assert_eq!((&begun["against"], &progress["older"]), (&json!("draft"), &json!(0)));
    assert_eq!(progress["missing"], progress["portions"], "{begun}");
    let listed = world.get(Some(by), &path).await.json;
    assert_eq!(listed["items"][0]["id"], begun["id"], "{listed}");

    // What is printed with fixed words is asked for without them, and numbers and days are not asked for.
    let theme = walk.consultation["theme"].as_str().unwrap();
    let title = bench.portion(theme).await;
    assert_eq!(
        (&title["portion"], &title["original"]),
        (&json!("first-page-title-1"), &json!(theme))
    );
    let held = bench.held("").await;
    let names: Vec<&str> = held["portions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["portion"].as_str().unwrap())
        .collect();
    for fixed in ["first-page-meeting-2", "first-page-subtitle-1"] {
        assert!(!names.contains(&fixed), "{fixed}: {names:?}");
    }

    let cost = bench.portion("the cost of papers").await;
    assert_eq!((&cost["state"], &cost["version"]), (&json!("missing"), &json!(0)));
    let french = "Des participants ont évoqué le *coût* des papiers.^[Les frais diffèrent.]";
    for (text, told) in [
        ("Sans note.", "0 footnotes, and the original has 1"),
        ("Voir [](#nowhere).^[Les frais diffèrent.]", "refers to other paragraphs"),
        ("Une liste:^[x]\n- un", "lists"),
        ("![image](https://example.org/x.png)^[x]", "images are not written"),
        (" ", ""),
    ] {
        let refused = bench.translate(&cost, text).await;
        refused.is_problem(422, "invalid_value");
        refused.points_to("/portions/0/text");
        assert!(refused.text.contains(told), "{text}: {}", refused.text);
    }
    let mut unknown = said(&cost, french);
    unknown["portion"] = json!("no-portion");
    let refused = bench.send(json!({ "portions": [said(&cost, french), unknown] })).await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("/portions/1/portion");
    bench.send(json!({ "portions": [] })).await.is_problem(422, "invalid_value");
    bench.send(json!({ "against": "x", "portions": [] })).await.is_problem(422, "invalid_value");
    assert_eq!(bench.read().await["version"], 1, "nothing was written");

    let saved = bench.translate(&cost, french).await;
    assert_eq!((saved.status, &saved.json["version"]), (200, &json!(2)), "{}", saved.text);
    let after = bench.portion("the cost of papers").await;
    assert_eq!((&after["state"], &after["text"]), (&json!("current"), &json!(french)));
    // Two at once: the second is told, and neither is lost unseen.
    let late = bench.translate(&cost, "Autre chose.^[Note.]").await;
    late.is_problem(412, "version_mismatch");
    late.points_to("/portions/0/version");
    let taken = json!({ "portion": after["portion"], "text": null, "made_from": after["original"], "version": 1 });
    assert_eq!(bench.send(json!({ "portions": [taken] })).await.status, 200);
    assert_eq!(bench.portion("the cost of papers").await["state"], "missing");
    // Words that are translated once are proposed where they come again.
    let all = held["portions"].as_array().unwrap();
    let again = |one: &&Value| {
        all.iter().any(|other| other["original"] == one["original"] && other != *one)
    };
    let first = all.iter().find(again).unwrap();
    assert_eq!(bench.translate(first, "Les mêmes mots").await.status, 200);
    let proposed = bench.held("?state=missing").await;
    let proposed = proposed["portions"].as_array().unwrap().iter();
    let proposed: Vec<&Value> =
        proposed.filter(|one| one["proposed"] == "Les mêmes mots").collect();
    assert!(
        proposed.iter().all(|one| one["original"] == first["original"]) && !proposed.is_empty()
    );
    let gone = json!({ "portion": first["portion"], "text": null, "made_from": "", "version": 1 });
    assert_eq!(bench.send(json!({ "portions": [gone] })).await.status, 200);
    let missing = bench.held("?state=missing").await;
    assert_eq!(missing["portions"].as_array().unwrap().len(), names.len());
    world
        .get(Some(by), &format!("{}/portions?against=x", bench.path))
        .await
        .is_problem(400, "invalid_query");
    world
        .get(Some(by), &format!("{}/portions?against=edition-7", bench.path))
        .await
        .is_problem(404, "not_found");
});

on_both!(whoever_is_named_translates_and_nobody_else_who_reads, |world: World| async move {
    let walk = until_clearance(&world, "Asha Example", "Example Foundation").await;
    let bench = Bench::begun(&world, &walk, "es").await;
    let consultation = id(&walk.consultation);
    let reader =
        world.person_with("Rosa", Role::CoOrganizer, ScopeKind::Consultation, consultation);
    let stranger = world.person("Stranger");
    let cost = bench.portion("Fees should be waived.").await;
    let path = format!("{}/portions", bench.path);
    let body = json!({ "portions": [said(&cost, "Deberían suprimirse las tasas.")] });
    world.post(&reader, &path, body.clone()).await.is_problem(403, "forbidden");
    assert_eq!(world.get(Some(&reader), &bench.path).await.json["allowed_actions"], json!([]));
    let assign = |to: Value, version: i64| {
        let request = Request::new(Method::PATCH, &bench.path).by(Some(&bench.by));
        world.send(request.version(version).body(json!({ "translator_id": to })))
    };
    let refused = assign(json!(stranger.id), 1).await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("/translator_id");
    let named = assign(json!(reader.id), 1).await;
    assert_eq!(
        (named.status, &named.json["translator"]["name"]),
        (200, &json!("Rosa")),
        "{}",
        named.text
    );
    assert_eq!(world.post(&reader, &path, body).await.status, 200);
    let own = world.get(Some(&reader), &bench.path).await.json;
    assert_eq!(own["allowed_actions"], json!(["translate"]));
    let data = world.get(Some(&reader), "/api/v1/me/data").await;
    assert!(data.text.contains("\"translations\""), "{}", data.text);
    // Of who translated what nothing is told.
    let held = world.get(Some(&reader), &path).await.text;
    assert!(!held.contains("Rosa") && !held.contains(&reader.id.to_string()), "{held}");
    assign(json!(null), 1).await.is_problem(412, "version_mismatch");
    assert_eq!(assign(json!(null), 3).await.json["translator"], Value::Null);
    let request = Request::new(Method::DELETE, &bench.path).by(Some(&reader)).version(4);
    world.send(request).await.is_problem(403, "forbidden");
    let request = Request::new(Method::DELETE, &bench.path).by(Some(&bench.by)).version(4);
    assert_eq!(world.send(request).await.status, 204);
    world.get(Some(&bench.by), &bench.path).await.is_problem(404, "not_found");
});

on_both!(what_is_missing_stands_in_the_language_of_the_original, |world: World| async move {
    let walk = until_clearance(&world, "Asha Example", "Example Foundation").await;
    let bench = Bench::begun(&world, &walk, "ar").await;
    let fees = bench.portion("Fees should be waived.").await;
    let hostile = "ينبغي إلغاء الرسوم. <script>alert(1)</script> \u{202e}x\u{202c}";
    assert_eq!(bench.translate(&fees, hostile).await.status, 200);
    let file = |format: &str| {
        let path = format!("{}/draft.{format}", bench.path);
        let (world, by) = (&world, &bench.by);
        async move { world.get(Some(by), &path).await }
    };
    let html = file("html").await;
    assert_eq!(html.header("cache-control"), "private, no-cache");
    for told in [
        "<html lang=\"ar\" dir=\"rtl\">",
        "ينبغي إلغاء الرسوم. &lt;script&gt;",
        "lang=\"en\" dir=\"ltr\"",
        "لم يُترجم هذا النص كاملاً",
        "<h1><span lang=\"en\" dir=\"ltr\">",
    ] {
        assert!(html.text.contains(told), "{told}: {}", html.text);
    }
    assert!(!html.text.contains("<script>") && !html.text.contains('\u{202e}'));
    for format in ["json", "md", "docx", "xml"] {
        assert_eq!(file(format).await.status, 200, "{format}");
    }
    let pdf = file("pdf").await;
    assert!([200, 406].contains(&pdf.status), "{}", pdf.text);
    file("odt").await.is_problem(406, "not_acceptable");
    let stranger = world.person("Stranger");
    let path = format!("{}/draft.html", bench.path);
    world.get(Some(&stranger), &path).await.is_problem(404, "not_found");
    // Numbers are those of the original.
    let (own, original) = (file("json").await.json, format!("{}/draft.json", walk.report));
    let original = world.get(Some(&bench.by), &original).await.json;
    let numbers = |document: &Value| numbers(&document["blocks"]);
    assert_eq!(numbers(&own), numbers(&original));
});

/// The paragraphs with their numbers.
fn numbers(value: &Value) -> Vec<(String, u64)> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        Value::Object(fields) => {
            let own = fields.get("number").and_then(Value::as_u64).zip(fields.get("id"));
            let own = own.map(|(number, id)| (id.as_str().unwrap().to_owned(), number));
            own.into_iter().chain(fields.values().flat_map(numbers)).collect()
        }
        _ => Vec::new(),
    }
}

on_both!(a_file_goes_to_translators_tools_and_comes_back, |world: World| async move {
    let walk = until_clearance(&world, "Asha Example", "Example Foundation").await;
    let bench = Bench::begun(&world, &walk, "ru").await;
    let fees = bench.portion("Fees should be waived.").await;
    assert_eq!(bench.translate(&fees, "Отменить сборы.").await.status, 200);
    let path = format!("{}/units.xlf", bench.path);
    let file = world.get(Some(&bench.by), &path).await;
    assert_eq!(file.header("content-type"), "application/xliff+xml", "{}", file.text);
    for told in
        ["srcLang=\"en\" trgLang=\"ru\"", "Отменить сборы.", "the cost of papers.^[Fees differ.]"]
    {
        assert!(file.text.contains(told), "{told}: {}", file.text);
    }
    let take = |text: String| {
        let bench = &bench;
        async move {
            let url = format!("{}{}/units", bench.world.base, bench.path);
            let sent = bench.world.client.post(url).bearer_auth(&bench.by.token);
            let sent = sent.header("Content-Type", "application/xliff+xml").body(text);
            Answer::of(sent.send().await.unwrap()).await
        }
    };
    let outcome = |answer: &Answer, portion: &Value| {
        assert_eq!(answer.status, 200, "{}", answer.text);
        let items = answer.json["items"].as_array().unwrap().clone();
        let found = items.into_iter().find(|one| one["portion"] == portion["portion"]).unwrap();
        found["outcome"].as_str().unwrap().to_owned()
    };
    let back = take(file.text.clone()).await;
    assert_eq!(outcome(&back, &fees), "unchanged");
    assert_eq!(back.json["translation"]["version"], 2);

    let cost = bench.portion("the cost of papers").await;
    let trained = bench.portion("Officers should be trained.").await;
    let with = |text: &str, source: &str, target: &str| {
        let before = format!("{source}</source>");
        assert!(text.contains(&before), "{before}: {text}");
        text.replace(&before, &format!("{before}<target>{target}</target>"))
    };
    let text = with(&file.text, "the cost of papers.^[Fees differ.]", "Без сноски.");
    let text = with(&text, "Officers should be trained.", "Обучать сотрудников.");
    let back = take(text.clone()).await;
    assert_eq!(outcome(&back, &cost), "named", "{}", back.text);
    assert_eq!(outcome(&back, &trained), "taken");
    let there = bench.portion("Officers should be trained.").await;
    assert_eq!(there["text"], "Обучать сотрудников.");
    // The same file again, and one that was made before: nothing of others is written over.
    assert_eq!(outcome(&take(text).await, &trained), "unchanged");
    let late = with(&file.text, "Officers should be trained.", "Иначе.");
    assert_eq!(outcome(&take(late).await, &trained), "named");
    assert_eq!(bench.portion("Officers should be trained.").await["text"], there["text"]);
    for other in [
        "no file".to_owned(),
        file.text.replace("trgLang=\"ru\"", "trgLang=\"fr\""),
        file.text.replace("urn:uuid:", "urn:uuid:0"),
        file.text.replacen("<xliff", "<!DOCTYPE x [<!ENTITY e \"x\">]><xliff", 1),
    ] {
        take(other).await.is_problem(422, "unreadable_file");
    }
    let stranger = world.person("Stranger");
    world.get(Some(&stranger), &path).await.is_problem(404, "not_found");
});

on_both!(
    an_edition_is_published_in_another_language_whole_or_not_at_all,
    |world: World| async move {
        let walk = walk(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
        let (report, by) = (walk.report.clone(), world.signed_in_again(&walk.secretariat));
        let bench = Bench::begun(&world, &walk, "fr").await;
        assert_eq!(bench.read().await["against"], "edition-1");
        let refused = bench.publish(1).await;
        refused.is_problem(409, "translation_incomplete");
        refused.points_to("/portions/first-page-title-1");
        bench.publish(9).await.is_problem(422, "invalid_value");
        let beside = format!("{report}/editions/1/translations");
        assert_eq!(world.get(None, &beside).await.json, json!({ "items": [] }));
        world.get(None, &format!("{beside}/fr.html")).await.is_problem(404, "not_found");
        world
            .get(None, &format!("{report}/editions/9/translations"))
            .await
            .is_problem(404, "not_found");

        bench.complete("FR", "edition-1").await;
        let whole = bench.read().await;
        assert_eq!(
            (&whole["progress"]["missing"], &whole["progress"]["older"]),
            (&json!(0), &json!(0))
        );
        let request =
            Request::new(Method::POST, &format!("{}/publication", bench.path)).by(Some(&by));
        let stale = world.send(request.version(1).body(json!({ "edition": 1 }))).await;
        stale.is_problem(412, "version_mismatch");
        let published = bench.publish(1).await;
        assert_eq!(
            (published.status, &published.json["outcome"]["language"]),
            (200, &json!("fr")),
            "{}",
            published.text
        );
        bench.publish(1).await.is_problem(409, "already_exists");

        let items = world.get(None, &beside).await.json["items"].clone();
        assert_eq!(items[0]["sha256"], published.json["outcome"]["sha256"]);
        let original = world.get(None, &format!("{report}/editions/1.json")).await.json;
        let frozen = world.get(None, &format!("{beside}/fr.json")).await;
        assert_eq!(frozen.header("cache-control"), "public, max-age=604800");
        let again = Request::new(Method::GET, &format!("{beside}/fr.json"));
        let again = world.send(again.header("If-None-Match", frozen.header("etag"))).await;
        assert_eq!(again.status, 304);
        let meta = &frozen.json["meta"];
        assert_eq!(
            (&meta["lang"], &meta["symbol"], &meta["original_language"], &meta["distribution"]),
            (
                &json!("fr"),
                &original["meta"]["symbol"],
                &json!("Original : anglais"),
                &json!("Distr. générale")
            )
        );
        let title = meta["title"].as_str().unwrap();
        assert!(title.starts_with("FR ") && title.contains("objectifs 4"), "{title}");
        assert!(meta.get("other_languages").is_none() && meta.get("notes").is_none(), "{meta}");
        assert_eq!(numbers(&frozen.json["blocks"]), numbers(&original["blocks"]));
        for (format, kind) in [
            ("html", "text/html; charset=utf-8"),
            ("md", "text/markdown; charset=utf-8"),
            ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ("xml", "application/akn+xml"),
        ] {
            let answer = world.get(None, &format!("{beside}/fr.{format}")).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, kind), "{format}");
        }
        let xml = world.get(None, &format!("{beside}/fr.xml")).await.text;
        assert!(xml.contains("language=\"fra\""), "{xml}");
        world.get(None, &format!("{beside}/de.html")).await.is_problem(404, "not_found");
        world.get(None, &format!("{beside}/fr.odt")).await.is_problem(406, "not_acceptable");

        // A new edition: the translation of the first one stays, and what changed is told to whoever translates.
        reopen(&world, &walk, "corrigendum").await;
        rewrite(&world, &walk, "Fees should be waived.", "Fees should be lowered.").await;
        let older = bench.held("?state=older").await;
        assert_eq!(older["against"], "draft");
        let changed = older["portions"].as_array().unwrap();
        let fees = changed.iter().find(|one| one["original"] == "Fees should be lowered.").unwrap();
        assert_eq!(fees["made_from"], "Fees should be waived.");
        assert_eq!(fees["text"], "FR Fees should be waived.");
        let draft = world.get(Some(&by), &format!("{}/draft.html", bench.path)).await.text;
        assert!(draft.contains("d’après une version antérieure"), "{draft}");
        // What is translated from the draft is older against the edition, and the other way round.
        assert_eq!(bench.translate(fees, "FR Les frais.").await.status, 200);
        assert_eq!(
            bench.held("?against=edition-1&state=older").await["portions"][0]["text"],
            "FR Les frais."
        );
        assert_eq!(publish(&world, &walk, json!({})).await.status, 200);
        bench.complete("FR", "edition-2").await;
        let second = bench.publish(2).await;
        assert_eq!(second.status, 200, "{}", second.text);
        let first = world.get(None, &format!("{beside}/fr.json")).await.text;
        assert_eq!(first, frozen.text, "what was published never changes");

        // Everybody reads it, in the language of the document and with the page in that of the reader.
        let page = report.replace("/api/v1", "");
        let shown = world.get(None, &format!("{page}?edition=1")).await;
        is_page(&shown, 200);
        for told in [
            "rel=\"alternate\" hreflang=\"fr\"",
            "hreflang=\"en\"",
            &format!("{page}?edition=1&amp;text=fr"),
        ] {
            assert!(shown.text.contains(told), "{told}: {}", shown.text);
        }
        let french = world.get(None, &format!("{page}?edition=1&text=fr&lang=en")).await;
        is_page(&french, 200);
        for told in [
            "lang=\"fr\" dir=\"ltr\"",
            "FR Fees should be waived.",
            "translations/fr.docx",
            "<html lang=\"en\"",
        ] {
            assert!(french.text.contains(told), "{told}: {}", french.text);
        }
        is_page(&world.get(None, &format!("{page}?edition=1&text=ru")).await, 404);
        is_page(&world.get(None, &format!("{page}?edition=1&text=x")).await, 404);
        is_page(&world.get(None, &format!("{page}?edition=1&text=en")).await, 200);
    }
);

on_both!(a_report_is_translated_on_its_page, |world: World| async move {
    let walk = walk(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
    let browser = signed_in(&world, &walk.secretariat).await;
    let page = format!("/my{}/translations", walk.report.replace("/api/v1", ""));
    is_page(&browser.get(&page).await, 200);
    is_page(&browser.post(&page, &[("language", "en")]).await, 422);
    is_page(&browser.post(&page, &[("language", "x")]).await, 404);
    let begun = browser.post(&page, &[("language", "ar")]).await;
    is_page(&begun, 200);
    let own = format!("{page}/ar");
    assert!(browser.at().starts_with(&own), "{}", browser.at());
    for told in ["lang=\"ar\" dir=\"rtl\"", "Held against edition 1.", "name=\"only\""] {
        assert!(begun.text.contains(told), "{told}: {}", begun.text);
    }
    let all = browser.get(&format!("{own}?show=all")).await;
    is_page(&all, 200);
    let listed = world.get(Some(&walk.secretariat), &format!("{}/translations", walk.report)).await;
    let path = format!("/api/v1/translations/{}", id(&listed.json["items"][0]));
    let bench = Bench { world: &world, by: world.signed_in_again(&walk.secretariat), path };
    let fees = bench.portion("Fees should be waived.").await;
    let name = fees["portion"].as_str().unwrap();
    let row = |version: &'static str, shown: &'static str, text: &'static str| {
        [
            ("portion", name),
            ("made_from", "Fees should be waived."),
            ("version", version),
            ("shown", shown),
            ("text", text),
            ("show", "all"),
        ]
    };
    let saved = browser.post(&own, &row("0", "", "ينبغي إلغاء الرسوم.")).await;
    is_page(&saved, 200);
    assert!(saved.text.contains("It is saved."), "{}", saved.text);
    assert_eq!(bench.portion("Fees should be waived.").await["state"], "current");
    // Somebody else was quicker: what was typed stands beside what is there, and nothing was written over.
    let late = browser.post(&own, &row("0", "", "<b>نص آخر</b>")).await;
    is_page(&late, 412);
    for told in ["&lt;b&gt;نص آخر&lt;/b&gt;", "ينبغي إلغاء الرسوم.", "There now"]
    {
        assert!(late.text.contains(told), "{told}: {}", late.text);
    }
    let wrong = browser.post(&own, &row("1", "", "نص^[حاشية]")).await;
    is_page(&wrong, 422);
    assert!(
        wrong.text.contains("نص^[حاشية]") && wrong.text.contains("aria-invalid"),
        "{}",
        wrong.text
    );
    let read = browser.get(&format!("{own}/text")).await;
    is_page(&read, 200);
    assert!(read.text.contains("لم يُترجم هذا النص كاملاً"), "{}", read.text);
    assert!(!browser.get(&own).await.text.contains("Publish beside"));

    bench.complete("ع", "edition-1").await;
    let whole = browser.get(&own).await;
    assert!(whole.text.contains("Publish beside edition 1"), "{}", whole.text);
    let seen = bench.read().await["version"].to_string();
    let published = [("publish", "1"), ("translation_version", seen.as_str())];
    is_page(&browser.post(&own, &published).await, 200);
    assert!(browser.get(&own).await.text.contains("Published beside edition 1"));
    for language in ["en", "fr", "es", "ru", "ar", "zh"] {
        for path in [&page, &own, &format!("{own}/text")] {
            let joint = if path.contains('?') { '&' } else { '?' };
            is_page(&browser.get(&format!("{path}{joint}lang={language}")).await, 200);
        }
    }
    is_page(&browser.get(&format!("{page}/fr")).await, 404);
    is_page(&browser.get(&format!("{page}/x")).await, 404);
    let stranger = signed_in(&world, &world.person("Stranger")).await;
    is_page(&stranger.get(&page).await, 404);
    is_page(&stranger.get(&own).await, 404);
});

on_both!(where_there_are_two_another_person_confirms_a_translation, |world: World| async move {
    let walk = walk(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
    let review = id(&walk.review);
    let second = world.person_with("Second", Role::Secretariat, ScopeKind::Review, review);
    let bench = Bench::begun(&world, &walk, "es").await;
    bench.complete("ES", "edition-1").await;
    let beside = format!("{}/editions/1/translations", walk.report);
    let proposed = bench.publish(1).await;
    assert_eq!((proposed.status, &proposed.json["act"]), (202, &json!("publish_translation")));
    assert_eq!(world.get(None, &beside).await.json, json!({ "items": [] }));
    let browser = signed_in(&world, &second).await;
    let page = format!("/my/proposals/{}", id(&proposed.json));
    let shown = browser.get(&page).await;
    is_page(&shown, 200);
    assert!(shown.text.contains("Publish a translation") && shown.text.contains("Spanish"));
    // Somebody changed it since: what was proposed is not published.
    let fees = bench.portion("Fees should be waived.").await;
    assert_eq!(bench.translate(&fees, "Otra cosa.").await.status, 200);
    let decision = format!("/api/v1/proposals/{}/decision", id(&proposed.json));
    let confirm = json!({ "decision": "confirm" });
    world.post(&second, &decision, confirm).await.is_problem(409, "proposal_overtaken");
    let back = json!({ "decision": "take_back" });
    assert_eq!(world.post(&bench.by, &decision, back).await.status, 200);
    let proposed = bench.publish(1).await;
    let outcome = world.confirmed(&second, proposed).await;
    assert_eq!(outcome["language"], "es", "{outcome}");
    let markdown = world.get(None, &format!("{beside}/es.md")).await.text;
    assert!(markdown.contains("Otra cosa.") && markdown.contains("Original: inglés"), "{markdown}");
});
