//! The forms that change the outline of a draft: sections added, moved, joined, split and removed, and divergent views set apart.

use maud::{Markup, html};

use super::bench;
use super::deeds::{Act, Open};
use super::head::Scene;
use super::i18n::put;
use super::shaping::{SectionPlace, Shaping};
use crate::reports::outline::Sections;
use crate::reports::{OutlineParagraph, OutlineSection, Section, SectionId};

/// The sections of the draft, so that what can be chosen among them is known.
fn sections(scene: &Scene) -> Sections {
    Sections::of(scene.desk.sections().into_iter().map(|one| one.section.clone()).collect())
}

/// The change of the outline that was sent and could not be done.
fn sent<'s>(scene: &'s Scene) -> Option<&'s Shaping> {
    match scene.refused {
        Some((Act::Shape(shaping), _)) => Some(shaping),
        _ => None,
    }
}

// ------------------------------------------------------------------------------------------------ a new one

/// Below the contents: a way to a new section, or the form of one.
pub fn add(scene: &Scene) -> Markup {
    let words = scene.words();
    // Whoever may add one somewhere may on the first level.
    let may = |one: &&OutlineSection| one.allowed_actions.contains(&"add_section");
    let may = scene.desk.sections().iter().any(may);
    match (scene.open == Open::Outline, may) {
        (true, true) => {}
        (true, false) => {
            let content = html! { (scene.notice()) (bench::kept(scene)) };
            return bench::around(scene, "#contents", &content);
        }
        (false, true) => {
            return html! { p .ways.noprint { a href=(scene.signed.link("?outline=add#outline")) { (words.add_section) } } };
        }
        (false, false) => return html! {},
    }
    let (place, typed) = match sent(scene) {
        Some(Shaping::Add { place, heading }) => (Some(*place), Some(heading.as_str())),
        _ => (None, None),
    };
    let content = html! {
        (scene.notice())
        h3 #outline { (words.add_section) }
        form method="post" action=(scene.way("#outline")) {
            (heading(scene, "heading", words.heading, typed, true))
            (places(scene, None, place))
            button .m name="action" value="add_section" { (words.add_section) }
        }
    };
    bench::around(scene, "#contents", &content)
}

// ------------------------------------------------------------------------------------------------ one that is there

/// What one may do with a section among the others.
pub fn of_section(scene: &Scene, one: &OutlineSection) -> Markup {
    let (words, all) = (scene.words(), sections(scene));
    let may = |action: &str| one.allowed_actions.contains(&action);
    let id = one.section.id;
    let places = all.places_for(Some(id));
    let partners = all.partners_of(id);
    html! {
        @if may("move") && places.iter().any(|(parent, behind)| *parent != one.section.parent_id || !behind.is_empty()) {
            (part(matches!(sent(scene), Some(Shaping::Move { .. })), words.move_section, &shift(scene, one)))
        }
        @if may("split") && can_be_split(one) {
            (part(matches!(sent(scene), Some(Shaping::Split { .. })), words.split_section, &split(scene, one)))
        }
        @if may("set_apart") && written(one).count() > 1 {
            (part(matches!(sent(scene), Some(Shaping::SetApart { .. })), words.set_apart, &apart(scene, one)))
        }
        @if may("join") && !partners.is_empty() {
            (part(matches!(sent(scene), Some(Shaping::Join { .. })), words.join_section, &join(scene, one, &partners)))
        }
        @if may("remove") {
            (part(matches!(sent(scene), Some(Shaping::Remove { .. })), words.remove_section, &remove(scene, one)))
        }
    }
}

fn part(open: bool, name: &str, content: &Markup) -> Markup {
    html! { details open[open] { summary { (name) } (content) } }
}

/// What is sent with every form about a section: which, and as it was seen.
fn about(section: &Section) -> Markup {
    html! {
        input type="hidden" name="section" value=(section.id);
        input type="hidden" name="version" value=(section.version);
    }
}

fn here(scene: &Scene, section: &Section) -> String {
    scene.way(&format!("#section-{}", section.id))
}

