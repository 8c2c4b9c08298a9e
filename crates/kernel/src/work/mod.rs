//! One unit of work: a connection in a transaction, who is asking, the time, and what is to be audited and mailed.
//! Every service takes one. Knows no feature's rules and no HTTP.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::Arc;

use uuid::Uuid;

use self::app::{App, Shared};
use self::registry::{Event, Moved, Registry};
use self::stamped::Kept;
use crate::access::{self, Caller, Permission, Scope};
use crate::audit;
use crate::db::types::{Id, Timestamp};
use crate::db::{self, Conn, Insertion};
use crate::ids::Ids;
use crate::problem::Problem;
use crate::settings::Settings;
use crate::tokens::{Holder, KeyedHash, Tokens};
use crate::vocabulary::AccountId;

pub mod acts;
pub mod app;
pub mod events;
mod mailing;
pub mod progress;
pub mod registry;
mod stamped;
pub mod tasks;

/// Who an access token says is asking; what they may do is read in the same transaction as what they do.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// No token.
    Anonymous,
    /// This account, as it was found by something else than an access token.
    Account(AccountId),
    /// This account, for what follows from what it decided before, whatever has become of it since. It may do nothing else.
    Decided(AccountId),
    /// A valid access token.
    Token(Holder),
    /// Somebody at the command line, or a job.
    Operator,
}

impl Credentials {
    /// The account that is said to ask.
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account(account)
            | Self::Decided(account)
            | Self::Token(Holder { account, .. }) => Some(*account),
            Self::Anonymous | Self::Operator => None,
        }
    }
}

/// What a service works with.
pub struct Work<'c> {
    /// The connection, in its transaction.
    pub conn: &'c mut Conn,
    /// Who is asking.
    pub caller: Caller,
    /// The one moment of this unit of work.
    pub now: Timestamp,
    /// Ids and secrets.
    pub ids: &'c Ids,
    /// What the instance is set to.
    pub settings: &'c Settings,
    /// What the program is made of.
    pub registry: Registry,
    shared: &'c Shared,
    kept: &'c Kept,
    tokens: &'c Tokens,
    audit: Vec<audit::Entry>,
    last: Vec<Insertion>,
    loaded: HashMap<(TypeId, Uuid), Box<dyn Any>>,
}

impl<'c> Work<'c> {
    /// What a feature shares among requests; 500 when none does, which is a fault of ours.
    pub fn shared<T: Any + Send + Sync>(&self) -> Result<&'c T, Problem> {
        self.shared.get()
    }

    /// Tells an event to every feature that reacts to it, in this transaction; how much of what was moved.
    pub fn tell<E: Event>(&mut self, event: &E) -> Result<Moved, Problem> {
        let registry = self.registry;
        registry.tell(self, event)
    }

    /// What belongs to `id`, loaded once in this unit of work, however many ask. Whoever writes it forgets it
    /// ([`Work::forget_loaded`]), which every test on SQLite holds the program to.
    pub fn once<K, T>(
        &mut self,
        id: Id<K>,
        load: impl Fn(&mut Conn) -> Result<T, Problem>,
    ) -> Result<T, Problem>
    where
        T: Clone + Debug + PartialEq + 'static,
    {
        let key = (TypeId::of::<T>(), id.uuid());
        let known = self.loaded.get(&key).and_then(|known| known.downcast_ref::<T>());
        if let Some(known) = known {
            require_unchanged(self.conn, known, load)?;
            return Ok(known.clone());
        }
        let loaded = load(self.conn)?;
        self.loaded.insert(key, Box::new(loaded.clone()));
        Ok(loaded)
    }

    /// What belongs to `id` was written just now, as it would be loaded ([`Work::once`]).
    pub fn loaded<K, T: 'static>(&mut self, id: Id<K>, written: T) {
        self.loaded.insert((TypeId::of::<T>(), id.uuid()), Box::new(written));
    }

    /// Something was written that is loaded once ([`Work::once`]).
    pub fn forget_loaded(&mut self) {
        self.loaded.clear();
    }

    /// Holds everybody else who would lock `id` until the transaction ends. What was loaded before may have been changed by whoever had
    /// the lock, and is loaded anew.
    pub fn lock(&mut self, id: Uuid) -> Result<(), Problem> {
        self.forget_loaded();
        db::lock(self.conn, id)
    }

    /// As [`Work::lock`], with what belongs to `id`, as `load` reads it once it has taken the lock itself.
    pub fn under_lock<K, T: Clone + 'static>(
        &mut self,
        id: Id<K>,
        load: impl Fn(&mut Conn) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.forget_loaded();
        let loaded = load(self.conn)?;
        self.loaded.insert((TypeId::of::<T>(), id.uuid()), Box::new(loaded.clone()));
        Ok(loaded)
    }

    /// A new id that sorts by creation.
    pub fn id<K>(&self) -> Id<K> {
        self.ids.next()
    }

    /// A hash of `text` that only this instance can make.
    pub fn keyed_hash(&self, text: &str) -> String {
        self.tokens.keyed_hash(text)
    }

    /// What begins a hash of several parts that only this instance can make.
    pub fn begin_hash(&self) -> KeyedHash {
        self.tokens.begin_hash()
    }

    /// Writes a row at the end of this unit of work, in which nobody reads it, together with the audit log.
    pub fn write_last(&mut self, row: Insertion) {
        self.last.push(row);
    }

    /// The permission in the scope, or 401, or 403.
    pub fn require(&self, permission: Permission, scope: &Scope) -> Result<(), Problem> {
        self.caller.require(permission, scope)
    }

    /// Whether the caller has the permission in the scope.
    pub fn may(&self, permission: Permission, scope: &Scope) -> bool {
        self.caller.may(permission, scope)
    }

    /// Whether anything was done in this unit of work that the audit log is to tell of.
    pub const fn has_acted(&self) -> bool {
        !self.audit.is_empty()
    }

    /// Notes for the audit log that the caller did `action` to a subject. Ids only; written when the work succeeds.
    pub fn audit<K>(&mut self, action: &'static str, subject_kind: &'static str, subject: Id<K>) {
        self.audit_with(action, subject_kind, subject, serde_json::json!({}));
    }

    /// As [`Work::audit`], with details that hold no personal data.
    pub fn audit_with<K>(
        &mut self,
        action: &'static str,
        subject_kind: &'static str,
        subject: Id<K>,
        details: serde_json::Value,
    ) {
        let (actor, subject) = (self.caller.id().map(Id::uuid), Some(subject.uuid()));
        self.audit.push(audit::Entry { actor, action, subject_kind, subject, details });
    }

    /// As [`Work::audit`], without saying who: for what must not be linked to a person.
    pub fn audit_unattributed<K>(
        &mut self,
        action: &'static str,
        subject_kind: &'static str,
        subject: Id<K>,
    ) {
        let (subject, details) = (Some(subject.uuid()), serde_json::json!({}));
        self.audit.push(audit::Entry { actor: None, action, subject_kind, subject, details });
    }
}

