//! Where somebody works on a paragraph or a section: the forms, with what was typed and what is wrong with it.

use maud::{Markup, html};

use super::deeds::{Act, Written};
use super::head::Scene;
use super::history::story;
use super::i18n::put;
use super::service::Thread;
use super::{margin, outlining};
use crate::document::inline;
use crate::inputs::InputId;
use crate::problem::{At, Code};
use crate::reports::history::difference;
use crate::reports::suggestions::SuggestionKind;
use crate::reports::{OutlineParagraph, OutlineSection, Paragraph, ParagraphId, Section};

/// Characters that are shown of the place from which a text could not be read.
const SHOWN: usize = 40;

impl Scene<'_> {
    /// What is wrong with a field of what was sent; one of a new paragraph stands below that.
    fn wrong(&self, field: &str) -> Option<&At> {
        let errors = self.refused.map(|(_, problem)| problem.errors()).unwrap_or_default();
        errors.iter().find(|error| {
            let pointer = error.pointer.strip_prefix("/paragraphs/0").unwrap_or(&error.pointer);
            pointer.trim_start_matches(['/', '?']).split('/').next() == Some(field)
        })
    }

    fn is_invalid(&self) -> bool {
        self.refused.is_some_and(|(_, problem)| problem.code() == Code::InvalidValue)
    }

    /// What is wrong with a text that was typed.
    pub fn text_error(&self, id: &str, text: &str) -> Markup {
        let words = self.words();
        html! { @if self.is_invalid() && self.wrong("text").is_some() {
            p .e id={ (id) "-e" } { (match inline::parse(text) {
                _ if text.is_empty() => words.need_text.to_owned(),
                Ok(_) => words.field_wrong.to_owned(),
                Err(error) => {
                    let rest = text.get(error.offset..).unwrap_or(text);
                    let place: String = rest.chars().take(SHOWN).collect();
                    put(words.text_unread, "place", place)
                }
            }) }
        } }
    }

    /// What is wrong with a field that was filled in.
    pub fn field_error(&self, field: &str, id: &str, said: &str) -> Markup {
        html! { @if self.is_invalid() && self.wrong(field).is_some() { p .e id={ (id) "-e" } { (said) } } }
    }

    /// "true" for a control with something wrong in it.
    pub fn invalid(&self, field: &str) -> Option<&'static str> {
        (self.is_invalid() && self.wrong(field).is_some()).then_some("true")
    }
}

/// Around what is worked on.
pub fn around(scene: &Scene, close: &str, content: &Markup) -> Markup {
    html! {
        div .bench.noprint lang=(scene.language()) dir=(scene.language().direction()) {
            (content)
            p { a href=(scene.way(close)) { (scene.words().close) } }
        }
    }
}

// ------------------------------------------------------------------------------------------------ a paragraph

/// Everything that one may do with a paragraph.
pub fn of_paragraph(scene: &Scene, section: &OutlineSection, own: &OutlineParagraph) -> Markup {
    let (words, id) = (scene.words(), own.paragraph.id);
    let may = |action: &str| own.allowed_actions.contains(&action);
    let suggests = matches!(scene.refused, Some((Act::Suggest { .. }, _)));
    let content = html! {
        @if !matches!(scene.refused, Some((Act::Decide { .. } | Act::Comment { .. }, _))) { (scene.notice()) }
        @if may("update") { (edit(scene, section, own)) }
        @if scene.desk.can_suggest {
            details open[suggests || !may("update")] {
                summary { (words.suggest) }
                (suggest(scene, own))
            }
        } @else if !may("update") { (kept(scene)) }
        @if may("move") {
            details open[matches!(scene.refused, Some((Act::Move { .. }, _)))] {
                summary { (words.move_it) }
                (shift(scene, own))
            }
        }
        @if may("delete") {
            details {
                summary { (words.delete) }
                p { (words.delete_text) }
                form method="post" action=(scene.way(&format!("#at-{id}"))) {
                    (about(&own.paragraph))
                    button .risk name="action" value="delete" { (words.delete) }
                }
            }
        }
    };
    around(scene, &format!("?done=closed&on={id}#at-{id}"), &content)
}

