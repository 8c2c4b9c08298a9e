//! Figures about people: who is told which, from what, and that nobody can be worked out from all that is ever told. What
//! was told is put into one system of sums; for every category it is computed what it could still be.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur::access::{Permission, Role, ScopeKind, roles};
use rapporteur::figures::allowed::{self, Source};
use rapporteur::figures::{Breakdown, Table};
use rapporteur::reference::Reference;
use reqwest::Method;
use serde_json::{Value, json};

use crate::access;
use crate::harness::{Person, Request, World, id, registration};
use crate::on_both;

/// Fewer than this are told of nowhere, and this many values stay possible of what is not told.
const FEWEST: u32 = 5;

/// People of these facts: sector, country, gender, and how many.
type Crowd = &'static [(&'static str, &'static str, Option<&'static str>, usize)];

const THIRTY_ONE: Crowd = &[
    ("migrants", "TH", Some("woman"), 9),
    ("civil_society", "TH", Some("man"), 8),
    ("academia", "IN", Some("woman"), 3),
    ("trade_unions", "FJ", Some("man"), 6),
    ("media", "NP", None, 5),
];
const EIGHTY: Crowd = &[
    ("civil_society", "TH", Some("woman"), 14),
    ("civil_society", "IN", Some("man"), 11),
    ("un_entity", "TH", Some("woman"), 12),
    ("un_entity", "TH", Some("man"), 8),
    ("migrants", "BD", Some("woman"), 7),
    ("academia", "AU", Some("man"), 6),
    ("faith_based_organizations", "PH", Some("man"), 5),
    ("trade_unions", "NP", Some("another"), 4),
    ("private_sector", "KZ", None, 3),
    ("media", "FJ", None, 3),
    ("local_authorities_and_communities", "JP", Some("woman"), 3),
    ("parliamentarians", "LK", Some("man"), 2),
    ("red_cross_and_red_crescent", "MN", None, 1),
    ("migrant_and_diaspora_organizations", "ID", Some("woman"), 1),
];

struct Scene {
    secretariat: Person,
    organizer: Person,
    consultation: Value,
    base: String,
    next: std::cell::Cell<usize>,
}

impl Scene {
    /// The report, with charts.
    async fn report(&self, world: &World) -> Value {
        let by = &self.secretariat;
        let made = world.make(by, &format!("{}/report", self.base), json!({})).await;
        let path = format!("/api/v1/reports/{}", id(&made));
        let version = made["version"].as_i64().unwrap();
        world.change(by, Method::PATCH, &path, version, json!({ "figures": true })).await
    }

    async fn open(world: &World) -> Self {
        let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
        world.phases(&secretariat, id(&consultation), &["open_call"]).await;
        let base = format!("/api/v1/consultations/{}", id(&consultation));
        let (role, kind) = (Role::CoOrganizer, ScopeKind::Consultation);
        let organizer = world.person_with("Olga Organizer", role, kind, id(&consultation));
        Self { secretariat, organizer, consultation, base, next: 0.into() }
    }

    async fn join(&self, world: &World, crowd: Crowd) {
        for (sector, country, gender, count) in crowd {
            for _ in 0..*count {
                self.next.set(self.next.get() + 1);
                let person = world.person(&format!("Person Number {}", self.next.get()));
                let mut body = registration(sector, country);
                body["gender"] = json!(gender);
                if *sector == "un_entity" {
                    body["organization_id"] = json!(self.entity(world).await);
                }
                world.make(&person, &format!("{}/registrations", self.base), body).await;
            }
        }
    }

    /// A United Nations entity that co-organizes nothing: whoever represents one says which.
    async fn entity(&self, world: &World) -> String {
        let path = "/api/v1/organizations";
        let known = world.get(Some(&self.secretariat), &format!("{path}?q=United")).await.json;
        if let Some(known) = known["items"].as_array().unwrap().first() {
            return id(known).to_owned();
        }
        let new =
            json!({ "name": "United Example Programme", "sector": "un_entity", "country": "TH" });
        id(&world.make(&self.secretariat, path, new).await).to_owned()
    }

