//! What correspondence holds about a person: mails to them, and mails to others about what is theirs.

use diesel::prelude::*;
use serde_json::{Value, json};

use crate::accounts::{self, AccountId};
use crate::db::keyset;
use crate::db::schema::outbox_mails;
use crate::db::types::{Id, Timestamp};
use crate::outbox::{MailId, MailState};
use crate::problem::Problem;
use crate::registry::{Expiring, Found, Stretch};
use crate::work::Work;

/// Every mail to the person. A personal link is not among what is told.
pub fn data_of(work: &mut Work, account: AccountId) -> Result<Value, Problem> {
    let email = accounts::privacy::address_of(work, account)?;
    type Row = (MailId, String, String, String, MailState, String, Timestamp, Option<Timestamp>);
    let rows: Vec<Row> = outbox_mails::table
        .filter(outbox_mails::recipient.eq(email.as_str()))
        .order(outbox_mails::id)
        .select((
            outbox_mails::id,
            outbox_mails::template,
            outbox_mails::subject,
            outbox_mails::body,
            outbox_mails::state,
            outbox_mails::language,
            outbox_mails::created_at,
            outbox_mails::sent_at,
        ))
        .load(work.conn)?;
    let row = |(id, template, subject, body, state, language, created_at, sent_at): Row| {
        json!({
            "id": id, "recipient": email, "template": template, "subject": subject, "body": body,
            "state": state, "language": language, "created_at": created_at, "sent_at": sent_at,
        })
    };
    Ok(json!({ "mails": rows.into_iter().map(row).collect::<Vec<Value>>() }))
}

/// Deletes every mail to the person; what waited is not sent.
pub fn erase(work: &mut Work, account: AccountId) -> Result<(), Problem> {
    let email = accounts::privacy::address_of(work, account)?;
    diesel::delete(outbox_mails::table.filter(outbox_mails::recipient.eq(email.as_str())))
        .execute(work.conn)?;
    Ok(())
}

/// Deletes every mail about a thing, whoever it went to: it may name whose the thing was.
pub fn forget_about<K>(work: &mut Work, subject: Id<K>) -> Result<(), Problem> {
    let subject: Id<()> = Id::new(subject.uuid());
    diesel::delete(outbox_mails::table.filter(outbox_mails::subject_id.eq(Some(subject))))
        .execute(work.conn)?;
    Ok(())
}

/// Counts the mails of these consultations that have been sent or given up; with `forget`, they are gone then.
pub fn purge(work: &mut Work, expiring: &Expiring, stretch: Stretch) -> Result<Found, Problem> {
    let held = expiring.held.iter().copied().map(Some);
    let theirs = outbox_mails::table
        .filter(outbox_mails::consultation_id.eq_any(held))
        .filter(outbox_mails::state.ne_all([MailState::Pending, MailState::Held]))
        .select(outbox_mails::id)
        .into_boxed();
    let after = stretch.after.map(MailId::new);
    let ids: Vec<MailId> =
        keyset::after(theirs, (outbox_mails::id,), after, stretch.most).load(work.conn)?;
    if stretch.forget {
        diesel::delete(outbox_mails::table.filter(outbox_mails::id.eq_any(&ids)))
            .execute(work.conn)?;
    }
    Ok(stretch.found(ids.len(), ids.len(), ids.last().map(|last| last.uuid())))
}
