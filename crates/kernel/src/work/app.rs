//! The application: what every request shares, swapped by value in tests. Names no feature: what a feature shares it adds itself.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::sync::Arc;

use super::progress::Live;
use super::registry::{Feature, Registry};
use crate::clock::Clock;
use crate::db::Db;
use crate::files;
use crate::i18n;
use crate::ids::Ids;
use crate::limits::Limits;
use crate::problem::Problem;
use crate::settings::Settings;
use crate::telemetry::Metrics;
use crate::tokens::Tokens;

/// What features share among requests, one value of each type.
#[derive(Default)]
pub struct Shared(HashMap<TypeId, Box<dyn Any + Send + Sync>>);

impl Shared {
    /// The value of this type; 500 when no feature added one, which is a fault of ours.
    pub fn get<T: Any + Send + Sync>(&self) -> Result<&T, Problem> {
        let found = self.0.get(&TypeId::of::<T>()).and_then(|value| value.downcast_ref());
        found.ok_or_else(|| Problem::internal(format!("nobody shares {}", type_name::<T>())))
    }
}

/// What a feature has when the program starts, and where it adds what its requests share.
pub struct Opening<'a> {
    /// What the instance is set to.
    pub settings: &'a Settings,
    /// Where the time comes from.
    pub clock: &'a Clock,
    /// Where ids and secrets come from.
    pub ids: &'a Ids,
    shared: Shared,
}

impl Opening<'_> {
    /// Shares a value; another of its type is replaced.
    pub fn share<T: Any + Send + Sync>(&mut self, value: T) {
        self.shared.0.insert(TypeId::of::<T>(), Box::new(value));
    }
}

/// The database that is set, as a login that may be used, migrated; and how many migrations were run.
///
/// # Errors
/// What stands in the way, in words for whoever started the program.
pub fn database(settings: &Settings) -> Result<(Db, usize), String> {
    let db = Db::open(settings.target()?, settings.database.pool)?;
    if !settings.database.allow_superuser {
        db.refuse_superuser()?;
    }
    let migrations = db.migrate()?;
    Ok((db, migrations))
}

/// What every request shares. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The way to the database.
    pub db: Db,
    /// Where the time comes from.
    pub clock: Clock,
    /// Where ids and secrets come from.
    pub ids: Ids,
    /// What the instance is set to.
    pub settings: Arc<Settings>,
    /// Signs and reads access tokens.
    pub tokens: Arc<Tokens>,
    /// How many requests each may send.
    pub limits: Arc<Limits>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// The figures of the jobs that this process is running.
    pub jobs: Arc<Live>,
    /// What the program is made of.
    pub registry: Registry,
    pub(crate) shared: Arc<Shared>,
}

impl App {
    /// Opens the database, migrates it, finds or makes the signing key, and lets every feature begin.
    pub fn open(
        settings: Settings,
        clock: Clock,
        ids: Ids,
        features: &'static [Feature],
    ) -> Result<Self, String> {
        i18n::check()?;
        let registry = Registry::of(features)?;
        files::keep_data_private(&settings.data.folder)?;
        let (db, migrations) = database(&settings)?;
        tracing::info!(database = db.target().name(), migrations, "database ready");
        let tokens = Arc::new(Tokens::open(&settings, &ids)?);
        let limits = Arc::new(Limits::new(&settings.limits));
        let shared = Shared::default();
        let mut opening = Opening { settings: &settings, clock: &clock, ids: &ids, shared };
        for feature in registry.features() {
            (feature.open)(&mut opening)?;
        }
        let shared = Arc::new(opening.shared);
        let (settings, metrics, jobs) = (Arc::new(settings), Arc::default(), Arc::default());
        let app =
            Self { db, clock, ids, settings, tokens, limits, metrics, jobs, registry, shared };
        for feature in registry.features() {
            (feature.start)(&app).map_err(|problem| problem.to_string())?;
        }
        Ok(app)
    }

    /// What a feature shares; 500 when none does, which is a fault of ours.
    pub fn shared<T: Any + Send + Sync>(&self) -> Result<&T, Problem> {
        self.shared.get()
    }
}
