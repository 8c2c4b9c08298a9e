//! Where inputs ended up: the paragraphs that rest on them, in drafts and in editions, and why not. Must never learn who said
//! what; whether the caller may ask about an input is for whoever asks this.

use crate::access::Permission;
use crate::inputs::InputId;
use crate::problem::Problem;
use crate::work::Work;

use super::rights::locate;
use super::store::editions::Published;
use crate::reports::{ParagraphId, ReportId, ReportState, store};

/// What became of an input in reports.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// Paragraphs of published editions.
    pub published: Vec<Published>,
    /// Paragraphs of drafts, for who may read those.
    pub drafted: Vec<(ReportId, ParagraphId)>,
    /// Whether the draft of a report rests on it that is being cleared or is published.
    pub in_cleared_draft: bool,
    /// Why it is not in a report, where that was said; for others than drafters once there is an edition.
    pub omitted_because: Vec<String>,
}

/// What became of these inputs, which are one voice's way through merging and splitting.
pub fn trace(work: &mut Work, inputs: &[InputId]) -> Result<Trace, Problem> {
    let mut trace =
        Trace { published: store::editions::published_on(work.conn, inputs)?, ..Trace::default() };
    let mut reads_drafts = false;
    for (_, report, paragraph) in store::editions::drafted_on(work.conn, inputs)? {
        let place = locate(work, report)?;
        trace.in_cleared_draft |= place.report.state != ReportState::Drafting;
        if work.may(Permission::ReadDrafts, &place.scope) {
            reads_drafts = true;
            trace.drafted.push((report, paragraph));
        }
    }
    for (_, report, reason) in store::editions::omitted(work.conn, inputs)? {
        let place = locate(work, report)?;
        reads_drafts |= work.may(Permission::ReadDrafts, &place.scope);
        if reads_drafts || place.report.state == ReportState::Published {
            trace.omitted_because.push(reason);
        }
    }
    Ok(trace)
}
