//! What the page of a paper's compilation shows and does, by the service of recompiling.

use crate::pages::fields::Fields;
use crate::pages::team::only_for_team;
use crate::problem::Problem;
use crate::reports::recompiling::SettlementDecision;
use crate::reports::recompiling::service::{self, Compilation, SettledOn, Settlement};
use crate::reports::{EditionId, ReportId, Source};
use crate::work::Work;

/// What a paper is compiled from, for whoever may read its draft; 404 for everybody else.
pub fn compilation(work: &mut Work, id: ReportId) -> Result<Compilation, Problem> {
    only_for_team(service::read(work, id))
}

/// What is done on the page.
#[derive(Debug, Clone)]
pub enum Act {
    /// The paper follows the newest editions; the version that was seen.
    Recompile(i64),
    /// A change is settled.
    Settle(Settlement),
}

impl Act {
    /// What was sent; none where it is no such form.
    pub fn read(fields: &Fields) -> Option<Self> {
        let action = fields.one("action")?;
        if action == "recompile" {
            return fields.parsed("version").map(Self::Recompile);
        }
        let decision: SettlementDecision = action.parse().ok()?;
        let on = match fields.parsed("paragraph") {
            Some(paragraph) => SettledOn::Paragraph(paragraph, fields.parsed("version")?),
            None => SettledOn::Source(Source {
                edition_id: fields.parsed::<EditionId>("edition")?,
                number: fields.parsed("number")?,
            }),
        };
        let follows = decision == SettlementDecision::Follow;
        Some(Self::Settle(Settlement {
            on,
            decision,
            text: fields.text("text").filter(|_| follows),
            reason: fields.text("reason").filter(|_| !follows),
            section: None,
        }))
    }
}

/// Does it.
pub fn act(work: &mut Work, id: ReportId, act: &Act) -> Result<(), Problem> {
    compilation(work, id)?;
    match act {
        Act::Recompile(version) => service::recompile(work, id, *version).map(drop),
        Act::Settle(settlement) => {
            service::settle(work, id, std::slice::from_ref(settlement)).map(drop)
        }
    }
}
