//! Mail, while the program is killed or the database goes away: none is lost, and at most the one that is in the air is sent again.

#![allow(clippy::disallowed_methods, reason = "looks at the outbox from beside the program")]

use std::collections::BTreeMap;
use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use rapporteur::db::schema::outbox_mails;
use rapporteur::db::types::Timestamp;
use rapporteur::i18n::Language;
use rapporteur::mailer::Mailer;
use rapporteur::outbox::{self, Mail, MailState};
use rapporteur::work::{Credentials, Work};
use rapporteur::worker;

use crate::crash::{free_port, ready, serving};
use crate::harness::{Database, World};
use crate::proxy::behind_a_proxy;
use crate::server::Server;
use crate::smtp::MailServer;
use crate::times;

/// Mails that are put into the outbox before each kill, far more than are sent until then.
const AT_ONCE: usize = 100;

fn put(world: &World, name: &str, count: usize) {
    let write = |work: &mut Work| {
        let mail = |number: usize| Mail {
            recipient: format!("{name}{number}@example.org"),
            subject: format!("Number {number}"),
            // A line that looks like the end of a mail, and one that begins like it.
            body: "You are invited.\n".repeat(20) + ".\n.. for all\n",
            template: "invitation",
            html: None,
            language: Language::English,
            secret: None,
            about: None,
        };
        work.mails((0..count).map(mail).collect())
    };
    world.app.write_blocking(&Credentials::Operator, write).unwrap();
}

fn count(world: &World, state: MailState) -> usize {
    let all = world.app.db.read_blocking(|conn| outbox::list(conn, None, 10_000)).unwrap();
    all.iter().filter(|row| row.state == state).count()
}

/// As if the time for which a killed process had claimed a mail were over.
fn give_up_claims(world: &World) {
    let past = Timestamp::new(chrono::DateTime::UNIX_EPOCH);
    let write = |conn: &mut rapporteur::db::Conn| {
        let claimed = outbox_mails::table.filter(outbox_mails::claimed_until.is_not_null());
        let set = outbox_mails::next_attempt_at.eq(past);
        Ok(diesel::update(claimed).set(set).execute(conn)?)
    };
    assert!(world.app.db.write_blocking(write).unwrap() <= 1, "more than one was in the air");
}

fn is_claimed(world: &World) -> bool {
    let all = world.app.db.read_blocking(|conn| outbox::list(conn, None, 10)).unwrap();
    all.iter().any(|row| row.claimed_until.is_some())
}

/// How often each address got its mail.
fn arrived(server: &MailServer) -> BTreeMap<String, usize> {
    let mut arrived = BTreeMap::new();
    for mail in server.taken() {
        assert!(mail.text.contains("\r\n.\r\n.. for all\r\n"), "{}", mail.text);
        *arrived.entry(mail.to).or_default() += 1;
    }
    arrived
}

async fn killed_while_it_sends(database: Database) {
    let Some(server) = MailServer::start(free_port()) else { return };
    let Some(world) = World::with(database, |_| {}) else { return };
    let (mut mails, kills) = (0, times(6, 50));
    let url = world.database.as_ref().map(|database| database.url.clone());
    let mail_server = format!("smtp://127.0.0.1:{}", server.port);
    for kill in 0..kills {
        let port = free_port();
        let mut command = serving(&world.folder, url.as_deref(), port);
        command.env("RAPPORTEUR_MAIL__SMTP_URL", &mail_server);
        let running = ready(command, port).await;
        let before = server.count();
        put(&world, &format!("kill{kill}.n"), AT_ONCE);
        mails += AT_ONCE;
        let begun = Instant::now();
        while server.count() < before + 5 && begun.elapsed() < Duration::from_secs(20) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Not always at the same step.
        tokio::time::sleep(Duration::from_millis(u64::from(kill * 7 % 23))).await;
        drop(running);
        assert!(server.count() < mails, "it was killed while there was mail");
        give_up_claims(&world);
    }
    let killed = arrived(&server).len();
    let mailer = mailer(&world, server.port);
    let begun = Instant::now();
    worker::send_due(&world.app, &mailer).await.unwrap();
    let each = begun.elapsed() / (mails - killed) as u32;
    let arrived = arrived(&server);
    assert_eq!(arrived.len(), mails, "some were lost");
    let doubled: usize = arrived.values().map(|times| times - 1).sum();
    println!("{doubled} of {mails} doubled in {kills} kills; {each:?} for a mail");
    assert!(doubled <= kills as usize, "{doubled} doubled in {kills} kills");
    assert_eq!(count(&world, MailState::Sent), mails);
}