    async fn phases(&self, world: &World, phases: &[&str]) {
        world.phases(&self.secretariat, id(&self.consultation), phases).await;
    }

    async fn release(&self, world: &World, occasion: &str) -> Value {
        let path = format!("{}/figure-releases", self.base);
        world.make(&self.secretariat, &path, json!({ "occasion": occasion })).await
    }

    async fn told(&self, world: &World, person: Option<&Person>) -> Value {
        world.get(person, &format!("{}/figure-releases", self.base)).await.json
    }

    /// So many more people are recorded in a session, who had not registered.
    async fn came(&self, world: &World, registered: usize, others: usize) {
        let session = json!({ "kind": "opening", "title": "Opening" });
        let sessions = format!("{}/sessions", self.base);
        let session = world.make(&self.secretariat, &sessions, session).await;
        let path = format!("{}/registrations?limit=200", self.base);
        let all = world.get(Some(&self.secretariat), &path).await.json;
        let known = all["items"].as_array().unwrap().iter().take(registered);
        let known = known.map(|one| json!({ "registration_id": id(one) }));
        let others =
            (0..others).map(|n| json!({ "person": { "name": format!("Guest {n} Example") } }));
        let people: Vec<Value> = known.chain(others).collect();
        self.phases(world, &["in_session"]).await;
        let path = format!("/api/v1/sessions/{}/attendance", id(&session));
        world.make(&self.secretariat, &path, json!({ "people": people })).await;
    }
}

/// Everything that releases tell, as sums of numbers that nobody may be told: what each could be.
#[derive(Default)]
struct System {
    bounds: BTreeMap<String, (u32, u32)>,
    sums: Vec<(Vec<String>, u32)>,
}

impl System {
    fn sum(&mut self, of: Vec<String>, total: u32) {
        for one in &of {
            self.bounds.entry(one.clone()).or_insert((0, u32::MAX / 1000));
        }
        self.sums.push((of, total));
    }

    /// Narrows every bound as far as the sums do. Each sum is of nonnegative whole numbers and the sums are nested, so that
    /// every value between the bounds that are left can be taken.
    fn solve(&mut self) {
        loop {
            let before = self.bounds.clone();
            for (of, total) in &self.sums {
                let (least, most) = of.iter().fold((0, 0), |(least, most), one| {
                    (least + self.bounds[one].0, most + self.bounds[one].1)
                });
                for one in of {
                    let (low, high) = self.bounds[one];
                    let low = low.max(total.saturating_sub(most - high));
                    let high = high.min(total - (least - low.min(self.bounds[one].0)));
                    self.bounds.insert(one.clone(), (low, high));
                }
            }
            if before == self.bounds {
                return;
            }
        }
    }
}

/// Every category that a table of this kind could have, whether anybody is in it or not.
fn universe(table: &Table) -> Vec<String> {
    let reference = Reference::get();
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let told = table.rows.iter().map(|row| row.key.clone());
    let all: Vec<String> = match table.by {
        Breakdown::Sector => reference.sectors.iter().map(|one| one.code.to_string()).collect(),
        Breakdown::Subregion => {
            let codes = reference.subregions.iter().map(|one| one.code.to_string());
            codes.chain(["elsewhere".to_owned()]).collect()
        }
        Breakdown::Country => {
            let inside = reference.countries.iter().filter(|country| {
                let found = reference.subregion_of(country.code).map(|one| one.code.to_string());
                found == table.within
            });
            inside.map(|country| country.code.to_string()).collect()
        }
        Breakdown::Gender => owned(&["woman", "man", "another_or_not_stated"]),
        Breakdown::AgeBand => {
            let ages = rapporteur::registrations::AgeBand::ALL.iter().map(ToString::to_string);
            ages.chain(["not_stated".to_owned()]).collect()
        }
        Breakdown::Language => owned(&["en", "th", "zh", "not_stated"]),
    };
    let all: BTreeSet<String> = all.into_iter().chain(told).collect();
    all.into_iter().collect()
}

