//! Nobody learns who said what. A contributor with a distinctive name and organization goes the whole way, then every
//! answer that others can get, every published format and every table is searched for them.

#![allow(clippy::disallowed_methods, reason = "looks at the tables as a thief would")]

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::Text;
use rapporteur::access::{Role, ScopeKind};
use rapporteur::db::Conn;
use reqwest::Method;
use serde_json::json;

use crate::access::{operations, scene};
use crate::harness::{Request, World, id};
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

on_both!(no_table_links_an_input_to_a_person_not_even_the_sealed_one, |world: World| async move {
    let walk = walk(&world, NAME, ORGANIZATION).await;
    let people: Vec<String> =
        walk.participants.iter().map(|person| person.id.to_string()).collect();
    let inputs: Vec<&str> = walk.inputs.iter().map(|(input, _)| id(input)).collect();
    let rows = world.app.db.read_blocking(|conn| Ok(every_row(conn))).unwrap();
    let mut sealed = 0;
    assert!(rows.iter().any(|(table, row)| table == "idempotency_keys" && row.contains(inputs[0])));
    for (table, row) in &rows {
        let linked = inputs.iter().any(|input| row.contains(input))
            && people.iter().any(|person| row.contains(person.as_str()));
        // Who of the team decided on it is known; who brought it in, changed it or took it back is not.
        let by_the_team = ["accepted", "returned", "set_aside"].map(|kind| format!("| {kind} |"));
        let decided = table == "input_events" && by_the_team.iter().any(|kind| row.contains(kind));
        assert!(!linked || decided, "{table} links an input to a person: {row}");
        let is_seal =
            table == "input_attributions" && inputs.iter().any(|input| row.contains(input));
        sealed += usize::from(is_seal);
        // Who they are stands where people are kept; nowhere beside what was said.
        // (What is kept for retries answers organizations and inputs alike, each in a row of its own.)
        if !["accounts", "organizations", "outbox_mails", "sign_in_links", "idempotency_keys"]
            .contains(&table.as_str())
        {
            assert_silent(row, table);
        }
    }
    assert_eq!(sealed, inputs.len(), "every input has its sealed link");
});

on_both!(ids_and_order_of_inputs_tell_nothing_of_arrival, |world: World| async move {
    let walk = walk(&world, NAME, ORGANIZATION).await;
    let path = format!("/api/v1/consultations/{}/inputs?limit=200", id(&walk.consultation));
    let listed = world.get(Some(&walk.secretariat), &path).await;
    let order: Vec<&str> = listed.json["items"].as_array().unwrap().iter().map(id).collect();
    let arrival: Vec<&str> = walk.inputs.iter().map(|(input, _)| id(input)).collect();
    assert_eq!(order.iter().collect::<HashSet<_>>(), arrival.iter().collect::<HashSet<_>>());
    assert_ne!(order, arrival);
    for id in &order {
        assert_ne!(uuid::Uuid::parse_str(id).unwrap().get_version_num(), 7, "an id of time");
    }
    for item in listed.json["items"].as_array().unwrap() {
        let fields: HashSet<_> = item.as_object().unwrap().keys().map(String::as_str).collect();
        for field in ["created_at", "updated_at", "account_id", "registration_id", "created_by"] {
            assert!(!fields.contains(field), "{field}");
        }
        assert_eq!(item["submitted_on"].as_str().unwrap().len(), "2020-11-19".len());
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
        let columns: Vec<_> =
            columns.keys().map(|name| format!("coalesce(cast({name} as text), '')")).collect();
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
                let text = world.get(person.as_ref(), &path).await.text.to_lowercase();
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
