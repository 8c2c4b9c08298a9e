//! Organizations: proposed by anybody, decided by a second person, seen by everybody once vetted.

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Database, Person, Request, World, id};
use crate::on_both;
use crate::statements::Statements;

const PATH: &str = "/api/v1/organizations";

fn forum() -> Value {
    json!({ "name": "Migrants’ Forum (Asia)", "acronym": "MFA", "sector": "civil_society", "country": "TH", "website": "https://example.org" })
}

async fn vet(world: &World, by: &Person, organization: &Value, to: &str) -> crate::harness::Answer {
    let path = format!("{PATH}/{}/vetting", id(organization));
    let request = Request::new(Method::POST, &path).by(Some(by));
    let body = json!({ "to": to, "note": "Known from before." });
    world.send(request.version(organization["version"].as_i64().unwrap()).body(body)).await
}

on_both!(
    a_second_person_decides_and_the_public_sees_only_what_is_vetted,
    |world: World| async move {
        let secretariat = world.person_with("Sari One", Role::Secretariat, ScopeKind::Instance, "");
        let other = world.person_with("Sari Two", Role::Secretariat, ScopeKind::Instance, "");
        let anybody = world.person("Any Body");
        let made = world.make(&secretariat, PATH, forum()).await;
        assert_eq!(made["vetting"], "proposed");
        let one = format!("{PATH}/{}", id(&made));
        world.get(None, &one).await.is_problem(404, "not_found");
        assert_eq!(world.get(None, PATH).await.json["items"], json!([]));
        assert_eq!(
            world.get(None, &format!("{PATH}?vetting=proposed")).await.json["items"],
            json!([])
        );
        assert_eq!(world.get(Some(&anybody), &one).await.json["vetting"], "proposed");

        vet(&world, &anybody, &made, "vetted").await.is_problem(403, "forbidden");
        vet(&world, &secretariat, &made, "vetted").await.is_problem(403, "forbidden");
        let vetted = vet(&world, &other, &made, "vetted").await;
        assert_eq!(vetted.status, 200, "{}", vetted.text);
        assert_eq!(vetted.json["vetting_note"], "Known from before.");
        vet(&world, &other, &made, "declined").await.is_problem(412, "version_mismatch");
        vet(&world, &other, &vetted.json, "declined").await.is_problem(409, "invalid_transition");

        let public = world.get(None, &one).await;
        assert_eq!(public.status, 200);
        for answer in [public, world.get(None, PATH).await, world.get(Some(&anybody), PATH).await] {
            assert!(!answer.text.contains("Known from before"), "{}", answer.text);
            assert!(!answer.text.contains(&secretariat.id.to_string()), "{}", answer.text);
        }
    }
);

on_both!(a_name_is_taken_however_it_is_written, |world: World| async move {
    let person = world.person("Any Body");
    let made = world.make(&person, PATH, forum()).await;
    let mut same = forum();
    same["name"] = json!(" MIGRANTS' forum, Asia ");
    let refused = world.post(&person, PATH, same).await;
    refused.is_problem(409, "already_exists");
    refused.points_to("/name");
    let mut other = forum();
    other["name"] = json!("Other");
    let other = world.make(&person, PATH, other).await;
    let path = format!("{PATH}/{}", id(&other));
    let body = json!({ "name": "migrants forum asia" });
    let request = Request::new(Method::PATCH, &path).by(Some(&person)).version(1).body(body);
    world.send(request).await.is_problem(409, "already_exists");
    let body = json!({ "acronym": null, "website": "https://other.example" });
    let changed = world.change(&person, Method::PATCH, &path, 1, body).await;
    assert_eq!((&changed["acronym"], &changed["version"]), (&Value::Null, &json!(2)));
    let found = world
        .get(Some(&person), &format!("{PATH}?q=Migrants%20F&sector=civil_society&country=TH"))
        .await;
    assert_eq!(found.json["items"].as_array().unwrap().len(), 1);
    assert_eq!(found.json["items"][0]["id"], made["id"]);
    world.get(Some(&person), &format!("{PATH}?q=--")).await.is_problem(400, "invalid_query");
    world.get(Some(&person), &format!("{PATH}?sector=nope")).await.is_problem(400, "invalid_query");
    world.get(Some(&person), &format!("{PATH}?colour=red")).await.is_problem(400, "invalid_query");
    let mut bad = forum();
    bad["website"] = json!("javascript:alert(1)");
    world.post(&person, PATH, bad).await.points_to("/website");
    let anonymous = Request::new(Method::POST, PATH).body(forum());
    world.send(anonymous).await.is_problem(401, "unauthenticated");
});

