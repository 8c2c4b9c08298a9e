//! What one registration writes, written with nothing around it: as many rows in as many tables, in one transaction each.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use diesel::prelude::*;
use rapporteur::db::Conn;
use rapporteur::db::schema::{
    audit_log, consent_records, idempotency_keys, outbox_mails, registration_events, registrations,
    sign_in_links,
};
use rapporteur::db::types::{Id, Json, Timestamp};
use rapporteur::problem::Problem;
use rapporteur::{audit, on_backend, outbox};
use serde_json::Value;

use super::harness::World;

/// Each of these is one table's row, as it is kept.
macro_rules! rows {
    ($($name:ident of $table:ident { $($field:ident: $kind:ty),* $(,)? })*) => {$(
        #[derive(Clone, Queryable, Insertable)]
        #[diesel(table_name = $table)]
        struct $name {
            $($field: $kind),*
        }
    )*};
}

rows! {
    Registration of registrations {
        id: Id<()>,
        consultation_id: Id<()>,
        account_id: Id<()>,
        organization_id: Option<Id<()>>,
        sector: String,
        country: String,
        gender: Option<String>,
        languages: Json<Value>,
        preferences: Json<Value>,
        consents: Json<Value>,
        state: String,
        reason_code: Option<String>,
        note: Option<String>,
        waiting_number: Option<i64>,
        decided_by: Option<Id<()>>,
        decided_at: Option<Timestamp>,
        version: i64,
        created_at: Timestamp,
        updated_at: Timestamp,
        position: Option<String>,
        rounds: Option<Json<Value>>,
        needs: Json<Value>,
        age_band: Option<String>,
        guardian: Option<Json<Value>>,
        answers: Json<Value>,
        source: String,
        invitation_id: Option<Id<()>>,
        accept_by: Option<Timestamp>,
        person: Option<Json<Value>>,
        person_name_key: Option<String>,
        person_mailbox_key: Option<String>,
    }
    Consent of consent_records {
        id: Id<()>,
        registration_id: Id<()>,
        kind: String,
        wording: String,
        given: bool,
        recorded_at: Timestamp,
    }
    Event of registration_events {
        id: Id<()>,
        registration_id: Id<()>,
        kind: String,
        state: String,
        done_by: String,
        account_id: Option<Id<()>>,
        reason_code: Option<String>,
        note: Option<String>,
        waiting_number: Option<i64>,
        accept_by: Option<Timestamp>,
        lacking: Option<String>,
        at: Timestamp,
    }
    Link of sign_in_links {
        id: Id<()>,
        email: String,
        token_hash: String,
        created_at: Timestamp,
        expires_at: Timestamp,
        leads_to: Option<String>,
        lasts: bool,
    }
    Key of idempotency_keys {
        key_hash: String,
        fingerprint: String,
        status: i32,
        headers: Json<Value>,
        body: String,
        created_at: Timestamp,
    }
}

/// What stands in the database of one registration.
#[derive(Clone)]
struct Written {
    registration: Registration,
    consents: Vec<Consent>,
    events: Vec<Event>,
    link: Link,
    mail: outbox::Row,
    log: Vec<audit::Row>,
    key: Key,
}

impl Written {
    /// The rows of some registration that went through the program.
    fn some(conn: &mut Conn) -> Result<Self, Problem> {
        let registration: Registration = registrations::table.first(conn)?;
        let own = registration.id;
        Ok(Self {
            consents: consent_records::table
                .filter(consent_records::registration_id.eq(own))
                .load(conn)?,
            events: registration_events::table
                .filter(registration_events::registration_id.eq(own))
                .load(conn)?,
            link: sign_in_links::table.first(conn)?,
            mail: outbox_mails::table.filter(outbox_mails::subject_id.eq(Some(own))).first(conn)?,
            log: audit_log::table.filter(audit_log::subject_id.eq(Some(own))).load(conn)?,
            key: idempotency_keys::table
                .filter(idempotency_keys::body.like(format!("%{own}%")))
                .first(conn)?,
            registration,
        })
    }

    /// The same of somebody else; its rows of the log have the numbers from this one on.
    fn another(mut self, world: &World, sequence: i64) -> Self {
        let ids = &world.app.ids;
        let id = ids.next();
        self.registration.id = id;
        // So that nobody has two active ones.
        "withdrawn".clone_into(&mut self.registration.state);
        for consent in &mut self.consents {
            (consent.id, consent.registration_id) = (ids.next(), id);
        }
        for event in &mut self.events {
            (event.id, event.registration_id) = (ids.next(), id);
        }
        (self.link.id, self.link.token_hash) = (ids.unlinkable(), ids.secret());
        (self.mail.id, self.mail.subject_id) = (ids.next(), Some(id));
        for (row, sequence) in self.log.iter_mut().zip(sequence..) {
            (row.sequence, row.subject_id) = (sequence, Some(id));
        }
        self.key.key_hash = ids.secret();
        self
    }

    fn insert(&self, conn: &mut Conn) -> Result<(), Problem> {
        on_backend!(conn, conn => {
            diesel::insert_into(registrations::table).values(&self.registration).execute(conn)?;
            diesel::insert_into(consent_records::table).values(&self.consents).execute(conn)?;
            diesel::insert_into(registration_events::table).values(&self.events).execute(conn)?;
            diesel::insert_into(sign_in_links::table).values(&self.link).execute(conn)?;
            diesel::insert_into(outbox_mails::table).values(&self.mail).execute(conn)?;
            diesel::insert_into(audit_log::table).values(&self.log).execute(conn)?;
            diesel::insert_into(idempotency_keys::table).values(&self.key).execute(conn)?;
        });
        Ok(())
    }

    fn rows(&self) -> usize {
        4 + self.consents.len() + self.events.len() + self.log.len()
    }
}

/// How many registrations a second so many threads can write, and of how many rows one is.
pub fn registrations(world: &World, count: usize, threads: usize) -> (f64, usize) {
    let written = world.app.db.read_blocking(Written::some).unwrap();
    let end = world.app.db.read_blocking(audit::end).unwrap();
    let next = AtomicI64::new(end.sequence + 1);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..count / threads {
                    let sequence = next.fetch_add(written.log.len() as i64, Ordering::Relaxed);
                    let another = written.clone().another(world, sequence);
                    world.app.db.write_blocking(|conn| another.insert(conn)).unwrap();
                }
            });
        }
    });
    ((count / threads * threads) as f64 / begun.elapsed().as_secs_f64(), written.rows())
}
