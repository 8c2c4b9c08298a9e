//! What the login to PostgreSQL must not be and must be able to do, and what whoever administers the database is told to say.
//! Knows no table.

#![expect(
    clippy::disallowed_methods,
    reason = "roles and their rights are in the catalogue of PostgreSQL, which Diesel does not know"
)]

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

/// What is asked of the catalogue about the login, the database and the schema in which tables are made.
const LOGIN: &str = "
    SELECT quote_ident(session_user) AS login, quote_ident(current_database()) AS database,
        quote_ident(coalesce(current_schema(), 'public')) AS schema,
        EXISTS (SELECT FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')
            AND (rolsuper OR rolname IN ('pg_execute_server_program', 'pg_write_server_files'))) AS superuser,
        has_schema_privilege(coalesce(current_schema(), 'public'), 'USAGE')
            AND has_schema_privilege(coalesce(current_schema(), 'public'), 'CREATE') AS makes_tables";

#[derive(QueryableByName)]
struct Login {
    #[diesel(sql_type = Text)]
    login: String,
    #[diesel(sql_type = Text)]
    database: String,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Bool)]
    superuser: bool,
    #[diesel(sql_type = Bool)]
    makes_tables: bool,
}

fn look(conn: &mut PgConnection) -> Result<Login, String> {
    diesel::sql_query(LOGIN)
        .get_result(conn)
        .map_err(|error| format!("cannot ask PostgreSQL what the login may do: {error}"))
}

/// An error where the login is a superuser, a member of one, or of a role that can make itself one (PostgreSQL's documentation,
/// "Predefined Roles").
pub(super) fn refuse_superuser(conn: &mut PgConnection) -> Result<(), String> {
    let Login { login, database, superuser, .. } = look(conn)?;
    if !superuser {
        return Ok(());
    }
    Err(format!(
        "the login {login} is a superuser of PostgreSQL or can become one: it may read and change everything in the whole cluster, \
         and what this program keeps apart is not kept apart from it. Make a plain one, and start with that:\n  \
         CREATE ROLE rapporteur LOGIN PASSWORD '…';\n  \
         CREATE DATABASE rapporteur OWNER rapporteur;\n\
         What is in {database} moves there by pg_dump --no-owner. \
         To start as a superuser all the same, set database.allow_superuser = true (docs/operations.md)."
    ))
}

/// Why the tables could not be made, with what to grant where that is why.
pub(super) fn advice(conn: &mut PgConnection, why: String) -> Result<String, String> {
    let Login { login, database, schema, makes_tables, .. } = look(conn)?;
    if makes_tables {
        return Ok(why);
    }
    Ok(format!(
        "the login {login} may not make tables in the schema {schema} of the database {database}. Whoever administers PostgreSQL \
         says there, connected to {database}:\n  \
         GRANT USAGE, CREATE ON SCHEMA {schema} TO {login};\n\
         (The owner of a database may do so by itself, unless the login was made NOINHERIT.)\n{why}"
    ))
}
