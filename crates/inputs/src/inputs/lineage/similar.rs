//! Which inputs say the same: shown to who triages, and to a participant who is about to say it once more. A participant is
//! shown only what was read and accepted, and nothing that must be handled with care.

use crate::access::Permission;
use crate::consultations::ConsultationId;
use crate::inputs::service::{for_readers, found, open};
use crate::inputs::submission::require_confirmed;
use crate::inputs::{self, Input, InputId, InputState, search};
use crate::problem::{Checks, Problem};
use crate::work::Work;
use crate::{similar, wording};

/// Candidates that are read at most.
const CANDIDATES: i64 = 200;
/// Similar inputs that are told at most.
const MOST: usize = 20;

/// An input that says about the same.
#[derive(Debug, Clone)]
pub struct Similar {
    /// The input.
    pub input: Input,
    /// How much alike they are, in thousandths.
    pub likeness: u16,
    /// Whether they are the same but for details.
    pub same: bool,
    /// What they have in common, as they read.
    pub shared: Vec<String>,
}

/// What is similar to an input, for who may read inputs: everything that waits or is accepted.
pub fn similar_to(work: &mut Work, id: InputId) -> Result<Vec<Similar>, Problem> {
    let (input, consultation, _) = found(work, id)?;
    for_readers(work, consultation.id)?;
    let shown = |other: &Input| {
        other.id != id
            && matches!(
                other.state,
                InputState::Submitted | InputState::Accepted | InputState::Returned
            )
    };
    find(work, consultation.id, &input.body, &input.language, shown)
}

/// What is similar to a text that is about to be submitted.
pub fn similar_to_text(
    work: &mut Work,
    id: ConsultationId,
    body: &str,
    language: &str,
) -> Result<Vec<Similar>, Problem> {
    let consultation = open(work, id)?;
    let account = work.caller.signed_in()?;
    let team = work.may(Permission::ReadInputs, &consultation.scope());
    if !team {
        require_confirmed(work, id, account)?;
    }
    let mut checks = Checks::new();
    crate::inputs::content::check_words(body, language, "", &mut checks);
    checks.finish()?;
    let shown =
        |other: &Input| other.state == InputState::Accepted && (team || other.care.may_be_shown());
    find(work, id, body, language, shown)
}

fn find(
    work: &mut Work,
    consultation: ConsultationId,
    body: &str,
    language: &str,
    shown: impl Fn(&Input) -> bool,
) -> Result<Vec<Similar>, Problem> {
    let text = wording::plain(body);
    let Some(signature) = similar::signature(&text) else { return Ok(Vec::new()) };
    let buckets = similar::buckets(&signature, consultation.uuid().as_u128(), language);
    let met = search::meeting(work.conn, &buckets, CANDIDATES)?;
    let mut found: Vec<Similar> = inputs::store::by_ids(work.conn, &met)?
        .into_iter()
        .filter(|(_, other)| other.consultation_id == consultation && shown(other))
        .filter_map(|(_, other)| {
            let why = similar::why(&text, &wording::plain(&other.body));
            let likeness = why.likeness_per_mille;
            (likeness >= similar::SIMILAR).then_some(Similar {
                input: other,
                likeness,
                same: likeness >= similar::SAME,
                shared: why.shared_words,
            })
        })
        .collect();
    // What is equally alike stays in its shuffled order.
    found.sort_by_key(|one| std::cmp::Reverse(one.likeness));
    found.truncate(MOST);
    Ok(found)
}
