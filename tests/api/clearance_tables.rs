//! Commenting in a table: the draft goes out for Word and for a spreadsheet, comes back filled in and with comments in its margin, by the
//! API and by the page, and nothing is recorded that was not shown.

use std::io::{Cursor, Read, Write};

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::browser::{hidden, is_page, says};
use crate::clearance::Table;
use crate::harness::{Person, World, id};
use crate::jobs::upload;
use crate::on_both;
use crate::page_access::signed_in;

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

async fn file(world: &World, by: &Person, path: &str) -> Vec<u8> {
    let request = world.client.get(format!("{}{path}", world.base)).bearer_auth(&by.token);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.bytes().await.unwrap().to_vec()
}

/// The file with other text, and with comments in its margin by their numbers, as a word processor would save it.
fn edited(file: &[u8], edit: impl Fn(&str) -> String, comments: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(file)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let each = comments.iter().map(|(id, text)| {
        format!("<w:comment w:id=\"{id}\" w:author=\"Zyxwvut\"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:comment>")
    });
    let main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let part = format!("<w:comments xmlns:w=\"{main}\">{}</w:comments>", each.collect::<String>());
    let mut parts = vec![("word/comments.xml".to_owned(), part.into_bytes())];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        match name.as_str() {
            "word/document.xml" => content = edit(std::str::from_utf8(&content).unwrap()).into(),
            "word/_rels/document.xml.rels" => {
                let relation = format!(
                    "<Relationship Id=\"c\" Type=\"{RELATIONS}/comments\" Target=\"comments.xml\"/></Relationships>"
                );
                let text = std::str::from_utf8(&content).unwrap();
                content = text.replace("</Relationships>", &relation).into_bytes();
            }
            _ => {}
        }
        parts.push((name, content));
    }
    for (name, content) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// A run with a comment beside it.
fn beside(id: u8, text: &str) -> String {
    format!(
        "<w:commentRangeStart w:id=\"{id}\"/>{}<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:commentReference w:id=\"{id}\"/></w:r>",
        run(text)
    )
}

/// The row of a paragraph, with something in its two empty cells.
fn filled(text: &str, of: &str, comment: &str, wording: &str) -> String {
    let (before, rest) = text.split_once(&run(of)).unwrap_or_else(|| panic!("{of}: {text}"));
    let (row, after) = rest.split_once("</w:tr>").unwrap();
    let mut cells = row.split("</w:p>").map(str::to_owned).collect::<Vec<_>>();
    // The first one ends the cell of the text.
    cells[1].push_str(&run(comment));
    cells[2].push_str(&run(wording));
    format!("{before}{}{}</w:tr>{after}", run(of), cells.join("</w:p>"))
}

on_both!(a_table_comes_back_from_word_with_comments_in_its_margin, |world: World| async move {
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    let (bea, path) = (&table.bodies[1].members[0], table.of("clearance/template"));
    let template = file(&world, bea, &format!("{path}?format=docx")).await;
    let same = upload(&world, bea, &path, WORD, template.clone()).await;
    assert_eq!((same.status, &same.json["read_as"]), (200, &json!("docx")), "{}", same.text);
    assert_eq!((&same.json["comments"], &same.json["unplaced"]), (&json!(0), &json!([])));

    let back = edited(
        &template,
        |text| {
            let text =
                filled(text, "Fees differ widely.", "Which fees?", "Fees for passports differ.");
            let text = filled(&text, "Registers help.", "", "");
            text.replace(
                &run("Registers help."),
                &format!("{}{}", beside(0, "Registers"), run(" help.")),
            )
        },
        &[("0", "Whose?"), ("1", "Beside nothing.")],
    );
    let dry = upload(&world, bea, &path, WORD, back.clone()).await;
    assert_eq!((dry.status, &dry.json["errors"]), (200, &json!([])), "{}", dry.text);
    assert_eq!((&dry.json["comments"], &dry.json["suggestions"]), (&json!(2), &json!(1)));
    assert_eq!(dry.json["unplaced"], json!(["Beside nothing."]));
    let comments =
        async || world.get(Some(bea), &table.of("clearance/comments")).await.json["items"].clone();
    assert_eq!(comments().await, json!([]), "it was a dry run");
    let real = format!("{path}?dry_run=false");
    upload(&world, table.by(), &real, WORD, back.clone()).await.is_problem(403, "forbidden");
    let done = upload(&world, bea, &real, WORD, back).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let made = comments().await;
    let told: Vec<(&str, &Value)> = made
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["text"].as_str().unwrap(), &one["words"]))
        .collect();
    assert_eq!(
        told,
        [("Which fees?", &json!("Fees differ widely.")), ("Whose?", &json!("Registers"))]
    );
    assert!(!made.to_string().contains("Zyxwvut"), "who wrote it there is not read");

    // A number without its link names no paragraph: the cell is told by row and column.
    let lost = edited(
        &template,
        |text| {
            let text = filled(text, "Fees differ widely.", "Which fees?", "");
            text.replace("<w:hyperlink ", "<w:smartTag ").replace("</w:hyperlink>", "</w:smartTag>")
        },
        &[],
    );
    let dry = upload(&world, bea, &path, WORD, lost.clone()).await;
    let error = &dry.json["errors"][0];
    assert_eq!(
        (&error["column"], &error["code"]),
        (&json!("Paragraph"), &json!("unknown_paragraph")),
        "{}",
        dry.text
    );
    upload(&world, bea, &real, WORD, lost).await.is_problem(422, "invalid_value");

    // The draft itself comes back with comments: they are known by the bookmarks of its paragraphs.
    let draft = file(&world, bea, &table.of("draft.docx")).await;
    let marked = edited(
        &draft,
        |text| {
            let of = run("Fees differ widely.");
            assert!(text.contains(&of), "{text}");
            text.replace(&of, &format!("{}{}", beside(3, "Fees differ"), run(" widely.")))
        },
        &[("3", "By how much?")],
    );
    let done = upload(&world, bea, &real, WORD, marked).await;
    assert_eq!((done.status, &done.json["comments"]), (200, &json!(1)), "{}", done.text);
    let made = comments().await;
    let last = made.as_array().unwrap().last().unwrap();
    assert_eq!((&last["text"], &last["words"]), (&json!("By how much?"), &json!("Fees differ")));
    // A file in which there is nothing to take over is none.
    let none = upload(&world, bea, &path, WORD, draft).await;
    none.is_problem(422, "unreadable_file");
    upload(&world, bea, &path, WORD, &b"PK\x03\x04 is no file"[..])
        .await
        .is_problem(422, "unreadable_file");
});

