//! What became of an input, for the team; and of everything that was contributed by a receipt, for whoever holds it. Brings inputs and
//! reports together.

use crate::access::{Permission, Scope};
use crate::consultations::{self, ConsultationId};
use crate::i18n::{Language, Placeholder, Template};
use crate::inputs::lineage::{self, Lineage};
use crate::inputs::{Input, InputId, reading};
use crate::limits::Window;
use crate::outbox::{About, Letter};
use crate::problem::Problem;
use crate::reports::following::{Trace, trace};
use crate::voices::contributions::service as contributions;
use crate::work::Work;
use crate::{accounts, audit, registrations};

/// What became of an input.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The input.
    pub input: Input,
    /// How it went on within inputs.
    pub lineage: Lineage,
    /// Where it ended up in reports.
    pub trace: Trace,
    /// Whether the caller reads inputs as one of the team; contributors are told less of others' work.
    pub team: bool,
}

/// What became of an input that the caller may read.
pub fn follow(work: &mut Work, id: InputId) -> Result<Followed, Problem> {
    let (input, _, lineage) = lineage::lineage(work, id)?;
    followed(work, input, lineage, true)
}

fn followed(
    work: &mut Work,
    input: Input,
    lineage: Lineage,
    team: bool,
) -> Result<Followed, Problem> {
    let mut ids: Vec<InputId> = lineage.now_in.iter().map(|input| input.id).collect();
    ids.push(input.id);
    ids.sort_unstable();
    ids.dedup();
    let trace = trace(work, &ids)?;
    Ok(Followed { input, lineage, trace, team })
}

/// What became of everything that was contributed by this receipt.
pub fn follow_own(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
) -> Result<Vec<Followed>, Problem> {
    let mut items = Vec::new();
    for input in contributions::own_inputs(work, id, receipt)? {
        let lineage = reading::lineage(work, &input)?;
        items.push(followed(work, input, lineage, false)?);
    }
    Ok(items)
}

/// How often everybody is asked.
const REMINDERS: Window = Window { most: 1, hours: 24 };

/// Asks everybody who is confirmed to look at their inputs, because some were returned with a question. Everybody gets the same
/// mail, whether they contributed or not, so that no mail tells whose input it is. Once in 24 hours.
pub fn remind(work: &mut Work, id: ConsultationId) -> Result<usize, Problem> {
    work.caller.signed_in()?;
    let consultation = consultations::service::see(work, id)?;
    let scope: Scope = consultation.scope();
    work.require(Permission::TriageInputs, &scope.outside_groups())?;
    crate::db::lock(work.conn, id.uuid())?;
    let action = "consultation.inputs_returned_told";
    let times = audit::done_to(work.conn, action, id.uuid(), REMINDERS.since(work.now))?;
    let detail = format!("Everybody was asked within the last {} hours.", REMINDERS.hours);
    REMINDERS.require_room(&times, work.now, detail)?;
    let confirmed = registrations::service::confirmed(work, id)?;
    let ids: Vec<_> = confirmed.iter().map(|one| one.account_id).collect();
    let people = accounts::service::names(work, &ids)?;
    let mut mails = Vec::with_capacity(confirmed.len());
    for registration in &confirmed {
        let Some(person) = people.get(&registration.account_id) else { continue };
        let letter = Letter {
            template: Template::InputsReturned,
            language: Language::choose(person.language, &consultation.languages),
            recipient: person.email.as_str(),
            values: vec![
                (Placeholder::Name, person.name.clone()),
                (Placeholder::Theme, consultation.theme.clone()),
            ],
            secret: None,
            about: Some(About::of(id, "registration", registration.id)),
        };
        mails.push(letter.write()?);
    }
    let count = mails.len();
    work.mails(mails)?;
    work.audit(action, "consultation", id);
    Ok(count)
}