fn about(paragraph: &Paragraph) -> Markup {
    html! {
        input type="hidden" name="at" value=(paragraph.id);
        input type="hidden" name="version" value=(paragraph.version);
    }
}

fn edit(scene: &Scene, section: &OutlineSection, own: &OutlineParagraph) -> Markup {
    let (words, paragraph) = (scene.words(), &own.paragraph);
    let sent = scene.refused.and_then(|(act, _)| match act {
        Act::Edit { written, .. } => Some(written),
        _ => None,
    });
    let there = Written {
        text: paragraph.text.clone().or_else(|| own.printed.clone()).unwrap_or_default(),
        inputs: paragraph.inputs.clone(),
        objective: paragraph.objective,
        reason: paragraph.editorial_reason.clone(),
    };
    let meanwhile =
        scene.refused.is_some_and(|(_, problem)| problem.code() == Code::VersionMismatch);
    html! {
        @if let Some(sent) = sent.filter(|_| meanwhile) { (beside(scene, &there, sent)) }
        form method="post" action=(scene.way(&format!("#at-{}", paragraph.id))) data-keep={ "draft " (paragraph.id) } data-keep-over="1"
            data-shown=[sent.map(|_| "1")] {
            input type="hidden" name="at" value=(paragraph.id);
            // What is kept on the device is kept with the version that it was written on: it overwrites no other.
            input type="text" name="version" value=(paragraph.version) autocomplete="off" hidden;
            (fields(scene, &section.section, sent.unwrap_or(&there), Some(&there.inputs)))
            p .offline hidden data-offline tabindex="-1" { (words.offline) }
            button .m name="action" value="edit" { (words.save) }
            @if paragraph.computed.is_some() && paragraph.text.is_some() {
                button name="action" value="compute" { (words.compute) }
            }
        }
    }
}

/// What is there now beside what somebody wrote, who did not see it.
fn beside(scene: &Scene, there: &Written, sent: &Written) -> Markup {
    let (words, report) = (scene.words(), scene.desk.report());
    let last = scene.desk.last.as_ref();
    html! {
        div .conflict {
            h3 { (words.there_now) }
            @if let Some(last) = last {
                p .soft { bdi { (scene.name(last.step.by)) } " · " (scene.moment(last.step.at)) }
            }
            p .said dir="auto" lang=(report.language) { (there.text) }
            h3 { (words.yours_against_it) }
            p .said dir="auto" lang=(report.language) { (story::marked(&difference::words(&there.text, &sent.text), words)) }
        }
    }
}

/// The fields of a paragraph that is written.
fn fields(
    scene: &Scene,
    section: &Section,
    filled: &Written,
    own: Option<&Vec<InputId>>,
) -> Markup {
    let words = scene.words();
    let report = scene.desk.report();
    let described = scene.invalid("text").map_or("text-h", |_| "text-h text-e");
    html! {
        div .f {
            label for="text" { (words.text) }
            (scene.text_error("text", &filled.text))
            textarea #text name="text" rows="8" dir="auto" lang=(report.language) aria-describedby=(described) aria-invalid=[scene.invalid("text")] { (filled.text) }
            p .h #text-h { (words.text_help) }
        }
        @if section.objectives.len() > 1 {
            div .f {
                label for="objective" { (words.objective) }
                (scene.field_error("objective", "objective", words.field_wrong))
                select #objective name="objective" {
                    option value="" { (words.all_objectives) }
                    @for one in &section.objectives {
                        option value=(one) selected[filled.objective == Some(*one)] { (put(words.objective_number, "number", one)) }
                    }
                }
            }
        }
        (inputs(scene, section, filled, own))
        div .f {
            label for="reason" { (words.editorial_reason) }
            (scene.field_error("editorial_reason", "reason", words.field_wrong))
            p .h #reason-h { (words.editorial_help) }
            input #reason name="reason" type="text" dir="auto" autocomplete="off" aria-describedby="reason-h"
                aria-invalid=[scene.invalid("editorial_reason")] value=(filled.reason.as_deref().unwrap_or_default());
        }
    }
}

