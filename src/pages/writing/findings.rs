//! Where what checks find in a paragraph stands, beside it. Nothing checks a draft yet.

use maud::{Markup, html};

use super::head::Scene;
use crate::reports::ParagraphId;

/// What was found in this paragraph.
pub fn of(_: &Scene, _: ParagraphId) -> Markup {
    html! {}
}
