//! Assigning people to working groups: from rules to a plan, to what is in force, and out to those who hold the groups.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur::access::{Role, ScopeKind};
use rapporteur::exchange::table;
use rapporteur::jobs;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Database, Person, Request, World, id, registration};
use crate::jobs::upload;
use crate::on_both;

/// Runs the job of a new plan and gives the plan. It searches no longer than a test may take.
pub async fn proposed(world: &World, person: &Person, base: &str, body: Value) -> Value {
    let job = world.make(person, &format!("{base}/assignment-plans"), briefly(body)).await;
    let job = ran(world, person, &job).await;
    let plan = job["result"]["plan_id"].as_str().unwrap_or_else(|| panic!("no plan: {job}"));
    world.get(Some(person), &format!("/api/v1/assignment-plans/{plan}")).await.json
}

fn briefly(mut body: Value) -> Value {
    if body["work"].is_null() {
        body["work"] = json!(20_000_000);
    }
    body
}

async fn ran(world: &World, person: &Person, job: &Value) -> Value {
    while jobs::runner::run_due(&world.app).await.unwrap() {}
    world.get(Some(person), &format!("/api/v1/jobs/{}", id(job))).await.json
}

/// Three groups in two rounds, and people who are confirmed.
struct Scene {
    secretariat: Person,
    consultation: Value,
    base: String,
    groups: Vec<Value>,
    rounds: Vec<Value>,
    people: Vec<(Person, Value)>,
}

impl Scene {
    async fn new(world: &World, count: usize, min: u32, max: u32) -> Self {
        let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
        let base = format!("/api/v1/consultations/{}", id(&consultation));
        let mut groups = Vec::new();
        for (number, clusters, languages) in [
            (1, json!([[4], [8], [21]]), json!(["en"])),
            (2, json!([[9, 10]]), json!(["en"])),
            (3, json!([[11, 13]]), json!(["en", "fr"])),
        ] {
            let body = json!({ "number": number, "clusters": clusters, "min_size": min, "max_size": max, "languages": languages });
            groups.push(world.make(&secretariat, &format!("{base}/working-groups"), body).await);
        }
        let mut rounds = Vec::new();
        for number in [1, 2] {
            let body = json!({ "number": number });
            rounds.push(world.make(&secretariat, &format!("{base}/rounds"), body).await);
        }
        world.phases(&secretariat, id(&consultation), &["open_call"]).await;
        let mut scene =
            Self { secretariat, consultation, base, groups, rounds, people: Vec::new() };
        for number in 0..count {
            let (sector, country) =
                [("academia", "IN"), ("civil_society", "TH"), ("media", "FJ")][number % 3];
            let mut body = registration(sector, country);
            let first = [0, 1, 2, 1][number % 4];
            body["preferences"] =
                json!([id(&scene.groups[first]), id(&scene.groups[(first + 1) % 3])]);
            body["gender"] = json!(["woman", "man"][number % 2]);
            body["consents"]["listed"] = json!(number % 3 == 0);
            scene.join(world, &format!("Crowd Example {number}"), body).await;
        }
        scene
    }

    /// Somebody registers.
    async fn join(&mut self, world: &World, name: &str, body: Value) -> Value {
        let person = world.person(name);
        let made = world.make(&person, &format!("{}/registrations", self.base), body).await;
        self.people.push((person, made.clone()));
        made
    }

    async fn propose(&self, world: &World, body: Value) -> Value {
        proposed(world, &self.secretariat, &self.base, body).await
    }

    async fn apply(&self, world: &World, plan: &Value, body: Value) -> Answer {
        let path = format!("/api/v1/assignment-plans/{}/apply", id(plan));
        let version = plan["version"].as_i64().unwrap();
        let request = Request::new(Method::POST, &path).by(Some(&self.secretariat));
        world.send(request.version(version).body(body)).await
    }

    async fn in_force(&self, world: &World, body: Value) -> Value {
        let plan = self.propose(world, body).await;
        let applied = self.apply(world, &plan, json!({})).await;
        assert_eq!(applied.status, 200, "{}", applied.text);
        applied.json
    }

    /// Who is in which group in which round, by registration and round.
    async fn seats(&self, world: &World) -> BTreeMap<(String, i64), i64> {
        let path = format!("{}/assignments?limit=200", self.base);
        let answer = world.get(Some(&self.secretariat), &path).await;
        seats(answer.json["items"].as_array().unwrap())
    }

    async fn get(&self, world: &World, path: &str) -> Answer {
        world.get(Some(&self.secretariat), &format!("{}{path}", self.base)).await
    }

    async fn edit(&self, world: &World, path: &str, version: i64, body: Value) -> Answer {
        let request = Request::new(Method::POST, path).by(Some(&self.secretariat));
        world.send(request.version(version).body(body)).await
    }
}

