//! What the pages of writing show and do, by the services of reports and inputs.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::deeds::{Act, Done, Open, Written};
use super::shaping::Shaping;
use crate::accounts::{self, Account, AccountId};
use crate::consultations::lifecycle::{Steps, Wanted as WantedStep};
use crate::consultations::{self, Consultation};
use crate::http::page::{LARGEST_LIMIT, Paging};
use crate::inputs::{self, Input, InputId};
use crate::pages::team::{only_for_team, require_part, zone};
use crate::problem::Problem;
use crate::proposals::{self, Act as TwoPeopleAct, ProposalId, ProposalState};
use crate::reports::checks::{self, Judged};
use crate::reports::clearance::Party;
use crate::reports::clearance::service::Names;
use crate::reports::history::{self, ParagraphVersion};
use crate::reports::outline::{NewSection, service as outline};
use crate::reports::service::Drafted;
use crate::reports::suggestions::store::Wanted;
use crate::reports::suggestions::{
    self, Comment, Deciding, NewSuggestion, Suggestion, SuggestionState,
};
use crate::reports::waiting::{self, Waits, Whom};
use crate::reports::{
    self, Coverage, NewParagraph, Omission, Omitted, OutlineParagraph, OutlineSection, Paragraph,
    ParagraphChange, ParagraphId, Report, ReportId, ReportState, SectionId, drafting, omissions,
    publishing, rights, steps,
};
use crate::reviews::{self, Review, ReviewId};
use crate::work::Work;

/// More than any report has of something that is shown whole.
const ALL: usize = 10_000;
/// Open suggestions of one report that are shown at most: whoever has more decides some first.
const MOST_SUGGESTIONS: usize = 500;

