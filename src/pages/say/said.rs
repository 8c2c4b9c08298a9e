//! What was said by a receipt: what waits, what is asked, what became of it.

use maud::{Markup, html};

use super::commenting;
use super::contributor::Contributor;
use super::i18n::{self, Words, put};
use super::saying::{self, next_mixing};
use super::service::{self, Done, Mine};
use crate::following::service::Followed;
use crate::inputs::contributed::Said;
use crate::inputs::{Input, InputState, SetAsideReason};
use crate::vocabulary::ContributionId;
use crate::voices::contributions::{Contribution, Late, Mixed, Supported};
use crate::voices::feedback::{self, Statement};
use crate::ways;

/// Everything of a receipt.
pub fn of(contributor: &Contributor, mine: &Mine, notice: Markup) -> Markup {
    let (words, language) = (i18n::of(contributor.language()), contributor.language());
    let own = &mine.own;
    let (asked, rest): (Vec<_>, Vec<_>) =
        own.contributions.iter().partition(|one| service::question(one).is_some());
    html! {
        p .lead dir="auto" { (mine.consultation.theme) }
        (notice)
        @if own.contributions.is_empty() && own.supports.is_empty() && own.observations.is_empty() { p .lead { (words.nothing_yet) } }
        @else if waits(mine) { p { (put(words.waits, "time", next_mixing(&mine.schedule, language))) } }
        ul .cards { @for one in asked.into_iter().chain(rest) {
            @let followed = mine.followed.iter().find(|followed| followed.input.id.uuid() == one.id.uuid());
            li .card { (contribution(contributor, one, followed, words)) }
        } }
        @if !own.supports.is_empty() {
            h2 { (words.supports) }
            ul .cards { @for one in &own.supports { li .card { (support(contributor, one, words)) } } }
        }
        (commenting::proof::said(contributor, &own.observations))
        p { a .button .m href=(contributor.way()) { (words.another) } }
        @if mine.can_give_feedback { (feedback_form(contributor, words)) }
        (saying::leaving(contributor))
    }
}

/// How far each statement holds; every one can be left out.
fn feedback_form(contributor: &Contributor, words: &Words) -> Markup {
    let said = |statement: Statement| match statement {
        Statement::Organized => words.feedback_organized,
        Statement::Followed => words.feedback_followed,
        Statement::Heard => words.feedback_heard,
        Statement::Again => words.feedback_again,
    };
    html! {
        h2 { (words.feedback) }
        p { (words.feedback_text) }
        form method="post" action=(contributor.way_to_mine()) {
            @for statement in Statement::ALL {
                fieldset .scale {
                    legend { (said(*statement)) }
                    @for answer in feedback::SCALE {
                        label .c {
                            input type="radio" name=(statement) value=(answer);
                            span {
                                (answer)
                                @if answer == *feedback::SCALE.start() { " " span .soft { (words.feedback_least) } }
                                @if answer == *feedback::SCALE.end() { " " span .soft { (words.feedback_most) } }
                            }
                        }
                    }
                }
            }
            button name="action" value="feedback" { (words.feedback_send) }
        }
    }
}

/// Whether anything of theirs is still to be mixed.
fn waits(mine: &Mine) -> bool {
    let of_mixed = |mixed: &Mixed| mixed.change.is_some() || mixed.withdrawal_waits;
    let waits = |one: &Contribution| one.mixed.as_ref().is_none_or(of_mixed);
    mine.own.contributions.iter().any(waits)
        || mine.own.supports.iter().any(|one| one.waits)
        || mine.own.observations.iter().any(|one| one.waits)
}

fn text(said: &Said) -> Markup {
    html! { p .said dir="auto" lang=(said.language) { (said.body) } }
}

