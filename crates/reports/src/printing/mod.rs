//! Documents as files, in every format that there is: what `render` writes by itself, and PDF, which a process of its own sets
//! (`rapporteur_typeset`) under limits of time and memory. Must never know what a document is about, nor who may read it.

mod kept;
mod refusal;

pub use rapporteur_document::failure;
pub use refusal::into_problem;

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::sync::Semaphore;

use self::failure::{Failure, REFUSED};
use self::kept::Kept;
use crate::clock::Clock;
use crate::digest::sha256;
use crate::document::Document;
use crate::render::{self, Format};
use crate::settings::{Documents, Settings};

/// What makes the same text look the same: this version of the program with its template. Another may print it otherwise.
pub static LOOKS: LazyLock<String> = LazyLock::new(|| {
    let template = sha256(render::TEMPLATE);
    format!("{}-{}", env!("CARGO_PKG_VERSION"), &template[..6])
});

/// A format in which a document is to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Output {
    /// One that `render` writes.
    Written(Format),
    /// PDF/UA-1 and PDF/A-2a in one file.
    Pdf,
}

impl Output {
    /// All that this program has, in the order in which people look for them.
    pub const ALL: &[Self] = &[
        Self::Written(Format::Html),
        #[cfg(feature = "pdf")]
        Self::Pdf,
        Self::Written(Format::Docx),
        Self::Written(Format::Markdown),
        Self::Written(Format::AkomaNtoso),
        Self::Written(Format::Json),
    ];

    /// The one whose files end like this.
    pub fn by_extension(extension: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|output| output.extension() == extension)
    }

    /// The value of a `Content-Type` header.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Written(format) => format.media_type(),
            Self::Pdf => "application/pdf",
        }
    }

    /// The end of a file name, without the full stop.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Written(format) => format.extension(),
            Self::Pdf => "pdf",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Written(Format::Json) => "JSON",
            Self::Written(Format::Markdown) => "Markdown",
            Self::Written(Format::Html) => "HTML",
            Self::Written(Format::AkomaNtoso) => "Akoma Ntoso",
            Self::Written(Format::Docx) => "Word",
            Self::Pdf => "PDF",
        }
    }
}

/// Makes files of documents. Cheap to clone.
#[derive(Clone)]
pub struct Printer {
    settings: Documents,
    kept: Option<Kept>,
    processes: Arc<Semaphore>,
}

impl Printer {
    /// One that keeps the PDFs it made in the data folder.
    pub fn open(settings: &Settings, clock: Clock) -> Self {
        Self {
            kept: Some(Kept::in_folder(&settings.data.folder, clock)),
            ..Self::new(&settings.documents)
        }
    }

    /// One that keeps nothing.
    pub fn new(settings: &Documents) -> Self {
        let processes = Arc::new(Semaphore::new(settings.processes));
        Self { settings: settings.clone(), kept: None, processes }
    }

    /// Whether it takes so long that it is made by a job: a PDF of many paragraphs that was not made before.
    pub fn is_long(&self, document: &Document, output: Output) -> bool {
        output == Output::Pdf
            && document.last_number() > self.settings.at_once_paragraphs
            && self.find(document).is_none()
    }

    /// The document as a file, or the file that was made of the same text before. A PDF is kept if it is of a text that
    /// everybody may read: drafts would heap up, one for every change.
    ///
    /// # Errors
    /// See [`Failure`]; only PDF fails.
    pub async fn print(
        &self,
        document: Document,
        output: Output,
        is_public: bool,
    ) -> Result<Vec<u8>, Failure> {
        match output {
            Output::Written(format) => {
                let made = tokio::task::spawn_blocking(move || render::render(&document, format));
                made.await.map_err(|_| Failure::Refused("it was given up".to_owned()))
            }
            Output::Pdf => self.pdf(&document, is_public).await,
        }
    }