/// Every test on SQLite holds the program to this: what it knows of the database is what stands there.
fn require_unchanged<T: Debug + PartialEq>(
    conn: &mut Conn,
    known: &T,
    load: impl Fn(&mut Conn) -> Result<T, Problem>,
) -> Result<(), Problem> {
    if cfg!(debug_assertions) && matches!(conn, Conn::Sqlite(_)) {
        assert_eq!(*known, load(conn)?, "it was written, and is still taken for what it was");
    }
    Ok(())
}

impl App {
    /// Reads as `credentials`, in one snapshot.
    pub async fn read<T, F>(&self, credentials: Credentials, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Work) -> Result<T, Problem> + Send + 'static,
    {
        let app = self.clone();
        self.db.read(move |conn| work(&mut app.work(conn, &credentials)?)).await
    }

    /// Writes as `credentials`, in one transaction with the audit log and the outbox.
    pub async fn write<T, F>(&self, credentials: Credentials, mut work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Work) -> Result<T, Problem> + Send + 'static,
    {
        let app = self.clone();
        self.db.write(move |conn| app.unit(conn, &credentials, &mut work)).await
    }

    /// [`App::read`] for the command line and jobs.
    pub fn read_blocking<T>(
        &self,
        credentials: &Credentials,
        work: impl FnOnce(&mut Work) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.db.read_blocking(|conn| work(&mut self.work(conn, credentials)?))
    }

    /// [`App::write`] for the command line and jobs.
    pub fn write_blocking<T>(
        &self,
        credentials: &Credentials,
        mut work: impl FnMut(&mut Work) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.db.write_blocking(|conn| self.unit(conn, credentials, &mut work))
    }

    fn unit<T>(
        &self,
        conn: &mut Conn,
        credentials: &Credentials,
        work: &mut impl FnMut(&mut Work) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut unit = self.work(conn, credentials)?;
        let result = work(&mut unit)?;
        // Last, because the chain's lock is held from here to the commit.
        let (entries, last) = (std::mem::take(&mut unit.audit), std::mem::take(&mut unit.last));
        audit::append(unit.conn, &self.chain, entries, unit.now, last)?;
        Ok(result)
    }

    fn work<'c>(
        &'c self,
        conn: &'c mut Conn,
        credentials: &Credentials,
    ) -> Result<Work<'c>, Problem> {
        let caller = match credentials {
            Credentials::Anonymous => Caller::anonymous(),
            Credentials::Operator => Caller::operator(),
            Credentials::Account(id) => access::caller::of(conn, *id)?,
            Credentials::Decided(id) => Caller::account(*id, Vec::new()),
            Credentials::Token(holder) => access::caller::by_token(conn, *holder)?,
        };
        let settings = Arc::as_ref(&self.settings);
        let now = self.clock.now();
        let (ids, tokens) = (&self.ids, Arc::as_ref(&self.tokens));
        let (registry, shared) = (self.registry, Arc::as_ref(&self.shared));
        Ok(Work {
            conn,
            caller,
            now,
            ids,
            settings,
            registry,
            shared,
            kept: Arc::as_ref(&self.kept),
            tokens,
            audit: Vec::new(),
            last: Vec::new(),
            loaded: HashMap::new(),
        })
    }
}
