//! Reports as files: every format, parts of a file, long ones by a job, and characters that no font has.

use rapporteur::jobs::runner;
use rapporteur::reports::documents::keeping;
use rapporteur::settings::Settings;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::harness::{Database, Person, World};
use crate::main_job::walk;
use crate::on_both;

const FORMATS: [(&str, &str); 6] = [
    ("json", "application/json"),
    ("md", "text/markdown; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("pdf", "application/pdf"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xml", "application/akn+xml"),
];

async fn get(
    world: &World,
    by: Option<&Person>,
    path: &str,
    headers: &[(&'static str, &str)],
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = world.client.get(format!("{}{path}", world.base));
    if let Some(person) = by {
        request = request.bearer_auth(&person.token);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    (status, headers, answer.bytes().await.unwrap().to_vec())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value: &HeaderValue| value.to_str().unwrap())
}

on_both!(an_edition_is_to_be_had_in_every_format_whole_and_in_parts, |world: World| async move {
    let walk = walk(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
    for (extension, kind) in FORMATS {
        let path = format!("{}/editions/1.{extension}", walk.report);
        let (status, headers, whole) = get(&world, None, &path, &[]).await;
        assert_eq!((status.as_u16(), text(&headers, "content-type")), (200, kind));
        assert_eq!(text(&headers, "accept-ranges"), "bytes");
        let (_, _, again) = get(&world, None, &path, &[]).await;
        assert_eq!(again, whole, "{extension}: the same bytes every time");

        let etag = text(&headers, "etag").to_owned();
        let (status, ..) = get(&world, None, &path, &[("If-None-Match", &etag)]).await;
        assert_eq!(status, 304, "{extension}");
        let (status, headers, part) = get(&world, None, &path, &[("Range", "bytes=3-9")]).await;
        assert_eq!((status.as_u16(), part.as_slice()), (206, &whole[3..10]));
        assert_eq!(text(&headers, "content-range"), format!("bytes 3-9/{}", whole.len()));
        let (status, _, end) =
            get(&world, None, &path, &[("Range", "bytes=-5"), ("If-Range", &etag)]).await;
        assert_eq!((status.as_u16(), end.as_slice()), (206, &whole[whole.len() - 5..]));
        let (status, _, other) =
            get(&world, None, &path, &[("Range", "bytes=-5"), ("If-Range", "\"another\"")]).await;
        assert_eq!(
            (status.as_u16(), other.len()),
            (200, whole.len()),
            "a part of another version is no part of this one"
        );
        let (status, headers, _) = get(&world, None, &path, &[("Range", "bytes=99999999-")]).await;
        assert_eq!(
            (status.as_u16(), text(&headers, "content-range")),
            (416, format!("bytes */{}", whole.len()).as_str())
        );
        for all in ["bytes=0-1,5-6", "lines=1-2", "bytes=x"] {
            let (status, _, bytes) = get(&world, None, &path, &[("Range", all)]).await;
            assert_eq!((status.as_u16(), bytes.len()), (200, whole.len()), "{all}");
        }
    }
    let refused = world.get(None, &format!("{}/editions/1.rtf", walk.report)).await;
    refused.is_problem(406, "not_acceptable");
    world.get(None, &format!("{}/draft.pdf", walk.report)).await.is_problem(401, "unauthenticated");
});

on_both!(a_pdf_says_who_made_it_of_what_and_by_which_standards, |world: World| async move {
    let walk = walk(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
    let (_, _, pdf) = get(&world, None, &format!("{}/editions/1.pdf", walk.report), &[]).await;
    assert!(pdf.starts_with(b"%PDF-1.7"));
    let read = String::from_utf8_lossy(&pdf);
    for part in [
        "pdfuaid:part",
        "pdfaid:conformance",
        "/MarkInfo",
        "/StructTreeRoot",
        "/Lang",
        "Rapporteur",
    ] {
        assert!(read.contains(part), "{part}");
    }
});

fn short_breath(settings: &mut Settings) {
    settings.documents.at_once_paragraphs = 1;
}

async fn long_drafts_are_made_by_a_job(world: World) {
    let walk = walk(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
    let (report, by) = (&walk.report, &walk.secretariat);
    let version = world.get(Some(by), report).await.json["version"].as_i64().unwrap();
    world
        .change(
            by,
            Method::POST,
            &format!("{report}/state"),
            version,
            json!({ "to": "drafting", "reason": "It is a test." }),
        )
        .await;
    let draft = format!("{report}/draft.pdf");
    let refused = world.get(Some(by), &draft).await;
    refused.is_problem(409, "rendering_needed");
    assert!(refused.text.contains(&format!("{report}/renderings")), "{}", refused.text);
    assert_eq!(
        get(&world, Some(by), &format!("{report}/draft.docx"), &[]).await.0,
        200,
        "only PDF takes long"
    );

    let stranger = world.person("Stranger");
    let renderings = format!("{report}/renderings");
    world.post(&stranger, &renderings, json!({})).await.is_problem(403, "forbidden");
    world.post(by, &renderings, json!({ "edition": 7 })).await.is_problem(404, "not_found");
    let job = world.make(by, &renderings, json!({})).await;
    assert!(runner::run_due(&world.app).await.unwrap());
    let job =
        world.get(Some(by), &format!("/api/v1/jobs/{}", job["id"].as_str().unwrap())).await.json;
    assert_eq!((&job["state"], &job["result"]["href"]), (&json!("done"), &json!(draft)), "{job}");
    let (status, _, pdf) = get(&world, Some(by), &draft, &[]).await;
    assert_eq!((status.as_u16(), json!(pdf.len())), (200, job["result"]["bytes"].clone()));

    // What is published makes itself, beside all requests.
    let edition = format!("{report}/editions/1.pdf");
    let early = world.get(None, &edition).await;
    early.is_problem(409, "rendering_needed");
    assert_eq!(early.header("retry-after"), "60");
    assert_eq!(keeping::keep_all(&world.app).await.unwrap(), 2, "the report and the paper");
    assert_eq!(keeping::keep_all(&world.app).await.unwrap(), 0);
    let (status, _, pdf) = get(&world, None, &edition, &[]).await;
    assert!(status == 200 && pdf.starts_with(b"%PDF"));
    world.app.clock.advance(chrono::Duration::days(8));
    assert_eq!(keeping::keep_all(&world.app).await.unwrap(), 0, "it is kept on");
    assert_eq!(get(&world, None, &edition, &[]).await.2, pdf);
    let by = &world.signed_in_again(by);

    let job = world.make(by, &renderings, json!({ "edition": 1 })).await;
    assert!(runner::run_due(&world.app).await.unwrap());
    let job =
        world.get(Some(by), &format!("/api/v1/jobs/{}", job["id"].as_str().unwrap())).await.json;
    assert_eq!(job["result"]["href"], format!("{report}/editions/1.pdf"));
}

#[actix_web::test]
async fn long_drafts_are_made_by_a_job_on_sqlite() {
    if let Some(world) = World::with(Database::Sqlite, short_breath) {
        long_drafts_are_made_by_a_job(world).await;
    }
}

#[actix_web::test]
async fn long_drafts_are_made_by_a_job_on_postgres() {
    if let Some(world) = World::with(Database::Postgres, short_breath) {
        long_drafts_are_made_by_a_job(world).await;
    }
}

async fn draft_with_thai(world: &World) -> (Person, String) {
    let walk = walk(world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
    let (report, by) = (walk.report, walk.secretariat);
    let version = world.get(Some(&by), &report).await.json["version"].as_i64().unwrap();
    world
        .change(
            &by,
            Method::POST,
            &format!("{report}/state"),
            version,
            json!({ "to": "drafting", "reason": "It is a test." }),
        )
        .await;
    let version = world.get(Some(&by), &report).await.json["version"].as_i64().unwrap();
    world.change(&by, Method::PATCH, &report, version, json!({ "title": "การย้ายถิ่น" })).await;
    (by, report)
}

#[actix_web::test]
async fn characters_without_a_font_are_told_and_nothing_is_printed_instead() {
    let Some(world) =
        World::with(Database::Sqlite, |settings| settings.documents.fonts = "".into())
    else {
        return;
    };
    let (by, report) = draft_with_thai(&world).await;
    let refused = world.get(Some(&by), &format!("{report}/draft.pdf")).await;
    refused.is_problem(422, "missing_glyphs");
    for part in ["U+0E01", "masthead", "fonts-noto-core"] {
        assert!(refused.text.contains(part), "{}", refused.text);
    }
    for (extension, _) in FORMATS.iter().filter(|(extension, _)| *extension != "pdf") {
        let (status, ..) =
            get(&world, Some(&by), &format!("{report}/draft.{extension}"), &[]).await;
        assert_eq!(status, 200, "{extension}");
    }
}

#[actix_web::test]
async fn a_process_that_takes_more_than_it_may_is_ended() {
    let limits: [fn(&mut Settings); 2] =
        [|settings| settings.documents.seconds = 0, |settings| settings.documents.megabytes = 64];
    for limit in limits {
        let Some(world) = World::with(Database::Sqlite, limit) else { return };
        let walk = walk(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
        let refused = world.get(None, &format!("{}/editions/1.pdf", walk.report)).await;
        refused.is_problem(422, "rendering_limit");
    }
}

on_both!(a_report_speaks_its_language_and_runs_its_way, |world: World| async move {
    let walk = walk(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
    let (report, by) = (&walk.report, &walk.secretariat);
    let version = || async { world.get(Some(by), report).await.json["version"].as_i64().unwrap() };
    world
        .change(
            by,
            Method::POST,
            &format!("{report}/state"),
            version().await,
            json!({ "to": "drafting", "reason": "It is a test." }),
        )
        .await;
    let symbol = json!({ "language": "fr", "dated_on": "2021-02-24" });
    world.change(by, Method::PATCH, report, version().await, symbol).await;
    let meta = world.get(Some(by), &format!("{report}/draft.json")).await.json["meta"].clone();
    assert_eq!((&meta["lang"], &meta["dir"]), (&json!("fr"), &json!("ltr")));
    for (slot, words) in [
        ("distribution", "Distr. générale"),
        ("date", "24 février 2021"),
        ("original_language", "Original : anglais"),
        ("subtitle", "RAPPORT DE SYNTHÈSE"),
    ] {
        assert_eq!(meta[slot], words);
    }
    assert_eq!(get(&world, Some(by), &format!("{report}/draft.pdf"), &[]).await.0, 200);

    world
        .change(
            by,
            Method::PATCH,
            report,
            version().await,
            json!({ "language": "ar", "original_language": "fr" }),
        )
        .await;
    let meta = world.get(Some(by), &format!("{report}/draft.json")).await.json["meta"].clone();
    assert_eq!((&meta["lang"], &meta["dir"]), (&json!("ar"), &json!("rtl")));
    assert_eq!(meta["original_language"], "Original: French", "as the United Nations prints it");
    let page = world.get(Some(by), &format!("{report}/draft.html")).await.text;
    assert!(
        page.contains("<div class=\"body\" lang=\"en\" dir=\"ltr\">"),
        "what is written from data is English"
    );
    assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">") && page.contains("الأمم المتحدة"));
    let changed = world.get(Some(by), report).await.json;
    assert_eq!((&changed["language"], &changed["figures"]), (&json!("ar"), &json!(false)));
    world.change(by, Method::PATCH, report, version().await, json!({ "figures": true })).await;
    assert_eq!(world.get(Some(by), report).await.json["figures"], true);
    let outline = || async {
        let outline = world.get(Some(by), &format!("{report}/outline")).await.json;
        let clusters = outline["sections"].as_array().unwrap().iter();
        let clusters = clusters.flat_map(|section| section["sections"].as_array().unwrap());
        let categories = clusters.flat_map(|cluster| cluster["sections"].as_array().unwrap());
        let labels =
            categories.filter_map(|category| category["label"].as_str().map(str::to_owned));
        labels.collect::<Vec<_>>()
    };
    assert_eq!(outline().await.first().unwrap(), "i.");
    let set = json!({ "heading_style": "un_manual" });
    world.change(by, Method::PATCH, report, version().await, set).await;
    assert_eq!(outline().await.first().unwrap(), "1.", "UN Editorial Manual, headings");
    let notes = json!([
        { "to": "title", "text": "Issued without *formal* editing." },
        { "to": "agenda_items", "text": "Printed once there are agenda items." },
        { "to": "symbol", "text": "Reissued for technical reasons." },
    ]);
    let set = json!({ "masthead_notes": notes });
    world.change(by, Method::PATCH, report, version().await, set).await;
    assert_eq!(world.get(Some(by), report).await.json["masthead_notes"], notes);
    let meta = world.get(Some(by), &format!("{report}/draft.json")).await.json["meta"].clone();
    let lines: Vec<_> = meta["notes"].as_array().unwrap().iter().map(|note| &note["to"]).collect();
    assert_eq!(lines, ["symbol", "title"], "in the order of the page");
    let page = world.get(Some(by), &format!("{report}/draft.md")).await.text;
    assert!(page.contains("\\*\\* Issued without _formal_ editing."), "{page}");
    assert_eq!(get(&world, Some(by), &format!("{report}/draft.pdf"), &[]).await.0, 200);
    for (text, says) in [
        ("One.^[Two.]", "without list and footnote"),
        ("One:\n- two", "without list and footnote"),
        ("One.\n\nTwo.", "another paragraph"),
        ("", "text"),
    ] {
        let request = crate::harness::Request::new(Method::PATCH, report)
            .by(Some(by))
            .version(version().await)
            .body(json!({ "masthead_notes": [{ "to": "title", "text": text }] }));
        let refused = world.send(request).await;
        refused.is_problem(422, "invalid_value");
        assert!(
            refused.text.contains(says) && refused.text.contains("/masthead_notes/0/text"),
            "{}",
            refused.text
        );
    }
    let send = |language: &str| {
        world.send(
            crate::harness::Request::new(Method::PATCH, report)
                .by(Some(by))
                .version(1)
                .body(json!({ "language": language })),
        )
    };
    send("tlh").await.is_problem(422, "invalid_value");
});
