//! The pages of contributing: what is sent, what is shown. No rules here, and below `/say` no way to another page.

use actix_web::http::StatusCode;
use actix_web::web;
use maud::{Markup, html};

use super::contributor::{Contributor, Held};
use super::service::{self, Act, Desk, Done};
use super::unsent::Draft;
use super::{i18n, receipt, said, saying};
use crate::consultations::ConsultationId;
use crate::inputs::InputId;
use crate::pages::fields::Fields;
use crate::pages::visit::{self, Shown, Signed, is_told};
use crate::problem::{Code, Problem};
use crate::vocabulary::ContributionId;
use crate::voices::contributions::service as contributions;

// ------------------------------------------------------------------------------------------------ being given a receipt

fn id(path: &str) -> Result<ConsultationId, Problem> {
    visit::id(path, "consultation")
}

/// `GET /my/consultations/{consultation_id}/receipt`: what a receipt is, and a button.
pub async fn offer(signed: Signed, path: web::Path<String>) -> Shown {
    let id = id(&path)?;
    let offer = signed.read(move |work| service::offer(work, id)).await?;
    let title = &i18n::of(signed.language()).receipt_title;
    Ok(signed.page(title, receipt::offer(&signed, &offer, html! {})))
}

/// `POST /my/consultations/{consultation_id}/receipt`: gives one. It is told in the answer and nowhere else, so there is no page to go
/// to, and no way from here that would lose it unseen.
pub async fn give(mut signed: Signed, path: web::Path<String>, body: web::Bytes) -> Shown {
    let (id, known) = (id(&path)?, Fields::of(&body).parsed("given").unwrap_or(0));
    let given = signed.write(move |work| service::give(work, id, known)).await;
    let offer = signed.read(move |work| service::offer(work, id)).await?;
    let words = i18n::of(signed.language());
    match given {
        Ok(Some(given)) => {
            signed.visit.frame = signed.frame.clone().secret();
            let content = receipt::given(&signed, &offer, &given.receipt.text());
            Ok(signed.page(words.receipt_title, content))
        }
        Ok(None) => {
            let notice = html! { div .b role="alert" { p { (words.given_meanwhile) } } };
            let content = receipt::offer(&signed, &offer, notice);
            Ok(signed.frame.page(StatusCode::CONFLICT, words.receipt_title, content))
        }
        Err(problem) if is_told(&problem) => {
            let content = receipt::offer(&signed, &offer, signed.frame.notice(&problem));
            Ok(signed.refused_page(&problem, words.receipt_title, content))
        }
        Err(problem) => Err(problem),
    }
}

// ------------------------------------------------------------------------------------------------ saying something

/// `GET /say/{consultation_id}`: where one says something, or shows a receipt first.
pub async fn say(contributor: Contributor) -> Shown {
    let draft = Draft::empty(contributor.language());
    form(&contributor, draft, None).await
}

/// `POST /say/{consultation_id}`: takes a receipt, looks a text over, sends it, supports another, forgets the receipt.
pub async fn act(mut contributor: Contributor, body: web::Bytes) -> Shown {
    let fields = Fields::of(&body);
    let draft = Draft::read(&fields, contributor.language());
    match fields.one("action") {
        Some("enter") => {
            let typed = fields.one("receipt").unwrap_or_default();
            let own = fields.one("own") == Some("yes");
            contributor.held = Held::typed(typed, own);
            enter(&contributor, draft).await
        }
        // What another site sends comes without the cookie, and takes none away.
        _ if contributor.held.is_none() => {
            let written = (!draft.body.is_empty()).then_some(&draft);
            entrance(&contributor, written, None).await
        }
        Some("destroy") => {
            let title = &i18n::of(contributor.language()).destroyed;
            contributor.page_keeping(None, title, saying::left(&contributor))
        }
        Some("send") => send(&contributor, draft).await,
        Some("look") => look(&contributor, draft).await,
        _ => match fields.parsed::<InputId>("support") {
            Some(input) => support(&contributor, draft, input).await,
            None => form(&contributor, draft, None).await,
        },
    }
}

