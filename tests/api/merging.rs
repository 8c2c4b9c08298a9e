//! Two entries of one organization, two accounts of one person: made one, with everything they own, and found by both.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use rapporteur::access::{Role, ScopeKind};
use rapporteur::db::Conn;
use rapporteur::db::schema::{accounts, registrations};
use rapporteur::work::Credentials;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{
    Answer, Database, Person, Request, World, id, registration, review, token_of,
};
use crate::on_both;
use crate::statements::Statements;

const ORGANIZATIONS: &str = "/api/v1/organizations";

async fn organization(world: &World, by: &Person, name: &str, acronym: &str, site: &str) -> Value {
    let body = json!({ "name": name, "acronym": acronym, "sector": "civil_society", "country": "TH", "website": site });
    world.make(by, ORGANIZATIONS, body).await
}

/// A POST that names the version that is there now.
async fn act(world: &World, by: &Person, path: &str, action: &str, body: Value) -> Answer {
    let version = world.get(Some(by), path).await.json["version"].as_i64().unwrap_or(1);
    let request = Request::new(Method::POST, &format!("{path}/{action}")).by(Some(by));
    world.send(request.version(version).body(body)).await
}

pub async fn merge(world: &World, by: &Person, from: &Value, into: &Value) -> Answer {
    let path = format!("{ORGANIZATIONS}/{}", id(from));
    act(world, by, &path, "merge", json!({ "into": into["id"], "note": "Twice." })).await
}

