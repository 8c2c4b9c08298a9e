//! Receipts that are wrong, foreign, replayed, or beside somebody's credentials.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::crowd::Crowd;
use crate::harness::{Answer, Request, World, id};
use crate::on_both;
use crate::tell;

/// What an answer tells, without what it is called by.
fn told(answer: &Answer) -> String {
    let mut json = answer.json.clone();
    if let Some(problem) = json.as_object_mut() {
        problem.remove("instance");
    }
    let mut headers: Vec<String> = answer
        .headers
        .keys()
        .map(|name| name.as_str().to_owned())
        // A request without the header is none by receipt: its limit is told.
        .filter(|name| name != "content-length" && !name.starts_with("ratelimit"))
        .collect();
    headers.sort();
    format!("{} {json} {headers:?}", answer.status)
}

on_both!(every_receipt_that_is_none_is_answered_alike, |world: World| async move {
    let crowd = Crowd::gather(&world, 3).await;
    let real = crowd.members[0].receipt.clone();
    // One of another consultation of the same instance.
    let mut other = crate::harness::consultation();
    other["ordinal"] = json!(3);
    other["admission"] = json!("automatic");
    let path = format!("/api/v1/reviews/{}/consultations", id(&crowd.review));
    let other = world.make(&crowd.team(&world), &path, other).await;
    world.phases(&crowd.team(&world), id(&other), &["open_call"]).await;
    let there = Crowd {
        secretariat: crowd.secretariat.clone(),
        review: crowd.review.clone(),
        consultation: other,
        category: crowd.category.clone(),
        members: Vec::new(),
    };
    let foreign = there.join(&world, "Foreign No1").await.receipt;
    let changed = |at: usize| {
        let mut bytes = real.clone().into_bytes();
        bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
        String::from_utf8(bytes).unwrap()
    };
    let wrong = [
        String::new(),
        "x".to_owned(),
        changed(0),
        changed(20),
        changed(46),
        real[..40].to_owned(),
        format!("{real}-{real}"),
        foreign.clone(),
        "0".repeat(40),
    ];
    let mut answers: BTreeSet<String> = BTreeSet::new();
    for receipt in &wrong {
        for (method, what, body) in [
            (Method::GET, "contributions", None),
            (Method::POST, "contributions", Some(crowd.said(1))),
            (Method::POST, "contributions/similar", Some(json!({ "body": "Something." }))),
        ] {
            answers.insert(told(&crowd.by_receipt(&world, receipt, method, what, body).await));
        }
    }
    // And where there is none, or no such consultation.
    let none = Request::new(Method::GET, &crowd.of("contributions"));
    answers.insert(told(&world.send(none).await));
    let nowhere = format!("/api/v1/consultations/{}/contributions", uuid::Uuid::nil());
    let nowhere = Request::new(Method::GET, &nowhere).header("Receipt", &real);
    answers.insert(told(&world.send(nowhere).await));
    tell(&world, "by answers to wrong receipts", answers.len() - 1, wrong.len());
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert!(answers.first().unwrap().starts_with("404"), "{answers:?}");
    // The foreign one is one where it belongs.
    assert_eq!(there.own(&world, &foreign).await["contributions"], json!([]));
});

on_both!(no_request_has_a_receipt_and_somebody_signed_in, |world: World| async move {
    let crowd = Crowd::gather(&world, 3).await;
    let member = &crowd.members[0];
    let document = serde_json::to_value(rapporteur::server::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let (mut taken, mut asked) = (Vec::new(), 0);
    for (template, methods) in paths {
        for method in methods.as_object().unwrap().keys() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let path = template.replace("{consultation_id}", id(&crowd.consultation));
            let path = replaced(&path);
            let request = Request::new(method.clone(), &path).by(Some(&member.person));
            let answer = world.send(request.header("Receipt", &member.receipt)).await;
            asked += 1;
            if answer.status != 400 || answer.json["type"] != "/problems/receipt_beside_credentials"
            {
                taken.push(format!("{method} {path}: {}", answer.status));
            }
        }
    }
    tell(&world, "by a request that has both", taken.len(), asked);
    assert_eq!(taken, [""; 0]);
    // The same where the credentials are wrong: nothing is tried out beside a receipt.
    let path = format!("{}{}", world.base, crowd.of("contributions"));
    for header in ["Bearer made.up", "Basic eDp5"] {
        let sent = world.client.get(&path).header("Receipt", &member.receipt);
        let answer = Answer::of(sent.header("Authorization", header).send().await.unwrap()).await;
        answer.is_problem(400, "receipt_beside_credentials");
    }
});

/// A path with every other id made up.
fn replaced(path: &str) -> String {
    let mut path = path.to_owned();
    while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
        path.replace_range(from..=to, "00000000-0000-4000-8000-000000000000");
    }
    path
}

on_both!(a_receipt_tells_of_its_own_and_of_nothing_else, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    crowd.speak(&world, 2).await;
    let mut told = 0;
    for mixed in [false, true] {
        if mixed {
            crowd.next_mixing(&world);
        }
        let mut ids: Vec<Vec<String>> = Vec::new();
        for (number, member) in crowd.members.iter().enumerate() {
            let own = crowd.own(&world, &member.receipt).await;
            let items = own["contributions"].as_array().unwrap().clone();
            assert_eq!(items.len(), 2);
            told += (0..24)
                .filter(|text| {
                    text % 12 != number && own.to_string().contains(&crate::crowd::word(*text))
                })
                .count();
            assert!(
                own.get("waiting").is_none() && own["mixing"].get("entries").is_none(),
                "{own}"
            );
            ids.push(items.iter().map(|one| id(one).to_owned()).collect());
        }
        // What is another's is not there, by any receipt.
        for (number, member) in crowd.members.iter().enumerate().take(4) {
            for foreign in &ids[(number + 1) % 12] {
                for method in [Method::GET, Method::PUT, Method::DELETE] {
                    let body: Option<Value> = (method == Method::PUT).then(|| crowd.said(90));
                    let path = format!("contributions/{foreign}");
                    let answer =
                        crowd.by_receipt(&world, &member.receipt, method, &path, body).await;
                    told += usize::from(answer.status != 404);
                }
            }
        }
    }
    tell(&world, "by somebody else's receipt", told, 24);
    assert_eq!(told, 0);
});
