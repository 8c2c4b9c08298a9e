//! What the pages of what is decided show, by the services of proposals and appeals and of what those are about.

use serde_json::Value;
use uuid::Uuid;

use super::matter::{Matter, Person};
use crate::access::Role;
use crate::accounts;
use crate::appeals::{self, Appeal, AppealId, AppealState, Filter, Subject};
use crate::consultations::{self, ConsultationId};
use crate::db::types::Id;
use crate::http::page::{LARGEST_LIMIT, Paging};
use crate::inputs;
use crate::organizations;
use crate::organizations::vetting::service::Vetter;
use crate::problem::Problem;
use crate::proposals::service::Seen;
use crate::proposals::{self, Act, Proposal, ProposalId, ProposalState};
use crate::reports;
use crate::reviews;
use crate::work::Work;

/// What waits for a decision in which the caller has a part.
#[derive(Debug, Default)]
pub struct Pending {
    /// Acts that need two people, the oldest first.
    pub proposals: Vec<Proposal>,
    /// Appeals that the caller may answer, the oldest first.
    pub appeals: Vec<Appeal>,
}

/// What waits for a decision in which the caller has a part.
pub fn pending(work: &mut Work) -> Result<Pending, Problem> {
    let proposals = proposals::service::waiting(work)?;
    if work.caller.roles().is_empty() {
        return Ok(Pending { proposals, appeals: Vec::new() });
    }
    let open = Filter { state: Some(AppealState::Open), ..Filter::default() };
    let paging = Paging::first(LARGEST_LIMIT as usize);
    let mut appeals = appeals::service::list(work, false, &open, &paging)?.items;
    let vetter = Vetter::of(work)?;
    appeals.retain(|one| !appeals::service::allowed_actions(work, &vetter, one).is_empty());
    Ok(Pending { proposals, appeals })
}

/// A proposal as it is shown.
#[derive(Debug)]
pub struct Proposed {
    /// The proposal, with what the caller may do about it.
    pub seen: Seen,
    /// How far it has come by now.
    pub state: ProposalState,
    /// What it is about.
    pub matter: Matter,
    /// The title of the review that it belongs to; none for the instance.
    pub review: Option<String>,
}

/// A proposal, for whoever may know of it; 404 for everybody else.
pub fn proposed(work: &mut Work, id: ProposalId) -> Result<Proposed, Problem> {
    let proposal = proposals::service::see(work, id)?;
    let review = match proposal.review_id {
        Some(id) => Some(reviews::service::see(work, id)?.title),
        None => None,
    };
    let (state, matter) = (proposal.state_at(work.now), matter(work, &proposal)?);
    Ok(Proposed { seen: proposals::service::shown(work, proposal)?, state, matter, review })
}

/// What a proposal is about, as far as the caller may know: whose accounts it is about is for those who could propose the same; who
/// is to get a role, for all who can confirm that or object.
fn matter(work: &mut Work, proposal: &Proposal) -> Result<Matter, Problem> {
    let what = &proposal.what;
    let could = work.may(proposal.act.permission(proposal.review_id), &proposal.scope());
    Ok(match proposal.act {
        Act::PublishReport => Matter::Publication {
            report: match id(what, "report_id") {
                Some(id) => Problem::or_refused(reports::service::see_draft(work, id))?,
                None => None,
            },
            version: what["version"].as_i64().unwrap_or_default(),
            symbol: what["symbol"].as_str().map(str::to_owned),
        },
        Act::PublishTranslation => Matter::Translation {
            report: match id(what, "report_id") {
                Some(id) => Problem::or_refused(reports::service::see_draft(work, id))?,
                None => None,
            },
            language: what["language"].as_str().and_then(|language| language.parse().ok()),
            edition: what["edition"].as_i64().unwrap_or_default(),
            version: what["version"].as_i64().unwrap_or_default(),
        },
        Act::MergeAccounts => Matter::Merging {
            from: person(work, what, "account_id", could)?,
            into: person(work, what, "into", could)?,
            withdraws: what["withdraw_duplicates"] == true,
        },
        Act::ErasePerson => Matter::Erasure { of: person(work, what, "account_id", could)? },
        Act::GiveStaffRole => Matter::Role {
            to: person(work, what, "account_id", true)?,
            role: what["role"].as_str().and_then(|role| role.parse::<Role>().ok()),
            organization: match id(what, "organization_id") {
                Some(id) => Some(organizations::service::load(work, id)?.name),
                None => None,
            },
        },
        Act::DestroyKeys => Matter::Keys { theme: theme(work, id(what, "consultation_id"))? },
        Act::RefuseVoice => voice(work, what)?,
        Act::ChangeTwoPeopleRule => Matter::Rule { required: what["required"] == true },
    })
}

fn id<K>(what: &Value, field: &str) -> Option<Id<K>> {
    what[field].as_str()?.parse::<Uuid>().ok().map(Id::new)
}

fn person(
    work: &mut Work,
    what: &Value,
    field: &str,
    told: bool,
) -> Result<Option<Person>, Problem> {
    let Some(id) = id(what, field).filter(|_| told) else { return Ok(None) };
    let account = accounts::service::names(work, &[id])?.remove(&id);
    Ok(account.map(|account| Person { name: account.name, email: account.email.to_string() }))
}

fn theme(work: &mut Work, id: Option<ConsultationId>) -> Result<Option<String>, Problem> {
    let Some(id) = id else { return Ok(None) };
    Ok(Problem::or_refused(consultations::service::see(work, id))?.map(|one| one.theme))
}

/// The voice that said something: what it said, for whoever may read that.
fn voice(work: &mut Work, what: &Value) -> Result<Matter, Problem> {
    let nothing = Matter::Voice { theme: None, said: None };
    let Some(id) = id(what, "input_id") else { return Ok(nothing) };
    let Some((input, consultation)) = Problem::or_refused(inputs::service::load(work, id))? else {
        return Ok(nothing);
    };
    let seen = inputs::service::may_see(work, &input, &consultation);
    let said = Some(input.body).filter(|_| seen);
    Ok(Matter::Voice { theme: theme(work, Some(consultation.id))?, said })
}

/// An appeal as it is shown.
#[derive(Debug)]
pub struct Appealed {
    /// The appeal.
    pub appeal: Appeal,
    /// The theme of the consultation, or the name of the organization.
    pub about: String,
    /// Who made it.
    pub by: Option<String>,
    /// Whether the caller may answer it now.
    pub can_answer: bool,
    /// Whether the caller is of those who answer such appeals.
    pub answers: bool,
}

/// An appeal, for whoever made it and those who answer such; 404 for everybody else.
pub fn appealed(work: &mut Work, id: AppealId) -> Result<Appealed, Problem> {
    let appeal = appeals::service::see(work, id)?;
    let about = match appeal.subject {
        Subject::Registration { consultation_id, .. } => {
            consultations::service::load(work, consultation_id)?.theme
        }
        Subject::Organization { id } => organizations::service::load(work, id)?.name,
    };
    let by = accounts::service::names(work, &[appeal.by])?.remove(&appeal.by);
    let vetter = Vetter::of(work)?;
    Ok(Appealed {
        about,
        by: by.map(|account| account.name),
        can_answer: !appeals::service::allowed_actions(work, &vetter, &appeal).is_empty(),
        answers: appeals::service::may_answer(work, &appeal),
        appeal,
    })
}
