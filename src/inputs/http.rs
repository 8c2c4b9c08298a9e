//! Operations on inputs, and the shapes of what they take and give. No shape but [`DisclosureBody`] can hold a person.

use chrono::NaiveDate;

use super::service::{self, Disclosed, View};
use super::{
    Citation, Decision, DisclosureReason, Filter, Input, InputChange, InputId, InputState,
    NewInput, Origin, Step,
};
use crate::consultations::{ConsultationId, RoundId, WorkingGroupId};
use crate::http::prelude::*;
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;

/// An input. It does not say who made it.
#[derive(Debug, Serialize, ToSchema)]
pub struct InputBody {
    /// Its id.
    pub id: InputId,
    /// The consultation it was made to.
    pub consultation_id: ConsultationId,
    /// Where it was made.
    pub origin: Origin,
    /// The working group it was made in.
    pub working_group_id: Option<WorkingGroupId>,
    /// The round it was made in.
    pub round_id: Option<RoundId>,
    /// What it is about, in numeric order.
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is.
    pub category_id: CategoryId,
    /// Its text; empty once it is withdrawn.
    #[schema(example = "Birth registration is free for all children in the province since 2019.")]
    pub body: String,
    /// The text's language (BCP 47).
    #[schema(example = "en")]
    pub language: String,
    /// What it refers to.
    pub citations: Vec<Citation>,
    /// How far it has come.
    pub state: InputState,
    /// What its contributor was asked.
    pub question: Option<String>,
    /// Why it was set aside.
    pub reason: Option<String>,
    /// The day it came, in the consultation's zone.
    pub submitted_on: NaiveDate,
    /// Counts changes; also the `ETag`.
    pub version: i64,
    /// What the caller may do with it now.
    pub allowed_actions: Vec<&'static str>,
}

impl From<View> for InputBody {
    fn from(view: View) -> Self {
        let View { input, allowed_actions } = view;
        Self {
            id: input.id,
            consultation_id: input.consultation_id,
            origin: input.origin,
            working_group_id: input.working_group_id,
            round_id: input.round_id,
            objectives: input.objectives,
            category_id: input.category_id,
            body: input.body,
            language: input.language,
            citations: input.citations,
            state: input.state,
            question: input.question,
            reason: input.reason,
            submitted_on: input.submitted_on,
            version: input.version,
            allowed_actions,
        }
    }
}

impl InputBody {
    fn of(work: &mut Work, input: Input) -> Result<Self, Problem> {
        service::view(work, input).map(Self::from)
    }

    fn reply(work: &mut Work, input: Input) -> Result<Reply, Problem> {
        let body = Self::of(work, input)?;
        Ok(Reply::ok(body.version, &body))
    }
}

/// Which inputs, and which part of the list. There is no filter by contributor.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListInputs {
    /// About this objective.
    pub objective: Option<ObjectiveNumber>,
    /// Of this category.
    pub category_id: Option<CategoryId>,
    /// Of this working group.
    pub working_group_id: Option<WorkingGroupId>,
    /// Of this round.
    pub round_id: Option<RoundId>,
    /// In this state.
    pub state: Option<InputState>,
    /// Made in this way.
    pub origin: Option<Origin>,
    /// In this language (BCP 47).
    pub language: Option<String>,
    /// Rows of the page, at most 200.
    pub limit: Option<u32>,
    /// Where the page before said that this one begins.
    pub cursor: Option<String>,
}

/// Lists a consultation's inputs, unattributed and in shuffled order.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path), ListInputs), security(("bearer" = [])),
    responses((status = 200, body = Page<InputBody>), Refusals)
)]
#[get("/api/v1/consultations/{consultation_id}/inputs")]
pub async fn list_inputs(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ListInputs>,
) -> Answer {
    let (id, query) = (path.id(), query.0);
    let what = (query.objective, query.category_id, query.state, query.origin, &query.language);
    let shape = ("inputs", id, what, query.working_group_id, query.round_id);
    let paging = Paging::new(query.limit, query.cursor.as_deref(), &shape)?;
    let filter = Filter {
        objective: query.objective,
        category_id: query.category_id,
        working_group_id: query.working_group_id,
        round_id: query.round_id,
        state: query.state,
        origin: query.origin,
        language: query.language,
    };
    let part = call.read(move |work| service::list(work, id, &filter, &paging)).await?;
    Ok(call.page(part.map(InputBody::from)))
}

