//! The original and the translation side by side, portion by portion: what is to be done first, one portion saved at a time or many.

use maud::{Markup, html};

use super::begun::progress;
use super::i18n::{self, Words};
use super::sent_rows::{Row, Typed};
use super::service::Looked;
use crate::document::Document;
use crate::frame::own_name;
use crate::i18n::Language;
use crate::pages::fields::Fields;
use crate::pages::visit::Signed;
use crate::pages::writing::history::story::marked;
use crate::pages::writing::i18n as writing;
use crate::portions::PortionPlace;
use crate::problem::{Code, Problem};
use crate::render::html::{Parts, parts};
use crate::reports::ReportId;
use crate::reports::differences::Stand;
use crate::reports::history::difference;
use crate::reports::translations::{Beside, PortionState};
use crate::ways;

/// Portions on one page.
const MOST: usize = 50;

/// Which portions are looked at.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// All of them, or what is to be done.
    all: bool,
    /// Those that stand before it.
    from: usize,
    done: bool,
}

impl View {
    /// As an address or a form says it.
    pub fn read(fields: &Fields) -> Self {
        let all = fields.one("show") == Some("all");
        let from = fields.parsed("from").unwrap_or(0);
        Self { all, from, done: fields.is_ticked("done") }
    }

    fn address(self, report: ReportId, language: Language, from: usize) -> String {
        let show = if self.all { "all" } else { "todo" };
        format!("{}?show={show}&from={from}", ways::translation(report, language))
    }

    /// Where to go when something was done.
    pub fn done(self, report: ReportId, language: Language) -> String {
        // What is done is none of what is to be done any more: the next stand in its place.
        format!("{}&done=1", self.address(report, language, self.from))
    }
}

/// The page as somebody looks at it.
struct Sheet<'a> {
    signed: &'a Signed,
    words: &'static Words,
    looked: &'a Looked,
    refused: Option<(&'a Typed, &'a Problem)>,
}

/// The page's content.
pub fn of(
    signed: &Signed,
    looked: &Looked,
    view: &View,
    refused: Option<(&Typed, &Problem)>,
) -> Markup {
    Sheet { signed, words: i18n::of(signed.language()), looked, refused }.page(*view)
}

/// The translation as a whole.
pub fn text(signed: &Signed, looked: &Looked, document: &Document) -> Markup {
    let sheet = Sheet { signed, words: i18n::of(signed.language()), looked, refused: None };
    let Parts { masthead, title, summary, contents, text, notes } = parts(document);
    html! {
        (sheet.over())
        article .read lang=(document.meta.lang) dir=(document.meta.dir.as_str()) {
            (masthead) (title) (summary) (contents) (text) (notes)
        }
    }
}

