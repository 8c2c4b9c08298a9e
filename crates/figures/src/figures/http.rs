//! Figures of participation as they are answered. No rules here.

use super::service;
use super::statistics::{Basis, Cell, ROUNDING, ROUNDING_RULE, Statistics, Table, Withheld};
use crate::consultations::ConsultationId;
use crate::http::prelude::*;
use crate::reference::{CountryCode, Reference, SectorCode, SubregionCode};
use crate::registrations::{AgeBand, Gender};

/// Mounts the operations.
pub fn mount(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(read_statistics);
}

/// One figure of a breakdown.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectorCellBody {
    /// The sector.
    sector: SectorCode,
    /// How many; null when suppressed.
    count: Option<u32>,
    /// Whether it is too small to be told, or would give such a one away.
    suppressed: bool,
}

/// One figure of a breakdown.
#[derive(Debug, Serialize, ToSchema)]
pub struct GenderCellBody {
    /// The gender; null for those who did not say.
    gender: Option<Gender>,
    /// How many; null when suppressed.
    count: Option<u32>,
    /// Whether it is too small to be told, or would give such a one away.
    suppressed: bool,
}

/// One figure of a breakdown.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgeCellBody {
    /// The age band; null for those who did not say.
    age_band: Option<AgeBand>,
    /// How many; null when suppressed.
    count: Option<u32>,
    /// Whether it is too small to be told, or would give such a one away.
    suppressed: bool,
}

/// One figure of a breakdown.
#[derive(Debug, Serialize, ToSchema)]
pub struct LanguageCellBody {
    /// The language that they named first (BCP 47, its primary subtag); null for those who named none.
    #[schema(example = "en")]
    language: Option<String>,
    /// How many; null when suppressed.
    count: Option<u32>,
    /// Whether it is too small to be told, or would give such a one away.
    suppressed: bool,
}

/// One figure of a breakdown.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubregionCellBody {
    /// The subregion.
    subregion: SubregionCode,
    /// Whether anybody comes from it; null when that must not be told.
    present: Option<bool>,
    /// How many; null when suppressed.
    count: Option<u32>,
    /// Whether it is too small to be told, or would give such a one away.
    suppressed: bool,
}

/// A country whose figure may be told.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountryCellBody {
    /// The country.
    country: CountryCode,
    /// How many.
    #[schema(example = 12)]
    count: u32,
}

/// Attendance, when it was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendanceFiguresBody {
    /// Who had registered and came; null when suppressed.
    registered: Option<u32>,
    /// Who came without having registered; null when suppressed.
    unregistered: Option<u32>,
    /// Who has a place, came or not, to the nearest `rounded_to`.
    #[schema(example = 95)]
    registered_about: u32,
}

/// Who takes part, as far as it can be told without telling of anybody. Counted are those who came, or all with a place
/// when attendance was not recorded. Every breakdown is of the same people; who did not answer is counted as missing
/// (`null`). Co-organizers are told the rounded number only until the consultation was held.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatisticsBody {
    /// Who is counted.
    basis: Basis,
    /// Participants, to the nearest `rounded_to`.
    #[schema(example = 80)]
    about: u32,
    /// What `about` is rounded to.
    #[schema(example = 5)]
    rounded_to: u32,
    /// The rule of rounding in words.
    rounding_rule: &'static str,
    /// Cells under this are suppressed.
    #[schema(example = 5)]
    smallest_cell: i64,
    /// Why nothing but the rounded number is told: `too_few`, `not_settled`; null when the rest is.
    #[schema(example = "not_settled")]
    withheld: Option<&'static str>,
    /// Of UN entities; null when suppressed.
    un_representatives: Option<u32>,
    /// All others; null when suppressed.
    stakeholders: Option<u32>,
    /// From how many organizations.
    organizations: Option<u32>,
    /// From how many countries.
    countries: Option<u32>,
    /// By sector, those present; all of them, suppressed, when it must not be told which are.
    sectors: Vec<SectorCellBody>,
    /// By gender, with those who did not say.
    genders: Vec<GenderCellBody>,
    /// Whether women and men each reach two fifths of those who said, and at least half did; for certain from what is told.
    gender_balanced: Option<bool>,
    /// By age band, with those who did not say.
    age_bands: Vec<AgeCellBody>,
    /// By the language named first, with those who named none.
    languages: Vec<LanguageCellBody>,
    /// By subregion, all of them.
    subregions: Vec<SubregionCellBody>,
    /// Countries whose figure may be told. `countries` counts the others too.
    by_country: Vec<CountryCellBody>,
    /// Who came; null when attendance was not recorded or must not be told.
    attendance: Option<AttendanceFiguresBody>,
}

