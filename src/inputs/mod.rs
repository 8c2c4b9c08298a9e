//! Inputs: what people contributed, and how far each has come. Pure types and rules. Nothing here can name a person:
//! who said an input is known to `attribution` alone, which is private to this slice (DOMAIN.md, rule 1).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::consultations::{ConsultationId, RoundId, WorkingGroupId, is_language_tag};
use crate::db::types::Id;
use crate::organizations::{NOT_A_WEB_ADDRESS, is_web_address};
use crate::problem::{Checks, Code, Problem};
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;
use crate::text_enum;

mod attribution;
pub mod http;
pub mod merging;
pub mod privacy;
pub mod reading;
pub mod service;
mod store;

/// The id of an input. Random: it tells nothing of when the input came.
pub type InputId = Id<Input>;

/// Longest text of an input, in characters.
pub const LONGEST_BODY: usize = 5000;
/// Longest question to a contributor and longest reason, in characters.
pub const LONGEST_REMARK: usize = 2000;
/// Most citations of one input.
pub const MOST_CITATIONS: usize = 10;
const LONGEST_TITLE: usize = 500;
const LONGEST_PUBLISHER: usize = 300;
const LONGEST_ADDRESS: usize = 1000;

text_enum! {
    /// Where an input was made.
    pub enum Origin {
        /// Sent in writing.
        Written => "written",
        /// Said before everybody.
        Plenary => "plenary",
        /// Said in a working group, in one of its rounds.
        Group => "group",
    }
}

text_enum! {
    /// How far an input has come.
    pub enum InputState {
        /// Waits to be read.
        Submitted => "submitted",
        /// A paragraph may rest on it.
        Accepted => "accepted",
        /// Waits for its contributor to answer a question.
        Returned => "returned",
        /// Went into another input.
        Merged => "merged",
        /// Will not be used; the reason says why.
        SetAside => "set_aside",
        /// Taken back by its contributor; its text is gone.
        Withdrawn => "withdrawn",
    }
}

text_enum! {
    /// What happens to an input.
    pub enum Step {
        /// It can be used.
        Accept => "accept",
        /// Its contributor is asked something.
        Return => "return",
        /// It goes into another input.
        Merge => "merge",
        /// It will not be used.
        SetAside => "set_aside",
        /// A decision is undone.
        Reopen => "reopen",
        /// Its contributor changes it, or answers.
        Update => "update",
        /// Its contributor takes it back.
        Withdraw => "withdraw",
    }
}

use InputState::{Accepted, Merged, Returned, SetAside, Submitted, Withdrawn};

impl Step {
    /// The states from which the step can be taken.
    pub const fn from(self) -> &'static [InputState] {
        match self {
            Self::Accept | Self::Merge => &[Submitted],
            Self::Return | Self::SetAside => &[Submitted, Accepted],
            Self::Reopen => &[Accepted, Returned, SetAside],
            Self::Update => &[Submitted, Returned],
            Self::Withdraw => &[Submitted, Accepted, Returned, Merged, SetAside],
        }
    }

    /// The state that the step leads to.
    pub const fn to(self) -> InputState {
        match self {
            Self::Accept => Accepted,
            Self::Return => Returned,
            Self::Merge => Merged,
            Self::SetAside => SetAside,
            Self::Reopen | Self::Update => Submitted,
            Self::Withdraw => Withdrawn,
        }
    }
}

impl InputState {
    /// The state after a step, or 409 naming the states from which it could be taken.
    pub fn step(self, step: Step) -> Result<InputState, Problem> {
        if step.from().contains(&self) {
            return Ok(step.to());
        }
        let from: Vec<_> = step.from().iter().map(|state| state.as_str()).collect();
        let detail = format!("It is {self}; “{step}” is possible from {}.", from.join(", "));
        Err(Problem::new(Code::InvalidTransition, detail))
    }
}

