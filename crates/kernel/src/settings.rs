//! What an instance is set to: `config/default.toml`, then a file, then the environment; validated once, at start.
//! Secrets are redacted when printed and have no default.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Deserialize;

use crate::db::{Database, Target};
use crate::proxies::TrustedProxies;

const DEFAULTS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/default.toml"));

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The HTTP server.
    pub server: Server,
    /// Files.
    pub data: Data,
    /// Keys.
    pub keys: Keys,
    /// The database.
    pub database: Database,
    /// Accounts and tokens.
    pub accounts: Accounts,
    /// Outgoing mail.
    pub mail: Mail,
    /// Rate limits.
    pub limits: Limits,
    /// Privacy rules with a number in them.
    pub privacy: Privacy,
    /// Registering.
    pub registrations: Registrations,
    /// How long personal data is kept.
    pub retention: Retention,
    /// How organizations and registrations are decided, and appeals against that.
    pub vetting: Vetting,
    /// Documents that are made of reports.
    pub documents: Documents,
    /// The audit log.
    pub audit: Audit,
    /// Figures of the running program.
    pub metrics: Metrics,
    /// Logs.
    pub log: Log,
    /// Secrets that only the environment gives.
    #[serde(skip)]
    pub secrets: Secrets,
}

/// The HTTP server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port.
    pub bind: String,
    /// How the outside reaches it, without a slash at the end.
    pub public_url: String,
    /// Whom people write to about this site; empty for nobody.
    pub contact: String,
    /// Bytes.
    pub body_limit: usize,
    /// Bytes of a file that is imported.
    pub upload_limit: usize,
    /// Seconds that the headers of a request may take to arrive.
    pub header_seconds: u64,
    /// Seconds that a body may take to arrive, and one more for each 64 KiB of it.
    pub body_seconds: u64,
    /// Seconds that a whole request may take.
    pub request_seconds: u64,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address.
    pub connections_per_address: usize,
    /// Seconds.
    pub shutdown_seconds: u64,
    /// Seconds that a server which is told to end goes on, and says that it is not ready.
    pub leaving_seconds: u64,
}

/// Files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Where this instance keeps its files.
    pub folder: PathBuf,
}

/// Keys.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Where they are, apart from all other files; empty: beside the data folder, with its name and `-keys`.
    pub folder: PathBuf,
}

/// How access tokens are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Signing {
    /// A shared secret.
    HS256,
    /// Ed25519.
    EdDSA,
}

/// Accounts and tokens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// The algorithm.
    pub signing: Signing,
    /// `iss`.
    pub issuer: String,
    /// `aud`.
    pub audience: String,
    /// Minutes.
    pub access_token_minutes: i64,
    /// Days.
    pub refresh_token_days: i64,
    /// Days after that of the sign-in that a browser stays signed in.
    pub session_days: i64,
    /// Days that the link of a mail about somebody works.
    pub personal_link_days: i64,
    /// Minutes.
    pub sign_in_link_minutes: i64,
    /// The first administrator.
    pub admin_email: String,
}

/// Outgoing mail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Sender.
    pub from: String,
    /// Where answers go; empty: to the sender.
    pub reply_to: String,
    /// Where to; empty writes files.
    pub smtp_url: SecretString,
    /// A maildir in which reports of delivery are put; empty for none.
    pub reports_maildir: PathBuf,
    /// Days after which what a sent mail said is forgotten.
    pub keep_text_days: i64,
    /// Days between two mails to somebody who has not answered an invitation, at least.
    pub reminder_days: i64,
    /// Minutes after which mail that waits is late, and the server degraded.
    pub late_minutes: i64,
}

/// Rate limits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// For each caller or address.
    pub requests_per_minute: u32,
    /// For each address.
    pub sign_in_per_minute: u32,
    /// For each address, to have a link mailed.
    pub links_per_minute: u32,
    /// For each address, to register and to ask for a form.
    pub registrations_per_minute: u32,
    /// Whose X-Forwarded-For is believed.
    pub trusted_proxies: TrustedProxies,
}

/// Privacy rules with a number in them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// Days after a session; then names and addresses of those who came without registering are forgotten.
    pub unregistered_attendance_days: i64,
}

/// Registering.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registrations {
    /// Days that a form which nobody goes on with is kept.
    pub draft_days: i64,
    /// Days in which a guardian may answer.
    pub guardian_days: i64,
}

/// How organizations and registrations are decided, and appeals against that.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vetting {
    /// Who puts an organization forward does not decide on it, and who decided does not answer the appeal.
    pub two_persons: bool,
    /// Days from a decision in which the applicant may appeal.
    pub appeal_days: i64,
}

/// How long personal data is kept: days from the day a consultation was held.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Whether it is purged every day without being asked for.
    pub automatic: bool,
    /// Days.
    pub special_needs_days: i32,
    /// Days.
    pub demographics_days: i32,
    /// Days.
    pub answers_days: i32,
    /// Days.
    pub participation_days: i32,
    /// Days.
    pub invitations_days: i32,
    /// Days.
    pub correspondence_days: i32,
    /// Days.
    pub contact_days: i32,
    /// Days.
    pub consents_days: i32,
}

