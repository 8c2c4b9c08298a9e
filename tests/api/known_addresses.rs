//! Whoever writes an address down learns nothing of whether it is known elsewhere, nor as whom: the answers for a known and for an
//! unknown one are the same, byte for byte, but for ids and the address itself.

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, id, registration, review};
use crate::on_both;

const REAL: &str = "Zyxwvut Realname";

/// A text without what differs by chance: ids, and the address that was asked about.
fn plain(text: &str, address: &str) -> String {
    let text = text.replace(address, "ADDRESS");
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some(one) = rest.chars().next() {
        let id = rest.get(..36).filter(|id| id.parse::<uuid::Uuid>().is_ok());
        let (written, read) = match id {
            Some(_) => ("ID", 36),
            None => (&rest[..one.len_utf8()], one.len_utf8()),
        };
        plain.push_str(written);
        rest = &rest[read..];
    }
    plain
}

/// Everything of an answer that could tell something.
fn told(answer: &Answer, address: &str) -> (u16, String, Vec<String>) {
    let headers = ["etag", "location", "content-type", "cache-control"];
    let headers = headers.map(|name| plain(answer.header(name), address));
    // The tag of what has no version is a hash of the whole, ids included; of what has one it is the version.
    let headers = headers.into_iter().filter(|value| !value.starts_with('"') || value.len() < 6);
    (answer.status, plain(&answer.text, address), headers.collect())
}

struct Place {
    secretariat: Person,
    base: String,
    groups: String,
}

/// A review of its own with a consultation that is open, run by a secretariat of that review only.
async fn place(world: &World, name: &str, admission: &str) -> Place {
    let chief = world.person_with("Chief Example", Role::Administrator, ScopeKind::Instance, "");
    let mut body = review();
    body["code"] = json!(name);
    let made = world.make(&chief, "/api/v1/reviews", body).await;
    let secretariat =
        world.person_with(&format!("Sari {name}"), Role::Secretariat, ScopeKind::Review, id(&made));
    let path = format!("/api/v1/reviews/{}/consultations", id(&made));
    let mut body = crate::harness::consultation();
    body["admission"] = json!(admission);
    let consultation = world.make(&secretariat, &path, body).await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let group = json!({ "number": 1, "clusters": [[4]], "min_size": 1, "max_size": 40, "languages": ["en"] });
    let group = world.make(&secretariat, &format!("{base}/working-groups"), group).await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let groups = format!("/api/v1/working-groups/{}", id(&group));
    Place { secretariat, base, groups }
}

/// What the secretariat of a place is shown of an address, in all the ways in which it can write one down.
async fn everything(
    world: &World,
    place: &Place,
    address: &str,
) -> Vec<(u16, String, Vec<String>)> {
    let by = &place.secretariat;
    let person = json!({ "email": address, "name": "Given Name" });
    let mut seen = Vec::new();
    let mut form = registration("media", "TH");
    form["person"] = person.clone();
    let registered = world.post(by, &format!("{}/registrations", place.base), form.clone()).await;
    assert_eq!(registered.status, 201, "{}", registered.text);
    assert!(registered.text.contains("Given Name"), "{}", registered.text);
    assert!(!registered.text.contains("account_id"), "{}", registered.text);
    seen.push(told(&registered, address));
    // Again: that it is registered here is theirs to know.
    let again = world.post(by, &format!("{}/registrations", place.base), form).await;
    assert_eq!(again.status, 409, "{}", again.text);
    seen.push(told(&again, address));
    let one = format!("/api/v1/registrations/{}", id(&registered.json));
    let declined = json!({ "decision": "decline", "reason_code": "full", "note": "No." });
    let version = registered.json["version"].as_i64().unwrap();
    world.change(by, Method::POST, &format!("{one}/decision"), version, declined).await;
    for path in [
        one,
        format!("{}/registrations", place.base),
        format!("{}/registrations/export?format=csv", place.base),
        format!("{}/registrations/export?format=ndjson", place.base),
        format!("/api/v1/outbox?recipient={address}"),
        "/api/v1/account-duplicates".to_owned(),
    ] {
        seen.push(told(&world.get(Some(by), &path).await, address));
    }
    let hosts = format!("{}/hosts", place.groups);
    let host = json!({ "person": person, "role": "moderator" });
    let given = world.post(by, &hosts, host.clone()).await;
    assert_eq!(given.status, 200, "{}", given.text);
    seen.push(told(&given, address));
    seen.push(told(&world.post(by, &hosts, host).await, address));
    seen.push(told(&world.get(Some(by), &hosts).await, address));
    let taken = format!("{hosts}/{}", id(&given.json));
    let taken = world.send(Request::new(Method::DELETE, &taken).by(Some(by))).await;
    assert_eq!(taken.status, 204, "{}", taken.text);
    let invitation = json!({ "email": address, "name": "Given Name", "list": "A list" });
    let invited = world.post(by, &format!("{}/invitations", place.base), invitation).await;
    seen.push(told(&invited, address));
    let sent = world.post(by, &format!("{}/invitations/sending", place.base), json!({})).await;
    seen.push((sent.status, String::new(), Vec::new()));
    seen
}

