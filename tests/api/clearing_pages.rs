//! The clearance room, walked as a browser without a script would: who is asked reads, comments, objects and agrees to exactly what the
//! page showed; who drafts answers; who clears opens a round and closes it; who reads no draft finds nothing.

use serde_json::json;

use crate::browser::{Sitting, is_page, says};
use crate::clearance::Table;
use crate::crawl::{self, HOSTILE, LANGUAGES};
use crate::drafting::version;
use crate::harness::{Answer, Person, World, id};
use crate::on_both;
use crate::page_access::signed_in;

/// Somebody in the room.
async fn sitting<'w>(world: &'w World, table: &Table, person: &Person) -> Sitting<'w> {
    let page = table.of("clearance").replace("/api/v1/reports", "/my/reports");
    Sitting { browser: signed_in(world, person).await, page }
}

/// The form by which one agrees, as a page has it.
fn agreeing(answer: &Answer) -> Vec<(&'static str, String)> {
    let mut fields = vec![("action", "agree".to_owned())];
    for name in ["for", "sha256", "shown"] {
        let start = format!("name=\"{name}\" value=\"");
        let (_, form) = answer.text.split_once("id=\"agree\"").unwrap();
        let values = form.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next());
        fields.extend(values.map(|value| (name, value.to_owned())));
    }
    fields
}

fn lent<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// What a page says of one paragraph, up to the next.
fn of<'a>(answer: &'a Answer, id: &str) -> &'a str {
    let start = format!("id=\"at-{id}\"");
    let (_, rest) = answer.text.split_once(&start).unwrap_or_else(|| panic!("{}", answer.text));
    rest.split("id=\"at-").next().unwrap()
}

