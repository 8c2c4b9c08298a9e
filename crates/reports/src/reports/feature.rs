//! What the rest of the program knows of reports.

use serde_json::json;

use super::bodies::EditionBody;
use super::{
    documents, history, http, input_coverage, milestones, participation, personal, privacy,
    publishing, suggestions,
};
use crate::events::AccountsMerged;
use crate::i18n::Template;
use crate::jobs::JobKind;
use crate::printing::Printer;
use crate::problem::Problem;
use crate::proposals::Act;
use crate::registry::{Doing, Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: |cfg| {
        http::mount(cfg);
        history::http::mount(cfg);
        milestones::http::mount(cfg);
        suggestions::http::mount(cfg);
        documents::http::mount(cfg);
        participation::mount(cfg);
        input_coverage::mount(cfg);
    },
    open: |opening| {
        opening.share(Printer::open(opening.settings, opening.clock.clone()));
        Ok(())
    },
    on_event: &[Reaction::to::<AccountsMerged, Reports>()],
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((85, privacy::erase)),
    jobs: &[(JobKind::RenderDocument, |_| Doing::Computes(documents::prepare))],
    acts: &[(Act::PublishReport, |work, carried| {
        let edition = publishing::publish(work, carried)?;
        Ok(json!(EditionBody::from(edition)))
    })],
    mails: &[Template::ReportPublished],
    ..Feature::named("reports")
};

struct Reports;

impl Reacts<AccountsMerged> for Reports {
    /// What one of the team drafted, froze, suggested and said, the other did.
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        history::store::account_merged(work.conn, *event)?;
        milestones::store::account_merged(work.conn, *event)?;
        suggestions::store::account_merged(work.conn, *event)?;
        Ok(Moved::new())
    }
}
