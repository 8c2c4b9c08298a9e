//! Who registers beside others while somebody changes what they come to: nobody waits who takes nothing from others, and what is taken
//! from others is never taken twice.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use futures_util::future::{join, join_all};
use rapporteur::audit;
use rapporteur::db::{Conn, key_of};
use reqwest::Method;
use serde_json::{Value, json};

use crate::drafts::{links, send};
use crate::harness::{Answer, Database, Person, Request, World, id, registration};
use crate::on_both;
use crate::plans::proposed;

/// People of one race.
const CROWD: usize = 24;
/// Races.
const RACES: usize = 4;

/// An open call without a limit, and people who have not registered.
async fn open_call(
    world: &World,
    race: usize,
    review: &Value,
    by: &Person,
) -> (Value, Vec<Person>) {
    let mut body = crate::harness::consultation();
    body["ordinal"] = json!(10 + race);
    body["admission"] = json!("automatic");
    let path = format!("/api/v1/reviews/{}/consultations", id(review));
    let consultation = world.make(by, &path, body).await;
    world.phases(by, id(&consultation), &["open_call"]).await;
    let person = |number| world.person(&format!("Comer Example {race}.{number}"));
    (consultation, (0..CROWD).map(person).collect())
}

async fn all_come(world: &World, consultation: &Value, people: &[Person]) -> Vec<Answer> {
    let path = format!("/api/v1/consultations/{}/registrations", id(consultation));
    let come = |person| world.post(person, &path, registration("academia", "IN"));
    join_all(people.iter().map(come)).await
}

fn in_state(answers: &[Answer], state: &str) -> usize {
    answers.iter().filter(|answer| answer.json["state"] == state).count()
}

/// Half of the people, then what is done beside them, then the other half, all in the same moment.
async fn beside<T>(
    world: &World,
    consultation: &Value,
    people: &[Person],
    what: impl Future<Output = T>,
) -> (Vec<Answer>, T) {
    let (some, others) = people.split_at(CROWD / 2);
    let (mut come, (done, later)) = join(
        all_come(world, consultation, some),
        join(what, all_come(world, consultation, others)),
    )
    .await;
    come.extend(later);
    for answer in &come {
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    (come, done)
}

on_both!(a_limit_that_is_set_while_people_come_is_never_passed, |world: World| async move {
    let (secretariat, review, _) = world.consultation(None, "automatic").await;
    for race in 0..RACES {
        let (consultation, people) = open_call(&world, race, &review, &secretariat).await;
        let path = format!("/api/v1/consultations/{}", id(&consultation));
        let seen = world.get(Some(&secretariat), &path).await.json;
        let request = Request::new(Method::PATCH, &path)
            .by(Some(&secretariat))
            .version(seen["version"].as_i64().unwrap())
            .body(json!({ "capacity": CROWD / 2 }));
        let (come, limited) = beside(&world, &consultation, &people, world.send(request)).await;
        let confirmed = in_state(&come, "confirmed");
        match limited.status {
            200 => assert_eq!((confirmed, in_state(&come, "waitlisted")), (CROWD / 2, CROWD / 2)),
            // More had a place already than would have been left.
            409 => assert_eq!(confirmed, CROWD),
            _ => panic!("{}: {}", limited.status, limited.text),
        }
    }
});

async fn admission(world: &World, by: &Person, path: &str, admission: &str) {
    let version = world.get(Some(by), path).await.json["version"].as_i64().unwrap();
    world.change(by, Method::PATCH, path, version, json!({ "admission": admission })).await;
}

on_both!(nobody_passes_who_was_put_on_the_waiting_list_meanwhile, |world: World| async move {
    let (secretariat, review, _) = world.consultation(None, "automatic").await;
    for race in 0..RACES {
        let (consultation, people) = open_call(&world, race, &review, &secretariat).await;
        let first = world.person(&format!("First Example {race}"));
        let base = format!("/api/v1/consultations/{}", id(&consultation));
        // Whoever is admitted at once is on no list.
        admission(&world, &secretariat, &base, "vetted").await;
        let path = format!("{base}/registrations");
        let first = world.make(&first, &path, registration("media", "FJ")).await;
        admission(&world, &secretariat, &base, "automatic").await;
        let path = format!("/api/v1/registrations/{}/decision", id(&first));
        let request = Request::new(Method::POST, &path)
            .by(Some(&secretariat))
            .version(first["version"].as_i64().unwrap())
            .body(json!({ "decision": "waitlist", "note": "Later." }));
        let before = world.app.db.read_blocking(audit::end).unwrap();
        let (come, decided) = beside(&world, &consultation, &people, world.send(request)).await;
        assert_eq!(decided.json["state"], "waitlisted", "{}", decided.text);
        let waiting = in_state(&come, "waitlisted");
        assert_eq!(in_state(&come, "confirmed") + waiting, CROWD);
        let rows = world.app.db.read_blocking(|conn| audit::list(conn, before.sequence, 1000));
        let actions: Vec<String> = rows.unwrap().into_iter().map(|row| row.action).collect();
        let put_there = actions.iter().position(|action| action == "registration.waitlisted");
        let later = &actions[put_there.unwrap()..];
        assert!(!later.iter().any(|action| action == "registration.confirmed"), "{later:?}");
        let mut numbers: Vec<i64> =
            come.iter().filter_map(|answer| answer.json["waiting_number"].as_i64()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), waiting, "each has a number of their own");
    }
});

