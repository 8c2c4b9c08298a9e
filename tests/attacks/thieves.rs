//! Whoever has the database, its files, a backup of yesterday and the folder of keys.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::json;

use crate::crowd::{Crowd, tick, word};
use crate::harness::{World, id};
use crate::on_both;
use crate::tell;
use crate::thief::{
    MOST_TAU, dump, execute, folders, grep, hexadecimal, joined, key, moments_in, names, open,
    order_in_files, orders, pool, receipt_bytes, settle, tau, told_by_order, voices,
};

/// Contributors, each of whom says so much, one after the other.
const PEOPLE: usize = 40;
const TIMES: usize = 2;
/// What chance alone does not guess of them.
const MOST_GUESSED: usize = 8;

on_both!(no_table_lies_in_the_order_of_arrival, |world: World| async move {
    let crowd = Crowd::gather(&world, PEOPLE).await;
    crowd.speak(&world, TIMES).await;
    crowd.next_mixing(&world);
    let texts = PEOPLE * TIMES;
    assert_eq!(crowd.read(&world).await.len(), texts);
    let rows = dump(&world);
    let names = names(&rows, texts);
    let mut orders = orders(&rows, &names);
    assert!(orders.values().filter(|order| order.len() == texts).count() >= 5, "{orders:?}");
    let read = crowd.read(&world).await;
    let number = |id: &str| names[&id.replace('-', "")];
    orders.insert("the team's list".into(), read.iter().map(|one| number(id(one))).collect());
    let mut ids: Vec<&str> = read.iter().map(id).collect();
    ids.sort_unstable();
    orders.insert("ids".into(), ids.into_iter().map(number).collect());
    let of_voices = voices(&world).iter().map(|voice| number(&voice.input.to_string())).collect();
    orders.insert("voices".into(), of_voices);
    settle(&world);
    let said: Vec<String> = (0..texts).map(word).collect();
    order_in_files(&folders(&world), &said, &mut orders);
    let linked = told_by_order(&orders, texts, PEOPLE, MOST_GUESSED);
    // By when they were written: all by one transaction.
    let named = rows.iter().filter(|row| row.table != "audit_log");
    let named = named
        .filter(|row| crate::thief::words(&row.text).iter().any(|one| names.contains_key(one)));
    let written: BTreeSet<i64> = named.map(|row| row.written_by).collect();
    assert_eq!(written.len(), 1, "by whom they were written tells them apart");
    tell(&world, "by the order of rows and pages", linked, texts);
    assert_eq!(linked, 0);
});

on_both!(who_was_given_a_receipt_does_not_lie_as_contributions_do, |world: World| async move {
    let crowd = Crowd::gather(&world, PEOPLE).await;
    crowd.speak(&world, 1).await;
    crowd.next_mixing(&world);
    // The thief has the keys: whose a row is can be computed, and nothing more.
    let receipts = rapporteur_kernel::keys::Key::new(key(&world, "receipts").unwrap());
    let consultation: uuid::Uuid = id(&crowd.consultation).parse().unwrap();
    let holder = |registration: &str| {
        let registration: uuid::Uuid = registration.parse().unwrap();
        let parts: [&[u8]; 4] =
            [b"holder", consultation.as_bytes(), b"registration", registration.as_bytes()];
        hexadecimal(&receipts.mac(&parts))
    };
    let holders: Vec<String> =
        crowd.members.iter().map(|member| holder(&member.registration)).collect();
    let rows = dump(&world);
    let given: Vec<usize> = rows
        .iter()
        .filter(|row| row.table == "receipts_given")
        .filter_map(|row| holders.iter().position(|holder| row.text.contains(holder.as_str())))
        .collect();
    assert_eq!(given.len(), PEOPLE, "that they were given one is known");
    let names = names(&rows, PEOPLE);
    let mut most = 0;
    for (table, order) in orders(&rows, &names).iter().filter(|(_, order)| order.len() == PEOPLE) {
        let matched = order.iter().zip(&given).filter(|(text, person)| text == person).count();
        let beside: Vec<usize> =
            order.iter().map(|text| given.iter().position(|one| one == text).unwrap()).collect();
        println!("  {table}: tau {:.2}, matched {matched}", tau(&beside));
        assert!(tau(&beside).abs() < MOST_TAU, "{table}");
        most = most.max(matched);
    }
    assert!(tau(&given).abs() < MOST_TAU, "they lie as they came");
    // Beside whose it is and the consultation stands nothing that could be a day or a moment: single figures and marks.
    let whose = 64;
    let rest = |text: &str| {
        let text = text.replace(id(&crowd.consultation), "");
        let words = text.split(|one: char| !one.is_ascii_alphanumeric());
        let mut rest = words.map(|one| one.trim_start_matches('x').to_owned());
        rest.find(|one| one.len() > 1 && one.len() != whose)
    };
    let given = rows.iter().filter(|row| row.table == "receipts_given");
    let told: Vec<String> = given.filter_map(|row| rest(&row.text)).collect();
    assert_eq!(told, [""; 0], "no day");
    tell(&world, "by the rows of who was given a receipt", if most > 5 { most } else { 0 }, PEOPLE);
    assert!(most <= 5, "chance makes one of them: {most}");
});

