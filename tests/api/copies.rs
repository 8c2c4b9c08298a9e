//! What everybody sees is made once as long as nothing changes, and anew with every change of it.

#![allow(
    clippy::disallowed_methods,
    reason = "changes a row behind the back of the program, to see what is kept"
)]

use std::io::Read;

use chrono::Duration;
use diesel::prelude::*;
use rapporteur::db::schema::consultations;
use reqwest::Method;
use serde_json::{Value, json};

use crate::crawl::look;
use crate::differences::{publish as publish_again, reopen, rewrite};
use crate::harness::{Answer, Request, World, id, registration};
use crate::main_job::{publish, until_clearance};
use crate::on_both;

async fn asked(world: &World, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let mut request = world.client.get(format!("{}{path}", world.base));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

async fn told(world: &World, path: &str, headers: &[(&str, &str)]) -> Answer {
    Answer::of(asked(world, path, headers).await).await
}

/// Gives every consultation another theme, and tells nobody.
fn retitle(world: &World, theme: &str) {
    let theme = theme.to_owned();
    let set = move |conn: &mut rapporteur::db::Conn| {
        diesel::update(consultations::table).set(consultations::theme.eq(&theme)).execute(conn)?;
        Ok(())
    };
    world.app.db.write_blocking(set).unwrap();
}

on_both!(a_page_is_kept_until_something_changes_or_time_passes, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let first = look(&world, "/", None).await;
    assert_eq!((first.status, first.header("cache-control")), (200, "no-cache"));
    assert!(first.header("vary").contains("Accept-Language"));
    retitle(&world, "Behind its back");
    let kept = look(&world, "/", None).await;
    assert_eq!((kept.text == first.text, kept.header("etag")), (true, first.header("etag")));
    // In another language it is another page.
    assert!(look(&world, "/?lang=fr", None).await.text.contains("Behind its back"));
    let french = told(&world, "/", &[("Accept-Language", "fr")]).await;
    assert!(french.text.contains("<html lang=\"fr\""));
    assert!(look(&world, "/", None).await.text.contains("<html lang=\"en\""));
    // Whoever says who they are is given no copy.
    assert!(told(&world, "/", &[("Cookie", "session=x")]).await.text.contains("Behind its back"));
    // Whatever the audit log tells makes it anew.
    let path = format!("/api/v1/consultations/{}", id(&consultation));
    let version = world.get(Some(&secretariat), &path).await.json["version"].as_i64().unwrap();
    let body = json!({ "theme": "Told to all" });
    world.change(&secretariat, Method::PATCH, &path, version, body).await;
    let anew = look(&world, "/", None).await;
    assert!(anew.text.contains("Told to all") && anew.header("etag") != first.header("etag"));
    retitle(&world, "Behind its back again");
    assert!(look(&world, "/", None).await.text.contains("Told to all"));
    world.app.clock.advance(Duration::seconds(1));
    assert!(look(&world, "/", None).await.text.contains("Behind its back again"));
});

on_both!(whoever_has_a_page_is_not_sent_it_again, |world: World| async move {
    let page = told(&world, "/privacy", &[]).await;
    let etag = page.header("etag").to_owned();
    assert!(etag.starts_with('"') && !page.header("vary").is_empty(), "{etag}");
    for _ in 0..2 {
        let packed = asked(&world, "/privacy", &[("Accept-Encoding", "br, gzip")]).await;
        let header = |name: &str| packed.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-encoding"), "gzip");
        let (own, vary) = (header("etag"), packed.headers().get_all("vary").iter().count());
        assert!(own != etag && own.ends_with("-gzip\"") && vary == 2, "{own}");
        let bytes = packed.bytes().await.unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text, page.text);
        assert!(bytes.len() * 2 < text.len());
        for known in [etag.clone(), own.clone(), format!("\"other\", W/{etag}")] {
            let answer = told(&world, "/privacy", &[("If-None-Match", &known)]).await;
            assert_eq!((answer.status, answer.text.as_str()), (304, ""), "{known}");
            assert_eq!(answer.header("etag"), etag);
            assert_eq!(answer.header("cache-control"), "no-cache");
        }
        world.app.clock.advance(Duration::seconds(1));
    }
    let other = told(&world, "/privacy", &[("If-None-Match", "\"other\"")]).await;
    assert_eq!((other.status, other.text), (200, page.text));
    let refused = asked(&world, "/privacy", &[("Accept-Encoding", "gzip;q=0")]).await;
    assert!(!refused.headers().contains_key("content-encoding"));
    // What is not there is kept nowhere and has no mark.
    let nothing = told(&world, "/consultations/nonsense", &[]).await;
    assert_eq!(
        (nothing.status, nothing.header("etag"), nothing.header("cache-control")),
        (404, "", "no-store")
    );
});

