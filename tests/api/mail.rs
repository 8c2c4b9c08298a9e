//! The outbox: what people do with it, what it never shows, in which language it writes, and that every mail of a whole
//! call arrives once though the mail server was down all the time.

use std::collections::BTreeMap;

use chrono::Duration;
use rapporteur::access::{Role, ScopeKind};
use rapporteur::mailer::Mailer;
use rapporteur::{outbox, worker};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Person, Request, World, id, registration, review, token_of};
use crate::on_both;
use crate::smtp::{MailServer, free_port};

pub fn rows(world: &World) -> Vec<outbox::Row> {
    world.app.db.read_blocking(|conn| outbox::list(conn, None, 10_000)).unwrap()
}

/// Has the consultation's mail held.
pub async fn hold(world: &World, by: &Person, consultation: &Value) {
    let path = format!("/api/v1/consultations/{}/registration-rules", id(consultation));
    world.change(by, Method::PUT, &path, 0, json!({ "hold_mail": true })).await;
}

async fn act(world: &World, by: &Person, mail: &Value, act: &str) -> Value {
    let path = format!("/api/v1/outbox/{}/{act}", id(mail));
    let version = mail["version"].as_i64().unwrap();
    world.change(by, Method::POST, &path, version, Value::Null).await
}

async fn invite(world: &World, by: &Person, consultation: &Value, email: &str) -> Value {
    let path = format!("/api/v1/consultations/{}/invitations", id(consultation));
    world.make(by, &path, json!({ "email": email, "list": "UN Network" })).await
}

async fn send(world: &World, by: &Person, consultation: &Value) -> Value {
    let path = format!("/api/v1/consultations/{}/invitations/sending", id(consultation));
    world.make(by, &path, json!({})).await
}

/// A mailer to a server on that port.
fn mailer(world: &World, port: u16) -> Mailer {
    let mut settings = (*world.app.settings).clone();
    settings.mail.smtp_url = format!("smtp://127.0.0.1:{port}").into();
    Mailer::open(&settings).unwrap()
}

/// Looks into the outbox until nothing is due.
async fn send_all(world: &World, mailer: &Mailer) {
    while worker::send_due(&world.app, mailer).await.unwrap() > 0 {}
}

on_both!(a_mail_is_held_looked_at_edited_and_released, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    hold(&world, &secretariat, &consultation).await;
    let asha = world.person("Asha Example");
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let registered = world.make(&asha, &path, registration("media", "TH")).await;

    let list = format!("/api/v1/outbox?state=held&consultation={}", id(&consultation));
    let list = world.get(Some(&secretariat), &list).await.json;
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    let listed = &list["items"][0];
    assert_eq!(listed["template"], "registration_confirmed");
    assert_eq!(listed["subject_id"], registered["id"]);
    assert_eq!(listed["recipient"], asha.email);
    assert!(listed.get("text").is_none());

    // Held, it is not sent.
    let mailer = Mailer::open(&world.app.settings).unwrap();
    assert_eq!(worker::send_due(&world.app, &mailer).await.unwrap(), 0);

    let own = format!("/api/v1/outbox/{}", id(listed));
    let mail = world.get(Some(&secretariat), &own).await.json;
    assert!(mail["text"].as_str().unwrap().contains("you have a place"), "{mail}");
    let text = "Dear Asha,\n\nsee you <there>.\n\n[personal link]\n";
    let edit = json!({ "subject": "See you there", "text": text });
    let version = mail["version"].as_i64().unwrap();
    let edited = world.change(&secretariat, Method::PATCH, &own, version, edit).await;
    let html = edited["html"].as_str().unwrap();
    assert!(html.contains("<p>see you &lt;there&gt;.</p>"), "{html}");
    assert!(html.contains("<title>See you there</title>") && !html.contains("place"), "{html}");

    let stale = Request::new(Method::POST, &format!("{own}/release")).by(Some(&secretariat));
    world.send(stale.version(version)).await.is_problem(412, "version_mismatch");
    let released = act(&world, &secretariat, &edited, "release").await;
    assert_eq!(released["state"], "pending");
    send_all(&world, &mailer).await;
    let sent = world.get(Some(&secretariat), &own).await.json;
    assert_eq!((&sent["state"], &sent["allowed_actions"]), (&json!("sent"), &json!([])));
    let file = world.folder.join("mail").join(format!("{}.eml", id(listed)));
    let file = std::fs::read_to_string(file).unwrap();
    assert!(file.contains("Subject: See you there") && file.contains("see you <there>"), "{file}");
    for (act, version) in [("hold", &sent["version"]), ("cancel", &sent["version"])] {
        let path = format!("{own}/{act}");
        let request = Request::new(Method::POST, &path).by(Some(&secretariat));
        let answer = world.send(request.version(version.as_i64().unwrap())).await;
        answer.is_problem(409, "invalid_transition");
    }
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let audit = world.get(Some(&admin), "/api/v1/audit?limit=200").await.text;
    for action in ["mail.edited", "mail.released"] {
        assert!(audit.contains(action), "{action}");
    }

    // What was said is forgotten after some time; that it was sent is not.
    world.app.clock.advance(Duration::days(world.app.settings.mail.keep_text_days + 1));
    worker::clear(&world.app).await.unwrap();
    let row = rows(&world).remove(0);
    assert_eq!((row.body.as_str(), row.html), ("", None));
    assert!(row.sent_at.is_some());
});

