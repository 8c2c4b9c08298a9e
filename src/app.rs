//! The application: what every request shares, swapped by value in tests.
//! Knows no slice; `server` mounts those.

use std::sync::Arc;

use crate::accounts::tokens::Tokens;
use crate::clock::Clock;
use crate::db::Db;
use crate::http::limits::Limits;
use crate::ids::Ids;
use crate::inputs;
use crate::inputs::seal::SealKey;
use crate::jobs::live::Live;
use crate::printing::Printer;
use crate::settings::Settings;
use crate::telemetry::Metrics;
use crate::words;

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
    /// Half of every key that seals who said what.
    pub seal: Arc<SealKey>,
    /// How many requests each may send.
    pub limits: Arc<Limits>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Makes files of documents.
    pub printer: Printer,
    /// The figures of the jobs that this process is running.
    pub jobs: Arc<Live>,
}

impl App {
    /// Opens the database, migrates it, and finds or makes the signing key.
    pub fn open(settings: Settings, clock: Clock, ids: Ids) -> Result<Self, String> {
        words::check()?;
        let db = Db::open(settings.target()?, settings.database.pool)?;
        let migrations = db.migrate()?;
        tracing::info!(database = db.target().name(), migrations, "database ready");
        let tokens = Arc::new(Tokens::open(&settings, &ids)?);
        let seal = Arc::new(SealKey::open(&settings, &ids)?);
        let limits = Arc::new(Limits::new(&settings.limits));
        let printer =
            Printer::open(&settings, clock.clone(), &rapporteur_typeset::template_digest());
        let (settings, metrics, jobs) = (Arc::new(settings), Arc::default(), Arc::default());
        let app = Self { db, clock, ids, settings, tokens, seal, limits, metrics, printer, jobs };
        inputs::set_seal_apart(&app).map_err(|problem| problem.to_string())?;
        Ok(app)
    }
}
