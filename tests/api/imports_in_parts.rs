//! Imports that are decided and come in in parts: whatever changes between two of them, nobody is registered twice, nobody passes
//! anybody, the report claims no more than was done, and what comes no farther says what is left.

use rapporteur::access::{Role, ScopeKind};
use rapporteur::jobs::progress::Progress;
use rapporteur::jobs::{self, Advance, JobId, LEASE_SECONDS, MOST_ATTEMPTS, Task};
use rapporteur::registry::Doing;
use rapporteur::work::Credentials;
use reqwest::Method;
use serde_json::{Value, json};

use crate::erasure::erase;
use crate::harness::{Person, Request, World, id, registration};
use crate::jobs::{import, inputs, people, ran, upload};
use crate::merging::{merge, merge_account};
use crate::on_both;

async fn open(world: &World, capacity: Option<u32>, admission: &str) -> (Person, Value) {
    let (secretariat, _, consultation) = world.consultation(capacity, admission).await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    (secretariat, consultation)
}

/// A process takes the next job, decides it, brings so many parts of it in, and dies.
fn decide(world: &World, parts: usize) {
    let (lease, now) = (world.app.ids.next(), world.app.clock.now());
    let until = jobs::store::lease_until(now);
    let db = &world.app.db;
    let claimed = db.write_blocking(|conn| jobs::store::claim(conn, lease, now)).unwrap().unwrap();
    let job: JobId = claimed.job.id;
    let payload = db.read_blocking(|conn| jobs::store::payload(conn, job)).unwrap();
    let progress = Progress::default();
    let task = Task { job: &claimed.job, payload: &payload, app: &world.app, progress: &progress };
    let Doing::ComputesThen(prepare, then) = world.app.registry.doing(&task).unwrap() else {
        panic!("it decides nothing")
    };
    let starter = Credentials::Account(claimed.job.account_id);
    let computation = world.app.read_blocking(&starter, |work| prepare(work, &task)).unwrap();
    let mut computed = computation(&progress).unwrap();
    let mut place = world
        .app
        .write_blocking(&starter, |work| {
            let Advance::With { place, lots } = (computed.write)(work)? else { panic!("at once") };
            assert!(jobs::store::advance(work.conn, job, lease, &place, false, until)?);
            jobs::store::put_lots(work.conn, job, &lots)?;
            Ok(place)
        })
        .unwrap();
    for _ in 0..parts {
        let decided = Credentials::Decided(claimed.job.account_id);
        let part = |work: &mut rapporteur::work::Work| {
            let advance = (then.part)(work, &task, Some(&place))?;
            let Advance::To(place) = advance else { panic!("all of it at once") };
            assert!(jobs::store::advance(work.conn, job, lease, &place, true, until)?);
            Ok(place)
        };
        place = world.app.write_blocking(&decided, part).unwrap();
    }
    world.app.clock.advance(chrono::Duration::seconds(LEASE_SECONDS + 1));
}

/// Those who took it before died, as often as one is begun.
fn give_up(world: &World) {
    for _ in 1..MOST_ATTEMPTS {
        let (lease, now) = (world.app.ids.next(), world.app.clock.now());
        world.app.db.write_blocking(|conn| jobs::store::claim(conn, lease, now)).unwrap().unwrap();
        world.app.clock.advance(chrono::Duration::seconds(LEASE_SECONDS + 1));
    }
}

