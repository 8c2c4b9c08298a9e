use super::super::inline::parse;
use super::super::sample::{sample, unnumbered};
use super::super::{Cell, Column, HeadingStyle, LanguageTag, Level, ParagraphPart, Row};
use super::*;
use crate::document::walk;
use proptest::prelude::*;

fn paragraph(id: &str) -> Block {
    Block::Paragraph(Paragraph::numbered(id, vec![ParagraphPart::text("Text.")]))
}

fn section(id: &str, level: Level, blocks: Vec<Block>) -> Block {
    Block::Section(Section::new(id, level, id, blocks))
}

fn numbered(blocks: Vec<Block>) -> Result<Document, NumberingError> {
    let mut document = Document { blocks, ..Document::default() };
    document.number().map(|()| document)
}

fn with_inlines(inlines: Vec<Inline>) -> Block {
    Block::Paragraph(Paragraph::numbered("p", vec![ParagraphPart::Text(inlines)]))
}

/// Labels, headings and paragraph ranges as lines.
fn outline(document: &Document) -> Vec<String> {
    let line = |entry: super::super::OutlineEntry| match entry.paragraphs {
        Some((first, last)) => format!("{} {} {first}-{last}", entry.printed_label, entry.heading),
        None => format!("{} {}", entry.printed_label, entry.heading),
    };
    document.outline().into_iter().map(line).collect()
}

#[test]
fn paragraphs_run_through_and_headings_count_among_siblings() {
    assert_eq!(
        outline(&sample()),
        [
            "I. Background 1-2",
            "II. Outcomes of the consultation 3-5",
            "A. Objectives 9 and 10 3-5",
            "i. Key challenges 3-4",
            "ii. Recommendations & next <steps> 5-5",
            " Objective 11 5-5",
            "Annex Tentative programme",
        ]
    );
}

#[test]
fn notes_of_the_first_page_take_asterisks_in_the_order_of_its_lines() {
    let meta = sample().meta;
    assert_eq!(meta.marks(MastheadLine::AgendaItems), "*");
    assert_eq!(meta.marks(MastheadLine::Title), "**");
    assert_eq!(meta.marks(MastheadLine::Symbol), "");
    assert_eq!(
        plain_text(&meta.notes[1].inlines),
        "Issued without formal editing; see paragraph 1."
    );
    let mut twice = unnumbered();
    let note = twice.meta.notes[0].clone();
    twice.meta.notes.push(note);
    twice.number().unwrap();
    assert_eq!(twice.meta.marks(MastheadLine::Title), "**, ***");

    let mut nowhere = unnumbered();
    nowhere.meta.title = "".into();
    assert_eq!(nowhere.number(), Err(NumberingError::MastheadNoteToNothing(MastheadLine::Title)));
    let mut nested = unnumbered();
    let footnote = nested.add_note(vec![Inline::text("No.")]);
    nested.meta.notes[0].inlines.push(footnote);
    assert_eq!(nested.number(), Err(NumberingError::NoteInMastheadNote));
}

#[test]
fn an_empty_section_disappears_and_the_rest_renumber() {
    let subsections = |ids: &[(&str, bool)]| {
        ids.iter()
            .map(|&(id, full)| {
                section(
                    id,
                    Level::TWO,
                    full.then(|| paragraph(&format!("p-{id}"))).into_iter().collect(),
                )
            })
            .collect()
    };
    let mut document = Document {
        blocks: vec![
            section("none", Level::ONE, subsections(&[("x", false)])),
            section("some", Level::ONE, subsections(&[("a", true), ("b", false), ("c", true)])),
        ],
        ..Document::default()
    };
    assert_eq!(document.clone().number(), Err(NumberingError::EmptySection(Id::new("x"))));
    document.prune();
    document.number().unwrap();
    assert_eq!(outline(&document), ["I. some 1-2", "A. a 1-1", "B. c 2-2"]);
}

#[test]
fn a_section_marked_keep_stays_when_empty() {
    let mut kept = Section::new("kept", Level::ONE, "Kept", vec![]);
    kept.keep = true;
    let mut document = Document { blocks: vec![Block::Section(kept)], ..Document::default() };
    document.prune();
    assert_eq!(document.number(), Ok(()));
    assert_eq!(outline(&document), ["I. Kept"]);
}

#[test]
fn unnumbered_sections_are_not_counted() {
    let mut preface = Section::new("preface", Level::ONE, "Preface", vec![paragraph("a")]);
    preface.unnumbered = true;
    let document =
        numbered(vec![Block::Section(preface), section("first", Level::ONE, vec![paragraph("b")])])
            .unwrap();
    assert_eq!(outline(&document), [" Preface 1-1", "I. first 2-2"]);
}

