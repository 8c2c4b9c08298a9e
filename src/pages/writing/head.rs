//! The head of a draft: what it is, what is still open in it, and the next step, with what stands in its way.

use maud::{Markup, html};

use super::deeds::{Act, Done, Open};
use super::i18n::{self, Words, put};
use super::service::Desk;
use super::{found, waits};
use crate::access::{self, Permission, Role};
use crate::accounts::AccountId;
use crate::consultations::lifecycle::{Blocker, BlockerCode, Next};
use crate::db::types::Timestamp;
use crate::i18n::Language;
use crate::pages::visit::Signed;
use crate::problem::{Code, Problem};
use crate::proposals::service::Seen;
use crate::reference::ObjectiveNumber;
use crate::reports::{
    OutlineParagraph, OutlineSection, ParagraphId, ReportKind, ReportState, SectionId, SectionKind,
};
use crate::ways;

/// A draft as somebody looks at it.
pub struct Scene<'a> {
    /// Who looks.
    pub signed: &'a Signed,
    /// The draft.
    pub desk: &'a Desk,
    /// What stands open.
    pub open: Open,
    /// What was done, and to which paragraph.
    pub done: Option<(Done, Option<ParagraphId>)>,
    /// What was sent and could not be done.
    pub refused: Option<(&'a Act, &'a Problem)>,
}

impl Scene<'_> {
    /// The language of the page.
    pub fn language(&self) -> Language {
        self.signed.language()
    }

    /// What the page says.
    pub fn words(&self) -> &'static Words {
        i18n::of(self.language())
    }

    /// The page, with something behind its address.
    pub fn way(&self, behind: &str) -> String {
        self.signed.link(&format!("{}{behind}", ways::draft(self.desk.report().id)))
    }

    /// A moment, where the consultation is.
    pub fn moment(&self, at: Timestamp) -> String {
        crate::i18n::mails(self.language()).moment(self.desk.zone(), at)
    }

    /// Somebody of the team.
    pub fn name(&self, id: Option<AccountId>) -> &str {
        self.desk.name(id).unwrap_or(&self.words().somebody)
    }

    /// The number of a paragraph as it is printed; a dash for one that is not.
    pub fn number(&self, id: ParagraphId) -> String {
        let number = self.desk.paragraph(id).and_then(|(_, one)| one.number);
        number.map_or_else(|| "–".to_owned(), |number| number.to_string())
    }

    /// A section as it can be chosen from a list: with the labels of those it stands in, and what it is about.
    pub fn section_name(&self, section: &OutlineSection) -> String {
        let id = section.section.id;
        let labels = labels(&self.desk.drafted.outline.sections, id).unwrap_or_default();
        let numbers: Vec<String> =
            section.section.objectives.iter().map(ObjectiveNumber::to_string).collect();
        let heading = section.heading.as_str();
        let parts = labels.into_iter().chain([heading]).collect::<Vec<_>>().join(" ");
        if numbers.is_empty() || section.section.kind == SectionKind::Cluster {
            return parts;
        }
        let numbers = crate::i18n::mails(self.language()).list(&numbers);
        format!("{parts} · {}", put(&self.words().objective_number, "number", numbers))
    }

    /// What was refused where this stands open, told in the language of the page.
    pub fn notice(&self) -> Markup {
        let words = self.words();
        html! { @if let Some((_, problem)) = self.refused {
            @match problem.code() {
                // What is wrong stands beside its field.
                Code::InvalidValue => { div .b role="alert" { p { (words.look_again) } } }
                Code::VersionMismatch => { div .b role="alert" { p { (words.changed_meanwhile) } } }
                Code::SuggestionOvertaken => { div .b role="alert" { p { (words.overtaken) } } }
                _ => { (self.signed.frame.notice(problem)) }
            }
        } }
    }
}

/// The labels of a section and of those that it stands in.
fn labels(sections: &[OutlineSection], id: SectionId) -> Option<Vec<&str>> {
    sections.iter().find_map(|one| {
        let below = if one.section.id == id { Some(Vec::new()) } else { labels(&one.sections, id) };
        let own = one.label.as_deref().filter(|label| !label.is_empty());
        below.map(|below| own.into_iter().chain(below).collect())
    })
}

