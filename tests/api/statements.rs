//! What the server of a test asks of its database: every statement, as Diesel tells it of the connections that were opened since.

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, Mutex};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use super::harness::{Database, World};

/// By whose database is listened to: what it was asked since it was last looked at.
static HEARD: LazyLock<Mutex<HashMap<String, Vec<String>>>> = LazyLock::new(Mutex::default);
/// What some connection keeps prepared.
static PREPARED: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

/// What one world is asked.
pub struct Statements {
    /// What its database's address has in it, and no other's.
    of: String,
}

impl Statements {
    /// A new world that is listened to; none where its database is not to be had here.
    pub fn of(database: Database) -> Option<(World, Self)> {
        set_default_instrumentation(|| Some(Box::new(Listener::default()))).unwrap();
        let world = World::new(database)?;
        let of = match &world.database {
            Some(database) => format!("{}?", database.url),
            None => world.folder.to_string_lossy().into_owned(),
        };
        HEARD.lock().unwrap().insert(of.clone(), Vec::new());
        Some((world, Self { of }))
    }

    /// The statements since it was last asked, without what they were given.
    pub fn heard(&self) -> Vec<String> {
        HEARD.lock().unwrap().get_mut(&self.of).map(std::mem::take).unwrap_or_default()
    }
}

/// Whether connections keep the statement, once they have sent it.
pub fn is_prepared(statement: &str) -> bool {
    PREPARED.lock().unwrap().contains(statement)
}

impl Drop for Statements {
    fn drop(&mut self) {
        HEARD.lock().unwrap().remove(&self.of);
    }
}

#[derive(Default)]
struct Listener {
    address: String,
}

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                self.address = url.to_owned();
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                let mut heard = HEARD.lock().unwrap();
                let mut all = heard.iter_mut();
                let Some((_, own)) = all.find(|(of, _)| self.address.contains(of.as_str())) else {
                    return;
                };
                let text = query.to_string();
                let text = text.split(" -- binds:").next().unwrap_or_default();
                let does = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];
                // The pool asks whether a connection is there.
                if does.iter().any(|start| text.starts_with(start)) && text != "SELECT 1" {
                    own.push(text.to_owned());
                }
            }
            InstrumentationEvent::CacheQuery { sql, .. } => {
                PREPARED.lock().unwrap().insert(sql.to_owned());
            }
            _ => {}
        }
    }
}
