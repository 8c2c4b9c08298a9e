//! How long each format takes for 10 to 10,000 paragraphs, and beside it pandoc and LibreOffice making the same of the same text in
//! the same run: the ratios are the figures, the milliseconds are the machine's. `cargo bench --bench documents`; about two minutes.
//! `RAPPORTEUR_BENCH_SIZES=10,100` for others; pandoc and LibreOffice are passed over where they are not
//! installed. Must never fail for being slow.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod measure;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rapporteur::document::inline::parse;
use rapporteur::document::{
    Block, Cell, Chart, Column, Counted, Document, Figure, Group, Inline, Level, Paragraph, Row,
    Section, Table,
};
use rapporteur::printing::{Output, Printer};
use rapporteur::render::Format;
use rapporteur::settings::Settings;

const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];
/// Up to this many paragraphs others are asked to do the same: beyond, they take minutes.
const COMPARED: usize = 1_000;

fn main() {
    if measure::asks_for_tests() {
        return;
    }
    let mut settings = Settings::defaults().expect("the defaults are sound").documents;
    settings.program = env!("CARGO_BIN_EXE_rapporteur").into();
    settings.seconds = 600;
    let printer = Printer::new(&settings);
    let folder = tempfile::tempdir().expect("a folder for a while");
    let mut before: Option<Vec<Duration>> = None;
    for size in measure::sizes(&SIZES) {
        println!("\n{size} paragraphs");
        let document = document(size);
        let mut times = Vec::new();
        for output in Output::ALL {
            let (time, bytes) =
                shortest(|| printer.print_blocking(&document, *output).expect("it can be printed"));
            let path = folder.path().join(format!("report.{}", output.extension()));
            std::fs::write(path, &bytes).expect("there is room");
            let each = time.as_secs_f64() * 1e6 / size as f64;
            let growth = before.as_ref().map_or(String::new(), |before: &Vec<Duration>| {
                format!(
                    ", {:.1} times the size before",
                    time.as_secs_f64() / before[times.len()].as_secs_f64()
                )
            });
            println!(
                "  {:<12} {:>9.1} ms  {each:>7.0} µs a paragraph  {:>7} KB{growth}",
                output.label(),
                time.as_secs_f64() * 1e3,
                bytes.len() / 1024,
            );
            times.push(time);
        }
        if size <= COMPARED {
            others(folder.path(), &times);
        }
        before = Some(times);
    }
}

/// The shortest of three, or of as many as fit into a second.
fn shortest(make: impl Fn() -> Vec<u8>) -> (Duration, Vec<u8>) {
    let begun = Instant::now();
    let (mut shortest, mut made) = (Duration::MAX, Vec::new());
    for round in 0..20 {
        let start = Instant::now();
        made = make();
        shortest = shortest.min(start.elapsed());
        if begun.elapsed() > Duration::from_secs(1) && round > 0
            || begun.elapsed() > Duration::from_secs(10)
        {
            break;
        }
    }
    (shortest, made)
}

/// What others take for the same, as ratios to ours.
fn others(folder: &Path, times: &[Duration]) {
    let time_of = |wanted: Output| {
        Output::ALL.iter().position(|output| *output == wanted).map(|at| times[at])
    };
    let (markdown, word) = ("report.md", "report.docx");
    let office = ["--headless", "--convert-to", "pdf", "--outdir", "office", word];
    let tries: [(&str, &[&str], Output); 3] = [
        ("pandoc", &[markdown, "-o", "pandoc.docx"], Output::Written(Format::Docx)),
        ("pandoc", &[markdown, "-s", "-o", "pandoc.html"], Output::Written(Format::Html)),
        ("soffice", &office, Output::Pdf),
    ];
    for (program, arguments, output) in tries {
        let start = Instant::now();
        let ran = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let took = start.elapsed();
        match (ran, time_of(output)) {
            (Ok(status), Some(ours)) if status.success() => println!(
                "  {program} to {:<5} {:>9.1} ms: {:.1} times ours",
                output.extension(),
                took.as_secs_f64() * 1e3,
                took.as_secs_f64() / ours.as_secs_f64(),
            ),
            _ => println!("  {program} is not here, or did not do it"),
        }
    }
}

/// A report of so many paragraphs: sections of ten, a footnote in every fifth, a table in every fiftieth, a chart in every
/// hundredth.
fn document(paragraphs: usize) -> Document {
    let mut document = Document::default();
    document.meta.title = "Summary report of a consultation".into();
    document.meta.symbol = "ESCAP/GCM/2021/CRP.2".into();
    let mut sections = Vec::new();
    for start in (0..paragraphs).step_by(10) {
        let mut blocks = Vec::new();
        for number in start..(start + 10).min(paragraphs) {
            let note = if number % 5 == 0 {
                "^[See [the Compact](https://example.org/compact).]"
            } else {
                ""
            };
            let source = format!(
                "Participants in group {number} spoke of *fees*, of **waiting times** and of offices that are far from where \
                 most people work,{note} and asked for services that are open to everybody, whatever their status may be. \
                 Several had seen this work elsewhere, and named what it had cost and whom it had reached."
            );
            let parts = document.adopt(parse(&source).expect("the source is sound"));
            blocks.push(Block::Paragraph(Paragraph::numbered(format!("p{number}"), parts)));
            if number % 50 == 49 {
                blocks.push(Block::Table(table(number)));
            }
            if number % 100 == 99 {
                blocks.push(Block::Figure(figure(number)));
            }
        }
        let heading = format!("Outcomes {}", start / 10 + 1);
        sections.push(Block::Section(Section::new(
            format!("s{start}"),
            Level::ONE,
            &heading,
            blocks,
        )));
    }
    document.blocks = sections;
    document.number().expect("the document is sound");
    document
}

fn table(number: usize) -> Table {
    let row = |texts: [&str; 2]| Row { cells: texts.map(Cell::text).to_vec() };
    Table {
        id: format!("t{number}").into(),
        caption: vec![Inline::text("Programme")],
        columns: vec![Column { width: 1 }, Column { width: 3 }],
        header: vec![row(["Time", "Session"])],
        rows: vec![
            row(["11:00", "Opening"]),
            row(["11:30", "Working groups"]),
            row(["14:00", "Closing"]),
        ],
        lettered_notes: false,
    }
}

fn figure(number: usize) -> Figure {
    let group =
        |label: &str, count| Group { label: label.into(), values: vec![Counted::Count(count)] };
    let chart = Chart {
        group_heading: "Subregion".into(),
        value_heading: "Participants".into(),
        series: vec!["Participants".into()],
        groups: vec![group("South-East Asia", 39), group("Pacific", 9), group("South Asia", 24)],
    };
    Figure::new(format!("f{number}"), "Participation by subregion", "Bars.", chart)
}
