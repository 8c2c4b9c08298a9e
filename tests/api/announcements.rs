//! Announcements: everybody confirmed gets the same words, at a fixed hour or at once, and nobody's mail tells anything of who they are.

use chrono::{DateTime, Utc};
use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Request, World, id};
use crate::inputs::{decide, scene};
use crate::on_both;

/// Recipient, subject and text of the mails of a template.
fn mails(world: &World, template: &str) -> Vec<(String, String, String)> {
    let mails =
        world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 1000)).unwrap();
    let mails = mails.into_iter().filter(|mail| mail.template == template);
    mails.map(|mail| (mail.recipient, mail.subject, mail.body)).collect()
}

/// Moves the clock to a moment.
fn until(world: &World, moment: &str) {
    let moment: DateTime<Utc> = moment.parse().unwrap();
    world.app.clock.advance(moment - world.app.clock.now().utc());
}

on_both!(everybody_confirmed_gets_the_same_words_in_their_language, |world: World| async move {
    let scene = scene(&world).await;
    let (one, two) =
        (scene.participant(&world, "Pat One").await, scene.participant(&world, "Pia Two").await);
    let me = world.get(Some(&two), "/api/v1/me").await.json["account"]["version"].as_i64().unwrap();
    world.change(&two, Method::PATCH, "/api/v1/me", me, json!({ "language": "fr" })).await;
    let outsider = world.person("Otis Outside");
    let path = format!("/api/v1/consultations/{}/announcements", id(&scene.consultation));
    let text = |title: &str| json!({ "title": title, "text": "At 11:30.\n\nNot earlier." });
    let body = |at_once: bool| json!({ "texts": { "en": text("Later"), "fr": text("Plus tard") }, "at_once": at_once });
    for nobody in [&one, &outsider] {
        world.post(nobody, &path, body(true)).await.is_problem(403, "forbidden");
    }
    for (wrong, pointer) in [
        (json!({ "texts": {} }), "/texts"),
        (json!({ "texts": { "en": { "title": "a\nb", "text": "x" } } }), "/texts/en/title"),
        (json!({ "texts": { "en": { "title": "a", "text": " " } } }), "/texts/en/text"),
    ] {
        let refused = world.post(&scene.secretariat, &path, wrong).await;
        refused.is_problem(422, "invalid_value");
        refused.points_to(pointer);
    }
    // At the next 08:00 in Bangkok, and it can be taken back until then.
    let made = world.make(&scene.secretariat, &path, body(false)).await;
    assert_eq!(made["due_at"], "2020-10-02T01:00:00Z", "{made}");
    assert_eq!(made["allowed_actions"], json!(["take_back"]));
    let own = format!("/api/v1/announcements/{}", id(&made));
    world.get(Some(&one), &own).await.is_problem(404, "not_found");
    assert_eq!(world.get(Some(&one), &path).await.json["items"], json!([]));
    world.get(Some(&outsider), &path).await.is_problem(403, "forbidden");
    world.sweep().await;
    assert!(mails(&world, "announcement").is_empty());
    let take = |who| world.send(Request::new(Method::DELETE, &own).by(Some(who)));
    take(&one).await.is_problem(404, "not_found");
    assert_eq!(take(&scene.secretariat).await.status, 204);
    let made = world.make(&scene.secretariat, &path, body(false)).await;
    until(&world, "2020-10-02T01:00:00Z");
    world.sweep().await;
    world.sweep().await;
    let sent = mails(&world, "announcement");
    assert_eq!(sent.len(), 2, "once to each: {sent:?}");
    let of = |email: &str| sent.iter().find(|one| one.0 == email).unwrap();
    assert_eq!((of(&one.email).1.as_str(), of(&two.email).1.as_str()), ("Later", "Plus tard"));
    for (recipient, subject, text) in &sent {
        assert!(text.contains("At 11:30.") && text.contains("Not earlier."), "{text}");
        for personal in ["Pat", "Pia", recipient.as_str(), "/in/", "token"] {
            assert!(!text.contains(personal) && !subject.contains(personal), "{personal}: {text}");
        }
        // One address, the same for everybody: where whoever is signed in finds it.
        let page = format!("/my/consultations/{}?lang=", id(&scene.consultation));
        assert!(text.matches("http").count() == 1 && text.contains(&page), "{text}");
    }
    let one = world.signed_in_again(&one);
    let listed = world.get(Some(&one), &path).await.json;
    assert_eq!(listed["items"][0]["id"], made["id"], "{listed}");
    assert_eq!(listed["items"][0]["allowed_actions"], json!([]));
    let own = format!("/api/v1/announcements/{}", id(&made));
    assert_eq!(world.get(Some(&one), &own).await.json, listed["items"][0]);
    let secretariat = world.signed_in_again(&scene.secretariat);
    let gone = world.send(Request::new(Method::DELETE, &own).by(Some(&secretariat))).await;
    gone.is_problem(409, "invalid_transition");
    // At once.
    until(&world, "2020-10-02T01:05:00Z");
    let at_once = world.make(&secretariat, &path, body(true)).await;
    assert_eq!(at_once["sent_at"], at_once["due_at"], "{at_once}");
    assert_eq!(mails(&world, "announcement").len(), 4);
    let pages: Value = world.get(Some(&one), &format!("{path}?limit=1")).await.json;
    let next = pages["next"].as_str().unwrap();
    let last = world.get(Some(&one), &format!("{path}?limit=1&cursor={next}")).await.json;
    assert_eq!(last["items"][0]["id"], at_once["id"], "{last}");
    // A team that reads plans reads it, too.
    let team = world.person_with(
        "Mo Moderator",
        Role::Moderator,
        ScopeKind::WorkingGroup,
        id(&scene.group),
    );
    assert_eq!(world.get(Some(&team), &path).await.status, 200);
});

