//! The role that the sealed tables belong to on PostgreSQL, and what is to be done when a server starts. In an ordinary
//! statement of this program, or of a person who is signed in to the database as it, the sealed tables cannot be read.

#![expect(
    clippy::disallowed_methods,
    reason = "roles and their rights are in the catalogue of PostgreSQL, which Diesel does not know"
)]

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::app::App;
use crate::db::Conn;
use crate::db::types::Id;
use crate::inputs::Capacity;
use crate::inputs::seal::Who;
use crate::problem::Problem;
use crate::work::{Credentials, Work};

/// Becomes whoever the sealed tables belong to, until [`give_back`] or the end of the transaction.
pub(super) fn take(conn: &mut Conn) -> Result<(), Problem> {
    let Conn::Postgres(conn) = conn else { return Ok(()) };
    conn.batch_execute(
        "SELECT set_config('role', pg_get_userbyid(relowner)::text, true) FROM pg_class \
         WHERE oid = 'input_attributions'::regclass",
    )?;
    Ok(())
}

/// Becomes oneself again.
pub(super) fn give_back(conn: &mut Conn) -> Result<(), Problem> {
    let Conn::Postgres(conn) = conn else { return Ok(()) };
    conn.batch_execute("SELECT set_config('role', 'none', true)")?;
    Ok(())
}

/// Makes the role and gives it the tables. What cannot be done is left as it is.
const SET_APART: &str = "
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rapporteur_seal') THEN
        BEGIN
            CREATE ROLE rapporteur_seal NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'rapporteur_seal', 'MEMBER') THEN
        EXECUTE format('GRANT rapporteur_seal TO %I', current_user);
    END IF;
    EXECUTE format('GRANT CREATE ON SCHEMA %I TO rapporteur_seal', current_schema());
    ALTER TABLE input_attributions OWNER TO rapporteur_seal;
    ALTER TABLE input_attribution_keys OWNER TO rapporteur_seal;
    ALTER TABLE input_line_attributions OWNER TO rapporteur_seal;
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM rapporteur_seal', current_schema());
    -- Membership alone must not open the tables. (A superuser may read everything in any case.) What the login could do
    -- here as the owner of the database it is given by name, because it inherits that no more.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT ALL ON SCHEMA %I TO %I', current_schema(), current_user);
        IF current_setting('server_version_num')::int >= 160000 THEN
            EXECUTE format('GRANT rapporteur_seal TO %I WITH INHERIT FALSE, SET TRUE', current_user);
        ELSE
            EXECUTE format('ALTER ROLE %I NOINHERIT', current_user);
        END IF;
    END IF;
END
$$";

/// What an administrator of the database is told when this program may not do it.
const ADVICE: &str = "the sealed links are not kept apart in this database: start once with a login that has CREATEROLE and owns the database, \
                      and never run as a superuser (docs/threat-model.md)";

/// Sets the sealed tables apart and seals what was not yet sealed. Done once, when a server starts; cheap when it was done.
///
/// # Errors
/// When the database cannot be used. That the tables could not be set apart is logged, and no error.
pub fn prepare(app: &App) -> Result<(), Problem> {
    app.write_blocking(&Credentials::Operator, adopt)?;
    if app.db.read_blocking(is_superuser)? {
        tracing::warn!("{ADVICE}");
    }
    if app.db.read_blocking(is_apart)? {
        return Ok(());
    }
    let set_apart = |conn: &mut Conn| match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => Ok(conn.batch_execute(SET_APART)?),
    };
    app.db.write_blocking(set_apart).unwrap_or_else(|why| tracing::warn!(%why, "not set apart"));
    if !app.db.read_blocking(is_apart)? {
        tracing::warn!("{ADVICE}");
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

/// Whether the tables belong to another role than the one that ordinary statements run as. SQLite has no roles.
fn is_apart(conn: &mut Conn) -> Result<bool, Problem> {
    let Conn::Postgres(conn) = conn else { return Ok(true) };
    let query = "SELECT pg_get_userbyid(relowner) <> current_user AS yes FROM pg_class WHERE oid = 'input_attributions'::regclass";
    Ok(diesel::sql_query(query).get_result::<Answer>(conn)?.yes)
}

/// Whether the login may read everything, whoever it belongs to.
fn is_superuser(conn: &mut Conn) -> Result<bool, Problem> {
    let Conn::Postgres(conn) = conn else { return Ok(false) };
    let query = "SELECT rolsuper AS yes FROM pg_roles WHERE rolname = current_user";
    Ok(diesel::sql_query(query).get_result::<Answer>(conn)?.yes)
}

#[derive(QueryableByName)]
struct Unsealed {
    #[diesel(sql_type = Text)]
    input: String,
    #[diesel(sql_type = Text)]
    consultation: String,
    #[diesel(sql_type = Text)]
    account: String,
    #[diesel(sql_type = Text)]
    capacity: String,
}

/// Links of before there were keys: each is sealed, and the table that held accounts goes.
fn adopt(work: &mut Work) -> Result<(), Problem> {
    // One server at a time; another finds the table gone.
    crate::db::lock(work.conn, uuid::Uuid::from_u128(0x7365_616c))?;
    let there = match work.conn {
        Conn::Sqlite(conn) => diesel::sql_query(
            "SELECT count(*) > 0 AS yes FROM sqlite_master WHERE name = 'input_attributions_unsealed'",
        )
        .get_result::<Answer>(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(
            "SELECT to_regclass('input_attributions_unsealed') IS NOT NULL AS yes",
        )
        .get_result::<Answer>(conn)?,
    };
    if !there.yes {
        return Ok(());
    }
    let query = diesel::sql_query(
        "SELECT CAST(u.input_id AS text) AS input, CAST(i.consultation_id AS text) AS consultation, \
         CAST(u.account_id AS text) AS account, u.capacity AS capacity \
         FROM input_attributions_unsealed u JOIN inputs i ON i.id = u.input_id",
    );
    let rows: Vec<Unsealed> = crate::on_backend!(work.conn, conn => query.load(conn)?);
    for row in rows {
        let read = |text: &str| text.parse().map(Id::new).map_err(Problem::internal);
        let capacity: Capacity = row.capacity.parse().map_err(Problem::internal)?;
        let who = Who::Account(Id::new(row.account.parse().map_err(Problem::internal)?));
        let consultation = Id::new(row.consultation.parse().map_err(Problem::internal)?);
        super::seal(work, consultation, read(&row.input)?, &who, capacity)?;
    }
    work.conn.batch_execute("DROP TABLE input_attributions_unsealed")?;
    Ok(())
}
