//! What is done by receipt, from giving one to the input that the team reads: nothing doubled, nothing lost, nothing linked.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Request, World, id};
use crate::inputs::{Scene, decide, scene};
use crate::main_job::{publish, until_clearance};
use crate::on_both;

/// So many people with receipts who contributed a text each, with their receipts.
async fn people(world: &World, scene: &Scene, range: std::ops::Range<usize>) -> Vec<String> {
    let mut receipts = Vec::new();
    for number in range {
        let (_, receipt) = scene.contributor(world, &format!("Pat No{number}")).await;
        let said = scene.said(&format!("Offices are far away, number {number}."));
        scene.contribute(world, &receipt, said).await;
        receipts.push(receipt);
    }
    receipts
}

async fn read_by_team(world: &World, scene: &Scene) -> Vec<Value> {
    let secretariat = world.signed_in_again(&scene.secretariat);
    let listed = world.get(Some(&secretariat), &scene.path).await;
    listed.json["items"].as_array().unwrap_or_else(|| panic!("{}", listed.text)).clone()
}

on_both!(nine_wait_and_ten_are_mixed_and_their_key_is_gone, |world: World| async move {
    let scene = scene(&world).await;
    let mut receipts = people(&world, &scene, 0..9).await;
    let keys = || {
        let folder = world.app.settings.keys_folder();
        let names = std::fs::read_dir(folder).unwrap().map(|one| one.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().starts_with("pool-")).count()
    };
    assert_eq!(keys(), 1);
    scene.next_mixing(&world);
    assert_eq!(read_by_team(&world, &scene).await.len(), 0, "nine wait");
    let own = scene.own(&world, &receipts[0]).await;
    assert_eq!(own["contributions"][0]["waits"], true, "{own}");
    receipts.extend(people(&world, &scene, 9..10).await);
    assert_eq!(read_by_team(&world, &scene).await.len(), 0, "and nobody can ask for it");
    scene.next_mixing(&world);
    let read = read_by_team(&world, &scene).await;
    assert_eq!((read.len(), keys()), (10, 0));
    for input in &read {
        assert_eq!(input["voices"]["band"], "fewer_than_five");
        for field in ["submitted_on", "working_group_id", "round_id", "session_id"] {
            assert!(input.get(field).is_none_or(Value::is_null), "{field}: {input}");
        }
    }
    for (number, receipt) in receipts.iter().enumerate() {
        let own = scene.own(&world, receipt).await;
        let own = own["contributions"].as_array().unwrap();
        assert_eq!(own.len(), 1);
        assert_eq!(own[0]["said"]["body"], format!("Offices are far away, number {number}."));
        assert_eq!(own[0]["state"], "submitted");
    }
});

on_both!(a_receipt_is_used_alone_and_a_wrong_one_is_none, |world: World| async move {
    let scene = scene(&world).await;
    let (person, receipt) = scene.contributor(&world, "Pat One").await;
    let path = scene.of("contributions");
    let both = Request::new(Method::GET, &path).by(Some(&person)).header("Receipt", &receipt);
    world.send(both).await.is_problem(400, "receipt_beside_credentials");
    world.get(Some(&person), &path).await.is_problem(404, "not_found");
    let mut wrong = receipt.clone().into_bytes();
    wrong[0] = if wrong[0] == b'7' { b'8' } else { b'7' };
    for wrong in ["", "x", &String::from_utf8(wrong).unwrap()] {
        let answer = scene.by_receipt(&world, wrong, Method::GET, "contributions", None).await;
        answer.is_problem(404, "not_found");
    }
    let sloppy = receipt.to_lowercase().replace('-', "");
    assert_eq!(scene.own(&world, &sloppy).await["contributions"], json!([]));
    // One in its place, and no third.
    let again = world.make(&person, &scene.of("receipts"), json!({})).await;
    assert_eq!(again["left"], 0);
    let third = world.post(&person, &scene.of("receipts"), json!({})).await;
    third.is_problem(409, "no_more_receipts");
    let stranger = world.person("Stran Ger");
    let refused = world.post(&stranger, &scene.of("receipts"), json!({})).await;
    refused.is_problem(403, "forbidden");
});