/// The inputs that a paragraph can rest on: its own, then those that nothing uses yet; what is about the same comes first.
fn inputs(
    scene: &Scene,
    section: &Section,
    filled: &Written,
    own: Option<&Vec<InputId>>,
) -> Markup {
    let (words, desk) = (scene.words(), scene.desk);
    let there = own.map(Vec::as_slice).unwrap_or_default();
    let mut near: Vec<InputId> = filled.inputs.clone();
    near.extend(there.iter().filter(|id| !filled.inputs.contains(id)));
    let free = desk.inputs.iter().map(|(id, known)| (*id, known.input.as_ref()));
    let free =
        free.filter(|(id, _)| desk.coverage.uncovered_inputs.contains(id) && !near.contains(id));
    let about = |input: &crate::inputs::Input| {
        let same = input.objectives.iter().any(|one| section.objectives.contains(one));
        let kind = section.category_id.is_none_or(|kind| kind == input.category_id);
        (section.objectives.is_empty() || same) && kind
    };
    let (same, others): (Vec<_>, Vec<_>) = free.partition(|(_, input)| input.is_some_and(about));
    let ids = |all: Vec<(InputId, Option<&crate::inputs::Input>)>| -> Vec<InputId> {
        all.into_iter().filter(|(_, input)| input.is_some()).map(|(id, _)| id).collect()
    };
    let (same, others) = (ids(same), ids(others));
    let boxed = |id: InputId| {
        html! {
            label .c {
                input type="checkbox" name="input" value=(id) checked[filled.inputs.contains(&id)];
                span { (margin::input(scene, id)) @if there.contains(&id) && !filled.inputs.contains(&id) { " " em { (words.cited_now) } } }
            }
        }
    };
    html! { @if !near.is_empty() || !same.is_empty() || !others.is_empty() {
        fieldset .inputs {
            legend { (words.inputs) }
            (scene.field_error("inputs", "inputs", words.inputs_wrong))
            @for id in near { (boxed(id)) }
            @if !same.is_empty() {
                p .soft { (words.not_used_here) }
                @for id in same { (boxed(id)) }
            }
            @if !others.is_empty() {
                details {
                    summary { (words.not_used_elsewhere.of(scene.language(), others.len())) }
                    @for id in others { (boxed(id)) }
                }
            }
        }
    } }
}

/// Suggested wording.
fn suggest(scene: &Scene, own: &OutlineParagraph) -> Markup {
    let (words, paragraph) = (scene.words(), &own.paragraph);
    let here = paragraph.text.as_deref().or(own.printed.as_deref()).unwrap_or_default();
    let sent = scene.refused.and_then(|(act, _)| match act {
        Act::Suggest { kind, text, comment, .. } => {
            Some((*kind, text.as_deref(), comment.as_deref()))
        }
        // Whoever may not write it can still suggest it.
        Act::Edit { written, .. } if !own.allowed_actions.contains(&"update") => {
            Some((SuggestionKind::Replace, Some(written.text.as_str()), None))
        }
        _ => None,
    });
    let (chosen, text, comment) = sent.unwrap_or((SuggestionKind::Replace, Some(here), None));
    let text = text.unwrap_or_default();
    let kinds = [
        (SuggestionKind::Replace, words.suggest_text),
        (SuggestionKind::InsertAfter, words.suggest_paragraph),
        (SuggestionKind::Delete, words.suggest_deletion),
    ];
    let wrong = sent.is_some();
    html! {
        form method="post" action=(scene.way(&format!("#at-{}", paragraph.id))) {
            (about(paragraph))
            fieldset .plain {
                legend { (words.suggest_what) }
                @for (kind, label) in kinds {
                    label .c { input type="radio" name="kind" value=(kind) checked[kind == chosen]; " " span { (label) } }
                }
            }
            div .f {
                label for="suggested" { (words.suggested_text) }
                @if wrong { (scene.text_error("suggested", text)) }
                textarea #suggested name="text" rows="6" dir="auto" lang=(scene.desk.report().language)
                    aria-invalid=[scene.invalid("text").filter(|_| wrong)] { (text) }
            }
            div .f {
                label for="because" { (words.suggest_why) }
                textarea #because name="comment" rows="2" dir="auto" { (comment.unwrap_or_default()) }
            }
            @if scene.desk.bodies.len() > 1 { div .f {
                label for="for" { (words.suggest_for) }
                select #for name="for" { @for party in &scene.desk.bodies {
                    option value=(party.id) { (scene.desk.parties.body(party)) }
                } }
            } }
            button .m[own.allowed_actions.is_empty()] name="action" value="suggest" { (words.suggest) }
        }
    }
}

