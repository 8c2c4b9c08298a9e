//! Acts that need two people: nobody confirms for themselves or through a puppet, one person acts alone only until there were two,
//! without a second all staff have 72 hours, and what is confirmed is what was proposed or nothing.

use chrono::Duration;
use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, id};
use crate::inputs;
use crate::main_job::{publish, until_clearance};
use crate::on_both;

async fn decide(world: &World, by: &Person, proposal: &Value, decision: &str) -> Answer {
    let path = format!("/api/v1/proposals/{}/decision", id(proposal));
    world.post(by, &path, json!({ "decision": decision })).await
}

async fn see(world: &World, by: &Person, proposal: &Value) -> Value {
    world.get(Some(by), &format!("/api/v1/proposals/{}", id(proposal))).await.json
}

/// Gives somebody the role of the secretariat of a review.
async fn appoint(world: &World, by: &Person, whom: &Person, review: &Value) -> Answer {
    let role = json!({ "role": "secretariat", "scope_kind": "review", "scope_id": review["id"] });
    world.post(by, &format!("/api/v1/accounts/{}/grants", whom.id), role).await
}

/// To whom it was written that something was proposed.
fn told(world: &World) -> Vec<String> {
    let mails =
        world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 1000)).unwrap();
    let told = mails.into_iter().filter(|mail| mail.template == "act_proposed");
    told.map(|mail| mail.recipient).collect()
}

async fn editions(world: &World, by: &Person, report: &str) -> usize {
    let listed = world.get(Some(by), &format!("{report}/editions")).await.json;
    listed["items"].as_array().map_or(0, Vec::len)
}