/// What kind of report it is.
pub fn kind(kind: ReportKind, words: &Words) -> &str {
    match kind {
        ReportKind::SummaryReport => &words.summary_report,
        ReportKind::ConferenceRoomPaper => &words.paper,
    }
}

/// How far a report has come.
pub fn state(state: ReportState, words: &Words) -> &str {
    match state {
        ReportState::Drafting => &words.drafting,
        ReportState::Clearance => &words.clearance,
        ReportState::Published => &words.published,
    }
}

/// The head.
pub fn of(scene: &Scene) -> Markup {
    let (words, report) = (scene.words(), scene.desk.report());
    html! {
        p .over { (kind(report.kind, words)) " · " a href=(scene.signed.link(ways::DRAFTS)) { (words.all_drafts) } }
        p .noprint { a href=(scene.way("/clearance")) { (words.clearing_room) } }
        h1 dir="auto" lang=(report.language) { (report.title) }
        p {
            span .tag { (state(report.state, words)) }
            @if let Some(symbol) = &report.symbol { " " bdi .soft { (symbol) } }
        }
        (told(scene))
        div .noprint {
            (unnumbered(scene))
            (still_open(scene))
            (found::of_whole(scene))
            (waits::of(scene))
            (next(scene))
        }
    }
}

/// What was done to the report as a whole. What was done to a paragraph is told beside it.
fn told(scene: &Scene) -> Markup {
    let words = scene.words();
    let said = match scene.done {
        None | Some((Done::Closed, _)) => return html! {},
        Some((_, Some(at))) if scene.desk.paragraph(at).is_some() => return html! {},
        Some((done, _)) => done_words(done, words),
    };
    html! { div .o role="status" { p { (said) } } }
}

/// What was done, in words.
pub fn done_words(done: Done, words: &Words) -> &str {
    match done {
        Done::Saved => &words.saved,
        Done::Added => &words.added,
        Done::Moved => &words.moved,
        Done::Deleted => &words.deleted,
        Done::Suggested => &words.suggested,
        Done::Decided => &words.decided,
        Done::Omitted => &words.omitted,
        Done::Unomitted => &words.unomitted,
        Done::Stepped => &words.stepped,
        Done::Proposed => &words.proposed,
        Done::Published => &words.published_now,
        Done::Settled => &words.proposal_settled,
        Done::Closed => "",
    }
}

/// That the draft cannot be printed as it stands, and where that lies.
fn unnumbered(scene: &Scene) -> Markup {
    let Err(problem) = &scene.desk.drafted.document else { return html! {} };
    let lost = lost_references(scene.desk);
    html! {
        div .b role="alert" {
            p { (scene.words().unnumbered) }
            @for id in &lost { p { a href={ "#at-" (id) } { (scene.words().to_paragraph) } } }
            @if lost.is_empty() { p .small lang="en" dir="ltr" { (problem.detail()) } }
        }
    }
}

/// The paragraphs that refer to something that is no more.
fn lost_references(desk: &Desk) -> Vec<ParagraphId> {
    let sections = desk.sections();
    let known = |id: &str| {
        let among = |one: &&OutlineSection| {
            let paragraph = |own: &OutlineParagraph| own.paragraph.id.to_string();
            one.section.id.to_string() == id
                || one.paragraphs.iter().any(|own| paragraph(own) == id)
        };
        sections.iter().any(among)
    };
    let loses = |text: &str| {
        let referred = text.split("[](#").skip(1).filter_map(|rest| rest.split(')').next());
        referred.into_iter().any(|id| !known(id))
    };
    let all = sections.iter().flat_map(|section| &section.paragraphs).map(|one| &one.paragraph);
    all.filter(|one| one.text.as_deref().is_some_and(loses)).map(|one| one.id).collect()
}

