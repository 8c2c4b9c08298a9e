//! The structure of the report that was published of the reference case, entered through the API: how many requests a whole report and
//! its programme take. Its texts stay in the memory of this test. Skipped, and said so, where the file is not.

use std::cell::Cell;
use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::drafting::sections;
use crate::harness::{Person, World, consultation, id, review};
use crate::on_both;

/// Where the structure of the reference report is kept.
const STRUCTURE: &str = "../shared/seed/structure.json";

fn structure() -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(STRUCTURE);
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!(
            "SKIPPED: {} is not there, so the reference report is not entered",
            path.display()
        );
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// Whoever enters the report, and how often they asked for something.
struct Typist<'w> {
    world: &'w World,
    by: Person,
    requests: Cell<usize>,
}

impl Typist<'_> {
    fn count(&self) {
        self.requests.set(self.requests.get() + 1);
    }

    async fn make(&self, path: &str, body: Value) -> Value {
        self.count();
        self.world.make(&self.by, path, body).await
    }

    async fn get(&self, path: &str) -> Value {
        self.count();
        let answer = self.world.get(Some(&self.by), path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json
    }

    async fn change(&self, method: Method, path: &str, version: &Value, body: Value) -> Value {
        self.count();
        let version = version.as_i64().unwrap();
        self.world.change(&self.by, method, path, version, body).await
    }
}

/// Letters and figures only, in lower case: how a heading reads, however it is set.
fn bare(text: &str) -> String {
    let kept = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' });
    let kept: String = kept.flat_map(char::to_lowercase).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All words in a part of a document.
fn words(part: &Value) -> String {
    match part {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(words).collect(),
        Value::Object(fields) => fields.values().map(words).collect(),
        _ => String::new(),
    }
}

// ---------------------------------------------------------------------------------------------- texts

fn escaped(text: &str) -> String {
    text.replace('[', "\\[").replace(']', "\\]")
}

/// The note of that number, in place of its mark.
fn note(structure: &Value, number: &str) -> String {
    format!("^[{}]", escaped(structure["footnotes"][number]["text"].as_str().unwrap()))
}

/// A line of the report as inline Markdown: marks of notes become notes, which are taken off the list of those to be placed.
fn line(structure: &Value, text: &str, open: &mut Vec<String>) -> String {
    let figures = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let (mut written, mut run) = (String::new(), String::new());
    let text = escaped(text).replace("^{4 5}", "⁴ ⁵").replace("✓ ", "");
    for c in text.chars().chain([' ']) {
        if let Some(figure) = figures.chars().position(|figure| figure == c) {
            run.push_str(&figure.to_string());
            continue;
        }
        let mark = std::mem::take(&mut run);
        if open.contains(&mark) {
            written.push_str(&note(structure, &mark));
            open.retain(|number| *number != mark);
        } else {
            written.push_str(&mark);
        }
        written.push(c);
    }
    written.trim().to_owned()
}

/// A paragraph with its list and its notes. The mark of one note is lost: it stands where the speaker is named.
fn markdown(structure: &Value, number: u64) -> String {
    let anchored = |(key, note): (&String, &Value)| {
        let at = note["anchor"].as_u64().or((key == "9").then_some(13));
        (at == Some(number)).then(|| key.clone())
    };
    let notes = structure["footnotes"].as_object().unwrap();
    let mut open: Vec<String> = notes.iter().filter_map(anchored).collect();
    let paragraph = &structure["paragraphs"][number.to_string()];
    let mut text = line(structure, paragraph["text"].as_str().unwrap(), &mut open);
    for item in paragraph["items"].as_array().unwrap() {
        let item = line(structure, item.as_str().unwrap(), &mut open);
        let labelled = item.starts_with(|c: char| c.is_ascii_digit());
        text.push_str(&if labelled { format!("\n{item}") } else { format!("\n- {item}") });
    }
    for left in open {
        text.push_str(&note(structure, &left));
    }
    text
}

// ---------------------------------------------------------------------------------------------- the programme

/// "11:30" of that day in Bangkok.
fn at(clock: &Value) -> Value {
    clock.as_str().map_or(Value::Null, |clock| json!(format!("2020-11-19T{clock}:00+07:00")))
}

fn kind(row: &Value) -> &'static str {
    let title = bare(row["title"].as_str().unwrap());
    let kinds = [
        ("highlights", "plenary"),
        ("allocated", "break"),
        ("working groups", "working_groups"),
        ("join", "arrival"),
        ("welcome", "opening"),
        ("closing", "closing"),
        ("q a", "questions"),
    ];
    kinds.iter().find(|(word, _)| title.contains(word)).map_or("break", |(_, kind)| kind)
}

