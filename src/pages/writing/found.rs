//! What the checks find, beside the paragraph that it is about; what is about a heading or the whole report, in the head.

use maud::{Markup, html};

use super::deeds::Act;
use super::head::Scene;
use super::sayings;
use crate::reports::ParagraphId;
use crate::reports::checks::{self, Judged, Level, Telling};

/// What was found in this paragraph.
pub fn of(scene: &Scene, id: ParagraphId) -> Markup {
    let id = id.to_string();
    let here = |one: &&Judged| one.finding.place.paragraph.as_deref() == Some(id.as_str());
    list(scene, findings(scene).filter(here), &format!("#at-{id}"))
}

/// What was found in headings, and what is about the report as a whole.
pub fn of_whole(scene: &Scene) -> Markup {
    let whole = |one: &&Judged| one.finding.place.paragraph.is_none();
    list(scene, findings(scene).filter(whole), "#open")
}

/// What is told nowhere else on the page: beside a paragraph stands what it rests on.
fn findings<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = &'s Judged> {
    scene.desk.findings.iter().filter(|one| !checks::is_told_by_coverage(&one.finding))
}

/// The paragraphs in which something is found that holds the report back, each once, in their order.
pub fn blocked(scene: &Scene) -> Vec<ParagraphId> {
    let blocking = findings(scene).filter(|one| one.blocks());
    let places = blocking.filter_map(|one| one.finding.place.paragraph.as_ref()?.parse().ok());
    let mut ids: Vec<ParagraphId> = places.collect();
    ids.dedup();
    ids
}

fn list<'f>(scene: &Scene, found: impl Iterator<Item = &'f Judged>, here: &str) -> Markup {
    let found: Vec<&Judged> = found.collect();
    html! { @if !found.is_empty() { ul .found { @for one in found { li { (finding(scene, one, here)) } } } } }
}

fn finding(scene: &Scene, one: &Judged, here: &str) -> Markup {
    let words = scene.words();
    let kind = match (&one.waiver, one.finding.level) {
        (Some(_), _) => words.may_pass,
        (None, Level::Advises) => words.advises,
        (None, Level::Blocks | Level::BlocksAlways) => words.holds_back,
    };
    html! {
        p {
            strong .bad[one.blocks()] { (kind) } " "
            (told(scene, &one.finding.sentence)) " " (told(scene, &one.finding.remedy))
        }
        @if let Some(waiver) = &one.waiver {
            p .soft { bdi { (scene.name(waiver.waived_by)) } ": " bdi { (waiver.reason) } }
        } @else if scene.desk.can_waive && one.finding.level.is_waivable() { (let_pass(scene, one, here)) }
    }
}

/// A sentence or a remedy, in the language of the page.
fn told(scene: &Scene, telling: &Telling) -> Markup {
    html! { @match sayings::told(telling, scene.language()) {
        Some(told) => span { (told) },
        None => span lang="en" dir="ltr" { (telling) },
    } }
}

fn let_pass(scene: &Scene, one: &Judged, here: &str) -> Markup {
    let words = scene.words();
    let id = format!("pass-{}", one.fingerprint.get(..12).unwrap_or_default());
    let typed = scene.refused.and_then(|(act, _)| match act {
        Act::Waive { finding, reason, .. } if *finding == one.fingerprint => Some(reason.as_str()),
        _ => None,
    });
    html! {
        details open[typed.is_some()] {
            summary { (words.let_pass) }
            @if typed.is_some() { (scene.notice()) }
            form method="post" action=(scene.way(here)) {
                input type="hidden" name="finding" value=(one.fingerprint);
                @if let Some(at) = &one.finding.place.paragraph { input type="hidden" name="at" value=(at); }
                div .f {
                    label for=(id) { (words.reason) }
                    textarea id=(id) name="reason" rows="2" dir="auto" required { (typed.unwrap_or_default()) }
                }
                button name="action" value="waive" { (words.let_pass) }
            }
        }
    }
}