fn seats(rows: &[Value]) -> BTreeMap<(String, i64), i64> {
    let text = |row: &Value| row["registration_id"].as_str().unwrap().to_owned();
    let seat = |row: &Value| {
        ((text(row), row["round"].as_i64().unwrap()), row["working_group"].as_i64().unwrap())
    };
    rows.iter().map(seat).collect()
}

/// How many were told of their groups.
fn told(world: &World) -> Vec<String> {
    let mails =
        world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 500)).unwrap();
    let assigned = mails.into_iter().filter(|mail| mail.template == "working_groups_assigned");
    assigned.map(|mail| mail.recipient.clone()).collect()
}

fn movers(comparison: &Value) -> BTreeSet<String> {
    let moves = comparison["moves"].as_array().unwrap();
    moves.iter().map(|one| one["registration_id"].as_str().unwrap().to_owned()).collect()
}

on_both!(a_plan_is_found_read_explained_compared_edited_and_applied, |world: World| async move {
    let scene = Scene::new(&world, 12, 2, 6).await;
    let path = format!("{}/assignment-plans", scene.base);
    let body = json!({ "seed": 7, "work": 20_000_000 });
    let answer = world.post(&scene.secretariat, &path, body).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    assert_eq!(answer.header("location"), format!("/api/v1/jobs/{}", id(&answer.json)));
    assert_eq!(answer.json["kind"], "propose_assignment_plan");
    let job = ran(&world, &scene.secretariat, &answer.json).await;
    assert_eq!(job["state"], "done", "{job}");
    let path = format!("/api/v1/assignment-plans/{}", job["result"]["plan_id"].as_str().unwrap());
    let read = world.get(Some(&scene.secretariat), &path).await;
    assert_eq!(read.header("etag"), "\"1\"");
    let plan = read.json;
    let quality = &plan["quality"];
    assert_eq!((&plan["unmet"], &plan["clashes"]), (&json!([]), &json!([])), "{plan}");
    assert_eq!(quality["value"], job["result"]["value"]);
    assert!(quality["bound"].as_i64() <= quality["value"].as_i64(), "{quality}");
    let parts = quality["parts"].as_object().unwrap();
    let sum: i64 = parts.values().filter_map(Value::as_i64).sum();
    assert_eq!(Some(sum), quality["value"].as_i64(), "the parts are the whole");
    assert_eq!(quality["groups"].as_array().unwrap().len(), 6);
    assert!(
        quality["groups"][0]["shares"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["aspect"] == "sector")
    );
    assert_eq!(
        (&plan["seed"], &plan["origin"], &plan["based_on"]),
        (&json!(7), &json!("solved"), &Value::Null)
    );
    assert_eq!(plan["rules"]["weights"]["size"], 6);
    let again = scene.propose(&world, json!({ "seed": 7 })).await;
    assert_eq!(again["placements"], plan["placements"], "same data, same answer");

    // Person by person.
    let people = world.get(Some(&scene.secretariat), &format!("{path}/people?limit=5")).await;
    assert_eq!(people.json["items"].as_array().unwrap().len(), 5);
    let first = people.json["items"][0].clone();
    assert_eq!(first["name"], "Crowd Example 0");
    assert_eq!(first["rounds"].as_array().unwrap().len(), 2, "{first}");
    assert!(
        first["rounds"].as_array().unwrap().iter().any(|round| round["rank"].is_i64()),
        "{first}"
    );
    let next = people.json["next"].as_str().unwrap();
    let rest = format!("{path}/people?limit=5&cursor={next}");
    let rest = world.get(Some(&scene.secretariat), &rest).await;
    assert_eq!(rest.json["items"][0]["name"], "Crowd Example 5", "{}", rest.text);
    let co = world.person_with(
        "Cora Co",
        Role::CoOrganizer,
        ScopeKind::Consultation,
        id(&scene.consultation),
    );
    for view in ["", "/people", "/comparison"] {
        world.get(Some(&co), &format!("{path}{view}")).await.is_problem(404, "not_found");
    }
    let who = first["registration_id"].as_str().unwrap();
    let reasons = world.get(Some(&scene.secretariat), &format!("{path}/people/{who}")).await.json;
    let round = &reasons["rounds"][0];
    assert_eq!(round["working_group"]["number"], first["rounds"][0]["working_group"]["number"]);
    let alternatives = round["alternatives"].as_array().unwrap();
    assert_eq!(alternatives.len(), 2, "{reasons}");
    for other in alternatives {
        let sum: i64 =
            other["price"]["parts"].as_object().unwrap().values().filter_map(Value::as_i64).sum();
        assert_eq!(Some(sum), other["price"]["value"].as_i64());
    }
    let nobody = format!("{path}/people/{}", uuid::Uuid::nil());
    world.get(Some(&scene.secretariat), &nobody).await.is_problem(404, "not_found");

    // Beside nothing, everybody moves.
    let beside = world.get(Some(&scene.secretariat), &format!("{path}/comparison")).await.json;
    assert_eq!(
        (&beside["people"], &beside["with"]["plan_id"]),
        (&json!(12), &Value::Null),
        "{beside}"
    );

    // By hand: first only looked at, then done.
    let edits = json!([{ "kind": "move", "registration_id": who, "round_id": round["round"]["id"],
        "working_group_id": alternatives[0]["working_group"]["id"] }]);
    let at = format!("{path}/edits");
    let preview = scene.edit(&world, &at, 1, json!({ "edits": edits, "preview": true })).await;
    assert_eq!(preview.status, 200, "{}", preview.text);
    assert_eq!(
        preview.json["effect"]["value"], alternatives[0]["price"]["value"],
        "the price is as told"
    );
    assert_eq!(world.get(Some(&scene.secretariat), &path).await.json["version"], 1);
    let edited = scene.edit(&world, &at, 1, json!({ "edits": edits })).await;
    assert_eq!((edited.status, &edited.json["version"]), (200, &json!(2)), "{}", edited.text);
    assert_eq!(edited.json["quality"]["value"], preview.json["quality"]["value"]);
    assert_eq!(edited.json["quality"]["bound"], quality["bound"], "people and rules are the same");
    scene.edit(&world, &at, 1, json!({ "edits": edits })).await.is_problem(412, "version_mismatch");
    let wrong = json!({ "edits": [{ "kind": "swap", "registration_id": who, "with_registration_id": id(&scene.groups[0]),
        "round_id": id(&scene.groups[0]) }] });
    let refused = scene.edit(&world, &at, 2, wrong).await;
    refused.points_to("/edits/0/with_registration_id");
    refused.points_to("/edits/0/round_id");
    let changed = world
        .get(Some(&scene.secretariat), &format!("{path}/comparison?with={}", id(&again)))
        .await
        .json;
    assert_eq!(movers(&changed), BTreeSet::from([who.to_owned()]), "{changed}");
    assert_eq!(changed["moves"][0]["name"], "Crowd Example 0");

    // In force; then another, and only those who move hear of it.
    let plan = world.get(Some(&scene.secretariat), &path).await.json;
    assert_eq!((&plan["edits"], &plan["allowed_actions"]), (&json!(1), &json!(["apply", "edit"])));
    let applied = scene.apply(&world, &plan, json!({})).await;
    assert_eq!(applied.status, 200, "{}", applied.text);
    assert_eq!(told(&world).len(), 12);
    scene
        .edit(&world, &at, 3, json!({ "edits": edits }))
        .await
        .is_problem(409, "invalid_transition");
    let kept = scene.propose(&world, json!({ "seed": 7 })).await;
    assert_eq!(kept["based_on"], json!({ "plan_id": id(&plan), "version": 3 }));
    let other = scene.propose(&world, json!({ "seed": 99, "keep_announced": false })).await;
    let path = format!("/api/v1/assignment-plans/{}/comparison?with=in_force", id(&other));
    let compared = world.get(Some(&scene.secretariat), &path).await.json;
    let moving = movers(&compared);
    assert_eq!(scene.apply(&world, &other, json!({})).await.status, 200);
    assert_eq!(told(&world).len(), 12 + moving.len(), "only those who move are told");
});

