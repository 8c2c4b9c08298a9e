//! Logs and metrics. Neither holds personal data: a line tells the operation and how it went, never who or what was said.
//! Contributors' requests are in neither (`http::envelope`).

use std::io::IsTerminal;
use std::sync::atomic::AtomicI64;

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use tracing::Level;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;

use crate::settings::{Log, LogFormat};

/// Starts logging to standard error. A second call does nothing.
///
/// What libraries say below a warning is never written, whatever the filter: at `debug` they tell of every connection and every
/// statement, and so of the moment of every contribution.
pub fn start(settings: &Log) {
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let ours = filter_fn(|about| {
        about.target().starts_with("rapporteur") || *about.level() <= Level::WARN
    });
    // Colours are for a person at a terminal, not for a file.
    let in_colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(in_colour);
    let lines = match settings.format {
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
        LogFormat::Text => lines.with_target(false).boxed(),
    };
    let _already = tracing_subscriber::registry().with(filter).with(ours).with(lines).try_init();
}

/// What a request is counted by. The route is its pattern, so that no id gets in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Request {
    /// GET, POST, …
    pub method: String,
    /// `/api/v1/reviews/{id}`, or `unknown`.
    pub route: String,
    /// 200, 404, …
    pub status: u16,
}

/// What is counted.
pub struct Metrics {
    registry: Registry,
    /// Requests answered.
    pub requests: Family<Request, Counter>,
    /// Seconds a request took.
    pub seconds: Histogram,
    /// Requests under way.
    pub in_flight: Gauge,
    /// Mails that wait in the outbox, as the worker last saw it.
    pub outbox_pending: Gauge<i64, AtomicI64>,
    /// Mails that were sent.
    pub mails_sent: Counter,
    /// Tries to send a mail that failed.
    pub mails_failed: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let metrics = Self {
            registry: Registry::with_prefix("rapporteur"),
            requests: Family::default(),
            seconds: Histogram::new(exponential_buckets(0.001, 2.0, 14)),
            in_flight: Gauge::default(),
            outbox_pending: Gauge::default(),
            mails_sent: Counter::default(),
            mails_failed: Counter::default(),
        };
        metrics.registered()
    }
}

impl Metrics {
    fn registered(mut self) -> Self {
        let registry = &mut self.registry;
        registry.register("http_requests", "Requests answered", self.requests.clone());
        registry.register("http_request_seconds", "Seconds a request took", self.seconds.clone());
        registry.register("http_in_flight", "Requests under way", self.in_flight.clone());
        registry.register("outbox_pending", "Mails that wait", self.outbox_pending.clone());
        registry.register("mails_sent", "Mails sent", self.mails_sent.clone());
        registry.register("mails_failed", "Failed tries to send a mail", self.mails_failed.clone());
        self
    }

    /// In Prometheus' text form (OpenMetrics).
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