on_both!(
    a_report_is_published_by_two_who_saw_the_same_and_by_nobody_s_puppet,
    |world: World| async move {
        let walk = until_clearance(&world, "Asha Example", "Example Foundation").await;
        let (by, report) = (&walk.secretariat, walk.report.as_str());
        // While there is one person only they act alone, also in making a puppet.
        let puppet = world.person("Puck Puppet");
        let alone = appoint(&world, by, &puppet, &walk.review).await;
        assert_eq!(
            (alone.status, &alone.json["acted_alone"]),
            (200, &json!(true)),
            "{}",
            alone.text
        );
        let seen = world.get(None, &format!("/api/v1/reviews/{}", id(&walk.review))).await.json;
        assert_eq!(seen["two_people"]["acted_alone"], true, "{seen}");
        assert_eq!(seen["two_people"]["required"], true, "two were there, if only by name");

        let organizations = world.get(None, "/api/v1/organizations").await.json;
        let organization = id(&organizations["items"][0]).to_owned();
        let deputy = world.deputy("Dara Deputy", id(&walk.review), &organization);
        let second = world.person_with("Seco Second", Role::Secretariat, ScopeKind::Instance, "");
        let proposed = publish(&world, &walk, report, "ESCAP/GCM/2020/1").await;
        assert_eq!(proposed.status, 202, "{}", proposed.text);
        let proposal = proposed.json.clone();
        assert_eq!(proposed.header("location"), format!("/api/v1/proposals/{}", id(&proposal)));
        assert_eq!(proposal["needs"], "second_person");
        assert_eq!(proposal["sha256"].as_str().unwrap().len(), 64);
        assert_eq!(editions(&world, by, report).await, 0);
        // The same waits once.
        let again = publish(&world, &walk, report, "ESCAP/GCM/2020/1").await;
        again.is_problem(409, "already_exists");
        // Neither who proposed it nor whom they put there.
        for nobody in [by, &puppet] {
            decide(&world, nobody, &proposal, "confirm").await.is_problem(403, "forbidden");
        }
        let stranger = world.person("Stray Stranger");
        decide(&world, &stranger, &proposal, "confirm").await.is_problem(404, "not_found");
        decide(&world, &deputy, &proposal, "take_back").await.is_problem(403, "forbidden");
        decide(&world, by, &proposal, "reject").await.is_problem(403, "forbidden");
        decide(&world, by, &proposal, "carry_out").await.is_problem(409, "second_person_needed");
        let waiting = |who: &Person| {
            let (world, who) = (&world, who.clone());
            async move { world.get(Some(&who), "/api/v1/proposals").await.json["items"].clone() }
        };
        assert_eq!(waiting(&deputy).await[0]["allowed_actions"], json!(["confirm", "reject"]));
        assert_eq!(waiting(&puppet).await[0]["allowed_actions"], json!(["reject"]));
        assert_eq!(waiting(by).await[0]["allowed_actions"], json!(["take_back"]));
        assert_eq!(waiting(&stranger).await, json!([]));

        // What was changed since is not what was confirmed: nothing is done.
        let version = world.get(Some(by), report).await.json["version"].as_i64().unwrap();
        let back = json!({ "to": "drafting", "reason": "It is a test." });
        world.change(by, Method::POST, &format!("{report}/state"), version, back).await;
        decide(&world, &deputy, &proposal, "confirm").await.is_problem(409, "proposal_overtaken");
        assert_eq!(editions(&world, by, report).await, 0);
        assert_eq!(see(&world, by, &proposal).await["state"], "waiting");
        assert_eq!(decide(&world, by, &proposal, "take_back").await.json["state"], "taken_back");
        decide(&world, &deputy, &proposal, "confirm").await.is_problem(409, "invalid_transition");

        // Anew; of two who confirm at once one does, and there is one edition.
        let version = world.get(Some(by), report).await.json["version"].as_i64().unwrap();
        let clear = json!({ "to": "clearance" });
        world.change(by, Method::POST, &format!("{report}/state"), version, clear).await;
        let proposal = publish(&world, &walk, report, "ESCAP/GCM/2020/1").await.json;
        let (one, other) = tokio::join!(
            decide(&world, &deputy, &proposal, "confirm"),
            decide(&world, &second, &proposal, "confirm"),
        );
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", one.text, other.text);
        assert_eq!(editions(&world, by, report).await, 1);
        let done = if one.status == 200 { one.json } else { other.json };
        assert_eq!(done["outcome"]["sha256"], proposal["sha256"], "it is what was proposed");
        assert_eq!((&done["outcome"]["number"], &done["acted_alone"]), (&json!(1), &json!(false)));
        assert_eq!(done["proposed_by"]["id"], json!(by.id));

        let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
        let log = world.get(Some(&admin), "/api/v1/audit?limit=200").await.text;
        for action in [
            "proposal.made",
            "proposal.confirmed",
            "proposal.taken_back",
            "proposal.carried_out_alone",
        ] {
            assert!(log.contains(action), "{action}");
        }
    }
);

