//! Inputs: recorded by the team, mixed out of what people contribute, triaged by who may, and never saying who said them.

use rapporteur::access::{Role, ScopeKind};
use rapporteur::work::Credentials;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, id, registration};
use crate::on_both;
use rapporteur::consultations::{Round, WorkingGroup, programme};

/// A consultation that takes inputs, and who runs it.
pub struct Scene {
    pub secretariat: Person,
    pub review: Value,
    pub consultation: Value,
    pub category: Value,
    pub group: Value,
    pub other_group: Value,
    pub round: Value,
    pub path: String,
}

pub async fn scene(world: &World) -> Scene {
    let (secretariat, review, consultation) = world.consultation(None, "automatic").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let (consultation_id, category_by) = (crate::harness::typed(&consultation), secretariat.id);
    let number = |n: i64| rapporteur::reference::ObjectiveNumber::try_from(n).unwrap();
    let made = world.app.write_blocking(&Credentials::Account(category_by), |work| {
        use rapporteur::consultations::{NewRound, NewWorkingGroup};
        let mut new = |n: i32, objectives: [i64; 2]| {
            let clusters = vec![objectives.map(number).to_vec()];
            programme::service::create::<WorkingGroup>(
                work,
                consultation_id,
                NewWorkingGroup {
                    number: n,
                    clusters,
                    min_size: 1,
                    max_size: 40,
                    languages: vec!["en".into()],
                },
            )
        };
        let (one, two) = (new(1, [4, 8])?.id, new(2, [9, 10])?.id);
        let round = programme::service::create::<Round>(
            work,
            consultation_id,
            NewRound { number: 1, starts_at: None, ends_at: None },
        )?
        .id;
        Ok((json!({ "id": one }), json!({ "id": two }), json!({ "id": round })))
    });
    let (first, second, round) = made.unwrap();
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let categories = format!("/api/v1/reviews/{}/input-categories", id(&review));
    let categories = world.get(Some(&secretariat), &categories).await.json;
    let category = categories["items"].as_array().unwrap()[1].clone();
    let path = format!("{base}/inputs");
    Scene {
        secretariat,
        review,
        consultation,
        category,
        group: first,
        other_group: second,
        round,
        path,
    }
}

impl Scene {
    pub async fn participant(&self, world: &World, name: &str) -> Person {
        let person = world.person(name);
        let path = format!("/api/v1/consultations/{}/registrations", id(&self.consultation));
        let made = world.make(&person, &path, registration("civil_society", "TH")).await;
        assert_eq!(made["state"], "confirmed", "{made}");
        person
    }

    /// Something said before everybody, as the secretariat records it.
    pub fn input(&self, body: &str) -> Value {
        json!({
            "origin": "plenary", "told_by": "one", "objectives": [9, 4],
            "category_id": self.category["id"], "body": body
        })
    }

    /// Something said in a working group, as its rapporteur records it.
    pub fn spoken(&self, body: &str) -> Value {
        let mut input = self.input(body);
        input["origin"] = json!("group");
        input["working_group_id"] = self.group["id"].clone();
        input["round_id"] = self.round["id"].clone();
        input
    }

    /// Something to contribute by a receipt.
    pub fn said(&self, body: &str) -> Value {
        json!({ "objectives": [9, 4], "category_id": self.category["id"], "body": body })
    }

    /// The path of something of the consultation.
    pub fn of(&self, what: &str) -> String {
        format!("/api/v1/consultations/{}/{what}", id(&self.consultation))
    }

    /// Somebody confirmed with their receipt.
    pub async fn contributor(&self, world: &World, name: &str) -> (Person, String) {
        let person = self.participant(world, name).await;
        let receipt = self.receipt(world, &person).await;
        (person, receipt)
    }

    /// A receipt, given to somebody confirmed.
    pub async fn receipt(&self, world: &World, person: &Person) -> String {
        let given = world.make(person, &self.of("receipts"), json!({})).await;
        given["receipt"].as_str().unwrap().to_owned()
    }

    /// A request by receipt alone.
    pub async fn by_receipt(
        &self,
        world: &World,
        receipt: &str,
        method: Method,
        what: &str,
        body: Option<Value>,
    ) -> Answer {
        world.send_by_receipt(&self.consultation, receipt, method, what, body).await
    }

    /// Contributes something by receipt; it must be taken.
    pub async fn contribute(&self, world: &World, receipt: &str, said: Value) -> Value {
        let what = "contributions";
        let answer = self.by_receipt(world, receipt, Method::POST, what, Some(said)).await;
        assert!(answer.status < 300, "{} {}", answer.status, answer.text);
        answer.json
    }