#[test]
fn the_manual_numbers_lower_levels_otherwise() {
    let inside = section("3", Level::THREE, vec![section("4", Level::FOUR, vec![paragraph("a")])]);
    let mut document = Document {
        blocks: vec![section("1", Level::ONE, vec![section("2", Level::TWO, vec![inside])])],
        ..Document::default()
    };
    document.meta.heading_style = HeadingStyle::UnManual;
    document
        .blocks
        .push(with_inlines(vec![Inline::CrossReference { to: Id::new("4"), text: String::new() }]));
    document.number().unwrap();
    assert_eq!(outline(&document), ["I. 1 1-1", "A. 2 1-1", "1. 3 1-1", "(a) 4 1-1"]);
    assert_eq!(plain_text(document.runs().last().unwrap()), "I.A.1(a)");
}

#[test]
fn annexes_are_labelled_by_themselves_in_the_language_of_the_document() {
    let annex = |id: &str| {
        let mut annex = Section::new(
            id,
            Level::ONE,
            id,
            vec![section(&format!("{id}-part"), Level::TWO, vec![paragraph(&format!("{id}-p"))])],
        );
        annex.annex = true;
        Block::Section(annex)
    };
    let document =
        numbered(vec![section("text", Level::ONE, vec![paragraph("p")]), annex("x"), annex("y")])
            .unwrap();
    assert_eq!(
        outline(&document),
        ["I. text 1-1", "Annex I x 2-2", "A. x-part 2-2", "Annex II y 3-3", "A. y-part 3-3"]
    );
    let reference = |to: &str| {
        with_inlines(vec![Inline::CrossReference { to: Id::new(to), text: String::new() }])
    };
    let mut french =
        Document { blocks: vec![reference("z-part"), annex("z")], ..Document::default() };
    french.meta.lang = LanguageTag::parse("fr").unwrap();
    french.number().unwrap();
    assert_eq!(outline(&french)[0], "Annexe z 2-2");
    assert_eq!(plain_text(french.runs()[0]), "Annexe, A");
    assert_eq!(
        numbered(vec![annex("x"), section("late", Level::ONE, vec![paragraph("p")])]).err(),
        Some(NumberingError::SectionAfterAnnex(Id::new("late")))
    );
}

#[test]
fn notes_are_numbered_by_first_reference_and_lettered_in_their_table() {
    let labels: Vec<_> = sample()
        .notes
        .iter()
        .map(|note| {
            format!(
                "{} {}",
                note.label(),
                plain_text(&note.inlines).chars().take(12).collect::<String>()
            )
        })
        .collect();
    assert_eq!(
        labels,
        [
            "1 General Asse",
            "2 See the prog",
            "3 Third, at th",
            "4 A note on th",
            "5 ملاحظة.",
            "a Bangkok time",
            "b Speakers fro"
        ]
    );
}

#[test]
fn cross_references_print_numbers() {
    let document = sample();
    let texts: Vec<_> = document.runs().iter().map(|run| plain_text(run)).collect();
    assert!(
        texts.iter().any(|text| text.contains("(see paragraph 1 and section II.A.i)")),
        "{texts:?}"
    );
}

#[test]
fn what_no_format_could_print_is_refused_and_nothing_changed() {
    let to = |id: &str| {
        with_inlines(vec![Inline::CrossReference { to: Id::new(id), text: String::new() }])
    };
    let mut aside = Section::new("aside", Level::ONE, "Aside", vec![to("aside")]);
    aside.unnumbered = true;
    let inner_annex =
        Section { annex: true, ..Section::new("annex", Level::TWO, "Annex", vec![paragraph("p")]) };
    let refused = [
        (vec![paragraph("p"), paragraph("p")], NumberingError::DuplicateId(Id::new("p"))),
        (
            vec![section("a", Level::ONE, vec![section("b", Level::THREE, vec![paragraph("p")])])],
            NumberingError::SkippedLevel { section: Id::new("b"), expected: 2, found: 3 },
        ),
        (
            vec![section("a", Level::TWO, vec![paragraph("p")])],
            NumberingError::SkippedLevel { section: Id::new("a"), expected: 1, found: 2 },
        ),
        (
            vec![section("a", Level::ONE, vec![Block::Section(inner_annex)])],
            NumberingError::AnnexInside(Id::new("annex")),
        ),
        (vec![to("nowhere")], NumberingError::UnknownTarget(Id::new("nowhere"))),
        (vec![Block::Section(aside)], NumberingError::UnnumberedTarget(Id::new("aside"))),
        (vec![with_inlines(vec![Inline::Note(NoteRef(3))])], NumberingError::UnknownNote(3)),
    ];
    for (blocks, error) in refused {
        let mut document = Document { blocks, ..Document::default() };
        let before = document.clone();
        assert_eq!(document.number(), Err(error));
        assert_eq!(document, before);
    }
}