    /// As [`Self::print`], for a thread that no runtime drives. A PDF is kept.
    ///
    /// # Errors
    /// See [`Failure`]; only PDF fails.
    pub fn print_blocking(&self, document: &Document, output: Output) -> Result<Vec<u8>, Failure> {
        self.print_until(document, output, &|| false)
    }

    /// As [`Self::print_blocking`], given up soon after `stopped` says so.
    ///
    /// # Errors
    /// See [`Failure`]; only PDF fails.
    pub fn print_until(
        &self,
        document: &Document,
        output: Output,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Vec<u8>, Failure> {
        if let Output::Written(format) = output {
            return Ok(render::render(document, format));
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let made = async {
            tokio::select! {
                made = self.pdf(document, true) => made,
                () = until(stopped) => Err(Failure::Limit("It was stopped.".to_owned())),
            }
        };
        runtime.map_err(cannot_start)?.block_on(made)
    }

    async fn pdf(&self, document: &Document, keep: bool) -> Result<Vec<u8>, Failure> {
        if let Some(pdf) = self.find(document) {
            return Ok(pdf);
        }
        let _turn = self.processes.acquire().await.map_err(cannot_start)?;
        let seconds = self.settings.seconds;
        let made = tokio::time::timeout(Duration::from_secs(seconds), self.child(document)).await;
        let pdf =
            made.map_err(|_| Failure::Limit(format!("It took longer than {seconds} seconds.")))??;
        if let Some(kept) = self.kept.as_ref().filter(|_| keep) {
            kept.keep(&document.fingerprint(), &pdf);
        }
        Ok(pdf)
    }

    /// Keeps the PDF of a published text for as long again; whether it was made.
    pub fn keep_on(&self, fingerprint: &str) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.keep_on(fingerprint))
    }

    fn find(&self, document: &Document) -> Option<Vec<u8>> {
        self.kept.as_ref()?.find(&document.fingerprint())
    }

    /// Killed when nobody waits for it any more.
    async fn child(&self, document: &Document) -> Result<Vec<u8>, Failure> {
        let settings = &self.settings;
        let mut command = Command::new(self.program());
        command.arg("render-pdf");
        command.args(["--megabytes", &settings.megabytes.to_string()]);
        command.args(["--seconds", &settings.seconds.saturating_mul(2).to_string()]);
        if !settings.fonts.as_os_str().is_empty() {
            command.arg("--fonts").arg(&settings.fonts);
        }
        command
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let mut child = command.spawn().map_err(cannot_start)?;
        let stdin = child.stdin.take();
        let feed = async {
            if let Some(mut stdin) = stdin {
                // A child that ended early says why by itself.
                let _ = stdin.write_all(&render::json::render(document)).await;
            }
        };
        let ((), output) = tokio::join!(feed, child.wait_with_output());
        ended(&output.map_err(cannot_start)?)
    }

    /// This program again, even when another version was put into its place meanwhile.
    fn program(&self) -> PathBuf {
        match &self.settings.program {
            set if !set.as_os_str().is_empty() => set.clone(),
            _ if cfg!(target_os = "linux") => "/proc/self/exe".into(),
            _ => std::env::current_exe().unwrap_or_else(|_| "rapporteur".into()),
        }
    }
}

async fn until(stopped: &dyn Fn() -> bool) {
    while !stopped() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn ended(output: &std::process::Output) -> Result<Vec<u8>, Failure> {
    match output.status.code() {
        Some(0) => Ok(output.stdout.clone()),
        Some(code) if code == i32::from(REFUSED) => Err(serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| Failure::Refused("it did not say why".to_owned()))),
        // Killed by the system, or aborted when there was no more memory.
        None => Err(Failure::Limit("It took more time or memory than it may.".to_owned())),
        Some(code) => Err(Failure::Refused(format!("the process ended with {code}"))),
    }
}

fn cannot_start(error: impl std::fmt::Display) -> Failure {
    Failure::Refused(format!("the process cannot be started: {error}"))
}
