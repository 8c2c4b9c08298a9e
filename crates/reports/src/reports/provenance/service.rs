//! Finds a paragraph of an edition, with what it rests on and what rests on it.

use std::collections::BTreeMap;

use super::{CitedParagraph, CitedPlace};
use crate::access::Permission;
use crate::problem::Problem;
use crate::reports::rights::locate;
use crate::reports::{ReportId, Source, service, store};
use crate::work::Work;

/// A paragraph of an edition, for everybody; the inputs that it rests on for who may read the report's draft.
pub fn read(
    work: &mut Work,
    id: ReportId,
    number: i32,
    paragraph: u32,
) -> Result<CitedParagraph, Problem> {
    service::see(work, id)?;
    let edition = store::editions::edition(work.conn, id, number)?;
    let record = edition.record.paragraphs.iter().find(|record| record.number == paragraph);
    let record = record.cloned().ok_or_else(|| Problem::not_found("paragraph"))?;
    let source = Source { edition_id: edition.id, number: paragraph };
    let rests_on = store::editions::sources_of(work.conn, source)?;
    let taken_up_in = store::editions::resting_on(work.conn, source)?;
    let place = locate(work, id)?;
    let inputs = if work.may(Permission::ReadDrafts, &place.scope) {
        Some(store::editions::inputs_of(work.conn, source)?)
    } else {
        None
    };
    Ok(CitedParagraph {
        place: CitedPlace {
            report: id,
            edition: edition.id,
            number,
            symbol: edition.symbol,
            paragraph,
        },
        record,
        rests_on: places(work, &rests_on)?,
        taken_up_in: places(work, &taken_up_in)?,
        inputs,
    })
}

/// Where paragraphs of editions stand, by report and edition.
pub fn places(work: &mut Work, sources: &[Source]) -> Result<Vec<CitedPlace>, Problem> {
    let editions = sources.iter().map(|source| source.edition_id).collect();
    let named: BTreeMap<_, _> = store::editions::named(work.conn, &editions)?
        .into_iter()
        .map(|(id, report, number, symbol)| (id, (report, number, symbol)))
        .collect();
    let place = |source: &Source| {
        let (report, number, symbol) = named.get(&source.edition_id)?.clone();
        let (edition, paragraph) = (source.edition_id, source.number);
        Some(CitedPlace { report, edition, number, symbol, paragraph })
    };
    let mut places: Vec<CitedPlace> = sources.iter().filter_map(place).collect();
    places.sort_by_key(|place| (place.report, place.number, place.paragraph));
    Ok(places)
}
