//! The mail with a checkpoint of the audit log, once a day, to whom the settings name: away from whoever runs the program.

use crate::audit::chain::{Checkpoint, Verification};
use crate::i18n::{Language, Placeholder, Template};
use crate::outbox::{Letter, Mail};
use crate::problem::Problem;
use crate::settings::Settings;

/// Whom checkpoints are mailed to.
pub fn recipients(settings: &Settings) -> Vec<&str> {
    let addresses = settings.audit.checkpoints_to.split(',');
    addresses.map(str::trim).filter(|address| !address.is_empty()).collect()
}

/// The mails, in English, as all that the program says to whoever runs it.
pub fn checkpoint(
    settings: &Settings,
    checkpoint: &Checkpoint,
    found: &Verification,
) -> Result<Vec<Mail>, Problem> {
    let text = serde_json::to_string(checkpoint).map_err(Problem::internal)?;
    let values = vec![(Placeholder::Checkpoint, text), (Placeholder::Finding, found.to_string())];
    let letter = |recipient| Letter {
        template: Template::AuditCheckpoint,
        language: Language::English,
        recipient,
        values: values.clone(),
        secret: None,
        about: None,
    };
    recipients(settings).into_iter().map(|recipient| letter(recipient).write()).collect()
}
