//! PDF by Typst: one file that meets PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2). Runs in the child process only, since it
//! cannot be stopped and takes more than a megabyte for a page. Pure but for the folder of fonts; must never look at a clock.

mod data;
mod fonts;
mod glyphs;

use std::path::Path;

use rapporteur_document::document::Document;
use rapporteur_document::failure::Failure;
use rapporteur_document::render::TEMPLATE;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use self::data::Data;
use self::fonts::Fonts;
use self::glyphs::Glyphs;

/// A numbered document as PDF. Further fonts are looked for in `folder`.
///
/// # Errors
/// When a character is in no font, or what Typst says.
pub(super) fn render(document: &Document, folder: Option<&Path>) -> Result<Vec<u8>, Failure> {
    let glyphs = Glyphs::of(document);
    let fonts = Fonts::covering(&glyphs.characters(), folder);
    if !fonts.missing.is_empty() {
        return Err(Failure::MissingGlyphs(glyphs.missing(&fonts.missing)));
    }
    let front = document.masthead().trimmed();
    let data = Data::of(document, &front, fonts.families.clone());
    let data = serde_json::to_vec(&data).map_err(|error| Failure::Refused(error.to_string()))?;
    let desk = Desk::new(data, fonts).map_err(Failure::Refused)?;
    let set = typst::compile::<PagedDocument>(&desk).output.map_err(said)?;
    let options = options(document)?;
    typst_pdf::pdf(&set, &options).map_err(said)
}

fn options(document: &Document) -> Result<PdfOptions, Failure> {
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a]);
    Ok(PdfOptions {
        // The same text has the same identifier, another text another one.
        ident: Smart::Custom(document.fingerprint()),
        creator: Smart::Custom(Some("Rapporteur".to_owned())),
        standards: standards.map_err(|error| Failure::Refused(error.message().to_string()))?,
        ..PdfOptions::default()
    })
}

fn said(diagnostics: impl IntoIterator<Item = SourceDiagnostic>) -> Failure {
    let lines: Vec<String> = diagnostics.into_iter().map(|one| one.message.to_string()).collect();
    Failure::Refused(lines.join("; "))
}

/// All that Typst may see: the template, the data and the fonts. No file, no clock, no network.
struct Desk {
    library: LazyHash<Library>,
    fonts: Fonts,
    template: Source,
    data: (FileId, Bytes),
}

impl Desk {
    fn new(data: Vec<u8>, fonts: Fonts) -> Result<Self, String> {
        let features = [Feature::A11yExtras].into_iter().collect();
        Ok(Self {
            library: LazyHash::new(Library::builder().with_features(features).build()),
            fonts,
            template: Source::new(file("/report.typ")?, TEMPLATE.to_owned()),
            data: (file("/data.json")?, Bytes::new(data)),
        })
    }
}

fn file(path: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(path).map_err(|error| format!("{path}: {error:?}"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        (id == self.template.id()).then(|| self.template.clone()).ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        (id == self.data.0).then(|| self.data.1.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests;
