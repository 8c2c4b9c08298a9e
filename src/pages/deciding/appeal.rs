//! The page of an appeal: what was declined, what is objected, and the answer.

use maud::{Markup, html};

use super::i18n::{self, Words};
use super::service::Appealed;
use crate::appeals::{AppealKind, AppealState, Outcome};
use crate::pages::visit::Signed;
use crate::problem::{Code, Problem};
use crate::ways;

/// The page's content.
pub fn of(
    signed: &Signed,
    found: &Appealed,
    done: bool,
    refused: Option<(Option<Outcome>, &str, &Problem)>,
) -> Markup {
    let words = i18n::of(signed.language());
    let appeal = &found.appeal;
    let day = |at: crate::db::types::Timestamp| {
        crate::i18n::mails(signed.language()).date(at.utc().date_naive())
    };
    let declined = match appeal.subject.kind() {
        AppealKind::Registration => words.declined_registration,
        AppealKind::Organization => words.declined_organization,
    };
    html! {
        p .over { a href=(signed.link(ways::MINE)) { (words.to_mine) } }
        h1 { (words.appeal) }
        p { span .tag { (state(appeal.state, words)) } }
        @if done { div .o role="status" { p { (words.answered) } } }
        @if let Some((_, _, problem)) = refused { (notice(signed, problem, words)) }
        dl {
            dt { (declined) } dd dir="auto" { (found.about) }
            dt { (words.declined_on) } dd { (day(appeal.decided_at)) }
            @if found.answers && let Some(by) = &found.by { dt { (words.appealed_by) } dd { bdi { (by) } } }
            dt { (words.appealed_on) } dd { (day(appeal.created_at)) }
        }
        h2 { (words.objection) }
        p .said dir="auto" { (appeal.text) }
        @if let Some(answer) = &appeal.answer {
            h2 { (words.answer) }
            p .said dir="auto" { (answer) }
        }
        @if found.can_answer || refused.is_some() { (form(signed, found, refused, words)) }
        @else if found.answers && appeal.state == AppealState::Open { p { (words.not_by_you) } }
    }
}

fn notice(signed: &Signed, problem: &Problem, words: &Words) -> Markup {
    match problem.code() {
        Code::InvalidValue => html! { div .b role="alert" { p { (words.look_again) } } },
        _ => signed.frame.notice(problem),
    }
}

fn form(
    signed: &Signed,
    found: &Appealed,
    refused: Option<(Option<Outcome>, &str, &Problem)>,
    words: &Words,
) -> Markup {
    let wrong = |pointer: &str| {
        refused.is_some_and(|(_, _, problem)| {
            problem.code() == Code::InvalidValue
                && problem.errors().iter().any(|error| error.pointer == pointer)
        })
    };
    let chosen = refused.and_then(|(outcome, _, _)| outcome);
    let outcomes = [(Outcome::Upheld, words.uphold), (Outcome::Dismissed, words.dismiss)];
    html! {
        form method="post" action=(signed.link(&ways::appeal(found.appeal.id))) {
            input type="hidden" name="version" value=(found.appeal.version);
            fieldset {
                legend { (words.answer_it) }
                @if wrong("/outcome") { p .e { (words.choose_one) } }
                @for (outcome, label) in outcomes {
                    label .c { input type="radio" name="outcome" value=(outcome) required checked[chosen == Some(outcome)]; span { (label) } }
                }
                div .f {
                    label for="answer" { (words.answer_text) }
                    @if wrong("/answer") { p .e #answer-e { (words.need_answer) } }
                    textarea #answer name="answer" rows="6" dir="auto" required aria-invalid=[wrong("/answer").then_some("true")] { (refused.map_or("", |(_, text, _)| text)) }
                }
            }
            @if found.can_answer { button .m { (words.answer_send) } }
        }
    }
}

/// How far it has come.
fn state(state: AppealState, words: &Words) -> &str {
    match state {
        AppealState::Open => words.waiting,
        AppealState::Upheld => words.upheld,
        AppealState::Dismissed => words.dismissed,
    }
}
