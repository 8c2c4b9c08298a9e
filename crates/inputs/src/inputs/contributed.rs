//! What contributors say and do by receipt, as it enters the readable tables when it is mixed. Nothing here asks who: nobody knows.
//! For who keeps voices alone, which sees to it that what comes here was let in.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::content::Translation;
use super::history::InputEventKind;
use super::submission::{made, note};
use super::windows::Moment;
use super::wishes::Wish;
use super::{
    Addressee, Care, Citation, Input, InputId, InputState, NewInput, Origin, Step, history,
    lineage, store, submission, wishes,
};
use crate::consultations::{Consultation, ConsultationId};
use crate::problem::Problem;
use crate::reference::ObjectiveNumber;
use crate::registry::Event;
use crate::reviews::CategoryId;
use crate::work::Work;

/// What a contributor says: the parts of an input that are theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// What it is about: objectives of the consultation.
    #[schema(min_items = 1, example = json!([4, 9]))]
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is: an input category of the review.
    pub category_id: CategoryId,
    /// The text.
    #[schema(
        example = "Birth registration is free for all children in the province since 2019.",
        min_length = 1,
        max_length = 5000
    )]
    pub body: String,
    /// The text's language (BCP 47).
    #[serde(default = "super::http::english")]
    #[schema(example = "en", default = "en")]
    pub language: String,
    /// The text in another language, beside the original.
    #[serde(default)]
    pub translation: Option<Translation>,
    /// What it refers to.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub citations: Vec<Citation>,
    /// To whom it is addressed, where it recommends something.
    #[serde(default)]
    pub addressees: Vec<Addressee>,
    /// How carefully it must be handled.
    #[serde(default)]
    pub care: Care,
}

impl From<&Said> for NewInput {
    fn from(said: &Said) -> Self {
        Self {
            language: said.language.clone(),
            translation: said.translation.clone(),
            citations: said.citations.clone(),
            addressees: said.addressees.clone(),
            care: said.care,
            ..Self::written(said.objectives.clone(), said.category_id, said.body.clone())
        }
    }
}

impl Said {
    /// What stands in an input.
    pub fn of(input: &Input) -> Self {
        let input = input.clone();
        Self {
            objectives: input.objectives,
            category_id: input.category_id,
            body: input.body,
            language: input.language,
            translation: input.translation,
            citations: input.citations,
            addressees: input.addressees,
            care: input.care,
        }
    }
}

/// It as it will be kept; 422 naming everything that does not fit the consultation.
pub fn checked(work: &mut Work, consultation: &Consultation, said: &Said) -> Result<Said, Problem> {
    let new = submission::checked(work, consultation, NewInput::from(said))?;
    Ok(Said {
        objectives: new.objectives,
        category_id: new.category_id,
        body: new.body,
        language: new.language,
        translation: new.translation,
        citations: new.citations,
        addressees: new.addressees,
        care: new.care,
    })
}

/// Why it does not fit the consultation any more; none when it does.
pub fn unfit(
    work: &mut Work,
    consultation: &Consultation,
    said: &Said,
) -> Result<Option<String>, Problem> {
    match checked(work, consultation, said) {
        Ok(_) => Ok(None),
        Err(problem) => Ok(Some(problem.as_refusal()?.detail().to_owned())),
    }
}

/// Makes an input of what was said in a window, as it was checked.
pub fn bring_in(
    work: &mut Work,
    consultation: &Consultation,
    said: &Said,
    moment: Option<Moment>,
) -> Result<InputId, Problem> {
    let input = made(work, consultation, NewInput::from(said));
    let input = Input { origin: Origin::Written, moment, ..input };
    store::insert(work.conn, &input, work.ids.place())?;
    note(work, &input, InputEventKind::BroughtIn, None)?;
    Ok(input.id)
}

/// Whether a contributor may still change an input in this state: until a report rests on it, or it became something else.
pub fn may_change(work: &mut Work, input: &Input) -> Result<bool, Problem> {
    Ok(Step::Update.from().contains(&input.state) && !store::is_mentioned(work.conn, input.id)?)
}

/// As [`may_change`], of an input by its id.
pub fn takes_change(work: &mut Work, id: InputId) -> Result<bool, Problem> {
    let input = store::get(work.conn, id)?;
    may_change(work, &input)
}

