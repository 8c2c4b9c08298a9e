//! Forms under personal links: somebody without an account, on a bad connection and on two devices.

use chrono::Duration;
use rapporteur::outbox;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Request, World, id, registration, token_of};
use crate::on_both;

/// Every link of one of our texts, the oldest first: `(recipient, token)`.
pub fn links(world: &World, template: &str) -> Vec<(String, String)> {
    let all = world.app.db.read_blocking(|conn| outbox::list(conn, None, 1000)).unwrap();
    let token =
        |mail: outbox::Row| Some((mail.recipient, token_of(mail.secret.as_deref()?).to_owned()));
    all.into_iter().filter(|mail| mail.template == template).filter_map(token).collect()
}

pub async fn send(world: &World, path: &str, version: Option<i64>, body: Value) -> Answer {
    let request = Request::new(Method::POST, path).body(body);
    let request = match version {
        Some(version) => request.version(version),
        None => request,
    };
    world.send(request).await
}

async fn ask(world: &World, consultation: &Value, body: Value) -> Answer {
    let path = format!("/api/v1/consultations/{}/registration-drafts", id(consultation));
    send(world, &path, None, body).await
}

async fn open(world: &World, token: &str) -> Answer {
    send(world, "/api/v1/registration-drafts/open", None, json!({ "token": token })).await
}

async fn save(world: &World, token: &str, version: i64, form: Value) -> Answer {
    let body = json!({ "token": token, "form": form });
    send(world, "/api/v1/registration-drafts/save", Some(version), body).await
}

async fn submit(world: &World, token: &str, version: i64) -> Answer {
    let body = json!({ "token": token });
    send(world, "/api/v1/registration-drafts/submit", Some(version), body).await
}

fn pointers(list: &Value) -> Vec<&str> {
    let errors = list.as_array().unwrap().iter();
    errors.map(|error| error["pointer"].as_str().unwrap()).collect()
}