on_both!(a_retry_is_the_same_contribution_before_and_after_mixing, |world: World| async move {
    let scene = scene(&world).await;
    let (_, receipt) = scene.contributor(&world, "Pat One").await;
    let said = scene.said("Said once.");
    let first = scene.contribute(&world, &receipt, said.clone()).await;
    let again = scene.contribute(&world, &receipt, said.clone()).await;
    assert_eq!(first["id"], again["id"]);
    let path = format!("contributions/{}", id(&first));
    let read = scene.by_receipt(&world, &receipt, Method::GET, &path, None).await;
    assert_eq!((read.status, &read.json["waits"]), (200, &json!(true)), "{}", read.text);
    let changed = scene.said("Said better.");
    let answer = scene.by_receipt(&world, &receipt, Method::PUT, &path, Some(changed)).await;
    assert_eq!(answer.json["said"]["body"], "Said better.", "{}", answer.text);
    let other = scene.contribute(&world, &receipt, scene.said("Taken back.")).await;
    let gone = format!("contributions/{}", id(&other));
    let answer = scene.by_receipt(&world, &receipt, Method::DELETE, &gone, None).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    scene.mix_all(&world);
    let own = scene.own(&world, &receipt).await;
    assert_eq!(own["contributions"].as_array().unwrap().len(), 1, "{own}");
    let again = scene.contribute(&world, &receipt, scene.said("Said better.")).await;
    assert_eq!(again["id"], own["contributions"][0]["id"]);
    assert_ne!(again["id"], first["id"]);
    assert_eq!(read_by_team(&world, &scene).await.len(), 1);
});

on_both!(a_question_is_answered_and_an_input_taken_back_by_receipt, |world: World| async move {
    let scene = scene(&world).await;
    let receipts = people(&world, &scene, 0..10).await;
    scene.next_mixing(&world);
    let input = scene.input_of(&world, &receipts[3]).await;
    let secretariat = world.signed_in_again(&scene.secretariat);
    let ask = json!({ "decision": "return", "question": "Which offices?" });
    assert_eq!(decide(&world, &secretariat, &input, ask).await.json["state"], "returned");
    let own = scene.own(&world, &receipts[3]).await["contributions"][0].clone();
    assert_eq!(own["question"], "Which offices?");
    let path = format!("contributions/{}", id(&own));
    let answer = Some(scene.said("Those of the province."));
    let answer = scene.by_receipt(&world, &receipts[3], Method::PUT, &path, answer).await;
    assert_eq!(answer.json["change"]["body"], "Those of the province.", "{}", answer.text);
    let foreign = scene.by_receipt(&world, &receipts[4], Method::GET, &path, None).await;
    foreign.is_problem(404, "not_found");
    let own = scene.own(&world, &receipts[5]).await["contributions"][0].clone();
    let gone = format!("contributions/{}", id(&own));
    let answer = scene.by_receipt(&world, &receipts[5], Method::DELETE, &gone, None).await;
    assert_eq!(answer.json["withdrawal_waits"], true, "{}", answer.text);
    scene.mix_all(&world);
    let answered = scene.input_of(&world, &receipts[3]).await;
    assert_eq!(answered["body"], "Those of the province.", "{answered}");
    assert_eq!(answered["state"], "submitted");
    let own = scene.own(&world, &receipts[5]).await["contributions"][0].clone();
    assert_eq!((&own["state"], &own["said"]["body"]), (&json!("withdrawn"), &json!("")));
});

on_both!(support_counts_once_it_is_mixed_and_what_waits_does_not, |world: World| async move {
    let scene = scene(&world).await;
    let receipts = people(&world, &scene, 0..10).await;
    scene.next_mixing(&world);
    let input = scene.input_of(&world, &receipts[0]).await;
    let secretariat = world.signed_in_again(&scene.secretariat);
    let accepted = decide(&world, &secretariat, &input, json!({ "decision": "accept" })).await;
    assert_eq!(accepted.status, 200, "{}", accepted.text);
    let path = format!("supports/{}", id(&input));
    let own = scene.by_receipt(&world, &receipts[0], Method::PUT, &path, None).await;
    own.is_problem(409, "invalid_transition");
    for receipt in &receipts[1..5] {
        for _ in 0..2 {
            let answer = scene.by_receipt(&world, receipt, Method::PUT, &path, None).await;
            assert_eq!(answer.status, 204, "{}", answer.text);
        }
    }
    let band = scene.input_of(&world, &receipts[0]).await["voices"]["band"].clone();
    assert_eq!(band, "fewer_than_five");
    scene.mix_all(&world);
    let band = scene.input_of(&world, &receipts[0]).await["voices"]["band"].clone();
    assert_eq!(band, "five_or_more");
});

