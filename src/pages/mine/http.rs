//! Pages of whoever is signed in: what is sent and shown.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, web};
use maud::{Markup, html};
use serde::Deserialize;

use super::i18n::{self, Words};
use super::service;
use crate::accounts::service::SelfChange;
use crate::accounts::sign_ins::Way;
use crate::accounts::sign_ins::service as sign_ins;
use crate::accounts::{Email, passwords};
use crate::http::envelope;
use crate::i18n::Language;
use crate::pages::deciding;
use crate::pages::fields::Fields;
use crate::pages::visit::{self, Shown, Signed, Visit, is_told, session_cookie};
use crate::privacy::http::my_data;
use crate::problem::{Code, Problem};
use crate::registrations::RegistrationState;
use crate::{accounts, frame, ways};

/// What an address may say beside where it leads.
#[derive(Debug, Deserialize)]
pub struct To {
    to: Option<String>,
}

/// `GET /my/sign-in`: an address, and a password for who has one.
pub async fn sign_in(visit: Visit, to: web::Query<To>) -> Shown {
    Ok(show_sign_in(&visit, visit::own_page(to.to.as_deref()), "", None))
}

fn show_sign_in(
    visit: &Visit,
    to: Option<String>,
    typed: &str,
    refused: Option<&Problem>,
) -> HttpResponse {
    let words = i18n::of(visit.language());
    let hidden = html! { @if let Some(to) = &to { input type="hidden" name="to" value=(to); } };
    let email = |id: &str| {
        html! {
            div .f {
                label for=(id) { (words.email) }
                input id=(id) name="email" type="text" inputmode="email" autocapitalize="none" spellcheck="false" required autocomplete="username" dir="ltr" value=(typed);
            }
        }
    };
    let content = html! {
        @if let Some(problem) = refused { (visit.frame.notice(problem)) }
        p { (words.link_text) }
        form method="post" action=(visit.link("/my/sign-in")) {
            (hidden) (email("email"))
            button .m { (words.link_send) }
        }
        details open[refused.is_some_and(|problem| problem.code() == Code::InvalidCredentials)] {
            summary { (words.with_password) }
            form method="post" action=(visit.link("/my/password")) {
                (hidden) (email("email_with_password"))
                div .f {
                    label for="password" { (words.password) }
                    input #password name="password" type="password" required autocomplete="current-password" dir="ltr";
                }
                button { (words.sign_in) }
            }
        }
    };
    match refused {
        Some(problem) => visit.refused_page(problem, words.sign_in, content),
        None => visit.page(words.sign_in, content),
    }
}

/// `POST /my/sign-in`: mails a link.
pub async fn ask(visit: Visit, body: web::Bytes) -> Shown {
    let (fields, language) = (Fields::of(&body), visit.language());
    let to = visit::own_page(fields.one("to"));
    let typed = fields.text("email").unwrap_or_default();
    let asked = match typed.parse::<Email>() {
        Err(why) => Err(Problem::invalid("/email", why)),
        Ok(email) => {
            let to = to.clone();
            let ask = move |work: &mut crate::work::Work| {
                sign_ins::request_link(work, &email, Some(language), to.clone())
            };
            visit.write(ask).await
        }
    };
    let words = i18n::of(language);
    match asked {
        Ok(()) => {
            let told = html! { div .o role="status" { p { (words.link_sent) } } };
            Ok(visit.page(words.sign_in, told))
        }
        Err(problem) if is_told(&problem) => Ok(show_sign_in(&visit, to, &typed, Some(&problem))),
        Err(problem) => Err(problem),
    }
}

/// `POST /my/password`: signs in who has one. At an address of its own, so that whoever tries passwords is counted apart from those
/// who ask for links.
pub async fn password(visit: Visit, body: web::Bytes) -> Shown {
    let fields = Fields::of(&body);
    let to = visit::own_page(fields.one("to"));
    let typed = fields.text("email").unwrap_or_default();
    let secret = match typed.parse::<Email>() {
        Err(why) => Err(Problem::invalid("/email", why)),
        Ok(email) => by_password(&visit, email, fields.text("password").unwrap_or_default()).await,
    };
    match secret {
        Ok(secret) => {
            let mut answer = visit.go(to.as_deref().unwrap_or(ways::MINE));
            let cookie = session_cookie(&visit.app, Some(secret));
            answer.add_cookie(&cookie).map_err(Problem::internal)?;
            Ok(answer)
        }
        Err(problem) if is_told(&problem) => Ok(show_sign_in(&visit, to, &typed, Some(&problem))),
        Err(problem) => Err(problem),
    }
}

