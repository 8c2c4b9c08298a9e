//! What the page of the commenting template shows and does, by the services of clearance.

use super::posted::Act;
use crate::pages::team::only_for_team;
use crate::problem::Problem;
use crate::reports::clearance::positions::service::{self as positions, Mine};
use crate::reports::clearance::service::Names;
use crate::reports::clearance::template::service::{self as template, Outgoing, ReadBack, Sent};
use crate::reports::clearance::template::{Line, Said};
use crate::reports::{Report, ReportId};
use crate::vocabulary::PartyId;
use crate::work::Work;

/// The page as somebody looks at it.
pub struct Sheet {
    /// The report.
    pub report: Report,
    /// Its paragraphs.
    pub lines: Vec<Line>,
    /// For whom they may send a table back; nobody where no round is open or they are not asked.
    pub mine: Vec<Mine>,
    /// What those are called.
    pub names: Names,
}

/// What a file says.
pub type Found = ReadBack;

/// The page for whoever may read the draft; 404 for everybody else.
pub fn sheet(work: &mut Work, id: ReportId) -> Result<Sheet, Problem> {
    let Outgoing { report, lines, .. } = outgoing(work, id)?;
    let (round, mut mine) = positions::mine(work, id)?;
    if round.is_none_or(|round| round.closed_at.is_some()) {
        mine.clear();
    }
    let names = Names::of(work, mine.iter().map(|one| &one.seat.party), [])?;
    Ok(Sheet { report, lines, mine, names })
}

/// What the tables are made of.
pub fn outgoing(work: &mut Work, id: ReportId) -> Result<Outgoing, Problem> {
    only_for_team(template::read(work, id))
}

/// What a file says. Writes nothing.
pub fn found(work: &mut Work, id: ReportId, act: &Act) -> Result<Found, Problem> {
    let (bytes, content_type) = (act.file.bytes.as_slice(), Some(act.file.content_type.as_str()));
    template::look(work, id, Sent { bytes, content_type, party: act.party, dry_run: true })
}

/// Records what a page showed.
pub fn keep(
    work: &mut Work,
    id: ReportId,
    party: Option<PartyId>,
    said: Vec<Said>,
) -> Result<(), Problem> {
    only_for_team(template::keep(work, id, party, said))
}