on_both!(pages_go_on_where_the_one_before_ended, |world: World| async move {
    let person = world.person("Any Body");
    for name in ["delta", "Alpha", "Écho", "bravo", "charlie"] {
        world
            .make(&person, PATH, json!({ "name": name, "sector": "academia", "country": "FJ" }))
            .await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world.get(Some(&person), &format!("{PATH}?limit=2{cursor}")).await.json;
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["name"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 5);
    let mut once = seen.clone();
    once.dedup();
    assert_eq!(once, seen);
    assert_eq!(seen[0], "Alpha");
});

/// A step of vetting with everything about it.
async fn step(
    world: &World,
    by: &Person,
    organization: &Value,
    body: Value,
) -> crate::harness::Answer {
    let path = format!("{PATH}/{}", id(organization));
    let version = world.get(Some(by), &path).await.json["version"].as_i64().unwrap();
    let request = Request::new(Method::POST, &format!("{path}/vetting")).by(Some(by));
    world.send(request.version(version).body(body)).await
}

on_both!(each_step_of_a_vetting_is_kept_with_its_reasons, |world: World| async move {
    let first = world.person_with("Sari One", Role::Secretariat, ScopeKind::Instance, "");
    let second = world.person_with("Sari Two", Role::Secretariat, ScopeKind::Instance, "");
    let proposer = world.person("Any Body");
    let made = world.make(&proposer, PATH, forum()).await;

    let refused = step(&world, &first, &made, json!({ "to": "declined" })).await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("/reason");
    for reason in ["known_before", "merged", "other"] {
        let refused =
            step(&world, &first, &made, json!({ "to": "declined", "reason": reason })).await;
        refused.is_problem(422, "invalid_value");
    }
    let bad = json!({ "to": "vetted", "evidence": [{ "title": "", "url": "javascript://x" }] });
    let refused = step(&world, &first, &made, bad).await;
    refused.points_to("/evidence/0/title");
    refused.points_to("/evidence/0/url");

    let declined =
        step(&world, &first, &made, json!({ "to": "declined", "reason": "not_found" })).await;
    assert_eq!(declined.json["vetting"], "declined", "{}", declined.text);
    let again = json!({ "to": "proposed", "reason": "reconsidered", "note": "They wrote." });
    assert_eq!(step(&world, &first, &made, again).await.status, 200);
    // Who put it forward again does not decide.
    let vetted = json!({
        "to": "vetted", "reason": "on_origin_list", "note": "Seen.",
        "evidence": [{ "title": "Annual report", "url": "https://example.org/report" }],
        "origins": ["vetted by the Regional Network"],
    });
    step(&world, &first, &made, vetted.clone()).await.is_problem(403, "forbidden");
    assert_eq!(step(&world, &second, &made, vetted).await.json["vetting"], "vetted");

    let path = format!("{PATH}/{}/vettings", id(&made));
    world.get(Some(&proposer), &path).await.is_problem(403, "forbidden");
    world.get(None, &path).await.is_problem(401, "unauthenticated");
    let steps = world.get(Some(&second), &path).await.json["items"].as_array().unwrap().clone();
    let told: Vec<_> = steps
        .iter()
        .map(|step| (step["from"].as_str().unwrap(), step["to"].as_str().unwrap()))
        .collect();
    let expected = [
        ("unvetted", "proposed"),
        ("proposed", "declined"),
        ("declined", "proposed"),
        ("proposed", "vetted"),
    ];
    assert_eq!(told, expected);
    assert_eq!(steps[0]["by"], json!(proposer.id));
    assert_eq!(steps[1]["reason"], "not_found");
    assert_eq!(steps[3]["origins"], json!(["vetted by the Regional Network"]));
    assert_eq!(steps[3]["evidence"][0]["title"], "Annual report");
    let page = world.get(Some(&second), &format!("{path}?limit=3")).await;
    assert_eq!(page.json["items"].as_array().unwrap().len(), 3);
    let rest = format!("{path}?limit=3&cursor={}", page.json["next"].as_str().unwrap());
    assert_eq!(world.get(Some(&second), &rest).await.json["items"][0], steps[3]);
});

on_both!(who_is_tied_to_an_organization_never_decides_on_it, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    let other = world.person_with("Sari Two", Role::Secretariat, ScopeKind::Instance, "");
    let member = world.person_with("Sari Three", Role::Secretariat, ScopeKind::Instance, "");
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let made = world.make(&world.person("Any Body"), PATH, forum()).await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let body = json!({ "organization_id": made["id"], "languages": ["en"], "consents": { "processing": true } });
    world.make(&member, &path, body).await;
    let vetted = json!({ "to": "vetted" });
    step(&world, &member, &made, vetted.clone()).await.is_problem(403, "forbidden");
    let seen = world.get(Some(&member), &format!("{PATH}/{}", id(&made))).await.json;
    assert!(!seen["allowed_actions"].as_array().unwrap().contains(&json!("vet")), "{seen}");

    // A tie that is declared is remembered; with it, no decision.
    let tie = json!({ "to": "vetted", "conflict_of_interest": "My sister works there." });
    step(&world, &other, &made, tie).await.is_problem(403, "forbidden");
    let tie = json!({ "to": "proposed", "conflict_of_interest": "My sister works there." });
    let declared = step(&world, &other, &made, tie).await;
    assert_eq!(
        (declared.status, &declared.json["vetting"]),
        (200, &json!("proposed")),
        "{}",
        declared.text
    );
    step(&world, &other, &made, vetted.clone()).await.is_problem(403, "forbidden");
    assert_eq!(step(&world, &secretariat, &made, vetted).await.json["vetting"], "vetted");
});

