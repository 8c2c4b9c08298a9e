//! What the page of the commenting template looks like.

use maud::{Markup, html};

use super::posted::Sending;
use super::service::{Found, Sheet};
use crate::pages::clearing::i18n::{self, Words, put};
use crate::pages::visit::Signed;
use crate::reports::clearance::Party;
use crate::reports::clearance::template::Said;
use crate::ways;

/// Longest text that is shown of a paragraph, in characters: enough to know it.
const SHOWN: usize = 160;

/// The page.
pub fn of(signed: &Signed, sheet: &Sheet, sending: &Sending<Found>) -> Markup {
    let (words, report) = (i18n::of(signed.language()), &sheet.report);
    let room = ways::clearance(report.id);
    let file = |format: &str| format!("{room}/template.{format}");
    html! {
        p .over dir="auto" { a href=(signed.link(&room)) lang=(report.language) { (report.title) } }
        h1 { (words.template_title) }
        @if let Some(found) = &sending.found { (read(signed, sheet, sending, found)) }
        p .lead { (words.template_text) }
        p { a .button href=(file("xlsx")) download { (words.template_xlsx) } " " a .button href=(file("docx")) download { (words.template_docx) } }
        @if sheet.mine.is_empty() { p .soft { (words.not_asked) } }
        @else { (send(signed, sheet, sending)) }
    }
}

fn send(signed: &Signed, sheet: &Sheet, sending: &Sending<Found>) -> Markup {
    let words = i18n::of(signed.language());
    let action = signed.link(&format!("{}/template", ways::clearance(sheet.report.id)));
    html! {
        h2 #send { (words.template_send) }
        @if let Some(problem) = &sending.refused { (signed.frame.notice(problem)) }
        form method="post" action=(action) enctype="multipart/form-data" {
            @match &sheet.mine[..] {
                [one] => input type="hidden" name="for" value=(one.seat.party.id);,
                several => div .f {
                    label for="for" { (words.template_for) }
                    select #for name="for" { @for one in several {
                        option value=(one.seat.party.id) selected[sending.party == Some(one.seat.party.id)] { (called(sheet, &one.seat.party, words)) }
                    } }
                },
            }
            div .f {
                label for="file" { (words.template_file) }
                p .h #file-h { (words.template_file_help) }
                input #file name="file" type="file" required accept=".xlsx,.docx,.csv" aria-describedby="file-h";
            }
            button .m name="action" value="look" { (words.template_look) }
        }
    }
}

fn called(sheet: &Sheet, party: &Party, words: &Words) -> String {
    sheet.names.called(party).unwrap_or_else(|| words.somebody.to_owned())
}

/// What a file says, and what of it cannot be taken over.
fn read(signed: &Signed, sheet: &Sheet, sending: &Sending<Found>, found: &Found) -> Markup {
    let (words, language) = (i18n::of(signed.language()), signed.language());
    let report = &found.report;
    html! {
        h2 #found { (words.template_found) }
        @if !report.is_clean() {
            div .b role="alert" {
                p { strong { (words.template_wrong.of(language, report.errors_total as usize)) } " " (words.template_all_or_none) }
            }
            ul .story { @for error in &report.errors { li {
                p {
                    strong { (put(words.template_row, "number", error.row)) }
                    @if let Some(column) = &error.column { " · " bdi lang="en" { (column) } }
                }
                p { (why(error.column.as_deref(), words)) }
                p .soft.small lang="en" dir="ltr" { (error.detail) }
            } } }
        }
        @if found.said.is_empty() && report.is_clean() { p { (words.template_nothing) } }
        @for one in &found.said { (said(signed, sheet, one)) }
        @if !found.unplaced.is_empty() {
            h3 { (words.template_unplaced) }
            p { (words.template_unplaced_text) }
            ul { @for text in &found.unplaced { li .said dir="auto" { (text) } } }
        }
        @if report.is_clean() && !found.said.is_empty() { (take(signed, sheet, sending, found)) }
    }
}

/// What is wrong with a cell, in the language of the page.
fn why<'w>(column: Option<&str>, words: &'w Words) -> &'w str {
    match column {
        Some("reference" | "Paragraph") => words.template_no_paragraph,
        _ => words.template_no_text,
    }
}

fn said(signed: &Signed, sheet: &Sheet, one: &Said) -> Markup {
    let words = i18n::of(signed.language());
    let line = one.on.and_then(|on| sheet.lines.iter().find(|line| line.id == on.paragraph));
    let language = sheet.report.language;
    html! { div .suggestion {
        p {
            strong { @match (line, one.on) {
                (Some(line), _) => { (put(words.paragraph_number, "number", line.number)) }
                (None, Some(_)) => { (put(words.paragraph_number, "number", "–")) }
                (None, None) => { (words.on_whole) }
            } }
        }
        @if let Some(line) = line { p .soft.small dir="auto" lang=(language) { (start(&line.text)) } }
        @if let Some(text) = &one.comment { p { span .tag { (words.comment) } " " span .said dir="auto" { (text) } } }
        @if let Some(text) = &one.wording { p { span .tag { (words.suggest) } " " span .said dir="auto" lang=(language) { (text) } } }
    } }
}

/// The beginning of a text.
fn start(text: &str) -> String {
    let start: String = text.chars().take(SHOWN).collect();
    if start.len() < text.len() { format!("{start}…") } else { start }
}

/// Recording exactly what the page shows.
fn take(signed: &Signed, sheet: &Sheet, sending: &Sending<Found>, found: &Found) -> Markup {
    let words = i18n::of(signed.language());
    let said = serde_json::to_string(&found.said).unwrap_or_default();
    let action = signed.link(&format!("{}/template", ways::clearance(sheet.report.id)));
    html! { form method="post" action=(action) enctype="multipart/form-data" {
        @if let Some(party) = sending.party { input type="hidden" name="for" value=(party); }
        input type="hidden" name="said" value=(said);
        button .m name="action" value="take" { (words.template_take) }
    } }
}
