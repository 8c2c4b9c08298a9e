//! How many people a second can register and how many inputs can be written down, by one and by many at once, on both databases: beside the
//! same rows written bare in the same run (the ratio is the figure, the seconds are the machine's), with what it costs of the processor.
//! `cargo bench --bench throughput`; a few minutes. On a RAM disk with `TMPDIR=/dev/shm`.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

mod measure;
mod served;

use std::net::SocketAddr;

use diesel::prelude::*;
use rapporteur::db::Conn;
use rapporteur::outbox;
use serde_json::{Value, json};

use served::harness::{Database, Person, World, id, registration, token_of};
use served::load::{Asked, Load, ask};

/// People of each measurement.
const PEOPLE: usize = 600;
/// Connections.
const AT_ONCE: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];
/// As many people as ask in the same moment.
const CROWD: usize = 500;

fn main() {
    let columns = format!(
        "{:<9} {:<24} {:>7} {:>7} {:>7} {:>6} {:>9} {:>9} {:>9} {:>9} {:>7} {:>6}",
        "database",
        "what",
        "at once",
        "per s",
        "bare/s",
        "ratio",
        "half in",
        "99 % in",
        "server",
        "database",
        "log kB",
        "again"
    );
    served::on_each(&columns, run);
}

async fn run(database: Database) {
    let Some(world) = World::with(database, served::as_installed) else { return };
    let bench = Bench { database, world: &world };
    let (secretariat, review, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    bench.registrations(&consultation);
    bench.by_link(&consultation);
    let path = format!("/api/v1/reviews/{}/input-categories", id(&review));
    let categories = world.get(None, &path).await;
    bench.inputs(&secretariat, &consultation, &categories.json["items"][1]);
}

struct Bench<'w> {
    database: Database,
    world: &'w World,
}