on_both!(an_address_that_is_known_elsewhere_looks_like_any_other, |world: World| async move {
    let address = ["known@example.net", "unknown@example.net"];
    let parsed = address[0].parse().unwrap();
    let account = world
        .app
        .write_blocking(&rapporteur::work::Credentials::Operator, |work| {
            rapporteur::accounts::service::find_or_create(work, &parsed, REAL)
        })
        .unwrap();
    let token = world.token_of(account.id);
    let known = Person { id: account.id, email: address[0].to_owned(), token };
    world.change(&known, Method::PATCH, "/api/v1/me", 1, json!({ "language": "fr" })).await;
    let elsewhere = place(&world, "elsewhere", "automatic").await;
    let path = format!("{}/registrations", elsewhere.base);
    world.make(&known, &path, registration("academia", "FJ")).await;

    for admission in ["automatic", "vetted"] {
        let mut all = Vec::new();
        for (number, one) in address.iter().enumerate() {
            let here = place(&world, &format!("{admission}-{number}"), admission).await;
            let own = format!("Sari {admission}-{number}").to_lowercase().replace(' ', ".");
            let seen = everything(&world, &here, one).await;
            all.push(
                seen.into_iter()
                    .map(|(status, text, headers)| (status, text.replace(&own, "SARI"), headers))
                    .collect::<Vec<_>>(),
            );
        }
        for (known, unknown) in all[0].iter().zip(&all[1]) {
            assert_eq!(known, unknown);
            assert!(!known.1.contains(REAL) && !known.1.contains(&account.id.to_string()));
        }
    }
});

on_both!(a_file_tells_nothing_of_its_addresses_but_what_was_in_it, |world: World| async move {
    let address = ["known@example.net", "unknown@example.net"];
    let parsed = address[0].parse().unwrap();
    world
        .app
        .write_blocking(&rapporteur::work::Credentials::Operator, |work| {
            rapporteur::accounts::service::find_or_create(work, &parsed, REAL)
        })
        .unwrap();
    let mut all: Vec<Vec<String>> = Vec::new();
    for (number, one) in address.iter().enumerate() {
        let here = place(&world, &format!("file-{number}"), "automatic").await;
        let by = &here.secretariat;
        let consultation = here.base.rsplit('/').next().unwrap();
        let mut texts = Vec::new();
        for dry_run in ["true", "false", "false"] {
            let file = format!(
                "email,name,sector,country,consent_processing\n{one},Given Name,media,TH,yes\n"
            );
            let job = crate::jobs::import(
                &world,
                by,
                &json!({ "id": consultation }),
                &format!("dry_run={dry_run}"),
                file,
            )
            .await;
            let job: Value = crate::jobs::ran(&world, by, &job).await;
            let parts = [&job["state"], &job["result"], &job["problem"]];
            texts.push(plain(&json!(parts).to_string(), one));
        }
        let listed = world.get(Some(by), &format!("{}/registrations", here.base)).await;
        assert!(listed.text.contains("Given Name"), "{}", listed.text);
        texts.push(plain(&listed.text, one));
        let export = format!("{}/registrations/export?format=csv", here.base);
        texts.push(plain(&world.get(Some(by), &export).await.text, one));
        all.push(texts);
    }
    assert_eq!(all[0], all[1]);
    assert!(all[0].iter().all(|text| !text.contains(REAL)));
});

on_both!(administrators_and_oneself_see_whose_account_it_is, |world: World| async move {
    let here = place(&world, "here", "automatic").await;
    let person = world.person("Pat Plain");
    let path = format!("{}/registrations", here.base);
    let own = world.make(&person, &path, registration("media", "TH")).await;
    assert_eq!(own["person"]["account_id"], json!(person.id));
    let chief = world.person("Chief Example");
    let seen = world.get(Some(&chief), &path).await.json;
    assert_eq!(seen["items"][0]["person"]["account_id"], json!(person.id), "{seen}");
    let seen = world.get(Some(&here.secretariat), &path).await.json;
    assert_eq!(seen["items"][0]["person"]["name"], "Pat Plain");
    assert_eq!(seen["items"][0]["person"]["account_id"], Value::Null);
    // Somebody who registered is made a host by their registration.
    let hosts = format!("{}/hosts", here.groups);
    let body = json!({ "registration_id": own["id"], "role": "rapporteur" });
    let host = world.make(&here.secretariat, &hosts, body).await;
    assert_eq!(host["name"], "Pat Plain");
    assert_eq!(host["account_id"], Value::Null);
    let both =
        json!({ "registration_id": own["id"], "account_id": person.id, "role": "rapporteur" });
    world.post(&here.secretariat, &hosts, both).await.is_problem(422, "invalid_value");
});