/// A report whose draft somebody may read, and what they may do with it.
pub type Readable = (Report, Vec<&'static str>);

/// What somebody may read of what is drafted.
pub struct Readables {
    /// Reports, the latest first.
    pub reports: Vec<Readable>,
    /// The reviews that they belong to.
    pub reviews: Vec<Review>,
}

/// The reports whose drafts the caller may read.
pub fn drafts(work: &mut Work) -> Result<Readables, Problem> {
    let mut found = Readables { reports: Vec::new(), reviews: Vec::new() };
    for review in reviews::service::list(work, &Paging::first(LARGEST_LIMIT as usize))?.items {
        let before = found.reports.len();
        for report in reports::service::reports_of(work, review.id)? {
            let actions = rights::permitted_actions(work, &report)?;
            if actions.contains(&"read_draft") {
                found.reports.push((report, actions));
            }
        }
        if found.reports.len() > before {
            found.reviews.push(review);
        }
    }
    found.reports.sort_by_key(|(report, _)| std::cmp::Reverse((report.updated_at, report.id)));
    Ok(found)
}

/// What waits in a report.
pub struct Awaited {
    /// The report.
    pub report: Report,
    /// The zone in which its times are shown.
    pub zone: Tz,
    /// What waits in it.
    pub waits: Vec<Waits>,
}

/// What waits in the reports of a review.
pub struct AwaitedOfReview {
    /// The review.
    pub review: Review,
    /// Its reports whose drafts the caller may read.
    pub reports: Vec<Awaited>,
    /// What those are called for whom something waits.
    pub parties: Names,
}

/// What waits in the reports of a review, for whoever may read a draft of them; 404 for everybody else.
pub fn awaited(work: &mut Work, id: ReviewId) -> Result<AwaitedOfReview, Problem> {
    let found = waiting::service::by_report(work, id)?;
    if found.is_empty() {
        return Err(Problem::not_found("review"));
    }
    let parties = Names::of(work, found.iter().flat_map(|(_, waits)| awaiting(waits)), [])?;
    let mut reports = Vec::new();
    for (report, waits) in found {
        reports.push(Awaited { zone: zone(work, &report)?, report, waits });
    }
    Ok(AwaitedOfReview { review: reviews::service::see(work, id)?, reports, parties })
}

/// The bodies and people for whom something waits.
fn awaiting(waits: &[Waits]) -> impl Iterator<Item = &Party> {
    waits.iter().filter_map(|one| match &one.whom {
        Whom::Party(party) => Some(party),
        Whom::May(_) => None,
    })
}

/// An input as far as whoever looks may know it.
#[derive(Debug)]
pub struct Known {
    /// The input; none for one that they may not read.
    pub input: Option<Input>,
    /// How far it has come.
    pub state: inputs::InputState,
}

/// A suggestion with what was said about it.
#[derive(Debug)]
pub struct Thread {
    /// The suggestion.
    pub suggestion: Suggestion,
    /// What was said, in order.
    pub comments: Vec<Comment>,
    /// What the caller may do with it.
    pub actions: Vec<&'static str>,
}

impl Thread {
    /// Everybody who is named in it.
    pub(super) fn people(&self) -> impl Iterator<Item = Option<AccountId>> {
        let said = self.comments.iter().map(|comment| comment.said_by);
        [self.suggestion.made_by, self.suggestion.decided_by].into_iter().chain(said)
    }
}

/// Something that is left out, with what the caller may do about it.
pub type LeftOut = (Omission, Vec<&'static str>);

/// A draft with everything that stands beside it.
pub struct Desk {
    /// Its text, and what the caller may do with each part of it.
    pub drafted: Drafted,
    /// What the caller may do with the report.
    pub actions: Vec<&'static str>,
    /// The consultation that it is of.
    pub consultation: Option<Consultation>,
    /// What is covered and what not.
    pub coverage: Coverage,
    /// The inputs that it rests on or could rest on, in the order of their objectives.
    pub inputs: Vec<(InputId, Known)>,
    /// The headings of input categories.
    pub categories: Vec<reviews::InputCategory>,
    /// What is left out.
    pub omissions: Vec<LeftOut>,
    /// Open suggestions, in the order in which they were made.
    pub threads: Vec<Thread>,
    /// The steps it took and those it can take.
    pub steps: Steps<ReportState>,
    /// What the checks find.
    pub findings: Vec<Judged>,
    /// Whether the caller may let a finding pass.
    pub can_waive: bool,
    /// What waits, for whom.
    pub waits: Vec<Waits>,
    /// Its publication that is proposed and waits, where the caller may know of it.
    pub proposal: Option<ProposalId>,
    /// What those are called for whom something waits.
    pub parties: Names,
    /// Whether the caller may suggest wording.
    pub can_suggest: bool,
    /// The bodies for which they could, in the round of clearance that is open.
    pub bodies: Vec<Party>,
    /// Whether the caller may leave out what stands open.
    pub can_omit: bool,
    /// Who changed what stands open last; of a paragraph.
    pub last: Option<ParagraphVersion>,
    /// The people of the team who are named.
    pub team: HashMap<AccountId, Account>,
}

impl Desk {
    /// The report.
    pub fn report(&self) -> &Report {
        &self.drafted.outline.report
    }

    /// The zone in which its times are shown.
    pub fn zone(&self) -> Tz {
        self.consultation.as_ref().map_or(chrono_tz::UTC, |one| one.zone)
    }

    /// What is known of an input.
    pub fn input(&self, id: InputId) -> Option<&Known> {
        self.inputs.iter().find(|(known, _)| *known == id).map(|(_, known)| known)
    }

    /// Every section, each before those in it.
    pub fn sections(&self) -> Vec<&OutlineSection> {
        fn take<'s>(section: &'s OutlineSection, all: &mut Vec<&'s OutlineSection>) {
            all.push(section);
            section.sections.iter().for_each(|below| take(below, all));
        }
        let mut all = Vec::new();
        self.drafted.outline.sections.iter().for_each(|section| take(section, &mut all));
        all
    }

    /// A section.
    pub fn section(&self, id: SectionId) -> Option<&OutlineSection> {
        self.sections().into_iter().find(|one| one.section.id == id)
    }

    /// A paragraph with its section.
    pub fn paragraph(&self, id: ParagraphId) -> Option<(&OutlineSection, &OutlineParagraph)> {
        self.sections().into_iter().find_map(|section| {
            let own = section.paragraphs.iter().find(|one| one.paragraph.id == id);
            own.map(|own| (section, own))
        })
    }

    /// Whether what should stand open is on the page.
    pub fn has(&self, open: Open) -> bool {
        match open {
            Open::Nothing => false,
            Open::Outline | Open::Step => true,
            Open::At(id) | Open::After(id) => self.paragraph(id).is_some(),
            Open::In(id) => self.section(id).is_some(),
            Open::Unused(Omitted::Input(id)) => self.coverage.uncovered_inputs.contains(&id),
            Open::Unused(Omitted::Source(source)) => {
                self.coverage.uncovered_sources.contains(&source)
            }
        }
    }

    /// The name of somebody of the team; none once they are erased.
    pub fn name(&self, id: Option<AccountId>) -> Option<&str> {
        Some(self.team.get(&id?)?.name.as_str())
    }
}

/// A draft for whoever may read it; 404 for everybody else.
pub fn desk(work: &mut Work, id: ReportId, open: Open) -> Result<Desk, Problem> {
    let drafted = only_for_team(reports::service::drafted(work, id))?;
    let report = &drafted.outline.report;
    let actions = rights::permitted_actions(work, report)?;
    let consultation = match report.consultation_id {
        Some(id) => Some(consultations::service::load(work, id)?),
        None => None,
    };
    let review = report.review_id;
    let coverage = publishing::coverage(work, id)?;
    let omissions = omissions::service::list(work, id, &Paging::first(ALL))?.items;
    let inputs = known(work, &drafted, &coverage, &omissions, consultation.as_ref())?;
    let wanted = Wanted { state: Some(SuggestionState::Open), paragraph: None };
    let threads = threads(work, id, wanted)?;
    let last = match open {
        Open::At(at) => Problem::or_refused(history::service::newest(work, at))?,
        _ => None,
    };
    let people = threads.iter().flat_map(Thread::people);
    let findings = checks::service::of_drafted(work, &drafted)?;
    let waived = findings.iter().map(|one| one.waiver.as_ref().and_then(|one| one.waived_by));
    let people = people.chain(last.as_ref().map(|last| last.step.by)).chain(waived);
    let team = named(work, people)?;
    let waits = waiting::service::of_drafted(work, &drafted, &findings)?;
    let proposed = proposals::service::waiting(work)?.into_iter();
    let proposal = proposed
        .filter(|one| one.act == TwoPeopleAct::PublishReport && one.subject == id.to_string())
        .map(|one| one.id)
        .next();
    let bodies = suggestions::service::bodies(work, id)?;
    let parties = Names::of(work, awaiting(&waits).chain(&bodies), [])?;
    let steps = steps::steps_given(work, id, &findings)?;
    Ok(Desk {
        steps,
        can_waive: actions.contains(&"update"),
        findings,
        waits,
        proposal,
        parties,
        bodies,
        actions,
        consultation,
        coverage,
        inputs,
        categories: reviews::service::categories(work, review)?,
        omissions,
        threads,
        can_suggest: suggestions::service::can_suggest(work, id)?,
        can_omit: match open {
            Open::Unused(omitted) => omissions::service::can_record(work, id, omitted)?,
            _ => false,
        },
        last,
        team,
        drafted,
    })
}

/// The inputs that a draft rests on, could rest on or leaves out.
fn known(
    work: &mut Work,
    drafted: &Drafted,
    coverage: &Coverage,
    omissions: &[LeftOut],
    consultation: Option<&Consultation>,
) -> Result<Vec<(InputId, Known)>, Problem> {
    let Some(consultation) = consultation else { return Ok(Vec::new()) };
    let cited = drafted.facts.draft().paragraphs.iter().flat_map(|one| one.inputs.iter());
    let mut wanted: Vec<InputId> = cited.chain(&coverage.uncovered_inputs).copied().collect();
    wanted.extend(omissions.iter().filter_map(|(omission, _)| match omission.omitted {
        Omitted::Input(input) => Some(input),
        Omitted::Source(_) => None,
    }));
    wanted.sort_unstable();
    wanted.dedup();
    let mut found = inputs::reading::load(work.conn, &wanted)?;
    found.sort_by_key(|input| (input.objectives.clone(), input.category_id));
    let known = |input: Input| {
        let (id, state) = (input.id, input.state);
        let seen = inputs::service::may_see(work, &input, consultation);
        (id, Known { input: seen.then_some(input), state })
    };
    Ok(found.into_iter().map(known).collect())
}

pub(super) fn threads(
    work: &mut Work,
    id: ReportId,
    wanted: Wanted,
) -> Result<Vec<Thread>, Problem> {
    let paging = Paging::first(MOST_SUGGESTIONS);
    let found = suggestions::service::suggestions(work, id, wanted, &paging)?.items;
    let ids: Vec<_> = found.iter().map(|one| one.id).collect();
    let comments = suggestions::service::comments(work, &ids)?;
    let allowed = suggestions::service::allowed_actions(work, id, &found)?;
    let thread = |(suggestion, actions): (Suggestion, _)| {
        let own = comments.iter().filter(|comment| comment.suggestion_id == suggestion.id);
        Thread { comments: own.cloned().collect(), actions, suggestion }
    };
    Ok(found.into_iter().zip(allowed).map(thread).collect())
}

pub(super) fn named(
    work: &mut Work,
    ids: impl IntoIterator<Item = Option<AccountId>>,
) -> Result<HashMap<AccountId, Account>, Problem> {
    let mut ids: Vec<AccountId> = ids.into_iter().flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    accounts::service::names(work, &ids)
}

// ------------------------------------------------------------------------------------------------ what is done

/// What something was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touched {
    /// The report as a whole.
    Whole,
    /// A paragraph.
    Paragraph(ParagraphId),
    /// A section.
    Section(SectionId),
}