on_both!(many_mails_are_released_at_once_and_only_by_who_may, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    hold(&world, &secretariat, &consultation).await;
    for number in 0..30 {
        invite(&world, &secretariat, &consultation, &format!("n{number}@example.org")).await;
    }
    assert_eq!(send(&world, &secretariat, &consultation).await["mails"], 30);
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let mut other = review();
    other["code"] = json!("another");
    let other = world.make(&admin, "/api/v1/reviews", other).await;
    let otto = world.person_with("Otto Other", Role::Secretariat, ScopeKind::Review, id(&other));

    // Another review's secretariat sees none of them and releases none.
    let seen = world.get(Some(&otto), "/api/v1/outbox").await.json;
    assert_eq!(seen["items"], json!([]));
    let released = world.make(&otto, "/api/v1/outbox/releases", json!({})).await;
    assert_eq!(released["released"], 0);
    let one = rows(&world).remove(0);
    world
        .get(Some(&otto), &format!("/api/v1/outbox/{}", one.id))
        .await
        .is_problem(404, "not_found");
    let body = json!({ "consultation_id": id(&consultation) });
    world.post(&otto, "/api/v1/outbox/releases", body.clone()).await.is_problem(403, "forbidden");
    world
        .post(&world.person("Pat Plain"), "/api/v1/outbox/releases", body)
        .await
        .is_problem(403, "forbidden");

    let one = json!({ "consultation_id": id(&consultation), "recipient": "n3@example.org" });
    assert_eq!(world.make(&secretariat, "/api/v1/outbox/releases", one).await["released"], 1);
    let all = json!({ "consultation_id": id(&consultation), "template": "invitation" });
    assert_eq!(world.make(&secretariat, "/api/v1/outbox/releases", all).await["released"], 29);
    assert!(rows(&world).iter().all(|row| row.state == outbox::MailState::Pending));
});

