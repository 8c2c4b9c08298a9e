//! Who may come in: passwords, mailed links, tokens that rotate, roles that are given, and the mails that go out for it.

use std::sync::{Arc, Mutex};

use chrono::Duration;
use rapporteur::access::{Role, ScopeKind};
use rapporteur::accounts::{self, passwords};
use rapporteur::mailer::Mailer;
use rapporteur::outbox;
use rapporteur::work::Credentials;
use rapporteur::worker;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::harness::{Answer, Person, Request, World, id, review, token_of};
use crate::on_both;

const PASSWORD: &str = "correct horse battery staple";

fn with_password(world: &World, name: &str) -> Person {
    let person = world.person(name);
    let hash = passwords::hash(PASSWORD, &world.app.ids).unwrap();
    let account = person.id;
    let set = |work: &mut rapporteur::work::Work| {
        accounts::service::set_password(work, account, &hash).map(|_| ())
    };
    world.app.write_blocking(&Credentials::Operator, set).unwrap();
    world.signed_in_again(&person)
}

/// A POST by nobody in particular.
async fn open(world: &World, path: &str, body: Value) -> Answer {
    world.send(Request::new(Method::POST, path).body(body)).await
}

async fn sign_in(world: &World, email: &str, password: &str) -> Answer {
    open(world, "/api/v1/auth/sign-in", json!({ "email": email, "password": password })).await
}

fn mails(world: &World) -> Vec<outbox::Row> {
    world.app.db.read_blocking(|conn| outbox::list(conn, None, 100)).unwrap()
}

/// The token of the newest link mailed to that address.
fn mailed_token(world: &World, email: &str) -> String {
    let mail = mails(world).into_iter().rfind(|mail| mail.recipient == email).expect("a mail");
    let secret = mail.secret.expect("a personal link");
    token_of(&secret).to_owned()
}

on_both!(a_password_signs_in_and_what_is_wrong_is_answered_alike, |world: World| async move {
    let asha = with_password(&world, "Asha Example");
    let answer = sign_in(&world, &asha.email, PASSWORD).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json["account_id"], json!(asha.id));
    let token = answer.json["access_token"].as_str().unwrap().to_owned();
    let me = world.get(Some(&Person { token, ..asha.clone() }), "/api/v1/me").await;
    assert_eq!(me.json["account"]["email"], asha.email, "{}", me.text);

    let wrong = sign_in(&world, &asha.email, "not the password").await;
    let unknown = sign_in(&world, "nobody@example.org", PASSWORD).await;
    for refused in [&wrong, &unknown] {
        refused.is_problem(401, "invalid_credentials");
    }
    assert_eq!(wrong.json["detail"], unknown.json["detail"]);
});

on_both!(a_mailed_link_works_once_and_not_for_long, |world: World| async move {
    let asha = world.person("Asha Example");
    let known = open(&world, "/api/v1/auth/links", json!({ "email": asha.email })).await;
    let unknown = open(&world, "/api/v1/auth/links", json!({ "email": "new@example.org" })).await;
    assert_eq!((known.status, unknown.status), (202, 202), "{} {}", known.text, unknown.text);
    assert_eq!(known.text, unknown.text);

    let redeem =
        |token: String| open(&world, "/api/v1/auth/links/redeem", json!({ "token": token }));
    let token = mailed_token(&world, &asha.email);
    let first = redeem(token.clone()).await;
    assert_eq!((first.status, &first.json["account_id"]), (200, &json!(asha.id)), "{}", first.text);
    redeem(token).await.is_problem(401, "invalid_credentials");

    world.app.clock.advance(Duration::minutes(31));
    redeem(mailed_token(&world, "new@example.org")).await.is_problem(401, "invalid_credentials");
});

