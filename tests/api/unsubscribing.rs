//! Having no more of the mail that goes to everybody: by a link and a button, or the mail program's own, without an account; and nobody is
//! told who did.

use chrono::Duration;
use rapporteur::mailer::Mailer;
use rapporteur::worker;
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, is_page};
use crate::harness::{Person, Request, World, consultation, id, token_of};
use crate::inputs::{Scene, scene};
use crate::mail::rows;
use crate::on_both;

/// Announces something; to whom it goes.
async fn announce(world: &World, scene: &Scene) -> Vec<String> {
    let path = format!("/api/v1/consultations/{}/announcements", id(&scene.consultation));
    let text = json!({ "en": { "title": "The programme", "text": "It begins at 11:30." } });
    let made =
        world.make(&scene.secretariat, &path, json!({ "texts": text, "at_once": true })).await;
    let theirs = rows(world).into_iter().filter(|row| {
        row.subject_id.is_some_and(|subject| subject.uuid().to_string() == id(&made))
    });
    let mut to: Vec<String> = theirs.map(|row| row.recipient).collect();
    to.sort();
    to
}

/// The link of the last mail that goes to everybody, as a path.
fn link_of(world: &World, person: &Person) -> String {
    let mails = rows(world);
    let mut theirs = mails.iter().rev().filter(|row| row.recipient == person.email);
    let last = theirs.find(|row| row.template == "announcement").unwrap();
    last.secret.as_deref().unwrap()[world.app.settings.server.public_url.len()..].to_owned()
}