on_both!(a_table_is_looked_at_on_its_page_before_it_is_recorded, |world: World| async move {
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    let bea = &table.bodies[1].members[0];
    let browser = signed_in(&world, bea).await;
    let room = table.of("clearance").replace("/api/v1", "/my");
    let page = format!("{room}/template");
    let look = browser.get(&page).await;
    is_page(&look, 200);
    says(&look, &["Comment in a table", "template.xlsx", "template.docx", "type=\"file\""]);
    let there = browser.get(&room).await;
    says(&there, &["/clearance/template?for="]);
    let party = hidden(&look, "for").to_owned();
    for (format, kind) in [("xlsx", rapporteur::exchange::table::XLSX), ("docx", WORD)] {
        let file = browser.get(&format!("{page}.{format}")).await;
        assert_eq!((file.status, file.header("content-type")), (200, kind));
        assert!(file.header("content-disposition").starts_with("attachment"));
    }
    let send = async |csv: &str| {
        let fields = [("action", "look"), ("for", party.as_str())];
        browser.post_file(&page, &fields, Some(("c.csv", "text/csv", csv.as_bytes()))).await
    };
    let csv = |rows: &[(String, &str, &str)]| {
        let rows = rows.iter().map(|(of, comment, wording)| format!("{of},{comment},{wording}\n"));
        format!("reference,comment,suggested_wording\n{}", rows.collect::<String>())
    };
    let of = |one: &Value| format!("{}/1", id(one));

    // What cannot be taken over is told by row and column, and there is nothing to confirm.
    let wrong = csv(&[("page 3".to_owned(), "And here?", ""), (of(&table.own), "Which?", "")]);
    let told = send(&wrong).await;
    is_page(&told, 200);
    says(&told, &["1 cell cannot be taken over.", "Row 2", "names no paragraph of this draft"]);
    assert!(!told.text.contains("value=\"take\""), "{}", told.text);
    for broken in ["PK\u{3}\u{4}broken", "", "a\nb"] {
        let told = send(broken).await;
        is_page(&told, 422);
        says(&told, &["role=\"alert\"", "type=\"file\""]);
    }
    let nothing = browser.post_file(&page, &[("action", "look"), ("for", &party)], None).await;
    is_page(&nothing, 422);

    // What can be is shown, and recorded exactly so once it is confirmed.
    let right = csv(&[
        (of(&table.own), "<b>Which</b> fees?", "Fees for passports differ."),
        (String::new(), "On the whole well put.", ""),
    ]);
    let told = send(&right).await;
    is_page(&told, 200);
    says(
        &told,
        &[
            "&lt;b&gt;Which&lt;/b&gt; fees?",
            "Fees for passports differ.",
            "On the draft as a whole",
        ],
    );
    let comments =
        async || world.get(Some(bea), &table.of("clearance/comments")).await.json["items"].clone();
    assert_eq!(comments().await, json!([]), "nothing is recorded yet");
    let said = hidden(&told, "said");
    let said = said.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    let take = async |said: &str| {
        let fields = [("action", "take"), ("for", party.as_str()), ("said", said)];
        browser.post_file(&page, &fields, None).await
    };
    let done = take(&said).await;
    is_page(&done, 200);
    assert!(browser.at().starts_with(&format!("{room}?done=kept")), "{}", browser.at());
    says(&done, &["role=\"status\"", "On the whole well put."]);
    assert_eq!(comments().await.as_array().unwrap().len(), 2);

    // What a page never showed is refused like anything else, and whoever reads no draft finds no page.
    let foreign = said.replace(id(&table.own), id(&table.desk.scene.review));
    is_page(&take(&foreign).await, 422);
    for none in ["{}", "[]x", ""] {
        is_page(&take(none).await, 404);
    }
    let ola = signed_in(&world, &world.person("Ola Outside")).await;
    is_page(&ola.get(&page).await, 404);
    is_page(&ola.get(&format!("{page}.docx")).await, 404);
    let fields = [("action", "take"), ("for", party.as_str()), ("said", said.as_str())];
    is_page(&ola.post_file(&page, &fields, None).await, 404);
});
