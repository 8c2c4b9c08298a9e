//! Publishes the translation of an edition beside it: frozen, under the same symbol and number, whole and made from the text of that very
//! edition. Must never change an edition, nor what was published.

use super::{
    EditionTranslation, Held, Translation, TranslationId, TranslationIssue, language_of, service,
    store,
};
use crate::access::Permission;
use crate::db;
use crate::i18n::Language;
use crate::problem::{Problem, require_version};
use crate::render;
use crate::reports::rights::locate_draft;
use crate::reports::{self, ReportId, store as reports_store};
use crate::work::Work;

/// Publishes the translation of an edition, for whoever publishes editions. 409 `translation_incomplete` names what is missing or was made
/// from an earlier text than that of the edition.
pub fn publish(
    work: &mut Work,
    id: TranslationId,
    version: i64,
    number: i32,
) -> Result<(Translation, EditionTranslation), Problem> {
    let report = service::see(work, id)?.report_id;
    let place = locate_draft(work, report)?;
    work.require(Permission::PublishReports, &place.scope)?;
    db::lock(work.conn, id.uuid())?;
    let translation = store::translation(work.conn, id)?;
    require_version(translation.version, version)?;
    let edition = reports_store::editions::edition(work.conn, report, number).map_err(|told| {
        told.missing_as(|| Problem::invalid("/edition", "is no edition of the report"))
    })?;
    if language_of(&edition)? == Some(translation.language) {
        return Err(Problem::invalid("/edition", "is in this language itself"));
    }
    let there = store::portions(work.conn, id)?;
    let held = Held::against(edition.document()?, translation.language, there);
    let document = held.document_to_publish()?;
    let bytes = render::json::render(&document);
    let published = EditionTranslation {
        language: translation.language,
        sha256: document.fingerprint(),
        document: String::from_utf8(bytes).map_err(Problem::internal)?,
        published_at: work.now,
    };
    store::insert_published(work.conn, edition.id, &published)?;
    work.audit("translation.published", "edition", edition.id);
    Ok((translation, published))
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
