//! A group or a round that goes out of a programme is named by nobody then: no registration, no form that is being filled in, no rule of
//! assignments. What people asked for beside it stays.

use reqwest::Method;
use serde_json::{Value, json};

use crate::drafts::{links, send};
use crate::harness::{Answer, Person, Request, World, id, registration};
use crate::on_both;

struct Scene {
    secretariat: Person,
    base: String,
    groups: Vec<Value>,
    rounds: Vec<Value>,
}

impl Scene {
    async fn new(world: &World) -> Self {
        let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
        let base = format!("/api/v1/consultations/{}", id(&consultation));
        let mut groups = Vec::new();
        for (number, clusters) in [(1, json!([[4], [8], [21]])), (2, json!([[9, 10], [11, 13]]))] {
            let body = json!({ "number": number, "clusters": clusters, "min_size": 1, "max_size": 9, "languages": ["en"] });
            groups.push(world.make(&secretariat, &format!("{base}/working-groups"), body).await);
        }
        let mut rounds = Vec::new();
        for number in [1, 2] {
            let body = json!({ "number": number });
            rounds.push(world.make(&secretariat, &format!("{base}/rounds"), body).await);
        }
        world.phases(&secretariat, id(&consultation), &["open_call"]).await;
        Self { secretariat, base, groups, rounds }
    }

    async fn removes(&self, world: &World, kind: &str, row: &Value) -> Answer {
        let path = format!("/api/v1/{kind}/{}", id(row));
        let request = Request::new(Method::DELETE, &path).by(Some(&self.secretariat));
        world.send(request.version(row["version"].as_i64().unwrap())).await
    }
}

async fn as_it_is(world: &World, person: &Person, made: &Value) -> Value {
    world.get(Some(person), &format!("/api/v1/registrations/{}", id(made))).await.json
}

/// Sends back what was read of a registration.
async fn sends_back(world: &World, person: &Person, read: &Value) -> Value {
    let path = format!("/api/v1/registrations/{}", id(read));
    let body = json!({ "preferences": read["preferences"], "rounds": read["rounds"] });
    world.change(person, Method::PATCH, &path, read["version"].as_i64().unwrap(), body).await
}

on_both!(what_is_removed_from_a_programme_is_named_by_nobody, |world: World| async move {
    let scene = Scene::new(&world).await;
    let (group, other) = (id(&scene.groups[0]), id(&scene.groups[1]));
    let (round, last) = (id(&scene.rounds[0]), id(&scene.rounds[1]));
    let mut wishing = registration("media", "TH");
    wishing["preferences"] = json!([group, other]);
    wishing["rounds"] = json!([round, last]);
    let (asha, bo) = (world.person("Asha Example"), world.person("Bo Example"));
    let registrations = format!("{}/registrations", scene.base);
    let first = world.make(&asha, &registrations, wishing).await;
    let mut late = registration("academia", "IN");
    late["rounds"] = json!([last]);
    let second = world.make(&bo, &registrations, late).await;

    let drafts = format!("{}/registration-drafts", scene.base);
    send(&world, &drafts, None, json!({ "email": "nok@example.org" })).await;
    let token = links(&world, "registration_draft").pop().unwrap().1;
    let draft = async |step: &str, version: Option<i64>, body: Value| {
        let answer =
            send(&world, &format!("/api/v1/registration-drafts/{step}"), version, body).await;
        assert_eq!(answer.status, 200, "{step}: {}", answer.text);
        answer.json
    };
    draft("open", None, json!({ "token": token })).await;
    let form = json!({
        "name": "Nok Example", "sector": "academia", "country": "TH", "languages": ["en"],
        "preferences": [group], "rounds": [last], "consents": { "processing": true }
    });
    let saved = draft("save", Some(1), json!({ "token": token, "form": form })).await;

    let path = format!("{}/assignment-rules", scene.base);
    let rules = json!({
        "pins": [
            { "registration_id": id(&first), "working_group_id": group },
            { "registration_id": id(&second), "working_group_id": other, "round_id": last },
            { "registration_id": id(&second), "working_group_id": other, "round_id": round },
        ],
        "limits": [{ "working_group_id": group, "round_id": round, "min_size": 1, "max_size": 4 }]
    });
    world.change(&scene.secretariat, Method::PUT, &path, 0, rules).await;

    // The group: whoever then changes their registration is told nothing of it.
    let gone = scene.removes(&world, "working-groups", &scene.groups[0]).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    let read = as_it_is(&world, &asha, &first).await;
    assert_eq!(read["preferences"], json!([other]));
    assert_eq!(read["rounds"], json!([round, last]));
    sends_back(&world, &asha, &read).await;
    let untouched = as_it_is(&world, &bo, &second).await;
    assert_eq!(untouched["version"], second["version"], "who did not name it");
    let opened = draft("open", None, json!({ "token": token })).await;
    assert_eq!(opened["form"]["preferences"], json!([]), "{opened}");
    let rules = world.get(Some(&scene.secretariat), &path).await.json;
    assert_eq!((rules["limits"].as_array().unwrap().len(), &rules["version"]), (0, &json!(2)));
    assert_eq!(rules["pins"].as_array().unwrap().len(), 2, "{rules}");

    // The round: not while somebody comes for it alone.
    let refused = scene.removes(&world, "rounds", &scene.rounds[1]).await;
    refused.is_problem(409, "in_use");
    let all = format!("/api/v1/registrations/{}", id(&second));
    let version = second["version"].as_i64().unwrap();
    world.change(&bo, Method::PATCH, &all, version, json!({ "rounds": null })).await;
    let gone = scene.removes(&world, "rounds", &scene.rounds[1]).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    let read = as_it_is(&world, &asha, &first).await;
    assert_eq!(read["rounds"], json!([round]));
    sends_back(&world, &asha, &read).await;
    let rules = world.get(Some(&scene.secretariat), &path).await.json;
    assert_eq!(rules["pins"].as_array().unwrap().len(), 1, "{rules}");
    assert_eq!(rules["pins"][0]["round_id"], round);

    // The form is sent off as it was saved, without what is gone.
    let version = saved["version"].as_i64();
    let sent = draft("submit", version, json!({ "token": token })).await;
    assert_eq!(sent["registration"]["preferences"], json!([]), "{sent}");
});
