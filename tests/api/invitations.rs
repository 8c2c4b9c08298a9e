//! The open call over HTTP, on both databases: lists come from files, every address is written to once, and only whoever
//! holds the link learns anything by it.

use chrono::Duration;
use rapporteur::access::{Role, ScopeKind};
use rapporteur::{invitations, outbox, work::Credentials};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, id, registration, token_of};
use crate::mail::rows;
use crate::on_both;

async fn upload(
    world: &World,
    by: &Person,
    consultation: &Value,
    query: &str,
    file: Vec<u8>,
) -> Answer {
    let path = format!("/api/v1/consultations/{}/invitations/imports?{query}", id(consultation));
    let request = world.client.post(format!("{}{path}", world.base)).bearer_auth(&by.token);
    let request = request.header("Content-Type", "text/csv").body(file);
    Answer::of(request.send().await.unwrap()).await
}

async fn act(world: &World, by: &Person, consultation: &Value, act: &str, body: Value) -> Value {
    let path = format!("/api/v1/consultations/{}/invitations/{act}", id(consultation));
    world.make(by, &path, body).await
}

async fn list(world: &World, by: &Person, consultation: &Value, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/consultations/{}/invitations?limit=200&{query}", id(consultation));
    let answer = world.get(Some(by), &path).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json["items"].as_array().unwrap().clone()
}

fn tokens(world: &World, email: &str) -> Vec<String> {
    let mails = rows(world).into_iter().filter(|row| row.recipient == email);
    let secrets = mails.filter_map(|row| row.secret);
    secrets.map(|secret| token_of(&secret).to_owned()).collect()
}

async fn decline(world: &World, token: &str) -> Answer {
    let request = Request::new(Method::POST, "/api/v1/invitations/decline");
    world.send(request.body(json!({ "token": token }))).await
}

/// What opening the form does, on behalf of whoever holds the token.
fn open(world: &World, token: &str) {
    let work = |work: &mut rapporteur::work::Work| {
        let invitation = invitations::service::by_token(work, token)?.expect("an invitation");
        invitations::service::opened(work, invitation.id)
    };
    world.app.write_blocking(&Credentials::Anonymous, work).unwrap();
}

on_both!(a_thousand_addresses_on_two_lists_get_one_mail_each, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let file = |upper: bool| {
        let mut text = "Name;E-Mail;Organisation\r\n".to_owned();
        for number in 0..1000 {
            let email = format!("person{number}@example.org");
            let email = if upper { email.to_uppercase() } else { email };
            text.push_str(&format!("Person {number};{email};Example Trust\r\n"));
        }
        text.into_bytes()
    };
    let first = upload(&world, &secretariat, &consultation, "list=UN%20Network", file(false)).await;
    assert_eq!((first.status, &first.json["new"]), (200, &json!(1000)), "{}", first.text);
    assert!(
        list(&world, &secretariat, &consultation, "").await.is_empty(),
        "a dry run writes nothing"
    );

    let query = "list=UN%20Network&dry_run=false";
    let first = upload(&world, &secretariat, &consultation, query, file(false)).await;
    assert_eq!((first.status, &first.json["new"]), (200, &json!(1000)), "{}", first.text);
    let query = "list=Regional%20Network&dry_run=false";
    let second = upload(&world, &secretariat, &consultation, query, file(true)).await;
    assert_eq!(
        (&second.json["new"], &second.json["further"]),
        (&json!(0), &json!(1000)),
        "{}",
        second.text
    );
    let again = upload(&world, &secretariat, &consultation, query, file(true)).await;
    assert_eq!(
        (&again.json["further"], &again.json["known"]),
        (&json!(0), &json!(1000)),
        "{}",
        again.text
    );
    let one = list(&world, &secretariat, &consultation, "email=person7@example.org").await;
    assert_eq!(one[0]["lists"], json!(["Regional Network", "UN Network"]));
    assert_eq!(one[0]["organization_name"], "Example Trust");

    let body = json!({ "list": "UN Network" });
    let sent = act(&world, &secretariat, &consultation, "sending", body).await;
    assert_eq!(sent["mails"], 1000);
    let sent = act(&world, &secretariat, &consultation, "sending", json!({})).await;
    assert_eq!(sent["mails"], 0, "everybody has one");
    let mails = rows(&world);
    let recipients: std::collections::BTreeSet<_> =
        mails.iter().map(|mail| &mail.recipient).collect();
    assert_eq!((mails.len(), recipients.len()), (1000, 1000));
    let secrets: std::collections::BTreeSet<_> = mails.iter().map(|mail| &mail.secret).collect();
    assert_eq!(secrets.len(), 1000, "every link is another");
});