impl Retention {
    /// Whether every number is one of days, and what was consented to is kept as long as anything that rests on it.
    fn holds(&self) -> bool {
        let others = [
            self.special_needs_days,
            self.demographics_days,
            self.answers_days,
            self.participation_days,
            self.invitations_days,
            self.correspondence_days,
            self.contact_days,
        ];
        others.iter().all(|days| (1..=36500).contains(days) && *days <= self.consents_days)
            && self.consents_days <= 36500
    }
}

/// Documents that are made of reports: limits of the process that sets a PDF.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    /// Where fonts are for what those inside the program lack; empty for none.
    pub fonts: PathBuf,
    /// Numbered paragraphs up to which a PDF is made while somebody waits; beyond, a job makes it.
    pub at_once_paragraphs: u32,
    /// Seconds.
    pub seconds: u64,
    /// Megabytes of memory.
    pub megabytes: u64,
    /// How many at once.
    pub processes: usize,
    /// The program that sets it; empty for this one.
    pub program: PathBuf,
}

/// The audit log.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// Addresses, with commas between, to which a checkpoint is mailed every day.
    pub checkpoints_to: String,
}

/// Figures of the running program.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Address and port of a listener that answers `/metrics` and nothing else; empty for none.
    pub bind: String,
}

/// Logs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `text` or `json`.
    pub format: LogFormat,
    /// An EnvFilter.
    pub filter: String,
}

/// How a log line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Secrets that only the environment gives.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// RAPPORTEUR_SIGNING_KEY
    pub signing_key: Option<SecretString>,
    /// RAPPORTEUR_ADMIN_PASSWORD
    pub admin_password: Option<SecretString>,
}

impl Settings {
    /// Reads the defaults, then `file`, then the environment. The error says which setting is wrong and why.
    pub fn load(file: Option<&Path>) -> Result<Self, String> {
        let environment = std::env::vars().collect();
        Self::from_parts(file, environment)
    }

    fn from_parts(
        file: Option<&Path>,
        mut environment: std::collections::HashMap<String, String>,
    ) -> Result<Self, String> {
        let mut take = |name: &str| environment.remove(name).filter(|value| !value.is_empty());
        let secrets = Secrets {
            signing_key: take("RAPPORTEUR_SIGNING_KEY").map(Into::into),
            admin_password: take("RAPPORTEUR_ADMIN_PASSWORD").map(Into::into),
        };
        let database_url = take("DATABASE_URL");
        let mut sources = config::Config::builder()
            .add_source(config::File::from_str(DEFAULTS, config::FileFormat::Toml));
        if let Some(file) = file {
            sources = sources.add_source(config::File::from(file).format(config::FileFormat::Toml));
        }
        let variables = environment.into_iter().filter(|(name, _)| name.contains("__")).collect();
        let variables = config::Environment::with_prefix("RAPPORTEUR")
            .prefix_separator("_")
            .separator("__")
            .try_parsing(true)
            .source(Some(variables));
        let built = sources
            .add_source(variables)
            .set_override_option("database.url", database_url)
            .and_then(|sources| sources.build())
            .map_err(|error| format!("the settings cannot be read: {error}"))?;
        let settings: Self =
            built.try_deserialize().map_err(|error| format!("a setting is wrong: {error}"))?;
        Self { secrets, ..settings }.validated()
    }