fn mailer(world: &World, port: u16) -> Mailer {
    let mut settings = (*world.app.settings).clone();
    settings.mail.smtp_url = format!("smtp://127.0.0.1:{port}").into();
    Mailer::open(&settings).unwrap()
}

#[actix_web::test]
async fn a_kill_doubles_at_most_the_mail_in_the_air_on_sqlite() {
    killed_while_it_sends(Database::Sqlite).await;
}

#[actix_web::test]
async fn a_kill_doubles_at_most_the_mail_in_the_air_on_postgres() {
    killed_while_it_sends(Database::Postgres).await;
}

#[actix_web::test]
async fn a_mail_that_was_taken_while_the_database_was_away_is_not_sent_again() {
    let Some(server) = MailServer::start(free_port()) else { return };
    let Some((world, proxy)) = behind_a_proxy(|_| ()) else { return };
    put(&world, "slow", 1);
    let mailer = mailer(&world, server.port);
    let sending = worker::send_due(&world.app, &mailer);
    let fault = async {
        let begun = Instant::now();
        while !is_claimed(&world) {
            assert!(begun.elapsed() < Duration::from_secs(10), "it is not sent");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // It is on its way.
        tokio::time::sleep(Duration::from_millis(300)).await;
        proxy.stop();
        tokio::time::sleep(Duration::from_millis(3000)).await;
        proxy.start();
    };
    let (sent, ()) = futures_util::future::join(sending, fault).await;
    // It was noted, whatever the look for the next one found.
    assert_eq!((count(&world, MailState::Sent), server.taken().len()), (1, 1), "{sent:?}");
    world.app.clock.advance(chrono::Duration::hours(1));
    assert_eq!(worker::send_due(&world.app, &mailer).await.unwrap(), 0);
    assert_eq!(server.taken().len(), 1);
}

#[actix_web::test]
async fn while_the_database_is_away_the_worker_says_so_once_and_goes_on_at_once_after() {
    let Some(mail_server) = MailServer::start(free_port()) else { return };
    let Some(mut server) = Server::new() else { return };
    let url = server.url();
    let world = World::with(Database::Postgres, |settings| {
        settings.database.url = url.clone().into();
        settings.database.allow_superuser = true;
    });
    let Some(world) = world else { return };
    let port = free_port();
    let mut command = serving(&world.folder, Some(&url), port);
    command
        .env("RAPPORTEUR_DATABASE__ALLOW_SUPERUSER", "true")
        .env("RAPPORTEUR_MAIL__SMTP_URL", format!("smtp://127.0.0.1:{}", mail_server.port))
        .stderr(Stdio::piped());
    let mut running = ready(command, port).await;
    server.stop("-INT");
    tokio::time::sleep(Duration::from_secs(12)).await;
    server.start();
    let begun = Instant::now();
    while world.get(None, "/health/ready").await.status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(10), "it does not recover");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    put(&world, "n", 1);
    let begun = Instant::now();
    while mail_server.taken().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(5), "it waits though the database is back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    running.process.kill().unwrap();
    let mut said = String::new();
    running.process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    // Of what was under way when it went, and of what cannot be reached.
    assert!((1..=4).contains(&said.lines().count()), "{said}");
}
