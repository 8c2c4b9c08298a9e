//! What contributing takes from the features, each in one transaction. Whoever contributes is nobody here: but for the giving of a
//! receipt everything is done as nobody in particular, by the receipt alone.

use std::collections::BTreeSet;

use super::commenting;
use super::unsent::Draft;
use crate::consultations::{self, Activity, Consultation, ConsultationId, Phase};
use crate::db::types::Timestamp;
use crate::following::service::{Followed, follow_own};
use crate::i18n::Language;
use crate::inputs::contributed::{self, Said};
use crate::inputs::lineage::similar::Similar;
use crate::inputs::{InputId, windows};
use crate::pages::fields::Fields;
use crate::problem::Problem;
use crate::registrations::{self, RegistrationState};
use crate::reviews::{self, InputCategory};
use crate::vocabulary::ContributionId;
use crate::voices::contributions::{Contribution, Own, service as contributions};
use crate::voices::feedback::{self, Statement};
use crate::voices::mixing::service::Schedule;
use crate::voices::receipts::service::{self as receipts, Given, MOST};
use crate::work::Work;

/// Similar texts that are shown: what is less alike leads away from what was to be said.
const SIMILAR: usize = 5;

/// What somebody signed in can be given.
pub struct Offer {
    /// The consultation.
    pub consultation: Consultation,
    /// Whether their registration is confirmed.
    pub confirmed: bool,
    /// Whether receipts are still given in it.
    pub open: bool,
    /// How many they were given.
    pub given: i32,
}

impl Offer {
    /// Whether they can be given one now.
    pub fn is_open(&self) -> bool {
        self.confirmed && self.open && self.given < MOST
    }
}

/// What the caller can be given in a consultation.
pub fn offer(work: &mut Work, id: ConsultationId) -> Result<Offer, Problem> {
    let consultation = consultations::service::see(work, id)?;
    let account = work.caller.signed_in()?;
    let own = registrations::service::of_account(work, id, account)?
        .filter(|own| own.state == RegistrationState::Confirmed);
    let given = match &own {
        Some(own) => receipts::given_to(work, id, own.id)?,
        None => 0,
    };
    let open = !matches!(consultation.phase, Phase::Published | Phase::Cancelled);
    Ok(Offer { consultation, confirmed: own.is_some(), open, given })
}

/// Gives the caller a receipt, if they were given as many as when they asked: a button that is pressed twice, or a page that is loaded
/// again, does not use up the one for when the first is lost.
pub fn give(work: &mut Work, id: ConsultationId, known: i32) -> Result<Option<Given>, Problem> {
    let offer = offer(work, id)?;
    if offer.given != known {
        return Ok(None);
    }
    receipts::give(work, id).map(Some)
}

/// The consultation, for who has no receipt yet.
pub fn consultation(work: &mut Work, id: ConsultationId) -> Result<Consultation, Problem> {
    consultations::service::see(work, id)
}

/// What is needed to say something.
pub struct Desk {
    /// The consultation.
    pub consultation: Consultation,
    /// The kinds of contributions.
    pub categories: Vec<InputCategory>,
    /// Whether anything is taken now.
    pub open: bool,
    /// Whether participants are asked about a draft.
    pub has_draft: bool,
    /// From when it is, if it is known.
    pub opens_at: Option<Timestamp>,
    /// How many questions wait for whoever holds the receipt.
    pub asked: usize,
    /// When what waits is mixed.
    pub schedule: Schedule,
}

/// What is needed to say something; 404 for whatever is no receipt.
pub fn desk(work: &mut Work, id: ConsultationId, receipt: &str) -> Result<Desk, Problem> {
    let (consultation, _) = receipts::holder(work, id, receipt)?;
    let own = contributions::own(work, id, receipt)?;
    let asked = own.contributions.iter().filter(|one| question(one).is_some()).count();
    let phase = consultation.require(Activity::SubmitInputs).is_ok();
    let window = Problem::or_refused(windows::require_open(work, &consultation))?.is_some();
    let later = windows::of(work, id)?.into_iter().map(|window| window.opens_at);
    let opens_at = later.filter(|at| *at > work.now).min().filter(|_| phase);
    let categories = reviews::service::categories(work, consultation.review_id)?;
    let schedule = contributions::schedule(work, id)?;
    let has_draft = commenting::service::is_open(work, &consultation)?;
    let open = phase && window;
    Ok(Desk { consultation, categories, open, has_draft, opens_at, asked, schedule })
}

/// The question about a contribution, unless its answer waits.
pub fn question(one: &Contribution) -> Option<&str> {
    let mixed = one.mixed.as_ref()?;
    let open = mixed.change.is_none() && one.allowed_actions.contains(&"update");
    mixed.question.as_deref().filter(|_| open)
}

