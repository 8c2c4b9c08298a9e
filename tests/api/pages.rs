//! The pages of coming in, walked as a browser without scripts would: only links and forms.

use rapporteur::access::{Role, ScopeKind};
use rapporteur::outbox;
use rapporteur::settings::Settings;
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, Kept, hidden, is_page};
use crate::crawl::{all_lead_somewhere, everything};
use crate::harness::{Database, Person, Request, World, id, token_of};
use crate::on_both;

/// Every personal link of one of our mails, the oldest first, as it is mailed: `(recipient, path)`.
fn mailed(world: &World, template: &str) -> Vec<(String, String)> {
    let all = world.app.db.read_blocking(|conn| outbox::list(conn, None, 1000)).unwrap();
    let link = |mail: outbox::Row| {
        let secret = mail.secret?;
        let path = secret.strip_prefix(&world.app.settings.server.public_url)?.to_owned();
        assert!(path.ends_with(&format!("?lang={}", mail.language.as_str())), "{path}");
        Some((mail.recipient, path))
    };
    all.into_iter().filter(|mail| mail.template == template).filter_map(link).collect()
}

/// Presses the button behind a mailed link.
async fn press(browser: &Browser<'_>, link: &str) -> crate::harness::Answer {
    is_page(&browser.get(link).await, 200);
    browser.post(link, &[("action", "enter")]).await
}

async fn open_call(world: &World) -> (Person, Value) {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let group = json!({ "number": 1, "clusters": [[4, 8]], "min_size": 1, "max_size": 40, "languages": ["en"] });
    world.make(&secretariat, &format!("{base}/working-groups"), group).await;
    let question = json!({
        "code": "crossing", "kind": "short_text", "required": true,
        "wording": { "en": { "prompt": "Where <do> you work?" }, "fr": { "prompt": "Où travaillez-vous ?" } },
        "purpose": "To know where", "legal_basis": "consent"
    });
    world.make(&secretariat, &format!("{base}/questions"), question).await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    (secretariat, consultation)
}

/// What a form needs to be complete.
const COMPLETE: [(&str, &str); 8] = [
    ("action", "submit"),
    ("name", "Asha Example"),
    ("sector", "media"),
    ("country", "TH"),
    ("language", "en"),
    ("answer_crossing", "Here"),
    ("processing", "1"),
    ("gender", "woman"),
];

/// Somebody who has come in by the open call, at their form.
async fn arrived<'w>(world: &'w World, consultation: &Value, email: &str) -> Browser<'w> {
    let browser = Browser::new(world);
    let call = format!("/register/{}", id(consultation));
    is_page(&browser.post(&call, &[("email", email)]).await, 200);
    let (recipient, link) = mailed(world, "registration_draft").pop().unwrap();
    assert_eq!(recipient, email);
    is_page(&press(&browser, &link).await, 200);
    browser
}