on_both!(whoever_comes_while_a_plan_is_put_in_force_has_a_group, |world: World| async move {
    let (secretariat, review, _) = world.consultation(None, "automatic").await;
    let mut applied = 0;
    for race in 0..RACES {
        let (consultation, people) = open_call(&world, race, &review, &secretariat).await;
        let base = format!("/api/v1/consultations/{}", id(&consultation));
        for (number, objective) in [(1, 4), (2, 8)] {
            let body = json!({ "number": number, "clusters": [[objective]], "min_size": 1, "max_size": 200, "languages": ["en"] });
            world.make(&secretariat, &format!("{base}/working-groups"), body).await;
        }
        world.make(&secretariat, &format!("{base}/rounds"), json!({ "number": 1 })).await;
        let first = world.person(&format!("First Example {race}"));
        let path = format!("{base}/registrations");
        world.make(&first, &path, registration("media", "FJ")).await;
        let plan = proposed(&world, &secretariat, &base, json!({})).await;
        let path = format!("/api/v1/assignment-plans/{}/apply", id(&plan));
        let request = Request::new(Method::POST, &path)
            .by(Some(&secretariat))
            .version(plan["version"].as_i64().unwrap())
            .body(json!({}));
        // The sooner they come, the more likely it is that the plan no longer fits.
        let come = async {
            tokio::time::sleep(Duration::from_millis(10 * race as u64)).await;
            all_come(&world, &consultation, &people).await
        };
        let (done, come) = join(world.send(request), come).await;
        assert_eq!(in_state(&come, "confirmed"), CROWD);
        assert!(matches!(done.status, 200 | 409), "{}", done.text);
        let path = format!("{base}/assignments?limit=200");
        let seats =
            world.get(Some(&secretariat), &path).await.json["items"].as_array().unwrap().len();
        assert_eq!(seats, if done.status == 200 { CROWD + 1 } else { 0 });
        applied += usize::from(done.status == 200);
    }
    println!("{applied} of {RACES} plans were put in force before anybody came");
});

on_both!(
    a_form_that_is_sent_off_many_times_at_once_is_one_registration,
    |world: World| async move {
        let (secretariat, review, _) = world.consultation(None, "automatic").await;
        let (consultation, _) = open_call(&world, 0, &review, &secretariat).await;
        let path = format!("/api/v1/consultations/{}/registration-drafts", id(&consultation));
        send(&world, &path, None, json!({ "email": "nok@example.org" })).await;
        let token = links(&world, "registration_draft").pop().unwrap().1;
        let form = json!({
            "name": "Nok Example", "sector": "academia", "country": "IN", "languages": ["en"],
            "consents": { "processing": true }
        });
        let step = |what: &str, version, body: Value| {
            let path = format!("/api/v1/registration-drafts/{what}");
            let world = &world;
            async move { send(world, &path, version, body).await }
        };
        step("open", None, json!({ "token": token })).await;
        step("save", Some(1), json!({ "token": token, "form": form })).await;
        let answers =
            join_all((0..8).map(|_| step("submit", Some(2), json!({ "token": token })))).await;
        for answer in &answers {
            assert_eq!(answer.status, 200, "{}", answer.text);
            assert_eq!(answer.json["registration"]["id"], answers[0].json["registration"]["id"]);
        }
        let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
        let all = world.get(Some(&secretariat), &path).await;
        assert_eq!(all.json["items"].as_array().unwrap().len(), 1, "{}", all.text);
    }
);

/// Somebody else is in the middle of registering; whether `what` is done meanwhile, and what came of it.
async fn while_somebody_registers<T>(
    world: &World,
    consultation: &Value,
    what: impl Future<Output = T>,
) -> (bool, T) {
    let key = key_of(id(consultation).parse().unwrap());
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (end, ends) = std::sync::mpsc::channel::<()>();
    let app = world.app.clone();
    let mut begun = Some(begun);
    let other = std::thread::spawn(move || {
        let registers = |conn: &mut Conn| {
            let Conn::Postgres(conn) = conn else { panic!("SQLite has one writer") };
            conn.batch_execute(&format!("SELECT pg_advisory_xact_lock_shared({key})"))?;
            if let Some(begun) = begun.take() {
                begun.send(()).unwrap();
            }
            let _ended = ends.recv();
            Ok(())
        };
        app.db.write_blocking(registers).unwrap();
    });
    has_begun.await.unwrap();
    let mut what = std::pin::pin!(what);
    let done = tokio::time::timeout(Duration::from_secs(2), &mut what).await;
    drop(end);
    let is_done = done.is_ok();
    let came_of_it = match done {
        Ok(came_of_it) => came_of_it,
        Err(_) => what.await,
    };
    other.join().unwrap();
    (is_done, came_of_it)
}

#[actix_web::test]
async fn nobody_waits_who_takes_nothing_from_others() {
    let Some(world) = World::new(Database::Postgres) else { return };
    let (secretariat, review, _) = world.consultation(None, "automatic").await;
    let (consultation, people) = open_call(&world, 0, &review, &secretariat).await;
    let path = format!("/api/v1/consultations/{}", id(&consultation));
    let all = format!("{path}/registrations");
    let come = world.post(&people[0], &all, registration("media", "FJ"));
    let (at_once, answer) = while_somebody_registers(&world, &consultation, come).await;
    assert_eq!((at_once, answer.status), (true, 201), "{}", answer.text);

    let version = world.get(Some(&secretariat), &path).await.json["version"].as_i64().unwrap();
    let limit = || {
        let request = Request::new(Method::PATCH, &path).by(Some(&secretariat)).version(version);
        world.send(request.body(json!({ "capacity": 5 })))
    };
    let (at_once, answer) = while_somebody_registers(&world, &consultation, limit()).await;
    assert_eq!((at_once, answer.status), (false, 200), "{}", answer.text);

    // Where places are counted each waits for the other.
    let come = world.post(&people[1], &all, registration("media", "FJ"));
    let (at_once, answer) = while_somebody_registers(&world, &consultation, come).await;
    assert_eq!((at_once, answer.status), (false, 201), "{}", answer.text);
}