#[actix_web::test]
async fn one_person_proposes_and_decides_where_two_are_not_needed() {
    for database in [Database::Sqlite, Database::Postgres] {
        let Some(world) = World::with(database, |set| set.vetting.two_persons = false) else {
            continue;
        };
        let alone = world.person_with("Sari One", Role::Secretariat, ScopeKind::Instance, "");
        let made = world.make(&alone, PATH, forum()).await;
        let vetted = step(&world, &alone, &made, json!({ "to": "vetted" })).await;
        assert_eq!(vetted.json["vetting"], "vetted", "{}", vetted.text);
    }
}

on_both!(what_is_typed_is_matched_and_nothing_is_merged_by_it, |world: World| async move {
    let (one, two) = (
        world.person_with("Sari One", Role::Secretariat, ScopeKind::Instance, ""),
        world.person_with("Sari Two", Role::Secretariat, ScopeKind::Instance, ""),
    );
    let made = world.make(&one, PATH, forum()).await;
    assert_eq!(made["similar"], json!([]));
    let matches = |person: Option<Person>, query: &'static str| {
        let world = &world;
        async move {
            let path = format!("/api/v1/organization-matches?{query}");
            let answer = world.get(person.as_ref(), &path).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            answer.json["items"].as_array().unwrap().clone()
        }
    };
    for (query, reasons) in [
        ("name=migrants%20forum%20asia", json!(["same_name"])),
        ("name=Migrant%20Forum%20Asia", json!(["similar_name"])),
        ("acronym=m.f.a", json!(["same_acronym"])),
        ("website=www.example.org", json!(["same_site"])),
        ("name=Migrant%20forum&website=http://example.org/x", json!(["same_site", "similar_name"])),
    ] {
        let found = matches(Some(one.clone()), query).await;
        assert_eq!(found.len(), 1, "{query}: {found:?}");
        assert_eq!((&found[0]["id"], &found[0]["reasons"]), (&made["id"], &reasons), "{query}");
        assert!(found[0]["score"].as_f64().unwrap() > 0.5, "{query}");
    }
    assert!(matches(Some(one.clone()), "name=Seafarers").await.is_empty());
    assert!(matches(Some(one.clone()), "").await.is_empty());
    // Who is not signed in is told of vetted ones only.
    assert!(matches(None, "acronym=MFA").await.is_empty());
    vet(&world, &two, &made, "vetted").await;
    assert_eq!(matches(None, "acronym=MFA").await.len(), 1);
    let wrong = world.get(None, "/api/v1/organization-matches?colour=red").await;
    wrong.is_problem(400, "invalid_query");

    // The same name is refused with the id of who has it; a like one is entered, and told.
    let mut same = forum();
    same["name"] = json!("MIGRANTS FORUM ASIA");
    let refused = world.post(&one, PATH, same).await;
    refused.is_problem(409, "already_exists");
    assert!(refused.text.contains(id(&made)), "{}", refused.text);
    let like =
        json!({ "name": "Migrants Forum of Asia", "sector": "civil_society", "country": "TH" });
    let like = world.make(&one, PATH, like).await;
    assert_eq!(like["similar"][0]["id"], made["id"], "{like}");
    assert_eq!(like["merged_into"], Value::Null);
});

