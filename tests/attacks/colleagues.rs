//! Whoever works here and reads everything, before and after each step.

use std::collections::BTreeSet;

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::crowd::{Crowd, tick, word};
use crate::harness::{Answer, Person, Request, World, id};
use crate::on_both;
use crate::tell;
use crate::thief::{dump, folders, grep, hexadecimal};
use crate::watch::Watch;

on_both!(a_merged_stolen_or_erased_account_opens_nothing, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    crowd.speak(&world, 1).await;
    crowd.next_mixing(&world);
    let watch = Watch::over(&world, &crowd);
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    // One account is merged into the attacker's.
    let attacker = world.person("Mal Lory");
    let path = format!("/api/v1/accounts/{}", crowd.members[0].person.id);
    let version = world.get(Some(&admin), &path).await.json["version"].as_i64().unwrap();
    let merge = Request::new(Method::POST, &format!("{path}/merge")).by(Some(&admin));
    let merged = world.send(merge.version(version).body(json!({ "into": attacker.id }))).await;
    println!("  merging two accounts: {}", merged.status);
    // Of the others a token is made with the signing key; one of them erases themselves afterwards.
    let mut opened = 0;
    let stolen = crowd.members[1..].iter().map(|member| &member.person);
    for person in stolen.chain([&attacker]) {
        let told = watch.told(&world, &world.signed_in_again(person)).await;
        opened +=
            (0..12).filter(|number| told.iter().any(|one| one.contains(&word(*number)))).count();
    }
    // A receipt that the account is given now is another one: it opens nothing of what was said before.
    for person in [&attacker, &crowd.members[1].person] {
        let person = world.signed_in_again(person);
        let given = world.post(&person, &crowd.of("receipts"), json!({})).await;
        if let Some(receipt) = given.json["receipt"].as_str() {
            let own = crowd.own(&world, receipt).await;
            opened += own["contributions"].as_array().unwrap().len();
        }
    }
    let person = world.signed_in_again(&crowd.members[2].person);
    let me = world.get(Some(&person), "/api/v1/me").await;
    let version = me.header("etag").trim_matches('"').parse().unwrap();
    let erase = Request::new(Method::DELETE, "/api/v1/me").by(Some(&person)).version(version);
    let before = crowd.read(&world).await;
    let erased = world.send(erase.body(json!({ "email": person.email }))).await;
    assert!(erased.status < 300, "{}", erased.text);
    assert_eq!(
        crowd.read(&world).await,
        before,
        "what an erased person said is told by what is gone"
    );
    // Their receipt still finds it, and the address is given no more than anybody.
    let own = crowd.own(&world, &crowd.members[2].receipt).await;
    assert_eq!(own["contributions"].as_array().unwrap().len(), 1);
    tell(&world, "by a merged, stolen or erased account", opened, 12);
    assert_eq!(opened, 0);
});