async fn vet(world: &World, by: &Person, one: &Value, body: Value) -> Value {
    let path = format!("{ORGANIZATIONS}/{}", id(one));
    let answer = act(world, by, &path, "vetting", body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

fn for_organization(organization: &Value) -> Value {
    json!({ "organization_id": organization["id"], "languages": ["en"], "consents": { "processing": true } })
}

on_both!(everything_that_named_one_organization_names_the_other, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let kept =
        organization(&world, &secretariat, "Migrant Forum in Asia", "MFA", "https://a.example")
            .await;
    let gone =
        organization(&world, &secretariat, "Asian Migrants’ Forum", "AMF", "https://b.example/x")
            .await;
    for (one, kind) in [(&kept, "stakeholder"), (&gone, "stakeholder"), (&gone, "un_network")] {
        let body = json!({ "organization_id": one["id"], "kind": kind });
        world.make(&secretariat, &format!("{base}/co-organizers"), body).await;
    }
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let (asha, binh) = (world.person("Asha Example"), world.person("Binh Sample"));
    let path = format!("{base}/registrations");
    world.make(&asha, &path, for_organization(&kept)).await;
    let moved = world.make(&binh, &path, for_organization(&gone)).await;

    merge(&world, &asha, &gone, &kept).await.is_problem(403, "forbidden");
    let refused = merge(&world, &secretariat, &gone, &gone).await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("/into");
    let stale = Request::new(Method::POST, &format!("{ORGANIZATIONS}/{}/merge", id(&gone)))
        .by(Some(&secretariat))
        .version(9)
        .body(json!({ "into": kept["id"] }));
    world.send(stale).await.is_problem(412, "version_mismatch");

    let answer = merge(&world, &secretariat, &gone, &kept).await;
    assert_eq!((answer.status, &answer.json["id"]), (200, &kept["id"]), "{}", answer.text);
    assert_eq!(answer.json["also_known_as"], json!(["AMF", "Asian Migrants’ Forum"]));
    let seen = world.get(Some(&binh), &format!("/api/v1/registrations/{}", id(&moved))).await;
    assert_eq!(seen.json["organization_id"], kept["id"]);
    assert_eq!(seen.json["version"], 2);
    let parts = world.get(Some(&secretariat), &format!("{base}/co-organizers")).await.json;
    let parts: Vec<_> =
        parts["items"].as_array().unwrap().iter().map(|part| part["kind"].clone()).collect();
    assert_eq!(parts, [json!("stakeholder"), json!("un_network")]);

    // The old entry says where it went, and nothing happens to it any more.
    let old = world.get(Some(&asha), &format!("{ORGANIZATIONS}/{}", id(&gone))).await.json;
    assert_eq!((&old["merged_into"], &old["allowed_actions"]), (&kept["id"], &json!([])));
    assert_eq!(old["name"], "Asian Migrants’ Forum");
    merge(&world, &secretariat, &gone, &kept).await.is_problem(409, "invalid_transition");
    merge(&world, &secretariat, &kept, &gone).await.points_to("/into");

    // It is found by the old name, in lists, matches and proposals.
    for query in [
        "organizations?q=asian%20mig",
        "organization-matches?name=asian%20migrants%20forum",
        "organization-matches?acronym=amf",
        "organization-matches?website=b.example",
    ] {
        let found = world.get(Some(&asha), &format!("/api/v1/{query}")).await.json;
        let ids: Vec<_> = found["items"].as_array().unwrap().iter().map(id).collect();
        assert_eq!(ids, [id(&kept)], "{query}: {found}");
    }
    let again = json!({ "name": "asian migrants forum", "sector": "academia", "country": "FJ" });
    let refused = world.post(&asha, ORGANIZATIONS, again).await;
    refused.is_problem(409, "already_exists");
    assert!(refused.text.contains(id(&kept)), "{}", refused.text);
    // A registration that still names the old entry comes for the new one.
    let chen = world.person("Chen Fixture");
    let late = world.make(&chen, &path, for_organization(&gone)).await;
    assert_eq!(late["organization_id"], kept["id"]);

    let history =
        world.get(Some(&secretariat), &format!("{ORGANIZATIONS}/{}/merges", id(&kept))).await.json;
    let only = &history["items"][0];
    assert_eq!((&only["from_id"], &only["note"]), (&gone["id"], &json!("Twice.")), "{history}");
    assert_eq!(only["moved"]["registrations"], 1);
    let elsewhere = world.person_with(
        "Otto Other",
        Role::Secretariat,
        ScopeKind::Review,
        &uuid::Uuid::nil().to_string(),
    );
    let told =
        world.get(Some(&elsewhere), &format!("{ORGANIZATIONS}/{}/merges", id(&kept))).await.json;
    assert_eq!(told["items"][0]["moved"], Value::Null, "registrations of other reviews: {told}");
    assert_eq!(only["moved"]["co_organizers"], 2);
    let steps = world
        .get(Some(&secretariat), &format!("{ORGANIZATIONS}/{}/vettings", id(&kept)))
        .await
        .json;
    assert_eq!(steps["items"].as_array().unwrap().len(), 2);
    assert_eq!(steps["items"][1]["recorded_for"], gone["id"]);
});

on_both!(
    a_chain_of_merges_leads_to_the_last_and_a_name_can_be_taken_back,
    |world: World| async move {
        let person = world.person_with("Sari One", Role::Secretariat, ScopeKind::Instance, "");
        let a = organization(&world, &person, "Alpha House", "AH", "https://a.example").await;
        let b = organization(&world, &person, "Beta House", "BH", "https://b.example").await;
        let c = organization(&world, &person, "Gamma House", "GH", "https://c.example").await;
        assert_eq!(merge(&world, &person, &a, &b).await.status, 200);
        assert_eq!(merge(&world, &person, &b, &c).await.status, 200);
        for old in [&a, &b] {
            let seen = world.get(Some(&person), &format!("{ORGANIZATIONS}/{}", id(old))).await.json;
            assert_eq!(seen["merged_into"], c["id"]);
        }
        let found =
            world.get(Some(&person), "/api/v1/organization-matches?name=alpha%20house").await.json;
        assert_eq!(found["items"][0]["id"], c["id"]);
        let merges =
            world.get(Some(&person), &format!("{ORGANIZATIONS}/{}/merges", id(&c))).await.json;
        assert_eq!(merges["items"].as_array().unwrap().len(), 2, "{merges}");

        let path = format!("{ORGANIZATIONS}/{}", id(&c));
        let version = world.get(Some(&person), &path).await.json["version"].as_i64().unwrap();
        let renamed = world
            .change(&person, Method::PATCH, &path, version, json!({ "name": "ALPHA house" }))
            .await;
        assert_eq!(renamed["also_known_as"], json!(["AH", "Beta House", "BH"]));
        // The name it had is free: renaming is no merge.
        organization(&world, &person, "Gamma House", "GH2", "https://d.example").await;
    }
);

on_both!(a_decline_is_not_lost_by_a_merge, |world: World| async move {
    let first = world.person_with("Sari One", Role::Secretariat, ScopeKind::Instance, "");
    let second = world.person_with("Sari Two", Role::Secretariat, ScopeKind::Instance, "");
    let decline = json!({ "to": "declined", "reason": "principles", "note": "See the file." });
    let vetted = json!({ "to": "vetted", "reason": "known_before" });
    let twice = json!({ "to": "declined", "reason": "duplicate" });
    let nothing = Value::Null;
    let cases = [
        // The other entry, the entry that is kept, and what is left.
        (&decline, &vetted, "proposed"),
        (&vetted, &decline, "proposed"),
        (&decline, &nothing, "declined"),
        (&nothing, &decline, "declined"),
        (&twice, &vetted, "vetted"),
        (&nothing, &vetted, "vetted"),
        (&vetted, &nothing, "vetted"),
    ];
    for (n, (from, into, left)) in cases.into_iter().enumerate() {
        let names = [format!("House {n} old"), format!("Other {n} new")];
        let one = organization(&world, &first, &names[0], "A", "https://a.example").await;
        let two = organization(&world, &first, &names[1], "B", "https://b.example").await;
        for (organization, body) in [(&one, from), (&two, into)] {
            if !body.is_null() {
                vet(&world, &second, organization, body.clone()).await;
            }
        }
        let merged = merge(&world, &second, &one, &two).await;
        assert_eq!(merged.json["vetting"], left, "{n}: {}", merged.text);
        let steps =
            world.get(Some(&first), &format!("{ORGANIZATIONS}/{}/vettings", id(&two))).await;
        if !from.is_null() {
            assert!(steps.text.contains(from["reason"].as_str().unwrap()), "{n}: {}", steps.text);
        }
        if left == "proposed" {
            // Against the other decision nobody decides alone who brought them together.
            let path = format!("{ORGANIZATIONS}/{}", id(&two));
            let alone = act(&world, &second, &path, "vetting", json!({ "to": "vetted" })).await;
            alone.is_problem(403, "forbidden");
            vet(&world, &first, &two, json!({ "to": "vetted" })).await;
        }
    }
    // Who put an entry forward does not vet it by merging a vetted one into it.
    let own = organization(&world, &second, "Own House", "O", "https://o.example").await;
    let other = organization(&world, &first, "Known House", "K", "https://k.example").await;
    vet(&world, &second, &other, vetted.clone()).await;
    assert_eq!(merge(&world, &second, &other, &own).await.json["vetting"], "proposed");
});

// --- accounts -------------------------------------------------------------------------------------------------------

struct Scene {
    secretariat: Person,
    review: Value,
    consultation: Value,
    registrations: String,
}

/// A consultation that is open, and a secretariat of its review only.
async fn scene(world: &World, capacity: Option<u32>, admission: &str) -> Scene {
    let (_, review, consultation) = world.consultation(capacity, admission).await;
    let secretariat =
        world.person_with("Sami Own", Role::Secretariat, ScopeKind::Review, id(&review));
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let registrations = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    Scene { secretariat, review, consultation, registrations }
}

fn person_at(world: &World, name: &str, email: &str) -> Person {
    let parsed = email.parse().unwrap();
    let make = |work: &mut rapporteur::work::Work| {
        rapporteur::accounts::service::find_or_create(work, &parsed, name)
    };
    let account = world.app.write_blocking(&Credentials::Operator, make).unwrap();
    let token = world.token_of(account.id);
    Person { id: account.id, email: email.to_owned(), token }
}

async fn version_of(world: &World, account: &Person) -> i64 {
    let load =
        |work: &mut rapporteur::work::Work| rapporteur::accounts::service::load(work, account.id);
    world.app.read_blocking(&Credentials::Operator, load).unwrap().version
}

/// Proposes a merge.
async fn propose_merge(
    world: &World,
    by: &Person,
    from: &Person,
    into: &Person,
    body: Value,
) -> Answer {
    let mut body = body;
    body["into"] = json!(into.id);
    let path = format!("/api/v1/accounts/{}/merge", from.id);
    let request = Request::new(Method::POST, &path).by(Some(by));
    world.send(request.version(version_of(world, from).await).body(body)).await
}

/// A merge that is proposed, to which whoever holds the address consents, and that a second person confirms; what came of it.
pub async fn merge_account(
    world: &World,
    by: &Person,
    from: &Person,
    into: &Person,
    body: Value,
) -> Answer {
    let mut answer = propose_merge(world, by, from, into, body).await;
    if answer.status != 202 {
        return answer;
    }
    let second = world.person_with("Seco Second", Role::Secretariat, ScopeKind::Instance, "");
    let consent = json!({ "token": mailed_token(world, &from.email), "consent": true });
    assert_eq!(open(world, "/api/v1/merge-consents", consent).await.status, 200);
    let path = format!("/api/v1/proposals/{}/decision", id(&answer.json));
    answer = world.post(&second, &path, json!({ "decision": "confirm" })).await;
    if answer.status == 200 {
        answer.json = answer.json["outcome"].clone();
    }
    answer
}

/// The token of the link in the newest mail to that address.
fn mailed_token(world: &World, email: &str) -> String {
    let mails =
        world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 1000)).unwrap();
    let mail = mails.into_iter().rfind(|mail| mail.recipient == email).expect("a mail");
    let text = mail.text_to_send();
    token_of(&text).to_owned()
}

