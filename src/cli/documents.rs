//! Documents on the command line: a whole review into a folder, and one document into a file without a server.
//! Knows no rule; the export must never write what is not published.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{line, open, print};
use crate::app::App;
use crate::http::page::Paging;
use crate::printing::{Output, Printer};
use crate::problem::Problem;
use crate::render::json;
use crate::reports::folder;
use crate::reviews::{self, Review};
use crate::settings::Settings;
use crate::work::{Credentials, Work};

#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// The code or the id of the review; may be left out when there is one only.
    review: Option<String>,
    /// Where the documents go.
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct RenderArguments {
    /// The document as JSON, as a draft or an edition is to be had; - for standard input.
    file: PathBuf,
    /// The format: html, pdf, docx, md, xml or json.
    #[arg(long, value_name = "FORMAT")]
    to: String,
    /// Where it goes; beside the file when absent, - for standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Writes everything that was published of a review into a folder.
pub(super) fn export(settings: Settings, arguments: &ExportArguments) -> Result<(), String> {
    let app = open(settings)?;
    let review = review(&app, arguments.review.as_deref())?;
    let found = folder::gather(&app, &review).map_err(line)?;
    if found.documents.is_empty() {
        return Err(format!("nothing is published of the review {}", review.code));
    }
    let written = folder::write(
        &arguments.out,
        &found,
        app.shared::<Printer>().map_err(|problem| problem.to_string())?,
        &|file| eprintln!("{file}"),
    )?;
    let count = found.documents.len();
    print(&format!("{count} documents; open first: {}\n", written.first.display()))?;
    for name in &found.unpublished {
        eprintln!("not published: {name}");
    }
    match written.failures.as_slice() {
        [] => Ok(()),
        failures => {
            Err(format!("not made, everything else is there:\n  {}", failures.join("\n  ")))
        }
    }
}

fn review(app: &App, wanted: Option<&str>) -> Result<Review, String> {
    let mut all = app.read_blocking(&Credentials::Operator, all_reviews).map_err(line)?;
    let codes: Vec<_> = all.iter().map(|review| review.code.clone()).collect();
    if let Some(wanted) = wanted {
        all.retain(|review| review.code == wanted || review.id.to_string() == wanted);
    }
    match (all.len(), codes.is_empty()) {
        (1, _) => Ok(all.remove(0)),
        (_, true) => Err("there is no review in this database".to_owned()),
        _ => Err(format!("say which review: {}", codes.join(", "))),
    }
}

fn all_reviews(work: &mut Work) -> Result<Vec<Review>, Problem> {
    Paging::all(|paging| reviews::service::list(work, paging))
}

/// Writes one document in another format.
pub(super) fn render(settings: &Settings, arguments: &RenderArguments) -> Result<(), String> {
    let output = Output::by_extension(&arguments.to).ok_or_else(|| {
        let names: Vec<_> = Output::ALL.iter().map(|output| output.extension()).collect();
        format!("--to {}: there are {}", arguments.to, names.join(", "))
    })?;
    let name = arguments.file.display();
    let bytes = read(&arguments.file).map_err(|error| format!("cannot read {name}: {error}"))?;
    let mut document =
        json::read(&bytes).map_err(|error| format!("{name} is not a document: {error}"))?;
    document.number().map_err(|error| format!("{name} cannot be numbered: {error}"))?;
    let made = Printer::new(&settings.documents).print_blocking(&document, output);
    let made = made.map_err(|failure| failure.to_string())?;
    let beside = arguments.file.with_extension(output.extension());
    let out =
        arguments.out.clone().unwrap_or(if is_dash(&arguments.file) { "-".into() } else { beside });
    if out == arguments.file && !is_dash(&out) {
        return Err(format!("{name} would be written over; say where with --out"));
    }
    let written =
        if is_dash(&out) { std::io::stdout().write_all(&made) } else { fs::write(&out, &made) };
    written.map_err(|error| format!("cannot write {}: {error}", out.display()))
}

fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if !is_dash(path) {
        return fs::read(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}
