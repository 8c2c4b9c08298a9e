//! A document that has everything, for the tests of this module and of whoever renders it, in other crates as well.

use super::{
    Block, Cell, Chart, Column, Counted, Document, Figure, Group, Id, Inline, LanguageTag, Level,
    MastheadLine, MastheadNote, Meta, Paragraph, Row, Section, Table, Text, inline::parse,
};

/// A numbered document of these paragraphs, with their places as ids: p0, p1.
#[must_use]
pub fn of(sources: &[&str]) -> Document {
    let mut document = Document::default();
    for (index, source) in sources.iter().enumerate() {
        let block = paragraph(&mut document, &format!("p{index}"), source);
        document.blocks.push(block);
    }
    document.number().expect("the paragraphs are sound");
    document
}

/// Everything the model can say, with text that would break a careless renderer; numbered.
#[must_use]
pub fn sample() -> Document {
    let mut document = unnumbered();
    document.number().expect("the sample is sound");
    document
}

pub(crate) fn unnumbered() -> Document {
    let mut document = Document { meta: meta(), ..Document::default() };
    let mut add = |id: &str, source: &str| paragraph(&mut document, id, source);
    let background = vec![
        add(
            "origin",
            "In accordance with General Assembly resolution 73/195,^[General Assembly resolution 73/195 of 19 December 2018. At: https://www.un.org/en/A_RES_73_195.pdf] the review is *organized* from 10 to 12 March 2021.^[See [the *programme*](https://example.org/a_(b)?c=1&d=2).]^[Third, at the same place.]",
        ),
        add(
            "objectives",
            "The consultation addressed (see paragraph [](#origin) and section [](#challenges)):\n4. Legal identity\n8. Saving **lives**\n21. Return\n\nIt heard:\n- <script>alert(\"x\")</script> & R&D; 5 \\* 4 = 20 | `code` $x$ _a_ #1\n- C:\\temp\\ \\[sic\\] ~ ^ @name\n\n(a) first\n(b) second\\\n\\- still second\n\nand ended.",
        ),
    ];
    let challenges = vec![
        add(
            "voices",
            "Participants spoke of [le *Pacte mondial*]{lang=fr}, [الاتفاق العالمي]{lang=ar} and “**quotes**”; mid*word*emphasis; *“quoted”*letters **both** *beside* **each** other.",
        ),
        add("line", "12. is no list here? No: it begins\\\n1\\. a line"),
    ];
    let mut arabic = paragraph(&mut document, "arabic", "الهجرة الآمنة والمنظمة والنظامية^[ملاحظة.]");
    if let Block::Paragraph(paragraph) = &mut arabic {
        paragraph.lang = LanguageTag::parse("ar").ok();
    }
    let note = document.add_note(vec![Inline::text("A note on the heading.")]);
    let mut outcomes = Section::new("outcomes", Level::ONE, "Outcomes of the consultation", vec![]);
    outcomes.heading.push(note);
    let specific = Section::new("specific", Level::FOUR, "Objective 11", vec![arabic]);
    let key = Section::new("challenges", Level::THREE, "Key challenges", challenges);
    let recommendations = Section::new(
        "recommendations",
        Level::THREE,
        "Recommendations & next <steps>",
        vec![Block::Section(specific)],
    );
    outcomes.blocks = vec![Block::Section(Section::new(
        "cluster",
        Level::TWO,
        "Objectives 9 and 10",
        vec![Block::Section(key), Block::Section(recommendations)],
    ))];
    let mut background = background;
    background.push(Block::Figure(figure()));
    let table = programme(&mut document);
    let mut annex =
        Section::new("annex", Level::ONE, "Tentative programme", vec![Block::Table(table)]);
    annex.annex = true;
    document.blocks = vec![
        Block::Section(Section::new("background", Level::ONE, "Background", background)),
        Block::Section(outcomes),
        Block::Section(annex),
    ];
    document
}