on_both!(whoever_is_asked_reads_comments_objects_and_agrees, |world: World| async move {
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    let bea = sitting(&world, &table, &table.bodies[1].members[0]).await;
    let sari = sitting(&world, &table, table.by()).await;
    let (own, other) = (id(&table.own).to_owned(), id(&table.other).to_owned());
    let page = bea.look("").await;
    says(
        &page,
        &[
            "Answers are awaited until 12 October 2020.",
            "You answer for <bdi>A union of seafarers</bdi>.",
            "It is not published without your agreement.",
            "Fees differ widely.",
            "You have not agreed to it yet.",
        ],
    );
    let draft = bea.browser.get(bea.page.trim_end_matches("/clearance")).await;
    says(&draft, &[&bea.page]);

    // A comment on some words: those have to be there, and what was typed is not lost.
    let open = bea.look(&format!("?at={own}")).await;
    assert!(of(&open, &own).contains("name=\"quote\""), "{}", of(&open, &own));
    let mut comment = vec![
        ("action", "comment"),
        ("at", &own),
        ("version", "1"),
        ("quote", "Visas"),
        ("text", HOSTILE),
    ];
    let wrong = bea.refused(&comment, 422).await;
    says(&wrong, &["These words are not in the paragraph.", "value=\"Visas\"", "ประเทศไทย"]);
    assert!(!wrong.text.contains("<script>alert"), "{}", wrong.text);
    comment[3].1 = "Fees";
    let kept = bea.does(&comment, "kept").await;
    let beside = of(&kept, &own);
    assert!(beside.contains("Not sent yet") && beside.contains(">Fees</mark>"), "{beside}");
    assert!(!of(&sari.look("").await, &own).contains("ประเทศไทย"), "its body has not said it");
    let whole = [("action", "comment"), ("text", "Well put.")];
    says(&bea.does(&whole, "kept").await, &["Well put.", "Send the comments"]);
    bea.does(&[("action", "send")], "recorded").await;

    // Whoever drafts answers every one of them.
    let page = sari.look("").await;
    says(&page, &["Well put.", "You are not asked in this round."]);
    let listed = world.get(Some(table.by()), &table.of("clearance/comments")).await.json;
    for one in listed["items"].as_array().unwrap() {
        let mut answer =
            vec![("action", "accepted"), ("comment", id(one)), ("version", "1"), ("answer", "")];
        says(&sari.refused(&answer, 422).await, &["Please write something"]);
        answer[3].1 = "It is said now.";
        says(&sari.does(&answer, "recorded").await, &["Taken into account", "It is said now."]);
        sari.refused(&answer, 412).await;
    }

    // An objection, with a reason; overridden by whoever publishes, and taken back.
    let mut object = vec![("action", "object"), ("at", &own), ("reason", "")];
    says(&bea.refused(&object, 422).await, &["Please say why, in a sentence or two."]);
    object[2].1 = "It names a village.";
    says(&bea.does(&object, "recorded").await, &["Objections", "It names a village."]);
    assert!(table.blocking(&world).await.contains(&"objection_stands".to_owned()));
    let objection = table.mine(&world, &table.bodies[1].members[0]).await;
    let objection = objection["parties"][0]["objections"][0].as_str().unwrap().to_owned();
    let go_on =
        [("action", "override"), ("objection", objection.as_str()), ("reason", "It is a city.")];
    bea.refused(&go_on, 403).await;
    says(&sari.does(&go_on, "recorded").await, &["To be published all the same", "It is a city."]);
    bea.does(&[("action", "take_back"), ("objection", &objection)], "recorded").await;
    assert!(!table.blocking(&world).await.contains(&"objection_stands".to_owned()));

    // Agreement is to exactly what was read: what changed meanwhile is shown, and nothing is recorded.
    let read = agreeing(&bea.look("").await);
    table.go(&world, "drafting").await;
    table.write(&world, table.by(), &table.own, "Fees vary widely.").await;
    let stale = bea.refused(&lent(&read), 409).await;
    says(&stale, &["Nothing was recorded.", "What changed while you were reading", "The rest"]);
    let changed = of(&stale, &own);
    assert!(changed.contains("differ</del>") && changed.contains("vary</ins>"), "{changed}");
    assert!(!of(&stale, &other).contains("<ins>"));
    let left = table.left(&world, &table.bodies[1].members[0]).await.len();
    assert!(left > 2, "{left} are left");
    let agreed = bea.does(&lent(&agreeing(&stale)), "recorded").await;
    says(&agreed, &["You agreed to all of it as it reads now.", "Agreed"]);
    assert!(table.left(&world, &table.bodies[1].members[0]).await.is_empty());

    // A later change takes back the agreement to that paragraph, which stands first.
    table.write(&world, table.by(), &table.other, "Registers help everywhere.").await;
    let page = bea.look("").await;
    says(&page, &["1 part of the text is not agreed to", "What changed since you agreed"]);
    let changed = of(&page, &other);
    assert!(changed.contains("<ins>") && !changed.contains("# "), "{changed}");
    let first = page.text.find(&format!("id=\"at-{other}\"")).unwrap();
    assert!(first < page.text.find(&format!("id=\"at-{own}\"")).unwrap(), "what changed is first");
    bea.does(&lent(&agreeing(&page)), "recorded").await;

    // Every link leads to something that is there, in every language.
    for language in LANGUAGES {
        let behind = format!("?lang={language}&at={own}");
        let page = bea.look(&behind).await;
        for link in crawl::links(&page.text) {
            let (there, at) = link.split_once('#').unwrap_or((&link, ""));
            if ["/assets", "data:", "https:"].iter().any(|one| there.starts_with(one)) {
                continue;
            }
            let there = match there {
                "" => format!("{}{behind}", bea.page),
                query if query.starts_with('?') => format!("{}{query}", bea.page),
                other => other.to_owned(),
            };
            let found = bea.browser.get(&there).await;
            assert_eq!(found.status, 200, "{link}: {}", found.text);
            assert!(at.is_empty() || found.text.contains(&format!("id=\"{at}\"")), "{link}");
        }
    }
});

on_both!(a_body_consolidates_on_the_page, |world: World| async move {
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    let [ann, abe] = &table.bodies[0].members[..] else { panic!() };
    let (ann, abe) = (sitting(&world, &table, ann).await, sitting(&world, &table, abe).await);
    let page = ann.look("").await;
    says(&ann.does(&lent(&agreeing(&page)), "proposed").await, &["Proposed by a member"]);
    let mine = table.mine(&world, &table.bodies[0].members[0]).await;
    let position = id(&mine["parties"][0]["proposed"][0]).to_owned();
    let decide = |action| [("action", action), ("position", position.as_str()), ("version", "1")];
    assert!(!ann.look("").await.text.contains("value=\"confirm\""));
    ann.refused(&decide("confirm"), 403).await;
    says(&abe.look("").await, &["value=\"confirm\"", "value=\"reject\"", "Ann One"]);
    let agreed = abe.does(&decide("confirm"), "recorded").await;
    says(&agreed, &["You agreed to all of it as it reads now."]);
    assert!(table.left(&world, &table.bodies[0].members[0]).await.is_empty());
});

