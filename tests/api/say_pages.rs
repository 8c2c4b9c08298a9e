//! Contributing by a receipt, walked as a browser without a script would: nothing below `/say` sends anybody anywhere, nothing there
//! is told who it is, and the receipt is in no address and nothing that is kept.

use rapporteur::accounts::{self, sign_ins};
use rapporteur::work::Credentials;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Database, Person, World, id};
use crate::inputs::{Scene, decide, scene};
use crate::on_both;

/// Largest page, in bytes.
const LARGEST: usize = 50_000;
/// What a wrong receipt is answered with, as anything else that is not there.
const NOTHING: &str = "There is nothing at this address, or nothing that you may see.";

/// A browser: its cookies by path, and nothing else.
struct Browser<'w> {
    world: &'w World,
    /// `(path, cookie)`.
    cookies: Vec<(String, String)>,
    headers: Vec<(&'static str, String)>,
}

impl<'w> Browser<'w> {
    fn new(world: &'w World) -> Self {
        Self { world, cookies: Vec::new(), headers: Vec::new() }
    }

    /// With somebody's session.
    fn of(world: &'w World, person: &Person) -> Self {
        let sign_in = |work: &mut rapporteur::work::Work| {
            let account = accounts::service::load(work, person.id)?;
            sign_ins::service::sign_in(work, &account, sign_ins::Way::Browser)
        };
        let signed_in = world.app.write_blocking(&Credentials::Operator, sign_in).unwrap();
        let cookie = format!("session={}", signed_in.refresh_token);
        Self { cookies: vec![("/my".to_owned(), cookie)], ..Self::new(world) }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(self.world.client.get(format!("{}{path}", self.world.base)), path).await
    }

    /// As a form is sent from a page that tells nobody where somebody came from.
    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encoded = reqwest::Url::parse_with_params("http://form.example", fields).unwrap();
        let request = self.world.client.post(format!("{}{path}", self.world.base));
        let request = request
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Sec-Fetch-Site", "same-origin")
            .header("Origin", "null")
            .body(encoded.query().unwrap_or_default().to_owned());
        self.send(request, path).await
    }

    async fn send(&mut self, mut request: reqwest::RequestBuilder, path: &str) -> Answer {
        let reaches = |at: &str| path == at || path.starts_with(&format!("{at}/"));
        let sent = self.cookies.iter().filter(|(at, _)| reaches(at));
        let sent: Vec<&str> = sent.map(|(_, cookie)| cookie.as_str()).collect();
        if !sent.is_empty() {
            request = request.header("Cookie", sent.join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let answer = Answer::of(request.send().await.unwrap()).await;
        self.keep(&answer);
        is_page(&answer);
        if path.starts_with("/say/") {
            assert!(answer.headers.get("location").is_none());
            assert_eq!(answer.header("referrer-policy"), "no-referrer");
        }
        answer
    }

    fn keep(&mut self, answer: &Answer) {
        for set in answer.headers.get_all("set-cookie") {
            let set = set.to_str().unwrap();
            let (cookie, attributes) = set.split_once("; ").unwrap();
            let path = attributes.split("; ").find_map(|one| one.strip_prefix("Path=")).unwrap();
            let name = cookie.split('=').next().unwrap();
            self.cookies
                .retain(|(at, known)| at != path || !known.starts_with(&format!("{name}=")));
            if !attributes.contains("Max-Age=0") {
                self.cookies.push((path.to_owned(), cookie.to_owned()));
            }
        }
    }

    /// Enters a receipt on one's own device.
    async fn enter(&mut self, scene: &Scene, receipt: &str) -> Answer {
        let fields = [("action", "enter"), ("receipt", receipt), ("own", "yes")];
        let answer = self.post(&say(&scene.consultation), &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }
}

/// What holds of every page.
fn is_page(answer: &Answer) {
    let text = &answer.text;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{text}");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.header("content-security-policy").contains("unsafe"));
    assert!(!text.contains(" style=") && !text.contains(" onclick="), "{text}");
    assert!(text.len() < LARGEST, "{} bytes", text.len());
    assert_eq!(text.matches("<h1>").count(), 1, "{text}");
    let ids: Vec<&str> =
        text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let distinct: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(ids.len(), distinct.len(), "an id stands twice: {ids:?}");
}

fn say(consultation: &Value) -> String {
    format!("/say/{}", id(consultation))
}

fn mine(scene: &Scene) -> String {
    format!("{}/mine", say(&scene.consultation))
}

/// The receipt that a page shows.
fn shown(answer: &Answer) -> String {
    let (_, rest) = answer.text.split_once("name=\"receipt\" value=\"").expect("a receipt");
    rest.split('"').next().unwrap().to_owned()
}

/// The value of a hidden field, where it first stands.
fn hidden<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) =
        answer.text.split_once(&start).unwrap_or_else(|| panic!("no {name} in {}", answer.text));
    rest.split('"').next().unwrap()
}

