//! What a thief of the database makes of it: every table in the order in which its rows lie, the files, the keys.

#![allow(clippy::disallowed_methods, reason = "looks at the tables as a thief would")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use rapporteur::db::Conn;
use uuid::Uuid;

use crate::crowd::word;
use crate::harness::World;

/// One row, as it lies.
#[derive(Debug, Clone)]
pub struct Row {
    pub table: String,
    /// What stands in it, binary columns as hexadecimal digits.
    pub text: String,
    /// The transaction that wrote it; PostgreSQL keeps that.
    pub written_by: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Dumped {
    #[diesel(sql_type = Text)]
    line: String,
    #[diesel(sql_type = BigInt)]
    xmin: i64,
}

/// Every row of every table, those of the search index included, in the order in which they lie.
pub fn dump(world: &World) -> Vec<Row> {
    let all = |conn: &mut Conn| {
        let mut rows = Vec::new();
        for table in tables(conn) {
            let found: Vec<Dumped> = match conn {
                Conn::Sqlite(conn) => {
                    let columns = format!("SELECT name FROM pragma_table_info('{table}')");
                    let columns: Vec<Name> = diesel::sql_query(columns).load(conn).unwrap();
                    let columns: Vec<String> = columns
                        .iter()
                        .map(|Name { name }| {
                            format!(
                                "CASE typeof(\"{name}\") WHEN 'blob' THEN lower(hex(\"{name}\")) \
                                 ELSE coalesce(cast(\"{name}\" AS text), '') END"
                            )
                        })
                        .collect();
                    let columns = columns.join(" || ' | ' || ");
                    let sql = format!("SELECT {columns} AS line, 0 AS xmin FROM \"{table}\"");
                    diesel::sql_query(sql).load(conn).unwrap()
                }
                Conn::Postgres(conn) => {
                    let sql = format!(
                        "SELECT t::text AS line, t.xmin::text::bigint AS xmin FROM \"{table}\" t ORDER BY t.ctid"
                    );
                    diesel::sql_query(sql).load(conn).unwrap()
                }
            };
            rows.extend(found.into_iter().map(|Dumped { line, xmin }| Row {
                table: table.clone(),
                text: line,
                written_by: xmin,
            }));
        }
        Ok(rows)
    };
    world.app.db.read_blocking(all).unwrap()
}

fn tables(conn: &mut Conn) -> Vec<String> {
    let names: Vec<Name> = match conn {
        Conn::Sqlite(conn) => {
            diesel::sql_query("SELECT name FROM sqlite_master WHERE type = 'table'").load(conn)
        }
        Conn::Postgres(conn) => diesel::sql_query(
            "SELECT relname::text AS name FROM pg_class WHERE relkind = 'r' \
             AND relnamespace = 'public'::regnamespace",
        )
        .load(conn),
    }
    .unwrap();
    names.into_iter().map(|one| one.name).collect()
}

/// The words of a row: ids whole, times whole.
pub fn words(text: &str) -> BTreeSet<String> {
    let text = text.to_lowercase().replace('-', "");
    text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, ':' | '.' | '+'))
        .map(|one| one.trim_matches([':', '.', '+']).to_owned())
        // A day alone names nobody, nor does a word without a figure, as states are.
        .filter(|one| one.len() >= 6 && !(one.len() == 8 && one.starts_with("2020")))
        .filter(|one| one.contains(|c: char| c.is_ascii_digit()))
        .collect()
}

/// Everything that an input is called by in the tables (its id, its place, its word), and which text it is.
pub fn names(rows: &[Row], texts: usize) -> HashMap<String, usize> {
    let mut names = HashMap::new();
    for number in 0..texts {
        let word = word(number);
        let input = rows.iter().find(|row| row.table == "inputs" && row.text.contains(&word));
        let input = input.unwrap_or_else(|| panic!("no input says {word}"));
        let mut fields = input.text.trim_start_matches('(').split([',', '|']).map(str::trim);
        let (input_id, _consultation, place) =
            (fields.next().unwrap(), fields.next().unwrap(), fields.next().unwrap());
        for name in [input_id.replace('-', ""), place.to_owned(), word] {
            names.insert(name, number);
        }
    }
    names
}