/// A chart of two series with a withheld count and text that would break a careless renderer.
pub(crate) fn figure() -> Figure {
    let group =
        |label: &str, values: [Counted; 2]| Group { label: label.into(), values: values.to_vec() };
    let chart = Chart {
        group_heading: "Subregion".into(),
        value_heading: "Participants".into(),
        series: vec!["Women".into(), "Men & <others>".into()],
        groups: vec![
            group("South-East Asia", [Counted::Count(22), Counted::Count(17)]),
            group("<script>\"&'", [Counted::Withheld("not shown".into()), Counted::Count(0)]),
        ],
    };
    Figure::new(
        "chart",
        "Participation by subregion & gender",
        "Bars. The \"longest\" is <22>.",
        chart,
    )
}

fn meta() -> Meta {
    let summary = parse("The *present* document rests on:\n- what was said\n- what was written")
        .expect("source is valid");
    let to_origin = Inline::CrossReference { to: Id::new("origin"), text: String::new() };
    Meta {
        symbol: "ESCAP/GCM/2021/CRP.2".into(),
        organ: "Economic and Social Commission for Asia and the Pacific".into(),
        distribution: "Distr.: For participants only".into(),
        date: "24 February 2021".into(),
        original_language: "English only".into(),
        meeting: [
            "Asia-Pacific Regional Review of Implementation of the Compact",
            "Bangkok and online, 10–12 March 2021",
        ]
        .map(Text::from)
        .to_vec(),
        agenda_items: vec!["Item 4 of the provisional agenda".into()],
        title: "Summary report of <the> consultation".into(),
        subtitle: "Note by the secretariat".into(),
        summary: vec![Paragraph::unnumbered("summary", summary.parts)],
        identifier: "urn:example:crp-2".into(),
        // Against the order in which they are printed.
        notes: vec![
            MastheadNote {
                to: MastheadLine::Title,
                inlines: vec![
                    Inline::text("Issued without formal editing; see paragraph "),
                    to_origin,
                    Inline::text("."),
                ],
            },
            MastheadNote {
                to: MastheadLine::AgendaItems,
                inlines: vec![Inline::Emphasis(vec![Inline::text("ESCAP/GCM/2021/L.1")])],
            },
        ],
        ..Meta::default()
    }
}

fn paragraph(document: &mut Document, id: &str, source: &str) -> Block {
    let source =
        if id == "line" { source.replacen("12. ", "12\\. ", 1) } else { source.to_owned() };
    let parsed = parse(&source).unwrap_or_else(|error| panic!("{id}: {error}"));
    Block::Paragraph(Paragraph::numbered(id, document.adopt(parsed)))
}

fn programme(document: &mut Document) -> Table {
    let speakers = document.add_note(vec![Inline::text("Speakers from the list.")]);
    let zone = document.add_note(vec![Inline::text("Bangkok time.")]);
    let heading = |raw: &str| Cell { heading: true, ..Cell::text(raw) };
    let mut time = heading("Time");
    time.rowspan = 2;
    time.inlines.push(zone);
    let groups = Cell { colspan: 2, ..heading("Working groups") };
    let mut opening = Cell { colspan: 2, ..Cell::text("Welcome | opening") };
    opening.inlines.extend([
        Inline::LineBreak,
        Inline::Emphasis(vec![Inline::text("Moderator")]),
        speakers,
    ]);
    let row = |cells: Vec<Cell>| Row { cells };
    Table {
        id: Id::new("programme"),
        caption: vec![Inline::text("Programme of 19 November 2020")],
        columns: [1, 2, 2].map(|width| Column { width }).to_vec(),
        header: vec![row(vec![time, groups]), row(vec![heading("Group 1"), heading("Group 2")])],
        rows: vec![
            row(vec![heading("11:00–11:30"), opening]),
            row(vec![
                Cell { rowspan: 2, ..heading("11:30–12:35") },
                Cell::text("Objective 4"),
                Cell::text("Objective 9"),
            ]),
            row(vec![Cell::text("Objective 8"), Cell::default()]),
        ],
        lettered_notes: true,
    }
}
