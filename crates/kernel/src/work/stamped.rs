//! What earlier units of work loaded, kept for as long as a stamp in the database says that it is as it was.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::Mutex;

use uuid::Uuid;

use super::Work;
use crate::db::Conn;
use crate::db::types::Id;
use crate::mutex::unpoisoned;
use crate::problem::Problem;

/// What is kept at most; then it is begun anew.
const MOST: usize = 4096;

/// By what it is and whose: the stamp that it was loaded under, and what it was.
type Loaded = HashMap<(TypeId, Uuid), (String, Box<dyn Any + Send>)>;

/// What this process keeps.
#[derive(Default)]
pub struct Kept(Mutex<Loaded>);

impl Kept {
    fn get<T: Clone + 'static>(&self, key: (TypeId, Uuid), stamp: &str) -> Option<T> {
        let kept = unpoisoned(&self.0);
        let (of, loaded) = kept.get(&key)?;
        loaded.downcast_ref().filter(|_| of == stamp).cloned()
    }

    fn put<T: Send + 'static>(&self, key: (TypeId, Uuid), stamp: &str, loaded: T) {
        let mut kept = unpoisoned(&self.0);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, (stamp.to_owned(), Box::new(loaded)));
    }

    fn forget(&self) {
        unpoisoned(&self.0).clear();
    }
}

impl Work<'_> {
    /// What belongs to `id` and is as it was for as long as `stamp` is the same, which is another one with every change, also with one
    /// that is taken back. It was read in this unit of work, before what it stands for.
    pub fn kept<K, T>(
        &mut self,
        id: Id<K>,
        stamp: &str,
        load: impl Fn(&mut Conn) -> Result<T, Problem>,
    ) -> Result<T, Problem>
    where
        T: Clone + Debug + PartialEq + Send + 'static,
    {
        let key = (TypeId::of::<T>(), id.uuid());
        if let Some(known) = self.kept.get::<T>(key, stamp) {
            super::require_unchanged(self.conn, &known, load)?;
            return Ok(known);
        }
        let loaded = load(self.conn)?;
        self.kept.put(key, stamp, loaded.clone());
        Ok(loaded)
    }

    /// Nothing of what is kept so stays in memory: somebody who may be named in it is erased.
    pub fn forget_kept(&self) {
        self.kept.forget();
    }
}
