//! Nobody learns who said what. A contributor with a distinctive name and organization goes the whole way, then every
//! answer that others can get, every published format and every table is searched for them.

#![allow(clippy::disallowed_methods, reason = "looks at the tables as a thief would")]

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::Text;
use rapporteur::access::{Role, ScopeKind};
use rapporteur::db::Conn;
use reqwest::Method;
use serde_json::{Value, json};

use crate::access::{operations, scene};
use crate::harness::{Person, Request, World, id};
use crate::inputs::{self, Scene};
use crate::main_job::walk;
use crate::on_both;

const NAME: &str = "Zyxwvut Qwertz";
const ORGANIZATION: &str = "Quokkafund Organization";
/// Parts of the name, the address and the organization, in lower case.
const PLANTED: [&str; 3] = ["zyxwvut", "qwertz", "quokkafund"];

fn assert_silent(text: &str, place: &str) {
    let text = text.to_lowercase();
    for planted in PLANTED {
        assert!(!text.contains(planted), "{place} tells “{planted}”: {text}");
    }
}

on_both!(nothing_published_or_drafted_or_counted_tells_who_said_it, |world: World| async move {
    let walk = walk(&world, NAME, ORGANIZATION).await;
    let consultation = format!("/api/v1/consultations/{}", id(&walk.consultation));
    let outsider = world.person("Curious Example");
    let organizer = world.person_with(
        "Helping Example",
        Role::CoOrganizer,
        ScopeKind::Consultation,
        id(&walk.consultation),
    );
    let mut paths: Vec<String> = [
        "inputs?limit=200",
        "figure-releases",
        "participation-paragraphs",
        "inputs/coverage",
        "programme",
        "sessions",
        "working-groups",
        "co-organizers",
        "report",
    ]
    .iter()
    .map(|part| format!("{consultation}/{part}"))
    .collect();
    for report in [&walk.report, &walk.paper] {
        for part in ["", "/outline", "/coverage", "/editions"] {
            paths.push(format!("{report}{part}"));
        }
        for format in ["json", "md", "html"] {
            paths.push(format!("{report}/draft.{format}"));
            paths.push(format!("{report}/editions/1.{format}"));
        }
    }
    paths.extend(walk.inputs.iter().map(|(input, _)| format!("/api/v1/inputs/{}", id(input))));
    paths.push("/api/v1/audit?limit=200".to_owned());
    assert_silent(&world.metrics().await, "metrics");
    let administrator =
        world.person_with("Ada Administrator", Role::Administrator, ScopeKind::Instance, "");
    let mut answered = 0;
    for path in &paths {
        for person in [
            None,
            Some(&outsider),
            Some(&organizer),
            Some(&walk.rapporteur),
            Some(&walk.secretariat),
            Some(&administrator),
        ] {
            let answer = world.get(person, path).await;
            assert_silent(&answer.text, path);
            answered += usize::from(answer.status == 200);
        }
    }
    assert!(answered > 60, "{answered}");
});

/// Ten who contributed by receipt, the first of them the planted one, mixed and read: the people, their receipts, and the inputs in
/// the order in which they arrived.
async fn mixed(world: &World) -> (Scene, Vec<(Person, String, Value)>) {
    let mut scene = inputs::scene(world).await;
    let mut told = Vec::new();
    for number in 0..10 {
        let name = if number == 0 { NAME.to_owned() } else { format!("Pat No{number}") };
        let (person, receipt) = scene.contributor(world, &name).await;
        let said = scene.said(&format!("Fees are high, number {number}."));
        scene.contribute(world, &receipt, said).await;
        told.push((person, receipt));
    }
    scene.next_mixing(world);
    scene.secretariat = world.signed_in_again(&scene.secretariat);
    let mut inputs = Vec::new();
    for (person, receipt) in told {
        let input = scene.input_of(world, &receipt).await;
        inputs.push((person, receipt, input));
    }
    (scene, inputs)
}

