//! What a caller may do with translations. Whoever may read a draft reads its translations; whoever drafts the report begins them, and
//! writes them, as does the one who is named as translator, while they may read the draft. Must never learn who said what.

use super::{Held, Translating, Translation, TranslationId, require_other, store};
use crate::access::{Permission, Scope, caller};
use crate::accounts::AccountId;
use crate::http::page::{Listing, Paging};
use crate::i18n::Language;
use crate::problem::{At, Checks, Code, Problem, require_version};
use crate::reports::clearance::portions::{left_out, printed_in};
use crate::reports::differences::{Stand, service as differences};
use crate::reports::rights::{Place, locate_draft};
use crate::reports::{Report, ReportId, ReportState, gather, store as reports};
use crate::work::Work;

/// Portions that are written at once.
const MOST: usize = 2_000;
/// Begins the translation of a report into another language.
pub fn begin(
    work: &mut Work,
    id: ReportId,
    language: Language,
    translator: Option<AccountId>,
) -> Result<Translation, Problem> {
    let place = locate_draft(work, id)?;
    work.require(Permission::DraftReports, &place.scope)?;
    require_other(language, place.report.language)?;
    require_translator(work, translator, &place.scope)?;
    let translation = Translation {
        id: work.id(),
        report_id: id,
        language,
        translator,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    store::insert(work.conn, &translation)?;
    work.audit("translation.begun", "translation", translation.id);
    Ok(translation)
}

/// 422 unless whoever is to translate may read the draft.
fn require_translator(
    work: &mut Work,
    translator: Option<AccountId>,
    scope: &Scope,
) -> Result<(), Problem> {
    let Some(translator) = translator else { return Ok(()) };
    let found = Problem::or_refused(caller::of(work.conn, translator))?;
    if found.is_some_and(|one| one.may(Permission::ReadDrafts, scope)) {
        return Ok(());
    }
    let detail =
        "is nobody who may read this draft: give them a role in its consultation or review first";
    Err(Problem::invalid("/translator_id", detail))
}

/// Some of the translations of a report, by language, for those who may read its draft.
pub fn translations(
    work: &mut Work,
    id: ReportId,
    paging: &Paging,
) -> Result<Listing<Translation>, Problem> {
    locate_draft(work, id)?;
    let rows = store::translations(work.conn, id, paging)?;
    Ok(paging.finish(rows, |one| vec![one.language.to_string()]))
}

/// A translation with the place of its report, for those who may read the draft.
fn located(work: &mut Work, id: TranslationId) -> Result<(Translation, Place), Problem> {
    let translation = store::translation(work.conn, id)?;
    let missing = |_: &Problem| Problem::not_found("translation");
    let place =
        locate_draft(work, translation.report_id).map_err(|told| told.refused_as(missing))?;
    Ok((translation, place))
}

/// A translation, for those who may read the draft.
pub fn see(work: &mut Work, id: TranslationId) -> Result<Translation, Problem> {
    Ok(located(work, id)?.0)
}

/// The translation of a report into a language, for those who may read the draft.
pub fn of_language(
    work: &mut Work,
    report: ReportId,
    language: Language,
) -> Result<Translation, Problem> {
    let all = translations(work, report, &Paging::first(Language::ALL.len()))?.items;
    let found = all.into_iter().find(|one| one.language == language);
    found.ok_or_else(|| Problem::not_found("translation"))
}

/// What a translation is held against where nothing is said: the newest edition while the report is published, else its draft.
pub fn usual(work: &mut Work, report: &Report) -> Result<Stand, Problem> {
    if report.state != ReportState::Published {
        return Ok(Stand::Draft);
    }
    let newest = reports::editions::issues(work.conn, report.id)?.pop();
    Ok(newest.map_or(Stand::Draft, |issue| Stand::Edition(issue.number)))
}

/// A translation held against a state of its report.
#[derive(Debug, Clone)]
pub struct HeldAgainst {
    /// The translation.
    pub translation: Translation,
    /// The state.
    pub against: Stand,
    /// Portion by portion.
    pub held: Held,
}

/// A translation held against a state of its report, for those who may read the draft.
pub fn held(
    work: &mut Work,
    id: TranslationId,
    against: Option<Stand>,
) -> Result<HeldAgainst, Problem> {
    let (translation, place) = located(work, id)?;
    held_by(work, translation, &place.report, against)
}

fn held_by(
    work: &mut Work,
    translation: Translation,
    report: &Report,
    against: Option<Stand>,
) -> Result<HeldAgainst, Problem> {
    let against = against.map_or_else(|| usual(work, report), Ok)?;
    let original = differences::document(work, report.id, against)?;
    let there = store::portions(work.conn, translation.id)?;
    let held = Held::against(original, translation.language, there);
    Ok(HeldAgainst { translation, against, held })
}

/// Whoever drafts the report, and whoever is named as translator.
fn may_translate(work: &Work, translation: &Translation, place: &Place) -> bool {
    let is_translator = translation.translator.is_some_and(|one| work.caller.id() == Some(one));
    is_translator || work.may(Permission::DraftReports, &place.scope)
}

/// A translation that is held until the end, against a state of its report, for those who may write it.
pub(super) fn to_write(
    work: &mut Work,
    id: TranslationId,
    against: Option<Stand>,
) -> Result<HeldAgainst, Problem> {
    let (translation, place) = located(work, id)?;
    if !may_translate(work, &translation, &place) {
        work.require(Permission::DraftReports, &place.scope)?;
    }
    work.lock(id.uuid())?;
    let translation = store::translation(work.conn, id)?;
    held_by(work, translation, &place.report, against)
}

/// Writes portions, all of them or none. Each names the version that was seen and the original that was read: one that does not say that
/// any more makes it `older`, and nothing of what was written is lost.
pub fn translate(
    work: &mut Work,
    id: TranslationId,
    against: Option<Stand>,
    portions: &[Translating],
) -> Result<Translation, Problem> {
    let HeldAgainst { translation, held, .. } = to_write(work, id, against)?;
    Checks::new()
        .require(!portions.is_empty(), "/portions", "name at least one")
        .require(portions.len() <= MOST, "/portions", format!("{MOST} are taken at once"))
        .finish()?;
    let mut checks = Checks::new();
    let mut overtaken = Vec::new();
    for (at, one) in portions.iter().enumerate() {
        let pointer = format!("/portions/{at}");
        let is_first = portions[..at].iter().all(|other| other.portion != one.portion);
        checks.require(is_first, &format!("{pointer}/portion"), "is named twice");
        let Some(beside) = held.portion(&one.portion) else {
            let detail = "is no portion of this text that is translated";
            checks.require(false, &format!("{pointer}/portion"), detail);
            continue;
        };
        if beside.version() != one.version {
            let detail = format!("the current version is {}", beside.version());
            let (pointer, code) = (format!("{pointer}/version"), Code::VersionMismatch.kind().code);
            overtaken.push(At { pointer, code: code.to_owned(), detail });
        }
        checks.take(beside.check_translating(one, &pointer))?;
    }
    checks.finish()?;
    if !overtaken.is_empty() {
        let detail = "Somebody else has translated some of these portions in the meantime. Nothing was written.";
        return Err(Problem::new(Code::VersionMismatch, detail).with_errors(overtaken));
    }
    write(work, &translation, portions)?;
    changed(work, translation, "translation.translated")
}

/// Writes portions as they were checked, each with whom its original prints by name.
pub(super) fn write(
    work: &mut Work,
    translation: &Translation,
    portions: &[Translating],
) -> Result<(), Problem> {
    let report = reports::report(work.conn, translation.report_id)?;
    let named = gather::named(work, &report)?;
    let anybody = left_out(&named, |_| true);
    // Few portions print anybody.
    let printed = |text: &str| {
        if anybody.in_text(text) == text { Vec::new() } else { printed_in(text, &named) }
    };
    for one in portions {
        let translated = one.translated();
        let translated = translated.as_ref().map(|to| (to, printed(&to.made_from)));
        store::put(work.conn, translation.id, &one.portion, translated)?;
    }
    Ok(())
}

/// Notes that something of a translation was changed.
pub(super) fn changed(
    work: &mut Work,
    translation: Translation,
    action: &'static str,
) -> Result<Translation, Problem> {
    let version = translation.version + 1;
    let translation = Translation { version, updated_at: work.now, ..translation };
    store::update(work.conn, &translation)?;
    work.audit(action, "translation", translation.id);
    Ok(translation)
}

/// Names another translator, or nobody.
pub fn assign(
    work: &mut Work,
    id: TranslationId,
    version: i64,
    translator: Option<AccountId>,
) -> Result<Translation, Problem> {
    let (_, place) = located(work, id)?;
    work.require(Permission::DraftReports, &place.scope)?;
    work.lock(id.uuid())?;
    let translation = store::translation(work.conn, id)?;
    require_version(translation.version, version)?;
    require_translator(work, translator, &place.scope)?;
    changed(work, Translation { translator, ..translation }, "translation.assigned")
}

/// Takes a translation away that is worked on. What was published of it stays.
pub fn delete(work: &mut Work, id: TranslationId, version: i64) -> Result<(), Problem> {
    let (_, place) = located(work, id)?;
    work.require(Permission::DraftReports, &place.scope)?;
    work.lock(id.uuid())?;
    let translation = store::translation(work.conn, id)?;
    require_version(translation.version, version)?;
    store::delete(work.conn, id, version)?;
    work.audit("translation.deleted", "translation", id);
    Ok(())
}

/// What the caller may do with a translation.
pub fn allowed_actions(
    work: &mut Work,
    translation: &Translation,
) -> Result<Vec<&'static str>, Problem> {
    let (_, place) = located(work, translation.id)?;
    let drafts = work.may(Permission::DraftReports, &place.scope);
    let is_public = crate::reports::rights::is_public(work, place.report.id)?;
    let table = [
        ("translate", may_translate(work, translation, &place)),
        ("assign", drafts),
        ("publish", is_public && work.may(Permission::PublishReports, &place.scope)),
        ("delete", drafts),
    ];
    Ok(table.into_iter().filter(|(_, may)| *may).map(|(action, _)| action).collect())
}

/// Whether the caller, who may read the draft, may begin translations of a report.
pub fn can_begin(work: &mut Work, id: ReportId) -> Result<bool, Problem> {
    let place = locate_draft(work, id)?;
    Ok(work.may(Permission::DraftReports, &place.scope))
}