on_both!(
    of_two_who_apply_at_once_one_does_and_the_other_learns_what_differs,
    |world: World| async move {
        let scene = Scene::new(&world, 12, 2, 6).await;
        let one = scene.propose(&world, json!({ "seed": 1 })).await;
        let two = scene.propose(&world, json!({ "seed": 2 })).await;
        let (first, second) = tokio::join!(
            scene.apply(&world, &one, json!({})),
            scene.apply(&world, &two, json!({}))
        );
        let (won, lost, winner, loser) = match first.status {
            200 => (first, second, one, two),
            _ => (second, first, two, one),
        };
        assert_eq!(won.status, 200, "{}", won.text);
        lost.is_problem(409, "plan_overtaken");
        lost.points_to(&format!("/assignment-plans/{}", id(&winner)));
        let path = format!("/api/v1/assignment-plans/{}/comparison", id(&loser));
        for mover in movers(&world.get(Some(&scene.secretariat), &path).await.json) {
            lost.points_to(&format!("/registrations/{mover}"));
        }
        let wrong = json!({ "supersedes": id(&loser) });
        scene.apply(&world, &loser, wrong).await.is_problem(409, "plan_overtaken");
        let named = scene.apply(&world, &loser, json!({ "supersedes": id(&winner) })).await;
        assert_eq!(
            (named.status, &named.json["state"]),
            (200, &json!("applied")),
            "{}",
            named.text
        );
        // Edits to what is in force are not undone unseen either.
        let next = scene.propose(&world, json!({ "seed": 3 })).await;
        let (seat, group) = scene.seats(&world).await.into_iter().next().unwrap();
        let to = scene.groups.iter().find(|one| one["number"] != group).unwrap();
        let round = scene.rounds.iter().find(|one| one["number"] == seat.1).unwrap();
        let edit = json!({ "edits": [{ "kind": "move", "registration_id": seat.0, "round_id": id(round), "working_group_id": id(to) }],
        "even_if_broken": true });
        let version = named.json["version"].as_i64().unwrap();
        let path = format!("{}/assignments/edits", scene.base);
        let edited = scene.edit(&world, &path, version, edit).await;
        assert_eq!(edited.status, 200, "{}", edited.text);
        scene.apply(&world, &next, json!({})).await.is_problem(409, "plan_overtaken");
    }
);