/// Somebody at the page of the draft.
async fn drafting<'w>(world: &'w World, table: &Table, person: &Person) -> Sitting<'w> {
    let page = table.desk.report.replace("/api/v1/reports", "/my/reports");
    Sitting { browser: signed_in(world, person).await, page }
}

/// What the minutes on a page say, one after the other, without the times.
fn minutes(page: &Answer) -> Vec<String> {
    let (_, minutes) = page.text.split_once("id=\"minutes\"").unwrap();
    let (_, list) = minutes.split_once("<ol").unwrap();
    let (list, _) = list.split_once("</ol>").unwrap();
    let lines = list.split("<li>").skip(1).map(|line| {
        let bare = line.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
        let line = bare.collect::<String>();
        line.split_once(" · ").map_or(line.clone(), |(_, rest)| rest.to_owned())
    });
    lines.collect()
}

on_both!(six_people_clear_one_draft_by_pages, |world: World| async move {
    let table = Table::laid(&world).await;
    let (own, other) = (id(&table.own).to_owned(), id(&table.other).to_owned());
    let [first, second, third] = &table.bodies[..] else { panic!() };
    let by = table.by();
    // Two who draft, at the draft and in the room; a clearer of each body, and another member of the first; who confirms.
    let (sari, sari_room) = (drafting(&world, &table, by).await, sitting(&world, &table, by).await);
    let rapporteur = drafting(&world, &table, &table.rapporteur).await;
    let ann = sitting(&world, &table, &first.members[0]).await;
    let abe = sitting(&world, &table, &first.members[1]).await;
    let ann_draft = drafting(&world, &table, &first.members[0]).await;
    let (bea, cal) = (
        sitting(&world, &table, &second.members[0]).await,
        sitting(&world, &table, &third.members[0]).await,
    );
    let cal_draft = drafting(&world, &table, &third.members[0]).await;
    let later = || world.app.clock.advance(chrono::Duration::seconds(10));

    // Whoever clears asks all three; two of them are needed.
    let [a, b, c] = [first, second, third].map(|body| format!("body.{}", body.id));
    let open = [
        ("action", "open"),
        ("ends_on", "2020-10-12"),
        ("needed", a.as_str()),
        ("needed", b.as_str()),
        ("asked", c.as_str()),
    ];
    sari_room.does(&open, "recorded").await;

    // Members of the first body consolidate: wording that others do not see yet, then an agreement that the other one confirms.
    later();
    let suggest = |text: &'static str| {
        [
            ("action", "suggest"),
            ("at", own.as_str()),
            ("version", "1"),
            ("kind", "replace"),
            ("text", text),
        ]
    };
    let suggested = ann_draft.does(&suggest("Fees differ a lot."), "suggested").await;
    says(&suggested, &["Not sent yet: members of your body alone see it."]);
    assert!(!sari.look("").await.text.contains("a lot"), "its body has not said it");
    let page = ann.look("").await;
    says(&page, &["Send the comments", "comments and suggestions so far"]);
    ann.does(&lent(&agreeing(&page)), "proposed").await;
    let position = table.mine(&world, &first.members[1]).await;
    let position = id(&position["parties"][0]["proposed"][0]).to_owned();
    let confirm = [("action", "confirm"), ("position", position.as_str()), ("version", "1")];
    later();
    abe.does(&confirm, "recorded").await;
    says(&sari.look("").await, &["a lot"]);

    // The second one objects and says which words it means, the third one suggests wording that collides with that of the first.
    later();
    let object = [("action", "object"), ("at", other.as_str()), ("reason", "They do not.")];
    bea.does(&object, "recorded").await;
    let comment = [
        ("action", "comment"),
        ("at", &own),
        ("version", "1"),
        ("quote", "widely"),
        ("text", "How widely?"),
    ];
    bea.does(&comment, "kept").await;
    later();
    bea.does(&[("action", "send")], "recorded").await;
    cal_draft.does(&suggest("Fees for passports differ."), "suggested").await;
    later();
    cal.does(&[("action", "send")], "recorded").await;
    let waiting = format!("/my/reviews/{}/waiting", id(&table.desk.scene.review));
    let waits = sari.browser.get(&waiting).await;
    is_page(&waits, 200);
    says(
        &waits,
        &["An objection stands", "A comment is not answered.", "<bdi>A union of seafarers</bdi>"],
    );
    let list = sari.browser.get("/my/reports").await;
    says(&list, &[&waiting]);

    // A late change: back to drafting, both suggestions settled, the comment answered.
    later();
    let step = async |to: &str| {
        let now = version(&world.get(Some(by), &table.desk.report).await.json).to_string();
        let fields =
            [("action", "step"), ("to", to), ("version", &now), ("reason", "A body objects.")];
        sari.does(&fields, "stepped").await;
    };
    step("drafting").await;
    let open = world.get(Some(by), &table.of("suggestions?state=open")).await.json;
    let open = [id(&open["items"][0]), id(&open["items"][1])];
    let accept = |of, text: Option<&'static str>| {
        let mut fields =
            vec![("action", "accept"), ("at", own.as_str()), ("suggestion", of), ("version", "1")];
        fields.extend(text.map(|text| ("text", text)));
        fields.extend(text.map(|_| ("seen", "2")));
        fields
    };
    rapporteur.does(&accept(open[0], None), "decided").await;
    let overtaken = rapporteur.refused(&accept(open[1], None), 409).await;
    says(&overtaken, &["Fees differ a lot.", "Fees for passports differ."]);
    let settled = accept(open[1], Some("Fees for passports differ a lot."));
    rapporteur.does(&settled, "decided").await;
    let listed = world.get(Some(by), &table.of("clearance/comments")).await.json;
    let comment = id(&listed["items"][0]).to_owned();
    let answer = [
        ("action", "accepted"),
        ("comment", &comment),
        ("version", "1"),
        ("answer", "It is told."),
    ];
    later();
    let rapporteur_room = sitting(&world, &table, &table.rapporteur).await;
    rapporteur_room.does(&answer, "recorded").await;
    let edit = [
        ("action", "edit"),
        ("at", &other),
        ("version", "1"),
        ("text", "Registers can help."),
        ("input", id(&table.desk.inputs[2])),
        ("input", id(&table.desk.inputs[3])),
    ];
    sari.does(&edit, "saved").await;
    later();
    step("clearance").await;

    // Agreement again, to what changed; the objection is taken back.
    later();
    let page = ann.look("").await;
    says(&page, &["What changed since you agreed", "2 parts of the text"]);
    assert!(of(&page, &own).contains("<ins>"), "{}", of(&page, &own));
    ann.does(&lent(&agreeing(&page)), "proposed").await;
    let position = table.mine(&world, &first.members[1]).await;
    let position = id(&position["parties"][0]["proposed"][0]).to_owned();
    let confirm = [("action", "confirm"), ("position", position.as_str()), ("version", "1")];
    abe.does(&confirm, "recorded").await;
    later();
    let objection = table.mine(&world, &second.members[0]).await;
    let objection = objection["parties"][0]["objections"][0].as_str().unwrap().to_owned();
    bea.does(&[("action", "take_back"), ("objection", &objection)], "recorded").await;
    later();
    bea.does(&lent(&agreeing(&bea.look("").await)), "recorded").await;

    // One proposes to publish it, somebody else confirms.
    later();
    let now = version(&world.get(Some(by), &table.desk.report).await.json).to_string();
    let publish =
        [("action", "publish"), ("version", now.as_str()), ("symbol", "ESCAP/GCM/2020/7")];
    let proposed = sari.does(&publish, "proposed").await;
    let (_, way) = proposed.text.split_once("/my/proposals/").expect("it leads to what waits");
    let page = format!("/my/proposals/{}", &way[..36]);
    let before_it = |browser| Sitting { browser, page: page.clone() };
    let seat = before_it(signed_in(&world, by).await);
    seat.refused(&[("action", "confirm")], 403).await;
    later();
    let seat = before_it(signed_in(&world, &table.deputy).await);
    seat.does(&[("action", "confirm")], "confirm").await;
    is_page(&sari.browser.get(&table.desk.report.replace("/api/v1", "")).await, 200);

    let told = minutes(&sari_room.look("").await);
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    let expected = [
        "Sent to clearance",
        "Round opened · Sari Secretariat",
        "Asked: A network of refugees · Sari Secretariat",
        "Asked: A union of seafarers · Sari Secretariat",
        "Asked: A house of law · Sari Secretariat",
        "Agreed: A network of refugees · Abe Two",
        "Objected: A union of seafarers · Paragraph",
        "Sent comments: A union of seafarers",
        "Sent comments: A house of law",
        "Taken back to drafting",
        "Comment answered: A union of seafarers · Paragraph",
        "Sent to clearance",
        "Agreed: A network of refugees · Abe Two",
        "Took an objection back: A union of seafarers",
        "Agreed: A union of seafarers",
        "Round closed",
        "Published",
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (line, start) in told.iter().zip(expected) {
        assert!(line.starts_with(start), "{line} is not {start}: {told:#?}");
    }
    assert!(
        told[9].contains("A body objects.") && told[16].contains("ESCAP/GCM/2020/7"),
        "{told:#?}"
    );
});

