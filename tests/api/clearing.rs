//! What is out of date is forgotten in parts, so that nobody waits long for a write meanwhile.

use diesel::prelude::*;
use rapporteur::access::{Role, ScopeKind};
use rapporteur::db::schema::{idempotency_keys, input_notes, refresh_tokens};
use rapporteur::db::types::Timestamp;
use rapporteur::db::{Cleared, Conn};
use rapporteur::work::Credentials;
use serde_json::{Value, json};

use crate::harness::{World, id};
use crate::on_both;

/// What one write of a feature clears.
async fn cleared(world: &World, feature: &str) -> Cleared {
    let clear = world.app.registry.features().find(|one| one.name == feature);
    let clear = clear.and_then(|one| one.clear).unwrap();
    world.app.write(Credentials::Operator, clear).await.unwrap()
}

/// All writes of a feature, until it says that there is no more for now.
async fn until_done(world: &World, feature: &str) -> Vec<usize> {
    let mut parts = Vec::new();
    loop {
        let part = cleared(world, feature).await;
        parts.push(part.rows);
        if !part.more {
            return parts;
        }
    }
}

fn keep_answers(conn: &mut Conn, count: usize, at: Timestamp) {
    for number in 0..count {
        let row = (
            idempotency_keys::key_hash.eq(format!("key {number}")),
            idempotency_keys::fingerprint.eq("x"),
            idempotency_keys::status.eq(201),
            idempotency_keys::headers.eq(rapporteur::db::types::Json(json!({}))),
            idempotency_keys::body.eq("{}"),
            idempotency_keys::created_at.eq(at),
        );
        diesel::insert_into(idempotency_keys::table).values(row).execute(conn).unwrap();
    }
}

on_both!(answers_that_were_kept_long_enough_go_in_parts, |world: World| async move {
    let at = world.app.clock.now();
    let keep = move |conn: &mut Conn| {
        keep_answers(conn, 1100, at);
        Ok(())
    };
    world.app.db.write_blocking(keep).unwrap();
    world.app.clock.advance(chrono::Duration::hours(25));
    assert_eq!(until_done(&world, "requests").await, [500, 500, 100]);
    // All of them in one round of the worker.
    world.app.db.write_blocking(keep).unwrap();
    rapporteur::worker::clear(&world.app).await.unwrap();
    let left = |conn: &mut Conn| Ok(idempotency_keys::table.count().get_result::<i64>(conn)?);
    assert_eq!(world.app.db.read_blocking(left).unwrap(), 0);
});

on_both!(notes_are_laid_anew_in_parts_and_table_by_table, |world: World| async move {
    let (secretariat, review, consultation) = world.consultation(None, "automatic").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let categories = format!("/api/v1/reviews/{}/input-categories", id(&review));
    let categories = world.get(Some(&secretariat), &categories).await.json;
    let group = json!({ "number": 1, "clusters": [[4]], "min_size": 1, "max_size": 40, "languages": ["en"] });
    let group = world.make(&secretariat, &format!("{base}/working-groups"), group).await;
    let round = world.make(&secretariat, &format!("{base}/rounds"), json!({ "number": 1 })).await;
    let phases = ["open_call", "registration_closed", "in_session"];
    world.phases(&secretariat, id(&consultation), &phases).await;
    let rapporteur =
        world.person_with("Rap Porteur", Role::Rapporteur, ScopeKind::WorkingGroup, id(&group));
    let note = |number: usize| {
        json!({ "key": format!("note {number}"), "told_by": "one", "objectives": [4],
            "category_id": categories["items"][1]["id"], "body": format!("Office nr{number} opens late.") })
    };
    for first in (0..450).step_by(150) {
        let notes: Vec<Value> = (first..first + 150).map(note).collect();
        let body =
            json!({ "working_group_id": group["id"], "round_id": round["id"], "notes": notes });
        world.make(&rapporteur, &format!("{base}/inputs/notes"), body).await;
    }
    // As long as the round is on, they are recognized.
    assert_eq!(until_done(&world, "inputs").await, [0]);
    let again =
        json!({ "working_group_id": group["id"], "round_id": round["id"], "notes": [note(7)] });
    let again = world.make(&rapporteur, &format!("{base}/inputs/notes"), again).await;
    assert_eq!(again["items"][0]["taken_before"], true, "{again}");

    world.phases(&secretariat, id(&consultation), &["synthesis"]).await;
    let inputs = format!("{base}/inputs/export?format=ndjson");
    let before = world.get(Some(&secretariat), &inputs).await.text;
    assert_eq!(until_done(&world, "inputs").await, [90; 5]);
    let keys = |conn: &mut Conn| Ok(input_notes::table.count().get_result::<i64>(conn)?);
    assert_eq!(world.app.db.read_blocking(keys).unwrap(), 450);
    // At the next go one table after the other, and then the keys.
    assert_eq!(until_done(&world, "inputs").await, [0, 0, 0, 0, 0, 0, 450]);
    assert_eq!(world.app.db.read_blocking(keys).unwrap(), 0);
    assert_eq!(until_done(&world, "inputs").await, [0]);
    // And they say what they said.
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let after = world.get(Some(&secretariat), &inputs).await.text;
    assert_eq!(sorted(&after), sorted(&before));
    let found = world.get(Some(&secretariat), &format!("{base}/inputs?q=nr123")).await.json;
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
});

on_both!(sign_ins_are_told_before_what_tells_of_them_is_forgotten, |world: World| async move {
    const TIMES: i64 = 1200;
    let (admin, asha) = (
        world.person_with("Ada Administrator", Role::Administrator, ScopeKind::Instance, ""),
        world.person("Asha Example"),
    );
    let account = asha.id;
    let (ids, then) = (world.app.ids.clone(), world.app.clock.now().to_the_day());
    let keep = move |conn: &mut Conn| {
        for number in 0..TIMES {
            let row = (
                refresh_tokens::id.eq(ids.unlinkable::<()>()),
                refresh_tokens::account_id.eq(account),
                refresh_tokens::family_id.eq(ids.unlinkable::<()>()),
                refresh_tokens::token_hash.eq(format!("hash {number}")),
                refresh_tokens::created_at.eq(then),
                refresh_tokens::expires_at.eq(then.plus(chrono::Duration::days(1))),
                refresh_tokens::used_at.eq(None::<Timestamp>),
                refresh_tokens::revoked_at.eq(None::<Timestamp>),
                refresh_tokens::to_audit.eq(true),
                refresh_tokens::way.eq("program"),
            );
            diesel::insert_into(refresh_tokens::table).values(row).execute(conn)?;
        }
        Ok(())
    };
    world.app.db.write_blocking(keep).unwrap();
    // The program was not there for longer than they lasted.
    world.app.clock.advance(chrono::Duration::days(90));
    rapporteur::worker::clear(&world.app).await.unwrap();
    let own = move |conn: &mut Conn| {
        let own = refresh_tokens::table.filter(refresh_tokens::account_id.eq(account));
        Ok(own.count().get_result::<i64>(conn)?)
    };
    assert_eq!(world.app.db.read_blocking(own).unwrap(), 0);
    let admin = world.signed_in_again(&admin);
    let log = world.get(Some(&admin), "/api/v1/audit?limit=200").await.json;
    let told = log["items"].as_array().unwrap().iter();
    let told = told.filter(|one| one["action"] == "account.signed_in" && one["actor_id"].is_null());
    let times: i64 = told.map(|one| one["details"]["times"].as_i64().unwrap()).sum();
    assert!(times >= TIMES, "{times}: {log}");
});
