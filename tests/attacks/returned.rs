//! Somebody who has themselves erased and comes again.

use reqwest::Method;
use serde_json::json;

use crate::crowd::Crowd;
use crate::harness::{Answer, Person, Request, World, id, registration};
use crate::on_both;
use crate::tell;
use crate::thief::{dump, hexadecimal, joined, key, names};

async fn erase(world: &World, person: &Person) {
    let person = world.signed_in_again(person);
    let me = world.get(Some(&person), "/api/v1/me").await;
    let version = me.header("etag").trim_matches('"').parse().unwrap();
    let erase = Request::new(Method::DELETE, "/api/v1/me").by(Some(&person)).version(version);
    let erased = world.send(erase.body(json!({ "email": person.email }))).await;
    assert_eq!(erased.status, 204, "{}", erased.text);
}

/// Registers the same person anew, and asks for a receipt.
async fn again(world: &World, crowd: &Crowd, name: &str) -> (Person, String, Answer) {
    let person = world.person(name);
    let path = crowd.of("registrations");
    let made = world.make(&person, &path, registration("media", "FJ")).await;
    assert_eq!(made["state"], "confirmed");
    let given = world.post(&person, &crowd.of("receipts"), json!({})).await;
    (person, id(&made).to_owned(), given)
}

on_both!(
    who_is_erased_and_comes_again_has_no_more_voices_and_is_led_to_none,
    |world: World| async move {
        let crowd = Crowd::gather(&world, 12).await;
        crowd.speak(&world, 1).await;
        crowd.next_mixing(&world);
        let before = crowd.read(&world).await;
        // The holder of a row can be computed with the keys, of a registration and of an address.
        let receipts = rapporteur_kernel::keys::Key::new(key(&world, "receipts").unwrap());
        let consultation: uuid::Uuid = id(&crowd.consultation).parse().unwrap();
        let of_registration = |registration: &str| {
            let registration: uuid::Uuid = registration.parse().unwrap();
            let parts: [&[u8]; 4] =
                [b"holder", consultation.as_bytes(), b"registration", registration.as_bytes()];
            hexadecimal(&receipts.mac(&parts))
        };
        let given = |world: &World| -> Vec<String> {
            dump(world)
                .into_iter()
                .filter(|row| row.table == "receipts_given")
                .map(|row| row.text)
                .collect()
        };
        let first = &crowd.members[0];
        assert!(
            given(&world).iter().any(|row| row.contains(&of_registration(&first.registration)))
        );
        erase(&world, &first.person).await;
        assert!(
            !given(&world).iter().any(|row| row.contains(&of_registration(&first.registration)))
        );
        // One in its place, as anybody; and that is all, however often they come. Their name is written in another way, too.
        let (second, registration, replaced) = again(&world, &crowd, "Victim No0").await;
        assert_eq!(
            (replaced.status, &replaced.json["left"]),
            (201, &json!(0)),
            "{}",
            replaced.text
        );
        let replaced = replaced.json["receipt"].as_str().unwrap().to_owned();
        let mut more = 0;
        let mut own = vec![first.registration.clone(), registration];
        let mut ids = vec![first.person.id, second.id];
        erase(&world, &second).await;
        for name in ["Victim No0", "victim no0", "VICTIM NO0"] {
            let (person, registration, given) = again(&world, &crowd, name).await;
            more += usize::from(given.status == 201);
            given.is_problem(409, "no_more_receipts");
            own.push(registration);
            ids.push(person.id);
            erase(&world, &person).await;
        }
        // The first receipt finds what was said by it, and the second nothing of it.
        let by_first =
            crowd.own(&world, &first.receipt).await["contributions"].as_array().unwrap().len();
        let by_second =
            crowd.own(&world, &replaced).await["contributions"].as_array().unwrap().len();
        assert_eq!((by_first, by_second), (1, 0));
        assert_eq!(crowd.read(&world).await, before, "who was erased is told by what is gone");
        // Nothing joins who they were, or are, to what they said.
        let rows = dump(&world);
        let names = names(&rows, 12);
        let mut words: Vec<String> = own.iter().map(|one| one.replace('-', "")).collect();
        words.extend(ids.iter().map(|one| one.to_string().replace('-', "")));
        words.push("victim.no0".to_owned());
        words.extend(own.iter().map(|one| of_registration(one)));
        let found = joined(&rows, &[words], &names);
        let counts = given(&world).len();
        println!("  rows of who was given receipts: {counts}");
        tell(&world, "by coming again", found.len() + more, 12);
        assert_eq!((found, more), (vec![], 0));
    }
);