fn fields<'a>(scene: &'a Scene, action: &'a str, body: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("action", action),
        ("body", body),
        ("category", id(&scene.category)),
        ("objective", "4"),
        ("objective", "9"),
        ("language", "en"),
    ]
}

on_both!(somebody_confirmed_is_given_a_receipt_and_one_in_its_place, |world: World| async move {
    let scene = scene(&world).await;
    let way = format!("/my/consultations/{}/receipt", id(&scene.consultation));
    let stranger = world.person("Stran Ger");
    let refused = Browser::of(&world, &stranger).get(&way).await;
    assert!(refused.text.contains("registration for this consultation is confirmed"));
    assert!(!refused.text.contains("<form method=\"post\""), "{}", refused.text);

    let person = scene.participant(&world, "Pat One").await;
    let mut browser = Browser::of(&world, &person);
    let offered = browser.get(&way).await;
    assert_eq!(offered.text.matches("Nobody here knows who said what").count(), 1);
    let answer = browser.post(&way, &[("given", hidden(&offered, "given"))]).await;
    assert_eq!((answer.status, answer.header("referrer-policy")), (200, "no-referrer"));
    let receipt = shown(&answer);
    assert_eq!((receipt.len(), receipt.split('-').count()), (47, 8), "{receipt}");
    // Large, as a picture, and in the form that leads on; in no address, and in no cookie yet.
    assert_eq!(answer.text.matches(&receipt).count(), 2, "{}", answer.text);
    assert!(answer.text.contains("<svg class=\"qr\""));
    assert!(answer.headers.get("set-cookie").is_none());
    assert!(!answer.text.contains("?lang="), "a way that would lose it: {}", answer.text);

    // The button pressed twice uses nothing up.
    let again = browser.post(&way, &[("given", "0")]).await;
    assert_eq!(again.status, 409);
    assert!(again.text.contains("pressed twice") && !again.text.contains("id=\"receipt\""));
    let second = browser.post(&way, &[("given", hidden(&again, "given"))]).await;
    assert_ne!(shown(&second), receipt);
    let third = browser.get(&way).await;
    assert!(
        third.text.contains("No further one can be given")
            && !third.text.contains("name=\"given\"")
    );
    let third = browser.post(&way, &[("given", "2")]).await;
    assert_eq!(third.status, 409, "{}", third.text);
    // Both are receipts.
    for receipt in [&receipt, &shown(&second)] {
        Browser::new(&world).enter(&scene, receipt).await;
    }
});

