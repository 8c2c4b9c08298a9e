//! The pages for people without a program, walked as a browser would: no scripts, only links and forms.

use rapporteur::access::{Role, ScopeKind};
use rapporteur::outbox;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, id};
use crate::on_both;

/// Largest page, in bytes: people read it on bad connections.
const LARGEST: usize = 30_000;

/// What holds of every page.
fn is_page(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !answer.text.contains("<script"));
    assert!(answer.text.len() < LARGEST, "{} bytes", answer.text.len());
    assert!(answer.text.starts_with("<!DOCTYPE html><html lang=\""), "{}", answer.text);
    // Every control has a label of its own, or stands in one.
    let labels = answer.text.matches("<label for=\"").count();
    let controls = ["<input id=\"", "<select id=\"", "<textarea id=\""];
    let controls: usize = controls.iter().map(|tag| answer.text.matches(tag).count()).sum();
    assert_eq!(labels, controls, "{}", answer.text);
}

/// As a browser sends a form.
async fn submit_form(world: &World, path: &str, fields: &[(&str, &str)]) -> Answer {
    let encoded = reqwest::Url::parse_with_params("http://form.example", fields).unwrap();
    let request = world
        .client
        .post(format!("{}{path}", world.base))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(encoded.query().unwrap_or_default().to_owned());
    Answer::of(request.send().await.unwrap()).await
}

/// Every link of one of our texts, the oldest first: `(recipient, token)`.
fn links(world: &World, template: &str) -> Vec<(String, String)> {
    let all = world.app.db.read_blocking(|conn| outbox::list(conn, None, 1000)).unwrap();
    let token = |mail: outbox::Row| {
        let (_, link) = mail.secret.as_deref()?.split_once("/registration?lang=")?;
        let (language, token) = link.split_once("&token=")?;
        assert_eq!(language, mail.language.as_str(), "the page is in the language of the mail");
        Some((mail.recipient, token.to_owned()))
    };
    all.into_iter().filter(|mail| mail.template == template).filter_map(token).collect()
}

/// The value of a hidden field.
fn hidden<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) =
        answer.text.split_once(&start).unwrap_or_else(|| panic!("no {name} in {}", answer.text));
    rest.split('"').next().unwrap()
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