impl Sheet<'_> {
    fn language(&self) -> Language {
        self.looked.held.translation.language
    }

    fn way(&self) -> String {
        self.signed.link(&ways::translation(self.looked.report.id, self.language()))
    }

    fn over(&self) -> Markup {
        let report = &self.looked.report;
        html! { p .over {
            a href=(self.signed.link(&ways::translations(report.id))) { (self.words.translations) } " · "
            a href=(self.way()) lang=(self.language()) { (own_name(self.language())) } " · "
            a href=(self.signed.link(&ways::draft(report.id))) dir="auto" lang=(report.language) { (report.title) }
        } }
    }

    fn page(&self, view: View) -> Markup {
        let (words, looked) = (self.words, self.looked);
        let (id, language, held) = (looked.report.id, self.language(), &looked.held.held);
        let against = match looked.held.against {
            Stand::Edition(number) => {
                words.against_edition.replace("{number}", &number.to_string())
            }
            Stand::Draft | Stand::Milestone(_) => words.against_draft.to_owned(),
        };
        // Where something was refused stands what was sent.
        let was_sent = |one: &&Beside| {
            self.typed().is_some_and(|typed| typed.row(&one.original.name).is_some())
        };
        let is_wanted =
            |one: &&Beside| view.all || one.state != PortionState::Current || was_sent(one);
        let all: Vec<&Beside> = held.portions.iter().filter(is_wanted).collect();
        let from = if view.from < all.len() { view.from } else { 0 };
        let shown: Vec<&Beside> = match self.typed().filter(|typed| !typed.rows.is_empty()) {
            Some(_) => all.iter().copied().filter(was_sent).collect(),
            None => all.iter().copied().skip(from).take(MOST).collect(),
        };
        let filter = |view: View, text: &str, is_here: bool| {
            let href = self.signed.link(&view.address(id, language, 0));
            html! { li { a href=(href) aria-current=[is_here.then_some("true")] { (text) } } }
        };
        let can_write = looked.actions.contains(&"translate");
        html! {
            (self.over())
            h1 lang=(language) dir="auto" { (own_name(language)) }
            p .lead { (progress(self.signed, held.progress(), words)) }
            p .soft { (against) }
            @if view.done && self.refused.is_none() { div .o role="status" { p { (words.done) } } }
            (self.told())
            ul .row {
                (filter(View { all: false, ..view }, words.todo, !view.all))
                (filter(View { all: true, ..view }, words.all, view.all))
                li { a href=(self.signed.link(&format!("{}/text", ways::translation(id, language)))) { (words.whole_text) } }
            }
            (self.publishing())
            @if shown.is_empty() { p .o { (words.nothing_left) } } @else {
                form method="post" action=(self.way()) {
                    input type="hidden" name="show" value=(if view.all { "all" } else { "todo" });
                    input type="hidden" name="from" value=(from);
                    @if can_write { p .h { (words.help) } }
                    @for (place, one) in shown.iter().enumerate() { (self.portion(place, one, can_write)) }
                    @if can_write { button .m { (words.save) } }
                }
                ul .row {
                    @if from > 0 { li { a href=(self.signed.link(&view.address(id, language, from.saturating_sub(MOST)))) { (words.before) } } }
                    @if from + MOST < all.len() { li { a href=(self.signed.link(&view.address(id, language, from + MOST))) { (words.next) } } }
                }
            }
        }
    }

    fn typed(&self) -> Option<&Typed> {
        self.refused.map(|(typed, _)| typed)
    }

    /// What could not be done.
    fn told(&self) -> Markup {
        html! { @match self.refused.map(|(_, problem)| (problem.code(), problem)) {
            None => {}
            Some((Code::VersionMismatch, _)) => div .b role="alert" { p { (self.words.typed_lost) } },
            Some((Code::InvalidValue, _)) => div .b role="alert" { p { (self.words.wrong) } },
            Some((_, problem)) => (self.signed.frame.notice(problem)),
        } }
    }

    fn publishing(&self) -> Markup {
        let (words, looked) = (self.words, self.looked);
        let number = |text: &str, number: i32| text.replace("{number}", &number.to_string());
        html! {
            @if let Some(edition) = looked.published {
                p { a href=(self.signed.link(&ways::edition_in(looked.report.id, edition, self.language()))) { (number(words.published, edition)) } }
            }
            @if let Some(edition) = looked.to_publish.filter(|_| looked.held.held.progress().is_whole()) {
                form method="post" action=(self.way()) {
                    input type="hidden" name="translation_version" value=(looked.held.translation.version);
                    h2 { (words.publish) }
                    p { (words.publish_text) }
                    button .m name="publish" value=(edition) { (number(words.publish_beside, edition)) }
                }
            }
        }
    }

    fn portion(&self, place: usize, one: &Beside, can_write: bool) -> Markup {
        let words = self.words;
        let name = &one.original.name;
        let row = self.typed().and_then(|typed| typed.row(name));
        let state = match one.state {
            PortionState::Missing => words.missing,
            PortionState::Older => words.older,
            PortionState::Current => words.current,
        };
        html! { section .suggestion aria-labelledby=(format!("portion-{place}")) {
            h2 #{ "portion-" (place) } {
                (kind(one.original.place, words))
                @if !one.original.label.is_empty() { " " bdi { (one.original.label) } }
                " " span .tag.go[one.state == PortionState::Current] { (state) }
            }
            div .pair {
                div { (self.original(one)) }
                div { @if can_write { (self.fields(place, one, row)) } @else {
                    p .said lang=(self.language()) dir=(self.language().direction()) { (there(one).unwrap_or("–")) }
                } }
            }
        } }
    }

    /// What the original says; where it said something else of which there is a translation, with what changed.
    fn original(&self, one: &Beside) -> Markup {
        let tag = self.looked.held.held.original_language();
        let earlier = one.translated.as_ref().filter(|_| one.state == PortionState::Older);
        let earlier = earlier.filter(|_| !one.is_withheld());
        let pieces = writing::of(self.signed.language());
        html! {
            @if one.is_withheld() { p .soft { (self.words.withheld) } }
            @if earlier.is_some() { p .soft { (self.words.original_was) } }
            div .said lang=(tag) dir=(tag.direction().as_str()) {
                @match earlier {
                    Some(earlier) => (marked(&difference::words(&earlier.made_from, &one.original.text), pieces)),
                    None => (one.original.text),
                }
            }
        }
    }

    fn fields(&self, place: usize, one: &Beside, row: Option<&Row>) -> Markup {
        let words = self.words;
        let name = &one.original.name;
        let there = there(one).unwrap_or_default();
        // The same words elsewhere: whoever saves has seen them.
        let proposed = self.looked.held.held.proposed(one).filter(|_| there.is_empty());
        let typed = row.map_or(proposed.unwrap_or(there), |row| row.text.as_str());
        let told = |at: &str| {
            self.refused.is_some_and(|(typed, problem)| typed.is_told(problem, name, at))
        };
        let (is_overtaken, is_wrong) = (told("version"), told("text") || told("portion"));
        let id = format!("text-{place}");
        let version = one.translated.as_ref().map_or(0, |one| one.version);
        let rows = 2 + typed.chars().count().max(one.original.text.chars().count()) / 90;
        html! {
            input type="hidden" name="portion" value=(name);
            // A line end in it must not be lost.
            textarea name="made_from" hidden { "\n" (one.original.text) }
            textarea name="shown" hidden { "\n" (there) }
            input type="hidden" name="version" value=(version);
            div .f {
                label for=(id) { (words.translation) }
                @if is_wrong { p .e id={ (id) "-e" } {
                    (words.wrong)
                    // What the program says by itself is English.
                    @for why in self.why(name) { " " span lang="en" dir="ltr" { (why) } }
                } }
                textarea id=(id) name="text" rows=(rows) lang=(self.language()) dir=(self.language().direction())
                    aria-invalid=[is_wrong.then_some("true")] aria-describedby=[is_wrong.then(|| format!("{id}-e"))] { "\n" (typed) }
                @if is_overtaken && there != typed {
                    div .conflict { p { strong { (words.there_now) } } p .said lang=(self.language()) dir=(self.language().direction()) { @if there.is_empty() { "–" } @else { (there) } } }
                }
            }
            @if one.state == PortionState::Older && !one.is_withheld() {
                label .c { input type="checkbox" name="still" value=(name) checked[row.is_some_and(|row| row.is_confirmed)]; " " span { (words.still_says) } }
            }
            button name="only" value=(name) { (words.save_this) span .unseen { ": " (one.original.label) } }
        }
    }

    fn why(&self, name: &str) -> Vec<&str> {
        let Some((typed, problem)) = self.refused else { return Vec::new() };
        let place = typed.wanted.iter().position(|row| row.portion == name);
        let Some(place) = place else { return Vec::new() };
        let below = format!("/portions/{place}/");
        let errors = problem.errors().iter().filter(|error| error.pointer.starts_with(&below));
        errors.map(|error| error.detail.as_str()).collect()
    }
}

/// What there is in the other language.
fn there(one: &Beside) -> Option<&str> {
    let translated = one.translated.as_ref().filter(|_| !one.is_withheld());
    translated.map(|one| one.text.as_str())
}

fn kind(place: PortionPlace, words: &Words) -> &str {
    match place {
        PortionPlace::FirstPage => words.first_page,
        PortionPlace::Note => words.note,
        PortionPlace::Summary => words.summary,
        PortionPlace::Heading => words.heading,
        PortionPlace::Paragraph => words.paragraph,
        PortionPlace::Caption => words.caption,
        PortionPlace::Cell => words.cell,
        PortionPlace::Alternative => words.alternative,
    }
}