on_both!(a_receipt_is_kept_on_ones_own_device_and_lent_to_others, |world: World| async move {
    let scene = scene(&world).await;
    let (_, receipt) = scene.contributor(&world, "Pat One").await;
    let way = say(&scene.consultation);
    let mut browser = Browser::new(&world);
    let entrance = browser.get(&way).await;
    assert!(
        entrance.text.contains("name=\"receipt\"") && entrance.headers.get("set-cookie").is_none()
    );
    let sloppy = receipt.to_lowercase().replace('-', " ");
    let entered = browser.enter(&scene, &sloppy).await;
    let set = entered.header("set-cookie").to_owned();
    for attribute in ["HttpOnly", "SameSite=Strict", &format!("Path={way}"), "Max-Age=7776000"] {
        assert!(set.contains(attribute), "{set}");
    }
    assert!(
        set.starts_with("receipt=") && !set.contains("Secure") && !set.contains("Domain"),
        "{set}"
    );
    assert!(entered.text.contains(&receipt[..5]) && !entered.text.contains(&receipt[..11]));
    assert!(entered.text.contains("data-keep=\"say ") && !entered.text.contains("data-keep-for"));

    // On a device that others use it goes with the browser, and so does what is typed.
    let mut lent = Browser::new(&world);
    let entered =
        lent.post(&way, &[("action", "enter"), ("receipt", &receipt), ("own", "no")]).await;
    assert!(!entered.header("set-cookie").contains("Max-Age"), "{}", entered.header("set-cookie"));
    assert!(entered.text.contains("data-keep-for=\"visit\""));
    assert!(lent.get(&way).await.text.contains("name=\"body\""));
    let left = lent.post(&way, &[("action", "destroy")]).await;
    assert!(left.header("set-cookie").contains("Max-Age=0") && left.text.contains("data-forget"));
    assert!(lent.cookies.is_empty() && lent.get(&way).await.text.contains("name=\"receipt\""));

    // What was written when the browser had lost the receipt is there once it is entered again.
    let lost = lent.post(&way, &fields(&scene, "look", "A <long> text.")).await;
    assert!(lost.text.contains("has not kept the receipt"), "{}", lost.text);
    let mut again = fields(&scene, "enter", hidden(&lost, "body"));
    again.extend([("receipt", receipt.as_str()), ("own", "no")]);
    let again = lent.post(&way, &again).await;
    assert!(again.text.contains("long") && again.text.contains("name=\"body\""), "{}", again.text);
});

#[actix_web::test]
async fn over_tls_the_cookie_is_for_tls_alone() {
    let https = |settings: &mut rapporteur::settings::Settings| {
        settings.server.public_url = "https://consultations.example.org".into();
    };
    let world = World::with(Database::Sqlite, https).unwrap();
    let scene = scene(&world).await;
    let (_, receipt) = scene.contributor(&world, "Pat One").await;
    let entered = Browser::new(&world).enter(&scene, &receipt).await;
    assert!(entered.header("set-cookie").contains("Secure"), "{}", entered.header("set-cookie"));
}

on_both!(every_receipt_that_is_none_is_answered_alike_on_pages, |world: World| async move {
    let scene = scene(&world).await;
    let (_, receipt) = scene.contributor(&world, "Pat One").await;
    let mut wrong = receipt.clone().into_bytes();
    wrong[0] = if wrong[0] == b'7' { b'8' } else { b'7' };
    let wrong = String::from_utf8(wrong).unwrap();
    let way = say(&scene.consultation);
    for wrong in ["", "x", "ไม่ใช่", wrong.as_str()] {
        let mut browser = Browser::new(&world);
        let fields = [("action", "enter"), ("receipt", wrong), ("own", "yes")];
        let answer = browser.post(&way, &fields).await;
        assert_eq!(answer.status, 404, "{wrong}");
        assert!(answer.text.contains(NOTHING) && browser.cookies.is_empty(), "{}", answer.text);
        assert!(wrong.len() < 6 || !answer.text.contains(wrong), "{}", answer.text);
    }
    // One that a browser keeps and that is none is as good as none.
    for path in [way.clone(), mine(&scene)] {
        let mut browser = Browser::new(&world);
        browser.cookies.push((way.clone(), format!("receipt=own.{wrong}")));
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, 404);
        assert!(answer.text.contains(NOTHING) && answer.text.contains("name=\"receipt\""));
        let sent = browser.post(&path, &fields(&scene, "send", "Text.")).await;
        assert!(sent.text.contains(NOTHING) || sent.status == 404, "{}", sent.text);
    }
    let nowhere = format!("/say/{}", uuid::Uuid::nil());
    assert_eq!(Browser::new(&world).get(&nowhere).await.status, 404);
});

