//! What is set up is read as it was made, changed by who has its newest version, and taken away; and what everybody may look up.

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Person, Request, World, id, registration};
use crate::on_both;

fn version(value: &Value) -> i64 {
    value["version"].as_i64().unwrap_or_else(|| panic!("no version in {value}"))
}

/// What is read there is what was made, with its version.
async fn reads(world: &World, by: &Person, path: &str, made: &Value) {
    let answer = world.get(Some(by), path).await;
    assert_eq!((answer.status, &answer.json), (200, made), "{path}: {}", answer.text);
    assert_eq!(answer.header("etag"), format!("\"{}\"", version(made)), "{path}");
}

/// Changes what was made and gives what it is then: what was read is what was answered, and the version before is stale.
async fn changes(world: &World, by: &Person, path: &str, made: &Value, body: Value) -> Value {
    let seen = version(made);
    let changed = world.change(by, Method::PATCH, path, seen, body.clone()).await;
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(&changed[field], value, "{field}: {changed}");
    }
    assert_eq!(version(&changed), seen + 1);
    reads(world, by, path, &changed).await;
    let late = Request::new(Method::PATCH, path).by(Some(by)).version(seen).body(body);
    world.send(late).await.is_problem(412, "version_mismatch");
    changed
}

/// Takes away what was made: not by who has an older version, and only once.
async fn goes(world: &World, by: &Person, path: &str, made: &Value) {
    let delete =
        |version: i64| world.send(Request::new(Method::DELETE, path).by(Some(by)).version(version));
    delete(version(made) - 1).await.is_problem(412, "version_mismatch");
    let gone = delete(version(made)).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""), "{path}");
    world.get(Some(by), path).await.is_problem(404, "not_found");
    delete(version(made)).await.is_problem(404, "not_found");
}

on_both!(what_everybody_looks_up_is_there_for_everybody, |world: World| async move {
    for (path, count, first) in [
        ("countries", 60, "code"),
        ("subregions", 5, "code"),
        ("sectors", 10, "code"),
        ("frameworks", 1, "code"),
        ("frameworks/gcm/objectives", 23, "number"),
    ] {
        let path = format!("/api/v1/{path}?limit=200");
        let answer = world.get(None, path.trim_end_matches("?limit=200")).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let items = answer.json["items"].as_array().unwrap();
        assert!(items.len() >= count, "{path}: {} of them", items.len());
        let mut keys: Vec<String> = items.iter().map(|item| item[first].to_string()).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), items.len(), "{path}: one is there twice");
    }
    let objectives = world.get(None, "/api/v1/frameworks/gcm/objectives").await.json;
    let numbers: Vec<i64> = objectives["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["number"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=23).collect::<Vec<_>>());
    world.get(None, "/api/v1/frameworks/unknown/objectives").await.is_problem(404, "not_found");

    let countries = world.get(None, "/api/v1/countries").await.json;
    let subregions = world.get(None, "/api/v1/subregions").await.json;
    for country in countries["items"].as_array().unwrap() {
        let known = subregions["items"].as_array().unwrap().iter();
        let known = known.filter(|one| one["code"] == country["subregion"]).count();
        assert!(known == 1 || country["subregion"].is_null(), "{country}");
    }
    let schema = world.get(None, "/api/v1/document-schema").await;
    assert_eq!(schema.status, 200);
    assert!(schema.json["$schema"].is_string() && schema.json["properties"]["blocks"].is_object());
});