on_both!(somebody_registers_and_withdraws_without_a_program, |world: World| async move {
    let (secretariat, consultation) = open_call(&world).await;
    let call = format!("/register/{}", id(&consultation));
    let own = format!("/my/consultations/{}", id(&consultation));
    let browser = Browser::new(&world);
    let shown = browser.get(&call).await;
    is_page(&shown, 200);
    assert!(shown.text.contains("Borders and rights") && shown.text.contains("Working group 1"));
    let asked = browser.post(&call, &[("email", "not an address")]).await;
    is_page(&asked, 422);
    assert!(
        asked.text.contains("role=\"alert\"") && asked.text.contains("value=\"not an address\"")
    );
    let asked = browser.post(&format!("{call}?lang=fr"), &[("email", "asha@example.org")]).await;
    is_page(&asked, 200);
    assert!(asked.text.contains("<html lang=\"fr\" dir=\"ltr\">"));
    let (recipient, link) = mailed(&world, "registration_draft").pop().unwrap();
    assert_eq!(recipient, "asha@example.org");
    assert!(link.ends_with("?lang=fr"), "the page is in the language of the mail");

    // Looking at the link does nothing; its button opens the form, in a session whose cookie reaches these pages only.
    let page = browser.get(&link).await;
    is_page(&page, 200);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(!page.text.contains(token_of(&link)), "no page repeats a secret");
    assert!(browser.cookie("session").is_none());
    let page = browser.post(&link, &[("action", "enter")]).await;
    is_page(&page, 200);
    assert_eq!(browser.at(), format!("{own}?lang=fr"));
    assert!(page.text.contains("Où travaillez-vous ?") && page.text.contains("Thaïlande"));
    let session = browser.cookie("session").unwrap();
    assert_eq!(session.path, "/my");
    assert!(session.whole.contains("HttpOnly") && session.whole.contains("SameSite=Lax"));
    let page = browser.get(&format!("{own}?lang=ar")).await;
    is_page(&page, 200);
    assert!(page.text.contains("dir=\"rtl\""));
    let page = browser.get(&own).await;

    // Saved half filled in: nothing is refused, and it is there again.
    let half = [
        ("action", "save"),
        ("version", hidden(&page, "version")),
        ("name", "Asha \"<Example>\""),
        ("country", "TH"),
        ("language", "en"),
        ("other_language", "ไทย"),
        ("other_language", "hindi"),
        ("answer_crossing", "At <the> border"),
    ];
    let saved = browser.post(&own, &half).await;
    is_page(&saved, 200);
    assert!(saved.text.contains("Saved.") && browser.at().ends_with("?done=saved"));
    assert!(saved.text.contains("value=\"Asha &quot;&lt;Example&gt;&quot;\""), "{}", saved.text);
    assert!(
        saved.text.contains("At &lt;the&gt; border")
            && saved.text.contains("Where &lt;do&gt; you work?")
    );
    assert!(saved.text.contains("<option value=\"TH\" selected>"));
    assert!(saved.text.contains("value=\"Thai\"") && saved.text.contains("value=\"Hindi\""));

    // Saved with the version of before: told, and nothing is lost.
    let stale = browser.post(&own, &half).await;
    is_page(&stale, 412);
    assert!(stale.text.contains("another device"), "{}", stale.text);

    // Sent incomplete: what is missing stands beside the fields, in words, and what was typed is kept.
    let incomplete = [
        ("action", "submit"),
        ("version", hidden(&stale, "version")),
        ("name", "Asha Example"),
        ("organization_id", "Nobody Knows Trust"),
    ];
    let refused = browser.post(&own, &incomplete).await;
    is_page(&refused, 422);
    for field in ["organization_id", "sector", "country", "answer_crossing", "processing"] {
        assert!(refused.text.contains(&format!("id=\"{field}-e\"")), "{field}: {}", refused.text);
        assert!(refused.text.contains(&format!("href=\"#{field}\"")), "{field}");
        assert!(
            refused.text.contains(&format!(" id=\"{field}\"")),
            "{field} is where the link leads"
        );
    }
    assert!(refused.text.contains("aria-invalid=\"true\"") && !refused.text.contains("Saved."));
    assert!(refused.text.contains("Please fill this in.") && !refused.text.contains("must "));
    assert!(refused.text.contains("value=\"Nobody Knows Trust\""));

    let version = hidden(&refused, "version").to_owned();
    let complete: Vec<_> = COMPLETE.into_iter().chain([("version", version.as_str())]).collect();
    let sent = browser.post(&own, &complete).await;
    is_page(&sent, 200);
    assert!(sent.text.contains("We have your registration"), "{}", sent.text);
    let again = browser.post(&own, &complete).await;
    is_page(&again, 200);
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let list = world.get(Some(&secretariat), &path).await.json;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let registration = &list["items"][0];
    assert_eq!(registration["person"]["email"], "asha@example.org");
    assert_eq!(registration["sector"], "media");

    // Changed on the page: what was vetted and stays as it is sends nothing back to review.
    let edit = format!("{own}/edit");
    let form = browser.get(&edit).await;
    is_page(&form, 200);
    assert!(form.text.contains("value=\"Here\"") && form.text.contains("Media"));
    let version = hidden(&form, "version").to_owned();
    let changed = [
        ("version", version.as_str()),
        ("name", "Asha Example"),
        ("sector", "media"),
        ("country", "TH"),
        ("language", "en"),
        ("language", "fr"),
        ("answer_crossing", "There"),
        ("processing", "1"),
        ("gender", "woman"),
    ];
    let changed = browser.post(&edit, &changed).await;
    is_page(&changed, 200);
    assert!(changed.text.contains("Your changes are kept.") && changed.text.contains("French"));
    let registration = world.get(Some(&secretariat), &path).await.json["items"][0].clone();
    assert_eq!(registration["languages"], json!(["en", "fr"]));
    assert_eq!(registration["answers"]["crossing"], "There");

    // Confirmed: the mail leads to the page, again and again; it says so, makes a calendar, and takes the registration back.
    let decision = format!("/api/v1/registrations/{}/decision", id(&registration));
    let version = registration["version"].as_i64().unwrap();
    let confirm = json!({ "decision": "confirm" });
    world.change(&secretariat, Method::POST, &decision, version, confirm).await;
    let (_, link) = mailed(&world, "registration_confirmed").pop().unwrap();
    for _ in 0..2 {
        let elsewhere = Browser::new(&world);
        let page = press(&elsewhere, &link).await;
        is_page(&page, 200);
        assert!(elsewhere.at().starts_with(&own));
        assert!(page.text.contains("is confirmed") && page.text.contains("/programme.ics"));
    }
    let made = browser.post(&own, &[("action", "calendar")]).await;
    is_page(&made, 200);
    let (_, rest) = made.text.split_once("/api/v1/calendar-feeds/").unwrap();
    let feed = format!("/api/v1/calendar-feeds/{}", rest.split('<').next().unwrap());
    assert_eq!(world.get(None, &feed).await.status, 200);
    let gone = browser.post(&own, &[("action", "withdraw")]).await;
    is_page(&gone, 200);
    assert!(gone.text.contains("was withdrawn"), "{}", gone.text);

    // And registers again, as long as the call is open.
    let again = browser.post(&own, &[("action", "again")]).await;
    is_page(&again, 200);
    let version = hidden(&again, "version").to_owned();
    let complete: Vec<_> = COMPLETE.into_iter().chain([("version", version.as_str())]).collect();
    let sent = browser.post(&own, &complete).await;
    assert!(sent.text.contains("We have your registration"), "{}", sent.text);

    // It was the person themselves, and the log holds ids only.
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let audit = world.get(Some(&admin), "/api/v1/audit?limit=200").await.json;
    let registration = world.get(Some(&admin), &path).await.json["items"][0].clone();
    assert!(registration["person"]["account_id"].is_string(), "{registration}");
    let entries = audit["items"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["action"] == "registration.withdrawn").unwrap();
    assert_eq!(entry["actor_id"], registration["person"]["account_id"], "{entry}");
});