on_both!(nobody_contributes_who_says_who_they_are, |world: World| async move {
    let scene = scene(&world).await;
    let (person, receipt) = scene.contributor(&world, "Pat One").await;
    let way = say(&scene.consultation);
    let mut browser = Browser::of(&world, &person);
    // The session's cookie does not reach there by itself.
    browser.enter(&scene, &receipt).await;
    let session = browser.cookies[0].1.clone();
    for (name, value) in [
        ("Authorization", format!("Bearer {}", person.token)),
        ("Cookie", session.clone()),
        ("Cookie", session.replace("session", "__Secure-session")),
    ] {
        let mut known = Browser::new(&world);
        known.headers.push((name, value));
        for path in [&way, &mine(&scene)] {
            let refused = known.get(path).await;
            assert_eq!(refused.status, 400, "{}", refused.text);
            assert!(refused.text.contains("A receipt cannot be used while you are signed in"));
            assert_eq!(known.post(path, &fields(&scene, "send", "Text.")).await.status, 400);
        }
    }
    // Nor what another site sends.
    let cross = world.client.post(format!("{}{way}", world.base));
    let cross = cross.header("Sec-Fetch-Site", "cross-site").header("Origin", "null");
    assert_eq!(cross.send().await.unwrap().status().as_u16(), 403);
});

on_both!(a_text_is_looked_over_sent_once_and_changed_while_it_waits, |world: World| async move {
    let scene = scene(&world).await;
    let (_, receipt) = scene.contributor(&world, "Pat One").await;
    let way = say(&scene.consultation);
    let mut browser = Browser::new(&world);
    browser.enter(&scene, &receipt).await;

    let empty = browser.post(&way, &[("action", "look"), ("language", "th")]).await;
    assert_eq!(empty.status, 422);
    for field in ["body", "category", "objectives"] {
        assert!(empty.text.contains(&format!("href=\"#{field}\"")), "{field}: {}", empty.text);
    }
    let text = "My name is Asha Example.\r\nสวัสดี مرحبا <b>";
    let looked = browser.post(&way, &fields(&scene, "look", text)).await;
    assert_eq!(looked.status, 200, "{}", looked.text);
    assert!(looked.text.contains("<mark>Asha Example</mark>"), "{}", looked.text);
    assert!(looked.text.contains("สวัสดี مرحبا &lt;b&gt;"), "{}", looked.text);
    assert_eq!(
        scene.own(&world, &receipt).await["contributions"],
        json!([]),
        "nothing is sent yet"
    );
    let back = browser.post(&way, &fields(&scene, "edit", text)).await;
    assert!(back.text.contains("My name is Asha Example."));

    // Two tabs, each of which sends it; and once more when no answer came.
    let mut other = Browser::new(&world);
    other.enter(&scene, &receipt).await;
    let sent = browser.post(&way, &fields(&scene, "send", text)).await;
    assert!(sent.text.contains("data-forget=\"say ") && sent.text.contains("What happens now"));
    assert!(!sent.text.contains("counts once"), "{}", sent.text);
    for again in [&mut browser, &mut other] {
        let sent = again.post(&way, &fields(&scene, "send", text)).await;
        assert!(sent.text.contains("counts once") && sent.status == 200, "{}", sent.text);
    }
    let own = scene.own(&world, &receipt).await;
    assert_eq!(own["contributions"].as_array().unwrap().len(), 1, "{own}");

    let listed = browser.get(&mine(&scene)).await;
    assert!(listed.text.contains("Waits to be mixed"), "{}", listed.text);
    let one = hidden(&listed, "contribution").to_owned();
    assert!(!listed.text.contains(&format!("/{one}")), "what is theirs is in no address");
    let edit = browser.post(&mine(&scene), &[("action", "edit"), ("contribution", &one)]).await;
    assert!(edit.text.contains("My name is Asha Example."), "{}", edit.text);
    let mut change = fields(&scene, "change", "Said better.");
    change.push(("contribution", &one));
    let changed = browser.post(&mine(&scene), &change).await;
    assert!(changed.text.contains("Said better.") && changed.text.contains("Your change is kept"));
    let mut bad = fields(&scene, "change", "");
    bad.push(("contribution", &one));
    assert_eq!(browser.post(&mine(&scene), &bad).await.status, 422);
    // Nobody else's receipt does anything with it.
    let (_, foreign) = scene.contributor(&world, "Pat Two").await;
    let mut stranger = Browser::new(&world);
    stranger.enter(&scene, &foreign).await;
    let remove = [("action", "take_back"), ("contribution", one.as_str())];
    assert_eq!(stranger.post(&mine(&scene), &remove).await.status, 404);
    let gone = browser.post(&mine(&scene), &remove).await;
    assert!(gone.text.contains("It is deleted.") && !gone.text.contains("Said better."));
    assert_eq!(browser.post(&mine(&scene), &remove).await.status, 404);
});

