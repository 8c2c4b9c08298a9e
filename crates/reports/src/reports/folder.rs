//! A whole review as a folder: the newest edition of each of its reports in every format, a page that lists them, and their
//! checksums. Holds what everybody may read anyway; must never hold a draft.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use maud::{DOCTYPE, html};

use super::compile::style;
use super::{Edition, Report, ReportId, service};
use crate::app::App;
use crate::consultations::{self, ConsultationId};
use crate::digest::sha256;
use crate::document::Document;
use crate::printing::{Output, Printer};
use crate::problem::Problem;
use crate::render::Format;
use crate::reviews::Review;
use crate::work::{Credentials, Work};

/// The file with the checksums, as `sha256sum --check` reads it.
pub const MANIFEST: &str = "SHA256SUMS";
const INDEX: &str = "index.html";
const STYLE: &str = "body { font: 1.0625rem/1.6 Georgia, serif; max-width: 46rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; \
    color: #1c1c1c; background: #fff; } h1 { font-size: 1.75rem; line-height: 1.25; } h2 { font-size: 1.2rem; \
    margin: 2rem 0 0.25rem; } p { margin: 0.25rem 0; } a { color: #00538a; } .facts { color: #5a5f66; } \
    ul { margin: 0.25rem 0; padding-inline-start: 1.25rem; }";

/// Everything that was published of a review.
pub struct Folder {
    title: String,
    /// Stands under the title, such as what kind of documents these are.
    pub remark: Option<String>,
    /// The reports by ordinal, then the papers.
    pub documents: Vec<Published>,
    /// Names of those that are not published and so are not there.
    pub unpublished: Vec<String>,
}

/// The newest edition of one report.
pub struct Published {
    /// What it is called for short.
    pub name: String,
    /// The consultation, for a summary report.
    pub consultation: Option<ConsultationId>,
    /// Figures told beside it.
    pub facts: Option<String>,
    /// Path of the files without their ends.
    stem: PathBuf,
    edition: Edition,
    document: Document,
}

/// What was written.
pub struct Written {
    /// The file to open first.
    pub first: PathBuf,
    /// What could not be made, and why; everything else is there.
    pub failures: Vec<String>,
}

impl Published {
    /// Numbered paragraphs.
    pub fn paragraphs(&self) -> usize {
        self.edition.record.paragraphs.len()
    }

    /// Footnotes, those of tables included.
    pub fn notes(&self) -> usize {
        self.document.notes.len()
    }

    fn title(&self) -> String {
        let meta = &self.document.meta;
        let shown = [meta.title.as_str(), meta.subtitle.as_str()].into_iter();
        shown.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" – ")
    }

    /// The JSON is the edition itself, to the byte.
    fn bytes(&self, printer: &Printer, output: Output) -> Result<Vec<u8>, String> {
        if output != Output::Written(Format::Json) {
            let made = printer.print_blocking(&self.document, output);
            return made.map_err(|failure| failure.to_string());
        }
        let bytes = self.edition.document.clone().into_bytes();
        if sha256(&bytes) == self.edition.sha256 {
            Ok(bytes)
        } else {
            Err("the edition is not what its checksum says".to_owned())
        }
    }

    fn file(&self, output: Output) -> String {
        // With a slash on every system: the name stands in links and in the manifest.
        let parts: Vec<_> = self.stem.iter().map(|part| part.to_string_lossy()).collect();
        format!("{}.{}", parts.join("/"), output.extension())
    }
}

/// A report, with what its files are called.
struct Listed {
    report: ReportId,
    name: String,
    stem: PathBuf,
    consultation: Option<ConsultationId>,
}

/// Reads the newest editions of a review's reports and papers.
///
/// # Errors
/// When something cannot be read.
pub fn gather(app: &App, review: &Review) -> Result<Folder, Problem> {
    let found = app.read_blocking(&Credentials::Operator, |work| {
        let mut editions = Vec::new();
        for listed in listed(work, review)? {
            let newest = service::editions(work, listed.report)?;
            editions.push((listed, newest.into_iter().max_by_key(|edition| edition.number)));
        }
        Ok(editions)
    })?;
    let (title, remark) = (review.title.clone(), None);
    let mut folder = Folder { title, remark, documents: Vec::new(), unpublished: Vec::new() };
    for (listed, edition) in found {
        let Listed { name, stem, consultation, .. } = listed;
        match edition {
            None => folder.unpublished.push(name),
            Some(edition) => {
                let document = edition.document()?;
                folder.documents.push(Published {
                    name,
                    consultation,
                    facts: None,
                    stem,
                    edition,
                    document,
                });
            }
        }
    }
    Ok(folder)
}