/// Every telling in all releases: each table once, with the people it is of.
fn tellings(releases: &Value) -> Vec<Table> {
    let mut seen = BTreeSet::new();
    let items = releases["items"].as_array().unwrap().iter();
    let tables = items.flat_map(|item| item["tables"].as_array().unwrap().clone());
    let tables = tables.map(|table| serde_json::from_value::<Table>(table).unwrap());
    tables.filter(|one| seen.insert((one.by, one.within.clone(), one.as_of))).collect()
}

fn numbers(releases: &Value) -> BTreeMap<String, u32> {
    let items = releases["items"].as_array().unwrap().iter();
    let number = |item: &Value| {
        let people = u32::try_from(item["people"].as_u64()?).unwrap();
        Some((item["people_as_of"].as_str().unwrap().to_owned(), people))
    };
    items.filter_map(number).collect()
}

/// Nobody can be worked out from all of these releases together.
fn hold(releases: &Value) {
    let (tables, people) = (tellings(releases), numbers(releases));
    let mut system = System::default();
    let name = |table: &Table, key: &str| {
        format!("{}/{:?}/{}/{key}", table.as_of, table.by, table.within.as_deref().unwrap_or(""))
    };
    let mut told = BTreeSet::new();
    for table in &tables {
        let all: Vec<String> = universe(table).iter().map(|key| name(table, key)).collect();
        for row in &table.rows {
            told.insert(name(table, &row.key));
            system.sum(vec![name(table, &row.key)], row.people);
        }
        match (&table.by, &table.within) {
            (Breakdown::Country, Some(subregion)) => {
                let whole = tables
                    .iter()
                    .find(|one| (one.by, one.as_of) == (Breakdown::Subregion, table.as_of));
                let whole = whole.unwrap().people_of(subregion).unwrap();
                assert_eq!(table.people(), whole, "{table:?}");
                system.sum(all, whole);
            }
            _ => {
                let whole = people[table.as_of.as_str()];
                assert_eq!(table.people(), whole, "{table:?}");
                system.sum(all, whole);
            }
        }
    }
    system.solve();
    for (one, (least, most)) in &system.bounds {
        if told.contains(one) {
            assert!(*least >= FEWEST && least == most, "{one} is {least} to {most}");
        } else {
            assert!(most - least + 1 >= FEWEST, "{one} is {least} to {most}, of {releases}");
        }
    }
    // And between two releases: how many came or went.
    for (one, (least, most)) in &system.bounds {
        let category = one.split_once('/').unwrap().1;
        let later = system
            .bounds
            .iter()
            .filter(|(other, _)| *other > one && other.split_once('/').unwrap().1 == category);
        for (other, (later_least, later_most)) in later {
            let values = (later_most + most) - (later_least + least) + 1;
            let exact = least.abs_diff(*later_least);
            assert!(values >= FEWEST || exact >= FEWEST, "{one} and {other} differ by {exact}");
        }
    }
    for (occasion, one) in &people {
        assert!(*one >= FEWEST);
        let others = people.iter().filter(|(other, _)| *other != occasion);
        for (_, other) in others {
            assert!(one.abs_diff(*other) >= FEWEST, "{people:?}");
        }
    }
}

/// Of the people without a group, too, five values stay possible: to a host as well, who knows one group's size.
fn groups_hold(releases: &Value) {
    for release in releases["items"].as_array().unwrap() {
        for round in release["rounds"].as_array().unwrap() {
            let sizes = round["groups"].as_array().unwrap().iter();
            let sizes: Vec<u64> = sizes.map(|one| one["about"].as_u64().unwrap()).collect();
            assert!(sizes.iter().all(|size| *size >= 5 && size % 5 == 0), "{round}");
            let least: u64 = sizes.iter().map(|size| (size - 2).max(5)).sum();
            let people = release["people"].as_u64().unwrap();
            assert!(sizes.is_empty() || people >= least + 8, "{round} of {people}");
        }
    }
}

