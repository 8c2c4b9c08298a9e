//! Whoever wants to know who commented on a draft that participants are asked about, or who read it: a colleague, puppets, a thief of
//! database, files and keys; and whoever joins a comment with an input of the same receipt.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Duration, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use crate::crowd::{Crowd, tick, word};
use crate::harness::{Answer, Request, World, id};
use crate::on_both;
use crate::tell;
use crate::thief::{
    MOST_TAU, Row, dump, folders, grep, joined, moments_in, order_in_files, orders, pool, settle,
    tau, told_by_order, words,
};
use crate::watch::Watch;

/// Those who are asked, each of whom comments once, one after the other.
const PEOPLE: usize = 40;
/// What chance alone does not guess of them.
const MOST_GUESSED: usize = 6;
/// Comments say other words than inputs.
const COMMENTS: usize = 5_000;

/// The word of a comment.
fn remark(number: usize) -> String {
    word(COMMENTS + number)
}

/// A draft in clearance, about which participants are asked. Each of them contributed before, member `n` text `n`.
struct Hall {
    crowd: Crowd,
    report: String,
    round: String,
    paragraph: String,
}

impl Hall {
    async fn asked(world: &World, size: usize) -> Self {
        let crowd = Crowd::gather(world, size).await;
        crowd.speak(world, 1).await;
        crowd.next_mixing(world);
        let rests_on = crowd.accept(world, &crowd.input(world, 0).await).await;
        let consultation = id(&crowd.consultation);
        let phases = ["registration_closed", "in_session", "synthesis"];
        world.phases(&crowd.team(world), consultation, &phases).await;
        let report = world.make(&crowd.team(world), &crowd.of("report"), Value::Null).await;
        let report = format!("/api/v1/reports/{}", id(&report));
        let outline = world.get(Some(&crowd.team(world)), &format!("{report}/outline")).await.json;
        let sections = outline["sections"].as_array().unwrap();
        let section = sections.iter().find(|one| one["kind"] == "background").unwrap();
        let text = "Offices are open while people work.";
        let body = json!({ "section_id": section["id"], "text": text, "inputs": [id(&rests_on)] });
        let added = world.add_paragraph(&crowd.team(world), &report, body).await;
        world.phases(&crowd.team(world), consultation, &["clearance"]).await;
        // What is left at the closing is let in before anybody is asked.
        crowd.next_mixing(world);
        let team = crowd.team(world);
        let day = |days| world.app.clock.now().plus(Duration::days(days)).utc().date_naive();
        let asked = json!([{ "account_id": team.id, "needed": true }]);
        let round = json!({ "ends_on": day(10), "asked": asked });
        let round = world.make(&team, &format!("{report}/clearance/rounds"), round).await;
        let path = format!("/api/v1/clearance-rounds/{}", id(&round));
        let until = json!({ "ends_on": day(6) });
        let version = round["version"].as_i64().unwrap();
        let ask = format!("{path}/participants");
        world.change(&team, Method::POST, &ask, version, until).await;
        let (round, paragraph) = (id(&round).to_owned(), id(&added).to_owned());
        Self { crowd, report, round, paragraph }
    }

    fn said(&self, number: usize) -> Value {
        let body =
            format!("They are closed on market days, says {}, in the north.", remark(number));
        json!({ "portion_id": self.paragraph, "quote": "while people work", "body": body })
    }