    /// Everything of a receipt.
    pub async fn own(&self, world: &World, receipt: &str) -> Value {
        let answer = self.by_receipt(world, receipt, Method::GET, "contributions", None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json
    }

    /// The one input of a receipt, once it was mixed, as the team reads it.
    pub async fn input_of(&self, world: &World, receipt: &str) -> Value {
        let own = self.own(world, receipt).await;
        let path = format!("/api/v1/inputs/{}", id(&own["contributions"][0]));
        let secretariat = world.signed_in_again(&self.secretariat);
        world.get(Some(&secretariat), &path).await.json
    }

    /// What was said with these words, each by somebody of their own among ten, and mixed: the receipts of the ten, and the inputs as the
    /// team reads them, in the order of the words. The clock moves, so the secretariat has signed in again.
    pub async fn mixed(&mut self, world: &World, words: &[&str]) -> (Vec<String>, Vec<Value>) {
        let (mut receipts, mut inputs) = (Vec::new(), Vec::new());
        for number in 0..10 {
            let (_, receipt) = self.contributor(world, &format!("Sayer No{number}")).await;
            let beside = format!("Said beside it, number {number}.");
            let said = self.said(words.get(number).copied().unwrap_or(&beside));
            self.contribute(world, &receipt, said).await;
            receipts.push(receipt);
        }
        self.next_mixing(world);
        self.secretariat = world.signed_in_again(&self.secretariat);
        for receipt in &receipts[..words.len()] {
            inputs.push(self.input_of(world, receipt).await);
        }
        (receipts, inputs)
    }

    /// Takes back the one input of a receipt, as soon as that is mixed.
    pub async fn take_back(&self, world: &World, receipt: &str) {
        let own = self.own(world, receipt).await;
        self.take_back_this(world, receipt, &own["contributions"][0]).await;
    }

    /// Takes back one of several things that were said with a receipt.
    pub async fn take_back_this(&self, world: &World, receipt: &str, said: &Value) {
        let path = format!("contributions/{}", id(said));
        let answer = self.by_receipt(world, receipt, Method::DELETE, &path, None).await;
        assert_eq!(answer.json["withdrawal_waits"], true, "{}", answer.text);
    }

    /// The next fixed time comes.
    pub fn next_mixing(&self, world: &World) {
        world.next_mixing(&self.consultation);
    }

    /// The last window closes.
    pub fn mix_all(&self, world: &World) {
        world.last_mixing(&self.consultation);
    }
}

pub async fn decide(world: &World, by: &Person, input: &Value, body: Value) -> Answer {
    let path = format!("/api/v1/inputs/{}/decision", id(input));
    let version = input["version"].as_i64().unwrap();
    world.send(Request::new(Method::POST, &path).by(Some(by)).version(version).body(body)).await
}

on_both!(an_input_is_recorded_decided_on_and_found, |world: World| async move {
    let scene = scene(&world).await;
    let person = scene.participant(&world, "Zyx Planted").await;
    let made =
        world.make(&scene.secretariat, &scene.path, scene.input("  First.\r\nSecond.  ")).await;
    assert_eq!(made["body"], "First.\nSecond.");
    assert_eq!(made["objectives"], json!([4, 9]));
    assert_eq!((&made["language"], &made["told_by"]), (&json!("en"), &json!("one")));
    assert!(made.get("window").is_none() && made.get("submitted_on").is_none(), "{made}");

    decide(&world, &person, &made, json!({ "decision": "accept" }))
        .await
        .is_problem(404, "not_found");
    let refused = decide(&world, &scene.secretariat, &made, json!({ "decision": "return" })).await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("/question");
    let body = json!({ "decision": "accept", "reason_code": "other" });
    decide(&world, &scene.secretariat, &made, body).await.points_to("/reason_code");
    let path = format!("/api/v1/inputs/{}/decision", id(&made));
    let accept = json!({ "decision": "accept" });
    let bare = Request::new(Method::POST, &path).by(Some(&scene.secretariat)).body(accept.clone());
    world.send(bare).await.is_problem(428, "precondition_required");
    let accepted = decide(&world, &scene.secretariat, &made, accept.clone()).await;
    assert_eq!(accepted.json["state"], "accepted");
    let stale = decide(&world, &scene.secretariat, &made, accept.clone()).await;
    stale.is_problem(412, "version_mismatch");
    let again = decide(&world, &scene.secretariat, &accepted.json, accept).await;
    again.is_problem(409, "invalid_transition");
    assert!(again.text.contains("submitted"));

    let filter = format!(
        "{}?objective=9&state=accepted&origin=plenary&language=en&category_id={}",
        scene.path,
        id(&scene.category)
    );
    assert_eq!(
        world.get(Some(&scene.secretariat), &filter).await.json["items"].as_array().unwrap().len(),
        1
    );
    let none = format!("{}?objective=10", scene.path);
    assert_eq!(world.get(Some(&scene.secretariat), &none).await.json["items"], json!([]));
});

on_both!(who_is_nobody_here_learns_nothing, |world: World| async move {
    let scene = scene(&world).await;
    let stranger = world.person("Stran Ger");
    let administrator = world.person_with("Ada Min", Role::Administrator, ScopeKind::Instance, "");
    let (person, receipt) = scene.contributor(&world, "Pat One").await;
    scene.contribute(&world, &receipt, scene.said("Text.")).await;
    scene.mix_all(&world);
    let input = scene.input_of(&world, &receipt).await;
    let path = format!("/api/v1/inputs/{}", id(&input));
    // Whoever said it is one of them, as long as they are signed in.
    for nobody in [&stranger, &administrator, &person] {
        let nobody = &world.signed_in_again(nobody);
        world.get(Some(nobody), &path).await.is_problem(404, "not_found");
        world.get(Some(nobody), &scene.path).await.is_problem(403, "forbidden");
        decide(&world, nobody, &input, json!({ "decision": "accept" }))
            .await
            .is_problem(404, "not_found");
        let recorded = world.post(nobody, &scene.path, scene.input("Text.")).await;
        recorded.is_problem(403, "forbidden");
        let own = world.get(Some(nobody), &scene.of("contributions")).await;
        own.is_problem(404, "not_found");
    }
    world.get(None, &path).await.is_problem(401, "unauthenticated");
    world.get(None, &scene.path).await.is_problem(401, "unauthenticated");
    let inputs = scene.by_receipt(&world, &receipt, Method::GET, "inputs", None).await;
    inputs.is_problem(401, "unauthenticated");
    let filter = format!("{}?account_id={}", scene.path, person.id);
    let secretariat = world.signed_in_again(&scene.secretariat);
    world.get(Some(&secretariat), &filter).await.is_problem(400, "invalid_query");
});

on_both!(
    a_rapporteur_records_for_the_own_group_and_triages_only_there,
    |world: World| async move {
        let scene = scene(&world).await;
        let rapporteur = world.person_with(
            "Rap Porteur",
            Role::Rapporteur,
            ScopeKind::WorkingGroup,
            id(&scene.group),
        );
        let elsewhere = world.person_with(
            "Rap Other",
            Role::Rapporteur,
            ScopeKind::WorkingGroup,
            id(&scene.other_group),
        );
        let recorded = world.make(&rapporteur, &scene.path, scene.spoken("Recorded.")).await;
        world
            .post(&elsewhere, &scene.path, scene.spoken("Elsewhere."))
            .await
            .is_problem(403, "forbidden");
        world
            .post(&rapporteur, &scene.path, scene.input("Before everybody."))
            .await
            .is_problem(403, "forbidden");
        let plenary = scene.input("Before everybody.");
        let plenary = world.make(&scene.secretariat, &scene.path, plenary).await;
        let said = world.make(&scene.secretariat, &scene.path, scene.spoken("Said.")).await;
        for input in [&recorded, &said] {
            decide(&world, &elsewhere, input, json!({ "decision": "accept" }))
                .await
                .is_problem(403, "forbidden");
            let body = json!({ "decision": "set_aside", "reason_code": "off_topic" });
            let answer = decide(&world, &rapporteur, input, body).await;
            assert_eq!(answer.json["state"], "set_aside", "{}", answer.text);
            let answer =
                decide(&world, &rapporteur, &answer.json, json!({ "decision": "reopen" })).await;
            assert_eq!(
                (&answer.json["state"], &answer.json["reason_code"]),
                (&json!("submitted"), &Value::Null)
            );
        }
        decide(&world, &rapporteur, &plenary, json!({ "decision": "accept" }))
            .await
            .is_problem(403, "forbidden");
        let all = world.get(Some(&elsewhere), &scene.path).await.json;
        assert_eq!(all["items"].as_array().unwrap().len(), 3);

        let log = world.app.read_blocking(&Credentials::Operator, |work| {
            rapporteur::audit::list(work.conn, 0, 1000)
        });
        let log = log.unwrap();
        // Who wrote it down is known, and not which it is: they may have said it themselves.
        let recorded: Vec<_> = log.iter().filter(|row| row.action == "input.recorded").collect();
        assert_eq!(recorded.len(), 3);
        assert!(recorded.iter().all(|row| row.subject_kind == "consultation"), "{recorded:?}");
    }
);

on_both!(what_does_not_fit_is_pointed_to_and_nothing_is_written, |world: World| async move {
    let scene = scene(&world).await;
    let (_, receipt) = scene.contributor(&world, "Pat One").await;
    let with = |key: &str, value: Value| {
        let mut input = scene.input("Text.");
        input[key] = value;
        input
    };
    let cases = [
        (with("objectives", json!([24])), "/objectives/0"),
        (with("objectives", json!([4, 5])), "/objectives/1"),
        (with("objectives", json!([])), "/objectives"),
        (with("category_id", scene.group["id"].clone()), "/category_id"),
        (with("body", json!("")), "/body"),
        (with("body", json!("a\u{0}b")), "/body"),
        (with("body", json!("é".repeat(5001))), "/body"),
        (with("language", json!("english")), "/language"),
        (with("working_group_id", scene.group["id"].clone()), "/working_group_id"),
        (with("origin", json!("group")), "/round_id"),
        (with("origin", json!("email")), "/origin"),
        (with("citations", json!([{ "title": "T", "url": "javascript:x" }])), "/citations/0/url"),
        (with("citations", json!(vec![json!({ "title": "T" }); 11])), "/citations"),
        (with("origin", json!("written")), "/origin"),
        (with("told_by", Value::Null), "/told_by"),
        (with("name", json!("Pat")), "/name"),
    ];
    for (mut body, pointer) in cases {
        let answer = world.post(&scene.secretariat, &scene.path, body.clone()).await;
        assert_eq!(answer.status, 422, "{pointer}: {}", answer.text);
        answer.points_to(pointer);
        // What is contributed by receipt is held to the same, but has no place.
        if ["/origin", "/told_by", "/round_id", "/working_group_id"].contains(&pointer) {
            continue;
        }
        let parts = body.as_object_mut().unwrap();
        parts.retain(|key, _| key != "origin" && key != "told_by");
        let what = "contributions";
        let answer = scene.by_receipt(&world, &receipt, Method::POST, what, Some(body)).await;
        assert_eq!(answer.status, 422, "{pointer}: {}", answer.text);
        answer.points_to(pointer);
    }
    let mut foreign = scene.spoken("Text.");
    foreign["round_id"] = scene.group["id"].clone();
    foreign["working_group_id"] = scene.round["id"].clone();
    let answer = world.post(&scene.secretariat, &scene.path, foreign).await;
    answer.points_to("/working_group_id");
    answer.points_to("/round_id");
    assert_eq!(world.get(Some(&scene.secretariat), &scene.path).await.json["items"], json!([]));
    assert_eq!(scene.own(&world, &receipt).await["contributions"], json!([]));
});

on_both!(
    pages_are_shuffled_and_whole_and_a_retry_brings_nothing_twice,
    |world: World| async move {
        let scene = scene(&world).await;
        let mut made = Vec::new();
        for number in 0..7 {
            let key = format!("key {number}");
            let mut answers = Vec::new();
            for _ in 0..2 {
                let request = Request::new(Method::POST, &scene.path)
                    .by(Some(&scene.secretariat))
                    .header("Idempotency-Key", &key);
                answers
                    .push(world.send(request.body(scene.input(&format!("Text {number}.")))).await);
            }
            assert_eq!(answers[0].json, answers[1].json);
            made.push(id(&answers[0].json).to_owned());
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("{}?limit=3{cursor}", scene.path);
            let page = world.get(Some(&scene.secretariat), &path).await.json;
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| id(item).to_owned()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_ne!(seen, made);
        seen.sort();
        made.sort();
        assert_eq!(seen, made);
        let page = world.get(Some(&scene.secretariat), &format!("{}?limit=3", scene.path)).await;
        let path = format!(
            "{}?limit=3&state=accepted&cursor={}",
            scene.path,
            page.json["next"].as_str().unwrap()
        );
        world.get(Some(&scene.secretariat), &path).await.is_problem(400, "invalid_cursor");
    }
);
