//! What may be proposed about voices, and what is done once somebody else confirmed it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::consultations::{self, Activity, Consultation, ConsultationId};
use crate::inputs::{self, InputId};
use crate::problem::{Code, Problem};
use crate::proposals::service::{self as proposals, New, Put};
use crate::proposals::{Act, Carried, scope_of};
use crate::voices::counting::service as counted;
use crate::voices::mixing::service as mixing;
use crate::work::Work;

/// Which voice: the one that said this.
#[derive(Serialize, Deserialize)]
struct Refusal {
    input_id: InputId,
}

/// Whose keys.
#[derive(Serialize, Deserialize)]
struct Destruction {
    consultation_id: ConsultationId,
}

/// Proposes to take nothing any more of the voice that said an input. 409 when no voice is known to have said it by receipt.
pub fn propose_refusal(work: &mut Work, input: InputId) -> Result<Put, Problem> {
    work.caller.signed_in()?;
    let input = inputs::service::see(work, input)?.input;
    let consultation = consultations::service::load(work, input.consultation_id)?;
    let review = Some(consultation.review_id);
    work.require(Act::RefuseVoice.permission(review), &scope_of(review))?;
    if !counted::has_contributor(work, consultation.id, input.id)? {
        let detail = "Only what was said by a receipt has a voice that can be refused, and only while voices can be counted.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    proposals::put(
        work,
        New {
            act: Act::RefuseVoice,
            subject: input.id.to_string(),
            review,
            about: None,
            what: json!(Refusal { input_id: input.id }),
            sha256: None,
            at_once: true,
        },
    )
}

/// Takes nothing any more of the voice that said the input: neither what it has waiting nor what it says from now on.
pub fn refuse(work: &mut Work, carried: &Carried) -> Result<Value, Problem> {
    let Refusal { input_id } = proposals::frozen(carried)?;
    let (input, consultation) = inputs::service::load(work, input_id)?;
    mixing::lock(work, consultation.id)?;
    if !counted::refuse_voice_of(work, consultation.id, input.id)? {
        let detail = "The voice that said this cannot be known any more.";
        return Err(Problem::new(Code::ProposalOvertaken, detail));
    }
    work.audit("voice.refused", "consultation", consultation.id);
    Ok(json!({ "input_id": input.id }))
}

/// 409 while contributions are taken, or when it was done already: counting needs the key until then.
fn require_over(work: &mut Work, consultation: &Consultation) -> Result<(), Problem> {
    if consultation.require(Activity::SubmitInputs).is_ok() {
        let detail = "Contributions are taken and counted in this phase: move the consultation to clearance first.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    if mixing::keys_destroyed(work, consultation.id)? {
        let detail = "The key was destroyed already.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    Ok(())
}

/// Proposes to destroy the key by which the voices of a consultation are counted, which otherwise goes when its report is published.
pub fn propose_destruction(work: &mut Work, id: ConsultationId) -> Result<Put, Problem> {
    work.caller.signed_in()?;
    let consultation = consultations::service::see(work, id)?;
    let review = Some(consultation.review_id);
    work.require(Act::DestroyKeys.permission(review), &scope_of(review))?;
    require_over(work, &consultation)?;
    proposals::put(
        work,
        New {
            act: Act::DestroyKeys,
            subject: id.to_string(),
            review,
            about: None,
            what: json!(Destruction { consultation_id: id }),
            sha256: None,
            at_once: true,
        },
    )
}

/// Forgets the sealed voices; the sweep destroys the key itself once that is committed.
pub fn destroy(work: &mut Work, carried: &Carried) -> Result<Value, Problem> {
    let Destruction { consultation_id: id } = proposals::frozen(carried)?;
    mixing::lock(work, id)?;
    let consultation = consultations::service::load(work, id)?;
    require_over(work, &consultation)?;
    mixing::destroy_keys(work, id)?;
    Ok(json!({ "consultation_id": id }))
}
