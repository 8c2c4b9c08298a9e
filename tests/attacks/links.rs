//! Mail programs and what guards mailboxes open every link of every mail, some of them several times and under any name: nothing is
//! changed by that and nothing counted, whoever's mail it was. Only a button does something.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::json;

use crate::harness::{Request, World, id, registration};
use crate::on_both;
use crate::thief::dump;

/// What calls itself so, and asks for what.
const SCANNERS: [(&str, &str); 3] = [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0", "text/html"),
    ("Mozilla/5.0 (compatible; Example-SafeLinks/1.0)", "*/*"),
    ("", "image/*"),
];

/// Every address of this site in a mail, as its reader and programs find them.
fn links(text: &str, base: &str) -> BTreeSet<String> {
    let text = text.replace("&amp;", "&");
    let ends = |c: char| c.is_whitespace() || "\"'<>)".contains(c);
    let found = text.match_indices(base).map(|(at, _)| {
        let rest = &text[at + base.len()..];
        let link = rest.split(ends).next().unwrap_or_default();
        link.split('#').next().unwrap_or_default().trim_end_matches(['.', ',']).to_owned()
    });
    found.filter(|link| link.starts_with('/')).collect()
}

async fn mails_of_a_call(world: &World) {
    let (secretariat, _, consultation) = world.consultation(Some(1), "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let register = format!("{base}/registrations");
    for (name, country) in [("Asha Example", "TH"), ("Binh Sample", "VN")] {
        world.make(&world.person(name), &register, registration("media", country)).await;
    }
    let mut minor = registration("academia", "TH");
    minor["age_band"] = json!("under_18");
    minor["guardian"] = json!({ "name": "Ravi Example", "email": "ravi@example.org" });
    world.make(&world.person("Mina Example"), &register, minor).await;
    let invitation = json!({ "email": "invited@example.org", "list": "A list" });
    world.make(&secretariat, &format!("{base}/invitations"), invitation).await;
    world.make(&secretariat, &format!("{base}/invitations/sending"), json!({})).await;
    let texts = json!({ "en": { "title": "The programme", "text": "It begins at 11:30." } });
    let announcement = json!({ "texts": texts, "at_once": true });
    world.make(&secretariat, &format!("{base}/announcements"), announcement).await;
    world.app.clock.advance(chrono::Duration::days(8));
    let secretariat = world.signed_in_again(&secretariat);
    world.make(&secretariat, &format!("{base}/invitations/reminders"), json!({})).await;
    for (path, body) in [
        ("/api/v1/auth/links".to_owned(), json!({ "email": "asha.example@example.org" })),
        (format!("{base}/registration-drafts"), json!({ "email": "new@example.org" })),
        (format!("{base}/registration-drafts"), json!({ "email": "asha.example@example.org" })),
    ] {
        let answer = world.send(Request::new(Method::POST, &path).body(body)).await;
        assert!(answer.status < 300, "{}", answer.text);
    }
}

/// The tables as they stand, in no order.
fn standing(world: &World) -> BTreeMap<String, usize> {
    let mut rows = BTreeMap::new();
    for row in dump(world) {
        *rows.entry(format!("{}: {}", row.table, row.text)).or_default() += 1;
    }
    rows
}

on_both!(no_look_at_a_link_of_any_mail_changes_or_counts_anything, |world: World| async move {
    mails_of_a_call(&world).await;
    let base = world.app.settings.server.public_url.clone();
    let mails = world.app.db.read_blocking(|conn| rapporteur::outbox::list(conn, None, 1_000));
    let (mut found, mut templates) = (BTreeSet::new(), BTreeSet::new());
    for row in mails.unwrap() {
        let text = format!("{}\n{}", row.text_to_send(), row.html_to_send().unwrap_or_default());
        let of_this = links(&text, &base);
        assert!(!of_this.is_empty(), "{} leads nowhere", row.template);
        templates.insert(row.template);
        found.extend(of_this);
    }
    let expected = [
        "announcement",
        "guardian_consent",
        "invitation",
        "invitation_reminder",
        "registration_confirmed",
        "registration_draft",
        "registration_known",
        "registration_waitlisted",
        "sign_in_link",
    ];
    for template in expected {
        assert!(templates.contains(template), "{template} is not among {templates:?}");
    }
    let before = standing(&world);
    for link in &found {
        assert!(!link.starts_with("/api/"), "a mail leads to the API: {link}");
        for (name, accept) in SCANNERS {
            for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                let asked = world.client.request(method.clone(), format!("{}{link}", world.base));
                let asked = asked.header("User-Agent", name).header("Accept", accept);
                let answer = asked.send().await.unwrap();
                let status = answer.status().as_u16();
                assert!(status < 500, "{link}: {status}");
                let cookies = answer.headers().get("set-cookie");
                assert!(cookies.is_none(), "{method} {link} gives a session");
                if method == Method::GET {
                    assert_eq!(status, 200, "{link}");
                }
            }
        }
    }
    let after = standing(&world);
    let changed: Vec<_> =
        after.iter().filter(|(row, times)| before.get(*row) != Some(times)).collect();
    assert!(changed.is_empty() && after.len() == before.len(), "{changed:?}");
    println!(
        "{} links of {} kinds of mail, looked at as {} scanners",
        found.len(),
        templates.len(),
        SCANNERS.len()
    );
});
