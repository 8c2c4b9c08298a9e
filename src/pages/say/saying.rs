//! Saying something: the form, what is shown before it is sent, and what is shown after.

use maud::{Markup, html};

use super::contributor::Contributor;
use super::i18n::{self, Words, put};
use super::receipt;
use super::service::Desk;
use super::unsent::Draft;
use crate::i18n::Language;
use crate::inputs::lineage::similar::Similar;
use crate::pages::naming::{self, Of};
use crate::problem::{At, Problem};
use crate::reference::Reference;
use crate::reviews::InputCategory;
use crate::vocabulary::ContributionId;
use crate::ways;
use rapporteur_intake::names::by_shape;

/// Longest text, in characters.
const LONGEST: usize = 5000;

/// When what waits is mixed next, in the consultation's zone.
pub fn next_mixing(
    schedule: &crate::voices::mixing::service::Schedule,
    language: Language,
) -> String {
    crate::i18n::mails(language).moment(schedule.zone, schedule.next)
}

/// What a kind of contribution asks: in everyday words where the review has left it as it was, else its heading.
fn question_of(category: &InputCategory, language: Language) -> &str {
    let known = Reference::get().categories.iter();
    let mut known = known.filter(|one| one.code == category.code && one.title == category.heading);
    let asked = known.next().and_then(|one| {
        let code = one.code.as_str();
        naming::find(Of::CategoryQuestion, code, language)
    });
    asked.unwrap_or(&category.heading)
}

/// The fields with something wrong in them, in their order.
pub fn wrong(problem: &Problem) -> Vec<&'static str> {
    let field = |at: &At| match at.pointer.split('/').nth(1) {
        Some("category_id") => "category",
        Some("objectives") => "objectives",
        Some("language") => "language",
        _ => "body",
    };
    let wrong: Vec<&str> = problem.errors().iter().map(field).collect();
    let order = ["body", "category", "objectives", "language"].into_iter();
    order.filter(|field| wrong.contains(field)).collect()
}

/// The fields of something to be said.
pub struct Fields<'a> {
    /// What there is to choose from.
    pub desk: &'a Desk,
    /// What is filled in.
    pub draft: &'a Draft,
    /// The fields with something wrong in them.
    pub wrong: &'a [&'static str],
    /// The language of the page.
    pub language: Language,
}

impl Fields<'_> {
    fn words(&self) -> &'static Words {
        i18n::of(self.language)
    }

    fn sentence(&self, field: &str) -> Option<&str> {
        let words = self.words();
        self.wrong.contains(&field).then_some(match field {
            "body" if self.draft.body.is_empty() => words.need_text,
            "category" => words.need_kind,
            "objectives" => words.need_about,
            _ => words.wrong_text,
        })
    }

    fn error(&self, field: &str) -> Markup {
        html! { @if let Some(sentence) = self.sentence(field) { p .e id={ (field) "-e" } { (sentence) } } }
    }

    /// What is to be looked at again, with a link to each place.
    pub fn summary(&self) -> Markup {
        html! { @if !self.wrong.is_empty() {
            div .b role="alert" {
                p { strong { (self.words().errors) } }
                ul { @for field in self.wrong { @if let Some(sentence) = self.sentence(field) { li { a href={ "#" (field) } { (sentence) } } } } }
            }
        } }
    }

    /// The fields.
    pub fn all(&self) -> Markup {
        let (words, draft) = (self.words(), self.draft);
        html! {
            div .f {
                label for="body" { (words.what) }
                p .h #body-h { (words.what_help) }
                (self.error("body"))
                textarea #body name="body" rows="7" required maxlength=(LONGEST) dir="auto" aria-describedby={ "body-h" @if self.wrong.contains(&"body") { " body-e" } }
                    aria-invalid=[self.wrong.contains(&"body").then_some("true")] { (draft.body) }
            }
            (self.kinds())
            (self.objectives())
            (self.languages())
            details open[draft.care != crate::inputs::Care::default()] {
                summary { (words.care) }
                (check("testimony", words.testimony, draft.care.testimony))
                (check("sensitive", words.sensitive, draft.care.sensitive))
                (check("do_not_quote", words.do_not_quote, draft.care.do_not_quote))
            }
        }
    }

    fn kinds(&self) -> Markup {
        html! {
            fieldset #category {
                legend { (self.words().kind) }
                (self.error("category"))
                @for category in &self.desk.categories {
                    label .c {
                        input type="radio" name="category" value=(category.id) required checked[self.draft.category == Some(category.id)];
                        span dir="auto" { (question_of(category, self.language)) }
                    }
                }
            }
        }
    }

    fn objectives(&self) -> Markup {
        let plain = |number: &str| naming::find(Of::ObjectiveInPlainWords, number, self.language);
        html! {
            fieldset #objectives {
                legend { (self.words().about) }
                (self.error("objectives"))
                @for number in &self.desk.consultation.objectives {
                    @let code = number.to_string();
                    label .c {
                        input type="checkbox" name="objective" value=(code) checked[self.draft.objectives.contains(number)];
                        span { (code) ". " (plain(&code).unwrap_or_default()) }
                    }
                }
            }
        }
    }

    /// Those of the consultation first: nobody has to look for what most people speak there.
    fn languages(&self) -> Markup {
        let (words, chosen) = (self.words(), self.draft.language.as_str());
        let first = &self.desk.consultation.languages;
        let others = naming::all(Of::Language, self.language);
        let option =
            |tag: &str, name: &str| html! { option value=(tag) selected[tag == chosen] { (name) } };
        let known =
            first.iter().any(|tag| tag == chosen) || others.iter().any(|(tag, _)| *tag == chosen);
        html! {
            div .f {
                label for="language" { (words.text_language) }
                select #language name="language" {
                    optgroup label=(words.languages) {
                        @for tag in first { (option(tag, naming::language(tag, self.language))) }
                        @if !known { (option(chosen, chosen)) }
                    }
                    optgroup label=(words.others) {
                        @for (tag, name) in others { @if !first.iter().any(|one| one == tag) { (option(tag, name)) } }
                    }
                }
            }
        }
    }
}

