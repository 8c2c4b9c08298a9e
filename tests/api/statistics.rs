//! Figures of participation as they are told: to whom, when, and in the words of the report.

use rapporteur::access::{Role, ScopeKind};
use serde_json::{Value, json};

use crate::harness::{Person, World, id, registration};
use crate::on_both;

/// Confirmed people of these facts: sector, country, gender, and how many.
const PEOPLE: &[(&str, &str, Option<&str>, usize)] = &[
    ("migrants", "TH", Some("woman"), 9),
    ("civil_society", "TH", Some("man"), 8),
    ("academia", "IN", Some("woman"), 3),
    ("trade_unions", "FJ", Some("man"), 6),
    ("media", "NP", None, 5),
];

async fn called(world: &World) -> (Person, Value, Person) {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let base = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    let mut number = 0;
    for (sector, country, gender, count) in PEOPLE {
        for _ in 0..*count {
            number += 1;
            let person = world.person(&format!("Person Number {number}"));
            let mut body = registration(sector, country);
            body["gender"] = json!(gender);
            world.make(&person, &base, body).await;
        }
    }
    let organizer = world.person_with(
        "Olga Organizer",
        Role::CoOrganizer,
        ScopeKind::Consultation,
        id(&consultation),
    );
    (secretariat, consultation, organizer)
}

fn count<'a>(figures: &'a Value, table: &str, key: &str, value: &Value) -> &'a Value {
    let rows = figures[table].as_array().unwrap();
    let row = rows.iter().find(|row| row[key] == *value);
    &row.unwrap_or_else(|| panic!("no {value} in {figures}"))["count"]
}

on_both!(a_small_figure_is_told_nowhere, |world: World| async move {
    let (secretariat, consultation, _) = called(&world).await;
    let path = format!("/api/v1/consultations/{}/statistics", id(&consultation));
    let figures = world.get(Some(&secretariat), &path).await.json;
    assert_eq!((&figures["about"], &figures["basis"]), (&json!(30), &json!("registered")));
    assert!(figures["rounding_rule"].as_str().unwrap().contains("nearest five"));
    assert_eq!(count(&figures, "sectors", "sector", &json!("academia")), &Value::Null);
    let hidden =
        figures["sectors"].as_array().unwrap().iter().filter(|row| row["suppressed"] == true);
    assert!(hidden.count() >= 2, "with a cover: {figures}");
    assert_eq!(
        count(&figures, "genders", "gender", &Value::Null),
        &json!(5),
        "missing answers are counted"
    );
    assert_eq!(count(&figures, "genders", "gender", &json!("woman")), &json!(12));
    assert_eq!(count(&figures, "age_bands", "age_band", &Value::Null), &json!(31));
    assert_eq!(count(&figures, "languages", "language", &json!("en")), &json!(31));
    assert_eq!(figures["countries"], 4);
    // India and Nepal are in one subregion: India's three could be had from its figure and Nepal's.
    assert_eq!(
        count(&figures, "subregions", "subregion", &json!("south_and_south_west_asia")),
        &json!(8)
    );
    let countries: Vec<&str> = figures["by_country"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["country"].as_str().unwrap())
        .collect();
    assert!(!countries.contains(&"IN") && !countries.contains(&"NP"), "{countries:?}");
    assert!(countries.contains(&"TH"), "{countries:?}");
});

on_both!(
    who_may_not_read_registrations_is_told_figures_only_once_it_is_over,
    |world: World| async move {
        let (secretariat, consultation, organizer) = called(&world).await;
        let path = format!("/api/v1/consultations/{}/statistics", id(&consultation));
        let open = world.get(Some(&organizer), &path).await.json;
        assert_eq!((&open["about"], &open["withheld"]), (&json!(30), &json!("not_settled")));
        for table in ["sectors", "genders", "age_bands", "subregions"] {
            let rows = open[table].as_array().unwrap();
            assert!(!rows.is_empty() && rows.iter().all(|row| row["count"].is_null()), "{open}");
        }
        assert_eq!(open["countries"], Value::Null);
        let words = world.get(Some(&organizer), &format!("{path}/paragraphs")).await;
        assert!(
            words.text.contains("About 30 stakeholders took part in the consultation."),
            "{}",
            words.text
        );
        assert!(!words.text.contains("countries"), "{}", words.text);

        let phases = ["registration_closed", "in_session", "synthesis"];
        world.phases(&secretariat, id(&consultation), &phases).await;
        let over = world.get(Some(&organizer), &path).await.json;
        assert_eq!((&over["withheld"], &over["countries"]), (&Value::Null, &json!(4)), "{over}");
        world.get(None, &path).await.is_problem(401, "unauthenticated");
        let stranger = world.person("Curious Example");
        world.get(Some(&stranger), &path).await.is_problem(403, "forbidden");
        world
            .get(Some(&stranger), &format!("{path}/paragraphs"))
            .await
            .is_problem(403, "forbidden");
    }
);

on_both!(the_paragraphs_are_those_of_the_report, |world: World| async move {
    let (secretariat, consultation, _) = called(&world).await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let phases = ["registration_closed", "in_session", "synthesis"];
    world.phases(&secretariat, id(&consultation), &phases).await;
    let told = world.get(Some(&secretariat), &format!("{base}/statistics/paragraphs")).await;
    let paragraphs = told.json["paragraphs"].as_array().unwrap();
    let kinds: Vec<&str> = paragraphs.iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"attendance") && kinds.contains(&"scope"), "{kinds:?}");
    let report = world.make(&secretariat, &format!("{base}/report"), json!({})).await;
    let draft = format!("/api/v1/reports/{}/draft.md", id(&report));
    let draft = world.get(Some(&secretariat), &draft).await.text;
    let attendance = paragraphs.iter().find(|one| one["kind"] == "attendance").unwrap();
    let attendance = attendance["text"].as_str().unwrap();
    assert!(
        attendance.starts_with("About 30 stakeholders from four countries took part"),
        "{attendance}"
    );
    let opening = attendance.split("^[").next().unwrap();
    assert!(draft.contains(opening), "{opening} is not in {draft}");
    let sectors = "The sectors represented were ";
    let sentence = &attendance[attendance.find(sectors).unwrap()..];
    assert!(draft.contains(sentence), "{sentence} is not in {draft}");
});
