//! Mail rests here until the worker has sent it: written in the transaction of what it tells about, so that neither
//! is there without the other. Knows no mail server.

use diesel::prelude::*;

use crate::db::schema::outbox_mails;
use crate::db::types::{Id, Timestamp};
use crate::db::{self, Conn};
use crate::problem::Problem;
use crate::text_enum;

/// How long a process may take to send a mail before another may try.
const LEASE_SECONDS: i64 = 120;
/// A mail that failed this often waits for a person.
const ATTEMPTS: i32 = 12;

text_enum! {
    /// How far a mail has come.
    pub enum MailState {
        /// Waits to be sent, or to be tried again.
        Pending => "pending",
        /// The mail server has taken it. Its text is gone.
        Sent => "sent",
        /// Given up after many tries.
        Failed => "failed",
    }
}

/// A mail to be sent.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Whom to.
    pub recipient: String,
    /// The subject line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// Which of our texts this is, such as `sign_in_link`.
    pub template: &'static str,
}

/// A mail in the outbox.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = outbox_mails)]
pub struct Row {
    /// Its id, also the Message-ID.
    pub id: Id<Mail>,
    /// Whom to.
    pub recipient: String,
    /// The subject line.
    pub subject: String,
    /// Plain text; empty once sent.
    pub body: String,
    /// Which of our texts this is.
    pub template: String,
    /// How far it has come.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i32,
    /// Not to be tried before.
    pub next_attempt_at: Timestamp,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was put here.
    pub created_at: Timestamp,
    /// When the mail server took it.
    pub sent_at: Option<Timestamp>,
}

/// Puts a mail into the outbox.
pub fn put(conn: &mut Conn, id: Id<Mail>, mail: Mail, now: Timestamp) -> Result<(), Problem> {
    let row = Row {
        id,
        recipient: mail.recipient,
        subject: mail.subject,
        body: mail.body,
        template: mail.template.to_owned(),
        state: MailState::Pending,
        attempts: 0,
        next_attempt_at: now,
        last_error: None,
        created_at: now,
        sent_at: None,
    };
    diesel::insert_into(outbox_mails::table).values(&row).execute(conn)?;
    Ok(())
}

/// Takes up to `limit` mails that are due, for a while: if this process dies, another takes them again.
pub fn claim(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<Row>, Problem> {
    db::lock(conn, uuid::Uuid::from_u128(0x6f75_7462_6f78))?;
    let due: Vec<Row> = outbox_mails::table
        .filter(outbox_mails::state.eq(MailState::Pending))
        .filter(outbox_mails::next_attempt_at.le(now))
        .order((outbox_mails::next_attempt_at, outbox_mails::id))
        .limit(limit)
        .load(conn)?;
    let until = now.plus(chrono::Duration::seconds(LEASE_SECONDS));
    for row in &due {
        diesel::update(outbox_mails::table.find(row.id))
            .set((
                outbox_mails::next_attempt_at.eq(until),
                outbox_mails::attempts.eq(row.attempts + 1),
            ))
            .execute(conn)?;
    }
    Ok(due)
}

/// Notes that a mail was taken, and forgets its text, which may hold a secret.
pub fn sent(conn: &mut Conn, id: Id<Mail>, now: Timestamp) -> Result<(), Problem> {
    diesel::update(outbox_mails::table.find(id))
        .set((
            outbox_mails::state.eq(MailState::Sent),
            outbox_mails::body.eq(""),
            outbox_mails::sent_at.eq(Some(now)),
            outbox_mails::last_error.eq(None::<String>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes that a try failed: the next one is later and later, up to an hour apart.
pub fn failed(conn: &mut Conn, row: &Row, error: &str, now: Timestamp) -> Result<(), Problem> {
    let tries = row.attempts + 1;
    let state = if tries >= ATTEMPTS { MailState::Failed } else { MailState::Pending };
    let seconds = (5_i64 << tries.min(10)).min(3600);
    diesel::update(outbox_mails::table.find(row.id))
        .set((
            outbox_mails::state.eq(state),
            outbox_mails::last_error.eq(Some(error.to_owned())),
            outbox_mails::next_attempt_at.eq(now.plus(chrono::Duration::seconds(seconds))),
        ))
        .execute(conn)?;
    Ok(())
}

/// How many mails wait.
pub fn pending(conn: &mut Conn) -> Result<i64, Problem> {
    Ok(outbox_mails::table
        .filter(outbox_mails::state.eq(MailState::Pending))
        .count()
        .get_result(conn)?)
}

/// Mails after an id, oldest first.
pub fn list(conn: &mut Conn, after: Option<Id<Mail>>, limit: i64) -> Result<Vec<Row>, Problem> {
    let mut query = outbox_mails::table.into_boxed();
    if let Some(after) = after {
        query = query.filter(outbox_mails::id.gt(after));
    }
    Ok(query.order(outbox_mails::id).limit(limit).load(conn)?)
}