/// A source that an input refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Its title.
    #[schema(example = "World Migration Report 2020")]
    pub title: String,
    /// Who published it.
    #[serde(default)]
    #[schema(example = "International Organization for Migration")]
    pub publisher: Option<String>,
    /// The year it came out.
    #[serde(default)]
    #[schema(example = 2019)]
    pub year: Option<u16>,
    /// Where it is on the web.
    #[serde(default)]
    #[schema(example = "https://publications.iom.int/books/world-migration-report-2020")]
    pub url: Option<String>,
}

/// One contribution. Says nothing of who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
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
    /// Its text; empty once withdrawn.
    pub body: String,
    /// The text's language (BCP 47).
    pub language: String,
    /// What it refers to.
    pub citations: Vec<Citation>,
    /// How far it has come.
    pub state: InputState,
    /// What its contributor was asked last.
    pub question: Option<String>,
    /// Why it was set aside.
    pub reason: Option<String>,
    /// The day it came, in the consultation's zone; the hour is not kept.
    pub submitted_on: NaiveDate,
    /// Counts changes.
    pub version: i64,
}

/// What an input is made of.
#[derive(Debug, Clone)]
pub struct NewInput {
    /// Where it was made.
    pub origin: Origin,
    /// The working group it was made in; exactly when the origin is one.
    pub working_group_id: Option<WorkingGroupId>,
    /// The round it was made in; exactly when the origin is a working group.
    pub round_id: Option<RoundId>,
    /// What it is about.
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is.
    pub category_id: CategoryId,
    /// Its text.
    pub body: String,
    /// The text's language (BCP 47).
    pub language: String,
    /// What it refers to.
    pub citations: Vec<Citation>,
}

impl NewInput {
    /// Removes what differs only in how it was typed: line ends, white space around texts, the order of objectives.
    pub fn cleaned(mut self) -> Self {
        self.body = self.body.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
        for citation in &mut self.citations {
            citation.title = citation.title.trim().to_owned();
            citation.publisher = trimmed(citation.publisher.take());
            citation.url = trimmed(citation.url.take());
        }
        self
    }

    /// Notes every value that cannot be accepted by a consultation with these objectives and a review with these categories.
    pub fn check(
        &self,
        objectives: &[ObjectiveNumber],
        categories: &[CategoryId],
        checks: &mut Checks,
    ) {
        self.check_place(checks);
        checks.require(
            !self.objectives.is_empty(),
            "/objectives",
            "must have at least one objective",
        );
        for (index, objective) in self.objectives.iter().enumerate() {
            let pointer = format!("/objectives/{index}");
            let detail = format!(
                "objective {objective} is not one of this consultation's: they are {}",
                listed(objectives)
            );
            checks.require(objectives.contains(objective), &pointer, detail);
            let repeated = self.objectives[..index].contains(objective);
            checks.require(!repeated, &pointer, format!("objective {objective} is there twice"));
        }
        let detail = "is not an input category of this consultation's review";
        checks.require(categories.contains(&self.category_id), "/category_id", detail);
        checks.text(&self.body, LONGEST_BODY, "/body");
        let detail = "must be a language tag (BCP 47), such as en, th or zh-Hans";
        checks.require(is_language_tag(&self.language), "/language", detail);
        let detail = format!("at most {MOST_CITATIONS} citations are taken");
        checks.require(self.citations.len() <= MOST_CITATIONS, "/citations", detail);
        for (index, citation) in self.citations.iter().take(MOST_CITATIONS).enumerate() {
            check_citation(citation, &format!("/citations/{index}"), checks);
        }
    }

    fn check_place(&self, checks: &mut Checks) {
        let grouped = self.origin == Origin::Group;
        let detail = if grouped {
            "must be given when the origin is group"
        } else {
            "is given only when the origin is group"
        };
        checks.require(self.working_group_id.is_some() == grouped, "/working_group_id", detail);
        checks.require(self.round_id.is_some() == grouped, "/round_id", detail);
    }
}

