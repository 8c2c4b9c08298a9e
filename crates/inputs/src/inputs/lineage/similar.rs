//! Which inputs say the same: shown to who triages, and to a contributor who is about to say it once more. A contributor is
//! shown only what was read and accepted, and nothing that must be handled with care.

use crate::consultations::ConsultationId;
use crate::inputs::service::{for_readers, found, may_see};
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
    let (input, consultation) = found(work, id)?;
    for_readers(work, consultation.id)?;
    let likes = find(work, consultation.id, &input.body, &input.language, |other| {
        other.id != id
            && apart(other, input.organization_id.is_some())
            && matches!(
                other.state,
                InputState::Submitted | InputState::Accepted | InputState::Returned
            )
    })?;
    Ok(likes
        .into_iter()
        .filter(|one| may_see(work, &one.input, &consultation))
        .take(MOST)
        .collect())
}

/// What was accepted and may be shown that is similar to a text which is about to be contributed. It does not ask who asks.
pub fn similar_to_text(
    work: &mut Work,
    id: ConsultationId,
    body: &str,
    language: &str,
) -> Result<Vec<Similar>, Problem> {
    let mut checks = Checks::new();
    crate::inputs::content::check_words(body, language, "", &mut checks);
    checks.finish()?;
    let mut found = find(work, id, body, language, |other| {
        other.state == InputState::Accepted && other.care.may_be_shown() && apart(other, false)
    })?;
    found.truncate(MOST);
    Ok(found)
}

/// What an organization says in its own name is never compared with what was said under seal: likeness would tell who speaks.
const fn apart(other: &Input, on_record: bool) -> bool {
    other.organization_id.is_some() == on_record
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
    Ok(found)
}
