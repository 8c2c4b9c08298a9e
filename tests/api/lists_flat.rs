//! Every list of the contract costs as many statements for a page of 200 as for one of 1, on its last page as on its first, and begins each
//! page in an index, however long it is.

#![expect(
    clippy::disallowed_methods,
    reason = "rows are multiplied in SQL, and plans are asked for in it"
)]

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use rapporteur::db::Conn;
use rapporteur::db::types::Id;
use rapporteur::work::Credentials;
use reqwest::Method;
use serde_json::json;

use crate::access::{Scene, operations, scene};
use crate::drafts::{links, send};
use crate::harness::{Database, Person, World, id};
use crate::statements::Statements;

/// Rows where there can be very many.
const MANY: usize = 10_000;
/// Rows elsewhere: more than a page of 50.
const SOME: usize = 60;

/// A table, how many rows it gets, which of its rows they are like, and what is otherwise in them.
type Multiplied = (&'static str, usize, &'static str, &'static [(&'static str, &'static str)]);

/// Which tables get more rows, in this order: how many; which of its rows they are like (none: only what is said here); and what is
/// otherwise in them. `{i}` is the number of the row, `{a table}` the id of its row of that number, `{a_id}` what the scene has.
#[rustfmt::skip]
const ROWS: &[Multiplied] = &[
    ("reviews", SOME, "id = '{review_id}'", &[("code", "'r' || {i}")]),
    ("consultations", SOME, "id = '{consultation_id}'", &[("ordinal", "100 + {i}")]),
    ("input_categories", SOME, "id = '{category_id}'", &[("code", "'c' || {i}"), ("position", "100 + {i}")]),
    ("accounts", MANY, "id = '{account_id}'", &[("email", "'x' || {i} || '@example.org'"), ("name", "'X' || {i} || ' Y' || {i} * 7919"),
        ("name_key", "'x' || {i} || ' y' || {i} * 7919"), ("mailbox_key", "'x' || {i} || '@example.org'")]),
    ("organizations", MANY, "id = '{organization_id}'", &[("name", "'Trust ' || {i}"), ("normalized_name", "'trust ' || {i}")]),
    ("vettings", SOME, "1 = 1", &[("organization_id", "'{organization_id}'")]),
    ("organization_merges", SOME, "", &[("from_id", "{organizations}"), ("into_id", "'{organization_id}'"), ("name", "'A'"),
        ("from_vetting", "'vetted'"), ("into_vetting", "'vetted'"), ("vetting", "'vetted'"), ("moved", "'{\"registrations\":0,\"co_organizers\":0,\"offers\":0,\"appeals\":0}'"), ("created_at", "'2020-10-01T03:00:00.000000Z'")]),
    ("access_codes", SOME, "id = '{access_code_id}'", &[("code_hash", "'h' || {i}")]),
    ("announcements", MANY, "id = '{announcement_id}'", &[("made_by", "{accounts}")]),
    ("appeals", MANY, "id = '{appeal_id}'", &[]),
    ("registrations", MANY, "id = '{registration_id}'", &[("account_id", "{accounts}"), ("organization_id", "{organizations}")]),
    ("registration_events", SOME, "registration_id = '{registration_id}'", &[]),
    ("invitations", MANY, "id = '{invitation_id}'", &[("email", "'x' || {i} || '@example.org'")]),
    ("co_organizers", SOME, "id = '{co_organizer_id}'", &[("organization_id", "{organizations}"), ("position", "10 + {i}")]),
    ("co_organizing_offers", SOME, "id = '{offer_id}'", &[("organization_id", "{organizations}")]),
    ("rounds", SOME, "id = '{round_id}'", &[("number", "10 + {i}")]),
    ("sessions", SOME, "id = '{session_id}'", &[("position", "10 + {i}")]),
    ("working_groups", SOME, "id = '{working_group_id}'", &[("number", "10 + {i}")]),
    ("assignment_plans", SOME, "id = '{plan_id}'", &[]),
    ("assignments", MANY, "", &[("consultation_id", "'{consultation_id}'"), ("plan_id", "'{plan_id}'"), ("round_id", "'{round_id}'"),
        ("registration_id", "{registrations}"), ("working_group_id", "'{working_group_id}'")]),
    ("attendances", MANY, "id = '{attendance_id}'", &[("registration_id", "{registrations}"), ("person_key", "'k' || {i}")]),
    ("inputs", MANY, "id = '{input_id}'", &[("place", "1000000 + {i}"), ("organization_id", "{organizations}")]),
    ("input_objectives", MANY, "input_id = '{input_id}'", &[("input_id", "{inputs}"), ("place", "1000000 + {i}")]),
    ("input_lines", MANY, "source_id = '{input_source_id}'", &[("position", "10 + {i}")]),
    ("jobs", MANY, "id = '{job_id}'", &[]),
    ("outbox_mails", MANY, "1 = 1", &[("recipient", "'x' || {i} || '@example.org'")]),
    ("purges", SOME, "", &[("class", "'contact'"), ("kept_days", "1"), ("before", "'2020-01-01'"), ("counts", "'{}'"),
        ("occasion", "'request'"), ("created_at", "'2020-10-01T03:00:00.000000Z'")]),
    ("draft_steps", MANY, "report_id = '{report_id}'", &[("serial", "1000 + {i}")]),
    ("paragraphs", SOME, "id = '{paragraph_id}'", &[("position", "10 + {i}")]),
    ("paragraph_versions", SOME, "paragraph_id = '{paragraph_id}'", &[("number", "10 + {i}"), ("serial", "1000 + {i}")]),
    ("section_versions", SOME, "section_id = '{section_id}'", &[("number", "10 + {i}"), ("serial", "1000 + {i}")]),
    ("suggestions", SOME, "id = '{suggestion_id}'", &[]),
    ("report_omissions", SOME, "id = '{omission_id}'", &[("input_id", "{inputs}")]),
    ("report_milestones", SOME, "id = '{milestone_id}'", &[("number", "10 + {i}")]),
    ("clearance_rounds", SOME, "id = '{clearance_round_id}'", &[("closed_at", "opened_at"), ("closed_by", "opened_by")]),
    ("clearance_comments", SOME, "id = '{clearance_comment_id}'", &[]),
    ("clearance_positions", SOME, "id = '{position_id}'", &[]),
    ("clearance_overrides", SOME, "", &[("report_id", "'{report_id}'"), ("party_id", "'{party_id}'"), ("objection_id", "{clearance_positions}"),
        ("reason", "'It must.'"), ("sha256", "'0'"), ("made_at", "'2020-10-01T03:00:00.000000Z'")]),
    ("reports", SOME, "id = '{report_id}'", &[("consultation_id", "{consultations}")]),
];

/// Lists that stay short here, and why.
const SHORT: &[(&str, &str)] = &[
    ("list_editions", "nothing is published in the scene"),
    ("list_papers", "nothing is published in the scene"),
    ("list_recommendations", "nothing is published in the scene"),
    ("list_people_of_plan", "the people of a plan are one value of its row"),
    ("list_translations", "a report has a translation for each of six languages at most"),
    ("list_account_duplicates", "nobody in the scene has two accounts"),
    ("list_own_registrations", "somebody has one registration for a consultation"),
];

/// Lists that take statements for each of their rows, which are few wherever they are, and why.
const FEW: &[(&str, &str)] = &[
    ("list_clearance_rounds", "a report has a handful of rounds, each with who is asked in it"),
    ("list_translations", "each of at most five is held against the whole report"),
];

/// Lists that read more than they answer, and why.
const COMPARING: &[(&str, &str)] = &[
    ("list_merges", "those of one organization are found from both sides, and are few"),
    (
        "list_account_duplicates",
        "whoever may be the same person is found by a pass over an index of keys, and read alone",
    ),
    (
        "list_clearance_overrides",
        "whether they hold turns on the whole report, and that on every accepted input",
    ),
    (
        "list_translations",
        "they are held against the whole report, and that tells of every accepted input",
    ),
];

/// What is answered whole, and reads no more than it answers.
const WHOLE: &[&str] = &[
    "/api/v1/consultations/{consultation_id}/inputs?language=fr&limit=50",
    "/api/v1/consultations/{consultation_id}/inputs/board",
    "/api/v1/consultations/{consultation_id}/registrations?sort=waiting&limit=50",
    "/api/v1/consultations/{consultation_id}/registrations?state=waitlisted&limit=50",
    "/api/v1/organizations?q=trust&limit=50",
    "/api/v1/outbox?state=failed&limit=50",
    "/api/v1/appeals?own=true&limit=50",
    "/api/v1/me/data",
    "/api/v1/consultations/{consultation_id}/inputs/coverage",
    "/api/v1/consultations/{consultation_id}/assignments/export",
    "/api/v1/me/assignments",
    "/api/v1/reviews/{review_id}",
    "/api/v1/me",
];

impl Scene {
    fn secretariat(&self) -> &Person {
        let found = self.people.iter().find(|(who, _)| *who == 'S');
        found.and_then(|(_, person)| person.as_ref()).unwrap()
    }
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(conn: &mut Conn, sql: &str) -> Vec<String> {
    let read: Vec<Line> = match conn {
        Conn::Sqlite(conn) => diesel::sql_query(sql).load(conn),
        Conn::Postgres(conn) => diesel::sql_query(sql).load(conn),
    }
    .unwrap_or_else(|error| panic!("{error}: {sql}"));
    read.into_iter().map(|line| line.line).collect()
}

/// The id of the row of a number in a table.
fn numbered(conn: &Conn, table: &str) -> String {
    let salt = ROWS.iter().position(|(name, ..)| *name == table).unwrap();
    match conn {
        Conn::Sqlite(_) => format!("printf('0175dc%02x-0000-7000-8000-%012x', {salt}, n.i)"),
        Conn::Postgres(_) => {
            format!("('0175dc{salt:02x}-0000-7000-8000-' || lpad(to_hex(n.i), 12, '0'))::uuid")
        }
    }
}

fn columns(conn: &mut Conn, table: &str) -> Vec<String> {
    let sql = match conn {
        Conn::Sqlite(_) => format!("SELECT name AS line FROM pragma_table_info('{table}')"),
        Conn::Postgres(_) => format!(
            "SELECT column_name::text AS line FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
        ),
    };
    lines(conn, &sql)
}

/// Gives every table of [`ROWS`] its rows, and the audit log, which is only written to by itself.
fn multiply(world: &World, scene: &Scene) {
    let audited = |work: &mut rapporteur::work::Work| {
        for _ in 0..MANY {
            let subject: Id<()> = work.id();
            work.audit("review.updated", "review", subject);
        }
        Ok(())
    };
    world.app.write_blocking(&Credentials::Operator, audited).unwrap();
    let fill = |conn: &mut Conn| {
        for (table, rows, like, otherwise) in ROWS {
            let all = columns(conn, table);
            let number = |text: &str| {
                let text = text.replace("{i}", "n.i");
                let text = ROWS.iter().fold(text, |text, (other, ..)| {
                    text.replace(&format!("{{{other}}}"), &numbered(conn, other))
                });
                scene.filled(&text)
            };
            let value = |column: &String| match otherwise.iter().find(|(name, _)| name == column) {
                Some((_, value)) => Some(number(value)),
                None if column == "id" => Some(number(&format!("{{{table}}}"))),
                None => (!like.is_empty()).then(|| format!("one.\"{column}\"")),
            };
            let (names, values): (Vec<String>, Vec<String>) = all
                .iter()
                .filter_map(|column| Some((format!("\"{column}\""), value(column)?)))
                .unzip();
            let from = if like.is_empty() {
                "n".to_owned()
            } else {
                format!("n, (SELECT * FROM {table} WHERE {} LIMIT 1) one", scene.filled(like))
            };
            let sql = format!(
                "INSERT INTO {table} ({}) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) \
                 SELECT {} FROM {from}",
                names.join(", "),
                values.join(", ")
            );
            let done = match conn {
                Conn::Sqlite(conn) => conn.batch_execute(&sql),
                Conn::Postgres(conn) => conn.batch_execute(&sql),
            };
            done.unwrap_or_else(|error| panic!("{error}: {sql}"));
        }
        Ok(())
    };
    world.app.db.write_blocking(fill).unwrap();
    // As PostgreSQL does by itself after a while. SQLite has to do without.
    let analyze = |conn: &mut Conn| match conn {
        Conn::Postgres(conn) => Ok(conn.batch_execute("ANALYZE")?),
        Conn::Sqlite(_) => Ok(()),
    };
    world.app.db.write_blocking(analyze).unwrap();
}

/// What a page of a list took.
struct Taken {
    items: usize,
    next: Option<String>,
    statements: Vec<String>,
}

async fn page(
    (world, statements): (&World, &Statements),
    by: Option<&Person>,
    path: &str,
) -> Option<Taken> {
    statements.heard();
    let answer = world.get(by, path).await;
    if answer.status != 200 {
        return None;
    }
    let items = answer.json["items"].as_array().unwrap().len();
    let next = answer.json["next"].as_str().map(str::to_owned);
    Some(Taken { items, next, statements: statements.heard() })
}

/// How a database would do a statement.
fn plan(world: &World, statement: &str) -> Vec<String> {
    let ask = |conn: &mut Conn| {
        Ok(match conn {
            Conn::Sqlite(_) => {
                #[derive(diesel::QueryableByName)]
                struct Step {
                    #[diesel(sql_type = Text)]
                    detail: String,
                }
                let Conn::Sqlite(conn) = conn else { return Ok(Vec::new()) };
                let sql = format!("EXPLAIN QUERY PLAN {statement}");
                let steps: Vec<Step> =
                    diesel::sql_query(&sql).load(conn).unwrap_or_else(|e| panic!("{e}: {sql}"));
                steps.into_iter().map(|step| step.detail).collect()
            }
            Conn::Postgres(conn) => {
                #[derive(diesel::QueryableByName)]
                struct Step {
                    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
                    detail: String,
                }
                let given = (1..1000).take_while(|n| statement.contains(&format!("${n}"))).count();
                let nulls = vec!["NULL"; given].join(", ");
                let given = if given == 0 { String::new() } else { format!("({nulls})") };
                conn.batch_execute("SET LOCAL plan_cache_mode = force_generic_plan")?;
                conn.batch_execute(&format!("PREPARE asked AS {statement}"))?;
                let steps: Vec<Step> =
                    diesel::sql_query(format!("EXPLAIN EXECUTE asked{given}")).load(conn)?;
                conn.batch_execute("DEALLOCATE asked")?;
                steps.into_iter().map(|step| step.detail).collect()
            }
        })
    };
    world.app.db.read_blocking(ask).unwrap()
}

/// What of a plan grows with the tables that have very many rows.
fn growing(world: &World, statement: &str) -> Vec<String> {
    let large: Vec<&str> =
        ROWS.iter().filter(|(_, rows, ..)| *rows == MANY).map(|(table, ..)| *table).collect();
    let about = |line: &str| {
        large.iter().any(|table| {
            line.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == *table)
        })
    };
    let limited = statement.contains(" LIMIT ");
    if !about(statement) {
        return Vec::new();
    }
    let lines = plan(world, statement);
    let wrong = |line: &&String| {
        let line = line.trim();
        // An index that holds nothing but what is asked for is read whole.
        let few = line.ends_with("registrations_with_guardian");
        (line.starts_with("SCAN ") || line.contains("Seq Scan")) && about(line) && !few
            // What is answered whole may be put in order; a page must not be looked for in what is.
            || limited && line.contains("TEMP B-TREE FOR ORDER BY")
            || limited && line.contains("Sort  (") && !line.contains("Incremental Sort")
    };
    lines.iter().filter(wrong).cloned().collect()
}

/// What is counted, and out of which index: SQLite needs nothing else for it. (PostgreSQL decides by what it has vacuumed.)
const COUNTED: &[(&str, &str, &str)] = &[
    ("/api/v1/consultations/{consultation_id}/balance", "count(*)", "registrations_in_balance"),
    ("/api/v1/reports/{report_id}/coverage", "`inputs`.`place`", "inputs_by_state"),
];

/// What of the counted is read from the rows themselves.
async fn counted(world: &World, statements: &Statements, scene: &Scene) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, of, index) in COUNTED {
        statements.heard();
        let answer = world.get(Some(scene.secretariat()), &scene.filled(path)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let heard = statements.heard();
        let about = |one: &&String| one.to_lowercase().contains(of);
        let asked: Vec<&String> = heard.iter().filter(about).collect();
        let index = format!("USING COVERING INDEX {index} ");
        let covered = |one: &&String| plan(world, one).iter().any(|line| line.contains(&index));
        if asked.is_empty() || !asked.iter().all(covered) {
            let plans: Vec<_> = asked.iter().map(|one| plan(world, one)).collect();
            wrong.push(format!("{path}: {asked:?} {plans:?}"));
        }
    }
    wrong
}