on_both!(who_was_declined_appeals_on_the_page, |world: World| async move {
    let (secretariat, consultation) = open_call(&world).await;
    let own = format!("/my/consultations/{}", id(&consultation));
    let browser = arrived(&world, &consultation, "asha@example.org").await;
    let page = browser.get(&own).await;
    let version = hidden(&page, "version").to_owned();
    let complete: Vec<_> = COMPLETE.into_iter().chain([("version", version.as_str())]).collect();
    browser.post(&own, &complete).await;
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let registration = world.get(Some(&secretariat), &path).await.json["items"][0].clone();
    let decision = format!("/api/v1/registrations/{}/decision", id(&registration));
    let version = registration["version"].as_i64().unwrap();
    let decline =
        json!({ "decision": "decline", "reason_code": "out_of_scope", "note": "Not <this> time" });
    world.change(&secretariat, Method::POST, &decision, version, decline).await;
    let (_, link) = mailed(&world, "registration_declined").pop().unwrap();
    let page = press(&browser, &link).await;
    is_page(&page, 200);
    assert!(page.text.contains("was declined") && page.text.contains("Not &lt;this&gt; time"));
    let empty = browser.post(&own, &[("action", "appeal"), ("text", "")]).await;
    is_page(&empty, 422);
    let sent =
        browser.post(&own, &[("action", "appeal"), ("text", "I am a migrant myself.")]).await;
    is_page(&sent, 200);
    assert!(sent.text.contains("Your appeal has arrived"), "{}", sent.text);
    let twice = browser.post(&own, &[("action", "appeal"), ("text", "Again.")]).await;
    is_page(&twice, 409);
});