on_both!(a_refresh_token_used_again_ends_the_whole_sign_in, |world: World| async move {
    let asha = with_password(&world, "Asha Example");
    let first = sign_in(&world, &asha.email, PASSWORD).await.json["refresh_token"].clone();
    let refresh =
        |token: Value| open(&world, "/api/v1/auth/refresh", json!({ "refresh_token": token }));
    let second = refresh(first.clone()).await;
    assert_eq!(second.status, 200, "{}", second.text);
    assert_ne!(second.json["refresh_token"], first);
    refresh(first).await.is_problem(401, "invalid_credentials");
    // Kept, although it was answered with a refusal: the newer token has ended too.
    refresh(second.json["refresh_token"].clone()).await.is_problem(401, "invalid_credentials");
    // Another sign-in is another family.
    let other = sign_in(&world, &asha.email, PASSWORD).await.json["refresh_token"].clone();
    assert_eq!(refresh(other).await.status, 200);
});

on_both!(signing_out_ends_one_sign_in_whole_and_no_other, |world: World| async move {
    let (asha, other) = (with_password(&world, "Asha Example"), with_password(&world, "Nok Other"));
    world.grant(&asha, Role::Secretariat, ScopeKind::Instance, "");
    let signed_in = |person: &Person| {
        let (world, email) = (&world, person.email.clone());
        async move { sign_in(world, &email, PASSWORD).await.json }
    };
    let refresh = |tokens: &Value| {
        let body = json!({ "refresh_token": tokens["refresh_token"] });
        open(&world, "/api/v1/auth/refresh", body)
    };
    let sign_out = |tokens: &Value| {
        let body = json!({ "refresh_token": tokens["refresh_token"] });
        open(&world, "/api/v1/auth/sign-out", body)
    };
    let me = |tokens: &Value| {
        let token = tokens["access_token"].as_str().unwrap().to_owned();
        let (world, person) = (&world, Person { token, ..asha.clone() });
        async move { world.get(Some(&person), "/api/v1/me").await.status }
    };
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let audited = |action: &'static str| {
        let (world, admin) = (&world, world.signed_in_again(&admin));
        async move {
            let rows = world.get(Some(&admin), "/api/v1/audit?limit=200").await.json;
            let rows = rows["items"].as_array().unwrap().clone();
            rows.into_iter().filter(|row| row["action"] == action).collect::<Vec<_>>()
        }
    };
    let phone = signed_in(&asha).await;
    let (laptop, elsewhere) = (signed_in(&asha).await, signed_in(&other).await);
    let renewed = refresh(&phone).await.json;

    let answer = sign_out(&renewed).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    refresh(&renewed).await.is_problem(401, "invalid_credentials");
    let ended = audited("account.signed_out").await;
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0]["subject_id"], json!(asha.id));
    assert_eq!(ended[0]["actor_id"], Value::Null, "whoever has the token may end what it is for");
    assert!(!ended[0].to_string().contains(renewed["refresh_token"].as_str().unwrap()));
    // What was ended is not reused, and there is nothing more to end.
    assert_eq!(audited("account.refresh_token_reused").await, Vec::<Value>::new());
    assert_eq!(sign_out(&renewed).await.status, 204);
    assert_eq!(sign_out(&json!({ "refresh_token": "nothing" })).await.status, 204);
    assert_eq!(audited("account.signed_out").await.len(), 1);

    // Access tokens run out by themselves; another sign-in and another person's go on.
    assert_eq!((me(&phone).await, me(&renewed).await, me(&laptop).await), (200, 200, 200));
    let laptop = refresh(&laptop).await.json;
    assert_eq!(refresh(&elsewhere).await.status, 200);
    world.app.clock.advance(Duration::minutes(16));
    assert_eq!((me(&renewed).await, me(&laptop).await), (401, 401));
    let laptop = refresh(&laptop).await;
    assert_eq!(laptop.status, 200, "{}", laptop.text);
    assert_eq!(me(&laptop.json).await, 200);

    // A token that was exchanged before ends what it was exchanged for.
    let before = signed_in(&asha).await;
    let after = refresh(&before).await.json;
    assert_eq!(sign_out(&before).await.status, 204);
    refresh(&after).await.is_problem(401, "invalid_credentials");
    assert_eq!(audited("account.signed_out").await.len(), 2);
    let nothing = open(&world, "/api/v1/auth/sign-out", json!({})).await;
    nothing.is_problem(422, "invalid_value");
    assert_eq!(refresh(&laptop.json).await.status, 200, "none of this is of the laptop");
});