on_both!(a_page_changes_with_all_that_it_shows, |world: World| async move {
    let (by, review, held) = world.consultation(None, "automatic").await;
    let base = format!("/api/v1/consultations/{}", id(&held));
    let page = format!("/consultations/{}", id(&held));
    let shows = async |what: &str, is_there: bool| {
        let text = look(&world, &page, None).await.text;
        assert_eq!(text.contains(what), is_there, "{what}: {text}");
        assert_eq!(look(&world, &page, None).await.text, text, "the same again");
    };
    assert_eq!(look(&world, &page, None).await.status, 404);
    world.phases(&by, id(&held), &["open_call"]).await;
    assert_eq!(look(&world, &page, None).await.status, 200);
    let version =
        async |path: &str| world.get(Some(&by), path).await.json["version"].as_i64().unwrap();

    let set = async |path: &str, body: Value| {
        world.change(&by, Method::PATCH, path, version(path).await, body).await
    };
    set(&base, json!({ "theme": "Wombats at borders" })).await;
    shows("Wombats at borders", true).await;
    set(&format!("/api/v1/reviews/{}", id(&review)), json!({ "title": "Review of wombats" })).await;
    shows("Review of wombats", true).await;
    let group = json!({ "number": 9, "clusters": [[4]], "min_size": 1, "max_size": 40, "languages": ["th"] });
    let group = world.make(&by, &format!("{base}/working-groups"), group).await;
    let session = json!({ "kind": "opening", "title": "Opening of wombats",
        "speakers": [{ "name": "Zyx Named", "affiliation": "Wombat Union", "named_consent": true }] });
    let session = world.make(&by, &format!("{base}/sessions"), session).await;
    shows("Zyx Named", true).await;
    let session = format!("/api/v1/sessions/{}", id(&session));
    set(&session, json!({ "speakers": [{ "name": "Zyx Named", "named_consent": false }] })).await;
    shows("Zyx Named", false).await;
    shows("Opening of wombats", true).await;
    let request = Request::new(Method::DELETE, &session).by(Some(&by));
    assert_eq!(world.send(request.version(version(&session).await)).await.status, 204);
    shows("Opening of wombats", false).await;
    let organization =
        json!({ "name": "Quokka Trust", "sector": "civil_society", "country": "TH" });
    let organization = world.make(&by, "/api/v1/organizations", organization).await;
    let body = json!({ "organization_id": organization["id"], "kind": "stakeholder" });
    world.make(&by, &format!("{base}/co-organizers"), body).await;
    shows("Quokka Trust", true).await;
    let path = format!("/api/v1/organizations/{}", id(&organization));
    set(&path, json!({ "name": "Numbat Trust" })).await;
    shows("Quokka Trust", false).await;
    shows("Numbat Trust", true).await;

    // Somebody hosts a group and agreed to be named, is called otherwise, and is forgotten.
    let host = world.person("Hana Quokkahost");
    let hosts = format!("/api/v1/working-groups/{}/hosts", id(&group));
    let mut form = registration("media", "TH");
    form["consents"]["named_attribution"] = json!(true);
    world.make(&host, &format!("{base}/registrations"), form).await;
    let body = json!({ "account_id": host.id, "role": "moderator" });
    world.make(&by, &hosts, body).await;
    shows("Hana Quokkahost", true).await;
    let own = world.get(Some(&host), "/api/v1/me").await.json["account"]["version"].as_i64();
    let own = own.unwrap();
    world
        .change(&host, Method::PATCH, "/api/v1/me", own, json!({ "name": "Hana Numbathost" }))
        .await;
    shows("Hana Quokkahost", false).await;
    shows("Hana Numbathost", true).await;
    let erased = Request::new(Method::DELETE, "/api/v1/me").by(Some(&host)).version(own + 1);
    let erased = world.send(erased.body(json!({ "email": host.email }))).await;
    assert_eq!(erased.status, 204, "{}", erased.text);
    shows("Hana Numbathost", false).await;

    // Registration opens and closes by itself.
    let rules = format!("{base}/registration-rules");
    let register = format!("href=\"/register/{}\"", id(&held));
    let body = json!({ "opens_at": "2020-10-01T04:00:00Z", "closes_at": "2020-10-01T05:00:00Z" });
    world.change(&by, Method::PUT, &rules, 0, body).await;
    for (minutes, is_open) in [(0, false), (59, false), (1, true), (59, true), (1, false)] {
        world.app.clock.advance(Duration::minutes(minutes));
        let text = look(&world, &page, None).await.text;
        assert_eq!(text.contains(&register), is_open, "{minutes}: {text}");
    }
});