on_both!(a_guardian_answers_by_two_buttons, |world: World| async move {
    let (_, consultation) = open_call(&world).await;
    let own = format!("/my/consultations/{}", id(&consultation));
    let browser = arrived(&world, &consultation, "minor@example.org").await;
    let page = browser.get(&own).await;
    let version = hidden(&page, "version").to_owned();
    let more = [
        ("version", version.as_str()),
        ("age_band", "under_18"),
        ("guardian_name", "Ravi Example"),
        ("guardian_email", "ravi@example.org"),
    ];
    let sent = browser.post(&own, &COMPLETE.into_iter().chain(more).collect::<Vec<_>>()).await;
    is_page(&sent, 200);
    assert!(sent.text.contains("parent or guardian for their consent"), "{}", sent.text);
    let (recipient, link) = mailed(&world, "guardian_consent").pop().unwrap();
    assert_eq!(recipient, "ravi@example.org");
    let guardian = Browser::in_language(&world, "es");
    let asked = guardian.get(&link.replace("?lang=en", "")).await;
    is_page(&asked, 200);
    assert!(asked.text.contains("Asha Example") && asked.text.contains("<html lang=\"es\""));
    is_page(&guardian.post(&link, &[("action", "guardian_consent")]).await, 200);
    assert!(guardian.cookie("session").is_none(), "a guardian is nobody's account");
    let asked = guardian.get(&link).await;
    assert!(asked.text.contains("You have given your consent"), "{}", asked.text);
    is_page(&guardian.post(&link, &[("action", "guardian_refuse")]).await, 200);
    let page = browser.get(&own).await;
    assert!(page.text.contains("was withdrawn"), "{}", page.text);
});

on_both!(an_invitation_is_used_by_a_press_and_not_by_a_look, |world: World| async move {
    let (secretariat, consultation) = open_call(&world).await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let invite =
        json!({ "email": "asha@example.org", "name": "Asha Example", "list": "UN Network" });
    world.make(&secretariat, &format!("{base}/invitations"), invite).await;
    let send = Request::new(Method::POST, &format!("{base}/invitations/sending"));
    let sent = world.send(send.by(Some(&secretariat)).body(json!({}))).await;
    assert!(sent.status < 300, "{}", sent.text);
    let (_, link) = mailed(&world, "invitation").pop().unwrap();
    let scanner = Browser::new(&world);
    for _ in 0..3 {
        is_page(&scanner.get(&link).await, 200);
    }
    let statistics = format!("{base}/invitations/statistics");
    let opened = |figures: &Value| figures.to_string();
    let before = opened(&world.get(Some(&secretariat), &statistics).await.json);
    let page = press(&scanner, &link).await;
    is_page(&page, 200);
    assert!(page.text.contains("value=\"Asha Example\""), "what the list called them stands there");
    assert_ne!(before, opened(&world.get(Some(&secretariat), &statistics).await.json));
    let declined = scanner.post(&link, &[("action", "decline")]).await;
    is_page(&declined, 200);
    assert!(declined.text.contains("We will not remind you"));
});

