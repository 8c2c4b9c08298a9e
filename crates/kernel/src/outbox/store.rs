//! The table of mails. SQL and nothing else.

use std::fmt;

use diesel::prelude::*;

use super::{Act, Failure, LINK, Mail, MailId, MailState};
use crate::db::schema::outbox_mails;
use crate::db::types::{Id, Timestamp};
use crate::db::{self, Cleared, Conn, Insertion, Prepare, errors, keyset};
use crate::i18n::{self, Language};
use crate::insertions;
use crate::problem::Problem;
use crate::vocabulary::ConsultationId;

/// How long a process may take to send a mail, and to note what came of it, before another may try.
const LEASE_SECONDS: i64 = 300;
/// A mail that a mail server put off this often waits for a person: about five days (RFC 5321, 4.5.4.1). Tries that
/// reached no mail server do not count to any end: it may be down for weeks.
const ATTEMPTS: i32 = 130;
/// Rows in one statement: far below what either database can bind.
const CHUNK: usize = 500;

/// A mail in the outbox.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = outbox_mails, treat_none_as_default_value = false)]
pub struct Row {
    /// Its id, also the Message-ID.
    pub id: MailId,
    /// Whom to.
    pub recipient: String,
    /// The subject line.
    pub subject: String,
    /// Plain text, with `{link}` where the secret goes; empty once it is old.
    pub body: String,
    /// Which of our texts this is.
    pub template: String,
    /// How far it has come.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i32,
    /// Not to be tried before.
    pub next_attempt_at: Timestamp,
    /// Why the last try failed, or what was reported of it since it was sent.
    pub last_error: Option<String>,
    /// When it was put here.
    pub created_at: Timestamp,
    /// When the mail server took it.
    pub sent_at: Option<Timestamp>,
    /// The text as HTML.
    pub html: Option<String>,
    /// The language it is written in.
    pub language: Language,
    /// What goes to `{link}` when it is sent; nothing shows it.
    pub secret: Option<String>,
    /// The consultation it is about.
    pub consultation_id: Option<ConsultationId>,
    /// What it is about, such as `registration`.
    pub subject_kind: Option<String>,
    /// Which one.
    pub subject_id: Option<Id<()>>,
    /// While a process is sending it: until when it may.
    pub claimed_until: Option<Timestamp>,
    /// Counts changes.
    pub version: i64,
}

// Written by hand so that no address and no secret gets into a log.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mail({}, {}, {})", self.id, self.template, self.state)
    }
}

impl Row {
    /// A new mail as it is kept.
    pub fn new(id: MailId, mail: Mail, held: bool, now: Timestamp) -> Self {
        let html = mail.html.unwrap_or_else(|| {
            super::html(mail.language, &mail.subject, &mail.body, mail.template)
        });
        Self {
            id,
            recipient: mail.recipient,
            subject: mail.subject,
            body: mail.body,
            template: mail.template.to_owned(),
            state: if held { MailState::Held } else { MailState::Pending },
            attempts: 0,
            next_attempt_at: now,
            last_error: None,
            created_at: now,
            sent_at: None,
            html: Some(html),
            language: mail.language,
            secret: mail.secret,
            consultation_id: mail.about.map(|about| about.consultation),
            subject_kind: mail.about.map(|about| about.subject_kind.to_owned()),
            subject_id: mail.about.map(|about| Id::new(about.subject_id)),
            claimed_until: None,
            version: 1,
        }
    }

    /// The text with the secret in it, for the mail server and nobody else.
    pub fn text_to_send(&self) -> String {
        match &self.secret {
            Some(secret) => self.body.replace(LINK, secret),
            None => self.body.clone(),
        }
    }

    /// The HTML with the secret in it, for the mail server and nobody else.
    pub fn html_to_send(&self) -> Option<String> {
        let html = self.html.as_deref()?;
        match &self.secret {
            Some(secret) => Some(html.replace(LINK, &super::escaped(secret))),
            None => Some(html.to_owned()),
        }
    }
}

