//! The pages of what is decided: what is sent, what is shown. No rules here.

use actix_web::web;

use super::{appeal, i18n, matter, proposal, service};
use crate::appeals::{AppealId, Outcome};
use crate::pages::fields::Fields;
use crate::pages::team;
use crate::pages::visit::{self, Shown, Signed};
use crate::problem::Problem;
use crate::proposals::{ProposalDecision, ProposalId};
use crate::ways;

/// `GET /my/proposals/{proposal_id}`: what is proposed, and what one may do about it.
pub async fn proposal(signed: Signed, path: web::Path<String>) -> Shown {
    show_proposal(&signed, visit::id(&path, "proposal")?, None).await
}

/// `POST /my/proposals/{proposal_id}`: confirms, rejects, takes back or carries out.
pub async fn decide(signed: Signed, path: web::Path<String>, body: web::Bytes) -> Shown {
    let (id, fields) = (visit::id(&path, "proposal")?, Fields::of(&body));
    let decision = fields.parsed::<ProposalDecision>("action");
    let decision = decision.ok_or_else(|| Problem::not_found("form"))?;
    let note = fields.text("note").map(|text| text.replace("\r\n", "\n"));
    let sent = note.clone();
    let foreseen =
        signed.read(move |work| crate::proposals::service::foresee(work, id, decision)).await;
    Problem::or_refused(foreseen)?;
    let decided = signed.write(move |work| {
        crate::proposals::service::decide(work, id, decision, sent.as_deref()).map(drop)
    });
    match decided.await {
        Ok(()) => Ok(signed.go(&format!("{}?done={decision}", ways::proposal(id)))),
        Err(problem) if team::is_told(&problem) => {
            show_proposal(&signed, id, Some((decision, note.as_deref(), &problem))).await
        }
        Err(problem) => Err(problem),
    }
}

async fn show_proposal(
    signed: &Signed,
    id: ProposalId,
    refused: Option<(ProposalDecision, Option<&str>, &Problem)>,
) -> Shown {
    let found = signed.read(move |work| service::proposed(work, id)).await?;
    let title = matter::act(found.seen.proposal.act, i18n::of(signed.language()));
    let done = team::query(signed).is_ticked("done");
    let content = proposal::of(signed, &found, done, refused);
    Ok(team::page(signed, title, content, refused.map(|(_, _, problem)| problem)))
}

/// `GET /my/appeals/{appeal_id}`: an appeal, for whoever made it or may answer it.
pub async fn appeal(signed: Signed, path: web::Path<String>) -> Shown {
    show_appeal(&signed, visit::id(&path, "appeal")?, None).await
}

/// `POST /my/appeals/{appeal_id}`: answers it.
pub async fn answer(signed: Signed, path: web::Path<String>, body: web::Bytes) -> Shown {
    let (id, fields) = (visit::id::<_>(&path, "appeal")?, Fields::of(&body));
    let version = fields.parsed("version").unwrap_or(0);
    let outcome = fields.parsed::<Outcome>("outcome");
    let text = fields.one("answer").unwrap_or_default().replace("\r\n", "\n");
    let sent = text.clone();
    let answered = signed.write(move |work| {
        let outcome = outcome
            .ok_or_else(|| Problem::invalid("/outcome", "say whether the applicant was right"))?;
        crate::appeals::service::answer(work, id, version, outcome, &sent).map(drop)
    });
    match answered.await {
        Ok(()) => Ok(signed.go(&format!("{}?done=answered", ways::appeal(id)))),
        Err(problem) if team::is_told(&problem) => {
            show_appeal(&signed, id, Some((outcome, text.as_str(), &problem))).await
        }
        Err(problem) => Err(problem),
    }
}

async fn show_appeal(
    signed: &Signed,
    id: AppealId,
    refused: Option<(Option<Outcome>, &str, &Problem)>,
) -> Shown {
    let found = signed.read(move |work| service::appealed(work, id)).await?;
    let done = team::query(signed).is_ticked("done");
    let content = appeal::of(signed, &found, done, refused);
    let title = &i18n::of(signed.language()).appeal;
    Ok(team::page(signed, title, content, refused.map(|(_, _, problem)| problem)))
}
