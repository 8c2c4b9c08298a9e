//! Draws with plotters, mirrored for right-to-left charts. Must never decide where anything stands.

use super::layout::{Align, Fill, Picture, Role, Shape, WIDTH};
use super::text::isolated;
use crate::document::Direction;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::ops::Range;

/// The first is in the PDF; the others are for readers of HTML who have it not.
const FAMILY: &str = "Libertinus Serif, Noto Serif, Georgia, serif";
/// plotters-svg divides font sizes by this.
const SCALE: f64 = 1.24;

pub(super) const TEXT: RGBColor = RGBColor(0x1a, 0x1a, 0x1a);
pub(super) const QUIET: RGBColor = RGBColor(0x59, 0x59, 0x59);
const GRID: RGBColor = RGBColor(0xe2, 0xe2, 0xe2);

/// Bars by series, with the text on them. Bars have a contrast of 3:1 to white, their text one of
/// 4.5:1. Neighbours and the first four differ in greyscale too, all of them to eyes that see no
/// red, green or blue.
pub(super) const SERIES: [(RGBColor, RGBColor); 6] = [
    (RGBColor(0x00, 0x56, 0x8c), WHITE),
    (RGBColor(0xd5, 0x80, 0x10), TEXT),
    (RGBColor(0x24, 0x24, 0x24), WHITE),
    (RGBColor(0x00, 0x82, 0x7c), WHITE),
    (RGBColor(0x7d, 0x26, 0x16), WHITE),
    (RGBColor(0x4a, 0x97, 0xd0), TEXT),
];

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn<T> = Result<T, DrawingAreaErrorKind<std::io::Error>>;

/// The picture as plotters writes it, with a root element of its making.
///
/// # Errors
/// Those of plotters, which has none for SVG in a string.
pub(super) fn draw(picture: &Picture, direction: Direction) -> Drawn<String> {
    let mut svg = String::new();
    let size = (WIDTH.unsigned_abs(), picture.height.unsigned_abs());
    let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
    for shape in &picture.shapes {
        match shape {
            Shape::Box { x, y, fill } => draw_box(&area, &mirrored(x, direction), y, *fill)?,
            Shape::Words { role, text, x, top, align } => {
                let text = isolated(text, direction == Direction::RightToLeft);
                let style = style(*role).pos(Pos::new(side(*align, direction), VPos::Top));
                area.draw_text(&text, &style, (mirrored(&(*x..*x), direction).start, *top))?;
            }
        }
    }
    area.present()?;
    drop(area);
    Ok(svg)
}

fn draw_box(area: &Area, x: &Range<i32>, y: &Range<i32>, fill: Fill) -> Drawn<()> {
    let colour = match fill {
        Fill::Series(index) => series(index).0,
        Fill::Axis => QUIET,
        Fill::Grid => GRID,
    };
    area.draw(&Rectangle::new([(x.start, y.start), (x.end, y.end)], colour.filled()))
}

fn mirrored(x: &Range<i32>, direction: Direction) -> Range<i32> {
    match direction {
        Direction::LeftToRight => x.clone(),
        Direction::RightToLeft => WIDTH - x.end..WIDTH - x.start,
    }
}

fn side(align: Align, direction: Direction) -> HPos {
    match (align, direction) {
        (Align::Start, Direction::LeftToRight) | (Align::End, Direction::RightToLeft) => HPos::Left,
        (Align::Start, Direction::RightToLeft) | (Align::End, Direction::LeftToRight) => {
            HPos::Right
        }
        (Align::Middle, _) => HPos::Center,
    }
}

fn style(role: Role) -> TextStyle<'static> {
    let colour = match role {
        Role::Label | Role::Count | Role::Legend => TEXT,
        Role::Heading | Role::Tick | Role::Withheld => QUIET,
        Role::Part(index) => series(index).1,
    };
    let slant = if role == Role::Heading { FontStyle::Italic } else { FontStyle::Normal };
    (FAMILY, f64::from(role.size()) * SCALE, slant).into_font().color(&colour)
}

fn series(index: usize) -> (RGBColor, RGBColor) {
    SERIES[index % SERIES.len()]
}
