//! What everybody sees: the first page, consultations, reports to read and to cite, and what the site says of itself.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::crawl::{HOSTILE, LANGUAGES, LARGEST, all_lead_somewhere, everything, is_page, look};
use crate::harness::{Database, Person, World, consultation, id};
use crate::main_job::{publish, until_clearance};
use crate::on_both;

fn page_of(consultation: &Value) -> String {
    format!("/consultations/{}", id(consultation))
}

/// A consultation with a programme, one of whose speakers agreed to be named; all that people write is hostile.
async fn planned(world: &World) -> (Person, Value) {
    let (secretariat, review, _) = world.consultation(None, "vetted").await;
    let mut body = consultation();
    (body["ordinal"], body["theme"], body["venue"]) = (json!(3), json!(HOSTILE), json!(HOSTILE));
    let path = format!("/api/v1/reviews/{}/consultations", id(&review));
    let consultation = world.make(&secretariat, &path, body).await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let group = json!({ "number": 1, "clusters": [[4, 8]], "min_size": 1, "max_size": 40, "languages": ["th"] });
    world.make(&secretariat, &format!("{base}/working-groups"), group).await;
    let session = json!({
        "kind": "opening", "title": HOSTILE, "moderator": "สมชาย ใจดี", "note": HOSTILE,
        "starts_at": "2020-11-19T04:00:00Z", "ends_at": "2020-11-19T04:30:00Z",
        "speakers": [
            { "name": "สมหญิง รักไทย", "affiliation": HOSTILE, "named_consent": true },
            { "name": "Quokka Unnamed", "affiliation": "Zyxwvut Trust", "named_consent": false }
        ]
    });
    world.make(&secretariat, &format!("{base}/sessions"), session).await;
    let body =
        json!({ "name": format!("Trust {HOSTILE}"), "sector": "civil_society", "country": "TH" });
    let organization = world.make(&secretariat, "/api/v1/organizations", body).await;
    let body = json!({ "organization_id": organization["id"], "kind": "stakeholder" });
    world.make(&secretariat, &format!("{base}/co-organizers"), body).await;
    (secretariat, consultation)
}

on_both!(an_instance_in_which_nothing_happened_says_so, |world: World| async move {
    for language in LANGUAGES {
        let home = look(&world, &format!("/?lang={language}"), None).await;
        is_page(&home, 200);
        let direction = if language == "ar" { "rtl" } else { "ltr" };
        assert!(home.text.contains(&format!("<html lang=\"{language}\" dir=\"{direction}\">")));
        assert_eq!(home.header("set-cookie"), "");
    }
    let home = look(&world, "/", None).await;
    assert!(home.text.contains("No consultation has been announced yet"), "{}", home.text);
});

