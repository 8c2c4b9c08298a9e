//! Calendars over HTTP: the programme and one's own schedule, read back by another library, and what happens to them.

use std::collections::BTreeMap;

use calcard::icalendar::{ICalendar, ICalendarComponentType};
use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, Person, Request, World, id, registration};
use crate::on_both;
use crate::plans::proposed;

/// An event as calcard reads it: what it says by property.
type Told = BTreeMap<String, String>;

/// The events of an answer, by summary.
fn events(answer: &Answer) -> BTreeMap<String, Told> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    assert!(answer.text.split("\r\n").all(|line| line.len() <= 75), "{}", answer.text);
    let read = ICalendar::parse(&answer.text).unwrap();
    let zones = read.components.iter();
    assert!(zones.clone().any(|part| part.component_type == ICalendarComponentType::VTimezone));
    let events = zones.filter(|part| part.component_type == ICalendarComponentType::VEvent);
    events
        .map(|event| {
            let told: Told = event
                .entries
                .iter()
                .map(|entry| {
                    let name = entry.name.as_str().to_owned();
                    let value = entry.values.first();
                    let number = value.and_then(calcard::icalendar::ICalendarValue::as_integer);
                    let text = value.and_then(|value| value.as_text()).map(str::to_owned);
                    (name, number.map(|number| number.to_string()).or(text).unwrap_or_default())
                })
                .collect();
            (told["SUMMARY"].clone(), told)
        })
        .collect()
}

fn sequence(event: &Told) -> i64 {
    event["SEQUENCE"].parse().unwrap()
}

struct Scene {
    secretariat: Person,
    consultation: String,
    base: String,
    sessions: Vec<serde_json::Value>,
    round: String,
}

/// An open call with an opening and a round of two working groups.
async fn scene(world: &World) -> Scene {
    let (secretariat, _, made) = world.consultation(None, "vetted").await;
    let consultation = id(&made).to_owned();
    let base = format!("/api/v1/consultations/{consultation}");
    for (number, objectives) in [(1, [4, 8]), (2, [9, 10])] {
        let body = json!({ "number": number, "clusters": [objectives], "min_size": 1, "max_size": 40, "languages": ["en"] });
        world.make(&secretariat, &format!("{base}/working-groups"), body).await;
    }
    let round = world.make(&secretariat, &format!("{base}/rounds"), json!({ "number": 1 })).await;
    let round = id(&round).to_owned();
    let opening = json!({ "kind": "opening", "title": "Opening; \"welcome\", 欢迎各位代表参加关于边境和权利的磋商会议 مرحبا",
        "starts_at": "2020-11-19T04:00:00Z", "ends_at": "2020-11-19T04:30:00Z",
        "speakers": [{ "name": "Asha Named", "named_consent": true }, { "name": "Binh Unnamed" }] });
    let groups = json!({ "kind": "working_groups", "title": "Working groups", "round_id": round,
        "starts_at": "2020-11-19T04:30:00Z", "ends_at": "2020-11-19T05:35:00Z" });
    let mut sessions = Vec::new();
    for body in [opening, groups] {
        sessions.push(world.make(&secretariat, &format!("{base}/sessions"), body).await);
    }
    world.phases(&secretariat, &consultation, &["open_call"]).await;
    Scene { secretariat, consultation, base, sessions, round }
}

async fn confirmed(world: &World, scene: &Scene, person: &Person) -> serde_json::Value {
    let path = format!("{}/registrations", scene.base);
    let made = world.make(person, &path, registration("media", "TH")).await;
    let decision = format!("/api/v1/registrations/{}/decision", id(&made));
    let version = made["version"].as_i64().unwrap();
    let body = json!({ "decision": "confirm" });
    world.change(&scene.secretariat, Method::POST, &decision, version, body).await
}

