//! A whole review as a folder: every edition of each of its reports in every format, what each changed, a page that lists them, and
//! their checksums. Holds what everybody may read anyway; must never hold a draft.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use maud::{DOCTYPE, html};

use super::compile::style;
use super::differences::{self, Differences, Stood, corrigenda};
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
    margin: 2rem 0 0.25rem; } h3 { font-size: 1rem; margin: 1rem 0 0.25rem; } p { margin: 0.25rem 0; } a { color: #00538a; } .facts { color: #5a5f66; } \
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

/// What was published of one report.
pub struct Published {
    /// What it is called for short.
    pub name: String,
    /// The consultation, for a summary report.
    pub consultation: Option<ConsultationId>,
    /// Figures told beside it.
    pub facts: Option<String>,
    newest: Sheet,
    /// What each edition after the first changed, and the editions before the newest; the latest first.
    further: Vec<Sheet>,
}

/// A document with what it is called.
struct Sheet {
    /// What it is called for short: "First consultation, edition 1".
    name: String,
    /// Path of its files without their ends.
    stem: String,
    document: Document,
    /// In what it is written.
    outputs: &'static [Output],
    /// The bytes of its JSON, of an edition, and their checksum.
    frozen: Option<(String, String)>,
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
    pub fn paragraphs(&self) -> u32 {
        self.newest.document.last_number()
    }

    /// Footnotes, those of tables included.
    pub fn notes(&self) -> usize {
        self.newest.document.notes.len()
    }

    fn title(&self) -> String {
        let meta = &self.newest.document.meta;
        let shown = [meta.title.as_str(), meta.subtitle.as_str()].into_iter();
        shown.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" – ")
    }

    fn sheets(&self) -> impl Iterator<Item = &Sheet> {
        std::iter::once(&self.newest).chain(&self.further)
    }
}

impl Sheet {
    /// The JSON of an edition is the edition itself, to the byte.
    fn bytes(&self, printer: &Printer, output: Output) -> Result<Vec<u8>, String> {
        match &self.frozen {
            Some((bytes, sha)) if output == Output::Written(Format::Json) => {
                if sha256(bytes) == *sha {
                    Ok(bytes.clone().into_bytes())
                } else {
                    Err("the edition is not what its checksum says".to_owned())
                }
            }
            _ => {
                let made = printer.print_blocking(&self.document, output);
                made.map_err(|failure| failure.to_string())
            }
        }
    }

    fn file(&self, output: Output) -> String {
        format!("{}.{}", self.stem, output.extension())
    }
}

/// A report, with what its files are called.
struct Listed {
    report: ReportId,
    name: String,
    /// With a slash on every system: it stands in links and in the manifest.
    stem: String,
    consultation: Option<ConsultationId>,
}

/// Reads all editions of a review's reports and papers, and what each changed.
///
/// # Errors
/// When something cannot be read.
pub fn gather(app: &App, review: &Review) -> Result<Folder, Problem> {
    let found = app.read_blocking(&Credentials::Operator, |work| {
        let listed = listed(work, review)?.into_iter();
        let read = |listed: Listed| {
            let editions = service::editions(work, listed.report)?;
            Ok((listed, editions))
        };
        listed.map(read).collect::<Result<Vec<_>, Problem>>()
    })?;
    let (title, remark) = (review.title.clone(), None);
    let mut folder = Folder { title, remark, documents: Vec::new(), unpublished: Vec::new() };
    for (listed, editions) in found {
        let read = |edition: Edition| edition.document().map(|document| (edition, document));
        let editions = editions.into_iter().map(read).collect::<Result<Vec<_>, Problem>>()?;
        match editions.last() {
            Some(newest) => folder.documents.push(Published {
                newest: listed.sheet("", "", newest),
                further: listed.further(&editions),
                name: listed.name,
                consultation: listed.consultation,
                facts: None,
            }),
            None => folder.unpublished.push(listed.name),
        }
    }
    Ok(folder)
}

impl Listed {
    /// An edition of it. What it is called, and its files, ends as is said.
    fn sheet(&self, name: &str, stem: &str, (edition, document): &(Edition, Document)) -> Sheet {
        Sheet {
            name: format!("{}{name}", self.name),
            stem: format!("{}{stem}", self.stem),
            document: document.clone(),
            outputs: Output::ALL,
            frozen: Some((edition.document.clone(), edition.sha256.clone())),
        }
    }

    /// What each edition after the first changed, and the one before it; the latest first.
    fn further(&self, editions: &[(Edition, Document)]) -> Vec<Sheet> {
        let mut further = Vec::new();
        for two in editions.windows(2).rev() {
            let [earlier, later] = two else { continue };
            let stood = |(edition, document): &(Edition, Document)| {
                Stood::edition(edition, document.clone())
            };
            let differences = Differences::between(stood(earlier), stood(later));
            let (before, number) = (earlier.0.number, later.0.number);
            let sheet = |what: &str, end: &str, document, outputs| Sheet {
                name: format!("{}, {what} {before} and {number}", self.name),
                stem: format!("{}-edition-{number}-{end}", self.stem),
                document,
                outputs,
                frozen: None,
            };
            if let Some(amendment) = later.0.amendment {
                let list = corrigenda::list(&differences, amendment);
                further.push(sheet("changes between editions", "changes", list, Output::ALL));
            }
            let (marked, what) = (differences.marked, "differences between editions");
            further.push(sheet(what, "differences", marked, differences::OUTPUTS));
            let (name, stem) = (format!(", edition {before}"), format!("-edition-{before}"));
            further.push(self.sheet(&name, &stem, earlier));
        }
        further
    }
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
            stem: format!("{ordinal}-consultation/report"),
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

fn paper_stem(index: usize) -> String {
    match index {
        0 => "conference-room-paper".to_owned(),
        later => format!("conference-room-paper-{}", later + 1),
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
    for one in folder.documents.iter().flat_map(Published::sheets) {
        for output in one.outputs {
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
    let list = |one: &Sheet| {
        let made = one.outputs.iter().filter_map(|output| {
            let file = one.file(*output);
            let size = size(files.get(&file)?);
            Some((output, size, file))
        });
        html! {
            ul {
                @for (output, size, file) in made {
                    li {
                        a href=(file) type=(output.media_type()) { (one.name) ", " (output.label()) }
                        " (" (size) ")"
                    }
                }
            }
        }
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
                        (list(&one.newest))
                        @for further in &one.further {
                            h3 { (further.name) }
                            (list(further))
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
