//! The pages of registration: what is sent, what is shown. No rules here.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use maud::{Markup, html};
use serde::Deserialize;

use super::form::FormView;
use super::i18n::{self, Words};
use super::service::{self, Done, OpenCall, Standing, Step};
use super::standing;
use crate::consultations::ConsultationId;
use crate::i18n::Language;
use crate::pages::fields::Fields;
use crate::pages::naming;
use crate::pages::visit::{self, Shown, Signed, Visit, is_told};
use crate::problem::{Code, Problem};
use crate::registrations::drafts::service::Wanted;
use crate::registrations::rules::Access;
use crate::ways;

fn id(path: &str) -> Result<ConsultationId, Problem> {
    visit::id(path, "consultation")
}

// ------------------------------------------------------------------------------------------------ open call

/// What became of asking for a link.
enum Ask {
    Nothing,
    Sent,
    Refused(Problem, String),
}

/// `GET /register/{consultation_id}`: what it is, when, and a link to be asked for.
pub async fn call(visit: Visit, path: web::Path<String>) -> Shown {
    show_call(visit, id(&path)?, Ask::Nothing).await
}

/// `POST /register/{consultation_id}`: has a link mailed. The answer is the same whoever the address belongs to.
pub async fn ask(visit: Visit, path: web::Path<String>, body: web::Bytes) -> Shown {
    let (id, fields) = (id(&path)?, Fields::of(&body));
    let typed = fields.text("email").unwrap_or_default();
    let email = typed.parse().map_err(|why: String| Problem::invalid("/email", why));
    let asked = match email {
        Err(problem) => Err(problem),
        Ok(email) => {
            let access_code = fields.text("access_code");
            let wanted = Wanted { email, access_code, language: Some(visit.language()) };
            visit.write(move |work| service::ask(work, id, &wanted)).await
        }
    };
    match asked {
        Ok(()) => show_call(visit, id, Ask::Sent).await,
        Err(problem) if is_told(&problem) => {
            show_call(visit, id, Ask::Refused(problem, typed)).await
        }
        Err(problem) => Err(problem),
    }
}

async fn show_call(mut visit: Visit, id: ConsultationId, ask: Ask) -> Shown {
    let open_call = visit.read(move |work| service::open_call(work, id)).await?;
    let tags = &open_call.consultation.languages;
    visit.frame = visit.frame.clone().or_language(visit.request(), tags);
    let words = i18n::of(visit.language());
    let content = html! {
        p .big dir="auto" { (open_call.consultation.theme) }
        (about(&open_call, visit.language(), words))
        @match &ask {
            Ask::Sent => { div .o role="status" { p { (words.sent) } } }
            _ => { (ask_form(&visit, &open_call, words, &ask)) }
        }
        p { a href=(visit.link(&ways::consultation(id))) { (words.back) } }
    };
    Ok(match &ask {
        Ask::Refused(problem, _) => visit.refused_page(problem, words.call, content),
        _ => visit.page(words.call, content),
    })
}

fn about(open_call: &OpenCall, language: Language, words: &Words) -> Markup {
    let (consultation, mails) = (&open_call.consultation, crate::i18n::mails(language));
    let languages = consultation.languages.iter();
    let languages = languages.map(|tag| naming::language(tag, language).to_owned());
    html! {
        dl {
            dt { (words.when) } dd { (mails.when(consultation.when())) }
            @if let Some(venue) = &consultation.venue { dt { (words.place) } dd dir="auto" { (venue) } }
            dt { (words.languages) } dd { (mails.list(&languages.collect::<Vec<_>>())) }
        }
        @if !open_call.groups.is_empty() {
            h2 { (words.groups) }
            ul { @for group in &open_call.groups { li { (standing::group_title(group, language)) (standing::objectives(group, language)) } } }
        }
    }
}

fn ask_form(visit: &Visit, open_call: &OpenCall, words: &Words, ask: &Ask) -> Markup {
    if !open_call.is_open {
        return html! { p .n { (words.when_open) } };
    }
    let typed = if let Ask::Refused(_, typed) = ask { typed.as_str() } else { "" };
    let refused = if let Ask::Refused(problem, _) = ask { Some(problem) } else { None };
    let wrong_address = refused.is_some_and(|problem| problem.code() == Code::InvalidValue);
    html! {
        h2 { (words.ask) }
        p { (words.ask_text) }
        @if let Some(problem) = refused { (visit.frame.notice(problem)) }
        form method="post" action=(visit.link(&format!("/register/{}", open_call.consultation.id))) {
            div .f {
                label for="email" { (words.email) }
                input id="email" name="email" type="text" inputmode="email" autocapitalize="none" spellcheck="false" required autocomplete="email" dir="ltr" value=(typed)
                    aria-invalid=[wrong_address.then_some("true")];
            }
            @if open_call.needs_code {
                div .f {
                    label for="access_code" { (words.access_code) }
                    p .h #access_code-h { (words.code_help) }
                    input id="access_code" name="access_code" type="text" required autocomplete="off" dir="ltr" aria-describedby="access_code-h";
                }
            }
            button .m { (words.send) }
        }
    }
}

