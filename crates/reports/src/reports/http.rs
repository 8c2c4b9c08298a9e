//! Operations on reports, their sections and paragraphs, coverage and steps, and the shapes of what they take and give. Knows no rule; nothing it gives says who contributed what.

use super::bodies::*;
use super::{
    Merge, NewPaper, ParagraphChange, ParagraphId, ReportChange, ReportId, ReportState, SectionId,
    drafting, opening, publishing, service, steps,
};
use crate::consultations::ConsultationId;
use crate::consultations::lifecycle::Wanted;
use crate::consultations::lifecycle::http::StepsBody;
use crate::http::prelude::*;
use crate::reviews::ReviewId;

/// Mounts the operations.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(open_report)
        .service(read_consultation_report)
        .service(open_paper)
        .service(list_papers)
        .service(list_reports)
        .service(read_report)
        .service(update_report)
        .service(update_section)
        .service(read_paragraph)
        .service(update_paragraph)
        .service(delete_paragraph)
        .service(move_paragraph)
        .service(merge_paragraphs)
        .service(read_coverage)
        .service(change_report_state)
        .service(list_report_steps);
}

// ---------------------------------------------------------------------------------------------- reports

/// Opens the summary report of a consultation with its outline and the paragraphs that are computed from data.
#[utoipa::path(tag = "reports", params(("consultation_id" = ConsultationId, Path)), responses((status = 201, body = ReportBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/report")]
pub async fn open_report(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    call.post_empty(move |work| {
        let report = opening::open_summary(work, id)?;
        let (location, version) = (format!("/api/v1/reports/{}", report.id), report.version);
        Ok(Reply::created(location, version, &ReportBody::new(work, report)?))
    })
    .await
}

/// The summary report of a consultation.
#[utoipa::path(tag = "reports", params(("consultation_id" = ConsultationId, Path)), responses((status = 200, body = ReportBody), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/report")]
pub async fn read_consultation_report(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let report = call.read(move |work| {
        service::summary_of(work, id).and_then(|report| ReportBody::new(work, report))
    });
    let report = report.await?;
    Ok(call.ok(report.version, &report))
}

/// Opens a conference room paper of a review. 409 when none of its summary reports is published.
#[utoipa::path(tag = "reports", params(("review_id" = ReviewId, Path)), request_body = OpenPaper, responses((status = 201, body = ReportBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reviews/{review_id}/papers")]
pub async fn open_paper(call: Call, path: PathIds<ReviewId>, body: Body<OpenPaper>) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let new = NewPaper {
            symbol: body.symbol.clone(),
            title: body.title.clone(),
            agenda_items: body.agenda_items.clone(),
            dated_on: body.dated_on,
            distribution: body.distribution.clone(),
            summary: body.summary.clone(),
            masthead_notes: body.masthead_notes.iter().cloned().map(Into::into).collect(),
        };
        let report = opening::open_paper(work, id, new)?;
        let (location, version) = (format!("/api/v1/reports/{}", report.id), report.version);
        Ok(Reply::created(location, version, &ReportBody::new(work, report)?))
    })
    .await
}

/// The conference room papers of a review, in the order in which they were opened.
#[utoipa::path(tag = "reports", params(("review_id" = ReviewId, Path), PageQuery), responses((status = 200, body = Page<ReportBody>), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/reviews/{review_id}/papers")]
pub async fn list_papers(call: Call, path: PathIds<ReviewId>, query: Listed) -> Answer {
    let id = path.id();
    let paging = query.paging;
    let part = call.read(move |work| {
        let after: Option<ReportId> = paging.after_one()?;
        let mut papers = service::papers_of(work, id)?;
        papers.retain(|paper| after.is_none_or(|after| paper.id > after));
        let part = paging.finish(papers, |paper| vec![paper.id.to_string()]);
        Ok(Listing { items: ReportBody::listed(work, part.items)?, next: part.next })
    });
    Ok(call.page(part.await?))
}

/// The reports of a review, summary reports and papers, in the order in which they were opened. Drafts are for those who read drafts.
#[utoipa::path(tag = "reports", params(("review_id" = ReviewId, Path), PageQuery), responses((status = 200, body = Page<ReportBody>), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/reviews/{review_id}/reports")]
pub async fn list_reports(call: Call, path: PathIds<ReviewId>, query: Listed) -> Answer {
    let id = path.id();
    let paging = query.paging;
    let part = call.read(move |work| {
        let after: Option<ReportId> = paging.after_one()?;
        let mut reports = service::reports_of(work, id)?;
        reports.retain(|report| after.is_none_or(|after| report.id > after));
        let part = paging.finish(reports, |report| vec![report.id.to_string()]);
        Ok(Listing { items: ReportBody::listed(work, part.items)?, next: part.next })
    });
    Ok(call.page(part.await?))
}

/// A report. Published ones are for everybody.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), responses((status = 200, body = ReportBody), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/reports/{report_id}")]
pub async fn read_report(call: Call, path: PathIds<ReportId>) -> Answer {
    let id = path.id();
    let report = call
        .read(move |work| service::see(work, id).and_then(|report| ReportBody::new(work, report)));
    let report = report.await?;
    Ok(call.ok(report.version, &report))
}