/// Every number in a value.
fn numbers_in(value: &Value) -> Vec<u64> {
    match value {
        Value::Number(number) => number.as_u64().into_iter().collect(),
        Value::Array(items) => items.iter().flat_map(numbers_in).collect(),
        Value::Object(fields) => fields.values().flat_map(numbers_in).collect(),
        _ => Vec::new(),
    }
}

/// The charts of participation in a document.
fn charts(document: &Value) -> Vec<Value> {
    match document {
        Value::Array(items) => items.iter().flat_map(charts).collect(),
        Value::Object(fields) => {
            let is_chart =
                fields.contains_key("chart") && document.to_string().contains("Participation by");
            let inside = fields.values().flat_map(charts);
            if is_chart { vec![document.clone()] } else { inside.collect() }
        }
        _ => Vec::new(),
    }
}

/// All that somebody without names is told of a consultation tells nothing that the releases do not.
async fn documents_hold(world: &World, scene: &Scene, report: &str) {
    let releases = scene.told(world, None).await;
    let last = releases["items"].as_array().unwrap().last().cloned();
    let released: BTreeSet<u64> = last.iter().flat_map(numbers_in).collect();
    let draft = format!("/api/v1/reports/{report}/draft.json");
    let draft = world.get(Some(&scene.organizer), &draft).await.json;
    for chart in charts(&draft) {
        for group in chart["chart"]["groups"].as_array().unwrap() {
            for number in numbers_in(group) {
                assert!(released.contains(&number), "{number} of {chart} is in no release");
            }
        }
    }
    let words = format!("{}/participation-paragraphs", scene.base);
    let words = world.get(Some(&scene.organizer), &words).await.json;
    let attendance = words["paragraphs"].as_array().unwrap().iter();
    let attendance = attendance.clone().find(|one| one["kind"] == "attendance").unwrap();
    let text = attendance["text"].as_str().unwrap();
    assert!(draft.to_string().contains(text.split("^[").next().unwrap()), "{text} in {draft}");
    for word in text.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty()) {
        let number: u64 = word.parse().unwrap();
        let rounded = |people: &u64| rapporteur::figures::rounding::about(*people as u32).into();
        let is_told = released.contains(&number)
            || released.iter().map(rounded).any(|one: u64| one == number);
        assert!(is_told, "{number} of “{text}” is in no release");
    }
    if last.is_none() {
        assert_eq!(text, "Figures on participation have not yet been released.");
    }
}