/// Paragraphs are added to the end of a long section and into it by as many statements as to a short one, and no text is read.
async fn added(world: &World, statements: &Statements, scene: &Scene) -> Vec<String> {
    let report = scene.filled("/api/v1/reports/{report_id}");
    let by = scene.secretariat();
    let paragraph = world.get(Some(by), &scene.filled("/api/v1/paragraphs/{paragraph_id}")).await;
    let long = paragraph.json["section_id"].as_str().unwrap().to_owned();
    let mut wrong = Vec::new();
    let mut counts = Vec::new();
    for position in [json!(null), json!(2)] {
        let one = json!({ "section_id": long, "position": position, "text": "As it is.", "editorial_reason": "A link." });
        statements.heard();
        let body = json!({ "paragraphs": vec![one; 20] });
        let answer = world.post(by, &format!("{report}/paragraphs"), body).await;
        assert!(answer.status < 300, "{}", answer.text);
        let heard = statements.heard();
        counts.push(heard.len());
        let whole = |one: &&String| {
            let (_, narrowed) = one.split_once(" WHERE ").unwrap_or_default();
            let of_section = one.contains("paragraphs") && narrowed.contains("section_id");
            let lower = one.to_lowercase();
            let all = !lower.contains(" limit ") && !lower.contains("count(");
            lower.starts_with("select") && of_section && all
        };
        wrong.extend(heard.iter().filter(whole).map(|one| format!("paragraphs: {one}")));
    }
    if counts[1] > counts[0] + 20 {
        wrong.push(format!("paragraphs: {counts:?} statements at the end and within"));
    }
    wrong
}

