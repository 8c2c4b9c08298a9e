//! Feedback: given once by each receipt, kept as counts, told to the team from five voices on.

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, is_page};
use crate::harness::{Answer, Person, Request, World, id, registration};
use crate::on_both;

struct Scene {
    secretariat: Person,
    consultation: Value,
    receipts: Vec<String>,
}

/// A consultation that is being held, with so many receipts.
async fn held(world: &World, people: usize) -> Scene {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let mut receipts = Vec::new();
    for number in 0..people {
        let person = world.person(&format!("Person Example {number}"));
        world.make(&person, &format!("{base}/registrations"), registration("media", "TH")).await;
        let given = world.make(&person, &format!("{base}/receipts"), json!({})).await;
        receipts.push(given["receipt"].as_str().unwrap().to_owned());
    }
    world.phases(&secretariat, id(&consultation), &["registration_closed", "in_session"]).await;
    Scene { secretariat, consultation, receipts }
}

impl Scene {
    async fn give(&self, world: &World, receipt: &str, answers: Value) -> Answer {
        let body = Some(json!({ "answers": answers }));
        world.send_by_receipt(&self.consultation, receipt, Method::POST, "feedback", body).await
    }

    async fn told(&self, world: &World) -> Value {
        let secretariat = world.signed_in_again(&self.secretariat);
        let path = format!("/api/v1/consultations/{}/feedback", id(&self.consultation));
        world.get(Some(&secretariat), &path).await.json
    }
}

/// What happens once a day.
fn a_day_later(world: &World) {
    world.app.clock.advance(chrono::Duration::days(1));
    let told = world.app.write_blocking(&rapporteur::work::Credentials::Operator, |work| {
        rapporteur::voices::feedback::service::tell_due(work)
    });
    told.unwrap();
}

on_both!(feedback_is_counted_and_told_from_five_on, |world: World| async move {
    let scene = held(&world, 7).await;
    let receipts: Vec<&str> = scene.receipts.iter().map(String::as_str).collect();
    let early = scene.give(&world, receipts[0], json!({ "heard": 4 })).await;
    early.is_problem(409, "not_in_this_phase");
    world.phases(&scene.secretariat, id(&scene.consultation), &["synthesis"]).await;
    for wrong in [json!({}), json!({ "heard": 0 }), json!({ "heard": 6 }), json!({ "food": 3 })] {
        assert_eq!(scene.give(&world, receipts[0], wrong).await.status, 422);
    }
    let given = scene.give(&world, receipts[0], json!({ "heard": 4, "again": 5 })).await;
    assert_eq!(given.status, 204, "{}", given.text);
    let twice = scene.give(&world, receipts[0], json!({ "heard": 1 })).await;
    twice.is_problem(409, "already_exists");
    scene.give(&world, "nothing", json!({ "heard": 4 })).await.is_problem(404, "not_found");
    // By whoever is signed in, it is not: nobody is to be known.
    let person = world.person("Pat Plain");
    let path = format!("/api/v1/consultations/{}/feedback", id(&scene.consultation));
    let body = json!({ "answers": { "heard": 4 } });
    let signed_in = Request::new(Method::POST, &path).by(Some(&person)).body(body);
    world.send(signed_in).await.is_problem(404, "not_found");
    world.get(Some(&person), &path).await.is_problem(403, "forbidden");

    // On the page of what is one's own, once.
    let browser = Browser::new(&world);
    let way = format!("/say/{}", id(&scene.consultation));
    let enter = [("action", "enter"), ("receipt", receipts[1]), ("own", "no")];
    is_page(&browser.post(&way, &enter).await, 200);
    let mine = format!("{way}/mine");
    let page = browser.get(&mine).await;
    is_page(&page, 200);
    assert!(page.text.contains("How was it?"));
    is_page(&browser.post(&mine, &[("action", "feedback")]).await, 422);
    let sent = [("action", "feedback"), ("heard", "5"), ("organized", "2")];
    let sent = browser.post(&mine, &sent).await;
    is_page(&sent, 200);
    assert!(sent.text.contains("It is counted.") && !sent.text.contains("How was it?"));

    // Nothing is told of fewer than five, whatever day it is, and then of all together.
    for receipt in &receipts[2..4] {
        assert_eq!(scene.give(&world, receipt, json!({ "heard": 5 })).await.status, 204);
    }
    a_day_later(&world);
    assert_eq!(scene.told(&world).await, json!({ "voices": 0, "counts": {} }));
    assert_eq!(scene.give(&world, receipts[4], json!({ "heard": 1 })).await.status, 204);
    assert_eq!(
        scene.told(&world).await["voices"],
        0,
        "not at the moment in which somebody answers"
    );
    a_day_later(&world);
    let counts = json!({ "voices": 5, "counts": { "heard": [1, 0, 0, 1, 3], "organized": [0, 1, 0, 0, 0], "again": [0, 0, 0, 0, 1] } });
    assert_eq!(scene.told(&world).await, counts);
    // The next two change nothing that is told.
    for receipt in &receipts[5..] {
        assert_eq!(scene.give(&world, receipt, json!({ "heard": 2 })).await.status, 204);
    }
    a_day_later(&world);
    assert_eq!(scene.told(&world).await, counts);
});
