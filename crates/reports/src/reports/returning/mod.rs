//! A draft that was exported for Word, edited there and sent back: what differs is shown, and applied when somebody has seen it
//! and says so. Paragraphs are known by their bookmarks. Nothing else is touched: no paragraph is added, moved or deleted by it.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::drafting::update_by;
use super::history::DraftStepKind;
use super::history::service::step;
use super::rights::locate_draft;
use crate::access::Permission;
use crate::db;
use crate::document::{Id, inline};
use crate::problem::{Code, Problem};
use crate::render::docx::read::{self, Kind, Reading};
use crate::reports::compile::Facts;
use crate::reports::{Paragraph, ParagraphChange, ParagraphId, ReportId, gather};
use crate::work::Work;

pub(super) mod http;

/// A paragraph whose words are others in the file.
#[derive(Debug, Clone)]
pub struct Changed {
    /// The paragraph as it is.
    pub paragraph: Paragraph,
    /// Its number.
    pub number: u32,
    /// Its words as they are, as inline Markdown.
    pub before: String,
    /// Its words in the file.
    pub after: String,
    /// Why they cannot be taken over, when they cannot.
    pub refusal: Option<String>,
}

/// What differs between a draft and the file that came back.
#[derive(Debug, Clone)]
pub struct Returned {
    /// Paragraphs whose words are others.
    pub changes: Vec<Changed>,
    /// Texts that stand between the paragraphs and are none of them: to be added by hand.
    pub added: Vec<String>,
    /// Paragraphs that are not in the file any more: to be deleted by hand.
    pub missing: Vec<ParagraphId>,
    /// Pictures, text boxes and formulas, which are not read.
    pub objects: usize,
    /// To be sent with the confirmation: it stands for what was seen here.
    pub fingerprint: String,
}

/// What differs in a file that came back. Writes nothing.
pub fn compare(work: &mut Work, id: ReportId, bytes: &[u8]) -> Result<Returned, Problem> {
    let place = locate_draft(work, id)?;
    if !work.may(Permission::DraftReports, &place.scope) {
        work.require(Permission::DraftOwnSections, &place.scope)?;
    }
    let facts = gather::facts(work, &place.report)?;
    let document = facts.compile()?;
    let unreadable = |why: read::ReadError| Problem::new(Code::UnreadableFile, format!("{why}."));
    let reading = read::read(bytes, &document).map_err(unreadable)?;
    let ours = document.meta.identifier.as_str();
    if reading.identifier.as_deref().is_some_and(|identifier| identifier != ours) {
        let detail = "The file was exported from another report.";
        return Err(Problem::new(Code::UnreadableFile, detail));
    }
    let current = facts.sources(&document);
    Ok(differences(&facts, &current, reading))
}

/// Applies what differs, as it was seen: 412 when the draft or the file is not what was looked at.
pub fn apply(
    work: &mut Work,
    id: ReportId,
    bytes: &[u8],
    fingerprint: &str,
) -> Result<Returned, Problem> {
    db::lock(work.conn, id.uuid())?;
    let returned = compare(work, id, bytes)?;
    if returned.fingerprint != fingerprint {
        let detail = "What differs is not what was looked at: compare again.";
        return Err(Problem::new(Code::VersionMismatch, detail).at("?fingerprint", detail));
    }
    let step = step(work, DraftStepKind::Returned);
    for change in returned.changes.iter().filter(|change| change.refusal.is_none()) {
        let paragraph = &change.paragraph;
        let text = ParagraphChange { text: Some(Some(change.after.clone())), ..Default::default() };
        update_by(work, paragraph.id, paragraph.version, text, &step)?;
    }
    work.audit("report.returned_draft_applied", "report", id);
    Ok(returned)
}

fn differences(facts: &Facts, current: &BTreeMap<Id, (u32, String)>, reading: Reading) -> Returned {
    let paragraphs: BTreeMap<Id, &Paragraph> = facts.paragraphs_by_id();
    let (mut changes, mut added) = (Vec::new(), Vec::new());
    for passage in reading.passages {
        if matches!(passage.kind, Kind::Heading(_)) {
            continue;
        }
        let known = passage.id.as_ref().and_then(|id| current.get(id).zip(paragraphs.get(id)));
        match known {
            Some(((number, before), paragraph)) if *before != passage.source => {
                let refusal = refusal(paragraph, before, &passage.source);
                let change = Changed {
                    paragraph: (*paragraph).clone(),
                    number: *number,
                    before: before.clone(),
                    after: passage.source,
                    refusal,
                };
                changes.push(change);
            }
            None if passage.id.is_none() && !passage.source.trim().is_empty() => {
                added.push(passage.source);
            }
            _ => {}
        }
    }
    let missing = reading.missing.iter().filter_map(|id| paragraphs.get(id));
    let missing = missing.map(|paragraph| paragraph.id).collect();
    let fingerprint = fingerprint(&changes);
    Returned { changes, added, missing, objects: reading.objects, fingerprint }
}

/// Why the words of the file cannot be those of the paragraph.
fn refusal(paragraph: &Paragraph, before: &str, after: &str) -> Option<String> {
    if after.trim().is_empty() {
        return Some("It is empty in the file: delete it by hand if that is meant.".to_owned());
    }
    if let Err(why) = inline::parse(after) {
        return Some(format!("It cannot be read: {why}."));
    }
    let own = paragraph.text.as_deref();
    let as_written = own.map(|text| {
        inline::parse(text)
            .is_ok_and(|parsed| inline::to_source(&parsed.parts, &parsed.notes) == before)
    });
    match as_written {
        Some(false) => Some("The report adds something to this paragraph that is not its own text: change it by hand.".to_owned()),
        Some(true) | None => None,
    }
}

fn fingerprint(changes: &[Changed]) -> String {
    let mut digest = Sha256::new();
    for change in changes {
        digest.update(change.paragraph.id.uuid().as_bytes());
        digest.update(change.paragraph.version.to_be_bytes());
        digest.update(change.after.as_bytes());
        digest.update([0]);
    }
    URL_SAFE_NO_PAD.encode(&digest.finalize()[..12])
}