/// The secret of a new session. What is hashed is hashed apart, outside the transaction.
async fn by_password(visit: &Visit, email: Email, password: String) -> Result<String, Problem> {
    let from = envelope::address(visit.request(), &visit.app);
    let found = passwords::found(&visit.app, &from, &email, password).await?;
    let account = found.ok_or_else(sign_ins::wrong_password)?;
    let begin = move |work: &mut crate::work::Work| sign_ins::sign_in(work, &account, Way::Browser);
    Ok(visit.write(begin).await?.refresh_token)
}

/// `POST /my/sign-out`: ends this browser's session.
pub async fn sign_out(visit: Visit) -> Shown {
    if let Some(secret) = visit::secret(visit.request()) {
        visit.write(move |work| sign_ins::sign_out(work, &secret)).await?;
    }
    let mut answer = visit.go("/");
    answer.add_cookie(&session_cookie(&visit.app, None)).map_err(Problem::internal)?;
    // What the browser still shows of pages that were private.
    answer.headers_mut().insert(
        header::HeaderName::from_static("clear-site-data"),
        header::HeaderValue::from_static("\"cache\""),
    );
    Ok(answer)
}

fn state(state: RegistrationState, words: &Words) -> &str {
    match state {
        RegistrationState::Submitted => words.submitted,
        RegistrationState::Offered => words.offered,
        RegistrationState::Confirmed => words.confirmed,
        RegistrationState::Waitlisted => words.waitlisted,
        RegistrationState::Declined => words.declined,
        RegistrationState::Withdrawn => words.withdrawn,
    }
}

/// `GET /my`: what is one's own, and what one could take part in.
pub async fn start(signed: Signed) -> Shown {
    let found = signed.read(service::start).await?;
    let (words, language) = (i18n::of(signed.language()), signed.language());
    let when =
        |one: &crate::consultations::Consultation| crate::i18n::mails(language).when(one.when());
    let content = html! {
        p .lead { (words.greeting.replace("{name}", &signed.account.name)) }
        (deciding::pending(&signed, &found.pending))
        h2 { (words.own) }
        @if found.own.is_empty() { p { (words.own_none) } }
        ul .cards { @for (one, at) in &found.own {
            li .card {
                h3 dir="auto" { a href=(signed.link(&ways::registration(one.id))) { (one.theme) } }
                p .soft { (when(one)) }
                p { span class={ "tag" @if *at == RegistrationState::Confirmed { " go" } } { (state(*at, words)) } }
            }
        } }
        @if !found.open.is_empty() {
            h2 { (words.open_calls) }
            ul .cards { @for one in &found.open {
                li .card {
                    h3 dir="auto" { a href=(signed.link(&ways::registration(one.id))) { (one.theme) } }
                    p .soft { (when(one)) }
                }
            } }
        }
        @if found.drafts > 0 {
            h2 { (words.reports) }
            p { a href=(signed.link(ways::DRAFTS)) { (words.reports_link.of(language, found.drafts)) } }
        }
        h2 { (words.account) }
        ul {
            li { a href=(signed.link("/my/account")) { (words.account_link) } }
        }
        form method="post" action=(signed.link("/my/sign-out")) { button { (words.sign_out) } }
    };
    Ok(signed.page(words.title, content))
}

// ------------------------------------------------------------------------------------------------ the account

/// `GET /my/account`: name, language, sign-ins, data.
pub async fn account(signed: Signed) -> Shown {
    show_account(&signed, None).await
}