async fn open(world: &World, path: &str, body: Value) -> Answer {
    world.send(Request::new(Method::POST, path).body(body)).await
}

async fn sign_in_by_link(world: &World, email: &str) -> Answer {
    assert_eq!(open(world, "/api/v1/auth/links", json!({ "email": email })).await.status, 202);
    open(world, "/api/v1/auth/links/redeem", json!({ "token": mailed_token(world, email) })).await
}

on_both!(
    one_person_has_everything_of_both_accounts_and_signs_in_with_either_address,
    |world: World| async move {
        let scene = scene(&world, None, "automatic").await;
        let old = person_at(&world, "Asha Example", "asha.old@example.net");
        let new = world.person("Asha Example");
        let signed_in = sign_in_by_link(&world, &old.email).await;
        assert_eq!(signed_in.json["account_id"], json!(old.id), "{}", signed_in.text);
        let made =
            world.make(&old, &scene.registrations, registration("civil_society", "TH")).await;
        let categories = format!("/api/v1/reviews/{}/input-categories", id(&scene.review));
        let category = world.get(None, &categories).await.json["items"][1]["id"].clone();
        let contributions =
            format!("/api/v1/consultations/{}/contributions", id(&scene.consultation));
        let receipts = format!("/api/v1/consultations/{}/receipts", id(&scene.consultation));
        let receipt = world.make(&old, &receipts, json!({})).await["receipt"].clone();
        let by_receipt = |method| {
            let request = Request::new(method, &contributions);
            request.header("Receipt", receipt.as_str().unwrap())
        };
        let said = json!({ "objectives": [4], "category_id": category, "body": "By the first." });
        let said = world.send(by_receipt(Method::POST).body(said)).await;
        assert!(said.status < 300, "{}", said.text);
        let own = world.send(by_receipt(Method::GET)).await.json;

        // The new account is not registered in the review: the secretariat does not know of it.
        merge_account(&world, &scene.secretariat, &old, &new, json!({})).await.points_to("/into");
        let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
        let merged = merge_account(&world, &admin, &old, &new, json!({})).await;
        assert_eq!(merged.status, 200, "{}", merged.text);
        assert_eq!(
            (&merged.json["merged_into"], &merged.json["registrations"]),
            (&json!(new.id), &json!(1))
        );
        for word in ["input", "contribution", "receipt"] {
            let detail = "nothing is counted by contributor";
            assert!(!merged.text.contains(word), "{detail}: {}", merged.text);
        }

        // What was said is found by the receipt as before, and by neither account; and one person gains no receipts by having two.
        assert_eq!(world.send(by_receipt(Method::GET)).await.json, own);
        world.get(Some(&new), &contributions).await.is_problem(404, "not_found");
        let again = world.make(&new, &receipts, json!({})).await;
        assert_eq!(again["left"], 0, "one in the place of the first");
        world.post(&new, &receipts, json!({})).await.is_problem(409, "no_more_receipts");
        let own = world.get(Some(&new), "/api/v1/me/registrations").await.json;
        assert!(own.to_string().contains(id(&made)), "{own}");

        // The old sign-ins have ended, the old address leads to the account that is left.
        assert_eq!(world.get(Some(&old), "/api/v1/me").await.status, 401);
        let refresh = json!({ "refresh_token": signed_in.json["refresh_token"] });
        open(&world, "/api/v1/auth/refresh", refresh).await.is_problem(401, "invalid_credentials");
        let again = sign_in_by_link(&world, &old.email).await;
        assert_eq!(again.json["account_id"], json!(new.id), "{}", again.text);
        // Both addresses were told.
        let mails =
            world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 1000)).unwrap();
        let told: Vec<_> = mails.iter().filter(|mail| mail.template == "accounts_merged").collect();
        assert_eq!(told.len(), 2);

        // Nothing happens to the old account any more.
        let path = format!("/api/v1/accounts/{}", old.id);
        let version = version_of(&world, &old).await;
        let revive = Request::new(Method::PATCH, &path).by(Some(&admin)).version(version);
        world
            .send(revive.body(json!({ "active": true })))
            .await
            .is_problem(409, "invalid_transition");
        let role = json!({ "role": "secretariat", "scope_kind": "review", "scope_id": scene.review["id"] });
        world
            .post(&admin, &format!("{path}/grants"), role)
            .await
            .is_problem(409, "invalid_transition");
        merge_account(&world, &admin, &new, &old, json!({})).await.points_to("/into");
        let log = world.get(Some(&admin), "/api/v1/audit?limit=200").await.text;
        assert!(log.contains("account.merged") && !log.contains("asha"), "{log}");
    }
);

