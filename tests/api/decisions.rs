//! Decisions on many at once, the balance they are taken by, places that have to be accepted, and the history that
//! explains each: over HTTP, on both databases.

use std::collections::BTreeMap;

use chrono::Duration;
use diesel::prelude::*;
use futures_util::future::join_all;
use rapporteur::db::schema::registrations;
use rapporteur::registrations::RegistrationState;
use rapporteur::registrations::places::lapsing;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, id, registration};
use crate::jobs::{import, people, ran};
use crate::on_both;

/// A consultation with an open call, and its path.
async fn open(world: &World, capacity: Option<u32>, admission: &str) -> (Person, String) {
    let (secretariat, _, consultation) = world.consultation(capacity, admission).await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    (secretariat, format!("/api/v1/consultations/{}", id(&consultation)))
}

async fn register(
    world: &World,
    base: &str,
    name: &str,
    sector: &str,
    country: &str,
) -> (Person, Value) {
    let person = world.person(name);
    let made =
        world.make(&person, &format!("{base}/registrations"), registration(sector, country)).await;
    (person, made)
}

async fn see(world: &World, by: &Person, one: &Value) -> Value {
    world.get(Some(by), &format!("/api/v1/registrations/{}", id(one))).await.json
}

async fn decide_all(world: &World, by: &Person, base: &str, body: Value) -> Answer {
    world.post(by, &format!("{base}/registrations/decisions"), body).await
}

/// Sends a POST without a body, of the version that is there now.
async fn step(world: &World, by: &Person, one: &Value, what: &str) -> Answer {
    let now = see(world, by, one).await;
    let path = format!("/api/v1/registrations/{}/{what}", id(one));
    let version = now["version"].as_i64().unwrap_or(0);
    world.send(Request::new(Method::POST, &path).by(Some(by)).version(version)).await
}

/// Sets the registration rules anew, in the version that is there now.
async fn set_rules(world: &World, by: &Person, base: &str, body: Value) -> Answer {
    let path = format!("{base}/registration-rules");
    let version = world.get(Some(by), &path).await.json["version"].as_i64().unwrap();
    world.send(Request::new(Method::PUT, &path).by(Some(by)).version(version).body(body)).await
}

/// How many registrations are in each state.
fn states(world: &World) -> BTreeMap<String, usize> {
    let all: Vec<String> = world
        .app
        .db
        .read_blocking(|conn| Ok(registrations::table.select(registrations::state).load(conn)?))
        .unwrap();
    let mut counts = BTreeMap::new();
    all.into_iter().for_each(|state| *counts.entry(state).or_default() += 1);
    counts
}

on_both!(two_thousand_are_decided_at_once_as_the_preview_said, |world: World| async move {
    let (secretariat, base) = open(&world, Some(1500), "vetted").await;
    let consultation = json!({ "id": base.rsplit('/').next() });
    let job = import(&world, &secretariat, &consultation, "dry_run=false", people(0, 2000)).await;
    assert_eq!(ran(&world, &secretariat, &job).await["state"], "done");
    let body = json!({ "filter": { "state": "submitted" }, "decision": "confirm", "note": "Welcome.", "preview": true });
    let preview = decide_all(&world, &secretariat, &base, body.clone()).await;
    assert_eq!((preview.status, &preview.json["refused"]), (200, &json!(0)), "{}", preview.text);
    let count = |answer: &Value, state: &str| {
        let all = answer["registrations"].as_array().unwrap();
        all.iter().filter(|one| one["after"] == state).count()
    };
    assert_eq!(count(&preview.json, "confirmed"), 1500);
    assert_eq!(count(&preview.json, "waitlisted"), 500);
    assert_eq!(preview.json["balance_after"]["all"]["confirmed"], 1500);
    assert_eq!(states(&world), BTreeMap::from([("submitted".into(), 2000)]), "nothing is done yet");
    let mut decision = body;
    decision["preview"] = json!(false);
    decision["fingerprint"] = preview.json["fingerprint"].clone();
    let done = decide_all(&world, &secretariat, &base, decision.clone()).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert_eq!(done.json["registrations"], preview.json["registrations"], "it is what was seen");
    let wanted = BTreeMap::from([("confirmed".into(), 1500), ("waitlisted".into(), 500)]);
    assert_eq!(states(&world), wanted);
    let balance = world.get(Some(&secretariat), &format!("{base}/balance")).await.json;
    assert_eq!(balance, done.json["balance_after"]);
    let mails = world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 10_000));
    let told: Vec<String> = mails.unwrap().into_iter().map(|mail| mail.template).collect();
    let sent = |template: &str| told.iter().filter(|one| *one == template).count();
    assert_eq!(sent("registration_confirmed"), 1500, "each is told once");
    assert_eq!(sent("registration_waitlisted"), 500);
    // Once more: nobody is submitted any more, so the filter keeps nobody.
    decision["fingerprint"] = Value::Null;
    let again = decide_all(&world, &secretariat, &base, decision).await;
    assert_eq!(again.json["registrations"], json!([]), "{}", again.text);
});

