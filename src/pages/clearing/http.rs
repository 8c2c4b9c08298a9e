//! The page of the clearance room: what is sent, what is shown. No rules here.

use actix_web::{HttpResponse, web};
use maud::html;

use super::scene::{Refused, Scene};
use super::service::{self, Room};
use super::spoken::Act;
use super::{convening, i18n, leaves, record, remarks, seats};
use crate::pages::fields::Fields;
use crate::pages::team;
use crate::pages::visit::{Shown, Signed};
use crate::problem::Problem;
use crate::ways;

/// `GET /my/reports/{report_id}/clearance`: the room.
pub async fn look(signed: Signed, path: web::Path<String>) -> Shown {
    let id = team::id(&path)?;
    let query = Fields::of(signed.request().query_string().as_bytes());
    let room = signed.read(move |work| service::room(work, id, &[])).await?;
    Ok(show(signed, &room, &query, None))
}

/// `POST /my/reports/{report_id}/clearance`: does something, and goes to where it was done. What is refused is shown with what was
/// typed; an agreement to a text that changed meanwhile, with what changed.
pub async fn act(signed: Signed, path: web::Path<String>, body: web::Bytes) -> Shown {
    let (id, fields) = (team::id(&path)?, Fields::of(&body));
    let act = Act::read(&fields).ok_or_else(|| Problem::not_found("form"))?;
    let sent = act.clone();
    match signed.write(move |work| service::act(work, id, &sent)).await {
        Ok(done) => {
            let party = act.party().map(|party| format!("&for={party}")).unwrap_or_default();
            let (way, done) = (ways::clearance(id), done.as_str());
            // Where no place is named, a browser would go to that of the form.
            let place = act.stays().map(|spot| format!("&on={spot}#{spot}"));
            let place = place.unwrap_or_else(|| "#main".to_owned());
            Ok(signed.go(&format!("{way}?done={done}{party}{place}")))
        }
        Err(problem) if team::is_told(&problem) => {
            let read = match &act {
                Act::Agree { shown, .. } => shown.clone(),
                _ => Vec::new(),
            };
            let room = signed.read(move |work| service::room(work, id, &read)).await?;
            let refused = Refused { act: &act, fields: &fields, problem: &problem };
            Ok(show(signed, &room, &fields, Some(refused)))
        }
        Err(problem) => Err(problem),
    }
}

fn show(
    mut signed: Signed,
    room: &Room,
    asked: &Fields,
    refused: Option<Refused<'_>>,
) -> HttpResponse {
    signed.visit.frame = signed.frame.clone().wide();
    let open = match &refused {
        Some(refused) => refused.act.at(),
        None => asked.parsed("at"),
    };
    let problem = refused.as_ref().map(|one| one.problem);
    let (done, party) = (asked.parsed("done"), asked.parsed("for"));
    let on = asked.text("on");
    let scene = Scene { signed: &signed, room, party, open, done, on, refused };
    let below = html! {
        (remarks::objections(&scene))
        (convening::of(&scene))
        (remarks::on_whole(&scene))
    };
    let text = leaves::of(&scene);
    let end = html! { (seats::agree(&scene)) (record::of(&scene)) };
    let head = seats::head(&scene);
    // What was sent by a form that is not there is told at the head.
    let told = [&head, &below, &text, &end].iter().any(|part| part.0.contains("role=\"alert\""));
    let content = html! {
        div .draft-head { (head) @if !told { (scene.lost()) } (below) }
        (text)
        div .draft-head { (end) }
    };
    let title = &i18n::of(signed.language()).title;
    team::page(&signed, title, content, problem)
}
