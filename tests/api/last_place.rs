//! Many people, few places: never one too many, nobody lost, the waiting list in order.

use futures_util::future::join_all;
use serde_json::json;

use crate::harness::{Person, Request, World, id, registration};
use crate::on_both;
use reqwest::Method;

on_both!(fifty_pairs_race_for_the_last_place, |world: World| async move {
    let (secretariat, review, _) = world.consultation(Some(1), "automatic").await;
    let people: Vec<Person> =
        (0..2).map(|number| world.person(&format!("Racer Example {number}"))).collect();
    for ordinal in 10..60 {
        let mut body = crate::harness::consultation();
        body["ordinal"] = json!(ordinal);
        body["capacity"] = json!(1);
        body["admission"] = json!("automatic");
        let path = format!("/api/v1/reviews/{}/consultations", id(&review));
        let consultation = world.make(&secretariat, &path, body).await;
        world.phases(&secretariat, id(&consultation), &["open_call"]).await;
        let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
        let answers = join_all(
            people
                .iter()
                .map(|person| world.post(person, &path, registration("civil_society", "TH"))),
        )
        .await;
        let mut states: Vec<_> = answers
            .iter()
            .map(|answer| {
                assert_eq!(answer.status, 201, "{}", answer.text);
                answer.json["state"].as_str().unwrap().to_owned()
            })
            .collect();
        states.sort();
        assert_eq!(states, ["confirmed", "waitlisted"]);
    }
});

on_both!(fifty_at_once_for_ten_places_and_the_list_moves_up_in_order, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(Some(10), "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let people: Vec<Person> =
        (0..50).map(|number| world.person(&format!("Crowd Example {number}"))).collect();
    let answers = join_all(
        people.iter().map(|person| world.post(person, &path, registration("academia", "IN"))),
    )
    .await;
    let mut waiting: Vec<(i64, String)> = Vec::new();
    let mut confirmed = Vec::new();
    for (answer, person) in answers.iter().zip(&people) {
        assert_eq!(answer.status, 201, "{}", answer.text);
        match answer.json["waiting_number"].as_i64() {
            Some(number) => waiting.push((number, id(&answer.json).to_owned())),
            None => confirmed.push((person, answer.json.clone())),
        }
    }
    assert_eq!(confirmed.len(), 10);
    waiting.sort();
    let withdraw = |person: &Person, registration: &serde_json::Value| {
        let path = format!("/api/v1/registrations/{}/withdrawal", id(registration));
        let version = registration["version"].as_i64().unwrap();
        let person = person.clone();
        let world = &world;
        async move {
            world.send(Request::new(Method::POST, &path).by(Some(&person)).version(version)).await
        }
    };
    let gone = join_all(
        confirmed.iter().take(4).map(|(person, registration)| withdraw(person, registration)),
    )
    .await;
    assert!(gone.iter().all(|answer| answer.status == 200), "{:?}", gone[0].text);
    for (place, (_, waiter)) in waiting.iter().enumerate() {
        let seen = world.get(Some(&secretariat), &format!("/api/v1/registrations/{waiter}")).await;
        let wanted = if place < 4 { "confirmed" } else { "waitlisted" };
        assert_eq!(seen.json["state"], wanted, "place {place}");
    }
    let confirmed =
        world.get(Some(&secretariat), &format!("{path}?state=confirmed&limit=200")).await;
    assert_eq!(confirmed.json["items"].as_array().unwrap().len(), 10);
});

on_both!(one_person_registers_once, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let person = world.person("Eager Example");
    let answers =
        join_all((0..10).map(|_| world.post(&person, &path, registration("media", "PH")))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.is_problem(409, "already_registered");
    }
});
