//! The register as a table. Public, as the register is: it names nobody of the team.

use std::collections::BTreeMap;

use super::service::{self, Entry, WantedRecommendations};
use crate::consultations::{self, ConsultationId};
use crate::exchange::sheet::Sheet;
use crate::exchange::{Column, Kind, Value};
use crate::problem::Problem;
use crate::reviews::ReviewId;
use crate::ways;
use crate::work::Work;

const COLUMNS: &[(&str, Kind)] = &[
    ("reference", Kind::Text),
    ("state", Kind::Text),
    ("joined_into", Kind::Text),
    ("text", Kind::Text),
    ("objectives", Kind::Text),
    ("strength", Kind::Text),
    ("addressees", Kind::Text),
    ("confirmed", Kind::Flag),
    ("consultations", Kind::Text),
    ("voices", Kind::Text),
    ("symbol", Kind::Text),
    ("edition", Kind::Number),
    ("paragraph", Kind::Number),
    ("published_at", Kind::Instant),
    ("follow_up", Kind::Text),
    ("page", Kind::Text),
];

/// The recommendations that are wanted, as a table.
pub fn find(
    work: &mut Work,
    review: ReviewId,
    wanted: &WantedRecommendations,
) -> Result<Sheet, Problem> {
    let entries = service::list(work, review, wanted)?;
    let consultations = consultations::service::of_review(work, review)?;
    let ordinals: BTreeMap<ConsultationId, i32> =
        consultations.into_iter().map(|one| (one.id, one.ordinal)).collect();
    let rows = entries.iter().map(|entry| row(entry, &ordinals)).collect();
    let columns = COLUMNS.iter().map(|(name, kind)| Column::new(*name, *kind)).collect();
    Ok(Sheet { name: "Recommendations", columns, rows })
}

/// In the order of [`COLUMNS`].
fn row(entry: &Entry, ordinals: &BTreeMap<ConsultationId, i32>) -> Vec<Value> {
    let one = &entry.recommendation;
    let newest = entry.texts.last();
    let (text, place) =
        (newest.map(|(text, _)| text), newest.and_then(|(_, place)| place.as_ref()));
    let heard = text.map(|text| text.heard_in.as_slice()).unwrap_or_default();
    let number = |number: Option<f64>| number.map_or(Value::Empty, Value::Number);
    let follow_up = entry
        .follow_ups
        .iter()
        .map(|note| format!("{}: {} ({})", note.dated_on, note.text, note.source));
    vec![
        Value::Text(one.reference.clone()),
        Value::Text(one.state.to_string()),
        entry.joined_into.as_ref().map(|(_, name)| name.clone()).into(),
        text.map(|text| text.text.clone()).into(),
        list(text.map(|text| text.objectives.as_slice()).unwrap_or_default()),
        entry.strength().map(|strength| strength.to_string()).into(),
        list(entry.addressees()),
        Value::Flag(one.confirmed.is_some()),
        list(heard.iter().filter_map(|heard| ordinals.get(&heard.consultation))),
        list(heard.iter().map(|heard| heard.voices.map_or("unknown", |band| band.as_str()))),
        place.and_then(|place| place.symbol.clone()).into(),
        number(place.map(|place| f64::from(place.number))),
        number(place.map(|place| f64::from(place.paragraph))),
        text.map_or(Value::Empty, |text| Value::Instant(text.published_at)),
        list(follow_up),
        Value::Text(ways::recommendation(one.id)),
    ]
}

fn list<T: ToString>(parts: impl IntoIterator<Item = T>) -> Value {
    let parts: Vec<String> = parts.into_iter().map(|part| part.to_string()).collect();
    if parts.is_empty() { Value::Empty } else { Value::Text(parts.join("; ")) }
}