on_both!(of_two_registrations_the_one_with_a_place_stays, |world: World| async move {
    let scene = scene(&world, Some(1), "automatic").await;
    let waiting = person_at(&world, "Binh Sample", "binh+2@example.net");
    let placed = person_at(&world, "Binh Sample", "binh@example.net");
    let next = world.person("Chen Fixture");
    let form = || registration("media", "VN");
    let first = world.make(&placed, &scene.registrations, form()).await;
    let second = world.make(&waiting, &scene.registrations, form()).await;
    let third = world.make(&next, &scene.registrations, form()).await;
    assert_eq!((&first["state"], &second["state"]), (&json!("confirmed"), &json!("waitlisted")));

    let pairs = world.get(Some(&scene.secretariat), "/api/v1/account-duplicates").await.json;
    assert_eq!(pairs["items"].as_array().unwrap().len(), 1, "{pairs}");
    assert_eq!(pairs["items"][0]["reasons"], json!(["same_name_and_country", "same_mailbox"]));
    assert_eq!(pairs["items"][0]["older"]["id"], json!(waiting.id));

    // Into the one that waits: the place goes along, whichever account is left.
    let refused = merge_account(&world, &scene.secretariat, &placed, &waiting, json!({})).await;
    refused.is_problem(409, "already_registered");
    refused.points_to(&format!("/registrations/{}", id(&second)));
    let allowed = json!({ "withdraw_duplicates": true });
    let merged = merge_account(&world, &scene.secretariat, &placed, &waiting, allowed).await;
    assert_eq!(merged.json["withdrawn"], json!([second["id"]]), "{}", merged.text);
    let state = |one: &Value| {
        let path = format!("/api/v1/registrations/{}", id(one));
        let (world, secretariat) = (&world, &scene.secretariat);
        async move { world.get(Some(secretariat), &path).await.json }
    };
    let kept = state(&first).await;
    assert_eq!(
        (&kept["state"], &kept["person"]["email"]),
        (&json!("confirmed"), &json!("binh+2@example.net"))
    );
    assert_eq!(state(&second).await["state"], "withdrawn");
    assert_eq!(state(&third).await["state"], "waitlisted");
    let pairs = world.get(Some(&scene.secretariat), "/api/v1/account-duplicates").await.json;
    assert_eq!(pairs["items"], json!([]));

    // Two with a place: the later one goes, and its place to who waits.
    let consultation = format!("/api/v1/consultations/{}", id(&scene.consultation));
    let version =
        world.get(Some(&scene.secretariat), &consultation).await.json["version"].as_i64().unwrap();
    world
        .change(&scene.secretariat, Method::PATCH, &consultation, version, json!({ "capacity": 2 }))
        .await;
    assert_eq!(state(&third).await["state"], "confirmed");
    let fourth = world.make(&world.person("Dewi Last"), &scene.registrations, form()).await;
    assert_eq!(fourth["state"], "waitlisted");
    let allowed = json!({ "withdraw_duplicates": true });
    let merged = merge_account(&world, &scene.secretariat, &waiting, &next, allowed).await;
    assert_eq!(merged.json["withdrawn"], json!([third["id"]]), "{}", merged.text);
    assert_eq!(state(&fourth).await["state"], "confirmed");
    // The first address still leads to the account that is left in the end.
    let end = sign_in_by_link(&world, "binh@example.net").await;
    assert_eq!(end.json["account_id"], json!(next.id));
});