on_both!(
    the_log_tells_on_which_day_participants_signed_in_and_not_when,
    |world: World| async move {
        let people: Vec<Person> =
            (0..6).map(|number| with_password(&world, &format!("Pat {number}"))).collect();
        let admin = with_password(&world, "Ada Admin");
        world.grant(&admin, Role::Administrator, ScopeKind::Instance, "");
        let audited = || {
            let read =
                |work: &mut rapporteur::work::Work| rapporteur::audit::list(work.conn, 0, 1000);
            let rows = world.app.read_blocking(&Credentials::Operator, read).unwrap();
            let rows = rows.into_iter().filter(|row| row.action.starts_with("account.signed"));
            rows.collect::<Vec<_>>()
        };
        let mut tokens = Vec::new();
        for person in &people {
            let signed_in = sign_in(&world, &person.email, PASSWORD).await;
            let refresh = json!({ "refresh_token": signed_in.json["refresh_token"] });
            tokens.push(
                open(&world, "/api/v1/auth/refresh", refresh).await.json["refresh_token"].clone(),
            );
            world.app.clock.advance(Duration::minutes(7));
        }
        sign_in(&world, &people[0].email, PASSWORD).await;
        let out =
            open(&world, "/api/v1/auth/sign-out", json!({ "refresh_token": tokens[1] })).await;
        assert_eq!(out.status, 204);
        worker::clear(&world.app).await.unwrap();
        assert!(audited().is_empty(), "of participants nothing is told before the day is over");
        sign_in(&world, &admin.email, PASSWORD).await;
        let staff = audited();
        assert_eq!(
            (staff.len(), staff[0].subject_id.map(|id| id.uuid())),
            (1, Some(admin.id.uuid()))
        );
        assert_eq!(staff[0].at, world.app.clock.now(), "of staff it is told when");

        // No table has a time of it, and none an order: ids are random.
        let rows = world.app.db.read_blocking(|conn| Ok(crate::privacy::every_row(conn))).unwrap();
        let kept: Vec<_> = rows.iter().filter(|(table, _)| table == "refresh_tokens").collect();
        assert_eq!(kept.len(), 14);
        for (table, row) in &rows {
            let theirs = people.iter().any(|person| row.contains(&person.id.to_string()));
            let of_sign_ins = table == "refresh_tokens";
            for hour in ["03:07", "03:14", "03:21", "03:28", "03:35", "03:42"] {
                assert!(!(theirs && row.contains(hour)), "{table} tells when: {row}");
            }
            assert!(
                !of_sign_ins || !row.contains("03:00") && row.matches("00:00:00").count() >= 2,
                "{row}"
            );
        }

        world.app.clock.advance(Duration::days(1));
        worker::clear(&world.app).await.unwrap();
        worker::clear(&world.app).await.unwrap();
        let told = audited().split_off(1);
        assert_eq!(told.len(), people.len(), "once, each");
        for row in &told {
            assert_eq!(row.details.0["day"], "2020-10-01");
            let first = row.subject_id.map(|id| id.uuid()) == Some(people[0].id.uuid());
            assert_eq!(row.details.0["times"], if first { 2 } else { 1 });
        }
        let order: Vec<_> = told.iter().map(|row| row.subject_id.unwrap().uuid()).collect();
        let came: Vec<_> = people.iter().map(|person| person.id.uuid()).collect();
        let sorted = {
            let mut ids = came.clone();
            ids.sort();
            ids
        };
        assert!(order != came && order != sorted, "the order tells who came first");
    }
);