async fn list(world: &World, by: &Person, consultation: &Value) -> Vec<Value> {
    let path =
        format!("/api/v1/consultations/{}/registrations/export?format=ndjson", id(consultation));
    let lines = world.get(Some(by), &path).await.text;
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What is wrong, as `row code`.
fn told(result: &Value) -> Vec<String> {
    let one = |error: &Value| format!("{} {}", error["row"], error["code"].as_str().unwrap());
    result["errors"].as_array().unwrap().iter().map(one).collect()
}

on_both!(who_came_or_went_meanwhile_is_passed_over_and_told, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "automatic").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let gone = world.person_at("person1@example.org", "Person 1");
    let (old, new) = (
        world.person_at("person2@example.org", "Person 2"),
        world.person_at("person2@example.net", "Person 2"),
    );
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let job = import(&world, &secretariat, &consultation, "dry_run=false", people(0, 5)).await;
    decide(&world, 0);

    // They register themselves, before their account was merged and after.
    let own = world.person_at("person0@example.org", "Person 0");
    world.make(&own, &format!("{base}/registrations"), registration("media", "TH")).await;
    let secretariat = world.signed_in_again(&secretariat);
    world.make(&new, &format!("{base}/registrations"), registration("media", "TH")).await;
    let merged = merge_account(&world, &admin, &old, &new, json!({})).await;
    assert_eq!(merged.status, 200, "{}", merged.text);
    // What waits of somebody is told and forgotten like what is held.
    let data = world.get(Some(&gone), "/api/v1/me/data").await.json;
    let waits = &data["data"]["registrations_on_their_way"][0]["form"]["person"]["email"];
    assert_eq!(waits, "person1@example.org", "{data}");
    assert_eq!(erase(&world, &gone).await.status, 204);
    let lots = |conn: &mut rapporteur::db::Conn| jobs::store::lots(conn, id(&job).parse().unwrap());
    for (_, lot) in world.app.db.read_blocking(lots).unwrap() {
        let lot = String::from_utf8(lot).unwrap();
        assert!(lot.contains("person3@") && !lot.contains("person1@"), "{lot}");
    }
    // No step is taken before it is through, and another table finds them registered.
    let steps = world.get(Some(&secretariat), &format!("{base}/steps")).await.text;
    assert!(steps.contains("import_under_way"), "{steps}");
    let other = import(&world, &secretariat, &consultation, "dry_run=true", people(3, 1)).await;
    let other = loop {
        jobs::runner::run_due(&world.app).await.unwrap();
        let path = format!("/api/v1/jobs/{}", id(&other));
        let seen = world.get(Some(&secretariat), &path).await.json;
        if seen["state"] == "done" {
            break seen;
        }
    };
    assert_eq!(told(&other["result"]), ["2 already_registered"], "{other}");

    let done = ran(&world, &secretariat, &job).await;
    let result = &done["result"];
    assert_eq!(done["state"], "done", "{done}");
    let expected = ["2 already_registered", "3 taken_out", "4 already_registered"];
    assert_eq!(told(result), expected, "{result}");
    let counted = (&result["registered"], &result["good"], &result["rows"], &result["states"]);
    assert_eq!(counted, (&json!(2), &json!(2), &json!(5), &json!({ "confirmed": 2 })));
    let found = list(&world, &secretariat, &consultation).await;
    assert_eq!(found.len(), 4, "{found:?}");
    let log = world.get(Some(&admin), "/api/v1/audit?limit=200").await.json;
    let imported = |entry: &&Value| entry["action"] == "registrations.imported";
    let imported = log["items"].as_array().unwrap().iter().find(imported).unwrap();
    assert_eq!(imported["details"]["count"], 2, "{imported}");
    assert_eq!(imported["actor_id"], json!(secretariat.id), "{imported}");
});

on_both!(rows_are_held_once_more_against_what_is_there, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "automatic").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let group = json!({ "number": 1, "clusters": [[4, 8]], "min_size": 1, "max_size": 40, "languages": ["en"] });
    let group = world.make(&secretariat, &format!("{base}/working-groups"), group).await;
    let question = json!({
        "code": "topic", "kind": "short_text", "wording": { "en": { "prompt": "Which topic?" } },
        "purpose": "To form groups", "legal_basis": "consent", "retention": "answers"
    });
    let question = world.make(&secretariat, &format!("{base}/questions"), question).await;
    let organization = async |name: &str| {
        let body = json!({ "name": name, "sector": "civil_society", "country": "TH" });
        world.make(&secretariat, "/api/v1/organizations", body).await
    };
    let (from, into) = (organization("Old House").await, organization("New House").await);
    let file = "\
email,name,organization,sector,country,preferences,topic
a@example.org,Ada,,media,TH,1,
b@example.org,Bo,,media,TH,,Borders
c@example.org,Cy,Old House,,,,
d@example.org,Di,,media,TH,,
";
    let query = "dry_run=false&consent_basis=Said";
    let job = import(&world, &secretariat, &consultation, query, file).await;
    decide(&world, 0);
    for (path, one) in [("working-groups", &group), ("questions", &question)] {
        let path = format!("/api/v1/{path}/{}", id(one));
        let version = one["version"].as_i64().unwrap();
        let request = Request::new(Method::DELETE, &path).by(Some(&secretariat));
        let answer = world.send(request.version(version)).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
    }
    assert_eq!(merge(&world, &secretariat, &from, &into).await.status, 200);
    let done = ran(&world, &secretariat, &job).await;
    let result = &done["result"];
    let wrong = |row: usize| (&result["errors"][row]["row"], &result["errors"][row]["column"]);
    assert_eq!(wrong(0), (&json!(2), &json!("preferences")), "{done}");
    assert_eq!(result["errors"][1]["row"], 3, "{done}");
    assert_eq!((&result["registered"], &result["errors_total"]), (&json!(2), &json!(2)), "{done}");
    let found = list(&world, &secretariat, &consultation).await;
    let names: Vec<_> = found.iter().map(|one| &one["organization"]).collect();
    assert_eq!(names[0], "New House", "{names:?}");
    assert_eq!(found.len(), 2, "{found:?}");
});

