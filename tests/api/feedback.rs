//! Feedback: given once by who took part, kept as counts, told to the team from five people on.

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::is_page;
use crate::harness::{Person, Request, World, id, registration};
use crate::on_both;
use crate::page_access::signed_in;

struct Scene {
    secretariat: Person,
    consultation: Value,
    people: Vec<Person>,
}

/// A consultation that was held, with so many who took part.
async fn held(world: &World, people: usize) -> Scene {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let mut all = Vec::new();
    for number in 0..people {
        let person = world.person(&format!("Person Example {number}"));
        world.make(&person, &path, registration("media", "TH")).await;
        all.push(person);
    }
    world.phases(&secretariat, id(&consultation), &["registration_closed", "in_session"]).await;
    Scene { secretariat, consultation, people: all }
}

impl Scene {
    fn path(&self) -> String {
        format!("/api/v1/consultations/{}/feedback", id(&self.consultation))
    }

    async fn give(&self, world: &World, by: &Person, answers: Value) -> crate::harness::Answer {
        let body = json!({ "answers": answers });
        world.send(Request::new(Method::POST, &self.path()).by(Some(by)).body(body)).await
    }

    async fn told(&self, world: &World) -> Value {
        let secretariat = world.signed_in_again(&self.secretariat);
        world.get(Some(&secretariat), &self.path()).await.json
    }
}

/// What happens once a day.
fn a_day_later(world: &World) {
    world.app.clock.advance(chrono::Duration::days(1));
    world
        .app
        .write_blocking(&rapporteur::work::Credentials::Operator, |work| {
            rapporteur::feedback::service::tell_due(work)
        })
        .unwrap();
}

on_both!(feedback_is_counted_and_told_from_five_on, |world: World| async move {
    let scene = held(&world, 7).await;
    let [first, second, ..] = scene.people.as_slice() else { panic!("nobody") };
    scene.give(&world, first, json!({ "heard": 4 })).await.is_problem(409, "not_in_this_phase");
    world.phases(&scene.secretariat, id(&scene.consultation), &["synthesis"]).await;
    for wrong in [json!({}), json!({ "heard": 0 }), json!({ "heard": 6 })] {
        assert_eq!(scene.give(&world, first, wrong).await.status, 422);
    }
    let unknown = scene.give(&world, first, json!({ "food": 3 })).await;
    assert_eq!(unknown.status, 422, "{}", unknown.text);
    assert_eq!(scene.give(&world, first, json!({ "heard": 4, "again": 5 })).await.status, 204);
    scene.give(&world, first, json!({ "heard": 1 })).await.is_problem(409, "already_exists");
    let outsider = world.person("Otto Outside");
    scene.give(&world, &outsider, json!({ "heard": 4 })).await.is_problem(403, "forbidden");

    // On the page, by whoever is signed in there; once.
    let browser = signed_in(&world, second).await;
    let own = format!("/my/consultations/{}", id(&scene.consultation));
    let page = browser.get(&own).await;
    is_page(&page, 200);
    assert!(page.text.contains("How was it?"));
    let empty = browser.post(&own, &[("action", "feedback")]).await;
    is_page(&empty, 422);
    let sent =
        browser.post(&own, &[("action", "feedback"), ("heard", "5"), ("organized", "2")]).await;
    is_page(&sent, 200);
    assert!(sent.text.contains("It is counted.") && !sent.text.contains("How was it?"));

    // Nothing is told of fewer than five, whatever day it is, and then of all together.
    for person in &scene.people[2..4] {
        assert_eq!(scene.give(&world, person, json!({ "heard": 5 })).await.status, 204);
    }
    a_day_later(&world);
    assert_eq!(scene.told(&world).await, json!({ "people": 0, "counts": {} }));
    let fifth = world.signed_in_again(&scene.people[4]);
    assert_eq!(scene.give(&world, &fifth, json!({ "heard": 1 })).await.status, 204);
    assert_eq!(
        scene.told(&world).await["people"],
        0,
        "not at the moment in which somebody answers"
    );
    a_day_later(&world);
    let counts = json!({ "people": 5, "counts": { "heard": [1, 0, 0, 1, 3], "organized": [0, 1, 0, 0, 0], "again": [0, 0, 0, 0, 1] } });
    assert_eq!(scene.told(&world).await, counts);
    // The next two change nothing that is told.
    for person in &scene.people[5..] {
        let person = world.signed_in_again(person);
        assert_eq!(scene.give(&world, &person, json!({ "heard": 2 })).await.status, 204);
    }
    a_day_later(&world);
    assert_eq!(scene.told(&world).await, counts);
});

on_both!(
    who_gave_feedback_is_told_to_themselves_and_forgotten_with_them,
    |world: World| async move {
        let scene = held(&world, 1).await;
        world.phases(&scene.secretariat, id(&scene.consultation), &["synthesis"]).await;
        let asha = &scene.people[0];
        assert_eq!(scene.give(&world, asha, json!({ "heard": 3 })).await.status, 204);
        let data = world.get(Some(asha), "/api/v1/me/data").await.json;
        assert_eq!(data["data"]["feedback_given"].as_array().unwrap().len(), 1, "{data}");
        assert!(!data["data"]["feedback_given"].to_string().contains("heard"));
        world.get(Some(asha), &scene.path()).await.is_problem(403, "forbidden");
    }
);
