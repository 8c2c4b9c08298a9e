//! What is promised in writing: the committed OpenAPI document, and `schema.rs`, held against what is really there.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::Text;
use rapporteur::db::Conn;

use crate::harness::World;
use crate::on_both;

#[test]
fn everything_that_the_document_refers_to_is_in_it() {
    let text = serde_json::to_string(&rapporteur::server::openapi()).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let known = document["components"]["schemas"].as_object().unwrap();
    let named = text.split("#/components/schemas/").skip(1);
    let named = named.filter_map(|rest| rest.split('"').next());
    let missing: std::collections::BTreeSet<&str> =
        named.filter(|name| !known.contains_key(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}: write #[param(inline)] at a word of a query");
}

#[test]
fn the_committed_openapi_document_is_the_code() {
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json"))
        .unwrap_or_default();
    assert!(
        committed == rapporteur::server::openapi_text(),
        "openapi.json is not what the code says: `cargo run -- openapi > openapi.json`, and look at the difference"
    );
}

on_both!(the_document_is_served_and_browsable, |world: World| async move {
    let document = world.get(None, "/openapi.json").await;
    assert_eq!(document.json["openapi"], "3.1.0");
    let docs = world.get(None, "/docs/").await;
    assert_eq!(docs.status, 200);
    assert!(docs.text.contains("swagger-ui"));
    assert!(
        !docs.text.contains("//cdn") && !docs.text.contains("unpkg"),
        "nothing comes from elsewhere"
    );
    assert_eq!(world.get(None, "/docs/swagger-ui-bundle.js").await.status, 200);
});

on_both!(health_and_metrics_answer, |world: World| async move {
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(world.get(None, path).await.status, 200, "{path}");
    }
    let metrics = world.get(None, "/metrics").await;
    assert!(metrics.text.contains("rapporteur_http_requests_total"), "{}", metrics.text);
});

/// Column → (type as schema.rs has it, nullable).
type Columns = BTreeMap<String, (String, bool)>;

on_both!(the_migrated_database_is_what_schema_rs_says, |world: World| async move {
    let wanted = described();
    assert!(wanted.len() > 20);
    let found = world.app.db.read_blocking(|conn| Ok(tables(conn))).unwrap();
    for (table, columns) in &wanted {
        assert_eq!(found.get(table), Some(columns), "{table}");
    }
    // The search keeps its words as each database does, in tables that Diesel does not know.
    let known = |name: &str| wanted.contains_key(name) || name.starts_with("input_search");
    let unknown: Vec<_> = found.keys().filter(|name| !known(name)).collect();
    assert_eq!(unknown, ["__diesel_schema_migrations"]);
});

/// `schema.rs`, read as text.
pub fn described() -> BTreeMap<String, Columns> {
    let text = include_str!("../../src/db/schema.rs");
    let mut tables: BTreeMap<String, Columns> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            current = name.to_owned();
        } else if let Some((column, kind)) = line.split_once(" -> ").filter(|_| line.ends_with(','))
        {
            let kind = kind.trim_end_matches(',');
            let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            let entry = (inner.unwrap_or(kind).to_owned(), inner.is_some());
            tables.entry(current.clone()).or_default().insert(column.to_owned(), entry);
        }
    }
    tables
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    data_type: String,
    #[diesel(sql_type = Text)]
    nullable: String,
}

fn tables(conn: &mut Conn) -> BTreeMap<String, Columns> {
    let (columns, postgres): (Vec<Column>, bool) = match conn {
        Conn::Sqlite(conn) => {
            let sql = "SELECT m.name AS table_name, c.name AS column_name, c.type AS data_type, \
                       CASE WHEN c.\"notnull\" = 1 THEN 'NO' ELSE 'YES' END AS nullable \
                       FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'";
            (diesel::sql_query(sql).load(conn).unwrap(), false)
        }
        Conn::Postgres(conn) => {
            let sql = "SELECT table_name::text, column_name::text, data_type::text, is_nullable::text AS nullable \
                       FROM information_schema.columns WHERE table_schema = 'public'";
            (diesel::sql_query(sql).load(conn).unwrap(), true)
        }
    };
    let wanted = described();
    let mut tables: BTreeMap<String, Columns> = BTreeMap::new();
    for column in columns {
        // SQLite has fewer types than schema.rs: each of ours has one it must be kept as.
        let described =
            wanted.get(&column.table_name).and_then(|columns| columns.get(&column.column_name));
        let kept_as = |kind: &str| match (kind, postgres) {
            ("Uid", true) => "uuid",
            ("Instant", true) => "timestamp with time zone",
            ("Doc", true) => "jsonb",
            ("BigInt", true) => "bigint",
            ("Integer", true) => "integer",
            ("Bool", true) => "boolean",
            ("Date", true) => "date",
            ("Text", true) => "text",
            ("Binary", true) => "bytea",
            ("Binary", false) => "BLOB",
            ("BigInt" | "Integer" | "Bool", false) => "INTEGER",
            (_, _) => "TEXT",
        };
        let kind = match described {
            Some((kind, _)) if kept_as(kind) == column.data_type => kind.clone(),
            _ => column.data_type.clone(),
        };
        let entry = (kind, column.nullable == "YES");
        tables.entry(column.table_name).or_default().insert(column.column_name, entry);
    }
    tables
}
