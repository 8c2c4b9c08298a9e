//! What a caller may do with the outbox. Administrators manage every mail, a secretariat those about consultations of
//! its reviews: never sign-in links. Nobody is shown a secret.

use serde_json::json;

use super::{MailStopped, Stopped};
use crate::access::{self, Permission, Scope, ScopeKind};
use crate::consultations::{self, ConsultationId};
use crate::db::types::Id;
use crate::http::page::{Listing, Paging};
use crate::mailer::bounces::Bounce;
use crate::outbox::{self, Act, Failure, Filter, Mail, MailId, MailState, Row, kept, store};
use crate::problem::{Checks, Code, Problem, require_version};
use crate::reviews::ReviewId;
use crate::work::Work;

/// Longest subject line, in characters.
const LONGEST_SUBJECT: usize = 300;
/// Longest text of a mail, in characters.
const LONGEST_TEXT: usize = 20_000;

/// A person's change of a mail's words.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// A new subject.
    pub subject: Option<String>,
    /// A new text, with the personal link as it is shown.
    pub text: Option<String>,
}

/// A page of the mails that the caller may see, oldest first.
pub fn list(work: &mut Work, filter: Filter, paging: &Paging) -> Result<Listing<Row>, Problem> {
    let filter = seen(work, filter)?;
    let rows = store::list_some(work.conn, &filter, paging.after_one()?, paging.load())?;
    Ok(paging.finish(rows, |row| vec![row.id.to_string()]))
}

/// The filter narrowed to what the caller may see; 403 when that is nothing by any right.
fn seen(work: &mut Work, mut filter: Filter) -> Result<Filter, Problem> {
    if let Some(asked) = &filter.consultations {
        for id in asked.clone() {
            let consultation = consultations::service::see(work, id)?;
            work.require(Permission::ManageMail, &consultation.scope())?;
        }
        return Ok(filter);
    }
    if sees_all(work) {
        return Ok(filter);
    }
    work.caller.require_somewhere(Permission::ManageMail)?;
    // Whoever manages mail of the whole instance without running it: sign-in links are not theirs.
    filter.about_a_consultation = true;
    if !work.may(Permission::ManageMail, &Scope::INSTANCE) {
        filter.consultations = Some(own_consultations(work)?);
    }
    Ok(filter)
}

fn sees_all(work: &Work) -> bool {
    work.may(Permission::ReadAudit, &Scope::INSTANCE)
}

/// The consultations of the reviews in which the caller manages mail.
fn own_consultations(work: &mut Work) -> Result<Vec<ConsultationId>, Problem> {
    let roles = access::roles(Permission::ManageMail);
    let held = work.caller.roles().iter().filter(|held| roles.contains(&held.role));
    let reviews: Vec<ReviewId> = held
        .filter(|held| held.scope_kind == ScopeKind::Review)
        .map(|held| Id::new(held.scope_id))
        .collect();
    let mut found = Vec::new();
    for review in reviews {
        let own = consultations::service::of_review(work, review)?;
        found.extend(own.into_iter().map(|consultation| consultation.id));
    }
    Ok(found)
}

/// One mail that the caller may manage; 404 for others.
pub fn see(work: &mut Work, id: MailId) -> Result<Row, Problem> {
    work.caller.require_somewhere(Permission::ManageMail)?;
    let row = store::load(work.conn, id)?;
    if may_manage(work, &row)? { Ok(row) } else { Err(Problem::not_found("mail")) }
}

fn may_manage(work: &mut Work, row: &Row) -> Result<bool, Problem> {
    if sees_all(work) {
        return Ok(true);
    }
    let Some(id) = row.consultation_id else { return Ok(false) };
    let consultation = consultations::service::load(work, id)?;
    Ok(work.may(Permission::ManageMail, &consultation.scope()))
}

/// Changes a mail's words; its HTML is made anew from the text.
pub fn edit(work: &mut Work, id: MailId, version: i64, change: Change) -> Result<Row, Problem> {
    let mut row = for_act(work, id, version, Act::Edit)?;
    let mut checks = Checks::new();
    if let Some(subject) = change.subject {
        checks.text(&subject, LONGEST_SUBJECT, "/subject");
        checks.require(!subject.contains(['\n', '\t']), "/subject", "must be one line");
        row.subject = subject.trim().to_owned();
    }
    if let Some(text) = change.text {
        let text = text.replace("\r\n", "\n");
        checks.text(&text, LONGEST_TEXT, "/text");
        checks.finish()?;
        row.body = kept(&text, row.secret.is_some())?;
    }
    checks.finish()?;
    row.html = Some(outbox::html(row.language, &row.subject, &row.body, &row.template));
    write(work, row, "mail.edited")
}