on_both!(no_join_leads_from_a_person_to_an_input, |world: World| async move {
    let crowd = Crowd::gather(&world, 20).await;
    crowd.speak(&world, 1).await;
    crowd.next_mixing(&world);
    // What a team does meanwhile: it writes rows of its own.
    let input = crowd.input(&world, 3).await;
    crowd.accept(&world, &input).await;
    let rows = dump(&world);
    let names = names(&rows, 20);
    let people: Vec<Vec<String>> = crowd
        .members
        .iter()
        .map(|member| {
            let ids = [member.person.id.to_string(), member.registration.clone()];
            let mut own: Vec<String> = ids.iter().map(|one| one.replace('-', "")).collect();
            own.push(member.person.email.split('@').next().unwrap().to_owned());
            own
        })
        .collect();
    let found = joined(&rows, &people, &names);
    tell(&world, "by every join", found.iter().filter(|(text, of)| text == of).count(), 20);
    assert_eq!(found, []);
    // The attack would find it: one row that names both is enough.
    let mut planted = rows.clone();
    let input = names.iter().find(|(name, text)| **text == 5 && name.len() == 32).unwrap().0;
    planted.push(crate::thief::Row {
        table: "planted".into(),
        text: format!("between1 | {input}"),
        written_by: 0,
    });
    planted.push(crate::thief::Row {
        table: "planted".into(),
        text: format!("{} | between1", people[5][0]),
        written_by: 0,
    });
    assert_eq!(joined(&planted, &people, &names), [(5, 5)]);
});