/// What was done, and to what.
pub type Did = (Done, Touched);

/// Does it.
pub fn act(work: &mut Work, id: ReportId, act: &Act) -> Result<Did, Problem> {
    only_for_team(steps::steps(work, id))?;
    Ok(match act {
        Act::Edit { at, version, written } => {
            own(work, id, *at)?;
            let change = ParagraphChange {
                text: Some(Some(written.text.clone())),
                inputs: Some(written.inputs.clone()),
                objective: Some(written.objective),
                editorial_reason: Some(written.reason.clone()),
            };
            drafting::update_paragraph(work, *at, *version, change)?;
            (Done::Saved, Touched::Paragraph(*at))
        }
        Act::Compute { at, version } => {
            own(work, id, *at)?;
            let change = ParagraphChange { text: Some(None), ..ParagraphChange::default() };
            drafting::update_paragraph(work, *at, *version, change)?;
            (Done::Saved, Touched::Paragraph(*at))
        }
        Act::Add { section, after, written, .. } => {
            let new = NewParagraph {
                position: position_after(work, id, *section, *after)?,
                ..new(*section, written)
            };
            let added = reports::paragraphs::service::add(work, id, vec![new])?;
            (Done::Added, added.first().map_or(Touched::Whole, |one| Touched::Paragraph(one.id)))
        }
        Act::Head { section, version, heading } => {
            let known = outline::see(work, *section)?;
            require_part(known.report_id == id, "section")?;
            drafting::set_heading(work, *section, *version, heading.clone())?;
            (Done::Saved, Touched::Section(*section))
        }
        Act::Shape(shaping) => shape(work, id, shaping)?,
        Act::Move { at, version, section, position } => {
            own(work, id, *at)?;
            drafting::move_paragraph(work, *at, *version, *section, Some(*position))?;
            (Done::Moved, Touched::Paragraph(*at))
        }
        Act::Delete { at, version } => {
            own(work, id, *at)?;
            drafting::delete_paragraph(work, *at, *version)?;
            (Done::Deleted, Touched::Whole)
        }
        Act::Omit { omitted, reason } => {
            omissions::service::record(work, id, *omitted, reason.clone())?;
            (Done::Omitted, Touched::Whole)
        }
        Act::Unomit { omission, version } => {
            let (known, _) = omissions::service::see(work, *omission)?;
            require_part(known.report_id == id, "omission")?;
            omissions::service::withdraw(work, *omission, *version)?;
            (Done::Unomitted, Touched::Whole)
        }
        Act::Suggest { .. } | Act::Decide { .. } | Act::Comment { .. } => suggest(work, id, act)?,
        Act::Waive { at, finding, reason } => {
            checks::service::waive(work, id, finding, reason)?;
            (Done::Decided, at.map_or(Touched::Whole, Touched::Paragraph))
        }
        Act::Step { version, to, amendment, reason } => {
            let wanted = WantedStep { reason: reason.clone(), ..WantedStep::default() };
            steps::take(work, id, *version, *to, *amendment, &wanted)?;
            (Done::Stepped, Touched::Whole)
        }
        Act::Publish { version, symbol } => {
            let put = publishing::propose(work, id, *version, symbol.clone())?;
            let done = put.proposal.state == ProposalState::CarriedOut;
            (if done { Done::Published } else { Done::Proposed }, Touched::Whole)
        }
    })
}

