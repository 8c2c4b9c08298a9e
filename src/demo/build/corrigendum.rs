//! A second edition: a summary report is opened again, set right, cleared anew and published.

use std::collections::HashMap;

use chrono::Duration;

use super::texts::missing;
use super::{BuiltConsultation, Series};
use crate::consultations::lifecycle::Wanted;
use crate::demo::content::Corrigendum;
use crate::problem::Problem;
use crate::reports::{
    self, Amendment, ParagraphChange, ParagraphId, ReportId, ReportState, drafting, steps,
};
use crate::work::Work;

/// So long after a report is published somebody finds what is wrong in it.
const FOUND_AFTER: Duration = Duration::hours(20);

impl<'a> Series<'a> {
    /// Publishes the corrigendum of a report, if there is one: it is what the paper rests on.
    pub(super) fn correct(
        &mut self,
        held: &BuiltConsultation,
        report: ReportId,
        keys: &HashMap<ParagraphId, &'a str>,
    ) -> Result<(), String> {
        let corrigendum = &self.content.corrigendum;
        if corrigendum.consultation != held.ordinal {
            return Ok(());
        }
        self.step(held, &format!("corrigendum of {} places", corrigendum.corrections.len()));
        self.app.clock.advance(FOUND_AFTER);
        let step = format!("{} consultation, its corrigendum", held.name);
        self.run(self.secretariat, &step, |work| {
            let wanted = Wanted { reason: Some(corrigendum.reason.clone()), ..Wanted::default() };
            go(work, report, ReportState::Drafting, Some(Amendment::Corrigendum), &wanted)?;
            set_right(work, report, corrigendum, keys)?;
            go(work, report, ReportState::Clearance, None, &Wanted::default())
        })?;
        self.clear(held, report, None)?;
        self.issue(held, report, keys)
    }
}

fn go(
    work: &mut Work,
    report: ReportId,
    to: ReportState,
    amendment: Option<Amendment>,
    wanted: &Wanted,
) -> Result<(), Problem> {
    let version = reports::service::see(work, report)?.version;
    steps::take(work, report, version, to, amendment, wanted).map(drop)
}

fn set_right(
    work: &mut Work,
    report: ReportId,
    corrigendum: &Corrigendum,
    keys: &HashMap<ParagraphId, &str>,
) -> Result<(), Problem> {
    let paragraphs = reports::service::paragraphs(work, report)?;
    for one in &corrigendum.corrections {
        let is_it = |id| keys.get(id) == Some(&one.key.as_str());
        let paragraph = paragraphs.iter().find(|paragraph| is_it(&paragraph.id));
        let text = paragraph.and_then(|found| one.made_in(found.text.as_deref()?));
        let (paragraph, text) = paragraph.zip(text).ok_or_else(|| missing(&one.key))?;
        let change = ParagraphChange { text: Some(Some(text)), ..ParagraphChange::default() };
        drafting::update_paragraph(work, paragraph.id, paragraph.version, change)?;
    }
    Ok(())
}