on_both!(every_row_and_cell_with_its_error_and_nothing_is_half_done, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    let file = "\u{feff}Prénom,Nom,Courriel,Langue,Liste\n\
                Asha,Exemple,asha@example.org,français,A\n\
                Binh,,not an address,en,A\n\
                ,,,,\n\
                Chen,陈,,zh,A\n\
                Dina,=1+1,dina+news@bücher.example,th,A\n\
                สมชาย,LONG,somchai@example.org,en,A\n";
    let file = file.replace("LONG", &"ก".repeat(300));
    let query = "dry_run=true&mapping=%7B%22Liste%22%3A%22list%22%7D";
    let dry = upload(&world, &secretariat, &consultation, query, file.clone().into_bytes()).await;
    assert_eq!(dry.status, 200, "{}", dry.text);
    assert_eq!((&dry.json["rows"], &dry.json["good"]), (&json!(5), &json!(2)), "{}", dry.text);
    let errors = dry.json["errors"].as_array().unwrap();
    let places: Vec<(i64, &str)> = errors
        .iter()
        .map(|error| (error["row"].as_i64().unwrap(), error["column"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(places, [(3, "Courriel"), (5, "Courriel"), (7, "Nom")], "{}", dry.text);
    assert_eq!(dry.json["notes"][0]["row"], 6, "Thai: the consultation's language is taken");

    let query = "dry_run=false&mapping=%7B%22Liste%22%3A%22list%22%7D";
    let refused =
        upload(&world, &secretariat, &consultation, query, file.clone().into_bytes()).await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("/rows/3/Courriel");
    assert!(list(&world, &secretariat, &consultation, "").await.is_empty());

    let good: Vec<&str> = file
        .lines()
        .filter(|line| !line.contains("Binh") && !line.contains('陈') && !line.contains('ก'))
        .collect();
    let query = "dry_run=false&list=B";
    let done =
        upload(&world, &secretariat, &consultation, query, good.join("\n").into_bytes()).await;
    assert_eq!((done.status, &done.json["new"]), (200, &json!(2)), "{}", done.text);
    let all = list(&world, &secretariat, &consultation, "").await;
    assert_eq!((&all[0]["name"], &all[0]["language"]), (&json!("Asha Exemple"), &json!("fr")));
    assert_eq!(
        (&all[1]["email"], &all[1]["name"]),
        (&json!("dina+news@xn--bcher-kva.example"), &json!("Dina =1+1"))
    );

    let without =
        upload(&world, &secretariat, &consultation, "list=A", b"Name\nAsha\n".to_vec()).await;
    assert_eq!(without.status, 422, "{}", without.text);
    let without =
        upload(&world, &secretariat, &consultation, "", b"email\na@example.org\n".to_vec()).await;
    without.is_problem(422, "invalid_value");
    without.points_to("?list");
});

on_both!(five_thousand_rows_are_taken_in_one_transaction, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    let rows = (0..5000).map(|number| format!("p{number}@example.org,Person {number}"));
    let file = std::iter::once("email,name".to_owned()).chain(rows).collect::<Vec<_>>().join("\n");
    let query = "list=A&dry_run=false";
    let done = upload(&world, &secretariat, &consultation, query, file.into_bytes()).await;
    assert_eq!((done.status, &done.json["new"]), (200, &json!(5000)), "{}", done.text);
    let page = list(&world, &secretariat, &consultation, "state=prepared&list=A").await;
    assert_eq!((page.len(), &page[0]["email"]), (200, &json!("p0@example.org")));
});

on_both!(the_way_of_an_invitation_is_counted_by_list, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    let file = "email,list\nanna@example.org,A\nbob@example.org,A\nbob@example.org,B\nchi@example.org,B\ndan@example.org,B\n";
    let done = upload(&world, &secretariat, &consultation, "dry_run=false", file.into()).await;
    assert_eq!(done.json["new"], 4, "{}", done.text);
    let path = format!("/api/v1/consultations/{}/invitations/sending", id(&consultation));
    let early = world.post(&secretariat, &path, json!({})).await;
    early.is_problem(409, "not_in_this_phase");
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    assert_eq!(
        act(&world, &secretariat, &consultation, "sending", json!({ "list": "A" })).await["mails"],
        2
    );
    assert_eq!(act(&world, &secretariat, &consultation, "sending", json!({})).await["mails"], 2);

    let anna = tokens(&world, "anna@example.org").remove(0);
    open(&world, &anna);
    open(&world, &anna);
    assert_eq!(decline(&world, &anna).await.status, 204);
    assert_eq!(decline(&world, &anna).await.status, 204, "twice is as good as once");
    open(&world, &tokens(&world, "bob@example.org").remove(0));
    let dan = list(&world, &secretariat, &consultation, "email=dan@example.org").await.remove(0);
    let bounce = format!("/api/v1/invitations/{}/bounce", id(&dan));
    let version = dan["version"].as_i64().unwrap();
    let bounced = world.change(&secretariat, Method::POST, &bounce, version, Value::Null).await;
    assert_eq!(bounced["state"], "bounced");

    // By whichever way somebody registers, their invitation is answered.
    let chi = world.person("Chi");
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let registered = world.make(&chi, &path, registration("media", "TH")).await;
    let one = list(&world, &secretariat, &consultation, "state=registered").await;
    assert_eq!(one.len(), 1);
    assert_eq!(
        (&one[0]["email"], &one[0]["registration_id"]),
        (&json!("chi@example.org"), &registered["id"])
    );

    let path = format!("/api/v1/consultations/{}/invitations/statistics", id(&consultation));
    let found = world.get(Some(&secretariat), &path).await.json;
    let funnel = |value: &Value| {
        ["total", "invited", "opened", "registered", "declined", "bounced"]
            .map(|name| value[name].as_i64().unwrap())
    };
    assert_eq!(funnel(&found["total"]), [4, 4, 2, 1, 1, 1], "{found}");
    assert_eq!(found["lists"][0]["list"], "A");
    assert_eq!(funnel(&found["lists"][0]), [2, 2, 2, 0, 1, 0], "{found}");
    assert_eq!(funnel(&found["lists"][1]), [3, 3, 1, 1, 0, 1], "{found}");
});