/// Who hosts a group by name: persons without an account, each with what they come for.
fn hosts(structure: &Value, number: i32) -> Value {
    let group = &structure["programme"]["rows"][2]["groups"][number.to_string()];
    let co_hosts = group["co_hosts"].as_array().unwrap().iter();
    // Whom an organization will send is nobody yet.
    let co_hosts = co_hosts.filter(|line| !line.as_str().unwrap().starts_with("a representative"));
    let all = co_hosts.map(|line| ("co_host", line.clone()));
    let all = all.chain([("focal_point", group["un_focal_point"].clone())]);
    let host = |(role, line): (&str, Value)| {
        let line = line.as_str().unwrap().to_owned();
        let (name, affiliation) = match line.split_once(", ") {
            Some((name, affiliation)) => (name, json!(affiliation)),
            None => (line.as_str(), Value::Null),
        };
        json!({ "role": role, "name": name, "affiliation": affiliation, "named_consent": true })
    };
    all.map(host).collect()
}

/// The rows as one document, with its hosts and what is told of those who are nobody yet.
fn programme(structure: &Value, network: &Value) -> Value {
    let rows = structure["programme"]["rows"].as_array().unwrap();
    let mut round = 0;
    let sessions = rows.iter().map(|row| {
        let kind = kind(row);
        let held = kind == "working_groups";
        round += i32::from(held);
        let named = ["keynotes", "speakers"].iter().filter_map(|key| row[key].as_array()).flatten();
        let speakers: Vec<Value> =
            named.map(|name| json!({ "name": name, "named_consent": true })).collect();
        let note = row["footnote"].as_u64().map(|number| number.to_string());
        let note = note.map(|number| structure["footnotes"][number]["text"].clone());
        json!({
            "kind": kind, "title": row["title"],
            "starts_at": at(&row["start"]), "ends_at": at(&row["end"]), "moderator": row["moderator"],
            "speakers": speakers, "note": note, "round": held.then_some(round),
        })
    });
    let sessions: Vec<Value> = sessions.collect();
    let group = |number: i32, clusters: Value, placeholders: Value| {
        json!({
            "number": number, "clusters": clusters, "min_size": 1, "max_size": 40, "languages": ["en"],
            "hosts": hosts(structure, number), "placeholders": placeholders
        })
    };
    let network = json!({ "role": "co_host", "organization_id": network["id"] });
    let open = json!({ "role": "rapporteur" });
    json!({
        "co_organizers": [],
        "rounds": [{ "number": 1, "starts_at": sessions[2]["starts_at"], "ends_at": sessions[2]["ends_at"] }, { "number": 2 }],
        "working_groups": [
            group(1, json!([[4], [8], [21]]), json!([network, open])), group(2, json!([[9, 10]]), json!([])),
            group(3, json!([[11, 13]]), json!([open])),
        ],
        "sessions": sessions,
    })
}

// ---------------------------------------------------------------------------------------------- where things stand

/// What is known of a level-3 heading: the code of its category.
fn category(heading: &str) -> &'static str {
    let codes = [
        ("key", "key_challenges"),
        ("specific", "covid_19"),
        ("good", "good_practices"),
        ("recommendations", "recommendations"),
    ];
    codes.iter().find(|(word, _)| bare(heading).starts_with(word)).map(|(_, code)| *code).unwrap()
}