on_both!(a_consultation_is_public_from_its_open_call_on, |world: World| async move {
    let (secretariat, consultation) = planned(&world).await;
    let page = page_of(&consultation);
    is_page(&look(&world, &page, None).await, 404);
    let home = look(&world, "/", None).await;
    assert!(!home.text.contains("ประเทศไทย") && !home.text.contains(id(&consultation)));
    for nonsense in [
        "/consultations/nonsense",
        "/reports/nonsense",
        "/reports/0175db2d-9900-7012-8707-070707070707",
    ] {
        is_page(&look(&world, nonsense, None).await, 404);
    }

    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let rules = format!("/api/v1/consultations/{}/registration-rules", id(&consultation));
    let body = json!({ "closes_at": "2020-11-01T17:00:00Z" });
    world.change(&secretariat, Method::PUT, &rules, 0, body).await;
    let home = look(&world, "/", None).await;
    is_page(&home, 200);
    let register = format!("href=\"/register/{}\"", id(&consultation));
    assert!(home.text.contains(&register) && home.text.contains("ประเทศไทย"), "{}", home.text);
    assert!(
        home.text.contains("Until 2 November 2020, 00:00 hrs. (Bangkok time)"),
        "{}",
        home.text
    );

    let shown = look(&world, &page, None).await;
    is_page(&shown, 200);
    for said in [
        "สมชาย ใจดี",
        "สมหญิง รักไทย",
        "11:00",
        "Bangkok",
        "Thai",
        "Working group 1",
        "Objective 4",
        &register,
    ] {
        assert!(shown.text.contains(said), "{said}: {}", shown.text);
    }
    for unsaid in ["<script>alert", " onfocus=\"", "Quokka Unnamed", "Zyxwvut", "_"] {
        let body = shown.text.split("<main").nth(1).unwrap();
        assert!(!body.contains(unsaid), "{unsaid}: {body}");
    }
    for language in LANGUAGES {
        is_page(&look(&world, &format!("{page}?lang={language}"), None).await, 200);
    }

    // Whoever is not invited is not led to a form that is not for them.
    let body = json!({ "access": "invitation", "closes_at": "2020-11-01T17:00:00Z" });
    world.change(&secretariat, Method::PUT, &rules, 1, body).await;
    let invited = look(&world, "/", None).await;
    assert!(invited.text.contains("By invitation") && !invited.text.contains("/register/"));

    // Nobody registers any more from then on.
    world.app.clock.advance(chrono::Duration::days(40));
    let later = look(&world, "/", None).await;
    assert!(
        !later.text.contains("/register/") && later.text.contains("Coming up"),
        "{}",
        later.text
    );
});