/// For each table in which they lie: the texts by their numbers, in the order in which their rows lie.
pub fn orders(rows: &[Row], names: &HashMap<String, usize>) -> BTreeMap<String, Vec<usize>> {
    let mut orders: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in rows {
        let meant: BTreeSet<usize> =
            words(&row.text).iter().filter_map(|word| names.get(word).copied()).collect();
        let Some(number) = meant.first().filter(|_| meant.len() == 1) else { continue };
        let order = orders.entry(row.table.clone()).or_default();
        if !order.contains(number) {
            order.push(*number);
        }
    }
    orders
}

/// Kendall's rank correlation of an order with the order of arrival: 1 when it is that, near 0 when it tells nothing of it.
pub fn tau(order: &[usize]) -> f64 {
    let (mut agreeing, mut pairs) = (0_i64, 0_i64);
    for (at, one) in order.iter().enumerate() {
        for other in &order[at + 1..] {
            agreeing += if one < other { 1 } else { -1 };
            pairs += 1;
        }
    }
    if pairs == 0 { 0.0 } else { agreeing as f64 / pairs as f64 }
}

/// How many neighbours came one after the other.
pub fn runs(order: &[usize]) -> usize {
    order.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) == 1).count()
}

/// How many texts stand where their contributor stands, of those who said one each `times` times in the order in which they came.
pub fn guessed(order: &[usize], people: usize) -> usize {
    let size = order.len().max(1);
    order.iter().enumerate().filter(|(at, number)| at * people / size == **number % people).count()
}

/// Follows every join from each of these people, by whatever only rows about them have in common: which texts it comes to, with
/// the people that it came from.
pub fn joined(
    rows: &[Row],
    people: &[Vec<String>],
    names: &HashMap<String, usize>,
) -> Vec<(usize, usize)> {
    /// Of how many people something is that is no path to any.
    const SHARED: usize = usize::MAX;
    let rows: Vec<BTreeSet<String>> = rows.iter().map(|row| words(&row.text)).collect();
    let mut of: HashMap<&str, usize> = HashMap::new();
    // What stands beside several texts leads to none of them.
    let mut beside: HashMap<&str, BTreeSet<usize>> = HashMap::new();
    for row in &rows {
        let texts: BTreeSet<usize> =
            row.iter().filter_map(|word| names.get(word)).copied().collect();
        for word in row {
            beside.entry(word).or_default().extend(&texts);
        }
    }
    let several = beside.into_iter().filter(|(_, texts)| texts.len() > 1);
    of.extend(several.map(|(word, _)| (word, SHARED)));
    for (person, own) in people.iter().enumerate() {
        of.extend(own.iter().map(|one| (one.as_str(), person)));
    }
    loop {
        let mut found: HashMap<&str, usize> = HashMap::new();
        for row in &rows {
            let mut whose: BTreeSet<usize> =
                row.iter().filter_map(|word| of.get(word.as_str()).copied()).collect();
            whose.remove(&SHARED);
            let whose = match whose.len() {
                0 => continue,
                1 => whose.first().copied().unwrap_or(SHARED),
                _ => SHARED,
            };
            for word in row {
                let before = found.entry(word).or_insert(whose);
                if *before != whose {
                    *before = SHARED;
                }
            }
        }
        let before = of.len();
        let shared_before = of.values().filter(|whose| **whose == SHARED).count();
        for (word, whose) in found {
            let known = of.entry(word).or_insert(whose);
            // Who somebody is stays theirs, whoever else is named beside them.
            let is_theirs = people.get(*known).is_some_and(|own| own.iter().any(|one| one == word));
            if *known != whose && !is_theirs {
                *known = SHARED;
            }
        }
        let shared = of.values().filter(|whose| **whose == SHARED).count();
        if (of.len(), shared) == (before, shared_before) {
            break;
        }
    }
    let linked = names.iter().filter_map(|(name, text)| {
        of.get(name.as_str()).filter(|whose| **whose != SHARED).map(|whose| (*text, *whose))
    });
    let linked: BTreeSet<(usize, usize)> = linked.collect();
    // By which words, for whoever has to mend it.
    for (text, person) in &linked {
        let called: BTreeSet<&String> =
            names.iter().filter(|(_, of)| *of == text).map(|(name, _)| name).collect();
        for row in rows.iter().filter(|row| row.iter().any(|word| called.contains(word))) {
            let by: Vec<&String> =
                row.iter().filter(|word| of.get(word.as_str()) == Some(person)).collect();
            println!("  text {text} and person {person}: {by:?}");
        }
    }
    linked.into_iter().collect()
}

