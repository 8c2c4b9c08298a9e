//! Writes what was published into a folder: each edition as JSON, Markdown and HTML, a list of them, and their checksums;
//! and gathers the figures that are told about them. Reads published editions and services only, and writes nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use maud::{DOCTYPE, html};
use sha2::{Digest, Sha256};

use super::at;
use super::build::SECRETARIAT;
use crate::accounts::{self, Email};
use crate::app::App;
use crate::consultations::{self, Consultation, ConsultationId};
use crate::document::Document;
use crate::groups;
use crate::http::page::{LARGEST_LIMIT, Paging};
use crate::inputs;
use crate::problem::Problem;
use crate::registrations;
use crate::render::{self, Format};
use crate::reports::compile::words;
use crate::reports::{self, Edition, Report, ReportId};
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
pub struct Series {
    title: String,
    /// The reports by ordinal, then the paper.
    pub documents: Vec<Published>,
}

/// The newest edition of one report.
pub struct Published {
    /// What it is called for short.
    pub name: String,
    /// Path of the files without their ends.
    stem: PathBuf,
    edition: Edition,
    document: Document,
    /// Of the consultation, for a summary report.
    pub facts: Option<Facts>,
}

/// Figures of one consultation, counted.
pub struct Facts {
    /// Confirmed registrations.
    pub participants: u32,
    /// Countries they come from.
    pub countries: u32,
    /// Those from UN entities.
    pub un_representatives: u32,
    /// Inputs in whatever state.
    pub inputs: u32,
    /// Those that were accepted.
    pub accepted: u32,
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
        [meta.title.as_str(), meta.subtitle.as_str()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" – ")
    }
}

/// Reads the newest editions of a review's reports and papers, and counts.
///
/// # Errors
/// When something is not published or cannot be read.
pub fn series(app: &App, review: &Review) -> Result<Series, String> {
    let reports = app.read_blocking(&Credentials::Operator, |work| {
        let consultations = consultations::service::of_review(work, review.id)?;
        let summaries = consultations.into_iter().map(|one| {
            let report = reports::service::summary_of(work, one.id)?;
            Ok((one, report.id))
        });
        let summaries = summaries.collect::<Result<Vec<(Consultation, ReportId)>, Problem>>()?;
        Ok((summaries, reports::service::papers_of(work, review.id)?))
    });
    let (summaries, papers) = reports.map_err(at("the reports"))?;
    let mut documents = Vec::new();
    for (consultation, report) in summaries {
        let ordinal = words::ordinal(consultation.ordinal);
        let facts = facts(app, &consultation)?;
        let stem = PathBuf::from(format!("{ordinal}-consultation")).join("report");
        let name = format!("{} consultation", words::capitalized(&ordinal));
        documents.push(published(app, report, name, stem, Some(facts))?);
    }
    for (index, paper) in papers.iter().enumerate() {
        documents.push(published(app, paper.id, paper_name(paper), paper_stem(index), None)?);
    }
    Ok(Series { title: review.title.clone(), documents })
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

fn published(
    app: &App,
    report: ReportId,
    name: String,
    stem: PathBuf,
    facts: Option<Facts>,
) -> Result<Published, String> {
    let editions =
        app.read_blocking(&Credentials::Operator, |work| reports::service::editions(work, report));
    let editions = editions.map_err(at("the editions"))?;
    let edition = editions.into_iter().max_by_key(|edition| edition.number);
    let edition = edition.ok_or_else(|| format!("{name} is not published"))?;
    let document = render::json::read(edition.document.as_bytes())
        .map_err(|error| format!("{name}: the edition cannot be read: {error}"))?;
    Ok(Published { name, stem, edition, document, facts })
}

fn facts(app: &App, consultation: &Consultation) -> Result<Facts, String> {
    let counted = app.read_blocking(&Credentials::Operator, |work| {
        let present = registrations::service::participation(work, consultation.id)?;
        Ok((present, inputs::reading::accepted(work.conn, consultation.id)?.len() as u32))
    });
    let (present, accepted) = counted.map_err(at("the figures"))?;
    Ok(Facts {
        participants: present.participants,
        countries: present.countries.len() as u32,
        un_representatives: present.un_representatives,
        inputs: all_inputs(app, consultation.id).map_err(at("the inputs"))?,
        accepted,
    })
}

/// How many inputs there are, as the secretariat sees them.
fn all_inputs(app: &App, id: ConsultationId) -> Result<u32, Problem> {
    let email: Email = SECRETARIAT[0].1.parse().map_err(Problem::internal)?;
    let account = app
        .read_blocking(&Credentials::Operator, |work| accounts::service::by_email(work, &email))?;
    let account = account.ok_or_else(|| Problem::not_found("account of the secretariat"))?;
    app.read_blocking(&Credentials::Account(account.id), |work| {
        let (mut count, mut cursor) = (0, None);
        loop {
            let paging = Paging::new(Some(LARGEST_LIMIT), cursor.as_deref(), &"inputs")?;
            let part = inputs::service::list(work, id, &inputs::Filter::default(), &paging)?;
            count += part.items.len() as u32;
            cursor = part.next;
            if cursor.is_none() {
                return Ok(count);
            }
        }
    })
}

/// Writes every document in every format, the list of them and the checksums. Answers the file to open first.
///
/// # Errors
/// When a file cannot be written, or an edition is not what its checksum says.
pub fn write(out: &Path, series: &Series) -> Result<PathBuf, String> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for one in &series.documents {
        for format in Format::ALL {
            let bytes = bytes(one, format)?;
            files.insert(file_name(&one.stem, format), bytes);
        }
    }
    files.insert(INDEX.to_owned(), index(series).into_bytes());
    let mut manifest = String::new();
    for (name, bytes) in &files {
        put(&out.join(name), bytes)?;
        let _ = writeln!(manifest, "{}  {name}", digest(bytes));
    }
    put(&out.join(MANIFEST), manifest.as_bytes())?;
    let first = out.join(INDEX);
    Ok(fs::canonicalize(&first).unwrap_or(first))
}