on_both!(a_report_is_read_and_cited_once_it_is_published, |world: World| async move {
    let walk = until_clearance(&world, "Zyxwvut Qwertz", "Quokkafund Organization").await;
    let page = walk.report.replace("/api/v1", "");
    is_page(&look(&world, &page, None).await, 404);
    is_page(&look(&world, &format!("{page}?edition=1"), None).await, 404);
    let event = page_of(&walk.consultation);
    for other in ["/", event.as_str()] {
        assert!(!look(&world, other, None).await.text.contains(&page), "{other}");
    }

    let published = publish(&world, &walk, &walk.report.clone(), "ESCAP/GCM/2020/1").await;
    assert_eq!(published.status, 200, "{}", published.text);
    for other in ["/", event.as_str()] {
        assert!(
            look(&world, other, None).await.text.contains(&format!("href=\"{page}\"")),
            "{other}"
        );
    }
    let shown = look(&world, &page, None).await;
    is_page(&shown, 200);
    let address = format!("{page}/editions/1/paragraphs/1");
    for said in [
        "id=\"p1\"",
        "href=\"#p1\"",
        "id=\"p2\"",
        "Fees should be waived.",
        "ESCAP/GCM/2020/1",
        "Edition 1",
        "<article class=\"read\" lang=\"en\" dir=\"ltr\">",
        &address,
        "editions/1.docx",
        "editions/1.json",
        "editions/1.md",
        "editions/1.xml",
    ] {
        assert!(shown.text.contains(said), "{said}: {}", shown.text);
    }
    for unsaid in ["Zyxwvut", "Quokkafund"] {
        assert!(!shown.text.contains(unsaid), "{unsaid}");
    }
    let arabic = look(&world, &format!("{page}?edition=1&lang=ar"), None).await;
    is_page(&arabic, 200);
    assert!(arabic.text.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(arabic.text.contains("<article class=\"read\" lang=\"en\" dir=\"ltr\">"));
    for nothing in ["?edition=3", "?edition=0", "?edition=x", "?edition="] {
        is_page(&look(&world, &format!("{page}{nothing}"), None).await, 404);
    }

    // A corrigendum: the newest is read unless the other is asked for, which says so and stays where it was cited.
    let version = world.get(Some(&walk.secretariat), &walk.report).await.json["version"].as_i64();
    let state = format!("{}/state", walk.report);
    world
        .change(
            &walk.secretariat,
            Method::POST,
            &state,
            version.unwrap(),
            json!({ "to": "drafting", "reason": "It is a test." }),
        )
        .await;
    assert!(!look(&world, &page, None).await.text.contains("Edition 2"), "nothing of a draft");
    let early = publish(&world, &walk, &walk.report.clone(), "ESCAP/GCM/2020/1/Corr.1").await;
    early.is_problem(409, "invalid_transition");
    let version = world.get(Some(&walk.secretariat), &walk.report).await.json["version"].as_i64();
    let clear = json!({ "to": "clearance" });
    world.change(&walk.secretariat, Method::POST, &state, version.unwrap(), clear).await;
    let again = publish(&world, &walk, &walk.report.clone(), "ESCAP/GCM/2020/1/Corr.1").await;
    assert_eq!(again.status, 200, "{}", again.text);
    let newest = look(&world, &page, None).await;
    is_page(&newest, 200);
    assert!(newest.text.contains("Corr.1") && !newest.text.contains("There is a newer one"));
    let older = look(&world, &format!("{page}?edition=1"), None).await;
    is_page(&older, 200);
    assert!(
        older.text.contains("This is edition 1. There is a newer one.")
            && older.text.contains("id=\"p1\"")
    );

    // From here every page for everybody is reached, in every language.
    let visited = everything(&world, &["/"], None).await;
    all_lead_somewhere(&visited);
    for there in ["/privacy", "/accessibility", "/languages", &event, &page, "/?lang=ar"] {
        assert!(visited.iter().any(|one| one.path == there), "{there} is not linked to");
    }
    for one in visited.iter().filter(|one| one.is_page() && !one.path.starts_with("/api/")) {
        is_page(&one.answer, 200);
        assert!(
            one.path.starts_with("/reports/") || one.answer.text.len() < LARGEST,
            "{}",
            one.path
        );
    }
});

on_both!(the_site_says_what_it_holds_and_whom_to_write_to, |world: World| async move {
    for page in ["/privacy", "/accessibility", "/languages"] {
        for language in LANGUAGES {
            let shown = look(&world, &format!("{page}?lang={language}"), None).await;
            is_page(&shown, 200);
            assert!(shown.text.len() < LARGEST, "{page} {language}: {} bytes", shown.text.len());
            assert!(!shown.text.contains("mailto:"), "nobody is named: {}", shown.text);
            let body = shown.text.split("<main").nth(1).unwrap();
            // What is declared in code has words in every language: nothing is told in English instead.
            assert!(!body.contains("lang=\"en\" dir"), "{page} {language}: {body}");
            for machine in ['_', '{', '}'] {
                assert!(!body.contains(machine), "{page} {language}: {machine}: {body}");
            }
        }
    }
    let shown = look(&world, "/privacy", None).await;
    // From the settings, from the declarations, and from what participants are told.
    for said in [
        "30 days after the consultation",
        "3 years",
        "To provide what the person needs to take part",
        "Nobody here knows who said what.",
    ] {
        assert!(shown.text.contains(said), "{said}: {}", shown.text);
    }
});

#[test]
fn the_words_of_purposes_are_those_of_purposes_that_are_declared() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/config/i18n/purposes.toml");
    let said: toml::Table = std::fs::read_to_string(file).unwrap().parse().unwrap();
    let declared = rapporteur::features::FEATURES.iter().flat_map(|feature| feature.personal);
    let declared: BTreeSet<&str> = declared.map(|field| field.purpose).collect();
    assert_eq!(said.keys().map(String::as_str).collect::<BTreeSet<_>>(), declared);
}

#[actix_web::test]
async fn whoever_answers_is_named_where_the_settings_name_them() {
    let named = |settings: &mut rapporteur::settings::Settings| {
        settings.server.contact = "data@example.org".to_owned();
    };
    let Some(world) = World::with(Database::Sqlite, named) else { return };
    for page in ["/privacy", "/accessibility", "/languages"] {
        assert!(
            look(&world, page, None).await.text.contains("href=\"mailto:data@example.org\""),
            "{page}"
        );
    }
}