/// Each heading of the reference report with the section that it is of, and the objective of one that has none of its own.
fn placed(structure: &Value, outline: &Value) -> Vec<(Value, Value, Value)> {
    let mut top = outline["sections"].as_array().unwrap().iter();
    let outcomes = top.clone().find(|section| section["kind"] == "outcomes").unwrap();
    let (mut inner, mut cluster, mut last) =
        (outcomes["sections"].as_array().unwrap().iter(), Value::Null, Value::Null);
    let headings = structure["headings"].as_array().unwrap().iter();
    let place = |heading: &Value| {
        let text = heading["text"].as_str().unwrap();
        let mut objective = Value::Null;
        match heading["level"].as_u64().unwrap() {
            1 => last = top.next().unwrap().clone(),
            2 => {
                cluster = inner.next().unwrap().clone();
                last = cluster.clone();
            }
            3 => {
                let found = sections(&cluster).into_iter();
                last = found.into_iter().find(|one| one["category"] == category(text)).unwrap();
            }
            _ => {
                let number: String = text.chars().filter(char::is_ascii_digit).collect();
                objective = json!(number.parse::<u64>().unwrap());
            }
        }
        (heading.clone(), last.clone(), objective)
    };
    headings.map(place).collect()
}

on_both!(the_reference_report_is_entered_whole, |world: World| async move {
    let Some(structure) = structure() else { return };
    let secretariat = world.consultation(None, "automatic").await.0;
    let typist = Typist { world: &world, by: secretariat, requests: Cell::new(0) };

    // The consultation and its programme.
    let mut body = review();
    body["code"] = json!("reference");
    let made = typist.make("/api/v1/reviews", body).await;
    let path = format!("/api/v1/reviews/{}/consultations", id(&made));
    let held = typist.make(&path, consultation()).await;
    let base = format!("/api/v1/consultations/{}", id(&held));
    let network = json!({ "name": "A network of refugees", "sector": "migrants", "country": "TH" });
    let network = typist.make("/api/v1/organizations", network).await;
    let path = format!("{base}/programme");
    let empty = typist.get(&path).await;
    let before = typist.requests.get();
    let put =
        typist.change(Method::PUT, &path, &empty["version"], programme(&structure, &network)).await;
    let for_programme = typist.requests.get() - before;
    let wanted = structure["programme"]["rows"].as_array().unwrap();
    let rows = put["sessions"].as_array().unwrap();
    assert_eq!(rows.len(), wanted.len());
    for (row, wanted) in rows.iter().zip(wanted) {
        assert_eq!(row["title"], wanted["title"]);
        let time = row["local_time"].as_str().unwrap();
        assert!(time.starts_with(wanted["start"].as_str().unwrap()), "{time}: {wanted}");
        assert!(
            wanted["end"].is_null() || time.contains(wanted["end"].as_str().unwrap()),
            "{time}"
        );
    }
    assert_eq!(
        put["working_groups"][0]["placeholders"][0]["text"],
        "a representative of A network of refugees"
    );
    let groups = put["working_groups"].as_array().unwrap().iter();
    let hosts: usize = groups.map(|group| group["hosts"].as_array().unwrap().len()).sum();
    assert_eq!(hosts, 11, "every host who is named");
    for phase in ["open_call", "registration_closed", "in_session", "synthesis"] {
        let now = typist.get(&base).await["version"].clone();
        // Nobody is registered or placed here.
        let despite = ["no_capacity", "no_assignment"];
        let body = json!({ "to": phase, "reason": "Only what is written is entered.", "despite": despite });
        typist.change(Method::POST, &format!("{base}/phase"), &now, body).await;
    }

    // The report: one request for what is new, one for each text in place of a computed one, one for each heading that is another.
    let before = typist.requests.get();
    let report = typist.make(&format!("{base}/report"), Value::Null).await;
    let report = format!("/api/v1/reports/{}", id(&report));
    let outline = typist.get(&format!("{report}/outline")).await;
    let headings = placed(&structure, &outline);
    let (mut new, mut renamed) = (Vec::new(), 0);
    let mut computed: Vec<(Value, u64)> = Vec::new();
    for number in 1..=structure["paragraph_count"].as_u64().unwrap() {
        let within = |heading: &Value| {
            let range = &heading["range"];
            (range[0].as_u64().unwrap()..=range[1].as_u64().unwrap()).contains(&number)
        };
        let (_, section, objective) =
            headings.iter().rev().find(|(heading, ..)| within(heading)).unwrap();
        // The second section is computed but for these.
        if section["kind"] == "organization" && ![5, 7, 10].contains(&number) {
            computed.push((section["paragraphs"][computed.len()].clone(), number));
            continue;
        }
        let position = (section["kind"] == "organization").then(|| number - 4);
        new.push(json!({
            "section_id": section["id"], "position": position, "text": markdown(&structure, number), "objective": objective,
            "editorial_reason": "As it was published."
        }));
    }
    let posted = typist.requests.get();
    typist.make(&format!("{report}/paragraphs"), json!({ "paragraphs": new })).await;
    for (paragraph, number) in &computed {
        let path = format!("/api/v1/paragraphs/{}", id(paragraph));
        let text = json!({ "text": markdown(&structure, *number) });
        typist.change(Method::PATCH, &path, &paragraph["version"], text).await;
    }
    let for_paragraphs = typist.requests.get() - posted;
    for (heading, section, objective) in &headings {
        let text = heading["text"].as_str().unwrap();
        let usual = section["heading"].as_str().unwrap();
        if objective.is_null() && bare(usual) != bare(text) {
            let path = format!("/api/v1/report-sections/{}", id(section));
            let heading = json!({ "heading": text });
            typist.change(Method::PATCH, &path, &section["version"], heading).await;
            renamed += 1;
        }
    }
    let for_report = typist.requests.get() - before;

    // Every paragraph has its number and its words.
    let read = typist.get(&format!("{report}/outline?texts=true")).await;
    let all = sections(&read);
    let all = all.iter().flat_map(|section| section["paragraphs"].as_array().unwrap());
    let mut told: Vec<&Value> = all.filter(|paragraph| paragraph["number"].is_u64()).collect();
    told.sort_by_key(|paragraph| paragraph["number"].as_u64());
    let right = told.iter().filter(|paragraph| {
        paragraph["paragraph"]["text"]
            == markdown(&structure, paragraph["number"].as_u64().unwrap())
    });
    let (paragraphs, right) = (told.len(), right.count());
    assert_eq!((paragraphs, right), (99, 99));

    // Every heading stands in its place, and every note is there.
    let draft = world.get(Some(&typist.by), &format!("{report}/draft.md")).await;
    let printed: Vec<String> =
        draft.text.lines().filter(|line| line.starts_with('#')).map(bare).collect();
    let first = printed.iter().position(|line| line.ends_with("background")).unwrap();
    let matched = headings
        .iter()
        .zip(&printed[first..])
        .filter(|((heading, ..), line)| line.ends_with(&bare(heading["text"].as_str().unwrap())));
    let matched = matched.count();
    assert_eq!(matched, 32, "{printed:#?}");
    let document = world.get(Some(&typist.by), &format!("{report}/draft.json")).await.json;
    let notes = document["notes"].as_array().unwrap();
    let printed: Vec<String> = notes.iter().map(|note| bare(&words(note))).collect();
    let wanted = (1..=22).map(|number: u32| {
        bare(structure["footnotes"][number.to_string()]["text"].as_str().unwrap())
    });
    assert_eq!(printed, wanted.collect::<Vec<_>>());
    let notes = notes.len();
    println!(
        "the reference report: {right} of 99 paragraphs in {for_paragraphs} requests, {matched} of 32 headings ({renamed} given), \
         {notes} of 22 notes, {} of 8 rows of the programme in {for_programme}; the report took {for_report} requests, everything {}",
        rows.len(),
        typist.requests.get()
    );
    assert!(for_paragraphs <= 5 && for_programme == 1 && for_report <= 20, "no toil");
});