on_both!(late_registrations_are_placed_and_move_nobody, |world: World| async move {
    let mut scene = Scene::new(&world, 24, 4, 14).await;
    scene.in_force(&world, json!({})).await;
    let before = scene.seats(&world).await;
    let mails = told(&world).len();
    let (round, group) = (id(&scene.rounds[0]).to_owned(), id(&scene.groups[2]).to_owned());
    let mut late = Vec::new();
    for number in 0..5 {
        let mut body = registration("academia", "NP");
        if number == 0 {
            body["rounds"] = json!([round]);
        }
        if number == 1 {
            body["languages"] = json!(["fr-CA"]);
        }
        if number == 2 {
            body["languages"] = json!(["ru"]);
        }
        late.push(scene.join(&world, &format!("Late Example {number}"), body).await);
    }
    let after = scene.seats(&world).await;
    assert!(before.iter().all(|(seat, group)| after.get(seat) == Some(group)), "somebody moved");
    let of = |one: &Value| -> Vec<i64> {
        let own = after.iter().filter(|((who, _), _)| who == id(one));
        own.map(|(_, group)| *group).collect()
    };
    assert_eq!(of(&late[0]).len(), 1, "only in the round they come to");
    assert_eq!(of(&late[1]), [3, 3], "where French is spoken");
    assert_eq!(of(&late[2]), [0; 0], "nobody speaks Russian");
    assert_eq!((of(&late[3]).len(), of(&late[4]).len()), (2, 2));
    assert_eq!(told(&world).len(), mails + 4, "each of them is told, and nobody else");
    assert!(!group.is_empty());
    // A plan says who has no group for want of a language, and the rest as before.
    let plan = scene.propose(&world, json!({})).await;
    let unmet = plan["unmet"].as_array().unwrap();
    assert!(
        unmet.iter().any(|one| one["kind"] == "no_language" && one["person"] == late[2]["id"]),
        "{plan}"
    );
    let applied = scene.apply(&world, &plan, json!({})).await;
    assert_eq!(applied.status, 200, "{}", applied.text);
});

