//! What is promised in writing: the committed OpenAPI document, and `schema.rs`, held against what is really there.

#![allow(clippy::disallowed_methods, reason = "looks at the tables as a thief would")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::Text;
use rapporteur::db::Conn;

use crate::access::{operations, scene};
use crate::harness::{Request, World};
use crate::on_both;

#[test]
fn everything_that_the_document_refers_to_is_in_it() {
    let text = serde_json::to_string(&rapporteur::server::openapi()).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let known = document["components"]["schemas"].as_object().unwrap();
    let named = text.split("#/components/schemas/").skip(1);
    let named = named.filter_map(|rest| rest.split('"').next());
    let missing: BTreeSet<&str> = named.filter(|name| !known.contains_key(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}: write #[param(inline)] at a word of a query");
}

/// Every Rust file of the workspace's own code, and its text.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut found) = (vec![root.join("src"), root.join("crates")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
    found
}

/// The names that a file's types have in the document: derived, listed by a macro, or written by hand.
fn schemas_of(text: &str) -> Vec<&str> {
    let derived = text.split("#[derive(").skip(1).filter_map(|rest| rest.split_once(")]"));
    let derived = derived.filter(|(traits, _)| traits.contains("ToSchema")).map(|(_, rest)| rest);
    let macros = ["text_enum! {", "reference_code! {"];
    let listed = macros.iter().flat_map(|call| text.split(call).skip(1));
    let by_hand = text.split("ToSchema for ").skip(1).map(word).filter(|name| !name.is_empty());
    derived.chain(listed).filter_map(first_name).chain(by_hand).collect()
}

/// The name of the first type that is declared there, or what its schema is called instead.
fn first_name(text: &str) -> Option<&str> {
    text.lines().find_map(|line| {
        let line = line.trim();
        if let Some((_, name)) = line.split_once("as = ").filter(|_| line.starts_with("#[schema("))
        {
            return Some(word(name));
        }
        // A code's name stands alone, with a comma.
        let alone = line.strip_suffix(',').filter(|name| word(name) == *name);
        let declaration =
            line.strip_prefix("pub").map_or(Some(line), |rest| Some(rest.split_once(' ')?.1));
        let declared = ["struct ", "enum "].iter().find_map(|kind| declaration?.strip_prefix(kind));
        alone.or(declared.map(word))
    })
}

fn word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("")
}

#[test]
fn every_type_has_a_name_of_its_own_in_the_document() {
    let sources = sources();
    let mut declared: BTreeMap<&str, Vec<&Path>> = BTreeMap::new();
    for (path, text) in &sources {
        for name in schemas_of(text) {
            declared.entry(name).or_default().push(path);
        }
    }
    let twice: Vec<_> = declared.iter().filter(|(_, paths)| paths.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:?}: of two types of one name the document has only the last");
    // Whatever else names a type is to be read here too: `Page<T>` is there as `Page_T`.
    let document = serde_json::to_value(rapporteur::server::openapi()).unwrap();
    let names = document["components"]["schemas"].as_object().unwrap().keys();
    let unseen: Vec<&String> =
        names.filter(|name| !name.split('_').all(|part| declared.contains_key(part))).collect();
    assert!(unseen.is_empty(), "{unseen:?}: nothing says where these are declared");
}