on_both!(an_account_is_made_listed_and_loses_a_role, |world: World| async move {
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let (_, review, _) = world.consultation(None, "vetted").await;
    let body = json!({ "email": "Nok.Example@Example.org", "name": "Nok Example" });
    let made = world.make(&admin, "/api/v1/accounts", body.clone()).await;
    assert_eq!(
        (&made["email"], &made["active"], &made["has_password"]),
        (&json!("nok.example@example.org"), &json!(true), &json!(false))
    );
    let account = format!("/api/v1/accounts/{}", id(&made));
    reads(&world, &admin, &account, &made).await;
    world.post(&admin, "/api/v1/accounts", body).await.is_problem(409, "already_exists");
    let listed = world.get(Some(&admin), "/api/v1/accounts?limit=200").await.json;
    let listed = listed["items"].as_array().unwrap();
    assert_eq!(listed.iter().filter(|one| **one == made).count(), 1, "{listed:?}");
    let found =
        world.get(Some(&admin), "/api/v1/accounts?email=nok.example@example.org").await.json;
    assert_eq!(found["items"], json!([made]));
    let none = world.get(Some(&admin), "/api/v1/accounts?active=false").await.json;
    assert_eq!(none["items"], json!([]));

    // A role that is taken away counts from the next request on.
    let person = world.person("Nok Example");
    assert_eq!(person.id.to_string(), id(&made));
    let path = format!("/api/v1/reviews/{}", id(&review));
    let title = async |who: &Person, seen: i64, title: &str| {
        let request = Request::new(Method::PATCH, &path).by(Some(who)).version(seen);
        world.send(request.body(json!({ "title": title }))).await
    };
    title(&person, 1, "Without").await.is_problem(403, "forbidden");
    let grants = format!("{account}/grants");
    let role = json!({ "role": "secretariat", "scope_kind": "review", "scope_id": review["id"] });
    let second = world.person_with("Seco Second", Role::Secretariat, ScopeKind::Instance, "");
    let proposed = world.post(&admin, &grants, role).await;
    let grant = world.confirmed(&second, proposed).await;
    assert_eq!(title(&person, 1, "With").await.status, 200);
    let held = world.get(Some(&admin), &grants).await.json;
    assert_eq!(held["items"][0]["id"], grant["id"]);
    let path_of = format!("{grants}/{}", id(&grant));
    let delete = || world.send(Request::new(Method::DELETE, &path_of).by(Some(&admin)));
    assert_eq!(delete().await.status, 204);
    assert_eq!(world.get(Some(&admin), &grants).await.json["items"], json!([]));
    title(&person, 2, "Without").await.is_problem(401, "unauthenticated");
    let person = world.signed_in_again(&person);
    title(&person, 2, "Without").await.is_problem(403, "forbidden");
    delete().await.is_problem(404, "not_found");
    let read = world.get(None, &path).await;
    assert_eq!((read.status, &read.json["title"]), (200, &json!("With")), "{}", read.text);
    assert_eq!(read.header("etag"), "\"2\"");
});

on_both!(the_programme_is_read_changed_and_taken_away, |world: World| async move {
    let (by, _, consultation) = world.consultation(None, "vetted").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let round = world.make(&by, &format!("{base}/rounds"), json!({ "number": 1 })).await;
    let path = format!("/api/v1/rounds/{}", id(&round));
    reads(&world, &by, &path, &round).await;
    let times = json!({ "number": 2, "starts_at": "2020-11-19T04:30:00Z", "ends_at": "2020-11-19T05:35:00Z" });
    let round = changes(&world, &by, &path, &round, times).await;
    assert_eq!(round["local_time"], "11:30–12:35 hrs. (Bangkok time)");
    let wrong = json!({ "ends_at": "2020-11-19T04:00:00Z" });
    let refused = Request::new(Method::PATCH, &path).by(Some(&by)).version(version(&round));
    world.send(refused.body(wrong)).await.points_to("/ends_at");

    let body = json!({ "kind": "working_groups", "title": "Round 2", "round_id": round["id"] });
    let session = world.make(&by, &format!("{base}/sessions"), body).await;
    reads(&world, &by, &format!("/api/v1/sessions/{}", id(&session)), &session).await;
    let body = json!({ "number": 1, "clusters": [[4], [8]], "min_size": 2, "max_size": 9, "languages": ["en"] });
    let group = world.make(&by, &format!("{base}/working-groups"), body).await;
    let path_of = format!("/api/v1/working-groups/{}", id(&group));
    reads(&world, &by, &path_of, &group).await;
    let body = json!({ "clusters": [[4, 8], [21]], "max_size": 12, "languages": ["en", "th"] });
    let group = changes(&world, &by, &path_of, &group, body).await;
    let headings = group["headings"].as_array().unwrap();
    assert_eq!(headings.len(), 2, "{group}");
    assert!(headings[1].as_str().unwrap().contains("21"), "headings follow the numbers: {group}");
    let refused = Request::new(Method::PATCH, &path_of).by(Some(&by)).version(version(&group));
    world.send(refused.body(json!({ "max_size": 1 }))).await.points_to("/max_size");

    let organization =
        json!({ "name": "Example Trust", "sector": "civil_society", "country": "TH" });
    let organization = world.make(&by, "/api/v1/organizations", organization).await;
    let body = json!({ "organization_id": organization["id"], "kind": "stakeholder" });
    let part = world.make(&by, &format!("{base}/co-organizers"), body).await;
    let path_of = format!("/api/v1/co-organizers/{}", id(&part));
    reads(&world, &by, &path_of, &part).await;
    assert_eq!(part["name"], "Example Trust");
    let part =
        changes(&world, &by, &path_of, &part, json!({ "kind": "un_network", "position": 7 })).await;
    goes(&world, &by, &path_of, &part).await;
    let left = world.get(None, &format!("{base}/co-organizers")).await;
    assert_ne!(left.json["items"][0]["id"], part["id"]);

    // Of a round that a session holds nothing is lost; without one it goes.
    let used = Request::new(Method::DELETE, &path).by(Some(&by)).version(version(&round));
    let used = world.send(used).await;
    assert!([204, 409].contains(&used.status), "{}", used.text);
    let body = json!({ "number": 3 });
    let spare = world.make(&by, &format!("{base}/rounds"), body).await;
    goes(&world, &by, &format!("/api/v1/rounds/{}", id(&spare)), &spare).await;
});