/// What of the exports is not read in parts: each has more rows than a part, and takes statements by the part.
async fn exported(world: &World, statements: &Statements, scene: &Scene) -> Vec<String> {
    let mut wrong = Vec::new();
    for what in ["registrations", "inputs"] {
        for format in ["csv", "xlsx", "ndjson"] {
            let path =
                format!("/api/v1/consultations/{{consultation_id}}/{what}/export?format={format}");
            statements.heard();
            let url = format!("{}{}", world.base, scene.filled(&path));
            let sent = world.client.get(url).bearer_auth(&scene.secretariat().token).send().await;
            let sent = sent.unwrap();
            let (status, bytes) = (sent.status().as_u16(), sent.bytes().await.unwrap());
            let took = statements.heard().len();
            let rows = bytes.iter().filter(|byte| **byte == b'\n').count();
            let whole = format == "xlsx" || rows >= MANY;
            if status != 200 || !whole || took > MANY / 500 * 15 {
                wrong.push(format!("{path}: {status}, {rows} lines by {took} statements"));
            }
        }
    }
    wrong
}

async fn look(database: Database) {
    let Some((world, statements)) = Statements::of(database) else { return };
    let scene = scene(&world).await;
    multiply(&world, &scene);
    let contract = serde_json::to_value(rapporteur::server::openapi()).unwrap();
    let mut wrong = Vec::new();
    let mut told = Vec::new();
    for template in WHOLE {
        for (who, person) in &scene.people {
            statements.heard();
            let answer = world.get(person.as_ref(), &scene.filled(template)).await;
            if answer.status != 200 {
                continue;
            }
            let heard = statements.heard();
            told.push(format!("{template} {who}: {}", heard.len()));
            for statement in &heard {
                let grows = growing(&world, statement);
                if !grows.is_empty() {
                    wrong.push(format!("{template}: {statement}\n    {}", grows.join("\n    ")));
                }
            }
            break;
        }
    }
    for (name, method, template) in operations() {
        let parameters = contract["paths"][&template]["get"]["parameters"].as_array();
        let paged = parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "cursor"));
        if method != Method::GET || !paged {
            continue;
        }
        let path = scene.filled(&template);
        let both = (&world, &statements);
        let mut most: Option<(Option<&Person>, Taken)> = None;
        for (_, person) in &scene.people {
            // What does not change is loaded once for all requests.
            page(both, person.as_ref(), &format!("{path}?limit=1")).await;
            if let Some(taken) = page(both, person.as_ref(), &format!("{path}?limit=200")).await
                && most.as_ref().is_none_or(|(_, most)| most.items < taken.items)
            {
                most = Some((person.as_ref(), taken));
            }
        }
        let Some((by, whole)) = most else {
            wrong.push(format!("{name}: nobody may read it"));
            continue;
        };
        let short = SHORT.iter().any(|(known, _)| *known == name);
        if short != (whole.items < SOME) {
            wrong.push(format!("{name}: {} items", whole.items));
        }
        let one = page(both, by, &format!("{path}?limit=1")).await.unwrap();
        let counts = (one.statements.len(), whole.statements.len());
        let mut last = page(both, by, &format!("{path}?limit=200")).await.unwrap();
        let mut pages = 1;
        while let Some(next) = &last.next {
            last = page(both, by, &format!("{path}?limit=200&cursor={next}")).await.unwrap();
            pages += 1;
        }
        told.push(format!("{name:<28} {counts:?}, the last of {pages}: {}", last.statements.len()));
        // One person is often known already, of several nobody is.
        let flat = counts.0.abs_diff(counts.1) <= 1 && last.statements.len() <= counts.1;
        let few = FEW.iter().any(|(known, _)| *known == name);
        if !flat && whole.items > 1 && !few {
            wrong.push(format!(
                "{name}: {counts:?} statements for 1 and {}, {} on the last of {pages} pages:\n    {}",
                whole.items,
                last.statements.len(),
                whole.statements.join("\n    ")
            ));
        }
        let comparing = COMPARING.iter().any(|(known, _)| *known == name);
        for statement in last.statements.iter().filter(|_| !comparing) {
            let grows = growing(&world, statement);
            if !grows.is_empty() {
                wrong.push(format!("{name}: {statement}\n    {}", grows.join("\n    ")));
            }
        }
    }
    wrong.extend(exported(&world, &statements, &scene).await);
    if database == Database::Sqlite {
        wrong.extend(counted(&world, &statements, &scene).await);
    }
    wrong.extend(added(&world, &statements, &scene).await);
    assert!(
        wrong.is_empty(),
        "{}\n\n{} lists grow:\n{}",
        told.join("\n"),
        wrong.len(),
        wrong.join("\n")
    );
}