on_both!(what_waits_is_ciphertext_in_every_file_and_tells_no_length, |world: World| async move {
    let crowd = Crowd::gather(&world, 8).await;
    // Words of no other test: they share a server of PostgreSQL, and its log.
    for (member, number) in crowd.members.iter().zip(9_000..) {
        crowd.contribute(&world, &member.receipt, number).await;
    }
    for (number, length) in [(9_100, 10), (9_101, 900), (9_102, 4_000)] {
        tick(&world);
        let long = format!("{} {}", word(number), "ŵ".repeat(length));
        let said = Some(crowd.saying(&long));
        let receipt = &crowd.members[0].receipt;
        let answer = crowd.by_receipt(&world, receipt, Method::POST, "contributions", said).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    // One is changed while it waits, one taken back, and one looked up: neither text is anywhere.
    let own = crowd.own(&world, &crowd.members[1].receipt).await["contributions"][0].clone();
    let path = format!("contributions/{}", id(&own));
    let receipt = &crowd.members[1].receipt;
    let changed =
        crowd.by_receipt(&world, receipt, Method::PUT, &path, Some(crowd.said(9_103))).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let own = crowd.own(&world, &crowd.members[2].receipt).await["contributions"][0].clone();
    let path = format!("contributions/{}", id(&own));
    let gone =
        crowd.by_receipt(&world, &crowd.members[2].receipt, Method::DELETE, &path, None).await;
    assert_eq!(gone.status, 204);
    let ask = json!({ "body": format!("Is {} said already by somebody?", word(9_104)) });
    let path = "contributions/similar";
    let asked = crowd.by_receipt(&world, receipt, Method::POST, path, Some(ask)).await;
    assert_eq!(asked.status, 200, "{}", asked.text);

    let words: Vec<String> = (9_000..9_008).chain(9_100..9_105).map(word).collect();
    let rows = dump(&world);
    let told = words.iter().filter(|word| rows.iter().any(|row| row.text.contains(*word))).count();
    let mut in_files = Vec::new();
    for folder in folders(&world) {
        in_files.extend(grep(&folder, &words));
    }
    // The attack would find them: who registered stands there.
    let person = vec!["victim.no1@example.org".to_owned()];
    assert!(folders(&world).iter().any(|folder| !grep(folder, &person).is_empty()));
    tell(&world, "by the files while it waits", told.max(in_files.len()), words.len());
    assert_eq!((told, in_files), (0, vec![]));
    let lengths: BTreeSet<usize> =
        pool(&world).iter().map(|(_, _, sealed)| sealed.len() - 12 - 16).collect();
    assert_eq!(
        lengths,
        BTreeSet::from([2 * 1024, 8 * 1024, 32 * 1024].map(|size| size))
            .into_iter()
            .filter(|size| lengths.contains(size))
            .collect()
    );
    assert!(lengths.contains(&2048) && lengths.len() >= 2, "{lengths:?}");
});

on_both!(a_backup_of_what_waited_opens_with_no_key_that_is_left, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    crowd.speak(&world, 1).await;
    let backup = pool(&world);
    assert_eq!(backup.len(), 12);
    crowd.next_mixing(&world);
    assert_eq!((pool(&world).len(), crowd.pool_keys(&world)), (0, 0));
    // New entries take the next key.
    crowd.contribute(&world, &crowd.members[0].receipt, 50).await;
    assert_eq!(crowd.pool_keys(&world), 1);
    let keys: Vec<[u8; 32]> = std::fs::read_dir(world.app.settings.keys_folder())
        .unwrap()
        .filter_map(|one| std::fs::read(one.unwrap().path()).ok()?.try_into().ok())
        .collect();
    assert!(keys.len() >= 3, "receipts, voices and the next of what waits");
    let consultation: uuid::Uuid = id(&crowd.consultation).parse().unwrap();
    let beside = |entry: uuid::Uuid| [*entry.as_bytes(), *consultation.as_bytes()].concat();
    let opens = |entry: &(uuid::Uuid, Vec<u8>, Vec<u8>)| {
        keys.iter().any(|key| open(key, &beside(entry.0), &entry.2).is_some())
    };
    let opened = backup.iter().filter(|entry| opens(entry)).count();
    // The attack would find it: what waits now opens.
    assert!(pool(&world).iter().all(opens));
    // Nor does anything of a row that waited stand in what became of it.
    let rows = dump(&world);
    let kept: Vec<&(uuid::Uuid, Vec<u8>, Vec<u8>)> = backup
        .iter()
        .filter(|(entry, mark, sealed)| {
            let pieces =
                [&mark[..16], &mark[16..], &sealed[..12], &sealed[12..28]].map(hexadecimal);
            let entry = entry.simple().to_string();
            rows.iter().any(|row| {
                let text = row.text.replace('-', "");
                text.contains(&entry) || pieces.iter().any(|piece| text.contains(piece))
            })
        })
        .collect();
    tell(&world, "by a backup and the keys of later", opened.max(kept.len()), 12);
    assert_eq!((opened, kept.len()), (0, 0));
});