on_both!(categories_windows_filters_and_sources_are_read_and_changed, |world: World| async move {
    let scene = crate::inputs::scene(&world).await;
    let (by, review) = (&scene.secretariat, &scene.review);
    let base = format!("/api/v1/consultations/{}", id(&scene.consultation));
    let categories = format!("/api/v1/reviews/{}/input-categories", id(review));
    let body = json!({ "code": "lessons", "heading": "Lessons", "splits_by_objective": true });
    let category = world.make(by, &categories, body.clone()).await;
    let path = format!("/api/v1/input-categories/{}", id(&category));
    reads(&world, by, &path, &category).await;
    world.post(by, &categories, body).await.is_problem(409, "already_exists");
    let change = json!({ "heading": "Lessons learned", "splits_by_objective": false });
    let category = changes(&world, by, &path, &category, change).await;
    let listed = world.get(None, &categories).await.json;
    assert_eq!(listed["items"].as_array().unwrap().last().unwrap()["heading"], "Lessons learned");
    let mut input = scene.input("Learned.");
    input["category_id"] = category["id"].clone();
    assert_eq!(world.make(by, &scene.path, input).await["category_id"], category["id"]);

    let windows = format!("{base}/input-windows");
    assert_eq!(world.get(None, &windows).await.json["windows"], json!([]));
    let window = json!({ "moment": "after", "opens_at": "2020-11-19T07:30:00Z", "closes_at": "2020-11-26T17:00:00Z" });
    let put = Request::new(Method::PUT, &windows).by(Some(by)).body(json!({ "windows": [window] }));
    assert_eq!(world.send(put).await.status, 200);
    let read = world.get(None, &windows).await.json;
    for (field, value) in window.as_object().unwrap() {
        assert_eq!(&read["windows"][0][field], value, "{field}: {read}");
    }

    let filters = format!("{base}/input-filters");
    let saved = json!({ "name": "Mine", "filter": { "q": "passports" } });
    let saved = world.make(by, &filters, saved).await;
    let path = format!("/api/v1/input-filters/{}", id(&saved));
    let colleague =
        world.person_with("Col League", Role::Secretariat, ScopeKind::Review, id(review));
    let delete = |who: &Person| {
        let (world, path, who) = (&world, &path, who.clone());
        async move { world.send(Request::new(Method::DELETE, path).by(Some(&who))).await }
    };
    delete(&colleague).await.is_problem(404, "not_found");
    assert_eq!(delete(by).await.status, 204);
    assert_eq!(world.get(Some(by), &filters).await.json["items"], json!([]));
    delete(by).await.is_problem(404, "not_found");

    let path = format!("{base}/input-sources?title=Notes&file_name=notes.txt&dry_run=false");
    let source =
        crate::jobs::upload(&world, by, &path, "text/plain", "Fees differ.\n\nOffices close.");
    let source = source.await.json;
    let read = world.get(Some(by), &format!("/api/v1/input-sources/{}", id(&source))).await;
    assert_eq!((read.status, &read.json["title"]), (200, &json!("Notes")), "{}", read.text);
    assert_eq!(
        (&read.json["lines"], &read.json["waiting"]),
        (&json!(2), &json!(2)),
        "{}",
        read.text
    );
    let person = scene.participant(&world, "Pat One").await;
    let outside = world.get(Some(&person), &format!("/api/v1/input-sources/{}", id(&source))).await;
    assert!([403, 404].contains(&outside.status), "{}", outside.text);
});

