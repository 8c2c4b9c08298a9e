use super::draw::{QUIET, SERIES, TEXT};
use super::layout::{Align, Shape, WIDTH, picture};
use super::{png, svg, text};
use crate::document::{Chart, Counted, Direction, Group, Text};
use plotters::style::{RGBColor, WHITE};
use proptest::prelude::*;
use resvg::usvg::{self, roxmltree};
use std::sync::Arc;

const HOSTILE: [&str; 12] = [
    "",
    " ",
    "<script>alert(1)</script>",
    "\"&' ]]> <!-- --> &lt;",
    "مساهمات المجتمع المدني: (2026)",
    "การมีส่วนร่วมของภาคประชาสังคมในการทบทวนข้อตกลงโลก",
    "亚洲及太平洋区域安全、有序和正常移民全球契约执行情况区域审查会议的利益攸关方磋商",
    "👩‍👩‍👧‍👦🇹🇭🎉 emoji",
    "Z\u{351}\u{352}\u{353}a\u{351}\u{352}lgo ﷽﷽﷽",
    "\u{2067}\u{200f}a\u{200d}\u{2069}",
    "%%%@@@MMMWWWmmmwww———ЩЩЩШШШЮЮЮ",
    "Objective 5: Enhance availability and flexibility of pathways for regular migration",
];

fn chart(series: &[&str], groups: &[(&str, &[Counted])]) -> Chart {
    let group = |(label, values): &(&str, &[Counted])| Group {
        label: (*label).into(),
        values: values.to_vec(),
    };
    Chart {
        group_heading: "Subregion".into(),
        value_heading: "Participants".into(),
        series: series.iter().map(|name| (*name).into()).collect(),
        groups: groups.iter().map(group).collect(),
    }
}

fn counts(counts: &[u32]) -> Vec<Counted> {
    counts.iter().copied().map(Counted::Count).collect()
}

fn withheld() -> Counted {
    Counted::Withheld("fewer than 5".into())
}

/// The texts of a picture, without what keeps their direction.
fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).expect("well-formed");
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    let text = |node: roxmltree::Node| node.text().unwrap_or_default().trim().to_owned();
    texts.map(text).map(|text| text.replace(['\u{2067}', '\u{2068}', '\u{2069}'], "")).collect()
}

/// Left ends and widths of the bars of all series.
fn bars(svg: &str) -> Vec<(i32, i32)> {
    let document = roxmltree::Document::parse(svg).expect("well-formed");
    let fill = |colour: RGBColor| format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2);
    let is_bar = |node: &roxmltree::Node| {
        SERIES.iter().any(|(colour, _)| node.attribute("fill") == Some(&fill(*colour)))
            && node.has_tag_name("rect")
    };
    let number = |node: &roxmltree::Node, name| {
        node.attribute(name).and_then(|number| number.parse().ok()).expect("a number")
    };
    let bars = document.descendants().filter(is_bar);
    bars.map(|node| (number(&node, "x"), number(&node, "width"))).collect()
}

/// Checks what holds for every picture.
fn check(chart: &Chart, direction: Direction) {
    let drawn = svg(chart, "<&\"'>", direction, "en");
    assert_eq!(drawn, svg(chart, "<&\"'>", direction, "en"));
    let document = roxmltree::Document::parse(&drawn).expect("well-formed");
    assert_eq!(document.root_element().attribute("aria-label"), Some("<&\"'>"));
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(["svg", "rect", "text"].contains(&node.tag_name().name()));
        assert!(node.attribute("style").is_none() && node.attribute("id").is_none());
    }
    let picture = picture(chart);
    let mut last_label = 0;
    for shape in &picture.shapes {
        let (x, y) = match shape {
            Shape::Box { x, y, .. } => (x.clone(), y.clone()),
            Shape::Words { role, text, x, top, align } => {
                let width = text::width(text, role.size());
                let start = match align {
                    Align::Start => *x,
                    Align::Middle => x - width / 2,
                    Align::End => x - width,
                };
                if *align == Align::End {
                    assert!(*top >= last_label, "labels overlap");
                    last_label = top + 14;
                }
                (start..start + width, *top..top + role.size())
            }
        };
        assert!(x.start >= 0 && x.start <= x.end && x.end <= WIDTH, "{x:?}");
        assert!(y.start >= 0 && y.start <= y.end && y.end <= picture.height, "{y:?}");
    }
}