/// An input to be submitted, or recorded for a working group.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitInput {
    /// Where it was made.
    pub origin: Origin,
    /// The working group it was made in; needed when the origin is `group`, and only then.
    pub working_group_id: Option<WorkingGroupId>,
    /// The round it was made in; needed when the origin is `group`, and only then.
    pub round_id: Option<RoundId>,
    /// What it is about: objectives of the consultation.
    #[schema(min_items = 1, example = json!([4, 9]))]
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is: an input category of the review.
    pub category_id: CategoryId,
    /// Its text.
    #[schema(
        example = "Birth registration is free for all children in the province since 2019.",
        min_length = 1,
        max_length = 5000
    )]
    pub body: String,
    /// The text's language (BCP 47).
    #[serde(default = "english")]
    #[schema(example = "en", default = "en")]
    pub language: String,
    /// What it refers to.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub citations: Vec<Citation>,
}

fn english() -> String {
    "en".to_owned()
}

impl SubmitInput {
    fn to_new(&self) -> NewInput {
        NewInput {
            origin: self.origin,
            working_group_id: self.working_group_id,
            round_id: self.round_id,
            objectives: self.objectives.clone(),
            category_id: self.category_id,
            body: self.body.clone(),
            language: self.language.clone(),
            citations: self.citations.clone(),
        }
    }
}

/// Submits an input, or records it for a working group where the caller may. Who submitted it is sealed.
#[utoipa::path(
    tag = "inputs", params(("consultation_id" = ConsultationId, Path)), request_body = SubmitInput,
    security(("bearer" = [])), responses((status = 201, body = InputBody), Refusals)
)]
#[post("/api/v1/consultations/{consultation_id}/inputs")]
pub async fn submit_input(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<SubmitInput>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let input = service::receive(work, id, body.to_new())?;
        let body = InputBody::of(work, input)?;
        Ok(Reply::created(format!("/api/v1/inputs/{}", body.id), body.version, &body))
    })
    .await
}

/// Reads one input, unattributed.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path)), security(("bearer" = [])),
    responses((status = 200, body = InputBody), Refusals)
)]
#[get("/api/v1/inputs/{input_id}")]
pub async fn read_input(call: Call, path: PathIds<InputId>) -> Answer {
    let id = path.id();
    let view = call.read(move |work| service::see(work, id)).await?;
    Ok(call.ok(view.input.version, &InputBody::from(view)))
}

/// A change of an input by its contributor (JSON Merge Patch).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "body": "Consulates issue passports only in the capital, far from where most migrants work." }))]
pub struct UpdateInput {
    /// Other objectives.
    #[serde(default, deserialize_with = "patch::value")]
    pub objectives: Option<Vec<ObjectiveNumber>>,
    /// Another kind of contribution.
    #[serde(default, deserialize_with = "patch::value")]
    pub category_id: Option<CategoryId>,
    /// Another text.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(max_length = 5000)]
    pub body: Option<String>,
    /// Another language (BCP 47).
    #[serde(default, deserialize_with = "patch::value")]
    pub language: Option<String>,
    /// Other citations.
    #[serde(default, deserialize_with = "patch::value")]
    pub citations: Option<Vec<Citation>>,
}

/// Changes an input that waits, or answers the question it was returned with. For its contributor.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path)), request_body = UpdateInput,
    security(("bearer" = [])), responses((status = 200, body = InputBody), Refusals)
)]
#[patch("/api/v1/inputs/{input_id}")]
pub async fn update_input(call: Call, path: PathIds<InputId>, body: Body<UpdateInput>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    let body = body.value;
    let change = InputChange {
        objectives: body.objectives,
        category_id: body.category_id,
        body: body.body,
        language: body.language,
        citations: body.citations,
    };
    call.change(move |work| {
        let input = service::update(work, id, version, &change)?;
        InputBody::reply(work, input)
    })
    .await
}

/// Which decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionWord {
    /// It can be used.
    Accept,
    /// Its contributor is asked the question.
    Return,
    /// It will not be used, for the reason.
    SetAside,
    /// The decision before is undone.
    Reopen,
}

/// A decision about an input.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideInput {
    /// Which one.
    pub decision: DecisionWord,
    /// What its contributor is asked; with `return`.
    #[schema(example = "Which year is this?", max_length = 2000)]
    pub question: Option<String>,
    /// Why it is set aside; with `set_aside`.
    #[schema(example = "It is about another consultation's objectives.", max_length = 2000)]
    pub reason: Option<String>,
}