fn check_citation(citation: &Citation, pointer: &str, checks: &mut Checks) {
    checks.text(&citation.title, LONGEST_TITLE, &format!("{pointer}/title"));
    checks.optional_text(
        citation.publisher.as_deref(),
        LONGEST_PUBLISHER,
        &format!("{pointer}/publisher"),
    );
    let year = citation.year.is_none_or(|year| (1800..=2100).contains(&year));
    checks.require(year, &format!("{pointer}/year"), "must be a year from 1800 to 2100");
    if let Some(url) = &citation.url {
        let pointer = format!("{pointer}/url");
        checks.text(url, LONGEST_ADDRESS, &pointer);
        checks.require(is_web_address(url), &pointer, NOT_A_WEB_ADDRESS);
    }
}

fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
}

fn listed(objectives: &[ObjectiveNumber]) -> String {
    objectives.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What can be changed in an input by who made it; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct InputChange {
    /// Other objectives.
    pub objectives: Option<Vec<ObjectiveNumber>>,
    /// Another kind of contribution.
    pub category_id: Option<CategoryId>,
    /// Another text.
    pub body: Option<String>,
    /// Another language.
    pub language: Option<String>,
    /// Other citations.
    pub citations: Option<Vec<Citation>>,
}

impl InputChange {
    /// The input's parts as they would be after the change.
    pub fn of(&self, input: &Input) -> NewInput {
        let (kept, change) = (input.clone(), self.clone());
        NewInput {
            origin: kept.origin,
            working_group_id: kept.working_group_id,
            round_id: kept.round_id,
            objectives: change.objectives.unwrap_or(kept.objectives),
            category_id: change.category_id.unwrap_or(kept.category_id),
            body: change.body.unwrap_or(kept.body),
            language: change.language.unwrap_or(kept.language),
            citations: change.citations.unwrap_or(kept.citations),
        }
    }
}

/// What is decided about an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It can be used.
    Accept,
    /// Its contributor is asked something.
    Return {
        /// What is asked.
        question: String,
    },
    /// It will not be used.
    SetAside {
        /// Why.
        reason: String,
    },
    /// The decision before is undone.
    Reopen,
}

impl Decision {
    /// The step of the state machine that this is.
    pub const fn step(&self) -> Step {
        match self {
            Self::Accept => Step::Accept,
            Self::Return { .. } => Step::Return,
            Self::SetAside { .. } => Step::SetAside,
            Self::Reopen => Step::Reopen,
        }
    }

    /// 422 unless its words can be kept.
    pub fn check(&self) -> Result<(), Problem> {
        let mut checks = Checks::new();
        match self {
            Self::Return { question } => checks.text(question, LONGEST_REMARK, "/question"),
            Self::SetAside { reason } => checks.text(reason, LONGEST_REMARK, "/reason"),
            Self::Accept | Self::Reopen => &mut checks,
        }
        .finish()
    }

    /// The input after the decision, or 409.
    pub fn taken(self, mut input: Input) -> Result<Input, Problem> {
        input.state = input.state.step(self.step())?;
        (input.question, input.reason) = match self {
            Self::Return { question } => (Some(question.trim().to_owned()), None),
            Self::SetAside { reason } => (None, Some(reason.trim().to_owned())),
            Self::Accept | Self::Reopen => (None, None),
        };
        Ok(input)
    }
}

text_enum! {
    /// In what capacity an account brought an input in. Part of the sealed link.
    pub enum Capacity {
        /// Said it.
        Contributor => "contributor",
        /// Wrote down what was said in a working group; not who said it.
        Recorder => "recorder",
    }
}

text_enum! {
    /// Why somebody with the permission asks who said an input. A fixed list, so that the audit log holds no words about a person.
    pub enum DisclosureReason {
        /// The contributor must be asked something that a returned input cannot ask.
        Clarification => "clarification",
        /// Somebody may be in danger.
        Safeguarding => "safeguarding",
        /// The contributor is to be asked whether they may be named.
        NamedAttribution => "named_attribution",
        /// The contributor asked to see, change or erase their data.
        DataSubjectRequest => "data_subject_request",
        /// A law requires it.
        LegalObligation => "legal_obligation",
    }
}

text_enum! {
    /// How many distinct voices stand behind some inputs: all that a drafter is told (DOMAIN.md, rule 3).
    pub enum Band {
        /// One.
        One => "one",
        /// Two to four.
        Few => "few",
        /// Five or more.
        Many => "many",
    }
}

