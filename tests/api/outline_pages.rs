//! The outline and the first page of a report, changed on pages as a browser without a script would: everything that the page offers
//! works, nothing that a colleague changed meanwhile is overwritten, and nobody else changes either.

use rapporteur::access::{Role, ScopeKind};
use serde_json::{Value, json};

use crate::browser::says;
use crate::crawl::{HOSTILE, LANGUAGES};
use crate::drafting::{Desk, desk, sections, version};
use crate::harness::{Answer, World, id};
use crate::on_both;
use crate::writing_pages::sitting;

/// The values that can be chosen in a field of a page.
fn options(answer: &Answer, field: &str) -> Vec<String> {
    let start = format!("<select id=\"{field}\"");
    let (_, rest) =
        answer.text.split_once(&start).unwrap_or_else(|| panic!("no {field}: {}", answer.text));
    let rest = rest.split("</select>").next().unwrap();
    rest.split("<option value=\"")
        .skip(1)
        .map(|one| one.split('"').next().unwrap().to_owned())
        .collect()
}

async fn section(world: &World, desk: &Desk, one: &Value) -> Value {
    world.get(Some(desk.by()), &format!("/api/v1/report-sections/{}", id(one))).await.json
}

async fn headed(world: &World, desk: &Desk, heading: &str) -> Value {
    let outline = desk.outline(world).await;
    let found = sections(&outline).into_iter().find(|one| one["heading"] == heading);
    found.unwrap_or_else(|| panic!("no {heading} in {outline}"))
}

