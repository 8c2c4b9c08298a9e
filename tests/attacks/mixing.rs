//! Whoever wants a batch of few, or to know what waits.

use reqwest::Method;
use serde_json::json;

use crate::crowd::{Crowd, tick};
use crate::harness::{Request, World, id};
use crate::on_both;
use crate::tell;

on_both!(few_wait_until_there_are_enough, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    let mut alone = 0;
    let mut number = 0;
    // One, two and four contributors, with as many entries as it takes: nine of one, twelve of four.
    for (contributors, entries) in [(1, 9), (2, 11), (4, 15)] {
        while number < entries {
            crowd.contribute(&world, &crowd.members[number % contributors].receipt, number).await;
            number += 1;
        }
        crowd.next_mixing(&world);
        alone += crowd.read(&world).await.len();
        let own = crowd.own(&world, &crowd.members[0].receipt).await;
        assert_eq!(own["contributions"][0]["waits"], true, "{own}");
    }
    tell(&world, "in a batch of fewer than five", alone, number);
    assert_eq!(alone, 0);
    crowd.contribute(&world, &crowd.members[4].receipt, number).await;
    assert_eq!(crowd.read(&world).await.len(), 0);
    crowd.next_mixing(&world);
    assert_eq!(crowd.read(&world).await.len(), number + 1);
});

on_both!(nine_entries_and_nine_receipts_are_not_enough, |world: World| async move {
    let mut crowd = Crowd::gather(&world, 9).await;
    crowd.speak(&world, 2).await;
    crowd.next_mixing(&world);
    let early = crowd.read(&world).await.len();
    let tenth = crowd.join(&world, "Victim No9").await;
    crowd.members.push(tenth);
    crowd.next_mixing(&world);
    assert_eq!(crowd.read(&world).await.len(), 18);
    for number in 20..29 {
        crowd.contribute(&world, &crowd.members[number - 20].receipt, number).await;
    }
    crowd.next_mixing(&world);
    let left = crowd.read(&world).await.len() - 18;
    tell(&world, "in a batch of nine", early + left, 18 + 9);
    assert_eq!((early, left), (0, 0));
});

on_both!(entries_that_do_not_fit_any_more_hide_nobody, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    for (number, member) in crowd.members.iter().enumerate().take(10) {
        tick(&world);
        let mut said = crowd.said(number);
        if number != 6 {
            said["objectives"] = json!([9]);
        }
        let (method, what) = (Method::POST, "contributions");
        let answer = crowd.by_receipt(&world, &member.receipt, method, what, Some(said)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    // The team takes an objective away: what nine said does not fit any more.
    let (team, path) = (crowd.team(&world), crowd.of(""));
    let path = path.trim_end_matches('/');
    let version = world.get(Some(&team), path).await.json["version"].as_i64().unwrap();
    let fewer = json!({ "objectives": [4, 8] });
    world.change(&team, Method::PATCH, path, version, fewer).await;
    crowd.next_mixing(&world);
    let alone = crowd.read(&world).await.len();
    tell(&world, "in a batch that the team made small", alone, 10);
    assert_eq!(alone, 0);
});

on_both!(entries_of_which_nothing_would_come_hide_nobody, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    crowd.speak(&world, 1).await;
    crowd.next_mixing(&world);
    let supported = crowd.input(&world, 0).await;
    crowd.accept(&world, &supported).await;
    // Nine say the same as an input, one says something else.
    for member in &crowd.members[1..10] {
        tick(&world);
        let path = format!("supports/{}", id(&supported));
        let answer = crowd.by_receipt(&world, &member.receipt, Method::PUT, &path, None).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
    }
    crowd.contribute(&world, &crowd.members[10].receipt, 50).await;
    // The team takes away what they support: nothing comes of nine.
    let team = crowd.team(&world);
    let path = format!("/api/v1/inputs/{}", id(&supported));
    let version = world.get(Some(&team), &path).await.json["version"].as_i64().unwrap();
    let aside = json!({ "decision": "set_aside", "reason_code": "no_contribution" });
    let path = format!("{path}/decision");
    world.change(&team, Method::POST, &path, version, aside).await;
    crowd.next_mixing(&world);
    let alone = crowd.read(&world).await.len() - 12;
    tell(&world, "in a batch of which the team left one", alone, 10);
    assert_eq!(alone, 0);
});

on_both!(nobody_can_ask_for_mixing_by_ending_the_window, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    crowd.contribute(&world, &crowd.members[0].receipt, 0).await;
    let now = world.app.clock.now();
    let windows = json!({ "windows": [{
        "moment": "before",
        "opens_at": now.plus(chrono::Duration::minutes(-60)),
        "closes_at": now.plus(chrono::Duration::seconds(1))
    }] });
    let path = crowd.of("input-windows");
    let team = crowd.team(&world);
    let set = world.send(Request::new(Method::PUT, &path).by(Some(&team)).body(windows)).await;
    println!("  ending the window: {} {}", set.status, set.text);
    crowd.next_mixing(&world);
    let alone = crowd.read(&world).await.len();
    tell(&world, "by ending the window at will", alone, 1);
    assert_eq!(alone, 0);
});

on_both!(a_retry_is_one_before_and_after_mixing_and_keeps_no_key, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    crowd.speak(&world, 1).await;
    let keys = |rows: Vec<crate::thief::Row>| {
        rows.iter().filter(|row| row.table == "idempotency_keys").count()
    };
    let before = keys(crate::thief::dump(&world));
    let repeat = || async {
        let request = Request::new(Method::POST, &crowd.of("contributions"))
            .header("Receipt", &crowd.members[2].receipt)
            .header("Idempotency-Key", "a key that a browser sends")
            .body(crowd.said(2));
        world.send(request).await
    };
    let waiting = repeat().await;
    assert_eq!((waiting.status, &waiting.json["waits"]), (200, &json!(true)), "{}", waiting.text);
    crowd.next_mixing(&world);
    let mixed = repeat().await;
    assert_eq!((mixed.status, &mixed.json["waits"]), (200, &json!(false)), "{}", mixed.text);
    assert_ne!(id(&waiting.json), id(&mixed.json), "an id outlives the mixing");
    crowd.close(&world);
    let twice = crowd.read(&world).await.len() - 12;
    let kept = keys(crate::thief::dump(&world)) - before;
    tell(&world, "by retries", twice + kept, 12);
    assert_eq!((twice, kept), (0, 0));
});