/// Changes what stands in the masthead of a report.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), IfMatch), request_body = UpdateReport, responses((status = 200, body = ReportBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/reports/{report_id}")]
pub async fn update_report(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<UpdateReport>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let change = ReportChange {
            title: body.title.clone(),
            symbol: body.symbol.clone(),
            distribution: body.distribution.clone(),
            dated_on: body.dated_on,
            summary: body.summary.clone(),
            language: body.language,
            original_language: body.original_language,
            figures: body.figures,
            agenda_items: body.agenda_items.clone(),
            masthead_notes: body
                .masthead_notes
                .clone()
                .map(|notes| notes.into_iter().map(Into::into).collect()),
            heading_style: body.heading_style,
        };
        let report = drafting::update(work, id, version, change)?;
        Ok(Reply::ok(report.version, &ReportBody::new(work, report)?))
    })
    .await
}

/// Gives a section another heading.
#[utoipa::path(tag = "reports", params(("section_id" = SectionId, Path), IfMatch), request_body = UpdateSection, responses((status = 200, body = SectionBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/report-sections/{section_id}")]
pub async fn update_section(
    call: Call,
    path: PathIds<SectionId>,
    body: Body<UpdateSection>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let Some(heading) = body.heading.clone() else {
            return Err(Problem::invalid(
                "/heading",
                "name the heading, or null for the usual one",
            ));
        };
        let section = drafting::set_heading(work, id, version, heading)?;
        Ok(Reply::ok(section.version, &SectionBody::new(work, section)?))
    })
    .await
}

// ---------------------------------------------------------------------------------------------- paragraphs

/// A paragraph of a draft.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path)), responses((status = 200, body = ParagraphBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/paragraphs/{paragraph_id}")]
pub async fn read_paragraph(call: Call, path: PathIds<ParagraphId>) -> Answer {
    let id = path.id();
    let paragraph = call.read(move |work| {
        service::paragraph(work, id).and_then(|one| ParagraphBody::new(work, one))
    });
    let paragraph = paragraph.await?;
    Ok(call.ok(paragraph.version, &paragraph))
}

/// Changes the text of a paragraph or what it rests on.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path), IfMatch), request_body = UpdateParagraph, responses((status = 200, body = ParagraphBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/paragraphs/{paragraph_id}")]
pub async fn update_paragraph(
    call: Call,
    path: PathIds<ParagraphId>,
    body: Body<UpdateParagraph>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        let change = ParagraphChange {
            text: body.text.clone(),
            inputs: body.inputs.clone(),
            objective: body.objective,
            editorial_reason: body.editorial_reason.clone(),
        };
        let paragraph = drafting::update_paragraph(work, id, version, change)?;
        Ok(Reply::ok(paragraph.version, &ParagraphBody::new(work, paragraph)?))
    })
    .await
}

/// Removes a paragraph. A computed one is not removed but written over.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path), IfMatch), responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/paragraphs/{paragraph_id}")]
pub async fn delete_paragraph(call: Call, path: PathIds<ParagraphId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        drafting::delete_paragraph(work, id, version)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Moves a paragraph to a place of a section; the numbers of all paragraphs follow.
#[utoipa::path(tag = "reports", params(("paragraph_id" = ParagraphId, Path), IfMatch), request_body = MoveParagraph, responses((status = 200, body = ParagraphBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/paragraphs/{paragraph_id}/move")]
pub async fn move_paragraph(
    call: Call,
    path: PathIds<ParagraphId>,
    body: Body<MoveParagraph>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let paragraph =
            drafting::move_paragraph(work, id, version, body.section_id, body.position)?;
        Ok(Reply::ok(paragraph.version, &ParagraphBody::new(work, paragraph)?))
    })
    .await
}

/// Joins several paragraphs into one, which keeps what all of them rest on.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = MergeParagraphs, responses((status = 200, body = ParagraphBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/paragraphs/merge")]
pub async fn merge_paragraphs(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<MergeParagraphs>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let merge = Merge {
            paragraphs: body.paragraphs.clone(),
            versions: body.versions.clone(),
            text: body.text.clone(),
            section: body.section_id,
            position: body.position,
            objective: body.objective,
        };
        let paragraph = drafting::merge_paragraphs(work, id, merge)?;
        Ok(Reply::ok(paragraph.version, &ParagraphBody::new(work, paragraph)?))
    })
    .await
}

// ---------------------------------------------------------------------------------------------- coverage and steps

/// What is covered of a draft and what is not.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), responses((status = 200, body = CoverageBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/coverage")]
pub async fn read_coverage(call: Call, path: PathIds<ReportId>) -> Answer {
    let id = path.id();
    let coverage = CoverageBody::from(call.read(move |work| publishing::coverage(work, id)).await?);
    Ok(call.ok_unversioned(&coverage))
}

/// Moves a report between drafting and clearance, its consultation with it, or reopens a published one for a corrigendum. Steps back need
/// a reason; 409 `step_blocked` lists what stands in the way.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), IfMatch), request_body = ChangeReportState, responses((status = 200, body = ReportBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/state")]
pub async fn change_report_state(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<ChangeReportState>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let wanted = Wanted { reason: body.reason.clone(), ..Wanted::default() };
        let report = steps::take(work, id, version, body.to, body.amendment, &wanted)?;
        Ok(Reply::ok(report.version, &ReportBody::new(work, report)?))
    })
    .await
}

/// The steps of a report: those that can be taken now, with what stands in the way of each and who can take it away; and those that were
/// taken, with their reasons.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), responses((status = 200, body = StepsBody<ReportState>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/steps")]
pub async fn list_report_steps(call: Call, path: PathIds<ReportId>) -> Answer {
    let id = path.id();
    let (taken, next) = call.read(move |work| steps::steps(work, id)).await?;
    Ok(call.ok_unversioned(&StepsBody::new(taken, next)))
}