    /// Says the comment with this number; when that was.
    async fn comment(&self, world: &World, receipt: &str, number: usize) -> DateTime<Utc> {
        let moment = tick(world);
        let answer = self.observe(world, receipt, self.said(number)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        moment
    }

    async fn observe(&self, world: &World, receipt: &str, said: Value) -> Answer {
        let (method, what) = (Method::POST, "observations");
        self.crowd.by_receipt(world, receipt, method, what, Some(said)).await
    }

    /// Takes one's only input back; when that was.
    async fn take_back(&self, world: &World, receipt: &str) -> DateTime<Utc> {
        let own = self.crowd.own(world, receipt).await["contributions"][0].clone();
        let moment = tick(world);
        let path = format!("contributions/{}", id(&own));
        let gone = self.crowd.by_receipt(world, receipt, Method::DELETE, &path, None).await;
        assert_eq!(gone.status, 200, "{}", gone.text);
        moment
    }

    /// The hearing is over, and what waits is let in.
    fn end(&self, world: &World) {
        world.app.clock.advance(Duration::days(7));
        self.crowd.next_mixing(world);
    }

    /// The comments as the team reads them.
    async fn read(&self, world: &World) -> Vec<Value> {
        let path = format!("{}/clearance/comments?limit=200", self.report);
        let read = world.get(Some(&self.crowd.team(world)), &path).await;
        read.json["items"].as_array().unwrap_or_else(|| panic!("{}", read.text)).clone()
    }

    fn watch(&self, world: &World) -> Watch {
        let report = self.report.rsplit('/').next().unwrap();
        let watch = Watch::over(world, &self.crowd).with("report_id", report);
        watch.with("clearance_round_id", &self.round).with("paragraph_id", &self.paragraph)
    }
}

/// What comments are called by in the tables, and which each is.
fn names(rows: &[Row], comments: usize) -> HashMap<String, usize> {
    let all = rows.iter().filter(|row| row.table == "observations");
    let named = all.flat_map(|row| {
        let number = (0..comments).find(|number| row.text.contains(&remark(*number))).unwrap();
        let id = row.text.trim_start_matches('(').split([',', '|']).next().unwrap().trim();
        [(id.replace('-', ""), number), (remark(number), number)]
    });
    let named: HashMap<String, usize> = named.collect();
    assert_eq!(named.len(), 2 * comments);
    named
}

/// What people are called by in the tables.
fn people(crowd: &Crowd) -> Vec<Vec<String>> {
    let of = |member: &crate::crowd::Member| {
        let ids = [member.person.id.to_string(), member.registration.clone()];
        let mut own: Vec<String> = ids.iter().map(|one| one.replace('-', "")).collect();
        own.push(member.person.email.split('@').next().unwrap().to_owned());
        own
    };
    crowd.members.iter().map(of).collect()
}

on_both!(no_table_and_no_list_has_comments_in_the_order_of_arrival, |world: World| async move {
    let hall = Hall::asked(&world, PEOPLE).await;
    let mut moments = Vec::new();
    for (number, member) in hall.crowd.members.iter().enumerate() {
        moments.push(hall.comment(&world, &member.receipt, number).await);
    }
    assert_eq!(moments_in(&dump(&world), &moments), [""; 0], "while it waits");
    hall.end(&world);
    let read = hall.read(&world).await;
    assert_eq!(read.len(), PEOPLE);
    let rows = dump(&world);
    let names = names(&rows, PEOPLE);
    let mut orders = orders(&rows, &names);
    for table in ["observations", "observation_marks"] {
        assert_eq!(orders[table].len(), PEOPLE, "{table}");
    }
    let number = |one: &Value| names[&id(one).replace('-', "")];
    orders.insert("the team's list".into(), read.iter().map(number).collect());
    settle(&world);
    let said: Vec<String> = (0..PEOPLE).map(remark).collect();
    order_in_files(&folders(&world), &said, &mut orders);
    let linked = told_by_order(&orders, PEOPLE, PEOPLE, MOST_GUESSED);
    let named =
        rows.iter().filter(|row| words(&row.text).iter().any(|one| names.contains_key(one)));
    let written: BTreeSet<i64> = named.map(|row| row.written_by).collect();
    assert_eq!(written.len(), 1, "by whom they were written tells them apart");
    let found = moments_in(&rows, &moments);
    tell(&world, "on comments by order and moment", linked.max(found.len()), PEOPLE);
    assert_eq!((linked, found), (0, vec![]));
});

on_both!(no_join_leads_from_a_comment_to_a_person_or_an_input, |world: World| async move {
    let hall = Hall::asked(&world, PEOPLE).await;
    let crowd = &hall.crowd;
    // Whoever comments takes what they said back right after, in the same batch; the paragraph rests on the first.
    for (number, member) in crowd.members.iter().enumerate() {
        hall.comment(&world, &member.receipt, number).await;
        if number > 0 {
            hall.take_back(&world, &member.receipt).await;
        }
    }
    let inputs: Vec<String> = {
        let mut ids = Vec::new();
        for number in 0..PEOPLE {
            ids.push(id(&crowd.input(&world, number).await).replace('-', ""));
        }
        ids
    };
    hall.end(&world);
    let rows = dump(&world);
    let names = names(&rows, PEOPLE);
    // By whatever rows have in common, from people and from inputs.
    let of_people = joined(&rows, &people(crowd), &names);
    let own: Vec<Vec<String>> = inputs.iter().map(|one| vec![one.clone()]).collect();
    let of_inputs = joined(&rows, &own, &names);
    // By the pieces of what is kept beside a comment.
    let marks = rows.iter().filter(|row| row.table == "observation_marks");
    let pieces: Vec<String> = marks
        .flat_map(|row| {
            let mark = words(&row.text).into_iter().max_by_key(String::len).unwrap();
            mark.trim_start_matches('x')
                .as_bytes()
                .chunks(16)
                .map(|piece| String::from_utf8_lossy(piece).into_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    let distinct: BTreeSet<&String> = pieces.iter().collect();
    assert_eq!(distinct.len(), pieces.len(), "two marks have something in common");
    let elsewhere = rows.iter().filter(|row| row.table != "observation_marks");
    let elsewhere = elsewhere
        .filter(|row| pieces.iter().any(|piece| row.text.contains(piece.as_str())))
        .count();
    // By neighbours: comments lie as inputs that were taken back in the same batch do not.
    let of_input: HashMap<String, usize> =
        inputs.iter().enumerate().map(|(number, one)| (one.clone(), number)).collect();
    let batch = rows.iter().find(|row| row.table == "observations").unwrap().written_by;
    let together: Vec<Row> = rows.iter().filter(|row| row.written_by == batch).cloned().collect();
    let (of_comments, of_inputs_too) = (orders(&together, &names), orders(&together, &of_input));
    let mut beside = 0;
    let whole = |orders: &BTreeMap<String, Vec<usize>>| -> Vec<(String, Vec<usize>)> {
        orders
            .iter()
            .filter(|(_, order)| order.len() > PEOPLE / 2)
            .map(|(table, order)| (table.clone(), order.clone()))
            .collect()
    };
    for (table, comments) in whole(&of_comments) {
        for (other, inputs) in whole(&of_inputs_too) {
            let places: Vec<usize> = comments
                .iter()
                .filter_map(|one| inputs.iter().position(|two| two == one))
                .collect();
            let matched = comments.iter().zip(&inputs).filter(|(one, two)| one == two).count();
            println!("  {table} beside {other}: tau {:.2}, matched {matched}", tau(&places));
            beside += if tau(&places).abs() > MOST_TAU || matched > MOST_GUESSED {
                places.len()
            } else {
                0
            };
        }
    }
    let linked = of_people.len() + of_inputs.len() + elsewhere + beside;
    tell(&world, "from comments to people and inputs", linked, PEOPLE);
    assert_eq!((of_people, of_inputs), (vec![], vec![]));
    assert_eq!((elsewhere, beside), (0, 0));
});

on_both!(a_comment_that_waits_looks_like_everything_else_that_waits, |world: World| async move {
    let hall = Hall::asked(&world, 12).await;
    let crowd = &hall.crowd;
    hall.take_back(&world, &crowd.members[1].receipt).await;
    let size = |world: &World| -> BTreeSet<usize> {
        pool(world).iter().map(|(_, _, sealed)| sealed.len() - 12 - 16).collect()
    };
    assert_eq!(size(&world), BTreeSet::from([2 * 1024]));
    hall.comment(&world, &crowd.members[2].receipt, 2).await;
    assert_eq!(size(&world), BTreeSet::from([2 * 1024]), "a comment is told by its length");
    // One is changed, one deleted, one is as long as is taken.
    let own = crowd.own(&world, &crowd.members[2].receipt).await["observations"][0].clone();
    let path = format!("observations/{}", id(&own));
    let (receipt, said) = (&crowd.members[2].receipt, Some(hall.said(3)));
    let changed = crowd.by_receipt(&world, receipt, Method::PUT, &path, said).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    hall.comment(&world, &crowd.members[3].receipt, 4).await;
    let own = crowd.own(&world, &crowd.members[3].receipt).await["observations"][0].clone();
    let path = format!("observations/{}", id(&own));
    let gone =
        crowd.by_receipt(&world, &crowd.members[3].receipt, Method::DELETE, &path, None).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    let rest = 5_000 - remark(5).len() - 1;
    let body = format!("{} {}", remark(5), "𐌔".repeat(rest));
    let long = json!({ "portion_id": hall.paragraph, "body": body });
    let long = hall.observe(&world, &crowd.members[4].receipt, long).await;
    assert_eq!(long.status, 201, "{}", long.text);
    let sizes = size(&world);
    assert_eq!(sizes, BTreeSet::from([2 * 1024, 32 * 1024]));
    let said: Vec<String> = (2..6).map(remark).collect();
    let rows = dump(&world);
    let told = said.iter().filter(|word| rows.iter().any(|row| row.text.contains(*word))).count();
    let mut in_files = Vec::new();
    for folder in folders(&world) {
        in_files.extend(grep(&folder, &said));
    }
    // Nor do rows say which is which: they have an id, a consultation, the one key, a mark and a ciphertext.
    let waiting = rows.iter().filter(|row| row.table == "pool_entries");
    let keys: BTreeSet<&str> =
        waiting.filter_map(|row| row.text.split([',', '|']).nth(2)).collect();
    tell(&world, "on comments while they wait", told.max(in_files.len()) + keys.len() - 1, 4);
    assert_eq!((told, in_files, keys.len()), (0, vec![], 1));
});

on_both!(commenting_and_reading_change_nothing_that_anybody_reads, |world: World| async move {
    let hall = Hall::asked(&world, 12).await;
    let crowd = &hall.crowd;
    // Everybody confirmed is told, in the same words.
    world.app.clock.advance(Duration::hours(24));
    world.sweep().await;
    let mails: Vec<String> = dump(&world)
        .into_iter()
        .filter(|row| row.table == "outbox_mails" && row.text.contains("draft_open"))
        .map(|row| row.text)
        .collect();
    let to = |member: &crate::crowd::Member| {
        mails.iter().filter(|mail| mail.contains(&member.person.email)).count()
    };
    assert!(crowd.members.iter().all(|member| to(member) == 1), "{mails:?}");
    let watch = hall.watch(&world);
    let seen = watch.see(&world, crowd).await;
    assert!(
        seen.0.keys().any(|place| place.contains("clearance/comments by")),
        "{:?}",
        seen.0.keys()
    );
    tick(&world);
    assert_eq!(
        watch.see(&world, crowd).await.differences(&seen),
        [""; 0],
        "reading changes nothing"
    );
    let [one, two] = [&crowd.members[3].receipt, &crowd.members[4].receipt];
    hall.comment(&world, one, 0).await;
    let own = crowd.own(&world, one).await["observations"][0].clone();
    let own = format!("observations/{}", id(&own));
    let observations = || "observations".to_owned();
    let wrong = json!({ "portion_id": hall.round, "body": "Why?" });
    let steps: Vec<(&str, &str, Method, String, Option<Value>)> = vec![
        ("commenting", two, Method::POST, observations(), Some(hall.said(1))),
        ("repeating it", two, Method::POST, observations(), Some(hall.said(1))),
        ("commenting on nothing", two, Method::POST, observations(), Some(wrong)),
        ("changing a foreign one", two, Method::PUT, own.clone(), Some(hall.said(2))),
        ("changing it", one, Method::PUT, own.clone(), Some(hall.said(2))),
        ("looking", one, Method::GET, "contributions".to_owned(), None),
        ("deleting it", one, Method::DELETE, own, None),
    ];
    let mut told = Vec::new();
    let count = steps.len();
    for (step, receipt, method, what, body) in steps {
        tick(&world);
        let before = world.metrics().await;
        let answer = crowd.by_receipt(&world, receipt, method, &what, body).await;
        assert!(answer.status < 500, "{step}: {}", answer.text);
        if world.metrics().await != before {
            told.push(format!("{step}: figures of the program"));
        }
        let now = watch.see(&world, crowd).await;
        told.extend(now.differences(&seen).into_iter().map(|place| format!("{step}: {place}")));
    }
    // Reading it, signed in, leaves nothing either.
    let before = dump(&world).into_iter().map(|row| (row.table, row.text));
    let before: BTreeSet<(String, String)> = before.collect();
    let member = world.signed_in_again(&crowd.members[5].person);
    tick(&world);
    assert_eq!(world.get(Some(&member), &crowd.of("draft")).await.status, 200);
    let after = dump(&world).into_iter().map(|row| (row.table, row.text));
    told.extend(
        after
            .filter(|row| !before.contains(row))
            .map(|(table, text)| format!("reading: {table} {text}")),
    );
    tell(&world, "on comments by what changes for those who watch", told.len(), count + 1);
    assert_eq!(told, [""; 0]);
});

on_both!(
    a_comment_that_stands_alone_is_of_one_of_those_who_hold_receipts,
    |world: World| async move {
        let hall = Hall::asked(&world, 12).await;
        let crowd = &hall.crowd;
        let watch = hall.watch(&world);
        // Three take part whom the attacker does not hold; one of them comments, and nobody else does.
        let (puppets, honest) = crowd.members.split_at(9);
        let moment = hall.comment(&world, &honest[1].receipt, 0).await;
        let own = crowd.own(&world, &honest[1].receipt).await["observations"][0].clone();
        crowd.next_mixing(&world);
        assert_eq!(hall.read(&world).await, Vec::<Value>::new(), "one of few is let in early");
        let before = watch.see(&world, crowd).await;
        // The team cannot move its end, nor close the round before.
        let round = format!("/api/v1/clearance-rounds/{}", hall.round);
        let version =
            world.get(Some(&crowd.team(&world)), &round).await.json["version"].as_i64().unwrap();
        let close = format!("{round}/close");
        let team = crowd.team(&world);
        let early =
            world.send(Request::new(Method::POST, &close).by(Some(&team)).version(version)).await;
        early.is_problem(409, "invalid_transition");
        hall.end(&world);
        let read = hall.read(&world).await;
        assert_eq!((read.len(), read[0]["text"].as_str().unwrap().contains(&remark(0))), (1, true));
        assert_ne!(read[0]["id"], own["id"], "an id outlives the mixing");
        // Of all that changed nothing sets one of the three apart.
        let seen = watch.see(&world, crowd).await;
        let apart = seen.differences(&before).into_iter().filter(|place| {
            let named = honest.iter().filter(|member| {
                let of_them = [
                    member.person.id.to_string(),
                    member.registration.clone(),
                    member.person.email.clone(),
                ];
                seen.0.get(place).is_some_and(|told| {
                    of_them.iter().any(|one| told.contains(one) || place.contains(one))
                })
            });
            (1..honest.len()).contains(&named.count())
        });
        let apart: Vec<String> = apart.collect();
        // No puppet finds it by its receipt, or can do anything with it.
        let mut taken = 0;
        for puppet in puppets {
            let own = crowd.own(&world, &puppet.receipt).await;
            taken += own["observations"].as_array().unwrap().len();
            let path = format!("observations/{}", id(&read[0]));
            for (method, body) in [(Method::PUT, Some(hall.said(9))), (Method::DELETE, None)] {
                let answer = crowd.by_receipt(&world, &puppet.receipt, method, &path, body).await;
                taken += usize::from(answer.status != 404);
            }
        }
        // Nor has the thief of everything more than that.
        let rows = dump(&world);
        let names = names(&rows, 1);
        // What it is about, the draft that everybody was asked about, is nobody's.
        let about = hall.report.rsplit('/').next().unwrap_or_default();
        let about = [about, &hall.round, &hall.paragraph].map(|one| one.replace('-', ""));
        let mut known = people(crowd);
        known.push(about.to_vec());
        let mut found = joined(&rows, &known, &names);
        found.retain(|(_, of)| *of < crowd.members.len());
        let moments = moments_in(&rows, &[moment]);
        let linked = apart.len() + taken + found.len() + moments.len();
        tell(&world, "on a comment that stands alone", linked, 1);
        assert_eq!((apart, taken, found, moments), (vec![], 0, vec![], vec![]));
    }
);