fn listed(work: &mut Work, review: &Review) -> Result<Vec<Listed>, Problem> {
    let mut listed = Vec::new();
    for one in consultations::service::of_review(work, review.id)? {
        let ordinal = style::ordinal(one.ordinal);
        let Some(report) = Problem::or_refused(service::summary_of(work, one.id))? else {
            continue;
        };
        listed.push(Listed {
            report: report.id,
            name: format!("{} consultation", style::capitalized(&ordinal)),
            stem: PathBuf::from(format!("{ordinal}-consultation")).join("report"),
            consultation: Some(one.id),
        });
    }
    for (index, paper) in service::papers_of(work, review.id)?.iter().enumerate() {
        listed.push(Listed {
            report: paper.id,
            name: paper_name(paper),
            stem: paper_stem(index),
            consultation: None,
        });
    }
    Ok(listed)
}

fn paper_name(paper: &Report) -> String {
    paper.symbol.clone().unwrap_or_else(|| "Conference room paper".to_owned())
}

fn paper_stem(index: usize) -> PathBuf {
    match index {
        0 => "conference-room-paper".into(),
        later => format!("conference-room-paper-{}", later + 1).into(),
    }
}

/// Writes every document in every format, the page that lists them and the checksums. `tell` hears what is being made.
///
/// # Errors
/// When a file cannot be written.
pub fn write(
    out: &Path,
    folder: &Folder,
    printer: &Printer,
    tell: &dyn Fn(&str),
) -> Result<Written, String> {
    let (mut files, mut failures) = (BTreeMap::<String, Vec<u8>>::new(), Vec::new());
    for one in &folder.documents {
        for output in Output::ALL {
            let file = one.file(*output);
            tell(&file);
            match one.bytes(printer, *output) {
                Ok(bytes) => _ = files.insert(file, bytes),
                Err(why) => failures.push(format!("{file}: {why}")),
            }
        }
    }
    files.insert(INDEX.to_owned(), index(folder, &files).into_bytes());
    let mut manifest = String::new();
    for (name, bytes) in &files {
        put(&out.join(name), bytes)?;
        let _ = writeln!(manifest, "{}  {name}", sha256(bytes));
    }
    put(&out.join(MANIFEST), manifest.as_bytes())?;
    let first = out.join(INDEX);
    Ok(Written { first: fs::canonicalize(&first).unwrap_or(first), failures })
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(path, bytes))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// A plain list of everything, for people.
fn index(folder: &Folder, files: &BTreeMap<String, Vec<u8>>) -> String {
    let size = |bytes: &[u8]| format!("{} KB", bytes.len().div_ceil(1024));
    let made = |one: &Published| {
        let files = Output::ALL.iter().filter_map(|output| {
            let file = one.file(*output);
            let bytes = files.get(&file)?;
            Some((*output, size(bytes), file))
        });
        files.collect::<Vec<_>>()
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Documents of the " (folder.title) }
                style { (STYLE) }
            }
            body {
                main {
                    h1 { "Documents of the " (folder.title) }
                    @if let Some(remark) = &folder.remark { p { (remark) } }
                    @for one in &folder.documents {
                        h2 { (one.name) }
                        p { (one.title()) }
                        p.facts {
                            @if let Some(facts) = &one.facts { (facts) "; " }
                            (one.paragraphs()) " paragraphs, " (one.notes()) " footnotes"
                        }
                        ul {
                            @for (output, size, file) in made(one) {
                                li {
                                    a href=(file) type=(output.media_type()) { (one.name) ", " (output.label()) }
                                    " (" (size) ")"
                                }
                            }
                        }
                    }
                    @if !folder.unpublished.is_empty() {
                        p.facts { "Not published: " (folder.unpublished.join(", ")) }
                    }
                    p.facts { a href=(MANIFEST) { "SHA-256 checksums of all files" } }
                }
            }
        }
    }
    .into_string()
}