on_both!(a_release_is_frozen_made_once_and_the_same_for_everybody, |world: World| async move {
    let scene = Scene::open(&world).await;
    scene.join(&world, THIRTY_ONE).await;
    let path = format!("{}/figure-releases", scene.base);
    let first = json!({ "occasion": "registration_closed" });
    let early = world.post(&scene.secretariat, &path, first.clone()).await;
    early.is_problem(409, "not_in_this_phase");
    scene.phases(&world, &["registration_closed"]).await;
    assert_eq!(scene.told(&world, None).await["items"], json!([]), "nothing is told by itself");
    world.post(&scene.organizer, &path, first.clone()).await.is_problem(403, "forbidden");
    let open = scene.told(&world, Some(&scene.secretariat)).await;
    assert_eq!(open["open_occasions"], json!(["registration_closed"]));

    scene.release(&world, "registration_closed").await;
    let told = scene.told(&world, None).await;
    let release = &told["items"][0];
    assert_eq!((&release["people"], &release["basis"]), (&json!(31), &json!("registered")));
    let sectors = release["tables"].as_array().unwrap().iter().find(|one| one["by"] == "sector");
    let expected = json!([
        { "key": "migrants", "people": 9 }, { "key": "civil_society", "people": 8 },
        { "key": "trade_unions", "people": 6 }
    ]);
    assert_eq!(
        sectors.unwrap()["rows"],
        expected,
        "three of academia take the five of media along"
    );
    assert_eq!(sectors.unwrap()["other"], 8);
    hold(&told);
    world.post(&scene.secretariat, &path, first.clone()).await.is_problem(409, "already_exists");
    for person in [&scene.secretariat, &scene.organizer, &world.person("Curious Example")] {
        assert_eq!(scene.told(&world, Some(person)).await["items"], told["items"]);
    }

    // Who leaves and who is erased changes nothing of it.
    let rows = world
        .get(Some(&scene.secretariat), &format!("{}/registrations?limit=200", scene.base))
        .await;
    for row in rows.json["items"].as_array().unwrap().iter().take(9) {
        let path = format!("/api/v1/registrations/{}/withdrawal", id(row));
        let gone = Request::new(Method::POST, &path).by(Some(&scene.secretariat));
        let gone = world.send(gone.version(row["version"].as_i64().unwrap())).await;
        assert_eq!(gone.status, 200, "{}", gone.text);
    }
    assert_eq!(scene.told(&world, None).await, told);
    scene.phases(&world, &["in_session", "synthesis"]).await;
    scene.release(&world, "after_event").await;
    let both = scene.told(&world, None).await;
    assert_eq!(both["items"][0], told["items"][0]);
    assert_eq!(both["items"][1]["people"], 22);
    hold(&both);
    scene.phases(&world, &["clearance"]).await;
    scene.release(&world, "publication").await;
    let again = json!({ "occasion": "after_event" });
    world.post(&scene.secretariat, &path, again).await.is_problem(409, "invalid_transition");
    hold(&scene.told(&world, None).await);
});

on_both!(nobody_is_worked_out_however_many_there_are, |world: World| async move {
    const ONE: Crowd = &[("migrants", "TH", Some("woman"), 1)];
    const THREE: Crowd = &[("media", "FJ", None, 3)];
    const FOUR: Crowd = &[("academia", "IN", Some("man"), 4)];
    let crowds: [(&[Crowd], usize); 6] = [
        (&[ONE], 1),
        (&[ONE, ONE], 2),
        (&[ONE, THREE], 4),
        (&[ONE, FOUR], 5),
        (&[ONE, FOUR, FOUR], 9),
        (&[EIGHTY], 80),
    ];
    let (secretariat, review, _) = world.consultation(None, "automatic").await;
    for (number, (crowds, people)) in crowds.into_iter().enumerate() {
        let mut body = crate::harness::consultation();
        body["ordinal"] = json!(number + 20);
        body["admission"] = json!("automatic");
        let path = format!("/api/v1/reviews/{}/consultations", id(&review));
        let consultation = world.make(&secretariat, &path, body).await;
        world.phases(&secretariat, id(&consultation), &["open_call"]).await;
        let base = format!("/api/v1/consultations/{}", id(&consultation));
        let name = format!("Olga Organizer {number}");
        let (role, kind) = (Role::CoOrganizer, ScopeKind::Consultation);
        let organizer = world.person_with(&name, role, kind, id(&consultation));
        let secretariat = secretariat.clone();
        let scene =
            Scene { secretariat, organizer, consultation, base, next: (number * 100).into() };
        for crowd in crowds {
            scene.join(&world, crowd).await;
        }
        scene.phases(&world, &["registration_closed"]).await;
        scene.release(&world, "registration_closed").await;
        hold(&scene.told(&world, None).await);
        // One stays away, one comes who had not registered.
        scene.came(&world, people.saturating_sub(1), 1).await;
        let report = scene.report(&world).await;
        documents_hold(&world, &scene, id(&report)).await;
        scene.phases(&world, &["synthesis"]).await;
        scene.release(&world, "after_event").await;
        scene.phases(&world, &["clearance"]).await;
        scene.release(&world, "publication").await;
        let told = scene.told(&world, None).await;
        hold(&told);
        documents_hold(&world, &scene, id(&report)).await;
        let last = told["items"].as_array().unwrap().last().unwrap();
        let expected = (people >= 5).then_some(people);
        assert_eq!(last["people"], json!(expected), "of {people}: nobody can see the one who came");
        println!("{people} people: {}", serde_json::to_string_pretty(last).unwrap());
    }
});

