//! A PostgreSQL that says what goes wrong in another language: whoever may choose has it speak English, and whoever may not tells less.

#![allow(clippy::disallowed_methods, reason = "makes a login, and has statements fail")]

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use rapporteur::db::{Conn, errors};
use rapporteur::problem::Code;

use crate::harness::{Database, World};
use crate::server::Server;

/// What is told of a statement that takes too long, and of a lock that somebody else holds.
fn told(world: &World, beside: &mut PgConnection) -> (bool, Code, Code) {
    let understood = world.app.db.read_blocking(errors::are_understood).unwrap();
    let failing = |sql: &str| {
        let run = |conn: &mut Conn| {
            let Conn::Postgres(conn) = conn else { panic!("it is PostgreSQL") };
            Ok(conn.batch_execute(sql)?)
        };
        world.app.db.write_blocking(run).unwrap_err().code()
    };
    let slow = failing("SET LOCAL statement_timeout = '50ms'; SELECT pg_sleep(5)");
    beside.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(7)").unwrap();
    let locked = failing("SET LOCAL lock_timeout = '50ms'; SELECT pg_advisory_xact_lock(7)");
    beside.batch_execute("ROLLBACK").unwrap();
    (understood, slow, locked)
}

#[actix_web::test]
async fn a_server_of_another_language_is_understood_where_the_login_may_choose() {
    let Some(server) = Server::speaking("de") else { return };
    let mut superuser = PgConnection::establish(&server.url()).unwrap();
    let said = superuser.batch_execute("SELECT 1 / 0").unwrap_err().to_string();
    if said == "division by zero" {
        eprintln!(
            "\n*** NO OTHER LANGUAGE of PostgreSQL is installed: only English is tried. ***\n"
        );
        return;
    }
    for statement in [
        "CREATE ROLE plain LOGIN",
        "CREATE DATABASE one OWNER plain",
        "CREATE DATABASE two OWNER plain",
    ] {
        superuser.batch_execute(statement).unwrap();
    }
    let plain = |name: &str| {
        let url =
            server.url().replace("rapporteur@", "plain@").replace("/postgres", &format!("/{name}"));
        World::with(Database::Postgres, |settings| settings.database.url = url.into()).unwrap()
    };
    // What is not understood is tried again in case that helps, and is a failure of ours then.
    assert_eq!(
        told(&plain("one"), &mut on(&server, "one")),
        (false, Code::Internal, Code::Internal)
    );
    superuser.batch_execute("GRANT SET ON PARAMETER lc_messages TO plain").unwrap();
    let understood = (true, Code::TookTooLong, Code::Unavailable);
    assert_eq!(told(&plain("two"), &mut on(&server, "two")), understood);
}

fn on(server: &Server, name: &str) -> PgConnection {
    PgConnection::establish(&server.url().replace("/postgres", &format!("/{name}"))).unwrap()
}
