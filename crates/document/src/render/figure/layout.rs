//! Places everything as a left-to-right chart has it. Must never know how it is drawn.

use super::text;
use crate::document::{Chart, Counted, Group, Text};
use plotters::coord::{ranged1d::Ranged, types::RangedCoordu64};
use std::ops::Range;

pub(super) const WIDTH: i32 = 640;
const MARGIN: i32 = 4;
const GAP: i32 = 8;
/// From line to line.
const LINE: i32 = 14;
/// From the top of a text to the middle of its capitals and digits.
const MIDDLE: i32 = 5;
/// Labels take no more than this, so that the bars keep more than half of the width.
const LABELS: i32 = 230;
const LABEL_LINES: usize = 3;
const SWATCH: i32 = 10;
/// Numbers at the axis, where they have room.
const TICKS: i32 = 7;

/// Shapes in the order of drawing, and how high they are together.
pub(super) struct Picture {
    pub height: i32,
    pub shapes: Vec<Shape>,
}

pub(super) enum Shape {
    Box { x: Range<i32>, y: Range<i32>, fill: Fill },
    Words { role: Role, text: String, x: i32, top: i32, align: Align },
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    Series(usize),
    Axis,
    Grid,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Heading,
    Legend,
    Label,
    Count,
    /// A count on the bar of a series.
    Part(usize),
    Withheld,
    Tick,
}

impl Role {
    pub fn size(self) -> i32 {
        match self {
            Self::Label | Self::Count | Self::Withheld => 12,
            Self::Heading | Self::Legend | Self::Part(_) | Self::Tick => 11,
        }
    }

    fn width(self, text: &str) -> i32 {
        text::width(text, self.size())
    }

    fn shorten(self, text: &str, max: i32) -> String {
        text::shorten(text.trim(), self.size(), max)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    Middle,
    End,
}

pub(super) fn picture(chart: &Chart) -> Picture {
    let stacked = stacks(chart);
    let rows: Vec<Row> = chart.groups.iter().map(|group| Row::of(group, stacked)).collect();
    let scale = Scale::of(chart.group_heading.as_str(), &rows);
    let mut page = Page { shapes: Vec::new(), bottom: MARGIN };
    if chart.series.len() > 1 {
        page.legend(&chart.series);
    }
    page.headings(chart, &scale);
    // Before the bars, which stand in front of it.
    page.grid(&scale, rows.iter().map(Row::height).sum());
    for row in &rows {
        page.row(row, &scale);
    }
    page.bottom += LINE + GAP / 2;
    Picture { height: page.bottom, shapes: page.shapes }
}

/// Whether several series are stacked, as [`super::svg`] promises.
fn stacks(chart: &Chart) -> bool {
    let withheld = |value: &Counted| matches!(value, Counted::Withheld(_));
    chart.series.len() > 1 && !chart.groups.iter().flat_map(|group| &group.values).any(withheld)
}

/// A group: its label in lines and its bars under each other.
struct Row {
    lines: Vec<String>,
    bars: Vec<Bar>,
}

impl Row {
    fn of(group: &Group, stacked: bool) -> Self {
        let values = group.values.iter().enumerate();
        let bars: Vec<Bar> = values.map(|(series, value)| Bar::of(series, value)).collect();
        Self {
            lines: text::wrap(group.label.as_str(), Role::Label.size(), LABELS, LABEL_LINES),
            bars: if stacked { vec![Bar::stack(bars)] } else { bars },
        }
    }

    fn height(&self) -> i32 {
        times(self.lines.len(), LINE).max(times(self.bars.len(), self.pitch())) + GAP
    }

    /// From bar to bar.
    fn pitch(&self) -> i32 {
        if self.bars.len() > 1 { 13 } else { 16 }
    }
}

/// Counts in a line with their series, and the words behind them.
struct Bar {
    parts: Vec<(usize, u32)>,
    role: Role,
    words: String,
}

impl Bar {
    fn of(series: usize, value: &Counted) -> Self {
        match value {
            Counted::Count(count) => {
                Self { parts: vec![(series, *count)], role: Role::Count, words: count.to_string() }
            }
            Counted::Withheld(words) => {
                Self { parts: Vec::new(), role: Role::Withheld, words: words.to_string() }
            }
        }
    }

    fn stack(bars: Vec<Self>) -> Self {
        let parts = bars.into_iter().flat_map(|bar| bar.parts).collect();
        let stack = Self { parts, role: Role::Count, words: String::new() };
        Self { words: stack.sum().to_string(), ..stack }
    }

    fn sum(&self) -> u64 {
        self.parts.iter().map(|(_, count)| u64::from(*count)).sum()
    }
}

/// Where counts stand: 0 at the axis, the highest at the end.
struct Scale {
    axis: i32,
    end: i32,
    highest: u64,
}

impl Scale {
    fn of(heading: &str, rows: &[Row]) -> Self {
        let lines = rows.iter().flat_map(|row| &row.lines);
        let widths = lines.map(|line| Role::Label.width(line));
        let heading = Role::Heading.width(heading.trim()).min(LABELS);
        let axis = MARGIN + widths.fold(heading, i32::max) + GAP;
        let sums = rows.iter().flat_map(|row| &row.bars).map(Bar::sum);
        let highest = sums.max().unwrap_or(0);
        let end = WIDTH - MARGIN - Role::Count.width(&highest.to_string()) - GAP;
        Self { axis, end, highest }
    }