#[test]
fn handlers_that_ask_for_a_version_declare_it_and_no_others() {
    let (mut asked, mut in_handlers, mut wrong) = (0, 0, Vec::new());
    for (file, text) in sources() {
        // What is done to every kind of row of a programme asks for it once for all of them.
        let for_all = file.ends_with("programme/http.rs");
        asked += if for_all { 0 } else { text.matches(".if_match()").count() };
        for handler in text.split("#[utoipa::path(").skip(1) {
            let handler = handler.split("\n}\n").next().unwrap();
            let (described, code) = handler.split_once(" fn ").unwrap();
            let here = code.matches(".if_match()").count();
            let asks = here + code.matches("update::<").count() + code.matches("delete::<").count();
            in_handlers += here;
            let declares = described.contains("IfMatch");
            if declares != (asks > 0) {
                wrong.push(word(code).to_owned());
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}: params(IfMatch) and call.if_match() go together");
    assert!(asked > 40 && asked == in_handlers, "a handler asks for the version itself");
}

/// Actix takes the first path that fits: where one has a word and another a parameter in the same place, it depends on the order of the
/// features which of them is asked.
#[test]
fn no_path_hides_behind_the_parameter_of_another() {
    let all = crate::access::operations();
    let parts = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let mut hidden = Vec::new();
    for (name, method, path) in &all {
        let own = parts(path);
        for (other, other_method, other_path) in &all {
            let others = parts(other_path);
            if name == other || method != other_method || own.len() != others.len() {
                continue;
            }
            if own.iter().zip(&others).all(|(own, other)| own == other || other.starts_with('{')) {
                hidden.push(format!("{method} {path} ({name}) is {other_path} ({other}), too"));
            }
        }
    }
    assert!(hidden.is_empty(), "{hidden:#?}");
}

#[test]
fn handlers_that_answer_a_retry_as_the_first_time_declare_the_key_and_no_others() {
    let document = serde_json::to_value(rapporteur::server::openapi()).unwrap();
    let declares = |path: &str| {
        let mut parameters =
            document["paths"][path]["post"]["parameters"].as_array().unwrap().iter();
        parameters.any(|parameter| parameter["name"] == "Idempotency-Key")
    };
    let (mut found, mut wrong) = (0, Vec::new());
    for (_, text) in sources() {
        for handler in text.split("#[utoipa::path(").skip(1) {
            let handler = handler.split("\n}\n").next().unwrap();
            let Some((_, handler)) = handler.split_once("#[post(\"") else { continue };
            let (path, code) = handler.split_once('"').unwrap();
            let keeps =
                [".post(", ".post_empty(", "create::<"].iter().any(|answer| code.contains(answer));
            found += 1;
            if declares(path) != keeps {
                wrong.push(path.to_owned());
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong:?}: `NOT_REPEATABLE` in src/server.rs and the handler differ"
    );
    assert!(found > 80, "{found}");
}

on_both!(a_version_is_asked_for_where_the_document_says_so, |world: World| async move {
    let scene = scene(&world).await;
    let administrator = scene.people.iter().find(|(who, _)| *who == 'A').unwrap().1.as_ref();
    let document = serde_json::to_value(rapporteur::server::openapi()).unwrap();
    let (nobody, mut wrong) = (uuid::Uuid::nil().to_string(), Vec::new());
    for (name, method, template) in operations() {
        let operation = &document["paths"][&template][method.as_str().to_lowercase()];
        let parameters = || operation["parameters"].as_array().into_iter().flatten();
        let declared = parameters().find(|parameter| parameter["name"] == "If-Match");
        assert!(declared.is_none_or(|declared| declared["required"] == true), "{name}");
        let declared = declared.is_some();
        // The version is asked for before anything is looked up.
        let counted = |part: &str| {
            let name = part.trim_matches(['{', '}']);
            let mut own = parameters().filter(|one| one["in"] == "path" && one["name"] == name);
            own.any(|one| one["schema"]["type"] == "integer")
        };
        let parts = template.split('/').map(|part| match part {
            part if !part.starts_with('{') => part,
            part if counted(part) => "1",
            _ => &nobody,
        });
        let path = parts.collect::<Vec<_>>().join("/");
        let mut request = Request::new(method, &path).by(administrator);
        request.body = scene.body(&name, 'A');
        let answer = world.send(request).await;
        if (answer.status == 428) != declared {
            wrong.push(format!("{name}: declared {declared}: {} {}", answer.status, answer.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
});

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

on_both!(health_answers_here_and_metrics_elsewhere, |world: World| async move {
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(world.get(None, path).await.status, 200, "{path}");
    }
    world.get(None, "/metrics").await.is_problem(404, "not_found");
    let metrics = world.metrics().await;
    assert!(metrics.contains("rapporteur_http_requests_total"), "{metrics}");
});

/// Column → (type as schema.rs has it, nullable).
type Columns = BTreeMap<String, (String, bool)>;

on_both!(the_migrated_database_is_what_schema_rs_says, |world: World| async move {
    let wanted = described();
    assert!(wanted.len() > 20);
    let found = world.app.db.read_blocking(|conn| Ok(tables(conn))).unwrap();
    // The search keeps its words as each database does, in tables that Diesel does not know.
    let apart =
        |name: &str| name.starts_with("input_search") || name == "__diesel_schema_migrations";
    let names = wanted.keys().chain(found.keys().filter(|name| !apart(name)));
    let differ: BTreeSet<&String> =
        names.filter(|name| wanted.get(*name) != found.get(*name)).collect();
    let told: Vec<String> = differ
        .into_iter()
        .map(|name| {
            let (wanted, found) = (wanted.get(name), found.get(name));
            let asked = world.app.db.read_blocking(|conn| Ok(described_by_postgres(conn, name)));
            let block = asked.unwrap().unwrap_or_default();
            format!("{name}:\n  schema.rs {wanted:?}\n  migrated  {found:?}\n{block}")
        })
        .collect();
    assert!(told.is_empty(), "schema.rs and the migrations differ:\n{}", told.join("\n"));
});

/// What the file `schema.rs` should say of a table, made of what PostgreSQL knows: its types are ours one by one.
fn described_by_postgres(conn: &mut Conn, table: &str) -> Option<String> {
    let Conn::Postgres(conn) = conn else { return None };
    let mut ask = |sql: &str| -> Vec<Column> {
        diesel::sql_query(sql).bind::<Text, _>(table).load(conn).unwrap()
    };
    let columns = ask("SELECT table_name::text, column_name::text, data_type::text, \
                       is_nullable::text AS nullable FROM information_schema.columns \
                       WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position");
    let keys = ask("SELECT table_name::text, column_name::text, '' AS data_type, '' AS nullable \
                    FROM information_schema.table_constraints \
                    JOIN information_schema.key_column_usage \
                    USING (constraint_schema, constraint_name, table_name) \
                    WHERE constraint_type = 'PRIMARY KEY' AND constraint_schema = 'public' \
                    AND table_name = $1 ORDER BY ordinal_position");
    let keys: Vec<&str> = keys.iter().map(|key| key.column_name.as_str()).collect();
    let lines = columns.iter().map(|column| {
        let kind = match column.data_type.as_str() {
            "uuid" => "Uid",
            "timestamp with time zone" => "Instant",
            "jsonb" => "Doc",
            "bigint" => "BigInt",
            "integer" => "Integer",
            "boolean" => "Bool",
            "date" => "Date",
            "text" => "Text",
            "bytea" => "Binary",
            other => other,
        };
        let kind =
            if column.nullable == "YES" { format!("Nullable<{kind}>") } else { kind.to_owned() };
        format!("        {} -> {kind},\n", column.column_name)
    });
    let lines: String = lines.collect();
    let uses = "    use diesel::sql_types::*;\n    use crate::db::types::sql::*;\n";
    let keys = keys.join(", ");
    let block = format!("diesel::table! {{\n{uses}\n    {table} ({keys}) {{\n{lines}    }}\n}}\n");
    Some(if columns.is_empty() { "(no such table any more)\n".to_owned() } else { block })
}

/// Both files `schema.rs`, read as text.
pub fn described() -> BTreeMap<String, Columns> {
    let text = concat!(
        include_str!("../../crates/kernel/src/db/schema.rs"),
        include_str!("../../crates/voices/src/voices/schema.rs")
    );
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