on_both!(without_a_second_all_staff_have_three_days_to_object, |world: World| async move {
    let (sari, review, _) = world.consultation(None, "vetted").await;
    let people = ["Puck Puppet", "Quin Example", "Rita Example"].map(|name| world.person(name));
    let [puck, quin, rita] = &people;
    assert_eq!(appoint(&world, &sari, puck, &review).await.status, 200);
    let proposed = appoint(&world, &sari, quin, &review).await;
    assert_eq!((proposed.status, &proposed.json["needs"]), (202, &json!("notice")));
    assert_eq!(proposed.json["notice_ends_at"], "2020-10-04T03:00:00Z");
    assert_eq!(
        told(&world),
        std::slice::from_ref(&puck.email),
        "everybody of the staff but who proposed it"
    );
    // What the mail says holds nothing of what it is about.
    let mails =
        world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 1000)).unwrap();
    assert!(mails.iter().all(|mail| !mail.body.contains("Quin")));
    decide(&world, puck, &proposed.json, "confirm").await.is_problem(403, "forbidden");
    decide(&world, &sari, &proposed.json, "carry_out")
        .await
        .is_problem(409, "second_person_needed");
    // Who is told may object, and that ends it.
    let note = json!({ "decision": "reject", "note": "I do not know them." });
    let path = format!("/api/v1/proposals/{}/decision", id(&proposed.json));
    let rejected = world.post(puck, &path, note).await;
    assert_eq!(rejected.json["state"], "rejected", "{}", rejected.text);
    world.app.clock.advance(Duration::hours(73));
    let (sari, puck) = (world.signed_in_again(&sari), world.signed_in_again(puck));
    decide(&world, &sari, &proposed.json, "carry_out").await.is_problem(409, "invalid_transition");

    // Nobody objects.
    let proposed = appoint(&world, &sari, quin, &review).await.json;
    world.app.clock.advance(Duration::hours(73));
    let (sari, puck) = (world.signed_in_again(&sari), world.signed_in_again(&puck));
    let done = decide(&world, &sari, &proposed, "carry_out").await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert_eq!(
        (&done.json["acted_alone"], &done.json["outcome"]["role"]),
        (&json!(false), &json!("secretariat"))
    );
    // Notice makes nobody independent of who gave it.
    let proposed = appoint(&world, &sari, rita, &review).await.json;
    let quin = world.signed_in_again(quin);
    decide(&world, &quin, &proposed, "confirm").await.is_problem(403, "forbidden");
    assert_eq!(decide(&world, &sari, &proposed, "take_back").await.status, 200);

    // Taking roles away makes nobody alone, and who lost theirs is told.
    for person in [&puck, &quin] {
        let grants = format!("/api/v1/accounts/{}/grants", person.id);
        let held = world.get(Some(&sari), &grants).await.json;
        let path = format!("{grants}/{}", id(&held["items"][0]));
        let taken = world.send(Request::new(Method::DELETE, &path).by(Some(&sari))).await;
        assert_eq!(taken.status, 204, "{}", taken.text);
    }
    let before = told(&world).len();
    let proposed = appoint(&world, &sari, rita, &review).await.json;
    assert_eq!(proposed["needs"], "notice", "{proposed}");
    assert_eq!(told(&world).len(), before + 2);
    let quin = world.signed_in_again(&quin);
    assert_eq!(decide(&world, &quin, &proposed, "reject").await.json["state"], "rejected");

    // Whom the operator appoints is somebody else, and whom two appoint is nobody's.
    let second = world.person_with("Seco Second", Role::Secretariat, ScopeKind::Instance, "");
    let proposed = appoint(&world, &sari, rita, &review).await;
    assert_eq!(proposed.json["needs"], "second_person", "{}", proposed.text);
    let grant = world.confirmed(&second, proposed).await;
    assert_eq!(grant["confirmed_by"], json!(second.id));
    let proposed = appoint(&world, &second, &quin, &review).await;
    let rita = world.signed_in_again(rita);
    assert_eq!(world.confirmed(&rita, proposed).await["role"], "secretariat");
});

on_both!(what_nobody_decides_lapses_and_may_be_proposed_anew, |world: World| async move {
    let (sari, review, _) = world.consultation(None, "vetted").await;
    let second = world.person_with("Seco Second", Role::Secretariat, ScopeKind::Instance, "");
    let whom = world.person("Quin Example");
    let proposed = appoint(&world, &sari, &whom, &review).await.json;
    assert_eq!(proposed["lapses_at"], "2020-10-08T03:00:00Z");
    world.app.clock.advance(Duration::days(7));
    let (sari, second) = (world.signed_in_again(&sari), world.signed_in_again(&second));
    decide(&world, &second, &proposed, "confirm").await.is_problem(409, "invalid_transition");
    assert_eq!(see(&world, &sari, &proposed).await["state"], "lapsed");
    assert_eq!(world.get(Some(&sari), "/api/v1/proposals").await.json["items"], json!([]));
    let anew = appoint(&world, &sari, &whom, &review).await;
    assert_eq!(anew.status, 202, "{}", anew.text);
    // Noted by itself, too.
    world.app.clock.advance(Duration::days(8));
    rapporteur::worker::clear(&world.app).await.unwrap();
    let kept: Vec<String> = world
        .app
        .db
        .read_blocking(|conn| {
            use diesel::prelude::*;
            use rapporteur::db::schema::proposals;
            Ok(proposals::table.select(proposals::state).load(conn)?)
        })
        .unwrap();
    assert_eq!(kept, ["lapsed", "lapsed"]);
    // Who may not propose it any more has nothing carried out.
    let sari = world.signed_in_again(&sari);
    let proposed = appoint(&world, &sari, &whom, &review).await.json;
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let path = format!("/api/v1/accounts/{}", sari.id);
    let version = world.get(Some(&admin), &path).await.json["version"].as_i64().unwrap();
    world.change(&admin, Method::PATCH, &path, version, json!({ "active": false })).await;
    let second = world.signed_in_again(&second);
    decide(&world, &second, &proposed, "confirm").await.is_problem(409, "proposal_overtaken");
});

