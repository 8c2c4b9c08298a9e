//! The pages: what is sent, what is shown. No rules here. A token comes in a mailed link once and from then on in the
//! body of forms; no page tells another site where somebody came from, and none is kept.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};
use serde::Deserialize;

use super::fields::{self, Fields};
use super::form::FormView;
use super::i18n::{self, Words};
use super::service::{self, OpenCall, Personal, Step};
use crate::app::App;
use crate::consultations::{Consultation, ConsultationId};
use crate::frame::page;
use crate::http::call::Call;
use crate::i18n::Language;
use crate::problem::{Code, Problem};
use crate::registrations::drafts::service::Wanted;
use crate::registrations::{Registration, RegistrationState};

/// What an address may say beside where it leads.
#[derive(Debug, Deserialize)]
pub struct Asked {
    lang: Option<String>,
    token: Option<String>,
}

/// The language that is asked for, else one that the browser prefers, else that of the consultation.
fn language(
    asked: Option<&str>,
    request: &HttpRequest,
    consultation: Option<&Consultation>,
) -> Language {
    let preferred = request.headers().get(header::ACCEPT_LANGUAGE);
    let preferred = preferred.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let preferred = preferred
        .split(',')
        .find_map(|tag| Language::of_tag(tag.split(';').next().unwrap_or_default().trim()));
    let tags = consultation.map_or(&[][..], |consultation| &consultation.languages);
    Language::choose(asked.and_then(Language::of_tag).or(preferred), tags)
}

fn refused(problem: &Problem, language: Language) -> HttpResponse {
    let status = StatusCode::from_u16(problem.code().kind().status);
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let words = i18n::of(language);
    page(
        status,
        language,
        &words.registration,
        html! {},
        html! {
            (refusal(words, problem))
            (paste_form(words, language))
        },
    )
}

fn refusal(words: &Words, problem: &Problem) -> Markup {
    html! {
        div .b role="alert" {
            p { strong { (words.cannot) } }
            p lang="en" dir="auto" { (problem.detail()) }
        }
    }
}

fn paste_form(words: &Words, language: Language) -> Markup {
    html! {
        form method="post" action="/registration" {
            input type="hidden" name="lang" value=(language);
            div .f {
                label for="token" { (words.paste_label) }
                input id="token" name="token" type="text" required autocomplete="off" dir="ltr";
            }
            button .m name="action" value="open" { (words.open) }
        }
    }
}

/// `GET /register`: where a link can be pasted.
pub async fn paste(request: HttpRequest, asked: web::Query<Asked>) -> HttpResponse {
    let language = language(asked.lang.as_deref(), &request, None);
    let words = i18n::of(language);
    page(StatusCode::OK, language, &words.paste, links("/register"), paste_form(words, language))
}

/// The page in other languages, where its address tells nothing secret.
fn links(path: &str) -> Markup {
    html! {
        nav { @for language in Language::ALL {
            a href={ (path) "?lang=" (language) } lang=(language) hreflang=(language) { (i18n::own_name(*language)) } " "
        } }
    }
}

// ------------------------------------------------------------------------------------------------ open call

/// `GET /register/{consultation_id}`: what it is, when, and a link to be asked for.
pub async fn call(
    call: Call,
    request: HttpRequest,
    path: web::Path<String>,
    asked: web::Query<Asked>,
) -> HttpResponse {
    show_call(call.app(), &request, &path, asked.lang.as_deref(), Ask::Nothing).await
}

/// What became of asking for a link.
enum Ask {
    Nothing,
    Sent,
    Refused(Problem, String),
}