#[test]
fn a_draft_is_numbered_though_references_lead_nowhere() {
    let to = |id: &str| Inline::CrossReference { to: Id::new(id), text: String::new() };
    let mut document = Document { blocks: vec![paragraph("a")], ..Document::default() };
    document.blocks.push(with_inlines(vec![to("a"), Inline::text(", "), to("gone")]));
    assert_eq!(document.number_draft(), Ok(BTreeSet::from([Id::new("gone")])));
    assert_eq!(plain_text(document.runs().last().unwrap()), "1, ?");
    assert_eq!(document.clone().number(), Ok(()), "what is lost is no reference any more");
}

#[test]
fn each_note_is_placed_exactly_once() {
    let document = |inlines: fn(Inline) -> Vec<Inline>| {
        let mut document = Document::default();
        let note = document.add_note(vec![Inline::text("A note")]);
        document.blocks.push(with_inlines(inlines(note)));
        document.number()
    };
    let text = "A note".to_owned();
    assert_eq!(
        document(|_| vec![]),
        Err(NumberingError::NoteNeverPlaced { note: 0, text: text.clone() })
    );
    assert_eq!(
        document(|note| vec![note.clone(), note]),
        Err(NumberingError::NotePlacedTwice { note: 0, text })
    );
    let link = |note| {
        vec![Inline::Link {
            href: super::super::Href::parse("https://un.org").unwrap(),
            inlines: vec![note],
        }]
    };
    assert_eq!(document(link), Err(NumberingError::NoteInLink(0)));
}

#[test]
fn a_summary_is_not_numbered() {
    let mut document = Document::default();
    document.meta.summary.push(Paragraph::numbered("s", vec![ParagraphPart::text("a")]));
    assert_eq!(document.number(), Err(NumberingError::NumberedSummary(Id::new("s"))));
}

fn table(
    columns: usize,
    header: Vec<Vec<(u16, u16)>>,
    rows: Vec<Vec<(u16, u16)>>,
) -> Result<Document, NumberingError> {
    let row = |cells: Vec<(u16, u16)>| Row {
        cells: cells
            .into_iter()
            .map(|(colspan, rowspan)| Cell { colspan, rowspan, ..Cell::text("x") })
            .collect(),
    };
    let build = |rows: Vec<Vec<(u16, u16)>>| rows.into_iter().map(row).collect();
    numbered(vec![Block::Table(Table {
        id: Id::new("t"),
        caption: vec![],
        columns: vec![Column { width: 1 }; columns],
        header: build(header),
        rows: build(rows),
        lettered_notes: false,
    })])
}

#[test]
fn spans_fill_every_row() {
    let refused = |row| Err(NumberingError::TableShape { table: Id::new("t"), row });
    let shape = |result: Result<Document, _>| result.map(|_| ());
    assert_eq!(
        shape(table(3, vec![vec![(1, 2), (2, 1)], vec![(1, 1), (1, 1)]], vec![vec![(3, 1)]])),
        Ok(())
    );
    assert_eq!(shape(table(2, vec![], vec![vec![(1, 1)]])), refused(1));
    assert_eq!(shape(table(2, vec![vec![(2, 1)]], vec![vec![(1, 1), (2, 1)]])), refused(2));
    assert_eq!(shape(table(2, vec![vec![(2, 2)]], vec![vec![(2, 1)]])), refused(1));
    assert_eq!(shape(table(2, vec![], vec![vec![(1, 2), (1, 1)], vec![(2, 1)]])), refused(2));
    assert_eq!(shape(table(1, vec![], vec![vec![(0, 1)]])), refused(1));
    // A cell over no column or no row is none, though the others fill the row.
    assert_eq!(shape(table(1, vec![], vec![vec![(0, 1), (1, 1)]])), refused(1));
    assert_eq!(shape(table(1, vec![], vec![vec![(1, 1)], vec![(1, 0)]])), refused(2));
    assert_eq!(shape(table(0, vec![], vec![])), refused(1));
    assert_eq!(shape(table(2, vec![], vec![vec![(1, 2), (1, 2)], vec![]])), refused(2));
}

#[test]
fn letters_and_numerals_go_on() {
    assert_eq!([1, 26, 27, 52, 703].map(lower_alpha), ["a", "z", "aa", "az", "aaa"]);
    assert_eq!(
        [1, 4, 9, 14, 40, 99, 1994].map(roman),
        ["I", "IV", "IX", "XIV", "XL", "XCIX", "MCMXCIV"]
    );
}

/// A plan of a document: for each section of level 1 its subsections, for each of these its paragraphs, each with its notes.
fn plans() -> impl Strategy<Value = Vec<Vec<Vec<usize>>>> {
    use prop::collection::vec;
    vec(vec(vec(0_usize..4, 0..4), 0..4), 0..5)
}

