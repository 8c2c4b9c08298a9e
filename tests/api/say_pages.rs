//! Contributing by a receipt, walked as a browser without a script would: nothing below `/say` sends anybody anywhere, nothing there
//! is told who it is, and the receipt is in no address and nothing that is kept.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, Kept, hidden, is_page};
use crate::harness::{Answer, Database, Person, Request, World, id};
use crate::inputs::{Scene, decide, scene};
use crate::on_both;
use crate::page_access::signed_in;

/// What a wrong receipt is answered with, as anything else that is not there.
const NOTHING: &str = "Please compare each letter of the receipt";

/// A browser at pages of contributors, which lead nowhere by themselves and tell nobody where somebody came from.
struct Holder<'w>(Browser<'w>);

impl<'w> Holder<'w> {
    fn new(world: &'w World) -> Self {
        Self(Browser::new(world))
    }

    /// With somebody's session.
    async fn of(world: &'w World, person: &Person) -> Self {
        Self(signed_in(world, person).await)
    }

    async fn get(&self, path: &str) -> Answer {
        let answer = self.0.get(path).await;
        self.checked(path, answer)
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.0.post(path, fields).await;
        self.checked(path, answer)
    }

    fn checked(&self, path: &str, answer: Answer) -> Answer {
        is_page(&answer, answer.status);
        assert_eq!(self.0.at(), path, "it leads away");
        if path.starts_with("/say/") {
            assert_eq!(answer.header("referrer-policy"), "no-referrer");
        }
        let ids: Vec<&str> =
            answer.text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let distinct: BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), distinct.len(), "an id stands twice: {ids:?}");
        answer
    }

    /// Enters a receipt on one's own device.
    async fn enter(&self, consultation: &Value, receipt: &str) -> Answer {
        let fields = [("action", "enter"), ("receipt", receipt), ("own", "yes")];
        let answer = self.post(&say(consultation), &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }

    /// Whether it keeps a receipt.
    fn holds(&self) -> bool {
        self.0.cookie("receipt").is_some()
    }
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
    let refused = Holder::of(&world, &stranger).await.get(&way).await;
    assert!(refused.text.contains("registration for this consultation is confirmed"));
    assert!(!refused.text.contains("<form method=\"post\""), "{}", refused.text);

    let person = scene.participant(&world, "Pat One").await;
    let browser = Holder::of(&world, &person).await;
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
        Holder::new(&world).enter(&scene.consultation, receipt).await;
    }
});

on_both!(a_receipt_is_kept_on_ones_own_device_and_lent_to_others, |world: World| async move {
    let scene = scene(&world).await;
    let (_, receipt) = scene.contributor(&world, "Pat One").await;
    let way = say(&scene.consultation);
    let browser = Holder::new(&world);
    let entrance = browser.get(&way).await;
    assert!(
        entrance.text.contains("name=\"receipt\"") && entrance.headers.get("set-cookie").is_none()
    );
    let sloppy = receipt.to_lowercase().replace('-', " ");
    let entered = browser.enter(&scene.consultation, &sloppy).await;
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
    let lent = Holder::new(&world);
    let entered =
        lent.post(&way, &[("action", "enter"), ("receipt", &receipt), ("own", "no")]).await;
    assert!(!entered.header("set-cookie").contains("Max-Age"), "{}", entered.header("set-cookie"));
    assert!(entered.text.contains("data-keep-for=\"visit\""));
    assert!(lent.get(&way).await.text.contains("name=\"body\""));
    let left = lent.post(&way, &[("action", "destroy")]).await;
    assert!(left.header("set-cookie").contains("Max-Age=0") && left.text.contains("data-forget"));
    assert!(!lent.holds() && lent.get(&way).await.text.contains("name=\"receipt\""));

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
    let entered = Holder::new(&world).enter(&scene.consultation, &receipt).await;
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
        let browser = Holder::new(&world);
        let fields = [("action", "enter"), ("receipt", wrong), ("own", "yes")];
        let answer = browser.post(&way, &fields).await;
        assert_eq!(answer.status, 404, "{wrong}");
        assert!(answer.text.contains(NOTHING) && !browser.holds(), "{}", answer.text);
        assert!(wrong.len() < 6 || !answer.text.contains(wrong), "{}", answer.text);
    }
    // One that a browser keeps and that is none is as good as none.
    for path in [way.clone(), mine(&scene)] {
        let browser = Holder::new(&world);
        let value = format!("own.{wrong}");
        browser.0.keep("receipt", Kept { value, path: way.clone(), whole: String::new() });
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, 404);
        assert!(answer.text.contains(NOTHING) && answer.text.contains("name=\"receipt\""));
        let sent = browser.post(&path, &fields(&scene, "send", "Text.")).await;
        assert!(sent.text.contains(NOTHING) || sent.status == 404, "{}", sent.text);
    }
    let nowhere = format!("/say/{}", uuid::Uuid::nil());
    assert_eq!(Holder::new(&world).get(&nowhere).await.status, 404);
});