on_both!(the_outline_is_changed_on_the_page_of_a_draft, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, registers, hours] = &desk.inputs[..] else { panic!() };
    let sari = sitting(&world, &desk, desk.by()).await;

    // A new section: a heading is asked for, and nothing that was typed is lost.
    says(&sari.look("").await, &["Add a section", "href=\"/my/reports"]);
    let form = sari.look("?outline=add").await;
    let places = options(&form, "section-place");
    assert!(places.len() > 10, "{places:?}");
    let last = places.iter().rfind(|one| one.starts_with('.')).unwrap().as_str();
    let mut add = [("action", "add_section"), ("place", last), ("heading", "")];
    let refused = sari.refused(&add, 422).await;
    says(&refused, &["Please write something.", &format!("value=\"{last}\" selected")]);
    add[2].1 = HOSTILE;
    let added = sari.does(&add, "section_added").await;
    assert!(!added.text.contains("<script>alert"), "{}", added.text);
    let new = headed(&world, &desk, HOSTILE).await;
    says(&added, &["The section was added."]);

    // Wherever the page lets it go, it goes; and in itself it does not.
    let open = format!("?in={}", id(&new));
    let page = sari.look(&open).await;
    let places = options(&page, "section-place");
    assert!(places.iter().all(|place| !place.starts_with(id(&new))), "{places:?}");
    let mut parents: Vec<&str> = places.iter().filter_map(|one| one.split('.').next()).collect();
    parents.dedup();
    for parent in &parents {
        let all: Vec<&String> =
            places.iter().filter(|one| one.split('.').next() == Some(parent)).collect();
        let place = all.last().unwrap();
        let now = version(&section(&world, &desk, &new).await).to_string();
        let moved = [
            ("action", "move_section"),
            ("section", id(&new)),
            ("version", now.as_str()),
            ("place", place),
        ];
        sari.does(&moved, "section_moved").await;
        let stands = section(&world, &desk, &new).await["parent_id"].clone();
        let expected = if parent.is_empty() { Value::Null } else { json!(parent) };
        assert_eq!(stands, expected, "{place}");
    }
    let stale =
        [("action", "move_section"), ("section", id(&new)), ("version", "1"), ("place", ".1")];
    says(&sari.refused(&stale, 412).await, &["Somebody changed it while you were looking at it."]);

    // Split at its second paragraph, under a heading.
    let first = desk.add(&world, &desk.own, "Fees differ.", &[fees]).await;
    let second = desk.add(&world, &desk.own, "Offices close.", &[offices]).await;
    let third = desk.add(&world, &desk.own, "Registers are old.", &[registers]).await;
    let page = sari.look(&format!("?in={}", id(&desk.own))).await;
    assert_eq!(options(&page, "split-at"), [id(&second), id(&third)], "not at its first");
    let mut split = [
        ("action", "split"),
        ("section", id(&desk.own)),
        ("version", "9"),
        ("at", id(&second)),
        ("heading", "Offices and registers"),
    ];
    let stale = sari.refused(&split, 412).await;
    says(&stale, &["value=\"Offices and registers\""]);
    split[2].1 = "1";
    sari.does(&split, "split").await;
    let behind = headed(&world, &desk, "Offices and registers").await;
    assert_eq!(desk.order(&world, &desk.own).await, [id(&first)]);
    assert_eq!(desk.order(&world, &behind).await, [id(&second), id(&third)]);

    // Joined again, by what the page offers; a section that is no more is nobody's partner.
    let page = sari.look(&format!("?in={}", id(&desk.own))).await;
    let partners = options(&page, "join-with");
    assert!(
        partners.contains(&id(&behind).to_owned()) && !partners.contains(&id(&desk.own).to_owned())
    );
    let now = version(&section(&world, &desk, &desk.own).await).to_string();
    let join = [
        ("action", "join"),
        ("section", id(&desk.own)),
        ("version", now.as_str()),
        ("with", id(&behind)),
        ("heading", "Fees, offices and registers"),
    ];
    sari.does(&join, "joined").await;
    let order = [id(&first), id(&second), id(&third)];
    assert_eq!(desk.order(&world, &desk.own).await, order);
    headed(&world, &desk, "Fees, offices and registers").await;
    let page = sari.look(&format!("?in={}", id(&desk.own))).await;
    assert!(!options(&page, "join-with").contains(&id(&behind).to_owned()));
    // With each other one that the page offers, and from there on.
    for partner in options(&page, "join-with").into_iter().take(4) {
        let now = version(&section(&world, &desk, &desk.own).await).to_string();
        let join = [
            ("action", "join"),
            ("section", id(&desk.own)),
            ("version", now.as_str()),
            ("with", partner.as_str()),
        ];
        sari.does(&join, "joined").await;
    }

    // Removed: what stands in it goes where it is said to, and no paragraph is lost.
    let now = version(&section(&world, &desk, &desk.own).await).to_string();
    let page = sari.look(&format!("?in={}", id(&desk.own))).await;
    let to = options(&page, "paragraphs-to");
    assert!(to.contains(&id(&desk.other).to_owned()) && !to.contains(&id(&desk.own).to_owned()));
    let mut remove =
        vec![("action", "remove"), ("section", id(&desk.own)), ("version", now.as_str())];
    sari.refused(&remove, 409).await;
    remove.push(("to", id(&desk.other)));
    says(&sari.does(&remove, "section_removed").await, &["The section was removed."]);
    let there = desk.order(&world, &desk.other).await;
    assert!(order.iter().all(|one| there.contains(&(*one).to_owned())), "{there:?}");
    let gone = [("action", "remove"), ("section", id(&desk.own)), ("version", "1")];
    says(&sari.refused(&gone, 404).await, &["role=\"alert\""]);

    // In every language, with every form open.
    for language in LANGUAGES {
        for open in [
            "outline=add".to_owned(),
            format!("in={}", id(&desk.other)),
            format!("in={}", id(&new)),
        ] {
            sari.look(&format!("?lang={language}&{open}")).await;
        }
    }

    // A rapporteur heads the sections of their own group and changes nothing else of the outline; a co-organizer nothing.
    let another = desk.rapporteur(&world);
    let tia = sitting(&world, &desk, &another).await;
    let held = id(&desk.scene.consultation);
    let cora = world.person_with("Cora Co", Role::CoOrganizer, ScopeKind::Consultation, held);
    let cora = sitting(&world, &desk, &cora).await;
    for one in [&tia, &cora] {
        let page = one.look(&format!("?in={}", id(&desk.other))).await;
        for not_theirs in ["Add a section", "move_section", "\"split\"", "\"join\"", "\"remove\""] {
            assert!(!page.text.contains(not_theirs), "{not_theirs}");
        }
        one.refused(&[("action", "add_section"), ("place", ".1"), ("heading", "Mine")], 403).await;
        let now = version(&section(&world, &desk, &new).await).to_string();
        let remove = [("action", "remove"), ("section", id(&new)), ("version", now.as_str())];
        one.refused(&remove, 403).await;
    }
    // What is empty goes by itself.
    let now = version(&section(&world, &desk, &new).await).to_string();
    let remove = [("action", "remove"), ("section", id(&new)), ("version", now.as_str())];
    sari.does(&remove, "section_removed").await;
    let _ = hours;
});