on_both!(what_is_done_by_receipt_changes_nothing_that_anybody_reads, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    crowd.speak(&world, 1).await;
    crowd.next_mixing(&world);
    let accepted = crowd.accept(&world, &crowd.input(&world, 3).await).await;
    let watch = Watch::over(&world, &crowd);
    let seen = watch.see(&world, &crowd).await;
    assert!(Watch::size(&seen) > 60, "{}", Watch::size(&seen));
    assert_eq!(
        watch.see(&world, &crowd).await.differences(&seen),
        [""; 0],
        "reading changes nothing"
    );
    let [one, two] = [&crowd.members[0].receipt, &crowd.members[1].receipt];
    let own = id(&crowd.own(&world, one).await["contributions"][0]).to_owned();
    let of_two = id(&crowd.own(&world, two).await["contributions"][0]).to_owned();
    let new =
        crowd.by_receipt(&world, one, Method::POST, "contributions", Some(crowd.said(60))).await;
    let waiting = id(&new.json).to_owned();
    let support = format!("supports/{}", id(&accepted));
    let contributions = || "contributions".to_owned();
    let steps: Vec<(&str, &str, Method, String, Option<Value>)> = vec![
        ("contributing", two, Method::POST, contributions(), Some(crowd.said(61))),
        ("repeating it", two, Method::POST, contributions(), Some(crowd.said(61))),
        ("saying nothing right", two, Method::POST, contributions(), Some(json!({ "body": "" }))),
        (
            "changing what waits",
            one,
            Method::PUT,
            format!("contributions/{waiting}"),
            Some(crowd.said(62)),
        ),
        ("taking back what waits", one, Method::DELETE, format!("contributions/{waiting}"), None),
        (
            "changing an input",
            one,
            Method::PUT,
            format!("contributions/{own}"),
            Some(crowd.said(63)),
        ),
        ("taking an input back", two, Method::DELETE, format!("contributions/{of_two}"), None),
        ("supporting", one, Method::PUT, support.clone(), None),
        ("supporting no more", one, Method::DELETE, support, None),
        ("looking", one, Method::GET, contributions(), None),
        (
            "looking for what is alike",
            one,
            Method::POST,
            "contributions/similar".to_owned(),
            Some(json!({ "body": "Offices are far from where people work." })),
        ),
        ("a wrong receipt", "7777-7777", Method::GET, contributions(), None),
        ("a foreign input", one, Method::DELETE, format!("contributions/{of_two}"), None),
    ];
    let mut told = Vec::new();
    let count = steps.len();
    for (step, receipt, method, what, body) in steps {
        tick(&world);
        let before = world.metrics().await;
        let answer = crowd.by_receipt(&world, receipt, method, &what, body).await;
        let after = world.metrics().await;
        assert!(answer.status < 500, "{step}: {}", answer.text);
        if step != "a wrong receipt" && before != after {
            told.push(format!("{step}: figures of the program"));
        }
        let now = watch.see(&world, &crowd).await;
        told.extend(now.differences(&seen).into_iter().map(|place| format!("{step}: {place}")));
    }
    // Being given a receipt is a request of somebody signed in; no list, version, mail or count follows it.
    crowd.receipt(&world, &world.signed_in_again(&crowd.members[7].person)).await;
    let now = watch.see(&world, &crowd).await;
    told.extend(now.differences(&seen).into_iter().map(|place| format!("a receipt: {place}")));
    tell(&world, "by what changes for those who watch", told.len(), count + 1);
    assert_eq!(told, [""; 0]);
    // A window that ends triggers nothing.
    world.app.clock.advance(chrono::Duration::minutes(90));
    rapporteur::voices::mixing::service::mix_due(&world.app).unwrap();
    assert_eq!(crowd.read(&world).await.len(), 12);
});

on_both!(changing_ones_own_facts_moves_no_figure_of_inputs, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    crowd.speak(&world, 1).await;
    crowd.next_mixing(&world);
    let accepted = crowd.accept(&world, &crowd.input(&world, 0).await).await;
    for member in &crowd.members[1..5] {
        let path = format!("supports/{}", id(&accepted));
        let done = crowd.by_receipt(&world, &member.receipt, Method::PUT, &path, None).await;
        assert_eq!(done.status, 204, "{}", done.text);
    }
    crowd.close(&world);
    let band = crowd.input(&world, 0).await["voices"]["band"].clone();
    assert_eq!(band, "five_or_more");
    let watch = Watch::over(&world, &crowd);
    let seen = watch.see(&world, &crowd).await;
    // The victim too, so that whatever follows them would be seen.
    let mut moved = Vec::new();
    for (member, sector) in crowd.members.iter().zip([
        "academia",
        "private_sector",
        "trade_unions",
        "media",
        "academia",
    ]) {
        let person = world.signed_in_again(&member.person);
        let path = format!("/api/v1/registrations/{}", member.registration);
        let version = world.get(Some(&person), &path).await.json["version"].as_i64().unwrap();
        let change = Request::new(Method::PATCH, &path).by(Some(&person)).version(version);
        let changed = world.send(change.body(json!({ "sector": sector }))).await;
        if changed.status >= 300 {
            println!("  {sector}: {}", changed.text);
        }
        let now = watch.see(&world, &crowd).await.differences(&seen);
        moved.extend(now.into_iter().filter(|place| {
            ["inputs", "coverage", "figure", "paragraph", "voices"]
                .iter()
                .any(|one| place.contains(one))
        }));
    }
    tell(&world, "by changing facts of those who support", moved.len(), 5);
    assert_eq!(moved, [""; 0]);
});