/// `POST /my/account`: changes them, ends sign-ins, erases.
pub async fn change(signed: Signed, body: web::Bytes) -> Shown {
    let fields = Fields::of(&body);
    let version = fields.parsed("version").unwrap_or(signed.account.version);
    let done = match fields.one("action") {
        Some("end") => {
            let id = fields.parsed::<crate::db::types::Id<_>>("sign_in");
            let id = id.ok_or_else(|| Problem::not_found("sign-in"))?;
            signed.write(move |work| sign_ins::end(work, id)).await
        }
        Some("erase") => {
            let typed = fields.text("email").unwrap_or_default();
            match typed.parse::<Email>() {
                Err(why) => Err(Problem::invalid("/email", why)),
                Ok(email) => {
                    let erase = move |work: &mut crate::work::Work| {
                        crate::privacy::erasure::erase_self(work, version, &email)
                    };
                    match signed.write(erase).await {
                        Ok(()) => return erased(&signed),
                        Err(problem) => Err(problem),
                    }
                }
            }
        }
        _ => {
            let language = fields.one("language").map(Language::of_tag);
            let change = SelfChange { name: fields.text("name"), password_hash: None, language };
            let save = move |work: &mut crate::work::Work| {
                accounts::service::update_self(work, version, &change).map(|_| ())
            };
            signed.write(save).await
        }
    };
    match done {
        Ok(()) => Ok(signed.go("/my/account")),
        Err(problem) if is_told(&problem) => show_account(&signed, Some(problem)).await,
        Err(problem) => Err(problem),
    }
}

fn erased(signed: &Signed) -> Shown {
    let words = i18n::of(signed.language());
    let mut answer =
        signed.page(words.erased, html! { p { a href=(signed.link("/")) { (words.to_start) } } });
    answer.add_cookie(&session_cookie(&signed.app, None)).map_err(Problem::internal)?;
    Ok(answer)
}

async fn show_account(signed: &Signed, refused: Option<Problem>) -> Shown {
    let own = signed.read(service::own).await?;
    let words = i18n::of(signed.language());
    let action = signed.link("/my/account");
    let content = html! {
        @if let Some(problem) = &refused { (signed.frame.notice(problem)) }
        form method="post" action=(action) {
            input type="hidden" name="version" value=(own.account.version);
            div .f {
                label for="name" { (words.name) }
                input #name name="name" type="text" required autocomplete="name" dir="auto" value=(own.account.name);
            }
            div .f {
                label for="language" { (words.language) }
                select #language name="language" {
                    option value="-" selected[own.account.language.is_none()] { (words.language_any) }
                    @for one in Language::ALL { option value=(one) lang=(one) selected[own.account.language == Some(*one)] { (frame::own_name(*one)) } }
                }
            }
            button .m { (words.save) }
        }
        (sign_ins_of(&own.sign_ins, signed, words, &action))
        h2 { (words.data) }
        p { (words.data_text) }
        p { a .button href="/my/data.json" download="my-data.json" { (words.data_get) } }
        details {
            summary { (words.erase) }
            p { (words.erase_text) }
            form method="post" action=(action) {
                input type="hidden" name="version" value=(own.account.version);
                div .f {
                    label for="erase_email" { (words.erase_email) }
                    input #erase_email name="email" type="text" inputmode="email" autocapitalize="none" spellcheck="false" required autocomplete="off" dir="ltr";
                }
                button .risk name="action" value="erase" { (words.erase_do) }
            }
        }
    };
    Ok(match &refused {
        Some(problem) => signed.refused_page(problem, words.account, content),
        None => signed.page(words.account, content),
    })
}

fn sign_ins_of(
    all: &[crate::accounts::sign_ins::SignIn],
    signed: &Signed,
    words: &Words,
    action: &str,
) -> Markup {
    html! {
        h2 { (words.sign_ins) }
        p { (words.sign_ins_text) }
        ul .plain { @for one in all {
            li {
                form method="post" action=(action) {
                    input type="hidden" name="sign_in" value=(one.id);
                    (crate::i18n::mails(signed.language()).date(one.day.utc().date_naive())) ", "
                    (if one.way == Way::Browser { words.browser } else { words.program })
                    @if one.id == signed.session { " (" (words.this_one) ")" }
                    " " button .link name="action" value="end" { (words.end) }
                }
            }
        } }
    }
}

/// `GET /my/data.json`: everything that is held about somebody. That it was asked for is audited.
pub async fn data(signed: Signed) -> Shown {
    let mut answer = my_data(&signed.visit.app, signed.credentials()).await?;
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}
