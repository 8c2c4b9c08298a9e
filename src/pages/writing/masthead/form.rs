//! The form of a masthead; for whoever may not change it, what stands in it.

use maud::{Markup, html};

use super::service::Looked;
use super::typed::Filled;
use crate::i18n::Language;
use crate::pages::naming;
use crate::pages::visit::Signed;
use crate::pages::writing::i18n::{self, Words};
use crate::problem::{Code, Problem};
use crate::reports::{HeadingStyle, MastheadLine, MastheadNote, Report, ReportKind};
use crate::ways;

/// Rows for notes that are not there yet.
const FREE: usize = 2;
/// A first page has room for as many.
const MOST: usize = 8;

/// The form as somebody looks at it.
struct Sheet<'a> {
    words: &'static Words,
    report: &'a Report,
    /// What is there now.
    there: Filled,
    /// What was typed and could not be taken.
    refused: Option<(&'a Filled, &'a Problem)>,
}

/// The page's content.
pub fn of(
    signed: &Signed,
    (report, may): &Looked,
    done: bool,
    refused: Option<(&Filled, &Problem)>,
) -> Markup {
    let words = i18n::of(signed.language());
    let draft = ways::draft(report.id);
    let sheet = Sheet { words, report, there: Filled::of(report), refused };
    html! {
        p .over dir="auto" { a href=(signed.link(&draft)) lang=(report.language) { (report.title) } }
        h1 { (words.masthead) }
        @if done { div .o role="status" { p { (words.saved) } } }
        @match refused.map(|(_, problem)| (problem.code(), problem)) {
            None => {}
            Some((Code::InvalidValue, _)) => div .b role="alert" { p { (words.look_again) } },
            Some((Code::VersionMismatch, _)) => div .b role="alert" { p { (words.changed_meanwhile) } },
            Some((_, problem)) => (signed.frame.notice(problem)),
        }
        @if *may || refused.is_some() {
            form method="post" action=(signed.link(&format!("{draft}/masthead"))) { (sheet.fields(signed.language(), *may)) }
        } @else { (sheet.read(signed.language())) }
    }
}

