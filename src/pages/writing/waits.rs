//! Where what waits stands, for whom and since when, in the head of a draft. Nothing tells it of a report yet.

use maud::{Markup, html};

use super::head::Scene;

/// What waits in this report.
pub fn of(_: &Scene) -> Markup {
    html! {}
}