/// Which mails.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<MailState>,
    /// Of this template.
    pub template: Option<String>,
    /// To this address.
    pub recipient: Option<String>,
    /// About one of these consultations.
    pub consultations: Option<Vec<ConsultationId>>,
    /// About some consultation.
    pub about_a_consultation: bool,
    /// About this thing.
    pub subject: Option<Id<()>>,
}

macro_rules! filtered {
    ($query:expr, $filter:expr) => {{
        let mut query = $query;
        if let Some(state) = $filter.state {
            query = query.filter(outbox_mails::state.eq(state));
        }
        if let Some(template) = &$filter.template {
            query = query.filter(outbox_mails::template.eq(template.clone()));
        }
        if let Some(recipient) = &$filter.recipient {
            query = query.filter(outbox_mails::recipient.eq(recipient.clone()));
        }
        if let Some(consultations) = &$filter.consultations {
            query = query.filter(outbox_mails::consultation_id.eq_any(consultations.clone()));
        }
        if $filter.about_a_consultation {
            query = query.filter(outbox_mails::consultation_id.is_not_null());
        }
        if let Some(subject) = $filter.subject {
            query = query.filter(outbox_mails::subject_id.eq(subject));
        }
        query
    }};
}

/// Few mails to be put into the outbox with other rows; many are put there at once, and nothing is left of them.
pub fn insertions(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Insertion>, Problem> {
    let rows: QueryResult<Vec<Insertion>> = insertions!(conn, outbox_mails::table, rows);
    Ok(rows?)
}

/// What waits to be sent and may be tried by now.
#[diesel::dsl::auto_type]
fn due(now: Timestamp) -> _ {
    let waiting: MailState = MailState::Pending;
    outbox_mails::table
        .filter(outbox_mails::state.eq(waiting))
        .filter(outbox_mails::next_attempt_at.le(now))
}

/// Whether a mail is due.
pub fn is_due(conn: &mut Conn, now: Timestamp) -> Result<bool, Problem> {
    let first = due(now).select(outbox_mails::id).first::<MailId>(conn);
    Ok(first.optional()?.is_some())
}

/// Takes the next mail that is due, for a while: if this process dies, another takes it again. What somebody waits for at this moment
/// goes before what was sent to many. `attempts` are the tries before this one.
pub fn claim(conn: &mut Conn, now: Timestamp) -> Result<Option<Row>, Problem> {
    db::lock(conn, uuid::Uuid::from_u128(0x6f75_7462_6f78))?;
    let due = due(now).order((outbox_mails::next_attempt_at, outbox_mails::id));
    let until = now.plus(chrono::Duration::seconds(LEASE_SECONDS));
    loop {
        let waited_for = due.filter(outbox_mails::template.eq_any(i18n::asked_for()));
        let found: Option<Row> = match waited_for.first(conn).optional()? {
            Some(row) => Some(row),
            None => due.first(conn).optional()?,
        };
        let Some(row) = found else { return Ok(None) };
        // Somebody may have held or changed it since it was read: then it is not ours.
        let target = outbox_mails::table
            .find(row.id)
            .filter(outbox_mails::version.eq(row.version))
            .filter(outbox_mails::state.eq(MailState::Pending));
        let set = (
            outbox_mails::next_attempt_at.eq(until),
            outbox_mails::claimed_until.eq(Some(until)),
            outbox_mails::attempts.eq(row.attempts + 1),
        );
        if diesel::update(target).set(set).prepared().execute(conn)? == 1 {
            return Ok(Some(Row { claimed_until: Some(until), ..row }));
        }
    }
}

/// Notes that a mail was taken that this process has claimed, and forgets its secret. Of one that its recipient asked for a moment ago
/// the day is kept and not the time, which would tell when they were here; and since ids tell of times, it gets `unlinkable` for one.
pub fn sent(conn: &mut Conn, row: &Row, unlinkable: MailId, now: Timestamp) -> Result<(), Problem> {
    let asked_for = !i18n::is_held_back(&row.template);
    let kept = |at: Timestamp| if asked_for { at.to_the_day() } else { at };
    let claimed =
        outbox_mails::table.find(row.id).filter(outbox_mails::claimed_until.eq(row.claimed_until));
    diesel::update(claimed)
        .set((
            outbox_mails::id.eq(if asked_for { unlinkable } else { row.id }),
            outbox_mails::state.eq(MailState::Sent),
            outbox_mails::secret.eq(None::<String>),
            outbox_mails::created_at.eq(kept(row.created_at)),
            outbox_mails::next_attempt_at.eq(kept(now)),
            outbox_mails::sent_at.eq(Some(kept(now))),
            outbox_mails::last_error.eq(None::<String>),
            outbox_mails::claimed_until.eq(None::<Timestamp>),
            outbox_mails::version.eq(outbox_mails::version + 1),
        ))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// Notes that a try failed, unless another process has claimed the mail meanwhile or it is not to be sent any more; whether it was
/// noted. What a mail server refuses for good has failed; anything else is tried again later and later, up to an hour apart.
pub fn failed(
    conn: &mut Conn,
    row: &Row,
    failure: &Failure,
    now: Timestamp,
) -> Result<bool, Problem> {
    let tries = row.attempts + 1;
    let given_up = match failure {
        Failure::Refused(_) => true,
        Failure::PutOff(_) => tries >= ATTEMPTS,
        Failure::Unreachable(_) => false,
    };
    let state = if given_up { MailState::Failed } else { MailState::Pending };
    let seconds = (5_i64 << tries.clamp(0, 10)).min(3600);
    let claimed = outbox_mails::table
        .find(row.id)
        .filter(outbox_mails::claimed_until.eq(row.claimed_until))
        .filter(outbox_mails::state.eq(MailState::Pending));
    let rows = diesel::update(claimed)
        .set((
            outbox_mails::state.eq(state),
            outbox_mails::last_error.eq(Some(failure.text().to_owned())),
            outbox_mails::next_attempt_at.eq(now.plus(chrono::Duration::seconds(seconds))),
            outbox_mails::claimed_until.eq(None::<Timestamp>),
            outbox_mails::version.eq(outbox_mails::version + 1),
        ))
        .prepared()
        .execute(conn)?;
    Ok(rows == 1)
}

/// Notes what was reported of a mail that was sent to this address, and why: that it came back, or (still [`MailState::Sent`]) has not
/// arrived yet. The mail, or none where there is no such mail that was sent.
pub fn reported(
    conn: &mut Conn,
    id: MailId,
    recipient: &str,
    state: MailState,
    why: &str,
) -> Result<Option<Row>, Problem> {
    let of_it = outbox_mails::table
        .find(id)
        .filter(outbox_mails::recipient.eq(recipient))
        .filter(outbox_mails::state.eq(MailState::Sent));
    let set = (
        outbox_mails::state.eq(state),
        outbox_mails::last_error.eq(Some(why)),
        outbox_mails::version.eq(outbox_mails::version + 1),
    );
    match diesel::update(of_it).set(set).prepared().execute(conn)? {
        0 => Ok(None),
        _ => load(conn, id).map(Some),
    }
}

/// How many mails wait to be sent.
pub fn pending(conn: &mut Conn) -> Result<i64, Problem> {
    Ok(outbox_mails::table
        .filter(outbox_mails::state.eq(MailState::Pending))
        .count()
        .get_result(conn)?)
}

/// Whether a mail has been waiting to be sent since before a moment.
pub fn is_late(conn: &mut Conn, before: Timestamp) -> Result<bool, Problem> {
    let waiting = outbox_mails::table
        .filter(outbox_mails::state.eq(MailState::Pending))
        .filter(outbox_mails::created_at.lt(before))
        .select(outbox_mails::id);
    Ok(waiting.first::<MailId>(conn).optional()?.is_some())
}

/// Mails after an id, oldest first.
pub fn list(conn: &mut Conn, after: Option<MailId>, limit: i64) -> Result<Vec<Row>, Problem> {
    list_some(conn, &Filter::default(), after, limit)
}

/// The mails of a filter after an id, oldest first.
pub fn list_some(
    conn: &mut Conn,
    filter: &Filter,
    after: Option<MailId>,
    limit: i64,
) -> Result<Vec<Row>, Problem> {
    let query = filtered!(outbox_mails::table.into_boxed(), filter);
    Ok(keyset::after(query, (outbox_mails::id,), after, limit).load(conn)?)
}

/// One mail, or 404.
pub fn load(conn: &mut Conn, id: MailId) -> Result<Row, Problem> {
    let row: Option<Row> = outbox_mails::table.find(id).first(conn).optional()?;
    row.ok_or_else(|| Problem::not_found("mail"))
}

/// Writes a person's change of a mail, if it still has the version; it then has the next.
/// Not while it is being sent.
pub fn update(conn: &mut Conn, row: &Row, now: Timestamp) -> Result<(), Problem> {
    let target = outbox_mails::table
        .find(row.id)
        .filter(outbox_mails::version.eq(row.version))
        .filter(outbox_mails::claimed_until.is_null().or(outbox_mails::claimed_until.le(now)));
    let rows = diesel::update(target)
        .set((
            outbox_mails::subject.eq(&row.subject),
            outbox_mails::body.eq(&row.body),
            outbox_mails::html.eq(&row.html),
            outbox_mails::state.eq(row.state),
            outbox_mails::attempts.eq(row.attempts),
            outbox_mails::next_attempt_at.eq(row.next_attempt_at),
            outbox_mails::secret.eq(&row.secret),
            outbox_mails::version.eq(row.version + 1),
        ))
        .prepared()
        .execute(conn)?;
    errors::written(rows, row.version)
}

/// Lets the mails of a filter go, and says how many.
pub fn release(conn: &mut Conn, filter: &Filter, now: Timestamp) -> Result<usize, Problem> {
    let from = Act::Release.from_states();
    let chosen = filtered!(outbox_mails::table.select(outbox_mails::id).into_boxed(), filter)
        .filter(outbox_mails::state.eq_any(from));
    let ids: Vec<MailId> = chosen.load(conn)?;
    let mut released = 0;
    for part in ids.chunks(CHUNK) {
        let target = outbox_mails::table
            .filter(outbox_mails::id.eq_any(part))
            .filter(outbox_mails::state.eq_any(from));
        released += diesel::update(target)
            .set((
                outbox_mails::state.eq(MailState::Pending),
                outbox_mails::attempts.eq(0),
                outbox_mails::next_attempt_at.eq(now),
                outbox_mails::version.eq(outbox_mails::version + 1),
            ))
            .execute(conn)?;
    }
    Ok(released)
}

/// Cancels what is not sent of the mails about a thing that is no more, and says how many.
pub fn cancel_about(conn: &mut Conn, subject: Id<()>) -> Result<usize, Problem> {
    let target = outbox_mails::table
        .filter(outbox_mails::subject_id.eq(subject))
        .filter(outbox_mails::state.eq_any(Act::Cancel.from_states()));
    let set = (
        outbox_mails::state.eq(MailState::Cancelled),
        outbox_mails::secret.eq(None::<String>),
        outbox_mails::version.eq(outbox_mails::version + 1),
    );
    Ok(diesel::update(target).set(set).prepared().execute(conn)?)
}

/// Forgets what mails said that were sent or cancelled before a moment, of a part of them.
pub fn forget_texts(conn: &mut Conn, before: Timestamp) -> Result<Cleared, Problem> {
    let over = [MailState::Sent, MailState::Returned, MailState::Cancelled];
    let told = outbox_mails::table
        .filter(outbox_mails::state.eq_any(over))
        .filter(outbox_mails::created_at.lt(before))
        .filter(outbox_mails::body.ne(""))
        .select(outbox_mails::id)
        .limit(Cleared::MOST);
    let told: Vec<MailId> = told.load(conn)?;
    let set = (outbox_mails::body.eq(""), outbox_mails::html.eq(None::<String>));
    let told = outbox_mails::table.filter(outbox_mails::id.eq_any(told));
    Ok(Cleared::part(diesel::update(told).set(set).execute(conn)?))
}