/// Brings a chat in, as a file of whoever chooses its names.
async fn chat(world: &World, crowd: &Crowd, title: &str, lines: &[(&str, &str)]) -> Answer {
    let text: String = lines
        .iter()
        .map(|(name, said)| format!("2020-11-04 09:41:12 From {name} to Everyone:\r\n\t{said}\r\n"))
        .collect();
    let path =
        crowd.of(&format!("input-sources?title={title}&file_name={title}.txt&dry_run=false"));
    let sent = world.client.post(format!("{}{path}", world.base));
    let sent = sent.bearer_auth(&crowd.team(world).token);
    let sent = sent.header("Content-Type", "application/octet-stream").body(text);
    Answer::of(sent.send().await.unwrap()).await
}

/// Turns the whole of a chat into one input, accepts it and merges it with another: the band that is told then.
async fn merged_band(world: &World, crowd: &Crowd, source: &Value, number: usize) -> Value {
    let team = crowd.team(world);
    let path = format!("/api/v1/input-sources/{}", id(source));
    let lines = world.get(Some(&team), &format!("{path}/lines?limit=200")).await.json;
    let lines: Vec<Value> = lines["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| json!({ "id": line["id"], "version": line["version"] }))
        .collect();
    let one = json!({ "lines": lines, "objectives": [4], "category_id": crowd.category["id"] });
    let made = world.make(&team, &format!("{path}/inputs"), json!({ "inputs": [one] })).await;
    let of_chat = crowd.accept(world, &made["items"][0]).await;
    let said = crowd.accept(world, &crowd.input(world, number).await).await;
    let with = json!([{ "id": of_chat["id"], "version": of_chat["version"] }]);
    let path = format!("/api/v1/inputs/{}/merge", id(&said));
    let body =
        json!({ "with": with, "into": { "body": format!("Merged {number}, of all of them.") } });
    let version = said["version"].as_i64().unwrap();
    let merged = world.change(&team, Method::POST, &path, version, body).await;
    let path = format!("/api/v1/inputs/{}", id(&merged));
    world.get(Some(&team), &path).await.json["voices"]["band"].clone()
}

on_both!(a_chosen_name_in_a_file_tells_nothing_and_is_not_kept, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    crowd.speak(&world, 1).await;
    crowd.next_mixing(&world);
    // Four who speak and one who wrote: five, unless the chosen name is theirs.
    let others = |last| {
        [
            ("Aaxq One", "First."),
            ("Bbxq Two", "Second."),
            ("Ccxq Three", "Third."),
            (last, "Fourth, by the chosen one."),
        ]
    };
    let mut bands = Vec::new();
    for (title, name, number) in
        [("right", "Victim No0", 0), ("wrong", "Victim No5", 1), ("nobody", "Strangerxq Mno", 2)]
    {
        let source = chat(&world, &crowd, title, &others(name)).await;
        assert_eq!(source.status, 200, "{}", source.text);
        bands.push(merged_band(&world, &crowd, &source.json, number).await);
    }
    let differing = bands.iter().map(Value::to_string).collect::<BTreeSet<_>>().len() - 1;
    tell(&world, "by a name that is chosen in a file", differing, 3);
    assert_eq!(bands, [json!("five_or_more"), json!("five_or_more"), json!("five_or_more")]);
    // The names themselves are kept nowhere, nor a hash of them.
    let rows = dump(&world);
    let names = ["Aaxq One", "Bbxq Two", "Ccxq Three", "Strangerxq Mno"];
    let mut kept = 0;
    for name in names {
        let [plain, lower] = [name.to_owned(), name.to_lowercase()];
        let hashes = [&plain, &lower].map(|text| hexadecimal(&Sha256::digest(text.as_bytes())));
        let parts = lower.split(' ').filter(|part| part.contains("xq")).map(str::to_owned);
        let written: Vec<String> = parts.chain([lower.clone()]).chain(hashes).collect();
        kept += rows
            .iter()
            .filter(|row| written.iter().any(|one| row.text.to_lowercase().contains(one)))
            .count();
        for folder in folders(&world) {
            kept += grep(&folder, &written).len();
        }
    }
    tell(&world, "by the names of those who spoke", kept, names.len());
    assert_eq!(kept, 0);
});