/// Checks with the font of the PDF that no text leaves the picture.
fn check_with_font(svg: &str) {
    let options =
        usvg::Options { fontdb: Arc::clone(&super::png::FONTS), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options).expect("SVG");
    let inside = |bounds: usvg::Rect| {
        bounds.left() >= 0.0
            && bounds.right() <= tree.size().width()
            && bounds.top() >= 0.0
            && bounds.bottom() <= tree.size().height()
    };
    for node in tree.root().children() {
        assert!(inside(node.abs_bounding_box()), "{:?} of {svg}", node.abs_bounding_box());
    }
}

fn value() -> impl Strategy<Value = Counted> {
    prop_oneof![
        6 => (0..2000_u32).prop_map(Counted::Count),
        2 => prop_oneof![Just(0), Just(1), Just(u32::MAX)].prop_map(Counted::Count),
        1 => label().prop_map(Counted::Withheld),
    ]
}

fn label() -> impl Strategy<Value = Text> {
    let raw = prop_oneof![
        "\\PC{0,80}",
        "[A-Za-z0-9<>&\"'-]{300}",
        proptest::sample::select(&HOSTILE[..]).prop_map(str::to_owned),
    ];
    raw.prop_map(Text::from)
}

fn any_chart() -> impl Strategy<Value = Chart> {
    let group = |series: usize| {
        (label(), proptest::collection::vec(value(), series))
            .prop_map(|(label, values)| Group { label, values })
    };
    (1..=6_usize).prop_flat_map(move |series| {
        let names = proptest::collection::vec(label(), series);
        let groups = proptest::collection::vec(group(series), 0..=25);
        (label(), label(), names, groups).prop_map(
            |(group_heading, value_heading, series, groups)| Chart {
                group_heading,
                value_heading,
                series,
                groups,
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_chart_is_drawn_within_its_picture(chart in any_chart(), rtl: bool) {
        check(&chart, if rtl { Direction::RightToLeft } else { Direction::LeftToRight });
    }

    #[test]
    fn short_labels_are_printed_as_they_are(label in "\\PC{1,14}", rtl: bool) {
        let direction = if rtl { Direction::RightToLeft } else { Direction::LeftToRight };
        let drawn = svg(&chart(&[], &[(&label, &counts(&[3]))]), "", direction, "en");
        let printed = texts(&drawn).concat().replace(char::is_whitespace, "");
        let wanted = Text::new(&label).as_str().replace(char::is_whitespace, "");
        prop_assert!(printed.contains(&wanted), "{}", printed);
    }
}

#[test]
fn hostile_texts_stay_inside_in_real_fonts() {
    for label in HOSTILE.iter().map(|label| label.repeat(8)).chain(HOSTILE.map(str::to_owned)) {
        let mut chart = chart(&[&label, &label], &[(&label, &counts(&[7, u32::MAX]))]);
        chart.groups.push(Group { label: label.as_str().into(), values: counts(&[1, 0]) });
        (chart.group_heading, chart.value_heading) = (label.as_str().into(), label.as_str().into());
        for direction in [Direction::LeftToRight, Direction::RightToLeft] {
            check(&chart, direction);
            check_with_font(&svg(&chart, "", direction, "en"));
        }
    }
}

#[test]
fn counts_have_bars_and_withheld_ones_words() {
    let one = chart(&["P"], &[("A", &counts(&[40])), ("B", &[withheld()]), ("C", &counts(&[0]))]);
    let drawn = svg(&one, "", Direction::LeftToRight, "en");
    assert_eq!(bars(&drawn).len(), 1);
    let texts = texts(&drawn);
    for text in ["Subregion", "Participants", "A", "B", "C", "40", "fewer than 5"] {
        assert!(texts.iter().any(|printed| printed == text), "{text}");
    }
    assert!(!texts.contains(&"P".to_owned()));
}

#[test]
fn several_series_are_stacked_unless_one_count_is_withheld() {
    let mut two = chart(&["X", "Y"], &[("A", &counts(&[40, 23]))]);
    let drawn = svg(&two, "", Direction::LeftToRight, "en");
    let [_, _, first, second] = bars(&drawn)[..] else { panic!("two in the legend, two parts") };
    assert_eq!(first.0 + first.1 + 1, second.0);
    assert!(["40", "23", "63"].iter().all(|text| texts(&drawn).contains(&(*text).to_owned())));

    two.groups.push(Group { label: "B".into(), values: vec![withheld(), Counted::Count(9)] });
    let drawn = svg(&two, "", Direction::LeftToRight, "en");
    let [_, _, first, second, _] = bars(&drawn)[..] else { panic!("three counts") };
    assert_eq!(first.0, second.0);
    assert!(!texts(&drawn).contains(&"63".to_owned()));
}

#[test]
fn right_to_left_is_the_mirror_image() {
    let one = chart(&["P"], &[("A", &counts(&[40])), ("B", &counts(&[7]))]);
    let ltr = bars(&svg(&one, "", Direction::LeftToRight, "en"));
    let rtl = bars(&svg(&one, "", Direction::RightToLeft, "ar"));
    let mirrored: Vec<_> = ltr.into_iter().map(|(x, width)| (WIDTH - x - width, width)).collect();
    assert_eq!(rtl, mirrored);
}

#[test]
fn a_chart_without_groups_or_counts_is_a_small_picture() {
    let none = svg(&chart(&["P"], &[]), "", Direction::LeftToRight, "en");
    assert_eq!(texts(&none), ["Subregion", "Participants"]);
    let zeros = svg(&chart(&["P"], &[("A", &counts(&[0]))]), "", Direction::LeftToRight, "en");
    assert_eq!(texts(&zeros), ["Subregion", "Participants", "0", "A", "0"]);
}

#[test]
fn long_labels_are_wrapped_and_shortened_between_words() {
    assert_eq!(text::wrap("South and South-West", 12, 90, 3), ["South and", "South-West"]);
    assert_eq!(text::wrap("South-West", 12, 50, 3), ["South-", "West"]);
    assert_eq!(text::wrap("one two three four", 12, 50, 2), ["one two", "three…"]);
    assert_eq!(text::wrap("  ", 12, 50, 2), [""; 0]);
    assert_eq!(text::shorten("Donaudampfschiff", 12, 60), "Donaud…");
}

#[test]
fn colours_have_contrast() {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let luminance =
        |RGBColor(r, g, b)| 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b) + 0.05;
    let contrast = |one, other| {
        let (one, other): (f64, f64) = (luminance(one), luminance(other));
        one.max(other) / one.min(other)
    };
    for (bar, text) in SERIES {
        assert!(contrast(bar, WHITE) >= 3.0 && contrast(bar, text) >= 4.5);
    }
    for (index, (one, _)) in SERIES[..4].iter().enumerate() {
        assert!(SERIES[..index].iter().all(|(other, _)| contrast(*one, *other) >= 1.5));
    }
    assert!(SERIES.windows(2).all(|pair| contrast(pair[0].0, pair[1].0) >= 2.0));
    assert!(contrast(TEXT, WHITE) >= 4.5 && contrast(QUIET, WHITE) >= 4.5);
}

#[test]
fn png_has_the_size_asked_for() {
    let drawn = svg(&chart(&["P"], &[("A", &counts(&[40]))]), "", Direction::LeftToRight, "en");
    let image = png(&drawn, 2.0).expect("a picture");
    assert_eq!(image[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(image[16..20], 1280_u32.to_be_bytes());
    for scale in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e9] {
        assert_eq!(png(&drawn, scale), None);
    }
    assert_eq!(png("<p>", 1.0), None);
}
