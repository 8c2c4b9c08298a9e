//! What needs two people, and appeals, decided on pages as a browser without a script would: mails lead there, whoever has a part finds
//! it on their first page, and nobody else finds anything.

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::json;

use crate::browser::{Browser, Sitting, is_page, says};
use crate::crawl::{HOSTILE, LANGUAGES};
use crate::harness::{Answer, Person, Request, World, id, registration};
use crate::main_job::{publish, until_clearance};
use crate::on_both;
use crate::page_access::signed_in;

/// Where the latest mail of a template to somebody leads.
fn way(world: &World, template: &str, to: &Person) -> String {
    let mails =
        world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 1000)).unwrap();
    let mut mails = mails.into_iter().filter(|mail| mail.template == template);
    let body = mails.rfind(|mail| mail.recipient == to.email).unwrap().body;
    let (_, rest) = body.split_once(&world.app.settings.server.public_url).unwrap();
    rest.split('?').next().unwrap().to_owned()
}

async fn at<'w>(world: &'w World, who: &Person, page: &str) -> Sitting<'w> {
    Sitting { browser: signed_in(world, who).await, page: page.to_owned() }
}

fn offers(answer: &Answer, decisions: &[&str]) {
    for decision in ["confirm", "reject", "take_back", "carry_out"] {
        let button = format!("name=\"action\" value=\"{decision}\"");
        assert_eq!(
            answer.text.contains(&button),
            decisions.contains(&decision),
            "{decision}: {}",
            answer.text
        );
    }
}

on_both!(a_publication_is_confirmed_on_its_page, |world: World| async move {
    let walk = until_clearance(&world, "Asha Example", "Example Foundation").await;
    let (by, report) = (&walk.secretariat, walk.report.as_str());
    let second = world.person_with("Seco Second", Role::Secretariat, ScopeKind::Instance, "");
    let proposed = publish(&world, &walk, report, "ESCAP/GCM/2020/1").await;
    assert_eq!(proposed.status, 202, "{}", proposed.text);
    let page = way(&world, "act_proposed", &second);
    assert_eq!(page, format!("/my/proposals/{}", id(&proposed.json)));

    // Whoever is not signed in comes back to it; a stranger finds nothing.
    let nobody = Browser::new(&world);
    is_page(&nobody.get(&page).await, 200);
    assert!(nobody.at().starts_with("/my/sign-in?to=%2Fmy%2Fproposals%2F"), "{}", nobody.at());
    let stranger = world.person("Stray Stranger");
    let stranger = at(&world, &stranger, &page).await;
    is_page(&stranger.browser.get(&page).await, 404);
    is_page(&stranger.browser.post(&page, &[("action", "confirm")]).await, 404);
    assert!(!stranger.browser.get("/my").await.text.contains("/my/proposals"));

    // It says what it is, and who proposed it; it is listed for both, and the draft leads there.
    let seco = at(&world, &second, &page).await;
    says(&seco.browser.get("/my").await, &["Waiting for a decision", &page, "Publish a report"]);
    let looked = seco.look("").await;
    offers(&looked, &["confirm", "reject"]);
    let title = world.get(Some(by), report).await.json["title"].clone();
    let sha256 = proposed.json["sha256"].as_str().unwrap();
    let draft = report.replace("/api/v1", "/my");
    says(
        &looked,
        &[title.as_str().unwrap(), sha256, "ESCAP/GCM/2020/1", "Sari Secretariat", &draft],
    );
    let sari = at(&world, by, &page).await;
    offers(&sari.look("").await, &["take_back"]);
    says(&sari.browser.get(&draft).await, &[&format!("href=\"{page}\"")]);
    let refused = sari.refused(&[("action", "confirm")], 403).await;
    offers(&refused, &["take_back"]);
    is_page(&sari.browser.post(&page, &[("action", "publish")]).await, 404);

    // Rejected, for a reason that is not lost and that whoever proposed it reads.
    let long = "x".repeat(2_001);
    says(&seco.refused(&[("action", "reject"), ("note", &long)], 422).await, &[&long]);
    says(
        &seco.does(&[("action", "reject"), ("note", HOSTILE)], "reject").await,
        &["It will not be done."],
    );
    let told = sari.look("").await;
    says(&told, &["Rejected", "Seco Second", "ประเทศไทย"]);
    assert!(!told.text.contains("<script>alert"));
    offers(&told, &[]);
    assert!(!sari.browser.get("/my").await.text.contains(&page));

    // Proposed anew; what has changed since is told, and not done.
    let proposed = publish(&world, &walk, report, "ESCAP/GCM/2020/1").await.json;
    let page = way(&world, "act_proposed", &second);
    let (sari, seco) = (at(&world, by, &page).await, at(&world, &second, &page).await);
    let state = format!("{report}/state");
    let go = async |to: &str| {
        let version = world.get(Some(by), report).await.json["version"].as_i64().unwrap();
        world
            .change(by, Method::POST, &state, version, json!({ "to": to, "reason": "A test." }))
            .await
    };
    go("drafting").await;
    says(&seco.look("").await, &["It has changed since it was proposed"]);
    seco.refused(&[("action", "confirm")], 409).await;
    let back = [("action", "take_back"), ("note", "It has changed.")];
    says(&sari.does(&back, "take_back").await, &["Taken back"]);
    assert_eq!(way(&world, "act_proposed", &second), format!("/my/proposals/{}", id(&proposed)));

    // And confirmed: done at once, exactly so.
    go("clearance").await;
    let proposed = publish(&world, &walk, report, "ESCAP/GCM/2020/1").await.json;
    let page = format!("/my/proposals/{}", id(&proposed));
    let seco = at(&world, &second, &page).await;
    for language in LANGUAGES {
        seco.look(&format!("?lang={language}")).await;
    }
    let done = seco.does(&[("action", "confirm")], "confirm").await;
    says(&done, &["It was done, exactly as it was proposed.", "Seco Second"]);
    offers(&done, &[]);
    assert_eq!(world.get(Some(by), report).await.json["state"], "published");
    seco.refused(&[("action", "reject")], 409).await;
});