on_both!(
    inputs_of_one_voice_are_grouped_by_the_key_of_voices_alone_and_never_named,
    |world: World| async move {
        let crowd = Crowd::gather(&world, 12).await;
        crowd.speak(&world, 3).await;
        crowd.next_mixing(&world);
        let kept = voices(&world);
        assert_eq!(kept.len(), 36);
        // Without the key: no piece of one is in another, nor anywhere else.
        let mut pieces: BTreeMap<String, usize> = BTreeMap::new();
        for voice in &kept {
            let sealed = voice.sealed.as_ref().unwrap();
            for piece in [&voice.mark[..8], &voice.mark[16..24], &sealed[..8], &sealed[12..20]] {
                *pieces.entry(hexadecimal(piece)).or_default() += 1;
            }
        }
        let grouped = pieces.values().filter(|times| **times > 1).count();
        let rows = dump(&world);
        let elsewhere = rows.iter().filter(|row| row.table != "input_voices");
        let elsewhere =
            elsewhere.filter(|row| pieces.keys().any(|piece| row.text.contains(piece))).count();
        tell(&world, "of one voice without its key", grouped.max(elsewhere), 36);
        assert_eq!((grouped, elsewhere), (0, 0));
        // With it: which are one voice, which is said in the threat model; and it leads to nobody.
        let voices_key = key(&world, "voices-").unwrap();
        let opened = |voice: &crate::thief::Voice| {
            let beside = [voice.input.as_bytes(), &b"contributor"[..]].concat();
            open(&voices_key, &beside, voice.sealed.as_ref().unwrap()).unwrap()
        };
        let distinct: BTreeSet<Vec<u8>> = kept.iter().map(opened).collect();
        assert_eq!(distinct.len(), 12);
        let named = distinct.iter().filter(|voice| {
            let piece = hexadecimal(&voice[..8]);
            rows.iter().any(|row| row.text.contains(&piece))
        });
        let named = named.count();
        tell(&world, "voices to people with every key", named, 12);
        assert_eq!(named, 0);
        // Published: nobody groups them any more, and who was given a receipt is not known either.
        execute(&world, "UPDATE consultations SET phase = 'published'");
        crowd.next_mixing(&world);
        assert!(key(&world, "voices-").is_none());
        let left = voices(&world).iter().filter(|voice| voice.sealed.is_some()).count();
        let given = dump(&world).iter().filter(|row| row.table == "receipts_given").count();
        tell(&world, "of one voice after publication", left, 36);
        assert_eq!((left, given), (0, 0));
        // The receipt alone still finds its own.
        let own = crowd.own(&world, &crowd.members[7].receipt).await;
        assert_eq!(own["contributions"].as_array().unwrap().len(), 3, "{own}");
    }
);