on_both!(no_table_links_an_input_to_a_person_not_even_the_sealed_one, |world: World| async move {
    let (scene, told) = mixed(&world).await;
    let accept = json!({ "decision": "accept" });
    let (_, receipt, input) = &told[0];
    let accepted = inputs::decide(&world, &scene.secretariat, input, accept).await;
    assert_eq!(accepted.status, 200, "{}", accepted.text);
    let support = format!("supports/{}", id(input));
    let supported = scene.by_receipt(&world, &told[1].1, Method::PUT, &support, None).await;
    assert_eq!(supported.status, 204, "{}", supported.text);
    // Something waits, too.
    let waits = scene.contribute(&world, receipt, scene.said("Said later.")).await;
    let recorded = world.make(&scene.secretariat, &scene.path, scene.input("Recorded.")).await;

    let people: Vec<String> = told.iter().map(|(person, ..)| person.id.to_string()).collect();
    let mut inputs: Vec<&str> = told.iter().map(|(.., input)| id(input)).collect();
    inputs.push(id(&waits));
    let rows = world.app.db.read_blocking(|conn| Ok(every_row(conn))).unwrap();
    let mut sealed = 0;
    let of = |wanted: &str, what: &str| {
        rows.iter().any(|(table, row)| table == wanted && row.contains(what))
    };
    assert!(of("idempotency_keys", id(&recorded)), "this test would notice");
    assert!(of("pool_entries", id(&waits)), "this test would notice");
    for (table, row) in &rows {
        let names_input = inputs.iter().any(|input| row.contains(input));
        let names_person = people.iter().any(|person| row.contains(person.as_str()));
        assert!(!(names_input && names_person), "{table} links an input to a person: {row}");
        // What was done by receipt leaves no key for retries, no entry of an audit log and no mail.
        let beside = ["idempotency_keys", "outbox_mails"].contains(&table.as_str());
        assert!(!(beside && names_input), "{table} tells of what was done by receipt: {row}");
        for (_, receipt, _) in &told {
            let bare = receipt.replace('-', "");
            let told = row.contains(receipt.as_str()) || row.contains(&bare);
            assert!(!told, "{table} holds a receipt: {row}");
        }
        sealed += usize::from(table == "input_voices" && names_input);
        // What waits can be read by nobody who has the database.
        assert!(!row.contains("Said later."), "{table} shows what waits: {row}");
        // Who they are stands where people are kept; nowhere beside what was said.
        // (What is kept for retries answers organizations and inputs alike, each in a row of its own.)
        if !["accounts", "organizations", "outbox_mails", "sign_in_links", "idempotency_keys"]
            .contains(&table.as_str())
        {
            assert_silent(row, table);
        }
    }
    assert_eq!(sealed, told.len(), "every input has its sealed voice");
});

on_both!(ids_and_order_of_inputs_tell_nothing_of_arrival, |world: World| async move {
    let (scene, told) = mixed(&world).await;
    let path = format!("{}?limit=200", scene.path);
    let listed = world.get(Some(&scene.secretariat), &path).await;
    let order: Vec<&str> = listed.json["items"].as_array().unwrap().iter().map(id).collect();
    let arrival: Vec<&str> = told.iter().map(|(.., input)| id(input)).collect();
    assert_eq!(order.iter().collect::<HashSet<_>>(), arrival.iter().collect::<HashSet<_>>());
    let reversed: Vec<&str> = arrival.iter().rev().copied().collect();
    assert!(order != arrival && order != reversed);
    let mut by_id = order.clone();
    by_id.sort_unstable();
    assert!(by_id != arrival && by_id != reversed);
    for id in &order {
        assert_ne!(uuid::Uuid::parse_str(id).unwrap().get_version_num(), 7, "an id of time");
    }
    for item in listed.json["items"].as_array().unwrap() {
        let fields: HashSet<_> = item.as_object().unwrap().keys().map(String::as_str).collect();
        for field in [
            "created_at",
            "updated_at",
            "submitted_on",
            "account_id",
            "registration_id",
            "created_by",
        ] {
            assert!(!fields.contains(field), "{field}");
        }
        // Neither a day nor a group tells who of them it was.
        for field in ["working_group_id", "round_id", "session_id"] {
            assert!(item[field].is_null(), "{field}: {item}");
        }
        let history = format!("/api/v1/inputs/{}/history", id(item));
        let history = world.get(Some(&scene.secretariat), &history).await.json;
        let first = &history["items"][0];
        assert!(first.get("by").is_none() && first.get("on_day").is_none(), "{first}");
    }
    // Nor does it tell where the rows lie: they are written in the order of nothing.
    let rows = world.app.db.read_blocking(|conn| Ok(every_row(conn))).unwrap();
    let lies = |wanted: &str| -> Vec<&str> {
        let rows = rows.iter().filter(|(table, _)| table == wanted);
        rows.filter_map(|(_, row)| arrival.iter().find(|id| row.contains(**id)).copied()).collect()
    };
    for table in ["inputs", "input_voices", "input_events"] {
        let lies = lies(table);
        assert_eq!(lies.len(), arrival.len(), "{table}");
        assert!(lies != arrival && lies != reversed, "{table} lies as it arrived");
    }
});

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = Text)]
    row: String,
}

