//! Releases of figures as they are answered, and made. No rules here.

use chrono::NaiveDate;

use super::rounding::ROUNDING_RULE;
use super::{
    Basis, Breakdown, FigureRelease, FigureReleaseId, GroupSize, ReleaseOccasion, RoundOfGroups,
    Table, service,
};
use crate::consultations::{self, ConsultationId, RoundId, WorkingGroupId};
use crate::http::prelude::*;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_figure_releases).service(release_figures);
}

/// The occasion on which figures are released.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "occasion": "after_event" }))]
pub struct ReleaseFigures {
    /// Which. `registration_closed` can be released until the consultation was held, `after_event` until its report is
    /// published, `publication` from clearance on; each once, and none after a later one.
    pub occasion: ReleaseOccasion,
}

/// A category that is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureRowBody {
    /// Its code or id.
    #[schema(example = "civil_society")]
    key: String,
    /// How many people, five or more.
    #[schema(example = 25)]
    people: u32,
}

/// People told apart by one thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureTableBody {
    /// By what.
    by: Breakdown,
    /// Within what: the subregion of countries; else null.
    #[schema(example = "pacific")]
    within: Option<String>,
    /// As of which release: a table that has hardly changed since stands as it was told.
    as_of: ReleaseOccasion,
    /// Who is counted.
    basis: Basis,
    /// The categories of five people or more.
    rows: Vec<FigureRowBody>,
    /// All others together, and those of whom it is not known: five or more, or nobody when `rows` has every category there is.
    #[schema(example = 11)]
    other: u32,
}

/// Figures about people as they were released: frozen, and the same for everybody.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureReleaseBody {
    /// Its id.
    id: FigureReleaseId,
    /// The consultation.
    consultation_id: ConsultationId,
    /// On what occasion.
    occasion: ReleaseOccasion,
    /// The day, in the consultation's zone.
    released_on: NaiveDate,
    /// As of which release the number of people is told.
    people_as_of: ReleaseOccasion,
    /// Who is counted in it.
    basis: Basis,
    /// How many took part; null for so few that a number would tell of somebody.
    #[schema(example = 80)]
    people: Option<u32>,
    /// From how many countries; null when it must not be told.
    #[schema(example = 15)]
    countries: Option<u32>,
    /// Whether there may be more countries than that.
    countries_or_more: bool,
    /// One-way tables; one that would tell of somebody is not there.
    tables: Vec<FigureTableBody>,
    /// How many sit in each working group, round by round.
    rounds: Vec<RoundOfGroupsBody>,
}

/// The working groups of a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundOfGroupsBody {
    /// The round.
    round_id: RoundId,
    /// As of which release.
    as_of: ReleaseOccasion,
    /// The groups that are told; the others have fewer than five people, or too many for those without a group not to be told by it.
    groups: Vec<GroupSizeBody>,
}

/// How many people sit in a working group.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupSizeBody {
    /// The group.
    working_group_id: WorkingGroupId,
    /// How many, to the nearest five.
    #[schema(example = 25)]
    about: u32,
}

impl From<RoundOfGroups> for RoundOfGroupsBody {
    fn from(round: RoundOfGroups) -> Self {
        let group = |one: GroupSize| GroupSizeBody {
            working_group_id: one.working_group_id,
            about: one.about,
        };
        let groups = round.groups.into_iter().map(group).collect();
        Self { round_id: round.round_id, as_of: round.as_of, groups }
    }
}

/// What was released of a consultation.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureReleasesBody {
    /// In the order of their occasions. Each is complete; the last one is what documents print.
    items: Vec<FigureReleaseBody>,
    /// The occasions on which the caller may release figures now.
    open_occasions: Vec<ReleaseOccasion>,
    /// How running text gives the number of participants.
    rounding_rule: &'static str,
}

impl From<Table> for FigureTableBody {
    fn from(table: Table) -> Self {
        let Table { by, within, as_of, basis, rows, other } = table;
        let rows = rows.into_iter().map(|row| FigureRowBody { key: row.key, people: row.people });
        Self { by, within, as_of, basis, rows: rows.collect(), other }
    }
}

fn body(release: FigureRelease, zone: chrono_tz::Tz) -> FigureReleaseBody {
    let FigureRelease { id, consultation_id, occasion, told, created_at } = release;
    FigureReleaseBody {
        id,
        consultation_id,
        occasion,
        released_on: created_at.utc().with_timezone(&zone).date_naive(),
        people_as_of: told.people.as_of,
        basis: told.people.basis,
        people: told.people.number,
        countries: told.countries.map(|one| one.number),
        countries_or_more: told.countries.is_some_and(|one| one.or_more),
        tables: told.tables.into_iter().map(FigureTableBody::from).collect(),
        rounds: told.rounds.into_iter().map(RoundOfGroupsBody::from).collect(),
    }
}

fn all(work: &mut Work, id: ConsultationId) -> Result<FigureReleasesBody, Problem> {
    let releases = service::releases(work, id)?;
    let consultation = consultations::service::see(work, id)?;
    let open_occasions = service::open_occasions(work, &consultation, &releases);
    let items = releases.into_iter().map(|one| body(one, consultation.zone)).collect();
    Ok(FigureReleasesBody { items, open_occasions, rounding_rule: ROUNDING_RULE })
}

/// Figures about people as they were released, the same for everybody: three times at most. Nobody is told others, but for those who
/// see registrations by name.
#[utoipa::path(tag = "registrations", params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = FigureReleasesBody), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/figure-releases")]
pub async fn list_figure_releases(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let body = call.read(move |work| all(work, id)).await?;
    Ok(call.ok_unversioned(&body))
}

/// Releases figures: counts now, merges categories of fewer than five people, and freezes what may be told beside what was told
/// before. Cannot be taken back or repeated. Answers with all releases.
#[utoipa::path(tag = "registrations", request_body = ReleaseFigures, params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = FigureReleasesBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/figure-releases")]
pub async fn release_figures(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<ReleaseFigures>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        service::release(work, id, body.occasion)?;
        Ok(Reply::unversioned(&all(work, id)?))
    })
    .await
}