on_both!(places_are_given_in_the_order_of_the_table_over_all_parts, |world: World| async move {
    let (secretariat, consultation) = open(&world, Some(250), "automatic").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let job = import(&world, &secretariat, &consultation, "dry_run=false", people(0, 700)).await;
    decide(&world, 1);
    // Whoever comes between two parts gets what is free then.
    let own = world.person("Asha Between");
    let own = world.make(&own, &format!("{base}/registrations"), registration("media", "TH")).await;
    let done = ran(&world, &secretariat, &job).await;
    assert_eq!(done["result"]["registered"], 700, "{done}");
    let found = list(&world, &secretariat, &consultation).await;
    let of_table: Vec<&Value> =
        found.iter().filter(|one| one["email"] != "asha.between@example.org").collect();
    for (number, one) in of_table.iter().enumerate() {
        assert_eq!(one["email"], format!("person{number}@example.org"), "the order of the table");
    }
    let waiting: Vec<i64> = of_table
        .iter()
        .filter_map(|one| one["waiting_number"].as_f64())
        .map(|n| n as i64)
        .collect();
    assert!(waiting.windows(2).all(|pair| pair[0] < pair[1]), "{waiting:?}");
    let confirmed = found.iter().filter(|one| one["state"] == "confirmed").count();
    assert_eq!((confirmed, found.len()), (250, 701), "{}", own["state"]);
    let first_waiting = of_table.iter().position(|one| one["state"] == "waitlisted").unwrap();
    assert!(of_table[first_waiting..].iter().all(|one| one["state"] == "waitlisted"));
});

on_both!(what_was_decided_comes_in_whatever_becomes_of_who_started_it, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "automatic").await;
    let job = import(&world, &secretariat, &consultation, "dry_run=false", people(0, 3)).await;
    decide(&world, 0);
    let cancel = format!("/api/v1/jobs/{}/cancel", id(&job));
    assert_eq!(world.post(&secretariat, &cancel, Value::Null).await.status, 200);
    let other = world.person_with("Sami Other", Role::Secretariat, ScopeKind::Instance, "");
    let lose = |work: &mut rapporteur::work::Work| {
        let held = rapporteur::accounts::roles::service::grants_of(work, secretariat.id)?;
        held.iter()
            .try_for_each(|grant| rapporteur::accounts::roles::service::take_role(work, grant))
    };
    world.app.write_blocking(&Credentials::Operator, lose).unwrap();
    let starter = world.signed_in_again(&secretariat);
    assert_eq!(erase(&world, &starter).await.status, 204);
    while jobs::runner::run_due(&world.app).await.unwrap() {}
    let found = list(&world, &other, &consultation).await;
    assert_eq!(found.len(), 3, "{found:?}");
    // That somebody of the secretariat did it is known still.
    let path =
        format!("/api/v1/registrations/{}/history", found[0]["registration_id"].as_str().unwrap());
    let history = world.get(Some(&other), &path).await;
    assert_eq!(history.json["items"][0]["by"], "secretariat", "{}", history.text);
});