on_both!(no_moment_is_kept_of_anything_that_is_done_by_receipt, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    let mut moments = crowd.speak(&world, 1).await;
    assert_eq!(moments_in(&dump(&world), &moments), [""; 0], "while it waits");
    crowd.next_mixing(&world);
    let accepted = crowd.accept(&world, &crowd.input(&world, 11).await).await;
    // Edits, withdrawals and supports: nothing is seen of them before they are mixed.
    let before = crowd.read(&world).await;
    for (number, member) in crowd.members.iter().enumerate().take(11) {
        moments.push(tick(&world));
        let own = crowd.own(&world, &member.receipt).await["contributions"][0].clone();
        let path = format!("contributions/{}", id(&own));
        let (method, body) = match number % 2 {
            0 => (Method::PUT, Some(crowd.said(200 + number))),
            _ => (Method::DELETE, None),
        };
        let answer = crowd.by_receipt(&world, &member.receipt, method, &path, body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        moments.push(tick(&world));
        let path = format!("supports/{}", id(&accepted));
        let answer = crowd.by_receipt(&world, &member.receipt, Method::PUT, &path, None).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
    }
    assert_eq!(crowd.read(&world).await, before, "an edit is seen before it is mixed");
    assert_eq!(moments_in(&dump(&world), &moments), [""; 0], "while it waits");
    crowd.next_mixing(&world);
    let after = crowd.read(&world).await;
    let withdrawn = after.iter().filter(|input| input["state"] == "withdrawn").count();
    assert_eq!(withdrawn, 5);
    assert_eq!(crowd.input(&world, 200).await["version"], 2);
    let rows = dump(&world);
    let found = moments_in(&rows, &moments);
    tell(&world, "by a moment in any table", found.len(), moments.len());
    assert_eq!(found, [""; 0]);
    // Who did it and on what day stands beside steps of the team only.
    let changed = |row: &&crate::thief::Row| {
        row.table == "input_events"
            && ["updated", "withdrawn"].iter().any(|kind| row.text.contains(kind))
    };
    for row in rows.iter().filter(changed) {
        assert!(!row.text.contains("2020-"), "{}", row.text);
    }
    // What was taken back or said otherwise is gone: of the tables, the index and, of SQLite, every page of the file.
    let gone: Vec<String> = (0..11).map(word).collect();
    let in_rows =
        gone.iter().filter(|word| rows.iter().any(|row| row.text.contains(*word))).count();
    let hex: Vec<String> = gone.iter().map(|word| hexadecimal(word.as_bytes())).collect();
    let in_index =
        hex.iter().filter(|word| rows.iter().any(|row| row.text.contains(*word))).count();
    let unsettled = grep(&world.folder, &gone).len();
    settle(&world);
    let in_file = grep(&world.folder, &gone).len();
    println!("  in the write-ahead log before it is written back: {unsettled}");
    tell(&world, "by what was taken back", in_rows.max(in_index).max(in_file), gone.len());
    assert_eq!((in_rows, in_index, in_file), (0, 0, 0));
});

on_both!(a_receipt_and_its_text_stand_nowhere_else, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    let again = crowd.receipt(&world, &crowd.members[4].person).await;
    crowd.speak(&world, 1).await;
    crowd.next_mixing(&world);
    let rows = dump(&world);
    let receipts: Vec<&String> =
        crowd.members.iter().map(|member| &member.receipt).chain([&again]).collect();
    let mut kept = 0;
    for receipt in &receipts {
        let bytes = receipt_bytes(receipt);
        assert_eq!(bytes.len(), 25);
        let bare = receipt.replace('-', "").to_lowercase();
        let written = [bare, hexadecimal(&bytes[..15]), hexadecimal(&bytes[15..])];
        kept += rows
            .iter()
            .filter(|row| {
                let text = row.text.replace('-', "").to_lowercase();
                written.iter().any(|one| text.contains(one))
            })
            .count();
    }
    let texts: Vec<String> = receipts
        .iter()
        .flat_map(|one| [(*one).clone(), one.replace('-', ""), hexadecimal(&receipt_bytes(one))])
        .collect();
    for folder in folders(&world) {
        kept += grep(&folder, &texts).len();
    }
    kept += grep(&world.app.settings.keys_folder(), &texts).len();
    tell(&world, "by a receipt that is kept", kept, receipts.len());
    assert_eq!(kept, 0);
    // Nothing of a receipt is of its holder: no two of any people, or of one, have a piece in common.
    let pieces: Vec<String> = receipts
        .iter()
        .flat_map(|one| {
            let bytes = receipt_bytes(one);
            [hexadecimal(&bytes[..5]), hexadecimal(&bytes[5..10]), hexadecimal(&bytes[10..15])]
        })
        .collect();
    assert_eq!(pieces.iter().collect::<BTreeSet<_>>().len(), pieces.len());

    // What was said stands in the input and in what it is found by, and not a second time beside anybody.
    let places: BTreeSet<&str> = rows
        .iter()
        .filter(|row| (0..12).any(|number| row.text.contains(&word(number))))
        .map(|row| row.table.as_str())
        .collect();
    let beside: Vec<&&str> = places
        .iter()
        .filter(|table| **table != "inputs" && !table.starts_with("input_search"))
        .collect();
    tell(&world, "by the same text kept twice", beside.len(), places.len());
    assert_eq!(beside, Vec::<&&str>::new());
});

