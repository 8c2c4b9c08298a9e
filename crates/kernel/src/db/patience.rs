//! How long PostgreSQL lets a connection of ours work, wait and be silent, how long we wait for it, and in which language it says that it
//! did not. (Of SQLite it is the busy timeout, and a statement cannot be stopped.) Knows no table.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::Database;

/// Seconds of silence after which the other end is asked whether it is there, between two questions, and how many go unanswered.
const KEEPALIVES: (u32, u32, u32) = (10, 5, 3);
/// Milliseconds after which what was sent must have arrived.
const ARRIVAL: u32 = 20_000;

/// The URL with what libpq is to wait for no longer. What it says itself already stays.
pub(super) fn url(given: &str, settings: &Database) -> String {
    let (idle, interval, count) = KEEPALIVES;
    let own = [
        ("connect_timeout", settings.connect_seconds.max(2).to_string()),
        ("keepalives_idle", idle.to_string()),
        ("keepalives_interval", interval.to_string()),
        ("keepalives_count", count.to_string()),
        ("tcp_user_timeout", ARRIVAL.to_string()),
    ];
    let query = given.split_once('?').map_or("", |(_, query)| query);
    let says = |name: &str| query.split('&').any(|one| one.split('=').next() == Some(name));
    let missing = own.iter().filter(|(name, _)| !says(name));
    let missing: Vec<String> = missing.map(|(name, value)| format!("{name}={value}")).collect();
    let joint = if query.is_empty() { "?" } else { "&" };
    format!("{}{joint}{}", given.trim_end_matches('?'), missing.join("&"))
}

/// Tells the server what it is to wait for no longer, to notice when we are gone, and to say what goes wrong in words that `errors`
/// knows, where the login may have it so (a superuser may, and who was granted SET of that parameter).
pub(super) fn set(conn: &mut PgConnection, settings: &Database) -> QueryResult<()> {
    let Database { statement_seconds, lock_seconds, idle_seconds, .. } = settings;
    let (idle, interval, count) = KEEPALIVES;
    conn.batch_execute(&format!(
        "SET statement_timeout = '{statement_seconds}s'; SET lock_timeout = '{lock_seconds}s'; \
         SET idle_in_transaction_session_timeout = '{idle_seconds}s'; \
         SET tcp_keepalives_idle = {idle}; SET tcp_keepalives_interval = {interval}; \
         SET tcp_keepalives_count = {count}; SET tcp_user_timeout = {ARRIVAL}; \
         SELECT set_config('lc_messages', 'C', false) WHERE has_parameter_privilege('lc_messages', 'SET')"
    ))
}

/// Lets statements and locks take as long as they take.
pub(super) fn without_end(conn: &mut PgConnection) -> QueryResult<()> {
    conn.batch_execute(
        "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_operator_says_stays() {
        let settings = Database::sample();
        let plain = url("postgres://u@h/d", &settings);
        assert!(plain.starts_with("postgres://u@h/d?connect_timeout="), "{plain}");
        let own = url("postgres://u@h/d?tcp_user_timeout=1&sslmode=require", &settings);
        assert!(own.contains("sslmode=require&connect_timeout="), "{own}");
        assert_eq!(own.matches("tcp_user_timeout").count(), 1, "{own}");
        assert!(url("postgres://u@h/d?", &settings).contains("d?connect_timeout"));
    }
}