on_both!(questions_offers_and_mails_are_read_one_by_one, |world: World| async move {
    let (by, review, consultation) = world.consultation(None, "vetted").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let question = json!({
        "code": "crossing", "kind": "short_text", "wording": { "en": { "prompt": "Where?" } },
        "purpose": "To know where", "legal_basis": "consent"
    });
    let question = world.make(&by, &format!("{base}/questions"), question).await;
    reads(&world, &by, &format!("/api/v1/questions/{}", id(&question)), &question).await;
    assert_eq!(question["wording"]["en"]["prompt"], "Where?");
    world.phases(&by, id(&consultation), &["open_call"]).await;

    let owner = world.person("Pat Owner");
    let organization =
        json!({ "name": "Example Trust", "sector": "civil_society", "country": "TH" });
    let organization = world.make(&owner, "/api/v1/organizations", organization).await;
    let offer = json!({ "organization_id": organization["id"], "kind": "stakeholder", "motivation": "We can help." });
    let offer = world.make(&owner, &format!("{base}/co-organizing-offers"), offer).await;
    let path = format!("/api/v1/co-organizing-offers/{}", id(&offer));
    reads(&world, &owner, &path, &offer).await;
    let seen = world.get(Some(&by), &path).await;
    assert_eq!((&seen.json["motivation"], version(&seen.json)), (&json!("We can help."), 1));
    let stranger = world.person("Sam Stranger");
    world.get(Some(&stranger), &path).await.is_problem(404, "not_found");

    // A mail that was about to go is kept back, is not sent meanwhile, and goes once it is let go.
    world.make(&owner, &format!("{base}/registrations"), registration("media", "TH")).await;
    let waiting = world.get(Some(&by), "/api/v1/outbox?limit=200").await.json;
    let pending =
        |one: &&Value| one["state"] == "pending" && one["recipient"] == json!(owner.email);
    let waiting = waiting["items"].as_array().unwrap().iter().find(pending).unwrap().clone();
    let mail = format!("/api/v1/outbox/{}", id(&waiting));
    let act = |what: &str, seen: i64| {
        let path = format!("{mail}/{what}");
        let (world, by) = (&world, &by);
        async move { world.send(Request::new(Method::POST, &path).by(Some(by)).version(seen)).await }
    };
    let held = act("hold", version(&waiting)).await;
    assert_eq!((held.status, &held.json["state"]), (200, &json!("held")), "{}", held.text);
    act("hold", version(&waiting)).await.is_problem(412, "version_mismatch");
    let mailer = rapporteur::mailer::Mailer::open(&world.app.settings).unwrap();
    rapporteur::worker::send_due(&world.app, &mailer).await.unwrap();
    let kept = world.get(Some(&by), &mail).await.json;
    assert_eq!((&kept["state"], &kept["sent_at"]), (&json!("held"), &Value::Null), "{kept}");
    let released = act("release", version(&held.json)).await;
    assert_eq!((released.status, &released.json["state"]), (200, &json!("pending")));
    rapporteur::worker::send_due(&world.app, &mailer).await.unwrap();
    assert!(world.get(Some(&by), &mail).await.json["sent_at"].is_string());

    let papers = world.get(None, &format!("/api/v1/reviews/{}/papers", id(&review))).await;
    assert_eq!((papers.status, &papers.json["items"]), (200, &json!([])), "{}", papers.text);
});

on_both!(papers_are_listed_once_they_are_published, |world: World| async move {
    let walk = crate::main_job::walk(&world, "Asha Example", "Example Foundation").await;
    let path = format!("/api/v1/reviews/{}/papers", id(&walk.review));
    for by in [None, Some(&walk.secretariat)] {
        let papers = world.get(by, &path).await.json;
        assert_eq!(papers["items"].as_array().unwrap().len(), 1, "{papers}");
        let listed = format!("/api/v1/reports/{}", id(&papers["items"][0]));
        assert_eq!((&listed, &papers["items"][0]["state"]), (&walk.paper, &json!("published")));
    }
    let draft =
        world.make(&walk.secretariat, &path, json!({ "symbol": "ESCAP/GCM/2021/CRP.3" })).await;
    let seen = world.get(Some(&walk.secretariat), &path).await.json;
    let (items, newest) = (seen["items"].as_array().unwrap(), &seen["items"][1]);
    assert_eq!((items.len(), &newest["id"]), (2, &draft["id"]), "in the order of their opening");
    let public = world.get(None, &path).await.json;
    assert_eq!(public["items"].as_array().unwrap().len(), 1, "a draft is not for everybody");
});

on_both!(every_closed_list_of_reasons_is_published_in_six_languages, |world: World| async move {
    let lists = world.get(None, "/api/v1/reason-codes").await.json;
    let lists = lists["items"].as_array().unwrap();
    let decisions: Vec<&str> =
        lists.iter().map(|list| list["decision"].as_str().unwrap()).collect();
    assert_eq!(decisions, ["decline_registration", "decline_offer", "set_input_aside"]);
    for reason in lists.iter().flat_map(|list| list["reasons"].as_array().unwrap()) {
        let titles = reason["titles"].as_object().unwrap();
        assert_eq!(titles.keys().collect::<Vec<_>>(), ["ar", "en", "es", "fr", "ru", "zh"]);
        assert!(titles.values().all(|title| !title.as_str().unwrap().is_empty()), "{reason}");
    }
});