on_both!(nobody_gains_a_role_or_an_account_by_merging, |world: World| async move {
    let scene = scene(&world, None, "automatic").await;
    let form = || registration("media", "VN");
    let people =
        ["Asha Example", "Binh Sample", "Chen Fixture", "Dewi Last"].map(|name| world.person(name));
    for person in &people {
        world.make(person, &scene.registrations, form()).await;
    }
    let [asha, binh, chen, dewi] = people;
    let by = &scene.secretariat;
    let nothing = || json!({});

    // Neither of the two may hold what the caller could not give.
    world.grant(&chen, Role::Administrator, ScopeKind::Instance, "");
    merge_account(&world, by, &asha, &chen, nothing()).await.is_problem(403, "forbidden");
    merge_account(&world, by, &chen, &asha, nothing()).await.is_problem(403, "forbidden");
    // Nobody merges an account of their own: they would read what the other said.
    world.make(by, &scene.registrations, form()).await;
    merge_account(&world, by, &asha, by, nothing()).await.is_problem(403, "forbidden");
    merge_account(&world, by, by, &asha, nothing()).await.is_problem(403, "forbidden");
    merge_account(&world, &chen, &asha, &chen, nothing()).await.is_problem(403, "forbidden");
    // A secretariat elsewhere does not know of them; without any such role nobody may.
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let mut other = review();
    other["code"] = json!("another");
    let other = world.make(&admin, "/api/v1/reviews", other).await;
    let elsewhere =
        world.person_with("Otto Other", Role::Secretariat, ScopeKind::Review, id(&other));
    merge_account(&world, &elsewhere, &asha, &binh, nothing()).await.is_problem(404, "not_found");
    merge_account(&world, &dewi, &asha, &binh, nothing()).await.is_problem(403, "forbidden");
    let pairs = world.get(Some(&elsewhere), "/api/v1/account-duplicates").await;
    assert_eq!((pairs.status, &pairs.json["items"]), (200, &json!([])));
    world.get(Some(&dewi), "/api/v1/account-duplicates").await.is_problem(403, "forbidden");
    // Who registered in another review as well is not theirs alone.
    let path = format!("/api/v1/reviews/{}/consultations", id(&other));
    let body = crate::harness::consultation();
    let second = world.make(&elsewhere, &path, body).await;
    world.phases(&elsewhere, id(&second), &["open_call"]).await;
    world
        .make(&dewi, &format!("/api/v1/consultations/{}/registrations", id(&second)), form())
        .await;
    let allowed = || json!({ "withdraw_duplicates": true });
    merge_account(&world, by, &dewi, &binh, allowed()).await.is_problem(403, "forbidden");
    // A disabled address does not become a way in.
    let path = format!("/api/v1/accounts/{}", asha.id);
    let version = version_of(&world, &asha).await;
    world.change(&admin, Method::PATCH, &path, version, json!({ "active": false })).await;
    merge_account(&world, by, &asha, &binh, allowed()).await.is_problem(409, "invalid_transition");
    merge_account(&world, by, &binh, &asha, allowed()).await.points_to("/into");

    // A role that the caller may give goes along, once.
    let group = json!({ "number": 1, "clusters": [[4]], "min_size": 1, "max_size": 9, "languages": ["en"] });
    let path = format!("/api/v1/consultations/{}/working-groups", id(&scene.consultation));
    let group = world.make(by, &path, group).await;
    for person in [&binh, &dewi] {
        world.grant(person, Role::Moderator, ScopeKind::WorkingGroup, id(&group));
    }
    world.grant(&binh, Role::Rapporteur, ScopeKind::WorkingGroup, id(&group));
    let merged = merge_account(&world, &admin, &binh, &dewi, allowed()).await;
    assert_eq!(merged.json["grants"], 1, "{}", merged.text);
    let grants =
        world.get(Some(&admin), &format!("/api/v1/accounts/{}/grants", dewi.id)).await.json;
    assert_eq!(grants["items"].as_array().unwrap().len(), 2, "{grants}");
});