/// Keeps a mail back.
pub fn hold(work: &mut Work, id: MailId, version: i64) -> Result<Row, Problem> {
    let mut row = for_act(work, id, version, Act::Hold)?;
    row.state = row.state.after(Act::Hold)?;
    write(work, row, "mail.held")
}

/// Lets a mail go, at once.
pub fn release(work: &mut Work, id: MailId, version: i64) -> Result<Row, Problem> {
    let mut row = for_act(work, id, version, Act::Release)?;
    row.state = row.state.after(Act::Release)?;
    row.attempts = 0;
    row.next_attempt_at = work.now;
    write(work, row, "mail.released")
}

/// Sees to it that a mail is never sent. Its secret is forgotten.
pub fn cancel(work: &mut Work, id: MailId, version: i64) -> Result<Row, Problem> {
    let mut row = for_act(work, id, version, Act::Cancel)?;
    row.state = row.state.after(Act::Cancel)?;
    row.secret = None;
    let row = write(work, row, "mail.cancelled")?;
    stopped(work, &row, Stopped::Cancelled)?;
    Ok(row)
}

fn for_act(work: &mut Work, id: MailId, version: i64, act: Act) -> Result<Row, Problem> {
    let row = see(work, id)?;
    require_version(row.version, version)?;
    row.state.after(act)?;
    if row.claimed_until.is_some_and(|until| until > work.now) {
        let detail = "The mail is being sent at this moment. Look again in a minute.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    Ok(row)
}

fn write(work: &mut Work, mut row: Row, action: &'static str) -> Result<Row, Problem> {
    store::update(work.conn, &row, work.now)?;
    row.version += 1;
    work.audit(action, "mail", row.id);
    Ok(row)
}

/// Lets all held (or failed) mails of a filter go that the caller may manage, and says how many.
pub fn release_all(work: &mut Work, filter: Filter) -> Result<usize, Problem> {
    if let Some(state) = filter.state {
        state.after(Act::Release)?;
    }
    let (state, template) = (filter.state, filter.template.clone());
    let asked = filter.consultations.clone();
    let filter = Filter { state: Some(state.unwrap_or(MailState::Held)), ..seen(work, filter)? };
    let released = store::release(work.conn, &filter, work.now)?;
    let details = json!({ "mails": released, "template": template, "state": filter.state });
    match asked.as_deref() {
        Some([one]) => work.audit_with("mails.released", "consultation", *one, details),
        _ => {
            work.audit_with(
                "mails.released",
                "outbox",
                Id::<Mail>::new(uuid::Uuid::nil()),
                details,
            );
        }
    }
    Ok(released)
}

/// What the caller may do with a mail that they may see.
pub fn allowed_actions(row: &Row) -> Vec<&'static str> {
    row.state.acts()
}

/// Notes for the worker that a try failed. What the mail server refused for good may tell that an address does not work.
pub fn failed(work: &mut Work, row: &Row, failure: &Failure) -> Result<(), Problem> {
    let noted = store::failed(work.conn, row, failure, work.now)?;
    match failure {
        Failure::Refused(_) if noted => stopped(work, row, Stopped::Refused),
        Failure::Refused(_) | Failure::PutOff(_) | Failure::Unreachable(_) => Ok(()),
    }
}

/// Notes for the worker what was reported of a mail. One that came back is told as much as if the mail server had refused it at once.
/// Whether there is such a mail: a report may come twice, and of a mail that is forgotten; then nothing is changed.
pub fn reported(work: &mut Work, report: &Bounce) -> Result<bool, Problem> {
    let Bounce { mail, recipient, delayed, why } = report;
    let state = if *delayed { MailState::Sent } else { MailState::Returned };
    let Some(row) = store::reported(work.conn, *mail, recipient, state, why)? else {
        return Ok(false);
    };
    if !delayed {
        stopped(work, &row, Stopped::Refused)?;
    }
    Ok(true)
}

/// Tells whoever wrote the mail about something that it will not arrive.
fn stopped(work: &mut Work, row: &Row, why: Stopped) -> Result<(), Problem> {
    let (Some(kind), Some(id)) = (&row.subject_kind, row.subject_id) else { return Ok(()) };
    let (subject_kind, subject_id) = (kind.clone(), Id::new(id.uuid()));
    let event = MailStopped { subject_kind, subject_id, template: row.template.clone(), why };
    work.tell(&event).map(|_| ())
}