impl Band {
    /// The band of a number of voices; that of nobody is the lowest.
    pub const fn of(voices: usize) -> Self {
        match voices {
            0 | 1 => Self::One,
            2..=4 => Self::Few,
            _ => Self::Many,
        }
    }
}

/// Which inputs a list is to have. There is no contributor in it, and there will be none.
#[derive(Debug, Clone, Default)]
pub struct Filter {
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
    /// In this language.
    pub language: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn new_input() -> NewInput {
        NewInput {
            origin: Origin::Written,
            working_group_id: None,
            round_id: None,
            objectives: vec![ObjectiveNumber::try_from(4).unwrap()],
            category_id: Id::new(uuid::Uuid::nil()),
            body: "Registration at birth is free.".to_owned(),
            language: "en".to_owned(),
            citations: Vec::new(),
        }
    }

    fn pointers(new: &NewInput) -> Vec<String> {
        let mut checks = Checks::new();
        let known = [4, 9].map(|number| ObjectiveNumber::try_from(number).unwrap());
        new.check(&known, &[Id::new(uuid::Uuid::nil())], &mut checks);
        let refusal = checks.finish().err();
        refusal
            .map(|problem| problem.errors().iter().map(|at| at.pointer.clone()).collect())
            .unwrap_or_default()
    }

    #[test]
    fn a_plain_input_is_accepted() {
        assert_eq!(pointers(&new_input()), Vec::<String>::new());
    }

    #[test]
    fn every_wrong_value_is_pointed_to() {
        let mut new = new_input();
        new.objectives =
            [9, 5, 9].map(|number| ObjectiveNumber::try_from(number).unwrap()).to_vec();
        new.category_id = Id::new(uuid::Uuid::max());
        new.body = "a\u{7}".to_owned();
        new.language = "english".to_owned();
        new.round_id = Some(Id::new(uuid::Uuid::nil()));
        new.citations = vec![Citation {
            title: String::new(),
            publisher: None,
            year: Some(3),
            url: Some("javascript:alert(1)".to_owned()),
        }];
        let expected = [
            "/round_id",
            "/objectives/1",
            "/objectives/2",
            "/category_id",
            "/body",
            "/language",
            "/citations/0/title",
            "/citations/0/year",
            "/citations/0/url",
        ];
        assert_eq!(pointers(&new), expected);
    }

    #[test]
    fn an_input_of_a_group_names_the_group_and_the_round() {
        let new = NewInput { origin: Origin::Group, ..new_input() };
        assert_eq!(pointers(&new), ["/working_group_id", "/round_id"]);
    }

    #[test]
    fn five_voices_are_many_and_one_is_one() {
        let bands = [0, 1, 2, 4, 5, 80].map(Band::of);
        assert_eq!(bands, [Band::One, Band::One, Band::Few, Band::Few, Band::Many, Band::Many]);
    }

    proptest! {
        #[test]
        fn a_step_leads_where_it_says_or_names_where_it_could_be_taken(
            state in select(InputState::ALL), step in select(Step::ALL),
        ) {
            match state.step(step) {
                Ok(next) => {
                    prop_assert!(step.from().contains(&state));
                    prop_assert_eq!(next, step.to());
                }
                Err(refusal) => {
                    prop_assert_eq!(refusal.code(), Code::InvalidTransition);
                    for from in step.from() {
                        prop_assert!(refusal.detail().contains(from.as_str()));
                    }
                }
            }
        }

        #[test]
        fn what_is_withdrawn_stays_withdrawn_and_only_what_waits_is_accepted(
            steps in proptest::collection::vec(select(Step::ALL), 0..20),
        ) {
            let mut state = Submitted;
            for step in steps {
                let Ok(next) = state.step(step) else { continue };
                prop_assert_ne!(state, Withdrawn);
                prop_assert!(next != Accepted || state == Submitted);
                prop_assert!(step != Step::Update || matches!(state, Submitted | Returned));
                state = next;
            }
        }
    }
}