on_both!(an_expired_token_and_a_disabled_account_are_nobody, |world: World| async move {
    let asha = with_password(&world, "Asha Example");
    assert_eq!(world.get(Some(&asha), "/api/v1/me").await.status, 200);
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let path = format!("/api/v1/accounts/{}", asha.id);
    let version = world.get(Some(&admin), &path).await.json["version"].as_i64().unwrap();
    world.change(&admin, Method::PATCH, &path, version, json!({ "active": false })).await;
    assert_eq!(world.get(Some(&asha), "/api/v1/me").await.status, 401);
    sign_in(&world, &asha.email, PASSWORD).await.is_problem(401, "invalid_credentials");
    world.app.clock.advance(Duration::minutes(16));
    assert_eq!(world.get(Some(&admin), "/api/v1/me").await.status, 401);
});

on_both!(a_secretariat_gives_roles_in_its_own_review_only, |world: World| async move {
    let (chief, own, _) = world.consultation(None, "vetted").await;
    let mut body = review();
    body["code"] = json!("another");
    let other = world.make(&chief, "/api/v1/reviews", body).await;
    let sari = world.person_with("Sam Secretary", Role::Secretariat, ScopeKind::Review, id(&own));
    let asha = world.person("Asha Example");
    let path = format!("/api/v1/accounts/{}/grants", asha.id);
    let grant = |role: &str, kind: &str, on: Value| json!({ "role": role, "scope_kind": kind, "scope_id": on });
    let given = world.post(&sari, &path, grant("secretariat", "review", own["id"].clone())).await;
    assert_eq!(given.status, 202, "{}", given.text);
    assert_eq!(world.confirmed(&chief, given).await["role"], "secretariat");
    let refused =
        world.post(&sari, &path, grant("secretariat", "review", other["id"].clone())).await;
    assert!([403, 404].contains(&refused.status), "{}", refused.text);
    let refused = world.post(&sari, &path, grant("administrator", "instance", Value::Null)).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let unfit = world.post(&admin, &path, grant("rapporteur", "review", own["id"].clone())).await;
    assert_eq!(unfit.status, 422, "{}", unfit.text);
});

on_both!(
    the_first_administrator_is_made_once_though_two_start_at_once,
    |world: World| async move {
        let start = || {
            let app = world.app.clone();
            tokio::task::spawn_blocking(move || {
                accounts::service::ensure_administrator(&app).unwrap()
            })
        };
        let (one, two) = (start(), start());
        let made = [one.await.unwrap(), two.await.unwrap()];
        assert_eq!(made.iter().flatten().count(), 1, "one of them has a password to print");
        let found = world.app.db.read_blocking(accounts::store::administrators).unwrap();
        assert_eq!(found.len(), 1);
    }
);

on_both!(
    without_a_mail_server_a_mail_becomes_a_file_and_leaves_no_secret,
    |world: World| async move {
        open(&world, "/api/v1/auth/links", json!({ "email": "new@example.org" })).await;
        let token = mailed_token(&world, "new@example.org");
        let waiting = mails(&world).remove(0);
        let mailer = Mailer::open(&world.app.settings).unwrap();
        worker::send_due(&world.app, &mailer).await.unwrap();
        let mail = mails(&world).remove(0);
        assert_eq!((mail.secret.as_deref(), mail.sent_at.is_some()), (None, true));
        assert!(!format!("{}{:?}", mail.body, mail.html).contains(&token));
        // What stays of it tells the day on which somebody wanted to sign in, and not when.
        assert_eq!(waiting.created_at.to_string(), "2020-10-01T03:00:00.000000Z");
        for at in [mail.created_at, mail.next_attempt_at, mail.sent_at.unwrap()] {
            assert_eq!(at.to_string(), "2020-10-01T00:00:00.000000Z");
        }
        assert_eq!(mail.id.uuid().get_version_num(), 4);
        let file = world.folder.join("mail").join(format!("{}.eml", waiting.id));
        assert!(std::fs::read_to_string(file).unwrap().contains(&token));
    }
);

