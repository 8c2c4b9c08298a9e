//! The operations that give reference data: public, the same for everybody, and good to be kept by caches.

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpResponse, web};

use super::{Country, Framework, Objective, Reference, Sector, Subregion};
use crate::http::prelude::*;

/// Reference data changes with the program only, but a cache should notice that within the hour.
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// A framework without its objectives.
#[derive(Serialize, ToSchema)]
pub struct FrameworkBody {
    /// Short code.
    #[schema(example = "gcm")]
    pub code: &'static str,
    /// Full title.
    #[schema(example = "Global Compact for Safe, Orderly and Regular Migration")]
    pub title: &'static str,
    /// Symbol of the document that adopted it.
    #[schema(example = "A/RES/73/195")]
    pub adopted_by: &'static str,
    /// How many objectives it has.
    #[schema(example = 23)]
    pub objectives: usize,
}

impl From<&'static Framework> for FrameworkBody {
    fn from(framework: &'static Framework) -> Self {
        Self {
            code: &framework.code,
            title: &framework.title,
            adopted_by: &framework.adopted_by,
            objectives: framework.objectives.len(),
        }
    }
}

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_frameworks)
        .service(list_objectives)
        .service(list_subregions)
        .service(list_countries)
        .service(list_sectors);
}

/// The whole list on one page, for caches too.
fn whole<T: Serialize>(call: &Call, items: Vec<T>) -> HttpResponse {
    let mut response = call.page(Listing { items, next: None });
    response.headers_mut().insert(CACHE_CONTROL, AN_HOUR);
    response
}

/// The frameworks that a review can be held against.
#[utoipa::path(
    tag = "reference", security(()),
    responses((status = 200, body = Page<FrameworkBody>), Refusals)
)]
#[get("/api/v1/frameworks")]
pub async fn list_frameworks(call: Call) -> Answer {
    let framework = FrameworkBody::from(&Reference::get().framework);
    Ok(whole(&call, vec![framework]))
}

/// The objectives of a framework, in numeric order.
#[utoipa::path(
    tag = "reference", security(()),
    params(("code" = String, Path, description = "Code of the framework", example = "gcm")),
    responses((status = 200, body = Page<Objective>), Refusals)
)]
#[get("/api/v1/frameworks/{code}/objectives")]
pub async fn list_objectives(call: Call, code: web::Path<String>) -> Answer {
    let framework = &Reference::get().framework;
    if *code != framework.code {
        return Err(Problem::not_found("framework"));
    }
    Ok(whole(&call, framework.objectives.iter().collect()))
}

/// The subregions of ESCAP.
#[utoipa::path(
    tag = "reference", security(()),
    responses((status = 200, body = Page<Subregion>), Refusals)
)]
#[get("/api/v1/subregions")]
pub async fn list_subregions(call: Call) -> Answer {
    Ok(whole(&call, Reference::get().subregions.iter().collect()))
}

/// The members and associate members of ESCAP, by name.
#[utoipa::path(
    tag = "reference", security(()),
    responses((status = 200, body = Page<Country>), Refusals)
)]
#[get("/api/v1/countries")]
pub async fn list_countries(call: Call) -> Answer {
    Ok(whole(&call, Reference::get().countries.iter().collect()))
}

/// The stakeholder sectors of GCM para. 44 and United Nations entities, in that order.
#[utoipa::path(
    tag = "reference", security(()),
    responses((status = 200, body = Page<Sector>), Refusals)
)]
#[get("/api/v1/sectors")]
pub async fn list_sectors(call: Call) -> Answer {
    Ok(whole(&call, Reference::get().sectors.iter().collect()))
}