on_both!(the_programme_is_a_calendar_that_tells_changes_and_removals, |world: World| async move {
    let scene = scene(&world).await;
    let path = format!("{}/programme.ics", scene.base);
    let first = world.get(None, &path).await;
    assert!(first.header("content-disposition").contains("programme.ics"));
    let before = events(&first);
    assert_eq!(before.len(), 2, "{}", first.text);
    let opening = before.values().find(|event| event["SUMMARY"].starts_with("Opening")).unwrap();
    assert_eq!(opening["SUMMARY"], scene.sessions[0]["title"].as_str().unwrap());
    assert_eq!(opening["UID"], id(&scene.sessions[0]));
    assert!(opening["DESCRIPTION"].contains("Asha Named"));
    let unfolded = first.text.replace("\r\n ", "");
    assert!(!unfolded.contains("Binh"), "who did not agree is not named, whoever asks");
    assert!(unfolded.contains("DTSTART;TZID=Asia/Bangkok:20201119T110000"), "{unfolded}");
    let as_secretariat = world.get(Some(&scene.secretariat), &path).await;
    assert_eq!(as_secretariat.text, first.text);

    // The same data, the same bytes: a client that has them is told so.
    let etag = first.header("etag").to_owned();
    let again = world.send(Request::new(Method::GET, &path).header("If-None-Match", &etag)).await;
    assert_eq!(again.status, 304);

    // A change of a session and of the consultation.
    let session = format!("/api/v1/sessions/{}", id(&scene.sessions[0]));
    let body = json!({ "title": "Opening statements" });
    world.change(&scene.secretariat, Method::PATCH, &session, 1, body).await;
    let changed = events(&world.get(None, &path).await);
    assert!(sequence(&changed["Opening statements"]) > sequence(opening));
    let again = world.send(Request::new(Method::GET, &path).header("If-None-Match", &etag)).await;
    assert_eq!(again.status, 200);

    // Removed: still told, as cancelled.
    world.change(&scene.secretariat, Method::DELETE, &session, 2, json!({})).await;
    let removed = events(&world.get(None, &path).await);
    assert_eq!(removed.len(), 2);
    let gone = &removed["Opening statements"];
    assert_eq!((gone["STATUS"].as_str(), &gone["UID"]), ("CANCELLED", &opening["UID"]));
    assert!(sequence(gone) > sequence(&changed["Opening statements"]));
    assert_eq!(removed["Working groups"]["STATUS"], "CONFIRMED");

    // A group that is removed does not take its count along.
    let groups = world.get(None, &format!("{}/working-groups", scene.base)).await.json;
    let group = format!("/api/v1/working-groups/{}", id(&groups["items"][1]));
    world.change(&scene.secretariat, Method::DELETE, &group, 1, json!({})).await;
    let after = events(&world.get(None, &path).await);
    assert!(sequence(&after["Working groups"]) > sequence(&removed["Working groups"]));

    world.phases(&scene.secretariat, &scene.consultation, &["cancelled"]).await;
    let cancelled = events(&world.get(None, &path).await);
    assert!(cancelled.values().all(|event| event["STATUS"] == "CANCELLED"));
    assert!(sequence(&cancelled["Working groups"]) > sequence(&after["Working groups"]));
});

on_both!(a_plan_is_not_told_before_the_open_call, |world: World| async move {
    let (secretariat, _, made) = world.consultation(None, "vetted").await;
    let path = format!("/api/v1/consultations/{}/programme.ics", id(&made));
    world.get(None, &path).await.is_problem(404, "not_found");
    assert_eq!(world.get(Some(&secretariat), &path).await.status, 200);
});

on_both!(
    ones_own_schedule_has_ones_group_and_is_cancelled_on_withdrawal,
    |world: World| async move {
        let scene = scene(&world).await;
        let (asha, binh) = (world.person("Asha Example"), world.person("Binh Sample"));
        world.get(None, "/api/v1/me/schedule.ics").await.is_problem(401, "unauthenticated");
        let own = |person| world.get(Some(person), "/api/v1/me/schedule.ics");
        assert!(own(&asha).await.text.contains("BEGIN:VTIMEZONE"));

        // Submitted: nothing yet.
        let path = format!("{}/registrations", scene.base);
        let submitted = world.make(&binh, &path, registration("media", "TH")).await;
        assert!(!own(&binh).await.text.contains("BEGIN:VEVENT"), "{}", id(&submitted));
        confirmed(&world, &scene, &asha).await;
        let before = events(&own(&asha).await);
        assert_eq!(before.len(), 2);
        assert_eq!(before["Working groups"]["STATUS"], "CONFIRMED");

        // Assigned: one's own group, and nothing of the others.
        let plan = proposed(&world, &scene.secretariat, &scene.base, json!({})).await;
        let apply = format!("/api/v1/assignment-plans/{}/apply", id(&plan));
        world.change(&scene.secretariat, Method::POST, &apply, 1, json!({})).await;
        let assigned = own(&asha).await;
        let after = events(&assigned);
        let name =
            after.keys().find(|name| name.starts_with("Working groups – working group ")).unwrap();
        assert_eq!(after[name]["UID"], before["Working groups"]["UID"]);
        assert!(sequence(&after[name]) > sequence(&before["Working groups"]));
        let other = if name.ends_with('1') { "working group 2" } else { "working group 1" };
        assert!(!assigned.text.contains(other), "{}", assigned.text);
        assert_ne!(after[name]["UID"], id(&scene.sessions[1]), "the programme has its own");

        // Withdrawn, registered anew: the same events, and the sequence goes on.
        let mine = world.get(Some(&asha), "/api/v1/me/registrations").await.json;
        let mine = &mine["items"][0];
        let withdrawal = format!("/api/v1/registrations/{}/withdrawal", id(mine));
        let version = mine["version"].as_i64().unwrap();
        let request = Request::new(Method::POST, &withdrawal).by(Some(&asha)).version(version);
        assert_eq!(world.send(request).await.status, 200);
        let withdrawn = events(&own(&asha).await);
        assert!(withdrawn.values().all(|event| event["STATUS"] == "CANCELLED"), "{withdrawn:?}");
        assert!(sequence(&withdrawn["Working groups"]) > sequence(&after[name]));
        confirmed(&world, &scene, &asha).await;
        let again = events(&own(&asha).await);
        let again = again.values().find(|event| event["UID"] == after[name]["UID"]).unwrap();
        assert_eq!(again["STATUS"], "CONFIRMED");
        assert!(sequence(again) > sequence(&withdrawn["Working groups"]));
        assert!(!scene.round.is_empty());
    }
);