fn check(name: &str, label: &str, ticked: bool) -> Markup {
    html! { label .c { input type="checkbox" name=(name) value="1" checked[ticked]; (label) } }
}

/// A form whose text is kept on the device until it was sent; with the browser's visit only where others use the device too.
pub fn kept_form(contributor: &Contributor, shown: bool, content: Markup) -> Markup {
    let visit_only = contributor.is_lent().then_some("visit");
    html! {
        form method="post" action=(contributor.way()) data-keep={ "say " (contributor.id) } data-keep-for=[visit_only] data-shown=[shown.then_some("1")] {
            (content)
            (offline(contributor))
        }
    }
}

/// As [`kept_form`], to change what was said: what was begun and not sent stands in it, rather than what was said before.
pub fn kept_change(
    contributor: &Contributor,
    one: ContributionId,
    shown: bool,
    content: Markup,
) -> Markup {
    let visit_only = contributor.is_lent().then_some("visit");
    html! {
        form method="post" action=(contributor.way_to_mine()) data-keep=(kept_as(contributor, Some(one))) data-keep-for=[visit_only] data-keep-over data-shown=[shown.then_some("1")] {
            input type="hidden" name="contribution" value=(one);
            (content)
            (offline(contributor))
        }
    }
}

/// What a change is called where it is kept, or how all of them begin.
pub fn kept_as(contributor: &Contributor, one: Option<ContributionId>) -> String {
    let one = one.map(|one| one.to_string()).unwrap_or_default();
    format!("change {} {one}", contributor.id)
}

/// What a form says when it cannot be sent for want of a connection: what is written stays in it.
pub fn offline(contributor: &Contributor) -> Markup {
    html! { p .b data-offline hidden role="status" tabindex="-1" { (i18n::of(contributor.language()).offline) } }
}

/// Where one says something.
pub fn form(contributor: &Contributor, fields: &Fields, notice: Markup) -> Markup {
    let (words, desk) = (i18n::of(contributor.language()), fields.desk);
    let shown = !fields.draft.body.is_empty() || !fields.wrong.is_empty();
    html! {
        p .lead dir="auto" { (desk.consultation.theme) }
        (notice)
        (fields.summary())
        @if desk.asked > 0 {
            p .n { a href=(contributor.way_to_mine()) { (words.asked.of(contributor.language(), desk.asked)) } }
        }
        @if desk.has_draft {
            p .n { a href=(contributor.link(&ways::say_on_draft(contributor.id))) { (words.draft_to_read) } }
        }
        (who(contributor, words))
        @if desk.open {
            (kept_form(contributor, shown, html! {
                (fields.all())
                button .m name="action" value="look" { (words.look) }
            }))
        } @else { (closed(desk, words, contributor.language())) }
        p { a .button href=(contributor.way_to_mine()) { (words.mine_title) } }
        details { summary { (words.what_known) } (receipt::sentences(contributor.language())) }
        (leaving(contributor))
    }
}

