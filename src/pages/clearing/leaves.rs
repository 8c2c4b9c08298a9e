//! The draft as one agrees to it: what changed since one last agreed first, with the difference, then the rest.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::i18n::put;
use super::scene::Scene;
use super::{forms, remarks, seats};
use crate::pages::printed::{self, Print};
use crate::reports::clearance::portions::{self, Portion, PortionKind};
use crate::reports::history::difference::{DifferenceOp, Piece};
use crate::reports::{OutlineParagraph, ParagraphId};
use crate::vocabulary::ThingId;

/// A portion as it is shown: with what differs, and what there is to say of that.
struct Leaf<'a> {
    id: ThingId,
    now: Option<&'a Portion>,
    words: &'a [Piece],
    tag: Option<&'a str>,
}

/// All of it.
pub fn of(scene: &Scene) -> Markup {
    let (words, room) = (scene.words(), scene.room);
    let report = room.report();
    let print = Print::of(&room.drafted.document);
    let since: Vec<Leaf> = room.since.iter().map(|one| meanwhile(scene, one)).collect();
    let mut shown: BTreeSet<ThingId> = since.iter().map(|leaf| leaf.id).collect();
    let left = left(scene, &shown);
    shown.extend(left.iter().map(|leaf| leaf.id));
    let rest = room.whole.portions.iter().filter(|one| !shown.contains(&one.id));
    let rest: Vec<Leaf> =
        rest.map(|now| Leaf { id: now.id, now: Some(now), words: &[], tag: None }).collect();
    let parts = [(words.meanwhile, since), (words.changed, left), (words.rest, rest)];
    let several = parts.iter().filter(|(_, leaves)| !leaves.is_empty()).count() > 1;
    let parts = parts.iter().filter(|(_, leaves)| !leaves.is_empty());
    html! {
        div #text { (scene.notice("text")) }
        @for (title, leaves) in parts {
            h2 { @if several { (title) } @else { (words.whole_text) } }
            div .read.draft lang=(report.language) dir=(report.language.direction()) {
                (listed(scene, &print, leaves))
            }
        }
        div .read lang=(report.language) dir=(report.language.direction()) { (print.notes()) }
    }
}

/// What reads otherwise than the page from which somebody agreed.
fn meanwhile<'a>(scene: &'a Scene, one: &'a super::service::Since) -> Leaf<'a> {
    let words = scene.words();
    let now = scene.room.whole.get(one.id);
    let tag = if now.is_some() { words.is_changed } else { words.is_gone };
    Leaf { id: one.id, now, words: &one.words, tag: Some(tag) }
}

/// What reads otherwise than what the party agreed to last; nothing where it never agreed.
fn left<'a>(scene: &'a Scene, shown: &BTreeSet<ThingId>) -> Vec<Leaf<'a>> {
    let words = scene.words();
    let Some(mine) = scene.mine().filter(|mine| mine.seat.has_agreed) else { return Vec::new() };
    let left = mine.left.iter().filter(|left| !shown.contains(&left.id));
    left.map(|left| {
        let tag = match (left.kind, left.changed) {
            (PortionKind::Gone, _) => words.is_gone,
            (_, true) => words.is_changed,
            (_, false) => words.is_new,
        };
        Leaf { id: left.id, now: scene.room.whole.get(left.id), words: &left.words, tag: Some(tag) }
    })
    .collect()
}

fn listed(scene: &Scene, print: &Print, leaves: &[Leaf]) -> Markup {
    let mut under = Vec::new();
    html! { @for one in leaves {
        @let headings = one.now.map(Portion::headings).unwrap_or_default();
        (printed::headings(&under, &headings, 3))
        ({ under = headings; leaf(scene, print, one) })
    } }
}

fn leaf(scene: &Scene, print: &Print, leaf: &Leaf) -> Markup {
    let own = leaf.now.and_then(Portion::paragraph);
    let own = own.and_then(|id| scene.room.paragraph(id));
    let open = own.is_some_and(|own| scene.open == Some(own.paragraph.id));
    html! { div .para.open[open] id={ "at-" (leaf.id) } {
        (text(scene, print, leaf))
        div .beside lang=(scene.language()) dir=(scene.language().direction()) {
            @if let Some(tag) = leaf.tag { p { span .tag { (tag) } } }
            @if let Some(own) = own { (beside(scene, own)) }
        }
        @if let Some(own) = own.filter(|_| open && scene.answers().is_some()) { (bench(scene, own)) }
    } }
}

