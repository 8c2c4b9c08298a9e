//! The minutes: what was done about a report on its way to the public.

use maud::{Markup, html};

use super::leaves;
use super::scene::Scene;
use crate::reports::clearance::minutes::{Minute, MinuteKind};

/// The minutes, folded.
pub fn of(scene: &Scene) -> Markup {
    let words = scene.words();
    html! { @if !scene.room.minutes.is_empty() {
        h2 #minutes { (words.minutes) }
        details {
            summary { (words.minutes_show) }
            ol .story { @for one in &scene.room.minutes { li { (minute(scene, one)) } } }
        }
    } }
}

fn minute(scene: &Scene, one: &Minute) -> Markup {
    html! {
        p {
            span .soft { (scene.moment(one.at)) " · " } (kind(scene, one.kind))
            @if let Some(party) = &one.party { ": " bdi { (scene.called(party)) } }
            @if let Some(at) = one.paragraph_id { " · " (leaves::way(scene, at)) }
            @if one.by.is_some() { " · " bdi .soft { (scene.name(one.by)) } }
        }
        @if let Some(text) = &one.text { p .said dir="auto" { (text) } }
    }
}

fn kind(scene: &Scene, kind: MinuteKind) -> &'static str {
    let words = scene.words();
    match kind {
        MinuteKind::ToClearance => words.minute_to_clearance,
        MinuteKind::BackToDrafting => words.minute_back,
        MinuteKind::RoundOpened => words.minute_opened,
        MinuteKind::Asked => words.minute_asked,
        MinuteKind::ParticipantsAsked => words.minute_participants,
        MinuteKind::Agreed => words.minute_agreed,
        MinuteKind::Objected => words.minute_objected,
        MinuteKind::Commented => words.minute_commented,
        MinuteKind::TookBack => words.minute_took_back,
        MinuteKind::CommentAnswered => words.minute_answered,
        MinuteKind::Overridden => words.overridden,
        MinuteKind::RoundClosed => words.minute_closed,
        MinuteKind::Published => words.minute_published,
    }
}
