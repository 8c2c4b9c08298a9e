//! What the rest of the program knows of reports.

use serde_json::json;

use super::bodies::EditionBody;
use super::{documents, http, input_coverage, participation, personal, publishing};
use crate::i18n::Template;
use crate::jobs::JobKind;
use crate::printing::Printer;
use crate::proposals::Act;
use crate::registry::{Doing, Feature};

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: |cfg| {
        http::mount(cfg);
        documents::http::mount(cfg);
        participation::mount(cfg);
        input_coverage::mount(cfg);
    },
    open: |opening| {
        opening.share(Printer::open(opening.settings, opening.clock.clone()));
        Ok(())
    },
    personal: personal::FIELDS,
    jobs: &[(JobKind::RenderDocument, |_| Doing::Computes(documents::prepare))],
    acts: &[(Act::PublishReport, |work, carried| {
        let edition = publishing::publish(work, carried)?;
        Ok(json!(EditionBody::from(edition)))
    })],
    mails: &[Template::ReportPublished],
    ..Feature::named("reports")
};