fn beside(scene: &Scene, own: &OutlineParagraph) -> Markup {
    let id = own.paragraph.id;
    html! { (scene.told(Some(&format!("at-{id}")))) (remarks::on(scene, Some(id))) (forms::ways(scene, id)) }
}

/// Where somebody comments on a paragraph or objects to it.
fn bench(scene: &Scene, own: &OutlineParagraph) -> Markup {
    let (words, paragraph) = (scene.words(), &own.paragraph);
    let spot = format!("at-{}", paragraph.id);
    html! { div .bench.noprint lang=(scene.language()) dir=(scene.language().direction()) {
        (scene.notice(&spot))
        (forms::speak(scene, Some((paragraph.id, paragraph.version))))
        p { a href=(scene.way(&format!("#{spot}"))) { (words.close) } }
    } }
}

/// The words of a portion: what differs, and as it is printed.
fn text(scene: &Scene, print: &Print, leaf: &Leaf) -> Markup {
    let words = scene.words();
    let printed = html! { @if let Some(now) = leaf.now { (printed(scene, print, now)) } };
    html! {
        @if leaf.words.is_empty() { @if leaf.now.is_some() { (printed) } @else { p .soft { (words.is_gone) } } }
        @else {
            div .paragraph { div .body {
                p .said { (seats::marked(scene, &without_headings(leaf.words))) }
                @if let Some(now) = leaf.now {
                    details {
                        summary lang=(scene.language()) dir=(scene.language().direction()) {
                            (words.reads_now) @if let Some(number) = now.number { " (" (put(words.paragraph_number, "number", number)) ")" }
                        }
                        (printed)
                    }
                }
            } }
        }
    }
}

fn printed(scene: &Scene, print: &Print, now: &Portion) -> Markup {
    match now.kind {
        PortionKind::Section => html! { div {
            (order(scene, now))
            @if let Some(printed) = print.portion(now.id) { (printed) }
        } },
        PortionKind::FirstPage => {
            let lines = now.text.lines().filter(|line| portions::referred(line).is_none());
            let lines = lines.collect::<Vec<_>>().join("\n");
            html! { div { (printed::words(lines.trim())) (order(scene, now)) } }
        }
        PortionKind::Paragraph | PortionKind::Gone => {
            let words = || printed::words(&scene.room.whole.readable(&now.text));
            print.portion(now.id).unwrap_or_else(words)
        }
    }
}

/// The order of what stands under a heading, as ways to it.
fn order(scene: &Scene, now: &Portion) -> Markup {
    let whole = &scene.room.whole;
    let ids: Vec<ThingId> = now.text.lines().filter_map(portions::referred).collect();
    let numbered = |id: &ThingId| whole.get(*id).is_some_and(|one| one.number.is_some());
    let one = |id: ThingId| {
        html! {
            @if whole.get(id).is_some() { a href={ "#at-" (id) } { bdi { (whole.called(id)) } } }
            @else { bdi { (whole.called(id)) } }
        }
    };
    let said = html! { span lang=(scene.language()) dir=(scene.language().direction()) { (scene.words().in_this_order) } };
    html! { @if ids.len() > 1 {
        @if ids.iter().all(numbered) {
            p .soft { (said) " " @for (index, id) in ids.iter().enumerate() { @if index > 0 { " · " } (one(*id)) } }
        } @else {
            p .soft { (said) }
            ol .soft { @for id in ids { li { (one(id)) } } }
        }
    } }
}

/// A difference without the headings above it, where those are the same.
fn without_headings(pieces: &[Piece]) -> Vec<Piece> {
    let mut pieces = pieces.to_vec();
    if let Some(first) = pieces.first_mut().filter(|first| first.op == DifferenceOp::Equal)
        && first.text.starts_with("# ")
        && let Some((_, rest)) = first.text.split_once("\n\n")
    {
        first.text = rest.to_owned();
    }
    pieces
}

/// A way to a paragraph by its number; none to one that is no more.
pub fn way(scene: &Scene, id: ParagraphId) -> Markup {
    let words = scene.words();
    html! { @match scene.room.whole.get(ThingId::new(id.uuid())) {
        Some(_) => a href={ "#at-" (id) } { (put(words.paragraph_number, "number", scene.number(id))) },
        None => span .soft { (words.is_gone) },
    } }
}