on_both!(a_document_without_a_release_says_so, |world: World| async move {
    let scene = Scene::open(&world).await;
    scene.join(&world, THIRTY_ONE).await;
    scene.phases(&world, &["registration_closed", "in_session"]).await;
    let report = scene.report(&world).await;
    documents_hold(&world, &scene, id(&report)).await;
    let draft = format!("/api/v1/reports/{}/draft.md", id(&report));
    let draft = world.get(Some(&scene.secretariat), &draft).await.text;
    assert!(draft.contains("Figures on participation have not yet been released."), "{draft}");
    assert!(!draft.contains("Participation by"), "{draft}");
});

on_both!(a_co_organizer_with_its_own_list_works_out_nobody, |world: World| async move {
    let scene = Scene::open(&world).await;
    let own = json!({ "name": "Example Trust", "sector": "academia", "country": "TH" });
    let own = world.make(&scene.secretariat, "/api/v1/organizations", own).await;
    let part = json!({ "organization_id": id(&own), "kind": "stakeholder" });
    world.make(&scene.secretariat, &format!("{}/co-organizers", scene.base), part).await;
    scene.join(&world, THIRTY_ONE).await;
    // Four of its own people and two others are the six of academia beside the three that there are.
    for number in 0..4 {
        let person = world.person(&format!("Trusted Example {number}"));
        let mut body = registration("academia", "TH");
        body["organization_id"] = json!(id(&own));
        world.make(&person, &format!("{}/registrations", scene.base), body).await;
    }
    scene.phases(&world, &["registration_closed"]).await;
    scene.release(&world, "registration_closed").await;
    let told = scene.told(&world, None).await;
    hold(&told);
    let tables = tellings(&told);
    let sectors = tables.iter().find(|table| table.by == Breakdown::Sector).unwrap();
    assert_eq!(sectors.people_of("academia"), None, "seven, of whom it knows four: {sectors:?}");
    assert!(sectors.other - 4 >= FEWEST, "{sectors:?}");
});

on_both!(coverage_counts_inputs_and_groups_and_no_contributor, |world: World| async move {
    let scene = Scene::open(&world).await;
    let mut groups = Vec::new();
    for (number, objective) in [(1, 4), (2, 8)] {
        let group = json!({ "number": number, "clusters": [[objective]], "min_size": 1, "max_size": 40, "languages": ["en"] });
        let made =
            world.make(&scene.secretariat, &format!("{}/working-groups", scene.base), group).await;
        groups.push(id(&made).to_owned());
    }
    world.make(&scene.secretariat, &format!("{}/rounds", scene.base), json!({ "number": 1 })).await;
    scene.join(&world, THIRTY_ONE).await;
    scene.phases(&world, &["registration_closed"]).await;
    let plan = crate::plans::proposed(&world, &scene.secretariat, &scene.base, json!({})).await;
    let path = format!("/api/v1/assignment-plans/{}/apply", id(&plan));
    world.change(&scene.secretariat, Method::POST, &path, 1, json!({})).await;
    let coverage = format!("{}/inputs/coverage", scene.base);
    let before = world.get(Some(&scene.organizer), &coverage).await.json;
    assert_eq!(before["cells"], json!([]));
    assert_eq!(before["groups"].as_array().unwrap().len(), 2);
    assert!(before["groups"].as_array().unwrap().iter().all(|one| one["about"].is_null()));
    scene.release(&world, "registration_closed").await;
    groups_hold(&scene.told(&world, None).await);
    let after = world.get(Some(&scene.organizer), &coverage).await.json;
    let told: Vec<u64> = after["groups"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["about"].as_u64())
        .collect();
    assert_eq!(
        told,
        [15],
        "sixteen and fifteen are all: the second would tell that nobody has no group: {after}"
    );
    let seats = world.get(Some(&scene.organizer), &format!("{}/assignments", scene.base)).await;
    assert_eq!(seats.json["items"], json!([]), "{}", seats.text);
    let sheets =
        world.get(Some(&scene.secretariat), &format!("{}/assignments/sheets", scene.base)).await;
    assert!(!sheets.text.contains("In all"), "{}", sheets.text);
});

