//! What was said about a draft: comments with their answers, and objections that stand.

use maud::{Markup, html};

use super::scene::Scene;
use super::service::Remark;
use super::{forms, leaves};
use crate::reports::ParagraphId;
use crate::reports::clearance::Objection;
use crate::reports::clearance::comments::CommentState;

/// Comments on a paragraph, or on the draft as a whole; and those on what is no more.
pub fn on(scene: &Scene, id: Option<ParagraphId>) -> Markup {
    let gone = |at: ParagraphId| scene.room.paragraph(at).is_none();
    let here = |one: &&Remark| match one.comment.on {
        None => id.is_none(),
        Some(on) => id == Some(on.paragraph) || id.is_none() && gone(on.paragraph),
    };
    html! { @for one in scene.room.remarks.iter().filter(here) { (remark(scene, one)) } }
}

/// Comments on the draft as a whole, and where one makes such a comment.
pub fn on_whole(scene: &Scene) -> Markup {
    let words = scene.words();
    let all = on(scene, None);
    let answers = scene.answers().is_some();
    html! { @if answers || !all.0.is_empty() {
        h2 #whole { (words.on_whole) }
        (scene.notice("whole"))
        (all)
        @if answers { (forms::speak(scene, None)) }
    } }
}

fn remark(scene: &Scene, one: &Remark) -> Markup {
    let (words, comment) = (scene.words(), &one.comment);
    let spot = format!("remark-{}", comment.id);
    let state = match comment.state {
        CommentState::Open if comment.released_at.is_none() && !comment.is_participants() => {
            words.unsent
        }
        CommentState::Open => words.unanswered,
        CommentState::Accepted => words.accepted,
        CommentState::NotTaken => words.not_taken,
        CommentState::Withdrawn => words.withdrawn,
    };
    html! { div .suggestion id=(spot) {
        p { span .tag { (state) } " " span .soft {
            @if let (Some(party), Some(at)) = (comment.party_id, comment.said_at) {
                bdi { (scene.party_name(party)) } " · " bdi { (scene.name(comment.said_by)) } " · " (scene.moment(at))
            } @else { (words.a_participant) }
        } }
        @if let Some((quoted, outdated)) = one.words.as_ref() {
            @if comment.quote.is_some() || comment.on.is_some_and(|on| on.range.is_some()) {
                p { mark .said dir="auto" lang=(scene.room.report().language) { (quoted) } }
            }
            @if *outdated { p .soft { (words.reads_otherwise) } }
        }
        p .said dir="auto" { (comment.text) }
        @if let Some(answer) = &comment.answer {
            p .comment { span .soft { bdi { (scene.name(comment.answered_by)) } ": " } span .said dir="auto" { (answer) } }
        }
        (scene.told(Some(&spot)))
        (scene.notice(&spot))
        (answer(scene, one, &spot))
    } }
}

/// Answering a comment, or taking one's own back.
fn answer(scene: &Scene, one: &Remark, spot: &str) -> Markup {
    let words = scene.words();
    let may = |action: &str| one.actions.contains(&action);
    let about = html! {
        input type="hidden" name="comment" value=(one.comment.id);
        input type="hidden" name="version" value=(one.comment.version);
    };
    let action = scene.way(&format!("#{spot}"));
    html! {
        @if may("answer") { details open[scene.refused_at(spot).is_some()] {
            summary { (words.answer) }
            form method="post" action=(action) {
                (about)
                (forms::area(scene, spot, "answer", words.answer, true))
                button .m name="action" value="accepted" { (words.accept) }
                button name="action" value="not_taken" { (words.not_take) }
            }
        } }
        @if may("withdraw") { form method="post" action=(action) {
            (about)
            button name="action" value="drop" { (words.take_back) }
        } }
    }
}

/// Objections that stand.
pub fn objections(scene: &Scene) -> Markup {
    let (words, all) = (scene.words(), &scene.room.standing.objections);
    html! { @if !all.is_empty() {
        h2 #objections { (words.objections) }
        @for one in all { (objection(scene, one)) }
    } }
}

fn objection(scene: &Scene, one: &Objection) -> Markup {
    let (words, position) = (scene.words(), &one.position);
    let spot = format!("objection-{}", position.id);
    let own = scene.answers().is_some_and(|mine| mine.objections.contains(&position.id));
    html! { div .suggestion id=(spot) {
        p { strong { bdi { (scene.called(&one.party)) } } " "
            @match position.paragraph_id { Some(at) => { (leaves::way(scene, at)) } None => { (words.on_whole) } }
            @if let Some(at) = position.decided_at { " " span .soft { (scene.moment(at)) } }
        }
        @if let Some(reason) = &position.reason { p .said dir="auto" { (reason) } }
        @if let Some(despite) = &one.overridden {
            p .comment { strong { (words.overridden) } " " span .soft { bdi { (scene.name(despite.made_by)) } ": " } span .said dir="auto" { (despite.reason) } }
        }
        (scene.notice(&spot))
        @if own { form method="post" action=(scene.way(&format!("#{spot}"))) {
            (forms::party(scene))
            input type="hidden" name="objection" value=(position.id);
            button name="action" value="take_back" { (words.take_back) }
        } }
        @if one.overridden.is_none() { (forms::overriding(scene, &spot, ("objection", &position.id.to_string()))) }
    } }
}