/// Puts what its contributor says now in the place of what an input said, which has to be read again.
pub fn change(work: &mut Work, id: InputId, said: &Said) -> Result<(), Problem> {
    let before = store::get(work.conn, id)?;
    let said = said.clone();
    // A flag that the team added stays.
    let kept = before.care;
    let care = Care {
        testimony: said.care.testimony || kept.testimony,
        sensitive: said.care.sensitive || kept.sensitive,
        do_not_quote: said.care.do_not_quote,
    };
    let input = Input {
        objectives: said.objectives,
        category_id: said.category_id,
        body: said.body,
        language: said.language,
        translation: said.translation,
        citations: said.citations,
        addressees: said.addressees,
        care,
        first_reader: None,
        state: before.state.step(Step::Update)?,
        version: before.version + 1,
        ..before.clone()
    };
    store::rewrite(work.conn, &input)?;
    note(work, &input, InputEventKind::Updated, Some(&before))
}

/// Whether an input can still be taken back: until an edition rests on it.
pub fn takes_back(work: &mut Work, id: InputId) -> Result<bool, Problem> {
    let input = store::get(work.conn, id)?;
    Ok(input.state == InputState::Withdrawn || !wishes::service::is_published(work, id)?)
}

/// An edition rests on it: whoever said it wants to take it back, which the team is told and has to answer.
pub fn wish_back(work: &mut Work, consultation: &Consultation, id: InputId) -> Result<(), Problem> {
    wishes::service::record(work, consultation, id)
}

/// What came of the wishes to take these inputs back, of those that came too late.
pub fn wishes(work: &mut Work, ids: &[InputId]) -> Result<HashMap<InputId, Wish>, Problem> {
    let found = wishes::store::some(work.conn, ids)?;
    Ok(found.into_iter().map(|wish| (wish.input_id, wish)).collect())
}

/// Takes an input back. Its text is erased; that it was there is kept, for the
/// paragraphs that rested on it. What it went into loses it: with its last origin the text goes too, otherwise it has to be read
/// again.
pub fn take_back(work: &mut Work, id: InputId) -> Result<(), Problem> {
    let input = store::get(work.conn, id)?;
    if input.state == InputState::Withdrawn {
        return Ok(());
    }
    erase(work, input)?;
    for derived in lineage::store::derived_from(work.conn, id)? {
        lose_origin(work, derived)?;
    }
    Ok(())
}

/// A text is erased in this transaction: whoever took it over into something else looks now what of it stands there.
#[derive(Debug)]
pub struct InputErased {
    /// Said in which consultation.
    pub consultation: ConsultationId,
    /// What it said.
    pub body: String,
}

impl Event for InputErased {
    const NAME: &'static str = "input_erased";
}

fn erase(work: &mut Work, before: Input) -> Result<Input, Problem> {
    let erased = InputErased { consultation: before.consultation_id, body: before.body.clone() };
    work.tell(&erased)?;
    let input = Input {
        state: InputState::Withdrawn,
        body: String::new(),
        translation: None,
        citations: Vec::new(),
        question: None,
        reason_code: None,
        note: None,
        first_reader: None,
        version: before.version + 1,
        ..before.clone()
    };
    store::rewrite(work.conn, &input)?;
    note(work, &input, InputEventKind::Withdrawn, Some(&before))?;
    history::store::forget_words(work.conn, input.id)?;
    Ok(input)
}

fn lose_origin(work: &mut Work, derived: InputId) -> Result<(), Problem> {
    let before = store::get(work.conn, derived)?;
    let origins = lineage::store::origins(work.conn, &[derived])?.remove(&derived);
    let origins: Vec<InputId> = origins.into_iter().flatten().collect();
    let standing = store::by_ids(work.conn, &origins)?
        .into_iter()
        .any(|(_, origin)| origin.state != InputState::Withdrawn);
    if !standing {
        erase(work, before)?;
        return Ok(());
    }
    // What is merged or split further is read again where it ended up.
    if !matches!(before.state, InputState::Accepted | InputState::Submitted) {
        return Ok(());
    }
    let input = Input {
        state: InputState::Submitted,
        first_reader: None,
        version: before.version + 1,
        ..before.clone()
    };
    store::update(work.conn, &input)?;
    note(work, &input, InputEventKind::OriginWithdrawn, Some(&before))
}

/// Those of these inputs that may be supported: accepted, and shown to other participants.
pub fn supportable(work: &mut Work, ids: &BTreeSet<InputId>) -> Result<BTreeSet<InputId>, Problem> {
    let ids: Vec<InputId> = ids.iter().copied().collect();
    let found = store::by_ids(work.conn, &ids)?.into_iter().map(|(_, input)| input);
    let shown = |input: &Input| {
        input.state == InputState::Accepted
            && input.care.may_be_shown()
            && input.organization_id.is_none()
    };
    Ok(found.filter(shown).map(|input| input.id).collect())
}