on_both!(
    reminders_go_to_who_has_not_answered_and_earlier_links_keep_working,
    |world: World| async move {
        let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
        world.phases(&secretariat, id(&consultation), &["open_call"]).await;
        let file = "email\nanna@example.org\nbob@example.org\nchi@example.org\n";
        upload(&world, &secretariat, &consultation, "dry_run=false&list=A", file.into()).await;
        act(&world, &secretariat, &consultation, "sending", json!({})).await;
        assert_eq!(decline(&world, &tokens(&world, "bob@example.org")[0]).await.status, 204);
        let early = act(&world, &secretariat, &consultation, "reminders", json!({})).await;
        assert_eq!((&early["mails"], &early["too_early"]), (&json!(0), &json!(2)));
        // Somebody registers while nobody looks.
        let chi = world.person("Chi");
        let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
        world.make(&chi, &path, registration("media", "TH")).await;

        world.app.clock.advance(Duration::days(8));
        let chief = world.person_with("Sam Secretary", Role::Secretariat, ScopeKind::Instance, "");
        let done = act(&world, &chief, &consultation, "reminders", json!({})).await;
        assert_eq!((&done["mails"], &done["too_early"]), (&json!(1), &json!(0)), "{done}");
        let anna = list(&world, &chief, &consultation, "email=anna@example.org").await.remove(0);
        assert_eq!(anna["reminders"], 1);
        let links = tokens(&world, "anna@example.org");
        assert_eq!(links.len(), 2);
        assert_ne!(links[0], links[1]);
        open(&world, &links[1]);
        assert_eq!(
            decline(&world, &links[0]).await.status,
            204,
            "the link of the first mail works"
        );
    }
);