/// The JSON is the edition itself, to the byte.
fn bytes(one: &Published, format: Format) -> Result<Vec<u8>, String> {
    if format != Format::Json {
        return Ok(render::render(&one.document, format));
    }
    let bytes = one.edition.document.clone().into_bytes();
    if digest(&bytes) == one.edition.sha256 {
        Ok(bytes)
    } else {
        Err(format!("{}: the edition is not what its checksum says", one.name))
    }
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

fn file_name(stem: &Path, format: Format) -> String {
    // With a slash on every system: the name stands in links and in the manifest.
    let parts: Vec<_> = stem.iter().map(|part| part.to_string_lossy()).collect();
    format!("{}.{}", parts.join("/"), format.extension())
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(path, bytes))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// The formats in the order in which people look for them.
const LISTED: [Format; 5] =
    [Format::Html, Format::Docx, Format::Markdown, Format::AkomaNtoso, Format::Json];

/// A plain list of everything, for people.
fn index(series: &Series) -> String {
    let size = |bytes: usize| format!("{} KB", bytes.div_ceil(1024));
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Documents of the " (series.title) }
                style { (STYLE) }
            }
            body {
                main {
                    h1 { "Documents of the " (series.title) }
                    p { "A demonstration: its people are invented, and its sentences are this project's own." }
                    @for one in &series.documents {
                        h2 { (one.name) }
                        p { (one.title()) }
                        @if let Some(facts) = &one.facts {
                            p.facts {
                                (facts.participants) " participants, " (facts.countries) " countries, "
                                (facts.accepted) " inputs; " (one.paragraphs()) " paragraphs, " (one.notes()) " footnotes"
                            }
                        } @else {
                            p.facts { (one.paragraphs()) " paragraphs, " (one.notes()) " footnotes" }
                        }
                        ul {
                            @for format in LISTED {
                                @let length = bytes(one, format).map_or(0, |bytes| bytes.len());
                                li {
                                    a href=(file_name(&one.stem, format)) type=(format.media_type()) {
                                        (one.name) ", " (label(format))
                                    }
                                    " (" (size(length)) ")"
                                }
                            }
                        }
                    }
                    p.facts { a href=(MANIFEST) { "SHA-256 checksums of all files" } }
                }
            }
        }
    }
    .into_string()
}

fn label(format: Format) -> &'static str {
    match format {
        Format::Json => "JSON",
        Format::Markdown => "Markdown",
        Format::Html => "HTML",
        Format::AkomaNtoso => "Akoma Ntoso",
        Format::Docx => "Word",
    }
}

/// How many people are in which working group in which round.
pub struct Assigned {
    /// "second consultation".
    pub consultation: String,
    /// Numbers of the rounds.
    pub rounds: Vec<i32>,
    /// Numbers of the groups, with their sizes by round.
    pub groups: Vec<(i32, Vec<usize>)>,
    /// The plan in numbers.
    pub quality: Option<groups::solver::Quality>,
}

/// The table of the consultation with the most people in groups.
///
/// # Errors
/// When the assignments cannot be read.
pub fn largest_assignment(app: &App, review: &Review) -> Result<Option<Assigned>, String> {
    let found = app.read_blocking(&Credentials::Operator, |work| {
        let mut largest: Option<(usize, Assigned)> = None;
        for one in consultations::service::of_review(work, review.id)? {
            let table = assigned(work, one.id, one.ordinal)?;
            let people = table.groups.iter().flat_map(|(_, sizes)| sizes).sum();
            if largest.as_ref().is_none_or(|(most, _)| people > *most) {
                largest = Some((people, table));
            }
        }
        Ok(largest.filter(|(people, _)| *people > 0).map(|(_, table)| table))
    });
    found.map_err(at("the assignments"))
}

fn assigned(work: &mut Work, id: ConsultationId, ordinal: i32) -> Result<Assigned, Problem> {
    let rounds = consultations::service::rounds(work, id)?;
    let seats = groups::service::assignments(work, id)?;
    let groups = consultations::service::working_groups(work, id)?.into_iter().map(|group| {
        let size = |round: consultations::RoundId| {
            seats
                .iter()
                .filter(|seat| (seat.working_group_id, seat.round_id) == (group.id, round))
                .count()
        };
        (group.number, rounds.iter().map(|round| size(round.id)).collect())
    });
    let plan = groups::plans_service::in_force(work, id)?;
    Ok(Assigned {
        quality: plan.map(|plan| plan.quality),
        consultation: format!("{} consultation", words::ordinal(ordinal)),
        groups: groups.collect(),
        rounds: rounds.iter().map(|round| round.number).collect(),
    })
}