/// How many of these moments stand anywhere in these rows, in whatever way a moment is written.
pub fn moments_in(rows: &[Row], moments: &[DateTime<Utc>]) -> Vec<String> {
    let mut found = Vec::new();
    for moment in moments {
        let written = [
            moment.format("%Y-%m-%dT%H:%M:%S").to_string(),
            moment.format("%Y-%m-%d %H:%M:%S").to_string(),
            moment.timestamp().to_string(),
        ];
        let tells = |row: &&Row| written.iter().any(|one| row.text.contains(one));
        found.extend(rows.iter().find(tells).map(|row| format!("{}: {}", row.table, row.text)));
    }
    found
}

/// The folders in which the database lies and is logged: of SQLite the data folder; of a PostgreSQL that the tests started the
/// database's own files and the write-ahead log, written down to the disk before, and what the server said on the way.
pub fn folders(world: &World) -> Vec<PathBuf> {
    let mut folders = vec![world.folder.clone()];
    if let Some(url) = world.database.as_ref().and_then(crate::postgres::as_superuser) {
        let mut conn = PgConnection::establish(&url).unwrap();
        diesel::sql_query("CHECKPOINT").execute(&mut conn).unwrap();
        let base = diesel::sql_query(
            "SELECT current_setting('data_directory') || '/base/' || oid AS name FROM pg_database \
             WHERE datname = current_database()",
        );
        let base: Name = base.get_result(&mut conn).unwrap();
        let log =
            diesel::sql_query("SELECT current_setting('data_directory') || '/pg_wal' AS name");
        let log: Name = log.get_result(&mut conn).unwrap();
        let said = PathBuf::from(&log.name).with_file_name("../log");
        folders.extend([base.name.into(), log.name.into()]);
        folders.extend(said.exists().then_some(said));
    }
    folders
}

/// Where one of these texts stands in any file below: which, and how far into which file. Case does not matter.
pub fn grep(folder: &Path, texts: &[String]) -> Vec<(String, usize, String)> {
    let patterns = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(patterns.path(), texts.join("\n")).unwrap();
    let found = Command::new("grep")
        .env("LC_ALL", "C")
        .args(["-r", "-a", "-b", "-o", "-i", "-F", "-f"])
        .args([patterns.path(), folder])
        .output()
        .unwrap();
    // 1: none; 2: a file went away meanwhile, as those of a log do.
    let text = String::from_utf8_lossy(&found.stdout);
    let place = |line: &str| {
        let mut parts = line.rsplitn(3, ':');
        let (text, offset, file) = (parts.next()?, parts.next()?, parts.next()?);
        Some((file.to_owned(), offset.parse().ok()?, text.to_lowercase()))
    };
    text.lines().filter_map(place).collect()
}

/// Adds, for each file below, the texts in the order in which their words stand in it, however its pages lie. A log is written in the
/// order in which a batch was.
pub fn order_in_files(
    folders: &[PathBuf],
    words: &[String],
    orders: &mut BTreeMap<String, Vec<usize>>,
) {
    for folder in folders {
        let mut places = grep(folder, words);
        places.sort();
        for (file, _, said) in places {
            let number = words.iter().position(|word| *word == said).unwrap();
            let order = orders.entry(file).or_default();
            if !order.contains(&number) {
                order.push(number);
            }
        }
    }
}

/// What chance alone does not make of an order of so many.
pub const MOST_TAU: f64 = 0.35;
const MOST_RUNS: usize = 8;

/// How many texts lie in an order that tells who said them, in any place where most of them lie; each place is told.
pub fn told_by_order(
    orders: &BTreeMap<String, Vec<usize>>,
    texts: usize,
    people: usize,
    most_guessed: usize,
) -> usize {
    let whole = orders.iter().filter(|(_, order)| order.len() > texts / 2);
    let told = whole.map(|(place, order)| {
        let (tau, runs, guessed) = (tau(order), runs(order), guessed(order, people));
        println!("  {place}: of {} tau {tau:.2}, runs {runs}, guessed {guessed}", order.len());
        let tells = tau.abs() > MOST_TAU || runs > MOST_RUNS || guessed > most_guessed;
        if tells { order.len() } else { 0 }
    });
    told.sum()
}

/// A file of keys.
pub fn key(world: &World, begins: &str) -> Option<[u8; 32]> {
    let entries = std::fs::read_dir(world.app.settings.keys_folder()).unwrap();
    let mut paths = entries.map(|one| one.unwrap().path());
    let path = paths.find(|path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(begins))
    });
    path.and_then(|path| std::fs::read(path).unwrap().try_into().ok())
}