on_both!(what_is_published_is_read_at_once_and_as_it_was_published, |world: World| async move {
    let walk = until_clearance(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
    let page = walk.report.replace("/api/v1", "");
    let file = |number: i32, format: &str| format!("{}/editions/{number}.{format}", walk.report);
    assert_eq!(look(&world, &page, None).await.status, 404);
    world.get(None, &file(1, "json")).await.is_problem(404, "not_found");
    assert_eq!(publish(&world, &walk, &walk.report, "ESCAP/GCM/2020/1").await.status, 200);
    let first = look(&world, &page, None).await;
    assert!(first.text.contains("Fees should be waived."), "{}", first.text);
    let mut marks = std::collections::BTreeMap::new();
    for format in ["json", "md", "html", "docx", "xml"] {
        let path = file(1, format);
        let made = asked(&world, &path, &[]).await;
        assert_eq!(made.status(), 200, "{format}");
        assert_eq!(made.headers()["cache-control"], "public, max-age=604800");
        let mark = made.headers()["etag"].to_str().unwrap().to_owned();
        let bytes = made.bytes().await.unwrap();
        for _ in 0..2 {
            assert_eq!(asked(&world, &path, &[]).await.bytes().await.unwrap(), bytes, "{format}");
            let known = told(&world, &path, &[("If-None-Match", &mark)]).await;
            assert_eq!((known.status, known.header("etag")), (304, mark.as_str()), "{format}");
            world.app.clock.advance(Duration::seconds(1));
        }
        let part = asked(&world, &path, &[("Range", "bytes=0-9"), ("If-Range", &mark)]).await;
        assert_eq!(part.status(), 206, "{format}");
        assert_eq!(part.bytes().await.unwrap(), bytes[..10]);
        let packed = asked(&world, &path, &[("Accept-Encoding", "gzip")]).await;
        assert_eq!(packed.headers()["vary"], "Authorization, Receipt", "{format}");
        assert_eq!(packed.headers().contains_key("content-encoding"), format != "docx", "{format}");
        marks.insert(format, mark);
    }
    assert_eq!(marks.len(), 5);

    reopen(&world, &walk, "corrigendum").await;
    rewrite(&world, &walk, "Fees should be waived.", "Fees should be lowered.").await;
    let text = look(&world, &page, None).await.text;
    assert!(!text.contains("lowered"), "nothing of a draft: {text}");
    let symbol = json!({ "symbol": "ESCAP/GCM/2020/1/Corr.1" });
    assert_eq!(publish_again(&world, &walk, symbol).await.status, 200);
    let second = look(&world, &page, None).await;
    assert!(
        second.text.contains("Fees should be lowered.")
            && second.header("etag") != first.header("etag")
    );
    let older = look(&world, &format!("{page}?edition=1"), None).await;
    assert!(
        older.text.contains("There is a newer one")
            && older.text.contains("Fees should be waived.")
    );
    let unchanged = told(&world, &file(1, "json"), &[("If-None-Match", &marks["json"])]).await;
    assert_eq!(unchanged.status, 304);
    assert!(told(&world, &file(2, "md"), &[]).await.text.contains("Fees should be lowered."));
});
