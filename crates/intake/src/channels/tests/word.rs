//! Word files by several programs, and what Word writes into them that nobody reads.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

const WORD: Kind = Kind::Document;
const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";

fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A file with this body, and these styles.
pub(super) fn document(body: &str, styles: &str) -> Vec<u8> {
    document_in(TYPES, body, styles)
}

fn document_in(types: &str, body: &str, styles: &str) -> Vec<u8> {
    let relation = |kind: &str, target: &str| {
        format!("<Relationship Type=\"{types}/{kind}\" Target=\"{target}\"/>")
    };
    let notes = "<w:footnotes><w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:separator/></w:r></w:p></w:footnote><w:footnote w:id=\"1\"><w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:footnoteRef/></w:r><w:r><w:t>See </w:t></w:r><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:t>p. 12.</w:t></w:r></w:p></w:footnote></w:footnotes>";
    packed(&[
        ("_rels/.rels", &format!("<R>{}</R>", relation("officeDocument", "/word/document2.xml"))),
        (
            "word/_rels/document2.xml.rels",
            &format!(
                "<R>{}{}</R>",
                relation("styles", "../word/styles.xml"),
                relation("footnotes", "footnotes.xml")
            ),
        ),
        (
            "word/document2.xml",
            &format!("<?xml version=\"1.0\"?><w:document><w:body>{body}</w:body></w:document>"),
        ),
        ("word/styles.xml", &format!("<w:styles>{styles}</w:styles>")),
        ("word/footnotes.xml", notes),
    ])
}

fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn paragraph(text: &str) -> String {
    format!("<w:p>{}</w:p>", run(text))
}

fn body(body: &str) -> Seen {
    read(WORD, &document(body, "")).unwrap()
}

/// A file in which each row is a paragraph.
pub(super) fn spoken_document(text: &str) -> Vec<u8> {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    document(&escaped.lines().map(paragraph).collect::<String>(), "")
}

