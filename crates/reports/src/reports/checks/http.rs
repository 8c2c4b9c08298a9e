//! Operations on what the checks find in a draft. Knows no rule.

use rapporteur_checks::Level;

use super::{Judged, service};
use crate::db::types::Timestamp;
use crate::http::prelude::*;
use crate::reports::history::http::{Team, TeamMemberBody};
use crate::reports::{ParagraphId, ReportId};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_findings).service(waive_finding).service(take_waiver_back);
}

/// Which findings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListFindings {
    /// Those of one paragraph only.
    pub paragraph_id: Option<ParagraphId>,
    /// Only those that hold the report back.
    #[serde(default)]
    pub blocking: bool,
}

/// Where something was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceBody {
    /// The section; absent for the report as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub section_id: Option<String>,
    /// The paragraph; absent for a heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub paragraph_id: Option<String>,
    /// The first character of the paragraph's text, or of the heading, that it is about, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 12)]
    pub start: Option<usize>,
    /// The first character behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 23)]
    pub end: Option<usize>,
}

/// That a finding may pass.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaiverBody {
    /// Why.
    #[schema(example = "She asked to be named here, in writing.")]
    pub reason: String,
    /// Who says so; absent once they are erased.
    pub by: Option<TeamMemberBody>,
    /// When.
    pub at: Timestamp,
}

/// Something that a check found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingBody {
    /// Its name, as long as the text that it is about stays as it is.
    pub finding: String,
    /// The check.
    #[schema(example = "attribution")]
    pub check: &'static str,
    /// What of the check: stable.
    #[schema(example = "attribution.name")]
    pub code: String,
    /// What it does: `advises`, `blocks` until it is settled or may pass for a reason, `blocks_always`.
    #[schema(example = "blocks")]
    pub level: &'static str,
    /// Where.
    pub place: PlaceBody,
    /// What is wrong.
    #[schema(example = "“Asha Example” is the name of somebody who took part.")]
    pub sentence: String,
    /// What to do about it.
    #[schema(example = "Write “a participant”.")]
    pub remedy: String,
    /// That it may pass, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<WaiverBody>,
}

impl FindingBody {
    fn new(team: &Team, judged: Judged) -> Self {
        let Judged { finding, fingerprint, waiver } = judged;
        let range = finding.place.range.clone();
        let level: Level = finding.level;
        Self {
            finding: fingerprint,
            check: finding.check.code(),
            code: finding.code(),
            level: level.code(),
            place: PlaceBody {
                section_id: finding.place.section,
                paragraph_id: finding.place.paragraph,
                start: range.as_ref().map(|range| range.start),
                end: range.map(|range| range.end),
            },
            sentence: finding.sentence.to_string(),
            remedy: finding.remedy.to_string(),
            waiver: waiver.map(|waiver| WaiverBody {
                by: team.member(waiver.waived_by),
                reason: waiver.reason,
                at: waiver.waived_at,
            }),
        }
    }
}

/// What the checks find in a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingsBody {
    /// The findings in the order of the draft; what is about all of it comes last.
    pub items: Vec<FindingBody>,
    /// How many of all of them hold the report back.
    #[schema(example = 2)]
    pub blocking: usize,
}

/// A finding that may pass.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiveFinding {
    /// The finding's name.
    pub finding: String,
    /// Why it may pass: everybody who reads the draft reads this, with who said it.
    #[schema(
        example = "She asked to be named here, in writing.",
        min_length = 1,
        max_length = 2000
    )]
    pub reason: String,
}

fn team(work: &mut Work, judged: &[Judged]) -> Result<Team, Problem> {
    Team::of(work, judged.iter().map(|one| one.waiver.as_ref().and_then(|one| one.waived_by)))
}

/// What the checks find in a draft: names and addresses, quotations, numbers, voices, references, wording, style and length. What
/// blocks holds the report back from clearance and from being published, until it is changed or may pass for a reason.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), ListFindings), security(("bearer" = [])),
    responses((status = 200, body = FindingsBody), Refusals))]
#[get("/api/v1/reports/{report_id}/checks")]
pub async fn list_findings(
    call: Call,
    path: PathIds<ReportId>,
    query: Params<ListFindings>,
) -> Answer {
    let id = path.id();
    let ListFindings { paragraph_id, blocking: only_blocking } = query.0;
    let found = call.read(move |work| {
        let judged = service::list(work, id)?;
        let blocking = judged.iter().filter(|one| one.blocks()).count();
        let team = team(work, &judged)?;
        let wanted = paragraph_id.map(|id| id.to_string());
        let is_wanted = |one: &Judged| {
            let here = wanted.is_none() || one.finding.place.paragraph == wanted;
            here && (!only_blocking || one.blocks())
        };
        let items = judged.into_iter().filter(is_wanted);
        let items = items.map(|one| FindingBody::new(&team, one)).collect();
        Ok(FindingsBody { items, blocking })
    });
    Ok(call.ok_unversioned(&found.await?))
}

/// Lets a finding pass, for a reason. It lapses when the text, or what it rests on, changes.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = WaiveFinding,
    security(("bearer" = [])), responses((status = 200, body = FindingBody), Refusals))]
#[post("/api/v1/reports/{report_id}/check-waivers")]
pub async fn waive_finding(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<WaiveFinding>,
) -> Answer {
    let id = path.id();
    call.read(move |work| service::foresee(work, id)).await?;
    call.post(body, move |work, body| {
        let judged = service::waive(work, id, &body.finding, &body.reason)?;
        let team = team(work, std::slice::from_ref(&judged))?;
        Ok(Reply::unversioned(&FindingBody::new(&team, judged)))
    })
    .await
}

/// Takes back that a finding may pass.
#[utoipa::path(tag = "reports",
    params(("report_id" = ReportId, Path), ("finding" = String, Path, description = "The finding's name")),
    security(("bearer" = [])), responses((status = 204), Refusals))]
#[delete("/api/v1/reports/{report_id}/check-waivers/{finding}")]
pub async fn take_waiver_back(call: Call, path: PathIds<(ReportId, String)>) -> Answer {
    let (id, finding) = path.parts();
    call.change(move |work| {
        service::take_back(work, id, &finding)?;
        Ok(Reply::no_content())
    })
    .await
}