/// A button about one of one's own. What it is about stands in the form: in an address a log would have it beside who asked.
fn act(
    contributor: &Contributor,
    one: &Contribution,
    action: &str,
    class: Option<&str>,
    label: &str,
) -> Markup {
    html! {
        form method="post" action=(contributor.way_to_mine()) {
            input type="hidden" name="contribution" value=(one.id);
            button class=[class] name="action" value=(action) { (label) }
        }
    }
}

fn contribution(
    contributor: &Contributor,
    one: &Contribution,
    followed: Option<&Followed>,
    words: &Words,
) -> Markup {
    let may = |action: &str| one.allowed_actions.contains(&action);
    let question = service::question(one);
    let (remove, sure) = match one.mixed {
        None => (words.delete, words.delete_sure),
        Some(_) => (words.take_back, words.take_back_sure),
    };
    html! {
        p { (tag(one, words)) }
        @if !one.said.body.is_empty() { (text(&one.said)) }
        @if one.unfit.is_some() { p .b { (words.unfit) } }
        @if let Some(mixed) = &one.mixed { (became(mixed, words)) }
        @if let Some(question) = question { (asked(contributor, one, question, words)) }
        @if let Some(followed) = followed { (where_to(contributor, followed, words)) }
        @if may("update") && question.is_none() { (act(contributor, one, "edit", None, words.change)) }
        @if may("withdraw") {
            details { summary { (remove) } p { (sure) } (act(contributor, one, "take_back", Some("risk"), remove)) }
        }
    }
}

fn tag(one: &Contribution, words: &Words) -> Markup {
    let (said, good) = match one.mixed.as_ref().map(|mixed| mixed.state) {
        None => (words.waiting, false),
        Some(InputState::Submitted) => (words.submitted, false),
        Some(InputState::Accepted) => (words.accepted, true),
        Some(InputState::Returned) => (words.returned, false),
        Some(InputState::Merged) => (words.merged, true),
        Some(InputState::Split) => (words.split, true),
        Some(InputState::SetAside) => (words.set_aside, false),
        Some(InputState::Withdrawn) => (words.withdrawn, false),
    };
    html! { span class={ "tag" @if good { " go" } } { (said) } }
}

/// How far something has come that was mixed, and what of it still waits.
fn became(mixed: &Mixed, words: &Words) -> Markup {
    html! {
        (reason(mixed.reason_code, mixed.note.as_deref(), words))
        @if let Some(change) = &mixed.change { p { strong { (words.will_say) } } (text(change)) }
        @if mixed.withdrawal_waits { p .n { (words.will_go) } }
        @match mixed.late {
            Some(Late::Change) => { p .b { (words.late_change) } }
            Some(Late::Withdrawal) => { p .b { (words.late_withdrawal) } }
            None => {}
        }
        @if let Some(reason) = &mixed.kept_because { p .n { (words.kept_because) " " (reason) } }
    }
}

/// Why an input is set aside, as whoever said it reads it.
pub(super) fn why_set_aside(code: SetAsideReason, words: &Words) -> &str {
    match code {
        SetAsideReason::OffTopic => words.off_topic,
        SetAsideReason::OtherObjectives => words.other_objectives,
        SetAsideReason::SaidElsewhere => words.said_elsewhere,
        SetAsideReason::NoContribution => words.no_contribution,
        SetAsideReason::IdentifiesSomebody => words.identifies_somebody,
        SetAsideReason::Abusive => words.abusive,
        SetAsideReason::Unclear => words.unclear,
        SetAsideReason::Other => words.other,
    }
}

fn reason(code: Option<SetAsideReason>, note: Option<&str>, words: &Words) -> Markup {
    let said = code.map(|code| why_set_aside(code, words));
    html! {
        @if let Some(said) = said { p { (said) } }
        @if let Some(note) = note { p { (words.team_writes) } p .said dir="auto" { (note) } }
    }
}