/// Computes what an act will need of the whole text, outside of its write.
pub fn foresee(work: &mut Work, id: ReportId, act: &Act) -> Result<(), Problem> {
    match act {
        Act::Publish { version, symbol } => publishing::foresee(work, id, *version, symbol.clone()),
        Act::Waive { .. } => checks::service::foresee(work, id),
        _ => Ok(()),
    }
}

/// Changes the outline.
fn shape(work: &mut Work, id: ReportId, shaping: &Shaping) -> Result<Did, Problem> {
    if let Some(section) = shaping.section() {
        require_part(outline::see(work, section)?.report_id == id, "section")?;
    }
    let (done, section) = match shaping {
        Shaping::Add { place, heading } => {
            let new = NewSection {
                parent: place.parent,
                position: Some(place.position),
                heading: heading.clone(),
            };
            (Done::SectionAdded, outline::add(work, id, new)?)
        }
        Shaping::Move { section, version, place } => {
            let position = Some(place.position);
            let moved = outline::shift(work, *section, *version, place.parent, position)?;
            (Done::SectionMoved, moved)
        }
        Shaping::Join { section, version, with, heading } => {
            (Done::Joined, outline::join(work, *section, *version, *with, heading.clone())?)
        }
        Shaping::Split { section, version, at, heading } => {
            (Done::Split, outline::split(work, *section, *version, *at, heading.clone())?)
        }
        Shaping::SetApart { section, version, views, heading } => {
            let apart = outline::set_apart(work, *section, *version, views, heading.clone())?;
            (Done::SetApart, apart)
        }
        Shaping::Remove { section, version, to } => {
            outline::remove(work, *section, *version, *to)?;
            return Ok((Done::SectionRemoved, to.map_or(Touched::Whole, Touched::Section)));
        }
    };
    Ok((done, Touched::Section(section.id)))
}

