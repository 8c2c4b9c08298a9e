//! Erasure: nothing in any table leads to the person any more, and everything that was published about others stays.

use rapporteur::access::{Role, ScopeKind};
use rapporteur::personal::WhenErased;
use rapporteur::privacy::own_data;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Person, Request, World, id, registration};
use crate::main_job::Walk;
use crate::on_both;
use crate::planted::{NAME, TRACES, plant, texts};
use crate::privacy::every_row;

pub async fn erase(world: &World, person: &Person) -> crate::harness::Answer {
    let me = world.get(Some(person), "/api/v1/me").await;
    let version = me.header("etag").trim_matches('"').parse().unwrap();
    let request = Request::new(Method::DELETE, "/api/v1/me").by(Some(person)).version(version);
    world.send(request.body(json!({ "email": person.email }))).await
}

/// What others read, that must be the same before and after.
async fn published(world: &World, walk: &Walk) -> Vec<String> {
    let consultation = format!("/api/v1/consultations/{}", id(&walk.consultation));
    let mut texts = Vec::new();
    for path in [
        format!("{consultation}/figure-releases"),
        format!("{consultation}/participation-paragraphs"),
        format!("{consultation}/inputs?limit=200"),
        format!("{}/editions/1.md", walk.report),
        format!("{}/editions/1.json", walk.paper),
        format!("{}/coverage", walk.report),
    ] {
        let answer = world.get(Some(&walk.secretariat), &path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        texts.push(answer.text);
    }
    texts
}

/// Declared columns that a mark cannot be planted in: codes, ids and flags.
const UNMARKED: &[(&str, &str)] = &[
    ("accounts", "language"),
    ("idempotency_keys", "key_hash"),
    ("idempotency_keys", "headers"),
    ("invitations", "language"),
    ("registrations", "preferences"),
    ("registrations", "rounds"),
    ("registrations", "consents"),
];

/// What is declared to go is there before: a column that nothing is planted in would prove nothing.
fn assert_planted(world: &World) {
    let described = crate::contract::described();
    for field in own_data::about(world.app.registry) {
        let kind = described[field.table][field.column].0.as_str();
        let goes = matches!(field.when_erased, WhenErased::Deleted | WhenErased::Blanked);
        let marked = ["Text", "Doc"].contains(&kind);
        if !goes || !marked || UNMARKED.contains(&(field.table, field.column)) {
            continue;
        }
        let texts = texts(world, field.table, field.column);
        assert!(
            texts.iter().any(|text| holds(text)),
            "{}.{}: {texts:?}",
            field.table,
            field.column
        );
    }
}

fn holds(text: &str) -> bool {
    TRACES.iter().any(|trace| text.to_lowercase().contains(trace))
}

/// How many rows a table has.
fn rows_of(rows: &[(String, String)], table: &str) -> usize {
    rows.iter().filter(|(of, _)| of == table).count()
}

/// What voices hold about somebody.
fn voices_told(world: &World, person: &Person) -> Value {
    let data_of = rapporteur::voices::FEATURE.data_of.unwrap();
    let told = |work: &mut rapporteur::work::Work| data_of(work, person.id);
    world.app.read_blocking(&rapporteur::work::Credentials::Operator, told).unwrap()
}

/// What the receipt of the one who is erased finds.
async fn said(world: &World, walk: &Walk) -> Value {
    let path = format!("/api/v1/consultations/{}/contributions", id(&walk.consultation));
    let request = Request::new(Method::GET, &path).header("Receipt", &walk.receipts[0]);
    let answer = world.send(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

on_both!(no_table_holds_anything_of_an_erased_person, |world: World| async move {
    let (walk, person) = plant(&world).await;
    let before = published(&world, &walk).await;
    let rows = world.app.db.read_blocking(|conn| Ok(every_row(conn))).unwrap();
    assert_planted(&world);
    let tables: std::collections::BTreeSet<&str> =
        rows.iter().filter(|(_, row)| holds(row)).map(|(table, _)| table.as_str()).collect();
    // What is planted is found: in all of these.
    for table in [
        "accounts",
        "sign_in_links",
        "refresh_tokens",
        "outbox_mails",
        "idempotency_keys",
        "registrations",
        "registration_drafts",
        "draft_tokens",
        "guardian_requests",
        "invitations",
        "invitation_tokens",
        "co_organizing_offers",
        "appeals",
        "attendances",
        "jobs",
        "job_payloads",
        "calendar_feeds",
    ] {
        assert!(
            tables.contains(table) || table == "job_payloads",
            "nothing was planted in {table}: {tables:?}"
        );
    }

    let exact = |world: &World| {
        let consultation = crate::harness::typed(&walk.consultation);
        let count = |work: &mut rapporteur::work::Work| {
            let occasion = rapporteur::figures::ReleaseOccasion::AfterEvent;
            rapporteur::figures::service::participation(work, consultation, occasion)
        };
        world.app.read_blocking(&rapporteur::work::Credentials::Operator, count).unwrap()
    };
    let counted = exact(&world);
    assert!(counted.ages.len() == 1, "{counted:?}");
    let (receipts, voices) = (rows_of(&rows, "receipts_given"), rows_of(&rows, "input_voices"));
    assert_eq!(voices_told(&world, &person)["receipts_given"][0]["receipts"], 1);
    let own = said(&world, &walk).await;
    assert_eq!(own["contributions"].as_array().unwrap().len(), 2, "{own}");
    let answer = erase(&world, &person).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    let rows = world.app.db.read_blocking(|conn| Ok(every_row(conn))).unwrap();
    for (table, row) in &rows {
        assert!(!holds(row), "{table} still holds: {row}");
    }
    // That they were given a receipt is forgotten, but for their address until the report is published; what they said by it stays, and
    // the receipt finds it as before.
    assert_eq!(voices_told(&world, &person)["receipts_given"], json!([]));
    assert_eq!(rows_of(&rows, "receipts_given"), receipts - 1);
    assert_eq!(rows_of(&rows, "input_voices"), voices, "every input is somebody's still");
    assert_eq!(said(&world, &walk).await, own);
    assert_eq!(rows_of(&rows, "job_payloads") + rows_of(&rows, "job_lots"), 0);

    assert_eq!(published(&world, &walk).await, before, "what was published changed");
    let agreed = texts(&world, "clearance_texts", "text");
    let without = "Moderator: […]";
    assert!(agreed.iter().any(|text| text == without), "{agreed:?}");
    assert!(texts(&world, "hearings", "portions").iter().any(|text| text.contains(without)));
    assert_eq!(exact(&world), counted, "a figure changed");
    assert_eq!(world.get(Some(&person), "/api/v1/me").await.status, 401);
    let administrator =
        world.person_with("Ada Administrator", Role::Administrator, ScopeKind::Instance, "");
    let request = Request::new(Method::POST, "/api/v1/audit/verify").by(Some(&administrator));
    assert_eq!(world.send(request).await.json["intact"], true);
    let log =
        world.app.db.read_blocking(|conn| rapporteur::audit::concerning(conn, person.id.uuid()));
    assert!(log.unwrap().iter().any(|row| row.action == "account.erased"));
});

on_both!(erasing_oneself_gives_the_place_to_who_waits, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(Some(1), "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let base = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let (first, second) = (world.person("First Example"), world.person("Second Example"));
    world.make(&first, &base, registration("media", "TH")).await;
    let waits = world.make(&second, &base, registration("media", "TH")).await;
    assert_eq!(waits["state"], "waitlisted");
    assert_eq!(erase(&world, &first).await.status, 204);
    let mine = world.get(Some(&second), "/api/v1/me/registrations").await;
    assert_eq!(mine.json["items"][0]["state"], "confirmed", "{}", mine.text);
    let all = world.get(Some(&secretariat), &base).await;
    let gone = &all.json["items"][0];
    assert_eq!(gone["state"], "withdrawn");
    assert_eq!(gone["person"]["name"], "(erased)");
    assert_eq!(gone["organization_id"], Value::Null);
    // The same address starts anew.
    let again = world.person("First Example");
    assert_ne!(again.id, first.id);
});

on_both!(erasure_must_be_meant_and_roles_handed_over, |world: World| async move {
    let (secretariat, ..) = world.consultation(None, "vetted").await;
    let person = world.person("Asha Example");
    let ask = |version: i64, email: &str| {
        let request = Request::new(Method::DELETE, "/api/v1/me").by(Some(&person)).version(version);
        request.body(json!({ "email": email }))
    };
    world.send(ask(99, &person.email)).await.is_problem(412, "version_mismatch");
    let wrong = world.send(ask(1, "somebody.else@example.org")).await;
    wrong.is_problem(422, "invalid_value");
    wrong.points_to("/email");
    let unnamed = Request::new(Method::DELETE, "/api/v1/me").by(Some(&person));
    let unnamed = world.send(unnamed.body(json!({ "email": person.email }))).await;
    unnamed.is_problem(428, "precondition_required");

    erase(&world, &secretariat).await.is_problem(409, "in_use");
    let other = world.person_with("Suri Secretariat", Role::Secretariat, ScopeKind::Instance, "");
    assert_eq!(erase(&world, &secretariat).await.status, 204);
    let only = world.person_with("Ada Administrator", Role::Administrator, ScopeKind::Instance, "");
    erase(&world, &only).await.is_problem(409, "in_use");

    let path = format!("/api/v1/accounts/{}", person.id);
    let version = world.get(Some(&only), &path).await.json["version"].as_i64().unwrap();
    let erasure = format!("{path}/erasure");
    let request = |by| {
        let request = Request::new(Method::POST, &erasure).by(Some(by)).version(version);
        request.body(json!({ "email": person.email }))
    };
    world.send(request(&person)).await.is_problem(403, "forbidden");
    let proposed = world.send(request(&only)).await;
    assert_eq!(proposed.status, 202, "{}", proposed.text);
    world.confirmed(&other, proposed).await;
    let gone = world.get(Some(&only), &path).await;
    assert_eq!(gone.json["name"], "(erased)", "{}", gone.text);
    assert_eq!(gone.json["active"], false);
    assert!(gone.json["email"].as_str().unwrap().ends_with("@erased.invalid"));
});

on_both!(
    who_calls_themself_as_others_write_takes_nothing_of_theirs_away,
    |world: World| async move {
        let _planted = plant(&world).await;
        let of = |places: &[&str]| -> Vec<Vec<String>> {
            let places = places.iter().map(|place| place.split_once('.').unwrap());
            places.map(|(table, column)| texts(&world, table, column)).collect()
        };
        let kept = || {
            of(&[
                "report_milestones.document",
                "report_milestones.frozen",
                "clearance_texts.text",
                "hearings.portions",
                "hearings.document",
                "observations.quote",
                "translated_portions.text",
                "suggestions.author",
                "suggestion_comments.author",
            ])
        };
        let answers = || of(&["idempotency_keys.body"]);
        let before = (kept(), answers());
        assert!(before.0.iter().all(|texts| texts.iter().any(|text| text.contains("Zyxwvut"))));
        assert!(!before.1[0].is_empty());
        // A word, a letter, a field, an organization, a part of somebody's name, and how they are printed.
        for name in ["the", "e", "name", "Moderator", "Organization", "Zyxwvut"] {
            let puppet = world.person(name);
            assert_eq!(erase(&world, &puppet).await.status, 204);
        }
        assert_eq!((kept(), answers()), before);
        // Nor does who is called as they are. (What was answered to whom is not known: an answer that says just this name goes a day early.)
        for name in ["Quokkafund Organization", NAME] {
            let puppet = world.person_at("somebody.else@example.org", name);
            assert_eq!(erase(&world, &puppet).await.status, 204);
            assert_eq!(kept(), before.0, "{name}");
        }
    }
);