async fn show_call(
    app: &App,
    request: &HttpRequest,
    path: &str,
    lang: Option<&str>,
    ask: Ask,
) -> HttpResponse {
    let found = match path.parse::<ConsultationId>() {
        Ok(id) => service::open_call(app, id).await,
        Err(_) => Err(Problem::not_found("consultation")),
    };
    let open_call = match found {
        Ok(open_call) => open_call,
        Err(problem) => return refused(&problem, language(lang, request, None)),
    };
    let language = language(lang, request, Some(&open_call.consultation));
    let words = i18n::of(language);
    let address = format!("/register/{}", open_call.consultation.id);
    let status = match &ask {
        Ask::Refused(problem, _) => problem.code().kind().status,
        _ => 200,
    };
    let content = html! {
        (about(&open_call, language))
        @match &ask {
            Ask::Sent => { div .o role="status" { p { (words.sent) } } }
            _ => { (ask_form(&open_call, language, &address, &ask)) }
        }
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let title = format!("{}: {}", words.call, open_call.consultation.theme);
    page(status, language, &title, links(&address), content)
}

fn about(open_call: &OpenCall, language: Language) -> Markup {
    let (consultation, words) = (&open_call.consultation, i18n::of(language));
    let list = |names: &[String]| crate::i18n::mails(language).list(names);
    html! {
        dl {
            dt { (words.when) }
            dd { (crate::i18n::mails(language).when(consultation.when())) }
            @if let Some(venue) = &consultation.venue { dt { (words.place) } dd dir="auto" { (venue) } }
            dt { (words.languages) }
            dd { (list(&consultation.languages.iter().map(|tag| named(tag)).collect::<Vec<_>>())) }
        }
        @if !open_call.groups.is_empty() {
            h2 { (words.groups) }
            ul { @for group in &open_call.groups {
                @let numbers: Vec<String> = group.objectives().map(|one| one.to_string()).collect();
                li { (i18n::number(&words.group, group.number)) ": " (words.objectives.replace("{numbers}", &list(&numbers))) }
            } }
        }
    }
}

fn named(tag: &str) -> String {
    Language::of_tag(tag).map_or_else(|| tag.to_owned(), |known| i18n::own_name(known).to_owned())
}

fn ask_form(open_call: &OpenCall, language: Language, address: &str, ask: &Ask) -> Markup {
    let words = i18n::of(language);
    if let Some(refusal) = &open_call.refusal {
        return html! { p .b lang="en" dir="auto" { (refusal) } };
    }
    let typed = if let Ask::Refused(_, typed) = ask { typed.as_str() } else { "" };
    html! {
        h2 { (words.ask) }
        p { (words.ask_text) }
        @if let Ask::Refused(problem, _) = ask { (refusal(words, problem)) }
        form method="post" action=(address) {
            input type="hidden" name="lang" value=(language);
            div .f {
                label for="email" { (words.email) }
                input id="email" name="email" type="email" required autocomplete="email" dir="ltr" value=(typed);
            }
            @if open_call.needs_code {
                div .f {
                    label for="access_code" { (words.access_code) }
                    input id="access_code" name="access_code" type="text" required autocomplete="off" dir="ltr";
                }
            }
            button .m { (words.send) }
        }
    }
}

/// `POST /register/{consultation_id}`: has a link mailed. The answer is the same whoever the address belongs to.
pub async fn ask(
    call: Call,
    request: HttpRequest,
    path: web::Path<String>,
    body: web::Bytes,
) -> HttpResponse {
    let fields = Fields::of(&body);
    let lang = fields.one("lang");
    let typed = fields.one("email").unwrap_or_default().to_owned();
    let asked = match (path.parse::<ConsultationId>(), typed.parse()) {
        (Err(_), _) => Err(Problem::not_found("consultation")),
        (_, Err(why)) => {
            let why: String = why;
            Err(Problem::invalid("/email", why))
        }
        (Ok(id), Ok(email)) => {
            let access_code = fields.one("access_code").map(str::to_owned);
            let language = lang.and_then(Language::of_tag);
            service::ask(call.app(), id, Wanted { email, access_code, language }).await
        }
    };
    let ask = match asked {
        Ok(()) => Ask::Sent,
        Err(problem) => Ask::Refused(problem, typed),
    };
    show_call(call.app(), &request, &path, lang, ask).await
}

// ------------------------------------------------------------------------------------------------ personal page

/// What is told above the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notice {
    Nothing,
    Saved,
    ChangedElsewhere,
}

/// `GET /registration?token=…`: the personal page behind a mailed link.
pub async fn open(call: Call, request: HttpRequest, asked: web::Query<Asked>) -> HttpResponse {
    let token = asked.token.as_deref().map(|token| fields::token(token).to_owned());
    let token = token.unwrap_or_default();
    let opened = service::open(call.app(), token.clone()).await;
    show(&request, asked.lang.as_deref(), &token, opened, Notice::Nothing)
}

/// `POST /registration`: opens, keeps, sends or takes back what the token stands for.
pub async fn act(call: Call, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let fields = Fields::of(&body);
    let token = fields::token(fields.one("token").unwrap_or_default()).to_owned();
    let lang = fields.one("lang").map(str::to_owned);
    let version = fields.one("version").and_then(|version| version.parse().ok()).unwrap_or(0);
    let action = fields.one("action").unwrap_or("open").to_owned();
    let app = call.app();
    let done = match action.as_str() {
        "save" => service::save(app, token.clone(), version, fields).await,
        "submit" => service::submit(app, token.clone(), version, fields).await,
        "withdraw" => service::take(app, token.clone(), Step::Withdraw).await,
        "accept" => service::take(app, token.clone(), Step::Accept).await,
        "calendar" => service::take(app, token.clone(), Step::Calendar).await,
        _ => service::open(app, token.clone()).await,
    };
    let (shown, told) = match done {
        Ok(personal) if action == "save" => (Ok(personal), Notice::Saved),
        Ok(personal) => (Ok(personal), Notice::Nothing),
        Err(problem) => {
            let told = match problem.code() {
                Code::VersionMismatch => Notice::ChangedElsewhere,
                _ => Notice::Nothing,
            };
            (again(app, &token, problem).await, told)
        }
    };
    show(&request, lang.as_deref(), &token, shown, told)
}

/// What is kept, with what could not be done; only that when the token opens nothing.
async fn again(app: &App, token: &str, problem: Problem) -> Result<Personal, Problem> {
    match service::open(app, token.to_owned()).await {
        Ok(personal) => Ok(Personal { refused: Some(problem), ..personal }),
        Err(_) => Err(problem),
    }
}