on_both!(times_of_mixing_are_set_before_and_told_to_everybody, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    let path = format!("/api/v1/consultations/{}/mixing", id(&consultation));
    let put = |times: Value| {
        let request = Request::new(Method::PUT, &path).by(Some(&secretariat));
        world.send(request.body(json!({ "times": times })))
    };
    for wrong in [json!([]), json!(["25:00"]), json!(["06:00", "09:00", "12:00", "15:00", "18:00"])]
    {
        let refused = put(wrong.clone()).await;
        assert_eq!(refused.status, 422, "{wrong}: {}", refused.text);
    }
    let set = put(json!(["07:30", "19:00"])).await;
    assert_eq!(set.json["times"], json!(["07:30", "19:00"]), "{}", set.text);
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let read = world.get(None, &path).await.json;
    assert_eq!((&read["times"], &read["zone"]), (&set.json["times"], &json!("Asia/Bangkok")));
    assert_eq!((&read["fewest_entries"], &read["fewest_receipts"]), (&json!(10), &json!(5)));
});

on_both!(what_an_organization_says_on_record_stands_by_its_name, |world: World| async move {
    let scene = scene(&world).await;
    let by = &scene.secretariat;
    let organization =
        json!({ "name": "Example Trust", "sector": "civil_society", "country": "TH" });
    let organization = world.make(by, "/api/v1/organizations", organization).await;
    let person = scene.participant(&world, "Pat One").await;
    let path = scene.of("submissions");
    let said = json!({ "organization_id": organization["id"], "said": scene.said("We say so in our name.") });
    world.post(&person, &path, said.clone()).await.is_problem(403, "forbidden");
    let made = world.make(by, &path, said).await;
    assert_eq!(made["on_record"]["name"], "Example Trust", "{made}");
    let listed = world.get(Some(by), &path).await.json;
    assert_eq!(listed["items"][0]["id"], made["id"], "{listed}");
    world.get(Some(&person), &path).await.is_problem(403, "forbidden");
    let taken = format!("/api/v1/submissions/{}/withdrawal", id(&made));
    let version = made["version"].as_i64().unwrap();
    let gone = world.send(Request::new(Method::POST, &taken).by(Some(by)).version(version)).await;
    assert_eq!((gone.status, &gone.json["state"]), (200, &json!("withdrawn")), "{}", gone.text);
});

on_both!(what_can_be_known_is_said_in_six_languages, |world: World| async move {
    let mut first = std::collections::BTreeSet::new();
    for language in ["ar", "en", "es", "fr", "ru", "zh"] {
        let told =
            world.get(None, &format!("/api/v1/receipt-words?language={language}")).await.json;
        let sentences = told["sentences"].as_array().unwrap();
        assert_eq!(sentences.len(), 12, "{told}");
        assert_eq!(told["direction"], if language == "ar" { "rtl" } else { "ltr" });
        first.insert(sentences[0].as_str().unwrap().to_owned());
    }
    assert_eq!(first.len(), 6, "{first:?}");
    let none = world.get(None, "/api/v1/receipt-words?language=xx").await;
    none.is_problem(400, "invalid_query");
});

on_both!(nothing_is_published_on_more_voices_than_receipts, |world: World| async move {
    let walk = until_clearance(&world, "Asha Example", "Example Foundation").await;
    // As if receipts had been made by whoever has the keys: they are counted nowhere.
    world
        .app
        .db
        .write_blocking(|conn| {
            crate::planted::run(conn, "DELETE FROM receipts_given");
            Ok(())
        })
        .unwrap();
    let refused = publish(&world, &walk, &walk.report, "ESCAP/GCM/2020/1").await;
    refused.is_problem(409, "voices_unsound");
});