on_both!(signing_in_leads_back_and_signing_out_ends_it, |world: World| async move {
    let asha = world.person("Asha Example");
    let browser = Browser::new(&world);
    // Whoever is not signed in is asked to, and comes back to where they wanted to go.
    let asked = browser.get("/my/account").await;
    is_page(&asked, 200);
    assert_eq!(browser.at(), "/my/sign-in?to=%2Fmy%2Faccount");
    assert_eq!(hidden(&asked, "to"), "/my/account");
    let fields = [("email", asha.email.as_str()), ("to", "/my/account")];
    let sent = browser.post("/my/sign-in", &fields).await;
    is_page(&sent, 200);
    let (_, link) = mailed(&world, "sign_in_link").pop().unwrap();
    let page = press(&browser, &link).await;
    is_page(&page, 200);
    assert_eq!(browser.at().split('?').next(), Some("/my/account"));
    assert!(page.text.contains("value=\"Asha Example\"") && page.text.contains("this one"));
    // The link works once.
    is_page(&Browser::new(&world).get(&link).await, 404);
    is_page(&Browser::new(&world).post(&link, &[("action", "enter")]).await, 401);

    // Another device, seen here by its day and ended from here.
    let other = Browser::new(&world);
    other.post("/my/sign-in", &[("email", asha.email.as_str())]).await;
    press(&other, &mailed(&world, "sign_in_link").pop().unwrap().1).await;
    assert_eq!(other.at(), "/my?lang=en");
    let own = world.get(Some(&asha), "/api/v1/me/sign-ins").await.json;
    let ways: Vec<_> = own["items"].as_array().unwrap().iter().map(|one| &one["way"]).collect();
    assert!(ways.iter().filter(|way| **way == "browser").count() == 2, "{own}");
    let secret = other.cookie("session").unwrap().value;
    let page = other.get("/my/account").await;
    let (before, _) = page.text.split_once("this one").unwrap();
    let (_, its) = before.rsplit_once("name=\"sign_in\" value=\"").unwrap();
    let ended = [("action", "end"), ("sign_in", its.split('"').next().unwrap())];
    is_page(&browser.post("/my/account", &ended).await, 200);
    other.get("/my/account").await;
    assert!(other.at().starts_with("/my/sign-in"), "{}", other.at());
    let foreign = world.person("Binh Sample");
    let path = format!("/api/v1/me/sign-ins/{}", ended[1].1);
    let refused = world.send(Request::new(Method::DELETE, &path).by(Some(&foreign))).await;
    refused.is_problem(404, "not_found");
    // Its secret is no refresh token, and no bearer token.
    let body = json!({ "refresh_token": browser.cookie("session").unwrap().value });
    let refused = world.send(Request::new(Method::POST, "/api/v1/auth/refresh").body(body)).await;
    refused.is_problem(401, "invalid_credentials");
    assert_eq!(secret.len(), 43);

    // Signed out: the cookie is gone, and what it said opens nothing.
    let kept = browser.cookie("session").unwrap();
    is_page(&browser.post("/my/sign-out", &[]).await, 200);
    assert!(browser.cookie("session").is_none());
    browser.keep("session", kept);
    browser.get("/my").await;
    assert!(browser.at().starts_with("/my/sign-in"));

    // A program ends one, too.
    let third = crate::page_access::signed_in(&world, &asha).await;
    let own = world.get(Some(&asha), "/api/v1/me/sign-ins").await.json;
    let path = format!("/api/v1/me/sign-ins/{}", id(&own["items"][0]));
    let ended = world.send(Request::new(Method::DELETE, &path).by(Some(&asha))).await;
    assert_eq!(ended.status, 204, "{}", ended.text);
    third.get("/my").await;
    assert!(third.at().starts_with("/my/sign-in"));
});