/// The page without a receipt, or with one that is none.
pub(super) async fn entrance(
    contributor: &Contributor,
    draft: Option<&Draft>,
    refused: Option<&Problem>,
) -> Shown {
    let id = contributor.id;
    let consultation = contributor.read(move |work| service::consultation(work, id)).await?;
    let content = html! {
        p .lead dir="auto" { (consultation.theme) }
        (receipt::entrance(contributor, draft, refused))
    };
    let title = &i18n::of(contributor.language()).enter_title;
    Ok(match refused {
        Some(problem) => contributor.refused_page(problem, title, content),
        None => contributor.page(title, content),
    })
}

async fn desk(contributor: &Contributor) -> Result<Desk, Problem> {
    let (id, receipt) = (contributor.id, contributor.receipt());
    contributor.read(move |work| service::desk(work, id, &receipt)).await
}

/// Keeps a receipt that is one, and shows what was written before it was lost.
async fn enter(contributor: &Contributor, draft: Draft) -> Shown {
    let desk = match desk(contributor).await {
        Err(problem) if problem.is_missing() => {
            let written = (!draft.body.is_empty()).then_some(&draft);
            return entrance(contributor, written, Some(&problem)).await;
        }
        found => found?,
    };
    let language = contributor.language();
    let fields = saying::Fields { desk: &desk, draft: &draft, wrong: &[], language };
    let content = saying::form(contributor, &fields, html! {});
    let title = i18n::of(language).say_title;
    contributor.page_keeping(contributor.held.as_ref(), title, content)
}

/// The form, with what could not be done with it.
async fn form(contributor: &Contributor, draft: Draft, refused: Option<Problem>) -> Shown {
    if contributor.held.is_none() {
        return entrance(contributor, None, None).await;
    }
    let desk = match desk(contributor).await {
        Err(problem) if problem.is_missing() => {
            return entrance(contributor, None, Some(&problem)).await;
        }
        found => found?,
    };
    let language = contributor.language();
    let wrong = refused.as_ref().map(saying::wrong).unwrap_or_default();
    let fields = saying::Fields { desk: &desk, draft: &draft, wrong: &wrong, language };
    let notice = refused.as_ref().filter(|_| wrong.is_empty());
    let notice = notice.map(|problem| notice_of(contributor, problem)).unwrap_or_default();
    let (title, content) =
        (i18n::of(language).say_title, saying::form(contributor, &fields, notice));
    Ok(match &refused {
        Some(problem) => contributor.refused_page(problem, title, content),
        None => contributor.page(title, content),
    })
}

/// What could not be done, for somebody who is not signed in and has no role.
fn notice_of(contributor: &Contributor, problem: &Problem) -> Markup {
    let words = i18n::of(contributor.language());
    let own = [
        (Code::Forbidden, words.voice_refused),
        (Code::NotFound, words.gone),
        (Code::NotInThisPhase, words.closed),
    ];
    match own.iter().find(|(code, _)| *code == problem.code()) {
        Some((_, said)) => html! { div .b role="alert" { p { (said) } } },
        None => contributor.frame.notice(problem),
    }
}

async fn look(contributor: &Contributor, draft: Draft) -> Shown {
    let (id, receipt, said) = (contributor.id, contributor.receipt(), draft.clone());
    let similar = contributor.read(move |work| service::look(work, id, &receipt, said)).await;
    match similar {
        Ok(similar) => {
            let desk = desk(contributor).await?;
            let content = saying::look(contributor, &desk, &draft, &similar);
            Ok(contributor.page(i18n::of(contributor.language()).look_title, content))
        }
        Err(problem) if !problem.is_failure() => form(contributor, draft, Some(problem)).await,
        Err(problem) => Err(problem),
    }
}

async fn send(contributor: &Contributor, draft: Draft) -> Shown {
    let (id, receipt) = (contributor.id, contributor.receipt());
    let done = match draft.clone().said(None) {
        Err(problem) => Err(problem),
        Ok(said) => {
            let send = move |work: &mut crate::work::Work| {
                contributions::contribute(work, id, &receipt, &said).map(|(_, new)| new)
            };
            contributor.write(send).await
        }
    };
    match done {
        Ok(new) => {
            let desk = desk(contributor).await?;
            let content = saying::sent(contributor, &desk, &draft, new);
            Ok(contributor.page(i18n::of(contributor.language()).sent_title, content))
        }
        Err(problem) if !problem.is_failure() => form(contributor, draft, Some(problem)).await,
        Err(problem) => Err(problem),
    }
}