/// Opens what was sealed with one of the keys that there are.
pub fn open(key: &[u8; 32], beside: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_at_checked(12)?;
    let nonce: [u8; 12] = nonce.try_into().ok()?;
    let cipher = Aes256Gcm::new(key.into());
    cipher.decrypt(&Nonce::from(nonce), Payload { msg: sealed, aad: beside }).ok()
}

/// A voice as it is kept beside an input.
pub struct Voice {
    pub input: Uuid,
    pub mark: Vec<u8>,
    pub sealed: Option<Vec<u8>>,
}

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = Text)]
    input: String,
    #[diesel(sql_type = Text)]
    mark: String,
    #[diesel(sql_type = Nullable<Text>)]
    sealed: Option<String>,
}

/// The voices that came by receipt.
pub fn voices(world: &World) -> Vec<Voice> {
    let load = |conn: &mut Conn| {
        let kept: Vec<Kept> = match conn {
            Conn::Sqlite(conn) => diesel::sql_query(
                "SELECT input_id AS input, lower(hex(mark)) AS mark, lower(hex(sealed)) AS sealed \
                 FROM input_voices WHERE mark IS NOT NULL",
            )
            .load(conn),
            Conn::Postgres(conn) => diesel::sql_query(
                "SELECT input_id::text AS input, encode(mark, 'hex') AS mark, \
                 encode(sealed, 'hex') AS sealed FROM input_voices WHERE mark IS NOT NULL ORDER BY ctid",
            )
            .load(conn),
        }
        .unwrap();
        let voice = |one: Kept| Voice {
            input: one.input.parse().unwrap(),
            mark: bytes(&one.mark),
            sealed: one.sealed.as_deref().filter(|text| !text.is_empty()).map(bytes),
        };
        Ok(kept.into_iter().map(voice).collect())
    };
    world.app.db.read_blocking(load).unwrap()
}

/// What waits: ids, marks and ciphertexts.
pub fn pool(world: &World) -> Vec<(Uuid, Vec<u8>, Vec<u8>)> {
    let load = |conn: &mut Conn| {
        let kept: Vec<Kept> = match conn {
            Conn::Sqlite(conn) => diesel::sql_query(
                "SELECT id AS input, lower(hex(mark)) AS mark, lower(hex(sealed)) AS sealed FROM pool_entries",
            )
            .load(conn),
            Conn::Postgres(conn) => diesel::sql_query(
                "SELECT id::text AS input, encode(mark, 'hex') AS mark, encode(sealed, 'hex') AS sealed \
                 FROM pool_entries ORDER BY ctid",
            )
            .load(conn),
        }
        .unwrap();
        let entry = |one: Kept| {
            let sealed = bytes(&one.sealed.unwrap_or_default());
            (one.input.parse().unwrap(), bytes(&one.mark), sealed)
        };
        Ok(kept.into_iter().map(entry).collect())
    };
    world.app.db.read_blocking(load).unwrap()
}

fn bytes(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digit).collect()
}

/// As hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The 25 bytes that a receipt is written for.
pub fn receipt_bytes(receipt: &str) -> Vec<u8> {
    const DIGITS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let bits: String = receipt
        .chars()
        .filter_map(|c| DIGITS.find(c))
        .map(|value| format!("{value:05b}"))
        .collect();
    let byte = |at: usize| u8::from_str_radix(&bits[at..at + 8], 2).unwrap();
    (0..bits.len()).step_by(8).map(byte).collect()
}

/// Runs a statement, as whoever has the database can.
pub fn execute(world: &World, sql: &str) {
    let run = |conn: &mut Conn| {
        match conn {
            Conn::Sqlite(conn) => diesel::sql_query(sql).execute(conn).unwrap(),
            Conn::Postgres(conn) => diesel::sql_query(sql).execute(conn).unwrap(),
        };
        Ok(())
    };
    world.app.db.write_blocking(run).unwrap();
}

/// Writes the write-ahead log of SQLite into its file; on PostgreSQL takes away what no transaction sees any more.
pub fn settle(world: &World) {
    use diesel::connection::SimpleConnection;
    match &world.database {
        Some(database) => {
            PgConnection::establish(&database.url).unwrap().batch_execute("VACUUM").unwrap();
        }
        None => {
            let file = world.folder.join("rapporteur.sqlite");
            let mut conn = SqliteConnection::establish(&file.to_string_lossy()).unwrap();
            conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        }
    }
}