on_both!(every_act_that_needs_two_people_says_what_it_is, |world: World| async move {
    let scene = crate::inputs::scene(&world).await;
    let by = &scene.secretariat;
    let ada = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let bob = world.person_with("Bob Admin", Role::Administrator, ScopeKind::Instance, "");
    let review = id(&scene.review).to_owned();
    let whom = world.person("Quin Example");
    let organization = json!({ "name": "A union", "sector": "trade_unions", "country": "TH" });
    let organization = world.make(by, "/api/v1/organizations", organization).await;
    let deputy = world.deputy("Dara Deputy", &review, id(&organization));

    let role = json!({ "role": "secretariat", "scope_kind": "review", "scope_id": review });
    let role = world.post(by, &format!("/api/v1/accounts/{}/grants", whom.id), role).await;
    let rule = json!({ "review_id": review, "required": false });
    let rule = world.post(by, "/api/v1/two-people-rule", rule).await;
    let erasure = format!("/api/v1/accounts/{}/erasure", whom.id);
    let erasure = Request::new(Method::POST, &erasure).by(Some(&ada)).version(1);
    let erasure = world.send(erasure.body(json!({ "email": whom.email }))).await;
    let twice = [world.person("Rita Example"), world.person("Rita Example Two")];
    let merging = format!("/api/v1/accounts/{}/merge", twice[0].id);
    let merging = Request::new(Method::POST, &merging).by(Some(&ada)).version(1);
    let merging = world.send(merging.body(json!({ "into": twice[1].id }))).await;
    for (proposed, said, deputy_sees) in [
        (&role, vec!["Give somebody a role", "Quin Example", "the secretariat"], true),
        (&rule, vec!["Choose whether two people are needed", "one person is enough"], true),
        (&erasure, vec!["Erase a person", "Quin Example", whom.email.as_str()], false),
        (
            &merging,
            vec!["Make two accounts one", twice[0].email.as_str(), twice[1].email.as_str()],
            false,
        ),
    ] {
        assert_eq!(proposed.status, 202, "{}", proposed.text);
        let page = format!("/my/proposals/{}", id(&proposed.json));
        let bob = at(&world, &bob, &page).await;
        for language in LANGUAGES {
            bob.look(&format!("?lang={language}")).await;
        }
        let looked = bob.look("").await;
        says(&looked, &said);
        offers(&looked, &["confirm", "reject"]);
        says(&bob.browser.get("/my").await, &[&page]);
        // Of whom it is, only those are told who could propose the same; but for roles, which whoever confirms must know.
        let dara = at(&world, &deputy, &page).await;
        let found = dara.browser.get(&page).await;
        assert_eq!(found.status, if deputy_sees { 200 } else { 404 }, "{said:?}: {}", found.text);
    }
});