on_both!(whoever_clears_opens_a_round_and_closes_it, |world: World| async move {
    let table = Table::laid(&world).await;
    let sari = sitting(&world, &table, table.by()).await;
    let page = sari.look("").await;
    says(&page, &["Nobody is asked to agree to it yet.", "A house of law", "value=\"open\""]);
    let body = format!("body.{}", table.bodies[1].id);
    let person = format!("person.{}", table.deputy.id);
    assert!(page.text.contains(&body) && page.text.contains(&person), "{}", page.text);
    let mut open = vec![("action", "open"), ("ends_on", "2020-10-12")];
    says(&sari.refused(&open, 422).await, &["Please choose at least one", "2020-10-12"]);
    open.extend([("needed", body.as_str()), ("asked", person.as_str())]);
    open[1].1 = "2020-01-01";
    let late = sari.refused(&open, 422).await;
    says(&late, &["Please choose a day from today on"]);
    assert_eq!(late.text.matches(" checked").count(), 2, "what was ticked: {}", late.text);
    open[1].1 = "2020-10-12";
    let opened = sari.does(&open, "recorded").await;
    says(&opened, &["A union of seafarers", "Not agreed yet", "Dara Deputy", "Round opened"]);
    let dara = sitting(&world, &table, &table.deputy).await;
    says(&dara.look("").await, &["You are asked by name."]);

    let rounds = world.get(Some(table.by()), &table.of("clearance/rounds")).await.json;
    let round = id(&rounds["items"][0]).to_owned();
    let also = format!("body.{}", table.bodies[2].id);
    let ask =
        [("action", "ask"), ("round", round.as_str()), ("version", "1"), ("asked", also.as_str())];
    says(&sari.does(&ask, "recorded").await, &["A house of law"]);
    says(&sari.refused(&ask, 412).await, &["Somebody changed this while"]);
    let end =
        [("action", "end"), ("round", round.as_str()), ("version", "2"), ("ends_on", "2020-10-20")];
    says(&sari.does(&end, "recorded").await, &["until 20 October 2020"]);
    let parties = world.get(Some(table.by()), &table.of("clearance/rounds")).await.json;
    let asked = parties["items"][0]["asked"].as_array().unwrap();
    let needed = asked.iter().find(|one| one["needed"] == json!(true)).unwrap();
    let missing = id(&needed["party"]).to_owned();
    let go_on = [("action", "override"), ("missing", missing.as_str()), ("reason", "Asked twice.")];
    says(&sari.does(&go_on, "recorded").await, &["Asked twice."]);
    let close = [("action", "close"), ("round", round.as_str()), ("version", "3")];
    says(&sari.does(&close, "recorded").await, &["The round is closed", "Round closed"]);
    // Whoever does not clear opens and closes nothing.
    let bea = sitting(&world, &table, &table.bodies[1].members[0]).await;
    assert!(!dara.look("").await.text.contains("value=\"agree\""), "nobody answers any more");
    let page = bea.look("").await;
    assert!(page.text.contains("Asked twice."), "{}", page.text);
});

on_both!(who_reads_no_draft_finds_no_room, |world: World| async move {
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    let outsider = world.person("Ola Outside");
    let ola = sitting(&world, &table, &outsider).await;
    is_page(&ola.browser.get(&ola.page).await, 404);
    let objection = [("action", "object"), ("reason", "I may not.")];
    is_page(&ola.browser.post(&ola.page, &objection).await, 404);
    // Who reads it and is not asked says nothing, and no form of theirs is there.
    let rapporteur = sitting(&world, &table, &table.rapporteur).await;
    let page = rapporteur.look("").await;
    for action in ["agree", "comment", "object", "open", "close", "override"] {
        assert!(!page.text.contains(&format!("value=\"{action}\"")), "{action}");
    }
    says(&rapporteur.refused(&objection, 403).await, &["I may not."]);
    is_page(&rapporteur.browser.post(&rapporteur.page, &[("action", "x")]).await, 404);
});