fn closed(desk: &Desk, words: &Words, language: Language) -> Markup {
    let opens =
        desk.opens_at.map(|at| crate::i18n::mails(language).moment(desk.consultation.zone, at));
    html! { p .n { (words.closed) @if let Some(time) = opens { " " (put(words.opens, "time", time)) } } }
}

/// As whom one speaks here, large.
fn who(contributor: &Contributor, words: &Words) -> Markup {
    let begins = contributor.held.as_ref().map(|held| held.beginning());
    html! {
        div .o {
            p .big { (words.anonymous) }
            @if let Some(begins) = begins {
                @let (before, after) = words.begins.split_once("{start}").unwrap_or((words.begins, ""));
                p { (before) bdi { code translate="no" { (begins) } } (after) }
            }
            p .small { (words.on_record) }
        }
    }
}

/// The way to leave nothing behind.
pub fn leaving(contributor: &Contributor) -> Markup {
    let words = i18n::of(contributor.language());
    html! {
        details {
            summary { (words.destroy) }
            p { (words.destroy_text) }
            form method="post" action=(contributor.way()) { button .risk name="action" value="destroy" { (words.destroy) } }
        }
    }
}

/// What is shown before it is sent: the text, what looks like a name in it, and what others said that is similar.
pub fn look(contributor: &Contributor, desk: &Desk, draft: &Draft, similar: &[Similar]) -> Markup {
    let (words, language) = (i18n::of(contributor.language()), contributor.language());
    let content = html! {
        (draft.hidden())
        h2 { (words.your_text) }
        (marked(&draft.body, &draft.language))
        @if !by_shape(&draft.body).is_empty() { div .n { p { strong { (words.names_title) } } p { (words.names_text) } } }
        @if !similar.is_empty() {
            h2 { (words.similar_title) }
            p { (words.similar_text) }
            ul .cards { @for one in similar {
                li .card {
                    p .said dir="auto" lang=(one.input.language) { (one.input.body) }
                    button name="support" value=(one.input.id) { (words.support) }
                }
            } }
        }
        p { (put(words.waits, "time", next_mixing(&desk.schedule, language))) }
        button .m name="action" value="send" { (words.send) }
        button name="action" value="edit" { (words.edit) }
    };
    kept_form(contributor, true, content)
}

/// A text with what looks like a name in it marked.
pub fn marked(body: &str, language: &str) -> Markup {
    let (mut parts, mut end) = (Vec::new(), 0);
    for place in by_shape(body) {
        parts.push((body.get(end..place.start).unwrap_or_default(), false));
        parts.push((body.get(place.clone()).unwrap_or_default(), true));
        end = place.end;
    }
    parts.push((body.get(end..).unwrap_or_default(), false));
    html! {
        p .card .said dir="auto" lang=(language) {
            @for (part, name) in parts { @if name { mark { (part) } } @else { (part) } }
        }
    }
}

/// What is shown once it was sent.
pub fn sent(contributor: &Contributor, desk: &Desk, draft: &Draft, new: bool) -> Markup {
    let (words, language) = (i18n::of(contributor.language()), contributor.language());
    html! {
        div .o role="status" data-forget={ "say " (contributor.id) } {
            p .said dir="auto" lang=(draft.language) { (draft.body) }
            @if !new { p { (words.sent_again) } }
        }
        h2 { (words.next) }
        ul {
            li { (put(words.waits, "time", next_mixing(&desk.schedule, language))) }
            li { (words.until_then) }
            li { (words.after) }
        }
        p {
            a .button .m href=(contributor.way()) { (words.another) }
            a .button href=(contributor.way_to_mine()) { (words.mine_title) }
        }
        (leaving(contributor))
    }
}

/// What is shown once something was supported.
pub fn supported(contributor: &Contributor, desk: &Desk) -> Markup {
    let (words, language) = (i18n::of(contributor.language()), contributor.language());
    html! {
        div .o role="status" data-forget={ "say " (contributor.id) } {
            p { (put(words.supported_text, "time", next_mixing(&desk.schedule, language))) }
        }
        p {
            a .button .m href=(contributor.way()) { (words.another) }
            a .button href=(contributor.way_to_mine()) { (words.mine_title) }
        }
        (leaving(contributor))
    }
}

/// What is shown once the browser has forgotten the receipt.
pub fn left(contributor: &Contributor) -> Markup {
    let words = i18n::of(contributor.language());
    html! {
        p .lead data-forget={ "say " (contributor.id) } { (words.destroyed_text) }
        p data-forget=(kept_as(contributor, None)) { a href=(contributor.link(&ways::say(contributor.id))) { (words.enter_title) } }
    }
}