on_both!(a_withdrawal_leaves_a_gap_and_one_call_closes_it, |world: World| async move {
    let scene = Scene::new(&world, 14, 4, 6).await;
    let nothing = scene.get(&world, "/assignments/suggestions").await;
    nothing.is_problem(409, "invalid_transition");
    scene.in_force(&world, json!({})).await;
    let seats = scene.seats(&world).await;
    let size = |round: i64, group: i64| {
        seats.iter().filter(|((_, at), of)| *at == round && **of == group).count()
    };
    let lean = (1..=3).find(|group| size(1, *group) == 4).expect("a group at its minimum");
    let ((who, _), _) =
        seats.iter().find(|((_, round), group)| *round == 1 && **group == lean).unwrap();
    let (person, made) = scene.people.iter().find(|(_, made)| id(made) == who).unwrap();
    let path = format!("/api/v1/registrations/{}/withdrawal", id(made));
    let gone = world.send(Request::new(Method::POST, &path).by(Some(person)).version(1)).await;
    assert_eq!(gone.status, 200, "{}", gone.text);
    let found = scene.get(&world, "/assignments/suggestions").await;
    assert_eq!(found.status, 200, "{}", found.text);
    let gaps = found.json["gaps"].as_array().unwrap();
    let gap = gaps.iter().find(|gap| gap["round"]["number"] == 1).unwrap();
    assert_eq!(
        (&gap["working_group"]["number"], &gap["size"], &gap["min_size"]),
        (&json!(lean), &json!(3), &json!(4))
    );
    let moves = gap["moves"].as_array().unwrap();
    let first = moves
        .iter()
        .find(|one| one["price"]["breaks"] == json!([]))
        .unwrap_or_else(|| panic!("{gap}"));
    assert!(first["name"].as_str().unwrap().starts_with("Crowd"));
    let version = found.json["version"].as_i64().unwrap();
    assert_eq!(found.header("etag"), format!("\"{version}\""));
    let mails = told(&world).len();
    let path = format!("{}/assignments/edits", scene.base);
    let preview = json!({ "edits": [first["edit"]], "preview": true });
    let looked = scene.edit(&world, &path, version, preview).await;
    assert_eq!(
        (looked.status, &looked.json["effect"]["value"]),
        (200, &first["price"]["value"]),
        "{}",
        looked.text
    );
    assert_eq!(told(&world).len(), mails);
    let done = scene.edit(&world, &path, version, json!({ "edits": [first["edit"]] })).await;
    assert_eq!((done.status, &done.json["version"]), (200, &json!(version + 1)), "{}", done.text);
    let mover =
        scene.people.iter().find(|(_, made)| made["id"] == first["registration_id"]).unwrap();
    let mut new = told(&world);
    assert_eq!(new.len(), mails + 1, "only who moves is told");
    new.retain(|recipient| *recipient == mover.0.email);
    assert_eq!(new.len(), 2, "when it was applied, and now");
    let own = world.get(Some(&mover.0), "/api/v1/me/assignments").await.json;
    let rows = own["items"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["round"] == 1 && row["working_group"] == lean), "{own}");
    let after = scene.get(&world, "/assignments/suggestions").await.json;
    assert!(
        !after["gaps"].as_array().unwrap().iter().any(|gap| gap["round"]["number"] == 1),
        "{after}"
    );
    // What would tear a new gap is refused, unless it is meant.
    let now = scene.seats(&world).await;
    let ((who, _), _) =
        now.iter().find(|((_, round), group)| *round == 1 && **group == lean).unwrap();
    let out = json!({ "kind": "move", "registration_id": who, "round_id": id(&scene.rounds[0]), "working_group_id": null });
    let refused = scene.edit(&world, &path, version + 1, json!({ "edits": [out] })).await;
    refused.is_problem(409, "invalid_transition");
    assert!(refused.text.contains("below_minimum"), "{}", refused.text);
    scene
        .edit(&world, &path, version, json!({ "edits": [out] }))
        .await
        .is_problem(412, "version_mismatch");
    let meant = json!({ "edits": [out], "even_if_broken": true });
    assert_eq!(scene.edit(&world, &path, version + 1, meant).await.status, 200);
});

on_both!(rules_are_set_seen_and_followed, |world: World| async move {
    let scene = Scene::new(&world, 12, 2, 6).await;
    let path = format!("{}/assignment-rules", scene.base);
    let usual = world.get(Some(&scene.secretariat), &path).await;
    assert_eq!((usual.header("etag"), &usual.json["version"]), ("\"0\"", &json!(0)));
    assert_eq!(usual.json["weights"]["preference"], json!([0, 2, 5, 9, 14, 20, 27]));
    let who = |number: usize| id(&scene.people[number].1).to_owned();
    let co = world.person_with(
        "Cora Co",
        Role::CoOrganizer,
        ScopeKind::Consultation,
        id(&scene.consultation),
    );
    world.get(Some(&co), &path).await.is_problem(403, "forbidden");
    let nobody = uuid::Uuid::nil().to_string();
    let wrong = json!({
        "weights": { "preference": [3, 1], "size": -1 }, "listed_sectors": ["media", "media"],
        "pins": [{ "registration_id": nobody, "working_group_id": id(&scene.groups[0]) }],
        "limits": [{ "working_group_id": id(&scene.groups[0]), "round_id": nobody, "min_size": 5, "max_size": 4 }],
        "together": [[who(0)]], "apart": [[who(0), nobody]]
    });
    let put = |version: i64, body: Value| {
        Request::new(Method::PUT, &path).by(Some(&scene.secretariat)).version(version).body(body)
    };
    let refused = world.send(put(0, wrong)).await;
    refused.is_problem(422, "invalid_value");
    for pointer in [
        "/weights/preference",
        "/weights/size",
        "/listed_sectors",
        "/pins/0/registration_id",
        "/limits/0/round_id",
        "/limits/0/max_size",
        "/together/0",
        "/apart/0/1",
    ] {
        refused.points_to(pointer);
    }
    let rules = json!({
        "weights": { "gender": 9 }, "listed_sectors": ["media"],
        "pins": [{ "registration_id": who(5), "working_group_id": id(&scene.groups[0]), "round_id": id(&scene.rounds[1]) }],
        "limits": [{ "working_group_id": id(&scene.groups[1]), "round_id": id(&scene.rounds[0]), "min_size": 2, "max_size": 2 }],
        "together": [[who(0), who(1)]], "apart": [[who(2), who(3), who(4)]]
    });
    let set = world.send(put(0, rules)).await;
    assert_eq!((set.status, &set.json["version"]), (200, &json!(1)), "{}", set.text);
    assert_eq!(
        (&set.json["weights"]["gender"], &set.json["weights"]["size"]),
        (&json!(9), &json!(6))
    );
    world.send(put(0, json!({}))).await.is_problem(412, "version_mismatch");
    let host = json!({ "account_id": scene.people[6].0.id, "role": "moderator" });
    let hosts = format!("/api/v1/working-groups/{}/hosts", id(&scene.groups[2]));
    world.make(&scene.secretariat, &hosts, host).await;
    let seen = world.get(Some(&scene.secretariat), &path).await.json;
    assert_eq!(seen["from_hosts"][0]["registration_id"], json!(who(6)), "{seen}");

    let plan = scene.in_force(&world, json!({})).await;
    assert_eq!(plan["unmet"], json!([]), "{plan}");
    assert_eq!(plan["rules"]["apart"], json!([[who(2), who(3), who(4)]]));
    let seats = scene.seats(&world).await;
    let at = |number: usize, round: i64| seats[&(who(number), round)];
    for round in [1, 2] {
        assert_eq!(at(0, round), at(1, round), "together");
        let apart = BTreeSet::from([at(2, round), at(3, round), at(4, round)]);
        assert_eq!(apart.len(), 3, "apart");
        assert_eq!(at(6, round), 3, "hosts are in their group");
    }
    assert_eq!(at(5, 2), 1, "pinned");
    assert_eq!(seats.iter().filter(|((_, round), group)| *round == 1 && **group == 2).count(), 2);
    let own = world.get(Some(&scene.people[0].0), "/api/v1/me/data").await.json;
    assert_eq!(own["data"]["assignment_rules"][0]["kept_together_with_others"], true, "{own}");
});