/// What is still to be done in the draft, with ways to it.
fn still_open(scene: &Scene) -> Markup {
    let (words, language, desk) = (scene.words(), scene.language(), scene.desk);
    let coverage = &desk.coverage;
    let unused = coverage.uncovered_inputs.len() + coverage.uncovered_sources.len();
    let mut cites: Vec<ParagraphId> =
        coverage.unaccepted_citations.iter().map(|one| one.paragraph).collect();
    cites.dedup();
    let mut suggested: Vec<ParagraphId> = Vec::new();
    for thread in &desk.threads {
        if !suggested.contains(&thread.suggestion.paragraph_id) {
            suggested.push(thread.suggestion.paragraph_id);
        }
    }
    let lists = [
        (&words.rest_on_nothing, coverage.unsupported_paragraphs.clone()),
        (&words.cite_unaccepted, cites),
        (&words.have_suggestions, suggested),
        (&words.are_held_back, found::blocked(scene)),
    ];
    let lists = lists.into_iter().filter(|(_, ids)| !ids.is_empty());
    let lists: Vec<_> = lists.collect();
    html! {
        h2 #open { (words.still_open) }
        @if lists.is_empty() && unused == 0 { p { (words.nothing_open) } }
        @else {
            ul .todo {
                @for (said, ids) in lists {
                    li { (said.of(language, ids.len())) " " (places(scene, &ids)) }
                }
                @if unused > 0 { li { a href="#unused" { (words.unused_left.of(language, unused)) } } }
            }
        }
    }
}

/// Ways to paragraphs, by their numbers.
fn places(scene: &Scene, ids: &[ParagraphId]) -> Markup {
    let on_page = ids.iter().filter(|id| scene.desk.paragraph(**id).is_some());
    html! { span .places { @for id in on_page { a href={ "#at-" (id) } { (scene.number(*id)) } " " } } }
}

// ------------------------------------------------------------------------------------------------ the next step

fn next(scene: &Scene) -> Markup {
    let (words, desk) = (scene.words(), scene.desk);
    let (taken, next) = &desk.steps;
    html! {
        h2 #next { (words.next) }
        @if scene.open == Open::Step { (scene.notice()) }
        @if let Some(seen) = &desk.proposed { (proposed(scene, seen)) }
        ul .cards .next { @for one in next { li .card { (step(scene, one)) } } }
        @if !taken.is_empty() {
            details {
                summary { (words.steps_taken) }
                ol .plain { @for one in taken { li {
                    (state(one.from, words)) " → " (state(one.to, words)) " · " span .soft { (scene.moment(one.at)) }
                    @if let Some(reason) = &one.reason { p .said dir="auto" { (reason) } }
                } } }
            }
        }
    }
}

/// That the publication is proposed, and what one may do about it.
fn proposed(scene: &Scene, seen: &Seen) -> Markup {
    let (words, proposal) = (scene.words(), &seen.proposal);
    let may = |action: &str| seen.allowed_actions.contains(&action);
    let typed = scene.refused.and_then(|(act, _)| match act {
        Act::Settle { note, .. } => note.as_deref(),
        _ => None,
    });
    let form = |decision: &str, inside: Markup, label: &str, risk: bool| {
        html! {
            form method="post" action=(scene.way("#next")) {
                input type="hidden" name="proposal" value=(proposal.id);
                input type="hidden" name="decision" value=(decision);
                (inside)
                button .m[!risk] .risk[risk] name="action" value="settle" { (label) }
            }
        }
    };
    let note = html! { div .f {
        label for="note" { (words.reason_if_any) }
        textarea #note name="note" rows="2" dir="auto" { (typed.unwrap_or_default()) }
    } };
    html! { div .suggestion #proposal {
        h3 { (words.proposed_title) }
        p .soft {
            bdi { (seen.names.get(&proposal.proposed_by).map_or("", String::as_str)) }
            " · " (scene.moment(proposal.proposed_at))
        }
        @if may("confirm") {
            p { (words.confirm_help) }
            (form("confirm", html! {}, &words.confirm_publication, false))
        }
        @if may("carry_out") { (form("carry_out", html! {}, &words.confirm_publication, false)) }
        @if may("reject") { details open[typed.is_some()] {
            summary { (words.refuse_publication) }
            (form("reject", note, &words.refuse_publication, true))
        } }
        @if may("take_back") { (form("take_back", html! {}, &words.take_back, true)) }
    } }
}

fn step(scene: &Scene, next: &Next<ReportState>) -> Markup {
    let (words, desk) = (scene.words(), scene.desk);
    let (name, action, permission) = match (desk.report().state, next.to) {
        (_, ReportState::Clearance) => (&words.to_clearance, "clear", Permission::ClearReports),
        (_, ReportState::Published) => (&words.to_publish, "publish", Permission::PublishReports),
        (ReportState::Published, ReportState::Drafting) => {
            (&words.to_corrigendum, "reopen", Permission::PublishReports)
        }
        (_, ReportState::Drafting) => (&words.to_drafting, "reopen", Permission::ClearReports),
    };
    let may = desk.actions.contains(&action) && next.blocking.is_empty();
    html! {
        h3 { (name) }
        @if !next.blocking.is_empty() {
            p { (words.in_the_way) }
            ul { @for one in &next.blocking { (blocker(scene, one)) } }
        }
        @if may { (step_form(scene, next, name)) }
        @else { p .soft { (put(&words.who_takes, "roles", roles(permission, scene.language()))) } }
    }
}

