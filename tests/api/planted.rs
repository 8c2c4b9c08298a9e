//! A person with something in every table that can hold something about anybody, marked so that it can be found again.

#![allow(clippy::disallowed_methods, reason = "looks at the tables as a thief would")]

use diesel::prelude::*;
use diesel::sql_types::Text;
use rapporteur::db::Conn;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Person, World, id};
use crate::main_job::{Walk, walk};

/// In every text that is planted.
pub const MARK: &str = "xqzmark";
/// Who it is planted about.
pub const NAME: &str = "Zyxwvut Qwertz";
/// Parts of the name and the address, and the mark, in lower case.
pub const TRACES: [&str; 3] = ["zyxwvut", "qwertz", MARK];

/// Writes one row: what is not given is filled in by its type, texts with the mark.
pub fn insert(world: &World, table: &str, given: &Value) -> String {
    let columns = crate::contract::described().remove(table).unwrap();
    let id = Uuid::from_u128(rand_like(table, given)).to_string();
    world
        .app
        .db
        .write_blocking(|conn| {
            let sqlite = matches!(conn, Conn::Sqlite(_));
            let (mut names, mut values) = (Vec::new(), Vec::new());
            for (column, (kind, nullable)) in &columns {
                let literal = match &given[column] {
                    Value::Null if column == "id" => format!("'{id}'"),
                    Value::Null if given.get(column).is_some() => "NULL".to_owned(),
                    Value::Null => filled(column, kind, *nullable, sqlite),
                    Value::String(text) => format!("'{}'", text.replace('\'', "''")),
                    Value::Bool(flag) if sqlite => u8::from(*flag).to_string(),
                    Value::Object(_) | Value::Array(_) => {
                        format!("'{}'", given[column].to_string().replace('\'', "''"))
                    }
                    other => other.to_string(),
                };
                names.push(column.clone());
                values.push(literal);
            }
            let sql = format!(
                "INSERT INTO {table} ({}) VALUES ({})",
                names.join(", "),
                values.join(", ")
            );
            run(conn, &sql);
            Ok(())
        })
        .unwrap();
    id
}

fn rand_like(table: &str, given: &Value) -> u128 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (table, given.to_string()).hash(&mut hasher);
    u128::from(hasher.finish()) << 32 | 0x4000
}

fn filled(column: &str, kind: &str, nullable: bool, sqlite: bool) -> String {
    match kind {
        "Text" => format!("'{MARK} {column}'"),
        "Doc" => format!("'{{\"mark\": \"{MARK} {column}\"}}'"),
        "Instant" => "'2030-10-01T03:00:00.000000Z'".to_owned(),
        "Date" => "'2020-11-19'".to_owned(),
        "Bool" if sqlite => "1".to_owned(),
        "Bool" => "true".to_owned(),
        "Binary" if sqlite => "x'78717a6d61726b'".to_owned(),
        "Binary" => "'\\x78717a6d61726b'".to_owned(),
        "Uid" if nullable => "NULL".to_owned(),
        "Uid" => format!("'{}'", Uuid::from_u128(0x4000)),
        _ => "1".to_owned(),
    }
}

/// Runs a statement on either database.
pub fn run(conn: &mut Conn, sql: &str) {
    let done = match conn {
        Conn::Sqlite(conn) => diesel::sql_query(sql).execute(conn),
        Conn::Postgres(conn) => diesel::sql_query(sql).execute(conn),
    };
    done.unwrap_or_else(|error| panic!("{error}: {sql}"));
}

#[derive(QueryableByName)]
struct Cell {
    #[diesel(sql_type = Text)]
    text: String,
}

/// What stands in a column, as text.
pub fn texts(world: &World, table: &str, column: &str) -> Vec<String> {
    let sql = format!("SELECT coalesce(cast({column} AS text), '') AS text FROM {table}");
    let load = |conn: &mut Conn| {
        let cells: Vec<Cell> = match conn {
            Conn::Sqlite(conn) => diesel::sql_query(&sql).load(conn).unwrap(),
            Conn::Postgres(conn) => diesel::sql_query(&sql).load(conn).unwrap(),
        };
        Ok(cells.into_iter().map(|cell| cell.text).collect())
    };
    world.app.db.read_blocking(load).unwrap()
}