on_both!(what_cannot_be_met_is_named, |world: World| async move {
    let scene = Scene::new(&world, 12, 1, 3).await;
    let plan = scene.propose(&world, json!({})).await;
    let unmet = plan["unmet"].as_array().unwrap();
    let over: Vec<&Value> = unmet.iter().filter(|one| one["kind"] == "over_capacity").collect();
    assert_eq!(over.len(), 2, "{plan}");
    assert!(over.iter().all(|one| one["people"].as_array().unwrap().len() == 3), "{plan}");
    // Which rules clash, each with what would do: here three more places in each round.
    let clashes = plan["clashes"].as_array().unwrap();
    assert_eq!(clashes.len(), 2, "{plan}");
    for clash in clashes {
        let cause = &clash["cause"];
        assert_eq!(cause["kind"], "too_few_places", "{clash}");
        assert_eq!((&cause["people"], &cause["places"]), (&json!(12), &json!(9)), "{clash}");
        let remedies = clash["remedies"].as_array().unwrap();
        assert!(remedies.iter().any(|one| one["kind"] == "raise_maxima" && one["by"] == 3));
    }
    assert_eq!(
        scene.apply(&world, &plan, json!({})).await.status,
        200,
        "it says what it leaves out"
    );
});

on_both!(a_cancelled_search_leaves_nothing_or_its_best_if_asked, |world: World| async move {
    let scene = Scene::new(&world, 12, 2, 6).await;
    let path = format!("{}/assignment-plans", scene.base);
    for (keep, state, plans) in [(false, "cancelled", 0), (true, "done", 1)] {
        let body = json!({ "keep_best": keep, "work": 20_000_000 });
        let job = world.make(&scene.secretariat, &path, body).await;
        // A process takes it; somebody cancels; the process dies and another takes it up.
        let now = world.app.clock.now();
        let lease = world.app.ids.next();
        world.app.db.write_blocking(|conn| jobs::store::claim(conn, lease, now)).unwrap();
        let cancel = format!("/api/v1/jobs/{}/cancel", id(&job));
        assert_eq!(world.post(&scene.secretariat, &cancel, Value::Null).await.status, 200);
        world.app.clock.advance(chrono::Duration::seconds(jobs::LEASE_SECONDS + 1));
        let ended = ran(&world, &scene.secretariat, &job).await;
        assert_eq!(ended["state"], state, "{ended}");
        let all = world.get(Some(&scene.secretariat), &path).await.json;
        assert_eq!(all["items"].as_array().unwrap().len(), plans, "{all}");
        if keep {
            assert_eq!(all["items"][0]["search"]["stopped"], true, "{all}");
            assert_eq!(all["items"][0]["placements"].as_array().unwrap().len(), 24);
        }
    }
    let bad = json!({ "work": 0, "seconds": 0 });
    let refused = world.post(&scene.secretariat, &path, bad).await;
    refused.points_to("/work");
    refused.points_to("/seconds");
    world
        .post(&scene.secretariat, &path, json!({ "sed": 1 }))
        .await
        .is_problem(422, "unknown_field");
});

async fn download(world: &World, by: &Person, path: &str) -> Vec<u8> {
    let sent = world.client.get(format!("{}{path}", world.base)).bearer_auth(&by.token);
    let answer = sent.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.bytes().await.unwrap().to_vec()
}

