//! A draft to be read: its contents, and its sections with their paragraphs, numbered as they would be printed, and with what stands
//! beside each.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::deeds::Open;
use super::head::Scene;
use super::{bench, margin, outlining};
use crate::document::{self, Block};
use crate::render::html::Pieces;
use crate::reports::{OutlineParagraph, OutlineSection, SectionKind};

/// How deep headings go: the title is the first.
const DEEPEST: usize = 5;

/// The contents.
pub fn contents(scene: &Scene) -> Markup {
    let report = scene.desk.report();
    html! {
        nav .contents-of aria-labelledby="contents" {
            h2 #contents { (scene.words().contents) }
            div lang=(report.language) dir=(report.language.direction()) { (lines(&scene.desk.drafted.outline.sections, 1)) }
            (outlining::add(scene))
        }
    }
}

/// The sections of one level. What is empty further down is found from above.
fn lines(sections: &[OutlineSection], level: usize) -> Markup {
    let shown = sections.iter().filter(|one| level < 3 || one.label.is_some());
    let shown: Vec<_> = shown.collect();
    html! { @if !shown.is_empty() { ol { @for one in shown { li {
        a href={ "#section-" (one.section.id) } class=[one.label.is_none().then_some("soft")] {
            @if let Some(label) = one.label.as_deref().filter(|label| !label.is_empty()) { (label) " " }
            (one.heading)
        }
        (lines(&one.sections, level + 1))
    } } } } }
}

/// The text as it would be printed, by the sections of the document.
struct Print<'a> {
    pieces: Pieces<'a>,
    sections: BTreeMap<&'a str, &'a document::Section>,
}

impl<'a> Print<'a> {
    fn of(document: &'a document::Document) -> Self {
        fn take<'d>(blocks: &'d [Block], all: &mut BTreeMap<&'d str, &'d document::Section>) {
            for block in blocks {
                if let Block::Section(section) = block {
                    all.insert(section.id.as_str(), section);
                    take(&section.blocks, all);
                }
            }
        }
        let mut sections = BTreeMap::new();
        take(&document.blocks, &mut sections);
        Self { pieces: Pieces::of(document), sections }
    }
}

/// The text.
pub fn text(scene: &Scene) -> Markup {
    let drafted = &scene.desk.drafted;
    let report = scene.desk.report();
    let print = Print::of(&drafted.document);
    html! {
        div .read.draft lang=(report.language) dir=(report.language.direction()) {
            @for one in &drafted.outline.sections { (section(scene, &print, one, 2)) }
            (print.pieces.notes())
        }
    }
}

fn section(scene: &Scene, print: &Print, one: &OutlineSection, level: usize) -> Markup {
    let id = one.section.id;
    let printed = print.sections.get(id.to_string().as_str());
    let of_document = printed.iter().flat_map(|section| blocks(scene, print, one, section));
    let shown: Vec<Markup> = of_document.collect();
    let class = match (one.section.kind, &one.label) {
        (_, None) => Some("bare"),
        (SectionKind::Annex, _) => Some("annex"),
        _ => None,
    };
    let rest = one.paragraphs.iter().filter(|own| printed.is_none() || own.number.is_none());
    html! { section id={ "section-" (id) } class=[class] {
        div .line {
            @match &printed {
                Some(section) => { (print.pieces.heading(section)) }
                None => { (heading(one, level)) }
            }
            (margin::of_section(scene, one))
        }
        @if scene.open == Open::In(id) { (bench::of_section(scene, one)) }
        @for block in &shown { (block) }
        @for own in rest { (paragraph(scene, one, own, &raw(scene, own))) }
        @for below in &one.sections { (section(scene, print, below, (level + 1).min(DEEPEST))) }
    } }
}

/// A heading that is not printed.
fn heading(one: &OutlineSection, level: usize) -> Markup {
    let text = html! { span .text { (one.heading) } };
    html! { @match level {
        2 => h2 { (text) },
        3 => h3 { (text) },
        4 => h4 { (text) },
        _ => h5 { (text) },
    } }
}

/// What stands directly in a section of the document: its paragraphs, tables and figures, and those under the heading of an objective.
fn blocks(
    scene: &Scene,
    print: &Print,
    one: &OutlineSection,
    section: &document::Section,
) -> Vec<Markup> {
    let own = |id: &document::Id| {
        one.paragraphs.iter().find(|own| own.paragraph.id.to_string() == id.as_str())
    };
    let is_section = |id: &document::Id| {
        one.sections.iter().any(|below| below.section.id.to_string() == id.as_str())
    };
    let mut shown = Vec::new();
    for block in &section.blocks {
        match block {
            Block::Paragraph(printed) => match own(&printed.id) {
                Some(own) => shown.push(paragraph(scene, one, own, &print.pieces.block(block))),
                None => shown.push(print.pieces.block(block)),
            },
            Block::Section(below) if is_section(&below.id) => {}
            Block::Section(below) => {
                shown.push(print.pieces.heading(below));
                shown.extend(blocks(scene, print, one, below));
            }
            Block::Table(_) | Block::Figure(_) => shown.push(print.pieces.block(block)),
        }
    }
    shown
}

/// A paragraph that has no number: as it was typed.
fn raw(scene: &Scene, own: &OutlineParagraph) -> Markup {
    let words = scene.words();
    html! { div .paragraph { div .body {
        @match &own.paragraph.text {
            Some(text) => p .said { (text) },
            None => p .soft lang=(scene.language()) dir=(scene.language().direction()) { (words.no_data) },
        }
    } } }
}

fn paragraph(
    scene: &Scene,
    section: &OutlineSection,
    own: &OutlineParagraph,
    text: &Markup,
) -> Markup {
    let id = own.paragraph.id;
    let open = [Open::At(id), Open::After(id)].contains(&scene.open);
    html! {
        div .para.open[open] id={ "at-" (id) } {
            (text)
            (margin::of_paragraph(scene, section, own))
            @if scene.open == Open::At(id) { (bench::of_paragraph(scene, section, own)) }
            @if scene.open == Open::After(id) { (bench::after(scene, section, own)) }
        }
    }
}