/// The figures of a table: those of somebody, or all keys, suppressed, when it is withheld.
fn cells<K, B>(table: Table<K>, zeros: bool, body: impl Fn(K, Option<u32>) -> B) -> Vec<B> {
    let cells = table.cells.into_iter().filter(|cell| zeros || cell.count != Some(0));
    cells.map(|Cell { key, count }| body(key, count)).collect()
}

fn sector(sector: SectorCode, count: Option<u32>) -> SectorCellBody {
    SectorCellBody { sector, count, suppressed: count.is_none() }
}

fn gender(gender: Option<Gender>, count: Option<u32>) -> GenderCellBody {
    GenderCellBody { gender, count, suppressed: count.is_none() }
}

fn age(age_band: Option<AgeBand>, count: Option<u32>) -> AgeCellBody {
    AgeCellBody { age_band, count, suppressed: count.is_none() }
}

impl StatisticsBody {
    fn new(statistics: Statistics, smallest_cell: i64) -> Self {
        let registered_about = statistics.registered_about;
        let (basis, about) = (statistics.basis, statistics.about);
        let breakdown = match statistics.breakdown {
            Ok(breakdown) => breakdown,
            Err(why) => return Self::withheld(basis, about, smallest_cell, why),
        };
        let present = breakdown.subregions_present;
        let is_present = |code: &SubregionCode| present.as_ref().map(|all| all.contains(code));
        let subregions = breakdown.subregions.cells.into_iter();
        let subregions = subregions.filter_map(|Cell { key, count }| {
            let (subregion, suppressed) = (key?, count.is_none());
            Some(SubregionCellBody {
                subregion,
                present: is_present(&subregion),
                count,
                suppressed,
            })
        });
        let language = |language: Option<String>, count: Option<u32>| LanguageCellBody {
            language,
            count,
            suppressed: count.is_none(),
        };
        // Which languages there are would tell, where a table is withheld.
        let languages = if breakdown.languages.withheld {
            Vec::new()
        } else {
            cells(breakdown.languages, false, language)
        };
        let country = |(country, count): (CountryCode, u32)| CountryCellBody { country, count };
        Self {
            un_representatives: breakdown.un_representatives,
            stakeholders: breakdown.stakeholders,
            organizations: Some(breakdown.organizations),
            countries: Some(breakdown.countries),
            sectors: cells(breakdown.sectors, false, sector),
            genders: cells(breakdown.genders, true, gender),
            gender_balanced: Some(breakdown.balanced),
            age_bands: cells(breakdown.ages, true, age),
            languages,
            subregions: subregions.collect(),
            by_country: breakdown.by_country.into_iter().map(country).collect(),
            attendance: breakdown.attendance.map(|table| AttendanceFiguresBody {
                registered: table.count(&true),
                unregistered: table.count(&false),
                registered_about,
            }),
            ..Self::number_alone(basis, about, smallest_cell)
        }
    }

    fn number_alone(basis: Basis, about: u32, smallest_cell: i64) -> Self {
        Self {
            basis,
            about,
            rounded_to: ROUNDING,
            rounding_rule: ROUNDING_RULE,
            smallest_cell,
            withheld: None,
            un_representatives: None,
            stakeholders: None,
            organizations: None,
            countries: None,
            sectors: Vec::new(),
            genders: Vec::new(),
            gender_balanced: None,
            age_bands: Vec::new(),
            languages: Vec::new(),
            subregions: Vec::new(),
            by_country: Vec::new(),
            attendance: None,
        }
    }

    /// Every key that there could be, suppressed.
    fn withheld(basis: Basis, about: u32, smallest_cell: i64, why: Withheld) -> Self {
        let reference = Reference::get();
        let genders = Gender::ALL.iter().copied().map(Some).chain([None]);
        let ages = AgeBand::ALL.iter().copied().map(Some).chain([None]);
        let subregion = |subregion| SubregionCellBody {
            subregion,
            present: None,
            count: None,
            suppressed: true,
        };
        Self {
            withheld: Some(match why {
                Withheld::TooFew => "too_few",
                Withheld::NotSettled => "not_settled",
            }),
            sectors: reference.sectors.iter().map(|one| sector(one.code, None)).collect(),
            genders: genders.map(|key| gender(key, None)).collect(),
            age_bands: ages.map(|key| age(key, None)).collect(),
            subregions: reference.subregions.iter().map(|one| subregion(one.code)).collect(),
            ..Self::number_alone(basis, about, smallest_cell)
        }
    }
}

/// Figures of participation, with small cells suppressed so that none can be worked out, and the rounding rule in words.
/// There are no filters: two questions that differ by one person would tell of that person.
#[utoipa::path(tag = "registrations", params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = StatisticsBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/statistics")]
pub async fn read_statistics(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let consultation = path.id();
    let smallest_cell = call.app().settings.privacy.smallest_cell;
    let statistics = call.read(move |work| service::statistics(work, consultation)).await?;
    Ok(call.ok_unversioned(&StatisticsBody::new(statistics, smallest_cell)))
}