on_both!(what_somebody_thought_of_it_is_beside_nobody, |world: World| async move {
    let crowd = Crowd::gather(&world, 6).await;
    let phases = ["registration_closed", "in_session", "synthesis"];
    world.phases(&crowd.team(&world), id(&crowd.consultation), &phases).await;
    for (number, member) in crowd.members.iter().enumerate() {
        tick(&world);
        let body = Some(json!({ "answers": { "heard": number % 5 + 1, "again": 5 } }));
        let given = crowd.by_receipt(&world, &member.receipt, Method::POST, "feedback", body).await;
        assert_eq!(given.status, 204, "{}", given.text);
    }
    let tell_due = |world: &World| {
        let operator = rapporteur::work::Credentials::Operator;
        world.app.write_blocking(&operator, rapporteur::voices::feedback::service::tell_due)
    };
    let mut linked = 0;
    for told in [false, true] {
        if told {
            tell_due(&world).unwrap();
        }
        let (answers, others): (Vec<_>, Vec<_>) =
            dump(&world).into_iter().partition(|row| row.table.starts_with("feedback_"));
        assert!(answers.len() > crowd.members.len(), "{answers:?}");
        // By what is written in them.
        let persons = crowd.members.iter().flat_map(|member| {
            [member.registration.replace('-', ""), member.person.id.to_string().replace('-', "")]
        });
        for person in persons {
            linked +=
                answers.iter().filter(|row| row.text.replace('-', "").contains(&person)).count();
        }
        // By the transaction that wrote them. SQLite keeps none; there nothing else is in it either.
        let wrote: BTreeSet<i64> = answers.iter().map(|row| row.written_by).collect();
        if world.database.is_some() {
            linked += others.iter().filter(|row| wrote.contains(&row.written_by)).count();
            assert!(!told || wrote.len() == 1, "voices are told apart by {wrote:?}");
        }
    }
    tell(&world, "feedback and its neighbours", linked, crowd.members.len());
    assert_eq!(linked, 0);
});

on_both!(who_looks_when_is_in_no_table, |world: World| async move {
    use rapporteur::accounts::sign_ins::service as sign_ins;
    let crowd = Crowd::gather(&world, 2).await;
    let operator = rapporteur::work::Credentials::Operator;
    let email = crowd.members[0].person.email.parse().unwrap();
    let session =
        world.app.write_blocking(&operator, |work| sign_ins::sign_in_by_address(work, &email));
    let cookie = format!("session={}", session.unwrap().unwrap().refresh_token);
    let own = format!("/my/consultations/{}", id(&crowd.consultation));
    let lines = |world: &World| dump(world).into_iter().map(|row| (row.table, row.text));
    let before: BTreeSet<(String, String)> = lines(&world).collect();
    for path in [
        own.clone(),
        format!("{own}/edit"),
        format!("{own}/receipt"),
        "/my".into(),
        "/my/account".into(),
    ] {
        tick(&world);
        let request = world.client.get(format!("{}{path}", world.base)).header("Cookie", &cookie);
        assert_eq!(request.send().await.unwrap().status(), 200, "{path}");
    }
    // Nor of who wanted a receipt and was asked to sign in first.
    let body =
        format!("email={}&to={own}/receipt", crowd.members[1].person.email.replace('@', "%40"));
    let ask = world.client.post(format!("{}/my/sign-in", world.base)).header("Origin", &world.base);
    assert_eq!(ask.body(body).send().await.unwrap().status(), 200);
    let after: BTreeSet<(String, String)> = lines(&world).collect();
    let new: Vec<_> = after.difference(&before).collect();
    let linked = new
        .iter()
        .filter(|(table, _)| !["sign_in_links", "outbox_mails"].contains(&table.as_str()));
    let linked = linked.count() + new.iter().filter(|(_, text)| text.contains("/receipt")).count();
    tell(&world, "who looked at their page, and when", linked, 2);
    assert_eq!(linked, 0, "{new:?}");
});