on_both!(
    open_questions_are_told_to_all_once_a_day_at_eight_and_never_how_many,
    |world: World| async move {
        let scene = scene(&world).await;
        for name in ["Pat One", "Pia Two"] {
            scene.participant(&world, name).await;
        }
        let mut inputs = Vec::new();
        for body in ["Once.", "Twice."] {
            inputs.push(world.make(&scene.secretariat, &scene.path, scene.input(body)).await);
        }
        rapporteur::worker::clear(&world.app).await.unwrap();
        let rows = || {
            world
                .app
                .db
                .read_blocking(|conn| {
                    use diesel::prelude::*;
                    use rapporteur::db::schema::announcements;
                    Ok(announcements::table.count().get_result::<i64>(conn)?)
                })
                .unwrap()
        };
        assert_eq!(rows(), 0, "no question is open");
        for input in &inputs {
            let question = json!({ "decision": "return", "question": "Which year?" });
            let returned = decide(&world, &scene.secretariat, input, question).await;
            assert_eq!(returned.status, 200, "{}", returned.text);
        }
        for _ in 0..2 {
            rapporteur::worker::clear(&world.app).await.unwrap();
            world.sweep().await;
        }
        assert_eq!(rows(), 1, "one for the next fixed hour");
        assert!(mails(&world, "questions_open").is_empty());
        for (moment, count) in [("2020-10-02T01:00:00Z", 2), ("2020-10-03T01:00:00Z", 4)] {
            until(&world, moment);
            world.sweep().await;
            world.sweep().await;
            let sent = mails(&world, "questions_open");
            assert_eq!(sent.len(), count);
            let texts: std::collections::BTreeSet<_> =
                sent.iter().map(|(_, subject, text)| (subject, text)).collect();
            assert_eq!(texts.len(), 1, "the same for all, whoever contributed: {texts:?}");
            let (_, text) = texts.first().unwrap();
            let (said, address) = text.split_once("http").unwrap();
            assert!(address.contains("/my/consultations/"), "{text}");
            assert!(
                !text.contains("Pat") && !text.contains("Pia") && !said.contains('2'),
                "{text}"
            );
        }
        // None is open any more, as if answered by receipt (`contributions.rs`): nobody is told the next day.
        let answered =
            "UPDATE inputs SET state = 'submitted', question = NULL WHERE state = 'returned'";
        world
            .app
            .db
            .write_blocking(|conn| {
                crate::planted::run(conn, answered);
                Ok(())
            })
            .unwrap();
        until(&world, "2020-10-04T01:00:00Z");
        world.sweep().await;
        assert_eq!(mails(&world, "questions_open").len(), 4);
    }
);
