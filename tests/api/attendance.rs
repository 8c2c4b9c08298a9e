//! Attendance over HTTP: by list, by code, and out of the report of a video platform.

use rapporteur::access::{Role, ScopeKind};
use rapporteur::work::Credentials;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Database, Person, Request, World, id, registration, typed};
use crate::on_both;
use crate::plans::proposed;

struct Scene {
    secretariat: Person,
    consultation: String,
    base: String,
    groups: Vec<String>,
    opening: String,
    parallel: String,
}

/// A consultation in its open call, with an opening and a round of two working groups.
async fn scene(world: &World) -> Scene {
    let (secretariat, _, made) = world.consultation(Some(40), "vetted").await;
    let consultation = id(&made).to_owned();
    let base = format!("/api/v1/consultations/{consultation}");
    let mut groups = Vec::new();
    for (number, objectives) in [(1, [4, 8]), (2, [9, 10])] {
        let body = json!({ "number": number, "clusters": [objectives], "min_size": 1, "max_size": 40, "languages": ["en"] });
        let group = world.make(&secretariat, &format!("{base}/working-groups"), body).await;
        groups.push(id(&group).to_owned());
    }
    let round = world.make(&secretariat, &format!("{base}/rounds"), json!({ "number": 1 })).await;
    let sessions = format!("{base}/sessions");
    let opening = json!({ "kind": "opening", "title": "Opening",
        "starts_at": "2020-11-19T04:00:00Z", "ends_at": "2020-11-19T04:30:00Z" });
    let opening = id(&world.make(&secretariat, &sessions, opening).await).to_owned();
    let parallel = json!({ "kind": "working_groups", "title": "Working groups", "round_id": id(&round),
        "starts_at": "2020-11-19T04:30:00Z", "ends_at": "2020-11-19T05:35:00Z" });
    let parallel = id(&world.make(&secretariat, &sessions, parallel).await).to_owned();
    world.phases(&secretariat, &consultation, &["open_call"]).await;
    Scene { secretariat, consultation, base, groups, opening, parallel }
}

impl Scene {
    async fn register(&self, world: &World, person: &Person, decision: &str) -> Value {
        let path = format!("{}/registrations", self.base);
        let made = world.make(person, &path, registration("media", "TH")).await;
        let path = format!("/api/v1/registrations/{}/decision", id(&made));
        let mut body = json!({ "decision": decision });
        if decision == "decline" {
            body["reason_code"] = json!("out_of_scope");
            body["note"] = json!("About something else.");
        }
        world.change(&self.secretariat, Method::POST, &path, 1, body).await
    }

    async fn begin(&self, world: &World) {
        let phases = ["registration_closed", "in_session"];
        world.phases(&self.secretariat, &self.consultation, &phases).await;
    }

    fn attendance(&self) -> String {
        format!("/api/v1/sessions/{}/attendance", self.opening)
    }
}