/// Where it goes: each place of the sections that one may add to.
fn shift(scene: &Scene, own: &OutlineParagraph) -> Markup {
    let (words, paragraph) = (scene.words(), &own.paragraph);
    let sections = scene.desk.sections().into_iter().filter(|section| {
        let here = section.section.id == paragraph.section_id;
        section.allowed_actions.contains(&"add_paragraph") && (here || paragraph.computed.is_none())
    });
    html! {
        form method="post" action=(scene.way(&format!("#at-{}", paragraph.id))) {
            (about(paragraph))
            div .f {
                label for="place" { (words.move_to) }
                select #place name="place" {
                    @for section in sections { (places(scene, section, paragraph.id)) }
                }
            }
            button name="action" value="move" { (words.move_it) }
        }
    }
}

fn places(scene: &Scene, section: &OutlineSection, moved: ParagraphId) -> Markup {
    let (words, id) = (scene.words(), section.section.id);
    let before = section.paragraphs.iter().position(|one| one.paragraph.id == moved);
    let others = section.paragraphs.iter().filter(|one| one.paragraph.id != moved);
    // Where it stands now is chosen at first.
    html! { optgroup label=(scene.section_name(section)) {
        option value={ (id) ".1" } selected[before == Some(0)] { (words.at_beginning) }
        @for (index, one) in others.enumerate() {
            option value={ (id) "." (index + 2) } selected[before == Some(index + 1)] {
                (put(words.after_number, "number", scene.number(one.paragraph.id))) " " (beginning(one))
            }
        }
    } }
}