on_both!(a_feed_is_read_without_signing_in_until_it_is_ended, |world: World| async move {
    let scene = scene(&world).await;
    let asha = world.person("Asha Example");
    confirmed(&world, &scene, &asha).await;
    let made =
        world.send(Request::new(Method::POST, "/api/v1/me/calendar-feed").by(Some(&asha))).await;
    assert_eq!((made.status, made.header("location")), (201, ""), "{}", made.text);
    assert_eq!(made.header("cache-control"), "no-store");
    let path = |url: &str| url[url.find("/api/").unwrap()..].to_owned();
    let first = path(made.json["url"].as_str().unwrap());
    let feed = world.get(None, &first).await;
    assert_eq!(events(&feed).len(), 2);
    assert_eq!(feed.header("referrer-policy"), "no-referrer");
    assert_eq!(feed.text, world.get(Some(&asha), "/api/v1/me/schedule.ics").await.text);

    // A new one ends the one before; nothing that is kept tells the secret.
    let made =
        world.send(Request::new(Method::POST, "/api/v1/me/calendar-feed").by(Some(&asha))).await;
    let second = path(made.json["url"].as_str().unwrap());
    world.get(None, &first).await.is_problem(404, "not_found");
    assert_eq!(world.get(None, &second).await.status, 200);
    let secret = second.rsplit('/').next().unwrap().trim_end_matches(".ics").to_owned();
    let metrics = world.metrics().await;
    assert!(metrics.contains("/api/v1/calendar-feeds/{token}.ics") && !metrics.contains(&secret));
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let audit = world.get(Some(&admin), "/api/v1/audit").await.text;
    assert!(audit.contains("calendar_feed.created") && !audit.contains(&secret));

    for _ in 0..2 {
        let ended = world
            .send(Request::new(Method::DELETE, "/api/v1/me/calendar-feed").by(Some(&asha)))
            .await;
        assert_eq!(ended.status, 204, "{}", ended.text);
    }
    world.get(None, &second).await.is_problem(404, "not_found");
});

on_both!(where_to_join_is_told_to_who_is_confirmed_and_nobody_else, |world: World| async move {
    let scene = scene(&world).await;
    let (asha, binh) = (world.person("Asha Example"), world.person("Binh Sample"));
    let session = format!("/api/v1/sessions/{}", id(&scene.sessions[1]));
    let wrong = json!({ "joining_url": "javascript:alert(1)" });
    let wrong =
        Request::new(Method::PATCH, &session).by(Some(&scene.secretariat)).version(1).body(wrong);
    world.send(wrong).await.points_to("/joining_url");
    let address = "https://meet.example.org/j/1234?pwd=a,b;c";
    let set = json!({ "joining_url": address });
    let set = world.change(&scene.secretariat, Method::PATCH, &session, 1, set).await;
    assert_eq!(set["joining_url"], address);
    confirmed(&world, &scene, &asha).await;
    let path = format!("{}/registrations", scene.base);
    world.make(&binh, &path, registration("media", "TH")).await;

    let unfolded = |answer: &Answer| answer.text.replace("\r\n ", "");
    let own = world.get(Some(&asha), "/api/v1/me/schedule.ics").await;
    assert!(unfolded(&own).contains(&format!("\r\nURL:{address}\r\n")), "{}", own.text);
    let event = events(&own).remove("Working groups").unwrap();
    assert_eq!(event["LOCATION"], address, "where there is no venue");
    let page = format!("/my/consultations/{}", scene.consultation);
    let shown = crate::page_access::signed_in(&world, &asha).await.get(&page).await;
    assert!(shown.text.contains("href=\"https://meet.example.org/j/1234?pwd=a,b;c\""));

    // Not to who waits, nor to everybody, by whatever way.
    let waits = crate::page_access::signed_in(&world, &binh).await.get(&page).await;
    assert!(waits.text.contains("We have your registration"), "{}", waits.text);
    let told = [
        waits.text,
        world.get(Some(&binh), "/api/v1/me/schedule.ics").await.text,
        world.get(None, &format!("{}/programme.ics", scene.base)).await.text,
        world.get(None, &format!("{}/programme", scene.base)).await.text,
        world.get(None, &session).await.text,
        world.get(Some(&binh), &format!("{}/sessions", scene.base)).await.text,
    ];
    assert!(told.iter().all(|text| !text.contains("meet.example.org")), "{told:?}");
});