on_both!(what_was_mixed_is_asked_about_supported_and_taken_back, |world: World| async move {
    let mut scene = scene(&world).await;
    let alike = "Consulates issue passports only in the capital, far from where the migrants work and live.";
    let words = ["Offices are far away.", alike, "Fees are too high."];
    let (receipts, inputs) = scene.mixed(&world, &words).await;
    let ask = json!({ "decision": "return", "question": "Which offices?" });
    assert_eq!(decide(&world, &scene.secretariat, &inputs[0], ask).await.status, 200);
    for input in &inputs[1..] {
        let accept = json!({ "decision": "accept" });
        assert_eq!(decide(&world, &scene.secretariat, input, accept).await.status, 200);
    }
    let mut browser = Browser::new(&world);
    let entered = browser.enter(&scene, &receipts[0]).await;
    assert!(entered.text.contains("You are asked 1 question"), "{}", entered.text);
    let asked = browser.get(&mine(&scene)).await;
    let warning = "Nobody here knows who you are. Do not say.";
    assert!(asked.text.contains("Which offices?") && asked.text.contains(warning));
    let one = hidden(&asked, "contribution").to_owned();
    let answer = [("action", "answer"), ("contribution", &one), ("body", "Those of the province.")];
    for _ in 0..2 {
        let answered = browser.post(&mine(&scene), &answer).await;
        assert_eq!(answered.status, 200, "{}", answered.text);
        assert!(answered.text.contains("After the next mixing it says:"), "{}", answered.text);
        assert!(!answered.text.contains("name=\"body\""), "nothing is asked any more");
    }

    // Similar ones, to be supported instead; not one's own.
    let way = say(&scene.consultation);
    let typed = format!("{alike} Alas.");
    let looked = browser.post(&way, &fields(&scene, "look", &typed)).await;
    assert!(looked.text.contains("Others have said something like it"), "{}", looked.text);
    let support = hidden(&looked, "support").to_owned();
    assert_eq!(support, id(&inputs[1]));
    let mut others = Browser::new(&world);
    others.enter(&scene, &receipts[1]).await;
    let own = others.post(&way, &fields(&scene, "look", &typed)).await;
    assert!(!own.text.contains("name=\"support\""), "{}", own.text);
    let mut sent = fields(&scene, "", &typed);
    sent[0] = ("support", &support);
    let supported = browser.post(&way, &sent).await;
    assert!(supported.text.contains("Your voice is added"), "{}", supported.text);
    let listed = browser.get(&mine(&scene)).await;
    assert!(listed.text.contains("What I support"), "{}", listed.text);

    let mut others = Browser::new(&world);
    others.enter(&scene, &receipts[2]).await;
    let listed = others.get(&mine(&scene)).await;
    assert!(listed.text.contains(">Accepted<"), "{}", listed.text);
    let one = hidden(&listed, "contribution").to_owned();
    let taken =
        others.post(&mine(&scene), &[("action", "take_back"), ("contribution", &one)]).await;
    assert!(taken.text.contains("It will be taken back at the next mixing."), "{}", taken.text);

    scene.mix_all(&world);
    let answered = browser.get(&mine(&scene)).await;
    assert!(
        answered.text.contains("Those of the province.") && answered.text.contains("not read yet")
    );
    assert!(others.get(&mine(&scene)).await.text.contains(">Taken back<"));
    let unsupport = [("action", "unsupport"), ("input", support.as_str())];
    assert!(
        browser.post(&mine(&scene), &unsupport).await.text.contains("Your support is taken back")
    );
    // The last window is over.
    let closed = browser.get(&way).await;
    assert!(
        closed.text.contains("Nothing is taken at the moment.")
            && !closed.text.contains("name=\"body\"")
    );
});