fn built(plan: &[Vec<Vec<usize>>]) -> Document {
    let mut document = Document::default();
    for (s, subsections) in plan.iter().enumerate() {
        let mut inside = Vec::new();
        for (t, paragraphs) in subsections.iter().enumerate() {
            let source =
                |notes: &usize| format!("Text{}\n- item^[In a list.]", "^[A note.]".repeat(*notes));
            let parts: Vec<_> = paragraphs
                .iter()
                .map(|notes| document.adopt(parse(&source(notes)).unwrap()))
                .collect();
            let paragraph =
                |(p, parts)| Block::Paragraph(Paragraph::numbered(format!("p{s}-{t}-{p}"), parts));
            inside.push(section(
                &format!("s{s}-{t}"),
                Level::TWO,
                parts.into_iter().enumerate().map(paragraph).collect(),
            ));
        }
        document.blocks.insert(0, section(&format!("s{s}"), Level::ONE, inside));
    }
    document
}

proptest! {
    #[test]
    fn numbers_have_no_gap_and_every_note_one_place(plan in plans()) {
        let mut document = built(&plan);
        document.prune();
        prop_assert_eq!(document.number(), Ok(()));
        let paragraphs: usize = plan.iter().flatten().map(Vec::len).sum();
        let leaves = document.outline().into_iter().filter(|entry| entry.level == Level::TWO).filter_map(|entry| entry.paragraphs);
        prop_assert_eq!(leaves.flat_map(|(first, last)| first..=last).collect::<Vec<_>>(), (1..=u32::try_from(paragraphs).unwrap()).collect::<Vec<_>>());
        let mut places = Vec::new();
        for run in document.runs() {
            walk::each(run, &mut |inline| if let Inline::Note(NoteRef(index)) = inline { places.push(*index) });
        }
        prop_assert_eq!(&places, &(0..document.notes.len()).collect::<Vec<_>>());
        prop_assert!(document.notes.iter().enumerate().all(|(index, note)| note.label() == (index + 1).to_string()));
        let once = document.clone();
        prop_assert_eq!(document.number(), Ok(()));
        prop_assert_eq!(document, once);
    }
}

#[test]
fn numbering_twice_changes_nothing() {
    let once = sample();
    let mut twice = once.clone();
    twice.number().unwrap();
    assert_eq!(twice, once);
    assert_ne!(unnumbered(), once);
}

#[test]
fn figures_run_through_the_document_and_are_referred_to_by_their_numbers() {
    let figure = |id: &str| {
        let mut figure = super::super::sample::figure();
        figure.table.id = Id::new(id);
        Block::Figure(figure)
    };
    let to = |id: &str| Inline::CrossReference { to: Id::new(id), text: String::new() };
    let referring = with_inlines(vec![to("first"), to("second"), to("third")]);
    let inner = section("b", Level::TWO, vec![figure("second")]);
    let document = numbered(vec![
        section("a", Level::ONE, vec![figure("first"), inner]),
        section("c", Level::ONE, vec![figure("third"), referring]),
    ]);
    let document = document.unwrap();
    let mut labels = Vec::new();
    fn collect(blocks: &[Block], labels: &mut Vec<String>) {
        for block in blocks {
            match block {
                Block::Section(section) => collect(&section.blocks, labels),
                Block::Figure(figure) => labels.push(figure.label.clone()),
                _ => {}
            }
        }
    }
    collect(&document.blocks, &mut labels);
    assert_eq!(labels, ["Figure I", "Figure II", "Figure III"]);
    let mut printed = Vec::new();
    for run in document.runs() {
        walk::each(run, &mut |inline| {
            if let Inline::CrossReference { text, .. } = inline {
                printed.push(text.clone());
            }
        });
    }
    assert_eq!(printed, ["I", "II", "III"]);

    let mut broken = super::super::sample::figure();
    broken.chart.groups[0].values.pop();
    let refused = numbered(vec![Block::Figure(broken)]);
    assert_eq!(refused, Err(NumberingError::ChartShape(Id::new("chart"))));
    let twice = numbered(vec![figure("same"), figure("same")]);
    assert_eq!(twice, Err(NumberingError::DuplicateId(Id::new("same"))));
}

#[test]
fn what_stands_in_a_section_without_label_is_referred_to_by_the_one_above() {
    let inside = section("inside", Level::THREE, vec![paragraph("x")]);
    let Block::Section(mut without) = section("without", Level::TWO, vec![inside]) else {
        unreachable!()
    };
    without.unnumbered = true;
    let to = Inline::CrossReference { to: Id::new("inside"), text: String::new() };
    let blocks = vec![with_inlines(vec![to]), Block::Section(without)];
    let document = numbered(vec![section("above", Level::ONE, blocks)]).unwrap();
    let text = document.runs().into_iter().map(plain_text).collect::<Vec<_>>();
    assert!(text.iter().any(|text| text == "I.i" || text == "I.1"), "{text:?}");
}