impl Sheet<'_> {
    /// What the form is filled with.
    fn filled(&self) -> &Filled {
        self.refused.map_or(&self.there, |(filled, _)| filled)
    }

    /// Whether something is wrong at a place of what was sent.
    fn is_wrong(&self, pointer: &str) -> bool {
        self.refused.is_some_and(|(_, problem)| {
            problem.code() == Code::InvalidValue
                && problem.errors().iter().any(|error| {
                    error
                        .pointer
                        .strip_prefix(pointer)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                })
        })
    }

    /// What is there now where somebody else wrote it meanwhile and something else was typed.
    fn beside(&self, there: &str, typed: &str) -> Markup {
        let meanwhile =
            self.refused.is_some_and(|(_, problem)| problem.code() == Code::VersionMismatch);
        html! { @if meanwhile && there != typed {
            div .conflict {
                p { strong { (self.words.there_now) } }
                p .said dir="auto" { @if there.is_empty() { "–" } @else { (there) } }
            }
        } }
    }

    /// A field with what is wrong with it, what helps to fill it in, and what somebody else wrote.
    fn around(
        &self,
        id: &str,
        label: &str,
        help: Option<&str>,
        there: &str,
        typed: &str,
        control: &Markup,
    ) -> Markup {
        html! { div .f {
            label for=(id) { (label) }
            @if self.is_wrong(&format!("/{id}")) { p .e id={ (id) "-e" } { (if typed.is_empty() { self.words.need_text } else { self.words.field_wrong }) } }
            @if let Some(help) = help { p .h id={ (id) "-h" } { (help) } }
            (control)
            (self.beside(there, typed))
        } }
    }

    fn line(&self, id: &str, label: &str, help: Option<&str>, of: fn(&Filled) -> &str) -> Markup {
        let (there, typed) = (of(&self.there), of(self.filled()));
        let described = help.map(|_| format!("{id}-h"));
        let wrong = self.is_wrong(&format!("/{id}")).then_some("true");
        let control = html! {
            input id=(id) name=(id) type="text" dir="auto" autocomplete="off" aria-describedby=[described] aria-invalid=[wrong] value=(typed);
        };
        self.around(id, label, help, there, typed, &control)
    }

    fn text(
        &self,
        id: &str,
        label: &str,
        help: Option<&str>,
        rows: u32,
        of: fn(&Filled) -> &str,
    ) -> Markup {
        let (there, typed) = (of(&self.there), of(self.filled()));
        let described = help.map(|_| format!("{id}-h"));
        let wrong = self.is_wrong(&format!("/{id}")).then_some("true");
        let control = html! {
            textarea id=(id) name=(id) rows=(rows) dir="auto" lang=(self.report.language) aria-describedby=[described] aria-invalid=[wrong] { (typed) }
        };
        self.around(id, label, help, there, typed, &control)
    }

    fn language(
        &self,
        page: Language,
        id: &str,
        label: &str,
        of: fn(&Filled) -> Language,
    ) -> Markup {
        let name = |one: Language| naming::language(one.as_str(), page);
        let (there, typed) = (of(&self.there), of(self.filled()));
        let control = html! {
            select id=(id) name=(id) { @for one in Language::ALL {
                option value=(one) selected[*one == typed] { (name(*one)) }
            } }
        };
        self.around(id, label, None, name(there), name(typed), &control)
    }

    fn fields(&self, page: Language, may: bool) -> Markup {
        let words = self.words;
        let filled = self.filled();
        let charts = |figures| if figures { words.with_charts } else { words.without_charts };
        html! {
            input type="hidden" name="version" value=(self.report.version);
            (self.text("title", words.title, None, 2, |filled| &filled.title))
            (self.line("symbol", words.symbol, None, |filled| &filled.symbol))
            (self.line("distribution", words.distribution, Some(words.distribution_help), |filled| &filled.distribution))
            (self.around("dated_on", words.dated_on, None, &self.there.dated_on, &filled.dated_on, &html! {
                input #dated_on name="dated_on" type="date" dir="ltr" aria-invalid=[self.is_wrong("/dated_on").then_some("true")] value=(filled.dated_on);
            }))
            (self.language(page, "language", words.written_in, |filled| filled.language))
            (self.language(page, "original_language", words.translated_from, |filled| filled.original_language))
            @if self.report.kind == ReportKind::ConferenceRoomPaper {
                (self.text("agenda_items", words.agenda_items, Some(words.agenda_help), 2, |filled| &filled.agenda_items))
            }
            (self.text("summary", words.summary, Some(words.summary_help), 8, |filled| &filled.summary))
            (self.notes())
            (self.around("heading_style", words.heading_style, None, style(self.there.heading_style, words), style(filled.heading_style, words), &html! {
                select #heading_style name="heading_style" { @for one in HeadingStyle::ALL {
                    option value=(one) selected[*one == filled.heading_style] { (style(*one, words)) }
                } }
            }))
            label .c { input type="checkbox" name="figures" value="1" checked[filled.figures]; span { (words.charts) } }
            (self.beside(charts(self.there.figures), charts(filled.figures)))
            @if may { button .m { (words.save) } }
        }
    }

    /// Notes to lines of the first page, in the order of their marks: one whose text is taken away is none.
    fn notes(&self) -> Markup {
        let (words, filled) = (self.words, self.filled());
        let rows = (filled.notes.len() + FREE).min(MOST.max(filled.notes.len()));
        let said = |notes: &[MastheadNote]| {
            let one = |note: &MastheadNote| format!("{}: {}", line(note.to, words), note.text);
            notes.iter().map(one).collect::<Vec<_>>().join("\n")
        };
        html! {
            fieldset {
                legend { (words.masthead_notes) }
                p .h { (words.notes_help) }
                @if self.is_wrong("/masthead_notes") { p .e { (words.field_wrong) } }
                @for index in 0..rows {
                    @let note = filled.notes.get(index);
                    @let wrong = self.is_wrong(&format!("/masthead_notes/{index}"));
                    div .f {
                        label for={ "note-to-" (index) } { (i18n::put(words.note_to, "number", index + 1)) }
                        select id={ "note-to-" (index) } name="note_to" { @for one in MastheadLine::ALL {
                            option value=(one) selected[note.is_some_and(|note| note.to == *one)] { (line(*one, words)) }
                        } }
                    }
                    div .f {
                        label for={ "note-" (index) } { (i18n::put(words.note_text, "number", index + 1)) }
                        textarea id={ "note-" (index) } name="note" rows="2" dir="auto" lang=(self.report.language) aria-invalid=[wrong.then_some("true")] {
                            (note.map_or("", |note| note.text.as_str()))
                        }
                    }
                }
                (self.beside(&said(&self.there.notes), &said(&filled.notes)))
            }
        }
    }

    /// What stands in it, for whoever may not change it.
    fn read(&self, page: Language) -> Markup {
        let (words, there) = (self.words, &self.there);
        let day = self.report.dated_on.map(|day| crate::i18n::mails(page).date(day));
        let own = [
            (words.title, there.title.as_str()),
            (words.symbol, there.symbol.as_str()),
            (words.distribution, there.distribution.as_str()),
            (words.agenda_items, there.agenda_items.as_str()),
            (words.summary, there.summary.as_str()),
        ];
        let told = [
            (words.dated_on, day.as_deref().unwrap_or_default()),
            (words.written_in, naming::language(there.language.as_str(), page)),
            (words.translated_from, naming::language(there.original_language.as_str(), page)),
            (words.heading_style, style(there.heading_style, words)),
        ];
        html! { dl {
            @for (name, text) in own.into_iter().filter(|(_, text)| !text.is_empty()) {
                dt { (name) } dd .said dir="auto" lang=(self.report.language) { (text) }
            }
            @for (name, text) in told.into_iter().filter(|(_, text)| !text.is_empty()) { dt { (name) } dd { (text) } }
            @for note in &there.notes {
                dt { (words.masthead_notes) } dd { (line(note.to, words)) ": " span dir="auto" lang=(self.report.language) { (note.text) } }
            }
        } }
    }
}

fn style(style: HeadingStyle, words: &Words) -> &str {
    match style {
        HeadingStyle::EscapReport => words.style_escap,
        HeadingStyle::UnManual => words.style_manual,
    }
}

fn line(line: MastheadLine, words: &Words) -> &str {
    match line {
        MastheadLine::Symbol => words.symbol,
        MastheadLine::AgendaItems => words.agenda_items,
        MastheadLine::Title => words.title,
        MastheadLine::Summary => words.summary,
    }
}