on_both!(assignments_go_out_as_tables_and_to_zoom, |world: World| async move {
    let mut scene = Scene::new(&world, 5, 1, 6).await;
    let body = json!({ "person": { "email": "formula@example.org", "name": "=1+1" }, "sector": "media", "country": "TH",
        "languages": ["en"], "preferences": [], "consents": { "processing": true } });
    world.make(&scene.secretariat, &format!("{}/registrations", scene.base), body).await;
    let path = format!("{}/assignments/export", scene.base);
    scene.in_force(&world, json!({})).await;
    let mut once = registration("media", "TH");
    once["rounds"] = json!([id(&scene.rounds[1])]);
    once["languages"] = json!(["ru"]);
    scene.join(&world, "Without Group", once).await;
    let csv = download(&world, &scene.secretariat, &format!("{path}?round=1")).await;
    let text = String::from_utf8(csv.clone()).unwrap();
    assert!(text.contains(",'=1+1,"), "{text}");
    assert!(!text.contains("Without Group"), "not in the first round");
    let xlsx = download(&world, &scene.secretariat, &format!("{path}?format=xlsx")).await;
    let (csv, xlsx) = (table::read(&csv, None).unwrap(), table::read(&xlsx, None).unwrap());
    assert_eq!(csv.header, xlsx.header);
    assert_eq!((csv.rows.len(), xlsx.rows.len()), (6, 13));
    let at = |name: &str| xlsx.column(name).unwrap();
    let named = |name: &str| {
        xlsx.rows.iter().filter(|row| row.cells[at("name")] == name).collect::<Vec<_>>()
    };
    assert_eq!(named("=1+1").len(), 2);
    let without = named("Without Group");
    assert_eq!((without.len(), without[0].cells[at("working_group")].as_str()), (1, ""));
    let zoom = download(&world, &scene.secretariat, &format!("{path}?format=zoom&round=2")).await;
    let mut reader = csv::Reader::from_reader(&zoom[..]);
    assert_eq!(reader.headers().unwrap(), vec!["Pre-assign Room Name", "Email Address"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 6);
    assert!(
        rows.iter().all(|row| row[0].starts_with("Working group ") && row[1].contains('@')),
        "{rows:?}"
    );
    for query in ["format=zoom", "round=9", "format=ods"] {
        let answer = world.get(Some(&scene.secretariat), &format!("{path}?{query}")).await;
        answer.is_problem(400, "invalid_query");
    }
    let host =
        world.person_with("Hana Host", Role::CoHost, ScopeKind::WorkingGroup, id(&scene.groups[0]));
    world.get(Some(&host), &path).await.is_problem(403, "forbidden");
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let log = world.get(Some(&admin), "/api/v1/audit?limit=200").await.json;
    let noted: Vec<&Value> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["action"] == "assignments.exported")
        .collect();
    assert_eq!(noted.len(), 3);
    assert!(
        noted
            .iter()
            .any(|row| row["details"] == json!({ "format": "zoom", "round": 2, "count": 6 })),
        "{noted:?}"
    );
});