on_both!(all_are_decided_on_or_none, |world: World| async move {
    let (secretariat, base) = open(&world, None, "vetted").await;
    let (_, asha) = register(&world, &base, "Asha Example", "media", "TH").await;
    let (binh, gone) = register(&world, &base, "Binh Sample", "media", "VN").await;
    let (chen, edited) = register(&world, &base, "Chen Fixture", "media", "CN").await;
    assert_eq!(step(&world, &binh, &gone, "withdrawal").await.status, 200);
    let change = json!({ "languages": ["zh"] });
    let path = format!("/api/v1/registrations/{}", id(&edited));
    world.change(&chen, Method::PATCH, &path, 1, change).await;
    let seen = |one: &Value, version: i64| json!({ "id": id(one), "version": version });
    let listed = json!([seen(&asha, 1), seen(&gone, 2), seen(&edited, 1), seen(&asha, 1)]);
    let body = json!({ "registrations": listed, "decision": "confirm", "preview": true });
    let preview = decide_all(&world, &secretariat, &base, body.clone()).await;
    assert_eq!(preview.json["refused"], 3, "{}", preview.text);
    let whole = &preview.json["registrations"];
    assert_eq!(whole[0]["after"], "confirmed");
    assert_eq!(whole[1]["refusal"]["code"], "invalid_transition");
    assert_eq!(whole[2]["refusal"]["code"], "version_mismatch");
    assert_eq!(whole[3]["refusal"]["code"], "invalid_value");
    let mut body = body;
    body["preview"] = json!(false);
    let refused = decide_all(&world, &secretariat, &base, body.clone()).await;
    refused.is_problem(422, "invalid_value");
    ["/registrations/1", "/registrations/2", "/registrations/3"]
        .iter()
        .for_each(|pointer| refused.points_to(pointer));
    assert_eq!(see(&world, &secretariat, &asha).await["state"], "submitted");
    body["registrations"] = json!([seen(&asha, 1), seen(&edited, 1)]);
    let stale = decide_all(&world, &secretariat, &base, body.clone()).await;
    stale.is_problem(412, "version_mismatch");
    body["registrations"] = json!([]);
    decide_all(&world, &secretariat, &base, body.clone()).await.points_to("/registrations");
    body["filter"] = json!({});
    decide_all(&world, &secretariat, &base, body.clone()).await.points_to("/registrations");
    let decline =
        json!({ "filter": { "sector": "media" }, "decision": "decline", "note": "No room." });
    decide_all(&world, &secretariat, &base, decline).await.points_to("/reason_code");
});

on_both!(a_decision_that_would_come_out_otherwise_is_refused, |world: World| async move {
    let (secretariat, base) = open(&world, Some(2), "vetted").await;
    register(&world, &base, "Asha Example", "media", "TH").await;
    let body = json!({ "filter": { "sector": "media" }, "decision": "confirm", "preview": true });
    let preview = decide_all(&world, &secretariat, &base, body.clone()).await.json;
    // A colleague gives the last places away meanwhile, and somebody more has come.
    register(&world, &base, "Binh Sample", "media", "VN").await;
    let mut body = body;
    body["preview"] = json!(false);
    body["fingerprint"] = preview["fingerprint"].clone();
    let refused = decide_all(&world, &secretariat, &base, body.clone()).await;
    refused.is_problem(412, "version_mismatch");
    refused.points_to("/fingerprint");
    assert_eq!(states(&world), BTreeMap::from([("submitted".into(), 2)]));
});