/// The main job walked to the end, and its first participant with something in every table.
pub async fn plant(world: &World) -> (Walk, Person) {
    let walk = walk(world, NAME, "Quokkafund Organization").await;
    let person = walk.participants[0].clone();
    let (account, email) = (person.id.to_string(), person.email.as_str());
    let consultation = id(&walk.consultation);
    let own = world.get(Some(&person), "/api/v1/me/registrations").await;
    let registration = id(&own.json["items"][0]).to_owned();
    let organization = own.json["items"][0]["organization_id"].clone();
    let sessions = format!("/api/v1/consultations/{consultation}/sessions");
    let sessions = world.get(Some(&walk.secretariat), &sessions).await;
    let session = id(&sessions.json["items"][0]).to_owned();

    let guardian =
        json!({ "name": format!("{MARK} guardian"), "email": "xqzmark.guardian@example.org" });
    let answers = json!({ Uuid::from_u128(7).to_string(): format!("{MARK} answer") });
    let needs = json!({ "accessibility": format!("{MARK} needs") });
    let called = json!({ "name": format!("{MARK} called"), "email": email });
    world
        .app
        .db
        .write_blocking(|conn| {
            let sql = format!(
                "UPDATE registrations SET gender = 'another', age_band = '60_plus', languages = '[\"fr\"]', \
                 position = '{MARK} position', needs = '{needs}', guardian = '{guardian}', answers = '{answers}', \
                 note = '{MARK} note', person = '{called}', \
                 person_name_key = '{MARK} name', person_mailbox_key = '{MARK}@example.org' WHERE id = '{registration}'"
            );
            run(conn, &sql);
            Ok(())
        })
        .unwrap();
    let other = world.get(Some(&walk.participants[3]), "/api/v1/me/registrations").await;
    let ward = id(&other.json["items"][0]).to_owned();
    world
        .app
        .db
        .write_blocking(|conn| {
            let guardian = json!({ "name": NAME, "email": email });
            let sql =
                format!("UPDATE registrations SET guardian = '{guardian}' WHERE id = '{ward}'");
            run(conn, &sql);
            Ok(())
        })
        .unwrap();

    let to_them = json!({ "recipient": email, "state": "pending", "language": "en", "consultation_id": consultation,
        "subject_kind": "registration", "attempts": 0 });
    insert(world, "outbox_mails", &to_them);
    let about_them = json!({ "recipient": "other@example.org", "state": "sent", "language": "en",
        "consultation_id": consultation, "subject_kind": "registration", "subject_id": registration, "attempts": 0 });
    insert(world, "outbox_mails", &about_them);
    insert(world, "sign_in_links", &json!({ "email": email }));
    insert(
        world,
        "refresh_tokens",
        &json!({ "account_id": account, "created_at": "2020-10-01T03:00:00.000000Z", "used_at": null,
            "revoked_at": null, "way": "browser" }),
    );
    insert(world, "calendar_feeds", &json!({ "account_id": account }));
    insert(
        world,
        "registration_events",
        &json!({ "registration_id": registration, "kind": "confirmed", "state": "confirmed", "done_by": "secretariat",
            "reason_code": null, "lacking": null }),
    );
    insert(world, "guardian_requests", &json!({ "registration_id": registration }));
    let draft = insert(
        world,
        "registration_drafts",
        &json!({ "consultation_id": consultation, "email": email, "access_code_id": null, "registration_id": null,
            "invitation_id": null }),
    );
    insert(world, "draft_tokens", &json!({ "draft_id": draft, "email": email }));
    let invitation = insert(
        world,
        "invitations",
        &json!({ "consultation_id": consultation, "email": email, "language": "en", "state": "opened",
            "registration_id": registration }),
    );
    insert(
        world,
        "invitation_lists",
        &json!({ "invitation_id": invitation, "list": "UN Network" }),
    );
    insert(world, "invitation_tokens", &json!({ "invitation_id": invitation }));
    insert(
        world,
        "co_organizing_offers",
        &json!({ "consultation_id": consultation, "account_id": account, "organization_id": organization,
            "kind": "stakeholder", "state": "submitted", "reason_code": null, "decided_by": null, "decided_at": null }),
    );
    insert(
        world,
        "appeals",
        &json!({ "kind": "registration", "registration_id": registration, "organization_id": null,
            "account_id": account, "consultation_id": consultation, "state": "open", "decided_by": null,
            "answered_by": null }),
    );
    insert(
        world,
        "attendances",
        &json!({ "consultation_id": consultation, "session_id": session, "email": email, "standing": null,
            "person_key": format!("mail:{email}"), "method": "list" }),
    );
    for participant in &walk.participants[..12] {
        let own = world.get(Some(participant), "/api/v1/me/registrations").await;
        let registration = id(&own.json["items"][0]);
        insert(
            world,
            "attendances",
            &json!({ "consultation_id": consultation, "session_id": session, "registration_id": registration,
                "person_key": registration, "name": null, "email": null, "standing": "confirmed", "method": "code" }),
        );
    }
    insert(
        world,
        "input_filters",
        &json!({ "consultation_id": consultation, "account_id": account, "filter": { "q": MARK } }),
    );
    let proposal = json!({ "act": "merge_accounts", "subject": "two accounts", "review_id": null, "about": account,
        "needs": "second_person", "what": {}, "sha256": null, "state": "rejected", "proposed_by": account,
        "notice_ends_at": null, "decided_by": account });
    let proposal = insert(world, "proposals", &proposal);
    insert(world, "merge_consents", &json!({ "proposal_id": proposal, "account_id": account }));
    // Given to their address, under the name by which whoever gave it called them.
    insert(
        world,
        "grants",
        &json!({ "account_id": account, "role": "rapporteur", "scope_kind": "working_group",
            "scope_id": walk.groups[0]["id"], "granted_by": account, "confirmed_by": null, "made_by": [account],
            "organization_id": null }),
    );
    // What somebody of the team did, and a frozen draft that names them.
    let report = walk.report.rsplit('/').next().unwrap();
    let line = format!("{NAME}, Quokkafund Organization");
    let printed = format!("Moderator: {line}");
    let named = json!([{ "name": NAME, "line": line, "account": account }]);
    let frozen =
        json!({ "title": "", "summary": "", "sections": [], "paragraphs": [], "named": named });
    let document = json!({ "cell": printed });
    insert(
        world,
        "report_milestones",
        &json!({ "report_id": report, "name": "Draft", "document": document.to_string(), "sha256": "0",
            "frozen": frozen, "set_by": account }),
    );
    // A translation that they work on, and a portion that names them.
    let translation = insert(
        world,
        "report_translations",
        &json!({ "report_id": report, "language": "ru", "translator_id": account, "version": 1 }),
    );
    let portion = json!({ "translation_id": translation, "portion": "programme:2:1", "text": printed, "made_from": printed, "named": named, "version": 1 });
    insert(world, "translated_portions", &portion);
    let suggestion = json!({ "report_id": report, "kind": "replace", "text": "Other.", "state": "open", "made_by": account, "author": NAME,
        "decided_by": null, "decided_at": null, "reason": null });
    let suggestion = insert(world, "suggestions", &suggestion);
    insert(
        world,
        "suggestion_comments",
        &json!({ "suggestion_id": suggestion, "text": "Why?", "said_by": account, "author": NAME }),
    );
    // What they were asked and said in clearance, and a text that names them.
    let party = json!({ "report_id": report, "organization_id": null, "account_id": account });
    let party = insert(world, "clearance_parties", &party);
    let text = json!({ "report_id": report, "sha256": "0", "text": printed, "named": named });
    insert(world, "clearance_texts", &text);
    insert(
        world,
        "clearance_comments",
        &json!({ "report_id": report, "party_id": party, "paragraph_id": null, "paragraph_version": null,
            "range_start": null, "range_end": null, "text": "Why?", "state": "accepted", "said_by": account,
            "answer": "So.", "answered_by": account }),
    );
    insert(
        world,
        "clearance_overrides",
        &json!({ "report_id": report, "party_id": party, "objection_id": null, "reason": "No answer.", "sha256": "0",
            "made_by": account }),
    );
    // A draft that they asked participants about and in which they are named, and what they answered to one of them.
    let round =
        json!({ "report_id": report, "edition": 7, "opened_by": account, "closed_by": account });
    let round = insert(world, "clearance_rounds", &round);
    let portions =
        json!([{ "id": round, "version": 1, "number": 1, "text": printed, "sha256": "0" }]);
    insert(
        world,
        "hearings",
        &json!({ "round_id": round, "consultation_id": consultation, "report_id": report, "portions": portions,
            "document": document.to_string(), "named": named, "asked_by": account }),
    );
    insert(
        world,
        "observations",
        &json!({ "round_id": round, "report_id": report, "portion_id": round, "quote": NAME, "body": "Why?",
            "language": "en", "answer": "So.", "answered_by": account }),
    );
    // One that runs elsewhere, one that is done and one that failed: no job has all of it.
    let kind =
        json!({ "kind": "import_registrations", "account_id": account, "cancel_requested": false });
    let job_with = |more: Value| {
        let mut given = kind.clone();
        given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        insert(world, "jobs", &given)
    };
    let lease = Uuid::from_u128(0x4000).to_string();
    let job =
        job_with(json!({ "state": "running", "lease": lease, "ended_at": null, "result": null,
        "problem": null, "place": null }));
    job_with(
        json!({ "state": "done", "lease": null, "lease_until": null, "message": null, "problem": null,
        "place": null }),
    );
    job_with(
        json!({ "state": "failed", "lease": null, "lease_until": null, "message": null, "result": null, "place": null,
        "problem": { "code": MARK, "title": MARK, "detail": MARK, "errors": [] } }),
    );
    insert(world, "job_payloads", &json!({ "job_id": job }));
    insert(world, "job_lots", &json!({ "job_id": job }));
    world.app.db.write_blocking(|conn| {
        run(conn, &format!("UPDATE accounts SET password_hash = '{MARK} hash', language = 'fr' WHERE id = '{account}'"));
        Ok(())
    }).unwrap();
    (walk, person)
}