on_both!(what_organizations_are_found_by_is_seen_at_once, |world: World| async move {
    let (one, two) = (
        world.person_with("Sari One", Role::Secretariat, ScopeKind::Instance, ""),
        world.person_with("Sari Two", Role::Secretariat, ScopeKind::Instance, ""),
    );
    let made = world.make(&one, PATH, forum()).await;
    let found = async |person: Option<&Person>, query: &str| {
        let path = format!("/api/v1/organization-matches?{query}");
        let answer = world.get(person, &path).await;
        answer.json["items"].as_array().unwrap_or_else(|| panic!("{}", answer.text)).len()
    };
    let (name, acronym, site) = ("name=Lighthouse%20Keepers", "acronym=lk", "website=keepers.org");
    for query in [name, acronym, site] {
        assert_eq!(found(Some(&one), query).await, 0, "{query}");
    }
    let path = format!("{PATH}/{}", id(&made));
    let change = async |version: i64, body: Value| {
        world.change(&one, Method::PATCH, &path, version, body).await;
    };
    change(1, json!({ "website": "https://www.keepers.org/about" })).await;
    change(2, json!({ "acronym": "L.K." })).await;
    change(3, json!({ "name": "Lighthouse Keepers" })).await;
    for query in [name, acronym, site] {
        assert_eq!(found(Some(&one), query).await, 1, "{query}");
        assert_eq!(found(None, query).await, 0, "{query}, to who is not signed in");
    }
    assert_eq!(found(Some(&one), "acronym=MFA").await, 0, "what it was called before");
    vet(&world, &two, &world.get(Some(&one), &path).await.json, "vetted").await;
    assert_eq!(found(None, name).await, 1);
});

/// On SQLite a program for tests compares what it knows with what stands there.
#[actix_web::test]
async fn nobody_who_types_a_name_has_all_organizations_read_again() {
    let Some((world, statements)) = Statements::of(Database::Postgres) else { return };
    let one = world.person_with("Sari One", Role::Secretariat, ScopeKind::Instance, "");
    world.make(&one, PATH, forum()).await;
    let mut heard = Vec::new();
    for query in ["name=Migr", "name=Migrants%20forum", "acronym=MFA"] {
        statements.heard();
        let path = format!("/api/v1/organization-matches?{query}");
        assert_eq!(world.get(Some(&one), &path).await.json["items"].as_array().unwrap().len(), 1);
        heard = statements.heard();
    }
    assert!(heard.iter().all(|one| !one.contains("organization_aliases")), "{heard:#?}");
    let own = heard.iter().filter(|one| one.contains("\"organizations\""));
    assert!(own.clone().all(|one| one.contains("ANY")), "{:#?}", own.collect::<Vec<_>>());
}