/// How a paragraph begins.
pub fn beginning(one: &OutlineParagraph) -> String {
    let text = one.printed.as_deref().or(one.paragraph.text.as_deref()).unwrap_or_default();
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// What somebody wrote where they may not write any more.
pub fn kept(scene: &Scene) -> Markup {
    let Some(written) = scene.refused.and_then(|(act, _)| act.words()) else { return html! {} };
    html! {
        p { strong { (scene.words().your_words) } }
        p .said dir="auto" { (written) }
    }
}

/// A new paragraph after one.
pub fn after(scene: &Scene, section: &OutlineSection, own: &OutlineParagraph) -> Markup {
    let id = own.paragraph.id;
    let content = html! {
        (scene.notice())
        @if section.allowed_actions.contains(&"add_paragraph") { (add(scene, section, Some(id))) } @else { (kept(scene)) }
    };
    around(scene, &format!("#at-{id}"), &content)
}

fn add(scene: &Scene, section: &OutlineSection, after: Option<ParagraphId>) -> Markup {
    let words = scene.words();
    let sent = scene.refused.and_then(|(act, _)| match act {
        Act::Add { written, .. } => Some(written),
        _ => None,
    });
    let id = section.section.id;
    let back = after.map_or_else(|| format!("#section-{id}"), |after| format!("#at-{after}"));
    html! {
        form method="post" action=(scene.way(&back)) data-keep={ "draft new " (id) } data-keep-over="1" data-shown=[sent.map(|_| "1")] {
            input type="hidden" name="section" value=(id);
            @if let Some(after) = after { input type="hidden" name="after" value=(after); }
            (fields(scene, &section.section, sent.unwrap_or(&Written::default()), None))
            button .m name="action" value="add" { (words.add) }
        }
    }
}

// ------------------------------------------------------------------------------------------------ a section

/// What one may do with a section: head it otherwise, and add to its end.
pub fn of_section(scene: &Scene, one: &OutlineSection) -> Markup {
    let (words, section) = (scene.words(), &one.section);
    let may = |action: &str| one.allowed_actions.contains(&action);
    let sent = scene.refused.and_then(|(act, _)| match act {
        Act::Head { heading, .. } => Some(heading.as_deref().unwrap_or_default()),
        _ => None,
    });
    let content = html! {
        (scene.notice())
        @if one.allowed_actions.is_empty() { (kept(scene)) }
        @if may("add_paragraph") {
            h3 { (words.add_here) }
            (add(scene, one, None))
        }
        @if may("update") {
            details open[sent.is_some()] {
                summary { (words.head_otherwise) }
                form method="post" action=(scene.way(&format!("#section-{}", section.id))) {
                    input type="hidden" name="section" value=(section.id);
                    input type="hidden" name="version" value=(section.version);
                    div .f {
                        label for="heading" { (words.heading) }
                        @if sent.is_some() { (scene.field_error("heading", "heading", words.field_wrong)) }
                        @if !section.kind.is_added() { p .h #heading-h { (words.heading_help) } }
                        input #heading name="heading" type="text" dir="auto" autocomplete="off" lang=(scene.desk.report().language)
                            aria-describedby=[(!section.kind.is_added()).then_some("heading-h")] aria-invalid=[sent.and_then(|_| scene.invalid("heading"))]
                            value=(sent.or(section.heading.as_deref()).unwrap_or_default());
                    }
                    button name="action" value="head" { (words.save) }
                }
            }
        }
        (outlining::of_section(scene, one))
    };
    around(scene, &format!("#section-{}", section.id), &content)
}

// ------------------------------------------------------------------------------------------------ what must not be lost

/// A suggestion whose paragraph says something else since: what it was made from, what is here and what is suggested, and what shall
/// stand.
pub fn settle(scene: &Scene, own: &OutlineParagraph, thread: &Thread) -> Markup {
    let (words, one) = (scene.words(), &thread.suggestion);
    let sent = scene.refused.and_then(|(act, _)| act.words());
    let errors = scene.refused.map(|(_, problem)| problem.errors()).unwrap_or_default();
    let made_from = errors.iter().find(|error| error.pointer == "/made_from");
    let here = own.paragraph.text.as_deref().or(own.printed.as_deref()).unwrap_or_default();
    let language = scene.desk.report().language;
    html! {
        @if let Some(made_from) = made_from {
            p { strong { (words.made_from) } }
            p .said dir="auto" lang=(language) { (made_from.detail) }
        }
        p { strong { (words.there_now) } }
        p .said dir="auto" lang=(language) { (here) }
        form method="post" action=(scene.way(&format!("#suggestion-{}", one.id))) {
            input type="hidden" name="at" value=(own.paragraph.id);
            input type="hidden" name="suggestion" value=(one.id);
            input type="hidden" name="version" value=(one.version);
            input type="hidden" name="seen" value=(own.paragraph.version);
            div .f {
                label for="settled" { (words.shall_stand) }
                (scene.text_error("settled", sent.unwrap_or_default()))
                textarea #settled name="text" rows="6" dir="auto" lang=(language) aria-invalid=[scene.invalid("text")] {
                    (sent.or(one.text.as_deref()).unwrap_or_default())
                }
            }
            button .m name="action" value="accept" { (words.accept) }
        }
    }
}

/// What somebody wrote for something that is no more on the page: their words, and another place for them.
pub fn rescued(scene: &Scene) -> Markup {
    let Some((act, _)) = scene.refused else { return html! {} };
    if scene.desk.has(act.open()) {
        return html! {};
    }
    let words = scene.words();
    let Some(written) = act.words() else { return scene.notice() };
    let open = scene.desk.sections().into_iter();
    let open: Vec<_> = open.filter(|one| one.allowed_actions.contains(&"add_paragraph")).collect();
    let inputs: &[InputId] = match act {
        Act::Edit { written, .. } | Act::Add { written, .. } => &written.inputs,
        _ => &[],
    };
    html! {
        div .b role="alert" { p { (words.gone_meanwhile) } }
        @if open.is_empty() {
            p { (words.your_words) }
            p .said dir="auto" { (written) }
        } @else {
            form method="post" action=(scene.way("")) {
                div .f {
                    label for="rescued" { (words.your_words) }
                    (scene.text_error("rescued", written))
                    textarea #rescued name="text" rows="8" dir="auto" { (written) }
                }
                @for id in inputs { input type="hidden" name="input" value=(id); }
                div .f {
                    label for="elsewhere" { (words.add_to) }
                    select #elsewhere name="section" { @for one in open {
                        option value=(one.section.id) { (scene.section_name(one)) }
                    } }
                }
                button .m name="action" value="add" { (words.add) }
            }
        }
    }
}