on_both!(that_two_people_are_needed_is_changed_by_two, |world: World| async move {
    let ada = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let (sari, review, _) = world.consultation(None, "vetted").await;
    let bob = world.person_with("Bob Admin", Role::Administrator, ScopeKind::Instance, "");
    let rule = "/api/v1/two-people-rule";
    let read = |who: &Person| {
        let (world, who) = (&world, who.clone());
        async move { world.get(Some(&who), rule).await }
    };
    read(&sari).await.is_problem(403, "forbidden");
    assert_eq!(
        read(&ada).await.json,
        json!({ "required": true, "chosen": false, "acted_alone": false })
    );
    let proposed = world.post(&ada, rule, json!({ "required": false })).await;
    assert_eq!((proposed.status, &proposed.json["needs"]), (202, &json!("second_person")));
    assert_eq!(read(&ada).await.json["required"], true);
    // The secretariat of the instance is no administrator.
    decide(&world, &sari, &proposed.json, "confirm").await.is_problem(404, "not_found");
    let outcome = world.confirmed(&bob, proposed).await;
    assert_eq!(outcome["required"], false);
    assert_eq!(read(&ada).await.json["required"], false);
    let whom = world.person("Quin Example");
    let alone = appoint(&world, &sari, &whom, &review).await;
    assert_eq!((alone.status, &alone.json["acted_alone"]), (200, &json!(true)), "{}", alone.text);
    // Of one review it is chosen apart.
    let body = json!({ "review_id": review["id"], "required": true });
    let chosen = world.post(&sari, rule, body).await;
    assert_eq!(chosen.status, 200, "it was not needed until now: {}", chosen.text);
    let other = world.person("Rita Example");
    assert_eq!(appoint(&world, &sari, &other, &review).await.status, 202);
});

on_both!(somebody_else_is_erased_by_two_and_oneself_by_nobody_else, |world: World| async move {
    let ada = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let bob = world.person_with("Bob Admin", Role::Administrator, ScopeKind::Instance, "");
    let whom = world.person("Quin Example");
    let path = format!("/api/v1/accounts/{}/erasure", whom.id);
    let erase = async |by: &Person| {
        let request = Request::new(Method::POST, &path).by(Some(by)).version(1);
        world.send(request.body(json!({ "email": whom.email }))).await
    };
    let proposed = erase(&ada).await;
    assert_eq!(proposed.status, 202, "{}", proposed.text);
    assert!(!proposed.text.contains(&whom.email), "what is frozen holds no personal data");
    decide(&world, &ada, &proposed.json, "confirm").await.is_problem(403, "forbidden");
    erase(&bob).await.is_problem(409, "already_exists");
    world.confirmed(&bob, proposed).await;
    let gone = world.get(Some(&ada), &format!("/api/v1/accounts/{}", whom.id)).await.json;
    assert_eq!(gone["name"], "(erased)");
    let own = Request::new(Method::DELETE, "/api/v1/me").by(Some(&bob)).version(2);
    let own = world.send(own.body(json!({ "email": bob.email }))).await;
    assert_eq!(own.status, 204, "{}", own.text);
});

