//! Pages behind mailed links: what is shown and what is sent.

use actix_web::web;
use maud::{Markup, html};

use super::i18n::{self, Words};
use super::service::{self, Entered, Leads, Said};
use crate::pages::fields::Fields;
use crate::pages::visit::{Shown, Visit, session_cookie};
use crate::problem::Problem;
use crate::unsubscribing::Unwanted;
use crate::ways;

/// `GET /in/{token}`: what the link is for, and a button.
pub async fn look(visit: Visit, path: web::Path<String>) -> Shown {
    let visit = secret(visit);
    let token = path.into_inner();
    let leads = visit.read(move |work| service::look(work, &token)).await?;
    Ok(show(&visit, &leads))
}

/// `POST /in/{token}`: what the button does.
pub async fn act(visit: Visit, path: web::Path<String>, body: web::Bytes) -> Shown {
    let visit = secret(visit);
    let (token, fields) = (path.into_inner(), Fields::of(&body));
    let (language, words) = (visit.language(), i18n::of(visit.language()));
    let done = |title: &str| Ok(visit.page(title, to_start(&visit, words)));
    if is_one_click(&body) {
        let what = Unwanted::Consultation;
        visit.write(move |work| service::want_no_more(work, &token, what)).await?;
        return done(words.no_more_done);
    }
    visit.require_browser()?;
    match fields.one("action") {
        Some("send_again") => {
            visit.write(move |work| service::send_again(work, &token, language)).await?;
            done(words.sent)
        }
        Some(action) if said(action).is_some() => {
            let said = said(action).ok_or_else(|| Problem::not_found("page"))?;
            visit.write(move |work| service::say(work, &token, said)).await?;
            done(match said {
                Said::Declined => words.declined,
                Said::NoMore(_) => words.no_more_done,
                Said::Again => words.again_done,
                Said::Guardian(true) => words.consented,
                Said::Guardian(false) => words.refused,
                Said::Merge(true) => words.merge_consented,
                Said::Merge(false) => words.merge_refused,
            })
        }
        _ => match visit.write(move |work| service::enter(work, &token, language)).await? {
            Entered::Once => Ok(visit.page(words.once, html! { p .lead { (words.once_text) } })),
            Entered::In(signed_in, page) => {
                let mut answer = visit.go(&page);
                let cookie = session_cookie(&visit.app, Some(signed_in.refresh_token));
                answer.add_cookie(&cookie).map_err(Problem::internal)?;
                Ok(answer)
            }
        },
    }
}

/// Whether a mail program says that its reader wants no more of such mail: as a form, in either of the two ways in which forms are sent.
fn is_one_click(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let (name, value) = ways::ONE_CLICK.split_once('=').unwrap_or_default();
    // Between the two of a multipart form stand the rest of its head and an empty line.
    let multipart = text.split_once(&format!("name=\"{name}\""));
    text.trim() == ways::ONE_CLICK
        || multipart
            .and_then(|(_, rest)| rest.split_once("\r\n\r\n"))
            .is_some_and(|(_, said)| said.lines().next() == Some(value))
}

fn secret(mut visit: Visit) -> Visit {
    visit.frame = visit.frame.clone().secret();
    visit
}

fn said(action: &str) -> Option<Said> {
    Some(match action {
        "decline" => Said::Declined,
        "no_more" => Said::NoMore(Unwanted::Consultation),
        "no_more_of_review" => Said::NoMore(Unwanted::Review),
        "again" => Said::Again,
        "guardian_consent" => Said::Guardian(true),
        "guardian_refuse" => Said::Guardian(false),
        "merge_consent" => Said::Merge(true),
        "merge_refuse" => Said::Merge(false),
        _ => return None,
    })
}

fn show(visit: &Visit, leads: &Leads) -> actix_web::HttpResponse {
    let words = i18n::of(visit.language());
    // To this page, whose address no page repeats.
    let button = |action: &str, text: &str, class: Option<&str>| {
        html! { button class=[class] name="action" value=(action) { (text) } }
    };
    let form = |buttons: Markup| html! { form method="post" { (buttons) } };
    let main = |action: &str, text: &str| button(action, text, Some("m"));
    let (title, content) = match leads {
        Leads::In => (
            words.sign_in,
            html! { p .lead { (words.sign_in_text) } (form(main("enter", words.sign_in_button))) },
        ),
        Leads::Registration { theme, invited } => {
            let (title, text, go) = if *invited {
                (words.invitation, words.invitation_text, words.invitation_button)
            } else {
                (words.registration, words.registration_text, words.registration_button)
            };
            let content = html! {
                p .big dir="auto" { (theme) }
                p { (text) }
                (form(html! {
                    (main("enter", go))
                    @if *invited {
                        (button("decline", words.decline, None))
                        (button("no_more_of_review", words.no_more_of_review, None))
                    }
                }))
            };
            (title, content)
        }
        Leads::Guardian { theme, person, given } => {
            let content = html! {
                p .lead dir="auto" { (words.guardian_wants.replace("{person}", person)) }
                p .big dir="auto" { (theme) }
                p { (if *given { words.guardian_given } else { words.guardian_text }) }
                (form(html! {
                    @if !given { (main("guardian_consent", words.consent)) }
                    (button("guardian_refuse", words.refuse, Some("risk")))
                }))
            };
            (words.guardian, content)
        }
        Leads::Merge => (
            words.merge,
            html! {
                p { (words.merge_text) }
                (form(html! {
                    (main("merge_consent", words.merge_consent))
                    (button("merge_refuse", words.merge_refuse, None))
                }))
            },
        ),
        Leads::NoMore { theme } => (
            words.no_more,
            html! {
                p .big dir="auto" { (theme) }
                p { (words.no_more_text) }
                (form(html! {
                    (main("no_more", words.no_more_button))
                    (button("no_more_of_review", words.no_more_of_review, None))
                    (button("again", words.again, None))
                }))
            },
        ),
        Leads::RunOut => (
            words.run_out,
            html! { p .lead { (words.run_out_text) } (form(main("send_again", words.send_again))) },
        ),
        Leads::Nowhere => {
            let content = html! { p .lead { (words.nowhere_text) } (to_start(visit, words)) };
            return visit.frame.page(
                actix_web::http::StatusCode::NOT_FOUND,
                words.nowhere,
                content,
            );
        }
    };
    visit.page(title, content)
}

fn to_start(visit: &Visit, words: &Words) -> Markup {
    html! { p { a href=(visit.link("/")) { (words.to_start) } } }
}