/// Whoever opens their form again, by a mailed link or that of an invitation, changes nothing.
async fn open_again(database: Database) {
    let Some((world, statements)) = Statements::of(database) else { return };
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let asked = json!({ "email": "nok@example.org" });
    send(&world, &format!("{base}/registration-drafts"), None, asked).await;
    let invitation = json!({ "email": "pia.sample@example.org", "list": "UN Network" });
    world.make(&secretariat, &format!("{base}/invitations"), invitation).await;
    world.make(&secretariat, &format!("{base}/invitations/sending"), json!({})).await;
    let mut mailed = links(&world, "registration_draft");
    mailed.extend(links(&world, "invitation"));
    assert_eq!(mailed.len(), 2, "{mailed:?}");
    for (who, token) in &mailed {
        let open = async || {
            let body = json!({ "token": token });
            let opened = send(&world, "/api/v1/registration-drafts/open", None, body).await;
            assert_eq!(opened.status, 200, "{who}: {}", opened.text);
            opened.json
        };
        let first = open().await;
        statements.heard();
        assert_eq!(open().await, first, "{who}");
        let heard = statements.heard();
        assert!(heard.iter().all(|one| one.starts_with("SELECT")), "{who}: {heard:?}");
    }
}

#[actix_web::test]
async fn who_opens_a_form_again_changes_nothing_on_sqlite() {
    open_again(Database::Sqlite).await;
}

#[actix_web::test]
async fn who_opens_a_form_again_changes_nothing_on_postgres() {
    open_again(Database::Postgres).await;
}

#[actix_web::test]
async fn every_list_is_flat_on_sqlite() {
    look(Database::Sqlite).await;
}

#[actix_web::test]
async fn every_list_is_flat_on_postgres() {
    look(Database::Postgres).await;
}