on_both!(no_endpoint_shows_a_personal_link, |world: World| async move {
    let (secretariat, review, consultation) = world.consultation(None, "automatic").await;
    let own = world.person_with("Sam Secretary", Role::Secretariat, ScopeKind::Review, id(&review));
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    hold(&world, &secretariat, &consultation).await;
    let invitation = invite(&world, &own, &consultation, "asha.example@example.org").await;
    send(&world, &own, &consultation).await;
    let body = json!({ "email": "new@example.org" });
    world.send(Request::new(Method::POST, "/api/v1/auth/links").body(body)).await;
    let all = rows(&world);
    let tokens: Vec<String> =
        all.iter().map(|row| token_of(row.secret.as_deref().unwrap()).to_owned()).collect();
    assert_eq!(tokens.len(), 2);

    let mut answers = Vec::new();
    for person in [&secretariat, &own, &admin] {
        for path in ["/api/v1/outbox", "/api/v1/audit"] {
            answers.push(world.get(Some(person), path).await.text);
        }
        for row in &all {
            answers.push(world.get(Some(person), &format!("/api/v1/outbox/{}", row.id)).await.text);
        }
        answers.push(
            world.get(Some(person), &format!("/api/v1/invitations/{}", id(&invitation))).await.text,
        );
    }
    // Sign-in links are the administrators' alone.
    let link = all.iter().find(|row| row.template == "sign_in_link").unwrap();
    for person in [&secretariat, &own] {
        let path = format!("/api/v1/outbox/{}", link.id);
        world.get(Some(person), &path).await.is_problem(404, "not_found");
        assert!(!world.get(Some(person), "/api/v1/outbox").await.text.contains("sign_in_link"));
    }

    let mail = all.iter().find(|row| row.template == "invitation").unwrap();
    let path = format!("/api/v1/outbox/{}", mail.id);
    let shown = world.get(Some(&own), &path).await.json;
    assert_eq!(shown["has_personal_link"], true);
    let text = shown["text"].as_str().unwrap();
    assert_eq!(text.matches("[personal link]").count(), 1, "{text}");
    for wrong in ["No link.", "[personal link] [personal link]", "[personal link] {link}"] {
        let request = Request::new(Method::PATCH, &path).by(Some(&own)).version(1);
        let answer = world.send(request.body(json!({ "text": wrong }))).await;
        answer.is_problem(422, "invalid_value");
        answer.points_to("/text");
    }
    let edit = json!({ "text": "Please come.\n\n[personal link]\n" });
    let edited = world.change(&own, Method::PATCH, &path, 1, edit).await;
    answers.push(edited.to_string());
    answers.push(act(&world, &own, &edited, "release").await.to_string());
    let mailer = Mailer::open(&world.app.settings).unwrap();
    send_all(&world, &mailer).await;
    answers.push(world.get(Some(&own), &path).await.text);

    for token in &tokens {
        assert!(answers.iter().all(|answer| !answer.contains(token.as_str())));
        // The person gets it, in both parts, and then it is nowhere.
        let files = std::fs::read_dir(world.folder.join("mail")).unwrap();
        let files: Vec<String> = files
            .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
            .filter(|text| text.contains(token.as_str()))
            .collect();
        assert_eq!(files.len(), 1);
        assert!(files[0].contains("multipart/alternative"));
    }
    for row in rows(&world) {
        assert_eq!(row.secret, None);
        let left = format!("{}{:?}", row.body, row.html);
        assert!(tokens.iter().all(|token| !left.contains(token.as_str())));
    }
});

on_both!(people_are_written_to_in_their_language, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let subjects = BTreeMap::from([
        ("ar", "تأكد تسجيلكم: Borders and rights"),
        ("fr", "Votre inscription est confirmée : Borders and rights"),
        ("zh", "您的注册已确认：Borders and rights"),
    ]);
    for (language, subject) in subjects {
        let person = world.person(&format!("Person {language}"));
        let me = world.get(Some(&person), "/api/v1/me").await.json;
        let version = me["account"]["version"].as_i64().unwrap();
        let me = world
            .change(&person, Method::PATCH, "/api/v1/me", version, json!({ "language": language }))
            .await;
        assert_eq!(me["account"]["language"], language);
        world.make(&person, &path, registration("media", "TH")).await;
        let row = rows(&world).into_iter().find(|row| row.recipient == person.email).unwrap();
        assert_eq!(row.subject, subject);
        let direction = if language == "ar" { "rtl" } else { "ltr" };
        let page = format!("<html lang=\"{language}\" dir=\"{direction}\">");
        assert!(row.html.unwrap().contains(&page));
    }
    let wrong = Request::new(Method::PATCH, "/api/v1/me").by(Some(&secretariat)).version(1);
    let wrong = world.send(wrong.body(json!({ "language": "tlh" }))).await;
    wrong.is_problem(422, "invalid_value");
});

on_both!(a_cancelled_invitation_was_never_sent, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let invitation = invite(&world, &secretariat, &consultation, "asha@example.org").await;
    send(&world, &secretariat, &consultation).await;
    let path = format!("/api/v1/invitations/{}", id(&invitation));
    assert_eq!(world.get(Some(&secretariat), &path).await.json["state"], "invited");
    let row = rows(&world).remove(0);
    let mail = world.get(Some(&secretariat), &format!("/api/v1/outbox/{}", row.id)).await.json;
    let cancelled = act(&world, &secretariat, &mail, "cancel").await;
    assert_eq!(
        (&cancelled["state"], &cancelled["has_personal_link"]),
        (&json!("cancelled"), &json!(false))
    );
    assert_eq!(world.get(Some(&secretariat), &path).await.json["state"], "prepared");
    // It can be sent again, with another link.
    assert_eq!(send(&world, &secretariat, &consultation).await["mails"], 1);
});

on_both!(without_a_mail_server_nothing_is_given_up, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    invite(&world, &secretariat, &consultation, "asha@example.org").await;
    send(&world, &secretariat, &consultation).await;
    let mailer = mailer(&world, 9);
    for _ in 0..150 {
        worker::send_due(&world.app, &mailer).await.unwrap();
        world.app.clock.advance(Duration::hours(1));
    }
    let row = rows(&world).remove(0);
    assert_eq!((row.state, row.attempts), (outbox::MailState::Pending, 150));
});