on_both!(pairs_of_accounts_come_in_pages, |world: World| async move {
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    for n in 0..5 {
        person_at(&world, "Name", &format!("same+{n}@example.org"));
        person_at(&world, "Name", &format!("o.ther{n}@example.org"));
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world
            .get(Some(&admin), &format!("/api/v1/account-duplicates?limit=3{cursor}"))
            .await
            .json;
        seen.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.len(), 4);
    assert!(seen.iter().all(|pair| pair["older"]["email"] == "same+0@example.org"), "{seen:?}");
});

on_both!(
    accounts_are_compared_by_what_people_are_called_and_were_registered_as,
    |world: World| async move {
        let scene = scene(&world, None, "automatic").await;
        let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
        let asha = person_at(&world, "Asha Zwilling", "asha@example.org");
        let other = person_at(&world, "Quite Other", "other@example.net");
        world.make(&asha, &scene.registrations, registration("media", "VN")).await;
        let mut form = registration("media", "VN");
        form["person"] = json!({ "name": "ZWILLING, Asha", "email": "other@example.net" });
        world.make(&scene.secretariat, &scene.registrations, form).await;
        let pairs = async |by: &Person| {
            let pairs = world.get(Some(by), "/api/v1/account-duplicates").await;
            let pairs = pairs.json["items"].as_array().unwrap_or_else(|| panic!("{}", pairs.text));
            let ids = |pair: &Value| (pair["older"]["id"].clone(), pair["newer"]["id"].clone());
            pairs.iter().map(ids).collect::<Vec<_>>()
        };
        // A secretariat knows them as it registered them; an administrator as they are called themselves.
        let both = vec![(json!(asha.id), json!(other.id))];
        assert_eq!(pairs(&scene.secretariat).await, both);
        assert!(pairs(&admin).await.is_empty());
        let rename = async |name: &str| {
            let version = version_of(&world, &other).await;
            world
                .change(&other, Method::PATCH, "/api/v1/me", version, json!({ "name": name }))
                .await;
        };
        rename("asha zwilling").await;
        assert_eq!(pairs(&admin).await, both);

        // Of what an earlier version of the program has made no keys are there: it is compared all the same, and has them soon.
        let run = |statement: &'static str| {
            let run = |conn: &mut Conn| match conn {
                Conn::Sqlite(conn) => Ok(conn.batch_execute(statement)?),
                Conn::Postgres(conn) => Ok(conn.batch_execute(statement)?),
            };
            world.app.db.write_blocking(run).unwrap();
        };
        run("UPDATE accounts SET name_key = NULL, mailbox_key = NULL");
        run("UPDATE registrations SET person_name_key = NULL, person_mailbox_key = NULL");
        assert_eq!(pairs(&admin).await, both);
        assert_eq!(pairs(&scene.secretariat).await, both);
        rapporteur::worker::clear(&world.app).await.unwrap();
        let missing = |conn: &mut Conn| {
            let accounts = accounts::table.filter(accounts::name_key.is_null()).count();
            let registrations = registrations::table
                .filter(registrations::person.is_not_null())
                .filter(registrations::person_name_key.is_null())
                .count();
            Ok(accounts.get_result::<i64>(conn)? + registrations.get_result::<i64>(conn)?)
        };
        assert_eq!(world.app.db.read_blocking(missing).unwrap(), 0);
        assert_eq!(pairs(&admin).await, both);
        assert_eq!(pairs(&scene.secretariat).await, both);
        rename("Quite Other").await;
        assert!(pairs(&admin).await.is_empty());
    }
);