on_both!(an_import_that_comes_no_farther_tells_what_is_left, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let job = import(&world, &secretariat, &consultation, "dry_run=false", people(0, 700)).await;
    decide(&world, 1);
    give_up(&world);
    let failed = ran(&world, &secretariat, &job).await;
    let there = list(&world, &secretariat, &consultation).await.len();
    assert!((100..700).contains(&there), "{there}");
    let problem = &failed["problem"];
    assert_eq!(problem["code"], "import_incomplete", "{failed}");
    let detail = problem["detail"].as_str().unwrap();
    let expected = format!("{there} rows are in. These are not: {}–701.", there + 2);
    assert!(detail.starts_with(&expected), "{detail}");
    let errors = problem["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 700 - there);
    assert_eq!(errors[0]["pointer"], format!("/rows/{}", there + 2));
    // The rest is brought in as it says, and nothing stands in the way any more.
    let rest = people(there, 700 - there);
    let rest = import(&world, &secretariat, &consultation, "dry_run=false", rest).await;
    assert_eq!(ran(&world, &secretariat, &rest).await["state"], "done");
    assert_eq!(list(&world, &secretariat, &consultation).await.len(), 700);
    let steps = world.get(Some(&secretariat), &format!("{base}/steps")).await.text;
    assert!(!steps.contains("import_under_way"), "{steps}");

    let path = format!("{base}/inputs/imports?dry_run=false");
    let job = upload(&world, &secretariat, &path, "text/csv", inputs(3000)).await.json;
    decide(&world, 1);
    give_up(&world);
    let failed = ran(&world, &secretariat, &job).await;
    let path = format!("{base}/inputs/export?format=ndjson");
    let there = world.get(Some(&secretariat), &path).await.text;
    let detail = failed["problem"]["detail"].as_str().unwrap_or_else(|| panic!("{failed}"));
    let count = there.lines().count();
    assert!(detail.starts_with(&format!("{count} rows are in. These are not: ")), "{detail}");
    // Each row that is not in is named, and none that is.
    let (_, rows) = detail.split_once("not: ").unwrap();
    let (rows, _) = rows.split_once(". Send").unwrap();
    let mut left = Vec::new();
    for span in rows.split(", ") {
        let (first, last) = span.split_once('–').unwrap_or((span, span));
        left.extend(first.parse::<usize>().unwrap()..=last.parse().unwrap());
    }
    assert_eq!(left.len() + count, 3000);
    for row in left {
        let word = format!("Case nr{}:", row - 2);
        assert!(!there.contains(&word), "{word} is in");
    }
});

on_both!(organizations_are_merged_while_people_come_in_for_them, |world: World| async move {
    const HOUSES: usize = 12;
    let (secretariat, consultation) = open(&world, None, "automatic").await;
    let mut houses = Vec::new();
    for number in 0..HOUSES {
        let name =
            format!("House of Example {}", ["Ash", "Birch"][number % 2]) + &number.to_string();
        let body = json!({ "name": name, "sector": "civil_society", "country": "TH" });
        houses.push(world.make(&secretariat, "/api/v1/organizations", body).await);
    }
    let mut table = "email,name,organization\r\n".to_owned();
    for number in 0..1200 {
        // The last names are needed first, so that both sides meet.
        let house = &houses[HOUSES - 1 - number % HOUSES]["name"].as_str().unwrap();
        table.push_str(&format!("person{number}@example.org,Person {number},{house}\r\n"));
    }
    let query = "dry_run=false&consent_basis=Said";
    let job = import(&world, &secretariat, &consultation, query, table).await;
    let app = world.app.clone();
    let running = tokio::spawn(async move { while jobs::runner::run_due(&app).await.unwrap() {} });
    // Each into the one before it, so that all end in the first.
    for number in (1..HOUSES).rev() {
        let (from, into) = (&houses[number], &houses[number - 1]);
        assert_eq!(merge(&world, &secretariat, from, into).await.status, 200);
    }
    running.await.unwrap();
    let done = ran(&world, &secretariat, &job).await;
    assert_eq!(
        (&done["state"], &done["result"]["registered"]),
        (&json!("done"), &json!(1200)),
        "{done}"
    );
    let found = list(&world, &secretariat, &consultation).await;
    let names: std::collections::BTreeSet<_> =
        found.iter().map(|one| one["organization"].as_str().unwrap()).collect();
    let left: Vec<_> = names.into_iter().collect();
    assert_eq!((found.len(), left), (1200, vec![houses[0]["name"].as_str().unwrap()]));
});
