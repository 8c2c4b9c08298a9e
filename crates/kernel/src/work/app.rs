//! The application: what every request shares, swapped by value in tests. Names no feature: what a feature shares it adds itself.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::progress::Live;
use super::registry::{Feature, Registry};
use super::stamped::Kept;
use crate::audit;
use crate::audit::anchor::Anchor;
use crate::audit::chain::Chain;
use crate::clock::Clock;
use crate::db::{Db, errors};
use crate::i18n;
use crate::ids::Ids;
use crate::keys::Keys;
use crate::limits::Limits;
use crate::modes;
use crate::problem::Problem;
use crate::readiness::{Lookout, Readiness};
use crate::settings::Settings;
use crate::telemetry::Metrics;
use crate::tokens::{self, Tokens};

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
    /// The way to the database, which is migrated.
    pub db: &'a Db,
    /// The keys of the instance.
    pub keys: &'a Arc<Keys>,
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
    let db = Db::open(settings.target()?, &settings.database)?;
    if !settings.database.allow_superuser {
        db.refuse_superuser()?;
    }
    db.refuse_damage()?;
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
    /// What holds the audit log together.
    pub chain: Arc<Chain>,
    /// Where it ended, kept outside the database.
    pub anchor: Arc<Anchor>,
    /// How many requests each may send.
    pub limits: Arc<Limits>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Knows whether it can do its work.
    pub lookout: Arc<Lookout>,
    /// The figures of the jobs that this process is running.
    pub jobs: Arc<Live>,
    /// What the program is made of.
    pub registry: Registry,
    pub(crate) shared: Arc<Shared>,
    pub(crate) kept: Arc<Kept>,
}

impl App {
    /// Opens the database, migrates it, finds or makes the keys, and lets every feature begin.
    pub fn open(
        settings: Settings,
        clock: Clock,
        ids: Ids,
        features: &'static [Feature],
    ) -> Result<Self, String> {
        i18n::check()?;
        let registry = Registry::of(features)?;
        modes::keep_data_private(&settings.data.folder)?;
        let (db, migrations) = database(&settings)?;
        tracing::info!(database = db.target().name(), migrations, "database ready");
        if !db.read_blocking(errors::are_understood).map_err(|problem| problem.to_string())? {
            tracing::warn!(
                "PostgreSQL says in another language than English what goes wrong, so that less of it is told: GRANT SET ON PARAMETER \
                 lc_messages TO the login lets this program choose (docs/operations.md)"
            );
        }
        let keys = Arc::new(Keys::open(&settings, &ids)?);
        tell_of_keys(&settings, keys.folder());
        let tokens = Arc::new(Tokens::open(&settings, || keys.permanent(&db, tokens::KEY))?);
        let chain = Arc::new(Chain::of(keys.permanent(&db, audit::KEY)?));
        let anchor = Arc::new(Anchor::of(keys.folder(), chain.clone()));
        let limits = Arc::new(Limits::new(&settings.limits, tokens.begin_hash()));
        let shared = Shared::default();
        let mut opening =
            Opening { settings: &settings, clock: &clock, ids: &ids, db: &db, keys: &keys, shared };
        for feature in registry.features() {
            (feature.open)(&mut opening)?;
        }
        let shared = Arc::new(opening.shared);
        let (settings, metrics, jobs) = (Arc::new(settings), Arc::default(), Arc::default());
        let lookout = Arc::default();
        let app = Self {
            db,
            clock,
            ids,
            settings,
            tokens,
            chain,
            anchor,
            limits,
            metrics,
            lookout,
            jobs,
            registry,
            shared,
            kept: Arc::default(),
        };
        for feature in registry.features() {
            (feature.start)(&app).map_err(|problem| problem.to_string())?;
        }
        Ok(app)
    }

    /// Lets every feature do what it does last. What fails is logged: the program stops in any case.
    pub fn stop(&self) {
        for feature in self.registry.features() {
            if let Err(problem) = (feature.stop)(self) {
                tracing::error!(%problem, feature = feature.name, "it could not be brought to an end");
            }
        }
    }

    /// Whether it can do its work.
    ///
    /// # Errors
    /// As [`Lookout::look`].
    pub async fn readiness(&self) -> Result<Readiness, Problem> {
        let late = chrono::Duration::minutes(self.settings.mail.late_minutes);
        self.lookout.look(&self.db, self.clock.now().plus(-late)).await
    }

    /// The same application with another clock.
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// What a feature shares; 500 when none does, which is a fault of ours.
    pub fn shared<T: Any + Send + Sync>(&self) -> Result<&T, Problem> {
        self.shared.get()
    }
}

/// Says where the keys are and what it means to lose them, and warns where they are not apart from the data.
fn tell_of_keys(settings: &Settings, folder: &Path) {
    let keys = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    tracing::info!(
        folder = %keys.display(),
        "keys are here, and must outlive this machine in a backup of their own: without them everybody has to sign in anew, the audit \
         log can neither be checked nor go on, and what is locked is lost"
    );
    let data = &settings.data.folder;
    if keys.starts_with(data.canonicalize().as_ref().unwrap_or(data)) {
        tracing::warn!(
            folder = %keys.display(),
            "the keys lie in the data folder: whoever copies that has what is locked and what opens it; set keys.folder"
        );
    }
}