on_both!(the_balance_is_seen_against_every_capacity, |world: World| async move {
    let (secretariat, base) = open(&world, Some(3), "vetted").await;
    let rules = json!({ "sector_capacities": { "media": 1 }, "organization_capacity": 2 });
    assert_eq!(set_rules(&world, &secretariat, &base, rules).await.status, 200);
    for (name, sector, country) in [
        ("Asha Example", "media", "TH"),
        ("Binh Sample", "media", "VN"),
        ("Chen Fixture", "academia", "CN"),
    ] {
        register(&world, &base, name, sector, country).await;
    }
    let body = json!({ "filter": {}, "decision": "confirm", "preview": true });
    let preview = decide_all(&world, &secretariat, &base, body).await.json;
    let after: Vec<&Value> =
        preview["registrations"].as_array().unwrap().iter().map(|one| &one["after"]).collect();
    assert_eq!(after, ["confirmed", "waitlisted", "confirmed"], "{preview}");
    assert_eq!(preview["registrations"][1]["full"], json!({ "capacity": "sector", "places": 1 }));
    let media = |balance: &Value| {
        let sectors = balance["sectors"].as_array().unwrap();
        sectors.iter().find(|one| one["sector"] == "media").unwrap().clone()
    };
    let (before, after) = (media(&preview["balance_before"]), media(&preview["balance_after"]));
    assert_eq!((&before["capacity"], &before["counts"]["submitted"]), (&json!(1), &json!(2)));
    assert_eq!((&after["counts"]["taken"], &after["counts"]["waitlisted"]), (&json!(1), &json!(1)));
    let countries = preview["balance_after"]["countries"].as_array().unwrap();
    assert_eq!(countries.len(), 3);
});

on_both!(an_offered_place_is_accepted_in_time_or_goes_to_the_next, |world: World| async move {
    let (secretariat, base) = open(&world, Some(1), "automatic").await;
    let rules = json!({ "acceptance_hours": 48 });
    assert_eq!(set_rules(&world, &secretariat, &base, rules).await.status, 200);
    let (asha, first) = register(&world, &base, "Asha Example", "media", "TH").await;
    let (binh, second) = register(&world, &base, "Binh Sample", "media", "VN").await;
    let (chen, third) = register(&world, &base, "Chen Fixture", "media", "CN").await;
    step(&world, &asha, &first, "withdrawal").await;
    let offered = see(&world, &binh, &second).await;
    assert_eq!(
        (&offered["state"], &offered["accept_by"]),
        (&json!("offered"), &json!("2020-10-03T03:00:00Z")),
        "{offered}"
    );
    assert!(offered["allowed_actions"].as_array().unwrap().contains(&json!("accept")));
    // The time runs out: back to the end of the list, and the next has the offer.
    world.app.clock.advance(Duration::hours(48));
    let [binh, chen] = [binh, chen].map(|one| world.signed_in_again(&one));
    let late = step(&world, &binh, &second, "acceptance").await;
    late.is_problem(409, "invalid_transition");
    assert_eq!(lapsing::sweep(&world.app).await.unwrap(), 1);
    assert_eq!(lapsing::sweep(&world.app).await.unwrap(), 0, "nothing is done twice");
    assert_eq!(see(&world, &binh, &second).await["state"], "waitlisted");
    assert_eq!(see(&world, &chen, &third).await["state"], "offered");
    step(&world, &binh, &third, "acceptance").await.is_problem(404, "not_found");
    let accepted = step(&world, &chen, &third, "acceptance").await;
    assert_eq!((accepted.status, &accepted.json["state"]), (200, &json!("confirmed")));
    let again = step(&world, &chen, &third, "acceptance").await;
    again.is_problem(409, "invalid_transition");
    // Each can read what became of it and why; nobody reads it of another.
    let history = format!("/api/v1/registrations/{}/history", id(&second));
    let told = world.get(Some(&binh), &history).await.json;
    let kinds: Vec<&Value> =
        told["items"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["submitted", "waitlisted", "offered", "lapsed"], "{told}");
    assert_eq!(told["items"][1]["lacking"], "consultation", "{told}");
    world.get(Some(&chen), &history).await.is_problem(404, "not_found");
});