on_both!(forms_of_other_sites_are_refused, |world: World| async move {
    let (_, consultation) = open_call(&world).await;
    let own = format!("/my/consultations/{}", id(&consultation));
    let browser = arrived(&world, &consultation, "asha@example.org").await;
    for path in [own.as_str(), "/my/account", "/my/sign-out", "/my/sign-in", "/in/x", "/register/x"]
    {
        for site in ["cross-site", "same-site"] {
            let refused = browser.post_from(site, path, &[("action", "withdraw")]).await;
            is_page(&refused, 403);
        }
    }
    // A browser over plain HTTP says where a form comes from in another header; a program says nothing.
    let send = |origin: Option<String>| {
        let request = world.client.post(format!("{}/my/sign-in", world.base));
        let request = request.body("action=link&email=a%40example.org");
        match origin {
            Some(origin) => request.header("Origin", origin),
            None => request,
        }
    };
    for (origin, status) in [
        (Some(world.base.clone()), 200),
        (Some("http://evil.example".to_owned()), 403),
        (Some("null".to_owned()), 403),
        (None, 403),
    ] {
        assert_eq!(send(origin.clone()).send().await.unwrap().status(), status, "{origin:?}");
    }
    // The API reads no cookie.
    let session = browser.cookie("session").unwrap().value;
    let me = Request::new(Method::GET, "/api/v1/me").header("Cookie", format!("session={session}"));
    world.send(me).await.is_problem(401, "unauthenticated");
});

on_both!(a_session_is_the_browsers_own_and_leads_nowhere_else, |world: World| async move {
    let asha = world.person("Asha Example");
    let browser = Browser::new(&world);
    // One that somebody else chose is not taken on.
    let planted = "a".repeat(43);
    let path = "/my".to_owned();
    browser.keep("session", Kept { value: planted.clone(), path, whole: String::new() });
    browser.post("/my/sign-in", &[("email", asha.email.as_str())]).await;
    press(&browser, &mailed(&world, "sign_in_link").pop().unwrap().1).await;
    assert_ne!(browser.cookie("session").unwrap().value, planted);
    // Nobody is sent out of the house after signing in.
    for elsewhere in
        ["https://evil.example/", "//evil.example", "/\\evil.example", "/my/../api/v1/me", "/docs"]
    {
        let other = Browser::new(&world);
        let fields = [("email", asha.email.as_str()), ("to", elsewhere)];
        other.post("/my/sign-in", &fields).await;
        let Some((_, link)) = mailed(&world, "sign_in_link").pop() else { continue };
        press(&other, &link).await;
        assert!(other.at().starts_with("/my?"), "{elsewhere}: {}", other.at());
        world.app.clock.advance(chrono::Duration::hours(1));
    }
    // A wrong password is told in words, and shows the form again.
    let wrong = [("email", asha.email.as_str()), ("password", "wrong")];
    let refused = Browser::new(&world).post("/my/password", &wrong).await;
    is_page(&refused, 401);
    assert!(
        refused.text.contains("<details open>") && refused.header("www-authenticate").is_empty()
    );
    // Private pages are kept nowhere, and differ by cookie.
    let page = browser.get("/my").await;
    assert!(page.header("vary").contains("Cookie"));
});