on_both!(the_first_page_is_a_form, |world: World| async move {
    let desk = desk(&world).await;
    let mut sari = sitting(&world, &desk, desk.by()).await;
    says(&sari.look("").await, &[&format!("href=\"{}/masthead\"", sari.page)]);
    sari.page.push_str("/masthead");
    let page = sari.look("").await;
    says(&page, &["name=\"title\"", "General", "name=\"note\"", "name=\"figures\""]);
    assert!(!page.text.contains("agenda_items\" name"), "a summary report has none");
    let now = version(&world.get(Some(desk.by()), &desk.report).await.json).to_string();
    let filled =
        |version: &'static str, title: &'static str, day: &'static str, note: &'static str| {
            vec![
                ("version", version),
                ("title", title),
                ("symbol", "ESCAP/GCM/2020/1"),
                ("distribution", "Limited"),
                ("dated_on", day),
                ("language", "fr"),
                ("original_language", "en"),
                ("summary", "One.\r\n\r\nTwo *words*."),
                ("heading_style", "un_manual"),
                ("figures", "1"),
                ("note_to", "symbol"),
                ("note", ""),
                ("note_to", "title"),
                ("note", note),
            ]
        };
    let mut first = filled("1", "Rights at borders", "", "Issued without formal editing.");
    first[0].1 = &now;
    let saved = sari.does(&first, "saved").await;
    says(
        &saved,
        &[
            "Saved.",
            "Two *words*.",
            "Issued without formal editing.",
            "value=\"un_manual\" selected",
        ],
    );
    let report = world.get(Some(desk.by()), &desk.report).await.json;
    for (field, expected) in [
        ("title", json!("Rights at borders")),
        ("symbol", json!("ESCAP/GCM/2020/1")),
        ("distribution", json!("Limited")),
        ("dated_on", Value::Null),
        ("language", json!("fr")),
        ("original_language", json!("en")),
        ("summary", json!("One.\n\nTwo *words*.")),
        ("heading_style", json!("un_manual")),
        ("figures", json!(true)),
        ("masthead_notes", json!([{ "to": "title", "text": "Issued without formal editing." }])),
    ] {
        assert_eq!(report[field], expected, "{field}");
    }

    // What is wrong stands beside its field; what was typed stands there still.
    let now = version(&report).to_string();
    let mut wrong = filled("1", "", "2021-02-30", "- a list");
    wrong[0].1 = &now;
    says(&sari.refused(&wrong, 422).await, &["dated_on-e", "- a list", "2021-02-30"]);
    wrong[4].1 = "2021-02-26";
    says(&sari.refused(&wrong, 422).await, &["title-e", "Please write something."]);
    wrong[1].1 = HOSTILE;
    let refused = sari.refused(&wrong, 422).await;
    says(&refused, &["aria-invalid=\"true\">- a list", "Please correct this."]);
    assert!(!refused.text.contains("<script>alert"));

    // A colleague changed it meanwhile: what is there now stands beside what was typed, and only knowingly it is overwritten.
    let path = desk.report.clone();
    let patch = json!({ "title": "Rights and borders" });
    world.change(desk.by(), reqwest::Method::PATCH, &path, now.parse().unwrap(), patch).await;
    wrong[1].1 = "Rights on borders";
    wrong[13].1 = "A note.";
    let conflict = sari.refused(&wrong, 412).await;
    says(&conflict, &["What is there now", "Rights and borders", "Rights on borders"]);
    assert_eq!(world.get(Some(desk.by()), &desk.report).await.json["title"], "Rights and borders");
    let seen = crate::browser::hidden(&conflict, "version").to_owned();
    wrong[0].1 = &seen;
    sari.does(&wrong, "saved").await;
    let report = world.get(Some(desk.by()), &desk.report).await.json;
    assert_eq!(
        (&report["title"], &report["dated_on"]),
        (&json!("Rights on borders"), &json!("2021-02-26"))
    );
    for language in LANGUAGES {
        sari.look(&format!("?lang={language}")).await;
    }

    // Whoever reads the draft reads it; a rapporteur does not change it.
    let another = desk.rapporteur(&world);
    let mut tia = sitting(&world, &desk, &another).await;
    tia.page.push_str("/masthead");
    let page = tia.look("").await;
    says(&page, &["Rights on borders", "A note."]);
    assert!(!page.text.contains("<textarea"), "{}", page.text);
    let now = version(&report).to_string();
    wrong[0].1 = &now;
    tia.refused(&wrong, 403).await;
});