async fn support(contributor: &Contributor, draft: Draft, input: InputId) -> Shown {
    let (id, receipt) = (contributor.id, contributor.receipt());
    let support =
        move |work: &mut crate::work::Work| contributions::support(work, id, &receipt, input);
    match contributor.write(support).await {
        Ok(()) => {
            let desk = desk(contributor).await?;
            let title = &i18n::of(contributor.language()).supported;
            Ok(contributor.page(title, saying::supported(contributor, &desk)))
        }
        Err(problem) if !problem.is_failure() => form(contributor, draft, Some(problem)).await,
        Err(problem) => Err(problem),
    }
}

// ------------------------------------------------------------------------------------------------ what was said

/// `GET /say/{consultation_id}/mine`: everything of a receipt.
pub async fn mine(contributor: Contributor) -> Shown {
    show_mine(&contributor, Ok(None)).await
}

/// `POST /say/{consultation_id}/mine`: changes, deletes, takes back, answers.
pub async fn change(contributor: Contributor, body: web::Bytes) -> Shown {
    let fields = Fields::of(&body);
    if contributor.held.is_none() {
        return entrance(&contributor, None, None).await;
    }
    let one = fields.parsed("contribution");
    if let (Some("edit"), Some(one)) = (fields.one("action"), one) {
        return edit(&contributor, one, None).await;
    }
    let Some(act) = Act::read(&fields, contributor.language()) else {
        return show_mine(&contributor, Err(Problem::not_found("contribution of yours"))).await;
    };
    let (id, receipt, sent) = (contributor.id, contributor.receipt(), act.clone());
    let done = contributor.write(move |work| service::act(work, id, &receipt, &sent)).await;
    match (done, act) {
        // What is wrong is told beside the fields it is in.
        (Err(problem), Act::Change(one, draft)) if !problem.errors().is_empty() => {
            edit(&contributor, one, Some((draft, problem))).await
        }
        (done, _) => show_mine(&contributor, done.map(Some)).await,
    }
}

async fn show_mine(contributor: &Contributor, done: Result<Option<Done>, Problem>) -> Shown {
    if contributor.held.is_none() {
        return entrance(contributor, None, None).await;
    }
    let (id, receipt) = (contributor.id, contributor.receipt());
    let found = match contributor.read(move |work| service::mine(work, id, &receipt)).await {
        Err(problem) if problem.is_missing() => {
            return entrance(contributor, None, Some(&problem)).await;
        }
        found => found?,
    };
    let title = &i18n::of(contributor.language()).mine_title;
    Ok(match done {
        Err(problem) if problem.is_failure() => return Err(problem),
        Err(problem) => {
            let content = said::of(contributor, &found, notice_of(contributor, &problem));
            contributor.refused_page(&problem, title, content)
        }
        Ok(done) => {
            let notice = done.map(|done| said::done(contributor, done));
            contributor.page(title, said::of(contributor, &found, notice.unwrap_or_default()))
        }
    })
}

/// The form with what was said, or with what was sent and is wrong.
async fn edit(
    contributor: &Contributor,
    one: ContributionId,
    sent: Option<(Draft, Problem)>,
) -> Shown {
    let (id, receipt) = (contributor.id, contributor.receipt());
    let found = contributor.read(move |work| service::standing_of(work, id, &receipt, one)).await;
    let (desk, said) = match found {
        Err(problem) if problem.is_missing() => {
            return show_mine(contributor, Err(problem)).await;
        }
        found => found?,
    };
    let language = contributor.language();
    let wrong = sent.as_ref().map(|(_, problem)| saying::wrong(problem)).unwrap_or_default();
    let (draft, refused) = match sent {
        Some((draft, problem)) => (draft, Some(problem)),
        None => (Draft::of(&said), None),
    };
    let fields = saying::Fields { desk: &desk, draft: &draft, wrong: &wrong, language };
    let content = said::edit(contributor, &fields, one);
    let title = i18n::of(language).change_title;
    Ok(match refused {
        Some(problem) => contributor.refused_page(&problem, title, content),
        None => contributor.page(title, content),
    })
}