fn names(answer: &Answer) -> Vec<String> {
    let items = answer.json["items"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
    let mut names: Vec<String> =
        items.iter().map(|one| one["name"].as_str().unwrap_or("").to_owned()).collect();
    names.sort();
    names
}

async fn import(world: &World, person: &Person, path: &str, file: &str) -> Answer {
    let sent = world
        .client
        .post(format!("{}{path}", world.base))
        .bearer_auth(&person.token)
        .header("Content-Type", "text/csv")
        .body(file.to_owned());
    Answer::of(sent.send().await.unwrap()).await
}

on_both!(
    the_secretariat_records_by_list_and_the_same_person_is_there_once,
    |world: World| async move {
        let scene = scene(&world).await;
        let [asha, binh, chen, dara] = ["Asha Example", "Binh Sample", "Chen Fixture", "Dara Gone"]
            .map(|name| world.person(name));
        let confirmed = scene.register(&world, &asha, "confirm").await;
        let waiting = scene.register(&world, &binh, "waitlist").await;
        let declined = scene.register(&world, &dara, "decline").await;
        let path = scene.attendance();
        let one =
            |registration: &Value| json!({ "people": [{ "registration_id": id(registration) }] });
        let early = world.post(&scene.secretariat, &path, one(&confirmed)).await;
        early.is_problem(409, "not_in_this_phase");
        scene.begin(&world).await;

        let body = json!({ "people": [
        { "registration_id": id(&confirmed), "minutes": 30 }, { "registration_id": id(&waiting) },
        { "person": { "name": "Esi Walkin", "email": "esi@example.org" } },
        { "person": { "name": "WALKIN, Esi", "email": "ESI@example.org" }, "minutes": 12 },
        { "person": { "name": "A. Example", "email": "asha.example@example.org" } }
    ] });
        let made = world.make(&scene.secretariat, &path, body.clone()).await;
        assert_eq!((&made["new"], &made["known"]), (&json!(3), &json!(0)), "{made}");
        let again = world.make(&scene.secretariat, &path, body).await;
        assert_eq!((&again["new"], &again["known"]), (&json!(0), &json!(3)), "{again}");
        let list = world.get(Some(&scene.secretariat), &path).await;
        assert_eq!(names(&list), ["Asha Example", "Binh Sample", "Esi Walkin"]);
        let find = |name: &str| {
            let items = list.json["items"].as_array().unwrap().clone();
            items.into_iter().find(|one| one["name"] == name).unwrap()
        };
        assert_eq!(find("Binh Sample")["standing"], "waitlisted");
        assert_eq!(find("Asha Example")["minutes"], 30);
        let esi = find("Esi Walkin");
        assert_eq!((&esi["minutes"], &esi["registration_id"]), (&json!(12), &Value::Null));
        assert_eq!(esi["held_on"], "2020-11-19");
        assert!(!list.text.contains("_at"), "no moment is kept: {}", list.text);

        // Who was declined is refused where they stand in the list, and then nobody of it is recorded.
        let body = json!({ "people": [{ "person": { "name": "New" } }, { "registration_id": id(&declined) }] });
        let refused = world.post(&scene.secretariat, &path, body).await;
        refused.is_problem(422, "invalid_value");
        refused.points_to("/people/1/registration_id");
        let both = json!({ "people": [{ "registration_id": id(&confirmed), "person": { "name": "Two" } }] });
        world.post(&scene.secretariat, &path, both).await.points_to("/people/0");
        let nameless = json!({ "people": [{ "person": { "name": " — " }, "minutes": 1441 }] });
        let refused = world.post(&scene.secretariat, &path, nameless).await;
        refused.points_to("/people/0/person/name");
        refused.points_to("/people/0/minutes");
        world.post(&scene.secretariat, &path, json!({ "people": [] })).await.points_to("/people");
        world.get(Some(&chen), &path).await.is_problem(403, "forbidden");
        world.get(None, &path).await.is_problem(401, "unauthenticated");

        // The contract with statistics: each person once.
        let attended = world.app.read_blocking(&Credentials::Operator, |work| {
            let consultation = scene.consultation.parse().unwrap();
            rapporteur::registrations::attended::came(work.conn, consultation)
                .map(Option::unwrap_or_default)
        });
        let attended = attended.unwrap();
        assert_eq!(attended.registrations, [typed(&confirmed), typed(&waiting)].into());
        assert_eq!(attended.unregistered, 1);

        // Taken back, with the version that was seen.
        let own = format!("/api/v1/attendance/{}", id(&esi));
        let stale = Request::new(Method::DELETE, &own).by(Some(&scene.secretariat)).version(99);
        world.send(stale).await.is_problem(412, "version_mismatch");
        let version =
            again["items"].as_array().unwrap().iter().find(|one| one["name"] == "Esi Walkin");
        let version = version.unwrap()["version"].as_i64().unwrap();
        let gone = Request::new(Method::DELETE, &own).by(Some(&scene.secretariat)).version(version);
        assert_eq!(world.send(gone).await.status, 204);
        assert_eq!(names(&world.get(Some(&scene.secretariat), &path).await).len(), 2);

        // Nothing of it is in the audit log but ids and numbers.
        let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
        let audit = world.get(Some(&admin), "/api/v1/audit?limit=200").await.text;
        assert!(audit.contains("attendance.recorded") && audit.contains("attendance.deleted"));
        assert!(!audit.contains("Esi") && !audit.contains("esi@"));
    }
);

on_both!(a_host_records_the_own_group_and_nobody_elses, |world: World| async move {
    let scene = scene(&world).await;
    let [asha, binh] = ["Asha Example", "Binh Sample"].map(|name| world.person(name));
    let mut registered = Vec::new();
    for (person, group) in [(&asha, 0), (&binh, 1)] {
        let path = format!("{}/registrations", scene.base);
        let mut body = registration("media", "TH");
        body["preferences"] = json!([scene.groups[group]]);
        let made = world.make(person, &path, body).await;
        let path = format!("/api/v1/registrations/{}/decision", id(&made));
        let decided = json!({ "decision": "confirm" });
        registered.push(world.change(&scene.secretariat, Method::POST, &path, 1, decided).await);
    }
    let plan = proposed(&world, &scene.secretariat, &scene.base, json!({})).await;
    let apply = format!("/api/v1/assignment-plans/{}/apply", id(&plan));
    world.change(&scene.secretariat, Method::POST, &apply, 1, json!({})).await;
    scene.begin(&world).await;
    let host =
        world.person_with("Hana Host", Role::CoHost, ScopeKind::WorkingGroup, &scene.groups[0]);
    world.get(Some(&host), &scene.attendance()).await.is_problem(403, "forbidden");
    let path = format!("/api/v1/sessions/{}/attendance", scene.parallel);
    let seats = world.get(Some(&host), &format!("{}/assignments", scene.base)).await.json;
    let mine = seats["items"][0]["registration_id"].as_str().unwrap().to_owned();
    let other = registered.iter().map(id).find(|one| *one != mine).unwrap().to_owned();
    let one = |registration: &str| json!({ "people": [{ "registration_id": registration }] });
    let refused = world.post(&host, &path, one(&other)).await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("/people/0/registration_id");
    let made = world.make(&host, &path, one(&mine)).await;
    assert_eq!(made["items"][0]["working_group_id"], scene.groups[0]);
    let mut elsewhere = one(&mine);
    elsewhere["working_group_id"] = json!(scene.groups[1]);
    world.post(&host, &path, elsewhere).await.points_to("/working_group_id");
    // An address does not tell a host who registered.
    let body =
        json!({ "people": [{ "person": { "name": "B", "email": "binh.sample@example.org" } }] });
    let made = world.make(&host, &path, body).await;
    assert_eq!(made["items"][0]["registration_id"], Value::Null);
    world.make(&scene.secretariat, &path, one(&other)).await;
    assert_eq!(names(&world.get(Some(&host), &path).await).len(), 2);
    let all = world.get(Some(&scene.secretariat), &path).await;
    assert_eq!(names(&all).len(), 3);
    let theirs =
        all.json["items"].as_array().unwrap().iter().find(|one| one["registration_id"] == other);
    assert_eq!(theirs.unwrap()["working_group_id"], scene.groups[1], "{}", all.text);
    let theirs = format!("/api/v1/attendance/{}", id(theirs.unwrap()));
    let gone = Request::new(Method::DELETE, &theirs).by(Some(&host)).version(1);
    world.send(gone).await.is_problem(404, "not_found");
    let imports = format!("{path}/imports");
    import(&world, &host, &imports, "Name\nAsha\n").await.is_problem(403, "forbidden");
});

on_both!(who_is_confirmed_checks_in_with_the_code_during_the_session, |world: World| async move {
    let scene = scene(&world).await;
    let [asha, binh] = ["Asha Example", "Binh Sample"].map(|name| world.person(name));
    scene.register(&world, &asha, "confirm").await;
    scene.register(&world, &binh, "waitlist").await;
    scene.begin(&world).await;
    let codes = format!("/api/v1/sessions/{}/check-in-code", scene.opening);
    let path = format!("/api/v1/sessions/{}/check-in", scene.opening);
    let refused = world.post(&scene.secretariat, &codes, json!({ "margin_minutes": 121 })).await;
    refused.points_to("/margin_minutes");
    world.post(&asha, &codes, json!({})).await.is_problem(403, "forbidden");
    let first = world.make(&scene.secretariat, &codes, json!({})).await;
    let issued = world.make(&scene.secretariat, &codes, json!({ "margin_minutes": 10 })).await;
    assert_eq!(issued["valid_from"], "2020-11-19T03:50:00Z");
    assert_eq!(issued["valid_until"], "2020-11-19T04:40:00Z");
    let code = issued["code"].as_str().unwrap().to_owned();
    assert_eq!(code.len(), 6);
    let enter = |code: &str| json!({ "code": code });

    // Too early, the code before, a wrong one: one answer. As people type it: taken.
    let early = world.post(&asha, &path, enter(&code)).await;
    early.is_problem(422, "invalid_value");
    let until = "2020-11-19T04:39:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    world.app.clock.advance(until - world.app.clock.now().utc());
    let (asha, binh) = (world.signed_in_again(&asha), world.signed_in_again(&binh));
    for wrong in [first["code"].as_str().unwrap(), "XXXXXX", ""] {
        let refused = world.post(&asha, &path, enter(wrong)).await;
        assert_eq!(refused.json["detail"], early.json["detail"]);
    }
    let typed = format!("{} {}", &code[..3].to_lowercase(), &code[3..]);
    for _ in 0..2 {
        assert_eq!(world.make(&asha, &path, enter(&typed)).await["session_id"], scene.opening);
    }
    world.post(&binh, &path, enter(&code)).await.is_problem(403, "forbidden");
    let anonymous = Request::new(Method::POST, &path).body(enter(&code));
    world.send(anonymous).await.is_problem(401, "unauthenticated");
    let secretariat = world.signed_in_again(&scene.secretariat);
    let list = world.get(Some(&secretariat), &scene.attendance()).await;
    assert_eq!(names(&list), ["Asha Example"]);
    assert_eq!(list.json["items"][0]["method"], "code");
    world.app.clock.advance(chrono::Duration::minutes(2));
    world.post(&asha, &path, enter(&code)).await.is_problem(422, "invalid_value");

    // The audit log tells that somebody checked in, and not who.
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let audit = world.get(Some(&admin), "/api/v1/audit?limit=200").await.json;
    let entries = audit["items"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["action"] == "attendance.checked_in").unwrap();
    assert_eq!(entry["actor_id"], Value::Null, "{entry}");
    assert!(!entry.to_string().contains(&asha.id.to_string()));
});

#[actix_web::test]
async fn wrong_codes_are_limited() {
    let Some(world) =
        World::with(Database::Sqlite, |settings| settings.limits.sign_in_per_minute = 3)
    else {
        return;
    };
    let scene = scene(&world).await;
    let asha = world.person("Asha Example");
    scene.register(&world, &asha, "confirm").await;
    scene.begin(&world).await;
    let path = format!("/api/v1/sessions/{}/check-in", scene.opening);
    for _ in 0..3 {
        world
            .post(&asha, &path, json!({ "code": "XXXXXX" }))
            .await
            .is_problem(422, "invalid_value");
    }
    let limited = world.post(&asha, &path, json!({ "code": "XXXXXX" })).await;
    limited.is_problem(429, "too_many_requests");
    assert!(!limited.header("retry-after").is_empty());
}

const ZOOM: &str = "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\r\n\
    912 3456 7890,Borders,11/19/2020 10:50:01 AM,11/19/2020 02:31:12 PM,host@example.org,222,6\r\n\
    \r\n\
    Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\r\n\
    Asha,asha.example@example.org,11/19/2020 10:58:00 AM,11/19/2020 11:40:00 AM,42,No\r\n\
    WG1 (Asha Example),,11/19/2020 11:41:00 AM,11/19/2020 02:30:00 PM,10,Yes\r\n\
    \"Sample, Binh\",,11/19/2020 11:00:00 AM,11/19/2020 02:30:00 PM,60,Yes\r\n\
    Chen Twice,,11/19/2020 11:00:00 AM,11/19/2020 02:30:00 PM,60,Yes\r\n\
    Esi Walkin,esi@example.org,11/19/2020 11:00:00 AM,11/19/2020 11:30:00 AM,30,Yes\r\n\
    Esi Walkin,esi@example.org,11/19/2020 11:31:00 AM,11/19/2020 11:36:00 AM,5,Yes\r\n\
    Dara Gone,,11/19/2020 11:00:00 AM,11/19/2020 11:30:00 AM,30,Yes\r\n";

on_both!(the_report_of_a_video_platform_is_shown_then_recorded, |world: World| async move {
    let scene = scene(&world).await;
    for name in ["Asha Example", "Binh Sample", "Chen Twice"] {
        scene.register(&world, &world.person(name), "confirm").await;
    }
    scene.register(&world, &world.person("Twice Chen"), "confirm").await;
    scene.register(&world, &world.person("Dara Gone"), "decline").await;
    scene.begin(&world).await;
    let path = format!("{}/imports", scene.attendance());
    let dry =
        import(&world, &scene.secretariat, &format!("{path}?record_unmatched=true"), ZOOM).await;
    assert_eq!(dry.status, 200, "{}", dry.text);
    let counts = |answer: &Answer| {
        ["rows", "matched", "unmatched", "ambiguous", "not_active", "new", "known"]
            .map(|name| answer.json[name].as_i64().unwrap_or(-1))
    };
    assert_eq!(counts(&dry), [7, 3, 1, 1, 1, 0, 0], "{}", dry.text);
    assert_eq!(dry.json["dry_run"], true);
    let people = dry.json["people"].as_array().unwrap();
    let outcome = |name: &str| {
        people.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name}"))
    };
    assert_eq!(outcome("Asha")["outcome"], "matched_by_email");
    assert_eq!(outcome("WG1 (Asha Example)")["outcome"], "matched_by_name");
    assert_eq!(outcome("Chen Twice")["registrations"].as_array().unwrap().len(), 2);
    assert_eq!(outcome("Dara Gone")["recorded"], false);
    assert_eq!(outcome("Esi Walkin")["rows"], json!([9, 10]));
    assert_eq!(names(&world.get(Some(&scene.secretariat), &scene.attendance()).await).len(), 0);

    // Without saying so nobody who did not register is recorded.
    let done = import(&world, &scene.secretariat, &format!("{path}?dry_run=false"), ZOOM).await;
    assert_eq!(counts(&done)[5..], [2, 0], "{}", done.text);
    let all = format!("{path}?dry_run=false&record_unmatched=true");
    for (new, known) in [(1, 2), (0, 3)] {
        let done = import(&world, &scene.secretariat, &all, ZOOM).await;
        assert_eq!(counts(&done)[5..], [new, known], "{}", done.text);
    }
    let list = world.get(Some(&scene.secretariat), &scene.attendance()).await;
    assert_eq!(names(&list), ["Asha Example", "Binh Sample", "Esi Walkin"]);
    let minutes = |name: &str| {
        let items = list.json["items"].as_array().unwrap();
        items.iter().find(|one| one["name"] == name).unwrap()["minutes"].clone()
    };
    // The meeting was longer than the session: thirty minutes.
    assert_eq!((minutes("Asha Example"), minutes("Esi Walkin")), (json!(30), json!(30)));
    assert!(!list.text.contains("10:58"), "when people joined is not kept");

    let no_table = import(&world, &scene.secretariat, &path, "a,b\n1,2\n").await;
    assert_eq!(no_table.status, 422, "{}", no_table.text);
    let unknown = import(&world, &scene.secretariat, &format!("{path}?dryrun=false"), ZOOM).await;
    unknown.is_problem(400, "invalid_query");

    // After some time it is forgotten who came without registering; how many they were is not.
    world.app.clock.advance(chrono::Duration::days(400));
    rapporteur::worker::clear(&world.app).await.unwrap();
    let later = world.signed_in_again(&scene.secretariat);
    let list = world.get(Some(&later), &scene.attendance()).await;
    assert_eq!(names(&list), ["", "Asha Example", "Binh Sample"], "{}", list.text);
    assert!(!list.text.contains("esi@"));
    let attended = world.app.read_blocking(&Credentials::Operator, |work| {
        let consultation = scene.consultation.parse().unwrap();
        rapporteur::registrations::attended::came(work.conn, consultation)
            .map(Option::unwrap_or_default)
    });
    assert_eq!(attended.unwrap().unregistered, 1);
});