/// The question about it, and where it is answered: by a text that takes the place of what was said.
fn asked(contributor: &Contributor, one: &Contribution, question: &str, words: &Words) -> Markup {
    let id = format!("answer-{}", one.id);
    html! {
        div .n { p { strong { (words.question) } } p .said dir="auto" { (question) } }
        (saying::kept_change(contributor, one.id, false, html! {
            p .big { (words.do_not_say) }
            div .f {
                label for=(id) { (words.answer) }
                p .h id={ (id) "-h" } { (words.answer_help) }
                textarea id=(id) name="body" rows="6" required maxlength="5000" dir="auto" aria-describedby={ (id) "-h" } { (one.said.body) }
            }
            button .m name="action" value="answer" { (words.answer_send) }
        }))
    }
}

/// Where what it said is now, down to the paragraph.
fn where_to(contributor: &Contributor, followed: &Followed, words: &Words) -> Markup {
    let trace = &followed.trace;
    let newest = |report| {
        trace.published.iter().filter(|one| one.report_id == report).map(|one| one.edition).max()
    };
    // An edition takes the place of those before it; what two inputs went into is one paragraph.
    let mut published: Vec<_> = trace
        .published
        .iter()
        .filter(|one| Some(one.edition) == newest(one.report_id))
        .map(|one| {
            (one.report_id, one.edition, one.paragraph, one.symbol.as_deref().unwrap_or_default())
        })
        .collect();
    published.sort_unstable();
    published.dedup();
    let elsewhere = followed.lineage.now_in.iter().filter(|now| now.id != followed.input.id);
    html! {
        @for now in elsewhere { (now_in(now, words)) }
        @if !published.is_empty() {
            ul { @for (report, edition, paragraph, symbol) in &published {
                @let way = ways::paragraph(*report, *edition, *paragraph);
                li { a href=(contributor.link(&way)) { (put(words.in_report, "number", paragraph)) @if !symbol.is_empty() { " (" bdi { (symbol) } ")" } } }
            } }
        } @else if trace.in_cleared_draft { p { (words.in_draft) } }
        @else { @for reason in &trace.omitted_because { p { (words.not_in) } p .said dir="auto" { (reason) } } }
    }
}

fn now_in(now: &Input, words: &Words) -> Markup {
    html! {
        @if !now.body.is_empty() { p { (words.now_in) } p .said dir="auto" lang=(now.language) { (now.body) } }
        (reason(now.reason_code, now.note.as_deref(), words))
    }
}

fn support(contributor: &Contributor, one: &Supported, words: &Words) -> Markup {
    html! {
        @match &one.body {
            Some(body) => { p .said dir="auto" { (body) } }
            None => { p .soft { (words.support_hidden) } }
        }
        @if one.waits { p { span .tag { (words.support_waits) } } }
        form method="post" action=(contributor.way_to_mine()) {
            input type="hidden" name="input" value=(one.input);
            button name="action" value="unsupport" { (words.unsupport) }
        }
    }
}

/// Where one changes what was said.
pub fn edit(
    contributor: &Contributor,
    fields: &saying::Fields,
    contribution: ContributionId,
) -> Markup {
    let words = i18n::of(contributor.language());
    html! {
        p .big { (words.do_not_say) }
        (fields.summary())
        (saying::kept_change(contributor, contribution, !fields.wrong.is_empty(), html! {
            (fields.all())
            button .m name="action" value="change" { (words.save) }
            a .button href=(contributor.way_to_mine()) { (words.back) }
        }))
    }
}

/// What was done, told.
pub fn done(contributor: &Contributor, done: Done) -> Markup {
    let words = i18n::of(contributor.language());
    let (said, one) = match done {
        Done::Changed(one) => (words.changed, Some(one)),
        Done::Deleted(one) => (words.deleted, Some(one)),
        Done::TakenBack(one) => (words.taken_back, Some(one)),
        Done::Unsupported => (words.unsupported, None),
        Done::FeedbackGiven => (words.feedback_counted, None),
    };
    let kept = one.map(|one| saying::kept_as(contributor, Some(one)));
    html! { div .o role="status" data-forget=[kept] { p { (said) } } }
}