on_both!(somebody_on_a_bad_connection_registers_once, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let question = json!({
        "code": "crossing", "kind": "short_text", "required": true, "wording": { "en": { "prompt": "Where?" } },
        "purpose": "To know where", "legal_basis": "consent"
    });
    world.make(&secretariat, &format!("{base}/questions"), question).await;
    let early = ask(&world, &consultation, json!({ "email": "nok@example.org" })).await;
    early.is_problem(404, "not_found");
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;

    // The request is sent twice because the first answer did not arrive: two links, one form.
    for _ in 0..2 {
        let answer =
            ask(&world, &consultation, json!({ "email": "Nok@Example.org", "language": "fr" }))
                .await;
        assert_eq!(answer.status, 202, "{}", answer.text);
    }
    let mailed = links(&world, "registration_draft");
    assert_eq!(mailed.len(), 2);
    assert!(mailed.iter().all(|(recipient, _)| recipient == "nok@example.org"));
    let all = world.app.db.read_blocking(|conn| outbox::list(conn, None, 10)).unwrap();
    assert_eq!(all[0].language.as_str(), "fr");
    let (phone, laptop) = (mailed[0].1.as_str(), mailed[1].1.as_str());
    assert!(all.iter().all(|mail| !mail.body.contains(phone)), "the outbox shows no token");

    let opened = open(&world, phone).await;
    assert_eq!(opened.status, 200, "{}", opened.text);
    assert_eq!(opened.json["form"]["languages"], json!([]));
    assert_eq!(opened.json["questions"][0]["code"], "crossing");
    assert_eq!(opened.json["rules"]["is_open"], true);
    assert_eq!(
        pointers(&opened.json["missing"]),
        ["/name", "/sector", "/country", "/consents/processing", "/answers/crossing"]
    );
    assert_eq!(opened.json["allowed_actions"], json!(["save"]));
    submit(&world, phone, 1).await.is_problem(422, "invalid_value");

    // What is half typed is kept, what has the wrong shape is not.
    let half = json!({ "name": "นก ตัวอย่าง", "country": "TH", "answers": { "crossing": 7 } });
    let saved = save(&world, phone, 1, half).await;
    assert_eq!((saved.status, &saved.json["version"]), (200, &json!(2)), "{}", saved.text);
    assert!(pointers(&saved.json["missing"]).contains(&"/answers/crossing"));
    save(&world, phone, 2, json!({ "country": "XX" })).await.points_to("/form/country");
    save(&world, phone, 2, json!({ "status": "refugee" })).await.is_problem(422, "unknown_field");

    // The laptop has seen the first version only.
    let whole = json!({
        "name": "นก ตัวอย่าง", "country": "TH", "sector": "migrants", "languages": ["th"], "position": "Nurse",
        "consents": { "processing": true, "listed": true }, "answers": { "crossing": "Mae Sot" },
        "needs": { "interpretation": ["th"], "captioning": true }
    });
    save(&world, laptop, 1, whole.clone()).await.is_problem(412, "version_mismatch");
    let seen = open(&world, laptop).await;
    assert_eq!(seen.json["form"]["name"], "นก ตัวอย่าง");
    let saved = save(&world, laptop, 2, whole).await;
    assert_eq!(saved.json["missing"], json!([]), "{}", saved.text);
    assert_eq!(saved.json["allowed_actions"], json!(["save", "submit"]));

    // Submitted from both at once, and again.
    submit(&world, phone, 2).await.is_problem(412, "version_mismatch");
    let (one, two) = tokio::join!(submit(&world, laptop, 3), submit(&world, phone, 3));
    assert_eq!((one.status, two.status), (200, 200), "{} {}", one.text, two.text);
    assert_eq!(one.json["registration"]["id"], two.json["registration"]["id"]);
    let again = submit(&world, phone, 3).await;
    assert_eq!(again.json["registration"]["state"], "submitted");
    assert_eq!(
        again.json["form"].get("name"),
        None,
        "what was filled in is in the registration only"
    );
    assert_eq!(again.json["allowed_actions"], json!([]));
    save(&world, phone, 4, json!({})).await.is_problem(409, "invalid_transition");
    let list = world.get(Some(&secretariat), &format!("{base}/registrations")).await;
    let rows = list.json["items"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{}", list.text);
    assert_eq!(rows[0]["person"]["name"], "นก ตัวอย่าง");
    assert_eq!(rows[0]["source"], "open_link");
    assert_eq!(rows[0]["answers"], json!({ "crossing": "Mae Sot" }));
    assert_eq!(rows[0]["needs"]["captioning"], true);
    assert_eq!(rows[0]["position"], "Nurse");

    // The link goes on to show what becomes of it, and whoever asks again is told that they are registered.
    let path = format!("/api/v1/registrations/{}/decision", id(&rows[0]));
    world.change(&secretariat, Method::POST, &path, 1, json!({ "decision": "confirm" })).await;
    assert_eq!(open(&world, phone).await.json["registration"]["state"], "confirmed");
    ask(&world, &consultation, json!({ "email": "nok@example.org" })).await;
    let known = links(&world, "registration_known");
    assert_eq!(open(&world, &known[0].1).await.json["registration"]["id"], rows[0]["id"]);
});

on_both!(whoever_asks_for_a_form_learns_nothing_of_an_address, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let asha = world.person("Asha Example");
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    world.make(&asha, &path, registration("media", "TH")).await;
    let disabled = world.person("Dan Disabled");
    let admin = world.person_with(
        "Ada Admin",
        rapporteur::access::Role::Administrator,
        rapporteur::access::ScopeKind::Instance,
        "",
    );
    let account = format!("/api/v1/accounts/{}", disabled.id);
    let version = world.get(Some(&admin), &account).await.json["version"].as_i64().unwrap();
    world.change(&admin, Method::PATCH, &account, version, json!({ "active": false })).await;
    let mut answers = Vec::new();
    for email in ["unknown@example.org", &asha.email, &disabled.email] {
        let answer = ask(&world, &consultation, json!({ "email": email })).await;
        answers.push((answer.status, answer.text));
    }
    assert_eq!(answers[0].0, 202);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    // A mailbox is not filled from here.
    for _ in 0..9 {
        ask(&world, &consultation, json!({ "email": "unknown@example.org" })).await;
    }
    assert_eq!(links(&world, "registration_draft").len(), 5);
    // Registered without a form: the link shows the registration.
    let known = links(&world, "registration_known");
    assert_eq!(known.len(), 1);
    let seen = open(&world, &known[0].1).await;
    assert_eq!(seen.json["registration"]["person"]["email"], asha.email, "{}", seen.text);
    for token in ["", "nothing", "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        open(&world, token).await.is_problem(401, "invalid_credentials");
    }
});