on_both!(long_links_open_nothing_for_whoever_holds_a_role, |world: World| async move {
    let (secretariat, consultation) = open_call(&world).await;
    let call = format!("/register/{}", id(&consultation));
    let browser = Browser::new(&world);
    browser.post(&call, &[("email", secretariat.email.as_str())]).await;
    let (_, link) = mailed(&world, "registration_draft").pop().unwrap();
    let told = press(&browser, &link).await;
    is_page(&told, 200);
    assert!(told.text.contains("works once") && browser.cookie("session").is_none());
    let (_, once) = mailed(&world, "sign_in_link").pop().unwrap();
    is_page(&press(&browser, &once).await, 200);
    assert!(browser.at().starts_with(&format!("/my/consultations/{}", id(&consultation))));
    // What has run out is sent anew, to where it was mailed, without telling where.
    let binh = arrived(&world, &consultation, "binh@example.org").await;
    let own = format!("/my/consultations/{}", id(&consultation));
    let version = hidden(&binh.get(&own).await, "version").to_owned();
    let complete: Vec<_> = COMPLETE.into_iter().chain([("version", version.as_str())]).collect();
    binh.post(&own, &complete).await;
    let (_, link) = mailed(&world, "registration_submitted").pop().unwrap();
    world.app.clock.advance(chrono::Duration::days(61));
    let run_out = binh.get(&link).await;
    is_page(&run_out, 200);
    assert!(!run_out.text.contains("binh"));
    let before = mailed(&world, "sign_in_link").len();
    is_page(&binh.post(&link, &[("action", "send_again")]).await, 200);
    assert_eq!(mailed(&world, "sign_in_link").len(), before + 1);
    is_page(&binh.post(&link, &[("action", "enter")]).await, 401);
});

on_both!(pages_tell_nothing_to_who_has_no_link, |world: World| async move {
    let (_, _, planned) = world.consultation(None, "vetted").await;
    let browser = Browser::new(&world);
    is_page(&browser.get(&format!("/register/{}", id(&planned))).await, 404);
    is_page(&browser.get("/register/nonsense").await, 404);
    is_page(&browser.get("/in/nothing").await, 404);
    is_page(&browser.get("/nothing/here").await, 404);
    for action in ["enter", "decline", "guardian_consent", "merge_consent"] {
        is_page(&browser.post("/in/nothing", &[("action", action)]).await, 401);
    }
    is_page(&browser.post("/in/nothing", &[("action", "send_again")]).await, 200);
    let spanish = Browser::in_language(&world, "tlh, es-MX;q=0.8");
    assert!(spanish.get("/in/nothing").await.text.contains("<html lang=\"es\""));
    let metrics = world.metrics().await;
    assert!(!metrics.contains("nothing") && !metrics.contains(id(&planned)));
    assert!(!metrics.contains("/in/"), "who opens a mail, and when, is nobody's business");
});

on_both!(asking_for_a_link_does_not_tell_who_is_known, |world: World| async move {
    let (_, consultation) = open_call(&world).await;
    world.person("Asha Known");
    let browser = Browser::new(&world);
    let call = format!("/register/{}", id(&consultation));
    let known = browser.post(&call, &[("email", "asha.known@example.org")]).await;
    let unknown = browser.post(&call, &[("email", "nobody@example.org")]).await;
    assert_eq!(known.text, unknown.text);
    let known = [("email", "asha.known@example.org")];
    let unknown = [("email", "somebody@example.org")];
    let (known, unknown) =
        (browser.post("/my/sign-in", &known).await, browser.post("/my/sign-in", &unknown).await);
    assert_eq!(known.text, unknown.text);
});

on_both!(somebody_sees_and_erases_what_is_held_of_them, |world: World| async move {
    let (_, consultation) = open_call(&world).await;
    let browser = arrived(&world, &consultation, "asha@example.org").await;
    let page = browser.get("/my/account").await;
    is_page(&page, 200);
    let version = hidden(&page, "version").to_owned();
    let changed = [("version", version.as_str()), ("name", "อาชา ตัวอย่าง"), ("language", "fr")];
    let page = browser.post("/my/account", &changed).await;
    is_page(&page, 200);
    assert!(page.text.contains("<html lang=\"fr\"") && page.text.contains("อาชา ตัวอย่าง"));
    let data = browser.get("/my/data.json").await;
    assert_eq!(data.json["data"]["account"]["email"], "asha@example.org");
    assert!(data.header("content-disposition").starts_with("attachment"));
    let version = hidden(&page, "version").to_owned();
    let erase = |email: &'static str| [("action", "erase"), ("email", email), ("version", "")];
    let mut wrong = erase("other@example.org");
    wrong[2].1 = &version;
    is_page(&browser.post("/my/account", &wrong).await, 422);
    let mut right = erase("asha@example.org");
    right[2].1 = &version;
    let gone = browser.post("/my/account", &right).await;
    is_page(&gone, 200);
    assert!(browser.cookie("session").is_none());
});