/// Nobody's name is read to find out who else has it.
#[actix_web::test]
async fn of_many_accounts_those_are_read_that_are_alike() {
    let Some((world, statements)) = Statements::of(Database::Postgres) else { return };
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    for name in ["Asha Example", "Binh Sample", "Chen Fixture"] {
        world.person(name);
    }
    statements.heard();
    let pairs = world.get(Some(&admin), "/api/v1/account-duplicates").await.json;
    assert_eq!(pairs["items"], json!([]));
    let heard = statements.heard();
    let names = |one: &&String| {
        let (chosen, narrowed) = one.split_once(" WHERE ").unwrap_or((one.as_str(), ""));
        let all = !narrowed.contains("\"id\" = ");
        all && (chosen.contains("\"accounts\".\"name\"") || chosen.contains("\"person\""))
    };
    let names: Vec<&String> = heard.iter().filter(names).collect();
    assert!(names.is_empty(), "{names:#?}");
}

on_both!(
    whoever_holds_the_address_that_goes_must_consent_and_learns_nothing_of_the_other,
    |world: World| async move {
        let scene = scene(&world, None, "automatic").await;
        let second = world.person_with("Seco Second", Role::Secretariat, ScopeKind::Instance, "");
        let (from, into) = (
            person_at(&world, "Asha Example", "asha.old@example.net"),
            person_at(&world, "Asha Zwilling", "other.box@example.org"),
        );
        for person in [&from, &into] {
            let form = registration("media", "VN");
            world.make(person, &scene.registrations, form).await;
        }
        let allowed = || json!({ "withdraw_duplicates": true });
        let by = &scene.secretariat;
        let proposed = propose_merge(&world, by, &from, &into, allowed()).await;
        assert_eq!(proposed.status, 202, "{}", proposed.text);
        let path = format!("/api/v1/proposals/{}/decision", id(&proposed.json));
        let confirm = || world.post(&second, &path, json!({ "decision": "confirm" }));
        confirm().await.is_problem(409, "holder_consent_missing");
        let mails =
            world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 1000)).unwrap();
        let asked: Vec<_> = mails.iter().filter(|mail| mail.template == "merge_consent").collect();
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].recipient, from.email);
        let text = format!("{} {} {:?}", asked[0].subject, asked[0].body, asked[0].html);
        for hidden in ["Asha", "Zwilling", "other.box", &into.id.to_string(), &from.id.to_string()]
        {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
        // Who refuses ends it; the answer tells nothing of either account.
        let token = mailed_token(&world, &from.email);
        let give = |token: &str, consent: bool| json!({ "token": token, "consent": consent });
        let consents = "/api/v1/merge-consents";
        let refused = open(&world, consents, give("nothing", true)).await;
        refused.is_problem(401, "invalid_credentials");
        let answered = open(&world, consents, give(&token, false)).await;
        assert_eq!(answered.text, "{\"message\":\"Thank you: your answer was taken.\"}");
        confirm().await.is_problem(409, "invalid_transition");
        open(&world, consents, give(&token, true)).await.is_problem(401, "invalid_credentials");
        // Anew, with consent.
        let merged = merge_account(&world, by, &from, &into, allowed()).await;
        assert_eq!(merged.json["merged_into"], json!(into.id), "{}", merged.text);
        // A link that was not answered in time opens nothing.
        let third = person_at(&world, "Binh Sample", "binh@example.net");
        world.make(&third, &scene.registrations, registration("media", "VN")).await;
        let late = propose_merge(&world, by, &third, &into, allowed()).await;
        assert_eq!(late.status, 202, "{}", late.text);
        world.app.clock.advance(chrono::Duration::days(7));
        let token = mailed_token(&world, &third.email);
        open(&world, consents, give(&token, true)).await.is_problem(401, "invalid_credentials");
    }
);
