//! The pages of the register: what is asked for and shown, what is sent. No rules here.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::service::{self, Act, Told};
use super::{i18n, noting, shelf, told};
use crate::pages::fields::Fields;
use crate::pages::team::is_told;
use crate::pages::visit::{self, Shown, Signed, Visit};
use crate::problem::Problem;
use crate::recommendations::RecommendationId;
use crate::ways;

/// `GET /reviews/{review_id}/recommendations`: what is recommended for a review.
pub async fn register(visit: Visit, path: web::Path<String>) -> Shown {
    let id = visit::id(&path, "review")?;
    let wanted = service::wanted(&Fields::of(visit.request().query_string().as_bytes()));
    let register = visit.read(move |work| service::register(work, id, wanted)).await?;
    let title = &i18n::of(visit.language()).title;
    Ok(visit.page(title, shelf::of(&visit, &register)))
}

/// `GET /recommendations/{recommendation_id}`: a recommendation, with its history and what came of it.
pub async fn recommendation(visit: Visit, path: web::Path<String>) -> Shown {
    let id = visit::id(&path, "recommendation")?;
    let found = visit.read(move |work| service::told(work, id)).await?;
    let title = &found.entry.recommendation.reference;
    Ok(visit.frame.headed(StatusCode::OK, title, told::of(&visit, &found)))
}

/// `GET /my/reviews/{review_id}/recommendations`: what is to be confirmed.
pub async fn own_register(signed: Signed, path: web::Path<String>) -> Shown {
    let id = visit::id(&path, "review")?;
    let register = signed.read(move |work| service::own_register(work, id)).await?;
    let title = &i18n::of(signed.language()).own_title;
    Ok(signed.page(title, shelf::own(&signed, &register)))
}

/// `GET /my/recommendations/{recommendation_id}`: where a recommendation is confirmed and followed up.
pub async fn own(signed: Signed, path: web::Path<String>) -> Shown {
    let id = visit::id(&path, "recommendation")?;
    let found = signed.read(move |work| service::own(work, id)).await?;
    let done = Fields::of(signed.request().query_string().as_bytes()).is_ticked("done");
    Ok(show(&signed, &found, done, None))
}

/// `POST /my/recommendations/{recommendation_id}`: confirms, notes or takes a note away. What is refused is shown with what was typed.
pub async fn act(signed: Signed, path: web::Path<String>, body: web::Bytes) -> Shown {
    let id: RecommendationId = visit::id(&path, "recommendation")?;
    let fields = Fields::of(&body);
    let act = Act::read(&fields);
    let sent = act.clone();
    let done = signed.write(move |work| match &sent {
        Some(sent) => service::act(work, id, sent),
        None => Err(Problem::invalid("/strength", "fill in what is needed")),
    });
    match done.await {
        Ok(()) => Ok(signed.go(&format!("{}?done=1", ways::own_recommendation(id)))),
        Err(problem) if is_told(&problem) => {
            let found = signed.read(move |work| service::own(work, id)).await?;
            Ok(show(&signed, &found, false, Some((&fields, &problem))))
        }
        Err(problem) => Err(problem),
    }
}

fn show(
    signed: &Signed,
    found: &Told,
    done: bool,
    refused: Option<(&Fields, &Problem)>,
) -> HttpResponse {
    let title = &found.entry.recommendation.reference;
    let content = noting::of(signed, found, done, refused);
    let status = refused
        .and_then(|(_, problem)| StatusCode::from_u16(problem.code().kind().status).ok())
        .unwrap_or(StatusCode::OK);
    signed.frame.headed(status, title, content)
}
