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
use crate::reference::ObjectiveNumber;
use crate::reports::{
    Amendment, OutlineSection, ParagraphId, ReportKind, ReportState, SectionId, SectionKind,
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
    /// What was done, and to which paragraph or section.
    pub done: Option<(Done, Option<String>)>,
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
        self.desk.name(id).unwrap_or(self.words().somebody)
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
        format!("{parts} · {}", put(self.words().objective_number, "number", numbers))
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
        ReportKind::SummaryReport => words.summary_report,
        ReportKind::ConferenceRoomPaper => words.paper,
    }
}

/// How far a report has come.
pub fn state(state: ReportState, words: &Words) -> &str {
    match state {
        ReportState::Drafting => words.drafting,
        ReportState::Clearance => words.clearance,
        ReportState::Published => words.published,
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
        p .noprint { a href=(scene.way("/masthead")) { (words.masthead) } }
        (told(scene))
        div .noprint {
            (still_open(scene))
            (found::of_whole(scene))
            (waits::of(scene))
            (next(scene))
        }
    }
}

/// What was done to the report as a whole. What was done to a paragraph or section is told beside it.
fn told(scene: &Scene) -> Markup {
    let words = scene.words();
    let on_page = |at: &str| {
        let (paragraph, section) = (at.parse().ok(), at.parse().ok());
        paragraph.is_some_and(|id| scene.desk.paragraph(id).is_some())
            || section.is_some_and(|id| scene.desk.section(id).is_some())
    };
    let said = match &scene.done {
        None | Some((Done::Closed, _)) => return html! {},
        Some((_, Some(at))) if on_page(at) => return html! {},
        Some((done, _)) => done_words(*done, words),
    };
    html! { div .o role="status" { p { (said) } } }
}

/// What was done, in words.
pub fn done_words(done: Done, words: &Words) -> &str {
    match done {
        Done::Saved => words.saved,
        Done::Added => words.added,
        Done::Moved => words.moved,
        Done::Deleted => words.deleted,
        Done::SectionAdded => words.section_added,
        Done::SectionMoved => words.section_moved,
        Done::Joined => words.joined,
        Done::Split => words.split_off,
        Done::SetApart => words.views_set_apart,
        Done::SectionRemoved => words.section_removed,
        Done::Suggested => words.suggested,
        Done::Decided => words.decided,
        Done::Omitted => words.omitted,
        Done::Unomitted => words.unomitted,
        Done::Stepped => words.stepped,
        Done::Proposed => words.proposed,
        Done::Published => words.published_now,
        Done::Closed => "",
    }
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
        (words.rest_on_nothing, coverage.unsupported_paragraphs.clone()),
        (words.cite_unaccepted, cites),
        (words.have_suggestions, suggested),
        (words.are_held_back, found::blocked(scene)),
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

fn step(scene: &Scene, next: &Next<ReportState>) -> Markup {
    let (words, desk) = (scene.words(), scene.desk);
    let (name, action, permission) = match (desk.report().state, next.to) {
        (_, ReportState::Clearance) => (words.to_clearance, "clear", Permission::ClearReports),
        (_, ReportState::Published) => (words.to_publish, "publish", Permission::PublishReports),
        (ReportState::Published, ReportState::Drafting) => {
            (words.to_corrigendum, "reopen", Permission::PublishReports)
        }
        (_, ReportState::Drafting) => (words.to_drafting, "reopen", Permission::ClearReports),
    };
    let may = desk.actions.contains(&action) && next.blocking.is_empty();
    html! {
        h3 { (name) }
        @if !next.blocking.is_empty() {
            p { (words.in_the_way) }
            ul { @for one in &next.blocking { (blocker(scene, one)) } }
        }
        @if may { (step_form(scene, next, name)) }
        @else { p .soft { (put(words.who_takes, "roles", roles(permission, scene.language()))) } }
    }
}

fn blocker(scene: &Scene, one: &Blocker) -> Markup {
    let words = scene.words();
    let said = match one.code {
        BlockerCode::NotYet => Some(words.block_not_yet),
        BlockerCode::CoverageIncomplete => Some(words.block_coverage),
        BlockerCode::VoicesUnsound => Some(words.block_voices),
        BlockerCode::ChecksUnmet => Some(words.block_checks),
        BlockerCode::WishOpen => Some(words.block_wish),
        BlockerCode::NoClearanceRound => Some(words.block_round),
        BlockerCode::AgreementMissing => Some(words.block_agreement),
        BlockerCode::ObjectionStands => Some(words.block_objection),
        BlockerCode::CommentUnanswered => Some(words.block_comment),
        _ => None,
    };
    html! { li {
        @match said {
            Some(said) => (said),
            None => span lang="en" dir="ltr" { (one.what) },
        }
        " " span .soft {
            @if let Some(since) = one.since { (put(words.since, "time", scene.moment(since))) " " }
            (put(words.who_can, "roles", roles(one.who_can, scene.language())))
        }
    } }
}

/// Who has a permission, as people are called.
pub fn roles(permission: Permission, language: Language) -> String {
    let name = |one: &Role| role(*one, language).to_owned();
    let names: Vec<String> = access::roles(permission).iter().map(name).collect();
    crate::i18n::mails(language).list(&names)
}

/// What those who hold a role are called.
pub fn role(role: Role, language: Language) -> &'static str {
    let words = i18n::of(language);
    match role {
        Role::Administrator => words.administrator,
        Role::Secretariat => words.secretariat,
        Role::CoOrganizer => words.co_organizer,
        Role::CoHost => words.co_host,
        Role::Moderator => words.moderator,
        Role::FocalPoint => words.focal_point,
        Role::Rapporteur => words.rapporteur,
        Role::Deputy => words.deputy,
    }
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
                    // The symbol of a corrigendum or a revision follows from that of the report.
                    @if report.amendment.is_none() { div .f {
                        label for="symbol" { (words.symbol) }
                        @if wrong { p .e #symbol-e { (words.field_wrong) } }
                        input #symbol name="symbol" type="text" dir="ltr" autocomplete="off" aria-invalid=[wrong.then_some("true")]
                            value=(sent.or(report.symbol.as_deref()).unwrap_or_default());
                    } }
                    p .h { (words.publish_help) }
                    button .m name="action" value="publish" { (name) }
                } @else {
                    @let id = format!("why-{}", next.to);
                    input type="hidden" name="to" value=(next.to);
                    @if report.state == ReportState::Published {
                        div .f {
                            label for="amendment" { (words.amends) }
                            select #amendment name="amendment" {
                                option value=(Amendment::Corrigendum) { (words.corrigendum) }
                                option value=(Amendment::Revision) { (words.revision) }
                            }
                        }
                    }
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