fn blocker(scene: &Scene, one: &Blocker) -> Markup {
    let words = scene.words();
    let said = match one.code {
        BlockerCode::NotYet => Some(&words.block_not_yet),
        BlockerCode::CoverageIncomplete => Some(&words.block_coverage),
        BlockerCode::VoicesUnsound => Some(&words.block_voices),
        BlockerCode::ChecksUnmet => Some(&words.block_checks),
        BlockerCode::WishOpen => Some(&words.block_wish),
        BlockerCode::NoClearanceRound => Some(&words.block_round),
        BlockerCode::AgreementMissing => Some(&words.block_agreement),
        BlockerCode::ObjectionStands => Some(&words.block_objection),
        BlockerCode::CommentUnanswered => Some(&words.block_comment),
        _ => None,
    };
    html! { li {
        @match said {
            Some(said) => (said),
            None => span lang="en" dir="ltr" { (one.what) },
        }
        " " span .soft {
            @if let Some(since) = one.since { (put(&words.since, "time", scene.moment(since))) " " }
            (put(&words.who_can, "roles", roles(one.who_can, scene.language())))
        }
    } }
}

/// Who has a permission, as people are called.
pub fn roles(permission: Permission, language: Language) -> String {
    let words = i18n::of(language);
    let name = |role: &Role| match role {
        Role::Administrator => words.administrator.clone(),
        Role::Secretariat => words.secretariat.clone(),
        Role::CoOrganizer => words.co_organizer.clone(),
        Role::CoHost => words.co_host.clone(),
        Role::Moderator => words.moderator.clone(),
        Role::FocalPoint => words.focal_point.clone(),
        Role::Rapporteur => words.rapporteur.clone(),
        Role::Deputy => words.deputy.clone(),
    };
    let names: Vec<String> = access::roles(permission).iter().map(name).collect();
    crate::i18n::mails(language).list(&names)
}

fn step_form(scene: &Scene, next: &Next<ReportState>, name: &str) -> Markup {
    let (words, report) = (scene.words(), scene.desk.report());
    let publishes = next.to == ReportState::Published;
    let sent = scene.refused.and_then(|(act, _)| match act {
        Act::Step { to, reason, .. } if *to == next.to => {
            Some(reason.as_deref().unwrap_or_default())
        }
        Act::Publish { symbol, .. } if publishes => Some(symbol.as_deref().unwrap_or_default()),
        _ => None,
    });
    let wrong = sent.is_some()
        && scene.refused.is_some_and(|(_, problem)| problem.code() == Code::InvalidValue);
    html! {
        details open[sent.is_some()] {
            summary { (words.take_step) }
            form method="post" action=(scene.way("#next")) {
                input type="hidden" name="version" value=(report.version);
                @if publishes {
                    div .f {
                        label for="symbol" { (words.symbol) }
                        @if wrong { p .e #symbol-e { (words.field_wrong) } }
                        input #symbol name="symbol" type="text" dir="ltr" autocomplete="off" aria-invalid=[wrong.then_some("true")]
                            value=(sent.or(report.symbol.as_deref()).unwrap_or_default());
                    }
                    p .h { (words.publish_help) }
                    button .m name="action" value="publish" { (name) }
                } @else {
                    @let id = format!("why-{}", next.to);
                    input type="hidden" name="to" value=(next.to);
                    div .f {
                        label for=(id) { @if next.needs_reason { (words.reason) } @else { (words.reason_if_any) } }
                        @if wrong { p .e id={ (id) "-e" } { (words.need_reason) } }
                        textarea id=(id) name="reason" rows="3" dir="auto" required[next.needs_reason] aria-invalid=[wrong.then_some("true")] { (sent.unwrap_or_default()) }
                    }
                    button .m name="action" value="step" { (name) }
                }
            }
        }
    }
}
