//! Draws bar charts as SVG that can stand in a web page, in a PDF by Typst and, as PNG, in a Word
//! file. The same chart gives the same bytes. Must never know what is counted.

mod draw;
mod layout;
mod png;
#[cfg(test)]
mod tests;
mod text;

pub use png::png;

use crate::document::{Chart, Direction};
use quick_xml::escape::escape;

/// Draws a chart as a standalone `<svg>` 640 wide and as high as it needs, without styles, scripts,
/// ids or anything from outside. `alt` is its text alternative, `lang` the language of its words.
///
/// Several series are stacked, with the sum behind each stack; but as soon as one count is withheld
/// they stand under each other, since neither a stack nor a sum may leave out a part in silence.
/// Without groups only the headings remain.
#[must_use]
pub fn svg(chart: &Chart, alt: &str, direction: Direction, lang: &str) -> String {
    let picture = layout::picture(chart);
    // plotters can fail at fonts and files; neither is used for SVG in a string.
    let drawn = draw::draw(&picture, direction).unwrap_or_default();
    // plotters knows no attributes of the root, so its own is replaced.
    let inside = drawn.split_once('>').map_or("</svg>", |(_, inside)| inside);
    let (width, height) = (layout::WIDTH, picture.height);
    // Direction is fixed, because it would be inherited from the page, swap the ends of every
    // text and be ignored by resvg and Typst. `draw` mirrors by itself.
    format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" "#,
            r#"width="{width}" height="{height}" direction="ltr" lang="{lang}" role="img" "#,
            r#"aria-label="{alt}">{inside}"#
        ),
        width = width,
        height = height,
        lang = escape(lang),
        alt = escape(alt),
        inside = inside,
    )
}

/// How wide and how high the picture of a chart is, in its own units.
#[must_use]
pub fn size(chart: &Chart) -> (u32, u32) {
    (layout::WIDTH.unsigned_abs(), layout::picture(chart).height.unsigned_abs())
}
