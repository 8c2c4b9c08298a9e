//! Operations that publish editions and list them, and the shapes of what they take and give. Knows no rule; nothing it gives has room for
//! a contributor.

use chrono::NaiveDate;

use super::Edition;
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::proposals::http::{Answered, answered};
use crate::render::Format;
use crate::reports::clearance::{Approval, Approver};
use crate::reports::{Amendment, EditionId, ReportId, publishing, service};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(publish_report).service(list_editions);
}

/// How an edition is published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishReport {
    /// Its symbol, when it has none yet or gets another one.
    #[serde(default)]
    #[schema(example = "ESCAP/GCM/2021/CRP.2", max_length = 200)]
    pub symbol: Option<String>,
}

/// A published edition. It never changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditionBody {
    /// Its id.
    pub id: EditionId,
    /// The report it is an edition of.
    pub report_id: ReportId,
    /// 1 for the first.
    pub number: i32,
    /// What it is to the ones before it; absent for the first.
    pub amendment: Option<Amendment>,
    /// The symbol under which it was published.
    pub symbol: Option<String>,
    /// SHA-256 over the bytes of its JSON, in lower-case hexadecimal digits.
    pub sha256: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// Whether whoever proposed it published it without anybody else.
    pub acted_alone: bool,
    /// Those who had agreed to all of it, and are named.
    pub approved_by: Vec<ApproverBody>,
    /// Where it is to be had.
    pub formats: Vec<FormatBody>,
}

/// Somebody who agreed to an edition before it was published.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApproverBody {
    /// What they are called.
    #[schema(example = "Asia Pacific Refugee Rights Network")]
    pub name: String,
    /// The day on which they agreed to the last of it.
    #[schema(example = "2021-02-12")]
    pub on: NaiveDate,
}

impl From<Approver> for ApproverBody {
    fn from(approver: Approver) -> Self {
        Self { name: approver.name, on: approver.on }
    }
}

/// A format of an edition.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormatBody {
    /// Its media type.
    #[schema(example = "text/html; charset=utf-8")]
    pub media_type: &'static str,
    /// Its address.
    pub href: String,
}

impl From<Edition> for EditionBody {
    fn from(edition: Edition) -> Self {
        let format = |format: &Format| FormatBody {
            media_type: format.media_type(),
            href: format!(
                "/api/v1/reports/{}/editions/{}.{}",
                edition.report_id,
                edition.number,
                format.extension()
            ),
        };
        let formats = Format::ALL.iter().map(format).collect();
        let Approval { acted_alone, agreed } = edition.record.approval;
        Self {
            acted_alone,
            approved_by: agreed.into_iter().map(ApproverBody::from).collect(),
            formats,
            id: edition.id,
            report_id: edition.report_id,
            number: edition.number,
            amendment: edition.amendment,
            symbol: edition.symbol,
            sha256: edition.sha256,
            published_at: edition.published_at,
        }
    }
}

/// Proposes to publish an edition, which another person confirms; its `outcome` is the edition. 409 `coverage_incomplete` lists what
/// is not covered, 409 `step_blocked` whose agreement is missing, who objects, and that comments are not answered.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), IfMatch), request_body = PublishReport, responses(Answered, Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/publish")]
pub async fn publish_report(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<PublishReport>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    let symbol = body.symbol.clone();
    let foreseen = call.read(move |work| publishing::foresee(work, id, version, symbol));
    Problem::or_refused(foreseen.await)?;
    call.post(body, move |work, body| {
        let put = publishing::propose(work, id, version, body.symbol.clone())?;
        answered(work, put)
    })
    .await
}

/// The editions of a report, by number.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), PageQuery), responses((status = 200, body = Page<EditionBody>), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/editions")]
pub async fn list_editions(call: Call, path: PathIds<ReportId>, query: Listed) -> Answer {
    let id = path.id();
    let paging = query.paging;
    let part = call.read(move |work| {
        let after: Option<i32> = paging.after_one()?;
        let mut editions = service::editions(work, id)?;
        editions.retain(|edition| after.is_none_or(|after| edition.number > after));
        Ok(paging.finish(editions, |edition| vec![edition.number.to_string()]))
    });
    Ok(call.page(part.await?.map(EditionBody::from)))
}
