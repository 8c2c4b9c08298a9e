//! What the pages of translations show and do, by the service of translations.

use super::sent_rows::Typed;
use crate::document::Document;
use crate::http::page::Paging;
use crate::i18n::Language;
use crate::pages::team::only_for_team;
use crate::problem::Problem;
use crate::proposals::ProposalId;
use crate::reports::differences::Stand;
use crate::reports::translations::service::{self as translations, HeldAgainst};
use crate::reports::translations::{Progress, Translation, issuing};
use crate::reports::{self, Report, ReportId};
use crate::work::Work;

/// The translations of a report.
pub struct Translations {
    /// The report.
    pub report: Report,
    /// Each with how much there is of it.
    pub all: Vec<(Translation, Progress)>,
    /// Whether the caller may begin others.
    pub can_begin: bool,
}

/// The translations of a report, for whoever reads its draft.
pub fn all(work: &mut Work, id: ReportId) -> Result<Translations, Problem> {
    let paging = Paging::first(Language::ALL.len());
    let found = only_for_team(translations::translations(work, id, &paging))?.items;
    let mut all = Vec::with_capacity(found.len());
    for one in found {
        let progress = translations::held(work, one.id, None)?.held.progress();
        all.push((one, progress));
    }
    let report = reports::service::see(work, id)?;
    Ok(Translations { report, all, can_begin: translations::can_begin(work, id)? })
}

/// Begins one.
pub fn begin(work: &mut Work, id: ReportId, language: Language) -> Result<(), Problem> {
    only_for_team(translations::begin(work, id, language, None)).map(drop)
}

/// A translation held against its original.
pub struct Looked {
    /// The report.
    pub report: Report,
    /// Portion by portion.
    pub held: HeldAgainst,
    /// What the caller may do with it.
    pub actions: Vec<&'static str>,
    /// The edition beside which it is not published yet, for whoever publishes.
    pub to_publish: Option<i32>,
    /// The edition beside which it was published last.
    pub published: Option<i32>,
}

/// A translation of a report, for whoever reads its draft.
pub fn look(work: &mut Work, id: ReportId, language: Language) -> Result<Looked, Problem> {
    let translation = only_for_team(translations::of_language(work, id, language))?;
    let actions = translations::allowed_actions(work, &translation)?;
    let report = reports::service::see(work, id)?;
    let held = translations::held(work, translation.id, None)?;
    let (mut to_publish, mut published) = (None, None);
    for issue in reports::store::editions::issues(work.conn, id)? {
        let issues = issuing::issues(work, id, issue.number)?;
        if issues.iter().any(|one| one.language == language) {
            published = Some(issue.number);
        } else if held.against == Stand::Edition(issue.number) && actions.contains(&"publish") {
            to_publish = Some(issue.number);
        }
    }
    Ok(Looked { report, held, actions, to_publish, published })
}

/// Writes what was typed.
pub fn write(
    work: &mut Work,
    id: ReportId,
    language: Language,
    typed: &Typed,
) -> Result<(), Problem> {
    let translation = only_for_team(translations::of_language(work, id, language))?;
    let wanted: Vec<_> = typed.wanted.iter().map(super::sent_rows::Row::translating).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    only_for_team(translations::translate(work, translation.id, None, &wanted)).map(drop)
}

/// Proposes to publish it beside an edition; the proposal, where somebody else must confirm it.
pub fn publish(
    work: &mut Work,
    id: ReportId,
    language: Language,
    (edition, version): (i32, i64),
) -> Result<Option<ProposalId>, Problem> {
    let translation = only_for_team(translations::of_language(work, id, language))?;
    let put = only_for_team(issuing::propose(work, translation.id, version, edition))?;
    Ok(put.outcome.is_none().then_some(put.proposal.id))
}

/// As a document.
pub fn text(
    work: &mut Work,
    id: ReportId,
    language: Language,
) -> Result<(Looked, Document), Problem> {
    let looked = look(work, id, language)?;
    let document = looked.held.held.document()?;
    Ok((looked, document))
}
