//! What the rest of the program knows of reports.

use serde_json::json;

use super::editions::http::EditionBody;
use super::foreseeing::Foresight;
use super::returning::keeper::MemoryKeeper;
use super::translations::http::EditionTranslationBody;
use super::{
    ReportState, alerts, arranging, checks, citing, clearance, differences, documents, editions,
    history, http, input_coverage, milestones, omissions, outline, paragraphs, participation,
    personal, privacy, provenance, publishing, recompiling, recurring, returning, steps, store,
    suggestions, translations, waiting,
};
use crate::access::Permission;
use crate::consultations::Phase;
use crate::consultations::lifecycle::{BlockerCode, PhaseChanged, StepConsidered};
use crate::db::Cleared;
use crate::events::AccountsMerged;
use crate::i18n::Template;
use crate::inputs::contributed::InputErased;
use crate::jobs::JobKind;
use crate::organizations::merging::OrganizationsMerged;
use crate::printing::Printer;
use crate::problem::Problem;
use crate::proposals::Act;
use crate::registry::{Doing, Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: |cfg| {
        http::mount(cfg);
        paragraphs::http::mount(cfg);
        outline::http::mount(cfg);
        omissions::http::mount(cfg);
        recompiling::http::mount(cfg);
        recurring::http::mount(cfg);
        arranging::http::mount(cfg);
        returning::http::mount(cfg);
        history::http::mount(cfg);
        milestones::http::mount(cfg);
        suggestions::http::mount(cfg);
        checks::http::mount(cfg);
        clearance::mount(cfg);
        waiting::http::mount(cfg);
        provenance::http::mount(cfg);
        editions::http::mount(cfg);
        documents::http::mount(cfg);
        differences::http::mount(cfg);
        translations::http::mount(cfg);
        citing::http::mount(cfg);
        participation::mount(cfg);
        input_coverage::mount(cfg);
    },
    open: |opening| {
        opening.share(Printer::open(opening.settings, opening.clock.clone()));
        let keeper = MemoryKeeper::open(opening.keys).map_err(|why| why.to_string())?;
        opening.share(keeper);
        opening.share(Foresight::default());
        opening.share(checks::remembered::FoundBefore::default());
        opening.share(documents::keeping::Keeping::default());
        Ok(())
    },
    on_event: &[
        Reaction::to::<StepConsidered, Reports>(),
        Reaction::to::<PhaseChanged, Reports>(),
        Reaction::to::<AccountsMerged, Reports>(),
        Reaction::to::<InputErased, Reports>(),
        Reaction::to::<OrganizationsMerged, Reports>(),
    ],
    sweep: Some(|app| Box::pin(async move { documents::keeping::sweep(&app).map(|()| 0) })),
    clear: Some(|work| {
        alerts::service::tell(work)?;
        clearance::reminding::service::remind(work)?;
        // Nothing is forgotten by it.
        Ok(Cleared::default())
    }),
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((85, privacy::erase)),
    jobs: &[(JobKind::RenderDocument, |_| Doing::Computes(documents::prepare))],
    acts: &[
        (Act::PublishReport, |work, carried| {
            let edition = publishing::publish(work, carried)?;
            Ok(json!(EditionBody::from(edition)))
        }),
        (Act::PublishTranslation, |work, carried| {
            let issued = translations::issuing::publish(work, carried)?;
            Ok(json!(EditionTranslationBody::new(issued)))
        }),
    ],
    foresees: &[(Act::PublishReport, publishing::foresee_proposed)],
    mails: &[Template::ReportPublished, Template::CitedInputChanged, Template::ClearanceWaits],
    ..Feature::named("reports")
};

struct Reports;

impl Reacts<StepConsidered> for Reports {
    fn react(work: &mut Work, step: &StepConsidered) -> Result<Moved, Problem> {
        if step.goes_on_to(Phase::Clearance) {
            match store::summary_of(work.conn, step.consultation.id)? {
                Some(report) => {
                    let judged = checks::service::judge(work, &report)?;
                    checks::blocker(&judged).into_iter().for_each(|one| step.add(one));
                }
                None => {
                    let what = "It has no report: there is nothing to clear.";
                    step.block(BlockerCode::NoReport, what, None, Permission::DraftReports);
                }
            }
        }
        if step.to == Phase::Published {
            let what = "It is published by the first edition of its report.";
            step.block(BlockerCode::EditionNeeded, what, None, Permission::PublishReports);
        }
        Ok(Moved::new())
    }
}

impl Reacts<PhaseChanged> for Reports {
    /// A consultation and its report are cleared together, and drafted again together.
    fn react(work: &mut Work, event: &PhaseChanged) -> Result<Moved, Problem> {
        match (event.from, event.to) {
            (Phase::Synthesis, Phase::Clearance) => {
                steps::go_along(work, event, ReportState::Clearance)?;
            }
            (Phase::Clearance, Phase::Synthesis) => {
                steps::go_along(work, event, ReportState::Drafting)?;
            }
            _ => {}
        }
        Ok(Moved::new())
    }
}

impl Reacts<InputErased> for Reports {
    /// What a draft says in the words of something that is taken back, no draft says any more.
    fn react(work: &mut Work, event: &InputErased) -> Result<Moved, Problem> {
        if let Some(report) = store::summary_of(work.conn, event.consultation)? {
            checks::service::withdrawn(work, report.id, &event.body)?;
        }
        Ok(Moved::new())
    }
}

impl Reacts<AccountsMerged> for Reports {
    /// What one of the team drafted, froze, suggested and said, the other did.
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        history::store::account_merged(work.conn, *event)?;
        milestones::store::account_merged(work.conn, *event)?;
        suggestions::store::account_merged(work.conn, *event)?;
        checks::store::account_merged(work.conn, *event)?;
        translations::store::hand_over(work.conn, event.from, Some(event.into))?;
        clearance::service::hand_over(work, event.from, Some(event.into))?;
        Ok(Moved::new())
    }
}

impl Reacts<OrganizationsMerged> for Reports {
    /// One organization is asked in place of the other.
    fn react(work: &mut Work, event: &OrganizationsMerged) -> Result<Moved, Problem> {
        clearance::asking::store::organization_merged(work.conn, *event)?;
        Ok(Moved::new())
    }
}