on_both!(a_voice_is_refused_and_keys_are_destroyed_by_two, |world: World| async move {
    let scene = inputs::scene(&world).await;
    let mut receipts = Vec::new();
    for number in 0..10 {
        let (_, receipt) = scene.contributor(&world, &format!("Pat No{number}")).await;
        let said = scene.said(&format!("Fees are too high, number {number}."));
        scene.contribute(&world, &receipt, said).await;
        receipts.push(receipt);
    }
    scene.next_mixing(&world);
    let by = world.signed_in_again(&scene.secretariat);
    let organizations = world.get(None, "/api/v1/organizations").await.json;
    let organization = match organizations["items"].get(0) {
        Some(known) => id(known).to_owned(),
        None => {
            let new =
                json!({ "name": "Example Trust", "sector": "civil_society", "country": "TH" });
            id(&world.make(&by, "/api/v1/organizations", new).await).to_owned()
        }
    };
    let deputy = world.deputy("Dara Deputy", id(&scene.review), &organization);

    // What the team wrote down itself has no voice that could be refused.
    let told = world.make(&by, &scene.path, scene.input("Told in the room.")).await;
    let refused = |input: &Value| format!("/api/v1/inputs/{}/voice-refusal", id(input));
    world.post(&by, &refused(&told), json!({})).await.is_problem(409, "invalid_transition");
    let abusive = scene.input_of(&world, &receipts[0]).await;
    let proposed = world.post(&by, &refused(&abusive), json!({})).await;
    assert_eq!(proposed.status, 202, "{}", proposed.text);
    // Until it is confirmed, what it says is taken.
    let waiting = scene.contribute(&world, &receipts[0], scene.said("Again and again.")).await;
    decide(&world, &by, &proposed.json, "confirm").await.is_problem(403, "forbidden");
    let done = decide(&world, &deputy, &proposed.json, "confirm").await;
    assert_eq!(
        (done.status, &done.json["outcome"]["input_id"]),
        (200, &abusive["id"]),
        "{}",
        done.text
    );
    let said = Some(scene.said("And again."));
    let answer =
        scene.by_receipt(&world, &receipts[0], Method::POST, "contributions", said.clone()).await;
    answer.is_problem(403, "forbidden");
    // The others are still heard, in their own time.
    for receipt in &receipts[1..] {
        let answer =
            scene.by_receipt(&world, receipt, Method::POST, "contributions", said.clone()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    scene.mix_all(&world);
    let by = world.signed_in_again(&by);
    let listed = world.get(Some(&by), &format!("{}?limit=200", scene.path)).await.text;
    assert!(!listed.contains("Again and again."), "what waited was refused too: {waiting}");
    assert!(listed.contains("And again.") && listed.contains("number 0."), "{listed}");

    // The key goes by two as well, once nothing is taken any more.
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let deputy = world.signed_in_again(&deputy);
    let keys = scene.of("voice-keys/destruction");
    world.post(&by, &keys, json!({})).await.is_problem(403, "forbidden");
    world.post(&admin, &keys, json!({})).await.is_problem(409, "invalid_transition");
    world
        .phases(
            &by,
            id(&scene.consultation),
            &["registration_closed", "in_session", "synthesis", "clearance"],
        )
        .await;
    let proposed = world.post(&admin, &keys, json!({})).await;
    assert_eq!(proposed.status, 202, "{}", proposed.text);
    let done = decide(&world, &deputy, &proposed.json, "confirm").await;
    assert_eq!(done.status, 200, "{}", done.text);
    world.post(&admin, &keys, json!({})).await.is_problem(409, "invalid_transition");
    let read = world.get(Some(&by), &scene.path).await.json;
    assert!(read["items"][0]["voices"].is_null(), "{}", read["items"][0]);
    scene.next_mixing(&world);
    let folder = std::fs::read_dir(world.app.settings.keys_folder()).unwrap();
    let left: Vec<_> = folder
        .map(|one| one.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("voices-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    // A receipt still finds its own.
    assert_eq!(scene.own(&world, &receipts[1]).await["contributions"].as_array().unwrap().len(), 2);
});
