//! The checkpoint that is kept beside the keys, outside the database: with it, rows that are taken off the end of the log are
//! missed. One that the log did not fit any more is set aside and stays, so that nothing written later hides it. Knows no table.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::Duration;

use super::chain::{Chain, Checkpoint};
use crate::db::types::Timestamp;
use crate::modes;
use crate::mutex::unpoisoned;

/// The checkpoint that is in force; those that were set aside begin like it.
const FILE: &str = "audit.checkpoint";
/// What processes that share the folder hold while they look and write.
const LOCK: &str = "audit.lock";
/// Between two looks at the end of the log.
const EVERY: Duration = Duration::seconds(60);

/// The folder in which checkpoints are kept.
pub struct Anchor {
    folder: PathBuf,
    chain: Arc<Chain>,
    last: Mutex<Option<Timestamp>>,
}

impl Anchor {
    /// Checkpoints of this chain in this folder.
    pub fn of(folder: &Path, chain: Arc<Chain>) -> Self {
        Self { folder: folder.to_owned(), chain, last: Mutex::default() }
    }

    /// Whether it is time to look at the end of the log again; then it is not before a minute has passed.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let mut last = unpoisoned(&self.last);
        let due = last.is_none_or(|last| last.plus(EVERY) <= now);
        if due {
            *last = Some(now);
        }
        due
    }

    /// Keeps other processes from writing here until it is dropped.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn hold(&self) -> Result<File, String> {
        let path = self.folder.join(LOCK);
        let held = modes::private_file(&path).and_then(|file| file.lock().map(|()| file));
        held.map_err(|error| format!("cannot lock {}: {error}", path.display()))
    }

    /// The checkpoint that is in force; none before the first.
    ///
    /// # Errors
    /// When it cannot be read, or this instance did not make it.
    pub fn current(&self) -> Result<Option<Checkpoint>, String> {
        match self.read(&self.folder.join(FILE)) {
            Ok(checkpoint) => Ok(Some(checkpoint)),
            Err(None) => Ok(None),
            Err(Some(why)) => Err(why),
        }
    }

    /// The checkpoint that is in force and those that were set aside; and why one of them is worth nothing: it cannot be read, or this
    /// instance did not make it.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn kept(&self) -> Result<(Vec<Checkpoint>, Option<String>), String> {
        let told = |error| format!("cannot look into {}: {error}", self.folder.display());
        let (mut found, mut worthless) = (Vec::new(), None);
        for entry in fs::read_dir(&self.folder).map_err(told)? {
            let path = entry.map_err(told)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with(FILE) {
                match self.read(&path) {
                    Ok(checkpoint) => found.push(checkpoint),
                    // Without a reason it was replaced just now.
                    Err(why) => worthless = why.or(worthless),
                }
            }
        }
        Ok((found, worthless))
    }

    /// Puts a checkpoint into force.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn keep(&self, checkpoint: &Checkpoint) -> Result<(), String> {
        let path = self.folder.join(FILE);
        let text = serde_json::to_string(checkpoint).map_err(|error| error.to_string())? + "\n";
        modes::replace_private(&path, text.as_bytes())
            .map_err(|error| format!("cannot write {}: {error}", path.display()))
    }

    /// Forgets the checkpoint that is in force: for a database that begins anew on purpose.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn forget(&self) -> Result<(), String> {
        let path = self.folder.join(FILE);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(format!("cannot remove {}: {error}", path.display()))
            }
            _ => Ok(()),
        }
    }

    /// Takes the checkpoint out of force and keeps it under another name, which ends in this word.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn set_aside(&self, word: &str) -> Result<(), String> {
        let path = self.folder.join(FILE);
        let aside = self.folder.join(format!("{FILE}.{word}"));
        fs::rename(&path, &aside)
            .map_err(|error| format!("cannot rename {}: {error}", path.display()))
    }

    /// The checkpoint in a file; no reason when there is no file.
    fn read(&self, path: &Path) -> Result<Checkpoint, Option<String>> {
        let told = |why: &str| Some(format!("the checkpoint {} {why}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => None,
            _ => told(&format!("cannot be read: {error}")),
        })?;
        let checkpoint: Checkpoint =
            serde_json::from_str(&text).map_err(|error| told(&format!("is none: {error}")))?;
        if !self.chain.made(&checkpoint) {
            return Err(told("was not made by this instance, or was changed"));
        }
        Ok(checkpoint)
    }
}