/// As much of a mail server as a mail needs; keeps every text it took.
async fn mail_server(listener: TcpListener, taken: Arc<Mutex<Vec<String>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let taken = taken.clone();
        tokio::spawn(async move {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            let _ = write.write_all(b"220 test\r\n").await;
            let mut text: Option<String> = None;
            while let Ok(Some(line)) = lines.next_line().await {
                let reply = match &mut text {
                    Some(_) if line == "." => {
                        taken.lock().unwrap().extend(text.take());
                        "250 taken\r\n"
                    }
                    Some(text) => {
                        text.push_str(&line);
                        text.push('\n');
                        continue;
                    }
                    None if line.eq_ignore_ascii_case("DATA") => {
                        text = Some(String::new());
                        "354 go on\r\n"
                    }
                    None => "250 ok\r\n",
                };
                if write.write_all(reply.as_bytes()).await.is_err() {
                    return;
                }
            }
        });
    }
}

on_both!(a_mail_server_that_was_down_gets_every_mail_exactly_once, |world: World| async move {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mut settings = (*world.app.settings).clone();
    settings.mail.smtp_url = format!("smtp://{address}").into();
    let mailer = Mailer::open(&settings).unwrap();
    for number in 0..5 {
        open(&world, "/api/v1/auth/links", json!({ "email": format!("n{number}@example.org") }))
            .await;
    }
    let tokens: Vec<String> =
        (0..5).map(|n| mailed_token(&world, &format!("n{n}@example.org"))).collect();
    while worker::send_due(&world.app, &mailer).await.unwrap() > 0 {}
    assert!(mails(&world).iter().all(|mail| mail.sent_at.is_none() && mail.last_error.is_some()));

    let taken = Arc::new(Mutex::new(Vec::new()));
    let server =
        tokio::spawn(mail_server(TcpListener::bind(address).await.unwrap(), taken.clone()));
    for _ in 0..3 {
        world.app.clock.advance(Duration::hours(2));
        worker::send_due(&world.app, &mailer).await.unwrap();
    }
    server.abort();
    let taken = taken.lock().unwrap().clone();
    for token in &tokens {
        assert_eq!(taken.iter().filter(|text| text.contains(token.as_str())).count(), 1);
    }
    assert_eq!(taken.len(), 5);
    assert!(mails(&world).iter().all(|mail| mail.sent_at.is_some() && mail.secret.is_none()));
});

on_both!(with_another_password_everything_that_was_given_out_ends, |world: World| async move {
    let asha = with_password(&world, "Asha Example");
    let (email, link) = (json!({ "email": asha.email }), "/api/v1/auth/links");
    assert_eq!(open(&world, link, email).await.status, 202);
    let link = mailed_token(&world, &asha.email);
    let feed = world.post(&asha, "/api/v1/me/calendar-feed", json!({})).await;
    let feed = feed.json["url"].as_str().unwrap().split_once("/api/").unwrap().1.to_owned();
    let feed = format!("/api/{feed}");
    assert_eq!(world.get(None, &feed).await.status, 200);

    let me = world.get(Some(&asha), "/api/v1/me").await;
    let version = me.json["account"]["version"].as_i64().unwrap();
    let change = json!({ "password": "quite another horse", "current_password": PASSWORD });
    world.change(&asha, Method::PATCH, "/api/v1/me", version, change).await;
    let ended = world.get(Some(&asha), "/api/v1/me").await;
    ended.is_problem(401, "unauthenticated");
    assert!(ended.text.contains("Sign in again"), "{}", ended.text);
    assert_eq!(world.get(None, &feed).await.status, 404);
    let redeemed = open(&world, "/api/v1/auth/links/redeem", json!({ "token": link })).await;
    redeemed.is_problem(401, "invalid_credentials");
    let again = sign_in(&world, &asha.email, "quite another horse").await;
    let token = again.json["access_token"].as_str().unwrap().to_owned();
    assert_eq!(world.get(Some(&Person { token, ..asha }), "/api/v1/me").await.status, 200);
});