fn shift(scene: &Scene, one: &OutlineSection) -> Markup {
    let section = &one.section;
    let place = match sent(scene) {
        Some(Shaping::Move { place, .. }) => Some(*place),
        _ => None,
    };
    html! {
        p { (scene.words().move_section_text) }
        form method="post" action=(here(scene, section)) {
            (about(section))
            (places(scene, Some(section), place))
            button name="action" value="move_section" { (scene.words().move_section) }
        }
    }
}

/// Whether anything can stay in a section and anything go to a new one: what is computed stays.
fn can_be_split(one: &OutlineSection) -> bool {
    one.paragraphs.len() > 1
        && one.paragraphs.last().is_some_and(|own| own.paragraph.computed.is_none())
}

fn split(scene: &Scene, one: &OutlineSection) -> Markup {
    let words = scene.words();
    let (chosen, typed) = match sent(scene) {
        Some(Shaping::Split { at, heading, .. }) => (Some(*at), Some(heading.as_str())),
        _ => (None, None),
    };
    let last_computed = one.paragraphs.iter().rposition(|own| own.paragraph.computed.is_some());
    let first = last_computed.map_or(1, |last| last + 1).max(1);
    html! {
        p { (words.split_section_text) }
        form method="post" action=(here(scene, &one.section)) {
            (about(&one.section))
            div .f {
                label for="split-at" { (words.split_at) }
                (scene.field_error("paragraph_id", "split-at", words.field_wrong))
                select #split-at name="at" { @for own in one.paragraphs.iter().skip(first) {
                    option value=(own.paragraph.id) selected[chosen == Some(own.paragraph.id)] {
                        (scene.number(own.paragraph.id)) " " (bench::beginning(own))
                    }
                } }
            }
            (heading(scene, "split-heading", words.heading_of_new, typed, true))
            button name="action" value="split" { (words.split_section) }
        }
    }
}

/// The paragraphs of a section that somebody wrote.
fn written(one: &OutlineSection) -> impl Iterator<Item = &OutlineParagraph> {
    one.paragraphs.iter().filter(|own| own.paragraph.computed.is_none())
}

fn apart(scene: &Scene, one: &OutlineSection) -> Markup {
    let words = scene.words();
    let (chosen, typed) = match sent(scene) {
        Some(Shaping::SetApart { views, heading, .. }) => {
            (views.as_slice(), Some(heading.as_deref().unwrap_or_default()))
        }
        _ => (&[][..], None),
    };
    html! {
        p { (words.set_apart_text) }
        form method="post" action=(here(scene, &one.section)) {
            (about(&one.section))
            fieldset {
                legend { (words.views_apart) }
                (scene.field_error("paragraph_ids", "views-apart", words.need_views))
                @for own in written(one) { label .c {
                    input type="checkbox" name="view" value=(own.paragraph.id) checked[chosen.contains(&own.paragraph.id)];
                    span { (scene.number(own.paragraph.id)) " " (bench::beginning(own)) }
                } }
            }
            (heading(scene, "views-heading", words.heading_of_views, typed, false))
            button name="action" value="set_apart" { (words.set_apart) }
        }
    }
}

fn join(scene: &Scene, one: &OutlineSection, partners: &[SectionId]) -> Markup {
    let words = scene.words();
    let (chosen, typed) = match sent(scene) {
        Some(Shaping::Join { with, heading, .. }) => {
            (Some(*with), Some(heading.as_deref().unwrap_or_default()))
        }
        _ => (None, None),
    };
    html! {
        p { (words.join_section_text) }
        form method="post" action=(here(scene, &one.section)) {
            (about(&one.section))
            (others(scene, "join-with", "with", words.join_with, partners, chosen, "section_id"))
            (heading(scene, "join-heading", words.heading_of_both, typed, false))
            button name="action" value="join" { (words.join_section) }
        }
    }
}

