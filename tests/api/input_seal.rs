//! The threat model (docs/threat-model.md), attack by attack: what the tables, the answers, the times and the order tell.

#![allow(clippy::disallowed_methods, reason = "looks at the tables as a thief would")]

use std::collections::HashSet;

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, sql_query};
use rapporteur::access::{Role, ScopeKind};
use rapporteur::db::Conn;
use rapporteur::work::Credentials;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Database, Person, Request, World, id};
use crate::inputs::{Scene, decide, scene};
use crate::jobs::upload;
use crate::on_both;
use crate::privacy::every_row;

fn rows(world: &World) -> Vec<(String, String)> {
    world.app.db.read_blocking(|conn| Ok(every_row(conn))).unwrap()
}

async fn published(world: &World, scene: &Scene) {
    world
        .phases(
            &scene.secretariat,
            id(&scene.consultation),
            &["registration_closed", "in_session", "synthesis", "clearance", "published"],
        )
        .await;
}

on_both!(no_table_holds_a_person_beside_an_input_in_any_channel, |world: World| async move {
    let scene = scene(&world).await;
    let person = scene.participant(&world, "Zyx Planted").await;
    let by = &scene.secretariat;
    let chat = "09:41:12 From Zyx Planted to Everyone:\n\tFees differ, says Zyx Planted.\n09:41:20 From Nemo Nowhere to Everyone:\n\tAgreed.\n";
    let path = format!(
        "/api/v1/consultations/{}/input-sources?title=chat&file_name=chat.txt&kind=chat&dry_run=false",
        id(&scene.consultation)
    );
    let source = upload(&world, by, &path, "text/plain", chat).await;
    assert_eq!(source.json["lines"], 2, "{}", source.text);
    world.make(&person, &scene.path, scene.input("Written.")).await;
    let mut anonymous = scene.input("Without a link.");
    anonymous["anonymous"] = json!(true);
    let anonymous = world.make(&person, &scene.path, anonymous).await;
    let table = format!("{}/imports?dry_run=false", scene.path);
    let csv = format!(
        "body,objectives,category,contributor_email\nFrom a table.,4,key_challenges,{}\n",
        person.email
    );
    let job = upload(&world, by, &table, "text/csv", csv).await;
    assert_eq!(crate::jobs::ran(&world, by, &job.json).await["state"], "done");
    let support = world.make(by, &scene.path, scene.input("By the team.")).await;
    let support = decide(&world, by, &support, json!({ "decision": "accept" })).await.json;
    let post = Request::new(Method::POST, &format!("/api/v1/inputs/{}/support", id(&support)))
        .by(Some(&person));
    assert_eq!(world.send(post).await.status, 204);

    let account = person.id.to_string();
    for (table, row) in rows(&world) {
        let row = row.to_lowercase();
        if table.starts_with("input") {
            for trace in ["zyx", "planted", "nemo", "nowhere", account.as_str()] {
                assert!(!row.contains(trace), "{table} holds {trace}: {row}");
            }
        }
        if row.contains(id(&anonymous)) {
            assert!(table != "input_attributions", "an anonymous input has a link: {row}");
        }
    }
    // Every answer that the team gets, searched as the tables are.
    let consultation = id(&scene.consultation);
    for path in [
        format!("{}?limit=200", scene.path),
        format!("{}/board", scene.path),
        format!("{}/coverage?by=subregion_and_sector", scene.path),
        format!("{}/export?format=ndjson", scene.path),
        format!("/api/v1/consultations/{consultation}/input-sources"),
        format!("/api/v1/input-sources/{}/lines", id(&source.json)),
        format!("/api/v1/inputs/{}/history", id(&support)),
        format!("/api/v1/inputs/{}/followed", id(&support)),
        "/metrics".to_owned(),
    ] {
        let answer = world.get(Some(by), &path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let text = answer.text.to_lowercase();
        for trace in ["zyx", "planted", "nemo", "nowhere", account.as_str()] {
            assert!(!text.contains(trace), "{path} tells {trace}: {text}");
        }
    }
    // Not even who sent it can follow what was sent without a link.
    let own = world.get(Some(&person), "/api/v1/me/inputs").await.text;
    assert!(
        own.contains("Written.")
            && own.contains("From a table.")
            && !own.contains("Without a link."),
        "{own}"
    );
    let path = format!("/api/v1/inputs/{}", id(&anonymous));
    world.get(Some(&person), &path).await.is_problem(404, "not_found");
    assert_eq!(world.get(Some(by), &path).await.json["voices"], "one", "it still counts one voice");
});

on_both!(a_destroyed_key_links_nothing_and_voices_stay_counted, |world: World| async move {
    let scene = scene(&world).await;
    let (one, two) =
        (scene.participant(&world, "Pat One").await, scene.participant(&world, "Pat Two").await);
    let said = world.make(&one, &scene.path, scene.input("Said once.")).await;
    let other = world.make(&two, &scene.path, scene.input("Said twice.")).await;
    let merge = Request::new(Method::POST, &format!("/api/v1/inputs/{}/merge", id(&said)))
        .by(Some(&scene.secretariat))
        .version(1);
    let body =
        json!({ "with": [{ "id": other["id"], "version": 1 }], "into": { "body": "Said." } });
    let merged = world.send(merge.body(body)).await.json;
    let destroy = format!("/api/v1/consultations/{}/seal/destruction", id(&scene.consultation));
    let body = json!({ "destroy": true });
    world
        .post(&scene.secretariat, &destroy, body.clone())
        .await
        .is_problem(409, "not_in_this_phase");
    published(&world, &scene).await;
    world
        .post(&scene.secretariat, &destroy, json!({ "destroy": false }))
        .await
        .is_problem(422, "invalid_value");
    assert_eq!(
        world.get(Some(&one), "/api/v1/me/inputs").await.json["items"].as_array().unwrap().len(),
        1
    );
    assert_eq!(world.post(&scene.secretariat, &destroy, body.clone()).await.status, 204);
    assert_eq!(world.get(Some(&one), "/api/v1/me/inputs").await.json["items"], json!([]));
    world
        .get(Some(&one), &format!("/api/v1/inputs/{}", id(&said)))
        .await
        .is_problem(404, "not_found");
    let follow_up =
        world.person_with("Fol Low", Role::FollowUp, ScopeKind::Review, id(&scene.review));
    let disclosure = format!("/api/v1/inputs/{}/disclosure", id(&said));
    world
        .post(&follow_up, &disclosure, json!({ "reason": "safeguarding" }))
        .await
        .is_problem(409, "seal_destroyed");
    let seen =
        world.get(Some(&scene.secretariat), &format!("/api/v1/inputs/{}", id(&merged))).await;
    assert_eq!(seen.json["voices"], "few", "{}", seen.text);
    let keys: Vec<String> = rows(&world)
        .into_iter()
        .filter(|(table, _)| table == "input_attribution_keys")
        .map(|(_, row)| row)
        .collect();
    assert_eq!(keys.len(), 1);
    assert!(
        !keys[0].contains("proof") && keys[0].len() < 120,
        "half of the key is left: {}",
        keys[0]
    );
    world.post(&scene.secretariat, &destroy, body).await.is_problem(409, "seal_destroyed");
});

on_both!(
    what_the_tables_tell_is_not_enough_without_the_instance_secret,
    |world: World| async move {
        let scene = scene(&world).await;
        let person = scene.participant(&world, "Pat One").await;
        world.make(&person, &scene.path, scene.input("Said once.")).await;
        // The same database, opened by a process that has another secret.
        let mut settings = (*world.app.settings).clone();
        settings.secrets.seal_key =
            Some("another secret of more than thirty-two characters".to_owned().into());
        let thief = rapporteur::app::App::open(
            settings,
            world.app.clock.clone(),
            rapporteur::ids::Ids::System,
            rapporteur::features::FEATURES,
        )
        .unwrap();
        let own = thief.read_blocking(&Credentials::Account(person.id), |work| {
            rapporteur::voices::service::own_ids(work)
        });
        assert_eq!(own.unwrap_err().code(), rapporteur::problem::Code::Internal);
    }
);

on_both!(ids_order_days_and_the_log_tell_nothing_of_arrival, |world: World| async move {
    let scene = scene(&world).await;
    let mut arrival = Vec::new();
    for number in 0..12 {
        let person = scene.participant(&world, &format!("Pat {number}")).await;
        let made = world.make(&person, &scene.path, scene.input(&format!("Text {number}."))).await;
        arrival.push(id(&made).to_owned());
    }
    let position = |list: &[String]| {
        list.iter().map(|one| arrival.iter().position(|id| id == one).unwrap()).collect::<Vec<_>>()
    };
    let unlike_arrival = |order: &[String], place: &str| {
        let order = position(order);
        let rising = order.windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((2..=9).contains(&rising), "{place} follows arrival: {order:?}");
    };
    for path in [
        scene.path.clone(),
        format!("{}?q=text", scene.path),
        format!("{}?objective=4", scene.path),
    ] {
        let listed = world.get(Some(&scene.secretariat), &path).await.json;
        let order: Vec<String> =
            listed["items"].as_array().unwrap().iter().map(|item| id(item).to_owned()).collect();
        assert_eq!(order.len(), 12);
        unlike_arrival(&order, &path);
    }
    let mut by_id = arrival.clone();
    by_id.sort();
    unlike_arrival(&by_id, "the order of ids");
    for one in &arrival {
        assert_eq!(uuid::Uuid::parse_str(one).unwrap().get_version_num(), 4);
    }
    // The file of SQLite keeps rows in the order of their keys, which are random, and not as they came.
    if let rapporteur::db::Target::Sqlite(_) = world.app.db.target() {
        let order = world.app.db.read_blocking(|conn| {
            let Conn::Sqlite(conn) = conn else { unreachable!() };
            #[derive(diesel::QueryableByName)]
            struct Row { #[diesel(sql_type = diesel::sql_types::Text)] id: String }
            let tables: Vec<Row> = sql_query("SELECT name AS id FROM sqlite_master WHERE type = 'table' AND name LIKE 'input%' AND name NOT LIKE 'input_search%' AND name NOT IN ('input_categories', 'input_filters') AND sql NOT LIKE '%WITHOUT ROWID%'").load(conn).unwrap();
            assert!(tables.is_empty(), "{:?}", tables.iter().map(|row| &row.id).collect::<Vec<_>>());
            let rows: Vec<Row> = sql_query("SELECT id FROM inputs").load(conn).unwrap();
            Ok(rows.into_iter().map(|row| row.id).collect::<Vec<_>>())
        });
        unlike_arrival(&order.unwrap(), "the file");
    }
    // What the log says of contributors has no input and no person; their steps have a day and no hour.
    let log = world
        .app
        .read_blocking(&Credentials::Operator, |work| rapporteur::audit::list(work.conn, 0, 1000))
        .unwrap();
    let submitted: Vec<_> = log.iter().filter(|row| row.action == "input.submitted").collect();
    assert_eq!(submitted.len(), 12);
    assert!(
        submitted.iter().all(|row| row.actor_id.is_none() && row.subject_kind == "consultation")
    );
    for (table, row) in rows(&world) {
        let of_input = ["inputs", "input_events", "input_objectives", "input_attributions"]
            .contains(&table.as_str());
        assert!(!of_input || !row.contains("T03:00"), "{table} keeps an hour: {row}");
    }
});

on_both!(
    coverage_shows_five_and_more_of_yesterday_and_nothing_of_fewer,
    |world: World| async move {
        let scene = scene(&world).await;
        let coverage = format!("{}/coverage?by=sector", scene.path);
        let cells = |answer: Value| answer["cells"].as_array().unwrap().clone();
        for number in 0..5 {
            let person = scene.participant(&world, &format!("Pat {number}")).await;
            world.make(&person, &scene.path, scene.input(&format!("Text {number}."))).await;
            world.make(&person, &scene.path, scene.input(&format!("More {number}."))).await;
            let today = world.get(Some(&scene.secretariat), &coverage).await.json;
            assert!(cells(today).is_empty(), "today is not counted: nobody watches a cell change");
        }
        world.app.clock.advance(chrono::Duration::days(1));
        let secretariat = world.signed_in_again(&scene.secretariat);
        let seen = cells(world.get(Some(&secretariat), &coverage).await.json);
        assert_eq!(seen.len(), 2, "{seen:?}");
        assert!(
            seen.iter()
                .all(|cell| cell["heard"] == "five_to_nine" && cell["sector"] == "civil_society")
        );
        // Four of a kind are silence.
        let person: Person = world.person("Media Person");
        let path = format!("/api/v1/consultations/{}/registrations", id(&scene.consultation));
        world.make(&person, &path, crate::harness::registration("media", "FJ")).await;
        world.make(&person, &scene.path, scene.input("Only one.")).await;
        world.app.clock.advance(chrono::Duration::days(1));
        let secretariat = world.signed_in_again(&scene.secretariat);
        let seen = cells(world.get(Some(&secretariat), &coverage).await.json);
        assert_eq!(seen.len(), 2, "{seen:?}");
    }
);

on_both!(a_seal_is_opened_one_at_a_time_and_not_in_bulk, |world: World| async move {
    let scene = scene(&world).await;
    let person = scene.participant(&world, "Pat One").await;
    let follow_up =
        world.person_with("Fol Low", Role::FollowUp, ScopeKind::Review, id(&scene.review));
    let mut asked = HashSet::new();
    for number in 0..11 {
        let made = world.make(&person, &scene.path, scene.input(&format!("Text {number}."))).await;
        let path = format!("/api/v1/inputs/{}/disclosure", id(&made));
        let answer = world.post(&follow_up, &path, json!({ "reason": "clarification" })).await;
        asked.insert(answer.status);
        match number {
            10 => {
                answer.is_problem(429, "too_many_requests");
                assert_eq!(answer.header("retry-after"), "86401");
            }
            _ => assert_eq!(answer.json["contributor"]["name"], "Pat One"),
        }
    }
    assert_eq!(asked.len(), 2);
});

on_both!(links_of_before_there_were_keys_are_sealed_at_the_next_start, |world: World| async move {
    let scene = scene(&world).await;
    let person = scene.participant(&world, "Pat One").await;
    let made = world.make(&person, &scene.path, scene.input("Said long ago.")).await;
    let (input, account) = (id(&made), person.id);
    world
        .app
        .db
        .write_blocking(|conn| {
            let kind = if matches!(conn, Conn::Sqlite(_)) { "TEXT" } else { "uuid" };
            crate::planted::run(conn, "DELETE FROM input_attributions");
            crate::planted::run(conn, &format!("CREATE TABLE input_attributions_unsealed (input_id {kind}, account_id {kind}, capacity text)"));
            crate::planted::run(conn, &format!("INSERT INTO input_attributions_unsealed VALUES ('{input}', '{account}', 'contributor')"));
            Ok(())
        })
        .unwrap();
    assert_eq!(world.get(Some(&person), "/api/v1/me/inputs").await.json["items"], json!([]));
    let settings = (*world.app.settings).clone();
    let (clock, ids) = (world.app.clock.clone(), rapporteur::ids::Ids::System);
    rapporteur::app::App::open(settings, clock, ids, rapporteur::features::FEATURES).unwrap();
    assert_eq!(
        world.get(Some(&person), "/api/v1/me/inputs").await.json["items"][0]["id"],
        made["id"]
    );
});

/// On PostgreSQL, as whoever the program is signed in as, the sealed tables are not to be read.
#[actix_web::test]
async fn the_sealed_tables_belong_to_a_role_of_their_own() {
    let Some(database) = crate::postgres::new_database_of_a_plain_login() else { return };
    let url = database.url.as_str();
    let Some(world) =
        World::with(Database::Postgres, |settings| settings.database.url = url.into())
    else {
        return;
    };
    let scene = scene(&world).await;
    let person = scene.participant(&world, "Pat One").await;
    let made = world.make(&person, &scene.path, scene.input("Said once.")).await;
    assert_eq!(
        world.get(Some(&person), "/api/v1/me/inputs").await.json["items"][0]["id"],
        made["id"]
    );
    let mut conn = PgConnection::establish(url).unwrap();
    for table in ["input_attributions", "input_attribution_keys", "input_line_attributions"] {
        let refused = conn.batch_execute(&format!("SELECT * FROM {table}")).unwrap_err();
        assert!(refused.to_string().contains("permission denied"), "{refused}");
    }
    conn.batch_execute("SET ROLE rapporteur_seal; SELECT * FROM input_attributions").unwrap();
    let refused = conn.batch_execute("SELECT * FROM inputs").unwrap_err();
    assert!(
        refused.to_string().contains("permission denied"),
        "the role reads nothing else: {refused}"
    );
    assert_eq!(sql_query("RESET ROLE").execute(&mut conn).unwrap_or(0), 0);
}
