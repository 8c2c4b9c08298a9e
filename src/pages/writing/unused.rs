//! What nothing in a draft uses yet: to be made a paragraph of, or left out for a reason; and what is left out.

use maud::{Markup, html};

use super::deeds::{Act, Open, code};
use super::head::Scene;
use super::margin;
use crate::inputs::{Input, InputId};
use crate::problem::Code;
use crate::reference::ObjectiveNumber;
use crate::reports::{Omitted, OutlineSection};

/// Both.
pub fn of(scene: &Scene) -> Markup {
    let (words, desk) = (scene.words(), scene.desk);
    let inputs = desk.inputs.iter().map(|(id, _)| *id);
    let inputs =
        inputs.filter(|id| desk.coverage.uncovered_inputs.contains(id)).map(Omitted::Input);
    let sources = desk.coverage.uncovered_sources.iter().copied().map(Omitted::Source);
    let all: Vec<Omitted> = inputs.chain(sources).collect();
    html! { div .noprint {
        @if !all.is_empty() {
            h2 #unused { (words.unused) }
            p { (words.unused_text) }
            ul .shelf.unused { @for one in all { li id={ "use-" (code(one)) } { (unused(scene, one)) } } }
        }
        (left_out(scene))
    } }
}

fn unused(scene: &Scene, one: Omitted) -> Markup {
    let (words, code) = (scene.words(), code(one));
    let known = match one {
        Omitted::Input(id) => scene.desk.input(id).and_then(|known| known.input.as_ref()),
        Omitted::Source(_) => None,
    };
    let may = may_write(scene);
    html! {
        div { (named(scene, one)) }
        @if let Some(input) = known { p .soft.small { (about(scene, input)) } }
        @if scene.open == Open::Unused(one) {
            div .bench {
                (scene.notice())
                @if let (Omitted::Input(id), Some(input)) = (one, known) { (make(scene, id, input)) }
                @if scene.desk.can_omit { (leave(scene, one)) }
                p { a href=(scene.way(&format!("#use-{code}"))) { (words.close) } }
            }
        } @else if may {
            p .ways { a href=(scene.signed.link(&format!("?use={code}#use-{code}"))) { (words.use_or_leave) } }
        }
    }
}

/// Whether whoever looks may write anything in it.
fn may_write(scene: &Scene) -> bool {
    let desk = scene.desk;
    desk.actions.contains(&"draft") || desk.actions.contains(&"update")
}

fn named(scene: &Scene, one: Omitted) -> Markup {
    match one {
        Omitted::Input(id) => margin::input(scene, id),
        Omitted::Source(source) => margin::source(scene, source),
    }
}

/// What an input is about.
fn about(scene: &Scene, input: &Input) -> Markup {
    let numbers: Vec<String> = input.objectives.iter().map(ObjectiveNumber::to_string).collect();
    let numbers = crate::i18n::mails(scene.language()).list(&numbers);
    let category = scene.desk.categories.iter().find(|one| one.id == input.category_id);
    html! {
        @if !numbers.is_empty() { (super::i18n::put(scene.words().objective_number, "number", numbers)) }
        @if let Some(category) = category { " · " bdi lang="en" { (category.heading) } }
    }
}

/// A paragraph made of an input.
fn make(scene: &Scene, id: InputId, input: &Input) -> Markup {
    let words = scene.words();
    let all = scene.desk.sections().into_iter();
    let open: Vec<&OutlineSection> =
        all.filter(|one| one.allowed_actions.contains(&"add_paragraph")).collect();
    let fits = |one: &&&OutlineSection| {
        let section = &one.section;
        let same = input.objectives.iter().any(|number| section.objectives.contains(number));
        same && section.category_id == Some(input.category_id)
    };
    let sent = scene.refused.and_then(|(act, _)| match act {
        Act::Add { section, written, .. } => Some((*section, written)),
        _ => None,
    });
    let chosen = sent.map(|(section, _)| section);
    let chosen = chosen.or_else(|| open.iter().find(fits).map(|one| one.section.id));
    let text = sent.map_or(input.body.as_str(), |(_, written)| &written.text);
    html! { @if !open.is_empty() {
        form method="post" action=(scene.way(&format!("#use-{id}"))) data-keep={ "draft new " (id) } data-keep-over="1" data-shown=[sent.map(|_| "1")] {
            input type="hidden" name="input" value=(id);
            input type="hidden" name="source" value=(id);
            div .f {
                label for="elsewhere" { (words.add_to) }
                select #elsewhere name="section" { @for one in open {
                    option value=(one.section.id) selected[chosen == Some(one.section.id)] { (scene.section_name(one)) }
                } }
            }
            div .f {
                label for="text" { (words.text) }
                (scene.text_error("text", text))
                p .h #text-h { (words.in_your_words) }
                textarea #text name="text" rows="6" dir="auto" aria-describedby="text-h" { (text) }
            }
            button .m name="action" value="add" { (words.add) }
        }
    } }
}

/// It is left out for a reason.
fn leave(scene: &Scene, one: Omitted) -> Markup {
    let (words, code) = (scene.words(), code(one));
    let sent = scene.refused.and_then(|(act, _)| match act {
        Act::Omit { reason, .. } => Some(reason.as_str()),
        _ => None,
    });
    let wrong = scene.refused.is_some_and(|(_, problem)| problem.code() == Code::InvalidValue);
    let wrong = wrong && sent.is_some();
    html! {
        details open[sent.is_some()] {
            summary { (words.leave_out) }
            form method="post" action=(scene.way(&format!("#use-{code}"))) {
                input type="hidden" name="omitted" value=(code);
                div .f {
                    label for="leave" { (words.leave_why) }
                    @if wrong { p .e #leave-e { (words.need_reason) } }
                    textarea #leave name="reason" rows="2" dir="auto" required aria-invalid=[wrong.then_some("true")] { (sent.unwrap_or_default()) }
                }
                button name="action" value="omit" { (words.leave_out) }
            }
        }
    }
}

fn left_out(scene: &Scene) -> Markup {
    let (words, omissions) = (scene.words(), &scene.desk.omissions);
    html! { @if !omissions.is_empty() {
        h2 #omitted { (words.left_out) }
        ul .shelf.unused { @for (one, actions) in omissions { li {
            div { (named(scene, one.omitted)) }
            p { span .soft { (words.reason) ": " } span .said dir="auto" { (one.reason) } }
            @if actions.contains(&"withdraw") {
                form method="post" action=(scene.way("#unused")) {
                    input type="hidden" name="omission" value=(one.id);
                    input type="hidden" name="version" value=(one.version);
                    button .link name="action" value="unomit" { (words.use_after_all) }
                }
            }
        } } }
    } }
}