/// What others said that is similar to what somebody is about to say, which must be fit to be said.
pub fn look(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    draft: Draft,
) -> Result<Vec<Similar>, Problem> {
    let (consultation, _) = receipts::holder(work, id, receipt)?;
    let said = contributed::checked(work, &consultation, &draft.said(None)?)?;
    let own = contributions::own_inputs(work, id, receipt)?;
    let own: BTreeSet<InputId> = own.into_iter().map(|input| input.id).collect();
    let mut found = contributions::similar_to(work, id, receipt, &said.body, &said.language)?;
    found.retain(|one| !own.contains(&one.input.id));
    found.truncate(SIMILAR);
    Ok(found)
}

/// Everything of a receipt.
pub struct Mine {
    /// The consultation.
    pub consultation: Consultation,
    /// What was said and supported.
    pub own: Own,
    /// What became of what was mixed.
    pub followed: Vec<Followed>,
    /// When what waits is mixed.
    pub schedule: Schedule,
    /// Whether it can be said by it how the event was.
    pub can_give_feedback: bool,
}

/// Everything of a receipt.
pub fn mine(work: &mut Work, id: ConsultationId, receipt: &str) -> Result<Mine, Problem> {
    let (consultation, _) = receipts::holder(work, id, receipt)?;
    let own = contributions::own(work, id, receipt)?;
    let followed = follow_own(work, id, receipt)?;
    let schedule = contributions::schedule(work, id)?;
    let can_give_feedback = feedback::service::may_give(work, id, receipt)?;
    Ok(Mine { consultation, own, followed, schedule, can_give_feedback })
}

/// What a contribution says, or will say once what waits is mixed.
pub fn standing(one: &Contribution) -> &Said {
    one.mixed.as_ref().and_then(|mixed| mixed.change.as_ref()).unwrap_or(&one.said)
}

/// What is needed to change a contribution, and what it says now.
pub fn standing_of(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    contribution: ContributionId,
) -> Result<(Desk, Said), Problem> {
    let one = contributions::see(work, id, receipt, contribution)?;
    Ok((desk(work, id, receipt)?, standing(&one).clone()))
}

/// What somebody does with what is theirs.
#[derive(Debug, Clone)]
pub enum Act {
    /// Changes it.
    Change(ContributionId, Draft),
    /// Answers the question about it: the text becomes one that does, and nothing else of it changes.
    Answer(ContributionId, String),
    /// Deletes it, or takes it back.
    TakeBack(ContributionId),
    /// Takes support back.
    Unsupport(InputId),
    /// Says how the event was.
    Feedback(feedback::Answers),
}

impl Act {
    /// What a form was sent with; none when that is nothing of this.
    pub fn read(fields: &Fields, language: Language) -> Option<Self> {
        let one = || fields.parsed("contribution");
        Some(match fields.one("action")? {
            "change" => Self::Change(one()?, Draft::read(fields, language)),
            "answer" => Self::Answer(one()?, fields.text("body").unwrap_or_default()),
            "take_back" => Self::TakeBack(one()?),
            "unsupport" => Self::Unsupport(fields.parsed("input")?),
            "feedback" => Self::Feedback(answers(fields)),
            _ => return None,
        })
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// It says something else, now or from the next mixing on.
    Changed(ContributionId),
    /// It is gone.
    Deleted(ContributionId),
    /// It goes when what waits is mixed.
    TakenBack(ContributionId),
    /// The support is gone, or goes then.
    Unsupported,
    /// It is counted.
    FeedbackGiven,
}

/// Does it.
pub fn act(work: &mut Work, id: ConsultationId, receipt: &str, act: &Act) -> Result<Done, Problem> {
    match act {
        Act::Change(one, draft) => {
            let before = contributions::see(work, id, receipt, *one)?;
            change(work, id, receipt, &before, draft.clone())
        }
        Act::Answer(one, body) => {
            let before = contributions::see(work, id, receipt, *one)?;
            let draft = Draft { body: body.clone(), ..Draft::of(standing(&before)) };
            change(work, id, receipt, &before, draft)
        }
        Act::TakeBack(one) => {
            let left = contributions::take_back(work, id, receipt, *one)?;
            Ok(if left.is_some() { Done::TakenBack(*one) } else { Done::Deleted(*one) })
        }
        Act::Unsupport(input) => {
            contributions::unsupport(work, id, receipt, *input)?;
            Ok(Done::Unsupported)
        }
        Act::Feedback(answers) => {
            feedback::service::give(work, id, receipt, answers)?;
            Ok(Done::FeedbackGiven)
        }
    }
}

fn change(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
    before: &Contribution,
    draft: Draft,
) -> Result<Done, Problem> {
    let said = draft.said(Some(standing(before)))?;
    contributions::change(work, id, receipt, before.id, &said)?;
    Ok(Done::Changed(before.id))
}

/// How the event was, as a form was sent with it.
fn answers(fields: &Fields) -> feedback::Answers {
    let answer = |statement: &Statement| Some((*statement, fields.parsed(statement.as_str())?));
    Statement::ALL.iter().filter_map(answer).collect()
}
