//! PDFs that were made, kept for some days in the data folder so that the next reader, or the next part of the same file, costs
//! nothing; those of what is published are kept on. A file's name is that of the text in it; what is not there is made again. Must never be the only place of anything.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use chrono::Duration;

use crate::clock::Clock;
use crate::jobs::KEPT_DAYS;
use crate::modes;

/// As long as the result of a job.
const KEPT: Duration = Duration::days(KEPT_DAYS);

/// Tells apart the files that one process is writing.
static WRITING: AtomicU64 = AtomicU64::new(0);

/// The folder of PDFs.
#[derive(Clone)]
pub struct Kept {
    folder: PathBuf,
    clock: Clock,
}

impl Kept {
    pub(super) fn in_folder(data: &Path, clock: Clock) -> Self {
        Self { folder: data.join("renderings"), clock }
    }

    /// The PDF of the text with this fingerprint, if it is there.
    pub(super) fn find(&self, fingerprint: &str) -> Option<Vec<u8>> {
        fs::read(self.path(fingerprint)).ok()
    }

    /// Keeps the PDF of this text for as long again; whether it is there.
    pub(super) fn keep_on(&self, fingerprint: &str) -> bool {
        let file = fs::File::options().append(true).open(self.path(fingerprint));
        file.is_ok_and(|file| file.set_modified(self.clock.now().utc().into()).is_ok())
    }

    /// Keeps a PDF and forgets old ones. A folder that cannot be written to costs time, nothing else.
    pub(super) fn keep(&self, fingerprint: &str, pdf: &[u8]) {
        if let Err(error) = self.forget_old().and_then(|()| self.write(fingerprint, pdf)) {
            tracing::warn!(%error, "a PDF could not be kept");
        }
    }

    /// First under another name: nobody reads half a file.
    fn write(&self, fingerprint: &str, pdf: &[u8]) -> std::io::Result<()> {
        let number = WRITING.fetch_add(1, Ordering::Relaxed);
        let part = self.folder.join(format!("{fingerprint}.{}-{number}.part", std::process::id()));
        // Drafts may be among them.
        modes::write_private(&part, pdf)?;
        fs::rename(&part, self.path(fingerprint))
    }

    fn forget_old(&self) -> std::io::Result<()> {
        modes::private_folder(&self.folder)?;
        let oldest: SystemTime = self.clock.now().plus(-KEPT).utc().into();
        for entry in fs::read_dir(&self.folder)?.flatten() {
            if entry.metadata().and_then(|about| about.modified()).is_ok_and(|at| at < oldest) {
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }

    fn path(&self, fingerprint: &str) -> PathBuf {
        self.folder.join(format!("{fingerprint}-{}.pdf", *super::LOOKS))
    }
}