on_both!(
    a_refused_address_fails_at_once_and_one_put_off_is_tried_again,
    |world: World| async move {
        let Some(server) = MailServer::start(free_port()) else { return };
        let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
        world.phases(&secretariat, id(&consultation), &["open_call"]).await;
        let gone = invite(&world, &secretariat, &consultation, "bounce.now@example.org").await;
        let later = invite(&world, &secretariat, &consultation, "later@example.org").await;
        send(&world, &secretariat, &consultation).await;
        let mailer = mailer(&world, server.port);
        send_all(&world, &mailer).await;
        let list = world.get(Some(&secretariat), "/api/v1/outbox?state=failed").await.json;
        assert_eq!(list["items"][0]["recipient"], "bounce.now@example.org", "{list}");
        assert!(
            list["items"][0]["last_error"].as_str().unwrap().contains("no such mailbox"),
            "{list}"
        );
        let state = |invitation: Value| {
            let path = format!("/api/v1/invitations/{}", id(&invitation));
            let (world, secretariat) = (&world, &secretariat);
            async move { world.get(Some(secretariat), &path).await.json["state"].clone() }
        };
        assert_eq!(state(gone.clone()).await, "bounced");
        assert_eq!(state(later.clone()).await, "invited");
        assert_eq!(server.count(), 0);

        world.app.clock.advance(Duration::minutes(5));
        send_all(&world, &mailer).await;
        let taken = server.taken();
        assert_eq!((taken.len(), taken[0].to.as_str()), (1, "later@example.org"));
        // Who opens the link was reached after all; whom nothing reached is not reminded.
        world.app.clock.advance(Duration::days(30));
        let secretariat = world.signed_in_again(&secretariat);
        let path = format!("/api/v1/consultations/{}/invitations/reminders", id(&consultation));
        assert_eq!(world.make(&secretariat, &path, json!({})).await["mails"], 1);
    }
);

on_both!(what_a_mail_server_answers_is_told_by_what_it_was_asked, |world: World| async move {
    let Some(server) = MailServer::start(free_port()) else { return };
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    // In the order of their addresses' mails: the one that closes comes last, for then nothing more is tried.
    for name in ["spam", "full", "busy", "bounce", "well", "closing"] {
        invite(&world, &secretariat, &consultation, &format!("{name}@example.org")).await;
        send(&world, &secretariat, &consultation).await;
    }
    let mailer = mailer(&world, server.port);
    assert_eq!(worker::send_due(&world.app, &mailer).await.unwrap(), 6);
    let told: BTreeMap<String, (outbox::MailState, String)> = rows(&world)
        .into_iter()
        .map(|row| (row.recipient, (row.state, row.last_error.unwrap_or_default())))
        .collect();
    for (name, state, said) in [
        ("spam", outbox::MailState::Failed, "looks like spam"),
        ("full", outbox::MailState::Pending, "mailbox full"),
        ("busy", outbox::MailState::Pending, "no room now"),
        ("bounce", outbox::MailState::Failed, "no such mailbox"),
        ("well", outbox::MailState::Sent, ""),
        ("closing", outbox::MailState::Pending, "closing"),
    ] {
        let found = &told[&format!("{name}@example.org")];
        assert!(found.0 == state && found.1.contains(said), "{name}: {found:?}");
    }
});