fn suggest(work: &mut Work, id: ReportId, act: &Act) -> Result<Did, Problem> {
    match act {
        Act::Suggest { at, made_from, kind, text, comment, party } => {
            own(work, id, *at)?;
            let new = NewSuggestion {
                kind: *kind,
                made_from: *made_from,
                text: text.clone(),
                comment: comment.clone(),
                author: None,
            };
            suggestions::service::suggest_for(work, *at, *party, new)?;
            Ok((Done::Suggested, Touched::Paragraph(*at)))
        }
        Act::Decide { at, suggestion, version, decision, text, seen, reason } => {
            let known = suggestions::service::see(work, *suggestion)?;
            require_part(known.report_id == id, "suggestion")?;
            let deciding = Deciding {
                decision: *decision,
                text: text.clone(),
                paragraph_version: *seen,
                reason: reason.clone(),
            };
            suggestions::service::decide(work, *suggestion, *version, &deciding)?;
            Ok((Done::Decided, Touched::Paragraph(*at)))
        }
        Act::Comment { at, suggestion, text } => {
            let known = suggestions::service::see(work, *suggestion)?;
            require_part(known.report_id == id, "suggestion")?;
            suggestions::service::comment(work, *suggestion, text.clone())?;
            Ok((Done::Decided, Touched::Paragraph(*at)))
        }
        _ => Err(Problem::internal("it is about no suggestion")),
    }
}

/// The paragraph, of the report whose page it is done on.
fn own(work: &mut Work, report: ReportId, id: ParagraphId) -> Result<Paragraph, Problem> {
    let paragraph = reports::service::paragraph(work, id)?;
    require_part(paragraph.report_id == report, "paragraph")?;
    Ok(paragraph)
}

fn new(section: SectionId, written: &Written) -> NewParagraph {
    NewParagraph {
        section,
        position: None,
        text: written.text.clone(),
        objective: written.objective,
        inputs: written.inputs.clone(),
        editorial_reason: written.reason.clone(),
    }
}

/// The place behind a paragraph of a section, from 1; none for the end, also where it is not there any more.
fn position_after(
    work: &mut Work,
    report: ReportId,
    section: SectionId,
    after: Option<ParagraphId>,
) -> Result<Option<u32>, Problem> {
    let Some(after) = after else { return Ok(None) };
    let mut all = reports::service::paragraphs(work, report)?;
    all.retain(|one| one.section_id == section);
    let place = all.iter().position(|one| one.id == after);
    Ok(place.and_then(|place| u32::try_from(place + 2).ok()))
}