on_both!(no_link_is_dead_for_whoever_is_signed_in, |world: World| async move {
    let (_, consultation) = open_call(&world).await;
    let browser = arrived(&world, &consultation, "asha@example.org").await;
    let own = format!("/my/consultations/{}", id(&consultation));
    let session = format!("session={}", browser.cookie("session").unwrap().value);
    let visited = everything(&world, &["/", "/my", &own, "/my/sign-in"], Some(&session)).await;
    all_lead_somewhere(&visited);
    for one in visited.iter().filter(|one| one.path.starts_with("/my") && one.is_page()) {
        is_page(&one.answer, 200);
    }
    assert!(visited.len() > 10, "{}", visited.len());
});

/// In a hall with one address everybody opens their mail at once; whoever tries passwords out is stopped all the same.
#[actix_web::test]
async fn a_whole_hall_can_sign_in_at_once() {
    let world = World::with(Database::Sqlite, |settings| {
        let usual = Settings::defaults().unwrap().limits;
        settings.limits = usual;
    });
    let world = world.unwrap();
    for number in 0..80 {
        let browser = Browser::new(&world);
        let email = format!("person{number}@example.org");
        is_page(&browser.post("/my/sign-in", &[("email", &email)]).await, 200);
        let (_, link) =
            mailed(&world, "sign_in_link").into_iter().find(|one| one.0 == email).unwrap();
        is_page(&press(&browser, &link).await, 200);
    }
    let mut last = 0;
    for _ in 0..30 {
        let fields = [("email", "person1@example.org"), ("password", "a guess")];
        last = Browser::new(&world).post("/my/password", &fields).await.status;
    }
    assert_eq!(last, 429);
    // Nor does a header that comes with contributions hide whoever tries passwords out, or has mail sent.
    let mut refused = Vec::new();
    for _ in 0..200 {
        let send = |path: &str, body: &'static str| {
            let request = world.client.post(format!("{}{path}", world.base));
            request.header("Receipt", "x").header("Origin", &world.base).body(body)
        };
        let tried = send("/my/password", "email=person1%40example.org&password=x").send().await;
        let asked = send("/api/v1/auth/links", "{}").send().await;
        refused = vec![tried.unwrap().status().as_u16(), asked.unwrap().status().as_u16()];
    }
    assert_eq!(refused, [429, 429]);
}

on_both!(every_link_of_every_mail_leads_to_a_page, |world: World| async move {
    // What the whole job mails, and what the other tests of mails do, is written by the same few functions of addresses (`ways`).
    let walk = crate::main_job::walk(&world, "Asha Example", "Example Foundation").await;
    let reader = world.person("Rea Reader");
    let ask = json!({ "email": reader.email });
    world.send(Request::new(Method::POST, "/api/v1/auth/links").body(ask)).await;
    let mails = world.app.db.read_blocking(|conn| outbox::list(conn, None, 10_000)).unwrap();
    let mut templates = std::collections::BTreeSet::new();
    let browser = Browser::new(&world);
    let public_url = &world.app.settings.server.public_url;
    for mail in &mails {
        let text = mail.text_to_send();
        let links = text.split_whitespace().filter(|word| word.starts_with("http"));
        for link in links {
            let path = link.strip_prefix(public_url.as_str()).expect("an address of ours");
            is_page(&browser.get(path).await, 200);
            templates.insert(mail.template.clone());
        }
        let told = ["audit_checkpoint"].contains(&mail.template.as_str());
        assert!(told || text.contains("http"), "a mail that leads nowhere: {text}");
    }
    assert!(templates.len() >= 5, "{templates:?} of {}", id(&walk.consultation));
});