on_both!(two_hundred_race_for_eighty_places_while_twenty_withdraw, |world: World| async move {
    let (secretariat, base) = open(&world, Some(80), "automatic").await;
    let racers: Vec<Person> =
        (0..200).map(|number| world.person(&format!("Racer Example {number}"))).collect();
    let path = format!("{base}/registrations");
    let (early, late) = racers.split_at(60);
    let body = || registration("civil_society", "TH");
    let first = join_all(early.iter().map(|one| world.post(one, &path, body()))).await;
    let gone: Vec<(&Person, Value)> =
        early.iter().zip(&first).take(20).map(|(who, one)| (who, one.json.clone())).collect();
    let withdrawals = join_all(gone.iter().map(|(who, one)| step(&world, who, one, "withdrawal")));
    let arrivals = join_all(late.iter().map(|one| world.post(one, &path, body())));
    let watching = async {
        let mut most = 0;
        for _ in 0..20 {
            let counts = states(&world);
            most = most.max(counts.get("confirmed").copied().unwrap_or(0));
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        most
    };
    let (withdrawn, arrived, most) = tokio::join!(withdrawals, arrivals, watching);
    assert!(withdrawn.iter().all(|answer| answer.status == 200));
    assert!(arrived.iter().all(|answer| answer.status == 201));
    assert!(most <= 80, "{most} at once");
    let wanted: BTreeMap<String, usize> =
        [("confirmed", 80), ("waitlisted", 100), ("withdrawn", 20)]
            .map(|(state, count)| (state.to_owned(), count))
            .into();
    assert_eq!(states(&world), wanted, "the same at the end, whatever the order was");
    // In order: whoever got a place from the list had a lower number than everybody who still waits.
    let waiting: Vec<Value> = arrived
        .iter()
        .map(|answer| answer.json.clone())
        .filter(|one| one["state"] == "waitlisted")
        .collect();
    let now = join_all(waiting.iter().map(|one| see(&world, &secretariat, one))).await;
    let numbers = |state: &str| {
        let of = |(then, now): (&Value, &Value)| {
            (now["state"] == state).then(|| then["waiting_number"].as_i64().unwrap())
        };
        waiting.iter().zip(&now).filter_map(of).collect::<Vec<i64>>()
    };
    let served = numbers("confirmed").into_iter().max().unwrap_or(0);
    assert!(numbers("waitlisted").into_iter().all(|number| number > served), "{served}");
});

on_both!(who_holds_a_place_is_the_same_in_code_and_in_sql, |world: World| async move {
    let (secretariat, base) = open(&world, Some(100), "vetted").await;
    let (_, one) = register(&world, &base, "Asha Example", "media", "TH").await;
    let asked: rapporteur::registrations::RegistrationId = crate::harness::typed(&one);
    let now = world.app.clock.now();
    let mut held = 0;
    for state in RegistrationState::ALL {
        for decided in [None, Some(now)] {
            for number in [None, Some(7_i64)] {
                assert_eq!(set_rules(&world, &secretariat, &base, json!({})).await.status, 200);
                let put = |conn: &mut rapporteur::db::Conn| {
                    let row = registrations::table.filter(registrations::id.eq(asked));
                    let fields = (
                        registrations::state.eq(*state),
                        registrations::decided_at.eq(decided),
                        registrations::waiting_number.eq(number),
                    );
                    Ok(diesel::update(row).set(fields).execute(conn)?)
                };
                world.app.db.write_blocking(put).unwrap();
                let load = |work: &mut rapporteur::work::Work| {
                    rapporteur::registrations::service::load(work, asked)
                };
                let operator = rapporteur::work::Credentials::Operator;
                let in_code = world.app.read_blocking(&operator, load).unwrap().holds_place();
                // A capacity cannot be set under what SQL says is taken.
                let none = json!({ "sector_capacities": { "media": 0 } });
                let answer = set_rules(&world, &secretariat, &base, none).await;
                let balance = world.get(Some(&secretariat), &format!("{base}/balance")).await.json;
                assert_eq!(
                    (balance["all"]["taken"] == 1, answer.status == 409),
                    (in_code, in_code),
                    "{state} {decided:?} {number:?}: {}",
                    answer.text
                );
                held += i32::from(in_code);
            }
        }
    }
    assert_eq!(
        held, 9,
        "confirmed and offered in any case, submitted once decided and not waiting"
    );
});
