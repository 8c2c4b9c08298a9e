//! A draft that goes out as a Word file, is edited there and comes back.

use std::io::{Cursor, Read, Write};

use reqwest::Method;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::browser::{hidden, is_page, says};
use crate::drafting::{Desk, desk, paragraph, sections, version};
use crate::harness::{Answer, Person, Request, World, id};
use crate::jobs::upload;
use crate::main_job::walk;
use crate::on_both;
use crate::page_access::signed_in;

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const DOCUMENT: &str = "word/document.xml";

async fn bytes(world: &World, by: &Person, path: &str) -> Vec<u8> {
    let request = world.client.get(format!("{}{path}", world.base)).bearer_auth(&by.token);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    assert_eq!(answer.headers()["content-type"], WORD);
    answer.bytes().await.unwrap().to_vec()
}

/// The parts of a file by name.
pub fn parts(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(file)).unwrap();
    let count = archive.len();
    let read = |index| {
        let mut part = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        (part.name().unwrap().into_owned(), content)
    };
    (0..count).map(read).collect()
}

fn packed(parts: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn part(file: &[u8], wanted: &str) -> String {
    let found = parts(file).into_iter().find(|(name, _)| name == wanted).unwrap();
    String::from_utf8(found.1).unwrap()
}

/// The file with other words in one of its parts, as a word processor would save it.
fn edited(file: &[u8], name: &str, from: &str, to: &str) -> Vec<u8> {
    let edit = |(part, content): (String, Vec<u8>)| {
        if part != name {
            return (part, content);
        }
        let text = String::from_utf8(content).unwrap();
        assert!(text.contains(from), "no {from} in the file");
        (part, text.replace(from, to).into_bytes())
    };
    packed(parts(file).into_iter().map(edit).collect())
}

/// The file as a program saves it that keeps nothing but text and bookmarks.
fn forgetful(file: &[u8]) -> Vec<u8> {
    let kept = |(name, _): &(String, Vec<u8>)| !name.contains("custom");
    let parts = parts(file).into_iter().filter(kept).map(|(name, content)| {
        let text = String::from_utf8_lossy(&content);
        if name.ends_with(".rels") || name == "[Content_Types].xml" {
            let kept = text.split_inclusive("/>").filter(|one| !one.contains("ustom"));
            return (name, kept.collect::<String>().into_bytes());
        }
        (name, content)
    });
    packed(parts.collect())
}

fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn inserted(author: &str, text: &str) -> String {
    format!("<w:ins w:id=\"900\" w:author=\"{author}\">{}</w:ins>", run(text))
}

fn deleted(author: &str, text: &str) -> String {
    let run = run(text).replace("w:t", "w:delText");
    format!("<w:del w:id=\"901\" w:author=\"{author}\">{run}</w:del>")
}

/// A draft with five paragraphs, and its file.
struct Sent {
    desk: Desk,
    paragraphs: Vec<Value>,
    file: Vec<u8>,
    returned: String,
}

const TEXTS: [&str; 5] = [
    "Fees differ.",
    "Offices are far away.",
    "Registers are incomplete.",
    "Hours are short.",
    "Forms are long.",
];

async fn sent(world: &World) -> Sent {
    let desk = desk(world).await;
    let mut paragraphs = Vec::new();
    for (nth, text) in TEXTS.into_iter().enumerate() {
        let inputs = [&desk.inputs[nth % 4]];
        paragraphs.push(desk.add(world, &desk.own, text, &inputs).await);
    }
    let file = bytes(world, desk.by(), &format!("{}/draft.docx", desk.report)).await;
    let returned = format!("{}/draft/returned", desk.report);
    Sent { desk, paragraphs, file, returned }
}

impl Sent {
    async fn compare(&self, world: &World, file: &[u8]) -> Value {
        let answer = upload(world, self.desk.by(), &self.returned, WORD, file.to_vec()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.json["applied"], false);
        answer.json
    }

    async fn take(&self, world: &World, file: &[u8], seen: &Value, more: &str) -> Answer {
        let fingerprint = seen["fingerprint"].as_str().unwrap();
        let path = format!("{}?fingerprint={fingerprint}{more}", self.returned);
        upload(world, self.desk.by(), &path, WORD, file.to_vec()).await
    }

    async fn text(&self, world: &World, nth: usize) -> Value {
        self.desk.read(world, &self.paragraphs[nth]).await.json["text"].clone()
    }

    async fn patch(&self, world: &World, nth: usize, text: &str) {
        let own = &self.paragraphs[nth];
        let now = self.desk.read(world, own).await.json;
        let body = json!({ "text": text });
        let by = self.desk.by();
        let answer = world.change(by, Method::PATCH, &paragraph(own), version(&now), body).await;
        assert_eq!(answer["text"], text);
    }

    async fn suggestions(&self, world: &World) -> Vec<Value> {
        let path = format!("{}/suggestions", self.desk.report);
        let listed = world.get(Some(self.desk.by()), &path).await.json;
        listed["items"].as_array().unwrap().clone()
    }
}

fn entries(seen: &Value) -> Vec<Value> {
    seen["entries"].as_array().unwrap_or_else(|| panic!("{seen}")).clone()
}

/// Kind, outcome and what the file says, of every entry.
fn told(seen: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let entries = entries(seen);
    entries
        .iter()
        .map(|one| (text(&one["kind"]), text(&one["outcome"]), text(&one["file"])))
        .collect()
}

fn entry(kind: &str, outcome: &str, file: &str) -> (String, String, String) {
    (kind.to_owned(), outcome.to_owned(), file.to_owned())
}

on_both!(what_a_colleague_changed_meanwhile_stays, |world: World| async move {
    let sent = sent(&world).await;
    assert_eq!(told(&sent.compare(&world, &sent.file).await), [], "nobody edited it");
    sent.patch(&world, 3, "Hours are too short.").await;
    let file = edited(&sent.file, DOCUMENT, TEXTS[1], "Offices are too far away.");
    let seen = sent.compare(&world, &file).await;
    assert_eq!(told(&seen), [entry("text", "suggestion", "Offices are too far away.")]);
    assert_eq!(seen["changed_here"], json!([sent.paragraphs[3]["id"]]));
    assert_eq!(seen["made_from"]["basis"], "file");
    let one = &entries(&seen)[0];
    assert_eq!((&one["conflict"], &one["here"]), (&json!(false), &json!(TEXTS[1])));
    assert_eq!(one["paragraph_id"], sent.paragraphs[1]["id"]);

    let wrong = json!({ "fingerprint": "another" });
    sent.take(&world, &file, &wrong, "").await.is_problem(412, "version_mismatch");
    sent.take(&world, &file, &seen, "&leave_out=nonsense").await.is_problem(422, "invalid_value");
    let taken = sent.take(&world, &file, &seen, "").await;
    assert_eq!((taken.status, &taken.json["applied"]), (200, &json!(true)), "{}", taken.text);
    assert_eq!(entries(&taken.json)[0]["taken"], true);
    // Sent once more, nothing is suggested twice.
    sent.take(&world, &file, &seen, "").await.is_problem(412, "version_mismatch");
    let again = sent.compare(&world, &file).await;
    assert_eq!(told(&again), [entry("text", "named", "Offices are too far away.")]);
    let suggestions = sent.suggestions(&world).await;
    assert_eq!(suggestions.len(), 1);
    assert_eq!(suggestions[0]["id"], entries(&taken.json)[0]["suggestion_id"]);
    assert_eq!(suggestions[0]["text"], "Offices are too far away.");
    assert_eq!(
        (suggestions[0]["author"].clone(), suggestions[0]["state"].clone()),
        (Value::Null, json!("open"))
    );
    assert_eq!(sent.text(&world, 1).await, TEXTS[1]);
    let body = json!({ "decision": "accept" });
    let path = format!("/api/v1/suggestions/{}/decision", id(&suggestions[0]));
    world.change(sent.desk.by(), Method::POST, &path, 1, body).await;
    assert_eq!(sent.text(&world, 1).await, "Offices are too far away.");
    assert_eq!(sent.text(&world, 3).await, "Hours are too short.", "the colleague's words stay");
    // What is alike in both is nothing any more.
    assert_eq!(told(&sent.compare(&world, &file).await), []);
});

on_both!(what_was_changed_in_both_is_shown_as_three_texts, |world: World| async move {
    let sent = sent(&world).await;
    sent.patch(&world, 0, "Fees differ widely.").await;
    let file = edited(&sent.file, DOCUMENT, TEXTS[0], "Fees differ between offices.");
    let seen = sent.compare(&world, &file).await;
    let one = entries(&seen)[0].clone();
    assert_eq!(entries(&seen).len(), 1, "{seen}");
    assert_eq!(one["conflict"], true);
    let three = [&one["made_from"], &one["here"], &one["file"]];
    assert_eq!(
        three,
        [&json!(TEXTS[0]), &json!("Fees differ widely."), &json!("Fees differ between offices.")]
    );
    // Accepting at once leaves a conflict open, and deciding it tells the three again.
    let taken = sent.take(&world, &file, &seen, "&accept=true").await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    assert_eq!(sent.text(&world, 0).await, "Fees differ widely.");
    let suggestion = sent.suggestions(&world).await.remove(0);
    let path = format!("/api/v1/suggestions/{}/decision", id(&suggestion));
    let request = Request::new(Method::POST, &path).by(Some(sent.desk.by())).version(1);
    let refused = world.send(request.body(json!({ "decision": "accept" }))).await;
    refused.is_problem(409, "suggestion_overtaken");
});

on_both!(whole_edits_are_taken_over_and_single_ones_left_out, |world: World| async move {
    let sent = sent(&world).await;
    let new = |text: &str| {
        let style = "<w:pPr><w:pStyle w:val=\"NumberedParagraph\"/></w:pPr>";
        format!("<w:p>{style}{}</w:p>", run(text))
    };
    let xml = part(&sent.file, DOCUMENT);
    let whole = |text: &str| {
        let at = xml.find(&format!(">{text}<")).unwrap();
        let start = xml[..at].rfind("<w:p>").unwrap();
        let end = at + xml[at..].find("</w:p>").unwrap() + "</w:p>".len();
        xml[start..end].to_owned()
    };
    // The last comes to the front, two come in behind the second, the fourth goes, the first has other words.
    let (first, fourth, fifth) = (whole(TEXTS[0]), whole(TEXTS[3]), whole(TEXTS[4]));
    let changed = first.replace(TEXTS[0], "Fees differ a lot.");
    let second = whole(TEXTS[1]);
    let now = xml
        .replace(&fifth, "")
        .replace(&fourth, "")
        .replace(&first, &format!("{fifth}{changed}"))
        .replace(&second, &format!("{second}{}{}", new("It is new."), new("So is this.")));
    let file = edited(&sent.file, DOCUMENT, &xml, &now);
    let seen = sent.compare(&world, &file).await;
    let mut kinds = told(&seen);
    kinds.sort();
    assert_eq!(
        kinds,
        [
            entry("added", "suggestion", "It is new."),
            entry("added", "suggestion", "So is this."),
            entry("deleted", "suggestion", ""),
            entry("moved", "change", ""),
            entry("text", "suggestion", "Fees differ a lot."),
        ]
    );
    let deletion = entries(&seen).into_iter().find(|one| one["kind"] == "deleted").unwrap();
    let more = format!("&accept=true&leave_out={}", deletion["key"].as_str().unwrap());
    let taken = sent.take(&world, &file, &seen, &more).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    let path = format!("{}/outline?texts=true", sent.desk.report);
    let outline = world.get(Some(sent.desk.by()), &path).await.json;
    let section =
        sections(&outline).into_iter().find(|one| one["id"] == sent.desk.own["id"]).unwrap();
    let texts: Vec<&str> = section["paragraphs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["paragraph"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        [TEXTS[4], "Fees differ a lot.", TEXTS[1], "It is new.", "So is this.", TEXTS[2], TEXTS[3]]
    );
    // What was left out is all that is left.
    assert_eq!(told(&sent.compare(&world, &file).await), [entry("deleted", "suggestion", "")]);
});

on_both!(headings_and_the_first_page_are_taken_over_or_named, |world: World| async move {
    let sent = sent(&world).await;
    let by = sent.desk.by();
    let report = world.get(Some(by), &sent.desk.report).await.json;
    let title = report["title"].as_str().unwrap();
    let outline = world.get(Some(by), &format!("{}/outline", sent.desk.report)).await.json;
    let heading = sections(&outline)
        .into_iter()
        .find(|one| one["id"] == sent.desk.own["id"])
        .map(|one| one["heading"].as_str().unwrap().to_owned())
        .unwrap();
    let cluster = sections(&outline)
        .into_iter()
        .find(|one| one["kind"] == "cluster" && one["label"].is_string())
        .map(|one| one["heading"].as_str().unwrap().to_owned())
        .unwrap();
    let file = edited(&sent.file, DOCUMENT, &format!(">{heading}<"), ">Headed otherwise<");
    let file = edited(&file, DOCUMENT, &format!(">{cluster}<"), ">No cluster<");
    let file = edited(&file, DOCUMENT, title, "Another title");
    let seen = sent.compare(&world, &file).await;
    let outcomes: Vec<_> =
        told(&seen).into_iter().map(|(kind, outcome, _)| (kind, outcome)).collect();
    let expected = [("first_page", "change"), ("heading", "named"), ("heading", "change")];
    assert_eq!(
        outcomes,
        expected.map(|(kind, outcome)| (kind.to_owned(), outcome.to_owned())),
        "{seen}"
    );
    let named = entries(&seen).into_iter().find(|one| one["outcome"] == "named").unwrap();
    assert!(named["why"].as_str().unwrap().contains("reference data"), "{named}");
    let taken = sent.take(&world, &file, &seen, "").await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    assert_eq!(world.get(Some(by), &sent.desk.report).await.json["title"], "Another title");
    let outline = world.get(Some(by), &format!("{}/outline", sent.desk.report)).await.json;
    let headings: Vec<_> =
        sections(&outline).into_iter().map(|one| one["heading"].clone()).collect();
    assert!(headings.contains(&json!("Headed otherwise")) && headings.contains(&json!(cluster)));
});

on_both!(tracked_changes_and_comments_keep_their_authors, |world: World| async move {
    let sent = sent(&world).await;
    let now = [
        run("Offices "),
        deleted("Bo Example", "are"),
        inserted("Bo Example", "stand"),
        run(" far"),
        inserted("Ana Example", " and wide"),
        run(" away."),
    ];
    let file = edited(&sent.file, DOCUMENT, &run(TEXTS[1]), &now.concat());
    let commented = [
        "<w:commentRangeStart w:id=\"0\"/>".to_owned(),
        run("Hours"),
        "<w:commentRangeEnd w:id=\"0\"/><w:r><w:commentReference w:id=\"0\"/></w:r>".to_owned(),
        "<w:r><w:commentReference w:id=\"1\"/></w:r>".to_owned(),
        run(" are short."),
    ];
    let file = edited(&file, DOCUMENT, &run(TEXTS[3]), &commented.concat());
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments";
    let answers = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended";
    let own = format!(
        "<Relationship Id=\"c\" Type=\"{kind}\" Target=\"comments.xml\"/><Relationship Id=\"d\" Type=\"{answers}\" Target=\"answers.xml\"/></Relationships>"
    );
    let file = edited(&file, "word/_rels/document.xml.rels", "</Relationships>", &own);
    let mut all = parts(&file);
    let comment = |id: u8, author: &str, text: &str| {
        format!(
            "<w:comment w:id=\"{id}\" w:author=\"{author}\"><w:p w14:paraId=\"0{id}\">{}</w:p></w:comment>",
            run(text)
        )
    };
    let comments =
        [comment(0, "Ana Example", "Which hours?"), comment(1, "Bo Example", "All of them.")];
    all.push((
        "word/comments.xml".to_owned(),
        format!("<w:comments xmlns:w=\"w\" xmlns:w14=\"x\">{}</w:comments>", comments.concat())
            .into_bytes(),
    ));
    let extended = "<w15:commentsEx xmlns:w15=\"e\"><w15:commentEx w15:paraId=\"00\"/><w15:commentEx w15:paraId=\"01\" w15:paraIdParent=\"00\"/></w15:commentsEx>";
    all.push(("word/answers.xml".to_owned(), extended.as_bytes().to_vec()));
    let file = packed(all);

    let seen = sent.compare(&world, &file).await;
    assert_eq!(
        told(&seen),
        [
            entry("text", "suggestion", "Offices stand far away."),
            entry("text", "suggestion", "Offices are far and wide away."),
            entry("comment", "comment", "Hours"),
            entry("comment", "comment", ""),
        ],
        "{seen}"
    );
    let authors: Vec<_> = entries(&seen).iter().map(|one| one["author"].clone()).collect();
    assert_eq!(authors, ["Bo Example", "Ana Example", "Ana Example", "Bo Example"]);
    let taken = sent.take(&world, &file, &seen, "").await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    let suggestions = sent.suggestions(&world).await;
    let of: Vec<_> =
        suggestions.iter().map(|one| (one["author"].clone(), one["kind"].clone())).collect();
    assert_eq!(
        of,
        [
            (json!("Bo Example"), json!("replace")),
            (json!("Ana Example"), json!("replace")),
            (json!("Ana Example"), json!("remark")),
        ]
    );
    let thread = suggestions[2]["comments"].as_array().unwrap();
    let said: Vec<_> =
        thread.iter().map(|one| (one["author"].clone(), one["text"].clone())).collect();
    assert_eq!(
        said,
        [
            (json!("Ana Example"), json!("Which hours?")),
            (json!("Bo Example"), json!("All of them."))
        ]
    );
    assert_eq!(suggestions[2]["text"], "Hours");
    let again = sent.compare(&world, &file).await;
    assert!(told(&again).iter().all(|(_, outcome, _)| outcome == "named"), "{again}");
    // A remark is taken into account without changing a word.
    let path = format!("/api/v1/suggestions/{}/decision", id(&suggestions[2]));
    let body = json!({ "decision": "accept" });
    let decided = world.change(sent.desk.by(), Method::POST, &path, 1, body).await;
    assert_eq!(decided["state"], "accepted");
    assert_eq!(sent.text(&world, 3).await, TEXTS[3]);
});

on_both!(what_would_be_refused_is_named_and_hinders_nothing, |world: World| async move {
    let sent = sent(&world).await;
    let style = "<w:pPr><w:pStyle w:val=\"NumberedParagraph\"/></w:pPr>";
    let long = format!("<w:p>{style}{}</w:p>", run(&"word ".repeat(4_001)));
    let xml = part(&sent.file, DOCUMENT);
    let at = xml.find(&format!(">{}<", TEXTS[0])).unwrap();
    let (before, first) = xml.split_at(xml[..at].rfind("<w:p>").unwrap());
    let file = edited(&sent.file, DOCUMENT, &xml, &format!("{before}{long}{first}"));
    let file = edited(&file, DOCUMENT, TEXTS[1], "Offices are too far away.");
    let seen = sent.compare(&world, &file).await;
    let outcomes: Vec<_> =
        told(&seen).into_iter().map(|(kind, outcome, _)| (kind, outcome)).collect();
    let pair = |kind: &str, outcome: &str| (kind.to_owned(), outcome.to_owned());
    assert_eq!(outcomes, [pair("text", "suggestion"), pair("added", "named")], "{seen}");
    assert!(entries(&seen)[1]["why"].as_str().unwrap().contains("at most"), "{seen}");
    let taken = sent.take(&world, &file, &seen, "").await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    assert_eq!(sent.suggestions(&world).await.len(), 1);
});

on_both!(a_file_that_forgot_what_it_was_made_from_says_so, |world: World| async move {
    let sent = sent(&world).await;
    let by = sent.desk.by();
    let named = json!({ "name": "Sent to Bo" });
    let milestone = world.make(by, &format!("{}/milestones", sent.desk.report), named).await;
    sent.patch(&world, 3, "Hours are too short.").await;
    let file = edited(&sent.file, DOCUMENT, TEXTS[1], "Offices are too far away.");
    let file = forgetful(&file);
    let seen = sent.compare(&world, &file).await;
    assert_eq!(seen["made_from"]["basis"], "current_draft", "{seen}");
    assert_eq!(seen["made_from"]["by_words"], false, "the bookmarks are there");
    assert_eq!(entries(&seen).len(), 2, "what was changed here looks as if the file had");
    let against = format!("{}?milestone={}", sent.returned, id(&milestone));
    let seen = upload(&world, by, &against, WORD, file.clone()).await;
    assert_eq!(seen.json["made_from"]["basis"], "milestone", "{}", seen.text);
    assert_eq!(told(&seen.json), [entry("text", "suggestion", "Offices are too far away.")]);
    // With the mark alone, which other formats keep, the milestone is found.
    let kept = |(name, _): &(String, Vec<u8>)| !name.starts_with("customXml");
    let marked = packed(parts(&sent.file).into_iter().filter(kept).collect());
    let seen = sent.compare(&world, &marked).await;
    assert_eq!((&seen["made_from"]["basis"], told(&seen)), (&json!("milestone"), vec![]));
    assert_eq!(seen["made_from"]["milestone_id"], milestone["id"]);
    // Without bookmarks passages are known by their words.
    let file = edited(&file, DOCUMENT, "w:name=\"rp_", "w:name=\"lost_");
    let seen = upload(&world, by, &against, WORD, file).await;
    assert_eq!(seen.json["made_from"]["by_words"], true);
    assert_eq!(
        told(&seen.json),
        [entry("text", "suggestion", "Offices are too far away.")],
        "{}",
        seen.text
    );
});

on_both!(what_is_hidden_or_not_text_is_named_and_not_taken_in, |world: World| async move {
    let sent = sent(&world).await;
    let odd = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:object/></w:r>";
    let file = edited(&sent.file, DOCUMENT, &run(TEXTS[1]), &format!("{}{odd}", run(TEXTS[1])));
    let file = edited(&file, DOCUMENT, "<w:sectPr>", "<w:altChunk r:id=\"no\"/><w:sectPr>");
    let seen = sent.compare(&world, &file).await;
    assert_eq!(
        told(&seen),
        [
            entry("hidden_text", "named", "secret"),
            entry("embedded_object", "named", ""),
            entry("other_file", "named", ""),
        ]
    );
    let taken = sent.take(&world, &file, &seen, "").await;
    assert_eq!((taken.status, entries(&taken.json)[0]["taken"].clone()), (200, json!(false)));
    assert_eq!(sent.suggestions(&world).await, Vec::<Value>::new());
});

on_both!(a_drafter_takes_a_file_back_on_the_page, |world: World| async move {
    let sent = sent(&world).await;
    let page = format!("{}/returned", sent.desk.report.replace("/api/v1/reports", "/my/reports"));
    let browser = signed_in(&world, sent.desk.by()).await;
    let draft = browser.get(page.trim_end_matches("/returned")).await;
    says(&draft, &[&format!("href=\"{page}\"")]);
    let asked = browser.get(&page).await;
    is_page(&asked, 200);
    says(&asked, &["enctype=\"multipart/form-data\"", "type=\"file\""]);
    let send = async |file: &[u8]| {
        let sent = ("draft.docx", "application/octet-stream", file);
        browser.post_file(&page, &[], Some(sent)).await
    };
    let wrong = send(b"nonsense").await;
    is_page(&wrong, 422);
    let file = edited(&sent.file, DOCUMENT, TEXTS[1], "Offices are too far away.");
    let file = edited(&file, DOCUMENT, TEXTS[2], "Registers are full of gaps.");
    let shown = send(&file).await;
    is_page(&shown, 200);
    says(&shown, &["Other words", "becomes a suggestion", "<ins>"]);
    let keys: Vec<&str> = shown
        .text
        .split("name=\"key\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(keys.len(), 2);
    let fields = [
        ("fingerprint", hidden(&shown, "fingerprint")),
        ("file", hidden(&shown, "file")),
        ("key", keys[0]),
        ("key", keys[1]),
        ("take", keys[1]),
        ("accept", "1"),
    ];
    let done = browser.post(&page, &fields).await;
    is_page(&done, 200);
    says(&done, &["role=\"status\""]);
    assert_eq!(sent.text(&world, 1).await, TEXTS[1], "it was not ticked");
    assert_eq!(sent.text(&world, 2).await, "Registers are full of gaps.");
});

on_both!(a_published_file_remembers_nothing_and_a_draft_tells_nobody, |world: World| async move {
    let walk = walk(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
    let (report, by) = (&walk.report, &walk.secretariat);
    let published = bytes(&world, by, &format!("{report}/editions/1.docx")).await;
    assert_eq!(published, bytes(&world, by, &format!("{report}/editions/1.docx")).await);
    assert!(parts(&published).iter().all(|(name, _)| !name.contains("custom")));
    let draft = bytes(&world, by, &format!("{report}/draft.docx")).await;
    assert_eq!(draft, bytes(&world, by, &format!("{report}/draft.docx")).await);
    // Somebody takes words out before passing the file on: nothing in it tells what they were.
    let file = edited(&draft, DOCUMENT, "Fees should be waived.", "");
    let holds = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("should be waived");
    assert!(parts(&file).iter().all(|(_, content)| !holds(content)));
    let returned = format!("{report}/draft/returned");
    for garbage in [b"PK\x03\x04nonsense".to_vec(), b"not a file".to_vec(), Vec::new()] {
        let refused = upload(&world, by, &returned, WORD, garbage).await;
        refused.is_problem(422, "unreadable_file");
    }
    let other = bytes(&world, by, &format!("{}/editions/1.docx", walk.paper)).await;
    upload(&world, by, &returned, WORD, other).await.is_problem(422, "unreadable_file");
    let nobody = world.person("Curious Example");
    let request = Request::new(Method::POST, &returned).by(Some(&nobody));
    assert!([403, 404].contains(&world.send(request).await.status));
});