on_both!(no_role_and_no_operation_says_whose_an_input_is, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    crowd.speak(&world, 1).await;
    crowd.next_mixing(&world);
    let document = rapporteur::server::openapi_text();
    for gone in ["disclos", "/me/inputs\"", "questionnaire", "attributions"] {
        assert!(!document.to_lowercase().contains(gone), "there is an operation again: {gone}");
    }
    // Recommendations are followed up, and nobody who spoke is.
    let contract: Value = serde_json::from_str(&document).unwrap();
    let followed = contract["paths"].as_object().unwrap().keys();
    let followed = followed.filter(|path| path.contains("follow-up"));
    let of_people = followed.filter(|path| {
        !path.starts_with("/api/v1/follow-ups/") && !path.starts_with("/api/v1/recommendations/")
    });
    assert_eq!(of_people.collect::<Vec<_>>(), [""; 0], "there is an operation again");
    for gone in ["follow_up", "disclose"] {
        assert!(gone.parse::<Role>().is_err(), "{gone} is a role again");
    }
    // With every role there is, nothing that is told of inputs or of contributions names anybody.
    let watch = Watch::over(&world, &crowd);
    let seen = watch.see(&world, &crowd).await;
    let mut named = Vec::new();
    let mut read = 0;
    for (place, told) in &seen.0 {
        if !["inputs", "input-sources", "coverage", "submissions"]
            .iter()
            .any(|one| place.contains(one))
        {
            continue;
        }
        read += 1;
        named.extend(crowd.members.iter().filter_map(|member| {
            let of_them = [
                member.person.id.to_string(),
                member.person.email.clone(),
                member.registration.clone(),
            ];
            of_them.iter().any(|one| told.contains(one)).then(|| place.clone())
        }));
    }
    assert!(read > 20, "{read}");
    // Nor does the other way round: nothing about a person holds a text, an id of an input or a count of theirs.
    let inputs = crowd.read(&world).await;
    for (place, told) in &seen.0 {
        if !["accounts", "registrations", "assignments", "organizations"]
            .iter()
            .any(|one| place.contains(one))
        {
            continue;
        }
        let holds = inputs.iter().any(|input| told.contains(id(input)))
            || (0..12).any(|number| told.contains(&word(number)));
        if holds || told.contains("receipt") || told.contains("contribution") {
            named.push(place.clone());
        }
    }
    tell(&world, "with every role and every operation", named.len(), 12);
    assert_eq!(named, [""; 0]);
    // The audit log names who of the team did something, and never a contributor.
    crowd.accept(&world, &crowd.input(&world, 4).await).await;
    let rows = dump(&world);
    let of_voices = |row: &&crate::thief::Row| {
        row.table == "audit_log"
            && ["contribut", "receipt", "voice", "input."].iter().any(|one| row.text.contains(one))
    };
    let people: Vec<&Person> = crowd.members.iter().map(|member| &member.person).collect();
    let entries: Vec<&crate::thief::Row> = rows.iter().filter(of_voices).collect();
    let contributors = entries
        .iter()
        .filter(|row| people.iter().any(|person| row.text.contains(&person.id.to_string())))
        .count();
    tell(&world, "by the audit log", contributors, entries.len());
    assert_eq!(contributors, 0);
    assert!(
        entries.iter().any(|row| row.text.contains(&crowd.secretariat.id.to_string())),
        "{entries:?}"
    );
});
