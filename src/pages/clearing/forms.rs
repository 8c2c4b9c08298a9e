//! What several forms of the clearance room have in common.

use maud::{Markup, html};

use super::scene::Scene;
use crate::reports::ParagraphId;
use crate::ways;

/// For whom one speaks.
pub fn party(scene: &Scene) -> Markup {
    html! { @if let Some(mine) = scene.mine() {
        input type="hidden" name="for" value=(mine.seat.party.id);
    } }
}

/// A text, with what was typed in it before.
pub fn area(scene: &Scene, spot: &str, name: &str, label: &str, required: bool) -> Markup {
    let id = format!("{name}-{spot}");
    html! { div .f {
        label for=(id) { (label) }
        textarea id=(id) name=(name) rows="3" dir="auto" required[required] { (scene.typed(spot, name)) }
    } }
}

/// Commenting on a paragraph and objecting to it; on the draft as a whole when there is none.
pub fn speak(scene: &Scene, at: Option<(ParagraphId, i64)>) -> Markup {
    let words = scene.words();
    let spot = at.map_or_else(|| "whole".to_owned(), |(id, _)| format!("at-{id}"));
    let action = scene.way(&format!("#{spot}"));
    let about = html! {
        (party(scene))
        @if let Some((id, version)) = at {
            input type="hidden" name="at" value=(id);
            input type="hidden" name="version" value=(version);
        }
    };
    html! {
        details open[at.is_some() && !scene.sent(&spot, "reason") || scene.sent(&spot, "text")] {
            summary { (words.comment) }
            form method="post" action=(action) {
                (about)
                @if at.is_some() {
                    @let id = format!("quote-{spot}");
                    div .f {
                        label for=(id) { (words.quote) }
                        p .h id={ (id) "-h" } { (words.quote_help) }
                        input id=(id) name="quote" type="text" dir="auto" autocomplete="off" aria-describedby={ (id) "-h" } value=(scene.typed(&spot, "quote"));
                    }
                }
                (area(scene, &spot, "text", words.comment_text, true))
                button .m name="action" value="comment" { (words.comment_send) }
            }
        }
        details open[scene.sent(&spot, "reason")] {
            summary { (words.object) }
            p { (words.object_text) }
            form method="post" action=(action) {
                (about)
                (area(scene, &spot, "reason", words.object_why, true))
                button .risk name="action" value="object" { (words.object) }
            }
        }
    }
}

/// Publishing all the same, for a reason, despite what two hidden words name.
pub fn overriding(scene: &Scene, spot: &str, despite: (&str, &str)) -> Markup {
    let words = scene.words();
    html! { @if scene.room.actions.contains(&"publish") {
        details open[scene.sent(spot, "reason")] {
            summary { (words.go_on) }
            p { (words.go_on_text) }
            form method="post" action=(scene.way(&format!("#{spot}"))) {
                input type="hidden" name=(despite.0) value=(despite.1);
                (area(scene, spot, "reason", words.go_on_why, true))
                button .risk name="action" value="override" { (words.go_on) }
            }
        }
    } }
}

/// Ways from a paragraph to where it can be spoken about.
pub fn ways(scene: &Scene, id: ParagraphId) -> Markup {
    let words = scene.words();
    let which = html! { span .unseen { " " (super::i18n::put(words.paragraph_number, "number", scene.number(id))) } };
    let suggest = format!("{}?at={id}#at-{id}", ways::draft(scene.room.report().id));
    html! { p .ways {
        @if scene.answers().is_some() && scene.open != Some(id) {
            a href=(scene.at(id)) { (words.comment_or_object) (which) }
        }
        @if scene.room.can_suggest { a href=(scene.signed.link(&suggest)) { (words.suggest) (which) } }
    } }
}