on_both!(somebody_registers_and_withdraws_without_a_program, |world: World| async move {
    let (secretariat, consultation) = open_call(&world).await;
    let call = format!("/register/{}", id(&consultation));
    let shown = world.get(None, &call).await;
    is_page(&shown, 200);
    assert!(shown.text.contains("Borders and rights") && shown.text.contains("Working group 1"));
    let asked = submit_form(&world, &call, &[("email", "not an address"), ("lang", "en")]).await;
    is_page(&asked, 422);
    assert!(
        asked.text.contains("role=\"alert\"") && asked.text.contains("value=\"not an address\"")
    );
    let asked = submit_form(&world, &call, &[("email", "asha@example.org"), ("lang", "fr")]).await;
    is_page(&asked, 200);
    assert!(asked.text.contains("<html lang=\"fr\" dir=\"ltr\">"));
    let (recipient, token) = links(&world, "registration_draft").pop().unwrap();
    assert_eq!(recipient, "asha@example.org");

    // The personal page, in a language that is asked for; from then on the token stands in forms only.
    let page = world.get(None, &format!("/registration?token={token}&lang=ar")).await;
    is_page(&page, 200);
    assert!(page.text.contains("dir=\"rtl\""));
    assert!(!page.text.contains("?token=") && !page.text.contains("&amp;token="));
    let page = world.get(None, &format!("/registration?token={token}&lang=fr")).await;
    assert!(page.text.contains("Où travaillez-vous ?"));
    let version = hidden(&page, "version").to_owned();
    let common = [("token", token.as_str()), ("lang", "en")];
    let fields = |more: &[(&'static str, &'static str)]| {
        let mut all: Vec<(&str, &str)> = common.to_vec();
        all.extend_from_slice(more);
        all
    };

    // Saved half filled in: nothing is refused, and it is there again.
    let mut half = fields(&[
        ("action", "save"),
        ("name", "Asha \"<Example>\""),
        ("country", "TH"),
        ("language", "en"),
        ("other_languages", "th, hi"),
        ("answer_crossing", "At <the> border"),
    ]);
    half.push(("version", &version));
    let saved = submit_form(&world, "/registration", &half).await;
    is_page(&saved, 200);
    assert!(saved.text.contains("value=\"Asha &quot;&lt;Example&gt;&quot;\""), "{}", saved.text);
    assert!(
        saved.text.contains("At &lt;the&gt; border")
            && saved.text.contains("Where &lt;do&gt; you work?")
    );
    assert!(saved.text.contains("<option value=\"TH\" selected>"));
    assert!(saved.text.contains("value=\"th, hi\""));

    // Saved with the version of before: told, and nothing is lost.
    let stale = submit_form(&world, "/registration", &half).await;
    is_page(&stale, 412);
    assert!(stale.text.contains("another device"), "{}", stale.text);

    // Sent incomplete: what is missing stands beside the fields, and what was typed is kept.
    let version = hidden(&stale, "version").to_owned();
    let mut incomplete = fields(&[
        ("action", "submit"),
        ("name", "Asha Example"),
        ("organization_id", "Nobody Knows Trust"),
    ]);
    incomplete.push(("version", &version));
    let refused = submit_form(&world, "/registration", &incomplete).await;
    is_page(&refused, 422);
    for field in ["organization_id", "sector", "country", "answer_crossing", "processing"] {
        assert!(refused.text.contains(&format!("id=\"{field}-e\"")), "{field}: {}", refused.text);
        assert!(refused.text.contains(&format!("href=\"#{field}\"")), "{field}");
        assert!(
            refused.text.contains(&format!(" id=\"{field}\"")),
            "{field} is where the link leads"
        );
    }
    assert!(refused.text.contains("aria-invalid=\"true\""));
    assert!(refused.text.contains("value=\"Nobody Knows Trust\""));

    let version = hidden(&refused, "version").to_owned();
    let mut complete = fields(&[
        ("action", "submit"),
        ("name", "Asha Example"),
        ("sector", "media"),
        ("country", "TH"),
        ("language", "en"),
        ("answer_crossing", "Here"),
        ("processing", "1"),
        ("gender", "woman"),
    ]);
    complete.push(("version", &version));
    let sent = submit_form(&world, "/registration", &complete).await;
    is_page(&sent, 200);
    assert!(sent.text.contains("We have your registration"), "{}", sent.text);
    let again = submit_form(&world, "/registration", &complete).await;
    is_page(&again, 200);
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let list = world.get(Some(&secretariat), &path).await.json;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let registration = &list["items"][0];
    assert_eq!(registration["person"]["email"], "asha@example.org");
    assert_eq!(registration["sector"], "media");

    // Confirmed: the page says so, makes a calendar, and takes the registration back.
    let decision = format!("/api/v1/registrations/{}/decision", id(registration));
    let version = registration["version"].as_i64().unwrap();
    world
        .change(&secretariat, Method::POST, &decision, version, json!({ "decision": "confirm" }))
        .await;
    let page = world.get(None, &format!("/registration?token={token}")).await;
    is_page(&page, 200);
    assert!(page.text.contains("is confirmed") && page.text.contains("/programme.ics"));
    let made = submit_form(&world, "/registration", &fields(&[("action", "calendar")])).await;
    is_page(&made, 200);
    let (_, rest) = made.text.split_once("/api/v1/calendar-feeds/").unwrap();
    let feed = format!("/api/v1/calendar-feeds/{}", rest.split('<').next().unwrap());
    assert_eq!(world.get(None, &feed).await.status, 200);
    let gone = submit_form(&world, "/registration", &fields(&[("action", "withdraw")])).await;
    is_page(&gone, 200);
    assert!(gone.text.contains("was withdrawn"), "{}", gone.text);

    // It was the person themselves, and the log holds ids only.
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let audit = world.get(Some(&admin), "/api/v1/audit?limit=200").await.json;
    let registration = world.get(Some(&admin), &path).await.json["items"][0].clone();
    assert!(registration["person"]["account_id"].is_string(), "{registration}");
    let entries = audit["items"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["action"] == "registration.withdrawn").unwrap();
    assert_eq!(entry["actor_id"], registration["person"]["account_id"], "{entry}");
});

on_both!(pages_tell_nothing_to_who_has_no_link, |world: World| async move {
    let (_, _, planned) = world.consultation(None, "vetted").await;
    is_page(&world.get(None, &format!("/register/{}", id(&planned))).await, 404);
    is_page(&world.get(None, "/register/nonsense").await, 404);
    is_page(&world.get(None, "/register?lang=zh").await, 200);
    is_page(&world.get(None, "/registration").await, 401);
    is_page(&world.get(None, "/registration?token=nothing").await, 401);
    for action in ["open", "save", "submit", "withdraw", "accept", "calendar"] {
        let refused =
            submit_form(&world, "/registration", &[("token", "nothing"), ("action", action)]).await;
        is_page(&refused, 401);
    }
    let request =
        Request::new(Method::GET, "/register").header("Accept-Language", "tlh, es-MX;q=0.8");
    assert!(world.send(request).await.text.contains("<html lang=\"es\""));
    // The same page, whoever the address belongs to.
    let (_, consultation) = (0, planned);
    let metrics = world.metrics().await;
    assert!(!metrics.contains("nothing") && !metrics.contains(id(&consultation)));
});

on_both!(asking_for_a_link_does_not_tell_who_is_known, |world: World| async move {
    let (_, consultation) = open_call(&world).await;
    world.person("Asha Known");
    let call = format!("/register/{}", id(&consultation));
    let known = submit_form(&world, &call, &[("email", "asha.known@example.org")]).await;
    let unknown = submit_form(&world, &call, &[("email", "nobody@example.org")]).await;
    assert_eq!(known.text, unknown.text);
    // A whole link that is pasted opens the form, too.
    let (_, token) = links(&world, "registration_draft").pop().unwrap();
    let pasted = format!("https://rapporteur.example.org/registration?token={token}");
    let opened =
        submit_form(&world, "/registration", &[("token", &pasted), ("action", "open")]).await;
    is_page(&opened, 200);
    assert_eq!(hidden(&opened, "token"), token);
});