/// Numbers that are of no people: what is counted, ordered or limited by them is said beside each.
#[rustfmt::skip]
const OF_NO_PEOPLE: &[&str] = &[
    // Order, names and versions.
    "version", "number_before", "ordinal", "position", "order", "number", "round", "working_group", "part", "parts", "sequence", "edition", "newest_edition", "paragraph",
    "row", "rows", "column", "serial", "made_from", "from_version", "to_version", "report_version", "restored_version", "paragraph_version", "year", "first", "last", "seed", "broken_at", "altered_at", "truncated_from",
    // Objectives.
    "objective", "objectives", "clusters",
    // Texts, documents and their parts.
    "start", "end", "blocking", "comments", "suggestions", "available", "cited", "omitted", "rests_on", "objects", "lines", "waiting", "inputs", "likeness", "score",
    // Progress, time and limits of the program.
    "done", "total", "portions", "missing", "older", "attempts", "expires_in", "kept_days", "acceptance_hours", "seconds", "work", "reminders", "edits",
    // Bounds of answers to a question.
    "min", "max",
    // Files.
    "", "good", "errors_total",
];

/// Every field of an operation's answers that holds a number.
fn number_fields(
    document: &Value,
    schema: &Value,
    name: &str,
    seen: &[&str],
    found: &mut BTreeSet<String>,
) {
    if let Some(path) = schema["$ref"].as_str() {
        let target = path.rsplit('/').next().unwrap();
        if !seen.contains(&target) {
            let seen: Vec<&str> = seen.iter().copied().chain([target]).collect();
            number_fields(document, &document["components"]["schemas"][target], name, &seen, found);
        }
        return;
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        kind => vec![kind.clone()],
    };
    if kinds.iter().any(|kind| kind == "integer" || kind == "number") {
        found.insert(name.to_owned());
    }
    for (field, inside) in schema["properties"].as_object().into_iter().flatten() {
        number_fields(document, inside, field, seen, found);
    }
    for part in ["items", "additionalProperties"] {
        if schema[part].is_object() {
            number_fields(document, &schema[part], name, seen, found);
        }
    }
    for part in ["allOf", "oneOf", "anyOf"] {
        for inside in schema[part].as_array().into_iter().flatten() {
            number_fields(document, inside, name, seen, found);
        }
    }
}