impl DecideInput {
    fn to_decision(&self) -> Result<Decision, Problem> {
        let only = |given: &Option<String>, pointer: &str, with: Step| match given {
            Some(_) => {
                Err(Problem::invalid(pointer, format!("goes only with the decision {with}")))
            }
            None => Ok(()),
        };
        // Missing words are refused as empty ones are.
        let words = |given: &Option<String>| given.clone().unwrap_or_default();
        if self.decision != DecisionWord::Return {
            only(&self.question, "/question", Step::Return)?;
        }
        if self.decision != DecisionWord::SetAside {
            only(&self.reason, "/reason", Step::SetAside)?;
        }
        Ok(match self.decision {
            DecisionWord::Accept => Decision::Accept,
            DecisionWord::Return => Decision::Return { question: words(&self.question) },
            DecisionWord::SetAside => Decision::SetAside { reason: words(&self.reason) },
            DecisionWord::Reopen => Decision::Reopen,
        })
    }
}

/// Accepts an input, returns it with a question, sets it aside with a reason, or undoes that.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path)), request_body = DecideInput,
    security(("bearer" = [])), responses((status = 200, body = InputBody), Refusals)
)]
#[post("/api/v1/inputs/{input_id}/decision")]
pub async fn decide_input(call: Call, path: PathIds<InputId>, body: Body<DecideInput>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let input = service::decide(work, id, version, body.to_decision()?)?;
        InputBody::reply(work, input)
    })
    .await
}

/// Takes an input back: its text is erased. For its contributor, until the report is published.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path)), security(("bearer" = [])),
    responses((status = 200, body = InputBody), Refusals)
)]
#[post("/api/v1/inputs/{input_id}/withdrawal")]
pub async fn withdraw_input(call: Call, path: PathIds<InputId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| {
        let input = service::withdraw(work, id, version)?;
        InputBody::reply(work, input)
    })
    .await
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListMyInputs {
    /// Rows of the page, at most 200.
    pub limit: Option<u32>,
    /// Where the page before said that this one begins.
    pub cursor: Option<String>,
}

/// Lists the caller's own inputs, with what became of each.
#[utoipa::path(
    tag = "inputs", params(ListMyInputs), security(("bearer" = [])),
    responses((status = 200, body = Page<InputBody>), Refusals)
)]
#[get("/api/v1/me/inputs")]
pub async fn list_my_inputs(call: Call, query: Params<ListMyInputs>) -> Answer {
    let paging = Paging::new(query.limit, query.cursor.as_deref(), &"my inputs")?;
    let part = call.read(move |work| service::own(work, &paging)).await?;
    Ok(call.page(part.map(InputBody::from)))
}

/// Why it must be known who said an input.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "clarification" }))]
pub struct DiscloseContributor {
    /// The reason, of a fixed list; it goes into the audit log.
    pub reason: DisclosureReason,
}

/// Who stands behind an input.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisclosureBody {
    /// Whether it was recorded for a working group: who said it is then not known.
    pub recorded_for_group: bool,
    /// That working group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_group_id: Option<WorkingGroupId>,
    /// Who said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributor: Option<ContributorBody>,
}

/// Who said an input.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContributorBody {
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
}

impl From<Disclosed> for DisclosureBody {
    fn from(disclosed: Disclosed) -> Self {
        match disclosed {
            Disclosed::Contributor { name, email } => Self {
                recorded_for_group: false,
                working_group_id: None,
                contributor: Some(ContributorBody { name, email }),
            },
            Disclosed::Recorded { working_group_id } => {
                Self { recorded_for_group: true, working_group_id, contributor: None }
            }
        }
    }
}

/// Tells who said an input, to those with the permission. Each use is audited; the answer is kept nowhere.
#[utoipa::path(
    tag = "inputs", params(("input_id" = InputId, Path)), request_body = DiscloseContributor,
    security(("bearer" = [])), responses((status = 200, body = DisclosureBody), Refusals)
)]
#[post("/api/v1/inputs/{input_id}/disclosure")]
pub async fn disclose_contributor(
    call: Call,
    path: PathIds<InputId>,
    body: Body<DiscloseContributor>,
) -> Answer {
    let id = path.id();
    call.post_secret(body, move |work, body| {
        let disclosed = service::disclose(work, id, body.reason)?;
        Ok(Reply::unversioned(&DisclosureBody::from(disclosed)))
    })
    .await
}

/// Adds these operations to the server.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(list_inputs)
        .service(submit_input)
        .service(read_input)
        .service(update_input)
        .service(decide_input)
        .service(withdraw_input)
        .service(list_my_inputs)
        .service(disclose_contributor);
}