#[test]
fn a_long_record_is_the_same_by_two_programs() {
    let by_python = read_file(WORD, "record_by_python_docx.docx");
    let by_office = read_file(WORD, "record_by_libreoffice.docx");
    assert_eq!(bodies(&by_python), bodies(&by_office));
    let under = |read: &Seen| read.lines.iter().map(|line| line.under.clone()).collect::<Vec<_>>();
    assert_eq!(under(&by_python), under(&by_office));
    assert_eq!(by_python.language.as_deref(), Some("en-GB"));
    assert_eq!(by_office.language.as_deref(), Some("en-GB"));
    // The paragraphs are numbered in their text: none is lost and none comes twice.
    let numbers: Vec<usize> = by_python.lines[1..]
        .iter()
        .map(|line| line.body[1..].split(']').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(numbers, (1..=353).collect::<Vec<_>>());
    let last = by_python.lines.last().unwrap();
    assert_eq!(last.body, "[353] First row\nsecond row after a tab, “quoted” & <marked>.");
    assert_eq!(
        last.under,
        [
            "Regional hearing on migration: written record",
            "Objective 23: Cooperation",
            "What was proposed"
        ]
    );
    assert_eq!(by_python.passed_over.len(), 1);
    assert_eq!(by_python.passed_over[0].why, Why::HeadingAlone);
}

#[test]
fn a_position_by_pandoc_and_by_libreoffice() {
    for name in ["position_by_pandoc.docx", "position_by_libreoffice.docx"] {
        let read = read_file(WORD, name);
        assert_eq!(read.language.as_deref(), Some("fr-FR"), "{name}");
        assert_eq!(
            bodies(&read),
            [
                "Les villes portuaires demandent un guichet unique. Elles proposent de le financer ensemble, selon leur accord.",
                "Premier point : l’accueil.",
                "Deuxième point : la santé.",
                "Un point plus bas.",
                "Un nombre.",
                "Un autre nombre.",
                "Objectif",
                "Proposition",
                "7",
                "Réduire les vulnérabilités",
                "15",
                "Ouvrir les services & l’école",
                "Une citation d’un texte inventé.",
                "Dernière phrase.",
            ],
            "{name}"
        );
        assert_eq!(read.lines[0].under, ["Position of the Harbour Towns", "Ce que nous demandons"]);
        assert_eq!(read.lines[0].notes, ["Voir le rapport inventé de 2019, p.\u{a0}12."]);
        assert_eq!(
            read.lines[13].notes,
            ["Une note avec deux paragraphes.\nLe second paragraphe."]
        );
        let alone: Vec<Why> = read.passed_over.iter().map(|one| one.why).collect();
        // LibreOffice was asked to number its pages.
        assert!(
            matches!(alone[..], [Why::HeadingAlone] | [Why::PageEdge, Why::HeadingAlone]),
            "{name}"
        );
    }
}

#[test]
fn minutes_with_everything_that_an_office_adds() {
    let read = read_file(WORD, "minutes_by_libreoffice.docx");
    assert_eq!(
        bodies(&read),
        [
            "Texto inicial con añadido.",
            "Texto en el cuadro",
            "Antes del cuadro y después.",
            "Texto en la forma",
            "Junto a la forma.",
            "Visible.",
            "Celda uno\nsegunda línea",
            "Con un enlace, un tabulador\ny un salto.",
        ]
    );
    assert_eq!(read.lines[5].notes, ["Nota final inventada."]);
    assert!(read.lines.iter().all(|line| line.under == ["Primera sesión"]));
    assert_eq!(
        passed(&read),
        [(2, 2, Why::Deleted), (2, 2, Why::Comment), (7, 7, Why::Hidden), (11, 11, Why::Contents)]
    );
    assert_eq!(read.language.as_deref(), Some("es-ES"));
}

#[test]
fn changes_are_taken_as_accepted() {
    let text = format!(
        "<w:p><w:pPr><w:rPr><w:ins w:author=\"x\"/></w:rPr></w:pPr>{}<w:ins>{}</w:ins><w:del>{}<w:r><w:delText>old</w:delText></w:r></w:del><w:moveFrom>{}</w:moveFrom><w:moveTo>{}</w:moveTo></w:p>",
        run("kept"),
        run(" new"),
        run("gone"),
        run("away"),
        run(" here")
    );
    assert_eq!(bodies(&body(&text)), ["kept new here"]);
    let joined = format!(
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{}</w:p>{}{}",
        run("one "),
        paragraph("line"),
        paragraph("two")
    );
    assert_eq!(bodies(&body(&joined)), ["one line", "two"]);
    let row = format!(
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{}</w:tc></w:tr><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
        paragraph("gone"),
        paragraph("kept")
    );
    assert_eq!(bodies(&body(&row)), ["kept"]);
}

#[test]
fn what_a_reader_sees_is_taken_once() {
    let cases = [
        (format!("<w:p><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><wp:posOffset>123</wp:posOffset><w:txbxContent>{0}</w:txbxContent></mc:Choice><mc:Fallback><w:pict>{0}</w:pict></mc:Fallback></mc:AlternateContent></w:r>{1}</w:p>", paragraph("boxed"), run("around")), vec!["boxed", "around"]),
        (format!("<w:p><w:hyperlink>{}</w:hyperlink><w:r><w:fldChar/><w:instrText>PAGE</w:instrText></w:r>{}</w:p>", run("linked "), run("3")), vec!["linked 3"]),
        ("<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t>co\u{ad}op</w:t><w:softHyphen/><w:t>erate</w:t><w:noBreakHyphen/><w:t>d</w:t><w:br/><w:t>x</w:t><w:tab/><w:sym w:char=\"F0FC\"/><w:t>y &amp; &#233; &lt;b&gt;</w:t></w:r></w:p>".to_owned(), vec!["cooperate\u{2011}d\nx y & é <b>"]),
        (format!("<w:tbl><w:tr><w:tc>{}{}</w:tc><w:tc><w:p><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr>{}</w:p>{}</w:tc></w:tr></w:tbl>", paragraph("a"), paragraph("b"), run("c"), paragraph("d")), vec!["a\nb", "c", "d"]),
        (format!("<w:p><w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r></w:p>", run("kan"), run("漢")), vec!["漢"]),
        (format!("<w:p>{}<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></w:p>", run("if ")), vec!["if x=1"]),
    ];
    for (text, expected) in cases {
        assert_eq!(bodies(&body(&text)), expected, "{text}");
    }
    let hidden = format!(
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>{}<w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>er</w:t></w:r></w:p>",
        run("oth")
    );
    let read = body(&hidden);
    assert_eq!((bodies(&read), passed(&read)), (vec!["other"], vec![(1, 1, Why::Hidden)]));
    let form = format!(
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt><w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
        paragraph("Click here"),
        paragraph("filled in")
    );
    let read = body(&form);
    assert_eq!((bodies(&read), passed(&read)), (vec!["filled in"], vec![(1, 1, Why::Placeholder)]));
    let noted =
        body(&format!("<w:p>{}<w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p>", run("So")));
    assert_eq!(
        (bodies(&noted), &noted.lines[0].notes[..]),
        (vec!["So"], &["See p. 12.".to_owned()][..])
    );
}

#[test]
fn headings_are_told_by_outline_and_by_name() {
    let style = |id: &str, name: &str, more: &str| {
        format!("<w:style w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{more}</w:style>")
    };
    let styles = [
        "<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val=\"pt-PT\"/></w:rPr></w:rPrDefault></w:docDefaults><w:latentStyles><w:lsdException w:name=\"Title\"/></w:latentStyles>".to_owned(),
        style("berschrift1", "heading 1", ""),
        style("own", "Own style", "<w:basedOn w:val=\"other\"/>"),
        style("other", "Other", "<w:basedOn w:val=\"own\"/><w:pPr><w:outlineLvl w:val=\"1\"/></w:pPr>"),
        style("loop", "Loop", "<w:basedOn w:val=\"loop\"/>"),
        style("toc1", "toc 1", ""),
        style("t", "Title", ""),
    ].concat();
    let styled = |id: &str, text: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{id}\"/></w:pPr>{}</w:p>", run(text))
    };
    let outlined = format!("<w:p><w:pPr><w:outlineLvl w:val=\"2\"/></w:pPr>{}</w:p>", run("Deep"));
    let text = [
        styled("t", "Top"),
        styled("toc1", "One … 3"),
        styled("berschrift1", "One"),
        styled("own", "Two"),
        outlined,
        styled("loop", "text"),
        styled("berschrift1", "Another"),
        paragraph("more"),
    ]
    .concat();
    for types in [TYPES, STRICT] {
        let read = read(WORD, &document_in(types, &text, &styles)).unwrap();
        assert_eq!(read.lines[0].under, ["Top", "One", "Two", "Deep"]);
        assert_eq!(read.lines[1].under, ["Top", "Another"]);
        assert_eq!(
            (bodies(&read), passed(&read)),
            (vec!["text", "more"], vec![(2, 2, Why::Contents)])
        );
        assert_eq!(read.language.as_deref(), Some("pt-PT"));
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let old = file("position_by_libreoffice.doc");
    assert_eq!(held("position.doc", &old), Some(Holding::Word));
    assert_eq!(read(WORD, &old), Err(Unreadable::OldWord));
    assert_eq!(read(WORD, &file("position_locked.docx")), Err(Unreadable::LockedWord));
    assert_eq!(
        read_as(None, "a.docx", &packed(&[("content.xml", "<x/>")]), &[]),
        Err(Unreadable::NotWord)
    );
    assert_eq!(read_as(None, "a.docx", b"PK\x03\x04", &[]), Err(Unreadable::DamagedWord));
    let inside = |text: &str| read(WORD, &packed(&[("word/document.xml", text)]));
    for damaged in [
        "<w:document><w:body>",
        "<w:document></w:body>",
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><w:document><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:document>",
        "<w:p><w:r><w:t>&b;</w:t></w:r></w:p>",
    ] {
        assert_eq!(inside(damaged), Err(Unreadable::DamagedWord), "{damaged}");
    }
    for sentence in [Unreadable::OldWord, Unreadable::LockedWord, Unreadable::NotWord] {
        assert!(sentence.to_string().contains('.'));
    }
}