#[derive(QueryableByName)]
struct BytesRow {
    #[diesel(sql_type = diesel::sql_types::Binary)]
    row: Vec<u8>,
}

/// Every row of every table as text.
pub fn every_row(conn: &mut Conn) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    for (table, columns) in crate::contract::described() {
        // What is sealed is bytes and no text; PostgreSQL writes them as digits itself.
        let text = |name: &String| match conn {
            Conn::Sqlite(_) => format!(
                "coalesce(CASE typeof({name}) WHEN 'blob' THEN hex({name}) ELSE cast({name} as text) END, '')"
            ),
            Conn::Postgres(_) => format!("coalesce(cast({name} as text), '')"),
        };
        let columns: Vec<_> = columns.keys().map(text).collect();
        let sql = format!("SELECT {} AS row FROM {table}", columns.join(" || ' | ' || "));
        // SQLite writes bytes into a text as they are, and not all of them are text.
        let found: Vec<String> = match conn {
            Conn::Sqlite(conn) => {
                let sql = format!("SELECT cast(row AS blob) AS row FROM ({sql})");
                let found: Vec<BytesRow> = diesel::sql_query(sql).load(conn).unwrap();
                let text = |found: BytesRow| String::from_utf8_lossy(&found.row).into_owned();
                found.into_iter().map(text).collect()
            }
            Conn::Postgres(conn) => {
                let found: Vec<TextRow> = diesel::sql_query(sql).load(conn).unwrap();
                found.into_iter().map(|found| found.row).collect()
            }
        };
        rows.extend(found.into_iter().map(|row| (table.clone(), row)));
    }
    rows
}

/// What shows names to those who run the instance or decide on registrations; to all others they show none either.
const MAY_NAME: &[&str] = &[
    "list_people_of_plan",
    "explain_assignment",
    "compare_assignment_plans",
    "suggest_assignments",
    "export_assignments",
    "list_registrations",
    "read_registration",
    "export_registrations",
    "list_accounts",
    "list_mails",
    "read_mail",
    "list_offers",
    "read_offer",
    "list_attendance",
    "list_appeals",
    "read_appeal",
    "list_account_duplicates",
    "list_invitations",
];

on_both!(no_other_role_reads_the_contributors_name_in_any_answer, |world: World| async move {
    let scene = scene(&world).await;
    let mut asked = 0;
    for (name, method, template) in operations() {
        if method != Method::GET {
            continue;
        }
        let may_name = MAY_NAME.contains(&name.as_str());
        let mut path = template.clone();
        for (key, value) in &scene.ids {
            path = path.replace(&format!("{{{key}}}"), value);
        }
        let paths = match name.as_str() {
            "export_draft" => ["json", "md", "html"]
                .map(|kind| path.replace("draft.json", &format!("draft.{kind}")))
                .to_vec(),
            _ => vec![path],
        };
        for path in paths {
            let others = scene.people.iter().filter(|(who, _)| *who != 'R');
            for (who, person) in others.filter(|(who, _)| !may_name || !"ASO".contains(*who)) {
                let mut request = Request::new(Method::GET, &path).by(person.as_ref());
                if *who == 'K' {
                    request = request.header("Receipt", &scene.receipt);
                }
                let text = world.send(request).await.text.to_lowercase();
                assert!(
                    !text.contains("zyxwvut") && !text.contains("qwertz"),
                    "{path} tells {who}: {text}"
                );
                asked += 1;
            }
        }
    }
    assert!(asked > 300, "{asked}");
    let open = [world.metrics().await, world.get(None, "/openapi.json").await.text];
    assert!(open.iter().all(|text| !text.to_lowercase().contains("zyxwvut")));
    let own =
        scene.people.iter().find(|(who, _)| *who == 'R').and_then(|(_, person)| person.as_ref());
    assert!(world.get(own, "/api/v1/me").await.text.contains("Zyxwvut"), "this test would notice");
});
