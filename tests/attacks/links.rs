//! Mail programs and what guards mailboxes open every link of every mail, some of them several times and under any name: nothing is
//! changed by that and nothing counted, whoever's mail it was. Only a button does something.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Person, Request, World, consultation, id, registration};
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
    let offer = json!({
        "organization": { "name": "Example Trust", "sector": "civil_society", "country": "TH" },
        "kind": "stakeholder", "motivation": "We can host a working group."
    });
    let offer = world
        .make(&world.person("Chen Fixture"), &format!("{base}/co-organizing-offers"), offer)
        .await;
    let decision = format!("/api/v1/co-organizing-offers/{}/decision", id(&offer));
    world.change(&secretariat, Method::POST, &decision, 1, json!({ "decision": "accept" })).await;
    mails_of_clearance(world, &secretariat, &consultation).await;
    world.app.clock.advance(chrono::Duration::days(8));
    let secretariat = world.signed_in_again(&secretariat);
    rapporteur::worker::clear(&world.app).await.unwrap();
    world.make(&secretariat, &format!("{base}/invitations/reminders"), json!({})).await;
    mails_of_an_appeal(world, &secretariat).await;
    mails_of_a_merge(world, &secretariat, &register).await;
    let ask = async |path: &str, email: &str| {
        let request = Request::new(Method::POST, path).body(json!({ "email": email }));
        let answer = world.send(request).await;
        assert!(answer.status < 300, "{}", answer.text);
    };
    for email in ["new@example.org", "asha.example@example.org"] {
        ask(&format!("{base}/registration-drafts"), email).await;
    }
    ask("/api/v1/auth/links", "asha.example@example.org").await;
}

/// Somebody whose organization was declined appeals, and another of the secretariat answers.
async fn mails_of_an_appeal(world: &World, secretariat: &Person) {
    let second = world.person_with("Seco Second", Role::Secretariat, ScopeKind::Instance, "");
    let applicant = world.person("Dao Example");
    let unknown = json!({ "name": "Unknown House", "sector": "media", "country": "TH" });
    let unknown = world.make(&applicant, "/api/v1/organizations", unknown).await;
    let vetting = format!("/api/v1/organizations/{}/vetting", id(&unknown));
    let step = json!({ "to": "declined", "reason": "not_found" });
    world.change(secretariat, Method::POST, &vetting, 1, step).await;
    let appeal = json!({ "organization_id": id(&unknown), "text": "We are well known." });
    let appeal = world.make(&applicant, "/api/v1/appeals", appeal).await;
    let answer = format!("/api/v1/appeals/{}/answer", id(&appeal));
    let upheld = json!({ "outcome": "upheld", "answer": "We have looked at it." });
    world.change(&second, Method::POST, &answer, 1, upheld).await;
}

/// Somebody is said to have two accounts.
async fn mails_of_a_merge(world: &World, secretariat: &Person, register: &str) {
    let people = [
        world.person_at("asha.old@example.net", "Asha Other"),
        world.person_at("other.box@example.org", "Asha Zwilling"),
    ];
    for person in &people {
        world.make(person, register, registration("media", "VN")).await;
    }
    let [from, into] = people;
    let path = format!("/api/v1/accounts/{}/merge", from.id);
    let version = world.get(Some(&from), "/api/v1/me").await.json["account"]["version"].as_i64();
    let body = json!({ "into": into.id, "withdraw_duplicates": true });
    world.change(secretariat, Method::POST, &path, version.unwrap(), body).await;
}

/// Somebody is asked to clear the draft of another consultation.
async fn mails_of_clearance(world: &World, secretariat: &Person, beside: &Value) {
    let mut held = consultation();
    held["ordinal"] = json!(3);
    let path = format!("/api/v1/reviews/{}/consultations", beside["review_id"].as_str().unwrap());
    let held = &world.make(secretariat, &path, held).await;
    let phases = ["open_call", "registration_closed", "in_session", "synthesis"];
    world.phases(secretariat, id(held), &phases).await;
    let path = format!("/api/v1/consultations/{}/report", id(held));
    let report = world.make(secretariat, &path, Value::Null).await;
    let report = format!("/api/v1/reports/{}", id(&report));
    let outline = world.get(Some(secretariat), &format!("{report}/outline")).await.json;
    let sections = outline["sections"].as_array().unwrap();
    let section = sections.iter().find(|one| one["kind"] == "background").unwrap();
    let text = json!({ "section_id": section["id"], "text": "Offices are open.", "editorial_reason": "For the test." });
    world.add_paragraph(secretariat, &report, text).await;
    world.phases(secretariat, id(held), &["clearance"]).await;
    let day = |days| world.app.clock.now().plus(chrono::Duration::days(days)).utc().date_naive();
    let asked = json!([{ "account_id": secretariat.id, "needed": true }]);
    let round = json!({ "ends_on": day(20), "asked": asked });
    world.make(secretariat, &format!("{report}/clearance/rounds"), round).await;
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
        "act_proposed",
        "announcement",
        "appeal_submitted",
        "appeal_upheld",
        "clearance_waits",
        "guardian_consent",
        "invitation",
        "invitation_reminder",
        "merge_consent",
        "offer_accepted",
        "offer_submitted",
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
