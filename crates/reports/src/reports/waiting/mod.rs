//! What waits, for whom, and since when: one list, computed from what stands in a report and in its clearance. Nothing in it leads to who
//! said what: what waits is named by paragraphs, and whom it waits for are bodies, people of the team who were asked, and roles. Pure.

use std::collections::BTreeMap;

use super::checks::coverage::Coverage;
use super::clearance::{Party, Standing, later};
use super::suggestions::Suggestion;
use super::{ParagraphId, Report, ReportId, ReportState};
use crate::access::Permission;
use crate::consultations::lifecycle::Blocker;
use crate::db::types::Timestamp;
use crate::inputs::InputState;
use crate::text_enum;

pub(super) mod http;
pub mod service;

text_enum! {
    /// What waits.
    pub enum WaitingCode {
        /// Nobody was asked to agree to the next edition.
        NoClearanceRound => "no_clearance_round",
        /// An agreement that is needed is missing.
        AgreementMissing => "agreement_missing",
        /// An objection stands.
        ObjectionStands => "objection_stands",
        /// A comment is not answered.
        CommentUnanswered => "comment_unanswered",
        /// Suggested wording is not decided.
        SuggestionOpen => "suggestion_open",
        /// A paragraph cites an input that is not accepted any more.
        CitationUnaccepted => "citation_unaccepted",
        /// A check found something that holds the report back.
        ChecksUnmet => "checks_unmet",
        /// Whoever said something that the draft rests on wants to take it back, and nobody answered.
        WishOpen => "wish_open",
        /// A paragraph rests on nothing, or something is neither used nor left out with a reason.
        CoverageIncomplete => "coverage_incomplete",
        /// A publication is proposed and waits for another person.
        ProposalUndecided => "proposal_undecided",
    }
}

/// Whom something waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// A body or a person that was asked.
    Party(Party),
    /// Whoever may do that.
    May(Permission),
}

/// Something that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits {
    /// Its stable name.
    pub code: WaitingCode,
    /// What it is, in a sentence.
    pub what: String,
    /// In which report.
    pub report_id: ReportId,
    /// At which paragraph.
    pub paragraph_id: Option<ParagraphId>,
    /// The number that it is printed with.
    pub number: Option<u32>,
    /// For whom.
    pub whom: Whom,
    /// Since when, where that is known.
    pub since: Option<Timestamp>,
}

/// What is known of a report.
#[derive(Debug)]
pub(super) struct Known {
    pub report: Report,
    /// The numbers of its paragraphs.
    pub numbers: BTreeMap<ParagraphId, u32>,
    pub standing: Standing,
    pub suggestions: Vec<Suggestion>,
    pub coverage: Coverage,
    /// Checks that are not met.
    pub checks: Option<Blocker>,
    /// What is wished back.
    pub wishes: Vec<Blocker>,
    /// Since when its publication is proposed.
    pub proposed_at: Option<Timestamp>,
}

impl Known {
    /// Everything that waits.
    pub(super) fn waits(&self) -> Vec<Waits> {
        let mut found = Vec::new();
        let state = self.report.state;
        if state == ReportState::Clearance {
            self.agreements(&mut found);
        }
        if state != ReportState::Published {
            self.said(&mut found);
            self.uncovered(&mut found);
        }
        self.unaccepted(&mut found);
        let (checks, wishes) = (WaitingCode::ChecksUnmet, WaitingCode::WishOpen);
        let blockers = self.checks.iter().map(|one| (checks, one));
        for (code, one) in blockers.chain(self.wishes.iter().map(|one| (wishes, one))) {
            let whom = Whom::May(one.who_can);
            found.push(self.one(code, one.what.clone(), None, whom, one.since));
        }
        if let Some(since) = self.proposed_at {
            let what = "Its publication is proposed: somebody else confirms it.";
            let whom = Whom::May(Permission::PublishReports);
            found.push(self.one(WaitingCode::ProposalUndecided, what, None, whom, Some(since)));
        }
        found
    }