on_both!(
    people_are_counted_as_they_were_and_asked_about_where_that_is_not_known,
    |world: World| async move {
        let scene = scene(&world).await;
        for name in ["Pat One", "Asha Example"] {
            scene.register(&world, &world.person(name), "confirm").await;
        }
        scene.begin(&world).await;
        let path = format!("/api/v1/sessions/{}/attendance", scene.parallel);
        let (dry, done) = (
            format!("{path}/imports?record_unmatched=true"),
            format!("{path}/imports?record_unmatched=true&dry_run=false"),
        );
        let told = |answer: &Answer| -> Vec<(String, String, Value)> {
            let people =
                answer.json["people"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
            let word = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
            people
                .iter()
                .map(|one| (word(one, "name"), word(one, "outcome"), one["minutes"].clone()))
                .collect()
        };
        let told_of = |name: &str, outcome: &str, minutes: i32| {
            (name.to_owned(), outcome.to_owned(), json!(minutes))
        };
        // By two devices at once, in a session of 65 minutes.
        let devices = "Name,User Email,Join Time,Leave Time,Duration (Minutes)\n\
        Pat One,pat.one@example.org,11/28/2026 09:00:00 AM,11/28/2026 10:00:00 AM,60\n\
        Pat (Pat One),,11/28/2026 09:30:00 AM,11/28/2026 10:00:00 AM,30\n\
        Asha Example,,11/28/2026 08:00:00 AM,11/28/2026 10:00:00 AM,120\n";
        let found = import(&world, &scene.secretariat, &dry, devices).await;
        let matched = |name: &str, how: &str, minutes: i32| told_of(name, how, minutes);
        assert_eq!(
            told(&found),
            [
                matched("Pat One", "matched_by_email", 60),
                matched("Asha Example", "matched_by_name", 65)
            ]
        );
        // An office's address: whoever registered by it is one of them, and nobody says which of two strangers is the other.
        let office = "Name,User Email,Duration (Minutes)\n\
        Pat One,pat.one@example.org,60\n\
        Ren Two,pat.one@example.org,55\n\
        Esi Walkin,desk@example.org,50\n\
        Kai Walkin,desk@example.org,45\n";
        let found = import(&world, &scene.secretariat, &done, office).await;
        assert_eq!(
            told(&found),
            [
                told_of("Pat One", "matched_by_email", 60),
                told_of("Ren Two", "shared_address", 55),
                told_of("Esi Walkin", "unmatched", 50),
                told_of("Kai Walkin", "unmatched", 45),
            ]
        );
        let counts = ["matched", "unmatched", "shared_address", "new"];
        assert_eq!(counts.map(|name| found.json[name].as_i64().unwrap()), [1, 2, 1, 3]);
        let list = world.get(Some(&scene.secretariat), &path).await;
        assert_eq!(names(&list), ["Esi Walkin", "Kai Walkin", "Pat One"]);
        // Numbers of other places.
        let comma = "Name;User Email;Duration (Minutes)\nPat One;pat.one@example.org;12,5\nAsha Example;;1.065\n";
        let found = import(&world, &scene.secretariat, &dry, comma).await;
        assert_eq!(told(&found), [told_of("Pat One", "matched_by_email", 13)]);
        assert_eq!(found.json["errors"][0]["row"], 3, "{}", found.text);
    }
);