    fn coordinate(&self) -> RangedCoordu64 {
        (0..self.highest.max(1)).into()
    }

    fn x(&self, count: u64) -> i32 {
        self.coordinate().map(&count, (self.axis, self.end))
    }

    /// Round numbers up to the highest count, as many as have room.
    fn ticks(&self) -> Vec<u64> {
        let width = Role::Tick.width(&self.highest.to_string()) + 2 * GAP;
        let most = ((self.end - self.axis) / width).clamp(1, TICKS);
        let mut ticks = self.coordinate().key_points(usize::try_from(most).unwrap_or(1));
        ticks.retain(|tick| *tick <= self.highest);
        ticks
    }
}

/// Shapes under each other, and where the next ones begin.
struct Page {
    shapes: Vec<Shape>,
    bottom: i32,
}

impl Page {
    fn fill(&mut self, x: Range<i32>, y: Range<i32>, fill: Fill) {
        self.shapes.push(Shape::Box { x, y, fill });
    }

    fn words(&mut self, role: Role, text: String, (x, top): (i32, i32), align: Align) {
        if !text.is_empty() {
            self.shapes.push(Shape::Words { role, text, x, top, align });
        }
    }

    /// Colours and names of the series, in as many lines as they need.
    fn legend(&mut self, series: &[Text]) {
        let mut x = MARGIN;
        for (index, name) in series.iter().enumerate() {
            let name = Role::Legend.shorten(name.as_str(), WIDTH - 2 * MARGIN - SWATCH - GAP);
            let width = SWATCH + GAP + Role::Legend.width(&name);
            if x > MARGIN && x + width > WIDTH - MARGIN {
                x = MARGIN;
                self.bottom += LINE + 2;
            }
            let y = self.bottom..self.bottom + SWATCH;
            self.fill(x..x + SWATCH, y, Fill::Series(index));
            self.words(Role::Legend, name, (x + SWATCH + GAP / 2, self.bottom), Align::Start);
            x += width + GAP;
        }
        self.bottom += LINE + GAP;
    }

    fn headings(&mut self, chart: &Chart, scale: &Scale) {
        let labels_end = scale.axis - GAP;
        let group = Role::Heading.shorten(chart.group_heading.as_str(), labels_end - MARGIN);
        let value =
            Role::Heading.shorten(chart.value_heading.as_str(), WIDTH - MARGIN - scale.axis);
        self.words(Role::Heading, group, (labels_end, self.bottom), Align::End);
        self.words(Role::Heading, value, (scale.axis, self.bottom), Align::Start);
        self.bottom += LINE + 2;
    }

    /// Lines of the height of all rows with their numbers below; none without rows.
    fn grid(&mut self, scale: &Scale, height: i32) {
        let bottom = self.bottom + height;
        for tick in scale.ticks().into_iter().filter(|_| height > 0) {
            let x = scale.x(tick);
            let fill = if tick == 0 { Fill::Axis } else { Fill::Grid };
            self.fill(x..x + 1, self.bottom..bottom, fill);
            self.words(Role::Tick, tick.to_string(), (x, bottom + GAP / 2), Align::Middle);
        }
    }

    fn row(&mut self, row: &Row, scale: &Scale) {
        let middle = self.bottom + row.height() / 2;
        let mut top = middle - times(row.lines.len(), LINE) / 2 + LINE / 2 - MIDDLE;
        for line in &row.lines {
            self.words(Role::Label, line.clone(), (scale.axis - GAP, top), Align::End);
            top += LINE;
        }
        let mut top = middle - times(row.bars.len(), row.pitch()) / 2;
        // Bars under each other are told apart by a line between them.
        let seam = if row.bars.len() > 1 { 2 } else { 0 };
        for bar in &row.bars {
            self.bar(bar, top..top + row.pitch() - seam, scale);
            top += row.pitch();
        }
        self.bottom += row.height();
    }

    fn bar(&mut self, bar: &Bar, y: Range<i32>, scale: &Scale) {
        let top = i32::midpoint(y.start, y.end) - MIDDLE;
        let (mut start, mut sum) = (scale.axis, 0);
        for &(series, count) in bar.parts.iter().filter(|(_, count)| *count > 0) {
            sum += u64::from(count);
            // Whatever was counted can be seen.
            let end = scale.x(sum).max(start + 1);
            // So are the parts of a stack, by whoever does not see their colours.
            let seam = i32::from(start > scale.axis && end - start > 2);
            self.fill(start + seam..end, y.clone(), Fill::Series(series));
            if bar.parts.len() > 1 {
                self.part(series, count, start + seam..end, top);
            }
            start = end;
        }
        let x = start + GAP / 2 + 1;
        let words = bar.role.shorten(&bar.words, WIDTH - MARGIN - x);
        self.words(bar.role, words, (x, top), Align::Start);
    }

    /// The count of a part of a stack, unless that is too narrow for it.
    fn part(&mut self, series: usize, count: u32, x: Range<i32>, top: i32) {
        let role = Role::Part(series);
        let count = count.to_string();
        if role.width(&count) + 2 <= x.end - x.start {
            self.words(role, count, (i32::midpoint(x.start, x.end), top), Align::Middle);
        }
    }
}

fn times(count: usize, size: i32) -> i32 {
    i32::try_from(count).map_or(i32::MAX, |count| count.saturating_mul(size))
}
