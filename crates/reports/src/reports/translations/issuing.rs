//! Publishes the translation of an edition beside it: frozen, under the same symbol and number, whole and made from the text of that very
//! edition. Must never change an edition, nor what was published.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    EditionTranslation, Held, Translation, TranslationId, TranslationIssue, language_of, service,
    store,
};
use crate::access::Permission;
use crate::db::errors;
use crate::document::Document;
use crate::i18n::Language;
use crate::problem::{Code, Problem, require_version};
use crate::proposals::service::{self as proposals, New, Put};
use crate::proposals::{Act, Carried};
use crate::render;
use crate::reports::rights::locate_draft;
use crate::reports::{self, EditionId, ReportId, store as reports_store};
use crate::work::Work;

/// What is frozen of a publication that is proposed.
#[derive(Debug, Serialize, Deserialize)]
struct Publication {
    translation_id: TranslationId,
    report_id: ReportId,
    language: Language,
    version: i64,
    edition: i32,
}

/// Proposes to publish the translation of an edition: what is confirmed is the translation in this version, with these contents. 409
/// `translation_incomplete` names what is missing or was made from an earlier text than that of the edition.
pub fn propose(
    work: &mut Work,
    id: TranslationId,
    version: i64,
    edition: i32,
) -> Result<Put, Problem> {
    let report = service::see(work, id)?.report_id;
    let review = locate_draft(work, report)?.report.review_id;
    proposals::hold(work, Some(review))?;
    let Ready { translation, document, .. } = ready(work, id, version, edition)?;
    let language = translation.language;
    let what = Publication { translation_id: id, report_id: report, language, version, edition };
    proposals::put(
        work,
        New {
            act: Act::PublishTranslation,
            subject: id.to_string(),
            review: Some(review),
            about: None,
            what: json!(what),
            sha256: Some(document.fingerprint()),
            at_once: true,
        },
    )
}

/// Publishes it as it was proposed: freezes the document's bytes. 409 `proposal_overtaken` when it has other contents now.
pub fn publish(work: &mut Work, carried: &Carried) -> Result<Issued, Problem> {
    let Publication { translation_id: id, report_id, version, edition, .. } =
        proposals::frozen(carried)?;
    let Ready { translation, of, document } = ready(work, id, version, edition)?;
    let sha256 = document.fingerprint();
    if carried.sha256 != Some(sha256.as_str()) {
        let detail = "The translation has other contents than the one that was proposed. Nothing was published.";
        return Err(Problem::new(Code::ProposalOvertaken, detail));
    }
    let bytes = render::json::render(&document);
    let (language, published_at) = (translation.language, work.now);
    let document = String::from_utf8(bytes).map_err(Problem::internal)?;
    let issue = TranslationIssue { language, sha256: sha256.clone(), published_at };
    let published = EditionTranslation { language, document, sha256, published_at };
    store::insert_published(work.conn, of, &published)?;
    work.audit("translation.published", "edition", of);
    Ok(Issued { report_id, edition, issue })
}

/// That a translation was published, and beside what.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The report.
    pub report_id: ReportId,
    /// The number of the edition.
    pub edition: i32,
    /// The translation.
    pub issue: TranslationIssue,
}

/// A translation that can be published, as it would be.
struct Ready {
    translation: Translation,
    of: EditionId,
    document: Document,
}

fn ready(work: &mut Work, id: TranslationId, version: i64, number: i32) -> Result<Ready, Problem> {
    let report = service::see(work, id)?.report_id;
    let place = locate_draft(work, report)?;
    work.require(Permission::PublishReports, &place.scope)?;
    work.lock(id.uuid())?;
    let translation = store::translation(work.conn, id)?;
    require_version(translation.version, version)?;
    let edition = reports_store::editions::edition(work.conn, report, number).map_err(|told| {
        told.missing_as(|| Problem::invalid("/edition", "is no edition of the report"))
    })?;
    if language_of(&edition)? == Some(translation.language) {
        return Err(Problem::invalid("/edition", "is in this language itself"));
    }
    let issues = store::issues(work.conn, report, number)?;
    if issues.iter().any(|one| one.language == translation.language) {
        let detail =
            "A translation of this edition into this language is published: it stays as it is.";
        return Err(errors::taken("/edition", detail));
    }
    let there = store::portions(work.conn, id)?;
    let held = Held::against(edition.document()?, translation.language, there);
    let document = held.document_to_publish()?;
    Ok(Ready { translation, of: edition.id, document })
}

/// In which languages an edition is published beside its own; everybody may know.
pub fn issues(
    work: &mut Work,
    id: ReportId,
    number: i32,
) -> Result<Vec<TranslationIssue>, Problem> {
    reports::service::edition(work, id, number)?;
    store::issues(work.conn, id, number)
}

/// The published translation of an edition; everybody may read it.
pub fn published(
    work: &mut Work,
    id: ReportId,
    number: i32,
    language: Language,
) -> Result<EditionTranslation, Problem> {
    store::published(work.conn, id, number, language)
}
