//! Tables in and out of files: what people's programs make of them, and what is written is read back.

use std::io::{Seek, Write};

use proptest::prelude::*;

use super::columns::{Columns, Field, Mapping};
use super::sheet::{Leaving, Sheet, TableFormat};
use super::table::{ReadAs, Table, XLSX, letters, read, read_sheet};
use super::*;

fn csv(text: &str) -> Table {
    read(text.as_bytes(), Some("text/csv")).unwrap()
}

fn refused(bytes: &[u8]) -> String {
    let problem = read(bytes, None).unwrap_err();
    assert_eq!(problem.code().kind().code, "unreadable_file");
    problem.to_string()
}

#[test]
fn any_line_end_and_any_delimiter_give_the_same_table() {
    let expected = csv("Name,E-mail\nAda,ada@x.org\nBo,bo@x.org\n");
    assert_eq!(expected.header, ["Name", "E-mail"]);
    for end in ["\n", "\r\n", "\r"] {
        for sign in [",", ";", "\t"] {
            let text = ["Name,E-mail", "Ada,ada@x.org", "Bo,bo@x.org"].join(end).replace(',', sign);
            assert_eq!(csv(&text), expected, "{text:?}");
            assert_eq!(csv(&format!("\u{feff}{text}{end}")), expected, "{text:?}");
        }
    }
}

#[test]
fn a_first_line_tells_the_sign_and_is_no_row_of_the_table() {
    for (told, sign) in [("sep=;", ";"), ("SEP=|", "|"), ("\"sep=,\"", ","), ("sep=\t", "\t")] {
        let text = format!("\u{feff}{told}\r\nName{sign}Note\r\nAda{sign}\"a, b; c\"\r\n");
        let table = csv(&text);
        assert_eq!(table.header, ["Name", "Note"], "{told}");
        assert_eq!((table.rows[0].number, &table.rows[0].cells[1][..]), (3, "a, b; c"), "{told}");
    }
    assert_eq!(csv("sep=here,b\n1,2\n").header, ["sep=here", "b"]);
}

#[test]
fn rows_are_counted_as_a_spreadsheet_shows_them() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["name,note", "", "Ada,\"two", "lines\"", "", "", "Bo,x", ",", "Cy,"].join(end);
        let numbers: Vec<u32> = csv(&text).rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [3, 6, 8], "{text:?}");
    }
}