fn remove(scene: &Scene, one: &OutlineSection) -> Markup {
    fn inside(one: &OutlineSection, all: &mut Vec<SectionId>) -> usize {
        all.push(one.section.id);
        one.paragraphs.len() + one.sections.iter().map(|below| inside(below, all)).sum::<usize>()
    }
    let words = scene.words();
    let mut gone = Vec::new();
    let paragraphs = inside(one, &mut gone);
    let others_left = scene.desk.sections().into_iter().filter(|other| {
        other.allowed_actions.contains(&"add_paragraph") && !gone.contains(&other.section.id)
    });
    let others_left: Vec<SectionId> = others_left.map(|other| other.section.id).collect();
    let chosen = match sent(scene) {
        Some(Shaping::Remove { to, .. }) => *to,
        _ => None,
    };
    html! {
        p { (words.remove_section_text) }
        form method="post" action=(here(scene, &one.section)) {
            (about(&one.section))
            @if paragraphs > 0 {
                p { (words.paragraphs_in_it.of(scene.language(), paragraphs)) }
                (others(scene, "paragraphs-to", "to", words.paragraphs_to, &others_left, chosen, "paragraphs_to"))
            }
            button .risk name="action" value="remove" { (words.remove_section) }
        }
    }
}

// ------------------------------------------------------------------------------------------------ fields

/// A heading to be written; what was typed, where it was sent and could not be taken.
fn heading(scene: &Scene, id: &str, label: &str, typed: Option<&str>, required: bool) -> Markup {
    let words = scene.words();
    let said = if typed == Some("") { words.need_text } else { words.field_wrong };
    html! { div .f {
        label for=(id) { (label) }
        @if typed.is_some() { (scene.field_error("heading", id, said)) }
        input id=(id) name="heading" type="text" dir="auto" autocomplete="off" required[required] lang=(scene.desk.report().language)
            aria-invalid=[typed.and_then(|_| scene.invalid("heading"))] value=(typed.unwrap_or_default());
    } }
}

/// Another section to be chosen.
fn others(
    scene: &Scene,
    id: &str,
    name: &str,
    label: &str,
    all: &[SectionId],
    chosen: Option<SectionId>,
    pointer: &str,
) -> Markup {
    let known = all.iter().filter_map(|id| scene.desk.section(*id));
    html! { div .f {
        label for=(id) { (label) }
        (scene.field_error(pointer, id, scene.words().field_wrong))
        select id=(id) name=(name) aria-invalid=[scene.invalid(pointer)] { @for one in known {
            option value=(one.section.id) selected[chosen == Some(one.section.id)] { (scene.section_name(one)) }
        } }
    } }
}

/// The places for a section, by those it can stand in: where it stands is chosen at first; for a new one, the end of the first level.
fn places(scene: &Scene, moved: Option<&Section>, chosen: Option<SectionPlace>) -> Markup {
    let words = scene.words();
    let own = moved.map(|one| one.id);
    let found = sections(scene).places_for(own);
    let current = moved.map_or_else(
        || {
            let first = found.iter().find(|(parent, _)| parent.is_none());
            SectionPlace {
                parent: None,
                position: place(first.map_or(0, |(_, behind)| behind.len())),
            }
        },
        |one| SectionPlace { parent: one.parent_id, position: current(scene, one) },
    );
    let chosen = chosen.unwrap_or(current);
    let option = |parent, position, said: &str| {
        let here = SectionPlace { parent, position };
        html! { option value=(here.code()) selected[here == chosen] { (said) } }
    };
    let named = |id: &SectionId| scene.desk.section(*id).map(|one| scene.section_name(one));
    html! { div .f {
        label for="section-place" { (words.move_to) }
        (scene.field_error("parent_id", "section-place", words.field_wrong))
        select #section-place name="place" aria-invalid=[scene.invalid("parent_id")] {
            @for (parent, behind) in &found {
                optgroup label=(parent.as_ref().and_then(named).unwrap_or_else(|| words.first_level.to_owned())) {
                    (option(*parent, 1, words.at_beginning))
                    @for (index, one) in behind.iter().enumerate() {
                        @let after = put(words.after_section, "heading", named(one).unwrap_or_default());
                        (option(*parent, place(index + 1), &after))
                    }
                }
            }
        }
    } }
}

/// The place behind so many others.
fn place(others: usize) -> u32 {
    u32::try_from(others + 1).unwrap_or(u32::MAX)
}

/// Where a section stands among its neighbours, from 1.
fn current(scene: &Scene, one: &Section) -> u32 {
    let all = scene.desk.sections();
    let before = all.iter().take_while(|other| other.section.id != one.id);
    place(before.filter(|other| other.section.parent_id == one.parent_id).count())
}