/// As a mail program sends it: it is no browser, and says nothing of where it comes from.
async fn one_click(world: &World, path: &str) -> (u16, String) {
    let asked = world.client.post(format!("{}{path}", world.base));
    let asked = asked.header("Content-Type", "application/x-www-form-urlencoded");
    let answer = asked.body("List-Unsubscribe=One-Click").send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn invite(world: &World, by: &Person, consultation: &Value, email: &str) -> (Value, Value) {
    let base = format!("/api/v1/consultations/{}/invitations", id(consultation));
    let made = world.make(by, &base, json!({ "email": email, "list": "A list" })).await;
    let sent = world.make(by, &format!("{base}/sending"), json!({})).await;
    let seen = format!("/api/v1/invitations/{}", id(&made));
    (sent["mails"].clone(), world.get(Some(by), &seen).await.json["state"].clone())
}

on_both!(who_wants_no_more_gets_no_more_and_nobody_is_told, |world: World| async move {
    let scene = scene(&world).await;
    let (asha, binh, chen) = (
        scene.participant(&world, "Asha Example").await,
        scene.participant(&world, "Binh Sample").await,
        scene.participant(&world, "Chen Fixture").await,
    );
    let all = [asha.email.as_str(), binh.email.as_str(), chen.email.as_str()];
    assert_eq!(announce(&world, &scene).await, all);
    let (of_asha, of_binh) = (link_of(&world, &asha), link_of(&world, &binh));
    let mailer = Mailer::open(&world.app.settings).unwrap();
    let id_of = |person: &Person| {
        let mails = rows(&world);
        let found = mails.iter().rev().find(|row| row.recipient == person.email);
        found.unwrap().id.to_string()
    };
    let mail = id_of(&asha);
    while worker::send_due(&world.app, &mailer).await.unwrap() > 0 {}
    let file = world.folder.join("mail").join(format!("{mail}.eml"));
    let file = std::fs::read_to_string(file).unwrap();
    let link = format!("{}{of_asha}", world.app.settings.server.public_url);
    assert!(file.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{file}");
    assert!(file.replace("\r\n ", "").contains(&format!("List-Unsubscribe: <{link}>")), "{file}");
    assert!(
        file.contains(&format!("To get no more of these messages:\r\n\r\n{link}\r\n")),
        "{file}"
    );

    // To look changes nothing, and neither does a program that sends the form.
    let browser = Browser::new(&world);
    let page = browser.get(&of_asha).await;
    is_page(&page, 200);
    assert!(
        page.text.contains("no_more_of_review") && !page.text.contains("Asha"),
        "{}",
        page.text
    );
    let sent = world.client.post(format!("{}{of_asha}", world.base)).body("action=no_more");
    assert_eq!(sent.send().await.unwrap().status(), 403);
    assert_eq!(announce(&world, &scene).await, all);

    // One of this consultation, by the mail program; another of the whole review, on the page. Twice is as good as once.
    let audit = || {
        world
            .app
            .db
            .read_blocking(|conn| {
                use diesel::prelude::*;
                use rapporteur::db::schema::audit_log;
                Ok(audit_log::table.count().get_result::<i64>(conn)?)
            })
            .unwrap()
    };
    let before = audit();
    for _ in 0..2 {
        assert_eq!(one_click(&world, &of_asha).await.0, 200);
        is_page(&browser.post(&of_binh, &[("action", "no_more_of_review")]).await, 200);
    }
    assert_eq!(audit(), before, "it would tell who");
    assert_eq!(announce(&world, &scene).await, [chen.email.as_str()]);
    // What is theirs is told to them.
    let told = async |person: &Person| {
        world.get(Some(person), "/api/v1/me/data").await.json["data"]["unwanted_mail"].clone()
    };
    let (consultation_id, review_id) =
        (scene.consultation["id"].clone(), scene.consultation["review_id"].clone());
    assert_eq!(told(&asha).await, json!([{ "consultation_id": consultation_id }]));
    assert_eq!(told(&binh).await, json!([{ "review_id": review_id }]));
    assert_eq!(told(&chen).await, json!([]));
    // What they ask for themselves, they get.
    let body = json!({ "email": asha.email });
    world.send(Request::new(Method::POST, "/api/v1/auth/links").body(body)).await;
    let link = rows(&world).into_iter().find(|row| row.template == "sign_in_link").unwrap();
    assert_eq!(link.recipient, asha.email);

    // An answer tells nothing of what the link is, or was.
    let (_, known) = one_click(&world, &of_asha).await;
    let wrong = format!("/in/{}", "0".repeat(token_of(&of_asha).len()));
    assert_eq!(one_click(&world, &format!("{wrong}?lang=en")).await, (200, known));
    is_page(&browser.get(&wrong).await, 404);

    // In another consultation of the review, one is invited and the other is not.
    let path = format!("/api/v1/reviews/{}/consultations", review_id.as_str().unwrap());
    let by = &scene.secretariat;
    let mut next = consultation();
    next["ordinal"] = json!(3);
    let next = world.make(by, &path, next).await;
    world.phases(by, id(&next), &["open_call"]).await;
    assert_eq!(invite(&world, by, &next, &asha.email).await, (json!(1), json!("invited")));
    assert_eq!(invite(&world, by, &next, &binh.email).await, (json!(0), json!("declined")));
    // Who is invited can say the same for the whole review, and is not reminded.
    assert_eq!(invite(&world, by, &next, "new@example.org").await, (json!(1), json!("invited")));
    let mails = rows(&world);
    let invitation = mails.iter().rev().find(|row| row.recipient == "new@example.org").unwrap();
    let path = format!("/in/{}", token_of(invitation.secret.as_deref().unwrap()));
    is_page(&browser.post(&path, &[("action", "no_more_of_review")]).await, 200);
    world.app.clock.advance(Duration::days(30));
    let by = &world.signed_in_again(by);
    let reminders = format!("/api/v1/consultations/{}/invitations/reminders", id(&next));
    assert_eq!(world.make(by, &reminders, json!({})).await["mails"], 1, "one of three");

    // Who changes their mind gets it again.
    is_page(&browser.post(&of_asha, &[("action", "again")]).await, 200);
    let scene = Scene { secretariat: by.clone(), ..scene };
    assert_eq!(announce(&world, &scene).await, [asha.email.as_str(), chen.email.as_str()]);
});