on_both!(a_form_is_forgotten_when_nobody_goes_on_with_it, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    ask(&world, &consultation, json!({ "email": "nok@example.org" })).await;
    let token = links(&world, "registration_draft")[0].1.clone();
    world.app.clock.advance(Duration::days(20));
    let form = json!({ "name": "Nok Forgotten" });
    assert_eq!(save(&world, &token, 1, form).await.status, 200);
    world.app.clock.advance(Duration::days(20));
    assert_eq!(open(&world, &token).await.status, 200, "it was gone on with");
    world.app.clock.advance(Duration::days(11));
    open(&world, &token).await.is_problem(401, "invalid_credentials");
    rapporteur::worker::clear(&world.app).await.unwrap();
    let left = world.app.db.read_blocking(|conn| {
        use diesel::prelude::*;
        let drafts = rapporteur::db::schema::registration_drafts::table;
        let drafts: i64 = drafts.count().get_result(conn)?;
        let tokens: i64 = rapporteur::db::schema::draft_tokens::table.count().get_result(conn)?;
        Ok(drafts + tokens)
    });
    assert_eq!(left.unwrap(), 0);
});

on_both!(an_invitation_opens_the_form_and_is_answered_by_it, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let rules = json!({ "access": "invitation" });
    world.change(&secretariat, Method::PUT, &format!("{base}/registration-rules"), 0, rules).await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let invitation = json!({ "email": "nok@bücher.example", "list": "UN Network" });
    world.make(&secretariat, &format!("{base}/invitations"), invitation).await;
    world.make(&secretariat, &format!("{base}/invitations/sending"), json!({})).await;
    let token = links(&world, "invitation")[0].1.clone();

    // Nobody else gets in, and nobody else is mailed.
    let asha = world.person("Asha Example");
    let path = format!("{base}/registrations");
    world.post(&asha, &path, registration("media", "TH")).await.is_problem(403, "forbidden");
    assert_eq!(ask(&world, &consultation, json!({ "email": asha.email })).await.status, 202);
    assert!(links(&world, "registration_draft").is_empty());
    // Who lost the invitation may ask for a link: the domain is the same however it is written.
    let body = json!({ "email": "nok@xn--bcher-kva.example" });
    assert_eq!(ask(&world, &consultation, body).await.status, 202);
    assert_eq!(links(&world, "registration_draft").len(), 1);

    let opened = open(&world, &token).await;
    assert_eq!(opened.json["email"], "nok@xn--bcher-kva.example", "{}", opened.text);
    let form = json!({ "name": "Nok", "country": "TH", "sector": "media", "consents": { "processing": true } });
    let saved = save(&world, &token, 1, form).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let submitted = submit(&world, &token, 2).await;
    assert_eq!(submitted.json["registration"]["source"], "invitation", "{}", submitted.text);
    assert_eq!(submit(&world, &token, 2).await.status, 200);
    let list = world.get(Some(&secretariat), &format!("{base}/invitations")).await;
    assert_eq!(list.json["items"][0]["state"], "registered", "{}", list.text);
    // The mail about it leads to a page and is no key to the form.
    let (_, link) = links(&world, "registration_submitted").pop().unwrap();
    assert_eq!(open(&world, &link).await.status, 401);
    // What the list called somebody stands in the form already.
    let named = json!({ "email": "boon@example.org", "name": "Boon Sample", "list": "APFSD" });
    world.make(&secretariat, &format!("{base}/invitations"), named).await;
    world.make(&secretariat, &format!("{base}/invitations/sending"), json!({})).await;
    let token = links(&world, "invitation")[1].1.clone();
    assert_eq!(open(&world, &token).await.json["form"]["name"], "Boon Sample");
});