#[test]
fn bombs_do_not_go_off() {
    let bomb = packed(&[("word/document.xml", &" ".repeat(51 << 20))]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(read(WORD, &bomb), Err(Unreadable::UnpacksTooLarge));
    let deep = "<w:tbl><w:tr><w:tc><w:p>".repeat(200);
    let ends = "</w:p></w:tc></w:tr></w:tbl>".repeat(200);
    assert_eq!(bodies(&body(&format!("{deep}{}{ends}", run("deep")))), ["deep"]);
    assert_eq!(read(WORD, &document(&"<w:p>".repeat(2000), "")), Err(Unreadable::DamagedWord));
    let attributes: String = (0..50_000).map(|number| format!(" a{number}=\"\"")).collect();
    assert_eq!(bodies(&body(&format!("<w:p{attributes}>{}</w:p>", run("x")))), ["x"]);
    let notes =
        format!("<w:p>{}</w:p>", "<w:r><w:footnoteReference w:id=\"1\"/></w:r>".repeat(100_000));
    assert!(read(WORD, &document(&notes, "")).is_ok_and(|read| read.lines.len() == 1));
    let cells = format!(
        "<w:tbl><w:tr>{}</w:tr></w:tbl>",
        format!("<w:tc>{}</w:tc>", paragraph("x")).repeat(20_001)
    );
    assert_eq!(read(WORD, &document(&cells, "")), Err(Unreadable::TooManyLines));
}

/// Not a test of speed, which two busy cores would make fail: it says how long the long record takes.
#[test]
fn how_long_the_record_takes() {
    let bytes = file("record_by_libreoffice.docx");
    let begun = std::time::Instant::now();
    for _ in 0..3 {
        read(WORD, &bytes).unwrap();
    }
    println!("one reading of the long record: {:?}", begun.elapsed() / 3);
}

fn style(kind: &str, id: &str, based_on: &str, look: &str) -> String {
    format!(
        "<w:style w:type=\"{kind}\" w:styleId=\"{id}\"><w:name w:val=\"{id}\"/><w:basedOn w:val=\"{based_on}\"/><w:rPr>{look}</w:rPr></w:style>"
    )
}

#[test]
fn text_hidden_by_style_is_passed_over() {
    let seen = read_as(None, "a.docx", &file("hidden_by_style.docx"), &[]).unwrap();
    assert_eq!(
        bodies(&seen),
        ["Visible start  visible end.", "SHOWN because it is switched off here."]
    );
    assert_eq!(passed(&seen), [1, 2, 3].map(|at| (at, at, Why::Hidden)));

    let (on, off) = ("<w:vanish/>", "<w:vanish w:val=\"false\"/>");
    let styles = [
        style("character", "Note", "Base", ""),
        style("character", "Base", "", on),
        style("character", "Shown", "Note", off),
        style("paragraph", "Aside", "Deeper", ""),
        style("paragraph", "Deeper", "Deepest", ""),
        style("paragraph", "Deepest", "", on),
        style("paragraph", "Back", "Aside", off),
        style("table", "Grid", "", on),
    ]
    .concat();
    let run = |properties: &str, text: &str| {
        format!("<w:r><w:rPr>{properties}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
    };
    let styled = |style: &str, runs: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>")
    };
    let named = |style: &str| format!("<w:rStyle w:val=\"{style}\"/>");
    for (text, shown) in [
        (styled("None", &run(&named("Note"), "x")), vec![]),
        (styled("None", &run(&named("Shown"), "x")), vec!["x"]),
        (styled("Aside", &run("", "x")), vec![]),
        (styled("Back", &run("", "x")), vec!["x"]),
        (styled("Back", &run(on, "x")), vec![]),
        (styled("Aside", &run(off, "x")), vec!["x"]),
        // Two styles that hide undo one another, as Word has it.
        (styled("Aside", &run(&named("Note"), "x")), vec!["x"]),
        (styled("Aside", &run(&format!("{}{on}", named("Note")), "x")), vec![]),
        (
            format!(
                "<w:tbl><w:tblPr><w:tblStyle w:val=\"Grid\"/></w:tblPr><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
                styled("None", &run("", "x"))
            ),
            vec![],
        ),
        (
            format!(
                "<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{}</w:tc></w:tr></w:tbl>",
                paragraph("x")
            ),
            vec![],
        ),
    ] {
        let seen = read(WORD, &document(&text, &styles)).unwrap();
        let passed: Vec<Why> = seen.passed_over.iter().map(|one| one.why).collect();
        let hidden = if shown.is_empty() { vec![Why::Hidden] } else { vec![] };
        assert_eq!((bodies(&seen), passed), (shown, hidden), "{text}");
    }
    let defaults =
        format!("<w:docDefaults><w:rPrDefault><w:rPr>{on}</w:rPr></w:rPrDefault></w:docDefaults>");
    let both = format!("<w:p>{}{}</w:p>", run("", "hidden"), run(off, "shown"));
    assert_eq!(bodies(&read(WORD, &document(&both, &defaults)).unwrap()), ["shown"]);
    let normal = format!(
        "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:rPr>{on}</w:rPr></w:style>"
    );
    assert_eq!(bodies(&read(WORD, &document(&both, &normal)).unwrap()), ["shown"]);
}

#[test]
fn what_vanishes_is_told() {
    let seen = read_as(None, "a.docx", &file("with_other_files.docx"), &[]).unwrap();
    let told: Vec<Why> = seen.passed_over.iter().map(|one| one.why).collect();
    for why in [Why::Embedded, Why::Symbol, Why::Deleted] {
        assert!(told.contains(&why), "{why:?} is not among {told:?}");
    }
    let text = bodies(&seen).join("\n");
    for kept in ["SMARTTAG", "CELL IN SDT", "NESTED SDT", "kept insertion", "MOVEDTO", "x=35"] {
        assert!(text.contains(kept), "{kept} is not in {text}");
    }
    for gone in ["DELCELL", "DELROW", "INSDEL", "MOVEDFROM", "ALTCHUNK"] {
        assert!(!text.contains(gone), "{gone} is in {text}");
    }

    let level = |level: &str, text: &str| {
        format!("<w:r><w:rPr><w:vertAlign w:val=\"{level}\"/></w:rPr><w:t>{text}</w:t></w:r>")
    };
    let look =
        |look: &str, text: &str| format!("<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>");
    for (inside, shown, why) in [
        (run("10") + &level("superscript", "-2"), "10⁻²", None),
        (run("CO") + &level("subscript", "2"), "CO₂", None),
        (run("1") + &level("superscript", "st"), "1st", None),
        (run("x") + &level("superscript", "2nd"), "x²nd", Some(Why::Raised)),
        (run("a") + "<w:r><w:sym w:font=\"Segoe UI Symbol\" w:char=\"2713\"/></w:r>", "a✓", None),
        (
            run("a") + "<w:r><w:sym w:font=\"Wingdings\" w:char=\"00FC\"/></w:r>",
            "a",
            Some(Why::Symbol),
        ),
        (run("a") + &look("<w:rFonts w:ascii=\"Wingdings\"/>", "ü"), "a", Some(Why::Symbol)),
        (run("a") + &run("\u{f0fc}"), "a", Some(Why::Symbol)),
        (run("a") + "<w:r><w:drawing><a:blip/></w:drawing></w:r>", "a", Some(Why::Picture)),
        (run("a") + "<w:r><w:object><o:OLEObject/></w:object></w:r>", "a", Some(Why::Embedded)),
        (run("a") + "<w:r><w:commentReference w:id=\"1\"/></w:r>", "a", Some(Why::Comment)),
        (
            run("a") + "<w:r><w:fldChar><w:ffData><w:checkBox/></w:ffData></w:fldChar></w:r>",
            "a",
            Some(Why::FormField),
        ),
        (
            run("if ")
                + "<m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>",
            "if x2",
            Some(Why::Formula),
        ),
        (run("a") + "<w:del><w:r><w:delText>b</w:delText></w:r></w:del>", "a", Some(Why::Deleted)),
    ] {
        let read = body(&format!("<w:p>{inside}</w:p>"));
        let told: Vec<Why> = read.passed_over.iter().map(|one| one.why).collect();
        assert_eq!((bodies(&read), told), (vec![shown], why.into_iter().collect()), "{inside}");
    }
    let named = "<w:style w:type=\"character\" w:styleId=\"Up\"><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr></w:style>";
    let text = format!("<w:p>{}{}</w:p>", run("10"), look("<w:rStyle w:val=\"Up\"/>", "6"));
    assert_eq!(bodies(&read(WORD, &document(&text, named)).unwrap()), ["10⁶"]);
    // What stands between paragraphs is told, too.
    let between = format!("{}<w:altChunk/>{}<w:altChunk/>", paragraph("a"), paragraph("b"));
    assert_eq!(passed(&body(&between)), [(2, 2, Why::Embedded), (3, 3, Why::Embedded)]);
}