on_both!(what_a_voice_said_is_shown_to_who_may_read_it_alone, |world: World| async move {
    let scene = crate::inputs::scene(&world).await;
    let mut receipts = Vec::new();
    for number in 0..10 {
        let (_, receipt) = scene.contributor(&world, &format!("Pat No{number}")).await;
        let said = scene.said(&format!("Fees are too high, number {number}."));
        scene.contribute(&world, &receipt, said).await;
        receipts.push(receipt);
    }
    scene.next_mixing(&world);
    let by = world.signed_in_again(&scene.secretariat);
    let organization = json!({ "name": "A union", "sector": "trade_unions", "country": "TH" });
    let organization = world.make(&by, "/api/v1/organizations", organization).await;
    let deputy = world.deputy("Dara Deputy", id(&scene.review), id(&organization));
    let input = scene.input_of(&world, &receipts[0]).await;
    let refusal = format!("/api/v1/inputs/{}/voice-refusal", id(&input));
    let proposed = world.post(&by, &refusal, json!({})).await;
    assert_eq!(proposed.status, 202, "{}", proposed.text);
    let page = way(&world, "act_proposed", &deputy);
    let own = at(&world, &by, &page).await;
    says(
        &own.look("").await,
        &["Take nothing any more of a voice", "Fees are too high, number 0."],
    );
    let dara = at(&world, &deputy, &page).await;
    let looked = dara.look("").await;
    says(&looked, &["Not for you to see."]);
    assert!(!looked.text.contains("Fees"), "{}", looked.text);
    says(&dara.does(&[("action", "confirm")], "confirm").await, &["It was done"]);

    let ada = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let steps = ["registration_closed", "in_session", "synthesis", "clearance"];
    world.phases(&by, id(&scene.consultation), &steps).await;
    let keys = format!("/api/v1/consultations/{}/voice-keys/destruction", id(&scene.consultation));
    let proposed = world.post(&ada, &keys, json!({})).await;
    assert_eq!(proposed.status, 202, "{}", proposed.text);
    let dara = at(&world, &deputy, &way(&world, "act_proposed", &deputy)).await;
    let theme = scene.consultation["theme"].as_str().unwrap();
    says(&dara.look("").await, &["Destroy the keys of a consultation", theme]);
});

on_both!(an_appeal_is_answered_on_its_page, |world: World| async move {
    let (decides, review, consultation) = world.consultation(Some(1), "vetted").await;
    let other = world.person_with("Sam Second", Role::Secretariat, ScopeKind::Review, id(&review));
    world.phases(&decides, id(&consultation), &["open_call"]).await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let (asha, binh) = (world.person("Asha Example"), world.person("Binh Sample"));
    let made = world.make(&asha, &path, registration("civil_society", "TH")).await;
    let decline =
        json!({ "decision": "decline", "reason_code": "not_vetted", "note": "Who are you?" });
    let version = made["version"].as_i64().unwrap();
    let decision = format!("/api/v1/registrations/{}/decision", id(&made));
    world.change(&decides, Method::POST, &decision, version, decline).await;
    let body = json!({ "registration_id": made["id"], "text": HOSTILE });
    let appeal = world.make(&asha, "/api/v1/appeals", body).await;
    let page = way(&world, "appeal_submitted", &other);
    assert_eq!(page, format!("/my/appeals/{}", id(&appeal)));

    // Whoever decided reads it and does not answer; a stranger finds nothing; whoever made it reads it.
    let sari = at(&world, &decides, &page).await;
    let looked = sari.look("").await;
    says(&looked, &["Asha Example", "ประเทศไทย", "somebody else has to"]);
    assert!(!looked.text.contains("<script>alert") && !looked.text.contains("name=\"outcome\""));
    assert!(!sari.browser.get("/my").await.text.contains(&page));
    let binh = at(&world, &binh, &page).await;
    is_page(&binh.browser.get(&page).await, 404);
    let own = at(&world, &asha, &page).await;
    assert!(!own.look("").await.text.contains("name=\"outcome\""));
    let try_it = [("version", "1"), ("outcome", "upheld"), ("answer", "Yes.")];
    own.refused(&try_it, 403).await;
    sari.refused(&try_it, 403).await;

    let sam = at(&world, &other, &page).await;
    says(&sam.browser.get("/my").await, &[&page]);
    for language in LANGUAGES {
        sam.look(&format!("?lang={language}")).await;
    }
    let mut answer = vec![("version", "1"), ("answer", "You are right.")];
    says(&sam.refused(&answer, 422).await, &["Please choose one.", "You are right."]);
    answer.push(("outcome", "upheld"));
    answer[1].1 = " ";
    says(&sam.refused(&answer, 422).await, &["answer-e", "value=\"upheld\" required checked"]);
    answer[1].1 = "You are right.";
    answer[0].1 = "2";
    says(&sam.refused(&answer, 412).await, &["You are right."]);
    answer[0].1 = "1";
    says(&sam.does(&answer, "answered").await, &["Upheld", "You are right."]);
    assert!(!sam.browser.get("/my").await.text.contains(&page));
    let after = world.get(Some(&decides), &format!("/api/v1/registrations/{}", id(&made))).await;
    assert_eq!(after.json["state"], "submitted", "{}", after.text);
    // The applicant is told, and the mail leads there.
    assert_eq!(way(&world, "appeal_upheld", &asha), page);
    says(&own.look("").await, &["Upheld", "You are right."]);
});