on_both!(who_loses_a_role_of_staff_signs_in_anew_and_a_host_stays, |world: World| async move {
    let (_, review, consultation) = world.consultation(None, "vetted").await;
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let hosted = (Role::CoOrganizer, ScopeKind::Consultation, id(&consultation));
    let staff = (Role::Secretariat, ScopeKind::Review, id(&review));
    for (number, ((role, kind, on), stays)) in [(hosted, 200), (staff, 401)].into_iter().enumerate()
    {
        let person = world.person_with(&format!("Esi Example {number}"), role, kind, on);
        let own = format!("/api/v1/accounts/{}/grants", person.id);
        let grants = world.get(Some(&admin), &own).await.json;
        let path = format!("{own}/{}", id(&grants["items"][0]));
        assert_eq!(
            world.send(Request::new(Method::DELETE, &path).by(Some(&admin))).await.status,
            204
        );
        assert_eq!(world.get(Some(&person), "/api/v1/me").await.status, stays, "{role}");
    }
});

#[actix_web::test]
async fn who_guesses_is_slowed_down_and_whose_account_it_is_comes_in() {
    let world = World::with(crate::harness::Database::Sqlite, |settings| {
        settings.limits.sign_in_per_minute = 1000;
        settings.limits.trusted_proxies = "127.0.0.0/8, ::1".parse().unwrap();
    });
    let world = world.unwrap();
    let asha = with_password(&world, "Asha Example");
    let from = async |address: &str, email: &str, password: &str| {
        let body = json!({ "email": email, "password": password });
        let request = Request::new(Method::POST, "/api/v1/auth/sign-in").body(body);
        world.send(request.header("X-Forwarded-For", address)).await
    };
    // Whether there is such an account or not.
    for email in [asha.email.as_str(), "nobody@example.org"] {
        let mut statuses = Vec::new();
        for _ in 0..12 {
            statuses.push(from("198.51.100.7", email, "a guess at random").await.status);
        }
        assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 10, "{statuses:?}");
        let refused = from("198.51.100.7", email, PASSWORD).await;
        refused.is_problem(429, "too_many_requests");
        assert!(!refused.header("retry-after").is_empty());
    }
    // Whoever it is signs in from elsewhere, as often as they like, and from there by a link.
    for _ in 0..12 {
        assert_eq!(from("203.0.113.9", &asha.email, PASSWORD).await.status, 200);
    }
    let link = json!({ "email": asha.email });
    assert_eq!(open(&world, "/api/v1/auth/links", link).await.status, 202);
    let token = json!({ "token": mailed_token(&world, &asha.email) });
    assert_eq!(open(&world, "/api/v1/auth/links/redeem", token).await.status, 200);
    // From many addresses: a hundred in an hour.
    let mut wrong = 10;
    for number in 0..200 {
        let answer = from(&format!("192.0.2.{number}"), &asha.email, "a guess at random").await;
        wrong += usize::from(answer.status == 401);
    }
    assert_eq!(wrong, 100);
    world.app.clock.advance(Duration::minutes(61));
    assert_eq!(from("198.51.100.7", &asha.email, PASSWORD).await.status, 200);
}

on_both!(one_mailbox_is_sent_few_links_however_its_address_is_written, |world: World| async move {
    for number in 0..20 {
        let email = json!({ "email": format!("asha.example+{number}@example.org") });
        assert_eq!(open(&world, "/api/v1/auth/links", email).await.status, 202);
    }
    let others = json!({ "email": "asha.example.too@example.org" });
    assert_eq!(open(&world, "/api/v1/auth/links", others).await.status, 202);
    let sent = mails(&world);
    let own = sent.iter().filter(|mail| mail.recipient.starts_with("asha.example+"));
    assert_eq!((own.count(), sent.len()), (5, 6));
});