on_both!(an_address_beyond_ascii_gets_its_mail_where_the_server_can, |world: World| async move {
    let (Some(plain), Some(server)) =
        (MailServer::start_plain(free_port()), MailServer::start(free_port()))
    else {
        return;
    };
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let first = invite(&world, &secretariat, &consultation, "u\u{308}SER@bücher.example").await;
    assert_eq!(first["email"], "üser@xn--bcher-kva.example");
    let again = invite(&world, &secretariat, &consultation, "üser@xn--bcher-kva.example").await;
    assert_eq!(first["id"], again["id"], "it is one address");
    invite(&world, &secretariat, &consultation, "asha@example.org").await;
    send(&world, &secretariat, &consultation).await;
    send_all(&world, &mailer(&world, plain.port)).await;
    let taken = plain.taken();
    assert_eq!((taken.len(), taken[0].to.as_str()), (1, "asha@example.org"));
    let failed = world.get(Some(&secretariat), "/api/v1/outbox?state=failed").await.json;
    let why = failed["items"][0]["last_error"].as_str().unwrap();
    assert!(why.contains("SMTPUTF8") && why.contains("another address"), "{why}");
    act(&world, &secretariat, &failed["items"][0], "release").await;
    send_all(&world, &mailer(&world, server.port)).await;
    let taken = server.taken();
    assert_eq!((taken.len(), taken[0].to.as_str()), (1, "üser@xn--bcher-kva.example"));
    assert!(taken[0].text.contains("To: üser@xn--bcher-kva.example"), "{}", taken[0].text);

    // Where somebody asks for a form on the page of the call, and where their browser would say no to it.
    let page = format!("{}/register/{}", world.base, id(&consultation));
    let shown = world.client.get(&page).send().await.unwrap().text().await.unwrap();
    assert!(!shown.contains("type=\"email\"") && shown.contains("inputmode=\"email\""), "{shown}");
    let asked =
        world.client.post(&page).header("Content-Type", "application/x-www-form-urlencoded");
    let asked = asked
        .header("Sec-Fetch-Site", "same-origin")
        .body("email=%C3%9CSER2%40example.org")
        .send()
        .await
        .unwrap();
    assert!(asked.status().is_success(), "{}", asked.status());
    assert!(rows(&world).iter().any(|row| row.recipient == "üser2@example.org"));
});

on_both!(an_answer_goes_to_where_it_is_set, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    for (reply_to, header) in [
        ("", None),
        ("Secretariat <secretariat@example.org>", Some("Secretariat <secretariat@example.org>")),
        ("secretariat@example.org", Some("secretariat@example.org")),
    ] {
        let mut settings = (*world.app.settings).clone();
        settings.mail.reply_to = reply_to.to_owned();
        let to = format!("asha{}@example.org", reply_to.len());
        invite(&world, &secretariat, &consultation, &to).await;
        send(&world, &secretariat, &consultation).await;
        send_all(&world, &Mailer::open(&settings).unwrap()).await;
        let mail = rows(&world).into_iter().find(|row| row.recipient == to).unwrap();
        let file = world.folder.join("mail").join(format!("{}.eml", mail.id));
        let file = std::fs::read_to_string(file).unwrap();
        let said = file.lines().find_map(|line| line.strip_prefix("Reply-To: "));
        assert_eq!(said, header, "{file}");
        assert!(file.contains("\r\nFrom: ") || file.starts_with("From: "), "{file}");
    }
    let mut settings = (*world.app.settings).clone();
    settings.mail.reply_to = "nobody".to_owned();
    assert!(Mailer::open(&settings).err().unwrap().contains("mail.reply_to"));
});

on_both!(a_mail_that_came_back_is_known_by_its_report, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let gone = invite(&world, &secretariat, &consultation, "gone@example.org").await;
    let well = invite(&world, &secretariat, &consultation, "well@example.org").await;
    send(&world, &secretariat, &consultation).await;
    let body = json!({ "email": "new@example.org" });
    world.send(Request::new(Method::POST, "/api/v1/auth/links").body(body)).await;
    let link = rows(&world).into_iter().find(|row| row.template == "sign_in_link").unwrap();
    send_all(&world, &Mailer::open(&world.app.settings).unwrap()).await;
    let mails = rows(&world);
    let mail = |to: &str| mails.iter().find(|row| row.recipient == to).unwrap().id.to_string();

    let maildir = tempfile::tempdir().unwrap();
    std::fs::create_dir(maildir.path().join("new")).unwrap();
    let report = |name: &str, action: &str, to: &str, mail: &str| {
        let text = format!(
            "From: MAILER-DAEMON@example.net\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n\
             Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{mail}@example.org>\r\n\r\n--b--\r\n"
        );
        std::fs::write(maildir.path().join("new").join(name), text).unwrap();
    };
    // One that is true, twice; one of another's mail; one of a delay; of no mail of ours; of a link, which is not to be told from any
    // other once it was sent; and what is none.
    report("a", "failed", "Gone@example.org", &mail("gone@example.org"));
    report("b", "failed", "gone@example.org", &mail("gone@example.org"));
    report("c", "failed", "well@example.org", &mail("gone@example.org"));
    report("d", "delayed", "well@example.org", &mail("well@example.org"));
    report("e", "failed", "well@example.org", &uuid::Uuid::nil().to_string());
    report("f", "failed", "new@example.org", &link.id.to_string());
    std::fs::write(maildir.path().join("new/g"), [0xff_u8; 100]).unwrap();
    let mut app = world.app.clone();
    let mut settings = (*app.settings).clone();
    settings.mail.reports_maildir = maildir.path().into();
    app.settings = std::sync::Arc::new(settings);
    worker::read_reports(&app).await.unwrap();
    assert_eq!(std::fs::read_dir(maildir.path().join("new")).unwrap().count(), 0);
    assert_eq!(std::fs::read_dir(maildir.path().join("cur")).unwrap().count(), 7);

    let list = world.get(Some(&secretariat), "/api/v1/outbox?state=returned").await.json;
    let list = list["items"].as_array().unwrap();
    assert_eq!(list.len(), 1, "{list:?}");
    let told = (&list[0]["recipient"], &list[0]["last_error"], &list[0]["allowed_actions"]);
    assert_eq!(
        told,
        (&json!("gone@example.org"), &json!("returned: there is no such mailbox"), &json!([]))
    );
    for (invitation, state) in [(gone, "bounced"), (well, "invited")] {
        let path = format!("/api/v1/invitations/{}", id(&invitation));
        assert_eq!(world.get(Some(&secretariat), &path).await.json["state"], state);
    }
    let sent: BTreeMap<String, Option<String>> = rows(&world)
        .into_iter()
        .filter(|row| row.state == outbox::MailState::Sent)
        .map(|row| (row.recipient, row.last_error))
        .collect();
    assert_eq!((sent.len(), &sent["new@example.org"]), (2, &None));
    let delayed = sent["well@example.org"].as_deref().unwrap();
    assert!(delayed.starts_with("delayed: "), "{delayed}");
    worker::read_reports(&app).await.unwrap();
});

