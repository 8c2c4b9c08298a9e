//! Whoever sat in the room, or has its recording, and knows who spoke when: what they make of the notes that were taken there.

use chrono::{DateTime, Utc};
use rapporteur::access::{Role, ScopeKind};
use serde_json::{Value, json};

use crate::crowd::{Crowd, tick, word};
use crate::harness::{World, id};
use crate::on_both;
use crate::tell;
use crate::thief::{
    Row, dump, folders, moments_in, names, order_in_files, orders, settle, told_by_order,
};

/// Who spoke in the room, one after the other.
const SPEAKERS: usize = 40;
/// What chance alone does not guess of them.
const MOST_GUESSED: usize = 5;

on_both!(notes_lie_in_no_order_once_the_round_is_over, |world: World| async move {
    let crowd = Crowd::gather(&world, 2).await;
    // The day of the consultation.
    world.app.clock.advance(
        "2020-11-19T03:00:00Z".parse::<DateTime<Utc>>().unwrap() - world.app.clock.now().utc(),
    );
    let team = crowd.team(&world);
    let closed = ["registration_closed", "in_session"];
    let group = world.make(&team, &crowd.of("working-groups"), json!({ "number": 1, "clusters": [[4]], "min_size": 1, "max_size": 40, "languages": ["en"] })).await;
    let ends_at = world.app.clock.now().plus(chrono::Duration::hours(2));
    let round = json!({ "number": 1, "starts_at": world.app.clock.now(), "ends_at": ends_at });
    let round = world.make(&team, &crowd.of("rounds"), round).await;
    world.phases(&team, id(&crowd.consultation), &closed).await;
    let rapporteur =
        world.person_with("Rap Porteur", Role::Rapporteur, ScopeKind::WorkingGroup, id(&group));
    let mut moments = Vec::new();
    let note = |number: usize| {
        let body = format!("Somebody asked for what {} says.", word(number));
        json!({ "key": format!("note {number:03}"), "told_by": "one", "objectives": [4],
            "category_id": crowd.category["id"], "body": body })
    };
    // Written down as they spoke, sent by two or three.
    let mut number = 0;
    while number < SPEAKERS {
        moments.push(tick(&world));
        let several: Vec<Value> =
            (number..(number + 2 + number % 2).min(SPEAKERS)).map(note).collect();
        number += several.len();
        let notes =
            json!({ "working_group_id": group["id"], "round_id": round["id"], "notes": several });
        world.make(&rapporteur, &crowd.of("inputs/notes"), notes).await;
    }
    // While it is on they are recognized, as they must be: the attack would find their order, and the moments.
    let rows = dump(&world);
    assert!(rows.iter().any(|row| row.table == "input_notes"));
    world.app.clock.advance(chrono::Duration::hours(3));
    // In two goes.
    for _ in 0..2 {
        rapporteur::worker::clear(&world.app).await.unwrap();
    }
    let rows = dump(&world);
    let names = names(&rows, SPEAKERS);
    let mut orders = orders(&rows, &names);
    assert!(orders.values().filter(|order| order.len() == SPEAKERS).count() >= 3, "{orders:?}");
    let team = crowd.team(&world);
    let read = world.get(Some(&team), &format!("{}?limit=100", crowd.of("inputs"))).await.json;
    let number = |id: &str| names[&id.replace('-', "")];
    let listed = read["items"].as_array().unwrap().iter().map(|one| number(id(one))).collect();
    orders.insert("the team's list".into(), listed);
    let mut ids: Vec<&str> = read["items"].as_array().unwrap().iter().map(id).collect();
    ids.sort_unstable();
    orders.insert("ids".into(), ids.into_iter().map(number).collect());
    settle(&world);
    // A log keeps what was written until it is written over; the database's own files do not.
    let mut files = folders(&world);
    files.retain(|folder| !folder.ends_with("pg_wal"));
    let said: Vec<String> = (0..SPEAKERS).map(word).collect();
    order_in_files(&files, &said, &mut orders);
    let linked = told_by_order(&orders, SPEAKERS, SPEAKERS, MOST_GUESSED);
    // By the moment of each, and by what it was called.
    // (That somebody took notes is audited as a step of the team: when, and not which.)
    let but_audited: Vec<Row> =
        rows.iter().filter(|row| row.table != "audit_log").cloned().collect();
    let found = moments_in(&but_audited, &moments);
    let named =
        rows.iter().filter(|row| row.table != "inputs" && !row.table.starts_with("input_search"));
    let named: Vec<&Row> = named.filter(|row| row.text.contains("note 0")).collect();
    let keys = rows.iter().filter(|row| row.table == "input_notes").count();
    // By the transaction that wrote them.
    let written: std::collections::BTreeSet<i64> =
        rows.iter().filter(|row| row.table == "inputs").map(|row| row.written_by).collect();
    tell(&world, "notes by their order", linked + found.len() + named.len() + keys, SPEAKERS);
    assert_eq!((linked, &found, named.len(), keys, written.len()), (0, &vec![], 0, 0, 1));
});