on_both!(what_became_of_it_is_told_to_the_paragraph, |world: World| async move {
    let walk = crate::main_job::walk(&world, "Asha Example", "Example Foundation").await;
    let way = say(&walk.consultation);
    let (mut led, mut browsers) = (Vec::new(), Vec::new());
    for receipt in &walk.receipts {
        let mut browser = Browser::new(&world);
        browser.post(&way, &[("action", "enter"), ("receipt", receipt), ("own", "yes")]).await;
        let listed = browser.get(&format!("{way}/mine")).await;
        assert_eq!(listed.status, 200, "{}", listed.text);
        led.extend(
            listed
                .text
                .split("href=\"/reports/")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().to_owned()),
        );
        browsers.push(browser);
    }
    assert!(!led.is_empty(), "no voice was followed to a paragraph");
    let report = walk.report.rsplit('/').next().unwrap();
    assert!(led.iter().all(|one| one.starts_with(&format!("{report}#p"))), "{led:?}");
});

on_both!(a_receipt_on_pages_is_kept_nowhere, |world: World| async move {
    let scene = scene(&world).await;
    let person = scene.participant(&world, "Pat One").await;
    let way = format!("/my/consultations/{}/receipt", id(&scene.consultation));
    let given = Browser::of(&world, &person).post(&way, &[("given", "0")]).await;
    let receipt = shown(&given);
    let mut browser = Browser::new(&world);
    browser.enter(&scene, &receipt).await;
    let text = "Planted in no table before it is mixed.";
    browser.post(&say(&scene.consultation), &fields(&scene, "look", text)).await;
    browser.post(&say(&scene.consultation), &fields(&scene, "send", text)).await;
    let listed = browser.get(&mine(&scene)).await;
    assert!(!listed.text.contains(&receipt) && !listed.text.contains(&receipt.replace('-', "")));
    let rows = world.app.db.read_blocking(|conn| Ok(crate::privacy::every_row(conn))).unwrap();
    for (table, row) in rows {
        let row = row.to_uppercase();
        for secret in [receipt.clone(), receipt.replace('-', ""), text.to_uppercase()] {
            assert!(!row.contains(&secret), "{table}: {row}");
        }
    }
    assert!(!world.metrics().await.contains("/say/"), "counted");
    // Both in one request are refused by the API too; the page is for the receipt alone.
    let both = crate::harness::Request::new(Method::GET, &mine(&scene)).by(Some(&person));
    assert_eq!(world.send(both).await.status, 400);
});
