//! Whoever has receipts of their own, as many as they can get, and works here besides.

use reqwest::Method;

use crate::crowd::{Crowd, tick, word};
use crate::harness::{World, id};
use crate::on_both;
use crate::tell;
use crate::watch::Watch;

on_both!(puppets_learn_that_the_rest_is_of_others_and_not_of_whom, |world: World| async move {
    // Nine of twelve receipts are the attacker's; of the three others one contributes.
    let crowd = Crowd::gather(&world, 12).await;
    let (puppets, honest) = crowd.members.split_at(9);
    let watch = Watch::over(&world, &crowd);
    let before = watch.see(&world, &crowd).await;
    crowd.contribute(&world, &honest[1].receipt, 10).await;
    let told = watch.see(&world, &crowd).await.differences(&before);
    assert_eq!(told, [""; 0], "that somebody contributed is seen");
    for (number, puppet) in puppets.iter().enumerate() {
        crowd.contribute(&world, &puppet.receipt, number).await;
    }
    crowd.next_mixing(&world);
    let read = crowd.read(&world).await;
    assert_eq!(read.len(), 10);
    let mut own = Vec::new();
    for puppet in puppets {
        let mine = crowd.own(&world, &puppet.receipt).await["contributions"].clone();
        own.extend(mine.as_array().unwrap().iter().map(|one| id(one).to_owned()));
    }
    let rest: Vec<&str> =
        read.iter().map(id).filter(|one| !own.contains(&(*one).to_owned())).collect();
    assert_eq!((own.len(), rest.len()), (9, 1), "they know their own, and so the rest");
    // Nothing that the team reads sets one of the three apart: what changed names none of them.
    let after = watch.see(&world, &crowd).await;
    let apart = after
        .differences(&before)
        .into_iter()
        .filter(|place| {
            let named = honest.iter().filter(|member| {
                let of_them = [
                    member.person.id.to_string(),
                    member.registration.clone(),
                    member.person.email.clone(),
                ];
                let holds = |seen: &Watched| {
                    of_them.iter().any(|one| seen.contains(one) || place.contains(one))
                };
                after.0.get(place).is_some_and(holds)
            });
            // What names all three alike sets none apart.
            (1..honest.len()).contains(&named.count())
        })
        .inspect(|place| println!("  {place} names some of them only"))
        .count();
    // And no puppet can do anything with what is not its own.
    let mut taken = 0;
    for puppet in puppets {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let path = format!("contributions/{}", rest[0]);
            let body = (method == Method::PUT).then(|| crowd.said(99));
            let answer = crowd.by_receipt(&world, &puppet.receipt, method, &path, body).await;
            taken += usize::from(answer.status != 404);
        }
    }
    tell(&world, "by nine puppets of twelve", apart + taken, 1);
    assert_eq!((apart, taken), (0, 0));
});

type Watched = String;

on_both!(
    #[ignore = "who alone is honest among those with receipts is known by elimination; no minimum of a batch helps against whoever confirms registrations"]
    the_only_honest_one_among_puppets_is_not_known,
    |world: World| async move {
        let crowd = Crowd::gather(&world, 10).await;
        crowd.speak(&world, 1).await;
        crowd.next_mixing(&world);
        let read = crowd.read(&world).await;
        let (honest, puppets) = crowd.members.split_first().unwrap();
        let mut own = Vec::new();
        for puppet in puppets {
            let mine = crowd.own(&world, &puppet.receipt).await["contributions"].clone();
            own.extend(mine.as_array().unwrap().iter().map(|one| id(one).to_owned()));
        }
        let rest: Vec<_> = read.iter().filter(|one| !own.contains(&id(one).to_owned())).collect();
        // The attacker confirmed all registrations, and knows which are puppets: one person is left for one input.
        let candidates = crowd.members.len() - puppets.len();
        let linked = rest.len() == 1
            && candidates == 1
            && rest[0]["body"].as_str().unwrap().contains(&word(0));
        tell(&world, "on the only honest one among ten", usize::from(linked), 1);
        assert!(!linked, "{}", honest.person.email);
    }
);

on_both!(a_band_tells_of_what_was_mixed_only, |world: World| async move {
    let crowd = Crowd::gather(&world, 12).await;
    crowd.speak(&world, 1).await;
    crowd.next_mixing(&world);
    let accepted = crowd.accept(&world, &crowd.input(&world, 0).await).await;
    let path = format!("supports/{}", id(&accepted));
    let band = || async { crowd.input(&world, 0).await["voices"].clone() };
    let before = band().await;
    let mut moved = 0;
    for member in &crowd.members[1..] {
        tick(&world);
        let answer = crowd.by_receipt(&world, &member.receipt, Method::PUT, &path, None).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
        moved += usize::from(band().await != before);
    }
    tell(&world, "by a band that moves as somebody supports", moved, 11);
    assert_eq!((moved, &before["band"]), (0, &serde_json::json!("fewer_than_five")));
    crowd.next_mixing(&world);
    let after = band().await;
    assert_eq!(after["band"], "five_or_more");
    let numbers = |value: &serde_json::Value| value.to_string().matches("11").count();
    assert_eq!(numbers(&after), 0, "a band is no count: {after}");
});