on_both!(nobody_contributes_who_says_who_they_are, |world: World| async move {
    let scene = scene(&world).await;
    let (person, receipt) = scene.contributor(&world, "Pat One").await;
    let way = say(&scene.consultation);
    let browser = Holder::of(&world, &person).await;
    // The session's cookie does not reach there by itself.
    browser.enter(&scene.consultation, &receipt).await;
    let session = browser.0.cookie("session").unwrap().value;
    for (name, value) in [
        ("Authorization", format!("Bearer {}", person.token)),
        ("Cookie", format!("session={session}")),
        ("Cookie", format!("__Secure-session={session}; receipt=own.{receipt}")),
    ] {
        for (method, path) in [
            (Method::GET, &way),
            (Method::GET, &mine(&scene)),
            (Method::POST, &way),
            (Method::POST, &mine(&scene)),
        ] {
            let request = Request::new(method, path).header(name, &value);
            let refused = world.send(request.header("Sec-Fetch-Site", "same-origin")).await;
            is_page(&refused, 400);
            assert!(refused.text.contains("A receipt cannot be used while you are signed in"));
            assert_eq!(refused.header("referrer-policy"), "no-referrer");
        }
    }
    // Nor what another site sends; a page that tells nobody where somebody came from is one of ours.
    let entering = [("action", "enter"), ("receipt", receipt.as_str()), ("own", "yes")];
    let other = Browser::new(&world);
    is_page(&other.post_from("cross-site", &way, &entering).await, 403);
    assert!(other.cookie("receipt").is_none());
    let unsaid = Request::new(Method::POST, &way).header("Origin", "null");
    assert_eq!(world.send(unsaid).await.status, 200);
});

on_both!(a_text_is_looked_over_sent_once_and_changed_while_it_waits, |world: World| async move {
    let scene = scene(&world).await;
    let (_, receipt) = scene.contributor(&world, "Pat One").await;
    let way = say(&scene.consultation);
    let browser = Holder::new(&world);
    browser.enter(&scene.consultation, &receipt).await;

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
    let other = Holder::new(&world);
    other.enter(&scene.consultation, &receipt).await;
    let sent = browser.post(&way, &fields(&scene, "send", text)).await;
    assert!(sent.text.contains("data-forget=\"say ") && sent.text.contains("What happens now"));
    assert!(!sent.text.contains("counts once"), "{}", sent.text);
    for again in [&browser, &other] {
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
    let stranger = Holder::new(&world);
    stranger.enter(&scene.consultation, &foreign).await;
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
    let browser = Holder::new(&world);
    let entered = browser.enter(&scene.consultation, &receipts[0]).await;
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
    let others = Holder::new(&world);
    others.enter(&scene.consultation, &receipts[1]).await;
    let own = others.post(&way, &fields(&scene, "look", &typed)).await;
    assert!(!own.text.contains("name=\"support\""), "{}", own.text);
    let mut sent = fields(&scene, "", &typed);
    sent[0] = ("support", &support);
    let supported = browser.post(&way, &sent).await;
    assert!(supported.text.contains("Your voice is added"), "{}", supported.text);
    let listed = browser.get(&mine(&scene)).await;
    assert!(listed.text.contains("What I support"), "{}", listed.text);

    let others = Holder::new(&world);
    others.enter(&scene.consultation, &receipts[2]).await;
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
    let mut led = Vec::new();
    for receipt in &walk.receipts {
        let holder = Holder::new(&world);
        holder.enter(&walk.consultation, receipt).await;
        let listed = holder.get(&format!("{way}/mine")).await;
        let ways = crate::crawl::links(&listed.text).into_iter();
        led.extend(ways.filter_map(|way| way.strip_prefix("/reports/").map(str::to_owned)));
    }
    assert!(!led.is_empty(), "no voice was followed to a paragraph");
    let published = [&walk.report, &walk.paper];
    let starts =
        published.map(|one| format!("{}/editions/1/paragraphs/", one.rsplit('/').next().unwrap()));
    let leads = |to: &str| led.iter().any(|one| one.starts_with(to));
    assert!(starts.iter().all(|to| leads(to)), "to the report, and to the paper: {led:?}");
    let is_known = |one: &String| starts.iter().any(|to| one.starts_with(to.as_str()));
    assert!(led.iter().all(is_known), "{led:?}");
});

on_both!(a_receipt_on_pages_is_kept_nowhere, |world: World| async move {
    let scene = scene(&world).await;
    let person = scene.participant(&world, "Pat One").await;
    let way = format!("/my/consultations/{}/receipt", id(&scene.consultation));
    let given = Holder::of(&world, &person).await.post(&way, &[("given", "0")]).await;
    let receipt = shown(&given);
    let browser = Holder::new(&world);
    browser.enter(&scene.consultation, &receipt).await;
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
    let both = Request::new(Method::GET, &mine(&scene)).by(Some(&person));
    assert_eq!(world.send(both).await.status, 400);
});