// ------------------------------------------------------------------------------------------------ where somebody stands

/// What an address may say beside where it leads.
#[derive(Debug, Deserialize)]
pub struct Told {
    done: Option<String>,
}

/// `GET /my/consultations/{consultation_id}`: the form, or what became of it.
pub async fn stand(signed: Signed, path: web::Path<String>, told: web::Query<Told>) -> Shown {
    let id = id(&path)?;
    let mut standing = signed.read(move |work| service::stand(work, id)).await?;
    standing.done = match told.done.as_deref() {
        Some("saved") => Some(Done::Saved),
        Some("sent") => Some(Done::Sent),
        Some("appealed") => Some(Done::Appealed),
        Some("checked_in") => Some(Done::CheckedIn),
        Some("changed") => Some(Done::Changed),
        _ => None,
    };
    Ok(show(&signed, &standing))
}

/// `POST /my/consultations/{consultation_id}`: keeps, sends, takes back, accepts, objects, checks in.
pub async fn act(signed: Signed, path: web::Path<String>, body: web::Bytes) -> Shown {
    let (id, fields, language) = (id(&path)?, Fields::of(&body), signed.language());
    let version = fields.parsed("version").unwrap_or(0);
    let step = match fields.one("action") {
        Some("withdraw") => Some(Step::Withdraw),
        Some("accept") => Some(Step::Accept),
        Some("calendar") => Some(Step::Calendar),
        Some("again") => Some(Step::Again),
        Some("appeal") => Some(Step::Appeal(fields.text("text").unwrap_or_default())),
        _ => None,
    };
    let done = match (fields.one("action"), step) {
        (_, Some(step)) => signed.write(move |work| service::take(work, id, &step)).await,
        (Some("check_in"), _) => {
            signed.app.limits.sign_in(&format!("check-in {}", signed.id()))?;
            let session = fields.parsed("session").ok_or_else(|| Problem::not_found("session"))?;
            let (tokens, code) =
                (signed.app.tokens.clone(), fields.text("code").unwrap_or_default());
            let checked = signed.write(move |work| {
                service::check_in(work, &tokens, session, &code)?;
                service::stand(work, id)
            });
            checked.await.map(|standing| Standing { done: Some(Done::CheckedIn), ..standing })
        }
        (Some("submit"), _) => {
            service::submit(&signed.app, &signed.account, id, version, (fields, language)).await
        }
        _ => signed.write(move |work| service::save(work, id, version, (&fields, language))).await,
    };
    let standing = match done {
        Ok(standing) => standing,
        Err(problem) if is_told(&problem) => {
            let standing = signed.read(move |work| service::stand(work, id)).await?;
            Standing { refused: Some(problem), ..standing }
        }
        Err(problem) => return Err(problem),
    };
    Ok(answer(&signed, id, &standing))
}

/// After an act: on to the page as it is now, unless there is something that is told here only.
fn answer(signed: &Signed, id: ConsultationId, standing: &Standing) -> HttpResponse {
    let told = standing.refused.is_some() || !standing.errors.is_empty();
    let page = ways::registration(id);
    match &standing.done {
        Some(Done::Calendar(_)) => show(signed, standing),
        _ if told => show(signed, standing),
        Some(Done::Saved) => signed.go(&format!("{page}?done=saved")),
        Some(Done::Sent) => signed.go(&format!("{page}?done=sent")),
        Some(Done::Appealed) => signed.go(&format!("{page}?done=appealed")),
        Some(Done::CheckedIn) => signed.go(&format!("{page}?done=checked_in")),
        Some(Done::Changed) => signed.go(&format!("{page}?done=changed")),
        None => signed.go(&page),
    }
}

fn show(signed: &Signed, standing: &Standing) -> HttpResponse {
    let words = i18n::of(signed.language());
    let content = html! {
        p .big dir="auto" { (standing.opened.consultation.theme) }
        p .soft { (crate::i18n::mails(signed.language()).when(standing.opened.consultation.when())) }
        (notice(signed, standing, words))
        @match standing.opened.registration.as_ref() {
            Some(entry) => { (standing::of(signed, standing, &entry.registration, &entry.allowed_actions)) }
            None => { (draft(signed, standing, words)) }
        }
    };
    page(signed, standing, words.registration, content)
}

fn page(signed: &Signed, standing: &Standing, title: &str, content: Markup) -> HttpResponse {
    match (&standing.refused, standing.errors.is_empty()) {
        (Some(problem), _) => signed.refused_page(problem, title, content),
        (None, false) => signed.refused_page(&Problem::new(Code::InvalidValue, ""), title, content),
        (None, true) => signed.page(title, content),
    }
}