fn show(
    request: &HttpRequest,
    lang: Option<&str>,
    token: &str,
    shown: Result<Personal, Problem>,
    told_above: Notice,
) -> HttpResponse {
    let personal = match shown {
        Ok(personal) => personal,
        Err(problem) => return refused(&problem, language(lang, request, None)),
    };
    let consultation = &personal.opened.consultation;
    let language = language(lang, request, Some(consultation));
    let words = i18n::of(language);
    let status = match (&personal.refused, personal.errors.is_empty()) {
        (Some(problem), _) => StatusCode::from_u16(problem.code().kind().status),
        (None, false) => Ok(StatusCode::UNPROCESSABLE_ENTITY),
        (None, true) => Ok(StatusCode::OK),
    };
    let content = html! {
        p dir="auto" { strong { (consultation.theme) } }
        p { (crate::i18n::mails(language).when(consultation.when())) }
        @match (told_above, &personal.refused) {
            (Notice::ChangedElsewhere, _) => { div .b role="alert" { p { (words.changed_elsewhere) } } }
            (_, Some(problem)) => { (refusal(words, problem)) }
            (Notice::Saved, None) => { div .o role="status" { p { (words.saved) } } }
            (Notice::Nothing, None) => {}
        }
        @match personal.opened.registration.as_ref() {
            Some(entry) => { (registered(&personal, &entry.registration, language, token)) }
            None => { (draft(&personal, language, token)) }
        }
    };
    let switch = switch(token, language);
    let status = status.unwrap_or(StatusCode::OK);
    page(status, language, &words.registration, switch, content)
}

/// The page in another language: a form, so that the token stays out of addresses.
fn switch(token: &str, current: Language) -> Markup {
    html! {
        nav { form method="post" action="/registration" {
            input type="hidden" name="token" value=(token);
            @for language in Language::ALL.iter().filter(|language| **language != current) {
                button name="lang" value=(language) lang=(language) { (i18n::own_name(*language)) }
            }
        } }
    }
}

fn hidden(token: &str, language: Language, version: i64) -> Markup {
    html! {
        input type="hidden" name="token" value=(token);
        input type="hidden" name="lang" value=(language);
        input type="hidden" name="version" value=(version);
    }
}

fn draft(personal: &Personal, language: Language, token: &str) -> Markup {
    let (opened, words) = (&personal.opened, i18n::of(language));
    let unknown = &words.organization_unknown;
    let mut errors = personal.errors.clone();
    for error in errors.iter_mut().filter(|error| error.detail.is_empty()) {
        // The one thing that is looked up by the page, and said in its language.
        error.detail.clone_from(unknown);
    }
    let view = FormView {
        language,
        consultation: &opened.consultation,
        groups: &personal.groups,
        rounds: &personal.rounds,
        questions: &opened.questions,
        form: &opened.draft.form,
        organization: &personal.organization,
        errors: &errors,
    };
    html! {
        p { (words.draft) }
        @if let Some(refusal) = &opened.refusal { p .b lang="en" dir="auto" { (refusal) } }
        (view.summary())
        form method="post" action="/registration" {
            (hidden(token, language, opened.draft.version))
            (view.fields())
            button .m name="action" value="submit" { (words.submit) }
            button name="action" value="save" { (words.save) }
        }
    }
}

fn registered(
    personal: &Personal,
    registration: &Registration,
    language: Language,
    token: &str,
) -> Markup {
    let words = i18n::of(language);
    let consultation = &personal.opened.consultation;
    let until = registration
        .accept_by
        .map(|until| crate::i18n::mails(language).moment(consultation.zone, until));
    let state = match registration.state {
        RegistrationState::Submitted => words.submitted.clone(),
        RegistrationState::Offered => words.offered.replace("{until}", &until.unwrap_or_default()),
        RegistrationState::Confirmed => words.confirmed.clone(),
        RegistrationState::Waitlisted => words.waitlisted.clone(),
        RegistrationState::Declined => words.declined.clone(),
        RegistrationState::Withdrawn => words.withdrawn.clone(),
    };
    let step = |action: &str, text: &str, main: bool| {
        html! {
            button class=[main.then_some("m")] name="action" value=(action) { (text) }
        }
    };
    html! {
        div .o role="status" { p { strong { (state) } } }
        @if let Some(note) = &registration.note { p dir="auto" { (note) } }
        @if let Some(feed) = &personal.feed {
            p { (words.calendar_address) }
            p { code dir="ltr" { (feed) } }
        }
        p { a href={ "/api/v1/consultations/" (consultation.id) "/programme.ics" } { (words.calendar) } }
        @if registration.state.is_active() {
            form method="post" action="/registration" {
                (hidden(token, language, registration.version))
                @if registration.state == RegistrationState::Offered { (step("accept", &words.accept, true)) }
                @if registration.holds_place() { (step("calendar", &words.calendar_make, false)) }
                (step("withdraw", &words.withdraw, false))
            }
        }
    }
}