on_both!(
    a_table_edited_by_hand_comes_in_as_a_plan_or_with_every_problem,
    |world: World| async move {
        let mut scene = Scene::new(&world, 8, 1, 4).await;
        let mut once = registration("media", "TH");
        once["rounds"] = json!([id(&scene.rounds[0])]);
        scene.join(&world, "Once Example", once).await;
        let mut french = registration("media", "FR");
        french["languages"] = json!(["fr"]);
        french["rounds"] = json!([id(&scene.rounds[0])]);
        scene.join(&world, "French Example", french).await;
        let gone = scene.join(&world, "Gone Example", registration("media", "TH")).await;
        let path = format!("/api/v1/registrations/{}/withdrawal", id(&gone));
        let person = scene.people.last().unwrap().0.clone();
        assert_eq!(
            world.send(Request::new(Method::POST, &path).by(Some(&person)).version(1)).await.status,
            200
        );
        let path = format!("{}/assignment-plans/imports", scene.base);
        let email = |number: usize| scene.people[number].0.email.clone();
        let rows = [
            "round,working_group,email".to_owned(),
            "1,1,nobody@example.org".to_owned(),
            format!("1,9,{}", email(0)),
            format!("7,1,{}", email(0)),
            format!("1,1,{}", email(1)),
            format!("1,2,{}", email(1)),
            format!("2,1,{}", email(8)),
            format!("1,1,{}", email(10)),
            format!("1,1,{}", email(9)),
            format!("2,2,{}", email(2)),
            format!("2,2,{}", email(3)),
            format!("2,2,{}", email(4)),
            format!("2,2,{}", email(5)),
            format!("2,2,{}", email(6)),
        ];
        let file = rows.join("\r\n") + "\r\n";
        let found = upload(&world, &scene.secretariat, &path, "text/csv", file.clone()).await;
        assert_eq!(
            (found.status, &found.json["dry_run"], &found.json["plan"]),
            (200, &json!(true), &Value::Null),
            "{}",
            found.text
        );
        let errors: Vec<(u64, &str, &str)> = found.json["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| {
                (
                    error["row"].as_u64().unwrap(),
                    error["column"].as_str().unwrap(),
                    error["code"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            errors,
            [
                (2, "email", "unknown_person"),
                (3, "working_group", "unknown_working_group"),
                (4, "round", "unknown_round"),
                (6, "email", "duplicate"),
                (7, "round", "not_available"),
                (8, "email", "not_confirmed"),
                (9, "working_group", "language"),
                (14, "working_group", "full"),
            ],
            "{}",
            found.text
        );
        let refused =
            upload(&world, &scene.secretariat, &format!("{path}?dry_run=false"), "text/csv", file)
                .await;
        refused.is_problem(422, "invalid_value");
        refused.points_to("/rows/9/working_group");

        // What goes out comes in again, with one change.
        scene.in_force(&world, json!({})).await;
        let export = format!("{}/assignments/export?format=csv", scene.base);
        let out = String::from_utf8(download(&world, &scene.secretariat, &export).await).unwrap();
        let seats = scene.seats(&world).await;
        let size = |group: i64| {
            seats.iter().filter(|((_, round), of)| *round == 1 && **of == group).count()
        };
        let to = (1..=3).find(|group| size(*group) < 4).unwrap();
        let name = scene.people[..8]
            .iter()
            .find(|(_, made)| seats[&(id(made).to_owned(), 1)] != to)
            .unwrap();
        let line =
            out.lines().find(|line| line.starts_with("1,") && line.contains(id(&name.1))).unwrap();
        let from = seats[&(id(&name.1).to_owned(), 1)];
        let edited =
            out.replace(line, &line.replacen(&format!("1,{from},"), &format!("1,{to},"), 1));
        let made = upload(
            &world,
            &scene.secretariat,
            &format!("{path}?dry_run=false"),
            "text/csv",
            edited,
        )
        .await;
        assert_eq!(made.status, 201, "{}", made.text);
        let plan = &made.json["plan"];
        assert_eq!(made.header("location"), format!("/api/v1/assignment-plans/{}", id(plan)));
        assert_eq!(
            (&plan["origin"], &plan["state"], &plan["quality"]["bound"]),
            (&json!("imported"), &json!("proposed"), &Value::Null)
        );
        let path = format!("/api/v1/assignment-plans/{}/comparison", id(plan));
        let compared = world.get(Some(&scene.secretariat), &path).await.json;
        assert_eq!(movers(&compared), BTreeSet::from([id(&name.1).to_owned()]), "{compared}");
        let mails = told(&world).len();
        assert_eq!(scene.apply(&world, plan, json!({})).await.status, 200);
        assert_eq!(told(&world).len(), mails + 1);
    }
);

on_both!(sheets_to_print_name_only_who_agreed_to_be_listed, |world: World| async move {
    let scene = Scene::new(&world, 9, 1, 6).await;
    scene.in_force(&world, json!({})).await;
    let page = scene.get(&world, "/assignments/sheets?round=1").await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    assert!(
        page.text.contains("<html lang=\"en\"") && page.text.contains("@media print"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("<script") && !page.text.contains("@example.org"));
    for number in 0..9 {
        let named = page.text.contains(&format!("Crowd Example {number}<"));
        assert_eq!(named, number % 3 == 0, "{number}: {}", page.text);
    }
    assert!(
        !page.text.contains("In all"),
        "how many there are is told by a release: {}",
        page.text
    );
    assert_eq!(page.text.matches("<section").count(), 3);
    let host =
        world.person_with("Hana Host", Role::CoHost, ScopeKind::WorkingGroup, id(&scene.groups[0]));
    let own = world.get(Some(&host), &format!("{}/assignments/sheets", scene.base)).await;
    assert_eq!(
        (own.status, own.text.matches("<section").count()),
        (200, 2),
        "one group, two rounds"
    );
    let plain = world.person("Pat Plain");
    world
        .get(Some(&plain), &format!("{}/assignments/sheets", scene.base))
        .await
        .is_problem(403, "forbidden");
});

/// Ids run alike on both, so the same people make the same plan.
#[actix_web::test]
async fn both_databases_give_the_same_plan() {
    let mut found = Vec::new();
    for database in [Database::Sqlite, Database::Postgres] {
        let Some(world) = World::new(database) else { return };
        let scene = Scene::new(&world, 20, 4, 8).await;
        let plan = scene.propose(&world, json!({ "seed": 5 })).await;
        found.push((plan["placements"].clone(), plan["quality"].clone()));
    }
    assert_eq!(found[0], found[1]);
}