#[test]
fn encodings_are_told_and_named() {
    let text = "Name;Organisation\r\nZoë Müller;Fédération\r\n";
    let (old, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let unsaid = read(&old, Some("text/csv")).unwrap_err();
    assert_eq!(unsaid.code().kind().code, "unknown_letters");
    assert!(
        unsaid.detail().contains("windows-1252 it reads “Zoë”, “Müller”, “Fédération”"),
        "{unsaid}"
    );
    let table = read(&old, Some("text/csv; charset=windows-1252")).unwrap();
    assert_eq!(table.read_as, ReadAs::AsSaid);
    assert_eq!(table.rows[0].cells, ["Zoë Müller", "Fédération"]);
    for (mark, wide) in
        [([0xFF, 0xFE], u16::to_le_bytes as fn(u16) -> [u8; 2]), ([0xFE, 0xFF], u16::to_be_bytes)]
    {
        let bytes: Vec<u8> = mark.into_iter().chain(text.encode_utf16().flat_map(wide)).collect();
        let table = read(&bytes, None).unwrap();
        assert_eq!((table.read_as, table.rows[0].cells[0].as_str()), (ReadAs::Utf16, "Zoë Müller"));
    }
    let (thai, _, _) = encoding_rs::WINDOWS_874.encode("name\nสมชาย\n");
    let table = read(&thai, Some("text/csv; charset=windows-874")).unwrap();
    assert_eq!((table.read_as, table.rows[0].cells[0].as_str()), (ReadAs::AsSaid, "สมชาย"));
    assert_eq!(
        read(b"a", Some("text/csv; charset=klingon")).unwrap_err().code().kind().status,
        415
    );
    assert!(
        read(b"name\n\xff\n", Some("text/csv; charset=utf-8"))
            .unwrap_err()
            .detail()
            .contains("line 2")
    );
}

#[test]
fn what_is_no_table_is_refused_with_a_reason() {
    for (bytes, word) in [
        (&b""[..], "empty"),
        (b" \r\n", "empty"),
        (b"\xEF\xBB\xBF", "nothing in the file"),
        (b"a,,c\n1,2,3", "Column B"),
        (b"Name,name\n1,2", "A and B"),
        (b"a,b\n1,2\n3\n4,5,6", "/rows/3"),
        (b"a,b\n1,2\n3\n4,5,6", "/rows/4"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1", ".xls"),
        (b"PK\x03\x04nothing", "damaged"),
        (b"a,b\n\x00,1", "Line 2"),
    ] {
        let told = refused(bytes);
        assert!(told.contains(word), "{told}");
    }
    let problem = read(b"{}", Some("application/json")).unwrap_err();
    assert_eq!(problem.code().kind().status, 415);
    let many = format!("a\n{}", "x\n".repeat(20_001));
    assert!(refused(many.as_bytes()).contains("20001 rows"));
    assert!(refused(format!("a\n{}", "x".repeat(40_000)).as_bytes()).contains("row 2"));
}

#[test]
fn columns_have_letters() {
    assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
}

#[test]
fn a_column_is_found_by_its_name_or_as_the_sender_says() {
    const FIELDS: &[Field] = &[
        Field { name: "email", columns: &["Email Address"], needed: true },
        Field { name: "name", columns: &["Full name"], needed: true },
    ];
    let table = csv("Email  address,Who,Extra\na@x.org,Ada,1");
    let problem = Columns::find(&table, FIELDS, &[], &Mapping::default()).unwrap_err();
    assert!(problem.to_string().contains("no column for name"));
    let mapping = Mapping::parse(Some(r#"{"who": "name", "extra": null}"#)).unwrap();
    let columns = Columns::find(&table, FIELDS, &[], &mapping).unwrap();
    assert_eq!(columns.get(&table.rows[0], "name"), Some("Ada"));
    assert_eq!(columns.get(&table.rows[0], "email"), Some("a@x.org"));
    let fields: Vec<_> = columns.used().into_iter().map(|used| used.field).collect();
    assert_eq!(fields, [Some("email".into()), Some("name".into()), None]);
    for wrong in
        [r#"{"nobody": "name"}"#, r#"{"who": "shoe_size"}"#, r#"{"who": "name", "extra": "name"}"#]
    {
        let mapping = Mapping::parse(Some(wrong)).unwrap();
        assert!(Columns::find(&table, FIELDS, &[], &mapping).is_err(), "{wrong}");
    }
    assert!(Mapping::parse(Some("[]")).is_err());
}

/// A packed folder with one sheet whose XML is `sheet`.
fn workbook_of(sheet: &str, shared: &str) -> Vec<u8> {
    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    for (name, text) in [
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"a\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/sharedStrings.xml", shared.to_owned()),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>"),
        ),
    ] {
        packed.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        packed.write_all(text.as_bytes()).unwrap();
    }
    packed.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_that_would_fill_the_memory_is_refused() {
    let name = |row: u32| {
        format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"inlineStr\"><is><t>name</t></is></c></row>")
    };
    assert_eq!(read(&workbook_of(&name(1), "<sst/>"), None).unwrap().header, ["name"]);
    let bomb = workbook_of(&" ".repeat(101 << 20), "<sst/>");
    assert!(bomb.len() < 1 << 20);
    assert!(refused(&bomb).contains("unpacks to more"));
    let liar = workbook_of(&name(1), "<sst uniqueCount=\"999999999999999999\"></sst>");
    assert!(refused(&liar).contains("unpacks to more"));
    let far = workbook_of("<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>", "<sst/>");
    assert!(refused(&far).contains("too large"));
    // A cell at the very bottom is one row, not a million.
    let deep = format!("{}<row r=\"1048576\"><c r=\"A1048576\"><v>3.5</v></c></row>", name(1));
    let table = read(&workbook_of(&deep, "<sst/>"), None).unwrap();
    assert_eq!((table.rows[0].number, table.rows[0].cells[0].as_str()), (1_048_576, "3.5"));
}

/// What leaves of a table that is too long to be held.
fn left(format: TableFormat, columns: &[Column], rows: &[Vec<Value>]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let leaving = Leaving { format, mark: false, folder: folder.path().into() };
    let mut table = leaving.begin("S", columns.to_vec()).unwrap();
    rows.iter().for_each(|row| table.row(row).unwrap());
    assert_eq!(table.count(), rows.len());
    let mut file = table.end().unwrap();
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "it has no name");
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    std::io::copy(&mut file, &mut bytes).unwrap();
    bytes
}

#[test]
fn formulas_are_made_harmless_and_come_back() {
    let columns = [Column::new("name", Kind::Text), Column::new("age", Kind::Number)];
    let texts =
        ["=HYPERLINK(\"http://x\")", "+66 2 288", "-1", "@here", "'=x", "''-", "'quoted'", "＝1"];
    let rows = || texts.map(|text| vec![Value::Text(text.into()), Value::Number(-3.0)]);
    let sheet = |rows: Vec<_>| Sheet { name: "People", columns: columns.clone().into(), rows };
    let file = sheet(rows().into()).write(TableFormat::Csv, true).unwrap();
    let text = std::str::from_utf8(&file).unwrap();
    assert!(text.starts_with(
        "\u{feff}name,age\r\n\"'=HYPERLINK(\"\"http://x\"\")\",-3\r\n'+66 2 288,-3\r\n"
    ));
    assert!(text.contains("\r\n''=x,") && text.contains("\r\n'quoted',"));
    let back: Vec<String> =
        read(&file, None).unwrap().rows.into_iter().map(|row| row.cells[0].clone()).collect();
    assert_eq!(back, texts);
    let book = sheet(rows().into()).write(TableFormat::Xlsx, false).unwrap();
    let back: Vec<String> =
        read(&book, Some(XLSX)).unwrap().rows.into_iter().map(|row| row.cells[0].clone()).collect();
    assert_eq!(back, texts);
}

#[test]
fn a_cell_of_a_workbook_holds_what_it_can_and_says_that_there_was_more() {
    let columns = [Column::new("text", Kind::Text)];
    // Signs beyond the first plane are two units each.
    for (text, kept) in [
        ("a".repeat(32_767), "a".repeat(32_767)),
        ("a".repeat(32_768), "a".repeat(32_766) + "…"),
        ("𝔸".repeat(20_000), "𝔸".repeat(16_383) + "…"),
    ] {
        let rows = vec![vec![Value::Text(text)]];
        let sheet = Sheet { name: "Texts", columns: columns.clone().into(), rows };
        let book = sheet.write(TableFormat::Xlsx, false).unwrap();
        assert!(read(&book, Some(XLSX)).unwrap().rows[0].cells[0] == kept);
    }
}

#[test]
fn a_workbook_has_types_and_is_the_same_every_time() {
    let day = chrono::NaiveDate::from_ymd_opt(2020, 11, 19).unwrap();
    let columns = [
        Column::new("text", Kind::Text),
        Column::new("number", Kind::Number),
        Column::new("date", Kind::Date),
        Column::new("at", Kind::Instant),
        Column::new("flag", Kind::Flag),
    ];
    let row = || {
        vec![
            Value::Text("1.50".into()),
            Value::Number(12.0),
            Value::Date(day),
            Value::Instant("2020-11-19T04:00:05Z".parse().unwrap()),
            Value::Flag(true),
        ]
    };
    let sheet = || Sheet { name: "Rows", columns: columns.clone().into(), rows: vec![row()] };
    let book = sheet().write(TableFormat::Xlsx, false).unwrap();
    assert_eq!(book, sheet().write(TableFormat::Xlsx, false).unwrap());
    let long = || left(TableFormat::Xlsx, &columns, &[row()]);
    assert_eq!(long(), long());
    let cells = |book: &[u8]| read(book, Some(XLSX)).unwrap().rows[0].cells.clone();
    assert_eq!(cells(&long()), cells(&book));
    let table = read_sheet(&book, Some(XLSX), Some("rows")).unwrap();
    assert_eq!(table.rows[0].cells, ["1.50", "12", "2020-11-19", "2020-11-19T04:00:05", "true"]);
    assert!(read_sheet(&book, Some(XLSX), Some("Other")).is_err());
    let mut packed = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let sheet =
        std::io::read_to_string(packed.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert!(
        sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter ref=\"A1:E2\""),
        "{sheet}"
    );
}

/// Text as somebody might have in a cell: any letters, signs and quotes; the ends are trimmed when read.
fn cell() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            proptest::char::range(' ', '~'),
            proptest::char::range('\u{a1}', '\u{4ff}'),
            proptest::char::range('\u{600}', '\u{6ff}'),
            proptest::char::range('\u{e01}', '\u{e30}'),
            proptest::char::range('\u{4e00}', '\u{4fff}'),
            proptest::char::range('\u{1f600}', '\u{1f64f}'),
            Just('"'),
            Just(','),
            Just('\n'),
            Just('='),
            Just('\''),
        ],
        0..12,
    )
    .prop_map(|chars| chars.into_iter().collect::<String>().trim().to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read_back(rows in proptest::collection::vec(proptest::collection::vec(cell(), 3), 1..6)) {
        let columns = ["a", "b", "c"].map(|name| Column::new(name, Kind::Text));
        let values = || rows.iter().map(|row| row.iter().cloned().map(Value::Text).collect::<Vec<_>>());
        let expected: Vec<Vec<String>> =
            rows.iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).cloned().collect();
        let rows: Vec<Vec<Value>> = values().collect();
        for format in [TableFormat::Csv, TableFormat::Xlsx] {
            let file = left(format, &columns, &rows);
            let sheet = Sheet { name: "S", columns: columns.clone().into(), rows: rows.clone() };
            if format == TableFormat::Csv {
                prop_assert_eq!(&sheet.write(format, false).unwrap(), &file);
            } else {
                let book = read(&sheet.write(format, false).unwrap(), None).unwrap();
                let cells: Vec<Vec<String>> = book.rows.into_iter().map(|row| row.cells).collect();
                prop_assert_eq!(&cells, &expected);
            }
            let back = read(&file, None).unwrap();
            let cells: Vec<Vec<String>> = back.rows.into_iter().map(|row| row.cells).collect();
            prop_assert_eq!(&cells, &expected);
        }
    }
}