    fn validated(self) -> Result<Self, String> {
        let rules = [
            (
                self.server.bind.parse::<std::net::SocketAddr>().is_ok(),
                "server.bind must be an address and a port, such as 127.0.0.1:8080",
            ),
            (
                self.audit.checkpoints_to.split(',').all(|one| {
                    one.trim().is_empty() || one.trim().parse::<lettre::Address>().is_ok()
                }),
                "audit.checkpoints_to must be addresses of mail, with commas between",
            ),
            (
                self.server.contact.is_empty()
                    || self.server.contact.parse::<lettre::Address>().is_ok(),
                "server.contact must be an address of mail, or empty",
            ),
            (
                self.mail.reply_to.is_empty()
                    || self.mail.reply_to.parse::<lettre::message::Mailbox>().is_ok(),
                "mail.reply_to must be an address of mail, or empty",
            ),
            (
                self.metrics.bind.is_empty()
                    || self.metrics.bind.parse::<std::net::SocketAddr>().is_ok(),
                "metrics.bind must be an address and a port, such as 127.0.0.1:9464, or empty",
            ),
            (
                self.server.public_url.starts_with("http")
                    && !self.server.public_url.ends_with('/'),
                "server.public_url must begin with http and not end with a slash",
            ),
            (
                (1024..=1 << 30).contains(&self.server.body_limit),
                "server.body_limit must be between 1024 and 1073741824 bytes",
            ),
            (
                (1024..=1 << 30).contains(&self.server.upload_limit),
                "server.upload_limit must be between 1024 and 1073741824 bytes",
            ),
            (
                [
                    self.server.header_seconds,
                    self.server.body_seconds,
                    self.server.request_seconds,
                    self.server.shutdown_seconds,
                ]
                .iter()
                .all(|seconds| (1..=3600).contains(seconds)),
                "server.*_seconds must be from 1 to 3600",
            ),
            (self.server.leaving_seconds <= 3600, "server.leaving_seconds must be from 0 to 3600"),
            (
                (1..=1_000_000).contains(&self.server.connections)
                    && (1..=1_000_000).contains(&self.server.connections_per_address),
                "server.connections and server.connections_per_address must be from 1 to 1000000",
            ),
            (
                [
                    self.database.wait_seconds,
                    self.database.connect_seconds,
                    self.database.lock_seconds,
                    self.database.statement_seconds,
                    self.database.idle_seconds,
                ]
                .iter()
                .all(|seconds| (1..=86_400).contains(seconds)),
                "database.*_seconds must be from 1 to 86400",
            ),
            (
                self.accounts.access_token_minutes > 0
                    && self.accounts.refresh_token_days > 0
                    && self.accounts.session_days >= 0
                    && self.accounts.personal_link_days > 0
                    && self.accounts.sign_in_link_minutes > 0,
                "accounts.*_minutes and accounts.*_days must be above zero",
            ),
            (
                self.limits.requests_per_minute > 0
                    && self.limits.sign_in_per_minute > 0
                    && self.limits.links_per_minute > 0
                    && self.limits.registrations_per_minute > 0,
                "limits.*_per_minute must be above zero",
            ),
            (
                (1..=365).contains(&self.registrations.draft_days)
                    && (1..=365).contains(&self.registrations.guardian_days),
                "registrations.*_days must be from 1 to 365",
            ),
            (
                self.retention.holds(),
                "retention.*_days must be from 1 to 36500, and retention.consents_days not less than any other",
            ),
            (
                (1..=3650).contains(&self.mail.keep_text_days),
                "mail.keep_text_days must be from 1 to 3650",
            ),
            (
                (1..=365).contains(&self.mail.reminder_days),
                "mail.reminder_days must be from 1 to 365",
            ),
            (
                (1..=10_080).contains(&self.mail.late_minutes),
                "mail.late_minutes must be from 1 to 10080",
            ),
            (
                (1..=3650).contains(&self.privacy.unregistered_attendance_days),
                "privacy.unregistered_attendance_days must be from 1 to 3650",
            ),
            (
                (1..=3650).contains(&self.vetting.appeal_days),
                "vetting.appeal_days must be from 1 to 3650",
            ),
        ];
        for (holds, rule) in rules {
            if !holds {
                return Err(format!("a setting is wrong: {rule}"));
            }
        }
        self.target()?;
        Ok(self)
    }

    /// The database that is meant.
    pub fn target(&self) -> Result<Target, String> {
        use secrecy::ExposeSecret;
        match self.database.url.expose_secret() {
            "" => Ok(Target::Sqlite(self.data.folder.join("rapporteur.sqlite"))),
            url => Target::parse(url),
        }
    }

    /// Where the keys are.
    pub fn keys_folder(&self) -> PathBuf {
        if !self.keys.folder.as_os_str().is_empty() {
            return self.keys.folder.clone();
        }
        let mut beside = self.data.folder.clone().into_os_string();
        beside.push("-keys");
        beside.into()
    }

    /// The defaults, for tests and tools that need no environment.
    pub fn defaults() -> Result<Self, String> {
        Self::from_parts(None, std::collections::HashMap::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<Settings, String> {
        let pairs = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Settings::from_parts(None, pairs.collect())
    }

    #[test]
    fn the_environment_wins_and_secrets_are_not_printed() {
        let settings = with(&[
            ("RAPPORTEUR_SERVER__BIND", "0.0.0.0:9000"),
            ("DATABASE_URL", "postgres://u:hunter2@localhost/x"),
            ("RAPPORTEUR_SIGNING_KEY", "hunter2hunter2hunter2hunter2hunter2hunter2hunter2"),
        ])
        .unwrap();
        assert_eq!(settings.server.bind, "0.0.0.0:9000");
        assert_eq!(settings.target().unwrap().name(), "postgresql");
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    fn a_wrong_setting_is_named() {
        for (name, value, word) in [
            ("DATABASE_URL", "mysql://x", "sqlite:"),
            ("RAPPORTEUR_SERVER__BIND", "nowhere", "server.bind"),
            ("RAPPORTEUR_METRICS__BIND", "everywhere", "metrics.bind"),
            ("RAPPORTEUR_SERVER__CONTACT", "Room 12", "server.contact"),
            ("RAPPORTEUR_MAIL__REPLY_TO", "Room 12", "mail.reply_to"),
            ("RAPPORTEUR_AUDIT__CHECKPOINTS_TO", "a@example.org, nobody", "audit.checkpoints_to"),
            ("RAPPORTEUR_LOG__FORMAT", "xml", "xml"),
            ("RAPPORTEUR_SERVER__PORT", "1", "port"),
        ] {
            assert!(with(&[(name, value)]).unwrap_err().contains(word), "{name}");
        }
    }
}
