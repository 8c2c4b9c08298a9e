//! A draft that goes out as a Word file, is edited there and comes back.

use std::io::{Cursor, Read, Write};

use reqwest::Method;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::harness::{Person, Request, World};
use crate::jobs::upload;
use crate::main_job::walk;
use crate::on_both;

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

async fn bytes(world: &World, by: &Person, path: &str) -> Vec<u8> {
    let request = world.client.get(format!("{}{path}", world.base)).bearer_auth(&by.token);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    assert_eq!(answer.headers()["content-type"], WORD);
    answer.bytes().await.unwrap().to_vec()
}

/// The file with other words in its text, as a word processor would save it.
fn edited(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(file)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if name == "word/document.xml" {
            let text = String::from_utf8(content).unwrap();
            assert!(text.contains(from), "no {from} in the file");
            content = text.replace(from, to).into_bytes();
        }
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Every paragraph of an outline, in order.
fn collect(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::Array(paragraphs)) = members.get("paragraphs") {
                found.extend(paragraphs.iter().cloned());
            }
            members.values().for_each(|member| collect(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

on_both!(
    what_was_edited_in_word_is_shown_then_applied_and_nothing_else,
    |world: World| async move {
        let walk = walk(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
        let (report, by) = (&walk.report, &walk.secretariat);
        let published = bytes(&world, by, &format!("{report}/editions/1.docx")).await;
        assert_eq!(published, bytes(&world, by, &format!("{report}/editions/1.docx")).await);
        let returned = format!("{report}/draft/returned");
        let version = world.get(Some(by), report).await.json["version"].as_i64().unwrap();
        let reopen = json!({ "to": "drafting", "reason": "It is a test." });
        world.change(by, Method::POST, &format!("{report}/state"), version, reopen).await;
        let draft = bytes(&world, by, &format!("{report}/draft.docx")).await;
        let same = upload(&world, by, &returned, WORD, draft.clone()).await;
        assert_eq!((same.status, &same.json["changes"]), (200, &json!([])), "{}", same.text);
        assert_eq!(
            (&same.json["missing"], &same.json["added"]),
            (&json!([]), &json!([])),
            "{}",
            same.text
        );

        let file =
            edited(&draft, "Fees should be waived.", "Fees should be waived for &lt;all&gt;.");
        let paragraphs = || async {
            let outline = world.get(Some(by), &format!("{report}/outline")).await.json;
            let mut found = Vec::new();
            collect(&outline, &mut found);
            assert!(found.len() > 8, "{outline}");
            found
        };
        let before = paragraphs().await;
        let seen = upload(&world, by, &returned, WORD, file.clone()).await.json;
        assert_eq!(seen["applied"], false);
        let changes = seen["changes"].as_array().unwrap();
        assert_eq!(changes.len(), 1, "{seen}");
        assert_eq!(changes[0]["before"], "Fees should be waived.");
        assert!(changes[0]["after"].as_str().unwrap().contains("waived for"));
        assert_eq!(paragraphs().await, before);
        let fingerprint = seen["fingerprint"].as_str().unwrap();
        let confirmed = format!("{returned}?fingerprint={fingerprint}");
        let wrong = upload(&world, by, &confirmed, WORD, draft.clone()).await;
        wrong.is_problem(412, "version_mismatch");
        let applied = upload(&world, by, &confirmed, WORD, file.clone()).await;
        assert_eq!(
            (applied.status, &applied.json["applied"]),
            (200, &json!(true)),
            "{}",
            applied.text
        );
        upload(&world, by, &confirmed, WORD, file).await.is_problem(412, "version_mismatch");
        let after = paragraphs().await;
        let differ: Vec<_> =
            before.iter().zip(&after).filter(|(one, other)| one != other).collect();
        assert_eq!(differ.len(), 1);
        assert_eq!(differ[0].0["inputs"], differ[0].1["inputs"], "what it rests on stays");

        for garbage in [b"PK\x03\x04nonsense".to_vec(), b"not a file".to_vec(), Vec::new()] {
            let refused = upload(&world, by, &returned, WORD, garbage).await;
            refused.is_problem(422, "unreadable_file");
        }
        let paper = walk.paper.clone();
        let other = bytes(&world, by, &format!("{paper}/editions/1.docx")).await;
        upload(&world, by, &returned, WORD, other).await.is_problem(422, "unreadable_file");
        let nobody = world.person("Curious Example");
        let request = Request::new(Method::POST, &returned).by(Some(&nobody));
        assert!([403, 404].contains(&world.send(request).await.status));
    }
);