on_both!(views_that_diverge_are_set_apart_on_the_page_of_a_draft, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, registers, _] = &desk.inputs[..] else { panic!() };
    let sari = sitting(&world, &desk, desk.by()).await;
    let open = format!("?in={}", id(&desk.own));
    let first = desk.add(&world, &desk.own, "Fees must fall.", &[fees]).await;
    assert!(!sari.look(&open).await.text.contains("set_apart"), "one view diverges from none");
    let second = desk.add(&world, &desk.own, "Offices close.", &[offices]).await;
    let third = desk.add(&world, &desk.own, "Fees must rise.", &[registers]).await;
    says(&sari.look(&open).await, &["Set divergent views apart", "name=\"view\""]);

    // Two or more; what was ticked and typed is not lost.
    let mut one = vec![
        ("action", "set_apart"),
        ("section", id(&desk.own)),
        ("version", "1"),
        ("heading", HOSTILE),
        ("view", id(&first)),
    ];
    let refused = sari.refused(&one, 422).await;
    says(&refused, &["Choose two or more paragraphs", "checked"]);
    assert!(!refused.text.contains("<script>alert"), "{}", refused.text);
    one.push(("view", id(&third)));
    one[3].1 = "Views on fees";
    one[2].1 = "9";
    says(&sari.refused(&one, 412).await, &["value=\"Views on fees\""]);
    one[2].1 = "1";
    let apart = sari.does(&one, "set_apart").await;
    says(&apart, &["The views stand beside each other here.", "Views on fees"]);
    let views = headed(&world, &desk, "Views on fees").await;
    assert_eq!(views["kind"], "divergent_views");
    assert_eq!(desk.order(&world, &views).await, [id(&first), id(&third)]);
    assert_eq!(desk.order(&world, &desk.own).await, [id(&second)]);
    for language in LANGUAGES {
        sari.look(&format!("?lang={language}&in={}", id(&views))).await;
    }
    // Joining undoes it.
    let now = version(&section(&world, &desk, &desk.own).await).to_string();
    let join = [
        ("action", "join"),
        ("section", id(&desk.own)),
        ("version", now.as_str()),
        ("with", id(&views)),
    ];
    sari.does(&join, "joined").await;
    assert_eq!(desk.order(&world, &desk.own).await, [id(&second), id(&first), id(&third)]);
    // Nobody sets apart what others write.
    let tia = sitting(&world, &desk, &desk.rapporteur(&world)).await;
    assert!(!tia.look(&open).await.text.contains("set_apart"));
});