fn notice(signed: &Signed, standing: &Standing, words: &Words) -> Markup {
    if let Some(problem) = &standing.refused {
        if problem.code() == Code::VersionMismatch {
            return html! { div .b role="alert" { p { (words.changed_elsewhere) } } };
        }
        return signed.frame.notice(problem);
    }
    let said = match &standing.done {
        Some(Done::Saved) => words.saved,
        Some(Done::Sent) => words.sent_once,
        Some(Done::Appealed) => words.appealed,
        Some(Done::CheckedIn) => words.checked_in,
        Some(Done::Changed) => words.changed,
        Some(Done::Calendar(address)) => {
            return html! {
                div .o role="status" { p { (words.calendar_address) } p { code dir="ltr" { (address) } } }
            };
        }
        None => return html! {},
    };
    html! { div .o role="status" { p { (said) } } }
}

fn view<'a>(
    standing: &'a Standing,
    form: &'a crate::registrations::drafts::Form,
    language: Language,
    needs_code: bool,
) -> FormView<'a> {
    FormView {
        language,
        consultation: &standing.opened.consultation,
        groups: &standing.groups,
        rounds: &standing.rounds,
        questions: &standing.opened.questions,
        form,
        organization: &standing.organization,
        errors: &standing.errors,
        needs_code,
    }
}

fn draft(signed: &Signed, standing: &Standing, words: &Words) -> Markup {
    let opened = &standing.opened;
    let needs_code = opened.rules.access == Access::Code && opened.draft.access_code_id.is_none();
    let view = view(standing, &opened.draft.form, signed.language(), needs_code);
    html! {
        (standing::course(None, words))
        p { (words.draft) }
        @if opened.refusal.is_some() { p .b { (words.when_open) } }
        (view.summary())
        form method="post" action=(signed.link(&ways::registration(opened.consultation.id))) data-keep={ "form " (opened.consultation.id) } {
            input type="hidden" name="version" value=(opened.draft.version);
            (view.fields())
            button .m name="action" value="submit" { (words.submit) }
            button name="action" value="save" { (words.save) }
        }
    }
}

/// `GET /my/consultations/{consultation_id}/edit`: the form with what somebody has registered with.
pub async fn edit(signed: Signed, path: web::Path<String>) -> Shown {
    let id = id(&path)?;
    let standing = signed.read(move |work| service::stand(work, id)).await?;
    Ok(show_edit(&signed, id, standing))
}

/// `POST /my/consultations/{consultation_id}/edit`: changes the registration.
pub async fn change(signed: Signed, path: web::Path<String>, body: web::Bytes) -> Shown {
    let (id, fields, language) = (id(&path)?, Fields::of(&body), signed.language());
    let version = fields.parsed("version").unwrap_or(0);
    let sent = fields.clone();
    let changed =
        signed.write(move |work| service::change(work, id, version, (&fields, language))).await;
    match changed {
        Ok(standing) if standing.errors.is_empty() => Ok(answer(&signed, id, &standing)),
        Ok(standing) => Ok(show_edit(&signed, id, standing)),
        Err(problem) if is_told(&problem) => {
            let mut standing = signed.read(move |work| service::stand(work, id)).await?;
            let (form, _) = super::sent::form(&sent, &standing.opened.questions, language);
            standing.opened.draft.form = form;
            standing.errors = problem.errors().to_vec();
            standing.refused = Some(problem);
            Ok(show_edit(&signed, id, standing))
        }
        Err(problem) => Err(problem),
    }
}

fn show_edit(signed: &Signed, id: ConsultationId, standing: Standing) -> HttpResponse {
    let words = i18n::of(signed.language());
    let Some(entry) = &standing.opened.registration else {
        return signed.go(&ways::registration(id));
    };
    let sent = !standing.errors.is_empty() || standing.refused.is_some();
    let form = if sent {
        standing.opened.draft.form.clone()
    } else {
        service::filled(&standing.opened, &entry.registration, &entry.name)
    };
    let content = html! {
        p .big dir="auto" { (standing.opened.consultation.theme) }
        p { (words.consents_change) }
        (notice(signed, &standing, words))
        @let view = view(&standing, &form, signed.language(), false);
        (view.summary())
        form method="post" action=(signed.link(&format!("{}/edit", ways::registration(id)))) {
            input type="hidden" name="version" value=(entry.registration.version);
            (view.fields())
            button .m { (words.keep_changes) }
            a .button href=(signed.link(&ways::registration(id))) { (words.back) }
        }
    };
    page(signed, &standing, words.edit, content)
}

// ------------------------------------------------------------------------------------------------ organizations

/// The beginning of a name.
#[derive(Debug, Deserialize)]
pub struct Like {
    q: Option<String>,
}

/// `GET /my/organizations?q=…`: names that fit what is being typed, for the script of the form.
pub async fn organizations(signed: Signed, like: web::Query<Like>) -> Shown {
    let typed = like.into_inner().q.unwrap_or_default();
    let found = signed.read(move |work| service::organizations_like(work, &typed)).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(found))
}