on_both!(a_mail_program_says_no_for_its_reader_with_one_click, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let file = "email\nanna@example.org\nbob@example.org\nchi@example.org\n";
    upload(&world, &secretariat, &consultation, "dry_run=false&list=A", file.into()).await;
    act(&world, &secretariat, &consultation, "sending", json!({})).await;
    let [anna, bob] =
        ["anna@example.org", "bob@example.org"].map(|one| tokens(&world, one).remove(0));
    // No session, no cookie, no origin; as either kind of form, twice, and where there is nothing of the kind.
    let post = async |token: &str, kind: &str, body: &str| {
        let request = world.client.post(format!("{}/in/{token}?lang=en", world.base));
        let answer =
            request.header("Content-Type", kind).body(body.to_owned()).send().await.unwrap();
        assert!(answer.headers().get("set-cookie").is_none());
        (answer.status().as_u16(), answer.text().await.unwrap().replace(token, "TOKEN"))
    };
    let plain = "application/x-www-form-urlencoded";
    let parts = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    let first = post(&anna, plain, "List-Unsubscribe=One-Click").await;
    assert_eq!(first.0, 200, "{}", first.1);
    assert_eq!(first, post(&anna, plain, "List-Unsubscribe=One-Click").await);
    assert_eq!(first, post(&bob, "multipart/form-data; boundary=x", parts).await);
    assert_eq!(first, post("nothing", plain, "List-Unsubscribe=One-Click").await);
    // A program can do nothing else there.
    let [chi] = ["chi@example.org"].map(|one| tokens(&world, one).remove(0));
    for action in ["enter", "decline"] {
        assert_eq!(post(&chi, plain, &format!("action={action}")).await.0, 403, "{action}");
    }
    world.app.clock.advance(Duration::days(8));
    let secretariat = world.signed_in_again(&secretariat);
    let state = async |email: &str| {
        let one =
            list(&world, &secretariat, &consultation, &format!("email={email}")).await.remove(0);
        one["state"].clone()
    };
    for (email, told) in [("anna", "declined"), ("bob", "declined"), ("chi", "invited")] {
        assert_eq!(state(&format!("{email}@example.org")).await, told, "{email}");
    }
    // Neither a reminder nor another list reaches them.
    let again = "email\nanna@example.org\nbob@example.org\n";
    upload(&world, &secretariat, &consultation, "dry_run=false&list=B", again.into()).await;
    for (step, mails) in [("sending", 0), ("reminders", 1)] {
        let done = act(&world, &secretariat, &consultation, step, json!({})).await;
        assert_eq!(done["mails"], mails, "{step}: {done}");
    }
});

on_both!(a_link_that_is_not_valid_is_answered_like_any_other, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    upload(
        &world,
        &secretariat,
        &consultation,
        "dry_run=false&list=A",
        "email\nanna@example.org\n".into(),
    )
    .await;
    act(&world, &secretariat, &consultation, "sending", json!({})).await;
    let token = tokens(&world, "anna@example.org").remove(0);
    let one = list(&world, &secretariat, &consultation, "").await.remove(0);
    let path = format!("/api/v1/invitations/{}", id(&one));
    let version = one["version"].as_i64().unwrap();
    let request = Request::new(Method::DELETE, &path).by(Some(&secretariat)).version(version);
    assert_eq!(world.send(request).await.status, 204);
    world.get(Some(&secretariat), &path).await.is_problem(404, "not_found");
    // The mail that waited goes nowhere.
    assert!(
        rows(&world)
            .iter()
            .all(|row| row.state == outbox::MailState::Cancelled && row.secret.is_none())
    );
    let (gone, never) = (decline(&world, &token).await, decline(&world, "nothing").await);
    for answer in [&gone, &never] {
        answer.is_problem(401, "invalid_credentials");
    }
    assert_eq!(gone.json["detail"], never.json["detail"]);
});

on_both!(
    an_import_that_is_repeated_with_its_key_is_answered_as_the_first_was,
    |world: World| async move {
        let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
        world.phases(&secretariat, id(&consultation), &["open_call"]).await;
        let path = format!(
            "/api/v1/consultations/{}/invitations/imports?list=UN&dry_run=false",
            id(&consultation)
        );
        let import = async || {
            let request = world.client.post(format!("{}{path}", world.base));
            let request = request.bearer_auth(&secretariat.token).header("Idempotency-Key", "once");
            let request = request.header("Content-Type", "text/csv");
            let file = "Name,E-mail\r\nAsha Example,asha.example@example.org\r\n";
            Answer::of(request.body(file).send().await.unwrap()).await
        };
        let first = import().await;
        assert_eq!((first.status, &first.json["new"]), (200, &json!(1)), "{}", first.text);
        let again = import().await;
        assert_eq!((again.status, &again.text), (200, &first.text));
        assert_eq!(again.header("idempotency-replayed"), "true");
    }
);