on_both!(
    the_mail_server_is_down_for_the_whole_call_then_up_and_every_mail_arrives_once,
    |world: World| async move {
        // A port on which nothing listens until the call is over.
        let port = free_port();
        let mailer = mailer(&world, port);
        let (secretariat, _, consultation) = world.consultation(Some(60), "vetted").await;
        world.phases(&secretariat, id(&consultation), &["open_call"]).await;
        let base = format!("/api/v1/consultations/{}", id(&consultation));
        for number in 0..150 {
            let email = format!("invited{number}@example.org");
            invite(&world, &secretariat, &consultation, &email).await;
        }
        send(&world, &secretariat, &consultation).await;
        let mut expected = 150;
        let mut secretariat = secretariat;
        for number in 0..80 {
            let person = world.person(&format!("Person {number}"));
            let path = format!("{base}/registrations");
            let made = world.make(&person, &path, registration("media", "TH")).await;
            let path = format!("/api/v1/registrations/{}/decision", id(&made));
            let version = made["version"].as_i64().unwrap();
            let decision = json!({ "decision": "confirm" });
            world.change(&secretariat, Method::POST, &path, version, decision).await;
            if number % 20 == 0 {
                worker::send_due(&world.app, &mailer).await.unwrap();
                world.app.clock.advance(Duration::days(1));
                secretariat = world.signed_in_again(&secretariat);
            }
        }
        let all = rows(&world);
        expected +=
            all.iter().filter(|row| row.subject_kind.as_deref() == Some("registration")).count();
        assert!(expected >= 230 && all.len() == expected, "{} of {expected}", all.len());
        for _ in 0..3 {
            worker::send_due(&world.app, &mailer).await.unwrap();
            world.app.clock.advance(Duration::hours(2));
        }
        assert!(rows(&world).iter().all(|row| row.state == outbox::MailState::Pending));

        let Some(server) = MailServer::start(port) else { return };
        send_all(&world, &mailer).await;
        for _ in 0..3 {
            world.app.clock.advance(Duration::hours(2));
            send_all(&world, &mailer).await;
        }
        let taken = server.taken();
        assert_eq!(taken.len(), expected);
        for row in &all {
            let header = format!("Message-ID: <{}@example.org>", row.id);
            let found: Vec<_> = taken.iter().filter(|mail| mail.text.contains(&header)).collect();
            assert_eq!(found.len(), 1, "{}", row.template);
            assert_eq!(found[0].to, row.recipient);
            if let Some(secret) = &row.secret {
                let (_headers, body) = found[0].text.split_once("\r\n\r\n").unwrap();
                let place = body.replace("\r\n", "").matches(secret.as_str()).count();
                assert_eq!(
                    place, 4,
                    "in the text, on the button, and below it as a link and as text"
                );
            }
        }
        let after = rows(&world);
        assert!(
            after.iter().all(|row| row.state == outbox::MailState::Sent && row.secret.is_none())
        );
    }
);