impl Bench<'_> {
    fn registrations(&self, consultation: &Value) {
        let path = format!("/api/v1/consultations/{}/registrations", id(consultation));
        let body = registration("academia", "IN");
        let one = |person: &Person| vec![Asked::new(Some(&person.token), &path, None, &body)];
        let mut bare = Vec::new();
        for at_once in AT_ONCE {
            let people = self.people(&format!("Bench{at_once}"), PEOPLE);
            let log = self.log();
            let load = self.ask(at_once, people.iter().map(one).collect());
            let log = (self.log() - log) / PEOPLE as f64;
            // SQLite has one writer: more threads write no more.
            let threads = if self.database == Database::Sqlite { 1 } else { at_once.min(8) };
            if bare.iter().all(|(measured, _)| *measured != threads) {
                let (rate, rows) = served::bare::registrations(self.world, PEOPLE, threads);
                assert!((8..=12).contains(&rows), "a registration is {rows} rows");
                bare.push((threads, rate));
            }
            let (_, rate) = bare.iter().find(|(measured, _)| *measured == threads).unwrap();
            self.report("registration, signed in", at_once, &load, Some(*rate), Some(log));
        }
        let people = self.people("Crowd", CROWD);
        let load = self.ask(CROWD, people.iter().map(one).collect());
        self.report("registration, signed in", CROWD, &load, None, None);
    }

    /// Asking for a link, opening the form, saving it and sending it off.
    fn by_link(&self, consultation: &Value) {
        let path = format!("/api/v1/consultations/{}/registration-drafts", id(consultation));
        for at_once in [1, 8, 32] {
            let email = |number| format!("linked{number}.{at_once}@example.org");
            let wanted = |number| json!({ "email": email(number), "language": "en" });
            let asks = |number| vec![Asked::new(None, &path, None, &wanted(number)).answered(202)];
            let asked = self.ask(at_once, (0..PEOPLE).map(asks).collect());
            let secrets = self.secrets(&format!(".{at_once}@example.org"));
            let form = json!({
                "name": "Somebody Example", "sector": "academia", "country": "IN", "languages": ["en"],
                "consents": { "processing": true }
            });
            let fills = |secret: &String| {
                let step = |what: &str, version, body: &Value| {
                    let path = format!("/api/v1/registration-drafts/{what}");
                    Asked::new(None, &path, version, body).answered(200)
                };
                vec![
                    step("open", None, &json!({ "token": secret })),
                    step("save", Some(1), &json!({ "token": secret, "form": form })),
                    step("submit", Some(2), &json!({ "token": secret })),
                ]
            };
            let filled = self.ask(at_once, secrets.iter().map(fills).collect());
            self.report("by mailed link, whole", at_once, &asked.then(filled), None, None);
        }
    }

    fn inputs(&self, team: &Person, consultation: &Value, category: &Value) {
        let body = json!({
            "origin": "plenary", "told_by": "one", "objectives": [4], "category_id": category["id"], "language": "en",
            "body": "Consulates issue documents only in the capital, far from where most migrants work.", "citations": []
        });
        let path = format!("/api/v1/consultations/{}/inputs", id(consultation));
        for at_once in [1, 8, 32] {
            let one = |_| vec![Asked::new(Some(&team.token), &path, None, &body)];
            let load = self.ask(at_once, (0..PEOPLE).map(one).collect());
            self.report("input", at_once, &load, None, None);
        }
        let path = format!("{path}?limit=50");
        for at_once in [1, 8, 32] {
            let one = |_| vec![Asked::look(Some(&team.token), &path)];
            let load = self.ask(at_once, (0..PEOPLE).map(one).collect());
            self.report("50 inputs in a page", at_once, &load, None, None);
        }
    }

    fn people(&self, name: &str, count: usize) -> Vec<Person> {
        (0..count).map(|number| self.world.person(&format!("{name} Example {number}"))).collect()
    }

    fn ask(&self, at_once: usize, people: Vec<Vec<Asked>>) -> Load {
        let address: SocketAddr = self.world.base.trim_start_matches("http://").parse().unwrap();
        ask(&[address], at_once, people)
    }

    /// What was mailed to these addresses.
    fn secrets(&self, ending: &str) -> Vec<String> {
        let all = self.world.app.db.read_blocking(|conn| outbox::list(conn, None, 100_000));
        let is_own = |mail: &outbox::Row| {
            mail.template == "registration_draft" && mail.recipient.ends_with(ending)
        };
        let own = all.unwrap().into_iter().filter(is_own);
        own.filter_map(|mail| Some(token_of(mail.secret.as_deref()?).to_owned())).collect()
    }

    /// How much PostgreSQL has written of its log, in kB.
    #[expect(clippy::disallowed_methods, reason = "Diesel does not know this function")]
    fn log(&self) -> f64 {
        let query = "pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8";
        let written = self.world.app.db.read_blocking(|conn| match conn {
            Conn::Sqlite(_) => Ok(f64::NAN),
            Conn::Postgres(conn) => {
                let written = diesel::dsl::sql::<diesel::sql_types::Double>(query);
                Ok(diesel::select(written).get_result(conn)?)
            }
        });
        written.unwrap() / 1024.0
    }

    fn report(&self, what: &str, at_once: usize, load: &Load, bare: Option<f64>, log: Option<f64>) {
        let rate = load.rate();
        let number = |value: Option<f64>, decimals| {
            let value = value.filter(|value| value.is_finite());
            value.map(|value| format!("{value:.decimals$}")).unwrap_or_default()
        };
        println!(
            "{:<9} {what:<24} {at_once:>7} {rate:>7.0} {:>7} {:>6} {:>9.2?} {:>9.2?} {:>9.2?} {:>9.2?} {:>7} {:>6}",
            format!("{:?}", self.database),
            number(bare, 0),
            number(bare.map(|bare| rate / bare), 2),
            load.half,
            load.most,
            load.each(load.server),
            load.each(load.postgres),
            number(log, 1),
            load.again
        );
    }
}