#[test]
fn every_number_about_people_is_in_the_one_table() {
    let document = serde_json::to_value(rapporteur::server::openapi()).unwrap();
    let mut answered = BTreeMap::new();
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            let Some(name) = operation["operationId"].as_str() else { continue };
            let mut found = BTreeSet::new();
            for (status, response) in operation["responses"].as_object().unwrap() {
                if !status.starts_with('2') {
                    continue;
                }
                for content in response["content"].as_object().into_iter().flatten() {
                    number_fields(&document, &content.1["schema"], "", &[], &mut found);
                }
            }
            answered.insert(name.to_owned(), found);
        }
    }
    let mut unsaid = Vec::new();
    for (operation, fields) in &answered {
        let views = allowed::TABLE.iter().filter(|view| view.of == operation);
        let said: BTreeSet<&str> = views.flat_map(|view| view.fields.split_whitespace()).collect();
        let of_people = fields.iter().filter(|field| {
            let field = field.as_str();
            !OF_NO_PEOPLE.contains(&field) && !allowed::LIMITS.contains(&field)
        });
        let missing: Vec<_> = of_people.filter(|field| !said.contains(field.as_str())).collect();
        if !missing.is_empty() {
            unsaid.push(format!("{operation}: {missing:?}"));
        }
    }
    assert!(
        unsaid.is_empty(),
        "numbers that `figures::allowed` does not know:\n{}",
        unsaid.join("\n")
    );
    for view in allowed::TABLE {
        let is_document = view.of.contains(' ');
        assert!(is_document || answered.contains_key(view.of), "{} is no operation", view.of);
    }
}

/// Letters of `access::TABLE` for the roles that carry a permission. Who has it in another review alone (O) has it there.
fn letters(permission: Permission) -> BTreeSet<char> {
    let letter = |role: &Role| match role {
        Role::Administrator => "A",
        Role::Secretariat => "SO",
        Role::CoOrganizer => "C",
        Role::CoHost => "H",
        Role::Moderator => "M",
        Role::FocalPoint => "F",
        Role::Rapporteur => "T",
        Role::Deputy => "D",
    };
    roles(permission).iter().flat_map(|role| letter(role).chars()).collect()
}

/// Operations whose rows are kept to the people whom the caller sees by name, whoever may call them.
const ROWS: &[&str] = &["list_assignments", "list_registrations", "export_registrations"];

#[test]
fn exact_numbers_are_for_those_who_see_names() {
    let names = letters(Permission::ReadRegistrations);
    for view in allowed::TABLE {
        let Source::Names(permission) = view.source else { continue };
        let may = access::TABLE.iter().find(|(operation, _)| *operation == view.of);
        let (_, may) = may.unwrap_or_else(|| panic!("{} is no operation", view.of));
        if ROWS.contains(&view.of) {
            continue;
        }
        for who in may.chars() {
            // A group's hosts see its people by name; so does who records who came.
            let hosts = permission == Permission::RecordAttendance && "HMFT".contains(who);
            assert!(names.contains(&who) || hosts, "{} tells {who}", view.of);
            assert!(
                letters(permission).contains(&who),
                "{} lets {who} in without {permission:?}",
                view.of
            );
        }
    }
}

on_both!(a_release_is_read_alike_as_every_role, |world: World| async move {
    let scene = access::scene(&world).await;
    let consultation = scene.ids.iter().find(|(name, _)| *name == "consultation_id").unwrap();
    let base = format!("/api/v1/consultations/{}", consultation.1);
    let by = |who: char| scene.people.iter().find(|one| one.0 == who).unwrap().1.clone();
    let secretariat = by('S').unwrap();
    let path = format!("{base}/figure-releases");
    world.make(&secretariat, &path, json!({ "occasion": "after_event" })).await;
    let mut told = BTreeSet::new();
    for (who, person) in &scene.people {
        let answer = world.get(person.as_ref(), &path).await;
        assert_eq!(answer.status, 200, "{who}: {}", answer.text);
        told.insert(answer.json["items"].to_string());
        assert!(answer.json["items"][0]["people"].is_null(), "of one participant: {}", answer.text);
        // What else holds a number of people is for those who see names.
        for operation in ["balance", "invitations/statistics", "assignment-plans"] {
            let answer = world.get(person.as_ref(), &format!("{base}/{operation}")).await;
            let expected = if "AS".contains(*who) {
                200
            } else if "NK".contains(*who) {
                401
            } else {
                403
            };
            assert_eq!(answer.status, expected, "{operation} as {who}: {}", answer.text);
        }
    }
    assert_eq!(told.len(), 1, "{told:?}");
});