    fn one(
        &self,
        code: WaitingCode,
        what: impl Into<String>,
        paragraph_id: Option<ParagraphId>,
        whom: Whom,
        since: Option<Timestamp>,
    ) -> Waits {
        let number = paragraph_id.and_then(|id| self.numbers.get(&id).copied());
        let (what, report_id) = (what.into(), self.report.id);
        Waits { code, what, report_id, paragraph_id, number, whom, since }
    }

    fn agreements(&self, found: &mut Vec<Waits>) {
        if self.standing.round.is_none() {
            let what = "Nobody is asked to agree to it.";
            let (code, whom) = (WaitingCode::NoClearanceRound, Whom::May(Permission::ClearReports));
            found.push(self.one(code, what, None, whom, None));
        }
        for seat in self.standing.seats.iter().filter(|seat| seat.is_missing()) {
            let what = match (seat.has_agreed, seat.outstanding.len()) {
                (false, _) => "Their agreement is needed.".to_owned(),
                (true, 1) => "1 portion changed since they agreed to it, or is new.".to_owned(),
                (true, left) => format!("{left} portions changed since they agreed, or are new."),
            };
            // Who had agreed waits for nobody until the text changed.
            let changed = seat.has_agreed.then_some(self.report.updated_at);
            let since = Some(later(seat.asking.asked_at, changed));
            let whom = Whom::Party(seat.party.clone());
            found.push(self.one(WaitingCode::AgreementMissing, what, None, whom, since));
        }
    }

    fn said(&self, found: &mut Vec<Waits>) {
        let standing = self.standing.objections.iter().filter(|one| one.overridden.is_none());
        for objection in standing {
            let (paragraph, since) =
                (objection.position.paragraph_id, objection.position.decided_at);
            let what = "An objection stands: it is met and taken back, or overridden.";
            let whom = Whom::Party(objection.party.clone());
            found.push(self.one(WaitingCode::ObjectionStands, what, paragraph, whom, since));
        }
        for comment in &self.standing.unanswered {
            let paragraph = comment.on.map(|on| on.paragraph);
            let whom = Whom::May(Permission::DraftReports);
            let (what, since) = ("A comment is not answered.", comment.released_at);
            found.push(self.one(WaitingCode::CommentUnanswered, what, paragraph, whom, since));
        }
        for suggestion in &self.suggestions {
            let (paragraph, since) = (Some(suggestion.paragraph_id), suggestion.released_at);
            let whom = Whom::May(Permission::DraftReports);
            let what = "Suggested wording is not decided.";
            found.push(self.one(WaitingCode::SuggestionOpen, what, paragraph, whom, since));
        }
    }

    /// Of inputs no moment is told: neither when they came nor when they were decided.
    fn unaccepted(&self, found: &mut Vec<Waits>) {
        for citation in &self.coverage.unaccepted_citations {
            let state = citation.state.map_or("not accepted", InputState::as_str);
            let what = format!("It rests on an input that is {state}.");
            let (paragraph, whom) = (Some(citation.paragraph), Whom::May(Permission::DraftReports));
            found.push(self.one(WaitingCode::CitationUnaccepted, what, paragraph, whom, None));
        }
    }

    fn uncovered(&self, found: &mut Vec<Waits>) {
        let code = WaitingCode::CoverageIncomplete;
        let whom = || Whom::May(Permission::DraftReports);
        for paragraph in &self.coverage.unsupported_paragraphs {
            let what = "It rests on nothing, and no reason is given.";
            found.push(self.one(code, what, Some(*paragraph), whom(), None));
        }
        let left = self.coverage.uncovered_inputs.len() + self.coverage.uncovered_sources.len();
        if left > 0 {
            let what = "Something is neither used nor left out with a reason.";
            found.push(self.one(code, what, None, whom(), None));
        }
    }
}
