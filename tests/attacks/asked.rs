//! Whoever asks: a contributor about what they said, everybody at registration.

use reqwest::Method;
use serde_json::json;

use crate::crowd::{Crowd, tick, word};
use crate::harness::{World, id, registration};
use crate::on_both;
use crate::tell;
use crate::thief::{dump, moments_in};
use crate::watch::Watch;

on_both!(who_is_asked_is_not_known_by_their_answer, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    crowd.speak(&world, 1).await;
    crowd.next_mixing(&world);
    // The team asks eleven of twelve something, each about what they alone said.
    let team = crowd.team(&world);
    for number in 0..11 {
        let input = crowd.input(&world, number).await;
        let path = format!("/api/v1/inputs/{}/decision", id(&input));
        let (version, ask) = (
            input["version"].as_i64().unwrap(),
            json!({ "decision": "return", "question": "Where?" }),
        );
        world.change(&team, Method::POST, &path, version, ask).await;
    }
    // One of them answers: alone, and so it waits.
    let answer = async |number: usize| {
        let moment = tick(&world);
        let receipt = &crowd.members[number].receipt;
        let own = crowd.own(&world, receipt).await["contributions"][0].clone();
        assert_eq!(own["question"], "Where?", "{own}");
        let path = format!("contributions/{}", id(&own));
        let said = Some(crowd.said(100 + number));
        let sent = crowd.by_receipt(&world, receipt, Method::PUT, &path, said).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        moment
    };
    // Everybody is told that something is asked, by the same words, whoever it is of.
    rapporteur::worker::clear(&world.app).await.unwrap();
    let watch = Watch::over(&world, &crowd);
    let seen = watch.see(&world, &crowd).await;
    let mut moments = vec![answer(5).await];
    tick(&world);
    let mut told = watch.see(&world, &crowd).await.differences(&seen);
    crowd.next_mixing(&world);
    let answered = async || {
        let read = crowd.read(&world).await;
        read.iter()
            .filter(|input| {
                input["body"]
                    .as_str()
                    .is_some_and(|body| (100..111).any(|number| body.contains(&word(number))))
            })
            .count()
    };
    let alone = answered().await;
    // So do the others but one, who does not look.
    for number in [8, 0, 3, 10, 1, 7, 2, 9, 4] {
        moments.push(answer(number).await);
    }
    told.extend(moments_in(&dump(&world), &moments));
    crowd.next_mixing(&world);
    assert_eq!(answered().await, 10);
    // A fixed hour of the next day.
    world.app.clock.advance(chrono::Duration::hours(24));
    world.sweep().await;
    let rows = dump(&world);
    told.extend(moments_in(&rows, &moments));
    // Mails of it are the same for all, and to all.
    let mails: Vec<String> = rows
        .iter()
        .filter(|row| row.table == "outbox_mails" && row.text.contains("questions_open"))
        .map(|row| row.text.clone())
        .collect();
    let to = |member: &crate::crowd::Member| {
        mails.iter().filter(|mail| mail.contains(&member.person.email)).count()
    };
    let to: Vec<usize> = crowd.members.iter().map(to).collect();
    println!("  mails to each: {to:?}");
    assert!(to[0] > 0 && to.iter().all(|count| *count == to[0]), "{to:?}");
    tell(&world, "by answers to questions", told.len() + alone, 11);
    assert_eq!((told, alone), (vec![], 0));
});

on_both!(what_is_asked_at_registration_is_said_by_nobody, |world: World| async move {
    let crowd = Crowd::gather(&world, 0).await;
    let question = json!({
        "code": "wishes", "kind": "long_text", "purpose": "To prepare the day", "legal_basis": "consent",
        "wording": { "en": { "prompt": "What should be said?" } }
    });
    let team = crowd.team(&world);
    let asked = world.post(&team, &crowd.of("questions"), question).await;
    assert_eq!(asked.status, 201, "{}", asked.text);
    let mut receipts = Vec::new();
    for number in 0..12 {
        let person = world.person(&format!("Victim No{number}"));
        let mut body = registration("civil_society", "TH");
        body["answers"] = json!({ "wishes": format!("That {} is heard.", word(number)) });
        world.make(&person, &crowd.of("registrations"), body).await;
        receipts.push(crowd.receipt(&world, &person).await);
    }
    for (number, receipt) in receipts.iter().enumerate() {
        crowd.contribute(&world, receipt, 100 + number).await;
    }
    crowd.next_mixing(&world);
    world.sweep().await;
    rapporteur::worker::clear(&world.app).await.unwrap();
    let rows = dump(&world);
    let tells = |row: &&crate::thief::Row| (0..12).any(|number| row.text.contains(&word(number)));
    // What they answered stands in their registration, as they were told, and nowhere near what is said.
    assert!(rows.iter().any(|row| tells(&row)), "they answered");
    let voices = ["input", "pool", "search", "report", "paragraph"];
    let near = rows.iter().filter(|row| voices.iter().any(|of| row.table.contains(of)));
    let near: Vec<_> = near.filter(tells).map(|row| &row.table).collect();
    assert_eq!(crowd.read(&world).await.len(), 12);
    // Nor is there a way to make it so.
    let old =
        world.post(&crowd.team(&world), &crowd.of("input-sources/questionnaire"), json!({})).await;
    let paths = rapporteur::server::openapi().paths.paths;
    let ways = paths.keys().filter(|path| {
        path.contains("questionnaire") || path.contains("disclosure") || path.contains("me/inputs")
    });
    let ways = ways.count() + usize::from(old.status != 404 && old.status != 405);
    tell(&world, "by answers at registration", near.len() + ways, 12);
    assert_eq!((near, ways), (vec![], 0));
});
